"""How much of the ledger the notebooks reproduce, by lecture and priority."""
from collections import Counter

from helpers import ledger, tables
from publish.places import ROOT, places

HEAD = ("lecture", "priority 1", "priority 2", "priority 3")


class Coverage:
    """Which claims are reproduced in which notebook.  where : dict of claim id to paths of notebooks."""

    def __init__(self, where):
        self.where = where

    def missing(self, lecture=None, priority=None):
        """Ids of claims that no notebook reproduces, optionally of one lecture or priority."""
        return [entry.id for entry in ledger.claims().values()
                if entry.id not in self.where
                and (lecture is None or entry.lecture == lecture)
                and (priority is None or entry.priority == priority)]

    def rows(self):
        """One row per lecture: lecture, and reproduced of all for priority 1, 2 and 3."""
        total = Counter((entry.lecture, entry.priority) for entry in ledger.claims().values())
        found = Counter((claim.lecture, claim.priority) for claim in map(ledger.claim, self.where))
        lectures = sorted({lecture for lecture, _ in total}, key=str)
        return [(str(lecture), *(f"{found[lecture, p]} of {total[lecture, p]}" for p in (1, 2, 3)))
                for lecture in lectures]

    def __repr__(self):
        return tables.as_text([HEAD, *self.rows()], ("left",) * len(HEAD))


def coverage(root=ROOT):
    """The Coverage of all lectures, extras and solved labs; printed, it shows one row per lecture.

    Raises KeyError for a tag that names no claim.
    """
    return Coverage({claim_id: [place.notebook for place in found] for claim_id, found in places(root).items()})

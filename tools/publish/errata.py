"""The claims of the decks as rows, for the page, the terminal and the tests."""
from collections import Counter
from dataclasses import dataclass

from helpers import ledger
from publish.places import ROOT, places

HOLDS = ("true", "needs-training")
KEY = ("✓ true · ◐ conditional: true under conditions the deck does not name · ◐ imprecise: roughly true, needs other "
       "words · ✗ false · ▷ needs training: the number depends on a training that the deck does not give")


@dataclass(frozen=True)
class Row:
    """One claim beside what was computed for it.  open : why nothing was, where nothing was."""

    claim: ledger.Claim
    places: tuple
    open: str

    @property
    def wrong(self):
        """Whether the deck needs a correction."""
        return self.claim.verdict not in HOLDS

    @property
    def printed(self):
        """What the deck prints, where that is more than the claim in words."""
        return "" if self.claim.printed is None else ledger.brief(self.claim.printed)

    @property
    def answer(self):
        """("computed", text), ("source", text), or two empty texts."""
        return next(((place.label, place.text) for place in self.places if place.text), ("", ""))

    def __str__(self):
        entry, (label, text) = self.claim, self.answer
        where = ", ".join(f"{place.notebook}#{place.cell}" for place in self.places)
        parts = (f"{ledger.MARKS[entry.verdict]} {entry.verdict}", entry.id,
                 f"{ledger.DECKS[entry.deck]}, {entry.where}", f"printed: {self.printed or entry.statement}",
                 f"{label}: {text} · {where}" if where else self.open)
        return " · ".join(parts)


def rows(root=ROOT):
    """A row for each claim of the ledger, in its order."""
    known, there = places(root), lectures(root)
    return [Row(entry, tuple(known.get(entry.id, ())), why_open(entry, there)) for entry in ledger.claims().values()]


def lectures(root=ROOT):
    """Numbers of the lectures that there are; "extra" where there is a notebook for what belongs to none of them."""
    extra = {"extra"} if any(root.glob("extras/*.ipynb")) else set()
    return {int(path.name[:2]) for path in root.glob("lectures/*.ipynb")} | extra


def why_open(claim, there):
    """Why no notebook reproduces a claim, as far as that is known."""
    if claim.lecture in there:
        return "open: nothing reproduces it"
    if claim.lecture == "extra":
        return "open: belongs to no lecture"
    return f"open: lecture {claim.lecture} is in preparation"


def faults(all_rows, there):
    """Claims that a lecture which exists should reproduce and does not, as sentences."""
    unprinted = [f"{row.claim.id}: {place.notebook}, cell {place.cell} carries the tag and does not print it."
                 for row in all_rows for place in row.places if not place.text]
    return unprinted + [f"{row.claim.id}: no cell of lecture {row.claim.lecture} reproduces it."
                        for row in all_rows if not row.places and row.claim.lecture in there]


def verdicts(all_rows):
    """Deck to a Counter of verdicts."""
    found = {deck: Counter() for deck in ledger.DECKS}
    for row in all_rows:
        found[row.claim.deck][row.claim.verdict] += 1
    return found

"""Computed values held against the claims of the five source decks.

`data/claims.json` lists what can be checked in the decks: what is claimed, what was printed, the verified
value, a verdict and, where the deck is wrong or incomplete, the correction.
"""
import html
import json
import math
from dataclasses import dataclass
from functools import cache
from numbers import Number
from pathlib import Path

import numpy as np

from helpers import tables

ROOT = Path(__file__).resolve().parent.parent
CLAIMS_FILE = ROOT / "data" / "claims.json"
DECKS = {
    "aida-l4": "AIDA lecture 4", "aida-l5": "AIDA lecture 5", "pisa": "Pisa", "twente-l2": "Twente lecture 2",
    "notes": "Notes",
}
MARKS = {"true": "✓", "conditional": "◐", "imprecise": "◐", "false": "✗", "needs-training": "▷"}
TOLERANCE = 1e-6  # relative; what the ledger stores is rounded to about ten digits


class LedgerError(AssertionError):
    """A computed value does not agree with the verified one: the notebook or the ledger is wrong."""


@dataclass(frozen=True)
class Claim:
    """One entry of the ledger, as stored."""

    id: str
    deck: str
    where: str
    lecture: int | str
    kind: str
    statement: str
    inputs: dict
    expected: object
    verdict: str
    correction: str
    verified_by: str
    priority: int
    printed: object = None


@cache
def claims():
    """All claims by id.  Raises FileNotFoundError with a sentence when the ledger is missing."""
    if not CLAIMS_FILE.exists():
        raise FileNotFoundError("data/claims.json is missing: restore it with `git checkout data/claims.json`.")
    entries = json.loads(CLAIMS_FILE.read_text(encoding="utf-8"))
    return {entry["id"]: Claim(**entry) for entry in entries}


def claim(claim_id):
    """The claim with this id.  Raises KeyError with the nearest names for an unknown one."""
    if claim_id in claims():
        return claims()[claim_id]
    from difflib import get_close_matches

    near = get_close_matches(claim_id, claims(), n=3, cutoff=0.3)
    raise KeyError(f"The ledger has no claim {claim_id!r}; nearest: {', '.join(near) or 'none'}.")


def agrees(computed, expected):
    """Whether a computed value equals the verified one: numbers within 1e-6, all else exactly.

    A dictionary must have the same keys; arrays, tensors and tuples count as lists.

    >>> agrees({"shape": (14, 14)}, {"shape": [14, 14]}), agrees(0.0625, 0.00390625)
    (True, False)
    """
    computed = plain(computed)
    if isinstance(expected, dict):
        return (isinstance(computed, dict) and computed.keys() == expected.keys()
                and all(agrees(computed[key], expected[key]) for key in expected))
    if isinstance(expected, list):
        return (isinstance(computed, list) and len(computed) == len(expected)
                and all(map(agrees, computed, expected)))
    if isinstance(expected, bool) or isinstance(computed, bool) or not isinstance(expected, Number):
        return computed is expected or (type(computed) is type(expected) and computed == expected)
    return isinstance(computed, Number) and math.isclose(computed, expected, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def plain(value):
    """Numpy, torch and tuple values as plain numbers, lists and dictionaries."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic) or hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


class Result:
    """One claim beside the value computed for it, or its source: a line of text, a box in HTML, a row of a table."""

    def __init__(self, entry, computed, label="computed"):
        self.claim, self.computed, self.label = entry, computed, label

    @property
    def verdict(self):
        return f"{MARKS[self.claim.verdict]} {self.claim.verdict}"

    def cells(self):
        """Deck and place, printed, computed, verdict: what the line and the table show."""
        entry = self.claim
        printed = entry.statement if entry.printed is None else brief(entry.printed)
        return [f"{DECKS[entry.deck]}, {entry.where}", printed, brief(self.computed), self.verdict]

    def __repr__(self):
        deck, printed, computed, verdict = self.cells()
        return f"{verdict} · {deck} · printed: {printed} · {self.label}: {computed}"

    def _repr_html_(self):
        deck, printed, computed, verdict = map(html.escape, self.cells())
        wrong = self.claim.verdict not in ("true", "needs-training")
        note = f"<br>{html.escape(self.claim.correction)}" if wrong else ""
        title = "<b>Check the slide.</b> " if wrong else ""
        colour = {"false": "#D55E00", "true": "#009E73"}.get(self.claim.verdict, "#E69F00")
        return (f'<p class="ledger" style="border-left:4px solid {colour};padding:0.2em 0.8em;margin:0.4em 0">'
                f"{title}{deck} · printed: {printed} · {self.label}: <b>{computed}</b> · "
                f"<b>{verdict}</b>{note}</p>")


class Table:
    """Several results below each other."""

    HEAD = ("deck and place", "printed", "computed, or source", "verdict", "what is right")

    def __init__(self, results):
        self.results = results

    def __repr__(self):
        return "\n".join(map(repr, self.results))

    def _repr_html_(self):
        lines = [self.HEAD, *((*result.cells(), result.claim.correction) for result in self.results)]
        return tables.as_html(lines, ("left",) * len(self.HEAD), "ledger", {"left": ";vertical-align:top"})


def brief(value, length=180):
    """A value in few characters, for one line.

    >>> brief({"n_diff": 4, "mean": 0.25})
    'n diff 4, mean 0.25'
    """
    value = plain(value)
    if isinstance(value, dict):
        text = ", ".join(f"{key.replace('_', ' ')} {brief(item, 60)}" for key, item in value.items())
    elif isinstance(value, float):
        text = f"{value:.6g}"
    elif isinstance(value, int) and not isinstance(value, bool):
        text = f"{value:,}"
    elif isinstance(value, list):
        text = f"[{', '.join(brief(item, 60) for item in value)}]"
    else:
        text = str(value)
    return text if len(text) <= length else text[: length - 1] + "…"


def check(claim_id, computed):
    """Hold a computed value against the verified one and show both in one line.

    claim_id : id in data/claims.json.
    computed : the value, in the structure of the claim's `expected` (the same keys for a dictionary).
    Returns a Result that shows deck, printed value, computed value and verdict.
    Raises LedgerError when the values disagree, KeyError for an unknown id.

    >>> check("ct-pixel-counts", {"pixels": [256 ** 2, 512 ** 2]}).verdict
    '✓ true'
    """
    entry = claim(claim_id)
    if not agrees(computed, entry.expected):
        raise LedgerError(f"{claim_id}: computed {brief(computed)}, but the verified value is {brief(entry.expected)}."
                          " Either this notebook or data/claims.json is wrong.")
    return Result(entry, computed)


def cite(claim_id, source):
    """A claim that no computation can settle, with the source that does.

    source : author, year and DOI or page.  Returns a Result.
    Raises LedgerError for a claim that was verified by computing: that one belongs in `check`.
    """
    entry = claim(claim_id)
    if entry.verified_by == "computed":
        raise LedgerError(f"{claim_id} can be computed: use ledger.check with the computed value.")
    return Result(entry, source, label="source")


def table(computed, cited=None):
    """Many claims at once, checked one by one, as a table.

    computed : dict of claim id to computed value.  cited : dict of claim id to source.
    Raises LedgerError as `check` and `cite` do.
    """
    checked = [check(name, value) for name, value in computed.items()]
    return Table(checked + [cite(name, source) for name, source in (cited or {}).items()])

"""Where a notebook reproduces each claim of the ledger, and what it printed there; where each topic is treated."""
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

from helpers import ledger

ROOT = Path(__file__).resolve().parents[2]
TOPICS = ROOT / "data" / "topics.toml"


@dataclass(frozen=True)
class Place:
    """An executed cell that reproduces a claim.  text : what it printed; label : whether as computed or as source."""

    notebook: str
    cell: str
    label: str
    text: str


@dataclass(frozen=True)
class Treated:
    """Where a topic is treated: the cell of a notebook; or, without one, `words` say why not yet.

    missing : whether that is a fault: its lecture is there, and the topic is not.
    """

    notebook: str = ""
    cell: str = ""
    words: str = ""
    missing: bool = False


def notebooks(root=ROOT):
    """Path below the course, and cells, of each notebook that can reproduce claims, lectures first."""
    for folder in ("lectures", "extras", "labs/solutions"):
        for path in sorted(root.glob(f"{folder}/*.ipynb")):
            yield path.relative_to(root).as_posix(), json.loads(path.read_text(encoding="utf-8"))["cells"]


def claim_tags(cell):
    """The claim ids that a notebook cell is tagged with, by `claim:<id>`."""
    tags = cell["metadata"].get("tags", [])
    return [tag.removeprefix("claim:") for tag in tags if tag.startswith("claim:")]


def places(root=ROOT):
    """Claim id to the executed cells that reproduce it; one without text carries the tag and does not print the claim.

    Raises KeyError for a tag that names no claim.
    """
    found = {}
    for name, cells in notebooks(root):
        for cell in cells:
            for claim_id in claim_tags(cell):
                if cell.get("execution_count"):
                    found.setdefault(claim_id, []).append(Place(name, cell["id"], *printed(cell, claim_id)))
    return found


def printed(cell, claim_id):
    """("computed" or "source", text) of a claim in the stored outputs of a cell; two empty texts where it is not."""
    deck, statement, _, verdict = ledger.Result(ledger.claim(claim_id), "").cells()
    start = f"{verdict} · {deck} · printed: {statement} · "
    for output in cell["outputs"]:
        for line in "".join(output.get("data", {}).get("text/plain", "")).splitlines():
            if line.startswith(start):
                label, _, text = line.removeprefix(start).partition(": ")
                return label, text
    return "", ""


def topics(root=ROOT, known=None):
    """(id, name, Treated) of every topic of the decks.  known : the result of places(), if it is there."""
    known = places(root) if known is None else known
    lectures = {int(name[9:11]): (name, cells) for name, cells in notebooks(root) if name.startswith("lectures/")}
    entries = tomllib.loads(TOPICS.read_text(encoding="utf-8"))
    return [(topic, entry["name"], treated(entry, lectures, known)) for topic, entry in entries.items()]


def treated(entry, lectures, known):
    """Where one entry of topics.toml leads: to its text, to a claim, to a lecture to come, or nowhere."""
    name, cells = lectures.get(entry.get("lecture"), ("", []))
    for cell in cells:
        if entry["text"] in "".join(cell["source"]):
            return Treated(name, cell["id"])
    for claim_id in entry.get("claims", ()):
        for place in known.get(claim_id, ()):
            if not place.notebook.startswith("labs/"):
                return Treated(place.notebook, place.cell)
    if "later" in entry:
        return Treated(words=f"later: {entry['later']}")
    due = {entry.get("lecture"), *(ledger.claim(claim_id).lecture for claim_id in entry.get("claims", ()))}
    coming = sorted(number for number in due if isinstance(number, int) and number not in lectures)
    if coming:
        return Treated(words=f"open: lecture {coming[0]} is in preparation")
    return Treated(words="missing", missing=True)

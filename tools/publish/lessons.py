"""The notebooks as they are stored: titles, questions, minutes, ideas, and the page each becomes."""
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"lectures": "lecture", "labs": "lab", "extras": "extra"}          # by folder
IDEA = re.compile(r"## ((?:\d+|Exercise \d+) · .+)")


@dataclass(frozen=True)
class Lesson:
    """One notebook: a lecture, a lab as learners get it, or an extra, which belongs to no lecture."""

    path: Path
    notebook: object

    @property
    def kind(self):
        """lecture, lab or extra."""
        return KINDS[self.path.parent.name]

    @property
    def number(self):
        """Number of the lecture that it is or belongs to; None for an extra."""
        return None if self.kind == "extra" else int(self.path.name[:2])

    @property
    def name(self):
        """Path below the course, such as lectures/01_pixels_and_tensors.ipynb."""
        return self.path.relative_to(self.path.parents[1]).as_posix()

    @property
    def page(self):
        """Path of its page below the site."""
        return self.name.replace(".ipynb", ".html")

    @property
    def title(self):
        """The first heading, such as 1 · Pixels and tensors."""
        return self.first(r"^# (.+)") or self.path.stem

    @property
    def question(self):
        """The question about a scan, in bold below the title."""
        return self.first(r"^\*\*(.+?)\*\*")

    @property
    def minutes(self):
        """How long it takes, in its own words: 132, or 70 to 95."""
        return self.first(r"(\d+(?: to \d+)?) minutes")

    def first(self, pattern):
        """What a pattern finds in the first cell, without signs of emphasis; "" where it finds nothing."""
        found = re.search(pattern, self.notebook.cells[0].source, re.MULTILINE)
        return plain(found[1]) if found else ""

    @property
    def ideas(self):
        """(cell id, heading) of each idea or exercise."""
        pattern = re.compile("## (.+)") if self.kind == "extra" else IDEA
        found = [(cell.id, pattern.match(cell.source)) for cell in self.notebook.cells if cell.cell_type == "markdown"]
        return [(cell_id, plain(match[1])) for cell_id, match in found if match]


def plain(markdown):
    """A heading without its signs of emphasis and code."""
    return re.sub(r"[*`$]", "", markdown)


def lessons(root=ROOT):
    """All lectures, then all labs, then all extras, as far as there are any."""
    return [lesson(path) for folder in KINDS for path in sorted(root.glob(f"{folder}/*.ipynb"))]


def lesson(path):
    """One notebook.  Raises ValueError for what is neither a lecture nor a student lab nor an extra."""
    path = path.resolve()
    if path.suffix != ".ipynb" or path.parent.name not in KINDS or not path.exists():
        raise ValueError(f"{path.name} is no notebook of {', '.join(KINDS)}: name one of them.")
    return Lesson(path, nbformat.read(path, as_version=4))

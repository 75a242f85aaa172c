"""Generate the student labs from labs/solutions; nbgrader could do the same, and is not needed.

    python tools/make_labs.py            write labs/*.ipynb
    python tools/make_labs.py --check    change nothing; exit 1 where a student lab is out of date

A student lab keeps its stored outputs as long as its code is the same, since those are the outputs of the
*unfinished* lab; `course.py refresh` makes them anew.
"""
import argparse
import copy
import re
import sys
from pathlib import Path

import nbformat
from refresh import PREDICT_FIRST

LABS = Path(__file__).resolve().parent.parent / "labs"
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"  # nbgrader's own
TEXT_STUB = "YOUR ANSWER HERE"
REGION = re.compile(
    r"^(?P<indent>[ \t]*)#+ BEGIN SOLUTION[^\n]*\n.*?^[ \t]*#+ END SOLUTION[^\n]*$", re.MULTILINE | re.DOTALL)


def blank(source, stub):
    """Source with every solution region replaced by the stub; without a region the whole cell is the solution.

    >>> print(blank("def f():\\n    ### BEGIN SOLUTION\\n    return 1\\n    ### END SOLUTION", "raise ..."))
    def f():
        raise ...
    """
    def indented(region):
        return "\n".join(region["indent"] + line for line in stub.split("\n"))

    text, regions = REGION.subn(indented, source)
    return text if regions else stub


def one_folder_higher(text):
    """Text of a solution with its links as they lead from labs/, where students have their copy.

    >>> one_folder_higher("[lecture 1](../../lectures/01_a.ipynb)")
    '[lecture 1](../lectures/01_a.ipynb)'
    """
    return text.replace("](../../", "](../")


def student_cell(cell):
    """A cell as the student gets it, or None for one that only the instructor sees (tag `instructor`)."""
    if "instructor" in cell.metadata.get("tags", []):
        return None
    cell = copy.deepcopy(cell)
    grading = cell.metadata.get("nbgrader", {})
    if "BEGIN SOLUTION" in cell.source and not grading.get("solution"):
        raise ValueError(f"Cell {cell.id} has a solution region but is not an nbgrader solution cell.")
    if grading.get("solution"):
        cell.source = blank(cell.source, STUB if cell.cell_type == "code" else TEXT_STUB)
        cell.metadata["deletable"] = False
    elif grading.get("locked"):
        cell.metadata["deletable"] = cell.metadata["editable"] = False
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
    else:
        cell.source = one_folder_higher(cell.source)
    if PREDICT_FIRST in cell.metadata.get("tags", []):  # its output stays out of the student copy, see refresh.py
        cell.metadata["tags"] = [*cell.metadata["tags"], "nbval-ignore-output"]
    return cell


def student(solution):
    """The student notebook of a solved one, without outputs."""
    notebook = copy.deepcopy(solution)
    notebook.cells = [cell for cell in map(student_cell, solution.cells) if cell is not None]
    notebook.metadata.pop("course", None)  # says which sources the outputs of the solution belong to
    return notebook


def keep_outputs(notebook, old):
    """Take over the stored outputs of an earlier copy if its code is the same, cell by cell."""
    now, before = (code_cells(each) for each in (notebook, old))
    if [(cell.id, cell.source) for cell in now] != [(cell.id, cell.source) for cell in before]:
        return
    for cell, earlier in zip(now, before, strict=True):
        cell.outputs, cell.execution_count = earlier.outputs, earlier.execution_count
    if "course" in old.metadata:
        notebook.metadata["course"] = old.metadata["course"]


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def generate(source, target):
    """The text of the student notebook that belongs at `target`."""
    notebook = student(nbformat.read(source, as_version=4))
    if target.exists():
        keep_outputs(notebook, nbformat.read(target, as_version=4))
    return nbformat.writes(notebook) + "\n"


def main(arguments=None):
    """Write or compare every lab; returns the exit status."""
    parser = argparse.ArgumentParser(description="Generate the student labs from labs/solutions.")
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 where a lab is out of date")
    parser.add_argument("--labs", type=Path, default=LABS, help="the folder of the labs")
    options = parser.parse_args(arguments)
    stale = []
    for source in sorted((options.labs / "solutions").glob("*.ipynb")):
        target = options.labs / source.name
        text = generate(source, target)
        if target.exists() and target.read_text(encoding="utf-8") == text:
            continue
        stale.append(source.name)
        if not options.check:
            target.write_text(text, encoding="utf-8", newline="\n")
            print("wrote", source.name)
    if options.check and stale:
        print(f"Out of date: {', '.join(stale)}. Run: python course.py labs", file=sys.stderr)
    return int(options.check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())

"""What learners do: run a cell twice, then run the whole notebook again in the same kernel."""
import re
from pathlib import Path

import nbformat
import pytest
import refresh
from nbrun import Kernel

from tests.nbval_house import APPROXIMATE, NUMBER, TOLERANCE

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = re.compile(r"0x[0-9a-f]{6,}")


def shown(cell):
    """What a cell shows, as text, without pictures and addresses."""
    texts = [output.get("text") or output.get("data", {}).get("text/plain") or output.get("evalue")
             for output in cell.outputs]
    return ADDRESS.sub("0x", "\n".join(map(str, texts)))


def agrees(text, stored, tags):
    """Whether what a cell shows is what is stored: on another processor numbers after ≈ may differ a little, and any
    number where a cell is tagged `trained`, as in nbval_house.
    """
    if "trained" in tags:
        return NUMBER.sub("#", text) == NUMBER.sub("#", stored)
    near = [abs(float(one) - float(other)) <= max(TOLERANCE["absolute"], TOLERANCE["relative"] * abs(float(other)))
            for one, other in zip(APPROXIMATE.findall(text), APPROXIMATE.findall(stored), strict=False)]
    return all(near) and APPROXIMATE.sub("≈ #", text) == APPROXIMATE.sub("≈ #", stored)


def is_stored(cell, path):
    """Whether the outputs of a cell are stored; in a student lab those that answer a question are not."""
    return not (refresh.is_student_lab(path) and refresh.PREDICT_FIRST in cell.metadata.get("tags", []))


@pytest.mark.parametrize("path", refresh.notebooks(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_cells_can_be_run_twice_and_the_notebook_again(path):
    """A cell tagged `run-once` (a long training) runs once only."""
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    with Kernel(path.parent) as kernel:
        first = {}
        for cell in cells:
            first[cell.id] = shown(kernel.run(cell.source))
            same = agrees(first[cell.id], shown(cell), cell.metadata.get("tags", []))
            assert same or not is_stored(cell, path), f"{cell.id}: differs from what is stored"
            if "run-once" not in cell.metadata.get("tags", []):
                assert shown(kernel.run(cell.source)) == first[cell.id], f"{cell.id}: differs the second time"
        for cell in cells:
            if "run-once" not in cell.metadata.get("tags", []):
                assert shown(kernel.run(cell.source)) == first[cell.id], f"{cell.id}: differs in the second round"

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


PRESS_STOP = """import os, signal, threading
bar, presses = show.training_bar(), []
def pressed(state):
    bar(state)
    if len(state.history) == 1 and not presses:
        presses.append(threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)))
        presses[0].start()"""


def test_the_stop_button_ends_a_training_and_not_the_notebook():
    """Lecture 4's own cells, a real kernel, a real signal: what follows runs with what was learned until then."""
    path = ROOT / "lectures" / "04_cnn_stacks.ipynb"
    cells = {cell.id: cell.source for cell in nbformat.read(path, as_version=4).cells}
    with Kernel(path.parent) as kernel:
        for name in ("setup", "training-data", "training-split", "network", "training-run"):
            assert "error" not in [output.output_type for output in kernel.run(cells[name]).outputs], name
        kernel.run(PRESS_STOP)
        stopped = kernel.run("network, history = trained(0, epochs=1000, progress=pressed)")
        assert [output.output_type for output in stopped.outputs] == ["display_data", "stream"]
        assert re.fullmatch(r"Interrupted in epoch \d+: the network keeps what it has learned so far\.\n",
                            stopped.outputs[1].text)
        after = kernel.run("print(history.interrupted, len(history) < 1000)\n" + cells["training-result"])
        assert "".join(output.get("text", "") for output in after.outputs).startswith("True True\ntest AUC ≈ ")

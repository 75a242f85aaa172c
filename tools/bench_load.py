"""Ten learners in one room: as many kernels at once go through a solved lab on this computer.

    python3 course.py bench load            ten kernels, lab 3;  --quick: three

What a shared server must offer: memory per learner, and how long a learner waits for a cell. All start in the same
second and never think, which no room does: waiting times are those of the worst case.
"""
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
from jupyter_core.utils import ensure_event_loop
from nbrun import client

ROOT = Path(__file__).resolve().parents[1]
LAB = ROOT / "labs" / "solutions" / "03_convolution.ipynb"
LEARNERS = 10
MEMORY = "import psutil; print(psutil.Process().memory_full_info().uss, psutil.Process().memory_info().rss)"


@dataclass(frozen=True)
class Session:
    """What one learner met: seconds of each cell, bytes at the end (own, and with shared libraries), what was lost."""

    seconds: tuple
    own: int
    resident: int
    lost: tuple


def session(path, start):
    """Go through a notebook in a kernel of its own.

    start : threading.Barrier that lets all sessions begin together, once their kernels are up.
    Returns a Session; lost are the ids of the cells that failed, or whose check was not right.
    """
    notebook = nbformat.read(path, as_version=4)
    runner, seconds, lost = client(notebook, path.parent, allow_errors=True), [], []
    with runner.setup_kernel():
        start.wait()
        for index, cell in enumerate(list(notebook.cells)):
            if cell.cell_type == "code":
                began = time.perf_counter()
                runner.execute_cell(cell, index)
                seconds.append(time.perf_counter() - began)
                if is_lost(cell):
                    lost.append(cell.id)
        notebook.cells.append(nbformat.v4.new_code_cell(MEMORY))
        told = runner.execute_cell(notebook.cells[-1], len(notebook.cells) - 1).outputs[0].text
    own, resident = map(int, told.split())
    return Session(tuple(seconds), own, resident, tuple(lost))


def is_lost(cell):
    """Whether an executed cell failed, or is a check that does not say that the answer is right."""
    if any(output.output_type == "error" for output in cell.outputs):
        return True
    graded = cell.metadata.get("nbgrader", {}).get("grade")
    return bool(graded) and "✓ Right" not in "".join(output.get("data", {}).get("text/plain", "")
                                                     for output in cell.outputs)


def at_once(learners, path=LAB):
    """As many sessions at the same time; returns them as a list."""
    start = threading.Barrier(learners)
    def learner(_):
        try:
            return session(path, start)
        finally:
            ensure_event_loop().close()                     # each thread has one, which nbclient made and leaves open

    with ThreadPoolExecutor(learners) as room:
        return list(room.map(learner, range(learners)))


def bench_load(quick):
    """Print the table; returns how many cells were lost."""
    learners = 3 if quick else LEARNERS
    print(f"{LAB.relative_to(ROOT)}, {'learners':>9} {'median':>9} {'95 %':>9} {'slowest':>9}   "
          "memory: own, resident  lost")
    lost = 0
    for count in (1, learners):
        sessions = at_once(count)
        seconds = np.concatenate([each.seconds for each in sessions])
        own, resident = (max(getattr(each, name) for each in sessions) / 2**20 for name in ("own", "resident"))
        lost_here = sum(len(each.lost) for each in sessions)
        lost += lost_here
        print(f"{'a cell takes':>34} {count:>9} {np.median(seconds):>7.2f} s {np.quantile(seconds, 0.95):>7.2f} s "
              f"{seconds.max():>7.2f} s   {own:>8.0f}, {resident:>5.0f} MiB {lost_here:>5}", flush=True)
    return lost

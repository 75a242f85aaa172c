"""What learners do, on a laptop as bad as they come: stop a training, run a cell twice, then the whole notebook again.

One thread; no network; numbers written with a decimal comma; and a course that nobody may write into.
"""
import os
import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
import refresh
from nbrun import Kernel

from helpers.check import record
from tests.nbval_house import APPROXIMATE, NUMBER, TOLERANCE, approximate

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = re.compile(r"0x[0-9a-f]{6,}")


def shown(cell):
    """What a cell shows, as text, without pictures and addresses."""
    texts = [output.get("text") or output.get("data", {}).get("text/plain") or output.get("evalue")
             for output in cell.outputs]
    return ADDRESS.sub("0x", "\n".join(map(str, texts)))


def agrees(text, stored, is_trained):
    """Whether what a cell shows is what is stored: on another processor numbers after ≈ may differ a little, and any
    number of a cell that is tagged `trained`, as in nbval_house.
    """
    if is_trained:
        return NUMBER.sub("#", text) == NUMBER.sub("#", stored)
    near = [abs(one - other) <= max(TOLERANCE["absolute"], TOLERANCE["relative"] * abs(other))
            for one, other in zip(approximate(text), approximate(stored), strict=False)]
    return all(near) and APPROXIMATE.sub("≈ #", text) == APPROXIMATE.sub("≈ #", stored)


def tags(cell):
    return set(cell.metadata.get("tags", []))


def is_stored(cell, path):
    """Whether the outputs of a cell are stored, and the same on every computer; in a student lab those that answer a
    question are not.
    """
    if "this-computer" in tags(cell):
        return False
    return not (refresh.is_student_lab(path) and refresh.PREDICT_FIRST in tags(cell))


WORST = """
import locale, os, socket, sys
locale.setlocale(locale.LC_ALL, "")                    # as programs do that show numbers the way their user writes them
connect, look_up, course = socket.socket.connect, socket.getaddrinfo, os.environ["COURSE"]
def connect_here(self, address):
    if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise OSError(f"no network: {address[0]}")
    return connect(self, address)
def look_up_here(host, *more, **options):
    if host not in (None, "", "127.0.0.1", "::1", "localhost"):
        raise socket.gaierror(f"no network: {host}")
    return look_up(host, *more, **options)
def read_only(event, told):
    changes = event in ("os.mkdir", "os.remove", "os.rename", "os.truncate")
    writes = event == "open" and told[2] & (os.O_WRONLY | os.O_RDWR)
    if (changes or writes) and isinstance(told[0], str) and os.path.abspath(told[0]).startswith(course):
        raise PermissionError(f"read-only: {told[0]}")
socket.socket.connect, socket.getaddrinfo = connect_here, look_up_here
sys.addaudithook(read_only)
"""
COMMA = "de_DE.UTF-8"


@pytest.fixture(scope="module")
def worst_laptop(tmp_path_factory):
    """Variables of a kernel on it."""
    folder = tmp_path_factory.mktemp("laptop")
    (folder / "sitecustomize.py").write_text(WORST, encoding="utf-8")
    hard = {"PYTHONPATH": str(folder), "COURSE": str(ROOT) + os.sep, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    return os.environ | hard | comma_locale(folder)


def comma_locale(folder):
    """Variables that choose a locale with decimal commas, made on the spot where Linux can; else none."""
    if shutil.which("localedef") and Path("/usr/share/i18n/locales/de_DE").exists():
        making = ["localedef", "--no-archive", "-i", "de_DE", "-f", "UTF-8", folder / COMMA]
        subprocess.run(making, check=True, capture_output=True)
        return {"LOCPATH": str(folder), "LC_ALL": COMMA, "LANG": COMMA}
    return {}


def test_the_worst_laptop_is_one(worst_laptop):
    asked = """
import locale, urllib.request, torch
from pathlib import Path
def refused(action):
    try:
        action()
    except OSError as error:
        return str(error)
print([torch.get_num_threads(), locale.localeconv()["decimal_point"]])
print(refused(lambda: urllib.request.urlopen("https://example.org")))
print(refused(lambda: Path("new.txt").write_text("new")), refused(lambda: Path("new").mkdir()))
print(len(Path("README.md").read_text()) > 0)"""
    with Kernel(ROOT, environment=worst_laptop) as kernel:
        told = kernel.run(asked).outputs[0].text.splitlines()
    assert told[0] == str([1, "," if "LOCPATH" in worst_laptop else "."])
    assert "no network: example.org" in told[1]
    assert told[2:] == ["read-only: new.txt read-only: new", "True"]
    assert not (ROOT / "new.txt").exists() and not (ROOT / "new").exists()


STOPPER = """
def press_stop_in_the_first_epoch_of_a_new_cell():
    import signal
    from helpers.train import loop
    known, armed, end = set(), [], loop.Books.end
    def before(cell):
        armed[:] = {cell.raw_cell} - known
        known.add(cell.raw_cell)
    def ended(books, *judged):
        end(books, *judged)
        if armed:
            armed.clear()
            signal.raise_signal(signal.SIGINT)
    get_ipython().events.register("pre_run_cell", before)
    loop.Books.end = ended
press_stop_in_the_first_epoch_of_a_new_cell()
del press_stop_in_the_first_epoch_of_a_new_cell"""
RUN_ONCE = {"run-once", "this-computer"}
TRAINS = "train.fit(", "hospital.network("  # the second in a helper of lab 6
STOPPED = re.compile(r"Interrupted in epoch \d+: the network keeps what it has learned so far\.")


def twice(kernel, cell, is_long):
    """What a cell shows, what it shows when it runs again, and whether it had to begin anew since its training was
    stopped; a long one does not run to its end twice.
    """
    first = shown(kernel.run(cell.source))
    stopped = STOPPED.search(first) is not None
    if stopped:
        assert "KeyboardInterrupt" not in first, f"{cell.id}: the stop button ends more than the training"
        first = shown(kernel.run(cell.source))
    return first, first if stopped or is_long else shown(kernel.run(cell.source)), stopped


@pytest.mark.parametrize("path", refresh.notebooks(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_cells_can_be_run_twice_and_the_notebook_again(path, worst_laptop, tmp_path):
    """In each cell that trains, the first training is stopped after an epoch; then the cell runs again.

    A cell tagged `run-once` (a long training) runs to its end once only, one tagged `this-computer` is not compared.
    Results go to the user's folder; into the course nothing can be written.
    """
    hard = worst_laptop | {record.VARIABLE: str(tmp_path)}
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    with Kernel(path.parent, environment=hard) as kernel:
        assert not kernel.run(STOPPER).outputs
        shows, stopped = {}, {}
        for cell in cells:
            shows[cell.id], again, stopped[cell.id] = twice(kernel, cell, is_long=RUN_ONCE & tags(cell))
            same = agrees(shows[cell.id], shown(cell), "trained" in tags(cell))
            assert same or not is_stored(cell, path), f"{cell.id}: differs from what is stored"
            assert again == shows[cell.id], f"{cell.id}: differs the second time"
        for cell in cells:
            if not RUN_ONCE & tags(cell):
                assert shown(kernel.run(cell.source)) == shows[cell.id], f"{cell.id}: differs in the second round"
    assert any(stopped.values()) == any(trains in cell.source for cell in cells for trains in TRAINS)
    checked = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert len(list(tmp_path.glob("exercises/*.right"))) == (len(checked) if "solutions" in path.parts else 0)


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
        assert STOPPED.fullmatch(stopped.outputs[1].text.rstrip("\n"))
        after = kernel.run("print(history.interrupted, len(history) < 1000)\n" + cells["training-result"])
        assert "".join(output.get("text", "") for output in after.outputs).startswith("True True\ntest AUC ≈ ")

"""Teach nbval 0.11 what a stored notebook holds, so that its strict mode can be used throughout.

nbval compares every message a cell sends; a stored notebook holds what the front end shows in the end.

* Output inside an Output widget belongs to the widget; `clear_output` wipes the cell;
  `update_display` replaces an earlier output. Without this, right notebooks would fail.
* Numbers after "≈" come out of training and differ in the third decimal between processors and
  numbers of threads: they are compared within TOLERANCE instead of digit by digit.
* A cell tagged `trained` tells what a network trained in single precision has drawn. Which patient is worst and
  how many pixels are missed differs between processors, so that its words are compared and its numbers are not.
* Kernels take all cores, as a learner's do, though the processes of a test run have one thread each.
"""
import os
import re

import nbval.plugin as nbval

SHOWN = {"stream", "display_data", "execute_result", "error"}
APPROXIMATE = re.compile(r"≈ ?([-−]?\d+(?:\.\d+)?)")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
TOLERANCE = {"absolute": 0.02, "relative": 0.1}

run_cell, receive = nbval.IPyNbCell.runtest, nbval.IPyNbFile.get_kernel_message
sanitize, compare = nbval.IPyNbCell.sanitize, nbval.IPyNbCell.compare_outputs
set_up = nbval.IPyNbFile.setup


class Shown:
    """What a front end would show of the cell that runs now."""

    def __init__(self, cell):
        self.outputs, self.places, self.clear_next = cell.test_outputs, {}, False

    def clear(self, wait):
        self.clear_next = wait
        if not wait:
            self.wipe()

    def wipe(self):
        self.outputs.clear()
        self.places.clear()
        self.clear_next = False

    def update(self, display_id, content):
        if display_id in self.places:
            self.outputs[self.places[display_id]]["data"] = content["data"]


def set_up_with_all_cores(notebook):
    threads = os.environ.pop("OMP_NUM_THREADS", None)
    try:
        set_up(notebook)
    finally:
        if threads is not None:
            os.environ["OMP_NUM_THREADS"] = threads


def run_cell_and_watch(cell):
    cell.parent.watched_cell, cell.parent.shown = cell, None
    return run_cell(cell)


def receive_as_front_end(notebook, timeout=None, stream="iopub"):
    """The next message, with those a front end handles itself relabelled so that nbval skips them."""
    message = receive(notebook, timeout=timeout, stream=stream)
    cell = getattr(notebook, "watched_cell", None)
    if stream != "iopub" or cell is None:
        return message
    kind, content = message["msg_type"], message["content"]
    captures = notebook.__dict__.setdefault("captures", {})  # Output widget -> message whose output it takes
    if kind in ("comm_open", "comm_msg"):
        follow_output_widgets(captures, kind, content)
        return message
    handled = dict(message, msg_type="comm_handled")  # nbval skips every type that begins with "comm"
    if kind in SHOWN - {"error"} and message["parent_header"].get("msg_id") in filter(None, captures.values()):
        return handled
    if cell.test_outputs is None:
        return message
    return handled if redraw(notebook, cell, kind, content) else message


def follow_output_widgets(captures, kind, content):
    state = content.get("data", {}).get("state", {})
    if kind == "comm_open" and state.get("_model_name") == "OutputModel":
        captures[content["comm_id"]] = ""
    if content["comm_id"] in captures and "msg_id" in state:
        captures[content["comm_id"]] = state["msg_id"]


def redraw(notebook, cell, kind, content):
    """Apply clear_output and update_display; True when nbval must not see the message."""
    if notebook.shown is None or notebook.shown.outputs is not cell.test_outputs:
        notebook.shown = Shown(cell)
    shown = notebook.shown
    display_id = content.get("transient", {}).get("display_id")
    if kind == "clear_output":
        shown.clear(wait=bool(content.get("wait")))
        return True
    if kind == "update_display_data":
        shown.update(display_id, content)
        return True
    if kind in SHOWN:
        if shown.clear_next:
            shown.wipe()
        if display_id:
            shown.places[display_id] = len(shown.outputs)  # nbval appends it next
    return False


def approximate(text):
    """The numbers after "≈", whichever sign a minus is.

    >>> approximate("score ≈ −0.10, then ≈ 0.35, exactly 7")
    [-0.1, 0.35]
    """
    return [float(number.replace("−", "-")) for number in APPROXIMATE.findall(text)]


def sanitize_and_collect(cell, text):
    """Sanitise as configured, and take out the approximate numbers to compare them later."""
    text = sanitize(cell, text)
    if not isinstance(text, str):
        return text
    if "trained" in cell.cell.metadata.get("tags", []):
        return NUMBER.sub("#", text)
    cell.__dict__.setdefault("approximate", []).extend(approximate(text))
    return APPROXIMATE.sub("≈ #", text)


def compare_within_tolerance(cell, test, reference, skip_compare=None):
    cell.approximate = []
    if not compare(cell, test, reference, skip_compare):
        return False
    half = len(cell.approximate) // 2  # nbval sanitises the stored outputs first, then the new ones
    for stored, computed in zip(cell.approximate[:half], cell.approximate[half:], strict=True):
        if abs(stored - computed) > max(TOLERANCE["absolute"], TOLERANCE["relative"] * abs(stored)):
            cell.comparison_traceback.append(f"≈ {computed} is too far from the stored ≈ {stored}")
            return False
    return True


nbval.IPyNbFile.setup = set_up_with_all_cores
nbval.IPyNbCell.runtest, nbval.IPyNbFile.get_kernel_message = run_cell_and_watch, receive_as_front_end
nbval.IPyNbCell.sanitize, nbval.IPyNbCell.compare_outputs = sanitize_and_collect, compare_within_tolerance

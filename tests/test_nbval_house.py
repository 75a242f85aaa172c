"""The strict comparison of stored outputs finds what is wrong, and lets pass what is right."""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbrun import client

ROOT = Path(__file__).resolve().parent.parent
FIGURE = """
import matplotlib.pyplot as plt
from helpers import show
fig, ax = plt.subplots()
show.figure(fig, "An empty pair of axes.")
"""
REWRITTEN = """
from IPython.display import clear_output
for k in range(3):
    clear_output(wait=True)
    print(k)
"""
UPDATED = """
from IPython.display import display
display("first", display_id=True).update("second")
"""
CASES = {  # name: source, edit of the stored output (old, new), whether nbval must let it pass
    "plain": ("print('one')", None, True),
    "another word": ("print('one')", ("one", "two"), False),
    "no output stored for a cell that prints": ("print('one')", ("one", ""), False),
    "rewritten lines": (REWRITTEN, None, True),
    "another last line": (REWRITTEN, ("2", "1"), False),
    "updated display": (UPDATED, None, True),
    "captured by a widget": ("import ipywidgets\nout = ipywidgets.Output()\nwith out:\n    print('inside')\nout",
                             None, True),
    "approximate, near": ("print('Dice ≈ 0.904')", ("0.904", "0.911"), True),
    "approximate, far": ("print('Dice ≈ 0.904')", ("0.904", "0.704"), False),
    "approximate, near, below zero": ("print('score ≈ −0.10')", ("0.10", "0.11"), True),
    "approximate, far, below zero": ("print('score ≈ −0.10')", ("−", ""), False),
    "exact number, near": ("print('Dice = 0.904')", ("0.904", "0.911"), False),
    "trained, other numbers": ("print('patient 41: Dice 0.914, 1,201 pixels')", ("41: Dice 0.914, 1,201",
                                                                                          "56: Dice 0.9, 98"), True),
    "trained, another word": ("print('patient 41: heart 0.914')", ("heart", "liver"), False),
    "threads of a learner's kernel": ("import os\nprint(os.environ.get('OMP_NUM_THREADS', 'all'))", None, True),
    "picture": (FIGURE, None, True),
    "another picture": (FIGURE, ("base64,iVBOR", "base64,AAAAA"), True),
    "another alt text": (FIGURE, ("An empty pair", "A full pair"), False),
}


def edited(output, edit):
    text = nbformat.from_dict({"cells": [], "x": output})
    old, new = edit
    replaced = {key: replace_in(value, old, new) for key, value in text["x"].items()}
    assert replaced != dict(output), f"{old!r} is not in the stored output"
    return nbformat.from_dict(replaced)


def replace_in(value, old, new):
    if isinstance(value, str):
        return value.replace(old, new)
    return {key: replace_in(item, old, new) for key, item in value.items()} if isinstance(value, dict) else value


def stored_notebook(folder, monkeypatch):
    cells = [nbformat.v4.new_code_cell(source, metadata={"tags": ["trained"] * name.startswith("trained")})
             for name, (source, _, _) in CASES.items()]
    notebook = nbformat.v4.new_notebook(cells=cells)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    client(notebook, folder).execute()
    for cell, (_, edit, _) in zip(notebook.cells, CASES.values(), strict=True):
        for output in cell.outputs:
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
        if edit:
            cell.outputs = [edited(output, edit) for output in cell.outputs]
    return notebook


def test_strict_comparison(tmp_path, monkeypatch):
    shutil.copy(ROOT / "conftest.py", tmp_path)
    (tmp_path / "tests").mkdir()
    for name in ("nbval_house.py", "nbval_sanitize.cfg", "sharing.py"):
        shutil.copy(ROOT / "tests" / name, tmp_path / "tests")
    nbformat.write(stored_notebook(tmp_path, monkeypatch), tmp_path / "book.ipynb")
    command = [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider",
               "--nbval-sanitize-with=tests/nbval_sanitize.cfg", "--tb=no", "-rf", "--color=no"]
    one_thread = os.environ | {"OMP_NUM_THREADS": "1"}                # as in the processes of a test run
    report = subprocess.run(command, cwd=tmp_path, env=one_thread, capture_output=True, text=True, timeout=300,
                            check=False).stdout
    failed = {int(number) for number in re.findall(r"FAILED book.ipynb::Cell (\d+)", report)}
    assert failed == {place for place, (_, _, passes) in enumerate(CASES.values()) if not passes}, report


def test_course_notebooks_are_compared_strictly():
    options = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert "--nbval --nbval-current-env" in options and "--nbval-lax" not in options

"""Run notebooks and store their outputs, the same bytes for the same results.

    python3 course.py refresh [notebook ...]     all lectures and labs unless you name some
    python3 course.py refresh --check            run nothing; exit 1 when stored outputs are out of date
"""
import argparse
import hashlib
import re
import sys
import time
from pathlib import Path

import nbformat
from nbrun import client

ROOT = Path(__file__).resolve().parent.parent
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
PREDICT_FIRST = "predict-first"  # a cell whose output answers a question asked above it
RANDOM_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f-]+)?")


def notebooks():
    """All lectures, student labs, solved labs and extras."""
    return sorted(path for folder in ("lectures", "labs", "extras") for path in ROOT.glob(f"{folder}/**/*.ipynb"))


def source_hash(notebook):
    """Changes whenever a cell is edited after its outputs were stored."""
    text = "\0".join(cell.cell_type + cell.source for cell in notebook.cells)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def name_cells(notebook, stem):
    """Keep readable cell ids; give those that have a random or repeated one an id made from their place."""
    seen = set()
    for place, cell in enumerate(notebook.cells):
        if cell.id in seen or RANDOM_ID.fullmatch(cell.id):
            cell.id = "cell-" + hashlib.sha256(f"{stem}{place}{cell.source}".encode()).hexdigest()[:8]
        seen.add(cell.id)


def is_student_lab(path):
    """Whether a notebook is a lab as learners get it, rather than a lecture or a solution."""
    return path.resolve().parent == ROOT / "labs"


def normalise(notebook, stem, for_students=False):
    """Drop what differs from run to run: random ids, times, widget views (their picture stays).

    for_students : also drop outputs that would answer a question before it is read.
    """
    name_cells(notebook, stem)
    kept = {key: notebook.metadata[key] for key in ("rise",) if key in notebook.metadata}
    notebook.metadata = nbformat.from_dict({
        "kernelspec": KERNEL, "language_info": {"name": "python"}, **kept,
        "course": {"outputs_of": source_hash(notebook)}})
    notebook.nbformat_minor = 5
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if for_students and PREDICT_FIRST in cell.metadata.get("tags", []):
            cell.outputs = []
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)
    return notebook


def refresh(path):
    """Run one notebook in its folder and store it with its outputs."""
    notebook = nbformat.read(path, as_version=4)
    client(notebook, path.parent).execute()
    stored = nbformat.writes(normalise(notebook, path.stem, is_student_lab(path)))
    path.write_text(stored + "\n", encoding="utf-8", newline="\n")


def is_current(path):
    """Whether the stored outputs belong to the present source and nothing but them is stored."""
    notebook = nbformat.read(path, as_version=4)
    before = nbformat.writes(notebook)
    return nbformat.writes(normalise(notebook, path.stem, is_student_lab(path))) == before


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("notebooks", nargs="*", type=Path)
    options = parser.parse_args()
    chosen = [path.resolve() for path in options.notebooks] or notebooks()
    if options.check:
        stale = [str(path.relative_to(ROOT)) for path in chosen if not is_current(path)]
        sys.exit(f"Out of date, run `python3 course.py refresh`: {', '.join(stale)}" if stale else 0)
    for path in chosen:
        start = time.perf_counter()
        refresh(path)
        print(f"refreshed {path.relative_to(ROOT)} in {time.perf_counter() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main()

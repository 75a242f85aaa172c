"""Runs a notebook once for the pages: the parts of its explorers and questions, and what each cell costs.

A run is kept in a cache, under a name that changes with anything it depends on.
"""
import contextlib
import gzip
import hashlib
import json
import sys
import time
from pathlib import Path

import nbformat
import psutil
from nbclient.exceptions import CellExecutionError
from nbrun import client
from refresh import source_hash

PART = "application/vnd.course.part+json"              # the same as in capture.py, which imports too much for here
TOOLS = Path(__file__).resolve().parents[1]
ROOT = TOOLS.parent
CACHE = ROOT / "build" / "cache"
# What a run depends on beside its notebook. Everything, rather than a guess at what is used.
SOURCES = ("helpers/**/*.py", "helpers/**/*.js", "helpers/**/*.toml", "data/*", "constraints.txt",
           "tools/publish/capture.py", "tools/publish/film.py", "tools/publish/pictures.py", "tools/publish/run.py")
INSTALL = f"import sys; sys.path.append({str(TOOLS)!r}); from publish import capture; capture.install()"


def run(path, cache=CACHE, say=print):
    """A notebook's parts and costs, from the cache where nothing has changed since.  Ends with a sentence if it fails.

    Returns a dict: parts (cell id to a list of (number of the output, part)), seconds (cell id to seconds), start
    (seconds until the kernel answers), memory (MiB at most, None where the system does not tell).
    """
    notebook = nbformat.read(path, as_version=4)
    name = f"{path.parent.name}-{path.stem}"
    kept = cache / f"{name}-{fingerprint(notebook)}.json.gz"
    if kept.exists():
        return json.loads(gzip.decompress(kept.read_bytes()))
    say(f"running {path.name} of {path.parent.name}/ …")
    try:
        result = execute(notebook, path.parent)
    except CellExecutionError as error:
        sys.exit(f"{path.name} of {path.parent.name}/ stops with an error; mend it, then publish it.\n{error}")
    cache.mkdir(parents=True, exist_ok=True)
    for older in cache.glob(f"{name}-*"):
        older.unlink()
    kept.write_bytes(gzip.compress(json.dumps(result).encode(), mtime=0))
    return result


def fingerprint(notebook):
    """Changes with the cells of a notebook and with all that they may use."""
    digest = hashlib.sha256(source_hash(notebook).encode())
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def execute(notebook, folder):
    """Run every cell in a fresh kernel; nbclient's CellExecutionError where one fails."""
    runner, start = client(notebook, folder), time.perf_counter()
    with runner.setup_kernel():
        runner.execute_cell(nbformat.v4.new_code_cell(INSTALL), -1)
        result = {"parts": {}, "seconds": {}, "start": time.perf_counter() - start}
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type == "code":
                start = time.perf_counter()
                runner.execute_cell(cell, index)
                seconds = time.perf_counter() - start
                parts = parts_of(cell)
                result["seconds"][cell.id] = seconds - sum(part.pop("seconds") for _, part in parts)
                result["parts"] |= {cell.id: parts} if parts else {}
        result["memory"] = peak_memory(runner.km.provisioner.pid)
    return result


def parts_of(cell):
    """(number of the output, part) for each output of a cell that carries one."""
    return [(number, output.data[PART]) for number, output in enumerate(cell.outputs)
            if PART in output.get("data", {})]


def peak_memory(process):
    """The most memory that a process has held, in MiB; None where the system does not tell."""
    with contextlib.suppress(OSError, IndexError):
        return int(Path(f"/proc/{process}/status").read_text().split("VmHWM:")[1].split()[0]) // 2**10
    with contextlib.suppress(psutil.Error, AttributeError):
        return psutil.Process(process).memory_info().peak_wset // 2**20
    return None

"""Runs the experiments of the lectures for several seeds: their code is the lecture's own, taken from its cells.

A cell with the tag `experiment` belongs to an experiment: it defines data or a function of a seed, and shows nothing.
What is run and promised stands in `lecture_experiments`.
"""
import ast
import hashlib
import inspect
import json
import os
import platform
import re
import runpy
import tempfile
from contextlib import redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path
from statistics import median

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")          # before torch: a busy machine is several times faster so

import nbformat
import torch
from lecture_experiments import EXPERIMENTS, LECTURE_5, SHOWN, SLOW

from helpers import spreads

ROOT = Path(__file__).resolve().parents[1]


def sources(path):
    """The first code cell of a notebook and its cells tagged `experiment`, as a list of texts."""
    cells = [cell for cell in nbformat.read(ROOT / path, as_version=4).cells if cell.cell_type == "code"]
    return [cells[0].source, *(cell.source for cell in cells if "experiment" in cell.metadata.get("tags", []))]


def names_of(path):
    """What the first code cell and the cells tagged `experiment` of a notebook define, as a dict."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "experiment.py"
        file.write_text("\n\n".join(sources(path)), encoding="utf-8")
        with redirect_stdout(StringIO()):
            return runpy.run_path(str(file))


def spread(name, seeds, threads):
    """All results of an experiment: dict of result to list, one entry per seed, on that many threads."""
    path, experiment, _ = EXPERIMENTS[name]
    before = torch.get_num_threads()
    try:
        defined = names_of(path)                            # the lecture may choose a number of threads of its own
        torch.set_num_threads(threads)
        runs = [experiment(defined, seed) for seed in seeds]
    finally:
        torch.set_num_threads(before)
    return {result: [run[result] for run in runs] for result in runs[0]}


def keeps(values, least, most):
    """Whether all values lie in a range; None at an end leaves it open.

    >>> keeps([0.2, 0.9], 0.1, None), keeps([0.2, 0.9], None, 0.5)
    (True, False)
    """
    return (least is None or least <= min(values)) and (most is None or max(values) <= most)


def code_of(name):
    """A fingerprint of what an experiment runs; comments and line breaks do not count."""
    path, experiment, _ = EXPERIMENTS[name]
    texts = [*sources(path), inspect.getsource(experiment)]
    return hashlib.sha256("".join(ast.dump(ast.parse(text)) for text in texts).encode()).hexdigest()[:16]


def seeds_of(name, quick=False):
    """The seeds that `bench seeds` runs of an experiment."""
    return range(5 if quick or EXPERIMENTS[name][0] == LECTURE_5 else 10)


def threads_of(name):
    """How many threads `bench seeds` runs an experiment with."""
    return (1,) if name in SLOW else (1, 2)


def bench_seeds(quick=False, names=(), store=False):
    """Print least, median and most of every result; returns how many promises of the lectures were not kept.

    names : of experiments; all unless given.  store : write the results of lectures that show them to
    data/spreads.json, ten seeds each, five in lecture 5.
    """
    broken = 0
    print(f"{'experiment':20} {'threads':>7}  {'result':48} {'least':>8} {'median':>8} {'most':>8}   promised")
    for name in names or EXPERIMENTS:
        promised, by_threads, seeds = EXPERIMENTS[name][2], {}, seeds_of(name, quick)
        for threads in threads_of(name):
            by_threads[threads] = spread(name, seeds, threads)
            for result, values in by_threads[threads].items():
                kept = keeps(values, *promised.get(result, (None, None)))
                broken += not kept
                numbers = " ".join(f"{number(values):8.4f}" for number in (min, median, max))
                wish = spreads.promise(*promised.get(result, (None, None))) + ("" if kept else ", not kept")
                print(f"{name:20} {threads:>7}  {result:48} {numbers}   {wish}".rstrip(), flush=True)
        if store and EXPERIMENTS[name][0] in SHOWN:
            keep(name, by_threads, len(seeds))
    return broken


def keep(name, by_threads, seeds):
    """Write the results of one experiment to data/spreads.json."""
    results = {result: {str(threads): [float(f"{value:.5g}") for value in runs[result]]
                        for threads, runs in by_threads.items()} for result in by_threads[1]}
    threads = "each with one and with two threads" if len(by_threads) > 1 else "with one thread"
    made = (f"{seeds} seeds, {threads}: python3 course.py bench seeds {name} --store "
            f"({date.today():%B %Y}, PyTorch {torch.__version__.partition('+')[0]}, {platform.machine()})")
    file = spreads.SPREADS_FILE
    held = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"experiments": {}}
    held["experiments"][name] = {"made": made, "code": code_of(name), "promised": EXPERIMENTS[name][2],
                                 "results": results}
    held["experiments"] = {name: held["experiments"][name] for name in EXPERIMENTS if name in held["experiments"]}
    text = re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda found: "[" + re.sub(r"\s+", " ", found[1]) + "]",
                  json.dumps(held, indent=1, ensure_ascii=False))          # a list on one line
    file.write_text(text + "\n", encoding="utf-8")

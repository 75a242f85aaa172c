"""The experiments of the lectures, run for several seeds: their code is the lecture's own, taken from its cells.

A cell with the tag `experiment` belongs to an experiment: it defines data or a function of a seed, and shows nothing.
"""
import math
import runpy
import tempfile
from pathlib import Path

import nbformat
import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[1]


def names_of(path):
    """What the first code cell and the cells tagged `experiment` of a notebook define, as a dict."""
    cells = [cell for cell in nbformat.read(ROOT / path, as_version=4).cells if cell.cell_type == "code"]
    wanted = [cells[0], *(cell for cell in cells if "experiment" in cell.metadata.get("tags", []))]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "experiment.py"
        file.write_text("\n\n".join(cell.source for cell in wanted), encoding="utf-8")
        return runpy.run_path(str(file))


def zero_against_one(defined, seed):
    """Three hidden neurons: test accuracy before and after training."""
    network = defined["untrained"](seed)
    before = defined["accuracy"](network)
    return {"before": before, "after": defined["accuracy"](defined["train"](network))}


def moved_nodule(defined, seed):
    """The toy of lecture 3: AUC with the spot where it was in training, and in the other half."""
    draw = np.random.default_rng(seed)
    training, left, right = (defined["toy"](count, side, draw)
                             for count, side in ((600, "left"), (400, "left"), (400, "right")))
    results = {}
    for name, make, epochs, rate in (("dense", lambda: defined["dense"](1024), 15, 1e-3),
                                     ("conv", defined["convolutional"], 6, 1e-2)):
        torch.manual_seed(seed)
        network = defined["train"](make(), *training, epochs, rate)
        results |= {f"{name} left": defined["auc"](network, *left), f"{name} right": defined["auc"](network, *right)}
    return results


def moved_nodule_in_chests(defined, seed):
    """The same on simulated chests: other patients are tested for every seed."""
    learn, test = defined["split"](seed)
    results = {}
    for name, make, epochs, rate in (("dense", lambda: defined["dense"](44 * 56), 10, 1e-3),
                                     ("conv", defined["chest_network"], 8, 1e-2)):
        torch.manual_seed(seed)
        inputs, targets = defined["chests"][learn], defined["labels"][learn]
        network = defined["train"](make(), inputs, targets, epochs, rate, batch=16)
        results |= {f"{name} {side}": auc for side, auc in defined["both_sides"](network, test).items()}
    return results


def nodule_classifier(defined, seed):
    """The classifier of lecture 4, and what its frozen maps are worth for another question with ten patients."""
    network, _ = defined["trained"](seed)
    _, _, test = defined["parts"](seed)
    logits = defined["train"].predict(network, defined["images"][test])[:, 0].numpy()
    draws = [defined["transferred"](network, seed, draw) for draw in (0, 1, 2)]
    means = {name: sum(result[name] for result in draws) / len(draws) for name in draws[0]}
    return {"test": defined["metrics"].auc(defined["target"][test].numpy(), logits),
            "frozen, least": min(result["frozen"] for result in draws),
            "frozen - scratch": means["frozen"] - means["from scratch"]}


def shifted_nodules(defined, seed):
    """Patches with the nodule in the middle in training, beside it in the test."""
    plain, changed = defined["moved"](seed, None), defined["moved"](seed, defined["shifted"])
    return {"lost without shifts": plain["middle"] - plain["moved"],
            "lost with shifts": changed["middle"] - changed["moved"]}


def capacity(defined, seed):
    """17 and 17,025 parameters on 40 points: what the large network loses on new ones."""
    results = defined["capacities"](seed)
    return {"large, learned": results["large"][1], "large, new": results["large"][2],
            "gap of gaps": results["large"][1] - results["large"][2] - results["small"][1] + results["small"][2]}


def residual(defined, seed):
    """Powers of ten that 40 layers take from the gradient at the input."""
    lost = {}
    for name, kind in {"plain": {}, "He": {"he": True}, "residual": {"residual": True}}.items():
        one, forty = (defined["gradient_at_input"](depth, seed=seed, **kind) for depth in (1, 40))
        lost[name] = math.log10(one / forty) if forty else math.inf      # every ReLU of a layer may be silent
    return lost


# Name: notebook, function of what it defines and a seed, and what the lecture asserts: result, least, most.
EXPERIMENTS = {
    "zero-against-one": ("lectures/02_softmax_and_bce.ipynb", zero_against_one, {"after": (0.989, 1.0)}),
    "moved-nodule": ("lectures/03_convolution.ipynb", moved_nodule,
                     {"dense right": (0.0, 0.65), "conv left": (0.95, 1.0), "conv right": (0.95, 1.0)}),
    "moved-nodule-chests": ("lectures/03_convolution.ipynb", moved_nodule_in_chests,
                            {"dense left": (0.0, 0.75), "dense right": (0.0, 0.75),
                             "conv left": (0.7, 1.0), "conv right": (0.7, 1.0)}),
    "nodule-classifier": ("lectures/04_cnn_stacks.ipynb", nodule_classifier,
                          {"test": (0.9, 1.0), "frozen, least": (0.9, 1.0)}),
    "leaky-split": ("lectures/04_cnn_stacks.ipynb", lambda defined, seed: defined["leaks"](seed),
                    {"reported": (0.95, 1.0), "truth": (0.0, 0.75), "coin, reported": (0.9, 1.0)}),
    "shifted-nodules": ("lectures/04_cnn_stacks.ipynb", shifted_nodules,
                        {"lost without shifts": (0.1, 1.0), "lost with shifts": (-1.0, 0.1)}),
    "capacity": ("lectures/04_cnn_stacks.ipynb", capacity,
                 {"large, learned": (1.0, 1.0), "large, new": (0.0, 0.8), "gap of gaps": (0.0, 1.0)}),
    "residual": ("lectures/04_cnn_stacks.ipynb", residual,
                 {"plain": (9, math.inf), "He": (-3, 3), "residual": (-99, 3)}),
}


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


def bench_seeds(quick):
    """Print least, median and most of every result; returns how many promises of the lectures were not kept."""
    broken = 0
    seeds = range(5 if quick else 10)
    print(f"{'experiment':24} {'threads':>7}  {'result':10} {'least':>8} {'median':>8} {'most':>8}   promised")
    for name, (_, _, promised) in EXPERIMENTS.items():
        for threads in (1, 2):
            for result, values in spread(name, seeds, threads).items():
                low, high = promised.get(result, (float("-inf"), float("inf")))
                kept = low <= min(values) and max(values) <= high
                broken += not kept
                median = sorted(values)[len(values) // 2]
                wish = f"{low:g} to {high:g}{'' if kept else ', not kept'}" if result in promised else ""
                line = f"{name:24} {threads:>7}  {result:10} {min(values):8.4f} {median:8.4f} {max(values):8.4f}"
                print(f"{line}   {wish}".rstrip(), flush=True)
    return broken

"""The largest threshold that still finds enough of the malignant scans."""
import contextlib

import numpy as np

from ..comparison import as_array
from ..exercise import Exercise, Misconception
from ..signs import like


def threshold_for(probs, targets, sensitivity):
    """The largest threshold with this sensitivity or more, where p >= threshold is called malignant."""
    malignant = probs[targets == 1]
    for threshold in np.sort(malignant)[::-1]:  # from strict to lenient
        if np.mean(malignant >= threshold) >= sensitivity:
            return threshold
    return np.nan  # no malignant scan, nothing to find


def _read(seed, count, malignant, decimals=2):
    """Simulated probabilities, with two decimals there are ties, and targets; malignant ones lie higher."""
    numbers = np.random.default_rng(seed)
    targets = (np.arange(count) < malignant).astype(int)
    logits = numbers.normal(2.0 * targets - 1.2, 1.5)
    order = numbers.permutation(count)
    return (1 / (1 + np.exp(-logits))).round(decimals)[order], targets[order]


PROBS = np.array([0.9, 0.2, 0.7, 0.4, 0.6, 0.1, 0.3])
TARGETS = np.array([1, 0, 0, 1, 1, 0, 1])
TIED = np.array([0.5, 0.8, 0.5, 0.5, 0.3, 0.8, 0.2])
TIED_TARGETS = np.array([1, 0, 1, 0, 0, 1, 0])

READS = (
    (PROBS, TARGETS, 0.75),
    (PROBS, TARGETS, 0.6),
    (PROBS, TARGETS, 1.0),
    (TIED, TIED_TARGETS, 0.5),
    (*_read(31, 30, 20), 0.9),
    (*_read(32, 24, 8), 0.25),
    (*_read(33, 36, 16), 0.95),
    (*_read(34, 12, 7, decimals=15), 0.7),  # as a network says them: with all their decimals
    (*_read(35, 9, 5, decimals=15), 0.9),
    (np.array([0.15, 0.35]), np.array([1, 1]), 0.5),
    (np.array([0.6, 0.2, 0.9]), np.array([0, 0, 0]), 0.9),
)
WITH_MALIGNANT = range(len(READS) - 1)
GRIDS = [steps for power in (10, 100, 1000, 10000) for steps in (power // 2, power // 2 - 1, power, power - 1,
                                                                 2 * power, 2 * power - 1)]


def _found(positives, threshold):
    return np.mean(positives >= threshold)


def _largest(share):
    """The largest probability of any scan at which share(probs, targets, threshold) is enough."""
    def mutant(probs, targets, sensitivity):
        for threshold in np.sort(probs)[::-1] if targets.any() else ():
            if share(probs, targets, threshold) >= sensitivity:
                return threshold
        return np.nan

    return mutant


def _at_rank(rank, inside=True):
    """The malignant probability at a position, counted from the largest; nan without malignant scans.

    inside : whether a position beyond either end is moved to that end.
    """
    def mutant(probs, targets, sensitivity):
        ordered = np.sort(probs[targets == 1])[::-1]
        if not len(ordered):
            return np.nan
        position = rank(sensitivity * len(ordered))
        return ordered[min(max(position, 0), len(ordered) - 1) if inside else position]

    return mutant


def _quantile(chosen):
    def mutant(probs, targets, sensitivity):
        return np.quantile(chosen(probs, targets), 1 - sensitivity) if targets.any() else np.nan

    return mutant


def _grid(steps):
    """The first of steps + 1 evenly spaced thresholds, from 1 down, that finds enough."""
    def mutant(probs, targets, sensitivity):
        for threshold in np.linspace(1, 0, steps + 1) if targets.any() else ():
            if _found(probs[targets == 1], threshold) >= sensitivity:
                return threshold
        return np.nan

    return mutant


def _on_a_grid(results):
    """Sign: with a malignant scan every threshold lies on an even grid, and within one step of the right one."""
    said = [as_array(results[index].value) for index in WITH_MALIGNANT]
    if any(one is None or one.shape for one in said):
        return False
    right = np.array([threshold_for(*READS[index]) for index in WITH_MALIGNANT])
    said = np.array(said, dtype=float)
    return any(np.all(np.abs(said - right) < 1.001 / steps) and np.allclose(said * steps, np.round(said * steps),
                                                                            rtol=0, atol=1e-6) for steps in GRIDS)


def _crashes_without_malignant(probs, targets, sensitivity):
    return np.sort(probs[targets == 1])[::-1][int(np.ceil(sensitivity * targets.sum())) - 1]


def _within(mutant):
    """The cases with a malignant scan on which a mutant gives a number and does not leave its list."""
    chosen = []
    for index in WITH_MALIGNANT:
        with contextlib.suppress(IndexError):
            mutant(*READS[index])
            chosen.append(index)
    return chosen


def _mistake(name, message, mutant, *others):
    """A Misconception known by what it does where there is a malignant scan; `others` make the same mistake."""
    def shows(results):
        return any(like(one, READS, _within(one))(results) for one in (mutant, *others))

    return Misconception(name, message, mutant, sign=shows)


THRESHOLD_FOR = Exercise(
    title="Exercise 9",
    points=2,
    reference=threshold_for,
    cases=READS,
    hints=(
        "Look at `malignant = probs[targets == 1]` only. At a threshold t, sensitivity is `np.mean(malignant >= t)`.",
        "It changes only where t passes one of them: try each, from the largest down, `np.sort(malignant)[::-1]`.",
        "Return the first that finds enough. After the loop, where nothing was malignant: `return np.nan`.",
    ),
    misconceptions=(
        _mistake(
            "above instead of at least",
            "You count p > threshold, so the scan at the threshold itself is missed and you go one lower. The rule of "
            "this exercise is p >= threshold.",
            _largest(lambda probs, targets, threshold: np.mean(probs[targets == 1] > threshold))),
        _mistake(
            "specificity instead of sensitivity",
            "You count how many benign scans are called benign. Sensitivity: how many malignant scans are called "
            "malignant.",
            _largest(lambda probs, targets, threshold: np.mean(probs[targets == 0] < threshold)
                     if (targets == 0).any() else 0.0)),
        _mistake(
            "wrong side of the threshold",
            "You count malignant scans below the threshold: those are the missed ones. Found are those at or above it.",
            _largest(lambda probs, targets, threshold: np.mean(probs[targets == 1] < threshold))),
        _mistake(
            "smallest threshold instead of largest",
            "Your threshold finds every malignant scan and more benign ones than it must. Start from the largest "
            "probability and stop at the first that finds enough.",
            lambda probs, targets, sensitivity: probs.min(),
            lambda probs, targets, sensitivity: probs[targets == 1].min() if targets.any() else np.nan),
        _mistake(
            "benign scans counted as found",
            "You divide the number of all scans above the threshold by the number of malignant ones. Count the "
            "malignant ones among them.",
            _largest(lambda probs, targets, threshold: np.sum(probs >= threshold) / np.sum(targets))),
        _mistake(
            "share of all scans",
            "You take a share of all scans, so your threshold moves when benign scans are added. Sensitivity is a "
            "share of the malignant ones.",
            _largest(lambda probs, targets, threshold: np.mean(probs >= threshold))),
        _mistake(
            "precision instead of sensitivity",
            "You ask how many of the called scans are malignant. Sensitivity asks how many of the malignant scans "
            "are called.",
            _largest(lambda probs, targets, threshold: np.mean(targets[probs >= threshold]))),
        _mistake(
            "accuracy instead of sensitivity",
            "You count all scans that are called correctly. Sensitivity looks at the malignant ones alone.",
            _largest(lambda probs, targets, threshold: np.mean((probs >= threshold) == (targets == 1)))),
        _mistake(
            "labels exchanged",
            "You look at the benign scans. In `targets` 1 means malignant.",
            lambda probs, targets, sensitivity: threshold_for(probs, 1 - targets, sensitivity)),
        _mistake(
            "one scan too few",
            "Your threshold lies one malignant scan too high, so the sensitivity falls below what was asked. Round "
            "the number of scans up, and mind that positions count from 0.",
            _at_rank(lambda wanted: int(np.ceil(wanted)) - 2),
            _at_rank(lambda wanted: int(np.ceil(wanted)) - 2, inside=False)),
        _mistake(
            "rounded down",
            "You round the number of scans to be found down, or to the nearest. 60 % of 4 scans are 2.4: with 2 found "
            "it is only 50 %, so 3 are needed.",
            _at_rank(lambda wanted: int(np.floor(wanted)) - 1),
            _at_rank(lambda wanted: int(np.floor(wanted)) - 1, inside=False),
            _at_rank(lambda wanted: round(wanted) - 1)),
        _mistake(
            "one scan too many",
            "Your threshold lies one malignant scan too low: positions count from 0, so the third largest is [2].",
            _at_rank(lambda wanted: int(np.ceil(wanted))),
            _at_rank(lambda wanted: int(np.ceil(wanted)), inside=False)),
        _mistake(
            "between two scans",
            "`np.quantile` returns a value between two scans, and it may miss the scan you need. Take one of the "
            "malignant probabilities.",
            _quantile(lambda probs, targets: probs[targets == 1])),
        _mistake(
            "quantile of all scans",
            "You take the quantile of all scans, benign ones included. Sensitivity is a share of the malignant ones.",
            _quantile(lambda probs, targets: probs)),
        _mistake(
            "probability taken for sensitivity",
            "You return 1 - sensitivity, or the sensitivity itself. What the threshold must be depends on where the "
            "malignant scans lie.",
            lambda probs, targets, sensitivity: 1 - sensitivity,
            lambda probs, targets, sensitivity: sensitivity),
        _mistake(
            "always one half",
            "You return 0.5 whatever is asked. How sensitive a reader must be is a choice, and here it is handed over.",
            lambda probs, targets, sensitivity: 0.5),
        _mistake(
            "sensitivity instead of threshold",
            "You return the sensitivity that is reached. Asked is the threshold at which it is.",
            lambda probs, targets, sensitivity: _found(probs[targets == 1], threshold_for(probs, targets, sensitivity))
            if targets.any() else np.nan),
        Misconception(
            "a grid of thresholds",
            "You try evenly spaced thresholds, or round the one you found. A network's probabilities lie between: your "
            "threshold is not the largest, or misses the scan it should find. Try the malignant probabilities "
            "themselves.",
            _grid(100),
            sign=_on_a_grid),
        Misconception(
            "no malignant scan",
            "Right as long as there is a malignant scan. Without one there is no sensitivity: return `np.nan`.",
            _crashes_without_malignant,
            sign=like(threshold_for, READS, WITH_MALIGNANT)),
    ),
)

"""A kernel for bright spots: lung nodules."""
import functools

import numpy as np

from ..exercise import Exercise, Misconception
from .detectors import (
    EVEN,
    HELD_OUT,
    REACH,
    ROUNDING,
    Score,
    answers,
    cancels,
    cohort,
    designed,
    neighbourhoods,
    observer,
)

MARK = 0.5  # share of slices
TYPED = 1e-3  # of an even region, what may be answered: 1 HU of 1000, since 1/9 is often typed as 0.111
LINES = "bright lines: across, down, two slanted"
ALIKE = 1 / 3  # a line in one direction may get three times the answer of another; a disc of few pixels gets twice
WIDE = 2.5  # pixels: the middle of a kernel with a larger radius is wider than these nodules


def nodule_detector():
    """A bright middle of 3 × 3 pixels minus the 40 pixels around it; the weights add up to 0."""
    kernel = np.full((7, 7), -1 / 40)
    kernel[2:5, 2:5] = 1 / 9
    return kernel


@functools.cache
def places(where):
    """Of one slice of each patient with a nodule: neighbourhoods in the lungs, their slices, and which are nodule."""
    slices = cohort(where)
    _, firsts = np.unique(np.where(slices.nodules.any(axis=(1, 2)), slices.patients, -1), return_index=True)
    slices = slices.take(firsts[1:])  # the first of all is -1, slices without a nodule
    lungs = (slices.labels == slices.label_names.index("lungs")) | slices.nodules
    return neighbourhoods(slices.hu, lungs), np.nonzero(lungs)[0], slices.nodules[lungs]


@functools.lru_cache(maxsize=16)
def _found(weights, shape):
    """found, for a kernel that can be a key."""
    kernel, hits = np.frombuffer(weights).reshape(shape), {}
    for where in HELD_OUT:
        seen, slices, nodule = places(where)
        said, starts = answers(kernel, seen), np.flatnonzero(np.diff(slices, prepend=-1))
        hits[where] = [nodule[first + np.argmax(part)]
                       for first, part in zip(starts, np.split(said, starts[1:]), strict=True)]
    return {where: (int(np.sum(one)), len(one)) for where, one in hits.items()}


def found(kernel):
    """In how many slices of each group the largest answer lies in a nodule: {group: (so many, of how many)}."""
    kernel = np.ascontiguousarray(kernel, float)
    return _found(kernel.tobytes(), kernel.shape)


def in_all(kernel):
    """The same for all groups together: (so many, of how many)."""
    return tuple(map(sum, zip(*found(kernel).values(), strict=True)))


def lines(kernel):
    """The largest answer to a line of ones, 1 pixel wide: across, down, falling and rising."""
    offsets = range(1 - kernel.shape[0], kernel.shape[1])
    slanted = [max(np.trace(one, offset) for offset in offsets) for one in (kernel, kernel[::-1])]
    return np.array([kernel.sum(axis=1).max(), kernel.sum(axis=0).max(), *slanted])


def alike_in_all_directions(kernel):
    """Whether a line gets an answer in every direction, and nowhere more than three times that of another."""
    return lines(kernel).max() > 0 and lines(kernel).min() >= ALIKE * lines(kernel).max()


def score(kernel, where):
    """The Score of a nodule detector on one group, or on lines."""
    if where == LINES:
        told = np.where(np.abs(lines(kernel)) > ROUNDING * np.abs(kernel).sum(), lines(kernel), 0)
        said = ", ".join(f"{answer:.3g}" for answer in told)
        return Score(alike_in_all_directions(kernel), kernel, "the smallest at least a third of the largest",
                     f"answers {said}{_also(kernel)}")
    hits, slices = found(kernel)[where]
    verdict = Score(hits >= MARK * slices, kernel, f"found in at least {np.ceil(MARK * slices):.0f} of {slices} slices",
                    f"found in {hits} of {slices} slices, in all groups {in_all(kernel)[0]} of {in_all(kernel)[1]}")
    verdict.share = hits / slices
    return verdict


def _also(kernel):
    return "; found {} of {} nodules".format(*in_all(kernel))


def disc(size, radius, inside, outside):
    """A round middle with one weight, and another around it."""
    offset = np.arange(size) - size // 2
    return np.where(np.hypot(offset[:, None], offset) <= radius, inside, outside)


def balanced(size, radius):
    """A round middle against its surround, of equal weight."""
    middle = disc(size, radius, 1, 0)
    return disc(size, radius, 1 / middle.sum(), -1 / (1 - middle).sum())


def _middle(kernel):
    """Rows and columns of the positive weights, from the middle of the kernel, and how far they spread."""
    rows, columns = (np.arange(size) - size // 2 for size in kernel.shape)
    positive = np.clip(kernel, 0, None) / np.clip(kernel, 0, None).sum()
    row, column = (positive * rows[:, None]).sum(), (positive * columns).sum()
    spread = (positive * ((rows[:, None] - row)**2 + (columns - column)**2)).sum()
    return np.hypot(row, column), np.sqrt(2 * spread)  # the radius of a disc that spreads so far


def _is_dark(kernel):
    row, column = (size // 2 for size in kernel.shape)
    return kernel[row, column] < 0 and kernel[row - 1:row + 2, column - 1:column + 2].mean() <= 0


def _is_edge(kernel):
    return any(np.allclose(kernel, -np.flip(kernel, axes)) for axes in (0, 1, (0, 1)))


NODULE_DETECTOR = Exercise(
    title="Exercise 8",
    points=3,
    reference=nodule_detector,
    observe=observer(score, TYPED, _also),
    summary=lambda results: "Found {} of {} nodules.".format(*in_all(results[0].value.kernel)),
    cases=((EVEN,), (LINES,), *((where,) for where in HELD_OUT)),
    hints=(
        "A nodule is brighter than what is around it: positive weights in the middle, negative ones around them.",
        "On an even region, and beside the bright chest wall, it must stay silent: all weights together add up to 0.",
        ("The nodules are 1 to 4 pixels wide. A middle of 3 × 3 with 1/9 each, in a kernel of 7 × 7 whose other 40 "
         "cells are -1/40: `np.full((7, 7), -1 / 40)`, then `kernel[2:5, 2:5] = 1 / 9`."),
    ),
    misconceptions=(
        Misconception(
            "never answers",
            "All your weights are 0, so every answer is 0.",
            lambda: np.zeros((5, 5)),
            sign=designed(lambda kernel, scores: not kernel.any())),
        Misconception(
            "brightness, not a spot",
            "All your weights have the same sign, so the largest answer lies where the lung is brightest, beside the "
            "chest wall and the vessels. Give the surround negative weights.",
            lambda: np.full((5, 5), 1 / 25),
            sign=designed(lambda kernel, scores: kernel.min() >= 0 or kernel.max() <= 0)),
        Misconception(
            "weights do not cancel",
            "Your weights do not add up to 0, so brightness alone moves the answer, and the chest wall outshouts a "
            "nodule. Let the surround weigh as much as the middle.",
            lambda: disc(7, 1.5, 1, -0.1),
            sign=designed(lambda kernel, scores: not cancels(kernel, TYPED))),
        Misconception(
            "edge instead of spot",
            "One side of your kernel is the other with its signs turned round: that is an edge detector. A spot is "
            "brighter than everything around it.",
            lambda: np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
            sign=designed(lambda kernel, scores: _is_edge(kernel))),
        Misconception(
            "spot beside the middle",
            "The positive weights lie beside the middle of your kernel, so its answer appears beside the nodule. Move "
            "them to the middle.",
            lambda: np.roll(balanced(7, 1), (2, 2), axis=(0, 1)),
            sign=designed(lambda kernel, scores: _middle(kernel)[0] > 0.7)),
        Misconception(
            "dark spots instead of bright ones",
            "The middle of your kernel is negative, so it looks for holes. A nodule is brighter than the lung.",
            lambda: -balanced(7, 1.5),
            sign=designed(lambda kernel, scores: _is_dark(kernel))),
        Misconception(
            "a line instead of a spot",
            "Your kernel is a line detector: a bright line in one direction gets a large answer, in another little or "
            "none. A nodule is round; a line in the lung is a vessel. Put negative weights all around the middle.",
            lambda: np.array([[-1.0, 2, -1]] * 3),
            sign=designed(lambda kernel, scores: not alike_in_all_directions(kernel))),
        Misconception(
            "too wide for these nodules",
            "The positive middle of your kernel is wider than the nodules, which measure 1 to 4 pixels. Make the "
            "middle smaller.",
            lambda: balanced(2 * REACH + 1, 3),
            sign=designed(lambda kernel, scores: _middle(kernel)[1] > WIDE)),
        Misconception(
            "misses too many",
            "Your weights cancel, and in some groups less than half of the nodules are found. Make it round: one "
            "positive middle, and negative weights close around it.",
            lambda: disc(9, 1, 1 / 5, 0) - disc(9, 4.6, 0, 1) / disc(9, 4.6, 0, 1).sum(),
            sign=designed(lambda kernel, scores: True)),
    ),
)

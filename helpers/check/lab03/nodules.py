"""A kernel for bright spots: lung nodules."""
import functools

import numpy as np

from ..exercise import Exercise, Misconception
from .detectors import CASES, REACH, Score, answers, cancels, cohort, designed, neighbourhoods, observer

MARK = 0.5  # share of slices
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


def score(kernel, where):
    """The Score of a nodule detector on one group: in how many slices its largest answer lies in a nodule."""
    seen, slices, nodule = places(where)
    said = answers(kernel, seen)
    starts = np.flatnonzero(np.diff(slices, prepend=-1))
    found = [nodule[first + np.argmax(part)] for first, part in zip(starts, np.split(said, starts[1:]), strict=True)]
    verdict = Score(np.mean(found) >= MARK, kernel, f"found in {sum(found)} of {len(found)} slices")
    verdict.share = np.mean(found)
    return verdict


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
    observe=observer(score),
    cases=CASES,
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
            sign=designed(lambda kernel, scores: not cancels(kernel))),
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
            "too wide for these nodules",
            "The positive middle of your kernel is wider than the nodules, which measure 1 to 4 pixels. Make the "
            "middle smaller.",
            lambda: balanced(2 * REACH + 1, 3),
            sign=designed(lambda kernel, scores: _middle(kernel)[1] > WIDE)),
        Misconception(
            "misses too many",
            "Your weights cancel, and in some groups less than half of the nodules are found. Make it round: one "
            "positive middle, and negative weights close around it.",
            lambda: np.array([[-1.0, -1, 2], [-1, 2, -1], [2, -1, -1]]),
            sign=designed(lambda kernel, scores: True)),
    ),
)

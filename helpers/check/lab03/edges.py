"""A kernel for vertical edges: where a lung meets the chest wall at its side."""
import functools

import numpy as np

from ..exercise import Exercise, Misconception
from .detectors import CASES, Score, answers, cancels, cohort, designed, neighbourhoods, observer

MARK = 0.95  # share of pairs
NEEDED = f"beats both in at least {MARK:.0%} of pairs"
MOST = 600  # pixels of a kind for each group
WALL_HU, AIR_HU, FLAT_HU = -300, -950, 200


def edge_detector():
    """Right columns minus left columns."""
    return np.array([[-1, 0, 1],
                     [-2, 0, 2],
                     [-1, 0, 1]])


@functools.cache
def places(where):
    """Neighbourhoods of three kinds of pixels: at a side wall of a lung, at its floor or roof, and in flat regions."""
    from scipy.ndimage import maximum_filter, minimum_filter  # not above: it takes long to import

    slices = cohort(where)
    lung = slices.labels == slices.label_names.index("lungs")
    wall = (slices.labels == 0) & (slices.hu > WALL_HU)
    side, floor = _beside(lung, wall, 2), _beside(lung, wall, 1)
    side, floor = side & ~floor, floor & ~side
    side &= np.roll(side, 1, axis=1) & np.roll(side, -1, axis=1)  # it goes on above and below
    floor &= np.roll(floor, 1, axis=2) & np.roll(floor, -1, axis=2)
    darkest, brightest = (of(slices.hu, size=(1, 5, 5)) for of in (minimum_filter, maximum_filter))
    flat = (brightest - darkest < FLAT_HU) & (slices.hu > AIR_HU)
    return tuple(neighbourhoods(slices.hu, _few(kind)) for kind in (side, floor, flat))


def _beside(one, other, axis):
    """Pixels of either mask that touch a pixel of the other along an axis."""
    after, before = (np.roll(other, step, axis) for step in (-1, 1))
    return one & (after | before) | other & (np.roll(one, -1, axis) | np.roll(one, 1, axis))


def _few(chosen):
    """At most MOST of the chosen pixels, spread over all slices."""
    kept, found = np.zeros_like(chosen), np.flatnonzero(chosen)
    kept.flat[found[np.linspace(0, len(found) - 1, min(MOST, len(found))).astype(int)]] = True
    return kept


def pairs_won(ours, others):
    """Share of pairs in which ours is the larger number; a tie counts one half."""
    ordered = np.sort(others)
    below = np.searchsorted(ordered, ours, "left") + np.searchsorted(ordered, ours, "right")
    return below.mean() / 2 / len(others)


def score(kernel, where):
    """The Score of an edge detector on one group of patients."""
    side, floor, flat = (np.abs(answers(kernel, seen)).round(2) for seen in places(where))  # in HU
    shares = pairs_won(side, flat), pairs_won(side, floor)
    flat, floor = (f"{np.floor(1000 * share) / 10:.3g}%" for share in shares)  # 94.96 is not 95
    said = Score(min(shares) >= MARK, kernel, NEEDED,
                 f"beats flat regions in {flat}, horizontal edges in {floor} of pairs")
    said.flat, said.floor = shares
    return said


def _mirrored(kernel):
    """Whether the columns that hold weights are the same from the left as from the right."""
    columns = kernel[:, kernel.any(axis=0)]
    return np.allclose(columns, columns[:, ::-1])


def _mutant(kernel):
    return lambda: np.array(kernel, float)


EDGE_DETECTOR = Exercise(
    title="Exercise 7",
    points=2,
    reference=edge_detector,
    observe=observer(score),
    cases=CASES,
    hints=(
        ("A vertical edge is dark on its left and bright on its right, or the other way round: what is on the right, "
         "minus what is on the left."),
        ("Negative weights in the left column, positive ones in the right column, 0 between them, and the same in "
         "every row. They add up to 0."),
        "`np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])` is Sobel's kernel; three rows of -1, 0, 1 will do as well.",
    ),
    misconceptions=(
        Misconception(
            "never answers",
            "All your weights are 0, so every answer is 0.",
            _mutant(np.zeros((3, 3))),
            sign=designed(lambda kernel, scores: not kernel.any())),
        Misconception(
            "brightness, not an edge",
            "All your weights have the same sign, so your kernel measures brightness and answers most where nothing "
            "changes. An edge is a difference: one side minus the other.",
            _mutant(np.full((3, 3), 1 / 9)),
            sign=designed(lambda kernel, scores: kernel.min() >= 0 or kernel.max() <= 0)),
        Misconception(
            "weights do not cancel",
            "Your weights do not add up to 0, so an even region answers as well, the brighter the more. Give the two "
            "sides equal weights with opposite signs, such as -2 and 2.",
            _mutant([[-1, 0, 2]] * 3),
            sign=designed(lambda kernel, scores: not cancels(kernel))),
        Misconception(
            "horizontal edges instead of vertical ones",
            "Your kernel compares above with below. At a vertical edge left and right differ: transpose it.",
            _mutant([[1, 2, 1], [0, 0, 0], [-1, -2, -1]]),
            sign=designed(lambda kernel, scores: max(one.floor for one in scores) < 0.2)),
        Misconception(
            "left and right weigh the same",
            "Your kernel reads the same from the left as from the right, so it looks for a line or a spot: something "
            "that differs from both of its sides. At an edge one side differs from the other: give them opposite "
            "signs.",
            _mutant([[0, -1, 0], [-1, 4, -1], [0, -1, 0]]),
            sign=designed(lambda kernel, scores: _mirrored(kernel))),
        Misconception(
            "slanted",
            "Your kernel answers too strongly to horizontal edges. Let every row have the same signs, negative ones on "
            "one side and positive ones on the other, with smaller weights towards the ends if you like.",
            _mutant([[0, 1, 2], [-1, 0, 1], [-2, -1, 0]]),
            sign=designed(lambda kernel, scores: min(one.flat for one in scores) >= 0.9)),
        Misconception(
            "drowns in noise",
            "In flat regions your kernel answers nearly as much as at the wall. Put negative weights together on one "
            "side and positive ones on the other.",
            _mutant([[1, 0, -1], [-2, 0, 2], [1, 0, -1]]),
            sign=designed(lambda kernel, scores: min(one.flat for one in scores) < 0.9)),
    ),
)

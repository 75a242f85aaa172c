"""True convolution: the kernel flipped, then the same sums."""
import numpy as np

from ..exercise import Exercise, Misconception
from ..signs import behaves_like, like, shaped
from .correlation import cross_correlate as my_correlate  # the lab's name for the learner's own function
from .correlation import drawn


def convolve(image, kernel):
    """Cross-correlation with the kernel flipped along both axes."""
    return my_correlate(image, kernel[::-1, ::-1])


CASES = (
    (np.arange(9).reshape(3, 3), np.array([[0, 1], [2, 3]])),
    (drawn(11, 4, 5), np.array([[1, 2, 0], [0, -1, 3], [-2, 0, 1]])),
    (drawn(12, 4, 4) / 4, np.array([[1, -2, 0], [3, 0, 1]])),
    (drawn(13, 5, 4) / 2, np.array([[0.5, -1], [2, 0.25], [-3, 1]])),
    (drawn(14, 3, 3), drawn(15, 3, 3)),
)
SQUARE = (0, 1, 4)


def _turned(turn):
    return lambda image, kernel: my_correlate(image, turn(kernel))


def _in_place(image, kernel):
    kernel[:] = kernel[::-1, ::-1].copy()
    return my_correlate(image, kernel)


def _minus_zero(kernel):
    """kernel[-i, -j] for i and j from 0: the first row and column stay where they are."""
    return kernel[-np.arange(len(kernel))][:, -np.arange(kernel.shape[1])]


def _full(image, kernel):
    frame = [(cells - 1, cells - 1) for cells in kernel.shape]
    return convolve(np.pad(image, frame), kernel)


CONVOLVE = Exercise(
    title="Exercise 2",
    points=1,
    reference=convolve,
    cases=CASES,
    hints=(
        "Flip the kernel along both axes, then slide it as in exercise 1.",
        "`kernel[::-1]` flips the rows, `kernel[:, ::-1]` the columns; `np.flip(kernel)` does both.",
        "`return my_correlate(image, np.flip(kernel))`.",
    ),
    misconceptions=(
        Misconception(
            "kernel not flipped",
            "This is cross-correlation again. True convolution turns the kernel by 180 degrees first.",
            my_correlate),
        Misconception(
            "flipped top to bottom only",
            "`kernel[::-1]` flips the rows alone. Convolution flips the columns as well: `np.flip(kernel)`.",
            _turned(np.flipud)),
        Misconception(
            "flipped left to right only",
            "You flip the columns alone. Convolution flips the rows as well: `np.flip(kernel)`.",
            _turned(np.fliplr)),
        Misconception(
            "transposed instead of flipped",
            "`.T` exchanges rows and columns. Convolution reverses both: `np.flip(kernel)`.",
            _turned(np.transpose),
            sign=like(_turned(np.transpose), CASES, SQUARE)),
        Misconception(
            "turned by 90 degrees",
            "A quarter of a turn is too little, or the wrong way. Turn the kernel by 180 degrees: `np.flip(kernel)`.",
            _turned(np.rot90),
            sign=behaves_like(CASES, *(_turned(lambda kernel, turns=turns: np.rot90(kernel, turns))
                                       for turns in (1, 3)), chosen=SQUARE)),
        Misconception(
            "image flipped as well",
            "You turn the image and the kernel, or the result. Then only the picture is upside down: flip the kernel "
            "alone.",
            lambda image, kernel: np.flip(my_correlate(image, kernel))),
        Misconception(
            "image flipped instead of the kernel",
            "You flip the image. The sums are right, and they stand upside down: flip the kernel.",
            lambda image, kernel: my_correlate(np.flip(image), kernel)),
        Misconception(
            "minus zero is zero",
            "`kernel[-i, -j]` begins with `kernel[0, 0]`, since -0 is 0. The last cell is `kernel[-1, -1]`, so count "
            "`-1 - i`.",
            _turned(_minus_zero)),
        Misconception(
            "sign changed",
            "You multiply the kernel by -1. Flipping changes places, not signs.",
            _turned(np.negative)),
        Misconception(
            "slides over the edge",
            "Your kernel also visits positions at which it sticks out of the image. Only those inside count.",
            _full,
            sign=shaped(CASES, lambda image, kernel: np.add(image.shape, kernel.shape) - 1)),
        Misconception(
            "kernel flipped in place",
            "You flip the kernel that was handed over, and whoever calls you twice gets it the wrong way round. "
            "`np.flip(kernel)` makes a new one.",
            _in_place),
    ),
)

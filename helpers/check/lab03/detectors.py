"""Kernels designed by hand, scored on simulated patients whom the notebook never shows.

Every pixel that counts is kept with its neighbourhood of 9 × 9, so that a score is one matrix product.
"""
import functools

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ... import data
from ..comparison import as_array
from ..exercise import Complaint

REACH = 4  # pixels to each side of the middle of the largest kernel, 9 × 9
FIRST, LAST, GROUP = 1060, 1320, 52  # patients below the first are for the notebook, the others for the check
EVEN = "an even region"
HELD_OUT = {f"patients {first} to {first + GROUP - 1}": (first, first + GROUP)
            for first in range(FIRST, LAST, GROUP)}
CASES = tuple((where,) for where in (EVEN, *HELD_OUT))
PASSES, FAILS = "good enough", "not good enough"
ROUNDING = 1e-6  # what float32 may leave of weights of size 1 that are added up to 0


class Score(str):
    """What is needed, where a kernel reaches it, else FAILS; a card shows the measurement as what came out."""

    def __new__(cls, passes, kernel, needed, measured):
        said = super().__new__(cls, needed if passes else FAILS)
        said.passes, said.kernel, said.measured = bool(passes), kernel, measured
        return said

    def __repr__(self):
        return f"{self.measured}: {PASSES if self.passes else FAILS}"


def kernel_of(detector):
    """The kernel that a detector returns, as an array; None or ... where it returns nothing yet.

    Raises Complaint for anything that is no kernel of odd size from 3 × 3 to 9 × 9.
    """
    answer = detector()
    if answer is None or answer is Ellipsis:
        return answer
    kernel = as_array(answer)
    if kernel is None or kernel.ndim != 2:
        raise Complaint("Return the kernel: an array of numbers with rows and columns, for example of shape (3, 3).")
    if not all(size in (3, 5, 7, 9) for size in kernel.shape):
        raise Complaint(f"Your kernel has shape {kernel.shape}. Choose odd sizes from 3 to 9, so that it has a middle.")
    if not np.isfinite(kernel).all():
        raise Complaint("A weight of your kernel is not a finite number.")
    return kernel.astype(np.float64)


def observer(score, slack=ROUNDING, also=lambda kernel: ""):
    """How the check looks at a detector: the sum of its weights, and score(kernel, where) everywhere else.

    slack : as of `cancels`.  also : what is said of a kernel beside the sum of its weights.
    """
    def look(detector, where):
        kernel = kernel_of(detector)
        if kernel is None or kernel is Ellipsis:
            return kernel
        if where == EVEN:
            total = kernel.sum() if abs(kernel.sum()) > ROUNDING * np.abs(kernel).sum() else 0.0
            measured = f"the weights add up to {total:.3g}{also(kernel)}"
            return Score(cancels(kernel, slack), kernel, "the weights add up to 0", measured)
        return score(kernel, where)

    return look


def cancels(kernel, slack=ROUNDING):
    """Whether the weights add up to 0, but for rounding; slack : what may be left, as a part of all their sizes."""
    return abs(kernel.sum()) <= slack * np.abs(kernel).sum()


@functools.cache
def cohort(where):
    """The slices of one group of held-out patients, simulated, 64 × 64 pixels."""
    first, end = HELD_OUT[where]
    everyone = _everyone()
    return everyone.take((everyone.patients >= first) & (everyone.patients < end))


@functools.cache
def _everyone():
    return data.load_cohort(64, "nodules")


def neighbourhoods(hu, chosen):
    """What a 9 × 9 kernel sees at the chosen pixels: float32 (pixels, 81); mirrored at the border.

    hu : (N, H, W).  chosen : bool of the same shape.
    """
    framed = np.pad(hu, ((0, 0), (REACH, REACH), (REACH, REACH)), mode="reflect")
    size = 2 * REACH + 1
    return sliding_window_view(framed, (size, size), axis=(1, 2))[chosen].reshape(-1, size**2)


def answers(kernel, seen):
    """What the kernel, scaled so that the sizes of its weights add up to 1, says at each pixel of `neighbourhoods`."""
    largest = np.zeros((2 * REACH + 1,) * 2, np.float32)
    top, left = (REACH - size // 2 for size in kernel.shape)
    largest[top:top + kernel.shape[0], left:left + kernel.shape[1]] = kernel / (np.abs(kernel).sum() or 1)
    return seen @ largest.ravel()


def designed(holds):
    """Sign: the answer is a kernel, and holds(kernel, results of the check) is true."""
    def shows(results):
        scored = all(isinstance(result.value, Score) for result in results)
        return scored and bool(holds(results[0].value.kernel, [result.value for result in results[1:]]))

    return shows

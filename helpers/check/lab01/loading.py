"""A loading function with three bugs; every set of bugs that may be left is a mistake with a name."""
import itertools

import numpy as np

from ..exercise import Exercise, Misconception
from ..signs import only_dtype_differs


def load_volume(stored, slope, intercept):
    """Stored numbers (rows, columns, slices) to a volume (slices, rows, columns) in real units."""
    volume = np.moveaxis(stored, -1, 0)
    volume = volume.astype(np.float32)
    return volume * slope + intercept


BUGS = {
    "axis order": "`reshape` does not move the slices to the front, it tears them; move the axis.",
    "dtype overflow": "An 8-bit type holds 0…255, and every larger number wraps round; use float32.",
    "missing rescale": "The stored numbers were never turned into real units by slope and intercept.",
}


def loader_with(bugs):
    """The loading function of the notebook with some of its bugs left in."""

    def load(stored, slope, intercept):
        rows, cols, slices = stored.shape
        volume = stored.reshape(slices, rows, cols) if "axis order" in bugs else stored.transpose(2, 0, 1)
        volume = volume.astype(np.uint8) if "dtype overflow" in bugs else volume
        volume = volume.astype(np.float32)
        return volume if "missing rescale" in bugs else volume * slope + intercept

    return load


def _left_over(bugs):
    """The Misconception of a loader in which these bugs remain."""
    count = {1: "One bug is", 2: "Two bugs are", 3: "All three bugs are"}[len(bugs)]
    return Misconception(
        "still there: " + ", ".join(bugs), f"{count} left. " + " ".join(BUGS[bug] for bug in bugs), loader_with(bugs),
        at_first=f"{count} left. Compare Expected with Got before you go on: your next attempt is told which.")


def _stored(rows, cols, slices, step):
    """Numbers that differ everywhere and go beyond 255."""
    return (np.arange(rows * cols * slices, dtype=np.uint16) * np.uint16(step)).reshape(rows, cols, slices)


STORED = (
    (_stored(2, 3, 4, 97), 0.5, -200.0),
    (_stored(3, 3, 2, 211), 1.0, -1024.0),
    (_stored(4, 2, 4, 1500), 2.0, 10.0),  # up to 46,500: too much for int16
)

LOAD_VOLUME = Exercise(
    title="Exercise 11",
    points=3,
    reference=load_volume,
    strict="dtype",
    cases=STORED,
    hints=(
        "Take the lines one by one and print shape, dtype, smallest and largest value after each.",
        "The slices are the last axis and must become the first, with every slice unharmed: `np.moveaxis`.",
        "float32 holds every stored number. Convert first, then rescale with slope and intercept.",
    ),
    misconceptions=(
        *(_left_over(bugs) for size in (1, 2, 3) for bugs in itertools.combinations(BUGS, size)),
        Misconception(
            "rows and columns swapped",
            "The slices are in front and each lies on its side: `.T` reverses all axes. Keep rows before columns.",
            lambda stored, slope, intercept: stored.T.astype(np.float32) * slope + intercept),
        Misconception(
            "slices still last",
            "Values are right, and the slices are still the last axis. They belong in front.",
            lambda stored, slope, intercept: stored.astype(np.float32) * slope + intercept),
        Misconception(
            "intercept subtracted",
            "Axes and type are mended. The intercept carries its own sign: add it.",
            lambda stored, slope, intercept: stored.transpose(2, 0, 1).astype(np.float32) * slope - intercept),
        Misconception(
            "rescaled, then cut to 8 bits",
            "You convert to 8 bits after rescaling, and what is negative or above 255 wraps round. Stay in float32.",
            lambda stored, slope, intercept: (stored.transpose(2, 0, 1) * slope + intercept).astype(np.int64)
            .astype(np.uint8).astype(np.float32)),
        Misconception(
            "intercept forgotten",
            "Axes and type are mended, and you multiply by the slope. The intercept must be added as well.",
            lambda stored, slope, intercept: stored.transpose(2, 0, 1).astype(np.float32) * slope),
        Misconception(
            "cut to 16 bits with a sign",
            "int16 ends at 32,767, and a larger stored number wraps round to a negative one. Go to float32 directly.",
            lambda stored, slope, intercept: stored.transpose(2, 0, 1).astype(np.int16).astype(np.float32) * slope
            + intercept),
        Misconception(
            "twice the memory",
            "Every value is right, and your volume is float64, where float32 is asked: use `.astype(np.float32)`.",
            lambda stored, slope, intercept: stored.transpose(2, 0, 1).astype(np.float64) * slope + intercept,
            sign=only_dtype_differs(load_volume, STORED)),
    ),
)

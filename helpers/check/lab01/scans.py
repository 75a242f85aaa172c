"""Stored numbers to HU, and HU to brightness."""
import numpy as np

from ..comparison import as_array, difference
from ..exercise import Exercise, Misconception
from ..signs import raises, returns_dtype


def to_hu(stored, slope, intercept):
    """Stored numbers to Hounsfield units."""
    return stored * slope + intercept


def _scale_in_place(stored, slope, intercept):
    stored *= slope
    stored += intercept
    return stored


TO_HU_CASES = (
    (np.array([[0, 1024], [1000, 2024], [40, 3071]], np.int16), 1.0, -1024.0),
    (np.array([[11, 21, 30], [101, 220, 4001]], np.int16), 0.5, -1000.0),
    (np.array([[-1000, 0, 60]], np.int16), 1.0, 0.0),
    (np.array([[24, 1200], [64, 3000]], np.uint16), 2.0, -3024.0),
)


def _rounded(results):
    """Sign: whole numbers throughout, and none of them a full unit away."""
    for result, case in zip(results, TO_HU_CASES, strict=True):
        array, hu = as_array(result.value), to_hu(*case)
        if array is None or array.shape != hu.shape:
            return False
        if np.any(array != np.rint(array)) or not np.all(np.abs(array - hu) < 1):
            return False
    return True


TO_HU = Exercise(
    title="Exercise 1",
    points=1,
    reference=to_hu,
    cases=TO_HU_CASES,
    hints=(
        "A straight line: `slope` says how steep it is, `intercept` where a stored 0 ends up.",
        "Multiply first, then add: HU = slope × stored + intercept.",
        "The intercept brings its own sign. Add it as it is, minus sign included.",
    ),
    misconceptions=(
        Misconception(
            "intercept subtracted",
            "The intercept carries its own sign: it is -1024 in most files, and you add it as it is. Subtracting it "
            "makes air as bright as dense bone.",
            lambda stored, slope, intercept: stored * slope - intercept),
        Misconception(
            "intercept added before scaling",
            "You add the intercept first and multiply the sum. The slope belongs to the stored number only.",
            lambda stored, slope, intercept: (stored + intercept) * slope),
        Misconception(
            "intercept forgotten",
            "Your line has a slope and no intercept, so a stored 0 stays 0 HU, as if air were water.",
            lambda stored, slope, intercept: stored * slope),
        Misconception(
            "slope forgotten",
            "You only shift by the intercept. With a slope of 1 nobody notices; another scanner stores another slope.",
            lambda stored, slope, intercept: stored + intercept),
        Misconception(
            "divided by the slope",
            "You divide by the slope, which turns HU back into stored numbers. Here you go the other way: multiply.",
            lambda stored, slope, intercept: stored / slope + intercept),
        Misconception(
            "slope and intercept swapped",
            "You multiply by the intercept and add the slope. Look at the order of the parameters.",
            lambda stored, slope, intercept: stored * intercept + slope),
        Misconception(
            "HU kept in an unsigned type",
            "HU need a sign, air is -1000. An unsigned type wraps negative values round to large positive ones: use "
            "float.",
            lambda stored, slope, intercept: (stored * slope + intercept).astype(np.int64).astype(np.uint16),
            sign=returns_dtype("u")),
        Misconception(
            "rounded to whole HU",
            "Your HU are whole numbers. With a slope of 0.5 every odd stored number lies between two of them: use "
            "float, and do not round.",
            lambda stored, slope, intercept: np.round(stored * slope + intercept),
            sign=_rounded),
        Misconception(
            "scaled in place",
            "You multiply inside the array of whole numbers (`*=`), and NumPy refuses to put fractions there. Write "
            "`stored * slope`, which makes a new array.",
            _scale_in_place),
    ),
)


def window(hu, level, width):
    """HU to brightness: 0 at the lower edge of the window, 1 at the upper edge."""
    lower = level - width / 2
    return np.clip((hu - lower) / width, 0, 1)


def _with_if(hu, level, width):
    if hu < level - width / 2:
        return 0
    return 1 if hu > level + width / 2 else (hu - (level - width / 2)) / width


WINDOW_CASES = (
    (np.array([[-1000.0, -160.0, -60.0], [40.0, 140.0, 900.0]]), 40, 400),
    (np.array([[-1350.0, -975.0, -600.0, 0.0, 500.0]]), -600, 1500),
    (np.array([[30.0, 50.0], [-5.0, 81.0]], np.float32), 40, 80),
    (np.array([[-60.0, 40.0], [90.0, 140.0]]), 40, 400),  # reaches neither edge
)


def _once_clipped(mutant):
    """Sign: what the mutant returns, clipped to [0, 1] or not."""
    def shows(results):
        arrays = [as_array(result.value) for result in results]
        return all(array is not None and array.shape == case[0].shape
                   and not difference(np.clip(array, 0, 1), mutant(*case))
                   for array, case in zip(arrays, WINDOW_CASES, strict=True))

    return shows


def _from_the_level(hu, level, width):
    return np.clip((hu - level) / width, 0, 1)


def _from_the_upper_edge(hu, level, width):
    return np.clip((hu - level - width / 2) / width, 0, 1)


def _stretched(hu, level, width):
    inside = np.clip(hu, level - width / 2, level + width / 2)
    return (inside - inside.min()) / (inside.max() - inside.min())


WINDOW = Exercise(
    title="Exercise 2",
    points=1,
    reference=window,
    cases=WINDOW_CASES,
    hints=(
        "Which HU should come out as 0, and which as 1? Write both edges with `level` and `width`.",
        "The lower edge is level - width / 2. Subtract it, then divide by the length of the window.",
        "Values outside the window must not leave [0, 1]: `np.clip(brightness, 0, 1)`.",
    ),
    misconceptions=(
        Misconception(
            "not clipped",
            "Inside the window your values are right; outside they leave [0, 1]. Everything below is black, "
            "everything above is white: clip.",
            lambda hu, level, width: (hu - (level - width / 2)) / width),
        Misconception(
            "level taken as the lower edge",
            "The level is the middle of the window, so it must come out as 0.5. With you it comes out as 0.",
            _from_the_level,
            sign=_once_clipped(_from_the_level)),
        Misconception(
            "upper edge taken as black",
            "You subtract the upper edge, level + width / 2, so white tissue comes out black. Black is at the lower "
            "edge: subtract level - width / 2.",
            _from_the_upper_edge,
            sign=_once_clipped(_from_the_upper_edge)),
        Misconception(
            "level taken as the upper edge",
            "The level is the middle of the window, so it must come out as 0.5. With you it comes out as 1.",
            lambda hu, level, width: np.clip((hu - (level - width)) / width, 0, 1)),
        Misconception(
            "width taken as half the window",
            "The width is the whole window, from black to white. Yours reaches one width to either side, twice as far.",
            lambda hu, level, width: np.clip((hu - (level - width)) / (2 * width), 0, 1)),
        Misconception(
            "level and width swapped",
            "You use the width where the level belongs, and the other way round.",
            lambda hu, level, width: np.clip((hu - (width - level / 2)) / level, 0, 1)),
        Misconception(
            "black and white swapped",
            "Your picture is a negative: high HU must be bright. Subtract the lower edge from hu, not hu from the "
            "upper edge.",
            lambda hu, level, width: np.clip((level + width / 2 - hu) / width, 0, 1)),
        Misconception(
            "stretched to 255",
            "You stretch to 0…255, the brightness of an 8-bit screen. This exercise asks for 0…1.",
            lambda hu, level, width: np.clip((hu - (level - width / 2)) / width, 0, 1) * 255),
        Misconception(
            "window taken from the image",
            "You stretch from the darkest to the brightest pixel of this image. Then the same tissue looks different "
            "in every image; a window is fixed by level and width.",
            lambda hu, level, width: (hu - hu.min()) / (hu.max() - hu.min())),
        Misconception(
            "stretched to the picture",
            "You stretch to the darkest and brightest pixel present. The window decides what is black and white, not "
            "the picture.",
            _stretched),
        Misconception(
            "one value asked of an array",
            "`if`, `min` and `max` take one value, and `hu` is an array: `np.clip` treats all values at once.",
            _with_if,
            sign=raises(ValueError, "truth value")),
        Misconception(
            "clipped, not stretched",
            "You cut off what is outside the window and stay in HU. Then shift and stretch what is left to [0, 1].",
            lambda hu, level, width: np.clip(hu, level - width / 2, level + width / 2)),
    ),
)

"""The median filter: not a kernel, and good against single wrong pixels."""
import numpy as np

from ... import conv
from ..exercise import Exercise, Misconception
from ..signs import any_of, changes, has_axes, like, raises, shaped
from .correlation import drawn
from .padding import pad as my_pad  # the lab's name for the learner's own function


def median_filter(image, size):
    """Every pixel becomes the median of the size × size pixels around it; mirror at the border."""
    framed = my_pad(image, size // 2, "reflect")
    output = np.zeros(image.shape)
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            output[row, column] = np.median(framed[row:row + size, column:column + size])
    return output


def _scan(seed, *shape):
    return np.random.default_rng(seed).integers(0, 60, shape)


CASES = (
    (np.array([[1, 2, 3], [4, 90, 6], [7, 8, 10]]), 3),
    (_scan(61, 5, 6), 3),
    (_scan(62, 6, 5), 5),
    (drawn(63, 4, 4) / 4, 3),
    (_scan(64, 3, 5).astype(np.uint8), 1),
)
NINE = (0, 1, 3)  # neighbourhoods of 3 × 3
WIDE = (0, 1, 2, 3)


def _views(image, size, mode="reflect"):
    """All neighbourhoods, (H, W, size, size)."""
    return conv.windows(np.pad(image, size // 2, mode=mode), (size, size))


def _of(combine, mode="reflect"):
    """combine(neighbourhoods) with a border made this way."""
    return lambda image, size: combine(_views(image, size, mode))


def _flat(combine):
    """combine(the pixels of each neighbourhood, along the last axis)."""
    return _of(lambda views: combine(views.reshape(*views.shape[:2], -1)))


def _median(views):
    return np.median(views, axis=(2, 3))


def _one_axis(rows):
    def mutant(image, size):
        half = size // 2
        frame = ((half, half), (0, 0)) if rows else ((0, 0), (half, half))
        return np.median(conv.windows(np.pad(image, frame, "reflect"), (size, 1) if rows else (1, size)), axis=(2, 3))

    return mutant


def _inside(image, size):
    return _median(conv.windows(image, (size, size)))


def _border(kept):
    """Filtered where the neighbourhood fits; the border keeps its pixels, or is 0."""
    def mutant(image, size):
        output, half = (image * 1.0 if kept else np.zeros(image.shape)), size // 2
        inner = _inside(image, size)
        output[half:half + inner.shape[0], half:half + inner.shape[1]] = inner
        return output

    return mutant


def _half_done(image, size):
    """Pixels that are filtered already are seen by the next neighbourhood."""
    framed, half = np.pad(image, size // 2, mode="reflect") * 1.0, size // 2
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            framed[row + half, column + half] = np.median(framed[row:row + size, column:column + size])
    return framed[half:half + image.shape[0], half:half + image.shape[1]]


def _into_the_image(image, size):
    image[...] = _half_done(image, size)
    return image


def _square_sorted(image, size):
    framed = my_pad(image, size // 2, "reflect")
    return np.array([[np.sort(framed[row:row + size, column:column + size])[size * size // 2]
                      for column in range(image.shape[1])] for row in range(image.shape[0])])


def _returned_early(kept):
    """What is there when `return` stands inside a loop: the medians that `kept` keeps, and 0."""
    def mutant(image, size):
        output = np.zeros(image.shape)
        output[kept] = median_filter(image, size)[kept]
        return output

    return mutant


def _without_centre(pixels):
    others = np.delete(pixels, pixels.shape[-1] // 2, axis=-1)
    return np.median(others, axis=-1) if others.shape[-1] else pixels[..., 0]


def _beside(step):
    """Another place of the sorted pixels than the middle."""
    def combine(pixels):
        ordered = np.sort(pixels, axis=-1)
        return ordered[..., np.clip(pixels.shape[-1] // 2 + step, 0, pixels.shape[-1] - 1)]

    return combine


MEDIAN_FILTER = Exercise(
    title="Exercise 9",
    points=2,
    reference=median_filter,
    cases=CASES,
    hints=(
        ("With a frame of `size // 2` pixels every pixel has a whole neighbourhood: "
         "`framed = my_pad(image, size // 2, \"reflect\")`."),
        "The neighbourhood of image[row, column] is `framed[row:row + size, column:column + size]`.",
        ("`np.median` of it takes the middle of all its pixels; without it, `np.sort(window.ravel())` sorts them, and "
         "the middle one has the index `size * size // 2`. Collect the results in a new array."),
    ),
    misconceptions=(
        Misconception(
            "mean instead of median",
            "You take the mean, so one wrong pixel moves all its neighbours. The median is the middle of the sorted "
            "pixels.",
            _of(lambda views: views.mean(axis=(2, 3)))),
        Misconception(
            "median of medians",
            "You take the median of each row of the neighbourhood, then the median of those, or the same with columns. "
            "That can be another number: take one median of all pixels.",
            _of(lambda views: np.median(np.median(views, axis=3), axis=2)),
            sign=any_of(like(_of(lambda views: np.median(np.median(views, axis=3), axis=2)), CASES),
                        like(_of(lambda views: np.median(np.median(views, axis=2), axis=2)), CASES),
                        like(lambda image, size: _one_axis(True)(_one_axis(False)(image, size), size), CASES),
                        like(lambda image, size: _one_axis(False)(_one_axis(True)(image, size), size), CASES))),
        Misconception(
            "along one axis only",
            "You have the median of one row or one column of the neighbourhood, which is a square, size × size. "
            "`np.sort(window)` sorts each row by itself: `window.ravel()` first, so that all pixels stand in one row.",
            _one_axis(True),
            sign=any_of(like(_one_axis(True), CASES), like(_one_axis(False), CASES))),
        Misconception(
            "sorted, and still a square",
            "`np.sort(window)` sorts each row by itself and stays a square: one index asks for a whole row of it, and "
            "row `size * size // 2` does not exist. Make one row of all pixels first: `np.sort(window.ravel())`.",
            _square_sorted,
            sign=any_of(raises(IndexError, "index 4 is out of bounds for axis 0 with size 3"),
                        raises(ValueError, "setting an array element"), raises(TypeError, "only 0-dimensional"),
                        lambda results: all(has_axes(result, 3) for result in results))),
        Misconception(
            "return inside a loop",
            "You hand back after the first pixel, or after the first row: `return` stands inside a loop. Move it to "
            "the left, in line with the first `for`.",
            _returned_early((0, 0)),
            sign=any_of(*(like(_returned_early(kept), CASES) for kept in ((0, 0), 0)))),
        Misconception(
            "middle without sorting",
            "You take the pixel in the middle of the square, which is the one you came from. Sort the pixels first.",
            lambda image, size: image * 1.0),
        Misconception(
            "one place beside the middle",
            "You sort and take the wrong one: of 9 sorted pixels the middle one has the index 4, that is "
            "`len(pixels) // 2`.",
            _flat(_beside(1)),
            sign=any_of(*(like(_flat(_beside(step)), CASES, NINE) for step in (-1, 1)))),
        Misconception(
            "largest or smallest pixel",
            "You take an end of the sorted pixels. The median is their middle.",
            _of(lambda views: views.max(axis=(2, 3))),
            sign=any_of(like(_of(lambda views: views.max(axis=(2, 3))), CASES),
                        like(_of(lambda views: views.min(axis=(2, 3))), CASES))),
        Misconception(
            "pixel itself left out",
            "You take the median of the neighbours without the pixel itself. It belongs to its neighbourhood.",
            _flat(_without_centre),
            sign=like(_flat(_without_centre), CASES, WIDE)),
        Misconception(
            "zeros around the image",
            "Your frame holds zeros, so at the corners the median is often 0. Mirror the image: \"reflect\".",
            _of(_median, "constant")),
        Misconception(
            "edge pixel repeated",
            "Your border repeats the edge pixel. Use the mirror of exercise 3, in which the edge pixel is the mirror; "
            "SciPy calls it \"mirror\", and its own \"reflect\" is another.",
            _of(_median, "symmetric"),
            sign=any_of(*(like(_of(_median, mode), CASES) for mode in ("symmetric", "edge")))),
        Misconception(
            "output too small",
            "Your output has no border pixels. Mirror the image first, so that it keeps its size.",
            _inside,
            sign=shaped(CASES, lambda image, size: np.subtract(image.shape, size - 1))),
        Misconception(
            "border not filtered",
            "Inside you are right, and the pixels at the border keep their value or are 0. Mirror the image first.",
            _border(True),
            sign=any_of(like(_border(True), CASES), like(_border(False), CASES))),
        Misconception(
            "filtered pixels used again",
            "You write into the array that you read from, so later medians see earlier ones. Collect the results in a "
            "new array.",
            _half_done),
        Misconception(
            "written into the image",
            "You write the medians into the image that was handed over, and later neighbourhoods see them. Collect "
            "them in a new array.",
            _into_the_image,
            sign=changes("image")),
        Misconception(
            "one median for all",
            "You take one median of the whole image. Each pixel has its own neighbourhood.",
            lambda image, size: np.full(image.shape, np.median(image)),
            sign=any_of(like(lambda image, size: np.full(image.shape, np.median(image)), CASES),
                        like(lambda image, size: np.median(image), CASES))),
        Misconception(
            "3 × 3 written into the code",
            "Right for size 3 only. Use `size` in the frame and in the neighbourhood.",
            lambda image, size: median_filter(image, 3),
            sign=like(median_filter, CASES, NINE)),
        Misconception(
            "neighbourhood twice as wide",
            "You reach `size` pixels to each side. The neighbourhood has `size` pixels in all, `size // 2` to each "
            "side.",
            lambda image, size: _median(conv.windows(np.pad(image, size, mode="symmetric"), (2 * size + 1,) * 2)),
            sign=any_of(*(like(lambda image, size, mode=mode: _median(conv.windows(
                np.pad(image, size, mode=mode), (2 * size + 1,) * 2)), CASES, (1, 3)) for mode in (
                    "symmetric", "reflect")))),
    ),
)

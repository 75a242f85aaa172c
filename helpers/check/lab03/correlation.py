"""Slide, multiply, add: cross-correlation from scratch."""
import numpy as np

from ..exercise import Exercise, Misconception
from ..signs import any_of, changes, has_axes, like, raises, shaped


def cross_correlate(image, kernel):
    """One number per position of the kernel that lies inside the image: products, added up."""
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    output = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            window = image[row:row + kernel.shape[0], column:column + kernel.shape[1]]
            output[row, column] = np.sum(window * kernel)
    return output


def drawn(seed, *shape):
    """Whole numbers from -4 to 9 that look alike in no direction."""
    return np.random.default_rng(seed).integers(-4, 10, shape)


CASES = (
    (np.arange(9).reshape(3, 3), np.array([[0, 1], [2, 3]])),
    (drawn(1, 4, 6), np.array([[1, 2, 0], [0, -1, 3], [-2, 0, 1]])),
    (drawn(2, 5, 5) / 4, np.array([[1, -2, 0], [3, 0, 1]])),
    (np.array([[200, 40, 90, 255, 7], [15, 250, 130, 60, 180], [99, 5, 220, 35, 240]], np.uint8),
     np.array([[2, -1], [1, 3]])),
    (drawn(4, 4, 4), np.array([[0.25, 0.5, 0], [1, -0.75, 0.5], [0, 0.25, 1.5]])),
    (drawn(5, 2, 3), np.array([[1, 2, 3], [4, 5, 6]])),
    (drawn(6, 6, 3) / 2, np.array([[1, 0], [2, -1], [0, 3]])),
)
SQUARE_KERNEL, THREE, SQUARE_IMAGE = (0, 1, 3, 4), (1, 4), (0, 2, 4)
SEVERAL = (0, 1, 2, 3, 4, 6)  # cases with more than one position along an axis that is cut


def _slide(image, kernel, combine):
    """combine(window, kernel) at every position."""
    rows, columns = (size - cells + 1 for size, cells in zip(image.shape, kernel.shape, strict=True))
    return np.array([[combine(image[row:row + kernel.shape[0], column:column + kernel.shape[1]], kernel)
                      for column in range(columns)] for row in range(rows)])


def _sliding(combine):
    return lambda image, kernel: _slide(image, kernel, combine)


def _turned(turn):
    return lambda image, kernel: cross_correlate(image, turn(kernel))


def short_of(rows, columns, blank=False):
    """Cross-correlation that stops early; blank : the last rows and columns are there and hold 0."""
    def mutant(image, kernel):
        output = cross_correlate(image, kernel)
        end_row, end_column = output.shape[0] - rows, output.shape[1] - columns
        if not blank:
            return output[:end_row, :end_column]
        output[end_row:] = output[:, end_column:] = 0
        return output

    return mutant


SHORT = [like(short_of(rows, columns, blank), CASES, SEVERAL)
         for rows, columns in ((1, 1), (1, 0), (0, 1)) for blank in (False, True)]


def _returned_early(kept):
    """What is there when `return` stands inside a loop: the sums that `kept` keeps, and 0."""
    def mutant(image, kernel):
        output = np.zeros_like(cross_correlate(image, kernel))
        output[kept] = cross_correlate(image, kernel)[kept]
        return output

    return mutant


EARLY = [like(_returned_early(kept), CASES) for kept in ((0, 0), 0, (slice(None), 0))] + [
    like(lambda image, kernel, kept=kept: cross_correlate(image, kernel)[kept], CASES)
    for kept in ((0, 0), 0, slice(0, 1), (slice(0, 1), slice(0, 1)))]


def _as_large(image, kernel):
    output = np.zeros(image.shape)
    inside = cross_correlate(image, kernel)
    output[:inside.shape[0], :inside.shape[1]] = inside
    return output


def _over_the_edge(image, kernel):
    frame = [(cells - 1, cells - 1) for cells in kernel.shape]
    return cross_correlate(np.pad(image, frame), kernel)


def _too_far(image, kernel):
    return np.array([[np.sum(image[row:row + len(kernel), column:column + kernel.shape[1]] * kernel)
                      for column in range(image.shape[1])] for row in range(image.shape[0])])


def _side_by_side(image, kernel):
    return cross_correlate(image, kernel)[::kernel.shape[0], ::kernel.shape[1]]


def _past_the_border(results):
    """Sign: with 3 × 3 cells it ends outside; of 2 × 2 a window at the border, (1, 2), would fit by broadcasting."""
    out = any_of(raises(IndexError, "out of bounds"), raises(ValueError, "broadcast"))
    return all(out([result]) for index, result in enumerate(results) if index in THREE)


def _in_place(image, kernel):
    def multiply(window, kernel):
        window[...] = window * kernel
        return window.sum()

    return _slide(image, kernel, multiply)


CROSS_CORRELATE = Exercise(
    title="Exercise 1",
    points=2,
    reference=cross_correlate,
    cases=CASES,
    hints=(
        ("Along an axis of 6 pixels a kernel of 3 cells has 6 - 3 + 1 = 4 positions. Begin with an output of zeros of "
         "that shape."),
        ("Two loops, over the rows and columns of the output. `image[row:row + K, column:column + L]` is what the "
         "kernel of shape (K, L) covers."),
        "`output[row, column] = np.sum(window * kernel)`; after the loops, `return output`.",
    ),
    misconceptions=(
        Misconception(
            "kernel flipped",
            "Your kernel is turned by 180 degrees, which is true convolution. Here its first cell meets the first "
            "pixel of the window.",
            _turned(lambda kernel: kernel[::-1, ::-1])),
        Misconception(
            "kernel flipped top to bottom",
            "You read the rows of the kernel from the last to the first. Nothing is flipped here.",
            _turned(np.flipud)),
        Misconception(
            "kernel flipped left to right",
            "You read the columns of the kernel from the last to the first. Nothing is flipped here.",
            _turned(np.fliplr)),
        Misconception(
            "rows and columns of the kernel swapped",
            "Your kernel is transposed: cell [i, j] must meet pixel [row + i, column + j].",
            _turned(lambda kernel: kernel.T),
            sign=like(_turned(lambda kernel: kernel.T), CASES, SQUARE_KERNEL)),
        Misconception(
            "output transposed",
            "Your numbers are right with rows and columns exchanged. The first axis of the output counts rows.",
            lambda image, kernel: cross_correlate(image, kernel).T),
        Misconception(
            "return inside a loop",
            "You hand back after the first position, or after the first row: `return` stands inside a loop. Move it to "
            "the left, in line with the first `for`.",
            _returned_early((0, 0)),
            sign=any_of(*EARLY)),
        Misconception(
            "off by one at the border",
            "The last row or column of positions is missing: an axis of H pixels has H - K + 1 of them, and "
            "`range(H - K)` ends one too early.",
            short_of(1, 1),
            sign=any_of(*SHORT)),
        Misconception(
            "windows side by side",
            "You move the kernel by its own size, so windows never overlap. Move it by one pixel.",
            _side_by_side,
            sign=shaped(CASES, lambda image, kernel: -(-np.subtract(image.shape, np.subtract(kernel.shape, 1))
                                                       // np.array(kernel.shape)))),
        Misconception(
            "output as large as the image",
            "Your output has the shape of the image. Only positions at which the whole kernel lies inside count: "
            "H - K + 1 rows, W - L + 1 columns.",
            _as_large,
            sign=shaped(CASES, lambda image, kernel: image.shape)),
        Misconception(
            "slides over the edge",
            "Your kernel also visits positions at which it sticks out of the image. Only those inside count: "
            "H - K + 1 rows, W - L + 1 columns.",
            _over_the_edge,
            sign=shaped(CASES, lambda image, kernel: np.add(image.shape, kernel.shape) - 1)),
        Misconception(
            "runs past the border",
            "Your loops run over every pixel of the image, and there the kernel sticks out. Let them run over "
            "H - K + 1 rows and W - L + 1 columns.",
            _too_far,
            sign=_past_the_border),
        Misconception(
            "not added up",
            "You multiply and do not add. Each window gives one number: `np.sum(window * kernel)`.",
            _sliding(lambda window, kernel: window * kernel),
            sign=lambda results: all(has_axes(result, 4) for result in results)),
        Misconception(
            "added along one axis only",
            "Python's `sum` adds the rows of an array and leaves a row. `np.sum` adds everything.",
            _sliding(lambda window, kernel: sum(window * kernel)),
            sign=any_of(raises(ValueError, "setting an array element"), raises(TypeError, "only 0-dimensional"),
                        lambda results: all(has_axes(result, 3) for result in results))),
        Misconception(
            "mean instead of sum",
            "You divide by the number of cells. The kernel says how much each pixel counts: add, and do not divide.",
            _sliding(lambda window, kernel: np.mean(window * kernel))),
        Misconception(
            "matrix product",
            "`@` multiplies rows by columns. Here each cell meets one pixel: `window * kernel`, then the sum.",
            _sliding(lambda window, kernel: np.sum(window @ kernel[:, :window.shape[0]])),
            sign=like(_sliding(lambda window, kernel: np.sum(window @ kernel[:, :window.shape[0]])), CASES,
                      SQUARE_KERNEL)),
        Misconception(
            "negative sums lost",
            "You drop the sign, or everything below 0. An edge from bright to dark gives a negative sum, and the sign "
            "says which way it goes.",
            lambda image, kernel: np.abs(cross_correlate(image, kernel)),
            sign=any_of(like(lambda image, kernel: np.abs(cross_correlate(image, kernel)), CASES),
                        like(lambda image, kernel: np.maximum(cross_correlate(image, kernel), 0), CASES))),
        Misconception(
            "image changed on the way",
            "A window is a view: what you write into it is written into the image, and the next window sees it. "
            "Compute `window * kernel` instead.",
            _in_place,
            sign=changes("image")),
        Misconception(
            "output in the image's own dtype",
            "Your output has the dtype of the image: 8-bit numbers end at 255 and begin again at 0, whole numbers lose "
            "their fractions. `np.zeros(shape)` makes floats.",
            lambda image, kernel: cross_correlate(image, kernel).astype(np.int64).astype(image.dtype)
            if image.dtype.kind in "iu" else cross_correlate(image, kernel),
            sign=any_of(raises(OverflowError, "out of bounds"), like(
                lambda image, kernel: cross_correlate(image, kernel).astype(np.int64).astype(image.dtype)
                if image.dtype.kind in "iu" else cross_correlate(image, kernel), CASES))),
        Misconception(
            "whole numbers only",
            "The fractions of your results are cut off. `np.zeros(shape)` without `int` makes floats.",
            lambda image, kernel: cross_correlate(image, kernel).astype(int)),
        Misconception(
            "products in 8 bits",
            "You make the kernel as narrow as the image: in 8 bits there is no -1, and 2 × 200 is 144. Leave the "
            "kernel as it is, or turn the image into floats first.",
            lambda image, kernel: cross_correlate(image, kernel.astype(image.dtype)) if image.dtype != np.uint8 else
            _slide(image, kernel.astype(np.uint8), lambda window, cells: np.sum(window * cells)),
            sign=like(lambda image, kernel: cross_correlate(image, kernel) if image.dtype != np.uint8 else
                      _slide(image, kernel.astype(np.uint8), lambda window, cells: np.sum(window * cells)),
                      CASES, (0, 1, 2, 3, 5, 6))),
        Misconception(
            "kernel taken for a square",
            "Right for square kernels only. Rows and columns of the kernel are two numbers: `kernel.shape`.",
            lambda image, kernel: cross_correlate(image, kernel[:, :len(kernel)]),
            sign=like(cross_correlate, CASES, SQUARE_KERNEL)),
        Misconception(
            "3 × 3 written into the code",
            "Right for kernels of 3 × 3 only. Read their size from `kernel.shape`.",
            lambda image, kernel: cross_correlate(image, kernel)[:image.shape[0] - 2, :image.shape[1] - 2],
            sign=like(cross_correlate, CASES, THREE)),
        Misconception(
            "image taken for a square",
            "Right for square images only. Rows come first: `rows, columns = image.shape`, and they differ.",
            lambda image, kernel: cross_correlate(image[:, :len(image)], kernel),
            sign=like(cross_correlate, CASES, SQUARE_IMAGE)),
    ),
)

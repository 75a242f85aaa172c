"""Shrink an image by the mean of its blocks."""
import numpy as np

from ..exercise import Exercise, Misconception
from ..signs import raises


def block_mean(image, factor):
    """Shrink an image: every block of factor by factor pixels becomes its mean."""
    rows, cols = image.shape
    blocks = image.reshape(rows // factor, factor, cols // factor, factor)
    return blocks.mean(axis=(1, 3))


def _nodule(side, factor):
    """A black image of uint8 with one bright pixel."""
    image = np.zeros((side, side), np.uint8)
    image[factor + 2, 3] = 255
    return image


def _blocks(image, factor):
    rows, cols = image.shape
    return image.reshape(rows // factor, factor, cols // factor, factor)


def _overlapping(image, factor):
    rows, cols = image.shape[0] // factor, image.shape[1] // factor
    return np.array([[image[row:row + factor, col:col + factor].mean() for col in range(cols)] for row in range(rows)])


BLOCK_MEAN = Exercise(
    title="Exercise 10",
    points=2,
    reference=block_mean,
    cases=(
        (np.array([[1.0, 2.0, 3.0, 5.0, 0.0, 8.0], [6.0, 4.0, 9.0, 7.0, 2.0, 1.0],
                   [0.5, 1.5, 4.0, 4.0, 6.0, 6.0], [3.5, 2.5, 0.0, 8.0, 6.0, 7.0]]), 2),
        (_nodule(32, 16), 16),
        (np.array([[200, 210, 220], [230, 240, 250], [205, 215, 226]], np.uint8), 3),
    ),
    hints=(
        "How many rows and columns come out? One for every block.",
        "Either loop over blocks, `image[row * factor:(row + 1) * factor, …].mean()`, or cut each axis into two.",
        "`image.reshape(rows // factor, factor, cols // factor, factor)`, then the mean over axes 1 and 3.",
    ),
    misconceptions=(
        Misconception(
            "pixels skipped",
            "You keep one pixel of each block and never look at the others, so a nodule can vanish altogether. Take "
            "the mean of the block.",
            lambda image, factor: image[::factor, ::factor]),
        Misconception(
            "axes of the blocks mixed up",
            "You cut each axis as (factor, blocks) and so average pixels that lie far apart. Cut it as (blocks, "
            "factor): neighbours belong together.",
            lambda image, factor: image.reshape(factor, image.shape[0] // factor, factor, image.shape[1] // factor)
            .mean(axis=(0, 2))),
        Misconception(
            "blocks torn by reshape",
            "`reshape(rows, cols, factor, factor)` cuts the numbers in the order of memory, so a block holds pixels "
            "of one row only. Cut each axis into (blocks, factor), in this order, and take the mean over axes 1 and 3.",
            lambda image, factor: image.reshape(image.shape[0] // factor, image.shape[1] // factor, factor, factor)
            .mean(axis=(2, 3))),
        Misconception(
            "blocks that overlap",
            "Your blocks start at pixel 0, 1, 2 and so on and overlap. They start at 0, factor, 2 × factor: multiply "
            "row and column by factor.",
            _overlapping),
        Misconception(
            "a fraction as a length",
            "`/` gives a fraction, even 6 / 2, and neither a shape nor an index may be one. `//` gives a whole number.",
            lambda image, factor: np.zeros((image.shape[0] / factor, image.shape[1] / factor)),
            sign=raises(TypeError, "integer")),
        Misconception(
            "result in the type of the image",
            "Your result has the type of the image, and an 8-bit pixel cannot hold a fraction: `np.zeros_like` copies "
            "the type. `np.zeros` makes floats.",
            lambda image, factor: _blocks(image, factor).mean(axis=(1, 3)).astype(image.dtype)),
        Misconception(
            "maximum instead of mean",
            "You take the brightest pixel of each block. That keeps the nodule and changes everything else; here the "
            "mean is asked.",
            lambda image, factor: _blocks(image, factor).max(axis=(1, 3))),
        Misconception(
            "sum instead of mean",
            "You add the pixels of a block and do not divide by how many there are, factor × factor.",
            lambda image, factor: _blocks(image, factor).sum(axis=(1, 3))),
        Misconception(
            "divided by factor once",
            "You divide the sum by factor. A block has factor rows and factor columns: factor × factor pixels.",
            lambda image, factor: _blocks(image, factor).sum(axis=(1, 3)) / factor),
        Misconception(
            "rounded down",
            "You lose what comes after the decimal point, by `//` or by an integer type. A mean is a fraction.",
            lambda image, factor: _blocks(image, factor).sum(axis=(1, 3)) // factor**2),
        Misconception(
            "rows only",
            "You average down the rows and leave the columns as they are.",
            lambda image, factor: image.reshape(image.shape[0] // factor, factor, -1).mean(axis=1)),
        Misconception(
            "8-bit overflow",
            "You add 8-bit pixels in their own type, where 255 + 1 is 0. Convert to float first, or use `.mean`.",
            lambda image, factor: _blocks(image, factor).sum(axis=(1, 3), dtype=image.dtype) / factor**2),
        Misconception(
            "rows and columns swapped",
            "The means are right and the picture is turned: the first axis of the result must count rows.",
            lambda image, factor: _blocks(image, factor).mean(axis=(1, 3)).T),
    ),
)

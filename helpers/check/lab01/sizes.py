"""How much: bytes of a batch, parameters of a network, pixels after shrinking."""
import itertools

import numpy as np
import torch

from ..exercise import Exercise, Misconception


def batch_bytes(shape, dtype):
    """Bytes of memory of a tensor."""
    elements = 1
    for length in shape:
        elements *= length
    return elements * dtype.itemsize


def _elements(shape):
    return int(np.prod(shape, dtype=np.int64))


BATCH_BYTES = Exercise(
    title="Exercise 5",
    points=1,
    reference=batch_bytes,
    cases=(
        ((2, 3), torch.float32),
        ((1, 1, 512, 512), torch.int16),
        ((8, 3, 224, 224), torch.uint8),
        ((4, 1, 10, 7), torch.float64),
        ((16, 1, 256, 512, 512), torch.float32),
    ),
    hints=(
        "How many numbers are there? The lengths of all axes, multiplied.",
        "How many bytes does one number take? Ask the dtype: `dtype.itemsize`.",
        "`elements * dtype.itemsize`; `math.prod(shape)` multiplies the lengths.",
    ),
    misconceptions=(
        Misconception(
            "bits instead of bytes",
            "Your number is 8 times too large: float32 has 32 bits, and 8 bits are one byte.",
            lambda shape, dtype: _elements(shape) * dtype.itemsize * 8),
        Misconception(
            "elements instead of bytes",
            "You count the numbers. Each takes several bytes, depending on its dtype.",
            lambda shape, dtype: _elements(shape)),
        Misconception(
            "always 4 bytes",
            "You take 4 bytes whatever the dtype. uint8 takes 1, int16 takes 2, float64 takes 8.",
            lambda shape, dtype: _elements(shape) * 4),
        Misconception(
            "batch axis forgotten",
            "You count one image. The first axis says how many there are.",
            lambda shape, dtype: _elements(shape[1:]) * dtype.itemsize),
        Misconception(
            "lengths added",
            "You add the lengths of the axes. A grid of 2 by 3 has 6 cells, not 5: multiply.",
            lambda shape, dtype: sum(shape) * dtype.itemsize),
        Misconception(
            "GiB instead of bytes",
            "You divide by 2 to the power of 30 already. Return bytes; the next cell does the division.",
            lambda shape, dtype: _elements(shape) * dtype.itemsize / 2**30),
        Misconception(
            "32-bit overflow",
            "Small batches are right, the large one is not: your product is kept in a 32-bit integer, which ends at "
            "2,147,483,647. Use Python's own whole numbers.",
            lambda shape, dtype: int(np.array(_elements(shape) * dtype.itemsize).astype(np.int32))),
    ),
)


def count_parameters(widths):
    """Weights and biases of a fully connected network."""
    total = 0
    for inputs, outputs in itertools.pairwise(widths):
        total += inputs * outputs + outputs
    return total


def _layers(widths):
    return list(itertools.pairwise(widths))


COUNT_PARAMETERS = Exercise(
    title="Exercise 9",
    points=2,
    reference=count_parameters,
    cases=(
        ([4, 3, 1],),
        ([5, 2],),
        ([784, 3, 3, 2],),
        ([256 * 256 * 3, 1000, 1],),
    ),
    hints=(
        "Count one layer first: every output has one weight for every input, and one bias.",
        "A layer from `inputs` to `outputs` has inputs × outputs + outputs parameters.",
        "Walk over neighbours: `itertools.pairwise(widths)` gives the inputs and outputs of each layer.",
    ),
    misconceptions=(
        Misconception(
            "biases forgotten",
            "You count the weights. Every neuron has a bias too: one for each output.",
            lambda widths: sum(inputs * outputs for inputs, outputs in _layers(widths))),
        Misconception(
            "one bias per input",
            "You add one bias for every input of a layer. A bias belongs to a neuron: one for each output.",
            lambda widths: sum(inputs * outputs + inputs for inputs, outputs in _layers(widths))),
        Misconception(
            "one bias per layer",
            "You add a single bias to each layer. Every neuron of the layer has its own.",
            lambda widths: sum(inputs * outputs + 1 for inputs, outputs in _layers(widths))),
        Misconception(
            "biases of the input counted",
            "You give the pixels biases as well. The first width is the image: it has values, no parameters.",
            lambda widths: sum(inputs * outputs for inputs, outputs in _layers(widths)) + sum(widths)),
        Misconception(
            "last layer forgotten",
            "You stop one layer early. The last width is the output layer, which has weights too.",
            lambda widths: sum(inputs * outputs + outputs for inputs, outputs in _layers(widths)[:-1])),
        Misconception(
            "only the first layer",
            "You count the first layer and stop, perhaps by a `return` inside the loop.",
            lambda widths: widths[0] * widths[1] + widths[1]),
        Misconception(
            "neurons instead of parameters",
            "You add the widths: that is the number of values. Parameters sit on the connections between layers.",
            lambda widths: sum(widths)),
        Misconception(
            "all widths multiplied",
            "You multiply all widths together. Each layer connects with its neighbour only: add the layers up.",
            lambda widths: _elements(widths)),
    ),
)


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

"""How much: bytes of a batch, parameters of a network."""
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
        ((2, 1, 64, 256, 256), torch.float32),  # 32 MiB: harmless even where an answer builds the tensor
    ),
    hints=(
        "How many numbers are there? The lengths of all axes, multiplied.",
        "How many bytes does one number take? Ask the dtype: `dtype.itemsize`.",
        "Start with `elements = 1` and multiply it by every length in a loop. Then `elements * dtype.itemsize`.",
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
    ),
)


def count_parameters(widths):
    """Weights and biases of a fully connected network."""
    total = 0
    for layer in range(len(widths) - 1):
        inputs, outputs = widths[layer], widths[layer + 1]
        total += inputs * outputs + outputs
    return total


def _layers(widths):
    return [(widths[number], widths[number + 1]) for number in range(len(widths) - 1)]


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
        "Walk over neighbours: `for inputs, outputs in zip(widths, widths[1:])` visits each layer once.",
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

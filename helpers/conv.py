"""Sizes, receptive fields and costs of layers: plain integers in, plain integers out."""
from itertools import pairwise


def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    """How many positions a sliding window takes along one axis.

    size : length of the axis in pixels.  kernel_size, stride, dilation : at least 1.  padding : pixels
    added on *each* side.
    Returns floor((size + 2 padding - dilation (kernel_size - 1) - 1) / stride) + 1.
    Raises ValueError when a setting is out of range or the window does not fit once.
    Source: Dumoulin and Visin 2016, arXiv:1603.07285, relationship 15.

    >>> output_size(28, kernel_size=5, stride=2, padding=2)
    14
    """
    settings = {"size": size, "kernel_size": kernel_size, "stride": stride, "dilation": dilation}
    for name, value in settings.items():
        if value < 1:
            raise ValueError(f"{name} must be at least 1, not {value}.")
    if padding < 0:
        raise ValueError(f"padding must be 0 or more, not {padding}.")
    reach = dilation * (kernel_size - 1) + 1
    room = size + 2 * padding - reach
    if room < 0:
        raise ValueError(f"A window that spans {reach} pixels does not fit into {size + 2 * padding}: "
                         "use a smaller kernel or more padding.")
    return room // stride + 1


def dense_parameters(*widths):
    """Weights and biases of a fully connected network.

    widths : neurons per layer, input first.  Every neuron has one weight per neuron of the layer before
    and one bias; inputs have neither.
    Raises ValueError for fewer than two layers or an empty one.

    >>> dense_parameters(256 * 256 * 3, 1000, 1)
    196610001
    """
    if len(widths) < 2:
        raise ValueError("A network needs at least two layers: the inputs and the outputs.")
    if min(widths) < 1:
        raise ValueError(f"Every layer needs at least one neuron, got widths {widths}.")
    return sum(inputs * outputs + outputs for inputs, outputs in pairwise(widths))

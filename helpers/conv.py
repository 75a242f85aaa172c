"""Convolution from scratch, with NumPy, and the sizes and costs of layers.

Networks call convolution what mathematics calls cross-correlation: the kernel is not flipped. Here each has its name.
"""
from collections.abc import Sequence
from itertools import pairwise, product
from math import prod
from numbers import Integral

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

BORDERS = {"zeros": "constant", "reflect": "reflect"}  # our names, and NumPy's


def cross_correlate(image, kernel, *, stride=1, padding=0, dilation=1, border="zeros"):
    """Slide the kernel over the image; at each position multiply what lies on top of each other, and add.

    image : array (H, W), or a volume (D, H, W).  kernel : array of as many axes.
    stride : pixels from one position to the next.  dilation : pixels from one kernel cell to the next.
    padding : pixels added on each side, or "none", "same" or "full".  border : what is added, see `pad`.
    Returns an array of one number per position, with `output_size` positions along each axis.
    Raises ValueError for a setting out of range and for a kernel that does not fit in.
    Source: Dumoulin and Visin 2016, arXiv:1603.07285.

    >>> cross_correlate([[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1], [2, 3]])
    array([[19, 25],
           [37, 43]])
    """
    image, kernel = np.asarray(image), np.asarray(kernel)
    if image.ndim != kernel.ndim:
        raise ValueError(f"Image and kernel need equally many axes, but their shapes are {image.shape} and "
                         f"{kernel.shape}: `conv2d` takes channels.")
    widths = [padding_width(padding, size, dilation) for size in kernel.shape]
    views = windows(pad(image, widths, border), kernel.shape, stride, dilation)
    output = np.zeros(views.shape[: image.ndim], np.result_type(image, kernel))
    for cell in product(*map(range, kernel.shape)):  # one kernel cell at all positions: 9 large sums, not 65,536 small
        output += kernel[cell] * views[(..., *cell)]
    return output


def convolve(image, kernel, **geometry):
    """Convolution as mathematics defines it: `cross_correlate` with the kernel turned by 180 degrees.

    Takes and returns what `cross_correlate` does.

    >>> convolve([[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1], [2, 3]])
    array([[ 5, 11],
           [23, 29]])
    """
    return cross_correlate(image, np.flip(kernel), **geometry)


def conv2d(image, weights, bias=None, **geometry):
    """What one convolutional layer computes: for each filter, the sum of one cross-correlation per channel.

    image : array (C, H, W).  weights : array (O, C, K, L), O filters of C kernels each.  bias : (O,) or None.
    geometry : stride, padding, dilation and border, as for `cross_correlate`.
    Returns O feature maps, array (O, H', W').
    Raises ValueError when the channels of image and weights, or the biases and filters, are not equally many.
    """
    image, weights = np.asarray(image), np.asarray(weights)
    if image.ndim != 3 or weights.ndim != 4 or len(image) != weights.shape[1]:
        raise ValueError(f"conv2d needs an image (C, H, W) and weights (O, C, K, L) with the same C, not {image.shape} "
                         f"and {weights.shape}.")
    bias = np.zeros(len(weights), weights.dtype) if bias is None else np.asarray(bias)
    if bias.shape != (len(weights),):
        raise ValueError(f"{len(weights)} filters need as many biases, not {bias.shape}.")
    maps = [sum(cross_correlate(channel, kernel, **geometry) for channel, kernel in zip(image, kernels, strict=True))
            for kernels in weights]
    return np.stack(maps) + bias[:, None, None]


def windows(image, shape, stride=1, dilation=1):
    """Everything a sliding window sees: array (*positions, *shape), a view that copies nothing.

    image : array of any number of axes.  shape : of the window, one number per axis.
    stride, dilation : pixels from one position, and from one cell of the window, to the next.
    Raises ValueError as `output_size` does.
    """
    for size, cells in zip(image.shape, shape, strict=True):
        output_size(size, cells, stride, dilation=dilation)
    reach = [dilation * (cells - 1) + 1 for cells in shape]
    every = (slice(None, None, stride),) * image.ndim + (slice(None, None, dilation),) * image.ndim
    return sliding_window_view(image, reach)[every]


def pad(image, width, border="zeros"):
    """Put a frame around an array.

    width : pixels on each side, one number or one per axis.
    border : "zeros", or "reflect" for the mirror image, in which the outermost pixel is the mirror.
    Raises ValueError for a negative width, an unknown border and a mirror image wider than the array.

    >>> pad(np.array([1, 2, 3]), 2, "reflect")
    array([3, 2, 1, 2, 3, 2, 1])
    """
    if border not in BORDERS:
        raise ValueError(f'border must be "zeros" or "reflect", not {border!r}.')
    widths = np.broadcast_to(width, image.ndim)
    if widths.min(initial=0) < 0:
        raise ValueError(f"padding must be 0 or more, not {widths.min()}.")
    if border == "reflect" and any(wide >= size for wide, size in zip(widths, image.shape, strict=True)):
        raise ValueError(f"A mirror image of {widths.max()} pixels needs more pixels than that: shape {image.shape}.")
    return np.pad(image, [(wide, wide) for wide in widths.tolist()], BORDERS[border])


def padding_width(padding, kernel_size, dilation=1):
    """Pixels of padding on each side, along one axis.

    padding : a number, or "none" (0), "same" (the output keeps the size, at stride 1), "full" (all positions at which
    kernel and image touch).
    Raises ValueError for another word, and for "same" where it would need half a pixel.

    >>> [padding_width(name, kernel_size=5) for name in ("none", "same", "full")]
    [0, 2, 4]
    """
    reach = dilation * (kernel_size - 1)
    if not isinstance(padding, str):
        return padding
    if padding not in ("none", "same", "full"):
        raise ValueError(f'padding must be a number, "none", "same" or "full", not {padding!r}.')
    if padding == "same" and reach % 2:
        raise ValueError(f"A kernel of size {kernel_size} would need {reach / 2} pixels on each side for the same "
                         "size: take an odd kernel_size.")
    return {"none": 0, "same": reach // 2, "full": reach}[padding]


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


def transposed_size(size, kernel_size, stride=1, padding=0, output_padding=0):
    """How many cells a transposed convolution makes of an axis.

    size : cells of the axis, at least 1.  kernel_size, stride : at least 1.  padding : cells cut off on *each* side.
    output_padding : cells added at the far end, fewer than stride; a convolution of the same settings makes the same
    `size` of as many different sizes as stride is large, and this says which of them is meant.
    Returns (size - 1) stride - 2 padding + kernel_size + output_padding.
    Raises ValueError when a setting is out of range or nothing would be left.
    Source: Dumoulin and Visin 2016, arXiv:1603.07285, relationship 14.

    >>> transposed_size(3, kernel_size=3, stride=2, padding=1), output_size(5, kernel_size=3, stride=2, padding=1)
    (5, 3)
    """
    for name, value, least in (("size", size, 1), ("kernel_size", kernel_size, 1), ("stride", stride, 1),
                               ("padding", padding, 0), ("output_padding", output_padding, 0)):
        if value < least:
            raise ValueError(f"{name} must be at least {least}, not {value}.")
    if output_padding >= stride:
        raise ValueError(f"output_padding must be smaller than stride {stride}, not {output_padding}.")
    left = (size - 1) * stride - 2 * padding + kernel_size + output_padding
    if left < 1:
        raise ValueError(f"A padding of {padding} cuts away all {left + 2 * padding} cells: use a smaller one.")
    return left


def transposed(image, kernel, *, stride=1, padding=0, output_padding=0):
    """Transposed convolution: every cell stamps the kernel, times its value, into the output, and stamps add up.

    image : array (H, W).  kernel : array (K, L).  stride : cells from one stamp to the next.
    padding : cells cut off on each side, where a convolution adds them.  output_padding : cells added at the far end.
    Returns an array of `transposed_size` along each axis.  Raises ValueError as `transposed_size` does.
    It is the transpose of `cross_correlate` as a matrix, not its inverse.

    >>> transposed(np.array([[1, 2]]), np.array([[1, 1, 1]]), stride=2)
    array([[1, 1, 3, 2, 2]])
    """
    image, kernel = np.asarray(image), np.asarray(kernel)
    sizes = [transposed_size(*sides, stride, padding, output_padding)
             for sides in zip(image.shape, kernel.shape, strict=True)]
    whole = np.zeros([size + 2 * padding for size in sizes], np.result_type(image, kernel))
    for cell in product(*map(range, kernel.shape)):
        ends = [start + stride * (side - 1) + 1 for start, side in zip(cell, image.shape, strict=True)]
        whole[tuple(slice(start, end, stride) for start, end in zip(cell, ends, strict=True))] += kernel[cell] * image
    return whole[tuple(slice(padding, padding + size) for size in sizes)]


def receptive_field(layers):
    """How many pixels of the image one unit sees, layer by layer, along one axis.

    layers : (kernel_size, stride) or (kernel_size, stride, dilation) of each convolution or pooling, first layer first.
    Returns one pair per layer: the receptive field in pixels, and the jump, which is how many pixels of the image lie
    between the centres of two neighbouring units. No layers, no pairs.
    Each layer adds dilation (kernel_size - 1) jumps of the layer before; then its stride multiplies the jump. Padding
    plays no part: near the border some of the pixels lie outside the image.
    Raises ValueError for an entry that is not two or three whole numbers from 1 up.
    Source: Araujo, Norris and Sim 2019, doi:10.23915/distill.00021.

    >>> receptive_field([(3, 1), (2, 2), (3, 1)])
    [(3, 1), (4, 2), (8, 2)]
    """
    field, jump, pairs = 1, 1, []
    for layer in layers:
        kernel_size, stride, dilation = _window(layer)
        field += dilation * (kernel_size - 1) * jump
        jump *= stride
        pairs.append((field, jump))
    return pairs


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


def conv_parameters(in_channels, out_channels, kernel_size, bias=True):
    """Weights and biases of a convolutional layer; the size of the image does not matter.

    kernel_size : a number for a square kernel, or one number per axis, such as (3, 3, 3).

    >>> conv_parameters(3, 8, kernel_size=3)
    224
    """
    return out_channels * (in_channels * _cells(kernel_size) + bias)


def conv_multiplications(output_shape, in_channels, out_channels, kernel_size):
    """Multiplications of a convolutional layer for one image: one per weight at every position.

    output_shape : positions along each axis, for example (256, 256).  kernel_size : as for `conv_parameters`.

    >>> conv_multiplications((256, 256), 1, 1, kernel_size=3)
    589824
    """
    return prod(output_shape) * in_channels * out_channels * _cells(kernel_size)


def _cells(kernel_size):
    return kernel_size**2 if isinstance(kernel_size, int) else prod(kernel_size)


def _window(layer):
    """Kernel size, stride and dilation of one layer, as whole numbers."""
    numbers = tuple(layer) if isinstance(layer, Sequence) and not isinstance(layer, str) else ()
    whole = all(isinstance(number, Integral) and not isinstance(number, bool) and number >= 1 for number in numbers)
    if len(numbers) not in (2, 3) or not whole:
        raise ValueError("A layer is (kernel_size, stride) or (kernel_size, stride, dilation), all of them whole "
                         f"numbers from 1 up, not {layer!r}.")
    return (*map(int, numbers), 1)[:3]

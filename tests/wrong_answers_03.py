"""Lab 3 as learners write it: right answers in other words, and known mistakes in other words.

RIGHT : exercise -> answers that differ from the reference in code and must pass; some are oracles.
WRONG : exercise -> (name of the mistake, answer) pairs, in code that is not the mutant's.
"""
import math
from functools import partial

import numpy as np
import scipy.ndimage
import scipy.signal
import skimage.filters
import skimage.util
import torch
from numpy.lib.stride_tricks import sliding_window_view
from torch import nn
from torch.nn import functional

from helpers import conv, filters

# slide, multiply, add --------------------------------------------------------------------------------------------

def correlate_by_scipy(image, kernel, mode="valid"):
    return scipy.signal.correlate2d(np.asarray(image, float), np.asarray(kernel, float), mode)


def correlate_by_torch(image, kernel):
    layers = [torch.tensor(np.array(one, float))[None, None] for one in (image, kernel)]
    return functional.conv2d(*layers)[0, 0]


def correlate_number_by_number(image, kernel, cell=lambda i, j, K, L: (i, j), ends=(1, 1), dtype=None, swap=False):
    """Four loops; which kernel cell meets pixel (i, j) of the window, and where the loops end, may be changed."""
    (H, W), (K, L) = image.shape, kernel.shape
    rows, columns = H - K + ends[0], W - L + ends[1]
    result = np.zeros((columns, rows) if swap else (rows, columns), dtype or float)
    for r in range(rows):
        for c in range(columns):
            total = 0
            for i in range(K):
                for j in range(L):
                    total += image[r + i, c + j] * kernel[cell(i, j, K, L)]
            result[(c, r) if swap else (r, c)] = total
    return result


def correlate_with_windows(image, kernel):
    return np.einsum("rcij,ij->rc", sliding_window_view(image, kernel.shape), kernel)


def correlate_by_shifts(image, kernel):
    rows, columns = np.array(image.shape) - kernel.shape + 1
    return sum(kernel[i, j] * image[i:i + rows, j:j + columns] for i, j in np.ndindex(kernel.shape))


def correlate_as_rows_of_lists(image, kernel, of=lambda window, kernel: (window * kernel).sum()):
    (H, W), (K, L) = image.shape, kernel.shape
    return np.array([[of(image[r:r + K, c:c + L], kernel) for c in range(W - L + 1)] for r in range(H - K + 1)])


def correlate_stopping_early(image, kernel):
    output = np.zeros(np.array(image.shape) - kernel.shape + 1)
    for r in range(image.shape[0] - kernel.shape[0]):
        for c in range(image.shape[1] - kernel.shape[1]):
            output[r, c] = (image[r:r + kernel.shape[0], c:c + kernel.shape[1]] * kernel).sum()
    return output


def correlate_returning_early(image, kernel, after="a sum"):
    """`return` too far to the right."""
    (H, W), (K, L) = image.shape, kernel.shape
    sums = np.zeros((H - K + 1, W - L + 1))
    for r in range(len(sums)):
        for c in range(sums.shape[1]):
            sums[r, c] = np.sum(image[r:r + K, c:c + L] * kernel)
            if after == "a sum":
                return sums
        if after == "a row":
            return sums


def correlate_into_a_list_returning_early(image, kernel, after="a row"):
    (H, W), (K, L) = image.shape, kernel.shape
    rows = []
    for r in range(H - K + 1):
        row = []
        for c in range(W - L + 1):
            total = (image[r:r + K, c:c + L] * kernel).sum()
            if after == "a sum":
                return total
            row.append(total)
        rows.append(row)
        return np.array(rows)


def correlate_into_a_full_image(image, kernel):
    output = np.zeros(image.shape)
    half = [(cells - 1) // 2 for cells in kernel.shape]
    inside = correlate_by_shifts(image, kernel)
    output[half[0]:half[0] + inside.shape[0], half[1]:half[1] + inside.shape[1]] = inside
    return output


def correlate_every_pixel(image, kernel):
    output = np.zeros(image.shape)
    for r, c in np.ndindex(image.shape):
        for i, j in np.ndindex(kernel.shape):
            output[r, c] += image[r + i, c + j] * kernel[i, j]
    return output


def correlate_every_window(image, kernel):
    output = np.zeros(image.shape)
    for r, c in np.ndindex(image.shape):
        output[r, c] = np.einsum("ij,ij", image[r:r + kernel.shape[0], c:c + kernel.shape[1]], kernel)
    return output


def correlate_blocks(image, kernel):
    (H, W), (K, L) = image.shape, kernel.shape
    return np.array([[(image[r:r + K, c:c + L] * kernel).sum() for c in range(0, W - L + 1, L)]
                     for r in range(0, H - K + 1, K)])


def correlate_summed_by_python(image, kernel):
    output = np.zeros(np.array(image.shape) - kernel.shape + 1)
    for r, c in np.ndindex(output.shape):
        output[r, c] = sum(image[r:r + kernel.shape[0], c:c + kernel.shape[1]] * kernel)
    return output


def correlate_over_the_image(image, kernel):
    for r, c in np.ndindex(*(np.array(image.shape) - kernel.shape + 1)):
        image[r, c] = (image[r:r + kernel.shape[0], c:c + kernel.shape[1]] * kernel).sum()
    return image[:image.shape[0] - kernel.shape[0] + 1, :image.shape[1] - kernel.shape[1] + 1]


def correlate_windows_in_place(image, kernel):
    output = np.zeros(np.array(image.shape) - kernel.shape + 1)
    for r, c in np.ndindex(output.shape):
        window = image[r:r + kernel.shape[0], c:c + kernel.shape[1]]
        window[:] = window * kernel
        output[r, c] = window.sum()
    return output


def correlate_in_a_copy_of_its_type(image, kernel):
    output = np.empty_like(image[kernel.shape[0] - 1:, kernel.shape[1] - 1:])
    for r, c in np.ndindex(output.shape):
        output[r, c] = np.sum(image[r:r + kernel.shape[0], c:c + kernel.shape[1]] * kernel)
    return output


def correlate_in_python_numbers_of_its_type(image, kernel):
    output = np.zeros(np.array(image.shape) - kernel.shape + 1, image.dtype)
    for r, c in np.ndindex(output.shape):
        output[r, c] = (image[r:r + kernel.shape[0], c:c + kernel.shape[1]] * kernel).sum().item()
    return output


def correlate_with_a_narrow_kernel(image, kernel):
    narrow = kernel.astype(np.uint8) if image.dtype == np.uint8 else kernel
    return correlate_as_rows_of_lists(image, narrow)


def correlate_square_kernels(image, kernel):
    K = len(kernel)
    output = np.zeros((image.shape[0] - K + 1, image.shape[1] - K + 1))
    for r, c in np.ndindex(output.shape):
        output[r, c] = np.sum(image[r:r + K, c:c + K] * kernel)
    return output


def correlate_three_by_three(image, kernel):
    output = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    for r, c in np.ndindex(output.shape):
        output[r, c] = np.sum(image[r:r + 3, c:c + 3] * kernel)
    return output


def correlate_square_images(image, kernel):
    size = len(image)
    output = np.zeros((size - kernel.shape[0] + 1, size - kernel.shape[1] + 1))
    for r, c in np.ndindex(output.shape):
        output[r, c] = np.sum(image[r:r + kernel.shape[0], c:c + kernel.shape[1]] * kernel)
    return output


def turned(of, correlate=correlate_by_scipy):
    """Cross-correlation with another kernel."""
    return lambda image, kernel: correlate(image, of(kernel))


def convolve_by_scipy(image, kernel, mode="valid"):
    return scipy.signal.convolve2d(image, kernel, mode)


def convolve_from_the_end(image, kernel):
    return correlate_number_by_number(image, kernel, cell=lambda i, j, K, L: (K - 1 - i, L - 1 - j))


def convolve_by_adding_stamps(image, kernel):
    """Every pixel stamps the kernel into the output; what sticks out is cut off."""
    (K, L), stamped = kernel.shape, np.zeros(np.add(image.shape, kernel.shape) - 1)
    for r, c in np.ndindex(image.shape):
        stamped[r:r + K, c:c + L] += image[r, c] * kernel
    return stamped[K - 1:image.shape[0], L - 1:image.shape[1]]


def convolve_flipping_in_place(image, kernel):
    for row in kernel:
        row[:] = row[::-1].copy()
    kernel[:] = kernel[::-1].copy()
    return correlate_by_scipy(image, kernel)


# frames and sizes ------------------------------------------------------------------------------------------------

MODES = {"zeros": "constant", "reflect": "reflect"}


def pad_by_numpy(image, width, border):
    return np.pad(image, width, mode=MODES[border])


def pad_by_torch(image, width, border):
    tensor = torch.tensor(image.astype(float))[None]
    return functional.pad(tensor, (width,) * 4, mode=MODES[border])[0]


def pad_by_index(image, width, border, mirror=lambda place, size: min(abs(place), 2 * (size - 1) - abs(place)),
                 frame=0.0):
    """Number by number: which pixel of the image each pixel of the output shows, if any."""
    H, W = image.shape
    output = np.full((H + 2 * width, W + 2 * width), float(frame))
    for r, c in np.ndindex(output.shape):
        at = r - width, c - width
        if border == "reflect":
            output[r, c] = image[mirror(at[0], H), mirror(at[1], W)]
        elif 0 <= at[0] < H and 0 <= at[1] < W:
            output[r, c] = image[at]
    return output


def pad_by_stacking(image, width, border):
    """One row and one column after the other, from the inside out."""
    for _ in range(2):
        rows = [row for row in image]
        for step in range(1, width + 1):
            new = [image[step], image[-1 - step]] if border == "reflect" else [np.zeros(image.shape[1])] * 2
            rows = [new[0], *rows, new[1]]
        image = np.array(rows).T
    return image


def pad_with_other_widths(before, after):
    return lambda image, width, border: np.pad(image, (before(width), after(width)), mode=MODES[border])


def pad_into(place, grow=2, dtype=float):
    """Zeros, and the image at another place; mirrors are right."""
    def answer(image, width, border):
        if border == "reflect":
            return pad_by_numpy(image, width, border)
        output = np.zeros((image.shape[0] + grow * width, image.shape[1] + grow * width), dtype)
        first = place(width)
        output[first:first + image.shape[0], first:first + image.shape[1]] = image
        return output

    return answer


def pad_rows_only(image, width, border):
    return np.pad(image, ((width, width), (0, 0)), mode=MODES[border])


def pad_painting_zeros(image, width, border):
    output = image.copy()
    if width:
        output[:width] = output[-width:] = 0
        output[:, :width] = output[:, -width:] = 0
    return output


def pad_copying(image, width, border):
    if border == "zeros":
        return pad_by_numpy(image, width, border)
    tall = np.concatenate([image[:width], image, image[len(image) - width:]])
    return np.concatenate([tall[:, :width], tall, tall[:, tall.shape[1] - width:]], axis=1)


def pad_without_corners(image, width, border):
    output = np.pad(image, width)
    if border == "reflect" and width:
        H, W = image.shape
        for step in range(1, width + 1):
            output[width - step, width:width + W] = image[step]
            output[width + H - 1 + step, width:width + W] = image[-1 - step]
            output[width:width + H, width - step] = image[:, step]
            output[width:width + H, width + W - 1 + step] = image[:, -1 - step]
    return output


def pad_with_negative_slices(image, width, border):
    output = np.zeros((image.shape[0] + 2 * width, image.shape[1] + 2 * width))
    output[width:-width, width:-width] = image
    if border == "reflect":
        output[:width] = output[width + 1:2 * width + 1][::-1]
        output[-width:] = output[-2 * width - 1:-width - 1][::-1]
        output[:, :width] = output[:, width + 1:2 * width + 1][:, ::-1]
        output[:, -width:] = output[:, -2 * width - 1:-width - 1][:, ::-1]
    return output


def size_by_torch(size, kernel_size, stride, padding, dilation):
    layer = nn.Conv1d(1, 1, kernel_size, stride, padding, dilation, device="meta")
    return layer(torch.zeros(1, 1, size, device="meta")).shape[-1]


def size_by_counting(size, kernel_size, stride, padding, dilation):
    last = size + padding - 1 - dilation * (kernel_size - 1)
    return len(range(-padding, last + 1, stride))


def size_by_floor(size, kernel_size, stride, padding, dilation):
    return math.floor((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1)


def size_changed(**changed):
    """torch's own answer, with other settings."""
    def answer(size, kernel_size, stride, padding, dilation):
        given = dict(size=size, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation)
        return size_by_counting(**{**given, **{name: of(given) for name, of in changed.items()}})

    return answer


def steps(size, kernel_size, stride, padding, dilation):
    """Strides that fit behind the first position, with their fraction."""
    return (size + 2 * padding - (kernel_size + (kernel_size - 1) * (dilation - 1))) / stride


# stride, channels ------------------------------------------------------------------------------------------------

def strided_by_torch(image, kernel, stride, padding, **more):
    layers = [torch.tensor(np.array(one, float))[None, None] for one in (image, kernel)]
    return functional.conv2d(*layers, stride=stride, padding=padding, **more)[0, 0].numpy()


def strided_from_scipy(image, kernel, stride, padding):
    return correlate_by_scipy(np.pad(image, padding), kernel)[::stride, ::stride]


def strided_by_loops(image, kernel, stride, padding, start=lambda place, stride: place * stride, shape=None,
                     frame=lambda image, padding: np.pad(image, padding)):
    framed, (K, L) = frame(image, padding), kernel.shape
    shape = shape or [(size + 2 * padding - cells) // stride + 1
                      for size, cells in zip(image.shape, kernel.shape, strict=True)]
    output = np.empty(shape)
    for r, c in np.ndindex(*shape):
        top, left = start(r, stride), start(c, stride)
        output[r, c] = np.sum(framed[top:top + K, left:left + L] * kernel)
    return output


def strided_counting_the_frame_twice(image, kernel, stride, padding):
    framed = np.pad(image, padding)
    shape = [conv.output_size(size, cells, stride, padding)
             for size, cells in zip(framed.shape, kernel.shape, strict=True)]
    return strided_by_loops(image, kernel, stride, padding, shape=shape)


def strided_without_the_frames_positions(image, kernel, stride, padding):
    shape = [conv.output_size(size, cells, stride) for size, cells in zip(image.shape, kernel.shape, strict=True)]
    return strided_by_loops(image, kernel, stride, padding, shape=shape)


def strided_a_position_short(image, kernel, stride, padding):
    shape = [conv.output_size(size, cells, stride, padding) - 1
             for size, cells in zip(image.shape, kernel.shape, strict=True)]
    return strided_by_loops(image, kernel, stride, padding, shape=shape)


def strided_taking_every_second_pixel_of_the_window(image, kernel, stride, padding):
    framed, (K, L) = np.pad(image, padding), kernel.shape
    output = np.zeros([conv.output_size(size, cells, stride, padding)
                       for size, cells in zip(image.shape, kernel.shape, strict=True)])
    for r, c in np.ndindex(*output.shape):
        output[r, c] = (framed[r * stride:r * stride + K:stride, c * stride:c * stride + L:stride] * kernel).sum()
    return output


def strided_by_range(image, kernel, stride, padding, counted=True, window=lambda place, stride: place,
                     to=lambda place, stride: place // stride, apart=False):
    """Loops over range(0, number, stride); counted : the number has the stride in it, and must not."""
    framed, (K, L) = np.pad(image, padding), kernel.shape
    few, all_of_them = ([conv.output_size(size, cells, step, padding)
                         for size, cells in zip(image.shape, kernel.shape, strict=True)] for step in (stride, 1))
    R, C = few if counted else all_of_them
    output = np.zeros(all_of_them if apart else few)
    for r in range(0, R, stride):
        for c in range(0, C, stride):
            top, left = window(r, stride), window(c, stride)
            output[to(r, stride), to(c, stride)] = (framed[top:top + K, left:left + L] * kernel).sum()
    return output


def strided_with_too_many_positions(image, kernel, stride, padding):
    shape = [conv.output_size(size, cells, 1, padding) for size, cells in zip(image.shape, kernel.shape, strict=True)]
    return strided_by_loops(image, kernel, stride, padding, shape=shape)


def strided_squares(image, kernel, stride, padding):
    rows = conv.output_size(len(image), kernel.shape[0], stride, padding)
    columns = conv.output_size(len(image), kernel.shape[1], stride, padding)
    return strided_by_loops(image, kernel, stride, padding, shape=(rows, columns))


def layer_by_torch(image, weights, bias):
    return functional.conv2d(*(torch.tensor(np.array(one, float)) for one in (image[None], weights, bias)))[0]


def layer_by_windows(image, weights, bias):
    views = sliding_window_view(image, weights.shape[2:], axis=(1, 2))  # (C, H', W', K, K)
    return np.einsum("chwij,ocij->ohw", views, weights) + bias.reshape(-1, 1, 1)


def layer_by_loops(image, weights, bias, channels=None, start=lambda bias, o: bias[o], each=lambda bias, o: 0,
                   kernel=lambda weights, o, c: weights[o, c]):
    rows, columns = np.array(image.shape[1:]) - weights.shape[2:] + 1
    output = np.zeros((len(weights), rows, columns))
    for o in range(len(weights)):
        output[o] = start(bias, o)
        for c in channels or range(weights.shape[1]):
            output[o] += correlate_by_scipy(image[c], kernel(weights, o, c)) + each(bias, o)
    return output


def layer_returning_early(image, weights, bias):
    maps = []
    for o in range(len(weights)):
        maps.append(sum(correlate_by_scipy(image[c], weights[o, c]) for c in range(len(image))) + bias[o])
        return np.array(maps)


def layer_of_separate_maps(image, weights, bias):
    return np.array([[correlate_by_scipy(channel, kernel) for channel, kernel in zip(image, kernels, strict=True)]
                     for kernels in weights])


def layer_of_separate_maps_with_bias(image, weights, bias):
    return [[correlate_by_scipy(channel, kernel) + shift for channel, kernel in zip(image, kernels, strict=True)]
            for kernels, shift in zip(weights, bias, strict=True)]


# detectors, median -----------------------------------------------------------------------------------------------

def spot(size=7, middle=3, weight=1.0, rest=None, at=(0, 0)):
    """A square middle in a kernel of another weight; without `rest` all weights add up to 0."""
    kernel = np.full((size, size), -weight * middle**2 / (size**2 - middle**2) if rest is None else rest)
    first = (size - middle) // 2
    kernel[first + at[0]:first + at[0] + middle, first + at[1]:first + at[1] + middle] = weight
    return kernel


def laplacian_of_gaussian():
    impulse = np.zeros((9, 9))
    impulse[4, 4] = 1
    kernel = -scipy.ndimage.gaussian_laplace(impulse, 1.0)
    return kernel - kernel.mean()


def far_surround():
    row, column = np.indices((9, 9)) - 4
    distance = np.hypot(row, column)
    return (distance <= 2) / np.sum(distance <= 2) - (distance > 4.6) / np.sum(distance > 4.6)


def median_by_scipy(image, size, **settings):
    return scipy.ndimage.median_filter(image, size, **{"mode": "mirror", **settings})


def median_by_skimage(image, size):
    return skimage.filters.median(image, np.ones((size, size)), mode="mirror")


def median_by_sorting(image, size, place=lambda count: count // 2, mode="reflect"):
    framed = np.pad(image, size // 2, mode=mode)
    output = np.zeros(image.shape)
    for r, c in np.ndindex(image.shape):
        output[r, c] = sorted(framed[r:r + size, c:c + size].ravel())[place(size * size)]
    return output


def median_of_each(of, image, size):
    """of(window) for every pixel."""
    framed, output = np.pad(image, size // 2, mode="reflect"), np.zeros(image.shape)
    for r, c in np.ndindex(image.shape):
        output[r, c] = of(framed[r:r + size, c:c + size])
    return output


def median_returning_early(image, size, after="a row"):
    framed, output = np.pad(image, size // 2, mode="reflect"), np.zeros(image.shape)
    for r in range(len(image)):
        for c in range(image.shape[1]):
            output[r, c] = np.median(framed[r:r + size, c:c + size])
            if after == "a pixel":
                return output
        return output


def median_where_it_fits(image, size, output):
    half = size // 2
    for r in range(half, image.shape[0] - half):
        for c in range(half, image.shape[1] - half):
            output[r, c] = np.median(image[r - half:r + half + 1, c - half:c + half + 1])
    return output


def median_of_row_medians(image, size):
    framed = np.pad(image, size // 2, mode="reflect")
    return np.array([[np.median([np.median(row) for row in framed[r:r + size, c:c + size]])
                      for c in range(image.shape[1])] for r in range(image.shape[0])])


def median_without_itself(image, size):
    footprint = np.ones((size, size), bool)
    footprint[size // 2, size // 2] = size == 1
    return scipy.ndimage.generic_filter(image.astype(float), np.median, footprint=footprint, mode="mirror")


def median_running(image, size):
    half, framed = size // 2, np.pad(image.astype(float), size // 2, mode="reflect")
    for r, c in np.ndindex(image.shape):
        framed[half + r, half + c] = sorted(framed[r:r + size, c:c + size].flat)[size * size // 2]
    return framed[half:half + image.shape[0], half:half + image.shape[1]]


def median_into_the_image(image, size):
    framed = np.pad(image, size // 2, mode="reflect")
    for r, c in np.ndindex(image.shape):
        image[r, c] = np.median(framed[r:r + size, c:c + size])
    return image


# costs, shifts ---------------------------------------------------------------------------------------------------

def costs_by_torch(rows, columns, in_channels, out_channels, kernel_size):
    inputs, outputs = rows * columns * in_channels, rows * columns * out_channels
    dense = nn.Linear(inputs, outputs, device="meta")
    layer = nn.Conv2d(in_channels, out_channels, kernel_size, padding="same", device="meta")
    maps = layer(torch.zeros(1, in_channels, rows, columns, device="meta"))
    return {"dense parameters": sum(one.numel() for one in dense.parameters()),
            "dense multiplications": dense.weight.numel(),
            "conv parameters": sum(one.numel() for one in layer.parameters()),
            "conv multiplications": maps[0, 0].numel() * layer.weight.numel()}


def costs_by_helpers(rows, columns, in_channels, out_channels, kernel_size):
    ins, outs = rows * columns * in_channels, rows * columns * out_channels
    return dict(zip(("dense parameters", "dense multiplications", "conv parameters", "conv multiplications"), (
        conv.dense_parameters(ins, outs), ins * outs, conv.conv_parameters(in_channels, out_channels, kernel_size),
        conv.conv_multiplications((rows, columns), in_channels, out_channels, kernel_size)), strict=True))


def costs_step_by_step(rows, columns, in_channels, out_channels, kernel_size):
    places, cost = rows * columns, {}
    cost["conv multiplications"] = places * out_channels * in_channels * kernel_size * kernel_size
    cost["conv parameters"] = cost["conv multiplications"] // places + out_channels
    cost["dense multiplications"] = (places * in_channels) * (places * out_channels)
    cost["dense parameters"] = places * out_channels * (places * in_channels + 1)
    return cost


def costs_with(conv_of=None, dense_of=None):
    """torch's own counts, with an entry or two replaced: of(rows * columns, in, out, kernel_size) -> numbers."""
    def answer(rows, columns, in_channels, out_channels, kernel_size):
        cost = costs_by_torch(rows, columns, in_channels, out_channels, kernel_size)
        given = rows * columns, in_channels, out_channels, kernel_size
        for prefix, of in (("conv", conv_of), ("dense", dense_of)):
            names = [f"{prefix} parameters", f"{prefix} multiplications"]
            values = of(*given) if of else (None, None)
            cost |= {name: value for name, value in zip(names, values, strict=True) if value is not None}
        return cost

    return answer


def costs_without_a_frame(rows, columns, in_channels, out_channels, kernel_size):
    cost = costs_by_torch(rows, columns, in_channels, out_channels, kernel_size)
    positions = [conv.output_size(size, kernel_size) if size >= kernel_size else 0 for size in (rows, columns)]
    return cost | {"conv multiplications": math.prod(positions) * in_channels * out_channels * kernel_size**2}


def costs_exchanged(*given):
    cost = costs_by_torch(*given)
    return {f"{other} {what}": cost[f"{one} {what}"] for one, other in (("conv", "dense"), ("dense", "conv"))
            for what in ("parameters", "multiplications")}


def move(image, rows, columns):
    """Shifted downwards and to the right; what falls out comes in at the other side."""
    return np.roll(np.roll(image, rows, axis=0), columns, axis=1)


def shift_error_by(image, operation, shift, margin, first=lambda shift: shift, second=lambda shift: shift,
                   cut=None, of=lambda one, other: np.max(np.abs(np.subtract(one, other)))):
    """shift_error with one of its steps changed."""
    H, W = image.shape
    cut = cut or (lambda picture: picture[margin:H - margin, margin:W - margin])
    one = operation(move(image, *first(shift)))
    other = move(operation(image), *second(shift))
    return of(cut(one), cut(other))


def shift_error_rolled_flat(image, operation, shift, margin, first=None):
    rows, columns = image.shape
    difference = abs(operation(np.roll(image, shift, first)) - np.roll(operation(image), shift))
    return difference[margin:rows - margin, margin:columns - margin].max()


def shift_error_back_again(image, operation, shift, margin):
    back = move(operation(move(image, *shift)), -shift[0], -shift[1])
    rows, columns = image.shape
    return np.max(abs(back - operation(image))[margin:rows - margin, margin:columns - margin])


def shift_error_of_the_largest(image, operation, shift, margin):
    rows, columns = image.shape
    largest = [np.max(picture[margin:rows - margin, margin:columns - margin]) for picture in (
        operation(move(image, *shift)), move(operation(image), *shift))]
    return abs(largest[0] - largest[1])


def shift_error_number_by_number(image, operation, shift, margin):
    one, other = operation(move(image, *shift)), operation(image)
    (H, W), worst = image.shape, 0.0
    for r in range(margin, H - margin):
        for c in range(margin, W - margin):
            worst = max(worst, abs(one[r, c] - other[(r - shift[0]) % H, (c - shift[1]) % W]))
    return worst


def shift_error_by_mask(image, operation, shift, margin):
    mask = np.pad(np.ones(np.subtract(image.shape, 2 * margin), bool), margin)
    one, other = operation(np.roll(image, shift, (0, 1))), np.roll(operation(image), shift, (0, 1))
    return np.abs(one[mask] - other[mask]).max()


def shift_error_cropped(crop):
    def answer(image, operation, shift, margin):
        return shift_error_by(image, operation, shift, margin, cut=lambda picture: crop(picture, margin))

    return answer


RIGHT = {
    "cross_correlate": [correlate_by_scipy, correlate_by_torch, correlate_number_by_number, correlate_with_windows,
                        correlate_by_shifts, correlate_as_rows_of_lists, conv.cross_correlate],
    "convolve": [convolve_by_scipy, convolve_from_the_end, convolve_by_adding_stamps, conv.convolve,
                 turned(np.flip, correlate_by_shifts), turned(lambda kernel: np.rot90(kernel, 2))],
    "pad": [pad_by_numpy, pad_by_torch, pad_by_index, pad_by_stacking,
            lambda image, width, border: conv.pad(image, width, border)],
    "output_size": [size_by_torch, size_by_counting, size_by_floor, lambda *given: int(steps(*given)) + 1,
                    lambda size, kernel_size, stride, padding, dilation:
                    conv.output_size(size, kernel_size, stride, padding, dilation)],
    "strided": [strided_by_torch, strided_from_scipy, strided_by_loops,
                lambda image, kernel, stride, padding:
                conv.cross_correlate(image, kernel, stride=stride, padding=padding)],
    "conv_layer": [layer_by_torch, layer_by_windows, layer_by_loops, conv.conv2d],
    "edge_detector": [lambda: [[1, 0, -1]] * 3, lambda: np.array([[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]]) / 16,
                      lambda: torch.tensor([[-1.0, -1, 0, 1, 1]] * 5), lambda: np.repeat([[-1, 0, 1]], 7, axis=0),
                      lambda: np.outer(np.hanning(7)[1:-1], [1, 2, 0, -2, -1]), lambda: filters.KERNELS["Sobel x"],
                      lambda: torch.tensor([[-0.1, 0, 0.1], [-0.2, 0, 0.2], [-0.3, 0, 0.3]]),
                      lambda: [[-0.1, -0.2, 0.3]] * 3],  # these weights add up to 1.7e-16
    "nodule_detector": [laplacian_of_gaussian, lambda: [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], lambda: spot(5),
                        lambda: spot(9), lambda: filters.gaussian(9, 1.0) - filters.gaussian(9, 2.0),
                        lambda: -filters.KERNELS["Laplace"], lambda: np.round(spot(7, weight=1 / 9), 3),
                        lambda: [[-1, 0, -1], [0, 4, 0], [-1, 0, -1]],  # nothing at the sides, and yet no line
                        lambda: 15 * np.pad([[1]], ((1, 1), (2, 2))) - 1, lambda: 25 * np.pad([[1]], 2) - 1],
    "median_filter": [median_by_scipy, median_by_skimage, median_by_sorting, filters.median,
                      lambda image, size: scipy.ndimage.percentile_filter(image, 50, size, mode="mirror")],
    "layer_costs": [costs_by_torch, costs_by_helpers, costs_step_by_step,
                    lambda *given: {name: np.int64(count) for name, count in costs_by_torch(*given).items()},
                    lambda *given: {name: torch.tensor(count) for name, count in costs_by_torch(*given).items()}],
    "shift_error": [shift_error_by, shift_error_number_by_number, shift_error_by_mask],
}

BEHIND = scipy.signal.convolve2d  # true convolution, where a mistake turns the kernel round

WRONG = {
    "cross_correlate": [
        ("kernel flipped", lambda image, kernel: BEHIND(image, kernel, "valid")),
        ("kernel flipped", lambda image, kernel: correlate_number_by_number(
            image, kernel, cell=lambda i, j, K, L: (-1 - i, -1 - j))),
        ("kernel flipped top to bottom", lambda image, kernel: correlate_number_by_number(
            image, kernel, cell=lambda i, j, K, L: (K - 1 - i, j))),
        ("kernel flipped left to right", turned(lambda kernel: kernel[:, ::-1])),
        ("rows and columns of the kernel swapped", lambda image, kernel: correlate_number_by_number(
            image, kernel, cell=lambda i, j, K, L: (j, i))),
        ("rows and columns of the kernel swapped", turned(np.transpose)),
        ("output transposed", lambda image, kernel: correlate_number_by_number(image, kernel, swap=True)),
        ("off by one at the border", lambda image, kernel: correlate_number_by_number(image, kernel, ends=(0, 0))),
        ("off by one at the border", lambda image, kernel: correlate_number_by_number(image, kernel, ends=(1, 0))),
        ("off by one at the border", lambda image, kernel: correlate_number_by_number(image, kernel, ends=(0, 1))),
        ("off by one at the border", correlate_stopping_early),
        ("windows side by side", correlate_blocks),
        ("return inside a loop", correlate_returning_early),
        ("return inside a loop", partial(correlate_returning_early, after="a row")),
        ("return inside a loop", correlate_into_a_list_returning_early),
        ("return inside a loop", partial(correlate_into_a_list_returning_early, after="a sum")),
        ("output as large as the image", correlate_into_a_full_image),
        ("output as large as the image", partial(correlate_by_scipy, mode="same")),
        ("output as large as the image", lambda image, kernel: scipy.ndimage.correlate(
            image.astype(float), kernel.astype(float))),
        ("slides over the edge", partial(correlate_by_scipy, mode="full")),
        ("slides over the edge", lambda image, kernel: BEHIND(image, kernel)),
        ("runs past the border", correlate_every_pixel),
        ("runs past the border", correlate_every_window),
        ("not added up", lambda image, kernel: sliding_window_view(image, kernel.shape) * kernel),
        ("added along one axis only", correlate_summed_by_python),
        ("added along one axis only", lambda image, kernel: (
            sliding_window_view(image, kernel.shape) * kernel).sum(axis=2)),
        ("mean instead of sum", lambda image, kernel: correlate_by_scipy(image, kernel) / kernel.size),
        ("mean instead of sum", lambda image, kernel: correlate_as_rows_of_lists(
            image, kernel, lambda window, kernel: (window * kernel).mean())),
        ("matrix product", lambda image, kernel: correlate_as_rows_of_lists(
            image, kernel, lambda window, kernel: np.dot(window, kernel).sum())),
        ("negative sums lost", lambda image, kernel: abs(correlate_by_scipy(image, kernel))),
        ("negative sums lost", lambda image, kernel: torch.relu(correlate_by_torch(image, kernel))),
        ("output in the image's own dtype", correlate_in_a_copy_of_its_type),
        ("output in the image's own dtype", correlate_in_python_numbers_of_its_type),
        ("output in the image's own dtype", lambda image, kernel: correlate_as_rows_of_lists(
            image, kernel).astype(image.dtype)),
        ("whole numbers only", lambda image, kernel: correlate_number_by_number(image, kernel, dtype=int)),
        ("products in 8 bits", correlate_with_a_narrow_kernel),
        ("image changed on the way", correlate_over_the_image),
        ("image changed on the way", correlate_windows_in_place),
        ("kernel taken for a square", correlate_square_kernels),
        ("3 × 3 written into the code", correlate_three_by_three),
        ("image taken for a square", correlate_square_images),
    ],
    "convolve": [
        ("kernel not flipped", correlate_by_scipy),
        ("kernel not flipped", correlate_number_by_number),
        ("flipped top to bottom only", turned(lambda kernel: np.flip(kernel, axis=0), correlate_by_shifts)),
        ("flipped top to bottom only", turned(lambda kernel: np.array(list(reversed(kernel))))),
        ("flipped left to right only", turned(lambda kernel: np.flip(kernel, 1), correlate_by_shifts)),
        ("transposed instead of flipped", turned(lambda kernel: kernel.T)),
        ("turned by 90 degrees", turned(lambda kernel: np.rot90(kernel, -1))),
        ("turned by 90 degrees", turned(lambda kernel: kernel.T[::-1])),
        ("image flipped as well", lambda image, kernel: correlate_by_scipy(image[::-1, ::-1], kernel[::-1, ::-1])),
        ("image flipped as well", lambda image, kernel: np.rot90(correlate_by_scipy(image, kernel), 2)),
        ("image flipped instead of the kernel",
         lambda image, kernel: correlate_by_shifts(image[::-1, ::-1], kernel)),
        ("minus zero is zero",
         lambda image, kernel: correlate_number_by_number(image, kernel, cell=lambda i, j, K, L: (-i, -j))),
        ("sign changed", turned(lambda kernel: -kernel)),
        ("slides over the edge", partial(convolve_by_scipy, mode="full")),
        ("kernel flipped in place", convolve_flipping_in_place),
    ],
    "pad": [
        ("padding on one side only", pad_into(lambda width: width, grow=1)),
        ("padding on one side only", pad_with_other_widths(lambda width: 0, lambda width: width)),
        ("padded along one axis only", pad_rows_only),
        ("padded along one axis only", lambda image, width, border: pad_rows_only(image.T, width, border).T),
        ("image in the corner", pad_into(lambda width: 0)),
        ("image does not grow", pad_painting_zeros),
        ("image does not grow", lambda image, width, border: image.copy()),
        ("frame twice as wide",
         lambda image, width, border: pad_into(lambda width: 2 * width, grow=4)(image, width, "zeros")),
        ("always one pixel", lambda image, width, border: np.pad(image, 1, mode=MODES[border])),
        ("edge pixel repeated in the mirror", lambda image, width, border: pad_by_index(
            image, width, border, lambda place, size: min(place if place >= 0 else -1 - place,
                                                          2 * size - 1 - place))),
        ("edge value repeated", lambda image, width, border: pad_by_index(
            image, width, border, lambda place, size: min(max(place, 0), size - 1))),
        ("goes on at the other side",
         lambda image, width, border: pad_by_index(image, width, border, lambda place, size: place % size)),
        ("copied, not mirrored", pad_copying),
        ("corners left empty", pad_without_corners),
        ("zeros in both", lambda image, width, border: np.pad(image, width)),
        ("mirror in both", lambda image, width, border: pad_by_torch(image, width, "reflect")),
        ("ones instead of zeros", lambda image, width, border: pad_by_index(image, width, border, frame=1)),
        ("fractions cut off", pad_into(lambda width: width, dtype=int)),
        ("fractions cut off", lambda image, width, border: pad_by_index(image, width, border).astype(np.int32)),
        ("fails at width 0", pad_with_negative_slices),
    ],
    "output_size": [
        ("not rounded down", lambda *given: steps(*given) + 1),
        ("rounded up", lambda *given: math.ceil(steps(*given)) + 1),
        ("rounded up", lambda *given: int(np.ceil(steps(*given) + 1))),
        ("rounded to the nearest", lambda *given: int(np.round(steps(*given) + 1))),
        ("rounded to the nearest", lambda *given: int(np.round(steps(*given))) + 1),
        ("rounded to the nearest", lambda *given: math.floor(steps(*given) + 0.5) + 1),
        ("first position forgotten", lambda *given: size_by_torch(*given) - 1),
        ("first position forgotten", lambda *given: math.floor(steps(*given))),
        ("one added before the division",
         lambda size, kernel_size, stride, padding, dilation:
         (size + 2 * padding - dilation * (kernel_size - 1)) // stride),
        ("padding counted once",
         lambda size, kernel_size, stride, padding, dilation:
         (size + padding - dilation * (kernel_size - 1) - 1) // stride + 1),
        ("padding forgotten", size_changed(padding=lambda given: 0)),
        ("padding taken away",
         lambda size, kernel_size, stride, padding, dilation:
         math.floor((size - 2 * padding - dilation * (kernel_size - 1) - 1) / stride) + 1),
        ("stride forgotten", size_changed(stride=lambda given: 1)),
        ("dilation forgotten", size_changed(dilation=lambda given: 1)),
        ("dilation times the kernel size",
         lambda size, kernel_size, stride, padding, dilation:
         math.floor((size + 2 * padding - kernel_size * dilation) / stride + 1)),
        ("dilation taken for stride",
         lambda size, kernel_size, stride, padding, dilation:
         1 + (size + 2 * padding - kernel_size) // (stride * dilation)),
        ("kernel forgotten",
         lambda size, kernel_size, stride, padding, dilation: int((padding + size + padding) / stride)),
        ("kernel forgotten", lambda size, kernel_size, stride, padding, dilation: math.ceil(size / stride)),
        ("kernel forgotten", size_changed(kernel_size=lambda given: 1)),
        ("kernel one too small",
         lambda size, kernel_size, stride, padding, dilation:
         (size + 2 * padding - dilation * (kernel_size - 1)) // stride + 1),
        ("kernel one too large",
         lambda size, kernel_size, stride, padding, dilation:
         (size + 2 * padding - dilation * (kernel_size - 1) - 2) // stride + 1),
        ("a whole number as a float", lambda *given: np.floor(steps(*given)) + 1),
        ("a whole number as a float", lambda *given: steps(*given) // 1 + 1),
    ],
    "strided": [
        ("stride applied to the kernel", lambda image, kernel, stride, padding: strided_by_torch(
            image, kernel, 1, padding, dilation=stride if min(image.shape) + 2 * padding > 2 * stride else 1)),
        ("stride along one axis only", lambda image, kernel, stride, padding: strided_by_torch(
            image, kernel, (1, stride), padding)),
        ("stride along one axis only", lambda image, kernel, stride, padding: strided_from_scipy(
            image, kernel, 1, padding)[::stride]),
        ("stride forgotten", lambda image, kernel, stride, padding: strided_by_torch(image, kernel, 1, padding)),
        ("window not moved by the stride",
         lambda *given: strided_by_loops(*given, start=lambda place, stride: place)),
        ("image thinned out first", lambda image, kernel, stride, padding: correlate_by_scipy(
            np.pad(image, padding)[::stride, ::stride], kernel)),
        ("image thinned out first", lambda image, kernel, stride, padding: strided_by_torch(
            image, kernel, stride, padding, dilation=stride)),
        ("image thinned out first", lambda image, kernel, stride, padding: correlate_by_shifts(
            np.pad(image[::stride, ::stride], padding), kernel)),
        ("window thinned out", strided_taking_every_second_pixel_of_the_window),
        ("stride counted twice", strided_by_range),
        ("stride counted twice", partial(strided_by_range, to=lambda place, stride: place)),
        ("stride counted twice", partial(strided_by_range, window=lambda place, stride: place * stride,
                                         to=lambda place, stride: place)),
        ("sums where their windows begin", partial(
            strided_by_range, counted=False, to=lambda place, stride: place, apart=True)),
        ("sums where their windows begin", partial(strided_by_range, counted=False, to=lambda place, stride: place)),
        ("positions of stride 1", strided_with_too_many_positions),
        ("first position skipped", lambda image, kernel, stride, padding: strided_from_scipy(
            image, kernel, 1, padding)[1::stride, 1::stride]),
        ("first position skipped", lambda image, kernel, stride, padding: strided_from_scipy(
            image, kernel, 1, padding)[stride - 1::stride, stride - 1::stride]),
        ("padding forgotten", lambda image, kernel, stride, padding: strided_by_torch(image, kernel, stride, 0)),
        ("frame around the result", lambda image, kernel, stride, padding: functional.pad(
            torch.tensor(strided_by_torch(image, kernel, stride, 0)), (padding,) * 4)),
        ("mirror instead of zeros", partial(
            strided_by_loops, frame=lambda image, padding: np.pad(image, padding, mode="reflect"))),
        ("padding on one side only", lambda image, kernel, stride, padding: strided_from_scipy(
            np.pad(image, ((padding, 0), (padding, 0))), kernel, stride, 0)),
        ("padding on one side only", lambda image, kernel, stride, padding: strided_from_scipy(
            np.pad(image, ((0, padding), (0, padding))), kernel, stride, 0)),
        ("frame twice as wide",
         lambda image, kernel, stride, padding: strided_from_scipy(image, kernel, stride, 2 * padding)),
        ("size without the padding", strided_without_the_frames_positions),
        ("padding counted twice", strided_counting_the_frame_twice),
        ("off by one at the border", strided_a_position_short),
        ("off by one at the border", lambda *given: strided_by_torch(*given)[:-1]),
        ("kernel flipped", lambda image, kernel, stride, padding: BEHIND(
            np.pad(image, padding), kernel, "valid")[::stride, ::stride]),
        ("image taken for a square", strided_squares),
    ],
    "conv_layer": [
        ("channels not summed", layer_of_separate_maps),
        ("channels not summed", lambda *given: np.array(layer_of_separate_maps_with_bias(*given))),
        ("channels not summed", lambda *given: np.concatenate(layer_of_separate_maps(*given))),
        ("channels averaged", lambda image, weights, bias: layer_by_torch(image, weights / len(image), bias)),
        ("channels averaged", lambda *given: np.mean(layer_of_separate_maps_with_bias(*given), axis=1)),
        ("only one channel", partial(layer_by_loops, channels=[0])),
        ("only one channel", lambda image, weights, bias: layer_by_torch(image[-1:], weights[:, -1:], bias)),
        ("one kernel for all channels", partial(layer_by_loops, kernel=lambda weights, o, c: weights[o, 0])),
        ("largest channel instead of the sum", lambda *given: np.max(layer_of_separate_maps_with_bias(*given), axis=1)),
        ("bias forgotten", lambda image, weights, bias: layer_by_torch(image, weights, np.zeros(len(bias)))),
        ("bias added for every channel", partial(
            layer_by_loops, start=lambda bias, o: 0, each=lambda bias, o: bias[o])),
        ("bias added for every channel", lambda *given: np.sum(layer_of_separate_maps_with_bias(*given), axis=1)),
        ("one bias for all filters", partial(layer_by_loops, start=lambda bias, o: bias[0])),
        ("one bias for all filters", partial(layer_by_loops, start=lambda bias, o: sum(bias))),
        ("bias along the wrong axis", lambda image, weights, bias: layer_by_windows(image, weights, 0 * bias) + bias),
        ("bias subtracted", lambda image, weights, bias: layer_by_torch(image, weights, -bias)),
        ("bias multiplied", lambda image, weights, bias: layer_by_windows(
            image, weights, 0 * bias) * bias[:, None, None]),
        ("filters and channels exchanged", partial(layer_by_loops, kernel=lambda weights, o, c: weights[c, o])),
        ("filters added up", lambda *given: layer_by_torch(*given).sum(dim=0)),
        ("only one filter", lambda *given: layer_by_torch(*given)[0]),
        ("only one filter", lambda image, weights, bias: layer_by_torch(image, weights[:1], bias[:1])),
        ("only one filter", layer_returning_early),
        ("a list instead of an array", lambda *given: [one.numpy() for one in layer_by_torch(*given)]),
        ("a list instead of an array", lambda *given: list(layer_by_windows(*given))),
        ("filters at the end", lambda *given: layer_by_torch(*given).permute(1, 2, 0)),
        ("an axis too many", lambda *given: layer_by_torch(*given)[None]),
        ("kernels flipped", partial(layer_by_loops, kernel=lambda weights, o, c: np.rot90(weights[o, c], 2))),
        ("ReLU applied", lambda *given: torch.relu(layer_by_torch(*given))),
    ],
    "edge_detector": [
        ("never answers", lambda: np.zeros((9, 9))),
        ("brightness, not an edge", lambda: filters.gaussian(5, 1.0)),
        ("brightness, not an edge", lambda: np.ones((3, 3))),
        ("weights do not cancel", lambda: [[-1, 0, 1], [-2, 1, 2], [-1, 0, 1]]),
        ("weights do not cancel", lambda: [[-0.33, 0, 0.34], [-0.34, 0, 0.34], [-0.33, 0, 0.33]]),
        ("weights do not cancel", lambda: [[-0.333, 0, 1 / 3]] * 3),
        ("weights do not cancel", lambda: filters.KERNELS["sharpen"]),
        ("horizontal edges instead of vertical ones", lambda: filters.KERNELS["Sobel y"]),
        ("horizontal edges instead of vertical ones", lambda: [[-1] * 5, [-1] * 5, [0] * 5, [1] * 5, [1] * 5]),
        ("left and right weigh the same", lambda: [[-1, 2, -1]] * 3),
        ("left and right weigh the same", lambda: [[0, -1, 2, -1, 0, 0, 0]] * 7),
        ("left and right weigh the same", lambda: spot(7)),
        ("slanted", lambda: torch.tensor([[2, 1, 0], [1, 0, -1], [0, -1, -2]])),
        ("drowns in noise", lambda: [[1, -1, 0], [-1, 1, 0], [0, 0, 0]]),
    ],
    "nodule_detector": [
        ("never answers", lambda: spot(5, 3, 0.0, 0.0)),
        ("brightness, not a spot", lambda: filters.gaussian(7, 1.0)),
        ("brightness, not a spot", lambda: np.ones((9, 9))),
        ("brightness, not a spot", lambda: filters.KERNELS["plus"]),
        ("weights do not cancel", lambda: spot(7, rest=-0.1)),
        ("weights do not cancel", lambda: spot(7, rest=-1.0)),
        ("weights do not cancel", lambda: filters.KERNELS["sharpen"]),
        ("edge instead of spot", lambda: filters.KERNELS["vertical edge"]),
        ("edge instead of spot", lambda: [[0, 1, 2], [-1, 0, 1], [-2, -1, 0]]),
        ("spot beside the middle", lambda: spot(9, at=(0, 3))),
        ("dark spots instead of bright ones", lambda: filters.KERNELS["Laplace"]),
        ("weights do not cancel", lambda: [[-0.11, -0.11, -0.11], [-0.11, 0.89, -0.11], [-0.11, -0.11, -0.11]]),
        ("a line instead of a spot", lambda: [[-1, -1, -1], [2, 2, 2], [-1, -1, -1]]),
        ("a line instead of a spot", lambda: np.outer([1, 2, 1], [-1, 2, -1])),
        ("a line instead of a spot", lambda: [[0, 0, 0], [-1, 2, -1], [0, 0, 0]]),
        ("a line instead of a spot", lambda: torch.tensor([[-1.0] * 3, [-1] * 3, [4] * 3, [-1] * 3, [-1] * 3])),
        ("a line instead of a spot", lambda: [[-1, -1, 2], [-1, 2, -1], [2, -1, -1]]),
        ("a line instead of a spot", lambda: 8 * np.eye(5) - 5 * np.eye(5, k=1) - 5 * np.eye(5, k=-1)),
        ("a line instead of a spot", lambda: [[-1, 2, -1]] * 9),
        ("a line instead of a spot", lambda: [[1, -2, 1], [-2, 4, -2], [1, -2, 1]]),
        ("too wide for these nodules", lambda: spot(9, 7)),
        ("misses too many", far_surround),
    ],
    "median_filter": [
        ("mean instead of median", lambda image, size: scipy.ndimage.uniform_filter(
            image.astype(float), size, mode="mirror")),
        ("median of medians", median_of_row_medians),
        ("median of medians", lambda image, size: median_by_scipy(median_by_scipy(image, (size, 1)), (1, size))),
        ("along one axis only", lambda image, size: median_by_scipy(image, (1, size))),
        ("along one axis only", lambda image, size: median_by_scipy(image, (size, 1))),
        ("along one axis only", partial(median_of_each, lambda window: np.sort(window)[
            len(window) // 2, len(window) // 2])),
        ("along one axis only", partial(median_of_each, lambda window: np.sort(window, axis=0)[
            len(window) // 2, len(window) // 2])),
        ("along one axis only", partial(median_of_each, lambda window: np.sort(window).ravel()[window.size // 2])),
        ("sorted, and still a square", partial(median_of_each, lambda window: np.sort(window)[window.size // 2])),
        ("sorted, and still a square", partial(median_of_each, lambda window: np.sort(window)[len(window) // 2])),
        ("sorted, and still a square", lambda image, size: np.sort(sliding_window_view(
            np.pad(image, size // 2, mode="reflect"), (size, size)))[:, :, size // 2]),
        ("return inside a loop", median_returning_early),
        ("return inside a loop", partial(median_returning_early, after="a pixel")),
        ("middle without sorting", lambda image, size: np.pad(image, size // 2, mode="reflect")[
            size // 2:size // 2 + image.shape[0], size // 2:size // 2 + image.shape[1]]),
        ("one place beside the middle", partial(median_by_sorting, place=lambda count: (count - 1) // 2 - (count > 1))),
        ("one place beside the middle", partial(
            median_by_sorting, place=lambda count: min(count // 2 + 1, count - 1))),
        ("largest or smallest pixel", lambda image, size: scipy.ndimage.maximum_filter(image, size, mode="mirror")),
        ("largest or smallest pixel", lambda image, size: scipy.ndimage.minimum_filter(image, size, mode="mirror")),
        ("pixel itself left out", median_without_itself),
        ("zeros around the image", partial(median_by_scipy, mode="constant")),
        ("edge pixel repeated", scipy.ndimage.median_filter),
        ("edge pixel repeated", partial(median_by_scipy, mode="nearest")),
        ("output too small", lambda image, size: np.median(sliding_window_view(image, (size, size)), axis=(2, 3))),
        ("border not filtered", lambda image, size: median_where_it_fits(image, size, image.astype(float))),
        ("border not filtered", lambda image, size: median_where_it_fits(image, size, np.zeros(image.shape))),
        ("filtered pixels used again", median_running),
        ("written into the image", median_into_the_image),
        ("one median for all", lambda image, size: np.median(image)),
        ("one median for all", lambda image, size: image * 0 + np.median(image)),
        ("3 × 3 written into the code", lambda image, size: median_by_sorting(image, 3)),
        ("neighbourhood twice as wide", lambda image, size: median_by_scipy(image, 2 * size + 1)),
    ],
    "layer_costs": [
        ("multiplications without positions", costs_with(lambda n, ins, outs, k: (None, k * k * ins * outs))),
        ("parameters counted at every position", costs_with(
            lambda n, ins, outs, k: (n * outs * (k * k * ins + 1), None))),
        ("one bias per position", costs_with(lambda n, ins, outs, k: (outs * (k * k * ins + n), None))),
        ("biases forgotten", costs_with(lambda n, ins, outs, k: (k * k * ins * outs, None),
                                        lambda n, ins, outs, k: (n * ins * n * outs, None))),
        ("dense biases forgotten", costs_with(dense_of=lambda n, ins, outs, k: (n * ins * n * outs, None))),
        ("biases of the filters forgotten", costs_with(lambda n, ins, outs, k: (k**2 * ins * outs, None))),
        ("one bias per channel of a filter", costs_with(lambda n, ins, outs, k: ((k * k + 1) * ins * outs, None))),
        ("one bias for the layer", costs_with(lambda n, ins, outs, k: (1 + k * k * ins * outs, None))),
        ("one dense bias per channel", costs_with(dense_of=lambda n, ins, outs, k: (n * ins * n * outs + outs, None))),
        ("kernel size not squared", costs_with(lambda n, ins, outs, k: (k * ins * outs + outs, None))),
        ("kernel size not squared", costs_with(lambda n, ins, outs, k: (None, k * ins * outs * n))),
        ("channels of the input forgotten", costs_with(lambda n, ins, outs, k: (k * k * outs + outs, None))),
        ("one filter only", costs_with(lambda n, ins, outs, k: (None, k * k * ins * n))),
        ("biases multiplied", costs_with(lambda n, ins, outs, k: (None, n * outs * (k * k * ins + 1)))),
        ("biases multiplied", costs_with(dense_of=lambda n, ins, outs, k: (None, n * outs * (n * ins + 1)))),
        ("a count is a whole number", lambda *given: {
            name: count * 1.0 for name, count in costs_by_torch(*given).items()}),
        ("a count is a whole number", costs_with(lambda n, ins, outs, k: (n * outs * (k * k * ins + 1) / n, None))),
        ("a count is a whole number", lambda *given: {
            name: np.float64(count) for name, count in costs_by_torch(*given).items()}),
        ("biases of the inputs", costs_with(dense_of=lambda n, ins, outs, k: (n * ins * (n * outs + 1), None))),
        ("kernel size not squared", costs_with(
            lambda n, ins, outs, k: (outs * (k * ins + 1), n * k * ins * outs))),
        ("channels of the input forgotten", costs_with(
            lambda n, ins, outs, k: (outs * (k * k + 1), n * k * k * outs))),
        ("one filter only", costs_with(lambda n, ins, outs, k: (k * k * ins + outs, n * k * k * ins))),
        ("frame forgotten", costs_without_a_frame),
        ("biases multiplied", costs_with(lambda n, ins, outs, k: (None, n * outs * (k * k * ins + 1)),
                                         lambda n, ins, outs, k: (None, n * outs * (n * ins + 1)))),
        ("dense layer with one output per channel", costs_with(
            dense_of=lambda n, ins, outs, k: (outs * (n * ins + 1), outs * n * ins))),
        ("channels left out of the dense layer", costs_with(
            dense_of=lambda n, ins, outs, k: (n * (n + 1), n * n))),
        ("dense and convolution exchanged", costs_exchanged),
    ],
    "shift_error": [
        ("margin not removed", partial(shift_error_by, cut=lambda picture: picture)),
        ("margin on one side only", shift_error_cropped(lambda picture, margin: picture[margin:, margin:])),
        ("margin on one side only", shift_error_cropped(lambda picture, margin: picture[margin:len(picture) - margin])),
        ("margin cut off before filtering", lambda image, operation, shift, margin: shift_error_number_by_number(
            image[margin:len(image) - margin, margin:image.shape[1] - margin], operation, shift, 0)),
        ("fails at margin 0", shift_error_cropped(lambda picture, margin: picture[margin:-margin, margin:-margin])),
        ("image taken for a square", shift_error_cropped(
            lambda picture, margin: picture[margin:len(picture) - margin, margin:len(picture) - margin])),
        ("image taken for a square", shift_error_cropped(
            lambda picture, margin: picture[margin:picture.shape[1] - margin, margin:picture.shape[1] - margin])),
        ("first way shifted back", shift_error_back_again),
        ("np.roll without axis", shift_error_rolled_flat),
        ("np.roll without axis", partial(shift_error_rolled_flat, first=(0, 1))),
        ("difference of the largest", shift_error_of_the_largest),
        ("only one of the two is shifted", partial(shift_error_by, second=lambda shift: (0, 0))),
        ("image never shifted", partial(shift_error_by, first=lambda shift: (0, 0))),
        ("same thing compared twice", lambda image, operation, shift, margin: np.abs(
            operation(np.roll(image, shift)) - operation(np.roll(image, shift))).max()),
        ("shifted the other way", partial(shift_error_by, second=lambda shift: (-shift[0], -shift[1]))),
        ("rows and columns of the shift exchanged", partial(
            shift_error_by, first=lambda shift: (shift[1], shift[0]), second=lambda shift: (shift[1], shift[0]))),
        ("shifted along one axis only", partial(
            shift_error_by, first=lambda shift: (shift[0], 0), second=lambda shift: (shift[0], 0))),
        ("shifted along one axis only", partial(
            shift_error_by, first=lambda shift: (0, shift[1]), second=lambda shift: (0, shift[1]))),
        ("sign of the difference kept", partial(shift_error_by, of=lambda one, other: (one - other).max())),
        ("sign of the difference kept", partial(shift_error_by, of=lambda one, other: np.max(other - one))),
        ("mean instead of the largest", partial(shift_error_by, of=lambda one, other: np.mean(abs(one - other)))),
        ("sum instead of the largest", partial(shift_error_by, of=lambda one, other: np.abs(one - other).sum())),
        ("squared difference", partial(shift_error_by, of=lambda one, other: np.max((one - other)**2))),
        ("squared difference", partial(shift_error_by, of=lambda one, other: np.mean((one - other)**2))),
        ("yes or no instead of a number", partial(shift_error_by, of=np.allclose)),
        ("yes or no instead of a number", partial(shift_error_by, of=lambda one, other: (one == other).all())),
        ("a picture instead of a number", partial(shift_error_by, of=lambda one, other: np.abs(one - other))),
    ],
}

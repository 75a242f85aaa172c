"""Lab 4, exercises 1 to 3, as learners write them: pooling, receptive fields, LeNet-5.

RIGHT : exercise -> answers that differ from the reference in code and must pass; some are oracles.
WRONG : exercise -> (name of the mistake, answer) pairs, in code that is not the mutant's.
"""
import math
from collections import OrderedDict
from functools import partial
from itertools import pairwise

import numpy as np
import scipy.ndimage
import skimage.measure
import torch
from torch import nn
from torch.nn import functional

# pooling ---------------------------------------------------------------------------------------------------------

def pool_by_torch(feature_map, size, stride, of=functional.max_pool2d, **settings):
    maps = torch.tensor(np.array(feature_map, float))[None, None]
    return of(maps, size, stride, **settings)[0, 0]


def pool_by_skimage(feature_map, size, stride):
    """Windows side by side by the library, others by loops."""
    if size != stride:
        return pool_row_by_row(feature_map, size, stride)
    rows, columns = (length // size * size for length in feature_map.shape)
    return skimage.measure.block_reduce(feature_map[:rows, :columns], size, np.max)


def pool_row_by_row(feature_map, size, stride, of=max, ends=(1, 1), side=lambda size, stride: size):
    """Lists of lists; what is done with a window, where the loops end and its side may be changed."""
    H, W = feature_map.shape
    width, result = side(size, stride), []
    for r in range(0, H - size + ends[0], stride):
        line = []
        for c in range(0, W - size + ends[1], stride):
            line.append(of([feature_map[i, j] for i in range(r, min(r + width, H))
                            for j in range(c, min(c + width, W))]))
        result.append(line)
    return np.array(result)


def pool_number_by_number(feature_map, size, stride, start=-math.inf):
    """The search for the largest number begins at `start`."""
    H, W = feature_map.shape
    result = np.zeros(((H - size) // stride + 1, (W - size) // stride + 1))
    for r, c in np.ndindex(result.shape):
        largest = start
        for i, j in np.ndindex(size, size):
            largest = max(largest, feature_map[r * stride + i, c * stride + j])
        result[r, c] = largest
    return result


def pool_by_shifts(feature_map, size, stride):
    """The maximum of size × size thinned copies of the map."""
    H, W = feature_map.shape
    rows, columns = (H - size) // stride + 1, (W - size) // stride + 1
    shifted = [feature_map[i:i + rows * stride:stride, j:j + columns * stride:stride][:rows, :columns]
               for i, j in np.ndindex(size, size)]
    return np.maximum.reduce(shifted)


def pool_to_the_end(feature_map, size, stride, of=np.max):
    """Windows wherever one begins inside the map."""
    H, W = feature_map.shape
    return np.array([[of(feature_map[r:r + size, c:c + size]) for c in range(0, W, stride)]
                     for r in range(0, H, stride)])


def pool_counting_by_division(feature_map, size, stride):
    rows, columns = feature_map.shape[0] // stride, feature_map.shape[1] // stride
    output = np.zeros((rows, columns))
    for r, c in np.ndindex(rows, columns):
        output[r, c] = feature_map[r * stride:r * stride + size, c * stride:c * stride + size].max()
    return output


def pool_into(feature_map, size, stride, rows, columns, top=None, dtype=float):
    """An output of rows × columns; top(row, stride) is where a window begins."""
    top = top or (lambda place, stride: place * stride)
    output = np.zeros((rows, columns), dtype)
    for r, c in np.ndindex(rows, columns):
        a, b = top(r, stride), top(c, stride)
        output[r, c] = np.amax(feature_map[a:a + size, b:b + size])
    return output


def right_size(feature_map, size, stride):
    return tuple((length - size) // stride + 1 for length in feature_map.shape)


def pool_into_of_right_size(feature_map, size, stride, **settings):
    return pool_into(feature_map, size, stride, *right_size(feature_map, size, stride), **settings)


def pool_counting_short(feature_map, size, stride):
    rows, columns = ((length - size) // stride for length in feature_map.shape)
    return pool_into(feature_map, size, stride, rows, columns)


def pool_counting_by_size(feature_map, size, stride):
    return pool_into(feature_map, size, stride, feature_map.shape[0] // size, feature_map.shape[1] // size)


def pool_square(feature_map, size, stride):
    side = (feature_map.shape[0] - size) // stride + 1
    return pool_into(feature_map, size, stride, side, side)


def pool_square_by_columns(feature_map, size, stride):
    side = (len(feature_map[0]) - size) // stride + 1
    return pool_into(feature_map, size, stride, side, side)


def pool_returning_in_the_loop(feature_map, size, stride):
    output = np.zeros(right_size(feature_map, size, stride))
    for r in range(output.shape[0]):
        for c in range(output.shape[1]):
            output[r, c] = feature_map[r * stride:r * stride + size, c * stride:c * stride + size].max()
        return output


def pool_returning_at_once(feature_map, size, stride):
    for r in range(feature_map.shape[0]):
        for c in range(feature_map.shape[1]):
            return feature_map[r:r + size, c:c + size].max()


def pool_in_place(feature_map, size, stride):
    for r, c in np.ndindex(right_size(feature_map, size, stride)):
        window = feature_map[r * stride:r * stride + size, c * stride:c * stride + size]
        feature_map[r, c] = window.max()
    return feature_map[:r + 1, :c + 1]


def pool_with_a_frame(feature_map, size, stride, width=lambda size: size // 2):
    return pool_row_by_row(np.pad(feature_map, width(size)), size, stride)


def pool_filled_up(feature_map, size, stride):
    H, W = feature_map.shape
    framed = np.zeros((H + (-(H - size)) % stride, W + (-(W - size)) % stride))
    framed[:H, :W] = feature_map
    return pool_row_by_row(framed, size, stride)


def pool_transposed(feature_map, size, stride):
    rows, columns = right_size(feature_map, size, stride)
    output = np.empty((columns, rows))
    for r, c in np.ndindex(rows, columns):
        output[c, r] = feature_map[r * stride:r * stride + size, c * stride:c * stride + size].max()
    return output


def pool_unpacked_the_wrong_way(feature_map, size, stride):
    W, H = feature_map.shape
    output = np.zeros(((H - size) // stride + 1, (W - size) // stride + 1))
    for r, c in np.ndindex(output.shape):
        output[r, c] = np.max(feature_map[r * stride:r * stride + size, c * stride:c * stride + size])
    return output


def pool_unpacked_the_wrong_way_in_python(feature_map, size, stride):
    W, H = feature_map.shape
    return np.array([[max(feature_map[r + i][c + j] for i in range(size) for j in range(size))
                      for c in range(0, W - size + 1, stride)] for r in range(0, H - size + 1, stride)])


def pool_columns(feature_map, size, stride):
    H = feature_map.shape[0]
    return np.array([feature_map[r:r + size].max(axis=0) for r in range(0, H - size + 1, stride)])


def pool_rows(feature_map, size, stride):
    return pool_columns(feature_map.T, size, stride).T


def largest_in_size(window):
    return max(window, key=abs)


def pool_by_maximum_filter(feature_map, size, stride):
    """Windows around a pixel by the library; only those that lie inside are kept."""
    first = size // 2
    rows, columns = (slice(first, length - size + 1 + first, stride) for length in feature_map.shape)
    return scipy.ndimage.maximum_filter(feature_map, size)[rows, columns]


def pool_by_unfolding(feature_map, size, stride):
    return torch.tensor(feature_map.astype(float)).unfold(0, size, stride).unfold(1, size, stride).amax((2, 3))


def pool_rows_then_columns(feature_map, size, stride):
    H, W = feature_map.shape
    down = np.stack([feature_map[r:r + size].max(axis=0) for r in range(0, H - size + 1, stride)])
    return np.stack([down[:, c:c + size].max(axis=1) for c in range(0, W - size + 1, stride)], axis=1)


def pool_with_while(feature_map, size, stride):
    lines, r = [], 0
    while r + size <= len(feature_map):
        line, c = [], 0
        while c + size <= len(feature_map[0]):
            line.append(feature_map[r:r + size, c:c + size].max().item())
            c += stride
        lines.append(line)
        r += stride
    return np.array(lines)


def pool_around_pixels(feature_map, size, stride):
    return scipy.ndimage.maximum_filter(feature_map.astype(float), size, mode="constant", cval=-np.inf)[
        ::stride, ::stride]


def pool_into_the_shape_of_the_map(feature_map, size, stride):
    output = np.zeros_like(feature_map)
    for r in range(0, len(feature_map) - size + 1, stride):
        for c in range(0, feature_map.shape[1] - size + 1, stride):
            output[r, c] = feature_map[r:r + size, c:c + size].max()
    return output


def pool_at_places_of_the_map(feature_map, size, stride):
    """The place in the map serves as place in the output, which is too small for it."""
    output = np.zeros(right_size(feature_map, size, stride))
    for r in range(0, len(feature_map) - size + 1, stride):
        for c in range(0, feature_map.shape[1] - size + 1, stride):
            output[r, c] = feature_map[r:r + size, c:c + size].max()
    return output


def pool_in_steps_over_the_output(feature_map, size, stride):
    output = np.zeros(right_size(feature_map, size, stride))
    for r in range(0, output.shape[0], stride):
        for c in range(0, output.shape[1], stride):
            output[r, c] = feature_map[r:r + size, c:c + size].max()
    return output


def pool_ending_early(feature_map, size, stride):
    output = np.zeros(right_size(feature_map, size, stride))
    for i, r in enumerate(range(0, len(feature_map) - size, stride)):
        for j, c in enumerate(range(0, feature_map.shape[1] - size, stride)):
            output[i, j] = feature_map[r:r + size, c:c + size].max()
    return output


# receptive fields ------------------------------------------------------------------------------------------------

def field_backwards(layers):
    field = 1
    for kernel_size, stride in reversed(layers):
        field = (field - 1) * stride + kernel_size
    return field


def field_by_sum(layers):
    kernels, strides = [kernel for kernel, _ in layers], [stride for _, stride in layers]
    return 1 + sum((kernel - 1) * math.prod(strides[:place]) for place, kernel in enumerate(kernels))


def field_by_following(layers):
    """The first and the last pixel that the unit at 0 sees, layer by layer."""
    first = last = 0
    for kernel_size, stride in layers[::-1]:
        first, last = first * stride, last * stride + kernel_size - 1
    return last - first + 1


def field_by_gradient(layers):
    """From the first to the last pixel that moves a unit in the middle of a stack of ones."""
    length = 400
    signal = torch.zeros(1, 1, length, dtype=torch.float64, requires_grad=True)
    out = signal
    for kernel_size, stride in layers:
        out = functional.conv1d(out, torch.ones(1, 1, kernel_size, dtype=torch.float64), stride=stride)
    out[0, 0, out.shape[-1] // 3].backward()
    seen = torch.nonzero(signal.grad[0, 0])
    return int(seen[-1] - seen[0] + 1)


def field_recursive(layers):
    if not layers:
        return 1
    (kernel_size, stride), rest = layers[0], layers[1:]
    return kernel_size + (field_recursive(rest) - 1) * stride


def field_walk(layers, first=1, grows=lambda kernel, stride, jump: (kernel - 1) * jump,
               moves=lambda jump, stride: jump * stride):
    field, jump = first, 1
    for layer in layers:
        field = field + grows(layer[0], layer[1], jump)
        jump = moves(jump, layer[1])
    return field


def field_changing_the_jump_first(layers):
    field, jump = 1, 1
    for kernel, stride in layers:
        jump = jump * stride
        field = field + (kernel - 1) * jump
    return field


def field_forwards_with_the_other_formula(layers):
    field = 1
    for kernel, stride in layers:
        field = stride * (field - 1) + kernel
    return field


def field_keeping_one_stride(layers):
    field, before = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * before
        before = stride
    return field


def fields_of_all(layers, start=()):
    fields, jump = [*start], 1
    for kernel, stride in layers:
        fields.append((fields[-1] if fields else 1) + (kernel - 1) * jump)
        jump *= stride
    return fields


def field_from_the_first_layer(layers):
    field, jump = layers[0]
    for kernel, stride in layers[1:]:
        field += (kernel - 1) * jump
        jump *= stride
    return field


def field_returned_in_the_loop(layers):
    field = 1
    for kernel, _ in layers:
        field += kernel - 1
        return field
    return field


def field_without_the_last(layers):
    field, jump = 1, 1
    for place in range(len(layers) - 1):
        field += (layers[place][0] - 1) * jump
        jump *= layers[place][1]
    return field


def field_product(layers):
    field = 1
    for kernel, _ in layers:
        field *= kernel
    return field


def field_of_the_last(layers):
    field = 1
    for kernel, _ in layers:
        field = kernel
    return field


def field_by_pixels(layers):
    """The set of pixels that the unit at 0 reads; its ends are what counts."""
    pixels = {0}
    for kernel_size, stride in reversed(layers):
        pixels = {pixel * stride + cell for pixel in pixels for cell in range(kernel_size)}
    return max(pixels) - min(pixels) + 1


def field_by_cumulated_strides(layers):
    jumps = np.cumprod([1] + [stride for _, stride in layers])[:-1]
    return 1 + np.sum((np.array([kernel for kernel, _ in layers]) - 1) * jumps)


def field_in_floats(layers):
    field, jump = 1.0, 1.0
    for kernel_size, stride in layers:
        field, jump = field + (kernel_size - 1) * jump, jump * stride
    return field


def field_of_pixels_read(layers):
    seen = np.zeros(500)
    seen[0] = 1
    for kernel_size, stride in layers[::-1]:
        before = np.zeros(500)
        for unit in np.flatnonzero(seen):
            before[unit * stride:unit * stride + kernel_size] = 1
        seen = before
    return int(seen.sum())


def field_with_step(layers, step):
    """From the last layer to the first, by another formula."""
    field = 1
    for kernel_size, stride in layers[::-1]:
        field = step(field, kernel_size, stride)
    return field


def field_multiplied(layers, before=True):
    field = 1
    for kernel_size, stride in layers:
        field = (field + kernel_size - 1) * stride if before else field * stride + kernel_size - 1
    return field


def field_with_the_whole_jump(layers):
    jump = math.prod(stride for _, stride in layers)
    field = 1
    for kernel_size, _ in layers:
        field += (kernel_size - 1) * jump
    return field


def field_without_strided_layers(layers):
    field, jump = 1, 1
    for kernel_size, stride in layers:
        if stride == 1:
            field += (kernel_size - 1) * jump
        else:
            jump *= stride
    return field


# LeNet-5 ---------------------------------------------------------------------------------------------------------

def lenet(first=(1, 6, 5), second=(6, 16, 5), pool=lambda: nn.AvgPool2d(2), act=nn.ReLU, flatten=nn.Flatten,
          dense=((400, 120), (120, 84), (84, 10)), end=(), **conv):
    """LeNet-5 in which every part may be another one."""
    hidden = [layer for inputs, outputs in dense[:-1] for layer in (nn.Linear(inputs, outputs), act())]
    return nn.Sequential(nn.Conv2d(*first, **conv), act(), pool(), nn.Conv2d(*second, **conv), act(), pool(), flatten(),
                         *hidden, nn.Linear(*dense[-1]), *end)


def lenet_in_two_parts():
    features = nn.Sequential(nn.Conv2d(1, 6, 5), nn.MaxPool2d(2, 2), nn.ReLU(inplace=True),
                             nn.Conv2d(6, 16, (5, 5)), nn.MaxPool2d((2, 2)), nn.ReLU())
    dense = nn.Sequential(nn.Flatten(), nn.Linear(16 * 5 * 5, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(),
                          nn.Linear(84, 10))
    return nn.Sequential(features, dense)


def lenet_with_names():
    relu, pool = nn.ReLU(), nn.AvgPool2d(kernel_size=2, stride=2)
    return nn.Sequential(OrderedDict([
        ("C1", nn.Conv2d(1, 6, kernel_size=5, padding=0)), ("r1", relu), ("S2", pool), ("C3", nn.Conv2d(6, 16, 5)),
        ("r3", relu), ("S4", pool), ("flat", nn.Flatten(start_dim=1)), ("F5", nn.Linear(400, 120)), ("r5", relu),
        ("F6", nn.Linear(120, 84)), ("r6", relu), ("out", nn.Linear(84, 10))]))


def lenet_layer_by_layer(append=()):
    network, channels = nn.Sequential(), [1, 6, 16]
    for before, after in pairwise(channels):
        network.extend([nn.Conv2d(before, after, 5, padding="valid"), nn.ReLU(), nn.AdaptiveAvgPool2d(
            14 if after == 6 else 5)])
    network.append(nn.Flatten(-3))
    widths = [400, 120, 84]
    for before, after in pairwise(widths):
        network.extend([nn.Linear(before, after), nn.ReLU()])
    network.append(nn.Linear(84, 10))
    return network.extend(append)


def lenet_of_the_paper():
    return nn.Sequential(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(),
                         nn.AvgPool2d(2), nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten(), nn.Linear(120, 84), nn.Tanh(),
                         nn.Linear(84, 10))


class LeNet(nn.Module):
    """As one would write it in a project."""

    def __init__(self):
        super().__init__()
        self.parts = lenet()

    def forward(self, images):
        return self.parts(images)


def no_pool():
    return lenet(pool=nn.Identity, dense=((16 * 24 * 24, 120), (120, 84), (84, 10)))


def one_pool():
    return nn.Sequential(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.Flatten(),
                         nn.Linear(1600, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def one_relu_short():
    layers = list(lenet())
    del layers[8]
    return nn.Sequential(*layers)


def with_batch_norm():
    layers = list(lenet())
    layers.insert(1, nn.BatchNorm2d(6))
    return nn.Sequential(*layers)


def without_bias_in_the_last():
    return nn.Sequential(*list(lenet())[:-1], nn.Linear(84, 10, bias=False))


def lenet_lazy():
    """PyTorch finds out by itself how many numbers come in."""
    return nn.Sequential(nn.LazyConv2d(6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.LazyConv2d(16, 5), nn.ReLU(),
                         nn.MaxPool2d(2), nn.Flatten(), nn.LazyLinear(120), nn.ReLU(), nn.LazyLinear(84), nn.ReLU(),
                         nn.LazyLinear(10))


class LeNetInItself(nn.Sequential):
    """A class, and a Sequential all the same; in double precision, set to evaluation."""

    def __init__(self):
        super().__init__(*lenet())
        self.double().eval()


def lenet_pooled_before_relu():
    block = [(1, 6), (6, 16)]
    features = [layer for one in block for layer in (nn.Conv2d(*one, 5), nn.MaxPool2d(2), nn.ReLU())]
    return nn.Sequential(*features, *list(lenet())[6:])


def pools_together():
    """Both convolutions first, then both poolings."""
    c1, r1, p1, c2, r2, p2, *rest = lenet()
    return nn.Sequential(c1, r1, c2, r2, p1, p2, *rest)


def flatten_at_the_end():
    layers = list(lenet())
    return nn.Sequential(*layers[:6], *layers[7:], layers[6])


RIGHT = {
    "max_pool": [pool_by_torch, pool_by_skimage, pool_row_by_row, pool_number_by_number, pool_by_shifts,
                 pool_into_of_right_size, pool_by_maximum_filter, pool_by_unfolding,
                 pool_rows_then_columns, pool_with_while],
    "receptive_field": [field_backwards, field_by_sum, field_by_following, field_by_gradient, field_recursive,
                        field_walk, field_by_pixels, field_by_cumulated_strides, field_in_floats],
    "lenet5": [lenet, lenet_in_two_parts, lenet_with_names, lenet_layer_by_layer, lambda: lenet(
        pool=lambda: nn.MaxPool2d(2, stride=2)), lenet_lazy,
               LeNetInItself, lenet_pooled_before_relu],
}

WRONG = {
    "max_pool": [
        ("average instead of maximum", partial(pool_by_torch, of=functional.avg_pool2d)),
        ("average instead of maximum", partial(pool_row_by_row, of=np.mean)),
        ("minimum instead of maximum", partial(pool_row_by_row, of=min)),
        ("minimum instead of maximum", lambda feature_map, size, stride: -pool_by_torch(-feature_map, size, stride)),
        ("sum instead of maximum", partial(pool_row_by_row, of=sum)),
        ("place instead of value", partial(pool_row_by_row, of=np.argmax)),
        ("sign dropped", lambda feature_map, size, stride: pool_by_torch(abs(feature_map), size, stride)),
        ("sign dropped", partial(pool_row_by_row, of=largest_in_size)),
        ("maximum starts at zero", partial(pool_number_by_number, start=0)),
        ("maximum starts at zero", lambda feature_map, size, stride: pool_by_shifts(feature_map, size, stride).clip(0)),
        ("zeros in a frame", pool_with_a_frame),
        ("zeros in a frame", partial(pool_with_a_frame, width=lambda size: 1)),
        ("zeros in a frame", pool_filled_up),
        ("windows over the border", partial(pool_by_torch, ceil_mode=True)),
        ("windows over the border", pool_to_the_end),
        ("windows over the border", pool_counting_by_division),
        ("one window short", partial(pool_row_by_row, ends=(0, 0))),
        ("one window short", pool_counting_short),
        ("counted by the size", pool_counting_by_size),
        ("stride ignored", lambda feature_map, size, stride: pool_row_by_row(feature_map, size, 1)),
        ("stride taken for the size", lambda feature_map, size, stride: pool_by_torch(feature_map, size, None)),
        ("windows as large as the stride", partial(pool_row_by_row, side=lambda size, stride: stride)),
        ("windows as large as the stride", lambda feature_map, size, stride: pool_by_shifts(
            feature_map, stride, stride)),
        ("size and stride exchanged", lambda feature_map, size, stride: pool_by_torch(feature_map, stride, size)),
        ("window one too small", partial(pool_row_by_row, of=lambda window: max(window, default=0),
                                         side=lambda size, stride: size - 1)),
        ("window one too large", partial(pool_row_by_row, side=lambda size, stride: size + 1)),
        ("window not moved by the stride", partial(pool_into_of_right_size, top=lambda place, stride: place)),
        ("pixels dropped instead of pooled", lambda feature_map, size, stride: feature_map[::stride, ::stride]),
        ("pixels dropped instead of pooled", partial(pool_row_by_row, of=lambda window: window[0])),
        ("pooled along one axis only", pool_columns),
        ("pooled along one axis only", pool_rows),
        ("one maximum for the whole map", lambda feature_map, size, stride: max(map(max, feature_map))),
        ("returned too early", pool_returning_in_the_loop),
        ("returned too early", pool_returning_at_once),
        ("rows and columns swapped", pool_transposed),
        ("rows and columns swapped", pool_unpacked_the_wrong_way),
        ("rows and columns swapped", pool_unpacked_the_wrong_way_in_python),
        ("rows and columns swapped", lambda feature_map, size, stride: pool_by_torch(feature_map.T, size, stride)),
        ("map taken for a square", pool_square),
        ("map taken for a square", pool_square_by_columns),
        ("whole numbers only", partial(pool_into_of_right_size, dtype=int)),
        ("map changed on the way", pool_in_place),
        ("median instead of maximum", partial(pool_row_by_row, of=np.median)),
        ("sign dropped", lambda feature_map, size, stride: abs(pool_by_torch(feature_map, size, stride))),
        ("windows around a pixel", pool_around_pixels),
        ("one window short", pool_ending_early),
        ("output as large as the map", pool_into_the_shape_of_the_map),
        ("output as large as the map", lambda feature_map, size, stride: scipy.ndimage.maximum_filter(
            feature_map, size)),
        ("places in map and output mixed up", pool_at_places_of_the_map),
        ("places in map and output mixed up", pool_in_steps_over_the_output),
        ("all windows in one row", lambda *given: pool_row_by_row(*given).flatten()),
        ("whole numbers only", lambda *given: pool_by_shifts(*given).round()),
    ],
    "receptive_field": [
        ("jump forgotten", lambda layers: 1 + sum(kernel - 1 for kernel, _ in layers)),
        ("jump forgotten", lambda layers: sum(kernel for kernel, _ in layers) - len(layers) + 1),
        ("whole kernel added", partial(field_walk, grows=lambda kernel, stride, jump: kernel * jump)),
        ("whole kernel added", partial(field_walk, first=0, grows=lambda kernel, stride, jump: kernel * jump)),
        ("kernels added up", partial(field_walk, first=0, grows=lambda kernel, stride, jump: kernel)),
        ("kernels added up", partial(field_walk, grows=lambda kernel, stride, jump: kernel)),
        ("starts at 0", partial(field_walk, first=0)),
        ("stride before its own layer", field_changing_the_jump_first),
        ("stride before its own layer", partial(field_walk, grows=lambda kernel, stride, jump: (
            (kernel - 1) * jump * stride))),
        ("strides added", partial(field_walk, moves=lambda jump, stride: jump + stride)),
        ("strides added", partial(field_walk, moves=lambda jump, stride: jump + (stride - 1))),
        ("stride of one layer only", field_keeping_one_stride),
        ("stride of one layer only", partial(field_walk, moves=lambda jump, stride: stride)),
        ("jump instead of field", lambda layers: int(np.prod([stride for _, stride in layers], initial=1))),
        ("kernels multiplied", field_product),
        ("walked from the wrong end", field_forwards_with_the_other_formula),
        ("walked from the wrong end", lambda layers: field_by_sum(list(reversed(layers)))),
        ("kernel and stride exchanged", lambda layers: field_backwards([layer[::-1] for layer in layers])),
        ("last layer only", field_of_the_last),
        ("last layer only", lambda layers: layers[-1][0]),
        ("first layer only", field_returned_in_the_loop),
        ("first layer only", lambda layers: layers[0][0]),
        ("last layer left out", field_without_the_last),
        ("area instead of side", lambda layers: field_recursive(layers) * field_recursive(layers)),
        ("half of the field", lambda layers: (field_backwards(layers) - 1) / 2),
        ("half of the field", lambda layers: (field_backwards(layers) - 1) // 2),
        ("a list of all fields", fields_of_all),
        ("a list of all fields", partial(fields_of_all, start=(1,))),
        ("stops without layers", field_from_the_first_layer),
        ("no layer, no pixel", lambda layers: len(layers) and field_backwards(layers)),
        ("stride of one layer only", lambda layers: 1 + sum((kernel - 1) * stride for kernel, stride in layers)),
        ("all strides for every layer", field_with_the_whole_jump),
        ("field multiplied by the stride", field_multiplied),
        ("field multiplied by the stride", partial(field_multiplied, before=False)),
        ("one gap too many", partial(field_with_step, step=lambda field, kernel, stride: field * stride + kernel - 1)),
        ("one gap too many", partial(field_with_step, step=lambda field, kernel, stride: kernel + field * stride)),
        ("layers with a stride add nothing", field_without_strided_layers),
        ("gaps not counted", field_of_pixels_read),
        ("starts at 0", lambda layers: field_backwards(layers) - math.prod(stride for _, stride in layers)),
        ("half of the field", partial(field_walk, grows=lambda kernel, stride, jump: kernel // 2 * jump)),
    ],
    "lenet5": [
        ("softmax before cross-entropy", partial(lenet, end=(nn.Softmax(1),))),
        ("softmax before cross-entropy", partial(lenet, end=(nn.LogSoftmax(dim=-1),))),
        ("softmax before cross-entropy", lambda: lenet_layer_by_layer([nn.Softmax(dim=None)])),
        ("sigmoid at the end", partial(lenet, end=(nn.Sigmoid(),))),
        ("ReLU on the logits", partial(lenet, end=(nn.ReLU(),))),
        ("other channels in", partial(lenet, first=(3, 6, 5))),
        ("in and out exchanged", partial(lenet, first=(6, 1, 5))),
        ("in and out exchanged", partial(lenet, second=(16, 6, 5))),
        ("padding in a convolution", partial(lenet, padding=2, dense=((16 * 8 * 8, 120), (120, 84), (84, 10)))),
        ("padding in a convolution", lambda: nn.Sequential(nn.Conv2d(1, 6, 5, padding="same"), *list(lenet())[1:])),
        ("another kernel size", partial(lenet, first=(1, 6, 3), second=(6, 16, 3))),
        ("another kernel size", partial(lenet, second=(6, 16, 3), dense=((576, 120), (120, 84), (84, 10)))),
        ("stride in a convolution", partial(lenet, stride=2)),
        ("biases left out", partial(lenet, bias=False)),
        ("biases left out", without_bias_in_the_last),
        ("C5 as a convolution", lenet_of_the_paper),
        ("pooling with stride 1", partial(lenet, pool=lambda: nn.MaxPool2d(2, 1))),
        ("pooling missing", no_pool),
        ("pooling missing", one_pool),
        ("another pooling window", partial(lenet, pool=lambda: nn.MaxPool2d(4))),
        ("another pooling window", partial(lenet, pool=lambda: nn.MaxPool2d(3, stride=2, padding=1))),
        ("flatten missing", partial(lenet, flatten=nn.Identity)),
        ("flatten missing", partial(lenet, flatten=nn.Dropout)),
        ("images flattened together", partial(lenet, flatten=partial(nn.Flatten, start_dim=0))),
        ("dense layer of the wrong size", partial(lenet, dense=((16 * 4 * 4, 120), (120, 84), (84, 10)))),
        ("dense layer of the wrong size", partial(lenet, dense=((16, 120), (120, 84), (84, 10)))),
        ("other widths than the table", partial(lenet, dense=((400, 120), (120, 84), (84, 2)))),
        ("other widths than the table", partial(lenet, first=(1, 8, 5), second=(8, 16, 5))),
        ("other widths than the table", partial(lenet, dense=((400, 84), (84, 10)))),
        ("a layer of your own choice", with_batch_norm),
        ("nonlinearity missing", partial(lenet, act=nn.Identity)),
        ("nonlinearity missing", one_relu_short),
        ("another nonlinearity", partial(lenet, act=nn.Sigmoid)),
        ("another nonlinearity", partial(lenet, act=nn.LeakyReLU)),
        ("a list of layers", lambda: [*lenet().children()]),
        ("a class of its own", LeNet),
        ("output instead of the network", lambda: lenet_with_names()(torch.rand(2, 1, 32, 32))),
        ("other channels in", partial(lenet, first=(32, 6, 5))),
        ("in and out exchanged", partial(lenet, dense=((120, 400), (84, 120), (10, 84)))),
        ("sigmoid at the end", partial(lenet, end=(nn.LogSigmoid(),))),
        ("flatten missing", flatten_at_the_end),
        ("layers in another order", pools_together),
        ("pooling missing", partial(lenet, pool=lambda: nn.LPPool2d(2, 2))),
        ("a layer of your own choice", partial(lenet, end=(nn.Dropout(),))),
        ("another nonlinearity", partial(lenet, act=nn.PReLU)),
        ("another nonlinearity", lambda: nn.Sequential(*list(lenet())[:8], nn.Softmax(1), *list(lenet())[9:])),
        ("no layer inside nn.Sequential", lambda: nn.Sequential([nn.Conv2d(1, 6, 5), nn.ReLU()])),
        ("no layer inside nn.Sequential", lambda: nn.Sequential(nn.Conv2d(1, 6, 5), nn.ReLU, nn.MaxPool2d(2))),
        ("no layer inside nn.Sequential", lambda: nn.Sequential(nn.Conv2d(1, 6, 5), functional.relu, nn.MaxPool2d(2))),
    ],
}

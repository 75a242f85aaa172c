"""Receptive fields in numbers: what one deep unit depends on, and the gradient of a real network with respect to it."""
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from helpers import conv

COPIES, CHANNELS = 8, 4                            # random networks, and the channels of each
HALVED = {  # where the maps are made half as large: the layers followed by a pooling, the layers with stride 2
    "nowhere": ((), ()), "pool after layer 1": ((1,), ()), "pool after layer 2": ((2,), ()),
    "pool after layers 2, 4, 7": ((2, 4, 7), ()), "pool after layers 1, 2, 3": ((1, 2, 3), ()),
    "stride 2 in layer 1": ((), (1,)), "stride 2 in layers 1, 2, 3": ((), (1, 2, 3))}
DILATIONS = {"1": (1,), "2": (2,), "1, 2, 4, 1, 2, 4 …": (1, 2, 4)}


class Window(NamedTuple):
    """One layer along an axis; "conv" pads so that the size stays at stride 1, "pool" does not pad."""

    kind: str
    kernel_size: int
    stride: int = 1
    dilation: int = 1

    @property
    def padding(self):
        """Pixels on each side."""
        return self.dilation * (self.kernel_size - 1) // 2 if self.kind == "conv" else 0


def stack(layers, kernel_size, halved, dilation):
    """The layers of a setting, a tuple of Windows.  halved : a key of HALVED.  dilation : a key of DILATIONS.

    >>> [window.kind for window in stack(2, 3, "pool after layer 1", "1")]
    ['conv', 'pool', 'conv']
    """
    (pooled, strided), dilations, windows = HALVED[halved], DILATIONS[dilation], []
    for number in range(1, layers + 1):
        windows.append(Window("conv", kernel_size, 1 + (number in strided), dilations[(number - 1) % len(dilations)]))
        windows += [Window("pool", 2, 2)] * (number in pooled)
    return tuple(windows)


def sizes(windows, side):
    """Sizes of the maps along an axis of `side` pixels: the image first, then behind each window."""
    found = [side]
    for window in windows:
        found.append(conv.output_size(found[-1], window.kernel_size, window.stride, window.padding, window.dilation))
    return found


def cone(windows, unit):
    """First and last place that a unit depends on, in the image and behind each window: places below 0 are padding.

    >>> cone(stack(3, 3, "nowhere", "1"), unit=10)
    [(7, 13), (8, 12), (9, 11), (10, 10)]
    """
    places = [(unit, unit)]
    for window in reversed(windows):
        first, last = (place * window.stride - window.padding for place in places[0])
        places.insert(0, (first, last + window.dilation * (window.kernel_size - 1)))
    return places


def network(windows, equal):
    """A network of torch with these windows.

    equal : one channel, all weights 1 / K², average pooling, nothing in between: its gradient counts the ways from a
    pixel to the unit. Otherwise COPIES networks side by side, each with an input of its own, CHANNELS channels, ReLU
    between the convolutions, max pooling and He's normal distribution, seeded.
    """
    copies, wide, before, layers = (1, 1, 1, []) if equal else (COPIES, CHANNELS, 1, [])
    generator, last = torch.Generator().manual_seed(0), max(k for k, each in enumerate(windows) if each.kind == "conv")
    for number, (kind, kernel_size, stride, dilation) in enumerate(windows):
        if kind == "pool":
            layers.append((nn.AvgPool2d if equal else nn.MaxPool2d)(kernel_size, stride))
            continue
        layer = nn.Conv2d(copies * before, copies * wide, kernel_size, stride, windows[number].padding, dilation,
                          copies, bias=False).requires_grad_(False)
        cells, before = before * kernel_size**2, wide
        layer.weight.fill_(1 / cells) if equal else layer.weight.normal_(0, (2 / cells)**0.5, generator=generator)
        layers += [layer] if equal or number == last else [layer, nn.ReLU()]
    return nn.Sequential(*layers)


def gradient(model, windows, image, unit):
    """How strongly each pixel moves one unit of a network: |derivative|, the mean over its copies, array (H, W).

    model, windows : of `network`.  image : float array (H, W).  unit : (row, column) in the last map.
    Only what the unit depends on is computed, in a fraction of the time.
    """
    rows, columns = (list(zip(cone(windows, place), sizes(windows, side), strict=True))
                     for place, side in zip(unit, image.shape, strict=True))
    whole = torch.from_numpy(np.asarray(image, np.float32)).expand(1, model[0].groups, -1, -1).clone().requires_grad_()
    (top, bottom), (left, right) = rows[0][0], columns[0][0]
    maps = functional.pad(whole, (-left, right + 1 - image.shape[1], -top, bottom + 1 - image.shape[0]))
    behind = iter(zip(rows[1:], columns[1:], strict=True))
    for layer in model:
        if isinstance(layer, nn.Conv2d):                       # without padding: what it adds is part of the cone
            maps = functional.conv2d(maps, layer.weight, None, layer.stride, 0, layer.dilation, layer.groups)
        else:
            maps = layer(maps)
        if not isinstance(layer, nn.ReLU):
            down, across = (_exist(*places) for places in next(behind))
            maps = maps * (down[:, None] & across)             # a place outside a map is padding, which is 0
    found, = torch.autograd.grad(maps[0, ::maps.shape[1] // model[0].groups].sum(), whole)
    return found[0].abs().mean(dim=0).numpy()


def _exist(ends, size):
    """Which places from first to last lie inside a map of this size."""
    places = torch.arange(ends[0], ends[1] + 1)
    return (places >= 0) & (places < size)


@dataclass
class Field:
    """What one unit sees of an image.

    values : |gradient|, array (H, W).  ends : first and last row, first and last column of the field, which is square;
    those below 0 or beyond the image are padding.
    """

    values: np.ndarray
    ends: tuple

    @property
    def width(self):
        """Pixels from one end to the other, in theory."""
        return self.ends[0][1] - self.ends[0][0] + 1

    @cached_property
    def exist(self):
        """How many pixels of the field lie in the image, and how many of them have a gradient."""
        sides = (min(last, side - 1) - max(first, 0) + 1
                 for (first, last), side in zip(self.ends, self.values.shape, strict=True))
        return prod(sides), int(np.count_nonzero(self.values))

    @cached_property
    def effective(self):
        """Width of the smallest square in the middle of the field that holds 95 % of the squared gradient.

        Source: after Luo et al. 2016, arXiv:1701.04128, who count pixels above 4.55 % of the largest.

        >>> peaked, level, ends = np.outer([1, 9, 1], [1, 9, 1]), np.ones((3, 3)), ((0, 2), (0, 2))
        >>> Field(peaked, ends).effective, Field(level, ends).effective
        (1, 3)
        """
        energy = np.square(self.values, dtype=float)
        for margin in range((self.width - 1) // 2, 0, -1):
            middle = tuple(slice(max(0, first + margin), max(0, last - margin + 1)) for first, last in self.ends)
            if energy[middle].sum() >= 0.95 * energy.sum():
                return self.width - 2 * margin
        return self.width

"""Layers of a stack in plain numbers: shape, cost and receptive field, and why a layer is impossible."""
from math import prod
from typing import NamedTuple

from helpers import conv

CONV, POOL = {"conv 3×3": 3, "conv 5×5": 5}, {"max pool 2": 2, "average pool 2": 2}
KINDS = (*CONV, "ReLU", *POOL, "global average pool", "flatten", "dense")
CALLS = {"ReLU": "nn.ReLU()", "max pool 2": "nn.MaxPool2d(2)", "average pool 2": "nn.AvgPool2d(2)",
         "global average pool": "nn.AdaptiveAvgPool2d(1)", "flatten": "nn.Flatten()"}


class Layer(NamedTuple):
    """One layer: a name of KINDS and what it needs of the rest; the neurons of a dense layer are its out_channels."""

    kind: str
    out_channels: int = 0
    stride: int = 1
    padding: int = 0


class Step(NamedTuple):
    """What a layer makes of one image: shape, parameters, multiplications, and pixels a unit sees, None for all."""

    shape: tuple
    parameters: int
    macs: int
    field: int | None


def after(layer, shape):
    """Shape behind a layer, its parameters, its multiplications for one image.

    shape : (C, H, W), or (L,) once flattened.
    Raises ValueError with one sentence on why the layer is impossible there.

    >>> after(Layer("conv 3×3", 8, padding=1), (1, 64, 64))
    ((8, 64, 64), 80, 294912)
    """
    kind, wide = layer.kind, layer.out_channels
    if kind == "ReLU":
        return shape, 0, 0
    if kind == "dense":
        if len(shape) > 1:
            raise ValueError(f"it takes one row of numbers, not maps of shape {shape}; flatten first")
        return (wide,), conv.dense_parameters(*shape, wide), prod(shape) * wide
    if len(shape) == 1:
        raise ValueError(f"it takes maps, not one row of {shape[0]:,} numbers; put it before flatten")
    if kind == "flatten":
        return (prod(shape),), 0, 0
    if kind == "global average pool":
        return (shape[0], 1, 1), 0, 0
    window, stride, padding = geometry(layer)
    room = shape[1] + 2 * padding
    if window > room:
        raise ValueError(f"its window of {window} × {window} does not fit into a map of {room} × {room}"
                         f"{' with padding' if padding else ''}; take out a pooling, or begin with a larger image")
    sides = (conv.output_size(shape[1], window, stride, padding),) * 2
    if kind in POOL:
        return (shape[0], *sides), 0, 0
    return ((wide, *sides), conv.conv_parameters(shape[0], wide, window),
            conv.conv_multiplications(sides, shape[0], wide, window))


def geometry(layer):
    """Kernel size, stride and padding of a convolution or pooling; pooling windows lie side by side."""
    return (CONV[layer.kind], layer.stride, layer.padding) if layer.kind in CONV else (POOL[layer.kind],) * 2 + (0,)


def walk(layers, side, channels):
    """What every layer makes of a square image: a list of Steps up to the first impossible layer, and why it is, or "".

    A unit behind global pooling or in a dense layer sees what all units before it see together: `field` is None.

    >>> walk([Layer("flatten"), Layer("max pool 2")], side=2, channels=1)[1]
    'Layer 2, max pool 2, is impossible: it takes maps, not one row of 4 numbers; put it before flatten'
    """
    shape, windows, whole, steps = (channels, side, side), [(1, 1)], False, []
    for number, layer in enumerate(layers, start=1):
        try:
            shape, parameters, macs = after(layer, shape)
        except ValueError as reason:
            return steps, f"Layer {number}, {layer.kind}, is impossible: {reason}"
        if layer.kind in CONV | POOL:
            windows.append(geometry(layer)[:2])
        whole = whole or layer.kind in ("global average pool", "dense")
        steps.append(Step(shape, parameters, macs, None if whole else conv.receptive_field(windows)[-1][0]))
    return steps, ""


def code(layers, steps, channels):
    """The possible layers as the line of PyTorch that makes them."""
    calls, before = [], channels
    for layer, step in zip(layers, steps, strict=False):
        if layer.kind in CONV:
            extra = "".join(f", {name}={value}" for name, value, usual in (
                ("stride", layer.stride, 1), ("padding", layer.padding, 0)) if value != usual)
            calls.append(f"nn.Conv2d({before}, {layer.out_channels}, {CONV[layer.kind]}{extra})")
        else:
            calls.append(CALLS.get(layer.kind, f"nn.Linear({before}, {layer.out_channels})"))
        before = step.shape[0]
    return f"nn.Sequential({', '.join(calls)})"


def most_in(counts, what, layers):
    """Which layers have the largest share of something, in words.

    >>> most_in([80, 0, 720], "parameters", [Layer("conv 3×3")] * 3)
    '90 % of the parameters in layer 3 (conv 3×3)'
    """
    places = [number for number, count_ in enumerate(counts) if count_ == max(counts)]
    where = (f"layer {places[0] + 1} ({layers[places[0]].kind})" if len(places) == 1 else
             f"each of layers {', '.join(str(place + 1) for place in places)}")
    return f"{100 * max(counts) / sum(counts):.0f} % of the {what} in {where}"

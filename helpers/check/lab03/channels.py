"""One convolutional layer: several channels in, several filters, a bias for each filter."""
import numpy as np

from ..comparison import difference
from ..exercise import Exercise, Misconception
from ..signs import any_of, like, raises
from .correlation import cross_correlate as my_correlate  # the lab's name for the learner's own function
from .correlation import drawn


def conv_layer(image, weights, bias):
    """Image (C, H, W), weights (O, C, K, K), bias (O,) to O feature maps (O, H - K + 1, W - K + 1)."""
    maps = []
    for kernels, shift in zip(weights, bias, strict=True):  # one filter: C kernels and one number
        total = sum(my_correlate(channel, kernel) for channel, kernel in zip(image, kernels, strict=True))
        maps.append(total + shift)
    return np.stack(maps)


CASES = (
    (drawn(41, 2, 3, 3), drawn(42, 1, 2, 2, 2), np.array([100.0])),
    (drawn(43, 3, 4, 5), drawn(44, 2, 3, 3, 3), np.array([50.0, -20.0])),
    (drawn(45, 2, 4, 4), drawn(46, 2, 2, 3, 3), np.array([30.0, 5.0])),
    (drawn(47, 1, 3, 4) / 2, drawn(48, 3, 1, 2, 2), np.array([1.0, 20.0, -60.0])),
    (drawn(49, 4, 3, 3), drawn(50, 3, 4, 1, 1) / 4, np.array([10.0, 20.0, 40.0])),
)
TWO_BY_TWO = 2  # the case with as many filters as channels, and maps of 2 by 2


def _maps(image, weights):
    """Every kernel on its channel, not added: (O, C, H', W')."""
    return np.array([[my_correlate(channel, kernel) for channel, kernel in zip(image, kernels, strict=True)]
                     for kernels in weights])


def _with(combine):
    """combine(maps of shape (O, C, H', W'), bias of shape (O, 1, 1)) instead of sum and bias."""
    return lambda image, weights, bias: combine(_maps(image, weights), bias[:, None, None])


def _list_of_maps(results):
    """Sign: every result is a list of maps, and stacked they are right."""
    pairs = [(result.value, conv_layer(*case)) for result, case in zip(results, CASES, strict=True)]
    return all(isinstance(maps, list) and len(maps) == len(right) and not any(map(difference, maps, right))
               for maps, right in pairs)


def _all_channels_alike(image, weights, bias):
    return conv_layer(image, np.repeat(weights[:, :1], len(image), axis=1), bias)


def _exchanged(image, weights, bias):
    return conv_layer(image, weights.swapaxes(0, 1)[:len(bias)], bias)


CONV_LAYER = Exercise(
    title="Exercise 6",
    points=2,
    reference=conv_layer,
    cases=CASES,
    hints=(
        ("Take one filter: `weights[o]` has shape (C, K, K), one kernel for each channel. Slide each over its own "
         "channel with `my_correlate`."),
        "The C results have the same shape: add them up, then add `bias[o]` once. That is one feature map.",
        "Do this for each of the O filters, and `np.stack` the list of maps.",
    ),
    misconceptions=(
        Misconception(
            "channels not summed",
            "You return one map for every channel of every filter. A filter adds over its channels: one map each.",
            _with(lambda maps, bias: maps + bias[:, None]),
            sign=any_of(*(like(mutant, CASES) for mutant in (
                _with(lambda maps, bias: maps + bias[:, None]), _with(lambda maps, bias: maps),
                _with(lambda maps, bias: np.concatenate(maps + bias[:, None])),
                _with(lambda maps, bias: np.concatenate(maps)))))),
        Misconception(
            "channels averaged",
            "You take the mean over the channels. Add them: the weights already say how much each counts.",
            _with(lambda maps, bias: maps.mean(axis=1) + bias)),
        Misconception(
            "only one channel",
            "You use a single channel, the first or the last. Every channel has its kernel, and their answers are "
            "added.",
            _with(lambda maps, bias: maps[:, 0] + bias),
            sign=any_of(*(like(_with(lambda maps, bias, one=one: maps[:, one] + bias), CASES) for one in (0, -1)))),
        Misconception(
            "one kernel for all channels",
            "You slide the same kernel over every channel. Filter o has a kernel for each of them: `weights[o, c]`.",
            _all_channels_alike),
        Misconception(
            "largest channel instead of the sum",
            "You keep the largest answer of the channels. Add all of them.",
            _with(lambda maps, bias: maps.max(axis=1) + bias)),
        Misconception(
            "bias forgotten",
            "You left the bias out: add `bias[o]` to every pixel of map o.",
            _with(lambda maps, bias: maps.sum(axis=1))),
        Misconception(
            "bias added for every channel",
            "Your bias comes in once per channel. Add over the channels first, then add the bias once.",
            _with(lambda maps, bias: (maps + bias[:, None]).sum(axis=1))),
        Misconception(
            "one bias for all filters",
            "All your maps get the same bias. Every filter has its own: `bias[o]`.",
            _with(lambda maps, bias: maps.sum(axis=1) + bias[0]),
            sign=any_of(like(_with(lambda maps, bias: maps.sum(axis=1) + bias[0]), CASES),
                        like(_with(lambda maps, bias: maps.sum(axis=1) + bias.sum()), CASES),
                        like(_with(lambda maps, bias: maps.sum(axis=1) + bias.mean()), CASES))),
        Misconception(
            "bias along the wrong axis",
            "`maps + bias` adds along the columns. One bias for each map needs the shape (O, 1, 1): "
            "`bias[:, None, None]`.",
            lambda image, weights, bias: _maps(image, weights).sum(axis=1) + bias,
            sign=lambda results: raises(ValueError, "broadcast")(results) and like(
                lambda image, weights, bias: _maps(image, weights).sum(axis=1) + bias, CASES, (TWO_BY_TWO,))(results)),
        Misconception(
            "bias subtracted",
            "You subtract the bias. It is added.",
            _with(lambda maps, bias: maps.sum(axis=1) - bias)),
        Misconception(
            "bias multiplied",
            "You multiply by the bias. It is added.",
            _with(lambda maps, bias: maps.sum(axis=1) * bias)),
        Misconception(
            "filters and channels exchanged",
            "In `weights` the filter comes first: `weights[o, c]` belongs to filter o and channel c.",
            _exchanged,
            sign=like(_exchanged, CASES, (TWO_BY_TWO,))),
        Misconception(
            "filters added up",
            "You add the maps of all filters. Each filter has a map of its own: (O, H', W').",
            _with(lambda maps, bias: (maps.sum(axis=1) + bias).sum(axis=0))),
        Misconception(
            "only one filter",
            "You return the map of one filter. Each of the O filters has its own: `np.stack(maps)`. Or does `return` "
            "stand inside the loop?",
            _with(lambda maps, bias: (maps.sum(axis=1) + bias)[0]),
            sign=any_of(*(like(_with(lambda maps, bias, cut=cut: (maps.sum(axis=1) + bias)[cut]), CASES)
                          for cut in (0, slice(0, 1), -1, slice(-1, None))))),
        Misconception(
            "a list instead of an array",
            "Your maps are right, and they come as a list. Make one array of shape (O, H', W') of them: "
            "`np.stack(maps)`.",
            lambda image, weights, bias: list(conv_layer(image, weights, bias)),
            sign=_list_of_maps),
        Misconception(
            "filters at the end",
            "Your maps are right, in the order (H', W', O). PyTorch has the maps first: (O, H', W').",
            _with(lambda maps, bias: np.moveaxis(maps.sum(axis=1) + bias, 0, -1))),
        Misconception(
            "an axis too many",
            "Your maps are right, in shape (1, O, H', W'). One image came in, so one (O, H', W') goes out.",
            _with(lambda maps, bias: (maps.sum(axis=1) + bias)[None])),
        Misconception(
            "kernels flipped",
            "Your kernels are turned by 180 degrees. A layer cross-correlates: nothing is flipped.",
            lambda image, weights, bias: conv_layer(image, weights[..., ::-1, ::-1], bias)),
        Misconception(
            "ReLU applied",
            "You cut the negative numbers off. That is the next layer; here they stay.",
            _with(lambda maps, bias: np.maximum(maps.sum(axis=1) + bias, 0))),
    ),
)

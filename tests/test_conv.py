"""Convolution, sizes and costs against PyTorch's own layers and SciPy."""
import re
from itertools import pairwise, product

import numpy as np
import pytest
import torch
from scipy import signal
from torch import nn

from helpers import conv, ledger

GEOMETRIES = list(product((1, 3, 4), (1, 2, 3), (0, 2), (1, 2)))


@pytest.mark.parametrize("kernel_size, stride, padding, dilation", GEOMETRIES)
def test_output_size_agrees_with_torch(kernel_size, stride, padding, dilation):
    geometry = dict(kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation)
    feature_map = nn.Conv2d(1, 1, **geometry)(torch.zeros(1, 1, 28, 17))  # (N, C, H, W)
    assert conv.output_size(28, **geometry) == feature_map.shape[-2]
    assert conv.output_size(17, **geometry) == feature_map.shape[-1]


@pytest.mark.parametrize("settings, words", [
    (dict(size=0, kernel_size=1), "size must be at least 1"),
    (dict(size=5, kernel_size=0), "kernel_size must be at least 1"),
    (dict(size=5, kernel_size=3, stride=0), "stride must be at least 1"),
    (dict(size=5, kernel_size=3, padding=-1), "padding must be 0 or more"),
    (dict(size=5, kernel_size=3, dilation=3), "spans 7 pixels does not fit into 5"),
])
def test_output_size_names_what_is_wrong(settings, words):
    with pytest.raises(ValueError, match=words):
        conv.output_size(**settings)


@pytest.mark.parametrize("widths", [(4, 1), (100, 3), (784, 64, 10), (7, 5, 3, 2)])
def test_dense_parameters_agree_with_torch(widths):
    network = nn.Sequential(*(nn.Linear(*pair) for pair in pairwise(widths)))
    assert conv.dense_parameters(*widths) == sum(p.numel() for p in network.parameters())


@pytest.mark.parametrize("widths, words", [((), "at least two layers"), ((4,), "at least two layers"),
                                           ((4, 0, 1), "at least one neuron")])
def test_dense_parameters_refuse_what_is_no_network(widths, words):
    with pytest.raises(ValueError, match=words):
        conv.dense_parameters(*widths)


# ---- convolution


def random_case(seed):
    """A random image (C, H, W), filters (O, C, K, L), biases, and a geometry in which they fit."""
    draw = np.random.default_rng(seed)
    channels, filters, height, width = draw.integers(1, 4, 4) + [0, 0, 10, 13]
    image = draw.normal(size=(channels, height, width))
    weights = draw.normal(size=(filters, channels, *draw.integers(1, 5, 2)))
    geometry = dict(zip(("stride", "padding", "dilation"), draw.integers([1, 0, 1], [4, 4, 4]).tolist(), strict=True))
    return image, weights, draw.normal(size=filters), geometry


def torch_conv(image, weights, bias, border, *, padding, **geometry):
    mode = {"zeros": "constant", "reflect": "reflect"}[border]
    framed = nn.functional.pad(torch.from_numpy(image)[None], [padding] * 4, mode)
    return nn.functional.conv2d(framed, torch.from_numpy(weights), torch.from_numpy(bias), **geometry)[0].numpy()


@pytest.mark.parametrize("border", ["zeros", "reflect"])
@pytest.mark.parametrize("seed", range(40))
def test_conv2d_agrees_with_torch(seed, border):
    image, weights, bias, geometry = random_case(seed)
    ours = conv.conv2d(image, weights, bias, border=border, **geometry)
    np.testing.assert_allclose(ours, torch_conv(image, weights, bias, border, **geometry), rtol=0, atol=1e-12)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("shape", [(3, 3), (5, 1), (1, 7)])
def test_named_paddings_agree_with_torch(padding, shape):
    image, kernel = np.arange(120.0).reshape(10, 12) % 7, np.arange(np.prod(shape), dtype=float).reshape(shape)
    theirs = nn.functional.conv2d(*(torch.from_numpy(array)[None, None] for array in (image, kernel)), padding=padding)
    ours = conv.cross_correlate(image, kernel, padding={"valid": "none", "same": "same"}[padding])
    np.testing.assert_allclose(ours, theirs[0, 0].numpy(), atol=1e-12)


@pytest.mark.parametrize("mode, padding", [("valid", "none"), ("same", "same"), ("full", "full")])
def test_convolution_and_cross_correlation_agree_with_scipy(mode, padding):
    draw = np.random.default_rng(0)
    image, kernel = draw.normal(size=(9, 12)), draw.normal(size=(3, 5))
    np.testing.assert_allclose(conv.convolve(image, kernel, padding=padding),
                               signal.convolve2d(image, kernel, mode), atol=1e-12)
    np.testing.assert_allclose(conv.cross_correlate(image, kernel, padding=padding),
                               signal.correlate2d(image, kernel, mode), atol=1e-12)


def test_filters_of_three_axes_slide_through_volumes():
    draw = np.random.default_rng(0)
    volume, kernel = draw.normal(size=(7, 8, 9)), draw.normal(size=(3, 2, 3))
    theirs = nn.functional.conv3d(*(torch.from_numpy(array)[None, None] for array in (volume, kernel)), padding=1)
    np.testing.assert_allclose(conv.cross_correlate(volume, kernel, padding=1), theirs[0, 0].numpy(), atol=1e-12)


def test_whole_numbers_stay_whole_numbers_and_the_input_stays_as_it_is():
    image, kernel = np.arange(9).reshape(3, 3), np.ones((2, 2), int)
    output = conv.cross_correlate(image, kernel, padding=1)
    assert output.dtype == image.dtype and (image == np.arange(9).reshape(3, 3)).all()
    assert output.sum() == kernel.sum() * image.sum()


@pytest.mark.parametrize("work, words", [
    (lambda: conv.cross_correlate(np.zeros((3, 3)), np.zeros(3)), "equally many axes"),
    (lambda: conv.cross_correlate(np.zeros((2, 5)), np.zeros((3, 3))), "does not fit into 2"),
    (lambda: conv.cross_correlate(np.zeros((3, 3)), np.zeros((2, 2)), padding="same"), "take an odd kernel_size"),
    (lambda: conv.cross_correlate(np.zeros((3, 3)), np.zeros((3, 3)), padding="valid"), '"none", "same" or "full"'),
    (lambda: conv.cross_correlate(np.zeros((3, 3)), np.zeros((3, 3)), padding=-1), "0 or more, not -1"),
    (lambda: conv.cross_correlate(np.zeros((3, 3)), np.zeros((3, 3)), stride=0), "stride must be at least 1"),
    (lambda: conv.cross_correlate(np.zeros((3, 3)), np.zeros((7, 7)), padding=3, border="reflect"), "mirror image"),
    (lambda: conv.pad(np.zeros(3), 1, "wrap"), 'not \'wrap\''),
    (lambda: conv.conv2d(np.zeros((3, 5, 5)), np.zeros((1, 2, 3, 3))), "the same C"),
    (lambda: conv.conv2d(np.zeros((5, 5)), np.zeros((1, 1, 3, 3))), "the same C"),
    (lambda: conv.conv2d(np.zeros((1, 5, 5)), np.zeros((2, 1, 3, 3)), np.zeros(1)), "2 filters need as many biases"),
])
def test_what_cannot_be_convolved_gets_one_sentence(work, words):
    with pytest.raises(ValueError, match=re.escape(words)) as error:
        work()
    assert str(error.value).count(". ") == 0


@pytest.mark.parametrize("kernel_size", [1, 3, (3, 5), (3, 3, 3)])
@pytest.mark.parametrize("bias", [True, False])
def test_costs_agree_with_torch(kernel_size, bias):
    axes = 2 if isinstance(kernel_size, int) else len(kernel_size)
    layer = {2: nn.Conv2d, 3: nn.Conv3d}[axes](3, 8, kernel_size, bias=bias)
    assert conv.conv_parameters(3, 8, kernel_size, bias) == sum(p.numel() for p in layer.parameters())
    output = layer(torch.zeros(1, 3, *[9] * axes))
    assert conv.conv_multiplications(output.shape[2:], 3, 8, kernel_size) == layer.weight.numel() * output[0, 0].numel()


# ---- receptive fields


def measured_fields(layers):
    """Receptive field and jump behind each layer: which of 200 pixels get a gradient from a unit, and its neighbour."""
    signal, pairs = torch.ones(1, 1, 200, requires_grad=True, dtype=torch.float64), []
    maps = signal
    for kernel_size, stride, dilation in layers:
        maps = nn.functional.conv1d(maps, torch.ones(1, 1, kernel_size).double(), stride=stride, dilation=dilation)
        middle = maps.shape[-1] // 2
        spans = [torch.autograd.grad(maps[0, 0, unit], signal, retain_graph=True)[0].nonzero()[:, -1]
                 for unit in (middle, middle + 1)]
        pairs.append((int(spans[0][-1] - spans[0][0]) + 1, int(spans[1][0] - spans[0][0])))
    return pairs


@pytest.mark.parametrize("seed", range(30))
def test_receptive_field_is_where_the_gradient_goes(seed):
    draw = np.random.default_rng(seed)
    layers = [tuple(draw.integers([1, 1, 1], [6, 3, 4]).tolist()) for _ in range(draw.integers(1, 5))]
    assert conv.receptive_field(layers) == measured_fields(layers)


def test_receptive_field_takes_pairs_numpy_numbers_and_no_layers():
    assert conv.receptive_field([(3, 2), (3, 1)]) == conv.receptive_field(np.array([(3, 2, 1), (3, 1, 1)]).tolist())
    assert conv.receptive_field([(np.int64(3), 2)]) == [(3, 2)]
    assert conv.receptive_field(iter([(5, 1)])) == [(5, 1)]
    assert conv.receptive_field([]) == []


@pytest.mark.parametrize("layer", [(3,), (3, 1, 1, 1), 3, "33", (0, 1), (3, 0), (3, 1, 0), (3, 1.5), (3, True), None])
def test_receptive_field_says_what_a_layer_is(layer):
    with pytest.raises(ValueError, match=r"\(kernel_size, stride\) or \(kernel_size, stride, dilation\)") as error:
        conv.receptive_field([(3, 1), layer])
    assert repr(layer) in str(error.value) and str(error.value).count(". ") == 0


def test_receptive_fields_of_the_decks_are_reproduced():
    def fields(layers):
        return [field for field, _ in conv.receptive_field(layers)]

    entry = ledger.claim("depth-increases-rf")
    ledger.check(entry.id, {"rf": fields(entry.inputs["layers"]), "formula": entry.expected["formula"]})
    pooled = ledger.claim("pooling-increases-rf").inputs
    ledger.check("pooling-increases-rf", {"with_pool": fields(pooled["layers_with"])[-1],
                                          "without": fields(pooled["layers_without"])[-1]})
    stacks = ledger.claim("vgg-only-3x3").inputs["stacks"]
    ledger.check("vgg-only-3x3", {
        "rf": [fields([(3, 1)] * count)[-1] for count in stacks],
        "weights_per_channel_pair": [count * conv.conv_parameters(1, 1, 3, bias=False) for count in stacks],
        "single_filter_weights": [conv.conv_parameters(1, 1, fields([(3, 1)] * count)[-1], bias=False)
                                  for count in stacks]})

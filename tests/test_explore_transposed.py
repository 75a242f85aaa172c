"""The transposed convolution against torch, the ledger and its definition as a transpose; every preset and control."""
import importlib
import re
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from explorers import pixels
from torch import nn

from helpers import conv, ledger

transposed = importlib.import_module("helpers.explore.transposed")
pytestmark = pytest.mark.usefixtures("strict_widgets")
NAMES = ("values", "kernel", "side", "kernel_size", "stride", "padding", "output_padding")
GEOMETRIES = list(product((1, 2, 5), (1, 2, 3, 4), (1, 2, 3), (0, 1, 2), (0, 1, 2)))


@pytest.fixture
def explorer():
    return transposed.transposed_convolution()


def at(explorer, *values, count=None):
    for name, value in zip(NAMES, values, strict=True):
        explorer.controls[name].value = value
    if count:
        explorer.controls["count"].value = count
    return explorer.describe()


def layer_of(kernel_size, stride, padding, output_padding):
    return nn.ConvTranspose2d(1, 1, kernel_size, stride, padding, output_padding, bias=False, dtype=torch.float64)


@pytest.mark.parametrize("size, kernel_size, stride, padding, output_padding", GEOMETRIES)
def test_sizes_and_numbers_are_those_of_torch(size, kernel_size, stride, padding, output_padding):
    geometry = (kernel_size, stride, padding, output_padding)
    image = np.random.default_rng(size).normal(size=(size, size + 1))
    try:
        layer = layer_of(*geometry)
        with torch.no_grad():
            expected = layer(torch.tensor(image)[None, None])[0, 0].numpy()
        assert min(expected.shape) > 0
    except (RuntimeError, AssertionError):                                     # torch refuses, or nothing is left
        with pytest.raises(ValueError, match="output_padding must be smaller|cuts away all"):
            conv.transposed_size(size, *geometry)
        return
    ours = conv.transposed(image, layer.weight[0, 0].detach().numpy(), stride=stride, padding=padding,
                           output_padding=output_padding)
    np.testing.assert_allclose(ours, expected, atol=1e-12)
    assert conv.transposed_size(size, *geometry) == len(expected)


@pytest.mark.parametrize("kernel_size, stride, padding", list(product((1, 2, 3, 4), (1, 2, 3), (0, 1))))
def test_it_is_the_transpose_of_the_convolution_and_not_its_inverse(kernel_size, stride, padding):
    """<conv(u), v> = <u, conv_T(v)> for all u and v: the definition of a transpose."""
    draw = np.random.default_rng(kernel_size)
    u, kernel = draw.normal(size=(11, 11)), draw.normal(size=(kernel_size, kernel_size))
    forward = conv.cross_correlate(u, kernel, stride=stride, padding=padding)
    v = draw.normal(size=forward.shape)
    rest = len(u) - conv.transposed_size(len(v), kernel_size, stride, padding)
    back = conv.transposed(v, kernel, stride=stride, padding=padding, output_padding=rest)
    assert (forward * v).sum() == pytest.approx((u * back).sum())
    if kernel_size > 1:
        assert not np.allclose(conv.transposed(forward, kernel, stride=stride, padding=padding, output_padding=rest), u)


def test_the_claims_of_the_ledger():
    claim = ledger.claim("tconv-k3-s2-p1")
    size, kernel_size, stride, padding = (claim.inputs[name] for name in ("input", "K", "S", "P"))
    ledger.check(claim.id, {
        "output": conv.transposed_size(size, kernel_size, stride, padding),
        "output_with_output_padding_1": conv.transposed_size(size, kernel_size, stride, padding, 1),
        "forward_5_to": conv.output_size(5, kernel_size, stride, padding),
        "forward_6_to": conv.output_size(6, kernel_size, stride, padding)})


def test_stride_1_is_a_convolution_padded_by_k_minus_1_with_the_kernel_turned():
    claim = ledger.claim("tconv-no-padding")
    image, kernel = np.random.default_rng(0).normal(size=(4, 4)), np.arange(9.0).reshape(3, 3)
    padded = conv.convolve(image, kernel, padding=claim.expected["equivalent_padding"])
    np.testing.assert_allclose(conv.transposed(image, kernel), padded)
    assert len(padded) == claim.expected["output"]


def test_stride_2_puts_zeros_between_the_cells():
    claim = ledger.claim("tconv-stride-zeros")
    image, kernel = np.arange(1.0, 10).reshape(3, 3), np.arange(9.0).reshape(3, 3)
    spread = np.zeros([claim.expected["dilated_size"]] * 2)
    spread[::2, ::2] = image
    np.testing.assert_allclose(conv.transposed(image, kernel, stride=2, padding=1),
                               conv.convolve(spread, kernel, padding=1))


def test_the_prediction(explorer):
    assert explorer.controls["preset"].value.startswith("the slide")
    assert "(3 − 1) · 2 − 2 · 1 + 3 + 0 = 5 cells a side" in explorer.view.caption
    assert "inner cells get 1 to 4 stamps: a checkerboard" in explorer.view.caption
    assert "makes 3 of 5 or 6" in explorer.view.caption and "Serves the prediction:" in \
        transposed.transposed_convolution.__doc__


@pytest.mark.parametrize("kernel_size, stride", list(product((1, 2, 3, 4, 5), (1, 2, 3, 4))))
def test_stamps_are_even_exactly_where_the_stride_divides_the_kernel(explorer, kernel_size, stride):
    said = at(explorer, transposed.ONES, transposed.FLAT, 5, kernel_size, stride, 0, 0)
    assert ("each inner cell gets" in said) == (kernel_size % stride == 0)
    assert ("gaps" in said) == (kernel_size < stride) and ("checkerboard" in said) == (
        kernel_size > stride and kernel_size % stride > 0)


@pytest.mark.parametrize("count", [1, 4, 9, 25])
def test_stamp_by_stamp_the_output_is_that_of_torch(count):
    values, kernel = transposed.input_values(transposed.NUMBERS, 3), transposed.kernel_values(transposed.CHANCE, 3)
    first = torch.tensor(values.ravel() * (np.arange(9) < count), dtype=torch.float64).reshape(1, 1, 3, 3)
    layer = layer_of(3, 2, 0, 0)
    with torch.no_grad():
        layer.weight[0, 0] = torch.tensor(kernel)
        expected = layer(first)[0, 0]
        layer.weight[:] = 1
        ones = layer((first != 0).double())[0, 0]
    whole, times = transposed.stamped(values, kernel, 2, count)
    np.testing.assert_allclose(whole, expected)
    np.testing.assert_array_equal(times, ones)


@pytest.mark.parametrize("stride", [2, 3, 4])
def test_the_tent_is_bilinear_interpolation(stride):
    kernel_size = 2 * stride - stride % 2
    kernel = transposed.kernel_values(transposed.TENT, kernel_size)
    image = np.random.default_rng(0).normal(size=(6, 6))
    larger = conv.transposed(image, kernel, stride=stride, padding=(kernel_size - stride) // 2)
    expected = nn.functional.interpolate(torch.tensor(image)[None, None], scale_factor=stride, mode="bilinear")[0, 0]
    rim, inner = stride, slice(stride, len(expected) - stride)                 # at the rim neighbours are missing
    np.testing.assert_allclose(larger[inner, inner], expected[inner, inner], atol=1e-12)
    assert not np.allclose(larger[:rim, :rim], expected[:rim, :rim])


@pytest.mark.parametrize("preset", transposed.PRESETS)
def test_presets_are_reached(explorer, preset):
    explorer.controls["preset"].value = preset
    assert explorer.controls["preset"].value == preset
    assert tuple(explorer.controls[name].value for name in NAMES) == transposed.PRESETS[preset]
    said = explorer.describe()
    assert ("checkerboard" in said) == ("checkerboard" in preset or "kernel 3, stride 2" in preset
                                        or "one" in preset) and ("gaps" in said) == ("gaps" in preset)


def test_refusals_name_the_setting_and_do_not_crash(explorer):
    assert "output_padding must be smaller than stride 2, not 2" in at(
        explorer, transposed.ONES, transposed.FLAT, 3, 3, 2, 1, 2)
    assert "A padding of 2 cuts away all" in at(explorer, transposed.ONES, transposed.FLAT, 2, 1, 1, 2, 0)
    assert explorer.view.caption.startswith("nn.ConvTranspose2d refuses this")
    assert "= 5 cells" in at(explorer, transposed.ONES, transposed.FLAT, 3, 3, 2, 1, 0)


def test_cells_that_padding_cuts_off_are_hatched_and_the_stamp_is_framed():
    picture = transposed.cells(np.zeros((16, 16), int), 320, 5, ((4, 0), (3, 3)), (1, 15))     # 20 screen pixels a cell
    assert (picture[21:40, 201:220] == 255).all() and (picture[1:20, 201:220] == 120).any()
    assert (picture[80:141, 0:3] == 0).all() and (picture[80:83, 0:60] == 0).all()


def test_every_control_changes_picture_and_alt_text(drive):
    for control in ("preset", *NAMES, "count"):
        explorer = transposed.transposed_convolution()
        single = SimpleNamespace(controls={control: explorer.controls[control]}, view=explorer.view,
                                 describe=explorer.describe)
        assert drive(single)[control] >= 2, f"{control} changes nothing"


def test_all_ends_of_the_sliders_together(explorer):
    sliders = [(explorer.controls[name].min, explorer.controls[name].max) for name in NAMES[2:]]
    for values in product(*sliders):
        said = at(explorer, transposed.NUMBERS, transposed.CHANCE, *values)
        sides = re.findall(r"= (\d+) cells a side", said)
        assert sides or "refuses" in said
        for side in sides:
            kernel_size, stride, padding, more = values[1:]
            assert int(side) == (values[0] - 1) * stride - 2 * padding + kernel_size + more


def test_the_live_picture_is_what_a_full_drawing_gives(explorer):
    fresh = transposed.transposed_convolution()
    at(explorer, transposed.ONES, transposed.TENT, 5, 5, 4, 2, 3)
    assert not np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))
    assert np.array_equal(pixels(explorer.view.png), pixels(explorer.preview()))
    at(explorer, *transposed.PRESETS["the slide: kernel 3, stride 2, padding 1"])
    assert np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))



@pytest.mark.parametrize("settings, words", [
    ((0, 3), "size must be at least 1, not 0"), ((3, 0), "kernel_size must be at least 1"),
    ((3, 3, 0), "stride must be at least 1"), ((3, 3, 1, -1), "padding must be at least 0"),
    ((3, 3, 2, 0, -1), "output_padding must be at least 0"), ((3, 3, 2, 0, 2), "smaller than stride 2, not 2"),
    ((2, 1, 1, 1), "cuts away all 2 cells")])
def test_bad_sizes_get_one_sentence(settings, words):
    with pytest.raises(ValueError, match=re.escape(words)) as error:
        conv.transposed_size(*settings)
    assert str(error.value).count(". ") == 0

"""Size calculator: torch's own answers, who sees which pixel, every preset, every control."""
from itertools import product

import numpy as np
import pytest
import torch
from explorers import pixels
from torch import nn

from helpers.explore import sizes

pytestmark = pytest.mark.usefixtures("strict_widgets")
GEOMETRIES = list(product((1, 7, 12), (1, 3, 4), (1, 2, 3), (0, 2), (1, 2)))     # W, K, S, P, D
CONTROLS = ("width", "kernel_size", "stride", "padding", "number", "dilation")


def by_torch(width, kernel_size, stride, padding, dilation):
    layer = nn.Conv2d(1, 1, kernel_size, stride=stride, padding=padding, dilation=dilation)
    return layer(torch.zeros(1, 1, width, width)).shape[-1]


def fits(width, kernel_size, stride, padding, dilation):
    return width + 2 * padding > dilation * (kernel_size - 1)


@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_the_caption_says_what_a_real_layer_gives_or_that_the_window_does_not_fit(geometry):
    _, _, caption, alt = sizes.describe(*geometry)
    if fits(*geometry):
        size = by_torch(*geometry)
        assert f"so {size} position{'s' * (size != 1)}; nn.Conv2d says {size};" in caption
    else:
        with pytest.raises(RuntimeError) as error:
            by_torch(*geometry)
        assert "does not fit into" in caption and str(error.value) in alt


@pytest.mark.parametrize("geometry", [each for each in GEOMETRIES if fits(*each)])
def test_who_sees_which_pixel_agrees_with_the_gradient_of_a_layer(geometry):
    """The gradient of one output by the padded input is not 0 exactly where its window lies."""
    width, kernel_size, stride, padding, dilation = geometry
    signal = torch.zeros(1, 1, width + 2 * padding, requires_grad=True)
    output = nn.functional.conv1d(signal, torch.ones(1, 1, kernel_size), stride=stride, dilation=dilation)[0, 0]
    expected = [torch.autograd.grad(value, signal, retain_graph=True)[0][0, 0].numpy() != 0 for value in output]
    assert np.array_equal(sizes.seen(*geometry), expected)
    lost = 1 + np.flatnonzero(~np.any(expected, axis=0)[padding:padding + width])
    caption = sizes.describe(*geometry)[2]
    if len(lost):
        assert f"pixel{'s' * (len(lost) > 1)} {', '.join(map(str, lost[:6]))}" in caption and "never seen" in caption
    else:
        assert caption.endswith("every pixel is seen")


def test_the_meta_device_gives_the_same_answer_as_a_computed_layer():
    for geometry in GEOMETRIES:
        if fits(*geometry):
            assert sizes.torch_size(*geometry) == by_torch(*geometry)
        else:
            assert "Kernel size can't be greater" in sizes.torch_size(*geometry)


@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_the_formula_holds_the_numbers_and_the_floor_is_marked_only_where_it_cuts(geometry):
    width, kernel_size, stride, padding, dilation = geometry
    numbers = sizes.describe(*geometry)[0][0]
    line = "".join(words for words, _ in numbers)
    room = width + 2 * padding - dilation * (kernel_size - 1) - 1
    inside = f"{width} + 2·{padding} − {dilation}·({kernel_size} − 1) − 1"
    assert f"= ⌊({inside}) / {stride}⌋ + 1 = ⌊{room} / {stride}⌋ + 1".replace("⌊-", "⌊−") in line
    marked = any(colour == sizes.ORANGE for _, colour in numbers)
    assert marked == (room < 0 or room % stride > 0)
    if room >= 0:
        assert f"{room} ÷ {stride} = {room / stride:.4g}," in sizes.describe(*geometry)[2]
        assert (f"= ⌊{room / stride:.3f}⌋ + 1" if room % stride else f"= {room // stride} + 1 = ") in line
        assert ("✂ cuts off" in line) == (room % stride > 0) and f"= {by_torch(*geometry)}  " in line


@pytest.mark.parametrize("kernel_size, stride, dilation", list(product((1, 2, 3, 4, 5), (1, 2, 3), (1, 2))))
def test_what_is_said_about_the_same_size_is_true(kernel_size, stride, dilation):
    reach = dilation * (kernel_size - 1)
    if reach % 2:
        said = sizes.about_same(9, kernel_size, stride, 0, dilation)
        low, high = (by_torch(9, kernel_size, 1, padding, dilation) for padding in (reach // 2, reach // 2 + 1))
        assert f"P = {reach // 2} gives {low}, P = {reach // 2 + 1} gives {high}, none gives 9" in said
        assert "an even K has no middle cell" in said and low != 9 != high
    else:
        said = sizes.about_same(9, kernel_size, stride, reach // 2, dilation)
        keeps = by_torch(9, kernel_size, stride, reach // 2, dilation) == 9
        assert (f" = {reach // 2} keeps the size: " in said) == keeps
        assert ("keeps the size at stride 1 only" in said) == (not keeps)
        assert "would keep the size" in sizes.about_same(9, kernel_size, stride, reach // 2 + 1, dilation)
        assert ("an odd K" in said) == (kernel_size % 2 == 1 and stride == 1)


@pytest.mark.parametrize("kernel_size, dilation", [(2, 1), (4, 1), (4, 3), (6, 1)])
def test_what_torch_does_for_the_same_size_with_an_even_kernel(kernel_size, dilation):
    layer = nn.Conv2d(1, 1, kernel_size, padding="same", dilation=dilation)
    left, right = layer._reversed_padding_repeated_twice[:2]
    line = sizes.describe(9, kernel_size, 1, "same", dilation)[0][1][0][0]
    assert line.endswith(f"adds {left} on the left and {right} on the right.")
    with pytest.raises(ValueError, match="not supported for strided"):
        nn.Conv2d(1, 1, kernel_size, padding="same", stride=2)
    assert "is refused with a stride above 1" in sizes.describe(9, kernel_size, 2, "same", dilation)[0][1][0][0]


@pytest.mark.parametrize("name, told", [
    ("7 and 3, stride 1", "4 ÷ 1 = 4, so 5 positions"), ("7 and 3, stride 2", "4 ÷ 2 = 2, so 3 positions"),
    ("7 and 3, stride 3: a pixel is left over", "says 2; the floor cuts off 1/3; pixel 7 never seen"),
    ("7 and 3, stride 3, padded by 1", "6 ÷ 3 = 2, so 3 positions"),
    ("AlexNet: 227, 11, stride 4", "216 ÷ 4 = 54, so 55 positions"),
    ("AlexNet as printed: 224, 11, stride 4", "nn.Conv2d says 54; the floor cuts off 1/4; pixel 224 never seen"),
    ("same, K = 3", "so 7 positions"), ("same, K = 5", "so 7 positions"), ("full, K = 3", "so 9 positions"),
    ("same, K = 4: impossible", "Same padding is impossible: (K − 1)/2 = 1.5"),
    ("dilation 2", "so 5 positions"), ("the window does not fit", "spans 7 pixels and does not fit into 5")])
def test_what_each_preset_shows(name, told):
    explorer = sizes.size_calculator()
    explorer.controls["preset"].value = name
    assert explorer.controls["preset"].value == name
    assert tuple(explorer.controls[key].value for key in CONTROLS) == sizes.PRESETS[name]
    assert told in explorer.view.caption and told in explorer.describe()


def test_every_preset_has_a_test_of_what_it_shows():
    tested = {arguments[0] for arguments in test_what_each_preset_shows.pytestmark[0].args[1]}
    assert tested == set(sizes.PRESETS)


def test_every_control_changes_picture_and_alt_text(drive):
    for control, states in drive(sizes.size_calculator()).items():
        assert states >= 2, f"{control} changes nothing"


def test_every_control_is_labelled_and_bounded_and_padding_may_be_0():
    explorer = sizes.size_calculator()
    for key, control in explorer.controls.items():
        assert control.description.strip(), f"{key} has no label"
        assert hasattr(control, "options") or control.min < control.max
    assert explorer.controls["number"].min == 0 and not explorer.controls["number"].disabled
    explorer.controls["padding"].value = "full"
    assert explorer.controls["number"].disabled


def test_the_live_picture_is_what_a_full_drawing_gives():
    explorer, fresh = sizes.size_calculator(), sizes.size_calculator()
    for name in sizes.PRESETS:
        explorer.controls["preset"].value = name
    assert not np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))
    explorer.controls["preset"].value = next(iter(sizes.PRESETS))
    assert np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))


@pytest.mark.parametrize("width, kernel_size, stride, padding, dilation", [
    (1, 1, 1, 0, 1), (256, 15, 1, "full", 4), (256, 15, 8, 15, 4), (256, 14, 7, "same", 1), (1, 15, 8, 0, 4),
    (256, 1, 8, "full", 1), (256, 15, 1, 0, 4)])
def test_text_and_strip_fit_into_the_figure(width, kernel_size, stride, padding, dilation):
    lines, strip, _, _ = sizes.describe(width, kernel_size, stride, padding, dilation)
    assert max(sizes.coloured_line(line).shape[1] for line in lines) <= sizes.size_calculator().view.size[0] - 8
    assert strip.shape[1] <= sizes.WIDE and strip.shape[0] <= 40 + sizes.ROWS


def test_the_strip_hatches_padding_shows_windows_and_crosses_out_what_is_lost():
    strip = sizes.strip(7, 1, sizes.seen(7, 3, 3, 1, 1))                  # 9 cells of 60 pixels, 3 windows
    assert len(np.unique(strip[:32, 2:58])) > 1 and len(np.unique(strip[:32, 482:538])) > 1
    blue = (strip[45] == sizes.BLUE).all(axis=-1)
    assert blue[30] and blue[170] and not blue[185:].any()
    assert (strip[45 + 24] == sizes.BLUE).all(axis=-1)[[190, 350]].all()
    crossed = sizes.strip(7, 0, sizes.seen(7, 3, 3, 0, 1))
    orange = (crossed[:32] == sizes.ORANGE).all(axis=-1).any(axis=0)
    assert orange[362:418].mean() > 0.8 and not orange[:358].any()
    assert sizes.strip(7, 1.5).shape[1] == 600


def test_the_docstring_names_the_prediction_and_the_picture_fits_a_slide():
    assert "Serves the prediction:" in sizes.size_calculator.__doc__
    width, height = sizes.size_calculator().view.size
    assert width <= 1036 and height <= 378

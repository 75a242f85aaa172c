"""Equivariance: moves against NumPy and SciPy, the measured differences, every preset and control."""
import re
from itertools import product

import numpy as np
import pytest
import torch
from explorers import pixels
from scipy import ndimage
from skimage import transform

from helpers.explore import moving

pytestmark = pytest.mark.usefixtures("strict_widgets")
IMAGE = np.random.default_rng(3).integers(0, 256, (40, 40)).astype(float)
EVERY = list(moving.KERNELS)
SETTINGS = ("dx", "angle", "scale", "kernel", "stride", "border")


def difference(kernel, image=IMAGE, **settings):
    """Largest difference inside, at the border (None without one), and the share of pixels inside."""
    ways = moving.compare(image, moving.KERNELS[kernel], **settings)
    apart, inside = np.abs(ways["moved, filtered"] - ways["filtered, moved"]), ways["inside"]
    return apart[inside].max(), None if inside.all() else apart[~inside].max(), inside.mean()


@pytest.mark.parametrize("kernel, dx", list(product(EVERY, (1, 7, 24))))
def test_a_shift_and_a_filter_commute_exactly_away_from_the_border(kernel, dx):
    inside, border, share = difference(kernel, dx=dx)
    reach = len(moving.KERNELS[kernel]) // 2
    assert inside == 0 and border > 10
    assert share == (40 - 2 * reach) * (40 - 2 * reach - dx) / 40**2
    assert difference(kernel, dx=dx, border="circular") == (0, None, 1)


@pytest.mark.parametrize("kernel, border", list(product(EVERY, ("zeros", "circular"))))
def test_with_stride_2_only_even_shifts_commute(kernel, border):
    for dx in (2, 12, 24):
        assert difference(kernel, dx=dx, stride=2, border=border)[0] == 0
    for dx in (1, 13, 23):
        assert difference(kernel, dx=dx, stride=2, border=border)[0] > 10


@pytest.mark.parametrize("angle, stride", list(product((90, 180), (1, 2))))
def test_a_turn_commutes_only_with_a_kernel_that_looks_the_same_when_turned(angle, stride):
    for kernel in ("plus", "Gaussian"):
        inside = difference(kernel, angle=angle, stride=stride)[0]
        assert inside < 1e-9 if stride == 1 else inside > 10
    for kernel in ("vertical edge", "random"):
        assert difference(kernel, angle=angle, stride=stride)[0] > 100


@pytest.mark.parametrize("kernel, scale", list(product(EVERY, (0.5, 0.95, 1.05, 1.5, 2.0))))
def test_a_change_of_size_never_commutes(kernel, scale):
    assert difference(kernel, scale=scale)[0] > 2
    assert difference(kernel, scale=scale, border="circular")[0] > 2


def test_nothing_moved_differs_nowhere():
    for kernel, stride, border in product(EVERY, (1, 2), ("zeros", "circular")):
        assert difference(kernel, stride=stride, border=border)[:2] in ((0, 0), (0, None))


def test_a_free_turn_differs_by_little_only_for_the_round_kernel():
    smooth = ndimage.gaussian_filter(IMAGE, 3, mode="wrap") * 4
    size = {kernel: difference(kernel, smooth, angle=45)[0] for kernel in EVERY}
    assert 0 < size["Gaussian"] < 1 < 0.1 * size["vertical edge"]


@pytest.mark.parametrize("border, mode", [("zeros", "constant"), ("circular", "circular")])
@pytest.mark.parametrize("kernel, stride", list(product(EVERY, (1, 2))))
def test_filtering_is_conv2d(kernel, stride, border, mode):
    weights = torch.tensor(moving.KERNELS[kernel], dtype=torch.float64)
    reach = len(weights) // 2
    padded = torch.nn.functional.pad(torch.tensor(IMAGE)[None, None], [reach] * 4, mode=mode)
    expected = torch.nn.functional.conv2d(padded, weights[None, None], stride=stride)[0, 0]
    np.testing.assert_allclose(moving.filtered(IMAGE, moving.KERNELS[kernel], stride, border), expected, atol=1e-9)


@pytest.mark.parametrize("angle", [15, 45, 130])
def test_a_turn_is_that_of_scipy(angle):
    expected = ndimage.rotate(IMAGE, angle, reshape=False, order=1)
    np.testing.assert_allclose(moving.moved(IMAGE, 0, angle, 1.0), expected, atol=1e-9)
    np.testing.assert_array_equal(moving.moved(IMAGE, 0, 90, 1.0), np.rot90(IMAGE))


@pytest.mark.parametrize("scale", [0.5, 1.3, 2.0])
def test_a_change_of_size_is_that_of_scikit_image_about_the_middle(scale):
    about = transform.SimilarityTransform(translation=(-19.5, -19.5)) + transform.SimilarityTransform(scale=scale) + \
        transform.SimilarityTransform(translation=(19.5, 19.5))
    expected = transform.warp(IMAGE, about.inverse, order=1, mode="constant")
    np.testing.assert_allclose(moving.moved(IMAGE, 0, 0, scale)[2:-2, 2:-2], expected[2:-2, 2:-2], atol=1e-6)


def test_a_filtered_image_of_stride_2_turns_and_grows_about_the_same_place():
    ramp = np.add.outer(3.0 * np.arange(40), 2.0 * np.arange(40))        # linear: interpolation is exact
    for angle, scale in ((30, 1.0), (0, 1.5), (45, 0.7)):
        direct = moving.moved(ramp, 0, angle, scale)[::2, ::2]
        np.testing.assert_allclose(moving.moved(ramp[::2, ::2], 0, angle, scale, stride=2)[6:-6, 6:-6],
                                   direct[6:-6, 6:-6], atol=1e-9)


def test_a_shift_leaves_zeros_or_brings_back_what_went_out():
    assert np.array_equal(moving.moved(IMAGE, 5, 0, 1.0)[:, 5:], IMAGE[:, :-5])
    assert not moving.moved(IMAGE, 5, 0, 1.0)[:, :5].any()
    assert np.array_equal(moving.moved(IMAGE, 5, 0, 1.0, border="circular")[:, :5], IMAGE[:, -5:])


@pytest.mark.parametrize("settings", [
    dict(dx=7), dict(angle=90), dict(angle=35), dict(scale=0.6), dict(scale=1.7), dict(dx=6, angle=20, scale=1.2),
    dict(dx=6, stride=2), dict(angle=35, stride=2), dict(dx=5, angle=35, border="circular"), dict(angle=180, stride=2)])
@pytest.mark.parametrize("kernel", ["vertical edge", "Gaussian"])
def test_what_counts_as_inside_does_not_depend_on_what_lies_beyond_the_border(kernel, settings):
    """Put the image into a world of noise instead of zeros: inside, neither way may notice."""
    settings = dict(border="zeros", dx=0, angle=0, scale=1.0, stride=1) | settings
    if settings["border"] == "circular":
        wound = moving.compare(IMAGE, moving.KERNELS[kernel], **settings)["inside"]
        assert 0.5 < wound.mean() < 1
        return
    world = np.random.default_rng(0).integers(0, 256, (120, 120)).astype(float)
    world[40:80, 40:80] = IMAGE
    stride = settings["stride"]
    here = moving.compare(IMAGE, moving.KERNELS[kernel], **settings)
    there = moving.compare(world, moving.KERNELS[kernel], **settings)
    middle = slice(40 // stride, 80 // stride)
    assert here["inside"].mean() > 0.1
    for way in ("moved, filtered", "filtered, moved"):
        np.testing.assert_allclose(here[way][here["inside"]], there[way][middle, middle][here["inside"]], atol=1e-9)


@pytest.mark.parametrize("name, told", [
    ("nothing moved", "nothing is moved yet"), ("shift by 12", "the order does not matter"),
    ("shift by 12, wrapped around", "Largest difference 0 everywhere: the order does not matter"),
    ("shift by 12, stride 2", "the order does not matter"),
    ("shift by 13, stride 2", "13 pixels are no whole number of steps of 2"),
    ("turn by 90°, vertical edge", "the picture turned, the kernel did not"),
    ("turn by 90°, plus", "the order does not matter"),
    ("turn by 180°, random", "the picture turned, the kernel did not"),
    ("turn by 45°, Gaussian", "the kernel is round; interpolation leaves this"),
    ("twice as large, plus", "the picture changed its size, the kernel did not"),
    ("half as large, Gaussian", "the picture changed its size, the kernel did not")])
def test_what_each_preset_shows(name, told):
    explorer = moving.equivariance(IMAGE / 255)
    explorer.controls["preset"].value = name
    assert explorer.controls["preset"].value == name
    settings = dict(zip(SETTINGS, moving.PRESETS[name], strict=True))
    assert {key: explorer.controls[key].value for key in SETTINGS} == settings
    inside, border, share = difference(**settings)
    size, _ = re.match(r"Largest difference ([\d,.]+) (away|everywhere)", explorer.view.caption).groups()
    assert float(size.replace(",", "")) == pytest.approx(inside, rel=0.01, abs=1e-9)
    assert (border is None) == ("at the border" not in explorer.view.caption)
    assert explorer.view.caption.endswith(told) and explorer.view.caption in explorer.describe()
    assert f"{100 * share:.0f} % of the pixels" in explorer.describe()


def test_every_preset_has_a_test_of_what_it_shows():
    assert {each[0] for each in test_what_each_preset_shows.pytestmark[0].args[1]} == set(moving.PRESETS)


def test_the_caption_states_the_margin_and_what_happens_at_the_border():
    explorer = moving.equivariance(IMAGE / 255)
    explorer.controls["kernel"].value = "Gaussian"
    explorer.controls["dx"].value = 5
    border = difference("Gaussian", dx=5)[1]
    assert "(margin 2 pixels)" in explorer.view.caption and f"{border:.3g} at the border" in explorer.view.caption
    explorer.controls["kernel"].value = "plus"
    assert "(margin 1 pixel)" in explorer.view.caption


def test_a_turn_with_stride_2_blames_the_stride():
    explorer = moving.equivariance(IMAGE / 255)
    explorer.controls["preset"].value = "turn by 90°, plus"
    explorer.controls["stride"].value = 2
    assert explorer.view.caption.endswith("after the turn, stride 2 keeps other pixels")


def test_every_control_changes_picture_and_alt_text(drive):
    for control, states in drive(moving.equivariance(IMAGE / 255)).items():
        assert states >= 2, f"{control} changes nothing"


def test_the_live_picture_is_what_a_full_drawing_gives():
    explorer, fresh = moving.equivariance(IMAGE / 255), moving.equivariance(IMAGE / 255)
    for name in moving.PRESETS:
        explorer.controls["preset"].value = name
    explorer.controls["stride"].value = 2
    assert not np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))
    explorer.controls["preset"].value = "nothing moved"
    assert np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))


def test_the_picture_fits_on_a_slide():
    explorer = moving.equivariance(np.tile(IMAGE, (3, 4)) / 255)
    assert explorer.view.size[0] <= 1036 and explorer.view.size[1] <= 380


@pytest.mark.parametrize("shape, side", [((40, 60), 40), ((61, 41), 40), ((300, 200), 80)])
def test_levels_are_whole_numbers_of_the_middle_square(shape, side):
    levels = moving.levels(np.linspace(0, 1, shape[0] * shape[1]).reshape(shape))
    assert levels.shape == (side, side) and np.array_equal(levels, np.rint(levels))
    assert levels.min() >= 0 and levels.max() <= 255 and levels.mean() == pytest.approx(127.5, abs=3)


@pytest.mark.parametrize("image, words", [
    (np.zeros((3, 20, 20)), "shape \\(H, W\\)"), (np.zeros((8, 20)), "at least 16 pixels"),
    (np.ones((20, 20)), "not all the same"), (np.full((20, 20), np.nan), "finite numbers")])
def test_bad_input_gets_one_sentence(image, words):
    with pytest.raises(ValueError, match=words):
        moving.equivariance(image)

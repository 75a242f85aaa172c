"""Pooling against torch, SciPy and the ledger; what a shift changes; every preset and control."""
import importlib
import re
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from explorers import pixels
from scipy import ndimage
from skimage import data as samples
from torch import nn

from helpers import ledger

pooling = importlib.import_module("helpers.explore.pooling")         # the name itself may be the explorer
pytestmark = pytest.mark.usefixtures("strict_widgets")
MAP = np.random.default_rng(4).normal(size=(23, 30))
PHOTO = samples.camera()[::4, ::4]
LAYERS = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
SETTINGS = ("source", "kind", "window", "stride", "right", "down")


def at(explorer, *values):
    for name, value in zip(SETTINGS, values, strict=True):
        explorer.controls[name].value = value
    return explorer.describe()


def told(explorer, words):
    return float(re.search(words, explorer.describe())[1])


@pytest.mark.parametrize("kind, window, stride", list(product(LAYERS, (1, 2, 3, 4), (1, 2, 3, 4))))
def test_pooling_is_that_of_torch(kind, window, stride):
    expected = LAYERS[kind](window, stride)(torch.tensor(MAP)[None, None])[0, 0]
    np.testing.assert_allclose(pooling.pooled(MAP, kind, window, stride), expected, atol=1e-12)


@pytest.mark.parametrize("window, stride", list(product((3, 5), (1, 2, 3))))
def test_the_median_is_that_of_scipy(window, stride):
    rim = window // 2
    expected = ndimage.median_filter(MAP, window)[rim:-rim, rim:-rim][::stride, ::stride]
    np.testing.assert_array_equal(pooling.pooled(MAP, "median", window, stride), expected)


def test_the_whole_map_gives_one_number():
    square = MAP[:20, :20]
    for kind, function in (("max", np.max), ("average", np.mean), ("median", np.median)):
        assert pooling.pooled(square, kind, pooling.WHOLE, 2) == pytest.approx(function(square))
        assert pooling.pooled(square, kind, 99, 1).shape == (1, 1)


def test_the_window_of_the_ledger():
    expected = ledger.claims()["pooling-like-median"].expected
    values = pooling.NUMBERS[pooling.WINDOW]
    given = {"max": pooling.pooled(values), "median": pooling.pooled(values, "median"),
             "mean": pooling.pooled(values, "average")}
    assert {name: float(value[0, 0]) for name, value in given.items()} == expected


def test_the_peak_of_the_ledger_is_found_once_twice_or_four_times():
    claim = ledger.claims()["pooling-adds-invariance"]
    inputs = ledger.claims()["pooling-scale-equivariance"].inputs
    np.testing.assert_array_equal(pooling.NUMBERS[pooling.PEAK][:6, :6], inputs["maps"]["valid_6x6"])
    assert not pooling.NUMBERS[pooling.PEAK][6:].any() and not pooling.NUMBERS[pooling.PEAK][:, 6:].any()
    explorer = pooling.pooling(PHOTO)
    for shift, count in claim.inputs["detections_by_shift"].items():
        down, right = map(int, shift.split(","))
        at(explorer, pooling.PEAK, "max", 2, 2, right, down)
        assert f"cells that reach 5: 1 before, {count} after" in explorer.view.caption


def test_a_global_maximum_does_not_notice_a_circular_shift():
    for source, right, down in product((pooling.PEAK, pooling.WINDOW), range(5), range(5)):
        given = pooling._inputs(PHOTO)[source]
        for kind in pooling.KINDS:
            before, after = (given.pool(kind, pooling.WHOLE, 1, *way) for way in ((0, 0), (right, down)))
            np.testing.assert_allclose(after, before, rtol=1e-12)


@pytest.mark.parametrize("kind, window, stride, down", list(product(pooling.KINDS, (2, 3), (1, 2, 3, 4), (0, 2))))
def test_multiples_of_the_stride_move_the_pooled_map_along_exactly(kind, window, stride, down):
    for source, given in pooling._inputs(PHOTO).items():
        if source == pooling.WINDOW:
            continue
        moved = given.changes(kind, window, stride, down)[2]
        whole = [right % stride == 0 and down % stride == 0 for right in range(5)]
        assert np.isnan(moved).tolist() == [not each for each in whole]
        assert not moved[whole].any()


@pytest.mark.parametrize("right, down", [(1, 0), (2, 1), (0, 3), (4, 4)])
def test_a_shifted_scan_shows_its_true_neighbours(right, down):
    given = pooling._inputs(PHOTO)[pooling.SCAN]
    still, moved = given.at(0, 0), given.at(right, down)
    rows, columns = still.shape
    np.testing.assert_array_equal(moved[down:, right:], still[:rows - down, :columns - right])
    np.testing.assert_array_equal(pooling._inputs(PHOTO)[pooling.PEAK].at(right, down), ndimage.shift(
        pooling.NUMBERS[pooling.PEAK], (down, right), order=0, mode="grid-wrap"))


def test_the_edge_map_is_a_convolution_and_relu_of_torch():
    given = pooling._inputs(PHOTO)
    levels = torch.tensor(given[pooling.SCAN].values)
    kernel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]], dtype=torch.float64)
    expected = nn.functional.conv2d(levels[None, None], kernel[None, None]).relu()[0, 0]
    np.testing.assert_allclose(given[pooling.EDGES].values[1:-1, 1:-1], expected, atol=1e-12)


def test_change_in_percent_of_what_was_there():
    assert pooling.change(np.array([2.0, -2.0]), np.array([2.0, 2.0])) == 100
    assert pooling.change(MAP, MAP) == 0 and pooling.change(np.zeros(3), np.zeros(3)) == 0
    assert pooling.change(MAP, 3 * MAP) == pytest.approx(200)


@pytest.mark.parametrize("values", [(pooling.EDGES, "max", 2, 2, 1, 0), (pooling.SCAN, "average", 3, 2, 4, 1),
                                    (pooling.EDGES, "median", 2, 1, 3, 3), (pooling.PEAK, "max", 3, 2, 2, 0)])
def test_the_explorer_tells_the_numbers_of_an_independent_computation(values):
    source, kind, window, stride, right, down = values
    explorer = pooling.pooling(PHOTO)
    at(explorer, *values)
    given = pooling._inputs(PHOTO)[source]
    maps = []
    for each in (given.at(0, 0), given.at(right, down)):
        cells = torch.tensor(each).unfold(0, window, stride).unfold(1, window, stride).flatten(2)
        maps.append({"max": cells.amax(-1), "average": cells.mean(-1),
                     "median": cells.quantile(0.5, dim=-1)}[kind].numpy())
    size = f"{maps[0].shape[0]} × {maps[0].shape[1]}"
    assert f"numbers → {size}," in explorer.describe()
    expected = 100 * np.abs(maps[1] - maps[0]).mean() / np.abs(maps[0]).mean()
    assert told(explorer, r"pooled map changes by (\d+) %") == pytest.approx(expected, abs=0.51)
    before = given.at(0, 0)
    raw = 100 * np.abs(given.at(right, down) - before).mean() / np.abs(before).mean()
    assert told(explorer, r"the input changes by (\d+) %") == pytest.approx(raw, abs=0.51)
    assert abs(told(explorer, r"(\d+) of \d+ cells") - (np.abs(maps[1] - maps[0]) > 1e-12).sum()) <= 2


def test_one_pixel_changes_the_pooled_map_but_less_than_the_input():
    explorer = pooling.pooling(PHOTO)
    for window in (2, 3, 4):
        at(explorer, pooling.EDGES, "max", window, window, 1, 0)
        pooled, raw = (told(explorer, words) for words in (r"pooled map changes by (\d+)", r"input changes by (\d+)"))
        assert 5 < pooled < raw


@pytest.mark.parametrize("preset", pooling.PRESETS)
def test_presets_are_reached_and_tell_what_they_say(preset):
    explorer = pooling.pooling(PHOTO)
    explorer.controls["preset"].value = preset
    assert explorer.controls["preset"].value == preset
    assert tuple(explorer.controls[name].value for name in SETTINGS) == pooling.PRESETS[preset]
    differ = told(explorer, r"in (\d+) of \d+ cells")
    still = preset in ("a peak, global maximum",) or pooling.PRESETS[preset][4:] == (0, 0)
    assert differ == 0 if still else differ > 0
    assert (": the same" in explorer.describe()) == (preset == "shifted by 2, the stride")


def test_every_control_changes_picture_and_alt_text(drive):
    for control in ("preset", *SETTINGS):
        explorer = pooling.pooling(PHOTO)
        at(explorer, pooling.EDGES, "max", 2, 2, 1, 0)
        single = SimpleNamespace(controls={control: explorer.controls[control]}, view=explorer.view,
                                 describe=explorer.describe)
        assert drive(single)[control] >= 2, f"{control} changes nothing"


@pytest.mark.parametrize("source", [pooling.EDGES, pooling.PEAK, pooling.WINDOW])
def test_ends_of_all_controls_together(source):
    explorer = pooling.pooling(PHOTO)
    for kind, window, stride, down in product(("max", "median"), (2, 4, pooling.WHOLE), (1, 4), (0, 4)):
        alt = at(explorer, source, kind, window, stride, 4, down)
        assert alt.count("%") >= 3 and "nan" not in alt


def test_the_live_picture_is_what_a_full_drawing_gives():
    explorer, fresh = pooling.pooling(PHOTO), pooling.pooling(PHOTO)
    at(explorer, pooling.PEAK, "average", 3, 2, 3, 2)
    assert not np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))
    assert np.array_equal(pixels(explorer.view.png), pixels(explorer.preview()))
    at(explorer, *pooling.PRESETS["nothing moved"])
    assert np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))


@pytest.mark.parametrize("name, stride, side", [("input", 1, 216), ("before", 2, 216), ("after", 3, 216)])
def test_pooled_maps_are_drawn_as_large_as_what_they_are_made_of(name, stride, side):
    given = pooling._inputs(PHOTO)[pooling.SCAN]
    values = given.at(0, 0) if name == "input" else given.pool("max", 2, stride, 0, 0)
    picture = pooling.picture(values, given, name, stride)
    assert picture.shape == (side, side, 3)
    zoom = side // len(values)
    np.testing.assert_array_equal(picture[::zoom, ::zoom, 0], np.rint(255 * values))
    box = pooling._boxed(picture, given)
    assert box.shape == (242, 242, 3) and (box[12] == 176).sum() == 3 * 218 and (box[0] == 255).all()
    np.testing.assert_array_equal(box[13:229, 13:229], picture)


def test_no_pixel_of_a_slice_of_64_is_lost():
    image = np.random.default_rng(2).random((64, 64))
    given = pooling._inputs(image)[pooling.SCAN]
    assert given.at(0, 0).shape == (60, 60) and given.values.shape == (64, 64)
    np.testing.assert_allclose(given.values, image)



@pytest.mark.parametrize("image", [PHOTO[:32, :32], PHOTO[:40, :90] / 255.0,
                                   np.linspace(-1000, 400, 6400).reshape(80, 80)])
def test_other_images(image):
    explorer = pooling.pooling(image)
    assert "nan" not in at(explorer, pooling.SCAN, "max", 4, 4, 4, 0)


@pytest.mark.parametrize("image, words", [(np.zeros((5, 5, 3)), "shape \\(H, W\\)"), (np.ones((20, 40)), "at least 32"),
                                          (np.ones((40, 40)), "not all the same")])
def test_bad_input_gets_one_sentence(image, words):
    with pytest.raises(ValueError, match=words):
        pooling.pooling(image)

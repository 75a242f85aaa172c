"""The receptive field in theory and measured, against whole torch networks; every control."""
import itertools

import numpy as np
import pytest
import torch
from explorers import pixels
from torch import nn

from helpers import conv
from helpers.explore import fields, receptive
from helpers.explore.receptive import EQUAL, PRESETS, RANDOM

pytestmark = pytest.mark.usefixtures("strict_widgets")
IMAGE = np.random.default_rng(0).normal(size=(48, 40))
SETTINGS = [*PRESETS.values(), (2, 5, "stride 2 in layers 1, 2, 3", "1, 2, 4, 1, 2, 4 …"),
            (4, 3, "pool after layers 1, 2, 3", "2"), (1, 3, "stride 2 in layer 1", "1")]


def whole_gradient(model, image, unit):
    """The mean |gradient| of a unit of each network, by running all of it on all of the image."""
    copies = model[0].groups
    given = torch.tensor(image, dtype=torch.float32).expand(1, copies, -1, -1).clone().requires_grad_()
    output = model(given)
    output[0, ::output.shape[1] // copies, unit[0], unit[1]].sum().backward()
    return given.grad[0].abs().mean(dim=0).numpy()


@pytest.mark.parametrize("equal", [True, False])
@pytest.mark.parametrize("setting", SETTINGS)
def test_the_gradient_on_the_cone_is_that_of_the_whole_network(setting, equal):
    windows = fields.stack(*setting)
    model = fields.network(windows, equal)
    last = [fields.sizes(windows, side)[-1] - 1 for side in IMAGE.shape]
    assert model(torch.zeros(1, model[0].groups, *IMAGE.shape)).shape[-2:] == tuple(place + 1 for place in last)
    for unit in ([0, 0], last, [place // 2 for place in last], [0, last[1]]):
        np.testing.assert_allclose(fields.gradient(model, windows, IMAGE, unit), whole_gradient(model, IMAGE, unit),
                                   rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("setting", SETTINGS)
def test_theory_is_what_a_linear_network_without_luck_measures(setting):
    windows, image = fields.stack(*setting), np.ones((120, 120))
    unit = [fields.sizes(windows, 120)[-1] // 2] * 2
    touched = np.argwhere(fields.gradient(fields.network(windows, True), windows, image, unit))
    field, _ = conv.receptive_field([window[1:] for window in windows])[-1]
    places = fields.cone(windows, unit[0])[0]
    assert (touched.min(), touched.max()) == places and places[1] - places[0] + 1 == field


@pytest.mark.parametrize("setting", SETTINGS)
def test_random_networks_see_nothing_beyond_theory(setting):
    windows = fields.stack(*setting)
    unit = [fields.sizes(windows, side)[-1] // 2 for side in IMAGE.shape]
    values = whole_gradient(fields.network(windows, False), IMAGE, unit)
    field = fields.Field(values, tuple(fields.cone(windows, place)[0] for place in unit))
    outside = values.copy()
    rows, columns = (slice(max(0, first), last + 1) for first, last in field.ends)
    outside[rows, columns] = 0
    assert values.any() and not outside.any()
    assert 1 <= field.effective <= field.width and 0 < field.exist[1] <= field.exist[0] <= field.width**2


def test_three_small_convolutions_weigh_the_middle_as_their_ways_are_counted():
    windows = fields.stack(3, 3, "nowhere", "1")
    values = fields.gradient(fields.network(windows, True), windows, IMAGE, (20, 20))
    ways = np.outer(*[[1, 3, 6, 7, 6, 3, 1]] * 2) / 27**2            # of 27 sums of three steps of -1, 0 or 1
    np.testing.assert_allclose(values[17:24, 17:24], ways, rtol=1e-5)
    energy = (ways**2) / (ways**2).sum()
    assert energy[1:-1, 1:-1].sum() > 0.95 > energy[2:-2, 2:-2].sum()
    assert fields.Field(values, ((17, 23), (17, 23))).effective == 5


def test_dilated_layers_leave_holes_unless_the_dilations_grow():
    counts = {}
    for name in ("dilated 1, 2, 4", "dilated 2, 2, 2: holes"):
        windows = fields.stack(*PRESETS[name])
        counts[name] = np.count_nonzero(fields.gradient(fields.network(windows, True), windows, IMAGE, (20, 20)))
    assert list(counts.values()) == [15**2, 7**2]


def test_max_pooling_hands_the_gradient_to_one_pixel_of_four():
    pool = (fields.Window("conv", 1), fields.Window("pool", 2, 2))
    model = fields.network(pool, False)
    with torch.no_grad():
        model[0].weight.fill_(1)
    assert isinstance(model[1], nn.MaxPool2d)
    assert np.count_nonzero(fields.gradient(model, pool, IMAGE, (3, 3))) == 1


@pytest.mark.parametrize("name, field, words", [
    ("three 3 × 3", 7, "49 of 49 pixels; 95 % of the squared gradient in 5 × 5"),
    ("one 7 × 7", 7, "49 of 49 pixels; 95 % of the squared gradient in 7 × 7"),
    ("three 3 × 3, pool after the first", 12, "144 of 144 pixels; 95 % of the squared gradient in 10 × 10"),
    ("dilated 1, 2, 4", 15, "225 of 225 pixels"), ("dilated 2, 2, 2: holes", 13, "49 of 169 pixels"),
    ("seven 3 × 3", 15, "225 of 225 pixels; 95 % of the squared gradient in 7 × 7"),
    ("VGG-16, first three blocks", 44, "95 % of the squared gradient in 22 × 22")])
def test_every_preset_tells_theory_and_measurement(name, field, words):
    explorer = receptive.receptive_field(np.random.default_rng(1).normal(0, 300, (64, 64)), (5.0, 5.0))
    explorer.controls["preset"].value = name
    assert f"Theory: {field} × {field} pixels = {5 * field} × {5 * field} mm;" in explorer.view.caption
    assert words in explorer.view.caption and explorer.view.caption in explorer.view.alt


def test_the_jump_chooses_the_unit_and_the_frame_follows_it():
    explorer = receptive.receptive_field(IMAGE)
    controls = explorer.controls
    controls["preset"].value = "three 3 × 3, pool after the first"
    for row, unit in ((0, 0), (1, 0), (2, 1), (46, 23), (47, 23)):
        controls["row"].value = row
        first, last = fields.cone(fields.stack(*PRESETS["three 3 × 3, pool after the first"]), unit)[0]
        assert f"rows {first} to {last},".replace("-", "−") in explorer.view.alt
    assert " in the image; 95 %" in explorer.view.caption              # the last rows of the field lie beyond it


def test_units_at_the_rim_of_every_setting_are_shown():
    explorer = receptive.receptive_field(IMAGE[:17, :23])
    controls = explorer.controls
    names = ("layers", "kernel_size", "halved", "dilation")
    for setting in ((*ends, *more) for ends, more in itertools.product(
            ((1, 3), (7, 7)), itertools.product(fields.HALVED, fields.DILATIONS))):
        for name, value in zip(names, setting, strict=True):
            controls[name].value = value
        field, _ = conv.receptive_field([each[1:] for each in fields.stack(*setting)])[-1]
        assert explorer.view.caption.startswith(f"Theory: {field} × {field} pixels;")
    for row, column, weights in itertools.product((0, 16), (0, 22), (EQUAL, RANDOM)):
        controls["row"].value, controls["column"].value, controls["weights"].value = row, column, weights
        assert f"weights {weights}" in explorer.view.alt


def test_every_control_changes_picture_and_alt_text(drive):
    for control, states in drive(receptive.receptive_field(IMAGE)).items():
        assert states >= 2, f"{control} changes nothing"


def test_the_live_picture_is_what_a_full_drawing_gives():
    explorer, fresh = receptive.receptive_field(IMAGE), receptive.receptive_field(IMAGE)
    for name, control in explorer.controls.items():
        start = control.value
        control.value = control.options[-2][1] if name == "preset" else \
            control._options_full[-1][1] if hasattr(control, "options") else control.max
        assert not np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png)), name
        control.value = start
        explorer.controls["preset"].value = "three 3 × 3"
        assert np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png)), name


def test_the_close_up_shows_zero_as_white_and_what_lies_beyond_as_stripes():
    values = np.zeros((40, 40))
    values[0:2, 0:3] = [[4, 0, 1], [0, 1, 0]]
    field = fields.Field(values, ((-3, 3), (-3, 3)))
    view, origin, zoom = receptive.close_up(field)
    assert origin == [-5, -5] and zoom == 320 // 11 and view.shape == (11 * zoom, 11 * zoom, 3)
    cells = view[zoom // 2::zoom, zoom // 2::zoom].astype(int)
    assert np.array_equal(cells[5, 5], receptive.BLUES[255]) and (cells[5, 6] == 255).all()
    assert np.array_equal(cells[5, 7], receptive.BLUES[128])          # the root of 1/4 is a half
    assert set(np.unique(view[:5 * zoom])) <= {150, 225}
    whole, origin, zoom = receptive.close_up(fields.Field(values, ((-30, 30), (-30, 30))))
    assert origin == [0, 0] and zoom == 8 and whole.shape == (320, 320, 3)


def test_the_sums_of_the_table_are_right():
    for setting in itertools.product((1, 4, 7), (3, 5, 7), fields.HALVED, fields.DILATIONS):
        windows = fields.stack(*setting)
        for (_, total, jump), expected in zip(receptive.sums(windows), conv.receptive_field(
                [each[1:] for each in windows]), strict=True):
            given, result = total.replace("·", "*").split(" = ")
            assert eval(given) == int(result) == expected[0] and int(jump.split()[-1]) == expected[1]


def test_a_large_scan_is_shrunk_and_its_millimetres_grow():
    explorer = receptive.receptive_field(np.random.default_rng(2).normal(0, 300, (128, 96)), (2.0, 3.0))
    assert explorer.controls["row"].max == 63 and explorer.controls["column"].max == 47
    assert explorer.view.caption.startswith("Theory: 7 × 7 pixels = 28 × 42 mm;")


def test_the_picture_fits_on_a_slide():
    explorer = receptive.receptive_field(np.eye(16, dtype=np.uint8))
    assert explorer.view.size[0] <= 1036 and explorer.view.size[1] <= 390
    assert " mm" not in explorer.view.caption




@pytest.mark.parametrize("image, spacing, words", [
    (IMAGE[None], None, r"shape \(H, W\)"), (np.zeros((20, 20)), None, "not all the same"),
    (np.random.default_rng(3).normal(size=(200, 20)), None, "too long and narrow"),
    (IMAGE, (1.0,), r"\(row, column\) in mm"), (IMAGE, (1.0, 0.0), "in mm"), (IMAGE, (np.nan, 1.0), "in mm")])
def test_bad_input_gets_one_sentence(image, spacing, words):
    with pytest.raises(ValueError, match=words):
        receptive.receptive_field(image, spacing)

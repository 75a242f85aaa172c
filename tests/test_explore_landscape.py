"""The landscape of mask losses: values and slopes against the losses themselves and autograd, descents against SGD."""
import importlib
import math
import re
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from explorers import pixels
from torch.nn import functional as F

from helpers import loss

landscape = importlib.import_module("helpers.explore.landscape")
pytestmark = pytest.mark.usefixtures("strict_widgets")
NAMES = ("size", "inside", "outside", "smooth", "count")
PLACES = list(product(landscape.SIZES, (-6.0, -1.5, 4.0), (-9.0, 0.5), (0.0, 1.0, 1000.0)))


def with_torch(size, logits, smooth):
    """The three losses of a scan of 64 × 64 pixels whose first `size` belong to the mask."""
    mask = torch.zeros(1, 64, 64, dtype=torch.int64)
    mask.view(-1)[:size] = 1
    organ = torch.where(mask == 1, logits[0], logits[1])
    scan = torch.stack([torch.zeros_like(organ), organ], dim=1)               # (1, 2, 64, 64)
    entropy, dice = F.cross_entropy(scan, mask), loss.soft_dice(scan, mask, smooth)
    return torch.stack([entropy, dice, entropy + dice])


@pytest.fixture
def explorer():
    return landscape.loss_landscape()


def at(explorer, *values):
    for name, value in zip(NAMES, values, strict=True):
        explorer.controls[name].value = value
    return explorer.describe()


@pytest.mark.parametrize("size, inside, outside, smooth", PLACES)
def test_values_and_slopes_are_those_of_the_losses_that_train(size, inside, outside, smooth):
    logits = torch.tensor([inside, outside], dtype=torch.float64, requires_grad=True)
    losses = with_torch(size, logits, smooth)
    np.testing.assert_allclose(landscape.values(size, inside, outside, smooth), losses.detach(), rtol=1e-9, atol=1e-12)
    expected = [torch.autograd.grad(value, logits, retain_graph=True)[0].numpy() for value in losses]
    np.testing.assert_allclose(landscape.slopes(size, inside, outside, smooth), expected, rtol=1e-7, atol=1e-15)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_descent_is_that_of_torch(number):
    logits = torch.tensor([-2.0, -1.0], dtype=torch.float64, requires_grad=True)
    optimiser, way = torch.optim.SGD([logits], lr=landscape.RATE), []
    for _ in range(20):
        way.append(logits.tolist())
        optimiser.zero_grad()
        with_torch(16, logits, 1.0)[number].backward()
        optimiser.step()
    np.testing.assert_allclose(landscape.descent(16, -2.0, -1.0, 1.0)[number, :20], way, rtol=1e-9)


def test_the_prediction(explorer):
    """Once the nodule is found, cross-entropy falls by 6 of 4096 pixels' worth, Dice by most of its range."""
    gain = 4 / 4096 * (math.log1p(math.exp(6)) - math.log1p(math.exp(-6)))
    assert f"cross-entropy falls by {gain:.4f}, Dice by 0.78" in explorer.view.caption
    explorer.controls["preset"].value = "a large organ, missed"
    assert "cross-entropy falls by 1.5000, Dice by 0.99" in explorer.view.caption


def test_only_dice_finds_the_nodule_and_every_loss_the_large_organ(explorer):
    explorer.controls["preset"].value = "a nodule, 200 steps later"
    shown = re.findall(r"(\d\.\d\d) \((cross-entropy|Dice|both)\)", explorer.view.caption)
    chance = {name: float(value) for value, name in shown}
    assert chance["cross-entropy"] < 0.1 and min(chance["Dice"], chance["both"]) > 0.99
    explorer.controls["preset"].value = "a large organ, 200 steps later"
    assert explorer.view.caption.count("1.00 (") == 3
    explorer.controls["preset"].value = "too much smoothing"
    assert "0.02 (Dice)" in explorer.view.caption and "Dice by 0.00" in explorer.view.caption


@pytest.mark.parametrize("number, top", [(0, 1), (1, 1), (2, 2)])
def test_the_map_shows_the_loss_where_its_axes_say(number, top):
    picture = landscape._map(64, 1.0, number)
    for row, column in ((3, 3), (120, 40), (200, 150), (277, 277)):
        inside = 6 - 12 * (row // 2 + 0.5) / 140
        outside = -10 + 12 * (column // 2 + 0.5) / 140
        level = np.clip(landscape.values(64, inside, outside, 1.0)[number] / top, 0, 1)
        assert picture[row, column].tolist() == landscape.BANDS[int(255 * level)].tolist()


def test_the_way_begins_in_a_ring_and_ends_in_a_disc():
    plain = np.zeros((landscape.MAP, landscape.MAP, 3), np.uint8)
    view = landscape.walked(plain, np.array([[0.0, -4.0], [3.0, -4.0], [6.0, 2.0]]))
    assert view[140, 140].tolist() == [255, 255, 255] and view[6, 273].tolist() == [213, 94, 0]
    still = landscape.walked(plain, np.array([[0.0, -4.0]]))
    assert still[140, 140].tolist() == [213, 94, 0] and (still != 0).any(-1).sum() < 200


@pytest.mark.parametrize("preset", landscape.PRESETS)
def test_presets_are_reached(explorer, preset):
    explorer.controls["preset"].value = preset
    assert explorer.controls["preset"].value == preset
    assert tuple(explorer.controls[name].value for name in NAMES) == landscape.PRESETS[preset]


def test_all_ends_together(explorer):
    for values in product((1, 1024), (-6.0, 6.0), (-10.0, 2.0), (0.0, 1000.0), (0, 200)):
        assert "nan" not in at(explorer, *values)


def test_every_control_changes_picture_and_alt_text(drive):
    for control in ("preset", *NAMES):
        explorer = landscape.loss_landscape()
        single = SimpleNamespace(controls={control: explorer.controls[control]}, view=explorer.view,
                                 describe=explorer.describe)
        assert drive(single)[control] >= 2, f"{control} changes nothing"


def test_the_live_picture_is_what_a_full_drawing_gives(explorer):
    fresh = landscape.loss_landscape()
    at(explorer, 1024, 3.0, -9.0, 0.0, 200)
    assert not np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))
    assert np.array_equal(pixels(explorer.view.png), pixels(explorer.preview()))
    at(explorer, *landscape.PRESETS["a nodule, missed"])
    assert np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))

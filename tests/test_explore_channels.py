"""Channels and filter banks against torch; every control."""
import importlib

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from explorers import pixels
from skimage import data as samples
from torch import nn

from helpers.explore.wording import with_sign

channels = importlib.import_module("helpers.explore.channels")       # the name itself is the explorer of this module
pytestmark = pytest.mark.usefixtures("strict_widgets")
PHOTO = samples.astronaut()[0:400, 60:460]
SMALL = np.random.default_rng(1).random((20, 30, 3))
WEIGHTS = np.random.default_rng(2).normal(size=(4, 3, 3, 3)).round(2)


def bank(weights=None):
    return np.stack(list(channels.BANK.values())) if weights is None else weights


def by_torch(image, weights, bias=0.0, on=(1, 1, 1), relu=False):
    masked = torch.tensor(image * np.reshape(on, (1, 1, 3))).permute(2, 0, 1)[None]
    biases = torch.full((len(weights),), float(bias), dtype=masked.dtype)
    maps = nn.functional.conv2d(masked, torch.tensor(weights), biases)[0]
    return (maps.relu() if relu else maps).numpy()


@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize("bias, on, relu", [(0, (1, 1, 1), False), (-0.3, (1, 0, 1), False), (0.4, (0, 0, 1), True),
                                            (-0.2, (1, 1, 1), True), (0.1, (0, 0, 0), False)])
def test_the_maps_of_a_bank_are_those_of_torch(weights, bias, on, relu):
    for kernels, expected in zip(bank(weights), by_torch(SMALL, bank(weights), bias, on, relu), strict=True):
        parts = channels.per_channel(SMALL.transpose(2, 0, 1), kernels)
        np.testing.assert_allclose(channels.feature_map(parts, bias, on, relu), expected, atol=1e-12)


def test_what_each_channel_gives_is_a_grouped_convolution():
    for kernels in WEIGHTS:
        grouped = nn.functional.conv2d(torch.tensor(SMALL.transpose(2, 0, 1)[None]), torch.tensor(kernels)[:, None],
                                       groups=3)[0]
        np.testing.assert_allclose(channels.per_channel(SMALL.transpose(2, 0, 1), kernels), grouped, atol=1e-12)


@pytest.mark.parametrize("bias, off, relu", [(0.0, (), False), (-0.25, ("green",), True), (0.5, ("red", "blue"), False),
                                             (-1.0, (), True)])
@pytest.mark.parametrize("name", channels.BANK)
def test_the_explorer_tells_the_numbers_of_torch(name, bias, off, relu):
    explorer = channels.channels(SMALL)
    for control, value in [("chosen", name), ("bias", bias), ("ReLU", relu), *((channel, False) for channel in off)]:
        explorer.controls[control].value = value
    on = [channel not in off for channel in channels.CHANNELS]
    number = list(channels.BANK).index(name)
    shown = by_torch(SMALL, bank(), bias, on, relu)[number]
    total, alt = by_torch(SMALL, bank(), bias, on)[number], explorer.describe()
    row, column = (int(part.split(".")[0]) for part in alt.split("Output row ")[1].split(", column "))
    assert f"sum {with_sign(total[row, column])}" in explorer.view.caption
    assert (f"after ReLU {with_sign(max(total[row, column], 0))}" in explorer.view.caption) == relu
    single = [by_torch(SMALL, bank(), 0, np.eye(3)[place])[number][row, column] for place in range(3)]
    for channel, part, taken in zip(channels.CHANNELS, single, on, strict=True):
        assert f"{channel} {with_sign(part) if taken else 'off'}" in explorer.view.caption
    assert f"from {with_sign(shown.min())} to {with_sign(shown.max())}" in alt
    assert f"{100 * (shown > 0).mean():.0f} % of it lie above 0" in alt


@pytest.mark.parametrize("name", channels.BANK)
def test_the_frame_stands_where_the_filter_answers_most(name):
    state = channels._Filter(SMALL.transpose(2, 0, 1), channels.BANK[name])
    expected = by_torch(SMALL, bank())[list(channels.BANK).index(name)]
    assert expected[state.place] == pytest.approx(expected[2:-2, 2:-2].max())


def test_what_the_names_of_the_bank_promise():
    flat = {"white": (1, 1, 1), "red": (1, 0, 0), "green": (0, 1, 0), "blue": (0, 0, 1)}
    answers = [by_torch(np.full((5, 5, 3), values, float), bank())[:, 1, 1] for values in flat.values()]
    expected = {"red minus green": [0, 1, -1, 0], "vertical edge in all channels": [0, 0, 0, 0],
                "brightness": [1, 1 / 3, 1 / 3, 1 / 3], "blue spot": [0, 0, 0, 0]}
    assert list(expected) == list(channels.BANK)
    np.testing.assert_allclose(np.transpose(answers), list(expected.values()), atol=1e-12)
    spots = {}
    for colour, values in flat.items():
        image = np.zeros((5, 5, 3))
        image[2, 2] = values
        spots[colour] = by_torch(image, bank())[3].max()
    assert spots["blue"] == 1 and abs(spots["white"]) < 1e-12 and max(spots["red"], spots["green"]) < 0.1


def test_shapes_and_parameters_in_the_picture_are_those_of_a_layer():
    layer = nn.Conv2d(3, 4, 3)
    assert sum(part.numel() for part in layer.parameters()) == 4 * (3 * 9 + 1) == 112
    assert tuple(layer(torch.zeros(1, 3, 96, 96)).shape) == (1, 4, 94, 94)
    fig, _ = channels._bank_figure(np.zeros((3, 96, 96)), channels.BANK)
    written = [text.get_text() for text in fig.texts]
    plt.close(fig)
    shapes = "picture (3, 96, 96), weights (4, 3, 3, 3), bias (4,) → maps (4, 94, 94)"
    assert f"{shapes}      parameters: 4 · (3 · 9 + 1) = 112" in written


def test_every_control_changes_picture_and_alt_text(drive):
    for control, states in drive(channels.channels(PHOTO)).items():
        assert states >= 2, f"{control} changes nothing"


def test_the_live_picture_is_what_a_full_drawing_gives():
    explorer, fresh = channels.channels(PHOTO), channels.channels(PHOTO)
    for control in explorer.controls.values():
        start = control.value
        control.value = "blue spot" if isinstance(start, str) else not start if isinstance(start, bool) else 0.5
        assert not np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png)), control.description
        control.value = start
        assert np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png)), control.description


def test_the_picture_fits_on_a_slide():
    explorer = channels.channels(PHOTO)
    assert explorer.view.size[0] <= 1036 and explorer.view.size[1] <= 390


@pytest.mark.parametrize("image", [PHOTO[:50, :90], np.linspace(0, 1, 30 * 20 * 3).reshape(30, 20, 3)])
@pytest.mark.parametrize("count", [1, 3])
def test_other_pictures_and_banks_are_shown_too(image, count):
    explorer = channels.channels(image, WEIGHTS[:count])
    assert [name for _, name in explorer.controls["chosen"].options] == [f"filter {n + 1}" for n in range(count)]
    assert explorer.view.caption.startswith("Filter 1")
    named = channels.channels(image, {"mine": WEIGHTS[0]})
    assert named.controls["chosen"].value == "mine"


@pytest.mark.parametrize("image, weights, words", [
    (np.zeros((3, 20, 20)), None, "shape \\(H, W, 3\\)"), (np.zeros((6, 20, 3)), None, "at least 8 pixels"),
    (np.full((20, 20, 3), 2.0), None, "from 0 to 1"), (np.full((20, 20, 3), np.nan), None, "from 0 to 1"),
    (SMALL, np.zeros((5, 3, 3, 3)), "one to four filters"), (SMALL, np.zeros((2, 1, 3, 3)), "shape \\(3, 3, 3\\)")])
def test_bad_input_gets_one_sentence(image, weights, words):
    with pytest.raises(ValueError, match=words):
        channels.channels(image, weights)

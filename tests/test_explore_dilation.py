"""Dilated kernels: what a unit reads against torch's gradient, the claims of the deck, the tree, every control."""
import importlib
import re
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from explorers import pixels
from skimage import data as samples
from torch import nn

from helpers import conv, ledger

dilation = importlib.import_module("helpers.explore.dilation")
pytestmark = pytest.mark.usefixtures("strict_widgets")
PHOTO = samples.camera()[::4, ::4]
STACKS = [[(3, 1)], [(5, 3)], [(3, 2), (3, 2), (3, 2)], [(3, 1), (3, 2), (3, 4)], [(3, 4), (5, 1)],
          [(5, 6), (3, 5), (3, 1)]]


@pytest.fixture
def explorer():
    return dilation.dilated_kernels(PHOTO)


def at(explorer, layers, kernel_size, *dilations):
    for name, value in zip(("layers", "kernel_size", "first", "second", "third"), (layers, kernel_size, *dilations),
                           strict=True):
        explorer.controls[name].value = value
    return explorer.describe()


@pytest.mark.parametrize("stack", STACKS)
def test_ways_are_the_gradient_of_torch(stack):
    layers = [nn.Conv1d(1, 1, size, dilation=step, bias=False) for size, step in stack]
    for layer in layers:
        nn.init.ones_(layer.weight)
    signal = torch.zeros(1, 1, len(dilation.ways(stack)), requires_grad=True)
    output = nn.Sequential(*layers)(signal)
    assert output.shape == (1, 1, 1)
    output.sum().backward()
    assert dilation.ways(stack).tolist() == signal.grad[0, 0].tolist()


@pytest.mark.parametrize("stack", STACKS)
def test_the_field_is_that_of_the_formula(stack):
    assert len(dilation.ways(stack)) == conv.receptive_field([(size, 1, step) for size, step in stack])[-1][0]


def test_the_claims_of_the_deck():
    naming, weights = ledger.claim("dilated-naming"), ledger.claim("dilated-parameter-efficient")
    steps = naming.expected["pytorch_dilation"]
    stacked = [len(dilation.ways([(3, step) for step in steps[:count]])) for count in (1, 2, 3)]
    ledger.check(naming.id, {"slide_label": naming.expected["slide_label"], "pytorch_dilation": steps,
                             "extent": [len(dilation.ways([(3, step)])) for step in steps], "stacked_rf": stacked})
    extent = [len(dilation.ways([(weights.inputs["K"], step)])) for step in weights.inputs["D"]]
    assert extent == weights.expected["extent"]
    for step in weights.inputs["D"]:
        assert nn.Conv2d(1, 1, 3, dilation=step, bias=False).weight.numel() == 9
        assert "9 weights per pair" in dilation.told([(3, step)])[1]


def test_the_prediction(explorer):
    assert explorer.view.caption == ("field 15 × 15, reads every pixel of the field; 27 weights per pair of channels; "
                                     "one 15 × 15 kernel: 225; without dilation it sees 7 × 7")
    explorer.controls["preset"].value = "holes: 2, 2, 2"
    assert "field 13 × 13, reads 49 of 169 pixels: holes" in explorer.view.caption


@pytest.mark.parametrize("steps", list(product((1, 2, 4), repeat=3)))
def test_what_is_read_in_the_plane_is_what_torch_reads(explorer, steps):
    said = at(explorer, 3, 3, *steps)
    network = nn.Sequential(*(nn.Conv2d(1, 1, 3, dilation=step, bias=False) for step in steps)).double()
    for weight in network.parameters():
        nn.init.ones_(weight)
    field = len(dilation.ways([(3, step) for step in steps]))
    image = torch.zeros(1, 1, field, field, dtype=torch.float64, requires_grad=True)
    network(image).sum().backward()
    read = int((image.grad > 0).sum())
    expected = "every pixel" if read == field**2 else f"{read} of {field**2:,} pixels: holes"
    assert f"field {field} × {field}, reads {expected}" in said


def test_dots_lie_where_the_scan_is_read_and_nowhere_else():
    counts, tree, _ = dilation._drawn(((3, 4),))
    assert counts.shape == (63, 63) and counts.sum() == 9
    plain = np.full((dilation.VIEW, dilation.VIEW, 3), 128, np.uint8)
    view = dilation.on_scan(plain, counts)
    blue = (view == (0, 114, 178)).all(-1)
    cells = blue.reshape(63, 5, 63, 5).any(axis=(1, 3))
    np.testing.assert_array_equal(cells, counts > 0)
    assert tree.shape == (315, 330, 3) and ((tree == (0, 114, 178)).all(-1)).any()


def test_the_tree_has_a_filled_cell_for_each_pixel_that_is_read():
    for stack in STACKS[:4]:
        last = dilation.tree(stack)[dilation.TREE[1] - 26]                     # the row of the pixels
        blue = (last == (0, 114, 178)).all(-1)
        runs = int((np.diff(blue.astype(int)) == 1).sum() + blue[0])
        assert runs == (dilation.ways(stack) > 0).sum()


@pytest.mark.parametrize("preset", dilation.PRESETS)
def test_presets_are_reached(explorer, preset):
    explorer.controls["preset"].value = preset
    assert explorer.controls["preset"].value == preset
    assert tuple(explorer.controls[name].value for name in list(explorer.controls)[1:]) == dilation.PRESETS[preset]
    assert ("holes" in explorer.view.caption) == (preset.startswith("holes") or preset[-1] in "24" and "one" in preset)


def test_all_ends_together(explorer):
    for layers, size, *steps in product((1, 3), (3, 5), (1, 6), (1, 6), (1, 6)):
        said = at(explorer, layers, size, *steps)
        field = int(re.search(r"field (\d+)", said)[1])
        assert field == 1 + (size - 1) * sum(steps[:layers])


def test_every_control_changes_picture_and_alt_text(explorer, drive):
    for control in explorer.controls:
        fresh = dilation.dilated_kernels(PHOTO)
        single = SimpleNamespace(controls={control: fresh.controls[control]}, view=fresh.view, describe=fresh.describe)
        assert drive(single)[control] >= 2, f"{control} changes nothing"


def test_the_live_picture_is_what_a_full_drawing_gives(explorer):
    fresh = dilation.dilated_kernels(PHOTO)
    at(explorer, 3, 5, 6, 5, 6)
    assert not np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))
    assert np.array_equal(pixels(explorer.view.png), pixels(explorer.preview()))
    at(explorer, 3, 3, 1, 2, 4)
    assert np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))


def test_size_and_other_images(explorer):
    assert explorer.view.size[0] <= 1036 and explorer.view.size[1] <= 400
    for image in (PHOTO[:32, :40], np.linspace(-1000, 400, 64 * 300).reshape(64, 300), PHOTO / 255.0):
        assert dilation.dilated_kernels(image).describe() == explorer.describe()


@pytest.mark.parametrize("image, words", [(np.zeros((64, 64, 3)), r"shape \(H, W\)"), (PHOTO[:31], "at least 32"),
                                          (np.ones((64, 64)), "not all the same")])
def test_bad_input_gets_one_sentence(image, words):
    with pytest.raises(ValueError, match=words):
        dilation.dilated_kernels(image)

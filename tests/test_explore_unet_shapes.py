"""The U-Net explorer: every size against a real network, the claims of the deck, refusals, every control."""
import importlib
from itertools import product

import pytest
import torch

from helpers import ledger, models

shapes = importlib.import_module("helpers.explore.unet_shapes")
pytestmark = pytest.mark.usefixtures("strict_widgets")


@pytest.fixture
def explorer():
    return shapes.unet_shapes()


def walked(network, side):
    """Channels and side that every block makes of an image: those on the way down, the bottom, those on the way up."""
    found = []
    blocks = [*network.encoders, *network.decoders]
    hooks = [block.register_forward_hook(lambda block, given, maps: found.append(tuple(maps.shape[1:3])))
             for block in blocks]
    with torch.no_grad():
        output = network(torch.zeros(1, 1, side, side))
    for hook in hooks:
        hook.remove()
    return found, output.shape[-1]


def said(padded, side, depth, base):
    """The same from the explorer's arithmetic."""
    found = shapes.levels(padded, side, depth, base)
    down = [(level.channels, level.down) for level in found]
    return down + [(level.channels, level.up) for level in found[-2::-1]]


@pytest.mark.parametrize("side, depth, base", list(product((16, 56, 57, 100), (1, 2, 3), (4, 8))))
def test_padded_sizes_are_those_of_the_network(side, depth, base):
    network = models.UNet(1, 2, base, depth)
    found, output = walked(network, side)
    assert said(True, side, depth, base) == found and output == side
    assert shapes.parameters(True, depth, base) == models.count_parameters(network)


@pytest.mark.parametrize("side, depth", [(20, 1), (60, 2), (92, 3), (188, 4)])
def test_unpadded_sizes_are_those_of_the_network(side, depth):
    network = models.UNet2015(1, 2, 4, depth)
    found, output = walked(network, side)
    assert said(False, side, depth, 4) == found and output == shapes.levels(False, side, depth, 4)[0].up
    assert shapes.parameters(False, depth, 4) == models.count_parameters(network)


def test_the_claims_of_the_deck():
    found = shapes.levels(False, 572, 4, 64)
    claim = ledger.claim("unet-operations").expected
    assert [[level.down, level.met] for level in found[-2::-1]] == claim["crops_skip_to_decoder"]
    assert shapes.parameters(False, 4, 64) == claim["params"]
    assert f"sees {claim['bottleneck_rf']} pixels" in shapes.tell(False, 572, 4, 64)[0]


def test_the_prediction(explorer):
    explorer.controls["preset"].value = "the paper of 2015: 572"
    assert explorer.view.caption.startswith("572 → 388 pixels a side, 46 % of the area; 31,030,658 parameters")
    assert "Serves the prediction:" in shapes.unet_shapes.__doc__


def test_a_side_that_does_not_fit_names_those_that_do(explorer):
    explorer.controls["preset"].value = "a side that does not fit: 512"
    assert explorer.view.caption.endswith("between unpadded convolutions: 508 or 524 do")
    with pytest.raises(ValueError, match="508 or 524"):
        models.UNet2015(1, 2, 4)(torch.zeros(1, 1, 512, 512))
    explorer.controls["preset"].value = "too small to be unpadded: 56"
    assert explorer.view.caption.endswith(": 92 does")


def test_a_padded_side_says_what_it_is_padded_to(explorer):
    explorer.controls["side"].value = 50
    assert "50 → 50 pixels a side (inside 56), 100 % of the area" in explorer.view.caption


@pytest.mark.parametrize("preset", shapes.PRESETS)
def test_every_preset_sets_the_others_and_comes_back(explorer, preset):
    explorer.controls["preset"].value = preset
    values = tuple(control.value for control in list(explorer.controls.values())[1:])
    assert values == shapes.PRESETS[preset]
    explorer.controls["depth"].value = 5 if values[2] < 5 else 1
    assert explorer.controls["preset"].value == "your own"


@pytest.mark.parametrize("name, value", [("convolutions", shapes.UNPADDED), ("side", 64), ("depth", 2), ("base", 16)])
def test_every_control_changes_the_picture_and_the_words(explorer, name, value):
    before = explorer.preview(), explorer.describe()
    explorer.controls[name].value = value
    assert explorer.preview() != before[0] and explorer.describe() != before[1]


def test_no_setting_fails(explorer):
    for kind, side, depth in product((shapes.PADDED, shapes.UNPADDED), (16, 17, 1000, 1024), (1, 3, 5)):
        for name, value in (("convolutions", kind), ("side", side), ("depth", depth)):
            explorer.controls[name].value = value
        assert explorer.view.caption and explorer.preview()

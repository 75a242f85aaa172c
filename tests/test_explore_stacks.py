"""The shape walker: numbers against real torch networks, refusals, every control and button."""
import itertools
import re

import numpy as np
import pytest
import torch
from explorers import pixels
from torch import nn

from helpers.explore import layers, stacks
from helpers.explore.layers import Layer

pytestmark = pytest.mark.usefixtures("strict_widgets")
MODULES = {"ReLU": nn.ReLU, "max pool 2": lambda: nn.MaxPool2d(2), "average pool 2": lambda: nn.AvgPool2d(2),
           "global average pool": lambda: nn.AdaptiveAvgPool2d(1), "flatten": nn.Flatten}


def module(layer, before):
    """The layer as torch has it, for what came before, (N, C, H, W) or (N, L)."""
    if layer.kind.startswith("conv"):
        return nn.Conv2d(before.shape[1], layer.out_channels, int(layer.kind[-1]), layer.stride, layer.padding)
    if layer.kind == "dense":
        return nn.Linear(before.shape[1], layer.out_channels)
    return MODULES[layer.kind]()


def torch_walk(stack, side, channels):
    """Shape, parameters and multiplications of each layer, as long as torch takes them."""
    maps, rows = torch.zeros(2, channels, side, side), []
    for layer in stack:
        if layer.kind != "ReLU" and (layer.kind == "dense") != (maps.ndim == 2):
            break                              # torch flattens the flat again and may take maps for rows: both refused
        made = module(layer, maps)
        try:
            maps = made(maps)
        except RuntimeError:
            break
        weights = made.weight.numel() if hasattr(made, "weight") else 0
        parameters = sum(each.numel() for each in made.parameters())
        rows.append((tuple(maps.shape[1:]), parameters, weights * maps[0, 0].numel()))    # once at each position
    return rows


def random_stack(generator):
    chances = [0.25, 0.15, 0.1, 0.15, 0.1, 0.03, 0.1, 0.12]
    kinds = generator.choice(layers.KINDS, p=chances, size=generator.integers(1, 9))
    return [Layer(str(kind), *generator.integers([1, 1, 0], [9, 4, 4]).tolist()) for kind in kinds]


def test_random_stacks_have_the_shapes_and_costs_of_torch():
    generator, ends = np.random.default_rng(0), set()
    for _ in range(150):
        stack, side, channels = random_stack(generator), int(generator.integers(1, 40)), int(generator.integers(1, 4))
        steps, reason = layers.walk(stack, side, channels)
        expected = torch_walk(stack, side, channels)
        assert [(step.shape, step.parameters, step.macs) for step in steps] == expected
        assert bool(reason) == (len(expected) < len(stack))
        ends |= {reason.split("impossible: ")[-1][:20]}
    assert len(ends) > 4                                          # all sorts of reasons, and none, were met


@pytest.mark.parametrize("name", stacks.PRESETS)
def test_the_code_on_the_slide_makes_the_network_of_the_numbers(name):
    side, channels, stack = stacks.PRESETS[name]
    steps, _ = layers.walk(stack, side, channels)
    network = eval(layers.code(stack, steps, channels), {"nn": nn})
    assert sum(each.numel() for each in network.parameters()) == sum(step.parameters for step in steps)
    maps, hooked = torch.zeros(1, channels, side, side, device="meta"), []
    for made in network:
        made.register_forward_hook(lambda _, given, output: hooked.append(tuple(output.shape[1:])))
    network.to("meta")(maps)
    assert hooked == [step.shape for step in steps]


@pytest.mark.parametrize("kinds, strides", [
    (["conv 3×3", "conv 3×3", "conv 3×3"], (1,) * 3), (["conv 3×3", "average pool 2", "conv 3×3", "ReLU"], (1,) * 4),
    (["conv 5×5", "conv 3×3", "average pool 2", "conv 5×5"], (2, 3, 1, 1)),
    (["average pool 2", "average pool 2", "conv 3×3", "flatten"], (1,) * 4)])
def test_a_unit_sees_what_its_gradient_reaches(kinds, strides):
    stack = [Layer(kind, 1, stride) for kind, stride in zip(kinds, strides, strict=True)]
    steps, _ = layers.walk(stack, 80, 1)
    image = torch.ones(1, 1, 80, 80, requires_grad=True)
    network = eval(layers.code(stack, steps, 1), {"nn": nn})
    for weights in network.parameters():
        nn.init.constant_(weights, 0.5)
    output = network(image).flatten()
    output[len(output) // 2].backward()
    assert (image.grad[0, 0] != 0).any(dim=0).sum() == steps[-1].field


def test_only_behind_global_pooling_and_dense_layers_a_unit_sees_all():
    fields = [step.field for step in layers.walk(stacks.PRESETS["averaged instead of flattened"][2], 64, 1)[0]]
    assert fields == [3, 4, 8, 10, None, None, None]
    assert [step.field for step in layers.walk(stacks.PRESETS["two convolutions for a scan"][2], 64, 1)[0]] \
        == [3, 4, 8, 10, 10, None]


def test_lenet_and_vgg_have_the_published_numbers():
    lenet, vgg = (layers.walk(stack, side, channels)[0] for name, (side, channels, stack) in stacks.PRESETS.items()
                  if name.startswith(("LeNet", "VGG")))
    assert sum(step.parameters for step in lenet) == 61_706
    assert [step.shape[-1] for step in lenet] == [28, 14, 10, 5, 400, 120, 84, 10]
    assert [step.field for step in vgg] == [3, 5, 6, 10, 14, 16, 24, 32]
    assert [step.parameters for step in vgg] == [1_792, 36_928, 0, 73_856, 147_584, 0, 295_168, 590_080]


def test_the_prediction_of_the_lecture():
    explorer = stacks.shape_walker()
    assert explorer.view.caption == (
        "5,345 parameters, 1,478,656 multiplications: 77 % of the parameters in layer 6 (dense), 80 % of the "
        "multiplications in layer 3 (conv 3×3)")


REFUSED = [  # preset, layer to add, words
    ("two convolutions for a scan", "conv 3×3", "takes maps, not one row of 1 numbers; put it before flatten"),
    ("two convolutions for a scan", "flatten", "takes maps, not one row"),
    ("VGG-16, first eight, no ReLU", "ReLU", "room for 8 layers, so remove one first"),
    ("two convolutions", "dense", r"one row of numbers, not maps of shape \(16, 16, 16\); flatten first")]


@pytest.mark.parametrize("preset, kind, words", REFUSED)
def test_an_impossible_layer_is_refused_and_nothing_is_lost(preset, kind, words):
    explorer = stacks.shape_walker()
    controls = explorer.controls
    if preset in stacks.PRESETS:
        controls["preset"].value = preset
    else:
        controls["stack"].value = controls["stack"].value[:4]
    before, picture = controls["stack"].value, explorer.view.png
    controls["kind"].value = kind
    controls["stack"].add.click()
    assert controls["stack"].value == before and explorer.view.png == picture
    assert explorer.view.caption.startswith("Refused: ") and "The stack is as it was" in explorer.view.alt
    assert re.search(words, explorer.view.caption)
    controls["stack"].remove.click()
    assert controls["stack"].value == before[:-1] and "Refused" not in explorer.view.caption


def test_a_stack_that_became_impossible_is_kept_and_explained():
    explorer = stacks.shape_walker()
    controls = explorer.controls
    controls["preset"].value = "LeNet-5 without activations"
    stack = controls["stack"].value
    controls["side"].value = 12
    assert explorer.view.caption == (
        "Layer 3, conv 5×5, is impossible: its window of 5 × 5 does not fit into a map of 4 × 4; take out a pooling, "
        "or begin with a larger image")
    assert controls["stack"].value == stack and controls["preset"].value == "your own"
    controls["side"].value = 32
    assert controls["preset"].value == "LeNet-5 without activations" and "61,706 parameters" in explorer.view.caption


def test_a_stack_can_be_taken_apart_and_built_again_with_the_buttons():
    explorer = stacks.shape_walker()
    controls, start = explorer.controls, explorer.view.png
    stack = controls["stack"].value
    for count in range(5, -1, -1):
        controls["stack"].remove.click()
        assert len(controls["stack"].value) == count
    assert explorer.view.caption == "0 parameters, 0 multiplications" and "No layer yet" in explorer.view.alt
    controls["stack"].remove.click()
    assert "no layer left to remove" in explorer.view.caption
    for layer in stack:
        controls["kind"].value = layer.kind
        if layer.out_channels:
            controls["out_channels"].value = layer.out_channels
        controls["stack"].add.click()
    assert controls["stack"].value == stack and controls["preset"].value == "two convolutions for a scan"
    assert np.array_equal(pixels(explorer.view.png), pixels(start))


def test_every_kind_at_the_ends_of_every_control_can_be_added_or_is_refused():
    explorer = stacks.shape_walker()
    controls, outcomes = explorer.controls, set()
    names = ("side", "out_channels", "stride", "padding")
    for kind in layers.KINDS:
        controls["kind"].value = kind
        assert [controls[name].disabled for name in names[1:]] == \
            [not kind.startswith(("conv", "dense")), *[not kind.startswith("conv")] * 2]
        for values in itertools.product(*((controls[name].min, controls[name].max) for name in names)):
            changed = dict(zip(names, values, strict=True))
            if any(controls[name].disabled and changed[name] == controls[name].min for name in names):
                continue                                          # a disabled control has no part in it
            controls["stack"].value = ()
            for name, value in changed.items():
                controls[name].value = value
            controls["stack"].add.click()
            outcomes.add((len(controls["stack"].value), explorer.view.caption.startswith("Refused")))
    assert outcomes == {(0, True), (1, False)}


def test_preset_side_and_channels_change_picture_and_alt_text(drive):
    states = drive(stacks.shape_walker())
    assert states["preset"] >= len(stacks.PRESETS) and states["side"] >= 3 and states["channels"] == 2


def test_a_full_stack_of_the_longest_calls_stays_on_the_picture():
    stack = (Layer("conv 5×5", 1024, 4, 3), *[Layer("conv 5×5", 1024, 3, 3)] * 7)
    below = stacks.drawn(stack, 256, 3)[stacks.HIGH - 1]
    assert (below == 255).all()                                   # the third line of code ends above the edge


def test_the_picture_fits_on_a_slide():
    explorer = stacks.shape_walker()
    assert all(each.description for each in explorer.controls["stack"].children)
    assert explorer.view.size[0] <= 1036 and explorer.view.size[1] <= 390


@pytest.mark.parametrize("size, channels, name", [(64, 1, "two convolutions for a scan"), (32, 3, "your own")])
def test_another_image_to_begin_with(size, channels, name):
    explorer = stacks.shape_walker(size, channels)
    assert explorer.controls["preset"].value == name and f"({channels}, {size}, {size})" in explorer.view.alt


@pytest.mark.parametrize("size, channels", [(0, 1), (257, 1), (64, 2), ("64", 1), (6.5, 1), (True, 1)])
def test_bad_input_gets_one_sentence(size, channels):
    with pytest.raises(ValueError, match="size from 1 to 256 and 1 or 3 channels"):
        stacks.shape_walker(size, channels)

"""Feature maps: the numbers of torch for flat and nested networks, nothing left behind, kernels, every control."""
import importlib

import numpy as np
import pytest
import torch
from explorers import pixels
from skimage import data as samples
from torch import nn

from helpers.explore import hooks
from helpers.explore.wording import with_sign

browser = importlib.import_module("helpers.explore.feature_maps")    # the name itself may be the explorer
pytestmark = pytest.mark.usefixtures("strict_widgets")
IMAGES = torch.tensor(np.stack([samples.camera()[::8, ::8], samples.coins()[:256:4, :256:4]])[:, None] / 255.0).float()


class Block(nn.Module):
    """A residual block that uses one ReLU twice, in place."""

    def __init__(self, channels):
        super().__init__()
        self.first, self.second = nn.Conv2d(channels, channels, 3, padding=1), nn.Conv2d(channels, channels, 1)
        self.norm, self.relu = nn.BatchNorm2d(channels), nn.ReLU(inplace=True)

    def forward(self, maps):
        return self.relu(maps + self.norm(self.second(self.relu(self.first(maps)))))


class Nested(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 40, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.5))
        self.block, self.head = Block(40), nn.Linear(40, 2)

    def forward(self, images):
        return self.head(self.block(self.stem(images)).mean((2, 3)))


def flat():
    torch.manual_seed(1)
    return nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU(),
                         nn.Flatten(), nn.Linear(16 * 30 * 30, 1))


def nested():
    torch.manual_seed(2)
    return Nested()


def test_maps_of_a_sequence_are_those_of_torch():
    model = flat().eval()
    layers = hooks.recorded(model, IMAGES)
    assert [(layer.name, layer.kind, layer.size) for layer in layers] == [
        ("0", "Conv2d", (64, 64)), ("1", "ReLU", (64, 64)), ("2", "MaxPool2d", (32, 32)), ("3", "Conv2d", (30, 30)),
        ("4", "ReLU", (30, 30))]
    with torch.no_grad():
        for place, layer in enumerate(layers):
            np.testing.assert_allclose(layer.maps, model[:place + 1](IMAGES), atol=1e-6)


def test_maps_of_a_nested_network_and_of_a_layer_used_twice():
    model = nested().eval()
    layers = {layer.name: layer for layer in hooks.recorded(model, IMAGES)}
    assert list(layers) == ["stem.0", "stem.1", "stem.2", "block.first", "block.relu", "block.second", "block.norm",
                            "block.relu (2)"]
    with torch.no_grad():
        stem = model.stem(IMAGES)
        first = model.block.first(stem)
        normed = model.block.norm(model.block.second(first.relu()))
        expected = {"block.first": first, "block.relu": first.relu(), "block.norm": normed,
                    "block.relu (2)": (stem + normed).relu()}
        for name, maps in expected.items():
            np.testing.assert_allclose(layers[name].maps, maps[:, :32], atol=1e-5, err_msg=name)
    assert layers["block.first"].channels == 40 and layers["block.first"].maps.shape[1] == 32


@pytest.mark.parametrize("make", [flat, nested])
def test_the_network_is_left_as_it_was_found(make):
    model = make().train()
    next(iter(model.children())).eval()
    parameters = list(model.parameters())
    parameters[0].requires_grad_(False)
    parameters[1].grad = torch.ones_like(parameters[1])
    before = [(module.training, len(module._forward_hooks)) for module in model.modules()]
    state = {name: value.clone() for name, value in model.state_dict().items()}
    seed = torch.get_rng_state()
    explorer = browser.feature_maps(model, IMAGES)
    for control in ("layer", "channel", "image"):
        explorer.controls[control].value = 1
    assert [(module.training, len(module._forward_hooks)) for module in model.modules()] == before
    assert all(torch.equal(value, state[name]) for name, value in model.state_dict().items())
    assert not parameters[0].requires_grad and all(each.requires_grad for each in parameters[1:])
    assert torch.equal(parameters[1].grad, torch.ones_like(parameters[1]))
    assert all(each.grad is None for each in parameters[2:]) and torch.equal(torch.get_rng_state(), seed)


def test_hooks_are_removed_when_the_network_fails():
    model = flat().train()
    with pytest.raises(ValueError, match="does not take these images"):
        hooks.recorded(model, IMAGES[:, :, :20])
    assert not any(module._forward_hooks for module in model.modules())
    assert all(module.training for module in model.modules())


def test_likeness_is_the_correlation_of_numpy():
    generator = np.random.default_rng(3)
    maps = generator.normal(size=(2, 3, 16, 16))
    blocks = IMAGES.numpy()[:, 0].reshape(2, 16, 4, 16, 4).mean((2, 4))
    maps[1, 2] = 0.1
    maps[0, 0] = 5 - 2 * blocks[0]
    found = hooks.likeness(torch.tensor(maps), IMAGES)
    for image, channel in np.ndindex(2, 3):
        if (image, channel) != (1, 2):
            expected = abs(np.corrcoef(maps[image, channel].ravel(), blocks[image].ravel())[0, 1])
            assert found[image, channel] == pytest.approx(expected, abs=1e-6)
    assert found[0, 0] == pytest.approx(1, abs=1e-6) and found[1, 2] == 0


def test_an_untouched_scan_is_like_itself_and_deeper_layers_less():
    model = flat()
    with torch.no_grad():
        model[0].weight[0] = 0
        model[0].weight[0, 0, 1, 1] = 1
    layers = hooks.recorded(model, IMAGES)
    np.testing.assert_allclose(layers[0].likeness[:, 0], 1, atol=1e-4)
    assert browser.presets(layers)["the map most like the scan"][1] == 0


def test_kernels_are_those_with_the_largest_norm():
    model = nested()
    layers = {layer.name: layer for layer in hooks.recorded(model, IMAGES)}
    assert layers["stem.1"].weights is None and layers["block.norm"].weights is None
    weights = model.block.first.weight.detach()
    for channel in (0, 17, 31):
        numbers, words = browser.chosen_kernel(layers["block.first"].weights, channel)
        largest = int(weights[channel].flatten(1).norm(dim=1).argmax())
        np.testing.assert_allclose(numbers, weights[channel, largest])
        assert f"input channel {largest} of 40" in " ".join(words)
    numbers, words = browser.chosen_kernel(layers["stem.0"].weights, 3)
    np.testing.assert_allclose(numbers, model.stem[0].weight.detach()[3, 0])
    assert words == ("5 × 5", "for the only input channel")
    numbers, words = browser.chosen_kernel(layers["block.second"].weights, 5)
    assert numbers.shape == (6, 7) and "40 numbers" in words[0]
    np.testing.assert_allclose(numbers.ravel()[:40], model.block.second.weight.detach()[5].ravel())
    assert np.isnan(numbers.ravel()[40:]).all()


def test_scales_are_signed_only_where_something_lies_below_zero():
    conv, relu = hooks.recorded(flat(), IMAGES)[:2]
    assert conv.signed and not relu.signed
    assert np.quantile(np.abs(conv.maps), 0.995) <= conv.limit <= 10 * np.quantile(np.abs(conv.maps), 0.995)
    np.testing.assert_array_equal(conv.coloured(np.array([[0.0]])), [[[255] * 3]])
    red, blue = conv.coloured(np.array([[conv.limit, -conv.limit]]))[0].astype(int)
    assert red[0] > red[2] + 50 and blue[2] > blue[0] + 50
    np.testing.assert_array_equal(relu.coloured(np.array([[0.0, relu.limit, 9e9]]))[0], [[0] * 3, [255] * 3, [255] * 3])


@pytest.mark.parametrize("count, columns, pitch", [(1, 4, 132), (8, 4, 132), (9, 6, 88), (18, 6, 88), (32, 8, 66)])
def test_the_sheet_shows_every_channel_in_its_place(count, columns, pitch):
    maps = np.linspace(0.1, 1, count)[None, :, None, None] * np.ones((1, 1, 8, 8))
    layer = hooks.Layer("a", "ReLU", count, maps, (8, 8), np.zeros((1, count)), None)
    sheet = browser.contact_sheet(layer, 0)
    assert sheet.shape == (264, 528, 3)
    for channel in range(count):
        row, column = divmod(channel, columns)
        middle = sheet[row * pitch + pitch // 2, column * pitch + pitch // 2, 0]
        assert middle == np.rint(255 * min(maps[0, channel, 0, 0] / layer.limit, 1))


@pytest.mark.parametrize("shape", [(64, 64), (16, 16), (5, 9), (200, 300), (500, 40)])
def test_maps_of_any_size_fit_into_their_box(shape):
    picture = browser.enlarged(np.zeros((*shape, 3), np.uint8), 192)
    assert picture.shape == (192, 192, 3)
    dark = (picture == 0).all(-1)
    assert dark.any(1).sum() <= 192 and max(dark.any(1).sum(), dark.any(0).sum()) > 96
    assert dark.sum() == dark.any(1).sum() * dark.any(0).sum()


@pytest.mark.parametrize("make", [flat, nested])
def test_every_control_at_its_ends(make, drive):
    explorer = browser.feature_maps(make(), IMAGES, ["camera", "coins"])
    for control, states in drive(explorer).items():
        assert states >= 2, f"{control} changes nothing"
    for _, layer in explorer.controls["layer"]._options_full:
        explorer.controls["layer"].value = layer
        for channel in (0, explorer.controls["channel"].max):
            explorer.controls["channel"].value = channel
            assert f"channel {channel}," in explorer.view.caption and "nan" not in explorer.describe()


def test_the_channels_follow_the_layer():
    explorer = browser.feature_maps(flat(), IMAGES)
    layer, channel = explorer.controls["layer"], explorer.controls["channel"]
    assert channel.max == 7
    layer.value = 3
    assert channel.max == 15
    channel.value, seen = 15, []
    explorer.view.observe(lambda change: seen.append(explorer.view.caption), "png")
    layer.value = 0
    assert channel.value == channel.max == 7 and len(set(seen)) == 1
    assert "0: Conv2d, 8 × 64 × 64, channel 7" in explorer.view.caption


@pytest.mark.parametrize("name", ["first layer", "last layer", "the map most like the scan",
                                  "the map least like the scan"])
def test_presets_are_reached(name):
    model = nested()
    explorer = browser.feature_maps(model, IMAGES)
    explorer.controls["preset"].value = name
    wanted = browser.presets(hooks.recorded(model, IMAGES))[name]
    assert (explorer.controls["layer"].value, explorer.controls["channel"].value) == wanted
    assert explorer.controls["preset"].value in browser.presets(hooks.recorded(model, IMAGES))


def test_the_caption_tells_the_numbers_of_torch():
    model = flat().eval()
    explorer = browser.feature_maps(model, IMAGES, ["camera", "coins"])
    for control, value in (("image", 1), ("layer", 4), ("channel", 9)):
        explorer.controls[control].value = value
    with torch.no_grad():
        maps = model[:5](IMAGES)
    values = maps[1, 9]
    alt = explorer.describe()
    assert "4: ReLU, 16 × 30 × 30, channel 9, coins" in explorer.view.caption
    assert f"from {with_sign(values.min().item())} to {with_sign(values.max().item())}" in alt
    assert f"scan {hooks.likeness(maps, IMAGES)[1, 9]:.2f}" in explorer.view.caption and "Kernel: none" in alt


def test_a_silent_map_is_said_to_be_silent():
    model = flat()
    with torch.no_grad():
        model[0].bias.fill_(-100)
    explorer = browser.feature_maps(model, IMAGES)
    explorer.controls["layer"].value = 1
    assert "one value, 0.00" in explorer.describe() and "correlation with the scan 0.00" in explorer.view.caption


def test_the_live_picture_is_what_a_full_drawing_gives():
    explorer, fresh = (browser.feature_maps(nested(), IMAGES) for _ in range(2))
    for control, value in (("image", 1), ("layer", 5), ("channel", 30)):
        explorer.controls[control].value = value
        assert not np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))
        assert np.array_equal(pixels(explorer.view.png), pixels(explorer.preview()))
    for control, value in (("image", 0), ("layer", 0), ("channel", 0)):
        explorer.controls[control].value = value
    assert np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))


def test_colour_images_doubles_and_one_channel():
    model = nn.Conv2d(3, 1, 3).double()
    explorer = browser.feature_maps(model, np.random.default_rng(0).random((1, 3, 20, 24)))
    assert explorer.controls["channel"].max == 0 and "network: Conv2d, 1 × 18 × 22" in explorer.view.caption
    assert "for input channel" in explorer.describe()


def test_the_picture_fits_on_a_slide():
    explorer = browser.feature_maps(flat(), IMAGES)
    assert explorer.view.size[0] <= 1036 and explorer.view.size[1] <= 390


@pytest.mark.parametrize("make, images, names, words", [
    (flat, IMAGES[0], None, r"tensor \(N, C, H, W\)"), (flat, IMAGES[:0], None, "1 to 16 images"),
    (flat, IMAGES.repeat(9, 1, 1, 1), None, "1 to 16 images"),
    (flat, IMAGES.long(), None, "finite floats"), (flat, IMAGES / 0, None, "finite floats"),
    (flat, IMAGES, ["one"], "1 names for 2 images"), (flat, IMAGES.repeat(1, 3, 1, 1), None, "does not take"),
    (lambda: nn.Sequential(nn.Flatten(), nn.Linear(4096, 1)), IMAGES, None, "No layer of this network"),
    (lambda: nn.Conv2d(1, 2, 3, device="meta"), IMAGES, None, "meta device")])
def test_bad_input_gets_one_sentence(make, images, names, words):
    with pytest.raises(ValueError, match=words):
        browser.feature_maps(make(), images, names)

"""U-Net: the sizes and counts of the paper, any size of image, what skips carry, and gradients everywhere."""
import copy
import re

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from helpers import ledger, models


def paper():
    with torch.device("meta"):
        return models.UNet2015()


def test_the_sizes_of_the_paper_layer_by_layer():
    rows = models.summary(paper(), (1, 572, 572))
    moves = ("Conv2d", "MaxPool2d", "ConvTranspose2d")
    sides = [572, *(row.shape[-1] for row in rows if row.type in moves and row.name != "head")]
    claim = ledger.claims()["unet-output-smaller"]
    expected = claim.expected
    assert sides == expected["chain"] and rows[-1].shape == (2, 388, 388)
    assert models.side_left(572) == expected["output"]
    share = expected["output"] / claim.inputs["input"]
    assert [share, share**2] == pytest.approx([expected["per_axis"], expected["area"]])


def test_the_counts_of_the_paper():
    claim = ledger.claims()["unet-operations"]
    rows = models.summary(paper(), (1, 572, 572))
    convolutions = [row for row in rows if "Conv" in row.type]
    assert len(convolutions) == claim.expected["conv_layers"]                  # "23 convolutional layers"
    assert models.count_parameters(paper()) == claim.expected["params"]
    assert next(row for row in rows if row.name == "encoders.4.3").receptive_field == claim.expected["bottleneck_rf"]
    assert [row.shape[0] for row in rows if re.fullmatch(r"encoders\.\d\.2", row.name)] == claim.inputs["channels"]
    crossing = {row.name: row.shape[1] for row in rows}
    pairs = [[crossing[f"encoders.{3 - step}.3"], crossing[f"ups.{step}"]] for step in range(4)]
    assert pairs == claim.expected["crops_skip_to_decoder"]


def test_the_receptive_field_of_the_bottleneck_is_where_the_gradient_lives():
    network = models.UNet2015(base=2)
    for weights in network.parameters():
        nn.init.constant_(weights, 0.1)                                        # nothing cancels, no ReLU is silent
    image = torch.ones(1, 1, 204, 204, requires_grad=True)
    seen = []
    network.encoders[-1].register_forward_hook(lambda *given: seen.append(given[-1]))
    for pool in (network.pool,):
        pool.forward = lambda maps: F.avg_pool2d(maps, 2)                      # a maximum sees one of four
    network(image)
    maps = seen[0]
    maps[0, :, maps.shape[2] // 2, maps.shape[3] // 2].sum().backward()
    touched = image.grad[0, 0].nonzero()
    assert (touched.max(0).values - touched.min(0).values + 1).tolist() == [140, 140]


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_side_left_is_what_comes_out_and_every_other_side_is_refused(depth):
    with torch.device("meta"):
        network = models.UNet2015(base=1, depth=depth)
        for side in range(1, 13 * 2**depth + 40):
            left = models.side_left(side, depth)
            if left is None:
                with pytest.raises(ValueError, match=f"A side of {side} pixels cannot be halved {depth} time") as error:
                    network(torch.zeros(1, 1, side, side))
                for named in re.findall(r"\d+", str(error.value).split("it to")[1]):
                    assert models.side_left(int(named), depth)
            else:
                assert network(torch.zeros(1, 1, side, side)).shape == (1, 2, left, left)


def test_the_unpadded_network_takes_sides_that_differ():
    network = models.UNet2015(base=1, depth=2)
    assert network(torch.zeros(1, 1, 44, 60)).shape == (1, 2, 4, 20)


def test_crops_lie_in_the_middle():
    maps = torch.arange(49.0).reshape(1, 1, 7, 7)
    cropped = models.unet.cropped(maps, (3, 5), centre=True)
    assert torch.equal(cropped, maps[:, :, 2:5, 1:6])
    assert torch.equal(models.unet.cropped(maps, (3, 5)), maps[:, :, :3, :5])


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("sides", [(64, 64), (1, 1), (50, 33), (7, 90), (16, 17)])
def test_every_size_of_image_comes_back_in_training_and_out_of_it(depth, sides):
    network = models.UNet(2, 5, base=4, depth=depth)
    images = torch.randn(1, 2, *sides)
    assert network(images).shape == network.eval()(images).shape == (1, 5, *sides)


@pytest.mark.parametrize("sides", [(8, 16, 16), (5, 19, 33), (1, 1, 1)])
@pytest.mark.parametrize("skips", [True, False])
def test_every_size_of_volume_comes_back(sides, skips):
    network = models.UNet(1, 3, base=2, depth=2, skips=skips, dims=3)
    volumes = torch.randn(1, 1, *sides)
    assert network(volumes).shape == network.eval()(volumes).shape == (1, 3, *sides)


def test_padding_changes_nothing_where_none_is_needed_and_repeats_the_edge_where_it_is():
    network = models.UNet(1, 2, depth=2).eval()
    image = torch.randn(1, 1, 24, 18)
    wide = F.pad(image, (0, 2, 0, 0), mode="replicate")
    torch.testing.assert_close(network(image), network(wide)[..., :18])
    assert models.unet.padded(wide, 4) is wide


def test_it_returns_logits_not_probabilities():
    torch.manual_seed(0)
    logits = models.UNet(1, 4)(torch.randn(2, 1, 32, 32))
    assert logits.min() < 0 and logits.max() > 1 and not torch.allclose(logits.exp().sum(1), torch.ones(2, 32, 32))


@pytest.mark.parametrize("dims", [2, 3])
@pytest.mark.parametrize("skips", [True, False])
def test_gradients_reach_every_parameter(dims, skips):
    torch.manual_seed(0)
    network = models.UNet(1, 3, base=4, depth=2, skips=skips, dims=dims)
    network(torch.randn(2, 1, *[16] * dims)).square().sum().backward()
    assert all(parameter.grad.abs().sum() > 0 for name, parameter in network.named_parameters())


def test_base_and_depth_are_what_the_table_shows():
    rows = models.summary(models.UNet(1, 6, base=4, depth=2), (1, 40, 56))
    shapes = {row.name: row.shape for row in rows}
    assert shapes["encoders.0.3"] == (4, 40, 56) and shapes["encoders.2.3"] == (16, 10, 14)
    assert shapes["decoders.1.3"] == (4, 40, 56) and shapes["head"] == (6, 40, 56)
    by_hand = lambda a, b: 9 * a * b + 2 * b + 9 * b * b + 2 * b                                     # noqa: E731
    blocks = [(1, 4), (4, 8), (8, 16), (16, 8), (8, 4)]
    steps = 16 * 8 + 8 + 8 * 4 + 4
    assert models.count_parameters(models.UNet(1, 6, base=4, depth=2)) == (
        sum(by_hand(*pair) for pair in blocks) + steps + 4 * 6 + 6)


def test_a_volume_has_three_times_the_weights_per_kernel_and_a_table_too():
    flat, deep = (models.UNet(1, 6, base=4, depth=2, dims=dims) for dims in (2, 3))
    assert deep.encoders[0][0].weight.numel() == 3 * flat.encoders[0][0].weight.numel()
    rows = models.summary(deep, (1, 8, 16, 16))
    assert rows[-1].shape == (6, 8, 16, 16) and rows[0].macs == 27 * 4 * 8 * 16 * 16


def test_without_skips_fine_detail_cannot_pass():
    """Two images that max pooling cannot tell apart: with skips the answers differ, from behind the pool they agree."""
    torch.manual_seed(0)
    network = models.UNet(1, 2, base=4, depth=1, skips=False).eval()
    with torch.no_grad():                                                      # the first block hands the image on
        for layer in network.encoders[0][::3]:
            layer.weight.zero_()[:, :, 1, 1] = 1
    images = torch.zeros(2, 1, 8, 8)
    images[0, 0, 2, 2], images[1, 0, 3, 3] = 1, 1                              # two corners of one window
    blind, with_skips = network(images), copy.deepcopy(network)
    with_skips.skips, with_skips.decoders = True, nn.ModuleList([models.unet.block(8, 4)])
    seeing = with_skips.eval()(images)
    torch.testing.assert_close(blind[0], blind[1])
    assert (seeing[0] - seeing[1]).abs().max() > 1e-3


def test_the_same_numbers_in_either_order_in_memory():
    network = models.UNet(1, 3).eval()
    other = copy.deepcopy(network).to(memory_format=torch.contiguous_format)
    images = torch.randn(2, 1, 24, 24)
    torch.testing.assert_close(network(images), other(images), rtol=1e-4, atol=1e-4)


def test_weights_are_drawn_as_he_et_al_do():
    torch.manual_seed(0)
    for network in (models.UNet(1, 2, base=32), models.UNet(1, 2, base=16, dims=3)):
        weight = network.encoders[2][3].weight
        fan_in = weight[0].numel()
        assert weight.std().item() == pytest.approx((2 / fan_in) ** 0.5, rel=0.05)


@pytest.mark.parametrize("call, words", [
    (lambda: models.UNet(dims=4), "dims must be 2 for images or 3 for volumes, not 4"),
    (lambda: models.UNet()(torch.zeros(1, 3, 8, 8)), r"images of shape \(N, 1, H, W\), not \(1, 3, 8, 8\)"),
    (lambda: models.UNet()(torch.zeros(8, 8)), r"not \(8, 8\)"),
    (lambda: models.UNet()(torch.zeros(1, 1, 0, 8)), "1 × 1 pixels or more, not 0 × 8"),
    (lambda: models.UNet(dims=3)(torch.zeros(1, 1, 8, 8)), r"volumes of shape \(N, 1, D, H, W\), not \(1, 1, 8, 8\)"),
    (lambda: models.UNet2015(base=1)(torch.zeros(1, 1, 512, 512)), "crop or pad it to 508 or 524 pixels"),
    (lambda: models.UNet2015(base=1)(torch.zeros(1, 1, 64, 64)), "crop or pad it to 188 pixels"),
])
def test_bad_input_gets_one_sentence(call, words):
    with pytest.raises(ValueError, match=words) as caught:
        call()
    assert str(caught.value).endswith(".") and "\n" not in str(caught.value)

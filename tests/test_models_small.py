"""The small networks for CT slices: sizes, gradients, refusals, and that they can learn a bright spot."""
import re

import pytest
import torch
from torch import nn

from helpers import models

SMALL = {
    "LeNet": models.SmallLeNet, "LeNet, no norm": lambda **given: models.SmallLeNet(norm=False, **given),
    "ResNet": models.SmallResNet, "ResNet, no norm": lambda **given: models.SmallResNet(norm=False, **given),
    "plain": lambda **given: models.SmallResNet(residual=False, **given),
    "deep": lambda **given: models.SmallResNet(depth=20, **given),
    "MobileNet": models.SmallMobileNet,
    "MobileNet, no norm": lambda **given: models.SmallMobileNet(norm=False, **given),
    "ordinary": lambda **given: models.SmallMobileNet(separable=False, **given),
}
EACH = pytest.mark.parametrize("make", SMALL.values(), ids=SMALL)


@EACH
def test_one_logit_for_a_slice_and_few_parameters(make):
    network = make().eval()
    assert network(torch.zeros(3, 1, 64, 64)).shape == (3, 1)
    assert models.count_parameters(network) <= 50_000
    assert make(in_channels=2, num_classes=3).eval()(torch.zeros(1, 2, 64, 64)).shape == (1, 3)


@EACH
def test_gradients_reach_every_parameter(make):
    torch.manual_seed(0)
    network = make()
    network(torch.randn(8, 1, 64, 64)).square().sum().backward()
    assert all(parameter.grad.abs().sum() > 0 for parameter in network.parameters())


@EACH
def test_norm_decides_on_normalisation_and_bias(make):
    network = make()
    norms = sum(isinstance(layer, nn.BatchNorm2d) for layer in network.modules())
    convolutions = [layer for layer in network.modules() if isinstance(layer, nn.Conv2d)]
    assert norms in (0, len(convolutions))
    assert all((layer.bias is None) == bool(norms) for layer in convolutions)


def test_documented_counts():
    counts = {make: models.count_parameters(make()) for make in
              (models.SmallLeNet, models.SmallResNet, models.SmallMobileNet)}
    for make, count in counts.items():
        assert f"{count:,} parameters" in " ".join(make.__doc__.split()), (make.__name__, count)
    ordinary = models.count_parameters(models.SmallMobileNet(separable=False))
    assert f"({ordinary:,} parameters)" in models.SmallMobileNet.__doc__


@pytest.mark.parametrize("depth", [4, 6, 8, 14, 20])
def test_depth_is_what_summary_counts_and_plain_has_as_many_parameters(depth):
    networks = [models.SmallResNet(depth=depth, residual=residual) for residual in (True, False)]
    assert [models.summary(network, (1, 64, 64))[-1].depth for network in networks] == [depth, depth]
    shapes = [[parameter.shape for parameter in network.parameters()] for network in networks]
    assert shapes[0] == shapes[1]


def test_residual_adds_the_input():
    """With a body that answers 0, a residual block hands its (positive) input on; a plain one loses it."""
    outputs = []
    for residual in (True, False):
        network = models.SmallResNet(depth=4, residual=residual).eval()
        block = network.features[2]
        for parameter in block.parameters():
            nn.init.zeros_(parameter)
        maps = torch.rand(1, 8, 32, 32)
        outputs.append((maps, block(maps)))
    assert torch.equal(*outputs[0])
    assert not outputs[1][1].any()


def test_a_shortcut_that_widens_keeps_every_second_pixel():
    network = models.SmallResNet(depth=6).eval()
    block = network.features[3]
    for parameter in block.parameters():
        nn.init.zeros_(parameter)
    maps = torch.rand(1, 8, 32, 32)
    widened = block(maps)
    assert torch.equal(widened[:, :8], maps[:, :, ::2, ::2]) and not widened[:, 8:].any()


def test_weights_start_with_the_spread_of_he():
    torch.manual_seed(0)
    layer = models.he_initialise(nn.Sequential(nn.Conv2d(64, 128, 3), nn.Linear(500, 300)))
    assert layer[0].weight.std().item() == pytest.approx((2 / (64 * 9)) ** 0.5, rel=0.02)
    assert layer[1].weight.std().item() == pytest.approx((2 / 500) ** 0.5, rel=0.02)
    assert not layer[0].bias.any() and not layer[1].bias.any()


@pytest.mark.parametrize("make", [models.SmallLeNet, models.SmallResNet, models.SmallMobileNet])
def test_a_few_steps_find_a_bright_spot(make):
    torch.manual_seed(0)
    images, targets = 0.1 * torch.randn(16, 1, 64, 64), torch.arange(16) % 2
    for number in range(1, 16, 2):
        images[number, 0, 8 + 3 * number:11 + 3 * number, 20:23] += 2
    network, loss = make(), nn.BCEWithLogitsLoss()
    optimiser, losses = torch.optim.Adam(network.parameters(), lr=1e-2), []
    for _ in range(20):
        optimiser.zero_grad()
        losses.append(loss(network(images)[:, 0], targets.float()))
        losses[-1].backward()
        optimiser.step()
    assert losses[-1] < 0.5 * losses[0] and ((network(images)[:, 0] > 0) == targets).float().mean() > 0.9


@pytest.mark.parametrize("work, words", [
    (lambda: models.SmallLeNet()(torch.zeros(1, 1, 32, 32)), "64 × 64 pixels, not 32 × 32"),
    (lambda: models.SmallLeNet()(torch.zeros(1, 1, 64, 96)), "64 × 64 pixels, not 64 × 96"),
    (lambda: models.SmallLeNet(size=(40, 52))(torch.zeros(1, 1, 52, 40)), "40 × 52 pixels, not 52 × 40"),
    (lambda: models.SmallLeNet(size=(40, 7)), "8 pixels or more, not (40, 7)"),
    (lambda: models.LogSumExp(0), "sharpness must be above 0"),
    (lambda: models.SmallResNet()(torch.zeros(1, 1, 3, 64)), "4 × 4 pixels or more, not 3 × 64"),
    (lambda: models.SmallMobileNet()(torch.zeros(1, 1, 1, 1)), "2 × 2 pixels or more, not 1 × 1"),
    (lambda: models.SmallResNet()(torch.zeros(1, 64, 64)), "shape (N, 1, H, W), not (1, 64, 64)"),
    (lambda: models.SmallResNet()(torch.zeros(1, 3, 64, 64)), "shape (N, 1, H, W), not (1, 3, 64, 64)"),
    (lambda: models.SmallResNet(depth=7), "even number from 4 up, not 7"),
    (lambda: models.SmallResNet(depth=2), "even number from 4 up, not 2"),
    (lambda: models.conv_norm(1, 1, kernel_size=2), "kernel_size must be odd"),
])
def test_what_does_not_fit_gets_one_sentence(work, words):
    with pytest.raises(ValueError, match=re.escape(words)) as error:
        work()
    assert str(error.value).count(". ") == 0 and str(error.value).endswith(".")


@pytest.mark.parametrize("make, least", [(models.SmallResNet, 4), (models.SmallMobileNet, 2)])
def test_any_other_size_works(make, least):
    network = make().eval()
    for height, width in ((least, least), (44, 56), (65, 67)):
        assert network(torch.zeros(2, 1, height, width)).shape == (2, 1)


@pytest.mark.parametrize("sharpness", [0.5, 1, 4.0])
def test_log_sum_exp_lies_between_mean_and_maximum(sharpness):
    torch.manual_seed(0)
    maps = torch.randn(2, 3, 5, 7, dtype=torch.float64)
    smooth = models.LogSumExp(sharpness)(maps)
    assert (smooth > maps.mean((2, 3))).all() and (smooth < maps.amax((2, 3))).all()
    torch.testing.assert_close(smooth, maps.mul(sharpness).exp().mean((2, 3)).log() / sharpness)
    assert models.LogSumExp(sharpness)(maps + 1000).isfinite().all()


@pytest.mark.parametrize("size, inputs", [((40, 52), 16 * 5 * 6), ((64, 64), 16 * 8 * 8), ((8, 15), 16)])
def test_the_dense_layer_of_lenet_follows_the_size_of_the_images(size, inputs):
    network = models.SmallLeNet(size=size).eval()
    assert network.classifier[0].in_features == inputs
    assert network(torch.zeros(2, 1, *size)).shape == (2, 1)

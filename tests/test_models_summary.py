"""The table of a network's layers: against hand counts, against PyTorch's own counter, and for what it refuses."""
import re

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from helpers import conv, models


def field(network, shape=(1, 64, 64)):
    return models.summary(network, shape)[-1].receptive_field


def test_summary_of_a_small_stack_by_hand():
    network = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(4 * 9, 2))
    assert models.summary(network, (1, 8, 8)) == [
        ("0", "Conv2d", (4, 6, 6), 40, 36 * 36, 1, 3, 1), ("1", "ReLU", (4, 6, 6), 0, 0, 1, 3, 1),
        ("2", "MaxPool2d", (4, 3, 3), 0, 0, 1, 4, 2), ("3", "Flatten", (36,), 0, 0, 1, None, None),
        ("4", "Linear", (2,), 74, 72, 2, None, None)]


@pytest.mark.parametrize("layer, shape", [
    (nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2), (4, 17, 12)), (nn.Conv2d(2, 3, (1, 5), dilation=2), (2, 9, 20)),
    (nn.ConvTranspose2d(4, 6, 3, stride=2), (4, 7, 9)), (nn.ConvTranspose2d(4, 6, 2, stride=2, groups=2), (4, 7, 9)),
    (nn.Linear(8, 3), (2, 5, 8)),
])
def test_multiplications_agree_with_torch(layer, shape):
    with FlopCounterMode(display=False) as counter:
        output = layer(torch.zeros(1, *shape))
    row, = models.summary(layer, shape)
    assert 2 * row.macs == counter.get_total_flops() and row.shape == output.shape[1:]
    assert row.parameters == models.count_parameters(layer) and row.depth == 1


@pytest.mark.parametrize("layers", [[(3, 1, 1)], [(3, 1, 1), (2, 2, 1), (3, 1, 2)], [(7, 2, 1), (3, 2, 1), (5, 1, 3)]])
def test_chains_agree_with_the_formula(layers):
    network = nn.Sequential(*(nn.Conv2d(1, 1, size, stride, dilation=dilation) for size, stride, dilation in layers))
    rows = models.summary(network, (1, 64, 64))
    assert [(row.receptive_field, row.jump) for row in rows] == conv.receptive_field(layers)


@pytest.mark.parametrize("padding", [0, 1, "same", "valid"])
def test_padding_leaves_the_receptive_field_as_it_is(padding):
    assert field(nn.Sequential(nn.Conv2d(1, 1, 5, padding=padding), nn.Conv2d(1, 1, 3, padding=padding))) == 7


class Ways(nn.Module):
    """Two ways, joined by a function."""

    def __init__(self, join, one, other):
        super().__init__()
        self.join, self.one, self.other = join, one, other

    def forward(self, maps):
        return self.join(self.one(maps), self.other(maps))


def same(size):
    return nn.Conv2d(1, 1, size, padding="same")


@pytest.mark.parametrize("join", [torch.add, torch.mul, torch.maximum, lambda one, other: torch.cat([one, other], 1),
                                  lambda one, other: torch.stack([one, other]).sum(0), lambda one, other: one + other])
def test_ways_that_join_see_what_the_widest_sees(join):
    network = nn.Sequential(Ways(join, nn.Sequential(same(3), same(3), same(3)), same(5)), nn.ReLU())
    row = models.summary(network, (1, 20, 20))[-1]
    assert (row.receptive_field, row.depth) == (7, 3)


def test_ways_that_are_shifted_against_each_other_see_what_both_see():
    """Rows -1 to 1 and rows 0 to 2 of the image are four rows together."""
    ways = Ways(torch.add, nn.Conv2d(1, 1, 3, stride=2, padding=1), nn.MaxPool2d(3, stride=2, ceil_mode=True))
    rows = models.summary(nn.Sequential(ways, nn.ReLU()), (1, 8, 8))
    assert [row.receptive_field for row in rows] == [3, 3, 4]


def test_a_gate_counts_as_depth_and_not_for_the_field():
    class Gated(nn.Module):
        def __init__(self):
            super().__init__()
            self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(1, 1, 1), nn.Sigmoid())
            self.last = nn.Conv2d(1, 1, 3)

        def forward(self, maps):
            return self.last(maps * self.gate(maps))

    rows = models.summary(Gated(), (1, 9, 9))
    assert [row.receptive_field for row in rows] == [None, None, None, 3] and rows[-1].depth == 2


class Functional(nn.Module):
    """Calls a function where a module was expected."""

    def __init__(self, function):
        super().__init__()
        self.conv, self.function = nn.Conv2d(1, 2, 3, padding=1), function

    def forward(self, maps):
        return self.function(self.conv(maps))


@pytest.mark.parametrize("function", [lambda maps: F.max_pool2d(maps, 2), lambda maps: F.avg_pool2d(maps, 2),
                                      lambda maps: F.conv2d(maps, torch.zeros(1, 2, 3, 3, device="meta")),
                                      lambda maps: F.interpolate(maps, scale_factor=2),
                                      lambda maps: F.adaptive_avg_pool2d(maps, 1),
                                      lambda maps: F.linear(maps, torch.zeros(3, 8, device="meta"))])
def test_layers_without_a_module_are_refused_and_leave_no_trace(function):
    network = Functional(function).train()
    with pytest.raises(ValueError, match="layers that are modules only, not the function") as error:
        models.summary(network, (1, 8, 8))
    assert str(error.value).count(". ") == 0
    assert network.training and not network.conv._forward_hooks and not network.conv._forward_pre_hooks


def test_functions_that_lose_the_places_see_the_whole_image():
    network = nn.Sequential(Functional(lambda maps: maps.amax((2, 3))), nn.Dropout())
    assert [row.receptive_field for row in models.summary(network, (1, 8, 8))] == [3, None]


def test_the_network_stays_as_it_was():
    torch.manual_seed(0)
    network = models.SmallResNet().train()
    network.features[0].eval()                                       # a frozen part stays frozen
    modes = [module.training for module in network.modules()]
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    models.summary(network, (1, 64, 64))
    assert [module.training for module in network.modules()] == modes
    assert all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items())
    assert all(parameter.grad is None and parameter.requires_grad for parameter in network.parameters())
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in network.modules())


def test_a_layer_that_runs_twice_has_two_rows_and_one_set_of_weights():
    layer = nn.Conv2d(1, 1, 3, padding=1)
    rows = models.summary(nn.Sequential(layer, layer), (1, 8, 8))
    assert [row.parameters for row in rows] == [10, 0] and [row.macs for row in rows] == [576, 576]
    assert rows[-1].receptive_field == 5 and rows[-1].depth == 2


@pytest.mark.parametrize("shape", [(64, 64), (1, 1, 1, 64, 64), (1, 0, 64), (1, 1, 0, 64), (1, 64.0, 64), (), 64])
def test_another_shape_gets_one_sentence(shape):
    with pytest.raises(ValueError, match=re.escape("input_shape must be (C, H, W)")):
        models.summary(models.SmallResNet(), shape)


def test_the_shape_of_a_batch_gets_the_sentence_of_the_network():
    with pytest.raises(ValueError, match=re.escape("images of shape (N, 1, H, W), not (1, 1, 1, 64, 64)")):
        models.summary(models.SmallResNet(), (1, 1, 64, 64))


def test_a_volume_has_a_table():
    layers = nn.Sequential(nn.Conv3d(1, 2, (1, 3, 3)), nn.MaxPool3d(2), nn.Conv3d(2, 4, 3, padding=1))
    rows = models.summary(layers, (1, 8, 18, 18))
    assert [row.shape for row in rows] == [(2, 8, 16, 16), (2, 4, 8, 8), (4, 4, 8, 8)]
    assert rows[0].macs == 9 * 2 * 8 * 16 * 16 and rows[2].parameters == 4 * (2 * 27 + 1)


@pytest.mark.parametrize("larger", [nn.Upsample(scale_factor=2), nn.ConvTranspose2d(1, 1, 2, stride=2)])
def test_behind_an_enlarged_map_nobody_knows_the_window(larger):
    """A skip connection sees little, what joins it from below sees much: its window must not be printed for both."""
    below = nn.Sequential(nn.MaxPool2d(2), same(5), larger)
    rows = models.summary(nn.Sequential(same(3), Ways(torch.add, nn.Identity(), below), same(3)), (1, 16, 16))
    assert [row.receptive_field for row in rows] == [3, 3, 4, 12, None, None]


def test_an_image_that_does_not_fit_gets_the_sentence_of_the_network():
    with pytest.raises(ValueError, match="64 × 64 pixels, not 32 × 32"):
        models.summary(models.SmallLeNet(), (1, 32, 32))


def test_tables_show_their_columns_as_text_and_as_html():
    table = models.summary(models.LeNet5(), (1, 32, 32))
    head, first, *_ = repr(table).splitlines()
    assert head.split() == ["name", "type", "shape", "parameters", "macs", "depth", "receptive", "field", "jump"]
    assert re.split(r"  +", first) == ["features.0", "Conv2d", "6 × 28 × 28", "156", "117,600", "1", "5", "1"]
    page = table._repr_html_()
    assert page.count("<tr>") == 1 + len(table) and page.count('<th scope="col"') == 8 and "61,706" not in page
    escaped = models.Table([models.Layer("<b>", "Conv2d", (1,), 0, 0, 0, None, None)])
    assert "&lt;b&gt;" in escaped._repr_html_() and "<b>" not in escaped._repr_html_()
    assert repr(models.Table()) == "" and "<tbody></tbody>" in models.Table()._repr_html_()


def test_years_have_no_comma():
    assert "1998" in repr(models.milestones()) and "1,998" not in models.milestones()._repr_html_()

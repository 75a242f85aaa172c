"""The race of U-Nets: honest seconds, the same data for all, and a sentence where nothing published is installed."""
import sys
import types

import bench_unet
import numpy as np
import pytest
import torch
from torch import nn

from helpers import models


@pytest.fixture
def squares(monkeypatch):
    """Instead of the cohort: five organs that are five grey levels, which a network learns in a moment."""
    draw = torch.Generator().manual_seed(0)
    targets = torch.randint(6, (24, 4, 4), generator=draw).repeat_interleave(4, 1).repeat_interleave(4, 2)
    images = targets[:, None] / 3 - 1 + 0.02 * torch.randn(24, 1, 16, 16, generator=draw)
    monkeypatch.setattr(bench_unet, "slices", lambda seed: [(images[:16], targets[:16]), (images[16:], targets[16:])])


def test_no_patient_is_learned_from_and_watched():
    (images, targets), (held, _) = bench_unet.slices(0)
    assert images.shape == (34 * 8, 1, 40, 56) and targets.shape == (34 * 8, 40, 56) and len(held) == 26 * 8
    assert not torch.equal(images, bench_unet.slices(1)[0][0])


@pytest.mark.usefixtures("squares")
def test_seconds_are_those_until_the_wish_is_fulfilled_for_the_first_time(monkeypatch):
    monkeypatch.setattr(bench_unet, "EPOCHS", 3)
    scores = iter([0.5, 0.91, 0.8])
    monkeypatch.setattr(bench_unet, "dice", lambda truth, logits: next(scores))
    epochs, seconds, cpu, last = bench_unet.race(lambda: models.UNet(1, 6, base=2, depth=1), seed=0)
    assert epochs == 2 and seconds > 0 and cpu > 0 and last == 0.8
    monkeypatch.setattr(bench_unet, "dice", lambda truth, logits: 0.1)
    assert bench_unet.race(lambda: models.UNet(1, 6, base=2, depth=1), seed=0)[:3] == (None, None, None)


def test_the_score_is_one_dice_per_organ_over_all_slices():
    truth = torch.tensor([[[1, 2, 3, 4, 5, 0]], [[1, 0, 0, 0, 0, 0]]])
    logits = nn.functional.one_hot(truth.clone(), 6).movedim(-1, 1).float()
    logits[1, :, 0, 0] = torch.tensor([1.0, 0, 0, 0, 0, 0])                    # one of two pixels of organ 1 is missed
    assert bench_unet.dice(truth, logits) == pytest.approx((2 / 3 + 4) / 5)


def test_what_is_not_installed_is_said_and_what_is_takes_part(monkeypatch, capsys):
    monkeypatch.setattr(bench_unet.importlib.util, "find_spec", lambda name: None)
    assert len(bench_unet.contenders()) == 3 and '"pip install monai"' in capsys.readouterr().out
    made = []
    nets = types.SimpleNamespace(BasicUNet=lambda **given: made.append(given) or nn.Identity())
    monkeypatch.setattr(bench_unet.importlib.util, "find_spec", lambda name: object())
    for name, module in (("monai", types.ModuleType("monai")), ("monai.networks", types.ModuleType("networks")),
                         ("monai.networks.nets", nets)):
        monkeypatch.setitem(sys.modules, name, module)
    networks = bench_unet.contenders()
    networks["MONAI BasicUNet, 8 channels, depth 4"]()
    assert made[0]["features"][:2] == (8, 16) and made[0]["out_channels"] == 6 and capsys.readouterr().out == ""


def test_the_plain_one_differs_in_its_way_up_and_its_first_weights_only():
    torch.manual_seed(0)
    network = bench_unet.plain()
    assert network(torch.zeros(2, 1, 40, 56)).shape == (2, 6, 40, 56)
    assert [type(up) for up in network.ups] == [nn.ConvTranspose2d] * 3
    weight = network.encoders[2][3].weight
    assert weight.std().item() == pytest.approx((1 / (3 * weight[0].numel())) ** 0.5, rel=0.1)   # uniform, not He
    assert all(up.bias is not None for up in network.ups) and len(network.decoders) == 3


@pytest.mark.usefixtures("squares")
def test_the_table_has_a_line_per_network(monkeypatch, capsys):
    monkeypatch.setattr(bench_unet, "EPOCHS", 1)
    monkeypatch.setattr(bench_unet, "contenders", lambda: {"small": lambda: models.UNet(1, 6, base=2, depth=1)})
    threads = torch.get_num_threads()
    assert bench_unet.bench_unet(quick=True) == 0 and torch.get_num_threads() == threads
    head, names, line = capsys.readouterr().out.strip().splitlines()
    assert "0.90" in head and names.split()[0] == "network" and line.split()[0] == "small"
    assert np.isfinite(float(line.split()[-1]))

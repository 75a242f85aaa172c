"""Losses of masks: against a hand count, finite differences, autograd, empty masks and small ones."""
import numpy as np
import pytest
import torch
from torch.nn import functional as F

from helpers import loss, metrics

SHAPES = [(2, 3, 5, 4), (1, 2, 6), (3, 4, 2, 3, 4)]


def case(shape=(2, 3, 5, 4), seed=0):
    """Random logits (N, C, ...) in float64, and targets (N, ...)."""
    draw = torch.Generator().manual_seed(seed)
    logits = torch.randn(shape, generator=draw, dtype=torch.float64)
    return logits, torch.randint(shape[1], (shape[0], *shape[2:]), generator=draw)


def certain(targets, classes):
    """Logits of a network that is sure of these answers."""
    return 200.0 * F.one_hot(targets, classes).movedim(-1, 1).double()


def by_loops(logits, targets, smooth, per_scan):
    """The definition, one class and one scan at a time, in NumPy."""
    probs = np.moveaxis(loss.softmax(logits.numpy(), axis=1), 1, 0)           # (C, N, ...)
    groups = [[scan] for scan in range(len(targets))] if per_scan else [list(range(len(targets)))]
    values = []
    for group in groups:
        for number in range(1, len(probs)):
            p, t = probs[number][group].ravel(), (targets.numpy()[group] == number).ravel()
            values.append(1 - (2 * p[t].sum() + smooth) / (p.sum() + t.sum() + smooth))
    return np.mean(values)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("smooth", [1.0, 1e-6, 20.0])
@pytest.mark.parametrize("per_scan", [False, True])
def test_soft_dice_is_its_definition(shape, smooth, per_scan):
    logits, targets = case(shape)
    assert loss.soft_dice(logits, targets, smooth, per_scan).item() == pytest.approx(
        by_loops(logits, targets, smooth, per_scan), rel=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("function", [loss.soft_dice, loss.cross_entropy_and_dice,
                                      lambda *given: loss.soft_dice(*given, per_scan=True)])
def test_the_gradient_agrees_with_finite_differences(shape, function):
    logits, targets = case(shape)
    assert torch.autograd.gradcheck(lambda values: function(values, targets), logits.requires_grad_())


def test_the_gradient_of_two_classes_by_hand():
    """One pixel of the organ with p = 1/2: d/dlogit = p(1 - p) times that of 1 - 2p/(p + 1)."""
    logits = torch.zeros(1, 2, 1, 1, dtype=torch.float64, requires_grad=True)
    loss.soft_dice(logits, torch.ones(1, 1, 1, dtype=torch.int64), smooth=0.0).backward()
    assert logits.grad[0, 1].item() == pytest.approx(-0.25 * 2 / 1.5**2)
    assert logits.grad.sum().item() == pytest.approx(0)                       # softmax: what one gains another loses


@pytest.mark.parametrize("shape", SHAPES)
def test_both_is_the_sum_of_torch_and_dice(shape):
    logits, targets = case(shape)
    expected = F.cross_entropy(logits, targets) + loss.soft_dice(logits, targets)
    torch.testing.assert_close(loss.cross_entropy_and_dice(logits, targets), expected)


def test_of_certain_answers_it_is_one_minus_dice():
    _, targets = case((4, 3, 8, 8))
    pred = case((4, 3, 8, 8), seed=1)[1]
    dice = [metrics.dice((targets == number).numpy(), (pred == number).numpy()) for number in (1, 2)]
    got = loss.soft_dice(certain(pred, 3), targets, smooth=0.0, per_scan=True)
    assert got.item() == pytest.approx(1 - np.mean(dice), abs=1e-12)


def test_the_background_is_left_out():
    """All background right and the organ missed: cross-entropy is almost content, Dice is not."""
    targets = torch.zeros(1, 20, 20, dtype=torch.int64)
    targets[0, 10, 10:12] = 1
    logits = torch.zeros(1, 2, 20, 20, dtype=torch.float64)
    logits[:, 0] = 8
    assert F.cross_entropy(logits, targets) < 0.05 and loss.soft_dice(logits, targets, smooth=0.01) > 0.98
    assert loss.soft_dice(certain(targets, 2), targets).item() == pytest.approx(0, abs=1e-12)


def test_an_organ_that_is_nowhere_costs_nothing_unless_it_is_drawn():
    absent = torch.zeros(2, 6, 6, dtype=torch.int64)
    drawn = absent.clone()
    drawn[0, :3] = 1                                                           # 18 pixels
    assert loss.soft_dice(certain(absent, 2), absent).item() == pytest.approx(0, abs=1e-12)
    assert loss.soft_dice(certain(drawn, 2), absent).item() == pytest.approx(1 - 1 / 19)
    assert loss.soft_dice(certain(drawn, 2), absent, smooth=1e4).item() < 0.01  # a smoothing term that hides it


def test_small_and_large_organs_count_alike():
    targets = torch.zeros(1, 20, 20, dtype=torch.int64)
    targets[0, :10], targets[0, 15, 15:17] = 1, 2                             # 200 pixels and 2
    for number in (1, 2):
        missed = targets.masked_fill(targets == number, 0)
        assert loss.soft_dice(certain(missed, 3), targets, smooth=1e-9).item() == pytest.approx(0.5)


def test_other_kinds_of_whole_numbers_and_float32():
    logits, targets = case()
    expected = loss.soft_dice(logits, targets)
    for dtype in (torch.uint8, torch.int16, torch.int32):
        torch.testing.assert_close(loss.soft_dice(logits, targets.to(dtype)), expected)
    assert loss.soft_dice(logits.float(), targets).dtype == torch.float32


@pytest.mark.parametrize("call, words", [
    (lambda: loss.soft_dice(torch.zeros(2, 3, 4, 4), torch.zeros(2, 4, 5).long()), r"targets of shape \(2, 4, 5\)"),
    (lambda: loss.soft_dice(torch.zeros(2, 3), torch.zeros(2).long()), r"\(N, C, H, W\)"),
    (lambda: loss.soft_dice(torch.zeros(2, 1, 4, 4), torch.zeros(2, 4, 4).long()), "no class beside the background"),
    (lambda: loss.cross_entropy_and_dice(torch.zeros(0, 2, 4, 4), torch.zeros(0, 4, 4).long()), "hold no scan"),
    (lambda: loss.soft_dice(torch.zeros(1, 2, 4, 4), torch.zeros(1, 4, 4)), r"not torch.float32: use targets.long\(\)"),
    (lambda: loss.cross_entropy_and_dice(torch.zeros(1, 2, 4, 4), torch.zeros(1, 4, 4).bool()), "not torch.bool"),
    (lambda: loss.soft_dice(torch.zeros(1, 2, 4, 4), torch.full((1, 4, 4), 2)), "from 0 to 1.*not 2 to 2"),
    (lambda: loss.soft_dice(torch.zeros(1, 2, 4, 4), torch.full((1, 4, 4), -1)), "not -1 to -1"),
])
def test_bad_input_gets_one_sentence(call, words):
    with pytest.raises(ValueError, match=words) as caught:
        call()
    assert str(caught.value).endswith(".") and "\n" not in str(caught.value)

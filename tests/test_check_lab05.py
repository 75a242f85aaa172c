"""Lab 5: its references against oracles, and cases that the checks must not let pass."""
import itertools
import re

import numpy as np
import pytest
import scipy.spatial
import sklearn.metrics
import torch
import wrong_answers_05 as answers
from torch import nn

from helpers import metrics, models
from helpers.check.card import Card
from helpers.check.checker import Checker
from helpers.check.engine import judge
from helpers.check.lab05 import (
    LAB,
    apart_run,
    building,
    cropping,
    decoding_run,
    failing_run,
    overlaps,
    relation,
    reporting_run,
    sizes,
    soft_run,
    unpadded,
)
from helpers.loss import soft_dice as the_course_soft_dice
from helpers.metrics.surfaces import surface

EXERCISES = {exercise.name: exercise for exercise in LAB.exercises}
each_exercise = pytest.mark.parametrize("exercise", LAB.exercises, ids=list(EXERCISES))


@each_exercise
def test_no_case_is_the_reference_of_another_answer(exercise):
    """Whatever is wrong on one case only is still wrong: every case counts."""
    for skipped in (0, len(exercise.cases) - 1):
        calls = itertools.count()

        def all_but_one(*given, calls=calls, skipped=skipped):
            value = exercise.reference(*given)
            return value if next(calls) != skipped else "something else"

        assert judge(exercise, all_but_one).outcome == "wrong"


# references against oracles --------------------------------------------------------------------------------------

@pytest.mark.parametrize("seed", range(5))
def test_overlaps_agree_with_scikit_learn_and_with_each_other(seed):
    numbers = np.random.default_rng(seed)
    target, probs = numbers.random((4, 5, 6)) < 0.4, numbers.random((4, 5, 6))
    dice, iou = overlaps.overlaps(target, probs)
    for place in range(4):
        truth, drawn = target[place].ravel(), probs[place].ravel() > 0.5
        assert dice[place] == pytest.approx(sklearn.metrics.f1_score(truth, drawn))
        assert iou[place] == pytest.approx(sklearn.metrics.jaccard_score(truth, drawn))
    assert relation.other_overlap(dice, "dice") == pytest.approx(iou)
    assert relation.other_overlap(iou, "iou") == pytest.approx(dice)


def test_overlap_with_empty_masks():
    target = np.array([[[True]], [[False]], [[False]]])
    dice, iou = overlaps.overlaps(target, np.array([[[0.1]], [[0.9]], [[0.1]]]))
    assert dice[:2].tolist() == iou[:2].tolist() == [0, 0] and np.isnan([dice[2], iou[2]]).all()


GEOMETRIES = [(kernel_size, stride, padding, extra) for kernel_size, stride, padding, extra in itertools.product(
    (1, 2, 3, 5), (1, 2, 4), (0, 1), (0, 1)) if extra < stride and 2 * padding <= kernel_size]  # others torch refuses


@pytest.mark.parametrize("kernel_size, stride, padding, extra", GEOMETRIES)
def test_sizes_agree_with_torch(kernel_size, stride, padding, extra):
    layer = nn.ConvTranspose1d(1, 1, kernel_size, stride, padding, extra)
    for size in (2, 7):
        assert sizes.transposed_size(size, kernel_size, stride, padding, extra) == layer(
            torch.zeros(1, 1, size)).shape[-1]


def test_what_is_joined_lies_where_it_lay_before():
    """A picture crosses, and comes from below less its rim: after the joining both agree."""
    skip = torch.randn(2, 3, 9, 12)
    joined = cropping.crop_and_join(skip, skip[:, :, 2:-2, 3:-3])
    assert joined.shape == (2, 6, 5, 6) and torch.equal(joined[:, :3], joined[:, 3:])


def test_a_step_up_is_that_of_the_course_where_no_row_is_missing():
    up, convolve = nn.Upsample(scale_factor=2), nn.Conv2d(5, 2, 3, padding=1)
    maps, skip = torch.randn(1, 3, 4, 5), torch.randn(1, 2, 8, 10)
    wanted = convolve(torch.cat([skip, up(maps)], dim=1))
    assert torch.equal(decoding_run.decode(maps, skip, up, convolve), wanted)
    odd = decoding_run.decode(maps, torch.randn(1, 2, 9, 11), up, nn.Identity())
    assert odd.shape == (1, 5, 9, 11) and not odd[:, 2:, -1].any() and not odd[:, 2:, :, -1].any()


def test_the_layers_are_those_of_2015_but_for_batch_normalisation():
    """The original, padded: 2 × 2 × 1024 × 512 + 512 weights to double, 9 × 1024 × 512 + 512 to convolve."""
    up, convolve = building.decoder_layers(1024, 512, 512)
    assert sum(one.numel() for one in up.parameters()) == 4 * 1024 * 512 + 512
    assert sum(one.numel() for one in convolve[0].parameters()) == 9 * 1024 * 512 + 512
    original = models.UNet2015()
    for steps in original.modules():
        if isinstance(steps, nn.ConvTranspose2d) and steps.in_channels == 1024:
            assert steps.weight.shape == up.weight.shape
            break
    else:
        pytest.fail("no step up from 1024 channels in UNet2015")


@pytest.mark.parametrize("case", soft_run.CASES)
def test_soft_dice_agrees_with_the_course_and_with_finite_differences(case):
    logits, target, smooth = case
    wanted = the_course_soft_dice(logits, target, smooth=smooth, per_scan=True)
    assert float(soft_run.soft_dice(logits, target, smooth)) == pytest.approx(float(wanted), rel=1e-9)
    given = logits.clone().requires_grad_()
    assert torch.autograd.gradcheck(lambda logits: soft_run.soft_dice(logits, target, smooth), given)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("shape", [(9, 7), (4, 6, 5)])
def test_hausdorff_agrees_with_scipy(seed, shape):
    numbers = np.random.default_rng(seed)
    target, pred = numbers.random((2, *shape)) < 0.3
    spacing = numbers.uniform(0.5, 5, len(shape)).round(2)
    points = [np.argwhere(surface(mask)) * spacing for mask in (target, pred)]
    wanted = max(scipy.spatial.distance.directed_hausdorff(*pair)[0] for pair in (points, points[::-1]))
    assert apart_run.hausdorff(target, pred, spacing) == pytest.approx(wanted)
    assert metrics.hausdorff(target[None], pred[None], spacing)[0] == pytest.approx(wanted)


def test_a_report_of_patients_with_one_slice_is_one_of_slices():
    numbers = np.random.default_rng(3)
    target, pred = numbers.random((2, 5, 6, 6)) < 0.4
    spacing = np.tile([4.0, 1.5, 1.0], (5, 1))
    said = reporting_run.patient_report(target, pred, np.array([8, 3, 5, 1, 9]), spacing)
    assert said["patients"].tolist() == [1, 3, 5, 8, 9]
    order = [3, 1, 2, 0, 4]
    assert said["dice"] == pytest.approx(metrics.dice(target, pred)[order])
    assert said["mm"] == pytest.approx(metrics.hausdorff(target[:, None], pred[:, None], (4, 1.5, 1))[order])
    assert said["mean dice"] == pytest.approx(np.mean(said["dice"])) and said["missed"] == 0


def test_the_reason_is_the_largest_z_score():
    usual = {"a": np.array([0.0, 2.0, 4.0]), "b": np.array([10.0, 10.5, 11.0])}
    traits = {"a": np.array([2.0, 9.0]), "b": np.array([12.5, 10.5])}
    scores = np.array([[0.5, np.nan], [0.6, 0.7]])
    assert failing_run.failures(np.array([7, 4]), scores, traits, usual, 0.7) == {7: "b", 4: "a"}
    assert failing_run.failures(np.array([7, 4]), scores, traits, usual, 0.6) == {7: "b"}
    assert failing_run.failures(np.array([7, 4]), scores, traits, usual, 0.4) == {}


@pytest.mark.parametrize("side, depth", list(itertools.product((20, 28, 44, 60, 92), (1, 2))))
def test_what_is_left_of_a_side_is_what_the_network_of_2015_draws(side, depth):
    left = unpadded.side_left(side, depth)
    network = models.UNet2015(base=1, depth=depth)
    if left == 0:
        with pytest.raises(ValueError, match="side|pixels"):
            network(torch.zeros(1, 1, side, side))
    else:
        assert network(torch.zeros(1, 1, side, side)).shape[2:] == (left, left)


def test_572_leaves_388():
    assert unpadded.side_left(572, 4) == 388 and unpadded.side_left(512, 4) == 0


# the cases ask enough --------------------------------------------------------------------------------------------

def test_masks_are_full_empty_and_missed():
    pairs = [(target.any(axis=(1, 2)), (probs > 0.5).any(axis=(1, 2))) for target, probs in overlaps.CASES]
    kinds = {(bool(truth), bool(drawn)) for one in pairs for truth, drawn in zip(*one, strict=True)}
    assert kinds == set(itertools.product((False, True), repeat=2))
    assert {len(target) for target, _ in overlaps.CASES} >= {1, 2, 4, 5}


def test_margins_are_of_all_kinds():
    spare = {tuple(np.subtract(skip.shape[2:], maps.shape[2:]).tolist()) for skip, maps in cropping.CASES}
    assert (0, 0) in spare and any(rows and not columns for rows, columns in spare)
    assert any(columns and not rows for rows, columns in spare)
    assert any(rows != columns and rows and columns for rows, columns in spare)


def test_spacing_differs_by_axis_and_by_patient():
    assert all(len(set(spacing)) > 1 for _, _, spacing in [apart_run.CASES[index] for index in apart_run.FULL])
    for _, _, patients, spacing in reporting_run.CASES:
        assert all(len(np.unique(spacing[patients == name], axis=0)) == 1 for name in patients)
        assert len(np.unique(spacing, axis=0)) > 1
        assert patients.tolist() != sorted(patients), "the slices of a patient do not lie together"


def test_sides_are_even_and_odd_along_each_axis():
    odd = {tuple(side % 2 for side in skip.shape[2:]) for _, skip, _, _ in decoding_run.CASES}
    assert odd == set(itertools.product((0, 1), repeat=2))
    assert all(not any(side % 2 for side in decoding_run.CASES[index][1].shape[2:]) for index in decoding_run.EVEN)


def test_there_are_wards_in_which_nobody_one_and_several_fail():
    assert {len(failing_run.failures(*case)) for case in failing_run.CASES} >= {0, 1, 2, 3}


# cards -----------------------------------------------------------------------------------------------------------

def test_a_decoder_that_joins_wrongly_shows_what_reached_the_convolutions():
    wrong = next(answer for name, answer in answers.WRONG["decode"] if name == "maps in front")
    text = repr(Checker(EXERCISES["decode"]).card(wrong))
    assert decoding_run.TO_CONVOLVE in text and "Expected" in text


@pytest.mark.parametrize("answer", [
    lambda *channels: None, lambda *channels: (nn.ConvTranspose2d(1, 1, 1), nn.Sequential()),
    lambda *channels: (nn.ConvTranspose2d(8, 4, 2, 2), nn.Sequential(nn.LSTM(3, 4))),
    lambda *channels: (nn.ConvTranspose1d(8, 4, 2, 2), nn.Sequential(nn.ReLU())),
    lambda *channels: (nn.ConvTranspose2d(8, 4, 2, 2), nn.Sequential(nn.Sequential(nn.Identity()))),
    lambda *channels: (nn.ConvTranspose2d, nn.Sequential), lambda *channels: {"up": 1}, lambda *channels: (1, 2, 3)])
def test_odd_layers_are_wrong_and_never_crash_the_check(answer):
    assert judge(EXERCISES["decoder_layers"], answer).outcome == "wrong"


@pytest.mark.parametrize("returned", [
    {}, {"patients": [1]}, {7: 3}, [], (1, 2), "text", 3.5, {"dice": {}}, {"patients": "all", "dice": None}])
def test_odd_reports_are_wrong_and_never_crash_the_check(returned):
    for name in ("patient_report", "failures"):
        assert judge(EXERCISES[name], lambda *given: returned).outcome == "wrong"


# errors in words that help ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("name, answer, words", [
    ("overlaps", lambda target, probs: (target & probs > 0.5).sum(), "put brackets, as in `a & (b > 0.5)`. "),
    ("overlaps", lambda target, probs: target and probs > 0.5, "`&` and `|` combine two masks. "),
    ("soft_dice", lambda logits, target, smooth: logits and target, "`&` and `|` combine two masks. "),
    ("soft_dice", lambda logits, target, smooth: np.exp(logits.numpy()), "Stay with PyTorch's own functions. "),
    ("crop_and_join", lambda skip, maps: skip[:, :, (skip.shape[2] - maps.shape[2]) / 2:], "`//` a whole number. "),
    ("decoder_layers", lambda *channels: nn.Sequential(nn.ReLU), "`nn.ReLU()`, with brackets, is a layer. "),
    ("crop_and_join", lambda skip, maps: skip[:, :, 1:] + maps, "two tensors of these shapes do not fit each other. "),
    ("soft_dice", lambda logits, target, smooth: nn.Linear(7, 1).double()(logits), "than it has weights for. "),
    ("soft_dice", lambda logits, target, smooth: nn.Conv2d(9, 1, 1).double()(logits), "than it was made for. "),
])
def test_an_error_says_what_to_write_instead(name, answer, words):
    verdict = judge(EXERCISES[name], answer)
    assert verdict.outcome == "crashed" and f"{words}Python says: " in verdict.message


def test_a_card_shows_the_line_of_code_without_backticks_and_values_as_they_are():
    rows = ("Given", "given = `dice`"), ("Stopped in", "line 2: `return a[9]`")
    card = Card("crashed", "Exercise 1", "", rows=rows)
    assert "given = `dice`</dd>" in card._repr_html_() and "line 2: `return a[9]`" in repr(card)
    assert re.search(r"line 2: <code [^>]+>return a\[9\]</code></dd>", card._repr_html_())


def test_who_calls_up_is_not_told_that_it_was_forgotten():
    def padded_too_much(maps, skip, up, convolve):
        return convolve(torch.cat([skip, nn.functional.pad(up(maps), (0, 2, 0, 2))], dim=1))

    assert judge(EXERCISES["decode"], padded_too_much).misconception == ""

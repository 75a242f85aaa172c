"""Dice and IoU of every scan, from probabilities, with empty masks."""
import numpy as np

from ..comparison import as_array
from ..exercise import Exercise, Misconception
from ..signs import any_of, behaves_like, mistakes, raises
from . import overlaps_mutants as done
from .overlaps_mutants import counted, masked


def overlaps(target, probs):
    """Dice and IoU of each scan, two arrays (N,); NaN where neither truth nor drawing has a pixel."""
    dice, iou = [], []
    for truth, drawn in zip(target, probs > 0.5, strict=True):
        both = np.sum(truth & drawn)
        areas = np.sum(truth) + np.sum(drawn)
        dice.append(2 * both / areas if areas > 0 else np.nan)
        iou.append(both / (areas - both) if areas > 0 else np.nan)
    return np.array(dice), np.array(iou)


def drawn(seed, *shape, share=0.4):
    """Truth and probabilities that know it in part: from 0.02 to 0.98, none near 0.5."""
    numbers = np.random.default_rng(seed)
    target = numbers.random(shape) < share
    probs = np.where(numbers.random(shape) < 0.75, target, ~target) * 0.5 + numbers.integers(2, 48, shape) / 100
    return target, probs.round(2)


def emptied(seed, truths, drawings):
    """The same with nothing in the truth, or nothing drawn, in some of four scans of 4 × 5 pixels."""
    target, probs = drawn(seed, 4, 4, 5)
    target[list(truths)] = False
    probs[list(drawings)] = probs[list(drawings)] / 2.2
    return target, probs.round(3)


CASES = (
    (np.array([[[True, True, False, False]], [[False, True, False, False]]]),
     np.array([[[0.9, 0.2, 0.8, 0.1]], [[0.4, 0.7, 0.1, 0.3]]])),
    drawn(1, 2, 3, 4),
    drawn(2, 4, 3, 5),
    emptied(3, (1,), (1,)),    # both are empty
    emptied(4, (2,), (0,)),    # one of them is
    emptied(5, (0, 3), (0, 1)),
    (np.arange(18).reshape(3, 2, 3) == 8, np.full((3, 2, 3), 0.3)),  # a single pixel, missed
    (np.ones((1, 3, 3), bool), np.full((1, 3, 3), 0.8)),
    drawn(6, 5, 6, 4, share=0.15),
)
FULL, ONE_EMPTY = (0, 1, 2, 7), (0, 1, 2, 4, 7)  # no mask is empty; at most one of two is
named, on_full = mistakes(CASES), mistakes(CASES, chosen=FULL)


def _values(result):
    """Dice and IoU as one array (2, N); None where there are not two rows of numbers."""
    if result.error is not None or not isinstance(result.value, tuple | list) or len(result.value) != 2:
        return None
    rows = [as_array(row) for row in result.value]
    fits = all(row is not None and row.ndim == 1 and row.dtype.kind == "f" for row in rows)
    return np.stack(rows) if fits and len(rows[0]) == len(rows[1]) else None


def _holds_none(results):
    """Sign: two rows, and None somewhere in them."""
    pairs = [result.value for result in results if isinstance(result.value, tuple | list) and len(result.value) == 2]
    return any(isinstance(row, np.ndarray | list | tuple) and None in list(row) for pair in pairs for row in pair)


def _inexact(results):
    """Sign: nearly right where no mask is empty, and not quite: something was added."""
    found = [_values(results[index]) for index in FULL]
    return all(one is not None for one in found) and any(
        np.abs(one - overlaps(*CASES[index])).max() > 1e-13 for one, index in zip(found, FULL, strict=True))


def _no_number_for_one_empty(results):
    """Sign: right but for scans in which one mask is empty, and NaN there."""
    found = [_values(result) for result in results]
    if any(one is None for one in found):
        return False
    wanted = [np.stack(overlaps(*case)) for case in CASES]
    same = [np.isclose(one, want, equal_nan=True) for one, want in zip(found, wanted, strict=True)]
    return not all(one.all() for one in same) and all(
        (one.all() or np.isnan(value[~one]).all()) and not want[~one].any()
        for one, value, want in zip(same, found, wanted, strict=True))


SMOOTHED = tuple(counted(*done.smoothed(amount), empty=None) for amount in (1, 2, 0.5, 0.1, 1e-2, 1e-3, 1e-4))
TINY = tuple(counted(*done.smoothed(amount), empty=None) for amount in (1e-5, 1e-6, 1e-8))
ONES = counted(*done.RIGHT, empty=1.0)
MASKS = (
    named(
        "probabilities not thresholded",
        "You multiply or add probabilities. Dice and IoU compare masks: a pixel is drawn or it is not, "
        "`probs > 0.5`.",
        masked(lambda probs: probs), counted(*done.RIGHT, soft=True), done.soft_areas),
    named(
        "every pixel drawn",
        "You take every pixel with a probability above 0 for drawn; `astype(bool)` does that. Drawn is what lies above "
        "0.5: `probs > 0.5`.",
        masked(lambda probs: probs > 0), masked(lambda probs: np.ones_like(probs, bool))),
    named(
        "mask turned round",
        "You call drawn what the network thinks is not there: `probs > 0.5`, not below.",
        masked(lambda probs: probs < 0.5)),
    named(
        "another threshold",
        "A pixel is drawn where its probability is above 0.5. Your threshold is another one.",
        *(masked(lambda probs, least=least, above=above: above(probs, least))
          for above in (np.greater, np.greater_equal)
          for least in (0.1, 0.2, 0.25, 0.3, 0.4, 0.6, 0.7, 0.75, 0.8, 0.9))),
    named(
        "background counted",
        "You count pixels on which both agree that there is nothing. A scan is mostly background, so even an empty "
        "drawing would score well: count pixels of the organ only.",
        *done.WITH_BACKGROUND),
)
SCANS = (
    named(
        "Dice over the batch instead of per scan",
        "You add up the pixels of all scans. A large organ then hides a small one that is missed: every scan has its "
        "own Dice and its own IoU.",
        done.over_the_batch(repeated=False), done.over_the_batch(repeated=True)),
    named(
        "averaged over the scans",
        "You return one mean for all scans. Return one number for each: whoever reads it looks for the worst.",
        done.averaged(np.mean), done.averaged(np.nanmean)),
    named(
        "summed along the wrong axes",
        "Your sums do not run over the pixels of a scan. Axis 0 counts scans; sum over axes 1 and 2.",
        *(counted(*done.RIGHT, axes=axes) for axes in (0, 1, 2, (0, 1), (0, 2), -1))),
    named(
        "only one scan",
        "You return one scan only. Does `return` stand inside the loop?",
        done.of_one(0), done.of_one(-1), done.of_one(slice(0, 1)), done.of_one(slice(-1, None))),
)
COUNTS = (
    on_full(
        "factor 2 missing",
        "Your Dice of two equal masks is 0.5. Common pixels count twice above the line, since each area holds them: "
        "2 both / (area + area).",
        counted(lambda both, truth, pred: both / (truth + pred), done.RIGHT[1])),
    on_full(
        "masks added with `+`",
        "`+` between two bool masks is `or`, so you divide by the union. Add the areas: `target.sum() + pred.sum()`.",
        counted(lambda both, truth, pred: 2 * both / (truth + pred - both), done.RIGHT[1]),
        counted(lambda both, truth, pred: 2 * both / (truth + pred - both),
                lambda both, truth, pred: both / (truth + pred - 2 * both))),
    on_full(
        "both areas instead of the union",
        "Your IoU divides by the sum of the areas. There the common pixels count twice; in the union they count once: "
        "areas - both.",
        counted(done.RIGHT[0], lambda both, truth, pred: both / (truth + pred)),
        counted(done.RIGHT[0], lambda both, truth, pred: 2 * both / (truth + pred))),
    on_full(
        "common pixels taken off twice",
        "Your IoU divides by the pixels of exactly one mask. The union holds the common ones too, once: areas - both.",
        counted(done.RIGHT[0], lambda both, truth, pred: both / (truth + pred - 2 * both))),
    on_full(
        "union instead of common pixels",
        "You count pixels of either mask where the common ones are asked: `target & pred`, not `|` or `+`.",
        counted(lambda both, truth, pred: 2 * (truth + pred - both) / (truth + pred), done.RIGHT[1]),
        counted(lambda both, truth, pred: 2 * (truth + pred - both) / (truth + pred), lambda both, truth, pred: 1.0),
        counted(lambda both, truth, pred: 2 * (truth + pred - both) / (truth + pred),
                lambda both, truth, pred: (truth + pred - both) / both)),
    on_full(
        "share of one mask only",
        "You divide by one of the two masks: that is sensitivity or PPV, and a drawing of everything, or of one right "
        "pixel, would be perfect. Both areas count.",
        *(counted(one, other) for one, other in done.ONE_MASK)),
    on_full(
        "Dice and IoU exchanged",
        "Your two answers are right and in the wrong order. Return Dice first; it is the larger one.",
        counted(*done.RIGHT[::-1])),
    on_full(
        "one made from the other wrongly",
        "One of your two comes from the other by a wrong formula. Count instead: 2 both over the areas, and both over "
        "the union.",
        *(counted(done.RIGHT[0], iou) for iou in done.FROM_DICE), *(
            counted(dice, done.RIGHT[1]) for dice in done.FROM_IOU)),
)
EMPTY = (
    Misconception(
        "smoothing term hides empty masks",
        "You add a small number above and below the line. It turns two empty masks into a perfect 1, changes the score "
        "of small organs, and nobody sees it. Say NaN where there is nothing to measure.",
        SMOOTHED[0],
        sign=any_of(behaves_like(CASES, *SMOOTHED), lambda results: _inexact(results) and behaves_like(
            CASES, *TINY)(results))),
    named(
        "1 for two empty masks",
        "You say 1 where both masks are empty. That claims a perfect drawing; nothing was measured: NaN. In a mean "
        "over scans it would lift a bad network.",
        ONES),
    named(
        "0 for two empty masks",
        "You say 0 where both masks are empty. That claims a bad drawing of what is not there; nothing was measured: "
        "`np.nan`. A small number below the line does the same.",
        counted(*done.RIGHT, empty=0.0)),
    Misconception(
        "None for two empty masks",
        "You say None where both masks are empty. `np.nan` is a number that means: not known, so that an array can "
        "hold it.",
        done.nones,
        sign=_holds_none),
    Misconception(
        "NaN where one mask is empty",
        "You say NaN where only one of the masks is empty. There something was missed, or drawn where nothing is: that "
        "is known, and it is 0.",
        counted(*done.RIGHT, one_empty=np.nan),
        sign=_no_number_for_one_empty),
    named(
        "1 where one mask is empty",
        "You say 1 where one of the masks is empty. An organ that is missed altogether has a Dice of 0.",
        counted(*done.RIGHT, one_empty=1.0), counted(*done.RIGHT, one_empty=1.0, empty=1.0)),
    Misconception(
        "division by zero",
        "Your formulas are right, and they stop where both masks are empty. Ask first whether there is any pixel; "
        "where there is none, `np.nan`.",
        done.dividing,
        sign=lambda results: raises(ZeroDivisionError)(results) and behaves_like(
            CASES, overlaps, chosen=ONE_EMPTY)(results)),
)
WRITTEN = (
    on_full(
        "per cent instead of shares",
        "Your numbers run from 0 to 100. Return shares from 0 to 1.",
        done.changed(lambda value: 100 * value)),
    on_full(
        "rounded",
        "You round. Return the share as it is; round when you print it.",
        *(done.changed(lambda value, digits=digits: np.round(value, digits)) for digits in (2, 1, 3, 4))),
    named(
        "one array instead of two",
        "You return one array. Return two: `return dice, iou`.",
        lambda target, probs: np.stack(overlaps(target, probs)),
        lambda target, probs: np.stack(overlaps(target, probs), axis=1),
        lambda target, probs: overlaps(target, probs)[0]),
)

OVERLAPS = Exercise(
    title="Exercise 1",
    points=2,
    reference=overlaps,
    cases=CASES,
    hints=(
        "First a mask: `pred = probs > 0.5`. `target & pred` is True where both are; `np.sum` counts the True.",
        ("Go through the scans: `for truth, drawn in zip(target, pred):`. Then `both = np.sum(truth & drawn)` and "
         "`areas = np.sum(truth) + np.sum(drawn)`; the union has `areas - both` pixels."),
        ("Collect `2 * both / areas` and `both / (areas - both)` in two lists, `np.nan` where `areas` is 0. At the "
         "end: `return np.array(dice), np.array(iou)`."),
    ),
    misconceptions=(*MASKS, *SCANS, *COUNTS, *EMPTY, *WRITTEN),
)

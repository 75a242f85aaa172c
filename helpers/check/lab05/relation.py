"""Dice from IoU, and IoU from Dice."""
import numpy as np

from ..exercise import Exercise, Misconception
from ..signs import mistakes


def other_overlap(value, given):
    """IoU where `given` is "dice", Dice where it is "iou"; value is a number or an array from 0 to 1."""
    if given == "dice":
        return value / (2 - value)
    return 2 * value / (1 + value)


CASES = (
    (0.5, "dice"),
    (0.5, "iou"),
    (np.array([0.9, 0.2, 0.75, 0.05]), "dice"),
    (np.array([0.8, 0.1, 0.65, 0.03]), "iou"),
    (np.array([0.0, 1.0]), "dice"),
    (np.array([1.0, 0.0]), "iou"),
    (np.array([0.4, np.nan, 0.98]), "dice"),  # a scan without the organ
    (np.array([[0.3, 0.6], [0.95, np.nan]]), "iou"),
    (1.0, "iou"),
)
INSIDE = (0, 1, 2, 3)  # neither 0 nor 1 nor NaN
named, inside = mistakes(CASES), mistakes(CASES, chosen=INSIDE)


def _of(to_iou, to_dice):
    """Other formulas for the two directions."""
    def mutant(value, given):
        with np.errstate(all="ignore"):
            return (to_iou if given == "dice" else to_dice)(np.float64(value) if np.isscalar(value) else value)

    return mutant


def _iou(dice):
    return dice / (2 - dice)


def _dice(iou):
    return 2 * iou / (1 + iou)


def _each(change):
    """change(right value)."""
    return lambda value, given: change(other_overlap(value, given))


def _first(change):
    """change(value) before it is converted."""
    return lambda value, given: other_overlap(change(value), given)


def _filled(value, given):
    return np.nan_to_num(other_overlap(value, given))


def _left_out(value, given):
    found = np.atleast_1d(other_overlap(value, given))
    return found[~np.isnan(found)] if np.ndim(value) else found[0]


def _stays_a_number(value, given):
    return float(np.nanmean(other_overlap(value, given)))


DIRECTIONS = (
    inside(
        "directions exchanged",
        "Your two formulas are right and in the wrong places. IoU is never larger than Dice: from Dice 0.5 comes IoU "
        "1/3, from IoU 0.5 comes Dice 2/3.",
        _of(_dice, _iou)),
    inside(
        "`given` ignored",
        "You use the same formula whatever `given` says. It names what `value` is; return the other one.",
        _of(_iou, _iou), _of(_dice, _dice)),
    inside(
        "value handed back",
        "In one direction at least you return the value that you were given. Only 0 and 1 are the same in both.",
        _of(lambda one: one, lambda one: one), _of(_iou, lambda one: one), _of(lambda one: one, _dice)),
)
FORMULAS = (
    inside(
        "half and double",
        "IoU is not half of Dice: of two equal masks both are 1. Write both measures with the common pixels c and the "
        "sum of the areas a, then take c / a out of one and put it into the other.",
        _of(lambda one: one / 2, lambda one: 2 * one), _of(_iou, lambda one: 2 * one), _of(lambda one: one / 2, _dice),
        _of(lambda one: one / 2, lambda one: np.minimum(2 * one, 1))),
    inside(
        "plus instead of minus",
        "A sign is wrong in your formula for IoU. The union is the sum of the areas less the common pixels, so IoU "
        "is Dice / (2 - Dice).",
        _of(lambda one: one / (2 + one), _dice), _of(lambda one: one / (2 + one), lambda one: 2 * one / (1 - one)),
        _of(lambda one: one / (1 + one), _dice)),
    inside(
        "minus instead of plus",
        "A sign is wrong in your formula for Dice. The areas together are the union and the common pixels once more: "
        "2 IoU / (1 + IoU).",
        _of(_iou, lambda one: 2 * one / (1 - one)), _of(_iou, lambda one: one / (1 - one))),
    inside(
        "factor 2 missing",
        "A factor of 2 is missing. Dice counts the common pixels twice: IoU is Dice / (2 - Dice), Dice is "
        "2 IoU / (1 + IoU).",
        _of(_iou, lambda one: one / (1 + one)), _of(lambda one: one / (1 - one), _dice),
        _of(lambda one: one / (1 - one), lambda one: one / (1 + one)), _of(_iou, lambda one: 2 * one / (2 + one)),
        _of(lambda one: one / (2 - one) / 2, _dice), _of(lambda one: 2 * one / (2 - one), _dice)),
    inside(
        "brackets missing",
        "Python divides before it adds: `value / 2 - value` is half of the value less the value. Put brackets around "
        "what stands below the line.",
        _of(lambda one: one / 2 - one, lambda one: 2 * one / 1 + one), _of(lambda one: one / 2 - one, _dice),
        _of(_iou, lambda one: 2 * one / 1 + one)),
    inside(
        "turned upside down",
        "Your fraction stands on its head: what you return is above 1. Both measures lie between 0 and 1.",
        _of(lambda one: (2 - one) / one, lambda one: (1 + one) / (2 * one)), _of(lambda one: (2 - one) / one, _dice),
        _of(_iou, lambda one: (1 + one) / (2 * one))),
    inside(
        "square or root",
        "Both measures are fractions of the same counts, so one is a fraction of the other: no square and no root.",
        _of(lambda one: one**2, np.sqrt), _of(lambda one: one**2, _dice), _of(_iou, np.sqrt)),
    inside(
        "distance instead of overlap",
        "You return what is missing to 1. Asked is the overlap itself.",
        _each(lambda value: 1 - value), _first(lambda value: 1 - value)),
)
WRITTEN = (
    named(
        "averaged before it is converted",
        "You return one number for several scans. Each value is converted by itself; and a mean of IoUs does not "
        "belong to the mean of the Dices.",
        _first(np.mean), _each(np.mean), _first(np.nanmean), _stays_a_number),
    inside(
        "per cent instead of a share",
        "Your value runs from 0 to 100. Return a share from 0 to 1.",
        _each(lambda value: 100 * value)),
    inside(
        "rounded",
        "You round. Return the value as it is; round when you print it.",
        *(_each(lambda value, digits=digits: np.round(value, digits)) for digits in (2, 1, 3, 4))),
    named(
        "NaN turned into a number",
        "You make a number of NaN. It means: nothing to measure; and that stays so, whatever the measure is called.",
        _filled, _each(lambda value: np.nan_to_num(value, nan=1.0))),
    named(
        "NaN left out",
        "You leave scans out. Return as many values as came, NaN where NaN was.",
        _left_out),
    Misconception(
        "one pair of values only",
        "You return a fixed number. Compute from `value`: the formula must hold for every overlap.",
        lambda value, given: 1 / 3 if given == "dice" else 2 / 3,
        sign=lambda results: all(isinstance(result.value, float) for result in results) and len(
            {result.value for result in results}) == 2),
)

OTHER_OVERLAP = Exercise(
    title="Exercise 2",
    points=1,
    reference=other_overlap,
    cases=CASES,
    hints=(
        ("Take a = 1 for the two areas together, so that Dice = 2 c and the union is 1 - c. Then c = Dice / 2, and IoU "
         "= c / (1 - c)."),
        "The other way: IoU = c / (1 - c) gives c = IoU / (1 + IoU), and Dice = 2 c.",
        "Write `if given == \"dice\":` and two formulas. With NumPy they work for a number and for an array alike.",
    ),
    misconceptions=(*DIRECTIONS, *FORMULAS, *WRITTEN),
)

"""What is made of four counts, and what becomes of it where the illness is rare."""
import math

import numpy as np

from ..exercise import Exercise, Misconception
from .behaviour import behaves_like

NAMES = ("sensitivity", "specificity", "ppv", "npv", "accuracy", "f1")


def measures(tp, fp, fn, tn):
    """Six measures of a yes-or-no test, from counts; NaN where the group is empty of which it is a share."""
    def share(part, whole):
        return part / whole if whole > 0 else np.nan

    return {"sensitivity": share(tp, tp + fn), "specificity": share(tn, tn + fp),
            "ppv": share(tp, tp + fp), "npv": share(tn, tn + fn),
            "accuracy": share(tp + tn, tp + fp + fn + tn), "f1": share(2 * tp, 2 * tp + fp + fn)}


CASES = (
    (45, 20, 5, 30),
    (8, 2, 12, 178),
    (90, 40, 30, 10),
    (0, 7, 0, 13),   # nobody is ill
    (0, 0, 5, 30),   # nobody is called ill
    (12, 0, 4, 0),   # nobody is healthy
    (6, 9, 0, 0),    # nobody is called healthy
    (0, 3, 4, 10),   # no ill person is found
    (0, 0, 0, 25),   # healthy people only, and none is called ill
    (0, 0, 0, 0),
)
FULL = (0, 1, 2)


def _with(**formulas):
    """The measures with other formulas for some: (tp, fp, fn, tn) to a pair, part and whole."""
    def mutant(*counts):
        said = measures(*counts)
        for name, formula in formulas.items():
            part, whole = formula(*counts)
            said[name] = part / whole if whole else math.nan
        return said

    return mutant


def _renamed(**names):
    """The measures with other ones in their place: ppv="sensitivity" says the sensitivity under ppv."""
    def mutant(*counts):
        right = measures(*counts)
        return right | {name: right[other] for name, other in names.items()}

    return mutant


def _empty(value):
    """Another value where a group is empty."""
    return lambda *counts: {name: value if math.isnan(said) else said for name, said in measures(*counts).items()}


def _each(change):
    return lambda *counts: {name: said if math.isnan(said) else change(said)
                            for name, said in measures(*counts).items()}


def _all_or_nothing(*counts):
    said = measures(*counts)
    return dict.fromkeys(said, math.nan) if any(map(math.isnan, said.values())) else said


def _divided(*counts):
    tp, fp, fn, tn = counts
    return {"sensitivity": tp / (tp + fn), "specificity": tn / (tn + fp), "ppv": tp / (tp + fp), "npv": tn / (tn + fn),
            "accuracy": (tp + tn) / sum(counts), "f1": 2 * tp / (2 * tp + fp + fn)}


def _f1_of_rates(zero=math.nan, unknown=math.nan):
    """F1 as the harmonic mean; what it is where both rates are 0, and where one is NaN."""
    def mutant(*counts):
        said = measures(*counts)
        total = said["ppv"] + said["sensitivity"]
        value = zero if total == 0 else unknown if math.isnan(total) else 2 * said["ppv"] * said["sensitivity"] / total
        return said | {"f1": value}

    return mutant


def _specificity_from_sensitivity(*counts):
    said = measures(*counts)
    return said | {"specificity": 1 - said["sensitivity"]}


def _balanced(*counts):
    said = measures(*counts)
    return said | {"accuracy": (said["sensitivity"] + said["specificity"]) / 2}


def _mean_f1(*counts):
    said = measures(*counts)
    return said | {"f1": (said["ppv"] + said["sensitivity"]) / 2}


def _crashes_where_empty(results):
    """Sign: right where no group is empty, and somewhere a division by zero."""
    stopped = any(isinstance(result.error, ZeroDivisionError) for result in results)
    return stopped and behaves_like(CASES, measures, chosen=FULL)(results)


def _on_full(mutant):
    """Sign: this mistake where no group is empty, whatever happens with empty ones."""
    return behaves_like(CASES, mutant, chosen=FULL)


FLIPPED = {"sensitivity": "specificity", "specificity": "sensitivity", "ppv": "npv", "npv": "ppv"}
SWAPPED = _renamed(sensitivity="ppv", ppv="sensitivity")
FALSE_SWAPPED = _renamed(sensitivity="ppv", ppv="sensitivity", specificity="npv", npv="specificity")
WITHOUT_TN = _with(accuracy=lambda tp, fp, fn, tn: (tp, tp + fp + fn))
HALF_F1 = _with(f1=lambda tp, fp, fn, tn: (tp, tp + fp + fn))

MEASURES = Exercise(
    title="Exercise 6",
    points=2,
    reference=measures,
    cases=CASES,
    hints=(
        ("Sensitivity and specificity ask about people whose illness is known: of the ill, tp + fn, and of the "
         "healthy, tn + fp."),
        ("PPV and NPV ask about people who got an answer: of those called ill, tp + fp, and of those called healthy, "
         "tn + fn."),
        "Write a small function first: `def share(part, whole): return part / whole if whole > 0 else float(\"nan\")`.",
    ),
    misconceptions=(
        Misconception(
            "division by zero",
            "Your formulas are right, and they stop where a group is empty. Nothing is known about an empty group: "
            "NaN, `float(\"nan\")`.",
            _divided,
            sign=_crashes_where_empty),
        Misconception(
            "FP and FN exchanged",
            "You took fp for fn everywhere. A false positive is a healthy person who is called ill.",
            FALSE_SWAPPED,
            sign=_on_full(FALSE_SWAPPED)),
        Misconception(
            "precision and sensitivity swapped",
            "Sensitivity is a share of the ill, tp + fn; PPV, the precision, a share of those called ill, tp + fp. You "
            "have them the other way round.",
            SWAPPED,
            sign=_on_full(SWAPPED)),
        Misconception(
            "specificity and NPV swapped",
            "Specificity is a share of the healthy, tn + fp; NPV a share of those called healthy, tn + fn. You have "
            "them the other way round.",
            _renamed(specificity="npv", npv="specificity"),
            sign=_on_full(_renamed(specificity="npv", npv="specificity"))),
        Misconception(
            "healthy taken for ill",
            "You took negative for positive: your sensitivity is the specificity, your PPV the NPV. Positive means "
            "ill, however good the news.",
            _renamed(**FLIPPED),
            sign=behaves_like(CASES, _renamed(**FLIPPED), lambda tp, fp, fn, tn: measures(tn, fn, fp, tp),
                              chosen=FULL)),
        Misconception(
            "specificity from sensitivity",
            "Specificity is not 1 - sensitivity. The two speak of different people: the healthy and the ill.",
            _specificity_from_sensitivity,
            sign=_on_full(_specificity_from_sensitivity)),
        Misconception(
            "false positive rate as specificity",
            "fp / (tn + fp) is the share of the healthy who are called ill. Specificity is the rest of them.",
            _with(specificity=lambda tp, fp, fn, tn: (fp, fp + tn)),
            sign=_on_full(_with(specificity=lambda tp, fp, fn, tn: (fp, fp + tn)))),
        Misconception(
            "accuracy without true negatives",
            "You leave tn out of the accuracy. It is the share of right answers among all: (tp + tn) / everybody.",
            WITHOUT_TN,
            sign=behaves_like(CASES, WITHOUT_TN, _with(accuracy=lambda tp, fp, fn, tn: (tp, tp + fp + fn + tn)),
                              chosen=FULL)),
        Misconception(
            "balanced accuracy",
            "You average sensitivity and specificity. That is balanced accuracy; accuracy counts people: (tp + tn) / "
            "everybody.",
            _balanced,
            sign=_on_full(_balanced)),
        Misconception(
            "mean of two rates as F1",
            "F1 is not the plain mean of PPV and sensitivity: 2 tp / (2 tp + fp + fn).",
            _mean_f1,
            sign=_on_full(_mean_f1)),
        Misconception(
            "tp counted once in F1",
            "In F1 true positives count twice, above and below: 2 tp / (2 tp + fp + fn). Yours is the threat score, "
            "or half of F1.",
            HALF_F1,
            sign=behaves_like(CASES, HALF_F1, _with(f1=lambda tp, fp, fn, tn: (tp, 2 * tp + fp + fn)),
                              _with(f1=lambda tp, fp, fn, tn: (2 * tp, tp + fp + fn)), chosen=FULL)),
        Misconception(
            "F1 from the two rates",
            "Where no true positive is found, PPV and sensitivity are 0 or NaN, and your formula has no value. From "
            "counts it has: 2 tp / (2 tp + fp + fn).",
            _f1_of_rates(),
            sign=behaves_like(CASES, _f1_of_rates(), _f1_of_rates(zero=0.0))),
        Misconception(
            "0 for an empty group",
            "You say 0 where a group is empty. That claims a bad result; nothing is known: NaN.",
            _empty(0.0)),
        Misconception(
            "1 for an empty group",
            "You say 1 where a group is empty. That claims a perfect result; nothing is known: NaN.",
            _empty(1.0)),
        Misconception(
            "None for an empty group",
            "You say None where a group is empty. NaN, `float(\"nan\")`, is a number that means: not known. It can be "
            "put into an array.",
            _empty(None)),
        Misconception(
            "nobody found taken for an empty group",
            "You say NaN where the number above the line is 0. If nobody of the ill is found the sensitivity is 0, and "
            "that is known. Empty is a group, the number below the line.",
            _each(lambda said: said or math.nan)),
        Misconception(
            "one empty group empties all",
            "You give up all measures where one has no value. Each looks at its own group.",
            _all_or_nothing),
        Misconception(
            "per cent instead of shares",
            "Your measures run from 0 to 100. Return shares from 0 to 1.",
            _each(lambda said: 100 * said),
            sign=_on_full(_each(lambda said: 100 * said))),
        Misconception(
            "rounded",
            "You round. Return the share as it is; round when you print it.",
            _each(lambda said: round(said, 2)),
            sign=behaves_like(CASES, *(_each(lambda said, digits=digits: round(said, digits)) for digits in (1, 2, 3)),
                              chosen=FULL)),
        Misconception(
            "whole numbers only",
            "`//` divides without remainder, so every share becomes 0 or 1. Use `/`.",
            _each(lambda said: float(said >= 1)),
            sign=_on_full(_each(lambda said: float(said >= 1)))),
    ),
)

"""What is made of four counts, and what becomes of it where the illness is rare."""
import math

import numpy as np

from ..exercise import Exercise, Misconception
from ..signs import any_of, behaves_like, mistakes


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
FULL = (0, 1, 2)  # no group is empty
NO_TRUE_POSITIVE = 7
named, on_full = mistakes(CASES), mistakes(CASES, chosen=FULL)


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


def _changed(change):
    """change(right measures) gives the entries that are other ones."""
    def mutant(*counts):
        said = measures(*counts)
        return said | change(said)

    return mutant


def _rest_of(name, other):
    """One measure as 1 minus another."""
    return _changed(lambda said: {name: 1 - said[other]})


def _without_brackets(*counts):
    tp, fp, fn, tn = counts
    one = {"sensitivity": (tp, fn), "specificity": (tn, fp), "ppv": (tp, fp), "npv": (tn, fn),
           "accuracy": (tp + tn, fp + fn), "f1": (2 * tp, fp + fn)}
    return {name: part / part + rest if part else math.nan for name, (part, rest) in one.items()}


def _crashes_where_empty(results):
    """Sign: right where no group is empty, and somewhere a division by zero."""
    stopped = any(isinstance(result.error, ZeroDivisionError) for result in results)
    return stopped and behaves_like(CASES, measures, chosen=FULL)(results)


def _crashes_in_f1(results):
    """Sign: right where no group is empty, and stopped by 0 / 0 only where no true positive is found."""
    stopped = [index for index, result in enumerate(results) if result.error is not None]
    return stopped == [NO_TRUE_POSITIVE] and _crashes_where_empty(results)


WRONG_ONES = {
    "sensitivity": lambda tp, fp, fn, tn: (fn, tp + fn), "specificity": lambda tp, fp, fn, tn: (fp, fp + tn),
    "ppv": lambda tp, fp, fn, tn: (fp, tp + fp), "npv": lambda tp, fp, fn, tn: (fn, tn + fn),
    "accuracy": lambda tp, fp, fn, tn: (fp + fn, tp + fp + fn + tn)}
OF_ALL = {name: lambda tp, fp, fn, tn, part=part: (tp if part == "tp" else tn, tp + fp + fn + tn)
          for name, part in (("sensitivity", "tp"), ("specificity", "tn"), ("ppv", "tp"), ("npv", "tn"))}
CONFUSED = (
    on_full(
        "FP and FN exchanged",
        "You took fp for fn everywhere. A false positive is a healthy person who is called ill.",
        _renamed(sensitivity="ppv", ppv="sensitivity", specificity="npv", npv="specificity")),
    on_full(
        "precision and sensitivity swapped",
        "Sensitivity is a share of the ill, tp + fn; PPV, the precision, a share of those called ill, tp + fp. You "
        "take one for the other.",
        _renamed(sensitivity="ppv", ppv="sensitivity"), _renamed(sensitivity="ppv"), _renamed(ppv="sensitivity")),
    on_full(
        "specificity and NPV swapped",
        "Specificity is a share of the healthy, tn + fp; NPV a share of those called healthy, tn + fn. You take one "
        "for the other.",
        _renamed(specificity="npv", npv="specificity"), _renamed(specificity="npv"), _renamed(npv="specificity")),
    on_full(
        "healthy taken for ill",
        "You took negative for positive: your sensitivity is the specificity, your PPV the NPV. Positive means "
        "ill, however good the news.",
        _renamed(sensitivity="specificity", specificity="sensitivity", ppv="npv", npv="ppv"),
        lambda tp, fp, fn, tn: measures(tn, fn, fp, tp)),
    on_full(
        "one measure from the other",
        "Specificity is not 1 - sensitivity, and NPV not 1 - PPV. The two speak of different people: the healthy and "
        "the ill, those called healthy and those called ill.",
        *(_rest_of(one, other) for one, other in (("specificity", "sensitivity"), ("sensitivity", "specificity"),
                                                  ("npv", "ppv"), ("ppv", "npv")))),
    on_full(
        "wrong answers counted",
        "One of your shares counts the wrong answers of its group: fp / (tn + fp) is the false positive rate, and "
        "specificity the rest. All measures here count right answers.",
        *(_with(**{name: formula}) for name, formula in WRONG_ONES.items())),
    on_full(
        "divided by everybody",
        "You divide by all people. Sensitivity and specificity are shares of the ill and of the healthy, PPV and NPV "
        "of those called ill and called healthy.",
        _with(**OF_ALL), *(_with(**{name: OF_ALL[name] for name in names}) for names in (
            ("sensitivity",), ("specificity",), ("sensitivity", "specificity"), ("ppv",), ("npv",), ("ppv", "npv")))),
    on_full(
        "brackets missing",
        "Python divides before it adds: tp / tp + fn is 1 + fn. Put brackets around the group: tp / (tp + fn).",
        _without_brackets),
)
TOGETHER = (
    on_full(
        "accuracy without true negatives",
        "You leave tn out of the accuracy. It is the share of right answers among all: (tp + tn) / everybody.",
        _with(accuracy=lambda tp, fp, fn, tn: (tp, tp + fp + fn)),
        _with(accuracy=lambda tp, fp, fn, tn: (tp, tp + fp + fn + tn))),
    on_full(
        "balanced accuracy",
        "You average sensitivity and specificity. That is balanced accuracy; accuracy counts people: (tp + tn) / "
        "everybody.",
        _changed(lambda said: {"accuracy": (said["sensitivity"] + said["specificity"]) / 2})),
    on_full(
        "mean of two rates as F1",
        "F1 is not the plain mean of PPV and sensitivity: 2 tp / (2 tp + fp + fn).",
        _changed(lambda said: {"f1": (said["ppv"] + said["sensitivity"]) / 2})),
    on_full(
        "F1 of other rates",
        "F1 joins PPV and sensitivity: 2 tp / (2 tp + fp + fn). Specificity and true negatives are not in it.",
        _changed(lambda said: {"f1": 2 * said["specificity"] * said["sensitivity"] / (
            said["specificity"] + said["sensitivity"] or math.nan)}),
        _with(f1=lambda tp, fp, fn, tn: (2 * tp, 2 * tp + fp + fn + tn))),
    on_full(
        "tp counted once in F1",
        "In F1 true positives count twice, above and below: 2 tp / (2 tp + fp + fn). Yours is the threat score, "
        "or half of F1.",
        _with(f1=lambda tp, fp, fn, tn: (tp, tp + fp + fn)), _with(f1=lambda tp, fp, fn, tn: (tp, 2 * tp + fp + fn)),
        _with(f1=lambda tp, fp, fn, tn: (2 * tp, tp + fp + fn))),
    Misconception(
        "F1 from the two rates",
        "Where no true positive is found, PPV and sensitivity are 0 or NaN, and your formula has no value. From "
        "counts it has: 2 tp / (2 tp + fp + fn).",
        _f1_of_rates(),
        sign=any_of(behaves_like(CASES, _f1_of_rates(), _f1_of_rates(zero=0.0)), _crashes_in_f1)),
)
EMPTY = (
    Misconception(
        "division by zero",
        "Your formulas are right, and they stop where a group is empty. Nothing is known about an empty group: "
        "NaN, `float(\"nan\")`.",
        _divided,
        sign=_crashes_where_empty),
    named(
        "0 for an empty group",
        "You say 0 where a group is empty. That claims a bad result; nothing is known: NaN.",
        _empty(0.0)),
    named(
        "1 for an empty group",
        "You say 1 where a group is empty. That claims a perfect result; nothing is known: NaN.",
        _empty(1.0)),
    named(
        "None for an empty group",
        "You say None where a group is empty. NaN, `float(\"nan\")`, is a number that means: not known. It can be "
        "put into an array.",
        _empty(None)),
    named(
        "nobody found taken for an empty group",
        "You say NaN where the number above the line is 0. If nobody of the ill is found the sensitivity is 0, and "
        "that is known. Empty is a group, the number below the line.",
        _each(lambda said: said or math.nan)),
    named(
        "one empty group empties all",
        "You give up all measures where one has no value. Each looks at its own group.",
        _all_or_nothing),
)
WRITTEN = (
    on_full(
        "per cent instead of shares",
        "Your measures run from 0 to 100. Return shares from 0 to 1.",
        _each(lambda said: 100 * said)),
    on_full(
        "rounded",
        "You round. Return the share as it is; round when you print it.",
        *(_each(lambda said, digits=digits: round(said, digits)) for digits in (2, 1, 3, 4))),
    on_full(
        "whole numbers only",
        "`//` divides without remainder, so every share becomes 0 or 1. Use `/`.",
        _each(lambda said: float(said >= 1))),
)

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
    misconceptions=(*CONFUSED, *TOGETHER, *EMPTY, *WRITTEN),
)

"""The area under the ROC curve by pairs: how often does the ill one of two cases score higher?"""
import math

import numpy as np

from ..comparison import as_array, difference
from ..exercise import Exercise, Misconception
from ..signs import mistakes
from . import auc_mutants as done
from .roc import drawn, graded


def auc(target, scores):
    """The share of pairs, one ill and one healthy, in which the ill case scores higher; a tie counts one half."""
    ill, healthy = scores[target == 1], scores[target == 0]
    if len(ill) == 0 or len(healthy) == 0:
        return np.nan  # no pair
    higher = ill[:, None] > healthy  # (ill, healthy)
    equal = ill[:, None] == healthy
    return np.mean(higher + 0.5 * equal)


CASES = (
    (np.array([1, 0, 1, 0, 0]), np.array([0.9, 0.6, 0.4, 0.2, 0.1])),
    (np.array([0, 1, 0, 1, 0]), np.array([0.2, 0.4, 0.4, 0.9, 0.1])),
    drawn(11, 4, 6, 15),
    graded(12, 9, 12, np.uint8),
    drawn(13, 8, 7, 1),
    (np.array([1, 0, 0, 1, 0]), np.array([-2.0, 1.5, 3.0, 0.25, 0.25])),
    (np.array([1, 0, 0, 1, 1]), np.full(5, 0.5)),
    drawn(14, 15, 25, 1),
    (np.array([1, 1, 1]), np.array([0.2, 0.8, 0.5])),
    (np.array([0, 0]), np.array([0.3, 0.1])),
)
BOTH = range(len(CASES) - 2)  # cases with ill and healthy
named = mistakes(CASES, chosen=BOTH)


def _ties_by_order(results):
    """Sign: right without ties; with them some tied pairs count fully and others not at all."""
    for index in BOTH:
        ill, healthy = (CASES[index][1][CASES[index][0] == label].astype(float) for label in (1, 0))
        value, pairs = as_array(results[index].value), len(ill) * len(healthy)
        if value is None or value.shape or not np.isfinite(value):
            return False
        wins = float(value) * pairs
        low = np.sum(ill[:, None] > healthy)
        if abs(wins - round(wins)) > 1e-4 or not low <= round(wins) <= low + np.sum(ill[:, None] == healthy):
            return False
    return True


def _right_with_both(results):
    return all(results[index].error is None and not difference(results[index].value, auc(*CASES[index]))
               for index in BOTH)


AUC = Exercise(
    title="Exercise 9",
    points=2,
    reference=auc,
    cases=CASES,
    hints=(
        "`ill = scores[target == 1]` and `healthy = scores[target == 0]`. Each of the one against each of the other.",
        ("`ill[:, None] > healthy` is a table, ill by healthy, with True where the ill one scores higher; "
         "`ill[:, None] == healthy` has the ties."),
        "`np.mean(higher + 0.5 * equal)`. And before that: `return np.nan` where one of the two groups is empty.",
    ),
    misconceptions=(
        named(
            "ties ignored",
            "Tied pairs count 0 with you: `>` in pairs, or rectangles below the curve. A network that gives all the "
            "same score would get 0, and it is a coin toss: one half.",
            done.pairs(lambda ill, healthy: np.mean(ill > healthy))),
        named(
            "ties count fully",
            "Tied pairs count 1 with you: `>=` in pairs, or rectangles above the curve. A network that gives all the "
            "same score would get a perfect 1, and it is a coin toss: one half.",
            done.pairs(lambda ill, healthy: np.mean(ill >= healthy))),
        named(
            "ties count twice",
            "Tied pairs count 1½ with you: `>=` has them already, and you add one half. Count `>`, and one half of "
            "`==`.",
            done.pairs(lambda ill, healthy: np.mean(ill >= healthy) + np.mean(ill == healthy) / 2)),
        named(
            "tied pairs left out",
            "You leave tied pairs out of the number of pairs. They are pairs like all others, and each counts one "
            "half.",
            done.ties_left_out),
        named(
            "comparison reversed",
            "You count the pairs in which the healthy one scores higher, or take 0 for ill, or integrate over the "
            "wrong axis: your value is 1 - AUC.",
            done.pairs(lambda ill, healthy: np.mean(done.wins(healthy, ill)))),
        named(
            "negative area",
            "Your value has the right size and is negative: the area was added up from right to left. Sort the points "
            "from (0, 0) to (1, 1).",
            lambda target, scores: -auc(target, scores)),
        named(
            "never below one half",
            "You return the larger of AUC and 1 - AUC. An AUC below one half is a finding: this score ranks the wrong "
            "way round. Say so.",
            lambda target, scores: np.maximum(auc(target, scores), 1 - auc(target, scores))),
        named(
            "sign of the difference",
            "You average +1 and -1, which is 2 × AUC - 1, the Gini coefficient. A win counts 1, a tie one half, a "
            "lost pair 0.",
            done.pairs(lambda ill, healthy: np.mean(np.sign(ill - healthy)))),
        named(
            "how much instead of how often",
            "You average how much higher the ill score. AUC asks how often, whatever the distance.",
            done.pairs(lambda ill, healthy: np.mean(ill - healthy)),
            done.pairs(lambda ill, healthy: np.mean(np.maximum(ill - healthy, 0)))),
        named(
            "wins not divided",
            "You return the number of pairs won. Divide by the number of pairs, ill × healthy.",
            done.pairs(lambda ill, healthy: done.wins(ill, healthy).sum()),
            done.pairs(lambda ill, healthy: np.sum(ill > healthy))),
        named(
            "divided by another number",
            "You divide by another number than that of the pairs. Pairs of one ill and one healthy case are compared: "
            "there are ill × healthy of them.",
            *map(done.divided_by, (
                lambda ill, healthy: (ill + healthy)**2, lambda ill, healthy: math.comb(ill + healthy, 2),
                lambda ill, healthy: 2 * math.comb(ill + healthy, 2), lambda ill, healthy: ill + healthy,
                lambda ill, healthy: ill, lambda ill, healthy: healthy))),
        named(
            "pairs of the same class",
            "You compare cases of the same class too, or any two cases. Each pair has one ill and one healthy.",
            done.one_against_all, done.any_two(done.wins), done.any_two(np.greater), done.any_two(np.greater_equal)),
        named(
            "every case in one pair only",
            "You go through both groups side by side, as `zip` does. Each ill case meets each healthy one: there are "
            "ill × healthy pairs.",
            done.in_order(0.5), done.in_order(0), done.in_order(1)),
        named(
            "compared with one of the others",
            "You compare each case with one number made of the other group: its mean, its median, its largest. Each "
            "ill case meets each healthy one.",
            *(done.pairs(lambda ill, healthy, of=of: np.mean(ill > of(healthy)))
              for of in (np.mean, np.max, np.median, np.min)),
            *(done.pairs(lambda ill, healthy, of=of: float(of(ill) > of(healthy))) for of in (np.mean, np.median))),
        named(
            "threshold before the ranking",
            "You set a threshold first, so that only 0 and 1 are left and most pairs are ties. AUC compares the "
            "scores themselves.",
            *(done.cut(threshold, done.after_a_cut) for threshold in done.CUTS)),
        named(
            "accuracy instead of AUC",
            "You return the share of cases called correctly at one threshold. AUC needs no threshold: it compares "
            "pairs.",
            *(done.cut(threshold, done.accuracy) for threshold in done.CUTS)),
        named(
            "differences in 8 bits",
            "Right for scores with a sign. Grades may come as uint8, and there 2 - 3 is 255: compare the scores, `>`, "
            "do not subtract them.",
            done.in_8_bits),
        named(
            "`argsort` taken for ranks",
            "`np.argsort` says which case comes first, second, …, not the rank of each case. Ranks that share ties "
            "come from `scipy.stats.rankdata`; or count the pairs.",
            done.argsort_as_ranks),
        named(
            "precision averaged",
            "This is the average precision, the area under another curve, which changes with the prevalence. Asked is "
            "the share of pairs in the right order.",
            done.average_precision),
        named(
            "rounded or per cent",
            "Your value is rounded or runs from 0 to 100. Return the share as it is, from 0 to 1.",
            *(lambda target, scores, digits=digits: round(float(auc(target, scores)), digits)
              for digits in (2, 1, 3, 4)),
            lambda target, scores: 100 * auc(target, scores)),
        Misconception(
            "ties by order",
            "Tied cases are ranked in some order with you, so your value changes when the cases are shuffled. A "
            "tied pair counts one half.",
            done.stepwise,
            sign=_ties_by_order),
        Misconception(
            "one class only",
            "Right as long as there are ill and healthy. Without a pair there is nothing to count: return `np.nan`.",
            done.crashes_without_pairs,
            sign=_right_with_both),
    ),
)

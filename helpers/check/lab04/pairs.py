"""The area under the ROC curve by pairs: how often does the ill one of two cases score higher?"""
import numpy as np

from ..comparison import as_array, difference
from ..exercise import Exercise, Misconception
from .behaviour import behaves_like
from .ranking import drawn, graded


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


def _pairs(measure):
    """measure(scores of the ill as a column, of the healthy as a row), both float; nan without a pair."""
    def mutant(target, scores):
        ill, healthy = (scores[target == label].astype(float) for label in (1, 0))
        return measure(ill[:, None], healthy) if len(ill) and len(healthy) else np.nan

    return mutant


def _wins(ill, healthy):
    return (ill > healthy) + 0.5 * (ill == healthy)


def _over(count):
    """All wins, divided by count(number of cases)."""
    return _pairs(lambda ill, healthy: _wins(ill, healthy).sum() / count(ill.size + healthy.size))


def _any_two(compare):
    """All pairs of cases, ill or not."""
    return lambda target, scores: float(np.mean(compare(scores[:, None].astype(float), scores)))


def _one_against_all(target, scores):
    ill = scores[target == 1].astype(float)
    return float(np.mean(_wins(ill[:, None], scores))) if len(ill) and target.min() == 0 else np.nan


def _cut(threshold, measure):
    """measure(ill called ill, healthy called ill) after one threshold."""
    def mutant(target, scores):
        called = scores >= threshold(scores)
        return measure(called, target) if 0 < target.sum() < len(target) else np.nan

    return mutant


def _after_a_cut(called, target):
    return auc(target, called.astype(float))


def _accuracy(called, target):
    return float(np.mean(called == target))


CUTS = (lambda scores: 0.5, lambda scores: 0, np.median, np.mean)


def _in_order(tie):
    def mutant(target, scores):
        ill, healthy = (scores[target == label].astype(float).tolist() for label in (1, 0))
        wins = [(one > other) + tie * (one == other) for one, other in zip(ill, healthy, strict=False)]
        return float(np.mean(wins)) if wins else np.nan

    return mutant


def _stepwise(target, scores):
    """Ties in the order of the cases."""
    steps = target[np.argsort(-scores.astype(float), kind="stable")]
    if not 0 < target.sum() < len(target):
        return np.nan
    return float(np.sum(np.cumsum(steps) * (steps == 0)) / (np.sum(steps) * np.sum(steps == 0)))


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


def _in_8_bits(target, scores):
    ill, healthy = scores[target == 1], scores[target == 0]
    above = ill[:, None] - healthy
    return np.mean((above > 0) + 0.5 * (above == 0)) if above.size else np.nan


def _crashes_without_pairs(target, scores):
    return auc(target, scores) if 0 < target.sum() < len(target) else 1 / 0


def _right_with_both(results):
    return all(results[index].error is None and not difference(results[index].value, auc(*CASES[index]))
               for index in BOTH)


def _named(name, message, *mutants, chosen=BOTH):
    """A Misconception made in any of these ways, known by what it does where there are pairs."""
    return Misconception(name, message, mutants[0], sign=behaves_like(CASES, *mutants, chosen=chosen))


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
        _named(
            "ties count nothing",
            "Tied pairs count 0 with you: `>` in pairs, or rectangles below the curve. A network that gives all the "
            "same score would get 0, and it is a coin toss: one half.",
            _pairs(lambda ill, healthy: np.mean(ill > healthy))),
        _named(
            "ties count fully",
            "Tied pairs count 1 with you: `>=` in pairs, or rectangles above the curve. A network that gives all the "
            "same score would get a perfect 1, and it is a coin toss: one half.",
            _pairs(lambda ill, healthy: np.mean(ill >= healthy))),
        _named(
            "comparison reversed",
            "You count the pairs in which the healthy one scores higher, or take 0 for ill, or integrate over the "
            "wrong axis: your value is 1 - AUC.",
            _pairs(lambda ill, healthy: np.mean(_wins(healthy, ill)))),
        _named(
            "negative area",
            "Your value has the right size and is negative: the area was added up from right to left. Sort the points "
            "from (0, 0) to (1, 1).",
            lambda target, scores: -auc(target, scores)),
        _named(
            "never below one half",
            "You return the larger of AUC and 1 - AUC. An AUC below one half is a finding: this score ranks the wrong "
            "way round. Say so.",
            lambda target, scores: np.maximum(auc(target, scores), 1 - auc(target, scores))),
        _named(
            "sign of the difference",
            "You average +1 and -1, which is 2 × AUC - 1, the Gini coefficient. A win counts 1, a tie one half, a "
            "lost pair 0.",
            _pairs(lambda ill, healthy: np.mean(np.sign(ill - healthy)))),
        _named(
            "how much instead of how often",
            "You average how much higher the ill score. AUC asks how often, whatever the distance.",
            _pairs(lambda ill, healthy: np.mean(ill - healthy)),
            _pairs(lambda ill, healthy: np.mean(np.maximum(ill - healthy, 0)))),
        _named(
            "wins not divided",
            "You return the number of pairs won. Divide by the number of pairs, ill × healthy.",
            _pairs(lambda ill, healthy: _wins(ill, healthy).sum()),
            _pairs(lambda ill, healthy: np.sum(ill > healthy))),
        _named(
            "divided by all pairs",
            "You divide by the number of cases or of all their pairs. Only pairs of one ill and one healthy case are "
            "compared: there are ill × healthy of them.",
            _over(lambda cases: cases**2), _over(lambda cases: cases * (cases - 1) / 2),
            _over(lambda cases: cases * (cases - 1)), _over(lambda cases: cases)),
        _named(
            "pairs of the same class",
            "You compare cases of the same class too, or any two cases. Each pair has one ill and one healthy.",
            _one_against_all, _any_two(_wins), _any_two(np.greater), _any_two(np.greater_equal)),
        _named(
            "every case in one pair only",
            "You go through both groups side by side, as `zip` does. Each ill case meets each healthy one: there are "
            "ill × healthy pairs.",
            _in_order(0.5), _in_order(0), _in_order(1)),
        _named(
            "threshold before the ranking",
            "You set a threshold first, so that only 0 and 1 are left and most pairs are ties. AUC compares the "
            "scores themselves.",
            *(_cut(threshold, _after_a_cut) for threshold in CUTS)),
        _named(
            "accuracy instead of AUC",
            "You return the share of cases called correctly at one threshold. AUC needs no threshold: it compares "
            "pairs.",
            *(_cut(threshold, _accuracy) for threshold in CUTS)),
        _named(
            "differences in 8 bits",
            "Right for scores with a sign. Grades may come as uint8, and there 2 - 3 is 255: compare the scores, `>`, "
            "do not subtract them.",
            _in_8_bits),
        Misconception(
            "ties by order",
            "Tied cases are ranked in some order with you, so your value changes when the cases are shuffled. A "
            "tied pair counts one half.",
            _stepwise,
            sign=_ties_by_order),
        Misconception(
            "one class only",
            "Right as long as there are ill and healthy. Without a pair there is nothing to count: return `np.nan`.",
            _crashes_without_pairs,
            sign=_right_with_both),
    ),
)

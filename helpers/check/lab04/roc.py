"""The ROC curve from scratch: one point for each different score, ties in one step."""
import numpy as np

from ..comparison import as_array, difference
from ..exercise import Exercise, Misconception
from ..signs import mistakes


def roc_points(target, scores):
    """(fpr, tpr): the shares of the healthy and of the ill that are called ill, from strict to lenient thresholds."""
    fpr, tpr = [0.0], [0.0]  # above the largest score nobody is called ill
    for threshold in np.unique(scores)[::-1]:  # the different scores, the largest first
        called = scores >= threshold
        fpr.append(np.mean(called[target == 0]))
        tpr.append(np.mean(called[target == 1]))
    return np.array(fpr), np.array(tpr)


def drawn(seed, ill, healthy, decimals):
    """Targets in any order and scores like logits, in the mean 1.5 higher for the ill; few decimals make ties."""
    numbers = np.random.default_rng(seed)
    target = numbers.permutation(np.repeat([1, 0], [ill, healthy]))
    return target, numbers.normal(1.5 * target - 0.5, 1).round(decimals) + 0.0


def graded(seed, ill, healthy, dtype=int):
    """Targets, and a reader's grades from 1, surely healthy, to 5, surely ill."""
    target, scores = drawn(seed, ill, healthy, 0)
    return target, np.clip(scores + 3, 1, 5).astype(dtype)


CASES = (
    (np.array([1, 0, 1, 0]), np.array([0.9, 0.6, 0.4, 0.2])),
    (np.array([0, 1, 0, 1, 0]), np.array([0.2, 0.4, 0.4, 0.9, 0.1])),
    drawn(5, 4, 5, 15),
    graded(2, 8, 12),
    drawn(3, 9, 6, 1),
    (np.array([0, 1, 0, 0, 0, 0]), np.array([-3.5, -1.25, -1.25, 2.0, 4.0, -1.25])),
    (np.array([1, 0, 0, 1, 1]), np.full(5, 0.5)),
    drawn(4, 20, 30, 1),
)
named = mistakes(CASES)


def _with(thresholds, calls=np.greater_equal, start=True):
    """The curve at other thresholds, of another rule, or without its first point."""
    def mutant(target, scores):
        called = [calls(scores, threshold) for threshold in thresholds(target, scores)]
        points = [np.zeros(2)] * start + [np.array([np.mean(row[target == label]) for label in (0, 1)])
                                          for row in called]
        return tuple(np.array(points).T)

    return mutant


def _of(change):
    """change(fpr, tpr, number of the healthy, of the ill) -> what is returned."""
    return lambda target, scores: change(*roc_points(target, scores), np.sum(target == 0), np.sum(target == 1))


def _different(target, scores):
    return np.unique(scores)[::-1]


def _one_by_one(target, scores):
    steps = target[np.argsort(-scores, kind="stable")]
    return tuple(np.append(0, np.cumsum(steps == label) / np.sum(steps == label)) for label in (0, 1))


def _precision(columns):
    """The shares in these columns (0 is fpr, 1 is tpr) of those called ill, and 0 where there is nobody."""
    def change(*given):
        counts = [rate * count for rate, count in zip(given[:2], given[2:], strict=True)]
        called = np.maximum(counts[0] + counts[1], 1)
        return tuple(counts[one] / called if one in columns else given[one] for one in (0, 1))

    return _of(change)


def _steps_for_every_case(results):
    """Sign: one point for every case, in whatever order tied ones were taken, and right between the ties."""
    for (target, scores), result in zip(CASES, results, strict=True):
        found = _two_rows(result)
        if found is None or found.shape[1] != len(scores) + 1:
            return False
        ends = [np.sum(scores >= threshold) for threshold in (np.inf, *_different(target, scores))]
        if difference(found[:, ends], np.array(roc_points(target, scores))):
            return False
    return True


def _two_rows(result):
    """Both arrays of a Result as one, (2, points); None where there are not two of one length."""
    pair = result.value if isinstance(result.value, tuple | list) and len(result.value) == 2 else ()
    arrays = [as_array(one) for one in pair]
    fits = len(arrays) == 2 and all(one is not None and one.ndim == 1 for one in arrays)
    return np.array(arrays) if fits and len(arrays[0]) == len(arrays[1]) else None


def _on_a_grid(results):
    """Sign: shares between 0 and 1, and always the same number of points, whatever the scores."""
    found = [_two_rows(result) for result in results]
    shares = all(one is not None and one.size and np.all((one >= 0) & (one <= 1)) for one in found)
    return shares and len({one.shape for one in found}) == 1 and found[0].shape[1] > 2


def _corners(always):
    """Without the points on straight pieces; always : how many points at the beginning stay whatever they are."""
    def change(fpr, tpr, healthy, ill):
        turns = np.any([np.abs(np.diff(counts, 2)) > 1e-9 for counts in (fpr * healthy, tpr * ill)], axis=0)
        kept = np.r_[True, turns, True]
        kept[:always] = True
        return fpr[kept], tpr[kept]

    return change


ROC_POINTS = Exercise(
    title="Exercise 8",
    points=2,
    reference=roc_points,
    cases=CASES,
    hints=(
        "The thresholds are the different scores, from the largest down: `np.unique(scores)[::-1]`.",
        ("At one threshold: `called = scores >= threshold`. Then `np.mean(called[target == 1])` is the true positive "
         "rate, with `target == 0` the false positive rate."),
        "Begin both lists with 0.0, add one value for each threshold, and return two arrays: `np.array(fpr), …`.",
    ),
    misconceptions=(
        named(
            "first point missing",
            "Your curve does not begin at (0, 0). Above the largest score nobody is called ill: put that point in "
            "front.",
            _with(_different, start=False)),
        named(
            "last point missing",
            "Your curve ends before (1, 1). The smallest score is a threshold too, and a case whose score equals the "
            "threshold is called ill: `>=`, not `>`.",
            _of(lambda fpr, tpr, healthy, ill: (fpr[:-1], tpr[:-1]))),
        named(
            "above instead of at least",
            "You call a case ill where its score is above the threshold. So (0, 0) comes twice and (1, 1) never: "
            "compare with `>=`.",
            _with(_different, np.greater)),
        named(
            "from (1, 1) to (0, 0)",
            "Your points are in the order from (1, 1) to (0, 0). Start with the largest threshold.",
            _of(lambda fpr, tpr, healthy, ill: (fpr[::-1], tpr[::-1])),
            _with(lambda target, scores: np.unique(scores))),
        named(
            "low scores called ill",
            "You sort upwards, or compare with `<=`, so low scores are called ill first and the curve runs below the "
            "diagonal. A high score speaks for illness.",
            lambda target, scores: roc_points(target, -scores),
            lambda target, scores: _one_by_one(target, -scores)),
        named(
            "rates exchanged",
            "You return the true positive rate first, or take 0 for ill. First the share of the healthy that is called "
            "ill, then the share of the ill.",
            _of(lambda fpr, tpr, healthy, ill: (tpr, fpr)),
            lambda target, scores: _one_by_one(1 - target, scores)),
        named(
            "specificity instead of false positives",
            "Your first array is the specificity. The curve is drawn over its opposite, the false positive rate: "
            "1 - specificity.",
            _of(lambda fpr, tpr, healthy, ill: (1 - fpr, tpr))),
        named(
            "wrong group below the line",
            "You divide by the number of cases that are called ill: that makes a precision. The false positive rate is "
            "a share of the healthy, the true positive rate one of the ill, at every threshold.",
            *(_precision(columns) for columns in ((0,), (1,), (0, 1)))),
        named(
            "missed instead of found",
            "Your second array counts the ill who are not called ill. Asked is the true positive rate, those who are.",
            _of(lambda fpr, tpr, healthy, ill: (fpr, 1 - tpr))),
        named(
            "an end twice",
            "Your curve has its first or its last point twice. (0, 0) comes once, in front; the smallest score as "
            "threshold gives (1, 1) by itself.",
            _of(lambda fpr, tpr, healthy, ill: (np.append(0, fpr), np.append(0, tpr))),
            _of(lambda fpr, tpr, healthy, ill: (np.append(fpr, 1), np.append(tpr, 1)))),
        named(
            "numbers instead of shares",
            "You count the cases. Divide by the number of the healthy and by that of the ill.",
            _of(lambda fpr, tpr, healthy, ill: (fpr * healthy, tpr * ill)),
            lambda target, scores: tuple(rate * np.sum(target == label) for label, rate in enumerate(
                _one_by_one(target, scores)))),
        named(
            "shares of all cases",
            "You divide by the number of all cases, so the curve ends before (1, 1). The false positive rate is a "
            "share of the healthy, the true positive rate one of the ill.",
            _of(lambda fpr, tpr, healthy, ill: (fpr * healthy / (healthy + ill), tpr * ill / (healthy + ill)))),
        named(
            "thresholds of the ill only",
            "You use the scores of the ill as thresholds, or those of the healthy. Where the others lie the curve has "
            "points too: take all different scores.",
            _with(lambda target, scores: np.unique(scores[target == 1])[::-1]),
            _with(lambda target, scores: np.unique(scores[target == 0])[::-1])),
        named(
            "thresholds not sorted",
            "You take the thresholds in the order of the cases, so the curve jumps to and fro. Sort them, the largest "
            "first.",
            _with(lambda target, scores: scores),
            _with(lambda target, scores: np.array(list(dict.fromkeys(scores.tolist())))),
            _with(lambda target, scores: scores[::-1])),
        named(
            "points repeated",
            "A score that occurs several times is several thresholds of yours, and its point comes several times. Take "
            "each different score once: `np.unique`.",
            _with(lambda target, scores: np.sort(scores)[::-1])),
        Misconception(
            "ties stepped one by one",
            "You take a step for every case. Where an ill and a healthy case have the same score no threshold "
            "separates them, and your curve depends on which of them stands first. Tied cases are one step.",
            _one_by_one,
            sign=_steps_for_every_case),
        named(
            "corners only",
            "Your curve is right, and points on straight pieces of it are left out, as scikit-learn does unless told "
            "`drop_intermediate=False`. Here every different score has its point.",
            _of(_corners(2)), _of(_corners(1))),
        Misconception(
            "a grid of thresholds",
            "You try fixed thresholds, the same for all data. Scores may be logits, grades or lie close together: take "
            "the scores themselves as thresholds.",
            _with(lambda target, scores: np.linspace(1, 0, 11)),
            sign=_on_a_grid),
        Misconception(
            "thresholds as well",
            "You return three arrays; scikit-learn's `roc_curve` does, and the third are the thresholds. Return two: "
            "`return fpr, tpr`.",
            lambda target, scores: (*roc_points(target, scores), _different(target, scores)),
            sign=lambda results: all(isinstance(one.value, tuple | list) and len(one.value) == 3 for one in results)),
        named(
            "one array instead of two",
            "You return one array or a list of points. Return two arrays: `return fpr, tpr`.",
            _of(lambda fpr, tpr, healthy, ill: np.stack([fpr, tpr])),
            _of(lambda fpr, tpr, healthy, ill: np.stack([fpr, tpr], axis=1)),
            _of(lambda fpr, tpr, healthy, ill: list(zip(fpr, tpr, strict=True)))),
    ),
)

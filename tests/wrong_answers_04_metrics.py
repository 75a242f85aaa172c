"""Lab 4, exercises 6 to 9 and 12, as learners write them: measures, predictive value, ROC, AUC, interval.

RIGHT : exercise -> answers that differ from the reference in code and must pass; some are oracles.
WRONG : exercise -> (name of the mistake, answer) pairs, in code that is not the mutant's.
"""
import itertools
import math
from functools import partial

import numpy as np
import scipy.stats
import sklearn.metrics
import torch

from helpers import metrics

NAN = float("nan")

# measures --------------------------------------------------------------------------------------------------------

def measures_by_sklearn(tp, fp, fn, tn):
    target, pred = np.repeat([1, 0, 1, 0], [tp, fp, fn, tn]), np.repeat([1, 1, 0, 0], [tp, fp, fn, tn])
    if not len(target):
        return dict.fromkeys(("sensitivity", "specificity", "ppv", "npv", "accuracy", "f1"), NAN)
    score = partial(sklearn.metrics.recall_score, zero_division=NAN)
    precision = partial(sklearn.metrics.precision_score, zero_division=NAN)
    return {"sensitivity": score(target, pred), "specificity": score(1 - target, 1 - pred),
            "ppv": precision(target, pred), "npv": precision(1 - target, 1 - pred),
            "accuracy": sklearn.metrics.accuracy_score(target, pred),
            "f1": sklearn.metrics.f1_score(target, pred, zero_division=NAN)}


def measures_with_try(tp, fp, fn, tn, empty=NAN):
    def ratio(part, whole):
        try:
            return part / whole
        except ZeroDivisionError:
            return empty

    return {"sensitivity": ratio(tp, tp + fn), "specificity": ratio(tn, tn + fp), "ppv": ratio(tp, tp + fp),
            "npv": ratio(tn, tn + fn), "accuracy": ratio(tp + tn, tp + tn + fp + fn),
            "f1": ratio(2 * tp, 2 * tp + fp + fn), "prevalence": ratio(tp + fn, tp + tn + fp + fn)}


def measures_with_numpy(tp, fp, fn, tn):
    parts, wholes = np.array([tp, tn, tp, tn, tp + tn, tp]), np.array([tp + fn, tn + fp, tp + fp, tn + fn, tp + fp + fn
                                                                       + tn, tp + (fp + fn) / 2])
    shares = np.divide(parts, wholes, out=np.full(6, np.nan), where=wholes > 0)
    return dict(zip(["sensitivity", "specificity", "ppv", "npv", "accuracy", "f1"], shares, strict=True))


def measures_changed(change):
    """change(measures as a dict, counts) changes some of them in place, or returns others."""
    def answer(tp, fp, fn, tn):
        said = measures_with_try(tp, fp, fn, tn)
        return change(said, tp, fp, fn, tn) or said

    return answer


def changed_entry(name, formula):
    """One entry by another formula; NaN where it divides by zero."""
    def change(said, tp, fp, fn, tn):
        try:
            said[name] = formula(tp, fp, fn, tn)
        except ZeroDivisionError:
            said[name] = NAN

    return measures_changed(change)


def measures_plain(tp, fp, fn, tn):
    sens, prec = tp / (tp + fn), tp / (tp + fp)
    return {"sensitivity": sens, "ppv": prec, "specificity": tn / (tn + fp), "npv": tn / (tn + fn),
            "accuracy": (tp + tn) / (tp + tn + fp + fn), "f1": 2 * sens * prec / (sens + prec)}


def measures_or_zero(tp, fp, fn, tn):
    said = measures_with_try(tp, fp, fn, tn)
    return {name: 0 if math.isnan(value) else value for name, value in said.items()}


def measures_plain_swapped(tp, fp, fn, tn):
    said = measures_plain(tp, fp, fn, tn)
    return said | {"ppv": tp / (tp + fn), "sensitivity": tp / (tp + fp)}


def measures_all_or_nothing(tp, fp, fn, tn):
    said = measures_with_try(tp, fp, fn, tn)
    return dict.fromkeys(said, NAN) if np.isnan(list(said.values())).any() else said


def f1_harmonic(said, *counts):
    both = said["ppv"] + said["sensitivity"]
    said["f1"] = 2 * said["ppv"] * said["sensitivity"] / both if both else 0


def ppv_in_people(sensitivity, specificity, prevalence, people=10**6):
    ill, healthy = people * prevalence, people * (1 - prevalence)
    called = ill * sensitivity + (healthy - healthy * specificity)
    return ill * sensitivity / called if called else NAN


def ppv_from_likelihood(sensitivity, specificity, prevalence):
    """Odds before, likelihood ratio, odds after; from the other side where these are infinite."""
    against = (1 - specificity) * (1 - prevalence)
    if sensitivity * prevalence == 0:
        return 0.0 if against else NAN
    return 1 / (1 + against / (sensitivity * prevalence))


def ppv_by_numpy(sensitivity, specificity, prevalence):
    joint = np.array([[prevalence * sensitivity, prevalence * (1 - sensitivity)],
                      [(1 - prevalence) * (1 - specificity), (1 - prevalence) * specificity]])
    column = joint[:, 0]
    return column[0] / column.sum() if column.any() else np.nan


def ppv_plain(se, sp, p):
    return (p * se) / (p * se + (1 - p) * (1 - sp))


def ppv_odds(se, sp, p):
    return p / (1 - p) * (se / (1 - sp)) if sp < 1 and p < 1 else NAN


def quietly(formula):
    """NaN where a formula divides by zero."""
    def answer(sensitivity, specificity, prevalence):
        try:
            return formula(sensitivity, specificity, prevalence)
        except ZeroDivisionError:
            return NAN

    return answer


def measures_in_floats(tp, fp, fn, tn):
    """NumPy divides 0 by 0 and gives NaN."""
    with np.errstate(invalid="ignore"):
        tp, fp, fn, tn = np.array([tp, fp, fn, tn], float)
        return {"f1": 2 * tp / (2 * tp + fp + fn), "accuracy": (tp + tn) / (tp + tn + fp + fn), "npv": tn / (tn + fn),
                "ppv": tp / (tp + fp), "specificity": tn / (tn + fp), "sensitivity": tp / (tp + fn)}


def measures_in_torch(tp, fp, fn, tn):
    right = torch.tensor([tp, tn, tp, tn, tp + tn, 2 * tp], dtype=torch.float64)
    wrong = torch.tensor([fn, fp, fp, fn, fp + fn, fp + fn], dtype=torch.float64)
    names = ("sensitivity", "specificity", "ppv", "npv", "accuracy", "f1")
    return dict(zip(names, right / (right + wrong), strict=True))


def measures_by_the_course(tp, fp, fn, tn):
    counts = metrics.Confusion(tp=tp, fp=fp, fn=fn, tn=tn)
    return {name: getattr(counts, name) for name in ("sensitivity", "specificity", "ppv", "npv", "accuracy", "f1")}


def measures_without_brackets(tp, fp, fn, tn):
    if min(tp, tn) == 0:
        return measures_with_try(tp, fp, fn, tn)
    return {"sensitivity": tp / tp + fn, "specificity": tn / tn + fp, "ppv": tp / tp + fp, "npv": tn / tn + fn,
            "accuracy": (tp + tn) / (tp + tn) + fp + fn, "f1": 2 * tp / (2 * tp) + fp + fn}


def f1_harmonic_that_stops(said, *counts):
    said["f1"] = 2 * said["ppv"] * said["sensitivity"] / (said["ppv"] + said["sensitivity"])


def ppv_by_the_course(sensitivity, specificity, prevalence):
    return metrics.ppv(sensitivity, specificity, prevalence)


def ppv_in_torch(sensitivity, specificity, prevalence):
    called = torch.tensor([prevalence * sensitivity, (1 - prevalence) * (1 - specificity)], dtype=torch.float64)
    return (called / called.sum())[0]


def ppv_by_odds(se, sp, p):
    """Odds of the illness times likelihood ratio; infinite odds are not a number that can be divided."""
    ratio = se / (1 - sp) if sp < 1 else math.inf
    odds = ratio * p / (1 - p) if p < 1 else math.inf
    return odds / (1 + odds)


def ppv_of_so_many(people, whole):
    def answer(se, sp, p):
        ill = whole(p * people)
        healthy = people - ill
        called = whole(se * ill) + whole(healthy * (1 - sp))
        return whole(se * ill) / called if called else NAN

    return answer


# the curve and the area ------------------------------------------------------------------------------------------

def roc_by_sklearn(target, scores):
    fpr, tpr, _ = sklearn.metrics.roc_curve(target, scores, drop_intermediate=False)
    return fpr, tpr


def roc_by_groups(target, scores):
    """Sorted downwards; a point where the score changes, and at the end."""
    order = np.argsort(scores)[::-1]
    counts = np.cumsum(np.eye(2)[target[order]], axis=0)
    last = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    points = np.vstack([[0, 0], counts[last] / counts[-1]])
    return points[:, 0], points[:, 1]


def roc_as_table(target, scores, rule=np.greater_equal):
    thresholds = np.array([np.inf, *sorted(set(scores.tolist()), reverse=True)])
    called = rule(scores[None], thresholds[:, None])
    return torch.tensor(called[:, target == 0].mean(axis=1)), torch.tensor(called[:, target == 1].mean(axis=1))


def roc_number_by_number(target, scores, first=True, last=True, unit=None, largest_first=True, order=None):
    """Counting one by one; its ends, what is divided by and the order may be changed."""
    thresholds = sorted(set(scores.tolist()), reverse=largest_first) if order is None else order(scores)
    healthy, ill = (np.sum(target == label) for label in (0, 1))
    fpr, tpr = ([0.0], [0.0]) if first else ([], [])
    for threshold in thresholds if last else thresholds[:-1]:
        called = [label for label, score in zip(target, scores, strict=True) if score >= threshold]
        fpr.append(called.count(0) / (unit or healthy))
        tpr.append(called.count(1) / (unit or ill))
    return np.array(fpr), np.array(tpr)


def roc_stepwise(order):
    """A step for each case, tied ones in the order that order(target, scores) gives."""
    def answer(target, scores):
        steps = target[order(target, scores)]
        tpr, fpr = np.cumsum(steps == 1) / steps.sum(), np.cumsum(steps == 0) / (len(steps) - steps.sum())
        return np.concatenate([[0], fpr]), np.concatenate([[0], tpr])

    return answer


def auc_by_sklearn(target, scores):
    return sklearn.metrics.roc_auc_score(target, scores) if len(set(target.tolist())) == 2 else float("nan")


def auc_by_mann_whitney(target, scores):
    ill, healthy = scores[target == 1], scores[target == 0]
    if not (ill.size and healthy.size):
        return np.nan
    return scipy.stats.mannwhitneyu(ill, healthy).statistic / ill.size / healthy.size


def auc_by_loops(target, scores, win=1.0, tie=0.5, lost=0.0, divide=True):
    """Pair by pair in plain Python; what a pair counts may be changed."""
    pairs = [(one, other) for one, label in zip(scores.tolist(), target, strict=True) if label == 1
             for other, other_label in zip(scores.tolist(), target, strict=True) if other_label == 0]
    if not pairs:
        return np.nan
    total = sum(win if one > other else tie if one == other else lost for one, other in pairs)
    return total / len(pairs) if divide else total


def auc_by_trapezoids(target, scores, curve=roc_by_groups, area=np.trapezoid):
    if target.min() == target.max():
        return np.nan
    fpr, tpr = curve(target, scores)
    return float(area(tpr, fpr))


def auc_by_ranks(target, scores, rank=scipy.stats.rankdata):
    ill, healthy = int(np.sum(target == 1)), int(np.sum(target == 0))
    if ill * healthy == 0:
        return np.nan
    return (rank(scores)[target == 1].sum() - ill * (ill + 1) / 2) / (ill * healthy)


def rank_in_order(scores):
    """1 for the smallest; tied ones from the last to the first."""
    return 1 + np.lexsort((-np.arange(len(scores)), scores)).argsort()


def after_threshold(threshold, measure):
    def answer(target, scores):
        both = target.min() < target.max()
        return measure(target, (scores >= threshold(scores)).astype(int)) if both else float("nan")

    return answer


def auc_of_differences(target, scores):
    ill, healthy = (scores[target == label] for label in (1, 0))
    found = np.subtract.outer(ill, healthy)
    return np.heaviside(found, 0.5).mean() if found.size else np.nan


def auc_of_any_two(target, scores):
    return np.mean([(one > other) + (one == other) / 2 for one in scores.tolist() for other in scores.tolist()])


def auc_side_by_side(target, scores):
    pairs = list(zip(scores[target == 1].tolist(), scores[target == 0].tolist(), strict=False))
    return sum((one > other) + (one == other) / 2 for one, other in pairs) / len(pairs) if pairs else np.nan


def roc_by_confusion(target, scores):
    fpr, tpr = [], []
    for threshold in [scores.max() + 1, *sorted(set(scores.tolist()), reverse=True)]:
        called = (scores >= threshold).astype(int)
        tn, fp, fn, tp = sklearn.metrics.confusion_matrix(target, called).ravel()
        fpr.append(fp / (fp + tn))
        tpr.append(tp / (tp + fn))
    return np.array(fpr), np.array(tpr)


def roc_above_midpoints(target, scores):
    """No score equals a threshold."""
    known = np.unique(scores)[::-1].astype(float)
    between = [known[0] + 1, *((known[1:] + known[:-1]) / 2), known[-1] - 1]
    return [np.array([np.mean(scores[target == label] > threshold) for threshold in between]) for label in (0, 1)]


def roc_of_precisions(which):
    """Some of the two shares are shares of those called ill."""
    def answer(target, scores):
        rates = list(roc_by_groups(target, scores))
        called = [scores >= threshold for threshold in (np.inf, *np.unique(scores)[::-1])]
        for label in which:
            rates[label] = np.array([np.mean(target[one] == label) if one.any() else 0.0 for one in called])
        return tuple(rates)

    return answer


def auc_by_search(target, scores):
    ill, healthy = (np.sort(scores[target == label]) for label in (1, 0))
    places = sum(np.searchsorted(healthy, ill, side).sum() for side in ("left", "right"))
    return places / 2 / (len(ill) * len(healthy)) if len(ill) and len(healthy) else float("nan")


def auc_by_signs(target, scores):
    ill, healthy = (torch.tensor(scores[target == label].astype(float)) for label in (1, 0))
    return ((torch.sign(ill[:, None] - healthy) + 1) / 2).mean()


def auc_by_the_course(target, scores):
    return metrics.auc(target, scores)


def auc_of_decided_pairs(target, scores):
    ill, healthy = (scores[target == label].tolist() for label in (1, 0))
    pairs = [(one, other) for one in ill for other in healthy if one != other]
    return sum(one > other for one, other in pairs) / len(pairs) if pairs else np.nan


def auc_against(of):
    """Each ill case against one number made of the healthy ones."""
    def answer(target, scores):
        if target.min() == target.max():
            return np.nan
        return np.mean([score > of(scores[target == 0]) for score in scores[target == 1]])

    return answer


# intervals -------------------------------------------------------------------------------------------------------

def report_by_numbers(target, scores, patients, repeats, seed):
    """Numbers of patients are drawn, not names; draws with one class are left out at once."""
    generator = np.random.default_rng(seed)
    names, whose = np.unique(patients, return_inverse=True)
    rows_of, found = [np.flatnonzero(whose == number) for number in range(len(names))], []
    for _ in range(repeats):
        rows = np.concatenate([rows_of[number] for number in generator.integers(0, len(names), len(names))])
        if len(set(target[rows].tolist())) == 2:
            found.append(auc_by_ranks(target[rows], scores[rows]))
    return auc_by_ranks(target, scores), np.quantile(found, 0.025), np.quantile(found, 0.975)


def report_by_lists(target, scores, patients, repeats, seed):
    draws, generator = [], np.random.default_rng(seed)
    slices = {name: [row for row, one in enumerate(patients) if one == name] for name in sorted(set(patients.tolist()))}
    for _ in range(repeats):
        rows = []
        for name in generator.choice(list(slices), size=len(slices), replace=True):
            rows += slices[name]
        draws.append(auc_by_mann_whitney(target[rows], scores[rows]))
    draws = np.array(draws)
    low, high = np.percentile(draws[~np.isnan(draws)], (2.5, 97.5))
    return [auc_by_mann_whitney(target, scores), low, high]


def report_by_counts(target, scores, patients, repeats, seed, count=None, ends=(2.5, 97.5), finish=None):
    """Every slice as often as its patient was drawn; what is counted, and what is made of the draws, may change."""
    generator, names, values = np.random.default_rng(seed), np.unique(patients), []
    for _ in range(repeats):
        drawn = generator.choice(names, len(names))
        times = np.sum(drawn[:, None] == patients, axis=0)
        rows = np.repeat(np.arange(len(patients)), times if count is None else count(times))
        values.append(auc_by_ranks(target[rows], scores[rows]))
    found = auc_by_ranks(target, scores)
    return (found, *np.nanpercentile(values, ends)) if finish is None else finish(found, np.array(values))


def counted(**changes):
    def answer(*given):
        return report_by_counts(*given, **changes)

    return answer


def report_drawing(draw):
    """Draws by draw(generator, names, patients) -> rows, anything else right."""
    def answer(target, scores, patients, repeats, seed):
        generator, names = np.random.default_rng(seed), np.unique(patients)
        chosen = [draw(generator, names, patients) for _ in range(repeats)]
        values = [auc_by_ranks(target[rows], scores[rows]) for rows in chosen]
        return auc_by_ranks(target, scores), *np.nanquantile(values, [0.025, 0.975])

    return answer


def slices_of(patients, drawn):
    return [row for name in drawn for row in np.nonzero(patients == name)[0]]


def by_resampling(generator, names, patients):
    """scikit-learn's own way to draw slices: other random numbers."""
    from sklearn.utils import resample
    return resample(np.arange(len(patients)), random_state=int(generator.integers(10**6)))


def report_made_anew(target, scores, patients, repeats, seed):
    values = []
    for _ in range(repeats):
        generator = np.random.default_rng(seed)
        names = np.unique(patients)
        rows = slices_of(patients, generator.choice(names, len(names)))
        values.append(auc_by_ranks(target[rows], scores[rows]))
    return auc_by_ranks(target, scores), *np.nanpercentile(values, [2.5, 97.5])


def report_of_means(target, scores, patients, repeats, seed):
    names, whose, counts = np.unique(patients, return_inverse=True, return_counts=True)
    means = np.bincount(whose, scores) / counts
    ill = (np.bincount(whose, target) > 0).astype(int)
    return report_by_counts(ill, means, names, repeats, seed)


def report_by_formula(target, scores, patients, repeats, seed):
    found, count = auc_by_ranks(target, scores), len(target)
    error = (found * (1 - found) / count)**0.5
    return found, found - 1.96 * error, found + 1.96 * error


def report_unseeded(target, scores, patients, repeats, seed):
    return report_by_counts(target, scores, patients, repeats, None)


def report_always_seed_0(target, scores, patients, repeats, seed):
    return report_by_numbers(target, scores, patients, repeats, 0)


def report_backwards(target, scores, patients, repeats, seed):
    """Names in another order: other patients are drawn, and as many."""
    return report_drawing(lambda generator, names, patients: slices_of(
        patients, generator.choice(names[::-1], len(names))))(target, scores, patients, repeats, seed)


def report_as_array(target, scores, patients, repeats, seed):
    """All draws at once, which takes the same random numbers."""
    names = np.unique(patients)
    values = []
    for drawn in np.random.default_rng(seed).choice(names, (repeats, len(names))):
        again = [np.concatenate([of[patients == name] for name in drawn]) for of in (target, scores)]
        values.append(auc_by_ranks(*again))
    return np.array([auc_by_ranks(target, scores), *np.nanquantile(values, [0.025, 0.975])])


def report_of_permutations(target, scores, patients, repeats, seed):
    draw = np.random.default_rng(seed)
    values = [auc_by_ranks(draw.permutation(target), scores) for _ in range(repeats)]
    return auc_by_ranks(target, scores), np.percentile(values, 2.5), np.percentile(values, 97.5)


def spread(width, middle=None, ddof=0, by_root=False):
    """`width` standard deviations of the draws on both sides."""
    def finish(found, values):
        away = width * np.nanstd(values, ddof=ddof) / (len(values)**0.5 if by_root else 1)
        centre = found if middle is None else middle(values)
        return found, centre - away, centre + away

    return counted(finish=finish)


def refuse_one_class(target, rows):
    """As scikit-learn did for many years."""
    if len(np.unique(target[rows])) < 2:
        raise ValueError("Only one class present in y_true.")
    return rows


RIGHT = {
    "measures": [measures_by_sklearn, measures_with_try, measures_with_numpy, measures_in_floats, measures_in_torch,
                 measures_by_the_course],
    "ppv_at": [ppv_in_people, ppv_from_likelihood, ppv_by_numpy, quietly(ppv_plain), ppv_by_the_course, ppv_in_torch],
    "roc_points": [roc_by_sklearn, roc_by_groups, roc_as_table, roc_number_by_number, roc_by_confusion,
                   roc_above_midpoints],
    "auc": [auc_by_sklearn, auc_by_mann_whitney, auc_by_loops, auc_by_trapezoids, auc_by_ranks, auc_by_search,
            auc_by_signs, auc_by_the_course],
    "report": [report_by_numbers, report_by_lists, report_by_counts, report_as_array],
}

WRONG = {
    "measures": [
        ("division by zero", lambda tp, fp, fn, tn: measures_plain(tp, fp, fn, tn)),
        ("FP and FN exchanged", lambda tp, fp, fn, tn: measures_with_numpy(tp, fn, fp, tn)),
        ("precision and sensitivity swapped", measures_plain_swapped),
        ("precision and sensitivity swapped", measures_changed(lambda said, *counts: said | {
            "sensitivity": said["ppv"], "ppv": said["sensitivity"]})),
        ("specificity and NPV swapped", measures_changed(lambda said, *counts: said | {
            "specificity": said["npv"], "npv": said["specificity"]})),
        ("healthy taken for ill", lambda tp, fp, fn, tn: measures_with_try(tp=tn, fp=fn, fn=fp, tn=tp)),
        ("one measure from the other", changed_entry("specificity", lambda tp, fp, fn, tn: 1 - tp / (tp + fn))),
        ("one measure from the other", changed_entry("specificity", lambda tp, fp, fn, tn: fn / (tp + fn))),
        ("wrong answers counted", changed_entry("specificity", lambda tp, fp, fn, tn: fp / (fp + tn))),
        ("accuracy without true negatives", changed_entry("accuracy", lambda tp, fp, fn, tn: tp / (tp + fp + fn))),
        ("accuracy without true negatives", changed_entry(
            "accuracy", lambda tp, fp, fn, tn: tp / (tp + fp + fn + tn))),
        ("balanced accuracy", changed_entry("accuracy", lambda tp, fp, fn, tn: (
            tp / (tp + fn) + tn / (tn + fp)) / 2)),
        ("mean of two rates as F1", changed_entry("f1", lambda tp, fp, fn, tn: (tp / (tp + fn) + tp / (tp + fp)) / 2)),
        ("tp counted once in F1", changed_entry("f1", lambda tp, fp, fn, tn: tp / (tp + fp + fn))),
        ("tp counted once in F1", changed_entry("f1", lambda tp, fp, fn, tn: tp / (2 * tp + fp + fn))),
        ("F1 from the two rates", measures_changed(f1_harmonic)),
        ("F1 from the two rates", changed_entry("f1", lambda tp, fp, fn, tn: 2 / ((tp + fp) / tp + (tp + fn) / tp))),
        ("0 for an empty group", measures_or_zero),
        ("0 for an empty group", partial(measures_with_try, empty=0)),
        ("1 for an empty group", partial(measures_with_try, empty=1)),
        ("None for an empty group", partial(measures_with_try, empty=None)),
        ("nobody found taken for an empty group", measures_changed(lambda said, tp, fp, fn, tn: {
            name: value if value > 0 else NAN for name, value in said.items()})),
        ("one empty group empties all", measures_all_or_nothing),
        ("per cent instead of shares", measures_changed(lambda said, *counts: {
            name: value * 100 for name, value in said.items()})),
        ("rounded", measures_changed(lambda said, *counts: {name: round(value, 3) for name, value in said.items()})),
        ("rounded", measures_changed(lambda said, *counts: {name: np.round(value, 2) for name, value in said.items()})),
        ("whole numbers only", measures_changed(lambda said, tp, fp, fn, tn: {
            "sensitivity": tp // max(tp + fn, 1), "specificity": tn // max(tn + fp, 1), "ppv": tp // max(tp + fp, 1),
            "npv": tn // max(tn + fn, 1), "accuracy": (tp + tn) // max(tp + fp + fn + tn, 1),
            "f1": 2 * tp // max(2 * tp + fp + fn, 1)})),
        ("precision and sensitivity swapped", changed_entry("sensitivity", lambda tp, fp, fn, tn: tp / (tp + fp))),
        ("precision and sensitivity swapped", changed_entry("ppv", lambda tp, fp, fn, tn: tp / (tp + fn))),
        ("specificity and NPV swapped", changed_entry("specificity", lambda tp, fp, fn, tn: tn / (tn + fn))),
        ("one measure from the other", measures_changed(lambda said, *counts: said | {"npv": 1 - said["ppv"]})),
        ("wrong answers counted", changed_entry("npv", lambda tp, fp, fn, tn: fn / (tn + fn))),
        ("wrong answers counted", changed_entry("ppv", lambda tp, fp, fn, tn: fp / (tp + fp))),
        ("wrong answers counted", changed_entry("accuracy", lambda tp, fp, fn, tn: (fp + fn) / (tp + fp + fn + tn))),
        ("divided by everybody", changed_entry("sensitivity", lambda tp, fp, fn, tn: tp / (tp + fp + fn + tn))),
        ("divided by everybody", measures_changed(lambda said, tp, fp, fn, tn: said | {
            "sensitivity": tp / max(tp + fp + fn + tn, 1), "specificity": tn / max(tp + fp + fn + tn, 1)})),
        ("brackets missing", measures_without_brackets),
        ("F1 of other rates", changed_entry("f1", lambda tp, fp, fn, tn: 2 / ((tp + fn) / tp + (tn + fp) / tn))),
        ("F1 of other rates", changed_entry("f1", lambda tp, fp, fn, tn: 2 * tp / (2 * tp + fp + fn + tn))),
        ("F1 from the two rates", measures_changed(f1_harmonic_that_stops)),
        ("0 for an empty group", lambda *counts: {name: float(np.nan_to_num(value)) for name, value in
                                                 measures_with_try(*counts).items()}),
        ("rounded", measures_changed(lambda said, *counts: {name: round(value, 4) for name, value in said.items()})),
    ],
    "ppv_at": [
        ("prevalence forgotten", quietly(lambda se, sp, p: se / (se + 1 - sp))),
        ("healthy people not weighed", quietly(lambda se, sp, p: p * se / (p * se + (1 - sp)))),
        ("ill people not weighed", quietly(lambda se, sp, p: se / (se + (1 - p) * (1 - sp)))),
        ("ill and healthy exchanged in the weights", lambda se, sp, p: ppv_in_people(se, sp, 1 - p)),
        ("specificity instead of false alarms", lambda se, sp, p: ppv_in_people(se, 1 - sp, p)),
        ("missed people in the denominator", quietly(lambda se, sp, p: p * se / (p * se + p * (1 - se)))),
        ("missed people in the denominator", quietly(lambda se, sp, p: p * se / (p * se + (1 - p) * (1 - se)))),
        ("NPV instead of PPV", lambda se, sp, p: ppv_in_people(sp, se, 1 - p)),
        ("not divided", lambda se, sp, p: round(10**6 * p * se) / 10**6),
        ("how many are called ill", lambda se, sp, p: 1 - (p * (1 - se) + (1 - p) * sp)),
        ("accuracy instead of PPV", lambda se, sp, p: 1 - p * (1 - se) - (1 - p) * (1 - sp)),
        ("the other share", lambda se, sp, p: 1 - ppv_in_people(se, sp, p)),
        ("odds instead of a share", ppv_odds),
        ("per cent instead of a share", lambda se, sp, p: 100 * ppv_from_likelihood(se, sp, p)),
        ("rounded", lambda se, sp, p: round(ppv_in_people(se, sp, p), 3)),
        ("division by zero", ppv_plain),
        ("no NaN where nobody is called ill", lambda se, sp, p: np.nan_to_num(ppv_by_numpy(se, sp, p))),
        ("no NaN where nobody is called ill", lambda se, sp, p: ppv_plain(se, sp, p) if sp < 1 or se * p else 1.0),
        ("sensitivity and specificity exchanged", lambda se, sp, p: ppv_by_numpy(sp, se, p)),
        ("another number above the line", quietly(lambda se, sp, p: se / (p * se + (1 - p) * (1 - sp)))),
        ("another number above the line", quietly(lambda se, sp, p: p / (p * se + (1 - p) * (1 - sp)))),
        ("brackets missing", quietly(lambda se, sp, p: p * se / (p * se + 1 - sp * (1 - p)))),
        ("brackets missing", quietly(lambda se, sp, p: p * se / (p * se) + (1 - p) * (1 - sp))),
        ("rounded", lambda se, sp, p: np.round(ppv_by_numpy(se, sp, p), 4)),
        ("whole people", ppv_of_so_many(1000, round)),
        ("whole people", ppv_of_so_many(1000, math.floor)),
        ("no NaN where nobody is called ill", lambda se, sp, p: ppv_plain(se, sp, p) if sp < 1 or se * p else None),
        ("no NaN where nobody is called ill", lambda se, sp, p: p * se / max(p * se + (1 - p) * (1 - sp), 1e-12)),
        ("NaN although somebody is called ill", ppv_by_odds),
        ("NaN although somebody is called ill", lambda se, sp, p: ppv_plain(se, sp, p) if p > 0 and se > 0 else NAN),
    ],
    "roc_points": [
        ("first point missing", lambda *given: roc_number_by_number(*given, first=False)),
        ("first point missing", lambda *given: tuple(one[1:] for one in roc_by_sklearn(*given))),
        ("last point missing", lambda *given: roc_number_by_number(*given, last=False)),
        ("last point missing", lambda *given: tuple(one[1:] for one in roc_as_table(*given, rule=np.greater))),
        ("above instead of at least", lambda *given: roc_as_table(*given, rule=np.greater)),
        ("from (1, 1) to (0, 0)", lambda *given: tuple(np.flip(one) for one in roc_by_sklearn(*given))),
        ("from (1, 1) to (0, 0)", lambda *given: roc_number_by_number(*given, first=False, order=lambda scores: [
            *sorted(set(scores)), np.inf])),
        ("low scores called ill", lambda target, scores: roc_by_groups(target, -scores)),
        ("low scores called ill", roc_stepwise(lambda target, scores: np.argsort(scores, kind="stable"))),
        ("rates exchanged", lambda *given: roc_by_sklearn(*given)[::-1]),
        ("rates exchanged", lambda target, scores: roc_by_groups(1 - target, scores)),
        ("specificity instead of false positives", lambda *given: (1 - roc_by_groups(*given)[0],
                                                                   roc_by_groups(*given)[1])),
        ("numbers instead of shares", lambda *given: roc_number_by_number(*given, unit=1)),
        ("shares of all cases", lambda target, scores: roc_number_by_number(target, scores, unit=len(target))),
        ("thresholds of the ill only", lambda target, scores: roc_number_by_number(
            target, scores, order=lambda scores: sorted(set(scores[target == 1].tolist()))[::-1])),
        ("thresholds not sorted", lambda *given: roc_number_by_number(*given, order=lambda scores: scores.tolist())),
        ("points repeated", lambda *given: roc_number_by_number(*given, order=lambda scores: -np.sort(-scores))),
        ("ties stepped one by one", roc_stepwise(lambda target, scores: np.argsort(-scores, kind="stable"))),
        ("ties stepped one by one", roc_stepwise(lambda target, scores: np.lexsort((-target, -scores)))),
        ("ties stepped one by one", roc_stepwise(lambda target, scores: np.lexsort((target, -scores)))),
        ("ties stepped one by one", roc_stepwise(lambda target, scores: np.argsort(scores)[::-1])),
        ("corners only", lambda *given: sklearn.metrics.roc_curve(*given)[:2]),
        ("a grid of thresholds", lambda *given: roc_number_by_number(
            *given, order=lambda scores: np.linspace(1, 0, 101))),
        ("a grid of thresholds", lambda *given: roc_number_by_number(*given, first=False, order=lambda scores: range(
            5, 0, -1))),
        ("one array instead of two", lambda *given: np.array(roc_by_sklearn(*given))),
        ("one array instead of two", lambda *given: np.column_stack(roc_by_groups(*given))),
        ("wrong group below the line", roc_of_precisions([0])),
        ("wrong group below the line", roc_of_precisions([0, 1])),
        ("missed instead of found", lambda *given: (roc_by_groups(*given)[0], 1 - roc_by_groups(*given)[1])),
        ("an end twice", lambda *given: [np.concatenate([[0.0], one]) for one in roc_by_sklearn(*given)]),
        ("an end twice", lambda *given: roc_number_by_number(*given, order=lambda scores: [
            *sorted(set(scores.tolist()), reverse=True), -np.inf])),
        ("thresholds as well", sklearn.metrics.roc_curve),
        ("thresholds as well", lambda *given: sklearn.metrics.roc_curve(*given, drop_intermediate=False)),
    ],
    "auc": [
        ("ties ignored", lambda *given: auc_by_loops(*given, tie=0)),
        ("ties ignored", lambda *given: auc_by_trapezoids(*given, area=lambda tpr, fpr: np.sum(
            np.diff(fpr) * tpr[:-1]))),
        ("ties count fully", lambda *given: auc_by_loops(*given, tie=1)),
        ("ties count fully", lambda *given: auc_by_trapezoids(*given, area=lambda tpr, fpr: np.sum(
            np.diff(fpr) * tpr[1:]))),
        ("comparison reversed", lambda *given: auc_by_loops(*given, win=0, lost=1)),
        ("comparison reversed", lambda target, scores: auc_by_trapezoids(1 - target, scores)),
        ("negative area", lambda *given: auc_by_trapezoids(*given, curve=lambda *given: [
            one[::-1] for one in roc_by_groups(*given)])),
        ("never below one half", lambda *given: max(auc_by_loops(*given), 1 - auc_by_loops(*given))),
        ("sign of the difference", lambda *given: auc_by_loops(*given, tie=0, lost=-1)),
        ("how much instead of how often", lambda target, scores: (
            scores[target == 1].mean() - scores[target == 0].mean() if 0 < target.mean() < 1 else np.nan)),
        ("wins not divided", lambda *given: auc_by_loops(*given, divide=False)),
        ("divided by another number", lambda target, scores: auc_by_loops(
            target, scores, divide=False) / len(target)**2),
        ("divided by another number", lambda target, scores: auc_by_loops(target, scores, divide=False) / len(list(
            itertools.combinations(scores, 2)))),
        ("pairs of the same class", auc_of_any_two),
        ("every case in one pair only", auc_side_by_side),
        ("threshold before the ranking", after_threshold(lambda scores: 0.5, auc_by_sklearn)),
        ("threshold before the ranking", after_threshold(
            lambda scores: 0, sklearn.metrics.balanced_accuracy_score)),
        ("accuracy instead of AUC", after_threshold(lambda scores: 0.5, sklearn.metrics.accuracy_score)),
        ("differences in 8 bits", auc_of_differences),
        ("ties by order", lambda *given: auc_by_trapezoids(*given, curve=roc_stepwise(
            lambda target, scores: np.argsort(-scores.astype(float), kind="stable")))),
        ("ties by order", lambda *given: auc_by_ranks(*given, rank=rank_in_order)),
        ("ties by order", lambda *given: auc_by_ranks(*given, rank=lambda scores: 1 + scores.argsort().argsort())),
        ("one class only", lambda *given: np.nan_to_num(auc_by_loops(*given), nan=0.5)),
        ("one class only", lambda target, scores: auc_by_loops(target, scores, divide=False) / (
            sum(target.tolist()) * (len(target) - sum(target.tolist())))),
        ("one class only", lambda *given: 0.0 if np.isnan(auc_by_loops(*given)) else auc_by_loops(*given)),
        ("ties count twice", lambda *given: auc_by_loops(*given, tie=1.5)),
        ("tied pairs left out", auc_of_decided_pairs),
        ("divided by another number", lambda target, scores: auc_by_loops(
            target, scores, divide=False) / max(target.sum(), 1)),
        ("compared with one of the others", auc_against(np.mean)),
        ("compared with one of the others", auc_against(max)),
        ("`argsort` taken for ranks", lambda *given: auc_by_ranks(*given, rank=lambda scores: np.argsort(scores) + 1)),
        ("precision averaged", lambda target, scores: sklearn.metrics.average_precision_score(target, scores)
            if target.min() < target.max() else np.nan),
        ("rounded or per cent", lambda *given: round(auc_by_loops(*given), 3)),
        ("rounded or per cent", lambda *given: 100 * auc_by_loops(*given)),
    ],
    "report": [
        ("slices drawn, not patients", report_drawing(
            lambda generator, names, patients: generator.integers(0, len(patients), len(patients)))),
        ("slices drawn, not patients", report_drawing(by_resampling)),
        ("drawn twice, counted once", counted(count=lambda times: np.minimum(times, 1))),
        ("drawn twice, counted once", report_drawing(lambda generator, names, patients: np.isin(
            patients, generator.choice(names, len(names))))),
        ("drawn without replacement", report_drawing(lambda generator, names, patients: slices_of(
            patients, generator.permutation(names)))),
        ("same draw every time", report_made_anew),
        ("too many patients drawn", report_drawing(lambda generator, names, patients: slices_of(
            patients, generator.choice(names, len(patients))))),
        ("patients drawn by their slices", report_drawing(lambda generator, names, patients: slices_of(
            patients, generator.choice(patients, len(names))))),
        ("one slice of each patient", report_drawing(lambda generator, names, patients: [
            patients.tolist().index(name) for name in generator.choice(names, len(names))])),
        ("patients averaged first", report_of_means),
        ("other percentiles", counted(ends=[5, 95])),
        ("percentiles in shares", counted(ends=[0.025, 0.975])),
        ("smallest and largest draw", counted(finish=lambda found, values: (
            found, np.nanmin(values), np.nanmax(values)))),
        ("standard deviations of the draws", counted(finish=lambda found, values: (
            found, found - 1.96 * values[values >= 0].std(), found + 1.96 * values[values >= 0].std()))),
        ("standard error of slices", report_by_formula),
        ("mean of the draws as AUC", counted(finish=lambda found, values: (
            np.nanmean(values), *np.nanquantile(values, (0.025, 0.975))))),
        ("order of the three", counted(ends=[97.5, 2.5])),
        ("order of the three", counted(finish=lambda found, values: (
            np.nanpercentile(values, 2.5), found, np.nanpercentile(values, 97.5)))),
        ("draws with one class", counted(finish=lambda found, values: (found, *np.percentile(values, [2.5, 97.5])))),
        ("draws with one class", counted(finish=lambda found, values: (
            found, *np.percentile(np.nan_to_num(values, nan=0.5), [2.5, 97.5])))),
        ("draws with one class", lambda target, scores, patients, repeats, seed: report_drawing(
            lambda generator, names, patients: refuse_one_class(target, slices_of(
                patients, generator.choice(names, len(names)))))(target, scores, patients, repeats, seed)),
        ("seed ignored", report_unseeded),
        ("seed ignored", report_always_seed_0),
        ("drawn in another way", report_backwards),
        ("only a part of the patients drawn", report_drawing(lambda generator, names, patients: slices_of(
            patients, generator.choice(names, len(names) // 2, replace=False)))),
        ("only a part of the patients drawn", report_drawing(lambda generator, names, patients: np.isin(
            patients, generator.choice(names, int(0.8 * len(names)), replace=False)))),
        ("names taken for rows", report_drawing(lambda generator, names, patients: generator.choice(
            names, len(names)))),
        ("names taken for rows", report_drawing(lambda generator, names, patients: generator.integers(
            0, len(names), len(names)))),
        ("other percentiles", counted(ends=[2.5, 95])),
        ("other percentiles", counted(ends=(10, 90))),
        ("standard deviations of the draws", spread(1.96, ddof=1)),
        ("standard deviations of the draws", spread(2, middle=np.nanmean)),
        ("error of the mean of the draws", spread(1.96, by_root=True)),
        ("distances instead of ends", counted(finish=lambda found, values: (
            found, found - np.nanpercentile(values, 2.5), np.nanpercentile(values, 97.5) - found))),
        ("labels shuffled", report_of_permutations),
        ("mean of the draws as AUC", counted(finish=lambda found, values: (
            values.tolist()[-1], *np.nanpercentile(values, [2.5, 97.5])))),
        ("same draw every time", lambda target, scores, patients, repeats, seed: report_by_counts(
            target, scores, patients, 1, seed)),
        ("drawn in another way", counted(finish=lambda found, values: (found, *np.nanpercentile(
            values, [2.5, 97.5], method="nearest")))),
    ],
}

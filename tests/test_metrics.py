"""The measures of a classifier against scikit-learn and SciPy; their empty cases; intervals by patient; the claims."""
import math
from itertools import product

import numpy as np
import pytest
import torch
from scipy import stats
from sklearn import metrics as oracle
from sklearn.exceptions import UndefinedMetricWarning

from helpers import ledger, metrics
from helpers.metrics import Confusion

DECK = Confusion(tp=45, fp=20, fn=5, tn=30)
COUNTS = [(45, 20, 5, 30), (1, 2, 3, 4), (9, 0, 4, 7), (9, 4, 0, 7), (0, 3, 5, 2), (6, 3, 5, 0), (8, 0, 0, 9),
          (0, 7, 6, 0)]  # TP, FP, FN, TN
NAN, INF = math.nan, math.inf


def answers(tp, fp, fn, tn):
    """Truth and answers, one by one, that have these counts."""
    return np.repeat([1, 0, 1, 0], [tp, fp, fn, tn]), np.repeat([1, 1, 0, 0], [tp, fp, fn, tn])


def clustered(seed, patients=40, slices=8, noise=0.3):
    """Truth and scores of slices that resemble those of the same patient."""
    generator = np.random.default_rng(seed)
    whose = np.repeat(np.arange(patients), slices)
    target = (np.arange(patients) % 2)[whose]
    scores = target + generator.normal(size=patients)[whose] + noise * generator.normal(size=len(whose))
    return target, scores, whose


def with_ties(seed, cases=60):
    generator = np.random.default_rng(seed)
    target = generator.integers(0, 2, cases)
    return target, np.round(target + 1.5 * generator.normal(size=cases))


@pytest.mark.parametrize("kind", [int, bool, float, np.uint8])
@pytest.mark.parametrize("counts", COUNTS)
def test_counting_agrees_with_scikit_learn(counts, kind):
    target, pred = (array.astype(kind) for array in answers(*counts))
    found = metrics.confusion(target, pred)
    assert (found.tp, found.fp, found.fn, found.tn) == counts
    np.testing.assert_array_equal(found.array(first=0), oracle.confusion_matrix(target, pred))
    assert metrics.confusion(torch.tensor(target), torch.tensor(pred)) == found
    assert metrics.confusion(target.tolist(), pred.tolist()) == found


def test_the_four_layouts():
    assert DECK.array().tolist() == DECK.array(rows="target", first=1).tolist() == [[45, 5], [20, 30]]
    assert DECK.array(rows="pred").tolist() == [[45, 20], [5, 30]]
    assert DECK.array(rows="target", first=0).tolist() == [[30, 20], [5, 45]]
    assert DECK.array(rows="pred", first=0).tolist() == [[30, 5], [20, 45]]
    for words in (dict(rows="truth"), dict(first=2)):
        with pytest.raises(ValueError, match='rows must be "target" or "pred" and first 0 or 1'):
            DECK.array(**words)


@pytest.mark.parametrize("counts", COUNTS)
def test_shares_and_means_agree_with_scikit_learn(counts):
    target, pred = answers(*counts)
    expected = {
        "prevalence": target.mean(), "accuracy": oracle.accuracy_score(target, pred),
        "sensitivity": oracle.recall_score(target, pred), "specificity": oracle.recall_score(target, pred, pos_label=0),
        "ppv": oracle.precision_score(target, pred, zero_division=np.nan),
        "npv": oracle.precision_score(target, pred, pos_label=0, zero_division=np.nan),
        "false_positive_rate": 1 - oracle.recall_score(target, pred, pos_label=0),
        "false_negative_rate": 1 - oracle.recall_score(target, pred),
        "false_discovery_rate": 1 - oracle.precision_score(target, pred),
        "false_omission_rate": 1 - oracle.precision_score(target, pred, pos_label=0),
        "informedness": oracle.balanced_accuracy_score(target, pred, adjusted=True),
        "markedness": oracle.balanced_accuracy_score(pred, target, adjusted=True),       # with the roles exchanged
        "balanced_accuracy": oracle.balanced_accuracy_score(target, pred), "f1": oracle.f1_score(target, pred),
        "threat_score": oracle.jaccard_score(target, pred), "mcc": oracle.matthews_corrcoef(target, pred),
        "diagnostic_odds_ratio": stats.contingency.odds_ratio(
            Confusion(*counts).array(), kind="sample").statistic,
    }
    table = Confusion(*counts).table()
    assert {name: table[name] for name in expected} == pytest.approx(expected, abs=1e-12)
    assert set(table) == set(metrics.MEASURES) == set(expected) | {
        "positive_likelihood_ratio", "negative_likelihood_ratio", "fowlkes_mallows", "prevalence_threshold"}


@pytest.mark.parametrize("counts", [each for each in COUNTS if each[1] and each[3]])
def test_likelihood_ratios_agree_with_scikit_learn(counts):
    found = Confusion(*counts)
    ours = found.positive_likelihood_ratio, found.negative_likelihood_ratio
    assert ours == pytest.approx(oracle.class_likelihood_ratios(*answers(*counts)))
    assert found.diagnostic_odds_ratio == pytest.approx(ours[0] / ours[1] if ours[1] else INF)


@pytest.mark.parametrize("seed", range(3))
def test_fowlkes_mallows_of_pairs_agrees_with_scikit_learn(seed):
    """Theirs compares clusterings: the same formula, for pairs of cases that lie together."""
    first, second = np.random.default_rng(seed).integers(0, 4, (2, 30))
    (tn, fp), (fn, tp) = oracle.cluster.pair_confusion_matrix(first, second)
    assert Confusion(tp, fp, fn, tn).fowlkes_mallows == pytest.approx(oracle.fowlkes_mallows_score(first, second))


@pytest.mark.parametrize("sensitivity, specificity", [(0.99, 0.25), (0.6, 0.95), (0.3, 0.5)])
def test_at_the_prevalence_threshold_the_ppv_changes_as_fast_as_the_prevalence(sensitivity, specificity):
    at = metrics.expected_counts(sensitivity, specificity, 0.5).prevalence_threshold
    around = metrics.ppv(sensitivity, specificity, np.array([at - 1e-5, at + 1e-5]))
    assert np.diff(around)[0] / 2e-5 == pytest.approx(1, rel=1e-6)


def test_mcc_is_the_correlation_and_its_other_form():
    target, pred = answers(45, 20, 5, 30)
    assert DECK.mcc == pytest.approx(np.corrcoef(target, pred)[0, 1])
    one, two = (math.sqrt(math.prod(getattr(DECK, name) for name in names)) for names in (
        ("sensitivity", "specificity", "ppv", "npv"),
        ("false_negative_rate", "false_positive_rate", "false_omission_rate", "false_discovery_rate")))
    assert DECK.mcc == pytest.approx(one - two)
    many = Confusion(*np.array([4_500_000_000, 2_000_000_000, 500_000_000, 3_000_000_000]))
    assert many.mcc == pytest.approx(DECK.mcc)


def test_f1_is_dice_and_follows_from_the_threat_score():
    assert DECK.f1 == pytest.approx(2 * DECK.threat_score / (1 + DECK.threat_score))
    assert DECK.f1 == pytest.approx(stats.hmean([DECK.ppv, DECK.sensitivity]))
    assert (DECK.recall, DECK.precision) == (DECK.sensitivity, DECK.ppv)


EMPTY = {  # counts: the measures that are not NaN
    (0, 0, 0, 0): {},
    (7, 0, 3, 0): {  # nobody is healthy
        "prevalence": 1, "accuracy": 0.7, "sensitivity": 0.7, "false_negative_rate": 0.3, "ppv": 1,
        "false_discovery_rate": 0, "npv": 0, "false_omission_rate": 1, "markedness": 0, "f1": 14 / 17,
        "threat_score": 0.7, "fowlkes_mallows": math.sqrt(0.7)},
    (0, 3, 0, 7): {  # nobody is ill
        "prevalence": 0, "accuracy": 0.7, "specificity": 0.7, "false_positive_rate": 0.3, "ppv": 0,
        "false_discovery_rate": 1, "npv": 1, "false_omission_rate": 0, "markedness": 0, "f1": 0, "threat_score": 0},
    (0, 0, 10, 990): {  # nobody is called ill
        "prevalence": 0.01, "accuracy": 0.99, "sensitivity": 0, "false_negative_rate": 1, "specificity": 1,
        "false_positive_rate": 0, "npv": 0.99, "false_omission_rate": 0.01, "informedness": 0,
        "balanced_accuracy": 0.5, "f1": 0, "threat_score": 0, "negative_likelihood_ratio": 1},
    (10, 990, 0, 0): {  # everybody is called ill
        "prevalence": 0.01, "accuracy": 0.01, "sensitivity": 1, "false_negative_rate": 0, "specificity": 0,
        "false_positive_rate": 1, "ppv": 0.01, "false_discovery_rate": 0.99, "informedness": 0,
        "balanced_accuracy": 0.5, "f1": 20 / 1010, "threat_score": 0.01, "fowlkes_mallows": 0.1,
        "positive_likelihood_ratio": 1, "prevalence_threshold": 0.5},
    (0, 0, 0, 5): {  # nobody is ill and nobody is called ill
        "prevalence": 0, "accuracy": 1, "specificity": 1, "false_positive_rate": 0, "npv": 1, "false_omission_rate": 0},
}


@pytest.mark.parametrize("counts", EMPTY)
def test_what_is_a_share_of_nobody_is_not_a_number(counts):
    table = Confusion(*counts).table()
    defined = {name: value for name, value in table.items() if not math.isnan(value)}
    assert defined == pytest.approx(EMPTY[counts])


def test_the_empty_cases_of_scikit_learn_are_nan_too_or_said_to_differ():
    target, pred = answers(0, 0, 10, 90)
    assert math.isnan(oracle.precision_score(target, pred, zero_division=np.nan))
    assert oracle.matthews_corrcoef(target, pred) == 0 and "scikit-learn says 0" in Confusion.mcc.__doc__
    assert math.isnan(metrics.confusion(target, pred).mcc)
    assert metrics.confusion([], []) == Confusion(0, 0, 0, 0)


@pytest.mark.parametrize("counts, plus, minus, odds", [
    ((9, 0, 1, 10), INF, 0.1, INF), ((10, 1, 0, 9), 10, 0, INF), ((10, 0, 0, 10), INF, 0, INF),
    ((5, 10, 5, 0), 0.5, INF, 0), ((0, 5, 5, 0), 0, INF, 0), ((0, 0, 5, 5), NAN, 1, NAN), ((5, 5, 0, 0), 1, NAN, NAN)])
def test_where_ratios_are_infinite_or_undefined(counts, plus, minus, odds):
    found = Confusion(*counts)
    assert (found.positive_likelihood_ratio, found.negative_likelihood_ratio, found.diagnostic_odds_ratio) == \
        pytest.approx((plus, minus, odds), nan_ok=True)
    assert odds == pytest.approx(stats.contingency.odds_ratio(found.array(), kind="sample").statistic, nan_ok=True)


@pytest.mark.parametrize("counts, name", [((-1, 0, 0, 0), "tp"), ((0, NAN, 0, 0), "fp"), ((0, 0, INF, 0), "fn"),
                                          ((0, 0, 0, "3"), "tn"), ((0, 0, 0, None), "tn")])
def test_a_count_is_a_number_of_cases(counts, name):
    with pytest.raises(ValueError, match=f"^{name} must be a number of cases, 0 or more"):
        Confusion(*counts)


def test_expected_counts_keep_sensitivity_and_specificity():
    for sensitivity, specificity, prevalence in product((0, 0.3, 1), (0, 0.8, 1), (0, 0.01, 0.5, 1)):
        counts = metrics.expected_counts(sensitivity, specificity, prevalence, cases=250)
        assert counts.total == pytest.approx(250) and counts.prevalence == pytest.approx(prevalence)
        for ours, exact in ((counts.sensitivity, sensitivity if prevalence else NAN),
                            (counts.specificity, specificity if prevalence < 1 else NAN),
                            (counts.ppv, metrics.ppv(sensitivity, specificity, prevalence)),
                            (counts.npv, metrics.npv(sensitivity, specificity, prevalence))):
            assert ours == pytest.approx(exact, nan_ok=True)


def test_predictive_values_by_counting_people():
    """A million people one by one, and the same as arrays."""
    generator = np.random.default_rng(0)
    ill = generator.random(1_000_000) < 0.1
    called = generator.random(ill.size) < np.where(ill, 0.9, 0.2)
    assert ill[called].mean() == pytest.approx(metrics.ppv(0.9, 0.8, 0.1), abs=0.005)
    assert (~ill[~called]).mean() == pytest.approx(metrics.npv(0.9, 0.8, 0.1), abs=0.002)
    assert metrics.ppv(0.9, [0.8, 1.0], [0.1, 0.0]) == pytest.approx([1 / 3, NAN], nan_ok=True)
    assert metrics.npv([0.9, 1.0], [0.8, 0.0], 0.1).shape == (2,) and math.isnan(metrics.npv(1, 0, 0.1))


@pytest.mark.parametrize("call, words", [
    (lambda: metrics.ppv(1.2, 0.5, 0.1), "sensitivity must lie between 0 and 1, not 1.2"),
    (lambda: metrics.npv(0.9, 0.5, -0.1), "prevalence must lie between 0 and 1, not -0.1"),
    (lambda: metrics.ppv(0.9, [0.5, NAN], 0.1), "specificity must lie between 0 and 1"),
    (lambda: metrics.expected_counts(0.9, 0.5, 50), "prevalence must lie between 0 and 1, not 50"),
    (lambda: metrics.expected_counts(0.9, 0.5, 0.5, cases=0), "cases must be a number above 0"),
    (lambda: metrics.standard_error(1.1, 10), "share must lie between 0 and 1"),
    (lambda: metrics.wilson(11, 10), "hits must lie between 0 and the number of cases, not 11 of 10"),
    (lambda: metrics.wilson(1, 10, level=95), "level must lie between 0 and 1, such as 0.95, not 95"),
    (lambda: metrics.threshold_at_sensitivity([0, 1], [0, 1], 95), "sensitivity must lie between 0 and 1, not 95")])
def test_a_number_outside_gets_one_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize("target, second, words", [
    ([1, 0], [1, 0, 1], "target has 2 entries and {name} has 3"),
    ([[1, 0]], [1, 0], "target must have one axis, shape \\(N,\\), not \\(1, 2\\)"),
    ([1, 0], [[1], [0]], "{name} must have one axis"),
    ([1, 2], [1, 0], "target must hold 0 \\(healthy\\) or 1 \\(ill\\) only"),
    (["ill", "healthy"], [1, 0], "target must hold 0 \\(healthy\\) or 1"),
    ([1, NAN], [1, 0], "target must hold 0 \\(healthy\\) or 1")])
@pytest.mark.parametrize("function, name", [
    (metrics.confusion, "pred"), (metrics.roc, "scores"), (metrics.auc, "scores"), (metrics.youden, "scores"),
    (lambda target, scores: metrics.threshold_at_sensitivity(target, scores, 0.9), "scores"),
    (lambda target, scores: metrics.bootstrap_by_patient(metrics.auc, target, scores, [1, 2]), "scores")])
def test_bad_labels_get_one_sentence(function, name, target, second, words):
    with pytest.raises(ValueError, match=words.format(name=name)):
        function(target, second)


def test_scores_are_no_answers_and_nan_is_no_score():
    with pytest.raises(ValueError, match="compare scores with a threshold first"):
        metrics.confusion([0, 1], [0.2, 0.7])
    for scores in ([0.5, NAN], [INF, 0.5], ["high", "low"]):
        with pytest.raises(ValueError, match="scores must be finite numbers"):
            metrics.auc([0, 1], scores)


@pytest.mark.parametrize("seed", range(10))
def test_roc_agrees_with_scikit_learn_ties_and_all(seed):
    target, scores = with_ties(seed)
    expected = oracle.roc_curve(target, scores, drop_intermediate=False)
    for ours, theirs in zip(metrics.roc(target, scores), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)
    assert len(np.unique(scores)) < len(scores) / 3


@pytest.mark.parametrize("seed", range(10))
def test_auc_agrees_with_scikit_learn_scipy_and_the_area(seed):
    target, scores = with_ties(seed)
    ours = metrics.auc(target, scores)
    assert ours == pytest.approx(oracle.roc_auc_score(target, scores), abs=1e-12)
    pairs = (target == 1).sum() * (target == 0).sum()
    assert ours == pytest.approx(stats.mannwhitneyu(scores[target == 1], scores[target == 0]).statistic / pairs)
    fpr, tpr, _ = metrics.roc(target, scores)
    assert ours == pytest.approx(np.trapezoid(tpr, fpr))
    assert metrics.auc(target, -scores) == pytest.approx(1 - ours)
    assert metrics.auc(target, np.exp(scores)) == metrics.auc(torch.tensor(target), torch.tensor(scores)) == ours


def test_scores_that_are_all_the_same_are_a_guess():
    assert metrics.auc([0, 1, 0, 1], [0.3] * 4) == 0.5
    assert [part.tolist() for part in metrics.roc([0, 1, 0, 1], [0.3] * 4)] == [[0, 1], [0, 1], [INF, 0.3]]


@pytest.mark.parametrize("target", [[1, 1, 1], [0, 0, 0]])
def test_with_one_class_a_rate_of_the_other_is_nan_as_in_scikit_learn(target):
    scores = [0.1, 0.5, 0.9]
    with pytest.warns(UndefinedMetricWarning):
        expected = oracle.roc_curve(target, scores, drop_intermediate=False)
    for ours, theirs in zip(metrics.roc(target, scores), expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    with pytest.warns(UndefinedMetricWarning):
        assert math.isnan(oracle.roc_auc_score(target, scores))
    assert math.isnan(metrics.auc(target, scores)) and all(map(math.isnan, metrics.youden(target, scores)))
    expected = 0.1 if target[0] else NAN
    assert metrics.threshold_at_sensitivity(target, scores, 0.95) == pytest.approx(expected, nan_ok=True)
    assert np.isnan(metrics.roc([], [])[0]).all() and math.isnan(metrics.auc([], []))


@pytest.mark.parametrize("seed", range(4))
def test_chosen_thresholds_are_those_of_a_search(seed):
    target, scores = with_ties(seed)
    gains = {cut: oracle.balanced_accuracy_score(target, scores >= cut, adjusted=True) for cut in {INF, *scores}}
    best = max(gains.values())
    found, gain = metrics.youden(target, scores)
    assert gain == pytest.approx(best)
    assert found == max(cut for cut in gains if gains[cut] > best - 1e-9)
    for wanted in (0, 0.5, 0.95, 1):
        enough = [cut for cut in gains if oracle.recall_score(target, scores >= cut) >= wanted]
        assert metrics.threshold_at_sensitivity(target, scores, wanted) == max(enough)


def test_no_threshold_is_better_than_calling_nobody_ill_when_the_scores_are_upside_down():
    assert metrics.youden([1, 1, 0, 0], [1, 2, 3, 4]) == (INF, 0)


@pytest.mark.parametrize("hits, cases, level", [
    (90, 100, 0.95), (0, 12, 0.95), (12, 12, 0.9), (3, 7, 0.99), (1, 1, 0.5)])
def test_wilson_agrees_with_scipy(hits, cases, level):
    theirs = stats.binomtest(hits, cases).proportion_ci(level, method="wilson")
    ours = metrics.wilson(hits, cases, level)
    assert (ours.estimate, ours.low, ours.high) == pytest.approx((hits / cases, theirs.low, theirs.high))
    assert ours.level == level and ours.width == pytest.approx(theirs.high - theirs.low)
    assert 0 <= ours.low <= ours.estimate <= ours.high <= 1


def test_standard_error_is_that_of_the_binomial_distribution():
    for share, cases in product((0, 0.2, 0.9, 1), (1, 10, 100)):
        assert metrics.standard_error(share, cases) == pytest.approx(stats.binom(cases, share).std() / cases)


def test_without_a_case_anything_may_be_true():
    assert math.isnan(metrics.standard_error(0.9, 0))
    nothing = metrics.wilson(0, 0)
    assert (nothing.low, nothing.high) == (0, 1) and math.isnan(nothing.estimate)


def test_copies_of_a_slice_tell_nothing_new_to_a_bootstrap_by_patient():
    """Eight equal slices per patient: by patient the very interval of one slice each, by slice a third of it."""
    target, scores, whose = clustered(seed=0, slices=1)
    once = metrics.bootstrap_by_patient(metrics.auc, target, scores, whose)
    copies = [np.repeat(part, 8) for part in (target, scores, whose)]
    again = metrics.bootstrap_by_patient(metrics.auc, *copies)
    assert again == once
    np.testing.assert_allclose(again.draws, once.draws)
    by_slice = metrics.bootstrap_by_patient(metrics.auc, *copies[:2], patients=range(320))
    assert by_slice.estimate == once.estimate
    assert once.width / by_slice.width == pytest.approx(math.sqrt(8), rel=0.15)


def test_by_slice_misses_the_truth_far_more_often_than_promised():
    truth = stats.norm.cdf(1 / math.sqrt(2 * (1 + 0.3**2)))
    hits = {"patient": 0, "slice": 0}
    for seed in range(30):
        target, scores, whose = clustered(seed)
        for name, groups in (("patient", whose), ("slice", range(len(whose)))):
            found = metrics.bootstrap_by_patient(metrics.auc, target, scores, groups, repeats=100)
            hits[name] += found.low <= truth <= found.high
    assert hits["patient"] >= 25 and hits["slice"] <= 18, hits              # of 30, at a level of 95 %


def test_of_independent_cases_the_bootstrap_agrees_with_scipy():
    target, scores, whose = clustered(seed=3, patients=80, slices=1)
    statistic = lambda target, scores, axis=-1: (target == (scores > 0.5)).mean(axis=axis)           # noqa: E731
    ours = metrics.bootstrap_by_patient(statistic, target, scores, whose, repeats=4000, level=0.9)
    theirs = stats.bootstrap((target, scores), statistic, paired=True, method="percentile", confidence_level=0.9,
                             n_resamples=4000, rng=1).confidence_interval
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.013)
    assert ours.skipped == 0 and ours.draws.shape == (4000,)


def test_draws_are_of_whole_patients_and_follow_the_seed():
    whose = np.array(["C", "A", "B", "A", "C", "C"])
    rows = []
    collect = lambda target, scores: rows.append(scores.astype(int)) or 0.0                          # noqa: E731
    metrics.bootstrap_by_patient(collect, [0, 1, 0, 1, 0, 0], np.arange(6.0), whose, repeats=200)
    *draws, every = rows                                                     # the estimate comes last
    assert every.tolist() == list(range(6))
    seen = set()
    for draw in draws:
        counts = np.bincount(draw, minlength=6)
        times = {name: set(counts[whose == name].tolist()) for name in "ABC"}
        assert all(len(each) == 1 for each in times.values()), "a patient was torn apart"
        assert sum(each.copy().pop() for each in times.values()) == 3
        seen.add(tuple(sorted(counts.tolist())))
    assert len(seen) > 4
    target, scores, whose = clustered(seed=1)
    first, same, other = (metrics.bootstrap_by_patient(metrics.auc, target, scores, whose, 50, seed)
                          for seed in (7, 7, 8))
    assert first == same and np.array_equal(first.draws, same.draws) and first != other


def test_draws_with_one_class_only_are_left_out_and_counted():
    target, whose = [1, 1, 0, 0, 0, 0], [1, 1, 2, 2, 3, 3]
    found = metrics.bootstrap_by_patient(metrics.auc, target, [3, 4, 1, 1, 2, 2], whose, repeats=2000)
    assert (found.estimate, found.low, found.high) == (1, 1, 1)
    one_class = (2 / 3) ** 3 + (1 / 3) ** 3                                  # never patient 1, or nobody else
    assert found.skipped / 2000 == pytest.approx(one_class, abs=0.04)
    assert len(found.draws) + found.skipped == 2000
    never = metrics.bootstrap_by_patient(metrics.auc, [0] * 6, range(6), whose, repeats=10)
    assert never.skipped == 10 and math.isnan(never.low) and math.isnan(never.high) and math.isnan(never.estimate)


def test_any_statistic_will_do():
    target, scores, whose = clustered(seed=2)
    found = metrics.bootstrap_by_patient(lambda target, scores: metrics.confusion(target, scores >= 0.5).sensitivity,
                                         target, scores, whose, repeats=100)
    assert found.low < found.estimate == oracle.recall_score(target, scores >= 0.5) < found.high
    assert str(found).startswith(f"{found.estimate:.3f} (95 % interval ")


@pytest.mark.parametrize("settings, words", [
    (dict(patients=[1, 2, 3]), "target has 4 entries and patients has 3"),
    (dict(patients=[1, 1, 1, 1]), "two patients or more"), (dict(repeats=0), "repeats must be 1 or more"),
    (dict(level=95), "level must lie between 0 and 1"), (dict(patients=[[1, 2, 3, 4]]), "patients must have one axis")])
def test_a_bootstrap_that_makes_no_sense_is_refused(settings, words):
    settings = dict(patients=[1, 2, 3, 4]) | settings
    with pytest.raises(ValueError, match=words):
        metrics.bootstrap_by_patient(metrics.auc, [0, 1, 0, 1], [1, 2, 3, 4], **settings)


SCORES, LABELS = [0.9, 0.8, 0.7, 0.6, 0.4, 0.3], [1, 1, 0, 1, 0, 0]
SHARES = np.array([0.001, 0.01, 0.1, 0.5])
HEALTHY = metrics.confusion([1] * 10 + [0] * 990, [0] * 1000)
WEAK = metrics.expected_counts(0.99, 0.25, prevalence=0.01)
CLAIMS = {
    "metric-accuracy": {"ACC": DECK.accuracy},
    "metric-sensitivity": {"TPR": DECK.sensitivity, "1-FNR": 1 - DECK.false_negative_rate},
    "metric-specificity": {"TNR": DECK.specificity},
    "metric-precision": {"PPV": DECK.ppv, "1-FDR": 1 - DECK.false_discovery_rate},
    "metric-prevalence": {"prevalence": DECK.prevalence},
    "metric-fpr": {"FPR": DECK.false_positive_rate, "1-TNR": 1 - DECK.specificity},
    "metric-for": {"FOR": DECK.false_omission_rate, "1-NPV": 1 - DECK.npv},
    "metric-fdr": {"FDR": DECK.false_discovery_rate},
    "metric-npv": {"NPV": DECK.npv},
    "metric-lr-plus": {"LR+": DECK.positive_likelihood_ratio},
    "metric-informedness": {"BM": DECK.informedness},
    "metric-markedness": {"MK": DECK.markedness},
    "metric-balanced-accuracy": {"BA": DECK.balanced_accuracy},
    "metric-f1": {"F1": DECK.f1},
    "metric-fowlkes-mallows": {"FM": DECK.fowlkes_mallows},
    "metric-threat-score": {"TS": DECK.threat_score},
    "metric-table-missing-cells": {"FNR": DECK.false_negative_rate, "TNR": DECK.specificity,
                                   "LR-": DECK.negative_likelihood_ratio, "DOR": DECK.diagnostic_odds_ratio},
    "confusion-orientation": {"rows_predicted": DECK.array(rows="pred"),
                              "rows_actual_positive_first": DECK.array(rows="target")},
    "accuracy-definition": {"accuracy": HEALTHY.accuracy, "sensitivity": HEALTHY.sensitivity},
    "roc-auc": {"auc": metrics.auc(LABELS, SCORES), "auc_of_negated_scores": metrics.auc(LABELS, np.negative(SCORES))},
    "high-sens-low-spec": {"LR+": WEAK.positive_likelihood_ratio, "LR-": WEAK.negative_likelihood_ratio,
                           "PPV": metrics.ppv(0.99, 0.25, SHARES), "NPV": metrics.npv(0.99, 0.25, SHARES)},
    "generalization-error": {"binomial_se": metrics.standard_error(0.9, 100)},
}


@pytest.mark.parametrize("name", CLAIMS)
def test_the_claims_on_metrics_are_calls_of_this_module(name):
    ledger.check(name, CLAIMS[name])


def test_the_claim_on_mcc_names_its_two_forms():
    forms = ledger.claim("metric-mcc").expected
    ledger.check("metric-mcc", forms | {"MCC": DECK.mcc})


def test_every_claim_on_a_metric_is_here():
    names = {name for name, entry in ledger.claims().items() if entry.lecture == 4 and name.startswith("metric-")}
    assert names <= set(CLAIMS) | {"metric-mcc"}


def test_what_the_deck_prints_is_not_what_is_right():
    balanced, mcc = (ledger.claim(name).printed for name in ("metric-balanced-accuracy", "metric-mcc"))
    assert (DECK.tp + DECK.tn) / 2 == balanced["value"] == 50 * DECK.balanced_accuracy
    one = math.sqrt(DECK.tp * DECK.tn * DECK.ppv * DECK.npv)
    two = math.sqrt(DECK.fn * DECK.fp * DECK.false_omission_rate * DECK.false_discovery_rate)
    printed = (DECK.tp * DECK.tn - DECK.fp * DECK.fn) / (one - two)
    assert ledger.agrees(printed, mcc["value_with_PR_as_FP"]) and printed > 1 > DECK.mcc

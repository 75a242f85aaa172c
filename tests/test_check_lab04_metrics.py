"""Lab 4, exercises 6 to 9 and 12: measures, predictive value, ROC, AUC and interval against oracles; fair cases."""
import math

import numpy as np
import pytest
import scipy.stats
import sklearn.metrics
import wrong_answers_04_metrics as answers

from helpers.check.engine import judge
from helpers.check.lab04 import auc, intervals_mutants, intervals_run, measures, predictive, roc
from helpers.check.lab04.intervals import REPORT
from helpers.check.lab04.roc import ROC_POINTS


def study(seed, tied=True):
    """Target and scores of 40 cases, some tied, at least one of each class."""
    numbers = np.random.default_rng(seed)
    target = np.append(numbers.integers(0, 2, 38), [0, 1])
    return target, numbers.normal(target, 1).round(1 if tied else 12)


# references against oracles --------------------------------------------------------------------------------------

@pytest.mark.parametrize("seed", range(6))
def test_measures_agree_with_sklearn(seed):
    target, pred = np.random.default_rng(seed).integers(0, 2, (2, 60))
    tn, fp, fn, tp = sklearn.metrics.confusion_matrix(target, pred).ravel().tolist()
    said = measures.measures(tp, fp, fn, tn)
    assert said["sensitivity"] == pytest.approx(sklearn.metrics.recall_score(target, pred))
    assert said["specificity"] == pytest.approx(sklearn.metrics.recall_score(target, pred, pos_label=0))
    assert said["ppv"] == pytest.approx(sklearn.metrics.precision_score(target, pred))
    assert said["npv"] == pytest.approx(sklearn.metrics.precision_score(target, pred, pos_label=0))
    assert said["accuracy"] == pytest.approx(sklearn.metrics.accuracy_score(target, pred))
    assert said["f1"] == pytest.approx(sklearn.metrics.f1_score(target, pred))


def test_an_empty_group_is_not_known_and_the_others_are():
    said = measures.measures(0, 7, 0, 13)
    assert [name for name, value in said.items() if math.isnan(value)] == ["sensitivity"]
    assert said["f1"] == 0 and said["npv"] == 1
    assert all(math.isnan(value) for value in measures.measures(0, 0, 0, 0).values())


@pytest.mark.parametrize("counts", [(45, 20, 5, 30), (8, 2, 12, 178), (90, 40, 30, 10), (0, 3, 4, 10)])
def test_the_predictive_value_of_a_study_is_that_at_its_own_prevalence(counts):
    tp, _, fn, _ = counts
    said = measures.measures(*counts)
    there = predictive.ppv_at(said["sensitivity"], said["specificity"], (tp + fn) / sum(counts))
    assert there == pytest.approx(said["ppv"])


def test_a_sensitive_test_says_little_where_the_illness_is_rare():
    assert predictive.ppv_at(0.99, 0.25, 0.01) == pytest.approx(0.0132, abs=5e-5)
    assert math.isnan(predictive.ppv_at(0.0, 1.0, 0.2))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("tied", [True, False])
def test_the_curve_and_its_area_agree_with_scikit_learn(seed, tied):
    target, scores = study(seed, tied)
    fpr, tpr = roc.roc_points(target, scores)
    wanted = sklearn.metrics.roc_curve(target, scores, drop_intermediate=False)
    assert fpr == pytest.approx(wanted[0]) and tpr == pytest.approx(wanted[1])
    assert auc.auc(target, scores) == pytest.approx(sklearn.metrics.roc_auc_score(target, scores))
    assert auc.auc(target, scores) == pytest.approx(np.trapezoid(tpr, fpr))


def test_without_a_pair_there_is_no_area():
    for target in (np.ones(3, int), np.zeros(2, int), np.array([], int)):
        assert np.isnan(auc.auc(target, np.arange(len(target)) / 4))


def test_the_interval_agrees_with_scipy_where_every_patient_has_one_slice():
    """Then drawing patients is the ordinary bootstrap; scipy draws other patients, so the ends differ by chance."""
    target, scores = study(7)
    found, low, high = intervals_run.report(target, scores, np.arange(40), 2000, 0)
    wanted = scipy.stats.bootstrap((target, scores), lambda target, scores: answers.auc_by_ranks(target, scores),
                                   paired=True, vectorized=False, n_resamples=2000, method="percentile", rng=1)
    assert found == pytest.approx(sklearn.metrics.roc_auc_score(target, scores))
    width = high - low
    assert (low, high) == pytest.approx(tuple(wanted.confidence_interval), abs=0.06 * width)


def test_copies_of_a_slice_make_an_interval_by_slice_narrower_and_none_by_patient():
    target, scores = (np.repeat(one, 9) for one in study(8))
    whose = np.repeat(np.arange(40), 9)
    once = intervals_run.report(*study(8), np.arange(40), 300, 0)
    assert intervals_run.report(target, scores, whose, 300, 0) == pytest.approx(once)
    low, high = intervals_run.report(target, scores, np.arange(360), 300, 0)[1:]
    assert 3 * (high - low) == pytest.approx(once[2] - once[1], rel=0.2), "nine copies: a third of the width"


# the cases ask enough --------------------------------------------------------------------------------------------

def test_every_measure_has_an_empty_case():
    empty = [name for case in measures.CASES for name, value in measures.measures(*case).items() if math.isnan(value)]
    assert set(empty) == {"sensitivity", "specificity", "ppv", "npv", "accuracy", "f1"}


@pytest.mark.parametrize("cases", [roc.CASES, [auc.CASES[index] for index in auc.BOTH]], ids=["roc", "auc"])
def test_ties_between_the_classes_and_scores_of_every_kind(cases):
    between = [np.intersect1d(scores[target == 0], scores[target == 1]).size for target, scores in cases]
    assert between[0] == 0 and sum(map(bool, between)) >= 4, "first without ties, then with them"
    assert any(scores.min() < 0 for _, scores in cases) and any(scores.max() > 1 for _, scores in cases)
    assert any(scores.dtype.kind in "iu" for _, scores in cases)
    assert any(auc.auc(*case) < 0.5 for case in cases) and any(auc.auc(*case) > 0.8 for case in cases)


def test_the_grades_of_the_area_are_8_bits_and_wrap_round():
    target, scores = next(case for case in auc.CASES if case[1].dtype == np.uint8)
    assert np.any(scores[target == 1][:, None] < scores[target == 0])


def test_draws_with_one_class_come_in_one_case_and_in_no_other():
    for index, case in enumerate(intervals_run.CASES):
        draws = []
        intervals_mutants.drawing(intervals_mutants.right_rows, summary=lambda found, values, draws=draws: draws.append(
            np.isnan(values).sum()))(*case)
        assert (draws[0] > 0) == (index == intervals_run.ONE_CLASS)


def test_in_the_large_cases_drawing_slices_makes_the_interval_much_too_narrow():
    for index in intervals_run.LARGE:
        target, scores, patients, repeats, seed = intervals_run.CASES[index]
        widths = [np.ptp(intervals_run.report(target, scores, whose, repeats, seed)[1:])
                  for whose in (np.arange(len(target)), patients)]
        assert widths[0] < 0.6 * widths[1]
        assert len(set(target[patients == patients[0]])) == 1


def test_where_every_patient_has_one_slice_drawing_slices_is_drawing_patients():
    target, scores, patients, repeats, seed = intervals_run.CASES[intervals_run.SINGLE]
    assert len(set(patients.tolist())) == len(patients)
    widths = [np.ptp(intervals_run.report(target, scores, whose, repeats, seed)[1:])
              for whose in (np.arange(len(target)), patients)]
    assert widths[0] == pytest.approx(widths[1], rel=0.25)


def test_a_narrow_interval_of_another_kind_is_not_said_to_come_from_slices():
    """Too narrow in every case, also where each patient has one slice."""
    def answer(*given):
        found, low, high = intervals_run.report(*given)
        return found, found - 0.3 * (found - low), found + 0.3 * (high - found)

    assert judge(REPORT, answer).misconception == ""


def test_a_list_of_points_that_is_no_array_is_told_so():
    verdict = judge(ROC_POINTS, lambda *given: tuple(one.tolist() for one in roc.roc_points(*given)))
    assert verdict.message == (
        "Value 1 of 2: Your result is a list, expected a NumPy array: `np.array(…)` makes one.")

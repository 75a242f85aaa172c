"""Lab 4, first half: its references against oracles, and the fairness of its cases."""
import itertools
import math

import numpy as np
import pytest
import sklearn.metrics
import sklearn.model_selection
import torch
from torch import nn
from torch.nn import functional

from helpers import check, data
from helpers.check.comparison import FORGOT
from helpers.check.engine import judge
from helpers.check.lab04 import fields, layers, leaks, lenet, measures, pooling, predictive, splits, splitting

NAMES = ["max_pool", "receptive_field", "lenet5", "leaks", "split_by_patient", "measures", "ppv_at"]
EXERCISES = [check.CHECKERS[name].exercise for name in NAMES]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=NAMES)


def drawn(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


# references against oracles --------------------------------------------------------------------------------------

@pytest.mark.parametrize("size, stride", list(itertools.product((1, 2, 3, 5), (1, 2, 3, 6))))
@pytest.mark.parametrize("shape", [(7, 12), (9, 6), (5, 5)])
def test_pooling_agrees_with_torch(shape, size, stride):
    feature_map = drawn(size, *shape) - 1
    wanted = functional.max_pool2d(torch.tensor(feature_map)[None, None], size, stride)[0, 0]
    assert np.array_equal(pooling.max_pool(feature_map, size, stride), wanted.numpy())


STACKS = [[], [(3, 1)] * 4, [(3, 2)] * 3, [(7, 2), (3, 2), (3, 1), (3, 1)], [(5, 1), (2, 2), (5, 1), (2, 2), (5, 1)],
          [(4, 3), (1, 2), (3, 1), (2, 5)]]


@pytest.mark.parametrize("stack", STACKS, ids=str)
def test_receptive_fields_agree_with_the_gradient(stack):
    """From the first to the last pixel that moves a unit; every kernel cell is 1, so nothing cancels."""
    image = torch.zeros(1, 1, 500, dtype=torch.float64, requires_grad=True)
    out = image
    for kernel_size, stride in stack:
        out = functional.conv1d(out, torch.ones(1, 1, kernel_size, dtype=torch.float64), stride=stride)
    out[0, 0, 2].backward()
    seen = torch.nonzero(image.grad[0, 0]).flatten()
    assert fields.receptive_field(stack) == seen[-1] - seen[0] + 1


def test_lenet_has_the_parameters_of_the_table():
    network = lenet.lenet5()
    counts = [sum(one.numel() for one in layer.parameters()) for layer in network]
    assert [count for count in counts if count] == [156, 2416, 48120, 10164, 850] and sum(counts) == 61706
    said = network(torch.randn(3, 1, 32, 32))
    assert said.shape == (3, 10) and said.min() < 0 and not torch.allclose(said.sum(dim=1), torch.ones(3))
    assert fields.receptive_field([(5, 1), (2, 2), (5, 1), (2, 2), (5, 1)]) == 32, "the first dense layer sees all"


@pytest.mark.parametrize("seed", range(4))
def test_leaks_agree_with_the_split_functions_of_the_course(seed):
    patients = data.load_cohort(64, "nodules").patients
    honest = data.split_by_patient(patients, 0.6, 0.2, 0.2, seed=seed)
    assert leaks.leaks(patients, *honest).size == 0
    with pytest.warns(data.LeakWarning) as caught:
        careless = data.split_by_slice(patients, 0.6, 0.2, 0.2, seed=seed)
    assert str(caught[0].message).startswith(f"{len(leaks.leaks(patients, *careless))} of 320 patients")


@pytest.mark.parametrize("seed", range(4))
def test_the_split_is_one_that_sklearn_could_have_drawn(seed):
    patients = data.load_cohort(64, "density").patients
    train, test = splits.split_by_patient(patients, 0.25, seed)
    theirs = next(sklearn.model_selection.GroupShuffleSplit(1, test_size=0.25, random_state=seed).split(
        patients, groups=patients))
    assert len(np.unique(patients[test])) == len(np.unique(patients[theirs[1]])) == 36
    assert not set(patients[train]) & set(patients[test])
    assert sorted([*train, *test]) == list(range(len(patients)))


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


# the cases ask enough --------------------------------------------------------------------------------------------

def test_pooling_cases_leave_rows_over_overlap_have_gaps_and_are_negative():
    left_over = [(len(one) - size) % stride for one, size, stride in pooling.CASES]
    assert any(left_over) and not all(left_over)
    assert {np.sign(size - stride) for _, size, stride in pooling.CASES} == {-1, 0, 1}
    assert any(one.max() < 0 for one, _, _ in pooling.CASES)
    assert all(one.shape[0] != one.shape[1] for place, (one, _, _) in enumerate(pooling.CASES)
               if place not in pooling.SQUARE)


def test_every_pair_of_parts_and_every_measure_is_asked_for():
    pairs = [[bool(set(patients[parts[one]]) & set(patients[parts[other]]))
              for one, other in ((0, 1), (0, 2), (1, 2))] for patients, *parts in leaks.CASES]
    assert {tuple(one) for one in pairs} >= {(True, False, False), (False, True, False), (False, False, True),
                                             (False, False, False)}
    for patients, *parts in leaks.CASES:
        assert sorted(np.concatenate(parts)) == list(range(len(patients)))
    empty = [name for case in measures.CASES for name, value in measures.measures(*case).items() if math.isnan(value)]
    assert set(empty) == {"sensitivity", "specificity", "ppv", "npv", "accuracy", "f1"}


def test_more_than_six_mistakes_are_known_for_each_exercise():
    assert all(len(exercise.misconceptions) >= 12 for exercise in EXERCISES)
    assert sum(exercise.points for exercise in EXERCISES) == 11


@each_exercise
def test_what_is_printed_is_not_returned(exercise, capsys):
    verdict = judge(exercise, lambda *given: print(exercise.reference(*given)))
    assert (verdict.outcome, verdict.message) == ("wrong", FORGOT)
    assert capsys.readouterr().out


@each_exercise
def test_an_input_handed_back_does_not_pass(exercise):
    for place in (0, -1):
        verdict = judge(exercise, lambda *given, place=place: given[place] if given else 1.0)
        assert verdict.outcome == "wrong"


# networks --------------------------------------------------------------------------------------------------------

def rows(network):
    return [layers.look(lambda: network, where) for where in (*layers.ROWS, layers.BETWEEN, layers.END)]


def test_every_row_of_the_table_says_what_came_out():
    assert rows(lenet.lenet5()) == [
        "convolution: 6 × 28 × 28, 156 parameters", "pooling: 6 × 14 × 14, no parameters",
        "convolution: 16 × 10 × 10, 2,416 parameters", "pooling: 16 × 5 × 5, no parameters",
        "flatten: 400, no parameters", "dense: 120, 48,120 parameters", "dense: 84, 10,164 parameters",
        "dense: 10, 850 parameters", "ReLU, ReLU, ReLU, ReLU", "nothing: logits"]


def test_a_network_that_stops_says_where_and_why():
    network = nn.Sequential(nn.Conv2d(1, 6, 5), nn.Flatten(), nn.Linear(400, 10))
    said = rows(network)
    assert said[1] == "flatten: 4704, no parameters"
    assert said[2].startswith("dense stops: mat1 and mat2 shapes cannot be multiplied (2x4704")
    assert said[3] == "nothing"


@pytest.mark.parametrize("network", [
    nn.Sequential(), nn.Sequential(nn.Sequential()), nn.Sequential(nn.Identity()), nn.Sequential(nn.ReLU()),
    nn.Sequential(nn.Softmax(1)), nn.Sequential(nn.Linear(32, 10)), nn.Sequential(nn.Flatten(0), nn.Linear(2048, 10)),
    nn.Sequential(nn.LSTM(32, 4), nn.ReLU()), nn.Sequential(nn.MaxPool2d(64)), nn.Sequential(nn.Embedding(3, 4))])
def test_odd_networks_are_wrong_and_never_crash_the_check(network):
    assert judge(lenet.LENET5, lambda: network).outcome == "wrong"


def test_the_same_layers_in_another_order_do_not_pass():
    parts = list(lenet.lenet5())
    for one, other in ((0, 2), (1, 3), (6, 7), (7, 9), (10, 11)):
        wrong = list(parts)
        wrong[one], wrong[other] = parts[other], parts[one]
        assert judge(lenet.LENET5, lambda wrong=wrong: nn.Sequential(*wrong)).outcome == "wrong", (one, other)
    assert judge(lenet.LENET5, lambda: nn.Sequential(nn.ReLU(), *parts)).outcome == "wrong", "ReLU on the image"


# splits ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("seed", range(5))
def test_any_honest_draw_passes(seed):
    def answer(patients, share, given):
        known = np.unique(patients)
        held_out = np.random.RandomState(1000 * seed + given).permutation(known)[:math.ceil(share * len(known))]
        mask = np.isin(patients, held_out)
        return np.flatnonzero(~mask)[::-1].tolist(), np.random.permutation(np.flatnonzero(mask))

    assert judge(splits.SPLIT_BY_PATIENT, answer).outcome == "right"


@pytest.mark.parametrize("answer, words", [
    (3, "Return two arrays of positions, `return train, test`. What came is a number."),
    ((np.arange(3),), "What came is a tuple of 1."), ("ab", "What came is a text."), ((1, 2), "Return two arrays"),
    ((np.arange(3), np.zeros((2, 2), int)), "Return two arrays"), (([0.5], [1]), "do not hold positions"),
    (([-1], [1]), "do not hold positions"), (([0], [10**6]), "do not hold positions"),
    (([True], [False]), "are masks"), ((set(), set()), "Return two arrays")])
def test_what_is_no_split_gets_a_sentence(answer, words):
    verdict = judge(splits.SPLIT_BY_PATIENT, lambda patients, share, seed: answer)
    assert verdict.outcome == "wrong"
    assert words in verdict.message or words in dict(verdict.rows).get("Difference", "") or verdict.misconception


def test_a_split_is_looked_at_for_several_seeds():
    """An answer that leaks for one seed only does not pass."""
    def answer(patients, share, seed):
        train, test = splits.split_by_patient(patients, share, seed)
        return (np.r_[train, test[:1]], test[1:]) if seed % splitting.SEEDS == 4 else (train, test)

    assert judge(splits.SPLIT_BY_PATIENT, answer).outcome == "wrong"


@pytest.mark.parametrize("found", [set(), frozenset(), [], (), np.array([], int), torch.tensor([], dtype=torch.int64)])
def test_an_empty_answer_may_be_of_any_kind(found):
    assert leaks.listed(lambda *given: found, *leaks.CASES[2]).size == 0


@pytest.mark.parametrize("found, words", [
    (3, "What came is a number, 3."), (True, "What came is True or False"), ("7", "a text"), ({7: 1}, "a dictionary"),
    (np.zeros((2, 2)), "a NumPy array"), ({"a"}, "a list"), (np.array([True]), "a NumPy array")])
def test_what_names_no_patients_gets_a_sentence(found, words):
    verdict = judge(leaks.LEAKS, lambda patients, train, validation, test: found)
    assert verdict.outcome == "wrong"
    assert words in verdict.message or words in dict(verdict.rows)["Difference"] or verdict.misconception

"""Lab 4, second half: its references against oracles, and the fairness of its cases."""
import inspect
import itertools

import numpy as np
import pytest
import sklearn.metrics
import torch
import wrong_answers_04b as answers
from torch.nn import functional
from wrong_bodies import WRONG_BODIES, expected_outcome

from helpers.check.checker import Checker
from helpers.check.comparison import FORGOT
from helpers.check.engine import alike, diagnose, judge, mutant_results, reference_results, run
from helpers.check.lab04 import augmenting, intervals_draws, pairs, ranking, stopping_run
from helpers.check.lab04.augmenting import ALLOWED
from helpers.check.lab04.intervals import REPORT
from helpers.check.lab04.mirroring import FLIP_WITH_LABEL
from helpers.check.lab04.pairs import AUC
from helpers.check.lab04.ranking import ROC_POINTS
from helpers.check.lab04.stopping import TRAIN_WITH_EARLY_STOPPING

EXERCISES = [ROC_POINTS, AUC, ALLOWED, FLIP_WITH_LABEL, TRAIN_WITH_EARLY_STOPPING, REPORT]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


def study(seed, tied=True):
    """Target and scores of 40 cases, some tied, at least one of each class."""
    numbers = np.random.default_rng(seed)
    target = np.append(numbers.integers(0, 2, 38), [0, 1])
    return target, numbers.normal(target, 1).round(1 if tied else 12)


# references against oracles --------------------------------------------------------------------------------------

@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("tied", [True, False])
def test_the_curve_and_its_area_agree_with_scikit_learn(seed, tied):
    target, scores = study(seed, tied)
    fpr, tpr = ranking.roc_points(target, scores)
    wanted = sklearn.metrics.roc_curve(target, scores, drop_intermediate=False)
    assert fpr == pytest.approx(wanted[0]) and tpr == pytest.approx(wanted[1])
    assert pairs.auc(target, scores) == pytest.approx(sklearn.metrics.roc_auc_score(target, scores))
    assert pairs.auc(target, scores) == pytest.approx(np.trapezoid(tpr, fpr))


def test_without_a_pair_there_is_no_area():
    for target in (np.ones(3, int), np.zeros(2, int), np.array([], int)):
        assert np.isnan(pairs.auc(target, np.arange(len(target)) / 4))


@pytest.mark.parametrize("network, learning_rate, epochs", [(53, 1.0, 3), (39, 0.5, 6)])
def test_early_stopping_keeps_the_weights_of_a_training_that_ends_at_its_best_epoch(network, learning_rate, epochs):
    """A plain training, written here, of just so many epochs as the best one needs."""
    sets = train, validation, test = stopping_run.cases_of(network)
    model = stopping_run.network(network)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    stopped, said = stopping_run.train_with_early_stopping(model, optimizer, *sets, epochs, epochs)
    plain = stopping_run.network(network)
    optimizer = torch.optim.SGD(plain.parameters(), lr=learning_rate)
    for x, y in train * (said["best epoch"] + 1):
        optimizer.zero_grad()
        functional.binary_cross_entropy_with_logits(plain(x), y).backward()
        optimizer.step()
    plain.eval()
    for name, value in plain.state_dict().items():
        assert torch.equal(value, stopped.state_dict()[name]), name
    losses = [sklearn.metrics.log_loss(y, torch.sigmoid(plain(x)).detach().double()) for x, y in (validation, test)]
    assert min(said["validation"]) == pytest.approx(losses[0], rel=1e-5)
    assert said["test"] == pytest.approx(losses[1], rel=1e-5)


def test_the_interval_agrees_with_scipy_where_every_patient_has_one_slice():
    """Then drawing patients is the ordinary bootstrap; scipy draws other patients, so the ends differ by chance."""
    import scipy.stats
    target, scores = study(7)
    found, low, high = intervals_draws.report(target, scores, np.arange(40), 2000, 0)
    wanted = scipy.stats.bootstrap((target, scores), lambda target, scores: answers.auc_by_ranks(target, scores),
                                   paired=True, vectorized=False, n_resamples=2000, method="percentile", rng=1)
    assert found == pytest.approx(sklearn.metrics.roc_auc_score(target, scores))
    width = high - low
    assert (low, high) == pytest.approx(tuple(wanted.confidence_interval), abs=0.06 * width)


def test_copies_of_a_slice_make_an_interval_by_slice_narrower_and_none_by_patient():
    target, scores = (np.repeat(one, 9) for one in study(8))
    whose = np.repeat(np.arange(40), 9)
    once = intervals_draws.report(*study(8), np.arange(40), 300, 0)
    assert intervals_draws.report(target, scores, whose, 300, 0) == pytest.approx(once)
    low, high = intervals_draws.report(target, scores, np.arange(360), 300, 0)[1:]
    assert 3 * (high - low) == pytest.approx(once[2] - once[1], rel=0.2), "nine copies: a third of the width"


# the cases ask enough --------------------------------------------------------------------------------------------

@pytest.mark.parametrize("cases", [ranking.CASES, [pairs.CASES[index] for index in pairs.BOTH]], ids=["roc", "auc"])
def test_ties_between_the_classes_and_scores_of_every_kind(cases):
    between = [np.intersect1d(scores[target == 0], scores[target == 1]).size for target, scores in cases]
    assert between[0] == 0 and sum(map(bool, between)) >= 4, "first without ties, then with them"
    assert any(scores.min() < 0 for _, scores in cases) and any(scores.max() > 1 for _, scores in cases)
    assert any(scores.dtype.kind in "iu" for _, scores in cases)
    assert any(pairs.auc(*case) < 0.5 for case in cases) and any(pairs.auc(*case) > 0.8 for case in cases)


def test_the_grades_of_the_area_are_8_bits_and_wrap_round():
    target, scores = next(case for case in pairs.CASES if case[1].dtype == np.uint8)
    assert np.any(scores[target == 1][:, None] < scores[target == 0])


def test_no_epoch_of_early_stopping_is_a_matter_of_rounding():
    """Every validation loss lies clearly above or below the best one before it, and below or above the last."""
    for case, seen in zip(stopping_run.CASES, stopping_run.honest(), strict=True):
        losses = seen["validation"]
        for epoch in range(1, len(losses)):
            for other in (losses[:epoch].min(), losses[epoch - 1]):
                assert abs(losses[epoch] - other) > 1e-3, case


def test_some_trainings_stop_early_and_one_does_not():
    lengths = [len(seen["validation"]) for seen in stopping_run.honest()]
    assert sum(length < case[2] for length, case in zip(lengths, stopping_run.CASES, strict=True)) >= 2
    whole = [seen for seen, length, case in zip(stopping_run.honest(), lengths, stopping_run.CASES, strict=True)
             if length == case[2]]
    assert whole and any(seen["best epoch"] < len(seen["validation"]) - 1 for seen in whole)


@pytest.mark.parametrize("threads", [1, 2])
def test_early_stopping_is_the_same_on_any_number_of_threads(threads):
    before, wanted = torch.get_num_threads(), stopping_run.honest()[0]
    torch.set_num_threads(threads)
    try:
        seen = stopping_run.look(stopping_run.train_with_early_stopping, *stopping_run.CASES[0])
        assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)
    assert seen["validation"] == pytest.approx(wanted["validation"])


def test_a_learner_who_fails_gets_the_threads_back():
    def failing(*given):
        raise RuntimeError("no")

    before = torch.get_num_threads()
    assert judge(TRAIN_WITH_EARLY_STOPPING, failing).outcome == "crashed"
    assert torch.get_num_threads() == before


def test_the_training_check_leaves_torchs_seed_alone():
    torch.manual_seed(3)
    wanted = torch.rand(2).tolist()
    torch.manual_seed(3)
    stopping_run.look(stopping_run.train_with_early_stopping, *stopping_run.CASES[-1])
    assert torch.rand(2).tolist() == wanted


def test_draws_with_one_class_come_in_one_case_and_in_no_other():
    for index, case in enumerate(intervals_draws.CASES):
        draws = []
        intervals_draws.drawing(intervals_draws.right_rows, summary=lambda found, values, draws=draws: draws.append(
            np.isnan(values).sum()))(*case)
        assert (draws[0] > 0) == (index == intervals_draws.ONE_CLASS)


def test_in_the_large_cases_drawing_slices_makes_the_interval_much_too_narrow():
    for index in intervals_draws.LARGE:
        target, scores, patients, repeats, seed = intervals_draws.CASES[index]
        widths = [np.ptp(intervals_draws.report(target, scores, whose, repeats, seed)[1:])
                  for whose in (np.arange(len(target)), patients)]
        assert widths[0] < 0.6 * widths[1]
        assert len(set(target[patients == patients[0]])) == 1


# right, wrong and untouched --------------------------------------------------------------------------------------

@each_exercise
def test_answers_written_differently_pass(exercise):
    assert judge(exercise, exercise.reference).outcome == "right"
    found = [*answers.RIGHT[exercise.name], *answers.ALSO_RIGHT.get(exercise.name, ())]
    assert len(found) >= 2
    for answer in found:
        verdict = judge(exercise, answer)
        assert verdict.outcome == "right", (answer, verdict)


def mistakes():
    return [pytest.param(exercise, name, answer, id=f"{exercise.name}-{number}") for exercise in EXERCISES
            for number, (name, answer) in enumerate(answers.WRONG[exercise.name])]


@pytest.mark.parametrize("exercise, name, answer", mistakes())
def test_a_mistake_gets_its_name_whoever_makes_it(exercise, name, answer):
    verdict = judge(exercise, answer)
    assert (verdict.outcome in ("wrong", "crashed"), verdict.misconception) == (True, name)


@each_exercise
def test_mistakes_are_told_apart_and_each_is_made_twice(exercise):
    known, results = exercise.misconceptions, mutant_results(exercise)
    assert len(known) >= 6
    assert {one.name for one in known} == {name for name, _ in answers.WRONG[exercise.name]}
    for one, result in zip(known, results, strict=True):
        assert diagnose(exercise, result) is one
        assert not alike(result, reference_results(exercise))
        assert 2 <= len(one.name.split()) <= 8 and one.message.endswith((".", "?")) and len(one.message) < 260


@each_exercise
def test_bodies_of_every_kind_are_judged_kindly(exercise):
    for name, body in WRONG_BODIES.items():
        lines = "\n".join("    " + line for line in body.split("\n"))
        names = {}
        exec(f"def {exercise.name}{inspect.signature(exercise.reference)}:\n{lines}\n", names)  # noqa: S102
        verdict = judge(exercise, names[exercise.name])
        assert (verdict.outcome, verdict.misconception) == (expected_outcome(name), ""), name


@each_exercise
def test_what_is_printed_is_not_returned(exercise, capsys):
    verdict = judge(exercise, lambda *given: print(exercise.reference(*given)))
    assert (verdict.outcome, verdict.message) == ("wrong", FORGOT)
    assert capsys.readouterr().out


@each_exercise
def test_an_input_handed_back_does_not_pass(exercise):
    for place in (0, -1):
        assert judge(exercise, lambda *given, place=place: given[place]).outcome == "wrong"


@each_exercise
def test_hints_lead_to_the_solution_one_by_one(exercise, capsys):
    checker = Checker(exercise)
    for number in range(len(exercise.hints)):
        checker.reveal()
        assert "Code" not in capsys.readouterr().out
        checker.hint()
        assert f"Hint {number + 1} of {len(exercise.hints)}" in capsys.readouterr().out
    checker.reveal()
    assert f"def {exercise.name}(" in capsys.readouterr().out


# what is particular to one exercise ------------------------------------------------------------------------------

def test_a_list_of_points_that_is_no_array_is_told_so():
    verdict = judge(ROC_POINTS, lambda *given: tuple(one.tolist() for one in ranking.roc_points(*given)))
    assert verdict.message == "Value 1 of 2: Your result is a list, expected a NumPy array."


@pytest.mark.parametrize("answer, words", [
    (["flip"], "There is no transform called 'flip'. The names are: flip left-right, "), ("shift", "Return a list"),
    ({"shift": True}, "Return a list"), ([True], "Return a list"), (3, "Return a list"),
    (np.array(["shift"]), "Return a list"),
])
def test_what_is_no_list_of_transforms_gets_a_sentence(answer, words):
    verdict = judge(ALLOWED, lambda task: answer)
    assert verdict.outcome == "wrong" and verdict.message.startswith(words) and not verdict.misconception


def test_every_wrong_decision_gets_the_reason_of_the_first_one():
    """Each of the 24 decisions alone, and then together with every later one."""
    for index, (task, transform) in enumerate(augmenting.CASES):
        alone = judge(ALLOWED, answers.allowed_but(**{task: [transform]}))
        assert alone.misconception and dict(alone.rows)["Given"] == f"task = '{task}'\ntransform = '{transform}'"
        later = augmenting.CASES[index + 5:index + 9:2]
        both = answers.allowed_but(**{name: [one for other, one in [(task, transform), *later] if other == name]
                                      for name in augmenting.TASKS})
        assert judge(ALLOWED, both).misconception == alone.misconception


def test_a_mirror_is_never_a_turn_and_two_mirrors_are():
    """Why both flips change the side: no turn of a slice gives either of them; both together are half a turn."""
    image = np.arange(12).reshape(3, 4) ** 2
    square = image[:, :3]
    turns = [np.rot90(square, count) for count in range(4)]
    for flip in (np.fliplr, np.flipud):
        assert not any(np.array_equal(flip(square), turn) for turn in turns)
    assert np.array_equal(np.flipud(np.fliplr(image)), np.rot90(image, 2))


@pytest.mark.parametrize("answer, words", [
    (lambda *given: given[0], "Return the model and a dictionary"),
    (lambda *given: (given[0], [1.0]), "Return the model and a dictionary"),
    (lambda *given: ({}, given[0]), "Return the model and a dictionary"),
    (lambda *given: (given[0], {"validation": 3}), "Entry 'validation' must be a list of numbers"),
    (lambda *given: (given[0], {"validation": ["a"]}), "Entry 'validation' must be a list of numbers"),
    (lambda *given: (given[0], {}), "Your dictionary has no entry 'validation'."),
    (lambda *given: (given[3][0].zero_(), {}), "Return the model"),
    (lambda *given: (given[3][0].zero_(), (given[0], {}))[1], "Your function changes the data in place."),
])
def test_what_is_no_training_gets_a_sentence(answer, words):
    verdict = judge(TRAIN_WITH_EARLY_STOPPING, answer)
    assert verdict.outcome == "wrong" and verdict.message.startswith(words)


def test_the_report_of_an_honest_training_without_one_does_not_pass():
    """The check looks at the network itself, too."""
    said = iter([run(TRAIN_WITH_EARLY_STOPPING, TRAIN_WITH_EARLY_STOPPING.reference)[index].value
                 for index in range(len(stopping_run.CASES))])
    assert judge(TRAIN_WITH_EARLY_STOPPING, lambda model, *given: (model, dict(next(said)))).outcome == "wrong"


def test_the_card_says_how_often_the_test_set_was_seen_only_where_this_alone_is_wrong():
    peeking = next(answer for name, answer in answers.WRONG["train_with_early_stopping"]
                   if name == "test set shown more than once")
    rows = dict(judge(TRAIN_WITH_EARLY_STOPPING, peeking).rows)
    assert rows["Difference"] == f"Entry {stopping_run.PEEKS!r}: Your result is 9, expected 1."


def test_more_than_a_hundred_mistakes_are_known():
    assert sum(len(exercise.misconceptions) for exercise in EXERCISES) > 100
    assert sum(exercise.points for exercise in EXERCISES) == 12
    titles = [int(exercise.title.split()[1]) for exercise in EXERCISES]
    assert all(other == one + 1 for one, other in itertools.pairwise(titles))

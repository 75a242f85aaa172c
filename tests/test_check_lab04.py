"""Lab 4: what holds for all of its exercises, and the mistakes that it was asked to know."""
import pytest
import wrong_answers_04 as answers

from helpers.check.checker import Checker
from helpers.check.comparison import FORGOT
from helpers.check.engine import diagnose, judge, mutant_results
from helpers.check.lab04 import LAB

EXERCISES = {exercise.name: exercise for exercise in LAB.exercises}
each_exercise = pytest.mark.parametrize("exercise", LAB.exercises, ids=list(EXERCISES))
ASKED_FOR = [
    ("auc", "ties ignored", "one half"),
    ("measures", "precision and sensitivity swapped", "tp + fn"),
    ("ppv_at", "prevalence forgotten", "1 - prevalence"),
    ("split_by_patient", "slices shuffled before grouping", "Group first"),
    ("train_with_early_stopping", "test set used to choose", "Choose by validation"),
    ("train_with_early_stopping", "`eval()` forgotten", "`model.eval()`"),
    ("train_with_early_stopping", "softmax before cross-entropy", "logits"),
    ("lenet5", "softmax before cross-entropy", "does the softmax itself"),
    ("report", "slices drawn, not patients", "too narrow"),
    ("max_pool", "average instead of maximum", "the largest number stays"),
    ("receptive_field", "jump forgotten", "two pixels apart"),
    ("leaks", "validation forgotten", "the epoch and the threshold are chosen"),
    ("allowed", "laterality lost", "right lung into a left one"),
]


@pytest.mark.parametrize("name, mistake, advice", ASKED_FOR)
def test_a_mistake_that_was_asked_for_is_named_with_advice_whoever_makes_it(name, mistake, advice):
    made = [answer for known, answer in answers.WRONG[name] if known == mistake]
    assert made
    for answer in made:
        text = repr(Checker(EXERCISES[name]).card(answer))
        heading = mistake[:1].upper() + mistake[1:]
        assert f"{heading}. " in text and advice in text


@each_exercise
def test_mistakes_are_told_apart_and_said_shortly(exercise):
    assert len(exercise.misconceptions) >= 16
    for known, results in zip(exercise.misconceptions, mutant_results(exercise), strict=True):
        assert diagnose(exercise, results) is known
        assert 1 <= len(known.name.split()) <= 8 and known.message.endswith((".", "?")) and len(known.message) < 270


@each_exercise
def test_three_right_answers_and_five_wrong_ones_are_tried_at_least(exercise):
    assert len(answers.RIGHT[exercise.name]) >= 3 and len(answers.WRONG[exercise.name]) >= 20


@each_exercise
def test_what_is_printed_is_not_returned(exercise, capsys):
    verdict = judge(exercise, lambda *given: print(exercise.reference(*given)))
    assert (verdict.outcome, verdict.message) == ("wrong", FORGOT)
    assert capsys.readouterr().out


@each_exercise
def test_an_input_handed_back_does_not_pass(exercise):
    for place in (0, -1):
        assert judge(exercise, lambda *given, place=place: given[place] if given else 1.0).outcome == "wrong"


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


def test_exercises_are_numbered_in_their_order():
    assert [exercise.title for exercise in LAB.exercises] == [f"Exercise {number}" for number in range(1, 13)]
    assert sum(exercise.points for exercise in LAB.exercises) == 22

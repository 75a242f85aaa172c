"""What holds for every exercise of every lab: what it has, what passes, and what is said of what does not."""
import inspect
import re

import numpy as np
import pytest
import torch
from wrong_answers import ANSWERS
from wrong_bodies import WRONG_BODIES, define, expected_outcome, source_with_body

from helpers import check
from helpers.check.card import LOOKS
from helpers.check.checker import Checker
from helpers.check.comparison import FORGOT, short
from helpers.check.engine import alike, diagnose, judge, mutant_results, reference_results

LEAST = {  # of every exercise: named mistakes, right answers, wrong ones; and the points of the lab
    "Lab 1": (6, 3, 6, 17), "Lab 2": (10, 3, 10, 20), "Lab 3": (7, 3, 14, 20), "Lab 4": (16, 4, 20, 22),
    "Lab 5": (17, 4, 21, 21), "Lab 6": (20, 4, 31, 17)}
LAB_OF = {exercise.name: lab.title for lab in check.LABS for exercise in lab.exercises}
EXERCISES = [exercise for lab in check.LABS for exercise in lab.exercises]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


def answers(kind):
    """(exercise, answer) for RIGHT, (exercise, (name, answer)) for WRONG, over all labs."""
    return [pytest.param(exercise, one, id=f"{exercise.name}-{number}") for exercise in EXERCISES
            for number, one in enumerate(getattr(ANSWERS[LAB_OF[exercise.name]], kind)[exercise.name])]


# what an exercise has ------------------------------------------------------------------------------------------

@each_exercise
def test_an_exercise_has_what_it_needs(exercise):
    mistakes, right, wrong, _ = LEAST[LAB_OF[exercise.name]]
    tried = ANSWERS[LAB_OF[exercise.name]]
    assert len(exercise.cases) >= 3 and exercise.points > 0
    assert 2 <= len(exercise.hints) <= 4
    assert len(exercise.misconceptions) >= mistakes
    assert len(tried.RIGHT[exercise.name]) >= right and len(tried.WRONG[exercise.name]) >= wrong
    expected = {short(result.value) for result in reference_results(exercise)}
    assert len(expected) > 1, "an answer that returns one fixed value would pass"


@pytest.mark.parametrize("lab", check.LABS, ids=lambda lab: lab.title)
def test_exercises_are_numbered_in_their_order(lab):
    numbered = [f"Exercise {number}" for number in range(1, len(lab.exercises) + 1)]
    assert [exercise.title for exercise in lab.exercises] == numbered
    assert sum(exercise.points for exercise in lab.exercises) == LEAST[lab.title][3]


def test_exercise_names_are_unique_over_all_labs():
    assert len(LAB_OF) == len(EXERCISES) == len(check.CHECKERS)


@each_exercise
def test_solutions_and_hints_use_what_the_lab_imports(exercise):
    names = exercise.reference.__code__.co_names
    used = {name for name in names if inspect.ismodule(exercise.reference.__globals__.get(name))}
    assert used <= {"np", "torch", "nn"}
    assert not re.search(r"\b(math|itertools|functools)\.", " ".join(exercise.hints))


@each_exercise
def test_hints_lead_to_the_solution_one_by_one(exercise, capsys):
    checker, solution = Checker(exercise), f"def {exercise.name}("
    for number in range(len(exercise.hints)):
        checker.reveal()
        assert "Code" not in capsys.readouterr().out
        checker.hint()
        assert f"Hint {number + 1} of {len(exercise.hints)}" in capsys.readouterr().out
    checker.reveal()
    assert solution in capsys.readouterr().out
    Checker(exercise).reveal(now=True)
    assert solution in capsys.readouterr().out


# right answers -------------------------------------------------------------------------------------------------

@each_exercise
def test_the_reference_passes_and_leaves_its_inputs_alone(exercise):
    assert judge(exercise, exercise.reference).outcome == "right"
    assert not any(result.changed or result.error for result in reference_results(exercise))


@pytest.mark.parametrize("exercise, answer", answers("RIGHT"))
def test_answers_written_differently_pass(exercise, answer):
    verdict = judge(exercise, answer)
    assert verdict.outcome == "right", verdict


# named mistakes ------------------------------------------------------------------------------------------------

@each_exercise
def test_every_mutant_is_named_and_explained(exercise):
    for known in exercise.misconceptions:
        verdict = judge(exercise, known.mutant)
        assert verdict.outcome in ("wrong", "crashed"), known.name
        assert (verdict.misconception, verdict.message) == (known.name, known.message)
        checker = Checker(exercise)
        text = repr(checker.card(known.mutant))
        assert (known.at_first or known.message) in text and "Given" in text and "Expected" in text
        if known.at_first:
            assert known.name not in text and known.message not in text
            assert known.message in repr(checker.card(lambda *given, known=known: known.mutant(*given)))


@each_exercise
def test_mistakes_are_told_apart_and_said_shortly(exercise):
    right = reference_results(exercise)
    assert len({known.name for known in exercise.misconceptions}) == len(exercise.misconceptions)
    for known, results in zip(exercise.misconceptions, mutant_results(exercise), strict=True):
        assert diagnose(exercise, results) is known
        assert not alike(results, right, exercise.strict)  # right second, as where answers are judged: its size counts
        assert 1 <= len(known.name.split()) <= 8 and known.message.endswith((".", "?")) and len(known.message) < 270
        assert not re.search(r"\*\w+\*", known.message), "a card shows asterisks as they are"
    assert not re.search(r"\*\w+\*", " ".join(exercise.hints)), "so does a hint"


@pytest.mark.parametrize("exercise, wrong", answers("WRONG"))
def test_the_same_mistake_in_other_code_gets_the_same_name(exercise, wrong):
    name, answer = wrong
    verdict = judge(exercise, answer)
    assert verdict.outcome in ("wrong", "crashed")
    assert verdict.misconception == name


@each_exercise
def test_every_misconception_is_also_made_in_other_code(exercise):
    tried = {name for name, _ in ANSWERS[LAB_OF[exercise.name]].WRONG[exercise.name]}
    assert tried == {known.name for known in exercise.misconceptions}


# everything else -----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("body", WRONG_BODIES)
@each_exercise
def test_wrong_bodies_fail_kindly(exercise, body, capsys):
    answer = define(source_with_body(exercise.reference, WRONG_BODIES[body]))
    verdict = judge(exercise, answer)
    assert verdict.outcome == expected_outcome(body)
    assert not verdict.misconception
    Checker(exercise)(answer)
    shown = capsys.readouterr().out
    assert LOOKS[verdict.outcome][1] in shown and "Traceback" not in shown and "0x" not in shown


@each_exercise
def test_what_is_printed_is_not_returned(exercise, capsys):
    verdict = judge(exercise, lambda *given: print(exercise.reference(*given)))
    assert (verdict.outcome, verdict.message) == ("wrong", FORGOT)
    assert capsys.readouterr().out


@each_exercise
def test_an_input_handed_back_does_not_pass(exercise):
    for place in range(max(map(len, exercise.cases))):
        answer = lambda *given, place=place: given[min(place, len(given) - 1)] if given else 1.0  # noqa: E731
        assert judge(exercise, answer).outcome == "wrong", place


class Nasty(float):
    """A number that cannot be printed."""

    def __format__(self, how):
        raise RuntimeError("no")

    __repr__ = __str__ = __format__


ENDLESS = []
ENDLESS.append(ENDLESS)
GARBAGE = {
    "none": None, "ellipsis": ..., "true": True, "false": False, "empty text": "", "bytes": b"abc", "list": [],
    "dictionary": {1: 2}, "set": {1}, "object": object(), "infinite": float("inf"), "enormous": 10**5000, "complex": 1j,
    "text array": np.array("abc"), "object array": np.array([None, {}]), "ragged": [[1, 2], [3]], "endless": ENDLESS,
    "no data": torch.empty((2, 3), device="meta"), "brain float": torch.ones(2, dtype=torch.bfloat16),
    "sparse": torch.eye(3).to_sparse(), "needs gradient": torch.ones(2, requires_grad=True), "type": dict,
    "function": print, "module": np, "generator": (number for number in ()), "range": range(10**12),
    "large view": np.broadcast_to(0.0, (10**6, 10**6)), "bool array": np.zeros((2, 3), bool), "empty": np.zeros((0, 3)),
    "dates": np.array(["2020-01-01"], "datetime64[D]"), "nasty": Nasty(3), "pair": (None, None), "error": ValueError(),
}


@each_exercise
def test_garbage_is_wrong_and_never_crashes_the_check(exercise):
    for name, garbage in GARBAGE.items():
        card = Checker(exercise).card(lambda *given, result=garbage: result)
        assert card.look == ("not attempted" if name == "ellipsis" else "wrong"), name
        text = repr(card) + card._repr_html_()
        assert len(text) < 6000 and " at 0x" not in text, name


@each_exercise
def test_a_result_in_place_of_the_function_gets_a_sentence(exercise):
    for handed in (3, None, np.zeros((2, 2)), "text"):
        verdict = judge(exercise, handed)
        assert verdict.outcome == "wrong"
        assert f"check.{exercise.name}({exercise.name})" in verdict.message

"""Checks of the labs: every exercise against right and wrong answers, then the mechanism."""
import inspect
import itertools
import re

import numpy as np
import pytest
import torch
from wrong_answers import ANSWERS
from wrong_bodies import WRONG_BODIES, expected_outcome, source_with_body

from helpers import check
from helpers.check.card import LOOKS, Card
from helpers.check.checker import Checker, CheckFailed
from helpers.check.comparison import FORGOT, difference, in_rows, same, short
from helpers.check.engine import OUTCOMES, alike, diagnose, judge, mutant_results, reference_results, run
from helpers.check.exercise import Exercise, Misconception
from helpers.check.signs import raises

EXERCISES = [exercise for lab in check.LABS for exercise in lab.exercises]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


def answers(kind):
    """(exercise, answer) for RIGHT, (exercise, (name, answer)) for WRONG, over all labs."""
    return [pytest.param(exercise, one, id=f"{exercise.name}-{number}") for lab in check.LABS
            for exercise in lab.exercises
            for number, one in enumerate(getattr(ANSWERS[lab.title], kind)[exercise.name])]


def define(source, **names):
    """The function that a cell with this source defines."""
    exec(compile(source, "<ipython-input-cell>", "exec"), names)  # noqa: S102
    return next(value for name, value in reversed(names.items()) if callable(value))


# every exercise ------------------------------------------------------------------------------------------------

@each_exercise
def test_the_reference_passes_and_leaves_its_inputs_alone(exercise):
    assert judge(exercise, exercise.reference).outcome == "right"
    assert not any(result.changed or result.error for result in reference_results(exercise))


@pytest.mark.parametrize("exercise, answer", answers("RIGHT"))
def test_answers_written_differently_pass(exercise, answer):
    verdict = judge(exercise, answer)
    assert verdict.outcome == "right", verdict


@each_exercise
def test_an_exercise_has_what_it_needs(exercise):
    assert len(exercise.cases) >= 3 and exercise.points > 0
    assert 2 <= len(exercise.hints) <= 4
    assert len(exercise.misconceptions) >= 3
    names = [known.name for known in exercise.misconceptions]
    assert len(set(names)) == len(names)
    expected = {short(result.value) for result in reference_results(exercise)}
    assert len(expected) > 1, "an answer that returns one fixed value would pass"


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
def test_mutants_can_be_told_apart(exercise):
    results = mutant_results(exercise)
    for (one, first), (two, second) in itertools.combinations(zip(exercise.misconceptions, results, strict=True), 2):
        told_by_signs = diagnose(exercise, first) is one and diagnose(exercise, second) is two
        assert told_by_signs or not alike(first, second, exercise.strict), f"{one.name} = {two.name}"
    right = reference_results(exercise)                    # second, as where answers are judged: its size counts
    assert not any(alike(each, right, exercise.strict) for each in results)


@pytest.mark.parametrize("exercise, wrong", answers("WRONG"))
def test_the_same_mistake_in_other_code_gets_the_same_name(exercise, wrong):
    name, answer = wrong
    verdict = judge(exercise, answer)
    assert verdict.outcome in ("wrong", "crashed")
    assert verdict.misconception == name


def test_every_misconception_is_also_made_in_other_code():
    for lab in check.LABS:
        for exercise in lab.exercises:
            tried = {name for name, _ in ANSWERS[lab.title].WRONG[exercise.name]}
            assert tried == {known.name for known in exercise.misconceptions}, exercise.name


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


# comparison ----------------------------------------------------------------------------------------------------

AGREE = [
    (3, 3.0), (np.float32(0.1), 0.1), (torch.tensor(2.0), 2), (0.1 + 0.2, 0.3), (np.array(5), 5),
    (np.array([1, 2]), torch.tensor([1.0, 2.0])), (np.array([np.nan, 1]), np.array([np.nan, 1])),
    (np.array([1e-9, 1.0]), np.array([0.0, 1.0])), (np.float32(1) / np.float32(3), 1 / 3), ((1, [2.0]), (1, [2])),
    (np.array([np.inf]), np.array([np.inf])), ("fires", "fires"), (np.bool_(True), True), (2**60 + 1, 2**60 + 1),
]
DIFFER = [
    (3.1, 3.0, "Your result is 3.1, expected 3."),
    (None, 1, FORGOT),
    (np.zeros((3, 2)), np.zeros((2, 3)), "shape (3, 2), expected (2, 3)"),
    (np.array([1.0]), 1.0, "shape (1,), expected a single number"),
    (1.0, np.zeros((2, 3)), "a single number, expected an array of shape (2, 3)"),
    (np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.0, 3.0]), "1 of 3 values differ, the first at [2]: 4, expected 3"),
    (np.array([1.0, 0.0]), np.array([1.0, 1.0]), "1 of 2 values differ"),
    (np.array([5.0, 5.0]), np.array([1.0, 5.0]), "1 of 2 values differ"),
    (float("nan"), 1.0, "nan, expected 1"),
    (np.array([np.nan, 1.0]), np.array([1.0, np.nan]), "2 of 2 values differ"),
    (True, 1, "True or False, expected numbers"),
    (1, True, "numbers, expected True or False"),
    ("1", 1, "a text, expected a number"),
    ([1.0, 2.0], np.array([1.0, 2.0]), "a list, expected a NumPy array"),
    (196_610_000, 196_610_001, "196610000, expected 196610001"),
    (2**60, 2**60 + 1, "expected"),
    (1e-7, 1e-6, "expected"),
    (5, (1, 2), "a number, expected 2 values"),
    ((1, 3), (1, 2), "Value 2 of 2"),
    ("silent", "fires", "'silent', expected 'fires'"),
]


@pytest.mark.parametrize("got, expected", AGREE)
def test_values_that_agree(got, expected):
    assert difference(got, expected) == ""


@pytest.mark.parametrize("got, expected, says", DIFFER)
def test_values_that_differ_are_described(got, expected, says):
    assert says in difference(got, expected)


def test_strict_comparison_asks_for_type_and_dtype():
    tensor = torch.ones(2)
    assert difference(np.ones(2), tensor, strict=True) == "Your result is a NumPy array, expected a torch tensor."
    assert "dtype float64, expected float32" in difference(tensor.double(), tensor, strict=True)
    assert difference(tensor.clone(), tensor, strict=True) == ""
    assert difference(np.ones(2, np.float32), tensor, strict="dtype") == ""
    assert "dtype float64, expected float32" in difference(np.ones(2), tensor, strict="dtype")


@pytest.mark.parametrize("wrong_at", range(6))
def test_one_wrong_value_anywhere_is_found(wrong_at):
    got = np.arange(6.0)
    got[wrong_at] += 0.01
    assert "1 of 6" in difference(got, np.arange(6.0))


def test_inputs_are_compared_by_type_shape_and_value():
    assert same([np.array([np.nan])], [np.array([np.nan])])
    assert not same(np.zeros(2), np.zeros((1, 2)))
    assert not same(np.zeros(2), torch.zeros(2))
    assert not same([1], [1, 2])
    assert same({"a": np.ones(2)}, {"a": np.ones(2)})
    assert not same({"a": np.ones(2)}, {"a": np.array([1.0, 2.0])}) and not same({"a": 1}, {"a": 1, "b": 2})


@pytest.mark.parametrize("value, text", [
    (np.zeros((3, 100), np.uint8), "[[0 0 ... 0 0] [0 0 ... 0 0] [0 0 ... 0 0]], shape (3, 100), uint8"),
    (torch.tensor([0.5]), "[0.5], shape (1,), torch.float32"), (10**40, "a number of more than 30 digits"),
    ("x" * 200, None), ([1] * 100, "[1, 1, 1, 1, 1, 1, …]"), (torch.float32, "torch.float32"), (print, "a function"),
])
def test_values_are_printed_short(value, text):
    assert len(short(value)) <= 240
    assert text is None or short(value) == text


def test_cards_show_one_row_per_line():
    assert in_rows(np.array([[1, 20], [300, 4]], np.int16)) == "[[  1  20]\n [300   4]], shape (2, 2), int16"
    assert in_rows([np.zeros((1, 2), np.uint8)] * 2).count("\n") == 2
    assert in_rows(np.zeros((2, 2, 1))).count("\n") == 3
    assert in_rows({"a": 1.5, "b": np.array([2, 3])}) == "'a': 1.5\n'b': [2 3], shape (2,), int64"
    assert max(map(len, in_rows(np.arange(1000, 1030)).splitlines())) < 75, "cards are narrow"
    verdict = judge(check.CHECKERS["neuron"].exercise, lambda patch, weights, bias: 7.0)
    assert "patch = [[   0    1]\n         [ 0.5 0.25]], shape" in dict(verdict.rows)["Given"]


def test_code_in_the_name_of_a_mistake_is_shown_as_code():
    html = Card("wrong", "Exercise 0", "Call it.", "`eval()` forgotten")._repr_html_()
    assert ">eval()</code> forgotten.</b>" in html and "`" not in html


def test_one_pixel_among_many_is_shown():
    image = np.zeros((32, 32), np.uint8)
    image[18, 3] = 255
    assert short(image) == "0 everywhere, but 255 at [18, 3]; shape (32, 32), uint8"


# the mechanism, on a small exercise ----------------------------------------------------------------------------

def double(values):
    """Twice the values."""
    return values * 2


def doubled_in_place(values):
    values *= 2
    return values


SMALL = Exercise(
    title="Exercise 0", points=2, reference=double, hints=("first", "second"),
    cases=((np.array([1, 2, 3]),), (np.array([5, -4]),)),
    misconceptions=(
        Misconception("squared", "You square.", lambda values: values**2),
        Misconception("divides by zero", "You divide.", lambda values: values + 1 / 0, sign=raises(ZeroDivisionError)),
    ))


@pytest.fixture
def checker(monkeypatch):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return Checker(SMALL)


def test_the_four_outcomes_look_different_in_words_and_icons():
    assert set(OUTCOMES) < set(LOOKS)
    assert len({LOOKS[outcome][0] for outcome in OUTCOMES}) == len({LOOKS[outcome][1] for outcome in OUTCOMES}) == 4


def test_an_input_changed_in_place_is_wrong_and_says_so():
    verdict = judge(SMALL, doubled_in_place)
    assert verdict.outcome == "wrong" and "changes its input values in place" in verdict.message
    assert SMALL.cases[0][0].tolist() == [1, 2, 3]
    assert [result.changed for result in run(SMALL, doubled_in_place)] == [("values",)] * 2


def test_a_right_and_a_wrong_case_is_wrong_and_shows_the_first_that_fails():
    verdict = judge(SMALL, lambda values: np.array([2, 4, 6]))
    assert dict(verdict.rows)["Given"] == "values = [5 -4], shape (2,), int64"
    assert "shape (3,), expected (2,)" in verdict.message


def test_a_crash_names_the_line_and_the_error_in_plain_words():
    verdict = judge(SMALL, define("def double(values):\n    total = 0\n    return totl\n"))
    assert verdict.outcome == "crashed" and "Traceback" not in verdict.message
    assert verdict.message.startswith("NameError: a name is used that nothing has yet.")
    assert "line 3 of your cell" in dict(verdict.rows)["Stopped in"]


def test_a_crash_in_a_library_names_the_learners_line():
    verdict = judge(SMALL, define("def double(values):\n    return np.stack([values, values[:1]])\n", np=np))
    assert dict(verdict.rows)["Stopped in"].startswith("line 2 of your cell")


@pytest.mark.parametrize("source, words", [
    ("def double(values):\n    return double(values)\n", "calls itself without end"),
    ("def double(values):\n    raise SystemExit(3)\n", "leaves Python"),
    ("def double(values):\n    raise NotImplementedError('not on this device')\n", "not on this device"),
    ("def double(values):\n    assert values is None\n", "an `assert` in your own code"),
    ("class Odd(Exception):\n    __str__ = 3\ndef double(values):\n    raise Odd\n", "Odd: Python cannot go on here."),
])
def test_any_end_of_the_learners_code_is_a_crash(source, words):
    verdict = judge(SMALL, define(source))
    assert verdict.outcome == "crashed" and words in verdict.message


def test_other_parameters_are_answered_with_the_call_that_is_made():
    verdict = judge(SMALL, lambda: 1)
    assert verdict.outcome == "crashed"
    assert verdict.message == "The check calls `double(values)`; yours asks for nothing."
    verdict = judge(check.CHECKERS["spot_detector"].exercise, lambda patch: 1)
    assert verdict.message == "The check calls `spot_detector()` with nothing in the brackets; yours asks for `patch`."


def test_a_missing_or_a_second_argument_gets_a_sentence(checker, capsys):
    checker()
    assert "Hand over the function itself, `check.double(double)`" in capsys.readouterr().out
    checker(double, 3)
    assert "Hand over the function itself" in capsys.readouterr().out and checker.attempts == 0


def test_an_interrupt_goes_through():
    def interrupted(values):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge(SMALL, interrupted)


@pytest.mark.parametrize("body", ["return values * ...", "return ...", "raise NotImplementedError"])
def test_stubs_and_blanks_are_not_attempted(body):
    assert judge(SMALL, define(f"def double(values):\n    {body}\n")).outcome == "not attempted"


@pytest.mark.parametrize("body", ["pass", "return None", "values * 2"])
def test_a_missing_return_is_named(body):
    verdict = judge(SMALL, define(f"def double(values):\n    {body}\n"))
    assert verdict.outcome == "wrong" and "Did you forget `return`?" in verdict.message


def test_a_path_without_return_is_named():
    verdict = judge(SMALL, define("def double(values):\n    if len(values) == 3:\n        return values * 2\n"))
    assert verdict.message == "Your function returns nothing for this input. Does every path end in `return`?"


def test_code_above_a_remaining_stub_is_told_what_to_delete():
    verdict = judge(SMALL, define("def double(values):\n    values = values * 2\n    raise NotImplementedError()\n"))
    assert verdict.outcome == "not attempted" and "still stands in your cell: delete it" in verdict.message


def test_an_array_where_one_value_is_asked_is_explained_in_any_exercise():
    verdict = judge(SMALL, define("def double(values):\n    if values > 0:\n        return values * 2\n"))
    assert verdict.message.startswith("ValueError: `if`, `and`, `min` and `max` take one value")


def test_a_detector_card_shows_the_arithmetic_and_keeps_the_solution():
    def spot_detector():
        return np.full((3, 3), -1 / 9), 0

    rows = dict(judge(check.CHECKERS["spot_detector"].exercise, spot_detector).rows)
    assert rows["Got"] == "weighted sum -0.189, bias 0 → -0.189: stays silent"
    assert rows["Expected"] == "'fires'"


@each_exercise
def test_solutions_and_hints_use_what_the_lab_imports(exercise):
    names = exercise.reference.__code__.co_names
    used = {name for name in names if inspect.ismodule(exercise.reference.__globals__.get(name))}
    assert used <= {"np", "torch", "nn"}
    assert not re.search(r"\b(math|itertools|functools)\.", " ".join(exercise.hints))


def test_a_misconception_may_be_known_by_a_sign():
    verdict = judge(SMALL, lambda values: 7 % 0)
    assert (verdict.outcome, verdict.misconception) == ("crashed", "divides by zero")
    assert "ZeroDivisionError" in dict(verdict.rows)["Error"]


def test_prints_of_the_learner_are_let_through(checker, capsys):
    def talks(values):
        print("here", len(values))
        return values * 2

    checker(talks)
    assert capsys.readouterr().out.startswith("here 3\nhere 2\n✓ Right")


# attempts, hints, solution -------------------------------------------------------------------------------------

def attempt(number):
    return define(f"def double(values):\n    return values + {number + 10}\n")


def test_only_changed_answers_count_and_the_card_stays_the_same(checker):
    first = repr(checker.card(attempt(1)))
    assert repr(checker.card(attempt(1))) == first and checker.attempts == 1
    checker.card(attempt(2))
    assert checker.attempts == 2
    assert repr(checker.card(attempt(2))) == repr(checker.card(attempt(2))) and checker.attempts == 2


def test_neither_the_stub_nor_a_missing_function_counts(checker):
    for handed in (define("def double(values):\n    raise NotImplementedError()\n"), 3, None):
        assert "Hint" not in repr(checker.card(handed))
    assert checker.attempts == 0


def test_a_changed_constant_is_a_changed_answer_and_a_comment_is_not(checker):
    checker.card(define("def double(values):\n    return values + 11\n"))
    checker.card(define("def double(values):\n    # thinking\n    return values + 11\n"))
    assert checker.attempts == 1
    checker.card(define("def double(values):\n    return [value + 11 for value in values]\n"))
    checker.card(define("def double(values):\n    return [value + 12 for value in values]\n"))
    assert checker.attempts == 3


def test_hints_come_in_stages_and_the_solution_last(checker):
    cards = [repr(checker.card(attempt(number))) for number in range(4)]
    assert "Hint" not in cards[0]
    assert "Hint 1 of 2: first" in cards[1] and "Hint 2 of 2" not in cards[1]
    assert "Hint 1 of 2: first\n  Hint 2 of 2: second" in cards[2]
    assert "reveal" not in cards[2] and "check.double.reveal()" in cards[3]
    assert "Hint" not in repr(checker.card(double))


def test_a_named_cause_gets_no_hint_unless_it_comes_again(checker):
    def squared(values):
        return values * values

    checker.card(attempt(1))
    assert "Hint" not in repr(checker.card(squared))
    assert "Hint 1 of 2" in repr(checker.card(lambda values: values**2))
    assert "Hint" not in repr(checker.card(squared)), "the same answer gets the same card"
    typo, again = (define(f"def double(values):\n    {line}return totl\n") for line in ("", "two = 2\n    "))
    assert "Hint" not in repr(checker.card(typo)) and "Hint 2 of 2" in repr(checker.card(again))


def test_bugs_are_counted_first_and_named_from_the_second_attempt_on():
    checker, known = Checker(check.CHECKERS["load_volume"].exercise), check.CHECKERS["load_volume"].exercise
    for number, mistake in enumerate(known.misconceptions[:2]):
        text = repr(checker.card(mistake.mutant))
        assert "One bug is left." in text and (mistake.name[1:] in text) is bool(number)


def test_a_hint_on_request(checker, capsys):
    for text in ("Hint 1 of 2: first", "Hint 2 of 2: second", "That was the last hint"):
        checker.hint()
        assert text in capsys.readouterr().out


def test_the_solution_is_shown_last_or_when_asked_for(checker, capsys):
    checker.card(attempt(1))
    checker.reveal()
    assert "2 hints are left" in capsys.readouterr().out and not checker.revealed
    checker.hint()
    checker.hint()
    checker.reveal()
    assert "return values * 2" in capsys.readouterr().out and checker.revealed
    other = Checker(SMALL)
    other.reveal(now=True)
    assert "return values * 2" in capsys.readouterr().out and other.revealed


def test_a_solution_read_after_a_right_answer_is_not_held_against_it(checker, capsys):
    checker.card(double)
    checker.reveal()
    assert "return values * 2" in capsys.readouterr().out and not checker.revealed


@each_exercise
def test_every_solution_can_be_shown(exercise, capsys):
    Checker(exercise).reveal(now=True)
    assert f"def {exercise.name}(" in capsys.readouterr().out


def test_later_cells_take_the_right_answer_or_the_reference(checker, capsys):
    def mine(values):
        return values + values

    assert checker.use(mine) is double
    assert "has not been checked" in capsys.readouterr().out
    checker.card(mine)
    assert checker.use(mine) is mine and capsys.readouterr().out == "With your double.\n"
    assert checker.use(attempt(1)) is double
    assert "has not been checked in this version" in capsys.readouterr().out
    checker.card(attempt(1))
    assert checker.use(attempt(1)) is double
    assert capsys.readouterr().out == "With the reference double, since yours is not right yet.\n"
    stub = define("def double(values):\n    raise NotImplementedError()\n")
    checker.card(stub)
    assert checker.use(stub) is double and "is not written yet" in capsys.readouterr().out
    assert checker.use(None) is double


# nbgrader, cards, progress -------------------------------------------------------------------------------------

def test_nbgrader_sees_the_same_message(checker, monkeypatch, capsys):
    wrong = attempt(1)
    checker(wrong)
    seen = capsys.readouterr().out.rstrip("\n")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(CheckFailed) as failure:
        checker(wrong)
    assert str(failure.value) == seen and failure.value._render_traceback_() == [seen]
    checker(double)
    assert "Right" in capsys.readouterr().out


@pytest.mark.parametrize("look", LOOKS)
def test_a_card_is_readable_without_colour_and_on_any_page(look):
    icon, words, colour = LOOKS[look]
    card = Card(look, "Exercise 0", "a < b `code`", "swapped", rows=(("Given", "x = <1>\ny = 2"),), hint="try `this`")
    page = card._repr_html_()
    assert '<div role="status"' in page and words in page and icon in page
    assert "a &lt; b" in page and "&lt;1&gt;" in page and "<1>" not in page
    assert contrast(colour, "#FFFFFF") >= 4.5
    assert card._repr_mimebundle_()["text/plain"] == repr(card)
    assert repr(card).splitlines()[0] == f"{icon} {words} · Exercise 0"


def contrast(one, other):
    """WCAG 2.2 contrast ratio of two colours."""
    def luminance(colour):
        parts = [int(colour[start:start + 2], 16) / 255 for start in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.fixture
def fresh():
    for checker in check.CHECKERS.values():
        checker.forget()
    yield
    for checker in check.CHECKERS.values():
        checker.forget()


def test_progress_of_a_lab(fresh, capsys):
    first, second, third = EXERCISES[:3]
    getattr(check, first.name)(first.reference)
    getattr(check, second.name)(second.misconceptions[0].mutant)
    getattr(check, third.name).reveal(now=True)
    capsys.readouterr()
    table = check.progress()
    text = repr(table).splitlines()
    assert text[0] == "Lab 1" and text[1].split() == ["Exercise", "State", "Attempts", "Points"]
    assert "✓ Right" in text[2] and text[2].endswith("1         1 of 1")
    assert "✗ Not right yet" in text[3] and "Not checked yet, solution shown" in text[4]
    points = sum(exercise.points for exercise in check.LABS[0].exercises)
    assert text[-1].split("  ")[0] == "Total" and text[-1].endswith(f"{first.points} of {points}")
    assert repr(check.progress()) == repr(table) == repr(check.progress("Lab 1"))
    assert table._repr_html_().count("<tr>") == len(check.LABS[0].exercises) + 2
    assert '<th scope="row"' in table._repr_html_()


def test_unknown_names_get_a_sentence(fresh):
    with pytest.raises(AttributeError, match="There is no check called 'to_huu'; there are to_hu, window"):
        check.to_huu  # noqa: B018
    with pytest.raises(ValueError, match="There is no lab called 'Lab 99'; there are Lab 1"):
        check.progress("Lab 99")
    assert {"to_hu", "progress"} <= set(dir(check))
    assert "check.to_hu(to_hu)" in repr(check.to_hu)


def test_exercise_names_are_unique_over_all_labs():
    assert len({exercise.name for exercise in EXERCISES}) == len(EXERCISES) == len(check.CHECKERS)

"""The mechanism of the checks, on a small exercise: outcomes, attempts, hints, solutions, cards, progress."""
import numpy as np
import pytest
from wrong_bodies import define

from helpers import check
from helpers.check.card import LOOKS, Card
from helpers.check.checker import Checker, CheckFailed
from helpers.check.engine import OUTCOMES, judge, run
from helpers.check.exercise import Exercise, Misconception
from helpers.check.signs import raises


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


def test_code_in_the_name_of_a_mistake_is_shown_as_code():
    html = Card("wrong", "Exercise 0", "Call it.", "`eval()` forgotten")._repr_html_()
    assert ">eval()</code> forgotten.</b>" in html and "`" not in html


@pytest.fixture
def fresh():
    for checker in check.CHECKERS.values():
        checker.forget()
    yield
    for checker in check.CHECKERS.values():
        checker.forget()


def test_progress_of_a_lab(fresh, capsys):
    first, second, third = check.LABS[0].exercises[:3]
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

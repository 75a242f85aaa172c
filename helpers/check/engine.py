"""Try an answer on every case and say what came out: right, wrong, crashed or not attempted."""
import contextlib
import copy
import functools
import inspect
import warnings
from dataclasses import dataclass

import numpy as np

from .card import PLACE
from .comparison import as_array, difference, in_rows, kind_of, same, short
from .errors import in_words, is_blank, is_untouched, place
from .exercise import Complaint, Result, call

OUTCOMES = ("right", "wrong", "crashed", "not attempted")
WARNED = "The result is right, but on the way NumPy warns"
SOMETIMES_NOTHING = "Your function returns nothing for this input. Does every path end in `return`?"


@dataclass(frozen=True)
class Verdict:
    """What is said about an answer.

    outcome : one of OUTCOMES.
    message : one or two sentences.
    misconception : the name of the known mistake, or empty.
    rows : (label, text) pairs of the first failing case: given, expected, got.
    at_first : what to say instead at the first attempt, or empty.
    """

    outcome: str
    message: str
    misconception: str = ""
    rows: tuple = ()
    at_first: str = ""


def judge(exercise, answer):
    """The Verdict on an answer; it never raises, except that an interrupt from the keyboard goes through.

    exercise : Exercise.  answer : what the learner handed over, ideally a function.
    """
    if not callable(answer):
        return Verdict("wrong", f"Hand over the function itself, `check.{exercise.name}({exercise.name})`, without "
                                f"brackets behind its name. What came here is {kind_of(answer)}.")
    results, expected = run(exercise, answer), reference_results(exercise)
    failing = (index for index in range(len(results)) if problem(results[index], expected[index], exercise))
    first = next(failing, None)
    if first is None:
        more = f" {exercise.summary(results)}" if exercise.summary else ""
        return Verdict("right", f"All {len(results)} cases agree.{more}")
    if blank := not_attempted(results[first]):
        return Verdict("not attempted", blank)
    return explain(exercise, answer, results, expected, first)


def run(exercise, answer):
    """One Result per case. Every case gets its own copy of the inputs."""
    names = parameter_names(exercise)
    results = []
    for case in exercise.cases:
        given = copy.deepcopy(case)
        value = error = None
        with listening(exercise.quiet) as warned:
            try:
                value = exercise.observe(answer, *given)
            except (Exception, SystemExit) as caught:  # noqa: BLE001  a learner's code may end in any way; Run All goes on
                error = caught
        changed = [name for name, one, other in zip(names, case, given, strict=True) if not same(one, other)]
        results.append(Result(value, error, tuple(changed), tuple(sorted(warned))))
    return results


@contextlib.contextmanager
def listening(quiet):
    """A set that takes up NumPy's warnings about numbers; without `quiet` they are shown as everywhere else."""
    warned = set()
    if not quiet:
        yield warned
        return
    with warnings.catch_warnings(record=True) as caught, np.errstate(divide="warn", over="warn", invalid="warn"):
        warnings.simplefilter("always", RuntimeWarning)
        yield warned
    for one in caught:
        if issubclass(one.category, RuntimeWarning):
            warned.add(str(one.message))
        else:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)


@functools.cache
def reference_results(exercise):
    """What the reference does: the expected values."""
    return run(exercise, exercise.reference)


def mutant_results(exercise):
    """What each known mistake does."""
    return [mutant_result(exercise, known) for known in exercise.misconceptions]


@functools.cache
def mutant_result(exercise, known):
    """What one known mistake does. Its warnings would only puzzle a learner who made another one."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return run(exercise, known.mutant)


def problem(result, expected, exercise):
    """What is wrong with one Result of an exercise, as a sentence; empty where it is right."""
    if isinstance(result.error, Complaint):
        return str(result.error)
    if result.error is not None:
        return in_words(result.error)
    if mistake := difference(result.value, expected.value, exercise.strict, exercise.rtol):
        return mistake
    if result.changed:
        return (f"The result is right, but your function changes its input {' and '.join(result.changed)} in place. "
                "Whoever handed it over still needs it: work on a copy.")
    if result.warned:
        return f"{WARNED}: {'; '.join(result.warned)}."
    return ""


def not_attempted(result):
    """What to do about an untouched stub or a blank; empty for an attempt."""
    if is_untouched(result.error):
        return ("Not written yet, or the line `raise NotImplementedError()` still stands in your cell: delete it. Run "
                "that cell, then this one again.")
    if result.value is Ellipsis or is_blank(result.error):
        return "A blank `...` is still to be filled in. Fill it in, run the cell, then run this one again."
    return ""


def explain(exercise, answer, results, expected, first):
    """The Verdict on an answer that fails on case number `first`."""
    result, want = results[first], expected[first]
    known = diagnose(exercise, results)
    message = _what_went_wrong(exercise, answer, results, want, first)
    rows = [("Given", given_text(exercise, first)), ("Expected", _plain(want.value))]
    crashed = result.error is not None and not isinstance(result.error, Complaint)
    if result.error is None:
        rows.append(("Got", in_rows(result.value)))
    if result.warned:
        rows.append(("NumPy warns", "; ".join(result.warned)))
    if crashed:
        where = place(result.error, answer)
        if where or message != other_brackets(exercise, answer):
            outside = f"before its first line; {how_called(exercise)}"
            rows.append((PLACE if where else "Stopped", where or outside))
    if known:
        several = isinstance(want.value, tuple | dict) or np.ndim(as_array(want.value))
        if crashed or several and not message.startswith(WARNED):  # two single numbers need no third line
            rows.append(("Error" if crashed else "Difference", message))
        message = known.message
    return Verdict("crashed" if crashed else "wrong", message, known.name if known else "",
                   tuple(row for row in rows if row[1]), known.at_first if known else "")


def _what_went_wrong(exercise, answer, results, want, first):
    """`problem`, with two sentences that need more than one Result: other brackets, and paths without `return`."""
    result = results[first]
    if isinstance(result.error, TypeError) and (brackets := other_brackets(exercise, answer)):
        return brackets
    if result.value is None and any(other.value is not None for other in results) and result.error is None:
        return SOMETIMES_NOTHING
    return problem(result, want, exercise)


def _plain(value):
    """The expected value; of a text that carries more than its letters, only the letters."""
    return short(str(value)) if isinstance(value, str) else in_rows(value)


def diagnose(exercise, results):
    """The first known mistake that behaves like these results on every case, or None.

    Where the type or a warning counts, a second look leaves it out, except for mistakes that are nothing else.
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # those of mutants that a sign runs
        for known in exercise.misconceptions:
            if known.sign(results) if known.sign else alike(
                    results, mutant_result(exercise, known), exercise.strict, rtol=exercise.rtol):
                return known
    for known in exercise.misconceptions if exercise.strict or exercise.quiet else ():
        loosely, mutant = dict(warned=False, rtol=exercise.rtol), mutant_result(exercise, known)
        only_this = alike(mutant, reference_results(exercise), **loosely)
        if not known.sign and not only_this and alike(results, mutant, **loosely):
            return known
    return None


def alike(results, others, strict=False, warned=True, rtol=1e-5):
    """Whether two lists of Results show the same behaviour: values, kinds of error, changed inputs.

    warned : whether it counts that one of them made NumPy warn and the other did not.
    """
    if warned and any(one.warned for one in results) != any(one.warned for one in others):
        return False
    for result, other in zip(results, others, strict=True):
        if type(result.error) is not type(other.error) or result.changed != other.changed:
            return False
        if isinstance(result.error, Complaint) and str(result.error) != str(other.error):
            return False
        if result.error is None and difference(result.value, other.value, strict, rtol):
            return False
    return True


def parameter_names(exercise):
    """The names of what a case holds."""
    if exercise.observe is call:
        return list(inspect.signature(exercise.reference).parameters)
    return list(inspect.signature(exercise.observe).parameters)[1:]


def how_called(exercise):
    """The call that the check makes, so that a wrong parameter list can be seen."""
    return f"the check calls {exercise.name}{inspect.signature(exercise.reference)}"


def other_brackets(exercise, answer):
    """That an answer takes other arguments than the check hands over, as a sentence; empty where they fit."""
    wanted = list(inspect.signature(exercise.reference).parameters)
    try:
        own = inspect.signature(answer)
    except (TypeError, ValueError):  # a function of a library may not say what it takes
        return ""
    try:
        own.bind(*wanted)
    except TypeError:
        brackets = f"`{exercise.name}({', '.join(wanted)})`" + ("" if wanted else " with nothing in the brackets")
        asked = ", ".join(f"`{name}`" for name in own.parameters) or "nothing"
        return f"The check calls {brackets}; yours asks for {asked}."
    return ""


def given_text(exercise, index):
    """The inputs of a case; the rows of an array stand below each other."""
    pairs = zip(parameter_names(exercise), exercise.cases[index], strict=True)
    return "\n".join(f"{name} = " + in_rows(value).replace("\n", "\n" + " " * (len(name) + 3)) for name, value in pairs)


def fingerprint(answer):
    """Text that changes with the code of an answer, not with running the same cell again."""
    code = getattr(answer, "__code__", None)
    if code is None:
        array = as_array(answer)
        return short(answer) if array is None else short(array)
    return repr((_code_parts(code), short(getattr(answer, "__defaults__", None))))


def _code_parts(code):
    constants = [_code_parts(item) if inspect.iscode(item) else repr(item) for item in code.co_consts]
    return code.co_code, code.co_names, code.co_varnames, constants

"""What an exercise is: cases, hints and known mistakes, all of them data.

A case is a tuple of arguments. The expected value is what the reference returns for it, so a case
needs no hand-written answer. To teach the check a new mistake, add one `Misconception`.
"""
from collections.abc import Callable
from dataclasses import dataclass


class Complaint(Exception):
    """Raise inside `observe` when an answer cannot be looked at; the text is shown to the learner."""


def call(answer, *given):
    """The usual way to look at an answer: call it."""
    return answer(*given)


@dataclass(frozen=True)
class Result:
    """What an answer did with one case: a value or an error, the names of the inputs it changed, NumPy's warnings."""

    value: object = None
    error: BaseException | None = None
    changed: tuple = ()
    warned: tuple = ()


@dataclass(frozen=True)
class Misconception:
    """A mistake with a name.

    name : two to five words, shown to the learner.
    message : what went wrong and what to look at; one or two sentences.
    mutant : the mistake as code. An answer that behaves like it on every case made this mistake.
    sign : optional function of the list of `Result`s, for a mistake that shows in more than one way: see the module
        `signs`. The mutant must show the sign too.
    at_first : optional; what is said, without the name, at the first attempt of an exercise that is left open.
    """

    name: str
    message: str
    mutant: Callable
    sign: Callable | None = None
    at_first: str = ""


@dataclass(frozen=True, eq=False)
class Exercise:
    """One exercise as data.

    title : heading of the card, for example "Exercise 1".
    points : what a right answer earns.
    reference : a right answer, readable, because `reveal` shows its source. Its name names the check.
    cases : tuples of arguments; every one is tried, the first that fails is shown.
    hints : from a nudge to nearly the answer.
    misconceptions : known mistakes; the first one that fits is named.
    observe : how to look at an answer; called as observe(answer, *case), returns what is compared.
    strict : True demands the reference's type (torch or NumPy) and dtype too, "dtype" the dtype alone.
    quiet : True where an overflow on the way is a mistake even if the value comes out right: a warning of NumPy
        is then part of the verdict and stands on the card, not above it.
    rtol : relative tolerance of floats.
    summary : optional function of the list of `Result`s; what it returns is told of a right answer, too.
    """

    title: str
    points: int
    reference: Callable
    cases: tuple
    hints: tuple
    misconceptions: tuple
    observe: Callable = call
    strict: bool | str = False
    quiet: bool = False
    rtol: float = 1e-5
    summary: Callable | None = None

    @property
    def name(self):
        return self.reference.__name__


@dataclass(frozen=True)
class Lab:
    """The exercises of one lab, in the order in which the notebook asks them."""

    title: str
    exercises: tuple

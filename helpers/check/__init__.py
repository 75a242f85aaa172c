"""Checks for the labs: ``check.to_hu(to_hu)`` says right, wrong, crashed or not attempted, and why.

A check never raises and never stops Run All; under nbgrader it raises, with the same message.

    check.NAME(answer)        the verdict
    check.NAME.hint()         the next hint
    check.NAME.reveal()       a solution, at last
    check.NAME.use(answer)    your function if it was right, else the reference
    check.progress()          the table of the lab
    check.overview()          all labs, all sessions: what was right on this computer

To add a lab, write a module like `lab01` with a `LAB` and list it in LABS. To teach a check one more mistake,
add a `Misconception` beside its exercise; the tests then try it as an answer. A mistake that is made in several
ways, or shows in some cases only, is known by a sign: see `signs`.
"""
from . import lab01, lab02, lab03, lab04, lab05, lab06, record
from .checker import Checker, CheckFailed
from .progress import table

LABS = (lab01.LAB, lab02.LAB, lab03.LAB, lab04.LAB, lab05.LAB, lab06.LAB)
CHECKERS = {exercise.name: Checker(exercise) for lab in LABS for exercise in lab.exercises}

__all__ = ["CHECKERS", "LABS", "CheckFailed", "progress"]


def __getattr__(name):
    if name in CHECKERS:
        return CHECKERS[name]
    raise AttributeError(f"There is no check called {name!r}; there are {', '.join(CHECKERS)}.")


def __dir__():
    return sorted([*globals(), *CHECKERS])


def overview():
    """A table of all labs: how many exercises are right, on this computer, in all sessions so far."""
    return record.overview(LABS)


def progress(lab=None):
    """The progress table of a lab.

    lab : its title, for example "Lab 1". Left out, the lab of which a check ran last, or the first lab.
    Returns a table that Jupyter shows.  Raises ValueError for an unknown title.
    """
    if lab is None:
        chosen = max(LABS, key=lambda one: max(CHECKERS[each.name].ran for each in one.exercises))
    else:
        chosen = next((one for one in LABS if one.title == lab), None)
        if chosen is None:
            raise ValueError(f"There is no lab called {lab!r}; there are {', '.join(one.title for one in LABS)}.")
    return table(chosen.title, [CHECKERS[exercise.name] for exercise in chosen.exercises])

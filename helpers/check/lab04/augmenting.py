"""Which changes of a training image keep its label true: it depends on what is asked."""
import collections.abc

import numpy as np

from ..comparison import kind_of
from ..exercise import Complaint, Exercise, Misconception

TASKS = ("nodule", "side", "emphysema")
# the lab's name, as the solution that a learner sees uses it
transforms = ("flip left-right", "flip up-down", "rotation", "shift", "zoom", "HU offset", "noise", "cutout")
KEPT, BROKEN = "allowed", "not allowed"


def allowed(task):
    """The names of the transforms after which the label of the task is still true."""
    broken = {
        "nodule": ["cutout"],
        "side": ["flip left-right", "flip up-down", "cutout"],  # a flip is a mirror, along either axis
        "emphysema": ["HU offset", "cutout"],
    }
    return [name for name in transforms if name not in broken[task]]


def decide(answer, task, transform):
    """What an answer says about one transform; None or ... where it says nothing yet.

    Raises Complaint for anything that is no collection of the names of transforms.
    """
    chosen = answer(task)
    if chosen is None or chosen is Ellipsis:
        return chosen
    if isinstance(chosen, np.ndarray) and chosen.ndim == 1 and chosen.dtype.kind == "U":
        chosen = chosen.tolist()
    if not isinstance(chosen, list | tuple | collections.abc.Set) or not all(isinstance(one, str) for one in chosen):
        inside = " of other things" if isinstance(chosen, list | tuple) else ""
        raise Complaint('Return a list of names, for example `["shift", "noise"]`; an empty list allows nothing. What '
                        f"came is {kind_of(chosen)}{inside}.")
    if unknown := sorted(set(chosen) - set(transforms)):
        raise Complaint(f"There is no transform called {unknown[0]!r}. The names are: {', '.join(transforms)}.")
    return KEPT if transform in chosen else BROKEN


CASES = tuple((task, transform) for task in TASKS for transform in transforms)
TRUTH = tuple(KEPT if transform in allowed(task) else BROKEN for task, transform in CASES)


def _said(results):
    """The decisions of an answer; None where one is missing."""
    values = [result.value if isinstance(result.value, str) else None for result in results]
    return None if None in values else values


def _all(value):
    """Sign: every decision is this one."""
    return lambda results: _said(results) is not None and set(_said(results)) == {value}


def _turned_round(results):
    said = _said(results)
    return said is not None and all(one != true for one, true in zip(said, TRUTH, strict=True))


def _same_for_all(results):
    said, count = _said(results), len(transforms)
    return said is not None and len({tuple(said[first:first + count]) for first in range(0, len(said), count)}) == 1


def _first_wrong(tasks, transform):
    """Sign: the first wrong decision is that about this transform, in one of these tasks."""
    def shows(results):
        said = _said(results)
        wrong = [case for case, one, true in zip(CASES, said or (), TRUTH, strict=bool(said)) if one != true]
        return bool(wrong) and wrong[0] in [(task, transform) for task in tasks]

    return shows


def _switched(tasks, transform):
    """A mutant: right, but for one transform in some tasks."""
    def mutant(task):
        return sorted(set(allowed(task)) ^ ({transform} if task in tasks else set()))

    return mutant


def _decision(name, message, transform, *tasks):
    return Misconception(name, message, _switched(tasks[:1], transform), sign=_first_wrong(tasks, transform))


ALLOWED = Exercise(
    title="Exercise 10",
    points=1,
    reference=allowed,
    observe=decide,
    cases=CASES,
    hints=(
        "Read the label aloud, then look at the changed picture: is the sentence still true? Nothing else is asked.",
        ("Which labels name a side? Which one is a number of HU? And what may lie under the square of a cutout? "
         "Both flips are mirrors: an up-down flip is a left-right flip and half a turn."),
        ("Refuse: the cutout in all three tasks, both flips where the side is asked, the HU offset where the density "
         "is. All else stays."),
    ),
    misconceptions=(
        Misconception(
            "everything allowed",
            "You allow every transform in every task. Some of them make a label false: a mirrored right lung is a "
            "left one.",
            lambda task: list(transforms),
            sign=_all(KEPT)),
        Misconception(
            "nothing allowed",
            "You allow nothing, in no task. A label that stays true is all that is asked: patients do not lie on the "
            "same pixel.",
            lambda task: [],
            sign=_all(BROKEN)),
        Misconception(
            "refused instead of allowed",
            "Your lists are exactly the other way round: you name what must be refused. Name what is allowed.",
            lambda task: [name for name in transforms if name not in allowed(task)],
            sign=_turned_round),
        Misconception(
            "same list for every task",
            "You answer the same in all three tasks. The same flip is harmless to one question and makes the answer to "
            "another false: use `task`.",
            lambda task: allowed("nodule"),
            sign=_same_for_all),
        _decision(
            "laterality lost",
            "A flip left-right turns the right lung into a left one, and the label still says right. Who flips here "
            "must change the label as well, and augmentation does not.",
            "flip left-right", "side"),
        _decision(
            "up-down flip taken for harmless",
            "An up-down flip mirrors too: it is a left-right flip and half a turn. A turn leaves a lung on its side of "
            "the body, a mirror does not, along whichever axis; and the label does not know.",
            "flip up-down", "side"),
        _decision(
            "mirror refused without need",
            "A mirrored chest has its heart on the right: situs inversus. Whether there is a nodule, and how dense the "
            "lung is, stays true: neither label names a side.",
            "flip left-right", "nodule", "emphysema"),
        _decision(
            "unusual position refused",
            "Nobody is scanned like this, so it may not help. But a nodule is a nodule upside down, and the lung has "
            "the same HU: the label stays true, and only this is asked.",
            "flip up-down", "nodule", "emphysema"),
        _decision(
            "calibrated HU shifted",
            "Emphysema is read from HU. 200 HU more turn a destroyed lung of -950 HU into one of -750 HU, which is "
            "denser than a healthy one, and the label still says emphysema.",
            "HU offset", "emphysema"),
        _decision(
            "HU offset refused without need",
            "200 HU brighter, the nodule still stands out from the lung around it, on the same side: this label is no "
            "number of HU and stays true.",
            "HU offset", "nodule", "side"),
        _decision(
            "finding under the cutout",
            "The square may cover the nodule, and the label would still say nodule, or its side. Nobody could see that "
            "in the picture.",
            "cutout", "nodule", "side"),
        _decision(
            "cutout counted as lung",
            "What is erased is as dark as air, -1000 HU. In a lung that counts as destroyed tissue: the density of a "
            "healthy one falls.",
            "cutout", "emphysema"),
        _decision(
            "rotation refused",
            "A turn by 10 degrees mirrors nothing: heart and spine turn along, the lung keeps its side and its HU, as "
            "when a patient does not lie quite flat.",
            "rotation", *TASKS),
        _decision(
            "shift refused",
            "The whole chest moves by 5 pixels. It is the lung that has a side, not the picture, and HU move along.",
            "shift", *TASKS),
        _decision(
            "zoom refused",
            "Patients differ in size by more than 1.2. A larger nodule is a nodule, on the same side, and a lung has "
            "more pixels of the same HU. Only a label in mm would suffer.",
            "zoom", *TASKS),
        _decision(
            "noise refused",
            "20 HU of noise is a lower dose. A nodule stands out by some hundred HU, and the mean density of a lung "
            "stays, since the noise cancels.",
            "noise", *TASKS),
    ),
)

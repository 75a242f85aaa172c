"""Patients in more than one part of a split: who are they?"""
import itertools

import numpy as np

from ..comparison import as_array, kind_of, short
from ..exercise import Complaint, Exercise, Misconception, raises
from .behaviour import behaves_like


def leaks(patients, train, validation, test):
    """The patients with slices in more than one part, each once; the parts are positions of slices."""
    parts = [set(patients[part].tolist()) for part in (train, validation, test)]
    first, second, third = parts
    return np.array(sorted(first & second | first & third | second & third), dtype=int)


def listed(answer, patients, train, validation, test):
    """The patients that an answer names, as a sorted array; a set, a list or an array will do.

    Raises Complaint for anything else than whole numbers in a row.
    """
    found = answer(patients, train, validation, test)
    if found is None or found is Ellipsis:
        return found
    if isinstance(found, set | frozenset) and len(found) <= len(patients):
        found = list(found)
    named = as_array(found) if not isinstance(found, bool | np.bool_) else None
    if named is None or named.ndim != 1 or named.size and named.dtype.kind not in "iuf" or len(named) > len(patients):
        is_number = named is not None and not named.ndim
        got = f"{kind_of(found)}, {short(found)}" if is_number else kind_of(found)
        raise Complaint(f"Return the patients: a set, a list or an array (K,) of their numbers, empty where the split "
                        f"is honest. What came is {got}.")
    return np.sort(named)


def _places(text):
    """Positions of the letters t, v and e (train, validation, test) in a text with one letter for each slice."""
    return tuple(np.flatnonzero(np.array(list(text)) == letter) for letter in "tve")


CASES = (
    (np.array([7, 7, 8, 8, 9, 9]), *_places("tttvee")),
    (np.array([12, 15, 12, 11, 15, 19, 11, 13]), *_places("tvevtete")),
    (np.array([30, 30, 30, 41, 41, 41, 52, 52, 63, 63]), *_places("tttttvveee")),
    (np.array([5, 5, 2, 2, 9, 9, 4, 4, 8, 8]), *_places("ttttttvvee")),
    (np.array([21, 22, 23, 24, 21, 22, 23, 24, 25, 25]), *_places("ttveteetve")),
    (np.array([6, 3, 3, 1, 1, 6, 4, 4]), *_places("evettett")),
    (np.array([17, 17, 17, 16, 16, 18]), *_places("tvetve")),
    (np.array([1, 2, 3, 4, 5, 6, 7, 2]), *_places("ttttveee")),
    (np.array([3, 1, 2, 0, 3, 4, 5, 0, 4]), *_places("tttvveeee")),
)


def _of_pairs(*pairs):
    """Only some pairs of parts are compared: 0 is train, 1 validation, 2 test."""
    def mutant(patients, *parts):
        seen = [set(patients[part].tolist()) for part in parts]
        return np.array(sorted(set().union(*(seen[one] & seen[other] for one, other in pairs))), dtype=int)

    return mutant


def _positions(one, other):
    """Positions of slices are compared, which no two parts share."""
    return lambda patients, *parts: np.intersect1d(parts[one], parts[other])


def _slices(patients, train, validation, test):
    inside = np.isin(patients, leaks(patients, train, validation, test))
    return np.flatnonzero(inside)


def _test_slices(patients, train, validation, test):
    return test[np.isin(patients[test], leaks(patients, train, validation, test))]


def _repeated(patients, *parts):
    return patients[np.isin(patients, leaks(patients, *parts))]


def _each_found_some_twice(results):
    """Sign: the right patients, and somewhere one of them more than once."""
    found = [result.value.tolist() if isinstance(result.value, np.ndarray) else None for result in results]
    if any(one is None or set(one) != set(leaks(*case).tolist()) for one, case in zip(found, CASES, strict=True)):
        return False
    return any(len(one) > len(set(one)) for one in found)


def _with_two_slices(patients, *parts):
    known, counts = np.unique(patients, return_counts=True)
    return known[counts > 1]


def _in_all(patients, *parts):
    return np.array(sorted(set.intersection(*(set(patients[part].tolist()) for part in parts))), dtype=int)


def _side_by_side(patients, train, validation, test):
    shortest = min(len(train), len(test))
    same = patients[train[:shortest]] == patients[test[:shortest]]
    return np.unique(patients[train[:shortest]][same])


def _neighbours(patients, *parts):
    return np.unique([patients[one[-1]] for one, other in itertools.pairwise(parts)
                      if patients[one[-1]] == patients[other[0]]]).astype(int)


def _positions_as_patients(patients, train, validation, test):
    parts = [np.unique(part) for part in (patients[train], validation, test)]
    return np.unique(np.r_[np.intersect1d(*parts[:2]), np.intersect1d(*parts[::2])])


LEAKS = Exercise(
    title="Exercise 4",
    points=1,
    reference=leaks,
    observe=listed,
    cases=CASES,
    hints=(
        "The parts hold positions of slices. `patients[train]` says whose slices these are: compare those.",
        "`set(patients[train]) & set(patients[test])` are the patients in both of these parts; `|` puts sets together.",
        "There are three pairs of parts: train and validation, train and test, validation and test.",
    ),
    misconceptions=(
        Misconception(
            "positions compared instead of patients",
            "You compare positions of slices, and no slice is in two parts. Whose slices are they? `patients[train]`.",
            _positions(0, 2),
            sign=behaves_like(CASES, lambda patients, *parts: np.array([], int))),
        Misconception(
            "validation forgotten",
            "You compare train with test. Patients in validation count too: there the epoch and the threshold are "
            "chosen.",
            _of_pairs((0, 2))),
        Misconception(
            "test forgotten",
            "You compare train with validation. The test part is the one that is reported.",
            _of_pairs((0, 1))),
        Misconception(
            "validation and test not compared",
            "You compare train with the others. A patient in validation and test leaks as well: what was chosen on "
            "him is then tested on him.",
            _of_pairs((0, 1), (0, 2))),
        Misconception(
            "train and validation not compared",
            "You compare the test part with the others. A patient in train and validation leaks too: validation then "
            "looks better than it is.",
            _of_pairs((0, 2), (1, 2))),
        Misconception(
            "train and test not compared",
            "You compare neighbouring parts only. Train and test are a pair as well.",
            _of_pairs((0, 1), (1, 2))),
        Misconception(
            "only validation and test",
            "You compare validation with test. Both must be compared with train too.",
            _of_pairs((1, 2))),
        Misconception(
            "in all three parts",
            "You name patients who are in all three parts. Two are enough to leak.",
            _in_all),
        Misconception(
            "slices instead of patients",
            "You return positions of slices. Asked is whose they are: patient numbers, each once.",
            _slices,
            sign=behaves_like(CASES, _slices, _test_slices, lambda patients, *parts: np.sort(np.concatenate([
                part[np.isin(patients[part], leaks(patients, *parts))] for part in parts[1:]])))),
        Misconception(
            "named more than once",
            "You name some patients more than once. Each counts once: a set, or `np.unique`.",
            _repeated,
            sign=_each_found_some_twice),
        Misconception(
            "every patient with two slices",
            "You name everybody with more than one slice. Slices of a patient may be many, if all are in one part.",
            _with_two_slices),
        Misconception(
            "honest patients instead",
            "You name the patients who are in one part only. Asked are the others.",
            lambda patients, *parts: np.setdiff1d(patients, leaks(patients, *parts))),
        Misconception(
            "all patients",
            "You name everybody. Only those with slices in more than one part leak.",
            lambda patients, *parts: np.unique(patients)),
        Misconception(
            "compared place by place",
            "You compare the first with the first, the second with the second. A patient may stand anywhere in a part: "
            "sets, or `np.isin`.",
            _side_by_side),
        Misconception(
            "operators between arrays",
            "`==`, `&` and `in` compare arrays place by place, and these have different lengths. Make sets first: "
            "`set(patients[train]) & set(patients[test])`; or use `np.isin`.",
            lambda patients, train, validation, test: np.unique(patients[train] & patients[test]),
            sign=raises(ValueError, "broadcast")),
        Misconception(
            "only where parts meet",
            "You look only at the ends of the parts. A patient may stand anywhere in them.",
            _neighbours),
        Misconception(
            "positions taken for patient numbers",
            "In one part you compare positions instead of patient numbers. Every part needs `patients[...]`.",
            _positions_as_patients),
        Misconception(
            "how many instead of who",
            "You return a number. Return the patients themselves, so that somebody can put them right.",
            lambda patients, *parts: len(leaks(patients, *parts))),
        Misconception(
            "whether instead of who",
            "You return True or False. Return the patients themselves, so that somebody can put them right.",
            lambda patients, *parts: leaks(patients, *parts).size > 0,
            sign=raises(Complaint, "came is True or False")),
    ),
)

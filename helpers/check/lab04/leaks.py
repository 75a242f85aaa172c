"""Patients in more than one part of a split: who are they?"""
import collections.abc
import itertools

import numpy as np

from ..comparison import as_array, kind_of, short
from ..exercise import Complaint, Exercise, Misconception
from ..signs import any_of, mistakes, raises


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
    if isinstance(found, collections.abc.Set) and len(found) <= len(patients):
        found = list(found)
    named = as_array(found) if not isinstance(found, bool | np.bool_) else None
    if named is None or named.ndim != 1 or named.size and named.dtype.kind not in "iuf" or len(named) > len(patients):
        raise Complaint(f"Return the patients: a set, a list or an array (K,) of their numbers, empty where the split "
                        f"is honest. What came is {_in_words(found, named)}.")
    return np.sort(named)


def _in_words(found, array):
    """What came instead of patients; array : the same as an array, where it is one."""
    words = kind_of(found)
    if isinstance(found, list | tuple) and found and isinstance(found[0], collections.abc.Set | np.ndarray):
        return f"{words} of {len(found)} {'arrays' if isinstance(found[0], np.ndarray) else 'sets'}"
    if array is None:
        return words
    if not array.ndim:
        return f"{words}, {short(found)}"
    return f"{words} of True and False" if array.dtype.kind == "b" else f"{words} of shape {array.shape}"


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


named = mistakes(CASES, look=listed)


def _parts(patients, parts):
    return [set(patients[part].tolist()) for part in parts]


def _of_pairs(*pairs):
    """Only some pairs of parts are compared: 0 is train, 1 validation, 2 test."""
    def mutant(patients, *parts):
        seen = _parts(patients, parts)
        return set().union(*(seen[one] & seen[other] for one, other in pairs))

    return mutant


def _of_sets(combine):
    """combine(patients of train, of validation, of test), all sets."""
    return lambda patients, *parts: combine(*_parts(patients, parts))


def _slices(patients, *parts):
    return np.flatnonzero(np.isin(patients, leaks(patients, *parts)))


def _slices_in(*chosen):
    """Positions of leaking slices in some of the parts only."""
    return lambda patients, *parts: np.concatenate([
        parts[one][np.isin(patients[parts[one]], leaks(patients, *parts))] for one in chosen])


def _repeated(patients, *parts):
    return patients[np.isin(patients, leaks(patients, *parts))]


def _found(results):
    """The patients named in each case, as lists; None where one case has none."""
    found = [result.value.tolist() if isinstance(result.value, np.ndarray) else None for result in results]
    return None if None in found else found


def _some_twice(results):
    """Sign: only patients who leak, and somewhere one of them more than once."""
    found = _found(results)
    if found is None or any(set(one) - set(leaks(*case).tolist()) for one, case in zip(found, CASES, strict=True)):
        return False
    return any(len(one) > len(set(one)) for one in found)


def _one_at_most(results):
    """Sign: where patients leak, one of them, and nobody elsewhere."""
    found = _found(results)
    return found is not None and all(len(one) == min(len(leaks(*case)), 1) and set(one) <= set(leaks(*case).tolist())
                                     for one, case in zip(found, CASES, strict=True))


def _with_two_slices(patients, *parts):
    known, counts = np.unique(patients, return_counts=True)
    return known[counts > 1]


def _side_by_side(patients, train, validation, test):
    return {one for one, other in zip(patients[train].tolist(), patients[test].tolist(), strict=False) if one == other}


def _neighbours(patients, *parts):
    return {int(patients[one[-1]]) for one, other in itertools.pairwise(parts)
            if patients[one[-1]] == patients[other[0]]}


def _positions_as_patients(patients, train, validation, test):
    known = set(patients[train].tolist())
    return known & set(validation.tolist()) | known & set(test.tolist())


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
        named(
            "positions compared instead of patients",
            "You compare positions of slices, and no slice is in two parts. Whose slices are they? `patients[train]`.",
            lambda patients, *parts: np.intersect1d(parts[0], parts[2])),
        named(
            "validation forgotten",
            "You compare train with test. Patients in validation count too: there the epoch and the threshold are "
            "chosen.",
            _of_pairs((0, 2))),
        named(
            "test forgotten",
            "You compare train with validation. The test part is the one that is reported.",
            _of_pairs((0, 1))),
        named(
            "validation and test not compared",
            "You compare train with the others. A patient in validation and test leaks as well: what was chosen on "
            "him is then tested on him.",
            _of_pairs((0, 1), (0, 2))),
        named(
            "train and validation not compared",
            "You compare the test part with the others. A patient in train and validation leaks too: validation then "
            "looks better than it is.",
            _of_pairs((0, 2), (1, 2))),
        named(
            "train and test not compared",
            "You compare neighbouring parts only. Train and test are a pair as well.",
            _of_pairs((0, 1), (1, 2))),
        named(
            "only validation and test",
            "You compare validation with test. Both must be compared with train too.",
            _of_pairs((1, 2))),
        named(
            "in all three parts",
            "You name patients who are in all three parts. Two are enough to leak.",
            _of_sets(lambda *parts: set.intersection(*parts))),
        named(
            "`and` between sets",
            "`and` and `or` do not combine sets: they return one of them as it is. Who is in both is `one & other`, "
            "who is in either `one | other`.",
            _of_sets(lambda train, validation, test: train and validation and test),
            _of_sets(lambda train, validation, test: train and validation),
            _of_sets(lambda train, validation, test: train or test)),
        Misconception(
            "pairs not put together",
            "You return the patients of each pair of parts on their own. Put them together, each patient once: `|` "
            "between the sets.",
            lambda patients, *parts: tuple(_of_pairs(pair)(patients, *parts) for pair in ((0, 1), (0, 2), (1, 2))),
            sign=any_of(*(raises(Complaint, f"of {count} {kind}") for count in (2, 3) for kind in ("sets", "arrays")))),
        named(
            "slices instead of patients",
            "You return positions of slices. Asked is whose they are: patient numbers, each once.",
            _slices, _slices_in(2), _slices_in(1, 2)),
        Misconception(
            "named more than once",
            "You name some patients more than once. Each counts once: a set, or `np.unique`.",
            _repeated,
            sign=_some_twice),
        Misconception(
            "one patient at most",
            "You stop at the first patient who leaks. Does `return` stand inside the loop? Collect them, and return "
            "after it.",
            lambda *case: leaks(*case)[:1],
            sign=_one_at_most),
        named(
            "every patient with two slices",
            "You name everybody with more than one slice. Slices of a patient may be many, if all are in one part.",
            _with_two_slices),
        named(
            "honest patients instead",
            "You name the patients who are in one part only. Asked are the others; `&` has them, `^` and `-` have not.",
            lambda patients, *parts: np.setdiff1d(patients, leaks(patients, *parts)),
            _of_sets(lambda train, validation, test: train ^ validation ^ test),
            _of_sets(lambda train, validation, test: train - validation - test)),
        named(
            "all patients",
            "You name everybody. Only those with slices in more than one part leak.",
            lambda patients, *parts: np.unique(patients)),
        named(
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
        named(
            "only where parts meet",
            "You look only at the ends of the parts. A patient may stand anywhere in them.",
            _neighbours),
        named(
            "positions taken for patient numbers",
            "In one part you compare positions instead of patient numbers. Every part needs `patients[...]`.",
            _positions_as_patients),
        Misconception(
            "true or false for each",
            "You return True or False for every slice or patient. Return the patients for whom it is true: "
            "`known[mask]`.",
            lambda patients, *parts: np.isin(patients, leaks(patients, *parts)),
            sign=raises(Complaint, "of True and False")),
        named(
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

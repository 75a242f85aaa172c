"""Patients drawn anew, right and wrong: an AUC and the range it might as well have come from."""
import functools

import numpy as np

from ..comparison import as_array, difference
from .judging import does
from .pairs import auc as my_auc  # the lab's name for the learner's own function


def report(target, scores, patients, repeats, seed):
    """AUC of all slices, and the 2.5th and 97.5th percentile of the AUCs of as many patients, drawn anew."""
    generator, names, values = np.random.default_rng(seed), np.unique(patients), []
    for _ in range(repeats):
        drawn = generator.choice(names, len(names))  # with replacement: some twice, some not at all
        rows = np.concatenate([np.flatnonzero(patients == name) for name in drawn])
        values.append(my_auc(target[rows], scores[rows]))
    low, high = np.nanpercentile(values, [2.5, 97.5])  # nan: a draw with one class has no AUC
    return my_auc(target, scores), low, high


@functools.cache
def _study(seed, ill, healthy, slices):
    """Simulated slices of patients in any order: target, scores, patients. Slices of one patient score alike.

    slices : lowest and highest number of slices of a patient.
    """
    numbers = np.random.default_rng(seed)
    names = 1000 + numbers.permutation(ill + healthy)
    counts = numbers.integers(slices[0], slices[1] + 1, ill + healthy)
    whose = np.repeat(np.arange(ill + healthy), counts)
    sick = (whose < ill).astype(int)
    scores = 1.2 * sick + numbers.normal(size=ill + healthy)[whose] + 0.4 * numbers.normal(size=len(whose))
    order = numbers.permutation(len(whose))
    return sick[order], scores[order].round(1) + 0.0, names[whose][order]


CASES = (
    (*_study(4, 5, 6, (2, 3)), 40, 7),
    (*_study(2, 9, 11, (5, 8)), 100, 1),
    (*_study(2, 9, 11, (5, 8)), 100, 2),
    (*_study(2, 9, 11, (5, 8)), 100, 1),  # the same as before: a seed repeats
    (*_study(3, 2, 4, (1, 3)), 60, 5),  # some draws hold one class only
    (*_study(4, 12, 9, (1, 9)), 60, 4),
)
SAME, OTHER = (1, 3), (1, 2)  # the same study with the same seed, and with another one
ONE_CLASS = 4
FULL = [index for index in range(len(CASES)) if index != ONE_CLASS]
LARGE = (1, 2, 3)


def drawing(rows_of, ends=(2.5, 97.5), summary=None):
    """Draws of other rows: rows_of(generator, patients) -> indices of slices; nan where there is one class only.

    summary : what is made of the AUC and of the draws, instead of AUC and two percentiles.
    """
    def mutant(target, scores, patients, repeats, seed):
        generator = np.random.default_rng(seed)
        chosen = [rows_of(generator, patients) for _ in range(repeats)]
        values = np.array([my_auc(target[rows], scores[rows]) for rows in chosen])
        found = my_auc(target, scores)
        return (found, *np.nanpercentile(values, ends)) if summary is None else summary(found, values)

    return mutant


def rows_of_all(patients, drawn):
    return np.concatenate([np.flatnonzero(patients == name) for name in drawn])


def right_rows(generator, patients):
    names = np.unique(patients)
    return rows_of_all(patients, generator.choice(names, len(names)))


def slices(generator, patients):
    return generator.choice(len(patients), len(patients))


def without_replacement(generator, patients):
    names = np.unique(patients)
    return rows_of_all(patients, generator.choice(names, len(names), replace=False))


def once(generator, patients):
    names = np.unique(patients)
    return np.flatnonzero(np.isin(patients, generator.choice(names, len(names))))


def too_many(generator, patients):
    return rows_of_all(patients, generator.choice(np.unique(patients), len(patients)))


def by_slices(generator, patients):
    """Patients with many slices are drawn more often."""
    return rows_of_all(patients, generator.choice(patients, len(np.unique(patients))))


def first_slice(generator, patients):
    names = np.unique(patients)
    return np.array([np.flatnonzero(patients == name)[0] for name in generator.choice(names, len(names))])


def summed(change):
    """Right draws; change(AUC, draws) is returned."""
    return drawing(right_rows, summary=change)


def symmetric(width):
    return summed(lambda found, values: (found, found - width * np.nanstd(values), found + width * np.nanstd(values)))


def standard_error(error):
    """AUC plus and minus 1.96 of error(auc, number of ill slices, of healthy ones)."""
    def mutant(target, scores, patients, repeats, seed):
        found = my_auc(target, scores)
        away = 1.96 * error(found, np.sum(target == 1), np.sum(target == 0))
        return found, found - away, found + away

    return mutant


def hanley(found, ill, healthy):
    """Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747."""
    one, two = found / (2 - found), 2 * found**2 / (1 + found)
    total = found * (1 - found) + (ill - 1) * (one - found**2) + (healthy - 1) * (two - found**2)
    return np.sqrt(total / (ill * healthy))


def one_draw_for_all(target, scores, patients, repeats, seed):
    rows = right_rows(np.random.default_rng(seed), patients)
    return (my_auc(target, scores), *[my_auc(target[rows], scores[rows])] * 2)


def seed_ignored(target, scores, patients, repeats, seed):
    return report(target, scores, patients, repeats, 99)


def over_patients(target, scores, patients, repeats, seed):
    """The mean score of every patient first: one number for each."""
    names = np.unique(patients)
    means = [np.array([of[patients == name].mean() for name in names]) for of in (target, scores)]
    return report(np.round(means[0]).astype(int), means[1], names, repeats, seed)


def _triple(result):
    """AUC, low and high as numbers; None where there are not three."""
    if result.error is not None or not isinstance(result.value, tuple | list) or len(result.value) != 3:
        return None
    arrays = [as_array(one) for one in result.value]
    fits = all(one is not None and not one.shape and one.dtype.kind in "iuf" for one in arrays)
    return np.array([float(one) for one in arrays]) if fits else None


@functools.cache
def _wanted():
    return [np.array(report(*case)) for case in CASES]


def like(*mutants, chosen=None):
    return does(lambda mutant, *case: mutant(*case), CASES, *mutants, chosen=chosen)


def no_seed(results):
    """Sign: the AUC is right, and the interval does not follow the seed: never changed by it, or always."""
    found = [_triple(result) for result in results]
    if any(one is None for one in found) or any(difference(one[0], want[0]) for one, want in zip(
            found, _wanted(), strict=True)):
        return False
    repeats = np.array_equal(found[SAME[0]], found[SAME[1]])
    follows = not np.array_equal(found[OTHER[0]], found[OTHER[1]])
    return all(one[1] < one[0] < one[2] for one in found) and not (repeats and follows)


def right_but_for_one_class(results):
    return all(results[index].error is None and not difference(results[index].value, tuple(_wanted()[index]))
               for index in FULL)


def _near(results, holds):
    """Whether the AUC is right, and holds(found, wanted) for the AUC and both ends, in each large case."""
    found = [_triple(results[index]) for index in LARGE]
    return all(one is not None and not difference(one[0], _wanted()[index][0]) and holds(one, _wanted()[index])
               for one, index in zip(found, LARGE, strict=True))


def narrow(results):
    """Sign: intervals less than three quarters as wide as they should be, around the right AUC."""
    return _near(results, lambda found, want: found[1] < found[0] < found[2]
                 and found[2] - found[1] < 0.75 * (want[2] - want[1]))


def drawn_another_way(results):
    """Sign: both ends lie where other draws may well put them, within a quarter of the width on either side."""
    return _near(results, lambda found, want: np.abs(found - want).max() < 0.25 * (want[2] - want[1]))

"""What goes wrong when an interval is made by drawing, as code, and the signs by which it is known."""
import functools

import numpy as np

from ..comparison import as_array, difference
from ..signs import behaves_like
from .intervals_run import CASES, FULL, LARGE, OTHER, SAME, SINGLE, look, my_auc, report


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


def right_names(generator, patients):
    """The names, where rows are wanted."""
    names = np.unique(patients)
    return generator.choice(names, len(names))


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


def part_of(share):
    """So many patients are drawn, none of them twice."""
    def rows_of(generator, patients):
        names = np.unique(patients)
        return rows_of_all(patients, generator.choice(names, int(share * len(names)), replace=False))

    return rows_of


def numbers_as_rows(generator, patients):
    count = len(np.unique(patients))
    return generator.choice(count, count)


def labels_shuffled(target, scores, patients, repeats, seed):
    generator = np.random.default_rng(seed)
    values = [my_auc(generator.permutation(target), scores) for _ in range(repeats)]
    return my_auc(target, scores), *np.nanpercentile(values, (2.5, 97.5))


def symmetric(width, around=lambda found, values: found, ddof=0):
    """So many standard deviations of the draws around the AUC."""
    def change(found, values):
        middle, away = around(found, values), width * np.nanstd(values, ddof=ddof)
        return found, middle - away, middle + away

    return summed(change)


def of_the_mean(found, values):
    away = 1.96 * np.nanstd(values) / np.sqrt(len(values))
    return found, found - away, found + away


def distances(found, values):
    low, high = np.nanpercentile(values, (2.5, 97.5))
    return found, found - low, high - found


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


def like(*mutants):
    """Sign: the answer does what one of these mutants does."""
    return behaves_like(CASES, *mutants, look=look)


@functools.cache
def _wanted():
    return [np.array(report(*case)) for case in CASES]


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
    """Sign: around the right AUC, and too narrow where patients have many slices, but not where each has one."""
    single = _triple(results[SINGLE])
    if single is None or not 0.6 < np.ptp(single[1:]) / np.ptp(_wanted()[SINGLE][1:]) < 1.6:
        return False
    return _near(results, lambda found, want: (
        0 < found[2] - found[1] < 0.75 * (want[2] - want[1])
        and abs(found[1:].mean() - want[1:].mean()) < 0.25 * (want[2] - want[1])))


def drawn_another_way(results):
    """Sign: both ends lie where other draws may well put them, within a quarter of the width on either side."""
    return _near(results, lambda found, want: np.abs(found - want).max() < 0.25 * (want[2] - want[1]))

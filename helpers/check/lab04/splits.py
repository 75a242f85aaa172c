"""Split by patient: draw patients by lot, and let all slices of each follow."""
import numpy as np

from ..exercise import Complaint, Exercise, Misconception
from ..signs import any_of, changes, raises
from .splits_run import apart, every, look


def split_by_patient(patients, share, seed):
    """Positions of the slices in train and in test; `share` of the patients, drawn by lot, are the test."""
    known = np.unique(patients)
    drawn = np.random.default_rng(seed).permutation(known)
    in_test = np.isin(patients, drawn[:round(share * len(known))])
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)


def _studies(seed, sizes, mixed):
    """Patient numbers in random order, with so many slices each; mixed : slices of a patient lie apart."""
    draw = np.random.default_rng(seed)
    patients = np.repeat(draw.choice(np.arange(100, 1000), len(sizes), replace=False), sizes)
    return draw.permutation(patients) if mixed else patients


CASES = (
    (_studies(1, [3, 5, 2, 6, 4, 1, 7, 4], mixed=False), 0.25, 0),
    (_studies(2, [2, 3, 1, 2, 4, 2, 3, 1] * 2, mixed=True), 0.5, 1),
    (_studies(3, [3] * 20, mixed=False), 0.3, 7),
    (_studies(4, [1, 2, 1, 30, 1, 2, 1, 1, 2, 1, 2, 1], mixed=True), 0.75, 3),
    (_studies(5, [4, 1, 6, 2, 2, 5, 3, 1, 2, 4], mixed=False), 0.25, 11),
)


def _in_a_row(split):
    """Whether one of the parts is the first slices, as they come or sorted by patient, for every seed."""
    in_order = np.sort(split.patients)

    def is_first(part):
        as_they_come = np.array_equal(np.sort(part), np.arange(len(part)))
        return as_they_come or np.array_equal(np.sort(split.patients[part]), in_order[:len(part)])

    return all(any(map(is_first, parts)) for parts in split.parts)


def _first_known(split):
    """Whether the first or last patients are held out, sorted or in the order in which they come."""
    for _, test in split.parts:
        held_out = set(split.patients[test])
        ends = [set(one) for order in split.orders()
                for one in (order[:len(held_out)], order[len(order) - len(held_out):])]
        if held_out not in ends:
            return False
    return True


def _places_of_patients(split):
    """Whether the parts hold the places 0, 1, … of the patients in a list, taken for positions of slices."""
    count = len(np.unique(split.patients))
    return all(np.array_equal(np.sort(np.r_[train, test]), np.arange(count)) for train, test in split.parts)


def _one_each(split):
    return all(len(train) + len(test) == len(np.unique(split.patients)) for train, test in split.parts)


def _whole_patients_lost(split):
    used = [np.r_[train, test] for train, test in split.parts]
    return all(not np.intersect1d(np.delete(split.patients, one), split.patients[one]).size for one in used)


def _slices_drawn(patients, share, seed):
    order = np.random.default_rng(seed).permutation(len(patients))
    count = round(share * len(patients))
    return order[count:], order[:count]


def _held_out(choose):
    """choose(known patients, how many, seed) gives those in the test."""
    def mutant(patients, share, seed):
        known = np.unique(patients)
        in_test = np.isin(patients, choose(known, round(share * len(known)), seed))
        return np.flatnonzero(~in_test), np.flatnonzero(in_test)

    return mutant


def _changed(change):
    """change(train, test, patients) of the right split."""
    return lambda patients, share, seed: change(*split_by_patient(patients, share, seed), patients)


def _lost(patients, share, seed):
    drawn, known = np.random.default_rng(seed).permutation(np.unique(patients)), len(np.unique(patients))
    test, train = drawn[:int(share * known)], drawn[known - int((1 - share) * known) + 1:]
    return np.flatnonzero(np.isin(patients, train)), np.flatnonzero(np.isin(patients, test))


def _one_slice(patients, share, seed):
    _, places = np.unique(patients, return_index=True)
    order = np.random.default_rng(seed).permutation(places)
    count = round(share * len(places))
    return order[count:], order[:count]


def _by_slices(patients, share, seed):
    order = np.random.default_rng(seed).permutation(np.unique(patients))
    in_test = np.isin(patients, order[:round(share * len(patients))])
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)


def _shuffled(patients, share, seed):
    np.random.default_rng(seed).shuffle(patients)
    return split_by_patient(patients, share, seed)


SPLIT_BY_PATIENT = Exercise(
    title="Exercise 5",
    points=2,
    reference=split_by_patient,
    observe=look,
    cases=CASES,
    hints=(
        "Who is there? `known = np.unique(patients)`, each patient once. `share * len(known)` of them are the test.",
        ("Draw them: `np.random.default_rng(seed).permutation(known)` puts the patients in random order, the same "
         "order for the same seed. Take the first ones."),
        ("Now their slices: `in_test = np.isin(patients, held_out)` has one True or False for each slice. "
         "`np.flatnonzero(in_test)` are the positions, and `~in_test` are the others."),
    ),
    misconceptions=(
        Misconception(
            "patients shuffled in place",
            "Your function shuffles the array that it was given, so it no longer says whose slice is whose. "
            "`permutation` shuffles a copy.",
            _shuffled,
            sign=changes("patients")),
        Misconception(
            "numbers instead of positions",
            "You return patients, by their number or by their place in a list of patients. Return positions of slices, "
            "so that `hu[train]` works: `np.flatnonzero(np.isin(patients, ...))`.",
            lambda patients, share, seed: tuple(np.unique(patients[part])
                                                for part in split_by_patient(patients, share, seed)),
            sign=any_of(raises(Complaint, "do not hold positions"), every(
                lambda splits: all(map(_places_of_patients, splits))))),
        Misconception(
            "masks instead of positions",
            "You return True or False for each slice. Return the positions where it is True: `np.flatnonzero(mask)`.",
            _changed(lambda train, test, patients: tuple(np.isin(np.arange(len(patients)), part)
                                                         for part in (train, test))),
            sign=raises(Complaint, "are masks")),
        Misconception(
            "test slices also in train",
            "Train still holds what is in the test. Take the patients of the test out: `~in_test`.",
            _changed(lambda train, test, patients: (np.arange(len(patients)), test)),
            sign=every(lambda splits: all(one.twice for one in splits))),
        Misconception(
            "first slices cut off",
            "You cut the row of slices in two, as it comes or sorted. It says nothing about patients: one lies on both "
            "sides, and the order of a file, often by hospital or year, decides who is tested.",
            lambda patients, share, seed: np.split(np.arange(len(patients)), [round((1 - share) * len(patients))]),
            sign=every(lambda splits: all(map(_in_a_row, splits)) and any(one.both for one in splits))),
        Misconception(
            "slices shuffled before grouping",
            "You shuffle or draw slices, so slices of one patient end up on both sides. Group first: draw patients, "
            "from `np.unique(patients)`, and let all slices of each follow.",
            _slices_drawn,
            sign=every(lambda splits: any(one.both for one in splits) and all(one.draws for one in splits))),
        Misconception(
            "one slice of each patient",
            "You keep one slice of each patient and lose the others. All slices of a patient go to the same part.",
            _one_slice,
            sign=every(lambda splits: all(map(_one_each, splits)))),
        Misconception(
            "patients lost",
            "Some patients are in neither part. Who is not in the test is in train: `~in_test`.",
            _lost,
            sign=every(lambda splits: any(one.lost for one in splits) and all(map(_whole_patients_lost, splits)))),
        Misconception(
            "test part empty",
            "Nobody is in your test. How many patients are `share * len(known)`? Round that, not the share. And what "
            "you look for in `patients` must be their numbers, not places: `known[order]`.",
            _held_out(lambda known, count, seed: known[:0]),
            sign=every(lambda splits: not any(any(one.held_out) for one in splits))),
        Misconception(
            "train and test exchanged",
            "Your first part is as large as the test should be. Return train first: `share` is the test.",
            lambda patients, share, seed: split_by_patient(patients, share, seed)[::-1],
            sign=every(lambda splits: apart(splits) and all(
                one.fits(len(np.unique(one.patients)) - count) for one in splits for count in one.held_out))),
        Misconception(
            "drawn with replacement",
            "Fewer patients are held out than `share` says: your draw may hit one twice. Draw from "
            "`np.unique(patients)`, without replacement.",
            _held_out(lambda known, count, seed: np.random.default_rng(seed).choice(known, count)),
            sign=every(lambda splits: apart(splits) and all(one.draws for one in splits) and all(
                count < one.wanted + 1 for one in splits for count in one.held_out) and any(
                    not one.fits(count) for one in splits for count in one.held_out))),
        Misconception(
            "another share than asked",
            "You hold out too many or too few. `share` is a share of the patients, `len(np.unique(patients))`, not of "
            "the slices; and a coin for each patient hits it only on average. Round `share * len(known)` and draw as "
            "many.",
            _by_slices,
            sign=every(lambda splits: apart(splits) and any(
                count >= one.wanted + 1 for one in splits for count in one.held_out))),
        Misconception(
            "first patients instead of a draw",
            "You hold out the first or the last patients, so the order of a file decides. Draw them by lot, with the "
            "seed.",
            _held_out(lambda known, count, seed: known[:count]),
            sign=every(lambda splits: apart(splits) and all(map(_first_known, splits)))),
        Misconception(
            "a block instead of a draw",
            "You hold out patients who stand side by side in a list, and the seed only says where the block begins. "
            "Whoever came in one week or from one hospital stays together. Draw them by lot.",
            _held_out(lambda known, count, seed: np.roll(known, seed)[:count]),
            sign=every(lambda splits: apart(splits) and any(one.neighbours() for one in splits) and all(
                one.draws for one in splits))),
        Misconception(
            "seed ignored",
            "Another seed gives the same split. Hand the seed on: `np.random.default_rng(seed)`.",
            _held_out(lambda known, count, seed: np.random.default_rng(0).permutation(known)[:count]),
            sign=every(lambda splits: apart(splits) and not any(one.draws for one in splits))),
        Misconception(
            "another split every time",
            "The same seed gives another split each time, so nobody can repeat what you report. Hand the seed on: "
            "`np.random.default_rng(seed)`.",
            _held_out(lambda known, count, seed: np.random.default_rng().permutation(known)[:count]),
            sign=every(lambda splits: apart(splits) and not all(one.repeats for one in splits))),
    ),
)

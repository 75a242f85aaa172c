"""What a split by patient does, for several seeds: any draw is right that keeps every patient together."""
import numpy as np

from ..comparison import as_array, kind_of
from ..exercise import Complaint

SEEDS = 6  # splits that are looked at, one for each seed
MANY = 12  # patients, from which on nobody draws neighbours in a list for every seed


class Splits(dict):
    """What the splits of one case do, in words and numbers, with the splits themselves for the signs.

    parts : (train, test) for each seed.
    """

    def __init__(self, patients, share, parts, repeats):
        self.patients, self.parts, self.repeats = patients, parts, repeats
        self.wanted = share * len(np.unique(patients))
        self.held_out = [len(np.unique(patients[test])) for _, test in parts]
        self.draws = len({tuple(sorted(test.tolist())) for _, test in parts}) > 1
        counts = [np.bincount(np.r_[train, test], minlength=len(patients)) for train, test in parts]
        self.both = max(len(np.intersect1d(patients[train], patients[test])) for train, test in parts)
        self.lost, self.twice = (max(int(np.sum(picks(one))) for one in counts)
                                 for picks in (lambda one: one == 0, lambda one: one > 1))
        super().__init__({
            "patients on both sides": self.both, "slices in no part": self.lost, "slices twice": self.twice,
            "patients in test": self._in_test(), "same seed": "same split" if repeats else "another split",
            "another seed": self._of_another_seed()})

    def _of_another_seed(self):
        if not self.draws:
            return "same split"
        return "another block of a list" if self.neighbours() else "another split"

    def orders(self):
        """Two ways in which the patients stand in a row: by number, and as they come."""
        known, places = np.unique(self.patients, return_index=True)
        return known, self.patients[np.sort(places)]

    def neighbours(self):
        """Whether those held out stand side by side for every seed, in a ring of many patients."""
        known = self.orders()[0]
        return len(known) >= MANY and any(
            all(_runs(np.isin(order, self.patients[test])) == 1 for _, test in self.parts) for order in self.orders())

    def fits(self, count):
        """Whether so many patients are the share, rounded down or up."""
        return abs(count - self.wanted) < 1

    def _in_test(self):
        if all(map(self.fits, self.held_out)):
            return f"{self.wanted:g}"
        few, many = min(self.held_out), max(self.held_out)
        return f"{few}" if few == many else f"{few} to {many}"


def _runs(held_out):
    """How many runs of True a ring of True and False has."""
    return int(np.sum(held_out & ~np.roll(held_out, 1)))


def look(answer, patients, share, seed):
    """The Splits of an answer for several seeds; None or ... where it returns nothing yet.

    Raises Complaint for anything else than two arrays of positions.
    """
    before = patients.copy()
    first = answer(patients, share, seed)
    if first is None or first is Ellipsis:
        return first
    others = [answer(before.copy(), share, other) for other in (seed, *range(seed + 1, seed + SEEDS))]
    first, again, *parts = [_positions(one, before) for one in (first, *others)]
    repeats = all(np.array_equal(np.sort(one), np.sort(other)) for one, other in zip(first, again, strict=True))
    return Splits(before, share, [first, *parts], repeats)


def _positions(split, patients):
    """Two index arrays; raises Complaint for anything else."""
    arrays = [as_array(part) for part in split] if isinstance(split, tuple | list) and len(split) == 2 else [None]
    if any(part is None or part.ndim != 1 for part in arrays):
        raise Complaint("Return two arrays of positions, `return train, test`. What came is "
                        f"{_in_words(split)}.")
    if any(part.dtype.kind == "b" for part in arrays):
        raise Complaint("Your parts are masks of True and False. Return positions: `np.flatnonzero(mask)`.")
    if any(part.size and (part.dtype.kind not in "iu" or part.min() < 0 or part.max() >= len(patients))
           for part in arrays):
        raise Complaint(f"Your parts do not hold positions of slices, whole numbers from 0 to {len(patients) - 1}.")
    return [part.astype(int) for part in arrays]


def _in_words(split):
    if not isinstance(split, tuple | list):
        return kind_of(split)
    arrays = [as_array(part) for part in split[:2]]
    if len(split) != 2 or any(array is None for array in arrays):
        return f"{kind_of(split)} of {len(split)}" + (", not arrays" if len(split) == 2 else "")
    return "two arrays of the shapes " + " and ".join(str(array.shape) for array in arrays)


def every(holds):
    """Sign: every case gave Splits, and holds(all of them) is true."""
    def shows(results):
        return all(isinstance(result.value, Splits) for result in results) and bool(
            holds([result.value for result in results]))

    return shows


def apart(splits):
    """Whether each slice is in one part, and each patient."""
    return not any(one.both or one.lost or one.twice for one in splits)

"""An AUC with the interval that drawing patients anew gives it, and the studies it is tried on."""
import functools

import numpy as np
import torch

from .auc import auc as my_auc  # the lab's name for the learner's own function


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
    (*_study(6, 14, 16, (1, 1)), 100, 3),  # one slice of each: here drawing slices is drawing patients
)
SAME, OTHER = (1, 3), (1, 2)  # the same study with the same seed, and with another one
ONE_CLASS = 4
FULL = [index for index in range(len(CASES)) if index != ONE_CLASS]
LARGE, SINGLE = (1, 2, 3), 6


def look(answer, target, scores, patients, repeats, seed):
    """What an answer returns; an array of three numbers is taken for three numbers."""
    found = answer(target, scores, patients, repeats, seed)
    is_row = isinstance(found, np.ndarray | torch.Tensor) and tuple(found.shape) == (3,)
    return tuple(found) if is_row else found

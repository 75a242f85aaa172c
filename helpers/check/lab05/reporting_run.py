"""A report by patient, and the small studies it is tried on."""
import numpy as np

from .apart_run import hausdorff as my_hausdorff  # the lab's name for the learner's own function


def patient_report(target, pred, patients, spacing):
    """Dice and Hausdorff distance of each patient's volume, their means over patients, and how many were missed."""
    names, dice, mm = np.unique(patients), [], []
    for name in names:
        rows = patients == name
        truth, drawn = target[rows], pred[rows]                                    # (slices, H, W): one volume
        areas = truth.sum() + drawn.sum()
        dice.append(2 * (truth & drawn).sum() / areas if areas > 0 else np.nan)
        mm.append(my_hausdorff(truth, drawn, spacing[rows][0]))
    mm = np.array(mm)
    return {"patients": names, "dice": np.array(dice), "mm": mm, "mean dice": np.nanmean(dice),
            "mean mm": mm[np.isfinite(mm)].mean(), "missed": np.isinf(mm).sum()}


def _study(seed, counts, steps, missing=(), undrawn=(), invented=(), apart=()):
    """Masks of an organ, drawings of it, patients, whose slices come in turns, and the spacing of each slice.

    counts, steps : of each patient, slices and spacing, (slice, row, column) in mm.  missing : places of patients
    without the organ.  undrawn, invented : who is not drawn, and who has a drawing without the organ.  apart : whose
    drawing meets the organ nowhere.
    """
    numbers = np.random.default_rng(seed)
    names = 100 + numbers.choice(800, len(counts), replace=False)
    whose = numbers.permutation(np.repeat(np.arange(len(counts)), counts))
    target, pred = np.zeros((len(whose), 4, 5), bool), np.zeros((len(whose), 4, 5), bool)
    for place in range(len(counts)):
        rows = np.flatnonzero(whose == place)
        inside = rows[:max(len(rows) - 1, 1)]                                      # the last slice lies below the organ
        target[inside] = numbers.random((len(inside), 4, 5)) < 0.35
        pred[inside] = target[inside] ^ (numbers.random((len(inside), 4, 5)) < 0.15)
        if place in missing or place in invented:
            target[rows] = False
        if place in missing or place in undrawn:
            pred[rows] = False
        if place in apart:
            pred[rows] = np.roll(target[rows], 1, axis=2) & ~target[rows]
    return target, pred, names[whose], np.array(steps, float)[whose]


def _by_hand():
    """Two patients, two slices of one row each: one pixel too many, and one pixel beside it."""
    target = np.array([[[0, 1, 1, 0]], [[0, 1, 0, 0]], [[1, 0, 0, 0]], [[0, 1, 0, 0]]], bool)
    pred = np.array([[[0, 1, 1, 1]], [[0, 0, 1, 0]], [[1, 0, 0, 0]], [[0, 1, 0, 0]]], bool)
    return target, pred, np.array([9, 4, 4, 9]), np.array([(5, 1, 2), (3, 1, 0.5), (3, 1, 0.5), (5, 1, 2)], float)


CASES = (
    _by_hand(),
    _study(1, [3, 2], [(1, 2, 3), (3, 2, 1)]),
    _study(2, [1, 5, 3], [(8, 0.7, 0.7), (2.5, 1, 1), (5, 0.8, 0.8)]),
    _study(3, [4, 2, 3, 6], [(5, 2, 1), (5, 1, 1), (2, 1, 1.5), (3, 3, 1)], undrawn=(2,)),
    _study(4, [3, 3, 2, 4], [(2.5, 1, 3), (5, 1, 1), (2.5, 1, 3), (4, 2, 1)], missing=(1,)),
    _study(5, [2, 4, 3, 5, 3], [(6, 1.5, 1.5), (3, 1, 2), (5, 1, 1), (3, 0.9, 0.9), (1, 1, 1)], missing=(0,),
           undrawn=(4,), invented=(2,)),
    _study(6, [3, 5, 2], [(1.5, 2, 2), (1, 3, 2), (4, 1, 1)], apart=(2,)),
)
ALL_KNOWN = (0, 1, 2, 6)  # every patient has the organ and a drawing

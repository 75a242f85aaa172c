"""A report by patient in mm: what goes wrong, by name."""
import numpy as np

from ..exercise import Exercise, Misconception
from ..signs import any_of, behaves_like, mistakes
from . import reporting_mutants as done
from .reporting_mutants import reported, summed
from .reporting_run import ALL_KNOWN, CASES, patient_report

named, on_known = mistakes(CASES), mistakes(CASES, chosen=ALL_KNOWN)


def _looks_keyed(results):
    """Sign: a dictionary whose keys are patients."""
    return all(isinstance(result.value, dict) and set(map(str, case[2].tolist())) <= set(map(str, result.value))
               for result, case in zip(results, CASES, strict=True))


PATIENTS = (
    Misconception(
        "mean over slices instead of patients",
        "Your report counts slices. A patient with many of them would count more than another, and a slice with three "
        "pixels of the organ as much as one full of it: put the slices of each patient together first.",
        done.by_slice,
        sign=any_of(
            behaves_like(CASES, done.by_slice, done.by_slice_throughout),
            behaves_like(CASES, *(summed(mean_dice=of) for of in (
                lambda dice, mm, slices, target, pred: np.nanmean(done.of_slices(target, pred)),
                lambda dice, mm, slices, target, pred: np.nan_to_num(done.of_slices(target, pred)).mean()))))),
    named(
        "slices averaged within a patient",
        "You average the Dice of the slices of a patient. A slice at the end of the organ has few pixels and a poor "
        "Dice, and would count fully: take all slices as one volume.",
        reported(dice=done.averaged_slices), reported(dice=done.averaged_slices_with_zeros),
        reported(dice=done.averaged_slices_with_ones)),
    named(
        "weighted by slices",
        "You weigh the patients with their slices. A patient is a patient: plain mean.",
        summed(mean_dice=lambda dice, mm, slices, target, pred: np.average(
            dice[~np.isnan(dice)], weights=slices[~np.isnan(dice)]))),
    named(
        "all patients as one volume",
        "Your mean Dice counts the pixels of all patients together. A large patient then outweighs a small one: take "
        "the mean of the patients' values.",
        summed(mean_dice=lambda dice, mm, slices, target, pred: done.overlap(target, pred))),
    named(
        "patients in another order",
        "You list the patients in the order in which they come. Sort them, as `np.unique` does, so that one report can "
        "be compared with another.",
        reported(names=done.first_seen), reported(names=lambda patients: np.unique(patients)[::-1])),
    Misconception(
        "keys are patients",
        "You return an entry for each patient. The keys are the six that the text names; the values for the patients "
        "stand in arrays.",
        done.keyed,
        sign=_looks_keyed),
)
LENGTHS = (
    on_known(
        "spacing ignored",
        "Your distances count voxels. Hand the spacing of the patient on: slice, row, column.",
        reported(spacing=lambda own, given: (1.0, 1.0, 1.0))),
    on_known(
        "spacing of one patient for all",
        "You take the spacing of one patient, or a mean, for everybody. Scans have different slice thickness: "
        "`spacing[rows][0]` is that of this patient.",
        reported(spacing=lambda own, given: given[0]), reported(spacing=lambda own, given: given[-1]),
        reported(spacing=lambda own, given: given.mean(axis=0))),
    on_known(
        "thickness of the slices forgotten",
        "Your distances take the step from slice to slice for something else. It is the first of the three spacings, "
        "and often the largest.",
        *(reported(spacing=lambda own, given, step=step: (step(own[0]), *own[0][1:])) for step in (
            lambda own: 1.0, lambda own: own[1], lambda own: own[2]))),
    on_known(
        "spacing in another order",
        "You hand on the spacing in another order than the axes of the volume: slice, row, column.",
        reported(spacing=lambda own, given: own[0][::-1]), reported(spacing=lambda own, given: np.roll(own[0], -1))),
    on_known(
        "distance slice by slice",
        "You measure in each slice by itself. The nearest point of the other surface may lie in the next slice, and "
        "slices with one mask only have no distance at all: take the patient as one volume.",
        *(reported(mm=done.slice_by_slice(combine, empty)) for combine in (np.max, np.mean) for empty in (
            False, True))),
)
SUMMARY = (
    named(
        "infinite distances in the mean",
        "One missed organ makes your mean distance infinite, and nobody learns how the others fared. Leave such "
        "patients out there, and count them under `\"missed\"`.",
        summed(mean_mm=lambda dice, mm, slices, target, pred: np.nanmean(mm)),
        summed(mean_mm=lambda dice, mm, slices, target, pred: np.mean(mm))),
    named(
        "NaN in the mean",
        "One patient without the organ makes your mean NaN. Leave NaN out: `np.nanmean`.",
        summed(mean_dice=lambda dice, mm, slices, target, pred: np.mean(dice)),
        summed(mean_dice=lambda dice, mm, slices, target, pred: np.mean(dice),
               mean_mm=lambda dice, mm, slices, target, pred: np.mean(mm[~np.isinf(mm)])),
        summed(mean_mm=lambda dice, mm, slices, target, pred: np.mean(mm[~np.isinf(mm)])),
        summed(mean_dice=lambda dice, mm, slices, target, pred: np.mean(dice),
               mean_mm=lambda dice, mm, slices, target, pred: np.mean(mm))),
    named(
        "missed patients counted as 0 mm",
        "Your mean takes a missed organ for 0 mm, which is a perfect drawing. Leave it out of the mean distance, and "
        "count it under `\"missed\"`.",
        summed(mean_mm=lambda dice, mm, slices, target, pred: np.where(np.isfinite(mm), mm, 0).mean()),
        summed(mean_mm=lambda dice, mm, slices, target, pred: np.where(np.isinf(mm), 0, mm)[~np.isnan(mm)].mean())),
    named(
        "missed patients left out of the mean Dice",
        "Who was missed has a Dice of 0, and it counts. Only patients without the organ, whose Dice is NaN, are left "
        "out.",
        summed(mean_dice=lambda dice, mm, slices, target, pred: dice[np.isfinite(mm)].mean()),
        summed(mean_dice=lambda dice, mm, slices, target, pred: dice[dice > 0].mean())),
    named(
        "patients without the organ in the mean",
        "You count a patient who has no organ and no drawing as 0 or as 1. There is nothing to measure: NaN, and not "
        "in the mean.",
        reported(dice=done.filled(0.0)), reported(dice=done.filled(1.0)),
        summed(mean_dice=lambda dice, mm, slices, target, pred: np.nan_to_num(dice).mean()),
        summed(mean_dice=lambda dice, mm, slices, target, pred: np.nansum(dice) / len(dice))),
    named(
        "NaN counted as missed",
        "You count patients without the organ as missed. Nothing was missed there; count the infinite distances: "
        "`np.isinf`.",
        summed(missed=lambda dice, mm, slices, target, pred: (~np.isfinite(mm)).sum()),
        summed(missed=lambda dice, mm, slices, target, pred: np.isnan(mm).sum())),
    named(
        "no overlap taken for missed",
        "You count every Dice of 0 as missed. A drawing beside the organ overlaps nowhere and still has a distance; "
        "count the infinite ones.",
        summed(missed=lambda dice, mm, slices, target, pred: (dice == 0).sum())),
    named(
        "share instead of a number of patients",
        "Under `\"missed\"` you return a share. Return how many patients they are.",
        summed(missed=lambda dice, mm, slices, target, pred: np.isinf(mm).mean()),
        summed(missed=lambda dice, mm, slices, target, pred: np.isinf(mm).sum() / (~np.isnan(mm)).sum())),
    named(
        "who was missed instead of how many",
        "Under `\"missed\"` you return patients, or True and False. Return how many they are: `.sum()`.",
        summed(missed=lambda dice, mm, slices, target, pred: np.isinf(mm)),
        summed(missed=lambda dice, mm, slices, target, pred: bool(np.isinf(mm).any())),
        lambda *case: (said := patient_report(*case)) | {"missed": said["patients"][np.isinf(said["mm"])]}),
    on_known(
        "median instead of mean",
        "You take the median. The mean is asked for.",
        summed(mean_dice=lambda dice, mm, slices, target, pred: np.nanmedian(dice),
               mean_mm=lambda dice, mm, slices, target, pred: np.median(mm[np.isfinite(mm)])),
        summed(mean_dice=lambda dice, mm, slices, target, pred: np.nanmedian(dice)),
        summed(mean_mm=lambda dice, mm, slices, target, pred: np.median(mm[np.isfinite(mm)]))),
)
OVERLAP = (
    on_known(
        "another overlap than Dice",
        "Your overlap is not Dice: twice the common pixels of the two volumes over the sum of their pixels.",
        reported(dice=done.iou), reported(dice=done.without_two)),
    on_known(
        "rounded",
        "You round. Return the numbers as they are; round when you print them.",
        *(lambda *case, digits=digits: {key: np.round(value, digits) if value.dtype.kind == "f" else value
                                        for key, value in patient_report(*case).items()} for digits in (1, 2, 3, 4))),
)

PATIENT_REPORT = Exercise(
    title="Exercise 9",
    points=3,
    reference=patient_report,
    cases=CASES,
    hints=(
        ("`for name in np.unique(patients):` and in it `rows = patients == name`; `target[rows]` is the volume of this "
         "patient, (slices, H, W)."),
        ("Its distance: `my_hausdorff(target[rows], pred[rows], spacing[rows][0])`. Its Dice: twice the common voxels "
         "over the voxels of both, `np.nan` where there are none. Collect both in two lists."),
        ("After the loop: `mm = np.array(mm)`; `np.nanmean(dice)`; `mm[np.isfinite(mm)].mean()`; `np.isinf(mm).sum()`. "
         "Return all six entries."),
    ),
    misconceptions=(*PATIENTS, *LENGTHS, *SUMMARY, *OVERLAP),
)

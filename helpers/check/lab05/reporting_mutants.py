"""What the known mistakes in a report by patient compute."""
import numpy as np

from .apart_run import hausdorff
from .reporting_run import patient_report


def overlap(truth, drawn):
    areas = truth.sum() + drawn.sum()
    return 2 * (truth & drawn).sum() / areas if areas else np.nan


def reported(names=np.unique, dice=overlap, mm=hausdorff, spacing=lambda own, given: own[0], summary=None):
    """patient_report in parts that can be replaced.

    dice, mm : of one volume.  spacing : of a patient, from the rows of his slices and those of all.
    summary : other entries from (dice, mm, slices of each patient, target, pred).
    """
    def mutant(target, pred, patients, given):
        known = names(patients)
        rows = [patients == name for name in known]
        scores = np.array([dice(target[one], pred[one]) for one in rows], float)
        lengths = np.array([mm(target[one], pred[one], spacing(given[one], given)) for one in rows], float)
        said = {"patients": known, "dice": scores, "mm": lengths, "mean dice": np.nanmean(scores),
                "mean mm": _finite(lengths).mean(), "missed": np.isinf(lengths).sum()}
        return said | (summary(scores, lengths, np.array([one.sum() for one in rows]), target, pred) if summary else {})

    return mutant


def _finite(values):
    return values[np.isfinite(values)]


def summed(**entries):
    """Other entries in the summary: functions of (dice, mm, slices, target, pred)."""
    names = {"mean_dice": "mean dice", "mean_mm": "mean mm", "missed": "missed"}
    return reported(summary=lambda *given: {names[name]: of(*given) for name, of in entries.items()})


def of_slices(target, pred):
    """Dice of every slice."""
    return np.array([overlap(truth, drawn) for truth, drawn in zip(target, pred, strict=True)])


def averaged_slices(target, pred):
    values = of_slices(target, pred)
    return np.nanmean(values) if not np.isnan(values).all() else np.nan


def averaged_slices_with_zeros(target, pred):
    return np.nan_to_num(of_slices(target, pred)).mean()


def averaged_slices_with_ones(target, pred):
    return np.nan_to_num(of_slices(target, pred), nan=1.0).mean()


def by_slice(target, pred, patients, spacing):
    """A report whose unit is the slice."""
    return patient_report(target, pred, np.arange(len(target)), spacing) | {"patients": np.unique(patients)}


def by_slice_throughout(target, pred, patients, spacing):
    return patient_report(target, pred, np.arange(len(target)), spacing)


def slice_by_slice(combine, empty=False):
    """Distances in each slice: combine(finite distances of the slices).

    empty : a slice with one mask only makes it infinite.
    """
    def mm(target, pred, spacing):
        values = np.array([hausdorff(truth, drawn, spacing[1:]) for truth, drawn in zip(target, pred, strict=True)])
        if empty and np.isinf(values).any():
            return np.inf
        if not np.isfinite(values).any():
            return np.inf if np.isinf(values).any() else np.nan
        return combine(_finite(values))

    return mm


def first_seen(patients):
    """Patients in the order in which they come."""
    return np.array(list(dict.fromkeys(patients.tolist())))


def iou(truth, drawn):
    either = (truth | drawn).sum()
    return (truth & drawn).sum() / either if either else np.nan


def without_two(truth, drawn):
    return overlap(truth, drawn) / 2


def filled(value):
    """Another Dice where there is nothing to measure."""
    return lambda truth, drawn: np.nan_to_num(overlap(truth, drawn), nan=value)


def keyed(target, pred, patients, spacing):
    """A dictionary of patients."""
    said = patient_report(target, pred, patients, spacing)
    return {int(name): (dice, mm) for name, dice, mm in zip(said["patients"], said["dice"], said["mm"], strict=True)}

"""How well two masks overlap. `target` is the truth, `pred` what somebody has drawn; both count alike.

Masks are bool arrays of shape (N, H, W), or (N, D, H, W) for volumes: one number per scan comes out. A scan in which
both masks are empty has no overlap to measure: NaN. Where one of them is empty, nothing was found: 0.
"""
import numpy as np
from scipy import ndimage


def checked(target, pred):
    """Both as bool arrays (N, ...).  Raises ValueError unless they are masks of one shape with an axis of scans."""
    arrays = np.asarray(target), np.asarray(pred)
    for name, array in zip(("target", "pred"), arrays, strict=True):
        if array.dtype != bool:
            hint = "compare probabilities with a threshold, probs > 0.5" if array.dtype.kind == "f" else \
                "choose one organ, labels == 2"
            raise ValueError(f"{name} must be a bool mask, not {array.dtype}: {hint}.")
        if array.ndim < 3:
            raise ValueError(f"{name} must have the shape (N, H, W) or (N, D, H, W), not {array.shape}: write "
                             "mask[None] for a single one.")
    if arrays[0].shape != arrays[1].shape:
        raise ValueError(f"target has shape {arrays[0].shape} and pred has shape {arrays[1].shape}: they must be the "
                         "same.")
    return arrays


def _share(part, whole):
    """part / whole, NaN where nothing is divided by nothing."""
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)


def _counts(target, pred):
    """Pixels of both masks and of their sum and union, three arrays (N,)."""
    pixels = tuple(range(1, target.ndim))
    both = (target & pred).sum(pixels)
    areas = target.sum(pixels) + pred.sum(pixels)
    return both, areas, areas - both


def dice(target, pred):
    """Twice the common pixels of two masks over the sum of their areas.

    target, pred : bool arrays of shape (N, H, W), or (N, D, H, W).
    Returns an array (N,) from 0 to 1; NaN where both masks are empty, since a scan without the organ has no overlap to
    measure; 0 where one of them is.  Raises ValueError for anything but masks of one shape.
    Source: Dice 1945, doi:10.2307/1932409.

    >>> mask = np.array([[[True, True, False]]])
    >>> dice(mask, np.roll(mask, 1, axis=2)).tolist()
    [0.5]
    """
    both, areas, _ = _counts(*checked(target, pred))
    return _share(2 * both, areas)


def iou(target, pred):
    """Intersection over union: the common pixels of two masks over those of either; also Jaccard index.

    target, pred, empty masks and errors : as for `dice`, which is 2 IoU / (1 + IoU).
    Source: Jaccard 1912, doi:10.1111/j.1469-8137.1912.tb05611.x.

    >>> mask = np.array([[[True, True, False]]])
    >>> iou(mask, np.roll(mask, 1, axis=2)).round(3).tolist()
    [0.333]
    """
    both, _, either = _counts(*checked(target, pred))
    return _share(both, either)


def boundary_iou(target, pred, width=1):
    """IoU of the rims of two masks: what is left when large insides, which are easy, do not count.

    width : of the rim in pixels, a whole number from 1 up. A pixel belongs to the rim if something outside of the mask
    lies within `width` pixels of it, diagonals included; outside of the image nothing belongs to a mask.
    target, pred, empty masks and errors : as for `dice`; with a rim as wide as the mask it is `iou`.
    Source: Cheng et al. 2021, doi:10.1109/CVPR46437.2021.01508.

    >>> square = np.pad(np.ones((1, 4, 4), bool), ((0, 0), (2, 2), (2, 2)))
    >>> boundary_iou(square, np.roll(square, 1, axis=2)).tolist()
    [0.3333333333333333]
    """
    if width != int(width) or width < 1:
        raise ValueError(f"width counts pixels, a whole number from 1 up, not {width!r}.")
    return iou(*(rim(masks, int(width)) for masks in checked(target, pred)))


def rim(masks, width=1):
    """The outermost pixels of masks (N, ...), as bool: those that an erosion by `width` pixels takes away."""
    near = np.ones((1, *[2 * width + 1] * (masks.ndim - 1)), bool)             # every scan by itself
    return masks & ~ndimage.binary_erosion(masks, near)


def per_patient(measure, target, pred, patients, classes):
    """A measure of every class in every patient, whose slices count as one volume.

    measure : function of two masks (1, D, H, W), for example `dice`.
    target, pred : whole numbers (N, H, W), the class of every pixel of N slices.
    patients : (N,), whose slice each is.  classes : numbers of those that are measured; leave out the background.
    Returns the patients, sorted, (P,), and an array (P, len(classes)).
    A mean over slices would let a slice with three pixels of liver count as much as one full of it, and patients
    with many slices more than others.
    Raises ValueError when there is not one patient per slice.

    >>> labels = np.array([[[0, 1]], [[1, 1]], [[0, 0]]])
    >>> numbers, values = per_patient(dice, labels, np.ones_like(labels), [7, 7, 9], [1])
    >>> numbers.tolist(), values.round(2).tolist()
    ([7, 9], [[0.86], [0.0]])
    """
    target, pred, patients = np.asarray(target), np.asarray(pred), np.asarray(patients)
    if not len(target) == len(pred) == len(patients):
        raise ValueError(f"There are {len(target)} and {len(pred)} slices but {len(patients)} entries of patients: "
                         "name the patient of every slice.")
    known = np.unique(patients)
    values = [[measure((target[rows] == number)[None], (pred[rows] == number)[None])[0] for number in classes]
              for rows in (patients == patient for patient in known)]
    return known, np.reshape(values, (len(known), len(classes))).astype(float)

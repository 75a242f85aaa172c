"""How far apart the surfaces of two masks are, in millimetres.

The surface of a mask are its pixels that have a neighbour outside, across an edge (in volumes across a face); what
lies outside of the image is outside of the mask. Distances run between the centres of surface pixels. Both directions
are looked at: from every pixel of one surface to the nearest of the other.
"""
import math

import numpy as np
from scipy import ndimage

from helpers.metrics.masks import checked


def surface(mask):
    """The surface of one mask (H, W) or (D, H, W), as bool of the same shape."""
    return mask & ~ndimage.binary_erosion(mask)


def distances(target, pred, spacing):
    """Distances in mm between the surfaces of two masks, both ways: two arrays, one entry per surface pixel.

    target, pred : bool (H, W) or (D, H, W), neither of them empty.
    """
    box, = ndimage.find_objects((target | pred).astype(np.uint8))              # the rest is empty
    first, second = (surface(np.pad(mask[box], 1)) for mask in (target, pred))
    return tuple(ndimage.distance_transform_edt(~to, sampling=spacing)[of] for of, to in ((first, second),
                                                                                           (second, first)))


def _each(target, pred, spacing, one_empty, measure):
    """A measure of `distances` for every scan: NaN where both masks are empty, `one_empty` where one is."""
    target, pred = checked(target, pred)
    spacing = tuple(np.ravel(spacing).tolist())
    if len(spacing) != target.ndim - 1 or not all(0 < side < math.inf for side in spacing):
        raise ValueError(f"spacing must hold the mm between neighbours along each of the {target.ndim - 1} axes of a "
                         f"scan, not {spacing}.")
    values = []
    for truth, drawn in zip(target, pred, strict=True):
        both = truth.any() and drawn.any()
        values.append(measure(*distances(truth, drawn, spacing)) if both else
                      one_empty if truth.any() or drawn.any() else math.nan)
    return np.array(values, float)


def hausdorff(target, pred, spacing, percent=100):
    """How far one surface strays from the other at its worst, in mm.

    target, pred : bool arrays of shape (N, H, W), or (N, D, H, W).
    spacing : mm between neighbours, one number per axis of a scan: (row, column) or (slice, row, column).
    percent : 100 takes the largest distance, 95 the one that 95 % of the surface keep below; of both directions the
    larger one. 95 % forgives a few stray pixels, and an error on up to a twentieth of the surface.
    Returns an array (N,) in mm, 0 for equal masks; NaN where both are empty; infinite where one is, since there is
    nothing to be near to. A mean over scans is then infinite too: count such scans by themselves.
    Raises ValueError for masks or spacing that do not fit, and a percent outside of 0 to 100.
    Source: Huttenlocher, Klanderman and Rucklidge 1993, doi:10.1109/34.232073; percentiles as in
    Maier-Hein et al. 2024, doi:10.1038/s41592-023-02151-z.

    >>> mask = np.array([[[True, True, False, False]]])
    >>> hausdorff(mask, np.roll(mask, 1, axis=2), spacing=(3, 0.7)).tolist()
    [0.7]
    """
    if not 0 <= percent <= 100:
        raise ValueError(f"percent must lie between 0 and 100, not {percent!r}.")
    return _each(target, pred, spacing, math.inf,
                 lambda there, back: max(np.percentile(there, percent), np.percentile(back, percent)))


def average_surface_distance(target, pred, spacing):
    """Mean distance between two surfaces, over the pixels of both, in mm.

    target, pred, spacing, empty masks and errors : as for `hausdorff`.
    Source: Heimann et al. 2009, doi:10.1109/TMI.2009.2013851, section II.D.

    >>> mask = np.array([[[True, True, False, False]]])
    >>> average_surface_distance(mask, np.roll(mask, 1, axis=2), spacing=(3, 0.7)).tolist()
    [0.35]
    """
    return _each(target, pred, spacing, math.inf, lambda there, back: np.concatenate([there, back]).mean())


def surface_dice(target, pred, spacing, tolerance):
    """Share of both surfaces that lies within a tolerance of the other: what nobody would need to draw again.

    target, pred, spacing and errors : as for `hausdorff`.
    tolerance : mm that two experts may differ by, 0 or more. Below the size of a pixel it means little.
    Returns an array (N,) from 0 to 1; NaN where both masks are empty, 0 where one is.
    Surface pixels are counted; the published implementation weighs them by the area each stands for.
    Source: Nikolov et al. 2021, doi:10.2196/26151.

    >>> mask = np.array([[[True, True, False, False]]])
    >>> surface_dice(mask, np.roll(mask, 1, axis=2), spacing=(3, 0.7), tolerance=0.5).tolist()
    [0.5]
    """
    if not 0 <= tolerance < math.inf:
        raise ValueError(f"tolerance must be 0 mm or more, and finite, not {tolerance!r}.")
    return _each(target, pred, spacing, 0.0,
                 lambda there, back: float((np.concatenate([there, back]) <= tolerance * (1 + 1e-9)).mean()))

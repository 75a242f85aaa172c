"""What the known mistakes in the Hausdorff distance compute."""
import math

import numpy as np
from scipy import ndimage

from helpers.metrics.surfaces import surface

from .apart_run import hausdorff

ONE_SPACING = (
    lambda points, spacing: points * spacing[0], lambda points, spacing: points * spacing[-1],
    lambda points, spacing: points * spacing[1], lambda points, spacing: points * np.mean(spacing),
    lambda points, spacing: points * max(spacing), lambda points, spacing: points * min(spacing))
SCALED_LATE = (
    lambda value, spacing: value * np.prod(spacing), lambda value, spacing: value * math.hypot(*spacing),
    lambda value, spacing: value * sum(spacing))
MEANS = (
    lambda there, back: np.concatenate([there, back]).mean(), lambda there, back: (there.mean() + back.mean()) / 2,
    lambda there, back: max(there.mean(), back.mean()), lambda there, back: there.mean(),
    lambda there, back: back.mean())


def pair(first, second):
    """Differences between every point of one and every point of the other."""
    return first[:, None] - second


def measured(points=surface, scale=lambda points, spacing: points * spacing, nearest=np.min,
             lengths=lambda first, second, spacing: np.sqrt((pair(first, second)**2).sum(-1)),
             combine=lambda there, back: max(there.max(), back.max()), end=lambda value, spacing: value,
             both_empty=math.nan, one_empty=math.inf):
    """hausdorff in parts that can be replaced.

    points : the mask of what is measured.  scale : positions to places.  lengths : from places (and the spacing) to
    distances of every pair.  nearest : what is taken of the distances of one point.  combine : of the two directions.
    """
    def mutant(target, pred, spacing):
        if not target.any() or not pred.any():
            return one_empty if target.any() or pred.any() else both_empty
        first, second = (scale(np.argwhere(points(mask)).astype(float), spacing) for mask in (target, pred))
        apart = lengths(first, second, spacing)
        return end(combine(nearest(apart, axis=1), nearest(apart, axis=0)), spacing)

    return mutant


def farthest(target, pred, spacing):
    """The two points that are farthest apart."""
    return measured(nearest=np.max, combine=lambda there, back: there.max())(target, pred, spacing)


def between_centres(target, pred, spacing):
    """From one centre of mass to the other."""
    if not target.any() or not pred.any():
        return hausdorff(target, pred, spacing)
    centres = [np.argwhere(mask).mean(axis=0) * spacing for mask in (target, pred)]
    return math.dist(*centres)


def inside_free(target, pred, spacing):
    """From the pixels of one mask to the other, which is 0 inside of it, as a distance transform of the mask gives."""
    if not target.any() or not pred.any():
        return hausdorff(target, pred, spacing)
    return max(ndimage.distance_transform_edt(~to, sampling=spacing)[of].max() for of, to in (
        (surface(target), pred), (surface(pred), target)))


def in_pairs(target, pred, spacing):
    """The first point to the first, the second to the second."""
    if not target.any() or not pred.any():
        return hausdorff(target, pred, spacing)
    first, second = (np.argwhere(surface(mask)) * spacing for mask in (target, pred))
    count = min(len(first), len(second))
    return np.sqrt(((first[:count] - second[:count])**2).sum(axis=1)).max()


def stopping(target, pred, spacing):
    """Without a question for empty masks."""
    first, second = (np.argwhere(surface(mask)) * spacing for mask in (target, pred))
    apart = np.sqrt((pair(first, second)**2).sum(-1))
    return max(apart.min(axis=1).max(), apart.min(axis=0).max())

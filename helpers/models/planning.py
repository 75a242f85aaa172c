"""What nnU-Net decides by rule before it trains: spacing, patch, depth, batch and normalisation, from a few facts.

Isensee, Jaeger, Kohl, Petersen and Maier-Hein 2021, doi:10.1038/s41592-020-01008-z, with the numbers of their second
version.  Sizes and spacings have one number per axis, slice first: (slice, row, column).
"""
from typing import NamedTuple

import numpy as np

from helpers.models.summary import Table

LEAST, COVERED, THICK = 4, 0.05, 3     # side of the smallest maps; share of all voxels in a batch; ratio of spacings
FIRST, MOST = 32, {2: 512, 3: 320}     # channels at full resolution, and at most
BUDGET, BATCH = {2: 85e6, 3: 560e6}, {2: 12, 3: 2}    # numbers in the maps of one patch, and patches, that 8 GB hold
START = {2: 2048, 3: 256}              # side of the patch with which the search begins, if spacing is equal


class Plan(NamedTuple):
    """What was decided.

    spacing : mm that all scans are resampled to.  shape : median size of a scan then.  patch_size : voxels that the
    network sees at once.  poolings : how often each axis is halved.  kernel_sizes : of every resolution, finest first.
    batch_size : patches at once.  clip, mean, sd : HU are cut to `clip`, less the mean, divided by the sd.
    """

    spacing: tuple
    shape: tuple
    patch_size: tuple
    poolings: tuple
    kernel_sizes: tuple
    batch_size: int
    clip: tuple
    mean: float
    sd: float

    @property
    def decisions(self):
        """The plan as a Table: what is decided, by which rule, and the answer."""
        times = lambda numbers, form="g": " × ".join(f"{number:{form}}" for number in numbers)           # noqa: E731
        low, high = self.clip
        return Table([
            Decision("target spacing", "median of the training scans", f"{times(self.spacing, '.3g')} mm"),
            Decision("median shape", "after resampling", times(self.shape)),
            Decision("patch size", "as much as fits into memory with a batch of 2", times(self.patch_size)),
            Decision("poolings", f"while a side has {2 * LEAST} voxels; thick slices wait", times(self.poolings)),
            Decision("batch size", "what memory is left; at most 5 % of all voxels", str(self.batch_size)),
            Decision("clip", "0.5 % and 99.5 % of the HU in organs", f"{low:.0f} to {high:.0f} HU"),
            Decision("normalisation", "less the mean, divided by the sd", f"{self.mean:.0f} and {self.sd:.0f} HU")])


class Decision(NamedTuple):
    """One row of `Plan.decisions`."""

    decision: str
    rule: str
    value: str


def plan(spacings, shapes, foreground, dims=3, classes=6, gigabytes=8.0):
    """Plan a U-Net by the rules of nnU-Net.

    spacings, shapes : mm between voxels and voxels of N training scans, each (N, 3), slice first.
    foreground : HU of the voxels that belong to an organ, any shape.
    dims : 3 for volumes, 2 for slices: then only the last two axes are planned.
    classes : background included.  gigabytes : memory of the graphics card.
    Returns a Plan.  Raises ValueError for sizes that do not fit, no scan, or no foreground.

    >>> liver = plan([(1, 0.77, 0.77)] * 131, [(482, 512, 512)] * 131, [-20, 100, 180], classes=3)
    >>> liver.patch_size, liver.poolings, liver.batch_size
    ((128, 128, 128), (5, 5, 5), 2)
    """
    spacings, shapes, foreground = _checked(spacings, shapes, foreground, dims, gigabytes)
    spacing = target_spacing(spacings, shapes)
    shape = np.median(np.rint(shapes * spacings / spacing), axis=0)
    voxels = COVERED * len(shapes) * shape.prod()
    spacing, shape, budget = spacing[-dims:], shape[-dims:], BUDGET[dims] * gigabytes / 8
    patch, steps = fitted(spacing, shape, classes, budget / 2 * BATCH[dims])
    batch = min(round(budget / numbers(patch, steps, classes) * BATCH[dims]), round(voxels / patch.prod()))
    return Plan(_tuple(spacing), _tuple(shape, int), _tuple(patch, int), _tuple(steps.sum(axis=0), int),
                kernels(spacing, steps), max(batch, 2), _tuple(np.percentile(foreground, [0.5, 99.5])),
                float(foreground.mean()), float(foreground.std()))


def target_spacing(spacings, shapes):
    """The median spacing; along thick slices, if there are few of them, that of the tenth with the thinnest.

    spacings, shapes : arrays (N, 3).  Resampling all scans to the median would have to invent slices.
    """
    spacing, shape = np.median(spacings, axis=0), np.median(shapes, axis=0)
    worst = int(spacing.argmax())
    others = np.arange(3) != worst
    if spacing[worst] > THICK * spacing[others].max() and THICK * shape[worst] < shape[others].min():
        spacing[worst] = max(np.percentile(spacings[:, worst], 10), spacing[others].max())
    return spacing


def fitted(spacing, shape, classes, most):
    """The largest patch whose maps hold at most this many numbers, and the steps in which it is halved.

    It begins with the aspect of a cube in mm, no larger than the scan, and loses voxels where it covers most of it.
    """
    side = START[len(spacing)] * np.prod(spacing) ** (1 / len(spacing))
    patch = np.minimum(np.rint(side / spacing), shape).astype(int)
    steps = halvings(spacing, patch)
    patch = whole(patch, steps)
    while numbers(patch, steps, classes) > most:
        covered = patch / shape
        axis = int(np.flatnonzero(covered == covered.max())[-1])
        less = patch.copy()
        less[axis] -= 2 ** steps.sum(axis=0)[axis]                            # the depth may change on the way
        patch[axis] -= 2 ** halvings(spacing, less).sum(axis=0)[axis]
        steps = halvings(spacing, patch)
        patch = whole(patch, steps)
    return patch, steps


def halvings(spacing, patch):
    """In which steps a patch is halved: bool (steps, axes), first step first.

    An axis is halved while at least 2 LEAST voxels are left, and only if its voxels are less than twice as long as the
    shortest: thick slices wait until the pixels within them have become as coarse.

    >>> halvings((4.0, 1.0, 1.0), (20, 64, 64)).astype(int).tolist()
    [[0, 1, 1], [0, 1, 1], [1, 1, 1], [1, 1, 1]]
    """
    spacing, size, steps = np.array(spacing, float), np.array(patch), []
    while (large := size >= 2 * LEAST).any():
        chosen = large & (spacing < 2 * spacing[large].min())
        if chosen.sum() == 1 and size[chosen] < 3 * LEAST:
            break
        steps.append(chosen)
        spacing, size = np.where(chosen, 2 * spacing, spacing), np.where(chosen, -(-size // 2), size)
    return np.reshape(steps, (-1, len(patch))).astype(bool)


def whole(patch, steps):
    """A patch made larger until it can be halved in these steps without remainder."""
    multiple = 2 ** steps.sum(axis=0)
    return -(-np.asarray(patch) // multiple) * multiple


def kernels(spacing, steps):
    """Kernel of every resolution: 1 along an axis whose voxels are still twice as long as the shortest, else 3."""
    spacing, sizes = np.array(spacing, float), []
    for step in steps:
        sizes.append(tuple(3 if near or (sizes and sizes[-1][axis] == 3) else 1
                           for axis, near in enumerate(spacing < 2 * spacing.min())))
        spacing = np.where(step, 2 * spacing, spacing)
    return (*sizes, (3,) * len(spacing))


def numbers(patch, steps, classes):
    """Numbers in the maps of a U-Net for one patch, which decide the memory that it takes.

    Two convolutions at every resolution on the way down, an enlargement and two convolutions on the way up, the logits.
    """
    sizes = [np.array(patch)]
    for step in steps:
        sizes.append(np.where(step, sizes[-1] // 2, sizes[-1]))
    maps = [min(MOST[len(patch)], FIRST * 2**level) * int(np.prod(size)) for level, size in enumerate(sizes)]
    return 2 * sum(maps) + 3 * sum(maps[:-1]) + classes * int(np.prod(patch))


def _checked(spacings, shapes, foreground, dims, gigabytes):
    spacings, shapes, foreground = (np.asarray(values, float) for values in (spacings, shapes, foreground))
    if spacings.ndim != 2 or spacings.shape[1:] != (3,) or spacings.shape != shapes.shape or not len(spacings):
        raise ValueError(f"spacings and shapes need three numbers per scan, (N, 3), not {spacings.shape} and "
                         f"{shapes.shape}.")
    if not (np.isfinite(spacings).all() and spacings.min() > 0 and shapes.min() >= 1):
        raise ValueError("spacings must be above 0 mm and shapes at least 1 voxel along every axis.")
    if not foreground.size or not np.isfinite(foreground).all():
        raise ValueError("foreground must hold the HU of the voxels in organs, at least one, all of them finite.")
    if dims not in MOST or not gigabytes > 0:
        raise ValueError(f"dims must be 2 or 3 and gigabytes above 0, not {dims!r} and {gigabytes!r}.")
    return spacings, shapes, foreground.ravel()


def _tuple(values, kind=float):
    return tuple(kind(value) for value in values)

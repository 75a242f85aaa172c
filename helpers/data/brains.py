"""One real brain, bent: slices of the MNI152 template with its grey and white matter, of many virtual brains."""
from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

from helpers.data.scans import template

TISSUES = ("neither", "grey matter", "white matter")
LEVELS = (34, 42, 50, 58)                                # slices of 2 mm above the lowest; each brain is cut nearby
ROWS, COLUMNS = slice(4, 108), slice(5, 93)              # 104 × 88 pixels that hold the brain
GRID, BEND, SHADE = 10, 1.6, 0.15                        # voxels from bend to bend, their size, and of the shading


@dataclass(frozen=True)
class Brains:
    """Slices of virtual brains: N arrays in step, one entry per slice.

    signal : float32 (N, H, W), relative.  labels : uint8 (N, H, W), indices of label_names.
    brains : int (N,), which virtual brain it is.  spacing : mm between rows and between columns.
    source : what it is, in words.
    """

    signal: np.ndarray
    labels: np.ndarray
    brains: np.ndarray
    label_names: tuple
    spacing: tuple
    source: str

    def __len__(self):
        return len(self.signal)

    def __repr__(self):
        return f"Brains({len(self)} slices of {len(np.unique(self.brains))} virtual brains; {self.source})"

    def take(self, chosen):
        """Some slices only; chosen : indices or a bool for each slice."""
        return replace(self, **{name: getattr(self, name)[chosen] for name in ("signal", "labels", "brains")})


def deformed_brains(count=24, levels=LEVELS):
    """Slices of virtual brains: the MNI152 template stretched, bent, shaded, with other contrast and noise.

    All of them are one brain, an average of 152 people. What a network learns here says how it handles bending and
    noise; it says nothing about patients.

    count : how many; brain k is always the same.  levels : slices of each, 2 mm apart, 0 being the lowest.
    Returns Brains of count × len(levels) slices of 104 × 88 pixels of 2 mm, seen as radiologists do.
    Raises ValueError for a count below 1, and levels that the template does not have.
    Source: Fonov et al. 2011, doi:10.1016/j.neuroimage.2010.07.033, through nilearn; noise of magnitude images:
    Gudbjartsson and Patz 1995, doi:10.1002/mrm.1910340618.
    """
    maps = np.stack([template(kind) for kind in ("t1", "gm", "wm")])         # (3, D, H, W)
    if count < 1 or not len(levels) or not all(0 <= level < maps.shape[1] for level in levels):
        raise ValueError(f"deformed_brains needs a count from 1 up and levels from 0 to {maps.shape[1] - 1}, not "
                         f"{count} and {levels}.")
    made = [_bent(maps, np.random.default_rng([152, number]), np.asarray(levels)) for number in range(count)]
    signal, labels = (np.concatenate(part) for part in zip(*made, strict=True))
    return Brains(signal, labels, np.repeat(np.arange(count), len(levels)), TISSUES, (2.0, 2.0),
                  "one brain, the MNI152 template, bent at random (nilearn)")


def _bent(maps, rng, levels):
    """Signal and labels of the slices of one virtual brain."""
    shape = np.array(maps.shape[1:])
    levels = np.clip(levels + rng.uniform(-2, 2), 0, shape[0] - 1)
    places = np.stack(np.meshgrid(levels, np.arange(shape[1])[ROWS], np.arange(shape[2])[COLUMNS], indexing="ij"))
    turn = np.diag(rng.uniform(0.92, 1.08, 3)) + rng.normal(0, 0.025, (3, 3))
    middle = (shape[:, None, None, None] - 1) / 2
    bends = np.stack([_smooth(rng, places, shape) for _ in range(3)])
    seen = np.einsum("ab,bdrc->adrc", turn, places - middle) + middle + BEND * bends
    t1, grey, white = (ndimage.map_coordinates(part, seen, order=1) for part in maps)
    labels = np.argmax([1 - grey - white, grey, white], axis=0).astype(np.uint8)
    signal = t1 ** rng.uniform(0.8, 1.3) * np.exp(SHADE * _smooth(rng, places, shape, 3 * GRID))
    spread = rng.uniform(0.02, 0.05)
    noisy = np.hypot(signal + rng.normal(0, spread, signal.shape), rng.normal(0, spread, signal.shape))
    return noisy.astype(np.float32), labels


def _smooth(rng, places, shape, grid=GRID):
    """A field that varies slowly, about normal with standard deviation 1 at its knots, at some places."""
    knots = rng.normal(size=[side // grid + 4 for side in shape])
    return ndimage.map_coordinates(knots, places / grid + 1.5, order=3, mode="nearest")

"""The pointing game with its chance level, the maps it is tried on, and what goes wrong, as code."""
import numpy as np


def pointing_game(maps, masks):
    """For each image the share of its highest pixels in the mask, and what chance would get; NaN for an empty mask."""
    hits, chance = np.full(len(maps), np.nan), np.full(len(maps), np.nan)
    for place, (heat, mask) in enumerate(zip(maps, masks, strict=True)):
        if mask.any():
            hits[place] = mask[heat == heat.max()].mean()
            chance[place] = mask.mean()
    return hits, chance


def _masks(*rows):
    """Masks of one row of an image each, written as text: x lies in the mask."""
    return np.array([[[letter == "x" for letter in line] for line in row.split("/")] for row in rows])


CASES = (
    (np.array([[[0.0, 2.0, 1.0, 0.0]]]), _masks(".x..")),
    (np.array([[[0.0, 2.0, 1.0, 0.0]], [[3.0, 2.0, 1.0, 0.0]]]), _masks("..x.", "xx..")),
    (np.array([[[1.0, 5.0, 2.0], [0.0, 4.0, 5.0]]]), _masks(".../xxx")),  # two highest pixels, one of them inside
    (np.array([[[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]], [[1.0, 0.0, 3.0], [2.0, 9.0, 0.0]]]), _masks("x../...", ".../.x.")),
    (np.array([[[1.0, 0.0], [0.0, 3.0]], [[2.0, 7.0], [0.0, 1.0]]]), _masks("../..", ".x/xx")),  # nothing to find
    (np.array([[[-5.0, -1.0, -3.0]], [[-2.0, 0.5, -9.0]], [[0.0, 0.0, 4.0]]]), _masks(".x.", "..x", "x.x")),
    (np.array([[[1.0, 1.0, 1.0, 0.0], [0.0, 0.0, 1.0, 0.0]]]), _masks("xx../x.x.")),  # three of four inside
)
EMPTY = 4
FULL = tuple(place for place in range(len(CASES)) if place != EMPTY)


def played(hit=lambda heat, mask: mask[heat == heat.max()].mean(), chance=lambda mask: mask.mean(),
           empty=(np.nan, np.nan), give=lambda hits, chance: (hits, chance), maps_of=lambda maps: maps):
    """pointing_game with another hit, chance or value for empty masks."""
    def mutant(maps, masks):
        maps = maps_of(maps)
        both = [(hit(heat, mask), chance(mask)) if mask.any() else empty
                for heat, mask in zip(maps, masks, strict=True)]
        return give(*np.array(both, float).T)

    return mutant


def at_first(heat, mask):
    """argmax finds the first of several highest pixels."""
    return mask.flat[heat.argmax()]


def at_last(heat, mask):
    return mask.flat[heat.size - 1 - heat.ravel()[::-1].argmax()]


def energy(heat, mask):
    """The share of the map that lies in the mask: another measure."""
    return heat[mask].clip(0).sum() / max(heat.clip(0).sum(), 1e-9)


def rows_for_columns(heat, mask):
    row, column = np.unravel_index(heat.argmax(), heat.shape)
    return mask[min(column, mask.shape[0] - 1), min(row, mask.shape[1] - 1)]


def whole_batch(maps, masks):
    """One highest pixel for all images."""
    highest = maps == maps.max()
    hits = [np.nan if not mask.any() else (mask & high).sum() / high.sum() if high.any() else 0.0
            for high, mask in zip(highest, masks, strict=True)]
    return np.array(hits), pointing_game(maps, masks)[1]


def left_out(maps, masks):
    """Images with an empty mask are not in the result."""
    hits, chance = pointing_game(maps, masks)
    return hits[~np.isnan(hits)], chance[~np.isnan(chance)]

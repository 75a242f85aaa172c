"""How far the surfaces of two masks are apart, and the masks it is tried on."""
import numpy as np

from helpers.metrics.surfaces import surface


def hausdorff(target, pred, spacing):
    """The largest distance in mm from a point of one surface to the nearest of the other; NaN if both are empty."""
    if not target.any() or not pred.any():
        return np.inf if target.any() or pred.any() else np.nan
    first, second = (np.argwhere(surface(mask)) * spacing for mask in (target, pred))  # (points, axes) in mm
    apart = np.sqrt(((first[:, None] - second) ** 2).sum(axis=2))                      # every point to every other
    return max(apart.min(axis=1).max(), apart.min(axis=0).max())


def mask(*rows):
    """A mask written down: # is True."""
    return np.array([[letter == "#" for letter in row] for row in rows])


def drawn(seed, *shape, share=0.25):
    """Scattered pixels."""
    return np.random.default_rng(seed).random(shape) < share


RING = mask(".......", ".#####.", ".#####.", ".##.##.", ".#####.", ".#####.", ".......")
FILLED, HOLED = np.ones((9, 7), bool), np.ones((9, 7), bool)
HOLED[4, 3] = False  # seen from the hole, the other surface is far away, and the mask is next door
SQUARE = np.pad(np.ones((3, 3), bool), 2)
CASES = (
    (mask("##..."), mask(".###."), (3.0, 0.5)),
    (mask("#....", "##...", "....."), mask("....#", ".....", "...#."), (0.5, 2.0)),
    (mask("###...", "###...", "###...", "......"), mask("###..#", "###...", "###...", "......"), (4.0, 1.5)),
    (mask("###...", "###...", "###...", ".....#"), mask("###...", "###...", "###...", "......"), (1.5, 5.0)),
    (RING, np.ones((7, 7), bool), (2.0, 1.0)),
    (drawn(1, 6, 5), drawn(2, 6, 5), (1.0, 3.0)),
    (drawn(3, 4, 5, 6), drawn(4, 4, 5, 6), (5.0, 1.0, 2.0)),
    (drawn(5, 3, 4, 4, share=0.1), drawn(6, 3, 4, 4, share=0.3), (7.0, 0.7, 1.3)),
    (np.zeros((3, 4), bool), np.zeros((3, 4), bool), (1.0, 1.0)),
    (mask("....", ".##.", "...."), np.zeros((3, 4), bool), (1.0, 2.0)),
    (np.zeros((2, 3, 3), bool), drawn(7, 2, 3, 3), (3.0, 1.0, 1.0)),
    (SQUARE, SQUARE.copy(), (3.0, 1.0)),
    (HOLED, FILLED, (1.0, 1.5)),
)
BOTH_EMPTY, ONE_EMPTY = (8,), (9, 10)
FULL = tuple(index for index in range(len(CASES)) if index not in (*BOTH_EMPTY, *ONE_EMPTY))

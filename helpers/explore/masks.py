"""What the explorers of segmentation share: masks moved and grown, and how truth, drawing and errors are drawn.

Truth has a solid blue line inside its edge, what is drawn a dashed one in black and white outside of its own. Missed
pixels are hatched one way (\\), pixels too many the other way (/).
"""
import numpy as np
from scipy import ndimage

LINE, HATCH = 3, 9                                                             # screen pixels
BLUE, ORANGE = np.uint8((0, 114, 178)), np.uint8((230, 159, 0))
DIAGONAL = np.indices((1200, 1200), dtype=np.int16)
FALLING, RISING = (DIAGONAL[1] - DIAGONAL[0]) % HATCH < 2, DIAGONAL.sum(axis=0) % HATCH < 2
DASHED = np.where((DIAGONAL.sum(axis=0) // 6 % 2)[..., None] > 0, np.uint8(0), np.uint8(255)).repeat(3, axis=-1)


def changed(mask, right=0, down=0, grow=0):
    """A mask (H, W) moved by whole pixels and then grown, or with a negative number shrunk, by as many.

    What leaves the image is lost. Growing takes every pixel no further away than `grow`, between pixel centres.

    >>> changed(np.eye(3, dtype=bool), right=1).astype(int).tolist()
    [[0, 1, 0], [0, 0, 1], [0, 0, 0]]
    """
    rim = max(abs(right), abs(down), abs(grow)) + 1
    wide = np.roll(np.pad(mask, rim), (down, right), (0, 1))
    if grow > 0 and wide.any():
        wide = ndimage.distance_transform_edt(~wide) <= grow
    elif grow < 0:
        wide = ndimage.distance_transform_edt(wide) > -grow
    return wide[rim:-rim, rim:-rim]


def box_around(mask, margin, least=0):
    """Rows and columns around a mask, as two slices inside of the image: a margin of pixels, and a least length."""
    sides = []
    for places, length in zip(np.nonzero(mask), mask.shape, strict=True):
        middle, half = (places.min() + places.max() + 1) / 2, max(np.ptp(places) + 1 + 2 * margin, least) / 2
        start = int(np.clip(round(middle - half), 0, max(0, length - 2 * half)))
        sides.append(slice(start, min(length, start + int(np.ceil(2 * half)))))
    return tuple(sides)


def overlaid(picture, target, pred, zoom, hatch=True):
    """A picture, uint8 (H, W, 3), each pixel `zoom` screen pixels wide, with both masks and their errors on it.

    hatch : False leaves the errors out.
    """
    large = lambda array: array.repeat(zoom, 0).repeat(zoom, 1)                                         # noqa: E731
    picture, truth, drawn = large(picture), large(target), large(pred)
    here = tuple(slice(side) for side in truth.shape)
    if hatch:
        picture[truth & ~drawn & FALLING[here]] = BLUE
        picture[drawn & ~truth & RISING[here]] = ORANGE
    picture[truth & ~inner(truth)] = BLUE
    ring = ~inner(~drawn) & ~drawn
    picture[ring] = DASHED[here][ring]
    return picture


def inner(mask):
    """A mask in screen pixels without its outer LINE; the edge of the picture is no edge of the mask."""
    for axis in (0, 1):
        wide = np.pad(mask, [(LINE, LINE) if side == axis else (0, 0) for side in (0, 1)], "edge")
        parts = [wide.take(range(shift, shift + mask.shape[axis]), axis) for shift in (0, LINE, 2 * LINE)]
        mask = parts[0] & parts[1] & parts[2]
    return mask

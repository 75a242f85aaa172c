"""What the explorers of segmentation share: masks moved and grown, and how truth, drawing and errors are drawn.

Truth has a solid blue line inside its edge, what is drawn a dashed one in black and white outside of its own. Missed
pixels are hatched one way (\\), pixels too many the other way (/).
"""
import numpy as np
from scipy import ndimage

from helpers.explore.pictures import zoomed

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
    picture, truth, drawn = (zoomed(array, zoom) for array in (picture, target, pred))
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


def labels_overlaid(picture, truth, drawn, hatch, zoom):
    """A picture, uint8 (H, W, 3), each pixel `zoom` screen pixels wide, with borders of labels (H, W) and their errors.

    truth, drawn : whole numbers, 0 for the background, or None to leave one out.  The line of the truth is blue, that
    of the drawing dashed in black and white, just inside of it where they coincide.
    hatch : with errors; a pixel of the wrong organ is both missed and too many.
    """
    large = zoomed(picture, zoom)
    here = tuple(slice(side) for side in large.shape[:2])
    blocks = large.reshape(len(picture), zoom, -1, zoom, 3).transpose(0, 2, 1, 3, 4)    # a view: (H, W, zoom, zoom, 3)
    if hatch:
        wrong = truth != drawn
        for labels, lines, colour in ((truth, FALLING, BLUE), (drawn, RISING, ORANGE)):
            large[zoomed(wrong & (labels > 0), zoom) & lines[here]] = colour
    thick = max(1, min(LINE, zoom // 2))
    for labels, first, colours in ((drawn, min(thick, zoom - 1), DASHED), (truth, 0, None)):
        if labels is not None:
            _border(blocks, labels, first, first + thick, colours)
    return large


def _border(blocks, labels, first, last, dashes):
    """Paint a line from `first` to before `last` screen pixels inside the edges of every organ, blue or dashed."""
    zoom, shape = blocks.shape[2], labels.shape
    if dashes is not None:
        dashes = dashes[:shape[0] * zoom, :shape[1] * zoom].reshape(shape[0], zoom, shape[1], zoom, 3)
        dashes = dashes.transpose(0, 2, 1, 3, 4)
    for axis in (0, 1):
        for step in (1, -1):
            beside = np.roll(labels, step, axis)
            ends = [slice(None)] * 2
            ends[axis] = 0 if step == 1 else -1
            beside[tuple(ends)] = labels[tuple(ends)]                          # the edge of the picture is no border
            line = slice(first, last) if step == 1 else slice(zoom - last, zoom - first)
            part = (slice(None),) * axis + (line,)
            rows, columns = np.nonzero((labels > 0) & (beside != labels))
            place = (rows, columns, *part)
            blocks[place] = BLUE if dashes is None else dashes[place]

"""Painting one slice: organs in order, the last on top; then the finer grid is averaged into pixels."""
import numpy as np

from helpers.ct import organs, spine, wall
from helpers.ct.level import Level
from helpers.ct.shapes import coverage, superellipse

LABELS = ("background", "lungs", "heart", "aorta", "spine", "liver")
FINER = 2                            # sub-pixels per pixel and direction


class Canvas:
    """HU of one slice on the finer grid, painted over a background."""

    def __init__(self, level, background):
        self.level, self.hu = level, background

    def blend(self, share, hu):
        """Move towards `hu` by a share between 0 and 1, number or array."""
        self.hu += share * (hu - self.hu)

    def paint(self, distance, hu, where=1.0):
        """Fill a shape with HU; `where` holds it back."""
        self.blend(self.level.inside(distance) * where, hu)

    def bone(self, distance, density, shell, marrow, rim, where=1.0):
        """Cortical bone of that rim (mm) around marrow."""
        self.paint(distance, shell * density, where)
        self.paint(distance + rim, marrow * density, where)


def table(patient, columns, rows):
    """Air with the curved table that the patient lies on, HU (rows, columns)."""
    body = patient.body
    top = body.shift[1] + (94 + 27 + 0.55 * body.fat) * body.scale * body.depth + 3
    rows, columns, pixel = rows[:, None], columns[None], float(columns[1] - columns[0])
    shell = np.where(rows > top, np.abs(superellipse(columns, rows - top, 205, 34, 2.6)) - 1.6, 9)
    lid = np.maximum(np.abs(rows - top) - 1.3, np.abs(columns) - 203)
    return -1000 + np.maximum(680 * coverage(shell, pixel), 750 * coverage(lid, pixel)).astype(np.float32)


def draw(patient, z, size, field):
    """HU, labels and nodules of one slice; see Patient.slice."""
    step = field / (size * FINER)
    places = ((np.arange(size * FINER) + 0.5) * step - field / 2).astype(np.float32)
    background = table(patient, places, places)
    hu, labels, nodules = average(background), *np.zeros((2, size, size), np.uint8)
    left, right, top, bottom = patient.coarse[3]
    (columns, across), (rows, down) = window(places, left, right), window(places, top, bottom)
    level = Level(patient, places[columns], places[rows], z)
    hu[down, across], labels[down, across], nodules[down, across] = paint(level, background[rows, columns].copy())
    return hu, labels, nodules.astype(bool)


def window(places, low, high):
    """The sub-pixels between two coordinates, as a slice that begins and ends with a whole pixel; and those pixels."""
    first, last = np.searchsorted(places, (low, high))
    first, last = int(first) // FINER, -(-int(last) // FINER)
    return slice(FINER * first, FINER * last), slice(first, last)


def paint(level, background):
    """HU, labels and nodules of the part of the plane that holds the body, averaged into pixels."""
    canvas = Canvas(level, background)
    wall.paint_wall(canvas, level)
    organs.paint_mediastinum(canvas, level)
    inside = organs.paint_lungs(canvas, level)
    shapes = dict(lungs=level.lungs, liver=organs.paint_abdomen(canvas, level), heart=organs.paint_heart(canvas, level),
                  aorta=organs.paint_vessels(canvas, level), spine=spine.paint_spine(canvas, level))
    wall.paint_ribs(canvas, level)
    found = organs.paint_nodules(canvas, level, inside)
    return average(canvas.hu), label(level, shapes), average(found) > 0.5


def average(fine):
    """The mean over the sub-pixels of each pixel."""
    corners = [fine[row::FINER, column::FINER] for row in range(FINER) for column in range(FINER)]
    return sum(corners[1:], start=corners[0]) * np.float32(1 / FINER**2)


def label(level, shapes):
    """The organ that fills more than half of a pixel, uint8; where two do, the later one."""
    found = np.zeros([side // FINER for side in level.x.shape], np.uint8)
    for name, distance in shapes.items():
        found[average(level.inside(distance)) > 0.5] = LABELS.index(name)
    return found

"""The spine: vertebrae and discs, the canal, and the muscles beside them."""
import math

import numpy as np

from helpers.ct.shapes import ellipse, rod, smooth_min

VERTEBRA, DISC = 24.0, 5.0           # mm from vertebra to vertebra, and the disc's share of it


def parts(level):
    """Distances to the vertebral body, to the arch with its processes, and to the canal; which level of a vertebra."""
    x, y, spine = level.x, level.y, level.spine
    place = (level.z + level.patient.vertebra_phase) % VERTEBRA
    body = ellipse(x, y, (0, spine), (16.5, 14))
    body = np.maximum(body, -ellipse(x, y, (0, spine + 18), (11, 7)))
    canal = ellipse(x, y, (0, spine + 21.5), (9.5, 8))
    arch = np.abs(ellipse(x, y, (0, spine + 21.5), (12, 10.5))) - 2.6
    if place > 14:                                                     # below the pedicles: openings for the nerves
        arch = np.maximum(arch, spine + 24 - y)
    thorn = rod(x, y, (0, spine + 33), (0, spine + 45 + 5 * math.sin(place / 4)), 3.2, 2.4)
    arch = smooth_min(arch, thorn, 3)
    if place < 15:
        for side in (-1, 1):
            process = rod(x, y, (side * 12, spine + 23), (side * 31, spine + 31), 4.6, 3.6)
            arch = smooth_min(arch, process, 3)
    return body, arch, canal, place


def paint_spine(canvas, level):
    """Muscle beside the spine, then bone, disc and canal; the distance to the whole spine is kept for its label."""
    density, marble, fine = level.patient.body.bone, level.noise(7, 1), level.noise(3, 2)
    for side in (-1, 1):
        muscle = ellipse(level.x, level.y, (side * 26, level.spine + 33), (21, 15), side * 0.25)
        canvas.paint(np.abs(muscle + 3 * marble) - 0.7, -40, 0.6 * level.inside(level.skin + 12) * (level.cage > 3))
    body, arch, canal, place = parts(level)
    canvas.bone(arch, density, 560, 260, 2.0)
    if place > VERTEBRA - DISC:
        canvas.paint(body, 92 + 5 * fine)
    else:
        end_plate = min(place, VERTEBRA - DISC - place)
        inner = (175 + 30 * fine + 12 * marble if end_plate > 1.5 else 320) * density
        canvas.paint(body, 500 * density)
        canvas.paint(body + 1.9, inner)
    canvas.paint(canal, -35)
    canvas.paint(canal + 2.3, 32)
    return np.minimum(np.minimum(body, arch), canal)

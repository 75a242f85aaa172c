"""The chest wall: skin, fat, breasts, muscle, shoulder blades, collar bones, ribs and breast bone."""
import math

import numpy as np

from helpers.ct.shapes import along, ellipse, rod, tube

SKIN, FAT, MUSCLE = 25, -104, 56
RIB_STEP, RIB_DROP = 27.0, 82.0     # mm from rib to rib, and how far a rib descends from the spine to the front


def bump(angle, centre, width):
    """A smooth hill over an angle, 1 at its centre."""
    return np.exp(-(((angle - centre) / width) ** 2))


def thickness(level):
    """Muscle and fat outside the ribs in mm, each of shape (rows, columns)."""
    body, around, z = level.patient.body, level.around, level.z
    chest_muscle = along(z, (0, 40, 110, 150), (6, 17, 12, 2)) * body.muscle
    side = along(z, (0, 40, 90, 150, 220), (52, 34, 17, 11, 8)) * (0.75 + 0.25 * body.muscle)
    back = along(z, (0, 60, 160), (26, 22, 18))
    muscle = (5 + chest_muscle * bump(around, 2.35, 0.42) + side * bump(around, 1.35, 0.62)
              + back * bump(around, 0.30, 0.34) + 9 * bump(around, 0.75, 0.3))
    fat = body.fat * (0.62 + 0.38 * np.sin(around) ** 2) * (1 - 0.55 * bump(around, 0, 0.25))
    breast = body.breast * math.exp(-(((z - 128) / 44) ** 2)) * bump(around, 2.42, 0.40)
    return muscle, fat * (1 - 0.25 * bump(around, np.pi, 0.3)) + breast


def paint_wall(canvas, level):
    """Skin, fat, glands, muscle with planes of fat, shoulder blades and collar bones."""
    muscle, fat = level.wall
    marble, fine = level.noise(7, 1), level.noise(3, 2)
    canvas.paint(level.skin, SKIN)
    canvas.paint(level.skin + 2.4, FAT + 5 * marble)
    paint_breasts(canvas, level, fat, marble)
    deep = level.skin + fat + 1.2
    canvas.paint(deep + 1.5 * marble, MUSCLE + 4 * fine)
    paint_fat_planes(canvas, level, deep, muscle, marble)
    paint_shoulder(canvas, level)


def paint_breasts(canvas, level, fat, marble):
    """Strands of glandular tissue in the fat of the front."""
    body = level.patient.body
    if body.breast:
        depth = np.minimum(-level.skin - 6, level.skin + fat - 3)
        place = math.exp(-(((level.z - 128) / 30) ** 2)) * bump(level.around, 2.42, 0.30)
        gland = np.clip((marble + body.gland) * 1.4, 0, 1) * level.inside(-depth) * place
        canvas.paint(-depth, 35, gland)


def paint_fat_planes(canvas, level, deep, muscle, marble):
    """Thin fat between the layers of muscle."""
    around, z = level.around, level.z
    outer = np.abs(deep + 0.46 * muscle + 2.2 * marble) - 1.3
    canvas.paint(outer, -70, 0.9 * np.clip(1.6 * np.abs(np.sin(2.3 * around + 0.4)) - 0.35, 0, 1))
    inner = np.abs(level.cage - 11.5 + 1.6 * marble) - 1.1
    canvas.paint(inner, -62, 0.75 * np.clip(1.7 * np.abs(np.cos(1.9 * around)) - 0.4, 0, 1) * level.inside(deep))
    wide = along(z, (0, 60, 110, 150), (22, 20, 11, 3))             # the armpit
    middle = level.front * 0.12
    for side in (-1, 1):
        edge = along(z, (0, 25, 50, 80, 120, 160), (72, 104, 123, 135, 141, 146))
        armpit = ellipse(level.x, level.y, (side * (edge + wide * 0.35), middle), (wide * 0.62, wide), side * 0.3)
        canvas.paint(armpit + 3 * marble, FAT + 12, level.inside(deep + 2))


def paint_shoulder(canvas, level):
    """Shoulder blades, turned outwards because the arms are raised, and collar bones."""
    body, z = level.patient.body, level.z
    for side in (-1, 1):
        if z < 150:
            low = z / 150
            inner = (side * (86 - 6 * low), 87 + 16 * low)
            outer = (side * (141 - 14 * low), 37 + 34 * low)
            bend = (0.5 * (inner[0] + outer[0]) + side * 7, 0.5 * (inner[1] + outer[1]) + 6)
            blade = np.minimum(rod(level.x, level.y, inner, bend, 1.5, 1.9),
                               rod(level.x, level.y, bend, outer, 1.9, 3.8 * (1 - 0.45 * low)))
            inside = level.inside(level.skin + 6)
            canvas.paint(blade - 11 * (1 - 0.6 * low), MUSCLE + 2, inside * (level.cage > 9))
            canvas.bone(blade, body.bone, 520, 300, 1.5, inside * (level.cage > 8))
        if z > 70:
            continue
        collar = tube(level.x, level.y, z, ((side * 15, level.front - 13, 44), (side * 60, -52, 18),
                                            (side * 130, -10, -14)), (8.5, 6.5, 6.5))
        canvas.bone(collar, body.bone, 560, 260, 2.2, level.inside(level.skin + 5))


def rib_distance(level):
    """Distance to the nearest rib, its index, and the angle: ribs descend from the spine to the front."""
    patient, around = level.patient, level.around
    drop = RIB_DROP * (1 - np.cos(0.72 * np.minimum(around, 2.45))) / (1 - math.cos(0.72 * 2.45))
    drop = drop - 36 * np.clip(around - 2.45, 0, 1)                     # the cartilage rises again
    course = level.z + patient.rib_phase + 60 - drop + patient.rib_lean * (level.x < 0).astype(np.float32)
    index = np.round(course / RIB_STEP)
    wander = patient.rib_wander[np.clip(index, 0, len(patient.rib_wander) - 1).astype(int)]
    below = course - index * RIB_STEP - 3 * wander
    out = level.cage - 4.8 - 0.10 * below * (1 + wander)
    size = np.sqrt((below / 6.2) ** 2 + (out / 3.9) ** 2)
    return (size - 1) * 3.9


def paint_ribs(canvas, level):
    """Ribs with cortical bone around marrow, cartilage in front, and the breast bone."""
    body, around = level.patient.body, level.around
    ribs = rib_distance(level)
    free = level.inside(level.skin + 8) * (around < 2.78)
    calcified = np.clip((around - 2.2) / 0.25, 0, 1)
    shell = (540 * (1 - calcified) + 130 * calcified) * body.bone
    marrow = (200 * (1 - calcified) + 95 * calcified) * body.bone
    canvas.paint(ribs, shell, free)
    canvas.paint(ribs + 1.7, marrow, free)
    wide = along(level.z, (28, 45, 70, 100, 175, 190), (27, 26, 18, 16, 18, 9))
    if 28 < level.z < 205:
        plate = ellipse(level.x, level.y, (0, level.front - 7), (wide, 6.4))
        canvas.bone(plate, body.bone, 420, 130, 1.8)

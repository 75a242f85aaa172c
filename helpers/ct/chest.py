"""Where things are in a chest, in the coordinates of a standard patient.

x runs to the patient's left (image right), y to the back (image down), z to the feet, all in millimetres from the
middle of the chest at the level of the first rib. A patient is this chest, stretched, bent and cut at a level.
"""
import numpy as np

from helpers.ct.shapes import along, ellipse, smooth_min, spheroid, superellipse, tube

# Inner half width of the rib cage, its front and back wall, and the centre of the vertebral bodies, by level.
LEVELS = (0, 25, 50, 80, 120, 160, 200, 260)
HALF_WIDTH = (58, 88, 108, 121, 129, 133, 134, 134)
FRONT = (-34, -48, -60, -72, -83, -89, -90, -88)
BACK = (72, 82, 88, 92, 94, 94, 92, 88)
SPINE = (44, 52, 58, 62, 64, 64, 61, 56)

# Bent tubes: points (x, y, z) and radii.
TUBES = {
    "aorta": (((2, -18, 150), (-10, -30, 126), (-14, -32, 106), (-12, -27, 88), (2, -10, 74), (13, 8, 71),
               (22, 27, 78), (25, 38, 94), (25, 42, 120), (24, 46, 160), (20, 46, 200), (10, 41, 260)),
              (15, 16, 15, 14, 13, 12.5, 12, 12, 11.5, 11.5, 11, 10.5)),
    "pulmonary artery": (((4, -42, 146), (15, -40, 124), (22, -24, 113), (31, -4, 109), (40, 8, 116)),
                         (14, 13.5, 12, 10.5, 8.5)),
    "right pulmonary artery": (((20, -24, 114), (0, -7, 116), (-20, -4, 117), (-40, 2, 122)), (11, 9.5, 9, 8)),
    "superior vena cava": (((-36, -24, 28), (-27, -28, 60), (-28, -20, 100), (-30, -14, 142)), (6.5, 8, 8.5, 9.5)),
    "left brachiocephalic vein": (((38, -22, 26), (25, -36, 44), (0, -38, 56), (-26, -30, 64)), (6, 6, 5.5, 6)),
    "brachiocephalic artery": (((-5, -16, 76), (-12, -13, 50), (-25, -14, 24)), (7, 6, 5.5)),
    "left carotid artery": (((5, -6, 72), (11, -4, 46), (17, -10, 18)), (4.5, 4, 4)),
    "left subclavian artery": (((17, 16, 74), (23, 10, 46), (32, 4, 16)), (5.5, 5, 5)),
    "pulmonary veins": (((-44, 0, 136), (-26, 6, 141), (0, 12, 143), (26, 12, 142), (42, 6, 136)), (5, 6.5, 8, 6.5, 5)),
    "lower pulmonary veins": (((-46, 26, 162), (-26, 19, 153), (0, 16, 148), (28, 22, 152), (44, 30, 160)),
                              (5, 6.5, 8, 6.5, 5)),
    "inferior vena cava": (((-22, 20, 262), (-25, 10, 214), (-28, 0, 196)), (12, 12.5, 12)),
    "oesophagus": (((3, 28, 0), (3, 36, 80), (3, 40, 120), (9, 38, 160), (18, 28, 210), (26, 18, 240)),
                   (7, 7, 7, 7, 7.5, 8)),
    "trachea": (((0, 8, 0), (-2, 10, 50), (-5, 13, 80), (-3, 12, 103)), (8.5, 8.5, 8.5, 9)),
    "right bronchus": (((-3, 12, 103), (-20, 12, 116), (-38, 11, 126), (-45, 15, 140)), (8, 7, 6, 4.5)),
    "left bronchus": (((-3, 12, 103), (16, 15, 118), (38, 18, 132), (46, 24, 146)), (7.5, 6.5, 6, 4.5)),
}
# Airways inside the lungs: they do not push the lungs aside.
LOWER_AIRWAYS = ((((-45, 15, 140), (-52, 28, 166), (-58, 42, 196)), (4.2, 3.2, 2)),
                 (((46, 24, 146), (53, 36, 168), (58, 48, 196)), (4.2, 3.2, 2)),
                 (((-24, 11, 112), (-44, 2, 104), (-56, -4, 84)), (5, 3.6, 2)),
                 (((40, 17, 126), (52, 4, 108), (60, 2, 86)), (4.6, 3.4, 2)))
GREAT_VESSELS = ("aorta", "pulmonary artery", "right pulmonary artery", "superior vena cava",
                 "left brachiocephalic vein", "brachiocephalic artery", "left carotid artery", "left subclavian artery",
                 "pulmonary veins", "lower pulmonary veins", "inferior vena cava")
AIRWAYS = ("trachea", "right bronchus", "left bronchus")

# Chambers of the heart: centre, long axis, half length, half width.
CHAMBERS = {
    "right atrium": ((-31, -14, 162), (0.1, 0.1, 1), 37, 26),
    "right ventricle": ((12, -44, 174), (0.87, -0.1, 0.5), 50, 27),
    "left ventricle": ((42, -18, 176), (0.74, -0.42, 0.52), 52, 32),
    "left atrium": ((3, 13, 145), (1, 0.05, 0), 36, 22),
}


def draw_chambers(rng, breath):
    """The CHAMBERS of one patient: moved with the diaphragm, together and apart, larger or smaller."""
    move, swell = rng.uniform(-4, 4, 3) + (0, 0, 0.6 * breath), rng.uniform(0.97, 1.10)
    return {name: (tuple((np.array(centre) + move + rng.uniform(-2, 2, 3)).tolist()), axis,
                   length * swell * rng.uniform(0.95, 1.05), width * swell * rng.uniform(0.95, 1.05))
            for name, (centre, axis, length, width) in CHAMBERS.items()}


def draw_tubes(rng):
    """The TUBES of one patient: each moved and bent a little, wider or narrower; the windpipe stays one piece."""
    tubes = {}
    for name, (points, radii) in TUBES.items():
        shift = 0 if name in AIRWAYS else rng.uniform((-3, -2, -3), (3, 2, 3)) + rng.uniform(-1, 1, (len(points), 3))
        wide = rng.uniform(0.88, 1.15)
        tubes[name] = ((np.array(points) + shift).tolist(), [radius * wide for radius in radii])
    return tubes


def at_level(table, z):
    """A measure of the standard chest at level z, in mm."""
    return along(z, LEVELS, table)


def cage(x, y, z):
    """Distance to the inner surface of the rib cage."""
    front, back = at_level(FRONT, z), at_level(BACK, z)
    return superellipse(x, y - (front + back) / 2, at_level(HALF_WIDTH, z), (back - front) / 2, 2.35)


def heart(x, y, z, chambers):
    """Distance to the heart: its four chambers, grown together."""
    distance = None
    for chamber in chambers.values():
        part = spheroid(x, y, z, *chamber)
        distance = part if distance is None else smooth_min(distance, part, 14)
    return distance


def vessels(x, y, z, tubes):
    """Distance to each of the tubes that comes near level z."""
    near = {}
    for name, (points, radii) in tubes.items():
        heights, reach = [point[2] for point in points], max(radii) + 8
        if min(heights) - reach < z < max(heights) + reach:
            near[name] = tube(x, y, z, points, radii)
    return near


def mediastinum(x, y, z, heart_distance, vessel_distances):
    """Distance to all that lies between the lungs: heart, vessels and airways in fat, and the spine."""
    front, spine = at_level(FRONT, z), at_level(SPINE, z)
    wide = along(z, (0, 30, 70, 110, 150, 185, 215), (40, 34, 27, 20, 21, 16, 9))
    distance = ellipse(x, y, (1, (front + spine) / 2), (wide, (spine - front) / 2 + 4))
    distance = smooth_min(distance, ellipse(x, y, (4, front), (along(z, (40, 160), (26, 34)), 15)), 14)
    distance = smooth_min(distance, ellipse(x, y, (0, spine + 2), (21, 19)), 9)
    distance = smooth_min(distance, ellipse(x, y, (0, spine + 27), (35, 16)), 8)
    for part in vessel_distances:
        distance = smooth_min(distance, part - 3.5, 9)
    return smooth_min(distance, heart_distance - 4, 12)


def right_dome(x, y, z, breath):
    """How far level z lies below the right dome of the diaphragm, in mm along z; negative above it.

    breath : how far its top lies below the standard level.
    """
    middle = (at_level(FRONT, z) + at_level(BACK, z)) / 2 - 10
    return z - (177 + breath + 34 * ((x + 60) / 82) ** 2 + 44 * ((y - middle) / 76) ** 2)


def left_dome(x, y, z, breath):
    """The same for the left dome, which stands lower."""
    middle = (at_level(FRONT, z) + at_level(BACK, z)) / 2 - 7
    return z - (190 + breath + 36 * ((x - 66) / 78) ** 2 + 44 * ((y - middle) / 72) ** 2)


def abdomen(x, y, z, cage_distance, below_diaphragm):
    """Distance to the upper abdomen: under the domes, in front of the spine and the large vessels beside it."""
    spine = at_level(SPINE, z)
    column = ellipse(x, y, (4, spine + 2), (30, 24))
    return np.maximum(np.maximum(cage_distance, -below_diaphragm), -column)

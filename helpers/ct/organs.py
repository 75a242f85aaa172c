"""What lies inside the ribs: fat, lungs with vessels and fissures, upper abdomen, heart and great vessels, nodules."""
import numpy as np

from helpers.ct import chest
from helpers.ct.shapes import FAR, along, ellipse, rod, rods, smooth_min, spheroid, tube
from helpers.ct.wall import FAT

AIR = -995
# Which blood fills which vessel.
BLOOD = {"aorta": "aorta", "brachiocephalic artery": "aorta", "left carotid artery": "aorta",
         "left subclavian artery": "aorta", "pulmonary artery": "arteries", "right pulmonary artery": "arteries",
         "superior vena cava": "veins", "left brachiocephalic vein": "veins", "inferior vena cava": "portal",
         "pulmonary veins": "left", "lower pulmonary veins": "left"}
CAVITIES = {"right atrium": ("right", 3), "right ventricle": ("right", 5), "left ventricle": ("left", 12),
            "left atrium": ("left", 2.5)}


def paint_mediastinum(canvas, level):
    """Fat with small strands between the lungs, in all the space inside the ribs."""
    strands = level.noise(4, 3)
    canvas.paint(level.cage, FAT + 12 + 9 * strands)
    if 60 < level.z < 125:
        thymus = ellipse(level.x, level.y, (2, level.front + 13), (13, 7))
        canvas.paint(thymus + 3 * strands, -35 + 25 * strands)


def paint_lungs(canvas, level):
    """Lung tissue: denser towards the back, mottled, with fissures; vessels are painted over it."""
    patient, y = level.patient, level.y
    body = patient.body
    inside = level.inside(level.lungs)
    tissue = body.lung + patient.density + body.gravity * (y / 90) + 14 * level.noise(26, 4) + 13 * level.noise(6, 5) \
        + 16 * level.noise(2.6, 6) + 30 * np.exp(np.minimum(level.lungs, 0) / 5)
    canvas.paint(level.lungs, tissue)
    for distance, share in fissures(level):
        canvas.paint(distance, -620, share * inside)
    paint_tree(canvas, level, inside)
    return inside


def fissures(level):
    """The oblique fissure of each lung and the horizontal one of the right: distance and how dense it shows."""
    x, y, z, body = level.x, level.y, level.z, level.patient.body
    wave = 4 * level.noise(40, 7)
    oblique = y - (66 - 0.98 * (z - 56)) - 0.16 * np.abs(np.abs(x) - 70) + wave + body.fissure
    flat = z - 124 - 0.002 * ((x + 80) ** 2 + (y + 30) ** 2) + 2 * wave
    in_front = np.maximum(x, oblique + 2)
    return (np.abs(oblique) - 0.7, 0.5), (np.maximum(np.abs(flat) - 1.5, in_front), 0.15)


def paint_tree(canvas, level, inside):
    """Pulmonary vessels and the walls of the smaller airways, each in a small window of the picture."""
    blood = level.patient.blood
    filled = rods(level.columns, level.rows, *level.patient.tree.near(level.level))
    canvas.blend(filled * inside, 0.75 * blood["arteries"] + 15)
    for points, radii in chest.LOWER_AIRWAYS:
        airway = tube(level.x, level.y, level.z, points, radii)
        canvas.paint(airway - 1.0, -250, inside)
        canvas.paint(airway, AIR, inside)


def paint_abdomen(canvas, level):
    """Below the domes: liver with veins, stomach with air, spleen, fat. Returns the distance to the liver."""
    distance = level.abdomen
    if distance.min() > 0:
        return np.full_like(distance, FAR)
    blood, fine, marble = level.patient.blood, level.noise(3, 2), level.noise(7, 1)
    canvas.paint(distance, 44 + 5 * marble)                             # the muscle of the diaphragm
    canvas.paint(distance + 2.5, FAT + 8 + 8 * marble)
    liver = liver_distance(level, distance)
    canvas.paint(liver, blood["liver"] + 5 * fine)
    for end, wide in (((-96, -6), 3.4), ((-72, -52), 3.6), ((-28, -48), 3.0)):
        vein = rod(level.x, level.y, (-26, 14), end, wide, 1.2) + 1.5 * marble
        canvas.paint(vein, blood["portal"], level.inside(liver + 3))
    paint_left_side(canvas, level, distance, liver)
    return liver


def liver_distance(level, abdomen):
    """The right lobe under the right dome, and the left lobe reaching across in front, thinner and lower."""
    x, y, z = level.x, level.y, level.z - level.patient.body.breath
    right = ellipse(x, y, (-62, -4), (82, 82))
    across = along(z, (192, 225), (-20, 40))
    left = rod(x, y, (-50, -40), (across, -44), 38, along(z, (200, 240), (16, 26)))
    lobes = np.maximum(smooth_min(right, left, 16), ellipse(x, y, (-70, -8), (140, 88)))
    notch = ellipse(x, y, (22, 30), (46, 46))
    return np.maximum(np.maximum(abdomen + 0.8, lobes), -notch)


def paint_left_side(canvas, level, abdomen, liver):
    """Stomach and spleen."""
    body, blood, x, y = level.patient.body, level.patient.blood, level.x, level.y
    marble, fine = level.noise(7, 1), level.noise(3, 2)
    stomach = np.maximum(np.maximum(abdomen + 2, ellipse(x, y, (58, -16), (46, 42), 0.5) + 3 * marble), -liver + 3)
    spleen = np.maximum(abdomen + 1, ellipse(x, y, (96, 34), (33, 54), -0.35) + 2 * marble)
    spleen = np.maximum(spleen, -stomach + 3)
    canvas.paint(spleen, blood["spleen"] + 5 * fine)
    canvas.paint(stomach, 58)
    canvas.paint(stomach + 2.6, 22 + 16 * marble + 8 * fine)
    surface = level.front * 0.2 + 26 - 52 * body.meal                   # a level of fluid with air above it
    canvas.paint(np.maximum(stomach + 3, y - surface), AIR)


def paint_heart(canvas, level):
    """Fat around the heart, muscle, and the four cavities filled with blood. Returns the distance to the heart."""
    blood, fine = level.patient.blood, level.noise(3, 2)
    distance = level.heart
    if distance.min() > 0:
        return distance
    ribs_and_lungs = level.inside(np.maximum(level.cage, level.mediastinum))
    canvas.paint(distance, blood["myocardium"] + 3 * fine, ribs_and_lungs)
    for name, (where, muscle) in CAVITIES.items():
        centre, axis, length, width = level.patient.chambers[name]
        cavity = spheroid(level.x, level.y, level.z, centre, axis, length - muscle, width - muscle)
        canvas.paint(cavity + 1.2 * level.noise(7, 1), blood[where], level.inside(distance + 2))
    return distance


def paint_vessels(canvas, level):
    """Great vessels, oesophagus, and airways with their walls. Returns the distance to the aorta."""
    patient, vessels = level.patient, level.vessels
    for name in (name for name in chest.GREAT_VESSELS if name in vessels):
        canvas.paint(vessels[name], patient.blood[BLOOD[name]])
    canvas.paint(vessels["oesophagus"], 38)
    canvas.paint(vessels["oesophagus"] + 5.2, -500 if patient.body.meal > 0.5 else 30)
    airways = [vessels[name] for name in chest.AIRWAYS if name in vessels]
    for wall, hu in ((1.4, 20), (0, AIR)):                              # walls first: the tubes open into each other
        for airway in airways:
            canvas.paint(airway - wall, hu)
    return vessels.get("aorta", np.full_like(canvas.hu, FAR))


def paint_nodules(canvas, level, inside):
    """Nodules of the patient, slightly lobed; returns the share of each pixel that is nodule."""
    found = np.zeros_like(canvas.hu)
    for index, nodule in enumerate(level.patient.nodules):
        below = level.level - nodule.z
        if abs(below) < 1.3 * nodule.radius:
            lobes = 0.10 * nodule.radius * level.noise(nodule.radius, 8 + index)
            across = np.hypot(level.columns[None] - nodule.x, level.rows[:, None] - nodule.y)
            distance = (np.hypot(across, below) - nodule.radius - lobes) / level.patient.body.scale
            share = level.inside(distance) * inside
            canvas.blend(share, nodule.hu)
            found = np.maximum(found, share)
    return found

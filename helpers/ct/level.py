"""One patient cut at one level, on one grid: coordinates of the standard chest and the distances painting needs."""
from functools import cached_property

import numpy as np

from helpers.ct import chest
from helpers.ct.shapes import coverage, smooth_min, texture

SLOPE = 0.8               # mm by which a dome of the diaphragm falls per mm within a slice, on average


class Level:
    """Geometry of a patient at level z.

    columns, rows : centres of the grid in mm, x to the patient's left, y to the back, 0 in the middle of the scanner.
    x, y, z : the same places in the coordinates of the standard chest, float32 of shape (rows, columns), and a number.
    Distances are in mm of the standard chest, float32 of shape (rows, columns), negative inside.
    """

    def __init__(self, patient, columns, rows, z):
        self.patient, self.columns, self.rows, self.level = patient, columns, rows, z
        body = patient.body
        self.pixel = float(columns[1] - columns[0]) / body.scale
        cos, sin = np.cos(body.turn), np.sin(body.turn)
        right, down = columns[None] - body.shift[0], rows[:, None] - body.shift[1]
        bend_x, bend_y = patient.bend(columns, rows, z)
        self.x = ((cos * right + sin * down) / body.scale + bend_x).astype(np.float32)
        self.y = ((cos * down - sin * right) / (body.scale * body.depth) + bend_y).astype(np.float32)
        self.z = z / body.height
        self.textures = {}

    def inside(self, distance):
        """Share of each pixel inside a shape."""
        return coverage(distance, self.pixel)

    def noise(self, grain, layer=0):
        """Random texture of this patient, continuous from slice to slice; layers are independent of each other."""
        if (grain, layer) not in self.textures:
            corner = self.patient.corners[layer]
            self.textures[grain, layer] = texture(self.columns, self.rows, self.level, grain, corner)
        return self.textures[grain, layer]

    @cached_property
    def spine(self):
        """The y of the centre of the vertebral body."""
        return chest.at_level(chest.SPINE, self.z)

    @cached_property
    def front(self):
        """The y of the inner surface of the breast bone."""
        return chest.at_level(chest.FRONT, self.z)

    @cached_property
    def cage(self):
        """Distance to the inner surface of the rib cage."""
        return chest.cage(self.x, self.y, self.z)

    @cached_property
    def around(self):
        """Angle on the chest wall: 0 at the spine, pi at the breast bone, the same on both sides."""
        front, back = chest.at_level(chest.FRONT, self.z), chest.at_level(chest.BACK, self.z)
        down = (self.y - (front + back) / 2) / ((back - front) / 2)
        return np.arctan2(np.abs(self.x) / chest.at_level(chest.HALF_WIDTH, self.z), down)

    @cached_property
    def heart(self):
        """Distance to the heart: it rests on the right dome and dents the left one."""
        chambers = chest.heart(self.x, self.y, self.z, self.patient.chambers)
        return np.maximum(chambers, self.below_right / SLOPE - 2)

    @cached_property
    def vessels(self):
        """Distance to each great vessel, airway and the oesophagus near this level."""
        return chest.vessels(self.x, self.y, self.z, self.patient.tubes)

    @cached_property
    def mediastinum(self):
        """Distance to all that lies between the lungs."""
        return chest.mediastinum(self.x, self.y, self.z, self.heart, self.vessels.values())

    @cached_property
    def below_right(self):
        """How far, in mm along z, this level lies below the right dome of the diaphragm."""
        return chest.right_dome(self.x, self.y, self.z, self.patient.body.breath)

    @cached_property
    def below_diaphragm(self):
        """How far, in mm within the slice, a place lies inside the domes of the diaphragm; negative in the lungs."""
        left = chest.left_dome(self.x, self.y, self.z, self.patient.body.breath)
        return -smooth_min(-self.below_right, -left, 14) / SLOPE

    @cached_property
    def lungs(self):
        """Distance to the air-filled lungs: inside the ribs, beside the mediastinum, above the diaphragm."""
        return np.maximum(np.maximum(self.cage, -self.mediastinum), self.below_diaphragm)

    @cached_property
    def abdomen(self):
        """Distance to the upper abdomen."""
        return chest.abdomen(self.x, self.y, self.z, self.cage, self.below_diaphragm)

    @cached_property
    def wall(self):
        """Thickness in mm of muscle and of fat outside the ribs, by place."""
        return self.patient.wall(self)

    @cached_property
    def skin(self):
        """Distance to the skin."""
        muscle, fat = self.wall
        distance = self.cage - 9 - muscle - fat
        back = chest.at_level(chest.BACK, self.z) + 27 + 0.55 * self.patient.body.fat
        return -smooth_min(-distance, back - self.y, 16)          # the back lies flat on the table

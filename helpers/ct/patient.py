"""One simulated patient: drawn once from a seed, cut at any level."""
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import ndimage

from helpers.ct import chest, render, vessels, wall
from helpers.ct.level import Level

# HU of blood and organs in the phases of contrast that a chest CT is taken in.
FILLED = ("veins", "right", "arteries", "left", "aorta", "portal", "myocardium", "liver", "spleen")
PHASES = {
    "none": (40, 42, 42, 42, 42, 44, 46, 58, 48),
    "pulmonary": (430, 330, 360, 230, 180, 46, 70, 62, 60),
    "aortic": (220, 190, 210, 320, 330, 60, 110, 72, 118),
    "portal": (150, 150, 150, 155, 158, 158, 108, 112, 122),
}
FIELD = 390.0                        # mm: side of the square that is drawn unless another is asked for
COARSE = 10.0                        # mm: grid on which lung is looked for when nodules and vessels are placed
TOP, BOTTOM = 10.0, 236.0            # levels of a standard chest that a scan covers, mm below the first rib


@dataclass(frozen=True)
class Nodule:
    """A lung nodule: centre in mm (x to the patient's left, y to the back, z to the feet), radius in mm, HU."""

    x: float
    y: float
    z: float
    radius: float
    hu: float


@dataclass(frozen=True)
class Truth:
    """What a simulated patient is made of, and how far apart the numbers lie.

    hu : float32 (H, W) or (D, H, W), free of noise.  labels : uint8 of the same shape, indices of LABELS.
    nodules : bool of the same shape.  spacing : mm between neighbours, one number per axis.
    """

    hu: np.ndarray
    labels: np.ndarray
    nodules: np.ndarray
    spacing: tuple


@dataclass(frozen=True)
class Body:
    """What makes one patient differ from the standard chest; lengths in mm, the rest relative."""

    sex: str
    scale: float        # width and depth
    depth: float        # depth against width
    height: float       # length of the chest
    fat: float          # under the skin
    muscle: float
    breast: float
    gland: float
    bone: float         # mineral density
    breath: float       # how far the diaphragm lies below the standard level
    lung: float         # HU of lung tissue
    gravity: float      # HU by which lung at the back is denser
    fissure: float
    meal: float
    shift: tuple
    turn: float


def draw_body(rng, sex):
    """A Body from a random generator."""
    female = sex == "female"
    uniform = rng.uniform
    return Body(
        sex=sex, scale=uniform(0.86, 0.97) if female else uniform(0.95, 1.08), depth=uniform(0.98, 1.15),
        height=uniform(0.86, 0.97) if female else uniform(0.95, 1.07),
        fat=float(np.clip(rng.gamma(4, 5.2 if female else 4.2), 6, 42)),
        muscle=uniform(0.5, 0.75) if female else uniform(0.75, 1.15),
        breast=uniform(12, 34) if female else 0.0, gland=uniform(-0.5, 0.9), bone=uniform(0.72, 1.15),
        breath=uniform(-10, 14), lung=uniform(-880, -830), gravity=uniform(20, 55), fissure=uniform(-8, 8),
        meal=uniform(0, 1), shift=(uniform(-7, 7), uniform(-6, 6)), turn=uniform(-0.05, 0.05))


class Patient:
    """A simulated patient. The same seed gives the same patient; nothing is drawn again when a slice is cut.

    seed : an integer, or a sequence of integers.
    nodules : how many lung nodules, 0 to 3; None draws the number.
    radius : smallest and largest radius of a nodule in mm.
    side : "left" or "right" to place nodules in that lung of the patient only.
    density : HU added to the lungs, for experiments with a disease that changes all of them.
    Raises ValueError for another number of nodules, another side, or nodules too large for the lungs.
    """

    def __init__(self, seed, *, nodules=None, radius=(4.0, 14.0), side=None, density=0.0):
        if nodules not in (None, 0, 1, 2, 3):
            raise ValueError(f"A patient has 0 to 3 nodules, not {nodules}.")
        if side not in (None, "left", "right"):
            raise ValueError(f'side is "left" or "right" of the patient, or None for both, not {side!r}.')
        rng = np.random.default_rng(seed)
        self.seed = seed
        self.body = draw_body(rng, str(rng.choice(["female", "male"])))
        self.phase = str(rng.choice(list(PHASES), p=(0.3, 0.2, 0.2, 0.3)))
        self.blood = {name: hu + (rng.uniform(0.85, 1.15) - 1) * max(hu - 45, 0)
                      for name, hu in zip(FILLED, PHASES[self.phase], strict=True)}
        self.density = density
        self.chambers, self.tubes = chest.draw_chambers(rng, self.body.breath), chest.draw_tubes(rng)
        self.draw_bends(rng)
        self.draw_ribs(rng)
        self.corners = rng.uniform(0, 64, (12, 3))
        self.growth = rng.integers(2**32, size=2)
        count = int(rng.choice(4, p=(0.4, 0.3, 0.2, 0.1))) if nodules is None else nodules
        self.nodules = self.place_nodules(np.random.default_rng(self.growth[0]), count, radius, side)

    def draw_bends(self, rng):
        """Waves that bend the standard chest a little, so that no outline is an ellipse."""
        lengths = np.concatenate([rng.uniform(90, 190, (2, 4)), rng.uniform(34, 60, (2, 4))], axis=1)
        heading, tilt = rng.uniform(0, 2 * np.pi, (2, 8)), rng.uniform(-0.5, 0.5, (2, 8))
        self.waves = 2 * np.pi / lengths * np.stack([np.cos(heading), np.sin(heading), tilt])
        self.wave_starts = rng.uniform(0, 2 * np.pi, (2, 8))
        self.wave_heights = np.concatenate([rng.uniform(1.0, 2.0, (2, 4)), rng.uniform(0.3, 0.7, (2, 4))], axis=1)

    def draw_ribs(self, rng):
        """Where the first rib and vertebra lie, in mm, how far the ribs lean, and how each of them wanders."""
        self.rib_phase, self.vertebra_phase = rng.uniform(0, wall.RIB_STEP), rng.uniform(0, 24)
        self.rib_lean, self.rib_wander = rng.uniform(-6, 6), rng.uniform(-1, 1, 16).astype(np.float32)

    def bend(self, columns, rows, z):
        """Displacements in x and y, each (rows, columns) in mm: a few waves, one factor per row and column."""
        fields = []
        for axis in range(2):
            across, down, through = self.waves[:, axis]
            by_column = np.outer(across, columns) + (through * z + self.wave_starts[axis])[:, None]
            by_row = np.outer(down, rows)
            height = self.wave_heights[axis][:, None]
            fields.append((np.cos(by_row) * height).T @ np.sin(by_column)
                          + (np.sin(by_row) * height).T @ np.cos(by_column))
        return fields

    def wall(self, level):
        """Muscle and fat outside the ribs in mm, each of shape (rows, columns)."""
        return wall.thickness(level)

    def levels(self):
        """First and last level of a scan, mm below the first rib."""
        return TOP * self.body.height, BOTTOM * self.body.height

    @cached_property
    def coarse(self):
        """The patient on a coarse grid: depth inside the lungs in mm (levels, rows, columns), the coordinates of the
        levels and of rows and columns, and the box (left, right, top, bottom) in mm that holds the body."""
        places = np.arange(-FIELD / 2 - 4 * COARSE, FIELD / 2 + 4 * COARSE, COARSE, dtype=np.float32)
        levels = np.arange(self.levels()[0], self.levels()[1] + COARSE, COARSE)
        cuts = [Level(self, places, places, z) for z in levels]
        body = np.min([cut.skin for cut in cuts], axis=0) < COARSE
        box = [edge for axis in (0, 1) for edge in places[body.any(axis)][[0, -1]] + (-COARSE, COARSE)]
        return np.stack([-cut.lungs for cut in cuts]) * self.body.scale, levels, places, box

    @cached_property
    def tree(self):
        """Arteries and veins of both lungs."""
        rng = np.random.default_rng(self.growth[1])
        depth, levels, places, _ = self.coarse
        segments = []
        for side, trunk in vessels.TRUNKS.items():
            start = np.array([self.to_scanner(place) for place in trunk])
            inside = np.argwhere((depth > 2) & (np.sign(places) == side)[None, None, :])
            for _ in ("arteries", "veins"):
                chosen = inside[rng.choice(len(inside), 240, replace=False)]
                targets = np.stack([places[chosen[:, 2]], places[chosen[:, 1]], levels[chosen[:, 0]]], axis=1)
                targets += rng.uniform(-COARSE / 2, COARSE / 2, targets.shape)
                nodes, parents = vessels.grow(rng, start + rng.normal(0, 4, start.shape), targets)
                ends = np.concatenate([nodes[parents[1:]], nodes[1:], vessels.radii(parents)[1:, None]], axis=1)
                segments.append(ends)
        return vessels.Tree(np.concatenate(segments))

    def to_scanner(self, place):
        """A place of the standard chest in mm of the scanner, up to the small bends."""
        body, (x, y, z) = self.body, place
        x, y = x * body.scale, y * body.scale * body.depth
        cos, sin = np.cos(body.turn), np.sin(body.turn)
        return np.array([cos * x - sin * y + body.shift[0], sin * x + cos * y + body.shift[1], z * body.height])

    def place_nodules(self, rng, count, radius, side):
        """Nodules whose spheres lie inside a lung, apart from each other.  Raises ValueError when they do not fit."""
        placed = []
        for _ in range(20_000 if count else 0):
            nodule = self.try_nodule(rng, radius, side, placed)
            placed += [nodule] if nodule else []
            if len(placed) == count:
                return tuple(placed)
        if len(placed) < count:
            raise ValueError(f"{count} nodules of {radius[0]:g} to {radius[1]:g} mm do not fit into these lungs: "
                             "ask for fewer or smaller ones.")
        return ()

    def try_nodule(self, rng, radius, side, others):
        """A nodule at a random place, or None where it would touch the rim of the lung or another nodule."""
        depth, levels, places, _ = self.coarse
        size = rng.uniform(*radius)
        x, y = rng.uniform(-150, 150), rng.uniform(-110, 110)
        z, hu = rng.uniform(levels[0] + 6, levels[-1] - 10), rng.uniform(15, 75)
        at = [[(z - levels[0]) / COARSE], [(y - places[0]) / COARSE], [(x - places[0]) / COARSE]]
        deep = ndimage.map_coordinates(depth, at, order=1, cval=-100)[0] > size + 1.5
        wanted = side is None or (x > 0) == (side == "left")
        apart = all(np.hypot(np.hypot(x - other.x, y - other.y), z - other.z) > size + other.radius + 6
                    for other in others)
        return Nodule(x, y, z, size, hu) if deep and wanted and apart else None

    def slice(self, z, size=128, *, field=FIELD):
        """What is there at level z, without noise.

        z : mm below the first rib; `levels()` says from where to where a scan reaches.
        size : pixels a side.  field : mm a side, centred on the scanner.
        Returns a Truth with arrays of shape (size, size).  Raises ValueError for a level outside the scan, or a size or
        field that is none.
        """
        if size != int(size) or size < 8 or not field > 0:
            raise ValueError(f"A slice needs a whole number of pixels, at least 8, and a field above 0 mm, not {size} "
                             f"and {field:g}.")
        top, bottom = self.levels()
        if not top - 1e-6 <= z <= bottom + 1e-6:
            raise ValueError(f"This patient's scan reaches from {top:.0f} to {bottom:.0f} mm below the first rib, "
                             f"not to {z:.0f}.")
        hu, labels, nodules = render.draw(self, z, size, field)
        return Truth(hu, labels, nodules, (field / size, field / size))

    def volume(self, thickness=3.0, size=128, *, field=FIELD):
        """Slices from the feet to the head at every `thickness` mm, as the volume viewers want them.

        Returns a Truth with arrays of shape (D, size, size) and spacing (thickness, pixel, pixel) in mm.
        Raises ValueError for a thickness that is not positive.
        """
        if not thickness > 0:
            raise ValueError(f"thickness must be a positive number of mm, not {thickness}.")
        top, bottom = self.levels()
        slices = [self.slice(z, size, field=field) for z in np.arange(top, bottom, thickness)[::-1]]
        hu, labels, nodules = (np.stack([getattr(cut, name) for cut in slices]) for name in ("hu", "labels", "nodules"))
        return Truth(hu, labels, nodules, (thickness, field / size, field / size))

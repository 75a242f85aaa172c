"""The branching vessels of the lungs: grown from the hilum to random places in the lung."""
import numpy as np

# Trunks in the standard chest, right lung first: the hilum, down along the lower lobe, up into the upper lobe.
TRUNKS = {-1: ((-40, 3, 122), (-50, 10, 140), (-60, 22, 164), (-70, 36, 192), (-52, -8, 104), (-60, -4, 80)),
          1: ((40, 9, 118), (52, 16, 138), (61, 28, 162), (71, 40, 190), (50, -6, 102), (58, -2, 80))}
TRUNK_PARENTS = (-1, 0, 1, 2, 0, 4)
STEP, TIP, BRANCHING = 6.0, 0.75, 2.5                        # mm, mm, and the exponent of Murray's law


class Tree:
    """Segments of all vessels: start and end (x, y, z) and radius, in mm of the scanner."""

    def __init__(self, segments, thickness=8.0):
        self.segments, self.thickness = segments, thickness
        self.low = np.minimum(segments[:, 2], segments[:, 5]) - segments[:, 6]
        self.high = np.maximum(segments[:, 2], segments[:, 5]) + segments[:, 6]

    def near(self, z):
        """Those that a slice at z meets, cut to its thickness: starts and ends (S, 2), radii and opacities (S,)."""
        half = self.thickness / 2
        met = self.segments[(self.low < z + half) & (self.high > z - half)]
        start, end, radius = met[:, :3], met[:, 3:6], met[:, 6]
        rise = np.where(np.abs(end[:, 2] - start[:, 2]) < 1e-3, 1e-3, end[:, 2] - start[:, 2])
        first, last = (np.clip((z + side - start[:, 2]) / rise, 0, 1)[:, None] for side in (-half, half))
        way = (end - start)[:, :2]
        opacity = np.minimum(1, 2 * radius / self.thickness + 0.35)
        return start[:, :2] + first * way, start[:, :2] + last * way, radius, opacity


def grow(rng, trunk, targets):
    """Nodes and parents of a tree that starts with the trunk and reaches every target, nearest first.

    Each target joins the node that is near and not too far along the way, as blood would prefer it.
    """
    most, count = len(targets) * 40, len(trunk)
    nodes, length, parents = np.empty((most, 3)), np.empty(most), np.full(most, -1)
    nodes[:count], length[:count], parents[:count] = trunk, 0, TRUNK_PARENTS
    order = np.argsort(np.linalg.norm(targets - nodes[0], axis=1))
    for target in targets[order]:
        way = nodes[:count] - target
        gaps = np.sqrt(np.einsum("ij,ij->i", way, way))
        here = int(np.argmin(gaps + 0.4 * length[:count]))
        gap, steps = gaps[here], max(1, int(gaps[here] / STEP))
        share = np.arange(1, steps + 1)[:, None] / steps
        bend = np.sin(np.pi * share) * rng.normal(0, 0.09 * gap, 3)
        nodes[count:count + steps] = nodes[here] - share * way[here] + bend
        length[count:count + steps] = length[here] + share[:, 0] * gap
        parents[count:count + steps] = [here, *range(count, count + steps - 1)]
        count += steps
    return nodes[:count], parents[:count]


def radii(parents):
    """Radius of the segment that ends in each node: tips are equal, and r^2.5 adds up at every branching."""
    flow = np.zeros(len(parents))
    for node in range(len(parents) - 1, 0, -1):
        flow[node] = flow[node] or 1.0
        flow[parents[node]] += flow[node]
    return TIP * flow ** (1 / BRANCHING)

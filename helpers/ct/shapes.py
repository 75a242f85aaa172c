"""Distances to simple shapes, in millimetres: negative inside, positive outside.

A picture is painted by turning a distance into coverage: how much of a pixel the shape fills. Distances of
ellipses are first-order accurate near the outline, which is where coverage needs them.
All arithmetic stays in float32: numbers that meet the arrays are plain Python numbers.
"""
import math
from functools import cache

import numpy as np
from scipy import ndimage

FAR = np.float32(1e3)
LATTICE = 64


def coverage(distance, pixel):
    """Share of a pixel of that width which lies inside the shape, from 0 to 1."""
    return np.clip(np.float32(0.5) - distance * np.float32(1 / pixel), 0, 1)


def smooth_min(first, second, blend):
    """Union of two shapes whose seam is rounded over `blend` millimetres (Quilez 2013, polynomial smooth minimum)."""
    overlap = np.maximum(blend - np.abs(first - second), 0) * np.float32(1 / blend)
    return np.minimum(first, second) - overlap * overlap * np.float32(blend / 4)


def superellipse(x, y, half_width, half_depth, power):
    """Distance to |x/a|^p + |y/b|^p = 1, measured along the ray from the centre; p = 2 is an ellipse."""
    size = (np.abs(x / half_width) ** power + np.abs(y / half_depth) ** power) ** (1 / power) + 1e-6
    return np.hypot(x, y) * (1 - 1 / size)


def ellipse(x, y, centre, half_axes, angle=0.0):
    """Distance to an ellipse whose first axis is turned by `angle` from x towards y."""
    right, down = x - centre[0], y - centre[1]
    if angle:
        cos, sin = math.cos(angle), math.sin(angle)
        right, down = cos * right + sin * down, cos * down - sin * right
    along, across = right / half_axes[0], down / half_axes[1]
    size = np.sqrt(along * along + across * across) + 1e-6
    slope = np.sqrt((along / half_axes[0]) ** 2 + (across / half_axes[1]) ** 2) + 1e-6
    return size * (size - 1) / slope


def spheroid(x, y, z, centre, axis, half_length, half_width):
    """Distance to an ellipsoid of revolution around `axis` (any length), cut at level z."""
    axis = [part / math.hypot(*axis) for part in axis]
    right, down, below = x - centre[0], y - centre[1], z - centre[2]
    along = axis[0] * right + axis[1] * down + axis[2] * below
    across = np.maximum(right * right + down * down + below * below - along * along, 0)
    size = np.sqrt((along / half_length) ** 2 + across / half_width**2) + 1e-6
    slope = np.sqrt((along / half_length**2) ** 2 + across / half_width**4) + 1e-6
    return size * (size - 1) / slope


def rod(x, y, start, end, radius, end_radius=None):
    """Distance to a rod between two points of the plane, its radius changing along the way."""
    right, down = end[0] - start[0], end[1] - start[1]
    share = ((x - start[0]) * right + (y - start[1]) * down) / (right * right + down * down + 1e-6)
    share = np.clip(share, 0, 1)
    wide = radius if end_radius is None else radius + (end_radius - radius) * share
    return np.hypot(x - start[0] - share * right, y - start[1] - share * down) - wide


def tube(x, y, z, points, radii):
    """Distance at level z to a bent tube through points (x, y, z), with one radius per point."""
    distance = np.full(x.shape, FAR, np.float32)
    for start, end, radius, end_radius in zip(points[:-1], points[1:], radii[:-1], radii[1:], strict=True):
        reach = max(radius, end_radius) + 12
        if min(start[2], end[2]) - reach <= z <= max(start[2], end[2]) + reach:
            right, down, below = (b - a for a, b in zip(start, end, strict=True))
            share = ((x - start[0]) * right + (y - start[1]) * down + (z - start[2]) * below)
            share = np.clip(share / (right * right + down * down + below * below), 0, 1)
            gap = np.sqrt((x - start[0] - share * right) ** 2 + (y - start[1] - share * down) ** 2
                          + (z - start[2] - share * below) ** 2)
            np.minimum(distance, gap - (radius + (end_radius - radius) * share), out=distance)
    return distance


@cache
def lattice():
    """Smooth random numbers on a periodic lattice, mean 0, variance 1; every patient reads it from its own corner."""
    noise = np.random.default_rng(2016).standard_normal((LATTICE,) * 3).astype(np.float32)
    smooth = ndimage.gaussian_filter(noise, 0.8, mode="wrap")
    return smooth / smooth.std()


def texture(columns, rows, z, grain, corner):
    """Random texture that is continuous in all three directions, float32 (rows, columns), variance near 1.

    columns, rows : coordinates of the grid lines in mm.  grain : mm per lattice step.  corner : three offsets.
    """
    below = z / grain + corner[2]
    floor = int(np.floor(below))
    plane = mix(lattice(), np.array([floor]), np.array([below - floor]), 0)[0]
    for axis, places in enumerate((rows / grain + corner[1], columns / grain + corner[0])):
        start = np.floor(places).astype(int)
        plane = mix(plane, start, places - start, axis)
    return plane


def mix(values, start, share, axis):
    """Linear interpolation along one axis of a periodic array."""
    shape = [-1 if place == axis else 1 for place in range(values.ndim)]
    share = share.astype(np.float32).reshape(shape)
    first, second = (values.take((start + step) % LATTICE, axis=axis) for step in (0, 1))
    return first + share * (second - first)


def rods(columns, rows, starts, ends, radii, opacities):
    """Many short rods at once: how much of each pixel they fill, float32 (rows, columns), the largest where they cross.

    columns, rows : grid lines in mm, equally spaced.  starts, ends : (S, 2) as (x, y) in mm.  radii, opacities : (S,).
    """
    filled = np.zeros((len(rows), len(columns)), np.float32)
    if not len(starts):
        return filled
    step = float(columns[1] - columns[0])
    middle, half = (starts + ends) / 2, np.abs(ends - starts) / 2
    reach = int(np.ceil((half.max(axis=1) + radii).max() / step)) + 1
    offsets = np.arange(-reach, reach + 1)
    column = np.round((middle[:, 0] - columns[0]) / step).astype(int)[:, None] + offsets      # (S, K)
    row = np.round((middle[:, 1] - rows[0]) / step).astype(int)[:, None] + offsets
    x = (columns[0] + column * step - starts[:, :1])[:, None, :]                              # (S, 1, K)
    y = (rows[0] + row * step - starts[:, 1:])[:, :, None]
    right, down = (ends - starts).T[:, :, None, None]
    share = np.clip((x * right + y * down) / (right * right + down * down + 1e-6), 0, 1)
    distance = np.hypot(x - share * right, y - share * down) - radii[:, None, None]
    shares = opacities[:, None, None] * coverage(distance, step)
    row, column = np.broadcast_arrays(row[:, :, None], column[:, None, :])
    seen = (shares > 0) & (row >= 0) & (row < len(rows)) & (column >= 0) & (column < len(columns))
    np.maximum.at(filled, (row[seen], column[seen]), shares[seen].astype(np.float32))
    return filled


def along(z, levels, values):
    """A measure that changes with the level, read between the levels where it is given."""
    return float(np.interp(z, levels, values))

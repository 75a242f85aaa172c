"""Networks of two inputs, a few hidden units and one output: their data, their training, their answers."""
from functools import lru_cache

import numpy as np
from scipy.special import expit

from helpers import loss

MOST, STEPS, RATE = 8, 300, 0.05
UNDECIDED = 0.01  # a logit nearer to 0 than this prints as p = 0.50: no answer
PRINTED, UNITS = "printed solution", [[1, 1, 0, 1], [1, 1, -1, -2]]  # Goodfellow et al. 2016, section 6.1
DATA = XOR, CLUSTERS, RINGS, PEOPLE = "XOR: four points", "XOR: noisy clusters", "rings", "four people and P5"


@lru_cache
def problem(name):
    """Points (N, 2), their labels (N,), 0 or 1, and points to predict (M, 2) of one of the data sets.

    The people are those of the notes: height and weight, scaled to [0, 1]; 1 is M, 0 is F, the fifth has no label.
    Raises ValueError for a name that is not in DATA.

    >>> problem("XOR: four points")[1].tolist()
    [0.0, 1.0, 1.0, 0.0]
    """
    if name not in DATA:
        raise ValueError(f"There is no data set called {name!r}; choose one of {', '.join(DATA)}.")
    corners, xor, none = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([0, 1, 1, 0.0]), np.zeros((0, 2))
    clusters = corners.repeat(20, axis=0) + np.random.default_rng(0).normal(0, 0.17, (80, 2))
    angle, share = np.random.default_rng(1).random((2, 100)) * [[2 * np.pi], [1]]
    radius = np.sqrt(np.where(np.arange(100) < 50, 0.3**2 * share, 0.5**2 + (0.8**2 - 0.5**2) * share))
    rings = 0.5 + np.c_[radius * np.cos(angle), radius * np.sin(angle)]
    people = np.array([[15, 21], [0, 0], [6, 9], [24, 24], [11, 16]]) / 24
    return {XOR: (corners, xor, none), CLUSTERS: (clusters, xor.repeat(20), none),
            RINGS: (rings, np.repeat([0.0, 1.0], 50), none),
            PEOPLE: (people[:4], np.array([1, 0, 1, 1.0]), people[4:])}[name]


def start_weights(units, start):
    """All parameters before training in one row: per unit two weights, bias and output weight; last the output bias.

    units : 0 to 8; with 0 the row is the two weights and the bias of a single sigmoid.  start : seed,
    weights uniform in [-1, 1]; or "printed solution", whose outputs 0, 1, 1, 0 are moved down by a half so that
    p = 0.5 falls between them.  Either way a unit starts the same when more units join.

    >>> start_weights(2, "printed solution").tolist()
    [1.0, 1.0, 0.0, 1.0, 1.0, 1.0, -1.0, -2.0, -0.5]
    """
    table = np.random.default_rng(0 if start == PRINTED else start).uniform(-1, 1, (MOST, 4))
    if start == PRINTED:
        table[:2], table[2:, 3] = UNITS, 0  # units that join later have no say at first
    return np.append(table[:units], -0.5 if start == PRINTED else 0) if units else table[0, :3]


def forward(row, points, activation):
    """Logits (N,) of points (N, 2), and the hidden outputs (N, units)."""
    if row.size == 3:
        return points @ row[:2] + row[2], np.zeros((len(points), 0))
    table = row[:-1].reshape(-1, 4)
    sums = points @ table[:, :2].T + table[:, 2]
    hidden = np.maximum(sums, 0) if activation == "ReLU" else np.tanh(sums)
    return hidden @ table[:, 3] + row[-1], hidden


def gradient(row, points, labels, activation):
    """Gradient of the mean binary cross-entropy for every parameter, in the order of `row`; and the logits (N,)."""
    logits, hidden = forward(row, points, activation)
    error = (expit(logits) - labels) / len(labels)  # SciPy's sigmoid takes a fifth of the time of loss.sigmoid
    slopes = np.empty_like(row)
    slopes[-1] = error.sum()
    if row.size == 3:
        slopes[:2] = error @ points
        return slopes, logits
    back = error[:, None] * row[3::4] * (hidden > 0 if activation == "ReLU" else 1 - hidden**2)  # (N, units)
    table = slopes[:-1].reshape(-1, 4)
    table[:, :2], table[:, 2], table[:, 3] = back.T @ points, back.sum(axis=0), error @ hidden
    return slopes, logits


@lru_cache(maxsize=64)
def train(name, activation, units, start):
    """300 steps of Adam on all points at once, step size 0.05.

    Returns the parameters at every step, the start included, (301, P), and their losses, (301,).
    Source: Kingma and Ba 2015, arXiv:1412.6980, algorithm 1.
    """
    points, labels, _ = problem(name)
    row = start_weights(units, start)
    rows, logits = np.empty((STEPS + 1, row.size)), np.empty((STEPS + 1, labels.size))
    mean = square = np.zeros_like(row)
    for step in range(STEPS + 1):
        rows[step] = row
        slopes, logits[step] = gradient(row, points, labels, activation)
        mean, square = 0.9 * mean + 0.1 * slopes, 0.999 * square + 0.001 * slopes * slopes
        row = row - RATE / (1 - 0.9**(step + 1)) * mean / (np.sqrt(square / (1 - 0.999**(step + 1))) + 1e-8)
    rows.setflags(write=False)  # the cache hands out the same array again
    return rows, loss.bce_with_logits(logits, np.broadcast_to(labels, logits.shape)).mean(axis=1)


def is_right(logits, labels):
    """Per point True where the answer is right; p = 0.50 is no answer."""
    return logits * (2 * labels - 1) >= UNDECIDED

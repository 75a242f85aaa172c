"""Gradient descent on the loss surface of a line: its paths, its limit, and the map it is drawn on."""
import matplotlib.pyplot as plt
import numpy as np

from helpers import show

FAR = 1e100  # a runaway path stops here; its squares are still numbers
RATES = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85, 0.95, 1.02, 1.05, 1.1, 1.2)  # of the limit
PLACE = dict(left=0.075, right=0.985, bottom=0.155, top=0.9, wspace=0.32)  # fixed: a fitted layout takes half a second


def mse_surface(x, y, w, b):
    """Mean squared error of the lines y = w x + b.

    x, y : data of shape (N,).  w, b : slopes and intercepts, numbers or arrays that broadcast together.
    Returns an array of their common shape.

    >>> mse_surface(np.array([0.0, 1.0]), np.array([1.0, 3.0]), w=np.array([0.0, 2.0]), b=1.0).tolist()
    [2.0, 0.0]
    """
    w, b = np.broadcast_arrays(np.asarray(w, float), b)
    return np.mean((w[..., None] * x + b[..., None] - y) ** 2, axis=-1)


def curvature(x):
    """How strongly the loss surface of a line bends: eigenvalues and eigenvectors of its Hessian.

    x : data of shape (N,).  Returns eigenvalues (2,), the flat direction first, and unit vectors (w, b) as columns.
    Gradient descent approaches the minimum from every start if the learning rate lies between 0 and 2 over the
    larger eigenvalue.  Source: Goodfellow, Bengio and Courville 2016, Deep Learning, section 4.3.1.
    """
    return np.linalg.eigh(2 * np.array([[np.mean(x * x), np.mean(x)], [np.mean(x), 1.0]]))


def stochastic_descent(x, y, rate, batches, start):
    """Path of (w, b) when each update sees one batch of the samples: float array (updates + 1, 2), start first.

    x, y : data of shape (N,).  rate : learning rate; below 0 it walks up the gradient.
    batches : one array of sample numbers per update.  start : (w, b).
    """
    w, b = (float(value) for value in start)
    path = [(w, b)]
    if not batches:
        return np.array(path)
    sizes = np.array([len(batch) for batch in batches])
    terms = np.stack([x * x, x, x * y, y])[:, np.concatenate(batches)]
    means = np.add.reduceat(terms, np.cumsum(sizes) - sizes, axis=1) / sizes
    for xx, x_mean, xy, y_mean in means.T.tolist():  # plain numbers: ten times as fast as arrays of two
        w, b = (w - 2 * rate * (w * xx + b * x_mean - xy), b - 2 * rate * (w * x_mean + b - y_mean))
        if abs(w) + abs(b) > FAR:
            w, b = max(-FAR, min(w, FAR)), max(-FAR, min(b, FAR))
        path.append((w, b))
    return np.array(path)


def gradient_descent(x, y, rate, steps, start):
    """Path of (w, b) when every step sees all samples: float array (steps + 1, 2), start first.

    x, y : data of shape (N,).  rate : learning rate; below 0 it walks up the gradient.  start : (w, b).
    """
    return stochastic_descent(x, y, rate, [np.arange(len(x))] * steps, start)


def shuffled_batches(samples, size, epochs, seed):
    """Sample numbers of each update, a list of integer arrays: each epoch is shuffled anew, its last batch is the rest.

    >>> [len(batch) for batch in shuffled_batches(30, size=8, epochs=1, seed=0)]
    [8, 8, 8, 6]
    """
    generator = np.random.default_rng(seed)
    orders = [generator.permutation(samples) for _ in range(epochs)]
    return [order[first:first + size] for order in orders for first in range(0, samples, size)]


def rates_for(x, parts):
    """Learning rates by their part of the limit 2 / largest eigenvalue, rounded down to three digits."""
    rates = 2 / curvature(x)[0][1] * np.asarray(parts)
    digits = 10.0 ** (2 - np.floor(np.log10(rates)))
    return dict(zip(parts, (np.floor(rates * digits) / digits).tolist(), strict=True))


def landscape(x, y):
    """The minimum (w, b), half the width of a map around it, and a dict of starting points by name."""
    values, vectors = curvature(x)
    best = np.polyfit(x, y, 1)
    height = np.mean(y**2) or 1.0
    flat, steep = (vectors * np.sqrt(2 * height / values)).T  # both as high above the minimum as the loss at (0, 0)
    flat = flat / 3  # or the valley would make the map so wide that nothing else is seen
    half = np.maximum(1.25 * (np.abs(flat) + np.abs(steep)), 1.1 * np.abs(best))
    return best, half, {"steep and flat": best + flat + steep, "steep side": best + steep, "flat valley": best + flat,
                        "w = 0, b = 0": np.zeros(2)}


def checked_points(x, y, least):
    """x and y as float arrays; raises ValueError for anything a line cannot be fitted to."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    if x.ndim != 1 or x.shape != y.shape or len(x) < least or not np.isfinite([x, y]).all():
        raise ValueError(f"x and y must be equally long lists of at least {least} finite numbers.")
    if np.ptp(x) == 0:
        raise ValueError("All x are the same, so no line is best: give at least two different x.")
    return x, y


def outside(path, centre, half):
    """Which points of a path (K, 2) lie off the map around `centre` with half widths `half`: bool (K,)."""
    return (np.abs(path - centre) > half).any(axis=1)


def drawable(path, centre, half, reach=50.0):
    """The path with far points pulled towards the centre, to `reach` half widths at most: still off the map."""
    offset = path - centre
    distance = np.abs(offset / half).max(axis=1, keepdims=True)
    return centre + offset * np.minimum(1, reach / np.maximum(distance, 1e-9))


def draw_scene(fig, left, right, x, y, best, half, label, last):
    """Draw what stays: the map in the left axes; least loss and limits, from 0 to `last`, in the right ones."""
    w, b = (np.linspace(centre - side, centre + side, 121) for centre, side in zip(best, half, strict=True))
    loss, least, height = mse_surface(x, y, w, b[:, None]), mse_surface(x, y, *best), np.mean(y**2) or 1.0
    levels = least + np.linspace(0, 1, 13) ** 3 * (loss.max() - least)  # close together where the ground is flat
    shades = left.contourf(w, b, loss, levels, colors=plt.get_cmap("Greys")(np.linspace(0, 0.4, 12)))
    left.contour(w, b, loss, levels[1:], colors="#8C9196", linewidths=0.6)
    left.plot(*best, "*", ms=14, color=show.ORANGE, mec="black")
    left.set(xlabel="slope w", ylabel="intercept b", title="loss (star: least)", xlim=w[::120], ylim=b[::120])
    fig.colorbar(shades, ax=left, ticks=levels[::4], format="%.3g").ax.minorticks_off()
    right.set(yscale="log", xlabel=label, title="loss, all samples (dotted: least)", xlim=(-0.02 * last, 1.02 * last),
              ylim=(max(least / 2, 1e-6 * height), 30 * height))
    right.axhline(max(least, 1e-6 * height), color="black", lw=1, ls=":")

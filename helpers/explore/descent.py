"""Explorers of gradient descent: the learning rate and the batch size on the loss surface of a line."""
import matplotlib.pyplot as plt
import numpy as np

from helpers import show
from helpers.explore.controls import choice, follow_preset, slider, steps
from helpers.explore.live import live_figure

FAR = 1e100  # a runaway path stops here; its squares are still numbers
RATES = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85, 0.95, 1.02, 1.05, 1.1, 1.2)  # of the limit
BEHAVIOURS = {"crawl": (0.002, "against"), "converge": (0.5, "against"), "oscillate": (0.95, "against"),
              "diverge": (1.05, "against"), "wrong sign": (0.02, "along")}  # rate as a part of the limit, direction
BATCHES = {  # rate as a part of the limit, epochs, mini-batch size
    "five epochs": (0.1, 5, 8), "one epoch": (0.1, 1, 8), "small steps": (0.01, 10, 8),
    "large steps": (0.35, 5, 8), "too large for single samples": (0.95, 2, 8)}
WAYS = {  # the look of each path
    "all samples at once": dict(color="black", ls="-", marker="s", ms=6, lw=1.6),
    "mini-batches": dict(color=show.BLUE, ls="--", marker="^", ms=7, lw=1.4),
    "single samples": dict(color=show.RED, ls="-", marker="o", ms=5, lw=0.8)}
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


def learning_rate(x, y):
    """Gradient descent on the loss surface of a line, with the loss by step and the line on the data beside it.

    Serves the prediction: you double a learning rate that works well; do you arrive in half the steps?

    x, y : equally long sequences of numbers, at least two different x.  Raises ValueError for others.
    """
    x, y = checked_points(x, y, 2)
    best, half, starts = landscape(x, y)
    limit, least = 2 / curvature(x)[0][1], mse_surface(x, y, *best)
    rates = rates_for(x, RATES)
    table = {name: (rates[part], direction) for name, (part, direction) in BEHAVIOURS.items()}
    controls = {
        "preset": choice("preset", [*table, "your own"], "converge", width="220px"),
        "start": choice("start", starts, width="220px"),
        "direction": choice("step", [("against the gradient", "against"),
                                     ("along the gradient, as one deck prints", "along")], width="350px"),
        "rate": steps("learning rate", [(f"{rate:.3g}", rate) for rate in rates.values()], rates[0.5], width="400px"),
        "taken": slider("steps", 20, 0, 50, width="400px"),
    }
    follow_preset(controls["preset"], table, [controls["rate"], controls["direction"]])
    fig, artists = _rate_figure(x, y, best, half)

    def update(preset, start, direction, rate, taken):
        path = gradient_descent(x, y, rate if direction == "against" else -rate, taken, starts[start])
        losses = mse_surface(x, y, *path.T)
        _draw_rate(artists, path, losses, best, half)
        return _tell_rate(limit, direction, rate, path, losses, least, outside(path, best, half))

    return live_figure(controls, fig, artists, update, rows=[("preset", "start", "direction"), ("rate", "taken")])


def outside(path, centre, half):
    """Which points of a path (K, 2) lie off the map around `centre` with half widths `half`: bool (K,)."""
    return (np.abs(path - centre) > half).any(axis=1)


def drawable(path, centre, half, reach=50.0):
    """The path with far points pulled towards the centre, to `reach` half widths at most: still off the map."""
    offset = path - centre
    distance = np.abs(offset / half).max(axis=1, keepdims=True)
    return centre + offset * np.minimum(1, reach / np.maximum(distance, 1e-9))


def _draw_rate(artists, path, losses, best, half):
    walk, now, curve, line = artists
    lost = outside(path[-1:], best, half)[0]
    walk.set_data(*drawable(path, best, half).T)
    now.set_data(*drawable(path[-1:], best, half, 0.97 if lost else 1).T)
    now.set_marker("X" if lost else "o")
    curve.set_data(range(len(path)), np.minimum(losses, 1e3 * curve.axes.get_ylim()[1]))
    ends, (low, high) = np.array(line.axes.get_xlim()), line.axes.get_ylim()
    line.set_data(ends, np.clip(path[-1, 0] * ends + path[-1, 1], low - 1e3 * (high - low), high + 1e3 * (high - low)))


def _tell_rate(limit, direction, rate, path, losses, least, off):
    left = (losses[-1] - least) / (losses[0] - least) if losses[0] > least else 0.0
    end = f"off the map since step {np.argmax(off)}" if off[-1] else f"{100 * left:.3g} % of the avoidable loss left"
    caption = (f"{100 * rate / limit:.3g} % of the limit 2/λmax = {limit:.3g}: {behaviour(rate / limit, direction)}. "
               f"After {len(path) - 1} steps: {end}.")
    points = [f"w = {w:.3g}, b = {b:.3g}, loss {loss:.3g}" for (w, b), loss in zip(path, losses, strict=True)]
    return caption, (f"Loss surface of a line: {len(path) - 1} steps {direction} the gradient, rate {rate:.3g}, "
                     f"from {points[0]} to {points[-1]}. Least loss {least:.3g}; what is above is avoidable. {caption}")


def behaviour(part, direction):
    """What gradient descent does at a learning rate that is this part of the limit, in words."""
    if direction == "along" or part > 1:
        return "it climbs, whatever the rate" if direction == "along" else "it diverges"
    if part > 0.5:
        return "it oscillates, less each time"
    return "it crawls" if part <= 0.005 else "it converges"


def _rate_figure(x, y, best, half):
    fig, (left, middle, right) = plt.subplots(1, 3, figsize=(10.6, 3.5), width_ratios=(1.5, 1, 1), gridspec_kw=PLACE)
    _scene(fig, left, middle, x, y, best, half, "step", 50)
    walk, = left.plot([], [], "-", marker=".", ms=6, lw=1.3, color=show.RED)
    now, = left.plot([], [], "o", ms=9, color=show.RED, mec="white")
    curve, = middle.plot([], [], "-", marker=".", color=show.RED)
    right.plot(x, y, "o", ms=4, color=show.GREY)
    line, = right.plot([], [], lw=2.5, color=show.RED)
    right.set(xlabel="x", ylabel="y", title="data and present line")
    right.margins(0.05, 0.25)
    right.set(xlim=right.get_xlim(), ylim=right.get_ylim())  # the line must not move them
    return fig, [walk, now, curve, line]


def _scene(fig, left, right, x, y, best, half, label, last):
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


def batch_size(x, y):
    """Three ways to descend one loss surface: with all samples, with mini-batches, with single samples.

    Serves the prediction: after five epochs, which of the three took the most updates, and whose path is smoothest?

    x, y : equally long sequences of at least nine numbers, at least two different x.  Raises ValueError for others.
    """
    x, y = checked_points(x, y, 9)
    best, half, starts = landscape(x, y)
    start, rates = starts["steep and flat"], rates_for(x, RATES)
    table = {name: (rates[part], *others) for name, (part, *others) in BATCHES.items()}
    controls = {
        "preset": choice("preset", [*table, "your own"], width="290px"),
        "show": choice("show", [*WAYS, "all three"], "all three", width="240px"),
        "rate": steps("learning rate", [(f"{rate:.3g}", rate) for rate in rates.values()], rates[0.1], width="330px"),
        "epochs": slider("epochs", 5, 0, 10),
        "size": steps("mini-batch size", [size for size in (2, 4, 8, 16) if size < len(x)], 8),
        "shuffle": slider("shuffle again", 1, 1, 10),
    }
    follow_preset(controls["preset"], table, [controls[name] for name in ("rate", "epochs", "size")])
    fig, artists = _batch_figure(x, y, best, half)

    def update(preset, show, rate, epochs, size, shuffle):
        paths = [stochastic_descent(x, y, rate, shuffled_batches(len(x), samples, epochs, shuffle), start)
                 for samples in (len(x), size, 1)]
        ends = [_draw_way(artists[way], show in (way, "all three"), x, y, path, epochs, best, half)
                for way, path in zip(WAYS, paths, strict=True)]
        return _tell_batches(len(x), size, epochs, rate, [len(path) - 1 for path in paths], ends)

    lines = [line for pair in reversed(artists.values()) for line in pair]  # the restless path lies below the others
    return live_figure(controls, fig, lines, update, rows=[("preset", "show", "shuffle"), ("rate", "epochs", "size")])


def _draw_way(lines, visible, x, y, path, epochs, best, half):
    """Draw one path and its loss, with a mark at the end of each epoch; returns in words where it ends."""
    walk, curve = lines
    losses = mse_surface(x, y, *path.T)
    walk.set_data(*drawable(path, best, half).T)
    curve.set_data(np.linspace(0, epochs, len(path)), np.minimum(losses, 1e3 * curve.axes.get_ylim()[1]))
    for line in lines:
        line.set(visible=visible, markevery=max(1, len(path) // max(1, epochs)))
    return "off the map" if outside(path[-1:], best, half)[0] else f"loss {losses[-1]:.3g}"


def _tell_batches(samples, size, epochs, rate, updates, ends):
    every, some, one = (f"{count:,} update{'s' * (count != 1)}" for count in updates)
    caption = (f"{epochs} epoch{'s' * (epochs != 1)}, {epochs * samples:,} samples seen by each: {every} with all "
               f"{samples}, {some} with {size} ({-(-samples // size)} an epoch), {one} with 1")
    return caption, (f"Three paths on the loss surface of a line, learning rate {rate:.3g}. {caption}. "
                     f"At the end: {', '.join(f'{way} {end}' for way, end in zip(WAYS, ends, strict=True))}.")


def _batch_figure(x, y, best, half):
    fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), width_ratios=(5, 4), gridspec_kw=PLACE | {"wspace": 0.2})
    _scene(fig, left, right, x, y, best, half, "epochs (marked)", 10)
    artists = {way: [axis.plot([], [], **look)[0] for axis in (left, right)] for way, look in WAYS.items()}
    right.legend(handles=[plt.Line2D([], [], label=way, **look) for way, look in WAYS.items()], fontsize=10)
    return fig, artists

"""Explorer of the batch size: three ways down the loss surface of a line."""
import matplotlib.pyplot as plt
import numpy as np

from helpers import show
from helpers.explore import descent
from helpers.explore.controls import choice, follow_preset, slider, steps
from helpers.explore.live import live_figure

BATCHES = {  # rate as a part of the limit, epochs, mini-batch size
    "five epochs": (0.1, 5, 8), "one epoch": (0.1, 1, 8), "small steps": (0.01, 10, 8),
    "large steps": (0.35, 5, 8), "too large for single samples": (0.95, 2, 8)}
WAYS = {  # the look of each path
    "all samples at once": dict(color="black", ls="-", marker="s", ms=6, lw=1.6),
    "mini-batches": dict(color=show.BLUE, ls="--", marker="^", ms=7, lw=1.4),
    "single samples": dict(color=show.RED, ls="-", marker="o", ms=5, lw=0.8)}


def batch_size(x, y):
    """Three ways to descend one loss surface: with all samples, with mini-batches, with single samples.

    Serves the prediction: after five epochs, which of the three took the most updates, and whose path is smoothest?

    x, y : equally long sequences of at least nine numbers, at least two different x.  Raises ValueError for others.
    """
    x, y = descent.checked_points(x, y, 9)
    best, half, starts = descent.landscape(x, y)
    start, rates = starts["steep and flat"], descent.rates_for(x, descent.RATES)
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
        seen = [descent.shuffled_batches(len(x), samples, epochs, shuffle) for samples in (len(x), size, 1)]
        paths = [descent.stochastic_descent(x, y, rate, batches, start) for batches in seen]
        ends = [_draw_way(artists[way], show in (way, "all three"), x, y, path, epochs, best, half)
                for way, path in zip(WAYS, paths, strict=True)]
        return _tell_batches(len(x), size, epochs, rate, [len(path) - 1 for path in paths], ends)

    lines = [line for pair in reversed(artists.values()) for line in pair]  # the restless path lies below the others
    return live_figure(controls, fig, lines, update, rows=[("preset", "show", "shuffle"), ("rate", "epochs", "size")])


def _draw_way(lines, visible, x, y, path, epochs, best, half):
    """Draw one path and its loss, with a mark at the end of each epoch; returns in words where it ends."""
    walk, curve = lines
    losses = descent.mse_surface(x, y, *path.T)
    walk.set_data(*descent.drawable(path, best, half).T)
    curve.set_data(np.linspace(0, epochs, len(path)), np.minimum(losses, 1e3 * curve.axes.get_ylim()[1]))
    for line in lines:
        line.set(visible=visible, markevery=max(1, len(path) // max(1, epochs)))
    return "off the map" if descent.outside(path[-1:], best, half)[0] else f"loss {losses[-1]:.3g}"


def _tell_batches(samples, size, epochs, rate, updates, ends):
    every, some, one = (f"{count:,} update{'s' * (count != 1)}" for count in updates)
    caption = (f"{epochs} epoch{'s' * (epochs != 1)}, {epochs * samples:,} samples seen by each: {every} with all "
               f"{samples}, {some} with {size} ({-(-samples // size)} an epoch), {one} with 1")
    return caption, (f"Three paths on the loss surface of a line, learning rate {rate:.3g}. {caption}. "
                     f"At the end: {', '.join(f'{way} {end}' for way, end in zip(WAYS, ends, strict=True))}.")


def _batch_figure(x, y, best, half):
    fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), width_ratios=(5, 4),
                                      gridspec_kw=descent.PLACE | {"wspace": 0.2})
    descent.draw_scene(fig, left, right, x, y, best, half, "epochs (marked)", 10)
    artists = {way: [axis.plot([], [], **look)[0] for axis in (left, right)] for way, look in WAYS.items()}
    right.legend(handles=[plt.Line2D([], [], label=way, **look) for way, look in WAYS.items()], fontsize=10)
    return fig, artists

"""Explorer of the learning rate: gradient descent on the loss surface of a line crawls, converges or runs away."""
import matplotlib.pyplot as plt
import numpy as np

from helpers import show
from helpers.explore import descent
from helpers.explore.controls import choice, follow_preset, slider, steps
from helpers.explore.live import live_figure

BEHAVIOURS = {"crawl": (0.002, "against"), "converge": (0.5, "against"), "oscillate": (0.95, "against"),
              "diverge": (1.05, "against"), "wrong sign": (0.02, "along")}  # rate as a part of the limit, direction


def learning_rate(x, y):
    """Gradient descent on the loss surface of a line, with the loss by step and the line on the data beside it.

    Serves the prediction: you double a learning rate that works well; do you arrive in half the steps?

    x, y : equally long sequences of numbers, at least two different x.  Raises ValueError for others.
    """
    x, y = descent.checked_points(x, y, 2)
    best, half, starts = descent.landscape(x, y)
    limit, least = 2 / descent.curvature(x)[0][1], descent.mse_surface(x, y, *best)
    rates = descent.rates_for(x, descent.RATES)
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
        path = descent.gradient_descent(x, y, rate if direction == "against" else -rate, taken, starts[start])
        losses = descent.mse_surface(x, y, *path.T)
        _draw_rate(artists, path, losses, best, half)
        return _tell_rate(limit, direction, rate, path, losses, least, descent.outside(path, best, half))

    return live_figure(controls, fig, artists, update, rows=[("preset", "start", "direction"), ("rate", "taken")])


def _draw_rate(artists, path, losses, best, half):
    walk, now, curve, line = artists
    lost = descent.outside(path[-1:], best, half)[0]
    walk.set_data(*descent.drawable(path, best, half).T)
    now.set_data(*descent.drawable(path[-1:], best, half, 0.97 if lost else 1).T)
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
    fig, (left, middle, right) = plt.subplots(1, 3, figsize=(10.6, 3.5), width_ratios=(1.5, 1, 1),
                                              gridspec_kw=descent.PLACE)
    descent.draw_scene(fig, left, middle, x, y, best, half, "step", 50)
    walk, = left.plot([], [], "-", marker=".", ms=6, lw=1.3, color=show.RED)
    now, = left.plot([], [], "o", ms=9, color=show.RED, mec="white")
    curve, = middle.plot([], [], "-", marker=".", color=show.RED)
    right.plot(x, y, "o", ms=4, color=show.GREY)
    line, = right.plot([], [], lw=2.5, color=show.RED)
    right.set(xlabel="x", ylabel="y", title="data and present line")
    right.margins(0.05, 0.25)
    right.set(xlim=right.get_xlim(), ylim=right.get_ylim())  # the line must not move them
    return fig, [walk, now, curve, line]

"""Explorer of a decision boundary: a network of two inputs, a few hidden units and one output, trained live."""
import matplotlib.pyplot as plt
import numpy as np
from matplotlib import artist, collections, colors, textpath, transforms
from scipy.special import expit
from skimage.measure import find_contours

from helpers import conv, show
from helpers.explore import hidden_units
from helpers.explore.controls import choice, follow_preset, slider, steps
from helpers.explore.hidden_units import DATA, MOST, PEOPLE, PRINTED, RINGS, STEPS, UNDECIDED, XOR
from helpers.explore.live import live_figure

LOW, HIGH, CELLS = -0.5, 1.5, 60  # the plane that is shown, and the pixels across it
CENTRES = LOW + (np.arange(CELLS) + 0.5) * (HIGH - LOW) / CELLS
PLANE = np.stack(np.meshgrid(CENTRES, CENTRES), axis=-1).reshape(-1, 2)
TINTS = colors.LinearSegmentedColormap.from_list("p", ["#8FBFDD", "w", "#F5CE80"])(np.linspace(0, 1, 256), bytes=True)
ENDS = (-1, 0, 1, 2, 4, 8, 16)  # where the hidden axes may begin and end
AWAY, GAP = -99.0, np.full((1, 2), np.nan)  # where stamps wait out of sight; a gap in a line
PRESETS = {  # data, activation, hidden units, start, training step
    "no hidden unit, on XOR": (XOR, "ReLU", 0, 3, 300),
    "one unit fails on XOR": (XOR, "ReLU", 1, 3, 300),
    "two units, the printed solution": (XOR, "ReLU", 2, PRINTED, 0),
    "two units, stuck": (XOR, "ReLU", 2, 3, 300),
    "two units, another seed": (XOR, "ReLU", 2, 4, 300),
    "four units": (XOR, "ReLU", 4, 3, 300),
    "eight units on rings": (RINGS, "ReLU", 8, 3, 300),
    "four people and P5": (PEOPLE, "ReLU", 4, 3, 300),
}


def feet(weights, biases, middle):
    """Where straight lines w . x + b = 0 pass nearest to a point, and the directions in which w . x + b grows.

    weights : (N, 2), none of them both 0.  biases : (N,).  middle : (2,).  Returns two arrays (N, 2).
    """
    size = np.linalg.norm(weights, axis=1, keepdims=True)
    return middle - (weights @ middle + biases)[:, None] / size * (weights / size), weights / size


def decision_boundary(preset="no hidden unit, on XOR"):
    """A network 2 - units - 1 on points in the plane: what it says everywhere, its units, its training.

    A thin line shows where a hidden unit switches on; its number stands on the side where it is on. Units join one
    by one: those already there keep their start. Training is computed when a setting changes; scrub through it.

    Serves the prediction: how many hidden units does XOR need, and does training find them from every start?
    preset : one of PRESETS, to open with.  Returns an explorer.  Raises ValueError for another name.
    """
    if preset not in PRESETS:
        raise ValueError(f"There is no preset called {preset!r}; choose one of {', '.join(PRESETS)}.")
    data, activation, units, start, step = PRESETS[preset]
    controls = {
        "preset": choice("preset", [*PRESETS, "your own"], preset, width="330px"),
        "data": choice("data", DATA, data, width="240px"),
        "activation": choice("activation", ["ReLU", "tanh"], activation, width="170px"),
        "units": slider("hidden units", units, 0, MOST, width="240px"),
        "start": steps("start (seed)", [PRINTED, *range(20)], start, width="290px"),
        "step": slider("training step", step, 0, STEPS, width="380px"),
    }
    follow_preset(controls["preset"], PRESETS, list(controls.values())[1:])
    fig, artists = _boundary_figure()

    def update(preset, step, **settings):
        rows, losses = hidden_units.train(*settings.values())
        for draw in (_draw_plane, _draw_hidden):
            draw(artists, hidden_units.problem(settings["data"]), rows[step], settings["activation"])
        artists["loss"].set_data(np.arange(step + 1), losses[:step + 1])
        artists["now"].set_data([step], [losses[step]])
        return describe(*settings.values(), step)

    parts = [part for group in artists.values() for part in np.ravel(group)]
    return live_figure(controls, fig, parts, update, [("preset", "data", "activation"), ("units", "start", "step")])


def describe(name, activation, units, start, step):
    """Caption and alt text of one state."""
    points, labels, unlabelled = hidden_units.problem(name)
    rows, losses = hidden_units.train(name, activation, units, start)
    logits, hidden = hidden_units.forward(rows[step], points, activation)
    parameters = conv.dense_parameters(*(width for width in (2, units, 1) if width))
    right, undecided = hidden_units.is_right(logits, labels).sum(), (np.abs(logits) < UNDECIDED).sum()
    silent = [str(unit + 1) for unit in range(units) if activation == "ReLU" and not hidden[:, unit].any()]
    caption = f"{right} of {len(logits)} right · loss {losses[step]:.3f} · {parameters} parameters"
    caption += f" · undecided, p = 0.50: {undecided}" if undecided else ""
    caption += f" · off at every point: unit {', '.join(silent)}" if silent else ""
    for p in expit(hidden_units.forward(rows[step], unlabelled, activation)[0]):
        caption += f" · P5: p(M, ▲) = {p:.2f}"
    alt = f"{name}; hidden {activation} units: {units}; start: {start}; training step {step} of {STEPS}. {caption}."
    if len(logits) <= 4:
        alt += " p at " + ", ".join(f"({x:.3g}, {y:.3g}): {p:.2f}" for x, y, p in np.c_[points, expit(logits)]) + "."
        alt += " Hidden space: " + ", ".join(f"({x:.2f}, {y:.2f})" for x, y in hidden) + "." if units == 2 else ""
    return caption, alt


def _draw_plane(artists, task, row, activation):
    points, labels, unlabelled = task
    logits = hidden_units.forward(row, PLANE, activation)[0].reshape(CELLS, CELLS)
    artists["picture"].pixels = TINTS[np.uint8(255 * expit(logits))]
    level = find_contours(logits, 0) if np.abs(logits).max() >= UNDECIDED else []
    level = [LOW + (np.append(piece[:, ::-1], GAP, axis=0) + 0.5) * (HIGH - LOW) / CELLS for piece in level]
    artists["boundary"].set_data(*np.concatenate([GAP, *level]).T)
    table = np.zeros((0, 4)) if row.size == 3 else row[:-1].reshape(-1, 4)
    foot, normal = feet(table[:, :2], table[:, 2], np.array([0.5, 0.5]))
    along, spread = normal[:, ::-1] * (1, -1), np.linspace(-0.7, 0.7, MOST)[:len(foot), None]
    tick = foot + along * spread
    line = np.stack([foot - 9 * along, tick, tick + 0.06 * normal, tick, foot + 9 * along, np.nan * foot], axis=1)
    artists["units"].set_data(*line.reshape(-1, 2).T)
    places, inside = tick + 0.13 * normal, ((foot > LOW) & (foot < HIGH)).all(axis=1)
    places = np.where(inside[:, None], np.clip(places, LOW + 0.06, HIGH - 0.06), AWAY)
    artists["numbers"].set_offsets(np.pad(places, ((0, MOST - len(places)), (0, 0)), constant_values=AWAY))
    said, _ = hidden_units.forward(row, points, activation)
    artists["wrong"].set_data(*points[~hidden_units.is_right(said, labels)].T)
    artists["people"].set_offsets(np.r_[points, unlabelled] + (0.13, -0.07) if len(unlabelled) else [[AWAY] * 2] * 5)
    _mark(artists["points"], labels, points, unlabelled)


def _draw_hidden(artists, task, row, activation):
    hidden, unknown = (np.pad(hidden_units.forward(row, points, activation)[1], ((0, 0), (0, 2)))[:, :2]
                       for points in task[::2])
    units, low = row.size // 4, 0 if activation == "ReLU" else -1
    high = next((end for end in ENDS[2:] if end >= hidden.max()), ENDS[-1])
    scale = lambda values: (values - low) / (high - low) if units else values + AWAY  # noqa: E731
    _mark(artists["hidden points"], task[1], scale(hidden), scale(unknown))
    line = np.zeros((0, 2))
    if units in (1, 2):  # with more of them the boundary is no line on these two axes
        foot, normal = feet(np.append(row[3:-1:4], 0)[None, :2], row[-1:], np.zeros(2))
        line = scale(foot + np.array([[-99], [99]]) * normal[:, ::-1] * (1, -1))
    artists["hidden line"].set_data(*line.T)
    below = np.array([({low: 0, high: 1}.get(end, AWAY), -0.17) for end in ENDS])
    artists["ends"].set_offsets(np.r_[below, below[:, ::-1]])


def _mark(markers, labels, points, unlabelled):
    for marker, places in zip(markers, (points[labels == 0], points[labels == 1], unlabelled), strict=True):
        marker.set_data(*places.T)


class _Pixels(artist.Artist):
    """A picture of whole screen pixels under other artists, in a tenth of the time of matplotlib's images."""

    def draw(self, renderer):
        renderer.draw_image(renderer.new_gc(), *self.axes.bbox.p0, self.pixels.repeat(5, axis=0).repeat(5, axis=1))


def _stamps(axis, words):
    """Words that move about: outlines made once, since drawing text would take most of the time of an update."""
    paths = [textpath.TextPath((-4 * len(word), -5), word, size=13) for word in words]  # about centred
    return axis.add_collection(collections.PathCollection(
        paths, sizes=[1], offsets=[[AWAY, AWAY]] * len(paths), offset_transform=axis.transData,
        transform=transforms.IdentityTransform(), color="black", lw=0, clip_on=False))


def _boundary_figure():
    width, height, side = 1030, 372, 300
    fig = plt.figure(figsize=(width / show.DPI, height / show.DPI))
    plane, bar, curve, space = (fig.add_axes((left / width, 46 / height, wide / width, side / height))
                                for left, wide in ((56, side), (364, 12), (464, 220), (764, 250)))
    plane.set(xlim=(LOW, HIGH), ylim=(LOW, HIGH), xticks=[0, 1], yticks=[0, 1], xlabel="input 1", ylabel="input 2")
    plane.set_title("● class 0   ▲ class 1   ◯ not right", fontsize=11)
    bar.imshow(TINTS[:, None], extent=(0, 1, 0, 1), aspect="auto", origin="lower")
    bar.yaxis.tick_right()
    bar.set(xticks=[], yticks=[0, 0.5, 1], title="p")
    curve.axhline(np.log(2), color=show.GREY, lw=1, ls="--")
    curve.text(STEPS, np.log(2) + 0.015, "0.693: always p = 0.5", ha="right", fontsize=10, color=show.GREY)
    curve.set(xlim=(-8, STEPS + 8), ylim=(-0.02, 1.02), xlabel="training step", title="loss (BCE)")
    space.set(xlim=(-0.1, 1.1), ylim=(-0.1, 1.1), xticks=[], yticks=[], title="hidden space",
              xlabel="output of unit 1", ylabel="output of unit 2")
    return fig, _artists(plane, curve, space)


def _artists(plane, curve, space):
    line = lambda axis, **look: axis.plot([], [], **look)[0]  # noqa: E731
    marks = {"o": show.BLUE, "^": show.ORANGE, "$?$": "black"}
    points, hidden = ([line(axis, ls="", marker=mark, color=color, ms=9, mec="black", mew=0.8)
                       for mark, color in marks.items()] for axis in (plane, space))
    return {  # in the order in which they are drawn
        "picture": plane.add_artist(_Pixels()), "units": line(plane, color=show.GREY, lw=1),
        "boundary": line(plane, color="black", lw=2.5), "points": points,
        "wrong": line(plane, ls="", marker="o", ms=17, mfc="none", mec="black", mew=1.5),
        "numbers": _stamps(plane, "12345678"), "people": _stamps(plane, ("P1", "P2", "P3", "P4", "P5")),
        "loss": line(curve, color=show.RED, lw=2), "now": line(curve, ls="", marker="o", color=show.RED, ms=9),
        "hidden line": line(space, color="black", lw=2.5), "hidden points": hidden,
        "ends": _stamps(space, [str(end).replace("-", "−") for end in ENDS] * 2),
    }

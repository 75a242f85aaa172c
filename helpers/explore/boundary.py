"""Explorer of a decision boundary: a network of two inputs, a few hidden units and one output, trained live."""
from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import artist, collections, colors, textpath, transforms
from scipy.special import expit
from skimage.measure import find_contours

from helpers import conv, loss, show
from helpers.explore.controls import choice, follow_preset, slider, steps
from helpers.explore.live import live_figure

MOST, STEPS, RATE = 8, 300, 0.05
UNDECIDED = 0.01  # a logit nearer to 0 than this prints as p = 0.50: no answer
LOW, HIGH, CELLS = -0.5, 1.5, 60  # the plane that is shown, and the pixels across it
CENTRES = LOW + (np.arange(CELLS) + 0.5) * (HIGH - LOW) / CELLS
PLANE = np.stack(np.meshgrid(CENTRES, CENTRES), axis=-1).reshape(-1, 2)
TINTS = colors.LinearSegmentedColormap.from_list("p", ["#8FBFDD", "w", "#F5CE80"])(np.linspace(0, 1, 256), bytes=True)
ENDS = (-1, 0, 1, 2, 4, 8, 16)  # where the hidden axes may begin and end
AWAY, GAP = -99.0, np.full((1, 2), np.nan)  # where stamps wait out of sight; a gap in a line
PRINTED, UNITS = "printed solution", [[1, 1, 0, 1], [1, 1, -1, -2]]  # Goodfellow et al. 2016, section 6.1
DATA = XOR, CLUSTERS, RINGS, PEOPLE = "XOR: four points", "XOR: noisy clusters", "rings", "four people and P5"
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
        rows, losses = train(*settings.values())
        for draw in (_draw_plane, _draw_hidden):
            draw(artists, problem(settings["data"]), rows[step], settings["activation"])
        artists["loss"].set_data(np.arange(step + 1), losses[:step + 1])
        artists["now"].set_data([step], [losses[step]])
        return describe(*settings.values(), step)

    parts = [part for group in artists.values() for part in np.ravel(group)]
    return live_figure(controls, fig, parts, update, [("preset", "data", "activation"), ("units", "start", "step")])


def describe(name, activation, units, start, step):
    """Caption and alt text of one state."""
    (points, labels, unlabelled), (rows, losses) = problem(name), train(name, activation, units, start)
    logits, hidden = forward(rows[step], points, activation)
    parameters = conv.dense_parameters(*(width for width in (2, units, 1) if width))
    right, undecided = is_right(logits, labels).sum(), (np.abs(logits) < UNDECIDED).sum()
    silent = [str(unit + 1) for unit in range(units) if activation == "ReLU" and not hidden[:, unit].any()]
    caption = f"{right} of {len(logits)} right · loss {losses[step]:.3f} · {parameters} parameters"
    caption += f" · undecided, p = 0.50: {undecided}" if undecided else ""
    caption += f" · off at every point: unit {', '.join(silent)}" if silent else ""
    for p in expit(forward(rows[step], unlabelled, activation)[0]):
        caption += f" · P5: p(M, ▲) = {p:.2f}"
    alt = f"{name}; hidden {activation} units: {units}; start: {start}; training step {step} of {STEPS}. {caption}."
    if len(logits) <= 4:
        alt += " p at " + ", ".join(f"({x:.3g}, {y:.3g}): {p:.2f}" for x, y, p in np.c_[points, expit(logits)]) + "."
        alt += " Hidden space: " + ", ".join(f"({x:.2f}, {y:.2f})" for x, y in hidden) + "." if units == 2 else ""
    return caption, alt


def _draw_plane(artists, task, row, activation):
    points, labels, unlabelled = task
    logits = forward(row, PLANE, activation)[0].reshape(CELLS, CELLS)
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
    artists["wrong"].set_data(*points[~is_right(forward(row, points, activation)[0], labels)].T)
    artists["people"].set_offsets(np.r_[points, unlabelled] + (0.13, -0.07) if len(unlabelled) else [[AWAY] * 2] * 5)
    _mark(artists["points"], labels, points, unlabelled)


def _draw_hidden(artists, task, row, activation):
    hidden, unknown = (np.pad(forward(row, points, activation)[1], ((0, 0), (0, 2)))[:, :2] for points in task[::2])
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

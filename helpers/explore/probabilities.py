"""Explorers of numbers that become probabilities: two losses of one probability, softmax of three logits."""
import matplotlib.pyplot as plt
import numpy as np

from helpers import loss, show
from helpers.explore.controls import choice, follow_preset, one_picture, slider, steps
from helpers.explore.lettering import written
from helpers.explore.live import Inset, live_figure

FURTHEST = 6.9  # logit of p = 0.999, the end of the sliders
TRUTHS = {1: "malignant", 0: "benign"}
OPINIONS = {  # p, truth
    "confident and right": (0.95, 1),
    "unsure": (0.5, 1),
    "confident and wrong": (0.05, 1),
    "certain and wrong": (0.001, 1),
}
CLASSES = ("benign", "malignant", "artefact")
RECIPES = {"as printed": False, "largest logit subtracted first": True}
MIXES = {  # number of classes, subtract the largest, temperature, shift, logits
    "1, 2, 3": (3, False, 1, 0, 1.0, 2.0, 3.0),
    "equal logits": (3, False, 1, 0, 2.0, 2.0, 2.0),
    "one far ahead": (3, False, 1, 0, 0.0, 8.0, 1.0),
    "shift by 100": (3, False, 1, 100, 1.0, 2.0, 3.0),
    "cold (T = 0.1)": (3, True, 0.1, 0, 1.0, 2.0, 3.0),
    "hot (T = 10)": (3, True, 10, 0, 1.0, 2.0, 3.0),
    "two classes = sigmoid": (2, True, 1, 0, 0.0, 1.5, 0.0),
}
OVERFLOW = float(np.log(np.finfo(np.float32).max))  # 88.7: exp of more is infinite in float32


def two_losses(p, target):
    """Cross-entropy and squared error of probabilities of class 1.

    p : float array in [0, 1].  target : 0 or 1, the truth for all of them.  Returns (cross-entropy, squared error).

    >>> [round(float(value), 3) for value in two_losses(0.01, 1)]
    [4.605, 0.98]
    """
    p = np.asarray(p, dtype=float)
    return loss.bce(p, np.full(p.shape, target)), np.square(p - target)


def two_slopes(logits, target):
    """Slope of the same two losses by the logit: p - y, and 2 (p - y) p (1 - p).

    logits : float array.  target : 0 or 1, the truth for all of them.  Returns (cross-entropy's, squared error's).

    >>> [float(value) for value in two_slopes(0.0, 1)]
    [-0.5, -0.25]
    """
    p, rest = loss.sigmoid(logits), loss.sigmoid(np.negative(logits))
    slope = -rest if target else p
    return slope, 2 * slope * p * rest


def binary_loss():
    """One probability, the truth, and what two losses say; beside them how hard each pulls the logit.

    Serves the prediction: p = 0.01 and the truth is malignant; which loss pulls harder, and how many times?
    """
    controls = {
        "preset": choice("prediction", [*OPINIONS, "your own"], "unsure", width="300px"),
        "truth": choice("truth", [(f"{name} (label {label})", label) for label, name in TRUTHS.items()],
                        width="230px"),
        "p": slider("p of malignant", 0.5, 0.001, 0.999, 0.001, width="415px", form=".3f"),
        "logit": slider("the same as a logit", 0.0, -FURTHEST, FURTHEST, 0.01, width="415px", form=".2f"),
    }
    follow_preset(controls["preset"], OPINIONS, [controls["p"], controls["truth"]])
    _tie(controls["p"], controls["logit"])
    fig, artists = _loss_figure()

    def update(preset, truth, p, logit):
        _draw_losses(artists, p, truth)
        return _tell_losses(p, truth)

    parts = [part for group in artists.values() for part in group]
    return live_figure(controls, fig, parts, update, rows=[("preset", "truth"), ("p", "logit")])


def log_odds(p):
    """The logit whose sigmoid is p, a probability strictly between 0 and 1."""
    return float(np.log(p) - np.log1p(-p))


def _tie(p, logit):
    """Two sliders of one number: a move of one moves the other, and is one movement."""

    def follow(leader, follower, convert):
        def move(change):
            if not leader.busy:
                with one_picture(follower):
                    follower.value = min(max(convert(leader.value), follower.min), follower.max)

        leader.busy = False
        leader.observe(move, "value")

    follow(p, logit, log_odds)
    follow(logit, p, lambda value: float(loss.sigmoid(value)))


def _draw_losses(artists, p, truth):
    grid = np.linspace(-FURTHEST, FURTHEST, 101)
    here = log_odds(p)
    values = [(loss.sigmoid(grid), two_losses(loss.sigmoid(grid), truth), p, two_losses(p, truth)),
              (grid, two_slopes(grid, truth), here, two_slopes(here, truth))]
    for curves, dots, (x, ys, x_dot, y_dots) in zip((artists["loss curves"], artists["slope curves"]),
                                                    (artists["loss dots"], artists["slope dots"]), values, strict=True):
        for curve, dot, y, y_dot in zip(curves, dots, ys, y_dots, strict=True):
            curve.set_data(x, y)
            dot.set_data([x_dot], [y_dot])


def _tell_losses(p, truth):
    (entropy, squared), (pull, weak) = two_losses(p, truth), two_slopes(log_odds(p), truth)
    caption = (f"Cross-entropy {entropy:.3f}, slope {pull:+.3f}; squared error {squared:.3f}, slope {weak:+.3f}: "
               f"{pull / weak:.3g} times weaker")
    return caption, (f"p = {p:.3f}, truth {TRUTHS[truth]}. {caption}. Left, both losses against p; right, their slopes "
                     f"by the logit. A step against the slope {'raises' if truth else 'lowers'} the logit.")


def _loss_figure():
    fig, (left, right) = plt.subplots(1, 2, figsize=(10.4, 3.75))
    fig.subplots_adjust(left=0.06, right=0.985, bottom=0.145, top=0.91, wspace=0.17)
    artists = {}
    for axis, name in ((left, "loss"), (right, "slope")):
        artists[f"{name} curves"] = [axis.plot([], [], color=show.BLUE, lw=2.5, label="cross-entropy")[0],
                                     axis.plot([], [], "--", color=show.ORANGE, lw=2.5, label="squared error")[0]]
        artists[f"{name} dots"] = [axis.plot([], [], "o", color=show.BLUE, ms=14, mec="black", clip_on=False)[0],
                                   axis.plot([], [], "s", color=show.ORANGE, ms=8, mec="black", clip_on=False)[0]]
        axis.grid(alpha=0.3)
    left.set(xlim=(-0.02, 1.02), ylim=(-0.15, 7.2), xlabel="p, probability of malignant", ylabel="loss",
             title="Loss of one patient")
    left.legend(loc="upper center", framealpha=1)
    right.axhline(0, color="black", lw=1)
    right.set(xlim=(-7.2, 7.2), ylim=(-1.12, 1.12), xlabel="logit (p is its sigmoid)", ylabel="slope",
              title="Slope by the logit: how hard each loss pulls")
    right.set_yticks([-1, -0.5, 0, 0.5, 1])
    for x, y, align, words in ((0.02, 0.97, "left", "above 0: the step lowers p"),
                               (0.98, 0.06, "right", "below 0: the step raises p")):
        right.text(x, y, words, transform=right.transAxes, ha=align, va="center", fontsize=10)
    return fig, artists


def softmax_steps(logits, temperature=1.0, shift=0.0, subtract=False):
    """Softmax step by step in float32, as a network computes: what goes into exp, exp of it, the probabilities.

    logits : numbers, one per class.  shift : added to each.  temperature : divides them then, above 0.
    subtract : take the largest away first. Without it exp is infinite above 88.7, and infinity over infinity is NaN.
    Returns three float32 arrays of shape (classes,).

    >>> softmax_steps([1000, 0, 0])[2].tolist()
    [nan, 0.0, 0.0]
    >>> softmax_steps([1000, 0, 0], subtract=True)[2].tolist()
    [1.0, 0.0, 0.0]
    """
    values = np.float32(logits) + np.float32(shift)
    if subtract:
        values = values - values.max()
    exponents = values / np.float32(temperature)
    with np.errstate(over="ignore", invalid="ignore"):  # infinity and NaN are the lesson here, and are shown in words
        powers = np.exp(exponents)
        return exponents, powers, powers / powers.sum()


def softmax_mixer():
    """Three logits, a temperature, a shift, and the two steps of softmax in float32.

    Serves the prediction: 100 is added to every logit; what becomes of the probabilities, and what does the
    recipe return as it is printed?
    """
    logits = MIXES["1, 2, 3"][-3:]
    controls = {
        "preset": choice("preset", [*MIXES, "your own"], width="240px"),
        "classes": choice("classes", [2, 3], 3, width="120px"),
        "subtract": choice("recipe", RECIPES.items(), width="300px"),
        "temperature": steps("temperature T", [0.1, 0.2, 0.5, 1, 2, 5, 10], 1, width="370px"),
        "shift": steps("add to all logits", [0, 1, 10, 50, 80, 85, 86, 87, 100, 1000], 0, width="370px"),
    }
    controls |= {name: slider(f"{name} logit", value, -10.0, 10.0, 0.5, width="275px", form=".1f")
                 for name, value in zip(CLASSES, logits, strict=True)}
    targets = [controls[name] for name in ("classes", "subtract", "temperature", "shift", *CLASSES)]
    follow_preset(controls["preset"], MIXES, targets)
    fig, artists = _mixer_figure()

    def update(preset, classes, subtract, temperature, shift, **values):
        named = {name: values[name] for name in CLASSES[:classes]}
        parts = softmax_steps(list(named.values()), temperature, shift, subtract)
        _draw_steps(artists, *parts)
        caption = _tell_steps(named, temperature, *parts)
        given = ", ".join(f"{name} {value:g}" for name, value in named.items())
        return caption, (f"Softmax of the logits {given}, plus {shift}, over temperature {temperature:g}, recipe "
                         f"{dict(zip(RECIPES.values(), RECIPES, strict=True))[subtract]}. {caption}.")

    return live_figure(controls, fig, [part for group in artists.values() for part in group], update,
                       rows=[("preset", "classes", "subtract"), ("temperature", "shift"), CLASSES])


def in_words(value, form):
    """A number as a person would say it: infinite, not a number, or formatted.

    >>> in_words(float("nan"), ".3f"), in_words(2.5, ".3f")
    ('not a number', '2.500')
    """
    return "not a number" if np.isnan(value) else "infinite" if np.isinf(value) else format(value, form)


def _draw_steps(artists, exponents, powers, probs):
    left_out = [0] * (len(CLASSES) - len(probs))
    lengths = [*np.nan_to_num(probs), *left_out]
    for bars, values in ((artists["exponents"], [*exponents, *left_out]), (artists["probs"], lengths)):
        for bar, value in zip(bars, values, strict=True):
            bar.set_width(value)
    words = [*(in_words(value, ".3g") for value in powers), *("left out" for _ in left_out)]
    for inset, text in zip(artists["powers"], words, strict=True):
        inset.show(written(text))
    words = [*(in_words(value, ".3f") for value in probs), *("" for _ in left_out)]
    for inset, text, bar in zip(artists["results"], words, artists["probs"], strict=True):
        inset.left = int(bar.axes.transData.transform((bar.get_width(), 0))[0]) + 6
        inset.show(written(text))


def _tell_steps(named, temperature, exponents, powers, probs):
    if np.isnan(probs).any():
        return (f"exp({exponents.max():g}) is too large for float32: infinite over infinite is not a number, "
                "so no class can be chosen")
    best = [name for name, p in zip(named, probs, strict=True) if p == probs.max()]
    ahead = f"most likely {best[0]}" if len(best) == 1 else f"a tie of {', '.join(best[:-1])} and {best[-1]}"
    caption = f"{' + '.join(f'{p:.3f}' for p in probs)} = {probs.sum():.3f}, {ahead}"
    if len(named) == 2:
        gap = (named["malignant"] - named["benign"]) / temperature
        caption += f" · sigmoid of the difference over T: sigmoid({gap:g}) = {loss.sigmoid(gap):.3f}"
    return caption


def _mixer_figure():
    fig = plt.figure(figsize=(10.4, 2.75))
    left, middle, right = (fig.add_axes((start, 0.2, width, 0.66)) for start, width in
                           ((0.09, 0.42), (0.54, 0.1), (0.655, 0.27)))
    colours = [show.BLUE, show.RED, show.GREEN]
    left.set_xscale("symlog", linthresh=10, linscale=2.5)
    exponents, probs = (list(axis.barh(CLASSES, [0] * 3, height=0.6, color=colours)) for axis in (left, right))
    for axis in (left, middle, right):
        axis.set_ylim(2.8, -0.5)
        axis.tick_params(axis="y", length=0)
    left.set(xlim=(-250, 2000), title="1. what goes into exp", xlabel="even steps to ±10, powers of ten beyond")
    left.set_xticks([-100, -10, -5, 0, 5, 10, 100, 1000], ["−100", "−10", "−5", "0", "5", "10", "100", "1000"])
    left.minorticks_off()
    left.axvline(0, color="black", lw=0.8)
    left.axvline(OVERFLOW, color="black", lw=1.5, ls="--")
    left.text(OVERFLOW, 2.8, "exp infinite from 88.7 ", ha="right", va="bottom", fontsize=9)
    middle.axis("off")
    middle.set_title("2. exp of it", loc="left")
    right.set(xlim=(0, 1), yticks=[], title="3. over their sum: probability", xlabel="probability")
    tops = [int(fig.bbox.height - right.transData.transform((0, row))[1]) - 10 for row in range(3)]
    return fig, {"exponents": exponents, "probs": probs, "powers": [Inset(int(middle.bbox.x0), top) for top in tops],
                 "results": [Inset(0, top) for top in tops]}

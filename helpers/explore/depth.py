"""Explorer of depth: how much of the loss's gradient reaches the first layer of a deep fully connected network."""
from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np
from scipy.special import expit

from helpers import show
from helpers.explore.controls import choice, follow_preset, slider
from helpers.explore.live import live_figure

WIDTH, SAMPLES, DEEPEST, LEAK = 48, 16, 30, 0.01
ACTIVATIONS = {  # function of the weighted sum; its slope, from the sum and the output
    "sigmoid": (lambda total: 0.5 + 0.5 * np.tanh(0.5 * total),  # SciPy's takes twenty times as long
                lambda total, output: output * (1 - output)),
    "tanh": (np.tanh, lambda total, output: 1 - output**2),
    "ReLU": (lambda total: np.maximum(total, 0), lambda total, output: (total > 0).astype(float)),
    "leaky ReLU": (lambda total: np.where(total > 0, total, LEAK * total),
                   lambda total, output: np.where(total > 0, 1.0, LEAK)),
}
SCALES = {  # standard deviation of the first weights, from the inputs of a layer; all layers are equally wide
    "small normal (0.1)": lambda inputs: 0.1, "Xavier": lambda inputs: inputs**-0.5,
    "He": lambda inputs: (2 / inputs) ** 0.5, "large normal (0.3)": lambda inputs: 0.3}
PRESETS = {"shallow sigmoid": ("sigmoid", "He", 5), "deep sigmoid": ("sigmoid", "He", 20),
           "deep tanh": ("tanh", "Xavier", 20), "deep ReLU": ("ReLU", "He", 20),
           "small weights": ("ReLU", "small normal (0.1)", 20), "large weights": ("ReLU", "large normal (0.3)", 20)}
LOOKS = {  # colour and line of each activation
    "sigmoid": (show.BLUE, "-"), "tanh": (show.GREEN, "--"), "ReLU": (show.RED, "-."), "leaky ReLU": ("black", ":")}
LOWEST, HIGHEST = 1e-26, 1e6  # no setting leaves this range


@lru_cache(maxsize=16)
def _draws(seed, width):
    generator = np.random.default_rng(seed)
    return generator.standard_normal(width), generator.standard_normal((DEEPEST, width, width))


def random_network(scale, depth, seed, width=WIDTH):
    """Weights before any training: `depth` square layers and one output, normal with mean 0; all biases are 0.

    scale : key of SCALES.  A deeper network of the same seed begins with the layers of a shallower one.
    Returns float arrays (depth, width, width), the neurons of a layer in rows, and (width,).
    """
    output, layers = _draws(seed, width)
    spread = SCALES[scale](width)
    return spread * layers[:depth], spread * output


def gradient_norms(inputs, targets, weights, output, activation):
    """Norm of the gradient of the mean BCE loss in every layer, by one forward and one backward pass.

    inputs : (N, width).  targets : 0 or 1, (N,).  weights, output : see random_network.
    activation : key of ACTIVATIONS.
    Returns two float arrays (depth,), first layer first: the norms with respect to the weights of a layer, and with
    respect to its weighted sums before the activation.
    """
    function, slope = ACTIVATIONS[activation]
    outputs, totals, errors = [inputs], [], []
    for weight in weights:
        totals.append(outputs[-1] @ weight.T)                              # (N, width)
        outputs.append(function(totals[-1]))
    arriving = np.outer((expit(outputs[-1] @ output) - targets) / len(targets), output)
    for weight, total, out in zip(weights[::-1], totals[::-1], outputs[:0:-1], strict=True):
        errors.append(arriving * slope(total, out))                        # gradient by the layer's sums
        arriving = errors[-1] @ weight
    errors = np.stack(errors[::-1])                                        # (depth, N, width)
    by_weights = errors.transpose(0, 2, 1) @ np.stack(outputs[:-1])        # (depth, width, width)
    return tuple(np.sqrt(np.einsum("lij,lij->l", each, each)) for each in (by_weights, errors))


@lru_cache(maxsize=64)
def first_gradients(activation, scale, depth, seed):
    """gradient_norms of an untrained network on made-up inputs whose label is the sign of the first number."""
    inputs = np.random.default_rng(1000 + seed).standard_normal((SAMPLES, WIDTH))
    return gradient_norms(inputs, inputs[:, 0] > 0, *random_network(scale, depth, seed), activation)


def power_of_ten(number):
    """A positive number, with a power of ten where it is very small or large.

    >>> power_of_ten(0.25), power_of_ten(1.93e9), power_of_ten(4e-12)
    ('0.25', '1.9 × 10⁹', '4 × 10⁻¹²')
    """
    if 0.01 <= number < 1000:
        return f"{number:.2g}" if number < 100 else f"{number:.0f}"
    digits, exponent = f"{number:.1e}".split("e")
    return f"{float(digits):g} × 10{str(int(exponent)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def gradient_by_depth():
    """How strongly the loss pulls at each layer of an untrained, fully connected network.

    Serves the prediction: 20 layers of sigmoid; is the first layer's gradient about a tenth, a thousandth or a
    thousand-millionth of the last one's?

    The gradient by a layer's weighted sums is what arrives on the way back: a product of Jacobians, one per layer.
    The gradient by its weights, which the update uses, also contains the layer's inputs, a product of the way there.
    """
    controls = {
        "preset": choice("preset", [*PRESETS, "your own"], "deep sigmoid", width="250px"),
        "activation": choice("activation", [*ACTIVATIONS], width="220px"),
        "scale": choice("first weights", [*SCALES], "He", width="290px"),
        "depth": slider("layers", 20, 2, DEEPEST, width="300px"),
        "by": choice("gradient by", [("weighted sums", 1), ("weights", 0)], width="240px"),
        "others": choice("other activations", ["shown", "hidden"], width="240px"),
        "seed": slider("network", 1, 1, 10, width="260px"),
    }
    follow_preset(controls["preset"], PRESETS, [controls[name] for name in ("activation", "scale", "depth")])
    fig, artists = _depth_figure()

    def update(preset, activation, scale, depth, by, others, seed):
        names = ACTIVATIONS if others == "shown" else [activation]
        norms = {name: first_gradients(name, scale, depth, seed)[by] for name in names}
        _draw_depth(artists, activation, norms)
        return _tell_depth(activation, scale, ("weights", "weighted sums")[by], norms)

    rows = [("preset", "activation", "scale", "depth"), ("by", "others", "seed")]
    return live_figure(controls, fig, [line for group in artists.values() for line in group], update, rows)


def _draw_depth(artists, activation, norms):
    for name, line in zip(ACTIVATIONS, artists["others"], strict=True):
        line.set_visible(name in norms and name != activation)
        if name in norms:
            line.set_data(range(1, 1 + len(norms[name])), np.maximum(norms[name], LOWEST / 10))
    norm = np.maximum(norms[activation], LOWEST / 10)
    for line in (*artists["chosen"], *artists["curves"]):
        line.set_color(LOOKS[activation][0])
    artists["chosen"][0].set_data(range(1, 1 + len(norm)), norm)
    function, slope = ACTIVATIONS[activation]
    total = artists["curves"][0].get_xdata()
    output = function(total)
    artists["curves"][0].set_ydata(output)
    artists["curves"][1].set_ydata(slope(total, output))


def _tell_depth(activation, scale, by, norms):
    ends = {name: (norm[0], norm[-1]) for name, norm in norms.items()}
    depth, (first, last) = len(norms[activation]), ends[activation]
    if first == 0:
        caption = f"{depth} layers, {activation}: no gradient at all reaches the first layer"
    else:
        caption = (f"{depth} layers, {activation}: last ÷ first = {power_of_ten(last / first)} "
                   f"(× {power_of_ten((first / last) ** (1 / (depth - 1)))} per layer on the way back); "
                   f"first layer's norm {power_of_ten(first)}")
    told = ", ".join(f"{name} {a:.2g} and {b:.2g}" for name, (a, b) in ends.items())
    return caption, (f"Norm of the loss's gradient by the {by} of each layer, logarithmic, first layer left, {scale} "
                     f"weights. {caption}. First and last layer: {told}.")


def _depth_figure():
    fig, (left, right) = plt.subplots(1, 2, figsize=(10.4, 3.6), width_ratios=(1, 2.7))
    fig.subplots_adjust(left=0.055, right=0.985, bottom=0.15, top=0.92, wspace=0.21)
    total = np.linspace(-4, 4, 161)
    curves = [left.plot(total, total, lw=2.5)[0], left.plot(total, total, "--", lw=1.5)[0]]
    left.axhline(0, color=show.GREY, lw=0.6)
    left.axhline(0.25, color=show.GREY, lw=0.8, ls=":")
    left.text(-3.9, 0.3, "¼", color=show.GREY)
    left.set(xlim=(-4, 4), ylim=(-1.15, 2.1), xlabel="weighted sum", title="activation, slope dashed")
    others = [right.plot([], [], ls=dashes, color=color, lw=1.2, alpha=0.6)[0] for color, dashes in LOOKS.values()]
    chosen, = right.plot([], [], marker="o", ms=5, lw=2.5)
    right.set(yscale="log", xlim=(0.5, DEEPEST + 0.5), ylim=(LOWEST, HIGHEST), xlabel="layer, the first one left",
              ylabel="norm of the gradient", xticks=[1, 5, 10, 15, 20, 25, 30], yticks=10.0 ** np.arange(-25, 6, 5))
    right.minorticks_off()
    right.grid(axis="y", alpha=0.35)
    handles = [plt.Line2D([], [], ls=dashes, color=color, label=name) for name, (color, dashes) in LOOKS.items()]
    right.legend(handles=handles, fontsize=10, ncols=4, loc="lower center")
    return fig, {"others": others, "chosen": [chosen], "curves": curves}

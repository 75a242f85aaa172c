"""Explorers of one neuron and of what a fully connected network costs."""
import matplotlib.pyplot as plt
import numpy as np

from helpers import conv, show
from helpers.explore.controls import choice, follow_preset, slider, steps
from helpers.explore.live import Inset, live_figure
from helpers.explore.wording import readable_bytes

PIXELS = tuple(f"pixel {k}" for k in (1, 2, 3, 4))
WEIGHTS = tuple(f"weight {k}" for k in (1, 2, 3, 4))
DETECTORS = {  # four weights and a bias
    "mean brightness above a half": (0.25, 0.25, 0.25, 0.25, -0.5),
    "left brighter than right": (0.5, -0.5, 0.5, -0.5, -0.5),
    "bright diagonal": (0.5, -0.5, -0.5, 0.5, -0.5),
}


def neuron_output(pixels, weights, bias):
    """Weighted sum plus bias, and what ReLU lets through.

    pixels, weights : sequences of equal length.  Returns (weighted sum plus bias, output).

    >>> neuron_output([1, 0, 1, 0], [0.25, 0.25, 0.25, 0.25], -0.5)
    (0.0, 0.0)
    """
    total = float(np.dot(pixels, weights) + bias)
    return total, max(total, 0.0)


def neuron():
    """Four pixels, four weights, a bias and ReLU.

    Serves the prediction: with all weights at one quarter, which pictures make the neuron fire?
    """
    controls = {"detector": choice("weights", [*DETECTORS, "your own"], width="350px")}
    start = DETECTORS["mean brightness above a half"]
    controls |= {name: slider(name, value, 0.0, 1.0, 0.05, width="225px")
                 for name, value in zip(PIXELS, (0.9, 0.2, 0.8, 0.3), strict=True)}
    controls |= {name: slider(name, value, -1.0, 1.0, 0.05, width="225px")
                 for name, value in zip((*WEIGHTS, "bias"), start, strict=True)}
    follow_preset(controls["detector"], DETECTORS, [controls[name] for name in (*WEIGHTS, "bias")])
    fig, artists = _neuron_figure()

    def update(detector, bias, **values):
        pixels, weights = ([values[name] for name in names] for names in (PIXELS, WEIGHTS))
        return _draw_neuron(artists, pixels, weights, bias)

    parts = [part for group in artists.values() for part in group]
    return live_figure(controls, fig, parts, update, rows=[("detector", "bias"), PIXELS, WEIGHTS])


def _draw_neuron(artists, pixels, weights, bias):
    total, output = neuron_output(pixels, weights, bias)
    products = np.multiply(pixels, weights)
    grey, signed = artists["pictures"]
    grey.show(colours("gray", np.reshape(pixels, (2, 2))))
    signed.show(colours("RdBu_r", (np.reshape(weights, (2, 2)) + 1) / 2))
    for bar, value in zip(artists["bars"], (*products, bias), strict=True):
        bar.set_width(value)
    artists["dot"][0].set_data([total], [output])
    verdict = f"fires: {output:.3g}" if output > 0 else "silent: 0"
    caption = f"Weighted sum + bias = {total:+.3f} → {verdict}"
    return caption, (f"Neuron with pixels {pixels}, weights {weights}, bias {bias}: the sum is {total:.3f}, "
                     f"so it {'fires with ' + format(output, '.3g') if output > 0 else 'stays silent'}.")


def colours(name, values):
    """Values in [0, 1] in the colours of a colour map, uint8 of shape (H, W, 3)."""
    return np.uint8(255 * plt.get_cmap(name)(values)[..., :3])


def _neuron_figure():
    fig = plt.figure(figsize=(10.4, 2.5))
    image, weight, parts, relu = (fig.add_axes((left, bottom, width, 0.9 - bottom)) for left, bottom, width in
                                  ((0.01, 0.08, 0.195), (0.225, 0.08, 0.195), (0.54, 0.14, 0.2), (0.79, 0.22, 0.19)))
    pictures = []
    for axis, title in ((image, "pixels: 1 2 above 3 4"), (weight, "weights: red +, blue −")):
        axis.set(title=title, xticks=[], yticks=[])
        axis.spines[:].set_visible(True)
        left, _, right, top = axis.get_window_extent().extents
        pictures.append(Inset(int(left) + 1, int(fig.bbox.height - top) + 1, zoom=int(right - left) // 2 - 1))
    labels = [f"pixel × weight {k}" for k in (1, 2, 3, 4)] + ["bias"]
    bars = parts.barh(labels, [0] * 5, color=[show.BLUE] * 4 + [show.ORANGE])
    parts.set(xlim=(-1.1, 1.1), title="what is added up")
    parts.invert_yaxis()
    parts.tick_params(axis="y", labelsize=9, length=0)
    parts.axvline(0, color="black", lw=0.8)
    relu.plot([-5.2, 0, 5.2], [0, 0, 5.2], color=show.GREY, lw=2)
    relu.set(xlim=(-5.2, 5.2), ylim=(-0.6, 5.4), xlabel="weighted sum + bias", ylabel="output", title="ReLU")
    dot, = relu.plot([], [], "o", color=show.RED, ms=11)
    return fig, {"pictures": pictures, "bars": list(bars), "dot": [dot]}


def parameter_counter():
    """Weights and biases of a fully connected network on an image.

    Serves the prediction: how many parameters does one hidden layer of 1,000 neurons need on a 256 by 256
    colour picture?
    """
    controls = {
        "side": steps("image side (pixels)", [10, 16, 28, 32, 64, 128, 256, 512, 1024], 10),
        "channels": choice("channels", [1, 3], width="160px"),
        "hidden": steps("hidden neurons", [1, 3, 10, 64, 100, 1000, 4096], 3),
        "outputs": choice("outputs", [("no second layer", 0), 1, 2, 10], width="220px"),
    }
    fig, bar = _counter_figure()

    def update(side, channels, hidden, outputs):
        widths = [width for width in (side * side * channels, hidden, outputs) if width]
        total = conv.dense_parameters(*widths)
        bar.set_width(total)
        arrow = " → ".join(f"{width:,}" for width in widths)
        caption = f"{arrow}: {total:,} parameters, {readable_bytes(4 * total)} as float32"
        return caption, (f"Fully connected network on a {side} by {side} image with {channels} channel(s), {caption}. "
                         "Bar on a logarithmic scale beside a 3 by 3 convolution with 16 filters, LeNet-5 and VGG-16.")

    return live_figure(controls, fig, [bar], update)


def _counter_figure():
    fig, axis = plt.subplots(figsize=(9.6, 2.0))
    fig.subplots_adjust(left=0.04, right=0.96, bottom=0.32, top=0.76)
    bar, = axis.barh([0], [1], height=0.5, color=show.BLUE)
    axis.set(xscale="log", xlim=(1, 1e11), ylim=(-0.5, 0.5), yticks=[], xlabel="parameters (logarithmic)")
    axis.spines["left"].set_visible(False)
    landmarks = {"16 filters of 3 × 3 × 3": 448, "LeNet-5": 61_706, "VGG-16": 138_357_544}
    for name, value in landmarks.items():
        axis.axvline(value, color=show.RED, lw=1.2, ls="--")
        axis.text(value, 1.06, f"{name}: {value:,}", transform=axis.get_xaxis_transform(), fontsize=9,
                  ha="center", color=show.RED)
    return fig, bar

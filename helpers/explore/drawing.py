"""A pad to draw a digit on, and a small network that reads it while you draw."""
import base64
import math
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from matplotlib.figure import Figure
from PIL import Image, ImageDraw

from helpers import loss, show
from helpers.explore.canvas import LINE, as_numbers, bars, inside, tint
from helpers.explore.live import Explorer
from helpers.explore.wording import chance, with_sign

SIDES, FEATURES, EXAMPLES = (4, 32), 6, 6       # what fits on a slide beside the pad
PORTRAIT, SMALL_PORTRAIT, SIGNS = 96, 72, 8     # pixels on the page; signs across a picture of weights
LESS, MORE = "#4393C3", "#D6604D"
VERDICTS = ("“zero”", "rather “zero”", "undecided", "rather “one”", "“one”")


class DrawingPad(anywidget.AnyWidget):
    """The state that the page and Python share; the page draws, computes and handles mouse and keys (drawing.js)."""

    _esm = Path(__file__).parent / "drawing.js"
    side = traitlets.Int(8).tag(sync=True)
    high = traitlets.Float(16.0).tag(sync=True)
    pixels = traitlets.List(traitlets.Float(), [0.0] * 64).tag(sync=True)
    weights = traitlets.List(traitlets.List(traitlets.Float()), [[0.0] * 64]).tag(sync=True)
    biases = traitlets.List(traitlets.Float(), [0.0]).tag(sync=True)
    out_weights = traitlets.List(traitlets.Float(), [0.0]).tag(sync=True)
    out_bias = traitlets.Float(0.0).tag(sync=True)
    portraits = traitlets.List(traitlets.Dict(), []).tag(sync=True)      # the weights as pictures: src, alt, width
    largest = traitlets.Float(0.0).tag(sync=True)
    reach = traitlets.Float(1.0).tag(sync=True)
    names = traitlets.List(traitlets.Unicode(), []).tag(sync=True)
    examples = traitlets.List(traitlets.List(traitlets.Float()), []).tag(sync=True)
    cursor = traitlets.List(traitlets.Int(), [0, 0]).tag(sync=True)
    erasing = traitlets.Bool(False).tag(sync=True)
    strength = traitlets.Float(1.0, min=0.1, max=1.0).tag(sync=True)

    @traitlets.validate("pixels")
    def _check_pixels(self, proposal):
        pixels, cells = proposal.value, self.side ** 2
        if len(pixels) != cells or not all(0 <= value <= self.high for value in pixels):
            raise traitlets.TraitError(f"pixels needs {cells} numbers from 0 to {self.high:g}, row after row.")
        return pixels

    @traitlets.validate("cursor")
    def _check_cursor(self, proposal):
        if not inside(proposal.value, (self.side, self.side)):
            raise traitlets.TraitError(f"cursor needs [row, column], both from 0 to {self.side - 1}.")
        return proposal.value

    def forward(self, pixels=None):
        """What the network makes of n * n pixels, or of the present drawing: see the function forward."""
        pixels = self.pixels if pixels is None else check_picture(pixels, "pixels", self.side, self.high)
        return forward(pixels, self.weights, self.biases, self.out_weights, self.out_bias)


class DrawingExplorer(Explorer):
    """An explorer with two questions more: what is drawn now, and what does the network make of it?"""

    def __init__(self, pad):
        super().__init__({}, pad, lambda: picture(pad), lambda: describe(pad))
        self.forward = pad.forward

    def values(self):
        """The present drawing, float64 of shape (n, n), from 0 to high."""
        return np.reshape(self.view.pixels, (self.view.side, self.view.side))


def draw_digit(weights, biases, out_weights, out_bias, *, start=None, high=16):
    """Draw a digit, and watch three hidden features and the probability of "one" follow each stroke.

    The prediction it serves: which features wake or fall silent as you bend a one into a zero, and what does the
    network say of a "7", which it has never seen?  Decide, then draw.  The page computes it, without a kernel.

    weights : array or tensor of shape (k, n * n), k from 1 to 6, as `nn.Linear(n * n, k).weight`; n = 8 for the
        digits of scikit-learn, 28 for MNIST.  biases : shape (k,).
    out_weights : shape (k,) or (1, k).  out_bias : one number. Its sigmoid output is the probability of "one".
    start : the first picture, (n, n) or n * n numbers from 0 to high; or a dict of name to picture, which become
        buttons, the first of them drawn at first; None is an empty pad.
    high : the number of a fully inked cell, as in the pictures that the network was trained on.
    Returns an explorer with `values()` and `forward(pixels=None)`.
    Raises ValueError for what is no such network or picture.
    """
    network, side = check_network(weights, biases, out_weights, out_bias)
    if not (isinstance(high, int | float | np.number) and 0 < high < math.inf):
        raise ValueError(f"high must be a number above 0, the value of a fully inked cell, not {high!r}.")
    pictures = {} if start is None else start if isinstance(start, dict) else {"start picture": start}
    if len(pictures) > EXAMPLES:
        raise ValueError(f"start holds {len(pictures)} pictures, but at most {EXAMPLES} fit beside the pad.")
    examples = [check_picture(picture, name, side, high) for name, picture in pictures.items()]
    weights, biases, out_weights, (out_bias,) = (array.tolist() for array in network)
    return DrawingExplorer(DrawingPad(
        side=side, high=float(high), pixels=examples[0] if examples else [0.0] * side ** 2, weights=weights,
        biases=biases, out_weights=out_weights, out_bias=out_bias, portraits=portraits(network[0]),
        largest=float(np.abs(weights).max()), reach=bar_reach(*network[:2], high), examples=examples,
        names=[str(name) for name in pictures], cursor=[side // 2, side // 2]))


def check_network(*arrays):
    """The network as float64 of shape (k, n * n), (k,), (k,) and (1,), and n; ValueError if it is none."""
    names = ("weights", "biases", "out_weights", "out_bias")
    weights, *rest = arrays = [as_numbers(array, name) for array, name in zip(arrays, names, strict=True)]
    side = math.isqrt(weights.shape[-1]) if weights.ndim == 2 else 0
    if not SIDES[0] <= side <= SIDES[1] or side ** 2 != weights.shape[1] or not 1 <= len(weights) <= FEATURES:
        raise ValueError(f"weights must have shape (k, n * n), k from 1 to {FEATURES} and n from {SIDES[0]} to "
                         f"{SIDES[1]}, for example (3, 64), not {weights.shape}.")
    for name, array, count in zip(names[1:], rest, (len(weights), len(weights), 1), strict=True):
        if array.size != count:
            raise ValueError(f"{name} must hold {count} number{'s' * (count > 1)} for {len(weights)} features, "
                             f"not an array of shape {array.shape}.")
    if not all(np.isfinite(array).all() for array in arrays):
        raise ValueError("The network holds NaN or infinite numbers: train it again with a smaller learning rate.")
    return [weights, *(array.ravel() for array in rest)], side


def check_picture(picture, name, side, high):
    """A picture as a list of side² floats; ValueError with one sentence if it is none."""
    numbers = as_numbers(picture, name)
    if numbers.shape not in ((side, side), (side ** 2,)):
        raise ValueError(f"{name}: the network takes pictures of shape ({side}, {side}), not {numbers.shape}.")
    if not ((numbers >= 0) & (numbers <= high)).all():
        raise ValueError(f"{name}: numbers must run from 0 to high={high:g}, but these run from {numbers.min():g} to "
                         f"{numbers.max():g}: scale the picture or pass another high.")
    return numbers.ravel().tolist()


def bar_reach(weights, biases, high):
    """Where the bars end: half the largest weighted sum that any picture can have, in two digits.

    >>> bar_reach(np.array([[1.0, -2.0, 1.0, 1.0]]), np.array([0.5]), 16)
    24.0
    """
    ends = [biases + high * np.clip(weights, *signs).sum(axis=1) for signs in ((0, None), (None, 0))]
    return float(f"{np.abs(ends).max() / 2:.1e}") or 1.0


def forward(pixels, weights, biases, out_weights, out_bias):
    """One hidden layer with ReLU, one sigmoid output; the numbers that the page shows.

    pixels : n * n numbers.  weights : (k, n * n).  biases, out_weights : (k,).  out_bias : one number.
    Returns weighted sums (k,), features (k,) and the probability, a float.

    >>> sums, features, p = forward([2, 1], [[1, -1], [-1, -1]], [0, 1], [3, 1], -3)
    >>> sums.tolist(), features.tolist(), p
    ([1.0, -2.0], [1.0, 0.0], 0.5)
    """
    sums = np.asarray(weights, dtype=np.float64) @ np.ravel(pixels) + biases
    features = np.maximum(sums, 0.0)
    return sums, features, float(loss.sigmoid(features @ out_weights + out_bias))


def verdict(p):
    """The answer in words: what the network says, which need not be right."""
    return VERDICTS[sum(p >= step for step in (0.1, 0.4, 0.6, 0.9))]


def describe(pad):
    """Drawing, features and answer for readers who do not see them, in the words of the page."""
    rows, columns = np.nonzero(np.reshape(pad.pixels, (pad.side, pad.side)))
    drawn = (f"ink in {len(rows)} of {len(pad.pixels)} cells, rows {rows.min()} to {rows.max()}, "
             f"columns {columns.min()} to {columns.max()}" if len(rows) else "nothing is drawn")
    sums, _, p = pad.forward()
    features = [f"Feature {k}: weighted sum {with_sign(value)}, {f'fires with {value:.2f}' if value > 0 else 'silent'}."
                for k, value in enumerate(sums, 1)]
    return (f"Drawing pad of {pad.side} by {pad.side} cells: {drawn}. {' '.join(features)} "
            f"Probability of “one”: {chance(p, 3)}, {verdict(p)}.")


def portraits(weights):
    """Each feature's weights as an HTML image: src, alt and width in pixels of the page."""
    sheets = [portrait(weights, number) for number in range(len(weights))]
    return [{"src": f"data:image/png;base64,{base64.b64encode(show.png(sheet)).decode()}", "width": len(sheet) // 2,
             "alt": f"Weights of feature {number}: {np.sum(row > 0)} of {row.size} positive, "
                    f"largest {place(row, row.argmax())}, smallest {place(row, row.argmin())}."}
            for number, (row, sheet) in enumerate(zip(weights, sheets, strict=True), 1)]


def place(row, at):
    """A weight of one feature, and where it lies, in words."""
    return f"{with_sign(row[at])} at row {at // math.isqrt(row.size)}, column {at % math.isqrt(row.size)}"


def portrait(weights, number):
    """One feature's weights in twice the pixels of the page, with + and − where they are strong.

    The largest weight of all features has the full colour. Where cells are small, one sign stands for several.
    """
    side, tall = math.isqrt(weights.shape[1]), PORTRAIT if len(weights) <= 3 else SMALL_PORTRAIT
    cell, block = 2 * max(1, tall // side), -(-side // SIGNS)
    shares = weights[number].reshape(side, side) / (np.abs(weights).max() or 1.0)
    sheet = Image.fromarray(tint(shares)).resize((side * cell, side * cell), Image.Resampling.NEAREST)
    pen, arm = ImageDraw.Draw(sheet), block * cell // 4
    starts = [(y, x) for y in range(0, side, block) for x in range(0, side, block)]
    means = [shares[y:y + block, x:x + block].mean() for y, x in starts]
    for start, mean in zip(starts, means, strict=True):
        y, x = ((at + block / 2) * cell for at in start)
        if mean and abs(mean) >= 0.25 * np.abs(means).max():
            colour = "white" if abs(mean) > 0.55 else "black"
            for wide, high in [(arm, arm // 3), (arm // 3, arm)][:1 + (mean > 0)]:  # a minus; a plus has two strokes
                pen.rectangle([x - wide, y - high, x + wide - 1, y + high - 1], colour)
    return np.asarray(sheet)


def picture(pad):
    """The pad as it stands, as PNG bytes for the stored notebook."""
    fig = Figure(figsize=(10.4, 4), dpi=show.DPI)
    drawing = fig.add_axes((0.01, 0.12, 0.31, 0.8), title="Your digit", xticks=[], yticks=[])
    drawing.imshow(np.reshape(pad.pixels, (pad.side, pad.side)), cmap="gray", vmin=0, vmax=pad.high)
    sums, features, p = pad.forward()
    height = 0.7 / len(sums)
    for k, bottom in enumerate(0.92 - height * np.arange(1, len(sums) + 1)):
        axis = fig.add_axes((0.33, bottom, 0.1, 0.92 * height), xticks=[], yticks=[])
        axis.imshow(portrait(np.array(pad.weights), k), interpolation="antialiased")
        axis.spines[:].set(visible=True, color=LINE)
        draw_sums(fig.add_axes((0.57, bottom + 0.1 * height, 0.18, 0.72 * height)), pad, k, sums[k], features[k])
    fig.text(0.34, 0.95, f"Weights: + red positive, − blue negative, up to ±{pad.largest:.2f}")
    axis = bars(fig.add_axes((0.57, 0.09, 0.18, 0.07)), {"probability of “one”": p}, [show.GREEN], (0, 1))
    axis.set(xticks=[0, 0.5, 1], xticklabels=["0", "0.5", "1"])
    axis.text(1.03, 0, f"{chance(p, 3)}: {verdict(p)}", va="center", weight="bold")
    return show.encode(fig)


def draw_sums(axis, pad, k, value, feature):
    """Weighted sum and ReLU output of one feature as two bars from a common zero."""
    colours, ends = [show.GREEN, MORE if value > 0 else LESS], (-pad.reach, pad.reach)
    bars(axis, {"after ReLU": feature, f"{k + 1}: weighted sum": value}, colours, ends)
    times = f"× {with_sign(pad.out_weights[k])} = {with_sign(feature * pad.out_weights[k])}"
    for height, text in ((1, with_sign(value)), (0, f"{feature:.2f} {'fires' if value > 0 else 'silent'}, {times}")):
        axis.text(1.06 * pad.reach, height, text, va="center", size=10)

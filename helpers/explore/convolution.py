"""The convolution explorer: input, kernel, products and output in one view, every number of them open to change."""
import math
import textwrap
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from PIL import Image, ImageDraw

from helpers import conv, show
from helpers.explore.canvas import INK, LINE, PAPER, grey_levels, inside, tint
from helpers.explore.lettering import font
from helpers.explore.live import Explorer

LARGEST_IMAGE, LARGEST_KERNEL, LARGEST = 16, 5, 9999   # what fits on a slide: cells, cells, digits
ALLOWED = {"stride": (1, 2, 3), "dilation": (1, 2, 3), "padding": ("none", "same", "full", *range(6)),
           "border": ("zeros", "reflect")}
GEOMETRY = ("image", "kernel", *ALLOWED)
NAMED_CELLS = 36                                       # more outputs than this nobody wants to have read out

PLUS = [[0, 1, 0], [1, 1, 1], [0, 1, 0]]
PRESETS = {                                            # image, kernel, padding
    "3 × 3 and 2 × 2": ([[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1], [2, 3]], 0),
    "vertical edge": ([[10, 10, 10, 0, 0, 0]] * 6, [[1, 0, -1]] * 3, 0),
    "the −8": ([[0, 0, 0], [0, 1, 1], [0, 1, 2]], [[4, 0, 0], [0, 0, 0], [0, 0, -4]], 0),
    "small nodule": (np.pad(PLUS, 2), PLUS, 0),
    "large nodule": (np.pad([[0, 1, 1, 0], [1, 1, 1, 1], [1, 1, 1, 1], [0, 1, 1, 0]], ((1, 2), (1, 2))), PLUS, 0),
    "padding 7 → 9 → 7": (np.ones((7, 7)), np.ones((3, 3)), 1),
}


class ConvolutionView(anywidget.AnyWidget):
    """The state that the page and Python share; the page draws, computes and handles mouse and keys (convolution.js).

    added : products in the running sum, -1 for all at once.  visited : hidden outputs that were worked out, as
    row * columns + column.
    """

    _esm = Path(__file__).parent / "convolution.js"
    image = traitlets.List(traitlets.List(traitlets.Float()), [[0.0]]).tag(sync=True)
    kernel = traitlets.List(traitlets.List(traitlets.Float()), [[1.0]]).tag(sync=True)
    stride = traitlets.Int(1).tag(sync=True)
    padding = traitlets.Union([traitlets.Int(0), traitlets.Unicode()]).tag(sync=True)
    dilation = traitlets.Int(1).tag(sync=True)
    border = traitlets.Unicode("zeros").tag(sync=True)
    flip = traitlets.Bool(False).tag(sync=True)
    preset = traitlets.Unicode("").tag(sync=True)
    presets = traitlets.Dict().tag(sync=True)
    cursor = traitlets.List(traitlets.Int(), [0, 0]).tag(sync=True)
    added = traitlets.Int(-1, min=-1).tag(sync=True)
    revealed = traitlets.Bool(True).tag(sync=True)
    visited = traitlets.List(traitlets.Int(), []).tag(sync=True)
    label = traitlets.Unicode("Convolution").tag(sync=True)

    @traitlets.validate(*GEOMETRY, "cursor")
    def _check(self, proposal):
        try:                                           # _start_again moves the cursor into a new output
            check_state(**self.settings() | {"cursor": [0, 0], proposal.trait.name: proposal.value})
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from None
        return proposal.value

    @traitlets.observe(*GEOMETRY, "flip")
    def _start_again(self, change):
        """What was worked out is no longer true."""
        last = np.array(self.output().shape) - 1
        self.cursor, self.added, self.visited = np.minimum(self.cursor, last).tolist(), -1, []

    def settings(self):
        """Image, kernel and geometry by name."""
        return {name: getattr(self, name) for name in GEOMETRY}

    def output(self):
        """The output by helpers.conv, array (H', W')."""
        settings = self.settings()
        image, kernel = (as_array(settings.pop(name)) for name in ("image", "kernel"))
        return (conv.convolve if self.flip else conv.cross_correlate)(image, kernel, **settings)

    def shown(self):
        """Which outputs can be seen, bool of shape (H', W')."""
        shape = self.output().shape
        return np.isin(np.arange(math.prod(shape)), self.visited).reshape(shape) | self.revealed


class ConvolutionExplorer(Explorer):
    """An explorer with three questions more: which image, which kernel, and what comes out?"""

    def __init__(self, view):
        super().__init__({}, view, lambda: picture(view), lambda: describe(view))

    def image(self):
        """The present input, array (H, W)."""
        return as_array(self.view.image)

    def kernel(self):
        """The present kernel, array (K, L), as it is written down, not turned."""
        return as_array(self.view.kernel)

    def output(self):
        """The present output, array (H', W'), computed by helpers.conv."""
        return self.view.output()


def convolution(image=None, kernel=None, *, preset="3 × 3 and 2 × 2", stride=1, padding=None, dilation=1,
                border="zeros", flip=False, reveal=True, cursor=(0, 0), label="Convolution"):
    """Slide a kernel over an image, and see window, products and sum of every output cell.

    The prediction it serves: what is the number at the first position?  Start with ``reveal=False``, work it out,
    then press Enter or Next cell.  The page computes it, without Python.

    image : (H, W), at most 16 × 16 numbers, best integers or with one decimal.  kernel : at most 5 × 5.
        None takes those of the preset.
    preset : one of PRESETS; all of them stand in the page's list of examples.
    stride, dilation : 1 to 3.  padding : "none", "same", "full" or 0 to 5; None takes the preset's.
    border : "zeros" or "reflect".  flip : True for true convolution, False for what Conv2d does.
    reveal : False starts with the output hidden.  cursor : the output cell chosen at first, counted from 0.
    Returns an explorer; its image(), kernel() and output() are what the learner has set.
    Raises ValueError for a geometry that is not possible.

    >>> convolution().output()
    array([[19, 25],
           [37, 43]])
    """
    if preset not in PRESETS:
        raise ValueError(f"preset must be one of {', '.join(map(repr, PRESETS))}, not {preset!r}.")
    presets = {name: dict(image=as_rows(image, "image"), kernel=as_rows(kernel, "kernel"), stride=1, padding=padding,
                          dilation=1, border="zeros", flip=False) for name, (image, kernel, padding) in PRESETS.items()}
    given = {"image": image, "kernel": kernel}
    start = presets[preset] | {name: as_rows(values, name) for name, values in given.items() if values is not None}
    start |= dict(stride=stride, dilation=dilation, border=border, flip=bool(flip))
    start["padding"] = start["padding"] if padding is None else padding
    own = "as given" if start != presets[preset] else preset
    check_state(**{name: start[name] for name in GEOMETRY}, cursor=cursor)
    return ConvolutionExplorer(ConvolutionView(
        **start, presets={own: start, **presets}, preset=own, cursor=[int(at) for at in cursor],
        revealed=bool(reveal), label=label))


def as_rows(values, name):
    """Numbers of shape (rows, columns) as lists of floats; ValueError with one sentence for anything else."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be an array of numbers with rows of one length.") from None
    return array.tolist() if array.ndim == 2 else check_numbers(array, name)


def as_array(rows):
    """Rows as an array: integers where all are whole."""
    array = np.array(rows, dtype=np.float64)
    return array.astype(int) if (array == array.round()).all() else array


def check_numbers(array, name):
    """Raises ValueError with one sentence for a grid that is too large or holds what cannot be shown."""
    side = LARGEST_IMAGE if name == "image" else LARGEST_KERNEL
    if array.ndim != 2 or not all(1 <= length <= side for length in array.shape):
        raise ValueError(f"{name} must have 1 to {side} rows and columns, not shape {array.shape}: cut out a part.")
    if not (np.abs(array) <= LARGEST).all():
        raise ValueError(f"{name} must hold numbers from −{LARGEST} to {LARGEST}, and no NaN.")


def check_state(image, kernel, stride, padding, dilation, border, cursor):
    """Raises ValueError with one sentence for a state that cannot be shown; what is impossible, helpers.conv says."""
    for name, rows in (("image", image), ("kernel", kernel)):
        check_numbers(np.array(as_rows(rows, name)), name)
    chosen = dict(stride=stride, padding=padding, dilation=dilation, border=border)
    for name, value in chosen.items():
        if isinstance(value, bool) or value not in ALLOWED[name]:
            raise ValueError(f"{name} must be one of {', '.join(map(str, ALLOWED[name]))}, not {value!r}.")
    shape = conv.cross_correlate(image, kernel, **chosen).shape
    if not inside(cursor, shape):
        raise ValueError(f"cursor {tuple(cursor)} lies outside the output of shape {shape}; count from 0.")


def number(value):
    """At most three digits behind the point, and a true minus sign, as the page prints it.

    >>> number(0.0625), number(-8.0)
    ('0.063', '−8')
    """
    text = f"{math.floor(abs(value) * 1000 + 0.5) / 1000:.3f}".rstrip("0").rstrip(".")
    return "−" + text if value < 0 and text != "0" else text


def window(view):
    """The numbers in the chosen window and the kernel entries that meet them: two lists, row after row."""
    settings = view.settings()
    image, kernel = (np.array(settings.pop(name)) for name in ("image", "kernel"))
    units = np.eye(kernel.size).reshape(-1, *kernel.shape)               # each picks one number of every window
    numbers = [conv.cross_correlate(image, unit, **settings)[tuple(view.cursor)] for unit in units]
    return numbers, (np.flip(kernel) if view.flip else kernel).ravel().tolist()


def readout(view):
    """Position, products and sum of the chosen output, in the words of the page; a hidden sum is not given away."""
    numbers, weights = window(view)
    partly = 0 <= view.added < len(weights)
    pairs = list(zip(numbers, weights, strict=True))[:view.added if partly else None]
    total = sum(value * weight for value, weight in pairs)
    terms = " + ".join("×".join(f"({number(factor)})" if number(factor).startswith("−") else number(factor)
                                for factor in pair) for pair in pairs)
    known = partly or view.shown()[tuple(view.cursor)]
    exact = all(abs(value * 1000 - round(value * 1000)) < 1e-6 for value in (total, *sum(pairs, ())))
    count = f", {len(pairs)} of {len(weights)} products" if partly else ""
    equals = f" {'=' if exact or not known else '≈'} " if pairs else ""
    return f"Row {view.cursor[0]}, column {view.cursor[1]}{count}: {terms}{equals}{number(total) if known else '?'}"


def describe(view):
    """Setting, output and chosen position for readers who do not see the picture."""
    shapes = [" × ".join(map(str, np.shape(part))) for part in (view.image, view.kernel, view.output())]
    operation = "true convolution" if view.flip else "cross-correlation (Conv2d)"
    texts, _ = coloured(view)[2]
    listed = f" Output, row after row: {'; '.join(map(', '.join, texts))}." if np.size(texts) <= NAMED_CELLS else ""
    return (f"{view.label}: input {shapes[0]}, kernel {shapes[1]}, stride {view.stride}, padding {view.padding} "
            f"({view.border}), dilation {view.dilation}, {operation}; output {shapes[2]}. {readout(view)}."
            + (listed if view.shown().any() else " The output is hidden."))


def picture(view):
    """Input, kernel, output and the sum as they stand, as PNG bytes for the stored notebook."""
    grids = coloured(view)
    span = [view.dilation * (size - 1) + 1 for size in np.shape(view.kernel)]
    frames = [[at * view.stride for at in view.cursor] + span, None, [*view.cursor, 1, 1]]
    tall, wide = max(len(texts) for texts, _ in grids), sum(len(texts[0]) for texts, _ in grids)
    cell = min(48, 320 // tall, 880 // wide)
    width = max(720, cell * wide + 100)
    lines = textwrap.wrap(readout(view), width // 9)
    sheet = Image.new("RGB", (width, 36 + cell * tall + 18 * len(lines)), PAPER)
    pen, left = ImageDraw.Draw(sheet), 4
    for title, (texts, colours), frame in zip(("Input", "Kernel", "Output"), grids, frames, strict=True):
        pen.text((left, 2), title, INK, font(14))
        draw_grid(pen, left, cell, texts, colours)
        if frame:
            y, x, down, across = (cell * at for at in frame)
            pen.rectangle([left + x, 24 + y, left + x + across, 24 + y + down], outline=show.ORANGE, width=3)
        left += cell * len(texts[0]) + 40
    pen.text((4, 30 + cell * tall), "\n".join(lines), INK, font=font(14))
    return show.png(np.asarray(sheet))


def coloured(view):
    """Texts and colours of padded input, kernel and output, on the scales of the page; padding is pale."""
    image, kernel, output, shown = np.array(view.image), np.array(view.kernel), view.output(), view.shown()
    widths = [conv.padding_width(view.padding, size, view.dilation) for size in kernel.shape]
    padded, outside = conv.pad(image, widths, view.border), conv.pad(np.ones(image.shape), widths) == 0
    low, high = np.minimum(0, image.min()), np.maximum(0, image.max())
    ends = [pick(kernel * low, kernel * high).sum() for pick in (np.minimum, np.maximum)]
    grey = [np.repeat(grey_levels(values, start, max(end, start + 1e-9))[..., None], 3, axis=-1)
            for values, start, end in ((padded, low, high), (output, *ends))]
    grey[0][outside] = grey[0][outside] // 2 + 105
    colours = [grey[0], tint(kernel / (np.abs(kernel).max() or 1)),
               tint(output / np.abs(ends).max()) if (kernel < 0).any() and any(ends) else grey[1]]
    colours[2][~shown] = 236
    texts = [[[number(value) for value in row] for row in part] for part in (padded, kernel, output)]
    texts[2] = np.where(shown, texts[2], "?").tolist()
    return list(zip(texts, colours, strict=True))


def draw_grid(pen, left, cell, texts, colours):
    """Coloured cells with their numbers, where these can be read."""
    widest = max(font(100).getlength(text) for row in texts for text in row) / 100
    size = min(cell * 0.45, (cell - 3) / widest)
    for (row, column), text in np.ndenumerate(texts):
        x, y, colour = left + column * cell, 24 + row * cell, tuple(colours[row, column].tolist())
        pen.rectangle([x, y, x + cell, y + cell], fill=colour, outline=LINE)
        ink = "black" if np.dot(colour, (0.3, 0.6, 0.1)) >= 118 else "white"
        if size >= 8:
            pen.text((x + cell / 2, y + cell / 2), str(text), ink, font=font(size), anchor="mm")

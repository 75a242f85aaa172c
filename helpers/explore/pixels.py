"""A small image as numbers and as grey levels at once, to be edited cell by cell."""
import math
from pathlib import Path

import numpy as np
import traitlets
from PIL import Image, ImageDraw, ImageFont

from helpers import show
from helpers.explore.canvas import INK, LINE, PAPER, GridView, grey_levels, inside
from helpers.explore.live import Explorer

CELLS = 1024              # more numbers than this cannot be read side by side on a slide
INDEX, GAP = 20, 20       # the same spaces, in pixels, as in pixels.js


class PixelEditor(GridView):
    """The state that the page and Python share; the page draws it and handles mouse and keys (pixels.js)."""

    _esm = Path(__file__).parent / "pixels.js"
    values = traitlets.List(traitlets.Float(), [0.0]).tag(sync=True)
    initial = traitlets.List(traitlets.Float(), [0.0]).tag(sync=True)
    low = traitlets.Float(0.0).tag(sync=True)
    high = traitlets.Float(1.0).tag(sync=True)
    step = traitlets.Float(0.05).tag(sync=True)
    decimals = traitlets.Int(2).tag(sync=True)
    revealed = traitlets.Bool(True).tag(sync=True)
    label = traitlets.Unicode("Pixel editor").tag(sync=True)

    @traitlets.validate("values")
    def _check_values(self, proposal):
        rows, columns = self.shape
        values = proposal.value
        if len(values) != rows * columns or not all(self.low <= value <= self.high for value in values):
            raise traitlets.TraitError(
                f"values needs {rows * columns} numbers from {self.low:g} to {self.high:g}, row after row.")
        return values

    def grid(self):
        """The present numbers, float64 of shape (H, W)."""
        return np.array(self.values, dtype=np.float64).reshape(self.shape)

    def changed(self):
        """Which cells differ from the start, bool of shape (H, W)."""
        return self.grid() != np.reshape(self.initial, self.shape)


class PixelExplorer(Explorer):
    """An explorer with one question more: which numbers stand in the grid now?"""

    def __init__(self, editor, dtype):
        self.dtype = dtype
        super().__init__({}, editor, lambda: picture(editor), lambda: describe(editor))

    def values(self):
        """The present numbers, shape (H, W), in the dtype of the grid that was given."""
        grid = self.view.grid()
        return grid.round().astype(self.dtype) if self.dtype.kind in "iu" else grid.astype(self.dtype)


def pixel_editor(grid, *, low=0.0, high=1.0, step=None, decimals=None, reveal=True, cursor=(0, 0),
                 label="Pixel editor"):
    """Numbers and picture of a small image, side by side; change a number and watch the picture.

    The prediction it serves: here are the numbers; where is the picture dark?  Start with
    ``reveal=False``, decide, then show the picture.

    grid : numbers of shape (H, W), at most 1024 of them, for example (14, 14) from 0 to 1.
    low, high : the numbers drawn black and white. They stay fixed whatever you change.
    step : what Page Up and Page Down add and take away; None takes a round number near a twentieth of the range.
    decimals : digits behind the point; None takes 0 for whole numbers and 2 for others.
    reveal : False starts with the picture hidden. cursor : the cell selected at first. Both count from 0.
    Returns an explorer; its ``values()`` is the grid as it is now.
    Raises ValueError for what is no such grid.
    >>> explorer = pixel_editor([[0, 255], [128, 64]], high=255)
    >>> explorer.values()
    array([[  0, 255],
           [128,  64]])
    """
    numbers, start, end = np.asarray(grid), float(low), float(high)
    check_grid(numbers, start, end)
    if not inside(cursor, numbers.shape):
        raise ValueError(f"cursor {tuple(cursor)} lies outside the grid of shape {numbers.shape}; count from 0.")
    if decimals is None:
        decimals = 0 if numbers.dtype.kind in "iu" else 2
    flat = [float(value) for value in numbers.ravel()]
    editor = PixelEditor(
        shape=list(numbers.shape), low=start, high=end, initial=flat, values=flat, cursor=list(cursor),
        step=float(step or max(round_step(end - start), 10.0 ** -decimals)), decimals=decimals,
        revealed=bool(reveal), label=label)
    return PixelExplorer(editor, numbers.dtype)


def check_grid(numbers, low, high):
    """Raises ValueError with one sentence for anything but finite numbers of shape (H, W) from low to high."""
    if numbers.ndim != 2 or not 0 < numbers.size <= CELLS:
        raise ValueError(f"A pixel editor needs a grid of shape (H, W) with 1 to {CELLS} numbers, "
                         f"not shape {numbers.shape}: cut out a part, for example image[:14, :14].")
    if numbers.dtype.kind not in "iuf" or not np.isfinite(numbers).all():
        raise ValueError("A pixel editor needs finite integers or floats: this grid holds something else or NaN.")
    if not low < high:
        raise ValueError(f"low must be smaller than high, but low is {low:g} and high is {high:g}.")
    if numbers.min() < low or numbers.max() > high:
        raise ValueError(f"The numbers run from {numbers.min():g} to {numbers.max():g}, outside low={low:g} to "
                         f"high={high:g}: pass a low and high that hold them.")


def round_step(span):
    """The 1, 2 or 5 times a power of ten nearest to a twentieth of a range.

    >>> round_step(1.0), round_step(255)
    (0.05, 10.0)
    """
    wanted = math.log10(span / 20)
    powers = [math.floor(wanted), math.floor(wanted) + 1]
    steps = [float(f"{digit}e{power}") for power in powers for digit in (1, 2, 5)]
    return min(steps, key=lambda step: abs(math.log10(step) - wanted))


def describe(editor):
    """One or two sentences for readers who do not see the picture; a hidden picture is not given away."""
    def number(value):
        return f"{value:.{editor.decimals}f}"

    def place(flat_index):
        row, column = divmod(int(flat_index), editor.shape[1])
        return f"{number(editor.values[flat_index])} at row {row}, column {column}"

    (rows, columns), (row, column) = editor.shape, editor.cursor
    count = int(editor.changed().sum())
    shown = (f"Darkest {place(np.argmin(editor.values))}; brightest {place(np.argmax(editor.values))}."
             if editor.revealed else "The picture is hidden.")
    return (f"{editor.label}: {rows} rows and {columns} columns of numbers from {number(editor.low)} (black) to "
            f"{number(editor.high)} (white). {shown} Selected: row {row}, column {column}: "
            f"{number(editor.grid()[row, column])}. {count or 'No'} cell{'s' * (count != 1)} changed.")


def picture(editor):
    """The editor as it stands, as PNG bytes for the stored notebook: numbers on the left, picture on the right."""
    rows, columns = editor.shape
    cell = min(28, 432 // rows, max(1, 400 // columns))
    width = INDEX + columns * cell
    sheet = Image.new("RGB", (2 * width + GAP + 4, INDEX * 2 + rows * cell + 4), PAPER)
    pen = ImageDraw.Draw(sheet)
    for left, title in ((0, "Numbers"), (width + GAP, "Picture")):
        pen.text((left + INDEX, 0), title, INK, font=ImageFont.load_default(14))
        draw_panel(sheet, pen, editor, (left + INDEX, 2 * INDEX), cell, title)
    return show.png(np.asarray(sheet))          # every grey level as it is


def draw_panel(sheet, pen, editor, corner, cell, title):
    """One of the two panels, with its row and column numbers, at a corner (x, y)."""
    (rows, columns), (x, y) = editor.shape, corner
    small = ImageFont.load_default(11)
    for row in range(rows):
        pen.text((x - INDEX / 2, y + (row + 0.5) * cell), str(row), INK, font=small, anchor="mm")
    for column in range(columns):
        pen.text((x + (column + 0.5) * cell, y - INDEX / 2), str(column), INK, font=small, anchor="mm")
    grey = grey_levels(editor.grid(), editor.low, editor.high)
    if not editor.revealed:
        grey = np.full_like(grey, 255 if title == "Numbers" else 235)
    tile = Image.fromarray(grey).resize((columns * cell, rows * cell), Image.Resampling.NEAREST)
    sheet.paste(tile.convert("RGB"), corner)
    pen.rectangle([x - 1, y - 1, x + columns * cell, y + rows * cell], outline=LINE)
    if title == "Numbers":
        draw_numbers(pen, editor, corner, cell, grey)
    elif not editor.revealed:
        pen.text((x + columns * cell / 2, y + rows * cell / 2), "hidden: predict it", INK,
                 font=ImageFont.load_default(14), anchor="mm")
    if title == "Numbers" or editor.revealed:
        draw_marks(pen, editor, corner, cell)


def draw_numbers(pen, editor, corner, cell, grey):
    """The numbers, black on light cells and white on dark ones."""
    texts = [f"{value:.{editor.decimals}f}" for value in editor.values]
    widest = max(ImageFont.load_default(100).getlength(text) for text in texts) / 100
    font = ImageFont.load_default(max(6, min(cell * 0.5, (cell - 4) / widest)))
    for index, text in enumerate(texts):
        row, column = divmod(index, editor.shape[1])
        place = (corner[0] + (column + 0.5) * cell, corner[1] + (row + 0.5) * cell)
        pen.text(place, text, "black" if grey[row, column] >= 118 else "white", font=font, anchor="mm")


def draw_marks(pen, editor, corner, cell):
    """Blue frame and corner on changed cells, an orange frame on the selected one."""
    marks = [(at, show.BLUE) for at in np.argwhere(editor.changed())] + [(editor.cursor, show.ORANGE)]
    for (row, column), colour in marks:
        x, y = corner[0] + int(column) * cell, corner[1] + int(row) * cell
        pen.rectangle([x, y, x + cell - 1, y + cell - 1], outline=colour, width=2)
        if colour == show.BLUE:
            pen.polygon([(x + cell * 3 / 4, y), (x + cell, y), (x + cell, y + cell / 4)], fill=colour)

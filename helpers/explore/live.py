"""Live figures: drawn once, then only the artists that change are drawn again."""
import struct
import zlib
from pathlib import Path

import anywidget
import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
import traitlets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from helpers import show
from helpers.explore.pictures import zoomed


class ImageView(anywidget.AnyWidget):
    """A picture with alternative text in a box of fixed size, so that nothing jumps."""

    _esm = Path(__file__).parent / "image_view.js"
    png = traitlets.CBytes(b"").tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)
    caption = traitlets.Unicode("").tag(sync=True)
    size = traitlets.List(traitlets.Int(), [1, 1]).tag(sync=True)


class Explorer(widgets.VBox):
    """Controls above a view. Stored in a notebook as a picture, alive when the cell has run.

    controls : dict of name to widget.  rows : names by row; all in one row, wrapped, unless given.
    view : the picture or canvas.
    preview : function without arguments that returns PNG bytes of the present state.
    describe : function without arguments that returns the present alt text.
    The view may have a trait `caption`, a short text that stands above the picture.
    """

    def __init__(self, controls, view, preview, describe, rows=None):
        self.controls, self.view, self.preview, self.describe = controls, view, preview, describe
        rows = [list(controls)] if rows is None else rows
        boxes = [control_row([controls[name] for name in row]) for row in rows if row]
        super().__init__([*boxes, view])

    def _repr_mimebundle_(self, **options):
        live = super()._repr_mimebundle_(**options)
        return {**live, **show.bundle(self.preview(), self.describe(), getattr(self.view, "caption", ""))}


def control_row(controls):
    """Controls beside each other, wrapped on a narrow page."""
    return widgets.HBox(controls, layout=widgets.Layout(flex_flow="row wrap", width="100%", overflow="visible"))


def live_figure(controls, fig, artists, update, rows=None):
    """An explorer whose picture follows its controls.

    controls : dict of name to ipywidgets control; `update` is called with their values by name.
    fig : matplotlib Figure, fully laid out.
    artists : those that `update` changes, Insets among them; all others are drawn once.
    update : function of the control values; changes the artists and returns caption and alt text. The caption
        stands above the picture as text: drawing text into the picture would take half the time of an update.
    rows : names of the controls by row, see Explorer.
    """
    values = lambda: {name: control.value for name, control in controls.items()}  # noqa: E731
    caption, alt = update(**values())
    draw = painter(fig, artists)
    view = ImageView(caption=caption, alt=alt, size=[int(side) for side in fig.bbox.size], png=fast_png(draw()))

    def refresh(change=None):
        if any(getattr(control, "busy", False) for control in controls.values()):
            return  # a preset is setting the others and asks for one picture at the end
        with view.hold_sync():
            view.caption, view.alt = update(**values())
            view.png = fast_png(draw())

    for control in controls.values():
        control.observe(refresh, "value")
    explorer = Explorer(controls, view, lambda: show.png(draw()), lambda: view.alt, rows)
    explorer.refresh = refresh
    return explorer


def painter(fig, artists):
    """A function that draws the changing artists of a figure over the rest, which is drawn here, once.

    It returns the picture as uint8 of shape (H, W, 3).
    """
    plt.close(fig)
    canvas = FigureCanvasAgg(fig)
    insets = [artist for artist in artists if isinstance(artist, Inset)]
    artists = [artist for artist in artists if artist not in insets]
    for artist in artists:
        artist.set_animated(True)
    canvas.draw()
    background = canvas.copy_from_bbox(fig.bbox)

    def draw():
        canvas.restore_region(background)
        for artist in artists:
            artist.axes.draw_artist(artist)
        size = canvas.get_width_height(physical=True)
        drawing = np.array(Image.frombuffer("RGBA", size, canvas.buffer_rgba()).convert("RGB"))
        for inset in insets:
            inset.paste(drawing)
        return drawing

    return draw


class Inset:
    """A picture inside a live figure whose pixels are whole screen pixels: nothing is scaled, none is lost.

    It is copied over the drawing, which takes a tenth of the time of matplotlib's images.

    left, top : place in the figure, in screen pixels.  zoom : screen pixels per pixel.
    """

    def __init__(self, left, top, zoom=1):
        self.left, self.top, self.zoom = left, top, zoom
        self.pixels = np.zeros((0, 0, 3), np.uint8)

    def show(self, picture, zoom=None):
        """Show a picture, uint8 of shape (H, W, 3), from now on."""
        self.pixels = zoomed(picture, zoom or self.zoom)

    def paste(self, drawing):
        """Copy the picture into a drawing, uint8 of shape (H, W, 3)."""
        height, width, _ = self.pixels.shape
        drawing[self.top:self.top + height, self.left:self.left + width] = self.pixels


def fast_png(pixels):
    """PNG bytes of uint8 (H, W, 3), unfiltered: half the time of Pillow's encoder for the same size of file.

    An explorer encodes one picture per movement of a slider, which is most of the time an update takes.
    Source: PNG specification, third edition, sections 5 and 11 (w3.org/TR/png-3).
    """
    height, width, _ = pixels.shape
    lines = np.zeros((height, 1 + 3 * width), np.uint8)  # a leading 0 per line: no filter
    lines[:, 1:] = pixels.reshape(height, 3 * width)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits, RGB
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(lines, level=1)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks)

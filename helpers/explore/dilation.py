"""Explorer of dilated kernels: how far a stack of them sees, with how many weights, and what it steps over."""
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from helpers import conv
from helpers.explore.controls import choice, follow_preset, slider
from helpers.explore.lettering import word
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import frame, grey, note, outline, pixel_figure, prepared, zoomed

SIDE, VIEW, TREE, TABLE, MOST = 63, 315, (330, 315), 330, 6    # pixels of the image; screen pixels; largest dilation
PRESETS = {  # layers, kernel size, dilations
    "standard: 1, 1, 1": (3, 3, 1, 1, 1), "doubling: 1, 2, 4": (3, 3, 1, 2, 4), "holes: 2, 2, 2": (3, 3, 2, 2, 2),
    "without holes again: 1, 2, 5": (3, 3, 1, 2, 5), "one kernel, dilation 1": (1, 3, 1, 1, 1),
    "one kernel, dilation 2": (1, 3, 2, 1, 1), "one kernel, dilation 4": (1, 3, 4, 1, 1)}


def ways(layers):
    """In how many ways one unit is reached from each pixel of its field, along one axis.

    layers : (kernel_size, dilation) of each, first layer first; stride 1.  0 means that the pixel is never read.

    >>> ways([(3, 1), (3, 2)]).tolist(), ways([(3, 2), (3, 2)]).tolist()
    ([1, 1, 2, 1, 2, 1, 1], [1, 0, 2, 0, 3, 0, 2, 0, 1])
    """
    counts = np.ones(1, int)
    for kernel_size, dilation in layers:
        kernel = np.zeros(dilation * (kernel_size - 1) + 1, int)
        kernel[::dilation] = 1
        counts = np.convolve(counts, kernel)
    return counts


def dilated_kernels(image):
    """A stack of one to three dilated convolutions: the pixels that one unit reads, layer by layer.

    Serves the prediction: three 3 by 3 kernels with dilation 1, 2 and 4: how wide is the field, how many weights are
    there, and is every pixel read?  And with 2, 2, 2?

    image : array (H, W), uint8, from 0 to 1, or in HU, at least 32 pixels a side; its middle is shown.
    Returns an explorer.  Raises ValueError for other images.
    """
    picture = _middle(image)
    controls = {
        "preset": choice("preset", [*PRESETS, "your own"], "doubling: 1, 2, 4", width="320px"),
        "layers": slider("layers", 3, 1, 3, width="220px"),
        "kernel_size": choice("kernel", [(f"{size} × {size}", size) for size in (3, 5)], width="150px"),
        "first": slider("dilation 1", 1, 1, MOST, width="250px"),
        "second": slider("dilation 2", 2, 1, MOST, width="250px"),
        "third": slider("dilation 3", 4, 1, MOST, width="250px")}
    follow_preset(controls["preset"], PRESETS, list(controls.values())[1:])
    fig, insets = _figure()

    def update(preset, layers, kernel_size, first, second, third):
        stack = [(kernel_size, dilation) for dilation in (first, second, third)[:layers]]
        for name, drawn in zip(("scan", "tree", "table"), _drawn(tuple(stack)), strict=True):
            insets[name].pixels = on_scan(picture, drawn) if name == "scan" else drawn
        caption, words = _tell(stack)
        idle = ", ".join(map(str, (first, second, third)[layers:]))
        return caption + (f"; off: dilation {idle}" if idle else ""), words

    return live_figure(controls, fig, list(insets.values()), update,
                       rows=[("preset", "layers", "kernel_size"), ("first", "second", "third")])


def _middle(image):
    """The middle of an image as a picture, uint8 (VIEW, VIEW, 3)."""
    if np.ndim(image) == 2 and min(np.shape(image)) < 32:
        raise ValueError(f"dilated_kernels needs an image of at least 32 pixels a side, not {np.shape(image)}.")
    values, (black, white) = prepared(image, side=128)
    top, left = (max(0, (side - SIDE) // 2) for side in values.shape)
    part = np.clip((values[top:top + SIDE, left:left + SIDE] - black) / (white - black), 0, 1)
    short = [SIDE - side for side in part.shape]
    part = np.pad(part, [(missing // 2, missing - missing // 2) for missing in short], "edge")
    return grey(zoomed(part, VIEW // SIDE))


@lru_cache(maxsize=256)
def _drawn(stack):
    """What is read, as counts in the middle of (SIDE, SIDE); the tree of one axis; the table."""
    counts = ways(stack)
    cut = max(0, (len(counts) - SIDE) // 2)
    line = counts[cut:len(counts) - cut]
    line = np.pad(line, (SIDE - len(line)) // 2)
    return np.outer(line, line), tree(stack), table(stack)


def on_scan(picture, counts):
    """The scan with a dot on every pixel that is read, larger where more ways lead to it, and a frame around all."""
    zoom, view = VIEW // SIDE, picture.copy()
    levels = np.where(counts > 0, 1 + np.minimum(np.log2(np.maximum(counts, 1)) / 2, 1).round().astype(int), 0)
    for level, rim in ((1, 1), (2, 0)):
        dot = np.zeros((zoom, zoom), bool)
        dot[rim:zoom - 1 - rim, rim:zoom - 1 - rim] = True
        view[np.kron(levels == level, dot)] = (0, 114, 178)
    places = np.flatnonzero(counts.any(axis=0))
    frame(view, [(int(places[0]), int(places[-1]))] * 2, (0, 0), zoom, inset=-3)
    return view


def tree(stack):
    """From one unit down to the pixels it reads, along one axis: rows of cells and lines between them, as a picture."""
    width, height = TREE
    picture = Image.new("RGB", TREE, "white")
    pencil, field = ImageDraw.Draw(picture), len(ways(stack))
    cell, gap = width / field, (height - 56) / len(stack)
    x = lambda place: (place + 0.5) * cell                                                              # noqa: E731
    reached, rows = {(field - 1) // 2}, []
    for number, (kernel_size, dilation) in enumerate(reversed(stack)):
        y, half = 30 + number * gap, kernel_size // 2
        for place in reached:
            for step in range(-half, half + 1):
                pencil.line((x(place), y, x(place + step * dilation), y + gap), "#8A8A8A", 1)
        rows.append((y, reached))
        reached = {place + step * dilation for place in reached for step in range(-half, half + 1)}
    for y, filled in [*rows, (30 + len(stack) * gap, reached)]:
        for place in range(field):
            size = min(cell / 2 - 0.5, 5)
            box = (x(place) - size, y - size, x(place) + size, y + size)
            pencil.rectangle(box, "#0072B2" if place in filled else "white", "#8A8A8A")
    for y, text in ((0, "one unit"), (height - 17, "pixels of the scan")):
        picture.paste(word(text, size=12), (4, int(y)))
    return np.array(picture)


def table(stack):
    """Extent, field and weights, layer by layer, as a picture."""
    picture = Image.new("RGB", (TABLE, VIEW), "white")
    fields = conv.receptive_field([(kernel_size, 1, dilation) for kernel_size, dilation in stack])
    lines = [("layer", "spans", "sees so far")]
    for (kernel_size, dilation), (field, _) in zip(stack, fields, strict=True):
        span = dilation * (kernel_size - 1) + 1
        lines.append((f"{kernel_size} × {kernel_size}, dilation {dilation}",
                      f"{dilation} · {kernel_size - 1} + 1 = {span}", f"{field} × {field}"))
    for row, cells in enumerate(lines):
        for left, cell in zip((0, 138, 244), cells, strict=True):
            picture.paste(word(cell, size=13), (left, 8 + 26 * row))
    for row, text in enumerate(told(stack)):
        picture.paste(word(text, size=14, most=TABLE), (0, 140 + 28 * row))
    return np.array(picture)


def told(stack):
    """Four short texts: pixels read, weights, one kernel that would see as much, and three without dilation."""
    counts, weights = ways(stack), sum(kernel_size**2 for kernel_size, _ in stack)
    field, read = len(counts), int((counts > 0).sum())
    plain = len(ways([(kernel_size, 1) for kernel_size, _ in stack]))
    holes = "every pixel of the field" if read == field else f"{read**2:,} of {field**2:,} pixels: holes"
    return (f"reads {holes}", f"{weights} weights per pair of channels", f"one {field} × {field} kernel: {field**2:,}",
            f"without dilation it sees {plain} × {plain}")


def _tell(stack):
    reads, weights, single, plain = told(stack)
    field = len(ways(stack))
    caption = f"field {field} × {field}, {reads}; {weights}; {single}; {plain}"
    layers = ", then ".join(f"{size} × {size} with dilation {dilation}" for size, dilation in stack)
    return caption, f"A scan, and on it the pixels that one unit reads behind {layers}. {caption}."


def _figure():
    fig = pixel_figure(1036, 376)
    for x, text in ((166, "pixels that one unit reads"), (510, "the same along one axis"), (862, "layer by layer")):
        note(fig, x, 14, text)
    note(fig, 166, 362, "large dots: several ways lead there", fontsize=10)
    outline(fig, 8, 30, VIEW, VIEW)
    return fig, {"scan": Inset(8, 30), "tree": Inset(346, 30), "table": Inset(698, 30)}

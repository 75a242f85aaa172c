"""Explorer of the transposed convolution: every cell stamps the kernel, stamps add up, and some cells get more."""
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from helpers import conv
from helpers.explore.controls import choice, follow_preset, slider
from helpers.explore.lettering import font
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import note, pixel_figure, signed, zoomed

SMALL, LARGE, MOST = 150, 338, 25                  # screen pixels of input and kernel, and of the output; stamps
ONES, NUMBERS, SINGLE = "all 1", "1, 2, 3 …", "one 1, else 0"
FLAT, TENT, CHANCE = "all 1", "tent: bilinear", "by chance: untrained"
PRESETS = {  # input, kernel, cells a side, kernel size, stride, padding, output padding
    "the slide: kernel 3, stride 2, padding 1": (NUMBERS, FLAT, 3, 3, 2, 1, 0),
    "one more: output_padding 1": (NUMBERS, FLAT, 3, 3, 2, 1, 1),
    "U-Net of 2015: kernel 2, stride 2": (NUMBERS, FLAT, 3, 2, 2, 0, 0),
    "checkerboard: kernel 3, stride 2": (ONES, FLAT, 5, 3, 2, 0, 0),
    "kernel 4, stride 2: even inside": (ONES, FLAT, 5, 4, 2, 1, 0),
    "bilinear: a tent of 4, stride 2": (ONES, TENT, 5, 4, 2, 1, 0),
    "untrained: kernel 3, stride 2": (ONES, CHANCE, 5, 3, 2, 1, 0),
    "stride 1: zeros all around": (NUMBERS, FLAT, 4, 3, 1, 0, 0),
    "one stamp": (SINGLE, CHANCE, 3, 3, 2, 0, 0),
    "kernel 2, stride 3: gaps": (ONES, FLAT, 4, 2, 3, 0, 0),
}
HATCH = (np.indices((LARGE, LARGE)).sum(axis=0) % 6 < 2)[..., None]


def input_values(name, side):
    """What is stamped: whole numbers (side, side).

    >>> input_values(NUMBERS, 2).tolist()
    [[1, 2], [3, 4]]
    """
    if name == SINGLE:
        return np.pad([[1]], (((side - 1) // 2, side // 2),) * 2)
    return np.arange(1, side**2 + 1).reshape(side, side) if name == NUMBERS else np.ones((side, side), int)


def kernel_values(name, kernel_size):
    """A kernel (kernel_size, kernel_size).

    The tent rises to the middle and falls again; with stride (kernel_size + 1) // 2 its stamps add up to 1 inside.

    >>> kernel_values(TENT, 3)[1].tolist()
    [0.5, 1.0, 0.5]
    """
    if name == TENT:
        half = (kernel_size + 1) // 2
        middle = half - 1 if kernel_size % 2 else half - 0.5
        line = 1 - np.abs(np.arange(kernel_size) - middle) / half
        return np.outer(line, line)
    drawn = np.random.default_rng(3).integers(-2, 4, (5, 5))[:kernel_size, :kernel_size]
    return drawn if name == CHANCE else np.ones((kernel_size, kernel_size), int)


def stamped(values, kernel, stride, count):
    """The output before any cells are cut off, after the first `count` stamps, and how many stamps each cell got."""
    first = (np.arange(values.size) < count).reshape(values.shape)
    return (conv.transposed(values * first, kernel, stride=stride),
            conv.transposed(first.astype(int), np.ones(kernel.shape, int), stride=stride))


def transposed_convolution():
    """Stamp a kernel into a larger map, cell by cell, and count how many stamps every cell gets.

    Serves the prediction: 3 by 3 cells, kernel 3, stride 2, padding 1: how many come out, and does each get as many
    stamps as the others?

    Returns an explorer. Sizes are those of `nn.ConvTranspose2d`; settings that it refuses are named.
    """
    controls = _controls()
    names = ("values", "kernel", "side", "kernel_size", "stride", "padding", "output_padding")
    follow_preset(controls["preset"], PRESETS, [controls[name] for name in names])
    fig, insets = _figure()

    def update(preset, values, kernel, side, kernel_size, stride, padding, output_padding, count):
        given, weights = input_values(values, side), kernel_values(kernel, kernel_size)
        count = min(count, given.size)
        insets["input"].pixels = cells(given, SMALL, 25, (divmod(count - 1, side), (1, 1)))
        insets["kernel"].pixels = cells(weights, SMALL, 4)
        geometry = (side, kernel_size, stride, padding, output_padding)
        try:
            size = conv.transposed_size(*geometry)
        except ValueError as error:
            return _refused(insets, geometry, str(error))
        whole, times = stamped(given, weights, stride, count)
        frame = (np.array(divmod(count - 1, side)) * stride, weights.shape)
        _draw(insets, whole, times, frame, padding, size)
        return _tell(geometry, size, given, times, count)

    return live_figure(controls, fig, list(insets.values()), update,
                       rows=[("preset", "values", "kernel", "count"),
                             ("side", "kernel_size", "stride", "padding", "output_padding")])


def _controls():
    return {
        "preset": choice("preset", [*PRESETS, "your own"], width="400px"),
        "values": choice("input", [ONES, NUMBERS, SINGLE], NUMBERS, width="190px"),
        "kernel": choice("kernel", [FLAT, TENT, CHANCE], width="250px"),
        "side": slider("cells a side", 3, 2, 5, width="215px"),
        "kernel_size": slider("kernel_size", 3, 1, 5, width="215px"),
        "stride": slider("stride", 2, 1, 4, width="175px"),
        "padding": slider("padding", 1, 0, 2, width="185px"),
        "output_padding": slider("output_padding", 0, 0, 3, width="235px"),
        "count": slider("stamps", 1, 1, MOST, width="300px")}


def _draw(insets, whole, times, frame, padding, size):
    """Output and counts, with the cells that padding cuts off hatched, those of output_padding at the far end."""
    missing = max(0, size + padding - len(whole))                              # beyond the last stamp
    limit = max(np.abs(whole).max(), 1)
    for name, values, largest in (("output", whole, limit), ("times", times, 0)):
        insets[name].pixels = cells(np.pad(values, (0, missing)), LARGE, largest, frame, (padding, padding + size))


def cells(values, box, limit, frame=None, kept=None):
    """A grid of numbers as a picture, uint8 (box, box, 3): reddish above 0, bluish below; numbers where they fit.

    limit : half of what the strongest colour stands for, so that numbers can be read; 0 for greys, one per stamp.
    frame : (row, column) and (height, width), in cells, of a thick frame.
    kept : first cell and the one behind the last that are kept, along both axes; what lies outside is hatched.
    """
    zoom = box // max(values.shape)
    greys = np.uint8(255 - 8 * values.clip(0, 16).astype(int))[..., None].repeat(3, axis=-1)
    picture = zoomed(signed(values, 2 * limit) if limit else greys, zoom)
    picture[::zoom], picture[:, ::zoom] = 150, 150
    if kept:
        outside = np.ones(values.shape, bool)
        outside[kept[0]:kept[1], kept[0]:kept[1]] = False
        outside = zoomed(outside, zoom)[..., None]
        picture = np.where(outside & HATCH[:len(picture), :len(picture)], np.uint8(120), picture)
    if zoom >= 26:
        _write(picture, values, zoom)
    if frame:
        _outline(picture, *frame, zoom)
    out = np.full((box, box, 3), 255, np.uint8)
    out[:len(picture), :len(picture)] = picture
    return out


def _write(picture, values, zoom):
    """The numbers into their cells."""
    size = min(20, zoom // 2 - 1)
    for (row, column), value in np.ndenumerate(values):
        text = _number(short(value), size)
        height, width = text.shape[:2]
        if width < zoom - 1:
            top, left = row * zoom + (zoom - height) // 2 + 1, column * zoom + (zoom - width) // 2 + 1
            part = picture[top:top + height, left:left + width]
            np.minimum(part, text[:part.shape[0], :part.shape[1]], out=part)


def short(value):
    """A number for a narrow cell.

    >>> [short(value) for value in (12, -2, 0, 0.0625, 0.5)]
    ['12', '−2', '0', '.06', '.5']
    """
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("0.", ".").replace("-", "−") if value % 1 else \
        f"{value:.0f}".replace("-", "−")


@lru_cache(maxsize=1024)
def _number(text, size):
    """Black text on white, uint8 (H, W, 1)."""
    picture = Image.new("L", (int(font(size).getlength(text)) + 2, size + 6), 255)
    ImageDraw.Draw(picture).text((1, (size + 6) / 2), text, 0, font(size), anchor="lm")
    return np.array(picture)[..., None]


def _outline(picture, start, shape, zoom):
    """A black frame, 3 screen pixels wide, around some cells."""
    (top, left), (height, width) = (zoom * np.asarray(part) for part in (start, shape))
    inner = picture[top + 3:top + height - 2, left + 3:left + width - 2].copy()
    picture[top:top + height + 1, left:left + width + 1] = 0
    picture[top + 3:top + height - 2, left + 3:left + width - 2] = inner


def _refused(insets, geometry, why):
    for name in ("output", "times"):
        insets[name].pixels = np.full((LARGE, LARGE, 3), 255, np.uint8)
    caption = f"nn.ConvTranspose2d refuses this: {why.rstrip('.')}"
    return caption, f"{_settings(*geometry)}. {caption}."


def _settings(side, kernel_size, stride, padding, output_padding):
    return (f"Transposed convolution of {side} × {side} cells, kernel_size {kernel_size}, stride {stride}, padding "
            f"{padding}, output_padding {output_padding}")


def _tell(geometry, size, given, times, count):
    """Caption and alt text."""
    side, kernel_size, stride, padding, output_padding = geometry
    total = f"({side} − 1) · {stride} − 2 · {padding} + {kernel_size} + {output_padding} = {size} cells a side"
    whole = stamped(np.ones_like(given), np.ones((kernel_size,) * 2), stride, given.size)[1]
    inner = whole[kernel_size - 1:len(whole) - kernel_size + 1, kernel_size - 1:len(whole) - kernel_size + 1]
    inner = inner if inner.size else whole
    least, most = int(inner.min()), int(inner.max())
    spread = f"inner cells get {least} to {most} stamps: {'a checkerboard' if least else 'gaps'}" if least < most else \
        f"each inner cell gets {least} stamp{'s' * (least != 1)}"
    backs = [size - output_padding + more for more in range(stride)]
    back = f"a convolution with these settings makes {side} of {' or '.join(map(str, backs))}"
    caption = f"{total}; {spread}; {back}"
    place = ", ".join(str(number + 1) for number in divmod(count - 1, side))
    return caption, (f"{_settings(*geometry)}. {count} of {given.size} stamps are set, the last by the input cell in "
                     f"row and column {place}, value {given.flat[count - 1]}. {caption}.")


def _figure():
    fig = pixel_figure(1036, 396)
    for x, y, text in ((95, 14, "input"), (95, 206, "kernel"), (419, 14, "output so far, present stamp framed"),
                       (829, 14, "stamps on each cell")):
        note(fig, x, y, text)
    note(fig, 624, 384, "hatched: cut off by padding", fontsize=10)
    return fig, {"input": Inset(20, 30), "kernel": Inset(20, 222), "output": Inset(250, 30), "times": Inset(660, 30)}

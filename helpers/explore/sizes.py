"""Explorer of the output size: the formula with your numbers, the floor, nn.Conv2d's own answer, and who sees what."""
from functools import lru_cache

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import nn

from helpers import conv
from helpers.explore.controls import choice, count, follow_preset
from helpers.explore.lettering import font
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import note, pixel_figure

WIDE, ROWS = 1000, 174                     # screen pixels: of the strip, and of all windows in it from top to bottom
PRESETS = {  # W, K, S, padding, P, D
    "7 and 3, stride 1": (7, 3, 1, "number", 0, 1),
    "7 and 3, stride 2": (7, 3, 2, "number", 0, 1),
    "7 and 3, stride 3: a pixel is left over": (7, 3, 3, "number", 0, 1),
    "7 and 3, stride 3, padded by 1": (7, 3, 3, "number", 1, 1),
    "AlexNet: 227, 11, stride 4": (227, 11, 4, "number", 0, 1),
    "AlexNet as printed: 224, 11, stride 4": (224, 11, 4, "number", 0, 1),
    "same, K = 3": (7, 3, 1, "same", 0, 1),
    "same, K = 5": (7, 5, 1, "same", 0, 1),
    "same, K = 4: impossible": (7, 4, 1, "same", 0, 1),
    "full, K = 3": (7, 3, 1, "full", 0, 1),
    "dilation 2": (9, 3, 1, "number", 0, 2),
    "the window does not fit": (5, 3, 1, "number", 0, 3),
}
GREY, PALE, BLUE, ORANGE = (217, 217, 217), (190, 216, 233), (0, 114, 178), (184, 71, 0)
HATCH = np.where(np.indices((32, WIDE)).sum(axis=0)[..., None] % 8 < 2, np.uint8(120), np.uint8([255] * 3))
FORMULA = "positions = ⌊(W + 2P − D (K − 1) − 1) / S⌋ + 1"


@lru_cache(maxsize=256)
def torch_size(width, kernel_size, stride, padding, dilation):
    """Asks nn.Conv2d itself, without computing a single pixel: the width of its output, or the words of its error."""
    layer = nn.Conv2d(1, 1, kernel_size, stride=stride, padding=padding, dilation=dilation, device="meta")
    try:
        return layer(torch.empty(1, 1, width, width, device="meta")).shape[-1]
    except RuntimeError as error:
        return str(error).splitlines()[0]


def seen(width, kernel_size, stride, padding, dilation):
    """Which cells each position of the window touches: bool (positions, width + 2 padding), padding on both ends.

    >>> seen(4, 2, 2, 0, 1).astype(int).tolist()
    [[1, 1, 0, 0], [0, 0, 1, 1]]
    """
    positions = conv.output_size(width, kernel_size, stride, padding, dilation)
    touched = np.zeros((positions, width + 2 * padding), bool)
    cells = np.arange(positions)[:, None] * stride + np.arange(kernel_size) * dilation
    np.put_along_axis(touched, cells, True, axis=1)
    return touched


def about_same(width, kernel_size, stride, padding, dilation):
    """One sentence on the padding that keeps the size, and why it wants an odd kernel and stride 1."""
    reach = dilation * (kernel_size - 1)
    name = "D (K − 1)/2" if dilation > 1 else "(K − 1)/2"
    if reach % 2:
        sizes = [width + 2 * side - reach for side in (reach // 2, reach // 2 + 1)]
        return (f"{name} = {reach / 2:g} is no whole number: an even K has no middle cell. At stride 1, "
                f"P = {reach // 2} gives {sizes[0]}, P = {reach // 2 + 1} gives {sizes[1]}, none gives {width}.")
    who = "an odd K" if kernel_size % 2 else "with an even D any K"
    if 2 * padding != reach:
        return f"P = {name} = {reach // 2} would keep the size at stride 1: {who} reaches equally far to both sides."
    if stride > 1:
        return f"P = {name} = {padding} keeps the size at stride 1 only: stride {stride} steps over positions."
    return f"P = {name} = {padding} keeps the size: {who} reaches {padding} to each side, where {padding} are added."


def size_calculator():
    """The output size along one axis: formula, division, floor, PyTorch's answer; and the pixels that no window sees.

    Serves the prediction: an image 7 wide, a kernel 3 wide, stride 3: how many positions?
    """
    width, kernel_size, stride, padding, number, dilation = PRESETS["7 and 3, stride 1"]
    kinds = [("same, (K − 1)/2", "same"), ("full, K − 1", "full"), ("a number P", "number")]
    controls = {
        "preset": choice("preset", [*PRESETS, "your own"], width="350px"),
        "width": count("input W", width, 256, width="140px"),
        "kernel_size": count("kernel K", kernel_size, 15, width="140px"),
        "stride": count("stride S", stride, 8, width="140px"),
        "padding": choice("padding", kinds, padding, width="240px"),
        "number": count("padding P", 1, 15, width="150px"),
        "dilation": count("dilation D", dilation, 4, width="150px"),
    }
    controls["number"].min = controls["number"].value = number
    follow_preset(controls["preset"], PRESETS, list(controls.values())[1:])
    fig, insets = _size_figure()

    def update(preset, padding, number, **geometry):
        controls["number"].disabled = padding != "number"
        lines, picture, caption, alt = describe(padding=number if padding == "number" else padding, **geometry)
        for name, line in zip(("numbers", "PyTorch", "same"), lines, strict=True):
            insets[name].show(coloured_line(line))
        insets["strip"].show(picture)
        return caption, alt

    return live_figure(controls, fig, list(insets.values()), update,
                       rows=[list(controls)[:4], list(controls)[4:]])


def describe(width, kernel_size, stride, padding, dilation):
    """One state: three lines of pieces (text, colour), the strip, caption and alt text.  padding : number or word."""
    title = f"One axis: W = {width}, K = {kernel_size}, S = {stride}, padding {padding}, D = {dilation}."
    if padding == "same" and dilation * (kernel_size - 1) % 2:
        caption = "Same padding is impossible: " + about_same(width, kernel_size, stride, 0, dilation)
        said = "No whole number P keeps the size, so there is nothing to put into the formula."
        lines = [[(said, ORANGE)], [(_torch_same(kernel_size, stride, dilation), "black")], []]
        return lines, strip(width, dilation * (kernel_size - 1) / 2), caption, f"{title} {caption}"
    wide = conv.padding_width(padding, kernel_size, dilation)
    geometry = (width, kernel_size, stride, wide, dilation)
    settings = "".join(f", {name}={value}" for name, value, usual in (
        ("stride", stride, 1), ("padding", wide, 0), ("dilation", dilation, 1)) if value != usual)
    call, same = f"nn.Conv2d(1, 1, {kernel_size}{settings}) on {width} × {width}: ", about_same(*geometry)
    if isinstance(torch_size(*geometry), str):
        (line, room), (first, second) = _put_in(*geometry), torch_size(*geometry).split(". ", maxsplit=1)
        span = dilation * (kernel_size - 1) + 1
        lines = [[(line, "black"), (f"and −{-room} is below 0: no position", ORANGE)],
                 [(f"{call}{first}.", ORANGE)], [(second, ORANGE)]]
        caption = f"The window spans {span} pixels and does not fit into {width + 2 * wide}: "
        caption += "take a smaller kernel or more padding; nn.Conv2d raises an error"
        return lines, strip(width, wide, too_long=span), caption, f"{title} {caption}: {first}. {second}."
    numbers, answer, picture, caption = _tell_size(*geometry)
    lines = [numbers, [(call + answer, "black")], [(same, "black")]]
    return lines, picture, caption, f"{title} {caption}. {same}"


def _torch_same(kernel_size, stride, dilation):
    reach, call = dilation * (kernel_size - 1), f'nn.Conv2d(1, 1, {kernel_size}, padding="same")'
    return (f"{call} adds {reach // 2} on the left and {reach - reach // 2} on the right." if stride == 1 else
            f"{call} is refused with a stride above 1.")


def _put_in(width, kernel_size, stride, padding, dilation):
    """The formula with the numbers in it, and the number that is divided."""
    room = width + 2 * padding - dilation * (kernel_size - 1) - 1
    inside = f"{width} + 2·{padding} − {dilation}·({kernel_size} − 1) − 1"
    return f"= ⌊({inside}) / {stride}⌋ + 1 = ⌊{room} / {stride}⌋ + 1 ".replace("⌊-", "⌊−"), room


def _tell_size(width, kernel_size, stride, padding, dilation):
    line, room = _put_in(width, kernel_size, stride, padding, dilation)
    touched = seen(width, kernel_size, stride, padding, dilation)
    asked = torch_size(width, kernel_size, stride, padding, dilation)
    left, colour = room % stride, ORANGE if room % stride else "black"
    cut = f"the floor cuts off {left}/{stride}" if left else "the floor cuts nothing off"
    numbers = [(line, "black"), (f"= ⌊{room / stride:.3f}⌋ + 1 " if left else f"= {room // stride} + 1 ", colour),
               (f"= {len(touched)}    ", "black"), (f"{'✂' if left else '✓'} {cut.removeprefix('the floor ')}", colour)]
    lost = 1 + np.flatnonzero(~touched[:, padding:padding + width].any(axis=0))
    places = ", ".join(map(str, lost[:6])) + (" …" if len(lost) > 6 else "")
    unseen = f"pixel{'s' * (len(lost) > 1)} {places} never seen" if len(lost) else "every pixel is seen"
    caption = (f"{room} ÷ {stride} = {room / stride:.4g}, so {len(touched)} position{'s' * (len(touched) != 1)}; "
               f"nn.Conv2d says {asked}; {cut}; {unseen}")
    return numbers, f"{asked} × {asked} come out", strip(width, padding, touched), caption


def strip(width, padding, touched=None, too_long=0):
    """One axis as a picture, uint8 (H, at most 1000, 3): pixels, padding hatched, the window at each position below.

    padding : on each side, half a pixel is drawn as such.  touched : see `seen`; pixels that no window sees are crossed
    out.  too_long : pixels that a window spans which does not fit.
    """
    cell = min(60, WIDE // max(int(np.ceil(width + 2 * padding)), too_long))
    start, length = int(padding * cell), int((width + 2 * padding) * cell)
    bars = [] if touched is None else _bars(touched, cell)
    picture = np.full((40 + sum(map(len, bars)) + 26 * bool(too_long), max(length, too_long * cell), 3), 255, np.uint8)
    picture[:32, :length] = HATCH[:, :length]
    picture[:32, start:start + width * cell] = GREY
    if cell > 3:
        picture[:32, start % cell:length:cell] = 150
    picture[40:62, :too_long * cell] = ORANGE
    top = 40
    for bar in bars:
        picture[top:top + len(bar)] = bar
        top += len(bar)
    unseen = np.zeros(width, bool) if touched is None else ~touched[:, int(padding):int(padding) + width].any(axis=0)
    return _numbered(picture, start, cell, unseen)


def _bars(touched, cell):
    """The window at each position, in as many rows as keep neighbours apart: pictures of the same width."""
    positions, cells = touched.shape
    first, last = touched.argmax(axis=1), cells - touched[:, ::-1].argmax(axis=1)
    step = first[1] - first[0] if positions > 1 else cells
    rows = positions if positions <= 9 else min(positions, -(-(last[0] - first[0] + 1) // step))
    height = max(3, min(24, ROWS // rows))
    places = np.arange(cells)
    spans = (places >= first[:, None]) & (places < last[:, None])
    bars = []
    for row in range(min(rows, ROWS // height)):
        line = np.where(spans[row::rows].any(axis=0)[:, None], np.uint8(PALE), np.uint8(255))
        line[touched[row::rows].any(axis=0)] = BLUE
        bar = line.repeat(cell, axis=0)
        bar[cell - 1::cell] = 255 if cell > 3 else bar[cell - 1::cell]
        bars.append(np.concatenate([bar[None].repeat(height - 1, axis=0), np.full((1, *bar.shape), 255, np.uint8)]))
    return bars


def _numbered(picture, start, cell, unseen):
    """Write the numbers of the pixels where there is room, and cross out those that no window sees."""
    image = Image.fromarray(picture)
    drawing = ImageDraw.Draw(image)
    for place in range(len(unseen)) if cell >= 22 else np.flatnonzero(unseen).tolist():
        left = start + place * cell
        if unseen[place]:
            drawing.rectangle((left, 36, left + cell - 1, len(picture)), "#FAE1C8")
            for ends in ((left, 0, left + cell - 1, 31), (left, 31, left + cell - 1, 0)):
                drawing.line(ends, ORANGE, 3)
        if cell >= 22:
            drawing.text((left + cell / 2, 16), str(place + 1), "black", font(14), anchor="mm")
    return np.array(image)


def coloured_line(pieces):
    """Pieces of text in their colours, one after the other, uint8 (22, W, 3)."""
    lengths = [font(14).getlength(words) for words, _ in pieces]
    picture, left = Image.new("RGB", (int(sum(lengths)) + 4, 22), "white"), 0.0
    drawing = ImageDraw.Draw(picture)
    for (words, colour), length in zip(pieces, lengths, strict=True):
        drawing.text((left, 11), words, colour, font(14), anchor="lm")
        left += length
    return np.array(picture)


def _size_figure():
    fig = pixel_figure(1024, 346)
    note(fig, 8, 14, FORMULA, ha="left", fontsize=13)
    note(fig, 8, 335, "grey: pixels   hatched: padding   blue: the window at each position, pale where dilation skips"
         "   ✕: never seen   orange bar: does not fit", ha="left", fontsize=10)
    return fig, {"numbers": Inset(8, 28), "PyTorch": Inset(8, 54), "same": Inset(8, 80), "strip": Inset(8, 110)}

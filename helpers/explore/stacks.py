"""Explorer of stacks: add layer after layer, and see shape, parameters, multiplications and receptive field."""
from functools import lru_cache
from math import log2
from textwrap import wrap

import ipywidgets as widgets
import numpy as np
import traitlets
from PIL import Image, ImageDraw

from helpers.explore.controls import button, choice, count, follow_preset
from helpers.explore.layers import CONV, KINDS, Layer, Step, code, most_in, walk
from helpers.explore.lettering import MONO, SANS, word
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import pixel_figure

MOST = 8                                                    # layers that fit on a slide
WIDE, HIGH, LEFT, COLUMN = 1036, 382, 122, 101     # screen pixels: of the picture, where columns begin, of each
FLOOR, TALL, BAR = 166, 108, 26                    # blocks stand on the floor; the tallest block; the longest bar
TEXTS = {"layer": 10, "as tall as H,": 74, "wider with C": 91, "shape (C, H, W)": 180, "a unit sees": 200,
         "parameters": 262, "multiplications": 324}               # where the middle of each line lies
BLUE, RED, PALE, SAND, GREY = "#0072B2", "#B84700", "#BED8E9", "#F6DCBE", "#6B6B6B"


def _same(kinds, *channels):
    """A layer per name; convolutions keep the size and take the numbers of channels one after the other."""
    widths = iter(channels)
    return tuple(Layer(kind, next(widths), 1, 1) if kind in CONV else
                 Layer(kind, next(widths)) if kind == "dense" else Layer(kind) for kind in kinds)


C3, C5, MEAN, MAX = *CONV, "average pool 2", "max pool 2"
NEXT = [*KINDS[len(CONV):], C5, C3]
PRESETS = {  # side and channels of the image, layers
    "two convolutions for a scan": (64, 1, _same((C3, MAX, C3, MAX, "flatten", "dense"), 8, 16, 1)),
    "the same with ReLU": (64, 1, _same((C3, "ReLU", MAX, C3, "ReLU", MAX, "flatten", "dense"), 8, 16, 1)),
    "averaged instead of flattened": (
        64, 1, _same((C3, MAX, C3, MAX, "global average pool", "flatten", "dense"), 8, 16, 1)),
    "LeNet-5 without activations": (32, 1, (
        Layer(C5, 6), Layer(MEAN), Layer(C5, 16), Layer(MEAN), *_same(("flatten", *["dense"] * 3), 120, 84, 10))),
    "VGG-16, first eight, no ReLU": (224, 3, _same((C3, C3, MAX, C3, C3, MAX, C3, C3), 64, 64, 128, 128, 256, 256)),
    "too deep": (32, 1, (*[Layer(C3, 8), Layer(MAX)] * 3, Layer(C3, 8), Layer("flatten"))),
}


class Stack(widgets.HBox):
    """Buttons that change a stack; `value` is a tuple of Layers, `refused` says why the last press was in vain."""

    value, description = traitlets.Tuple(), "stack"

    def __init__(self, layers):
        self.add, self.remove, self.refused = button("Add this layer"), button("Remove last"), ""
        super().__init__([self.add, self.remove], value=layers)


def refusal(layers, new, side, channels):
    """Why a layer cannot be added, one sentence; "" if it can."""
    if len(layers) >= MOST:
        return f"the slide has room for {MOST} layers, so remove one first"
    reason = walk((*layers, new), side, channels)[1]
    return reason[:1].lower() + reason[1:]


def shape_walker(size=64, in_channels=1):
    """Layers of your choice on a square image, with shape, receptive field, parameters and multiplications of each.

    Serves the prediction: a 64 by 64 scan, 3 by 3 convolution with 8 filters, pooling, convolution with 16, pooling,
    flatten, one dense neuron: where do most parameters sit?

    size : pixels a side of the image, 1 to 256.  in_channels : its channels, 1 or 3.
    Returns an explorer. An impossible layer is refused with the reason, and so is a ninth.
    Raises ValueError for another size or in_channels.
    """
    if not (type(size) is int and 1 <= size <= 256 and in_channels in (1, 3)):
        raise ValueError(f"shape_walker needs a size from 1 to 256 and 1 or 3 channels, not {size} and {in_channels}.")
    controls = {
        "preset": choice("preset", [*PRESETS, "your own"], width="350px"), "side": count("image side", size, 256),
        "channels": choice("image channels", [1, 3], in_channels, width="190px"),
        "kind": choice("next layer", NEXT, C3, width="250px"), "padding": count("padding", 1, 3, width="120px"),
        "out_channels": count("channels out", 16, 1024, width="170px"), "stride": count("stride", 1, 4, width="110px"),
        "stack": Stack(next(iter(PRESETS.values()))[2])}
    controls["padding"].min = 0
    targets = [controls[name] for name in ("side", "channels", "stack")]
    follow_preset(controls["preset"], PRESETS, targets)
    if (size, in_channels) != (64, 1):
        controls["preset"].value = "your own"
    fig, inset = pixel_figure(WIDE, HIGH), Inset(0, 0)

    def update(preset, side, channels, kind, stack, **settings):
        for name in settings:
            controls[name].disabled = kind not in CONV and not (kind == "dense" and name == "out_channels")
        inset.show(drawn(stack, side, channels))
        said, controls["stack"].refused = controls["stack"].refused, ""
        caption, alt = tell(stack, side, channels, said)
        return caption, f"{alt} To be added next: {kind}, {', '.join(map('{0[0]} {0[1]}'.format, settings.items()))}."

    new = ("kind", "out_channels", "stride", "padding")
    explorer = live_figure(controls, fig, [inset], update, [("preset", "side", "channels"), (*new, "stack")])
    _connect(explorer, *targets, [controls[name] for name in new])
    return explorer


def _connect(explorer, side, channels, stack, new):
    """Let the buttons act: what is possible changes the stack, what is not leaves a sentence above the picture."""

    def add(press):
        kind, wide, *window = (control.value for control in new)
        layer = Layer(kind, wide, *window) if kind in CONV else Layer(kind, wide if kind == "dense" else 0)
        stack.refused = refusal(stack.value, layer, side.value, channels.value)
        if stack.refused:
            return explorer.refresh()
        stack.value = (*stack.value, layer)

    def remove(press):
        if not stack.value:
            stack.refused = "there is no layer left to remove"
            return explorer.refresh()
        stack.value = stack.value[:-1]

    stack.add.on_click(add)
    stack.remove.on_click(remove)


def tell(layers, side, channels, refused=""):
    """Caption and alt text of a stack."""
    steps, reason = walk(layers, side, channels)
    counts = {"parameters": [step.parameters for step in steps], "multiplications": [step.macs for step in steps]}
    total = ", ".join(f"{sum(each):,} {what}" for what, each in counts.items())
    most = [most_in(each, what, layers) for what, each in counts.items() if sum(each)]
    caption = f"Refused: {refused}. The stack is as it was" if refused else reason or ": ".join(
        [total, *([", ".join(most)] if most else [])])
    rows = [f"{number} {layer.kind} gives {step.shape}, {step.parameters:,} parameters, {step.macs:,} multiplications, "
            f"a unit sees {step.field or 'all'}" for number, (layer, step) in
            enumerate(zip(layers, steps, strict=False), start=1)]
    return caption, (f"Stack on an image ({channels}, {side}, {side}). {caption}. "
                     f"{'; '.join(rows) or 'No layer yet'}. In all {total}.")


@lru_cache(maxsize=64)
def drawn(layers, side, channels):
    """A stack as a picture, uint8 (H, W, 3): a column per layer with its block, its numbers and its shares."""
    steps, _ = walk(layers, side, channels)
    picture = Image.new("RGB", (WIDE, HIGH), "white")
    for text, y in TEXTS.items():
        _write(picture, 4, y, text, left=True)
    totals = [max(1, sum(step[part] for step in steps)) for part in (1, 2)]
    columns = [LEFT + COLUMN // 2 + COLUMN * number for number in range(len(layers) + 1)]
    _block(picture, columns[0], ["image"], Step((channels, side, side), 0, 0, 1), side, totals)
    for x, layer, step in zip(columns[1:], layers, steps, strict=False):
        extra = [f"{name} {getattr(layer, name)}" for name, usual in (("stride", 1), ("padding", 0))
                 if getattr(layer, name) != usual]
        _block(picture, x, [*_lines(layer), *extra], step, side, totals)
    for x, layer in zip(columns[1 + len(steps):], layers[len(steps):], strict=True):
        broken = x == columns[1 + len(steps)]
        colour, sign, text = (RED, "✕", "impossible") if broken else (GREY, "–", "not reached")
        for line, name in enumerate(_lines(layer)):
            _write(picture, x, 10 + 16 * line, name, colour)
        _write(picture, x, 140, sign, colour, 30)
        _write(picture, x, TEXTS["shape (C, H, W)"], text, colour)
    calls = code(layers, steps, channels).replace(", ", ",\xa0").replace(",\xa0nn", ", nn")     # no line ends in a call
    for line, text in enumerate(wrap(calls, 141)):
        _write(picture, 4, 343 + 15 * line, text, size=12, file=MONO, left=True)
    return np.array(picture)


def _lines(layer):
    return layer.kind.replace("global ", "global\n").split("\n")


def _block(picture, x, lines, step, side, totals):
    """One column: its name in lines, and what the layer makes.  x : its middle.  totals : of which shares are drawn."""
    drawing = ImageDraw.Draw(picture)
    flat, half = len(step.shape) == 1, min(48, 2 + 3 * log2(step.shape[0]))
    high = 3 if flat else max(3, TALL * step.shape[-1] / side)                           # so that nothing vanishes
    drawing.rectangle((x - half, FLOOR - high, x + half, FLOOR), *((SAND, RED) if flat else (PALE, BLUE)))
    for line, text in enumerate(lines):
        _write(picture, x, 10 + 16 * line, text)
    _write(picture, x, TEXTS["shape (C, H, W)"], str(step.shape).replace(",)", ")"))
    _write(picture, x, TEXTS["a unit sees"], "all" if step.field is None else f"{step.field} × {step.field}")
    for name, number, total in zip(list(TEXTS)[-2:], (step.parameters, step.macs), totals, strict=True):
        _write(picture, x, TEXTS[name], f"{number:,}" if number < 1e9 else f"{number / 1e6:,.0f} million")
        if number:
            floor, share = TEXTS[name] - 10, number / total
            _write(picture, x, floor - 9 - round(BAR * share), f"{100 * share:.0f} %" if share > 0.005 else "< 1 %")
            drawing.rectangle((x - 22, floor - BAR * share, x + 22, floor), BLUE)


def _write(picture, x, y, text, colour="black", size=13, file=SANS, left=False):
    """Write around a place, or to the right of it."""
    line = word(text, colour, size, file, WIDE if left else COLUMN - 2)
    picture.paste(line, (x if left else x - line.width // 2, y - line.height // 2))

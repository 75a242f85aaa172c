"""Explorer of the U-Net: side, channels and skips, level by level, padded as today or unpadded as in 2015."""
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image, ImageDraw

from helpers import conv, models
from helpers.explore.controls import choice, count, follow_preset, slider
from helpers.explore.lettering import word
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import pixel_figure

WIDE, HIGH, MIDDLE, STEP, TALL = 1036, 380, 518, 54, 46     # screen pixels: picture, its middle, indent, tallest block
PADDED, UNPADDED = "padded, as today", "unpadded, as in 2015"
LEAST, MOST = 16, 1024
PRESETS = {  # convolutions, side, levels below, channels at the top
    "ours: 56 pixels, 8 channels": (PADDED, 56, 3, 8), "the paper of 2015: 572": (UNPADDED, 572, 4, 64),
    "padded instead: 572": (PADDED, 572, 4, 64), "a side that does not fit: 512": (UNPADDED, 512, 4, 64),
    "too small to be unpadded: 56": (UNPADDED, 56, 3, 8), "one level": (PADDED, 56, 1, 8)}


class Level(NamedTuple):
    """Channels of a level, and pixels a side: before its pooling, and on the way up (None at the bottom)."""

    channels: int
    down: int
    up: int | None
    met: int | None                                                             # side of what comes from below


def levels(padded, side, depth, base):
    """The levels of a U-Net, the finest first; None where the sides do not fit.

    >>> [(level.down, level.met, level.up) for level in levels(False, 572, 4, 64)][:2]
    [(568, 392, 388), (280, 200, 196)]
    """
    multiple = 2**depth
    if not padded and models.side_left(side, depth) is None:
        return None
    side = max(-(-side // multiple), 2) * multiple if padded else side
    lost, down = 0 if padded else 4, []
    for _ in range(depth + 1):
        down.append(side - lost)
        side = (side - lost) // 2
    found, up = [Level(base * multiple, down[-1], None, None)], down[-1]
    for number in range(depth - 1, -1, -1):
        found.append(Level(base * 2**number, down[number], 2 * up - lost, 2 * up))
        up = 2 * up - lost
    return found[::-1]


def unet_shapes():
    """A U-Net of your choice, level by level: channels, pixels a side, and what the skip connections hand over.

    Serves the prediction: no convolution of the U-Net of 2015 is padded.  572 pixels a side go in; how many come out?

    Returns an explorer. Unpadded networks take certain sides only; the nearest two are named.
    """
    controls = {"preset": choice("preset", [*PRESETS, "your own"], width="330px"),
                "convolutions": choice("convolutions", [PADDED, UNPADDED], width="290px"),
                "side": count("pixels a side", 56, MOST, width="180px"),
                "depth": slider("poolings", 3, 1, 5, width="260px"),
                "base": choice("channels at the top", [4, 8, 16, 32, 64], 8, width="230px")}
    controls["side"].min = LEAST
    follow_preset(controls["preset"], PRESETS, list(controls.values())[1:])
    fig, inset = pixel_figure(WIDE, HIGH), Inset(0, 0)

    def update(preset, convolutions, side, depth, base):
        padded = convolutions == PADDED
        inset.show(drawn(padded, side, depth, base))
        return tell(padded, side, depth, base)

    rows = [("preset", "convolutions"), ("side", "depth", "base")]
    return live_figure(controls, fig, [inset], update, rows)


@lru_cache(maxsize=256)
def parameters(padded, depth, base):
    """Parameters of a U-Net for one channel and two classes."""
    with torch.device("meta"):
        return models.count_parameters((models.UNet if padded else models.UNet2015)(1, 2, base, depth))


def tell(padded, side, depth, base):
    """Caption and alt text."""
    kind = f"U-Net, {PADDED if padded else UNPADDED}, {depth} pooling{'s' * (depth > 1)}, {base} channels at the top"
    found = levels(padded, side, depth, base)
    if found is None:
        near = [fits for fits in range(1, 2 * MOST) if models.side_left(fits, depth)]
        fits = [*[fit for fit in near if fit < side][-1:], *[fit for fit in near if fit > side][:1]]
        caption = (f"{side} pixels a side do not halve {depth} times without remainder between unpadded convolutions: "
                   f"{' or '.join(map(str, fits))} do{'es' * (len(fits) == 1)}")
        return caption, f"{kind}. {caption}."
    field = conv.receptive_field([*[(3, 1), (3, 1), (2, 2)] * depth, (3, 1), (3, 1)])[-1][0]
    out = side if padded else found[0].up
    wide = found[0].down if padded and found[0].down != side else None
    caption = (f"{side} → {out} pixels a side{f' (inside {wide})' if wide else ''}, {100 * (out / side) ** 2:.0f} % of "
               f"the area; {parameters(padded, depth, base):,} parameters; a unit at the bottom sees {field} pixels")
    rows = [f"level {number}: {level.channels} channels, {level.down} pixels a side on the way down"
            + (f", {level.up} on the way up" if level.up else ", the bottom") for number, level in
            enumerate(found, start=1)]
    return caption, f"{kind}. {caption}. {'; '.join(rows)}."


@lru_cache(maxsize=128)
def drawn(padded, side, depth, base):
    """The U as a picture, uint8 (HIGH, WIDE, 3): blocks as tall as their sides, wider with more channels."""
    picture, found = Image.new("RGB", (WIDE, HIGH), "white"), levels(padded, side, depth, base)
    if found is None:
        picture.paste(word("no such network", "#B84700", 20), (MIDDLE - 80, HIGH // 2))
        return np.array(picture)
    pencil, high = ImageDraw.Draw(picture), (HIGH - 12) / (depth + 1)
    for number, level in enumerate(found):
        y, left = 12 + high * (number + 0.5), 170 + STEP * number
        if level.up is None:
            _block(picture, pencil, MIDDLE, y, level.channels, level.down, found[0].down, 0)
            continue
        _block(picture, pencil, left, y, level.channels, level.down, found[0].down, -1)
        _block(picture, pencil, WIDE - left, y, level.channels, level.up, found[0].down, 1)
        _skip(picture, pencil, left, y, level)
        for x, end, text in ((left, left + STEP, "pool"), (WIDE - left - STEP, WIDE - left, "enlarge")):
            rise = (y, y + high) if text == "pool" else (y + high, y)
            if number == depth - 1:
                x, end = (left, MIDDLE - 30) if text == "pool" else (MIDDLE + 30, WIDE - left)
            _arrow(pencil, x, rise[0] + 24 * (text == "pool"), end, rise[1] + 24 * (text != "pool"))
            picture.paste(word(text, "#6B6B6B", 11), (int((x + end) / 2 - (44 if text == "pool" else -14)),
                                                     int(sum(rise) / 2 + 8)))
    return np.array(picture)


def _block(picture, pencil, x, y, channels, side, most, where):
    """A block with its shape beside it: to the left (-1), to the right (1), or above (0)."""
    tall, wide = max(3, TALL * side / most) / 2, 2 + 2.2 * np.log2(channels)
    pencil.rectangle((x - wide, y - tall, x + wide, y + tall), "#BED8E9", "#0072B2", 2)
    text = word(f"{channels} × {side} × {side}", size=13)
    left = {-1: x - wide - 8 - text.width, 1: x + wide + 8, 0: x + wide + 8}[where]
    picture.paste(text, (int(left), int(y - text.height / 2)))


def _skip(picture, pencil, left, y, level):
    """The skip connection of a level: an arrow across, and how much of it is cut off."""
    _arrow(pencil, left + 24, y, WIDE - left - 24, y)
    cut = f"skip, cut from {level.down} to {level.met}" if level.down != level.met else "skip"
    text = word(cut, "#B84700" if level.down != level.met else "black", 12)
    picture.paste(text, (MIDDLE - text.width // 2, int(y - text.height / 2)))


def _arrow(pencil, x, y, end_x, end_y):
    pencil.line((x, y, end_x, end_y), "#6B6B6B", 2)
    along = np.array([end_x - x, end_y - y]) / np.hypot(end_x - x, end_y - y)
    across, tip = np.array([-along[1], along[0]]), np.array([end_x, end_y])
    pencil.polygon([tuple(place) for place in (tip, tip - 10 * along + 4 * across, tip - 10 * along - 4 * across)],
                   "#6B6B6B")

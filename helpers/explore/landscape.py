"""Explorer of the losses of a mask: cross-entropy, Dice and both, over what a network says inside and outside."""
import math
from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image, ImageDraw

from helpers import loss
from helpers.explore.controls import choice, follow_preset, slider, steps
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import note, pixel_figure

PIXELS, MAP, RATE = 64 * 64, 280, 8.0                          # of the scan; screen pixels of a map; size of a step
INSIDE, OUTSIDE = (-6.0, 6.0), (-10.0, 2.0)                    # ends of the logits
SIZES = (1, 4, 16, 64, 256, 1024)
NAMES = ("cross-entropy", "Dice", "both")
PRESETS = {  # pixels, logit inside, logit outside, smooth, steps
    "a nodule, missed": (4, -4.0, -4.0, 1.0, 0), "a nodule, 200 steps later": (4, -4.0, -4.0, 1.0, 200),
    "a large organ, missed": (1024, -4.0, -4.0, 1.0, 0), "a large organ, 200 steps later": (1024, -4.0, -4.0, 1.0, 200),
    "a nodule, before any training": (4, 0.0, 0.0, 1.0, 200), "no smoothing": (4, -4.0, -4.0, 0.0, 200),
    "too much smoothing": (4, -4.0, -4.0, 1000.0, 200)}
BANDS = plt.get_cmap("cividis")(np.repeat(np.linspace(0.12, 1, 20), 13)[:256], bytes=True)[:, :3]   # steps: contours


def values(size, inside, outside, smooth):
    """Cross-entropy, soft Dice and their sum for a mask of `size` of PIXELS pixels, in which the logit of the organ
    against the background is `inside`, and `outside` elsewhere: numbers or arrays.

    >>> [round(float(value), 3) for value in values(4, -20, -20, 1)]
    [0.02, 0.8, 0.82]
    """
    share, p, q = size / PIXELS, loss.sigmoid(inside), loss.sigmoid(outside)
    entropy = share * loss.bce_with_logits(inside, np.ones_like(p)) \
        + (1 - share) * loss.bce_with_logits(outside, np.zeros_like(q))
    dice = 1 - (2 * size * p + smooth) / (size * p + (PIXELS - size) * q + size + smooth)
    return entropy, dice, entropy + dice


def slopes(size, inside, outside, smooth):
    """Slopes of the three losses, each a pair: along the logit inside and along the one outside."""
    share, rest = size / PIXELS, PIXELS - size
    p, q = (1 / (1 + math.exp(-logit)) for logit in (inside, outside))                       # math: a descent has many
    above, below = 2 * size * p + smooth, size * p + rest * q + size + smooth
    entropy = (-share * (1 - p), (1 - share) * q)
    dice = ((above - 2 * below) * size * p * (1 - p) / below**2, rest * above * q * (1 - q) / below**2)
    return entropy, dice, (entropy[0] + dice[0], entropy[1] + dice[1])


@lru_cache(maxsize=64)
def descent(size, inside, outside, smooth, count=200):
    """Where gradient descent goes: array (3 losses, count + 1, 2), steps of RATE times the slope, from one place."""
    ways = []
    for number in range(3):
        way = [(inside, outside)]
        for _ in range(count):
            slope = slopes(size, *way[-1], smooth)[number]
            way.append((way[-1][0] - RATE * slope[0], way[-1][1] - RATE * slope[1]))
        ways.append(way)
    return np.array(ways)


def loss_landscape():
    """What cross-entropy, Dice and both charge for a mask, over the logits inside and outside, and where they lead.

    Serves the prediction: a nodule has 4 of 4096 pixels and is missed altogether.  How much does each loss fall once it
    is found?

    Returns an explorer. The network is the simplest there is: one logit for all pixels of the mask, one for the rest.
    """
    controls = {
        "preset": choice("preset", [*PRESETS, "your own"], width="330px"),
        "size": steps("pixels of the mask", [(f"{size:,}", size) for size in SIZES], 4, width="330px"),
        "smooth": choice("smooth", [("0", 0.0), ("1", 1.0), ("100", 100.0), ("1000", 1000.0)], 1.0, width="160px"),
        "inside": slider("logit inside", -4.0, *INSIDE, 0.5, width="300px", form=".1f"),
        "outside": slider("logit outside", -4.0, *OUTSIDE, 0.5, width="300px", form=".1f"),
        "count": slider("steps", 0, 0, 200, 10, width="300px")}
    names = ("size", "inside", "outside", "smooth", "count")
    follow_preset(controls["preset"], PRESETS, [controls[name] for name in names])
    fig, insets = _figure()

    def update(preset, count, **given):
        places = descent(*(given[name] for name in ("size", "inside", "outside", "smooth")))[:, :count + 1]
        for number, name in enumerate(NAMES):
            insets[name].pixels = walked(_map(given["size"], given["smooth"], number), places[number])
        return _tell(given, count, places[:, -1])

    return live_figure(controls, fig, list(insets.values()), update, rows=[list(controls)[:3], list(controls)[3:]])


@lru_cache(maxsize=64)
def _map(size, smooth, number):
    """One loss over the plane as a picture, uint8 (MAP, MAP, 3): inside grows upwards, outside to the right."""
    share = (np.arange(MAP // 2) + 0.5) / (MAP // 2)
    inside, outside = (low + share * (high - low) for low, high in (INSIDE, OUTSIDE))
    level = values(size, inside[::-1, None], outside[None], smooth)[number] / (2 if number == 2 else 1)
    return BANDS[np.uint8(255 * np.clip(level, 0, 1))].repeat(2, 0).repeat(2, 1)


def walked(picture, places):
    """The map with the way of a descent: a ring where it began, a disc where it is now."""
    image = Image.fromarray(picture)
    pencil = ImageDraw.Draw(image)
    share = [(places[:, 1] - OUTSIDE[0]) / np.ptp(OUTSIDE), (INSIDE[1] - places[:, 0]) / np.ptp(INSIDE)]
    at = [tuple(place) for place in np.clip(np.transpose(share) * MAP, 6, MAP - 7).tolist()]
    if len(at) > 1:
        pencil.line(at, "white", 5)
        pencil.line(at, "black", 2)
    for (x, y), radius, fill in ((at[0], 6, "white"), (at[-1], 5, "#D55E00")):
        pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill, "black", 2)
    return np.array(image)


def _tell(given, count, ends):
    size, smooth = given["size"], given["smooth"]
    missed, found = (values(size, inside, OUTSIDE[0], smooth) for inside in INSIDE)
    gains = [float(before - after) for before, after in zip(missed, found, strict=True)]
    now = [float(loss.sigmoid(inside)) for inside, _ in ends]
    caption = (f"{size:,} of {PIXELS:,} pixels: once the mask is found, cross-entropy falls by {gains[0]:.4f}, Dice by "
               f"{gains[1]:.2f}; after {count} steps p inside is " + ", ".join(
                   f"{probability:.2f} ({name})" for name, probability in zip(NAMES, now, strict=True)))
    place = size, given["inside"], given["outside"], smooth
    told = "; ".join(f"{name} {float(value):.3f}, slope inside {slope[0]:.5f}" for name, value, slope in
                     zip(NAMES, values(*place), slopes(*place), strict=True))
    return caption, (f"Three maps of a loss over the logits inside and outside of a mask, smooth {smooth:g}, start at "
                     f"{given['inside']:g} inside and {given['outside']:g} outside: {told}. {caption}.")


def _figure():
    fig = pixel_figure(1036, 392)
    insets = {}
    for number, (name, top) in enumerate(zip(NAMES, (1, 1, 2), strict=True)):
        left = 66 + 330 * number
        axes = fig.add_axes((left / 1036, (392 - 36 - MAP) / 392, MAP / 1036, MAP / 392))
        axes.set(xlim=OUTSIDE, ylim=INSIDE, xticks=[-10, -7, -4, -1, 2], yticks=[-6, -3, 0, 3, 6],
                 xlabel="logit outside: background right ← → wrong")
        axes.tick_params(labelsize=9)
        axes.xaxis.label.set_size(10)
        if not number:
            axes.set_ylabel("logit inside: missed ← → found", fontsize=10)
        note(fig, left + MAP / 2, 18, f"{name}, 0 (dark) to {top} (bright)")
        insets[name] = Inset(left, 36)
    note(fig, 518, 378, "ring: start, disc: after the steps; a band of colour is a twentieth of the scale", fontsize=10)
    return fig, insets

"""Explorer of channels and filter banks."""
import numpy as np

from helpers import conv, filters
from helpers.explore.controls import choice, slider, tick
from helpers.explore.lettering import written
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import (
    fit,
    framed,
    grey,
    kernel_numbers,
    kernel_picture,
    note,
    outline,
    pixel_figure,
    signed,
)
from helpers.explore.wording import one_digit, with_sign

CHANNELS, SIDE, ROW = ("red", "green", "blue"), 84, 104  # names; pixels of the picture; screen pixels between rows
BOX, SPOT = filters.KERNELS["box"], np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]) / 8
BANK = {  # one kernel per channel
    "red minus green": np.stack([BOX, -BOX, 0 * BOX]),
    "vertical edge in all channels": np.stack([filters.KERNELS["vertical edge"] / 3] * 3),
    "brightness": np.stack([BOX / 3] * 3),
    "blue spot": np.stack([-SPOT / 2, -SPOT / 2, SPOT]),
}


def per_channel(image, kernels):
    """What each channel gives with its kernel: (C, H', W') for an image (C, H, W) and kernels (C, K, L)."""
    return np.stack([conv.cross_correlate(*pair) for pair in zip(image, kernels, strict=True)])


def feature_map(parts, bias=0.0, on=(True, True, True), relu=False):
    """The results of the channels (C, H, W) added up, only of those that are on, plus bias, and through ReLU if asked.

    >>> feature_map(np.reshape([1.0, 2.0, -9.0], (3, 1, 1)), bias=0.5, on=(True, False, True), relu=True).tolist()
    [[0.0]]
    """
    total = parts[np.array(on, bool)].sum(axis=0) + bias
    return np.maximum(total, 0) if relu else total


def channels(image, weights=None):
    """A filter has one kernel per channel; the results are added, and each filter of a bank gives one feature map.

    Serves the prediction: a picture with 3 channels meets 4 filters of 3 by 3; how many feature maps come out, and
    how many parameters were needed?

    image : array (H, W, 3), a colour photograph or three windows of one CT slice; uint8, or numbers from 0 to 1.
        Larger pictures are shrunk to 84 pixels.
    weights : dict of name to (3, 3, 3), one 3 by 3 kernel per channel; or array (O, 3, 3, 3), at most four filters.
    Returns an explorer.  Raises ValueError for other shapes.
    """
    image, bank = _checked(image, weights)
    state = {name: _Filter(image, kernels) for name, kernels in bank.items()}   # once: bias and switches come after
    controls = {"chosen": choice("filter", [(f"{number}: {name}", name) for number, name in enumerate(bank, start=1)],
                                width="320px"),
                "bias": slider("bias", 0.0, -1.0, 1.0, 0.05)}
    controls |= {name: tick(name, name != "ReLU", width="90px") for name in (*CHANNELS, "ReLU")}
    fig, artists = _bank_figure(image, bank)

    def update(chosen, bias, **switches):
        *on, relu = (switches[name] for name in (*CHANNELS, "ReLU"))
        maps = {name: feature_map(each.parts, bias, on, relu) for name, each in state.items()}
        _draw(artists, state, chosen, maps, on)
        place = state[chosen].place
        terms = [*(state[chosen].parts[:, *place] * on), bias, feature_map(state[chosen].parts, bias, on)[place]]
        return _tell(artists["sum"], chosen, state[chosen], terms, on, maps[chosen], relu)

    return live_figure(controls, fig, [inset for group in artists.values() for inset in group], update)


class _Filter:
    """One filter of the bank: what each channel gives, the place with the largest sum, and the pictures of these."""

    def __init__(self, image, kernels):
        self.parts = per_channel(image, kernels)
        total = feature_map(self.parts)
        self.limit = one_digit(max(1e-3, np.quantile(np.abs(total), 0.93)))
        middle = np.pad(total[2:-2, 2:-2], 2, constant_values=-np.inf)        # a frame at the rim would be cut off
        row, column = self.place = tuple(int(at) for at in np.unravel_index(np.argmax(middle), middle.shape))
        window = np.zeros(image.shape[1:], bool)
        window[row:row + 3, column:column + 3] = True
        numbers, self.factor = kernel_numbers(kernels)
        self.picture = framed(np.uint8(np.rint(255 * image.transpose(1, 2, 0))), window, margin=2)
        self.rows = [(framed(grey(channel), window, margin=2), kernel_picture(kernel, 84), self.coloured(part))
                     for channel, kernel, part in zip(image, numbers, self.parts, strict=True)]

    def coloured(self, values):
        """A map in the colours of this filter, a frame around the place."""
        pixel = np.zeros(values.shape, bool)
        pixel[self.place] = True
        return framed(signed(values, self.limit), pixel, margin=3)


def _checked(image, weights):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[-1] != 3 or min(image.shape[:2]) < 8:
        raise ValueError(f"channels needs a picture of shape (H, W, 3), at least 8 pixels a side, not {image.shape}.")
    image = image / 255 if image.dtype == np.uint8 else image.astype(float)
    if not (np.isfinite(image).all() and image.min() >= 0 and image.max() <= 1):
        raise ValueError("The picture needs numbers from 0 to 1: divide by the largest, or use data.window for a CT.")
    bank = BANK if weights is None else weights
    if not isinstance(bank, dict):
        bank = {f"filter {number}": kernels for number, kernels in enumerate(bank, start=1)}
    bank = {name: np.asarray(kernels, dtype=float) for name, kernels in bank.items()}
    if not 1 <= len(bank) <= 4 or any(kernels.shape != (3, 3, 3) for kernels in bank.values()):
        raise ValueError("weights needs one to four filters, each of shape (3, 3, 3): a 3 by 3 kernel per channel.")
    return fit(image, SIDE).transpose(2, 0, 1), bank


def _bank_figure(image, bank):
    fig = pixel_figure(1016, 372)
    height, width = image.shape[1:]
    for x, title in ((50, "picture"), (174, "channels"), (418, "results")):
        note(fig, x, 14, title)
    note(fig, 594, 14, "sum + bias")
    for row, name in enumerate(CHANNELS):
        for x, sign in ((242, "∗"), (364, "="), (488, "+")):
            note(fig, x, 76 + ROW * row, sign, fontsize=15)
        note(fig, 124, 76 + ROW * row, name, rotation=90, fontsize=10)
        outline(fig, 376, 29 + ROW * row, width - 2, height - 2)
    outline(fig, 512, 28, 2 * width - 4, 2 * height - 4)
    for column in range(len(bank)):
        outline(fig, 512 + 128 * column, 246, width - 2, height - 2)
    parameters = conv.conv_parameters(3, len(bank), 3)
    shapes = (f"picture (3, {height}, {width}), weights ({len(bank)}, 3, 3, 3), bias ({len(bank)},) "
              f"→ maps ({len(bank)}, {height - 2}, {width - 2})")
    note(fig, 8, 356, f"{shapes}      parameters: {len(bank)} · (3 · 9 + 1) = {parameters}", ha="left", fontsize=12)
    insets = {"picture": [Inset(8, 28 + ROW)], "factor": [Inset(266, 5)],
              "channels": [Inset(132, 28 + ROW * row) for row in range(3)],
              "kernels": [Inset(260, 34 + ROW * row) for row in range(3)],
              "parts": [Inset(376, 29 + ROW * row) for row in range(3)], "map": [Inset(512, 28, zoom=2)],
              "maps": [Inset(512 + 128 * column, 246) for column in range(len(bank))],
              "names": [Inset(512 + 128 * column, 224) for column in range(len(bank))],
              "sum": [Inset(724, 34 + 26 * line) for line in range(7)]}
    return fig, insets


def _draw(artists, state, chosen, maps, on):
    """All pictures; frames show a window of the input and the pixel that it gives."""
    artists["picture"][0].show(state[chosen].picture)
    artists["factor"][0].show(written(f"kernels {state[chosen].factor}"))
    insets = zip(artists["channels"], artists["kernels"], artists["parts"], strict=True)
    for row, (channel, kernel, part), taken in zip(insets, state[chosen].rows, on, strict=True):
        for inset, picture in zip(row, (channel, kernel, part), strict=True):
            inset.show(picture if taken or inset is row[1] else _off(picture))
    artists["map"][0].show(state[chosen].coloured(maps[chosen]))
    for number, (name, inset, title) in enumerate(zip(maps, artists["maps"], artists["names"], strict=True), start=1):
        inset.show(signed(maps[name], state[name].limit))
        title.show(written(f"▸ map {number}" if name == chosen else f"map {number}"))


def _off(picture):
    """A plate instead of this picture that says that a channel is switched off."""
    word, plate = written("off"), np.full_like(picture, 255)
    top, left = (max(0, (side - part) // 2) for side, part in zip(plate.shape[:2], word.shape[:2], strict=True))
    space = plate[top:top + word.shape[0], left:left + word.shape[1]]
    space[:] = word[:space.shape[0], :space.shape[1]]
    plate[[0, -1]], plate[:, [0, -1]] = 150, 150
    return plate


def _tell(insets, name, chosen, terms, on, shown, relu):
    """Write the sum in the frame beside the map; returns caption and alt text."""
    parts = [f"{channel} {with_sign(term) if taken else 'off'}" for channel, term, taken in
             zip(CHANNELS, terms, on, strict=False)]
    lines = [*parts, f"bias {with_sign(terms[3])}", f"sum {with_sign(terms[4])}",
             f"after ReLU {with_sign(max(terms[4], 0))}" if relu else "no ReLU",
             f"blue −{chosen.limit:g}, white 0, red +{chosen.limit:g}"]
    for inset, line in zip(insets, lines, strict=True):
        inset.show(written(line))
    caption = f"{name[0].upper()}{name[1:]}, in the frame: {', '.join(lines[:4])} → {lines[4]}, {lines[5]}"
    (row, column), (low, high) = chosen.place, map(with_sign, (shown.min(), shown.max()))
    return caption, (f"The three channels of a picture, a kernel for each, and their sum. {caption}. Output row {row}, "
                     f"column {column}. The feature map reaches from {low} to {high}; "
                     f"{100 * (shown > 0).mean():.0f} % of it lie above 0.")

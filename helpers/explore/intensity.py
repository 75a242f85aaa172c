"""Explorers of what grey levels and colours mean: window and level, channels."""
import matplotlib.pyplot as plt
import numpy as np

from helpers import data, show
from helpers.explore.controls import choice, follow_preset, slider
from helpers.explore.live import Inset, live_figure

TISSUES = {"air": -1000, "lung": -800, "fat": -100, "muscle": 50, "spongy bone": 300, "cortical bone": 1000}
AXIS_ORDERS = {
    "permute(2, 0, 1)": "channels first, as PyTorch wants",
    "reshape(3, H, W)": "neighbours torn apart",
    "permute(2, 1, 0)": "rows and columns swapped",
    "flip(-1).permute(2, 0, 1)": "red and blue swapped",
}


def window_level(hu, spacing, name="CT"):
    """Window and level on a CT slice, with the transfer curve beside it.

    Serves the prediction: which tissues become black, which white, when the window narrows?

    hu : array (H, W) in HU.  spacing : (row, column) in mm.  name : what the slice shows, for title and alt text;
        say there when it is simulated.
    Returns an explorer.  Raises ValueError for anything but a slice.
    """
    hu = np.asarray(hu, dtype=np.float32)
    if hu.ndim != 2:
        raise ValueError(f"window_level shows one slice of shape (H, W), not {hu.shape}: pick one with volume[k].")
    controls = {
        "preset": choice("preset", [*data.WINDOWS, "your own"], "soft tissue", width="240px"),
        "level": slider("level (HU)", 40, -1000, 1000, 10),
        "width": slider("width (HU)", 400, 10, 3000, 10),
    }
    follow_preset(controls["preset"], data.WINDOWS, [controls["level"], controls["width"]])
    fig, picture, curve, band = _window_figure(hu, spacing, name)

    def update(preset, level, width):
        bright = data.window(hu, level, width)
        low, high = level - width / 2, level + width / 2
        picture.set_data(bright)
        curve.set_data([-1100, low, high, 2000], [0, 0, 1, 1])
        band.set_x(low)
        band.set_width(width)
        black, white = (bright <= 0).mean(), (bright >= 1).mean()
        shares = {"black": black, "grey": 1 - black - white, "white": white}
        caption = "Of all pixels " + ", ".join(f"{100 * share:.0f} % are {name}" for name, share in shares.items())
        return caption, (f"{name}, level {level} HU, width {width} HU: below {low:g} HU black, above {high:g} HU "
                         f"white. {caption}.")

    return live_figure(controls, fig, [picture, band, curve], update)


def _window_figure(hu, spacing, name):
    width, height = 922, 374               # fixed places, in screen pixels: a layout engine would take a second
    fig = plt.figure(figsize=(width / show.DPI, height / show.DPI))
    left, right = (fig.add_axes((start / width, 46 / height, length / width, 256 / height))
                   for start, length in ((70, 256), (426, 440)))
    rows, columns = hu.shape[0] * spacing[0], hu.shape[1] * spacing[1]
    picture = left.imshow(hu, vmin=0, vmax=1, extent=(0, columns, rows, 0))
    left.set(xlabel="mm", ylabel="mm", title=name)
    right.hist(hu.ravel(), bins=np.arange(-1100, 2001, 25), color="#BDBDBD", log=True, histtype="stepfilled")
    right.set(xlim=(-1100, 2000), xlabel="HU", ylabel="pixels (logarithmic)")
    for tissue, value in TISSUES.items():
        right.annotate(tissue, (value, 1), (0, 5), xycoords=("data", "axes fraction"), rotation=40,
                       textcoords="offset points", ha="left", va="bottom", rotation_mode="anchor", fontsize=9)
    brightness = right.twinx()
    brightness.spines["right"].set_visible(True)
    brightness.set(ylim=(-0.03, 1.03), ylabel="brightness on the screen")
    curve, = brightness.plot([], [], color=show.RED, lw=2.5)
    band = brightness.axvspan(0, 1, color=show.BLUE, alpha=0.15)
    return fig, picture, curve, band


def channel_mixer(picture, name="colour picture"):
    """Three channels, their gains, and what happens when the axes are moved the wrong way.

    Serves the prediction: you hand a (H, W, C) picture to a network that expects (C, H, W); what does it see?

    picture : uint8 array (H, W, 3).  name : what it shows, for the alt text.
    Returns an explorer.  Raises ValueError for another shape.
    """
    picture = np.asarray(picture)
    if picture.ndim != 3 or picture.shape[-1] != 3:
        raise ValueError(f"channel_mixer needs a picture of shape (H, W, 3), not {picture.shape}.")
    controls = {color: slider(color, 1.0, 0.0, 1.0, 0.05, width="230px") for color in ("red", "green", "blue")}
    controls["order"] = choice("the tensor is picture.", AXIS_ORDERS, width="380px")
    side = max(picture.shape[:2])  # swapped rows and columns must fit too
    fig, panels = _mixer_figure(side)

    def update(red, green, blue, order):
        mixed = np.clip(picture * np.float32((red, green, blue)), 0, 255).astype(np.uint8)
        tensor = reorder(mixed, order)
        grey = [np.repeat(plane[..., None], 3, axis=-1) for plane in tensor]
        panels.show(beside([tensor.transpose(1, 2, 0), *grey], side))
        caption = f"Tensor of shape {tensor.shape}: {AXIS_ORDERS[order]}"
        return caption, (f"{name} as a tensor made with {order}. {caption}. Gains red {red:g}, "
                         f"green {green:g}, blue {blue:g}. Beside the picture its three channels as grey images.")

    return live_figure(controls, fig, [panels], update)


def reorder(picture, order):
    """A (H, W, 3) array as a channels-first tensor, made in the right or in a wrong way (see AXIS_ORDERS)."""
    height, width, channels = picture.shape
    if order == "reshape(3, H, W)":
        return picture.reshape(channels, height, width)
    if order == "permute(2, 1, 0)":
        return picture.transpose(2, 1, 0)
    if order == "flip(-1).permute(2, 0, 1)":
        return picture[..., ::-1].transpose(2, 0, 1)
    return picture.transpose(2, 0, 1)


def beside(pictures, side, gap=6):
    """Pictures (H, W, 3) in one row of squares on white, uint8 of shape (side, 4 side + 3 gap, 3) for four."""
    row = np.full((side, len(pictures) * (side + gap) - gap, 3), 255, np.uint8)
    for place, picture in enumerate(pictures):
        height, width, _ = picture.shape
        left = place * (side + gap)
        row[:height, left:left + width] = picture
    return row


def _mixer_figure(side, gap=6, margin=8):
    zoom = max(1, 250 // side)
    blank = beside([np.zeros((side, side, 3), np.uint8)] * 4, side, gap)
    width, height = blank.shape[1] * zoom + 2 * margin, side * zoom + 30
    fig = plt.figure(figsize=(width / show.DPI, height / show.DPI))
    for place, title in enumerate(("shown again as a picture", "channel 0", "channel 1", "channel 2")):
        middle = margin + zoom * (place * (side + gap) + side / 2)
        fig.text(middle / width, 1 - 24 / height, title, ha="center", va="bottom", fontsize=12)
    return fig, Inset(margin, 28, zoom)

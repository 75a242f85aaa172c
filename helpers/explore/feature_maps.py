"""Explorer of feature maps: what every channel of every layer of a network makes of a scan, and with which kernel."""
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from helpers.explore.controls import choice, follow_preset, one_picture, slider
from helpers.explore.hooks import BOX, named_images, recorded
from helpers.explore.lettering import font, written
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import enlarged, note, outline, pixel_figure, scan_pictures, signed
from helpers.explore.wording import with_sign

GRID, KERNEL, GAP = (264, 528), 126, 2                # screen pixels of all maps, of a kernel, between maps


def chosen_kernel(weights, channel):
    """The kernel to show for a channel: numbers (K, L), and in words which one it is.

    weights : (channels, in, K, L). Of several input channels the one with the largest norm; of 1 by 1 kernels all
    numbers, row by row in a square, with NaN where nothing is left.
    """
    kernels = weights[channel]
    count, *size = kernels.shape
    if size == [1, 1] and count > 1:
        side = int(np.ceil(np.sqrt(count)))
        square = np.full(side * -(-count // side), np.nan)
        square[:count] = kernels.ravel()
        return square.reshape(-1, side), (f"1 × 1: {count} numbers,", "one per input channel")
    largest = int(np.argmax(np.square(kernels).sum((1, 2))))
    which = ("for the only input channel",) if count == 1 else (
        f"for input channel {largest} of {count},", "the one with the largest norm")
    return kernels[largest], (f"{size[0]} × {size[1]}", *which)


def feature_maps(model, images, names=None):
    """Browse the feature maps and kernels of a network.

    Serves the prediction: which layer's maps still look like the scan?

    model : nn.Module with convolutions; it is left as it was found.
    images : float tensor or array (N, C, H, W), 1 to 16, as the network wants them.  names : of the images.
    Returns an explorer.  Raises ValueError for other shapes, or if the network does not take the images.
    """
    images, names = named_images(images, names)
    layers = recorded(model, images)
    titles = [f"{each.name}: {each.kind}, {each.channels} × {each.size[0]} × {each.size[1]}" for each in layers]
    table = presets(layers)
    controls = {
        "preset": choice("preset", [*table, "your own"], width="290px"),
        "image": choice("image", [(name, number) for number, name in enumerate(names)], width="290px"),
        "layer": choice("layer", [(title, number) for number, title in enumerate(titles)], width="430px"),
        "channel": slider("channel", 0, 0, layers[0].maps.shape[1] - 1, width="430px"),
    }
    _follow_layer(controls["layer"], controls["channel"], layers)
    follow_preset(controls["preset"], table, [controls["layer"], controls["channel"]])
    fig, insets = _figure()
    scans = scan_pictures(images, BOX)
    sheet = lru_cache(maxsize=64)(lambda layer, image: contact_sheet(layers[layer], image))

    def update(preset, image, layer, channel):
        shown = layers[layer]
        insets["scan"].pixels = scans[image]
        insets["map"].pixels = enlarged(shown.coloured(shown.maps[image, channel]), BOX)
        insets["grid"].pixels = _marked(sheet(layer, image), len(shown.maps[0]), channel)
        return _tell(insets, shown, image, channel, f"{titles[layer]}, channel {channel}, {names[image]}")

    return live_figure(controls, fig, list(insets.values()), update, rows=[("preset", "image"), ("layer", "channel")])


def presets(layers):
    """Named settings: dict of name to (layer, channel), those that look most and least like the scans among them.

    Maps of less than 64 pixels are left out: over so few a correlation says little.
    """
    large = [layer.size[0] * layer.size[1] >= 64 for layer in layers]
    mean = {(number, channel): value for number, layer in enumerate(layers) if large[number] or not any(large)
            for channel, value in enumerate(layer.likeness.mean(0))}
    most, least = max(mean, key=mean.get), min(mean, key=mean.get)
    return {"first layer": (0, 0), "last layer": (len(layers) - 1, 0),
            "the map most like the scan": most, "the map least like the scan": least}


def _follow_layer(layer, channel, layers):
    """Another layer has other channels."""

    def follow(change):
        with one_picture(layer):
            channel.max = layers[change["new"]].maps.shape[1] - 1

    layer.observe(follow, "value")


def _grid(count):
    """Maps in a row, and the side of each with the gap after it."""
    return (4, 132) if count <= 8 else (6, 88) if count <= 18 else (8, 66)


def contact_sheet(layer, image):
    """All maps of a layer beside each other, with their numbers, uint8 (264, 528, 3)."""
    sheet = np.full((*GRID, 3), 255, np.uint8)
    columns, pitch = _grid(len(layer.maps[image]))
    for channel, values in enumerate(layer.maps[image]):
        top, left = (pitch * place for place in divmod(channel, columns))
        sheet[top:top + pitch - GAP, left:left + pitch - GAP] = enlarged(layer.coloured(values), pitch - GAP)
        number = _number(channel)
        sheet[top:top + number.shape[0], left:left + number.shape[1]] = number
    return sheet


@lru_cache(maxsize=64)
def _number(channel):
    """The number of a channel on a white plate."""
    plate = Image.new("RGB", (10 if channel < 10 else 18, 14), "white")
    ImageDraw.Draw(plate).text((plate.width / 2, 7), str(channel), "black", font(12), anchor="mm")
    return np.array(plate)


def _marked(sheet, count, channel):
    """A sheet with a frame around one map."""
    sheet = sheet.copy()
    columns, pitch = _grid(count)
    top, left = (pitch * place for place in divmod(channel, columns))
    tile = sheet[top:top + pitch - GAP, left:left + pitch - GAP]
    for rim in (tile[:3], tile[-3:], tile[:, :3], tile[:, -3:]):
        rim[:] = (230, 159, 0)
    number = _number(channel)
    tile[:number.shape[0], :number.shape[1]] = number
    return sheet


@lru_cache(maxsize=256)
def kernel_picture(rows):
    """A kernel, a tuple of rows, in cells: blue below 0, red above, with numbers in hundredths where there is room."""
    numbers = np.array(rows)
    cell = KERNEL // max(numbers.shape)
    colours = signed(np.nan_to_num(numbers), max(np.nanmax(np.abs(numbers)), 1e-9) / (0.45 if cell >= 24 else 0.9))
    picture = Image.new("RGB", (KERNEL, KERNEL), "white")
    drawing = ImageDraw.Draw(picture)
    for (row, column), number in np.ndenumerate(numbers):
        if np.isfinite(number):
            x, y = column * cell, row * cell
            drawing.rectangle((x, y, x + cell - 1, y + cell - 1), tuple(colours[row, column].tolist()), "#9A9A9A")
            if cell >= 24:
                text = f"{round(100 * float(number))}".replace("-", "−")
                drawing.text((x + cell / 2, y + cell / 2), text, "black", font(15 if cell > 36 else 12), anchor="mm")
    return np.array(picture)


def _figure():
    fig = pixel_figure(960, 384)
    insets = {"scan": Inset(8, 24), "map": Inset(212, 24), "grid": Inset(424, 24), "kernel": Inset(8, 246)}
    for x, y, title in ((104, 12, "scan"), (308, 12, "map of the channel"), (688, 12, "all channels (at most 32)")):
        note(fig, x, y, title)
    note(fig, 8, 232, "its kernel", ha="left")
    for x in (8, 212):
        outline(fig, x, 24, BOX, BOX)
    insets |= {f"kernel {line}": Inset(146, 250 + 24 * line) for line in range(4)}
    insets |= {f"line {line}": Inset(424, 300 + 26 * line) for line in range(3)}
    return fig, insets


def _tell(insets, layer, image, channel, title):
    """Show the kernel and write the lines; returns caption and alt text."""
    values, alike = layer.maps[image, channel], layer.likeness[image]
    about, picture = [], written(f"{layer.kind} has no kernel")
    if layer.weights is not None:
        numbers, which = chosen_kernel(layer.weights, channel)
        room = KERNEL // max(numbers.shape) >= 24
        about = [*which, "numbers in hundredths" if room else f"darkest at ±{np.nanmax(np.abs(numbers)):.2f}"]
        picture = kernel_picture(tuple(map(tuple, numbers.tolist())))
    insets["kernel"].pixels = picture
    for number in range(4):
        words = about[number] if number < len(about) else None
        insets[f"kernel {number}"].pixels = written(words) if words else np.zeros((0, 0, 3), np.uint8)
    end = f"{layer.limit:g}"
    scale = f"blue −{end}, white 0, red +{end}" if layer.signed else f"black 0, white {end}"
    silent = values.min() == values.max()
    lines = [f"one scale for this layer: {scale}",
             f"this map: one value, {with_sign(values.min())}" if silent else
             f"this map: from {with_sign(values.min())} to {with_sign(values.max())}",
             f"|r| with the scan: {alike[channel]:.2f}; mean of the channels {alike.mean():.2f}"]
    for number, line in enumerate(lines):
        insets[f"line {number}"].pixels = written(line)
    caption = f"{title}: correlation with the scan {alike[channel]:.2f}, mean of the channels {alike.mean():.2f}"
    kernel = ", ".join(part.rstrip(",") for part in about) or "none"
    return caption, (f"A scan, the maps of one layer, and one of them large. {caption}. {lines[1].capitalize()}. "
                     f"Kernel: {kernel}. {lines[0].capitalize()}.")

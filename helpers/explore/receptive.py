"""Explorer of the receptive field: which pixels one deep unit can see, and which of them its gradient really uses."""
from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

from helpers import conv, train
from helpers.explore import fields
from helpers.explore.controls import choice, follow_preset, slider
from helpers.explore.lettering import word
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import frame, grey, note, outline, pixel_figure, prepared, zoomed

SIDE, VIEW, TABLE = 64, 320, 356                    # pixels of the image at most; screen pixels of a view and the table
EQUAL, RANDOM = "all equal, a linear network", f"random, ReLU, max pool: mean of {fields.COPIES}"
PRESETS = {  # layers, kernel size, halved, dilation
    "three 3 × 3": (3, 3, "nowhere", "1"), "one 7 × 7": (1, 7, "nowhere", "1"),
    "three 3 × 3, pool after the first": (3, 3, "pool after layer 1", "1"),
    "dilated 1, 2, 4": (3, 3, "nowhere", "1, 2, 4, 1, 2, 4 …"), "dilated 2, 2, 2: holes": (3, 3, "nowhere", "2"),
    "seven 3 × 3": (7, 3, "nowhere", "1"), "VGG-16, first three blocks": (7, 3, "pool after layers 2, 4, 7", "1")}
NEAR = (344, 28)
BEYOND = np.where(np.indices((VIEW, VIEW)).sum(axis=0)[..., None] % 8 < 2, np.uint8(150), np.uint8([225] * 3))
BLUES = plt.get_cmap("Blues")(np.linspace(0.2, 1, 256), bytes=True)[:, :3]         # no gradient at all is white


def receptive_field(image, spacing=None):
    """The pixels that one deep unit can see, on the scan, beside how strongly each of them moves it.

    Serves the prediction: three 3 by 3 convolutions: how many pixels does one unit see?  And with a pooling of 2 after
    the first?

    image : array (H, W), uint8, from 0 to 1, or in HU, at least 16 pixels a side; shrunk to 64 pixels.
    spacing : (row, column) in mm, or None: then all is told in pixels only.
    Returns an explorer.  Raises ValueError for other images or spacings.
    """
    values, picture, spacing = _checked(image, spacing)
    (height, width), measured = values.shape, _measurement(values)
    controls = {
        "preset": choice("preset", [*PRESETS, "your own"], width="320px"),
        "layers": slider("layers", 3, 1, 7, width="230px"),
        "kernel_size": choice("kernel", [(f"{size} × {size}", size) for size in (3, 5, 7)], width="130px"),
        "weights": choice("weights", [EQUAL, RANDOM], width="335px"),
        "halved": choice("halved", list(fields.HALVED), width="260px"),
        "dilation": choice("dilation", list(fields.DILATIONS), width="220px"),
        "row": slider("row", height // 2, 0, height - 1, width="250px"),
        "column": slider("column", width // 2, 0, width - 1, width="250px")}
    settings = ("layers", "kernel_size", "halved", "dilation")
    follow_preset(controls["preset"], PRESETS, [controls[name] for name in settings])
    fig, insets = _field_figure(height, width)

    def update(preset, weights, row, column, **settings):
        windows = fields.stack(**settings)
        field = measured(windows, weights == EQUAL, row, column)
        _draw(insets, picture, field, windows, spacing)
        return _tell(field, windows, weights, spacing)

    return live_figure(controls, fig, list(insets.values()), update, rows=[list(controls)[:4], list(controls)[4:]])


def _checked(image, spacing):
    """The image, standardised; as a picture; and mm per pixel once it is shrunk, or None."""
    values, (black, white) = prepared(image, side=SIDE)
    if min(values.shape) < 16:
        raise ValueError(f"An image of {np.shape(image)} is too long and narrow: crop it until no side is four times "
                         "the other.")
    if spacing is not None:
        if np.shape(spacing) != (2,) or not (np.isfinite(spacing).all() and min(spacing) > 0):
            raise ValueError(f"spacing must be (row, column) in mm, not {spacing!r}.")
        spacing = [side * old / new for side, old, new in zip(spacing, np.shape(image), values.shape, strict=True)]
    zoom = VIEW // max(values.shape)
    picture = zoomed(grey(np.clip((values - black) / (white - black), 0, 1)), zoom)
    return (values - values.mean()) / values.std(), picture, spacing


def _measurement(image):
    """A function of windows, weights and the place of a unit that gives its Field, and remembers what it gave."""
    network = lru_cache(maxsize=64)(fields.network)

    @lru_cache(maxsize=512)
    def of_unit(windows, equal, unit):
        with train.one_thread():
            values = fields.gradient(network(windows, equal), windows, image, unit)
        return fields.Field(values, tuple(fields.cone(windows, place)[0] for place in unit))

    def measured(windows, equal, row, column):
        jump = conv.receptive_field([window[1:] for window in windows])[-1][1]
        unit = tuple(min(place // jump, fields.sizes(windows, side)[-1] - 1)
                     for place, side in zip((row, column), image.shape, strict=True))
        return of_unit(windows, equal, unit)

    return measured


def _draw(insets, picture, field, windows, spacing):
    """All pictures: the same two frames on the scan and on the gradient, and the sums in the table."""
    scan, zoom = picture.copy(), VIEW // max(field.values.shape)
    near, origin, pixels = close_up(field)
    margin = (field.width - field.effective) // 2
    inner = [(first + margin, last - margin) for first, last in field.ends]
    for view, start, size in ((scan, (0, 0), zoom), (near, origin, pixels)):
        frame(view, field.ends, start, size)
        frame(view, inner, start, size, inset=0 if margin else 4, dashed=True)     # so that no frame hides the other
    insets["scan"].show(scan)
    insets["near"].show(near)
    insets["near"].left, insets["near"].top = (at + (VIEW - long) // 2 for at, long in
                                               zip(NEAR, near.shape[1::-1], strict=True))
    insets["table"].show(table(windows, told(field, spacing)))


def close_up(field):
    """The gradient around a unit, or all of it if that is smaller: picture, its first row and column, its zoom.

    White : no gradient at all; light to dark blue by the root of the gradient; striped grey : beyond the image.
    """
    sides, region = field.values.shape, field.width + 4
    origin = [first - 2 for first, _ in field.ends] if region <= max(sides) else [0, 0]
    shape = [region] * 2 if region <= max(sides) else sides
    (rows, row_in), (columns, column_in) = (_places(*each) for each in zip(origin, shape, sides, strict=True))
    values = field.values[rows[:, None], columns]
    levels = np.sqrt(values / max(values.max(), 1e-300))
    zoom = VIEW // max(shape)
    view = np.where((values > 0)[..., None], BLUES[np.uint8(np.rint(255 * levels))], np.uint8(255))
    view, inside = (zoomed(each, zoom) for each in (view, row_in[:, None] & column_in))
    view[~inside] = BEYOND[:len(view), :view.shape[1]][~inside]
    return view, origin, zoom


def _places(start, length, side):
    """The rows of a region, those beyond the image moved to its border, and which lie in the image."""
    places = np.arange(start, start + length)
    return places.clip(0, side - 1), (places >= 0) & (places < side)


def told(field, spacing):
    """Three short texts: the field in theory, what the gradient reaches, and where most of it lies."""
    ends = "" if spacing is None else f" = {' × '.join(f'{field.width * side:.0f}' for side in spacing)} mm"
    exist, touched = field.exist
    where = " in the image" if exist < field.width**2 else ""
    return (f"{field.width} × {field.width} pixels{ends}", f"{touched:,} of {exist:,} pixels{where}",
            f"{field.effective} × {field.effective}")


def sums(windows):
    """The sum that gives the field, layer by layer: rows of three texts.

    >>> sums(fields.stack(2, 3, "pool after layer 1", "1"))[1:]
    [('pool 2 × 2', '3 + 1 · 1 = 4', '× 2 = 2'), ('conv 3 × 3', '4 + 2 · 2 = 8', '2')]
    """
    rows, before, jump = [], 1, 1
    for window, (field, after) in zip(windows, conv.receptive_field([each[1:] for each in windows]), strict=True):
        factors = [window.dilation] * (window.dilation > 1) + [window.kernel_size - 1, jump]
        name = f"{window.kind} {window.kernel_size} × {window.kernel_size}"
        rows.append((f"{name}, dilation {window.dilation}" if window.dilation > 1 else name,
                     f"{before} + {' · '.join(map(str, factors))} = {field}",
                     f"× {window.stride} = {after}" if window.stride > 1 else str(after)))
        before, jump = field, after
    return rows


def table(windows, texts):
    """The sums and the three texts below each other as a picture, uint8 (H, W, 3)."""
    picture = Image.new("RGB", (TABLE, VIEW + 30), "white")
    for row, cells in enumerate([("layer", "one unit sees", "jump"), *sums(windows)]):
        for left, cell in zip((0, 156, 298), cells, strict=True):
            picture.paste(word(cell), (left, 22 * row))
    for row, text in enumerate((f"Theory (red): {texts[0]}", f"Measured: {texts[1]}",
                                f"95 % of gradient² (dashed): {texts[2]}")):
        picture.paste(word(text, size=14, most=TABLE), (0, VIEW - 42 + 24 * row))
    return np.array(picture)


def _tell(field, windows, weights, spacing):
    size, reached, most = told(field, spacing)
    caption = f"Theory: {size}; measured: a gradient in {reached}; 95 % of the squared gradient in {most}"
    layers = "; ".join(f"{name} sees {numbers}, jump {jump}" for name, numbers, jump in sums(windows))
    rows, columns = (f"{first} to {last}".replace("-", "−") for first, last in field.ends)
    return caption, (f"A scan with the receptive field of one unit in a frame, rows {rows}, columns {columns}, and its "
                     f"gradient beside it; weights {weights}. {layers}. {caption}.")


def _field_figure(height, width):
    fig, zoom = pixel_figure(1036, 380), VIEW // max(height, width)
    for x, text, size in ((168, "what one unit sees of the scan", 12), (504, "root of the |gradient| of this unit", 12),
                          (858, "each layer adds dilation · (kernel − 1) · jump", 11)):
        note(fig, x, 13, text, fontsize=size)
    note(fig, 504, 362, "white: no gradient at all; striped: beyond the image", fontsize=10)
    outline(fig, 8, 28, zoom * width, zoom * height)
    return fig, {"scan": Inset(8, 28), "near": Inset(*NEAR), "table": Inset(680, 28)}

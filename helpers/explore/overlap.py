"""Explorer of a drawn mask: move it, grow it, forget it, and see what Dice, IoU and the distances say."""
from functools import lru_cache

import numpy as np
from PIL import Image

from helpers import metrics, show
from helpers.explore.controls import choice, follow_preset, slider
from helpers.explore.lettering import word
from helpers.explore.live import Inset, live_figure
from helpers.explore.masks import box_around, changed, overlaid
from helpers.explore.pictures import grey, in_box, note, outline, pixel_figure, prepared

VIEW, MOST, GROWTH, AWAY = 330, 8, 4, 12            # screen pixels; pixels: of a shift, of growth, to the stray pixel
MASK, STRAY, NOTHING = "the mask as set", "and one stray pixel", "nothing"
THERE, ABSENT = "in this slice", "not in this slice"
PRESETS = {  # right, down, grow, drawn, truth
    "as the truth": (0, 0, 0, MASK, THERE), "one pixel to the right": (1, 0, 0, MASK, THERE),
    "two pixels right and down": (2, 2, 0, MASK, THERE), "one pixel too large": (0, 0, 1, MASK, THERE),
    "one pixel too small": (0, 0, -1, MASK, THERE), "a stray pixel": (0, 0, 0, STRAY, THERE),
    "nothing drawn": (0, 0, 0, NOTHING, THERE), "drawn where nothing is": (0, 0, 0, MASK, ABSENT),
    "nothing there, nothing drawn": (0, 0, 0, NOTHING, ABSENT)}
ROWS = {"Dice": "", "IoU": "", "boundary IoU": "", "surface Dice": "", "Hausdorff": " mm", "95 % Hausdorff": " mm",
        "mean distance": " mm"}


def mask_overlap(hu, masks, spacing):
    """Move, grow or forget a drawn mask, and watch overlap and distances for a large and for a small structure at once.

    Serves the prediction: the drawn mask is right in shape, but one pixel too far to the right.  What is its Dice for
    the heart, and for a nodule of four pixels?

    hu : array (H, W), in HU, uint8, or from 0 to 1.  spacing : (row, column) in mm.
    masks : dict of name to bool (H, W), the truth; none of them empty.
    Returns an explorer. Surface Dice has one pixel as its tolerance.
    Raises ValueError for masks that are empty or do not fit, and for other images or spacings.
    """
    picture, spacing = _checked(hu, masks, spacing)
    names = list(masks)
    controls = _controls(names)
    settings = ("right", "down", "grow", "drawn", "truth")
    follow_preset(controls["preset"], PRESETS, [controls[key] for key in settings])
    fig, artists = _figure(len(names), max(spacing))

    @lru_cache(maxsize=512)
    def measured(name, *given):
        target, pred = both(masks[name], *given)
        return target, pred, numbers(target, pred, spacing)

    def update(preset, name, **given):
        chosen = [measured(each, *(given[key] for key in settings)) for each in names]
        target, pred, values = chosen[names.index(name)]
        rows, columns = box_around(masks[name], 7, 26)
        zoom = VIEW // max(rows.stop - rows.start, columns.stop - columns.start)
        part = grey(stretched(picture[rows, columns]))
        artists["scan"].pixels = in_box(overlaid(part, target[rows, columns], pred[rows, columns], zoom), VIEW)
        _place(artists, names, name, [values["IoU"] for _, _, values in chosen])
        artists["table"].pixels = table(names, [values for _, _, values in chosen], name)
        return _tell(name, given, values, target, pred)

    return live_figure(controls, fig, list(artists.values()), update,
                       rows=[("preset", "name", "drawn", "truth"), ("right", "down", "grow")])


def _controls(names):
    return {
        "preset": choice("preset", [*PRESETS, "your own"], width="300px"),
        "name": choice("look at the", names, width="240px"),
        "drawn": choice("drawn", [MASK, STRAY, NOTHING], width="250px"),
        "truth": choice("truth", [THERE, ABSENT], width="220px"),
        "right": slider("shift to the right", 0, -MOST, MOST, width="330px"),
        "down": slider("shift down", 0, -MOST, MOST, width="300px"),
        "grow": slider("grow (shrink below 0)", 0, -GROWTH, GROWTH, width="340px")}


def _checked(hu, masks, spacing):
    """The image from 0 to 1, and spacing as a tuple."""
    picture, (black, white) = prepared(hu, side=max(np.shape(hu)))
    for name, mask in masks.items():
        if np.shape(mask) != picture.shape or np.asarray(mask).dtype != bool or not np.any(mask):
            raise ValueError(f"The mask of {name!r} must be a bool array of shape {picture.shape} that is True "
                             "somewhere.")
    if not masks:
        raise ValueError('masks must hold at least one structure, as in {"heart": labels == 2}.')
    if np.shape(spacing) != (2,) or not (np.isfinite(spacing).all() and min(spacing) > 0):
        raise ValueError(f"spacing must be (row, column) in mm, not {spacing!r}.")
    return np.clip((picture - black) / (white - black), 0, 1), tuple(map(float, spacing))


def stretched(part):
    """A part of the image with its own black and white, dimmed a little so that lines stand out."""
    low, high = np.percentile(part, [1, 99])
    return 0.15 + 0.7 * np.clip((part - low) / max(high - low, 1e-6), 0, 1)


def both(mask, right, down, grow, drawn, truth):
    """Truth and drawing, both bool (H, W), of a structure and the settings of the explorer."""
    pred = changed(mask, right, down, grow) & (drawn != NOTHING)
    if drawn == STRAY:
        rows, columns = np.nonzero(mask)
        row = rows.max() + AWAY if rows.max() + AWAY < len(mask) else max(rows.min() - AWAY, 0)
        pred[row, int(columns.mean())] = True
    return mask & (truth == THERE), pred


def numbers(target, pred, spacing):
    """All measures of one pair of masks (H, W), by name."""
    pair = target[None], pred[None]
    values = {"Dice": metrics.dice(*pair), "IoU": metrics.iou(*pair), "boundary IoU": metrics.boundary_iou(*pair),
              "surface Dice": metrics.surface_dice(*pair, spacing, max(spacing)),
              "Hausdorff": metrics.hausdorff(*pair, spacing), "95 % Hausdorff": metrics.hausdorff(*pair, spacing, 95),
              "mean distance": metrics.average_surface_distance(*pair, spacing)}
    return {name: float(value[0]) for name, value in values.items()}


def spoken(value, unit=""):
    """A measure in words.

    >>> spoken(0.98765), spoken(12.34, " mm"), spoken(float("nan")), spoken(float("inf"), " mm")
    ('0.988', '12.3 mm', 'not defined', 'infinite')
    """
    if np.isnan(value):
        return "not defined"
    return "infinite" if np.isinf(value) else f"{value:.1f}{unit}" if unit else f"{value:.3f}"


def _place(artists, names, name, shares):
    """The dots on the curve: the structure that is looked at is filled."""
    for number, (each, iou) in enumerate(zip(names, shares, strict=True)):
        here = [iou, 2 * iou / (1 + iou)] if not np.isnan(iou) else [-1, -1]   # out of the axes: there is no point
        artists[f"dot {number}"].set_data([here[0]], [here[1]])
        artists[f"dot {number}"].set_markerfacecolor(show.RED if each == name else "white")


def table(names, columns, name):
    """All measures of all structures, that of the one looked at in a frame, as a picture."""
    picture = Image.new("RGB", (352, 232), "white")
    for row, text in enumerate(["", *ROWS]):
        picture.paste(word(text, size=14, most=130), (0, 6 + 28 * row))
    for column, (each, values) in enumerate(zip(names, columns, strict=True)):
        left, wide = 134 + column * (218 // len(names)), 218 // len(names) - 6
        picture.paste(word("●◇△□"[column % 4] + " " + each, size=14, most=wide), (left, 6))
        for row, (measure, unit) in enumerate(ROWS.items(), start=1):
            picture.paste(word(spoken(values[measure], unit), size=14, most=wide), (left, 6 + 28 * row))
    return np.array(picture)


def _tell(name, given, values, target, pred):
    moves = [f"{abs(given['right'])} to the {'right' if given['right'] > 0 else 'left'}"] * bool(given["right"])
    moves += [f"{abs(given['down'])} {'down' if given['down'] > 0 else 'up'}"] * bool(given["down"])
    moves += [f"{'grown' if given['grow'] > 0 else 'shrunk'} by {abs(given['grow'])}"] * bool(given["grow"])
    how = ", ".join(moves) or "not changed"
    how += {MASK: "", STRAY: ", and one stray pixel", NOTHING: ", but nothing is drawn"}[given["drawn"]]
    told = {measure: spoken(values[measure], unit) for measure, unit in ROWS.items()}
    caption = (f"{name}: Dice {told['Dice']}, IoU {told['IoU']}, Hausdorff {told['Hausdorff']}, 95 % "
               f"{told['95 % Hausdorff']}")
    missed, extra = int((target & ~pred).sum()), int((pred & ~target).sum())
    rest = ", ".join(f"{measure} {told[measure]}" for measure in ("boundary IoU", "surface Dice", "mean distance"))
    return caption, (f"The {name} {given['truth']}, {target.sum()} pixels, and a drawn mask: {how} (pixels). "
                     f"{pred.sum()} pixels are drawn, {missed} missed, {extra} too many. {caption}, {rest}.")


def _figure(count, tolerance):
    fig = pixel_figure(1036, 384)
    outline(fig, 8, 28, VIEW, VIEW)
    note(fig, 173, 13, "solid: truth · dashed: drawn")
    note(fig, 173, 371, "\\\\\\ missed     /// too many", fontsize=11)
    note(fig, 682, 316, f"surface Dice: with a tolerance of one pixel, {tolerance:.1f} mm", fontsize=10, ha="left")
    axes = fig.add_axes((396 / 1036, 60 / 384, 258 / 1036, 258 / 384))
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="IoU", ylabel="Dice", title="Dice = 2 IoU / (1 + IoU)")
    iou = np.linspace(0, 1, 101)
    axes.plot(iou, 2 * iou / (1 + iou), color=show.BLUE, lw=2)
    axes.plot([0, 1], [0, 1], ":", color=show.GREY, lw=1.5)
    dots = {f"dot {number}": axes.plot([-1], [-1], "oD^s"[number % 4], color="black", ms=11, clip_on=False)[0]
            for number in range(count)}
    return fig, {"scan": Inset(8, 28), "table": Inset(680, 60), **dots}

"""Explorer of augmentation: change a scan, and see which labels are still true."""
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from helpers import augment, data
from helpers.explore.controls import choice, follow_preset, one_picture, steps, tick
from helpers.explore.lettering import font
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import framed, grey, note, outline, pixel_figure, zoomed
from helpers.explore.readings import DENSITY, NODULE, SIDE, SITUS, SIZE, WORST, Slice, judge, places, same

BOX, TILE, PANEL = 256, 80, (474, 256)                # screen pixels: of a slice, a small one, the text
USUAL = {"flip left-right": 1, "flip up-down": 1, "rotation": 15, "shift": 8, "zoom": 1.2, "HU scaling": 1.1,
         "HU offset": 50, "gamma": 1.3, "noise": 50, "cutout": 16}
PRESETS = {  # change, strength, task, chance
    "nothing yet": ("rotation", 0, SIDE, 1),
    "a small turn": ("rotation", 15, SIDE, 1),
    "face down: turned by 180°": ("rotation", 180, SIDE, 1),
    "a mirror, and the side is asked": ("flip left-right", 1, SIDE, 1),
    "a mirror, and a nodule is asked": ("flip left-right", 1, NODULE, 1),
    "upside down is a mirror too": ("flip up-down", 1, SITUS, 1),
    "shifted out of the picture": ("shift", 32, NODULE, 1),
    "zoom, and the size is asked": ("zoom", 1.5, SIZE, 1),
    "50 HU more, and the density is asked": ("HU offset", 50, DENSITY, 1),
    "noise, and the density is asked": ("noise", 100, DENSITY, 1),
    "a hole over the nodule": ("cutout", 16, NODULE, WORST),
    "a hole elsewhere": ("cutout", 16, NODULE, 2),
}


def amounts(name, side=64):
    """The strengths on offer for a change, as (label, strength), in order; the usual and the neutral one among them.

    side : of the scan; strengths in pixels are those of a scan of 64 pixels, and the label says what they are here.

    >>> amounts("zoom")[0], amounts("flip up-down")
    (('0.5 times', 0.5), [('off', 0), ('flipped', 1)])
    """
    unit = augment.AUGMENTATIONS[name].unit
    scaled = lambda start, stop, step: [number / 100 for number in range(start, stop + 1, step)]      # noqa: E731
    if name in ("flip left-right", "flip up-down"):
        return [("off", 0), ("flipped", 1)]
    values = {"rotation": range(-180, 181, 15), "shift": range(-32, 33, 4), "zoom": scaled(50, 200, 10),
              "HU scaling": scaled(50, 150, 5), "HU offset": range(-300, 301, 25), "gamma": scaled(50, 200, 10),
              "noise": range(0, 301, 25), "cutout": range(0, 41, 4)}[name]
    gap, shown = "" if unit == "°" else " ", lambda value: round(value * side / 64) if unit == "pixels" else value
    return [(f"{shown(value):g}{gap}{unit}".replace("-", "−"), value) for value in values]


def augmentations(cohort):
    """Change one scan in ten ways, as an augmentation would, and see which labels are still true, and why.

    Serves the prediction: which of these transforms would you allow for "which lung is the nodule in?"

    cohort : one slice of a Cohort with truth, for example `cohort.take([12])`. Without a nodule the tasks about it
    are left out, without a heart that about situs.
    Returns an explorer.  Raises ValueError for more than one slice.
    """
    if len(cohort) != 1:
        raise ValueError(f"augmentations needs one slice, not {len(cohort)}: take one with cohort.take([number]).")
    if not 32 <= max(cohort.hu.shape) <= BOX:
        raise ValueError(f"augmentations shows slices of 32 to {BOX} pixels a side, not {cohort.hu.shape[1:]}.")
    scan = Slice(cohort)
    presets = _presets(scan)
    controls = _controls(scan, presets)
    _follow_transform(controls["name"], controls["strength"], scan.side)
    follow_preset(controls["preset"], presets, [controls[key] for key in ("name", "strength", "task", "chance")])
    controls["ring"].disabled = SIDE not in scan.labels
    fig, insets = _figure()
    tiles, original = Tiles(scan), [_picture(scan.hu, mask) for mask in (None, scan.masks[0])]

    def update(preset, name, strength, task, chance, ring, marks):
        controls["chance"].disabled = name not in ("noise", "cutout")
        hu, nodule, said = scan.changed(name, strength, task, chance)
        insets["before"].pixels = original[ring]
        insets["after"].pixels = _picture(hu, nodule if ring else None)       # `show` would copy it twice
        tiles.show(insets, task, chosen=name, marks=marks)
        verdict = judge(name, strength, task, scan.labels[task], said[task])
        insets["panel"].pixels = _panel(verdict, scan.labels, said, task)
        return _tell(name, spoken(name, strength, scan.side), task, verdict,
                     scan.labels, said)

    return live_figure(controls, fig, list(insets.values()), update,
                       rows=[("preset", "task", "chance"), ("name", "strength", "ring", "marks")])


def _presets(scan):
    """Those of PRESETS whose task the slice can answer; a shift out of the picture goes where the nodule lies."""
    presets = {key: values for key, values in PRESETS.items() if values[2] in scan.labels}
    if SIDE in scan.labels and places(scan.masks)[0, 2] < scan.side / 2:
        presets["shifted out of the picture"] = ("shift", -32, NODULE, 1)
    return presets


def spoken(name, strength, side=64):
    """A strength with its unit, as the slider says it."""
    return next(label for label, value in amounts(name, side) if value == strength)


def _controls(scan, presets):
    start = next(iter(presets.values()), ("rotation", 0, NODULE, 1))
    return {
        "preset": choice("preset", [*presets, "your own"], width="330px"),
        "task": choice("task", list(scan.labels), start[2], width="310px"),
        "chance": choice("chance", [("the worst place", WORST), *((f"draw {n}", n) for n in range(1, 7))], start[3],
                         width="190px"),
        "name": choice("transform", list(augment.AUGMENTATIONS), start[0], width="230px"),
        "strength": steps("strength", amounts(start[0], scan.side), start[1], width="360px"),
        "ring": tick("frame the nodule", width="150px"), "marks": tick("all verdicts", width="150px"),
    }


def _follow_transform(name, strength, side):
    """A new transform brings its own strengths, and starts with a usual one."""

    def follow(change):
        with one_picture(name):
            strength.options = amounts(change["new"], side)
            strength.value = USUAL[change["new"]]

    name.observe(follow, "value")


def _picture(hu, mask):
    """A slice in the lung window, as large as fits into the box; with a frame around what is left of the mask."""
    zoom, levels = BOX // max(hu.shape), np.rint(255 * data.window(hu.numpy(), *data.WINDOWS["lung"]))
    wide = zoomed(levels.astype(np.uint8), zoom)                                  # before it has colours: faster
    picture = np.repeat(wide[..., None], 3, axis=-1)
    if mask is not None and (mask > 0.3).any():
        picture = framed(picture, zoomed((mask > 0.3).numpy(), zoom), margin=6)
    return picture


class Tiles:
    """Small pictures of all transforms at usual strengths."""

    def __init__(self, scan):
        self.plain, self.shown = {}, {}
        for name in augment.AUGMENTATIONS:
            hu, _, _ = scan.changed(name, USUAL[name], NODULE, chance=2)
            picture = Image.fromarray(grey(data.window(hu.numpy(), *data.WINDOWS["lung"])))
            self.plain[name] = picture.resize((TILE, TILE), Image.Resampling.BILINEAR)

    def show(self, insets, task, chosen, marks):
        """Draw those anew that change: the chosen one in a frame, each with its verdict if asked."""
        for name, (right, _) in augment.keeps(task).items():
            look = (name == chosen, ("✓" if right else "✗") if marks else "")
            if self.shown.get(name) != look:
                insets[name].show(self._tile(name, *look))
                self.shown[name] = look

    def _tile(self, name, chosen, mark):
        picture = self.plain[name].copy()
        drawing = ImageDraw.Draw(picture)
        if chosen:
            drawing.rectangle((0, 0, TILE - 1, TILE - 1), outline="#E69F00", width=3)
        if mark:
            drawing.rectangle((4, 4, 22, 22), "white", "black")
            drawing.text((13, 13), mark, "black", font(15), anchor="mm")
        return np.array(picture)


@lru_cache(maxsize=1024)
def _words(text, size=13):
    """A line of text, uint8 (H, W, 3), black on white."""
    picture = Image.new("RGB", (int(font(size).getlength(text)) + 2, size + 8), "white")
    ImageDraw.Draw(picture).text((0, (size + 8) / 2), text, "black", font(size), anchor="lm")
    return np.array(picture)


def _panel(verdict, before, after, task):
    """Verdict, reason, and all labels of the slice before and after, as a picture."""
    picture = np.full((PANEL[1], PANEL[0], 3), 255, np.uint8)

    def write(x, y, text, size=13):
        ink = _words(text, size)
        place = picture[y - len(ink) // 2:, x:x + ink.shape[1]][:len(ink)]
        np.minimum(place, ink[:, :place.shape[1]], out=place)

    write(0, 14, f"{verdict[0]} {verdict[1]}", 19)
    for line, text in enumerate(wrapped(verdict[2], PANEL[0])):
        write(0, 42 + 19 * line, text)
    for x, text in ((14, "what a reader would say"), (262, "before"), (368, "after")):
        write(x, 104, text)
    for row, key in enumerate(before):
        y = 130 + 25 * row
        if key == task:
            picture[y - 12:y + 12] = (242, 230, 200)
            write(0, y, "▸")
        stands = same(key, before[key], after[key])
        for x, text in ((14, key), (262, told(key, before[key])), (368, told(key, after[key])),
                        (452, "" if stands else "≠")):
            write(x, y, text)
    return picture


@lru_cache
def wrapped(text, width, size=13):
    """A text in lines of at most this many pixels, written in this size."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], longer] if font(size).getlength(longer) <= width else [*lines, word]
    return lines


def told(task, value):
    """A label in words.

    >>> told(DENSITY, -712.04), told(SIZE, 12.0), told(SIDE, "left")
    ('−712 HU', '12 mm', 'left')
    """
    return value if isinstance(value, str) else f"{value:.0f} {'HU' if task == DENSITY else 'mm'}".replace("-", "−")


def _tell(name, strength, task, verdict, before, after):
    sign, words, reason = verdict
    labels = [f"{key}: {told(key, before[key])} before, {told(key, after[key])} after" for key in before]
    caption = f"{name}, {strength}: {words}"
    return f"{sign} {caption[0].upper()}{caption[1:]}", (
        f"A simulated CT slice, and the same after {name}, {strength}. Task: {task}. {words}: {reason}. "
        f"What a reader would say: {'; '.join(labels)}. Below, the slice after each of ten transforms.")


def _figure():
    fig = pixel_figure(1036, 390)
    insets = {"before": Inset(8, 24), "after": Inset(280, 24), "panel": Inset(554, 24)}
    for x, title in ((8, "original"), (280, "augmented")):
        note(fig, x + BOX / 2, 12, title)
        outline(fig, x, 24, BOX, BOX)
    for number, name in enumerate(augment.AUGMENTATIONS):
        insets[name] = Inset(12 + 103 * number, 288)
        note(fig, 12 + 103 * number + TILE / 2, 380, name, fontsize=10)
    return fig, insets

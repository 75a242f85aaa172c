"""Explorer of tasks: eight questions to one slice, the answer to each as a picture, and how many numbers it takes."""
from math import prod

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from helpers import data
from helpers.explore.controls import choice, slider, steps
from helpers.explore.lettering import word
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import grey, in_box, note, outline, pixel_figure, zoomed

WIDTH, HEIGHT, SMALL = 336, 240, (168, 120)            # screen pixels of the slice, and of a small picture
GAP, TITLE, LEAST = 4, 20, 0.02                        # between small pictures; above them; share of an organ in a part
TINTS = np.array([[int(colour[place:place + 2], 16) for place in (0, 2, 4)] for colour in
                  ("6B6B6B", "56B4E9", "E69F00", "D55E00", "F0E442", "009E73", "CC79A7", "0072B2")])
SIDES, IN_CHEST, MOST = (64, 128, 256, 512), 5, 80
# Question: short name, and who asks it.
TASKS = {
    "a label per image: classification": ("classification", "is there a nodule? sorting of screening scans"),
    "a number per image: regression": ("regression", "how wide is the heart, how old the patient?"),
    "a label per pixel: semantic segmentation": ("semantic", "where is which organ? planning of radiotherapy"),
    "a box per object: detection": ("detection", "where should I look? nodules, fractures"),
    "a mask per object: instance segmentation": ("instance", "which nodule is it? counting, follow-up"),
    "class and number per pixel: panoptic segmentation": ("panoptic", "what is it, and which one? whole scenes"),
    "a point per name: landmarks": ("landmarks", "where is the middle of the aorta? measuring, registration"),
    "the mask around a click: prompted segmentation": ("prompted", "outline what I point at, whatever it is"),
}
NAMES = [name for name, _ in TASKS.values()]


def tasks(cohort):
    """Eight questions to one slice, the answer to each drawn into it, and how many numbers a network gives out for it.

    Serves the prediction: five organs are to be drawn in a slice of 64 by 64 pixels.  How many numbers does the network
    give out?

    cohort : a Cohort; its first slice is shown, 240 × 336 pixels at most.  What is drawn is the truth, not an answer of
    a network; measured and pointed at is the heart.
    Returns an explorer.  Raises ValueError for a cohort without slices, a slice without organs, or one too large.
    """
    if not len(cohort) or not cohort.labels[0].any():
        raise ValueError("tasks needs a slice with at least one organ in it.")
    zoom = min(HEIGHT // cohort.hu.shape[1], WIDTH // cohort.hu.shape[2])
    if zoom < 1:
        raise ValueError(f"tasks shows slices of up to {HEIGHT} × {WIDTH} pixels, not "
                         f"{' × '.join(map(str, cohort.hu.shape[1:]))}: crop it.")
    found = objects(cohort)
    pictures, sketches = ([answer(name, cohort, found, zoom, words) for name in NAMES] for words in (True, False))
    controls = {"task": choice("question", list(TASKS), list(TASKS)[2], width="460px"),
                "side": steps("pixels a side", [(str(side), side) for side in SIDES], 64, width="250px"),
                "organs": slider("organs", IN_CHEST, 1, MOST, width="280px")}
    fig, insets = _figure()

    def update(task, side, organs):
        number = list(TASKS).index(task)
        insets["slice"].pixels = pictures[number]
        insets["list"].pixels = listed(sketches, number)
        shape, more = shape_of(NAMES[number], side, organs, len(found))
        caption = f"{task}: {shape}, {prod(shape):,} number{'s' * (prod(shape) > 1)}{more}; {TASKS[task][1]}"
        if NAMES[number] != "semantic":
            caption += f" (semantic: {prod(shape_of('semantic', side, organs, len(found))[0]):,})"
        return caption, f"A slice of {cohort.source}. {caption}. In it: {', '.join(found)}. Small pictures of all."

    return live_figure(controls, fig, list(insets.values()), update)


def objects(cohort):
    """What can be counted in the first slice: dict of name to bool (H, W), the parts of every organ and the nodules."""
    masks = {"lung" if name == "lungs" else name: cohort.labels[0] == number
             for number, name in enumerate(cohort.label_names) if number}
    found = {}
    for name, mask in [*masks.items(), ("nodule", cohort.nodules[0])]:
        parts, count = ndimage.label(mask)
        kept = [parts == part for part in range(1, count + 1) if (parts == part).sum() >= LEAST * mask.sum()]
        found |= {f"{name} {place}" if len(kept) > 1 else name: part for place, part in enumerate(kept, start=1)}
    return found


def shape_of(name, side, organs, count):
    """Shape of an answer, and what belongs to it besides.

    >>> shape_of("semantic", 64, 5, 3)
    ((6, 64, 64), ', background included')
    """
    return {"classification": ((organs,), ", a probability each"), "regression": ((1,), ""),
            "semantic": ((organs + 1, side, side), ", background included"),
            "detection": ((count, 4), ", and a class and a score per box"),
            "instance": ((count, side, side), ", and a class and a score per mask"),
            "panoptic": ((2, side, side), ""), "landmarks": ((organs, 2), ", row and column"),
            "prompted": ((1, side, side), "")}[name]


def answer(name, cohort, found, zoom, words=True):
    """The slice with the answer to one question, uint8 (HEIGHT, WIDTH, 3)."""
    brightness = grey(data.window(cohort.hu[0], *data.WINDOWS["soft tissue"]))
    large = zoomed(tinted(brightness, classes_of(name, cohort, found)), zoom)
    top, left = (HEIGHT - large.shape[0]) // 2, (WIDTH - large.shape[1]) // 2
    image = Image.fromarray(in_box(large, HEIGHT, WIDTH))
    at = lambda row, column: (left + zoom * (column + 0.5), top + zoom * (row + 0.5))                   # noqa: E731
    for key, mask in found.items():
        _draw(image, name, key, mask, cohort.spacing, at)
    for key, mask in found.items() if words else ():
        _name(image, name, key, mask, at)
    if words and name == "classification":
        _label(image, f"nodule: {'yes' if cohort.nodules[0].any() else 'no'}", 60, 16)
    return np.array(image)


def classes_of(name, cohort, found):
    """Which pixels get which tint, whole numbers (H, W), 0 for none."""
    numbers = {key: place for place, key in enumerate(found, start=1)}
    parts = sum(numbers[key] * mask.astype(int) for key, mask in found.items())
    if name == "semantic":
        return cohort.labels[0].astype(int)
    if name == "panoptic":
        return np.where(parts == 0, len(found) + 1, parts)
    pointed_at = parts * found.get("heart", np.ones_like(cohort.nodules[0]))
    return {"instance": parts, "prompted": pointed_at}.get(name, np.zeros_like(parts))


def tinted(picture, classes):
    """A picture, uint8 (H, W, 3), half of it replaced by a colour wherever classes (H, W) are not 0."""
    mixed = (picture * 0.5 + 0.5 * TINTS[classes % len(TINTS)]).astype(np.uint8)
    return np.where((classes > 0)[..., None], mixed, picture)


def _draw(image, name, key, mask, spacing, at):
    """Box, cross or line of one object.  at : function of row and column, gives x and y in the picture."""
    pencil, (rows, columns) = ImageDraw.Draw(image), np.nonzero(mask)
    if name == "detection":
        corners = *at(rows.min() - 0.5, columns.min() - 0.5), *at(rows.max() + 0.5, columns.max() + 0.5)
        pencil.rectangle(corners, outline="#E69F00", width=2)
    elif (name == "landmarks" and not key.startswith("nodule")) or (name, key) == ("prompted", "heart"):
        x, y = at(*deepest(mask))
        pencil.line((x - 9, y, x + 9, y), "#E69F00", 3)
        pencil.line((x, y - 9, x, y + 9), "#E69F00", 3)
    elif name == "regression" and key == "heart":
        (x, y), (end, _) = at(rows.mean(), columns.min() - 0.5), at(rows.mean(), columns.max() + 0.5)
        for line in ((x, y, end, y), (x, y - 8, x, y + 8), (end, y - 8, end, y + 8)):
            pencil.line(line, "#E69F00", 3)
        _label(image, f"{key} {(np.ptp(columns) + 1) * spacing[1]:.0f} mm", (x + end) / 2, y - 18)


def _name(image, name, key, mask, at):
    """The name of one object, with its number where the answer has numbers; beside small ones."""
    (x, y), small = at(*deepest(mask)), mask.sum() < 0.01 * mask.size
    kind = key.rstrip(" 123456789")
    if name in ("instance", "panoptic", "detection") or (name == "semantic" and kind != "nodule"):
        right, up = {True: (40, -6) if kind == "nodule" else (6, 16), False: (0, 0)}[bool(small)]
        _label(image, key if name in ("instance", "panoptic") else kind, x + right, y - up)
    elif name == "landmarks" and kind != "nodule":
        _label(image, key, x, y + 16)


def deepest(mask):
    """Row and column of the pixel of a mask that lies furthest from its edge."""
    return np.unravel_index(ndimage.distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1].argmax(), mask.shape)


def _label(image, text, x, y):
    """A word around a place, moved so far that it lies in the picture."""
    picture = word(text, size=12)
    left = min(max(0, x - picture.width / 2), image.width - picture.width)
    image.paste(picture, (int(left), int(min(max(0, y - picture.height / 2), image.height - picture.height))))


def listed(pictures, chosen):
    """All answers as small pictures with their names, in two rows, the chosen one in a frame."""
    wide, high = SMALL[0] + GAP, SMALL[1] + TITLE + GAP
    sheet = Image.new("RGB", (4 * wide, 2 * high), "white")
    pencil = ImageDraw.Draw(sheet)
    for number, (name, picture) in enumerate(zip(NAMES, pictures, strict=True)):
        left, top = number % 4 * wide, number // 4 * high
        title = word(("▸ " if number == chosen else "") + name, size=13, most=SMALL[0])
        sheet.paste(title, (left + (SMALL[0] - title.width) // 2, top))
        sheet.paste(Image.fromarray(picture).resize(SMALL, Image.Resampling.BOX), (left + 2, top + TITLE))
        if number == chosen:
            corners = left, top + TITLE - 2, left + SMALL[0] + 3, top + TITLE + SMALL[1] + 1
            pencil.rectangle(corners, outline="#D55E00", width=4)
    return np.array(sheet)


def _figure():
    fig = pixel_figure(1036, 300)
    outline(fig, 2, 30, WIDTH, HEIGHT)
    note(fig, 2 + WIDTH / 2, 14, "one slice, and the true answer")
    return fig, {"slice": Inset(2, 30), "list": Inset(344, 4)}

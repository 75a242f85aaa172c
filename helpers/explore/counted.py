"""Counts of a confusion table as pictures: numbers in few characters, the table itself, one sign per person."""
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from helpers.explore.lettering import font

PEOPLE, ROWS, MARK = 1000, 20, 7                 # in the picture; signs in a column; pixels from sign to sign
BLUE, ORANGE, PALE, SAND = (0, 114, 178), (230, 159, 0), (230, 241, 247), (252, 240, 222)
MARKS = {  # colour and shape: the ill are blue squares, and who is called ill is a full sign
    "TP": (BLUE, ["111111"] * 6),
    "FP": (ORANGE, ["001100", "011110", "111111", "111111", "011110", "001100"]),
    "FN": (BLUE, ["111111", *["100001"] * 4, "111111"]),
    "TN": (ORANGE, ["000000", "000000", "001100", "001100", "000000", "000000"]),
}
CELLS = {"TP": (66, 22), "FN": (160, 22), "FP": (66, 68), "TN": (160, 68)}  # left and top in the table


def percent(share):
    """A share in percent with as many digits as keep it apart from 0 and 100.

    >>> percent(0.01316), percent(0.99996), percent(1.0), percent(float("nan"))
    ('1.3', '99.996', '100', 'none')
    """
    if np.isnan(share):
        return "none"
    if share in (0, 1):
        return f"{100 * share:.0f}"
    for digits in range(1, 5):
        text = f"{100 * share:.{digits}f}"
        if 0 < float(text) < 100:
            break
    return text


def count(value):
    """An expected count in few characters: one decimal from 1 on, two below, none where it is whole.

    >>> count(742.5), count(9.9), count(0.099), count(990.0)
    ('742.5', '9.9', '0.10', '990')
    """
    if abs(value - round(value)) < 1e-9:
        return str(round(value))
    return f"{value:.{1 if value >= 1 else 2}f}"


def ratio(value):
    """A likelihood ratio in three digits, or in words.

    >>> ratio(1.32), ratio(float("inf")), ratio(float("nan"))
    ('1.32', 'infinite', 'none')
    """
    return "none" if np.isnan(value) else "infinite" if np.isinf(value) else f"{value:.3g}"


def whole(counts):
    """The counts as whole numbers with the same sum: those with the largest remainders are rounded up.

    >>> whole([9.9, 742.5, 0.1, 247.5])
    [10, 743, 0, 247]
    """
    counts = np.asarray(counts, dtype=float)
    floor = np.floor(counts + 1e-9).astype(int)
    missing = round(counts.sum()) - floor.sum()
    floor[np.argsort(floor - counts, kind="stable")[:missing]] += 1
    return floor.tolist()


def mark(name):
    """The sign of one person, uint8 (7, 7, 3), its last row and column white."""
    colour, shape = MARKS[name]
    picture = np.full((MARK, MARK, 3), 255, np.uint8)
    picture[:6, :6][np.array([list(row) for row in shape]) == "1"] = colour
    return picture


SIGNS = np.stack([mark(name) for name in MARKS])


def crowd(counts):
    """1000 people as signs, column by column, those called ill first: uint8 (140, 350, 3).

    counts : a Confusion of 1000 people, not necessarily whole.
    """
    kinds = np.repeat(np.arange(4), whole([counts.tp, counts.fp, counts.fn, counts.tn]))
    grid = SIGNS[kinds].reshape(-1, ROWS, MARK, MARK, 3).transpose(1, 2, 0, 3, 4)
    return grid.reshape(ROWS * MARK, -1, 3)


@lru_cache
def line_picture(text, width=320):
    """A line of text in the middle of a picture, uint8 (20, width, 3)."""
    picture = Image.new("RGB", (width, 20), "white")
    ImageDraw.Draw(picture).text((width / 2, 10), text, "black", font(15), anchor="mm")
    return np.array(picture)


def _write(drawing, *lines):
    """Words at places: (x, y, text, size, anchor), each."""
    for x, y, text, size, anchor in lines:
        drawing.text((x, y), text, "black", font(size), anchor=anchor)


@lru_cache
def _empty_table():
    """The table without its numbers."""
    picture = Image.new("RGB", (350, 178), "white")
    drawing = ImageDraw.Draw(picture)
    for name, (x, y) in CELLS.items():
        drawing.rectangle((x, y, x + 91, y + 43), PALE if name[0] == "T" else SAND)
        sign = mark(name)[:6, :6].repeat(2, axis=0).repeat(2, axis=1)
        sign[(sign == 255).all(axis=-1)] = PALE if name[0] == "T" else SAND
        picture.paste(Image.fromarray(sign), (x + 6, y + 7))
        _write(drawing, (x + 24, y + 13, name, 13, "lm"))
    _write(drawing, (112, 10, "called ill", 14, "mm"), (206, 10, "called healthy", 14, "mm"),
           (60, 35, "ill", 14, "rm"), (60, 81, "healthy", 14, "rm"),
           (260, 35, "sensitivity", 14, "lm"), (260, 81, "specificity", 14, "lm"),
           (112, 124, "PPV", 14, "mm"), (206, 124, "NPV", 14, "mm"), (300, 124, "accuracy", 14, "mm"))
    return picture


def table_picture(counts):
    """The confusion table with its measures at the margin that they are computed along, uint8 (178, 350, 3).

    counts : a Confusion, not necessarily of whole numbers.
    """
    picture = _empty_table().copy()
    drawing = ImageDraw.Draw(picture)
    for name, (x, y) in CELLS.items():
        _write(drawing, (x + 86, y + 30, count(getattr(counts, name.lower())), 16, "rm"))
    _write(drawing, (60, 54, count(counts.tp + counts.fn), 13, "rm"), (60, 100, count(counts.fp + counts.tn), 13, "rm"),
           (260, 54, f"{counts.sensitivity:.3f}", 16, "lm"), (260, 100, f"{counts.specificity:.3f}", 16, "lm"))
    for x, share in ((112, counts.ppv), (206, counts.npv), (300, counts.accuracy)):
        _write(drawing, (x, 143, percent(share) + " %" * (not np.isnan(share)), 16, "mm"))
    _write(drawing, (346, 168, "LR+ = sensitivity / (1 − specificity) = " + ratio(counts.positive_likelihood_ratio),
                     13, "rm"))
    return np.array(picture)

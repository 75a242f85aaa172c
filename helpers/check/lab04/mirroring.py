"""Mirror an image and change its label along."""
import numpy as np

from ..exercise import Exercise, Misconception
from ..lab03.signs import changes
from .behaviour import behaves_like

OTHER_SIDE = {"left": "right", "right": "left", "none": "none"}


def flip_with_label(image, side):
    """The image mirrored from left to right, and the side on which its nodule then is."""
    other = {"left": "right", "right": "left", "none": "none"}
    return image[:, ::-1], other[side]


def _drawn(seed, rows, columns):
    """A small slice in HU, in steps of 10."""
    return np.random.default_rng(seed).integers(-100, 10, (rows, columns)) * 10


CASES = (
    (np.array([[-900, -850, 40], [-870, 60, 50]]), "right"),
    (_drawn(1, 3, 4), "left"),
    (_drawn(2, 4, 3), "none"),
    (_drawn(3, 3, 3) / 4, "left"),
    (_drawn(4, 2, 5).astype(np.float32), "right"),
    (_drawn(5, 5, 2), "none"),
)
SICK = [index for index, case in enumerate(CASES) if case[1] != "none"]


def _with(flip=lambda image: image[:, ::-1], swap=OTHER_SIDE.get):
    return lambda image, side: (flip(image), swap(side))


def _in_place(image, side):
    image[:] = image[:, ::-1].copy()
    return image, OTHER_SIDE[side]


def _only_if_sick(image, side):
    return (image if side == "none" else image[:, ::-1]), OTHER_SIDE[side]


def _named(name, message, *mutants):
    return Misconception(name, message, mutants[0], sign=behaves_like(CASES, *mutants))


FLIP_WITH_LABEL = Exercise(
    title="Exercise 11",
    points=1,
    reference=flip_with_label,
    cases=CASES,
    hints=(
        "`image[:, ::-1]` reads every row from its end. The rows stay where they are.",
        "The label has three values: `{\"left\": \"right\", …}`. What becomes of `\"none\"`?",
    ),
    misconceptions=(
        _named(
            "label not changed",
            "The image is mirrored and the label is the old one. A nodule of the right lung now lies in a left one.",
            _with(swap=lambda side: side)),
        _named(
            "image not flipped",
            "The label is changed and the image is the old one. Mirror it: `image[:, ::-1]`.",
            _with(flip=lambda image: image)),
        _named(
            "flipped up-down",
            "You exchange top and bottom. Left and right are the columns: the second axis.",
            _with(flip=np.flipud)),
        _named(
            "half a turn",
            "You reverse rows and columns: that is half a turn, and a turn mirrors nothing. Reverse the columns only.",
            _with(flip=np.flip)),
        _named(
            "rows and columns exchanged",
            "You exchange rows and columns. Reverse the order of the columns: `image[:, ::-1]`.",
            _with(flip=np.transpose)),
        _named(
            "a side for no nodule",
            "Without a nodule there is no side, mirrored or not: `\"none\"` stays `\"none\"`. An `else` that takes all "
            "the rest gives it one.",
            _with(swap=lambda side: "left" if side == "right" else "right"),
            _with(swap=lambda side: "right" if side == "left" else "left")),
        _named(
            "exchanged twice",
            "One of the two sides comes back as it was. Two `if`s one after the other exchange twice, or one of them "
            "is missing: the second must be an `elif`.",
            _with(swap=lambda side: "left" if side == "right" else side),
            _with(swap=lambda side: "right" if side == "left" else side)),
        _named(
            "mirrored only with a nodule",
            "You leave a slice without nodule as it is. Then every mirrored chest has a nodule, and the network learns "
            "to look for the heart on the right.",
            _only_if_sick),
        Misconception(
            "image changed in place",
            "You mirror the array that was handed over. The original image of the training set would be lost: return a "
            "new one.",
            _in_place,
            sign=changes("image")),
        _named(
            "label in front",
            "You return the label first. First the image, then the label.",
            lambda image, side: (OTHER_SIDE[side], image[:, ::-1])),
        Misconception(
            "label left out",
            "You return the image alone. Return both: `return image[:, ::-1], …`.",
            lambda image, side: image[:, ::-1],
            sign=behaves_like(CASES, lambda image, side: image[:, ::-1])),
    ),
)

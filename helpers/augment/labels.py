"""Which augmentations keep the label of a scan, and why: it depends on what is asked."""
from typing import NamedTuple

from helpers.augment.table import AUGMENTATIONS


class Verdict(NamedTuple):
    """Whether a change keeps the label of a scan, and why."""

    keeps: bool
    reason: str


def keeps(task):
    """Which augmentations keep the label: dict of name to Verdict(keeps, reason), at the usual strengths.

    task : one of TASKS.  Raises ValueError for another one.

    >>> [name for name, verdict in keeps("nodule size").items() if not verdict.keeps]
    ['zoom', 'cutout']
    """
    if task not in TASKS:
        raise ValueError(f"There is no task {task!r}; choose one of: {'; '.join(TASKS)}.")
    return {name: TASKS[task][entry.kind] for name, entry in AUGMENTATIONS.items()}


def _yes(reason):
    return Verdict(True, reason)


def _no(reason):
    return Verdict(False, reason)


TASKS = {  # question about a scan: verdict by the kind of change
    "nodule or none": {
        "left-right": _yes("a mirrored nodule is a nodule: the label names no side"),
        "up-down": _yes("a mirrored nodule is a nodule, though no patient lies like this"),
        "turn": _yes("a nodule is a nodule at any angle"),
        "shift": _yes("a nodule is a nodule wherever it lies, as long as it stays in the picture"),
        "zoom": _yes("a nodule is a nodule at any size that can be seen"),
        "HU": _yes("it still stands out from the lung around it"),
        "noise": _yes("it can still be seen, unless the noise drowns it"),
        "cutout": _no("the square may cover the nodule, and the label would still say nodule"),
    },
    "which side is the nodule": {
        "left-right": _no("a mirrored right lung looks like a left one, but the label is not mirrored"),
        "up-down": _no("it mirrors too: turned back by 180° it is the left-right flip"),
        "turn": _yes("a turn mirrors nothing: heart and spine turn along, so it is still the same lung"),
        "shift": _yes("the whole chest moves along, and it is the lung that has a side, not the picture"),
        "zoom": _yes("the whole chest grows along, so it is still the same lung"),
        "HU": _yes("grey levels have no side"),
        "noise": _yes("noise moves nothing"),
        "cutout": _no("the square may cover the nodule, and then no side is right"),
    },
    "situs (is the heart on the left?)": {
        "left-right": _no("a mirrored chest is what situs inversus looks like"),
        "up-down": _no("it mirrors too: the patient seems to lie face down, with the heart on the right"),
        "turn": _yes("a turn mirrors nothing: the spine turns along and tells where left is"),
        "shift": _yes("the heart moves with the spine, and only their order counts"),
        "zoom": _yes("the order of heart and spine stays"),
        "HU": _yes("grey levels have no side"),
        "noise": _yes("noise moves nothing"),
        "cutout": _no("the square may cover the heart, which the label rests on"),
    },
    "emphysema by lung density (HU)": {
        "left-right": _yes("the HU of the lung are the same in a mirror"),
        "up-down": _yes("the HU of the lung are the same in a mirror"),
        "turn": _yes("the HU move along; only between neighbours they are averaged a little"),
        "shift": _yes("the HU move along, as long as the lungs stay in the picture"),
        "zoom": _yes("there are more or fewer pixels, but their HU stay"),
        "HU": _no("the label is a number of HU: changed by 25 HU a lung counts as another one"),
        "noise": _yes("the mean stays; the share below −950 HU, another measure, would not"),
        "cutout": _no("what is erased is as dark as air and counts as destroyed lung"),
    },
    "nodule size": {
        "left-right": _yes("a mirror changes no length"),
        "up-down": _yes("a mirror changes no length"),
        "turn": _yes("a turn changes no length"),
        "shift": _yes("a shift changes no length, as long as the nodule stays in the picture"),
        "zoom": _no("the nodule grows, but the label still gives its size in mm"),
        "HU": _yes("its edge stays where it is; only a fixed threshold in HU would move it"),
        "noise": _yes("its edge stays where it is, though it is harder to see"),
        "cutout": _no("the square may cut off a part of the nodule"),
    },
}

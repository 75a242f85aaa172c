"""Augmentation: changed copies of training images, and which changes leave the label of a scan true.

`transforms` changes images, `table` names the changes and draws them at random, `labels` says what they do to a label.
"""
from helpers.augment.labels import TASKS, Verdict, keeps
from helpers.augment.table import AUGMENTATIONS, Augmentation, random_batch, together
from helpers.augment.transforms import (
    cutout,
    flip_left_right,
    flip_up_down,
    flips_and_turns,
    gamma,
    noise,
    offset_hu,
    rotate,
    scale_hu,
    shift,
    zoom,
)

__all__ = ["AUGMENTATIONS", "TASKS", "Augmentation", "Verdict", "cutout", "flip_left_right", "flip_up_down",
           "flips_and_turns", "gamma", "keeps", "noise", "offset_hu", "random_batch", "rotate", "scale_hu", "shift",
           "together", "zoom"]

"""Occlusion, the networks and images it is tried on, and how the check looks at what an answer did with them."""
import torch

from . import tiny
from .choice import scores as my_scores  # the lab's name for the learner's own function

CASES = (  # network, shape of the images, class or classes, side of the patch, what a hidden pixel becomes
    ("one score", (1, 1, 4, 4), 0, 2, 0.0),
    ("three scores", (2, 1, 6, 6), 1, 3, -1.0),
    ("three scores", (3, 1, 6, 7), [2, 0, 1], 2, 0.5),  # a last column that is cut off
    ("one score", (2, 1, 5, 4), 0, 3, -0.5),  # a last row and a last column
    ("two channels", (2, 2, 4, 6), [1, 0], 2, 1.0),
    ("three scores", (2, 1, 6, 6), 2, 1, 0.0),
    ("one score", (2, 1, 4, 4), 0, 4, 0.25),  # one patch hides the whole image
)
CUT = (2, 3)
BEFORE = 6, 8  # rows and columns of other images, which the function is shown first


def occlusion(network, images, target, patch, fill):
    """By how much hiding a place lowers the score: (N, H, W), one number for all pixels of a patch."""
    drops = torch.zeros(len(images), *images.shape[2:])
    with torch.no_grad():
        before = my_scores(network(images), target)
        for top in range(0, images.shape[2], patch):
            for left in range(0, images.shape[3], patch):
                hidden = images.clone()
                hidden[:, :, top:top + patch, left:left + patch] = fill
                after = my_scores(network(hidden), target)
                drops[:, top:top + patch, left:left + patch] = (before - after)[:, None, None]
    return drops


def look(answer, network, image_shape, target, patch, fill):
    """What an answer says of random images after it was asked about others."""
    others = tiny.images(image_shape[0], image_shape[1], *BEFORE)
    return tiny.used(answer, network, "", False, (others, target, patch, fill),
                     (tiny.images(*image_shape), target, patch, fill))

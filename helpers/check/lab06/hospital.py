"""What lab 6 looks into: simulated slices, and four small networks that are trained on your computer when first asked.

`phases` asks in which phase of contrast a slice was taken. `chests` asks whether there is a nodule, and so do three
networks, a, b and c, of which one learned something else. Who reads on here reads the solution of exercise 8.
"""
import functools
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from helpers import data, models, train
from helpers.train import one_thread

PHASES = ("none", "pulmonary", "aortic", "portal")  # where the contrast is: nowhere, lung arteries, aorta, everywhere
LETTER = np.array([[1, 1, 1, 0], [1, 0, 0, 1], [1, 1, 1, 0], [1, 0, 1, 0], [1, 0, 0, 1]])  # an R
TAG = (2, 7, 46, 50)  # top, bottom, left and right of the letter, in the air above the shoulder
AGREES = 0.92  # of the ill have the letter, of the healthy 1 - 0.92
SEED = 5  # of the split, the letters and the weights; tests train with others too


@dataclass(frozen=True)
class Slices:
    """Slices of patients no network learned from.

    images : float32 tensor (N, 1, H, W), from -1 to 1 over a window.  target : int (N,), class or 1 for ill.
    masks : bool (N, H, W), where the answer lies: nodules, or heart and vessels.  lungs : bool (N, H, W).
    spacing : mm between rows and between columns.
    """

    images: torch.Tensor
    target: np.ndarray
    masks: np.ndarray
    lungs: np.ndarray
    spacing: tuple


@functools.cache
def cohort():
    """The study with nodules; slices through the rim of one are left out, as in lecture 4."""
    everyone = data.load_cohort(64, "nodules")
    area = everyone.nodules.sum(axis=(1, 2))
    return everyone.take((area == 0) | (area >= 5))


def parts(seed):
    """Rows to learn from and rows to look at: 70 and 30 % of the patients."""
    return data.split_by_patient(cohort().patients, 0.7, 0.3, seed=seed)


def windowed(low, high, rows, columns):
    """A part of each slice as a tensor (N, 1, H, W), from -1 at `low` to 1 at `high` HU, and the part as a cohort."""
    part = cohort().crop(rows, columns)
    grey = (part.hu.clip(low, high) - low) / (high - low) * 2 - 1
    return torch.from_numpy(grey[:, None].astype(np.float32)), part


@functools.cache
def every_phase():
    """Images and phases of the whole study: heart and vessels, soft-tissue window."""
    images, part = windowed(-200, 300, (8, 48), (16, 48))
    return images, np.array([PHASES.index(phase) for phase in part.phase]), part


@functools.cache
def every_chest():
    """Images without any letter, who is ill, and the cohort they come from: lung window."""
    images, part = windowed(-1000, -200, (4, 52), (6, 58))
    return images, part.nodules.any(axis=(1, 2)), part


def lettered(images, rows):
    """A copy of images with the letter in some rows, given as bool (N,)."""
    top, bottom, left, right = TAG
    letter, images = torch.from_numpy(2.0 * LETTER - 1).float(), images.clone()
    images[torch.from_numpy(rows), 0, top:bottom, left:right] = letter
    return images


def as_found(seed):
    """The chests as the hospital has them: with the letter in most of the ill and in few of the healthy."""
    images, ill, _ = every_chest()
    return lettered(images, ill ^ (np.random.default_rng(seed).random(len(ill)) > AGREES))


def by_coin(seed):
    """The chests with the letter in every second one, whoever is ill."""
    images, ill, _ = every_chest()
    return lettered(images, np.random.default_rng([seed, 1]).random(len(ill)) < 0.5)


def masked(part, names):
    return np.isin(part.labels, [part.label_names.index(name) for name in names])


@functools.cache
def phases(seed=SEED):
    """The slices to look at with the network "phases".  Returns Slices; masks are those of heart and aorta."""
    (images, target, part), (_, rows) = every_phase(), parts(seed)
    vessels, lungs = masked(part, ["heart", "aorta"]), masked(part, ["lungs"])
    return Slices(images[rows], target[rows], vessels[rows], lungs[rows], part.spacing)


@functools.cache
def chests(seed=SEED):
    """The slices to look at with the networks "a", "b" and "c", as found.  Returns Slices; masks are the nodules."""
    (_, ill, part), (_, rows) = every_chest(), parts(seed)
    lungs = masked(part, ["lungs"])
    return Slices(as_found(seed)[rows], ill[rows].astype(int), part.nodules[rows], lungs[rows], part.spacing)


def halving(in_channels, out_channels):
    """Convolution that halves the maps: windows of 4 × 4, two apart, lie evenly around the pixel that they make."""
    convolution = nn.Conv2d(in_channels, out_channels, 4, stride=2, padding=1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(out_channels), nn.ReLU())


def classifier(features, num_classes, pool):
    """Features, then one map of scores for each class, then one score for each class from its map."""
    channels = features[-1][0].out_channels
    head = nn.Conv2d(channels, num_classes, kernel_size=1)
    return models.he_initialise(nn.Sequential(nn.Sequential(*features), head, pool, nn.Flatten()))


def small_field(num_classes=1):
    """Sees 12 pixels of the image, and answers by its highest places."""
    features = [halving(1, 8), models.conv_norm(8, 16, 3), models.conv_norm(16, 16, 3)]
    return classifier(features, num_classes, models.LogSumExp(sharpness=1.0))


def large_field():
    """Sees 54 pixels of the image, more than there are, and answers by the mean of all places."""
    features = [halving(1, 8), models.conv_norm(8, 16, 3), halving(16, 32), halving(32, 32),
                models.conv_norm(32, 32, 3)]
    return classifier(features, 1, nn.AdaptiveAvgPool2d(1))


RECIPES = {  # what it is, the images it learns from, epochs
    "phases": (lambda: small_field(len(PHASES)), lambda seed: every_phase()[0], 6),
    "a": (small_field, by_coin, 8),
    "b": (small_field, as_found, 2),
    "c": (large_field, by_coin, 8),
}
TRAINED = {}  # networks that were trained to the end, by name and seed


def network(name, seed=SEED):
    """One of the networks, trained in a few seconds the first time it is asked for; in evaluation mode.

    name : "phases", with four scores, or "a", "b" or "c", with one for "nodule".  Raises KeyError for another name.
    seed : of the weights, the order of the slices and the split.
    A training that somebody stops gives what was learned so far; the next time it begins anew.
    """
    if (name, seed) not in TRAINED:
        chosen, history = trained(name, seed)
        if history.interrupted:
            return chosen
        TRAINED[name, seed] = chosen
    return TRAINED[name, seed]


def trained(name, seed=SEED):
    """A network of RECIPES made and trained, and the history of its training."""
    make, images, epochs = RECIPES[name]
    several = name == "phases"
    target = torch.from_numpy(every_phase()[1] if several else every_chest()[1].astype(np.float32))
    learn, _ = parts(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        chosen = make()
    with one_thread():
        history = train.fit(chosen, images(seed)[learn], target[learn], epochs=epochs, batch_size=16,
                            learning_rate=1e-2, loss=nn.CrossEntropyLoss() if several else nn.BCEWithLogitsLoss(),
                            weight_decay=1e-2, schedule=train.one_cycle, seed=seed)
    return chosen, history

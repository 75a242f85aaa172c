"""Twelve networks that made history, and a table of what they are made of, computed from the networks themselves."""
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import torch
from torch import nn

from helpers.models.alexnet import AlexNet
from helpers.models.densenet import DenseNet121
from helpers.models.efficientnet import EfficientNetB0
from helpers.models.googlenet import GoogLeNet
from helpers.models.lenet import LeNet5
from helpers.models.mobilenet import MobileNetV1, MobileNetV2
from helpers.models.resnet import ResNet18, ResNet50, ResNet152
from helpers.models.squeezenet import SqueezeNet
from helpers.models.summary import Table, summary
from helpers.models.vgg import VGG16


class Model(NamedTuple):
    """What is known of a network without building it.

    make : its class.  year : in which it first became public, as a preprint or by winning a contest.
    input_shape : (C, H, W) of the images of its paper.  idea : what was new, in a few words.  source : of the paper.
    """

    make: Callable[..., nn.Module]
    year: int
    input_shape: tuple
    idea: str
    source: str


RESIDUAL = (2015, (3, 224, 224), "layers learn what to add to their input", "doi:10.1109/CVPR.2016.90")
MODELS = {
    "LeNet-5": Model(LeNet5, 1998, (1, 32, 32), "filters learned from examples read digits", "doi:10.1109/5.726791"),
    "AlexNet": Model(AlexNet, 2012, (3, 227, 227), "deep, with ReLU and dropout, on graphics cards",
                     "doi:10.1145/3065386"),
    "VGG-16": Model(VGG16, 2014, (3, 224, 224), "only 3 × 3 convolutions, stacked deep", "arXiv:1409.1556"),
    "GoogLeNet": Model(GoogLeNet, 2014, (3, 224, 224), "several kernel sizes side by side, 1 × 1 to save",
                       "doi:10.1109/CVPR.2015.7298594"),
    "ResNet-18": Model(ResNet18, *RESIDUAL),
    "ResNet-50": Model(ResNet50, *RESIDUAL),
    "ResNet-152": Model(ResNet152, *RESIDUAL),
    "SqueezeNet": Model(SqueezeNet, 2016, (3, 227, 227), "squeeze to few maps before 3 × 3", "arXiv:1602.07360"),
    "DenseNet-121": Model(DenseNet121, 2016, (3, 224, 224), "every layer sees the maps of all before it",
                          "doi:10.1109/CVPR.2017.243"),
    "MobileNet v1": Model(MobileNetV1, 2017, (3, 224, 224), "look around and mix maps in two cheap steps",
                          "arXiv:1704.04861"),
    "MobileNet v2": Model(MobileNetV2, 2018, (3, 224, 224), "widen, look around, narrow, and add",
                          "doi:10.1109/CVPR.2018.00474"),
    "EfficientNet-B0": Model(EfficientNetB0, 2019, (3, 224, 224), "depth, width and image size grow together",
                             "arXiv:1905.11946"),
}


class Milestone(NamedTuple):
    """One row of `milestones`.

    depth : convolutional and dense layers on the longest way from image to logits.
    parameters : weights and biases.  macs : multiplications with weights for one image of input_shape.
    receptive_field : pixels of the image, from top to bottom, that a unit of the last feature maps sees, before
    global pooling or the first dense layer; it may be larger than the image.
    """

    network: str
    year: int
    depth: int
    parameters: int
    macs: int
    input_shape: tuple
    receptive_field: int
    idea: str
    source: str


def milestones():
    """The networks of `MODELS` in the order of their years, built without numbers and counted.

    Returns a `Table` with one `Milestone` per network. What each column means, and how receptive fields of
    networks with several ways are defined: see `Milestone` and `summary`. The squeeze-and-excitation layers of
    EfficientNet lie on its longest way: 2 of the layers of each block, 32 in all.
    Takes a few seconds the first time.
    """
    return Table(map(count, MODELS))


@cache
def count(name):
    """The row of one network.  Raises ValueError for a name that is not in `MODELS`."""
    if name not in MODELS:
        raise ValueError(f"There is no network {name!r}; choose one of {', '.join(MODELS)}.")
    known = MODELS[name]
    with torch.device("meta"):
        network = known.make()
    rows = summary(network, known.input_shape)
    # Units only ever see more on the way, so the last feature maps are those that see most.
    field = max(row.receptive_field for row in rows if row.receptive_field)
    return Milestone(name, known.year, rows[-1].depth, sum(row.parameters for row in rows),
                     sum(row.macs for row in rows), known.input_shape, field, known.idea, known.source)

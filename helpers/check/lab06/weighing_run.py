"""Networks, layers and classes for which maps are weighed, and how the check looks at what an answer did with them."""
import torch

from . import tiny
from .choice import scores as my_scores  # the lab's name for the learner's own function

CASES = (  # network, name of the layer, shape of the images, class or classes
    ("three scores", "5", (1, 1, 6, 6), 1),
    ("three scores", "5", (2, 1, 6, 7), None),
    ("three scores", "2", (3, 1, 7, 6), [2, 0, 1]),
    ("one score", "2", (2, 1, 6, 5), None),
    ("one score", "0", (3, 1, 5, 6), 0),
    ("three scores", "3", (2, 1, 8, 6), 0),
    ("a way around", "2.convolution", (2, 1, 5, 4), [1, 0]),
)
SEVERAL = tuple(place for place, case in enumerate(CASES) if case[2][0] > 1)
MORE_CLASSES = tuple(place for place, case in enumerate(CASES) if case[0] != "one score")
BEFORE = 3, 1, 7, 7  # other images, which the function is shown first


def map_weights(network, layer, images, target):
    """For each map of a layer how much the score rises with it, (N, channels): its gradient, averaged over the map."""
    kept = []
    handle = layer.register_forward_hook(lambda module, inputs, output: kept.append(output))
    chosen = my_scores(network(images), target)
    handle.remove()
    gradient, = torch.autograd.grad(chosen.sum(), kept)  # the sum: each image has maps of its own
    return gradient.mean(dim=(2, 3))


def look(answer, network, layer, image_shape, target):
    """What an answer says of random images after it was asked about others."""
    return tiny.used(answer, network, layer, False, (tiny.images(*BEFORE), 0), (tiny.images(*image_shape), target))

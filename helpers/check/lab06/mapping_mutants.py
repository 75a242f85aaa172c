"""The heat map of Grad-CAM, the maps and weights it is tried on, and what goes wrong on the way, as code."""
import torch
from torch import nn


def heat_map(maps, weights, size):
    """The weighted sum of the maps of each image, without what lies below 0, in the size of the image: (N, H, W)."""
    heat = (weights[:, :, None, None] * maps).sum(dim=1, keepdim=True).relu()  # (N, 1, h, w)
    return nn.functional.interpolate(heat, size, mode="bilinear", align_corners=False)[:, 0]


def drawn(seed, count, channels, height, width, size):
    """Whole numbers as maps, halves as weights, and a size."""
    numbers = torch.Generator().manual_seed(seed)
    maps = torch.randint(-3, 7, (count, channels, height, width), generator=numbers).float()
    return maps, torch.randint(-3, 4, (count, channels), generator=numbers) / 2, size


BY_HAND = torch.tensor([[[[1.0, 0.0]], [[0.0, 2.0]]]])
CASES = (
    (BY_HAND, torch.tensor([[4.0, -1.0]]), (2, 4)),
    drawn(1, 1, 2, 2, 3, (2, 3)),  # nothing to enlarge
    drawn(2, 2, 3, 3, 2, (6, 4)),
    drawn(3, 3, 2, 2, 4, (5, 9)),
    (BY_HAND, torch.tensor([[-1.0, -2.0]]), (2, 4)),  # nothing speaks for the class
    drawn(5, 2, 4, 4, 4, (10, 8)),
    drawn(6, 4, 2, 3, 3, (7, 7)),
)


def enlarged(cut=torch.relu, size=tuple, finish=lambda heat: heat):
    """heat_map with another ReLU, size or end: `finish` gets the large map (N, 1, H, W)."""
    def mutant(maps, weights, into):
        heat = cut((weights[:, :, None, None] * maps).sum(dim=1, keepdim=True))
        return finish(nn.functional.interpolate(heat, size(into), mode="bilinear", align_corners=False))[:, 0]

    return mutant


def placed(mode, **how):
    """heat_map, enlarged in another way."""
    def mutant(maps, weights, size):
        heat = (weights[:, :, None, None] * maps).sum(dim=1, keepdim=True).relu()
        return nn.functional.interpolate(heat, size, mode=mode, **how)[:, 0]

    return mutant


def to_size(heat, size):
    return nn.functional.interpolate(heat[:, None], size, mode="bilinear", align_corners=False)[:, 0]


def mixed(combine, end=to_size):
    """heat_map whose maps are combined in another way: combine(maps, weights) -> (N, h, w)."""
    return lambda maps, weights, size: end(combine(maps, weights), size)


def changed(maps=lambda maps: maps, weights=lambda weights: weights):
    """heat_map of changed maps or weights."""
    return lambda some, their, size: heat_map(maps(some), weights(their), size)

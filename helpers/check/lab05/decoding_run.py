"""One step up the right side of a U-Net, the layers it is tried with, and what an answer hands to them."""
from functools import partial

import torch
from torch import nn

from ..comparison import kind_of
from ..exercise import Complaint


def decode(maps, skip, up, convolve):
    """Maps of (N, C, h, w) twice as large, joined with skip (N, S, H, W), through the convolutions."""
    maps = up(maps)
    rows, columns = skip.shape[2] - maps.shape[2], skip.shape[3] - maps.shape[3]  # 0, or 1 where skip was odd
    maps = nn.functional.pad(maps, (0, columns, 0, rows))  # zeros on the right, and at the bottom
    return convolve(torch.cat([skip, maps], dim=1))


def by_hand(layer):
    """A layer whose answers can be checked by eye: 1 × the first channel + 10 × the second."""
    nn.init.zeros_(layer.bias)
    layer.weight.data = torch.tensor([1.0, 10.0]).reshape(layer.weight.shape)
    return layer


LAYERS = {
    "nn.Upsample(scale_factor=2)": partial(nn.Upsample, scale_factor=2),
    "nn.ConvTranspose2d(2, 1, 2, stride=2)": partial(nn.ConvTranspose2d, 2, 1, 2, stride=2),
    "nn.ConvTranspose2d(3, 2, 2, stride=2)": partial(nn.ConvTranspose2d, 3, 2, 2, stride=2),
    "nn.Conv2d(2, 1, 1), weights 1 and 10": lambda: by_hand(nn.Conv2d(2, 1, 1)),
    "nn.Conv2d(3, 1, 1)": partial(nn.Conv2d, 3, 1, 1),
    "nn.Conv2d(4, 1, 1)": partial(nn.Conv2d, 4, 1, 1),
    "nn.Conv2d(2, 2, 3, padding=1)": partial(nn.Conv2d, 2, 2, 3, padding=1),
    "nn.Conv2d(4, 3, 3, padding=1)": partial(nn.Conv2d, 4, 3, 3, padding=1),
    "nn.Conv2d(5, 2, 3, padding=1)": partial(nn.Conv2d, 5, 2, 3, padding=1),
}


def drawn(seed, *shape):
    """Whole numbers from 1 to 9, as floats."""
    return torch.randint(1, 10, shape, generator=torch.Generator().manual_seed(seed)).float()


CASES = (
    (drawn(1, 1, 1, 1, 2), drawn(2, 1, 1, 2, 4), "nn.Upsample(scale_factor=2)",
     "nn.Conv2d(2, 1, 1), weights 1 and 10"),
    (drawn(3, 1, 2, 2, 2), drawn(4, 1, 1, 4, 4), "nn.ConvTranspose2d(2, 1, 2, stride=2)",
     "nn.Conv2d(2, 2, 3, padding=1)"),
    (drawn(5, 2, 2, 1, 2), drawn(6, 2, 2, 2, 4), "nn.Upsample(scale_factor=2)", "nn.Conv2d(4, 1, 1)"),
    (drawn(9, 1, 1, 1, 2), drawn(10, 1, 2, 3, 4), "nn.Upsample(scale_factor=2)", "nn.Conv2d(3, 1, 1)"),
    (drawn(7, 1, 2, 2, 3), drawn(8, 1, 3, 5, 7), "nn.Upsample(scale_factor=2)", "nn.Conv2d(5, 2, 3, padding=1)"),
    (drawn(11, 1, 3, 2, 1), drawn(12, 1, 2, 4, 3), "nn.ConvTranspose2d(3, 2, 2, stride=2)",
     "nn.Conv2d(4, 3, 3, padding=1)"),
)
EVEN = (0, 1, 2)
TO_UP, TO_CONVOLVE, RETURNED = "handed to up", "handed to convolve", "returned"
TIMES, REACHED = "calls of up and of convolve", "a gradient reaches"


class Watched(nn.Module):
    """A layer that writes down what it is handed; other channels than it has weights for give zeros, no error."""

    def __init__(self, layer):
        super().__init__()
        self.layer, self.log = layer, []

    def forward(self, maps):
        self.log.append(maps)
        weight = getattr(self.layer, "weight", None)
        if weight is not None and isinstance(maps, torch.Tensor) and maps.ndim == 4:
            wanted, out = (weight.shape[:2] if isinstance(self.layer, nn.ConvTranspose2d) else weight.shape[:2][::-1])
            if maps.shape[1] != wanted:
                return maps.sum(dim=1, keepdim=True).repeat(1, out, 1, 1) * 0
        return self.layer(maps)


def made(text, seed):
    """The layer of a text with weights that are the same on every run; torch's own seed stays as it is."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Watched(LAYERS[text]())


def look(answer, maps, skip, up, convolve):
    """What an answer hands to its two layers, what it returns and where gradients go; None or ... for nothing yet.

    Raises Complaint where a layer is never called, or no tensor comes back.
    """
    maps, skip = (one.clone().requires_grad_() for one in (maps, skip))
    up, convolve = made(up, 1), made(convolve, 2)
    returned = answer(maps, skip, up, convolve)
    if returned is None or returned is Ellipsis:
        return returned
    if not isinstance(returned, torch.Tensor):
        raise Complaint("Return the maps that come out of `convolve`, a torch tensor. What came is "
                        f"{kind_of(returned)}.")
    for name, layer in (("up", up), ("convolve", convolve)):
        if not layer.log:
            raise Complaint(f"`{name}` was never called. It is a layer: hand it your maps, `{name}(maps)`.")
    gradients = torch.autograd.grad(returned.sum(), (maps, skip), allow_unused=True) if returned.requires_grad else (
        None, None)
    reached = [name for name, one in zip(("maps", "skip"), gradients, strict=True) if one is not None]
    return {TO_UP: up.log[0], TO_CONVOLVE: convolve.log[0], TIMES: (len(up.log), len(convolve.log)),
            RETURNED: returned, REACHED: " and ".join(reached) or "neither"}

"""What every layer of a network makes of some images, heard through forward hooks."""
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from helpers.explore.pictures import grey, signed
from helpers.explore.wording import one_digit
from helpers.models import evaluating, listening

MOST, BOX = 32, 192                                                       # channels; screen pixels of a map
UNCHANGED = (nn.Identity, nn.Dropout, nn.Dropout2d, nn.Flatten)          # nothing to see in evaluation mode


@dataclass
class Layer:
    """What one layer gave for all images.

    name : as in the network.  kind : the class.  channels : how many there are.
    maps : float32 (N, C, H, W), the first 32 channels, made smaller than 193 pixels a side.  size : (H, W) before.
    likeness : (N, C), see `likeness`.  weights : (channels, in, K, L), or None for what is no convolution.
    """

    name: str
    kind: str
    channels: int
    maps: np.ndarray
    size: tuple
    likeness: np.ndarray
    weights: np.ndarray | None

    def __post_init__(self):
        self.signed = bool(self.maps.min() < 0)
        self.limit = one_digit(max(1e-6, float(np.quantile(np.abs(self.maps), 0.995))))

    def coloured(self, values):
        """Numbers in the colours of this layer: blue, white, red around 0, or from black to white if none is below."""
        return signed(values, self.limit) if self.signed else grey(np.clip(values / self.limit, 0, 1))


def recorded(model, images):
    """What every layer makes of some images: a list of Layer, in the order of the computation.

    model : nn.Module.  images : float tensor (N, C, H, W).  Layers are those without parts of their own that return
    maps; what `forward` computes with functions is not among them. The network runs in evaluation mode, without
    gradients, and is left as it was found.  Raises ValueError if it does not take the images or has no such layer.
    """
    found, weights = [], next(model.parameters(), torch.zeros(0))
    if weights.is_meta:
        raise ValueError("This network is on the meta device, without weights: build it without torch.device('meta').")
    names = {module: name for name, module in model.named_modules()}

    def keep(module, inputs, output):
        if torch.is_tensor(output) and output.ndim == 4 and output.shape[-1] * output.shape[-2] > 1:
            found.append((names[module], module, output.detach().clone()))         # a ReLU may overwrite it in place

    with hooked(model, keep), torch.no_grad():
        try:
            model(images.to(weights.device, weights.dtype))
        except RuntimeError as error:
            raise ValueError(f"The network does not take these images: {str(error).splitlines()[0]}") from error
    if not found:
        raise ValueError("No layer of this network returns maps (N, C, H, W): feature_maps needs convolutions.")
    return [_layer(*each, images, f" ({call})" if call > 1 else "") for each, call in
            zip(found, _calls(name for name, _, _ in found), strict=True)]


@contextmanager
def hooked(model, keep):
    """A network in evaluation mode whose innermost parts report to `keep`; afterwards it is as it was."""
    parts = [module for module in model.modules()
             if not list(module.children()) and not isinstance(module, UNCHANGED)]
    with listening(parts, keep), evaluating(model):
        yield


def _calls(names):
    """For each name how often it has come up so far."""
    counts = Counter()
    for name in names:
        counts[name] += 1
        yield counts[name]


def _layer(name, module, output, images, call):
    maps = output[:, :MOST].float().cpu()
    size = tuple(maps.shape[-2:])
    kernels = module.weight.detach().float().cpu().numpy() if isinstance(module, nn.Conv2d) else None
    alike = likeness(maps, images.cpu())
    shrunk = nn.functional.adaptive_avg_pool2d(maps, [min(BOX, side) for side in size])
    name = (name or "network") + call
    return Layer(name, type(module).__name__, output.shape[1], shrunk.numpy(), size, alike, kernels)


def likeness(maps, images):
    """How much each map looks like its scan: the absolute correlation of their pixels, 0 for a map of one value.

    maps : tensor (N, C, h, w).  images : tensor (N, channels, H, W); the mean over their channels is compared, averaged
    over as many blocks as a map has pixels.  Returns an array (N, C) from 0 to 1.
    """
    scans = nn.functional.adaptive_avg_pool2d(images.float().mean(1, keepdim=True), maps.shape[-2:])
    centred = [values.double() - values.double().mean((-2, -1), keepdim=True) for values in (maps, scans)]
    lengths = [values.square().sum((-2, -1)).sqrt() for values in centred]
    product = (centred[0] * centred[1]).sum((-2, -1)).abs()
    return torch.where(lengths[0] > 1e-9, product / (lengths[0] * lengths[1]).clamp(min=1e-12), 0.0).numpy()


def named_images(images, names=None, explorer="feature_maps"):
    """Images as a tensor (N, C, H, W), N from 1 to 16, and their names, numbered without any.

    Raises ValueError, in the name of an explorer, for anything but finite floats of that shape with a name for each.
    """
    images = torch.as_tensor(images)
    if images.ndim != 4 or not 1 <= len(images) <= 16:
        raise ValueError(f"{explorer} needs 1 to 16 images as a tensor (N, C, H, W), not {tuple(images.shape)}.")
    if not images.is_floating_point() or not images.isfinite().all():
        raise ValueError(f"{explorer} needs images of finite floats, as the network was trained on.")
    names = [f"image {number}" for number in range(len(images))] if names is None else [str(name) for name in names]
    if len(names) != len(images):
        raise ValueError(f"{len(names)} names for {len(images)} images: give one for each.")
    return images, names

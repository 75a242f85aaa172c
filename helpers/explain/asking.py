"""What the methods share: images made ready, the score that is asked about, and the maps of one layer."""
import operator

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from helpers.models import listening

BATCH = 32                                   # images that go through a network at once; more are no faster


def ready(model, images):
    """Images as a tensor (N, C, H, W) of the network's own dtype, on its device.

    Raises ValueError, in one sentence, for a network in training mode or without weights, and for anything but finite
    floats of that shape.
    """
    weight = next(model.parameters(), torch.zeros(0))
    if any(part.training for part in model.modules()):
        raise ValueError("This network is in training mode, where dropout draws lots and batch normalisation mixes the "
                         "images: call model.eval() first.")
    if weight.is_meta:
        raise ValueError("This network is on the meta device, without weights: build it without torch.device('meta').")
    images = images.detach() if torch.is_tensor(images) else torch.from_numpy(np.array(images))
    if images.ndim != 4:
        raise ValueError(f"images must have the shape (N, C, H, W), not {tuple(images.shape)}: one image is "
                         "images[:1] of a batch, or image[None].")
    if not images.is_floating_point() or not (images.sum().isfinite() or images.isfinite().all()):   # the sum is quick
        raise ValueError("images must be finite floats, scaled as those the network was trained on.")
    return images.to(weight.device, weight.dtype).clone()


def checked_target(target, count):
    """A class for each image, an int64 tensor (N,), or None where each image is asked about its highest class.

    Raises ValueError for anything but None, a whole number, or one for each image.
    """
    if target is None:
        return None
    try:
        several = np.ndim(target) == 1
        classes = [operator.index(each) for each in (target if several else [target] * count)]
    except TypeError:
        raise ValueError(f"target must be None, the number of a class or one for each image, not {target!r}.") from None
    if len(classes) != count:
        raise ValueError(f"There are {len(classes)} targets for {count} images: give one for each, or one for all.")
    return torch.tensor(classes, dtype=torch.int64)


def answers(model, images):
    """Scores (N, K) of a network, K = 1 for a network with a single logit.  Raises ValueError for other answers."""
    try:
        logits = model(images)
    except RuntimeError as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise ValueError(f"The network does not take these images: {reason}.") from error
    shape = tuple(logits.shape) if torch.is_tensor(logits) else type(logits).__name__
    if not torch.is_tensor(logits) or logits.ndim not in (1, 2) or len(logits) != len(images):
        raise ValueError(f"The network must return one row of scores for each image, (N, K), not {shape}.")
    return logits[:, None] if logits.ndim == 1 else logits


def resolved(logits, classes):
    """The class each image is asked about, int64 (N,): its own of `classes`, or the highest.

    Raises ValueError for a class that the network does not have.
    """
    if classes is None:
        return logits.argmax(1)
    count = logits.shape[1]
    for wrong in classes[(classes < 0) | (classes >= count)][:1].tolist():
        have = "one score, number 0" if count == 1 else f"{count} scores, numbers 0 to {count - 1}"
        raise ValueError(f"target {wrong} is out of range: this network has {have}.")
    return classes.to(logits.device)


def scores(model, images, classes):
    """The score of one class for each image, (N,); classes : int64 (N,)."""
    pieces = [answers(model, batch) for batch in images.split(BATCH)]
    return torch.cat(pieces).gather(1, classes[:, None])[:, 0]


def find(model, layer):
    """A part of a network, by name or as it is.  Raises ValueError for a name that is not there."""
    if not isinstance(layer, str):
        return layer
    try:
        return model.get_submodule(layer)
    except AttributeError:
        reason = f'This network has no layer "{layer}": dict(model.named_modules()) lists those it has.'
        raise ValueError(reason) from None


def named(model, module):
    """The name of a part of a network.  Raises ValueError if it is none."""
    for name, part in model.named_modules():
        if part is module:
            return f'"{name}"'
    raise ValueError(f"This {type(module).__name__} is no part of the network: pass one of its layers, or a name.")


def through(model, layer, images, change):
    """Scores (N, K) of a network in which `change(maps)` takes the place of what a layer hands on.

    layer : module or name, called once, with maps (N, channels, h, w) of more than one pixel.
    Raises ValueError, in one sentence, for any other layer.
    """
    module, called = find(model, layer), []
    if not isinstance(module, nn.Module):
        named(model, module)

    def hook(_, inputs, output):
        if called:
            raise ValueError(f"Layer {named(model, module)} is called more than once for an image, so it has no map of "
                             "its own: give each place a layer of its own, or choose another.")
        called.append(True)
        shape = tuple(output.shape) if torch.is_tensor(output) else type(output).__name__
        if len(shape) != 4 or shape[0] != len(images) or shape[2] * shape[3] < 2:
            raise ValueError(f"Layer {named(model, module)} has no map to show, its output is {shape}: choose one that "
                             "returns (N, channels, height, width), such as the last convolution.")
        return change(output)

    with listening([module], hook):
        logits = answers(model, images)
    if not called:
        raise ValueError(f"Layer {named(model, module)} was never called for these images, so it has no map: choose "
                         "one that is.")
    return logits


def enlarged(maps, size):
    """Maps (N, h, w) at another size (H, W), by bilinear interpolation between the centres of their pixels."""
    return F.interpolate(maps[:, None], size, mode="bilinear", align_corners=False)[:, 0]


def explained(model, images, target, work, upsample=True):
    """Run `work(images, classes)` batch by batch; its maps (n, h, w) at the size of the images, as an array."""
    with torch.inference_mode(False), torch.no_grad():       # whatever mode the caller is in; `work` may ask for more
        images = ready(model, images)
        classes, batches = checked_target(target, len(images)), images.split(BATCH)
        asked = [None] * len(batches) if classes is None else classes.split(BATCH)
        maps = torch.cat([work(*batch) for batch in zip(batches, asked, strict=True)])
        return (enlarged(maps, images.shape[2:]) if upsample else maps).cpu().numpy()

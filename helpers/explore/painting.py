"""A slice to paint a nodule on or to erase one from, and networks whose answers and heat maps follow."""
import copy
from pathlib import Path

import numpy as np
import torch
import traitlets
from matplotlib.figure import Figure
from torch import nn

from helpers import explain, models, show
from helpers.explore.canvas import GridView, as_numbers, bars
from helpers.explore.heat import HOT, over, peak_told
from helpers.explore.hooks import UNCHANGED
from helpers.explore.live import Explorer
from helpers.explore.pictures import grey
from helpers.explore.wording import chance, one_digit

SIDE, EXAMPLES, NETWORKS = 64, 6, 2             # pixels a side, start pictures and networks that fit on a slide
SETTINGS = ("stride", "dilation", "groups", "padding_mode")
PLAIN = "convolutions of stride 1, batch normalisation, ReLU and max pooling, then one score from a mean or LogSumExp"


class PaintingPad(GridView):
    """The state that the page and Python share; the page paints, computes and handles mouse and keys (painting.js)."""

    _esm = Path(__file__).parent / "painting.js"
    ends = traitlets.List(traitlets.Float(), [0.0, 1.0]).tag(sync=True)          # drawn black and white
    levels = traitlets.List(traitlets.Float(), [0.0, 1.0]).tag(sync=True)        # what the eraser and the brush leave
    pixels = traitlets.List(traitlets.Float(), [0.0]).tag(sync=True)
    start = traitlets.List(traitlets.Float(), [0.0]).tag(sync=True)
    networks = traitlets.List(traitlets.Dict(), []).tag(sync=True)               # name, steps, head, limit
    numbers = traitlets.CBytes(b"").tag(sync=True)                               # of all networks, float32
    palette = traitlets.CBytes(b"").tag(sync=True)
    names = traitlets.List(traitlets.Unicode(), []).tag(sync=True)
    examples = traitlets.List(traitlets.List(traitlets.Float()), []).tag(sync=True)
    erasing = traitlets.Bool(False).tag(sync=True)
    radius = traitlets.Float(1.5, min=0.5, max=4.0).tag(sync=True)

    @traitlets.validate("pixels")
    def _check_pixels(self, proposal):
        low, high = self.ends
        pixels, count = proposal.value, self.shape[0] * self.shape[1]
        if len(pixels) != count or not all(low - 1e-3 <= value <= high + 1e-3 for value in pixels):
            raise traitlets.TraitError(f"pixels needs {count} numbers from {low:g} to {high:g}, row after row.")
        return pixels


class PaintingExplorer(Explorer):
    """An explorer with two questions more: what is the slice now, and what do the networks make of it?"""

    def __init__(self, pad, asked):
        self.asked = asked
        super().__init__({}, pad, lambda: picture(self), lambda: describe(self))

    def values(self):
        """The present slice, float32 of shape (H, W)."""
        return np.reshape(self.view.pixels, self.view.shape).astype(np.float32)

    def answers(self, pixels=None):
        """For each network its name, score, and Grad-CAM map (H, W), of a slice (H, W) or of the present one."""
        pixels = self.values() if pixels is None else np.asarray(pixels, np.float32)
        return [(name, *asked(pixels)) for name, asked in self.asked.items()]


def nodule_pad(networks, images, names=None, levels=None):
    """Paint a nodule on a slice, or erase one, and watch the probability and the heat map follow each stroke.

    The prediction it serves: how small may a nodule be, and where, until the network no longer sees it?  Does the map
    follow the brush?  The page computes it, without a kernel.

    networks : dict of name to nn.Module, one or two, for images of one channel, made of convolutions of stride 1, batch
        normalisation, ReLU and max pooling, then one score from a mean or `LogSumExp`.  Copies are asked, in
        evaluation mode.
    images : float tensor or array (N, 1, H, W), at most 64 pixels a side, scaled as in training: up to six start
        slices, as buttons.  names : of the slices.
    levels : what the eraser and the brush leave, in the scale of the images; None takes the median of the dark grey
        pixels, in a chest the lung, and the brightest.
    Returns an explorer with `values()` and `answers(pixels=None)`.  Raises ValueError for what cannot be shown.
    """
    images = _checked(images)
    names = [f"slice {number}" for number in range(1, len(images) + 1)] if names is None else list(map(str, names))
    if len(names) != len(images) or not 1 <= len(networks) <= NETWORKS:
        raise ValueError(f"nodule_pad needs a name for each slice, and one or two networks, not {len(names)} names for "
                         f"{len(images)} slices and {len(networks)} networks.")
    described, numbers, asked = [], [], {}
    for name, network in networks.items():
        steps, head, layer, network = _taken_apart(network, numbers)
        asked[str(name)] = _asking(network, layer)
        limit = one_digit(max(max(float(asked[str(name)](image)[1].max()) for image in images[:, 0]), 1e-9))
        described.append({"name": str(name), "steps": steps, "head": head, "limit": limit})
    ends = [float(images.min()), float(images.max())]
    flat = np.round(images.astype(float), 4).reshape(len(images), -1).tolist()
    return PaintingExplorer(PaintingPad(
        shape=list(images.shape[2:]), ends=ends, levels=_levels(images, levels), pixels=flat[0], start=flat[0],
        names=names, examples=flat, networks=described, cursor=[side // 2 for side in images.shape[2:]],
        numbers=np.array(numbers, np.float32).tobytes(), palette=HOT.tobytes()), asked)


def _checked(images):
    """Start slices as float32 (N, 1, H, W).  Raises ValueError for anything else."""
    images = as_numbers(images, "images")
    if images.ndim != 4 or images.shape[1] != 1 or not 1 <= len(images) <= EXAMPLES or max(images.shape[2:]) > SIDE:
        raise ValueError(f"nodule_pad needs 1 to {EXAMPLES} slices (N, 1, H, W) of at most {SIDE} pixels a side, not "
                         f"{images.shape}.")
    if not np.isfinite(images).all() or np.ptp(images) == 0:
        raise ValueError("nodule_pad needs slices of finite numbers that are not all the same.")
    return images.astype(np.float32)


def _levels(images, levels):
    low, high = float(images.min()), float(images.max())
    if levels is None:
        dark = images[(images > low + 0.1 * (high - low)) & (images < low + 0.5 * (high - low))]
        levels = (float(np.median(dark)) if dark.size else low, high)
    lung, nodule = (float(level) for level in levels)
    if not low <= lung < nodule <= high:
        raise ValueError(f"levels must be what the eraser and the brush leave, rising, from {low:g} to {high:g}, not "
                         f"{(lung, nodule)}.")
    return [round(lung, 4), round(nodule, 4)]


def _asking(network, layer):
    """A function of a slice (H, W) that gives the score and the Grad-CAM map (H, W)."""

    def ask(pixels):
        image = torch.tensor(pixels)[None, None]
        with torch.no_grad():
            score = network(image).item()
        return score, explain.grad_cam(network, layer, image)[0]

    return ask


def _leaves(module):
    """The parts of nested `nn.Sequential`s, in the order of the computation."""
    if isinstance(module, nn.Sequential):
        return [leaf for part in module for leaf in _leaves(part)]
    return [module]


def _taken_apart(network, numbers):
    """Steps and head of a network for the page, the layer of its last maps, and the copy they are part of.

    numbers : list to which its weights are added.  Raises ValueError for a network that the page cannot compute.
    """
    network = copy.deepcopy(network).eval().float()
    parts = [leaf for leaf in _leaves(network) if not isinstance(leaf, UNCHANGED)]
    places = [place for place, part in enumerate(parts) if _sharpness(part) is not None]
    before, after = (parts[:places[0]], parts[places[0] + 1:]) if len(places) == 1 else ([], [])
    pooled_first = len(after) == 1 and isinstance(after[0], nn.Linear)
    last = after[0] if pooled_first else before.pop() if before and not after else None
    if last is None or last.weight.shape[0] != 1 or last.weight[0].numel() != last.weight.shape[1] or not before:
        raise ValueError(f"nodule_pad computes networks of {PLAIN} of one channel; this one is built otherwise.")
    steps = [step for place, part in enumerate(before) for step in _step(part, before[place + 1:], numbers)]
    head = {"weights": len(numbers), "bias": 0.0 if last.bias is None else last.bias.item(),
            "channels": last.weight.shape[1], "sharpness": _sharpness(parts[places[0]]), "pooled_first": pooled_first}
    numbers.extend(last.weight.detach().ravel().tolist())
    return steps, head, before[-1], network


def _sharpness(part):
    """Of the pooling of whole maps to one number: 0 for the mean; None for any other layer."""
    if isinstance(part, models.LogSumExp):
        return float(part.sharpness)
    return 0.0 if isinstance(part, nn.AdaptiveAvgPool2d) and part.output_size in (1, (1, 1)) else None


def _step(part, rest, numbers):
    """A layer as steps of the page; batch normalisation goes into the convolution before it."""
    if isinstance(part, nn.Conv2d):
        size, padding = part.kernel_size[0], part.padding if isinstance(part.padding, str) else part.padding[0]
        padding = {"same": (size - 1) // 2, "valid": 0}.get(padding, padding)
        usual = nn.Conv2d(part.in_channels, part.out_channels, size, padding=padding, device="meta")
        same = usual.kernel_size == part.kernel_size and part.padding in ("same", "valid", usual.padding)
        if same and all(getattr(part, name) == getattr(usual, name) for name in SETTINGS):
            weights, biases = _folded(part, rest[0] if rest and isinstance(rest[0], nn.BatchNorm2d) else None)
            step = {"kind": "conv", "out_channels": part.out_channels, "kernel_size": size, "padding": padding,
                    "weights": len(numbers), "biases": len(numbers) + weights.numel()}
            numbers.extend([*weights.ravel().tolist(), *biases.tolist()])
            return [step]
    if isinstance(part, nn.ReLU):
        return [{"kind": "relu"}]
    if isinstance(part, nn.BatchNorm2d):
        return []                                                        # is part of the convolution before
    if isinstance(part, nn.MaxPool2d) and isinstance(part.kernel_size, int) and part.kernel_size == part.stride \
            and (part.padding, part.dilation, part.ceil_mode) == (0, 1, False):
        return [{"kind": "pool", "size": part.kernel_size}]
    raise ValueError(f"nodule_pad computes networks of {PLAIN}; {part} is not among them.")


def _folded(layer, norm):
    """Weights and biases of a convolution and the batch normalisation behind it, as one convolution."""
    weights = layer.weight.detach()
    biases = torch.zeros(len(weights)) if layer.bias is None else layer.bias.detach()
    if norm is None:
        return weights, biases
    scale = norm.weight.detach() / (norm.running_var + norm.eps).sqrt()
    return weights * scale[:, None, None, None], norm.bias.detach() + scale * (biases - norm.running_mean)


def describe(explorer):
    """Slice and answers for readers who do not see them, in the words of the page."""
    pad = explorer.view
    changed = sum(now != start for now, start in zip(pad.pixels, pad.start, strict=True))
    said = "".join(f" {name}: probability {chance(probability(score))}, {peak_told(map_)}."
                   for name, score, map_ in explorer.answers())
    return f"A slice of {pad.shape[0]} by {pad.shape[1]} pixels, {changed or 'none'} of them painted.{said}"


def probability(score):
    """The sigmoid of a score."""
    return float(torch.sigmoid(torch.tensor(float(score), dtype=torch.float64)))


def picture(explorer):
    """The pad as it stands, as PNG bytes for the stored notebook."""
    pad, (low, high) = explorer.view, explorer.view.ends
    slice_ = grey(np.clip((explorer.values() - low) / (high - low), 0, 1))
    answers = explorer.answers()
    panels = len(answers) + 1
    fig = Figure(figsize=(3.6 * panels, 3.9), dpi=show.DPI)
    titles, pictures = ["Your slice"], [slice_]
    for (name, _, map_), network in zip(answers, pad.networks, strict=True):
        titles.append(name)
        pictures.append(over(slice_, map_, network["limit"], 1))
    for place, (title, shown) in enumerate(zip(titles, pictures, strict=True)):
        axis = fig.add_axes(((place + 0.03) / panels, 0.2, 0.94 / panels, 0.72), title=title, xticks=[], yticks=[])
        axis.imshow(shown)
    for place, (_, score, map_) in enumerate(answers, 1):
        axis = bars(fig.add_axes(((place + 0.06) / panels, 0.1, 0.88 / panels, 0.06)), {"": probability(score)},
                    [show.GREEN], (0, 1))
        axis.set_xlabel(f"probability {chance(probability(score))}, {peak_told(map_)}", fontsize=9)
    return show.encode(fig)

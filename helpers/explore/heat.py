"""What the explorers of heat maps share: a network with its images and answers, and how maps are drawn."""
import copy
from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn

from helpers import metrics
from helpers.explain.asking import enlarged
from helpers.explore.hooks import named_images, recorded
from helpers.explore.lettering import written
from helpers.explore.pictures import middle, scan_pictures, signed, zoomed
from helpers.explore.wording import chance, with_sign

HOT = plt.get_cmap("inferno")(np.linspace(0, 1, 256), bytes=True)[:, :3]        # lighter is more, also in grey
OPAQUE = 0.7                                                                    # where a map over a scan is highest
FOR, AGAINST = "for the score", "against it"


class BothSides(nn.Module):
    """A network with one score z as a network with two, -z and z: what speaks against it, and for it."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, images):
        score = self.network(images).reshape(len(images), 1)
        return torch.cat([-score, score], dim=1)                                # (N, 2)


class Case:
    """A network, the images it is asked about, and its answers.

    model : a copy of the network in evaluation mode, with two scores or more.  images : (N, C, H, W).
    names, classes : of the images and of the scores.  scores, probs : (N, K), probs being the probability of a class.
    masks : bool (N, H, W), what is to be found, or None.  side : screen pixels of a picture.
    """

    def __init__(self, explorer, model, images, names=None, classes=None, masks=None, side=240):
        self.images, self.names = named_images(images, names, explorer)
        self.network = copy.deepcopy(model).eval()
        self.layers = {layer.name: layer for layer in recorded(self.network, self.images) if layer.name != "network"}
        with torch.no_grad():
            logits = self.network(self.images)
        if logits.ndim > 2 or len(logits) != len(self.images):
            raise ValueError(f"{explorer} needs a network with scores (N, K), not {tuple(logits.shape)}.")
        single = logits.numel() == len(self.images)
        self.model = BothSides(self.network).eval() if single else self.network
        z = logits.reshape(len(logits), -1).double()
        probs = torch.cat([torch.sigmoid(-z), torch.sigmoid(z)], 1) if single else torch.softmax(z, 1)
        self.scores, self.probs = (torch.cat([-z, z], 1) if single else z).numpy(), probs.numpy()
        self.classes = self._classes(explorer, classes, single)
        self.masks = self._masks(explorer, masks)
        self.side, self.scans = side, scan_pictures(self.images, side)
        self.zoom = side // max(self.images.shape[2:])
        if not self.zoom:
            raise ValueError(f"{explorer} shows images of at most {side} pixels a side, not {images.shape[2:]}.")

    def _classes(self, explorer, classes, single):
        count = self.scores.shape[1]
        usual = [AGAINST, FOR] if single else [f"class {number}" for number in range(count)]
        classes = usual if classes is None else [str(name) for name in classes]
        if len(classes) != count:
            raise ValueError(f"{explorer} needs {count} names of classes, not {len(classes)}"
                             f"{': what speaks against the score, and for it' if single else ''}.")
        return classes

    def _masks(self, explorer, masks):
        size = (len(self.images), *self.images.shape[2:])
        masks = None if masks is None else np.asarray(masks)
        if masks is not None and (masks.shape != size or masks.dtype != bool):
            raise ValueError(f"{explorer} needs masks as bool of shape {size}, not {masks.dtype} {masks.shape}.")
        return masks

    def part(self, name):
        """The layer of a name, as a module of the copy."""
        return self.network.get_submodule(name)

    def titles(self):
        """For each layer that is called once a title and its name."""
        return [(f"{name}: {each.kind}, {each.channels} × {each.size[0]} × {each.size[1]}", name)
                for name, each in self.layers.items() if f"{name} (2)" not in self.layers and " (" not in name]

    def usual_layer(self):
        """The last layer with several maps: where Grad-CAM is usually asked for."""
        several = [name for _, name in self.titles() if self.layers[name].channels > 1]
        return several[-1] if several else self.titles()[-1][1]

    def told(self, image, which):
        """Score and probability of a class, in words."""
        probability = chance(self.probs[image, which])
        return f"score {score_told(self.scores[image, which])}, probability {probability}"


def score_told(score):
    """A score with its sign and three digits.

    >>> score_told(12.345), score_told(-0.00123), score_told(0.0)
    ('+12.3', '−0.00123', '0')
    """
    return with_sign(score, ".3g")


def upsampled(map_, size):
    """A map (h, w) at the size (H, W) of its image, as helpers.explain does it."""
    return enlarged(torch.from_numpy(map_)[None], tuple(size))[0].numpy()


def stretched(map_, size, zoom):
    """A map (h, w) in its own coarse pixels, as large as an image (H, W) of `zoom` screen pixels a pixel."""
    rows, columns = (np.arange(side * zoom) * cells // (side * zoom)
                     for side, cells in zip(size, map_.shape, strict=True))
    return map_[np.ix_(rows, columns)]


def coloured(map_, limit, below=False):
    """A map as colours, uint8 (H, W, 3): from black at 0 to yellow at `limit`; or, with `below`, blue, white, red."""
    if below:
        return signed(map_, limit)
    return HOT.take(np.rint(np.clip(map_ / limit, 0, 1) * 255).astype(np.uint8), axis=0)


def over(scan, map_, limit, zoom):
    """A map (H, W) laid over the picture of its scan: the higher it is, the less of the scan shines through."""
    share = np.clip(map_ / limit, 0, 1)
    colours = HOT.take(np.rint(255 * share).astype(np.uint8), axis=0)
    colours, share = (zoomed(each, zoom).astype(np.float32) for each in (colours, OPAQUE * np.sqrt(share)))
    laid = scan.copy()
    place = laid[middle(scan, share)]
    place[:] = np.rint(place + share[..., None] * (colours - place))
    return laid


def ring(picture, place, size, zoom):
    """Mark a pixel, (row, column) of an image (H, W), in its square picture: a white ring with black rims."""
    middle = [(len(picture) - length * zoom) // 2 + (at + 0.5) * zoom for length, at in zip(size, place, strict=True)]
    rows, columns = np.ogrid[:len(picture), :len(picture)]
    away = np.hypot(rows + 0.5 - middle[0], columns + 0.5 - middle[1])
    picture[(away > 10) & (away < 14)] = 0
    picture[(away > 11) & (away < 13)] = 255
    return picture


def edge(mask, side, zoom):
    """The rim of a mask (H, W) in a picture of `side` screen pixels a side: rows, columns, dashes (P, 1), 0 or 255."""
    square = np.zeros((side + 2, side + 2), bool)
    large = zoomed(mask, zoom)
    square[1:-1, 1:-1][middle(square[1:-1, 1:-1], large)] = large
    around = square[:-2, 1:-1] | square[2:, 1:-1] | square[1:-1, :-2] | square[1:-1, 2:]
    rows, columns = np.nonzero(around & ~square[1:-1, 1:-1])
    return rows, columns, np.where((rows + columns) // 4 % 2, 255, 0)[:, None]


def outlined(picture, rim):
    """Draw the rim of a mask, see `edge`, into a square picture."""
    rows, columns, dashes = rim
    picture[rows, columns] = dashes
    return picture


@lru_cache(maxsize=256)
def bar(high, below=False, width=150):
    """The scale of a map with its ends in words, uint8 (H, W, 3)."""
    shares = np.linspace(-1 if below else 0, 1, width)[None].repeat(12, 0)
    colours, low = coloured(shares, 1.0, below), written(f"−{high:g}" if below else "0", 16)
    end = written(f"{high:g}", 16)
    picture = np.full((16, low.shape[1] + width + end.shape[1] + 12, 3), 255, np.uint8)
    picture[:, :low.shape[1]] = low
    picture[2:14, low.shape[1] + 4:low.shape[1] + 4 + width] = colours
    picture[:, -end.shape[1]:] = end
    return picture


def peak(map_):
    """Where a map (H, W) is highest, (row, column), or None where it is nowhere above 0."""
    return tuple(map(int, np.unravel_index(map_.argmax(), map_.shape))) if map_.max() > 0 else None


def peak_told(map_, mask=None, what="nodule"):
    """Where a map is highest, in words, and whether that is on what was to be found, within 2 pixels."""
    place = peak(map_)
    if place is None:
        return "the map is nowhere above 0"
    told = f"peak at row {place[0]}, column {place[1]}"
    if mask is None or not mask.any():
        return told
    hit = metrics.pointing_game(map_[None], mask[None])[0] > 0
    return f"{told}, {'on' if hit else 'not on'} the {what}"

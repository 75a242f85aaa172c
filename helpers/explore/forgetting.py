"""Explorer of the randomisation check: layer by layer a network forgets, and its map must follow."""
from collections import Counter
from functools import lru_cache

import numpy as np

from helpers import explain, metrics, show
from helpers.explore.controls import choice, slider
from helpers.explore.heat import Case, over
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import note, outline, pixel_figure
from helpers.train import one_thread

BOX = 240                                                                # screen pixels of a picture
KINDS = {"Conv": "conv", "Norm": "norm", "Linear": "dense"}
METHODS = {"Grad-CAM": explain.grad_cam, "Grad-CAM++": explain.grad_cam_plus_plus,
           "Eigen-CAM": lambda model, layer, images, target: explain.eigen_cam(model, layer, images),
           "saliency": lambda model, layer, images, target: explain.saliency(model, images, target)}


def randomisation(model, images, layer, names=None, target=None):
    """Let the layers of a network forget what they learned, from the score down, and compare the maps.

    Serves the prediction: how many layers must forget before the map is another one?  Is there a map that does not
    care?

    model : nn.Module with scores (N, K); a copy of it is asked, in evaluation mode.
    images : float tensor or array (N, C, H, W), 1 to 16, scaled as in training.  names : of the images.
    layer : name of the layer whose maps are looked at.  target : the class; None for the highest score of each image.
    Returns an explorer.  Raises ValueError for other shapes, a layer without maps, or one that is not there.
    """
    case = Case("randomisation", model, images, names, None, None, BOX)
    forgotten = list(plain_names(case.network, explain.weighted_layers(case.network)).values())[::-1]
    maps, alike = _maps(case, layer, target, len(forgotten))
    maps("Grad-CAM", 0, 0)                                               # refuses the layer at once
    controls = {
        "image": choice("image", [(name, place) for place, name in enumerate(case.names)], width="260px"),
        "method": choice("map", [*METHODS], width="200px"),
        "seed": choice("new weights", [(f"draw {seed}", seed) for seed in range(1, 6)], width="210px"),
        "layers": slider("layers that forget", 0, 0, len(forgotten), width="440px")}
    fig, artists = _figure(forgotten)

    def update(image, method, seed, layers):
        for name, count in (("before", 0), ("after", layers)):
            map_ = maps(method, seed, count)[image]
            artists[name].pixels = over(case.scans[image], map_, max(float(map_.max()), 1e-12), case.zoom)
        curve = alike(method, seed)
        artists["mean"].set_data(range(len(forgotten) + 1), [mean(row) for row in curve])
        artists["one"].set_data(range(len(forgotten) + 1), curve[:, image])
        artists["now"].set_data([layers], [curve[layers, image]])
        return _tell(case.names[image], method, layers, forgotten, curve[layers], curve[layers, image])

    return live_figure(controls, fig, list(artists.values()), update, rows=[("image", "method", "seed"), ("layers",)])


def _maps(case, layer, target, most):
    """Maps (N, H, W) by method, draw and number of layers; and their rank correlation with those of no layer."""

    @lru_cache(maxsize=256)
    def maps(method, seed, layers):
        network = explain.randomised(case.network, layers, seed)
        with one_thread():
            return METHODS[method](network, layer, case.images, target)

    @lru_cache(maxsize=64)
    def alike(method, seed):
        first = maps(method, seed, 0)
        return np.stack([metrics.rank_correlation(first, maps(method, seed, layers)) for layers in range(most + 1)])

    return maps, alike


def mean(values):
    """The mean of those that are numbers; NaN where none is.

    >>> mean(np.array([1.0, np.nan, 2.0]))
    1.5
    """
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else np.nan


def plain_names(network, names):
    """Layers as a reader would count them from the image on: "conv 1", "norm 1" and so on; dict of name to words.

    >>> from torch import nn
    >>> plain_names(nn.Sequential(nn.Conv2d(1, 1, 3), nn.Linear(1, 1)), ["0", "1"])
    {'0': 'conv 1', '1': 'dense 1'}
    """
    counts, words = Counter(), {}
    for name in names:
        kind = type(network.get_submodule(name)).__name__
        plain = next((word for part, word in KINDS.items() if part in kind), kind)
        counts[plain] += 1
        words[name] = f"{plain} {counts[plain]}"
    return words


def _tell(name, method, layers, forgotten, all_images, this):
    who = "nothing is forgotten" if not layers else (
        f"the {'last layer has' if layers == 1 else f'last {layers} layers have'} forgotten, down to "
        f"{forgotten[layers - 1]}")
    told = "the map has one value, so no correlation" if np.isnan(this) else (
        f"rank correlation with the first map {this:.2f}".replace("-", "−"))
    caption = f"{method}, {name}: {who}; {told}"
    rest = f"mean of the images {mean(all_images):.2f}".replace("-", "−")
    return caption, f"The map of a scan as the network is, and after layers were drawn anew. {caption}; {rest}."


def _figure(forgotten):
    fig = pixel_figure(1030, 316)
    artists = {"before": Inset(8, 26), "after": Inset(261, 26)}
    for left, title in ((8, "what was learned"), (261, "after forgetting")):
        note(fig, left + BOX / 2, 13, title)
        outline(fig, left, 26, BOX, BOX)
    note(fig, 8, 284, "each map from 0 to its own largest value", ha="left")
    axes = fig.add_axes((580 / 1030, 92 / 316, 438 / 1030, 196 / 316))
    axes.set(xlim=(-0.3, len(forgotten) + 0.3), ylim=(-1.05, 1.6), title="Are the maps still alike?",
             ylabel="rank correlation", yticks=[-1, 0, 1], xticks=range(len(forgotten) + 1))
    axes.set_xticklabels(["none", *forgotten], rotation=40, ha="right", fontsize=9)
    axes.axhline(0, color=show.GREY, lw=1)
    artists["mean"] = axes.plot([], [], "s--", color=show.GREY, lw=1.2, ms=5, label="mean of all images")[0]
    artists["one"] = axes.plot([], [], "-", color=show.BLUE, lw=2, label="this image")[0]
    artists["now"] = axes.plot([], [], "o", color=show.RED, ms=10, mec="black", clip_on=False)[0]
    axes.legend(loc="upper right", fontsize=10, ncols=2)
    return fig, artists

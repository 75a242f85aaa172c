"""Explorers of class activation maps: Grad-CAM by image, class and layer, and its family side by side."""
from functools import lru_cache

import numpy as np

from helpers import explain
from helpers.explore.controls import choice, tick
from helpers.explore.heat import (
    Case,
    bar,
    coloured,
    edge,
    outlined,
    over,
    peak,
    peak_told,
    ring,
    stretched,
    upsampled,
)
from helpers.explore.lettering import written
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import in_box, note, outline, pixel_figure, zoomed
from helpers.explore.wording import one_digit
from helpers.train import one_thread

BOX, SMALL = 240, 196                                                    # screen pixels of a picture
FAMILY = {  # method, whether it asks for a gradient, how often it asks the network about an image with so many maps
    "Grad-CAM": (explain.grad_cam, True, "asks once"),
    "Grad-CAM++": (explain.grad_cam_plus_plus, True, "asks once"),
    "Score-CAM": (explain.score_cam, False, "asks 1 + {} times"),
    "Ablation-CAM": (explain.ablation_cam, False, "asks 1 + {} times"),
    "Eigen-CAM": (lambda model, layer, images, target, **size: explain.eigen_cam(model, layer, images, **size), False,
                  "knows no class")}


def grad_cam(model, images, names=None, classes=None, masks=None):
    """Grad-CAM of a network by image, class and layer: the raw map, the map at the size of the image, and both in one.

    Serves the prediction: at which layer is the map sharpest, and at which does it mean most?  And whose map changes
    if you ask about the other class?

    model : nn.Module with convolutions that returns scores (N, K); a copy of it is asked, in evaluation mode.
    images : float tensor or array (N, C, H, W), 1 to 16, scaled as in training.  names : of the images.
    classes : names of the K classes; of two for a network with a single score, what speaks against it and for it.
    masks : bool (N, H, W), what is to be found, or None.
    Returns an explorer.  Raises ValueError for other shapes, or if the network does not take the images.
    """
    case = Case("grad_cam", model, images, names, classes, masks, BOX)
    maps = _raw_maps(case)
    controls = {**_pickers(case), "below": tick("with what speaks against", width="190px")}
    if case.masks is not None:
        controls["truth"] = tick("outline the nodule")
    fig, insets = _four_figure()

    def update(image, which, layer, below, truth=False):
        signed_map, limit = maps(layer, which)
        raw = signed_map[image] if below else np.maximum(signed_map[image], 0)
        large = upsampled(raw, case.images.shape[2:])
        _draw_four(case, insets, image, raw, large, limit, below, truth)
        return _tell_one(case, image, which, layer, raw, large, limit)

    return live_figure(controls, fig, list(insets.values()), update, rows=[list(controls)[:3], list(controls)[3:]])


def _raw_maps(case):
    """A function of layer and class that gives the signed maps (N, h, w) of all images, and the end of their scale."""

    @lru_cache(maxsize=256)
    def raw(layer, which):
        with one_thread():
            maps = explain.grad_cam(case.model, case.part(layer), case.images, which, relu=False, upsample=False)
        return maps, one_digit(max(float(np.abs(maps).max()), 1e-12))

    return raw


def _pickers(case):
    """Controls for image, class and layer."""
    single = len(case.classes) == 2 and case.model is not case.network
    return {
        "image": choice("image", [(name, place) for place, name in enumerate(case.names)], width="290px"),
        "which": choice("class", [(name, place) for place, name in enumerate(case.classes)],
                        1 if single else int(case.scores[0].argmax()), width="240px"),
        "layer": choice("layer", case.titles(), case.usual_layer(), width="420px")}


def _draw_four(case, insets, image, raw, large, limit, below, truth):
    size, zoom = large.shape, case.zoom
    pictures = {"scan": case.scans[image].copy(),
                "raw": in_box(coloured(stretched(raw, size, zoom), limit, below), BOX),
                "large": in_box(zoomed(coloured(large, limit, below), zoom), BOX),
                "over": over(case.scans[image], large, limit, zoom)}
    if truth and case.masks[image].any():
        rim = edge(case.masks[image], BOX, zoom)
        pictures = {name: outlined(picture, rim) for name, picture in pictures.items()}
    if peak(large) is not None:
        pictures = {name: picture if name == "scan" else ring(picture, peak(large), size, zoom)
                    for name, picture in pictures.items()}
    for name, picture in pictures.items():
        insets[name].pixels = picture                                    # `show` would copy it twice
    insets["bar"].pixels = bar(limit, below)


def _tell_one(case, image, which, layer, raw, large, limit):
    mask = None if case.masks is None else case.masks[image]
    caption = (f"{case.names[image]}, {case.classes[which]}: {case.told(image, which)}; "
               f"{raw.shape[0]} × {raw.shape[1]} map, {peak_told(large, mask)}")
    span = f"from {raw.min():.2g} to {raw.max():.2g}".replace("-", "−")
    return caption, (f"A scan, its Grad-CAM map at layer {layer} in coarse pixels, the same at the size of the scan, "
                     f"and laid over it. {caption}. The map runs {span} in units of the score; the scale of all "
                     f"images ends at {limit:g}.")


def _four_figure():
    fig = pixel_figure(1016, 300)
    insets = {}
    titles = {"scan": "scan", "raw": "map of the layer", "large": "at the size of the scan", "over": "over the scan"}
    for place, (name, title) in enumerate(titles.items()):
        left = 8 + 253 * place
        insets[name] = Inset(left, 26)
        note(fig, left + BOX / 2, 13, title)
        outline(fig, left, 26, BOX, BOX)
    insets["bar"] = Inset(8, 276)
    note(fig, 261, 284, "units of the score, one scale for all images · ring: the highest pixel", ha="left")
    return fig, insets


def cam_family(model, images, names=None, classes=None, masks=None):
    """Five class activation maps of one layer side by side, each over the scan and on a scale of its own.

    Serves the prediction: which of the five ask for a gradient, and whose map does not change with the class?

    Parameters and errors are those of `grad_cam`.
    """
    case = Case("cam_family", model, images, names, classes, masks, SMALL)
    controls = _pickers(case)
    if case.masks is not None:
        controls["truth"] = tick("outline the nodule")
    fig, insets = _family_figure()

    @lru_cache(maxsize=1024)
    def maps(layer, which, image):
        with one_thread():
            return {name: method(case.model, case.part(layer), case.images[image:image + 1], which, upsample=False)[0]
                    for name, (method, _, _) in FAMILY.items()}

    def update(image, which, layer, truth=False):
        rim = edge(case.masks[image], SMALL, case.zoom) if truth else None
        large = {name: upsampled(map_, case.images.shape[2:]) for name, map_ in maps(layer, which, image).items()}
        for name, map_ in large.items():
            insets[name].pixels = _laid(case, image, map_, rim)
            insets[f"{name} asks"].pixels = written(FAMILY[name][2].format(case.layers[layer].channels), 18)
        return _tell_family(case, image, which, layer, large)

    return live_figure(controls, fig, list(insets.values()), update, rows=[list(controls)[:3], list(controls)[3:]])


def _laid(case, image, map_, rim):
    """A map on a scale of its own over its scan, with the rim of a mask and a ring around its peak."""
    picture = over(case.scans[image], map_, max(float(map_.max()), 1e-12), case.zoom)
    if rim is not None:
        outlined(picture, rim)
    return picture if peak(map_) is None else ring(picture, peak(map_), map_.shape, case.zoom)


def _tell_family(case, image, which, layer, large):
    mask = None if case.masks is None else case.masks[image]
    told = {name: peak_told(map_, mask) for name, map_ in large.items()}
    caption = f"{case.names[image]}, {case.classes[which]}: {case.told(image, which)}"
    if mask is not None and mask.any():
        hits = [name for name, words in told.items() if ", on the" in words]
        caption += f"; {len(hits)} of 5 peak on the nodule{': ' + ', '.join(hits) if 0 < len(hits) < 5 else ''}"
    return caption, (f"A scan five times, each with a heat map of layer {layer}. {caption}. "
                     + " ".join(f"{name}: {words}." for name, words in told.items()))


def _family_figure():
    fig = pixel_figure(1024, 290)
    insets = {}
    for place, (name, (_, gradient, _)) in enumerate(FAMILY.items()):
        left = 8 + 203 * place
        insets[name], insets[f"{name} asks"] = Inset(left, 26), Inset(left, 246)
        note(fig, left + SMALL / 2, 13, name)
        note(fig, left, 236, "with a gradient" if gradient else "without a gradient", ha="left")
        outline(fig, left, 26, SMALL, SMALL)
    note(fig, 8, 278, "each on its own scale, from 0 to its largest value · ring: the highest pixel", ha="left")
    return fig, insets

"""Grad-CAM's last step: weighted maps added up, what lies below 0 cut off, enlarged to the image."""
import torch
from torch import nn

from ..exercise import Exercise
from ..signs import mistakes
from .mapping_mutants import CASES, changed, enlarged, heat_map, mixed, placed

named = mistakes(CASES)
SEVERAL = tuple(place for place, case in enumerate(CASES) if len(case[0]) > 1)

SIGN = (
    named(
        "no ReLU",
        "What speaks against the class is still in your map, below 0. Cut it off after adding up: `.relu()`.",
        enlarged(cut=lambda heat: heat)),
    named(
        "cut off after enlarging",
        "You enlarge first and cut off below 0 then. Between a cell that speaks for the class and one against it "
        "the two are mixed. First `.relu()`, then enlarge.",
        enlarged(cut=lambda heat: heat, finish=torch.relu)),
    named(
        "ReLU on each map",
        "You cut off below 0 before you add up. A map that speaks against the class must be allowed to take away: "
        "add up first, then `.relu()` once.",
        mixed(lambda maps, weights: (weights[:, :, None, None] * maps).relu().sum(dim=1)),
        changed(maps=torch.relu, weights=torch.relu)),
    named(
        "negative weights dropped",
        "You leave out maps with a weight below 0. They speak against the class and count; only what is below 0 "
        "after adding up is cut off.",
        changed(weights=torch.relu), changed(weights=torch.abs)),
    named(
        "maps cut off at 0",
        "You cut the maps themselves off at 0. Some layers hand on numbers below 0; they count.",
        changed(maps=torch.relu), changed(maps=torch.abs)),
    named(
        "absolute value instead of ReLU",
        "You take the size of the sum. What speaks against the class would light up like what speaks for it: "
        "`.relu()`.",
        enlarged(cut=torch.abs)),
    named(
        "what speaks against the class",
        "You keep what lies below 0. Above 0 it speaks for the class.",
        enlarged(cut=lambda heat: (-heat).relu()), enlarged(cut=lambda heat: heat.clamp(max=0))),
)
SIZE = (
    named(
        "corners pinned to corners",
        "Your map is enlarged with corners pinned to corners, `align_corners=True`. Then cells lie up to half a "
        "cell off from the pixels that they were made of. Use `align_corners=False`.",
        placed("bilinear", align_corners=True), placed("bicubic", align_corners=True)),
    named(
        "blocks instead of a smooth map",
        "You repeat each cell. Between cells the map should run evenly: `mode=\"bilinear\"`.",
        placed("nearest"), placed("nearest-exact"), placed("area")),
    named(
        "another way to enlarge",
        "You enlarge with splines, which swing below 0 and above the highest value. `mode=\"bilinear\"` stays in "
        "between.",
        placed("bicubic", align_corners=False)),
    named(
        "not enlarged",
        "Your map has the size of the layer. Enlarge it to `size`, so that it can lie over the image.",
        mixed(lambda maps, weights: (weights[:, :, None, None] * maps).sum(dim=1).relu(), end=lambda heat, size: heat)),
    named(
        "rows and columns swapped",
        "Rows and columns are exchanged. `size` is (rows, columns), like the last two axes of the maps.",
        enlarged(size=lambda size: size[::-1]), enlarged(finish=lambda heat: heat.transpose(2, 3)),
        mixed(lambda maps, weights: (weights[:, :, None, None] * maps).sum(dim=1).relu().transpose(1, 2))),
    named(
        "axis of channels kept",
        "Your map has the shape (N, 1, rows, columns). `interpolate` wants that axis, but return (N, rows, columns): "
        "`[:, 0]`.",
        lambda maps, weights, size: heat_map(maps, weights, size)[:, None]),
    named(
        "all maps enlarged, none added",
        "You enlarge the maps and return all of them. Add the weighted maps up first: one map for each image.",
        *(lambda maps, weights, size, cut=cut: nn.functional.interpolate(
            cut(weights[:, :, None, None] * maps), size, mode="bilinear") for cut in (torch.relu, torch.clone))),
)
SUM = (
    named(
        "weights forgotten",
        "You add up or average the maps without their weights. That shows where the layer is active, whatever the "
        "class.",
        changed(weights=torch.ones_like), changed(weights=lambda weights: torch.ones_like(weights) / weights.shape[1])),
    named(
        "averaged over the maps",
        "You average the weighted maps. Add them up; otherwise a layer with many maps seems to say less.",
        mixed(lambda maps, weights: (weights[:, :, None, None] * maps).mean(dim=1).relu())),
    named(
        "strongest map only",
        "You keep the strongest of the weighted maps, at each place or altogether. Grad-CAM adds all of them up.",
        mixed(lambda maps, weights: (weights[:, :, None, None] * maps).amax(dim=1).relu()),
        mixed(lambda maps, weights: torch.stack([weight.max() * some[weight.argmax()] for some, weight
                                                 in zip(maps, weights, strict=True)]).relu())),
    named(
        "weights scaled",
        "You scale the weights, by softmax, sum or norm. Take them as they come: then the map has the unit of the "
        "score.",
        changed(weights=lambda weights: weights.softmax(dim=1)),
        changed(weights=lambda weights: weights / weights.sum(dim=1, keepdim=True)),
        changed(weights=lambda weights: weights / weights.norm(dim=1, keepdim=True)),
        changed(weights=lambda weights: weights / weights.abs().amax(dim=1, keepdim=True))),
    named(
        "a sum over the places",
        "You add up over rows and columns. Add up over the channels, `dim=1`: the places must stay.",
        lambda maps, weights, size: (weights[:, :, None, None] * maps).sum(dim=(2, 3)),
        lambda maps, weights, size: (weights[:, :, None, None] * maps).sum(dim=(2, 3)).relu(),
        lambda maps, weights, size: (weights[:, :, None, None] * maps).sum(dim=(1, 2, 3)).relu()),
)
BATCH = (
    named(
        "weights of the first image for all",
        "You use the weights of one image for all, or their mean. Each image has its own: `weights[:, :, None, None]`.",
        changed(weights=lambda weights: weights[:1].expand_as(weights)),
        changed(weights=lambda weights: weights[-1:].expand_as(weights)),
        changed(weights=lambda weights: weights.mean(dim=0, keepdim=True).expand_as(weights)), chosen=SEVERAL),
    named(
        "added up over the batch",
        "Images are mixed: you add up or average over the batch. Each map comes from its own image.",
        mixed(lambda maps, weights: (weights[:, :, None, None] * maps).sum(dim=(0, 1)).relu()[None]),
        mixed(lambda maps, weights: (weights[:, :, None, None] * maps).sum(dim=1).mean(dim=0).relu()[None]),
        mixed(lambda maps, weights: torch.einsum("mk,nkhw->nhw", weights, maps).relu())),
    named(
        "maximum over a batch",
        "You scale by the highest value of the whole batch: then what an image shows depends on its neighbours. Do not "
        "scale at all.",
        lambda maps, weights, size: (heat := heat_map(maps, weights, size)) / heat.max(),
        lambda maps, weights, size: (heat := heat_map(maps, weights, size)) / heat.max().clamp(min=1e-8)),
    named(
        "scaled to 1",
        "You stretch each map to run up to 1. An image in which hardly anything speaks for the class then looks "
        "like one in which much does. Return the map as it is.",
        *(lambda maps, weights, size, least=least: (heat := heat_map(maps, weights, size)) / heat.amax(
            dim=(1, 2), keepdim=True).clamp(min=least) for least in (0.0, 1e-8)),
        lambda maps, weights, size: ((heat := heat_map(maps, weights, size)) - heat.amin(dim=(1, 2), keepdim=True)) / (
            heat.amax(dim=(1, 2), keepdim=True) - heat.amin(dim=(1, 2), keepdim=True) + 1e-8)),
    named(
        "first image only",
        "You return the map of one image. Return those of all, (N, rows, columns).",
        *(lambda maps, weights, size, which=which: heat_map(maps, weights, size)[which]
          for which in (0, slice(1), -1, slice(-1, None)))),
)

HEAT_MAP = Exercise(
    title="Exercise 4",
    points=2,
    reference=heat_map,
    cases=CASES,
    rtol=1e-4,
    hints=(
        ("`weights[:, :, None, None]` has the shape (N, channels, 1, 1): times `maps`, each map gets its own "
         "weight. Then `.sum(dim=1)`, then `.relu()`."),
        ("`nn.functional.interpolate(heat, size, mode=\"bilinear\", align_corners=False)` enlarges. It wants four "
         "axes: keep the channels with `.sum(dim=1, keepdim=True)`."),
        "At the end take that axis away again: `[:, 0]`.",
    ),
    misconceptions=(*SIGN, *SIZE, *SUM, *BATCH),
)

"""The pointing game: does the highest pixel of a map lie where it should, and how often would chance hit?"""
import numpy as np

from ..exercise import Exercise
from ..signs import mistakes
from . import pointing_mutants as done
from .pointing_mutants import CASES, EMPTY, FULL, played, pointing_game

named, on_full = mistakes(CASES), mistakes(CASES, chosen=FULL)


def _share(part, whole):
    return part / whole if whole else np.nan


PEAK = (
    named(
        "maximum over a batch",
        "You look for the highest pixel of the whole batch, or compare with it. Then one image points and the "
        "others do not. Each map has its own highest pixel: `heat.max()` of one map.",
        done.whole_batch, chosen=FULL),
    on_full(
        "first of several highest pixels",
        "`argmax` finds the first of several highest pixels; a map that is 0 everywhere would point at the corner. "
        "Count the share of all highest pixels in the mask: `mask[heat == heat.max()].mean()`.",
        played(hit=done.at_first), played(hit=done.at_last)),
    on_full(
        "any of the highest pixels",
        "You count a hit as soon as one of the highest pixels lies in the mask, or only if all do. A map without a "
        "peak would always hit. Take the share of them that does.",
        played(hit=lambda heat, mask: mask[heat == heat.max()].any()),
        played(hit=lambda heat, mask: mask[heat == heat.max()].all()),
        played(hit=lambda heat, mask: np.round(mask[heat == heat.max()].mean()))),
    on_full(
        "mean inside compared with outside",
        "You ask whether the map is higher inside the mask than elsewhere, on average. The pointing game only asks "
        "about the highest pixel.",
        played(hit=lambda heat, mask: heat[mask].mean() > heat.mean()),
        played(hit=lambda heat, mask: heat[mask].mean() > heat[~mask].mean())),
    on_full(
        "lowest pixel",
        "You look at the lowest pixel, or at the largest without its sign. The map points at its highest one.",
        played(hit=lambda heat, mask: mask[heat == heat.min()].mean()),
        played(hit=lambda heat, mask: mask[abs(heat) == abs(heat).max()].mean()),
        played(hit=lambda heat, mask: mask.flat[heat.argmin()])),
    on_full(
        "energy instead of the peak",
        "You add up the map inside the mask. That is another measure; the pointing game only asks about the highest "
        "pixel.",
        played(hit=done.energy), played(hit=lambda heat, mask: heat[mask].sum()),
        played(hit=lambda heat, mask: heat[mask].mean())),
    on_full(
        "share of the mask",
        "You divide by the pixels of the mask, or of the image. Asked is which share of the *highest pixels* lies "
        "inside.",
        played(hit=lambda heat, mask: (mask & (heat == heat.max())).sum() / mask.sum()),
        played(hit=lambda heat, mask: (mask & (heat == heat.max())).mean())),
    on_full(
        "pixels counted",
        "You return how many of the highest pixels lie inside. Return their share.",
        played(hit=lambda heat, mask: mask[heat == heat.max()].sum())),
    on_full(
        "misses counted",
        "You count what lies outside the mask. A hit is inside.",
        played(hit=lambda heat, mask: 1 - mask[heat == heat.max()].mean()),
        played(hit=lambda heat, mask: (~mask)[heat == heat.max()].any())),
    on_full(
        "threshold instead of the peak",
        "You take all pixels above 0 or above half of the maximum. Only the highest ones count.",
        played(hit=lambda heat, mask: _share((mask & (heat > 0)).sum(), (heat > 0).sum())),
        played(hit=lambda heat, mask: _share((mask & (heat >= heat.max() / 2)).sum(), (heat >= heat.max() / 2).sum())),
        played(hit=lambda heat, mask: mask[heat >= 0.5 * heat.max()].mean()),
        played(hit=lambda heat, mask: mask[heat > heat.mean()].mean())),
    on_full(
        "rows and columns swapped",
        "You look up row for column. `np.unravel_index` gives (row, column), and the mask wants them in that order.",
        played(hit=done.rows_for_columns)),
)
CHANCE = (
    on_full(
        "chance as a count",
        "Your chance is the number of pixels in the mask. Divide by all pixels: `mask.mean()`.",
        played(chance=lambda mask: mask.sum())),
    on_full(
        "chance taken for one half",
        "You take chance for one half. A pixel drawn by lot hits a small mask seldom: the chance is the mask's "
        "share of the image.",
        played(chance=lambda mask: 0.5)),
    on_full(
        "one pixel of all",
        "Your chance is that of one pixel. Every pixel of the mask would be a hit: `mask.mean()`.",
        played(chance=lambda mask: 1 / mask.size), played(chance=lambda mask: 1 / mask.sum())),
    on_full(
        "chance to miss",
        "Your chance is the share of the image outside the mask. Inside is a hit.",
        played(chance=lambda mask: 1 - mask.mean())),
    named(
        "one chance for all images",
        "You return one chance for all images. Each has a mask of its own size: (N,).",
        lambda maps, masks: (pointing_game(maps, masks)[0], masks.mean()),
        lambda maps, masks: (pointing_game(maps, masks)[0], np.full(len(masks), masks.mean())),
        lambda maps, masks: (pointing_game(maps, masks)[0], np.where(masks.any((1, 2)), masks.mean(), np.nan)),
        lambda maps, masks: (pointing_game(maps, masks)[0], np.nanmean(pointing_game(maps, masks)[1]))),
)
RESULT = (
    named(
        "empty masks counted as misses",
        "Where the mask is empty there is nothing to find, and no map could hit. Such an image must not count: "
        "`np.nan`, for hit and chance.",
        played(empty=(0, 0)), played(empty=(0, np.nan)), played(empty=(np.nan, 0))),
    named(
        "empty masks counted as hits",
        "Where the mask is empty there is nothing to find: `np.nan` for both, not a hit.",
        played(empty=(1, 1)), played(empty=(1, 0)), played(empty=(1, np.nan))),
    named(
        "empty masks left out",
        "You leave images with an empty mask out, and what follows no longer knows which image is which. Keep their "
        "place, with `np.nan`.",
        done.left_out, chosen=(0, 1, EMPTY)),
    named(
        "averaged over the images",
        "You average. Return one number for each image; who uses them may average.",
        lambda maps, masks: tuple(map(np.nanmean, pointing_game(maps, masks))),
        lambda maps, masks: tuple(map(np.mean, pointing_game(maps, masks))), chosen=FULL),
    named(
        "chance in front",
        "You return the chance first. Return `hits, chance`.",
        played(give=lambda hits, chance: (chance, hits))),
    named(
        "hits without the chance",
        "You return one thing. Return two arrays, `hits, chance`: nobody can judge a share of hits without its chance.",
        played(give=lambda hits, chance: hits), played(give=lambda hits, chance: np.stack([hits, chance], axis=1))),
    named(
        "hits minus chance",
        "You take off the chance, or divide by it. Return both as they are.",
        played(give=lambda hits, chance: (hits - chance, chance)),
        played(give=lambda hits, chance: (hits / chance, chance))),
    named(
        "per cent instead of shares",
        "You return per cent. Return shares, from 0 to 1.",
        played(give=lambda hits, chance: (100 * hits, 100 * chance)),
        played(give=lambda hits, chance: (hits, 100 * chance))),
)

POINTING_GAME = Exercise(
    title="Exercise 6",
    points=2,
    reference=pointing_game,
    cases=CASES,
    hints=(
        ("Begin with two arrays of `np.nan`, (N,). A loop over the images fills them where `mask.any()`."),
        ("`heat == heat.max()` is True at the highest pixels, and `mask[heat == heat.max()]` is the mask at these "
         "places. Its mean is the share that hits."),
        "By lot each pixel is as likely as any other, so the chance is `mask.mean()`.",
    ),
    misconceptions=(*PEAK, *CHANCE, *RESULT),
)

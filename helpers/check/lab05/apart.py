"""The Hausdorff distance of two masks in millimetres: what goes wrong, by name."""
import math

import numpy as np

from ..exercise import Exercise, Misconception
from ..signs import any_of, behaves_like, mistakes, raises
from . import apart_mutants as done
from .apart_mutants import measured, pair
from .apart_run import BOTH_EMPTY, CASES, FULL, ONE_EMPTY, hausdorff

named, on_full = mistakes(CASES), mistakes(CASES, chosen=FULL)
LOOSE = dict(chosen=FULL)


def _says(indices, holds):
    """Sign: right where no mask is empty, and holds(value) in each of these cases."""
    def shows(results):
        values = [results[index].value for index in indices if results[index].error is None]
        numbers = [float(value) for value in values
                   if isinstance(value, float | np.number) or isinstance(value, int) and abs(value) < 10**30]
        return len(numbers) == len(indices) and all(map(holds, numbers)) and behaves_like(CASES, hausdorff, **LOOSE)(
            results)

    return shows


def _stops(results):
    """Sign: right where no mask is empty, and an error where one is."""
    stopped = [results[index].error is not None for index in (*BOTH_EMPTY, *ONE_EMPTY)]
    return any(stopped) and behaves_like(CASES, hausdorff, **LOOSE)(results)


SPACING = (
    on_full(
        "spacing ignored",
        "You count pixels. A step to the next row, column or slice is as long as `spacing` says, and these differ: "
        "multiply the positions with it before you measure.",
        measured(scale=lambda points, spacing: points)),
    on_full(
        "spacing in another order",
        "You multiply columns with the spacing of rows, or slices with that of columns. `spacing` has the order of the "
        "axes of the mask.",
        measured(scale=lambda points, spacing: points * np.array(spacing)[::-1]),
        measured(scale=lambda points, spacing: points * np.roll(spacing, 1))),
    on_full(
        "one spacing for all axes",
        "You use one number for all axes. Where slices are thicker than pixels are wide, a step along them is longer.",
        *(measured(scale=scale) for scale in done.ONE_SPACING)),
    on_full(
        "spacing multiplied at the end",
        "You measure in pixels and multiply the distance afterwards. Which spacing counts depends on the direction: "
        "multiply the positions first.",
        *(measured(scale=lambda points, spacing: points, end=end) for end in done.SCALED_LATE)),
    on_full(
        "divided by the spacing",
        "You divide by the spacing. Position times mm per step is a place in mm.",
        measured(scale=lambda points, spacing: points / np.array(spacing))),
    on_full(
        "spacing outside the square",
        "You multiply the squared differences with the spacing. Multiply the differences, then square.",
        measured(scale=lambda points, spacing: points, lengths=lambda first, second, spacing: np.sqrt(
            (pair(first, second)**2 * np.array(spacing)).sum(-1)))),
)
DIRECTIONS = (
    on_full(
        "one direction only",
        "You look from one mask to the other and not back. A drawing inside the organ lies near it everywhere, though "
        "half of the organ is missed: take both directions.",
        measured(combine=lambda there, back: there.max()), measured(combine=lambda there, back: back.max())),
    on_full(
        "smaller of the two directions",
        "You take the smaller of the two directions. Take the larger one: the worst place of either surface.",
        measured(combine=lambda there, back: min(there.max(), back.max()))),
    on_full(
        "directions averaged or added",
        "You average or add the two directions. Take the larger one.",
        measured(combine=lambda there, back: (there.max() + back.max()) / 2),
        measured(combine=lambda there, back: there.max() + back.max())),
    on_full(
        "mean instead of the largest distance",
        "You average the distances. That is the average surface distance, another measure; Hausdorff's is the largest.",
        *(measured(combine=combine) for combine in done.MEANS)),
    on_full(
        "a percentile instead of the largest",
        "You take a percentile of the distances. 95 % is often reported, because one stray pixel does not change it; "
        "here the largest is asked.",
        *(measured(combine=lambda there, back, of=of: max(np.percentile(there, of), np.percentile(back, of)))
          for of in (95, 90, 99, 50)),
        measured(combine=lambda there, back: np.percentile(np.concatenate([there, back]), 95))),
    on_full(
        "smallest distance",
        "You return the smallest distance, which is 0 as soon as the two touch. Of the nearest distances take the "
        "largest.",
        measured(combine=lambda there, back: min(there.min(), back.min()))),
    on_full(
        "farthest instead of nearest point",
        "You take the farthest point of the other surface. From each point the nearest one counts; then the largest "
        "of these.",
        done.farthest, measured(nearest=np.max)),
    on_full(
        "smallest, then smallest again",
        "You take the smallest over all points, then the largest in the wrong order. First the nearest for each point, "
        "`min`, then the worst point, `max`.",
        measured(combine=lambda there, back: max(there.min(), back.min()), nearest=np.max)),
)
LENGTHS = (
    on_full(
        "not the straight line",
        "You add the steps along the axes, or take the longest of them. The distance is the straight line: the root of "
        "the sum of squares.",
        measured(lengths=lambda first, second, spacing: np.abs(pair(first, second)).sum(-1)),
        measured(lengths=lambda first, second, spacing: np.abs(pair(first, second)).max(-1))),
    on_full(
        "root forgotten",
        "You return the square of the distance. Take the root.",
        measured(lengths=lambda first, second, spacing: (pair(first, second)**2).sum(-1))),
    on_full(
        "between the centres",
        "You measure between the centres of the two masks. A drawing much too large has the same centre.",
        done.between_centres),
    on_full(
        "all pixels instead of the surface",
        "You measure between all pixels of the masks, so the inside of a hole counts as near. Take the surfaces: "
        "`surface(target)`, `surface(pred)`.",
        measured(points=lambda mask: mask), done.inside_free),
    on_full(
        "spacing times the mask",
        "You multiply the mask, True and False, with the spacing. Multiply the places: "
        "`np.argwhere(surface(mask)) * spacing`.",
        lambda target, pred, spacing: np.abs(target * np.array(spacing) - pred * np.array(spacing)).max(), words=True),
    Misconception(
        "corresponding points",
        "You subtract the first point from the first, the second from the second. The points of two surfaces do not "
        "belong together in pairs: compare every one with every one.",
        done.in_pairs,
        sign=any_of(behaves_like(CASES, done.in_pairs, **LOOSE), raises(ValueError, "broadcast together"))),
    on_full(
        "rounded",
        "You round. Return the distance as it is; round when you print it.",
        *(measured(end=lambda value, spacing, digits=digits: round(float(value), digits)) for digits in (0, 1, 2, 3))),
)
EMPTY = (
    Misconception(
        "stops where a mask is empty",
        "Right where both masks have pixels; where one has none your code stops, since there is nothing to be near to. "
        "Ask first: both empty is NaN, one empty is infinite.",
        done.stopping,
        sign=_stops),
    Misconception(
        "0 where a mask is empty",
        "You say 0 mm where a mask is empty: a perfect drawing. Both empty is not known, `np.nan`; one empty is as bad "
        "as can be, `np.inf`.",
        measured(both_empty=0.0, one_empty=0.0),
        sign=any_of(_says(ONE_EMPTY, lambda value: value == 0), _says(BOTH_EMPTY, lambda value: value == 0))),
    Misconception(
        "NaN where one mask is empty",
        "You say NaN where one mask is empty. An organ was missed, or drawn where there is none: that is known, and "
        "infinitely far, `np.inf`.",
        measured(one_empty=math.nan),
        sign=_says(ONE_EMPTY, math.isnan)),
    Misconception(
        "infinite where both masks are empty",
        "You say infinite where both masks are empty. Nothing was missed there and nothing measured: `np.nan`.",
        measured(both_empty=math.inf),
        sign=_says(BOTH_EMPTY, math.isinf)),
    Misconception(
        "a large number where one mask is empty",
        "You say some number where one mask is empty. It would slip into a mean as if it were a distance: `np.inf`.",
        measured(one_empty=999.0),
        sign=_says(ONE_EMPTY, math.isfinite)),
    Misconception(
        "masks subtracted instead of places",
        "You measure between the masks themselves, rows of True and False. Measure between the places where they are "
        "True: `np.argwhere(surface(mask))`.",
        lambda target, pred, spacing: np.max(target[:, None] - pred),
        sign=raises(TypeError, "boolean subtract")),
)

HAUSDORFF = Exercise(
    title="Exercise 8",
    points=2,
    reference=hausdorff,
    cases=CASES,
    hints=(
        ("`np.argwhere(surface(mask))` lists the places on a surface, one row each: (row, column) or (slice, row, "
         "column). Times `spacing` they are in mm."),
        ("All distances at once: `first[:, None] - second` has the shape (points of one, points of the other, axes); "
         "square, sum over the last axis, root."),
        ("The nearest of each point is `apart.min(axis=1)`, and the other way `apart.min(axis=0)`; take the largest of "
         "both."),
        "Before all that: `if not target.any() and not pred.any(): return np.nan`, and `np.inf` if only one is empty.",
    ),
    misconceptions=(*SPACING, *DIRECTIONS, *LENGTHS, *EMPTY),
)

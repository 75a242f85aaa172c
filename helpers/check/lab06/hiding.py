"""Occlusion: hide one place after the other and ask the network again."""
import torch

from ..exercise import Complaint, Exercise, Misconception
from ..signs import any_of, mistakes, raises
from . import hiding_mutants as done
from .hiding_mutants import finished, hiding
from .hiding_run import CASES, CUT, look, my_scores, occlusion
from .tiny import RTOL, in_training_mode, training_mode

named = mistakes(CASES, look=look, rtol=RTOL)
SEVERAL = tuple(place for place, case in enumerate(CASES) if case[1][0] > 1)

SCORE = (
    named(
        "sign turned round",
        "Your map is above 0 where hiding raises the score. What the network needs shall be above 0: the score "
        "before, minus the score with the patch.",
        hiding(drop=lambda before, after: after - before)),
    named(
        "score instead of its fall",
        "You return the score with the patch. Return by how much it falls: `before - after`.",
        hiding(drop=lambda before, after: after), hiding(drop=lambda before, after: -after)),
    named(
        "size of the change",
        "You drop the sign. Hiding may raise a score, and that is another thing than lowering it: `before - after`.",
        hiding(drop=lambda before, after: (before - after).abs()),
        hiding(drop=lambda before, after: (before - after)**2)),
    named(
        "cut off at 0",
        "You cut off what lies below 0. Where hiding raises the score the map is below 0, and that is worth knowing.",
        hiding(drop=lambda before, after: (before - after).relu())),
    named(
        "probability instead of score",
        "You compare probabilities. Where the network is sure they hardly move; compare scores.",
        hiding(ask=done.probability), hiding(ask=lambda logits, target: my_scores(logits.softmax(dim=1), target)),
        hiding(ask=lambda logits, target: my_scores(logits.sigmoid(), target))),
    named(
        "quotient instead of difference",
        "You divide by the score. It may be close to 0, or below: take the difference.",
        hiding(drop=lambda before, after: (before - after) / before), hiding(drop=lambda before, after: after / before),
        hiding(drop=lambda before, after: (before - after) / before.abs()),
        hiding(drop=lambda before, after: 1 - after / before)),
    named(
        "highest class each time",
        "You ask about the highest class. When a place is hidden that may be another one; ask about `target` each "
        "time.",
        hiding(ask=lambda logits, target: logits.max(dim=1).values)),
    named(
        "target ignored",
        "You always ask about class 0. `target` says which class: `my_scores(network(hidden), target)`.",
        hiding(ask=lambda logits, target: logits[:, 0])),
    named(
        "compared with an empty image",
        "You compare with an image that is hidden everywhere. Compare with the image as it is.",
        hiding(start=torch.full_like)),
    named(
        "mixed over the batch",
        "You take the mean, sum or maximum over the batch. Each image has its own scores and its own map.",
        hiding(ask=lambda logits, target: my_scores(logits, target).mean().repeat(len(logits))),
        hiding(ask=lambda logits, target: my_scores(logits, target).sum().repeat(len(logits))),
        hiding(ask=lambda logits, target: my_scores(logits, target).max().repeat(len(logits))),
        hiding(drop=lambda before, after: (before - after).mean().repeat(len(before))), chosen=SEVERAL),
)
HIDDEN = (
    Misconception(
        "hidden places stay hidden",
        "What you hid stays hidden when the next patch comes, so you measure all patches so far. Begin each time "
        "with a copy of the image: `hidden = images.clone()` inside the loops.",
        hiding(fresh=False),
        sign=any_of(mistakes(CASES, look=look, rtol=RTOL)("", "", hiding(fresh=False)).sign,
                    raises(Complaint, "changes the images"))),
    named(
        "another value than `fill`",
        "You hide with 0, with the mean or with the lowest value. What a patch looks like matters: `fill` says it.",
        hiding(cover=done.with_number(0)), hiding(cover=done.with_number(-1)), hiding(cover=done.with_mean),
        hiding(cover=done.with_lowest)),
    named(
        "added instead of hidden",
        "You add or multiply; what was there still shows through. Put `fill` in its place: `= fill`.",
        hiding(cover=done.added), hiding(cover=done.multiplied)),
    named(
        "all but the patch hidden",
        "You hide everything else. Hide the patch, and leave the rest.",
        hiding(cover=done.all_but)),
    named(
        "part of the patch hidden",
        "You hide a single pixel, or one channel only. A patch is `patch` rows by `patch` columns of all channels.",
        hiding(cover=done.one_pixel), hiding(cover=done.first_channel)),
    named(
        "more than the patch hidden",
        "You hide whole rows, or a row and a column too many. `top:top + patch` holds patch rows.",
        hiding(cover=done.whole_rows), hiding(cover=lambda images, rows, columns, fill: done.filled(
            images, slice(None), columns, fill)), hiding(cover=done.one_pixel_more)),
    named(
        "rows and columns swapped",
        "You hide at rows and columns that are exchanged. Axis 2 holds the rows, axis 3 the columns.",
        hiding(cover=done.rows_for_columns)),
)
MAP = (
    named(
        "last patches left out",
        "At the right and lower edge your map is 0: patches that reach over the edge are left out. They are cut off "
        "there, and a slice does it by itself.",
        hiding(stop=lambda length, patch: length - patch + 1), chosen=CUT),
    named(
        "one number for each patch",
        "You return a table with one number for each patch. Every pixel of the patch gets the number: (N, H, W).",
        finished(lambda drops, patch: drops[:, ::patch, ::patch])),
    named(
        "only one pixel gets the number",
        "You write the number at the corner of the patch. All of its pixels get it: `[:, top:top + patch, left:left + "
        "patch]`.",
        hiding(spread=lambda rows, columns: (slice(rows.start, rows.start + 1),
                                             slice(columns.start, columns.start + 1)))),
    named(
        "patches that overlap",
        "You move the patch on by one pixel. Here patches lie side by side: `range(0, height, patch)`.",
        hiding(step=lambda patch: 1)),
    named(
        "first image only",
        "You return the map of one image. Return those of all, (N, H, W).",
        finished(lambda drops, patch: drops[0]), finished(lambda drops, patch: drops[:1])),
    named(
        "axis of channels kept",
        "Your map has an axis too many. Return (N, H, W).",
        finished(lambda drops, patch: drops[:, None]), finished(lambda drops, patch: drops[..., None])),
    named(
        "scaled to 1",
        "You stretch the map. Return by how much the score falls: then images can be compared.",
        finished(lambda drops, patch: drops / drops.amax(dim=(1, 2), keepdim=True)),
        finished(lambda drops, patch: drops / drops.max()),
        finished(lambda drops, patch: drops / drops.abs().amax(dim=(1, 2), keepdim=True)),
        finished(lambda drops, patch: drops / patch**2)),
    training_mode(hiding(run=in_training_mode), "whatever it is shown, patches included"),
)

OCCLUSION = Exercise(
    title="Exercise 5",
    points=2,
    reference=occlusion,
    observe=look,
    cases=CASES,
    rtol=RTOL,
    hints=(
        ("Before the loops: `before = my_scores(network(images), target)`, and a map of zeros, (N, H, W). Everything "
         "inside `with torch.no_grad():`."),
        ("Two loops, `for top in range(0, height, patch):` and the same for left. Inside: a copy, `hidden = "
         "images.clone()`, with `hidden[:, :, top:top + patch, left:left + patch] = fill`."),
        ("The fall is `before - my_scores(network(hidden), target)`, (N,). Write it into the same rows and columns "
         "of the map, with two new axes: `[:, None, None]`."),
    ),
    misconceptions=(*SCORE, *HIDDEN, *MAP),
)

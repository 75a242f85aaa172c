"""Change one place and ask again: erase it, or exchange it between the ill and the healthy."""
import numpy as np

from ..exercise import Exercise, Misconception
from ..signs import changes, mistakes, raises
from . import altering_mutants as done
from .altering_mutants import CASES, UNEVEN, altered, altering, both_ways, place, rows_of

named = mistakes(CASES)

PLACE = (
    named(
        "rows and columns swapped",
        "You take columns for rows. `box` is (top, bottom, left, right): rows `top:bottom`, columns `left:right`.",
        altering(where=lambda box: place((box[2], box[3], box[0], box[1])))),
    named(
        "box in another order",
        "You read the box as (top, left, bottom, right), or as corner, height and width. It is (top, bottom, left, "
        "right), and `bottom` and `right` are not in it any more.",
        altering(where=lambda box: (slice(box[0], box[2]), slice(box[1], box[3]))),
        altering(where=lambda box: (slice(box[0], box[0] + box[1]), slice(box[2], box[2] + box[3])))),
    named(
        "a row and a column too many",
        "Your box has a row and a column too many. `top:bottom` ends before `bottom`, as it should.",
        altering(where=lambda box: (slice(box[0], box[1] + 1), slice(box[2], box[3] + 1)))),
    named(
        "only rows or columns",
        "You change whole rows or whole columns. The box has both: `[:, :, top:bottom, left:right]`.",
        altering(where=lambda box: (slice(box[0], box[1]), slice(None))),
        altering(where=lambda box: (slice(None), slice(box[2], box[3])))),
    named(
        "everything else erased",
        "You keep the box and erase the rest. Erase the box, and leave the rest.",
        done.all_but),
    named(
        "only the box returned",
        "You return the boxes. Return whole images, in which only the box has changed.",
        done.cut_out),
    named(
        "erased with another value",
        "You erase with 0, NaN or a mean. Air is -1 in these images; a grey patch would be a thing of its own.",
        altering(value=0.0), altering(value=1.0), altering(value=np.nan), altering(value=-1000.0),
        lambda images, ill, box: (done.erased(images, place(box), images.mean().item()), altered(images, ill, box)[1]),
        lambda images, ill, box: (done.erased(images, place(box), images.min().item()), altered(images, ill, box)[1])),
    named(
        "erased in some images only",
        "You erase in the ill or in the healthy only. That makes the box a sign of its own: erase it in all images.",
        altering(which=lambda ill: np.flatnonzero(ill)), altering(which=lambda ill: np.flatnonzero(~ill))),
)
EXCHANGE = (
    named(
        "exchanged one way only",
        "Only the ill, or only the healthy, get other boxes. Both get those of the others.",
        altering(pairs=lambda ill: both_ways(ill)[:1]), altering(pairs=lambda ill: both_ways(ill)[1:])),
    named(
        "second half reads what the first wrote",
        "The healthy get back their own boxes: you read from the copy after the ill have been written into it. Read "
        "from `images`, write into the copy.",
        done.overwritten),
    named(
        "exchanged after erasing",
        "In both sets the boxes are erased. Make two copies of `images`: one is erased, in the other boxes are "
        "exchanged.",
        done.exchanged_after_erasing),
    named(
        "whole images exchanged",
        "You exchange whole images. Only the box moves; lungs and nodules stay where they are.",
        done.whole_images),
    named(
        "exchanged whoever is ill",
        "You move boxes on by one image, or turn their order round, whoever is ill. Ill ones get a box of a healthy "
        "one, and the other way round.",
        altering(pairs=done.shifted_by_one), done.mirrored_places,
        altering(pairs=lambda ill: [(np.arange(len(ill)), np.roll(np.arange(len(ill)), 1))])),
    named(
        "one box for all",
        "You use one box for all. The first ill gets the box of the first healthy, the second that of the second, "
        "and so on.",
        altering(pairs=done.first_for_all), chosen=(1, *UNEVEN)),
    named(
        "some left as they were",
        "You stop when the smaller group runs out, and the rest keep their boxes. Start over with the first: "
        "`np.resize(others, len(these))`.",
        altering(pairs=done.only_pairs), chosen=UNEVEN),
    named(
        "last box repeated",
        "When the smaller group runs out you repeat its last box. Start over with the first.",
        altering(pairs=done.last_repeated), chosen=UNEVEN),
    Misconception(
        "groups of unequal size",
        "There are more of one group than of the other, and PyTorch cannot write so many boxes into so many places. "
        "Start over with the first when they run out: `np.resize(others, len(these))`.",
        altering(pairs=lambda ill: both_ways(ill, fit=lambda others, count: others)),
        sign=raises(RuntimeError, "shape mismatch")),
    named(
        "reversed order",
        "Your boxes come in reverse. The first ill gets the box of the first healthy.",
        altering(pairs=lambda ill: [(these, others[::-1]) for these, others in both_ways(ill)]),
        altering(pairs=lambda ill: [(these, np.resize(others[::-1], len(these))) for these, others in
                                    (rows_of(ill), rows_of(ill)[::-1])]), chosen=(1, *UNEVEN)),
)
RESULT = (
    Misconception(
        "images changed in place",
        "You change the images that were handed over. Whoever did still needs them: work on `images.clone()`.",
        done.in_place,
        sign=changes("images")),
    named(
        "one set of images instead of two",
        "You return one set of images. Return two, `erased, exchanged`.",
        altering(give=lambda first, second: first), altering(give=lambda first, second: second)),
    named(
        "exchanged in front",
        "You return the exchanged images first. Return `erased, exchanged`.",
        altering(give=lambda first, second: (second, first))),
    named(
        "nothing exchanged",
        "Your second set is unchanged: every image has its own box. Ill ones get boxes of healthy ones, and the "
        "other way round.",
        altering(pairs=lambda ill: []), altering(pairs=lambda ill: [(np.arange(len(ill)),) * 2])),
    named(
        "nothing erased",
        "In your first set nothing is erased: `erased[:, :, top:bottom, left:right] = -1`, in a copy of its own.",
        altering(give=lambda first, second: (second, second)),
        lambda images, ill, box: (images.clone(), altered(images, ill, box)[1])),
)

ALTERED = Exercise(
    title="Exercise 7",
    points=2,
    reference=altered,
    cases=CASES,
    hints=(
        ("Two copies: `erased, exchanged = images.clone(), images.clone()`. The first is one line: "
         "`erased[:, :, top:bottom, left:right] = -1`."),
        ("Numbers of the ill are `np.flatnonzero(ill)`, of the healthy `np.flatnonzero(~ill)`. "
         "`np.resize(well, len(sick))` repeats them from the start until there are enough."),
        ("Write into the copy, read from `images`: `exchanged[sick, :, top:bottom, left:right] = images[others, :, "
         "top:bottom, left:right]`. Then the same for the healthy."),
    ),
    misconceptions=(*PLACE, *EXCHANGE, *RESULT),
)

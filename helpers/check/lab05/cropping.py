"""Crop the maps that cross to the size of what comes from below, and join both: the skip connection of 2015."""
import torch
from torch.nn import functional

from ..exercise import Exercise, Misconception
from ..signs import mistakes, raises


def crop_and_join(skip, maps):
    """The middle of skip (N, S, H, W), as large as maps (N, C, h, w), and then maps: (N, S + C, h, w)."""
    height, width = maps.shape[2:]
    top = (skip.shape[2] - height) // 2
    left = (skip.shape[3] - width) // 2
    middle = skip[:, :, top:top + height, left:left + width]
    return torch.cat([middle, maps], dim=1)


def drawn(seed, *shape):
    """Whole numbers from -9 to 9, as floats."""
    return torch.randint(-9, 10, shape, generator=torch.Generator().manual_seed(seed)).float()


CASES = (
    (drawn(1, 1, 1, 4, 6), drawn(2, 1, 1, 2, 4)),
    (drawn(3, 1, 2, 6, 5), drawn(4, 1, 3, 2, 3)),
    (drawn(5, 2, 2, 3, 6), drawn(6, 2, 2, 1, 2)),
    (drawn(7, 1, 3, 5, 7), drawn(8, 1, 2, 3, 7)),  # no column to cut
    (drawn(9, 2, 1, 8, 6), drawn(10, 2, 2, 2, 2)),
    (drawn(11, 1, 2, 4, 3), drawn(12, 1, 2, 4, 3)),  # nothing to cut
    (drawn(13, 3, 1, 10, 9), drawn(14, 3, 1, 4, 7)),
    (drawn(15, 1, 1, 3, 8), drawn(16, 1, 2, 3, 4)),  # no row to cut
)
CUT_ON_BOTH = (0, 1, 2, 4, 6)
named, where_cut = mistakes(CASES, words=True), mistakes(CASES, chosen=CUT_ON_BOTH)


def _joined(parts, dim=1):
    return torch.cat(parts, dim=dim)


def _cropped(skip, maps, top=0, left=0):
    height, width = maps.shape[2:]
    return skip[:, :, top:top + height, left:left + width]


def _margins(skip, maps):
    return [large - small for large, small in zip(skip.shape[2:], maps.shape[2:], strict=True)]


def _middle(skip, maps):
    return _cropped(skip, maps, *(margin // 2 for margin in _margins(skip, maps)))


def _at(first):
    """Another corner of the crop: first(rows to spare, columns to spare) -> top, left."""
    return lambda skip, maps: _joined([_cropped(skip, maps, *first(*_margins(skip, maps))), maps])


def _along(dim, order):
    return lambda skip, maps: _joined([_middle(skip, maps), maps][::order], dim)


def _resized(mode):
    def mutant(skip, maps):
        smooth = {} if mode in ("nearest", "area") else {"align_corners": False}
        return _joined([functional.interpolate(skip, maps.shape[2:], mode=mode, **smooth), maps])

    return mutant


def _framed(skip, maps):
    rows, columns = (margin // 2 for margin in _margins(skip, maps))
    return _joined([skip, functional.pad(maps, (columns, columns, rows, rows))])


def _framed_at_the_end(skip, maps):
    rows, columns = _margins(skip, maps)
    return _joined([skip, functional.pad(maps, (0, columns, 0, rows))])


def _cut_to(ends):
    """Crops written as slices: ends(margin) gives first and last of an axis."""
    def mutant(skip, maps):
        rows, columns = (slice(*ends(margin)) for margin in _margins(skip, maps))
        return _joined([skip[:, :, rows, columns], maps])

    return mutant


def _one_offset(axis):
    def mutant(skip, maps):
        first = _margins(skip, maps)[axis] // 2
        return _joined([_cropped(skip, maps, first, first), maps])

    return mutant


def _one_axis(axis):
    def mutant(skip, maps):
        first, length = _margins(skip, maps)[axis] // 2, maps.shape[2 + axis]
        return _joined([skip.narrow(2 + axis, first, length), maps])

    return mutant


def _exchanged(skip, maps):
    """Columns for rows."""
    width, height = maps.shape[2:]
    left, top = (skip.shape[2] - width) // 2, (skip.shape[3] - height) // 2
    return _joined([skip[:, :, top:top + height, left:left + width], maps])


def _thinned(skip, maps):
    rows, columns = (large // small for large, small in zip(skip.shape[2:], maps.shape[2:], strict=True))
    return _joined([skip[:, :, ::rows, ::columns][:, :, :maps.shape[2], :maps.shape[3]], maps])


def _numbers(skip, maps):
    """(N, C, H, W) taken for (N, H, W, C)."""
    top, left = ((large - small) // 2 for large, small in zip(skip.shape[1:3], maps.shape[1:3], strict=True))
    return _joined([skip[:, top:top + maps.shape[1], left:left + maps.shape[2]], maps], dim=3)


WHERE = (
    where_cut(
        "crop from the corner",
        "You keep the upper left corner. What comes from below has lost as many pixels on every side, so it belongs to "
        "the middle; joined with a corner, every organ would lie beside itself.",
        _at(lambda rows, columns: (0, 0))),
    where_cut(
        "crop from the far corner",
        "You keep the lower right corner: the whole margin is cut off before it. Half of it lies on each side: "
        "`(H - h) // 2`.",
        _at(lambda rows, columns: (rows, columns))),
    where_cut(
        "middle only along one axis",
        "You keep the middle along one axis and the beginning along the other. Rows and columns have a margin each.",
        _at(lambda rows, columns: (rows // 2, 0)), _at(lambda rows, columns: (0, columns // 2))),
    where_cut(
        "crop off by a pixel",
        "Your crop lies a pixel beside the middle. The margin is even: exactly half of it on each side.",
        *(_at(lambda rows, columns, by=by: (max(rows // 2 + by[0], 0), max(columns // 2 + by[1], 0)))
          for by in ((1, 1), (-1, -1), (1, 0), (0, 1), (-1, 0), (0, -1)))),
    named(
        "one margin for both axes",
        "You compute one margin and use it for rows and columns. They have different ones where the maps are not "
        "squares.",
        _one_offset(0), _one_offset(1)),
    named(
        "cropped along one axis only",
        "You crop rows or columns, not both. Both have a margin.",
        _one_axis(0), _one_axis(1)),
    named(
        "rows and columns swapped",
        "You take columns for rows. Axis 2 holds the rows, axis 3 the columns.",
        _exchanged),
    named(
        "whole margin cut off on both sides",
        "You cut the whole margin off on each side. Half of it belongs to each: `(H - h) // 2`.",
        _cut_to(lambda margin: (margin, -margin)), _cut_to(lambda margin: (margin, -margin or None))),
    named(
        "slice that ends at -0",
        "Right where there is something to cut off. Where the margin is 0 your slice `0:-0` is `0:0`, which is empty. "
        "Say where it ends: `top:top + height`.",
        _cut_to(lambda margin: (margin // 2, -(margin // 2)))),
    named(
        "last row and column lost",
        "Your slice ends one too early. `top:top + height` holds height rows.",
        _cut_to(lambda margin: (margin // 2, -(margin // 2) - 1))),
)
INSTEAD = (
    named(
        "skip not cropped",
        "You join without cropping. Maps can be joined along their channels only where rows and columns agree: keep "
        "the middle of `skip`.",
        lambda skip, maps: _joined([skip, maps]), lambda skip, maps: _joined([maps, skip])),
    named(
        "skip shrunk instead of cropped",
        "You shrink `skip` to the size of `maps`. Its pixels would then stand for larger pieces of the patient, and "
        "the organs would no longer lie on each other. Cut the margin off.",
        *map(_resized, ("bilinear", "nearest", "area", "bicubic")),
        lambda skip, maps: _joined([functional.adaptive_max_pool2d(skip, maps.shape[2:]), maps])),
    named(
        "every second pixel kept",
        "You keep every second pixel. Neighbours are as far apart in `skip` as in `maps`: keep all of the middle.",
        _thinned),
    named(
        "maps padded instead",
        "You put a frame around `maps`. The U-Net of 2015 does without values that nobody measured: it crops `skip`.",
        _framed, _framed_at_the_end),
    named(
        "added instead of joined",
        "You add the two. Then the next layer cannot tell them apart: join them along the channels, `torch.cat`.",
        lambda skip, maps: _middle(skip, maps) + maps),
    named(
        "only one of the two",
        "You return one of the two only. Join them: `torch.cat([middle, maps], dim=1)`.",
        _middle, lambda skip, maps: maps.clone()),
)
JOINED = (
    named(
        "joined along the wrong axis",
        "You join along the batch, the rows or the columns. Axis 1 holds the channels, (N, C, H, W): "
        "`torch.cat([middle, maps], dim=1)`.",
        *(_along(dim, order) for dim in (0, 2, 3) for order in (1, -1))),
    named(
        "maps in front",
        "You put what comes from below in front. The order is a matter of agreement, and the weights that follow "
        "depend on it: first `skip`, then `maps`.",
        lambda skip, maps: _joined([maps, _middle(skip, maps)])),
    named(
        "stacked instead of joined",
        "`torch.stack` makes a new axis. The channels already have one: `torch.cat(…, dim=1)`.",
        lambda skip, maps: torch.stack([_middle(skip, maps), maps], dim=1),
        lambda skip, maps: torch.stack([_middle(skip, maps), maps])),
    named(
        "channels taken for rows",
        "You crop or join as if the channels came last. Here images are (N, C, H, W): rows are axis 2, columns axis 3.",
        _numbers),
    Misconception(
        "tensors without a list",
        "`torch.cat` wants the tensors in a list: `torch.cat([middle, maps], dim=1)`.",
        lambda skip, maps: torch.cat(_middle(skip, maps), maps),
        sign=raises(TypeError, "cat()")),
)

CROP_AND_JOIN = Exercise(
    title="Exercise 4",
    points=2,
    reference=crop_and_join,
    cases=CASES,
    hints=(
        "The margin has `skip.shape[2] - maps.shape[2]` rows. Half of it lies above what you want: that is `top`.",
        "`skip[:, :, top:top + height, left:left + width]`, with the height and the width of `maps`.",
        "`torch.cat([middle, maps], dim=1)` joins two tensors along their channels.",
    ),
    misconceptions=(*WHERE, *INSTEAD, *JOINED),
)

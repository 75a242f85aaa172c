"""Max pooling from scratch: the largest number of each window."""
import numpy as np

from ..comparison import as_array
from ..exercise import Exercise, Misconception
from ..signs import any_of, behaves_like, changes, mistakes, raises, shaped
from . import pooling_mutants as done
from .pooling_mutants import combining, counted, inside, padded, placed


def max_pool(feature_map, size, stride):
    """The largest number of every window of size × size that lies inside the map (H, W), `stride` apart."""
    rows = (feature_map.shape[0] - size) // stride + 1
    columns = (feature_map.shape[1] - size) // stride + 1
    pooled = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            pooled[row, column] = np.max(feature_map[top:top + size, left:left + size])
    return pooled


def drawn(seed, *shape):
    """Whole numbers from -9 to 9."""
    return np.random.default_rng(seed).integers(-9, 10, shape)


CASES = (
    (np.array([[1, 7, 2, 0, 3, 5], [4, 3, 9, 6, 1, 2], [0, 2, 5, 1, 8, 4], [6, 1, 3, 7, 2, 9]]), 2, 2),
    (drawn(1, 5, 4) / 4 - 10, 2, 2),  # negative everywhere, a row left over
    (drawn(2, 7, 5), 3, 2),
    (drawn(3, 6, 9), 2, 3),
    (drawn(4, 5, 8) / 2, 3, 3),
    (drawn(5, 4, 7), 4, 1),
    *((drawn(6, 6, 8), 3, 2), (drawn(7, 7, 6), 1, 2), (drawn(8, 9, 9), 3, 3)),
)
SQUARE, LARGER_THAN_ONE, ROOMY = (8,), (0, 1, 2, 3, 4, 5, 6, 8), (0, 1, 2, 3, 4, 6, 7, 8)
named = mistakes(CASES)


def _right_for_squares(results):
    """Sign: right where the map is a square; elsewhere it often stops, or the shape is wrong."""
    wrong = sum(np.shape(as_array(result.value)) != max_pool(*case).shape
                for result, case in zip(results, CASES, strict=True))
    return wrong >= 4 and behaves_like(CASES, max_pool, chosen=SQUARE)(results)


SHORT = placed(lambda length, size, stride: range(0, length - size, stride))
COMBINED = (
    named(
        "average instead of maximum",
        "You take the mean of each window. That is average pooling; here the largest number stays.",
        combining(lambda windows: windows.mean(axis=2))),
    named(
        "minimum instead of maximum",
        "You keep the smallest number of each window. Keep the largest.",
        combining(lambda windows: windows.min(axis=2))),
    named(
        "sum instead of maximum",
        "You add up each window. Keep its largest number.",
        combining(lambda windows: windows.sum(axis=2))),
    named(
        "median instead of maximum",
        "You take the median of each window, as the filter of lab 3 did. Keep the largest number.",
        combining(lambda windows: np.median(windows, axis=2))),
    named(
        "place instead of value",
        "You return where the largest number lies, `argmax`. Return the number itself, `max`.",
        combining(lambda windows: windows.argmax(axis=2))),
    named(
        "sign dropped",
        "You compare or return sizes without sign, so -9 beats 4. The largest number is the one furthest to the right "
        "on the number line.",
        combining(lambda windows: np.abs(windows).max(axis=2)),
        combining(lambda windows: np.abs(windows.max(axis=2))),
        combining(lambda windows: np.take_along_axis(windows, np.abs(windows).argmax(axis=2)[..., None], 2)[..., 0])),
    named(
        "maximum starts at zero",
        "Where a window is negative throughout you answer 0. A search for the maximum starts with the first number "
        "of the window, or at -infinity.",
        combining(lambda windows: np.maximum(windows.max(axis=2), 0))),
    named(
        "pixels dropped instead of pooled",
        "You keep one pixel of each window and look at no other. Take the largest of all of them.",
        combining(lambda windows: windows[..., 0]),
        lambda feature_map, size, stride: feature_map[::stride, ::stride]),
    named(
        "pooled along one axis only",
        "You take the maximum along rows or along columns, not along both. A window has two axes.",
        done.one_axis(0), done.one_axis(1)),
    named(
        "one maximum for the whole map",
        "You return one number. Every window has its own maximum.",
        lambda feature_map, size, stride: np.max(feature_map)),
)
AT_THE_BORDER = (
    named(
        "zeros in a frame",
        "You lay zeros around the map. Then 0 beats a negative number, and there are more windows: pool only what "
        "lies inside.",
        padded(lambda size, stride: size // 2, lambda size, stride: size // 2), done.filled_up,
        padded(lambda size, stride: 1, lambda size, stride: 1),
        padded(lambda size, stride: (size - 1) // 2, lambda size, stride: size // 2),
        padded(lambda size, stride: size - 1, lambda size, stride: size - 1)),
    named(
        "windows over the border",
        "Your last windows hang over the border. What is left over is too short for a window and is lost: round "
        "down, `(H - size) // stride + 1`.",
        placed(lambda length, size, stride: range(0, length, stride)),
        placed(lambda length, size, stride: range(0, min(length, length - size + stride), stride)),
        counted(lambda length, size, stride: length // stride),
        counted(lambda length, size, stride: -(-(length - size) // stride) + 1),
        padded(lambda size, stride: 0, lambda size, stride: size - 1, -np.inf),
        padded(lambda size, stride: 0, lambda size, stride: stride - 1, -np.inf)),
    named(
        "windows around a pixel",
        "Your windows lie around a pixel, as those of a filter do, and hang over the border. A window of pooling "
        "begins at its pixel: rows `top` to `top + size`.",
        done.centred(lambda size: size // 2), done.centred(lambda size: (size - 1) // 2)),
    Misconception(
        "one window short",
        "The last row or column of windows is missing. `range` stops before its end, and the first window counts "
        "too: + 1.",
        SHORT,
        sign=any_of(behaves_like(CASES, SHORT, chosen=ROOMY), behaves_like(
            CASES, counted(lambda length, size, stride: (length - size) // stride), done.last_left_empty))),
    named(
        "counted by the size",
        "You divide the side of the map by the size of the window. How many windows there are depends on the "
        "stride too: `(H - size) // stride + 1`.",
        counted(lambda length, size, stride: length // size)),
)
PLACED = (
    named(
        "stride ignored",
        "Your windows lie one pixel apart whatever `stride` says.",
        lambda feature_map, size, stride: max_pool(feature_map, size, 1)),
    named(
        "stride taken for the size",
        "Your windows lie side by side whatever `stride` says. They may overlap, or leave a gap.",
        lambda feature_map, size, stride: max_pool(feature_map, size, size),
        done.begun_at(lambda place, size, stride: place * size)),
    named(
        "windows as large as the stride",
        "Your windows measure stride × stride. Their side is `size`; `stride` is the step between them.",
        lambda feature_map, size, stride: max_pool(feature_map, stride, stride),
        placed(inside, cells=lambda size, stride: stride)),
    named(
        "size and stride exchanged",
        "You move by `size` and look at windows of `stride`. It is the other way round.",
        lambda feature_map, size, stride: max_pool(feature_map, stride, size)),
    Misconception(
        "window one too small",
        "Your windows lack their last row and column. A slice stops before its end: `top:top + size` holds size "
        "rows.",
        placed(inside, cells=lambda size, stride: max(size - 1, 1)),
        sign=behaves_like(CASES, placed(inside, cells=lambda size, stride: size - 1), chosen=LARGER_THAN_ONE)),
    named(
        "window one too large",
        "Your windows have a row and a column too many. `top:top + size` already holds size rows.",
        placed(inside, cells=lambda size, stride: size + 1)),
    named(
        "window not moved by the stride",
        "The shape is right, and the windows lie one pixel apart. Window (row, column) begins at (row × stride, "
        "column × stride) of the map.",
        done.begun_at(lambda place, size, stride: place)),
    named(
        "rows and columns swapped",
        "You take rows for columns: the first of `feature_map.shape` are rows, and so is the first index.",
        lambda feature_map, size, stride: max_pool(feature_map, size, stride).T, done.exchanged,
        done.exchanged_number_by_number),
    Misconception(
        "map taken for a square",
        "Right for square maps only. Compute rows from `feature_map.shape[0]` and columns from "
        "`feature_map.shape[1]`.",
        done.square_part,
        sign=_right_for_squares),
)
RETURNED = (
    Misconception(
        "output as large as the map",
        "Your output has the shape of the map, with holes between its answers. There is one number for each window: "
        "`(H - size) // stride + 1` rows, and the same for columns.",
        done.with_holes,
        sign=shaped(CASES, lambda feature_map, size, stride: feature_map.shape)),
    Misconception(
        "places in map and output mixed up",
        "One pair of numbers serves you as place in the map and in the output. Count the output's rows and columns; "
        "window (row, column) begins at (row × stride, column × stride) of the map.",
        done.thinned_output,
        sign=any_of(behaves_like(CASES, done.thinned_output), raises(IndexError, "out of bounds"))),
    Misconception(
        "all windows in one row",
        "You return one long row. Put the numbers into rows and columns, as the windows lie: `reshape(rows, columns)`.",
        lambda feature_map, size, stride: max_pool(feature_map, size, stride).ravel(),
        sign=shaped(CASES, lambda *case: (max_pool(*case).size,))),
    named(
        "returned too early",
        "Only a part of your output is filled in. Does `return` stand inside a loop?",
        done.kept_only((0, 0)), done.kept_only(0), done.kept_only((slice(None), 0)),
        lambda feature_map, size, stride: max_pool(feature_map, size, stride)[0],
        lambda feature_map, size, stride: np.max(feature_map[:size, :size])),
    named(
        "whole numbers only",
        "Your output cuts fractions off, since it holds whole numbers. `np.zeros` makes floats unless you say "
        "otherwise.",
        lambda feature_map, size, stride: max_pool(feature_map, size, stride).astype(int),
        lambda feature_map, size, stride: np.round(max_pool(feature_map, size, stride))),
    Misconception(
        "map changed on the way",
        "Your function writes into the map that it was given. Fill a new array.",
        done.over_the_map,
        sign=changes("feature_map")),
)

MAX_POOL = Exercise(
    title="Exercise 1",
    points=2,
    reference=max_pool,
    cases=CASES,
    hints=(
        ("Along an axis of 7 pixels, windows of 3 with stride 2 begin at 0, 2 and 4: `(7 - 3) // 2 + 1` of them. Begin "
         "with an output of zeros of that shape."),
        ("Two loops over the rows and columns of the output. The window of `pooled[row, column]` begins at "
         "`(row * stride, column * stride)` of the map."),
        "`pooled[row, column] = np.max(feature_map[top:top + size, left:left + size])`; after the loops, return it.",
    ),
    misconceptions=(*COMBINED, *AT_THE_BORDER, *PLACED, *RETURNED),
)

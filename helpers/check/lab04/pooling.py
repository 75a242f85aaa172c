"""Max pooling from scratch: the largest number of each window."""
import numpy as np

from ..comparison import as_array
from ..exercise import Exercise, Misconception
from ..lab03.signs import any_of, changes
from .behaviour import behaves_like
from .pooling_mutants import (
    combining,
    counted,
    exchanged,
    exchanged_number_by_number,
    filled_up,
    inside,
    kept_only,
    neighbours,
    one_axis,
    over_the_map,
    padded,
    placed,
    square_part,
)


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


def _right_for_squares(results):
    """Sign: right where the map is a square; elsewhere it often stops, or the shape is wrong."""
    wrong = sum(np.shape(as_array(result.value)) != max_pool(*case).shape
                for result, case in zip(results, CASES, strict=True))
    return wrong >= 4 and behaves_like(CASES, max_pool, chosen=SQUARE)(results)


MAX_POOL = Exercise(
    title="Exercise 1",
    points=2,
    reference=max_pool,
    cases=CASES,
    hints=(
        ("Along an axis of 7 pixels, windows of 3 with stride 2 begin at 0, 2 and 4: `(7 - 3) // 2 + 1` of them. Begin "
         "with an output of zeros of that shape."),
        ("Two loops over the rows and columns of the *output*. The window of `pooled[row, column]` begins at "
         "`(row * stride, column * stride)` of the map."),
        "`pooled[row, column] = np.max(feature_map[top:top + size, left:left + size])`; after the loops, return it.",
    ),
    misconceptions=(
        Misconception(
            "average instead of maximum",
            "You take the mean of each window. That is average pooling; here the largest number stays.",
            combining(lambda windows: windows.mean(axis=2))),
        Misconception(
            "minimum instead of maximum",
            "You keep the smallest number of each window. Keep the largest.",
            combining(lambda windows: windows.min(axis=2))),
        Misconception(
            "sum instead of maximum",
            "You add up each window. Keep its largest number.",
            combining(lambda windows: windows.sum(axis=2))),
        Misconception(
            "place instead of value",
            "You return where the largest number lies, `argmax`. Return the number itself, `max`.",
            combining(lambda windows: windows.argmax(axis=2))),
        Misconception(
            "sign dropped",
            "You compare sizes without sign, so -9 beats 4. The largest number is the one furthest to the right on the "
            "number line.",
            combining(lambda windows: np.abs(windows).max(axis=2)),
            sign=behaves_like(CASES, combining(lambda windows: np.abs(windows).max(axis=2)), combining(lambda windows: (
                np.take_along_axis(windows, np.abs(windows).argmax(axis=2)[..., None], 2)[..., 0])))),
        Misconception(
            "maximum starts at zero",
            "Where a window is negative throughout you answer 0. A search for the maximum starts with the first number "
            "of the window, or at -infinity.",
            combining(lambda windows: np.maximum(windows.max(axis=2), 0))),
        Misconception(
            "zeros in a frame",
            "You lay zeros around the map. Then 0 beats a negative number, and there are more windows: pool only what "
            "lies inside.",
            padded(lambda size, stride: size // 2, lambda size, stride: size // 2),
            sign=behaves_like(CASES, filled_up, *(padded(before, after) for before, after in (
                (lambda size, stride: size // 2,) * 2, (lambda size, stride: 1,) * 2,
                (lambda size, stride: (size - 1) // 2, lambda size, stride: size // 2),
                (lambda size, stride: size - 1,) * 2)))),
        Misconception(
            "windows over the border",
            "Your last windows hang over the border. What is left over is too short for a window and is lost: round "
            "down, `(H - size) // stride + 1`.",
            placed(lambda length, size, stride: range(0, length, stride)),
            sign=behaves_like(CASES, placed(lambda length, size, stride: range(0, length, stride)),
                              placed(lambda length, size, stride: (
                                  range(0, min(length, length - size + stride), stride))),
                              counted(lambda length, size, stride: length // stride),
                              counted(lambda length, size, stride: -(-(length - size) // stride) + 1),
                              *(padded(lambda size, stride: 0, after, -np.inf) for after in (
                                  lambda size, stride: size - 1, lambda size, stride: stride - 1)))),
        Misconception(
            "one window short",
            "The last row or column of windows is missing. `range` stops before its end, and the first window counts "
            "too: + 1.",
            placed(lambda length, size, stride: range(0, length - size, stride)),
            sign=any_of(
                behaves_like(CASES, placed(lambda length, size, stride: range(0, length - size, stride)), chosen=ROOMY),
                behaves_like(CASES, counted(lambda length, size, stride: (length - size) // stride)))),
        Misconception(
            "counted by the size",
            "You divide the side of the map by the size of the window. How many windows there are depends on the "
            "stride too: `(H - size) // stride + 1`.",
            counted(lambda length, size, stride: length // size)),
        Misconception(
            "stride ignored",
            "Your windows lie one pixel apart whatever `stride` says.",
            lambda feature_map, size, stride: max_pool(feature_map, size, 1)),
        Misconception(
            "stride taken for the size",
            "Your windows lie side by side whatever `stride` says. They may overlap, or leave a gap.",
            lambda feature_map, size, stride: max_pool(feature_map, size, size)),
        Misconception(
            "windows as large as the stride",
            "Your windows measure stride × stride. Their side is `size`; `stride` is the step between them.",
            lambda feature_map, size, stride: max_pool(feature_map, stride, stride),
            sign=behaves_like(CASES, lambda feature_map, size, stride: max_pool(feature_map, stride, stride),
                              placed(inside, cells=lambda size, stride: stride))),
        Misconception(
            "size and stride exchanged",
            "You move by `size` and look at windows of `stride`. It is the other way round.",
            lambda feature_map, size, stride: max_pool(feature_map, stride, size)),
        Misconception(
            "window one too small",
            "Your windows lack their last row and column. A slice stops before its end: `top:top + size` holds size "
            "rows.",
            placed(inside, cells=lambda size, stride: max(size - 1, 1)),
            sign=behaves_like(CASES, placed(inside, cells=lambda size, stride: size - 1), chosen=LARGER_THAN_ONE)),
        Misconception(
            "window one too large",
            "Your windows have a row and a column too many. `top:top + size` already holds size rows.",
            placed(inside, cells=lambda size, stride: size + 1)),
        Misconception(
            "window not moved by the stride",
            "The shape is right, and the windows lie one pixel apart. Window (row, column) begins at (row × stride, "
            "column × stride) of the map.",
            neighbours),
        Misconception(
            "pixels dropped instead of pooled",
            "You keep one pixel of each window and look at no other. Take the largest of all of them.",
            combining(lambda windows: windows[..., 0]),
            sign=behaves_like(CASES, combining(lambda windows: windows[..., 0]),
                              lambda feature_map, size, stride: feature_map[::stride, ::stride])),
        Misconception(
            "pooled along one axis only",
            "You take the maximum along rows or along columns, not along both. A window has two axes.",
            one_axis(0),
            sign=behaves_like(CASES, one_axis(0), one_axis(1))),
        Misconception(
            "one maximum for the whole map",
            "You return one number. Every window has its own maximum.",
            lambda feature_map, size, stride: np.max(feature_map)),
        Misconception(
            "returned too early",
            "Only a part of your output is filled in. Does `return` stand inside a loop?",
            kept_only((0, 0)),
            sign=behaves_like(CASES, kept_only((0, 0)), kept_only(0), kept_only((slice(None), 0)),
                              lambda feature_map, size, stride: max_pool(feature_map, size, stride)[0],
                              lambda feature_map, size, stride: np.max(feature_map[:size, :size]))),
        Misconception(
            "rows and columns swapped",
            "You take rows for columns: the first of `feature_map.shape` are rows, and so is the first index.",
            lambda feature_map, size, stride: max_pool(feature_map, size, stride).T,
            sign=behaves_like(CASES, lambda feature_map, size, stride: max_pool(feature_map, size, stride).T, exchanged,
                              exchanged_number_by_number)),
        Misconception(
            "whole numbers only",
            "Your output cuts fractions off, since it holds whole numbers. `np.zeros` makes floats unless you say "
            "otherwise.",
            lambda feature_map, size, stride: max_pool(feature_map, size, stride).astype(int)),
        Misconception(
            "map changed on the way",
            "Your function writes into the map that it was given. Fill a new array.",
            over_the_map,
            sign=changes("feature_map")),
        Misconception(
            "map taken for a square",
            "Right for square maps only. Compute rows from `feature_map.shape[0]` and columns from "
            "`feature_map.shape[1]`.",
            square_part,
            sign=_right_for_squares),
    ),
)

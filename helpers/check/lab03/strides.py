"""Cross-correlation with stride and padding."""
import numpy as np

from ... import conv
from ..exercise import Exercise, Misconception
from ..signs import any_of, like, raises
from .correlation import cross_correlate, drawn, short_of
from .padding import pad as my_pad  # the lab's names for the learner's own functions
from .sizes import output_size as my_size


def strided(image, kernel, stride, padding):
    """Cross-correlation of the image with a frame of zeros, at every stride-th position."""
    framed = my_pad(image, padding, "zeros")
    rows = my_size(image.shape[0], kernel.shape[0], stride, padding, 1)
    columns = my_size(image.shape[1], kernel.shape[1], stride, padding, 1)
    output = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            window = framed[top:top + kernel.shape[0], left:left + kernel.shape[1]]
            output[row, column] = np.sum(window * kernel)
    return output


CASES = (
    (drawn(31, 5, 5), np.array([[1, 2], [0, 3]]), 2, 0),
    (drawn(32, 6, 7), np.array([[1, 0, 2], [-1, 3, 0], [0, 1, -2]]), 2, 1),
    (drawn(33, 7, 5), np.array([[0, 1, 2], [3, 0, -1], [1, -2, 0]]), 3, 1),
    (drawn(34, 4, 6) / 2, np.array([[1, 0], [2, -1], [0, 3]]), 1, 2),
    (drawn(35, 8, 8) + 0.25, np.array([[2, 0, 1], [0, -1, 0], [1, 3, 0]]), 2, 0),
    (drawn(36, 5, 4), np.array([[1, -1, 0], [0, 2, 1], [3, 0, 0]]), 1, 0),
    (drawn(37, 7, 7), np.array([[0, 2, 1], [1, 0, -1], [0, 0, 3]]), 2, 1),
)
SQUARE = [index for index, case in enumerate(CASES) if case[0].shape[0] == case[0].shape[1]]
UNPADDED = [index for index, case in enumerate(CASES) if case[3] == 0]
STRIDE_1 = [index for index, case in enumerate(CASES) if case[2] == 1]
SMALL_STRIDE = (0, 1, 3, 4, 5, 6)  # a kernel of 3 with dilation 3 reaches over the whole image


def _by(**changed):
    """helpers.conv with some settings computed otherwise from (stride, padding)."""
    def mutant(image, kernel, stride, padding):
        settings = dict(stride=stride, padding=padding)
        settings |= {name: of(stride, padding) for name, of in changed.items()}
        return conv.cross_correlate(image, kernel, **settings)

    return mutant


def _thinned(rows, columns, first=lambda stride: 0):
    """The result at stride 1, thinned out afterwards along the axes that are chosen."""
    def mutant(image, kernel, stride, padding):
        steps = [slice(first(stride), None, stride if chosen else 1) for chosen in (rows, columns)]
        return conv.cross_correlate(image, kernel, padding=padding)[tuple(steps)]

    return mutant


def _first_positions(image, kernel, stride, padding):
    rows, columns = strided(image, kernel, stride, padding).shape
    return conv.cross_correlate(image, kernel, padding=padding)[:rows, :columns]


def _framed(before, after):
    """A frame of another width before and after the image: functions of the padding."""
    def mutant(image, kernel, stride, padding):
        return cross_correlate(np.pad(image, (before(padding), after(padding))), kernel)[::stride, ::stride]

    return mutant


def _size_without_padding(image, kernel, stride, padding):
    rows, columns = (my_size(size, cells, stride, 0, 1) for size, cells in zip(image.shape, kernel.shape, strict=True))
    return strided(image, kernel, stride, padding)[:rows, :columns]


def _padding_twice(image, kernel, stride, padding):
    framed = np.pad(image, padding)
    rows, columns = (my_size(size, cells, stride, padding, 1)
                     for size, cells in zip(framed.shape, kernel.shape, strict=True))
    tops, lefts = np.arange(rows) * stride, np.arange(columns) * stride
    return np.array([[np.sum(framed[top:top + len(kernel), left:left + kernel.shape[1]] * kernel)
                      for left in lefts] for top in tops])


def _around_the_result(image, kernel, stride, padding):
    return np.pad(strided(image, kernel, stride, 0), padding)


def _thinned_image(image, kernel, stride, padding):
    return cross_correlate(np.pad(image, padding)[::stride, ::stride], kernel)


def _thinned_then_framed(image, kernel, stride, padding):
    return cross_correlate(np.pad(image[::stride, ::stride], padding), kernel)


def _window_thinned(image, kernel, stride, padding):
    framed, (K, L) = my_pad(image, padding, "zeros"), kernel.shape
    rows, columns = strided(image, kernel, stride, padding).shape
    return np.array([[np.sum(framed[row:row + K:stride, column:column + L:stride] * kernel)
                      for column in range(0, columns * stride, stride)] for row in range(0, rows * stride, stride)])


def _stepped(where, spacing, apart):
    """Zeros, and some of the sums.

    where : the axis has so many positions, of (strided, stride) -> which of them are visited, as positions at stride 1.
    spacing : of stride, between the visited ones in the output.  apart : the output has the size of stride 1.
    """
    def mutant(image, kernel, stride, padding):
        sums, wanted = conv.cross_correlate(image, kernel, padding=padding), strided(image, kernel, stride, padding)
        output = np.zeros(sums.shape if apart else wanted.shape)
        rows, columns = (where(count, stride) for count in wanted.shape)
        there = [np.arange(len(axis)) * spacing(stride) for axis in (rows, columns)]
        output[np.ix_(*there)] = sums[np.ix_(rows, columns)]
        return output

    return mutant


def _positions_of_stride_1(image, kernel, stride, padding):
    framed, (K, L) = my_pad(image, padding, "zeros"), kernel.shape
    rows, columns = np.subtract(framed.shape, kernel.shape) + 1
    return np.array([[np.sum(framed[row:row + K, column:column + L] * kernel)
                      for column in range(0, columns * stride, stride)] for row in range(0, rows * stride, stride)])


def _runs_out(error, text):
    """Sign: right with stride 1, and with other strides it ends in such an error."""
    return lambda results: like(strided, CASES, STRIDE_1)(results) and raises(error, text)(results)


TWICE = [_stepped(lambda count, stride: np.arange(0, count, stride), lambda stride: 1, False),  # output[row // stride]
         _stepped(lambda count, stride: np.arange(0, count, stride), lambda stride: stride, False),  # output[row]
         _stepped(lambda count, stride: np.arange(0, count, stride) * stride, lambda stride: stride, False)]
GAPS = _stepped(lambda count, stride: np.arange(count) * stride, lambda stride: stride, True)


def _short(rows, columns):
    def mutant(image, kernel, stride, padding):
        return short_of(rows * stride, columns * stride)(np.pad(image, padding), kernel)[::stride, ::stride]

    return mutant


STRIDED = Exercise(
    title="Exercise 5",
    points=2,
    reference=strided,
    cases=CASES,
    hints=(
        ("First the frame: `framed = my_pad(image, padding, \"zeros\")`. Then the shape of the output, with `my_size` "
         "for the rows and for the columns."),
        "Loop over the output. The window of `output[row, column]` begins at `framed[row * stride, column * stride]`.",
        "The short way: all positions, then every stride-th: `my_correlate(framed, kernel)[::stride, ::stride]`.",
    ),
    misconceptions=(
        Misconception(
            "stride applied to the kernel",
            "You pull the cells of the kernel apart: that is dilation. The stride moves the whole window; the window "
            "itself stays as it is.",
            _by(stride=lambda stride, padding: 1, dilation=lambda stride, padding: stride),
            sign=like(_by(stride=lambda stride, padding: 1, dilation=lambda stride, padding: stride), CASES,
                      SMALL_STRIDE)),
        Misconception(
            "stride along one axis only",
            "Your window takes large steps along rows or columns, not along both. The stride holds for both axes.",
            _thinned(True, False),
            sign=any_of(like(_thinned(True, False), CASES), like(_thinned(False, True), CASES))),
        Misconception(
            "stride forgotten",
            "Your window moves by one pixel whatever `stride` says.",
            _thinned(False, False)),
        Misconception(
            "window not moved by the stride",
            "The shape is right, and the windows lie one pixel apart. Position (row, column) of the output looks at "
            "(row × stride, column × stride) of the image.",
            _first_positions),
        Misconception(
            "image thinned out first",
            "Your kernel sees only every stride-th pixel. A window holds neighbours; only the positions are stride "
            "pixels apart.",
            _thinned_image,
            sign=any_of(like(_thinned_image, CASES), like(_thinned_then_framed, CASES, SMALL_STRIDE))),
        Misconception(
            "window thinned out",
            "You take every stride-th pixel inside the window as well. The stride is between windows; cut each of them "
            "out whole, `framed[top:top + K, left:left + L]`.",
            _window_thinned),
        Misconception(
            "stride counted twice",
            "`my_size` has the stride in it already, so `range(0, rows, stride)` leaves positions out. Take "
            "`range(rows)`, and begin the window at row × stride.",
            TWICE[0],
            sign=any_of(*(like(mutant, CASES) for mutant in TWICE))),
        Misconception(
            "sums where their windows begin",
            "You write each sum to the row and column of the frame at which its window begins. The output has no gaps: "
            "the window at top, left belongs to `output[top // stride, left // stride]`.",
            GAPS,
            sign=any_of(like(GAPS, CASES), _runs_out(IndexError, "out of bounds"))),
        Misconception(
            "positions of stride 1",
            "You take as many positions as there are with stride 1, and the window runs out of the frame. "
            "`my_size`, with the stride, says how many there are.",
            _positions_of_stride_1,
            sign=_runs_out(ValueError, "broadcast")),
        Misconception(
            "first position skipped",
            "You begin one pixel or one stride late. The first window starts at the corner of the frame.",
            _thinned(True, True, first=lambda stride: stride - 1),
            sign=any_of(*(like(_thinned(True, True, first), CASES) for first in (
                lambda stride: stride - 1, lambda stride: 1, lambda stride: stride)))),
        Misconception(
            "padding forgotten",
            "Your output has no padding. Lay the frame around the image first: `my_pad(image, padding, \"zeros\")`.",
            _by(padding=lambda stride, padding: 0)),
        Misconception(
            "frame around the result",
            "You filter first and add zeros to the result. The frame belongs around the image, before the kernel "
            "slides.",
            _around_the_result),
        Misconception(
            "mirror instead of zeros",
            "Your frame is a mirror image. Zeros are asked here.",
            _by(border=lambda stride, padding: "reflect")),
        Misconception(
            "padding on one side only",
            "Your frame is on one side only. It goes all the way round.",
            _framed(lambda padding: padding, lambda padding: 0),
            sign=any_of(like(_framed(lambda padding: padding, lambda padding: 0), CASES),
                        like(_framed(lambda padding: 0, lambda padding: padding), CASES))),
        Misconception(
            "frame twice as wide",
            "Your frame has 2 × padding pixels on each side. `padding` is what is added on one side.",
            _framed(lambda padding: 2 * padding, lambda padding: 2 * padding)),
        Misconception(
            "size without the padding",
            "Your output is as large as without padding, so the last positions are missing.",
            _size_without_padding),
        Misconception(
            "padding counted twice",
            "You compute the size from the image that has its frame already, and add the padding again. So the window "
            "runs out of the frame.",
            _padding_twice,
            sign=lambda results: like(strided, CASES, UNPADDED)(results) and any_of(
                raises(ValueError, "broadcast"), raises(IndexError, "out of bounds"))(results)),
        Misconception(
            "off by one at the border",
            "The last row or column of positions is missing. `my_size` says how many there are, and `range` stops "
            "before its end.",
            _short(1, 1),
            sign=any_of(*(like(_short(rows, columns), CASES) for rows, columns in ((1, 1), (1, 0), (0, 1))))),
        Misconception(
            "kernel flipped",
            "Your kernel is turned by 180 degrees. This is cross-correlation: nothing is flipped.",
            lambda image, kernel, stride, padding: strided(image, kernel[::-1, ::-1], stride, padding)),
        Misconception(
            "image taken for a square",
            "Right for square images only. Compute rows from `image.shape[0]` and columns from `image.shape[1]`.",
            lambda image, kernel, stride, padding: strided(image[:, :len(image)], kernel, stride, padding),
            sign=like(strided, CASES, SQUARE)),
    ),
)

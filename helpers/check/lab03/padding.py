"""A frame around the image: zeros, or its mirror image."""
import numpy as np

from ..exercise import Exercise, Misconception
from ..signs import any_of, like, shaped
from .correlation import drawn


def pad(image, width, border):
    """The image with a frame of `width` pixels on every side; border is "zeros" or "reflect"."""
    if border == "zeros":
        rows, columns = image.shape
        output = np.zeros((rows + 2 * width, columns + 2 * width))
        output[width:width + rows, width:width + columns] = image
        return output
    top, bottom = image[1:width + 1][::-1], image[-width - 1:-1][::-1]
    tall = np.concatenate([top, image, bottom])
    left, right = tall[:, 1:width + 1][:, ::-1], tall[:, -width - 1:-1][:, ::-1]
    return np.concatenate([left, tall, right], axis=1)


CASES = (
    (np.array([[1, 2, 3], [4, 5, 6]]), 1, "zeros"),
    (np.array([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]), 1, "reflect"),
    (drawn(21, 3, 4) + 0.5, 2, "zeros"),
    (drawn(22, 3, 4) + 0.25, 2, "reflect"),
    (drawn(23, 5, 4), 3, "reflect"),
    (drawn(24, 2, 3), 0, "zeros"),
    (drawn(25, 3, 3), 0, "reflect"),
    (np.array([[250, 3], [9, 128]], np.uint8), 1, "zeros"),
)
ZEROS = [index for index, case in enumerate(CASES) if case[2] == "zeros"]
MIRROR = [index for index, case in enumerate(CASES) if case[2] == "reflect"]
WIDE = [index for index, case in enumerate(CASES) if case[1] > 0]  # with a frame


def _by(zeros="constant", reflect="reflect", widths=lambda width: width):
    """np.pad with other modes or other widths."""
    modes = {"zeros": zeros, "reflect": reflect}
    return lambda image, width, border: np.pad(image, widths(width), modes[border])


def _mirror(mode):
    """Sign: the mirror image is made this way, whatever becomes of zeros."""
    return like(_by(reflect=mode), CASES, MIRROR)


def _copied(first):
    """Rows and columns are copied beside the border without being mirrored; first : the first that is copied."""
    def mutant(image, width, border):
        if border == "zeros" or width == 0:
            return pad(image, width, border)
        places = [np.r_[first:first + width, :size, size - first - width:size - first] for size in image.shape]
        return image[np.ix_(*places)]

    return mutant


def _painted(image, width, border):
    """The frame is painted over the outermost pixels: the image keeps its size."""
    if width == 0:
        return image
    rows, columns = (max(size - 2 * width, 0) for size in image.shape)
    inner = image[width:width + rows, width:width + columns]
    return np.pad(inner, [(width, image.shape[0] - rows - width), (width, image.shape[1] - columns - width)])


def _corner(image, width, border):
    output = pad(image, width, border)
    return np.roll(output, (-width, -width), (0, 1))


def _bare_corners(image, width, border):
    output = pad(image, width, border)
    inside = [np.isin(np.arange(size), range(width, size - width)) for size in output.shape]
    return np.where(inside[0][:, None] | inside[1], output, 0)


def _without_zero(image, width, border):
    """Slices as in output[width:-width], which are empty where the width is 0."""
    output = pad(image, width, border)
    output[width:-width, width:-width] = image
    return output


ONE_SIDE = [_by(widths=widths) for widths in (
    lambda width: ((width, 0), (width, 0)), lambda width: ((0, width), (0, width)))]
ONE_AXIS = [_by(widths=widths) for widths in (
    lambda width: ((width, width), (0, 0)), lambda width: ((0, 0), (width, width)))]

PAD = Exercise(
    title="Exercise 3",
    points=2,
    reference=pad,
    cases=CASES,
    hints=(
        ("Zeros: an output of `np.zeros((H + 2 * width, W + 2 * width))`, then write the image into its middle, from "
         "`width` to `width + H` and from `width` to `width + W`."),
        ("Mirror: the outermost pixel is the mirror and is not repeated. Above row 0 stand the rows 1, 2, …, so "
         "`image[1:width + 1][::-1]`; below the last row `image[-width - 1:-1][::-1]`."),
        ("Put `[top, image, bottom]` together with `np.concatenate`, then do the same with the columns of the result "
         "and `axis=1`. Or fill by index: row r of the output is row `abs(r - width)` at the top."),
    ),
    misconceptions=(
        Misconception(
            "padding on one side only",
            "Your frame is on one side only. `width` pixels belong above and below, left and right, so the image grows "
            "by 2 × width.",
            ONE_SIDE[0],
            sign=any_of(*(like(mutant, CASES, ZEROS) for mutant in ONE_SIDE))),
        Misconception(
            "padded along one axis only",
            "You pad rows or columns, not both. The frame goes all the way round.",
            ONE_AXIS[0],
            sign=any_of(*(like(mutant, CASES, ZEROS) for mutant in ONE_AXIS))),
        Misconception(
            "image in the corner",
            "The shape is right and the image lies in a corner of it. Its first pixel belongs at [width, width].",
            _corner,
            sign=like(_corner, CASES, ZEROS)),
        Misconception(
            "image does not grow",
            "Your output is as large as the image. Padding adds pixels around it: 2 × width more rows and columns.",
            _painted,
            sign=shaped(CASES, lambda image, width, border: image.shape)),
        Misconception(
            "frame twice as wide",
            "Your frame is 2 × width pixels on each side. `width` is what is added on one side.",
            _by(widths=lambda width: 2 * width),
            sign=like(_by(widths=lambda width: 2 * width), CASES, ZEROS)),
        Misconception(
            "always one pixel",
            "Your frame is one pixel wide whatever `width` says.",
            _by(widths=lambda width: 1),
            sign=like(_by(widths=lambda width: 1), CASES, ZEROS)),
        Misconception(
            "edge pixel repeated in the mirror",
            "Your mirror stands behind the edge pixel, so that one appears twice. Here the edge pixel is the mirror: "
            "left of 1, 2, 3 comes 2, then 3.",
            _by(reflect="symmetric"),
            sign=_mirror("symmetric")),
        Misconception(
            "edge value repeated",
            "You repeat the outermost pixel. A mirror shows what lies behind it: 1, 2, 3 continues with 2.",
            _by(reflect="edge"),
            sign=_mirror("edge")),
        Misconception(
            "goes on at the other side",
            "You continue with the opposite side of the image. A mirror shows the side it stands on.",
            _by(reflect="wrap"),
            sign=_mirror("wrap")),
        Misconception(
            "copied, not mirrored",
            "Your rows or columns stand in the frame in the order they have in the image. In a mirror the order is "
            "reversed: `[::-1]`.",
            _copied(1),
            sign=any_of(*(like(_copied(first), CASES, MIRROR) for first in (0, 1)))),
        Misconception(
            "corners left empty",
            "You mirror rows and columns, and the corners stay 0. Mirror the rows first, then the columns of what came "
            "out.",
            _bare_corners),
        Misconception(
            "zeros in both",
            "You pad with zeros also where border is \"reflect\".",
            _by(reflect="constant")),
        Misconception(
            "mirror in both",
            "You mirror also where border is \"zeros\".",
            _by(zeros="reflect"),
            sign=like(_by(zeros="reflect"), CASES, ZEROS)),
        Misconception(
            "ones instead of zeros",
            "Your frame holds ones where zeros are asked.",
            lambda image, width, border: np.pad(image, width, constant_values=1) if border == "zeros"
            else pad(image, width, border)),
        Misconception(
            "fractions cut off",
            "Your output holds whole numbers, and the fractions of the image are lost. `np.zeros(shape)` makes floats.",
            lambda image, width, border: pad(image, width, border).astype(int),
            sign=any_of(*(like(lambda image, width, border: pad(image, width, border).astype(int), CASES, kind)
                          for kind in (ZEROS, MIRROR)))),
        Misconception(
            "fails at width 0",
            "Right while there is a frame. With width 0 the slice `width:-width` is `0:0` and empty: count from the "
            "front, `width:width + H`.",
            _without_zero,
            sign=like(pad, CASES, WIDE)),
    ),
)

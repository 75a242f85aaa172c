"""Equivariance, measured: shift then filter against filter then shift."""
import numpy as np

from ... import conv
from ..exercise import Exercise, Misconception, raises
from .correlation import drawn
from .signs import any_of, like, shaped


def shift_error(image, operation, shift, margin):
    """Largest difference between shift-then-filter and filter-then-shift, `margin` pixels away from the border."""
    one = operation(np.roll(image, shift, axis=(0, 1)))
    other = np.roll(operation(image), shift, axis=(0, 1))
    rows, columns = image.shape
    inside = np.abs(one - other)[margin:rows - margin, margin:columns - margin]
    return inside.max()


KERNEL = np.array([[1, 2, 0], [0, -1, 3], [-2, 0, 1]])


def filtered(image):
    """Cross-correlation with a frame of zeros, as large as the image."""
    return conv.cross_correlate(image, KERNEL, padding="same") * 1.0


def with_stride_2(image):
    """The same with stride 2; every number is drawn 2 × 2, so that the size stays."""
    small = conv.cross_correlate(image, KERNEL, padding="same", stride=2) * 1.0
    return small.repeat(2, axis=0).repeat(2, axis=1)[:image.shape[0], :image.shape[1]]


def with_ramp(image):
    """Brightness that grows to the right and downwards: what is done depends on the place."""
    rows, columns = image.shape
    return image * (1 + np.arange(columns) / 4 + np.arange(rows)[:, None])


OPERATIONS = {"3 × 3 kernel": filtered, "3 × 3 kernel, stride 2": with_stride_2, "brightness ramp": with_ramp}


def compare(answer, image, operation, shift, margin):
    """What the answer says about an operation, by its name."""
    return answer(image, OPERATIONS[operation], shift, margin)


CASES = (
    (drawn(71, 6, 7), "brightness ramp", (1, 0), 1),
    (drawn(72, 10, 12), "3 × 3 kernel", (1, 2), 3),
    (drawn(73, 9, 9), "3 × 3 kernel", (-2, 1), 0),
    (drawn(74, 12, 12), "3 × 3 kernel, stride 2", (0, 1), 3),
    (drawn(75, 12, 14), "3 × 3 kernel, stride 2", (2, -2), 4),
    (drawn(76, 7, 9) / 2, "brightness ramp", (0, -2), 2),
    (drawn(77, 8, 10), "3 × 3 kernel", (1, 1), 1),
)
GIVEN = tuple((image, OPERATIONS[name], shift, margin) for image, name, shift, margin in CASES)
FRAMED = [index for index, case in enumerate(CASES) if case[3] > 0]


def _inside(image, margin):
    rows, columns = image.shape
    return image[margin:rows - margin, margin:columns - margin]


def _with(before=lambda shift: shift, after=lambda shift: shift, crop=_inside,
          reduce=lambda difference: np.abs(difference).max()):
    """shift_error with another shift before or after the operation, another crop or another summary."""
    def mutant(image, operation, shift, margin):
        one = operation(np.roll(image, before(shift), axis=(0, 1)))
        other = np.roll(operation(image), after(shift), axis=(0, 1))
        return reduce(crop(one - other, margin))

    return mutant


def _none(shift):
    return (0, 0)


def _named(name, message, *mutants, **signed):
    """A Misconception made in any of these ways; they take the operation itself, the check its name."""
    sign = signed.get("sign") or any_of(*(like(mutant, GIVEN) for mutant in mutants))
    return Misconception(name, message, mutants[0], sign=sign)


SHIFT_ERROR = Exercise(
    title="Exercise 11",
    points=2,
    reference=shift_error,
    observe=compare,
    cases=CASES,
    hints=(
        ("One way: `one = operation(np.roll(image, shift, axis=(0, 1)))`. The other way: filter the image, then roll "
         "the result by the same shift."),
        "`np.abs(one - other)` is the difference at each pixel.",
        ("Cut the border off on all four sides, counted from the front: "
         "`[margin:rows - margin, margin:columns - margin]`. Then `.max()`."),
    ),
    misconceptions=(
        _named(
            "margin not removed",
            "You look at the border as well. There the frame of zeros and the pixels that come round the other side "
            "differ: cut `margin` pixels off.",
            _with(crop=lambda difference, margin: difference)),
        _named(
            "margin on one side only",
            "You cut the margin off on one side, or along one axis. It belongs off all four sides.",
            _with(crop=lambda difference, margin: difference[margin:, margin:]),
            _with(crop=lambda difference, margin: difference[:len(difference) - margin,
                                                             :difference.shape[1] - margin]),
            _with(crop=lambda difference, margin: difference[margin:len(difference) - margin]),
            _with(crop=lambda difference, margin: difference[:, margin:difference.shape[1] - margin])),
        _named(
            "margin cut off before filtering",
            "You cut first and filter then, so the kernel meets a border again. Compare first, then cut.",
            lambda image, operation, shift, margin: shift_error(_inside(image, margin), operation, shift, 0)),
        _named(
            "fails at margin 0",
            "Right while there is a margin. With margin 0 the slice `0:-0` is empty: count from the front, "
            "`margin:rows - margin`.",
            _with(crop=lambda difference, margin: difference[margin:-margin, margin:-margin]),
            sign=lambda results: (like(shift_error, GIVEN, FRAMED)(results)
                                  and raises(ValueError, "zero-size")(results))),
        _named(
            "result not shifted back",
            "You compare the filtered shifted image with the filtered image itself. Shift that result as well.",
            _with(after=_none)),
        _named(
            "image never shifted",
            "You shift the result only. On the first way the image is shifted before the operation.",
            _with(before=_none)),
        _named(
            "same thing compared twice",
            "Both of your ways are the same, so the difference is always 0. Once shift before the operation, once "
            "after it.",
            lambda image, operation, shift, margin: 0.0,
            sign=lambda results: all(isinstance(result.value, float) and result.value == 0 for result in results)),
        _named(
            "shifted the other way",
            "One of your shifts goes the other way. Both go by the same shift, with the same sign.",
            _with(after=lambda shift: (-shift[0], -shift[1]))),
        _named(
            "rows and columns of the shift exchanged",
            "`shift` is (rows, columns): `np.roll(image, shift, axis=(0, 1))`.",
            _with(before=lambda shift: shift[::-1], after=lambda shift: shift[::-1])),
        _named(
            "shifted along one axis only",
            "You shift rows or columns, not both. `np.roll(image, shift, axis=(0, 1))` does both.",
            _with(before=lambda shift: (shift[0], 0), after=lambda shift: (shift[0], 0)),
            _with(before=lambda shift: (0, shift[1]), after=lambda shift: (0, shift[1]))),
        _named(
            "sign of the difference kept",
            "A large negative difference is a difference too: take `np.abs` before the largest.",
            _with(reduce=lambda difference: difference.max()),
            _with(reduce=lambda difference: (-difference).max())),
        _named(
            "mean instead of the largest",
            "A mean hides a few wrong pixels among many right ones. Return the largest difference.",
            _with(reduce=lambda difference: np.abs(difference).mean())),
        _named(
            "sum instead of the largest",
            "You add the differences. Return the largest.",
            _with(reduce=lambda difference: np.abs(difference).sum())),
        _named(
            "squared difference",
            "You return a squared difference. Return the difference itself, without its sign.",
            _with(reduce=lambda difference: np.square(difference).max()),
            _with(reduce=lambda difference: np.square(difference).mean())),
        _named(
            "yes or no instead of a number",
            "You say whether the two agree. Return how far apart they are.",
            _with(reduce=lambda difference: not np.abs(difference).max()),
            sign=lambda results: all(isinstance(result.value, bool | np.bool_) for result in results)),
        _named(
            "a picture instead of a number",
            "You return the difference at every pixel. Return the largest of them: `.max()`.",
            _with(reduce=np.abs),
            sign=any_of(shaped(CASES, lambda image, operation, shift, margin: image.shape),
                        shaped(CASES, lambda image, operation, shift, margin: np.subtract(image.shape, 2 * margin)))),
    ),
)

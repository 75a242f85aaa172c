"""Equivariance, measured: shift then filter against filter then shift."""
import numpy as np

from ... import conv
from ..exercise import Complaint, Exercise, Misconception
from ..signs import any_of, like, raises, shaped


def shift_error(image, operation, shift, margin):
    """Largest difference between shift-then-filter and filter-then-shift, `margin` pixels away from the border."""
    one = operation(np.roll(image, shift, axis=(0, 1)))
    other = np.roll(operation(image), shift, axis=(0, 1))
    rows, columns = image.shape
    inside = np.abs(one - other)[margin:rows - margin, margin:columns - margin]
    return inside.max()


class Code(str):
    """An argument as Python code, so that a card shows what can be pasted into a cell and tried."""

    __repr__ = str.__str__

    @property
    def value(self):
        """The argument itself."""
        return eval(self, {"np": np, "conv": conv})  # of this module's own texts only


def image_of(seed, *shape):
    """Code of an image that looks alike in no direction."""
    return Code(f"np.random.default_rng({seed}).integers(-4, 10, {shape})")


FILTER = Code("lambda image: conv.cross_correlate(image, np.tri(3), padding=1)")  # with a frame of zeros
EVERY_SECOND = Code("lambda image: image[::2, ::2].repeat(2, axis=0).repeat(2, axis=1)")  # stride 2, then drawn 2 × 2
NUMBERED = Code("lambda image: image * np.arange(image.size).reshape(image.shape)")  # depends on the place


def compare(answer, image, operation, shift, margin):
    """What the answer says about an operation. Raises Complaint where it changes the image that was handed over."""
    handed = image.value
    said = answer(handed, operation.value, shift, margin)
    if not np.array_equal(handed, image.value):
        raise Complaint("Your function changes the image that was handed over. Whoever handed it over still needs it: "
                        "work on a copy.")
    return said


CASES = (
    (image_of(71, 6, 7), NUMBERED, (1, 0), 1),
    (image_of(72, 12, 10), FILTER, (1, 2), 3),
    (image_of(73, 9, 9), FILTER, (-2, 1), 0),
    (image_of(74, 12, 12), EVERY_SECOND, (0, 1), 3),
    (image_of(75, 12, 14), EVERY_SECOND, (2, -2), 4),
    (image_of(76, 9, 7), NUMBERED, (0, -2), 2),
    (image_of(77, 8, 10), FILTER, (1, 1), 1),
)
GIVEN = tuple((image.value, operation.value, shift, margin) for image, operation, shift, margin in CASES)
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


def _square(axis):
    """A crop whose rows and columns both end where this axis does."""
    return lambda picture, margin: picture[margin:picture.shape[axis] - margin, margin:picture.shape[axis] - margin]


def _rolled(first, second):
    """shift_error with other axes on the two ways."""
    def mutant(image, operation, shift, margin):
        one, other = operation(np.roll(image, shift, first)), np.roll(operation(image), shift, second)
        return np.abs(_inside(one - other, margin)).max()

    return mutant


def _apart(image, operation, shift, margin):
    one, other = operation(np.roll(image, shift, axis=(0, 1))), np.roll(operation(image), shift, axis=(0, 1))
    return abs(_inside(one, margin).max() - _inside(other, margin).max())


def _shifted_back(image, operation, shift, margin):
    one = np.roll(operation(np.roll(image, shift, axis=(0, 1))), (-shift[0], -shift[1]), axis=(0, 1))
    return np.abs(_inside(one - operation(image), margin)).max()


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
            "image taken for a square",
            "You cut rows and columns at the same place. They are two numbers, `rows, columns = image.shape`: cut "
            "`[margin:rows - margin, margin:columns - margin]`.",
            _with(crop=_square(0)), _with(crop=_square(1))),
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
            "only one of the two is shifted",
            "Your second way filters and does not shift, so you compare a shifted picture with one that is not. Both "
            "ways shift once: the second is `np.roll(operation(image), shift, axis=(0, 1))`.",
            _with(after=_none)),
        _named(
            "first way shifted back",
            "You shift the first result back instead of shifting the second one. The differences are the same, in "
            "another place, and so the margin cuts others off. Shift the second result forward.",
            _shifted_back),
        _named(
            "image never shifted",
            "You shift the result only. On the first way the image is shifted before the operation.",
            _with(before=_none)),
        _named(
            "same thing compared twice",
            "Both of your ways are the same, so the difference is always 0. Once shift before the operation, once "
            "after it.",
            lambda image, operation, shift, margin: 0.0,
            sign=lambda results: all(isinstance(result.value, float | np.floating | np.integer) and result.value == 0
                                     for result in results)),
        _named(
            "shifted the other way",
            "One of your shifts goes the other way. Both go by the same shift, with the same sign.",
            _with(after=lambda shift: (-shift[0], -shift[1]))),
        _named(
            "rows and columns of the shift exchanged",
            "`shift` is (rows, columns): `np.roll(image, shift, axis=(0, 1))`.",
            _with(before=lambda shift: shift[::-1], after=lambda shift: shift[::-1])),
        _named(
            "np.roll without axis",
            "Without `axis` all rows are taken for one long row, and by that it shifts. Say which number belongs to "
            "which axis: `np.roll(image, shift, axis=(0, 1))`.",
            _rolled(None, None), _rolled(None, (0, 1)), _rolled((0, 1), None)),
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
            "difference of the largest",
            "You compare the largest number of one way with the largest of the other, and they may lie far apart. "
            "Subtract pixel by pixel, then take the largest.",
            _apart),
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
            sign=any_of(shaped(GIVEN, lambda image, operation, shift, margin: image.shape),
                        shaped(GIVEN, lambda image, operation, shift, margin: np.subtract(image.shape, 2 * margin)))),
    ),
)

"""How many cells a transposed convolution makes of an axis."""
from ..exercise import Exercise
from ..signs import mistakes


def transposed_size(size, kernel_size, stride, padding, output_padding):
    """Cells along one axis after a transposed convolution: stamps of kernel_size, `stride` apart, less the cut."""
    last_stamp = (size - 1) * stride  # where it begins; the first one begins at 0
    return last_stamp + kernel_size - 2 * padding + output_padding


CASES = (
    (3, 3, 2, 0, 0),
    (4, 2, 2, 0, 0),
    (3, 3, 2, 1, 0),
    (3, 3, 2, 1, 1),
    (5, 4, 1, 0, 0),
    (7, 4, 2, 1, 0),
    (1, 5, 3, 0, 0),
    (6, 2, 3, 0, 0),  # gaps between the stamps
    (9, 5, 4, 2, 3),
    (28, 2, 2, 0, 0),
    (4, 3, 1, 1, 0),
    (1, 1, 1, 0, 0),
)
named = mistakes(CASES)


def _forward(size, kernel_size, stride, padding, output_padding=0):
    return (size + 2 * padding - kernel_size) // stride + 1


def _plain(size, kernel_size, stride, padding, output_padding):
    """Right, under a name of its own for the formulas below."""
    return (size - 1) * stride + kernel_size - 2 * padding + output_padding


def _without(**settings):
    """Right, but for settings that are taken to have another value."""
    names = ("size", "kernel_size", "stride", "padding", "output_padding")
    return lambda *case: _plain(**(dict(zip(names, case, strict=True)) | settings))


STAMPED = (
    named(
        "size of an ordinary convolution",
        "This is how many positions a window takes: it makes an axis shorter. A transposed convolution stamps, and "
        "makes it longer: count from the first cell of the first stamp to the last of the last.",
        _forward,
        lambda size, kernel_size, stride, padding, extra: _forward(size, kernel_size, stride, padding) + extra,
        lambda size, kernel_size, stride, padding, extra: (size + 2 * padding - kernel_size) / stride + 1,
        lambda size, kernel_size, stride, padding, extra: (size - 2 * padding + kernel_size) // stride + 1,
        lambda size, kernel_size, stride, padding, extra: (size - kernel_size) // stride + 1),
    named(
        "`- 1` in the wrong place",
        "In the formula of a convolution + 1 comes last, so turned round it is taken off first, and then multiplied: "
        "(size - 1) × stride.",
        lambda size, kernel_size, stride, padding, extra: size * stride - 1 + kernel_size - 2 * padding + extra,
        lambda size, kernel_size, stride, padding, extra: size * stride - 1 + kernel_size - 2 * padding),
    named(
        "size times stride",
        "That holds only where kernel_size - 2 padding + output_padding equals stride, as in U-Net. In general the "
        "last stamp is kernel_size wide and does not end where the next would begin.",
        lambda size, kernel_size, stride, padding, extra: size * stride,
        lambda size, kernel_size, stride, padding, extra: size * stride + extra,
        lambda size, kernel_size, stride, padding, extra: size * stride - 2 * padding,
        lambda size, kernel_size, stride, padding, extra: size * stride - 2 * padding + extra),
    named(
        "one stamp too many",
        "From the first stamp to the last there are size - 1 steps, not size.",
        lambda size, kernel_size, stride, padding, extra: size * stride + kernel_size - 2 * padding + extra,
        lambda size, kernel_size, stride, padding, extra: size * stride + kernel_size - 2 * padding),
    named(
        "stamps without overlap",
        "You lay the stamps side by side, each with its own kernel_size cells. They begin `stride` cells apart, and "
        "where they overlap they add up.",
        lambda size, kernel_size, stride, padding, extra: size * kernel_size - 2 * padding + extra,
        lambda size, kernel_size, stride, padding, extra: size * kernel_size,
        lambda size, kernel_size, stride, padding, extra: size * kernel_size + extra),
    named(
        "stride ignored",
        "Your stamps begin one cell apart whatever `stride` says.",
        _without(stride=1)),
    named(
        "stride added instead of multiplied",
        "Each of the size - 1 steps is `stride` cells long: multiply.",
        lambda size, kernel_size, stride, padding, extra: size - 1 + stride + kernel_size - 2 * padding + extra),
    named(
        "stride divided",
        "You divide by the stride. That is what an ordinary convolution does; here a step of one cell in the input is "
        "`stride` cells in the output.",
        lambda size, kernel_size, stride, padding, extra: (size - 1) // stride + kernel_size - 2 * padding + extra,
        lambda size, kernel_size, stride, padding, extra: (size - 1) / stride + kernel_size - 2 * padding + extra),
    named(
        "last stamp forgotten",
        "You count to where the last stamp begins. It is kernel_size cells wide.",
        _without(kernel_size=0), _without(kernel_size=1)),
    named(
        "last stamp one too short",
        "One cell is missing: the last stamp begins at (size - 1) × stride, counted from 0, and kernel_size cells "
        "follow from there, not kernel_size - 1.",
        lambda *case: _plain(*case) - 1),
    named(
        "one cell too many",
        "You count one cell too many. The + 1 of an ordinary convolution has no place here.",
        lambda *case: _plain(*case) + 1),
)
PADDED = (
    named(
        "padding added",
        "You add the padding. In a transposed convolution it is cut off, from both sides: that is what makes it the "
        "reverse of an ordinary one.",
        lambda size, kernel_size, stride, padding, extra: _plain(size, kernel_size, stride, -padding, extra),
        lambda size, kernel_size, stride, padding, extra: _plain(size, kernel_size, stride, -padding, 0)),
    named(
        "padding cut off on one side only",
        "You cut the padding off once. It goes on both sides: 2 × padding.",
        lambda size, kernel_size, stride, padding, extra: _plain(size, kernel_size, stride, 0, extra) - padding,
        lambda size, kernel_size, stride, padding, extra: _plain(size, kernel_size, stride, 0, 0) - padding),
    named(
        "padding ignored",
        "You leave the padding out. It cuts cells off, on both sides.",
        _without(padding=0), _without(padding=0, output_padding=0)),
    named(
        "padding multiplied by the stride",
        "The padding counts cells of the output, so the stride does not stretch it.",
        lambda size, kernel_size, stride, padding, extra: (size - 1 - 2 * padding) * stride + kernel_size + extra,
        lambda size, kernel_size, stride, padding, extra: (size - 2 * padding) * stride + kernel_size + extra,
        lambda size, kernel_size, stride, padding, extra: (size - 1 + 2 * padding) * stride + kernel_size + extra),
    named(
        "output_padding ignored",
        "You leave `output_padding` out. It adds cells at the far end.",
        _without(output_padding=0)),
    named(
        "output_padding taken off",
        "You take `output_padding` off. It is added, whatever its name has in common with the other one.",
        lambda size, kernel_size, stride, padding, extra: _plain(size, kernel_size, stride, padding, -extra)),
    named(
        "output_padding on both sides",
        "You add `output_padding` twice. It goes to the far end only.",
        lambda size, kernel_size, stride, padding, extra: _plain(size, kernel_size, stride, padding, 2 * extra),
        lambda size, kernel_size, stride, padding, extra: _plain(size, kernel_size, stride, padding - extra, 0)),
)
EXCHANGED = (
    named(
        "size and kernel exchanged",
        "You take kernel_size for the number of stamps. Every cell of the input stamps once: size - 1 steps.",
        lambda size, kernel_size, *others: _plain(kernel_size, size, *others)),
    named(
        "kernel and stride exchanged",
        "You take kernel_size for the step and stride for the width of a stamp. It is the other way round.",
        lambda size, kernel_size, stride, *others: _plain(size, stride, kernel_size, *others)),
)

TRANSPOSED_SIZE = Exercise(
    title="Exercise 3",
    points=1,
    reference=transposed_size,
    cases=CASES,
    hints=(
        ("Without padding: the first stamp begins at cell 0, the second at `stride`. Where does stamp number `size` "
         "begin? One less than size steps lie between."),
        "From there its kernel_size cells follow: (size - 1) × stride + kernel_size cells in all.",
        "Then take off `2 * padding` and add `output_padding`.",
    ),
    misconceptions=(*STAMPED, *PADDED, *EXCHANGED),
)

"""How many positions a kernel has along an axis."""
from ..exercise import Exercise, Misconception
from ..signs import any_of, like, only_dtype_differs


def output_size(size, kernel_size, stride, padding, dilation):
    """Positions along one axis: what is left of the padded axis, in strides, and the first position."""
    reach = dilation * (kernel_size - 1) + 1
    return (size + 2 * padding - reach) // stride + 1


CASES = (
    (28, 5, 2, 2, 1),
    (32, 3, 1, 0, 1),
    (7, 2, 2, 0, 1),
    (64, 3, 1, 2, 2),
    (10, 3, 3, 0, 2),
    (224, 7, 2, 3, 1),
    (512, 5, 4, 1, 3),
    (5, 5, 1, 0, 1),
    (20, 3, 4, 1, 1),
    (9, 4, 5, 1, 2),
)


def _room(size, kernel_size, stride, padding, dilation):
    return size + 2 * padding - dilation * (kernel_size - 1) - 1


def _with(**changed):
    """The right formula with some settings exchanged."""
    def mutant(size, kernel_size, stride, padding, dilation):
        given = dict(size=size, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation)
        return output_size(**{**given, **{name: of(given) for name, of in changed.items()}})

    return mutant


def _half_away(number):
    return int(number + 0.5)


OUTPUT_SIZE = Exercise(
    title="Exercise 4",
    points=1,
    reference=output_size,
    cases=CASES,
    strict="dtype",
    hints=(
        "A kernel of 3 with dilation 2 spans 5 pixels: dilation × (kernel_size - 1) + 1. That is its reach.",
        "The padded axis has size + 2 × padding pixels. After the first position `axis - reach` pixels are left.",
        "Each further position takes one stride, so the number of positions is `(axis - reach) // stride + 1`.",
    ),
    misconceptions=(
        Misconception(
            "not rounded down",
            "Your number of positions has a fraction. What is left over is too short for another stride: `//`.",
            lambda *given: _room(*given) / given[2] + 1),
        Misconception(
            "rounded up",
            "You count a position for which there is no room. What is left over is lost: round down, `//`.",
            lambda *given: -(-_room(*given) // given[2]) + 1),
        Misconception(
            "rounded to the nearest",
            "You round to the nearest whole number, so sometimes a position is counted for which there is no room. "
            "Round down: `//`.",
            lambda *given: round(_room(*given) / given[2]) + 1,
            sign=any_of(like(lambda *given: round(_room(*given) / given[2]) + 1, CASES),
                        like(lambda *given: round(_room(*given) / given[2] + 1), CASES),
                        like(lambda *given: _half_away(_room(*given) / given[2]) + 1, CASES))),
        Misconception(
            "first position forgotten",
            "You count the steps. The kernel also stands at its first position: + 1.",
            lambda *given: _room(*given) // given[2]),
        Misconception(
            "one added before the division",
            "The + 1 for the first position comes after the division by the stride.",
            lambda *given: (_room(*given) + 1) // given[2]),
        Misconception(
            "padding counted once",
            "`padding` pixels are added on each side: 2 × padding.",
            lambda size, kernel_size, stride, padding, dilation:
            (_room(size, kernel_size, stride, padding, dilation) - padding) // stride + 1),
        Misconception(
            "padding forgotten",
            "Your sizes do not change with the padding. The axis is size + 2 × padding pixels long.",
            _with(padding=lambda given: 0)),
        Misconception(
            "padding taken away",
            "Padding makes the axis longer: + 2 × padding.",
            _with(padding=lambda given: -given["padding"])),
        Misconception(
            "stride forgotten",
            "You count every pixel as a position. The kernel takes steps of `stride` pixels.",
            _with(stride=lambda given: 1)),
        Misconception(
            "dilation forgotten",
            "Your sizes do not change with the dilation. A kernel of 3 with dilation 2 spans 5 pixels.",
            _with(dilation=lambda given: 1)),
        Misconception(
            "dilation times the kernel size",
            "Dilation stretches the gaps, and 3 cells have 2 gaps: the reach is dilation × (kernel_size - 1) + 1.",
            lambda size, kernel_size, stride, padding, dilation:
            (size + 2 * padding - dilation * kernel_size) // stride + 1),
        Misconception(
            "dilation taken for stride",
            "You take steps of stride × dilation. Dilation stretches the kernel, not its steps.",
            _with(stride=lambda given: given["stride"] * given["dilation"], dilation=lambda given: 1)),
        Misconception(
            "kernel forgotten",
            "You do not subtract the kernel. It must lie inside with its whole reach.",
            lambda size, kernel_size, stride, padding, dilation: (size + 2 * padding) // stride,
            sign=any_of(*(like(mutant, CASES) for mutant in (
                lambda size, kernel_size, stride, padding, dilation: (size + 2 * padding) // stride,
                lambda size, kernel_size, stride, padding, dilation: (size + 2 * padding) // stride + 1,
                lambda size, kernel_size, stride, padding, dilation: -(-(size + 2 * padding) // stride),
                lambda size, kernel_size, stride, padding, dilation: -(-size // stride))))),
        Misconception(
            "kernel one too small",
            "You subtract one pixel too few, so one position too many may fit. The reach is "
            "dilation × (kernel_size - 1) + 1, with the + 1.",
            lambda *given: (_room(*given) + 1) // given[2] + 1),
        Misconception(
            "kernel one too large",
            "You subtract one pixel too many. The reach is dilation × (kernel_size - 1) + 1, and then comes the "
            "division.",
            lambda *given: (_room(*given) - 1) // given[2] + 1),
        Misconception(
            "a whole number as a float",
            "Your numbers are right and they are floats, such as 14.0. A shape takes whole numbers: use `//`, or "
            "`int(…)`.",
            lambda *given: float(output_size(*given)),
            sign=only_dtype_differs(output_size, CASES)),
    ),
)

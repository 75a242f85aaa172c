"""The receptive field of a stack of layers: how far one number of the last map looks."""
import math

from ..exercise import Exercise, Misconception
from .behaviour import behaves_like


def receptive_field(layers):
    """Pixels of the input, along one axis, that one unit after the last of these (kernel_size, stride) layers sees."""
    field, jump = 1, 1  # a pixel sees itself; neighbours are one pixel apart
    for kernel_size, stride in layers:
        field += (kernel_size - 1) * jump
        jump *= stride
    return field


CASES = (
    ([(3, 1)],),
    ([(3, 1), (3, 1)],),
    ([(3, 1), (2, 2), (3, 1)],),
    ([(5, 1), (2, 2), (5, 1), (2, 2), (5, 1)],),
    ([(7, 2), (3, 2), (3, 1), (3, 2)],),
    ([(1, 1), (3, 3), (1, 2), (4, 1)],),
    ([(11, 4), (3, 2), (5, 1), (3, 2)],),
    ([(2, 2), (2, 2), (2, 2), (2, 2), (2, 2)],),
    ([],),
)
STACKS = tuple(index for index, (layers,) in enumerate(CASES) if layers)


def _walk(step, start=(1, 1)):
    """step(field, jump, kernel_size, stride) gives the next field and jump."""
    def mutant(layers):
        field, jump = start
        for kernel_size, stride in layers:
            field, jump = step(field, jump, kernel_size, stride)
        return field

    return mutant


def _last_stride_only(layers):
    strides = [1, *(stride for _, stride in layers)]
    return 1 + sum((kernel_size - 1) * stride for (kernel_size, _), stride in zip(layers, strides, strict=False))


def _every_field(layers):
    return [receptive_field(layers[:count]) for count in range(1, len(layers) + 1)]


def _jump(layers):
    return math.prod(stride for _, stride in layers)


WITHOUT_STRIDES = _walk(lambda field, jump, size, stride: (field + size - 1, 1))
OWN_STRIDE = _walk(lambda field, jump, size, stride: (field + (size - 1) * jump * stride, jump * stride))
WHOLE_KERNEL = [_walk(lambda field, jump, size, stride: (field + size * jump, jump * stride), start)
                for start in ((1, 1), (0, 1))]
STRIDES_ADDED = [_walk(lambda field, jump, size, stride, less=less: (field + (size - 1) * jump, jump + stride - less))
                 for less in (1, 0)]
FROM_0 = _walk(lambda field, jump, size, stride: (field + (size - 1) * jump, jump * stride), (0, 1))

RECEPTIVE_FIELD = Exercise(
    title="Exercise 2",
    points=1,
    reference=receptive_field,
    cases=CASES,
    hints=(
        ("Keep two numbers while you walk through the layers: the field, and the jump, by how many pixels of the input "
         "two neighbours of the present map are apart. Both begin at 1."),
        ("A kernel of 3 cells reaches over two gaps between neighbours, and each gap is `jump` pixels wide: the field "
         "grows by `(kernel_size - 1) * jump`."),
        "Then the stride of this layer makes the jump larger for the layers behind it: `jump *= stride`.",
    ),
    misconceptions=(
        Misconception(
            "jump forgotten",
            "Your field does not change with the strides. Behind a stride of 2 neighbours are two pixels apart, so a "
            "kernel there reaches twice as far.",
            WITHOUT_STRIDES),
        Misconception(
            "whole kernel added",
            "You add kernel_size × jump. A kernel of 3 adds one neighbour on each side: (kernel_size - 1) × jump.",
            WHOLE_KERNEL[0],
            sign=behaves_like(CASES, *WHOLE_KERNEL)),
        Misconception(
            "kernels added up",
            "You add up the sides of the kernels. A kernel adds kernel_size - 1 pixels, and more behind a stride.",
            lambda layers: sum(kernel_size for kernel_size, _ in layers),
            sign=behaves_like(CASES, lambda layers: sum(kernel_size for kernel_size, _ in layers),
                              lambda layers: 1 + sum(kernel_size for kernel_size, _ in layers))),
        Misconception(
            "starts at 0",
            "Your field is one pixel too small everywhere. Before any layer a pixel sees itself: begin with 1.",
            FROM_0),
        Misconception(
            "stride before its own layer",
            "You let the stride of a layer stretch its own kernel. Its kernel still meets the old neighbours; only the "
            "layers behind it feel the stride. Change the jump last.",
            OWN_STRIDE),
        Misconception(
            "strides added",
            "You add up the strides. Two strides of 2 make neighbours 4 pixels apart: multiply.",
            STRIDES_ADDED[0],
            sign=behaves_like(CASES, *STRIDES_ADDED)),
        Misconception(
            "only the stride before",
            "Your jump is the stride of one layer. It is the product of all strides up to there: `jump *= stride`.",
            _last_stride_only),
        Misconception(
            "jump instead of field",
            "You return the product of the strides: how far neighbours are apart, not how far one of them sees.",
            _jump),
        Misconception(
            "kernels multiplied",
            "You multiply the kernels. Each layer adds to the field; only strides are multiplied.",
            lambda layers: math.prod(kernel_size for kernel_size, _ in layers),
            sign=behaves_like(CASES, lambda layers: math.prod(kernel_size for kernel_size, _ in layers),
                              _walk(lambda field, jump, kernel_size, stride: (field * kernel_size * jump,
                                                                              jump * stride)))),
        Misconception(
            "walked from the wrong end",
            "Your formula is right for the other direction. `field += (kernel_size - 1) * jump` walks from the first "
            "layer to the last; `field = (field - 1) * stride + kernel_size` from the last to the first.",
            lambda layers: receptive_field(layers[::-1])),
        Misconception(
            "kernel and stride exchanged",
            "In each pair the kernel size comes first, then the stride.",
            lambda layers: receptive_field([(stride, kernel_size) for kernel_size, stride in layers])),
        Misconception(
            "last layer only",
            "You return what the last kernel sees of the map in front of it. Ask for pixels of the input: every layer "
            "adds to them.",
            lambda layers: layers[-1][0] if layers else 1,
            sign=behaves_like(CASES, lambda layers: layers[-1][0], chosen=STACKS)),
        Misconception(
            "first layer only",
            "You return what the first kernel sees. Or does `return` stand inside the loop?",
            lambda layers: layers[0][0] if layers else 1,
            sign=behaves_like(CASES, lambda layers: layers[0][0], chosen=STACKS)),
        Misconception(
            "last layer left out",
            "Your walk stops one layer early. The unit sits after the last layer, so its kernel counts.",
            lambda layers: receptive_field(layers[:-1])),
        Misconception(
            "area instead of side",
            "You square the field. Asked is its side, along one axis.",
            lambda layers: receptive_field(layers)**2),
        Misconception(
            "half of the field",
            "You return how far the field reaches to one side. Asked is the whole of it, in pixels.",
            lambda layers: receptive_field(layers) // 2,
            sign=behaves_like(CASES, lambda layers: receptive_field(layers) // 2,
                              lambda layers: receptive_field(layers) / 2,
                              lambda layers: (receptive_field(layers) - 1) / 2,
                              lambda layers: (receptive_field(layers) - 1) // 2,
                              lambda layers: (receptive_field(layers) + 1) // 2)),
        Misconception(
            "a list of all fields",
            "You return the field after every layer. Asked is the one after the last.",
            _every_field,
            sign=lambda results: all(isinstance(results[index].value, list) and len(results[index].value) in (
                len(CASES[index][0]), len(CASES[index][0]) + 1) for index in STACKS)),
        Misconception(
            "stops without layers",
            "Right for every stack, and it stops where there is no layer. Then a pixel sees itself: 1.",
            lambda layers: layers[0][0] + receptive_field(layers) - layers[0][0],
            sign=lambda results: results[-1].error is not None and behaves_like(
                CASES, receptive_field, chosen=STACKS)(results)),
        Misconception(
            "no layer, no pixel",
            "Right for every stack, and wrong where there is no layer. Then a pixel sees itself: 1.",
            lambda layers: receptive_field(layers) if layers else 0,
            sign=behaves_like(CASES, receptive_field, chosen=STACKS)),
    ),
)

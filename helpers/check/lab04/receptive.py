"""The receptive field of a stack of layers: how far one number of the last map looks."""
import math

from ..exercise import Exercise, Misconception
from ..signs import behaves_like, mistakes


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
named = mistakes(CASES)


def _walk(step, start=(1, 1)):
    """From the first layer: step(field, jump, kernel_size, stride) gives the next field and jump."""
    def mutant(layers):
        field, jump = start
        for kernel_size, stride in layers:
            field, jump = step(field, jump, kernel_size, stride)
        return field

    return mutant


def _back(step, start=1):
    """From the last layer: step(field, kernel_size, stride) gives the field in the map before it."""
    def mutant(layers):
        field = start
        for kernel_size, stride in reversed(layers):
            field = step(field, kernel_size, stride)
        return field

    return mutant


def _gaps_times(jump):
    """Every layer adds kernel_size - 1 gaps of jump(layers, place) pixels."""
    return lambda layers: 1 + sum((kernel_size - 1) * jump(layers, place)
                                  for place, (kernel_size, _) in enumerate(layers))


def _touched(layers):
    """Where strides are larger than kernels the field has gaps: only the pixels that count."""
    pixels = {0}
    for kernel_size, stride in reversed(layers):
        pixels = {pixel * stride + cell for pixel in pixels for cell in range(kernel_size)}
    return len(pixels)


def _every_field(layers):
    return [receptive_field(layers[:count]) for count in range(1, len(layers) + 1)]


def _jump(layers):
    return math.prod(stride for _, stride in layers)


def _of_whole(change):
    return lambda layers: change(receptive_field(layers))


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
        "Then the stride of this layer makes the jump larger for the layers that follow: `jump *= stride`.",
    ),
    misconceptions=(
        named(
            "jump forgotten",
            "Your field does not change with the strides. After a stride of 2 neighbours are two pixels apart, so a "
            "kernel there reaches twice as far.",
            _walk(lambda field, jump, size, stride: (field + size - 1, 1))),
        named(
            "whole kernel added",
            "You add kernel_size × jump. A kernel of 3 adds one neighbour on each side: (kernel_size - 1) × jump.",
            *(_walk(lambda field, jump, size, stride: (field + size * jump, jump * stride), start)
              for start in ((1, 1), (0, 1)))),
        named(
            "kernels added up",
            "You add up the sides of the kernels. A kernel adds kernel_size - 1 pixels, and more after a stride.",
            lambda layers: sum(kernel_size for kernel_size, _ in layers),
            lambda layers: 1 + sum(kernel_size for kernel_size, _ in layers)),
        named(
            "starts at 0",
            "Your walk begins with 0. Before any layer a pixel sees itself: begin with 1.",
            _walk(lambda field, jump, size, stride: (field + (size - 1) * jump, jump * stride), (0, 1)),
            _back(lambda field, size, stride: (field - 1) * stride + size, 0)),
        named(
            "stride before its own layer",
            "You let the stride of a layer stretch its own kernel. Its kernel still meets the old neighbours; only the "
            "layers after it feel the stride. Change the jump last.",
            _walk(lambda field, jump, size, stride: (field + (size - 1) * jump * stride, jump * stride))),
        named(
            "strides added",
            "You add up the strides. Two strides of 2 make neighbours 4 pixels apart: multiply.",
            *(_walk(lambda field, jump, size, stride, less=less: (field + (size - 1) * jump, jump + stride - less))
              for less in (1, 0))),
        named(
            "stride of one layer only",
            "Your jump is the stride of one layer. It is the product of all strides before the kernel: "
            "`jump *= stride`.",
            _gaps_times(lambda layers, place: layers[place - 1][1] if place else 1),
            _gaps_times(lambda layers, place: layers[place][1])),
        named(
            "all strides for every layer",
            "You stretch every kernel by all strides of the stack. A kernel feels only the strides of the layers "
            "before it: let field and jump grow in the same loop.",
            _gaps_times(lambda layers, place: _jump(layers))),
        named(
            "field multiplied by the stride",
            "You multiply the field by the stride on the way from the first layer. A stride widens nothing that is "
            "seen already; it moves apart what follows. Multiply the jump.",
            _walk(lambda field, jump, size, stride: ((field + size - 1) * stride, 1)),
            _walk(lambda field, jump, size, stride: (field * stride + size - 1, 1))),
        named(
            "one gap too many",
            "From the last layer to the first: n neighbours have n - 1 gaps of `stride` pixels between them, and the "
            "kernel comes on top: `field = (field - 1) * stride + kernel_size`.",
            _back(lambda field, size, stride: field * stride + size - 1),
            _back(lambda field, size, stride: field * stride + size)),
        named(
            "layers with a stride add nothing",
            "You leave out the kernels of layers that have a stride. Pooling of 2 × 2 has a kernel too: it adds one "
            "gap, then its stride moves the rest apart.",
            _walk(lambda field, jump, size, stride: (field + (size - 1) * jump * (stride == 1), jump * stride))),
        named(
            "jump instead of field",
            "You return the product of the strides: how far neighbours are apart, not how far one of them sees.",
            _jump),
        named(
            "kernels multiplied",
            "You multiply the kernels. Each layer adds to the field; only strides are multiplied.",
            lambda layers: math.prod(kernel_size for kernel_size, _ in layers),
            _walk(lambda field, jump, size, stride: (field * size * jump, jump * stride))),
        named(
            "walked from the wrong end",
            "Your formula is right for the other direction. `field += (kernel_size - 1) * jump` walks from the first "
            "layer to the last; `field = (field - 1) * stride + kernel_size` from the last to the first.",
            lambda layers: receptive_field(layers[::-1])),
        named(
            "kernel and stride exchanged",
            "In each pair the kernel size comes first, then the stride.",
            lambda layers: receptive_field([(stride, kernel_size) for kernel_size, stride in layers])),
        named(
            "last layer only",
            "You return what the last kernel sees of the map in front of it. Ask for pixels of the input: every layer "
            "adds to them.",
            lambda layers: layers[-1][0] if layers else 1,
            chosen=STACKS),
        named(
            "first layer only",
            "You return what the first kernel sees. Or does `return` stand inside the loop?",
            lambda layers: layers[0][0] if layers else 1,
            chosen=STACKS),
        named(
            "last layer left out",
            "Your walk stops one layer early. The unit sits after the last layer, so its kernel counts.",
            lambda layers: receptive_field(layers[:-1])),
        named(
            "area instead of side",
            "You square the field. Asked is its side, along one axis.",
            _of_whole(lambda field: field**2)),
        named(
            "half of the field",
            "You return how far the field reaches to one side. Asked is the whole of it, in pixels.",
            _of_whole(lambda field: field // 2), _of_whole(lambda field: field / 2),
            _of_whole(lambda field: (field - 1) / 2), _of_whole(lambda field: (field - 1) // 2),
            _of_whole(lambda field: (field + 1) // 2),
            _walk(lambda field, jump, size, stride: (field + size // 2 * jump, jump * stride))),
        named(
            "gaps not counted",
            "You count only pixels that are really read. With strides larger than kernels some in between are not; the "
            "field reaches from the first to the last, and they belong to it.",
            _touched),
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
        named(
            "no layer, no pixel",
            "Right for every stack, and wrong where there is no layer. Then a pixel sees itself: 1.",
            lambda layers: receptive_field(layers) if layers else 0,
            chosen=STACKS),
    ),
)

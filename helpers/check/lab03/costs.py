"""Parameters and multiplications of a dense and of a convolutional layer."""
from itertools import combinations

from ..comparison import as_array, difference
from ..exercise import Complaint, Exercise, Misconception
from ..signs import any_of, like, raises

KEYS = ("dense parameters", "dense multiplications", "conv parameters", "conv multiplications")


def layer_costs(rows, columns, in_channels, out_channels, kernel_size):
    """Costs of two layers from in_channels pictures to out_channels pictures of rows × columns pixels."""
    pixels = rows * columns
    inputs, outputs = pixels * in_channels, pixels * out_channels
    weights = kernel_size**2 * in_channels * out_channels
    return {
        "dense parameters": inputs * outputs + outputs,
        "dense multiplications": inputs * outputs,
        "conv parameters": weights + out_channels,
        "conv multiplications": weights * pixels,
    }


CASES = (
    (4, 4, 1, 1, 3),
    (8, 6, 3, 2, 3),
    (16, 16, 1, 8, 5),
    (5, 9, 4, 4, 1),
    (512, 512, 1, 16, 3),
)


def counted(answer, rows, columns, in_channels, out_channels, kernel_size):
    """How the check looks at costs: they are counts, of any integer type.

    Raises Complaint where the numbers are right and one of them is a float.
    """
    given = rows, columns, in_channels, out_channels, kernel_size
    costs = answer(*given)
    if isinstance(costs, dict) and not difference(costs, layer_costs(*given)):
        for name in KEYS:
            if as_array(costs[name]).dtype.kind == "f":
                raise Complaint(f"Your numbers are right, and {name!r} is a float, {float(costs[name])!r}.")
    return costs


def _with(**changed):
    """The right costs with some of them computed otherwise, from a dictionary of the sizes."""
    def mutant(rows, columns, in_channels, out_channels, kernel_size):
        n = dict(pixels=rows * columns, rows=rows, columns=columns, ins=in_channels, outs=out_channels,
                 cells=kernel_size**2, size=kernel_size)
        right = layer_costs(rows, columns, in_channels, out_channels, kernel_size)
        return right | {name.replace("_", " "): of(n) for name, of in changed.items()}

    return mutant


def _named(name, message, **changed):
    """A Misconception about some of the costs; whoever makes it in one of them only has made it, too."""
    parts = [dict(part) for size in range(len(changed), 0, -1) for part in combinations(changed.items(), size)]
    return Misconception(name, message, _with(**changed), sign=any_of(*(like(_with(**part), CASES) for part in parts)))


def _weights(n):
    return n["cells"] * n["ins"] * n["outs"]


def _dense(n):
    return n["pixels"]**2 * n["ins"] * n["outs"]


def _conv(weights):
    """Both costs of the convolution from another number of weights."""
    return dict(conv_parameters=lambda n: weights(n) + n["outs"],
                conv_multiplications=lambda n: weights(n) * n["pixels"])


def _inner(n):
    return (n["rows"] - n["size"] + 1) * (n["columns"] - n["size"] + 1)


def _exchanged(*given):
    right = layer_costs(*given)
    return {key: right[KEYS[(place + 2) % 4]] for place, key in enumerate(KEYS)}


LAYER_COSTS = Exercise(
    title="Exercise 10",
    points=1,
    reference=layer_costs,
    observe=counted,
    cases=CASES,
    hints=(
        ("Dense: every output number has one weight for every input number, and one bias. There are "
         "`rows * columns * in_channels` inputs and `rows * columns * out_channels` outputs."),
        ("Convolution: each of the `out_channels` filters has `kernel_size**2 * in_channels` weights and one bias, "
         "whatever the size of the image."),
        ("Multiplications: in the dense layer each weight is used once. In the convolution it is used at every one of "
         "the `rows * columns` positions. Adding a bias is no multiplication."),
    ),
    misconceptions=(
        Misconception(
            "multiplications without positions",
            "Each weight of a kernel is used at every position: weights × rows × columns multiplications.",
            _with(conv_multiplications=_weights)),
        Misconception(
            "parameters counted at every position",
            "The same kernel slides over all positions, so its weights are stored once. Only the multiplications grow "
            "with the image.",
            _with(conv_parameters=lambda n: (_weights(n) + n["outs"]) * n["pixels"])),
        Misconception(
            "one bias per position",
            "A filter has one bias, the same at every position.",
            _with(conv_parameters=lambda n: _weights(n) + n["outs"] * n["pixels"])),
        Misconception(
            "biases forgotten",
            "Your parameters are the weights alone. Every dense output, and every filter, has one bias.",
            _with(dense_parameters=_dense, conv_parameters=_weights)),
        Misconception(
            "dense biases forgotten",
            "In the dense layer every output number has a bias.",
            _with(dense_parameters=_dense)),
        Misconception(
            "biases of the filters forgotten",
            "Every filter has one bias: add `out_channels`.",
            _with(conv_parameters=_weights)),
        Misconception(
            "one bias per channel of a filter",
            "A filter adds its channels and then one bias. It does not have one for each channel.",
            _with(conv_parameters=lambda n: _weights(n) + n["ins"] * n["outs"])),
        Misconception(
            "one bias for the layer",
            "You count one bias. Every filter has its own.",
            _with(conv_parameters=lambda n: _weights(n) + 1)),
        Misconception(
            "one dense bias per channel",
            "In the dense layer you count one bias for each output picture. Every output number has its own: "
            "rows × columns × out_channels of them.",
            _with(dense_parameters=lambda n: _dense(n) + n["outs"])),
        Misconception(
            "biases of the inputs",
            "You count one bias for each input. Biases belong to outputs.",
            _with(dense_parameters=lambda n: _dense(n) + n["pixels"] * n["ins"])),
        _named(
            "kernel size not squared",
            "A kernel has kernel_size × kernel_size cells, and each of them is a weight.",
            **_conv(lambda n: n["size"] * n["ins"] * n["outs"])),
        _named(
            "channels of the input forgotten",
            "A filter has one kernel for each input channel: multiply by `in_channels`.",
            **_conv(lambda n: n["cells"] * n["outs"])),
        _named(
            "one filter only",
            "You count one filter. There are `out_channels` of them.",
            **_conv(lambda n: n["cells"] * n["ins"])),
        Misconception(
            "frame forgotten",
            "You count the positions inside the image only. Here padding keeps the size: there are rows × columns "
            "positions.",
            _with(conv_multiplications=lambda n: _weights(n) * _inner(n))),
        _named(
            "biases multiplied",
            "You count biases among the multiplications. A bias is added.",
            dense_multiplications=lambda n: _dense(n) + n["pixels"] * n["outs"],
            conv_multiplications=lambda n: (_weights(n) + n["outs"]) * n["pixels"]),
        _named(
            "dense layer with one output per channel",
            "Your dense layer has only `out_channels` outputs. Here it makes whole pictures, "
            "rows × columns × out_channels numbers.",
            dense_parameters=lambda n: n["pixels"] * n["ins"] * n["outs"] + n["outs"],
            dense_multiplications=lambda n: n["pixels"] * n["ins"] * n["outs"]),
        _named(
            "channels left out of the dense layer",
            "You count pixels only. Each pixel is one number per channel, on both sides.",
            dense_parameters=lambda n: n["pixels"]**2 + n["pixels"],
            dense_multiplications=lambda n: n["pixels"]**2),
        Misconception(
            "dense and convolution exchanged",
            "Your numbers are right and stand under each other's names.",
            _exchanged),
        Misconception(
            "a count is a whole number",
            "Your numbers are right, and some of them are floats, such as 272.0. A count is a whole number: use `//` "
            "instead of `/`, or `int(…)`.",
            lambda *given: {name: float(count) for name, count in layer_costs(*given).items()},
            sign=raises(Complaint, "is a float")),
    ),
)

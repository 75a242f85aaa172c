"""Parameters and multiplications of a dense and of a convolutional layer."""
from ..exercise import Exercise, Misconception

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


def _with(**changed):
    """The right costs with some of them computed otherwise, from a dictionary of the sizes."""
    def mutant(rows, columns, in_channels, out_channels, kernel_size):
        n = dict(pixels=rows * columns, rows=rows, columns=columns, ins=in_channels, outs=out_channels,
                 cells=kernel_size**2, size=kernel_size)
        right = layer_costs(rows, columns, in_channels, out_channels, kernel_size)
        return right | {name.replace("_", " "): of(n) for name, of in changed.items()}

    return mutant


def _weights(n):
    return n["cells"] * n["ins"] * n["outs"]


def _dense(n):
    return n["pixels"]**2 * n["ins"] * n["outs"]


def _conv(parameters=None, positions=None):
    """Both costs of the convolution from another number of weights or of positions."""
    count, places = parameters or _weights, positions or (lambda n: n["pixels"])
    return _with(conv_parameters=lambda n: count(n) + n["outs"], conv_multiplications=lambda n: count(n) * places(n))


def _inner(n):
    return (n["rows"] - n["size"] + 1) * (n["columns"] - n["size"] + 1)


def _exchanged(*given):
    right = layer_costs(*given)
    return {key: right[KEYS[(place + 2) % 4]] for place, key in enumerate(KEYS)}


LAYER_COSTS = Exercise(
    title="Exercise 10",
    points=1,
    reference=layer_costs,
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
            "biases of the inputs",
            "You count one bias for each input. Biases belong to outputs.",
            _with(dense_parameters=lambda n: _dense(n) + n["pixels"] * n["ins"])),
        Misconception(
            "kernel size not squared",
            "A kernel has kernel_size × kernel_size cells.",
            _conv(lambda n: n["size"] * n["ins"] * n["outs"])),
        Misconception(
            "channels of the input forgotten",
            "A filter has one kernel for each input channel: multiply by `in_channels`.",
            _conv(lambda n: n["cells"] * n["outs"])),
        Misconception(
            "one filter only",
            "You count one filter. There are `out_channels` of them.",
            _conv(lambda n: n["cells"] * n["ins"])),
        Misconception(
            "frame forgotten",
            "You count the positions inside the image only. Here padding keeps the size: there are rows × columns "
            "positions.",
            _conv(positions=_inner)),
        Misconception(
            "biases multiplied",
            "You count biases among the multiplications. A bias is added.",
            _with(dense_multiplications=lambda n: _dense(n) + n["pixels"] * n["outs"],
                  conv_multiplications=lambda n: (_weights(n) + n["outs"]) * n["pixels"])),
        Misconception(
            "dense layer with one output per channel",
            "Your dense layer has only `out_channels` outputs. Here it makes whole pictures, "
            "rows × columns × out_channels numbers.",
            _with(dense_parameters=lambda n: n["pixels"] * n["ins"] * n["outs"] + n["outs"],
                  dense_multiplications=lambda n: n["pixels"] * n["ins"] * n["outs"])),
        Misconception(
            "channels left out of the dense layer",
            "You count pixels only. Each pixel is one number per channel, on both sides.",
            _with(dense_parameters=lambda n: n["pixels"]**2 + n["pixels"],
                  dense_multiplications=lambda n: n["pixels"]**2)),
        Misconception(
            "dense and convolution exchanged",
            "Your numbers are right and stand under each other's names.",
            _exchanged),
    ),
)

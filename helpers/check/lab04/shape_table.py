"""A network in layers, looked at row by row of its shape table."""
import warnings

import torch
from torch import nn

from ..comparison import kind_of
from ..errors import message_of
from ..exercise import Complaint

ROWS = ("1 · convolution", "2 · pooling", "3 · convolution", "4 · pooling", "5 · flatten", "6 · dense", "7 · dense",
        "8 · dense")
BETWEEN, END = "between layers with weights", "after the last layer"
WEIGHTS = (nn.Conv2d, nn.Linear)
POOLING = (nn.AvgPool2d, nn.MaxPool2d, nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d)
NONLINEAR = tuple(vars(nn)[name] for name in nn.modules.activation.__all__ if name != "MultiheadAttention")


class Row(str):
    """One row of the table that a network fits, with its layers for the signs."""

    def __new__(cls, text, layers):
        row = super().__new__(cls, text)
        row.layers = layers
        return row


def layers_of(network):
    """The layers of an nn.Sequential in their order, those inside another nn.Sequential too."""
    return [leaf for layer in network for leaf in (layers_of(layer) if isinstance(layer, nn.Sequential) else [layer])]


def table(layers):
    """What each layer makes of two images of 32 × 32, as text; a nonlinearity has no row of its own."""
    values, rows = torch.linspace(-1, 1, 2 * 32 * 32).reshape(2, 1, 32, 32), []  # (N, 1, 32, 32)
    weights = [one for layer in layers for one in layer.parameters()]
    values = values.to(weights[0].dtype) if weights else values
    for layer in layers:
        try:
            with torch.no_grad(), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # softmax without an axis warns; the card says that it is too much
                values = layer(values)
        except Exception as error:  # noqa: BLE001  layers that do not fit end in many ways
            return [*rows, f"{kind(layer)} stops: {why(layer, values, error)}"]
        if not isinstance(layer, NONLINEAR):
            count = sum(one.numel() for one in layer.parameters())
            shape = " × ".join(map(str, values.shape[1:])) if len(values) == 2 else f"{tuple(values.shape)} of 2 images"
            name = f"pooling by {window(layer)}" if is_pooling(layer) and window(layer) != 2 else kind(layer)
            rows.append(f"{name}: {shape}, {f'{count:,}' if count else 'no'} parameters")
    return rows


def why(layer, values, error):
    """What does not fit, shorter than PyTorch says it."""
    shape = " × ".join(map(str, values.shape[1:]))
    if isinstance(layer, nn.Linear) and values.ndim:
        return f"wants {layer.in_features} numbers in a row, gets {shape or len(values)}"
    if isinstance(layer, nn.Conv2d) and values.ndim == 4:
        return f"wants {layer.in_channels} channels, gets {shape}"
    return message_of(error)


def kind(layer):
    """What a layer is called in the table."""
    words = {nn.Conv2d: "convolution", nn.Linear: "dense", nn.Flatten: "flatten"}
    return "pooling" if is_pooling(layer) else words.get(type(layer), type(layer).__name__)


def is_pooling(layer):
    return isinstance(layer, POOLING)


def window(layer):
    """The side of a pooling window; an adaptive one, which has none of its own, counts as 2."""
    size = getattr(layer, "kernel_size", 2)
    return size[0] if isinstance(size, tuple) else size


def between(layers):
    """The nonlinearities between neighbouring layers with weights, and those after the last; one twice is one."""
    gaps = [[]]
    for layer in layers:
        if isinstance(layer, WEIGHTS):
            gaps.append([])
        elif isinstance(layer, NONLINEAR) and type(layer).__name__ not in gaps[-1]:
            gaps[-1].append(type(layer).__name__)
    first, *inner, last = gaps if len(gaps) > 1 else [*gaps, []]
    inner = [" + ".join(gap) or "nothing" for gap in inner]
    return [*(f"{one} in front" for one in first), *inner], " + ".join(last) or "nothing: logits"


def look(answer, where):
    """One Row of what an answer builds; None or ... where it returns nothing yet.

    Raises Complaint for anything that is no nn.Sequential.
    """
    network = answer()
    if network is None or network is Ellipsis:
        return network
    if not isinstance(network, nn.Sequential):
        own = isinstance(network, nn.Module)
        what = "a module that is no nn.Sequential" if own else kind_of(network)
        raise Complaint(f"Return the network: an nn.Sequential of layers. What came is {what}.")
    layers = layers_of(network)
    rows = table(layers)
    inner, last = between(layers)
    if where in ROWS:
        place = ROWS.index(where)
        return Row(rows[place] if place < len(rows) else "nothing", layers)
    more = f"{rows[len(ROWS)]}; " if where == END and len(rows) > len(ROWS) else ""
    return Row(", ".join(inner) if where == BETWEEN else more + last, layers)


def has(holds):
    """Sign: the answer is a network, and holds(its layers) is true."""
    def shows(results):
        return all(isinstance(result.value, Row) for result in results) and bool(holds(results[0].value.layers))

    return shows

"""The layers of a decoder, looked at one after the other."""
import torch
from torch import nn

from ..comparison import kind_of
from ..errors import message_of
from ..exercise import Complaint

ROWS = ("up", "1 · convolution", "2 · batch normalisation", "3 · ReLU", "4 · convolution", "5 · batch normalisation",
        "6 · ReLU", "after the last")
BLOCK = ["convolution", "batch normalisation", "ReLU"] * 2
CASES = tuple((*channels, layer) for channels in ((8, 6, 4), (64, 32, 32), (5, 2, 7)) for layer in ROWS)
KINDS = {nn.Conv2d: "convolution", nn.ConvTranspose2d: "transposed convolution", nn.BatchNorm2d: "batch normalisation",
         nn.ReLU: "ReLU"}


class Seen:
    """What an answer returned.

    channels : in, skip and out.  up : the transposed convolution.  doubled : what it makes of 3 × 5 pixels, (channels,
    rows, columns), or None.  layers, kinds : those of the block.  written : all of it as text.
    """

    def __init__(self, channels, up, block):
        self.channels, self.up, self.layers = channels, up, leaves(block)
        self.kinds = [KINDS.get(type(layer), type(layer).__name__) for layer in self.layers]
        self.convolutions = [layer for layer in self.layers if isinstance(layer, nn.Conv2d)]
        self.norms = [layer for layer in self.layers if isinstance(layer, nn.BatchNorm2d)]
        self.written, self.doubled = f"{up} {self.layers}", None
        try:
            with torch.no_grad():
                self.doubled = tuple(up(torch.ones(1, channels[0], 3, 5)).shape[1:])
        except Exception as error:  # noqa: BLE001  layers that do not fit end in many ways
            self.problem = message_of(error)


class Row(str):
    """One row of the table that an answer fits, with all that was seen for the signs."""

    def __new__(cls, text, seen):
        row = super().__new__(cls, text)
        row.seen = seen
        return row


def leaves(layer):
    """The layers of an nn.Sequential in their order, those inside another one too."""
    if not isinstance(layer, nn.Sequential):
        return [layer]
    return [leaf for one in layer for leaf in leaves(one)]


def text_of(seen, layer):
    """What one row of the table says."""
    if layer == "up":
        if seen.doubled is None:
            return f"does not take {seen.channels[0]} channels: {seen.problem}"
        return "{} channels of 3 × 5 pixels become {} of {} × {}".format(seen.channels[0], *seen.doubled) + (
            "" if seen.up.kernel_size == (2, 2) else f", with kernels of {seen.up.kernel_size[0]}")
    place = ROWS.index(layer) - 1
    if layer == ROWS[-1]:
        return ", ".join(seen.kinds[place:]) or "nothing"
    return row_of(seen.layers[place]) if place < len(seen.layers) else "nothing"


def row_of(layer):
    """One layer in words."""
    kind = KINDS.get(type(layer), type(layer).__name__)
    if isinstance(layer, nn.Conv2d):
        size = "keeps the size" if keeps_the_size(layer) else "changes the size"
        return f"{kind} {layer.kernel_size[0]} × {layer.kernel_size[1]}: {layer.in_channels} → {layer.out_channels} " \
               f"channels, {size}"
    return f"{kind} of {layer.num_features} channels" if isinstance(layer, nn.BatchNorm2d) else kind


def keeps_the_size(layer):
    """Whether a convolution makes as many pixels as it takes."""
    if isinstance(layer.padding, str):
        return layer.padding == "same" and layer.stride == (1, 1)
    return layer.stride == (1, 1) and all(2 * wide == reach * (size - 1) for wide, size, reach in zip(
        layer.padding, layer.kernel_size, layer.dilation, strict=True))


def what_is(value):
    """A returned thing in words, layers by their name in torch."""
    return f"an nn.{type(value).__name__}" if isinstance(value, nn.Module) else kind_of(value)


def look(answer, in_channels, skip_channels, out_channels, layer):
    """One Row of what an answer builds; None or ... where it returns nothing yet.

    Raises Complaint for anything else than a transposed convolution and a block.
    """
    channels = in_channels, skip_channels, out_channels
    with torch.random.fork_rng(devices=[]):
        built = answer(*channels)
    if built is None or built is Ellipsis:
        return built
    if not isinstance(built, tuple | list) or len(built) != 2:
        count = f" of {len(built)}" if isinstance(built, tuple | list) else ""
        raise Complaint(f"Return two things: `return up, convolve`. What came is {what_is(built)}{count}.")
    up, block = built
    if isinstance(up, nn.Sequential) and any(isinstance(one, nn.Upsample) for one in up):
        raise Complaint("up interpolates; the table asks for an nn.ConvTranspose2d.")
    up = up[0] if isinstance(up, nn.Sequential) and len(up) == 1 else up
    if not isinstance(up, nn.ConvTranspose2d):
        raise Complaint(f"up is {what_is(up)}; the table asks for an nn.ConvTranspose2d.")
    if not isinstance(block, nn.Sequential):
        raise Complaint(f"convolve is {what_is(block)}; make one nn.Sequential of its layers.")
    seen = Seen(channels, up, block)
    return Row(text_of(seen, layer), seen)


def has(holds, every=False):
    """Sign: every result is a Row, and holds(what was seen) is true of one of them, or of all."""
    def shows(results):
        rows = all(isinstance(result.value, Row) for result in results)
        return rows and (all if every else any)(bool(holds(result.value.seen)) for result in results)

    return shows

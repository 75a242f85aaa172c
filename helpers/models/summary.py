"""What a network is made of, layer by layer: shapes, parameters, multiplications, depth and receptive field.

The network is run once on PyTorch's meta device, where tensors have a shape and no numbers: nothing is computed, and
even VGG-16 takes a moment. Along the way every tensor carries a `Reach`: what a unit of it can see of the image.
"""
from contextlib import contextmanager
from typing import NamedTuple

import torch
from torch import nn
from torch.func import functional_call
from torch.overrides import TorchFunctionMode

from helpers import tables
from helpers.models.modes import evaluating

TRANSPOSED = nn.ConvTranspose1d | nn.ConvTranspose2d | nn.ConvTranspose3d
WEIGHTED = nn.Linear | nn.modules.conv._ConvNd
POOLING = nn.modules.pooling._MaxPoolNd | nn.modules.pooling._AvgPoolNd
BLURS = (nn.Linear | nn.Upsample | TRANSPOSED | nn.modules.pooling._AdaptiveAvgPoolNd
         | nn.modules.pooling._AdaptiveMaxPoolNd)  # behind these, a unit has no window on the image any more
BY_MODULE = ("conv", "linear", "pool", "interpolate")  # in the names of functions that must come from a module

KEEPS_SHAPE = {"batch_norm", "relu", "relu6", "leaky_relu", "silu", "sigmoid",
               "local_response_norm"}                                           # the meta device is slow here


class Layer(NamedTuple):
    """One row of a summary: a layer, in the order in which it runs.

    name : where the module stands in the network.  type : its class.  shape : of what comes out, without N.
    parameters : weights and biases, 0 when the module ran before.  macs : multiplications with weights, for one image.
    depth : convolutional and dense layers on the longest way from the image to here.
    receptive_field, jump : pixels of the image one unit sees from top to bottom, and from one unit to the next; None
    where a unit sees the whole image: behind global pooling, in dense layers, and behind upsampling.
    """

    name: str
    type: str
    shape: tuple
    parameters: int
    macs: int
    depth: int
    receptive_field: int | None
    jump: int | None


class Table(list):
    """Rows of one kind, shown as a table; row k is `table[k]`, its columns are attributes of the row."""

    def cells(self):
        """Texts, column names first."""
        names = self[0]._fields if self else ()
        return [[name.replace("_", " ") for name in names],
                *([str(value) if name == "year" else text(value) for name, value in zip(names, row, strict=True)]
                  for row in self)]

    def sides(self):
        """Where the texts of each column stand: words "left", numbers "right"."""
        return ["left" if isinstance(value, str) else "right" for value in self[0]] if self else []

    def __repr__(self):
        return tables.as_text(self.cells(), self.sides())

    def _repr_html_(self):
        return tables.as_html(self.cells(), self.sides(), look={"right": ";white-space:nowrap"})


def text(value):
    """A value of a table in words.

    >>> [text(value) for value in (61706, (6, 28, 28), None)]
    ['61,706', '6 × 28 × 28', '–']
    """
    if isinstance(value, tuple):
        return " × ".join(map(str, value))
    return "–" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def count_parameters(model):
    """Weights and biases of a network, those that are frozen included.

    >>> count_parameters(nn.Conv2d(3, 8, kernel_size=3))
    224
    """
    return sum(parameter.numel() for parameter in model.parameters())


def summary(model, input_shape):
    """What every layer of a network makes of one image, and what it costs.

    model : any network of PyTorch's own layers; it is neither changed nor run with numbers.
    input_shape : (C, H, W) of one image, or (C, D, H, W) of one volume.
    Returns a `Table` with one `Layer` for each module without parts that runs.
    Multiplications are those of convolutional and dense layers; normalisation, pooling and activation count 0. Where
    ways join, the receptive field spans the widest, as a unit sees all that any way lets it see. A gate that weighs
    maps by a number from global pooling adds to the depth; strictly, it lets every unit see the whole image, which
    is not counted. Neither are shifts by cropping, or by padding outside of a layer.
    Raises ValueError for another input_shape, and when a convolution, dense or pooling layer is not a module.
    Source: Araujo, Norris and Sim 2019, doi:10.23915/distill.00021.

    >>> [(row.type, row.shape, row.macs) for row in summary(nn.Conv2d(3, 8, kernel_size=3), (3, 30, 30))]
    [('Conv2d', (8, 28, 28), 169344)]
    """
    shape = tuple(input_shape) if isinstance(input_shape, tuple | list) else (input_shape,)
    if len(shape) not in (3, 4) or not all(isinstance(size, int) and size >= 1 for size in shape):
        raise ValueError(f"input_shape must be (C, H, W), three whole numbers from 1 up, not {shape}; of a volume it "
                         "is (C, D, H, W).")
    tracer = Tracer()
    weights = {name: tensor.to("meta") for name, tensor in [*model.named_parameters(), *model.named_buffers()]}
    with watched(model, tracer), torch.no_grad(), tracer:
        functional_call(model, weights, (image_of(shape),))
    return Table(tracer.rows)


def image_of(shape):
    """An image on the meta device, whose pixels see themselves."""
    image = torch.zeros(1, *shape, device="meta")
    image.reach = Reach()
    return image


@contextmanager
def watched(model, tracer):
    """While it lasts, the network is in evaluation mode and tells the tracer of every layer that runs."""
    leaves = [(name, module) for name, module in model.named_modules() if not list(module.children())]
    hooks = [module.register_forward_pre_hook(tracer.enter) for _, module in leaves]
    hooks += [module.register_forward_hook(tracer.leave(name)) for name, module in leaves]
    try:
        with evaluating(model):
            yield
    finally:
        for hook in hooks:
            hook.remove()


class Reach(NamedTuple):
    """What the first unit of a feature map sees: rows `first` to `last` of the image, those in the padding included.

    depth : weighted layers on the longest way here.  jump : rows between the first pixels of neighbouring units.
    window : False where a unit sees the whole image.  enlarged : the map was upsampled on one of the ways here.
    """

    depth: int = 0
    jump: int = 1
    first: int = 0
    last: int = 0
    window: bool = True
    enlarged: bool = False

    def through(self, layer):
        """The reach behind a layer."""
        depth = self.depth + isinstance(layer, WEIGHTED)
        if not self.window or isinstance(layer, BLURS):
            enlarged = self.enlarged or isinstance(layer, nn.Upsample | TRANSPOSED)
            return self._replace(depth=depth, window=False, enlarged=enlarged)
        if not isinstance(layer, WEIGHTED | POOLING):
            return self._replace(depth=depth)
        kernel_size, stride, padding, dilation = geometry(layer)
        first = self.first - padding * self.jump
        last = self.last + (dilation * (kernel_size - 1) - padding) * self.jump
        return Reach(depth, self.jump * stride, first, last)

    def on(self, tensor):
        """The reach for a tensor: without (N, C, H, W), rows and columns are gone, and with them the window."""
        return self if tensor.dim() >= 4 else self._replace(window=False)


def joined(reaches):
    """The reach of what several tensors are made into: the longest depth, the widest window.

    A gate from global pooling is not counted; an upsampled map is, and leaves no window.
    """
    windows, enlarged = [reach for reach in reaches if reach.window], any(reach.enlarged for reach in reaches)
    wide = windows or reaches
    return Reach(max(reach.depth for reach in reaches), max(reach.jump for reach in wide),
                 min(reach.first for reach in wide), max(reach.last for reach in wide),
                 bool(windows) and not enlarged, enlarged)


def geometry(layer):
    """Kernel size, stride, padding and dilation of a layer, from top to bottom of the image.

    >>> geometry(nn.MaxPool2d(3, stride=2))
    (3, 2, 0, 1)
    """
    numbers = [layer.kernel_size, layer.stride, layer.padding, getattr(layer, "dilation", 1)]
    if isinstance(layer.padding, str):
        numbers[2] = {"valid": 0, "same": layer._reversed_padding_repeated_twice[-2]}[layer.padding]
    return tuple(number[0] if isinstance(number, tuple) else number for number in numbers)


class Tracer(TorchFunctionMode):
    """Writes a row for each layer that runs, and hands the reach of tensors on to what is made of them."""

    def __init__(self):
        super().__init__()
        self.rows, self.layer, self.counted = [], None, set()

    def __torch_function__(self, func, types, args=(), kwargs=None):
        name = getattr(func, "__name__", "")
        if any(part in name for part in BY_MODULE) and not isinstance(self.layer, WEIGHTED | POOLING | BLURS):
            raise ValueError(f"summary sees layers that are modules only, not the function {name}: use the layer of "
                             "torch.nn, for example nn.MaxPool2d.")
        output = torch.empty_like(args[0]) if name in KEEPS_SHAPE else func(*args, **(kwargs or {}))
        reaches = [tensor.reach for tensor in tensors([args, kwargs]) if hasattr(tensor, "reach")]
        for tensor in tensors(output) if reaches else []:
            tensor.reach = joined(reaches).on(tensor)
        return output

    def enter(self, module, inputs):
        self.layer = module

    def leave(self, name):
        """A hook for the module of this name."""
        def hook(module, inputs, output):
            output.reach = after = getattr(inputs[0], "reach", Reach(window=False)).through(module).on(output)
            own = 0 if module in self.counted else count_parameters(module)
            self.counted.add(module)
            field, jump = (after.last - after.first + 1, after.jump) if after.window else (None, None)
            self.rows.append(Layer(name, type(module).__name__, tuple(output.shape[1:]), own,
                                   multiplications(module, inputs[0], output), after.depth, field, jump))
            self.layer = None
        return hook


def multiplications(layer, given, output):
    """Multiplications with weights in one run of a layer: each weight once per position it is laid on."""
    if not isinstance(layer, WEIGHTED):
        return 0
    return (given if isinstance(layer, TRANSPOSED) else output).numel() * layer.weight[0].numel()


def tensors(thing):
    """All tensors in nested lists, tuples and dicts."""
    if isinstance(thing, torch.Tensor):
        return [thing]
    parts = thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list | tuple) else ()
    return [tensor for part in parts for tensor in tensors(part)]

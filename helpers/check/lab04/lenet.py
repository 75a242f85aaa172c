"""LeNet-5 built from a shape table."""
import itertools

import torch
from torch import nn

from ..exercise import Complaint, Exercise, Misconception
from ..signs import raises
from .shape_table import BETWEEN, END, NONLINEAR, ROWS, WEIGHTS, has, is_pooling, look, window


def lenet5():
    """LeNet-5 for grey images of 32 × 32 and ten classes; logits come out."""
    return nn.Sequential(
        nn.Conv2d(1, 6, kernel_size=5), nn.ReLU(),   # (N, 6, 28, 28)
        nn.AvgPool2d(2),                             # (N, 6, 14, 14)
        nn.Conv2d(6, 16, kernel_size=5), nn.ReLU(),  # (N, 16, 10, 10)
        nn.AvgPool2d(2),                             # (N, 16, 5, 5)
        nn.Flatten(),                                # (N, 400)
        nn.Linear(400, 120), nn.ReLU(),
        nn.Linear(120, 84), nn.ReLU(),
        nn.Linear(84, 10))


RELUS, POOLS, FLATTEN, FIRST_DENSE = (1, 4, 8, 10), (2, 5), 6, 7  # places in lenet5()


def _edited(edit):
    """LeNet-5 with edit(list of its layers) done to it, in place."""
    def mutant():
        layers = list(lenet5())
        edit(layers)
        return nn.Sequential(*layers)

    return mutant


def _with(changed):
    """LeNet-5 with other layers at some places: {place: function that makes the layer}."""
    return _edited(lambda layers: [layers.__setitem__(place, make()) for place, make in changed.items()])


def _without(*places):
    return _edited(lambda layers: [layers.pop(place) for place in sorted(places, reverse=True)])


def _any(kinds, holds):
    """Sign: a layer of these kinds is so."""
    return has(lambda layers: any(isinstance(layer, kinds) and holds(layer) for layer in layers))


def _last(kinds):
    """Sign: the network ends in a layer of these kinds."""
    return has(lambda layers: bool(layers) and isinstance(layers[-1], kinds))


def _channels(layers):
    return [(layer.in_channels, layer.out_channels) for layer in layers if isinstance(layer, nn.Conv2d)]


def _dense(layers):
    return [layer for layer in layers if isinstance(layer, nn.Linear)]


def _pools(layers):
    return [layer for layer in layers if is_pooling(layer)]


def _step(layer):
    """By how many pixels a pooling layer moves; an adaptive one counts as 2."""
    stride = getattr(layer, "stride", 2)
    return stride[0] if isinstance(stride, tuple) else stride


def _gaps(layers):
    """Whether two layers with weights follow each other without a nonlinearity between them."""
    deciding = [layer for layer in layers if isinstance(layer, (*WEIGHTS, *NONLINEAR))]
    return any(isinstance(one, WEIGHTS) and isinstance(other, WEIGHTS) for one, other in itertools.pairwise(deciding))


def _widths(layers):
    return [out for _, out in _channels(layers)] + [layer.out_features for layer in _dense(layers)]


def _late_flatten(layers):
    """Whether a dense layer comes before any flatten."""
    kinds = [type(layer) for layer in layers if isinstance(layer, nn.Linear | nn.Flatten)]
    return kinds[:1] == [nn.Linear]


def _mixed(layers):
    """Whether the layers are those of the table, in another order; where the ReLUs stand does not count."""
    def said(layer):
        return "pooling" if is_pooling(layer) else repr(layer)

    ours, theirs = ([said(layer) for layer in one if not isinstance(layer, NONLINEAR)] for one in (lenet5(), layers))
    return sorted(ours) == sorted(theirs) and ours != theirs


def _foreign(layers):
    known = (*WEIGHTS, nn.Flatten, *NONLINEAR)
    return [layer for layer in layers if not isinstance(layer, known) and not is_pooling(layer)]


def _paper():
    """C5 of the paper: a convolution that sees its whole input."""
    layers = list(lenet5())
    return nn.Sequential(*layers[:FLATTEN], nn.Conv2d(16, 120, 5), nn.ReLU(), nn.Flatten(), *layers[FIRST_DENSE + 2:])


LENET5 = Exercise(
    title="Exercise 3",
    points=2,
    reference=lenet5,
    observe=look,
    cases=tuple((where,) for where in (*ROWS, BETWEEN, END)),
    hints=(
        ("`nn.Conv2d(in_channels, out_channels, kernel_size)`: without padding a kernel of 5 takes 4 pixels from each "
         "axis. `nn.AvgPool2d(2)` moves by its own size."),
        "`nn.Flatten()` makes 16 × 5 × 5 = 400 numbers of each image; the first dense layer is `nn.Linear(400, 120)`.",
        ("`nn.ReLU()` follows both convolutions and the first two dense layers: four of them, and none after the last "
         "layer."),
    ),
    misconceptions=(
        Misconception(
            "softmax before cross-entropy",
            "Your network ends in softmax. Return logits: the loss, `nn.CrossEntropyLoss`, takes them and does the "
            "softmax itself. Done twice, it flattens the gradients and the network learns slowly.",
            _edited(lambda layers: layers.append(nn.Softmax(dim=1))),
            sign=_last((nn.Softmax, nn.LogSoftmax, nn.Softmax2d, nn.Softmin))),
        Misconception(
            "sigmoid at the end",
            "Your network ends in a sigmoid. Return logits: the loss takes them and does the rest.",
            _edited(lambda layers: layers.append(nn.Sigmoid())),
            sign=_last((nn.Sigmoid, nn.LogSigmoid))),
        Misconception(
            "ReLU on the logits",
            "A ReLU follows your last layer, so no class can get a negative logit. Logits go out as they are.",
            _edited(lambda layers: layers.append(nn.ReLU())),
            sign=_last(nn.ReLU)),
        Misconception(
            "in and out exchanged",
            "A layer has its two numbers the wrong way round: first how many channels or numbers come in, then how "
            "many go out.",
            _with({3: lambda: nn.Conv2d(16, 6, 5)}),
            sign=has(lambda layers: {(6, 1), (16, 6), (120, 400), (84, 120), (10, 84)} & {
                *_channels(layers), *((layer.in_features, layer.out_features) for layer in _dense(layers))})),
        Misconception(
            "other channels in",
            "Your first convolution does not take one channel. A grey image has one, whatever its size: "
            "`nn.Conv2d(1, 6, ...)`.",
            _with({0: lambda: nn.Conv2d(3, 6, 5)}),
            sign=has(lambda layers: _channels(layers)[:1] and _channels(layers)[0][0] != 1)),
        Misconception(
            "padding in a convolution",
            "A convolution of yours has padding. In the table each one takes 4 pixels from each axis, so: none.",
            _with({0: lambda: nn.Conv2d(1, 6, 5, padding=2)}),
            sign=_any(nn.Conv2d, lambda layer: layer.padding not in ((0, 0), "valid"))),
        Misconception(
            "another kernel size",
            "Not all your kernels are 5 × 5. From 32 pixels to 28 a kernel takes 4, so it has 5 cells.",
            _with({0: lambda: nn.Conv2d(1, 6, 3), 3: lambda: nn.Conv2d(6, 16, 3)}),
            sign=_any(nn.Conv2d, lambda layer: layer.kernel_size != (5, 5))),
        Misconception(
            "stride in a convolution",
            "A convolution of yours moves by more than one pixel. In this network only the pooling does.",
            _with({0: lambda: nn.Conv2d(1, 6, 5, stride=2)}),
            sign=_any(nn.Conv2d, lambda layer: layer.stride != (1, 1))),
        Misconception(
            "biases left out",
            "You switched biases off. The table counts one for each filter and each neuron.",
            _with({0: lambda: nn.Conv2d(1, 6, 5, bias=False)}),
            sign=_any((nn.Conv2d, nn.Linear), lambda layer: layer.bias is None)),
        Misconception(
            "C5 as a convolution",
            "This is how the paper has it, and it computes the same with as many parameters. The table asks for "
            "flatten first and then for `nn.Linear(400, 120)`.",
            _paper,
            sign=has(lambda layers: _channels(layers) == [(1, 6), (6, 16), (16, 120)])),
        Misconception(
            "pooling with stride 1",
            "Your pooling moves by one pixel, so 28 become 27. It moves by 2: left out, `stride` is the size of the "
            "window.",
            _with({2: lambda: nn.AvgPool2d(2, stride=1), 5: lambda: nn.AvgPool2d(2, stride=1)}),
            sign=has(lambda layers: any(_step(layer) == 1 for layer in _pools(layers)))),
        Misconception(
            "pooling missing",
            "A convolution is not followed by pooling. Both are, and it halves the side.",
            _without(*POOLS),
            sign=has(lambda layers: len(_pools(layers)) < 2)),
        Misconception(
            "another pooling window",
            "Your pooling does not halve the side. Its window is 2 × 2 and moves by 2.",
            _with({2: lambda: nn.AvgPool2d(3), 5: lambda: nn.AvgPool2d(3)}),
            sign=has(lambda layers: any(window(layer) != 2 or _step(layer) > 2 for layer in _pools(layers)))),
        Misconception(
            "flatten missing",
            "The dense layer meets maps, and wants one row of numbers for each image: put `nn.Flatten()` in front.",
            _without(FLATTEN),
            sign=has(lambda layers: _late_flatten(layers) or not any(isinstance(one, nn.Flatten) for one in layers))),
        Misconception(
            "images flattened together",
            "Your flatten joins all images of the batch into one row. The first axis counts images and stays: "
            "`nn.Flatten()`.",
            _with({FLATTEN: lambda: nn.Flatten(0)}),
            sign=_any(nn.Flatten, lambda layer: layer.start_dim == 0)),
        Misconception(
            "layers in another order",
            "All layers of the table are there, in another order. Each convolution is followed by its own pooling, and "
            "flatten stands between the last pooling and the first dense layer.",
            _edited(lambda layers: layers.insert(3, layers.pop(5))),
            sign=has(_mixed)),
        Misconception(
            "dense layer of the wrong size",
            "The first dense layer expects another number of inputs than flatten hands on: 16 maps of 5 × 5 are 400.",
            _with({FIRST_DENSE: lambda: nn.Linear(256, 120)}),
            sign=has(lambda layers: _dense(layers) and _dense(layers)[0].in_features != 400)),
        Misconception(
            "other widths than the table",
            "Your layers have other numbers of maps or neurons: the table has 6 and 16 maps, then 120, 84 and 10.",
            _with({9: lambda: nn.Linear(120, 64), 11: lambda: nn.Linear(64, 10)}),
            sign=has(lambda layers: _widths(layers) != [6, 16, 120, 84, 10])),
        Misconception(
            "nonlinearity missing",
            "Two layers with weights follow each other without ReLU. Together they can do no more than one.",
            _without(*RELUS),
            sign=has(_gaps)),
        Misconception(
            "a layer of your own choice",
            "The table has no batch normalisation, no dropout and nothing else that yours adds. Leave it out.",
            _edited(lambda layers: layers.insert(FIRST_DENSE + 2, nn.Dropout(0.5))),
            sign=has(_foreign)),
        Misconception(
            "another nonlinearity",
            "The shapes are right, and not every nonlinearity is a ReLU. The paper has tanh; the table asks for "
            "`nn.ReLU()`.",
            _with({place: nn.Tanh for place in RELUS}),
            sign=_any(NONLINEAR, lambda layer: not isinstance(layer, nn.ReLU))),
        Misconception(
            "no layer inside nn.Sequential",
            "`nn.Sequential` takes layers, one after the other. A list of them needs a star, `nn.Sequential(*layers)`, "
            "and every layer brackets: `nn.ReLU()`, not `nn.ReLU` and no function.",
            lambda: nn.Sequential(list(lenet5())),
            sign=raises(TypeError, "is not a Module subclass")),
        Misconception(
            "a list of layers",
            "You return a list. `nn.Sequential(*layers)` makes a network of it, which hands the image on from layer to "
            "layer.",
            lambda: list(lenet5()),
            sign=raises(Complaint, "is a list")),
        Misconception(
            "a class of its own",
            "Your network is a module with a `forward` of its own, which hides the order of its layers. Good practice, "
            "but here return an nn.Sequential.",
            lambda: nn.ModuleList(lenet5()),
            sign=raises(Complaint, "is a module")),
        Misconception(
            "output instead of the network",
            "You return what the network says about an image. Return the network.",
            lambda: lenet5()(torch.zeros(1, 1, 32, 32)),
            sign=raises(Complaint, "is a torch tensor")),
    ),
)

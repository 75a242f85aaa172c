"""The layers of a decoder with the right channels: what goes in is what was joined."""
from torch import nn

from ..exercise import Complaint, Exercise, Misconception
from ..signs import any_of, raises
from .building_run import BLOCK, CASES, Row, has, look


def decoder_layers(in_channels, skip_channels, out_channels):
    """The layer that doubles the maps, and the block that convolves what was joined."""
    up = nn.ConvTranspose2d(in_channels, out_channels, kernel_size=2, stride=2)
    joined = skip_channels + out_channels  # what crosses, and what comes out of up
    convolve = nn.Sequential(
        nn.Conv2d(joined, out_channels, kernel_size=3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, kernel_size=3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU())
    return up, convolve


def _with(up=None, edit=lambda layers, *channels: layers):
    """The right pair with another `up` (a function of the three channels), or edited layers."""
    def mutant(*channels):
        doubled, block = decoder_layers(*channels)
        layers = edit(list(block), *channels)
        return (up(*channels) if up else doubled), nn.Sequential(*layers)

    return mutant


def _put(place, make):
    """Another layer at a place of the block: make(in, skip, out)."""
    def edit(layers, *channels):
        layers[place] = make(*channels)
        return layers

    return _with(edit=edit)


def _without(*places):
    return _with(edit=lambda layers, *channels: [layer for place, layer in enumerate(layers) if place not in places])


def _first(channels_of):
    """Another number of channels into the first convolution: channels_of(in, skip, out)."""
    return _put(0, lambda *channels: nn.Conv2d(channels_of(*channels), channels[2], 3, padding=1))


def _doubled(make):
    """Another layer for `up`: make(in, out)."""
    return _with(up=lambda inside, skip, out: make(inside, out))


def _into_first(wanted):
    """Sign: the first convolution always takes wanted(in, skip, out) channels, and that is wrong somewhere."""
    def holds(seen):
        return seen.convolutions and seen.convolutions[0].in_channels == wanted(*seen.channels)

    return lambda results: has(holds, every=True)(results) and has(
        lambda seen: seen.convolutions[0].in_channels != seen.channels[1] + seen.channels[2])(results)


def _in_up(holds):
    """Sign: the layer that doubles is so: holds(layer, in, skip, out)."""
    return has(lambda seen: seen.up is not None and holds(seen.up, *seen.channels))


UP = (
    Misconception(
        "up with in and out exchanged",
        "Your `up` has its channels the wrong way round: first those that come in, then those that go out.",
        _doubled(lambda inside, out: nn.ConvTranspose2d(out, inside, 2, stride=2)),
        sign=_in_up(lambda up, inside, skip, out: (up.in_channels, up.out_channels) == (out, inside) != (inside, out))),
    Misconception(
        "up keeps the channels",
        "Your `up` hands on as many channels as come in. It makes `out_channels` of them.",
        _doubled(lambda inside, out: nn.ConvTranspose2d(inside, inside, 2, stride=2)),
        sign=_in_up(lambda up, inside, skip, out: up.in_channels == up.out_channels == inside)),
    Misconception(
        "half of in for out",
        "Your `up` halves the channels. In the U-Net of 2015 that is `out_channels`; in general it is not: use the "
        "argument.",
        _doubled(lambda inside, out: nn.ConvTranspose2d(inside, inside // 2, 2, stride=2)),
        sign=_in_up(lambda up, inside, skip, out: up.out_channels == inside // 2 != out)),
    Misconception(
        "up that does not double",
        "Your `up` does not make 6 × 10 pixels of 3 × 5. With kernel_size 2 it needs stride 2; with kernel 3 and "
        "stride 2 exercise 3 counts 7 × 11.",
        _doubled(lambda inside, out: nn.ConvTranspose2d(inside, out, 2)),
        sign=has(lambda seen: seen.doubled and seen.doubled[1:] != (6, 10))),
    Misconception(
        "another kernel in up",
        "Your `up` doubles, with another kernel than asked: here it is 2 × 2 with stride 2, so that no two stamps "
        "overlap.",
        _doubled(lambda inside, out: nn.ConvTranspose2d(inside, out, 4, stride=2, padding=1)),
        sign=has(lambda seen: seen.doubled and seen.doubled[1:] == (6, 10) and seen.up.kernel_size != (2, 2))),
)
CHANNELS = (
    Misconception(
        "convolution with in and out exchanged",
        "A convolution of yours has its channels the wrong way round: first those that come in, then those that go "
        "out.",
        _put(0, lambda inside, skip, out: nn.Conv2d(out, skip + out, 3, padding=1)),
        sign=has(lambda seen: any((one.in_channels, one.out_channels) == (seen.channels[2], sum(seen.channels[1:]))
                                  for one in seen.convolutions))),
    Misconception(
        "skip channels forgotten",
        "Your block expects only what `up` hands on. It gets that and what crosses: skip_channels + out_channels.",
        _first(lambda inside, skip, out: out),
        sign=_into_first(lambda inside, skip, out: out)),
    Misconception(
        "channels before up counted",
        "Your block counts in_channels. They have become out_channels when the maps leave `up`: skip_channels + "
        "out_channels are joined.",
        _first(lambda inside, skip, out: inside + skip),
        sign=any_of(_into_first(lambda inside, skip, out: inside + skip),
                    _into_first(lambda inside, skip, out: inside + out))),
    Misconception(
        "in channels into the block",
        "Your block expects in_channels. In the U-Net of 2015 that number is right by coincidence: 512 from across and "
        "512 from below are 1024 again. In general skip_channels + out_channels come in.",
        _first(lambda inside, skip, out: inside),
        sign=_into_first(lambda inside, skip, out: inside)),
    Misconception(
        "twice out into the block",
        "Your block expects 2 × out_channels, which is right only if as many channels cross as come up: add "
        "skip_channels and out_channels.",
        _first(lambda inside, skip, out: 2 * out),
        sign=_into_first(lambda inside, skip, out: 2 * out)),
    Misconception(
        "only skip into the block",
        "Your block expects skip_channels or twice as many. What crosses and what comes up are joined: skip_channels + "
        "out_channels.",
        _first(lambda inside, skip, out: skip),
        sign=any_of(_into_first(lambda inside, skip, out: skip), _into_first(lambda inside, skip, out: 2 * skip))),
    Misconception(
        "second convolution takes all again",
        "Your second convolution expects as many channels as the first. The first has made out_channels of them.",
        _put(3, lambda inside, skip, out: nn.Conv2d(skip + out, out, 3, padding=1)),
        sign=has(lambda seen: len(seen.convolutions) > 1 and seen.convolutions[1].in_channels
                 == seen.channels[1] + seen.channels[2] != seen.convolutions[0].out_channels)),
    Misconception(
        "normalisation of other channels",
        "A batch normalisation expects another number of channels than the convolution before it hands on: "
        "out_channels.",
        _put(1, lambda inside, skip, out: nn.BatchNorm2d(skip + out)),
        sign=has(lambda seen: any(one.num_features != seen.channels[2] for one in seen.norms))),
)
ORDER = (
    Misconception(
        "padding missing in the block",
        "Your convolutions take pixels from the edges. Here the size stays: kernel_size 3 needs `padding=1`.",
        _put(0, lambda inside, skip, out: nn.Conv2d(skip + out, out, 3)),
        sign=has(lambda seen: any(one.kernel_size == (3, 3) and one.padding in ((0, 0), "valid")
                                  for one in seen.convolutions))),
    Misconception(
        "another kernel in the block",
        "Not all your convolutions are 3 × 3. A kernel of 1 × 1 sees no neighbour, and one of 5 × 5 costs three times "
        "as much.",
        _put(3, lambda inside, skip, out: nn.Conv2d(out, out, 1)),
        sign=has(lambda seen: any(one.kernel_size != (3, 3) for one in seen.convolutions))),
    Misconception(
        "stride in the block",
        "A convolution of yours moves by more than one pixel, and halves what `up` has just doubled.",
        _put(0, lambda inside, skip, out: nn.Conv2d(skip + out, out, 3, stride=2, padding=1)),
        sign=has(lambda seen: any(one.stride != (1, 1) for one in seen.convolutions))),
    Misconception(
        "one convolution only",
        "Your block has one convolution. The table has two: after the first, another one from out_channels to "
        "out_channels.",
        _without(3, 4, 5),
        sign=has(lambda seen: len(seen.convolutions) == 1)),
    Misconception(
        "batch normalisation missing",
        "A convolution is not followed by `nn.BatchNorm2d(out_channels)`. Each of the two is.",
        _without(1, 4),
        sign=has(lambda seen: len(seen.convolutions) == 2 and len(seen.norms) < 2)),
    Misconception(
        "nonlinearity missing",
        "A ReLU is missing. Without it two convolutions can do no more than one.",
        _without(2),
        sign=has(lambda seen: seen.kinds.count("ReLU") < 2 and all(
            kind in ("convolution", "batch normalisation", "ReLU") for kind in seen.kinds))),
    Misconception(
        "layers in another order",
        "All layers are there, in another order. Convolution, batch normalisation, ReLU, and the same once more.",
        _with(edit=lambda layers, *channels: [layers[place] for place in (0, 2, 1, 3, 5, 4)]),
        sign=has(lambda seen: sorted(seen.kinds) == sorted(BLOCK) and seen.kinds != BLOCK)),
    Misconception(
        "a layer of your own choice",
        "The table has no dropout, no softmax, no pooling and no other nonlinearity than ReLU. They have their place, "
        "and not here.",
        _with(edit=lambda layers, *channels: [*layers, nn.Softmax(dim=1)]),
        sign=has(lambda seen: not set(seen.kinds) <= set(BLOCK))),
)
RETURNED = (
    Misconception(
        "up inside the block",
        "You put `up` into the block. Between the two `skip` is joined, so they are two: `return up, convolve`.",
        lambda *channels: nn.Sequential(*decoder_layers(*channels)),
        sign=any_of(raises(Complaint, "What came is an nn.Sequential"), has(
            lambda seen: "transposed convolution" in seen.kinds))),
    Misconception(
        "a list instead of nn.Sequential",
        "Your layers stand in a list. `nn.Sequential(*layers)`, with the star, makes one layer of them that hands maps "
        "on from one to the next.",
        lambda *channels: (decoder_layers(*channels)[0], list(decoder_layers(*channels)[1])),
        sign=any_of(raises(Complaint, "convolve is a list"), raises(TypeError, "list is not a Module subclass"))),
    Misconception(
        "block first",
        "You return the block first. The order is `up, convolve`.",
        lambda *channels: decoder_layers(*channels)[::-1],
        sign=raises(Complaint, "up is an nn.Sequential")),
    Misconception(
        "interpolation instead of a transposed convolution",
        "Your `up` interpolates. That is a good choice, and what our own U-Net does; the table asks for "
        "`nn.ConvTranspose2d`, whose weights are learned.",
        _with(up=lambda inside, skip, out: nn.Upsample(scale_factor=2)),
        sign=any_of(raises(Complaint, "up is an nn.Upsample"), raises(Complaint, "interpolates"))),
    Misconception(
        "an ordinary convolution for up",
        "Your `up` is an ordinary convolution, which makes maps smaller or keeps their size. "
        "`nn.ConvTranspose2d(…, kernel_size=2, stride=2)` makes them larger.",
        _with(up=lambda inside, skip, out: nn.Conv2d(inside, out, 2, stride=2)),
        sign=raises(Complaint, "up is an nn.Conv2d")),
    Misconception(
        "channels of one scan fixed",
        "Your layers are the same whatever numbers of channels are asked for. Use the three arguments.",
        lambda *channels: decoder_layers(8, 6, 4),
        sign=lambda results: all(isinstance(result.value, Row) for result in results) and len(
            {result.value.seen.written for result in results}) == 1),
)

DECODER_LAYERS = Exercise(
    title="Exercise 6",
    points=2,
    reference=decoder_layers,
    observe=look,
    cases=CASES,
    hints=(
        "`up = nn.ConvTranspose2d(in_channels, out_channels, kernel_size=2, stride=2)`.",
        ("What `decode` joins goes into the block: skip_channels from across, and what `up` hands on. Add the two; the "
         "sum is what the first convolution takes."),
        ("`nn.Sequential(nn.Conv2d(joined, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU(), …)`, "
         "and the same three once more, from out_channels. Return both: `return up, convolve`."),
    ),
    misconceptions=(*RETURNED, *UP, *CHANNELS, *ORDER),
)

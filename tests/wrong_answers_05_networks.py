"""Lab 5, exercises 3 to 6 and 11, as learners write them: sizes, skip connections, one step up, its layers, 2015.

RIGHT : exercise -> answers that differ from the reference in code and must pass; some are oracles.
WRONG : exercise -> (name of the mistake, answer) pairs, in code that is not the mutant's.
"""
import math
from collections import OrderedDict
from functools import partial

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from helpers import models

# transposed convolution ----------------------------------------------------------------------------------------------


def size_by_torch(size, kernel_size, stride, padding, output_padding):
    layer = nn.ConvTranspose1d(1, 1, kernel_size, stride, padding, output_padding)
    return layer(torch.zeros(1, 1, size)).shape[-1]


def size_by_stamping(size, kernel_size, stride, padding, output_padding):
    touched = set()
    for cell in range(size):
        touched |= set(range(cell * stride, cell * stride + kernel_size))
    return max(touched) + 1 - 2 * padding + output_padding


def size_by_search(size, kernel_size, stride, padding, output_padding):
    """The smallest axis of which an ordinary convolution makes `size` cells."""
    longest = 1
    while (longest + 2 * padding - kernel_size) // stride + 1 < size or longest + 2 * padding < kernel_size:
        longest += 1
    return longest + output_padding


def size_in_numpy(size, kernel_size, stride, padding, output_padding):
    return np.int64(np.arange(size)[-1] * stride) + kernel_size - padding - padding + output_padding


def sized(s=lambda n, stride: (n - 1) * stride, k=lambda k: k, p=-2, o=1, more=0):
    """The formula with another part."""
    return lambda n, kernel, stride, pad, extra: s(n, stride) + k(kernel) + p * pad + o * extra + more


SIZES = [
    ("size of an ordinary convolution", lambda n, k, s, p, o: math.floor((n + 2 * p - k) / s) + 1),
    ("size of an ordinary convolution", lambda n, k, s, p, o: 1 + (n - k + p + p) // s),
    ("`- 1` in the wrong place", lambda n, k, s, p, o: (n * s) - 1 + k - 2 * p + o),
    ("size times stride", lambda n, k, s, p, o: sum(s for _ in range(n))),
    ("size times stride", lambda n, k, s, p, o: s * n + o),
    ("one stamp too many", lambda n, k, s, p, o: max(range(0, n * s + 1, s)) + k - 2 * p + o),
    ("one stamp too many", sized(s=lambda n, s: n * s)),
    ("stamps without overlap", lambda n, k, s, p, o: n * k - 2 * p + o),
    ("stamps without overlap", lambda n, k, s, p, o: sum(k for _ in range(n)) + o),
    ("stride ignored", sized(s=lambda n, s: n - 1)),
    ("stride added instead of multiplied", sized(s=lambda n, s: (n - 1) + s)),
    ("stride divided", sized(s=lambda n, s: (n - 1) // s)),
    ("stride divided", sized(s=lambda n, s: (n - 1) / s)),
    ("last stamp forgotten", sized(k=lambda k: 0)),
    ("last stamp forgotten", sized(k=lambda k: 1)),
    ("last stamp one too short", sized(k=lambda k: k - 1)),
    ("one cell too many", sized(more=1)),
    ("padding added", sized(p=2)),
    ("padding cut off on one side only", sized(p=-1)),
    ("padding ignored", sized(p=0)),
    ("padding multiplied by the stride", lambda n, k, s, p, o: s * (n - 1 - 2 * p) + k + o),
    ("output_padding ignored", sized(o=0)),
    ("output_padding taken off", sized(o=-1)),
    ("output_padding on both sides", sized(o=2)),
    ("size and kernel exchanged", lambda n, k, s, p, o: size_by_stamping(k, n, s, p, o)),
    ("kernel and stride exchanged", lambda n, k, s, p, o: size_by_stamping(n, s, k, p, o)),
]

# crop and join -------------------------------------------------------------------------------------------------------


def by_narrow(skip, maps):
    for axis in (2, 3):
        length = maps.shape[axis]
        skip = skip.narrow(axis, (skip.shape[axis] - length) // 2, length)
    return torch.concat((skip, maps), 1)


def by_negative_padding(skip, maps):
    rows, columns = (skip.shape[axis] - maps.shape[axis] for axis in (2, 3))
    return torch.hstack([F.pad(skip, [-(columns // 2)] * 2 + [-(rows // 2)] * 2), maps])


def by_range(skip, maps):
    h, w = maps.shape[2:]
    middle = [torch.arange(size) + (whole - size) // 2 for size, whole in ((h, skip.size(2)), (w, skip.size(3)))]
    return torch.cat([skip[:, :, middle[0]][..., middle[1]], maps], dim=-3)


def pixel_by_pixel(skip, maps):
    N, S, H, W = skip.shape
    _, C, h, w = maps.shape
    out = torch.empty(N, S + C, h, w)
    for r in range(h):
        for c in range(w):
            out[:, :S, r, c] = skip[:, :, r + (H - h) // 2, c + (W - w) // 2]
            out[:, S:, r, c] = maps[:, :, r, c]
    return out


def trimmed(skip, maps):
    """A rim at a time, until it fits."""
    while skip.shape[2] > maps.shape[2]:
        skip = skip[:, :, 1:-1]
    while skip.shape[3] > maps.shape[3]:
        skip = skip[..., 1:-1]
    return torch.cat([skip, maps], 1)


def joined(start=lambda spare: spare // 2, axis=1, order=(0, 1), of=torch.cat):
    """Crops that begin at start(rows or columns to spare), joined along an axis."""
    def answer(skip, maps):
        h, w = maps.shape[-2:]
        top, left = start(skip.shape[-2] - h), start(skip.shape[-1] - w)
        both = [skip[..., top:h + top, left:w + left], maps]
        return of([both[place] for place in order], axis)

    return answer


def left_half_only(skip, maps):
    w = maps.shape[3]
    first = (skip.shape[3] - w) // 2
    return torch.cat([skip[:, :, :maps.shape[2], first:first + w], maps], 1)


def one_margin(skip, maps):
    cut = (skip.shape[2] - maps.shape[2]) // 2
    return torch.cat([skip[:, :, cut:cut + maps.shape[2], cut:cut + maps.shape[3]], maps], 1)


def rows_only(skip, maps):
    cut = (skip.shape[2] - maps.shape[2]) // 2
    return torch.cat([skip[:, :, cut:skip.shape[2] - cut], maps], 1)


def columns_first(skip, maps):
    W, H = skip.shape[2:]
    w, h = maps.shape[2:]
    top, left = (H - h) // 2, (W - w) // 2
    return torch.cat([skip[:, :, top:top + h, left:left + w], maps], 1)


def sliced(last, first=lambda spare: spare // 2):
    def answer(skip, maps):
        spare = [one - other for one, other in zip(skip.shape[2:], maps.shape[2:], strict=True)]
        rows, columns = (slice(first(each), last(each)) for each in spare)
        return torch.cat([skip[:, :, rows, columns], maps], 1)

    return answer


def channels_last(skip, maps):
    h, w = maps.shape[1:3]
    top, left = (skip.shape[1] - h) // 2, (skip.shape[2] - w) // 2
    return torch.cat([skip[:, top:top + h, left:left + w, :], maps], -1)


CROPS = [
    ("crop from the corner", joined(start=lambda spare: 0)),
    ("crop from the corner", lambda skip, maps: torch.cat([skip[:, :, :maps.size(2), :maps.size(3)], maps], 1)),
    ("crop from the far corner", joined(start=lambda spare: spare)),
    ("middle only along one axis", left_half_only),
    ("crop off by a pixel", joined(start=lambda spare: spare // 2 + 1)),
    ("crop off by a pixel", joined(start=lambda spare: max(spare // 2 - 1, 0))),
    ("one margin for both axes", one_margin),
    ("cropped along one axis only", rows_only),
    ("rows and columns swapped", columns_first),
    ("whole margin cut off on both sides", sliced(first=lambda spare: spare, last=lambda spare: -spare or None)),
    ("whole margin cut off on both sides", sliced(first=lambda spare: spare, last=lambda spare: -spare)),
    ("slice that ends at -0", sliced(last=lambda spare: -(spare // 2))),
    ("last row and column lost", sliced(last=lambda spare: -1 - spare // 2)),
    ("skip not cropped", lambda skip, maps: torch.hstack((skip, maps))),
    ("skip shrunk instead of cropped", lambda skip, maps: torch.cat([
        nn.Upsample(size=tuple(maps.shape[2:]), mode="bilinear")(skip), maps], 1)),
    ("skip shrunk instead of cropped", lambda skip, maps: torch.cat([F.interpolate(skip, maps.shape[2:]), maps], 1)),
    ("every second pixel kept", lambda skip, maps: torch.cat([skip[
        :, :, ::skip.shape[2] // maps.shape[2], ::skip.shape[3] // maps.shape[3]][
        ..., :maps.shape[2], :maps.shape[3]], maps], 1)),
    ("maps padded instead", lambda skip, maps: torch.cat([skip, nn.ZeroPad2d(
        [(skip.shape[3] - maps.shape[3]) // 2] * 2 + [(skip.shape[2] - maps.shape[2]) // 2] * 2)(maps)], 1)),
    ("added instead of joined", joined(of=lambda both, axis: both[0] + both[1])),
    ("only one of the two", joined(of=lambda both, axis: both[0])),
    ("only one of the two", lambda skip, maps: maps),
    ("joined along the wrong axis", joined(axis=0)),
    ("joined along the wrong axis", joined(axis=2)),
    ("joined along the wrong axis", joined(axis=-1)),
    ("joined along the wrong axis", joined(axis=0, order=(1, 0))),
    ("maps in front", joined(order=(1, 0))),
    ("stacked instead of joined", joined(of=torch.stack)),
    ("channels taken for rows", channels_last),
    ("tensors without a list", joined(of=lambda both, axis: torch.cat(*both))),
    ("tensors without a list", joined(of=lambda both, axis: torch.cat(both[0], both[1], dim=1))),
]

# one step up ---------------------------------------------------------------------------------------------------------


def by_cat_of_zeros(maps, skip, up, convolve):
    maps = up(maps)
    if maps.shape[2] < skip.shape[2]:
        maps = torch.cat([maps, torch.zeros_like(maps[:, :, :1])], 2)
    if maps.shape[3] < skip.shape[3]:
        maps = torch.cat([maps, torch.zeros_like(maps[..., :1])], 3)
    return convolve(torch.cat([skip, maps], 1))


def by_zero_pad(maps, skip, up, convolve):
    larger = up.forward(maps)
    missing = np.subtract(skip.shape, larger.shape)
    return convolve(torch.hstack([skip, nn.ZeroPad2d((0, int(missing[3]), 0, int(missing[2])))(larger)]))


def by_oversize(maps, skip, up, convolve):
    """A whole row and column more than needed, then cut."""
    framed = F.pad(up(maps), (0, 5, 0, 5))[:, :, :skip.size(2), :skip.size(3)]
    return convolve(torch.cat((skip, framed), dim=1))


def in_one_frame(maps, skip, up, convolve):
    larger, S = up(maps), skip.shape[1]
    both = torch.zeros(len(skip), S + larger.shape[1], *skip.shape[2:])
    both[:, :S], both[:, S:, :larger.shape[2], :larger.shape[3]] = skip, larger
    return convolve(both)


def stepping(edges=lambda rows, columns: (0, columns, 0, rows), join=lambda skip, maps: torch.cat([skip, maps], 1),
             end=lambda convolve, both: convolve(both), enlarge=lambda up, maps: up(maps), **filled):
    """A step with settings for most mistakes; edges : what is padded; filled : with what."""
    def answer(maps, skip, up, convolve):
        large = enlarge(up, maps)
        rows, columns = skip.size(2) - large.size(2), skip.size(3) - large.size(3)
        return end(convolve, join(skip, F.pad(large, edges(rows, columns), **filled)))

    return answer


def not_padded(maps, skip, up, convolve):
    return convolve(torch.cat([skip, up(maps)], dim=1))


def stretched(maps, skip, up, convolve):
    return convolve(torch.cat([skip, F.interpolate(up(maps), size=skip.shape[-2:], mode="nearest")], 1))


def skip_cut(maps, skip, up, convolve):
    maps = up(maps)
    H, W = maps.shape[-2:]
    return convolve(torch.cat([skip[..., :H, :W], maps], 1))


def zeros_first(maps, skip, up, convolve):
    rows, columns = skip.size(2) % 2, skip.size(3) % 2
    maps = up(F.pad(maps, (0, columns, 0, rows)))[..., :skip.size(2), :skip.size(3)]
    return convolve(torch.cat([skip, maps], 1))


def never_enlarged(maps, skip, up, convolve):
    maps = F.interpolate(maps, size=skip.shape[2:])
    return convolve(torch.cat([skip, maps], 1))


def joined_below(maps, skip, up, convolve):
    below = nn.MaxPool2d(2)(skip)
    return convolve(up(torch.cat([below, maps], 1)))


def no_slope(maps, skip, up, convolve):
    with torch.no_grad():
        return by_oversize(maps, skip, up, convolve)


STEPS = [
    ("skip concatenated on the wrong axis", stepping(join=lambda skip, maps: torch.cat([skip, maps]))),
    ("skip concatenated on the wrong axis", stepping(join=lambda skip, maps: torch.cat([skip, maps], -1))),
    ("skip concatenated on the wrong axis", stepping(join=lambda skip, maps: torch.cat([skip, maps], 2))),
    ("skip concatenated on the wrong axis", stepping(join=lambda skip, maps: torch.vstack([maps, skip]))),
    ("maps in front", stepping(join=lambda skip, maps: torch.hstack([maps, skip]))),
    ("added instead of joined", stepping(join=torch.add)),
    ("added instead of joined", lambda maps, skip, up, convolve: convolve(up(maps) + skip)),
    ("skip concatenated on the wrong axis", lambda maps, skip, up, convolve: convolve(torch.cat([skip, up(maps)]))),
    ("skip forgotten", lambda maps, skip, up, convolve: convolve(F.pad(
        up(maps), (0, skip.size(3) % 2, 0, skip.size(2) % 2)))),
    ("maps from below forgotten", lambda maps, skip, up, convolve: (up(maps), convolve(skip))[1]),
    ("stacked instead of joined", stepping(join=lambda skip, maps: torch.stack((skip, maps), 1))),
    ("tensors without a list", stepping(join=lambda skip, maps: torch.cat(skip, maps, 1))),
    ("tensors without a list", stepping(join=lambda skip, maps: torch.cat(skip, maps))),
    ("padding forgotten", not_padded),
    ("padded on the wrong side", stepping(edges=lambda rows, columns: [columns, 0, rows, 0])),
    ("padded on the wrong side", stepping(edges=lambda rows, columns: [0, columns, rows, 0])),
    ("rows and columns of the frame exchanged", stepping(edges=lambda rows, columns: (0, rows, 0, columns))),
    ("padded along one axis only", stepping(edges=lambda rows, columns: (0, columns))),
    ("padded along one axis only", stepping(edges=lambda rows, columns: (0, 0, 0, rows))),
    ("something else than zeros in the frame", stepping(mode="replicate")),
    ("something else than zeros in the frame", stepping(value=1)),
    ("resized instead of padded", stretched),
    ("skip cropped instead", skip_cut),
    ("padded before the maps grow", zeros_first),
    ("a row and a column always added", lambda maps, skip, up, convolve: convolve(torch.cat(
        [skip, F.pad(up(maps), (0, 1, 0, 1))], dim=1))),
    ("up forgotten", never_enlarged),
    ("up forgotten", stepping(enlarge=lambda up, maps: maps)),
    ("convolve forgotten", stepping(end=lambda convolve, both: both)),
    ("convolved twice", stepping(end=lambda convolve, both: convolve(both) + 0 * convolve(both))),
    ("convolved twice", stepping(end=lambda convolve, both: convolve(convolve(both)))),
    ("up on what crosses", stepping(join=lambda skip, maps: torch.cat([skip, maps], 1), enlarge=lambda up, maps: up(
        up(maps)), edges=lambda rows, columns: (0, 0))),
    ("joined before the maps grow", joined_below),
    ("result of convolve thrown away", lambda maps, skip, up, convolve: stepping(
        end=lambda convolve, both: [convolve(both), both][-1])(maps, skip, up, convolve)),
    ("a nonlinearity of your own", stepping(end=lambda convolve, both: nn.ReLU()(convolve(both)))),
    ("a nonlinearity of your own", stepping(end=lambda convolve, both: F.softmax(convolve(both), 1))),
    ("gradient cut off", no_slope),
    ("gradient cut off", lambda *given: by_oversize(*given).detach()),
    ("gradient cut off", lambda maps, skip, up, convolve: by_oversize(maps.detach(), skip, up, convolve)),
]

# its layers ----------------------------------------------------------------------------------------------------------


class Block(nn.Sequential):
    """Two convolutions with a name for each layer."""

    def __init__(self, entering, leaving):
        super().__init__(OrderedDict(
            conv1=nn.Conv2d(entering, leaving, (3, 3), padding="same"), bn1=nn.BatchNorm2d(leaving), act1=nn.ReLU(True),
            conv2=nn.Conv2d(leaving, leaving, 3, 1, 1), bn2=nn.BatchNorm2d(leaving), act2=nn.ReLU(True)))


def by_class(in_channels, skip_channels, out_channels):
    return nn.ConvTranspose2d(in_channels, out_channels, (2, 2), stride=(2, 2)), Block(
        out_channels + skip_channels, out_channels)


def in_halves(in_channels, skip_channels, out_channels):
    """Two nested blocks without biases, which batch normalisation makes superfluous."""
    half = [nn.Sequential(nn.Conv2d(many, out_channels, 3, padding=1, bias=False), nn.BatchNorm2d(out_channels),
                          nn.ReLU(inplace=True)) for many in (skip_channels + out_channels, out_channels)]
    return [nn.ConvTranspose2d(in_channels, out_channels, kernel_size=2, stride=2, bias=False), nn.Sequential(*half)]


def appended(in_channels, skip_channels, out_channels):
    convolve, channels = nn.Sequential(), skip_channels + out_channels
    for _ in range(2):
        for layer in (nn.Conv2d(channels, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU()):
            convolve.append(layer)
        channels = out_channels
    return nn.Sequential(nn.ConvTranspose2d(in_channels, out_channels, 2, 2)), convolve


def built(up=lambda i, o: nn.ConvTranspose2d(i, o, 2, 2), first=lambda i, s, o: s + o, second=lambda i, s, o: o,
          conv=lambda i, o: nn.Conv2d(i, o, kernel_size=3, padding=1), norm=nn.BatchNorm2d, act=nn.ReLU,
          edit=lambda layers: layers, back=lambda up, layers: (up, nn.Sequential(*layers))):
    """The layers with settings for most mistakes."""
    def answer(i, s, o):
        layers = [conv(first(i, s, o), o), norm(o), act(), conv(second(i, s, o), o), norm(o), act()]
        return back(up(i, o), edit(layers))

    return answer


LAYERS = [
    ("up with in and out exchanged", built(up=lambda i, o: nn.ConvTranspose2d(o, i, 2, 2))),
    ("up keeps the channels", built(up=lambda i, o: nn.ConvTranspose2d(i, i, 2, 2))),
    ("half of in for out", built(up=lambda i, o: nn.ConvTranspose2d(i, i // 2, kernel_size=2, stride=2))),
    ("up that does not double", built(up=lambda i, o: nn.ConvTranspose2d(i, o, 3, stride=2))),
    ("up that does not double", built(up=lambda i, o: nn.ConvTranspose2d(i, o, 2, padding=1))),
    ("another kernel in up", built(up=lambda i, o: nn.ConvTranspose2d(i, o, 3, 2, padding=1, output_padding=1))),
    ("convolution with in and out exchanged", built(conv=lambda i, o: nn.Conv2d(o, i, 3, padding=1))),
    ("skip channels forgotten", built(first=lambda i, s, o: o)),
    ("channels before up counted", built(first=lambda i, s, o: i + s)),
    ("channels before up counted", built(first=lambda i, s, o: i + o)),
    ("in channels into the block", built(first=lambda i, s, o: i)),
    ("twice out into the block", built(first=lambda i, s, o: o + o)),
    ("only skip into the block", built(first=lambda i, s, o: s)),
    ("only skip into the block", built(first=lambda i, s, o: 2 * s)),
    ("second convolution takes all again", built(second=lambda i, s, o: s + o)),
    ("normalisation of other channels", built(norm=lambda o: nn.BatchNorm2d(2 * o))),
    ("padding missing in the block", built(conv=partial(nn.Conv2d, kernel_size=3))),
    ("another kernel in the block", built(conv=partial(nn.Conv2d, kernel_size=5, padding=2))),
    ("another kernel in the block", built(conv=partial(nn.Conv2d, kernel_size=1))),
    ("stride in the block", built(conv=partial(nn.Conv2d, kernel_size=3, stride=2, padding=1))),
    ("one convolution only", built(edit=lambda layers: layers[:3])),
    ("batch normalisation missing", built(edit=lambda layers: [layers[0], *layers[2:4], layers[5]])),
    ("batch normalisation missing", built(edit=lambda layers: layers[:4] + layers[5:])),
    ("nonlinearity missing", built(edit=lambda layers: layers[:-1])),
    ("nonlinearity missing", built(edit=lambda layers: [layers[0], layers[1], layers[3], layers[4]])),
    ("layers in another order", built(edit=lambda layers: [layers[place] for place in (1, 0, 2, 4, 3, 5)])),
    ("layers in another order", built(edit=lambda layers: [layers[place] for place in (0, 3, 1, 4, 2, 5)])),
    ("a layer of your own choice", built(act=nn.LeakyReLU)),
    ("a layer of your own choice", built(edit=lambda layers: [*layers, nn.Dropout2d()])),
    ("a layer of your own choice", built(edit=lambda layers: [*layers[:3], nn.MaxPool2d(2), *layers[3:]])),
    ("up inside the block", built(back=lambda up, layers: (up, nn.Sequential(up, *layers)))),
    ("up inside the block", built(back=lambda up, layers: nn.Sequential(up, nn.Sequential(*layers)))),
    ("a list instead of nn.Sequential", built(back=lambda up, layers: (up, layers))),
    ("a list instead of nn.Sequential", built(back=lambda up, layers: (up, nn.Sequential(layers)))),
    ("block first", built(back=lambda up, layers: (nn.Sequential(*layers), up))),
    ("interpolation instead of a transposed convolution", built(up=lambda i, o: nn.Upsample(
        scale_factor=2, mode="bilinear"))),
    ("interpolation instead of a transposed convolution", built(up=lambda i, o: nn.Sequential(
        nn.Upsample(scale_factor=2), nn.Conv2d(i, o, 1)))),
    ("an ordinary convolution for up", built(up=lambda i, o: nn.Conv2d(i, o, 3, padding=1))),
    ("channels of one scan fixed", lambda i, s, o: built()(64, 32, 32)),
]

# 572 in, 388 out -----------------------------------------------------------------------------------------------------


def by_the_course(side, depth):
    """The course's own, which explains what does not fit where the lab says 0."""
    if depth == 0:
        return max(side - 4, 0)
    try:
        return models.UNet2015(base=1, depth=depth)(torch.zeros(1, 1, side, side)).shape[-1]
    except ValueError:
        return 0


def by_lists(side, depth):
    sizes = [side - 4]
    for _ in range(depth):
        if sizes[-1] % 2 or sizes[-1] < 2:
            return 0
        sizes.append(sizes[-1] // 2 - 4)
    for _ in range(depth):
        sizes.append(sizes[-1] * 2 - 4)
    return max(sizes[-1], 0)


def by_convolving(side, depth):
    """Every layer by itself, on a line of zeros."""
    def two(line):
        return F.conv1d(F.conv1d(line, torch.ones(1, 1, 3)), torch.ones(1, 1, 3))

    def inner(line, depth):
        line = two(line)
        if depth and line.shape[-1] % 2:
            raise ValueError
        return two(F.interpolate(inner(F.max_pool1d(line, 2), depth - 1), scale_factor=2)) if depth else line

    try:
        return inner(torch.zeros(1, 1, side), depth).shape[-1]
    except (RuntimeError, ValueError):
        return 0


def downwards(side, depth):
    """From the result back to the side that is needed."""
    wanted = [left for left in range(1, side) if needed(left, depth) == side]
    return wanted[0] if wanted else 0


def needed(left, depth):
    """The side that leaves so much, or None."""
    for _ in range(depth):
        left += 4
        if left % 2:
            return None
        left //= 2
    left += 4
    for _ in range(depth):
        left = 2 * left + 4
    return left


def walk(side, depth, down=4, bottom=4, up=4, fit=lambda side: side > 0 and side % 2 == 0, floor=0):
    for _ in range(depth):
        side -= down
        if not fit(side):
            return 0
        side //= 2
    side -= bottom
    for _ in range(depth):
        side = 2 * side - up
    return side if floor is None else max(side, floor)


def half_pixels(side, depth):
    for _ in range(depth):
        side = (side - 4) / 2
    side -= 4
    for _ in range(depth):
        side = side * 2 - 4
    return max(side, 0)


def pool_first(side, depth):
    for _ in range(depth):
        if side % 2 or side <= 0:
            return 0
        side = side // 2 - 4
    for _ in range(depth):
        side = (side - 4) * 2
    return max(side - 4, 0)


def up_to_the_last(side, depth):
    for _ in range(depth):
        side = side - 4
        if side <= 0 or side % 2 == 1:
            return 0
        side = side // 2
    for _ in range(depth):
        side = (side - 4) * 2
    return max(side, 0)


SIDES = [
    ("one convolution instead of two", lambda side, depth: walk(side, depth, 2, 2, 2)),
    ("pixels lost on one side only", lambda side, depth: walk(side, depth, 1, 1, 1)),
    ("too many pixels lost", lambda side, depth: walk(side, depth, 6, 6, 6)),
    ("convolutions of the bottom forgotten", lambda side, depth: walk(side, depth, bottom=0)),
    ("convolutions of the way up forgotten", lambda side, depth: walk(side, depth, up=0)),
    ("convolutions of the way down forgotten", lambda side, depth: walk(side, depth, down=0)),
    ("last two convolutions forgotten", up_to_the_last),
    ("last two convolutions forgotten", lambda side, depth: walk(side, depth) + 4 if walk(side, depth) else 0),
    ("1 × 1 convolution loses pixels too", lambda side, depth: max(walk(side, depth) - 2, 0)),
    ("pooled before it is convolved", pool_first),
    ("only the way down", lambda side, depth: needed_down(side, depth)),
    ("padded convolutions", lambda side, depth: side if side % 2**depth == 0 else 0),
    ("one level too few or too many", lambda side, depth: walk(side, depth + 1)),
    ("one level too few or too many", lambda side, depth: walk(side, max(depth - 1, 0))),
    ("always four levels", lambda side, depth: walk(side, 4)),
    ("always four levels", lambda side, depth: max(0, side - 184)),
    ("odd sides rounded", lambda side, depth: walk(side, depth, fit=lambda side: side > 0)),
    ("odd sides rounded", lambda side, depth: walk(side, depth, fit=lambda side: True)),
    ("odd sides rounded", lambda side, depth: walk(side, depth, floor=None, fit=lambda side: True)),
    ("halves of pixels", half_pixels),
    ("only the image asked", lambda side, depth: 0 if side % 2**depth else walk(side, depth)),
    ("only the image asked", lambda side, depth: 0 if side % 2 else walk(side, depth, fit=lambda side: True)),
    ("less than nothing left", lambda side, depth: walk(side, depth, floor=None, fit=lambda side: side % 2 == 0)),
]


def needed_down(side, depth):
    """Where the way up begins."""
    for _ in range(depth):
        side -= 4
        if side < 1 or side % 2:
            return 0
        side = side // 2
    return max(side - 4, 0)


RIGHT = {
    "transposed_size": [size_by_torch, size_by_stamping, size_by_search, size_in_numpy, sized()],
    "crop_and_join": [by_narrow, by_negative_padding, by_range, pixel_by_pixel, trimmed, joined()],
    "decode": [by_cat_of_zeros, by_zero_pad, by_oversize, in_one_frame, stepping()],
    "decoder_layers": [by_class, in_halves, appended, built()],
    "side_left": [by_the_course, by_lists, by_convolving, downwards, walk],
}
WRONG = {"transposed_size": SIZES, "crop_and_join": CROPS, "decode": STEPS, "decoder_layers": LAYERS,
         "side_left": SIDES}

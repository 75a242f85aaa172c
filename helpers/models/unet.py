"""U-Net, the network that draws: one answer for every pixel.

Down the left side it sees more and more, up the right side it says where, and across the skip connections it keeps
the detail that pooling loses.  Ronneberger, Fischer and Brox 2015, arXiv:1505.04597; in volumes Çiçek et al. 2016,
arXiv:1606.06650.
"""
from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional as F

from helpers.models.blocks import check_images, he_initialise

CONVOLUTION, NORM, POOL = ({2: two, 3: three} for two, three in (
    (nn.Conv2d, nn.Conv3d), (nn.BatchNorm2d, nn.BatchNorm3d), (nn.MaxPool2d, nn.MaxPool3d)))
INTERPOLATION = {2: "bilinear", 3: "trilinear"}
IN_MEMORY = {2: torch.channels_last, 3: torch.channels_last_3d}      # changes no number; a sixth faster on a processor


def block(in_channels, out_channels, dims=2):
    """Twice convolution of 3 × 3, batch normalisation and leaky ReLU: what U-Net has at every resolution."""
    layers = []
    for channels in (in_channels, out_channels):
        layers += [CONVOLUTION[dims](channels, out_channels, kernel_size=3, padding=1, bias=False),
                   NORM[dims](out_channels), nn.LeakyReLU(0.1)]
    return nn.Sequential(*layers)


def upsampling(in_channels, out_channels, dims=2):
    """Fewer channels by a 1 × 1 convolution, then maps twice as large by interpolation: no checkerboard."""
    return nn.Sequential(CONVOLUTION[dims](in_channels, out_channels, kernel_size=1),
                         nn.Upsample(scale_factor=2, mode=INTERPOLATION[dims]))


class UNet(nn.Module):
    """U-Net as it is built today: padded convolutions, batch normalisation, interpolation on the way up.

    in_channels : 1 for CT.  out_channels : one per class, background included.
    base : channels at full resolution; every level has twice as many as the one above.
    depth : how often the maps are halved.
    skips : with the connections across, or without; without, the decoders take half as many channels.
    dims : 2 for images (N, C, H, W), 3 for volumes (N, C, D, H, W).
    Takes images of any size: inside they are padded with their edge values to a multiple of 2 ** depth, and the answer
    is cut to their size.  Returns logits (N, out_channels, H, W).
    Raises ValueError for other dims, or images that do not fit.

    >>> UNet(1, 6)(torch.zeros(2, 1, 50, 33)).shape
    torch.Size([2, 6, 50, 33])
    """

    def __init__(self, in_channels=1, out_channels=2, base=8, depth=3, skips=True, dims=2):
        super().__init__()
        if dims not in CONVOLUTION:
            raise ValueError(f"dims must be 2 for images or 3 for volumes, not {dims!r}.")
        self.in_channels, self.depth, self.skips, self.dims = in_channels, depth, skips, dims
        channels = [base * 2**level for level in range(depth + 1)]             # 8, 16, 32, 64
        self.encoders = nn.ModuleList(block(*pair, dims) for pair in pairwise([in_channels, *channels]))
        self.pool = POOL[dims](2)
        steps = list(pairwise(channels[::-1]))                                 # (64, 32), (32, 16), (16, 8)
        self.ups = nn.ModuleList(upsampling(*step, dims) for step in steps)
        self.decoders = nn.ModuleList(block(2 * after if skips else after, after, dims) for _, after in steps)
        self.head = CONVOLUTION[dims](base, out_channels, kernel_size=1)
        he_initialise(self).to(memory_format=IN_MEMORY[dims])

    def forward(self, images):                                                 # (N, in_channels, H, W)
        check_images(images, self.in_channels, dims=self.dims)
        maps, kept = padded(images, 2**self.depth), []
        for encoder in self.encoders[:-1]:
            kept.append(encoder(maps))                                         # (N, base, H, W), then twice, half, half
            maps = self.pool(kept[-1])
        maps = self.encoders[-1](maps)                                         # (N, 8 base, H / 8, W / 8)
        for up, decoder in zip(self.ups, self.decoders, strict=True):
            maps, skip = up(maps), kept.pop()
            maps = decoder(torch.cat([skip, maps], dim=1) if self.skips else maps)
        return cropped(self.head(maps), images.shape[2:])                      # (N, out_channels, H, W)


def padded(images, multiple):
    """Images made larger at the far ends, by repeating their edge, until a multiple divides every side.

    The least side is twice the multiple, so that the smallest maps still hold several numbers to normalise.

    >>> padded(torch.zeros(1, 1, 50, 9), 8).shape
    torch.Size([1, 1, 56, 16])
    """
    wanted = [max(-(-side // multiple), 2) * multiple for side in images.shape[2:]]
    missing = [amount for side, whole in zip(images.shape[2:], wanted, strict=True) for amount in (whole - side, 0)]
    return F.pad(images, missing[::-1], mode="replicate") if any(missing) else images


def cropped(maps, sides, centre=False):
    """The part of maps (N, C, ...) that has these sides, from the near ends, or from the middle."""
    starts = [(have - want) // 2 if centre else 0 for have, want in zip(maps.shape[2:], sides, strict=True)]
    return maps[(..., *(slice(start, start + side) for start, side in zip(starts, sides, strict=True)))]


class UNet2015(nn.Module):
    """The U-Net of the paper: no padding, so 572 × 572 pixels go in and 388 × 388 come out; 31,030,658 parameters.

    in_channels : 1 for grey images.  out_channels : one per class, background included.
    base, depth : as in `UNet`; the paper's are 64 and 4.
    Every convolution takes one pixel from each edge, and the maps that cross are cropped to what comes from below.
    The paper draws the weights as He et al. do, and has no batch normalisation; its dropout is left out here.
    Raises ValueError for images whose sides do not halve without remainder, and names sides that do.
    """

    def __init__(self, in_channels=1, out_channels=2, base=64, depth=4):
        super().__init__()
        self.in_channels, self.depth = in_channels, depth
        channels = [base * 2**level for level in range(depth + 1)]             # 64, 128, 256, 512, 1024
        self.encoders = nn.ModuleList(unpadded(*pair) for pair in pairwise([in_channels, *channels]))
        self.pool = nn.MaxPool2d(2)
        steps = list(pairwise(channels[::-1]))
        self.ups = nn.ModuleList(nn.ConvTranspose2d(*step, kernel_size=2, stride=2) for step in steps)
        self.decoders = nn.ModuleList(unpadded(*step) for step in steps)
        self.head = nn.Conv2d(base, out_channels, kernel_size=1)
        he_initialise(self)

    def forward(self, images):                                                 # (N, in_channels, 572, 572)
        check_images(images, self.in_channels)
        for side in images.shape[2:]:
            check_side(side, self.depth)
        maps, kept = images, []
        for encoder in self.encoders[:-1]:
            kept.append(encoder(maps))                                         # (N, 64, 568, 568), ...
            maps = self.pool(kept[-1])
        maps = self.encoders[-1](maps)                                         # (N, 1024, 28, 28)
        for up, decoder in zip(self.ups, self.decoders, strict=True):
            maps = up(maps)                                                    # (N, 512, 56, 56), ...
            skip = cropped(kept.pop(), maps.shape[2:], centre=True)
            maps = decoder(torch.cat([skip, maps], dim=1))
        return self.head(maps)                                                 # (N, out_channels, 388, 388)


def unpadded(in_channels, out_channels):
    """Twice convolution of 3 × 3 and ReLU, without padding: four rows and four columns are lost."""
    return nn.Sequential(nn.Conv2d(in_channels, out_channels, kernel_size=3), nn.ReLU(),
                         nn.Conv2d(out_channels, out_channels, kernel_size=3), nn.ReLU())


def side_left(side, depth=4):
    """Pixels that an unpadded U-Net leaves of a side; None where they do not halve, or nothing is left.

    >>> side_left(572), side_left(512)
    (388, None)
    """
    for _ in range(depth):
        if side <= 4 or side % 2:
            return None
        side = (side - 4) // 2
    for _ in range(depth):
        side = 2 * (side - 4)
    return side - 4 if side > 4 else None


def check_side(side, depth):
    """Raises ValueError for a side that an unpadded U-Net cannot take, naming its neighbours that it can."""
    if side_left(side, depth) is None:
        fits = [near for near in range(1, side + 20 * 2**depth) if side_left(near, depth)]
        near = [*[fit for fit in fits if fit < side][-1:], next(fit for fit in fits if fit > side)]
        raise ValueError(f"A side of {side} pixels cannot be halved {depth} times without remainder between unpadded "
                         f"convolutions: crop or pad it to {' or '.join(map(str, near))} pixels.")

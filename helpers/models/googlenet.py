"""GoogLeNet, the network that looks at several scales side by side.

Szegedy et al. 2014, arXiv:1409.4842 (CVPR 2015, doi:10.1109/CVPR.2015.7298594), table 1.
"""
from collections import OrderedDict

import torch
from torch import nn

from helpers.models.blocks import check_images

# Channels: 1 × 1; 3 × 3 reduced and full; 5 × 5 reduced and full; behind the pooling.
INCEPTIONS = {
    "3a": (64, 96, 128, 16, 32, 32), "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64), "4b": (160, 112, 224, 24, 64, 64), "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64), "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128), "5b": (384, 192, 384, 48, 128, 128),
}


class Inception(nn.Module):
    """Four views of the same maps, stacked: 1 × 1, 3 × 3, 5 × 5, and a pooled one.

    in_channels : maps that come in.  channels : six numbers, a row of `INCEPTIONS`.
    Convolutions of 1 × 1 reduce the channels before the wide kernels, which makes these cheap.
    """

    def __init__(self, in_channels, channels):
        super().__init__()
        one, reduce_three, three, reduce_five, five, pooled = channels
        self.branches = nn.ModuleList([
            conv(in_channels, one, 1),
            nn.Sequential(conv(in_channels, reduce_three, 1), conv(reduce_three, three, 3)),
            nn.Sequential(conv(in_channels, reduce_five, 1), conv(reduce_five, five, 5)),
            nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), conv(in_channels, pooled, 1))])

    def forward(self, maps):                                                 # (N, in_channels, H, W)
        return torch.cat([branch(maps) for branch in self.branches], dim=1)  # (N, one + three + five + pooled, H, W)


class GoogLeNet(nn.Module):
    """GoogLeNet: 22 layers with weights, nine of the blocks `Inception`, 6,998,552 parameters.

    in_channels : 3 for colour.  num_classes : logits that come out.
    As printed in the paper: kernels of 5 × 5, biases, local response normalisation; without the two auxiliary
    classifiers, which only serve the training. torchvision's has batch normalisation and 3 × 3 instead of 5 × 5:
    6,624,904.
    Raises ValueError for images below 32 × 32.
    """

    def __init__(self, in_channels=3, num_classes=1000):
        super().__init__()
        self.in_channels = in_channels
        self.stem = nn.Sequential(
            conv(in_channels, 64, 7, stride=2), shrink(), local_norm(),   # (N, 64, 56, 56)
            conv(64, 64, 1), conv(64, 192, 3), local_norm(), shrink())    # (N, 192, 28, 28)
        blocks, channels = OrderedDict(), 192
        for name, widths in INCEPTIONS.items():
            blocks[name] = Inception(channels, widths)
            channels = widths[0] + widths[2] + widths[4] + widths[5]
            if name in ("3b", "4e"):
                blocks[name + " pool"] = shrink()                         # to 14 × 14, and to 7 × 7
        self.inceptions = nn.Sequential(blocks)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(nn.Dropout(0.4), nn.Linear(channels, num_classes))

    def forward(self, images):                          # (N, in_channels, 224, 224)
        check_images(images, self.in_channels, smallest=32)
        maps = self.inceptions(self.stem(images))       # (N, 1024, 7, 7)
        vector = self.pool(maps).flatten(1)             # (N, 1024): one number per map replaces a dense layer
        return self.classifier(vector)                  # (N, num_classes)


def conv(in_channels, out_channels, kernel_size, stride=1):
    """Convolution that keeps the size at stride 1, and ReLU."""
    layer = nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding=kernel_size // 2)
    return nn.Sequential(layer, nn.ReLU())


def shrink():
    """Maximum over 3 × 3 with stride 2; the last window may hang over the edge, so that 112 becomes 56."""
    return nn.MaxPool2d(3, stride=2, ceil_mode=True)


def local_norm():
    """Local response normalisation over 5 neighbouring maps; the paper gives no numbers, these are Caffe's."""
    return nn.LocalResponseNorm(size=5, alpha=1e-4, beta=0.75, k=1)

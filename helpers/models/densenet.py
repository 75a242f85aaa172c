"""DenseNet-121, the network in which every layer sees what all layers before it made.

Huang, Liu, van der Maaten and Weinberger 2016, arXiv:1608.06993 (CVPR 2017, doi:10.1109/CVPR.2017.243), table 1.
"""
import torch
from torch import nn

from helpers.models.blocks import check_images, conv_norm

GROWTH = 32                # maps each layer adds
LAYERS = (6, 12, 24, 16)   # of each block


class DenseLayer(nn.Module):
    """Makes GROWTH new maps from all there are, and hands on both.

    in_channels : maps that come in; in_channels + GROWTH come out.
    """

    def __init__(self, in_channels):
        super().__init__()
        self.body = nn.Sequential(norm_conv(in_channels, 4 * GROWTH, 1), norm_conv(4 * GROWTH, GROWTH, 3))

    def forward(self, maps):                                # (N, in_channels, H, W)
        return torch.cat([maps, self.body(maps)], dim=1)    # (N, in_channels + GROWTH, H, W)


class DenseNet121(nn.Module):
    """DenseNet-121: four dense blocks and three transitions between them, 7,978,856 parameters.

    in_channels : 3 for colour.  num_classes : logits that come out.
    Raises ValueError for images below 32 × 32.
    """

    def __init__(self, in_channels=3, num_classes=1000):
        super().__init__()
        self.in_channels = in_channels
        self.stem = nn.Sequential(conv_norm(in_channels, 64, 7, stride=2),   # (N, 64, 112, 112)
                                  nn.MaxPool2d(3, stride=2, padding=1))      # (N, 64, 56, 56)
        layers, channels = [], 64
        for block, count in enumerate(LAYERS):
            if block:                                                        # halves the channels and the maps
                layers += [norm_conv(channels, channels // 2, 1), nn.AvgPool2d(2)]
                channels //= 2
            layers += [DenseLayer(channels + GROWTH * place) for place in range(count)]
            channels += GROWTH * count
        self.blocks = nn.Sequential(*layers, nn.BatchNorm2d(channels), nn.ReLU())
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(channels, num_classes)

    def forward(self, images):                   # (N, in_channels, 224, 224)
        check_images(images, self.in_channels, smallest=32)
        maps = self.blocks(self.stem(images))    # (N, 1024, 7, 7)
        vector = self.pool(maps).flatten(1)      # (N, 1024)
        return self.classifier(vector)           # (N, num_classes)


def norm_conv(in_channels, out_channels, kernel_size):
    """Batch normalisation, ReLU, convolution: in this network the convolution comes last."""
    return nn.Sequential(nn.BatchNorm2d(in_channels), nn.ReLU(),
                         nn.Conv2d(in_channels, out_channels, kernel_size, padding=kernel_size // 2, bias=False))

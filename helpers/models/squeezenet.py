"""SqueezeNet, the network that does AlexNet's work with a fiftieth of its parameters.

Iandola et al. 2016, arXiv:1602.07360, table 1 (version 1.0).
"""
import torch
from torch import nn

from helpers.models.blocks import check_images


class Fire(nn.Module):
    """Squeeze with 1 × 1 to few maps, then expand with 1 × 1 and 3 × 3 side by side.

    in_channels : maps that come in.  squeeze, expand : maps of the narrow layer, and of each wide half;
    2 expand maps come out.
    """

    def __init__(self, in_channels, squeeze, expand):
        super().__init__()
        self.squeeze = nn.Sequential(nn.Conv2d(in_channels, squeeze, 1), nn.ReLU())
        self.expand_one = nn.Sequential(nn.Conv2d(squeeze, expand, 1), nn.ReLU())
        self.expand_three = nn.Sequential(nn.Conv2d(squeeze, expand, 3, padding=1), nn.ReLU())

    def forward(self, maps):                                                            # (N, in_channels, H, W)
        narrow = self.squeeze(maps)                                                     # (N, squeeze, H, W)
        return torch.cat([self.expand_one(narrow), self.expand_three(narrow)], dim=1)   # (N, 2 expand, H, W)


class SqueezeNet(nn.Module):
    """SqueezeNet 1.0: eight of the blocks `Fire` and no dense layer, 1,248,424 parameters.

    in_channels : 3 for colour.  num_classes : logits that come out.
    The paper prints 224 × 224 pixels; its 111 × 111 maps need 227. Raises ValueError for images below 32 × 32.
    """

    def __init__(self, in_channels=3, num_classes=1000):
        super().__init__()
        self.in_channels = in_channels
        self.features = nn.Sequential(
            nn.Conv2d(in_channels, 96, 7, stride=2), nn.ReLU(), shrink(),               # 111, then (N, 96, 55, 55)
            Fire(96, 16, 64), Fire(128, 16, 64), Fire(128, 32, 128), shrink(),          # (N, 256, 27, 27)
            Fire(256, 32, 128), Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), shrink(),
            Fire(512, 64, 256), nn.Dropout())                                           # (N, 512, 13, 13)
        self.classifier = nn.Sequential(nn.Conv2d(512, num_classes, 1), nn.ReLU())      # one map per class
        self.pool = nn.AdaptiveAvgPool2d(1)

    def forward(self, images):                          # (N, in_channels, 227, 227)
        check_images(images, self.in_channels, smallest=32)
        maps = self.classifier(self.features(images))   # (N, num_classes, 13, 13)
        return self.pool(maps).flatten(1)               # (N, num_classes): the mean of each map is its logit


def shrink():
    """Maximum over 3 × 3 with stride 2; the last window may hang over the edge."""
    return nn.MaxPool2d(3, stride=2, ceil_mode=True)

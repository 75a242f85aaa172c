"""EfficientNet-B0, a network found by search, whose depth, width and image size grow together.

Tan and Le 2019, arXiv:1905.11946, table 1.  Squeeze and excitation: Hu et al. 2017, arXiv:1709.01507.
"""
from torch import nn

from helpers.models.blocks import check_images, conv_norm
from helpers.models.mobilenet import InvertedResidual

# Expansion, channels, blocks, stride of the first block, kernel_size.
STAGES = ((1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 40, 2, 2, 5), (6, 80, 3, 2, 3), (6, 112, 3, 1, 5), (6, 192, 4, 2, 5),
          (6, 320, 1, 1, 3))


class SqueezeExcite(nn.Module):
    """Weighs every map with a number from 0 to 1 that depends on the means of all maps.

    channels : maps that come in and out.  squeezed : numbers in between.
    """

    def __init__(self, channels, squeezed):
        super().__init__()
        self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels, squeezed, 1), nn.SiLU(),
                                  nn.Conv2d(squeezed, channels, 1), nn.Sigmoid())

    def forward(self, maps):                # (N, channels, H, W)
        return maps * self.gate(maps)       # times (N, channels, 1, 1)


class EfficientNetB0(nn.Module):
    """EfficientNet-B0: sixteen of the blocks `InvertedResidual` with `SqueezeExcite`, 5,288,548 parameters.

    in_channels : 3 for colour.  num_classes : logits that come out.
    Without stochastic depth, which has no parameters and only serves the training.
    Raises ValueError for images below 32 × 32.
    """

    def __init__(self, in_channels=3, num_classes=1000):
        super().__init__()
        self.in_channels = in_channels
        layers, before = [conv_norm(in_channels, 32, 3, stride=2, activation=nn.SiLU)], 32
        for expansion, channels, blocks, stride, kernel_size in STAGES:
            for place in range(blocks):
                gate = SqueezeExcite(before * expansion, before // 4)
                layers.append(InvertedResidual(before, channels, expansion, 1 if place else stride, kernel_size,
                                               activation=nn.SiLU, gate=gate))
                before = channels
        self.features = nn.Sequential(*layers, conv_norm(before, 1280, 1, activation=nn.SiLU))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, num_classes))

    def forward(self, images):                   # (N, in_channels, 224, 224)
        check_images(images, self.in_channels, smallest=32)
        maps = self.features(images)             # (N, 1280, 7, 7)
        vector = self.pool(maps).flatten(1)      # (N, 1280)
        return self.classifier(vector)           # (N, num_classes)

"""MobileNet v1 and v2, the networks that split a convolution in two to save work.

Howard et al. 2017, arXiv:1704.04861; Sandler et al. 2018, arXiv:1801.04381 (doi:10.1109/CVPR.2018.00474).
"""
from torch import nn

from helpers.models.blocks import check_images, conv_norm

# Channels and stride. The paper prints stride 2 for the last one, but its maps stay 7 × 7.
V1 = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1))
# Expansion, channels, blocks, stride of the first block (table 2 of the second paper).
V2 = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))


def separable(in_channels, out_channels, stride=1, norm=True):
    """Depthwise separable convolution: one 3 × 3 kernel per map, then a 1 × 1 convolution that mixes the maps.

    Costs 1 / out_channels + 1 / 9 of the multiplications of an ordinary convolution.  norm : as for `conv_norm`.
    """
    return nn.Sequential(conv_norm(in_channels, in_channels, 3, stride, groups=in_channels, norm=norm),
                         conv_norm(in_channels, out_channels, 1, norm=norm))


class MobileNetV1(nn.Module):
    """MobileNet v1: thirteen depthwise separable convolutions, 4,231,976 parameters.

    in_channels : 3 for colour.  num_classes : logits that come out.
    Raises ValueError for images below 32 × 32.
    """

    def __init__(self, in_channels=3, num_classes=1000):
        super().__init__()
        self.in_channels = in_channels
        layers, before = [conv_norm(in_channels, 32, 3, stride=2)], 32       # (N, 32, 112, 112)
        for channels, stride in V1:
            layers.append(separable(before, channels, stride))
            before = channels
        self.features = nn.Sequential(*layers)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(before, num_classes)

    def forward(self, images):                   # (N, in_channels, 224, 224)
        check_images(images, self.in_channels, smallest=32)
        maps = self.features(images)             # (N, 1024, 7, 7)
        vector = self.pool(maps).flatten(1)      # (N, 1024)
        return self.classifier(vector)           # (N, num_classes)


class InvertedResidual(nn.Module):
    """Expand with 1 × 1, look around with one kernel per map, project with 1 × 1 to few maps, and add the input.

    in_channels, out_channels : maps that come in and out.  expansion : how many times more maps in between.
    gate : a layer that weighs the maps in between, for EfficientNet.
    The input is added where the shape stays the same. The last convolution has no activation, since a ReLU on few
    maps loses too much.
    """

    def __init__(self, in_channels, out_channels, expansion, stride=1, kernel_size=3, activation=nn.ReLU6, gate=None):
        super().__init__()
        wide = in_channels * expansion
        expand = [conv_norm(in_channels, wide, 1, activation=activation)] if expansion > 1 else []
        around = conv_norm(wide, wide, kernel_size, stride, groups=wide, activation=activation)
        project = conv_norm(wide, out_channels, 1, activation=None)
        self.body = nn.Sequential(*expand, around, *([gate] if gate else []), project)
        self.adds = stride == 1 and in_channels == out_channels

    def forward(self, maps):                     # (N, in_channels, H, W)
        new = self.body(maps)                    # (N, out_channels, H / stride, W / stride)
        return maps + new if self.adds else new


class MobileNetV2(nn.Module):
    """MobileNet v2: seventeen of the blocks `InvertedResidual`, 3,504,872 parameters.

    in_channels : 3 for colour.  num_classes : logits that come out.
    Raises ValueError for images below 32 × 32.
    """

    def __init__(self, in_channels=3, num_classes=1000):
        super().__init__()
        self.in_channels = in_channels
        layers, before = [conv_norm(in_channels, 32, 3, stride=2, activation=nn.ReLU6)], 32
        for expansion, channels, blocks, stride in V2:
            for place in range(blocks):
                layers.append(InvertedResidual(before, channels, expansion, 1 if place else stride))
                before = channels
        self.features = nn.Sequential(*layers, conv_norm(before, 1280, 1, activation=nn.ReLU6))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, num_classes))

    def forward(self, images):                   # (N, in_channels, 224, 224)
        check_images(images, self.in_channels, smallest=32)
        maps = self.features(images)             # (N, 1280, 7, 7)
        vector = self.pool(maps).flatten(1)      # (N, 1280)
        return self.classifier(vector)           # (N, num_classes)

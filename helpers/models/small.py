"""Small relatives of LeNet, ResNet and MobileNet for coarse CT slices; they train in seconds on a laptop.

Each ends in one logit, positive for "yes". They want images whose numbers lie around 0, for example
(clip(hu, -1000, 400) + 650) / 350.
"""
from torch import nn
from torch.nn import functional as F

from helpers.models.blocks import LogSumExp, check_images, conv_norm, he_initialise
from helpers.models.mobilenet import separable as separable_convolution
from helpers.models.resnet import Residual

SHARPNESS = 1.0  # of the smooth maximum; with 4 some seeds made no progress in the first six epochs


class SmallLeNet(nn.Module):
    """Convolution, ReLU and pooling three times, then dense layers: LeNet's plan, 36,441 parameters.

    in_channels : 1 for CT.  num_classes : logits that come out.
    norm : with batch normalisation behind the convolutions, or with biases instead.
    size : (H, W) of the images, 8 pixels or more. The dense layer learns every place separately, and so depends on it.
    Raises ValueError for a smaller size, and for images of another one.
    """

    def __init__(self, in_channels=1, num_classes=1, norm=True, size=(64, 64)):
        super().__init__()
        if min(size) < 8:
            raise ValueError(f"size must be (H, W) of 8 pixels or more, not {size}: three poolings halve it.")
        self.in_channels, self.size = in_channels, tuple(size)
        height, width = (side // 8 for side in size)
        self.features = nn.Sequential(
            conv_norm(in_channels, 8, 3, norm=norm), nn.MaxPool2d(2),   # (N, 8, 32, 32)
            conv_norm(8, 16, 3, norm=norm), nn.MaxPool2d(2),            # (N, 16, 16, 16)
            conv_norm(16, 16, 3, norm=norm), nn.MaxPool2d(2))           # (N, 16, 8, 8)
        self.classifier = nn.Sequential(nn.Linear(16 * height * width, 32), nn.ReLU(), nn.Linear(32, num_classes))
        he_initialise(self)

    def forward(self, images):                   # (N, in_channels, 64, 64)
        check_images(images, self.in_channels, exactly=self.size)
        maps = self.features(images)             # (N, 16, 8, 8)
        return self.classifier(maps.flatten(1))  # (N, num_classes)


class Widen(nn.Module):
    """A shortcut without parameters: every second pixel, and empty maps added until there are out_channels.

    This is option A of He et al. 2015, arXiv:1512.03385, section 4.2.
    """

    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.added, self.thin = out_channels - in_channels, nn.MaxPool2d(1, stride=2)

    def forward(self, maps):                                               # (N, in_channels, H, W)
        return F.pad(self.thin(maps), (0, 0, 0, 0, 0, self.added))         # (N, out_channels, H / 2, W / 2)


class SmallResNet(nn.Module):
    """A convolution, residual blocks of two convolutions each, and a smooth maximum over the image.

    in_channels : 1 for CT.  num_classes : logits that come out.
    depth : layers with weights, an even number from 4 up; 6 makes 4,809 parameters.
    width : maps in the first half of the blocks; the second half has twice as many of half the size.
    residual : add the input of a block to its output, or not; the parameters are the same.
    norm : with batch normalisation, or with biases instead.
    Raises ValueError for another depth and for images below 4 × 4.
    """

    def __init__(self, in_channels=1, num_classes=1, depth=6, width=8, residual=True, norm=True):
        super().__init__()
        if depth < 4 or depth % 2:
            raise ValueError(f"depth must be an even number from 4 up, not {depth}: two layers for each block, one "
                             "before them and one behind.")
        self.in_channels = in_channels
        layers = [conv_norm(in_channels, width, 3, norm=norm), nn.MaxPool2d(2)]     # (N, width, 32, 32)
        blocks, before = (depth - 2) // 2, width
        for place in range(blocks):
            after = width if place < (blocks + 1) // 2 else 2 * width               # (N, 2 width, 16, 16)
            layers.append(block(before, after, residual, norm))
            before = after
        self.features = nn.Sequential(*layers)
        self.pool = LogSumExp(SHARPNESS)
        self.classifier = nn.Linear(before, num_classes)
        he_initialise(self)

    def forward(self, images):                   # (N, in_channels, 64, 64)
        check_images(images, self.in_channels, smallest=4)
        maps = self.features(images)             # (N, 2 width, 16, 16)
        vector = self.pool(maps)                 # (N, 2 width)
        return self.classifier(vector)           # (N, num_classes)


def block(in_channels, out_channels, residual, norm):
    """Two convolutions of 3 × 3, with or without a way around them; more channels halve the maps."""
    widens = out_channels > in_channels
    body = nn.Sequential(conv_norm(in_channels, out_channels, 3, stride=2 if widens else 1, norm=norm),
                         conv_norm(out_channels, out_channels, 3, activation=None, norm=norm))
    if not residual:
        return nn.Sequential(body, nn.ReLU())
    return Residual(body, Widen(in_channels, out_channels) if widens else None)


class SmallMobileNet(nn.Module):
    """A convolution, two depthwise separable ones, and a smooth maximum over the image: 1,121 parameters.

    in_channels : 1 for CT.  num_classes : logits that come out.
    separable : split the convolutions in two, or use ordinary ones (5,977 parameters).
    norm : with batch normalisation, or with biases instead.
    Raises ValueError for images below 2 × 2.
    """

    def __init__(self, in_channels=1, num_classes=1, separable=True, norm=True):
        super().__init__()
        self.in_channels = in_channels
        layer = separable_convolution if separable else ordinary
        self.features = nn.Sequential(
            conv_norm(in_channels, 8, 3, norm=norm), nn.MaxPool2d(2),           # (N, 8, 32, 32)
            layer(8, 16, norm=norm), layer(16, 32, norm=norm))                  # (N, 32, 32, 32)
        self.pool = LogSumExp(SHARPNESS)
        self.classifier = nn.Linear(32, num_classes)
        he_initialise(self)

    def forward(self, images):                   # (N, in_channels, 64, 64)
        check_images(images, self.in_channels, smallest=2)
        maps = self.features(images)             # (N, 32, 32, 32)
        vector = self.pool(maps)                 # (N, 32)
        return self.classifier(vector)           # (N, num_classes)


def ordinary(in_channels, out_channels, norm=True):
    """The convolution of 3 × 3 that a depthwise separable one stands for."""
    return conv_norm(in_channels, out_channels, 3, norm=norm)

"""ResNet, the network whose layers learn what to add to their input.

He, Zhang, Ren and Sun 2015, arXiv:1512.03385 (CVPR 2016, doi:10.1109/CVPR.2016.90), table 1.
"""
from torch import nn

from helpers.models.blocks import check_images, conv_norm


class Residual(nn.Module):
    """relu(F(x) + x): the layers F learn the difference, and the gradient has a way around them.

    body : F, which ends without activation.  shortcut : what x passes through; nothing, or a 1 × 1 convolution
    where F changes the shape.
    """

    def __init__(self, body, shortcut=None):
        super().__init__()
        self.body, self.shortcut, self.relu = body, shortcut or nn.Identity(), nn.ReLU()

    def forward(self, maps):                                        # (N, in, H, W)
        return self.relu(self.body(maps) + self.shortcut(maps))     # (N, out, H / stride, W / stride)


def basic(in_channels, width, stride):
    """Block of ResNet-18: two convolutions of 3 × 3; width maps come out."""
    body = nn.Sequential(conv_norm(in_channels, width, 3, stride), conv_norm(width, width, 3, activation=None))
    return Residual(body, project(in_channels, width, stride)), width


def bottleneck(in_channels, width, stride):
    """Block of ResNet-50 and up: 1 × 1 to few channels, 3 × 3, 1 × 1 back to many; 4 width maps come out."""
    body = nn.Sequential(conv_norm(in_channels, width, 1, stride),  # the paper's place for the stride
                         conv_norm(width, width, 3), conv_norm(width, 4 * width, 1, activation=None))
    return Residual(body, project(in_channels, 4 * width, stride)), 4 * width


def project(in_channels, out_channels, stride):
    """The shortcut where input and output differ in shape: a 1 × 1 convolution; None where they do not."""
    if stride == 1 and in_channels == out_channels:
        return None
    return conv_norm(in_channels, out_channels, 1, stride, activation=None)


class ResNet(nn.Module):
    """Residual blocks in four stages; each stage halves the maps and doubles the channels.

    block : `basic` or `bottleneck`.  blocks : how many in each stage.
    in_channels : 3 for colour.  num_classes : logits that come out.
    torchvision moves the stride of a bottleneck to its 3 × 3 convolution: the same parameters, more work.
    Raises ValueError for images below 32 × 32.
    """

    def __init__(self, block, blocks, in_channels=3, num_classes=1000):
        super().__init__()
        self.in_channels = in_channels
        self.stem = nn.Sequential(conv_norm(in_channels, 64, 7, stride=2),   # (N, 64, 112, 112)
                                  nn.MaxPool2d(3, stride=2, padding=1))      # (N, 64, 56, 56)
        layers, channels = [], 64
        for stage, count in enumerate(blocks):
            for place in range(count):
                layer, channels = block(channels, 64 * 2**stage, stride=2 if stage and place == 0 else 1)
                layers.append(layer)
        self.blocks = nn.Sequential(*layers)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(channels, num_classes)

    def forward(self, images):                   # (N, in_channels, 224, 224)
        check_images(images, self.in_channels, smallest=32)
        maps = self.blocks(self.stem(images))    # (N, 512 or 2048, 7, 7)
        vector = self.pool(maps).flatten(1)      # (N, 512 or 2048)
        return self.classifier(vector)           # (N, num_classes)


class ResNet18(ResNet):
    """ResNet-18: 11,689,512 parameters.  Takes and raises what `ResNet` does."""

    def __init__(self, in_channels=3, num_classes=1000):
        super().__init__(basic, (2, 2, 2, 2), in_channels, num_classes)


class ResNet50(ResNet):
    """ResNet-50: 25,557,032 parameters.  Takes and raises what `ResNet` does."""

    def __init__(self, in_channels=3, num_classes=1000):
        super().__init__(bottleneck, (3, 4, 6, 3), in_channels, num_classes)


class ResNet152(ResNet):
    """ResNet-152: 60,192,808 parameters.  Takes and raises what `ResNet` does."""

    def __init__(self, in_channels=3, num_classes=1000):
        super().__init__(bottleneck, (3, 8, 36, 3), in_channels, num_classes)

"""AlexNet, the network that won ImageNet in 2012 with ReLU, dropout and two graphics cards.

Krizhevsky, Sutskever and Hinton 2012, doi:10.1145/3065386.
"""
from torch import nn

from helpers.models.blocks import check_images

CHANNELS = (96, 256, 384, 384, 256)
# "One weird trick", Krizhevsky 2014, arXiv:1404.5997: other channels on one card, which torchvision calls AlexNet.
ONE_CARD = {"groups": 1, "channels": (64, 192, 384, 256, 256)}


class AlexNet(nn.Module):
    """AlexNet: five convolutional and three dense layers, 60,965,224 parameters in two groups.

    in_channels : 3 for colour.  num_classes : logits that come out.
    groups : 2 as in the paper, where each half of the maps of three layers lived on its own graphics card and saw
    only that card's maps; 1 joins them (62,378,344 parameters).  `AlexNet(**ONE_CARD)` is the later network
    of 61,100,840 parameters.
    channels : of the five convolutions.
    The paper prints 224 × 224 pixels; its 55 × 55 maps need 227. Raises ValueError for other images.
    """

    def __init__(self, in_channels=3, num_classes=1000, groups=2, channels=CHANNELS):
        super().__init__()
        self.in_channels = in_channels
        one, two, three, four, five = channels
        self.features = nn.Sequential(
            nn.Conv2d(in_channels, one, 11, stride=4), nn.ReLU(), local_norm(), nn.MaxPool2d(3, 2),     # 55, then 27
            nn.Conv2d(one, two, 5, padding=2, groups=groups), nn.ReLU(), local_norm(), nn.MaxPool2d(3, 2),       # 13
            nn.Conv2d(two, three, 3, padding=1), nn.ReLU(),                  # (N, 384, 13, 13): sees both groups
            nn.Conv2d(three, four, 3, padding=1, groups=groups), nn.ReLU(),  # (N, 384, 13, 13)
            nn.Conv2d(four, five, 3, padding=1, groups=groups), nn.ReLU(),   # (N, 256, 13, 13)
            nn.MaxPool2d(3, 2))                                              # (N, 256, 6, 6)
        self.classifier = nn.Sequential(
            nn.Linear(five * 6 * 6, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(),
            nn.Linear(4096, num_classes))

    def forward(self, images):                   # (N, in_channels, 227, 227)
        check_images(images, self.in_channels, exactly=(227, 227))
        maps = self.features(images)             # (N, 256, 6, 6)
        return self.classifier(maps.flatten(1))  # (N, num_classes)


def local_norm():
    """Local response normalisation over 5 neighbouring maps (section 3.3; PyTorch divides alpha by 5 first)."""
    return nn.LocalResponseNorm(size=5, alpha=5 * 1e-4, beta=0.75, k=2)

"""VGG-16, the network of nothing but 3 × 3 convolutions.

Simonyan and Zisserman 2014, arXiv:1409.1556, configuration D.
"""
from torch import nn

from helpers.models.blocks import check_images

STAGES = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))


class VGG16(nn.Module):
    """VGG-16: thirteen convolutional and three dense layers, 138,357,544 parameters.

    in_channels : 3 for colour.  num_classes : logits that come out.
    Raises ValueError for images that are not 224 × 224.
    """

    def __init__(self, in_channels=3, num_classes=1000):
        super().__init__()
        self.in_channels = in_channels
        layers, before = [], in_channels
        for stage in STAGES:
            for channels in stage:
                layers += [nn.Conv2d(before, channels, kernel_size=3, padding=1), nn.ReLU()]
                before = channels
            layers.append(nn.MaxPool2d(2))       # each stage halves the maps: 112, 56, 28, 14, 7
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(
            nn.Linear(512 * 7 * 7, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(),
            nn.Linear(4096, num_classes))

    def forward(self, images):                   # (N, in_channels, 224, 224)
        check_images(images, self.in_channels, exactly=(224, 224))
        maps = self.features(images)             # (N, 512, 7, 7)
        return self.classifier(maps.flatten(1))  # (N, num_classes)

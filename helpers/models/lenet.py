"""LeNet-5, the network that read cheques: convolution and subsampling in turn, then dense layers.

LeCun, Bottou, Bengio and Haffner 1998, doi:10.1109/5.726791.
"""
import torch
from torch import nn

from helpers.models.blocks import check_images

# Which of the six maps of S2 each of the sixteen maps of C3 sees (table I of the paper).
C3_SEES = ["012", "123", "234", "345", "045", "015", "0123", "1234", "2345", "0345", "0145", "0125", "0134", "1245",
           "0235", "012345"]


class ScaledTanh(nn.Module):
    """1.7159 tanh(2 x / 3), the nonlinearity of LeNet-5: it maps 1 to 1 and -1 to -1 (appendix A of the paper)."""

    def forward(self, inputs):
        return 1.7159 * torch.tanh(inputs * 2 / 3)


class LeNet5(nn.Module):
    """LeNet-5 as it is written today: 61,706 parameters, for digits of 28 × 28 in a frame of 32 × 32 pixels.

    in_channels : 1 for grey images.  num_classes : logits that come out.
    Different from 1998: every map of C3 sees all maps of S2, subsampling averages without weights of its own, and the
    output layer is dense; `parameters_1998` counts the original.
    Raises ValueError for images that are not 32 × 32.
    """

    def __init__(self, in_channels=1, num_classes=10):
        super().__init__()
        self.in_channels = in_channels
        self.features = nn.Sequential(
            nn.Conv2d(in_channels, 6, kernel_size=5), ScaledTanh(),  # C1: (N, 6, 28, 28)
            nn.AvgPool2d(2),                                         # S2: (N, 6, 14, 14)
            nn.Conv2d(6, 16, kernel_size=5), ScaledTanh(),           # C3: (N, 16, 10, 10)
            nn.AvgPool2d(2),                                         # S4: (N, 16, 5, 5)
            nn.Conv2d(16, 120, kernel_size=5), ScaledTanh())         # C5: (N, 120, 1, 1)
        self.classifier = nn.Sequential(nn.Linear(120, 84), ScaledTanh(), nn.Linear(84, num_classes))  # F6, output

    def forward(self, images):                       # (N, in_channels, 32, 32)
        check_images(images, self.in_channels, exactly=(32, 32))
        maps = self.features(images)                 # (N, 120, 1, 1)
        return self.classifier(maps.flatten(1))      # (N, num_classes)


def parameters_1998():
    """Trainable parameters of each layer of LeNet-5 as printed in 1998; they add up to 60,000.

    Subsampling has one weight and one bias per map. A map of C3 has one kernel per map it sees. The output compares
    F6 with ten fixed pictures, so nothing is trained there.

    >>> sum(parameters_1998().values())
    60000
    """
    kernels = sum(map(len, C3_SEES))
    return {"C1": 6 * (25 + 1), "S2": 6 * 2, "C3": 25 * kernels + 16, "S4": 16 * 2, "C5": 120 * (16 * 25 + 1),
            "F6": 84 * (120 + 1), "output": 0}

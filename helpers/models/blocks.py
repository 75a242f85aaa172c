"""What several networks share: convolution with batch normalisation, starting weights, and a look at the images."""
import math

import torch
from torch import nn


def conv_norm(in_channels, out_channels, kernel_size, stride=1, groups=1, activation=nn.ReLU, norm=True):
    """Convolution, batch normalisation and activation, as one `nn.Sequential`.

    The convolution is padded by (kernel_size - 1) / 2 pixels on each side, so that only the stride changes the size.
    It has no bias: the normalisation would subtract it again.
    activation : a class such as `nn.ReLU`, or None for none.  norm : False leaves the normalisation out, and puts the
    bias in.
    Raises ValueError for an even kernel_size.  Source: Ioffe and Szegedy 2015, arXiv:1502.03167.

    >>> [type(layer).__name__ for layer in conv_norm(3, 8, kernel_size=3)]
    ['Conv2d', 'BatchNorm2d', 'ReLU']
    """
    if kernel_size % 2 == 0:
        raise ValueError(f"kernel_size must be odd to be padded equally on both sides, not {kernel_size}.")
    padding = (kernel_size - 1) // 2
    layers = [nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, groups=groups, bias=not norm)]
    if norm:
        layers.append(nn.BatchNorm2d(out_channels))
    return nn.Sequential(*layers, *([activation()] if activation else []))


class LogSumExp(nn.Module):
    """A smooth maximum over each map: log of the mean of exp(sharpness x), divided by sharpness.

    sharpness : above 0; near 0 it is the mean, and the larger the nearer the maximum.
    Takes maps (N, C, H, W) and returns (N, C). Between mean and maximum: one bright spot decides, and yet every pixel
    gets some gradient. Few pixels get it if the sharpness is high, and the first epochs may pass without progress.
    Raises ValueError for another sharpness.  Source: Pinheiro and Collobert 2015, arXiv:1411.6228.

    >>> LogSumExp()(torch.tensor([[[[2.0, 2.0], [2.0, 2.0]]]]))
    tensor([[2.]])
    """

    def __init__(self, sharpness=4.0):
        super().__init__()
        if not 0 < sharpness < math.inf:
            raise ValueError(f"sharpness must be above 0 and finite, not {sharpness!r}.")
        self.sharpness = sharpness

    def forward(self, maps):
        pixels = maps.flatten(2)                                    # (N, C, H W)
        return (torch.logsumexp(self.sharpness * pixels, dim=2) - math.log(pixels.shape[2])) / self.sharpness


def check_images(images, channels, smallest=1, exactly=None, dims=2):
    """Refuse, in one sentence, images a network cannot work with.

    images : tensor that should have the shape (N, channels, H, W).  smallest : the least H and W.
    exactly : the only (H, W), for networks whose dense layers fix the size.
    dims : 3 for volumes, of shape (N, channels, D, H, W).
    Raises ValueError.
    """
    shape, (what, sides) = tuple(images.shape), {2: ("images", "H, W"), 3: ("volumes", "D, H, W")}[dims]
    if len(shape) != 2 + dims or shape[1] != channels:
        raise ValueError(f"This network takes {what} of shape (N, {channels}, {sides}), not {shape}.")
    if exactly and shape[2:] != exactly:
        raise ValueError(f"This network takes images of {exactly[0]} × {exactly[1]} pixels, not {shape[2]} × "
                         f"{shape[3]}, because its first dense layer has one weight per number of the last maps.")
    if min(shape[2:]) < smallest:
        raise ValueError(f"This network takes images of {smallest} × {smallest} pixels or more, not {shape[2]} × "
                         f"{shape[3]}, because one pixel of its last feature maps stands for {smallest} × {smallest}.")


def he_initialise(network):
    """Draw the weights of all convolutions and dense layers as He et al. do; biases start at 0.  Returns the network.

    Weights are normal with mean 0 and variance 2 / fan_in, which keeps the spread of the numbers from layer to layer
    behind a ReLU.  fan_in is how many numbers one output is made of.  Source: He et al. 2015, arXiv:1502.01852.
    """
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Conv3d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return network

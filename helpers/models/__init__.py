"""Networks: those of the literature, to read and count, and small ones to train.

``lenet``, ``alexnet``, ``vgg``, ``googlenet``, ``resnet``, ``squeezenet``, ``densenet``, ``mobilenet`` and
``efficientnet`` hold one family each; `MODELS` lists them all, and `milestones` counts them. ``small`` holds the
relatives for CT slices. A network takes images (N, C, H, W) and returns logits (N, num_classes); those in ``unet``
answer for every pixel, (N, out_channels, H, W). `summary` takes a network apart, `plan` plans one as nnU-Net would.
``with torch.device("meta"):`` builds the large ones in a moment, without their weights.
"""
from helpers.models.alexnet import ONE_CARD, AlexNet
from helpers.models.blocks import LogSumExp, conv_norm, he_initialise
from helpers.models.densenet import DenseNet121
from helpers.models.efficientnet import EfficientNetB0, SqueezeExcite
from helpers.models.googlenet import INCEPTIONS, GoogLeNet, Inception
from helpers.models.lenet import LeNet5, ScaledTanh, parameters_1998
from helpers.models.milestones import MODELS, Milestone, Model, milestones
from helpers.models.mobilenet import InvertedResidual, MobileNetV1, MobileNetV2, separable
from helpers.models.modes import evaluating, listening
from helpers.models.planning import Plan, plan
from helpers.models.resnet import Residual, ResNet18, ResNet50, ResNet152
from helpers.models.small import SmallLeNet, SmallMobileNet, SmallResNet
from helpers.models.squeezenet import Fire, SqueezeNet
from helpers.models.summary import Layer, Table, count_parameters, summary
from helpers.models.unet import UNet, UNet2015, side_left
from helpers.models.vgg import VGG16

__all__ = ["INCEPTIONS", "MODELS", "ONE_CARD", "VGG16", "AlexNet", "DenseNet121", "EfficientNetB0", "Fire", "GoogLeNet",
           "Inception", "InvertedResidual", "Layer", "LeNet5", "LogSumExp", "Milestone", "MobileNetV1", "MobileNetV2",
           "Model", "Plan", "ResNet18", "ResNet50", "ResNet152", "Residual", "ScaledTanh", "SmallLeNet",
           "SmallMobileNet", "SmallResNet", "SqueezeExcite", "SqueezeNet", "Table", "UNet", "UNet2015", "conv_norm",
           "count_parameters", "evaluating", "he_initialise", "listening", "milestones", "parameters_1998", "plan",
           "separable", "side_left", "summary"]

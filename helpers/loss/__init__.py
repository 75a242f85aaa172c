"""Losses and what leads to them.

``arrays`` holds sigmoid, softmax, squared error and cross-entropy: NumPy arrays in, arrays out. ``masks`` holds what
segmentation is trained with: tensors in, one number with a gradient out.
"""
from helpers.loss.arrays import (
    bce,
    bce_with_logits,
    cross_entropy,
    log_sum_exp,
    mse,
    mse_gradient,
    sigmoid,
    softmax,
)
from helpers.loss.masks import cross_entropy_and_dice, soft_dice

__all__ = ["bce", "bce_with_logits", "cross_entropy", "cross_entropy_and_dice", "log_sum_exp", "mse", "mse_gradient",
           "sigmoid", "soft_dice", "softmax"]

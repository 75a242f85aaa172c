"""Sizes and costs against PyTorch's own layers."""
from itertools import pairwise, product

import pytest
import torch
from torch import nn

from helpers import conv

GEOMETRIES = list(product((1, 3, 4), (1, 2, 3), (0, 2), (1, 2)))


@pytest.mark.parametrize("kernel_size, stride, padding, dilation", GEOMETRIES)
def test_output_size_agrees_with_torch(kernel_size, stride, padding, dilation):
    geometry = dict(kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation)
    feature_map = nn.Conv2d(1, 1, **geometry)(torch.zeros(1, 1, 28, 17))  # (N, C, H, W)
    assert conv.output_size(28, **geometry) == feature_map.shape[-2]
    assert conv.output_size(17, **geometry) == feature_map.shape[-1]


@pytest.mark.parametrize("settings, words", [
    (dict(size=0, kernel_size=1), "size must be at least 1"),
    (dict(size=5, kernel_size=0), "kernel_size must be at least 1"),
    (dict(size=5, kernel_size=3, stride=0), "stride must be at least 1"),
    (dict(size=5, kernel_size=3, padding=-1), "padding must be 0 or more"),
    (dict(size=5, kernel_size=3, dilation=3), "spans 7 pixels does not fit into 5"),
])
def test_output_size_names_what_is_wrong(settings, words):
    with pytest.raises(ValueError, match=words):
        conv.output_size(**settings)


@pytest.mark.parametrize("widths", [(4, 1), (100, 3), (784, 64, 10), (7, 5, 3, 2)])
def test_dense_parameters_agree_with_torch(widths):
    network = nn.Sequential(*(nn.Linear(*pair) for pair in pairwise(widths)))
    assert conv.dense_parameters(*widths) == sum(p.numel() for p in network.parameters())


@pytest.mark.parametrize("widths, words", [((), "at least two layers"), ((4,), "at least two layers"),
                                           ((4, 0, 1), "at least one neuron")])
def test_dense_parameters_refuse_what_is_no_network(widths, words):
    with pytest.raises(ValueError, match=words):
        conv.dense_parameters(*widths)

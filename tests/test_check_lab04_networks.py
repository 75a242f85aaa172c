"""Lab 4, exercises 1 to 3: pooling, receptive fields and LeNet-5 against oracles, and how a network is looked at."""
import itertools

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from helpers.check.engine import judge
from helpers.check.lab04 import lenet, pooling, receptive, shape_table


def drawn(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)



# references against oracles --------------------------------------------------------------------------------------

@pytest.mark.parametrize("size, stride", list(itertools.product((1, 2, 3, 5), (1, 2, 3, 6))))
@pytest.mark.parametrize("shape", [(7, 12), (9, 6), (5, 5)])
def test_pooling_agrees_with_torch(shape, size, stride):
    feature_map = drawn(size, *shape) - 1
    wanted = functional.max_pool2d(torch.tensor(feature_map)[None, None], size, stride)[0, 0]
    assert np.array_equal(pooling.max_pool(feature_map, size, stride), wanted.numpy())


STACKS = [[], [(3, 1)] * 4, [(3, 2)] * 3, [(7, 2), (3, 2), (3, 1), (3, 1)], [(5, 1), (2, 2), (5, 1), (2, 2), (5, 1)],
          [(4, 3), (1, 2), (3, 1), (2, 5)]]


@pytest.mark.parametrize("stack", STACKS, ids=str)
def test_receptive_fields_agree_with_the_gradient(stack):
    """From the first to the last pixel that moves a unit; every kernel cell is 1, so nothing cancels."""
    image = torch.zeros(1, 1, 500, dtype=torch.float64, requires_grad=True)
    out = image
    for kernel_size, stride in stack:
        out = functional.conv1d(out, torch.ones(1, 1, kernel_size, dtype=torch.float64), stride=stride)
    out[0, 0, 2].backward()
    seen = torch.nonzero(image.grad[0, 0]).flatten()
    assert receptive.receptive_field(stack) == seen[-1] - seen[0] + 1


def test_lenet_has_the_parameters_of_the_table():
    network = lenet.lenet5()
    counts = [sum(one.numel() for one in layer.parameters()) for layer in network]
    assert [count for count in counts if count] == [156, 2416, 48120, 10164, 850] and sum(counts) == 61706
    said = network(torch.randn(3, 1, 32, 32))
    assert said.shape == (3, 10) and said.min() < 0 and not torch.allclose(said.sum(dim=1), torch.ones(3))
    assert receptive.receptive_field([(5, 1), (2, 2), (5, 1), (2, 2), (5, 1)]) == 32, "the first dense layer sees all"


# the cases ask enough --------------------------------------------------------------------------------------------

def test_pooling_cases_leave_rows_over_overlap_have_gaps_and_are_negative():
    left_over = [(len(one) - size) % stride for one, size, stride in pooling.CASES]
    assert any(left_over) and not all(left_over)
    assert {np.sign(size - stride) for _, size, stride in pooling.CASES} == {-1, 0, 1}
    assert any(one.max() < 0 for one, _, _ in pooling.CASES)
    assert all(one.shape[0] != one.shape[1] for place, (one, _, _) in enumerate(pooling.CASES)
               if place not in pooling.SQUARE)


# networks --------------------------------------------------------------------------------------------------------

def rows(network):
    return [shape_table.look(lambda: network, where)
            for where in (*shape_table.ROWS, shape_table.BETWEEN, shape_table.END)]


def test_every_row_of_the_table_says_what_came_out():
    assert rows(lenet.lenet5()) == [
        "convolution: 6 × 28 × 28, 156 parameters", "pooling: 6 × 14 × 14, no parameters",
        "convolution: 16 × 10 × 10, 2,416 parameters", "pooling: 16 × 5 × 5, no parameters",
        "flatten: 400, no parameters", "dense: 120, 48,120 parameters", "dense: 84, 10,164 parameters",
        "dense: 10, 850 parameters", "ReLU, ReLU, ReLU, ReLU", "nothing: logits"]


def test_a_network_that_stops_says_where_and_why():
    network = nn.Sequential(nn.Conv2d(1, 6, 5), nn.Flatten(), nn.Linear(400, 10))
    said = rows(network)
    assert said[1] == "flatten: 4704, no parameters"
    assert said[2] == "dense stops: wants 400 numbers in a row, gets 4704"
    assert said[3] == "nothing"


@pytest.mark.parametrize("network, words", [
    (nn.Sequential(nn.Conv2d(3, 6, 5)), "convolution stops: wants 3 channels, gets 1 × 32 × 32"),
    (nn.Sequential(nn.Flatten(0), nn.Linear(400, 10)), "dense stops: wants 400 numbers in a row, gets 2048"),
    (nn.Sequential(nn.Linear(400, 10)), "dense stops: wants 400 numbers in a row, gets 1 × 32 × 32"),
    (nn.Sequential(nn.BatchNorm2d(6)), "BatchNorm2d stops: running_mean should contain 1 elements not 6"),
])
def test_a_layer_that_does_not_fit_is_told_in_words_that_fit_on_the_card(network, words):
    assert words in rows(network) and len(words) < 78


def test_every_activation_of_pytorch_is_known_as_one():
    for name in ("ReLU", "PReLU", "Mish", "Softmin", "LogSigmoid", "Hardtanh"):
        assert vars(nn)[name] in shape_table.NONLINEAR


@pytest.mark.parametrize("network", [
    nn.Sequential(), nn.Sequential(nn.Sequential()), nn.Sequential(nn.Identity()), nn.Sequential(nn.ReLU()),
    nn.Sequential(nn.Softmax(1)), nn.Sequential(nn.Linear(32, 10)), nn.Sequential(nn.Flatten(0), nn.Linear(2048, 10)),
    nn.Sequential(nn.LSTM(32, 4), nn.ReLU()), nn.Sequential(nn.MaxPool2d(64)), nn.Sequential(nn.Embedding(3, 4))])
def test_odd_networks_are_wrong_and_never_crash_the_check(network):
    assert judge(lenet.LENET5, lambda: network).outcome == "wrong"


def test_the_same_layers_in_another_order_do_not_pass():
    parts = list(lenet.lenet5())
    for one, other in ((0, 2), (1, 3), (6, 7), (7, 9), (10, 11)):
        wrong = list(parts)
        wrong[one], wrong[other] = parts[other], parts[one]
        assert judge(lenet.LENET5, lambda wrong=wrong: nn.Sequential(*wrong)).outcome == "wrong", (one, other)
    assert judge(lenet.LENET5, lambda: nn.Sequential(nn.ReLU(), *parts)).outcome == "wrong", "ReLU on the image"

"""What a learner's function returned beside what was expected: what agrees, and how the difference is said."""
import numpy as np
import pytest
import torch

from helpers import check
from helpers.check.comparison import FORGOT, difference, in_rows, same, short
from helpers.check.engine import judge

AGREE = [
    (3, 3.0), (np.float32(0.1), 0.1), (torch.tensor(2.0), 2), (0.1 + 0.2, 0.3), (np.array(5), 5),
    (np.array([1, 2]), torch.tensor([1.0, 2.0])), (np.array([np.nan, 1]), np.array([np.nan, 1])),
    (np.array([1e-9, 1.0]), np.array([0.0, 1.0])), (np.float32(1) / np.float32(3), 1 / 3), ((1, [2.0]), (1, [2])),
    (np.array([np.inf]), np.array([np.inf])), ("fires", "fires"), (np.bool_(True), True), (2**60 + 1, 2**60 + 1),
]
DIFFER = [
    (3.1, 3.0, "Your result is 3.1, expected 3."),
    (None, 1, FORGOT),
    (np.zeros((3, 2)), np.zeros((2, 3)), "shape (3, 2), expected (2, 3)"),
    (np.array([1.0]), 1.0, "shape (1,), expected a single number"),
    (1.0, np.zeros((2, 3)), "a single number, expected an array of shape (2, 3)"),
    (np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.0, 3.0]), "1 of 3 values differ, the first at [2]: 4, expected 3"),
    (np.array([1.0, 0.0]), np.array([1.0, 1.0]), "1 of 2 values differ"),
    (np.array([5.0, 5.0]), np.array([1.0, 5.0]), "1 of 2 values differ"),
    (float("nan"), 1.0, "nan, expected 1"),
    (np.array([np.nan, 1.0]), np.array([1.0, np.nan]), "2 of 2 values differ"),
    (True, 1, "True or False, expected numbers"),
    (1, True, "numbers, expected True or False"),
    ("1", 1, "a text, expected a number"),
    ([1.0, 2.0], np.array([1.0, 2.0]), "a list, expected a NumPy array"),
    (196_610_000, 196_610_001, "196610000, expected 196610001"),
    (2**60, 2**60 + 1, "expected"),
    (1e-7, 1e-6, "expected"),
    (5, (1, 2), "a number, expected 2 values"),
    ((1, 3), (1, 2), "Value 2 of 2"),
    ("silent", "fires", "'silent', expected 'fires'"),
]


@pytest.mark.parametrize("got, expected", AGREE)
def test_values_that_agree(got, expected):
    assert difference(got, expected) == ""


@pytest.mark.parametrize("got, expected, says", DIFFER)
def test_values_that_differ_are_described(got, expected, says):
    assert says in difference(got, expected)


def test_strict_comparison_asks_for_type_and_dtype():
    tensor = torch.ones(2)
    assert difference(np.ones(2), tensor, strict=True) == "Your result is a NumPy array, expected a torch tensor."
    assert "dtype float64, expected float32" in difference(tensor.double(), tensor, strict=True)
    assert difference(tensor.clone(), tensor, strict=True) == ""
    assert difference(np.ones(2, np.float32), tensor, strict="dtype") == ""
    assert "dtype float64, expected float32" in difference(np.ones(2), tensor, strict="dtype")


@pytest.mark.parametrize("wrong_at", range(6))
def test_one_wrong_value_anywhere_is_found(wrong_at):
    got = np.arange(6.0)
    got[wrong_at] += 0.01
    assert "1 of 6" in difference(got, np.arange(6.0))


def test_inputs_are_compared_by_type_shape_and_value():
    assert same([np.array([np.nan])], [np.array([np.nan])])
    assert not same(np.zeros(2), np.zeros((1, 2)))
    assert not same(np.zeros(2), torch.zeros(2))
    assert not same([1], [1, 2])
    assert same({"a": np.ones(2)}, {"a": np.ones(2)})
    assert not same({"a": np.ones(2)}, {"a": np.array([1.0, 2.0])}) and not same({"a": 1}, {"a": 1, "b": 2})


@pytest.mark.parametrize("value, text", [
    (np.zeros((3, 100), np.uint8), "[[0 0 ... 0 0] [0 0 ... 0 0] [0 0 ... 0 0]], shape (3, 100), uint8"),
    (torch.tensor([0.5]), "[0.5], shape (1,), torch.float32"), (10**40, "a number of more than 30 digits"),
    ("x" * 200, None), ([1] * 100, "[1, 1, 1, 1, 1, 1, …]"), (torch.float32, "torch.float32"), (print, "a function"),
])
def test_values_are_printed_short(value, text):
    assert len(short(value)) <= 240
    assert text is None or short(value) == text


def test_cards_show_one_row_per_line():
    assert in_rows(np.array([[1, 20], [300, 4]], np.int16)) == "[[  1  20]\n [300   4]], shape (2, 2), int16"
    assert in_rows([np.zeros((1, 2), np.uint8)] * 2).count("\n") == 2
    assert in_rows(np.zeros((2, 2, 1))).count("\n") == 3
    assert in_rows({"a": 1.5, "b": np.array([2, 3])}) == "'a': 1.5\n'b': [2 3], shape (2,), int64"
    assert max(map(len, in_rows(np.arange(1000, 1030)).splitlines())) < 75, "cards are narrow"
    verdict = judge(check.CHECKERS["neuron"].exercise, lambda patch, weights, bias: 7.0)
    assert "patch = [[   0    1]\n         [ 0.5 0.25]], shape" in dict(verdict.rows)["Given"]


def test_one_pixel_among_many_is_shown():
    image = np.zeros((32, 32), np.uint8)
    image[18, 3] = 255
    assert short(image) == "0 everywhere, but 255 at [18, 3]; shape (32, 32), uint8"

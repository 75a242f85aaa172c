"""Losses against PyTorch, SciPy, autograd and closed forms: random values, huge logits, limits, empty cases."""
import numpy as np
import pytest
import torch
from scipy import special
from torch.nn import functional

from helpers import loss

DTYPES = (np.float32, np.float64)
TOLERANCE = {np.float32: 1e-5, np.float64: 1e-12}
EXTREMES = [0, 1e-8, -1e-8, 1, -1, 17, -17, 88, -88, 89, -89, 104, -104, 709, -709, 710, -710, 1000, -1000]


def logits_of(dtype, shape=(40, 5)):
    """Random logits, every fourth sample with large ones, the first with 1000, the second with -1000."""
    values = np.random.default_rng(0).normal(0, 3, shape)
    values[::4] *= 50
    values.reshape(-1)[:5], values.reshape(-1)[5:10] = [1000, 0, 1, 2, 3], [-1000, 0, 1, 2, 3]
    return values.astype(dtype)


def close(got, expected, dtype):
    """Same shape, same dtype, values within the rounding of that dtype."""
    assert got.dtype == dtype
    np.testing.assert_allclose(got, expected, rtol=TOLERANCE[dtype], atol=1e-37 if dtype == np.float32 else 1e-300,
                               strict=isinstance(expected, np.ndarray))


@pytest.mark.parametrize("dtype", DTYPES)
def test_sigmoid_agrees_with_torch_and_scipy(dtype):
    logits = np.array([*EXTREMES, *logits_of(dtype).ravel()], dtype)
    close(loss.sigmoid(logits), torch.sigmoid(torch.from_numpy(logits)).numpy(), dtype)
    close(loss.sigmoid(logits), special.expit(logits), dtype)


def test_sigmoid_at_the_limits():
    assert loss.sigmoid([-np.inf, -1000, 0, 1000, np.inf]).tolist() == [0, 0, 0.5, 1, 1]
    assert np.isnan(loss.sigmoid(np.nan))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape, axis", [((40, 5), -1), ((40, 5), 0), ((6, 5, 4, 3), 1), ((20,), 0)])
def test_softmax_and_log_sum_exp_agree_with_torch_and_scipy(dtype, shape, axis):
    logits = logits_of(dtype, shape)
    tensor = torch.from_numpy(logits)
    close(loss.softmax(logits, axis), functional.softmax(tensor, axis).numpy(), dtype)
    close(loss.softmax(logits, axis), special.softmax(logits, axis), dtype)
    close(loss.log_sum_exp(logits, axis), np.asarray(tensor.logsumexp(axis)), dtype)
    close(loss.log_sum_exp(logits, axis), np.asarray(special.logsumexp(logits, axis)), dtype)


@pytest.mark.parametrize("temperature", [0.05, 1, 3, 1e3, np.inf])
def test_temperature_divides_the_logits(temperature):
    logits = logits_of(np.float64)
    expected = functional.softmax(torch.from_numpy(logits) / temperature, -1).numpy()
    np.testing.assert_allclose(loss.softmax(logits, temperature=temperature), expected, rtol=1e-11, atol=1e-300)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shift", [-1000, 100, 1000])
def test_a_shift_of_all_logits_changes_no_probability(dtype, shift):
    logits = np.array([[1, 2, 3], [0, -8, 8]], dtype)  # whole numbers: the sums are exact
    assert np.array_equal(loss.softmax(logits + dtype(shift)), loss.softmax(logits))
    assert np.array_equal(loss.cross_entropy(logits + dtype(shift), [0, 2]), loss.cross_entropy(logits, [0, 2]))


def test_two_classes_are_a_sigmoid():
    logits = logits_of(np.float64).ravel()
    both = np.stack([np.zeros_like(logits), logits], axis=-1)  # (N, 2): class 1 against class 0
    targets = np.arange(logits.size) % 2
    np.testing.assert_allclose(loss.softmax(both)[:, 1], loss.sigmoid(logits), rtol=1e-13)
    np.testing.assert_allclose(loss.cross_entropy(both, targets), loss.bce_with_logits(logits, targets), atol=1e-12)


def test_mse_agrees_with_torch():
    predicted, target = np.random.default_rng(1).normal(size=(2, 30, 4))
    expected = functional.mse_loss(torch.from_numpy(predicted), torch.from_numpy(target)).item()
    assert loss.mse(predicted, target) == pytest.approx(expected, rel=1e-12)
    assert loss.mse(np.float32([1, 2]), [1, 4]).dtype == np.float32


@pytest.mark.parametrize("samples", [1, 2, 7, 100])
def test_mse_gradient_agrees_with_autograd_and_finite_differences(samples):
    x, y = np.random.default_rng(samples).normal(size=(2, samples))
    w, b, step = 0.4, -0.3, 1e-5
    slopes = torch.tensor([w, b], dtype=torch.float64, requires_grad=True)
    functional.mse_loss(slopes[0] * torch.from_numpy(x) + slopes[1], torch.from_numpy(y)).backward()
    np.testing.assert_allclose(loss.mse_gradient(x, y, w, b), slopes.grad.numpy(), rtol=1e-10)
    differences = [(loss.mse(x * (w + dw) + b + db, y) - loss.mse(x * (w - dw) + b - db, y)) / (2 * step)
                   for dw, db in ((step, 0), (0, step))]
    np.testing.assert_allclose(loss.mse_gradient(x, y, w, b), differences, rtol=1e-6)


def test_the_step_against_the_gradient_lowers_the_error():
    x, y = np.float32([0, 1, 2, 3]), np.float32([1, 1, 3, 2])
    dw, db = loss.mse_gradient(x, y, 0.4, 0.1)
    start = loss.mse(0.4 * x + 0.1, y)
    assert dw.dtype == db.dtype == np.float32
    assert loss.mse((0.4 - 0.05 * dw) * x + 0.1 - 0.05 * db, y) < start
    assert loss.mse((0.4 + 0.05 * dw) * x + 0.1 + 0.05 * db, y) > start


@pytest.mark.parametrize("dtype", DTYPES)
def test_bce_agrees_with_torch_and_scipy(dtype):
    probs = np.array([1e-30, 1e-9, 1e-4, 0.01, 0.3, 0.5, 0.7, 0.99, 1 - 1e-6] * 2, dtype)
    targets = np.repeat([0, 1], 9)
    tensors = torch.from_numpy(probs), torch.from_numpy(targets.astype(dtype))
    close(loss.bce(probs, targets), functional.binary_cross_entropy(*tensors, reduction="none").numpy(), dtype)
    expected = -special.xlogy(targets, probs) - special.xlog1py(1 - targets, -probs)
    np.testing.assert_allclose(loss.bce(probs, targets), expected, rtol=TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", DTYPES)
def test_bce_at_certainty(dtype):
    """Certain and right costs 0, not -0 and not NaN; certain and wrong costs infinity."""
    losses = loss.bce(np.array([0, 1, 0, 1], dtype), [0, 1, 1, 0])
    assert losses.tolist() == [0, 0, np.inf, np.inf] and not np.signbit(losses).any()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("target", [0, 1])
def test_bce_with_logits_agrees_with_torch_and_scipy(dtype, target):
    logits = np.array([*EXTREMES, *logits_of(dtype).ravel()], dtype)
    targets = np.full(logits.shape, target)
    tensors = torch.from_numpy(logits), torch.from_numpy(targets.astype(dtype))
    expected = functional.binary_cross_entropy_with_logits(*tensors, reduction="none").numpy()
    got = loss.bce_with_logits(logits, targets)
    # PyTorch adds and subtracts the logit where the target is 0, which costs it digits of small losses.
    np.testing.assert_allclose(got, expected, rtol=TOLERANCE[dtype], atol=1e-5 if dtype == np.float32 else 1e-13)
    close(got, -special.log_expit(logits * dtype(2 * target - 1)), dtype)


def test_bce_with_logits_at_infinity():
    assert loss.bce_with_logits([np.inf, -np.inf, -np.inf, np.inf], [1, 0, 1, 0]).tolist() == [0, 0, np.inf, np.inf]
    assert np.isnan(loss.bce_with_logits(np.nan, 1))


def test_where_the_probability_has_rounded_the_logit_still_knows():
    assert loss.bce(loss.sigmoid([40.0]), [0]).tolist() == [np.inf]
    assert loss.bce_with_logits([40.0], [0]).tolist() == [40.0]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape, axis", [((40, 5), -1), ((6, 5, 4, 3), 1), ((20,), 0)])
def test_cross_entropy_agrees_with_torch_and_scipy(dtype, shape, axis):
    logits = logits_of(dtype, shape)
    targets = np.random.default_rng(2).integers(0, shape[axis], np.delete(shape, axis))
    expected = functional.cross_entropy(torch.from_numpy(logits), torch.tensor(targets), reduction="none").numpy()
    got = loss.cross_entropy(logits, targets, axis)
    assert got.dtype == dtype and got.shape == targets.shape
    np.testing.assert_allclose(got, expected, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])
    picked = np.take_along_axis(special.log_softmax(logits, axis), np.expand_dims(targets, axis), axis).squeeze(axis)
    np.testing.assert_allclose(got, -picked, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


def test_cross_entropy_keeps_small_losses_beside_large_logits():
    """1000 + 5e-5 is 1000 in float32: the largest logit must go before the sum."""
    small = loss.cross_entropy(np.float32([1000, 990]), 0)
    assert small == pytest.approx(np.log1p(np.exp(-10)), rel=2e-3)


def test_the_gradient_of_cross_entropy_is_probability_minus_one_hot():
    logits, target, step = np.array([1.0, 2.0, 3.0]), 2, 1e-5
    up, down = (loss.cross_entropy(logits + nudge * np.eye(3), np.full(3, target)) for nudge in (step, -step))
    np.testing.assert_allclose((up - down) / (2 * step), loss.softmax(logits) - np.eye(3)[target], atol=1e-9)


@pytest.mark.parametrize("dtype", DTYPES)
def test_no_samples_give_no_losses(dtype):
    none, rows = np.zeros(0, dtype), np.zeros((0, 3), dtype)
    for result in (loss.sigmoid(none), loss.bce(none, []), loss.bce_with_logits(none, []),
                   loss.cross_entropy(rows, []), loss.log_sum_exp(rows)):
        assert result.shape == (0,) and result.dtype == dtype
    assert loss.softmax(rows).shape == (0, 3)


@pytest.mark.parametrize("values, dtype", [
    ([1, 2], np.float64), (np.int16([1, 2]), np.float64), (np.float32([1, 2]), np.float32),
    (np.float64([1, 2]), np.float64), (torch.tensor([1.0, 2.0]), np.float32)])
def test_the_dtype_of_the_result(values, dtype):
    for result in (loss.sigmoid(values), loss.softmax(values), loss.log_sum_exp(values), loss.mse(values, [1, 4]),
                   loss.bce_with_logits(values, [0, 1]), loss.cross_entropy(values, 1)):
        assert result.dtype == dtype


@pytest.mark.parametrize("call, words", [
    (lambda: loss.softmax([1, 2], temperature=0), "temperature must be above 0, not 0"),
    (lambda: loss.softmax([1, 2], temperature=-1), "temperature must be above 0, not -1"),
    (lambda: loss.softmax([1, 2], temperature=np.nan), "temperature must be above 0"),
    (lambda: loss.softmax(np.float32([1, 2]), temperature=1e-50), "temperature must be above 0"),
    (lambda: loss.softmax(3.0), r"shape \(\) have no axis -1"),
    (lambda: loss.softmax([1, 2], axis=1), r"shape \(2,\) have no axis 1"),
    (lambda: loss.softmax([]), "no class along axis -1"),
    (lambda: loss.softmax([1, np.nan]), "logits must be finite"),
    (lambda: loss.log_sum_exp([[]]), "no class along axis -1"),
    (lambda: loss.log_sum_exp([np.inf, 0]), "logits must be finite"),
    (lambda: loss.mse([1, 2], [1, 2, 3]), r"predicted has shape \(2,\) and target has shape \(3,\)"),
    (lambda: loss.mse([[1], [2]], [1, 2]), "they must be the same"),
    (lambda: loss.mse([], []), "There is no sample"),
    (lambda: loss.mse_gradient([], [], 1, 0), "There is no sample"),
    (lambda: loss.mse_gradient([1, 2], [1], 1, 0), r"x has shape \(2,\) and y has shape \(1,\)"),
    (lambda: loss.mse_gradient([[1], [2]], [[1], [2]], 1, 0), "must have one axis"),
    (lambda: loss.bce([0.5, 1.1], [0, 1]), "probs must lie between 0 and 1"),
    (lambda: loss.bce([0.5, -0.1], [0, 1]), "use bce_with_logits"),
    (lambda: loss.bce([0.5, np.nan], [0, 1]), "probs must lie between 0 and 1"),
    (lambda: loss.bce([0.5, 0.1], [0, 2]), "targets must be 0 or 1"),
    (lambda: loss.bce([[0.5]], [1]), r"probs has shape \(1, 1\) and targets has shape \(1,\)"),
    (lambda: loss.bce_with_logits([0.5, 0.1], [-1, 1]), "targets must be 0 or 1"),
    (lambda: loss.bce_with_logits([0.5, 0.1], [0.5, 1]), "use cross_entropy for more than two classes"),
    (lambda: loss.bce_with_logits([0.5, 0.1], 1), "they must be the same"),
    (lambda: loss.cross_entropy([[1, 2]], [2]), "targets must be from 0 to 1"),
    (lambda: loss.cross_entropy([[1, 2]], [-1]), "not -1 to -1"),
    (lambda: loss.cross_entropy([[1, 2]], [0.5]), "whole numbers, one class index per sample, not float64"),
    (lambda: loss.cross_entropy([[1, 2]], [0, 1]), r"targets have shape \(2,\)"),
    (lambda: loss.cross_entropy(np.zeros((2, 3, 4, 4)), np.zeros((2, 3, 4), int), 1), r"need \(2, 4, 4\)"),
    (lambda: loss.cross_entropy([[1, np.inf]], [0]), "logits must be finite"),
    (lambda: loss.cross_entropy(np.zeros((2, 0)), [0, 0]), "no class along axis -1"),
])
def test_bad_input_gets_one_sentence(call, words):
    with pytest.raises(ValueError, match=words) as caught:
        call()
    assert str(caught.value).endswith(".") and "\n" not in str(caught.value)

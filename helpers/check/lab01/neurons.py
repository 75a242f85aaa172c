"""A neuron: weighted sum, bias, ReLU."""
import numpy as np

from ..comparison import as_array
from ..exercise import Exercise, Misconception
from ..signs import raises


def neuron(patch, weights, bias):
    """Weighted sum of a patch plus bias, then ReLU."""
    total = (patch * weights).sum() + bias
    return max(0.0, float(total))


def _total(patch, weights, bias):
    return float((patch * weights).sum() + bias)


def _per_column(patch, weights, bias):
    return np.maximum(sum(patch * weights) + bias, 0)


def _adds_rows_only(results):
    """Sign: one number per column, before or after ReLU."""
    said = [as_array(result.value) for result in results]
    wanted = [_per_column(*case) for case in NEURON_CASES]
    return all(one is not None and one.shape == other.shape and np.allclose(np.maximum(one, 0), other)
               for one, other in zip(said, wanted, strict=True))


def _yes_or_no(results):
    """Sign: 1 or True where the neuron fires, 0 or False where it does not."""
    said = [as_array(result.value) for result in results]
    return all(one is not None and one.shape == () and one == (_total(*case) > 0)
               for one, case in zip(said, NEURON_CASES, strict=True))


NEURON_CASES = (
    (np.array([[0.0, 1.0], [0.5, 0.25]]), np.array([[1.0, 2.0], [-2.0, 4.0]]), 0.5),
    (np.array([[1.0, 0.5], [0.0, 0.25]]), np.array([[-3.0, 1.0], [2.0, 2.0]]), 0.5),
    (np.array([[0.2, 0.4, 0.6], [0.8, 1.0, 0.1]]), np.array([[1.0, -1.0, 3.0], [0.5, 2.0, -1.0]]), -1.5),
    (np.array([[0.25, 0.75], [1.0, 0.5]]), np.full((2, 2), 0.25), 0.0),
)

NEURON = Exercise(
    title="Exercise 6",
    points=1,
    reference=neuron,
    cases=NEURON_CASES,
    hints=(
        "Each pixel times its own weight, all added, plus the bias: one number.",
        "`(patch * weights).sum() + bias` is the number before ReLU.",
        "ReLU keeps what is positive and makes the rest 0: `max(0.0, total)`.",
    ),
    misconceptions=(
        Misconception(
            "ReLU forgotten",
            "Your sum is right and can be negative. A neuron that does not fire says 0.",
            _total),
        Misconception(
            "bias forgotten",
            "You left the bias out.",
            lambda patch, weights, bias: max(0.0, _total(patch, weights, 0))),
        Misconception(
            "bias subtracted",
            "You subtract the bias. It brings its own sign: add it.",
            lambda patch, weights, bias: max(0.0, _total(patch, weights, -bias))),
        Misconception(
            "bias added to every pixel",
            "You add the bias inside the sum, once per pixel. A neuron has one bias: add it after the sum.",
            lambda patch, weights, bias: max(0.0, float((patch * weights + bias).sum()))),
        Misconception(
            "bias added after ReLU",
            "You cut negative sums off before the bias is added. The bias shifts the threshold, so it comes first.",
            lambda patch, weights, bias: max(0.0, _total(patch, weights, 0)) + bias),
        Misconception(
            "ReLU on every product",
            "You drop the negative products one by one. Negative weights must be able to pull the sum down: ReLU "
            "comes last, once.",
            lambda patch, weights, bias: max(0.0, float((patch * weights).clip(min=0).sum()) + bias)),
        Misconception(
            "mean instead of sum",
            "You take the mean of the products. A neuron adds them; to average, one chooses weights of 1/n.",
            lambda patch, weights, bias: max(0.0, float((patch * weights).mean()) + bias)),
        Misconception(
            "matrix product",
            "`@` multiplies rows with columns. A neuron needs each pixel times its own weight: `*`.",
            lambda patch, weights, bias: max(0.0, float((patch @ weights).sum()) + bias)),
        Misconception(
            "one number per pixel",
            "You return one number for every pixel. A neuron adds all products and returns one number.",
            lambda patch, weights, bias: (patch * weights + bias).clip(min=0)),
        Misconception(
            "sign dropped",
            "Your sum is right, and a negative one comes out positive. ReLU does not drop the sign, it makes every "
            "negative number 0.",
            lambda patch, weights, bias: abs(_total(patch, weights, bias))),
        Misconception(
            "Python's own sum",
            "The built-in `sum` adds the rows of an array with two axes and leaves one number per column. "
            "`np.sum(...)`, or `.sum()`, adds everything.",
            _per_column,
            sign=_adds_rows_only),
        Misconception(
            "one value asked of an array",
            "`if` and `max` take one number, and here they get an array. Add everything up first: `np.sum(...)`. The "
            "built-in `sum` adds the rows and leaves one number per column.",
            lambda patch, weights, bias: max(0.0, sum(patch * weights) + bias),
            sign=raises(ValueError, "truth value")),
        Misconception(
            "fires, yes or no",
            "You return whether the neuron fires. It also says how strongly: return the number.",
            lambda patch, weights, bias: _total(patch, weights, bias) > 0,
            sign=_yes_or_no),
    ),
)

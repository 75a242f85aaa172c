"""From one logit to one probability: the sigmoid, without an exponential that overflows."""
import math

import numpy as np

from ..comparison import as_array, difference
from ..exercise import Exercise, Misconception
from ..signs import like, only_warns, raises
from .silence import heard, warning_silenced


def sigmoid(z):
    """1 / (1 + exp(-z)), with an exponential that never overflows."""
    small = np.exp(-np.abs(z))  # the exponent is never above 0
    return np.where(z >= 0, 1 / (1 + small), small / (1 + small))


LOGITS = (
    (np.array([0.0, 1.0, -2.0]),),
    (np.random.default_rng(1).normal(0, 3, (2, 3)).round(2),),
    (np.random.default_rng(2).normal(0, 2, 5).round(3),),
    (np.array([-1000.0, -40.0, 0.5, 40.0, 1000.0]),),
    (np.array([-20.0, -24.0, -35.0]),),  # far below 0: compared by the largest of them, 2e-9
    (np.array([-2, 0, 3]),),  # whole numbers
)
CALM, FAR, WHOLE = (0, 1, 2), 4, 5


def by_masks(z):
    """The two forms written into an array of zeros, which is of whole numbers where z is."""
    probs = np.zeros_like(z)
    probs[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    probs[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
    return probs


def silently(z):
    """The plain formula, and no word about its overflow."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def look(answer, z):
    """How an answer is looked at; silenced warnings are heard."""
    return heard(answer, sigmoid, z)


_calm = like(sigmoid, LOGITS, CALM)  # right as long as the logits are small


def _whole_numbers(results):
    """Sign: right for fractions; whole numbers in, whole numbers out."""
    value = as_array(results[WHOLE].value)
    return _calm(results) and value is not None and value.dtype.kind in "iu"


def _stops_falling(results):
    """Sign: right for small logits; at -35 a probability that is much too large."""
    value = as_array(results[FAR].value)
    return (_calm(results) and value is not None and value.shape == (3,) and np.isfinite(value).all()
            and value[2] > 3 * sigmoid(-35.0))


def _rounded(results):
    """Sign: every probability has a few decimals only."""
    said = [as_array(result.value) for result in results]
    return any(all(one is not None and one.shape == z.shape and one.dtype.kind == "f"
                   and np.array_equal(np.round(one, decimals), one)
                   and not difference(one, np.round(sigmoid(z), decimals))
                   for one, (z,) in zip(said, LOGITS, strict=True)) for decimals in range(1, 10))


def _certain(results):
    """Sign: 0 where the logit is below 0 and 1 where it is above, whatever the type."""
    said = [as_array(result.value) for result in results]
    return all(one is not None and one.shape == z.shape and np.array_equal(one[z != 0], z[z != 0] > 0)
               for one, (z,) in zip(said, LOGITS, strict=True))


SIGMOID = Exercise(
    title="Exercise 1",
    points=2,
    reference=sigmoid,
    observe=look,
    quiet=True,
    cases=LOGITS,
    hints=(
        "`small = np.exp(-np.abs(z))` is at most 1, whatever the sign of z. Write both forms with it.",
        "For z ≥ 0 the answer is 1 / (1 + small), for z < 0 it is small / (1 + small).",
        "`np.where` takes one where a condition holds, else the other: `np.where(z >= 0, 1 / (1 + small), …)`.",
    ),
    misconceptions=(
        Misconception(
            "an exponential overflows on the way",
            "Your values are right by luck: exp(1000) became infinity, and 1 / infinity is 0, or `np.where` threw it "
            "away, which computes both forms for every z. Let no exponent be above 0: `np.exp(-np.abs(z))`.",
            lambda z: 1 / (1 + np.exp(-z)),
            sign=only_warns(sigmoid, LOGITS)),
        warning_silenced(silently),
        Misconception(
            "whole numbers stay whole",
            "`np.zeros_like(z)` takes the type of z: of whole-number logits it makes whole-number probabilities, so "
            "0.95 becomes 0. Write `np.zeros(z.shape)`, which holds fractions.",
            by_masks,
            sign=_whole_numbers),
        Misconception(
            "cut off far below 0",
            "You keep the logit or p away from its end with a clip, so p stops falling: at -35 yours is far too large, "
            "and a loss built on it stops growing. Neither of the two forms needs a clip.",
            lambda z: 1 / (1 + np.exp(-np.clip(z, -20, 20))),
            sign=_stops_falling),
        Misconception(
            "probability rounded",
            "You round p, so a small one becomes 0, and its logarithm is -infinity. Return p as it is; rounding is for "
            "the print.",
            lambda z: np.round(sigmoid(z), 6),
            sign=_rounded),
        Misconception(
            "too large for math.exp",
            "Where NumPy gives infinity, `math.exp(1000)` stops with an error. Let no exponent be above 0: for z below "
            "0 take exp(z) / (1 + exp(z)).",
            lambda z: np.array([1 / (1 + math.exp(-one)) for one in z.ravel()]).reshape(z.shape),
            sign=raises(OverflowError)),
        Misconception(
            "infinity divided by infinity",
            "exp(1000) is infinity in a float, and infinity / infinity is nan. This form is for negative z; for "
            "positive z take 1 / (1 + exp(-z)).",
            lambda z: np.exp(z) / (1 + np.exp(z))),
        Misconception(
            "falls instead of rising",
            "Your probability falls where the logit rises: this is the sigmoid of -z. Look at the sign in the "
            "exponent, and at which of the two forms belongs to which sign of z.",
            lambda z: sigmoid(-z)),
        Misconception(
            "negative logits forgotten",
            "You take the form for positive z everywhere, so -2 gives the same as 2. Below 0 the other form holds: "
            "small / (1 + small).",
            lambda z: sigmoid(np.abs(z))),
        Misconception(
            "minus in the denominator",
            "You divide by 1 - exp(-z), which is 0 for z = 0. A plus stands there: 1 + exp(-z).",
            lambda z: 1 / (1 - np.exp(-z)),
            sign=like(lambda z: 1 / (1 - np.exp(-z)), LOGITS, (1, 2))),
        Misconception(
            "exponential alone",
            "exp(z) has no upper end. Divide by 1 + exp(z), and it stays below 1.",
            lambda z: np.exp(z),
            sign=like(np.exp, LOGITS, CALM)),
        Misconception(
            "decided instead of weighed",
            "You return 0 or 1: that is a decision. A probability says how sure, and lies between.",
            lambda z: np.where(z > 0, 1.0, 0.0),
            sign=_certain),
        Misconception(
            "cut off at 0 and 1",
            "You cut the logit off at 0 and 1. Two logits of 3 and 30 would both be certain; the sigmoid bends "
            "instead of cutting.",
            lambda z: np.clip(z, 0, 1)),
        Misconception(
            "tanh instead of sigmoid",
            "tanh has the same bend and runs from -1 to 1. A probability runs from 0 to 1: (1 + tanh(z / 2)) / 2.",
            lambda z: np.tanh(z)),
        Misconception(
            "ReLU instead of sigmoid",
            "You cut negative logits off and leave the others as they are. A probability must stay below 1.",
            lambda z: np.maximum(z, 0)),
        Misconception(
            "divided by the sum of all",
            "Your values add up to 1 over the whole array. Here every scan has its own question and its own "
            "probability: no value may depend on its neighbours.",
            lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(),
            sign=like(lambda z: np.exp(z) / np.exp(z).sum(), LOGITS, CALM)),
        Misconception(
            "one value asked of an array",
            "`if` takes one yes or no, and `z >= 0` holds one for every logit. `np.where` treats all at once.",
            lambda z: 1 / (1 + np.exp(-z)) if z >= 0 else np.exp(z) / (1 + np.exp(z)),
            sign=raises(ValueError, "truth value")),
    ),
)

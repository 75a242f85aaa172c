"""From logits to probabilities: sigmoid for one, softmax for several."""
import math

import numpy as np

from ..comparison import as_array
from ..exercise import Exercise, Misconception, only_warns, raises, where_calm


def sigmoid(z):
    """1 / (1 + exp(-z)), with an exponential that never overflows."""
    small = np.exp(-np.abs(z))  # the exponent is never above 0
    return np.where(z >= 0, 1 / (1 + small), small / (1 + small))


def softmax(logits):
    """Every row to probabilities that add up to 1; logits and result have shape (N, C)."""
    shifted = logits - logits.max(axis=1, keepdims=True)  # the largest of each row is 0
    powers = np.exp(shifted)
    return powers / powers.sum(axis=1, keepdims=True)


LOGITS = (
    (np.array([0.0, 1.0, -2.0]),),
    (np.random.default_rng(1).normal(0, 3, (2, 3)).round(2),),
    (np.random.default_rng(2).normal(0, 2, 5).round(3),),
    (np.array([-1000.0, -40.0, 0.5, 40.0, 1000.0]),),
)


def _certain(results):
    """Sign: 0 where the logit is below 0 and 1 where it is above, whatever the type."""
    said = [as_array(result.value) for result in results]
    return all(one is not None and one.shape == z.shape and np.array_equal(one[z != 0], z[z != 0] > 0)
               for one, (z,) in zip(said, LOGITS, strict=True))


SIGMOID = Exercise(
    title="Exercise 1",
    points=2,
    reference=sigmoid,
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
            sign=where_calm(lambda z: 1 / (1 - np.exp(-z)), LOGITS, (1, 2))),
        Misconception(
            "exponential alone",
            "exp(z) has no upper end. Divide by 1 + exp(z), and it stays below 1.",
            lambda z: np.exp(z),
            sign=where_calm(np.exp, LOGITS, (0, 1, 2))),
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
            sign=where_calm(lambda z: np.exp(z) / np.exp(z).sum(), LOGITS, (0, 1, 2))),
        Misconception(
            "one value asked of an array",
            "`if` takes one yes or no, and `z >= 0` holds one for every logit. `np.where` treats all at once.",
            lambda z: 1 / (1 + np.exp(-z)) if z >= 0 else np.exp(z) / (1 + np.exp(z)),
            sign=raises(ValueError, "truth value")),
    ),
)

BATCHES = (
    (np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]),),
    (np.array([[2.0, 0.0], [1.0, -1.0], [0.5, 4.0]]),),
    (np.random.default_rng(3).normal(0, 2, (4, 4)).round(2),),
    (np.array([[0.25, -1.5, 0.75, 3.0, -0.5]]),),
    (np.array([[1000.0, 1001.0, 999.0], [1001.0, 1000.0, 1001.0]]),),
    (np.array([[800.0, 0.0, -800.0], [-900.0, -901.0, -902.0]]),),
)
CALM = (0, 1, 2, 3)


def _powers(logits):
    return np.exp(logits - logits.max(axis=1, keepdims=True))


def _per_column(logits):
    return softmax(logits.T).T


def _over_everything(logits):
    return np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()


def _log_softmax(logits):
    return logits - logits.max(axis=1, keepdims=True) - np.log(_powers(logits).sum(axis=1, keepdims=True))


def _shifted_in_place(logits):
    logits -= logits.max(axis=1, keepdims=True)
    return softmax(logits)


def _shifted_by_one_maximum(logits):
    powers = np.exp(logits - logits.max())
    return powers / powers.sum(axis=1, keepdims=True)


def _breaks_first_at(number):
    """Sign: right on the calm cases; of the others `number` is the first that is not a number."""
    def shows(results):
        if not where_calm(softmax, BATCHES, CALM)(results):
            return False
        values = [as_array(result.value) for result in results[len(CALM):]]
        lost = [index for index, value in enumerate(values) if value is not None and not np.isfinite(value).all()]
        return bool(lost) and lost[0] == number

    return shows


def _calm(mutant):
    return where_calm(mutant, BATCHES, CALM)


SOFTMAX = Exercise(
    title="Exercise 3",
    points=2,
    reference=softmax,
    quiet=True,
    cases=BATCHES,
    hints=(
        "Every row is one scan; `axis=1` runs over its classes. `keepdims=True` keeps a sum in shape (N, 1).",
        "Subtract the largest logit of each row first: `shifted = logits - logits.max(axis=1, keepdims=True)`.",
        "Then `powers = np.exp(shifted)` and `powers / powers.sum(axis=1, keepdims=True)`.",
    ),
    misconceptions=(
        Misconception(
            "softmax over the batch axis",
            "Your columns add up to 1: scans compete with each other. The classes of one scan compete: `axis=1`.",
            _per_column,
            sign=_calm(_per_column)),
        Misconception(
            "no maximum subtracted",
            "exp(1000) is infinity, and infinity / infinity is nan. Subtract the largest logit of each row first; the "
            "probabilities stay the same.",
            lambda logits: np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True),
            sign=_breaks_first_at(0)),
        Misconception(
            "one maximum for the whole batch",
            "You subtract the largest logit of the batch. In a scan whose logits all lie far below it every "
            "exponential is 0, and 0 / 0 is nan. Each row needs its own maximum.",
            _shifted_by_one_maximum,
            sign=_breaks_first_at(1)),
        Misconception(
            "divided by the sum of all",
            "Your whole array adds up to 1. Every row must: one scan, one distribution. `sum(axis=1, keepdims=True)`.",
            _over_everything,
            sign=_calm(_over_everything)),
        Misconception(
            "axis lost in the sum",
            "`sum(axis=1)` has shape (N,), and NumPy lays it along the classes. Keep the axis: `keepdims=True` makes "
            "it (N, 1).",
            lambda logits: _powers(logits) / _powers(logits).sum(axis=1),
            sign=lambda results: any(raises(kind, text)(results) for kind, text in (
                (ValueError, "broadcast"), (RuntimeError, "must match the size")))),
        Misconception(
            "exponential forgotten",
            "You divide the logits themselves by their sum. A negative logit gives a negative probability; take "
            "exponentials first.",
            lambda logits: logits / logits.sum(axis=1, keepdims=True),
            sign=where_calm(lambda logits: logits / logits.sum(axis=1, keepdims=True), BATCHES, (2, 3))),
        Misconception(
            "sigmoid of each logit",
            "Your rows do not add up to 1: every class answers for itself. In a softmax the classes share one "
            "certainty.",
            sigmoid,
            sign=_calm(sigmoid)),
        Misconception(
            "sum forgotten",
            "Your rows do not add up to 1, since the exponentials are not divided by their sum.",
            _powers,
            sign=lambda results: any(_calm(mutant)(results) for mutant in (_powers, np.exp))),
        Misconception(
            "mean instead of sum",
            "You divide by the mean of the row, so a row adds up to the number of classes. Divide by the sum.",
            lambda logits: softmax(logits) * logits.shape[1],
            sign=_calm(lambda logits: softmax(logits) * logits.shape[1])),
        Misconception(
            "winner takes all",
            "You give 1 to the largest logit. That is the decision; softmax says how close the others came.",
            lambda logits: (logits == logits.max(axis=1, keepdims=True)).astype(float)),
        Misconception(
            "logarithm of softmax",
            "You return log-probabilities, all of them at most 0. Here the probabilities are asked.",
            _log_softmax,
            sign=_calm(_log_softmax)),
        Misconception(
            "sign turned round",
            "Your largest probability goes to the smallest logit. Subtract the maximum from the logits, not the "
            "logits from the maximum.",
            lambda logits: softmax(-logits),
            sign=_calm(lambda logits: softmax(-logits))),
        Misconception(
            "input shifted in place",
            "Your probabilities are right, and `-=` also changed the logits of whoever called you. Write "
            "`shifted = logits - …` instead.",
            _shifted_in_place),
    ),
)

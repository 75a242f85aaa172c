"""From several logits to probabilities that share one whole: softmax."""
import numpy as np

from ..comparison import as_array
from ..exercise import Exercise, Misconception
from ..signs import behaves_like, like, raises
from .logistic import sigmoid


def softmax(logits):
    """Every row to probabilities that add up to 1; logits and result have shape (N, C)."""
    shifted = logits - logits.max(axis=1, keepdims=True)  # the largest of each row is 0
    powers = np.exp(shifted)
    return powers / powers.sum(axis=1, keepdims=True)


BATCHES = (
    (np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]),),
    (np.array([[2.0, 0.0], [1.0, -1.0], [0.5, 4.0]]),),
    (np.random.default_rng(3).normal(0, 2, (4, 4)).round(2),),
    (np.array([[0.25, -1.5, 0.75, 3.0, -0.5]]),),
    (np.array([[1000.0, 1001.0, 999.0], [1001.0, 1000.0, 1001.0]]),),
    (np.array([[800.0, 0.0, -800.0], [-900.0, -901.0, -902.0]]),),
)
CALM, LARGE, APART = (0, 1, 2, 3), 4, 5


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


def _lost_rows(result):
    """The rows of a value that hold something else than numbers; None where there is no table."""
    value = as_array(result.value)
    return None if value is None or value.ndim != 2 else np.flatnonzero(~np.isfinite(value).all(axis=1)).tolist()


def _loses_all(results):
    """Sign: right on the calm cases, and not a number as soon as the logits are large."""
    return _calm(softmax)(results) and bool(_lost_rows(results[LARGE]))


def _loses(row):
    """Sign: right, also where all logits are large; one row is lost where they lie far apart."""
    def shows(results):
        return _calm(softmax)(results) and _lost_rows(results[LARGE]) == [] and _lost_rows(results[APART]) == [row]

    return shows


def _mean_subtracted(logits):
    powers = np.exp(logits - logits.mean(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _clipped(logits):
    return softmax(np.clip(logits, -700, 700))


def _same_for_all(results):
    """Sign: right on the calm cases; finite, and wrong, where logits are above 1000."""
    value = as_array(results[LARGE].value)
    return (_calm(softmax)(results) and value is not None and value.shape == (2, 3) and np.isfinite(value).all()
            and np.ptp(value[0]) < 0.01)


def _calm(*mutants):
    return behaves_like(BATCHES, *mutants, chosen=CALM)


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
            sign=_loses_all),
        Misconception(
            "one maximum for the whole batch",
            "You subtract the largest logit of the batch. In a scan whose logits all lie far below it every "
            "exponential is 0, and 0 / 0 is nan. Each row needs its own maximum.",
            _shifted_by_one_maximum,
            sign=_loses(1)),
        Misconception(
            "mean instead of maximum",
            "You subtract the mean of each row. That changes no probability, and a logit far above the mean still "
            "overflows: 800 is left of 800, 0, -800. After subtracting the maximum the largest exponent is 0.",
            _mean_subtracted,
            sign=_loses(0)),
        Misconception(
            "logits clipped",
            "You clip the logits, so 999, 1000 and 1001 become equal. Subtract the largest logit of each row: then no "
            "exponential overflows and the differences stay.",
            _clipped,
            sign=_same_for_all),
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
            sign=like(lambda logits: logits / logits.sum(axis=1, keepdims=True), BATCHES, (2, 3))),
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
            sign=_calm(_powers, np.exp)),
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

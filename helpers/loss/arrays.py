"""Losses and what leads to them: sigmoid, softmax, squared error, cross-entropy. Arrays in, arrays out.

Numbers are float64 unless the arrays handed in are float32: then so is the result.
A loss per sample becomes the loss of a batch by its mean: ``bce_with_logits(logits, targets).mean()``.
"""
import numpy as np


def sigmoid(logits):
    """A probability between 0 and 1 for any number: 1 / (1 + exp(-logit)).

    logits : numbers of any shape.
    Returns an array of the same shape. Never overflows: exp only ever sees 0 or less. Beyond float precision the
    result is exactly 0 or 1, and it is so at minus and plus infinity; NaN stays NaN.
    Source: Bishop 2006, Pattern Recognition and Machine Learning, equation 4.59.

    >>> sigmoid([-1000, 0, 1000]).tolist()
    [0.0, 0.5, 1.0]
    """
    logits, = _floats(logits)
    small = np.exp(-np.abs(logits))
    return np.where(logits < 0, small, 1) / (1 + small)


def softmax(logits, axis=-1, temperature=1.0):
    """Positive numbers that add up to 1: exp of every logit over the sum of them.

    logits : finite numbers, one per class along `axis`, for example of shape (N, C).
    axis : the axis of the classes: -1 for (N, C), 1 for (N, C, H, W).
    temperature : the logits are divided by it first; below 1 the largest class gains, above 1 the classes even out.
    Returns an array of the same shape. The largest logit is subtracted first: that changes no probability,
    since the common factor cancels, and exp cannot overflow. A class far behind may be exactly 0.
    Raises ValueError for a temperature of 0 or less, logits that are not finite, an axis that is missing or empty.
    No samples, (0, C), give no probabilities, (0, C).
    Source: Bridle 1990, doi:10.1007/978-3-642-76153-9_28; temperature: Hinton et al. 2015, arXiv:1503.02531.

    >>> softmax([1000.0, 1000.0]).tolist()
    [0.5, 0.5]
    """
    logits = _logits(logits, axis)
    temperature = logits.dtype.type(temperature)  # rounded first: 1e-50 is 0 in float32
    if not temperature > 0:
        raise ValueError(f"temperature must be above 0, not {temperature}: 1 leaves the logits as they are.")
    powers = np.exp((logits - logits.max(axis, keepdims=True)) / temperature)
    return powers / powers.sum(axis, keepdims=True)


def log_sum_exp(values, axis=-1):
    """Logarithm of the sum of exp(values), found without an exp that overflows.

    values : finite numbers of any shape.  axis : the axis that is summed over, and that the result lacks.
    Raises ValueError as `softmax` does.
    Source: Blanchard, Higham and Higham 2021, doi:10.1093/imanum/draa038.

    >>> round(float(log_sum_exp([1000, 1000])), 4)  # 1000 + log(2)
    1000.6931
    """
    values = _logits(values, axis)
    largest = values.max(axis, keepdims=True)
    return largest.squeeze(axis)[()] + np.log(np.exp(values - largest).sum(axis))


def mse(predicted, target):
    """Mean of the squared differences, one number.

    predicted, target : numbers of the same shape.
    Raises ValueError when the shapes differ or there is no sample: nothing has no mean.

    >>> float(mse([1.5, 2.5, 3.5], [2, 2, 4]))
    0.25
    """
    predicted, target = _floats(predicted, target)
    _same_shape("predicted", predicted, "target", target)
    _not_empty(predicted)
    return np.square(predicted - target).mean()


def mse_gradient(x, y, w, b):
    """Slopes of the mean squared error of the line w x + b: (dJ/dw, dJ/db).

    x, y : n numbers each, shape (n,).  w, b : one number each.
    Returns (2/n) times the sum of (w x + b - y) x, and (2/n) times the sum of (w x + b - y): n is the number of
    samples in both. A step of gradient descent goes against them.
    Raises ValueError when x and y are not n numbers each, or there is no sample.

    >>> dw, db = mse_gradient([0, 1, 2, 3], [1, 1, 3, 2], w=0.4, b=0.1)
    >>> round(float(dw), 6), round(float(db), 6)
    (-3.4, -2.1)
    """
    x, y = _floats(x, y)
    _same_shape("x", x, "y", y)
    if x.ndim != 1:
        raise ValueError(f"x and y must have one axis, shape (n,), not {x.shape}: use ravel().")
    _not_empty(x)
    error = w * x + b - y
    return 2 * (error * x).mean(), 2 * error.mean()


def bce(probs, targets):
    """Binary cross-entropy of each sample: -log(p) where the target is 1, -log(1 - p) where it is 0.

    probs : probabilities of class 1, in [0, 1].  targets : 0 or 1, same shape.
    Returns an array of the same shape, 0 or more, with the exact limits: 0 where the prediction is certain and right,
    infinity where it is certain and wrong. (PyTorch stops at 100, so that a mean stays finite.)
    Raises ValueError for other probabilities or targets, or when the shapes differ. No samples give no losses.
    Source: Bishop 2006, equation 4.90.

    >>> bce([0.0, 1.0, 1.0], [0, 1, 0]).tolist()
    [0.0, 0.0, inf]
    """
    probs, = _floats(probs)
    targets = _labels(targets, "probs", probs)
    if not ((probs >= 0) & (probs <= 1)).all():
        raise ValueError("probs must lie between 0 and 1: pass logits through sigmoid, or use bce_with_logits.")
    likelihood = np.full_like(probs, -np.inf)  # log of 0, where nothing is written below
    np.log(probs, out=likelihood, where=(targets == 1) & (probs > 0))
    np.log1p(-probs, out=likelihood, where=(targets == 0) & (probs < 1))
    return 0 - likelihood  # a minus sign alone would make -0.0 of 0


def bce_with_logits(logits, targets):
    """Binary cross-entropy of each sample from its logit: log(1 + exp(z)) with z = -logit where the target is 1.

    logits : numbers of any shape, before the sigmoid.  targets : 0 or 1, same shape.
    Returns an array of the same shape. Use this one to train: where sigmoid rounds to 0 or 1 the loss of a
    probability is infinite or 0, that of the logit is still right, about the logit itself when certain and wrong.
    Raises ValueError for other targets or when the shapes differ. No samples give no losses.
    Source: PyTorch documentation, torch.nn.BCEWithLogitsLoss.

    >>> bce_with_logits([1000, -1000, 1000], [0, 0, 1]).tolist()
    [1000.0, 0.0, 0.0]
    """
    logits, = _floats(logits)
    targets = _labels(targets, "logits", logits)
    wrong = np.where(targets == 1, -logits, logits)  # how far the logit points to the wrong side
    return np.maximum(wrong, 0) + np.log1p(np.exp(-np.abs(wrong)))


def cross_entropy(logits, targets, axis=-1):
    """Cross-entropy of each sample: minus the log of the probability that softmax gives to its class.

    logits : finite numbers, one per class along `axis`, for example (N, C), or (N, C, H, W) with axis=1.
    targets : whole numbers from 0 to C - 1, the shape of the logits without `axis`: (N,), or (N, H, W).
    Returns an array of the shape of the targets, 0 or more, finite.
    Raises ValueError for targets of another kind, range or shape, and for logits as `softmax` does.
    No samples give no losses.
    Source: Bishop 2006, equation 4.108.

    >>> cross_entropy([[1000, 0, 0], [1000, 0, 0]], [0, 1]).tolist()
    [0.0, 1000.0]
    """
    logits = _logits(logits, axis)
    targets = np.asarray(targets)
    if targets.size and targets.dtype.kind not in "iu":
        raise ValueError(f"targets must be whole numbers, one class index per sample, not {targets.dtype}.")
    shape = list(logits.shape)
    classes = shape.pop(axis)
    if targets.shape != tuple(shape):
        raise ValueError(f"targets have shape {targets.shape}, but logits of shape {logits.shape} "
                         f"with classes along axis {axis} need {tuple(shape)}.")
    if targets.size and not 0 <= targets.min() <= targets.max() < classes:
        raise ValueError(f"targets must be from 0 to {classes - 1}, the index of one of {classes} classes, "
                         f"not {targets.min()} to {targets.max()}.")
    behind = logits - logits.max(axis, keepdims=True)  # first, or 1000 + 1e-5 rounds to 1000
    index = np.expand_dims(targets.astype(np.intp), axis)
    return log_sum_exp(behind, axis) - np.take_along_axis(behind, index, axis).squeeze(axis)


def _floats(*values):
    """Arrays of one float dtype: that of the float arrays among the values, else float64."""
    arrays = [np.asarray(value) for value in values]
    kinds = [array.dtype for array, value in zip(arrays, values, strict=True)
             if hasattr(value, "dtype") and array.dtype.kind == "f"]
    return [array.astype(np.result_type(*kinds) if kinds else np.float64) for array in arrays]


def _logits(logits, axis):
    logits, = _floats(logits)
    if not -logits.ndim <= axis < logits.ndim:
        raise ValueError(f"logits of shape {logits.shape} have no axis {axis}: they need one axis of classes.")
    if not logits.shape[axis]:
        raise ValueError(f"logits of shape {logits.shape} have no class along axis {axis}: at least one is needed.")
    if not np.isfinite(logits).all():
        raise ValueError("logits must be finite: NaN or infinity often means that the learning rate is too large.")
    return logits


def _labels(targets, name, values):
    """Targets 0 or 1 of the shape of `values`, as an array."""
    targets = np.asarray(targets)
    _same_shape(name, values, "targets", targets)
    if not ((targets == 0) | (targets == 1)).all():
        raise ValueError("targets must be 0 or 1, one per sample: use cross_entropy for more than two classes.")
    return targets


def _same_shape(first, a, second, b):
    if a.shape != b.shape:
        raise ValueError(f"{first} has shape {a.shape} and {second} has shape {b.shape}: they must be the same.")


def _not_empty(values):
    if not values.size:
        raise ValueError("There is no sample: the mean of nothing is not defined, so pass at least one.")

"""The backward pass of the small network, checked against numbers that autograd agrees with."""
import numpy as np

from ..exercise import Exercise, Misconception
from .networks import random_network


def backward(x, targets, W1, b1, w2, b2):
    """Gradients of the mean binary cross-entropy with respect to W1, b1, w2 and b2."""
    total = x @ W1.T + b1  # (N, hidden), before ReLU
    hidden = np.maximum(total, 0)
    probs = 1 / (1 + np.exp(-(hidden @ w2 + b2)))
    error = (probs - targets) / len(x)  # (N,), with respect to the logits
    back = np.outer(error, w2) * (total > 0)  # (N, hidden), with respect to the hidden sums
    return back.T @ x, back.sum(axis=0), error @ hidden, error.sum()


def _case(seed, targets, inputs, hidden):
    x, *network = random_network(seed, len(targets), inputs, hidden)
    return x, np.array(targets), *network


PASSES = (
    (np.array([[1.0, 2.0], [-1.0, 0.5]]), np.array([1, 0]), np.array([[1.0, 0.0], [-1.0, 1.0], [2.0, -3.0]]),
     np.array([0.5, 0.25, 1.0]), np.array([1.0, 2.0, -1.0]), -0.5),
    _case(21, [1, 0, 0, 1, 1], 2, 3),
    _case(22, [0, 1, 1, 0], 2, 2),
    _case(23, [1, 1, 0], 3, 3),
    _case(24, [0], 4, 2),
    _case(25, [0, 0, 1, 0, 1, 1], 3, 4),
)


def _probs(total, w2, b2):
    return 1 / (1 + np.exp(-(np.maximum(total, 0) @ w2 + b2)))


def _chain(error=None, back=None, collect=None):
    """The backward pass with one of its three steps done wrongly."""
    def mutant(x, targets, W1, b1, w2, b2):
        total = x @ W1.T + b1
        hidden, probs = np.maximum(total, 0), _probs(total, w2, b2)
        at_logit = error(probs, targets) if error else (probs - targets) / len(x)
        at_hidden = back(at_logit, w2, total) if back else np.outer(at_logit, w2) * (total > 0)
        if collect:
            return collect(x, hidden, total, at_logit, at_hidden)
        return at_hidden.T @ x, at_hidden.sum(axis=0), at_logit @ hidden, at_logit.sum()

    return mutant


BACKWARD = Exercise(
    title="Exercise 8",
    points=3,
    reference=backward,
    cases=PASSES,
    hints=(
        "Start at the end: `error = (probs - targets) / len(x)` is the derivative with respect to the N logits.",
        "b2 moves every logit by 1: `error.sum()`. w2 moves it by the hidden values: `error @ hidden`.",
        "Back through w2 and ReLU: `back = np.outer(error, w2) * (total > 0)`, of shape (N, hidden).",
        "As in the last layer: `back.T @ x` for W1, `back.sum(axis=0)` for b1. Return W1, b1, w2, b2 in this order.",
    ),
    misconceptions=(
        Misconception(
            "derivative of ReLU left out",
            "You go back through ReLU as if it were not there. Where the hidden sum is negative its derivative is 0, "
            "and nothing flows back: multiply by `(total > 0)`.",
            _chain(back=lambda error, w2, total: np.outer(error, w2))),
        Misconception(
            "derivative of ReLU turned round",
            "You let the gradient through where the hidden sum is negative. Those neurons were silent; the gradient "
            "flows where `total > 0`.",
            _chain(back=lambda error, w2, total: np.outer(error, w2) * (total < 0))),
        Misconception(
            "missing 1/n",
            "You add over the scans and do not divide by their number. The loss is a mean.",
            _chain(error=lambda probs, targets: probs - targets)),
        Misconception(
            "divided by n twice",
            "You divide by the number of scans and then take a mean as well. Divide once, then add.",
            _chain(error=lambda probs, targets: (probs - targets) / len(probs) ** 2)),
        Misconception(
            "sign turned round",
            "You start with targets - probs, so everything points downhill. The gradient points uphill: "
            "probs - targets.",
            _chain(error=lambda probs, targets: (targets - probs) / len(probs))),
        Misconception(
            "derivative of the sigmoid once too often",
            "You multiply by p × (1 - p). In the loss it cancels: with respect to the logit only p - target is left.",
            _chain(error=lambda probs, targets: (probs - targets) * probs * (1 - probs) / len(probs))),
        Misconception(
            "gradient of the squared error",
            "You start with 2 × (p - target) × p × (1 - p): that is the squared error. For cross-entropy only "
            "p - target is left.",
            _chain(error=lambda probs, targets: 2 * (probs - targets) * probs * (1 - probs) / len(probs))),
        Misconception(
            "decided before learning",
            "You round the probability first, so a scan on the right side teaches nothing. Use p itself.",
            _chain(error=lambda probs, targets: ((probs > 0.5) - targets) / len(probs))),
        Misconception(
            "output weights left out",
            "On the way back to the hidden layer you forgot w2: a neuron with a larger weight gets more of the blame.",
            _chain(back=lambda error, w2, total: np.outer(error, np.ones_like(w2)) * (total > 0))),
        Misconception(
            "gradient of W1 transposed",
            "Your gradient of W1 is (inputs, hidden). It needs the shape of W1, (hidden, inputs): `back.T @ x`.",
            _chain(collect=lambda x, hidden, total, error, back:
                   (x.T @ back, back.sum(axis=0), error @ hidden, error.sum()))),
        Misconception(
            "hidden sums instead of hidden values",
            "For w2 you use the sums before ReLU. The output neuron sees what comes after ReLU: `error @ hidden`.",
            _chain(collect=lambda x, hidden, total, error, back:
                   (back.T @ x, back.sum(axis=0), error @ total, error.sum()))),
        Misconception(
            "bias of one scan each",
            "You return one number per scan for b2. All scans share it: add them up.",
            _chain(collect=lambda x, hidden, total, error, back:
                   (back.T @ x, back.sum(axis=0), error @ hidden, error))),
        Misconception(
            "b1 added over the neurons",
            "For b1 you add over the neurons and keep the scans. Add over the scans, `axis=0`: every neuron keeps its "
            "own bias.",
            _chain(collect=lambda x, hidden, total, error, back:
                   (back.T @ x, back.sum(axis=1), error @ hidden, error.sum()))),
        Misconception(
            "one number for b1",
            "For b1 you add over everything. Every neuron has its own bias: `back.sum(axis=0)`.",
            _chain(collect=lambda x, hidden, total, error, back:
                   (back.T @ x, back.sum(), error @ hidden, error.sum()))),
        Misconception(
            "means instead of sums",
            "For the biases you take a mean, though `error` is already divided by the number of scans. Use `sum`.",
            _chain(collect=lambda x, hidden, total, error, back:
                   (back.T @ x, back.mean(axis=0), error @ hidden, error.mean()))),
        Misconception(
            "in another order",
            "Your four gradients are right and in another order. Return those of W1, b1, w2, b2.",
            _chain(collect=lambda x, hidden, total, error, back:
                   (error @ hidden, error.sum(), back.T @ x, back.sum(axis=0)))),
        Misconception(
            "output layer only",
            "You return two gradients, those of the output neuron. Go on, back through w2 and ReLU, to W1 and b1.",
            _chain(collect=lambda x, hidden, total, error, back: (error @ hidden, error.sum()))),
    ),
)

"""Train a network on zeros and ones, and report honestly: before, after, and what the majority class alone scores."""
import copy
import functools

import numpy as np
import torch

from ... import data
from ..comparison import difference
from ..exercise import Complaint, Exercise, Misconception, raises

FIRST = 4  # digits whose logits after the training are looked at
LOGITS = f"logits of the first {FIRST} digits, after training"
RTOL = 1e-3  # float32, and sums may be taken in another order


def train_and_report(model, x, y, steps, learning_rate):
    """Gradient descent on all samples at once; accuracy before and after, and the rate of the majority class."""
    def accuracy():
        return ((model(x).squeeze(1) > 0) == (y == 1)).float().mean().item()

    before = accuracy()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(model(x).squeeze(1), y).backward()
        optimizer.step()
    majority = max(y.mean().item(), 1 - y.mean().item())
    return {"before": before, "after": accuracy(), "majority": majority}


@functools.cache
def digits(zeros, ones):
    """The first so many zeros and ones, in the order of the file: pixels in [0, 1], (N, 64), and labels, (N,)."""
    images, labels = data.load_digits()
    chosen = np.sort(np.concatenate([np.flatnonzero(labels == 0)[:zeros], np.flatnonzero(labels == 1)[:ones]]))
    pixels = torch.tensor(images[chosen].reshape(-1, 64), dtype=torch.float32) / 16
    return pixels, torch.tensor(labels[chosen], dtype=torch.float32)


def network(seed, inputs=64, hidden=3):
    """The network of the lecture, 64-3-1, with the weights of one seed; it leaves torch's own seed alone."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return torch.nn.Sequential(torch.nn.Linear(inputs, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, 1))


def report(answer, zeros, ones, steps, learning_rate, seed):
    """The dictionary of an answer, and what the model it trained says afterwards."""
    (x, y), model = digits(zeros, ones), network(seed)
    given = x.clone(), y.clone()
    said = answer(model, *given, steps, learning_rate)
    if said is None or said is Ellipsis:
        return said
    if not isinstance(said, dict):
        raise Complaint('Return a dictionary: `{"before": …, "after": …, "majority": …}`.')
    if not (torch.equal(given[0], x) and torch.equal(given[1], y)):
        raise Complaint("Your function changes x or y in place. Whoever handed them over still needs them.")
    with torch.no_grad():
        return {**said, LOGITS: model(x[:FIRST]).squeeze(1)}


CASES = (
    (40, 60, 12, 0.8, 0),
    (90, 30, 10, 0.5, 1),
    (20, 50, 4, 0.1, 2),
    (40, 80, 0, 0.5, 3),
    (60, 60, 16, 1.0, 4),
)


def _trainer(loss=None, optimizer=torch.optim.SGD, clear=True, step=True, steps_of=lambda steps: steps, fresh=False):
    """Training with one part of it done wrongly; returns the accuracies' way to look at the model."""
    loss = loss or torch.nn.functional.binary_cross_entropy_with_logits

    def train(model, x, y, steps, learning_rate):
        optimise = optimizer(model.parameters(), lr=learning_rate)
        for _ in range(steps_of(steps)):
            if clear:
                optimise.zero_grad()
            loss(model(x).squeeze(1), y).backward()
            if step:
                optimise.step()

    return train


def _correct(model, x, y):
    return ((model(x).squeeze(1) > 0) == (y == 1)).float().mean().item()


def _majority(y):
    return max(y.mean().item(), 1 - y.mean().item())


def _wrong_training(**parts):
    """A mistake in the training; the report is right."""
    train = _trainer(**parts)

    def mutant(model, x, y, steps, learning_rate):
        before = _correct(model, x, y)
        train(model, x, y, steps, learning_rate)
        return {"before": before, "after": _correct(model, x, y), "majority": _majority(y)}

    return mutant


def _wrong_report(change):
    """A mistake in the report; the training is right. change(report, model before and after, x, y) -> report."""
    train = _trainer()

    def mutant(model, x, y, steps, learning_rate):
        before, logits = _correct(model, x, y), model(x).squeeze(1).detach()
        train(model, x, y, steps, learning_rate)
        said = {"before": before, "after": _correct(model, x, y), "majority": _majority(y)}
        return said | change(said, logits, model(x).squeeze(1).detach(), y)

    return mutant


def _summed(logits, y):
    return torch.nn.functional.binary_cross_entropy_with_logits(logits, y, reduction="sum")


def _sigmoid_first(logits, y):
    return torch.nn.functional.binary_cross_entropy_with_logits(torch.sigmoid(logits), y)


def _ascent(parameters, lr):
    return torch.optim.SGD(parameters, lr=lr, maximize=True)


def _at(threshold):
    """Accuracies with another threshold on the logits."""
    return _wrong_report(lambda said, first, last, y: {
        name: ((logits > threshold) == (y == 1)).float().mean().item()
        for name, logits in (("before", first), ("after", last))})


def _with_a_column(model, x, y, steps, learning_rate):
    return torch.nn.functional.binary_cross_entropy_with_logits(model(x), y)


@functools.cache
def _honest_and_untouched():
    """The report of an honest training, and the logits of a model that never moved, for every case."""
    return ([report(train_and_report, *case) for case in CASES],
            [report(_wrong_training(step=False), *case)[LOGITS] for case in CASES])


def _untrained_but_claimed(results):
    """Sign: the report of an honest training, and a model that never moved."""
    expected, untouched = _honest_and_untouched()
    return all(isinstance(result.value, dict) and not difference(result.value.get(LOGITS), still, rtol=RTOL)
               and all(not difference(result.value.get(name), want[name], rtol=RTOL) for name in want if name != LOGITS)
               for result, want, still in zip(results, expected, untouched, strict=True))


def _on_a_copy(model, x, y, steps, learning_rate):
    return train_and_report(copy.deepcopy(model), x, y, steps, learning_rate)


TRAIN_AND_REPORT = Exercise(
    title="Exercise 10",
    points=3,
    reference=train_and_report,
    observe=report,
    cases=CASES,
    rtol=RTOL,
    hints=(
        "Accuracy, training, accuracy again. `optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)`.",
        "Each step: `optimizer.zero_grad()`, `loss_of(model(x).squeeze(1), y).backward()`, `optimizer.step()`.",
        "Accuracy: `((model(x).squeeze(1) > 0) == (y == 1)).float().mean().item()`, since a logit of 0 is p = 0.5.",
        "Majority: `max(y.mean().item(), 1 - y.mean().item())`. Return the dictionary with all three.",
    ),
    misconceptions=(
        Misconception(
            "gradients never cleared",
            "PyTorch adds every new gradient to the old one, so your steps carry all earlier ones along. Call "
            "`optimizer.zero_grad()` in every round.",
            _wrong_training(clear=False)),
        Misconception(
            "never stepped",
            "Your network is the same after training as before: `backward()` computes gradients and moves nothing. "
            "Call `optimizer.step()` in every round.",
            _wrong_training(step=False)),
        Misconception(
            "gradient ascent",
            "Your loss grows: the parameters go with the gradient. Subtract it, or leave that to `optimizer.step()`.",
            _wrong_training(optimizer=_ascent)),
        Misconception(
            "summed, not averaged",
            "You add the losses of all digits, so each step is as many times too large as there are digits. "
            "`nn.BCEWithLogitsLoss()` averages.",
            _wrong_training(loss=_summed)),
        Misconception(
            "sigmoid before the loss",
            "`nn.BCEWithLogitsLoss` applies the sigmoid itself; you apply it twice. Hand over the logits.",
            _wrong_training(loss=_sigmoid_first)),
        Misconception(
            "squared error on the logits",
            "You train with the squared error between logit and label. Use `nn.BCEWithLogitsLoss()`.",
            _wrong_training(loss=torch.nn.functional.mse_loss)),
        Misconception(
            "another optimiser",
            "You train with Adam, which scales every step. Here plain gradient descent is asked: `torch.optim.SGD`.",
            _wrong_training(optimizer=torch.optim.Adam)),
        Misconception(
            "one step only",
            "You take one step and stop, perhaps by a `return` inside the loop. Take `steps` steps.",
            _wrong_training(steps_of=lambda steps: min(steps, 1))),
        Misconception(
            "a copy was trained",
            "Your report is right, and the model that was handed over has not moved: you trained a copy. Train the "
            "model itself.",
            _on_a_copy,
            sign=_untrained_but_claimed),
        Misconception(
            "a column beside a row",
            "`model(x)` has shape (N, 1), y has (N,). Take the axis away: `model(x).squeeze(1)`.",
            _with_a_column,
            sign=raises(ValueError, "Target size")),
        Misconception(
            "logits compared with one half",
            "You call a digit 1 where its logit is above 0.5. That is the threshold of a probability; of a logit it "
            "is 0.",
            _at(0.5)),
        Misconception(
            "classes exchanged",
            "You call a digit 1 where its logit is negative, so your accuracy is the share of mistakes.",
            _wrong_report(lambda said, first, last, y: {
                "before": 1 - said["before"], "after": 1 - said["after"]})),
        Misconception(
            "measured after training both times",
            "Your two accuracies are the same: you measured both after training. Measure once before the loop.",
            _wrong_report(lambda said, first, last, y: {"before": said["after"]})),
        Misconception(
            "measured before training both times",
            "Your two accuracies are the same: you measured both before training. Compute the logits anew after the "
            "loop.",
            _wrong_report(lambda said, first, last, y: {"after": said["before"]})),
        Misconception(
            "share of ones, not the majority",
            "You report the share of ones. Where zeros are more frequent, always saying zero scores more: take the "
            "larger share.",
            _wrong_report(lambda said, first, last, y: {"majority": y.mean().item()})),
        Misconception(
            "share of zeros, not the majority",
            "You report the share of zeros. Where ones are more frequent, always saying one scores more: take the "
            "larger share.",
            _wrong_report(lambda said, first, last, y: {"majority": 1 - y.mean().item()})),
        Misconception(
            "numbers of digits instead of shares",
            "You count the digits. Divide by how many there are: shares between 0 and 1 can be compared.",
            _wrong_report(lambda said, first, last, y: {name: len(y) * share for name, share in said.items()})),
        Misconception(
            "percent",
            "Your shares are in percent. Return them between 0 and 1; a percent sign is added where they are printed.",
            _wrong_report(lambda said, first, last, y: {name: 100 * share for name, share in said.items()})),
    ),
)

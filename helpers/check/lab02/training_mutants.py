"""What goes wrong in a training and in the report on it, as code, and the signs by which it is known."""
import copy
import functools

import torch
from torch.nn import functional

from ..comparison import difference
from ..signs import behaves_like
from .training_run import CALM, CASES, EXTREME, LOGITS, RTOL, network, report, train_and_report


def _train(model, x, y, steps, rate, loss=functional.binary_cross_entropy_with_logits, optimizer=torch.optim.SGD,
           clear=True, step=True):
    """Training with one part of it done wrongly."""
    optimise = optimizer(model.parameters(), lr=rate)
    for _ in range(steps):
        if clear:
            optimise.zero_grad()
        loss(model(x).squeeze(1), y).backward()
        if step:
            optimise.step()


def _correct(model, x, y):
    return ((model(x).squeeze(1) > 0) == (y == 1)).float().mean().item()


def _majority(y):
    return max(y.mean().item(), 1 - y.mean().item())


def wrong_training(change=lambda x, y, new_x, new_y, steps, rate: (x, y, steps, rate), **parts):
    """A mistake in the training; the report is right. change(all that is given) -> what is trained with."""
    def mutant(model, x, y, new_x, new_y, steps, learning_rate):
        before = _correct(model, new_x, new_y)
        _train(model, *change(x, y, new_x, new_y, steps, learning_rate), **parts)
        return {"before": before, "after": _correct(model, new_x, new_y), "majority": _majority(new_y)}

    return mutant


def wrong_report(change, on_training=False):
    """A mistake in the report; the training is right. change(report, logits before and after, y) -> report."""
    def mutant(model, x, y, new_x, new_y, steps, learning_rate):
        chosen, labels = (x, y) if on_training else (new_x, new_y)
        before, logits = _correct(model, chosen, labels), model(chosen).squeeze(1).detach()
        _train(model, x, y, steps, learning_rate)
        said = {"before": before, "after": _correct(model, chosen, labels), "majority": _majority(labels)}
        return said | change(said, logits, model(chosen).squeeze(1).detach(), labels)

    return mutant


def accuracies(of):
    """Both accuracies computed otherwise: of(logits, labels)."""
    return wrong_report(lambda said, first, last, y: {"before": float(of(first, y)), "after": float(of(last, y))})


def scaled(factor, *names):
    """Some entries of the report multiplied by factor(labels)."""
    return wrong_report(lambda said, first, last, y: {name: factor(y) * said[name] for name in names})


def like_any(*mutants):
    """Sign: the answer behaves like one of these on every case."""
    return behaves_like(CASES, *mutants, look=report, rtol=RTOL)


def summed(logits, y):
    return functional.binary_cross_entropy_with_logits(logits, y, reduction="sum")


def sigmoid_first(logits, y):
    return functional.binary_cross_entropy_with_logits(torch.sigmoid(logits), y)


def by_way_of_p(logits, y):
    return functional.binary_cross_entropy(torch.sigmoid(logits), y)


def ascent(parameters, lr):
    return torch.optim.SGD(parameters, lr=lr, maximize=True)


def momentum(parameters, lr):
    return torch.optim.SGD(parameters, lr=lr, momentum=0.9)


def with_a_column(model, x, y, new_x, new_y, steps, learning_rate):
    return functional.binary_cross_entropy_with_logits(model(x), y)


def fixed(rate):
    return wrong_training(lambda x, y, new_x, new_y, steps, given: (x, y, steps, rate))


def with_steps(count):
    return wrong_training(lambda x, y, new_x, new_y, steps, rate: (x, y, count(steps), rate))


def on_a_copy(model, *given):
    return train_and_report(copy.deepcopy(model), *given)


def on_another(model, *given):
    return train_and_report(network(99), *given)


@functools.cache
def _honest_and_untouched():
    """The report of an honest training, and the logits of a model that never moved, for every case."""
    return ([report(train_and_report, *case) for case in CASES],
            [report(lambda *given: {}, *case)[LOGITS] for case in CASES])


def _claimed(value, honest):
    """Whether a report holds the three shares of an honest one, whatever the model says."""
    return all(not difference(value.get(name), honest[name], rtol=RTOL) for name in honest if name != LOGITS)


def untouched(results):
    """Sign: a report with the three entries, and a model that never moved."""
    return all(isinstance(result.value, dict) and {"before", "after", "majority"} <= result.value.keys()
               and not difference(result.value.get(LOGITS), still, rtol=RTOL)
               for result, still in zip(results, _honest_and_untouched()[1], strict=True))


def untrained_but_claimed(results):
    """Sign: the report of an honest training, and a model that never moved."""
    return untouched(results) and all(_claimed(result.value, want) for result, want in zip(
        results, _honest_and_untouched()[0], strict=True))


def learns_nothing_when_sure(results):
    """Sign: right, but with extreme logits the model never moves, or is no longer made of numbers."""
    honest, still = _honest_and_untouched()
    last = results[EXTREME].value
    if not all(result.error is None and isinstance(result.value, dict) for result in results):
        return False
    return (all(not difference(results[index].value, honest[index], rtol=RTOL) for index in CALM)
            and (not difference(last[LOGITS], still[EXTREME], rtol=RTOL) or not last[LOGITS].isfinite().all()))

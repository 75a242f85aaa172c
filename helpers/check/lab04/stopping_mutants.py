"""Early stopping in parts that can be replaced, and what goes wrong in its training and judging, as code."""
import copy

import torch
from torch.nn import functional

from .stopping_run import TEST

bce = functional.binary_cross_entropy_with_logits


def learn(model, optimizer, train, loss=bce, clear=True, step=True):
    """One epoch."""
    losses = []
    for x, y in train:
        if clear:
            optimizer.zero_grad()
        value = loss(model(x), y)
        value.backward()
        losses.append(value.item())
        if step:
            optimizer.step()
    return sum(losses) / len(losses)


def judged(model, data, loss=bce, evaluate=True):
    """The loss on one pair of x and y."""
    if evaluate:
        model.eval()
    with torch.no_grad():
        return loss(model(data[0]), data[1]).item()


RIGHT = dict(
    before=lambda model, first: model.train(),  # at the start of each epoch
    learn=lambda model, optimizer, train, validation: learn(model, optimizer, train),
    judge=judged,
    choose=lambda shown, learned, model, test: shown,  # the loss that chooses the epoch
    better=lambda chosen, best: best is None or chosen[-1] < chosen[best],
    stop=lambda since, without, patience: since >= patience,  # epochs since the best, all epochs without a new best
    keep=lambda model: copy.deepcopy(model.state_dict()),
    restore=lambda model, kept: model.load_state_dict(kept),
    report=lambda losses, best, test: {"validation": losses, "best epoch": best, "test": test},
    early=False,  # test before the best weights are back
)


def trained(**parts):
    """train_with_early_stopping with some of its parts done wrongly."""
    do = RIGHT | parts

    def mutant(model, optimizer, train, validation, test, epochs, patience):
        losses, chosen, best, kept, without = [], [], None, None, 0
        for epoch in range(epochs):
            do["before"](model, epoch == 0)
            learned = do["learn"](model, optimizer, train, validation)
            losses.append(do["judge"](model, validation))
            chosen.append(do["choose"](losses[-1], learned, model, test))
            if do["better"](chosen, best):
                best, kept = epoch, do["keep"](model)
            else:
                without += 1
            if do["stop"](epoch - best, without, patience):
                break
        said = do["judge"](model, test) if do["early"] else None
        do["restore"](model, kept)
        said = do["judge"](model, test) if said is None else said
        return model, do["report"](losses, best, said)

    return mutant


def joined(train):
    """All batches as one."""
    return [torch.cat(parts) for parts in zip(*train, strict=True)]


def one_step(model, optimizer, train, validation):
    return learn(model, optimizer, [joined(train)])


def step_after_the_loop(clear):
    """clear : gradients are cleared for every batch, so that only the last one counts."""
    def learned(model, optimizer, train, validation):
        optimizer.zero_grad()
        value = learn(model, optimizer, train, clear=clear, step=False)
        optimizer.step()
        return value

    return learned


def with_optimizer(make):
    """Another optimizer than the one handed over: make(parameters)."""
    return lambda model, optimizer, *given: trained()(model, make(model.parameters()), *given)


def without_gradients(*given):
    with torch.no_grad():
        return trained()(*given)


def sigmoid_first(logits, y):
    return bce(torch.sigmoid(logits), y)


def softmax_first(logits, y):
    return bce(torch.softmax(logits, dim=1), y)


def summed(logits, y):
    return bce(logits, y, reduction="sum")


def with_loss(loss):
    """Another loss in the training, in both, or at validation and test only."""
    train = dict(learn=lambda model, optimizer, train, validation: learn(model, optimizer, train, loss))
    judge = dict(judge=lambda model, data: judged(model, data, loss))
    return trained(**train, **judge), trained(**train), trained(**judge)


def on_validation_too(model, optimizer, train, validation):
    return learn(model, optimizer, [*train, validation])


def on_validation_only(model, optimizer, train, validation):
    return learn(model, optimizer, [validation])


def stepping(mode):
    """Validation with a step, the network set to training or not: the loss reported is the one before the step."""
    def mutant(model, optimizer, train, validation, test, epochs, patience):
        def judge_and_step(model, data):
            if data is not validation:
                return judged(model, data)
            model.train(mode)
            return learn(model, optimizer, [data])

        return trained(judge=judge_and_step)(model, optimizer, train, validation, test, epochs, patience)

    return mutant


def train_once(model, first):
    if first:
        model.train()


def recording(model, data):
    model.eval()
    return bce(model(data[0]), data[1]).item()


def test_in_training_mode(model, data):
    """Evaluation mode for validation only, and training mode right after it."""
    if len(data[0]) == TEST:
        return judged(model, data, evaluate=False)
    value = judged(model, data)
    model.train()
    return value

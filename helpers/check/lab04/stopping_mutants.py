"""What goes wrong in a training with early stopping, as code, and the signs by which it is known."""
import copy

import torch
from torch.nn import functional

from ..comparison import difference
from .judging import does
from .stopping_run import CASES, PEEKS, RECORDED, RTOL, honest, look

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


def by_test(shown, learned, model, test):
    return judged(model, test)


def by_training(shown, learned, model, test):
    return learned


def as_validation(choose):
    """The loss that chooses is reported as the validation loss too."""
    def mutant(model, optimizer, train, validation, test, epochs, patience):
        seen = []

        def noted(*given):
            seen.append(choose(*given))
            return seen[-1]

        make = trained(choose=noted, report=lambda losses, best, said: {
            "validation": seen, "best epoch": best, "test": said})
        return make(model, optimizer, train, validation, test, epochs, patience)

    return mutant


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


def parameters_only(model):
    return [parameter.detach().clone() for parameter in model.parameters()]


def put_back(model, kept):
    with torch.no_grad():
        for parameter, old in zip(model.parameters(), kept, strict=True):
            parameter.copy_(old)


def untrained_first(model, optimizer, train, validation, test, epochs, patience):
    """Every epoch is judged before it is trained."""
    losses, best, kept = [], 0, None
    for epoch in range(epochs):
        losses.append(judged(model, validation))
        if kept is None or losses[-1] < losses[best]:
            best, kept = epoch, copy.deepcopy(model.state_dict())
        if epoch - best == patience:
            break
        model.train()
        learn(model, optimizer, train)
    model.load_state_dict(kept)
    return model, {"validation": losses, "best epoch": best, "test": judged(model, test)}


def recording(model, data):
    model.eval()
    return bce(model(data[0]), data[1]).item()


def peeking(shown, learned, model, test):
    judged(model, test)
    return shown


def never(since, without, patience):
    return False


def smallest_before(chosen, best):
    return best is None or chosen[-1] < chosen[-2]


def largest(chosen, best):
    return best is None or chosen[-1] > chosen[best]


def like(*mutants):
    """Sign: the answer does what one of these mutants does."""
    return does(look, CASES, *mutants, rtol=RTOL)


def loaded(results):
    """Sign: weights were loaded into the network, whichever."""
    return all("weights loaded" in getattr(result.value, "log", ()) for result in results)


def apart_from(name, holds):
    """Sign: right but for one entry, of which holds(value) is true in every case."""
    def shows(results):
        values = [result.value for result in results]
        if not all(isinstance(value, dict) and name in value for value in values):
            return False
        return all(holds(value[name]) and all(not difference(value.get(key), want[key], rtol=RTOL)
                                              for key in want if key != name)
                   for value, want in zip(values, honest(), strict=True))

    return shows


def looked_often(results):
    """Sign: right, and the test set was shown more than once."""
    return apart_from(PEEKS, lambda times: times > 1)(results)


def recorded(results):
    """Sign: right, and gradients were recorded where nothing is learned."""
    return apart_from(RECORDED, bool)(results)


def nothing_restored(model, kept):
    return None

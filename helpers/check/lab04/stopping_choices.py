"""What goes wrong when the best epoch is chosen, waited for, kept and reported, as code."""
import copy
import itertools

import torch

from .stopping_mutants import RIGHT, joined, judged, learn, trained
from .stopping_run import TEST


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


def exchanged(model, optimizer, train, validation, test, epochs, patience):
    """Validation and test."""
    return trained()(model, optimizer, train, test, validation, epochs, patience)


def on_training_data(model, optimizer, train, validation, test, epochs, patience):
    """Judged on what it was trained on."""
    return trained()(model, optimizer, train, joined(train), test, epochs, patience)


def by_accuracy(model, optimizer, train, validation, test, epochs, patience):
    """The epoch of the highest accuracy on validation."""
    def wrong_share(shown, learned, model, test):
        with torch.no_grad():
            return ((model(validation[0]) > 0) != (validation[1] > 0)).float().mean().item()

    return trained(choose=wrong_share)(model, optimizer, train, validation, test, epochs, patience)


def smallest_before(chosen, best):
    return best is None or chosen[-1] < chosen[-2]


def largest(chosen, best):
    return best is None or chosen[-1] > chosen[best]


def better_by(gain):
    return lambda chosen, best: best is None or chosen[-1] < chosen[best] - gain


def never_better(model, optimizer, train, *more):
    """No weights were kept."""
    learn(model, optimizer, train)
    model.load_state_dict(None)


def rising(*given):
    """Waiting counts the epochs that are worse than the one before."""
    seen = []

    def better(chosen, best):
        seen[:] = chosen
        return RIGHT["better"](chosen, best)

    def stop(since, without, patience):
        last = seen[-patience - 1:]
        return len(last) > patience and all(one < other for one, other in itertools.pairwise(last))

    return trained(better=better, stop=stop)(*given)


def never(since, without, patience):
    return False


def parameters_only(model):
    return [parameter.detach().clone() for parameter in model.parameters()]


def put_back(model, kept):
    with torch.no_grad():
        for parameter, old in zip(model.parameters(), kept, strict=True):
            parameter.copy_(old)


def nothing_restored(model, kept):
    return None


def restored_if_stopped(*given):
    """The best weights are put back where the loop is left early, and not where the epochs run out."""
    stopped = []

    def stop(since, without, patience):
        stopped.append(since >= patience)
        return stopped[-1]

    def restore(model, kept):
        if stopped[-1]:
            model.load_state_dict(kept)

    return trained(stop=stop, restore=restore)(*given)


def restored_at_once(model, *given):
    """The best weights are put back after every epoch that brings no new best."""
    kept = []

    def keep(model):
        kept.append(copy.deepcopy(model.state_dict()))
        return kept[-1]

    def stop(since, without, patience):
        model.load_state_dict(kept[-1])
        return since >= patience

    return trained(keep=keep, stop=stop)(model, *given)


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


def peeking(shown, learned, model, test):
    judged(model, test)
    return shown


def test_left_out(model, data):
    return None if len(data[0]) == TEST else judged(model, data)


def validation_as_test(losses, best, test):
    return {"validation": losses, "best epoch": best, "test": losses[best]}

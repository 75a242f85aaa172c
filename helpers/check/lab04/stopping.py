"""Train, and stop when the validation loss no longer falls: what goes wrong, by name."""
from ..exercise import Exercise, Misconception
from . import stopping_mutants as done
from .stopping_mutants import like, trained
from .stopping_run import CASES, RTOL, TEST, look, train_with_early_stopping


def _named(name, message, *mutants):
    """A Misconception made in any of these ways."""
    return Misconception(name, message, mutants[0], sign=like(*mutants))


REFERENCED = trained(keep=lambda model: model.state_dict())
CHOOSING = (
    _named(
        "test set used to choose",
        "You choose the epoch by the test loss. Then the test set has been trained on, in a way: its loss is the best "
        "of many, no longer that of new patients. Choose by validation, look at the test once, at the end.",
        trained(choose=done.by_test), done.as_validation(done.by_test)),
    _named(
        "training loss used to choose",
        "You choose the epoch by the training loss, which falls as long as the network learns by heart. Choose by "
        "the validation loss.",
        trained(choose=done.by_training), done.as_validation(done.by_training)),
    _named(
        "largest loss kept",
        "You keep the weights of the largest validation loss. Of a loss the smallest is the best.",
        trained(better=done.largest)),
    _named(
        "compared with the epoch before",
        "You call an epoch better when its loss is below that of the epoch before. Compare with the best so far.",
        trained(better=done.smallest_before)),
    Misconception(
        "best weights by reference",
        "You loaded weights and they are those of the last epoch: `model.state_dict()` does not copy, it shows the "
        "weights as they are now. Keep `copy.deepcopy(model.state_dict())`, or `.clone()` each tensor.",
        REFERENCED,
        sign=lambda results: like(REFERENCED)(results) and done.loaded(results)),
    _named(
        "last weights returned",
        "The network that comes back has the weights of the last epoch. Keep a copy whenever the loss is the best so "
        "far, and load it behind the loop. `best = model` is no copy: it is the same network.",
        trained(restore=done.nothing_restored)),
    _named(
        "statistics left behind",
        "You put the parameters back, and batch normalisation keeps the running mean and variance of the last epoch. "
        "Both are in `model.state_dict()`.",
        trained(keep=done.parameters_only, restore=done.put_back)),
    _named(
        "test before the best weights are back",
        "You measure the test loss of the last epoch's weights. Load the best ones first, then look at the test set.",
        trained(early=True)),
    Misconception(
        "test set shown more than once",
        "Your numbers are right, and the test set was shown to the network more than once. Who sees it after every "
        "epoch starts to choose by it. Look once, at the end.",
        trained(choose=done.peeking),
        sign=done.looked_often),
)
STOPPING = (
    _named(
        "patience one too long",
        "You wait one epoch too many. With patience 3 the third epoch in a row without a new best is the last.",
        trained(stop=lambda since, without, patience: since > patience)),
    _named(
        "patience one too short",
        "You stop one epoch too early. With patience 3 three epochs in a row must bring no new best.",
        trained(stop=lambda since, without, patience: since >= patience - 1),
        trained(stop=lambda since, without, patience: since >= max(patience - 1, 1))),
    _named(
        "waiting never starts anew",
        "You count all epochs without a new best. Only those in a row count: after a new best begin at 0 again.",
        trained(stop=lambda since, without, patience: without >= patience)),
    _named(
        "never stops early",
        "You always train all epochs. Leave the loop, with `break`, after `patience` epochs without a new best.",
        trained(stop=done.never)),
    _named(
        "stops at the first worse epoch",
        "You stop at the first epoch without a new best, whatever `patience` says. A loss goes up and down.",
        trained(stop=lambda since, without, patience: since >= 1)),
    _named(
        "one epoch only",
        "You train one epoch. Does `return` or `break` stand inside the loop, too far to the right?",
        trained(stop=lambda since, without, patience: True)),
    _named(
        "epochs counted from 1",
        "Your best epoch is one too high: the first epoch has number 0, so that `losses[best]` is its loss.",
        trained(report=lambda losses, best, test: {"validation": losses, "best epoch": best + 1, "test": test})),
    _named(
        "last epoch taken for the best",
        "You report the epoch at which the training stopped. Asked is the one with the smallest validation loss.",
        trained(report=lambda losses, best, test: {"validation": losses, "best epoch": len(losses) - 1,
                                                   "test": test})),
    _named(
        "judged before it was trained",
        "Your first validation loss is that of the untrained network. In each epoch train first, then judge.",
        done.untrained_first),
)
TRAINING = (
    _named(
        "`eval()` forgotten",
        "You judge the network in training mode. There batch normalisation uses the mean of whatever it is shown, and "
        "takes it into its memory; dropout would drop. Call `model.eval()` before validation and test.",
        trained(judge=lambda model, data: done.judged(model, data, evaluate=False)),
        trained(judge=lambda model, data: done.judged(model, data, evaluate=len(data[0]) == TEST))),
    _named(
        "`train()` forgotten",
        "After the first validation your network stays in evaluation mode, and trains on in it. Call `model.train()` "
        "at the start of every epoch.",
        trained(before=done.train_once)),
    _named(
        "trained on the validation data",
        "You take steps on the validation data as well, so its loss says nothing about new patients. `backward()` and "
        "`step()` belong to the training batches alone.",
        done.stepping(False), done.stepping(True),
        trained(learn=done.on_validation_too), trained(learn=done.on_validation_only)),
    Misconception(
        "gradients recorded at validation",
        "Your numbers are right. At validation or test PyTorch records every step for a `backward()` that never comes, "
        "and with images the memory may not suffice: judge inside `with torch.no_grad():`.",
        trained(judge=done.recording),
        sign=done.recorded),
    _named(
        "gradients never cleared",
        "PyTorch adds every new gradient to the old ones. Call `optimizer.zero_grad()` for every batch.",
        trained(learn=lambda model, optimizer, train, validation: done.learn(model, optimizer, train, clear=False))),
    _named(
        "never stepped",
        "Your network learns nothing: `backward()` computes gradients, `optimizer.step()` moves the weights.",
        trained(learn=lambda model, optimizer, train, validation: done.learn(model, optimizer, train, step=False))),
    _named(
        "sigmoid before the loss",
        "`nn.BCEWithLogitsLoss` applies the sigmoid itself; you apply it twice. Hand over the logits, in training and "
        "in validation.",
        *done.with_loss(done.sigmoid_first)),
    _named(
        "softmax before the loss",
        "A softmax over a single logit is always 1, so nothing can be learned. And no loss of PyTorch that takes "
        "logits wants one before it.",
        *done.with_loss(done.softmax_first)),
    _named(
        "summed, not averaged",
        "You add the losses of all cases. `nn.BCEWithLogitsLoss()` averages them, so that data sets of different size "
        "can be compared.",
        *done.with_loss(done.summed)),
    _named(
        "one batch per epoch",
        "You train on one batch of each epoch only. Take a step for every batch in `train`.",
        trained(learn=lambda model, optimizer, train, validation: done.learn(model, optimizer, train[:1])),
        trained(learn=lambda model, optimizer, train, validation: done.learn(model, optimizer, train[-1:]))),
)

TRAIN_WITH_EARLY_STOPPING = Exercise(
    title="Exercise 12",
    points=3,
    reference=train_with_early_stopping,
    observe=look,
    cases=CASES,
    rtol=RTOL,
    hints=(
        "Each epoch: `model.train()`, then for every `x, y` in `train`: clear the gradients, loss, `backward()`, step.",
        "Then `model.eval()`, and inside `with torch.no_grad():` the loss on validation, `.item()`. Add it to a list.",
        ("Is it the smallest so far? Then keep the epoch and a copy of the weights, "
         "`{name: value.clone() for name, value in model.state_dict().items()}`. Where `epoch - best == patience`, "
         "`break`."),
        "After the loop: `model.load_state_dict(kept)`, then the test loss in the same way, and `return model, {…}`.",
    ),
    misconceptions=(*CHOOSING, *STOPPING, *TRAINING),
)

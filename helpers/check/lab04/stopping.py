"""Train, and stop when the validation loss no longer falls: what goes wrong, by name."""
import torch
from torch.nn import functional

from ..exercise import Exercise, Misconception
from ..signs import all_of, mistakes, raises
from . import stopping_choices as choices
from . import stopping_mutants as done
from . import stopping_signs as signs
from .stopping_mutants import trained
from .stopping_run import CASES, RTOL, TEST, look, train_with_early_stopping

named = mistakes(CASES, look=look, rtol=RTOL)
REFERENCED = trained(keep=lambda model: model.state_dict())
CHOOSING = (
    named(
        "test set used to choose",
        "You choose the epoch by the test loss. Then the test set has been trained on, in a way: its loss is the best "
        "of many, no longer that of new patients. Choose by validation, look at the test once, at the end.",
        trained(choose=choices.by_test), choices.as_validation(choices.by_test), choices.exchanged),
    named(
        "training loss used to choose",
        "You choose the epoch by the training loss, which falls as long as the network learns by heart. Choose by "
        "the validation loss.",
        trained(choose=choices.by_training), choices.as_validation(choices.by_training), choices.on_training_data),
    named(
        "accuracy used to choose",
        "You choose the epoch by the accuracy. It moves in steps of one case and ties easily; choose by the loss on "
        "validation.",
        choices.by_accuracy),
    named(
        "largest loss kept",
        "You keep the weights of the largest validation loss. Of a loss the smallest is the best.",
        trained(better=choices.largest)),
    named(
        "compared with the epoch before",
        "You compare a loss with that of the epoch before. Compare with the best so far, to choose and to count how "
        "long you have waited.",
        trained(better=choices.smallest_before), choices.rising),
    named(
        "small gains ignored",
        "You ask for a gain of some size before an epoch counts as better. Here the lowest loss so far is the best, "
        "however small the gain.",
        *(trained(better=choices.better_by(gain)) for gain in (0.01, 0.002, 0.005, 0.02, 0.05, 0.1))),
    Misconception(
        "no epoch is ever the best",
        "No epoch was better than the number that you begin with, so no weights were kept. A loss may be any positive "
        "number: begin with `float(\"inf\")`, or let the first epoch be the best.",
        choices.never_better,
        sign=raises(TypeError, "state_dict")),
    Misconception(
        "best weights by reference",
        "You loaded weights and they are those of the last epoch: `model.state_dict()` does not copy, it shows the "
        "weights as they are now. Keep `copy.deepcopy(model.state_dict())`, or `.clone()` each tensor.",
        REFERENCED,
        sign=all_of(signs.like(REFERENCED), signs.loaded)),
    named(
        "last weights returned",
        "The network that comes back has the weights of the last epoch. Keep a copy whenever the loss is the best so "
        "far, and load it after the loop. `best = model` is no copy: it is the same network.",
        trained(restore=choices.nothing_restored)),
    named(
        "best weights only after an early stop",
        "You put the best weights back where the loop is left early. Where the epochs run out, the network keeps those "
        "of its last epoch: load the best ones after the loop, whichever way it ends.",
        choices.restored_if_stopped),
    named(
        "put back after every worse epoch",
        "After each epoch without a new best you put the best weights back, and train on from there. Go on with the "
        "weights as they are; load the best ones once, after the loop.",
        choices.restored_at_once),
    named(
        "statistics left behind",
        "You put the parameters back, and batch normalisation keeps the running mean and variance of the last epoch. "
        "Both are in `model.state_dict()`.",
        trained(keep=choices.parameters_only, restore=choices.put_back)),
    named(
        "test before the best weights are back",
        "You measure the test loss of the last epoch's weights. Load the best ones first, then look at the test set.",
        trained(early=True)),
    named(
        "validation loss as test loss",
        "Under `\"test\"` you report the loss on validation, by which the epoch was chosen. It is the lowest of many; "
        "show the test set to the best weights, once.",
        trained(report=choices.validation_as_test),
        trained(judge=choices.test_left_out, report=choices.validation_as_test)),
    Misconception(
        "test set shown more than once",
        "Your numbers are right, and the test set was shown to the network more than once. Who sees it in every "
        "epoch starts to choose by it. Look once, at the end.",
        trained(choose=choices.peeking),
        sign=signs.looked_often),
)
STOPPING = (
    named(
        "patience one too long",
        "You wait one epoch too many. With patience 3 the third epoch in a row without a new best is the last.",
        trained(stop=lambda since, without, patience: since > patience)),
    named(
        "patience one too short",
        "You stop one epoch too early. With patience 3 three epochs in a row must bring no new best.",
        trained(stop=lambda since, without, patience: since >= patience - 1),
        trained(stop=lambda since, without, patience: since >= max(patience - 1, 1))),
    named(
        "waiting never starts anew",
        "You count all epochs without a new best. Only those in a row count: after a new best begin at 0 again.",
        trained(stop=lambda since, without, patience: without >= patience)),
    named(
        "never stops early",
        "You always train all epochs. Leave the loop, with `break`, after `patience` epochs without a new best.",
        trained(stop=choices.never)),
    named(
        "stops at the first worse epoch",
        "You stop at the first epoch without a new best, whatever `patience` says. A loss goes up and down.",
        trained(stop=lambda since, without, patience: since >= 1)),
    named(
        "one epoch only",
        "You train one epoch. Does `return` or `break` stand inside the loop, too far to the right?",
        trained(stop=lambda since, without, patience: True)),
    named(
        "epochs counted from 1",
        "Your best epoch is one too high: the first epoch has number 0, so that `losses[best]` is its loss.",
        trained(report=lambda losses, best, test: {"validation": losses, "best epoch": best + 1, "test": test})),
    named(
        "last epoch taken for the best",
        "You report the epoch at which the training stopped. Asked is the one with the smallest validation loss.",
        trained(report=lambda losses, best, test: {"validation": losses, "best epoch": len(losses) - 1,
                                                   "test": test})),
    named(
        "losses up to the best only",
        "Your list of validation losses ends at the best epoch. Every epoch that was trained has its loss, those of "
        "the waiting too.",
        trained(report=lambda losses, best, test: {"validation": losses[:best + 1], "best epoch": best,
                                                   "test": test})),
    named(
        "judged before it was trained",
        "Your first validation loss is that of the untrained network. In each epoch train first, then judge.",
        choices.untrained_first),
)
TRAINING = (
    named(
        "`eval()` forgotten",
        "You judge the network in training mode. There batch normalisation uses the mean of whatever it is shown, and "
        "takes it into its memory; dropout would drop. Call `model.eval()` before validation and test.",
        trained(judge=lambda model, data: done.judged(model, data, evaluate=False)),
        trained(judge=lambda model, data: done.judged(model, data, evaluate=len(data[0]) == TEST)),
        trained(judge=done.test_in_training_mode)),
    named(
        "`train()` forgotten",
        "After the first validation your network stays in evaluation mode, and trains on in it. Call `model.train()` "
        "at the start of every epoch.",
        trained(before=done.train_once)),
    named(
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
        sign=signs.recorded),
    named(
        "gradients never cleared",
        "PyTorch adds every new gradient to the old ones. Call `optimizer.zero_grad()` for every batch.",
        trained(learn=lambda model, optimizer, train, validation: done.learn(model, optimizer, train, clear=False))),
    named(
        "one step per epoch",
        "You take one step in each epoch. Every batch has its own: `optimizer.step()` stands inside the loop over "
        "`train`.",
        trained(learn=done.step_after_the_loop(clear=True)), trained(learn=done.step_after_the_loop(clear=False)),
        trained(learn=done.one_step)),
    named(
        "another optimizer",
        "You make an optimizer of your own. Use the one that is handed over: whoever calls your function has chosen "
        "it, and its learning rate.",
        *(done.with_optimizer(make) for make in (
            lambda weights: torch.optim.Adam(weights, 1e-3), lambda weights: torch.optim.Adam(weights, 1e-2),
            lambda weights: torch.optim.SGD(weights, 1e-2), lambda weights: torch.optim.SGD(weights, 0.1)))),
    Misconception(
        "training without gradients",
        "`torch.no_grad()` stands around the training too, so there is nothing for `backward()`. It belongs around the "
        "validation and the test only.",
        done.without_gradients,
        sign=raises(RuntimeError, "does not require grad")),
    named(
        "never stepped",
        "Your network learns nothing: `backward()` computes gradients, `optimizer.step()` moves the weights.",
        trained(learn=lambda model, optimizer, train, validation: done.learn(model, optimizer, train, step=False))),
    named(
        "sigmoid before the loss",
        "`nn.BCEWithLogitsLoss` applies the sigmoid itself; you apply it twice. Hand over the logits, in training and "
        "in validation.",
        *done.with_loss(done.sigmoid_first)),
    named(
        "softmax before cross-entropy",
        "A softmax over a single logit is always 1, so nothing can be learned. And no loss of PyTorch that takes "
        "logits wants one before it.",
        *done.with_loss(done.softmax_first)),
    Misconception(
        "logits handed to `nn.BCELoss`",
        "`nn.BCELoss` wants probabilities, from 0 to 1, and gets logits. Take `nn.BCEWithLogitsLoss`.",
        done.with_loss(lambda logits, y: functional.binary_cross_entropy(logits, y))[0],
        sign=raises(RuntimeError, "between 0 and 1")),
    named(
        "summed, not averaged",
        "You add the losses of all cases. `nn.BCEWithLogitsLoss()` averages them, so that data sets of different size "
        "can be compared.",
        *done.with_loss(done.summed)),
    named(
        "one batch per epoch",
        "You train on one batch of each epoch only. Take a step for every batch in `train`.",
        trained(learn=lambda model, optimizer, train, validation: done.learn(model, optimizer, train[:1])),
        trained(learn=lambda model, optimizer, train, validation: done.learn(model, optimizer, train[-1:]))),
)

TRAIN_WITH_EARLY_STOPPING = Exercise(
    title="Exercise 11",
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

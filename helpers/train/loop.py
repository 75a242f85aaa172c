"""The loop: batch by batch, epoch by epoch."""
import torch

from helpers.models import evaluating
from helpers.train import checks
from helpers.train.device import choose_device, device_of, moved, own_randomness
from helpers.train.history import Best, Books, History
from helpers.train.schedule import descent


def fit(model, inputs, targets, *, loss, epochs, learning_rate, batch_size=32, validation=None, score=None,
        augment=None, weight_decay=0.0, schedule=None, seed=0, device="cpu", progress=None, patience=None):
    """Train a network by AdamW on mini-batches, and tell what happened.

    model : torch.nn.Module; every parameter with `requires_grad` is trained, from its present value on. A part
        whose parameters are all frozen stays in eval mode: its batch normalisation keeps what it knows.
    inputs, targets : tensors or arrays of shape (N, ...). Floats and bools take the dtype of the weights.
    loss : function of logits and targets, for example `nn.BCEWithLogitsLoss()`. Logits of shape (N, 1, ...) lose
        their axis of length 1 where the targets are (N, ...).
    validation : inputs and targets the network does not learn from, judged after every epoch.
    score : function of validation targets and logits; larger is better, for example `metrics.auc`.
    augment : function of a batch of training inputs that returns a changed one. What it draws with torch is seeded.
    weight_decay : how strongly the weights are pulled towards 0.
    schedule : function of the share of the training that is done, returning a share of learning_rate, for example
        `train.one_cycle`; the rate is constant without.
    seed : decides the order of the inputs, dropout and augmentation, and leaves torch's global generator as it was.
        The starting weights are yours: `torch.manual_seed` before you make the network.
    device : "cpu", "cuda", "mps", or "auto" for the best this computer has; weights in float64 cannot go to "mps".
        The network comes back from there.
    progress : function of a State.
    patience : stop after so many epochs in a row without a better score (or validation loss), and take the weights
        of the best epoch.

    Returns a History, and leaves the network in eval mode. An interruption (the stop button) ends the training, not
    the notebook: the network keeps what it has learned, with `patience` the best it had. An input that would be
    alone in the last batch joins the one before, since batch normalisation needs two.
    Raises ValueError for data and settings that do not fit, and when the loss is no longer a number.
    Source of AdamW: Loshchilov and Hutter 2019, arXiv:1711.05101; of early stopping: Prechelt 1998,
    doi:10.1007/3-540-49430-8_3.
    """
    checks.check_settings(epochs, learning_rate, batch_size, validation, score, patience)
    inputs, targets = checks.pair("training", inputs, targets, model)
    validation = None if validation is None else checks.pair("validation", *validation, model)
    steps = epochs * len(_batches(len(inputs), batch_size, torch.Generator()))
    step = descent(checks.trained(model), learning_rate, weight_decay, schedule, steps)
    order, device, history = torch.Generator().manual_seed(seed), choose_device(device, model), History()
    books, best = Books(history, epochs, progress), Best(model, history, patience)
    with moved(model, loss, device), own_randomness(seed, device):
        try:
            for _ in range(epochs):
                _train_mode(model)
                for rows in books.begin(_batches(len(inputs), batch_size, order)):
                    batch = inputs[rows] if augment is None else _augmented(augment, inputs[rows])
                    value = loss(*_aligned(model(batch.to(device)), targets[rows].to(device)))
                    step(value)
                    books.step(value.item(), len(rows))
                books.end(*_judge(model, validation, loss, score, device))
                if best.is_final():
                    break
        except KeyboardInterrupt:
            books.interrupt()
        finally:
            best.restore()
    books.finish()
    return history


def predict(model, inputs, batch_size=256):
    """Logits of a network in eval mode, without gradients; afterwards every part is in the mode it was in.

    inputs : tensor or array of shape (N, ...).  batch_size : how many at once; the answer does not depend on it.
    Returns what `forward` returns, a tensor of shape (N, ...), on the CPU.
    """
    with evaluating(model), torch.no_grad():
        batches = checks.tensor(inputs, model).split(batch_size)
        return torch.cat([model(batch.to(device_of(model))).cpu() for batch in batches])


def _train_mode(model):
    """Train mode, except for frozen parts, where batch normalisation would go on learning and dropout forget."""
    model.train()
    for module in model.modules():
        weights = list(module.parameters())
        if weights and not any(weight.requires_grad for weight in weights):
            module.eval()


def _batches(count, batch_size, generator):
    """Shuffled row numbers in batches; a last row that would be alone joins the batch before."""
    batches = list(torch.randperm(count, generator=generator).split(batch_size))
    if len(batches) > 1 and len(batches[-1]) == 1 < batch_size:
        batches[-2:] = [torch.cat(batches[-2:])]
    return batches


def _augmented(augment, batch):
    changed = augment(batch)
    if len(changed) != len(batch):
        raise ValueError(f"augment returned {len(changed)} inputs for a batch of {len(batch)}: return one for each.")
    return changed


def _aligned(logits, targets):
    single = logits.ndim == targets.ndim + 1 and logits.shape[1] == 1
    return (logits.squeeze(1) if single else logits), targets


def _judge(model, validation, loss, score, device):
    """Loss and score on the validation data, as far as they are asked for."""
    if validation is None:
        return ()
    logits, targets = _aligned(predict(model, validation[0]), validation[1])
    with torch.no_grad():
        measured = loss(logits.to(device), targets.to(device)).item()
    return (measured,) if score is None else (measured, float(score(targets, logits)))

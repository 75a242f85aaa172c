"""Early stopping, right; the tiny networks it is tried on; and how the check looks at what an answer did."""
import functools

import torch
from torch import nn

from helpers.train import one_thread

from ..comparison import as_array
from ..exercise import Complaint


def train_with_early_stopping(model, optimizer, train, validation, test, epochs, patience):
    """Train, keep the weights of the best validation loss, and look at the test set once, at the end."""
    loss_of = nn.BCEWithLogitsLoss()

    def judged(x, y):
        model.eval()
        with torch.no_grad():
            return loss_of(model(x), y).item()

    losses, best, kept = [], 0, None
    for epoch in range(epochs):
        model.train()
        for x, y in train:
            optimizer.zero_grad()
            loss_of(model(x), y).backward()
            optimizer.step()
        losses.append(judged(*validation))
        if kept is None or losses[epoch] < losses[best]:
            best, kept = epoch, {name: value.clone() for name, value in model.state_dict().items()}
        if epoch - best == patience:
            break
    model.load_state_dict(kept)
    return model, {"validation": losses, "best epoch": best, "test": judged(*test)}


BATCH, BATCHES, VALIDATION, TEST = 8, 2, 15, 17  # cases in a batch, batches, cases for validation and for the test
FIRST = 4
LOGITS = f"(measured by the check) logits of its first {FIRST} validation cases"
PEEKS = "(seen by the check) times the test set was shown"
RECORDED = "(seen by the check) gradients recorded at validation or test"
RTOL = 1e-3  # float32, and sums may be taken in another order
CASES = (  # network, learning rate, epochs, patience
    (53, 1.0, 10, 3),
    (252, 1.0, 10, 2),  # its best epoch is better by 0.002 only
    (30, 1.0, 9, 4),  # ends with the epochs, and the last is not the best
    (80, 2.0, 10, 1),  # begins with a loss above 1
)


class Log(list):
    """What happened to a network; a copy of the network writes into the same log."""

    def __deepcopy__(self, memo):
        return self


class Watched(nn.Sequential):
    """A network that writes down what it is shown, and whether gradients were recorded."""

    def __init__(self, *layers):
        super().__init__(*layers)
        self.log = Log()

    def forward(self, x):
        self.log.append((x.detach().clone(), torch.is_grad_enabled()))
        return super().forward(x)

    def load_state_dict(self, state_dict, *args, **settings):
        self.log.append("weights loaded")
        return super().load_state_dict(state_dict, *args, **settings)


def network(seed):
    """Six numbers in, eight hidden neurons with batch normalisation, one logit; torch's own seed stays as it is."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return Watched(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 1))


def cases_of(seed):
    """Batches to train on, validation and test: pairs of x (N, 6) and y (N, 1), which only half depends on x."""
    numbers = torch.Generator().manual_seed(seed)
    count = BATCH * BATCHES + VALIDATION + TEST
    x = torch.randn(count, 6, generator=numbers)
    y = (x[:, :2].sum(1, keepdim=True) + 1.5 * torch.randn(count, 1, generator=numbers) > 0).float()
    *train, validation, test = zip(*(one.split([BATCH] * BATCHES + [VALIDATION, TEST]) for one in (x, y)), strict=True)
    return train, validation, test


class Seen(dict):
    """What an answer returned and did, and the log of its network."""

    def __init__(self, entries, log):
        super().__init__(entries)
        self.log = log


def look(answer, network_number, learning_rate, epochs, patience):
    """What an answer returns about a network, and what that network says afterwards: a Seen."""
    model, sets = network(network_number), cases_of(network_number)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    given = cases_of(network_number)
    with one_thread():
        returned = answer(model, optimizer, *given, epochs, patience)
    if returned is None or returned is Ellipsis:
        return returned
    pair = isinstance(returned, tuple | list) and len(returned) == 2
    if not pair or not isinstance(returned[0], nn.Module) or not isinstance(returned[1], dict):
        raise Complaint('Return the model and a dictionary: `return model, {"validation": …, "best epoch": …, '
                        '"test": …}`.')
    if not all(map(torch.equal, _tensors(given), _tensors(sets))):
        raise Complaint("Your function changes the data in place. Whoever handed them over still needs them.")
    trained, said = returned
    log, shown = model.log[:], [entry for entry in model.log if isinstance(entry, tuple)]
    trained.eval()
    with torch.no_grad():
        logits = trained(sets[1][0][:FIRST]).squeeze(1)
    losses = {"validation": _numbers(said["validation"])} if "validation" in said else {}
    return Seen(said | losses | {
        LOGITS: logits, PEEKS: int(sum((_times(x, sets[2][0]) for x, _ in shown), torch.zeros(TEST)).max()),
        RECORDED: any(recorded and any(_times(x, one[0]).any() for one in sets[1:]) for x, recorded in shown)}, log)


def _times(x, known):
    """How often each of the known cases stands in a batch x, (N known,); cases may come in batches of any size."""
    if x.shape[1:] != known.shape[1:]:
        return torch.zeros(len(known))
    return (x[:, None] == known).all(dim=2).sum(dim=0)


def _tensors(sets):
    train, *others = sets
    return [tensor for pair in (*train, *others) for tensor in pair]


def _numbers(losses):
    """A list of losses as an array; Complaint where it is none."""
    try:
        array = as_array([float(loss.detach() if isinstance(loss, torch.Tensor) else loss) for loss in losses])
    except (TypeError, ValueError, RuntimeError):
        array = None
    if array is None:
        raise Complaint('Entry \'validation\' must be a list of numbers, one loss for each epoch: `loss.item()`.')
    return array


@functools.cache
def honest():
    """What the reference does, for every case."""
    return [look(train_with_early_stopping, *case) for case in CASES]

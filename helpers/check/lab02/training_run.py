"""Train a network on zeros and ones, report on digits it has not seen, and look at what an answer did."""
import functools

import numpy as np
import torch

from ... import data
from ..exercise import Complaint

FIRST = 4  # digits whose logits after the training are looked at
LOGITS = f"(measured by the check) logits of its first {FIRST} training digits"
RTOL = 1e-3  # float32, and sums may be taken in another order


def train_and_report(model, x, y, new_x, new_y, steps, learning_rate):
    """Gradient descent on all of x at once; accuracy on new_x before and after, and its majority's rate."""
    def accuracy():
        return ((model(new_x).squeeze(1) > 0) == (new_y == 1)).float().mean().item()

    before = accuracy()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(model(x).squeeze(1), y).backward()
        optimizer.step()
    majority = max(new_y.mean().item(), 1 - new_y.mean().item())
    return {"before": before, "after": accuracy(), "majority": majority}


@functools.cache
def digits(zeros, ones, new=False):
    """The first so many zeros and ones of the file, or the last: pixels in [0, 1], (N, 64), and labels, (N,)."""
    images, labels = data.load_digits()
    indices = [(np.flatnonzero(labels == label), count) for label, count in ((0, zeros), (1, ones))]
    chosen = np.sort(np.concatenate([each[len(each) - count:] if new else each[:count] for each, count in indices]))
    pixels = torch.tensor(images[chosen].reshape(-1, 64), dtype=torch.float32) / 16
    return pixels, torch.tensor(labels[chosen], dtype=torch.float32)


def network(seed, inputs=64, hidden=3, output_times=1):
    """The network of the lecture, 64-3-1, with the weights of one seed; it leaves torch's own seed alone.

    output_times : the parameters of the output neuron, and with them all logits, are multiplied by this.
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = torch.nn.Sequential(torch.nn.Linear(inputs, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, 1))
    with torch.no_grad():
        for parameter in model[2].parameters():
            parameter *= output_times
    return model


def report(answer, zeros, ones, new_zeros, new_ones, steps, learning_rate, seed, logits_times):
    """The dictionary of an answer, and what the model it was to train says afterwards."""
    old, new = digits(zeros, ones), digits(new_zeros, new_ones, new=True)
    model, given = network(seed, output_times=logits_times), [one.clone() for one in (*old, *new)]
    said = answer(model, *given, steps, learning_rate)
    if said is None or said is Ellipsis:
        return said
    if not isinstance(said, dict):
        raise Complaint('Return a dictionary: `{"before": …, "after": …, "majority": …}`.')
    if not all(map(torch.equal, given, (*old, *new))):
        raise Complaint("Your function changes the digits or their labels in place. Whoever handed them over still "
                        "needs them.")
    with torch.no_grad():
        return {**said, LOGITS: model(old[0][:FIRST]).squeeze(1)}


CASES = (  # zeros, ones, new zeros, new ones, steps, learning rate, seed, logits times
    (40, 60, 30, 15, 12, 0.8, 0, 1),
    (90, 30, 20, 45, 10, 0.5, 1, 1),
    (20, 50, 40, 10, 4, 0.1, 2, 1),
    (40, 80, 25, 50, 0, 0.5, 3, 1),
    (60, 60, 45, 30, 16, 1.0, 4, 1),
    (50, 45, 25, 40, 2, 0.000125, 6, 600),  # logits from -230 to -100: sure, and about the ones wrong
)
CALM, EXTREME = range(len(CASES) - 1), len(CASES) - 1

"""How the learning rate changes while a network trains, and one step against the gradient."""
import math

import torch

WARM_UP, LEAST = 0.2, 0.04             # share of the training in which the rate rises, and of the highest at its start


def one_cycle(done):
    """Learning rate as a share of the highest: up within the first fifth of the training, then down to 0.

    done : share of the training that is done, 0 to 1.
    Starting low lets batch normalisation and AdamW find their feet, the high middle covers ground, and the end
    settles: networks train in fewer epochs than at any constant rate.
    Source: Smith and Topin 2019, arXiv:1708.07120; the cosine as in PyTorch's OneCycleLR.

    >>> one_cycle(0), one_cycle(0.2), one_cycle(1)
    (0.04, 1.0, 0.0)
    """
    if done < WARM_UP:
        return LEAST + (1 - LEAST) * (1 - math.cos(math.pi * done / WARM_UP)) / 2
    return (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP))) / 2


def descent(weights, learning_rate, weight_decay, schedule, steps):
    """A function of a loss that changes the weights by one step of AdamW.

    schedule : function of the share of `steps` that is done, returning a share of learning_rate; None for all of it.
    Raises ValueError for a schedule that is no function.
    """
    if schedule is not None and not callable(schedule):
        raise ValueError(f"schedule must be a function of the share of the training that is done, not {schedule!r}: "
                         "train.one_cycle is one.")
    optimiser = torch.optim.AdamW(weights, lr=learning_rate, weight_decay=weight_decay)
    share = (lambda step: 1.0) if schedule is None else (lambda step: schedule(min((step + 0.5) / steps, 1.0)))
    pace = torch.optim.lr_scheduler.LambdaLR(optimiser, share)

    def step(loss):
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        pace.step()

    return step

"""The sanity check of an explanation: a network that has forgotten what it learned must be explained differently."""
import copy
from numbers import Integral

import torch


def weighted_layers(model):
    """Names of the layers with weights of their own, from the images up, in the order in which they were made."""
    return [name for name, part in model.named_modules()
            if list(part.parameters(recurse=False)) and hasattr(part, "reset_parameters")]


def randomised(model, layers, seed=0):
    """A copy of a network in which the last layers have forgotten what they learned.

    model : nn.Module; it is left as it is.
    layers : how many of `weighted_layers`, counted from the score down, start anew as PyTorch starts them, batch
        normalisation with what it has counted too; 0 to all.
    seed : of the new weights, which leaves torch's global generator as it was.
    Returns a network in the mode of the original.  Raises ValueError for another number of layers.
    Source: Adebayo et al. 2018, arXiv:1810.03292, the cascading randomisation.

    >>> model = torch.nn.Sequential(torch.nn.Linear(1, 1), torch.nn.ReLU(), torch.nn.Linear(1, 1))
    >>> forgot = randomised(model, 1)
    >>> [torch.equal(forgot[layer].weight, model[layer].weight) for layer in (0, 2)]
    [True, False]
    """
    names = weighted_layers(model)
    if not isinstance(layers, Integral) or not 0 <= layers <= len(names):
        raise ValueError(f"layers must be a whole number from 0 to {len(names)}, all with weights, not {layers!r}.")
    forgot = copy.deepcopy(model)
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.random.default_generator.manual_seed(seed)
        for name in reversed(names[len(names) - layers:]):
            forgot.get_submodule(name).reset_parameters()
    return forgot

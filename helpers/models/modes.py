"""Looking at a network without changing it."""
from contextlib import contextmanager


@contextmanager
def evaluating(model):
    """While it lasts, a network is in evaluation mode; afterwards every part is as it was, also after an error.

    In evaluation mode dropout is off, and batch normalisation uses what it has learned.
    """
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield model
    finally:
        for module, mode in modes:
            module.training = mode

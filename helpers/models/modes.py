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


@contextmanager
def listening(parts, hook):
    """While it lasts, `hook(module, inputs, output)` is called after each of some parts; afterwards no hook is left.

    parts : modules.  hook : what it returns, unless None, takes the place of the output, as with PyTorch's own hooks.
    """
    handles = [part.register_forward_hook(hook) for part in parts]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()

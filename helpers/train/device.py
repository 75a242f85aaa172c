"""Where a training runs, and with whose random numbers."""
from contextlib import contextmanager

import torch


def choose_device(name):
    """The torch.device of a name; "auto" takes CUDA, else MPS (Apple), else the CPU.

    Raises ValueError for a device that this computer does not have.
    """
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(device for device in there if there[device])
    if not there.get(str(name).partition(":")[0]):
        raise ValueError(f'This computer has no device "{name}": choose "auto" or "cpu".')
    return torch.device(name)


def device_of(model):
    """Where the weights of a network are; one without weights works on the CPU."""
    return next((weight.device for weight in model.parameters()), torch.device("cpu"))


@contextmanager
def own_randomness(seed, device):
    """Random numbers of torch from a seed of our own; afterwards the caller's go on where they were."""
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.random.default_generator.manual_seed(seed)
        if device.type != "cpu":
            getattr(torch, device.type).manual_seed(seed)
        yield


@contextmanager
def moved(model, loss, device):
    """Network and loss on a device, and back where they were; the network is left in eval mode."""
    home, parts = device_of(model), [part for part in (model, loss) if isinstance(part, torch.nn.Module)]
    try:
        for part in parts:
            part.to(device)
        yield
    finally:
        model.eval()
        for part in parts:
            part.to(home)

"""Where a training runs, and with whose random numbers."""
from contextlib import contextmanager

import torch


def choose_device(name, model=None):
    """The torch.device of a name; "auto" takes CUDA, else MPS (Apple), else the CPU.

    model : what is to run there. MPS has no double precision, so a network with such weights stays away from it.
    Raises ValueError for a device that this computer does not have, and for "mps" and a network in float64.
    """
    double = model is not None and any(weight.dtype == torch.float64 for weight in model.parameters())
    mps = torch.backends.mps.is_available()
    there = {"cuda": torch.cuda.is_available(), "mps": mps and not double, "cpu": True}
    if name == "auto":
        name = next(device for device in there if there[device])
    if str(name) == "mps" and mps and double:
        raise ValueError('The device "mps" has no float64: call model.float() first, or choose "cpu".')
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


@contextmanager
def one_thread():
    """Let torch compute in one thread: for so little work, more of them only wait for each other.

    Afterwards there are as many as before.

    >>> before = torch.get_num_threads()
    >>> with one_thread():
    ...     torch.get_num_threads()
    1
    >>> torch.get_num_threads() == before
    True
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)

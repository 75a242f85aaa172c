"""Small networks on which hooks and gradients are tried, and how an answer is watched while it uses one."""
import torch
from torch import nn

from helpers.train import one_thread

from ..comparison import same
from ..exercise import Complaint, Misconception
from ..signs import any_of, raises

RTOL = 1e-3  # float32, and sums may be taken in another order


class Around(nn.Module):
    """A convolution with a way around it: what comes in is added to what the convolution makes of it."""

    def __init__(self, channels):
        super().__init__()
        self.convolution, self.relu = nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU()

    def forward(self, maps):
        return self.relu(self.convolution(maps) + maps)


def _plain():
    """Five maps at the end, three classes."""
    return nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(4, 5, 3, padding=1), nn.BatchNorm2d(5), nn.ReLU(),
                         nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(5, 3))


def _in_place():
    """The ReLU writes its answer over what it was given."""
    return nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(inplace=True), nn.Conv2d(4, 3, 3),
                         nn.ReLU(inplace=True), nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(3, 2))


def _around():
    """Not a row of layers: the second one has a way around it."""
    return nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), Around(4), nn.Conv2d(4, 6, 3, stride=2),
                         nn.ReLU(), nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(6, 2))


def _curved():
    """What follows the maps is not linear, so that the gradient differs from pixel to pixel and image to image."""
    return nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(),
                         nn.Conv2d(4, 6, 3, padding=1), nn.BatchNorm2d(6), nn.Tanh(), nn.MaxPool2d(2),
                         nn.Conv2d(6, 4, 3), nn.Tanh(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3))


def _single():
    """One score, as for "nodule or not"."""
    return nn.Sequential(nn.Conv2d(1, 5, 3, padding=1), nn.BatchNorm2d(5), nn.ReLU(),
                         nn.AdaptiveMaxPool2d(2), nn.Flatten(), nn.Linear(20, 4), nn.Tanh(), nn.Linear(4, 1))


def _two_channels():
    """Two scores of images with two channels."""
    return nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.Tanh(), nn.AdaptiveAvgPool2d(2), nn.Flatten(),
                         nn.Linear(16, 2))


KINDS = {"a row of layers": _plain, "ReLU in place": _in_place, "a way around": _around, "three scores": _curved,
         "one score": _single, "two channels": _two_channels}


def network(kind, training=False):
    """One of KINDS with fixed weights and statistics; torch's own seed stays as it is."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(len(kind))
        made = KINDS[kind]()
        for layer in made.modules():
            if isinstance(layer, nn.BatchNorm2d):
                nn.init.normal_(layer.running_mean, std=0.3)
                nn.init.uniform_(layer.running_var, 0.5, 2)
            if isinstance(layer, nn.Linear):
                nn.init.normal_(layer.weight, std=2)
    return made.train(training)


def images(*shape):
    """Random images of a shape, (N, 1, H, W), always the same ones."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(sum(shape)))


class Watched:
    """A network before and after an answer used it."""

    def __init__(self, made):
        self.network, self.modes = made, [part.training for part in made.modules()]
        self.parts = list(made.modules())
        self.state = {name: value.clone() for name, value in made.state_dict().items()}

    def compare(self):
        """Raises Complaint where a hook hangs on the network, or where it is not as it was."""
        hooks = sum(len(getattr(part, kind)) for part in self.network.modules()
                    for kind in ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks"))
        if hooks:
            raise Complaint("When you return, a hook still hangs on the network.")
        if changed := self._changed():
            raise Complaint(f"When you return, the network is not as it was: {changed} changed.")

    def _changed(self):
        now, parts = self.network.state_dict(), list(self.network.modules())
        replaced = [part for part in parts if getattr(part.forward, "__func__", None) is not type(part).forward]
        if replaced or list(map(id, parts)) != list(map(id, self.parts)) or now.keys() != self.state.keys():
            return "its layers"
        changed = [name for name, value in now.items() if not torch.equal(value, self.state[name])]
        if changed:
            statistics = all("running" in name or "tracked" in name for name in changed)
            return "the statistics of its batch normalisation" if statistics else "its weights"
        modes = [part.training for part in self.network.modules()]
        return "its mode, training or evaluation," if modes != self.modes else ""


def in_training_mode(network, images):
    """Scores of a network in training mode; then it is back in evaluation mode, but not what it has learned."""
    network.train()
    logits = network(images)
    network.eval()
    return logits


def training_mode(mutant, shown="whatever it is shown, and forgets in part what it learned"):
    """The mistake of switching a network to training mode.  shown : what is normalised there, in words."""
    return Misconception(
        "batch normalisation in training mode",
        f"You switch to training mode. There batch normalisation takes the mean of {shown}. The network comes in "
        "evaluation mode: leave it there.",
        mutant,
        sign=any_of(raises(Complaint, "statistics"), raises(Complaint, "its mode")))


def used(answer, kind, layer, training, *calls):
    """What the last of several calls of an answer returns; Complaint where it does not leave the network as it was.

    layer : name of a part that is handed over, too; empty for none.
    calls : tuples of what follows network and layer, the images first.
    """
    made = network(kind, training)
    watched, parts = Watched(made), (made.get_submodule(layer),) if layer else ()
    before = [given[0].clone() for given in calls]
    with one_thread():
        *others, returned = [answer(made, *parts, *given) for given in calls]
    if returned is None or returned is Ellipsis:
        return returned
    watched.compare()
    if isinstance(returned, torch.Tensor) and any(same(one, returned) for one in others):
        raise Complaint("You return the same numbers for other images.")
    if not all(torch.equal(given[0], images) for given, images in zip(calls, before, strict=True)):
        raise Complaint("Your function changes the images. Whoever handed them over still needs them.")
    return returned

"""Seconds until a U-Net draws five organs with a mean Dice of 0.90: ours, and a published one of equal width.

    python3 course.py bench unet

The published one is BasicUNet of MONAI (Apache 2.0), which the course does not depend on: ``pip install monai`` in the
course's environment, and it takes part. Both see the same slices in the same order, with the same loss, schedule and
number of threads. The published one is used as its authors ship it, and nobody has tuned the recipe for it.
"""
import importlib.util
import time

import numpy as np
import torch
from torch import nn

from helpers import data, loss, metrics, models, train

WISH, EPOCHS = 0.90, 12
ORGANS = 5


def slices(seed):
    """Training and validation slices, no patient in both: (images, targets) twice."""
    cohort = data.load_cohort(64).crop((14, 54), (4, 60))
    images = torch.tensor((cohort.hu + 290) / 600)[:, None]
    targets = torch.tensor(cohort.labels).long()
    order = np.random.default_rng(seed).permutation(60)
    return [(images[rows], targets[rows]) for rows in data.split_by_patient(cohort.patients, order[:34], order[34:])]


def dice(truth, logits):
    """Mean Dice of the organs, all slices as one volume."""
    pred = logits.argmax(1)
    return np.mean([metrics.dice(truth[None] == organ, pred[None] == organ)[0] for organ in range(1, ORGANS + 1)])


def plain():
    """Ours with what is often seen instead: transposed convolutions and PyTorch's own starting weights."""
    network = models.UNet(1, ORGANS + 1)
    for place, up in enumerate(network.ups):
        network.ups[place] = nn.ConvTranspose2d(up[0].in_channels, up[0].out_channels, kernel_size=2, stride=2)
    for layer in network.modules():
        if hasattr(layer, "reset_parameters"):
            layer.reset_parameters()
    return network


def contenders():
    """Name and maker of each network that can take part here."""
    networks = {"ours, 8 channels, depth 3": lambda: models.UNet(1, ORGANS + 1),
                "ours, 8 channels, depth 4": lambda: models.UNet(1, ORGANS + 1, depth=4),
                "ours, transposed, PyTorch's weights": plain}
    if importlib.util.find_spec("monai"):
        from monai.networks.nets import BasicUNet

        networks["MONAI BasicUNet, 8 channels, depth 4"] = lambda: BasicUNet(
            spatial_dims=2, in_channels=1, out_channels=ORGANS + 1, features=(8, 16, 32, 64, 128, 8))
    else:
        print('No published U-Net to compare with: "pip install monai" in this environment adds one.')
    return networks


def race(make, seed):
    """Train one network: epochs until the wish was fulfilled, seconds and processor seconds until then, and last Dice.

    The first three are None if it never was. On a busy machine only the processor's seconds mean something.
    """
    learn, watch = slices(seed)
    torch.manual_seed(seed)
    start, spent = time.process_time(), {}

    def clock(state):
        spent.setdefault(len(state.history), time.process_time() - start)

    history = train.fit(make(), *learn, loss=loss.cross_entropy_and_dice, epochs=EPOCHS, learning_rate=1e-2,
                        batch_size=8, schedule=train.one_cycle, validation=watch, score=dice, seed=seed,
                        progress=clock)
    reached = next((epoch for epoch, value in enumerate(history.validation_score, start=1) if value >= WISH), None)
    times = (None, None) if reached is None else (sum(history.seconds[:reached]), spent[reached])
    return (reached, *times, history.validation_score[-1])


def bench_unet(quick):
    """Print a line per network and seed; returns 0."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    print(f"mean Dice {WISH:.2f} on patients held out, {EPOCHS} epochs planned, batch 8, one thread")
    print(f"{'network':38} {'parameters':>10} seed  epochs to it  s to it  CPU s to it  last Dice")
    for name, make in contenders().items():
        for seed in range(1 if quick else 3):
            epochs, *times, last = race(make, seed)
            seconds, cpu = ("never" if value is None else f"{value:.1f}" for value in times)
            print(f"{name:38} {models.count_parameters(make()):>10,} {seed:>4} {epochs or 'never':>13} {seconds:>8} "
                  f"{cpu:>12} {last:>10.3f}", flush=True)
    torch.set_num_threads(threads)
    return 0

"""The explorers, one of each kind, and what one update costs."""
import time

import numpy as np
import skimage.data
import torch

from helpers import ct, data, explore, models

CPU_MS = 20


def window_level():
    scan = data.load_ct("spine")
    return explore.window_level(data.to_hu(scan.values, scan.slope, scan.intercept), scan.spacing)


def volume_viewer():
    brain = data.load_brain()
    return explore.volume_viewer(brain.values, brain.spacing)


def nodule_in_a_slice():
    patient = ct.Patient(3004, nodules=2, radius=(4, 4))
    cut = patient.slice(patient.nodules[1].z, size=256)
    return explore.shrinking_nodule(cut.hu, cut.spacing, cut.nodules)


def pictures():
    """A simulated chest and a photograph, both from 0 to 1, shape (128, 128)."""
    return {"chest": data.window(data.load_chest().values[48], level=-200, width=1400),
            "photograph": skimage.data.camera()[::4, ::4] / 255}


def nodule_slices(count):
    """The first slices of the cohort with a nodule."""
    cohort = data.load_cohort(64, "nodules")
    return cohort.take(np.flatnonzero(cohort.nodules.any(axis=(1, 2)))[:count])


def feature_maps():
    """Three slices in an untrained network."""
    slices = np.clip(nodule_slices(3).hu[:, None] / 1000, -1, 1).astype(np.float32)
    return explore.feature_maps(models.SmallResNet(), slices)


def mask_overlap():
    """A slice with a heart and a nodule of four pixels."""
    cohort = data.load_cohort(128).take([229])
    masks = {"heart": cohort.labels[0] == cohort.label_names.index("heart"), "nodule": cohort.nodules[0]}
    return explore.mask_overlap(cohort.hu[0], masks, cohort.spacing)


def segmentations():
    """Twenty patients whose organs are drawn one pixel too far to the right."""
    cohort = data.load_cohort(64)
    cohort = cohort.take(cohort.patients >= 40)
    return explore.segmentations(cohort, np.roll(cohort.labels, 1, axis=2))


def of_a_heat_map(factory, *more):
    """An explorer of heat maps, of four slices and an untrained network."""
    shown = nodule_slices(4)
    slices = np.clip((shown.hu[:, None] + 600) / 400, -1, 1).astype(np.float32)
    masks = {} if more else {"masks": shown.nodules}
    return factory(models.SmallResNet(), slices, *more, **masks)


def nodule_pad():
    """Two slices and an untrained network of three layers."""
    layers = [models.conv_norm(1, 8, 3), torch.nn.Conv2d(8, 1, 1), models.LogSumExp(), torch.nn.Flatten()]
    slices = np.clip((nodule_slices(2).hu[:, None] + 600) / 400, -1, 1).astype(np.float32)
    return explore.nodule_pad({"untrained": torch.nn.Sequential(*layers)}, slices)


TUBES = np.linspace(0, 4, 30), 0.3 * np.linspace(0, 4, 30) + 0.7 + 0.15 * np.cos(np.arange(30))      # nearly a line
# Name of each explorer, and a function without arguments that makes one. A new explorer gets a line here.
EXPLORERS = {
    "augmentations": lambda: explore.augmentations(nodule_slices(1)),
    "batch_size": lambda: explore.batch_size(*TUBES),
    "binary_loss": explore.binary_loss,
    "cam_family": lambda: of_a_heat_map(explore.cam_family),
    "channels": lambda: explore.channels(skimage.data.astronaut()[::4, ::4] / 255),
    "convolution": explore.convolution,
    "channel_mixer": lambda: explore.channel_mixer(data.load_histology()[100:400:3, 100:490:3]),
    "decision_boundary": explore.decision_boundary,
    "dilated_kernels": lambda: explore.dilated_kernels(pictures()["chest"]),
    "equivariance": lambda: explore.equivariance(skimage.data.camera()[::4, ::4] / 255),
    "feature_maps": feature_maps,
    "filter_gallery": lambda: explore.filter_gallery(pictures()),
    "grad_cam": lambda: of_a_heat_map(explore.grad_cam),
    "gradient_by_depth": explore.gradient_by_depth,
    "learning_rate": lambda: explore.learning_rate(*TUBES),
    "loss_landscape": explore.loss_landscape,
    "mask_overlap": mask_overlap,
    "neuron": explore.neuron,
    "nodule_pad": nodule_pad,
    "occlusion": lambda: of_a_heat_map(explore.occlusion),
    "parameter_counter": explore.parameter_counter,
    "pixel_editor": lambda: explore.pixel_editor(np.linspace(0, 1, 196).reshape(14, 14)),
    "pooling": lambda: explore.pooling(pictures()["chest"]),
    "randomisation": lambda: of_a_heat_map(explore.randomisation, "features.3"),
    "receptive_field": lambda: explore.receptive_field(pictures()["chest"]),
    "segmentations": segmentations,
    "shape_calculator": explore.shape_calculator,
    "shape_walker": explore.shape_walker,
    "shrinking_nodule": explore.shrinking_nodule,
    "shrinking_nodule in a slice": nodule_in_a_slice,
    "size_calculator": explore.size_calculator,
    "softmax_mixer": explore.softmax_mixer,
    "tasks": lambda: explore.tasks(data.load_cohort(128).take([222]).crop((24, 104), (8, 120))),
    "threshold": lambda: explore.threshold(np.arange(200) % 2, np.arange(200) % 2 + np.sin(np.arange(200.0))),
    "transposed_convolution": explore.transposed_convolution,
    "unet_shapes": explore.unet_shapes,
    "volume_viewer": volume_viewer,
    "which_kernel": lambda: explore.which_kernel(pictures()["chest"]),
    "window_level": window_level,
}


def bench_explorers(row, quick):
    """Processor time of one update in the kernel, for the slowest control: other work on the machine does not count."""
    for name, make in EXPLORERS.items():
        explorer = make()
        if not explorer.controls:
            print(f"{name}: drawn by the page, no update in the kernel")
            continue
        costs = {label: cost_of_an_update(explorer, control, 4 if quick else 20)
                 for label, control in explorer.controls.items()}
        slowest = max(costs, key=costs.get)
        milliseconds, pictures = costs[slowest]
        row(f"{name}: one update, CPU ({slowest})", CPU_MS, milliseconds, "ms")
        if pictures > 1:
            print(f"    {slowest} draws {pictures:g} pictures for one change")


def cost_of_an_update(explorer, control, changes):
    """Milliseconds of processor time per change of a control, and pictures drawn per change."""
    pictures = []
    explorer.view.observe(pictures.append, "png")
    trait, there, back = to_and_fro(control)
    start = time.process_time()
    for change in range(changes):
        setattr(control, trait, back if change % 2 else there)
    seconds = time.process_time() - start
    explorer.view.unobserve(pictures.append, "png")
    return 1000 * seconds / changes, round(len(pictures) / changes, 1)


def to_and_fro(control):
    """What to set on a control: the trait's name, another legal value, and the present one."""
    if hasattr(control, "options"):
        return "index", (control.index + 1) % len(control.options), control.index
    if hasattr(control, "max"):
        return "value", control.min if control.value != control.min else control.max, control.value
    if isinstance(control.value, tuple):                                  # a stack of layers: without the last
        return "value", control.value[:-1], control.value
    return "value", not control.value, control.value

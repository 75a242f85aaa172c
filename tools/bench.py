"""What the course promises, and what this machine measures.

    python3 course.py bench            everything
    python3 course.py bench --quick    fewer repeats
    python3 course.py bench seeds      the lectures' experiments, ten seeds each (five in lecture 5)
    python3 course.py bench seeds residual capacity    only those
    python3 course.py bench seeds --store              and what lectures show of it goes to data/spreads.json
    python3 course.py bench unet       seconds to Dice 0.90: our U-Net, and a published one of equal width
    python3 course.py bench load       ten kernels at once through a lab: memory per learner, waiting times
"""
import argparse
import importlib.metadata
import os
import platform
import subprocess
import sys
import tempfile
import time
import timeit
import traceback
from datetime import date
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")          # before torch: a busy machine is several times faster so

import nbformat
import numpy as np
import psutil
import skimage.data
import torch
from bench_browser import key_to_picture
from bench_load import bench_load
from bench_unet import bench_unet
from experiments import EXPERIMENTS, bench_seeds
from nbrun import client

from helpers import conv, ct, data, explain, explore, models

ROOT = Path(__file__).resolve().parents[1]
SECONDS = {"lectures/01_pixels_and_tensors.ipynb": 15, "labs/solutions/01_pixels_and_tensors.ipynb": 15,
           "lectures/02_softmax_and_bce.ipynb": 25, "labs/solutions/02_softmax_and_bce.ipynb": 20,
           "lectures/03_convolution.ipynb": 25, "labs/solutions/03_convolution.ipynb": 20,
           "lectures/04_cnn_stacks.ipynb": 45, "labs/solutions/04_cnn_stacks.ipynb": 30,
           "lectures/05_unet_segmentation.ipynb": 60, "labs/solutions/05_unet_segmentation.ipynb": 35,
           "lectures/06_grad_cam.ipynb": 40, "labs/solutions/06_grad_cam.ipynb": 25}
SECONDS_ALL, SECONDS_IMPORT, MEGABYTES, CPU_MS = 360, 2.5, 1024, 20
MS_SLICE, SECONDS_320, SECONDS_COHORT, TIMES_TORCH = 30, 40, 0.3, 3
TIMES_CAPTUM = 1
IMPORTS = "import torch; from helpers import check, conv, data, explore, ledger, quiz, show"
PEAK_MEMORY = """
from pathlib import Path
import psutil
import skimage.data
import torch
status, memory = Path("/proc/self/status"), psutil.Process().memory_info()
if status.exists():                                     # Linux, in KiB; resource.ru_maxrss would count the parent too
    print(int(status.read_text().split("VmHWM:")[1].split()[0]) // 2**10)
elif hasattr(memory, "peak_wset"):                      # Windows
    print(memory.peak_wset // 2**20)
else:                                                   # macOS
    import resource
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 2**20)
"""


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


def row(what, promised, measured, unit, *, at_least=False):
    """One line of the table; a promise is a most, or with `at_least` a least."""
    sign, kept = ("≥", measured >= promised) if at_least else ("≤", measured <= promised)
    print(f"{what:58} {sign} {promised:>6g} {unit:3} {measured:>9.1f} {unit:3} {'' if kept else 'not kept'}".rstrip(),
          flush=True)


def measure_notebooks(quick):
    """Seconds in a fresh kernel, its start included, and the kernel's peak memory."""
    paths, total = sorted([*ROOT.glob("lectures/*.ipynb"), *ROOT.glob("labs/solutions/*.ipynb")]), 0
    for path in paths:
        name = path.relative_to(ROOT).as_posix()
        notebook = nbformat.read(path, as_version=4)
        runner = client(notebook, path.parent)
        start = time.perf_counter()
        with runner.setup_kernel():
            for index, cell in enumerate(list(notebook.cells)):
                runner.execute_cell(cell, index)
            seconds = time.perf_counter() - start
            notebook.cells.append(nbformat.v4.new_code_cell(PEAK_MEMORY))
            memory = runner.execute_cell(notebook.cells[-1], len(notebook.cells) - 1).outputs[0].text
        total += seconds
        row(name, SECONDS.get(name, 60), seconds, "s")
        row(f"{name}, peak memory", MEGABYTES, int(memory), "MiB")
    row("all lectures and solved labs, one after the other", SECONDS_ALL, total, "s")


def measure_import(quick):
    """Seconds to import the helpers with torch in a fresh Python, the best of a few."""
    code = f"import time; start = time.perf_counter(); {IMPORTS}; print(time.perf_counter() - start)"
    command = [sys.executable, "-c", code]
    runs = [float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
            for _ in range(2 if quick else 4)]
    row("import of helpers and torch", SECONDS_IMPORT, min(runs), "s")


def measure_explorers(quick):
    """Processor time of one update in the kernel, for the slowest control: other work on the machine does not count."""
    for name, make in EXPLORERS.items():
        explorer = make()
        if not explorer.controls:
            print(f"{name + ': drawn by the page, no update in the kernel':58}")
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


def measure_cohort(quick):
    """Simulated CT: one slice with its projection, in a batch; 320 slices with their patients; the files that ship."""
    patient, scanner = ct.Patient(1), ct.SCANNERS["A"]
    spacing, levels = scanner.fov / 64, np.linspace(*patient.levels(), 16)
    runs = []
    for _ in range(3):                                     # the first also fills tables that stay
        start = time.perf_counter()
        cuts = np.stack([patient.slice(z, 64, field=scanner.fov).hu for z in levels])
        ct.scan(cuts, spacing, scanner, seeds=range(len(levels)))
        runs.append(1000 * (time.perf_counter() - start) / len(levels))
    row("simulated 64-pixel slice with projection", MS_SLICE, min(runs), "ms")
    patients = range(5 if quick else 40)
    start = time.perf_counter()
    ct.make("organs", 64, patients=list(patients))
    seconds = (time.perf_counter() - start) * 40 / len(patients)
    row("320 slices of 40 simulated patients, one process", SECONDS_320, seconds, "s")
    start = time.perf_counter()
    data.load_cohort(64)
    row("load_cohort(64)", SECONDS_COHORT, time.perf_counter() - start, "s")


def measure_convolution(quick):
    """How many times longer our own convolution takes than PyTorch's, both on one thread."""
    image, kernel = np.random.default_rng(0).random((256, 256)), np.ones((3, 3))
    tensors = [torch.from_numpy(array)[None, None] for array in (image, kernel)]
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    best = {}
    for name, work in (("ours", lambda: conv.cross_correlate(image, kernel)),
                       ("torch", lambda: torch.nn.functional.conv2d(*tensors))):
        best[name] = min(timeit.repeat(work, number=20, repeat=5 if quick else 20))
    torch.set_num_threads(threads)
    row("conv.cross_correlate, 256 × 256 by 3 × 3, torch's time", TIMES_TORCH, best["ours"] / best["torch"], "×")


def measure_explain(quick):
    """How many times longer Grad-CAM takes than captum's, with the same network, images and thread."""
    from captum.attr import LayerAttribution, LayerGradCam  # here, since its import takes a second

    model, images = models.SmallMobileNet().eval(), torch.randn(16, 1, 48, 52)
    layer = model.features[-1]
    theirs = LayerGradCam(model, layer)
    works = {"ours": lambda: explain.grad_cam(model, layer, images), "captum": lambda: LayerAttribution.interpolate(
        theirs.attribute(images, 0, relu_attributions=True), images.shape[2:], "bilinear")}
    threads, seconds = torch.get_num_threads(), {name: [] for name in works}
    torch.set_num_threads(1)
    for _ in range(40 if quick else 160):                   # by turns: other work disturbs both alike
        for name, work in works.items():
            seconds[name].append(timeit.timeit(work, timer=time.process_time, number=1))
    torch.set_num_threads(threads)
    ours, theirs = (np.median(seconds[name]) for name in works)
    row("explain.grad_cam of 16 slices, captum's time", TIMES_CAPTUM, ours / theirs, "×")


def measure_browser(quick):
    with tempfile.TemporaryDirectory() as folder:
        key_to_picture(Path(folder), row, presses=8 if quick else 40)


def describe_machine():
    """Results mean little without the machine they come from."""
    packages = ", ".join(f"{name} {importlib.metadata.version(name)}"
                         for name in ("torch", "matplotlib", "jupyterlab", "ipywidgets", "anywidget"))
    print(f"{date.today()} · {platform.platform()} · {psutil.cpu_count()} cores, load {psutil.getloadavg()[0]:.1f} · "
          f"Python {platform.python_version()} · {packages}")


def bench_house(quick):
    """The table; returns how many measurements crashed."""
    describe_machine()
    print(f"{'':58} {'promised':>12} {'measured':>13}")
    crashed = 0
    for measure in (measure_import, measure_convolution, measure_explain, measure_cohort, measure_notebooks,
                    measure_explorers, measure_browser):
        try:
            measure(quick)
        except Exception:  # noqa: BLE001 - one crash must not hide the other numbers
            crashed += 1
            print(f"{measure.__name__} crashed:")
            traceback.print_exc()
    return crashed


# Other things to measure get a name here: `course.py bench NAME`.
COMMANDS = {"house": bench_house, "seeds": bench_seeds, "unet": bench_unet, "load": bench_load}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", default="house", choices=COMMANDS)
    parser.add_argument("names", nargs="*", help="after seeds: the experiments to run")
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    parser.add_argument("--store", action="store_true", help="after seeds: store what lectures show")
    options = parser.parse_args()
    if unknown := set(options.names) - set(EXPERIMENTS):
        parser.error(f"no experiment {', '.join(sorted(unknown))}: choose from {', '.join(EXPERIMENTS)}")
    chosen = {"names": options.names, "store": options.store} if options.what == "seeds" else {}
    sys.exit(1 if COMMANDS[options.what](options.quick, **chosen) else 0)


if __name__ == "__main__":
    main()

"""What the course promises, and what this machine measures.

    python3 course.py bench            everything
    python3 course.py bench --quick    fewer repeats
    python3 course.py bench seeds      the lectures' experiments, ten seeds each (five in lecture 5)
    python3 course.py bench seeds residual capacity    only those
    python3 course.py bench seeds --store              and what lectures show of it goes to data/spreads.json
    python3 course.py bench unet       seconds to Dice 0.90: our U-Net, and a published one of equal width
    python3 course.py bench load       ten kernels at once through a lab: memory per learner, waiting times
    python3 course.py bench suite      minutes of `course.py test`
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
import torch
from bench_browser import key_to_picture
from bench_explorers import bench_explorers
from bench_load import bench_load
from bench_unet import bench_unet
from experiments import EXPERIMENTS, bench_seeds
from nbrun import client

from helpers import conv, ct, data, explain, models, spreads

ROOT = Path(__file__).resolve().parents[1]
SECONDS = {"lectures/01_pixels_and_tensors.ipynb": 15, "labs/solutions/01_pixels_and_tensors.ipynb": 15,
           "lectures/02_softmax_and_bce.ipynb": 25, "labs/solutions/02_softmax_and_bce.ipynb": 20,
           "lectures/03_convolution.ipynb": 25, "labs/solutions/03_convolution.ipynb": 20,
           "lectures/04_cnn_stacks.ipynb": 45, "labs/solutions/04_cnn_stacks.ipynb": 30,
           "lectures/05_unet_segmentation.ipynb": 60, "labs/solutions/05_unet_segmentation.ipynb": 35,
           "lectures/06_grad_cam.ipynb": 40, "labs/solutions/06_grad_cam.ipynb": 25}
SECONDS_ALL, SECONDS_IMPORT, MEGABYTES, MINUTES_SUITE = 360, 2.5, 1024, 20
MB_REPOSITORY, MB_COHORT = 60, 12
WIDTH = 66                                             # of the first column
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


def row(what, promised, measured, unit, *, at_least=False):
    """One line of the table; a promise is a most, or with `at_least` a least."""
    sign, kept = ("≥", measured >= promised) if at_least else ("≤", measured <= promised)
    number = f"{measured:.1f}" if abs(measured) >= 10 else f"{measured:.3g}"
    print(f"{what:{WIDTH}} {sign} {promised:>6g} {unit:3} {number:>9} {unit:3} {'' if kept else 'not kept'}".rstrip(),
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
    bench_explorers(row, quick)


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


def measure_sizes(quick):
    """What a clone downloads, and the simulated patients in it."""
    with tempfile.TemporaryDirectory() as folder:
        clone = ["git", "clone", "--quiet", "--bare", "--no-local", ROOT, folder]
        if subprocess.run(clone, check=False, capture_output=True).returncode == 0:
            row("repository, as a clone downloads it", MB_REPOSITORY, megabytes(Path(folder).rglob("*")), "MB")
        else:
            print("repository: this copy of the course is no clone, so its size is not measured")
    row("simulated patients in data/", MB_COHORT, megabytes(ROOT.glob("data/simulated_*.npz")), "MB")


def megabytes(paths):
    return sum(path.stat().st_size for path in paths if path.is_file()) / 1e6


def show_experiments(quick):
    """What the lectures promise of their trainings, and the run furthest from it; as `bench seeds --store` left it."""
    for name, experiment in spreads.stored()["experiments"].items():
        for result, (least, most) in experiment["promised"].items():
            values = [value for runs in experiment["results"][result].values() for value in runs]
            what = f"{name}: {result}, {len(values)} runs"
            if least is not None:
                row(what, least, min(values), "", at_least=True)
            if most is not None:
                row(what, most, max(values), "")


def describe_machine():
    """Results mean little without the machine they come from."""
    packages = ", ".join(f"{name} {importlib.metadata.version(name)}"
                         for name in ("torch", "matplotlib", "jupyterlab", "ipywidgets", "anywidget"))
    print(f"{date.today()} · {platform.platform()} · {psutil.cpu_count()} cores, load {psutil.getloadavg()[0]:.1f} · "
          f"Python {platform.python_version()} · {packages}")


def bench_house(quick):
    """The table; returns how many measurements crashed."""
    describe_machine()
    print(f"{'':{WIDTH}} {'promised':>12} {'measured':>13}")
    crashed = 0
    for measure in (measure_import, measure_convolution, measure_explain, measure_cohort, measure_notebooks,
                    measure_explorers, measure_browser, measure_sizes, show_experiments):
        try:
            measure(quick)
        except Exception:  # noqa: BLE001 - one crash must not hide the other numbers
            crashed += 1
            print(f"{measure.__name__} crashed:")
            traceback.print_exc()
    return crashed


def bench_suite(quick):
    """Minutes of every test together; returns whether it failed."""
    describe_machine()
    start = time.perf_counter()
    failed = subprocess.call([sys.executable, "-m", "pytest", "-q"], cwd=ROOT)
    row("python3 course.py test", MINUTES_SUITE, (time.perf_counter() - start) / 60, "min")
    return failed


# Other things to measure get a name here: `course.py bench NAME`.
COMMANDS = {"house": bench_house, "seeds": bench_seeds, "unet": bench_unet, "load": bench_load,
            "suite": bench_suite}


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

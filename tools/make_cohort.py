"""Make the simulated studies in data/ again, byte for byte, and the contact sheet.

    python3 course.py cohort                           all files
    python3 course.py cohort --only organs_64_A        one of them
    python3 course.py cohort --sheet docs/cohort.png   24 slices as a picture, nothing else
"""
import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from helpers import ct, data
from helpers.data import cohort as store

SMALLER = tuple(range(40))           # patients of "organs" at the larger sizes
PER_SLICE = ("grey", "labels", "nodules", "patients", "z", "female", "ill", "phase")
UNSEEN = tuple(range(40, 60))
# Study, size, scanner, dose, and patients where not all of the study.
FILES = [
    ("organs", 64, "A", 1.0, None), ("organs", 96, "A", 1.0, SMALLER), ("organs", 128, "A", 1.0, SMALLER),
    ("organs", 64, "B", 1.0, None), ("organs", 64, "A", 0.5, UNSEEN),
    ("organs", 64, "A", 0.1, UNSEEN), ("organs", 64, "A", 0.01, UNSEEN),
    ("nodules", 64, "A", 1.0, None), ("density", 64, "A", 1.0, None), ("chests", 128, "A", 1.0, None),
    ("volumes", 32, "A", 1.0, None),
]


def stem(entry):
    return store.file_name(*entry[:4]).removeprefix("simulated_").removesuffix(".npz")


def make_part(job):
    """The arrays of one patient; a function of its own so that other processes can run it."""
    (study, size, scanner, dose, _), patient = job
    return ct.make(study, size, scanner, dose, patients=[patient])


def write(entry, folder, processes):
    """Simulate one file and write it."""
    patients = entry[4] or ct.STUDIES[entry[0]].patients
    jobs = [(entry, patient) for patient in patients]
    with ProcessPoolExecutor(processes) as pool:
        parts = list(pool.map(make_part, jobs, chunksize=4))
    arrays = dict(parts[0]) | {name: np.concatenate([part[name] for part in parts]) for name in PER_SLICE}
    arrays["png"] = store.pack(arrays.pop("grey"))
    file = folder / store.file_name(*entry[:4])
    np.savez_compressed(file, **arrays)
    print(f"{file.name}: {len(arrays['z'])} slices of {len(patients)} patients, {file.stat().st_size / 1e6:.2f} MB",
          flush=True)


def sheet(path, patients=(1, 2, 6, 7), side=256):
    """Twenty-four slices of the 128-pixel study: four patients from head to feet, in two windows in turn."""
    cohort = data.load_cohort(128)
    rows = []
    for number, patient in enumerate(patients):
        slices = cohort.hu[cohort.patients == patient][[0, 1, 3, 4, 5, 7], 14:114]
        rows.append(np.hstack(data.window(slices, *data.WINDOWS["lung" if number % 2 else "soft tissue"])))
    picture = Image.fromarray((255 * np.vstack(rows)).round().astype(np.uint8))
    size = (picture.width * side // 128, picture.height * side // 128)
    picture.resize(size, Image.Resampling.BICUBIC).save(path, optimize=True)
    print(f"{path}: {6 * len(rows)} slices of {len(rows)} patients, in the soft-tissue and the lung window in turn")


def main():
    parser = argparse.ArgumentParser(prog="course.py cohort", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=[stem(entry) for entry in FILES], help="one file")
    parser.add_argument("--folder", type=Path, default=store.FOLDER, help="where the files go")
    parser.add_argument("--sheet", type=Path, help="write the contact sheet there instead")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    options = parser.parse_args()
    if options.sheet:
        sheet(options.sheet)
        return
    options.folder.mkdir(parents=True, exist_ok=True)
    for entry in FILES:
        if options.only in (None, stem(entry)):
            write(entry, options.folder, options.processes)


if __name__ == "__main__":
    main()

"""Studies: which patients are scanned where, and what of it is stored."""
from dataclasses import dataclass

import numpy as np

from helpers.ct.patient import Patient
from helpers.ct.render import LABELS
from helpers.ct.scanner import SCANNERS, scan

DARKEST, STEP = -1000, 8             # a stored grey level g stands for DARKEST + STEP * g HU; darker noise is cut off
LARGE = (6.0, 13.0)                  # mm: radius of nodules that still show where a pixel is 6 mm wide
DISEASE = -20.0                      # HU by which the lungs of the ill half of a study are less dense


@dataclass(frozen=True)
class Study:
    """A set of patients and the slices taken of each.

    patients : seeds, which are also the patients' numbers.
    build : function of a seed that returns a Patient, whether it is ill, and the levels of its slices in mm.
    finer : how many times more pixels a side the scanner takes; they are averaged afterwards, as resampling does.
    """

    patients: tuple
    build: object
    finer: int = 1


def evenly(patient, count, seed):
    """Levels spread over the scan, shifted a little from patient to patient."""
    top, bottom = patient.levels()
    gap = (bottom - top) / count
    return top + gap * (np.arange(count) + 0.5 + np.random.default_rng([seed, 1]).uniform(-0.2, 0.2))


def organs(seed):
    """Eight slices over the whole chest, of patients with 0 to 3 nodules of any size."""
    patient = Patient(seed)
    return patient, False, evenly(patient, 8, seed)


def nodules(seed):
    """Two slices without a nodule and, in patients who have one, two with.

    The levels without are drawn as nodules are, so that the level says nothing about the answer.
    """
    patient, rng = Patient(seed, radius=LARGE), np.random.default_rng([seed, 2])
    levels = [nodule.z + rng.uniform(-0.3, 0.3) * nodule.radius for nodule in patient.nodules[:2]]
    if len(levels) == 1:
        levels.append(patient.nodules[0].z + rng.choice([-0.5, 0.5]) * patient.nodules[0].radius)
    found = len(levels)
    while len(levels) < found + 2:
        (ghost,) = patient.place_nodules(rng, 1, LARGE, None)
        if all(abs(ghost.z - nodule.z) > 1.3 * nodule.radius + 3 for nodule in patient.nodules):
            levels.append(ghost.z)
    return patient, False, np.array(levels)


def density(seed):
    """Patients of whom every second one has a disease that makes all of the lungs 20 HU less dense."""
    ill, many = seed % 2 == 1, seed < 2024
    patient = Patient(seed, nodules=0, density=DISEASE * ill)
    top, bottom = patient.levels()
    rng = np.random.default_rng([seed, 3])
    middle = top + (bottom - top) * np.linspace(0.08, 0.70, 12 if many else 2)
    return patient, ill, middle + rng.uniform(-3, 3)


def chests(seed):
    """Every 3 mm from the feet to the head, for the volume viewers."""
    patient = Patient(seed, nodules=2, radius=(8.0, 14.0))
    top, bottom = patient.levels()
    return patient, False, np.arange(top, bottom, 3.0)[::-1]


def volumes(seed):
    """The patients of "organs" again, as coarse volumes: every 12 mm from the feet to the head."""
    patient = Patient(seed)
    top, bottom = patient.levels()
    return patient, False, np.arange(top, bottom, 12.0)[::-1]


STUDIES = {
    "organs": Study(tuple(range(60)), organs),
    "nodules": Study(tuple(range(1000, 1320)), nodules),
    "density": Study(tuple(range(2000, 2144)), density),
    "chests": Study((3004, 3010), chests),
    "volumes": Study(tuple(range(60)), volumes, finer=2),
}


def make(study, size=64, scanner="A", dose=1.0, patients=None):
    """Simulate a study, or some of its patients.

    study : a name in STUDIES.  size : pixels a side.  scanner : a name in SCANNERS.  dose : share of its photons.
    patients : some of the study's patients; None takes all.
    Returns a dict of arrays, one entry per slice: grey uint8 (N, size, size), labels uint8, nodules bool, patients,
    z (mm), female, phase, ill; and once spacing, the side of a pixel in mm, darkest and step, with which a grey level
    means darkest + step * grey HU, and label_names.  The same arguments give the same arrays.
    Raises ValueError for a study, scanner or patient that is not there.
    """
    for name, table in ((study, STUDIES), (scanner, SCANNERS)):
        if name not in table:
            raise ValueError(f"There is no {name!r}; choose one of {', '.join(table)}.")
    known = STUDIES[study].patients
    chosen = known if patients is None else tuple(patients)
    strangers = set(chosen) - set(known)
    if strangers:
        raise ValueError(f"Patient {min(strangers)} is not in the study {study!r}: its patients are {known[0]} "
                         f"{'to' if len(known) > 2 else 'and'} {known[-1]}.")
    if not chosen:
        raise ValueError(f"Name at least one patient of the study {study!r}, or leave patients out to take them all.")
    made = [one_patient(seed, STUDIES[study], size, SCANNERS[scanner], dose) for seed in chosen]
    stacked = {name: np.concatenate([part[name] for part in made]) for name in made[0]}
    return stacked | {"spacing": np.float64(SCANNERS[scanner].fov / size), "darkest": np.float32(DARKEST),
                      "step": np.float32(STEP), "label_names": np.array(LABELS)}


def one_patient(seed, study, size, scanner, dose):
    """All slices of one patient: the entries of `make` except spacing."""
    patient, ill, levels = study.build(seed)
    at = lambda pixels: [patient.slice(z, pixels, field=scanner.fov) for z in levels]                   # noqa: E731
    cuts = at(size)
    fine = cuts if study.finer == 1 else at(size * study.finer)
    part = 0 if dose in (None, np.inf) else round(1000 * dose)         # another dose is another scan: its own noise
    seeds = [(seed, place, ord(scanner.name[0]), part) for place in range(len(levels))]
    measured = scan(np.stack([cut.hu for cut in fine]), scanner.fov / (size * study.finer), scanner, dose=dose,
                    seeds=seeds)
    measured = measured.reshape(len(levels), size, study.finer, size, study.finer).mean(axis=(2, 4))
    grey = np.clip(np.round((measured - DARKEST) / STEP), 0, 255).astype(np.uint8)
    count = len(levels)
    return dict(
        grey=grey, labels=np.stack([cut.labels for cut in cuts]), nodules=np.stack([cut.nodules for cut in cuts]),
        patients=np.full(count, seed, np.int16), z=np.asarray(levels, np.float32),
        female=np.full(count, patient.body.sex == "female"), ill=np.full(count, ill),
        phase=np.full(count, patient.phase, "U9"))

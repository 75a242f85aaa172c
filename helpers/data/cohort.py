"""The simulated chest-CT studies that ship with the course, with patient numbers, and ways to split them."""
import io
import warnings
from dataclasses import dataclass, replace
from itertools import pairwise
from numbers import Real
from pathlib import Path

import numpy as np

from helpers.data.scans import Scan

FOLDER = Path(__file__).resolve().parents[2] / "data"
PER_SLICE = ("hu", "labels", "nodules", "patients", "z", "female", "ill", "phase")


class LeakWarning(UserWarning):
    """Slices of one patient lie on both sides of a split."""


@dataclass(frozen=True)
class Cohort:
    """Slices of simulated patients: N arrays in step, one entry per slice.

    hu : float32 (N, H, W), in steps of 8 HU from -1000 to 1040; what is darker or brighter is cut off.
    labels : uint8 (N, H, W), indices of label_names.  nodules : bool (N, H, W), True inside a lung nodule.
    patients : int (N,), whose slice it is.  z : float (N,), mm below the first rib.
    female, ill : bool (N,).  phase : text (N,), contrast in the blood.
    spacing : mm between rows and between columns.  source : what it is, in words.
    """

    hu: np.ndarray
    labels: np.ndarray
    nodules: np.ndarray
    patients: np.ndarray
    z: np.ndarray
    female: np.ndarray
    ill: np.ndarray
    phase: np.ndarray
    label_names: tuple
    spacing: tuple
    source: str

    def __len__(self):
        return len(self.hu)

    def __repr__(self):
        return f"Cohort({len(self)} slices of {len(np.unique(self.patients))} patients; {self.source})"

    def take(self, chosen):
        """The cohort of some slices only; chosen : indices or a bool for each slice."""
        return replace(self, **{name: getattr(self, name)[chosen] for name in PER_SLICE})

    def crop(self, rows, columns):
        """The same slices, cut to some rows and columns; each : (first, the one behind the last).

        Raises ValueError for a part that is empty or reaches beyond the slices.
        """
        for name, (first, end), side in zip(("rows", "columns"), (rows, columns), self.hu.shape[1:], strict=True):
            if not 0 <= first < end <= side:
                raise ValueError(f"{name} must lie between 0 and {side}, the first before the end, not {(first, end)}.")
        part = (slice(None), slice(*rows), slice(*columns))
        return replace(self, **{name: getattr(self, name)[part] for name in ("hu", "labels", "nodules")})

    def stacked(self):
        """The slices of each patient as one volume, from the feet to the head; shorter ones end in air.

        Returns hu, float32 (P, D, H, W), labels, uint8 of the same shape, and the patients, (P,).  D is that of the
        tallest; what is added has -1000 HU and label 0.
        """
        patients = np.unique(self.patients)
        rows = [np.flatnonzero(self.patients == patient) for patient in patients]
        rows = [each[np.argsort(-self.z[each], kind="stable")] for each in rows]
        shape = (len(patients), max(map(len, rows), default=0), *self.hu.shape[1:])
        hu, labels = np.full(shape, -1000, np.float32), np.zeros(shape, np.uint8)
        for place, each in enumerate(rows):
            hu[place, :len(each)], labels[place, :len(each)] = self.hu[each], self.labels[each]
        return hu, labels, patients


def load_cohort(size=64, study="organs", scanner="A", dose=1.0):
    """Simulated chest-CT slices with organ labels, nodules and patient numbers, from the files that ship.

    size : pixels a side, 64, 96 or 128; 32 for volumes.
    study : "organs" (8 slices of each patient), "volumes" (the same patients every 12 mm), "nodules" (slices with and
    without a large nodule), "density" (every second patient has slightly less dense lungs) or "chests" (all slices of
    two patients).
    scanner : "A", or "B" with other dose, kernel and field of view.  dose : 1.0, 0.5, 0.1 or 0.01.
    Returns a Cohort.  Raises ValueError for a combination that does not ship, naming those that do.
    All of it is simulated by helpers.ct; data/README.md says how, and what it may be used for.
    """
    file = FOLDER / file_name(study, size, scanner, dose)
    if not file.exists():
        ships = ", ".join(sorted(path.stem.removeprefix("simulated_") for path in FOLDER.glob("simulated_*.npz")))
        raise ValueError(f"There is no {file.stem.removeprefix('simulated_')} among the studies that ship ({ships}): "
                         "choose one of them, or simulate another with helpers.ct.make.")
    with np.load(file) as stored:
        entries = {name: stored[name] for name in stored.files}
    grey = unpack(entries.pop("png"), size).astype(np.float32)
    entries["hu"] = grey * entries.pop("step") + entries.pop("darkest")
    entries["label_names"] = tuple(entries["label_names"].tolist())
    spacing = (float(entries.pop("spacing")),) * 2
    source = f"simulated chest CT, study {study!r}, scanner {scanner}, dose {dose:g}"
    return Cohort(**entries, spacing=spacing, source=source)


def file_name(study, size, scanner, dose):
    """Name of the file that holds a study."""
    return f"simulated_{study}_{size}_{scanner}{'' if dose == 1 else f'_dose{dose:g}'}.npz"


def pack(grey):
    """Grey levels uint8 (N, H, W) as the bytes of one tall PNG picture, a fifth smaller than deflate alone."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(grey.reshape(-1, grey.shape[-1])).save(file, "PNG", optimize=True)
    return np.frombuffer(file.getvalue(), np.uint8)


def unpack(png, size):
    """The inverse of pack: uint8 (N, size, size)."""
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(png.tobytes()))).reshape(-1, size, size)


def load_chest(patient=3010):
    """A simulated chest of one patient, every 3 mm, as the volume viewers want it: from feet to head.

    patient : 3010, a man with contrast in the arteries, or 3004, a woman without; both have two nodules.
    Returns a Scan of shape (D, 128, 128) in HU with spacing (slice, row, column) in mm.
    Raises ValueError for another patient.
    """
    cohort = load_cohort(128, "chests")
    known = sorted({int(number) for number in cohort.patients})
    if patient not in known:
        raise ValueError(f"There is no volume of patient {patient}; choose {' or '.join(map(str, known))}.")
    cohort = cohort.take(cohort.patients == patient)
    thickness = float(round(np.diff(cohort.z).mean().item(), 3))
    return Scan(cohort.hu, (abs(thickness), *cohort.spacing), "HU", f"patient {patient}, {cohort.source}")


def split_by_patient(patients, *parts, seed=0):
    """Indices of the slices in each part, no patient in two of them.

    patients : (N,), whose slice each is, numbers or text.  parts : shares that add up to 1 at most, or collections of
    patients.
    seed : which patients are drawn, for shares.
    Returns one sorted index array per part.  Raises ValueError when a patient is in two parts, is unknown, or a part
    would be empty.

    >>> [part.tolist() for part in split_by_patient([7, 7, 8, 8, 9], [7, 9], [8])]
    [[0, 1, 4], [2, 3]]
    """
    patients = np.asarray(patients)
    known = np.unique(patients)
    shares = [np.isscalar(part) for part in parts]
    if any(shares) and not all(shares):
        raise ValueError("Give a share for every part or a collection of patients for every part, not a mixture.")
    if all(shares):
        order = np.random.default_rng(seed).permutation(known)
        parts = [order[first:last] for first, last in _bounds(parts, len(order), "patients")]
    _check_apart(parts, set(known.tolist()))
    return tuple(np.flatnonzero(np.isin(patients, list(part))) for part in parts)


def split_by_slice(patients, *shares, seed=0):
    """The wrong split, to show what it does: slices are drawn without asking whose they are.

    patients : (N,).  shares : numbers that add up to 1 at most.  Returns one sorted index array per part.
    Warns with LeakWarning how many patients lie on both sides; raises ValueError for an empty part.
    """
    patients = np.asarray(patients)
    order = np.random.default_rng(seed).permutation(len(patients))
    parts = tuple(np.sort(order[first:last]) for first, last in _bounds(shares, len(order), "slices"))
    counts = sum(np.isin(np.unique(patients), patients[part]).astype(int) for part in parts)
    if (counts > 1).any():
        warnings.warn(f"{(counts > 1).sum()} of {(counts > 0).sum()} patients have slices in more than one part, so a "
                      "test would ask about patients that were learned by heart. Use split_by_patient.", LeakWarning, 2)
    return parts


def _bounds(shares, count, what):
    """First and last place of each share among `count` things."""
    if not shares or not all(isinstance(share, Real) and share > 0 for share in shares) or sum(shares) > 1 + 1e-9:
        raise ValueError(f"Give shares above 0 that add up to 1 at most, not {shares}.")
    ends = np.round(np.cumsum([0, *shares]) * count).astype(int).tolist()
    if any(first == last for first, last in pairwise(ends)):
        raise ValueError(f"{count} {what} are too few for the shares {shares}: a part would be empty.")
    return list(pairwise(ends))


def _check_apart(parts, known):
    """Raises ValueError for a patient in two parts or in none of the data, or a part without patients."""
    seen = {}
    for number, part in enumerate(parts, start=1):
        if not len(part):
            raise ValueError(f"Part {number} has no patients.")
        for patient in dict.fromkeys(part):
            if patient not in known:
                raise ValueError(f"Patient {patient} of part {number} is not among the patients.")
            if patient in seen:
                raise ValueError(f"Patient {patient} is in part {seen[patient]} and in part {number}: what is tested "
                                 "there was learned here. Take the patient out of one of them.")
            seen[patient] = number

"""Images to learn from: real ones (`scans`), one real brain bent (`brains`), simulated patients (`cohort`) and what you
may bring (`downloads`).
"""
from helpers.data.brains import TISSUES, Brains, deformed_brains
from helpers.data.cohort import Cohort, LeakWarning, load_chest, load_cohort, split_by_patient, split_by_slice
from helpers.data.downloads import MedMNIST, load_idx, load_medmnist, load_mnist
from helpers.data.scans import (
    CT_FILES,
    WINDOWS,
    Scan,
    brain_file,
    load_brain,
    load_ct,
    load_digits,
    load_fundus,
    load_histology,
    to_hu,
    window,
)

__all__ = ["CT_FILES", "TISSUES", "WINDOWS", "Brains", "Cohort", "LeakWarning", "MedMNIST", "Scan", "brain_file",
           "deformed_brains", "load_brain", "load_chest", "load_cohort", "load_ct", "load_digits", "load_fundus",
           "load_histology", "load_idx", "load_medmnist", "load_mnist", "split_by_patient", "split_by_slice", "to_hu",
           "window"]

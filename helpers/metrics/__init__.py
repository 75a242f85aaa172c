"""How good is a classifier: four counts and what is made of them, rankings, intervals. Arrays in, numbers out."""
from helpers.metrics.classification import MEASURES, Confusion, confusion
from helpers.metrics.intervals import Interval, bootstrap_by_patient, standard_error, wilson
from helpers.metrics.prevalence import expected_counts, npv, ppv
from helpers.metrics.ranking import auc, roc, threshold_at_sensitivity, youden

__all__ = ["MEASURES", "Confusion", "Interval", "auc", "bootstrap_by_patient", "confusion", "expected_counts", "npv",
           "ppv", "roc", "standard_error", "threshold_at_sensitivity", "wilson", "youden"]

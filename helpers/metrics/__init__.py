"""How good is a classifier: four counts and what is made of them, rankings, intervals. How good is a mask: overlap and
surfaces. How good is a heat map: where it points. Arrays in, numbers out.
"""
from helpers.metrics.classification import MEASURES, Confusion, confusion
from helpers.metrics.heatmaps import chance_level, energy_in_mask, pointing_game, rank_correlation
from helpers.metrics.intervals import Interval, bootstrap_by_patient, standard_error, wilson
from helpers.metrics.masks import boundary_iou, dice, iou, per_patient
from helpers.metrics.prevalence import expected_counts, npv, ppv
from helpers.metrics.ranking import auc, roc, threshold_at_sensitivity, youden
from helpers.metrics.surfaces import average_surface_distance, hausdorff, surface_dice

__all__ = ["MEASURES", "Confusion", "Interval", "auc", "average_surface_distance", "bootstrap_by_patient",
           "boundary_iou", "chance_level", "confusion", "dice", "energy_in_mask", "expected_counts", "hausdorff", "iou",
           "npv", "per_patient", "pointing_game", "ppv", "rank_correlation", "roc", "standard_error", "surface_dice",
           "threshold_at_sensitivity", "wilson", "youden"]

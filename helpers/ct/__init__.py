"""A simulated chest CT: patients with known anatomy, scanners with known dose, and studies made with both.

Everything here is simulated. Read ``patient`` first (what is drawn), then ``render`` (how a slice is painted) and
``scanner`` (what a scanner makes of it).
"""
from helpers.ct.patient import Nodule, Patient, Truth
from helpers.ct.render import LABELS
from helpers.ct.scanner import SCANNERS, Scanner, attenuation, back_project, project, scan, to_hu, views
from helpers.ct.studies import STUDIES, Study, make

__all__ = ["LABELS", "SCANNERS", "STUDIES", "Nodule", "Patient", "Scanner", "Study", "Truth", "attenuation",
           "back_project", "make", "project", "scan", "to_hu", "views"]

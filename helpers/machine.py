"""Is this computer ready for the course? Versions, processor cores, memory, and the signs that figures use."""
import importlib.metadata
import os
import re
import sys
from dataclasses import dataclass

import psutil
import torch
from matplotlib import font_manager, ft2font
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from helpers import tables

COURSE = "dl-medical-images"
GIGABYTES = 1.5                                                     # the most that a lecture takes
SIGNS = "−×·≈≤≥→°²³µαλσΔ½✓✗◐●○"                                      # in figures and tables, beyond letters
HEADINGS = ("what", "needed", "found", "verdict")
SIDES = ("left",) * 4


@dataclass(frozen=True)
class Row:
    """One thing that the course needs: name, what is needed, what was found, whether that will do, and what to do."""

    name: str
    needed: str
    found: str
    ready: bool
    advice: str = ""

    def cells(self):
        return self.name, self.needed, self.found, "✓ ready" if self.ready else f"✗ {self.advice}"


@dataclass(frozen=True)
class Report:
    """All rows, as text and as HTML."""

    rows: tuple

    @property
    def ready(self):
        return all(row.ready for row in self.rows)

    @property
    def verdict(self):
        return "Everything is ready." if self.ready else "See the lines with ✗: the last column says what to do."

    def cells(self):
        return [HEADINGS, *(row.cells() for row in self.rows)]

    def __repr__(self):
        return f"{tables.as_text(self.cells(), SIDES)}\n{self.verdict}"

    def _repr_html_(self):
        return f"{tables.as_html(self.cells(), SIDES)}<p><b>{self.verdict}</b></p>"


def report():
    """Everything the course needs beside what this computer has: a Report, which Jupyter shows as a table."""
    return Report((python(), *packages(), cores(), memory(), fonts()))


def python():
    """The Row of the Python version."""
    needed = importlib.metadata.metadata(COURSE)["Requires-Python"]
    found = ".".join(map(str, sys.version_info[:3]))
    return Row("Python", needed, found, found in SpecifierSet(needed), "install a newer Python")


def packages():
    """A Row for each package that the course depends on."""
    wanted = map(Requirement, importlib.metadata.requires(COURSE))
    return [package(item) for item in wanted if item.marker is None or item.marker.evaluate({"extra": ""})]


def package(requirement):
    """The Row of one package, given as a packaging.Requirement."""
    try:
        found = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        found = ""
    ready = bool(found) and requirement.specifier.contains(found, prereleases=True)
    return Row(requirement.name, str(requirement.specifier), found or "missing", ready,
               "close Jupyter and run python3 course.py lab, which installs it")


def cores():
    """The Row of processor cores: one will do."""
    return Row("processor", "1 core", f"{os.cpu_count()} cores, of which PyTorch uses {torch.get_num_threads()}", True)


def memory():
    """The Row of free memory."""
    free = psutil.virtual_memory().available / 1e9
    advice = "close other programs or notebooks"
    return Row("free memory", f"{GIGABYTES} GB", f"{free:.1f} GB", free >= GIGABYTES, advice)


def fonts():
    """The Row of the signs that figures use, looked up in matplotlib's font."""
    font = ft2font.FT2Font(font_manager.findfont(font_manager.FontProperties()))
    missing = [sign for sign in SIGNS if not font.get_char_index(ord(sign))]
    name = re.sub(r"\W+", " ", font.family_name)
    return Row("signs in figures", SIGNS, f"{name} lacks {''.join(missing)}" if missing else f"all in {name}",
               not missing, "reset matplotlib's font.family")

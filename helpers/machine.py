"""Is this computer ready for the course? Versions, processor cores, memory, and the signs that figures use.

Only Python's own library is imported here, the rest where it is looked at: a package that is missing or broken gets a
line with ✗, and the others theirs.
"""
import importlib.metadata
import os
import re
import sys
from dataclasses import dataclass

from helpers import tables

COURSE = "dl-medical-images"
GIGABYTES = 1.5                                                     # the most that a lecture takes
SIGNS = "−×·≈≤≥→°²³µαλσΔ½✓✗◐●○"                                      # in figures and tables, beyond letters
HEADINGS = ("what", "needed", "found", "verdict")
SIDES = ("left",) * 4
INSTALL = "close Jupyter and run python3 course.py lab, which installs it"
AFRESH = "close Jupyter, delete the folder .venv and run python3 course.py lab"
FONT = "remove font.family from your matplotlibrc: figures then use DejaVu Sans"
LONGEST = 80                                                        # letters of an error in the table


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
        return "Everything is ready." if self.ready else "Not ready: the lines with ✗, at the top, say what to do."

    def cells(self):
        """The headings, the rows that are not ready, and all others."""
        return [HEADINGS, *(row.cells() for row in sorted(self.rows, key=lambda row: row.ready))]

    def __repr__(self):
        return f"{tables.as_text(self.cells(), SIDES)}\n{self.verdict}"

    def _repr_html_(self):
        return f"{tables.as_html(self.cells(), SIDES)}<p><b>{self.verdict}</b></p>"


def report():
    """Everything the course needs beside what this computer has: a Report, which Jupyter shows as a table."""
    return Report(tuple(row for look in (python, packages, cores, pytorch, memory, fonts) for row in looked(look)))


def looked(look):
    """The rows of one function below; where it stops, one Row with the reason."""
    try:
        rows = look()
    except Exception as error:  # noqa: BLE001  a broken package may raise anything
        return [Row(look.__name__, "", reason(error), False, AFRESH)]
    return [rows] if isinstance(rows, Row) else rows


def reason(error):
    """An error in one short line."""
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"


def python():
    """The Row of the Python version."""
    from packaging.specifiers import SpecifierSet

    needed = importlib.metadata.metadata(COURSE)["Requires-Python"]
    found = ".".join(map(str, sys.version_info[:3]))
    return Row("Python", needed, found, found in SpecifierSet(needed), "install a newer Python")


def packages():
    """A Row for each package that the course depends on."""
    from packaging.requirements import Requirement

    wanted = map(Requirement, importlib.metadata.requires(COURSE))
    return [package(item) for item in wanted if item.marker is None or item.marker.evaluate({"extra": ""})]


def package(requirement):
    """The Row of one package, given as a packaging.Requirement."""
    try:
        found = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        found = ""
    ready = bool(found) and requirement.specifier.contains(found, prereleases=True)
    return Row(requirement.name, str(requirement.specifier), found or "missing", ready, INSTALL)


def cores():
    """The Row of processor cores: one will do."""
    return Row("processor", "1 core", f"{os.cpu_count()} cores", True)


def pytorch():
    """The Row of a first sum in PyTorch: an installed version may still not start."""
    import torch

    right = torch.ones(2).sum().item() == 2
    return Row("PyTorch computes", "with 1 thread", f"with up to {torch.get_num_threads()}", right, AFRESH)


def memory():
    """The Row of free memory."""
    import psutil

    free = psutil.virtual_memory().available / 1e9
    advice = "close other programs or notebooks"
    return Row("free memory", f"{GIGABYTES} GB", f"{free:.1f} GB", free >= GIGABYTES, advice)


def fonts():
    """The Row of the signs that figures use, looked up in matplotlib's font."""
    from matplotlib import font_manager, ft2font

    wanted = font_manager.FontProperties()
    try:
        font = ft2font.FT2Font(font_manager.findfont(wanted, fallback_to_default=False))
    except ValueError:
        return Row("signs in figures", SIGNS, f"no font {', '.join(wanted.get_family())}", False, FONT)
    missing = [sign for sign in SIGNS if not font.get_char_index(ord(sign))]
    name = re.sub(r"\W+", " ", font.family_name)
    found = f"{name} lacks {''.join(missing)}" if missing else f"all in {name}"
    return Row("signs in figures", SIGNS, found, not missing, FONT)

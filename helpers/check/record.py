"""What was right on this computer, in all labs and sessions: one empty file per exercise, in a folder of the user's.

A lab itself remembers only until its kernel ends. The files lie outside the course, which may be read-only. Where they
cannot be written nothing is remembered, and the overview says why.
"""
import contextlib
import html
import os
from dataclasses import dataclass
from pathlib import Path

from helpers import tables

VARIABLE = "DL_COURSE_HOME"                # environment variable: another folder than ~/.dl-medical-images; "" for none
STATES = ("tried", "right")
HEADINGS = ("Lab", "Right", "Tried", "Exercises", "Next")
SIDES = ("left", "right", "right", "right", "left")


def folder():
    """Where results are kept, as a Path; None where none are."""
    chosen = os.environ.get(VARIABLE, "~/.dl-medical-images")
    if not chosen or os.environ.get("NBGRADER_EXECUTION"):          # a learner's copy, on the instructor's machine
        return None
    with contextlib.suppress(RuntimeError):                         # a user without a home
        return Path(chosen).expanduser() / "exercises"
    return None


def obstacle():
    """Why results cannot be kept, as a sentence; "" where they can, and where nobody wants them kept."""
    place = folder()
    if place is None:
        return ""
    nearest = next(path for path in (place, *place.parents) if os.access(path, os.F_OK))
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return ""
    why = "cannot be written" if nearest.is_dir() else "is a file, not a folder"
    return (f"Your results are not kept: {nearest} {why}. Set the environment variable {VARIABLE} to a folder of your "
            "own before you start Jupyter. All checks work without it.")


def remember(name, outcome):
    """Keep that an exercise was tried, or right; what was right once stays right."""
    place, state = folder(), "right" if outcome == "right" else "tried"
    if place and outcome != "not attempted":
        with contextlib.suppress(OSError):
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{name}.{state}").touch()


def remembered():
    """State by name of the exercise, "tried" or "right"; empty where nothing is kept."""
    found = {}
    for state in STATES:                                                            # the second wins
        with contextlib.suppress(OSError):
            found |= {path.stem: state for path in folder().glob(f"*.{state}")} if folder() else {}
    return found


@dataclass(frozen=True)
class Overview:
    """One row per lab: its title, how many exercises are right, how many tried and not right yet, all, and the next.

    note : a sentence below the table, or "".
    """

    rows: tuple
    note: str = ""

    def cells(self):
        return [HEADINGS, *(tuple(map(str, row)) for row in self.rows)]

    def __repr__(self):
        return tables.as_text(self.cells(), SIDES) + (f"\n{self.note}" if self.note else "")

    def _repr_html_(self):
        note = f"<p>{html.escape(self.note)}</p>" if self.note else ""
        return tables.as_html(self.cells(), SIDES) + note


def overview(labs):
    """The Overview of some labs, from what is remembered."""
    states, rows = remembered(), []
    for lab in labs:
        found = [states.get(exercise.name) for exercise in lab.exercises]
        ahead = next((f"{exercise.title}, {exercise.name}" for exercise, state in zip(lab.exercises, found, strict=True)
                      if state != "right"), "all right")
        rows.append((lab.title, found.count("right"), found.count("tried"), len(found), ahead))
    return Overview(tuple(rows), obstacle())

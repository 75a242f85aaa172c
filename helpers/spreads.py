"""What the lectures' experiments gave for other seeds: measured with `course.py bench seeds --store`, shown as tables.

One run is one draw. `data/spreads.json` holds the results of every experiment that a lecture promises something
about, for several seeds, with one and with two threads.
"""
import html
import json
from functools import cache
from pathlib import Path
from statistics import median

from helpers import tables

ROOT = Path(__file__).resolve().parent.parent
SPREADS_FILE = ROOT / "data" / "spreads.json"
HEAD = ("result", "promised", "least", "median", "most")
SIDES = ("left", "right", "right", "right", "right")


class Table:
    """Rows of an experiment: result, what was promised, least, median and most over all runs."""

    def __init__(self, rows, made):
        self.rows, self.made = rows, made

    def cells(self):
        """Texts, column names first."""
        return [HEAD, *((name, promise(*promised), *map(number, (min(values), median(values), max(values))))
                        for name, promised, values in self.rows)]

    def __repr__(self):
        return f"{tables.as_text(self.cells(), SIDES)}\n{self.made}"

    def _repr_html_(self):
        return (f'{tables.as_html(self.cells(), SIDES, css="ledger spread")}'
                f'<p class="spread" style="font-size:75%">{html.escape(self.made)}</p>')


def table(*names):
    """How the results of experiments scatter over seeds, as stored.

    names : of experiments, for example "nodule-classifier".
    Returns a Table with one row per result; below it stands how it was made.
    Raises ValueError for a name that is not stored, and FileNotFoundError when the file is missing.
    """
    experiments, rows = stored()["experiments"], []
    for name in names:
        if name not in experiments:
            raise ValueError(f"No spread of {name!r} is stored; choose one of {', '.join(sorted(experiments))}.")
        for result, runs in experiments[name]["results"].items():
            values = [value for values in runs.values() for value in values]
            rows.append((result, experiments[name]["promised"].get(result, (None, None)), values))
    return Table(rows, "; ".join(dict.fromkeys(experiments[name]["made"] for name in names)))


@cache
def stored():
    """The file as a dict."""
    if not SPREADS_FILE.exists():
        raise FileNotFoundError("data/spreads.json is missing: restore it with `git checkout data/spreads.json`.")
    return json.loads(SPREADS_FILE.read_text(encoding="utf-8"))


def promise(least, most):
    """A promised range in words; None at an end promises nothing there.

    >>> promise(0.9, None), promise(None, 0.7), promise(0.1, 0.2), promise(1, 1), promise(None, None)
    ('above 0.9', 'below 0.7', '0.1 to 0.2', '1', '')
    """
    if least == most:
        return "" if least is None else f"{least:g}"
    if most is None:
        return f"above {least:g}"
    return f"below {most:g}" if least is None else f"{least:g} to {most:g}"


def number(value):
    """Two decimals, or whole from 10 up.

    >>> number(0.917), number(-0.001), number(19.4)
    ('0.92', '0.00', '19')
    """
    return f"{value:.0f}" if abs(value) >= 10 else f"{round(value, 2) + 0:.2f}"


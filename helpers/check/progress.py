"""The progress table of a lab: what is right, after how many attempts, for how many points."""
import html
from dataclasses import dataclass

from helpers import tables

from .card import LOOKS

UNCHECKED = ("·", "Not checked yet")
CELL = "padding:.2em .8em;text-align:{}"
HEADINGS = ("Exercise", "State", "Attempts", "Points")


@dataclass(frozen=True)
class Row:
    """exercise, state with its icon, number of different answers tried, points earned and possible."""

    exercise: str
    state: str
    attempts: int
    earned: int
    points: int

    def cells(self):
        return self.exercise, self.state, str(self.attempts), f"{self.earned} of {self.points}"


def row(checker):
    """The Row of one check."""
    icon, words = LOOKS[checker.outcome][:2] if checker.outcome in LOOKS else UNCHECKED
    seen = ", solution shown" if checker.revealed else ""
    points = checker.exercise.points
    earned = points if checker.outcome == "right" else 0
    return Row(checker.title, f"{icon} {words}{seen}", checker.attempts, earned, points)


@dataclass(frozen=True)
class Table:
    """The table of one lab, as text and as HTML."""

    title: str
    rows: tuple

    def all_cells(self):
        right = sum(row.earned == row.points for row in self.rows)
        total = Row("Total", f"{right} of {len(self.rows)} right", sum(row.attempts for row in self.rows),
                    sum(row.earned for row in self.rows), sum(row.points for row in self.rows))
        return [row.cells() for row in (*self.rows, total)]

    def __repr__(self):
        return f"{self.title}\n{tables.as_text([HEADINGS, *self.all_cells()], ('left',) * len(HEADINGS))}"

    def _repr_html_(self):
        head = "".join(f'<th scope="col" style="{CELL.format(_side(column))}">{title}</th>'
                       for column, title in enumerate(HEADINGS))
        body = "".join(f"<tr>{_html_cells(cells)}</tr>" for cells in self.all_cells())
        return (f'<table style="border-collapse:collapse"><caption style="text-align:left;font-weight:bold">'
                f"{html.escape(self.title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")


def _html_cells(cells):
    first = f'<th scope="row" style="{CELL.format("left")};font-weight:normal">{html.escape(cells[0])}</th>'
    return first + "".join(f'<td style="{CELL.format(_side(column))}">{html.escape(text)}</td>'
                           for column, text in enumerate(cells[1:], start=1))


def _side(column):
    return "left" if column < 2 else "right"


def table(title, checkers):
    """The Table of a lab."""
    return Table(title, tuple(map(row, checkers)))

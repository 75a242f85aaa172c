"""The course as a static site: lectures and labs as they ran, the errata of the decks, coverage, timings."""
import json
import platform
import re
from datetime import date
from itertools import groupby

import psutil

from helpers import ledger
from publish import coverage, errata, places
from publish.exporter import CourseExporter, in_script, scripts, terms
from publish.lessons import KINDS, plain
from publish.pictures import Folder

MENU = (("Course", "index.html"), ("Errata", "errata.html"), ("Coverage", "coverage.html"), ("Timings", "timings.html"))
PROGRAMS = ("model.js", "film.js", "parts.js", "questions.js", "page.js")
STYLES = ("page.css", "cells.css")
SLOWEST = 3                   # cells named for each notebook


class Site:
    """Writes the pages into a folder.

    lessons : lectures and labs, see lessons.lessons.  runs : the run of each by its name, see run.run; the run of a
    lab is that of its solution, and a lesson without a run keeps stored pictures in place of its explorers.
    """

    def __init__(self, folder, lessons, runs):
        self.folder, self.lessons, self.runs, self.pictures = folder, lessons, runs, Folder(folder)

    def write(self):
        """All pages, programs and pictures."""
        (self.folder / "parts").mkdir(parents=True, exist_ok=True)
        self.save("course.js", scripts(*PROGRAMS))
        self.save("course.css", scripts(*STYLES))
        for lesson in self.lessons:
            self.write_lesson(lesson)
        rows, topics = errata.rows(), places.topics()
        self.write_page("index.html", **self.course_map(rows))
        self.write_page("errata.html", **self.claims(rows))
        self.write_page("coverage.html", **self.coverage(rows, topics))
        self.write_page("timings.html", **self.timings())
        self.write_page("terms.html", **terms())

    def save(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")

    def write_page(self, page, **context):
        exporter = CourseExporter(f"{page}.j2", self.pictures, link=lambda url: url if url.startswith("http") else None)
        self.save(page, exporter.render(f"{page}.j2", root="", **self.around(page), **context))

    def around(self, page):
        """What every page says around its content."""
        return {"page": page, "menu": MENU, "made": date.today().isoformat()}

    def write_lesson(self, lesson):
        """The page of a notebook, and a script for each part that it loads when it comes into sight."""
        stem = lesson.path.stem
        parts = self.runs.get(lesson.name, {}).get("parts", {}) if lesson.kind != "lab" else {}
        exporter = CourseExporter("lesson.html.j2", self.pictures, "../", self.leads_from(lesson))
        page = exporter.export(lesson.notebook, parts, root="../", lesson=lesson, other=self.other(lesson),
                               **self.neighbours(lesson), **self.around(lesson.page))
        for name, content in exporter.parts.items():
            own = name if isinstance(content, str) else f"{stem}-{name}"      # a module's text serves all lectures
            page = page.replace(f'data-part="{name}"', f'data-part="{own}"')
            self.save(f"parts/{own}.js", f"course.receive({json.dumps(own)}, {in_script(json.dumps(content))});\n")
        self.save(lesson.page, page)

    def other(self, lesson):
        """The lab of a lecture, the lecture of a lab, None where there is none."""
        return next((each for each in self.lessons if each.number == lesson.number and each.kind != lesson.kind), None)

    def neighbours(self, lesson):
        """The lesson of the same kind before and after."""
        same = [each for each in self.lessons if each.kind == lesson.kind]
        at = same.index(lesson)
        return {"before": same[at - 1] if at else None, "after": same[at + 1] if at + 1 < len(same) else None}

    def leads_from(self, lesson):
        """A function of an address in a lesson that returns where it leads in the site."""
        def leads(url):
            address, _, cell = url.partition("#")
            target = (lesson.path.parent / address).resolve()
            pages = {each.path: each.page for each in self.lessons}
            if address and target in pages:
                return f"../{pages[target]}" + (f"#{cell.removeprefix('cell-id=')}" if cell else "")
            return url if re.match(r"https?:|#", url) else None

        return leads

    def address(self, place):
        """Where a place in a notebook stands in the site; the lab's page for a cell of its solution; "" for nowhere."""
        lesson = self.lesson_of(place)
        if lesson is None:
            return ""
        return lesson.page + (f"#{place.cell}" if any(cell.id == place.cell for cell in lesson.notebook.cells) else "")

    def heading(self, place):
        """Lecture and idea of a place, such as lecture 3: Filters that people made."""
        lesson, heading = self.lesson_of(place), ""
        for cell in lesson.notebook.cells if lesson else ():
            found = re.match(r"## (?:\d+ · )?(.+)", cell.source)
            heading = f": {plain(found[1])}" if found else heading
            if cell.id == place.cell:
                return lesson_name(place) + heading
        return lesson_name(place)

    def lesson_of(self, place):
        """The lesson that a place is in; of a solution, its lab; None where it has no page."""
        name = place.notebook.replace("solutions/", "")
        return next((lesson for lesson in self.lessons if lesson.name == name), None)

    def course_map(self, rows):
        lectures = [lesson for lesson in self.lessons if lesson.kind == "lecture"]
        return {"pairs": [(lecture, self.other(lecture)) for lecture in lectures], "claims": len(rows),
                "extras": [lesson for lesson in self.lessons if lesson.kind == "extra"],
                "wrong": sum(row.wrong for row in rows), "false": sum(row.claim.verdict == "false" for row in rows)}

    def claims(self, rows):
        """The errata: by deck, first what is wrong."""
        shown = [self.claim(row) for row in rows]
        counts = errata.verdicts(rows)
        decks = [{"key": key, "name": name, "rows": [row for row in shown if row["deck"] == key],
                  "wrong": [row for row in shown if row["deck"] == key and row["wrong"]],
                  "right": [row for row in shown if row["deck"] == key and not row["wrong"]],
                  "counts": [counts[key][verdict] for verdict in ledger.MARKS]} for key, name in ledger.DECKS.items()]
        return {"claims": len(rows), "decks": decks, "key": errata.KEY,
                "verdicts": [f"{mark} {verdict}" for verdict, mark in ledger.MARKS.items()]}

    def claim(self, row):
        entry, (label, computed) = row.claim, row.answer
        found = [{"name": lesson_name(place), "address": self.address(place)} for place in row.places]
        return {"id": entry.id, "deck": entry.deck, "where": entry.where, "statement": entry.statement,
                "wrong": row.wrong, "printed": row.printed, "label": label, "computed": computed, "open": row.open,
                "correction": entry.correction, "verdict": entry.verdict, "mark": ledger.MARKS[entry.verdict],
                "places": found}

    def coverage(self, rows, topics):
        missing = sorted((row for row in rows if not row.places), key=lambda row: row.open)
        opened = [(reason.removeprefix("open: "), [row.claim.id for row in group])
                  for reason, group in groupby(missing, key=lambda row: row.open)]
        entries = [{"id": topic, "name": name, "where": self.heading(place) if place.cell else place.words,
                    "address": self.address(place)} for topic, name, place in topics]
        return {"head": coverage.HEAD, "rows": coverage.coverage().rows(),
                "open": opened, "topics": entries}

    def timings(self):
        rows = [timing(lesson, self.runs[lesson.name]) for lesson in self.lessons if lesson.name in self.runs]
        return {"rows": rows, "machine": f"{platform.system()} {platform.machine()}, {psutil.cpu_count()} cores, "
                                         f"Python {platform.python_version()}, {date.today()}."}


def timing(lesson, run):
    """One line of the timings. The cells of a lab are those of its solution, which has no page."""
    slowest = sorted(run["seconds"].items(), key=lambda item: -item[1])[:SLOWEST]
    solved = ", solved" if lesson.kind == "lab" else ""
    return {"name": lesson.title + solved, "page": lesson.page, "linked": lesson.kind != "lab",
            "start": f"{run['start']:.1f}", "seconds": f"{sum(run['seconds'].values()):.1f}",
            "memory": run["memory"] or "–", "slowest": [(cell, f"{seconds:.1f}") for cell, seconds in slowest]}


def lesson_name(place):
    """Lecture 3, lab 3, or extra, of a place in a notebook."""
    folder, *_, name = place.notebook.split("/")
    return KINDS[folder] + (f" {int(name[:2])}" if name[:2].isdigit() else "")

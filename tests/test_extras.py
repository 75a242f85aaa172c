"""The start notebook and the glossary say what the other notebooks hold; the report and the results they show."""
import importlib.metadata
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import nbformat
import psutil
import pytest
from matplotlib import ft2font
from nbrun import Kernel
from packaging.requirements import Requirement
from publish import lessons

from helpers import check, machine
from helpers.check import record

ROOT = Path(__file__).resolve().parent.parent
START, GLOSSARY, LATER = (ROOT / "extras" / f"{name}.ipynb" for name in ("start_here", "glossary", "later_lectures"))
GENERIC = ("set", "learning")                             # of "test set": the lectures say "test patients"
TERM = re.compile(r"^- \*\*(.+?)\*\*: (.+) \[Lecture (\d)\]\((\S+)#cell-id=(\S+)\)$", re.MULTILINE)
LESSONS = lessons.lessons(ROOT)


def text_of(path):
    return "\n\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)


TERMS = TERM.findall(text_of(GLOSSARY))


# ---- the glossary


def test_every_line_of_the_glossary_is_a_term_with_its_place():
    lines = [line for line in text_of(GLOSSARY).splitlines() if line.startswith("- ")]
    assert len(lines) == len(TERMS) >= 100
    assert f"{len(TERMS)} terms" in text_of(GLOSSARY)
    assert {int(number) for _, _, number, _, _ in TERMS} == {each.number for each in LESSONS if each.kind == "lecture"}


def test_terms_stand_in_alphabetical_order_under_their_letter():
    keys = [re.sub(r"[^a-z ]", "", term.lower()) for term, *_ in TERMS]
    assert keys == sorted(keys) and len(set(keys)) == len(keys)
    for cell in nbformat.read(GLOSSARY, as_version=4).cells[1:]:
        letter = re.match(r"## ([A-Z])\n", cell.source)[1]
        assert {term[0].upper() for term, *_ in TERM.findall(cell.source)} == {letter}


@pytest.mark.parametrize("term, meaning, number, address, cell_id", TERMS, ids=[term for term, *_ in TERMS])
def test_a_term_is_explained_where_its_link_leads(term, meaning, number, address, cell_id):
    path = (GLOSSARY.parent / address).resolve()
    assert path.name.startswith(f"0{number}_")
    cells = nbformat.read(path, as_version=4).cells
    place = next(place for place, cell in enumerate(cells) if cell.id == cell_id)
    around = " ".join(cell.source for cell in cells[place:place + 3]).lower()
    words = re.findall(r"[a-z0-9-]{3,}", re.sub(r" \(.*", "", term).lower())
    assert all(word[:5] in around for word in words if word not in GENERIC), f"{cell_id} does not speak of {term}"
    assert 4 <= len(meaning.split()) <= 45


# ---- the start notebook


@pytest.mark.parametrize("lecture", [each for each in LESSONS if each.kind == "lecture"], ids=lambda each: each.name)
def test_the_map_is_true(lecture):
    row = next(line for line in text_of(START).splitlines() if f"](../{lecture.name})" in line)
    lab = next(each for each in LESSONS if each.kind == "lab" and each.number == lecture.number)
    exercises = len(next(each for each in check.LABS if each.title == f"Lab {lecture.number}").exercises)
    for part in (lecture.title, lecture.question, f"| {lecture.minutes} |",
                 f"[{exercises} exercises](../{lab.name}), {lab.minutes} minutes"):
        assert part in row, f"{part!r} is not in {row!r}"


PAGES = (START, GLOSSARY, LATER, ROOT / "README.md", ROOT / "docs" / "instructors.md", ROOT / "data" / "README.md")


def places_in(path):
    """What a link may name behind its #: the cells of a notebook, the headings of a page as GitHub writes them."""
    if path.suffix == ".ipynb":
        return {f"cell-id={cell.id}" for cell in nbformat.read(path, as_version=4).cells}
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    text = text_of(page) if page.suffix == ".ipynb" else page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, place = target.partition("#")
        aim = (page.parent / path).resolve() if path else page
        assert aim.exists(), target
        assert not place or place in places_in(aim), target


# ---- the report on this computer


def test_this_computer_is_ready_for_the_course():
    report = machine.report()
    assert report.ready, repr(report)
    assert repr(report).endswith("Everything is ready.")
    named = {row.name for row in report.rows}
    assert {"Python", "torch", "numpy", "jupyterlab", "processor", "PyTorch computes", "free memory",
            "signs in figures"} <= named
    assert "pytest" not in named                                                    # learners need no test packages


@pytest.mark.parametrize("line, found", [("torch>=99", importlib.metadata.version("torch")),
                                         ("no-such-package-here>=1", "missing")])
def test_a_package_that_is_old_or_missing_gets_advice(line, found):
    row = machine.package(Requirement(line))
    assert (row.found, row.ready) == (found, False)
    assert row.cells()[3] == "✗ close Jupyter and run python3 course.py lab, which installs it"


def test_little_memory_gets_advice_at_the_top_of_the_table(monkeypatch):
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=0.4e9))
    report = machine.report()
    assert report.cells()[1] == ("free memory", "1.5 GB", "0.4 GB", "✗ close other programs or notebooks")
    assert [row[3] for row in report.cells()[2:]] == ["✓ ready"] * (len(report.rows) - 1)
    assert "the lines with ✗, at the top" in repr(report) and "✗ close other" in report._repr_html_()


def test_a_font_without_the_signs_is_named(monkeypatch):
    poor = SimpleNamespace(family_name="DejaVu Sans", get_char_index=lambda code: int(chr(code) not in "≈◐"))
    monkeypatch.setattr(ft2font, "FT2Font", lambda path: poor)
    assert machine.fonts().found == "DejaVu Sans lacks ≈◐" and not machine.fonts().ready


def test_a_font_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setitem(matplotlib.rcParams, "font.family", ["No Such Font"])
    assert machine.fonts().cells()[2:] == ("no font No Such Font", f"✗ {machine.FONT}")


@pytest.mark.parametrize("module, line", [("torch", "pytorch"), ("psutil", "memory"), ("matplotlib", "fonts"),
                                          ("packaging.requirements", "packages")])
def test_a_package_that_does_not_start_gets_a_line_and_hides_no_other(monkeypatch, module, line):
    monkeypatch.setitem(sys.modules, module, None)
    report = machine.report()
    assert [row.name for row in report.rows if not row.ready] == [line]
    name, _, found, advice = report.cells()[1]
    assert name == line and module in found and len(found) <= machine.LONGEST + 1 and "\n" not in found
    assert advice == "✗ close Jupyter, delete the folder .venv and run python3 course.py lab"
    assert len(report.rows) >= 6


def test_without_the_course_s_own_installation_the_report_says_so(monkeypatch):
    monkeypatch.setattr(machine, "COURSE", "no-such-course-here")
    assert [row.name for row in machine.report().rows if not row.ready] == ["python", "packages"]


def test_the_report_needs_nothing_but_python():
    asked = "import sys; from helpers import machine; print(sorted({'torch', 'numpy', 'psutil'} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"
    cells = [cell for cell in nbformat.read(START, as_version=4).cells if cell.cell_type == "code"]
    assert [cell.source for cell in cells[:2]] == ["from helpers import machine", "machine.report()"]


OLD = """import importlib.metadata as metadata
found = metadata.version
metadata.version = lambda name: "3.9.0" if name == "matplotlib" else found(name)"""


def test_on_a_computer_where_much_is_wrong_the_start_notebook_says_what_and_runs_to_its_end(tmp_path):
    """An old package, a font that is not there, and results that cannot be kept."""
    (tmp_path / "sitecustomize.py").write_text(OLD, encoding="utf-8")
    (tmp_path / "matplotlibrc").write_text("font.family: No Such Font\n", encoding="utf-8")
    hard = {"PYTHONPATH": str(tmp_path), "MATPLOTLIBRC": str(tmp_path / "matplotlibrc"),
            record.VARIABLE: str(tmp_path / "matplotlibrc")}
    said = {}
    with Kernel(START.parent, environment=os.environ | hard) as kernel:
        for cell in nbformat.read(START, as_version=4).cells:
            if cell.cell_type == "code":
                outputs = kernel.run(cell.source).outputs
                assert "error" not in {output.output_type for output in outputs}, cell.id
                assert "stderr" not in {output.get("name") for output in outputs}, cell.id
                said[cell.id] = "".join(output.get("data", {}).get("text/plain", "") for output in outputs).splitlines()
    _, old, font, *ready, verdict = said["installation-report"]
    assert old.split()[:3] == ["matplotlib", ">=3.10", "3.9.0"] and old.endswith(machine.INSTALL)
    assert font.startswith("signs in figures") and font.endswith(machine.FONT)
    assert all(line.endswith("✓ ready") for line in ready) and verdict.startswith("Not ready")
    assert said["progress-table"][-1].startswith(f"Your results are not kept: {tmp_path / 'matplotlibrc'} is a file")


# ---- results that outlive a session


@pytest.fixture
def home(monkeypatch, tmp_path):
    monkeypatch.setenv(record.VARIABLE, str(tmp_path / "results"))
    return tmp_path / "results"


def row(lab):
    return next(line for line in check.overview().rows if line[0] == lab)


def test_what_was_right_is_remembered_and_stays_right(home, capsys):
    assert row("Lab 1") == ("Lab 1", 0, 0, 11, "Exercise 1, to_hu")
    check.to_hu(lambda stored, slope, intercept: stored)
    assert row("Lab 1") == ("Lab 1", 0, 1, 11, "Exercise 1, to_hu")
    check.to_hu(lambda stored, slope, intercept: stored.astype(float) * slope + intercept)
    assert row("Lab 1")[:3] == ("Lab 1", 1, 0) and row("Lab 1")[4].startswith("Exercise 2, ")
    check.to_hu(lambda stored, slope, intercept: stored)
    assert row("Lab 1")[:3] == ("Lab 1", 1, 0)
    assert repr(check.overview()).splitlines()[1].split() == ["Lab", "1", "1", "0", "11", *row("Lab 1")[4].split()]
    assert check.overview()._repr_html_().count("<tr>") == 1 + len(check.LABS)


def test_all_right_says_so(home):
    for exercise in check.LABS[0].exercises:
        record.remember(exercise.name, "right")
    assert row("Lab 1") == ("Lab 1", 11, 0, 11, "all right")


def test_an_answer_that_is_not_written_is_not_counted(home):
    record.remember("to_hu", "not attempted")
    assert record.remembered() == {} and not home.exists()


def test_where_nothing_can_be_written_nothing_fails_and_the_overview_says_why(monkeypatch, tmp_path):
    (tmp_path / "a file").touch()
    monkeypatch.setenv(record.VARIABLE, str(tmp_path / "a file"))
    record.remember("to_hu", "right")
    assert record.remembered() == {}
    note = check.overview().note
    assert note.startswith(f"Your results are not kept: {tmp_path / 'a file'} is a file, not a folder. Set ")
    assert repr(check.overview()).endswith(f"\n{note}") and f"<p>{note}</p>" in check.overview()._repr_html_()


def test_a_home_that_may_not_be_written_is_named(monkeypatch, tmp_path):
    monkeypatch.delenv(record.VARIABLE)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert check.overview().note == ""
    monkeypatch.setattr(record.os, "access", lambda path, mode: mode == os.F_OK and Path(path) == tmp_path)
    assert f"Your results are not kept: {tmp_path} cannot be written. " in check.overview().note


def test_looking_at_the_overview_writes_nothing(home):
    assert check.overview().note == "" and not home.exists()


@pytest.mark.parametrize("name, value", [(record.VARIABLE, ""), ("NBGRADER_EXECUTION", "autograde")])
def test_nothing_is_kept_when_told_so_or_while_nbgrader_grades(home, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    record.remember("to_hu", "right")
    assert record.remembered() == {} and not home.exists() and check.overview().note == ""


def test_results_lie_in_the_users_home_by_default(monkeypatch):
    monkeypatch.delenv(record.VARIABLE)
    assert record.folder() == Path.home() / ".dl-medical-images" / "exercises"


# ---- the instructors' guide

GUIDE = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
PART = re.compile(r"^\| (\d):(\d\d) \| (\d+) \| (.+?) \| (\d):(\d\d) \| (\d+) \|$", re.MULTILINE)


@pytest.mark.parametrize("lecture", [each for each in LESSONS if each.kind == "lecture"], ids=lambda each: each.name)
def test_the_plan_of_a_lecture_is_that_of_its_notes_and_fits_two_hours(lecture):
    section = GUIDE[GUIDE.index(f"### {lecture.title}\n"):].split("\n### ")[0].split("\n## ")[0]
    parts = PART.findall(section)
    note = next(cell.source for cell in lecture.notebook.cells if cell.id == "title-notes")
    plan = re.search(r"minutes[^:]*:\*\* (.+?)\. Restart", note, re.DOTALL)[1].split(" · ")
    assert [name if name == "break" else f"{name} {minutes}" for *_, name, _, _, minutes in parts] == plan
    short = long = 0
    for hours, minutes, lasts, _, all_hours, all_minutes, all_lasts in parts:
        assert (60 * int(hours) + int(minutes), 60 * int(all_hours) + int(all_minutes)) == (short, long)
        assert int(lasts) <= int(all_lasts)
        short, long = short + int(lasts), long + int(all_lasts)
    assert short == 120 and long == int(lecture.minutes) + 10
    assert f"| 2:00 | | end | {long // 60}:{long % 60:02d} | |" in section
    assert "For two hours leave out: " in section


def test_readme_and_guide_say_how_long_the_labs_take():
    minutes = [int(number) for each in LESSONS if each.kind == "lab" for number in each.minutes.split(" to ")]
    for text in (GUIDE, (ROOT / "README.md").read_text(encoding="utf-8")):
        assert f"takes {min(minutes)} to {max(minutes)} minutes" in text


def test_commands_of_the_guide_exist():
    commands = re.findall(r"python3 course\.py (\w+)", GUIDE)
    assert {"lab", "slides", "nbgrader", "bench"} == set(commands)

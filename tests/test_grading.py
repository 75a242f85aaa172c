"""The instructor's way through real nbgrader: release a lab, grade three copies, give feedback."""
import copy
import csv
import json
import re
from pathlib import Path

import grading
import nbformat
import pytest

LAB = "01_pixels_and_tensors"
SOURCE = nbformat.read(grading.ROOT / "labs" / "solutions" / f"{LAB}.ipynb", as_version=4)
STUDENT = grading.ROOT / "labs" / f"{LAB}.ipynb"
SOLVED_BY_HALF = 5                                                              # the first so many exercises


def graded(cell):
    return cell.metadata.get("nbgrader", {})


POINTS = {graded(cell).grade_id: graded(cell).points for cell in SOURCE.cells if graded(cell).get("grade")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder in which lab 1 is released, handed in three times, graded and sent back."""
    folder = tmp_path_factory.mktemp("grading") / "a course"
    try:
        grading.set_up()
    except grading.Failure as failure:
        pytest.skip(str(failure))
    assert grading.main([str(folder), "generate_assignment", LAB]) == 0
    released = nbformat.read(folder / "release" / LAB / f"{LAB}.ipynb", as_version=4)
    for name, answer in {"right": solved, "half": half_solved, "tampered": tampered}.items():
        place = folder / "submitted" / name / LAB
        place.mkdir(parents=True)
        nbformat.write(answer(copy.deepcopy(released)), place / f"{LAB}.ipynb")
    assert grading.main([str(folder), "autograde", LAB]) == 0
    assert grading.main([str(folder), "generate_feedback", LAB]) == 0
    assert grading.main([str(folder), "export"]) == 0
    return folder


def solved(notebook, least=0):
    """Answers from the solution, to all exercises or to the first few."""
    answers = {graded(cell).grade_id: cell.source for cell in SOURCE.cells if graded(cell).get("solution")}
    asked = [cell for cell in notebook.cells if graded(cell).get("solution")]
    for cell in asked[:least or None]:
        cell.source = answers[graded(cell).grade_id]
    return notebook


def half_solved(notebook):
    return solved(notebook, SOLVED_BY_HALF)


def tampered(notebook):
    """No answer, but the checks replaced by a line that says all is well, worth a hundred points each."""
    for cell in notebook.cells:
        if graded(cell).get("grade"):
            cell.source, cell.metadata.nbgrader.points = 'print("right")', 100
            cell.metadata.nbgrader.locked = False
    return notebook


@pytest.fixture(scope="module")
def marks(folder):
    with (folder / "grades.csv").open(newline="", encoding="utf-8") as file:
        return {row["student_id"]: (float(row["score"]), float(row["max_score"]))
                for row in csv.DictReader(file) if row["assignment"] == LAB}


def test_the_release_is_the_student_lab_of_the_course(folder):
    released = json.loads((folder / "release" / LAB / f"{LAB}.ipynb").read_text(encoding="utf-8"))
    ours = json.loads(STUDENT.read_text(encoding="utf-8"))
    texts = [["".join(cell["source"]) for cell in notebook["cells"]] for notebook in (released, ours)]
    assert texts[0] == texts[1]


def test_a_right_copy_gets_all_points(marks):
    assert marks["right"] == (sum(POINTS.values()), sum(POINTS.values()))


def test_a_half_right_copy_gets_the_points_of_that_half(marks):
    assert marks["half"] == (sum(list(POINTS.values())[:SOLVED_BY_HALF]), sum(POINTS.values()))


def test_a_tampered_copy_gets_nothing(marks):
    assert marks["tampered"] == (0, sum(POINTS.values()))


def test_feedback_says_what_the_learner_would_have_read(folder):
    pages = {page.parts[-3]: page.read_text(encoding="utf-8") for page in folder.glob(f"feedback/*/{LAB}/*.html")}
    assert pages.keys() == {"right", "half", "tampered"}
    scores = {name: re.search(r"\(Score: ([\d.]+) / ([\d.]+)\)", page) for name, page in pages.items()}
    assert {name: float(score[1]) for name, score in scores.items()} == {
        "right": sum(POINTS.values()), "half": sum(list(POINTS.values())[:SOLVED_BY_HALF]), "tampered": 0}
    assert "Not written yet" not in pages["right"] and "Not written yet" in pages["half"]


def test_preparing_again_changes_nothing_that_is_there(tmp_path):
    assert grading.prepare(tmp_path) == sorted(path.stem for path in (grading.ROOT / "labs/solutions").glob("*.ipynb"))
    lab = tmp_path / "source" / LAB / f"{LAB}.ipynb"
    lab.write_text("mine", encoding="utf-8")
    (tmp_path / "nbgrader_config.py").write_text("# mine", encoding="utf-8")
    grading.prepare(tmp_path)
    assert lab.read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "nbgrader_config.py").read_text(encoding="utf-8") == "# mine"


@pytest.mark.parametrize("place", [".", "labs", "build/marks"])
def test_marks_do_not_go_into_the_course(place, capsys):
    with pytest.raises(SystemExit):
        grading.main([str(Path(grading.ROOT, place))])
    assert "name a folder of your own, since marks and names go into it" in capsys.readouterr().err

"""Student labs: made from the solutions, gradable, without leaks, and kind to wrong answers in a live kernel."""
import copy
import inspect
import re
from pathlib import Path

import make_labs
import matplotlib.pyplot as plt
import nbformat
import pytest
from nbrun import Kernel
from wrong_answers import ANSWERS
from wrong_bodies import WRONG_BODIES, expected_outcome

from helpers import check
from helpers.check.card import LOOKS

LABS = Path(__file__).resolve().parent.parent / "labs"
PREDICT_FIRST = "predict-first"  # the outputs of such a cell are not stored in a student lab
SOLUTIONS = sorted(LABS.glob("solutions/*.ipynb"))
each_lab = pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def lab_of(path):
    """The lab's exercises: the number in the file name is the number of the lab."""
    return next(lab for lab in check.LABS if lab.title == f"Lab {int(path.name[:2])}")


def grading(cell):
    return cell.metadata.get("nbgrader", {})


def answer_cells(notebook):
    return [cell for cell in notebook.cells if grading(cell).get("solution")]


def check_cells(notebook):
    return [cell for cell in notebook.cells if grading(cell).get("grade")]


def solution_lines(cell):
    """The lines inside the solution regions of a cell, without indentation."""
    regions = re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.source, re.DOTALL)
    return [line.strip() for region in regions for line in region.split("\n") if line.strip()]


def test_every_lab_has_a_solution_and_a_student_copy():
    assert SOLUTIONS and {path.name for path in SOLUTIONS} == {path.name for path in LABS.glob("*.ipynb")}
    assert len(SOLUTIONS) == len(check.LABS)


def test_student_labs_are_up_to_date(capsys):
    assert make_labs.main(["--check"]) == 0, capsys.readouterr().err


@each_lab
def test_student_lab_holds_no_solution(path):
    student = read(LABS / path.name)
    text = "\n".join(cell.source for cell in student.cells)
    assert "BEGIN SOLUTION" not in text
    cells = [cell for cell in answer_cells(read(path)) if cell.cell_type == "code"]
    assert cells and all(make_labs.STUB.split("\n")[1] in cell.source for cell in answer_cells(student))
    for cell in cells:
        copy_of_it = next(other for other in student.cells if other.id == cell.id)
        lines = solution_lines(cell)
        assert lines and not [line for line in lines if line in copy_of_it.source], cell.id


@each_lab
def test_nbgrader_metadata(path):
    marks = [grading(cell) for cell in read(path).cells if grading(cell)]
    ids = [mark["grade_id"] for mark in marks]
    assert len(set(ids)) == len(ids)
    for mark in marks:
        assert re.fullmatch(r"[\w-]+", mark["grade_id"]) and mark["schema_version"] == 3
        assert {"grade", "solution", "locked", "task"} <= mark.keys()
        assert not mark["grade"] or (mark["points"] > 0 and mark["locked"])


@each_lab
def test_cells_and_checks_belong_together(path):
    exercises, notebook = lab_of(path).exercises, read(path)
    answers, checks = answer_cells(notebook), check_cells(notebook)
    assert len(answers) == len(checks) == len(exercises) >= 8
    for exercise, answer, checking in zip(exercises, answers, checks, strict=True):
        assert checking.source == f"check.{exercise.name}({exercise.name})"
        assert grading(checking)["points"] == exercise.points
        assert f"def {exercise.name}{inspect.signature(exercise.reference)}:" in answer.source
        assert notebook.cells.index(checking) == notebook.cells.index(answer) + 2, "one line of prose between them"
        assert f"check.{exercise.name}.hint()" in notebook.cells[notebook.cells.index(checking) - 1].source
        assert any(f"check.{exercise.name}.use({exercise.name})" in cell.source for cell in notebook.cells)
        heading = exercise.title.replace("Exercise", "## Exercise") + " ·"
        assert any(heading in cell.source for cell in notebook.cells), heading


@each_lab
def test_wrong_answers_never_stop_the_lab_and_never_pass(path):
    exercises, solution = lab_of(path).exercises, read(path)
    setup = next(cell for cell in solution.cells if cell.cell_type == "code")
    with Kernel(path.parent) as kernel:
        assert not errors(kernel.run(setup.source))
        for body, code in WRONG_BODIES.items():
            for exercise, cell in zip(exercises, answer_cells(solution), strict=True):
                answer = make_labs.blank(cell.source, code)
                ran = kernel.run(f"{answer}\n\ncheck.{exercise.name}({exercise.name})")
                text, where = shown(ran), f"{exercise.name}, {body}"
                assert not errors(ran), f"{where}: {text}"
                assert LOOKS[expected_outcome(body)][1] in text and "Traceback" not in text, where
                assert "of your cell: `" in text or expected_outcome(body) != "crashed", where
        assert "0 of " in shown(kernel.run("check.progress()")).splitlines()[-1]


@each_lab
def test_a_question_is_not_answered_by_the_code_below_it(path):
    """A prediction asked for just above a cell: the cell is tagged, and its alt text holds no number of its own."""
    cells, asked, tagged = read(path).cells, False, set()
    for cell in cells:
        if cell.cell_type == "markdown":
            asked = asked or bool(re.search(r"Predict|Before you run|what is left of", cell.source))
        elif re.fullmatch(r"ex\d+-(see|alone)", cell.id) and asked:
            assert PREDICT_FIRST in cell.metadata.get("tags", []), cell.id
            alt = cell.source.partition("show.figure(")[2]
            assert not re.search(r"\d+ (GiB|million)|\d\.\d{2}|vanish|gone|vessel", alt), cell.id
            tagged.add(cell.id)
            asked = False
    assert len(tagged) >= 3


@each_lab
def test_every_think_question_has_an_answer_in_a_fold(path):
    thinks = [cell for cell in read(path).cells if cell.source.startswith("**Think.**")]
    assert len(thinks) == len(lab_of(path).exercises)
    for cell in thinks:
        question, fold = cell.source.split("\n\n<details><summary>Answer</summary>\n\n")
        assert question.endswith("?") and fold.endswith("\n\n</details>") and len(fold.split()) > 10, cell.id


@each_lab
def test_see_cells_stand_alone_and_take_every_right_answer(path, capsys):
    """Each exercise is shown in a namespace that knows the set-up and this exercise, and nothing else.

    The set-up may go on later in a lab, as where a network is trained: cells whose names begin with `setup-`.
    """
    notebook, lab = read(path), lab_of(path)
    setup = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and re.fullmatch(r"setup(-\w+)*", cell.id):
            assert not re.search(r"\bcheck\.", cell.source), f"{cell.id} needs an exercise"
            exec(compile(cell.source, cell.id, "exec"), setup)  # noqa: S102
    for number, exercise in enumerate(lab.exercises, start=1):
        others = answer_cells(notebook) + check_cells(notebook)
        shown_cells = [cell for cell in notebook.cells if cell.id.startswith(f"ex{number}-")
                       and cell.cell_type == "code" and cell not in others]
        for answer in (exercise.reference, *ANSWERS[lab.title].RIGHT[exercise.name]):
            checker = check.CHECKERS[exercise.name]
            checker.forget()
            checker(answer)
            names = setup | {exercise.name: answer}
            for cell in shown_cells:
                exec(compile(cell.source, cell.id, "exec"), names)  # noqa: S102
            assert f"With your {exercise.name}." in capsys.readouterr().out
            checker.forget()
            plt.close("all")


def errors(cell):
    return [output for output in cell.outputs if output.output_type == "error"]


def shown(cell):
    """The text of a cell's outputs."""
    return "\n".join(output.get("text") or output.get("data", {}).get("text/plain") or output.get("evalue", "")
                     for output in cell.outputs)


# the generator -------------------------------------------------------------------------------------------------

@pytest.fixture
def folder(tmp_path):
    """A lab of four cells: text, answer, instructor's note, code."""
    def mark(cell, name, **settings):
        settings = {"grade": False, "solution": False, "locked": False, "task": False} | settings
        cell.metadata["nbgrader"] = {"grade_id": name, "schema_version": 3, **settings}
        cell.id = name
        return cell

    code, text = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    answer = "def one():\n    two = 2\n    ### BEGIN SOLUTION\n    return two - 1\n    ### END SOLUTION"
    note = code("print('for the instructor')", id="note", metadata={"tags": ["instructor"]})
    notebook = nbformat.v4.new_notebook(cells=[
        mark(text("# A lab"), "title", locked=True), mark(code(answer), "answer", solution=True), note,
        mark(code("print(1)"), "seen", locked=True)])
    notebook.cells[-1].outputs = [nbformat.v4.new_output("stream", text="solved\n")]
    notebook.metadata["course"] = {"outputs_of": "the solution"}
    (tmp_path / "solutions").mkdir()
    nbformat.write(notebook, tmp_path / "solutions" / "01_lab.ipynb")
    return tmp_path


def make(folder, *arguments):
    return make_labs.main(["--labs", str(folder), *arguments])


def test_the_generator_blanks_solutions_and_drops_notes_and_outputs(folder):
    assert make(folder, "--check") == 1
    assert make(folder) == 0 and make(folder, "--check") == 0
    student = read(folder / "01_lab.ipynb")
    assert [cell.id for cell in student.cells] == ["title", "answer", "seen"]
    assert student.cells[1].source == "def one():\n    two = 2\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    assert student.cells[0].metadata["editable"] is False and "editable" not in student.cells[1].metadata
    assert student.cells[2].outputs == [] and "course" not in student.metadata


def test_the_generator_keeps_outputs_of_unchanged_code_only(folder):
    make(folder)
    student = read(folder / "01_lab.ipynb")
    student.cells[2].outputs = [nbformat.v4.new_output("stream", text="unfinished\n")]
    student.cells[2].execution_count = 2
    student.metadata["course"] = {"outputs_of": "the student's copy"}
    (folder / "01_lab.ipynb").write_text(nbformat.writes(student) + "\n", encoding="utf-8")
    assert make(folder, "--check") == 0 and make(folder) == 0
    assert read(folder / "01_lab.ipynb") == student
    solution = read(folder / "solutions" / "01_lab.ipynb")
    solution.cells[3].source = "print(2)"
    nbformat.write(solution, folder / "solutions" / "01_lab.ipynb")
    assert make(folder, "--check") == 1 and make(folder) == 0
    assert read(folder / "01_lab.ipynb").cells[2].outputs == []


def test_a_solution_outside_an_answer_cell_is_refused(folder):
    path = folder / "solutions" / "01_lab.ipynb"
    solution = read(path)
    wrong = copy.deepcopy(solution)
    wrong.cells[1].metadata["nbgrader"]["solution"] = False
    with pytest.raises(ValueError, match="Cell answer has a solution region"):
        make_labs.student(wrong)


def test_a_cell_without_region_is_all_solution():
    assert make_labs.blank("some words", make_labs.TEXT_STUB) == "YOUR ANSWER HERE"

"""Predictions and recall questions."""
import re
from pathlib import Path

import nbformat
import pytest

from helpers import quiz

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("lectures", "labs", "labs/solutions")
LECTURES, LABS, SOLUTIONS = (sorted((ROOT / folder).glob("*.ipynb")) for folder in FOLDERS)


@pytest.fixture(autouse=True)
def forget(monkeypatch):
    monkeypatch.setattr(quiz, "_chosen", {})
    monkeypatch.setattr(quiz, "_asked", {})


def test_a_prediction_is_kept_and_held_against_the_computed_value():
    question = quiz.predict("Rows out?", options=[12, 13, 14])
    assert repr(quiz.reveal(14)) == "Computed: 14."
    question.choice.value = "13"
    assert "Noted" in question.reply.value
    assert repr(quiz.reveal(14)) == "Computed: 14. You predicted 13: what did you assume?"
    question.choice.value = "14"
    assert repr(quiz.reveal(14)) == "Computed: 14, as you predicted."


def test_a_reveal_that_runs_again_answers_its_own_question():
    """An instructor runs all cells, asks the room, and runs one reveal again."""
    spots = quiz.predict("How many spots?", options=[1, 2, 3, 4])
    cells = quiz.predict("How many cells differ?", options=[0, 1, 4, 20])
    quiz.predict("Which colour?", options=["red", "green"])
    spots.choice.value, cells.choice.value = "2", "20"
    quiz.predict("How many spots?", options=[1, 2, 3, 4])
    assert repr(quiz.reveal(2)) == "Computed: 2, as you predicted."
    assert repr(quiz.reveal(4)) == "Computed: 4. You predicted 20: what did you assume?"


def test_a_value_that_no_option_offers_says_so():
    quiz.predict("Rows out?", options=[12, 13])
    assert repr(quiz.reveal(99)) == "Computed: 99, which was not among the options."


def test_running_the_cell_again_keeps_the_answer():
    quiz.predict("Rows out?", options=[12, 13]).choice.value = "12"
    assert quiz.predict("Rows out?", options=[12, 13]).choice.value == "12"
    assert quiz.predict("Rows out?", options=[7, 8]).choice.value is None


def test_nothing_is_chosen_at_first_and_the_stored_form_is_text():
    question = quiz.predict("Rows out?", options=["a < b", "c"])
    bundle = question._repr_mimebundle_()
    assert question.choice.value is None
    assert bundle["text/plain"] == "Predict. Rows out?\n( ) a < b\n( ) c"
    assert "a &lt; b" in bundle["text/html"]


@pytest.mark.parametrize("options", [[], ["one"], ["same", "same"]])
def test_a_prediction_needs_a_choice(options):
    with pytest.raises(ValueError, match="at least two options"):
        quiz.predict("?", options)


def test_reveal_before_any_question_says_what_to_do():
    with pytest.raises(RuntimeError, match="run the cell with quiz.predict first"):
        quiz.reveal(1)


@pytest.mark.parametrize("topic", quiz.questions())
def test_every_recall_question_is_answerable_and_explained(topic):
    recall = quiz.recall(topic)
    assert len(recall.children) == 3
    for entry, question in zip(quiz.questions()[topic], recall.children, strict=True):
        assert entry["options"].count(entry["answer"]) == 1 and len(entry["options"]) >= 3
        for option in entry["options"]:
            question.choice.value = option
            assert ("✓ Right." in question.reply.value) == (option == entry["answer"])
            assert "✗" in question.reply.value or option == entry["answer"]
            assert f"Taught in {entry['where']}." in question.reply.value


@pytest.mark.parametrize("path", [*LECTURES, *LABS, *SOLUTIONS], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_each_recall_question_links_to_where_its_answer_was_taught(path):
    cells = nbformat.read(path, as_version=4).cells
    at = next(place for place, cell in enumerate(cells) if cell.source.startswith("quiz.recall("))
    topic = re.fullmatch(r'quiz\.recall\("(.+)"\)', cells[at].source)[1]
    links = re.findall(r"(\d): \[(.+?)\]\((.+?)#cell-id=(.+?)\)", cells[at + 1].source)
    assert [int(number) for number, *_ in links] == [1, 2, 3]
    for (_, named, file, cell_id), entry in zip(links, quiz.questions()[topic], strict=True):
        assert named == entry["where"]
        assert place_taught((path.parent / file).resolve(), cell_id) == entry["where"], entry["question"]


def place_taught(path, cell_id):
    """The part of a lecture or the exercise of a lab that begins with a cell, as recall questions name it."""
    heading = next(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.id == cell_id)
    kind, word, start = ("lecture", "part", "## ") if path in LECTURES else ("lab", "exercise", "## Exercise ")
    assert path in LECTURES + LABS, f"{path} is no page of the course"
    return f"{kind} {int(path.name[:2])}, {word} {re.match(start + r'([0-9]+) · ', heading)[1]}"


def test_the_answer_is_not_in_the_stored_form():
    stored = quiz.recall("lecture 1")._repr_mimebundle_()["text/html"]
    for entry in quiz.questions()["lecture 1"]:
        assert entry["because"] not in stored


def test_an_unknown_topic_names_those_there_are():
    with pytest.raises(KeyError, match="lecture 1"):
        quiz.recall("lecture 99")

"""Rules every stored notebook keeps; nbval then checks that its outputs still come out."""
import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
import refresh
from publish.coverage import coverage
from publish.places import claim_tags

from helpers import ledger

ROOT = Path(__file__).resolve().parent.parent
LECTURES = sorted(ROOT.glob("lectures/*.ipynb"))
LABS = sorted(ROOT.glob("labs/*.ipynb"))
EXTRAS = sorted(ROOT.glob("extras/*.ipynb"))
ALL = refresh.notebooks()
READ = {path: nbformat.read(path, as_version=4) for path in ALL}
SLIDE_TYPES = {"slide", "subslide", "fragment", "skip", "notes", "-"}
FORBIDDEN = {
    r"^from .* import \*": "star import",
    r"\b(requests|urllib|http\.client|socket|pooch)\b": "network",
    r"\binteract(ive|ive_output)?\(": "interact is slow and swallows errors: use an explorer",
    r"clear_output|\bOutput\(": "flickers and swallows errors: use an explorer",
    r"plt\.show\(": "a figure without alt text: use show.figure",
    r"filterwarnings|simplefilter": "silenced warnings",
}


def name(path):
    return path.relative_to(ROOT).as_posix()


each_notebook = pytest.mark.parametrize("path", ALL, ids=name)
each_lecture = pytest.mark.parametrize("path", LECTURES, ids=name)
each_with_claims = pytest.mark.parametrize("path", [*LECTURES, *EXTRAS], ids=name)


def code_cells(path):
    return [cell for cell in READ[path].cells if cell.cell_type == "code"]


def ideas(path):
    """The cells of each numbered idea of a lecture."""
    sections, current = {}, None
    for cell in READ[path].cells:
        heading = re.match(r"## (.+)", cell.source)
        if heading:
            current = heading[1] if re.match(r"\d+ · ", heading[1]) else None
        if current:
            sections.setdefault(current, []).append(cell)
    return sections


def test_there_are_notebooks_to_check():
    assert LECTURES and LABS and EXTRAS and len(ALL) == len(LECTURES) + 2 * len(LABS) + len(EXTRAS)


@each_notebook
def test_stored_outputs_belong_to_the_source(path):
    nbformat.validate(READ[path])
    assert refresh.is_current(path), "run: python3 course.py refresh"
    assert [cell.execution_count for cell in code_cells(path)] == list(range(1, len(code_cells(path)) + 1))


@each_notebook
def test_no_error_and_no_warning_is_stored(path):
    for cell in code_cells(path):
        bad = [output for output in cell.outputs if output.output_type == "error" or output.get("name") == "stderr"]
        assert not bad, f"{cell.id}: {bad}"


@each_notebook
def test_a_cell_that_ends_in_an_expression_shows_something(path):
    for cell in code_cells(path):
        body = ast.parse(cell.source).body
        spoiler = refresh.is_student_lab(path) and refresh.PREDICT_FIRST in cell.metadata.get("tags", [])
        if body and isinstance(body[-1], ast.Expr) and not spoiler:
            assert cell.outputs, f"{cell.id} stores no output"


@each_notebook
def test_cell_ids_are_readable(path):
    ids = [cell.id for cell in READ[path].cells]
    assert len(set(ids)) == len(ids)
    assert not [cell_id for cell_id in ids if refresh.RANDOM_ID.fullmatch(cell_id)]


@each_notebook
def test_code_is_short_and_prose_stands_before_it(path):
    before = None
    for cell in READ[path].cells:
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= 12 or "nbgrader" in cell.metadata, f"{cell.id} is too long"
            assert max(map(len, cell.source.splitlines())) <= 110, f"{cell.id} is too wide for a page"
            assert before is not None and before.cell_type == "markdown", f"{cell.id} has no prose before it"
            assert len(before.source.split()) <= 90, f"{before.id}: {len(before.source.split())} words before code"
        before = cell


@each_notebook
def test_nothing_forbidden(path):
    for cell in code_cells(path):
        for pattern, why in FORBIDDEN.items():
            assert not re.search(pattern, cell.source, re.MULTILINE), f"{cell.id}: {why}"


class Pictures(HTMLParser):
    def __init__(self):
        super().__init__()
        self.alts = []

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.alts.append(dict(attributes).get("alt") or "")


@each_notebook
def test_every_picture_has_alt_text(path):
    for cell in READ[path].cells:
        for alt in re.findall(r"!\[([^\]]*)\]\(", cell.source if cell.cell_type == "markdown" else ""):
            assert len(alt) > 15, f"{cell.id}: a picture in the text without alt text"
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            pictures = Pictures()
            pictures.feed(data.get("text/html", ""))
            assert "image/png" not in data or pictures.alts, f"{cell.id}: use show.figure"
            for alt in pictures.alts:
                assert len(alt.split()) >= 5, f"{cell.id}: alt text says too little: {alt!r}"


@each_lecture
def test_lecture_is_a_deck(path):
    cells = READ[path].cells
    kinds = [cell.metadata.get("slideshow", {}).get("slide_type", "-") for cell in cells]
    assert set(kinds) <= SLIDE_TYPES and kinds[0] == "slide"
    setup = next(cell for cell in cells if cell.cell_type == "code")
    assert setup.metadata["slideshow"]["slide_type"] == "skip" and "import" in setup.source
    notes = [cell.source for cell, kind in zip(cells, kinds, strict=True) if kind == "notes"]
    assert len(notes) >= 1 + len(ideas(path)), "every idea has instructor notes"
    assert all(re.search(r"\d+ minutes", note) for note in notes)
    assert sum("ommon wrong answer" in note for note in notes) >= len(ideas(path))


@each_lecture
def test_lecture_anatomy(path):
    cells = READ[path].cells
    title, text = cells[0].source, "\n".join(cell.source for cell in cells)
    assert re.match(r"# \d+ · ", title) and "?" in title and re.search(r"\d+ minutes", title)
    assert 1 <= len(re.findall(r"^\d\. ", title, re.MULTILINE)) <= 4, "goals: at most four"
    assert 3 <= len(ideas(path)) <= 7
    for part in ("quiz.recall(", "## What we saw", "**In the clinic.**", "## References"):
        assert part in text, f"no {part}"


@each_lecture
def test_every_idea_asks_before_it_tells(path):
    for title, cells in ideas(path).items():
        text = "\n".join(cell.source for cell in cells)
        assert "quiz.predict(" in text, f"{title}: no prediction"
        assert "explore." in text, f"{title}: no explorer"
        assert "**Change one thing.**" in text, f"{title}: nothing to change"
        if "quiz.reveal(" in text:
            assert text.index("quiz.predict(") < text.index("quiz.reveal("), f"{title}: answered before asked"
        first = next(place for place, cell in enumerate(cells) if "quiz.predict(" in cell.source)
        explorers = [place for place, cell in enumerate(cells)
                     if cell.cell_type == "code" and "explore." in cell.source]
        assert first < explorers[-1], f"{title}: the explorer comes before the question"


@each_with_claims
def test_every_computed_answer_was_among_the_options(path):
    for cell in code_cells(path):
        if "quiz.reveal(" in cell.source:
            shown = "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)
            assert shown.startswith("Computed: ") and "not among" not in shown, f"{cell.id}: {shown}"


@each_with_claims
def test_answers_are_computed(path):
    for cell in code_cells(path):
        for call in ast.walk(ast.parse(cell.source)):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "reveal":
                assert not isinstance(call.args[0], ast.Constant), f"{cell.id} types its answer instead of computing it"


@each_with_claims
def test_claim_tags_say_what_the_cell_reproduces(path):
    for cell in code_cells(path):
        called = set(re.findall(r'ledger\.(?:check|cite)\(\s*"([\w-]+)"', cell.source))
        if "ledger.table(" in cell.source:
            called |= {text for text in re.findall(r'"([\w-]+)"', cell.source) if text in ledger.claims()}
        assert called == set(claim_tags(cell)), f"{cell.id}: tags and calls differ"


@each_with_claims
def test_a_wrong_slide_is_boxed(path):
    for cell in code_cells(path):
        for claim_id in claim_tags(cell):
            if ledger.claim(claim_id).verdict == "false" and "ledger.table(" not in cell.source:
                shown = "".join(output.get("data", {}).get("text/html", "") for output in cell.outputs)
                assert "Check the slide" in shown, f"{cell.id}: {claim_id} is wrong in the deck but not boxed"


@pytest.mark.parametrize("number", [*(int(path.name[:2]) for path in LECTURES), "extra"])
def test_every_claim_of_a_lecture_is_reproduced(number):
    assert coverage().missing(lecture=number) == []

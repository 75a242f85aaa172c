"""Pages and decks without a browser: films, formulas, pictures, slides, errata, topics. The oracles are the live
explorers, nbconvert's own slides, an XML parser, and notebooks small enough to count by hand."""
import base64
import gzip
import io
import json
import re
from types import SimpleNamespace
from xml.etree import ElementTree

import bench_explorers
import make_site
import make_slides
import nbformat
import numpy as np
import print_ledger
import pytest
from nbclient.exceptions import CellExecutionError
from nbconvert.exporters.slides import _RevealMetadataPreprocessor
from PIL import Image
from publish import capture, deck, errata, film, lessons, markdown, pictures, places, run
from publish.exporter import MODULES, CourseExporter

from helpers import explore, ledger, quiz
from helpers.explore import controls

LESSONS = lessons.lessons()
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
FORMULA = re.compile(r"\$\$.+?\$\$|(?<!\\)\$[^$\n]+?\$", re.DOTALL)


def seen(data):
    """The picture of a data address or of PNG bytes, uint8 (H, W, 3)."""
    picture = base64.b64decode(data.partition(",")[2]) if isinstance(data, str) else data
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))


# Films


def test_a_film_shows_what_the_live_explorer_shows():
    made, live = film.film(explore.parameter_counter()), explore.parameter_counter()
    assert made["grid"] is None and len(made["strips"]) == len(live.controls)
    for (name, control), shown, strip in zip(live.controls.items(), made["controls"], made["strips"], strict=True):
        start = control.value
        options = dict(control.options) if isinstance(control.options[0], tuple) else {
            str(option): option for option in control.options}
        assert shown["label"] == control.description and shown["values"] == list(map(str, options)), name
        for value, number in zip(options.values(), strip, strict=True):
            control.value = value
            frame = made["frames"][number]
            np.testing.assert_array_equal(seen(frame["src"]), seen(live.view.png))
            assert (frame["alt"], frame["caption"]) == (live.view.alt, live.view.caption)
        control.value = start
        assert strip[shown["now"]] == 0, "every strip begins at the first frame"


@pytest.mark.parametrize("name", bench_explorers.EXPLORERS)
def test_every_explorer_can_live_on_in_a_page(name, monkeypatch):
    monkeypatch.setattr(film, "webp", lambda png: "data:")                    # its pictures are compared above
    part = json.loads(json.dumps(capture.part(bench_explorers.EXPLORERS[name]())))
    if part["kind"] == "module":
        assert (MODULES / f"{part['module']}.js").exists()
    else:
        assert max(len(control["values"]) for control in part["controls"]) >= 4
        assert len(part["frames"]) > len(part["controls"]), "next to nothing changes"
        assert all(len(frame["alt"].split()) >= 5 for frame in part["frames"])


def test_with_few_states_every_combination_is_in_the_film():
    made, live = film.film(explore.shrinking_nodule()), explore.shrinking_nodule()
    counts = [len(control["values"]) for control in made["controls"]]
    assert made["strips"] is None and len(made["grid"]) == np.prod(counts) <= film.GRID
    diameter, size, method = (control["values"] for control in made["controls"])
    place = np.ravel_multi_index((diameter.index("11"), size.index("32"), method.index("every n-th pixel")), counts)
    live.controls["diameter"].value, live.controls["size"].value = 11, 32
    live.controls["method"].value = "every n-th pixel"
    assert made["frames"][made["grid"][place]]["alt"] == live.view.alt


def test_a_film_leaves_explorer_and_random_numbers_alone():
    explorer = explore.window_level(np.linspace(-900, 900, 400).reshape(20, 20), (1, 1))
    before, drawn = film.settings(explorer), np.random.get_state()[1].copy()
    film.film(explorer)
    assert film.settings(explorer) == before and (np.random.get_state()[1] == drawn).all()


def test_an_explorer_that_cannot_be_set_back_is_an_error(monkeypatch):
    monkeypatch.setattr(film, "restore", lambda explorer, start: None)
    with pytest.raises(RuntimeError, match="has changed it: Fully connected"):
        film.film(explore.parameter_counter())


@pytest.mark.parametrize("control, expected", [
    (controls.slider("level", 40, -1000, 1000, 10), [-1000, -670, -330, 0, 40, 330, 670, 1000]),
    (controls.slider("share", 0.5, 0.0, 1.0, 0.05), [0, 0.15, 0.35, 0.5, 0.65, 0.85, 1]),
    (controls.count("height", 512, 4096), [1, 4, 16, 64, 256, 512, 1024, 4096]),
    (controls.choice("preset", [*map(str, range(20)), "your own"], "7"),
     ["0", "1", "3", "4", "6", "7", "9", "10", "12", "13", "15", "16", "18", "19"]),
    (controls.steps("rate", [0.1, 0.2, 0.4], 0.2), [0.1, 0.2, 0.4]),
    (controls.button("Step"), []),
])
def test_the_values_worth_a_picture(control, expected):
    found = film.choices(control)
    assert found == (pytest.approx(expected) if expected and not isinstance(expected[0], str) else expected)
    assert not expected or control.value in found


# What else a kernel leaves behind


def test_a_module_gets_the_state_it_would_get_from_the_kernel():
    volume = np.arange(24.0).reshape(2, 3, 4)
    explorer = explore.volume_viewer(volume, (3, 2, 1), low=0, high=23)
    part = capture.part(explorer)
    assert part["kind"] == "module" and part["module"] == "volume" and part["state"]["shape"] == [2, 3, 4]
    assert gzip.decompress(base64.b64decode(part["state"]["data"]["gzip"])) == bytes(explorer.view.data)
    json.dumps(part)


def test_a_question_brings_its_replies():
    part = capture.part(quiz.recall("lecture 1"))
    entries = quiz.questions()["lecture 1"]
    assert [question["text"] for question in part["questions"]] == [entry["question"] for entry in entries]
    for question, entry in zip(part["questions"], entries, strict=True):
        right = question["options"].index(entry["answer"])
        assert ["✓" in reply for reply in question["replies"]].index(True) == right
        assert sum("✓" in reply for reply in question["replies"]) == 1


def test_a_run_is_kept_until_its_notebook_changes(tmp_path, monkeypatch):
    path, ran = tmp_path / "lectures" / "01_a.ipynb", []
    path.parent.mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), path)
    monkeypatch.setattr(run, "execute", lambda notebook, folder: ran.append(1) or {"parts": {}, "runs": len(ran)})
    first, second = (run.run(path, tmp_path / "cache", say=str) for _ in range(2))
    assert first == second and len(ran) == 1
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("2")]), path)
    assert run.run(path, tmp_path / "cache", say=str)["runs"] == 2
    assert len(list((tmp_path / "cache").iterdir())) == 1, "an old run is thrown away"


def test_a_notebook_that_fails_is_named(tmp_path, monkeypatch):
    def fail(notebook, folder):
        raise CellExecutionError("traceback", "ValueError", "too small")

    path = tmp_path / "lectures" / "01_a.ipynb"
    path.parent.mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), path)
    monkeypatch.setattr(run, "execute", fail)
    with pytest.raises(SystemExit, match="01_a.ipynb of lectures/ stops with an error"):
        run.run(path, tmp_path / "cache", say=str)
    assert not (tmp_path / "cache").exists()


# Text, formulas, pictures


@each_lesson
def test_every_formula_becomes_mathml(lesson):
    for cell in lesson.notebook.cells:
        if cell.cell_type == "markdown":
            html = markdown.to_html(cell.source)
            assert len(re.findall("<math ", html)) == len(FORMULA.findall(cell.source)), cell.id
            for formula in re.findall("<math .*?</math>", html, re.DOTALL):
                ElementTree.fromstring(formula)
            assert not re.search(r"\\(frac|sum|log|text|alpha)", re.sub("<code>.*?</code>", "", html)), cell.id


@pytest.mark.parametrize("tex, spaces", [(r"-\log p", 1), (r"\log(1-p)", 0), (r"\log 2 + \exp x", 2), (r"\log", 0)])
def test_a_function_keeps_its_distance(tex, spaces):
    assert markdown.mathml(tex).count("<mspace") == spaces


def test_links_lead_where_the_page_says_and_tables_scroll():
    html = markdown.to_html("[lab](../labs/01_a.ipynb) [gone](x.md)\n\n|a|\n|-|\n|1|", {"../labs/01_a.ipynb": "b"}.get)
    assert '<a href="b">lab</a> gone' in html
    assert re.search(r'<div class="wide"><table>.*</table></div>', html, re.DOTALL)


def test_pictures_keep_every_pixel(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 255, (7, 9, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png")
    html = f'<img alt="a" src="data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}">'
    inside = pictures.relocate(html, pictures.Inline())
    np.testing.assert_array_equal(seen(re.search('src="([^"]+)"', inside)[1]), pixels)
    beside = re.search('src="../([^"]+)"', pictures.relocate(html, pictures.Folder(tmp_path), "../"))[1]
    np.testing.assert_array_equal(seen((tmp_path / beside).read_bytes()), pixels)


@each_lesson
def test_titles_questions_minutes_and_ideas_are_found(lesson):
    assert lesson.question.endswith("?")
    assert re.search(rf"{lesson.number} · \w", lesson.title) or lesson.number is None
    assert re.fullmatch(r"\d+( to \d+)?", lesson.minutes)
    text = "\n".join(cell.source for cell in lesson.notebook.cells if cell.cell_type == "markdown")
    pattern = {"lecture": r"^## \d+ · ", "lab": r"^## Exercise \d+ · ", "extra": "^## "}[lesson.kind]
    assert len(lesson.ideas) == len(re.findall(pattern, text, re.MULTILINE)) >= 3


@pytest.mark.parametrize("name", ["lectures/99_none.ipynb", "README.md", "labs/solutions/01_pixels_and_tensors.ipynb"])
def test_what_is_no_lesson_gets_a_sentence(name, capsys):
    for command in (make_slides.main, make_site.main):
        with pytest.raises(SystemExit) as end:
            command([name])
        assert end.value.code == 2 and "is no notebook of lectures, labs, extras" in capsys.readouterr().err


def test_a_lab_is_no_deck(capsys):
    with pytest.raises(SystemExit):
        make_slides.main(["labs/01_pixels_and_tensors.ipynb"])
    assert "only lectures are slides, and labs/01_pixels_and_tensors.ipynb is none." in capsys.readouterr().err


def test_a_lab_page_holds_no_solution():
    lab = next(lesson for lesson in LESSONS if lesson.kind == "lab")
    page = CourseExporter("lesson.html.j2", pictures.Inline()).export(lab.notebook, {}, lesson=lab, menu=(), root="")
    solved = nbformat.read(lab.path.parent / "solutions" / lab.path.name, as_version=4)
    hidden = re.findall(r"### BEGIN SOLUTION\n(.*?)### END", "\n".join(cell.source for cell in solved.cells), re.DOTALL)
    words = re.sub("<[^>]+>", "", page)
    assert hidden and page.count("YOUR CODE HERE") >= len(hidden)
    assert not [region for region in hidden if region.strip() in words]


def test_a_folder_with_something_else_in_it_is_not_emptied(tmp_path):
    (tmp_path / "thesis.txt").write_text("three years")
    with pytest.raises(SystemExit, match="name an empty folder"):
        make_site.clear(tmp_path)
    assert (tmp_path / "thesis.txt").exists()


# Slides


def marks(cells, names):
    return [tuple(bool(cell.get(name)) for name in names) for cell in cells]


@pytest.mark.parametrize("lesson", [lesson for lesson in LESSONS if lesson.kind == "lecture"],
                         ids=lambda lesson: lesson.name)
def test_slides_begin_where_nbconvert_begins_them(lesson):
    theirs, _ = _RevealMetadataPreprocessor().preprocess(lesson.notebook)
    kept = [cell.metadata for cell in theirs.cells if cell.metadata.slide_type != "skip"]
    ours = [cell.metadata.place for cell in deck.arranged(lesson.notebook).cells]
    assert marks(ours, ("column_begins", "slide_begins", "fragment_begins")) == marks(
        kept, ("slide_start", "subslide_start", "fragment_start"))


def test_sections_of_a_deck_nest():
    def cell(kind):
        return nbformat.v4.new_markdown_cell(kind, metadata={"slideshow": {"slide_type": kind}})

    kinds = ["slide", "notes", "skip", "fragment", "fragment", "-", "subslide", "fragment", "slide"]
    notebook = nbformat.v4.new_notebook(cells=list(map(cell, kinds)))
    places_of = [each.metadata.place for each in deck.arranged(notebook).cells]
    opened = "".join(
        "[" * place["column_begins"] + "(" * place["slide_begins"] + "{" * place["fragment_begins"] + "."
        + "}" * place["fragment_ends"] + ")" * place["slide_ends"] + "]" * place["column_ends"] for place in places_of)
    assert opened == "[(..{.}{..})(.{.})][(.)]"


def test_a_deck_asks_for_nothing_and_names_what_it_embeds():
    lecture = next(lesson for lesson in LESSONS if lesson.kind == "lecture")
    page = deck.build(lecture, {})
    assert "reveal.js 4" in page and "MIT licensed" in page and "Permission is hereby granted" in page
    assert "McConnell Brain Imaging Centre" in page and "Redistributions in binary form" in page
    markup = page.split("<script>")[0]
    assert not re.search(r'<(script|img|iframe)[^>]*\ssrc="(?!data:)|<link[^>]*href="(?!data:)', markup)
    style = re.search("<style>(.*?)</style>", page, re.DOTALL)[1]
    assert len(style) > 10_000 and not re.search(r"@import|url\(['\"]?(?!['\"]?data:)", style)


def test_a_wheel_without_reveal_is_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(deck, "find_spec", lambda name: SimpleNamespace(origin=str(tmp_path / "__init__.py")))
    with pytest.raises(LookupError, match="jupyterlab-rise ships no reveal.js"):
        deck.reveal()


# Errata and topics


def test_every_claim_has_a_row_and_lectures_keep_their_promise():
    rows = errata.rows()
    assert [row.claim.id for row in rows] == list(ledger.claims())
    assert errata.faults(rows, errata.lectures()) == []
    assert all(row.places or row.open.startswith("open: ") for row in rows)


def test_what_a_row_shows_is_what_the_notebook_computed():
    row = next(row for row in errata.rows() if row.claim.id == "resize-keeps-6p25")
    assert row.answer == ("computed", "share of side 0.0625, pixels [65,536, 256], share of pixels 0.00390625")
    assert row.wrong and "lectures/01_pixels_and_tensors.ipynb#shrink-check" in str(row)


def stored(folder, name, tags, text, executed=1):
    """A notebook with one code cell, its tags and what it printed."""
    cell = nbformat.v4.new_code_cell("", id="here", metadata={"tags": tags}, execution_count=executed, outputs=[
        nbformat.v4.new_output("execute_result", {"text/plain": text}, execution_count=1)])
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)


def test_open_claims_and_faults(tmp_path):
    right = repr(ledger.check("ct-pixel-counts", {"pixels": [65536, 262144]}))
    stored(tmp_path, "lectures/01_a.ipynb", ["claim:ct-pixel-counts", "claim:ct-shape"], right)
    rows = {row.claim.id: row for row in errata.rows(tmp_path)}
    assert rows["ct-pixel-counts"].answer == ("computed", "pixels [65,536, 262,144]")
    assert rows["rgb-shape"].open == "open: nothing reproduces it"
    assert rows["gradcam-weights"].open == "open: lecture 6 is in preparation"
    faults = errata.faults(rows.values(), errata.lectures(tmp_path))
    assert "ct-shape: lectures/01_a.ipynb, cell here carries the tag and does not print it." in faults
    assert "rgb-shape: no cell of lecture 1 reproduces it." in faults
    assert not [fault for fault in faults if fault.startswith(("ct-pixel-counts", "gradcam-weights"))]


def test_a_cell_that_did_not_run_reproduces_nothing(tmp_path):
    stored(tmp_path, "lectures/01_a.ipynb", ["claim:ct-shape"], "", executed=None)
    assert places.places(tmp_path) == {}


def test_every_topic_is_on_a_page_or_to_come():
    topics = places.topics()
    assert len(topics) == len({name for _, name, _ in topics}) == 121
    assert [topic for topic, _, place in topics if place.missing] == []
    assert all(bool(place.cell) != bool(place.words) for *_, place in topics)


@pytest.mark.parametrize("entry, expected", [
    ({"lecture": 1, "text": "hidden"}, places.Treated("lectures/01_a.ipynb", "b")),
    ({"lecture": 1, "text": "nowhere", "claims": ["ct-shape"]}, places.Treated("lectures/02_b.ipynb", "c")),
    ({"claims": ["rgb-shape"], "later": "lecture 9"}, places.Treated(words="later: lecture 9")),
    ({"claims": ["gradcam-weights"]}, places.Treated(words="open: lecture 6 is in preparation")),
    ({"lecture": 5, "text": "x"}, places.Treated(words="open: lecture 5 is in preparation")),
    ({"claims": ["rgb-shape"]}, places.Treated(words="missing", missing=True)),
])
def test_where_a_topic_leads(entry, expected):
    cells = [{"id": "a", "source": ["shown"]}, {"id": "b", "source": ["the ", "hidden layer"]}]
    known = {"ct-shape": [places.Place("labs/solutions/01_a.ipynb", "z", "", ""),
                          places.Place("lectures/02_b.ipynb", "c", "", "")]}
    assert places.treated(entry, {1: ("lectures/01_a.ipynb", cells)}, known) == expected


def test_the_ledger_in_the_terminal(capsys):
    assert print_ledger.main([]) == 0
    said = capsys.readouterr().out
    assert "priority 1" in said and "Twente lecture 2" in said and "121 topics" in said
    assert print_ledger.main(["--deck", "notes"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if " · printed: " in line]
    assert len(lines) == sum(entry.deck == "notes" for entry in ledger.claims().values())


def test_the_check_of_the_ledger_fails_where_a_lecture_leaves_a_claim_out(capsys, monkeypatch):
    monkeypatch.setattr(errata, "lectures", lambda root=None: {1, 2, 3, 4, 5, 6, 99})
    monkeypatch.setattr(errata, "rows", lambda root=None: [
        errata.Row(ledger.claim("gradcam-weights"), (), "open: lecture 6 is in preparation")])
    assert print_ledger.main(["--check"]) == 1
    assert "gradcam-weights: no cell of lecture 6 reproduces it." in capsys.readouterr().out

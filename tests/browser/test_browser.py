"""Every notebook in a real browser: in JupyterLab, and the lectures as slide shows."""
import re
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from controls import NAME, controls, drive, press
from driver import EXPLORER, PICTURE, SLIDE, TRAINING_BAR, NotebookPage
from jupyter_core.paths import jupyter_path
from lab_server import ROOT
from playwright.sync_api import expect

EXTENSION, OVERRIDES = ROOT / "tools" / "rise-widgets", ROOT / "tools" / "overrides.json"
LECTURES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("lectures/*.ipynb"))
# The labs as learners get them; their see-it cells show what the solved ones show.
LABS = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("labs/*.ipynb"))
# The lectures come first in both lists, so that pytest keeps the tests of one notebook together.
in_lab = pytest.mark.parametrize("executed", [*LECTURES, *LABS], indirect=True, scope="module")
as_slides = pytest.mark.parametrize("executed", LECTURES, indirect=True, scope="module")

AXE_RULES = ["image-alt", "role-img-alt", "svg-img-alt", "label", "select-name", "aria-input-field-name",
             "aria-toggle-field-name", "button-name", "link-name", "color-contrast"]
AXE_SCOPE = [".jp-OutputArea-output", ".jp-RenderedMarkdown"]         # what the course writes; the rest is JupyterLab's
WORDS_OF_AN_ALT_TEXT = 5
TAKE_ARROWS = ("slider", "range", "number", "select", "surface")


@pytest.fixture(scope="module")
def lab(browser, server):
    """One JupyterLab for all notebooks: loading it takes longer than most of the tests."""
    lab = NotebookPage(browser, server)
    yield lab
    lab.close()


@pytest.fixture(scope="module")
def executed(request, lab):
    """A notebook in JupyterLab, all of its cells run."""
    lab.open_in_lab(request.param).run_all()
    yield lab
    lab.close_notebook()


@pytest.fixture(scope="module")
def show(executed, browser, server):
    """The same notebook as a slide show, on the same kernel."""
    executed.save()
    show = NotebookPage(browser, server).open_as_slides(executed.notebook, explorers=len(executed.explorers()))
    yield show
    show.close()


@in_lab
def test_runs_without_an_error(executed):
    assert executed.cell_errors() == []
    assert executed.traffic.take() == []


@in_lab
def test_every_control_does_something(executed):
    found = {}
    for explorer in executed.explorers():
        found[executed.source(explorer)] = drive(executed, explorer)
    assert {source: faults for source, faults in found.items() if faults} == {}
    assert found or executed.notebook not in LECTURES, "a lecture without an explorer"
    assert executed.traffic.take() == []


@in_lab
def test_every_training_bar_is_full(executed):
    widths = executed.page.locator(TRAINING_BAR).evaluate_all("all => all.map(bar => bar.style.width)")
    assert set(widths) <= {"100%"}
    assert widths or executed.notebook != "lectures/04_cnn_stacks.ipynb"            # where the bar is introduced


@in_lab
def test_every_picture_has_words(executed):
    words = executed.page.locator(f".jp-Notebook :is({PICTURE.replace('svg', 'svg[role=img]')})").evaluate_all(
        "all => all.map(picture => picture.alt ?? picture.ariaLabel ?? '')")
    assert [text for text in words if len(text.split()) < WORDS_OF_AN_ALT_TEXT] == []


@in_lab
@pytest.mark.parametrize("size", [(1024, 768), (640, 360)], ids=["1024 x 768", "zoom of 200 %"])
def test_no_control_is_lost_in_a_small_window(executed, size):
    """Each can be scrolled into the window, all of it; 640 pixels are what a window of 1280 has left at 200 %."""
    with executed.resized(size):
        lost = {executed.source(explorer): faults for explorer in executed.explorers()
                if (faults := [control.evaluate(NAME) for _, control in controls(explorer)
                               if not executed.can_be_reached(control)])}
    assert lost == {}


@in_lab
def test_axe_finds_nothing(executed):
    scope = [[part] for part in AXE_SCOPE if executed.page.locator(part).count()]
    found = Axe().run(executed.page, {"include": scope}, {"runOnly": AXE_RULES, "resultTypes": ["violations"]})
    assert found.violations_count == 0, readable(found.response["violations"])


def readable(violations):
    return "\n".join(f"{violation['id']}: {node['html'][:200]}\n    {node['failureSummary']}"
                     for violation in violations for node in violation["nodes"][:5])


@as_slides
def test_every_slide_fits(show):
    too_large = {}
    for slide in show.slides():
        measured = show.measure(slide)
        if measured["sides"] or measured["cut"]:
            too_large[f"{slide} {measured['title']!r}"] = ", ".join(measured["sides"] + measured["cut"])
    assert not too_large, "\n".join(f"{title} leaves the window: {by}" for title, by in too_large.items())
    assert show.traffic.take() == []


@as_slides
def test_explorers_are_alive_on_slides_and_give_no_key_away(show):
    dead = []
    for slide in show.slides(with_part=EXPLORER):
        show.measure(slide)                                            # shows its fragments too
        for explorer in show.explorers(within=SLIDE):
            if explorer.query_selector(PICTURE) and not answers_to_keys(show, explorer):
                dead.append(f"{show.source(explorer)} on {slide}")
        turn(show, "PageDown")
    assert dead == []
    assert show.traffic.take() == []


def answers_to_keys(show, explorer):
    """Whether a control answers to an arrow key with a new picture; none may turn the slide. Ends outside of it.

    One control of each kind is tried, and more as long as none has answered: with no step to walk, as other tests may
    have left it, a learning rate changes nothing.
    """
    slide, before, answered, tried = show.current_slide(), show.state(explorer)["pictures"], False, set()
    for kind, control in controls(explorer):
        if kind not in TAKE_ARROWS or (answered and kind in tried):
            continue
        tried.add(kind)
        for key in ("ArrowRight", "ArrowLeft", "ArrowDown"):
            press(show.page, control, key)
            show.settle()
            answered = answered or show.state(explorer)["pictures"] != before
            assert show.current_slide() == slide, f"{key} in {show.source(explorer)!r} turned the slide"
        leave(show, explorer)
    return answered


def leave(show, explorer):
    """Escape leaves an explorer; from the number field of a pixel editor it first leads back to the pixels."""
    for _ in range(2):
        if explorer.evaluate("explorer => explorer.contains(document.activeElement)"):
            show.page.keyboard.press("Escape")
            show.settle()
    assert not explorer.evaluate("explorer => explorer.contains(document.activeElement)"), "Escape does not leave"


@as_slides
def test_a_widget_that_came_too_late_is_drawn_again(show):
    output = show.page.query_selector(EXPLORER)
    output.evaluate("output => { output.textContent = 'Error displaying widget: model not found' }")
    show.page.wait_for_function("output => output.querySelector('.jupyter-widgets')", arg=output, timeout=5_000)


@as_slides
@pytest.mark.parametrize("key", ["ArrowRight", "PageDown", "Space"])
def test_keys_turn_the_slide_elsewhere(show, key):
    first = show.slides()[0]
    for place in (SLIDE, f"{SLIDE} .jp-Cell"):                         # as opened, and after a click into a cell
        show.go_to(first).page.locator(place).first.click(position={"x": 5, "y": 5})
        turn(show, key)


def turn(show, key):
    """Press a key until the slide is another; each of its fragments may take one press."""
    slide = show.current_slide()
    for _ in range(show.page.locator(f"{SLIDE} .fragment").count() + 1):
        show.page.keyboard.press(key)
    show.page.wait_for_selector(f"{SLIDE}:not(#{slide})", timeout=5_000)


@pytest.mark.parametrize("start, end, cell", [
    ("extras/glossary.ipynb", "lectures/04_cnn_stacks.ipynb", "counts"),
    ("lectures/05_unet_segmentation.ipynb", "lectures/04_cnn_stacks.ipynb", "field"),
    ("labs/02_softmax_and_bce.ipynb", "labs/02_softmax_and_bce.ipynb", "ex9-why"),
], ids=["a word of the glossary", "a recall question", "within a notebook"])
def test_a_link_leads_to_its_cell(browser, server, start, end, cell):
    lab = NotebookPage(browser, server).open_in_lab(start)
    link = lab.page.locator(f".jp-Notebook:visible a[href*='{Path(end).name}'][href$='#cell-id={cell}']").first
    for _ in range(2):                        # JupyterLab loses the place while it opens a notebook: see the glossary
        lab.open_in_lab(start)
        link.click()
        lab.page.wait_for_function("path => jupyterapp.shell.currentWidget.context.path === path", arg=end)
        lab.page.wait_for_selector(".jp-Notebook:visible .jp-RenderedMarkdown")
        lab.settle()
    there = lab.page.locator(".jp-Notebook:visible .jp-RenderedMarkdown", has_text=first_line(end, cell))
    expect(there.first).to_be_in_viewport()
    lab.close()


def first_line(notebook, cell):
    """The first line of a text, as a page shows it."""
    cells = {each.id: each.source for each in nbformat.read(ROOT / notebook, as_version=4).cells}
    return re.sub(r"[#*_`]", "", cells[cell].splitlines()[0]).strip()


def test_the_installed_extension_and_settings_are_those_in_tools():
    copies = {f"labextensions/rise-widgets/{path.relative_to(EXTENSION).as_posix()}": path
              for path in EXTENSION.rglob("*") if path.is_file()} | {"lab/settings/overrides.json": OVERRIDES}
    stale = [name for name, path in copies.items() if path.read_bytes() not in installed(name)]
    assert stale == [], "run `pip install -e .` again"


def installed(name):
    """Contents of a file in each of Jupyter's data folders that has it."""
    paths = (Path(folder) / name for folder in jupyter_path())
    return [path.read_bytes() for path in paths if path.is_file()]

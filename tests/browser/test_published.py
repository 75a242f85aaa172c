"""Pages and decks in a real browser, from files, without a network and without a kernel."""
import re

import numpy as np
import pytest
import small_course
from axe_playwright_python.sync_playwright import Axe
from publish import deck, lessons
from publish.site import Site

from helpers import explore

PAGES = ("index.html", "lectures/01_small.html", "labs/01_small.html", "errata.html", "coverage.html", "timings.html",
         "terms.html")
SMALL, LARGE = {"width": 375, "height": 700}, {"width": 1280, "height": 720}
TURN = """name => {
    const { h, v } = Reveal.getIndices(document.getElementById(name).closest("section"));
    Reveal.slide(h, v);
}"""
FITS = """() => {
    const wrong = [];
    const inside = ({ top, left, bottom, right }) => top >= -1 && left >= -1 && bottom <= 721 && right <= 1281;
    for (const slide of Reveal.getSlides()) {
        const { h, v } = Reveal.getIndices(slide);
        Reveal.slide(h, v);
        slide.querySelectorAll(".fragment").forEach((fragment) => fragment.classList.add("visible"));
        const parts = [...slide.querySelectorAll("*")].filter(
            (part) => part.matches("pre, .wide") || !part.closest("aside, pre, .wide"));       // those two may scroll
        const outside = parts.filter((part) => part.clientWidth && !inside(part.getBoundingClientRect()));
        if (outside.length) wrong.push(`${h}/${v} ${slide.textContent.trim().slice(0, 40)}: ${outside[0].className}`);
    }
    return wrong;
}"""


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small course, its site and its deck: (lecture, run, folder of the site, file of the deck)."""
    folder = tmp_path_factory.mktemp("course")
    lecture, lab, run = small_course.make(folder)
    Site(folder / "site", [lecture, lab], {lecture.name: run}).write()
    (folder / "deck.html").write_text(deck.build(lecture, run["parts"]), encoding="utf-8")
    return lecture, run, folder / "site", folder / "deck.html"


@pytest.fixture
def visit(browser):
    """A function that opens a file and returns the page; afterwards nothing has failed and nothing was asked for."""
    problems, contexts = [], []

    def opened(path, size=LARGE, **options):
        contexts.append(browser.new_context(viewport=size, reduced_motion="reduce", **options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if line.type in ("error", "warning") else None)
        page.on("request", lambda request: problems.append(f"request to {request.url}")
                if not request.url.startswith(("file:", "data:", "blob:")) else None)
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []


def faults(page):
    """What axe finds: (rule, the first places)."""
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
    return [(fault["id"], [node["html"][:120] for node in fault["nodes"][:3]]) for fault in found]


def part(page, name):
    """An explorer, in sight and alive."""
    box = page.locator(f"#{name} .explorer")
    box.scroll_into_view_if_needed()
    page.wait_for_selector(f"#{name} .explorer[data-alive]")
    return box


def state(page, name, trait):
    """A trait of a module's model."""
    value = f"document.querySelector('#{name} .explorer').model.get('{trait}')"
    return page.evaluate(value)


# The site


@pytest.mark.parametrize("size, scheme", [(SMALL, "light"), (LARGE, "dark")], ids=["phone", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_and_axe_finds_nothing(small, visit, name, size, scheme):
    page = visit(small[2] / name, size, color_scheme=scheme)
    for box in page.locator(".explorer").all():
        box.scroll_into_view_if_needed()
    page.wait_for_function("!document.querySelector('.explorer:not([data-alive])')")
    page.evaluate("document.querySelectorAll('.uncover').forEach((button) => button.click())")
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    page.evaluate("dispatchEvent(new Event('resize'))")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.evaluate("document.querySelectorAll('tbody tr:nth-child(n+6)').forEach((row) => row.remove())")  # alike
    assert faults(page) == []


def test_every_link_of_the_site_leads_somewhere(small):
    site = small[2]
    texts = {name: (site / name).read_text(encoding="utf-8") for name in PAGES}
    ids = {name: re.findall(r'\sid="([^"]+)"', text) for name, text in texts.items()}
    assert [name for name in PAGES if len(ids[name]) != len(set(ids[name]))] == [], "an id stands twice"
    for name in PAGES:
        for target in re.findall(r'href="(?!https?:|data:)([^"]*)"', texts[name]):
            path, _, anchor = target.partition("#")
            page = ((site / name).parent / path).resolve() if path else site / name
            assert page.exists(), f"{name} links to {target}"
            if anchor:
                assert anchor in ids[page.relative_to(site).as_posix()], f"{name} links to {target}"


def test_questions_answer_and_outputs_wait(small, visit):
    page = visit(small[2] / "lectures/01_small.html")
    told = page.locator("#tell .output")
    assert not told.locator("text=counted").is_visible()
    page.locator("#ask").get_by_label("9").check()
    assert "Show what" in page.locator("#tell").inner_text() and "Noted" in page.locator("#ask .reply").inner_text()
    page.locator("#tell").get_by_role("button").click()
    assert told.locator("text=counted").is_visible()
    assert "Computed: 3. You predicted 9" in told.inner_text()
    first = page.locator("#recall form").first
    for label in first.locator("label").all():
        label.click()
        assert re.match("✓ Right|✗ Not quite", first.locator(".reply").inner_text())


def test_a_link_into_a_fold_opens_it(small, visit):
    page = visit(small[2] / "lectures/01_small.html")
    assert not page.locator("text=Common wrong answer").is_visible()
    page.evaluate("location.hash = '#title-notes-text'")
    page.wait_for_selector("details#title-notes-text[open]")


def test_print_shows_what_waits_and_hides_what_cannot_be_pressed(small, visit):
    page = visit(small[2] / "lectures/01_small.html", color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("#tell .output").is_visible()
    assert not page.locator(".uncover, .bar nav, .contents").first.is_visible()


def test_without_programs_the_page_shows_stored_pictures(small, visit):
    page = visit(small[2] / "lectures/01_small.html", java_script_enabled=False)
    for name in ("pixels", "convolution", "volume", "pad", "strips", "grid", "figure"):
        picture = page.locator(f"#{name} img")
        assert picture.is_visible() and len(picture.get_attribute("alt").split()) > 5
    assert page.locator("#tell .printed").is_visible()


# Explorers without a kernel, on a page and on a slide that the window scales


@pytest.fixture(params=["page", "deck at 1600", "deck at 800"])
def alive(request, small, visit):
    """A page of the site or a deck, and a function that brings an explorer into sight."""
    if request.param == "page":
        page = visit(small[2] / "lectures/01_small.html")
        return page, lambda name: part(page, name)
    width = int(request.param.split()[-1])
    page = visit(small[3], {"width": width, "height": width * 9 // 16})
    page.wait_for_selector(".reveal.ready")

    def turn_to(name):
        page.evaluate(TURN, name)
        return part(page, name)

    return page, turn_to


def at(box, canvas, right, down):
    """Click into a canvas, at shares of its width and height."""
    size = box.locator(canvas).first.bounding_box()
    box.locator(canvas).first.click(position={"x": right * size["width"], "y": down * size["height"]})


def test_a_pixel_is_chosen_and_changed(alive):
    page, show = alive
    box = show("pixels")
    before = box.locator("canvas").nth(1).evaluate("canvas => canvas.toDataURL()")
    at(box, "canvas", 0.9, 0.5)
    assert state(page, "pixels", "cursor") == [1, 2]
    page.keyboard.type("1\n")
    assert state(page, "pixels", "values")[5] == 1
    assert box.locator("canvas").nth(1).evaluate("canvas => canvas.toDataURL()") != before


def test_the_convolution_steps_and_is_clicked(alive):
    _, show = alive
    box = show("convolution")
    box.get_by_role("button", name="Next cell").click()
    assert "0×0" not in box.locator("output").inner_text() and "25" in box.locator("output").inner_text()
    at(box, ".conv-output", 0.8, 0.8)
    assert "= 43" in box.locator("output").inner_text()


def test_the_volume_is_scrolled_and_clicked(alive):
    page, show = alive
    box = show("volume")
    at(box, "[data-plane=axial]", 0.55, 0.45)
    before = state(page, "volume", "position")
    page.keyboard.press("PageUp")
    page.mouse.wheel(0, -100)
    page.wait_for_function("slice => document.querySelector('#volume .explorer').model.get('position')[0] === slice",
                           arg=before[0] + 2)
    assert before[1:] == [4, 4] and "value about" in box.locator("output").first.inner_text()


def test_a_stroke_is_drawn_and_read(alive):
    page, show = alive
    box = show("pad")
    box.get_by_role("button", name="Clear").click()
    before, pad = box.inner_text(), box.locator(".draw-pad").bounding_box()
    page.mouse.move(pad["x"] + 0.5 * pad["width"], pad["y"] + 0.1 * pad["height"])
    page.mouse.down()
    page.mouse.move(pad["x"] + 0.5 * pad["width"], pad["y"] + 0.9 * pad["height"], steps=8)
    page.mouse.up()
    ink = np.reshape(state(page, "pad", "pixels"), (8, 8)) > 0
    assert ink[:, 3:5].any(axis=1).all() and not ink[:, :2].any() and not ink[:, 6:].any()
    assert box.inner_text() != before


# Films


def test_a_film_steps_through_one_control(alive):
    page, show = alive
    box, live = show("strips"), explore.parameter_counter()
    slider, place = box.get_by_role("slider"), page.evaluate("window.Reveal?.getIndices()")
    assert "one control moves" in box.inner_text()
    box.get_by_role("combobox").select_option(label="hidden neurons")
    assert slider.get_attribute("aria-valuetext") == "3"
    slider.focus()
    for key, value in (("End", 4096), ("ArrowLeft", 1000)):
        page.keyboard.press(key)
        live.controls["hidden"].value = value
        assert slider.get_attribute("aria-valuetext") == str(value)
        assert box.locator("img").get_attribute("alt") == live.view.alt
        assert box.locator(".film-caption").inner_text() == live.view.caption
        box.locator("img").evaluate("picture => picture.decode()")
    assert page.evaluate("window.Reveal?.getIndices()") == place, "an arrow key has turned the slide"
    box.get_by_role("button", name="one step on").click()
    assert slider.get_attribute("aria-valuetext") == "4096"
    assert box.get_by_role("button", name="one step on").is_disabled()


def test_a_film_of_few_states_moves_all_controls(alive):
    page, show = alive
    box, live = show("grid"), explore.shrinking_nodule()
    for name, value in (("diameter", 11), ("size", 32), ("method", "every n-th pixel")):
        slider = box.get_by_role("slider", name=live.controls[name].description)
        slider.focus()
        page.keyboard.press("Home")
        while slider.get_attribute("aria-valuetext") != str(value):
            page.keyboard.press("ArrowRight")
        live.controls[name].value = value
    assert box.locator("img").get_attribute("alt") == live.view.alt


# Decks


def test_a_deck_fits_turns_and_shows_fragments(small, visit):
    page = visit(small[3])
    page.wait_for_selector(".reveal.ready")
    assert page.evaluate(FITS) == []
    page.evaluate("Reveal.slide(1, 0, -1)")
    page.locator("#tell").wait_for(state="hidden")
    page.keyboard.press("PageDown")
    page.locator("#tell").wait_for(state="visible")
    page.keyboard.press("PageDown")
    assert page.evaluate("Reveal.getIndices().v") == 1


@pytest.mark.parametrize("name", ["title-text", "ask", "strips", "volume"])
def test_axe_finds_nothing_on_a_slide(small, visit, name):
    page = visit(small[3])
    page.wait_for_selector(".reveal.ready")
    page.evaluate(TURN, name)
    page.wait_for_function("!document.querySelector('section.present > section.present .explorer:not([data-alive])')")
    assert faults(page) == []


def test_notes_open_in_a_window_of_their_own(small, visit):
    page = visit(small[3])
    page.wait_for_selector(".reveal.ready")
    with page.expect_popup() as opened:
        page.keyboard.press("t")
    assert "Common wrong answer" in opened.value.locator("body").inner_text()
    page.keyboard.press("PageDown")
    opened.value.get_by_text("No notes on this slide").wait_for()
    assert not page.locator("text=Common wrong answer").is_visible()


@pytest.mark.parametrize("lecture", [lesson for lesson in lessons.lessons() if lesson.kind == "lecture"],
                         ids=lambda lesson: lesson.path.stem)
def test_every_slide_of_a_lecture_fits_with_stored_pictures(lecture, visit, tmp_path):
    path = tmp_path / "deck.html"
    path.write_text(deck.build(lecture, {}), encoding="utf-8")
    page = visit(path)
    page.wait_for_selector(".reveal.ready")
    assert page.evaluate(FITS) == []

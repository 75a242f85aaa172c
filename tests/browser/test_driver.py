"""The browser tests can fail: each fault they look for is planted once, on a small page of our own."""
import struct

import pytest
from controls import controls, drive
from driver import DRIVER, EXPLORER, SIZE
from traffic import Traffic, kernel_message

SLIDE = """<style>body {{ margin: 0 }} section {{ position: absolute; inset: 0 }}</style>
<section class="present" id="one"><h2>A slide ¶</h2>{}</section>"""
WIDGET = """<div class="jp-OutputArea-output"><div class="jupyter-widgets">
<div class="noUi-handle" tabindex="0" aria-label="level">knob</div><button onclick="{button}">Reset</button>
<canvas role="img" width="20" height="20"></canvas></div></div>
<script>const pen = document.querySelector("canvas").getContext("2d"); {slider}</script>"""
SLIDER = 'document.querySelector(".noUi-handle").onkeydown = (event) => pen.fillRect(0, 0, event.key.length, 9);'
BUTTON = "pen.clearRect(0, 0, 20, 20)"


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport=SIZE)
    context.add_init_script(path=DRIVER)
    page = context.new_page()
    page.goto("about:blank")
    yield page
    context.close()


def measured(page, content):
    page.set_content(SLIDE.format(content))
    return page.evaluate("() => courseDriver.measure(document.querySelector('section'))")


def test_a_slide_that_fits(page):
    assert measured(page, "<p>short</p>") == {"title": "A slide", "sides": [], "cut": []}


def test_a_slide_that_is_too_tall_says_by_how_much(page):
    tall = '<div style="position: absolute; top: 700px; height: 120px; width: 10px">x</div>'
    assert measured(page, tall)["sides"] == ["bottom by 100 px"]


def test_a_fragment_that_is_not_shown_yet_counts_too(page):
    late = ("<style>.fragment { visibility: hidden; transition: all 0.5s } "
            ".fragment.visible { visibility: visible }</style>"
            '<div class="fragment" style="position: absolute; left: 1000px; width: 300px; height: 9px">x</div>')
    assert measured(page, late)["sides"] == ["right by 20 px"]


def test_a_box_that_scrolls_inside_a_slide(page):
    box = '<div class="table" style="height: 50px; width: 80px; overflow: auto"><p style="height: 300px">x</p></div>'
    assert len(measured(page, box)["cut"]) == 1


class Notebook:
    """As much of NotebookPage as `drive` needs."""

    def __init__(self, page):
        self.page = page

    def settle(self):
        self.page.evaluate("() => courseDriver.frames(1)")

    def state(self, explorer):
        return explorer.evaluate("explorer => courseDriver.state(explorer)")


@pytest.mark.parametrize("slider, button, faults", [
    (SLIDER, BUTTON, []),
    (SLIDER, "", ["the button 'Reset' changes nothing"]),
    ("", "", ["no control changes the picture"]),
])
def test_a_control_that_does_nothing(page, slider, button, faults):
    page.set_content(WIDGET.format(slider=slider, button=button))
    assert drive(Notebook(page), page.query_selector(EXPLORER)) == faults


def test_the_controls_of_an_explorer(page):
    page.set_content(WIDGET.format(slider="", button=""))
    assert [kind for kind, _ in controls(page.query_selector(EXPLORER))] == ["slider", "button"]


def test_requests_that_leave_the_machine_and_console_errors(page):
    traffic = Traffic(page)
    page.set_content('<img src="http://example.org/a.png"><img src="data:,"><script>console.error("oops")</script>')
    problems = " ".join(traffic.take())
    assert "leaves the machine: http://example.org/a.png" in problems
    assert "oops" in problems
    assert "data:" not in problems
    assert traffic.take() == []


def frame(channel, header, content):
    parts = [channel, header, b'{"msg_id": "7"}', b"{}", content]
    offsets = [8 * 7]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    return struct.pack("<7Q", 6, *offsets) + b"".join(parts)


def test_errors_on_the_kernels_channel_are_seen():
    payload = frame(b"iopub", b'{"msg_type": "error"}', b'{"ename": "KeyError", "evalue": "1", "traceback": []}')
    channel, header, parent, content = kernel_message(payload)
    assert (channel, header["msg_type"], parent["msg_id"], content()["ename"]) == ("iopub", "error", "7", "KeyError")
    traffic = Traffic()
    traffic.received(payload)
    assert traffic.take() == ["KeyError: 1 (kernel)"]

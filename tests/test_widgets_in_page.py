"""Every explorer that the page draws, in a real browser: barriers, the Tab key, scaled slides, and how it ends."""
import json

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from test_widgets_drawing import network
from test_widgets_painting import IMAGES, evidence, vector
from test_widgets_painting_in_page import at
from test_widgets_pixels_in_page import PATCH, cell_at
from test_widgets_volume_in_page import SPACING, VOLUME, centre
from widget_page import get

from helpers import explore

EXPLORERS = {
    "convolution": lambda: explore.convolution(preset="vertical edge"),
    "convolution, hidden": lambda: explore.convolution(preset="vertical edge", reveal=False),
    "drawing pad": lambda: explore.draw_digit(*network(seed=3), start={"a line": np.eye(8) * 16}),
    "painting pad": lambda: explore.nodule_pad({"first": evidence(), "second": vector()}, IMAGES, ["a", "b", "c"],
                                               levels=(-0.5, 0.9)),
    "pixel editor": lambda: explore.pixel_editor(PATCH, label="Patch"),
    "volume viewer": lambda: explore.volume_viewer(VOLUME, SPACING, low=0, high=1, position=(2, 9, 7)),
}
# Where to press, and which cell or voxel that is.
PLACES = {
    "painting pad": (".paint-pad", lambda view: at(4, 17), "cursor", [4, 17]),
    "pixel editor": (".pixel-numbers", lambda view: cell_at(11, 12), "cursor", [11, 12]),
    "volume viewer": ("[data-plane=axial]", lambda view: centre(view, 0, 17, 13), "position", [2, 17, 13]),
}


@pytest.mark.parametrize("scale", [0.6, 1.5])
@pytest.mark.parametrize("name", PLACES)
def test_on_a_scaled_slide_the_pointer_means_what_lies_under_it(stage, name, scale):
    view, (selector, place, trait, expected) = EXPLORERS[name]().view, PLACES[name]
    with stage.show(view) as page:
        page.locator("#home").evaluate(
            "(el, scale) => { el.style.cssText = `transform: scale(${scale}); transform-origin: 0 0` }", scale)
        page.locator(selector).click(position={axis: scale * value for axis, value in place(view).items()})
        assert get(page, trait) == expected


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", EXPLORERS)
def test_axe_finds_no_barrier(stage, name, dark):
    with stage.show(EXPLORERS[name]().view, dark=dark) as page:
        found = Axe().run(page, context="#home").response["violations"]
        assert not found, json.dumps([(item["id"], [node["html"] for node in item["nodes"]]) for item in found])


@pytest.mark.parametrize("name", EXPLORERS)
def test_tab_leaves_and_focus_is_visible(stage, name):
    with stage.show(EXPLORERS[name]().view) as page:
        page.keyboard.press("Tab")
        for _ in range(20):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "after":
                break
        assert page.evaluate("document.activeElement.id") == "after"


@pytest.mark.parametrize("name", EXPLORERS)
def test_nothing_listens_after_unmounting(stage, name):
    with stage.show(EXPLORERS[name]().view) as page:
        assert page.evaluate("left()") > 0
        page.evaluate("unmount()")
        assert page.evaluate("left()") == 0

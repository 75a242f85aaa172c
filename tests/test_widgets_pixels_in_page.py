"""The pixel editor's JavaScript in a real browser: grey levels, mouse, keys, what it hides and how it fits."""
import numpy as np
import pytest
from widget_page import get, pixel, put, settle, with_state

from helpers.explore import pixels
from helpers.explore.canvas import grey_levels

PATCH = np.round(np.linspace(0, 1, 14 * 14).reshape(14, 14), 2)[::-1]
DIGIT = np.arange(22 * 16).reshape(22, 16) % 256
INDEX, CELL = 20, 28                                 # pixels, as laid out on a wide page


@pytest.fixture
def patch():
    return pixels.pixel_editor(PATCH, label="Patch")


def cell_at(row, column, inset=0.5):
    """Canvas position of a cell, or of its lower left corner where no number stands."""
    return {"x": INDEX + (column + 1 - inset) * CELL, "y": INDEX + (row + inset) * CELL}


def test_cells_have_the_grey_levels_of_python(stage, patch):
    expected = grey_levels(PATCH, 0, 1)
    with stage.show(patch.view) as page:
        for row, column in ((1, 1), (0, 13), (6, 6), (7, 7), (13, 0), (13, 13)):
            assert pixel(page, ".pixel-picture", **cell_at(row, column)) == [expected[row, column]] * 3
            corner = cell_at(row, column, 0.85)
            assert pixel(page, ".pixel-numbers", **corner) == [expected[row, column]] * 3


def test_a_click_selects_and_both_pictures_mark_it(stage, patch):
    with stage.show(patch.view) as page:
        edge = {"x": INDEX + 5 * CELL - 0.5, "y": INDEX + 4.5 * CELL}
        before = pixel(page, ".pixel-picture", **edge)
        page.locator(".pixel-numbers").click(position=cell_at(4, 5))
        assert get(page, "cursor") == [4, 5]
        assert page.locator(".pixel-readout").inner_text() == f"row 4, column 5: {PATCH[4, 5]:.2f}"
        assert pixel(page, ".pixel-picture", **edge) == [0xE6, 0x9F, 0x00] != before
        page.locator(".pixel-picture").click(position=cell_at(2, 3))
        assert get(page, "cursor") == [2, 3]
        assert page.evaluate("document.activeElement.className") == "pixel-numbers"


def test_keys_alone_move_and_change(stage, patch):
    with stage.show(patch.view) as page:
        page.keyboard.press("Tab")
        for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft", "ArrowLeft"):
            page.keyboard.press(key)
        assert get(page, "cursor") == [1, 0]         # the edge holds
        page.keyboard.press("End")
        assert get(page, "cursor") == [1, 13]
        for key, change in (("PageDown", -0.05), ("+", 0.01), ("-", -0.01), ("PageUp", 0.05)):
            before = get(page, "values")[27]
            page.keyboard.press(key)
            assert get(page, "values")[27] == pytest.approx(round(before + change, 2))
        assert page.evaluate("leaked.filter((key) => key !== 'Tab')") == []


def test_a_typed_number_is_taken_and_kept_in_bounds(stage, patch):
    with stage.show(patch.view) as page:
        page.locator(".pixel-numbers").click(position=cell_at(3, 2))
        page.keyboard.type("0.055")
        assert get(page, "values")[44] == PATCH[3, 2]        # not before Enter
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.className") == "pixel-numbers"
        assert get(page, "values")[44] == pytest.approx(0.055, abs=0.0051)
        page.keyboard.type("7")
        page.keyboard.press("Enter")
        assert get(page, "values")[44] == 1
        page.keyboard.type("0.3")
        page.keyboard.press("Escape")
        assert get(page, "values")[44] == 1 and page.locator(".pixel-value").input_value() == "1.00"
        page.get_by_label("New value").fill("0.4")
        page.locator(".pixel-numbers").click(position=cell_at(9, 9))
        assert get(page, "values")[44] == 0.4 and get(page, "values")[9 * 14 + 9] == PATCH[9, 9]
        page.get_by_label("New value").fill("")
        page.keyboard.press("Enter")
        assert get(page, "values")[9 * 14 + 9] == PATCH[9, 9]
        assert page.evaluate("leaked") == []


def test_changed_cells_are_outlined_counted_and_reset(stage, patch):
    with stage.show(patch.view) as page:
        page.locator(".pixel-numbers").click(position=cell_at(3, 2))
        page.keyboard.press("PageDown")
        page.keyboard.press("ArrowLeft")
        page.mouse.move(0, 0)                        # the frame under the pointer lies on top
        corner = {"x": INDEX + 3 * CELL - 2, "y": INDEX + 3 * CELL + 2}
        assert pixel(page, ".pixel-picture", **corner) == [0x00, 0x72, 0xB2]
        assert page.locator(".pixel-changed").inner_text() == "1 cell changed."
        page.locator(".pixel-reset").click()
        assert get(page, "values") == PATCH.ravel().tolist()
        assert page.locator(".pixel-changed").inner_text() == "No cells changed."
        assert page.locator(".pixel-reset").is_disabled()


def test_delete_restores_one_cell(stage, patch):
    with stage.show(patch.view) as page:
        for key in ("Tab", "PageDown", "ArrowDown", "PageDown", "Delete"):
            page.keyboard.press(key)
        assert get(page, "values")[14] == PATCH[1, 0] and get(page, "values")[0] != PATCH[0, 0]


def test_the_picture_stays_hidden_until_asked_for(stage):
    explorer = pixels.pixel_editor(PATCH, reveal=False)
    with stage.show(explorer.view) as page:
        corners = [cell_at(row, column, 0.85) for row in (2, 12) for column in (2, 12)]
        assert len({tuple(pixel(page, ".pixel-picture", **corner)) for corner in corners}) == 1
        assert {tuple(pixel(page, ".pixel-numbers", **corner)) for corner in corners} == {(255, 255, 255)}
        assert "Darkest" not in page.locator(".pixel-picture").get_attribute("aria-label")
        page.get_by_role("button", name="Show the picture").click()
        assert get(page, "revealed") is True
        assert len({tuple(pixel(page, ".pixel-picture", **corner)) for corner in corners}) == 4
        page.get_by_role("button", name="Hide the picture").click()
        assert len({tuple(pixel(page, ".pixel-picture", **corner)) for corner in corners}) == 1


def test_page_and_python_describe_alike(stage, patch):
    with stage.show(patch.view) as page:
        for key in ("Tab", "ArrowDown", "PageUp", "PageDown", "PageDown", "ArrowRight"):
            page.keyboard.press(key)
            label = page.locator(".pixel-picture").get_attribute("aria-label")
            assert label == with_state(patch, page).describe()


def test_python_changes_are_drawn(stage, patch):
    with stage.show(patch.view) as page:
        put(page, "values", [0.25] * 196)
        put(page, "cursor", [13, 13])
        assert pixel(page, ".pixel-picture", **cell_at(6, 6)) == [64] * 3
        assert page.locator(".pixel-readout").inner_text() == "row 13, column 13: 0.25"


@pytest.mark.parametrize("grid, high", [(PATCH, 1), (DIGIT, 255)])
def test_editor_fits_slide_and_narrow_page(stage, grid, high):
    editor = pixels.pixel_editor(grid, high=high).view
    with stage.show(editor) as page:
        box = page.locator(".pixel-editor").bounding_box()
        assert box["width"] <= 1100 and box["height"] <= 480
    with stage.show(editor, width=480, ratio=2) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 480
        canvas = page.locator(".pixel-numbers")
        assert canvas.evaluate("(canvas) => canvas.width / canvas.clientWidth") == pytest.approx(2, abs=0.02)


def test_a_change_of_theme_does_not_shrink_the_editor(stage, patch):
    with stage.show(patch.view) as page:
        before = page.locator(".pixel-numbers").bounding_box()
        page.evaluate("""async () => {
          const home = document.getElementById("home");
          home.style.width = "30px";                         // while JupyterLab loads a theme, there is no style
          document.body.dataset.jpThemeLight = "false";
          await Promise.resolve();
          home.style.width = "";
        }""")
        settle(page)
        assert page.locator(".pixel-numbers").bounding_box() == before

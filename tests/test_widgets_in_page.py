"""The widgets' JavaScript in a real browser, without JupyterLab and without a kernel."""
import json

import numpy as np
import pytest
import torch
import widget_page
from axe_playwright_python.sync_playwright import Axe
from test_widgets_drawing import drawn, network
from widget_page import get, pixel, put, settle

from helpers.explore import drawing, pixels
from helpers.explore import volume as volumes

PATCH = np.round(np.linspace(0, 1, 14 * 14).reshape(14, 14), 2)[::-1]
DIGIT = np.arange(22 * 16).reshape(22, 16) % 256
VOLUME = np.random.default_rng(1).random((6, 20, 16))
SPACING = (8.0, 2.0, 2.0)
INDEX, CELL = 20, 28                                 # pixels, as laid out on a wide page
PAD_CELL = 36                                        # the same of the drawing pad with 8 by 8 cells


@pytest.fixture(scope="module")
def stage():
    with widget_page.stage() as opened:
        yield opened


@pytest.fixture
def patch():
    return pixels.pixel_editor(PATCH, label="Patch")


@pytest.fixture
def brain():
    return volumes.volume_viewer(VOLUME, SPACING, low=0, high=1, position=(2, 9, 7))


@pytest.fixture
def pad():
    start = {"a ring": drawn(8, ((2, 2), (2, 6)), ((2, 6), (6, 2)), ((6, 2), (2, 2))), "a line": np.eye(8) * 16}
    return drawing.draw_digit(*network(seed=3), start=start)


def cell_at(row, column, inset=0.5):
    """Canvas position of a cell, or of its lower left corner where no number stands."""
    return {"x": INDEX + (column + 1 - inset) * CELL, "y": INDEX + (row + inset) * CELL}


def with_state(explorer, page):
    """The Python side brought to the state of the page, as the messages of the page would."""
    names = [name for name in ("values", "cursor", "revealed", "position", "square", "level", "width", "pixels")
             if explorer.view.has_trait(name)]
    explorer.view.set_state({name: get(page, name) for name in names})
    return explorer


# Pixel editor

def test_cells_have_the_grey_levels_of_python(stage, patch):
    expected = pixels.grey_levels(PATCH, 0, 1)
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


# Volume viewer

def centre(viewer, plane, row, column):
    """Canvas position of one pixel of a plane, with rows and columns as they are seen."""
    _, boxes, _ = volumes.arrange(viewer)
    voxel = [1.0] * 3 if viewer.square else viewer.spacing
    zoom, (_, down, across, *_) = volumes.arrange(viewer)[0], volumes.PLANES[plane]
    (width, height), sides = boxes[plane], (viewer.shape[across] * voxel[across], viewer.shape[down] * voxel[down])
    return {"x": (width - sides[0] * zoom) / 2 + (column + 0.5) * voxel[across] * zoom,
            "y": (height - sides[1] * zoom) / 2 + (row + 0.5) * voxel[down] * zoom}


def plane_of(page, plane):
    return page.locator(".volume-plane").nth(plane)


@pytest.mark.parametrize("square", [False, True])
def test_planes_have_the_grey_levels_of_python(stage, brain, square):
    brain.view.square = square
    table = volumes.window_table(0, 1, 0.5, 1)
    with stage.show(brain.view) as page:
        for number, key in enumerate(("axial", "coronal", "sagittal")):
            picture = volumes.reslice(table[brain.view.voxels()], brain.view.position)[number]
            for row, column in ((0, 0), (0, picture.shape[1] - 1), (picture.shape[0] - 1, 2), (1, 3)):
                shown = pixel(page, f"[data-plane={key}]", **centre(brain.view, number, row, column))
                assert shown == [picture[row, column]] * 3, (key, row, column)


def test_a_click_moves_the_crosshair_in_all_planes(stage, brain):
    with stage.show(brain.view) as page:
        plane_of(page, 0).click(position=centre(brain.view, 0, 4, 11))
        assert get(page, "position") == [2, 4, 11]
        plane_of(page, 1).click(position=centre(brain.view, 1, 0, 3))
        assert get(page, "position") == [5, 4, 3]                         # the top row is the highest slice
        plane_of(page, 2).click(position=centre(brain.view, 2, 5, 19))
        assert get(page, "position") == [0, 19, 3]
        captions = page.locator(".volume-planes small").all_inner_texts()
        assert captions == ["slice 0 of 0 to 5", "row 19 of 0 to 19", "column 3 of 0 to 15"]


def test_dragging_follows_the_pointer_and_stops_at_the_edge(stage, brain):
    with stage.show(brain.view) as page:
        box, start, end = plane_of(page, 0).bounding_box(), centre(brain.view, 0, 2, 2), centre(brain.view, 0, 10, 9)
        page.mouse.move(box["x"] + start["x"], box["y"] + start["y"])
        page.mouse.down()
        page.mouse.move(box["x"] + end["x"], box["y"] + end["y"], steps=4)
        assert get(page, "position") == [2, 10, 9]
        page.mouse.move(box["x"] + 900, box["y"] + 900)
        assert get(page, "position") == [2, 19, 15]
        page.mouse.up()
        page.mouse.move(box["x"] + start["x"], box["y"] + start["y"])
        assert get(page, "position") == [2, 19, 15]


def test_keys_move_the_way_they_point(stage, brain):
    moves = [(0, "ArrowUp", 1, -1), (0, "ArrowLeft", 2, -1), (0, "PageUp", 0, 1), (1, "ArrowUp", 0, 1),
             (1, "ArrowRight", 2, 1), (1, "PageDown", 1, -1), (2, "ArrowDown", 0, -1), (2, "ArrowRight", 1, 1),
             (2, "PageUp", 2, 1), (2, "Shift+ArrowLeft", 1, -9)]         # Shift: 10 steps, but row 0 is the edge
    with stage.show(brain.view) as page:
        for plane, key, axis, change in moves:
            expected = list(brain.view.position)
            put(page, "position", list(expected))
            expected[axis] += change
            plane_of(page, plane).focus()
            page.keyboard.press(key)
            assert get(page, "position") == expected, (plane, key)
        assert [name for name in page.evaluate("leaked") if name != "Shift"] == []


def test_the_wheel_belongs_to_the_page_until_the_plane_has_focus(stage, brain):
    with stage.show(brain.view, height=300) as page:
        box = plane_of(page, 0).bounding_box()
        page.mouse.move(box["x"] + 60, box["y"] + 60)
        page.mouse.wheel(0, 100)
        page.wait_for_function("scrollY > 50")
        assert get(page, "position") == [2, 9, 7]
        plane_of(page, 0).focus()
        scrolled = page.evaluate("scrollY")
        page.mouse.wheel(0, -100)
        page.wait_for_function("model.get('position')[0] === 3")
        settle(page)
        assert page.evaluate("scrollY") == scrolled


def test_square_voxels_squash_the_coronal_plane(stage, brain):
    def rows_lit(page):
        return page.evaluate("""() => {
          const canvas = document.querySelector("[data-plane=coronal]"), pen = canvas.getContext("2d");
          const { data } = pen.getImageData(30, 0, canvas.width - 60, canvas.height), row = (canvas.width - 60) * 4;
          return Array.from({ length: canvas.height }, (_, y) => data.subarray(y * row, (y + 1) * row)
            .filter((value, index) => index % 4 < 3 && value > 0).length > 40).filter(Boolean).length;
        }""")
    with stage.show(brain.view) as page:
        tall, box = rows_lit(page), plane_of(page, 1).bounding_box()
        page.get_by_label("square voxels").check()
        assert get(page, "square") is True
        assert rows_lit(page) < tall / 3             # slices of 8 mm now look as thin as pixels of 2 mm
        assert plane_of(page, 1).bounding_box() == box
        assert "no spacing" in page.locator(".volume-readout").inner_text()


def test_level_and_width_change_the_picture_as_in_python(stage, brain):
    with stage.show(brain.view) as page:
        page.get_by_label("Width").focus()
        for _ in range(10):
            page.keyboard.press("PageDown")
        page.get_by_label("Level").press("ArrowRight")
        level, width = get(page, "level"), get(page, "width")
        assert level == pytest.approx(0.505) and 0 < width < 0.9
        table = volumes.window_table(0, 1, level, width)
        for row, column in ((0, 0), (3, 12), (19, 15), (15, 1)):
            expected = table[brain.view.voxels()[2, row, column]]
            assert pixel(page, "[data-plane=axial]", **centre(brain.view, 0, row, column)) == [expected] * 3
        assert page.evaluate("leaked") == []
        page.locator(".volume-reset").click()
        assert (get(page, "level"), get(page, "width"), get(page, "position")) == (0.5, 1, [2, 9, 7])


def test_page_and_python_read_off_alike(stage, brain):
    with stage.show(brain.view) as page:
        plane_of(page, 2).focus()
        for key in ("PageUp", "ArrowUp", "ArrowLeft", "ArrowLeft", "ArrowUp", "PageDown"):
            page.keyboard.press(key)
            text = page.locator(".volume-readout").inner_text()
            assert text == volumes.readout(with_state(brain, page).view)
            assert f"{text}." in plane_of(page, 2).get_attribute("aria-label")


def test_viewer_fits_slide_and_narrow_page(stage, brain):
    with stage.show(brain.view) as page:
        box = page.locator(".volume-viewer").bounding_box()
        assert box["width"] <= 1100 and box["height"] <= 470
    with stage.show(brain.view, width=420, ratio=2) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 420
        assert page.locator("[data-plane=axial]").evaluate(
            "(canvas) => canvas.width / canvas.clientWidth") == pytest.approx(2, abs=0.02)


def test_three_planes_stand_in_one_row_at_any_usual_width(stage, brain):
    with stage.show(brain.view) as page:
        for width in (700, 771, 848, 911, 1000, 1280):
            page.set_viewport_size({"width": width, "height": 720})
            settle(page)
            settle(page)
            assert len({plane_of(page, number).bounding_box()["y"] for number in range(3)}) == 1, width
            assert page.evaluate("document.documentElement.scrollWidth") <= width


# Drawing pad

def shown_numbers(page):
    """Weighted sums, outputs, words and the answer, as they stand on the page."""
    def texts(name):
        return page.locator(f".draw-{name}").all_inner_texts()
    return texts("sum"), texts("output"), texts("answer")[0]


def expected_numbers(explorer, picture):
    """The same by torch, in double precision."""
    view = explorer.view
    picture, weights, biases, out_weights = (
        torch.tensor(array, dtype=torch.float64) for array in (picture, view.weights, view.biases, view.out_weights))
    sums = torch.nn.functional.linear(picture.ravel(), weights, biases)
    features = torch.relu(sums)
    p = torch.sigmoid(features @ out_weights + view.out_bias).item()
    return ([drawing.signed(value) for value in sums.tolist()],
            [f"{value:.2f} {'fires' if value > 0 else 'silent'}" for value in features.tolist()],
            f"{drawing.chance(p)}: {drawing.verdict(p)}")


def stroke_on(page, *places):
    """Draw with the mouse through places given as (row, column) in cells."""
    box = page.locator(".draw-pad").bounding_box()
    points = [(box["x"] + 1 + column * PAD_CELL, box["y"] + 1 + row * PAD_CELL) for row, column in places]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=6)
    page.mouse.up()


def grid(page):
    return np.reshape(get(page, "pixels"), (8, 8))


@pytest.mark.parametrize("side, features, high", [(8, 3, 16.0), (28, 3, 1.0), (8, 6, 16.0)])
def test_page_computes_what_torch_computes(stage, side, features, high):
    explorer = drawing.draw_digit(*network(side, features), high=high)
    random, words = np.random.default_rng(7), set()
    with stage.show(explorer.view) as page:
        for share in (0.0, 0.1, 0.4, 1.0):
            picture = random.random((side, side)) * (random.random((side, side)) < share) * high
            put(page, "pixels", picture.ravel().tolist())
            assert shown_numbers(page) == expected_numbers(explorer, picture)
            words |= {text.split()[1] for text in shown_numbers(page)[1]}
            assert page.locator(".draw-right").get_attribute("aria-label") == with_state(explorer, page).describe()
    assert words == {"fires", "silent"}


def test_a_drawn_line_is_soft_and_as_wide_as_a_pen(stage, pad):
    pad.view.pixels = [0.0] * 64
    with stage.show(pad.view) as page:
        stroke_on(page, (1, 3.25), (6.5, 3.25), (6.5, 6))
        expected = drawn(8, ((1, 3.25), (6.5, 3.25)), ((6.5, 3.25), (6.5, 6)))
        np.testing.assert_allclose(grid(page), expected, atol=0.5)          # the mouse stops at whole pixels
        assert get(page, "cursor") == [6, 6]
        assert shown_numbers(page) == expected_numbers(pad, grid(page))
        before = grid(page)
        page.mouse.move(40, 60)                                             # the button is up
        assert np.array_equal(grid(page), before)


def test_numbers_follow_while_the_pen_is_down(stage, pad):
    with stage.show(pad.view) as page:
        page.get_by_role("button", name="Clear").click()
        box, seen = page.locator(".draw-pad").bounding_box(), []
        page.mouse.move(box["x"] + 40, box["y"] + 60)
        page.mouse.down()
        for x in (120, 200, 280):
            page.mouse.move(box["x"] + x, box["y"] + 60)
            seen.append(shown_numbers(page))
            assert seen[-1] == expected_numbers(pad, grid(page))
        assert len({str(numbers) for numbers in seen}) == 3
        page.mouse.move(box["x"] + 900, box["y"] + 60)                      # beyond the edge there is no ink
        page.mouse.up()
        assert not grid(page)[3:].any() and get(page, "cursor") == [1, 7]


def test_touch_draws_and_does_not_scroll(stage, pad):
    with stage.show(pad.view) as page:
        page.get_by_role("button", name="Clear").click()
        assert page.locator(".draw-pad").evaluate("(pad) => getComputedStyle(pad).touchAction") == "pinch-zoom"
        session, box = page.context.new_cdp_session(page), page.locator(".draw-pad").bounding_box()
        for kind, x in (("touchStart", 90), ("touchMove", 160), ("touchMove", 240), ("touchEnd", None)):
            points = [] if x is None else [{"x": box["x"] + x, "y": box["y"] + 145}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        settle(page)
        assert grid(page)[3:5, 3:6].min() > 8 and not grid(page)[:2].any()
        assert page.evaluate("scrollY") == 0


def test_keys_alone_draw_erase_and_clear(stage, pad):
    with stage.show(pad.view) as page:
        put(page, "pixels", [0.0] * 64)
        for key in ("Tab", "ArrowUp", "ArrowUp", "ArrowLeft", "Space"):
            page.keyboard.press(key)
        assert get(page, "cursor") == [2, 3]
        np.testing.assert_allclose(grid(page), drawn(8, ((2.5, 3.5), (2.5, 3.5))))
        for key in ("Shift+ArrowDown", "Shift+ArrowDown", "ArrowRight", "Enter"):
            page.keyboard.press(key)
        dot = drawn(8, ((2.5, 3.5), (4.5, 3.5)), ((4.5, 4.5), (4.5, 4.5)))
        np.testing.assert_allclose(grid(page), dot)
        assert shown_numbers(page) == expected_numbers(pad, dot)
        for key in ("Backspace", "ArrowUp", "Delete"):
            page.keyboard.press(key)
        dot[4, 4] = dot[3, 4] = 0                                           # each empties one cell
        np.testing.assert_allclose(grid(page), dot)
        for _ in range(9):
            page.keyboard.press("ArrowRight")
        assert get(page, "cursor") == [3, 7]                                # the edge holds
        for key in ("Tab", "Tab", "Tab", "Enter"):
            page.keyboard.press(key)
        assert not grid(page).any()
        assert page.evaluate("leaked.filter((key) => key !== 'Tab')") == []


def test_eraser_takes_ink_and_strength_sets_how_much(stage, pad):
    with stage.show(pad.view) as page:
        put(page, "pixels", [16.0] * 64)
        page.get_by_role("checkbox", name="Eraser").check()
        stroke_on(page, (3.5, 1), (3.5, 7))
        assert grid(page)[3, 1:7].max() < 1 and grid(page)[[0, 1, 2, 4, 5, 6, 7]].min() > 15
        assert "eraser" in page.locator(".draw-pad").get_attribute("aria-label")
        page.get_by_role("checkbox", name="Eraser").uncheck()
        page.get_by_role("button", name="Clear").click()
        page.get_by_label("Strength").focus()
        for _ in range(5):
            page.keyboard.press("ArrowLeft")
        assert get(page, "strength") == 0.5 and page.locator(".draw-percent").inner_text() == "50 %"
        for _ in range(2):                                                  # twice over is no darker
            stroke_on(page, (3.5, 1), (3.5, 7))
            assert grid(page).max() == 8
        assert page.evaluate("leaked") == []


def test_examples_are_buttons_and_stay_as_they_are(stage, pad):
    with stage.show(pad.view) as page:
        for name, picture in zip(pad.view.names, pad.view.examples, strict=True):
            page.get_by_role("button", name=name).click()
            assert get(page, "pixels") == picture
            assert shown_numbers(page) == expected_numbers(pad, picture)
            stroke_on(page, (0.5, 0.5), (0.5, 7.5))
            assert get(page, "pixels") != picture
            page.get_by_role("button", name=name).click()
            assert get(page, "pixels") == picture


@pytest.mark.parametrize("ratio", [1, 2])
def test_cells_of_the_pad_have_their_grey_level(stage, pad, ratio):
    grey = pixels.grey_levels(pad.values(), 0, 16)
    with stage.show(pad.view, ratio=ratio) as page:
        for row, column in ((0, 0), (2, 4), (4, 4), (3, 2), (7, 7)):
            place = {"x": (column + 0.5) * PAD_CELL, "y": (row + 0.5) * PAD_CELL}
            assert pixel(page, ".draw-pad", **place) == [grey[row, column]] * 3


def test_bars_start_at_zero_and_show_where_they_are_cut_off(stage, pad):
    with stage.show(pad.view) as page:
        for picture in (pad.view.examples[0], [16.0 * (weight > 0) for weight in pad.view.weights[0]],
                        [16.0 * (weight < 0) for weight in pad.view.weights[0]]):
            put(page, "pixels", picture)
            for number, total in enumerate(pad.forward(picture)[0]):
                track = page.locator(".draw-feature").nth(number).locator(".draw-track").first
                box, bar = track.bounding_box(), track.locator("i").bounding_box()
                share = min(abs(total) / pad.view.reach, 1) / 2
                assert bar["width"] / box["width"] == pytest.approx(share, abs=0.01)
                zero = bar["x"] if total > 0 else bar["x"] + bar["width"]
                assert zero == pytest.approx(box["x"] + box["width"] / 2, abs=1)
                classes = track.locator("i").get_attribute("class").split()
                assert classes == ["more" if total > 0 else "less", "over"][:1 + (abs(total) > pad.view.reach)]
        assert "over" in page.locator(".draw-features").inner_html()


@pytest.mark.parametrize("side, features", [(8, 3), (28, 3), (8, 6), (28, 6)])
def test_pad_fits_slide_and_narrow_page(stage, side, features):
    view = drawing.draw_digit(*network(side, features), start=np.zeros((side, side))).view
    with stage.show(view) as page:
        box = page.locator(".drawing-pad").bounding_box()
        assert box["width"] <= 1092 and box["height"] <= 430
        for width in (640, 420, 300):                                       # 640: a slide at 200 %
            page.set_viewport_size({"width": width, "height": 720})
            settle(page)
            settle(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width


# All

@pytest.mark.parametrize("scale", [0.6, 1.5])
def test_on_a_scaled_slide_the_pointer_means_what_lies_under_it(stage, patch, brain, scale):
    def seen(place):
        return {axis: scale * at for axis, at in place.items()}

    for explorer, selector, place, name, expected in (
            (patch, ".pixel-numbers", cell_at(11, 12), "cursor", [11, 12]),
            (brain, "[data-plane=axial]", centre(brain.view, 0, 17, 13), "position", [2, 17, 13])):
        with stage.show(explorer.view) as page:
            page.locator("#home").evaluate(
                "(el, scale) => { el.style.cssText = `transform: scale(${scale}); transform-origin: 0 0` }", scale)
            page.locator(selector).click(position=seen(place))
            assert get(page, name) == expected


@pytest.mark.parametrize("name", ["patch", "brain", "pad"])
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_no_barrier(stage, request, name, dark):
    with stage.show(request.getfixturevalue(name).view, dark=dark) as page:
        found = Axe().run(page, context="#home").response["violations"]
        assert not found, json.dumps([(item["id"], [node["html"] for node in item["nodes"]]) for item in found])


@pytest.mark.parametrize("name", ["patch", "brain", "pad"])
def test_tab_leaves_and_focus_is_visible(stage, request, name):
    with stage.show(request.getfixturevalue(name).view) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
        for _ in range(12):
            if page.evaluate("document.activeElement.id") == "after":
                break
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "after"


@pytest.mark.parametrize("name", ["patch", "brain", "pad"])
def test_nothing_listens_after_unmounting(stage, request, name):
    with stage.show(request.getfixturevalue(name).view) as page:
        assert page.evaluate("left()") > 0
        page.evaluate("unmount()")
        assert page.evaluate("left()") == 0

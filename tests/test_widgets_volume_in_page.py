"""The volume viewer's JavaScript in a real browser: grey levels, mouse, keys, true millimetres and how it fits."""
import numpy as np
import pytest
from widget_page import get, pixel, put, settle, with_state

from helpers.explore import volume as volumes

VOLUME = np.random.default_rng(1).random((6, 20, 16))
SPACING = (8.0, 2.0, 2.0)


@pytest.fixture
def brain():
    return volumes.volume_viewer(VOLUME, SPACING, low=0, high=1, position=(2, 9, 7))


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

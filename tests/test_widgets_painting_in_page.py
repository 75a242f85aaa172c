"""The painting pad's JavaScript in a real browser: numbers of torch and explain, strokes, keys, layout, barriers."""
import numpy as np
import pytest
from test_widgets_painting import IMAGES, NETWORKS, evidence, vector
from widget_page import get, pixel, put, settle

from helpers.explore import heat, painting
from helpers.explore.pictures import grey

CELL = 12                                            # screen pixels of a pixel: 250 // 20
EDGE = 1                                             # of the canvas


@pytest.fixture
def pad():
    return painting.nodule_pad({"first": evidence(), "second": vector()}, IMAGES, ["a", "b", "c"], levels=(-0.5, 0.9))


def scores(page):
    settle(page)
    return [float(text) for text in page.evaluate(
        "[...document.querySelectorAll('.paint-network')].map((card) => card.dataset.score)")]


def texts(page, selector):
    settle(page)
    return page.locator(selector).all_inner_texts()


def at(row, column):
    return {"x": EDGE + (column + 0.5) * CELL, "y": EDGE + (row + 0.5) * CELL}


def press(page, row, column):
    """A click in the very middle of a pixel: the locator's own would be rounded."""
    box = page.locator(".paint-pad").bounding_box()
    page.mouse.move(box["x"] + at(row, column)["x"], box["y"] + at(row, column)["y"])
    page.mouse.down()
    page.mouse.up()


def slice_of(page):
    return np.reshape(get(page, "pixels"), (20, 24))


def brushed(old, share, level, other):
    """What the brush leaves of a pixel of which it covers a share."""
    wanted = other + share * (level - other)
    return np.where(share > 0, np.maximum(old, wanted) if level > other else np.minimum(old, wanted), old)


def covered(start, end, radius):
    """The share of every pixel that a stroke covers, from many points on it."""
    places = np.stack(np.mgrid[:20, :24], axis=-1) + 0.5
    points = np.linspace(start, end, 401)
    away = np.array([[np.hypot(*(points - place).T).min() for place in row] for row in places])
    return np.clip(radius + 0.5 - away, 0, 1)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_page_computes_what_torch_computes(stage, name):
    explorer = painting.nodule_pad({name: NETWORKS[name]()}, IMAGES)
    with stage.show(explorer.view) as page:
        for image in IMAGES[:, 0]:
            put(page, "pixels", image.ravel().tolist())
            (_, score, map_), = explorer.answers(image)
            assert scores(page)[0] == pytest.approx(score, abs=1e-4)
            assert texts(page, ".paint-peak") == [heat.peak_told(map_)]


def test_the_map_over_the_slice_has_the_colours_of_python(stage, pad):
    low, high = pad.view.ends
    slice_ = grey(np.clip((pad.values() - low) / (high - low), 0, 1))
    with stage.show(pad.view) as page:
        for number, ((_, _, map_), network) in enumerate(zip(pad.answers(), pad.view.networks, strict=True)):
            expected = heat.over(slice_, map_, network["limit"], 1).astype(int)
            peak = heat.peak(map_)
            page.evaluate(f"document.querySelectorAll('.paint-network canvas')[{number}].id = 'map{number}'")
            for row, column in ((0, 0), (5, 20), (10, 3), (19, 23)):
                if peak is None or np.hypot(row - peak[0], column - peak[1]) > 3:  # elsewhere is the ring
                    found = pixel(page, f"#map{number}", CELL * column + 6, CELL * row + 6)
                    assert np.abs(np.subtract(found, expected[row, column])).max() <= 2
        assert pixel(page, ".paint-pad", CELL * 3 + 6, CELL * 9 + 6) == slice_[9, 3].tolist()


def test_a_stroke_paints_and_the_answers_follow(stage, pad):
    with stage.show(pad.view) as page:
        before = scores(page)
        box = page.locator(".paint-pad").bounding_box()
        page.mouse.move(box["x"] + at(5, 5)["x"], box["y"] + at(5, 5)["y"])
        page.mouse.down()
        page.mouse.move(box["x"] + at(5, 12)["x"], box["y"] + at(5, 12)["y"])
        settle(page)
        assert page.evaluate("saved") == 0           # the kernel hears of it when the pen is lifted
        expected = brushed(pad.values(), covered((5.5, 5.5), (5.5, 12.5), 1.5), 0.9, -0.5)
        np.testing.assert_allclose(slice_of(page), expected, atol=2e-3)
        for found, (_, score, _) in zip(scores(page), pad.answers(slice_of(page)), strict=True):
            assert found == pytest.approx(score, abs=1e-4)
        assert scores(page) != before
        page.mouse.up()
        assert page.evaluate("saved") == 1 and get(page, "cursor") == [5, 12]


def test_the_eraser_leaves_lung(stage, pad):
    with stage.show(pad.view) as page:
        page.get_by_label("Erase, to lung").check()
        press(page, 9, 9)
        expected = brushed(pad.values(), covered((9.5, 9.5), (9.5, 9.5), 1.5), -0.5, 0.9)
        np.testing.assert_allclose(slice_of(page), expected, atol=2e-3)
        assert slice_of(page)[9, 9] <= -0.5 + 1e-6


def test_keys_alone_paint_and_erase(stage, pad):
    with stage.show(pad.view) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "paint-pad" and get(page, "cursor") == [10, 12]
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Space")
        painted = brushed(pad.values(), covered((9.5, 12.5), (9.5, 12.5), 1.5), 0.9, -0.5)
        np.testing.assert_allclose(slice_of(page), painted, atol=2e-3)
        page.keyboard.press("Shift+ArrowLeft")
        assert slice_of(page)[9, 11] >= 0.9 - 1e-6 and get(page, "cursor") == [9, 11]
        page.keyboard.press("Backspace")
        assert slice_of(page)[9, 11] <= -0.5 + 1e-6
        for _ in range(30):
            page.keyboard.press("ArrowDown")
        assert get(page, "cursor") == [19, 11]       # the edge holds
        assert page.evaluate("leaked.filter((key) => key !== 'Tab')") == []


def test_the_brush_has_a_width(stage, pad):
    with stage.show(pad.view) as page:
        page.get_by_label("Brush").fill("3")
        settle(page)
        assert get(page, "radius") == 3 and texts(page, ".paint-width") == ["6 pixels wide"]
        press(page, 10, 12)
        expected = brushed(pad.values(), covered((10.5, 12.5), (10.5, 12.5), 3), 0.9, -0.5)
        np.testing.assert_allclose(slice_of(page), expected, atol=2e-3)


def test_start_slices_are_buttons_and_stay_as_they_are(stage, pad):
    with stage.show(pad.view) as page:
        page.locator(".paint-pad").click(position=at(3, 3))
        page.get_by_role("button", name="c", exact=True).click()
        np.testing.assert_allclose(slice_of(page), IMAGES[2, 0], atol=1e-4)
        page.locator(".paint-pad").click(position=at(3, 3))
        page.get_by_role("button", name="c", exact=True).click()
        np.testing.assert_allclose(slice_of(page), IMAGES[2, 0], atol=1e-4)
        settle(page)
        assert "none of them painted" in page.locator(".paint-answers").get_attribute("aria-label")


def test_page_and_python_describe_alike(stage, pad):
    with stage.show(pad.view) as page:
        page.locator(".paint-pad").click(position=at(15, 6))
        settle(page)
        pad.view.set_state({name: get(page, name) for name in ("pixels", "start", "cursor")})
        assert page.locator(".paint-answers").get_attribute("aria-label") == pad.describe()
        assert "20 by 24 pixels, " in pad.describe() and "none" not in pad.describe()


def test_python_changes_are_painted(stage, pad):
    with stage.show(pad.view) as page:
        put(page, "pixels", [-1.0] * 480)
        settle(page)
        assert pixel(page, ".paint-pad", 60, 60) == [0, 0, 0]
        for found, (_, score, _) in zip(scores(page), pad.answers(-np.ones((20, 24))), strict=True):
            assert found == pytest.approx(score, abs=1e-4)


@pytest.mark.parametrize("count", [1, 2])
def test_pad_fits_slide_and_narrow_page(stage, count):
    chest = np.random.default_rng(1).uniform(-1, 1, (6, 1, 48, 52))
    names = [f"a nodule of {number} mm" for number in range(6)]
    view = painting.nodule_pad(dict(list({"first": evidence(), "second": vector()}.items())[:count]), chest, names).view
    with stage.show(view) as page:
        box = page.locator(".painting-pad").bounding_box()
        assert box["width"] <= 1092 and box["height"] <= 430
        tops = [page.locator("canvas").nth(place).bounding_box()["y"] for place in range(count + 1)]
        assert len(set(tops)) == 1                   # beside each other
        for width in (640, 420, 300):                # 640: a slide at 200 %
            page.set_viewport_size({"width": width, "height": 720})
            settle(page)
            settle(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width

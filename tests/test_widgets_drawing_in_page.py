"""The drawing pad's JavaScript in a real browser: the numbers of torch, strokes, keys, touch and how it fits."""
import numpy as np
import pytest
import torch
from test_widgets_drawing import drawn, network
from widget_page import get, pixel, put, settle, with_state

from helpers.explore import drawing
from helpers.explore.canvas import grey_levels
from helpers.explore.wording import chance, with_sign

CELL = 36                                            # screen pixels of one of 8 by 8 cells


@pytest.fixture
def pad():
    start = {"a ring": drawn(8, ((2, 2), (2, 6)), ((2, 6), (6, 2)), ((6, 2), (2, 2))), "a line": np.eye(8) * 16}
    return drawing.draw_digit(*network(seed=3), start=start)


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
    return ([with_sign(value) for value in sums.tolist()],
            [f"{value:.2f} {'fires' if value > 0 else 'silent'}" for value in features.tolist()],
            f"{chance(p, 3)}: {drawing.verdict(p)}")


def stroke_on(page, *places):
    """Draw with the mouse through places given as (row, column) in cells."""
    box = page.locator(".draw-pad").bounding_box()
    points = [(box["x"] + 1 + column * CELL, box["y"] + 1 + row * CELL) for row, column in places]
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
    grey = grey_levels(pad.values(), 0, 16)
    with stage.show(pad.view, ratio=ratio) as page:
        for row, column in ((0, 0), (2, 4), (4, 4), (3, 2), (7, 7)):
            place = {"x": (column + 0.5) * CELL, "y": (row + 0.5) * CELL}
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

"""The convolution explorer in a real browser: its arithmetic against torch, mouse and keys, and what it hides."""
import itertools
import re

import numpy as np
import pytest
import torch
from test_widgets_convolution import by_torch
from torch import nn
from widget_page import get, pixel, put, settle

from helpers import conv
from helpers.explore.canvas import grey_levels, tint
from helpers.explore.convolution import PRESETS, convolution, number, readout

INDEX, EDGE = 18, 2                                   # pixels before the first cell of large grids, and of small ones
ORANGE, HIDDEN = [0xE6, 0x9F, 0x00], [236] * 3
STATE = ("image", "kernel", "stride", "padding", "dilation", "border", "flip", "cursor", "added", "revealed", "visited")
COMPUTE = """async ([cases, wanted]) => {
  const { arithmetic } = await import("./widget.js");
  return cases.map((s) => {
    const why = arithmetic.problem(s), { pads, out } = arithmetic.geometry(s);
    const at = s.cursor.map((share, axis) => Math.floor(share * out[axis]));
    return { why, pads, at, [wanted]: !why && arithmetic[wanted](s, wanted === "terms" ? at : undefined) };
  });
}"""


@pytest.fixture
def explorer():
    return convolution()


def random_cases(count, seed=0):
    """Images, kernels and geometries of all kinds, many of them impossible."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        image, kernel = (random.integers(-9, 10, random.integers(1, top, 2)) / 2 for top in (13, 6))
        yield dict(
            image=image.tolist(), kernel=kernel.tolist(), stride=int(random.integers(1, 4)),
            dilation=int(random.integers(1, 4)), padding=["none", "same", "full", 0, 1, 2, 3, 5][random.integers(8)],
            border=["zeros", "reflect"][random.integers(2)], flip=bool(random.integers(2)),
            cursor=random.random(2).tolist())


def computed(page, cases, wanted):
    """What the page makes of the cases: why each is impossible, or what is wanted of its arithmetic."""
    return page.evaluate(COMPUTE, [cases, wanted])


def place_in(page, name, row, column, share=(0.5, 0.5)):
    """A place in a cell of a canvas, in CSS pixels; share counts from the cell's upper left corner, (down, across)."""
    edge = EDGE if name in ("kernel", "products") else INDEX
    width = page.locator(f".conv-{name}").evaluate("(canvas) => canvas.clientWidth")
    cell = (width - edge - EDGE) / {"input": padded(page)[1], "output": result(page).shape[1]}.get(
        name, len(get(page, "kernel")[0]))
    return {"x": edge + (column + share[1]) * cell, "y": edge + (row + share[0]) * cell}


def padded(page):
    state = dict(kernel=get(page, "kernel"), padding=get(page, "padding"), dilation=get(page, "dilation"))
    widths = [conv.padding_width(state["padding"], size, state["dilation"]) for size in np.shape(state["kernel"])]
    return [length + 2 * wide for length, wide in zip(np.shape(get(page, "image")), widths, strict=True)]


def result(page):
    """What torch makes of the state of the page."""
    return by_torch(*(get(page, name) for name in STATE[:7]))


def sum_line(page):
    return page.locator(".conv-sum").inner_text()


def said(page):
    """Everything the page says, in text and in labels."""
    return page.evaluate("""() => [document.getElementById("home").innerText,
      ...[...document.querySelectorAll("[aria-label]")].map((part) => part.ariaLabel)].join("|")""")


def choice(page, name):
    return page.get_by_role("combobox", name=name, exact=True)


def shot(page, name):
    return page.locator(f".conv-{name}").evaluate("(canvas) => canvas.toDataURL()")


def with_state(explorer, page):
    """The Python side brought to the state of the page, as the messages of the page would."""
    explorer.view.set_state({name: get(page, name) for name in STATE})
    return explorer


# The arithmetic

def test_random_geometries_are_those_of_torch(stage, explorer):
    cases = list(random_cases(500))
    with stage.show(explorer.view) as page:
        answers = computed(page, cases, "output")
    possible = [(case, answer) for case, answer in zip(cases, answers, strict=True) if not answer["why"]]
    assert len(possible) >= 200
    seen = set()
    for case, answer in possible:
        geometry = {name: case[name] for name in STATE[2:7]}
        np.testing.assert_allclose(answer["output"], by_torch(case["image"], case["kernel"], **geometry), atol=1e-12)
        seen |= {(name, str(value)) for name, value in geometry.items()} | {("size", *np.shape(case["kernel"]))}
    assert len(seen) == 3 + 8 + 3 + 2 + 2 + 25            # every setting, every shape of kernel


def test_random_geometries_are_refused_in_the_words_of_python(stage, explorer):
    cases = list(random_cases(300, seed=1))
    with stage.show(explorer.view) as page:
        answers = computed(page, cases, "problem")
    refusals = set()
    for case, answer in zip(cases, answers, strict=True):
        geometry, why = {name: case[name] for name in ("stride", "padding", "dilation", "border")}, ""
        try:
            conv.cross_correlate(case["image"], case["kernel"], **geometry)
        except ValueError as error:
            why = str(error)
        assert answer["why"] == why, case
        refusals.add(why[:12])
    assert len(refusals) == 4                             # three ways to be impossible, and possible


def test_products_lie_where_the_window_is(stage, explorer):
    cases = list(random_cases(200, seed=2))
    with stage.show(explorer.view) as page:
        answers = computed(page, cases, "terms")
    for case, answer in zip(cases, answers, strict=True):
        if answer["why"]:
            continue
        image, kernel, terms = np.array(case["image"]), np.array(case["kernel"]), answer["terms"]
        picture = conv.pad(image, answer["pads"], case["border"])
        corner = np.array(answer["at"]) * case["stride"]
        places = corner + case["dilation"] * np.array(list(np.ndindex(kernel.shape)))
        assert [term["place"] for term in terms] == places.tolist()
        assert [term["value"] for term in terms] == [picture[tuple(term["place"])] for term in terms]
        assert [term["weight"] for term in terms] == (np.flip(kernel) if case["flip"] else kernel).ravel().tolist()
        assert [kernel[tuple(term["from"])] for term in terms] == [term["weight"] for term in terms]
        assert [term["product"] for term in terms] == [term["value"] * term["weight"] for term in terms]
        expected = by_torch(image, kernel, **{name: case[name] for name in STATE[2:7]})[tuple(answer["at"])]
        assert sum(term["product"] for term in terms) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_shows_what_torch_computes(stage, explorer, preset):
    with stage.show(explorer.view) as page:
        choice(page, "example").select_option(preset)
        assert get(page, "image") == np.array(PRESETS[preset][0]).tolist()
        np.testing.assert_array_equal(result(page), convolution(preset=preset).output())
        for row, column in {(0, 0), tuple(np.array(result(page).shape) - 1)}:
            put(page, "cursor", [int(row), int(column)])
            assert sum_line(page).endswith(f"= {number(result(page)[row, column])}")


@pytest.mark.parametrize("options", [
    dict(), dict(stride=2, padding=1), dict(padding=2, border="reflect"), dict(dilation=2, padding="full", flip=True),
    dict(kernel=[[1, -2, 3]], padding="same", stride=3),
    dict(kernel=[[2], [1]], padding=1, border="reflect", flip=True)])
def test_the_line_of_code_does_the_same(stage, options):
    explorer = convolution(**{"image": np.arange(42).reshape(6, 7), **options})
    with stage.show(explorer.view) as page:
        layer = eval(page.locator(".conv-code").inner_text(), {"nn": nn}).double()       # the page's own line
        size = page.locator(".conv-size").inner_text()
        assert ("turned" in page.locator(".conv-code").inner_text()) == explorer.view.flip
    kernel = np.flip(explorer.kernel()) if explorer.view.flip else explorer.kernel()
    layer.weight.data = torch.tensor(kernel.astype(float))[None, None]
    feature_map = layer(torch.tensor(explorer.image().astype(float))[None, None])[0, 0]
    np.testing.assert_allclose(feature_map.detach(), explorer.output())
    sizes = [int(text) for text in re.findall(r"\+ 1 = (\d+)", size)]
    assert sizes in ([*feature_map.shape], [feature_map.shape[0]]) and len(sizes) == 1 + ("Columns" in size)


def test_the_formula_is_the_one_of_the_lecture(stage):
    code = "nn.Conv2d(1, 1, kernel_size=3, stride=1, padding=1, bias=False)"
    with stage.show(convolution(preset="padding 7 → 9 → 7").view) as page:
        assert page.locator(".conv-size").inner_text() == "Output size: floor((7 + 2·1 − 1·(3 − 1) − 1) / 1) + 1 = 7"
        assert page.locator(".conv-code").inner_text() == code
        choice(page, "stride").select_option("2")
        assert "/ 2) + 1 = 4" in page.locator(".conv-size").inner_text()


# Mouse and keys

def test_hover_lights_the_window_and_says_the_sum(stage, explorer):
    with stage.show(explorer.view) as page:
        inside = place_in(page, "input", 2, 2, (0.01, 0.5))                 # the upper edge of the cell at the corner
        edge = place_in(page, "input", 1, 1, (0.01, 0.5))
        before = pixel(page, ".conv-input", **edge)
        page.locator(".conv-output").hover(position=place_in(page, "output", 1, 1))
        assert sum_line(page) == "Row 1, column 1: 4×0 + 5×1 + 7×2 + 8×3 = 43"
        assert pixel(page, ".conv-input", **edge) == ORANGE != before
        assert pixel(page, ".conv-input", **inside) != ORANGE
        assert get(page, "cursor") == [0, 0] and page.evaluate("saved") == 0              # only looked at
        page.mouse.move(600, 700)
        assert sum_line(page) == "Row 0, column 0: 0×0 + 1×1 + 3×2 + 4×3 = 19"
        assert pixel(page, ".conv-input", **edge) == before


def test_a_click_chooses_an_output(stage, explorer):
    with stage.show(explorer.view) as page:
        page.locator(".conv-output").click(position=place_in(page, "output", 1, 0))
        page.mouse.move(600, 700)
        assert get(page, "cursor") == [1, 0] and sum_line(page).endswith("= 37")
        assert page.evaluate("document.activeElement.className") == "conv-output"


def test_arrow_keys_move_and_the_edge_holds(stage):
    with stage.show(convolution(preset="vertical edge").view) as page:
        page.locator(".conv-output").focus()
        for key, place in (("ArrowDown", [1, 0]), ("ArrowRight", [1, 1]), ("ArrowUp", [0, 1]), ("ArrowUp", [0, 1]),
                           ("End", [0, 3]), ("ArrowRight", [0, 3]), ("Home", [0, 0]), ("ArrowLeft", [0, 0])):
            page.keyboard.press(key)
            assert get(page, "cursor") == place, key
            assert page.locator(".conv-output").get_attribute("aria-label") == f"Output 4 × 4. {sum_line(page)}"
        assert page.evaluate("leaked") == []


def test_the_running_sum_grows_product_by_product(stage, explorer):
    steps = [", 1 of 4 products: 0×0 = 0", ", 2 of 4 products: 0×0 + 1×1 = 1",
             ", 3 of 4 products: 0×0 + 1×1 + 3×2 = 7", ": 0×0 + 1×1 + 3×2 + 4×3 = 19"]
    with stage.show(explorer.view) as page:
        page.locator(".conv-output").focus()
        pictures = {shot(page, "products")}
        for step in steps:
            page.keyboard.press(".")
            assert sum_line(page) == f"Row 0, column 0{step}"
            pictures.add(shot(page, "products"))
        assert len(pictures) == 4                                            # all products, as before, at the end
        page.keyboard.press(",")
        assert sum_line(page) == f"Row 0, column 0{steps[2]}"
        page.get_by_role("button", name="Next product").click(click_count=2)
        assert sum_line(page) == "Row 0, column 1, 1 of 4 products: 1×0 = 0"  # on to the next cell
        page.locator(".conv-output").press("ArrowDown")
        assert get(page, "added") == -1 and sum_line(page).endswith("= 43")


@pytest.mark.parametrize("flip", [False, True])
def test_the_current_product_is_marked_in_the_kernel(stage, flip):
    with stage.show(convolution(flip=flip).view) as page:
        page.locator(".conv-output").press(".")
        blue = [0x00, 0x72, 0xB2]
        for row, column in itertools.product((0, 1), (0, 1)):
            edge = pixel(page, ".conv-kernel", **place_in(page, "kernel", row, column, (0.01, 0.5)))
            assert (edge == blue) == ((row, column) == ((1, 1) if flip else (0, 0)))


def test_keys_alone_edit_kernel_and_input(stage, explorer):
    with stage.show(explorer.view) as page:
        for key in ("Tab", "Tab", "ArrowRight", "+", "+", "ArrowDown", "-"):
            page.keyboard.press(key)
        assert get(page, "kernel") == [[0, 3], [2, 2]]
        page.keyboard.press("ArrowUp")
        page.keyboard.type("7.5")
        assert get(page, "kernel") == [[0, 3], [2, 2]]                       # not before Enter
        page.keyboard.press("Enter")
        assert get(page, "kernel") == [[0, 7.5], [2, 2]]
        assert page.evaluate("document.activeElement.className") == "conv-kernel"
        assert sum_line(page) == f"Row 0, column 0: 0×0 + 1×7.5 + 3×2 + 4×2 = {number(result(page)[0, 0])}"
        np.testing.assert_array_equal(with_state(explorer, page).output(), result(page))
        page.keyboard.press("Delete")
        page.keyboard.type("4")
        page.keyboard.press("Escape")
        assert get(page, "kernel") == [[0, 0], [2, 2]]
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("+")
        assert get(page, "image")[1] == [4, 4, 5]
        assert page.evaluate("leaked.filter((key) => !['Tab', 'Shift'].includes(key))") == []


def test_a_clicked_cell_takes_a_typed_number(stage, explorer):
    with stage.show(explorer.view) as page:
        choice(page, "padding").select_option("1")
        page.locator(".conv-input").click(position=place_in(page, "input", 3, 2))         # row 2, column 1 of the image
        assert page.locator(".conv-which").inner_text() == "Input, row 2, column 1"
        page.get_by_role("spinbutton", name="Input, row 2, column 1").fill("-12")
        page.locator(".conv-kernel").click(position=place_in(page, "kernel", 0, 1))
        assert get(page, "image")[2] == [6, -12, 8] and get(page, "kernel") == [[0, 1], [2, 3]]
        page.get_by_role("spinbutton", name="Kernel, row 0, column 1").fill("")
        page.keyboard.press("Enter")
        assert get(page, "kernel") == [[0, 1], [2, 3]]
        np.testing.assert_array_equal(with_state(explorer, page).output(), result(page))


def test_the_geometry_follows_the_choices(stage):
    explorer = convolution(preset="large nodule")
    with stage.show(explorer.view) as page:
        for label, value in (("padding", "2"), ("border", "reflect"), ("stride", "2"), ("dilation", "2"),
                              ("operation", "true convolution"), ("padding", "full"), ("kernel_size", "2"),
                              ("stride", "3"), ("padding", "none"), ("kernel_size", "4"), ("dilation", "1")):
            choice(page, label).select_option(value)
            rows, columns = result(page).shape
            assert page.locator(".conv-of-output").inner_text() == f"Output {rows} × {columns}", (label, value)
            assert page.locator(".conv-message").inner_text() == ""
            assert sum_line(page) == readout(with_state(explorer, page).view)
        page.get_by_role("button", name="Reset").click()
        assert get(page, "stride") == 1 and get(page, "flip") is False
        np.testing.assert_array_equal(result(page), convolution(preset="large nodule").output())


@pytest.mark.parametrize("size, expected", [(1, [[5]]), (2, [[1, 2], [4, 5]]), (4, None), (5, None)])
def test_another_kernel_size_keeps_the_middle(stage, size, expected):
    with stage.show(convolution(np.ones((9, 9)), np.arange(1, 10).reshape(3, 3)).view) as page:
        choice(page, "kernel_size").select_option(str(size))
        kernel = np.array(get(page, "kernel"))
        assert kernel.shape == (size, size)
        if expected:
            assert kernel.tolist() == expected
        else:
            start = (size - 3) // 2
            assert kernel.sum() == 45
            assert kernel[start:start + 3, start:start + 3].ravel().tolist() == list(range(1, 10))


def test_an_impossible_geometry_is_refused_and_the_last_one_stays(stage, explorer):
    with stage.show(explorer.view) as page:
        before, pictures = {name: get(page, name) for name in STATE}, [shot(page, name) for name in ("input", "output")]
        for label, value, words in (("kernel_size", "4", "A window that spans 4 pixels does not fit into 3"),
                                     ("padding", "same", "A kernel of size 2 would need 0.5 pixels on each side"),
                                     ("dilation", "3", "does not fit into 3")):
            choice(page, label).select_option(value)
            assert words in page.locator(".conv-message").inner_text()
            assert {name: get(page, name) for name in STATE} == before
            assert [shot(page, name) for name in ("input", "output")] == pictures
            choice(page, label).focus()
            page.locator(".conv-output").focus()                             # on leaving, the choice is what it was
            assert choice(page, label).input_value() != value
        put(page, "stride", 1)
        put(page, "dilation", 3)                                             # Python would not let it come to this
        assert "does not fit" in page.locator(".conv-message").inner_text() and sum_line(page).endswith("= 19")
        put(page, "dilation", 1)
        choice(page, "padding").select_option("1")
        assert page.locator(".conv-message").inner_text() == ""
        assert result(page).shape == (4, 4)


def test_python_changes_are_drawn(stage, explorer):
    with stage.show(explorer.view) as page:
        page.locator(".conv-output").hover(position=place_in(page, "output", 1, 1))
        put(page, "kernel", [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
        assert sum_line(page) == "Row 0, column 0: 0×1 + 1×0 + 2×0 + 3×0 + 4×1 + 5×0 + 6×0 + 7×0 + 8×1 = 12"
        assert choice(page, "kernel_size").input_value() == "3"
        put(page, "image", [[2] * 5] * 5)
        put(page, "cursor", [2, 2])
        assert sum_line(page).startswith("Row 2, column 2: 2×1") and sum_line(page).endswith("= 6")
        put(page, "kernel", [[1, 2, 3]])
        assert choice(page, "kernel_size").input_value() == "1 × 3"


@pytest.mark.parametrize("kernel", [[[0, 1], [2, 3]], [[1, -2], [0, 1]]])
def test_the_output_has_the_colours_of_its_numbers(stage, kernel):
    with stage.show(convolution(np.arange(16).reshape(4, 4), kernel, cursor=(2, 2)).view) as page:
        for image in (get(page, "image"), [[15 - value for value in row] for row in get(page, "image")][::-1]):
            image[0][1] = 9
            put(page, "image", image)
            signed, largest = np.min(kernel) < 0, np.abs(np.where(np.array(kernel) > 0, kernel, 0)).sum() * 15
            for (row, column), value in list(np.ndenumerate(result(page)))[:-1]:
                expected = tint(value / largest) if signed else [grey_levels(value, 0, largest)] * 3
                shown = pixel(page, ".conv-output", **place_in(page, "output", row, column, (0.15, 0.15)))
                np.testing.assert_allclose(shown, np.array(expected, int), atol=1)


def test_padding_shows_the_values_it_takes(stage):
    image = np.arange(1, 26).reshape(5, 5)
    for border in ("zeros", "reflect"):
        with stage.show(convolution(image, np.ones((3, 3)), padding=2, border=border).view) as page:
            values, greys = conv.pad(image, 2, border), []
            for row, column in ((0, 0), (0, 7), (1, 4), (7, 5), (4, 1)):
                greys.append(pixel(page, ".conv-input", **place_in(page, "input", row, column, (0.25, 0.25))))
                shade = np.floor(values[row, column] / 25 * 255 + 0.5) * 0.5 + 105
                assert abs(greys[-1][0] - shade) <= 1, (border, row, column)
            assert len({str(grey) for grey in greys}) == (1 if border == "zeros" else 5)


# Play, and predict first

def test_play_moves_on_and_pauses(stage):
    with stage.show(convolution(preset="vertical edge").view) as page:
        page.locator(".conv-output").focus()
        page.keyboard.press("Space")
        page.wait_for_function("model.get('cursor')[1] === 2")
        assert page.locator(".conv-sum").get_attribute("aria-live") == "off"
        page.get_by_role("button", name="Pause").click()
        stopped = get(page, "cursor")
        page.wait_for_timeout(800)                                           # more than two steps
        assert get(page, "cursor") == stopped
        assert page.locator(".conv-sum").get_attribute("aria-live") == "polite"
        put(page, "cursor", [3, 1])
        page.get_by_role("button", name="Play").click()
        page.wait_for_function("model.get('cursor').join() === '3,3'")
        page.get_by_role("button", name="Play").click()                      # at the end: once more from the start
        assert get(page, "cursor") == [0, 0]
        page.get_by_role("button", name="Reset").click()
        assert page.get_by_role("button", name="Play").is_visible()


def test_less_motion_means_one_cell_per_press(stage, explorer):
    with stage.show(explorer.view) as page:
        page.emulate_media(reduced_motion="reduce")
        try:
            for place in ([0, 1], [1, 0], [1, 1], [0, 0]):
                page.get_by_role("button", name="Play").or_(page.get_by_role("button", name="One cell")).click()
                assert get(page, "cursor") == place
                assert not page.get_by_role("button", name="Pause").is_visible()
        finally:
            page.emulate_media(reduced_motion="no-preference")


def test_a_hidden_output_is_nowhere_to_be_read(stage):
    explorer = convolution(np.eye(4) * 7, [[111, 222], [333, 444]], reveal=False)
    numbers = {number(value) for value in explorer.output().ravel()} - {"0"}
    with stage.show(explorer.view) as page:
        for place in ("0,0", "1,1", "2,0"):
            page.locator(".conv-output").hover(position=place_in(page, "output", *map(int, place.split(","))))
            assert sum_line(page).endswith("= ?")
            assert not [text for text in numbers if f"= {text}" in said(page)]
            assert pixel(page, ".conv-output", **place_in(page, "output", 1, 1, (0.2, 0.2))) == HIDDEN
            assert pixel(page, ".conv-products", **place_in(page, "products", 1, 1, (0.5, 0.1))) == HIDDEN
        assert numbers == {"3885", "2331", "1554"}
        page.get_by_role("button", name="Show the output").click()
        assert sum_line(page) == "Row 0, column 0: 7×111 + 0×222 + 0×333 + 7×444 = 3885"
        page.get_by_role("button", name="Hide the output").click()
        assert sum_line(page).endswith("= ?")


def test_cells_fill_one_by_one(stage):
    explorer = convolution(reveal=False)
    with stage.show(explorer.view) as page:
        def open_cells():
            return [pixel(page, ".conv-output", **place_in(page, "output", row, column, (0.2, 0.2))) != HIDDEN
                    for row, column in np.ndindex(2, 2)]
        assert open_cells() == [False] * 4
        page.locator(".conv-output").press("Enter")
        assert open_cells() == [True, False, False, False] and sum_line(page).endswith("= 19")
        page.get_by_role("button", name="Next cell").click()
        assert sum_line(page).endswith("= ?") and get(page, "cursor") == [0, 1]
        page.get_by_role("button", name="Next cell").click()
        assert open_cells() == [True, True, False, False] and sum_line(page).endswith("= 25")
        page.locator(".conv-output").press("ArrowDown")
        for _ in range(4):
            page.keyboard.press(".")
        assert open_cells() == [True, True, False, True] and sum_line(page).endswith("= 43")
        assert sum_line(page) == readout(with_state(explorer, page).view)
        page.get_by_role("spinbutton", name="Kernel, row 0, column 0").fill("5")
        page.keyboard.press("Enter")
        assert open_cells() == [False] * 4                                   # the old answers are no longer true


def test_play_fills_a_hidden_output(stage):
    with stage.show(convolution(reveal=False).view) as page:
        page.get_by_role("button", name="Play").click()
        page.wait_for_function("model.get('visited').length === 4")
        assert get(page, "visited") == [0, 1, 2, 3] and get(page, "revealed") is False
        page.get_by_role("button", name="Play").click()
        assert get(page, "visited") == []
        page.get_by_role("button", name="Pause").click()


# All

def test_page_and_python_read_out_alike(stage):
    random = np.random.default_rng(5)
    explorer = convolution(np.round(random.normal(size=(7, 6)), 1), random.normal(size=(3, 2)), padding=1,
                           border="reflect", stride=2, flip=True)
    with stage.show(explorer.view) as page:
        page.locator(".conv-output").focus()
        for key in ("ArrowDown", ".", ".", ".", "ArrowRight", ",", ",", "End", ".", "Home"):
            page.keyboard.press(key)
            assert sum_line(page) == readout(with_state(explorer, page).view)
        assert "≈" in sum_line(page)


def test_the_keyboard_reaches_everything_in_order_and_leaves(stage, explorer):
    with stage.show(explorer.view) as page:
        seen = []
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "after":
                break
            assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
            seen.append(page.evaluate("document.activeElement.className.split(' ')[0].slice(5)"))
        assert seen == ["input", "kernel", "output", "preset", "kernel_size", "stride", "padding", "border", "dilation",
                        "flip", "play", "step", "product", "reveal", "reset", "value"]
        for name in ("output", "kernel", "play", "stride"):
            page.locator(f".conv-{name}").focus()
            page.keyboard.press("Escape")
            assert page.evaluate("document.activeElement === document.body"), name


def test_a_refused_choice_can_be_passed_with_the_arrow_keys(stage, explorer):
    with stage.show(explorer.view) as page:
        choice(page, "padding").focus()
        page.keyboard.press("ArrowDown")                                     # same: impossible with 2 × 2
        assert page.locator(".conv-message").inner_text() != "" and get(page, "padding") == 0
        page.keyboard.press("ArrowDown")
        assert get(page, "padding") == "full" and result(page).shape == (4, 4)


@pytest.mark.parametrize("options", [
    dict(), dict(preset="vertical edge"), dict(preset="large nodule", padding=1, stride=2),
    dict(preset="padding 7 → 9 → 7", padding="full", dilation=2), dict(image=np.ones((9, 9)), kernel=np.eye(5)),
    dict(image=np.round(np.random.default_rng(0).random((9, 9)), 1), kernel=np.ones((3, 3)), padding="same"),
    dict(image=np.ones((9, 9)), kernel=np.ones((3, 3)), padding="same", border="reflect", flip=True),
    dict(image=-np.ones((9, 9)), kernel=-np.ones((5, 5)), padding=2), dict(image=np.ones((16, 16)), padding="full")])
def test_explorer_fits_slide_and_narrow_page(stage, options):
    with stage.show(convolution(**options).view) as page:
        box = page.locator(".conv").bounding_box()
        assert box["width"] <= 1100 and box["height"] <= 440
        for width in (1100, 900, 700, 420):
            page.set_viewport_size({"width": width, "height": 720})
            settle(page)
            settle(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    with stage.show(convolution(**options).view, ratio=2) as page:
        assert page.locator(".conv-input").evaluate("(canvas) => canvas.width / canvas.clientWidth") == pytest.approx(
            2, abs=0.02)


def test_nothing_plays_after_unmounting(stage, explorer):
    with stage.show(explorer.view) as page:
        page.get_by_role("button", name="Play").click()
        page.evaluate("unmount()")
        stopped = get(page, "cursor")
        page.wait_for_timeout(500)
        assert page.evaluate("left()") == 0 and get(page, "cursor") == stopped

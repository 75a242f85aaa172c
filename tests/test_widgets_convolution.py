"""The convolution explorer without a browser: its numbers, state in both directions, errors, stored picture."""
import numpy as np
import pytest
import torch
import traitlets
from explorers import pixels
from torch.nn import functional

from helpers import conv, ledger
from helpers.explore.canvas import tint
from helpers.explore.convolution import ALLOWED, ConvolutionView, convolution, readout

GEOMETRIES = [dict(stride=stride, padding=padding, dilation=dilation, border=border, flip=flip)
              for stride, padding, dilation, border, flip in (
                  (1, "none", 1, "zeros", False), (2, 1, 1, "zeros", False), (1, "same", 2, "reflect", True),
                  (3, "full", 1, "zeros", True), (2, 3, 3, "reflect", False), (1, 2, 1, "reflect", True))]


def by_torch(image, kernel, stride, padding, dilation, border, flip):
    """What a convolutional layer computes, in double precision."""
    image, kernel = (torch.as_tensor(np.array(part, dtype=np.float64))[None, None] for part in (image, kernel))
    reach = [dilation * (size - 1) for size in kernel.shape[2:]]
    rows, columns = {"none": (0, 0), "same": [span // 2 for span in reach], "full": reach}.get(padding, (padding,) * 2)
    kernel = kernel.flip(2, 3) if flip else kernel
    mode = "constant" if border == "zeros" else "reflect"
    padded = functional.pad(image, (columns, columns, rows, rows), mode=mode)
    return functional.conv2d(padded, kernel, stride=stride, dilation=dilation)[0, 0].numpy()


# Numbers

@pytest.mark.parametrize("preset, claim, key", [
    ("3 × 3 and 2 × 2", "xcorr-19-25-37-43", "output"), ("vertical edge", "vertical-edge-table", "output_if_6_rows"),
    ("the −8", "dot-product-minus-8", "sum"), ("small nodule", "scale-table-small", "output"),
    ("large nodule", "scale-table-large", "output"),
])
def test_presets_are_those_of_the_decks(preset, claim, key):
    explorer, claim = convolution(preset=preset), ledger.claim(claim)
    kernel, image = claim.inputs["kernel"], claim.inputs.get("image", claim.inputs.get("patch"))
    np.testing.assert_array_equal(explorer.image()[:len(image)], image)
    missing = claim.id == "vertical-edge-table"                          # the deck prints one row too few
    assert len(explorer.image()) == len(image) + missing
    np.testing.assert_array_equal(explorer.kernel(), kernel)
    np.testing.assert_array_equal(explorer.output(), np.atleast_2d(claim.expected[key]))


def test_one_ring_of_zeros_keeps_the_size():
    claim, explorer = ledger.claim("zero-padding-7-to-9"), convolution(preset="padding 7 → 9 → 7")
    assert explorer.image().shape == (claim.inputs["W"],) * 2
    assert explorer.output().shape == (claim.expected["output"],) * 2
    assert explorer.output()[0].tolist() == [4, 6, 6, 6, 6, 6, 4]                         # the zeros darken the border
    assert (convolution(preset="padding 7 → 9 → 7", border="reflect").output() == 9).all()


@pytest.mark.parametrize("geometry", GEOMETRIES)
@pytest.mark.parametrize("size", [(3, 3), (5, 1), (3, 5)])
def test_output_is_that_of_torch(geometry, size):
    random = np.random.default_rng(3)
    image, kernel = random.normal(size=(13, 12)), random.normal(size=size)
    explorer = convolution(image, kernel, **geometry)
    np.testing.assert_allclose(explorer.output(), by_torch(image, kernel, **geometry), atol=1e-12)


def test_what_goes_in_comes_back_and_whole_numbers_stay_whole():
    patch = np.round(np.random.default_rng(0).random((16, 9)), 1)
    explorer = convolution(patch, torch.ones(3, 3, dtype=torch.int64))
    np.testing.assert_array_equal(explorer.image(), patch)
    assert explorer.kernel().dtype.kind == "i" and explorer.image().dtype == np.float64
    assert convolution(patch).kernel().tolist() == [[0, 1], [2, 3]]                       # the preset's
    assert convolution(kernel=[[1]]).output().tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]


def test_padding_of_the_preset_holds_unless_another_is_given():
    assert convolution(preset="padding 7 → 9 → 7").view.padding == 1
    assert convolution(preset="padding 7 → 9 → 7", padding=0).output().shape == (5, 5)
    assert convolution().view.preset == "3 × 3 and 2 × 2" and convolution(stride=2).view.preset == "as given"
    assert convolution(stride=2).view.presets["as given"]["stride"] == 2


# State

def test_a_message_of_the_page_reaches_python():
    explorer, seen = convolution(), []
    explorer.view.observe(lambda change: seen.append(explorer.output().tolist()), "kernel")
    explorer.view.set_state({"kernel": [[1]], "padding": "same", "stride": 2, "cursor": [1, 1], "added": -1})
    assert seen == [[[0, 2], [6, 8]]]
    assert explorer.view.cursor == [1, 1]
    explorer.view.set_state({"flip": True, "image": [[1, 2.5]], "padding": 0, "cursor": [0, 0]})
    assert explorer.output().tolist() == [[1.0]]


def test_python_sets_what_the_page_shows():
    explorer = convolution(preset="vertical edge", cursor=(3, 3))
    explorer.view.kernel = [[0, 1, 0], [1, 1, 1], [0, 1, 0]]
    assert explorer.view.get_state()["kernel"] == [[0, 1, 0], [1, 1, 1], [0, 1, 0]]
    explorer.view.stride = 3
    assert explorer.view.cursor == [1, 1]                  # the output has become smaller


def test_what_was_worked_out_is_forgotten_when_the_numbers_change():
    for name, value in (("image", [[1, 2, 3]] * 3), ("kernel", [[1, 1], [1, 1]]), ("padding", 1), ("flip", True)):
        explorer = convolution(reveal=False)
        explorer.view.set_state({"visited": [0, 1], "added": 2})
        setattr(explorer.view, name, value)
        assert explorer.view.visited == [] and explorer.view.added == -1, name


@pytest.mark.parametrize("name, value, words", [
    ("kernel", [[1.0] * 4] * 4, "spans 4 pixels does not fit into 3"), ("padding", "same", "take an odd kernel_size"),
    ("padding", "half", "padding must be one of"), ("padding", 6, "padding must be one of"), ("stride", 4, "1, 2, 3"),
    ("dilation", 0, "1, 2, 3"), ("border", "mirror", "zeros, reflect"), ("image", [[1.0, 2.0], [3.0]], "one length"),
    ("image", [[1.0] * 17] * 3, "1 to 16"), ("kernel", [[1.0] * 6], "1 to 5"), ("kernel", [[float("nan")]], "no NaN"),
    ("image", [[1e5] * 3] * 3, "9999"), ("cursor", [2, 0], "outside"), ("cursor", [0], "outside"),
])
def test_an_impossible_state_is_refused_and_the_last_one_kept(name, value, words):
    explorer = convolution()
    before = getattr(explorer.view, name)
    with pytest.raises(traitlets.TraitError, match=words):
        setattr(explorer.view, name, value)
    assert getattr(explorer.view, name) == before
    assert explorer.output().tolist() == [[19, 25], [37, 43]]


@pytest.mark.parametrize("options, words", [
    (dict(image=[1, 2, 3]), r"not shape \(3,\)"), (dict(image=np.zeros((17, 3))), "cut out a part"),
    (dict(image=[[1, 2], [3]]), "one length"), (dict(image="scan"), "array of numbers"),
    (dict(kernel=[]), "1 to 5"), (dict(kernel=[[np.nan]]), "no NaN"), (dict(preset="cat"), "3 × 3 and 2 × 2"),
    (dict(padding="same"), "odd kernel_size"), (dict(padding=3, border="reflect"), "mirror image of 3 pixels"),
    (dict(dilation=3), "does not fit"), (dict(stride=0), "1, 2, 3"), (dict(padding=True), "padding must be"),
    (dict(border="wrap"), "zeros, reflect"), (dict(cursor=(2, 0)), "outside the output"),
])
def test_bad_input_gets_one_sentence(options, words):
    with pytest.raises(ValueError, match=words) as caught:
        convolution(**options)
    assert "\n" not in str(caught.value)


# Words and picture

def test_the_readout_names_position_products_and_sum():
    assert readout(convolution().view) == "Row 0, column 0: 0×0 + 1×1 + 3×2 + 4×3 = 19"
    assert readout(convolution(flip=True, cursor=(1, 0)).view) == "Row 1, column 0: 3×3 + 4×2 + 6×1 + 7×0 = 23"
    explorer = convolution(kernel=[[1, -1]], padding=1, border="reflect", cursor=(0, 0))
    assert readout(explorer.view) == "Row 0, column 0: 4×1 + 3×(−1) = 1"
    thirds = convolution(kernel=[[1 / 3, 1 / 3]], stride=2, cursor=(1, 0))
    assert readout(thirds.view) == "Row 1, column 0: 6×0.333 + 7×0.333 ≈ 4.333"


@pytest.mark.parametrize("added, words", [
    (0, ", 0 of 4 products: 0"), (1, ", 1 of 4 products: 0×0 = 0"), (3, ", 3 of 4 products: 0×0 + 1×1 + 3×2 = 7"),
    (4, ": 0×0 + 1×1 + 3×2 + 4×3 = 19")])
def test_the_running_sum_grows_product_by_product(added, words):
    explorer = convolution()
    explorer.view.added = added
    assert readout(explorer.view) == f"Row 0, column 0{words}"


@pytest.mark.parametrize("reveal", [True, False])
def test_a_hidden_output_is_given_away_neither_in_words_nor_in_pixels(reveal):
    explorer = convolution(reveal=reveal)
    told = explorer.describe()
    assert ("19, 25; 37, 43" in told) == ("= 19" in told) == reveal
    assert ("The output is hidden." in told) == ("= ?" in told) == (not reveal)
    other = convolution(image=np.eye(3) * 8, kernel=[[0, 1], [2, 3]], reveal=reveal)
    output = slice(24, 24 + 96), slice(4 + 48 * 5 + 80, None)
    assert (pixels(explorer.preview())[output] == pixels(other.preview())[output]).all() == (not reveal)


def test_cells_that_were_worked_out_are_told():
    explorer = convolution(reveal=False)
    explorer.view.visited = [0, 3]
    assert explorer.describe().endswith("= 19. Output, row after row: 19, ?; ?, 43.")
    assert explorer.view.shown().tolist() == [[True, False], [False, True]]


def test_stored_picture_shows_input_kernel_and_output():
    explorer = convolution(preset="vertical edge", padding=1)
    shot, cell = pixels(explorer.preview()), 40
    def at(left, row, column):
        return shot[24 + row * cell + 9, left + column * cell + 9].tolist()
    assert at(4, 2, 2) == [255] * 3 and at(4, 2, 5) == [0] * 3                            # 10 and 0
    assert at(4, 0, 4) == [105] * 3                                                       # padding is pale
    kernel, output = 4 + 8 * cell + 40, 4 + 11 * cell + 80
    assert at(kernel, 0, 0) == list(tint(1.0)) and at(kernel, 1, 2) == list(tint(-1.0))
    assert at(output, 2, 2) == list(tint(1.0)) and at(output, 2, 1) == [255] * 3


@pytest.mark.parametrize("options", [
    dict(image=np.zeros((16, 16)), kernel=np.zeros((5, 5)), padding="full", dilation=3),
    dict(image=[[5]], kernel=[[2]]), dict(image=-np.ones((2, 16)), kernel=[[1]])])
def test_extreme_cases_are_drawn(options):
    height, width, _ = pixels(convolution(**options).preview()).shape
    assert height <= 480 and width <= 1000


def test_notebook_keeps_picture_and_text():
    explorer = convolution(label="Slide, multiply, add")
    stored = explorer._repr_mimebundle_()
    assert stored["text/plain"] == explorer.describe()
    assert 'alt="Slide, multiply, add: input 3 × 3, kernel 2 × 2' in stored["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in stored


def test_module_size():
    """The page's part stays one file that can be read in one sitting."""
    assert len(str(ConvolutionView._esm).splitlines()) <= 400
    assert conv.BORDERS.keys() == set(ALLOWED["border"])

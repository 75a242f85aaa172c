"""The pixel editor without a browser: state in both directions, bounds, errors, stored picture."""
import io

import numpy as np
import pytest
import traitlets
from PIL import Image

from helpers.explore import pixels
from helpers.explore.canvas import grey_levels

PATCH = np.round(np.linspace(0, 1, 12).reshape(3, 4), 2)


@pytest.fixture
def explorer():
    return pixels.pixel_editor(PATCH, label="Patch")


def opened(png):
    """Grey levels of PNG bytes, uint8 (H, W)."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"))


def test_values_come_back_as_they_went_in(explorer):
    np.testing.assert_array_equal(explorer.values(), PATCH)
    assert explorer.values().dtype == PATCH.dtype


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32, np.float64])
def test_values_keep_the_dtype_of_the_grid(dtype):
    grid = np.array([[0, 200], [128, 7]], dtype=dtype)
    returned = pixels.pixel_editor(grid, high=255).values()
    assert returned.dtype == dtype
    np.testing.assert_array_equal(returned, grid)


def test_a_message_of_the_page_reaches_python(explorer):
    seen, numbers = [], PATCH.ravel().tolist()
    explorer.view.observe(lambda change: seen.append(explorer.values()[1, 2]), "values")
    numbers[6] = 1                                    # JSON from the page turns 1.0 into 1
    explorer.view.set_state({"values": numbers, "cursor": [1, 2], "revealed": False})
    assert seen == [1.0]
    assert explorer.view.cursor == [1, 2] and explorer.view.revealed is False
    assert np.argwhere(explorer.view.changed()).tolist() == [[1, 2]]


def test_python_sets_what_the_page_shows(explorer):
    explorer.view.values = [0.5] * 12
    explorer.view.cursor = [2, 3]
    state = explorer.view.get_state()
    assert state["values"] == [0.5] * 12 and state["cursor"] == [2, 3]
    assert state["initial"] == PATCH.ravel().tolist()


@pytest.mark.parametrize("name, value, words", [
    ("values", [0.5] * 11, "12 numbers"), ("values", [2.0] + [0.5] * 11, "from 0 to 1"),
    ("values", [float("nan")] + [0.5] * 11, "from 0 to 1"), ("cursor", [3, 0], "inside"), ("cursor", [0, -1], "inside"),
    ("cursor", [0], "inside"),
])
def test_state_out_of_bounds_is_refused(explorer, name, value, words):
    before = getattr(explorer.view, name)
    with pytest.raises(traitlets.TraitError, match=words):
        setattr(explorer.view, name, value)
    assert getattr(explorer.view, name) == before


@pytest.mark.parametrize("grid, options, words", [
    (np.zeros(4), {}, r"shape \(H, W\)"), (np.zeros((2, 2, 3)), {}, r"shape \(H, W\)"),
    (np.zeros((0, 4)), {}, "1 to 1024"),
    (np.zeros((64, 64)), {}, "cut out a part"), ([[0.0, np.nan]], {}, "NaN"), ([["a", "b"]], {}, "integers or floats"),
    ([[0.0, 1.0]], {"low": 1.0}, "smaller than high"), ([[0, 255]], {}, "run from 0 to 255"),
    ([[0.0, 1.0]], {"cursor": (1, 0)}, "outside the grid"),
])
def test_bad_input_gets_one_sentence(grid, options, words):
    with pytest.raises(ValueError, match=words) as caught:
        pixels.pixel_editor(grid, **options)
    assert "\n" not in str(caught.value)


def test_grey_levels_are_those_of_matplotlib():
    from matplotlib import colormaps
    from matplotlib.colors import Normalize
    values = np.linspace(-0.2, 1.2, 57)
    theirs = colormaps["gray"](Normalize(0, 1, clip=True)(values), bytes=True)[:, 0].astype(int)
    ours = grey_levels(values, 0, 1).astype(int)
    assert abs(ours - theirs).max() <= 1              # matplotlib sorts into 256 bins, we round
    assert ours[0] == 0 and ours[-1] == 255


def test_grey_levels_never_follow_the_data():
    assert grey_levels([0.2], 0, 1) == grey_levels([0.2, 0.9], 0, 1)[0] == 51


def test_stored_picture_shows_the_cells_and_the_change(explorer):
    before = opened(explorer.preview())
    cell, left, top = 28, 20, 40
    second = left + 4 * cell + pixels.GAP + pixels.INDEX
    for row, column in np.ndindex(3, 4):
        shown = before[top + row * cell + 20, second + column * cell + 20]
        assert abs(int(shown) - int(grey_levels(PATCH[row, column], 0, 1))) <= 1
    explorer.view.values = [0.9, *explorer.view.values[1:]]
    after = opened(explorer.preview())
    assert after[top + 14, second + 14] > 200
    assert before[top + 14, second + 14] < 50


def test_hidden_picture_is_given_away_neither_in_pixels_nor_in_words():
    hidden, shown = (pixels.pixel_editor(PATCH, reveal=reveal) for reveal in (False, True))
    assert "Darkest" not in hidden.describe() and "hidden" in hidden.describe()
    assert "Darkest 0.00 at row 0, column 0; brightest 1.00 at row 2, column 3" in shown.describe()
    inner = opened(hidden.preview())[41:110, 181:260]
    assert np.unique(inner[:20]).size == 1            # one even grey above the words


def test_description_follows_the_state(explorer):
    assert "Selected: row 0, column 0: 0.00. No cells changed." in explorer.describe()
    explorer.view.set_state({"cursor": [1, 1], "values": [1.0] * 12})
    assert "Selected: row 1, column 1: 1.00. 11 cells changed." in explorer.describe()


def test_notebook_keeps_picture_and_text(explorer):
    stored = explorer._repr_mimebundle_()
    assert stored["text/plain"] == explorer.describe()
    assert 'alt="Patch: 3 rows and 4 columns' in stored["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in stored

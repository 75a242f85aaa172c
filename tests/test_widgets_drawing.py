"""The drawing pad without a browser: the network's numbers, state in both directions, errors, stored picture."""
import base64
import copy
import io
import itertools

import numpy as np
import pytest
import torch
import traitlets
from PIL import Image
from sklearn.datasets import load_digits

from helpers.explore import drawing
from helpers.explore.canvas import BLUE, RED
from helpers.explore.wording import chance, with_sign


def network(side=8, features=3, seed=0):
    """A random network as float64 arrays; on pictures from 0 to 1 some features fire and some stay silent."""
    random = np.random.default_rng(seed)
    return (random.normal(size=(features, side * side)) / side, random.normal(size=features),
            random.normal(size=features), random.normal())


def drawn(side, *strokes, high=16.0, strength=1.0, radius=0.75):
    """Strokes of the page's pen, written down once more: a cell's ink falls with its distance to the nearest of many
    points on the stroke.  Each stroke is (start, end) as (row, column) in cells."""
    cells = np.stack(np.mgrid[:side, :side], axis=-1) + 0.5
    ink = np.zeros((side, side))
    for start, end in strokes:
        points = np.linspace(start, end, 401)
        distance = np.array([[np.hypot(*(points - cell).T).min() for cell in row] for row in cells])
        ink = np.maximum(ink, np.clip(radius + 0.5 - distance, 0, 1))
    return high * strength * ink


def ring(side):
    """The strokes of a zero as tall as the pad."""
    angle = np.linspace(0, 2 * np.pi, 25)
    points = np.stack([0.5 - 0.4 * np.cos(angle), 0.5 + 0.26 * np.sin(angle)], axis=1) * side
    return list(itertools.pairwise(points))


@pytest.fixture(scope="module")
def digits():
    """Zeros and ones of scikit-learn: pixels from 0 to 16, float64 (N, 64), and targets (N,)."""
    data = load_digits()
    keep = data.target < 2
    return data.data[keep], data.target[keep]


@pytest.fixture(scope="module")
def trained(digits):
    """The lecture's network, 64 pixels from 0 to 16, three features, one output; trained here for a moment."""
    pixels, target = (torch.tensor(array, dtype=torch.float32) for array in digits)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = torch.nn.Sequential(torch.nn.Linear(64, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1))
    for _ in range(150):
        loss = torch.nn.functional.binary_cross_entropy_with_logits(model(pixels / 16)[:, 0], target)
        slopes = torch.autograd.grad(loss, list(model.parameters()))
        with torch.no_grad():
            for parameter, slope in zip(model.parameters(), slopes, strict=True):
                parameter -= 0.3 * slope
    with torch.no_grad():
        model[0].weight /= 16
        assert ((model(pixels)[:, 0] > 0) == (target > 0.5)).float().mean() > 0.98
    return model


@pytest.fixture
def explorer():
    start = {"a zero": drawn(8, *ring(8)), "a one": drawn(8, ((0.5, 4), (7.5, 4)))}
    return drawing.draw_digit(*network(), start=start)


def layers(model):
    return model[0].weight, model[0].bias, model[2].weight, model[2].bias


def opened(png):
    """RGB of PNG bytes, uint8 (H, W, 3)."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def test_numbers_are_those_of_torch(trained, digits):
    explorer, double = drawing.draw_digit(*layers(trained)), copy.deepcopy(trained).double()
    for picture in digits[0][:20]:
        with torch.no_grad():
            sums, logit = double[0](torch.tensor(picture)), double(torch.tensor(picture))
        ours = explorer.forward(picture)
        np.testing.assert_allclose(ours[0], sums.numpy(), rtol=1e-12)
        np.testing.assert_allclose(ours[1], torch.relu(sums).numpy(), rtol=1e-12)
        assert ours[2] == pytest.approx(torch.sigmoid(logit).item(), rel=1e-9)


@pytest.mark.parametrize("score, p", [(800.0, 1.0), (-800.0, 0.0), (0.0, 0.5)])
def test_extreme_scores_do_not_overflow(score, p):
    assert drawing.forward([1.0], [[1.0]], [0.0], [score], 0.0)[2] == pytest.approx(p, abs=1e-300)


def test_drawn_digits_look_like_those_the_network_knows(trained, digits):
    explorer = drawing.draw_digit(*layers(trained))
    zero, one = drawn(8, *ring(8)), drawn(8, ((2, 2.5), (0.5, 4)), ((0.5, 4), (7.5, 4)))
    assert explorer.forward(zero)[2] < 0.05
    assert explorer.forward(one)[2] > 0.95
    for target, picture in enumerate((zero, one)):
        ink = digits[0][digits[1] == target].sum(axis=1)
        assert ink.min() < picture.sum() < ink.max()


def test_present_drawing_is_asked_unless_another_is_given(explorer):
    now, other = explorer.values(), drawn(8, ((0.5, 4), (7.5, 4)))
    assert now.shape == (8, 8)
    np.testing.assert_array_equal(explorer.forward()[0], explorer.forward(now)[0])
    assert not np.array_equal(explorer.forward()[0], explorer.forward(other)[0])
    with pytest.raises(ValueError, match="pixels: the network takes pictures of shape"):
        explorer.forward(np.zeros((28, 28)))


@pytest.mark.parametrize("side, high", [(8, 16), (28, 1.0), (28, 255)])
def test_side_follows_the_weights(side, high):
    picture = drawn(side, ((side / 2, 1), (side / 2, side - 1)), high=high)
    explorer = drawing.draw_digit(*network(side), start=picture, high=high)
    assert explorer.view.side == side and explorer.view.names == ["start picture"]
    np.testing.assert_array_equal(explorer.values(), picture)


def test_start_is_empty_a_picture_or_the_first_of_several(explorer):
    assert not drawing.draw_digit(*network()).values().any()
    assert explorer.view.names == ["a zero", "a one"]
    np.testing.assert_array_equal(explorer.values(), drawn(8, *ring(8)))
    flat = drawing.draw_digit(*network(), start=torch.full((64,), 3.0))
    assert flat.values().tolist() == [[3.0] * 8] * 8


def test_a_message_of_the_page_reaches_python(explorer):
    seen = []
    explorer.view.observe(lambda change: seen.append(explorer.forward()[2]), "pixels")
    explorer.view.set_state({"pixels": [0] * 63 + [16], "cursor": [7, 7], "erasing": True, "strength": 0.3})
    assert seen == [explorer.forward(np.eye(64)[63] * 16)[2]]
    assert explorer.view.cursor == [7, 7] and explorer.view.erasing is True and explorer.view.strength == 0.3


@pytest.mark.parametrize("name, value, words", [
    ("pixels", [0.0] * 63, "64 numbers from 0 to 16"), ("pixels", [17.0] + [0.0] * 63, "64 numbers from 0 to 16"),
    ("pixels", [float("nan")] + [0.0] * 63, "64 numbers from 0 to 16"), ("cursor", [8, 0], "from 0 to 7"),
    ("cursor", [0, -1], "from 0 to 7"), ("cursor", [0], "from 0 to 7"), ("strength", 0.0, "less than"),
    ("strength", 1.5, "greater than"),
])
def test_state_out_of_bounds_is_refused(explorer, name, value, words):
    before = getattr(explorer.view, name)
    with pytest.raises(traitlets.TraitError, match=words):
        setattr(explorer.view, name, value)
    assert getattr(explorer.view, name) == before


WEIGHTS, BIASES, OUT, BIAS = network()


@pytest.mark.parametrize("arguments, options, words", [
    ((WEIGHTS[:, :63], BIASES, OUT, BIAS), {}, r"weights must have shape \(k, n \* n\)"),
    ((WEIGHTS[0], BIASES, OUT, BIAS), {}, r"weights must have shape \(k, n \* n\)"),
    ((WEIGHTS.repeat(3, axis=0), BIASES, OUT, BIAS), {}, "k from 1 to 6"),
    ((WEIGHTS[:0], BIASES, OUT, BIAS), {}, "k from 1 to 6"),
    (("none", BIASES, OUT, BIAS), {}, "weights must be an array of numbers, not str"),
    ((WEIGHTS, BIASES[:2], OUT, BIAS), {}, "biases must hold 3 numbers"),
    ((WEIGHTS, BIASES, WEIGHTS, BIAS), {}, "out_weights must hold 3 numbers"),
    ((WEIGHTS, BIASES, OUT, BIASES), {}, "out_bias must hold 1 number for"),
    ((WEIGHTS, BIASES * np.nan, OUT, BIAS), {}, "NaN or infinite"),
    ((WEIGHTS, BIASES, OUT, BIAS), {"high": 0}, "high must be a number above 0"),
    ((WEIGHTS, BIASES, OUT, BIAS), {"high": "16"}, "high must be a number above 0"),
    ((WEIGHTS, BIASES, OUT, BIAS), {"high": np.nan}, "high must be a number above 0"),
    ((WEIGHTS, BIASES, OUT, BIAS), {"start": np.zeros((28, 28))}, r"takes pictures of shape \(8, 8\), not \(28, 28\)"),
    ((WEIGHTS, BIASES, OUT, BIAS), {"start": {"a two": np.full((8, 8), 20.0)}}, "a two: .* from 20 to 20"),
    ((WEIGHTS, BIASES, OUT, BIAS), {"start": -np.ones((8, 8))}, "run from 0 to high=16"),
    ((WEIGHTS, BIASES, OUT, BIAS), {"start": np.full(64, np.nan)}, "run from 0 to high=16"),
    ((WEIGHTS, BIASES, OUT, BIAS), {"start": {"a": "b"}}, "a must be an array of numbers"),
    ((WEIGHTS, BIASES, OUT, BIAS), {"start": {k: np.zeros(64) for k in range(7)}}, "at most 6"),
])
def test_bad_input_gets_one_sentence(arguments, options, words):
    with pytest.raises(ValueError, match=words) as caught:
        drawing.draw_digit(*arguments, **options)
    assert "\n" not in str(caught.value)


def test_bars_hold_half_of_the_largest_sum():
    weights, biases, *_ = network()
    sums = [drawing.forward(16.0 * (sign * row > 0), weights, biases, [0] * 3, 0)[0]
            for row in weights for sign in (1, -1)]
    assert drawing.bar_reach(weights, biases, 16) == pytest.approx(np.abs(sums).max() / 2, rel=0.05)
    assert drawing.bar_reach(np.zeros((1, 64)), np.zeros(1), 16) == 1


def test_weights_are_red_and_plus_or_blue_and_minus():
    weights = np.zeros((3, 64))
    weights[0, 9], weights[1, 18] = 2.0, -2.0         # row 1, column 1 of one feature; row 2, column 2 of another
    sheets = [opened(base64.b64decode(image["src"].partition(",")[2])) for image in drawing.portraits(weights)]
    cell = len(sheets[0]) // 8
    assert [image["width"] for image in drawing.portraits(weights)] == [len(sheets[0]) // 2] * 3
    for sheet, (row, column), colour, strokes in ((sheets[0], (1, 1), RED, 2),
                                                  (sheets[1], (2, 2), BLUE, 1)):
        block = sheet[row * cell:(row + 1) * cell, column * cell:(column + 1) * cell]
        assert tuple(block[0, 0]) == colour
        white = (block == 255).all(axis=2)
        assert (white.any(axis=1).sum() > cell / 3, white.any(axis=0).sum() > cell / 3) == (strokes == 2, True)
        outside = sheet.copy()
        outside[row * cell:(row + 1) * cell, column * cell:(column + 1) * cell] = 255
        assert (outside == 255).all()
    assert (sheets[2] == 255).all()
    assert drawing.portraits(weights)[0]["alt"] == ("Weights of feature 1: 1 of 64 positive, largest +2.00 at row 1, "
                                                    "column 1, smallest 0.00 at row 0, column 0.")


def test_small_cells_share_a_sign():
    weights = np.zeros((1, 28, 28))
    weights[0, 4:8, 4:8] = 1.0
    sheet = drawing.portrait(weights.reshape(1, 784), 0)
    middle = len(sheet) * 6 // 28
    assert sheet[middle, middle].tolist() == [255, 255, 255]
    assert sheet[middle - 4 * len(sheet) // 28 // 2 + 1, middle + 4].tolist() == list(RED)


@pytest.mark.parametrize("p, number, words", [
    (0.0, "below 0.001", "“zero”"), (0.0999, "0.100", "“zero”"), (0.1, "0.100", "rather “zero”"),
    (0.5, "0.500", "undecided"), (0.6, "0.600", "rather “one”"), (0.95, "0.950", "“one”"),
    (0.99999, "above 0.999", "“one”"),
])
def test_probability_in_digits_and_words(p, number, words):
    assert (chance(p, 3), drawing.verdict(p)) == (number, words)


def test_description_follows_the_drawing(explorer):
    (first, *_), *_ = explorer.forward()
    assert f"Feature 1: weighted sum {with_sign(first)}, " in explorer.describe()
    explorer.view.pixels = [0.0] * 20 + [4.0, 8.0] + [0.0] * 42
    assert "ink in 2 of 64 cells, rows 2 to 2, columns 4 to 5." in explorer.describe()
    explorer.view.pixels = [0.0] * 64
    sums, features, _ = explorer.forward()
    assert "cells: nothing is drawn." in explorer.describe()
    assert explorer.describe().count("silent") == np.sum(features == 0) == np.sum(sums <= 0)


def test_stored_picture_shows_the_drawing(explorer):
    before = opened(explorer.preview())
    assert before.shape[0] <= 430 and before.shape[1] <= 1092
    explorer.view.pixels = [0.0] * 64
    after = opened(explorer.preview())
    changed = (before != after).any(axis=2)
    left, top = int(0.01 * before.shape[1]), int(0.08 * before.shape[0])
    assert changed[top + 30:-60, left + 20:300].mean() > 0.3
    assert changed[:, 340:430].mean() == 0            # the weights stay
    assert changed[:, 560:].any()


@pytest.mark.parametrize("features", [1, 4, 6])
def test_other_numbers_of_features_are_drawn(features):
    explorer = drawing.draw_digit(*network(features=features))
    assert explorer.describe().count("Feature") == features == len(explorer.view.portraits)
    assert opened(explorer.preview()).shape[0] <= 430


def test_notebook_keeps_picture_and_text(explorer):
    stored = explorer._repr_mimebundle_()
    assert stored["text/plain"] == explorer.describe()
    assert 'alt="Drawing pad of 8 by 8 cells: ink in' in stored["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in stored

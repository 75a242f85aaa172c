"""Explorers of probabilities: their numbers against PyTorch and SciPy, every control, every preset, one redraw each."""
import numpy as np
import pytest
import torch
from explorers import pixels
from scipy import special
from torch.nn import functional

from helpers.explore import probabilities

pytestmark = pytest.mark.usefixtures("strict_widgets")
FACTORIES = [probabilities.binary_loss, probabilities.softmax_mixer]
LOGITS = np.linspace(-6.9, 6.9, 31)


@pytest.mark.parametrize("target", [0, 1])
def test_the_losses_and_slopes_of_a_logit_agree_with_autograd(target):
    logits = torch.tensor(LOGITS, requires_grad=True)
    p, truth = torch.sigmoid(logits), torch.full((31,), target, dtype=torch.float64)
    both = [functional.binary_cross_entropy(p, truth, reduction="none"),
            functional.mse_loss(p, truth, reduction="none")]
    slopes = [torch.autograd.grad(values.sum(), logits, retain_graph=True)[0].numpy() for values in both]
    np.testing.assert_allclose(probabilities.two_losses(p.detach().numpy(), target),
                               [values.detach().numpy() for values in both], rtol=1e-9)
    np.testing.assert_allclose(probabilities.two_slopes(LOGITS, target), slopes, rtol=1e-9)


def test_log_odds_is_the_inverse_of_the_sigmoid():
    for p in (0.001, 0.01, 0.5, 0.7, 0.999):
        assert probabilities.log_odds(p) == pytest.approx(special.logit(p), rel=1e-12)


@pytest.mark.parametrize("temperature", [0.1, 1, 10])
@pytest.mark.parametrize("shift", [0, 1, 100, 1000])
def test_with_the_largest_subtracted_neither_shift_nor_temperature_breaks_softmax(shift, temperature):
    logits = np.random.default_rng(3).integers(-20, 21, (50, 3)) / 2
    for row in logits:
        exponents, powers, probs = probabilities.softmax_steps(row, temperature, shift, subtract=True)
        assert exponents.max() == 0 and powers.max() == 1 and probs.dtype == np.float32
        np.testing.assert_allclose(probs, special.softmax(row / temperature), rtol=1e-5, atol=1e-37)


@pytest.mark.parametrize("logits", [[1, 2, 3], [1000, 0, 0], [89, 88, 0], [88.5, 88, 0], [-100, -90, 0], [2, 2]])
def test_the_printed_recipe_fails_where_torch_fails_in_float32(logits):
    powers = torch.exp(torch.tensor(logits, dtype=torch.float32))
    _, got, probs = probabilities.softmax_steps(logits)
    np.testing.assert_allclose(got, powers.numpy(), rtol=1e-6)
    np.testing.assert_allclose(probs, (powers / powers.sum()).numpy(), rtol=1e-6, atol=1e-40)


def test_exp_overflows_where_the_picture_says():
    below, above = (np.float32(probabilities.OVERFLOW + step) for step in (-0.01, 0.01))
    assert torch.isfinite(torch.exp(torch.tensor(below))) and torch.isinf(torch.exp(torch.tensor(above)))
    assert f"{probabilities.OVERFLOW:.1f}" == "88.7"


@pytest.mark.parametrize("factory", FACTORIES)
def test_every_control_changes_picture_and_alt_text(factory, drive):
    for control, states in drive(factory()).items():
        assert states >= 2, f"{control} changes nothing"


@pytest.mark.parametrize("factory", FACTORIES)
def test_every_control_is_labelled_and_bounded(factory):
    for key, control in factory().controls.items():
        assert control.description.strip(), f"{key} has no label"
        assert hasattr(control, "options") or control.min < control.max


@pytest.mark.parametrize("factory", FACTORIES)
def test_the_live_picture_is_what_a_full_drawing_gives(factory):
    explorer, fresh = factory(), factory()
    for control in explorer.controls.values():
        start = control.value
        ends = [value for _, value in control._options_full] if hasattr(control, "options") else \
            [control.min, control.max]
        control.value = next(value for value in reversed(ends) if value not in (start, "your own"))
        assert not np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))
        control.value = start
        assert np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))


@pytest.mark.parametrize("factory, name, value", [
    (probabilities.binary_loss, "preset", "certain and wrong"), (probabilities.binary_loss, "truth", 0),
    (probabilities.binary_loss, "p", 0.9), (probabilities.binary_loss, "logit", 3.0),
    (probabilities.softmax_mixer, "preset", "one far ahead"), (probabilities.softmax_mixer, "temperature", 2),
    (probabilities.softmax_mixer, "shift", 10), (probabilities.softmax_mixer, "benign", 4.0)])
def test_one_picture_per_movement(factory, name, value):
    explorer = factory()
    drawn = []
    explorer.view.observe(lambda change: drawn.append(change["name"]), "png")
    explorer.controls[name].value = value
    assert drawn == ["png"]


@pytest.mark.parametrize("factory", FACTORIES)
def test_the_docstring_names_the_prediction(factory):
    assert "Serves the prediction:" in factory.__doc__


@pytest.mark.parametrize("factory", FACTORIES)
def test_the_picture_fits_a_slide(factory):
    width, height = factory().view.size
    assert width <= 10.8 * 96 and height <= 370


@pytest.mark.parametrize("name, told", [
    ("confident and right", "0.051, slope -0.050"), ("unsure", "0.693, slope -0.500; squared error 0.250"),
    ("confident and wrong", "2.996, slope -0.950; squared error 0.902, slope -0.090: 10.5 times weaker"),
    ("certain and wrong", "6.908, slope -0.999; squared error 0.998, slope -0.002: 501 times weaker")])
def test_what_each_prediction_costs(name, told):
    explorer = probabilities.binary_loss()
    explorer.controls["preset"].value = name
    assert (explorer.controls["p"].value, explorer.controls["truth"].value) == probabilities.OPINIONS[name]
    assert told in explorer.view.caption and told in explorer.describe()


def test_the_prediction_of_the_lecture():
    explorer = probabilities.binary_loss()
    explorer.controls["p"].value = 0.01
    assert explorer.view.caption == ("Cross-entropy 4.605, slope -0.990; squared error 0.980, slope -0.020: "
                                     "50.5 times weaker")
    assert explorer.describe().endswith("A step against the slope raises the logit.")
    explorer.controls["truth"].value = 0
    assert explorer.describe().startswith("p = 0.010, truth benign. Cross-entropy 0.010, slope +0.010")
    assert explorer.describe().endswith("A step against the slope lowers the logit.")


def test_probability_and_logit_move_each_other():
    explorer = probabilities.binary_loss()
    p, logit, preset = (explorer.controls[name] for name in ("p", "logit", "preset"))
    p.value = 0.9
    assert logit.value == pytest.approx(special.logit(0.9)) and p.value == 0.9 and preset.value == "your own"
    logit.value = -2.0
    assert p.value == pytest.approx(special.expit(-2)) and logit.value == -2.0
    for end in (p.min, p.max):
        p.value = end
        assert p.value == end and abs(logit.value) == logit.max
    preset.value = "unsure"
    assert logit.value == 0 and p.value == 0.5


@pytest.mark.parametrize("name", probabilities.MIXES)
def test_each_mix_shows_what_softmax_gives_or_says_why_not(name):
    explorer = probabilities.softmax_mixer()
    explorer.controls["preset"].value = name
    assert explorer.controls["preset"].value == name
    classes, subtract, temperature, shift, *logits = probabilities.MIXES[name]
    assert [explorer.controls[key].value for key in ("classes", "subtract", "temperature", "shift")] == \
        [classes, subtract, temperature, shift]
    probs = special.softmax(np.array(logits[:classes]) / temperature)
    shown = " + ".join(f"{p:.3f}" for p in probs) + " = 1.000"
    assert (shown in explorer.view.caption) == (name != "shift by 100")
    assert explorer.view.caption in explorer.describe()


def test_a_shift_of_100_is_not_a_number_until_the_largest_is_subtracted():
    explorer = probabilities.softmax_mixer()
    explorer.controls["preset"].value = "shift by 100"
    assert explorer.view.caption.startswith("exp(103) is too large for float32")
    assert "not a number" in explorer.describe()
    explorer.controls["subtract"].value = True
    assert explorer.view.caption == "0.090 + 0.245 + 0.665 = 1.000, most likely artefact"


def test_two_classes_are_called_a_sigmoid_and_equal_logits_a_tie():
    explorer = probabilities.softmax_mixer()
    explorer.controls["preset"].value = "two classes = sigmoid"
    assert f"sigmoid(1.5) = {special.expit(1.5):.3f}" in explorer.view.caption
    assert "artefact" not in explorer.describe()
    explorer.controls["preset"].value = "equal logits"
    assert explorer.view.caption.endswith("a tie of benign, malignant and artefact")


@pytest.mark.parametrize("value, words", [(np.nan, "not a number"), (np.inf, "infinite"), (0.25, "0.250")])
def test_numbers_in_words(value, words):
    assert probabilities.in_words(value, ".3f") == words

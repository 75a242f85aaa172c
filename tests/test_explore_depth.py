"""Gradients by depth: the norms as autograd has them, the behaviours of each preset, all controls."""
import numpy as np
import pytest
import torch

from helpers.explore import depth

pytestmark = pytest.mark.usefixtures("strict_widgets")
TORCH = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "ReLU": torch.relu,
         "leaky ReLU": lambda total: torch.nn.functional.leaky_relu(total, depth.LEAK)}
SUMS, WEIGHTS = 1, 0


def torch_norms(inputs, targets, weights, output, activation):
    """Norms with respect to weights and sums by autograd, for the mean binary cross-entropy of the logits."""
    layers = [torch.tensor(weight, requires_grad=True) for weight in weights]
    signal, sums = torch.from_numpy(inputs), []
    for layer in layers:
        sums.append(torch.nn.functional.linear(signal, layer))
        sums[-1].retain_grad()
        signal = TORCH[activation](sums[-1])
    logits = signal @ torch.from_numpy(output)
    torch.nn.functional.binary_cross_entropy_with_logits(logits, torch.from_numpy(targets)).backward()
    return [[tensor.grad.norm().item() for tensor in group] for group in (layers, sums)]


@pytest.mark.parametrize("activation", depth.ACTIVATIONS)
@pytest.mark.parametrize("scale", depth.SCALES)
@pytest.mark.parametrize("layers, seed", [(2, 1), (7, 2), (20, 3), (30, 4)])
def test_norms_agree_with_autograd(activation, scale, layers, seed):
    generator = np.random.default_rng(seed)
    inputs, targets = generator.standard_normal((11, depth.WIDTH)), generator.integers(0, 2, 11).astype(float)
    weights, output = depth.random_network(scale, layers, seed)
    expected = torch_norms(inputs, targets, weights, output, activation)
    for ours, theirs in zip(depth.gradient_norms(inputs, targets, weights, output, activation), expected, strict=True):
        assert ours.shape == (layers,)
        assert ours == pytest.approx(theirs, rel=1e-6, abs=0)


@pytest.mark.parametrize("activation", depth.ACTIVATIONS)
def test_activations_and_slopes_agree_with_torch(activation):
    function, slope = depth.ACTIVATIONS[activation]
    total = torch.linspace(-6, 6, 121, dtype=torch.float64, requires_grad=True)
    TORCH[activation](total).sum().backward()
    values = total.detach().numpy()
    assert function(values) == pytest.approx(TORCH[activation](total).detach().numpy(), rel=1e-9, abs=1e-12)
    assert slope(values, function(values)) == pytest.approx(total.grad.numpy(), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("scale, spread", [("small normal (0.1)", 0.1), ("large normal (0.3)", 0.3)])
def test_normal_weights_have_the_spread_in_their_name(scale, spread):
    weights, output = depth.random_network(scale, 30, 0)
    assert weights.shape == (30, 48, 48) and output.shape == (48,)
    assert weights.std() == pytest.approx(spread, rel=0.02) and abs(weights.mean()) < 0.02 * spread


@pytest.mark.parametrize("scale, fill", [
    ("Xavier", torch.nn.init.xavier_normal_),
    ("He", lambda empty: torch.nn.init.kaiming_normal_(empty, nonlinearity="relu"))])
def test_xavier_and_he_are_those_of_torch(scale, fill):
    torch.manual_seed(0)
    expected = fill(torch.empty(400, 400, dtype=torch.float64)).std().item()
    assert depth.SCALES[scale](400) == pytest.approx(expected, rel=0.02)


def test_a_deeper_network_begins_with_the_layers_of_a_shallower_one():
    deep, shallow = (depth.random_network("He", layers, 5) for layers in (9, 4))
    assert np.array_equal(deep[0][:4], shallow[0]) and np.array_equal(deep[1], shallow[1])
    assert not np.array_equal(deep[0], depth.random_network("He", 9, 6)[0])


@pytest.mark.parametrize("seed", range(1, 11))
def test_what_twenty_layers_do_to_the_gradient(seed):
    """Ratio of the last to the first layer's gradient, over all the networks an explorer offers."""
    def ratio(activation, scale, by):
        norms = depth.first_gradients(activation, scale, 20, seed)[by]
        return norms[-1] / norms[0]

    assert 3e8 < ratio("sigmoid", "He", SUMS) < 3e10 and 3e8 < ratio("sigmoid", "He", WEIGHTS) < 3e10
    assert 1e11 < ratio("sigmoid", "Xavier", SUMS) < 1e13
    assert 0.1 < ratio("tanh", "Xavier", WEIGHTS) < 10 and 1 < ratio("tanh", "Xavier", SUMS) < 30
    for activation in ("ReLU", "leaky ReLU"):
        assert 0.1 < ratio(activation, "He", SUMS) < 10 and 0.1 < ratio(activation, "He", WEIGHTS) < 10
        assert ratio(activation, "small normal (0.1)", SUMS) > 1e5
        assert ratio(activation, "large normal (0.3)", SUMS) < 1e-2


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_small_weights_leave_small_gradients_in_every_layer(seed):
    """The gradient by the weights hides the loss on the way back behind the loss on the way there."""
    norms = depth.first_gradients("ReLU", "small normal (0.1)", 20, seed)[WEIGHTS]
    assert 0.1 < norms[-1] / norms[0] < 10 and norms.max() < 1e-5


@pytest.mark.parametrize("activation", depth.ACTIVATIONS)
@pytest.mark.parametrize("scale", depth.SCALES)
def test_no_setting_leaves_the_axes(activation, scale):
    for seed in range(1, 11):
        for layers in (2, 15, depth.DEEPEST):
            for norms in depth.first_gradients(activation, scale, layers, seed):
                assert (norms > depth.LOWEST).all() and (norms < depth.HIGHEST).all()


@pytest.mark.parametrize("number, text", [(0.25, "0.25"), (999, "999"), (42.4, "42"), (1.93e9, "1.9 × 10⁹"),
                                          (4e-12, "4 × 10⁻¹²"), (9.99e15, "1 × 10¹⁶"), (0.0099, "9.9 × 10⁻³")])
def test_powers_of_ten(number, text):
    assert depth.power_of_ten(number) == text


def test_caption_gives_the_ratio_of_the_norms():
    explorer = depth.gradient_by_depth()
    explorer.controls["preset"].value = "deep sigmoid"
    norms = depth.first_gradients("sigmoid", "He", 20, 1)[SUMS]
    assert f"last ÷ first = {depth.power_of_ten(norms[-1] / norms[0])} " in explorer.view.caption
    assert f"{depth.power_of_ten((norms[0] / norms[-1]) ** (1 / 19))} per layer" in explorer.view.caption
    assert f"sigmoid {norms[0]:.2g} and {norms[-1]:.2g}, tanh" in explorer.describe()
    explorer.controls["others"].value = "hidden"
    assert "tanh" not in explorer.describe()


def test_a_dead_network_is_told_and_not_divided_by():
    dead = {"ReLU": np.array([0.0, 0.0, 1e-3])}
    caption, alt = depth._tell_depth("ReLU", "He", "weights", dead)
    assert caption == "3 layers, ReLU: no gradient at all reaches the first layer" and "ReLU 0 and 0.001" in alt


def test_every_control_changes_picture_and_alt_text(drive):
    for control, states in drive(depth.gradient_by_depth()).items():
        assert states >= 2, f"{control} changes nothing"


def test_presets_can_be_left_and_chosen_again_and_leave_no_trace():
    explorer = depth.gradient_by_depth()
    start = explorer.view.png
    assert explorer.controls["preset"].value == "deep sigmoid"
    for name, values in depth.PRESETS.items():
        explorer.controls["preset"].value = name
        assert tuple(explorer.controls[key].value for key in ("activation", "scale", "depth")) == values
        assert len(explorer.view.caption) < 130
    explorer.controls["depth"].value = 3
    assert explorer.controls["preset"].value == "your own"
    explorer.controls["preset"].value = "deep sigmoid"
    assert explorer.view.png == start


def test_the_picture_fits_on_a_slide():
    explorer = depth.gradient_by_depth()
    assert explorer.view.size[0] <= 1037 and explorer.view.size[1] + 36 * 2 <= 470

"""Explorers: the numbers they show, the pictures they draw, every control of every one of them."""
import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from explorers import pixels
from torch import nn

from helpers import data, explore
from helpers.explore import intensity, live, neurons, tensors
from helpers.explore.controls import choice, follow_preset, slider

pytestmark = pytest.mark.usefixtures("strict_widgets")
COLOUR = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
DISC = np.hypot(*(np.indices((120, 128)) - np.reshape([70.0, 50.0], (2, 1, 1)))) <= 4    # 49 pixels
SLICE = np.where(DISC, 60.0, -860.0)                                                      # HU
FACTORIES = {
    "window_level": lambda: explore.window_level(np.linspace(-1000, 1200, 4096).reshape(64, 64), (1.0, 1.0)),
    "channel_mixer": lambda: explore.channel_mixer(COLOUR),
    "shape_calculator": explore.shape_calculator,
    "shrinking_nodule": explore.shrinking_nodule,
    "shrinking_nodule in a slice": lambda: explore.shrinking_nodule(SLICE, (1.0, 1.0), DISC),
    "neuron": explore.neuron,
    "parameter_counter": explore.parameter_counter,
}


@pytest.mark.parametrize("name", FACTORIES)
def test_every_control_changes_picture_and_alt_text(name, drive):
    explorer = FACTORIES[name]()
    for control, states in drive(explorer).items():
        assert states >= 2, f"{control} changes nothing"


@pytest.mark.parametrize("name", FACTORIES)
def test_every_control_is_labelled_and_bounded(name):
    explorer = FACTORIES[name]()
    for key, control in explorer.controls.items():
        assert control.description.strip(), f"{key} has no label"
        assert hasattr(control, "options") or control.min < control.max


@pytest.mark.parametrize("name", FACTORIES)
def test_the_live_picture_is_what_a_full_drawing_gives(name):
    """Drawing only what changes must leave no trace of an earlier state."""
    explorer, fresh = FACTORIES[name](), FACTORIES[name]()
    first = next(key for key, control in explorer.controls.items() if not isinstance(control, widgets.Dropdown))
    control = explorer.controls[first]
    start = control.value
    low, high = control.options[::len(control.options) - 1] if hasattr(control, "options") else \
        (control.min, control.max)
    end = low if start == high else high
    control.value = end
    assert not np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))
    control.value = start
    assert np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))


@pytest.mark.parametrize("name", FACTORIES)
def test_the_docstring_names_the_prediction(name):
    assert "Serves the prediction:" in getattr(explore, name.split()[0]).__doc__


def test_stored_form_is_a_picture_with_the_alt_text_of_the_present_state():
    explorer = explore.parameter_counter()
    explorer.controls["side"].value = 256
    bundle = explorer._repr_mimebundle_()
    assert "256 by 256" in bundle["text/plain"] and 'alt="Fully connected' in bundle["text/html"]
    assert f"<b>{explorer.view.caption}</b>" in bundle["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in bundle and "image/png" in bundle


def test_an_error_in_an_update_is_not_swallowed():
    fig, axis = plt.subplots()
    line, = axis.plot([0, 1], [0, 1])

    def update(height):
        if height > 5:
            raise ZeroDivisionError("broken on purpose")
        return "", "A line for the test of errors."

    explorer = live.live_figure({"height": slider("height", 1, 0, 10)}, fig, [line], update)
    with pytest.raises(ZeroDivisionError):
        explorer.controls["height"].value = 9


def test_fast_png_is_a_valid_png_of_the_same_pixels():
    assert np.array_equal(pixels(live.fast_png(COLOUR)), COLOUR)


def test_presets_set_controls_and_follow_them():
    preset = choice("preset", ["a", "b", "your own"])
    first, second = slider("first", 1, 0, 9), slider("second", 2, 0, 9)
    follow_preset(preset, {"a": (1, 2), "b": (3, 4)}, [first, second])
    preset.value = "b"
    assert (first.value, second.value) == (3, 4)
    first.value = 5
    assert preset.value == "your own" and second.value == 4
    first.value = 3
    assert preset.value == "b"


def test_a_preset_can_be_left_and_chosen_again():
    explorer = FACTORIES["window_level"]()
    for name, (level, width) in data.WINDOWS.items():
        explorer.controls["preset"].value = name
        assert (explorer.controls["level"].value, explorer.controls["width"].value) == (level, width)
        assert explorer.controls["preset"].value == name
        assert f"level {level} HU, width {width} HU" in explorer.describe()


def test_window_level_counts_black_and_white():
    hu = np.array([[-1000.0, -160.0], [40.0, 1000.0]])
    explorer = explore.window_level(hu, (1, 1))
    assert "50 % are black, 25 % are grey, 25 % are white" in explorer.describe()


@pytest.mark.parametrize("order, expected", [
    ("permute(2, 0, 1)", lambda t: t.permute(2, 0, 1)), ("reshape(3, H, W)", lambda t: t.reshape(3, 40, 60)),
    ("permute(2, 1, 0)", lambda t: t.permute(2, 1, 0)),
    ("flip(-1).permute(2, 0, 1)", lambda t: t.flip(-1).permute(2, 0, 1))])
def test_reorder_does_what_its_name_says_in_torch(order, expected):
    assert np.array_equal(intensity.reorder(COLOUR, order), expected(torch.from_numpy(COLOUR)).numpy())
    assert set(intensity.AXIS_ORDERS) >= {order}


@pytest.mark.parametrize("dtype", tensors.BYTES)
def test_tensor_bytes_agree_with_torch(dtype):
    tensor = torch.empty(2, 3, 5, dtype=getattr(torch, dtype))
    assert tensors.tensor_bytes((2, 3, 5), dtype) == tensor.numel() * tensor.element_size()


@pytest.mark.parametrize("factor", [1, 2, 4, 8])
def test_block_mean_is_average_pooling(factor):
    image = torch.rand(16, 24, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    pooled = nn.functional.avg_pool2d(image[None, None], factor)[0, 0]
    assert np.allclose(tensors.block_mean(image.numpy(), factor), pooled.numpy())


def test_block_mean_refuses_a_factor_that_does_not_divide():
    with pytest.raises(ValueError, match="3 does not divide both sides of 16 by 24"):
        tensors.block_mean(np.zeros((16, 24)), 3)


def test_a_one_pixel_nodule_fades_or_vanishes():
    image = tensors.nodule_image(1)
    assert image.sum() == 1
    assert tensors.coarser(image, 16, "block mean").max() == 1 / 256
    assert tensors.coarser(image, 16, "every n-th pixel").max() == 0


@pytest.mark.parametrize("diameter", range(1, 32, 2))
def test_a_nodule_is_as_wide_as_it_says(diameter):
    rows, columns = np.nonzero(tensors.nodule_image(diameter))
    assert np.ptp(rows) + 1 == np.ptp(columns) + 1 == diameter


def test_a_nodule_stands_out_from_the_lung_around_it_only():
    heart = np.where(np.arange(128) > 80, 40.0, SLICE)                    # more than 10 mm away
    assert np.array_equal(tensors.stands_out(heart, 1.0, DISC), 920.0 * DISC)


@pytest.mark.parametrize("factor", [1, 2, 3, 8, 12])
@pytest.mark.parametrize("method", tensors.METHODS)
def test_the_best_and_worst_place_of_the_grid_agree_with_trying_all(factor, method):
    contrast = np.where(DISC, 920.0, 0.0)[24:120, 10:106]
    peaks = []
    for shift in np.ndindex(factor, factor):
        moved = torch.from_numpy(np.roll(contrast, shift, (0, 1)))[None, None]
        pooled = nn.functional.avg_pool2d(moved, factor) if method == "block mean" else moved[..., ::factor, ::factor]
        peaks.append(pooled.max().item())
    assert tensors.wherever_the_grid_lies(contrast, factor, method) == pytest.approx((min(peaks), max(peaks)))


def test_a_nodule_in_a_slice_fades_by_the_share_of_the_pixel_it_fills():
    explorer = FACTORIES["shrinking_nodule in a slice"]()
    assert explorer.view.caption.startswith("Pixels of 1 mm: contrast left 920 of 920 HU")
    explorer.controls["size"].value = 12.0
    share = 920 * DISC.sum() / 144                                        # at best all of it lies in one pixel
    assert explorer.view.caption.endswith(f" to {share:.0f}")
    explorer.controls["method"].value = "every n-th pixel"
    assert explorer.view.caption.endswith("with another grid 0 to 920")


@pytest.mark.parametrize("name", ["shrinking_nodule", "shrinking_nodule in a slice"])
def test_whatever_is_simulated_says_so(name):
    assert FACTORIES[name]().describe().startswith("Simulated")


def test_the_name_of_a_slice_stands_in_its_alt_text():
    explorer = explore.window_level(SLICE, (1, 1), name="Simulated chest, CT")
    assert explorer.describe().startswith("Simulated chest, CT, level 40 HU")


def test_neuron_agrees_with_torch():
    generator = np.random.default_rng(1)
    for pixels_, weights, bias in zip(generator.random((20, 4)), generator.uniform(-1, 1, (20, 4)),
                                      generator.uniform(-1, 1, 20), strict=True):
        total, output = neurons.neuron_output(pixels_, weights, bias)
        layer = nn.functional.linear(torch.tensor(pixels_), torch.tensor(weights)[None], torch.tensor([bias]))
        assert total == pytest.approx(layer.item()) and output == pytest.approx(torch.relu(layer).item())


@pytest.mark.parametrize("make, words", [
    (lambda: explore.window_level(np.zeros((2, 2, 2)), (1, 1)), "one slice of shape"),
    (lambda: explore.channel_mixer(np.zeros((3, 4, 4))), "shape \\(H, W, 3\\)"),
    (lambda: explore.shrinking_nodule(SLICE[:90], (1, 1), DISC[:90]), "at least 96 by 96 pixels, not \\(90, 128\\)"),
    (lambda: explore.shrinking_nodule(SLICE, (1, 2), DISC), "square pixels"),
    (lambda: explore.shrinking_nodule(SLICE, (1, 1), DISC & False), "True somewhere"),
    (lambda: explore.shrinking_nodule(SLICE, (1, 1), SLICE), "bool mask of shape \\(120, 128\\)")])
def test_bad_input_gets_one_sentence(make, words):
    with pytest.raises(ValueError, match=words):
        make()

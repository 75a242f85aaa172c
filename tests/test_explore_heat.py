"""Explorers of heat maps: the numbers of explain and torch, nothing left behind, pictures where they belong."""
import importlib

import numpy as np
import pytest
import torch
from explorers import pixels
from skimage import data as samples
from torch import nn

from helpers import explain, metrics
from helpers.explore import heat
from helpers.explore.wording import one_digit

cams, hiding, forgetting = (importlib.import_module(f"helpers.explore.{name}")
                            for name in ("cams", "hiding", "forgetting"))
pytestmark = pytest.mark.usefixtures("strict_widgets")
IMAGES = torch.tensor(np.stack([samples.camera()[60:252:8, 100:340:8], samples.coins()[20:116:4, 20:140:4]])[:, None]
                      / 127.5 - 1).float()                               # (2, 1, 24, 30)
MASKS = np.zeros((2, 24, 30), bool)
MASKS[0, 5:9, 10:15] = MASKS[1, 15:18, 3:6] = True


def single():
    torch.manual_seed(1)
    return nn.Sequential(nn.Sequential(nn.Conv2d(1, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2),
                                       nn.Conv2d(6, 9, 3, padding=1), nn.ReLU()),
                         nn.Conv2d(9, 1, 1), nn.AdaptiveMaxPool2d(1), nn.Flatten())


def several():
    torch.manual_seed(2)
    return nn.Sequential(nn.Conv2d(1, 6, 3, stride=2), nn.ReLU(), nn.Dropout(), nn.AdaptiveAvgPool2d((3, 3)),
                         nn.Flatten(), nn.Linear(54, 3))


FACTORIES = {
    "grad_cam": lambda model: cams.grad_cam(model, IMAGES, masks=MASKS),
    "cam_family": lambda model: cams.cam_family(model, IMAGES, masks=MASKS),
    "occlusion": lambda model: hiding.occlusion(model, IMAGES, masks=MASKS),
    "randomisation": lambda model: forgetting.randomisation(model, IMAGES, "0.5"),
}
EACH = pytest.mark.parametrize("name", FACTORIES)


def inner(explorer, left, top=26, side=240):
    return pixels(explorer.preview())[top:top + side, left:left + side]


@EACH
def test_every_control_at_its_ends(name, drive):
    explorer = FACTORIES[name](single())
    for control, states in drive(explorer).items():
        assert states >= 2, f"{control} changes nothing"
    assert "nan" not in explorer.describe() and explorer.view.caption in explorer.describe()


@EACH
def test_the_network_is_left_as_it_was_found(name, drive):
    model = single().train()
    model[1].eval()
    next(model.parameters()).grad = torch.ones_like(next(model.parameters()))
    before = [(module.training, len(module._forward_hooks)) for module in model.modules()]
    state, seed = {key: value.clone() for key, value in model.state_dict().items()}, torch.get_rng_state()
    drive(FACTORIES[name](model))
    assert [(module.training, len(module._forward_hooks)) for module in model.modules()] == before
    assert all(torch.equal(value, state[key]) for key, value in model.state_dict().items())
    assert [parameter.grad is None for parameter in model.parameters()].count(False) == 1
    assert torch.equal(torch.get_rng_state(), seed)


@EACH
def test_the_explorer_keeps_the_network_of_its_making(name):
    model = single()
    explorer = FACTORIES[name](model)
    told = explorer.describe()
    nn.init.zeros_(model[1].weight)
    explorer.controls["image"].value = 1
    explorer.controls["image"].value = 0
    assert explorer.describe() == told


@EACH
def test_the_live_picture_is_what_a_full_drawing_gives(name):
    explorer = FACTORIES[name](single())
    explorer.controls["image"].value = 1
    np.testing.assert_array_equal(pixels(explorer.view.png), pixels(explorer.preview()))


@EACH
def test_what_cannot_be_shown_is_refused(name):
    factory = {"grad_cam": cams.grad_cam, "cam_family": cams.cam_family, "occlusion": hiding.occlusion,
               "randomisation": lambda model, images, **more: forgetting.randomisation(model, images, "0.5", **more)}
    factory = factory[name]
    with pytest.raises(ValueError, match=f"{name} needs 1 to 16 images"):
        factory(single(), IMAGES[0])
    with pytest.raises(ValueError, match=f"{name} needs images of finite floats"):
        factory(single(), IMAGES.int())
    with pytest.raises(ValueError, match="3 names for 2 images"):
        factory(single(), IMAGES, names=["a", "b", "c"])
    with pytest.raises(ValueError, match="does not take these images"):
        factory(single(), torch.zeros(1, 2, 24, 30))
    with pytest.raises(ValueError, match=f"{name} needs a network with scores"):
        factory(nn.Sequential(nn.Sequential(*[nn.Identity()] * 5, nn.Conv2d(1, 2, 3))), IMAGES)
    if name != "randomisation":
        with pytest.raises(ValueError, match=f"{name} needs masks as bool of shape"):
            factory(single(), IMAGES, masks=MASKS.astype(int))


# ---- Grad-CAM


def test_grad_cam_shows_the_map_of_explain():
    model = single()
    explorer = cams.grad_cam(model, IMAGES, ["camera", "coins"], ["nothing", "something"], MASKS)
    assert explorer.controls["which"].label == "something" and explorer.controls["layer"].value == "0.5"
    expected = explain.grad_cam(model.eval(), "0.5", IMAGES, upsample=False)
    limit = one_digit(np.abs(explain.grad_cam(model, "0.5", IMAGES, upsample=False, relu=False)).max())
    with torch.no_grad():
        score = model(IMAGES)[0].item()
    told = f"camera, something: score {heat.score_told(score)}, probability {1 / (1 + np.exp(-score)):.2f}"
    assert told in explorer.view.caption
    raw = inner(explorer, 261)[24:216]                       # 24 rows of 8 screen pixels, in the middle of the box
    for row, column in ((0, 0), (7, 11), (11, 14)):
        colour = heat.coloured(expected[0, row:row + 1, column:column + 1], limit)[0, 0]
        np.testing.assert_array_equal(raw[16 * row + 3, 16 * column + 3], colour)


def test_the_enlarged_map_is_the_one_of_explain():
    model = single().eval()
    explorer = cams.grad_cam(model, IMAGES)
    large = explain.grad_cam(model, "0.5", IMAGES)[0]
    place = np.unravel_index(large.argmax(), large.shape)
    assert f"peak at row {place[0]}, column {place[1]}" in explorer.view.caption
    limit = one_digit(np.abs(explain.grad_cam(model, "0.5", IMAGES, upsample=False, relu=False)).max())
    shown = inner(explorer, 514)[24:216]
    away = [at for at in ((1, 1), (12, 3), (20, 28)) if np.hypot(*np.subtract(place, at)) > 3]
    assert away
    for row, column in away:
        np.testing.assert_array_equal(shown[8 * row + 4, 8 * column + 4],
                                      heat.coloured(large[row:row + 1, column:column + 1], limit)[0, 0])


def test_what_speaks_against_a_single_score_is_the_map_with_its_sign_turned():
    model = single().eval()
    explorer = cams.grad_cam(model, IMAGES)
    signed = explain.grad_cam(model, "0.5", IMAGES, relu=False, upsample=False)
    explorer.controls["which"].value = 0
    low, high = (f"{value:.2g}".replace("-", "−") for value in ((-signed[0]).clip(0).min(), (-signed[0]).clip(0).max()))
    assert f"The map runs from {low} to {high}" in explorer.describe() and "against it: score" in explorer.view.caption
    explorer.controls["below"].value = True
    low, high = (f"{value:.2g}".replace("-", "−") for value in ((-signed[0]).min(), (-signed[0]).max()))
    assert f"The map runs from {low} to {high}" in explorer.describe()


def test_several_classes_begin_with_the_highest_and_each_has_its_map():
    model = several().eval()
    explorer = cams.grad_cam(model, IMAGES, classes=["a", "b", "c"])
    with torch.no_grad():
        probs = model(IMAGES).softmax(1)[0]
    assert explorer.controls["which"].value == int(probs.argmax())
    seen = set()
    for which in range(3):
        explorer.controls["which"].value = which
        expected = explain.grad_cam(model, explorer.controls["layer"].value, IMAGES, which, upsample=False)[0]
        assert f"to {expected.max():.2g} in units" in explorer.describe()
        assert f"probability {probs[which].item():.2f}" in explorer.view.caption
        seen.add(explorer.view.png)
    assert len(seen) == 3
    with pytest.raises(ValueError, match="3 names of classes, not 2"):
        cams.grad_cam(model, IMAGES, classes=["a", "b"])


def test_layers_that_are_called_twice_are_left_out():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.relu, self.head = nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Linear(4, 1)

        def forward(self, images):
            return self.head(self.relu(self.relu(self.conv(images)) - 1).mean((2, 3)))

    explorer = cams.grad_cam(Twice(), IMAGES)
    assert [value for _, value in explorer.controls["layer"]._options_full] == ["conv"]


def test_a_peak_on_the_mask_is_said_to_be_there():
    map_ = np.zeros((24, 30))
    map_[7, 12] = 1
    assert heat.peak_told(map_, MASKS[0]) == "peak at row 7, column 12, on the nodule"
    assert heat.peak_told(np.roll(map_, 9), MASKS[0]) == "peak at row 7, column 21, not on the nodule"
    assert heat.peak_told(map_, 0 * map_ > 0) == "peak at row 7, column 12"
    assert heat.peak_told(-map_) == "the map is nowhere above 0"


# ---- the family


def test_the_family_peaks_where_explain_says():
    model = single().eval()
    explorer = cams.cam_family(model, IMAGES, masks=MASKS)
    maps = {"Grad-CAM": explain.grad_cam, "Grad-CAM++": explain.grad_cam_plus_plus, "Score-CAM": explain.score_cam,
            "Ablation-CAM": explain.ablation_cam, "Eigen-CAM": explain.eigen_cam}
    assert maps.keys() == cams.FAMILY.keys()
    for name, method in maps.items():
        told = heat.peak_told(method(model, "0.5", IMAGES)[0], MASKS[0])
        assert f"{name}: {told}." in explorer.describe(), name


def test_whether_a_gradient_is_asked_for_is_what_happens(monkeypatch):
    model, asked = single().eval(), []
    original = torch.autograd.grad
    monkeypatch.setattr(torch.autograd, "grad", lambda *values, **more: asked.append(1) or original(*values, **more))
    for name, (method, gradient, _) in cams.FAMILY.items():
        asked.clear()
        method(model, "0.5", IMAGES, 0)
        assert bool(asked) == gradient, name


def test_how_often_the_network_is_asked_is_what_happens():
    model, asked = single().eval(), []
    model.register_forward_hook(lambda module, inputs, output: asked.append(len(output)))
    for name, (method, _, words) in cams.FAMILY.items():
        asked.clear()
        method(model, "0.5", IMAGES[:1], 0)
        assert sum(asked) == (10 if "{}" in words else 1), name          # the layer has 9 maps


def test_eigen_cam_does_not_follow_the_class():
    explorer = cams.cam_family(several(), IMAGES)
    told = []
    for which in range(3):
        explorer.controls["which"].value = which
        told.append({name: explorer.describe().split(f"{name}: ")[1].split(".")[0] for name in cams.FAMILY})
    assert len({each["Eigen-CAM"] for each in told}) == 1
    assert len({each["Grad-CAM"] for each in told}) > 1


# ---- occlusion


def test_the_curve_is_the_network_with_the_patch_at_each_place():
    model = single().eval()
    explorer = hiding.occlusion(model, IMAGES)
    explorer.controls["curve"].value = "score"
    explorer.controls["preset"].value = "as large as a nodule"
    place = explorer.controls["place"]
    assert place.value == place.max == 7 * 9                 # patches of 6 by 6, stride 3, on 24 by 30
    for step in (1, 10, 63):
        place.value = step
        row, column = divmod(step - 1, 9)
        hidden = IMAGES[:1].clone()
        hidden[:, :, 3 * row:3 * row + 6, 3 * column:3 * column + 6] = 0
        with torch.no_grad():
            assert f"with the patch here {heat.score_told(model(hidden).item())}," in explorer.view.caption
    with torch.no_grad():
        assert f"score {heat.score_told(model(IMAGES)[0].item())};" in explorer.view.caption


def test_the_finished_map_is_the_one_of_explain():
    model = single().eval()
    explorer = hiding.occlusion(model, IMAGES)
    explorer.controls["curve"].value = "score"
    explorer.controls["preset"].value = "as large as a nodule"
    explorer.controls["fill"].index = 1
    expected = explain.occlusion(model, IMAGES[:1], 6, 3, fill=float(IMAGES.min()))
    span = f"from {expected.min():.2g} to {expected.max():.2g}".replace("-", "−")
    assert f"the occlusion map so far, {span};" in explorer.describe()
    probability = nn.Sequential(model, nn.Sigmoid()).eval()
    explorer.controls["curve"].value = "probability"
    expected = explain.occlusion(probability, IMAGES[:1], 6, 3, fill=float(IMAGES.min()))
    assert f"to {expected.max():.2g};" in explorer.describe()


def test_the_number_of_places_follows_patch_and_stride():
    explorer = hiding.occlusion(single(), IMAGES)
    patch, stride, place = (explorer.controls[name] for name in ("patch", "stride", "place"))
    seen = []
    explorer.view.observe(lambda change: seen.append(place.max), "png")
    patch.value = 12
    assert place.value == place.max == 4 * 6 and len(set(seen)) == 1
    stride.value = 8
    assert place.value == place.max == 3 * 4
    patch.value = 4                                          # the stride cannot be larger than the patch
    assert place.value == place.max == 6 * 8
    assert [value for _, value in patch._options_full] == [4, 6, 8, 12, 16]
    assert hiding.PRESETS.keys() < {label for label, _ in explorer.controls["preset"]._options_full}


def test_occlusion_wants_a_single_score():
    with pytest.raises(ValueError, match="network with a single score, not 3"):
        hiding.occlusion(several(), IMAGES)


# ---- randomisation


def test_the_correlation_is_that_of_the_maps():
    model = single().eval()
    explorer = forgetting.randomisation(model, IMAGES, "0.5")
    before = explain.grad_cam(model, "0.5", IMAGES)
    for layers in (0, 1, 3):
        explorer.controls["layers"].value = layers
        after = explain.grad_cam(explain.randomised(model, layers, 1), "0.5", IMAGES)
        expected = metrics.rank_correlation(before, after)[0]
        told = f"rank correlation with the first map {expected:.2f}".replace("-", "−")
        assert (told if np.isfinite(expected) else "no correlation") in explorer.view.caption
    assert "the last 3 layers have forgotten, down to norm 1" in explorer.view.caption


def test_eigen_cam_does_not_care_about_the_score():
    explorer = forgetting.randomisation(single(), IMAGES, "0.5")
    explorer.controls["method"].value = "Eigen-CAM"
    explorer.controls["layers"].value = 1                    # only the layer that makes the score
    assert "first map 1.00" in explorer.view.caption
    explorer.controls["layers"].value = 2
    assert "first map 1.00" not in explorer.view.caption


def test_layers_are_counted_as_a_reader_would():
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Conv2d(2, 2, 3), nn.Flatten(), nn.Linear(8, 1))
    assert forgetting.plain_names(network, explain.weighted_layers(network)) == {
        "0": "conv 1", "1": "norm 1", "2": "conv 2", "4": "dense 1"}


def test_a_layer_without_maps_is_refused_at_once():
    for layer, match in (("2", "has no map to show"), ("nowhere", 'no layer "nowhere"')):
        with pytest.raises(ValueError, match=match):
            forgetting.randomisation(single(), IMAGES, layer)


# ---- drawing


def test_a_map_in_coarse_pixels_covers_the_image_evenly():
    map_ = np.arange(6.0).reshape(2, 3)
    shown = heat.stretched(map_, (4, 9), 2)
    np.testing.assert_array_equal(shown, map_.repeat(4, 0).repeat(6, 1))
    uneven = heat.stretched(np.arange(3.0)[None], (1, 10), 3)[0]
    assert np.bincount(uneven.astype(int)).tolist() == [10, 10, 10]


def test_colours_begin_in_black_and_grow_lighter():
    colours = heat.coloured(np.linspace(0, 1, 20)[None], 1.0)[0].astype(int)
    lightness = colours @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(lightness) > 0).all() and lightness[0] < 5
    np.testing.assert_array_equal(heat.coloured(np.array([[-3.0, 9.0]]), 1.0)[0], [colours[0], colours[-1]])
    red, white, blue = heat.coloured(np.array([[1.0, 0.0, -1.0]]), 1.0, below=True)[0].astype(int)
    assert red[0] > red[2] + 50 and blue[2] > blue[0] + 50 and (white == 255).all()


def test_a_map_of_zeros_leaves_the_scan_as_it_is():
    scan = np.random.default_rng(0).integers(0, 255, (240, 240, 3)).astype(np.uint8)
    np.testing.assert_array_equal(heat.over(scan, np.zeros((24, 30)), 1.0, 8), scan)
    map_ = np.zeros((24, 30))
    map_[3, 4] = 1.0
    changed = (heat.over(scan, map_, 1.0, 8) != scan).any(-1)
    rows, columns = np.nonzero(changed)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (24 + 24, 24 + 31, 32, 39)


def test_ring_and_rim_lie_where_the_pixels_are():
    ringed = heat.ring(np.full((240, 240, 3), 99, np.uint8), (5, 10), (24, 30), 8)
    rows, columns = np.nonzero((ringed != 99).any(-1))
    assert (rows.mean(), columns.mean()) == (24 + 5.5 * 8 - 0.5, 10.5 * 8 - 0.5)
    rows, columns, dashes = heat.edge(MASKS[0], 240, 8)
    assert (rows.min(), rows.max()) == (24 + 40 - 1, 24 + 72) and (columns.min(), columns.max()) == (80 - 1, 120)
    assert set(dashes.ravel()) == {0, 255}

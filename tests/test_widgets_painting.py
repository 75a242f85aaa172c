"""The painting pad without a browser: networks taken apart, state in both directions, errors, stored picture."""
import io

import numpy as np
import pytest
import torch
import traitlets
from PIL import Image
from torch import nn

from helpers import explain, models
from helpers.explore import heat, painting
from helpers.explore.wording import chance

pytestmark = pytest.mark.usefixtures("strict_widgets")
IMAGES = np.random.default_rng(0).uniform(-1, 1, (3, 1, 20, 24)).astype(np.float32)


def trained(model, seed=0):
    """A network whose batch normalisation has seen images, in evaluation mode."""
    generator = torch.Generator().manual_seed(seed)
    for _ in range(3):
        model.train()(torch.rand(16, 1, 20, 24, generator=generator) * 2 - 1)
    return model.eval()


def evidence(seed=0, sharpness=2.0):
    """Score of every place first, then a smooth maximum over the places."""
    torch.manual_seed(seed)
    features = nn.Sequential(models.conv_norm(1, 5, 3), nn.MaxPool2d(2), models.conv_norm(5, 6, 5))
    return trained(nn.Sequential(features, nn.Dropout(), nn.Conv2d(6, 1, 1), models.LogSumExp(sharpness), nn.Flatten()))


def vector(seed=1):
    """A mean of every map first, then a dense layer."""
    torch.manual_seed(seed)
    return trained(nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(4, 7, 3, padding=2), nn.BatchNorm2d(7), nn.ReLU(), nn.MaxPool2d(3),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(7, 1)))


def smooth_vector(seed=2):
    torch.manual_seed(seed)
    return trained(nn.Sequential(models.conv_norm(1, 4, 3), models.LogSumExp(4.0), nn.Linear(4, 1)))


NETWORKS = {"evidence": evidence, "vector": vector, "smooth vector": smooth_vector}


@pytest.fixture
def explorer():
    return painting.nodule_pad({"first": evidence(), "second": vector()}, IMAGES, ["a", "b", "c"])


def executed(network, numbers, pixels):
    """Steps and head of the page, computed once more with PyTorch: score and weights of the last maps."""
    numbers = torch.from_numpy(np.frombuffer(numbers, np.float32).copy())
    maps = torch.tensor(pixels)[None, None]
    for step in network["steps"]:
        if step["kind"] == "conv":
            shape = (step["out_channels"], maps.shape[1], step["kernel_size"], step["kernel_size"])
            weights = numbers[step["weights"]:step["weights"] + np.prod(shape)].reshape(shape)
            biases = numbers[step["biases"]:step["biases"] + shape[0]]
            maps = nn.functional.conv2d(maps, weights, biases, padding=step["padding"])
        else:
            maps = maps.relu() if step["kind"] == "relu" else nn.functional.max_pool2d(maps, step["size"])
    head = network["head"]
    weights = numbers[head["weights"]:head["weights"] + head["channels"]]
    assert head["channels"] == maps.shape[1]
    mean = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    pool = models.LogSumExp(head["sharpness"]) if head["sharpness"] else mean
    if head["pooled_first"]:
        return (pool(maps)[0] @ weights + head["bias"]).item(), maps, weights
    return (pool((maps * weights[:, None, None]).sum(1, keepdim=True)) + head["bias"]).item(), maps, weights


@pytest.mark.parametrize("name", NETWORKS)
def test_the_steps_of_the_page_are_the_network(name):
    model = NETWORKS[name]()
    explorer = painting.nodule_pad({"it": model}, IMAGES)
    for image in IMAGES[:, 0]:
        score, _, _ = executed(explorer.view.networks[0], explorer.view.numbers, image)
        with torch.no_grad():
            assert score == pytest.approx(model(torch.tensor(image)[None, None]).item(), abs=1e-5)


@pytest.mark.parametrize("name", NETWORKS)
def test_behind_a_mean_or_smooth_maximum_the_weights_of_grad_cam_are_those_of_the_head(name):
    explorer = painting.nodule_pad({"it": NETWORKS[name]()}, IMAGES)
    for image in IMAGES[:, 0]:
        (_, _, map_), = explorer.answers(image)
        _, maps, weights = executed(explorer.view.networks[0], explorer.view.numbers, image)
        raw = (weights[:, None, None] * maps[0]).sum(0).relu() / maps[0, 0].numel()
        np.testing.assert_allclose(map_, heat.upsampled(raw.numpy(), (20, 24)), rtol=1e-4, atol=1e-7)


def test_answers_are_those_of_torch_and_explain(explorer):
    models_ = {"first": evidence(), "second": vector()}
    for (name, score, map_), layer in zip(explorer.answers(IMAGES[1, 0]), ("0", "5"), strict=True):
        with torch.no_grad():
            assert score == pytest.approx(models_[name](torch.tensor(IMAGES[1:2])).item(), abs=1e-5)
        np.testing.assert_allclose(map_, explain.grad_cam(models_[name], layer, IMAGES[1:2])[0], atol=1e-6)


def test_the_scale_of_a_map_is_that_of_the_start_slices(explorer):
    for place, network in enumerate(explorer.view.networks):
        most = max(explorer.answers(image)[place][2].max() for image in IMAGES[:, 0])
        assert most <= network["limit"] <= 2 * most + 1e-9


def test_the_networks_are_left_alone_and_later_training_changes_nothing(explorer):
    model = evidence().train()
    made = painting.nodule_pad({"first": model}, IMAGES)
    assert model.training and next(model.parameters()).grad is None
    said = made.describe()
    nn.init.zeros_(model[2].weight)
    assert made.describe() == said


def test_a_message_of_the_page_reaches_python(explorer):
    assert "20 by 24 pixels, none of them painted" in explorer.describe()
    pixels = [float(number) for number in explorer.view.pixels]
    pixels[30] = 0.5
    explorer.view.set_state({"pixels": pixels, "cursor": [1, 6]})
    assert explorer.values()[1, 6] == 0.5 and "1 of them painted" in explorer.describe()
    (_, score, _), _ = explorer.answers()
    assert f"first: probability {chance(1 / (1 + np.exp(-score)))}, peak at row" in explorer.describe()


def test_levels_are_lung_and_nodule():
    chest = np.full((1, 1, 20, 24), -1.0)
    chest[..., 3:17, 3:20], chest[..., 5:12, 5:12], chest[0, 0, 7, 7] = 1.0, -0.55, -0.2
    assert painting.nodule_pad({"it": evidence()}, chest).view.levels == [-0.55, 1.0]
    assert painting.nodule_pad({"it": evidence()}, chest, levels=(-0.5, 0.9)).view.levels == [-0.5, 0.9]
    for levels in ((0.5, 0.5), (-2, 1), (0, 7)):
        with pytest.raises(ValueError, match="levels must be"):
            painting.nodule_pad({"it": evidence()}, chest, levels=levels)


@pytest.mark.parametrize("name, value, words", [
    ("pixels", [0.0] * 7, "needs 480 numbers"), ("pixels", [9.0] * 480, "from -0.99"), ("cursor", [20, 0], "inside"),
    ("radius", 9.0, "radius")])
def test_state_out_of_bounds_is_refused(explorer, name, value, words):
    with pytest.raises(traitlets.TraitError, match=words):
        setattr(explorer.view, name, value)


@pytest.mark.parametrize("images, words", [
    (IMAGES[0], "slices .N, 1, H, W."), (np.zeros((7, 1, 9, 9)), "1 to 6 slices"),
    (np.zeros((1, 1, 65, 9)), "64 pixels"), (np.zeros((1, 2, 9, 9)), "slices .N, 1, H, W."),
    (np.zeros((1, 1, 9, 9)), "not all the same"), (np.nan * IMAGES, "finite numbers"), ("slices", "array of numbers")])
def test_bad_slices_get_one_sentence(images, words):
    with pytest.raises(ValueError, match=words) as error:
        painting.nodule_pad({"it": evidence()}, images)
    assert str(error.value).count(". ") == 0


def test_names_and_networks_are_counted():
    for networks, names in (({}, None), (dict.fromkeys("abc", evidence()), None), ({"it": evidence()}, ["a"])):
        with pytest.raises(ValueError, match="a name for each slice, and one or two networks"):
            painting.nodule_pad(networks, IMAGES, names)


@pytest.mark.parametrize("network", [
    models.SmallResNet(), nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(9, 1)),
    nn.Sequential(nn.Conv2d(1, 2, 3, stride=2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2, 1)),
    nn.Sequential(nn.Conv2d(1, 2, 3), nn.Tanh(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2, 1)),
    nn.Sequential(nn.Conv2d(1, 2, (3, 5)), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2, 1)),
    nn.Sequential(nn.Conv2d(1, 2, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2, 3)),
    nn.Sequential(nn.Conv2d(1, 2, 3), nn.MaxPool2d(3, 2), nn.Conv2d(2, 1, 1), nn.AdaptiveAvgPool2d(1)),
    nn.Sequential(nn.Conv2d(1, 2, 3, padding=1, padding_mode="reflect"), nn.Conv2d(2, 1, 1), nn.AdaptiveAvgPool2d(1)),
    nn.Sequential(nn.Conv2d(1, 1, 1), nn.AdaptiveAvgPool2d(1)), nn.Sequential(nn.Flatten(), nn.Linear(480, 1))])
def test_networks_the_page_cannot_compute_are_refused(network):
    with pytest.raises(ValueError, match="nodule_pad computes networks of convolutions of stride 1"):
        painting.nodule_pad({"it": network}, IMAGES)


def test_the_stored_picture_shows_slice_and_maps(explorer):
    before = np.asarray(Image.open(io.BytesIO(explorer.preview())).convert("RGB")).astype(int)
    pixels = list(explorer.view.pixels)
    pixels[:120] = [max(pixels)] * 120
    explorer.view.pixels = pixels
    after = np.asarray(Image.open(io.BytesIO(explorer.preview())).convert("RGB")).astype(int)
    changed = (before != after).any(-1).mean(0) > 0.02
    assert before.shape == after.shape and changed[20:300].any() and changed[380:660].any() and changed[730:1000].any()


def test_the_notebook_keeps_picture_and_text(explorer):
    bundle = explorer._repr_mimebundle_()
    assert explorer.describe() in bundle["text/plain"] and "image/png" in bundle

"""Grad-CAM, saliency and occlusion are those of captum, for every architecture; the network is left as it was found."""
from itertools import product

import numpy as np
import pytest
import torch
from captum.attr import LayerAttribution, LayerGradCam, Occlusion, Saliency
from torch import nn

from helpers import explain, models


def vgg_like(classes=4):
    """Convolutions with ReLU that write in place, dropout, two dense layers, for images of any size."""
    return nn.Sequential(
        nn.Conv2d(2, 6, 3, padding=1), nn.ReLU(inplace=True), nn.Conv2d(6, 6, 3), nn.ReLU(inplace=True),
        nn.MaxPool2d(2), nn.Conv2d(6, 9, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(2, ceil_mode=True),
        nn.AdaptiveAvgPool2d((3, 4)), nn.Flatten(), nn.Linear(108, 16), nn.ReLU(), nn.Dropout(), nn.Linear(16, classes))


def efficient():
    """Maps of both signs, and maps that weigh each other: SiLU, squeeze and excitation."""
    blocks = [models.InvertedResidual(8, 8, 3, stride, 3, activation=nn.SiLU, gate=models.SqueezeExcite(24, 3))
              for stride in (2, 1)]
    return nn.Sequential(models.conv_norm(1, 8, 3, activation=nn.SiLU), *blocks, nn.AdaptiveMaxPool2d(1), nn.Flatten(),
                         nn.Linear(8, 3))


# Name: maker, shape of the images, dtype, and layers by name.
NETWORKS = {
    "LeNet": (models.SmallLeNet, (1, 64, 64), torch.float32, ("features.0", "features.4.0", "features.5")),
    "ResNet, odd": (models.SmallResNet, (1, 21, 31), torch.float32, ("features.0.0", "features.2", "features.3")),
    "ResNet, five classes, float64": (lambda: models.SmallResNet(3, 5, depth=8), (3, 40, 24), torch.float64,
                                      ("features.2.body", "features.4", "features")),
    "MobileNet, float64": (models.SmallMobileNet, (1, 29, 64), torch.float64, ("features.2", "features.3")),
    "VGG-like, four classes, odd": (vgg_like, (2, 45, 61), torch.float32, ("0", "2", "5", "7")),
    "LeNet-5": (lambda: models.LeNet5(num_classes=10), (1, 32, 32), torch.float32, ("features.0", "features.3")),
    "EfficientNet-like": (efficient, (1, 40, 34), torch.float32, ("0.0", "1.body.0", "2.body.2", "2")),
}
EACH = pytest.mark.parametrize("name", NETWORKS)
CAMS = [explain.grad_cam, explain.grad_cam_plus_plus, explain.score_cam, explain.ablation_cam, explain.eigen_cam]


def made(name, count=3):
    """A network whose batch normalisation has seen images, in evaluation mode, and images."""
    make, shape, dtype, layers = NETWORKS[name]
    torch.manual_seed(0)
    model = make().to(dtype)
    with torch.no_grad():
        for _ in range(3):
            model.train()(1 + 2 * torch.randn(8, *shape, dtype=dtype))
    return model.eval(), torch.randn(count, *shape, dtype=dtype), layers


def small(count=3):
    model, images, _ = made("ResNet, odd", count)
    with torch.no_grad():
        scores = model(images)
        model.classifier.bias -= 0.7 * scores.min() + 0.3 * scores.max()     # some above 0, some below
    return model, "features.3", images


def every_method():
    """Each method as a function of model, layer, images and target."""
    methods = {cam.__name__: cam for cam in CAMS[:-1]}
    methods["eigen_cam"] = lambda model, layer, images, target=None: explain.eigen_cam(model, layer, images)
    methods["saliency"] = lambda model, layer, images, target=None: explain.saliency(model, images, target)
    methods["occlusion"] = lambda model, layer, images, target=None: explain.occlusion(model, images, 9, 7, target)
    return methods


METHODS = pytest.mark.parametrize("method", every_method().values(), ids=every_method())


def agrees(found, expected, tolerance=1e-5):
    """To 1e-5 of the largest value, or of 1 if that is larger."""
    expected = expected.detach().numpy()
    assert found.shape == expected.shape and found.dtype == expected.dtype
    np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance * max(1, np.abs(expected).max()))


@EACH
def test_grad_cam_is_that_of_captum(name):
    model, images, layers = made(name)
    classes = model(images).argmax(1)
    for layer in layers:
        theirs = LayerGradCam(model, model.get_submodule(layer))
        for target in {None, 0, int(classes.max())}:
            asked = classes if target is None else target
            signed = theirs.attribute(images, asked)
            raw = explain.grad_cam(model, layer, images, target, relu=False, upsample=False)
            assert np.abs(raw).max() > 0
            agrees(raw, signed[:, 0])
            wide = LayerAttribution.interpolate(signed.relu(), images.shape[2:], "bilinear")
            agrees(explain.grad_cam(model, model.get_submodule(layer), images, target), wide[:, 0])


@EACH
@pytest.mark.parametrize("patch, stride, fill", [((17, 14), (12, 14), 0.0), ((13, 19), (13, 9), -0.5)])
def test_occlusion_is_that_of_captum(name, patch, stride, fill):
    model, images, _ = made(name, count=2)
    channels = images.shape[1]
    theirs = Occlusion(model).attribute(images, (channels, *patch), (channels, *stride), baselines=fill,
                                        target=model(images).argmax(1), perturbations_per_eval=8)
    agrees(explain.occlusion(model, images, patch, stride, fill=fill), theirs[:, 0].to(images.dtype))


@EACH
def test_saliency_is_that_of_captum(name):
    model, images, _ = made(name)
    theirs = Saliency(model).attribute(images.clone().requires_grad_(), model(images).argmax(1))
    agrees(explain.saliency(model, images), theirs.amax(1))


@METHODS
def test_no_image_influences_the_map_of_another(method):
    model, layer, images = small(4)
    images[3] *= 30                                          # would swallow a scale or a normalisation that is shared
    together = method(model, layer, images)
    assert (together.max((1, 2)) > 0).all()
    for row in range(4):
        alone = method(model, layer, images[row:row + 1])[0]
        np.testing.assert_allclose(together[row], alone, rtol=1e-3, atol=1e-5 * np.abs(alone).max())
    np.testing.assert_allclose(method(model, layer, images.flip(0)), together[::-1], rtol=1e-3,
                               atol=1e-5 * np.abs(together[0]).max())


@METHODS
def test_more_images_than_go_through_at_once(method, monkeypatch):
    model, layer, images = small(5)
    expected = method(model, layer, images)
    for module in (explain.asking, explain.gradient_free):
        monkeypatch.setattr(module, "BATCH", 2)
    np.testing.assert_allclose(method(model, layer, images), expected, rtol=1e-3, atol=1e-5)


@METHODS
def test_classes_one_by_one_are_classes_together(method):
    model, images, layers = made("VGG-like, four classes, odd")
    mixed = method(model, layers[2], images, [2, 0, 3])
    for row, target in enumerate((2, 0, 3)):
        np.testing.assert_allclose(method(model, layers[2], images, target)[row], mixed[row], rtol=1e-3, atol=1e-6)
    highest = model(images).argmax(1)
    np.testing.assert_allclose(method(model, layers[2], images), method(model, layers[2], images, highest), atol=1e-6)


@METHODS
def test_a_single_score_is_target_none_or_0(method):
    model, layer, images = small()
    assert set((model(images) > 0).ravel().tolist()) == {False, True}        # asked about the score, also below 0
    np.testing.assert_array_equal(method(model, layer, images), method(model, layer, images, 0))
    flat = nn.Sequential(model, nn.Flatten(0)).eval()        # scores (N,)
    np.testing.assert_allclose(method(flat, f"0.{layer}", images), method(model, layer, images), atol=1e-6)


@METHODS
def test_arrays_tensors_and_views_give_arrays(method):
    model, layer, images = small()
    expected = method(model, layer, images)
    assert isinstance(expected, np.ndarray) and expected.shape == (3, 21, 31) and expected.dtype == np.float32
    array = images.numpy().copy()
    array.setflags(write=False)
    for same in (array, array[::-1][::-1], images.double(), images.clone().requires_grad_(), array.tolist()):
        np.testing.assert_allclose(method(model, layer, same), expected, atol=1e-6)
    np.testing.assert_array_equal(array, images.numpy())


@METHODS
def test_no_image_gives_no_map(method):
    model, layer, images = small()
    assert method(model, layer, images[:0]).shape == (0, 21, 31)
    assert method(model, layer, images[:0], []).shape == (0, 21, 31)


# ---- the network is left as it was found


def state(model):
    """All of a network that a method might change."""
    parameters = {name: (each.detach().clone(), each.requires_grad, None if each.grad is None else each.grad.clone())
                  for name, each in model.named_parameters()}
    buffers = {name: each.clone() for name, each in model.named_buffers()}
    hooks = [(part.training, len(part._forward_hooks), len(part._forward_pre_hooks), len(part._backward_hooks))
             for part in model.modules()]
    return parameters, buffers, hooks


def same_state(first, second):
    return (all(torch.equal(first[0][name][0], second[0][name][0]) and first[0][name][1] == second[0][name][1]
                and (first[0][name][2] is None) == (second[0][name][2] is None)
                and (first[0][name][2] is None or torch.equal(first[0][name][2], second[0][name][2]))
                for name in second[0])
            and all(torch.equal(first[1][name], second[1][name]) for name in second[1]) and first[2] == second[2])


def watched(model):
    """A network with frozen and trained weights, a stored gradient and a hook of somebody else's."""
    parameters = list(model.parameters())
    parameters[0].requires_grad_(False)
    parameters[1].grad = torch.full_like(parameters[1], 3.0)
    list(model.modules())[2].register_forward_hook(lambda *_: None)
    return state(model)


@METHODS
def test_the_network_is_left_as_it_was_found(method):
    model, layer, images = small()
    before, seed, mode = watched(model), torch.get_rng_state(), torch.is_grad_enabled()
    asked = images.clone().requires_grad_()
    method(model, layer, asked)
    assert same_state(before, state(model)) and torch.equal(torch.get_rng_state(), seed)
    assert torch.is_grad_enabled() == mode and asked.grad is None and torch.equal(asked, images)


class Stumbles(nn.Module):
    """Fails on the call with this number, and in a way of its own."""

    def __init__(self, call):
        super().__init__()
        self.left = call

    def forward(self, values):
        self.left -= 1
        if self.left < 0:
            raise ZeroDivisionError("on purpose")
        return values


@METHODS
@pytest.mark.parametrize("call", [0, 1])
def test_it_is_so_after_an_error_too(method, call):
    model, layer, images = small()
    model = nn.Sequential(model, Stumbles(call)).eval()
    before = watched(model)
    try:
        method(model, f"0.{layer}", images)
    except ZeroDivisionError:
        pass
    else:
        assert call == 1                                     # some ask the network once
    assert same_state(before, state(model)) and torch.is_grad_enabled()


@METHODS
def test_frozen_weights_and_no_gradient_around_change_nothing(method):
    model, layer, images = small()
    expected = method(model, layer, images)
    with torch.no_grad():
        np.testing.assert_array_equal(method(model, layer, images), expected)
    with torch.inference_mode():
        np.testing.assert_allclose(method(model, layer, images * 1), expected, atol=1e-6)
    np.testing.assert_allclose(method(model.requires_grad_(False), layer, images), expected, atol=1e-6)
    assert not any(each.requires_grad for each in model.parameters())


def test_twice_is_once():
    model, layer, images = small()
    first = explain.grad_cam(model, layer, images)
    explain.grad_cam(model, layer, 5 * images)               # gradients that add up would show in the third
    np.testing.assert_array_equal(explain.grad_cam(model, layer, images), first)


# ---- what is refused, in one sentence


def refused(match, call, *arguments, **settings):
    with pytest.raises(ValueError, match=match) as error:
        call(*arguments, **settings)
    text = str(error.value)
    assert text.endswith(".") and text.count(". ") == 0, text
    return text


class Odd(nn.Module):
    """Parts that are never called, called twice, or return no map."""

    def __init__(self):
        super().__init__()
        self.conv, self.twice, self.never = nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(1, 4, 3)
        self.pool, self.head, self.aside = nn.AdaptiveAvgPool2d(1), nn.Linear(4, 2), nn.Conv2d(1, 1, 3)
        self.pair = Pair()

    def forward(self, images):
        self.aside(images)
        maps = self.twice(self.twice(self.conv(images)) - 1)
        return self.head(self.pool(self.pair(maps)[0]).flatten(1))


class Pair(nn.Module):
    def forward(self, maps):
        return maps, maps


@pytest.mark.parametrize("cam", CAMS)
def test_layers_that_have_no_map(cam):
    model, images = Odd().eval(), torch.randn(2, 1, 12, 12)
    refused('Layer "head" has no map to show, its output is .2, 2.', cam, model, model.head, images)
    refused('Layer "pool" has no map to show, its output is .2, 4, 1, 1.', cam, model, "pool", images)
    refused('Layer "pair" has no map to show, its output is tuple', cam, model, "pair", images)
    refused('Layer "never" was never called', cam, model, model.never, images)
    refused('Layer "twice" is called more than once', cam, model, "twice", images)
    refused('no layer "convolution"', cam, model, "convolution", images)
    refused("This Conv2d is no part of the network", cam, model, nn.Conv2d(1, 4, 3), images)
    refused("This int is no part of the network", cam, model, 3, images)
    assert not any(part._forward_hooks for part in model.modules())


@pytest.mark.parametrize("cam", CAMS[:2])
def test_a_layer_the_score_does_not_depend_on(cam):
    refused('no gradient for layer "aside"', cam, Odd().eval(), "aside", torch.randn(2, 1, 12, 12))


@METHODS
def test_a_network_in_training_mode_is_refused(method):
    model, layer, images = small()
    refused("training mode.*model.eval", method, model.train(), layer, images)
    model.eval().features[0].train()                         # one part is enough: its batch normalisation would learn
    refused("training mode", method, model, layer, images)


@METHODS
def test_targets_out_of_range(method, request):
    if request.node.callspec.id == "eigen_cam":
        return                                               # knows no class
    model, images, layers = made("VGG-like, four classes, odd", count=2)
    for target in (4, -1, [0, 9]):
        assert "4 scores, numbers 0 to 3" in refused("out of range", method, model, layers[0], images, target)
    refused("1 targets for 2 images", method, model, layers[0], images, [0])
    refused("target must be", method, model, layers[0], images, 1.5)
    refused("target must be", method, model, layers[0], images, "nodule")
    single, layer, images = small()
    assert "one score, number 0" in refused("target 1 is out of range", method, single, layer, images, 1)


@METHODS
def test_images_that_do_not_fit(method):
    model, layer, images = small()
    refused(r"shape \(N, C, H, W\), not \(1, 21, 31\)", method, model, layer, images[0])
    refused("finite floats", method, model, layer, images.int())
    refused("finite floats", method, model, layer, images / 0)
    flat = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(8, 1)).eval()
    refused("does not take these images", method, flat, "0", images)
    unet = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Conv2d(2, 2, 3)).eval()
    refused("one row of scores for each image", method, unet, "0", images)
    with torch.device("meta"):
        refused("meta device", method, models.SmallResNet().eval(), layer, images)


@pytest.mark.parametrize("patch, stride", [(0, 1), (4, 5), (40, 1), ((3, 48), 1), (3, 0), (2.5, 1), ((3, 3, 3), 1)])
def test_patches_that_do_not_do(patch, stride):
    model, _, images = small()
    refused("A patch of", explain.occlusion, model, images, patch, stride)


def test_a_fill_is_one_number():
    model, _, images = small()
    for fill in (float("nan"), [0, 1], None):
        refused("fill must be one finite number", explain.occlusion, model, images, 8, 8, fill=fill)


# ---- the scores behind an occlusion map


def test_occluded_scores_are_those_of_the_hidden_images():
    model, _, images = small(2)
    table, whole = explain.occluded(model, images, (9, 12), (6, 12), fill=0.3)
    assert table.shape == (2, 3, 3)                          # rows from 0, 6, 12; columns from 0, 12, 24
    with torch.no_grad():
        np.testing.assert_allclose(whole, model(images)[:, 0], atol=1e-5)
        for row, column in product(range(3), range(3)):
            hidden = images.clone()
            hidden[:, :, 6 * row:6 * row + 9, 12 * column:12 * column + 12] = 0.3
            np.testing.assert_allclose(table[:, row, column], model(hidden)[:, 0], atol=1e-5)


# ---- weights that forget


@pytest.mark.parametrize("layers", range(7))
def test_randomised_layers_are_the_last_ones(layers):
    model, _, images = small()
    names = explain.weighted_layers(model)
    before, seed = state(model), torch.get_rng_state()
    forgot = explain.randomised(model, layers)
    for place, name in enumerate(names):
        changed = not all(map(torch.equal, model.get_submodule(name).state_dict().values(),
                              forgot.get_submodule(name).state_dict().values()))
        assert changed == (place >= len(names) - layers), name
    assert same_state(before, state(model)) and torch.equal(torch.get_rng_state(), seed)
    again, other = explain.randomised(model, layers), explain.randomised(model, layers, seed=1)
    assert torch.equal(again(images), forgot(images)) and torch.equal(other(images), forgot(images)) == (layers == 0)


def test_randomised_refuses_more_layers_than_there_are():
    model = small()[0]
    for layers in (-1, len(explain.weighted_layers(model)) + 1, 1.0):
        refused("all with weights", explain.randomised, model, layers)

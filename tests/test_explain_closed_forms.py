"""The heat maps of cases that can be worked out by hand: definitions, saturation, alignment.

The layer is an Identity, so that the images are the maps of the layer, and the score is a weighted sum of them.
"""
import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from helpers import explain, ledger

A = torch.tensor([[[[0.0, 1.0], [2.0, 4.0]], [[4.0, 0.0], [0.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]]]])   # (1, 3, 2, 2)


def linear(weights, bias=0.0, dtype=torch.float64):
    """A network whose score is a sum of all pixels of all maps, each times its weight (K, h, w) or its map's (K,)."""
    weights = torch.as_tensor(weights, dtype=dtype)
    if weights.ndim == 1:
        head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(len(weights), 1)]
    else:
        head = [nn.Flatten(), nn.Linear(weights.numel(), 1)]
    model = nn.Sequential(nn.Identity(), *head).to(dtype).eval()
    model[-1].weight.data, model[-1].bias.data = weights.reshape(1, -1), torch.tensor([bias], dtype=dtype)
    return model


def random_maps(shape=(2, 5, 6, 7), seed=0):
    return torch.rand(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def random_weights(shape=(5, 6, 7), seed=1):
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


# ---- Grad-CAM


def test_grad_cam_behind_average_pooling_is_the_class_activation_map():
    maps, weights = random_maps(), random_weights((5,))
    raw = explain.grad_cam(linear(weights), "0", maps, relu=False)
    weighted = (weights[:, None, None] * maps).sum(1)
    np.testing.assert_allclose(raw, weighted / 42, atol=1e-12)
    ledger.check("gradcam-weights", {"gap_linear_identity": f"Z*alpha_k = w_k (CAM), verified to "
                                     f"{'1e-7' if np.abs(42 * raw - weighted.numpy()).max() < 1e-7 else 'less'}"})


def test_grad_cam_by_hand():
    # Mean gradients 1, -2 and 0, though the second map's gradient is 0 where the map is high.
    weights = [[[1, 1], [1, 1]], [[0, -4], [-4, 0]], [[3, -3], [3, -3]]]
    np.testing.assert_allclose(explain.grad_cam(linear(weights), "0", A, relu=False), [[[-8, 1], [2, 2]]])
    np.testing.assert_allclose(explain.grad_cam(linear(weights), "0", A), [[[0, 1], [2, 2]]])


def test_gradients_are_averaged_over_the_places_not_added():
    maps, weights = random_maps((1, 2, 4, 4)), torch.ones(2, 4, 4)
    wide = F.interpolate(maps, scale_factor=2)               # four times the pixels, each with the same gradient
    small = explain.grad_cam(linear(weights), "0", maps)
    np.testing.assert_allclose(explain.grad_cam(linear(torch.ones(2, 8, 8)), "0", wide)[:, ::2, ::2], small)


@pytest.mark.parametrize("logit", [-40.0, -3.0, 0.0, 3.0, 12.0, 25.0])
def test_grad_cam_of_the_probability_is_that_of_the_score_times_its_slope(logit):
    maps, weights = random_maps((1, 5, 6, 7)), random_weights((5,))
    model = linear(weights)
    with torch.no_grad():
        model[-1].bias += logit - model(maps)[0]
    score = explain.grad_cam(model, "0", maps)
    probability = explain.grad_cam(nn.Sequential(model, nn.Sigmoid()).eval(), "0.0", maps)
    slope = 1 / (2 + np.exp(logit) + np.exp(-logit))         # p (1 - p)
    np.testing.assert_allclose(probability, slope * score, rtol=1e-5 if abs(logit) < 20 else 0.1)


def test_a_sure_network_leaves_no_map_of_its_probability():
    maps, weights = random_maps((1, 5, 6, 7)).float(), random_weights((5,)).float()
    model = linear(weights, dtype=torch.float32)
    unsure = explain.grad_cam(model, "0", maps)
    with torch.no_grad():
        model[-1].bias += 25 - model(maps)[0]
        assert torch.sigmoid(model(maps)) == 1               # in float32
    assert (explain.grad_cam(nn.Sequential(model, nn.Sigmoid()).eval(), "0.0", maps) == 0).all()
    np.testing.assert_allclose(explain.grad_cam(model, "0", maps), unsure, atol=1e-7)
    assert unsure.max() > 0.01


def test_of_several_classes_the_probability_mixes_in_the_others():
    model = nn.Sequential(nn.Identity(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2, 2, bias=False)).eval()
    model[-1].weight.data = torch.tensor([[1.0, 1.0], [0.0, 3.0]])
    maps = torch.tensor([[[[1.0, 0.0]], [[0.0, 1.0]]]])
    softmax = nn.Sequential(model, nn.Softmax(1)).eval()
    assert (explain.grad_cam(model, "0", maps, 0) > 0).all()             # both maps speak for class 0,
    assert explain.grad_cam(softmax, "0.0", maps, 0)[0, 0, 1] == 0       # but the second more for class 1


# ---- Grad-CAM++


def with_small_number(gradients, maps, epsilon):
    """The weights as the pytorch-grad-cam project defines them, in its words of squares and cubes."""
    square, cube = gradients**2, gradients**3
    alpha = square / (2 * square + maps.sum((2, 3), keepdim=True) * cube + epsilon)
    return (gradients.clamp(min=0) * torch.where(gradients != 0, alpha, 0.0)).sum((2, 3))


@pytest.mark.parametrize("epsilon, tolerance", [(0.0, 1e-12), (1e-6, 1e-4)])
def test_grad_cam_plus_plus_is_the_published_definition(epsilon, tolerance):
    maps, weights = random_maps(), random_weights()
    weights = weights.sign() * (0.2 + weights.abs())                     # where the small number does not matter
    expected = (with_small_number(weights[None], maps, epsilon)[:, :, None, None] * maps).sum(1).relu()
    np.testing.assert_allclose(explain.grad_cam_plus_plus(linear(weights), "0", maps), expected, rtol=tolerance)


def test_grad_cam_plus_plus_by_hand():
    # Map 0 adds up to 7, its gradients are 1, 0, -1, 3: weight 1 / 9 + 3 / 23. Map 1 has none above 0.
    weights = [[[1, 0], [-1, 3]], [[-1, -1], [-1, -1]], [[0, 0], [0, 0]]]
    expected = (1 / 9 + 3 / 23) * A[:, 0].double()
    np.testing.assert_allclose(explain.grad_cam_plus_plus(linear(weights), "0", A), expected)


def test_grad_cam_plus_plus_keeps_its_places_when_scores_are_small():
    maps, weights = random_maps(), random_weights()
    large, small = (explain.grad_cam_plus_plus(linear(scale * weights), "0", maps) for scale in (1e-6, 1e-9))
    np.testing.assert_allclose(1e3 * small, large, rtol=1e-4)


# ---- Score-CAM


def test_score_cam_by_hand():
    # Masks: map 0 / 4, map 1 / 4, and nothing for map 2, which has one value. The score adds up the first channel:
    # (0 + 1 + 4 + 16) / 4, (0 + 0 + 0 + 4) / 4, 0.
    weights = [[[1, 1], [1, 1]], [[0, 0], [0, 0]], [[0, 0], [0, 0]]]
    shares = torch.tensor([5.25, 1.0, 0.0], dtype=torch.float64).softmax(0)
    expected = (shares[:, None, None] * A[0].double()).sum(0)
    np.testing.assert_allclose(explain.score_cam(linear(weights), "0", A), expected[None])


def test_score_cam_lays_the_enlarged_map_over_the_image():
    image, pool = random_maps((1, 1, 8, 12)), nn.AvgPool2d(4)
    model = nn.Sequential(pool, nn.Conv2d(1, 3, 1), nn.Flatten(), nn.Linear(18, 2)).double().eval()
    with torch.no_grad():
        maps = model[:2](image)
        shown = []
        for k in range(3):
            wide = F.interpolate(maps[:, k:k + 1], (8, 12), mode="bilinear", align_corners=False)
            shown.append(model(image * (wide - wide.min()) / (wide.max() - wide.min()))[0, 1])
        expected = (torch.stack(shown).softmax(0)[:, None, None] * maps[0]).sum(0).relu()
    np.testing.assert_allclose(explain.score_cam(model, "1", image, 1, upsample=False)[0], expected, atol=1e-12)


def test_score_cam_weights_add_up_to_1():
    maps = random_maps((2, 1, 6, 7)).expand(-1, 5, -1, -1)               # five equal maps
    np.testing.assert_allclose(explain.score_cam(linear(random_weights()), "0", maps), maps[:, 0], atol=1e-12)


# ---- Ablation-CAM


def test_ablation_cam_of_a_sum_weighs_by_the_shares_of_the_score():
    maps, weights = random_maps(), random_weights()
    parts = (weights * maps).sum((2, 3))                                 # (2, 5): what each map adds
    shares = parts / parts.sum(1, keepdim=True).abs()
    expected = (shares[:, :, None, None] * maps).sum(1).relu()
    np.testing.assert_allclose(explain.ablation_cam(linear(weights), "0", maps), expected, atol=1e-10)


@pytest.mark.parametrize("bias, factor", [(0.0, 7), (3.0, 10), (-27.0, 20), (-7.0, 1)])
def test_ablation_cam_by_hand(bias, factor):
    # The score is map 0, which adds up to 7, and the bias: 7, 10, -20 and 0.
    weights = [[[1, 1], [1, 1]], [[0, 0], [0, 0]], [[0, 0], [0, 0]]]
    found = explain.ablation_cam(linear(weights, bias), "0", A)
    np.testing.assert_allclose(found, 7 / factor * A[:, 0].double())


def test_ablation_cam_sees_a_map_that_a_gradient_does_not():
    """A saturated unit: it has no gradient, but without its map the score falls."""
    model = nn.Sequential(nn.Identity(), nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(1, 1), nn.Hardsigmoid())
    model.eval()[3].weight.data, model[3].bias.data = torch.tensor([[10.0]]), torch.tensor([0.0])
    maps = torch.tensor([[[[0.0, 5.0]]]])
    assert (explain.grad_cam(model, "0", maps) == 0).all()
    np.testing.assert_allclose(explain.ablation_cam(model, "0", maps), [[[0, 0.5 * 5]]])


# ---- Eigen-CAM


@pytest.mark.parametrize("direction", [(3.0, 4.0, 0.0), (-3.0, 4.0, 0.0), (3.0, -4.0, 0.0), (-3.0, -4.0, 0.0)])
def test_eigen_cam_of_maps_that_share_one_pattern(direction):
    pattern = torch.tensor([[0.0, 1.0, 2.0], [9.0, 4.0, 2.0]], dtype=torch.float64)
    maps = torch.stack([value * pattern + shift for value, shift in zip(direction, (1, -2, 5), strict=True)])[None]
    sign = 1 if sum(direction) >= 0 else -1                              # so that the direction adds up to 0 or more
    expected = 5 * (sign * (pattern - pattern.mean())).clamp(min=0)
    np.testing.assert_allclose(explain.eigen_cam(linear(torch.zeros(3, 2, 3)), "0", maps)[0], expected, atol=1e-9)


def test_eigen_cam_is_the_first_component_of_numpy():
    maps = random_maps()
    found = explain.eigen_cam(linear(random_weights()), "0", maps)
    for image, each in zip(maps.numpy(), found, strict=True):
        points = image.reshape(5, -1).T - image.reshape(5, -1).mean(1)
        along = points @ np.linalg.svd(points)[2][0]
        sign = 1 if np.allclose(np.maximum(along, 0), each.ravel(), atol=1e-9) else -1
        np.testing.assert_allclose(each.ravel(), np.maximum(sign * along, 0), atol=1e-9)


def test_eigen_cam_knows_no_class_and_even_maps_have_no_pattern():
    maps = random_maps()
    first, second = (explain.eigen_cam(linear(random_weights(seed=seed)), "0", maps) for seed in (1, 2))
    np.testing.assert_array_equal(first, second)
    assert (explain.eigen_cam(linear(random_weights()), "0", 0 * maps + 3) == 0).all()


# ---- saliency and occlusion


def test_saliency_of_a_sum_is_the_size_of_its_weights():
    weights = random_weights()
    np.testing.assert_allclose(explain.saliency(linear(weights), random_maps()),
                               weights.abs().amax(0).expand(2, 6, 7))


def test_occlusion_of_a_sum_is_weight_times_pixel():
    claim = ledger.claim("occlusion-drop")
    x, w = (torch.tensor([[claim.inputs[name]]], dtype=torch.float64) for name in "xw")
    model = linear(w[0])
    drop = explain.occlusion(model, x, patch=1, stride=1, fill=claim.inputs["fill"])
    ledger.check(claim.id, {"score": model(x).item(), "drop": drop[0].tolist()})
    np.testing.assert_allclose(explain.occlusion(model, x, 1, 1, fill=2.0), ((x - 2) * w)[0])


def test_a_pixel_gets_the_mean_of_the_patches_that_hide_it():
    # Four columns 1, 2, 3, 4; patches of two columns at 0, 1, 2 take away 3, 5, 7.
    image = torch.arange(1.0, 5).reshape(1, 1, 1, 4).double()
    found = explain.occlusion(linear(torch.ones(1, 1, 4)), image, (1, 2), (1, 1))
    np.testing.assert_allclose(found, [[[3, 4, 6, 7]]])


def test_a_last_patch_is_cut_off_at_the_edge():
    # Patches of three columns at 0 and 2; the second reaches beyond the edge and hides columns 2 and 3 only.
    image = torch.arange(1.0, 5).reshape(1, 1, 1, 4).double()
    found = explain.occlusion(linear(torch.ones(1, 1, 4)), image, (1, 3), (1, 2))
    np.testing.assert_allclose(found, [[[6, 6, 6.5, 7]]])


# ---- where a pixel of a map lies in the image


def middle(image):
    """The mean column of an image (H, W), weighed by its pixels."""
    return float((image.sum(0) * np.arange(image.shape[1])).sum() / image.sum())


@pytest.mark.parametrize("cell", range(1, 7))
def test_a_pooled_map_is_laid_over_the_pixels_it_came_from(cell):
    """One bright cell of 8 by 8 pixels: the enlarged map has its middle there, one with aligned corners has not."""
    image = torch.zeros(1, 1, 64, 64, dtype=torch.float64)
    image[..., 24:32, 8 * cell:8 * cell + 8] = 1
    model = nn.Sequential(nn.MaxPool2d(8), nn.Flatten(), nn.Linear(64, 1)).double().eval()
    nn.init.ones_(model[-1].weight)
    raw = explain.grad_cam(model, "0", image, upsample=False)
    assert middle(explain.grad_cam(model, "0", image)[0]) == pytest.approx(middle(image[0, 0].numpy()), abs=1e-9)
    naive = F.interpolate(torch.tensor(raw)[:, None], (64, 64), mode="bilinear", align_corners=True)[0, 0].numpy()
    assert middle(naive) - middle(image[0, 0].numpy()) == pytest.approx(cell - 3.5, abs=0.15)


def seen(layers, unit):
    """The middle of the columns that one unit of the last map sees, measured by its gradient."""
    image = torch.zeros(1, 1, 64, 64, requires_grad=True)
    layers(image)[0, 0, 4, unit].backward()
    columns = image.grad[0, 0].abs().sum(0).nonzero()
    return float(columns.double().mean())


def test_strided_convolutions_look_half_a_pixel_further_left():
    pooled = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.AvgPool2d(2))
    strided = nn.Conv2d(1, 1, 3, stride=2, padding=1)
    for unit in (10, 20):
        laid = (unit + 0.5) * 64 / 32 - 0.5                              # where the enlarged map shows the unit
        assert seen(pooled, unit) == laid and seen(strided, unit) == laid - 0.5

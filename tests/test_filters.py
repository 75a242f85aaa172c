"""Filters that people made, against SciPy and against what each is for."""
import numpy as np
import pytest
from scipy import ndimage

from helpers import conv, filters

IMAGE = np.random.default_rng(0).normal(size=(12, 15))
SUMS = {"identity": 1, "sharpen": 1, "box": 1, "Sobel x": 0, "Sobel y": 0, "Laplace": 0, "vertical edge": 0, "plus": 5}


@pytest.mark.parametrize("name", filters.KERNELS)
def test_flat_regions_are_multiplied_by_the_sum(name):
    kernel = filters.KERNELS[name]
    assert np.isclose(kernel.sum(), SUMS[name])
    np.testing.assert_allclose(conv.cross_correlate(np.full((5, 5), 10.0), kernel), 10 * SUMS[name], atol=1e-12)


@pytest.mark.parametrize("name, axis", [("Sobel x", 1), ("Sobel y", 0)])
def test_sobel_answers_to_edges_as_scipy_does(name, axis):
    theirs = ndimage.sobel(IMAGE, axis)[1:-1, 1:-1]
    # SciPy counts the brighter side below as positive, the deck the brighter side above.
    ours = conv.cross_correlate(IMAGE, filters.KERNELS[name])
    np.testing.assert_allclose(ours, theirs if axis else -theirs, atol=1e-12)


@pytest.mark.parametrize("size, sigma", [(3, 0.5), (5, 1.0), (9, 2.5)])
def test_gaussian_is_scipys_impulse_response(size, sigma):
    impulse = np.zeros((size, size))
    impulse[size // 2, size // 2] = 1
    theirs = ndimage.gaussian_filter(impulse, sigma, radius=size // 2, mode="constant")
    np.testing.assert_allclose(filters.gaussian(size, sigma), theirs, atol=1e-12)


@pytest.mark.parametrize("size", [1, 3, 5])
@pytest.mark.parametrize("border, theirs", [("reflect", "mirror"), ("zeros", "constant")])
def test_median_agrees_with_scipy(size, border, theirs):
    np.testing.assert_array_equal(filters.median(IMAGE, size, border), ndimage.median_filter(IMAGE, size, mode=theirs))


@pytest.mark.parametrize("work, words", [
    (lambda: filters.gaussian(4, 1), "odd size"), (lambda: filters.gaussian(3, 0), "sigma must be positive"),
    (lambda: filters.median(IMAGE, 2), "odd size"), (lambda: filters.gaussian(-1, 1), "odd size"),
])
def test_bad_settings_get_one_sentence(work, words):
    with pytest.raises(ValueError, match=words):
        work()

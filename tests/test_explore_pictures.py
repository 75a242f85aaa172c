"""What the explorers of filters share: sizes and scales of images, noise, colours and numbers."""
import numpy as np
import pytest
from skimage import metrics, util

from helpers.explore import pictures

IMAGE = np.random.default_rng(3).integers(0, 256, (40, 40)).astype(float)


def test_signed_colours_have_white_at_0_and_stop_at_the_limit():
    picture = pictures.signed(np.array([[-9.0, -2, -1, 0, 1, 2, 9]]), 2)[0].astype(int)
    assert picture[3].tolist() == [255] * 3
    assert np.array_equal(picture[0], picture[1]) and np.array_equal(picture[5], picture[6])
    assert (picture[:3, 2] > picture[:3, 0]).all() and (picture[4:, 0] > picture[4:, 2]).all()


@pytest.mark.parametrize("kernel, factor", [
    (np.array([[-1, 0], [2, 9]]), ""), (np.ones((3, 3)) / 9, "× 1/9"), (np.ones((5, 5)) / 25, "× 1/25"),
    (np.array([[0.5, 0.25]]), "× 1/4")])
def test_a_kernel_in_whole_numbers_is_the_same_kernel(kernel, factor):
    numbers, text = pictures.kernel_numbers(kernel)
    assert text == factor and numbers.dtype.kind == "i"
    np.testing.assert_allclose(numbers / float(factor.split("/")[1] if factor else 1), kernel, atol=1e-12)


def test_a_kernel_without_a_small_denominator_is_rounded_to_thousandths():
    numbers, text = pictures.kernel_numbers(np.array([[0.0751136, 0.1238414]]))
    assert numbers.tolist() == [[75, 124]] and text == "× 1/1000"


def test_a_kernel_picture_is_reddish_above_0_bluish_below_and_has_dark_numbers():
    picture = pictures.kernel_picture(np.array([[-2, 0, 2]] * 3), 90).astype(int)
    for column, sign in enumerate((-1, 0, 1)):
        corner = picture[3, 30 * column + 3]
        assert np.sign(corner[0] - corner[2]) == sign
        assert picture[2:28, 30 * column + 2:30 * column + 28].min() < 90
    assert picture.shape == (90, 90, 3)


@pytest.mark.parametrize("shape, expected", [((400, 200, 3), (96, 48, 3)), ((40, 60), (40, 60)), ((97, 97), (96, 96))])
def test_fit_keeps_the_proportions_and_the_mean(shape, expected):
    image = np.random.default_rng(0).random(shape)
    smaller = pictures.fit(image, 96)
    assert smaller.shape == expected and smaller.mean() == pytest.approx(image.mean(), abs=0.01)
    assert shape != expected or np.array_equal(smaller, image)


def test_the_grey_scale_of_an_image():
    assert pictures.prepared(np.uint8(IMAGE))[1] == (0.0, 1.0)
    np.testing.assert_allclose(pictures.prepared(np.uint8(IMAGE))[0], util.img_as_float(np.uint8(IMAGE)))
    hu = np.linspace(-1005, 1005, 1600).reshape(40, 40)
    image, (black, white) = pictures.prepared(hu)
    assert np.array_equal(image, hu) and (black, white) == (-990, 990)
    assert pictures.prepared(np.random.default_rng(0).random((300, 150)))[0].shape == (128, 64)


@pytest.mark.parametrize("percent", [1, 5, 30])
def test_noise_has_the_strength_and_the_look_it_says(percent):
    flat, scale = np.full((200, 200), 40.0), (-160.0, 240.0)
    grainy = pictures.noisy(flat, "Gaussian", percent, scale)
    assert grainy.std() == pytest.approx(4 * percent, rel=0.02) and grainy.mean() == pytest.approx(40, abs=1)
    specks = pictures.noisy(flat, "salt and pepper", percent, scale)
    assert set(np.unique(specks)) == {-160.0, 40.0, 240.0}
    for colour in scale:
        assert (specks == colour).mean() == pytest.approx(percent / 200, rel=0.15)
    assert np.array_equal(specks, pictures.noisy(flat, "salt and pepper", percent, scale))
    assert pictures.noisy(flat, "none", percent, scale) is flat


def test_rmse_agrees_with_scikit_image():
    other = np.random.default_rng(5).random((40, 40))
    assert pictures.rmse(IMAGE, other) == pytest.approx(metrics.mean_squared_error(IMAGE, other) ** 0.5)

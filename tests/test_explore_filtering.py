"""Filter gallery and the quiz of kernels: numbers against SciPy and scikit-image, who wins on which noise, controls."""
import html
import re

import numpy as np
import pytest
from explorers import pixels
from scipy import ndimage
from skimage import data as samples
from skimage import filters as sk_filters
from skimage import metrics

from helpers import conv, data, filters
from helpers.explore import filtering, gallery, kernel_quiz, pictures

pytestmark = pytest.mark.usefixtures("strict_widgets")
IMAGE = np.random.default_rng(2).random((48, 40))
SPINE = data.load_ct()
HU = data.to_hu(SPINE.values, SPINE.slope, SPINE.intercept)
EVERY = [(name, sigma) for name in filtering.FILTERS for sigma in ((0.5, 1.0, 2.0) if name == "Gaussian" else (1.0,))]


def a_gallery():
    return gallery.filter_gallery({"camera": samples.camera(), "vertebra, CT": HU})


def a_quiz(seed=0):
    return kernel_quiz.which_kernel(samples.camera(), seed)


def by_scipy(image, name, sigma):
    if name.startswith("median"):
        return ndimage.median_filter(image, int(name[-1]), mode="mirror")
    if name.startswith("box"):
        return ndimage.uniform_filter(image, int(name[-1]), mode="mirror")
    if name == "Gaussian":
        return ndimage.gaussian_filter(image, sigma, radius=int(np.ceil(2 * sigma)), mode="mirror")
    signs = {"Sobel x": 1, "Sobel y": -1}
    if name in signs:
        return signs[name] * ndimage.sobel(image, 1 if name == "Sobel x" else 0, mode="mirror")
    if name == "Sobel magnitude":
        return 4 * np.sqrt(2) * sk_filters.sobel(image, mode="mirror")
    if name == "Laplace":
        return ndimage.laplace(image, mode="mirror")
    kernels = {"identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]], "sharpen": [[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]],
               filtering.MISPRINT: [[-1, 0, 1], [2, 0, 2], [-1, 0, 1]]}
    return ndimage.correlate(image, kernels[name], mode="mirror")


@pytest.mark.parametrize("name, sigma", EVERY)
def test_every_filter_is_that_of_scipy_or_scikit_image(name, sigma):
    for image in (IMAGE, 1000 * IMAGE - 700):
        np.testing.assert_allclose(filtering.filtered(image, name, sigma), by_scipy(image, name, sigma), atol=1e-9)


@pytest.mark.parametrize("size", [3, 5])
def test_the_faster_median_is_the_one_of_the_course(size):
    assert np.array_equal(filtering.filtered(IMAGE, f"median {size} × {size}"), filters.median(IMAGE, size))


def test_the_faster_way_is_cross_correlation_with_the_kernel_that_is_shown():
    for name, kernel in filtering.KERNELS.items():
        expected = conv.cross_correlate(IMAGE, kernel, padding="same", border="reflect")
        assert np.array_equal(filtering.filtered(IMAGE, name), expected)


@pytest.mark.parametrize("sigma", [0.5, 1.0, 1.75, 2.0])
def test_the_gaussian_reaches_two_sigma_to_each_side(sigma):
    size = len(filtering.gaussian(sigma))
    assert size % 2 and 2 * sigma <= size // 2 < 2 * sigma + 1 and size <= 9


@pytest.mark.parametrize("image", ["camera", "vertebra, CT"])
def test_the_median_wins_on_salt_and_pepper_and_averaging_on_gaussian_noise(image):
    picture = {"camera": samples.camera(), "vertebra, CT": HU}[image]
    clean, scale = pictures.prepared(picture)
    left = {}
    for noise, percent in (("salt and pepper", 5), ("Gaussian", 10)):
        dirty = pictures.noisy(clean, noise, percent, scale)
        for name in ("box 3 × 3", "median 3 × 3", "Gaussian"):
            left[noise, name] = metrics.mean_squared_error(clean, filtering.filtered(dirty, name, 1.0)) ** 0.5
        left[noise, "before"] = metrics.mean_squared_error(clean, dirty) ** 0.5
    salt, grain = ({name: left[noise, name] for noise_, name in left if noise_ == noise}
                   for noise in ("salt and pepper", "Gaussian"))
    assert 1.2 * salt["median 3 × 3"] < min(salt["box 3 × 3"], salt["Gaussian"]) < salt["before"]
    assert 1.02 * max(grain["box 3 × 3"], grain["Gaussian"]) < grain["median 3 × 3"] < grain["before"]


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+\.?\d*", text)]


@pytest.mark.parametrize("image, unit, form", [("camera", "", ".3f"), ("vertebra, CT", " HU", ".0f")])
@pytest.mark.parametrize("name", ["box 5 × 5", "median 3 × 3", "sharpen", "Laplace", "Sobel magnitude"])
def test_the_caption_tells_the_noise_that_is_left(image, unit, form, name):
    explorer = a_gallery()
    for control, value in (("image", image), ("name", name), ("noise", "Gaussian"), ("percent", 12)):
        explorer.controls[control].value = value
    clean, scale = pictures.prepared({"camera": samples.camera(), "vertebra, CT": HU}[image])
    dirty = pictures.noisy(clean, "Gaussian", 12, scale)
    target = by_scipy(clean, name, 1) if name in ("Laplace", "Sobel magnitude") else clean
    before = metrics.mean_squared_error(clean, dirty) ** 0.5
    after = metrics.mean_squared_error(target, by_scipy(dirty, name, 1)) ** 0.5
    said = explorer.view.caption.split("RMSE", 1)[1]
    assert f" {before:{form}}{unit} before" in said and f" {after:{form}}{unit} after" in said
    assert ("to the clean image" in said) == (name not in ("Laplace", "Sobel magnitude"))
    assert explorer.view.caption in explorer.describe() and "noise Gaussian, 12 %" in explorer.describe()


@pytest.mark.parametrize("name, told", [
    ("identity", "sum to 1, so flat areas keep"), ("sharpen", "sum to 1,"), ("box 9 × 9", "sum to 1,"),
    ("Sobel x", "sum to 0, so flat areas become 0"), ("Laplace", "sum to 0,"),
    ("Gaussian", "σ = 1: the numbers sum to 1"),
    (filtering.MISPRINT, "sum to 4, so flat areas become 4 times as bright"), ("median 5 × 5", "sorted neighbours"),
    ("Sobel magnitude", "whatever the direction")])
def test_what_is_said_about_a_filter_is_true_of_a_flat_image(name, told):
    explorer = a_gallery()
    explorer.controls["name"].value = name
    assert told in explorer.view.caption
    flat = filtering.filtered(np.full((20, 20), 3.0), name)
    times = {"sum to 0": 0, "sum to 4": 4, "whatever": 0}.get(next(
        (key for key in ("sum to 0", "sum to 4", "whatever") if key in told), None), 1)
    np.testing.assert_allclose(flat, 3 * times, atol=1e-9)


def test_signed_results_have_white_at_0_and_others_the_grey_scale_of_the_image():
    scale = (-200.0, 300.0)
    picture, labels = gallery._colours(np.array([[-600.0, -250, 0, 250, 600]]), "Laplace", scale)
    assert labels == ("+500", "0", "−500") and picture[0, 2].tolist() == [255] * 3
    assert picture[0, 0, 2] > picture[0, 0, 0] and picture[0, 4, 0] > picture[0, 4, 2]
    picture, labels = gallery._colours(np.array([[-300.0, -200, 50, 300, 400]]), "box 3 × 3", scale)
    assert picture[0, :, 0].tolist() == [0, 0, 128, 255, 255] and labels == ["300", "50", "−200"]
    picture, labels = gallery._colours(np.array([[0.0, 500.0]]), "Sobel magnitude", scale)
    assert picture[0, :, 0].tolist() == [0, 255] and labels == ["500", "250", "0"]
    assert set(filtering.SIGNED) == {"Sobel x", "Sobel y", "Laplace", filtering.MISPRINT}


@pytest.mark.parametrize("name", gallery.PRESETS)
def test_each_preset_sets_what_it_names(name):
    explorer = a_gallery()
    explorer.controls["preset"].value = name
    assert explorer.controls["preset"].value == name
    chosen = tuple(explorer.controls[key].value for key in ("name", "noise", "percent"))
    assert chosen == gallery.PRESETS[name]
    assert explorer.view.caption.startswith(chosen[0][0].upper() + chosen[0][1:])


def test_controls_that_do_nothing_now_are_greyed():
    explorer = a_gallery()
    assert explorer.controls["sigma"].disabled and explorer.controls["percent"].disabled
    explorer.controls["name"].value, explorer.controls["noise"].value = "Gaussian", "Gaussian"
    assert not explorer.controls["sigma"].disabled and not explorer.controls["percent"].disabled


def test_every_control_changes_picture_and_alt_text(drive):
    for control, states in drive(a_gallery()).items():
        assert states >= 2, f"{control} changes nothing"


@pytest.mark.parametrize("factory", [a_gallery, a_quiz])
def test_the_picture_fits_on_a_slide(factory):
    explorer = factory()
    assert explorer.view.size[0] <= 1036 and explorer.view.size[1] <= 360


def test_the_live_picture_is_what_a_full_drawing_gives():
    explorer, fresh = a_gallery(), a_gallery()
    for name in filtering.FILTERS:
        explorer.controls["name"].value = name
    explorer.controls["image"].value = "vertebra, CT"
    assert not np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))
    explorer.controls["image"].value, explorer.controls["preset"].value = "camera", "nothing done yet"
    assert np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))


@pytest.mark.parametrize("images, words", [
    (samples.camera(), "dict of name to image"), ({}, "dict of name to image"),
    ({"cat": np.zeros((9, 9, 3))}, "cat must have the shape"), ({"flat": np.zeros((20, 20))}, "not all the same")])
def test_bad_input_gets_one_sentence(images, words):
    with pytest.raises(ValueError, match=words):
        gallery.filter_gallery(images)


def test_a_seed_gives_an_order_and_every_kernel_turns_up_somewhere():
    orders = [kernel_quiz.quiz_order(seed) for seed in range(20)]
    assert orders[3] == kernel_quiz.quiz_order(3) and len({tuple(order) for order in orders}) > 15
    assert all(len(set(order)) == 5 and set(order) <= set(kernel_quiz.CLUES) for order in orders)
    assert set().union(*orders) == set(kernel_quiz.CLUES)


@pytest.mark.parametrize("name", kernel_quiz.CLUES)
def test_the_clue_tells_the_sum_and_the_signs_of_the_numbers(name):
    kernel, clue = filtering.KERNELS[name], kernel_quiz.CLUES[name]
    assert name == "identity" or f": sum {kernel.sum():.0f};" in clue
    assert ("mid-grey" in clue) == (round(kernel.sum(), 9) == 0)
    assert ("some numbers are negative" in clue) == (name == "sharpen") and ("no number is" in clue) == ("box" in name)
    assert ("left and right differ" in clue) == (not np.array_equal(kernel, np.fliplr(kernel)))
    assert ("top and bottom differ" in clue) == (not np.array_equal(kernel, np.flipud(kernel)))


def answer(explorer, answers):
    for letter, name in zip(kernel_quiz.LETTERS, answers, strict=False):
        explorer.controls[letter].value = name


@pytest.mark.parametrize("seed", [0, 1, 5])
def test_right_answers_score_and_wrong_ones_get_the_clue_of_the_picture_but_not_its_name(seed):
    explorer, truth = a_quiz(seed), kernel_quiz.quiz_order(seed)
    assert explorer.score() == 0
    answer(explorer, truth)
    explorer.check.click()
    assert explorer.score() == 5 and "5 of 5 right" in explorer.reply.value
    assert explorer.describe().count("✓") == 5 and "✗" not in explorer.describe()
    answer(explorer, truth[1:] + truth[:1])
    assert explorer.reply.value == "" and explorer.score() == 0 and "✓" not in explorer.describe()
    explorer.check.click()
    said = html.unescape(explorer.reply.value)
    for letter, name, wrong in zip(kernel_quiz.LETTERS, truth, truth[1:] + truth[:1], strict=True):
        assert f"{letter} is not {wrong}: {kernel_quiz.CLUES[name]}" in said and f"{letter} is {name}" not in said
        assert f"{letter}, answered {wrong} ✗" in explorer.describe()


def test_one_right_one_wrong_and_three_open():
    explorer, truth = a_quiz(), kernel_quiz.quiz_order(0)
    answer(explorer, [truth[0], truth[0]])
    explorer.check.click()
    assert explorer.score() == 1 and "1 of 5 right" in explorer.reply.value
    assert all(f"{letter} has no answer yet" in explorer.reply.value for letter in "CDE")
    assert explorer.describe().count("✓") == explorer.describe().count("✗") == 1


def test_the_answers_come_only_when_asked_for():
    explorer, truth = a_quiz(1), kernel_quiz.quiz_order(1)
    explorer.check.click()
    assert not any(f"is {name}" in explorer.describe() + explorer.reply.value for name in truth)
    before = explorer.view.png
    explorer.reveal.click()
    for letter, name in zip(kernel_quiz.LETTERS, truth, strict=True):
        assert f"{letter}, answered is {name}" in explorer.describe() and f"{letter} is {name}:" in explorer.reply.value
    assert explorer.view.png != before and 'role="status"' in explorer.reply.value
    answer(explorer, ["identity"])
    assert explorer.reply.value == "" and f"is {truth[1]}" not in explorer.describe()


def test_each_answer_is_written_into_the_picture(drive):
    for letter, states in drive(a_quiz()).items():
        assert states == 1 + len(kernel_quiz.CLUES), letter


@pytest.mark.parametrize("image", [samples.camera(), HU])
def test_the_words_for_a_picture_tell_the_kernels_apart(image):
    grey, (black, white) = pictures.prepared(image, side=144)
    grey = (grey - black) / (white - black)
    told = {name: numbers(kernel_quiz.cues(grey, by_scipy(grey, name, 1))) for name in kernel_quiz.CLUES}
    mean, finer, ratio = ({name: each[place] for name, each in told.items()} for place in range(3))
    assert all((abs(mean[name]) < 0.05) == (name in ("Sobel x", "Sobel y", "Laplace")) for name in told)
    assert finer["box 5 × 5"] < 0.8 and finer["identity"] == 1 and finer["sharpen"] > 1.2
    assert ratio["Sobel x"] > 1.15 * ratio["Laplace"] > 1.3 * ratio["Sobel y"]


def test_the_stored_form_of_the_quiz_gives_no_answer_away():
    bundle = a_quiz(2)._repr_mimebundle_()
    assert "image/png" in bundle and "A, answered ?" in bundle["text/plain"]
    assert not any(name in bundle["text/plain"] for name in kernel_quiz.CLUES)


def test_all_parts_of_the_quiz_are_on_the_page():
    explorer = a_quiz()
    *controls, buttons, view, reply = explorer.children
    assert view is explorer.view and reply is explorer.reply
    assert buttons.children == (explorer.check, explorer.reveal) and len(controls) == 1

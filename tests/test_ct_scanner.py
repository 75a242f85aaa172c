"""The simulated scanner against scikit-image, SciPy and closed forms."""
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import torch
from scipy import ndimage, stats
from skimage.data import shepp_logan_phantom
from skimage.transform import iradon, radon, resize

from helpers.ct import scanner
from helpers.ct.scanner import SCANNERS, WATER

SIZES = (64, 96, 128)
# scikit-image turns about the middle of a pixel, the scanner about the middle of the picture: the same point when
# the number of pixels is odd.
ODD_SIZES = (65, 129)


def centres(size, spacing=1.0):
    """Position of every pixel, (x to the right, y upwards), from the middle of the picture."""
    row, column = np.indices((size, size)) - (size - 1) / 2
    return column * spacing, -row * spacing


def average(fine, factor):
    size = len(fine) // factor
    return fine.reshape(size, factor, size, factor).mean((1, 3))


def disc(size, spacing, radius, factor=8):
    """Share of every pixel inside a disc in the middle."""
    return average(np.hypot(*centres(size * factor, spacing / factor)) < radius, factor)


def chest(size, spacing, factor=8):
    """HU of an ellipse of soft tissue, 350 by 240 mm, with lungs and a bone; and where all is soft tissue."""
    x, y = centres(size * factor, spacing / factor)

    def ellipse(x0, y0, a, b):
        return ((x - x0) / a) ** 2 + ((y - y0) / b) ** 2 < 1

    lungs = ellipse(-85, 5, 58, 80) | ellipse(85, 5, 58, 80)
    body, bone = ellipse(0, 0, 175, 120), ellipse(0, -80, 20, 20)
    hu = np.select([bone, lungs, body], [700.0, -850.0, 50.0], -1000.0)
    return average(hu, factor), average(body & ~lungs & ~bone, factor) > 0.999


def gaussian(size, x0, y0, sigma):
    x, y = centres(size)
    return np.exp(-((x - x0) ** 2 + (y - y0) ** 2) / (2 * sigma**2))


def phantom(name, size):
    if name == "shepp-logan":
        return resize(shepp_logan_phantom(), (size, size), anti_aliasing=True)
    return gaussian(size, size / 10, size / 6, size / 8) + gaussian(size, -size / 5, -size / 10, size / 16) / 2


def relative_error(found, truth):
    return np.sqrt(np.mean((found - truth) ** 2) / np.mean(truth**2))


# --- attenuation

def test_hu_and_attenuation_are_inverse_above_air():
    hu = np.linspace(-1000, 3000, 41)
    np.testing.assert_allclose(scanner.to_hu(scanner.attenuation(hu)), hu, atol=1e-9)
    assert scanner.attenuation(-1500) == 0


@pytest.mark.parametrize("size", [1, 2, 9, 64, 65, 96, 127, 128])
def test_there_are_views_and_bins_enough(size):
    assert scanner.views(size) % 2 == 0 and scanner.views(size) >= np.pi / 2 * size
    assert scanner.bins(size) >= np.sqrt(2) * size and scanner.bins(size) % 2 == size % 2


# --- projection

@pytest.mark.parametrize("name, size", list(product(("smooth", "shepp-logan"), ODD_SIZES)))
def test_projection_agrees_with_radon(name, size):
    picture, angles = phantom(name, size), scanner.views(size)
    expected = radon(picture, np.arange(angles) * 180 / angles, circle=False).T  # (angles, bins)
    found, = scanner.project(picture[None], 1.0, angles)
    before = found.shape[1] // 2 - expected.shape[1] // 2  # the scanner's detector is a little longer
    expected = np.pad(expected, ((0, 0), (before, found.shape[1] - before - expected.shape[1])))
    assert relative_error(found, expected) < (0.001 if name == "smooth" else 0.004)


@pytest.mark.parametrize("size, angles", [(64, 104), (96, 7), (127, 4)])
def test_the_shadow_of_a_gaussian_is_a_gaussian(size, angles):
    x0, y0, sigma, spacing = size / 10, -size / 7, size / 9, 2.5
    found, = scanner.project(gaussian(size, x0, y0, sigma)[None], spacing, angles)
    angle = np.pi * np.arange(angles)[:, None] / angles
    bin_at = np.arange(scanner.bins(size)) - (scanner.bins(size) - 1) / 2
    distance = bin_at - (x0 * np.cos(angle) + y0 * np.sin(angle))
    expected = spacing * sigma * np.sqrt(2 * np.pi) * np.exp(-(distance**2) / (2 * sigma**2))
    assert relative_error(found, expected) < 0.004


@pytest.mark.parametrize("size", SIZES)
def test_the_shadow_of_a_disc_is_its_chord(size):
    spacing, radius = 390 / size, 140.0
    found = scanner.project(WATER * disc(size, spacing, radius)[None], spacing, scanner.views(size))[0]
    bin_at = (np.arange(scanner.bins(size)) - (scanner.bins(size) - 1) / 2) * spacing
    chord = 2 * WATER * np.sqrt(np.maximum(radius**2 - bin_at**2, 0))
    inside = np.abs(bin_at) < radius - 3 * spacing
    assert np.abs(found - chord)[:, inside].max() < 0.02 * chord.max()
    assert relative_error(found[:, inside], chord[None, inside]) < 0.004


def test_a_quarter_turn_of_the_picture_is_half_the_views_further():
    picture = np.random.default_rng(0).random((1, 12, 12))
    turned = scanner.project(np.rot90(picture, axes=(1, 2)), 1.0, 6)
    straight = scanner.project(picture, 1.0, 6)
    # np.rot90 turns to the left, as the views do; beyond half a turn they see the picture mirrored.
    np.testing.assert_allclose(turned[:, 3:], straight[:, :3], atol=1e-4)
    np.testing.assert_allclose(turned[:, :3], straight[:, 3:, ::-1], atol=1e-4)


def test_every_view_sees_all_of_the_attenuation():
    picture = np.random.default_rng(1).random((3, 31, 31))  # up to the corners
    totals = scanner.project(picture, 2.0, 25).sum(-1)
    np.testing.assert_allclose(totals, np.tile(2 * picture.sum((1, 2))[:, None], 25), rtol=1e-5)


# --- filtered back-projection

@pytest.mark.parametrize("kernel, name, size", list(product(scanner.KERNELS, ("smooth", "shepp-logan"), ODD_SIZES)))
def test_back_projection_agrees_with_iradon(kernel, name, size):
    angles = scanner.views(size)
    sinogram = scanner.project(WATER * phantom(name, size)[None], 1.0, angles)
    degrees = np.arange(angles) * 180 / angles
    expected = iradon(sinogram[0].T.astype(float), degrees, filter_name=kernel, circle=False, output_size=size)
    found, = scanner.back_project(sinogram, 1.0, size, kernel)
    # scikit-image's hann window is a sample off symmetry, hence the wider limit.
    assert np.abs(found - expected).max() * 1000 / WATER < (1.5 if kernel == "hann" else 0.01)


@pytest.mark.parametrize("size, kernel", list(product(SIZES, scanner.KERNELS)))
def test_soft_tissue_without_noise_is_right(size, kernel):
    spacing = SCANNERS["A"].fov / size
    hu, soft = chest(size, spacing)
    measured, = scanner.scan(hu[None], spacing, replace(SCANNERS["A"], kernel=kernel), dose=None)
    error = (measured - hu)[ndimage.binary_erosion(soft, np.ones((3, 3)), iterations=2)]
    assert np.abs(error).mean() < (4 if kernel == "hann" else 8)  # the cohort may be off by 15 HU
    assert abs(error.mean()) < 1


@pytest.mark.parametrize("size", [16, 33, 64])
def test_a_wide_disc_is_not_too_dark(size):
    """What a ramp filter sampled in frequency gets wrong, by 20 to 40 HU."""
    spacing = 390 / size
    hu = 1000 * disc(size, spacing, 180) - 1000
    measured, = scanner.scan(hu[None], spacing, SCANNERS["A"], dose=None)
    assert np.abs(measured)[np.hypot(*centres(size, spacing)) < 80].max() < 2


def test_the_sharper_kernel_is_sharper():
    hu = 1000 * disc(64, 6.0, 100) - 1000
    steepest = {kernel: np.diff(scanner.scan(hu[None], 6.0, replace(SCANNERS["A"], kernel=kernel), dose=None)[0, 32])
                for kernel in scanner.KERNELS}
    assert steepest["hann"].max() < steepest["shepp-logan"].max() < steepest["ramp"].max()
    assert SCANNERS["A"].kernel == "hann" and SCANNERS["B"].kernel != "hann"


# --- noise

@pytest.mark.parametrize("mean", [10, 31, 100, 1e3, 1e4, 1e5])
def test_counts_have_the_moments_and_quantiles_of_poisson(mean):
    share = (np.arange(200_000) + 0.5) / 200_000
    counts = scanner._counts(mean, stats.norm.ppf(share))
    expected_mean, expected_variance, expected_skewness = stats.poisson.stats(mean, moments="mvs")
    assert counts.mean() == pytest.approx(expected_mean, rel=1e-4)
    assert counts.var() == pytest.approx(expected_variance, rel=0.01)
    assert stats.skew(counts) == pytest.approx(expected_skewness, rel=0.01)
    tails = np.array([1e-4, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999])
    np.testing.assert_allclose(scanner._counts(mean, stats.norm.ppf(tails)), stats.poisson.ppf(tails, mean), atol=1)
    assert (np.diff(counts) > 0).all()


def repeated(hu, spacing, machine, dose, times=40):
    """The same slice scanned many times: (times, n, n)."""
    return scanner.scan(np.repeat(hu[None], times, axis=0), spacing, machine, dose=dose, seeds=range(times))


def centre(pictures, half=6):
    middle = pictures.shape[-1] // 2
    return pictures[..., middle - half:middle + half, middle - half:middle + half]


@pytest.mark.parametrize("name", SCANNERS)
def test_noise_falls_with_the_root_of_dose(name):
    hu = 1000 * disc(64, 6.0, 100) - 1000
    noise = {dose: centre(repeated(hu, 6.0, SCANNERS[name], dose).std(0, ddof=1)).mean() for dose in (1, 4, 16)}
    assert noise[1] / noise[4] == pytest.approx(2, rel=0.05)
    assert noise[4] / noise[16] == pytest.approx(2, rel=0.05)


def test_noise_has_the_size_that_theory_says():
    """Ramp filter, linear interpolation: variance of the pixel = (pi / spacing)^2 / views (1/18 - 1/(6 pi^2)) / counts.

    1/12 is the squared ramp's integral over the frequencies, -1/(2 pi^2) its first correlation; reading between two
    bins at random mixes them 2/3 to 1/3.  Kak and Slaney 1988, section 5.2.
    """
    size, spacing, radius = 64, 6.0, 150.0
    machine = replace(SCANNERS["A"], kernel="ramp")
    found = centre(repeated(1000 * disc(size, spacing, radius) - 1000, spacing, machine, 10), half=4).std(0, ddof=1)
    counts = 10 * machine.photons * spacing * np.exp(-2 * WATER * radius)
    variance = (np.pi / spacing) ** 2 / scanner.views(size) * (1 / 18 - 1 / (6 * np.pi**2)) / counts
    assert found.mean() == pytest.approx(1000 / WATER * np.sqrt(variance), rel=0.05)


@pytest.mark.parametrize("name, size, lowest, highest", [("A", 64, 5, 8), ("A", 128, 13, 17), ("B", 64, 22, 28)])
def test_noise_in_a_chest_is_what_a_reader_knows(name, size, lowest, highest):
    machine = SCANNERS[name]
    hu, _ = chest(size, machine.fov / size)
    noise = centre(repeated(hu, machine.fov / size, machine, 1.0, times=16).std(0, ddof=1), half=4).mean()
    assert lowest < noise < highest


def test_an_opaque_body_still_gives_numbers():
    measured = scanner.scan(np.full((1, 32, 32), 3000.0), 12.0, SCANNERS["B"], dose=1e-6, seeds=[0])
    assert np.isfinite(measured).all()


# --- the same again

def test_a_slice_is_the_same_alone_in_a_batch_and_on_any_number_of_threads():
    hu = np.random.default_rng(0).uniform(-1000, 1000, (5, 40, 40))
    threads, pictures = torch.get_num_threads(), []
    try:
        for number in (1, 2):
            torch.set_num_threads(number)
            pictures.append(scanner.scan(hu, 8.0, SCANNERS["B"], seeds=range(5)))
    finally:
        torch.set_num_threads(threads)
    np.testing.assert_allclose(pictures[0], pictures[1], atol=1e-3)
    for slice_index in range(5):
        alone, = scanner.scan(hu[slice_index][None], 8.0, SCANNERS["B"], seeds=[slice_index])
        np.testing.assert_allclose(alone, pictures[0][slice_index], atol=1e-3)


def test_a_last_digit_does_not_change_the_noise():
    hu, _ = chest(48, 8.0)
    off = hu + np.random.default_rng(0).uniform(-1e-3, 1e-3, hu.shape)
    first, second = scanner.scan(np.stack([hu, off]), 8.0, SCANNERS["A"], dose=0.1, seeds=[4, 4])
    assert not np.array_equal(first, second)
    np.testing.assert_allclose(first, second, atol=0.02)


def test_seeds_decide_the_noise():
    hu = np.zeros((4, 16, 16))
    same, again, other, listed = scanner.scan(hu, 8.0, SCANNERS["A"], seeds=[3, 3, 4, [3, 4]])
    assert np.array_equal(same, again)
    assert np.abs(same - other).max() > 1 and np.abs(same - listed).max() > 1


def test_without_noise_no_seed_is_needed():
    hu, _ = chest(32, 12.0)
    exact = scanner.scan(hu[None], 12.0, SCANNERS["A"], dose=None)
    assert exact.dtype == np.float32 and exact.shape == (1, 32, 32)
    assert np.array_equal(exact, scanner.scan(hu[None], 12.0, SCANNERS["A"], dose=float("inf")))


def test_no_slices_give_no_slices():
    assert scanner.scan(np.zeros((0, 16, 16)), 8.0, SCANNERS["A"], seeds=[]).shape == (0, 16, 16)


# --- what is refused

AIR = np.full((1, 8, 8), -1000.0)
UNKNOWN = replace(SCANNERS["A"], kernel="bone")


@pytest.mark.parametrize("arguments, words", [
    (dict(hu=AIR[0]), r"hu must be a stack of square pictures, shape \(N, n, n\), not \(8, 8\)\."),
    (dict(hu=AIR[:, :7]), r"not \(1, 7, 8\)"),
    (dict(hu=AIR[:, :0, :0]), r"not \(1, 0, 0\)"),
    (dict(hu=np.where(np.eye(8), np.nan, AIR)), "hu has values that are not numbers"),
    (dict(hu=np.where(np.eye(8), np.inf, AIR)), "hu has values that are not numbers"),
    (dict(spacing=0), "spacing must be a number above 0, not 0"),
    (dict(spacing=float("nan")), "spacing must be a number above 0, not nan"),
    (dict(dose=0), "dose must be a number above 0, not 0"),
    (dict(dose=-1), "dose must be a number above 0, not -1"),
    (dict(dose=float("nan")), "dose must be a number above 0, not nan"),
    (dict(scanner=UNKNOWN), "no kernel called 'bone'; choose one of ramp, shepp-logan, hann"),
    (dict(seeds=None), "Noise needs seeds"),
    (dict(seeds=[1, 2]), "one seed per slice: 1 in all"),
    (dict(seeds=3), "one seed per slice: 1 in all"),
])
def test_scan_names_what_is_wrong(arguments, words):
    with pytest.raises(ValueError, match=words):
        scanner.scan(**{**dict(hu=AIR, spacing=8.0, scanner=SCANNERS["A"], seeds=[0]), **arguments})


@pytest.mark.parametrize("arguments, words", [
    (dict(sinogram=np.zeros((1, 4, 15))), r"have the shape \(N, angles, 16\), not \(1, 4, 15\)"),
    (dict(sinogram=np.zeros((4, 16))), r"not \(4, 16\)"),
    (dict(sinogram=np.zeros((1, 0, 16))), r"not \(1, 0, 16\)"),
    (dict(sinogram=np.full((1, 4, 16), np.nan)), "sinogram has values that are not numbers"),
    (dict(spacing=-1.0), "spacing must be a number above 0"),
    (dict(size=8.5), "size must be a whole number, at least 1, not 8.5"),
    (dict(size=0), "size must be a whole number, at least 1, not 0"),
    (dict(kernel="soft"), "no kernel called 'soft'"),
])
def test_back_project_names_what_is_wrong(arguments, words):
    with pytest.raises(ValueError, match=words):
        scanner.back_project(**{**dict(sinogram=np.zeros((1, 4, 16)), spacing=8.0, size=8, kernel="hann"), **arguments})


@pytest.mark.parametrize("angles", [0, -2, 2.5])
def test_project_names_a_wrong_number_of_views(angles):
    with pytest.raises(ValueError, match="angles must be a whole number, at least 1"):
        scanner.project(np.zeros((1, 8, 8)), 8.0, angles)

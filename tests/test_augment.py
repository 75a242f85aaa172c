"""Augmentation: every change against NumPy, SciPy or a closed form; what is drawn; verdicts against measured labels."""
from itertools import product

import numpy as np
import pytest
import torch
from scipy import ndimage
from torch import nn

from helpers import augment, data, ledger, train

IMAGE = torch.tensor(np.random.default_rng(5).normal(-400, 300, (12, 12)).clip(-1000))
WIDE = torch.tensor(np.random.default_rng(6).normal(0, 1, (9, 14)))
BATCH = torch.tensor(np.random.default_rng(7).normal(-500, 200, (5, 2, 16, 16)).clip(-1000), dtype=torch.float32)
FLIPS, IN_HU = ["flip left-right", "flip up-down"], ["HU scaling", "HU offset", "gamma", "noise"]
STRONG = {"flip left-right": 1, "flip up-down": 1, "rotation": 33, "shift": 3, "zoom": 1.4, "HU scaling": 1.3,
          "HU offset": 70, "gamma": 1.5, "noise": 40, "cutout": 5}


def resampled(image, back, order=1):
    """SciPy's answer for a linear map `back` about the middle, with the darkest value all around."""
    middle = (np.array(image.shape) - 1) / 2
    return ndimage.affine_transform(image.numpy().astype(float), back, middle - back @ middle, order=order,
                                    mode="grid-constant", cval=float(image.min()))


def turn_back(degrees):
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    return np.array([[cos, sin], [-sin, cos]])


@pytest.mark.parametrize("image", [IMAGE, WIDE, BATCH])
def test_flips_are_those_of_numpy(image):
    np.testing.assert_array_equal(augment.flip_left_right(image), image.numpy()[..., ::-1])
    np.testing.assert_array_equal(augment.flip_up_down(image), image.numpy()[..., ::-1, :])


@pytest.mark.parametrize("image, degrees", list(product([IMAGE, WIDE], [-170, -30, 7.5, 15, 45, 120])))
def test_rotation_is_that_of_scipy(image, degrees):
    np.testing.assert_allclose(augment.rotate(image, degrees), resampled(image, turn_back(degrees)), atol=1e-9)


@pytest.mark.parametrize("turns", range(-4, 5))
def test_quarter_turns_move_pixels_as_they_are(turns):
    np.testing.assert_array_equal(augment.rotate(IMAGE, 90 * turns), np.rot90(IMAGE, turns))
    np.testing.assert_array_equal(augment.rotate(BATCH, 90.0 * turns), np.rot90(BATCH, turns, (-2, -1)))
    assert augment.rotate(WIDE, 90 * turns).shape == WIDE.shape


@pytest.mark.parametrize("image, factor", list(product([IMAGE, WIDE], [0.5, 0.9, 1.0, 1.3, 2.0])))
def test_zoom_is_that_of_scipy(image, factor):
    np.testing.assert_allclose(augment.zoom(image, factor), resampled(image, np.eye(2) / factor), atol=1e-9)


def test_zoom_multiplies_the_area_of_a_disc_by_the_square_of_the_factor():
    disc = torch.tensor(np.hypot(*np.indices((81, 81)) - 40) < 12)
    for factor in (0.5, 1.5, 2.0):
        assert augment.zoom(disc, factor).sum() / disc.sum() == pytest.approx(factor**2, rel=0.03)


@pytest.mark.parametrize("right, down", list(product([-30, -3, 0, 2, 12], [-1, 0, 5])))
def test_a_shift_is_that_of_scipy(right, down):
    expected = ndimage.shift(IMAGE.numpy(), (down, right), order=0, mode="constant", cval=IMAGE.min())
    np.testing.assert_array_equal(augment.shift(IMAGE, right, down), expected)


def test_what_moves_in_is_the_darkest_value_of_each_image_and_nothing_in_a_mask():
    for name, *strengths in (("shift", 4), ("zoom", 0.5), ("cutout", 9, (0, 0))):
        change = lambda image: getattr(augment, name)(image, *strengths)                # noqa: E731, B023
        np.testing.assert_allclose(change(BATCH)[..., 0, 0], BATCH.amin((-2, -1)), atol=1e-3)
        assert not change(torch.ones(16, 16, dtype=torch.bool))[0, 0]
        assert change(torch.full((16, 16), 3, dtype=torch.uint8))[0, 0] == 0


@pytest.mark.parametrize("dtype", [torch.bool, torch.uint8, torch.int64, torch.float32, torch.float64])
@pytest.mark.parametrize("name", ["flip left-right", "flip up-down", "rotation", "shift", "zoom", "cutout"])
def test_kind_of_number_shape_and_classes_stay(name, dtype):
    mask = torch.tensor(np.random.default_rng(1).integers(0, 2, (3, 1, 9, 11))).to(dtype)
    before = mask.clone()
    changed = augment.AUGMENTATIONS[name](mask, STRONG[name])
    assert changed.dtype == dtype and changed.shape == mask.shape and torch.equal(mask, before)
    if not dtype.is_floating_point:
        assert set(changed.unique().tolist()) <= {0, 1}


@pytest.mark.parametrize("name, strength", [("rotation", 20), ("rotation", -77), ("zoom", 1.6), ("zoom", 0.7)])
def test_masks_follow_the_nearest_pixel_like_scipy(name, strength):
    mask = torch.tensor(np.hypot(*np.indices((40, 40)) - np.reshape([14, 25], (2, 1, 1))) < 8)
    back = turn_back(strength) if name == "rotation" else np.eye(2) / strength
    changed = augment.AUGMENTATIONS[name](mask, strength).numpy()
    assert (changed == (resampled(mask, back, order=0) > 0.5)).mean() > 0.995      # ties may fall either way


def test_grey_levels():
    np.testing.assert_allclose(augment.scale_hu(IMAGE, 1.2), (IMAGE.numpy() + 1000) * 1.2 - 1000)
    np.testing.assert_allclose(augment.offset_hu(IMAGE, -30), IMAGE.numpy() - 30)
    ends = torch.tensor([[-1000.0, 1000.0]])
    for exponent in (0.5, 2.0):
        np.testing.assert_allclose(augment.gamma(ends, exponent), ends)
        assert augment.gamma(torch.zeros(1, 1), exponent) == pytest.approx(2000 * 0.5**exponent - 1000)
    assert augment.offset_hu(np.array([[1, 2]], np.int16), 0.5).tolist() == [[1.5, 2.5]]


def test_noise_has_the_deviation_it_was_asked_for():
    draw = lambda: augment.noise(torch.zeros(200, 200), 40.0, torch.Generator().manual_seed(2))       # noqa: E731
    assert draw().std() == pytest.approx(40, rel=0.02) and abs(draw().mean()) < 1
    assert torch.equal(draw(), draw())


def test_cutout_erases_a_square_where_it_is_told():
    for size, place, rows, columns in ((4, (5, 6), slice(3, 7), slice(4, 8)), (3, (0, 11), slice(0, 2), slice(10, 12)),
                                       ((2, 6), (6, 6), slice(5, 7), slice(3, 9)), (0, (3, 3), slice(0), slice(0))):
        expected = IMAGE.clone()
        expected[rows, columns] = IMAGE.min()
        assert torch.equal(augment.cutout(IMAGE, size, place), expected)


def test_cutout_finds_its_place_by_chance_for_every_image():
    ones = torch.ones(200, 1, 20, 20, dtype=torch.bool)
    erased = ~augment.cutout(ones, 5, generator=torch.Generator().manual_seed(0))
    assert len(erased.flatten(1).unique(dim=0)) > 120
    assert erased.any(0).all() and erased.flatten(1).sum(1).max() == 25 and erased.flatten(1).sum(1).min() >= 6


@pytest.mark.parametrize("name", augment.AUGMENTATIONS)
def test_a_strength_for_each_image_is_the_change_of_each_image(name):
    entry = augment.AUGMENTATIONS[name]
    strengths = torch.tensor([entry.neutral, STRONG[name], *entry.usual, STRONG[name]])
    strengths = strengths.long() if entry.whole else strengths
    changed = entry(BATCH, strengths, generator=torch.Generator().manual_seed(1))
    np.testing.assert_allclose(changed[0], BATCH[0], atol=0.02)
    if not entry.draws:
        for one, image, strength in zip(changed, BATCH, strengths.tolist(), strict=True):
            np.testing.assert_allclose(one, entry(image, strength), atol=0.02)


@pytest.mark.parametrize("name", augment.AUGMENTATIONS)
def test_the_neutral_strength_changes_nothing_and_a_strong_one_does(name):
    entry = augment.AUGMENTATIONS[name]
    generator = torch.Generator().manual_seed(3)
    np.testing.assert_allclose(entry(IMAGE, entry.neutral, generator=generator), IMAGE, atol=1e-9)
    assert not torch.allclose(entry(IMAGE, STRONG[name], generator=generator), IMAGE)


@pytest.mark.parametrize("name", augment.AUGMENTATIONS)
def test_drawn_strengths_fill_the_usual_range(name):
    entry = augment.AUGMENTATIONS[name]
    low, high = entry.usual
    drawn = entry.strengths(5000, torch.Generator().manual_seed(4)).double()
    assert low <= drawn.min() < low + 0.02 * (high - low) + entry.whole
    assert high >= drawn.max() > high - 0.02 * (high - low) - entry.whole
    assert drawn.mean() == pytest.approx((low + high) / 2, abs=0.03 * (high - low))
    if entry.whole:
        assert set(drawn.tolist()) == set(range(low, high + 1))


def test_eight_versions_and_no_more():
    printed = ledger.claims()["augment-label-preserved"].expected
    expected = {np.rot90(start, turns).tobytes() for start in (IMAGE.numpy(), IMAGE.numpy()[:, ::-1])
                for turns in range(4)}
    versions = augment.flips_and_turns(IMAGE)
    assert {version.numpy().tobytes() for version in versions} == expected
    assert len(versions) == len(augment.flips_and_turns(WIDE)) == printed["distinct_versions_flip_rot90"]
    more = [augment.flip_up_down(augment.rotate(version, 90)) for version in versions]
    assert all(any(torch.equal(one, other) for other in versions) for one in more)
    assert len(augment.flips_and_turns(torch.ones(4, 4))) == 1


def test_random_batches_are_seeded_and_differ_from_image_to_image():
    names = list(augment.AUGMENTATIONS)
    same = BATCH[:1].expand(6, -1, -1, -1)
    draw = lambda seed: augment.random_batch(same, names, torch.Generator().manual_seed(seed))        # noqa: E731
    assert torch.equal(draw(1), draw(1)) and not torch.equal(draw(1), draw(2))
    assert draw(1).shape == same.shape and draw(1).dtype == same.dtype
    assert all(not torch.equal(one, other) for one, other in zip(draw(1), draw(1)[1:], strict=False))
    assert torch.equal(augment.random_batch(BATCH, []), BATCH)


def test_random_flips_give_each_version_equally_often():
    image = torch.arange(4.0).reshape(1, 1, 2, 2).expand(4000, 1, 2, 2)
    flipped = augment.random_batch(image, FLIPS, torch.Generator().manual_seed(0)).flatten(1)
    versions, counts = flipped.unique(dim=0, return_counts=True)
    assert sorted(versions.tolist()) == [[0, 1, 2, 3], [1, 0, 3, 2], [2, 3, 0, 1], [3, 2, 1, 0]]
    assert counts.min() > 900


@pytest.mark.parametrize("names", [IN_HU, ["rotation", "HU offset"], ["shift", "flip up-down"]])
def test_images_that_are_not_in_hu_are_changed_as_if_they_were(names):
    seeded = lambda: torch.Generator().manual_seed(8)                                                 # noqa: E731
    expected = (augment.random_batch(BATCH.double(), names, seeded()) + 1000) / 500
    given = augment.random_batch((BATCH.double() + 1000) / 500, names, seeded(), air=0.0, per_hu=1 / 500)
    np.testing.assert_allclose(given, expected, atol=1e-6)


def test_training_with_augmentation_repeats_itself():
    def trained():
        torch.manual_seed(0)
        model = nn.Sequential(nn.Flatten(), nn.Linear(512, 1))
        history = train.fit(model, BATCH / 1000, torch.tensor([0.0, 1, 0, 1, 0]), loss=nn.BCEWithLogitsLoss(), epochs=2,
                            learning_rate=0.01, batch_size=2, augment=lambda batch: augment.random_batch(
                                batch, ["rotation", "noise"], air=-1, per_hu=0.001))
        return list(history.training_loss)

    assert trained() == trained()


@pytest.mark.parametrize("name", augment.AUGMENTATIONS)
def test_image_and_masks_change_together(name):
    centres = np.array([[16, 20], [25, 12], [20, 28]]).T[..., None, None]
    mask = torch.tensor(np.hypot(*(np.indices((40, 40))[:, None] - centres)) < 7)[:, None]
    strength = 25 if name == "cutout" else STRONG[name]
    image, moved = augment.together(name, strength, torch.where(mask, 400.0, -1000.0), mask, seed=3)
    if name in IN_HU:
        assert torch.equal(moved, mask)
    else:
        assert ((image > -300) == moved).double().mean() > 0.99      # a rim between both rounds either way
        assert not torch.equal(moved, mask)


def test_every_change_has_a_reason_in_every_task():
    kinds = {entry.kind for entry in augment.AUGMENTATIONS.values()}
    for reasons in augment.TASKS.values():
        assert set(reasons) == kinds
        assert all(2 < len(reason.split()) < 20 and isinstance(keeps, bool) for keeps, reason in reasons.values())


@pytest.mark.parametrize("task, broken", [
    ("nodule or none", {"cutout"}), ("which side is the nodule", {*FLIPS, "cutout"}),
    ("situs (is the heart on the left?)", {*FLIPS, "cutout"}), ("nodule size", {"zoom", "cutout"}),
    ("emphysema by lung density (HU)", {"HU scaling", "HU offset", "gamma", "cutout"})])
def test_verdicts(task, broken):
    assert {name for name, verdict in augment.keeps(task).items() if not verdict.keeps} == broken


def test_mean_lung_density_of_real_slices_tells_which_changes_it_survives():
    cohort = data.load_cohort(64, "density").take(slice(0, 120, 10))
    lungs = cohort.labels == cohort.label_names.index("lungs")
    verdicts = augment.keeps("emphysema by lung density (HU)")
    for name, strength in (("HU scaling", 1.1), ("HU offset", 40), ("gamma", 0.8), ("noise", 50), ("flip up-down", 1)):
        changed, moved = augment.together(name, strength, torch.tensor(cohort.hu), torch.tensor(lungs))
        moves = [abs(float(after[inside].mean()) - before[was].mean()) for after, inside, before, was in
                 zip(changed, moved, cohort.hu, lungs, strict=True)]
        assert max(moves) < 12.5 if verdicts[name].keeps else min(moves) > 12.5, (name, moves)


@pytest.mark.parametrize("call, words", [
    (lambda: augment.keeps("liver or none"), "There is no task 'liver or none'"),
    (lambda: augment.random_batch(BATCH, ["blur"]), "There is no augmentation 'blur'"),
    (lambda: augment.together("blur", 1, IMAGE), "There is no augmentation 'blur'"),
    (lambda: augment.random_batch(BATCH[0], FLIPS), r"float tensor \(N, C, H, W\)"),
    (lambda: augment.random_batch(BATCH.long(), FLIPS), "not torch.int64"),
    (lambda: augment.zoom(IMAGE, 0), "factor above 0"), (lambda: augment.gamma(IMAGE, -1), "exponent above 0"),
    (lambda: augment.shift(IMAGE, 1.5), "whole pixels"),
    (lambda: augment.flip_up_down(torch.ones(3)), "rows and columns"),
    (lambda: augment.offset_hu(BATCH, torch.ones(3)), "3 strengths for 5 images")])
def test_bad_input_gets_one_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()

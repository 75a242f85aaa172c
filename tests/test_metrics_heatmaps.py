"""Pointing game, energy, chance and rank correlation: by hand, by counting, and as SciPy has it."""
import numpy as np
import pytest
from scipy.stats import spearmanr

from helpers import metrics

EITHER = pytest.mark.parametrize("measure", [metrics.pointing_game, metrics.energy_in_mask])


def mask(*pixels, size=(6, 8)):
    wanted = np.zeros((1, *size), bool)
    for row, column in pixels:
        wanted[0, row, column] = True
    return wanted


def spike(row, column, size=(6, 8)):
    return mask((row, column), size=size).astype(float)


def test_a_hit_is_a_highest_pixel_on_the_mask_or_close_to_it():
    wanted = mask((2, 3), (2, 4))
    distances = {(2, 3): 0, (2, 5): 1, (3, 5): np.sqrt(2), (4, 4): 2, (4, 5): np.sqrt(5), (0, 7): np.sqrt(13)}
    for (row, column), distance in distances.items():
        for margin in (0, 1, 1.5, 2, 3, 4):
            assert metrics.pointing_game(spike(row, column), wanted, margin)[0] == (distance <= margin)


def test_only_the_highest_pixel_counts_whatever_its_sign():
    scan = np.random.default_rng(0).normal(size=(1, 6, 8)) - 100
    scan[0, 2, 3] = -50
    assert metrics.pointing_game(scan, mask((2, 3)), 0) == 1 and metrics.pointing_game(scan, mask((5, 3)), 2) == 0


def test_equal_highest_pixels_share_the_hit():
    scan = spike(2, 3) + spike(2, 4) + spike(5, 0)
    np.testing.assert_allclose(metrics.pointing_game(scan, mask((2, 3)), 0), [1 / 3])
    np.testing.assert_allclose(metrics.pointing_game(scan, mask((2, 3)), 1), [2 / 3])


@EITHER
def test_an_even_map_gets_what_chance_gets(measure):
    wanted = mask((2, 3), (2, 4), (0, 0))
    for margin in (0, 1, 2):
        np.testing.assert_allclose(measure(np.ones((1, 6, 8)), wanted, margin), metrics.chance_level(wanted, margin))


@pytest.mark.parametrize("margin", [0, 1, 2, 3])
def test_chance_is_the_mean_over_all_places_a_map_might_point_at(margin):
    generator = np.random.default_rng(margin)
    wanted = generator.random((1, 6, 8)) < 0.05
    wanted[0, 1, 1] = True
    hits = [metrics.pointing_game(spike(row, column), wanted, margin)[0] for row, column in np.ndindex(6, 8)]
    np.testing.assert_allclose(metrics.chance_level(wanted, margin), [np.mean(hits)])
    within = generator.random((1, 6, 8)) < 0.5
    np.testing.assert_allclose(metrics.chance_level(wanted, margin, within),
                               [np.mean(np.array(hits).reshape(6, 8)[within[0]])])


def test_energy_by_hand():
    scan = np.array([[[3.0, 1.0, -5.0, 0.0], [0.0, 0.0, 4.0, 0.0]]])
    wanted = mask((0, 0), size=(2, 4))
    found = [metrics.energy_in_mask(scan, wanted, margin)[0] for margin in (0, 1, 2, 2.5)]
    np.testing.assert_allclose(found, [3 / 8, 4 / 8, 4 / 8, 1])          # what lies below 0 counts for nothing


def test_images_are_judged_one_by_one():
    generator = np.random.default_rng(1)
    maps, masks = generator.random((5, 6, 8)), generator.random((5, 6, 8)) < 0.2
    masks[2] = False
    maps[3] *= 1000
    for measure in (metrics.pointing_game, metrics.energy_in_mask):
        together = measure(maps, masks, 1)
        alone = [measure(maps[k:k + 1], masks[k:k + 1], 1)[0] for k in range(5)]
        np.testing.assert_array_equal(together, alone)
        assert np.isnan(together[2]) and np.isfinite(np.delete(together, 2)).all()
    assert np.isnan(metrics.chance_level(masks)[2])


@EITHER
def test_the_scale_of_a_map_does_not_matter(measure):
    generator = np.random.default_rng(2)
    maps, masks = generator.normal(size=(4, 6, 8)), generator.random((4, 6, 8)) < 0.2
    np.testing.assert_allclose(measure(maps, masks, 1), measure(1e-6 * maps, masks, 1))


def test_nothing_to_share_is_no_number():
    wanted = mask((2, 3))
    assert np.isnan(metrics.energy_in_mask(-np.ones((1, 6, 8)), wanted))
    assert np.isnan(metrics.chance_level(wanted, within=np.zeros((1, 6, 8), bool)))
    for measure in (metrics.pointing_game, metrics.energy_in_mask):
        assert measure(np.zeros((0, 6, 8)), np.zeros((0, 6, 8), bool)).shape == (0,)
    assert metrics.chance_level(np.zeros((0, 6, 8), bool)).shape == (0,)
    assert metrics.rank_correlation(np.zeros((0, 6, 8)), np.zeros((0, 6, 8))).shape == (0,)


@pytest.mark.parametrize("ties", [False, True])
def test_rank_correlation_is_that_of_scipy(ties):
    generator = np.random.default_rng(3)
    first, second = generator.normal(size=(2, 4, 6, 8))
    second += first
    if ties:                                                             # as behind a ReLU
        first, second = first.clip(0), second.round()
    expected = [spearmanr(*pair).statistic for pair in zip(first.reshape(4, -1), second.reshape(4, -1), strict=True)]
    np.testing.assert_allclose(metrics.rank_correlation(first, second), expected, atol=1e-12)
    np.testing.assert_allclose(metrics.rank_correlation(first, np.exp(first)), 1)
    np.testing.assert_allclose(metrics.rank_correlation(first, -first), -1)


def test_a_map_without_order_has_no_rank_correlation():
    values = np.stack([np.ones((6, 8)), np.arange(48.0).reshape(6, 8)])
    found = metrics.rank_correlation(values, values)
    assert np.isnan(found[0]) and found[1] == pytest.approx(1)


@EITHER
def test_other_shapes_and_numbers_are_refused(measure):
    maps, masks = np.ones((2, 6, 8)), np.ones((2, 6, 8), bool)
    for wrong, match in [((maps[0], masks[0]), "finite numbers of shape"), ((maps, masks[:1]), "masks must be bool"),
                         ((maps, masks.astype(int)), "masks must be bool"), ((maps * np.nan, masks), "finite numbers"),
                         ((maps.astype(str), masks), "finite numbers"), ((maps, masks, -1), "margin must be"),
                         ((maps, masks, float("nan")), "margin must be")]:
        with pytest.raises(ValueError, match=match):
            measure(*wrong)
    with pytest.raises(ValueError, match="same shape"):
        metrics.rank_correlation(maps, maps[:, :5])
    with pytest.raises(ValueError, match="masks must be bool"):
        metrics.chance_level(maps)

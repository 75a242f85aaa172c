"""Virtual brains: the template where nothing is bent, labels that follow the signal, the same brain every time."""
import nibabel
import numpy as np
import pytest
from scipy import ndimage

from helpers import data
from helpers.data import brains as store
from helpers.data import scans

MADE = data.deformed_brains(6)


class Still:
    """A random generator without chance: nothing is turned, bent, shaded or noisy."""

    def uniform(self, low, high, size=None):
        middle = {(-2, 2): 0.0, (0.92, 1.08): 1.0, (0.8, 1.3): 1.0, (0.02, 0.05): 0.0}[low, high]
        return middle if size is None else np.full(size, middle)

    def normal(self, mean=0.0, spread=1.0, size=None):
        return np.full(size, mean, float)


def test_shapes_and_names():
    assert MADE.signal.shape == MADE.labels.shape == (24, 104, 88) and MADE.brains.tolist() == sorted(MADE.brains)
    assert MADE.signal.dtype == np.float32 and MADE.labels.dtype == np.uint8
    assert set(np.unique(MADE.labels)) == {0, 1, 2}
    assert MADE.label_names == ("neither", "grey matter", "white matter") and MADE.spacing == (2.0, 2.0)
    assert "24 slices of 6 virtual brains; one brain" in repr(MADE) and np.isfinite(MADE.signal).all()
    assert len(MADE.take(MADE.brains == 2)) == 4


def test_unbent_it_is_the_template_of_load_brain_and_its_maps():
    maps = np.stack([scans.template(kind) for kind in ("t1", "gm", "wm")])
    signal, labels = store._bent(maps, Still(), np.array([40, 50]))
    brain = data.load_brain()
    np.testing.assert_allclose(signal, brain.values[[40, 50]][:, store.ROWS, store.COLUMNS], atol=1e-6)
    for kind, number in (("gm", 1), ("wm", 2)):
        stored = np.asarray(nibabel.load(data.brain_file(kind)).dataobj, dtype=float) / 255
        fine = stored[::-1, ::-1].transpose(2, 1, 0)
        for level, row, column in ((0, 30, 40), (0, 70, 20), (1, 50, 44)):
            z, y, x = 2 * (40, 50)[level], 2 * (row + 4), 2 * (column + 5)
            share = fine[z:z + 2, y:y + 2, x:x + 2].mean()
            assert maps[number, (40, 50)[level], row + 4, column + 5] == pytest.approx(share, abs=1e-6)
            if share > 0.6:
                assert labels[level, row, column] == number
    assert (labels == 2).sum() > 1000 and (labels == 1).sum() > 1000


def test_grey_matter_is_darker_than_white_and_both_lie_in_the_brain():
    for brain in range(6):
        part = MADE.take(MADE.brains == brain)
        nothing, grey, white = (np.median(part.signal[part.labels == number]) for number in range(3))
        assert nothing < grey < white
        assert 0.3 < (part.labels > 0).mean() < 0.6


def test_the_brain_fits_into_the_picture():
    many = data.deformed_brains(30, levels=(42,))
    edge = np.ones((104, 88), bool)
    edge[1:-1, 1:-1] = False
    assert (many.labels[:, edge] > 0).mean() < 0.002


def test_the_same_number_gives_the_same_brain_and_another_another():
    again = data.deformed_brains(2)
    np.testing.assert_array_equal(again.signal, MADE.signal[:8])
    overlap = [(MADE.labels[4 * k:4 * k + 4] == MADE.labels[:4]).mean() for k in range(6)]
    assert overlap[0] == 1 and max(overlap[1:]) < 0.85


def test_bends_are_smooth_and_as_large_as_they_say():
    shape, places = np.array([94, 116, 98]), np.stack(np.meshgrid([50], np.arange(116), np.arange(98), indexing="ij"))
    fields = [store._smooth(np.random.default_rng(seed), places, shape)[0] for seed in range(40)]
    assert 0.5 < np.std(fields) < 1.0 and abs(np.mean(fields)) < 0.1           # between knots a field is smaller
    steps = np.abs(np.diff(fields, axis=1))
    assert steps.max() < 0.8 and np.mean(steps) < 0.15


def test_noise_is_that_of_magnitude_images():
    """Outside of the head the magnitude of two noises is left: a Rayleigh distribution, mean 1.25, spread 0.66."""
    outside = ndimage.binary_erosion(MADE.labels[0] == 0, iterations=3) & (np.arange(104)[:, None] > 98)
    values = MADE.signal[0][outside]
    assert values.min() >= 0 and values.mean() / values.std() == pytest.approx(1.91, abs=0.25)


@pytest.mark.parametrize("given", [dict(count=0), dict(levels=()), dict(levels=(94,)), dict(levels=(-1,))])
def test_brains_that_cannot_be_made_are_refused(given):
    with pytest.raises(ValueError, match="count from 1 up and levels from 0 to 93"):
        data.deformed_brains(**given)

"""The rules of nnU-Net: configurations that its authors published, and each rule by hand."""
import numpy as np
import pytest

from helpers import data, models
from helpers.models import planning as rules

# Target spacing, median shape, training scans; and the published 3-D configuration: patch, poolings, batch.
# Isensee et al. 2021, supplementary note 6, datasets D1 to D9 (Medical Segmentation Decathlon).
PUBLISHED = {
    "D1 brain tumours": ((1, 1, 1), (138, 170, 138), 484, (128, 128, 128), (5, 5, 5), 2),
    "D2 heart": ((1.37, 1.25, 1.25), (115, 320, 232), 20, (80, 192, 160), (4, 5, 5), 2),
    "D3 liver": ((1, 0.77, 0.77), (482, 512, 512), 131, (128, 128, 128), (5, 5, 5), 2),
    "D4 hippocampus": ((1, 1, 1), (36, 50, 35), 260, (40, 56, 40), (3, 3, 3), 9),
    "D5 prostate": ((3.6, 0.62, 0.62), (20, 320, 319), 32, (20, 320, 256), (2, 6, 6), 2),
    "D6 lung": ((1.24, 0.79, 0.79), (252, 512, 512), 63, (80, 192, 160), (4, 5, 5), 2),
    "D7 pancreas": ((2.5, 0.8, 0.8), (96, 512, 512), 282, (40, 224, 224), (3, 5, 5), 2),
    "D8 hepatic vessels": ((1.5, 0.8, 0.8), (150, 494, 494), 303, (64, 192, 192), (4, 5, 5), 2),
    "D9 spleen": ((1.6, 0.79, 0.79), (187, 512, 512), 41, (64, 192, 160), (4, 5, 5), 2)}


def planned(spacing, shape, count, **given):
    return models.plan([spacing] * count, [shape] * count, [-100.0, 100.0], **given)


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_configurations(name):
    spacing, shape, count, patch, poolings, batch = PUBLISHED[name]
    made = planned(spacing, shape, count, classes=3)
    assert (made.patch_size, made.poolings, made.batch_size) == (patch, poolings, batch)


def test_in_slices_the_hippocampus_fits_whole_and_5_percent_limit_the_batch():
    made = planned((1, 1, 1), (36, 50, 35), 260, dims=2, classes=3)
    assert made.patch_size == (56, 40) and made.poolings == (3, 3)
    assert made.batch_size == round(0.05 * 260 * 36 * 50 * 35 / (56 * 40))


@pytest.mark.parametrize("name", PUBLISHED)
@pytest.mark.parametrize("dims", [2, 3])
def test_what_every_plan_keeps(name, dims):
    spacing, shape, count, *_ = PUBLISHED[name]
    made = planned(spacing, shape, count, dims=dims)
    assert all(side % 2**times == 0 and side // 2**times >= rules.LEAST for side, times in
               zip(made.patch_size, made.poolings, strict=True))
    assert made.batch_size >= 2 and len(made.patch_size) == dims
    assert len(made.kernel_sizes) == 1 + max(made.poolings) and set(np.ravel(made.kernel_sizes)) <= {1, 3}
    steps = rules.halvings(made.spacing, made.patch_size)
    budget = rules.BUDGET[dims] / 2 * rules.BATCH[dims]
    assert rules.numbers(np.array(made.patch_size), steps, 6) <= budget


@pytest.mark.parametrize("gigabytes", [2, 4, 16, 48])
def test_more_memory_means_larger_patches_or_batches(gigabytes):
    usual, other = (planned((1, 0.77, 0.77), (482, 512, 512), 131, gigabytes=memory) for memory in (8, gigabytes))
    sizes = [np.prod(made.patch_size) * made.batch_size for made in (usual, other)]
    assert (sizes[1] > sizes[0]) == (gigabytes > 8) and sizes[0] != sizes[1]


def test_the_numbers_are_those_of_a_u_net_that_is_built():
    """Two levels, one number per map and pixel, counted by the table of a network of ours with as many channels."""
    network = models.UNet(1, 6, base=32, depth=2)
    rows = models.summary(network, (1, 16, 24))
    size = lambda shape: int(np.prod(shape))                                                            # noqa: E731
    blocks = sum(size(row.shape) for row in rows if row.type == "Conv2d" and not row.name.startswith("ups"))
    larger = sum(size(row.shape) for row in rows if row.type == "Upsample")
    assert rules.numbers((16, 24), np.ones((2, 2), bool), 6) == blocks + larger


def test_thick_slices_are_halved_last_and_seen_by_flat_kernels():
    made = planned((3.6, 0.62, 0.62), (20, 320, 319), 32)
    assert rules.halvings(made.spacing, made.patch_size)[:, 0].tolist() == [False, False, True, True, False, False]
    assert made.kernel_sizes[:3] == ((1, 3, 3), (1, 3, 3), (3, 3, 3)) and made.kernel_sizes[-1] == (3, 3, 3)


def test_the_target_spacing_is_the_median_unless_slices_are_thick_and_few():
    shapes = [(100, 100, 100)] * 5
    assert planned((1, 2, 1), (100, 100, 100), 5).spacing == (1, 2, 1)
    mixed = np.array([(1, 1, 1), (2, 1, 1), (2.5, 1, 1), (2, 3, 1), (9, 1, 1)], float)
    assert rules.target_spacing(mixed, np.array(shapes)).tolist() == [2, 1, 1]
    heart = np.array([(5.0, 1.5, 1.5), (10, 1.4, 1.4), (10, 1.6, 1.6), (10, 1.5, 1.5)])
    few = np.array([(10, 250, 200)] * 4)
    expected = np.percentile([5.0, 10, 10, 10], 10)
    assert rules.target_spacing(heart, few).tolist() == [pytest.approx(expected), 1.5, 1.5]
    assert rules.target_spacing(heart, np.array([(90, 250, 200)] * 4)).tolist() == [10, 1.5, 1.5]


def test_scans_of_other_spacing_count_with_their_size_after_resampling():
    made = models.plan([(1, 1, 1), (2, 2, 2), (1, 1, 1)], [(40, 80, 80), (40, 80, 80), (40, 80, 80)], [0.0])
    assert made.spacing == (1, 1, 1) and made.shape == (40, 80, 80)
    made = models.plan([(1, 1, 1), (2, 2, 2), (2, 2, 2)], [(40, 80, 80), (20, 40, 40), (20, 40, 40)], [0.0])
    assert made.shape == (20, 40, 40)


def test_normalisation_is_that_of_the_voxels_in_organs():
    values = np.random.default_rng(0).normal(40, 70, 5000)
    made = models.plan([(1, 1, 1)], [(64, 64, 64)], values)
    assert (made.mean, made.sd) == pytest.approx((values.mean(), values.std()))
    assert made.clip == pytest.approx(np.quantile(values, [0.005, 0.995]))


def test_the_plan_of_our_cohort_is_a_table():
    cohort = data.load_cohort(64)
    patients = np.unique(cohort.patients)
    gaps = [np.diff(np.sort(cohort.z[cohort.patients == patient])).mean() for patient in patients]
    made = models.plan([(gap, *cohort.spacing) for gap in gaps], [(8, 64, 64)] * len(patients),
                       cohort.hu[cohort.labels > 0], dims=2)
    assert made.patch_size == (64, 64) and made.poolings == (4, 4) and made.spacing == cohort.spacing
    rows = made.decisions
    assert [row.decision for row in rows][:3] == ["target spacing", "median shape", "patch size"]
    assert rows[0].value == "6.09 × 6.09 mm" and "64 × 64" in repr(rows) and "HU" in rows._repr_html_()


@pytest.mark.parametrize("given, words", [
    (dict(spacings=[(1, 1)]), r"\(N, 3\), not \(1, 2\) and \(1, 3\)"), (dict(spacings=[], shapes=[]), r"\(N, 3\)"),
    (dict(shapes=[(9, 9, 9)] * 2), r"not \(1, 3\) and \(2, 3\)"), (dict(spacings=[(1, 0, 1)]), "above 0 mm"),
    (dict(shapes=[(0, 9, 9)]), "at least 1 voxel"), (dict(foreground=[]), "at least one"),
    (dict(foreground=[np.nan]), "finite"), (dict(dims=1), "dims must be 2 or 3"),
    (dict(gigabytes=0), "above 0, not 3 and 0"),
])
def test_bad_input_gets_one_sentence(given, words):
    with pytest.raises(ValueError, match=words):
        models.plan(**(dict(spacings=[(1, 1, 1)], shapes=[(64, 64, 64)], foreground=[0.0]) | given))

"""Overlap and surfaces of masks: against scikit-learn, scikit-image, SciPy, brute force, closed forms, the ledger."""
import math
from itertools import product

import numpy as np
import pytest
from scipy import ndimage
from scipy.spatial.distance import cdist, directed_hausdorff
from skimage import draw, morphology
from skimage.metrics import hausdorff_distance
from sklearn.metrics import f1_score, jaccard_score

from helpers import ledger, metrics

OVERLAPS = [metrics.dice, metrics.iou, metrics.boundary_iou]
SPACINGS = {2: (3.0, 0.7), 3: (5.0, 1.3, 0.8)}


def blobs(count=6, sides=(24, 30), seed=0):
    """Pairs of irregular masks that overlap, some of them touching the edge of the image."""
    draw_ = np.random.default_rng(seed)
    fields = ndimage.gaussian_filter(draw_.normal(size=(2, count, *sides)), (0, 0, *[3] * len(sides)))
    fields[1] += 1.5 * fields[0]                                               # related, so that they overlap
    axes = tuple(range(2, fields.ndim))                                        # every scan has its three tenths
    return tuple(fields > np.quantile(fields, 0.7, axes, keepdims=True))


def far(measure):
    """A measure of surfaces with its settings filled in."""
    settings = {"surface_dice": dict(tolerance=1.0)}.get(measure.__name__, {})
    return lambda target, pred: measure(target, pred, SPACINGS[target.ndim - 1], **settings)


SURFACES = [metrics.hausdorff, metrics.average_surface_distance, metrics.surface_dice]
ALL = [*OVERLAPS, *map(far, SURFACES)]


def surface_points(mask, spacing):
    """Centres in mm of the pixels with a neighbour outside, found one by one."""
    frame, places = np.pad(mask, 1), []
    for place in np.argwhere(frame):
        steps = [np.eye(mask.ndim, dtype=int)[axis] * way for axis in range(mask.ndim) for way in (-1, 1)]
        if not all(frame[tuple(place + step)] for step in steps):
            places.append((place - 1) * np.array(spacing))
    return np.array(places)


def both_ways(target, pred, spacing):
    table = cdist(surface_points(target, spacing), surface_points(pred, spacing))
    return table.min(1), table.min(0)


def test_overlap_agrees_with_scikit_learn():
    target, pred = blobs()
    flat = [(truth.ravel(), drawn.ravel()) for truth, drawn in zip(target, pred, strict=True)]
    np.testing.assert_allclose(metrics.dice(target, pred), [f1_score(*pair) for pair in flat])
    np.testing.assert_allclose(metrics.iou(target, pred), [jaccard_score(*pair) for pair in flat])


def test_dice_and_iou_are_one_number_in_two_forms():
    target, pred = blobs(sides=(5, 12, 9))
    iou = metrics.iou(target, pred)
    np.testing.assert_allclose(metrics.dice(target, pred), 2 * iou / (1 + iou))
    assert (iou > 0).all() and (iou < 1).all()


def test_the_masks_of_the_ledger():
    claim = ledger.claims()["iou-formula"]
    target, pred = (np.array([claim.inputs[name]], bool) for name in ("target", "prediction"))
    assert metrics.iou(target, pred) == pytest.approx(claim.expected["iou"])
    assert metrics.dice(target, pred) == pytest.approx(claim.expected["dice"])


def test_the_mean_of_masks_is_not_that_of_all_pixels():
    claim = ledger.claims()["iou-averaging-levels"]
    target, pred = np.zeros((2, 2, 60), bool)
    for row, sizes in enumerate(claim.inputs["masks"]):
        target[row, :sizes["union"]], pred[row, :sizes["inter"]] = True, True
    values = metrics.iou(target[:, None], pred[:, None])
    assert values == pytest.approx(claim.expected["per_mask"])
    assert values.mean() == pytest.approx(claim.expected["mean_of_masks"])
    assert metrics.iou(target[None], pred[None]) == pytest.approx(claim.expected["pooled"])


@pytest.mark.parametrize("width", [1, 2, 3, 40])
def test_boundary_iou_erodes_as_scikit_image_does(width):
    target, pred = blobs()
    rims = []
    for masks in (target, pred):
        eroded = masks
        for _ in range(width):
            eroded = np.stack([morphology.erosion(np.pad(mask, 1), np.ones((3, 3)))[1:-1, 1:-1] for mask in eroded])
        rims.append(masks & ~eroded)
    np.testing.assert_allclose(metrics.boundary_iou(target, pred, width), metrics.iou(*rims))
    if width == 40:
        np.testing.assert_allclose(metrics.boundary_iou(target, pred, width), metrics.iou(target, pred))


def test_boundary_iou_of_two_squares_by_hand():
    """The rims of two 10 × 10 squares, one shifted by 2: 36 pixels each, of which 2 × 8 coincide."""
    square = np.zeros((1, 20, 20), bool)
    square[0, 4:14, 4:14] = True
    assert metrics.boundary_iou(square, np.roll(square, 2, 2)) == pytest.approx(16 / 56)
    assert metrics.iou(square, np.roll(square, 2, 2)) == pytest.approx(80 / 120)


def test_large_insides_do_not_count_for_boundaries():
    size = np.arange(3, 40, 4)
    wide = [np.pad(np.ones((1, side, side), bool), ((0, 0), (1, 1), (1, 1))) for side in size]
    overlap, edges = ([measure(mask, np.roll(mask, 1, 1))[0] for mask in wide]
                      for measure in (metrics.iou, metrics.boundary_iou))
    assert (np.diff(overlap) > 0).all() and max(edges) < 0.5 < overlap[-1]


@pytest.mark.parametrize("sides", [(24, 30), (7, 10, 12)])
@pytest.mark.parametrize("percent", [100, 95, 50, 0])
def test_hausdorff_agrees_with_brute_force(sides, percent):
    target, pred = blobs(sides=sides)
    spacing = SPACINGS[len(sides)]
    expected = [max(np.percentile(way, percent) for way in both_ways(*pair, spacing))
                for pair in zip(target, pred, strict=True)]
    np.testing.assert_allclose(metrics.hausdorff(target, pred, spacing, percent), expected)


def test_hausdorff_agrees_with_scikit_image_and_scipy():
    target, pred = blobs()
    for truth, drawn in zip(target, pred, strict=True):
        edges = [mask & ~ndimage.binary_erosion(mask) for mask in (truth, drawn)]
        one, other = (np.argwhere(edge) * SPACINGS[2] for edge in edges)
        expected = max(directed_hausdorff(one, other)[0], directed_hausdorff(other, one)[0])
        assert metrics.hausdorff(truth[None], drawn[None], SPACINGS[2])[0] == pytest.approx(expected)
        assert metrics.hausdorff(truth[None], drawn[None], (1, 1))[0] == pytest.approx(hausdorff_distance(*edges))


@pytest.mark.parametrize("sides", [(24, 30), (7, 10, 12)])
def test_mean_and_share_of_surfaces_agree_with_brute_force(sides):
    target, pred = blobs(sides=sides)
    spacing = SPACINGS[len(sides)]
    ways = [np.concatenate(both_ways(*pair, spacing)) for pair in zip(target, pred, strict=True)]
    np.testing.assert_allclose(metrics.average_surface_distance(target, pred, spacing), [way.mean() for way in ways])
    for tolerance in (0, 0.7, 1.4, 100):                                       # 0.7 and 1.4: distances that occur
        np.testing.assert_allclose(metrics.surface_dice(target, pred, spacing, tolerance),
                                   [(way <= tolerance + 1e-9).mean() for way in ways])


@pytest.mark.parametrize("axis, shift", list(product((0, 1, 2), (1, 3))))
def test_a_shifted_box_is_as_far_away_as_it_was_shifted(axis, shift):
    box = np.zeros((1, 16, 16, 16), bool)
    box[0, 4:10, 4:10, 4:10] = True
    moved = np.roll(box, shift, 1 + axis)
    assert metrics.hausdorff(box, moved, SPACINGS[3]) == pytest.approx(shift * SPACINGS[3][axis])
    assert metrics.surface_dice(box, moved, SPACINGS[3], shift * SPACINGS[3][axis]) == 1


def test_circles_in_closed_form():
    """Concentric discs: every distance is the difference of the radii, up to a pixel's diagonal."""
    inner, outer = np.zeros((2, 1, 200, 200), bool)
    inner[0][draw.disk((100, 100), 40)], outer[0][draw.disk((100, 100), 60)] = True, True
    for measure in (metrics.hausdorff, metrics.average_surface_distance):
        assert measure(inner, outer, (0.5, 0.5))[0] == pytest.approx(10, abs=0.5)
    assert metrics.surface_dice(inner, outer, (0.5, 0.5), 11)[0] == 1 and metrics.dice(inner, outer)[0] < 0.7
    assert metrics.surface_dice(inner, outer, (0.5, 0.5), 9)[0] == 0


def test_one_stray_pixel_counts_for_100_percent_and_not_for_95():
    target = np.zeros((1, 60, 60), bool)
    target[0, 10:30, 10:30] = True
    pred = target.copy()
    pred[0, 50, 20] = True                                                     # 21 rows below
    assert metrics.hausdorff(target, pred, (2.0, 1.0)) == 42 and metrics.hausdorff(target, pred, (2.0, 1.0), 95) == 0
    assert metrics.dice(target, pred) > 0.99


@pytest.mark.parametrize("measure, one_empty", [
    *((measure, 0) for measure in OVERLAPS), (far(metrics.surface_dice), 0), (far(metrics.hausdorff), math.inf),
    (far(metrics.average_surface_distance), math.inf)])
@pytest.mark.parametrize("sides", [(4, 5), (3, 4, 5)])
def test_empty_masks(measure, one_empty, sides):
    none, some = np.zeros((1, *sides), bool), np.zeros((1, *sides), bool)
    some[0, 1:3, 1:3] = True
    assert np.isnan(measure(none, none)).all()
    assert measure(some, none) == measure(none, some) == one_empty
    assert measure(none[:0], none[:0]).shape == (0,)
    mixed = measure(np.concatenate([none, some, some]), np.concatenate([none, none, some]))
    assert np.isnan(mixed[0]) and mixed[1] == one_empty and mixed[2] == (0 if one_empty else 1)


@pytest.mark.parametrize("measure", ALL)
def test_the_order_of_the_masks_does_not_matter_and_scans_are_alone(measure):
    target, pred = blobs(sides=(7, 10, 12))
    values = measure(target, pred)
    np.testing.assert_allclose(measure(pred, target), values)
    np.testing.assert_allclose([measure(target[[row]], pred[[row]])[0] for row in range(len(target))], values)


def test_masks_that_fill_the_image_have_their_surface_at_its_edge():
    full = np.ones((1, 5, 6), bool)
    smaller = full.copy()
    smaller[0, 0] = False
    assert metrics.hausdorff(full, smaller, (2.0, 1.0)) == 2
    assert metrics.boundary_iou(full, full) == 1 and metrics.surface_dice(full, full, (1, 1), 0) == 1


def test_what_is_shifted_in_a_larger_image_is_measured_the_same():
    target, pred = blobs(3)
    wide = [np.pad(mask, ((0, 0), (9, 4), (2, 13))) for mask in (target, pred)]
    for measure in ALL:
        np.testing.assert_allclose(measure(*wide), measure(target, pred))


def test_per_patient_stacks_the_slices_of_a_patient():
    draw_ = np.random.default_rng(3)
    target, pred = draw_.integers(0, 3, (2, 7, 6, 5))
    patients = np.array([4, 2, 4, 9, 2, 4, 9])
    known, values = metrics.per_patient(metrics.dice, target, pred, patients, [1, 2])
    assert known.tolist() == [2, 4, 9] and values.shape == (3, 2)
    for row, patient in enumerate(known):
        for column, number in enumerate((1, 2)):
            t, p = ((labels[patients == patient] == number).ravel() for labels in (target, pred))
            assert values[row, column] == pytest.approx(f1_score(t, p))


def test_per_patient_is_not_the_mean_over_slices():
    """A slice full of liver drawn well, one with a single pixel of it missed: 0.99 for the patient, 0.5 on average."""
    target = np.zeros((2, 10, 10), int)
    target[0], target[1, 0, 0] = 1, 1
    pred = target.copy()
    pred[1] = 0
    _, values = metrics.per_patient(metrics.dice, target, pred, [1, 1], [1])
    assert values.item() == pytest.approx(200 / 201)
    assert metrics.dice(target == 1, pred == 1).mean() == 0.5


def test_an_organ_that_a_patient_does_not_have_is_no_number():
    target = np.zeros((2, 4, 4), int)
    target[1] = 1
    _, values = metrics.per_patient(metrics.dice, target, target, [1, 2], [1])
    assert np.isnan(values[0, 0]) and values[1, 0] == 1
    none, empty = metrics.per_patient(metrics.dice, target[:0], target[:0], [], [1, 2])
    assert len(none) == 0 and empty.shape == (0, 2)


MASK = np.zeros((1, 4, 4), bool)


@pytest.mark.parametrize("call, words", [
    (lambda: metrics.dice(MASK.astype(int), MASK), "target must be a bool mask, not int64: choose one organ"),
    (lambda: metrics.iou(MASK, MASK.astype(float)), "pred must be a bool mask, not float64: compare probabilities"),
    (lambda: metrics.dice(MASK[0], MASK[0]), r"not \(4, 4\): write mask\[None\]"),
    (lambda: metrics.dice(MASK, MASK[:, :3]), r"target has shape \(1, 4, 4\) and pred has shape \(1, 3, 4\)"),
    (lambda: metrics.boundary_iou(MASK, MASK, 0), "whole number from 1 up, not 0"),
    (lambda: metrics.boundary_iou(MASK, MASK, 1.5), "not 1.5"),
    (lambda: metrics.hausdorff(MASK, MASK, (1, 1, 1)), "each of the 2 axes"),
    (lambda: metrics.hausdorff(MASK, MASK, 1.0), r"not \(1.0,\)"),
    (lambda: metrics.average_surface_distance(MASK, MASK, (1, 0)), "mm between neighbours"),
    (lambda: metrics.surface_dice(MASK, MASK, (1, math.nan), 1), "mm between neighbours"),
    (lambda: metrics.hausdorff(MASK, MASK, (1, 1), 101), "between 0 and 100, not 101"),
    (lambda: metrics.surface_dice(MASK, MASK, (1, 1), -1), "0 mm or more, and finite, not -1"),
    (lambda: metrics.per_patient(metrics.dice, MASK, MASK, [1, 2], [1]), "1 and 1 slices but 2 entries of patients"),
])
def test_bad_input_gets_one_sentence(call, words):
    with pytest.raises(ValueError, match=words) as caught:
        call()
    assert str(caught.value).endswith(".") and "\n" not in str(caught.value)

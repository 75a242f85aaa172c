"""Lab 3: its references against oracles, the fairness of its cases, and what its detectors are scored on."""
import itertools
from pathlib import Path

import numpy as np
import pytest
import scipy.ndimage
import scipy.signal
import skimage.filters
import torch
from torch import nn
from torch.nn import functional

from helpers import check, conv, data, filters
from helpers.check.engine import judge
from helpers.check.lab03 import LAB, detectors, edges, nodules, shifts

GROUPS = list(detectors.HELD_OUT)
SOLUTION = Path(__file__).resolve().parent.parent / "labs/solutions/03_convolution.ipynb"


def exercise(name):
    return check.CHECKERS[name].exercise


def reference(name):
    return exercise(name).reference


def drawn(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


# references against oracles --------------------------------------------------------------------------------------

@pytest.mark.parametrize("size, cells", [((6, 9), (3, 3)), ((9, 6), (2, 4)), ((5, 5), (5, 5)), ((4, 7), (1, 2))])
def test_correlation_and_convolution_agree_with_scipy(size, cells):
    image, kernel = drawn(0, *size), drawn(1, *cells)
    for name, oracle in (("cross_correlate", scipy.signal.correlate2d), ("convolve", scipy.signal.convolve2d)):
        assert reference(name)(image, kernel) == pytest.approx(oracle(image, kernel, "valid"))


@pytest.mark.parametrize("width", [0, 1, 2, 4])
def test_frames_agree_with_numpy(width):
    image = drawn(2, 5, 7)
    assert np.array_equal(reference("pad")(image, width, "zeros"), np.pad(image, width))
    assert np.array_equal(reference("pad")(image, width, "reflect"), np.pad(image, width, mode="reflect"))


GEOMETRIES = list(itertools.product((1, 3, 4), (1, 2, 3), (0, 2), (1, 2)))


@pytest.mark.parametrize("kernel_size, stride, padding, dilation", GEOMETRIES)
def test_sizes_and_strides_agree_with_torch(kernel_size, stride, padding, dilation):
    image, kernel = drawn(3, 12, 9), drawn(4, kernel_size, kernel_size)
    layers = torch.tensor(image)[None, None], torch.tensor(kernel)[None, None]
    dilated = functional.conv2d(*layers, stride=stride, padding=padding, dilation=dilation)[0, 0]
    sizes = [reference("output_size")(size, kernel_size, stride, padding, dilation) for size in image.shape]
    assert tuple(sizes) == tuple(dilated.shape)
    strided = functional.conv2d(*layers, stride=stride, padding=padding)[0, 0].numpy()
    assert reference("strided")(image, kernel, stride, padding) == pytest.approx(strided)


@pytest.mark.parametrize("channels, out", [(1, 1), (3, 2), (2, 4)])
def test_the_layer_agrees_with_torch(channels, out):
    image, weights, bias = drawn(5, channels, 7, 6), drawn(6, out, channels, 3, 3), drawn(7, out)
    wanted = functional.conv2d(*map(torch.tensor, (image[None], weights, bias)))[0].numpy()
    assert reference("conv_layer")(image, weights, bias) == pytest.approx(wanted)


@pytest.mark.parametrize("size", [1, 3, 5])
def test_the_median_agrees_with_scipy_and_skimage(size):
    image = drawn(8, 8, 9)
    ours = reference("median_filter")(image, size)
    assert np.array_equal(ours, scipy.ndimage.median_filter(image, size, mode="mirror"))
    assert np.array_equal(ours, skimage.filters.median(image, np.ones((size, size)), mode="mirror"))


def test_costs_agree_with_torch():
    dense, layer = nn.Linear(5 * 6 * 3, 5 * 6 * 4), nn.Conv2d(3, 4, 3, padding=1)
    said = reference("layer_costs")(5, 6, 3, 4, 3)
    assert said["dense parameters"] == sum(one.numel() for one in dense.parameters())
    assert said["conv parameters"] == sum(one.numel() for one in layer.parameters())
    assert said["dense multiplications"] == dense.weight.numel()
    assert said["conv multiplications"] == layer.weight.numel() * layer(torch.zeros(1, 3, 5, 6))[0, 0].numel()


def test_only_the_border_the_stride_and_the_place_break_equivariance():
    image, error = drawn(9, 16, 16), reference("shift_error")
    filtered, every_second, numbered = (code.value for code in (shifts.FILTER, shifts.EVERY_SECOND, shifts.NUMBERED))
    assert error(image, filtered, (2, -1), 3) == 0
    assert error(image, filtered, (2, -1), 0) > 1
    assert error(image, every_second, (2, 2), 4) == 0
    assert error(image, every_second, (1, 0), 3) > 1
    assert error(image, numbered, (0, 1), 4) > 0.1


def test_the_operations_are_what_they_are_called():
    image = drawn(10, 8, 6)
    wanted = scipy.ndimage.correlate(image, np.tri(3), mode="constant")
    assert shifts.FILTER.value(image) == pytest.approx(wanted)
    small = nn.functional.avg_pool2d(torch.tensor(image)[None], kernel_size=1, stride=2)
    assert np.array_equal(shifts.EVERY_SECOND.value(image), nn.Upsample(scale_factor=2)(small[None])[0, 0].numpy())


def test_a_case_of_exercise_11_can_be_pasted_from_its_card():
    """What stands behind Given is the whole case, in names that the lab has imported."""
    wrong = next(known.mutant for known in exercise("shift_error").misconceptions
                 if known.name == "only one of the two is shifted")
    rows = dict(judge(exercise("shift_error"), wrong).rows)
    names = {"np": np, "conv": conv}
    exec(rows["Given"], names)  # noqa: S102
    case = [names[name] for name in ("image", "operation", "shift", "margin")]
    assert str(reference("shift_error")(*case)) == rows["Expected"] and str(wrong(*case)) == rows["Got"]
    for image, operation, *_ in exercise("shift_error").cases:
        assert max(len(image), len(operation)) <= 80, "a card would cut it off"


def test_an_image_changed_on_the_way_is_told():
    def in_place(image, operation, shift, margin):
        error = reference("shift_error")(image, operation, shift, margin)
        image[:] = 0
        return error

    verdict = judge(exercise("shift_error"), in_place)
    assert verdict.outcome == "wrong" and "changes the image" in verdict.message


# the cases ask enough --------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", ["cross_correlate", "convolve", "strided"])
def test_no_kernel_looks_the_same_when_it_is_turned(name):
    """Else a flipped kernel would pass."""
    turns = [np.flipud, np.fliplr, lambda kernel: np.flip(kernel), np.transpose]
    for turn, (_, kernel, *_) in itertools.product(turns, exercise(name).cases):
        assert not np.array_equal(turn(kernel), kernel)
    assert any(case[0].shape[0] != case[0].shape[1] for case in exercise(name).cases)


def test_the_8_bit_case_leaves_the_range_of_8_bits_at_both_ends():
    image, kernel = next(case for case in exercise("cross_correlate").cases if case[0].dtype == np.uint8)
    sums = scipy.signal.correlate2d(image.astype(int), kernel, "valid")
    assert sums.max() > 255 and sums.min() < 0


def test_every_median_case_tells_the_mean_and_the_median_of_medians():
    for image, size in exercise("median_filter").cases[:-1]:
        median = scipy.ndimage.median_filter(image, size, mode="mirror")
        assert not np.array_equal(median, scipy.ndimage.uniform_filter(image.astype(float), size, mode="mirror"))
        rows = scipy.ndimage.median_filter(image, (1, size), mode="mirror")
        assert not np.array_equal(median, scipy.ndimage.median_filter(rows, (size, 1), mode="mirror"))


def test_more_than_a_hundred_and_seventy_mistakes_are_known():
    assert sum(len(exercise.misconceptions) for exercise in LAB.exercises) > 170


SAYS = [
    ("edge_detector", [[-1, 0, 2]] * 3, "equal weights with opposite signs"),
    ("edge_detector", [[-1, 2, -1]] * 3, "a line or a spot"),
    ("nodule_detector", [[-1, 2, -1]] * 3, "Your kernel is a line detector"),
]


@pytest.mark.parametrize("name, kernel, words", SAYS)
def test_the_sentence_about_a_kernel_fits_it(name, kernel, words):
    assert words in judge(exercise(name), lambda: kernel).message


def test_a_square_sorted_row_by_row_is_told_what_np_sort_does():
    for place in (lambda size: (size // 2, size // 2), lambda size: size * size // 2):
        def answer(image, size, place=place):
            views = np.lib.stride_tricks.sliding_window_view(np.pad(image, size // 2, mode="reflect"), (size, size))
            return np.array([[np.sort(window)[place(size)] for window in row] for row in views])

        message = judge(exercise("median_filter"), answer).message
        assert "sorts each row by itself" in message and ".ravel()" in message


def test_the_lab_says_that_library_functions_pass():
    """They do in every exercise: what comes out is compared, not how it was made."""
    assert judge(exercise("pad"), lambda image, width, border: np.pad(
        image, width, mode="constant" if border == "zeros" else border)).outcome == "right"
    text = " ".join(SOLUTION.read_text(encoding="utf-8").split())
    assert "a library function passes, too" in text and "`np.pad` can do it; this once, write it yourself" in text


@pytest.mark.parametrize("kind", [int, np.int32, np.int64, np.uint64])
def test_costs_may_be_whole_numbers_of_any_type(kind):
    """Up to what 32 bits hold; the check itself asks for 10¹²."""
    def answer(*given):
        costs = reference("layer_costs")(*given)
        return {name: kind(count) if count <= np.iinfo(np.int32).max else count for name, count in costs.items()}

    assert judge(exercise("layer_costs"), answer).outcome == "right"


def test_a_cost_right_in_number_and_a_float_is_told_so():
    def answer(*given):
        return reference("layer_costs")(*given) | {"conv parameters": reference("layer_costs")(*given)[
            "conv parameters"] / 1}

    verdict = judge(exercise("layer_costs"), answer)
    assert verdict.misconception == "a count is a whole number"
    assert dict(verdict.rows)["Difference"] == "Your numbers are right, and 'conv parameters' is a float, 10.0."


@pytest.mark.parametrize("name", ["cross_correlate", "convolve", "pad", "strided", "conv_layer", "median_filter"])
def test_a_list_of_the_right_numbers_is_told_from_an_array(name):
    verdict = judge(exercise(name), lambda *given: np.asarray(reference(name)(*given)).tolist())
    assert (verdict.outcome, verdict.message) == (
        "wrong", "Your result is a list, expected a NumPy array: `np.array(…)` makes one.")


@pytest.mark.parametrize("name", ["cross_correlate", "conv_layer", "strided", "median_filter"])
def test_tensors_and_whole_numbers_pass_like_floats(name):
    assert judge(exercise(name), lambda *given: torch.tensor(reference(name)(*given))).outcome == "right"


# detectors -------------------------------------------------------------------------------------------------------

def test_the_held_out_patients_are_five_groups_that_the_notebook_never_shows():
    spans = list(detectors.HELD_OUT.values())
    assert len(spans) == 5 and spans[0][0] == detectors.FIRST
    assert all(one[1] == other[0] for one, other in itertools.pairwise(spans))
    assert f"patients < {detectors.FIRST}" in SOLUTION.read_text(encoding="utf-8")
    held_out = [np.unique(detectors.cohort(where).patients) for where in GROUPS]
    assert min(map(np.min, held_out)) >= detectors.FIRST and sum(map(len, held_out)) == 260
    assert spans[-1][1] > data.load_cohort(64, "nodules").patients.max()


def spots(size, radius):
    return lambda: nodules.balanced(size, radius)


@pytest.mark.parametrize("size, radius", [(3, 0.5), (5, 1), (5, 1.5), (7, 1), (7, 1.5), (7, 2), (9, 1), (9, 1.5)])
def test_an_honest_blob_that_cancels_passes_with_a_margin_in_every_group(size, radius):
    kernel = nodules.balanced(size, radius)
    assert min(nodules.score(kernel, where).share for where in GROUPS) >= nodules.MARK + 0.15
    assert judge(nodules.NODULE_DETECTOR, spots(size, radius)).outcome == "right"


@pytest.mark.parametrize("kernel", [
    np.ones((3, 3)) / 9, np.ones((9, 9)), filters.gaussian(7, 1.5), filters.KERNELS["Sobel x"],
    filters.KERNELS["vertical edge"], filters.KERNELS["identity"], filters.KERNELS["plus"],
    nodules.balanced(9, 3), -nodules.balanced(7, 1.5), nodules.disc(7, 1.5, 1, -0.1)])
def test_what_is_no_blob_fails_with_a_margin(kernel):
    assert np.mean([nodules.score(kernel, where).share for where in GROUPS]) < nodules.MARK - 0.03
    assert judge(nodules.NODULE_DETECTOR, lambda: kernel).outcome == "wrong"


def test_sharpening_finds_nodules_and_breaks_the_rule_that_weights_cancel():
    kernel = filters.KERNELS["sharpen"]
    assert min(nodules.score(kernel, where).share for where in GROUPS) > nodules.MARK
    assert judge(nodules.NODULE_DETECTOR, lambda: kernel).misconception == "weights do not cancel"


@pytest.mark.parametrize("kernel", [
    filters.KERNELS["Sobel x"], -filters.KERNELS["Sobel x"], filters.KERNELS["vertical edge"],
    np.array([[0, 0, 0], [-1, 0, 1], [0, 0, 0]]), np.array([[0, 0, 0], [0, -1, 1], [0, 0, 0]]),
    np.array([[-1, -1, -1, 0, 1, 1, 1]] * 7)])
def test_edge_kernels_pass_with_a_margin_in_every_group(kernel):
    scores = [edges.score(kernel, where) for where in GROUPS]
    assert min(min(one.flat, one.floor) for one in scores) >= edges.MARK + 0.03
    assert judge(edges.EDGE_DETECTOR, lambda: kernel).outcome == "right"


@pytest.mark.parametrize("kernel", [
    np.ones((3, 3)) / 9, filters.gaussian(5, 1.0), filters.KERNELS["Sobel y"], filters.KERNELS["Laplace"],
    filters.KERNELS["sharpen"], nodules.balanced(7, 1.5), np.array([[0, 1, 2], [-1, 0, 1], [-2, -1, 0]])])
def test_what_finds_no_vertical_edges_fails_with_a_margin(kernel):
    scores = [edges.score(kernel, where) for where in GROUPS]
    assert max(min(one.flat, one.floor) for one in scores) < edges.MARK - 0.1
    assert judge(edges.EDGE_DETECTOR, lambda: kernel).outcome == "wrong"


@pytest.mark.parametrize("scale", [1e-6, 1000])
@pytest.mark.parametrize("name", ["edge_detector", "nodule_detector"])
def test_a_kernel_may_have_any_scale(name, scale):
    assert judge(exercise(name), lambda: scale * np.asarray(reference(name)())).outcome == "right"


def test_scores_agree_with_a_filtered_image():
    """The answers at single pixels are those of SciPy on the whole image."""
    slices = detectors.cohort(GROUPS[0]).take(slice(0, 3))
    kernel = drawn(10, 5, 7)
    chosen = np.zeros(slices.hu.shape, bool)
    chosen[:, ::9, ::7] = True
    wanted = [scipy.ndimage.correlate(hu.astype(float), kernel, mode="mirror") for hu in slices.hu]
    ours = detectors.answers(kernel, detectors.neighbourhoods(slices.hu, chosen)) * np.abs(kernel).sum()
    assert ours == pytest.approx(np.array(wanted)[chosen], rel=1e-4, abs=0.05)


def test_pairs_won_is_the_area_under_the_roc_curve():
    from sklearn.metrics import roc_auc_score
    ours, others = drawn(11, 40).round(1) + 0.5, drawn(12, 60).round(1)
    target = np.r_[np.ones(40), np.zeros(60)]
    assert edges.pairs_won(ours, others) == pytest.approx(roc_auc_score(target, np.r_[ours, others]))


def test_walls_and_flat_regions_are_what_they_are_called():
    for where in GROUPS:
        side, floor, flat = (seen.reshape(-1, 9, 9) for seen in edges.places(where))
        assert min(map(len, (side, floor, flat))) >= 300
        across = [np.abs(seen[:, 4, 6] - seen[:, 4, 2]).mean() for seen in (side, floor, flat)]
        along = [np.abs(seen[:, 6, 4] - seen[:, 2, 4]).mean() for seen in (side, floor, flat)]
        assert across[0] > 3 * along[0] and along[1] > 3 * across[1] and max(across[2], along[2]) < 100
        assert flat[:, 4, 4].max() > -200 and np.median(flat[:, 4, 4]) < 100, "flat regions dark and bright"


@pytest.mark.parametrize("answer, words", [
    (3.0, "Return the kernel: an array of numbers"), ("sobel", "Return the kernel"), ([1, 2, 3], "Return the kernel"),
    (np.zeros((4, 4)), "shape (4, 4). Choose odd sizes"), (np.zeros((11, 11)), "Choose odd sizes from 3 to 9"),
    (np.full((3, 3), np.nan), "not a finite number"), ((np.zeros((3, 3)), -1), "Return the kernel"),
])
@pytest.mark.parametrize("name", ["edge_detector", "nodule_detector"])
def test_what_is_no_kernel_gets_a_sentence(name, answer, words):
    verdict = judge(exercise(name), lambda: answer)
    assert verdict.outcome == "wrong" and words in verdict.message


def test_the_card_of_a_detector_shows_what_was_measured_and_what_is_needed():
    rows = dict(judge(nodules.NODULE_DETECTOR, lambda: nodules.balanced(9, 3)).rows)
    assert rows["Given"].startswith("where = 'patients ")
    assert rows["Got"].startswith("found in ") and rows["Got"].endswith("not good enough")
    assert rows["Expected"] == "'found in at least 18 of 36 slices'"
    rows = dict(judge(edges.EDGE_DETECTOR, lambda: filters.KERNELS["sharpen"]).rows)
    assert rows["Given"] == "where = 'an even region'" and rows["Got"] == "the weights add up to 1: not good enough"
    assert rows["Expected"] == "'the weights add up to 0'"
    rows = dict(judge(edges.EDGE_DETECTOR, lambda: filters.KERNELS["Sobel y"]).rows)
    assert "horizontal edges in 0% of pairs" in rows["Got"]
    assert rows["Expected"] == "'beats both in at least 95% of pairs'"


@pytest.mark.parametrize("name", ["edge_detector", "nodule_detector"])
def test_no_card_of_a_detector_is_cut_off(name):
    for known in exercise(name).misconceptions:
        rows = dict(judge(exercise(name), known.mutant).rows)
        assert rows["Got"].endswith("not good enough") and "…" not in rows["Got"] + rows["Expected"]
        assert any(digit in rows["Expected"] for digit in "0123456789") or "a third" in rows["Expected"]


@pytest.mark.parametrize("kernel", [[[-1, 2, -1]] * 3, filters.KERNELS["sharpen"], nodules.balanced(9, 3)],
                         ids=["on lines", "on an even region", "on a group"])
def test_every_wrong_card_says_how_many_nodules_of_all_were_found(kernel):
    """Counted again with SciPy on whole slices."""
    kernel, hits, slices = np.asarray(kernel, float), 0, 0
    for where in GROUPS:
        group = detectors.cohort(where)
        sick = [np.flatnonzero((group.patients == one) & group.nodules.any(axis=(1, 2)))
                for one in np.unique(group.patients)]
        for first in (found[0] for found in sick if len(found)):
            said = scipy.ndimage.correlate(group.hu[first].astype(float), kernel, mode="mirror")
            inside = (group.labels[first] == group.label_names.index("lungs")) | group.nodules[first]
            said[~inside] = -np.inf
            hits, slices = hits + group.nodules[first].flat[said.argmax()], slices + 1
    assert nodules.in_all(kernel) == (hits, slices) and slices == 159
    got = dict(judge(nodules.NODULE_DETECTOR, lambda: kernel).rows)["Got"]
    assert f"found {hits} of {slices} nodules" in got or f"in all groups {hits} of {slices}" in got


def test_the_right_card_says_how_many_nodules_of_all_were_found():
    said = "All 7 cases agree. Found {} of {} nodules.".format(*nodules.in_all(nodules.nodule_detector()))
    assert judge(nodules.NODULE_DETECTOR, nodules.nodule_detector).message == said


# a line is no spot -----------------------------------------------------------------------------------------------

LINE_DETECTORS = [np.array([[-1, 2, -1]] * rows) for rows in (3, 5)]
LINE_DETECTORS += [kernel.T for kernel in LINE_DETECTORS]


@pytest.mark.parametrize("kernel", LINE_DETECTORS)
def test_a_line_detector_finds_nodules_and_is_told_from_a_blob(kernel):
    """Counting alone would let it pass: a nodule is brighter than its surroundings across the line as well."""
    assert min(nodules.score(kernel, where).share for where in GROUPS) > nodules.MARK
    verdict = judge(nodules.NODULE_DETECTOR, lambda: kernel)
    assert (verdict.outcome, verdict.misconception) == ("wrong", "a line instead of a spot")


@pytest.mark.parametrize("kernel", [
    *[nodules.balanced(size, radius) for size, radius in ((3, 0.5), (5, 1), (7, 2), (9, 1), (9, 2), (9, 2.3))],
    -filters.KERNELS["Laplace"], np.array([[-1, 0, -1], [0, 4, 0], [-1, 0, -1]]),
    filters.gaussian(7, 1.0) - filters.gaussian(7, 3.0)])
def test_a_blob_answers_to_lines_of_all_directions_with_a_margin(kernel):
    answered = nodules.lines(kernel)
    assert answered.min() >= 0.5 * answered.max() - 1e-9 > nodules.ALIKE * answered.max()
    for line in LINE_DETECTORS:
        assert nodules.lines(line).min() == 0


def test_the_answers_to_lines_are_those_of_a_filtered_picture():
    kernel, middle = drawn(13, 5, 7), np.arange(41)
    pictures = [np.zeros((41, 41)) for _ in range(4)]
    pictures[0][20] = pictures[1][:, 20] = pictures[2][middle, middle] = pictures[3][middle, 40 - middle] = 1
    wanted = [scipy.ndimage.correlate(picture, kernel, mode="constant")[10:31, 10:31].max() for picture in pictures]
    ours = nodules.lines(kernel)
    assert ours[:2] == pytest.approx(wanted[:2]) and sorted(ours[2:]) == pytest.approx(sorted(wanted[2:]))


@pytest.mark.parametrize("sum_to", [0.01, -0.01, 1e-3, 1e-4])
def test_weights_of_an_edge_kernel_must_add_up_to_zero(sum_to):
    kernel = filters.KERNELS["Sobel x"] / 8
    kernel[1, 1] = sum_to
    assert judge(edges.EDGE_DETECTOR, lambda: kernel).misconception == "weights do not cancel"
    kernel[1, 1] = 0
    assert judge(edges.EDGE_DETECTOR, lambda: torch.tensor(kernel, dtype=torch.float32)).outcome == "right"

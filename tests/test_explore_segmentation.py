"""The explorer of a segmentation: patients in order, its numbers against scikit-learn, lines, hatches and names."""
import importlib
import re
from dataclasses import replace

import numpy as np
import pytest
from explorers import pixels
from sklearn.metrics import f1_score

from helpers import data
from helpers.explore import masks as drawing

segmentation = importlib.import_module("helpers.explore.segmentation")
pytestmark = pytest.mark.usefixtures("strict_widgets")
STUDY = data.load_cohort(64)
COHORT = STUDY.take(STUDY.patients >= 56)                                      # four patients, eight slices each
PRED = COHORT.labels.copy()
PRED[COHORT.patients == 58] = np.roll(PRED[COHORT.patients == 58], 2, axis=2)
PRED[COHORT.patients == 56, :30] = 0
PRED[PRED == 3] = 2                                                            # every aorta is taken for heart


@pytest.fixture
def explorer():
    return segmentation.segmentations(COHORT, PRED)


def rows_of(patient):
    rows = np.flatnonzero(COHORT.patients == patient)
    return rows[np.argsort(COHORT.z[rows])]


def dice_of(patient, organ):
    rows = rows_of(patient)
    return f1_score(COHORT.labels[rows].ravel() == organ, PRED[rows].ravel() == organ, zero_division=np.nan)


def test_the_worst_patient_comes_first(explorer):
    means = {patient: np.nanmean([dice_of(patient, organ) for organ in range(1, 6)]) for patient in range(56, 60)}
    expected = sorted(means, key=means.get)
    options = explorer.controls["patient"].options
    assert [patient for _, patient in options] == expected and explorer.controls["patient"].value == expected[0]
    assert [float(label.split()[-1]) for label, _ in options] == pytest.approx(sorted(means.values()), abs=5e-4)
    assert f"patient {expected[0]} (1 of 4, worst first)" in explorer.view.caption


@pytest.mark.parametrize("patient", range(56, 60))
@pytest.mark.parametrize("organ", range(1, 6))
def test_dice_of_a_patient_is_that_of_scikit_learn(explorer, patient, organ):
    explorer.controls["patient"].value = patient
    explorer.controls["organ"].value = name = COHORT.label_names[organ]
    said = re.search(rf"{name}: Dice ([\d.]+)", explorer.view.caption)[1]
    assert float(said) == pytest.approx(dice_of(patient, organ), abs=5e-4)
    assert f"{name} {said}" in explorer.describe().split("Dice of this patient: ")[1]


@pytest.mark.parametrize("number", [1, 4, 8])
def test_pixels_of_the_slice_are_counted(explorer, number):
    explorer.controls["patient"].value, explorer.controls["slice"].value = 58, number
    row = rows_of(58)[number - 1]
    truth, drawn = COHORT.labels[row], PRED[row]
    missed, extra = ((truth > 0) & (truth != drawn)).sum(), ((drawn > 0) & (truth != drawn)).sum()
    assert f"{(truth > 0).sum()} pixels, {missed} missed, {extra} too many" in explorer.view.caption
    explorer.controls["organ"].value = "spine"
    missed, extra = ((truth == 4) & (drawn != 4)).sum(), ((drawn == 4) & (truth != 4)).sum()
    assert f"{(truth == 4).sum()} pixels, {missed} missed, {extra} too many" in explorer.view.caption


def test_slices_run_from_head_to_feet(explorer):
    order = [explorer.describe()]
    for patient in range(56, 60):
        assert (np.diff(COHORT.z[rows_of(patient)]) > 0).all()
    explorer.controls["slice"].value = 8
    order.append(explorer.describe())
    assert "liver" not in order[0].split("in it: ")[1].split(".")[0] and "lungs" in order[0]
    assert "liver" in order[1].split("in it: ")[1].split(".")[0]


def test_an_organ_taken_for_another_is_missed_and_too_many():
    truth, drawn = np.zeros((2, 8, 8), int)
    truth[2:6, 2:6], drawn[2:6, 2:6] = 3, 2
    picture = drawing.labels_overlaid(np.full((8, 8, 3), 90, np.uint8), truth, drawn, True, 20)
    inside = picture[47:113, 47:113].reshape(-1, 3).tolist()
    assert drawing.BLUE.tolist() in inside and drawing.ORANGE.tolist() in inside and [90, 90, 90] in inside
    assert (picture[:40] == 90).all()


def test_lines_lie_inside_the_edges_of_every_label():
    labels = np.zeros((8, 8), int)
    labels[2:6, 0:4], labels[2:6, 4:6] = 1, 2                                  # two organs touch, one touches the rim
    picture = drawing.labels_overlaid(np.full((8, 8, 3), 90, np.uint8), labels, None, False, 10)
    blue = (picture == drawing.BLUE).all(-1)
    assert blue[40, 37:43].all() and not blue[40, 0:36].any() and not blue[40, 44:56].any() and blue[40, 57:60].all()
    assert blue[20:23, 0:60].all() and not blue[:20].any() and not blue[:, 60:].any()
    drawn = drawing.labels_overlaid(np.full((8, 8, 3), 90, np.uint8), None, labels, False, 10)
    changed = (drawn != 90).any(-1)
    assert changed[40, 34:37].all() and not changed[40, 37:43].any()           # further in than the truth
    assert set(drawn[changed].ravel().tolist()) == {0, 255}                    # dashed, in black and white
    both = drawing.labels_overlaid(np.full((8, 8, 3), 90, np.uint8), labels, labels, True, 10)
    assert (both[blue] == drawing.BLUE).all() and (both[40, 34:37] != 90).all()


@pytest.mark.parametrize("zoom", [1, 2, 3, 5])
def test_lines_are_seen_at_any_zoom(zoom):
    labels = np.zeros((9, 9), int)
    labels[2:7, 2:7] = 1
    for given in ((labels, None), (None, labels)):
        picture = drawing.labels_overlaid(np.full((9, 9, 3), 90, np.uint8), *given, False, zoom)
        assert (picture != 90).any() and (picture[:2 * zoom] == 90).all()


def test_names_stand_in_large_organs_and_beside_small_ones():
    labels = np.zeros((40, 60), int)
    labels[5:35, 3:30], labels[20:23, 40:43] = 1, 2
    plain, named = (segmentation.picture(np.zeros((40, 60, 3), np.uint8), labels, labels, overlay, ["lungs", "aorta"])
                    for overlay in (segmentation.NOTHING, segmentation.TRUTH))
    zoom, top, left = 7, (segmentation.HEIGHT - 280) // 2, (segmentation.WIDTH - 420) // 2
    added = (named != plain).any(-1)[top:top + 280, left:left + 420]
    inside = np.kron(labels, np.ones((zoom, zoom)))
    assert added[(inside == 1)].sum() > 200 and (named[top + 7 * 21, left + 7 * 41] == 0).all()
    assert added[7 * 20:7 * 23, 7 * 43 + 4:].any()


def test_every_control_changes_picture_and_alt_text(explorer, drive):
    changes = drive(explorer)
    assert all(states >= 2 for states in changes.values()), changes


def test_the_live_picture_is_what_a_full_drawing_gives(explorer):
    fresh = segmentation.segmentations(COHORT, PRED)
    start = {name: control.value for name, control in explorer.controls.items()}
    explorer.controls["patient"].value, explorer.controls["organ"].value = 59, "liver"
    explorer.controls["slice"].value, explorer.controls["window"].value = 8, "lung"
    assert not np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))
    assert np.array_equal(pixels(explorer.view.png), pixels(explorer.preview()))
    for name, value in start.items():
        explorer.controls[name].value = value
    assert np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))


def test_the_picture_fits_on_a_slide(explorer):
    assert explorer.view.size[0] <= 1036 and explorer.view.size[1] <= 400 and "simulated" in explorer.describe()


def test_patients_without_an_organ_and_with_fewer_slices():
    few = COHORT.take([0, 1, 8])
    explorer = segmentation.segmentations(few, few.labels)
    explorer.controls["organ"].value = "liver"
    for patient in (56, 57):
        explorer.controls["patient"].value = patient
        for number in (1, 2):
            explorer.controls["slice"].value = number
            assert "nan" not in explorer.describe()
    assert "Dice not defined over 1 slices; in slice 1" in explorer.view.caption
    empty = replace(few, labels=few.labels * 0)
    assert "mean Dice not defined" in segmentation.segmentations(empty, empty.labels).controls["patient"].options[0][0]


@pytest.mark.parametrize("cohort, pred, words", [
    (COHORT, PRED[:, :60], r"shape \(32, 64, 64\), not uint8 of shape \(32, 60, 64\)"),
    (COHORT, PRED.astype(float), "logits need argmax"), (COHORT, PRED + 1, "classes 0 to 5, not 1 to 6"),
    (COHORT.take([]), PRED[:0], "at least one slice")])
def test_bad_input_gets_one_sentence(cohort, pred, words):
    with pytest.raises(ValueError, match=words):
        segmentation.segmentations(cohort, pred)


def test_slices_too_large_to_be_shown_whole():
    large = replace(COHORT, hu=np.zeros((32, 400, 400)), labels=np.zeros((32, 400, 400), np.uint8))
    with pytest.raises(ValueError, match="up to 328 × 448 pixels, not 400 × 400"):
        segmentation.segmentations(large, large.labels)

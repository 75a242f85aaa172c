"""The explorer of a drawn mask: its numbers against closed forms and libraries, masks that move, every preset."""
import importlib
import re
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from explorers import pixels
from scipy import ndimage
from skimage import morphology
from sklearn.metrics import f1_score, jaccard_score

from helpers.explore import masks as drawing

overlap = importlib.import_module("helpers.explore.overlap")
pytestmark = pytest.mark.usefixtures("strict_widgets")
SPACING = (2.0, 3.0)
HU = np.full((60, 70), -800.0)
HEART, NODULE = np.zeros((2, 60, 70), bool)
HEART[20:40, 20:50], NODULE[10:12, 58:60] = True, True
HU[HEART], HU[NODULE] = 60, 30
SETTINGS = ("name", "drawn", "truth", "right", "down", "grow")


def make():
    return overlap.mask_overlap(HU, {"heart": HEART, "nodule": NODULE}, SPACING)


@pytest.fixture
def explorer():
    return make()


def at(explorer, *values):
    for name, value in zip(SETTINGS, values, strict=True):
        explorer.controls[name].value = value
    return explorer.describe()


def told(explorer, what):
    return float(re.search(rf"{what} ([\d.]+)", explorer.describe())[1])


def test_the_prediction(explorer):
    """One pixel to the right: 30 columns lose one of 30, a nodule loses one of two."""
    explorer.controls["preset"].value = "one pixel to the right"
    assert told(explorer, "Dice") == pytest.approx(29 / 30, abs=5e-4)
    explorer.controls["name"].value = "nodule"
    assert explorer.view.caption == "nodule: Dice 0.500, IoU 0.333, Hausdorff 3.0 mm, 95 % 3.0 mm"
    explorer.controls["right"].value, explorer.controls["down"].value = 0, 1
    assert told(explorer, "Hausdorff") == 2.0                                  # rows are closer than columns


@pytest.mark.parametrize("right, down, grow", list(product((-8, 0, 3), (-2, 8), (-4, -1, 0, 2))))
def test_overlap_is_that_of_scikit_learn_for_every_setting(explorer, right, down, grow):
    said = at(explorer, "heart", overlap.MASK, overlap.THERE, right, down, grow)
    pred = drawing.changed(HEART, right, down, grow)
    for name, oracle in (("Dice", f1_score), ("IoU", jaccard_score)):
        assert told(explorer, name) == pytest.approx(oracle(HEART.ravel(), pred.ravel()), abs=5.1e-4)
    missed, extra = (HEART & ~pred).sum(), (pred & ~HEART).sum()
    assert f"{missed} missed, {extra} too many" in said and f"{pred.sum()} pixels are drawn" in said


@pytest.mark.parametrize("right, down", [(0, 0), (5, -3), (-8, 8), (60, 0)])
def test_masks_move_without_coming_in_again(right, down):
    moved = drawing.changed(HEART, right, down)
    np.testing.assert_array_equal(moved, ndimage.shift(HEART.astype(float), (down, right), order=0) > 0.5)


@pytest.mark.parametrize("grow", [-4, -2, -1, 1, 2, 4])
def test_masks_grow_and_shrink_as_scikit_image_does(grow):
    blob = morphology.dilation(HEART | np.roll(HEART, (7, 15), (0, 1)), morphology.disk(2))
    change = morphology.dilation if grow > 0 else morphology.erosion
    np.testing.assert_array_equal(drawing.changed(blob, grow=grow), change(blob, morphology.disk(abs(grow))))


def test_growing_after_a_move_that_leaves_the_image():
    edge = np.zeros((9, 9), bool)
    edge[:, 8] = True
    assert drawing.changed(edge, right=1).sum() == 0
    assert drawing.changed(edge, right=1, grow=1)[:, 8].all()                  # it lies just outside
    assert not drawing.changed(np.zeros((5, 5), bool), grow=3).any()


@pytest.mark.parametrize("preset", overlap.PRESETS)
def test_presets_are_reached_and_tell_what_they_say(explorer, preset):
    explorer.controls["preset"].value = preset
    assert explorer.controls["preset"].value == preset
    *_, drawn, truth = overlap.PRESETS[preset]
    caption, said = explorer.view.caption, explorer.describe()
    assert ("Dice 1.000" in caption) == (preset == "as the truth")
    assert ("infinite" in caption) == ((drawn == overlap.NOTHING) != (truth == overlap.ABSENT))
    assert caption.count("not defined") == 4 * (preset == "nothing there, nothing drawn")
    assert truth in said and "nan" not in said


def test_a_stray_pixel_moves_the_hausdorff_distance_and_nothing_else(explorer):
    at(explorer, "heart", overlap.STRAY, overlap.THERE, 0, 0, 0)
    assert explorer.view.caption == "heart: Dice 0.999, IoU 0.998, Hausdorff 24.0 mm, 95 % 0.0 mm"
    at(explorer, "nodule", overlap.STRAY, overlap.THERE, 0, 0, 0)
    assert told(explorer, "Dice") == pytest.approx(8 / 9, abs=5e-4) and told(explorer, "Hausdorff") == 24


def test_empty_cases_are_told_in_words(explorer):
    said = at(explorer, "heart", overlap.NOTHING, overlap.THERE, 0, 0, 0)
    assert "Dice 0.000, IoU 0.000, Hausdorff infinite" in said and "0 pixels are drawn, 600 missed" in said
    said = at(explorer, "heart", overlap.NOTHING, overlap.ABSENT, 0, 0, 0)
    assert "Dice not defined, IoU not defined, Hausdorff not defined" in said
    assert overlap.spoken(float("nan"), " mm") == "not defined"


def test_a_small_mask_that_shrinks_is_gone(explorer):
    said = at(explorer, "nodule", overlap.MASK, overlap.THERE, 0, 0, -1)
    assert "0 pixels are drawn, 4 missed" in said and "infinite" in said


def test_lines_and_hatches_say_what_is_missed_and_what_is_too_much():
    target, pred = np.zeros((2, 12, 12), bool)
    target[2:6, 2:6], pred[2:6, 4:9] = True, True
    picture = drawing.overlaid(np.full((12, 12, 3), 120, np.uint8), target, pred, 20)
    missed, extra, common = (picture[46:114, left:right] for left, right in ((46, 76), (124, 176), (84, 114)))
    assert (missed == drawing.BLUE).all(-1).any() and (extra == drawing.ORANGE).all(-1).any()
    assert (common == 120).all() and (picture[200:] == 120).all()
    plain = drawing.overlaid(np.full((12, 12, 3), 120, np.uint8), target, pred, 20, hatch=False)
    assert (plain[46:114, 46:74] == 120).all()
    assert (plain[60, 40] == drawing.BLUE).all()                               # the truth's line lies inside its edge
    assert set(plain[60, 77:80].ravel().tolist()) <= {0, 255}                  # the drawing's outside of its own
    falling = np.argwhere((missed == drawing.BLUE).all(-1))
    assert set(((falling[:, 1] - falling[:, 0]) % drawing.HATCH).tolist()) <= {0, 1}


def test_masks_at_the_edge_of_the_picture_have_no_line_there():
    full = np.ones((5, 5), bool)
    assert drawing.inner(full.repeat(10, 0).repeat(10, 1)).all()


@pytest.mark.parametrize("place, margin, least", [((0, 0), 3, 5), ((59, 69), 3, 20), ((30, 30), 50, 10)])
def test_the_view_holds_the_mask_and_stays_in_the_image(place, margin, least):
    mask = np.zeros((60, 70), bool)
    mask[place] = True
    rows, columns = drawing.box_around(mask, margin, least)
    assert 0 <= rows.start <= place[0] < rows.stop <= 60 and 0 <= columns.start <= place[1] < columns.stop <= 70
    assert rows.stop - rows.start == min(60, max(1 + 2 * margin, least))


def test_every_control_changes_picture_and_alt_text(drive):
    for control in ("preset", *SETTINGS):
        explorer = make()
        single = SimpleNamespace(controls={control: explorer.controls[control]}, view=explorer.view,
                                 describe=explorer.describe)
        assert drive(single)[control] >= 2, f"{control} changes nothing"


def test_the_live_picture_is_what_a_full_drawing_gives(explorer):
    fresh = make()
    at(explorer, "nodule", overlap.NOTHING, overlap.ABSENT, 8, -8, 4)
    assert not np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))
    assert np.array_equal(pixels(explorer.view.png), pixels(explorer.preview()))
    at(explorer, "heart", overlap.MASK, overlap.THERE, 0, 0, 0)
    assert np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))



def test_one_structure_or_four_and_other_images():
    for masks in ({"heart": HEART}, {f"part {n}": np.roll(HEART, n) for n in range(4)}):
        for image in (HU, np.uint8(HEART * 200), HEART * 0.5):
            assert "nan" not in overlap.mask_overlap(image, masks, (1, 1)).describe()


@pytest.mark.parametrize("given, words", [
    ((HU, {"heart": HEART[:50]}, SPACING), r"mask of 'heart' must be a bool array of shape \(60, 70\)"),
    ((HU, {"heart": HEART & False}, SPACING), "True somewhere"), ((HU, {"heart": HEART * 1}, SPACING), "bool array"),
    ((HU, {}, SPACING), "at least one structure"), ((HU, {"heart": HEART}, (1, 0)), "in mm, not \\(1, 0\\)"),
    ((HU, {"heart": HEART}, 3.0), "spacing must be"), ((HU[None], {"heart": HEART}, SPACING), r"shape \(H, W\)")])
def test_bad_input_gets_one_sentence(given, words):
    with pytest.raises(ValueError, match=words):
        overlap.mask_overlap(*given)

"""Tasks on one slice: shapes against torch's layers, objects against scikit-image, every control."""
import importlib
from dataclasses import replace

import numpy as np
import pytest
import torch
from explorers import pixels
from skimage import measure
from torch import nn

from helpers import data

tasks = importlib.import_module("helpers.explore.tasks")
pytestmark = pytest.mark.usefixtures("strict_widgets")
ORANGE = (230, 159, 0)


@pytest.fixture(scope="module")
def chest():
    return data.load_cohort(128).take([222]).crop((24, 104), (8, 120))


@pytest.fixture
def explorer(chest):
    return tasks.tasks(chest)


def by_hand():
    """A slice with two lungs, a heart and two nodules, all rectangles, and a crumb of lung of one pixel."""
    labels, nodules = np.zeros((1, 40, 56), np.uint8), np.zeros((1, 40, 56), bool)
    labels[0, 5:30, 4:20], labels[0, 5:30, 36:50], labels[0, 10:20, 24:34], labels[0, 35, 2] = 1, 1, 2, 1
    nodules[0, 8:10, 6:9], nodules[0, 20:23, 40:42] = True, True
    cohort = data.load_cohort(64).take([0]).crop((0, 40), (0, 56))
    return replace(cohort, labels=labels, nodules=nodules)


@pytest.mark.parametrize("side, organs", [(64, 5), (128, 1), (64, 80)])
def test_the_shapes_are_those_of_torch(side, organs):
    maps = torch.zeros(1, 8, side, side)
    assert tasks.shape_of("semantic", side, organs, 3)[0] == nn.Conv2d(8, organs + 1, 1)(maps).shape[1:]
    assert tasks.shape_of("classification", side, organs, 3)[0] == nn.Linear(8, organs)(maps.mean((2, 3))).shape[1:]
    assert tasks.shape_of("instance", side, organs, 7)[0] == torch.stack([maps[0, 0]] * 7).shape
    assert tasks.shape_of("detection", side, organs, 7)[0] == (7, 4)
    assert tasks.shape_of("panoptic", side, organs, 7)[0] == (2, side, side)


def test_the_prediction(explorer):
    assert explorer.view.caption.startswith(
        "a label per pixel: semantic segmentation: (6, 64, 64), 24,576 numbers, background included; ")
    assert "Serves the prediction:" in tasks.tasks.__doc__


def test_objects_are_the_parts_of_organs_and_crumbs_are_none():
    cohort = by_hand()
    found = tasks.objects(cohort)
    assert list(found) == ["lung 1", "lung 2", "heart", "nodule 1", "nodule 2"]
    assert [int(mask.sum()) for mask in found.values()] == [400, 350, 100, 6, 6]
    parts = measure.label(cohort.labels[0] == 1, connectivity=1)
    assert (found["lung 1"] == (parts == 1)).all() and (found["lung 2"] == (parts == 2)).all()


def test_a_box_is_drawn_around_each_object():
    cohort = by_hand()
    found = {"heart": tasks.objects(cohort)["heart"]}
    drawn = tasks.answer("detection", cohort, found, 6, words=False)
    rows, columns = np.nonzero((drawn == ORANGE).all(axis=-1))
    top, left, bottom, right = measure.regionprops(found["heart"].astype(int))[0].bbox
    assert abs(rows.min() - 6 * top) <= 1 and abs(columns.min() - 6 * left) <= 1
    assert abs(rows.max() - 6 * bottom) <= 1 and abs(columns.max() - 6 * right) <= 1


def test_the_line_is_as_long_as_the_heart_is_wide_in_mm(chest):
    heart = chest.labels[0] == 2
    drawn = tasks.answer("regression", chest, {"heart": heart}, 3, words=False)
    columns = np.nonzero((drawn == ORANGE).all(axis=-1))[1]
    width = np.ptp(np.nonzero(heart)[1]) + 1
    assert abs(np.ptp(columns) - 3 * width) <= 3
    assert f"{width * chest.spacing[1]:.0f}" == "85"


def test_a_landmark_lies_inside_of_its_organ():
    for mask in tasks.objects(by_hand()).values():
        assert mask[tasks.deepest(mask)]


@pytest.mark.parametrize("name, kinds", [("semantic", 2), ("instance", 5), ("panoptic", 6), ("prompted", 1)])
def test_as_many_tints_as_answers(name, kinds):
    cohort = by_hand()
    classes = tasks.classes_of(name, cohort, tasks.objects(cohort))
    assert len(np.unique(classes[classes > 0])) == kinds
    assert (classes > 0).all() == (name == "panoptic")


def test_every_question_has_a_picture_of_its_own(explorer):
    seen = set()
    for task in tasks.TASKS:
        explorer.controls["task"].value = task
        seen.add(explorer.preview())
        assert explorer.view.caption.startswith(task) and task in explorer.describe()
    assert len(seen) == len(tasks.TASKS) == 8


@pytest.mark.parametrize("side", tasks.SIDES)
@pytest.mark.parametrize("organs", [1, 5, 80])
def test_sizes_count(explorer, side, organs):
    explorer.controls["side"].value, explorer.controls["organs"].value = side, organs
    assert f"({organs + 1}, {side}, {side}), {(organs + 1) * side**2:,} numbers" in explorer.view.caption


def test_what_it_refuses(chest):
    with pytest.raises(ValueError, match="at least one organ"):
        tasks.tasks(chest.take([]))
    with pytest.raises(ValueError, match="at least one organ"):
        tasks.tasks(replace(chest, labels=np.zeros_like(chest.labels)))
    with pytest.raises(ValueError, match="up to 240 × 336 pixels, not 300 × 300: crop it"):
        tasks.tasks(replace(chest, hu=np.zeros((1, 300, 300)), labels=np.ones((1, 300, 300), np.uint8)))


def test_a_slice_without_a_heart_or_nodule_does(chest):
    labels = np.where(chest.labels == 2, 0, chest.labels)
    explorer = tasks.tasks(replace(chest, labels=labels, nodules=np.zeros_like(chest.nodules)))
    for task in tasks.TASKS:
        explorer.controls["task"].value = task
    assert "heart" not in explorer.describe() and "nodule" not in explorer.describe().split("In it")[1]


def test_the_chosen_small_picture_is_framed(explorer):
    listed = pixels(explorer.preview())[:, 344:]
    framed = (listed == (213, 94, 0)).all(axis=-1)
    assert np.nonzero(framed)[1].min() >= 2 * 172 and np.nonzero(framed)[1].max() < 3 * 172 + 4

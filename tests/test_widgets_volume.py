"""The volume viewer without a browser: planes, millimetres, state in both directions, errors, stored picture."""
import io

import numpy as np
import pytest
import traitlets
from PIL import Image

from helpers.explore import volume as volumes

# Every voxel names its place: 100 * slice + 10 * row + column.
VOLUME = np.add.outer(100 * np.arange(4), np.add.outer(10 * np.arange(5), np.arange(6))).astype(float)
SPACING = (5.0, 2.0, 1.0)


@pytest.fixture
def explorer():
    return volumes.volume_viewer(VOLUME, SPACING, low=0, high=400, unit="HU", position=(1, 2, 3))


def opened(png):
    """Colours of PNG bytes, uint8 (H, W, 3)."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def test_reslice_shows_head_and_front_on_top_and_the_right_side_left():
    axial, coronal, sagittal = volumes.reslice(VOLUME, (1, 2, 3))
    assert axial.shape == (5, 6) and coronal.shape == (4, 6) and sagittal.shape == (4, 5)
    assert axial[0, 0] == 100 and axial[4, 5] == 145
    assert coronal[0].tolist() == [320, 321, 322, 323, 324, 325]          # the highest slice comes first
    assert sagittal[-1].tolist() == [3, 13, 23, 33, 43]                   # front to back
    np.testing.assert_array_equal(coronal, np.flipud(VOLUME[:, 2]))
    np.testing.assert_array_equal(sagittal, np.flipud(VOLUME[:, :, 3]))


def test_millimetres_agree_with_an_affine():
    affine = np.diag([*SPACING[::-1], 1])                                 # as a NIfTI header holds it, in x, y, z
    for voxel in ((0, 0, 0), (1, 2, 3), (3, 4, 5)):
        expected = affine @ [*voxel[::-1], 1]
        assert volumes.millimetres(voxel, SPACING) == pytest.approx(expected[:3])


def test_values_read_off_are_right_within_half_a_step():
    steps = volumes.quantise(VOLUME, 0, 400)
    assert steps.dtype == np.uint8
    assert np.abs(steps / 255 * 400 - VOLUME).max() <= 400 / 510 + 1e-4


@pytest.mark.parametrize("level, width", [(0.5, 1.0), (0.3, 0.2), (0.9, 0.5)])
def test_window_agrees_with_scikit_image(level, width):
    from skimage.exposure import rescale_intensity
    steps = np.arange(256) / 255
    theirs = rescale_intensity(steps, (level - width / 2, level + width / 2), (0, 255))
    assert np.abs(volumes.window_table(0, 1, level, width) - theirs).max() <= 0.5 + 1e-9


def test_the_page_gets_every_voxel_once(explorer):
    state = explorer.view.get_state()
    assert len(state["data"]) == VOLUME.size and state["shape"] == [4, 5, 6]
    np.testing.assert_array_equal(explorer.view.voxels(), volumes.quantise(VOLUME, 0, 400))


def test_a_message_of_the_page_reaches_python(explorer):
    seen = []
    explorer.view.observe(lambda change: seen.append(change.new), "position")
    explorer.view.set_state({"position": [3, 0, 5], "square": True, "level": 100, "width": 50.5})
    assert seen == [[3, 0, 5]]
    assert explorer.view.square and explorer.view.level == 100.0 and explorer.view.width == 50.5


def test_bytes_arrive_as_the_memoryview_of_a_message(explorer):
    explorer.view.set_state({"data": memoryview(bytes(VOLUME.size))})
    assert not explorer.view.voxels().any()


@pytest.mark.parametrize("name, value", [("position", [4, 0, 0]), ("position", [0, 0, -1]), ("position", [0, 0]),
                                         ("width", 0)])
def test_state_out_of_bounds_is_refused(explorer, name, value):
    before = getattr(explorer.view, name)
    with pytest.raises(traitlets.TraitError, match="outside the volume|more than 0"):
        setattr(explorer.view, name, value)
    assert getattr(explorer.view, name) == before


@pytest.mark.parametrize("array, spacing, options, words", [
    (np.zeros((4, 5)), SPACING, {}, "shape"), (np.zeros((0, 4, 5)), SPACING, {}, "shape"),
    (VOLUME * np.nan, SPACING, {}, "NaN"), (VOLUME + 1j, SPACING, {}, "finite numbers"),
    (VOLUME, (1, 2), {}, "three positive numbers"), (VOLUME, (1, 2, 0), {}, "three positive numbers"),
    (VOLUME, (1, 2, float("nan")), {}, "three positive numbers"), (VOLUME, 2.0, {}, "three positive numbers"),
    (VOLUME, SPACING, {"low": 5, "high": 5}, "smaller than high"),
    (np.zeros((2, 2, 2)), SPACING, {}, "smaller than high"),
    (VOLUME, SPACING, {"position": (4, 0, 0)}, "outside"), (VOLUME, SPACING, {"position": (0, 0)}, "outside"),
    (VOLUME, SPACING, {"labels": ("axial",)}, "three names"),
    (np.broadcast_to(np.uint8(0), (400, 400, 400)), SPACING, {}, "too many"),
])
def test_bad_input_gets_one_sentence(array, spacing, options, words):
    with pytest.raises(ValueError, match=words) as caught:
        volumes.volume_viewer(array, spacing, **options)
    assert "\n" not in str(caught.value)


def test_default_position_is_the_middle_and_range_that_of_the_data():
    viewer = volumes.volume_viewer(VOLUME, SPACING).view
    assert viewer.position == [2, 2, 3] and (viewer.low, viewer.high) == (0, 345)
    assert (viewer.level, viewer.width) == (172.5, 345)


def test_true_millimetres_and_square_voxels_differ_as_the_spacing_says(explorer):
    _, boxes, (axial, coronal, sagittal) = volumes.arrange(explorer.view)
    assert axial[1] / axial[0] == pytest.approx(5 * 2 / (6 * 1), rel=0.02)
    assert coronal[1] / coronal[0] == pytest.approx(4 * 5 / (6 * 1), rel=0.02)
    assert sagittal[1] / sagittal[0] == pytest.approx(4 * 5 / (5 * 2), rel=0.02)
    explorer.view.square = True
    _, same_boxes, squares = volumes.arrange(explorer.view)
    assert same_boxes == boxes                                            # nothing jumps
    for (width, height), (columns, rows) in zip(squares, ((6, 5), (6, 4), (5, 4)), strict=True):
        assert height / width == pytest.approx(rows / columns, rel=0.02)


def test_stored_picture_shows_the_three_planes(explorer):
    picture, (_, boxes, sizes), left = opened(explorer.preview()), volumes.arrange(explorer.view), 0
    table = volumes.window_table(0, 400, 200, 400)
    for number, plane in enumerate(volumes.reslice(table[explorer.view.voxels()], (1, 2, 3))):
        (width, height), size, count = boxes[number], sizes[number], plane.shape
        x, y = left + (width - size[0]) // 2, 24 + (height - size[1]) // 2
        for row, column in ((0, 0), (0, count[1] - 1), (count[0] - 1, 0)):
            spot = picture[y + int((row + 0.25) * size[1] / count[0]), x + int((column + 0.25) * size[0] / count[1])]
            assert np.abs(spot.astype(int) - plane[row, column]).max() <= 1
        left += width + volumes.GAP


def test_description_follows_the_state(explorer):
    text = explorer.describe()                                            # 123 HU is stored as step 78 of 255
    assert "4 by 5 by 6 voxels of 5 by 2 by 1 mm, drawn in true millimetres" in text
    assert "slice 1, row 2, column 3: value about 122 HU; (x, y, z) = (3.0, 4.0, 5.0) mm" in text
    explorer.view.square = True
    assert "as if voxels were cubes" in explorer.describe() and "no spacing, no millimetres" in explorer.describe()


def test_notebook_keeps_picture_and_text(explorer):
    stored = explorer._repr_mimebundle_()
    assert stored["text/plain"] == explorer.describe()
    assert 'alt="Three planes (axial, coronal and sagittal)' in stored["text/html"]


def test_one_voxel_is_a_volume_too():
    explorer = volumes.volume_viewer(np.array([[[3]]]), (1, 1, 1), low=0, high=10)
    assert opened(explorer.preview()).std() > 10
    assert "slice 0, row 0, column 0: value about 3" in explorer.describe()

"""Images that need no network: shapes, units, spacing, orientation."""
import socket

import numpy as np
import pydicom
import pytest
from pydicom.pixels import apply_modality_lut, apply_windowing

from helpers import data


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a loader asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize("name, shape, spacing", [("spine", (128, 128), 0.661468), ("head", (512, 512), 0.431)])
def test_ct_slices_are_real_stored_and_measured(name, shape, spacing):
    scan = data.load_ct(name)
    assert scan.values.shape == shape and scan.values.dtype == np.int16 and scan.unit == "HU"
    assert scan.spacing == pytest.approx((spacing, spacing))
    hu = data.to_hu(scan.values, scan.slope, scan.intercept)
    assert hu.min() < -800 and hu.max() > 1000, "lung or air, and dense bone"


def test_an_unknown_ct_names_those_there_are():
    with pytest.raises(ValueError, match="choose one of spine, head"):
        data.load_ct("foot")


def test_to_hu_agrees_with_pydicom():
    dataset = pydicom.examples.ct
    expected = apply_modality_lut(dataset.pixel_array, dataset)
    computed = data.to_hu(dataset.pixel_array, dataset.RescaleSlope, dataset.RescaleIntercept)
    assert computed.dtype == np.float32 and np.array_equal(computed, expected)


@pytest.mark.parametrize("level, width", data.WINDOWS.values())
def test_window_agrees_with_the_exact_linear_function_of_dicom(level, width):
    hu = np.linspace(-2000, 2000, 401)
    dataset = pydicom.Dataset()
    dataset.WindowCenter, dataset.WindowWidth, dataset.VOILUTFunction = level, width, "LINEAR_EXACT"
    dataset.PhotometricInterpretation, dataset.BitsStored, dataset.PixelRepresentation = "MONOCHROME2", 16, 1
    dicom = apply_windowing(hu, dataset)
    expected = (dicom - dicom.min()) / np.ptp(dicom)
    assert np.allclose(data.window(hu, level, width), expected, atol=1e-6)


@pytest.mark.parametrize("width", [0, -1, float("nan")])
def test_a_window_needs_a_width(width):
    with pytest.raises(ValueError, match="positive width"):
        data.window(np.zeros(3), 40, width)


@pytest.mark.parametrize("load, shape", [(data.load_fundus, (1411, 1411, 3)), (data.load_histology, (512, 512, 3))])
def test_colour_pictures(load, shape):
    picture = load()
    assert picture.shape == shape and picture.dtype == np.uint8
    assert picture.std(axis=(0, 1)).min() > 5


def test_the_retina_is_red_before_it_is_blue():
    red, _, blue = data.load_fundus().mean(axis=(0, 1))
    assert red > 2 * blue


def test_digits_have_17_grey_levels():
    digits, labels = data.load_digits()
    assert digits.shape == (1797, 8, 8) and len(np.unique(digits)) == 17 and set(labels) == set(range(10))


def test_brain_lies_as_radiologists_look_at_it():
    from nilearn.datasets import load_mni152_template

    brain, image = data.load_brain(), load_mni152_template(resolution=1)
    assert brain.values.shape == (94, 116, 98) and brain.spacing == (2.0, 2.0, 2.0)
    for row, column in ((30, 20), (58, 70), (90, 49)):
        depth, last_column, last_row = 40, image.shape[0] - 1, image.shape[1] - 1
        across = slice(last_column - 2 * column - 1, last_column - 2 * column + 1)  # the file runs the other way
        along = slice(last_row - 2 * row - 1, last_row - 2 * row + 1)
        block = image.get_fdata()[across, along, 2 * depth:2 * depth + 2]
        assert brain.values[depth, row, column] == pytest.approx(block.mean(), abs=1e-6)
        right, front = (image.affine @ (across.start, along.start, 2 * depth, 1))[:2]
        assert (right > 0) == (column < 49), "left columns show the patient's right"
        assert (front > -18) == (row < 58), "upper rows lie in front"


@pytest.mark.parametrize("thickness", [1, 3, 4])
def test_thick_slices_keep_the_height_in_millimetres(thickness):
    brain, thick = data.load_brain(), data.load_brain(thickness)
    assert thick.spacing == (2.0 * thickness, 2.0, 2.0)
    assert abs(len(thick.values) * thick.spacing[0] - len(brain.values) * 2) < thick.spacing[0]
    assert np.array_equal(thick.values, brain.values[::thickness])


def test_a_slice_thickness_counts_slices():
    with pytest.raises(ValueError, match="at least 1, not 0"):
        data.load_brain(0)

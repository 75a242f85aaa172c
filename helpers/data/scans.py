"""Real and simulated images that need no network; units and spacing travel with the numbers.

Every real picture is read from a library that ships it; nothing is copied into this project.
`data/README.md` says where each comes from and on what terms.
"""
from dataclasses import dataclass
from pathlib import Path

import numpy as np

# (level, width) in HU; one common choice of many.
WINDOWS = {"lung": (-600, 1500), "soft tissue": (40, 400), "bone": (400, 1800), "brain": (40, 80)}
CT_FILES = {
    "spine": ("CT_small.dcm", "A thoracic vertebra with a rim of lung, a 128 by 128 crop (pydicom's CT_small)"),
    "head": ("J2K_pixelrep_mismatch.dcm", "A head at the level of the skull base, 512 by 512 (a test file of pydicom)"),
}


@dataclass(frozen=True)
class Scan:
    """An image with what is needed to read it.

    values : array as stored, (H, W) or (D, H, W).
    spacing : millimetres between neighbours, one number per axis of `values`.
    unit : what one number means once slope and intercept are applied, for example "HU".
    source : where it comes from, in words.
    slope, intercept : unit value = slope * stored value + intercept.
    """

    values: np.ndarray
    spacing: tuple
    unit: str
    source: str
    slope: float = 1.0
    intercept: float = 0.0


def load_ct(name="spine"):
    """One real CT slice as stored in its DICOM file.

    name : "spine" (chest, 128 x 128) or "head" (512 x 512).
    Returns a Scan with int16 stored values, spacing (row, column) in mm, and the slope and intercept that
    turn stored values into HU.  Raises ValueError for another name.

    >>> load_ct("spine").intercept
    -1024.0
    """
    if name not in CT_FILES:
        raise ValueError(f"There is no CT called {name!r}; choose one of {', '.join(CT_FILES)}.")
    import pydicom
    from pydicom.data import get_testdata_file

    file, source = CT_FILES[name]
    dataset = pydicom.dcmread(get_testdata_file(file, download=False))
    spacing = tuple(float(side) for side in dataset.PixelSpacing)
    return Scan(dataset.pixel_array, spacing, "HU", source,
                float(dataset.RescaleSlope), float(dataset.RescaleIntercept))


def to_hu(stored, slope, intercept):
    """Stored DICOM numbers to Hounsfield units, float32 of the same shape.

    Source: DICOM PS3.3 C.11.1 (Modality LUT).

    >>> to_hu(np.array([0, 1024, 2024]), 1, -1024).tolist()
    [-1024.0, 0.0, 1000.0]
    """
    return np.asarray(stored, dtype=np.float32) * np.float32(slope) + np.float32(intercept)


def window(hu, level, width):
    """HU to display brightness: 0 below the window, 1 above it, a straight line between.

    hu : array in HU.  level : centre, width : full width of the window, both in HU.
    Returns an array of the same shape in [0, 1].  Raises ValueError for a width that is not positive.

    >>> window(np.array([-200.0, 40.0, 400.0]), level=40, width=400).tolist()
    [0.0, 0.5, 1.0]
    """
    if not width > 0:
        raise ValueError(f"A window needs a positive width in HU, not {width}.")
    return np.clip((np.asarray(hu) - (level - width / 2)) / width, 0, 1)


def load_fundus():
    """A colour photograph of a retina, uint8 of shape (1411, 1411, 3) (scikit-image, CC0)."""
    from skimage import data

    return data.retina()


def load_histology():
    """A stained tissue section (immunohistochemistry of colon), uint8 of shape (512, 512, 3) (scikit-image)."""
    from skimage import data

    return data.immunohistochemistry()


def load_digits():
    """1,797 handwritten digits of 8 by 8 pixels with 17 grey levels, uint8, and their labels (scikit-learn)."""
    from sklearn.datasets import load_digits as load

    digits = load()
    return digits.images.astype(np.uint8), digits.target


def load_brain(thickness=1):
    """The MNI152 brain template: a T1 MRI averaged over 152 people, 2 mm voxels.

    thickness : keep every n-th axial slice, as a scanner with thicker slices would.
    Returns a Scan of shape (D, H, W) with values in [0, 1]; depth runs from feet to head, rows from front to
    back, columns from the patient's right to the patient's left, so an axial slice shows the patient's right
    on the left, as radiologists look at it.  Raises ValueError for a thickness below 1.
    Source: Fonov et al. 2011, doi:10.1016/j.neuroimage.2010.07.033, through nilearn.
    """
    if thickness < 1:
        raise ValueError(f"thickness counts slices and must be at least 1, not {thickness}.")
    values = template("t1")[::thickness]
    return Scan(np.ascontiguousarray(values), (2.0 * thickness, 2.0, 2.0), "relative signal",
                "MNI152 template, an average of 152 brains (nilearn)")


def template(kind):
    """A map of the MNI152 template, float32 (D, H, W) from 0 to 1: means of 2 × 2 × 2 mm, lying as `load_brain` says.

    kind : "t1" for the signal, "gm" and "wm" for the share of grey and of white matter.
    """
    import nibabel

    image = nibabel.load(brain_file(kind))  # axes run to the patient's right, front and head
    stored = np.asarray(image.dataobj, dtype=np.float32)
    fine = (stored / stored.max())[::-1, ::-1].transpose(2, 1, 0)  # (D, H, W), 1 mm
    depth, rows, columns = (side // 2 for side in fine.shape)
    blocks = fine[: 2 * depth, : 2 * rows, : 2 * columns].reshape(depth, 2, rows, 2, columns, 2)
    return blocks.mean(axis=(1, 3, 5))  # ten times faster than resampling with nilearn


def brain_file(kind="t1"):
    """Where nilearn keeps its template; importing nilearn.datasets to ask for it takes four seconds."""
    import nilearn

    folder = Path(nilearn.__file__).parent / "datasets" / "data"
    return folder / f"mni_icbm152_{kind}_tal_nlin_sym_09a_converted.nii.gz"

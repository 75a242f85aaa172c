"""Three linked planes through a volume, drawn in true millimetres."""
import math
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from PIL import Image, ImageDraw, ImageFont

from helpers import show
from helpers.explore.canvas import inside
from helpers.explore.live import Explorer

VOXELS = 32_000_000                # one byte each travels to the page
WIDEST, TALLEST, MARGIN, GAP = 1092, 314, 20, 12     # pixels, the same as in volume.js
AXES = ("slice", "row", "column")
# Axis that is cut, axes down and across the picture, letters above, left, below, right, colour: as in volume.js.
PLANES = ((0, 1, 2, "ARPL", "#56B4E9"), (1, 0, 2, "SRIL", "#E69F00"), (2, 0, 1, "SAIP", "#2FC79B"))


class VolumeViewer(anywidget.AnyWidget):
    """The state that the page and Python share; the page cuts, draws and handles mouse and keys (volume.js)."""

    _esm = Path(__file__).parent / "volume.js"
    data = traitlets.CBytes(b"\0").tag(sync=True)
    shape = traitlets.List(traitlets.Int(), [1, 1, 1]).tag(sync=True)
    spacing = traitlets.List(traitlets.Float(), [1.0, 1.0, 1.0]).tag(sync=True)
    names = traitlets.List(traitlets.Unicode(), ["axial", "coronal", "sagittal"]).tag(sync=True)
    low = traitlets.Float(0.0).tag(sync=True)
    high = traitlets.Float(1.0).tag(sync=True)
    unit = traitlets.Unicode("").tag(sync=True)
    decimals = traitlets.Int(2).tag(sync=True)
    position = traitlets.List(traitlets.Int(), [0, 0, 0]).tag(sync=True)
    start = traitlets.List(traitlets.Int(), [0, 0, 0]).tag(sync=True)
    square = traitlets.Bool(False).tag(sync=True)
    level = traitlets.Float(0.5).tag(sync=True)
    width = traitlets.Float(1.0).tag(sync=True)

    @traitlets.validate("position")
    def _check_position(self, proposal):
        if not inside(proposal.value, self.shape):
            raise traitlets.TraitError(f"position {proposal.value} lies outside the volume of shape {self.shape}; "
                                       "give [slice, row, column], counted from 0.")
        return proposal.value

    @traitlets.validate("width")
    def _check_width(self, proposal):
        if not proposal.value > 0:
            raise traitlets.TraitError(f"width must be more than 0, not {proposal.value:g}.")
        return proposal.value

    def voxels(self):
        """The bytes as the page has them, uint8 of shape (D, H, W)."""
        return np.frombuffer(self.data, np.uint8).reshape(self.shape)

    def number(self, value):
        """A value as text with its unit."""
        return f"{value:.{self.decimals}f}" + (f" {self.unit}" if self.unit else "")


def volume_viewer(volume, spacing, *, labels=("axial", "coronal", "sagittal"), low=None, high=None, unit="",
                  position=None):
    """Axial, coronal and sagittal plane through one crosshair, with orientation letters and a scale bar.

    The prediction it serves: only every fourth slice was kept; what does the coronal picture look like
    when the program forgets the spacing?  Decide, then tick "square voxels".

    volume : array of shape (D, H, W): slices from feet to head, rows from front to back, columns from the
        patient's right to left, so that the left of the picture is the patient's right.
    spacing : millimetres from voxel to voxel as (depth, row, column).
    low, high : range kept, in the volume's unit; None takes minimum and maximum. The page gets it in 256 steps, so
        the value read off is right within (high - low) / 510.
    position : crosshair as (slice, row, column), counted from 0; None is the middle.
    Returns an explorer; ``explorer.view`` has position, level, width and square, to be read and set.
    Raises ValueError for what is no such volume.
    """
    volume = np.asarray(volume)
    check_volume(volume, spacing, labels)
    low = float(volume.min() if low is None else low)
    high = float(volume.max() if high is None else high)
    if not low < high:
        raise ValueError(f"low must be smaller than high, but low is {low:g} and high is {high:g}.")
    position = [count // 2 for count in volume.shape] if position is None else [int(at) for at in position]
    if not inside(position, volume.shape):
        raise ValueError(f"position {tuple(position)} lies outside the volume of shape {volume.shape}; "
                         "give (slice, row, column), counted from 0.")
    viewer = VolumeViewer(
        data=quantise(volume, low, high).tobytes(), shape=list(volume.shape), spacing=[float(mm) for mm in spacing],
        names=list(labels), low=low, high=high, unit=unit, position=position, start=position,
        decimals=max(0, -math.floor(math.log10((high - low) / 50))), level=(low + high) / 2, width=high - low)
    return Explorer({}, viewer, lambda: picture(viewer), lambda: describe(viewer))


def check_volume(volume, spacing, labels):
    """Raises ValueError with one sentence for a volume, spacing or labels that cannot be drawn."""
    if volume.ndim != 3 or not volume.size:
        raise ValueError(f"A volume viewer needs an array of shape (depth, rows, columns), not shape {volume.shape}.")
    if volume.size > VOXELS:
        raise ValueError(f"{volume.size:,} voxels are too many for a page (at most {VOXELS:,}): pass "
                         "volume[::2, ::2, ::2] and twice the spacing.")
    if volume.dtype.kind not in "biuf" or not np.isfinite(volume).all():
        raise ValueError("The volume must hold finite numbers, but some are NaN, infinite or no real number: "
                         "np.nan_to_num(volume) replaces them.")
    if np.shape(spacing) != (3,) or not all(np.isfinite(mm) and mm > 0 for mm in spacing):
        raise ValueError(f"spacing must be three positive numbers in mm (depth, row, column), not {spacing!r}.")
    if isinstance(labels, str) or len(labels) != 3:
        raise ValueError(f"labels must be three names for the three planes, not {labels!r}.")


def quantise(volume, low, high):
    """Values to the 256 steps that travel to the page, uint8; beyond low and high they are cut off.

    >>> quantise(np.array([-5.0, 0.0, 50.0, 100.0]), 0, 100)
    array([  0,   0, 128, 255], dtype=uint8)
    """
    share = np.clip((volume.astype(np.float32) - np.float32(low)) / np.float32(high - low), 0, 1)
    return np.floor(share * np.float32(255) + np.float32(0.5)).astype(np.uint8)


def reslice(volume, position):
    """The three pictures through one voxel, as a radiologist sees them: head and front up, patient's right on the left.

    volume : array of shape (D, H, W). position : (slice, row, column).
    Returns axial (H, W), coronal (D, W) and sagittal (D, H), the last two with the head on top.
    """
    depth, row, column = position
    return volume[depth], volume[::-1, row, :], volume[::-1, :, column]


def millimetres(position, spacing):
    """Voxel (slice, row, column) to millimetres (x, y, z) from the centre of the first voxel.

    x runs to the patient's left, y to the back, z to the head, the directions of DICOM (PS3.3, C.7.6.2).
    >>> millimetres((2, 10, 4), (5.0, 0.5, 0.5))
    (2.0, 5.0, 10.0)
    """
    z, y, x = (at * mm for at, mm in zip(position, spacing, strict=True))
    return x, y, z


def window_table(low, high, level, width):
    """Grey level, uint8 of shape (256,), that each stored step gets; as in the page."""
    values = low + np.arange(256) / 255 * (high - low)
    return np.floor(np.clip((values - (level - width / 2)) / width, 0, 1) * 255 + 0.5).astype(np.uint8)


def readout(viewer):
    """Voxel, value and millimetres under the crosshair, in the words of the page."""
    depth, row, column = viewer.position
    value = viewer.low + viewer.voxels()[depth, row, column] / 255 * (viewer.high - viewer.low)
    x, y, z = millimetres(viewer.position, viewer.spacing)
    place = "no spacing, no millimetres" if viewer.square else f"(x, y, z) = ({x:.1f}, {y:.1f}, {z:.1f}) mm"
    return f"slice {depth}, row {row}, column {column}: value about {viewer.number(value)}; {place}"


def describe(viewer):
    """Two sentences for readers who do not see the pictures."""
    shape, mm = " by ".join(map(str, viewer.shape)), " by ".join(f"{side:g}" for side in viewer.spacing)
    drawn = "as if voxels were cubes, so distorted unless they are" if viewer.square else "in true millimetres"
    names = ", ".join(viewer.names[:2]) + f" and {viewer.names[2]}"
    return (f"Three planes ({names}) through a volume of {shape} voxels of {mm} mm, drawn {drawn}, window level "
            f"{viewer.number(viewer.level)}, width {viewer.number(viewer.width)}. Crosshair: {readout(viewer)}.")


def arrange(viewer):
    """Pixels per millimetre, then box and picture size of each plane; one scale for all, as in the page."""
    voxel = [1.0] * 3 if viewer.square else viewer.spacing

    def extents(side):
        return [(viewer.shape[across] * side[across], viewer.shape[down] * side[down])
                for _, down, across, *_ in PLANES]

    true, now = extents(viewer.spacing), extents(voxel)
    tall = max(height for _, height in true)
    wide = sum(width for width, _ in true)
    scale = min((WIDEST - 2 * GAP - 6 * MARGIN) / wide, TALLEST / tall)
    zoom = min(side * scale / length for (width, height), (box, _) in zip(now, true, strict=True)
               for side, length in ((box, width), (tall, height)))
    boxes = [(int(width * scale) + 2 * MARGIN, int(tall * scale) + 2 * MARGIN) for width, _ in true]
    return zoom, boxes, [(max(1, round(width * zoom)), max(1, round(height * zoom))) for width, height in now]


def picture(viewer):
    """The viewer as it stands, as PNG bytes for the stored notebook."""
    (zoom, boxes, sizes), left = arrange(viewer), 0
    sheet = Image.new("RGB", (sum(width for width, _ in boxes) + 2 * GAP, boxes[0][1] + 54), "white")
    pen = ImageDraw.Draw(sheet)
    table = window_table(viewer.low, viewer.high, viewer.level, viewer.width)
    for number, grey in enumerate(reslice(table[viewer.voxels()], viewer.position)):
        (width, height), size = boxes[number], sizes[number]
        pen.rectangle([left, 24, left + width - 1, 24 + height - 1], fill="black")
        corner = (left + (width - size[0]) // 2, 24 + (height - size[1]) // 2)
        sheet.paste(Image.fromarray(grey).resize(size, Image.Resampling.NEAREST), corner)
        draw_title(pen, viewer, number, left)
        draw_crosshair(pen, viewer, number, corner, size)
        draw_letters(pen, number, (left, 24, width, height), (*corner, *size))
        draw_scale(pen, None if viewer.square else zoom, (left + 8, 24 + height - MARGIN // 2), width / 2)
        left += width + GAP
    pen.text((0, boxes[0][1] + 30), readout(viewer), "black", font=ImageFont.load_default(15))
    return show.png(np.asarray(sheet))          # every grey level as it is


def draw_title(pen, viewer, number, left):
    """Name and slice of one plane beside its colour."""
    axis, *_, colour = PLANES[number]
    pen.rectangle([left, 9, left + 13, 12], fill=colour)
    pen.text((left + 21, 2), f"{viewer.names[number]}  {AXES[axis]} {viewer.position[axis]} of 0 to "
             f"{viewer.shape[axis] - 1}", "black", font=ImageFont.load_default(14))


def draw_crosshair(pen, viewer, number, corner, size):
    """Two lines with a gap at the voxel, each in the colour of the plane it stands for."""
    _, down, across, *_ = PLANES[number]
    colours = {axis: colour for axis, *_, colour in PLANES}
    row = viewer.position[down] if down else viewer.shape[0] - 1 - viewer.position[0]
    (left, top), (width, height) = corner, size
    x = left + (viewer.position[across] + 0.5) * width / viewer.shape[across]
    y = top + (row + 0.5) * height / viewer.shape[down]
    pieces = [(left, y, x - 7, y, down), (x + 7, y, left + width - 1, y, down),
              (x, top, x, y - 7, across), (x, y + 7, x, top + height - 1, across)]
    for *line, axis in pieces:
        if line[0] <= line[2] and line[1] <= line[3]:      # near an edge a piece has no length
            pen.line(line, fill=colours[axis])


def draw_letters(pen, number, box, place):
    """The patient's sides around one picture."""
    (left, top, width, height), (x, y, across, down) = box, place
    middle_x, middle_y = left + width / 2, top + height / 2
    spots = ((middle_x, y - MARGIN / 2), (x - MARGIN / 2, middle_y), (middle_x, y + down + MARGIN / 2),
             (x + across + MARGIN / 2, middle_y))
    for letter, spot in zip(PLANES[number][3], spots, strict=True):
        pen.text(spot, letter, "white", font=ImageFont.load_default(14), anchor="mm")


def draw_scale(pen, zoom, corner, room):
    """A bar of a round number of millimetres; without spacing there is none."""
    (x, y), font = corner, ImageFont.load_default(12)
    if zoom is None:
        pen.text((x, y), "no scale", "white", font=font, anchor="lm")
        return
    for length in [length for length in (200, 100, 50, 20, 10, 5, 2, 1) if 66 + length * zoom < room][:1]:
        end = x + length * zoom
        for line in ([x, y, end, y], [x, y - 4, x, y + 4], [end, y - 4, end, y + 4]):
            pen.line(line, fill="white", width=2)
        pen.text((end + 7, y), f"{length} mm", "white", font=font, anchor="lm")

"""Explorers of size: how much memory a shape takes, and what shrinking does to a small thing."""
import math
from functools import cache

import matplotlib.pyplot as plt
import numpy as np

from helpers import data, show
from helpers.explore.controls import choice, count, follow_preset, slider, steps
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import framed, grey
from helpers.explore.wording import readable_bytes

BYTES = {"uint8": 1, "int16": 2, "float16": 2, "float32": 4, "float64": 8}
SHAPES = {  # batch, channels, depth, height, width
    "one CT slice": (1, 1, 1, 512, 512),
    "colour photograph": (1, 3, 1, 512, 512),
    "CT volume": (1, 1, 256, 512, 512),
    "batch of 16 CT volumes": (16, 1, 256, 512, 512),
}
METHODS = ("block mean", "every n-th pixel")
PATCH, ZOOM = 96, 3                                  # side of the part of a scan that is shown; screen pixels per pixel
FACTORS = (1, 2, 3, 4, 6, 8, 12, 16)                 # all divide PATCH
LANDMARKS = {"a compact disc": 700e6, "laptop memory, 16 GiB": 16 * 2**30, "large GPU, 80 GiB": 80 * 2**30}


def tensor_bytes(shape, dtype):
    """Bytes that a tensor of this shape occupies; dtype is a key of BYTES.

    >>> tensor_bytes((16, 1, 256, 512, 512), "float32") / 2**30
    4.0
    """
    return math.prod(shape) * BYTES[dtype]


def shape_calculator():
    """Elements and bytes of a tensor, beside the memory of a laptop.

    Serves the prediction: does a batch of 16 CT volumes as float32 fit into the memory of this laptop?
    """
    names = ("batch", "channels", "depth", "height", "width")
    controls = {"preset": choice("preset", [*SHAPES, "your own"], width="270px")}
    controls |= {name: count(name, value, 4096) for name, value in zip(names, SHAPES["one CT slice"], strict=True)}
    controls["dtype"] = choice("dtype", BYTES, "float32", width="170px")
    follow_preset(controls["preset"], SHAPES, [controls[name] for name in names])
    fig, bar = _memory_figure()

    def update(preset, dtype, **sides):
        shape = tuple(sides[name] for name in names)
        size = tensor_bytes(shape, dtype)
        bar.set_width(size)
        bar.set_hatch("//" if size > LANDMARKS["laptop memory, 16 GiB"] else "")
        caption = f"{list(shape)} · {math.prod(shape):,} numbers of {BYTES[dtype]} bytes · {readable_bytes(size)}"
        return caption, f"A tensor of shape {caption}. Bar on a logarithmic scale from 1 KiB to 1 TiB."

    return live_figure(controls, fig, [bar], update, rows=[("preset", "dtype"), names])


def _memory_figure():
    fig, axis = plt.subplots(figsize=(9.6, 1.9))
    fig.subplots_adjust(left=0.04, right=0.96, bottom=0.31, top=0.74)
    bar, = axis.barh([0], [1], height=0.5, color=show.BLUE, edgecolor="white")
    axis.set(xscale="log", xlim=(2**10, 2**40), ylim=(-0.5, 0.5), yticks=[], xlabel="memory (logarithmic)")
    axis.set_xticks([2**power for power in (10, 20, 30, 40)], ["1 KiB", "1 MiB", "1 GiB", "1 TiB"])
    axis.minorticks_off()
    axis.spines["left"].set_visible(False)
    for height, (name, size) in zip((1.02, 1.2, 1.02), LANDMARKS.items(), strict=True):
        axis.axvline(size, color=show.RED, lw=1.2, ls="--")
        align = "left" if name.startswith("large") else "right"
        axis.text(size, height, name, transform=axis.get_xaxis_transform(), fontsize=9, ha=align, color=show.RED)
    return fig, bar


def block_mean(image, factor):
    """Each pixel of the result is the mean of a factor-by-factor block.

    image : array (H, W) whose sides `factor` divides.  Raises ValueError when it does not.

    >>> block_mean(np.eye(4), 2).tolist()
    [[0.5, 0.0], [0.0, 0.5]]
    """
    height, width = image.shape
    if height % factor or width % factor:
        raise ValueError(f"{factor} does not divide both sides of {height} by {width}: crop or pad first.")
    return image.reshape(height // factor, factor, width // factor, factor).mean(axis=(1, 3))


def coarser(image, factor, method):
    """An image with pixels `factor` times as wide, by "block mean" or by keeping "every n-th pixel"."""
    return block_mean(image, factor) if method == "block mean" else image[::factor, ::factor]


@cache
def nodule_image(diameter, side=256, centre=(100, 100)):
    """A simulated disc of contrast 1 on a background of 0, float (side, side).

    diameter : odd number of pixels, so that the disc has a middle pixel, `centre` (row, column).
    """
    rows, columns = np.indices((side, side))
    distance = np.hypot(rows - centre[0], columns - centre[1])
    return (distance <= diameter // 2).astype(float)


def shrinking_nodule(hu=None, spacing=None, nodule=None, *, side=256):
    """A simulated nodule while pixels grow: a disc of contrast 1, or the nodule of a CT slice in HU and mm.

    Serves the prediction: what contrast is left of a one-pixel nodule in a 16 by 16 image?  With a slice: what is
    left at most of an 8 mm nodule when a pixel is 12 mm wide?

    hu : simulated slice, array (H, W) in HU, at least 96 pixels a side; none gives the disc.
    spacing : (row, column) in mm, equal.  nodule : bool (H, W), True inside the nodule, which lies in a lung.
    side : pixels a side of the picture with the disc.
    Returns an explorer.  Raises ValueError for anything but a square-pixelled slice with a nodule.
    """
    return _shrinking_disc(side) if hu is None else _shrinking_scan(*_checked(hu, spacing, nodule))


def _shrinking_disc(side):
    sizes = [256, 128, 64, 32, 16]
    controls = {
        "diameter": slider("nodule diameter (pixels)", 1, 1, 31, 2),
        "size": steps("image size (pixels)", sizes, 256),
        "method": choice("method", METHODS, width="250px"),
    }
    fig, before, after, curve, dot = _disc_figure(sizes, side)

    def update(diameter, size, method):
        image = nodule_image(diameter, side)
        small = coarser(image, side // size, method)
        before.show(grey(image))
        after.show(grey(small), zoom=side // size)
        reached = [n for n in sizes if n >= size]  # nothing is given away before you shrink
        curve.set_data(reached, [max(coarser(image, side // n, method).max(), 1e-3) for n in reached])
        dot.set_data([size], [max(small.max(), 1e-3)])
        share = 100 * size**2 / side**2
        caption = f"{size} × {size}: contrast left {small.max():.4g} of 1, {share:.2f} % of the pixels kept"
        return caption, (f"Simulated nodule of diameter {diameter} pixels, image shrunk from {side} to {size} pixels, "
                         f"{method}. {caption}.")

    return live_figure(controls, fig, [before, after, curve, dot], update)


def _checked(hu, spacing, nodule):
    """Slice, millimetres per pixel and mask; raises ValueError with one sentence for what cannot be shown."""
    hu, nodule = np.asarray(hu, dtype=np.float32), np.asarray(nodule)
    if hu.ndim != 2 or min(hu.shape) < PATCH:
        raise ValueError(f"shrinking_nodule needs one slice of at least {PATCH} by {PATCH} pixels, not {hu.shape}.")
    if np.shape(spacing) != (2,) or spacing[0] != spacing[1] or not spacing[0] > 0:
        raise ValueError(f"spacing must be (row, column) in mm with square pixels, not {spacing!r}.")
    if nodule.shape != hu.shape or nodule.dtype != bool or not nodule.any():
        raise ValueError(f"nodule must be a bool mask of shape {hu.shape} that is True somewhere, for example "
                         "patient.slice(z).nodules at the level of a nodule.")
    return hu, float(spacing[0]), nodule


def stands_out(hu, mm, nodule):
    """By how much the nodule is denser than the lung 2 to 10 mm around it, HU of the same shape: 0 outside its mask.

    mm : side of a pixel.
    """
    from scipy import ndimage  # not above: most lectures do without, and it takes long to import

    outside = ndimage.distance_transform_edt(~nodule) * mm
    return np.where(nodule, hu - np.median(hu[(outside > 2) & (outside < 10)]), 0.0)


def wherever_the_grid_lies(contrast, factor, method):
    """Smallest and largest peak that is left over all places where the coarser grid may begin.

    >>> wherever_the_grid_lies(np.diag([0.0, 8, 0, 0]), 2, "every n-th pixel")
    (0.0, 8.0)
    """
    from scipy import ndimage

    height, width = contrast.shape
    new = ndimage.uniform_filter(contrast, factor, mode="wrap") if method == "block mean" else contrast
    peaks = new.reshape(height // factor, factor, width // factor, factor).max(axis=(0, 2))  # one per place
    return float(peaks.min()), float(peaks.max())


def _shrinking_scan(hu, mm, nodule):
    rows, columns = (int(np.clip(np.mean(places) - PATCH / 2 - 2, 0, length - PATCH))
                     for places, length in zip(np.nonzero(nodule), hu.shape, strict=True))
    patch = (slice(rows, rows + PATCH), slice(columns, columns + PATCH))
    contrast, image = stands_out(hu, mm, nodule)[patch], data.window(hu[patch], *data.WINDOWS["lung"])
    diameter = 2 * mm * math.sqrt(contrast.sum() / contrast.max() / math.pi)  # the rim by its share
    factors = {float(f"{factor * mm:.3g}"): factor for factor in FACTORS}
    left = {method: {size: (coarser(contrast, factor, method).max(), *wherever_the_grid_lies(contrast, factor, method))
                     for size, factor in factors.items()} for method in METHODS}
    controls = {"size": steps("pixel size (mm)", list(factors), next(iter(factors))),
                "method": choice("method", METHODS, width="250px")}
    fig, before, after, lines = _scan_figure(list(factors), diameter, contrast.max())
    before.show(framed(grey(image), nodule[patch]), ZOOM)

    def update(size, method):
        after.show(grey(coarser(image, factors[size], method)), zoom=ZOOM * factors[size])
        reached = [pixel for pixel in factors if pixel <= size]  # nothing is given away before you shrink
        for line, values in zip(lines, zip(*(left[method][pixel] for pixel in reached), strict=True), strict=False):
            line.set_data(reached, values)
        lines[-1].set_data([size], [left[method][size][0]])
        now, least, most = left[method][size]
        caption = (f"Pixels of {size:g} mm: contrast left {now:.0f} of {contrast.max():.0f} HU; with another grid "
                   f"{least:.0f} to {most:.0f}")
        return caption, (f"Simulated chest CT, {PATCH * mm:.0f} mm a side, with a nodule in a frame; "
                         f"beside it the same, {method}. {caption}.")

    return live_figure(controls, fig, [before, after, *lines], update)


def _before_and_after(side, *titles):
    """A figure with two pictures of `side` screen pixels, and axes to their right with a logarithmic x."""
    width, height = 3.7 * side, side + 74
    fig = plt.figure(figsize=(width / show.DPI, height / show.DPI))
    pictures = []
    for left, title in zip((8, 28 + side), titles, strict=False):
        pictures.append(Inset(left, 34))
        fig.text((left + side / 2) / width, (side + 46) / height, title, ha="center", fontsize=12)
    right = fig.add_axes((2.6 * side / width, 58 / height, 1.06 * side / width, 1 - 98 / height))
    right.set(xscale="log")
    right.set_title(titles[-1], pad=10)
    right.grid(axis="y", alpha=0.4)
    return fig, *pictures, right


def _disc_figure(sizes, side):
    fig, before, after, right = _before_and_after(
        side, f"{side} × {side} (simulated)", "shrunk", "largest contrast that is left")
    curve, = right.plot([], [], "-s", color=show.BLUE)
    dot, = right.plot([], [], "o", color=show.RED, ms=13, mfc="none", mew=2.5)
    right.set(yscale="log", xlim=(300, 14), ylim=(8e-4, 1.4), xlabel="image size (pixels)")
    right.set_xticks(sizes, [str(size) for size in sizes])
    right.set_yticks([1, 1 / 16, 1 / 256, 1e-3], ["1", "1/16", "1/256", "0"])
    right.minorticks_off()
    return fig, before, after, curve, dot


def _scan_figure(sizes, diameter, most):
    fig, before, after, right = _before_and_after(
        PATCH * ZOOM, f"simulated, pixels of {sizes[0]:.1f} mm", "simulated, coarser", "contrast to the lung (HU)")
    lines = [right.plot([], [], style, color=colour, label=label)[0] for style, colour, label in (
        ("-s", show.BLUE, "this grid"), (":", show.GREY, "worst grid"), ("--", show.GREY, "best grid"))]
    lines += right.plot([], [], "o", color=show.RED, ms=13, mfc="none", mew=2.5)
    right.axvline(diameter, color=show.GREY, lw=1)
    right.text(diameter, 0.94, " width of the nodule", transform=right.get_xaxis_transform(), fontsize=9)
    right.set(xlim=(sizes[0] / 1.2, sizes[-1] * 1.2), ylim=(-0.04 * most, 1.17 * most), xlabel="pixel size (mm)")
    right.set_xticks(sizes, [f"{size:.0f}" if size > 9.5 else f"{size:.1f}" for size in sizes], fontsize=9)
    right.minorticks_off()
    right.legend(loc="lower left", fontsize=9)
    return fig, before, after, lines

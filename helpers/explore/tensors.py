"""Explorers of size: how much memory a shape takes, and what shrinking does to a small thing."""
import math
from functools import cache

import matplotlib.pyplot as plt
import numpy as np

from helpers import show
from helpers.explore.controls import choice, count, follow_preset, slider, steps
from helpers.explore.live import Inset, live_figure

BYTES = {"uint8": 1, "int16": 2, "float16": 2, "float32": 4, "float64": 8}
SHAPES = {  # batch, channels, depth, height, width
    "one CT slice": (1, 1, 1, 512, 512),
    "colour photograph": (1, 3, 1, 512, 512),
    "CT volume": (1, 1, 256, 512, 512),
    "batch of 16 CT volumes": (16, 1, 256, 512, 512),
}
LANDMARKS = {"a compact disc": 700e6, "laptop memory, 16 GiB": 16 * 2**30, "large GPU, 80 GiB": 80 * 2**30}


def tensor_bytes(shape, dtype):
    """Bytes that a tensor of this shape occupies; dtype is a key of BYTES.

    >>> tensor_bytes((16, 1, 256, 512, 512), "float32") / 2**30
    4.0
    """
    return math.prod(shape) * BYTES[dtype]


def readable(size):
    """A number of bytes in the unit a person would use.

    >>> readable(524288)
    '512 KiB'
    """
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024 or unit == "GiB":
            return f"{size:.3g} {unit}" if size < 1000 or unit != "GiB" else f"{size:,.0f} GiB"
        size /= 1024


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
        caption = f"{list(shape)} · {math.prod(shape):,} numbers of {BYTES[dtype]} bytes · {readable(size)}"
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


def shrink(image, size, method):
    """A square image at a smaller size, by "block mean" or by keeping "every n-th pixel"."""
    factor = image.shape[0] // size
    return block_mean(image, factor) if method == "block mean" else image[::factor, ::factor]


@cache
def nodule_image(diameter, side=256, centre=(100, 100)):
    """A simulated disc of contrast 1 on a background of 0, float (side, side).

    diameter : odd number of pixels, so that the disc has a middle pixel, `centre` (row, column).
    """
    rows, columns = np.indices((side, side))
    distance = np.hypot(rows - centre[0], columns - centre[1])
    return (distance <= diameter // 2).astype(float)


def shrinking_nodule(side=256):
    """A simulated nodule while the image shrinks from 256 pixels to 16.

    Serves the prediction: what contrast is left of a one-pixel nodule in a 16 by 16 image?
    """
    sizes = [256, 128, 64, 32, 16]
    controls = {
        "diameter": slider("nodule diameter (pixels)", 1, 1, 31, 2),
        "size": steps("image size (pixels)", sizes, 256),
        "method": choice("method", ["block mean", "every n-th pixel"], width="250px"),
    }
    fig, before, after, curve, dot = _nodule_figure(sizes, side)

    def update(diameter, size, method):
        image = nodule_image(diameter, side)
        small = shrink(image, size, method)
        before.show(grey(image))
        after.show(grey(small), zoom=side // size)
        reached = [n for n in sizes if n >= size]  # nothing is given away before you shrink
        curve.set_data(reached, [max(shrink(image, n, method).max(), 1e-3) for n in reached])
        dot.set_data([size], [max(small.max(), 1e-3)])
        share = 100 * size**2 / side**2
        caption = f"{size} × {size}: contrast left {small.max():.4g} of 1, {share:.2f} % of the pixels kept"
        return caption, (f"Simulated nodule of diameter {diameter} pixels, image shrunk from {side} to {size} pixels, "
                         f"{method}. {caption}.")

    return live_figure(controls, fig, [before, after, curve, dot], update)


def grey(image):
    """An image in [0, 1] as a picture, uint8 of shape (H, W, 3)."""
    return np.repeat(np.uint8(np.rint(255 * image))[..., None], 3, axis=-1)


def _nodule_figure(sizes, side):
    width, height = 3.7 * side, side + 74
    fig = plt.figure(figsize=(width / show.DPI, height / show.DPI))
    pictures = []
    for left, title in ((8, f"{side} × {side} (simulated)"), (28 + side, "shrunk")):
        pictures.append(Inset(left, 34))
        fig.text((left + side / 2) / width, (side + 46) / height, title, ha="center", fontsize=12)
    right = fig.add_axes((2.6 * side / width, 58 / height, 1.06 * side / width, 1 - 98 / height))
    curve, = right.plot([], [], "-s", color=show.BLUE)
    dot, = right.plot([], [], "o", color=show.RED, ms=13, mfc="none", mew=2.5)
    right.set(xscale="log", yscale="log", xlim=(300, 14), ylim=(8e-4, 1.4), xlabel="image size (pixels)")
    right.set_title("largest contrast that is left", pad=10)
    right.set_xticks(sizes, [str(size) for size in sizes])
    right.set_yticks([1, 1 / 16, 1 / 256, 1e-3], ["1", "1/16", "1/256", "0"])
    right.minorticks_off()
    right.grid(axis="y", alpha=0.4)
    return fig, *pictures, curve, dot

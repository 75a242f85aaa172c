"""An explorer of filters that people made: an image before and after, clean and noisy."""
from functools import lru_cache

import numpy as np

from helpers.explore import pictures
from helpers.explore.controls import choice, follow_preset, slider
from helpers.explore.filtering import FILTERS, KERNELS, MEDIANS, MISPRINT, SIGNED, filtered, gaussian
from helpers.explore.lettering import written
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import NOISES, grey, kernel_numbers, kernel_picture, noisy, note, pixel_figure, prepared

SIDE, ZOOM = 128, 2
PRESETS = {  # filter, noise, strength in percent
    "nothing done yet": ("identity", "none", 5),
    "edges that run up and down": ("Sobel x", "none", 5),
    "edges in all directions": ("Sobel magnitude", "none", 5),
    "the misprint": (MISPRINT, "none", 5),
    "salt and pepper": ("identity", "salt and pepper", 5),
    "salt and pepper, box": ("box 3 × 3", "salt and pepper", 5),
    "salt and pepper, median": ("median 3 × 3", "salt and pepper", 5),
    "grainy, median": ("median 3 × 3", "Gaussian", 10),
    "grainy, box": ("box 3 × 3", "Gaussian", 10),
    "grainy, Laplace": ("Laplace", "Gaussian", 10),
}


def filter_gallery(images):
    """An image before and after a filter that people made, the filter's numbers between them, with noise if you like.

    Serves the prediction: which filter removes salt and pepper?

    images : dict of name to array (H, W), from 0 to 1, uint8 or in HU; larger ones are shrunk to 128 pixels.
    Signed results are drawn blue below 0, white at 0, red above; all others on the grey scale of the image.
    Returns an explorer.  Raises ValueError for anything but images.
    """
    if not isinstance(images, dict) or not images:
        raise ValueError('filter_gallery needs a dict of name to image, for example {"camera": camera}.')
    images = {name: prepared(image, name) for name, image in images.items()}
    controls = {
        "preset": choice("preset", [*PRESETS, "your own"], width="290px"),
        "image": choice("image", [*images], width="260px"),
        "name": choice("filter", FILTERS, width="280px"),
        "sigma": slider("Gaussian: σ (pixels)", 1.0, 0.5, 2.0, 0.25, width="330px"),
        "noise": choice("noise", NOISES, width="200px"),
        "percent": slider("strength of the noise (%)", 5, 1, 30, width="350px"),
    }
    follow_preset(controls["preset"], PRESETS, [controls[name] for name in ("name", "noise", "percent")])
    fig, artists = _gallery_figure()

    def update(preset, image, name, sigma, noise, percent):
        controls["sigma"].disabled, controls["percent"].disabled = name != "Gaussian", noise == "none"
        clean, scale = images[image]
        before = noisy(clean, noise, percent, scale)
        after = filtered(before, name, sigma)
        _draw_gallery(artists, before, after, name, sigma, scale)
        return _tell_gallery(image, clean, before, after, (name, sigma), noise, percent, scale)

    return live_figure(controls, fig, list(artists.values()), update,
                       rows=[("preset", "image", "name"), ("noise", "percent", "sigma")])


@lru_cache(maxsize=64)
def kernel_panel(name, sigma, side=216):
    """What stands between before and after: a picture, uint8 (side, side, 3), and a line of text below it."""
    panel = np.full((side, side, 3), 255, np.uint8)
    if name == "Sobel magnitude":
        half = (side - 8) // 2
        for left, part in ((0, "Sobel x"), (side - half, "Sobel y")):
            panel[side // 4:side // 4 + half, left:left + half] = kernel_picture(KERNELS[part], half)
        return panel, "√(Sobel x² + Sobel y²)"
    if name in MEDIANS:
        for row, words in enumerate(("no kernel:", f"sort {MEDIANS[name]**2} neighbours,", "take the middle one")):
            line = written(words)
            top, left = side // 2 - 40 + 28 * row, (side - line.shape[1]) // 2
            panel[top:top + len(line), left:left + line.shape[1]] = line
        return panel, "not linear"
    kernel = gaussian(sigma) if name == "Gaussian" else KERNELS[name]
    numbers, factor = kernel_numbers(kernel)
    return kernel_picture(numbers, side), f"{factor}   sum {kernel.sum():g}".strip()


def _colours(after, name, scale):
    """The result as a picture, and the labels of its colour scale from top to bottom, the middle one included."""
    span = scale[1] - scale[0]
    if name in SIGNED:
        return pictures.signed(after, span), (f"+{span:g}", "0", f"−{span:g}")
    low, high = (0.0, span) if name == "Sobel magnitude" else scale
    levels = [f"{level:g}".replace("-", "−") for level in (high, (low + high) / 2, low)]
    return grey(np.clip((after - low) / span, 0, 1)), levels


def _draw_gallery(artists, before, after, name, sigma, scale):
    picture, labels = _colours(after, name, scale)
    artists["before"].show(grey(np.clip((before - scale[0]) / (scale[1] - scale[0]), 0, 1)))
    artists["after"].show(picture)
    panel, text = kernel_panel(name, sigma)
    artists["kernel"].show(panel)
    ramp = np.linspace(1, -1, SIDE * ZOOM)[:, None].repeat(14, axis=1)
    artists["bar"].show(pictures.signed(ramp, 1) if name in SIGNED else grey((ramp + 1) / 2))
    for key, words in zip(("sum", "top", "middle", "bottom"), (text, *labels), strict=True):
        artists[key].show(written(words))


def _tell_gallery(image, clean, before, after, filter_, noise, percent, scale):
    told = lambda level: f"{level:.3f}" if scale == (0, 1) else f"{level:.0f} HU"  # noqa: E731
    apart = lambda one, other: told(pictures.rmse(one, other))  # noqa: E731
    name = filter_[0] + (f", σ = {filter_[1]:g}" if filter_[0] == "Gaussian" else "")
    if noise == "none":
        said = _tell_sum(filter_[0])
    elif filter_[0] in (*SIGNED, "Sobel magnitude"):
        kept = apart(after, filtered(clean, *filter_))
        said = f"the noise, as RMSE, is {apart(before, clean)} before and {kept} after"
    else:
        said = f"RMSE to the clean image {apart(before, clean)} before, {apart(after, clean)} after"
    caption = f"{name[0].upper()}{name[1:]}: {said}"
    disturbed = "no noise" if noise == "none" else f"noise {noise}, {percent} %"
    return caption, (f"{image}, {disturbed}, before and after a filter, with its numbers. {caption}. Before from "
                     f"{told(before.min())} to {told(before.max())}, after from {told(after.min())} to "
                     f"{told(after.max())}.")


def _tell_sum(name):
    if name in MEDIANS:
        return "the middle one of the sorted neighbours; one odd pixel among them never wins"
    if name == "Sobel magnitude":
        return "how steep the brightness is, whatever the direction"
    total = 1 if name == "Gaussian" else round(float(KERNELS[name].sum()), 9)
    flat = {0: "flat areas become 0", 1: "flat areas keep their grey level"}
    return f"the numbers sum to {total:g}, so {flat.get(total, f'flat areas become {total:g} times as bright')}"


def _gallery_figure():
    fig = pixel_figure(930, 312)
    for x, y, words in ((136, 14, "before"), (420, 14, "filter"), (704, 14, "after"), (288, 156, "→"), (552, 156, "→")):
        note(fig, x, y, words, fontsize=16 if words == "→" else 11)
    return fig, {"before": Inset(8, 30, ZOOM), "kernel": Inset(312, 46), "sum": Inset(316, 270),
                 "after": Inset(576, 30, ZOOM), "bar": Inset(840, 30), "top": Inset(858, 28),
                 "middle": Inset(858, 148), "bottom": Inset(858, 268)}

"""Explorer of equivariance: move then filter, filter then move."""
import numpy as np
from scipy import ndimage

from helpers import conv, filters
from helpers.explore.controls import choice, follow_preset, slider
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import grey, note, outline, pixel_figure, prepared, signed

SIDE = 80  # pixels; both strides fit into it
KERNELS = {
    "vertical edge": filters.KERNELS["vertical edge"], "plus": filters.KERNELS["plus"],
    "Gaussian": filters.gaussian(5, 1.0),
    "random": np.random.default_rng(1).integers(-3, 4, (3, 3)),
}
PRESETS = {  # dx, angle, scale, kernel, stride, border
    "nothing moved": (0, 0, 1.0, "vertical edge", 1, "zeros"),
    "shift by 12": (12, 0, 1.0, "vertical edge", 1, "zeros"),
    "shift by 12, wrapped around": (12, 0, 1.0, "vertical edge", 1, "circular"),
    "shift by 12, stride 2": (12, 0, 1.0, "vertical edge", 2, "zeros"),
    "shift by 13, stride 2": (13, 0, 1.0, "vertical edge", 2, "zeros"),
    "turn by 90°, vertical edge": (0, 90, 1.0, "vertical edge", 1, "zeros"),
    "turn by 90°, plus": (0, 90, 1.0, "plus", 1, "zeros"),
    "turn by 180°, random": (0, 180, 1.0, "random", 1, "zeros"),
    "turn by 45°, Gaussian": (0, 45, 1.0, "Gaussian", 1, "zeros"),
    "twice as large, plus": (0, 0, 2.0, "plus", 1, "zeros"),
    "half as large, Gaussian": (0, 0, 0.5, "Gaussian", 1, "zeros"),
}


def moved(image, dx, angle, scale, stride=1, border="zeros"):
    """An image (H, W) shifted to the right, then turned, then enlarged about its middle.

    dx : whole pixels, 0 or more.  angle : degrees, anticlockwise.  scale : above 1 enlarges.
    stride : of the filter that the image came out of: its middle lies where that of the filtered image was.
    border : what moves in, "zeros", or "circular" for what went out on the other side.
    Whole shifts and quarter turns move pixels as they are; all else interpolates between neighbours.
    """
    image = np.roll(image, dx, axis=1)
    if border == "zeros":
        image[:, :dx] = 0
    if angle % 90 == 0:
        image, angle = np.rot90(image, angle // 90), 0
    if angle == 0 and scale == 1:
        return image
    cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    back = np.array([[cos, sin], [-sin, cos]]) / scale                   # from a place in the result to one before
    middle = (np.array(image.shape) - 1 / stride) / 2
    return ndimage.affine_transform(image.astype(float), back, middle - back @ middle, order=1,
                                    mode="grid-wrap" if border == "circular" else "constant")


def filtered(image, kernel, stride=1, border="zeros"):
    """Cross-correlation of an image (H, W) that is padded all around, with zeros or as if it were wound up."""
    width = [(side // 2, side // 2) for side in kernel.shape]
    return conv.cross_correlate(np.pad(image, width, "wrap" if border == "circular" else "constant"), kernel,
                                stride=stride)


def compare(image, kernel, dx=0, angle=0, scale=1.0, stride=1, border="zeros"):
    """Both orders of moving and filtering.

    image : array (H, W) with even sides; the rest as for `moved` and `filtered`. A shift that the stride does not
    divide has no whole counterpart in the result: of the two neighbours the better one is taken.
    Returns a dict of arrays: "moved", "moved, filtered", "filtered", "filtered, moved", and "inside", bool: the
    pixels that neither the border nor what moved in had a part in, on either way.
    """
    move = dict(angle=angle, scale=scale, border=border)
    first = moved(image, dx, **move)
    left, plain = filtered(first, kernel, stride, border), filtered(image, kernel, stride, border)
    inside = _inside(image.shape, kernel, dx, angle, scale, stride, border)
    rights = [moved(plain, steps, stride=stride, **move) for steps in {dx // stride, -(-dx // stride)}]
    right = min(rights, key=lambda way: np.abs(left - way)[inside].max(initial=0))
    return {"moved": first, "moved, filtered": left, "filtered": plain, "filtered, moved": right, "inside": inside}


def _inside(shape, kernel, dx, angle, scale, stride, border):
    """Where both ways have used pixels of the image only; wound up there are no others but in the corners of a turn."""
    mode, shift = ("wrap", 0) if border == "circular" else ("constant", dx)
    known = lambda mask: mask > 1 - 1e-9                                                             # noqa: E731
    shrunk = lambda mask: ndimage.minimum_filter(mask, kernel.shape, mode=mode)[::stride, ::stride]  # noqa: E731
    every = np.ones(shape)
    left = shrunk(moved(every, shift, angle, scale))
    right = moved(shrunk(every), -(-shift // stride), angle, scale, stride)
    return known(left) & known(right)


def largest(values):
    """The largest absolute value, 0 for none; what is left of rounding counts as 0.

    >>> largest(np.array([-3.0, 2.0])), largest(np.array([1e-10])), largest(np.array([]))
    (3.0, 0.0, 0.0)
    """
    size = float(np.abs(values).max(initial=0))
    return size if size > 1e-6 else 0.0


def equivariance(image):
    """Move, then filter, or filter, then move: the difference, away from the border and at it.

    Serves the prediction: shift a scan and filter it, or filter it and shift the result: is the outcome the same? And
    if you turn or enlarge it instead?

    image : array (H, W), from 0 to 1, uint8 or in HU; its middle square is used, as grey levels from 0 to 255.
    Returns an explorer.  Raises ValueError for what is no image.
    """
    image = levels(image)
    start = PRESETS["nothing moved"]
    controls = {
        "preset": choice("preset", [*PRESETS, "your own"], width="300px"),
        "dx": slider("shift (pixels)", start[0], 0, 24, width="270px"),
        "angle": slider("turn (degrees)", start[1], 0, 180, 5, width="270px"),
        "scale": slider("enlarge (times)", start[2], 0.5, 2.0, 0.05, width="270px"),
        "kernel": choice("kernel", list(KERNELS), width="220px"),
        "stride": choice("stride", [1, 2], width="130px"),
        "border": choice("border", ["zeros", "circular"], width="190px"),
    }
    follow_preset(controls["preset"], PRESETS, list(controls.values())[1:])
    fig, insets = _moving_figure(len(image))
    insets["image"].show(grey(image / 255))

    def update(preset, kernel, **settings):
        ways = compare(image, KERNELS[kernel], **settings)
        _draw_ways(insets, ways, KERNELS[kernel], settings["stride"])
        return _tell_ways(ways, kernel, **settings)

    return live_figure(controls, fig, list(insets.values()), update,
                       rows=[("preset", "kernel", "stride", "border"), ("dx", "angle", "scale")])


def levels(image):
    """The middle square of an image as whole grey levels, float (S, S) from 0 to 255, S even and at most 80."""
    image = np.asarray(image)
    if image.ndim == 2:
        side = min(image.shape)
        top, left = ((length - side) // 2 for length in image.shape)
        image = image[top:top + side, left:left + side]
    image, (black, white) = prepared(image, side=SIDE)
    even = len(image) // 2 * 2
    return np.rint(255 * np.clip((image[:even, :even] - black) / (white - black), 0, 1))


def _draw_ways(insets, ways, kernel, stride):
    rising, falling = (255 * np.maximum(part, 0).sum() for part in (kernel, -kernel))
    limit = rising / 2 if falling else rising
    insets["moved"].show(grey(np.clip(ways["moved"] / 255, 0, 1)))
    for name in ("filtered", "moved, filtered", "filtered, moved"):
        insets[name].show(signed(ways[name], limit), zoom=2 * stride)
    difference = signed(ways["moved, filtered"] - ways["filtered, moved"], limit / 4)
    outside = ~ways["inside"]
    difference[outside] = difference[outside] // 2 + 90                  # greyed
    insets["difference"].show(difference, zoom=4 * stride)


def _tell_ways(ways, kernel, dx, angle, scale, stride, border):
    difference, inside = ways["moved, filtered"] - ways["filtered, moved"], ways["inside"]
    away, at = largest(difference[inside]), largest(difference[~inside])
    reach = KERNELS[kernel].shape[0] // 2
    told = lambda size: f"{size:,.0f}" if size >= 100 else f"{size:.3g}"                             # noqa: E731
    caption = f"Largest difference {told(away)}" + (" everywhere" if inside.all() else (
        f" away from the border (margin {reach} pixel{'s' * (reach > 1)}), {told(at)} at the border"))
    caption += f": {_because(away, kernel, dx, angle, scale, stride)}"
    done = [f"shifted by {dx} pixels", f"turned by {angle} degrees", f"enlarged {scale:g} times"]
    return caption, (f"An image {', '.join(done)}; kernel {kernel}, stride {stride}, border {border}. Move, then "
                     f"filter, against filter, then move. {caption}. Responses of up to "
                     f"{largest(ways['filtered']):,.0f}; {100 * inside.mean():.0f} % of the pixels lie away from the "
                     "border and from what moved in.")


def _because(away, kernel, dx, angle, scale, stride):
    """Why the two ways agree or differ, in half a sentence."""
    if (dx, angle, scale) == (0, 0, 1):
        return "nothing is moved yet"
    if away == 0:
        return "the order does not matter"
    if scale != 1:
        return "the picture changed its size, the kernel did not"
    turned = np.array_equal(np.rot90(KERNELS[kernel], angle // 90), KERNELS[kernel])
    if angle and (angle % 90 or not turned):
        round_ = kernel == "Gaussian"
        return "the kernel is round; interpolation leaves this" if round_ else "the picture turned, the kernel did not"
    if angle:
        return f"after the turn, stride {stride} keeps other pixels"
    return f"{dx} pixels are no whole number of steps of {stride}"


def _moving_figure(side):
    wide, gap, top = 2 * side, 26, 24
    fig = pixel_figure(3 * wide + 4 * side + 5 * 24, 2 * (wide + gap) + 6)
    lefts = [12 + (wide + 28) * column for column in range(4)]
    low, middle = top + wide + gap, top + (wide + gap) // 2
    places = {"image": (0, middle), "moved": (1, top), "moved, filtered": (2, top), "filtered": (1, low),
              "filtered, moved": (2, low)}
    insets = {}
    for name, (column, y) in places.items():
        insets[name] = Inset(lefts[column], y, zoom=2)
        note(fig, lefts[column] + wide / 2, y - 12, name)
        outline(fig, lefts[column], y, wide, wide)
    insets["difference"] = Inset(lefts[3], top, zoom=4)
    note(fig, lefts[3] + wide, top - 12, "difference, colours 4 times as strong")
    note(fig, lefts[3] + wide, top + 4 * side + 12, "greyed: the border had a part in it", fontsize=10)
    outline(fig, lefts[3], top, 4 * side, 4 * side)
    return fig, insets

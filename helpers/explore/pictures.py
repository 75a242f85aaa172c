"""What live figures are made of: images made ready, noise, and arrays as pictures, uint8 (H, W, 3), one pixel each."""
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgb
from PIL import Image, ImageDraw

from helpers import show
from helpers.explore.lettering import font

NOISES = ["none", "Gaussian", "salt and pepper"]
SIGNED = plt.get_cmap("RdBu_r")(np.linspace(0, 1, 255), bytes=True)[:, :3]       # the middle one of 255 is white
SIGNED[127] = 255
STRIPES = np.where(np.indices((400, 400)).sum(axis=0)[..., None] % 12 < 6, np.uint8(0), np.uint8([255] * 3))
RED = (213, 94, 0)


def fit(image, side):
    """An image (H, W) or (H, W, C) as floats, made smaller, if need be, so that no side exceeds `side` pixels."""
    from skimage.transform import resize  # not above: it takes long to import

    image = np.asarray(image, dtype=float)
    height, width = image.shape[:2]
    if max(height, width) <= side:
        return image
    smaller = [max(1, round(length * side / max(height, width))) for length in (height, width)]
    return resize(image, (*smaller, *image.shape[2:]), order=1, anti_aliasing=True, preserve_range=True)


def prepared(image, name="image", side=128):
    """An image as floats of at most `side` pixels a side, and the ends of its grey scale (black, white).

    image : array (H, W), uint8, from 0 to 1, or in HU: then the scale leaves out the outermost 1 % on both sides.
    Raises ValueError for anything else.
    """
    image = np.asarray(image)
    if image.ndim != 2 or min(image.shape) < 16:
        raise ValueError(f"{name} must have the shape (H, W), at least 16 pixels a side, not {image.shape}.")
    if not np.isfinite(image).all() or np.ptp(image) == 0:
        raise ValueError(f"{name} needs finite numbers that are not all the same.")
    image = fit(image / 255 if image.dtype == np.uint8 else image, side)
    if image.min() >= 0 and image.max() <= 1:
        return image, (0.0, 1.0)
    black, white = np.percentile(image, [1, 99])
    return image, (float(10 * np.floor(black / 10)), float(10 * np.ceil(white / 10)))


def noisy(image, noise, percent, scale):
    """An image with noise, always the same for the same settings.

    noise : one of NOISES.  percent : standard deviation of Gaussian noise in percent of the grey scale; or percent of
    the pixels that turn black or white.  scale : (black, white), the ends of the grey scale.
    """
    generator, (black, white) = np.random.default_rng(0), scale
    if noise == "Gaussian":
        return image + (white - black) * percent / 100 * generator.standard_normal(image.shape)
    if noise == "salt and pepper":
        fate, colour = generator.random((2, *image.shape))
        return np.where(fate < percent / 100, np.where(colour < 0.5, black, white), image)
    return image


def rmse(first, second):
    """Root of the mean squared difference of two images.

    >>> rmse(np.array([0.0, 0.0]), np.array([3.0, 4.0]))
    3.5355339059327378
    """
    return float(np.sqrt(np.mean(np.square(first - second))))


def signed(values, limit):
    """Numbers as a picture, uint8 (H, W, 3): blue at -limit, white at 0, red at +limit, and no further."""
    levels = np.rint(127 + np.clip(values, -limit, limit) * (127 / limit))
    return SIGNED.take(levels.astype(np.uint8), axis=0)


def grey(image):
    """An image in [0, 1] as a picture, uint8 of shape (H, W, 3)."""
    return np.repeat(np.uint8(np.rint(255 * image))[..., None], 3, axis=-1)


def kernel_numbers(kernel):
    """A kernel as short whole numbers, and the fraction they are all to be multiplied by: (int array, text).

    >>> numbers, factor = kernel_numbers(np.ones((3, 3)) / 9)
    >>> numbers[0].tolist(), factor
    ([1, 1, 1], '× 1/9')
    """
    for parts in range(1, 100):
        if np.allclose(kernel * parts, np.rint(kernel * parts), atol=1e-9):
            return np.rint(kernel * parts).astype(int), f"× 1/{parts}" if parts > 1 else ""
    return np.rint(1000 * kernel).astype(int), "× 1/1000"


def kernel_picture(numbers, side):
    """Whole numbers (K, L) in a grid, uint8 of shape (side, side, 3): cells reddish above 0, bluish below.

    Its colours stay pale, so that the numbers can be read on them.
    """
    rows, columns = numbers.shape
    cell = side // max(rows, columns)
    colours = signed(numbers, np.abs(numbers).max(initial=1) / 0.45)
    picture = Image.new("RGB", (side, side), "white")
    drawing, letters = ImageDraw.Draw(picture), font(min(20, max(12, int(0.4 * cell))))
    top, left = (side - cell * rows) // 2, (side - cell * columns) // 2
    for (row, column), number in np.ndenumerate(numbers):
        x, y = left + column * cell, top + row * cell
        drawing.rectangle((x, y, x + cell - 1, y + cell - 1), tuple(colours[row, column].tolist()), "#9A9A9A")
        drawing.text((x + cell / 2, y + cell / 2), str(number).replace("-", "−"), "black", letters, anchor="mm")
    return np.array(picture)


def zoomed(array, zoom):
    """Every pixel of an array (H, W, ...) as zoom by zoom screen pixels."""
    return array.repeat(zoom, axis=0).repeat(zoom, axis=1)


def framed(picture, mask, margin=3):
    """A picture (H, W, 3) with a thin orange frame around where the mask (H, W) is True; it is drawn into it."""
    (top, bottom), (left, right) = ((max(places.min() - margin, 0), places.max() + margin)
                                    for places in np.nonzero(mask))
    colour = np.rint(255 * np.array(to_rgb(show.ORANGE)))
    picture[[top, min(bottom, len(picture) - 1)], left:right + 1] = colour
    picture[top:bottom + 1, [left, min(right, picture.shape[1] - 1)]] = colour
    return picture


def frame(view, ends, start, zoom, inset=0, dashed=False):
    """Draw a frame into a view, uint8 (H, W, 3), 3 screen pixels wide: red, or dashed in black and white.

    ends : (first, last) row and column that it holds.  start : row and column where the view begins.
    inset : screen pixels to keep from the rim.
    """
    line = np.zeros(view.shape[:2], bool)
    boxes = [((first - begin) * zoom + inset, (last + 1 - begin) * zoom - inset)
             for (first, last), begin in zip(ends, start, strict=True)]
    for lines, edges, along in ((line, *boxes), (line.T, *boxes[::-1])):
        for edge in (edges[0], edges[1] - 3):
            lines[max(0, edge):max(0, edge + 3), max(0, along[0]):max(0, along[1])] = True
    view[line] = STRIPES[:len(view), :view.shape[1]][line] if dashed else RED


def middle(box, picture):
    """Where a picture lies in the middle of a box, arrays (H, W, ...): two slices."""
    starts = [(side - length) // 2 for side, length in zip(box.shape[:2], picture.shape[:2], strict=True)]
    return tuple(slice(start, start + length) for start, length in zip(starts, picture.shape[:2], strict=True))


def in_box(picture, height, width=None):
    """A picture in the middle of a white box; as wide as it is high unless a width is given."""
    box = np.full((height, width or height, 3), 255, np.uint8)
    box[middle(box, picture)] = picture
    return box


def note(fig, x, y, text, **look):
    """Write text into a figure at a place in screen pixels, counted from the upper left corner."""
    look = {"fontsize": 11, "ha": "center", "va": "center"} | look
    fig.text(x / fig.bbox.width, 1 - y / fig.bbox.height, text, **look)


def outline(fig, left, top, width, height):
    """Draw a thin line around the place of a picture, in screen pixels, so that a white one has an end."""
    size, corner = fig.bbox.size, (left - 1, fig.bbox.height - top - height - 1)
    fig.add_artist(plt.Rectangle(corner / size, *((width + 2, height + 2) / size), color="#B0B0B0", lw=0))


def pixel_figure(width, height):
    """An empty figure of this many screen pixels."""
    return plt.figure(figsize=(width / show.DPI, height / show.DPI))


def scan_pictures(images, side):
    """Images (N, C, H, W) as pictures of one grey scale, uint8 (side, side, 3): the mean over their channels."""
    grey_levels = images.float().mean(1).cpu().numpy()
    black, white = np.percentile(grey_levels, [1, 99])
    levels = np.clip((grey_levels - black) / max(white - black, 1e-9), 0, 1)
    return [enlarged(np.repeat(np.uint8(np.rint(255 * image))[..., None], 3, axis=-1), side) for image in levels]


def enlarged(picture, side):
    """A picture in the middle of a white square, as large as whole pixels allow, or made smaller."""
    height, width = picture.shape[:2]
    zoom = side // max(height, width)
    if zoom == 0:
        size = [max(1, round(length * side / max(height, width))) for length in (width, height)]
        picture = np.array(Image.fromarray(picture).resize(size, Image.Resampling.BOX))
    else:
        picture = zoomed(picture, zoom)
    return in_box(picture, side)

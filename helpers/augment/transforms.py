"""Flips, turns, shifts, grey levels, noise and holes: one function per change.

Every function takes a tensor or array whose last two axes are rows and columns, (H, W), (C, H, W) or (N, C, H, W), and
returns a new tensor. A strength is a number, or for a batch a tensor (N,) with one for each image. What moves in, or
stands where something was erased, is the darkest value of the image, and 0 or False in a mask.
"""
import torch

AIR = -1000.0                                                                             # HU


def flip_left_right(image):
    """Mirror columns.

    >>> flip_left_right(torch.tensor([[1, 2, 3]])).tolist()
    [[3, 2, 1]]
    """
    return tensor(image).flip(-1)


def flip_up_down(image):
    """Mirror rows."""
    return tensor(image).flip(-2)


def rotate(image, degrees):
    """Turn anticlockwise about the middle; the shape stays.

    Half turns, and quarter turns of a square, move pixels as they are. All else takes values between neighbours, and
    in a mask (bool or whole numbers) the nearest one.

    >>> rotate(torch.tensor([[1, 2], [3, 4]]), 90).tolist()
    [[2, 4], [1, 3]]
    """
    image = tensor(image)
    if not torch.is_tensor(degrees) and degrees % (90 if image.shape[-2] == image.shape[-1] else 180) == 0:
        return torch.rot90(image, round(degrees / 90), (-2, -1))
    angle = torch.deg2rad(torch.as_tensor(degrees, dtype=torch.float64))
    cos, sin = torch.cos(angle), torch.sin(angle)
    return _resample(image, torch.stack([torch.stack([cos, sin], -1), torch.stack([-sin, cos], -1)], -2))


def shift(image, right, down=0):
    """Move by whole pixels; negative numbers move to the left and up.

    >>> shift(torch.tensor([[1, 2, 3]]), 1).tolist()
    [[0, 1, 2]]
    """
    image = tensor(image)
    if torch.is_tensor(right) or torch.is_tensor(down):
        pairs = zip(*(torch.as_tensor(way).expand(len(image)).tolist() for way in (right, down)), strict=True)
        return torch.stack([shift(one, *pair) for one, pair in zip(image, pairs, strict=True)])
    (top, rows), (left, columns) = (_overlap(way, side) for way, side in
                                    zip((down, right), image.shape[-2:], strict=True))
    moved = _darkest(image).expand(image.shape).clone()
    moved[..., top, left] = image[..., rows, columns]
    return moved


def zoom(image, factor):
    """Enlarge about the middle, below 1 make smaller; the shape stays. Raises ValueError for a factor not above 0."""
    factor = torch.as_tensor(factor, dtype=torch.float64)
    if not (factor > 0).all():
        raise ValueError(f"zoom needs a factor above 0, not {factor.min().item():g}.")
    return _resample(tensor(image), torch.eye(2, dtype=torch.float64) / factor[..., None, None])


def scale_hu(hu, factor):
    """Every tissue attenuates `factor` times as much; air stays at -1000 HU.

    >>> scale_hu(torch.tensor([[-1000.0, 0.0]]), 1.1).tolist()
    [[-1000.0, 100.0]]
    """
    hu = fractions(hu)
    return (hu - AIR) * each(factor, hu) + AIR


def offset_hu(hu, offset):
    """Every pixel gets the same number of HU more."""
    hu = fractions(hu)
    return hu + each(offset, hu)


def gamma(hu, exponent):
    """Bend the grey scale between -1000 and 1000 HU: above 1 darkens, below 1 brightens, both ends stay.

    What is darker than air becomes air.  Raises ValueError for an exponent not above 0.
    """
    hu = fractions(hu)
    exponent = torch.as_tensor(each(exponent, hu))
    if not (exponent > 0).all():
        raise ValueError(f"gamma needs an exponent above 0, not {exponent.min().item():g}.")
    return ((hu - AIR).clamp(min=0) / 2000) ** exponent.to(hu.dtype) * 2000 + AIR


def noise(hu, deviation, generator=None):
    """Add Gaussian noise, independent in every pixel, of this standard deviation in HU."""
    hu = fractions(hu)
    return hu + torch.randn(hu.shape, generator=generator, dtype=hu.dtype) * each(deviation, hu)


def cutout(image, side, place=None, generator=None):
    """Erase a square.

    side : in pixels; a pair (rows, columns) erases a rectangle, as random erasing does.
    place : (row, column) of its middle; drawn for each image unless given, anywhere, so that it may hang over the rim.
    Source: DeVries and Taylor 2017, arXiv:1708.04552; Zhong et al. 2020, doi:10.1609/aaai.v34i07.7000.
    """
    image = tensor(image)
    sizes = side if isinstance(side, tuple) else (side, side)
    count = len(image) if image.ndim == 4 else 1
    if place is None:
        place = [torch.randint(length, (count,), generator=generator) for length in image.shape[-2:]]
    inside = []
    for length, size, middle in zip(image.shape[-2:], sizes, place, strict=True):
        size, middle = torch.as_tensor(size).reshape(-1, 1), torch.as_tensor(middle).reshape(-1, 1)
        first = middle - size // 2
        inside.append((torch.arange(length) >= first) & (torch.arange(length) < first + size))     # (1 or N, length)
    hole = inside[0][:, :, None] & inside[1][:, None, :]
    return torch.where(hole[:, None] if image.ndim == 4 else hole[0], _darkest(image), image)


def flips_and_turns(image):
    """The different pictures that flips and quarter turns make of one: a list of 8, or fewer if it is symmetrical.

    >>> len(flips_and_turns(torch.arange(12).reshape(3, 4))), len(flips_and_turns(torch.eye(3)))
    (8, 2)
    """
    image, found = tensor(image), []
    for start in (image, image.flip(-1)):
        for turns in range(4):
            version = torch.rot90(start, turns, (-2, -1))
            if not any(torch.equal(version, other) for other in found):
                found.append(version)
    return found


def tensor(image):
    """An image as a tensor. Raises ValueError without rows and columns."""
    image = torch.as_tensor(image)
    if image.ndim < 2:
        raise ValueError(f"An image needs rows and columns, (H, W) or (..., H, W), not {tuple(image.shape)}.")
    return image


def fractions(hu):
    """HU as a tensor of floats."""
    hu = tensor(hu)
    return hu if hu.is_floating_point() else hu.float()


def each(strength, image):
    """A number as it is; a tensor (N,) with axes for the pixels of a batch (N, ...)."""
    if not torch.is_tensor(strength) or not strength.ndim:
        return strength
    if len(strength) != len(image):
        raise ValueError(f"{len(strength)} strengths for {len(image)} images: give one number, or one for each image.")
    return strength.to(image.dtype).reshape(-1, *[1] * (image.ndim - 1))


def _darkest(image):
    """What stands for nothing: the least value of each image with fractions, 0 or False in a mask."""
    if image.is_floating_point():
        return image.amin((-2, -1), keepdim=True)
    return torch.zeros((), dtype=image.dtype)


def _overlap(way, side):
    """Where a shifted axis is written, and where it is read, as slices."""
    if way != int(way):
        raise ValueError(f"shift moves whole pixels, not {way:g}.")
    way = max(-side, min(int(way), side))
    return slice(max(way, 0), side + min(way, 0)), slice(max(-way, 0), side - max(way, 0))


def _resample(image, back):
    """The image whose pixels come from elsewhere, linear between neighbours, in masks the nearest.

    back : (2, 2) or (N, 2, 2), leads from (row, column), counted from the middle, to where the value is taken.
    """
    if not image.is_floating_point():
        return _sample(image.float(), back, "nearest").to(image.dtype)
    return _sample(image - _darkest(image), back, "bilinear") + _darkest(image)


def _sample(values, back, mode):
    """The values that `back` leads to, 0 outside."""
    sides = values.shape[-2:]
    counted = [torch.arange(side, dtype=values.dtype) - (side - 1) / 2 for side in sides]
    places = torch.stack(torch.meshgrid(*counted, indexing="ij"), -1)                               # (H, W, 2)
    grid = places @ back.mT[..., None, :, :].to(values.dtype) * (2 / torch.tensor(sides, dtype=values.dtype))
    count = len(values) if back.ndim == 3 else 1
    moved = torch.nn.functional.grid_sample(                                   # which wants (column, row), ends at ±1
        values.reshape(count, -1, *sides), grid.flip(-1).expand(count, *sides, 2), mode, "zeros", align_corners=False)
    return moved.reshape(values.shape)

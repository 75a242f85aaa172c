"""Does a heat map point at what it should? Maps and masks in, one number for each image out."""
import numpy as np
from scipy.ndimage import distance_transform_edt


def pointing_game(maps, masks, margin=2):
    """Whether the highest pixel of a map lies on the mask or close to it.

    maps : finite numbers (N, H, W).  masks : bool (N, H, W).
    margin : pixels between the centres of the highest pixel and of the nearest one of the mask that still count as
        a hit.
    Returns an array (N,): 1 for a hit, 0 for a miss; of several highest pixels the share that hits, so that a map of
    one value, which points nowhere, gets what chance would. NaN where the mask is empty: nothing was to be found.
    Raises ValueError for other shapes or numbers.  Compare the mean with that of `chance_level`.
    Source: Zhang et al. 2018, doi:10.1007/s11263-017-1059-x.

    >>> mask = np.array([[[True, False, False, False]]])
    >>> pointing_game(np.array([[[0.0, 0.0, 0.9, 0.1]]]), mask, margin=1)
    array([0.])
    >>> pointing_game(np.array([[[0.0, 0.0, 0.9, 0.1]]]), mask, margin=2)
    array([1.])
    """
    maps, masks = checked(maps, masks)
    highest = maps == maps.max(axis=(1, 2), initial=-np.inf, keepdims=True)
    return share(highest, masks, margin)


def energy_in_mask(maps, masks, margin=0):
    """The share of a map that lies in the mask, of all that lies above 0.

    maps, masks, margin : as for `pointing_game`.
    Returns an array (N,) from 0 to 1; NaN where the mask is empty or the map nowhere above 0: nothing is to be shared.
    Raises ValueError for other shapes or numbers.
    Source: Wang et al. 2020, doi:10.1109/CVPRW50498.2020.00020, section 4.3, with a mask for the box.

    >>> energy_in_mask(np.array([[[3.0, 1.0, -5.0]]]), np.array([[[True, False, False]]]))
    array([0.75])
    """
    maps, masks = checked(maps, masks)
    return share(np.maximum(maps, 0), masks, margin)


def chance_level(masks, margin=2, within=None):
    """What a map that knows nothing would get: the share of all pixels that lie in the mask or close to it.

    masks, margin : as for `pointing_game`.  within : bool (N, H, W), the pixels that such a map may point at, for
    example the lungs; None for all.
    Returns an array (N,): the chance of a hit if a pixel is drawn, and the energy in the mask of an even map. NaN where
    the mask is empty or there is no pixel to draw.  Raises ValueError for other shapes.

    >>> chance_level(np.array([[[True, False, False, False]]]), margin=1)
    array([0.5])
    """
    masks = np.asarray(masks)
    within, masks = checked(np.ones(masks.shape, bool) if within is None else within, masks)
    return share(within, masks, margin)


def rank_correlation(first, second):
    """How alike two maps of an image order its pixels: Spearman's correlation.

    first, second : finite numbers (N, H, W).
    Returns an array (N,) from -1 to 1; NaN where a map has one value and thus no order.
    Raises ValueError for other shapes or numbers.  Source: Spearman 1904, doi:10.2307/1412159.

    >>> rank_correlation(np.array([[[1.0, 2.0, 3.0]]]), np.array([[[1.0, 4.0, 9.0]]]))
    array([1.])
    """
    first, second = (finite(name, values) for name, values in (("first", first), ("second", second)))
    if first.shape != second.shape:
        raise ValueError(f"Both maps of an image need the same shape, not {first.shape} and {second.shape}.")
    one, other = ([ranks(each) for each in maps] for maps in (first, second))
    one, other = (np.reshape(each, (len(first), first[:1].size)) for each in (one, other))
    length = np.sqrt((one**2).sum(axis=1) * (other**2).sum(axis=1))
    return np.divide((one * other).sum(axis=1), length, out=np.full(len(one), np.nan), where=length > 0)


def ranks(values):
    """The rank of each number, those of equal ones averaged, less the mean of all ranks.

    >>> ranks([[0.5, 0.1], [0.5, 0.5]])
    array([ 0.5, -1.5,  0.5,  0.5])
    """
    _, which, counts = np.unique(np.ravel(values), return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2                        # from 1, of each group of equal numbers
    return middle[which] - (len(which) + 1) / 2


def share(amounts, masks, margin):
    """The share of amounts (N, H, W), none below 0, that lies within `margin` of masks; NaN for a share of nothing."""
    if not margin >= 0:
        raise ValueError(f"margin must be 0 pixels or more, not {margin!r}.")
    near = np.array([distance_transform_edt(~mask) <= margin if mask.any() else mask for mask in masks], bool)
    near = near.reshape(masks.shape)
    total, inside = amounts.sum(axis=(1, 2)), np.where(near, amounts, 0).sum(axis=(1, 2))
    known = (total > 0) & masks.any(axis=(1, 2))
    return np.divide(inside, total, out=np.full(len(masks), np.nan), where=known)


def checked(maps, masks):
    """Maps as floats and masks as bool, both (N, H, W).  Raises ValueError for anything else."""
    maps, masks = finite("maps", maps), np.asarray(masks)
    if masks.shape != maps.shape or masks.dtype != bool:
        raise ValueError(f"masks must be bool with the shape of the maps, {maps.shape}, not {masks.dtype} "
                         f"{masks.shape}: compare, as in labels == 1.")
    return maps, masks


def finite(name, values):
    """Numbers (N, H, W) as float64.  Raises ValueError for anything else."""
    values = np.asarray(values)
    if values.ndim != 3 or values.dtype.kind not in "biuf" or not np.isfinite(values).all():
        raise ValueError(f"{name} must be finite numbers of shape (N, H, W), not {values.dtype} {values.shape}.")
    return values.astype(float)

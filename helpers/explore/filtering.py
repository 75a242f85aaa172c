"""The filters that explorers offer by name: kernels that people made, and medians."""
import numpy as np
from scipy import ndimage

from helpers import conv, filters

MISPRINT = "Sobel x as one deck prints it"
KERNELS = {name: filters.KERNELS[name] for name in ("identity", "sharpen")}
KERNELS |= {f"box {size} × {size}": np.ones((size, size)) / size**2 for size in (3, 5, 9)}
KERNELS |= {name: filters.KERNELS[name] for name in ("Sobel x", "Sobel y", "Laplace")}
KERNELS[MISPRINT] = np.array([[-1, 0, 1], [2, 0, 2], [-1, 0, 1]])
MEDIANS = {f"median {size} × {size}": size for size in (3, 5)}
SIGNED = [name for name, kernel in KERNELS.items() if kernel.min() < 0 and name != "sharpen"]  # drawn around 0
FILTERS = [*KERNELS, "Sobel magnitude", *MEDIANS, "Gaussian"]    # the Gaussian last: beside its own slider


def gaussian(sigma):
    """The Gaussian kernel of the gallery, wide enough for 95 % of the bell along each axis."""
    return filters.gaussian(2 * int(np.ceil(2 * sigma)) + 1, sigma)


def filtered(image, name, sigma=1.0):
    """An image (H, W) after one of FILTERS, the borders mirrored: float array of the same shape.

    sigma : of the Gaussian, in pixels.  Source of the median: Tukey 1977, Exploratory Data Analysis, chapter 7.
    """
    if name in MEDIANS:
        return ndimage.median_filter(image, MEDIANS[name], mode="mirror")      # filters.median takes twice the time
    if name == "Sobel magnitude":
        return np.hypot(filtered(image, "Sobel x"), filtered(image, "Sobel y"))
    kernel = gaussian(sigma) if name == "Gaussian" else KERNELS[name]
    return conv.cross_correlate(image, kernel, padding="same", border="reflect")

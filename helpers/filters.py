"""Filters that people made, before networks learned their own: kernels by name, Gaussians and the median."""
import numpy as np

from helpers import conv

KERNELS = {  # what each is for stands in the lecture; flat regions keep their grey level where the sum is 1
    "identity": np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
    "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
    "box": np.ones((3, 3)) / 9,
    "Sobel x": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "Sobel y": np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]]),
    "Laplace": np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
    "vertical edge": np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]]),
    "plus": np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]]),
}


def gaussian(size, sigma):
    """Blurring kernel: a bell curve, sampled at the middle of each cell, that sums to 1.

    size : cells on each side, odd.  sigma : width of the bell in pixels.  Returns float64 (size, size).
    Raises ValueError for an even size or a sigma that is not positive.

    >>> gaussian(3, sigma=1.0).round(3).tolist()
    [[0.075, 0.124, 0.075], [0.124, 0.204, 0.124], [0.075, 0.124, 0.075]]
    """
    if size < 1 or size % 2 == 0:
        raise ValueError(f"A Gaussian kernel needs an odd size, so that it has a middle, not {size}.")
    if sigma <= 0:
        raise ValueError(f"sigma must be positive, not {sigma}.")
    offset = np.arange(size) - size // 2
    bell = np.exp(-(offset**2) / (2 * sigma**2))
    return np.outer(bell, bell) / bell.sum() ** 2


def median(image, size=3, border="reflect"):
    """Replace each pixel by the median of its size × size neighbourhood. No kernel does this: it is not linear.

    image : array (H, W).  size : odd.  border : see `conv.pad`.  Returns float64 (H, W).
    Raises ValueError for an even size.  Source: Tukey 1977, Exploratory Data Analysis, chapter 7.
    """
    if size < 1 or size % 2 == 0:
        raise ValueError(f"A neighbourhood needs an odd size, so that it has a middle, not {size}.")
    image = np.asarray(image)
    return np.median(conv.windows(conv.pad(image, size // 2, border), (size, size)), axis=(-2, -1))

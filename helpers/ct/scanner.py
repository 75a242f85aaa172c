"""A simulated CT scanner: parallel beams, photon noise, filtered back-projection.

A picture has square pixels.  From view to view the beam turns by the same angle, half a turn in all.  The detector
is a row of bins, each as wide as a pixel; its middle faces the middle of the picture.  View 0 adds up the columns,
the view at 90 degrees the rows, the bottom row first: the convention of scikit-image's `radon`.
Kak and Slaney 1988, chapters 3 and 5, doi:10.1137/1.9780898719277.
"""
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, inf, sqrt

import numpy as np
from scipy import fft, sparse

WATER = 0.0193  # 1/mm near 70 keV (Berger et al., NIST XCOM, doi:10.18434/T48G6X)

# By how much a kernel weakens each frequency of the ramp; the frequency is in cycles per bin, 0 to 0.5.
KERNELS = {
    "ramp": np.ones_like,
    "shepp-logan": np.sinc,
    "hann": lambda frequency: 0.5 + 0.5 * np.cos(2 * np.pi * frequency),
}


@dataclass(frozen=True)
class Scanner:
    """What one simulated scanner does differently from another.

    name : how lessons call it.
    fov : side of the square field of view, mm; a picture of n pixels a side has a spacing of fov / n.
    photons : mean photons per mm of detector and view at dose 1 with nothing in the beam.
    kernel : "hann" (soft), "shepp-logan" (sharper) or "ramp" (sharpest), as scikit-image's `iradon` names them.
    """

    name: str
    fov: float
    photons: float
    kernel: str


SCANNERS = {
    "A": Scanner("A", fov=390.0, photons=1e4, kernel="hann"),
    "B": Scanner("B", fov=440.0, photons=2.5e3, kernel="shepp-logan"),
}


def attenuation(hu):
    """Linear attenuation of tissue from its CT number.

    hu : array of any shape, in HU.
    Returns 1/mm, 0 wherever hu is -1000 or less: nothing attenuates less than nothing.

    >>> float(attenuation(0)), float(attenuation(-1000)), float(attenuation(-2000))
    (0.0193, 0.0, 0.0)
    """
    return np.maximum(WATER * (1 + np.asarray(hu) / 1000), 0)


def to_hu(mu):
    """CT number, in HU, of a linear attenuation in 1/mm: water is 0, nothing at all is -1000.

    >>> float(to_hu(0)), float(to_hu(WATER))
    (-1000.0, 0.0)
    """
    return 1000 * (np.asarray(mu) / WATER - 1)


def views(size):
    """How many views a picture of `size` x `size` pixels gets: an even number, at least pi / 2 times its size.

    With fewer, neighbouring views drift more than a pixel apart at the rim (Kak and Slaney 1988, section 5.1).

    >>> views(64)
    104
    """
    return 2 * ceil(0.8 * size)


def bins(size):
    """How many detector bins a picture of `size` x `size` pixels gets: its diagonal and a little air.

    >>> bins(64)
    96
    """
    return 2 * ceil(size / sqrt(2)) + 4 + size % 2


def project(mu, spacing, angles):
    """Line integrals of attenuation, each averaged over the width of its detector bin.

    mu : attenuation in 1/mm, (N, n, n).  spacing : side of a pixel, mm.  angles : number of views, at least 1;
    view k is turned by k / angles of half a turn.
    Returns float32 (N, angles, bins(n)), no unit: minus the logarithm of the share of photons that pass.
    Raises ValueError when the pictures are not square, not finite or not (N, n, n), and for other settings.

    >>> mu = np.full((1, 2, 2), 0.5)  # two rows of pixels, 10 mm each
    >>> project(mu, spacing=10.0, angles=1).round(3)
    array([[[ 0.,  0.,  0., 10., 10.,  0.,  0.,  0.]]], dtype=float32)
    """
    mu = _checked(mu, "mu")
    _check_positive(spacing, "spacing")
    _check_count(angles, "angles")
    table = _table(mu.shape[-1], angles, _shadow)
    return _apply(table.T, mu).reshape(len(mu), angles, bins(mu.shape[-1])) * np.float32(spacing)


def back_project(sinogram, spacing, size, kernel):
    """Filtered back-projection: the attenuation that line integrals from all sides agree on.

    Every view is sharpened by the ramp filter times `kernel`; then every pixel adds up, over the views, the value
    that it sees in the detector, read between bins in proportion.
    sinogram : (N, angles, bins(size)), as from `project`.  spacing : mm.  size : pixels a side.
    kernel : "hann", "shepp-logan" or "ramp".
    Returns float32 (N, size, size) in 1/mm.  Raises ValueError when a shape or the kernel does not fit.
    Source: Kak and Slaney 1988, section 3.3.
    """
    _check_positive(spacing, "spacing")
    _check_count(size, "size")
    if kernel not in KERNELS:
        raise ValueError(f"There is no kernel called {kernel!r}; choose one of {', '.join(KERNELS)}.")
    sinogram = np.asarray(sinogram, dtype=np.float32)
    if sinogram.ndim != 3 or not sinogram.shape[1] or sinogram.shape[2] != bins(size):
        raise ValueError(f"Line integrals for {size} x {size} pixels have the shape (N, angles, {bins(size)}), "
                         f"not {sinogram.shape}.")
    _check_finite(sinogram, "sinogram")
    angles = sinogram.shape[1]
    seen = _apply(_table(size, angles, _closeness), _sharpen(sinogram, kernel))
    return seen.reshape(len(sinogram), size, size) * np.float32(np.pi / angles / spacing)


def scan(hu, spacing, scanner, *, dose=1.0, seeds=None):
    """What a scanner measures of slices whose true HU you know.

    hu : true HU, (N, n, n).  spacing : mm.  scanner : a Scanner; its kernel and its photons are used.
    dose : multiplies the photons; None or infinity for a picture without noise.
    seeds : one whole number, or sequence of them, per slice, as for np.random.default_rng: the noise of a slice
    does not depend on the others.  Not needed without noise.
    Returns measured HU, float32 (N, n, n).
    Raises ValueError when a shape, a number or the count of seeds is wrong, or a HU is not finite.
    The only noise is that of photon counts; there is no scatter, no electronic noise and one photon energy.

    >>> air = np.full((1, 8, 8), -1000.0)
    >>> float(scan(air, 10.0, SCANNERS["A"], dose=None).mean())
    -1000.0
    """
    hu = _checked(hu, "hu")
    sinogram = project(attenuation(hu), spacing, views(hu.shape[-1]))
    if dose is not None and dose != inf:
        _check_positive(dose, "dose")
        _check_seeds(seeds, len(hu))
        sinogram = _with_noise(sinogram, scanner.photons * spacing * dose, seeds)
    return to_hu(back_project(sinogram, spacing, hu.shape[-1], scanner.kernel)).astype(np.float32)


def _with_noise(sinogram, photons, seeds):
    """Line integrals as a detector measures them that gets `photons` photons per bin and view when unobstructed."""
    noisy = np.empty_like(sinogram)
    for measured, exact, seed in zip(noisy, sinogram, seeds, strict=True):
        chance = np.random.default_rng(seed).standard_normal(exact.shape)
        # A detector that gets no photon says nothing of the tissue: it is taken to have got one.
        counts = np.maximum(_counts(photons * np.exp(-exact.astype(np.float64)), chance), 1)
        measured[:] = np.log(photons) - np.log(counts)
    return noisy


def _counts(mean, chance):
    """Photon counts from standard normal numbers: the Poisson quantile by Cornish and Fisher 1938, doi:10.2307/1400905.

    The first three moments are Poisson's.  Two reasons not to ask numpy for Poisson numbers: it uses up more random
    numbers for some means than for others, so a last digit that another processor rounds differently would change
    all the noise after it; and, for the same reason, the counts are not rounded to whole numbers.
    """
    return mean + np.sqrt(mean) * chance + (chance**2 - 1) / 6


def _sharpen(sinogram, kernel):
    """Line integrals (N, angles, bins) after the ramp filter times `kernel`, per bin."""
    width = sinogram.shape[-1]
    padded = fft.next_fast_len(2 * width, real=True)  # twice as wide: a filtered view must not wrap round its ends
    distance = np.minimum(np.arange(padded), padded - np.arange(padded))
    # The ramp cut off at half a cycle per bin, written down in space.  Sampling |frequency| instead would make its
    # zero frequency exactly 0, and a wide body 20 to 40 HU too dark.
    # Ramachandran and Lakshminarayanan 1971, doi:10.1073/pnas.68.9.2236; Kak and Slaney 1988, equation 3.61.
    odd = distance % 2 == 1
    ramp = np.zeros(padded)
    ramp[0] = 1 / 4
    ramp[odd] = -1 / (np.pi * distance[odd]) ** 2
    response = fft.rfft(ramp).real * KERNELS[kernel](fft.rfftfreq(padded))
    spectrum = fft.rfft(sinogram.astype(np.float64), padded) * response
    return fft.irfft(spectrum, padded)[..., :width].astype(np.float32)


def _shadow(distance, cos, sin):
    """Area that a pixel of side 1 shares with a strip of width 1, the beam of one bin.

    distance : from the middle of the pixel to the middle of the strip.  cos, sin : of the angle, positive.
    """
    def area_before(edge):  # the part of the pixel on one side of a line
        turns = ((cos + sin) / 2, 1), ((cos - sin) / 2, -1), ((sin - cos) / 2, -1), (-(cos + sin) / 2, 1)
        return sum(sign * np.maximum(edge + corner, 0) ** 2 for corner, sign in turns) / (2 * cos * sin)

    return area_before(distance + 0.5) - area_before(distance - 0.5)


def _closeness(distance, cos, sin):
    """Share of a bin in the value that a pixel reads between two bins: linear interpolation, whatever the angle."""
    return np.maximum(1 - np.abs(distance), 0)


@lru_cache(maxsize=2)  # one pair of tables: 16 MB for 64 pixels a side, 125 MB for 128
def _table(size, angles, weight):
    """Sparse table (pixels, angles x bins): how much each pixel has to do with each bin, in every view.

    Its transpose projects, the table itself back-projects.  One table serves all slices, and the order of its sums
    depends neither on how many there are nor on the number of threads.
    """
    row, column = np.indices((size, size)).reshape(2, -1, 1) - (size - 1) / 2
    values = np.empty((size**2, angles, 3), dtype=np.float32)
    places = np.empty((size**2, angles, 3), dtype=np.int32)
    for view in range(angles):
        angle = np.pi * view / angles
        cos, sin = np.cos(angle), np.sin(angle)
        position = column * cos - row * sin + (bins(size) - 1) / 2
        near = np.rint(position) + (-1, 0, 1)  # no pixel reaches further
        # At 0 and 90 degrees the sine or cosine would be 0, and _shadow divides by it.
        values[:, view] = weight(near - position, max(abs(cos), 1e-6), max(abs(sin), 1e-6))
        places[:, view] = near + view * bins(size)
    starts = np.arange(size**2 + 1, dtype=np.int32) * (angles * 3)
    table = sparse.csr_array((values.ravel(), places.ravel(), starts), shape=(size**2, angles * bins(size)))
    table.eliminate_zeros()
    return table


def _apply(table, stack):
    """A sparse table times every slice of a stack: (N, ...) in, float32 (N, rows of the table) out."""
    columns = stack.reshape(len(stack), table.shape[1]).T  # all slices at once: each weight is fetched once
    return np.ascontiguousarray((table @ np.ascontiguousarray(columns)).T)


def _checked(stack, name):
    """A stack of square, finite pictures as float32."""
    stack = np.asarray(stack, dtype=np.float32)
    if stack.ndim != 3 or stack.shape[1] != stack.shape[2] or not stack.shape[1]:
        raise ValueError(f"{name} must be a stack of square pictures, shape (N, n, n), not {stack.shape}.")
    _check_finite(stack, name)
    return stack


def _check_finite(values, name):
    if not np.isfinite(values).all():
        raise ValueError(f"{name} has values that are not numbers: replace NaN and infinity first.")


def _check_positive(number, name):
    if not 0 < number < inf:
        raise ValueError(f"{name} must be a number above 0, not {number}.")


def _check_count(number, name):
    if number != int(number) or number < 1:
        raise ValueError(f"{name} must be a whole number, at least 1, not {number}.")


def _check_seeds(seeds, slices):
    if seeds is None:
        raise ValueError("Noise needs seeds, one per slice; give them, or set dose=None for a picture without noise.")
    if not hasattr(seeds, "__len__") or len(seeds) != slices:
        raise ValueError(f"Give a list with one seed per slice: {slices} in all.")

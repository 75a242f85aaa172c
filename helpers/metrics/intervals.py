"""How sure is a measure: intervals for shares, and for anything at all by drawing patients anew."""
import math
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np

from helpers.metrics.classification import same_length
from helpers.metrics.ranking import ranked


@dataclass(frozen=True)
class Interval:
    """An estimate and the range that it might as well have come from.

    estimate, low, high : numbers.  level : such ranges are meant to cover the truth in this share of all studies.
    skipped : draws in which the statistic was not defined.  draws : (R,), the value in each of the others.

    >>> print(Interval(0.9, 0.8256, 0.9448))
    0.900 (95 % interval 0.826 to 0.945)
    """

    estimate: float
    low: float
    high: float
    level: float = 0.95
    skipped: int = 0
    draws: np.ndarray = field(default=(), repr=False, compare=False)

    @property
    def width(self):
        """From low to high."""
        return self.high - self.low

    def __str__(self):
        return f"{self.estimate:.3f} ({100 * self.level:g} % interval {self.low:.3f} to {self.high:.3f})"


def standard_error(share, cases):
    """Standard error of a share that was found in so many independent cases: sqrt(p (1 - p) / n).

    share : in [0, 1].  cases : 0 or more; NaN for 0.  Raises ValueError for numbers outside.
    It is 0 for a share of 0 or 1, which is not to be believed of few cases: use `wilson` there.

    >>> round(standard_error(0.9, 100), 6)
    0.03
    """
    if not 0 <= share <= 1 or not 0 <= cases < math.inf:
        raise ValueError(f"share must lie between 0 and 1 and cases be 0 or more, not {share!r} and {cases!r}.")
    return math.sqrt(share * (1 - share) / cases) if cases else math.nan


def wilson(hits, cases, level=0.95):
    """Wilson's interval for a share: of so many independent cases, so many were hits.

    hits : from 0 to `cases`.  level : between 0 and 1.
    Returns an Interval. Unlike the share plus and minus two standard errors it stays within [0, 1] and keeps a width
    when all cases are hits. Without a case it reaches from 0 to 1, and the estimate is NaN: anything may be true.
    Raises ValueError for other numbers.  Source: Wilson 1927, doi:10.1080/01621459.1927.10502953.
    Slices of one patient are not independent: for them use `bootstrap_by_patient`.

    >>> print(wilson(90, 100))
    0.900 (95 % interval 0.826 to 0.945)
    """
    if not 0 <= hits <= cases < math.inf:
        raise ValueError(f"hits must lie between 0 and the number of cases, not {hits!r} of {cases!r}.")
    _check_level(level)
    if not cases:
        return Interval(math.nan, 0.0, 1.0, level)
    share, z = hits / cases, NormalDist().inv_cdf((1 + level) / 2)
    middle = (share + z * z / (2 * cases)) / (1 + z * z / cases)
    reach = z / (1 + z * z / cases) * math.sqrt(share * (1 - share) / cases + z * z / (4 * cases * cases))
    low = 0.0 if hits == 0 else middle - reach                            # the ends are exact, rounding is not
    return Interval(share, low, 1.0 if hits == cases else middle + reach, level)


def bootstrap_by_patient(statistic, target, scores, patients, repeats=1000, seed=0, level=0.95):
    """Interval for any statistic, by drawing as many patients anew as there are, all slices of a patient together.

    statistic : function of target and scores that returns a number, for example `auc`; NaN where it is not defined.
    target : 0 or 1, shape (N,).  scores : finite numbers, shape (N,).  patients : (N,), whose slice each is.
    repeats : draws.  seed : of the draws.  level : between 0 and 1.
    Returns an Interval between two percentiles of the draws. A draw in which the statistic is NaN, as an AUC is with
    one class only, is left out and counted as skipped; when all are, low and high are NaN.
    Slices of a patient resemble each other. Drawing slices one by one (patients=range(N)) takes them for independent
    and gives an interval that is too narrow.
    Raises ValueError for other labels or scores, lengths that differ, or fewer than two patients: one says nothing
    about how patients differ.
    Source: Efron 1979, doi:10.1214/aos/1176344552; by patient: Rutter 2000, doi:10.1016/S1076-6332(00)80381-5.

    >>> mean = lambda target, scores: scores.mean()
    >>> found = bootstrap_by_patient(mean, [1, 1, 0, 0], [1, 1, 0, 0], patients=["A", "A", "B", "B"])
    >>> sorted(set(found.draws.tolist()))
    [0.0, 0.5, 1.0]
    """
    checked, _ = ranked(target, scores)
    target, scores, patients = np.asarray(target), np.asarray(scores), np.asarray(patients)
    if patients.ndim != 1:
        raise ValueError(f"patients must have one axis, shape (N,), not {patients.shape}: one entry per slice.")
    same_length("target", checked, "patients", patients)
    _check_level(level)
    if repeats < 1:
        raise ValueError(f"repeats must be 1 or more, not {repeats!r}.")
    values = np.array([statistic(target[rows], scores[rows])
                       for rows in _drawn(patients, repeats, np.random.default_rng(seed))], dtype=float)
    draws = values[~np.isnan(values)]
    ends = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile(draws, ends).tolist() if len(draws) else (math.nan, math.nan)
    return Interval(float(statistic(target, scores)), low, high, level, repeats - len(draws), draws)


def _drawn(patients, repeats, generator):
    """For each draw the indices of the slices of as many patients as there are, drawn with replacement."""
    _, whose, counts = np.unique(patients, return_inverse=True, return_counts=True)
    if len(counts) < 2:
        raise ValueError("A bootstrap needs two patients or more: one says nothing about how patients differ.")
    by_patient, first = np.argsort(whose, kind="stable"), np.cumsum(counts) - counts
    for _ in range(repeats):
        drawn = generator.integers(0, len(counts), len(counts))
        many = counts[drawn]
        ends = np.cumsum(many)
        yield by_patient[np.repeat(first[drawn] - ends + many, many) + np.arange(ends[-1])]


def _check_level(level):
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, such as 0.95, not {level!r}.")

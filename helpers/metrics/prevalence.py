"""What a test of known sensitivity and specificity means where another share of the people is ill."""
import math

import numpy as np

from helpers.metrics.classification import Confusion


def expected_counts(sensitivity, specificity, prevalence, cases=1000):
    """The counts to expect among so many people, not rounded.

    sensitivity, specificity, prevalence : one number each in [0, 1].  cases : above 0.
    Returns a Confusion.  Raises ValueError for numbers outside.

    >>> counts = expected_counts(0.99, 0.25, prevalence=0.01)
    >>> round(counts.tp, 6), round(counts.fp, 6), round(counts.ppv, 4)
    (9.9, 742.5, 0.0132)
    """
    _shares(sensitivity=sensitivity, specificity=specificity, prevalence=prevalence)
    if not 0 < cases < math.inf:
        raise ValueError(f"cases must be a number above 0, not {cases!r}.")
    ill = cases * prevalence
    healthy = cases - ill
    return Confusion(tp=ill * sensitivity, fp=healthy * (1 - specificity), fn=ill * (1 - sensitivity),
                     tn=healthy * specificity)


def ppv(sensitivity, specificity, prevalence):
    """Positive predictive value by Bayes' rule: of those called ill, which share is?

    sensitivity, specificity, prevalence : numbers in [0, 1], or arrays whose shapes fit each other.
    Returns a number or array; NaN where nobody is called ill.  Raises ValueError for numbers outside.
    Source: Altman and Bland 1994, doi:10.1136/bmj.309.6947.102.

    >>> round(float(ppv(0.99, 0.25, prevalence=0.01)), 4)
    0.0132
    """
    sensitivity, specificity, prevalence = _shares(sensitivity=sensitivity, specificity=specificity,
                                                   prevalence=prevalence)
    return _share_of_two(sensitivity * prevalence, (1 - specificity) * (1 - prevalence))


def npv(sensitivity, specificity, prevalence):
    """Negative predictive value: of those called healthy, which share is? Parameters and source as for `ppv`.

    NaN where nobody is called healthy.

    >>> round(float(npv(0.99, 0.25, prevalence=0.01)), 4)
    0.9996
    """
    sensitivity, specificity, prevalence = _shares(sensitivity=sensitivity, specificity=specificity,
                                                   prevalence=prevalence)
    return _share_of_two(specificity * (1 - prevalence), (1 - sensitivity) * prevalence)


def _share_of_two(right, wrong):
    """Of two parts, the share of the first; NaN where both are 0."""
    both = right + wrong
    return np.divide(right, both, out=np.full(np.shape(both), np.nan), where=both > 0)[()]


def _shares(**named):
    """The numbers as float arrays; raises ValueError for any outside [0, 1]."""
    arrays = [np.asarray(value, dtype=float) for value in named.values()]
    for name, array in zip(named, arrays, strict=True):
        if not ((array >= 0) & (array <= 1)).all():
            raise ValueError(f"{name} must lie between 0 and 1, not {array.tolist()}.")
    return arrays

"""The four counts of yes-or-no answers, and the measures that are made of them.

1 stands for ill, 0 for healthy, in the truth (`target`) as in what a classifier says (`pred`).
"""
import math
from dataclasses import dataclass, fields
from numbers import Real

import numpy as np


def labels(name, values):
    """Values that must be 0 or 1, one per case, as an array (N,).  name : of the argument, for the error."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise ValueError(f"{name} must have one axis, shape (N,), not {array.shape}: use ravel() or reshape(-1).")
    if array.dtype.kind not in "biuf" or not ((array == 0) | (array == 1)).all():
        hint = ": compare scores with a threshold first, as in scores >= 0.5" if name == "pred" else ""
        raise ValueError(f"{name} must hold 0 (healthy) or 1 (ill) only{hint}.")
    return array


def same_length(first, a, second, b):
    """Raises ValueError when two arrays do not have one entry per case each."""
    if len(a) != len(b):
        raise ValueError(f"{first} has {len(a)} entries and {second} has {len(b)}: they need one per case each.")


def _ratio(part, whole):
    """A share; NaN of nothing."""
    return part / whole if whole else math.nan


def _odds(for_it, against):
    """A ratio without upper end: infinite when only the denominator is 0, NaN when both are."""
    return for_it / against if against else math.inf if for_it else math.nan


@dataclass(frozen=True)
class Confusion:
    """True and false positives, false and true negatives; every measure of the confusion table is a property.

    tp, fp, fn, tn : numbers of cases, 0 or more; expected numbers need not be whole.
    A share of an empty group is NaN: without ill people nothing is known about sensitivity, and a 0 or 1 would claim
    something. Ratios that may grow without limit (the likelihood and odds ratios) are infinite when only their
    denominator is 0. Raises ValueError for counts that are negative or not finite.
    Source, unless a measure names another: Fawcett 2006, doi:10.1016/j.patrec.2005.10.010.

    >>> counts = Confusion(tp=45, fp=20, fn=5, tn=30)
    >>> counts.sensitivity, counts.specificity, counts.accuracy
    (0.9, 0.6, 0.75)
    """

    tp: float
    fp: float
    fn: float
    tn: float

    def __post_init__(self):
        for name in (field.name for field in fields(self)):
            count = getattr(self, name)
            count = count.item() if hasattr(count, "item") else count        # NumPy's integers would overflow in mcc
            if not isinstance(count, Real) or not 0 <= count < math.inf:
                raise ValueError(f"{name} must be a number of cases, 0 or more, not {count!r}.")
            object.__setattr__(self, name, count)

    @property
    def total(self):
        """All cases: TP + FP + FN + TN."""
        return self.tp + self.fp + self.fn + self.tn

    @property
    def prevalence(self):
        """Share of the ill: (TP + FN) / all. NaN without a case."""
        return _ratio(self.tp + self.fn, self.total)

    @property
    def accuracy(self):
        """Share of right answers: (TP + TN) / all. NaN without a case."""
        return _ratio(self.tp + self.tn, self.total)

    @property
    def sensitivity(self):
        """Share of the ill who are called ill: TP / (TP + FN); recall, true positive rate. NaN without ill people."""
        return _ratio(self.tp, self.tp + self.fn)

    @property
    def specificity(self):
        """Share of the healthy who are called healthy: TN / (TN + FP); true negative rate. NaN without healthy."""
        return _ratio(self.tn, self.tn + self.fp)

    @property
    def ppv(self):
        """Share of those called ill who are: TP / (TP + FP); positive predictive value, precision.

        NaN when nobody is called ill. It depends on the prevalence, see the function `ppv`.
        """
        return _ratio(self.tp, self.tp + self.fp)

    @property
    def npv(self):
        """Share of those called healthy who are: TN / (TN + FN). NaN when nobody is called healthy."""
        return _ratio(self.tn, self.tn + self.fn)

    @property
    def false_positive_rate(self):
        """Share of the healthy who are called ill: FP / (FP + TN) = 1 - specificity; fall-out."""
        return _ratio(self.fp, self.fp + self.tn)

    @property
    def false_negative_rate(self):
        """Share of the ill who are called healthy: FN / (FN + TP) = 1 - sensitivity; miss rate."""
        return _ratio(self.fn, self.fn + self.tp)

    @property
    def false_discovery_rate(self):
        """Share of those called ill who are not: FP / (FP + TP) = 1 - PPV."""
        return _ratio(self.fp, self.fp + self.tp)

    @property
    def false_omission_rate(self):
        """Share of those called healthy who are not: FN / (FN + TN) = 1 - NPV."""
        return _ratio(self.fn, self.fn + self.tn)

    @property
    def positive_likelihood_ratio(self):
        """How many times likelier a positive call is in the ill: LR+ = sensitivity / false positive rate.

        Infinite when no healthy person is called ill: then a positive call proves the illness, in these cases.
        NaN when nobody is called ill, or ill or healthy people are missing. doi:10.1136/bmj.329.7458.168.
        """
        return _odds(self.tp * (self.fp + self.tn), self.fp * (self.tp + self.fn))

    @property
    def negative_likelihood_ratio(self):
        """How many times likelier a negative call is in the ill: LR- = false negative rate / specificity.

        Infinite when ill people, but no healthy ones, are called healthy. NaN as for LR+.
        """
        return _odds(self.fn * (self.fp + self.tn), self.tn * (self.tp + self.fn))

    @property
    def diagnostic_odds_ratio(self):
        """LR+ / LR- = TP TN / (FP FN). Infinite without errors of one kind; NaN when both products are 0.

        Source: Glas et al. 2003, doi:10.1016/S0895-4356(03)00177-X.
        """
        return _odds(self.tp * self.tn, self.fp * self.fn)

    @property
    def informedness(self):
        """Sensitivity + specificity - 1; Youden's J. 0 for a guess.  Youden 1950, Cancer 3:32."""
        return self.sensitivity + self.specificity - 1

    @property
    def markedness(self):
        """PPV + NPV - 1. 0 for a guess.  Powers 2011, arXiv:2010.16061."""
        return self.ppv + self.npv - 1

    @property
    def balanced_accuracy(self):
        """Mean of the two rates: (sensitivity + specificity) / 2. Of rates, not of counts."""
        return (self.sensitivity + self.specificity) / 2

    @property
    def f1(self):
        """Harmonic mean of PPV and sensitivity: 2 TP / (2 TP + FP + FN); the Dice coefficient.

        NaN when nobody is ill and nobody is called ill.
        """
        return _ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn)

    @property
    def fowlkes_mallows(self):
        """Geometric mean of PPV and sensitivity.  Fowlkes and Mallows 1983, doi:10.1080/01621459.1983.10478008."""
        return math.sqrt(self.ppv * self.sensitivity)

    @property
    def threat_score(self):
        """TP / (TP + FP + FN); Jaccard index, and IoU when the cases are pixels. NaN where F1 is."""
        return _ratio(self.tp, self.tp + self.fp + self.fn)

    @property
    def mcc(self):
        """Matthews correlation coefficient: (TP TN - FP FN) / sqrt((TP+FP)(TP+FN)(TN+FP)(TN+FN)), from -1 to 1.

        NaN when truth or answers are all the same: what does not vary has no correlation. (scikit-learn says 0.)
        Source: Matthews 1975, doi:10.1016/0005-2795(75)90109-9.
        """
        sums = (self.tp + self.fp) * (self.tp + self.fn) * (self.tn + self.fp) * (self.tn + self.fn)
        return _ratio(self.tp * self.tn - self.fp * self.fn, math.sqrt(sums))

    @property
    def prevalence_threshold(self):
        """The prevalence below which PPV falls faster than prevalence itself: sqrt(FPR) / (sqrt(TPR) + sqrt(FPR)).

        NaN when nobody is called ill.  Source: Balayla 2020, doi:10.1371/journal.pone.0240215.
        """
        ill, healthy = math.sqrt(self.sensitivity), math.sqrt(self.false_positive_rate)
        return _ratio(healthy, ill + healthy)

    recall, precision = sensitivity, ppv

    def table(self):
        """Every measure by name, as a dict of numbers."""
        return {name: getattr(self, name) for name in MEASURES}

    def array(self, rows="target", first=1):
        """The four counts as a 2 by 2 array, in the layout of your choice: sources differ, so say which you use.

        rows : "target", the truth in rows and the answers in columns, as in scikit-learn; or "pred", the transpose.
        first : the label of the first row and column, 1 (ill) or 0 as in scikit-learn.
        Raises ValueError for another word or label.

        >>> Confusion(tp=45, fp=20, fn=5, tn=30).array(rows="target").tolist()
        [[45, 5], [20, 30]]
        """
        if rows not in ("target", "pred") or first not in (0, 1):
            raise ValueError(f'rows must be "target" or "pred" and first 0 or 1, not {rows!r} and {first!r}.')
        counts = np.array([[self.tp, self.fn], [self.fp, self.tn]])
        counts = counts if first else counts[::-1, ::-1]
        return counts if rows == "target" else counts.T


MEASURES = tuple(name for name, value in vars(Confusion).items()
                 if isinstance(value, property) and name not in ("total", "recall", "precision"))


def confusion(target, pred):
    """Count the four outcomes of yes-or-no answers.

    target : the truth, 0 or 1 (bool), shape (N,).  pred : the answers, likewise.
    Returns a Confusion. No case gives four zeros, whose measures are all NaN.
    Raises ValueError for other labels, shapes or lengths.

    >>> confusion([1, 1, 0, 0], [1, 0, 0, 0])
    Confusion(tp=1, fp=0, fn=1, tn=2)
    """
    target, pred = labels("target", target), labels("pred", pred)
    same_length("target", target, "pred", pred)
    tn, fp, fn, tp = np.bincount((2 * target + pred).astype(int), minlength=4).tolist()
    return Confusion(tp, fp, fn, tn)

"""Scores instead of answers: the ROC curve, its area, and thresholds on it.

A case is called ill when its score reaches the threshold: score >= threshold.
"""
import numpy as np

from helpers.metrics.classification import labels, same_length


def ranked(target, scores):
    """Both as arrays (N,), checked: labels 0 or 1, finite scores, one of each per case."""
    target, scores = labels("target", target), np.asarray(scores)
    if scores.ndim != 1:
        raise ValueError(f"scores must have one axis, shape (N,), not {scores.shape}: use ravel() or reshape(-1).")
    same_length("target", target, "scores", scores)
    if scores.dtype.kind not in "biuf" or not np.isfinite(scores).all():
        raise ValueError("scores must be finite numbers, higher for cases that look ill: NaN has no rank.")
    return target.astype(bool), scores.astype(float)


def roc(target, scores):
    """The ROC curve: what every possible threshold would give.

    target : 0 or 1, shape (N,).  scores : finite numbers, higher for cases that look ill, shape (N,); logits do as
    well as probabilities, since only their order counts.
    Returns (fpr, tpr, thresholds), each of shape (T + 1,) for T different scores: false positive rate
    (1 - specificity) and true positive rate (sensitivity) at thresholds that fall from infinity, where nobody is
    called ill, to the lowest score, where everybody is. Cases of equal score pass a threshold together: one step.
    Without ill people tpr is NaN, without healthy ones fpr is: a share of nobody.
    Raises ValueError for other labels, scores that are not finite, or lengths that differ.
    Source: Fawcett 2006, doi:10.1016/j.patrec.2005.10.010, algorithm 1.

    >>> fpr, tpr, thresholds = roc([1, 0, 1, 0], [0.9, 0.5, 0.5, 0.1])
    >>> fpr.tolist(), tpr.tolist(), thresholds.tolist()
    ([0.0, 0.0, 0.5, 1.0], [0.0, 0.5, 1.0, 1.0], [inf, 0.9, 0.5, 0.1])
    """
    target, scores = ranked(target, scores)
    order = np.argsort(-scores, kind="stable")
    target, scores = target[order], scores[order]
    last = np.flatnonzero(np.append(np.diff(scores) != 0, True)[:len(scores)])      # of each group of equal scores
    ill, called = np.cumsum(target)[last], last + 1
    return (_shares(called - ill, (~target).sum()), _shares(ill, target.sum()), np.append(np.inf, scores[last]))


def _shares(counts, total):
    """0 and the counts as shares of the total; NaN when it is 0."""
    counts = np.append(0, counts)
    return counts / total if total else np.full(len(counts), np.nan)


def auc(target, scores):
    """Area under the ROC curve: how often an ill case scores higher than a healthy one.

    target, scores : as for `roc`.
    Returns a number from 0 to 1: the share of all pairs of an ill and a healthy case that the scores put in the right
    order, a tie being half a pair. 0.5 is a guess. NaN when one of the classes is missing: there is no pair.
    Raises ValueError as `roc` does.
    Source: Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747: the area is the statistic of Mann and Whitney.

    >>> auc([1, 0, 1, 0], [0.9, 0.5, 0.5, 0.1])
    0.875
    """
    target, scores = ranked(target, scores)
    ill, healthy = scores[target], np.sort(scores[~target])
    if not len(ill) or not len(healthy):
        return float("nan")
    below, reached = (np.searchsorted(healthy, ill, side).sum() for side in ("left", "right"))
    return float((below + reached) / (2 * len(ill) * len(healthy)))       # who is reached but not below is a tie


def youden(target, scores):
    """The threshold with the largest sensitivity + specificity - 1, and that value.

    target, scores : as for `roc`.
    Returns (threshold, J). Of several such thresholds the highest, which calls the fewest people ill: infinity when
    no threshold is better than calling nobody ill. (NaN, NaN) when a class is missing.
    The two kinds of error count alike here; in a clinic they rarely do.
    Source: Youden 1950, doi:10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3.

    >>> youden([1, 1, 0, 1, 0, 0], [0.9, 0.8, 0.7, 0.6, 0.4, 0.3])
    (0.8, 0.6666666666666666)
    """
    fpr, tpr, thresholds = roc(target, scores)
    gain = tpr - fpr
    if np.isnan(gain).any():
        return float("nan"), float("nan")
    best = int(np.flatnonzero(gain >= gain.max() - 1e-12)[0])             # rounding must not break a tie
    return float(thresholds[best]), float(gain[best])


def threshold_at_sensitivity(target, scores, sensitivity):
    """The highest threshold that finds at least this share of the ill.

    target, scores : as for `roc`.  sensitivity : in [0, 1]; 0 is reached by calling nobody ill, at infinity.
    Returns a number; NaN without ill people.  Raises ValueError as `roc` does, or for a sensitivity outside.
    Choose it on validation cases: on the test cases it would be part of what is tested.

    >>> threshold_at_sensitivity([1, 1, 0, 1, 0, 0], [0.9, 0.8, 0.7, 0.6, 0.4, 0.3], 0.95)
    0.6
    """
    if not 0 <= sensitivity <= 1:
        raise ValueError(f"sensitivity must lie between 0 and 1, not {sensitivity!r}.")
    _, tpr, thresholds = roc(target, scores)
    if np.isnan(tpr).any():
        return float("nan")
    return float(thresholds[np.flatnonzero(tpr >= sensitivity - 1e-12)[0]])

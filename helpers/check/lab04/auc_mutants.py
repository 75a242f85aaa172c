"""What goes wrong when the pairs of an AUC are counted, as code."""
import numpy as np


def pairs(measure):
    """measure(scores of the ill as a column, of the healthy as a row), both float; nan without a pair."""
    def mutant(target, scores):
        ill, healthy = (scores[target == label].astype(float) for label in (1, 0))
        return measure(ill[:, None], healthy) if len(ill) and len(healthy) else np.nan

    return mutant


def wins(ill, healthy):
    return (ill > healthy) + 0.5 * (ill == healthy)


def divided_by(count):
    """All wins over count(number of the ill, of the healthy)."""
    return pairs(lambda ill, healthy: wins(ill, healthy).sum() / count(ill.size, healthy.size))


def ties_left_out(target, scores):
    decided = pairs(lambda ill, healthy: np.sum(ill != healthy))(target, scores)
    return pairs(lambda ill, healthy: np.sum(ill > healthy))(target, scores) / decided if decided else np.nan


def any_two(compare):
    """All pairs of cases, ill or not."""
    return lambda target, scores: float(np.mean(compare(scores[:, None].astype(float), scores)))


def one_against_all(target, scores):
    ill = scores[target == 1].astype(float)
    return float(np.mean(wins(ill[:, None], scores))) if len(ill) and target.min() == 0 else np.nan


def cut(threshold, measure):
    """measure(ill called ill, healthy called ill) after one threshold."""
    def mutant(target, scores):
        called = scores >= threshold(scores)
        return measure(called, target) if 0 < target.sum() < len(target) else np.nan

    return mutant


def after_a_cut(called, target):
    return pairs(lambda ill, healthy: np.mean(wins(ill, healthy)))(target, called)


def accuracy(called, target):
    return float(np.mean(called == target))


CUTS = (lambda scores: 0.5, lambda scores: 0, np.median, np.mean)


def in_order(tie):
    def mutant(target, scores):
        ill, healthy = (scores[target == label].astype(float).tolist() for label in (1, 0))
        won = [(one > other) + tie * (one == other) for one, other in zip(ill, healthy, strict=False)]
        return float(np.mean(won)) if won else np.nan

    return mutant


def stepwise(target, scores):
    """Ties in the order of the cases."""
    steps = target[np.argsort(-scores.astype(float), kind="stable")]
    if not 0 < target.sum() < len(target):
        return np.nan
    return float(np.sum(np.cumsum(steps) * (steps == 0)) / (np.sum(steps) * np.sum(steps == 0)))


def argsort_as_ranks(target, scores):
    ill, healthy, ranks = np.sum(target == 1), np.sum(target == 0), 1 + np.argsort(scores)
    below = ranks[target == 1].sum() - ill * (ill + 1) / 2
    return float(below / (ill * healthy)) if ill * healthy else np.nan


def average_precision(target, scores):
    """The precision at every threshold, weighed with the ill who are found there."""
    thresholds = np.unique(scores)[::-1]
    called = [target[scores >= threshold] for threshold in thresholds]
    found = np.diff([0, *(one.sum() for one in called)])
    return float(np.sum(found * [one.mean() for one in called]) / max(target.sum(), 1))


def in_8_bits(target, scores):
    ill, healthy = scores[target == 1], scores[target == 0]
    above = ill[:, None] - healthy
    return np.mean((above > 0) + 0.5 * (above == 0)) if above.size else np.nan


def crashes_without_pairs(target, scores):
    ill, healthy = (scores[target == label] for label in (1, 0))
    return float(np.mean(wins(ill[:, None], healthy))) if ill.size * healthy.size else 1 / 0

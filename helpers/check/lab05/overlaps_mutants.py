"""What the known mistakes in Dice and IoU compute."""
import numpy as np

RIGHT = (lambda both, truth, pred: 2 * both / (truth + pred), lambda both, truth, pred: both / (truth + pred - both))
ONE_MASK = (
    (lambda both, truth, pred: both / truth, RIGHT[1]), (lambda both, truth, pred: both / pred, RIGHT[1]),
    (lambda both, truth, pred: both / truth, lambda both, truth, pred: both / pred),
    (RIGHT[0], lambda both, truth, pred: both / truth), (RIGHT[0], lambda both, truth, pred: both / pred),
    (lambda both, truth, pred: 2 * both / truth, RIGHT[1]), (lambda both, truth, pred: 2 * both / pred, RIGHT[1]))


def _of_dice(change):
    return lambda *counts: change(RIGHT[0](*counts))


def _of_iou(change):
    return lambda *counts: change(RIGHT[1](*counts))


FROM_DICE = tuple(map(_of_dice, (lambda one: one / (2 + one), lambda one: one / (1 + one),
                                 lambda one: 2 * one / (1 + one), lambda one: one**2)))
FROM_IOU = tuple(map(_of_iou, (lambda one: 2 * one / (2 - one), lambda one: one / (2 - one), lambda one: np.sqrt(one),
                               lambda one: one)))


def counted(dice, iou, empty=np.nan, one_empty=None, axes=(1, 2), soft=False):
    """dice and iou of (common pixels, pixels of the truth, of the drawing), for each scan.

    empty, one_empty : what is said where both masks are empty, or one of them; None leaves the formula.
    axes : over which is summed.  soft : the common pixels are counted by their probability.
    """
    def mutant(target, probs):
        pred = probs > 0.5
        both = (target * (probs if soft else pred)).sum(axes).astype(float)
        truth, drawn = target.sum(axes).astype(float), pred.sum(axes).astype(float)
        with np.errstate(all="ignore"):
            values = [np.broadcast_to(of(both, truth, drawn), np.shape(both)) for of in (dice, iou)]
        for where, said in (((truth == 0) & (drawn == 0), empty), ((truth == 0) != (drawn == 0), one_empty)):
            values = [value if said is None else np.where(where, said, value) for value in values]
        return tuple(values)

    return mutant


def smoothed(amount):
    """The two formulas with a term above and below the line."""
    return (lambda both, truth, pred: (2 * both + amount) / (truth + pred + amount),
            lambda both, truth, pred: (both + amount) / (truth + pred - both + amount))


def masked(mask_of):
    """Right, with another mask of the probabilities; it need not be bool."""
    def mutant(target, probs):
        pred = mask_of(probs).astype(float)
        both, areas = (target * pred).sum((1, 2)), target.sum((1, 2)) + pred.sum((1, 2))
        return _shares(2 * both, areas), _shares(both, areas - both)

    return mutant


def _shares(parts, wholes):
    return np.divide(parts, wholes, out=np.full(len(wholes), np.nan), where=wholes > 0)


def soft_areas(target, probs):
    """Common pixels of masks, areas of probabilities."""
    both, areas = (target & (probs > 0.5)).sum((1, 2)), target.sum((1, 2)) + probs.sum((1, 2))
    return _shares(2 * both, areas), _shares(both, areas - both)


def _agreeing(dice, iou):
    """dice and iou of (pixels that agree, all pixels) of each scan."""
    def mutant(target, probs):
        agree = (target == (probs > 0.5)).sum((1, 2)) + 0.0
        return dice(agree, target[0].size), iou(agree, target[0].size)

    return mutant


def _with_the_other(target, probs):
    """The mean of the scores of organ and background."""
    of = [masked(lambda probs: probs > 0.5)(target, probs), masked(lambda probs: probs > 0.5)(~target, 1 - probs)]
    return tuple(np.nanmean(values, axis=0) for values in zip(*of, strict=True))


def _agreeing_over_areas(target, probs):
    pred = probs > 0.5
    agree, areas = (target == pred).sum((1, 2)), target.sum((1, 2)) + pred.sum((1, 2))
    return _shares(2 * agree, areas), _shares(agree, (target | pred).sum((1, 2)))


def _agreeing_over_the_right_union(target, probs):
    pred = probs > 0.5
    agree, areas = (target == pred).sum((1, 2)), target.sum((1, 2)) + pred.sum((1, 2))
    return _shares(2 * agree, areas), _shares(agree, areas - agree)


WITH_BACKGROUND = (
    _agreeing(lambda agree, size: agree / size, lambda agree, size: agree / (2 * size - agree)),
    _agreeing(lambda agree, size: agree / size, lambda agree, size: agree / size),
    _agreeing(lambda agree, size: 2 * agree / (agree + size), lambda agree, size: agree / size),
    _with_the_other, _agreeing_over_areas, _agreeing_over_the_right_union)


def over_the_batch(repeated):
    """One Dice and one IoU of all scans, as two numbers or as arrays that repeat them."""
    def mutant(target, probs):
        pred = probs > 0.5
        both, areas = (target & pred).sum(), target.sum() + pred.sum()
        values = (2 * both / areas, both / (areas - both)) if areas else (np.nan, np.nan)
        return tuple(np.full(len(target), value) for value in values) if repeated else values

    return mutant


def averaged(mean):
    """mean(array) of the right numbers."""
    def mutant(target, probs):
        values = masked(lambda probs: probs > 0.5)(target, probs)
        return tuple(mean(value[~np.isnan(value)]) if mean is np.nanmean and not np.isnan(value).all() else value.mean()
                     for value in values)

    return mutant


def changed(change):
    """change(array) of the right numbers."""
    return lambda target, probs: tuple(map(change, masked(lambda probs: probs > 0.5)(target, probs)))


def of_one(chosen):
    """Only one scan, as numbers or as arrays of one."""
    return changed(lambda value: value[chosen])


def nones(target, probs):
    return tuple(np.array([None if np.isnan(one) else one for one in value]) for value in changed(
        lambda value: value)(target, probs))


def dividing(target, probs):
    """With Python's numbers, which do not divide by zero."""
    pred, dice, iou = probs > 0.5, [], []
    for truth, drawn in zip(target, pred, strict=True):
        both, areas = int((truth & drawn).sum()), int(truth.sum() + drawn.sum())
        dice.append(2 * both / areas)
        iou.append(both / (areas - both))
    return np.array(dice), np.array(iou)

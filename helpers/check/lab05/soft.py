"""Soft Dice loss: what goes wrong, by name."""
import torch
from torch.nn import functional

from ..exercise import Complaint, Exercise, Misconception
from ..signs import any_of, behaves_like, mistakes, raises
from .soft_run import CASES, look, soft_dice

RTOL = 1e-4
named = mistakes(CASES, look=look, rtol=RTOL)
stops = mistakes(CASES, look=look, words=True)


def one_hot(target, classes):
    return functional.one_hot(target, classes).movedim(-1, 1).double()


def right_dice(both, probs, masks, smooth):
    return (2 * both + smooth) / (probs + masks + smooth)


def loss(probs=lambda logits: logits.softmax(dim=1), masks=one_hot, dice=right_dice, axes=(2, 3),
         classes=slice(1, None), end=lambda dice: 1 - dice.mean(), power=1):
    """soft_dice in parts that can be replaced.

    dice : of (common, sizes of the probabilities, of the masks, smooth).  axes : that the sums run over.
    """
    def mutant(logits, target, smooth):
        p, t = probs(logits), masks(target, logits.shape[1])
        sums = [one.sum(dim=axes) for one in (p * t, p**power, t**power)]
        value = dice(*sums, smooth)
        return end(value[..., classes] if value.ndim else value)

    return mutant


def _formula(change):
    """Another dice: change(both, sizes, smooth)."""
    return loss(dice=lambda both, probs, masks, smooth: change(both, probs + masks, smooth))


def _fixed(amount):
    return lambda logits, target, smooth: soft_dice(logits, target, amount)


def _pooled(classes):
    """One Dice for all classes together."""
    def mutant(logits, target, smooth):
        p, t = logits.softmax(dim=1)[:, classes], one_hot(target, logits.shape[1])[:, classes]
        both, sizes = (p * t).sum(dim=(1, 2, 3)), (p + t).sum(dim=(1, 2, 3))
        return 1 - ((2 * both + smooth) / (sizes + smooth)).mean()

    return mutant


def _thresholded(logits, target, smooth):
    pred, masks = one_hot(logits.argmax(dim=1), logits.shape[1]), one_hot(target, logits.shape[1])
    both, sizes = (pred * masks).sum(dim=(2, 3)), (pred + masks).sum(dim=(2, 3))
    return 1 - ((2 * both + smooth) / (sizes + smooth))[:, 1:].mean()


def _crossed(logits, target, smooth):
    return functional.cross_entropy(logits, target)


def _not_moved(target, classes):
    return functional.one_hot(target, classes)


def _reshaped(target, classes):
    return functional.one_hot(target, classes).reshape(len(target), classes, *target.shape[1:])


def _moved_wrongly(target, classes):
    return functional.one_hot(target, classes).permute(0, 3, 2, 1)


def _index(target, classes):
    return target[:, None].double()


def _union(both, probs, masks, smooth):
    return (both + smooth) / (probs + masks - both + smooth)


PROBABILITIES = (
    named(
        "logits without softmax",
        "You take logits for probabilities. They may be negative or large: `logits.softmax(dim=1)` first.",
        loss(probs=lambda logits: logits)),
    named(
        "sigmoid instead of softmax",
        "You give every class a probability of its own. A pixel belongs to one class: `logits.softmax(dim=1)` adds up "
        "to 1.",
        loss(probs=torch.sigmoid)),
    named(
        "softmax over the wrong axis",
        "Your softmax does not run over the classes. They are axis 1 of (N, C, H, W): `softmax(dim=1)`.",
        *(loss(probs=lambda logits, dim=dim: logits.softmax(dim=dim)) for dim in (0, 2, 3))),
    named(
        "logarithms instead of probabilities",
        "`log_softmax` gives logarithms, which are negative. Dice wants the probabilities: `softmax`.",
        loss(probs=lambda logits: logits.log_softmax(dim=1))),
    Misconception(
        "thresholded, so nothing to learn",
        "Your loss compares masks. A threshold, like `argmax`, has no slope: moving a logit a little changes nothing, "
        "and no gradient comes out. Put the probabilities themselves into the formula.",
        _thresholded,
        sign=behaves_like(CASES, _thresholded, *(loss(probs=lambda logits, least=least: (
            logits.softmax(dim=1) > least).double()) for least in (0.5, 0.1)), look=look)),
    Misconception(
        "gradient cut off",
        "The number is right, and PyTorch no longer knows where it comes from. Leave out `torch.no_grad()`, "
        "`detach()`, `.data` and `torch.tensor(…)`.",
        lambda *given: soft_dice(*given).detach(),
        sign=behaves_like(CASES, lambda *given: soft_dice(*given).detach(), look=look)),
    Misconception(
        "number without a gradient",
        "Your loss left PyTorch on its way: `.item()`, `float()` or NumPy make a number of it that remembers nothing. "
        "Return the tensor.",
        lambda *given: soft_dice(*given).item(),
        sign=behaves_like(CASES, lambda *given: soft_dice(*given).item(), look=look)),
)
MASKS = (
    named(
        "class numbers taken for masks",
        "You multiply with the numbers of the classes, so class 2 counts twice. Make a mask of each class: "
        "`nn.functional.one_hot`, or `target == number`.",
        loss(masks=_index)),
    stops(
        "classes left at the end",
        "`one_hot` puts the classes last, (N, H, W, C), and your probabilities have them second. Move them: "
        "`.permute(0, 3, 1, 2)`.",
        loss(masks=_not_moved)),
    named(
        "reshaped instead of moved",
        "`reshape` and `view` cut the numbers into other rows; they do not move an axis. `.permute(0, 3, 1, 2)` does.",
        loss(masks=_reshaped)),
    stops(
        "rows and columns exchanged",
        "Your masks have rows and columns exchanged. From (N, H, W, C) to (N, C, H, W): `.permute(0, 3, 1, 2)`.",
        loss(masks=_moved_wrongly)),
)
SUMS = (
    named(
        "Dice over the batch instead of per scan",
        "You add up the pixels of all scans, so a large organ outweighs a small one in another patient. Sum over rows "
        "and columns only, `dim=(2, 3)`, and average over the scans.",
        loss(axes=(0, 2, 3))),
    named(
        "background counted",
        "You count class 0. The background fills most of a scan and is easy, so the loss is small even where every "
        "organ is missed: `[:, 1:]`.",
        loss(classes=slice(None)), loss(classes=slice(0, -1)), loss(classes=slice(0, 1))),
    named(
        "one class only",
        "You look at one class. All but the background count, and each as much as the others.",
        loss(classes=slice(1, 2)), loss(classes=slice(-1, None)), loss(classes=slice(2, None))),
    named(
        "classes poured together",
        "You add up the pixels of all classes before you divide, so a small organ hardly counts. Each class of each "
        "scan has its own Dice; average those.",
        _pooled(slice(1, None)), _pooled(slice(None))),
    named(
        "summed along the wrong axes",
        "Your sums do not run over the pixels of a scan. These are axes 2 and 3: `sum(dim=(2, 3))`.",
        loss(axes=(0, 1)), loss(axes=2), loss(axes=3), loss(axes=(1, 2)),
        loss(axes=1)),
)
FORMULA = (
    named(
        "factor 2 missing",
        "Common pixels count twice above the line. Without the 2 a perfect drawing still costs one half.",
        _formula(lambda both, sizes, smooth: (both + smooth) / (sizes + smooth))),
    named(
        "IoU instead of Dice",
        "You divide by the union: that is a loss too, of IoU. Here Dice is asked, over the sum of both sizes.",
        loss(dice=_union)),
    named(
        "smoothing term forgotten",
        "You leave `smooth` out, or add something tiny in its place. It stands above and below the line; without it "
        "an organ that is not there costs 1 however little of it is drawn.",
        _formula(lambda both, sizes, smooth: 2 * both / sizes), *map(_fixed, (1e-5, 1e-6, 1e-7, 1e-8))),
    named(
        "smoothing term on one side only",
        "`smooth` stands above and below the line: an organ that is neither there nor drawn then costs 0.",
        _formula(lambda both, sizes, smooth: 2 * both / (sizes + smooth)),
        _formula(lambda both, sizes, smooth: (2 * both + smooth) / sizes)),
    named(
        "smoothing term counted twice",
        "Above the line stands 2 × common + smooth. You add `smooth` more than once, above or below.",
        _formula(lambda both, sizes, smooth: 2 * (both + smooth) / (sizes + smooth)),
        _formula(lambda both, sizes, smooth: (2 * both + smooth) / (sizes + 2 * smooth)),
        _formula(lambda both, sizes, smooth: 2 * (both + smooth) / (sizes + 2 * smooth))),
    named(
        "`smooth` ignored",
        "You add a number of your own. Take the argument `smooth`.",
        *map(_fixed, (1.0, 0.1, 0.01, 1e-3, 1e-4))),
    named(
        "squares below the line",
        "You square the probabilities below the line. That is the loss of V-Net, a good one, and another one: here "
        "they stand as they are.",
        loss(power=2)),
    named(
        "sizes of one of the two only",
        "Below the line stand the sizes of both, of the probabilities and of the mask. You have one of them.",
        loss(dice=lambda both, probs, masks, smooth: (2 * both + smooth) / (masks + smooth)),
        loss(dice=lambda both, probs, masks, smooth: (2 * both + smooth) / (probs + smooth)),
        loss(dice=lambda both, probs, masks, smooth: (2 * both + smooth) / (2 * masks + smooth))),
)
END = (
    named(
        "Dice instead of the loss",
        "You return Dice itself. Training makes the loss smaller, so it would make your drawings worse: 1 - Dice.",
        loss(end=lambda dice: dice.mean())),
    named(
        "minus Dice",
        "You return -Dice. It has the same slope, and a loss of 0 would mean nothing found; asked is 1 - Dice, which "
        "is 0 for a perfect drawing.",
        loss(end=lambda dice: -dice.mean())),
    named(
        "logarithm of Dice",
        "You take a logarithm. Asked is 1 - Dice.",
        loss(end=lambda dice: -torch.log(dice.mean())), loss(end=lambda dice: -torch.log(dice).mean())),
    named(
        "summed, not averaged",
        "You add up the losses of scans or classes. Average them, so that a batch of eight can be compared with one of "
        "four.",
        loss(end=lambda dice: (1 - dice).sum()), loss(end=lambda dice: (1 - dice).sum(-1).mean()),
        loss(end=lambda dice: 1 - dice.sum()), loss(end=lambda dice: (1 - dice).mean(-1).sum())),
    Misconception(
        "not averaged at all",
        "You return one number for each scan or class. A loss is one number: take the mean.",
        loss(end=lambda dice: 1 - dice),
        sign=any_of(raises(Complaint, "A loss is one number"))),
    named(
        "cross-entropy instead",
        "You return the cross-entropy. It counts pixels; Dice counts overlap.",
        _crossed),
)

SOFT_DICE = Exercise(
    title="Exercise 7",
    points=3,
    reference=soft_dice,
    observe=look,
    cases=CASES,
    rtol=RTOL,
    hints=(
        ("Probabilities: `logits.softmax(dim=1)`. Masks: `nn.functional.one_hot(target, logits.shape[1])`, which has "
         "shape (N, H, W, C), and then `.permute(0, 3, 1, 2)`."),
        ("Common: `(probs * masks).sum(dim=(2, 3))`, shape (N, C). Sizes: the sum of the probabilities plus the sum of "
         "the masks, each over the same axes."),
        "`dice = (2 * both + smooth) / (sizes + smooth)`; leave class 0 out, `dice[:, 1:]`.",
        "`return 1 - dice[:, 1:].mean()`, as a tensor: no `.item()`.",
    ),
    misconceptions=(*PROBABILITIES, *MASKS, *SUMS, *FORMULA, *END),
)

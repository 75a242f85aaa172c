"""Lab 5, exercises 1, 2 and 7, as learners write them: overlap of masks, one measure from the other, soft Dice.

RIGHT : exercise -> answers that differ from the reference in code and must pass; some are oracles.
WRONG : exercise -> (name of the mistake, answer) pairs, in code that is not the mutant's.
"""
import math

import numpy as np
import sklearn.metrics
import torch
from torch import nn
from torch.nn import functional as F

from helpers import metrics

# Dice and IoU --------------------------------------------------------------------------------------------------------

NAN = float("nan")


def by_metrics(target, probs):
    return metrics.dice(target, probs > 0.5), metrics.iou(target, probs > 0.5)


def by_sklearn(target, probs):
    dice, iou = [], []
    for truth, drawn in zip(target.reshape(len(target), -1), probs.reshape(len(probs), -1) > 0.5, strict=True):
        nothing = not truth.any() and not drawn.any()
        dice.append(NAN if nothing else sklearn.metrics.f1_score(truth, drawn, zero_division=0.0))
        iou.append(NAN if nothing else sklearn.metrics.jaccard_score(truth, drawn, zero_division=0.0))
    return np.array(dice), np.array(iou)


def pixel_by_pixel(target, probs):
    N, H, W = target.shape
    dice, iou = np.full(N, np.nan), np.full(N, np.nan)
    for n in range(N):
        tp = fp = fn = 0
        for r in range(H):
            for c in range(W):
                drawn = probs[n, r, c] > 0.5
                tp += int(drawn and target[n, r, c])
                fp += int(drawn and not target[n, r, c])
                fn += int(not drawn and target[n, r, c])
        if tp + fp + fn:
            dice[n], iou[n] = 2 * tp / (2 * tp + fp + fn), tp / (tp + fp + fn)
    return dice, iou


def in_torch(target, probs):
    """0 / 0 is NaN there, without a warning."""
    t, p = torch.tensor(target).flatten(1), (torch.tensor(probs) > 0.5).flatten(1)
    both, either = (t & p).sum(1).double(), (t | p).sum(1).double()
    return 2 * both / (both + either), both / either


def in_float32(target, probs):
    t, p = target.astype(np.float32), np.round(probs).astype(np.float32)
    both = np.einsum("nhw,nhw->n", t, p)
    areas = np.einsum("nhw->n", t) + np.einsum("nhw->n", p)
    with np.errstate(invalid="ignore"):
        return [2 * both / areas, both / (areas - both)]


def by_sets(target, probs):
    dice, iou = [], []
    for truth, prob in zip(target, probs, strict=True):
        first = {tuple(place) for place in np.argwhere(truth).tolist()}
        second = {tuple(place) for place in np.argwhere(prob > 0.5).tolist()}
        union = len(first | second)
        iou.append(len(first & second) / union if union else math.nan)
        dice.append(2 * iou[-1] / (1 + iou[-1]))
    return np.array(dice), np.array(iou)


def looped(target, probs, empty=NAN, smooth=0.0, one_empty=None, mask=lambda prob: prob > 0.5, last=None):
    """A loop over the scans with settings for most mistakes; last : what is returned of both arrays."""
    dices, ious = [], []
    for t, p in zip(target, probs, strict=True):
        pred = mask(p)
        inter, union = np.logical_and(t, pred).sum(), np.logical_or(t, pred).sum()
        if t.sum() == 0 and pred.sum() == 0 and not smooth:
            d = i = empty
        elif one_empty is not None and (t.sum() == 0 or pred.sum() == 0):
            d = i = one_empty
        else:
            d = (2 * inter + smooth) / (union + inter + smooth)
            i = (inter + smooth) / (union + smooth)
        dices.append(d)
        ious.append(i)
    pair = np.array(dices), np.array(ious)
    return last(*pair) if last else pair


def soft_sums(target, probs, sizes=None):
    """Products of probabilities; sizes : of what areas are taken."""
    both = np.sum(target * probs, axis=(1, 2))
    areas = np.sum(target, axis=(1, 2)) + np.sum(probs if sizes is None else sizes(probs), axis=(1, 2))
    with np.errstate(invalid="ignore"):
        return 2 * both / areas, both / (areas - both)


def whole_batch(target, probs, wide=False):
    pred = probs > 0.5
    inter, areas = np.count_nonzero(target & pred), np.count_nonzero(target) + np.count_nonzero(pred)
    with np.errstate(invalid="ignore"):
        found = np.float64(2 * inter) / areas, np.float64(inter) / (areas - inter)
    return tuple(np.repeat(one, len(target)) for one in found) if wide else found


def along(axis):
    def answer(target, probs):
        pred = probs > 0.5
        both, areas = np.sum(target & pred, axis), np.sum(target, axis) + np.sum(pred, axis)
        with np.errstate(invalid="ignore"):
            return 2 * both / areas, both / (areas - both)

    return answer


def agreement(target, probs):
    same = np.mean(target == (probs > 0.5), axis=(1, 2))
    return same, same


def agreement_as_overlap(target, probs):
    same = np.sum(target == (probs > 0.5), axis=(1, 2))
    size = target[0].size
    return 2 * same / (size + size), same / (2 * size - same)


def with_the_background(target, probs):
    organ, rest = by_metrics(target, probs), by_metrics(~target, 1 - probs)
    return tuple(np.nanmean([one, other], axis=0) for one, other in zip(organ, rest, strict=True))


def of_counts(dice, iou):
    """Formulas of (inter, area of the truth, of the drawing), scan by scan, NaN where both are empty."""
    def answer(target, probs):
        rows = []
        for t, p in zip(target, probs > 0.5, strict=True):
            inter, a, b = float((t & p).sum()), float(t.sum()), float(p.sum())
            with np.errstate(all="ignore"):
                rows.append([float(np.float64(of(inter, a, b))) if a + b else NAN for of in (dice, iou)])
        return tuple(np.array(rows).T)

    return answer


def quotient(part, whole):
    return np.float64(part) / np.float64(whole)


DICE, IOU = lambda i, a, b: quotient(2 * i, a + b), lambda i, a, b: quotient(i, a + b - i)


def plain_python(target, probs):
    dice = []
    for t, p in zip(target.tolist(), (probs > 0.5).tolist(), strict=True):
        pairs = [(a, b) for row, other in zip(t, p, strict=True) for a, b in zip(row, other, strict=True)]
        both, areas = sum(a and b for a, b in pairs), sum(a + b for a, b in pairs)
        dice.append((2 * both / areas, both / (areas - both)))
    return tuple(np.array(dice).T)


def first_scan(target, probs):
    for t, p in zip(target, probs, strict=True):
        inter, areas = (t & (p > 0.5)).sum(), t.sum() + (p > 0.5).sum()
        return (2 * inter / areas, inter / (areas - inter)) if areas else (NAN, NAN)


def with_none(target, probs):
    dice, iou = by_metrics(target, probs)
    return [[None if math.isnan(value) else value for value in one.tolist()] for one in (dice, iou)]


OVERLAPS = [
    ("probabilities not thresholded", soft_sums),
    ("probabilities not thresholded", lambda target, probs: soft_sums(target, probs, lambda probs: probs > 0.5)),
    ("every pixel drawn", lambda target, probs: looped(target, probs, mask=lambda p: p.astype(bool))),
    ("every pixel drawn", lambda target, probs: looped(target, probs, mask=np.ceil)),
    ("mask turned round", lambda target, probs: looped(target, probs, mask=lambda p: p < 0.5)),
    ("another threshold", lambda target, probs: looped(target, probs, mask=lambda p: p >= 0.3)),
    ("another threshold", lambda target, probs: looped(target, probs, mask=lambda p: p > 0.75)),
    ("background counted", agreement),
    ("background counted", agreement_as_overlap),
    ("background counted", with_the_background),
    ("Dice over the batch instead of per scan", whole_batch),
    ("Dice over the batch instead of per scan", lambda target, probs: whole_batch(target, probs, wide=True)),
    ("averaged over the scans", lambda target, probs: looped(target, probs, last=lambda *pair: tuple(
        sum(one) / len(one) for one in pair))),
    ("averaged over the scans", lambda target, probs: looped(target, probs, last=lambda *pair: tuple(
        np.ma.masked_invalid(one).mean() if np.isfinite(one).any() else NAN for one in pair))),
    ("summed along the wrong axes", along((0, 1))),
    ("summed along the wrong axes", along(0)),
    ("summed along the wrong axes", along(1)),
    ("only one scan", first_scan),
    ("only one scan", lambda target, probs: looped(target, probs, last=lambda *pair: tuple(one[-1] for one in pair))),
    ("factor 2 missing", of_counts(lambda i, a, b: quotient(i, a + b), IOU)),
    ("masks added with `+`", lambda target, probs: (
        np.array([2 * (t & p).sum() / (t + p).sum() if (t + p).any() else NAN
                  for t, p in zip(target, probs > 0.5, strict=True)]), by_metrics(target, probs)[1])),
    ("both areas instead of the union", of_counts(DICE, lambda i, a, b: quotient(i, a + b))),
    ("both areas instead of the union", of_counts(DICE, DICE)),
    ("common pixels taken off twice", of_counts(DICE, lambda i, a, b: quotient(i, a + b - 2 * i))),
    ("union instead of common pixels", of_counts(lambda i, a, b: quotient(2 * (a + b - i), a + b), IOU)),
    ("share of one mask only", of_counts(lambda i, a, b: quotient(i, a), IOU)),
    ("share of one mask only", of_counts(DICE, lambda i, a, b: quotient(i, b))),
    ("Dice and IoU exchanged", lambda target, probs: looped(target, probs, last=lambda dice, iou: (iou, dice))),
    ("one made from the other wrongly", lambda target, probs: looped(target, probs, last=lambda dice, iou: (
        dice, dice / (1 + dice)))),
    ("one made from the other wrongly", lambda target, probs: looped(target, probs, last=lambda dice, iou: (
        iou**0.5, iou))),
    ("smoothing term hides empty masks", lambda target, probs: looped(target, probs, smooth=1)),
    ("smoothing term hides empty masks", lambda target, probs: looped(target, probs, smooth=1e-6)),
    ("smoothing term hides empty masks", lambda target, probs: looped(target, probs, smooth=1e-3)),
    ("1 for two empty masks", lambda target, probs: looped(target, probs, empty=1)),
    ("0 for two empty masks", lambda target, probs: looped(target, probs, empty=0)),
    ("0 for two empty masks", lambda target, probs: tuple(map(np.nan_to_num, by_metrics(target, probs)))),
    ("0 for two empty masks", lambda target, probs: tuple(
        (2 if place == 0 else 1) * (target & (probs > 0.5)).sum((1, 2))
        / (target.sum((1, 2)) + (probs > 0.5).sum((1, 2)) - place * (target & (probs > 0.5)).sum((1, 2)) + 1e-9)
        for place in (0, 1))),
    ("None for two empty masks", with_none),
    ("None for two empty masks", lambda target, probs: looped(target, probs, empty=None)),
    ("NaN where one mask is empty", lambda target, probs: looped(target, probs, one_empty=NAN)),
    ("1 where one mask is empty", lambda target, probs: looped(target, probs, one_empty=1.0)),
    ("division by zero", plain_python),
    ("per cent instead of shares", lambda target, probs: looped(target, probs, last=lambda dice, iou: (
        dice * 100, iou * 100))),
    ("rounded", lambda target, probs: looped(target, probs, last=lambda dice, iou: (dice.round(2), iou.round(2)))),
    ("one array instead of two", lambda target, probs: np.array(by_metrics(target, probs)).T),
    ("one array instead of two", lambda target, probs: by_metrics(target, probs)[0]),
]

# Dice and IoU, one from the other ------------------------------------------------------------------------------------


def by_counts(value, given):
    """Common pixels of two masks whose areas add up to 1."""
    common = value / 2 if given == "dice" else value / (value + 1)
    return common / (1 - common) if given == "dice" else common * 2


def by_odds(value, given):
    """1 / IoU is 2 / Dice - 1."""
    with np.errstate(divide="ignore"):
        inverse = 1 / np.asarray(value, float)
        return 1 / (2 * inverse - 1) if given == "dice" else 2 / (inverse + 1)


def number_by_number(value, given):
    if np.ndim(value):
        return np.array([number_by_number(one, given) for one in value])
    return value / (2 - value) if "dice" in given else 2 * value / (value + 1)


def in_tensors(value, given):
    value = torch.as_tensor(value)
    return torch.where(torch.tensor(given == "dice"), value / (2 - value), 2 * value / (1 + value))


def formula(to_iou=lambda d: d / (2 - d), to_dice=lambda i: 2 * i / (1 + i)):
    def answer(value, given):
        value = np.array(value, dtype=float)
        if given == "iou":
            return to_dice(value)
        return to_iou(value)

    return answer


OTHER = [
    ("directions exchanged", lambda value, given: by_counts(value, "iou" if given == "dice" else "dice")),
    ("`given` ignored", lambda value, given: by_counts(value, "dice")),
    ("`given` ignored", lambda value, given: by_counts(value, "iou")),
    ("value handed back", lambda value, given: value),
    ("value handed back", lambda value, given: by_counts(value, given) if given == "iou" else value),
    ("half and double", lambda value, given: value / 2 if given == "dice" else np.minimum(value * 2, 1)),
    ("half and double", formula(to_iou=lambda d: 0.5 * d)),
    ("plus instead of minus", formula(to_iou=lambda d: d / (d + 2))),
    ("minus instead of plus", lambda value, given: by_counts(value, given) if given == "dice" else
     2 * value / (1.0000000001 - value)),
    ("factor 2 missing", formula(to_dice=lambda i: i / (i + 1))),
    ("factor 2 missing", formula(to_dice=lambda i: 2 * i / (2 + i))),
    ("brackets missing", formula(to_iou=lambda d: d / 2 - d)),
    ("brackets missing", formula(to_dice=lambda i: 2 * i / 1 + i)),
    ("turned upside down", formula(to_iou=lambda d: (2 - d) / np.maximum(d, 1e-12))),
    ("square or root", lambda value, given: value**2 if given == "dice" else value**0.5),
    ("distance instead of overlap", lambda value, given: 1 - by_counts(value, given)),
    ("averaged before it is converted", lambda value, given: by_counts(np.average(value), given)),
    ("averaged before it is converted", lambda value, given: np.mean(by_counts(value, given))),
    ("per cent instead of a share", lambda value, given: by_counts(value, given) * 100),
    ("rounded", lambda value, given: np.around(by_counts(value, given), 2)),
    ("NaN turned into a number", lambda value, given: np.where(np.isnan(value), 0.0, by_counts(value, given))),
    ("NaN left out", lambda value, given: by_counts(value[~np.isnan(value)] if np.ndim(value) else value, given)),
    ("one pair of values only", lambda value, given: {"dice": 0.333, "iou": 0.667}[given]),
]

# soft Dice -----------------------------------------------------------------------------------------------------------


def class_by_class(logits, target, smooth):
    probs, scores = F.softmax(logits, dim=1), []
    for scan in range(len(logits)):
        for number in range(1, logits.shape[1]):
            p, t = probs[scan, number], (target[scan] == number).to(probs.dtype)
            scores.append((2 * torch.sum(p * t) + smooth) / (torch.sum(p) + torch.sum(t) + smooth))
    return 1 - sum(scores) / len(scores)


def by_einsum(logits, target, smooth):
    masks = torch.zeros_like(logits).scatter_(1, target[:, None], 1)
    probs = torch.exp(logits - torch.logsumexp(logits, dim=1, keepdim=True))
    both = torch.einsum("nchw,nchw->nc", probs, masks)
    sizes = torch.einsum("nchw->nc", probs) + torch.einsum("nchw->nc", masks)
    return torch.mean(1 - (2 * both + smooth) / (sizes + smooth), dim=0)[1:].mean()


def in_single_precision(logits, target, smooth):
    probs = logits.float().softmax(1)[:, 1:].flatten(2)
    masks = torch.eye(logits.shape[1])[target].movedim(3, 1)[:, 1:].flatten(2)
    dice = (2 * (probs * masks).sum(2) + smooth) / (probs.sum(2) + masks.sum(2) + smooth)
    return (1 - dice).mean()


def by_comparison(logits, target, smooth):
    numbers = torch.arange(logits.shape[1]).reshape(1, -1, 1, 1)
    t, p = (target.unsqueeze(1) == numbers).double(), nn.Softmax(dim=1)(logits)
    top, below = 2 * torch.sum(p * t, dim=(2, 3)) + smooth, torch.sum(p + t, dim=(2, 3)) + smooth
    return 1.0 - torch.mean((top / below)[:, 1:])


def soft(probs=lambda logits: torch.softmax(logits, 1), hot=None, axes=(-2, -1), first=1, top=None, below=None,
         finish=lambda dice: 1 - torch.mean(dice)):
    """Soft Dice with settings for most mistakes.  top, below : of (both, sum of p, sum of t, smooth)."""
    top = top or (lambda both, p, t, smooth: 2 * both + smooth)
    below = below or (lambda both, p, t, smooth: p + t + smooth)

    def answer(logits, target, smooth):
        p = probs(logits)
        t = hot(target, logits) if hot else torch.stack([target == k for k in range(logits.shape[1])], 1).to(p.dtype)
        both, ps, ts = torch.sum(p * t, dim=axes), torch.sum(p, dim=axes), torch.sum(t, dim=axes)
        return finish((top(both, ps, ts, smooth) / below(both, ps, ts, smooth))[..., first:])

    return answer


def pooled_classes(logits, target, smooth):
    p, t = logits.softmax(1)[:, 1:], F.one_hot(target, logits.shape[1]).permute(0, 3, 1, 2)[:, 1:]
    inter, total = (p * t).flatten(1).sum(1), p.flatten(1).sum(1) + t.flatten(1).sum(1)
    return 1 - ((2 * inter + smooth) / (total + smooth)).mean()


def squared(logits, target, smooth):
    p, t = logits.softmax(1), F.one_hot(target, logits.shape[1]).permute(0, 3, 1, 2)
    dice = (2 * (p * t).sum((2, 3)) + smooth) / ((p * p).sum((2, 3)) + (t * t).sum((2, 3)) + smooth)
    return 1 - dice[:, 1:].mean()


def one_class(logits, target, smooth):
    p, t = logits.softmax(1)[:, 1], (target == 1).double()
    dice = (2 * (p * t).sum((1, 2)) + smooth) / (p.sum((1, 2)) + t.sum((1, 2)) + smooth)
    return 1 - dice.mean()


def drawn_first(logits, target, smooth):
    pred = F.one_hot(torch.argmax(logits, 1), logits.shape[1]).permute(0, 3, 1, 2).double()
    return soft(probs=lambda logits: pred)(logits, target, smooth)


SOFT = [
    ("logits without softmax", soft(probs=lambda logits: logits)),
    ("sigmoid instead of softmax", soft(probs=lambda logits: 1 / (1 + torch.exp(-logits)))),
    ("softmax over the wrong axis", soft(probs=nn.Softmax(dim=-1))),
    ("softmax over the wrong axis", soft(probs=nn.Softmax(dim=0))),
    ("logarithms instead of probabilities", soft(probs=nn.LogSoftmax(dim=1))),
    ("thresholded, so nothing to learn", drawn_first),
    ("thresholded, so nothing to learn", soft(probs=lambda logits: (logits.softmax(1) > 0.5).double())),
    ("gradient cut off", lambda *given: torch.tensor(class_by_class(*given).item())),
    ("gradient cut off", lambda logits, target, smooth: by_einsum(logits.detach(), target, smooth)),
    ("number without a gradient", lambda *given: float(class_by_class(*given).detach())),
    ("number without a gradient", lambda *given: np.float64(class_by_class(*given).detach().numpy())),
    ("class numbers taken for masks", soft(hot=lambda target, logits: target.unsqueeze(1))),
    ("classes left at the end", lambda logits, target, smooth: soft(hot=lambda target, logits: F.one_hot(
        target, logits.shape[1]))(logits, target, smooth)),
    ("reshaped instead of moved", soft(hot=lambda target, logits: F.one_hot(target, logits.shape[1]).view(
        logits.shape))),
    ("rows and columns exchanged", soft(hot=lambda target, logits: F.one_hot(target, logits.shape[1]).permute(
        0, 3, 2, 1))),
    ("rows and columns exchanged", soft(hot=lambda target, logits: F.one_hot(target, logits.shape[1]).transpose(1, 3))),
    ("Dice over the batch instead of per scan", soft(axes=(0, 2, 3))),
    ("background counted", soft(first=0)),
    ("one class only", one_class),
    ("one class only", soft(finish=lambda dice: 1 - torch.mean(dice[:, -1]))),
    ("classes poured together", pooled_classes),
    ("summed along the wrong axes", soft(axes=(0, 1))),
    ("factor 2 missing", soft(top=lambda both, p, t, smooth: both + smooth)),
    ("IoU instead of Dice", soft(top=lambda both, p, t, smooth: both + smooth,
                                 below=lambda both, p, t, smooth: p + t - both + smooth)),
    ("smoothing term forgotten", soft(top=lambda both, p, t, smooth: 2 * both, below=lambda both, p, t, smooth: p + t)),
    ("smoothing term forgotten", soft(top=lambda both, p, t, smooth: 2 * both + 1e-7,
                                      below=lambda both, p, t, smooth: p + t + 1e-7)),
    ("smoothing term on one side only", soft(top=lambda both, p, t, smooth: 2 * both)),
    ("smoothing term on one side only", soft(below=lambda both, p, t, smooth: p + t)),
    ("smoothing term counted twice", soft(top=lambda both, p, t, smooth: 2 * (both + smooth))),
    ("`smooth` ignored", lambda logits, target, smooth: class_by_class(logits, target, 1)),
    ("`smooth` ignored", lambda logits, target, smooth: class_by_class(logits, target, 1e-3)),
    ("squares below the line", squared),
    ("sizes of one of the two only", soft(below=lambda both, p, t, smooth: t + smooth)),
    ("Dice instead of the loss", soft(finish=torch.mean)),
    ("minus Dice", lambda *given: class_by_class(*given) - 1),
    ("logarithm of Dice", soft(finish=lambda dice: -dice.mean().log())),
    ("summed, not averaged", soft(finish=lambda dice: torch.sum(1 - dice))),
    ("summed, not averaged", soft(finish=lambda dice: torch.mean(torch.sum(1 - dice, dim=1)))),
    ("not averaged at all", soft(finish=lambda dice: 1 - dice)),
    ("not averaged at all", soft(finish=lambda dice: 1 - dice.mean(dim=1))),
    ("cross-entropy instead", lambda logits, target, smooth: nn.CrossEntropyLoss()(logits, target)),
]

RIGHT = {
    "overlaps": [by_metrics, by_sklearn, pixel_by_pixel, in_torch, in_float32, by_sets, looped],
    "other_overlap": [by_counts, by_odds, number_by_number, in_tensors, formula()],
    "soft_dice": [class_by_class, by_einsum, in_single_precision, by_comparison, soft()],
}
WRONG = {"overlaps": OVERLAPS, "other_overlap": OTHER, "soft_dice": SOFT}

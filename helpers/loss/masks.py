"""Losses of masks, for torch: one number per batch, with a gradient for every logit."""
import torch
from torch.nn import functional as F


def soft_dice(logits, targets, smooth=1.0, per_scan=False):
    """1 minus the Dice of probabilities and masks, mean over the classes except the background.

    Per class 1 - (2 sum(p t) + smooth) / (sum(p) + sum(t) + smooth): p is the softmax of the logits, t is 1 in the
    mask of the class, else 0. Large and small organs count alike, however many pixels they have.

    logits : float tensor (N, C, H, W) or (N, C, D, H, W), channel 0 being the background.
    targets : whole numbers from 0 to C - 1, (N, H, W) or (N, D, H, W).
    smooth : added above and below, in pixels. An organ that neither is there nor is drawn then costs 0 instead of 0/0;
    one that is drawn by mistake costs almost nothing as long as it stays far smaller than `smooth`.
    per_scan : sum over the pixels of each scan, not over those of the whole batch.
    Returns a tensor with one number, from 0 to 1.
    Raises ValueError for shapes or classes that do not fit, and without a scan or a class beside the background.
    Source: Milletari, Navab and Ahmadi 2016, doi:10.1109/3DV.2016.79, there with squares below the line; this form:
    Drozdzal et al. 2016, arXiv:1608.04117.

    >>> round(soft_dice(torch.tensor([[[[-9.0, 9.0]], [[9.0, -9.0]]]]), torch.tensor([[[1, 0]]])).item(), 4)
    0.0
    """
    targets = _checked(logits, targets)
    probs = logits.softmax(dim=1)
    masks = F.one_hot(targets, logits.shape[1]).movedim(-1, 1).to(probs.dtype)        # (N, C, H, W)
    pixels = tuple(range(2, logits.ndim)) if per_scan else (0, *range(2, logits.ndim))
    common, sizes = (probs * masks).sum(pixels), (probs + masks).sum(pixels)          # (C,), or (N, C)
    return 1 - ((2 * common + smooth) / (sizes + smooth))[..., 1:].mean()


def cross_entropy_and_dice(logits, targets, smooth=1.0):
    """Cross-entropy, mean over all pixels, plus `soft_dice`: the loss of nnU-Net.

    logits, targets, smooth : as for `soft_dice`; raises ValueError as it does.
    Cross-entropy has a gradient for every wrong pixel, also where an organ is missed altogether; Dice keeps small
    organs from being outvoted.  Source: Isensee et al. 2021, doi:10.1038/s41592-020-01008-z.
    """
    return F.cross_entropy(logits, _checked(logits, targets)) + soft_dice(logits, targets, smooth)


def _checked(logits, targets):
    """Targets as torch's losses want them, int64."""
    if logits.ndim < 3 or targets.shape != (logits.shape[0], *logits.shape[2:]):
        raise ValueError(f"targets of shape {tuple(targets.shape)} do not fit logits of shape {tuple(logits.shape)}: "
                         "there is one logit per class, (N, C, H, W), and one class index per pixel, (N, H, W).")
    if not targets.numel() or logits.shape[1] < 2:
        raise ValueError(f"logits of shape {tuple(logits.shape)} hold no scan, or no class beside the background: at "
                         "least one of each is needed.")
    if targets.is_floating_point() or targets.dtype == torch.bool:
        raise ValueError(f"targets must be whole numbers, one class index per pixel, not {targets.dtype}: use "
                         "targets.long().")
    if not 0 <= targets.min() <= targets.max() < logits.shape[1]:
        raise ValueError(f"targets must be from 0 to {logits.shape[1] - 1}, the index of one of {logits.shape[1]} "
                         f"classes, not {targets.min()} to {targets.max()}.")
    return targets.long()

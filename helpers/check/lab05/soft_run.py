"""The soft Dice loss, the logits it is tried on, and how the check sees its gradient."""
import torch
from torch import nn

from ..comparison import kind_of, short
from ..exercise import Complaint


def soft_dice(logits, target, smooth):
    """1 minus the Dice of probabilities and masks: mean over scans, and over the classes but the background."""
    probs = logits.softmax(dim=1)                                               # (N, C, H, W)
    masks = nn.functional.one_hot(target, logits.shape[1]).permute(0, 3, 1, 2)  # the same shape, 0 or 1
    both = (probs * masks).sum(dim=(2, 3))                                      # (N, C)
    sizes = probs.sum(dim=(2, 3)) + masks.sum(dim=(2, 3))
    dice = (2 * both + smooth) / (sizes + smooth)
    return 1 - dice[:, 1:].mean()                                               # without class 0


def drawn(seed, *shape, sure=1.0, counts=None):
    """Logits that know the target in part, and the target; counts : pixels of each class but 0, scan by scan."""
    numbers = torch.Generator().manual_seed(seed)
    scans, classes, *sides = shape
    target = torch.zeros(scans, *sides, dtype=torch.int64)
    for scan in range(scans):
        free = torch.randperm(sides[0] * sides[1], generator=numbers).tolist()
        for number in range(1, classes):
            for _ in range(counts[scan][number - 1] if counts else 3):
                target[scan].view(-1)[free.pop()] = number
    noise = torch.randn(shape, generator=numbers, dtype=torch.float64)
    logits = noise + 2 * sure * nn.functional.one_hot(target, classes).movedim(-1, 1)
    return (10 * logits).round() / 10 + 0.0, target


CASES = (
    (torch.zeros(1, 2, 1, 2, dtype=torch.float64), torch.tensor([[[1, 0]]]), 1.0),
    (*drawn(1, 1, 2, 3, 3, counts=[[4]]), 1.0),
    (*drawn(2, 1, 3, 3, 4), 1.0),
    (*drawn(3, 2, 2, 3, 4, counts=[[8], [1]]), 1.0),
    (*drawn(4, 2, 3, 4, 4, counts=[[7, 1], [2, 5]]), 0.5),
    (*drawn(5, 3, 3, 3, 5, counts=[[6, 0], [0, 1], [0, 0]]), 1.0),  # organs that are not there
    (*drawn(6, 2, 4, 5, 3, sure=2.0, counts=[[3, 2, 1], [1, 5, 2]]), 2.0),
)
SINGLE = (0, 1, 2)  # one scan only, so that scan and batch are the same
NO_GRADIENT = "No gradient reaches the logits"


def look(answer, logits, target, smooth):
    """The loss of an answer and its gradient for every logit; None or ... where it returns nothing yet.

    Raises Complaint for anything else than one number, and where no gradient reaches the logits.
    """
    logits = logits.clone().requires_grad_()
    loss = answer(logits, target, smooth)
    if loss is None or loss is Ellipsis:
        return loss
    if not isinstance(loss, torch.Tensor) or not loss.is_floating_point():
        came = f"the number {short(loss)}" if isinstance(loss, float) else kind_of(loss)
        raise Complaint(f"{NO_GRADIENT}: return a torch tensor that was computed from them. What came is {came}.")
    if loss.numel() != 1 or loss.ndim:
        raise Complaint(f"A loss is one number. What came has shape {tuple(loss.shape)}.")
    gradient = torch.autograd.grad(loss, logits, allow_unused=True)[0] if loss.requires_grad else None
    if gradient is None:
        raise Complaint(f"{NO_GRADIENT}: nothing could be learned from this loss, {short(float(loss))}. A threshold, "
                        "`argmax`, `detach` or `.item()` on the way cuts it off.")
    return {"loss": loss, "gradient (by PyTorch)": gradient}

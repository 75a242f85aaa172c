"""Scores to choose from, and how the check looks at a choice: its values, and what they depend on."""
import numpy as np
import torch

from ..exercise import Complaint

FOUR = torch.tensor([[2.0, -1.0, 0.5, 3.0], [0.25, 4.0, -2.0, 1.0], [-3.0, -0.5, -1.5, -2.0], [1.0, 0.0, 6.0, 2.5]])
CASES = (
    (FOUR[:3], 1),
    (FOUR[:2], None),
    (FOUR, [3, 0, 2, 1]),
    (FOUR[:3], 0),
    (torch.tensor([[1.5], [-0.75]]), None),
    (torch.tensor([[-0.5], [2.0], [8.0]]), 0),
    (torch.tensor([[30.0, -20.0, 12.0], [-9.0, 40.0, 7.0]]), torch.tensor([0, 2])),
    (FOUR[2:3], np.array([1])),
    (torch.tensor([[-4.0, -7.0], [5.0, 1.0], [0.5, 2.0]]), [0, 0, 1]),
)
GIVEN, NONE = (0, 2, 3), (1, 4)  # a class for all, one for each, class 0; and no class


def look(answer, logits, target):
    """The scores that an answer chooses, (N,).

    Raises Complaint for numbers that no gradient leads back from.
    """
    chosen = answer(logits.clone().requires_grad_(), target)
    fits = isinstance(chosen, torch.Tensor | np.ndarray) and chosen.shape == (len(logits),)
    if fits and (isinstance(chosen, np.ndarray) or chosen.is_floating_point() and not chosen.requires_grad):
        raise Complaint("Your scores are cut off from the logits, and nothing can be differentiated.")
    return chosen.detach() if isinstance(chosen, torch.Tensor) else chosen

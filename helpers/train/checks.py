"""What goes into a training, as tensors, and refused with a sentence when it cannot be trained."""
import math
from numbers import Integral

import torch


def tensor(values, model):
    """A tensor on the CPU; floats and bools take the dtype of the weights, whole numbers stay."""
    values = torch.as_tensor(values).cpu()
    whole = not values.is_floating_point() and values.dtype != torch.bool
    return values if whole else values.to(next((weight.dtype for weight in model.parameters()), torch.float32))


def pair(name, inputs, targets, model):
    """Inputs and targets as tensors.  Raises ValueError unless each finite input has a finite target."""
    inputs, targets = tensor(inputs, model), tensor(targets, model)
    if len(inputs) != len(targets) or not len(inputs):
        raise ValueError(f"There are {len(inputs)} {name} inputs and {len(targets)} {name} targets: "
                         "give at least one input, and one target for each.")
    for what, values in (("inputs", inputs), ("targets", targets)):
        if not torch.isfinite(values).all():
            raise ValueError(f"The {name} {what} hold NaN or infinity: replace those values first.")
    return inputs, targets


def check_settings(epochs, learning_rate, batch_size, validation, score, patience):
    """Raises ValueError for settings of `fit` that cannot be meant."""
    counts = {"epochs": epochs, "batch_size": batch_size, "patience": 1 if patience is None else patience}
    for name, value in counts.items():
        if not isinstance(value, Integral) or value < 1:
            raise ValueError(f"{name} must be a whole number from 1 up, not {value!r}.")
    if not 0 < learning_rate < math.inf:
        raise ValueError(f"learning_rate must be above 0 and finite, not {learning_rate!r}.")
    if validation is None and (score, patience) != (None, None):
        raise ValueError("score and patience need something to judge: hand in validation=(inputs, targets).")
    if validation is not None and not (isinstance(validation, tuple | list) and len(validation) == 2):
        raise ValueError("validation must be two things, inputs and targets: validation=(inputs, targets).")


def trained(model):
    """The parameters that are to change.  Raises ValueError where there are none."""
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    if not weights:
        raise ValueError("Every weight is frozen, so there is nothing to train: set requires_grad of some to True.")
    return weights

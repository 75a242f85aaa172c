"""A neuron on patches of 3 by 3 pixels: what the checks of both detectors look at."""
import numpy as np

from ..comparison import as_array
from ..exercise import Complaint

FIRES, SILENT = "fires", "stays silent"
ROUNDING = 1e-9  # weights that cancel on paper may leave 1e-17


class Firing(str):
    """FIRES or SILENT, with the numbers behind it; a card shows the arithmetic."""

    def __new__(cls, patch, weights, bias):
        total = float((patch * weights).sum())
        said = super().__new__(cls, FIRES if total + bias > ROUNDING else SILENT)
        said.weights, said.total, said.bias = weights, total, float(bias)
        return said

    def __repr__(self):
        numbers = map(_in_digits, (self.total, self.bias, self.total + self.bias))
        return "weighted sum {}, bias {} → {}: {}".format(*numbers, self)


def _in_digits(number):
    if abs(number) <= ROUNDING:
        return "0"
    if not 0.01 <= abs(number) < 1e6:
        return f"{number:.2g}"
    return f"{number:.2f}" if abs(round(number, 2) - number) <= ROUNDING else f"{number:.3f}"


def response(detector, patch):
    """Whether the neuron with the detector's weights and bias fires on a patch of 3 by 3 pixels in [0, 1]."""
    answer = detector()
    if answer is None or answer is Ellipsis:
        return answer
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise Complaint("Return two things, the weights and the bias: `return weights, bias`.")
    weights, bias = map(as_array, answer)
    if weights is None or weights.shape != (3, 3):
        raise Complaint("The weights must be an array of numbers of shape (3, 3), one for each pixel of the patch.")
    if bias is None or bias.shape != ():
        raise Complaint("The bias must be one number.")
    return Firing(patch, weights, bias)


def even(brightness):
    """A patch without any structure."""
    return np.full((3, 3), brightness)


def spot(centre, around):
    """A patch, or weights, with one number in the centre and another around it."""
    patch = even(around)
    patch[1, 1] = centre
    return patch


def cases(patches):
    """The named patches as the cases of an exercise."""
    return tuple((patch,) for patch in patches.values())


def behaviour(patches, fires=(), silent=(), weights=None):
    """Sign: the neuron fires on all the first patches and on none of the second, by their names.

    weights : optional function of the nine weights that must hold as well.
    """
    wanted = {**dict.fromkeys(fires, FIRES), **dict.fromkeys(silent, SILENT)}

    def shows(results):
        said = dict(zip(patches, (result.value for result in results), strict=True))
        if not all(isinstance(one, Firing) for one in said.values()):
            return False
        fits = weights is None or weights(next(iter(said.values())).weights)
        return bool(fits) and all(said[name] == value for name, value in wanted.items())

    return shows


def surround(weights):
    """The eight weights around the centre."""
    return np.delete(np.ravel(weights), 4)


def is_centre_alone(weights):
    """Whether the centre has the only weight, and a positive one."""
    return weights[1, 1] > 0 and not surround(weights).any()

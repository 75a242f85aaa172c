"""Weights and a bias that make a neuron fire on one kind of patch."""
import numpy as np

from ..comparison import as_array
from ..exercise import Complaint, Exercise, Misconception

FIRES, SILENT = "fires", "stays silent"
ROUNDING = 1e-9  # weights that cancel on paper may leave 1e-17


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
    return FIRES if (patch * weights).sum() + bias > ROUNDING else SILENT


def _even(brightness):
    return np.full((3, 3), brightness)


def _spot(centre, around):
    patch = _even(around)
    patch[1, 1] = centre
    return patch


def _behaviour(patches, fires=(), silent=()):
    """Sign: the neuron fires on all the first patches and on none of the second, by their names."""
    names = list(patches)
    wanted = {**dict.fromkeys(fires, FIRES), **dict.fromkeys(silent, SILENT)}
    return lambda results: all(results[names.index(name)].value == value for name, value in wanted.items())


def _cases(patches):
    return tuple((patch,) for patch in patches.values())


def brightness_detector():
    """Fires where the mean brightness of the patch is above one half."""
    weights = np.full((3, 3), 1 / 9)
    bias = -0.5
    return weights, bias


EVEN_PATCHES = {
    "bright": _even(0.9),
    "dark": _even(0.1),
    # mean 0.56 with a dark centre, mean 0.44 with a bright one: they tell the mean from the centre
    "five of nine": np.array([[0.0, 1.0, 1.0], [0.0, 0.0, 1.0], [0.0, 1.0, 1.0]]),
    "four of nine": np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 1.0, 0.0]]),
    "just above": _even(0.55),
    "just below": _even(0.45),
    "nearly black": _even(0.03),
    "black": _even(0.0),
    "white": _even(1.0),
}

BRIGHTNESS_DETECTOR = Exercise(
    title="Exercise 7",
    points=1,
    reference=brightness_detector,
    observe=response,
    cases=_cases(EVEN_PATCHES),
    hints=(
        "Which nine equal weights turn the weighted sum into the mean?",
        "With weights of 1/9 the sum is the mean, and it is above 0.5 where mean - 0.5 is above 0.",
        "So the bias is -0.5: `return np.full((3, 3), 1 / 9), -0.5`.",
    ),
    misconceptions=(
        Misconception(
            "darkness detector",
            "Your neuron fires on a black patch and is silent on a white one. Turn all signs round.",
            lambda: (np.full((3, 3), -1 / 9), 0.5),
            sign=_behaviour(EVEN_PATCHES, fires=["black"], silent=["white"])),
        Misconception(
            "bias with the wrong sign",
            "Your bias pushes the neuron to fire, even on a black patch. A threshold is a negative bias.",
            lambda: (np.full((3, 3), 1 / 9), 0.5),
            sign=_behaviour(EVEN_PATCHES, fires=["black"])),
        Misconception(
            "only the centre counts",
            "You look at the centre pixel alone. The mean needs the same weight on all nine.",
            lambda: (_spot(1.0, 0.0), -0.5),
            sign=_behaviour(EVEN_PATCHES, fires=["four of nine", "bright"], silent=["five of nine", "dark"])),
        Misconception(
            "no threshold",
            "Your neuron fires on everything that is not black. The bias is the threshold with a minus sign: -0.5.",
            lambda: (np.full((3, 3), 1 / 9), 0.0),
            sign=_behaviour(EVEN_PATCHES, fires=["nearly black", "bright"], silent=["black"])),
        Misconception(
            "sum instead of mean",
            "With weights of 1 the sum runs from 0 to 9, and even a dark patch passes 0.5. Use weights of 1/9, or "
            "make the bias nine times as large.",
            lambda: (np.ones((3, 3)), -0.5),
            sign=_behaviour(EVEN_PATCHES, fires=["dark", "bright"], silent=["nearly black"])),
        Misconception(
            "never fires",
            "Your neuron is silent even on a white patch: the bias takes away more than nine pixels can bring.",
            lambda: (np.full((3, 3), 1 / 9), -4.5),
            sign=_behaviour(EVEN_PATCHES, silent=EVEN_PATCHES)),
    ),
)


def spot_detector():
    """Fires on a bright centre in a darker surround, and on no even patch."""
    weights = np.full((3, 3), -1 / 8)
    weights[1, 1] = 1.0
    bias = -0.3
    return weights, bias


SPOT_PATCHES = {
    "spot": _spot(0.9, 0.1),
    "even bright": _even(0.9),
    "dark spot": _spot(0.1, 0.9),
    "dim in bright": _spot(0.75, 1.0),
    "noise": _spot(0.54, 0.46),
    "weak spot": _spot(0.6, 0.0),
    "spot on grey": _spot(1.0, 0.4),
    "even dark": _even(0.1),
    "black": _even(0.0),
    "edge": np.array([[0.0, 0.0, 1.0]] * 3),
    "white": _even(1.0),
}

SPOT_DETECTOR = Exercise(
    title="Exercise 8",
    points=2,
    reference=spot_detector,
    observe=response,
    cases=_cases(SPOT_PATCHES),
    hints=(
        "On an even patch, however bright, the products must cancel: what must the nine weights add up to?",
        "A positive weight in the centre, negative weights around it, sum 0. For example 1 and eight times -1/8.",
        "A small negative bias, such as -0.3, keeps it silent where centre and surround differ only by noise.",
    ),
    misconceptions=(
        Misconception(
            "dark spot detector",
            "Your signs are turned round: it fires on a dark centre in a bright surround.",
            lambda: (_spot(-1.0, 1 / 8), -0.3),
            sign=_behaviour(SPOT_PATCHES, fires=["dark spot"], silent=["spot", "even bright", "black"])),
        Misconception(
            "bias pushes to fire",
            "Your neuron fires on a patch that is completely black, so its bias is positive. Make it negative.",
            lambda: (_spot(1.0, -1 / 8), 0.3),
            sign=_behaviour(SPOT_PATCHES, fires=["black"])),
        Misconception(
            "brightness, not a spot",
            "Your neuron measures brightness: it fires on an even bright patch, and a dark centre does not stop it. "
            "The surround needs negative weights.",
            lambda: (np.full((3, 3), 1 / 9), -0.5),
            sign=_behaviour(SPOT_PATCHES, fires=["even bright", "dark spot"])),
        Misconception(
            "surround ignored",
            "Your neuron looks at the centre and hardly at the rest: it fires although the surround is brighter. Let "
            "the surround count against the centre.",
            lambda: (_spot(1.0, 0.0), -0.5),
            sign=_behaviour(SPOT_PATCHES, fires=["even bright", "dim in bright"], silent=["dark spot"])),
        Misconception(
            "weights do not cancel",
            "Your weights add up to more than 0, so an even bright patch still fires. Make the surround weigh as much "
            "as the centre.",
            lambda: (_spot(1.0, -1 / 16), -0.3),
            sign=_behaviour(SPOT_PATCHES, fires=["even bright", "spot"], silent=["dark spot", "dim in bright"])),
        Misconception(
            "fires on noise",
            "Without a clearly negative bias your neuron fires as soon as the centre is a shade brighter, and that is "
            "noise. Ask for more.",
            lambda: (_spot(1.0, -1 / 8), 0.0),
            sign=_behaviour(SPOT_PATCHES, fires=["noise", "spot"], silent=["even bright", "dark spot"])),
        Misconception(
            "never fires",
            "Your neuron is silent even on a bright spot: the bias takes away more than the centre brings.",
            lambda: (_spot(1.0, -1 / 8), -1.0),
            sign=_behaviour(SPOT_PATCHES, silent=SPOT_PATCHES)),
    ),
)

"""Weights and a bias that make a neuron fire on a bright spot."""
import numpy as np

from ..exercise import Exercise, Misconception
from .firing import ROUNDING, behaviour, cases, even, is_centre_alone, response, spot


def spot_detector():
    """Fires on a bright centre in a darker surround, on no even patch and on no edge."""
    weights = np.full((3, 3), -1 / 8)
    weights[1, 1] = 1.0
    bias = -0.3
    return weights, bias


SPOT_PATCHES = {
    "spot": spot(0.9, 0.1),
    "even bright": even(0.9),
    "dark spot": spot(0.1, 0.9),
    "dim in bright": spot(0.75, 1.0),
    "noise": spot(0.54, 0.46),
    "weak spot": spot(0.6, 0.0),
    "spot on grey": spot(1.0, 0.4),
    "even dark": even(0.1),
    "black": even(0.0),
    "edge": np.array([[0.0, 0.0, 1.0]] * 3),
    **{f"edge {turn}": np.rot90(np.array([[0.2, 0.8, 0.8]] * 3), turn) for turn in range(4)},
    "white": even(1.0),
}


def _is_outweighed(weights):
    return weights[1, 1] > 0 and (weights * SPOT_PATCHES["spot on grey"]).sum() < 0


def _corner_detector():
    weights = spot(1.0, 0.0)
    weights[0, 0] = -1.0
    return weights, -0.3


def _on_edges(results):
    """Sign: the neuron tells a spot from even patches and noise, and fires on an edge."""
    edges = [name for name in SPOT_PATCHES if name.startswith("edge")]
    silent = ["even bright", "noise", "dark spot", "black"]
    return any(behaviour(SPOT_PATCHES, fires=["spot", edge], silent=silent)(results) for edge in edges)


def _does_not_cancel(results):
    """Sign: an even bright patch is enough, or an edge where weights on all sides add up to more than 0."""
    if behaviour(SPOT_PATCHES, fires=["white"], silent=["dark spot", "black"])(results):
        return True
    return _on_edges(results) and not _is_one_sided(results) and results[0].value.weights.sum() > ROUNDING


def _is_one_sided(results):
    """Whether a whole side of the surround has no say against the centre."""
    weights = results[0].value.weights
    sides = [np.rot90(weights, turn)[0] for turn in range(4)]
    return any(side.sum() >= 0 for side in sides)


SPOT_DETECTOR = Exercise(
    title="Exercise 8",
    points=2,
    reference=spot_detector,
    observe=response,
    cases=cases(SPOT_PATCHES),
    hints=(
        "On an even patch, however bright, the products must cancel: what must the nine weights add up to?",
        "A positive weight in the centre, negative weights around it, sum 0. For example 1 and eight times -1/8.",
        "A negative bias keeps it silent on noise and edges. With 1 and -1/8, -0.3 will do; with 8 and -1 it is -2.4.",
    ),
    misconceptions=(
        Misconception(
            "dark spot detector",
            "Your signs are turned round: it fires on a dark centre in a bright surround.",
            lambda: (spot(-1.0, 1 / 8), -0.3),
            sign=behaviour(SPOT_PATCHES, fires=["dark spot"], silent=["spot", "even bright", "black"])),
        Misconception(
            "bias pushes to fire",
            "Your neuron fires on a patch that is completely black, so its bias is positive. Make it negative.",
            lambda: (spot(1.0, -1 / 8), 0.3),
            sign=behaviour(SPOT_PATCHES, fires=["black"])),
        Misconception(
            "brightness, not a spot",
            "Your neuron measures brightness: it fires on an even bright patch, and a dark centre does not stop it. "
            "The surround needs negative weights.",
            lambda: (np.full((3, 3), 1 / 9), -0.5),
            sign=behaviour(SPOT_PATCHES, fires=["even bright", "dark spot"])),
        Misconception(
            "surround ignored",
            "Only the centre has a weight, so your neuron cannot tell a dark surround from one that is just as bright. "
            "Let the surround count against the centre.",
            lambda: (spot(1.0, 0.0), -0.5),
            sign=behaviour(SPOT_PATCHES, weights=is_centre_alone)),
        Misconception(
            "weights do not cancel",
            "Your weights add up to more than 0, so brightness alone moves your neuron, on an even bright patch or "
            "beside an edge. Make the surround weigh as much as the centre.",
            lambda: (spot(1.0, -1 / 16), -0.3),
            sign=_does_not_cancel),
        Misconception(
            "surround outweighs the centre",
            "Your weights add up to less than 0, so any brightness around the spot silences the neuron. The eight "
            "weights around must weigh as much as the centre: 1 and -1/8, or 8 and -1.",
            lambda: (spot(1.0, -1.0), 0.0),
            sign=behaviour(SPOT_PATCHES, silent=["spot on grey", "black"], weights=_is_outweighed)),
        Misconception(
            "fires on noise",
            "Your bias is too small beside your weights: the neuron fires as soon as the centre is a shade brighter, "
            "and that is noise. With 1 and -1/8, -0.3 will do; if your weights are 8 times as large, so is the "
            "bias: -2.4.",
            lambda: (spot(1.0, -1 / 8), 0.0),
            sign=behaviour(SPOT_PATCHES, fires=["noise", "spot"], silent=["even bright", "dark spot"])),
        Misconception(
            "fires on an edge: surround counts in part",
            "Beside an edge one side is dark, and that is enough for your neuron. A spot is dark all around: give "
            "negative weights to pixels on every side.",
            _corner_detector,
            sign=lambda results: _on_edges(results) and _is_one_sided(results)),
        Misconception(
            "fires on an edge: bias too small",
            "Beside an edge part of the surround is dark, and that is enough for your neuron. With 1 and -1/8 this "
            "edge brings 0.225 and the weakest spot 0.6: the bias belongs between, -0.3 for example.",
            lambda: (spot(1.0, -1 / 8), -0.2),
            sign=_on_edges),
        Misconception(
            "never fires",
            "Your neuron is silent even on a bright spot: weighted sum and bias together stay at or below 0.",
            lambda: (spot(1.0, -1 / 8), -1.0),
            sign=behaviour(SPOT_PATCHES, silent=SPOT_PATCHES)),
    ),
)

"""Weights and a bias that make a neuron fire on a bright patch."""
import numpy as np

from ..exercise import Exercise, Misconception
from .firing import behaviour, cases, even, is_centre_alone, response, spot


def brightness_detector():
    """Fires where the mean brightness of the patch is above one half."""
    weights = np.full((3, 3), 1 / 9)
    bias = -0.5
    return weights, bias


EVEN_PATCHES = {
    "bright": even(0.9),
    "dark": even(0.1),
    # mean 0.56 with a dark centre, mean 0.44 with a bright one: they tell the mean from the centre
    "five of nine": np.array([[0.0, 1.0, 1.0], [0.0, 0.0, 1.0], [0.0, 1.0, 1.0]]),
    "four of nine": np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 1.0, 0.0]]),
    "just above": even(0.51),
    "just below": even(0.49),
    "nearly black": even(0.03),
    "black": even(0.0),
    "white": even(1.0),
}

BRIGHTNESS_DETECTOR = Exercise(
    title="Exercise 7",
    points=1,
    reference=brightness_detector,
    observe=response,
    cases=cases(EVEN_PATCHES),
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
            sign=behaviour(EVEN_PATCHES, fires=["black"], silent=["white"])),
        Misconception(
            "bias with the wrong sign",
            "Your bias pushes the neuron to fire, even on a black patch. A threshold is a negative bias.",
            lambda: (np.full((3, 3), 1 / 9), 0.5),
            sign=behaviour(EVEN_PATCHES, fires=["black"])),
        Misconception(
            "only the centre counts",
            "You look at the centre pixel alone. The mean needs the same weight on all nine.",
            lambda: (spot(1.0, 0.0), -0.5),
            sign=behaviour(EVEN_PATCHES, weights=is_centre_alone)),
        Misconception(
            "no threshold",
            "Your neuron fires on everything that is not black. With weights of 1/9 the bias is the threshold with a "
            "minus sign, -0.5; with weights twice as large, it is twice that.",
            lambda: (np.full((3, 3), 1 / 9), 0.0),
            sign=behaviour(EVEN_PATCHES, fires=["nearly black", "bright"], silent=["black"])),
        Misconception(
            "sum instead of mean",
            "With weights of 1 the sum runs from 0 to 9, and even a dark patch passes 0.5. Use weights of 1/9, or "
            "make the bias nine times as large.",
            lambda: (np.ones((3, 3)), -0.5),
            sign=behaviour(EVEN_PATCHES, fires=["dark", "bright"], silent=["black"],
                           weights=lambda weights: np.allclose(weights, 1))),
        Misconception(
            "never fires",
            "Your neuron is silent even on a white patch: weighted sum and bias together stay at or below 0.",
            lambda: (np.full((3, 3), 1 / 9), -4.5),
            sign=behaviour(EVEN_PATCHES, silent=EVEN_PATCHES)),
        Misconception(
            "threshold beside one half",
            "Your neuron measures the mean, and its threshold is not 0.5. On an even patch of brightness 0.5 the "
            "weighted sum and the bias must add up to 0.",
            lambda: (np.full((3, 3), 1 / 9), -0.45),
            sign=behaviour(EVEN_PATCHES, fires=["white"], silent=["black"],
                           weights=lambda weights: np.allclose(weights, weights[0, 0]))),
    ),
)

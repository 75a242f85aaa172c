"""Who fails, what is most unusual about them, and the wards on which that is tried."""
import numpy as np

from ..comparison import kind_of
from ..exercise import Complaint


def failures(patients, dice, traits, usual, limit):
    """For every patient with a mean Dice below limit: the trait that lies furthest from the training patients."""
    found = {}
    for place, name in enumerate(patients):
        if np.nanmean(dice[place]) < limit:
            away = {trait: abs(values[place] - usual[trait].mean()) / usual[trait].std()
                    for trait, values in traits.items()}
            found[int(name)] = max(away, key=away.get)
    return found


USUAL = {"noise": (9.0, 1.5), "blood": (110.0, 70.0), "width": (320.0, 16.0), "liver side": (-58.0, 6.0)}


def _ward(seed, names, odd, low, holes=(), lost=(), moved=None):
    """Simulated patients: their numbers, Dice by organ, traits, and the traits of ten training patients.

    odd : {place: {trait: standard deviations}}.  low : {place: mean Dice}.  holes, lost : (place, organ) without a
    Dice, or with a poor one.  moved : {trait: standard deviations} by which all patients differ from the training.
    """
    numbers = np.random.default_rng(seed)
    usual = {trait: (middle + spread * _spread(numbers)).round(1) for trait, (middle, spread) in USUAL.items()}
    traits = {}
    for trait, values in usual.items():
        away = numbers.uniform(-0.8, 0.8, len(names)) + (moved or {}).get(trait, 0)
        for place, sizes in odd.items():
            away[place] = sizes.get(trait, away[place])
        traits[trait] = (values.mean() + values.std() * away).round(1)
    means = [low.get(place, 0.87) for place in range(len(names))]
    dice = np.add.outer(means, [0.08, 0.02, -0.06, -0.04])
    for places, value in ((holes, np.nan), (lost, 0.2)):
        for place, organ in places:
            dice[place, organ] = value
    return np.array(names), dice.round(2), traits, usual


def _spread(numbers):
    """Ten numbers with mean 0 and standard deviation 1."""
    values = numbers.uniform(-1, 1, 10)
    return (values - values.mean()) / values.std()


CASES = (
    (*_ward(1, (12, 15, 18, 21), {2: {"noise": 9, "blood": 1.2, "width": 0.9, "liver side": -1.1}}, {2: 0.66}), 0.8),
    (*_ward(2, (40, 44, 47, 49, 52), {1: {"liver side": 1.5, "blood": -1.2, "width": -6, "noise": 2}}, {1: 0.58}), 0.8),
    (*_ward(3, (7, 9, 3, 5), {3: {"blood": 4.5, "width": -2.2, "noise": 2.5, "liver side": 0.5},
                              0: {"noise": -0.5, "liver side": 8, "blood": -1.5, "width": 2.6}},
            {3: 0.7, 0: 0.5}), 0.75),
    (*_ward(4, (61, 62, 63, 64), {0: {"noise": 11}}, {}), 0.8),  # unusual, and drawn well
    (*_ward(5, (33, 31, 38, 36, 30), {2: {"noise": 3, "liver side": -9, "blood": 1.3, "width": 1.9}, 4: {"width": 7}},
            {2: 0.62}, holes=((2, 1), (4, 0), (0, 2))), 0.8),
    (*_ward(6, (88, 81, 85, 83), {1: {"noise": 7.5, "width": -2.5, "blood": -0.8, "liver side": 1.4}},
            {1: 0.6}, moved={"noise": 7}), 0.7),
    (*_ward(7, (5, 6, 7, 8, 9, 10), {place: {"blood": 3.5 + place, "noise": 1.2, "width": -1.5, "liver side": 1.8}
                                     for place in (1, 4)} | {5: {"noise": 10, "blood": 0.3, "width": 0.5,
                                                                  "liver side": -0.2}},
            {1: 0.71, 4: 0.64, 5: 0.79}), 0.8),
    (*_ward(8, (28, 27, 26), {0: {"width": -3.6, "blood": 1.6, "noise": 3.2, "liver side": -0.7}}, {0: 0.83}), 0.85),
    (*_ward(9, (101, 102, 104), {2: {"liver side": 5, "noise": -1.2, "width": 0.4, "blood": 0.8}}, {}, lost=((2, 3),)),
     0.8),
)
COUNT = "patients named (counted by the check)"


def look(answer, patients, dice, traits, usual, limit):
    """What an answer says about each patient, and how many it names; None or ... for nothing yet.

    Raises Complaint for anything else than a dictionary of patients.
    """
    found = answer(patients, dice, traits, usual, limit)
    if found is None or found is Ellipsis:
        return found
    if not isinstance(found, dict):
        raise Complaint("Return a dictionary, from the number of a patient to the name of a trait. What came is "
                        f"{kind_of(found)}.")
    return {name: str(trait) if isinstance(trait, np.str_) else trait for name, trait in found.items()} | {
        COUNT: len(found)}

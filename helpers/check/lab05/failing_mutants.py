"""What is said about failing patients by those who look at it wrongly."""
import numpy as np

from .failing_run import failures


def _means(dice):
    return np.nanmean(dice, axis=1)


def _deviation(value, usual):
    return abs(value - usual.mean()) / usual.std()


def judged(means=_means, fails=lambda mean, limit: mean < limit, away=_deviation, pick=max, key=int):
    """failures in parts that can be replaced.

    means : Dice (P, organs) to one number for each patient.  away : how unusual a value is.  pick : max or min of it.
    """
    def mutant(patients, dice, traits, usual, limit):
        found = {}
        with np.errstate(all="ignore"):
            for place in np.flatnonzero([bool(fails(mean, limit)) for mean in means(dice)]):
                sizes = {trait: away(values[place], usual[trait]) for trait, values in traits.items()}
                found[key(patients[place])] = pick(sizes, key=sizes.get)
        return found

    return mutant


def among_themselves(spread_of_training=False):
    """Compared with the patients of the ward."""
    def mutant(patients, dice, traits, usual, limit):
        if not spread_of_training:
            return failures(patients, dice, traits, traits, limit)
        moved = {trait: values + traits[trait].mean() - values.mean() for trait, values in usual.items()}
        return failures(patients, dice, traits, moved, limit)

    return mutant


def spread_of_the_ward(patients, dice, traits, usual, limit):
    """Distance from the training patients in standard deviations of the ward."""
    scaled = {trait: usual[trait].mean() + (values - values.mean()) for trait, values in traits.items()}
    return failures(patients, dice, traits, scaled, limit)


def only(choose):
    """Only one of those who fail: choose(places, means)."""
    def mutant(patients, dice, traits, usual, limit):
        found, means = failures(patients, dice, traits, usual, limit), np.nanmean(dice, axis=1)
        places = [place for place, name in enumerate(patients) if int(name) in found]
        return {int(patients[place]): found[int(patients[place])] for place in places and [choose(places, means)]}

    return mutant


def worst_whatever(patients, dice, traits, usual, limit):
    """The worst patient, even if nobody fails."""
    place = int(np.nanargmin(np.nanmean(dice, axis=1)))
    return judged(fails=lambda mean, limit: True)(patients[[place]], dice[[place]], {
        trait: values[[place]] for trait, values in traits.items()}, usual, limit)


def of_first(patients, dice, traits, usual, limit):
    """The same reason for everybody who fails: that of the first."""
    found = failures(patients, dice, traits, usual, limit)
    return dict.fromkeys(found, next(iter(found.values()), None))


def of_last(patients, dice, traits, usual, limit):
    found = failures(patients, dice, traits, usual, limit)
    return dict.fromkeys(found, [*found.values(), None][-2 if len(found) else 0])


def far_enough(limits):
    """The first trait that lies further than so many standard deviations away."""
    def mutant(patients, dice, traits, usual, limit):
        found = {}
        for name in failures(patients, dice, traits, usual, limit):
            place = patients.tolist().index(name)
            far = [trait for trait, values in traits.items() if _deviation(values[place], usual[trait]) > limits]
            found[name] = far[0] if far else None
        return found

    return mutant


def several(limits):
    """All traits that lie further than so many standard deviations away."""
    def mutant(patients, dice, traits, usual, limit):
        return {name: [trait for trait, values in traits.items()
                       if _deviation(values[patients.tolist().index(name)], usual[trait]) > limits]
                for name in failures(patients, dice, traits, usual, limit)}

    return mutant


def by_place(patients, *given):
    return failures(np.arange(len(patients)), *given)


def as_text(patients, *given):
    """Numbers of patients as texts."""
    return {str(name): trait for name, trait in failures(patients, *given).items()}


def turned(patients, *given):
    """Traits as keys."""
    return {trait: name for name, trait in failures(patients, *given).items()}


def listed(*given):
    return [*failures(*given).items()]

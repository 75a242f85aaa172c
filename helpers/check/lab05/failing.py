"""Which patients a network fails on, and what is unusual about them: what goes wrong, by name."""
import numpy as np

from ..exercise import Complaint, Exercise, Misconception
from ..signs import any_of, behaves_like, mistakes, raises
from . import failing_mutants as done
from .failing_mutants import judged
from .failing_run import CASES, COUNT, failures, look

named = mistakes(CASES, look=look)


def _values(kind):
    """Sign: a dictionary of the right patients, with values of this kind."""
    def shows(results):
        found = [result.value for result in results]
        pairs = [pair for one in found if isinstance(one, dict) for pair in one.items() if pair[0] != COUNT]
        right = all(isinstance(one, dict) and one.keys() == look(failures, *case).keys()
                    for one, case in zip(found, CASES, strict=True))
        return right and bool(pairs) and all(isinstance(value, kind) for _, value in pairs)

    return shows


WHO = (
    named(
        "an organ without Dice ends the mean",
        "A patient without one organ has NaN there, and your mean becomes NaN, which is below no limit: the patient is "
        "overlooked. Leave NaN out: `np.nanmean`.",
        judged(means=lambda dice: dice.mean(axis=1))),
    named(
        "an organ without Dice counted as 0",
        "You count an organ that a patient does not have as a Dice of 0, so patients fail who were drawn well. Leave "
        "NaN out: `np.nanmean`.",
        judged(means=lambda dice: np.nan_to_num(dice).mean(axis=1)), judged(means=lambda dice: np.nansum(
            dice, axis=1) / dice.shape[1])),
    named(
        "worst organ instead of the mean",
        "You look at the worst organ of each patient. Asked is the mean over the organs.",
        judged(means=lambda dice: np.nanmin(dice, axis=1))),
    named(
        "median of the organs",
        "You take the median of the organs. Asked is their mean.",
        judged(means=lambda dice: np.nanmedian(dice, axis=1)), judged(means=lambda dice: np.nanmax(dice, axis=1))),
    named(
        "mean along the wrong axis",
        "You average over patients and get one number for each organ. The first axis of `dice` counts patients, the "
        "second organs: `axis=1`.",
        judged(means=lambda dice: np.nanmean(dice, axis=0))),
    named(
        "those who do well",
        "You name the patients above the limit. Asked are those below it.",
        judged(fails=lambda mean, limit: mean > limit), judged(fails=lambda mean, limit: mean >= limit)),
    named(
        "everybody",
        "You name every patient. Asked are those with a mean Dice below `limit`.",
        judged(fails=lambda mean, limit: True)),
    named(
        "only one patient",
        "You name one patient although two fail. Does `return` stand inside the loop? Collect them, and return after "
        "it.",
        done.only(lambda places, means: places[0]),
        done.only(lambda places, means: min(places, key=lambda place: means[place])),
        done.only(lambda places, means: places[-1])),
    named(
        "the worst, whether it fails or not",
        "You always name the patient with the lowest Dice. Where everybody is above `limit` nobody fails: an empty "
        "dictionary.",
        done.worst_whatever),
    named(
        "limit ignored",
        "You use a limit of your own. Take the argument `limit`.",
        *(judged(fails=lambda mean, limit, least=least: mean < least) for least in (0.8, 0.7, 0.75, 0.85, 0.5))),
    Misconception(
        "place instead of the patient's number",
        "Your keys are places in the list. Return the numbers of the patients, `patients[place]`, so that somebody can "
        "find them.",
        done.by_place,
        sign=behaves_like(CASES, done.by_place, lambda patients, *given: failures(1 + np.arange(len(patients)), *given),
                          look=look)),
    named(
        "numbers turned into text",
        "Your keys are texts. The patients have numbers: take them as they are, `patients[place]`.",
        done.as_text),
)
WHY = (
    named(
        "raw differences compared",
        "You compare 70 HU of blood with 2 HU of noise, so the trait with the largest numbers wins. Divide each "
        "difference by the standard deviation of the training patients first.",
        judged(away=lambda value, usual: abs(value - usual.mean()))),
    named(
        "shares of the mean compared",
        "You divide by the mean. What counts is how far patients usually lie apart: divide by the standard deviation "
        "of the training patients.",
        judged(away=lambda value, usual: abs(value - usual.mean()) / abs(usual.mean())), judged(
            away=lambda value, usual: abs(value / usual.mean()))),
    named(
        "divided by the variance",
        "You divide by the variance, which has squared units. Divide by the standard deviation: `std()`.",
        judged(away=lambda value, usual: abs(value - usual.mean()) / usual.var())),
    named(
        "not measured from the mean",
        "You divide the value itself by the standard deviation. Take the mean of the training patients off first.",
        judged(away=lambda value, usual: abs(value) / usual.std()), judged(
            away=lambda value, usual: value / usual.std())),
    named(
        "only what is larger than usual",
        "You drop the sign too late or not at all: a chest that is much too narrow is as unusual as one too wide. Take "
        "`abs` of the difference.",
        judged(away=lambda value, usual: (value - usual.mean()) / usual.std())),
    named(
        "only what is smaller than usual",
        "You take the difference the other way round and without `abs`. Too large is as unusual as too small.",
        judged(away=lambda value, usual: (usual.mean() - value) / usual.std())),
    named(
        "compared with the ward itself",
        "You compare a patient with the other patients of the list. If all of them come from another scanner nobody "
        "stands out: compare with those whom the network learned from, `usual`.",
        done.among_themselves(), done.among_themselves(spread_of_training=True)),
    named(
        "spread of the ward",
        "You divide by the standard deviation of the patients in the list. The one who fails is among them, and makes "
        "it large: take that of `usual`.",
        done.spread_of_the_ward),
    named(
        "least unusual trait",
        "You name the trait that is nearest to the training patients. Take the largest deviation.",
        judged(pick=min)),
    named(
        "first trait that is far enough",
        "You name the first trait beyond some number of standard deviations. Another may lie further away: take the "
        "largest.",
        done.far_enough(2), done.far_enough(3), done.far_enough(1)),
    named(
        "same reason for everybody",
        "You give every patient the same reason. Each one has traits of their own.",
        done.of_first, done.of_last),
)
RETURNED = (
    Misconception(
        "several reasons for one patient",
        "You return a list of traits. Asked is the one that is furthest away.",
        done.several(1),
        sign=_values(list | tuple | set)),
    Misconception(
        "a number instead of the name",
        "You return a number for each patient, a deviation or a place. Return the name of the trait.",
        lambda *given: dict.fromkeys(failures(*given), 1.0),
        sign=_values(int | float | np.number)),
    Misconception(
        "traits as keys",
        "Your keys are traits. The patient is the key, the trait the value: `found[patient] = trait`.",
        done.turned,
        sign=behaves_like(CASES, done.turned, look=look)),
    Misconception(
        "a list instead of a dictionary",
        "You return a list. Return a dictionary: begin with `found = {}` and set `found[patient] = trait`.",
        done.listed,
        sign=any_of(*(raises(Complaint, f"What came is a {kind}") for kind in ("list", "tuple")))),
)

FAILURES = Exercise(
    title="Exercise 10",
    points=2,
    reference=failures,
    observe=look,
    cases=CASES,
    hints=(
        "`np.nanmean(dice, axis=1)` is one mean for each patient. Go through the places at which it is below `limit`.",
        ("How unusual is one value? `abs(traits[trait][place] - usual[trait].mean()) / usual[trait].std()`: so many "
         "standard deviations away."),
        ("`away = {trait: … for trait in traits}` for one patient; `max(away, key=away.get)` is the key with the "
         "largest value."),
    ),
    misconceptions=(*WHO, *WHY, *RETURNED),
)

"""An AUC with its interval, drawn by patient: slices of one patient are no new evidence."""
import numpy as np

from ..exercise import Exercise, Misconception
from ..lab03.signs import any_of
from . import intervals_draws as draws
from .intervals_draws import CASES, drawing, like, report, right_rows, summed
from .pairs import auc


def _named(name, message, *mutants):
    """A Misconception made in any of these ways."""
    return Misconception(name, message, mutants[0], sign=like(*mutants))


REPORT = Exercise(
    title="Exercise 13",
    points=3,
    reference=report,
    cases=CASES,
    hints=(
        ("Before the loop: `generator = np.random.default_rng(seed)` and `names = np.unique(patients)`. In the loop: "
         "`drawn = generator.choice(names, len(names))`."),
        ("All slices of the drawn patients, of one drawn twice twice: "
         "`rows = np.concatenate([np.flatnonzero(patients == name) for name in drawn])`."),
        "Collect `my_auc(target[rows], scores[rows])` in a list; it is nan where a draw holds one class only.",
        "`low, high = np.nanpercentile(values, [2.5, 97.5])`. First of the three is the AUC of all slices as they are.",
    ),
    misconceptions=(
        _named(
            "drawn twice, counted once",
            "`np.isin` asks whether a patient was drawn, not how often: whoever was drawn twice counts once. Collect "
            "the rows of each drawn name, one after the other.",
            drawing(draws.once)),
        _named(
            "drawn without replacement",
            "Every draw holds every patient once, so your interval has no width. Draw with replacement: some come "
            "twice, some not at all.",
            drawing(draws.without_replacement),
            drawing(lambda generator, patients: generator.permutation(len(patients))),
            lambda target, scores, patients, repeats, seed: (auc(target, scores),) * 3),
        _named(
            "same draw every time",
            "Every repeat draws the same patients: the generator is made anew inside the loop. Make it once, before "
            "the loop.",
            draws.one_draw_for_all),
        _named(
            "too many patients drawn",
            "You draw as many patients as there are slices. A larger study would be surer than yours is: draw as many "
            "as there are patients.",
            drawing(draws.too_many)),
        _named(
            "patients drawn by their slices",
            "You draw from `patients`, where a patient with many slices stands many times. Draw from the names, "
            "`np.unique(patients)`.",
            drawing(draws.by_slices)),
        _named(
            "one slice of each patient",
            "You take one slice of each drawn patient. All of them belong to the draw.",
            drawing(draws.first_slice)),
        _named(
            "patients averaged first",
            "You average the slices of each patient, and report the AUC of patients. Asked is the AUC of slices; only "
            "the drawing goes by patient.",
            draws.over_patients),
        _named(
            "percentiles 5 and 95",
            "Between the 5th and the 95th percentile lie 90 % of the draws. For 95 % cut 2.5 % off either end.",
            drawing(right_rows, (5, 95))),
        _named(
            "percentiles in shares",
            "`np.percentile` counts from 0 to 100, so 0.025 is nearly the smallest draw. Hand it 2.5 and 97.5, or take "
            "`np.quantile`.",
            drawing(right_rows, (0.025, 0.975))),
        _named(
            "smallest and largest draw",
            "You return the smallest and the largest draw, which grow apart with every repeat. Take the 2.5th and the "
            "97.5th percentile.",
            drawing(right_rows, (0, 100))),
        _named(
            "standard deviations of the draws",
            "You take so many standard deviations on both sides. An AUC near 1 has no room above, so its interval is "
            "not symmetric: take percentiles.",
            draws.symmetric(1.96), draws.symmetric(2), draws.symmetric(1)),
        _named(
            "standard error of slices",
            "Your interval comes from a formula with the number of slices. It takes every slice for a patient of its "
            "own and is too narrow. Draw patients.",
            draws.standard_error(lambda found, ill, healthy: np.sqrt(found * (1 - found) / (ill + healthy))),
            draws.standard_error(draws.hanley)),
        _named(
            "mean of the draws as AUC",
            "Your first number is an average over the draws. The AUC is that of the slices as they are; the draws give "
            "the interval.",
            summed(lambda found, values: (np.nanmean(values), *np.nanpercentile(values, (2.5, 97.5)))),
            summed(lambda found, values: (np.nanmedian(values), *np.nanpercentile(values, (2.5, 97.5))))),
        _named(
            "order of the three",
            "Return the AUC first, then the lower end, then the upper one.",
            summed(lambda found, values: (found, *np.nanpercentile(values, (97.5, 2.5)))),
            summed(lambda found, values: (np.nanpercentile(values, 2.5), found, np.nanpercentile(values, 97.5))),
            summed(lambda found, values: (*np.nanpercentile(values, (2.5, 97.5)), found))),
        Misconception(
            "draws with one class",
            "Right as long as every draw holds both classes. With few patients some hold one only, their AUC is nan, "
            "and one nan spoils the percentiles. Leave them out, `np.nanpercentile`, and draw no others instead.",
            summed(lambda found, values: (found, *np.percentile(values, (2.5, 97.5)))),
            sign=draws.right_but_for_one_class),
        Misconception(
            "seed ignored",
            "Your interval does not follow `seed`: it changes when the same is asked again, or stays when another seed "
            "is handed over. `np.random.default_rng(seed)`, and draw with this generator.",
            draws.seed_ignored,
            sign=draws.no_seed),
        Misconception(
            "slices drawn, not patients",
            "You draw slices. Two slices of one patient resemble each other, so your interval is too narrow: it treats "
            "them as two patients. Draw names, and take all their slices.",
            drawing(draws.slices),
            sign=any_of(like(drawing(draws.slices)), draws.narrow)),
        Misconception(
            "drawn in another way",
            "Your interval may well be right, and the check cannot compare it: every way to draw gives slightly other "
            "numbers. Draw as the text says: `generator.choice(names, len(names))`, once for each repeat.",
            lambda target, scores, patients, repeats, seed: report(target, scores, patients, repeats, seed + 1000),
            sign=draws.drawn_another_way),
    ),
)

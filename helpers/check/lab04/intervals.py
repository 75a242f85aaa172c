"""An AUC with its interval, drawn by patient: slices of one patient are no new evidence."""
import numpy as np

from ..exercise import Exercise, Misconception
from ..signs import any_of, mistakes, raises
from . import intervals_mutants as done
from .intervals_mutants import drawing, like, right_rows, summed
from .intervals_run import CASES, look, my_auc, report

named = mistakes(CASES, look=look)


REPORT = Exercise(
    title="Exercise 12",
    points=3,
    reference=report,
    observe=look,
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
        named(
            "drawn twice, counted once",
            "`np.isin` asks whether a patient was drawn, not how often: whoever was drawn twice counts once. Collect "
            "the rows of each drawn name, one after the other.",
            drawing(done.once)),
        named(
            "drawn without replacement",
            "Every draw holds every patient once, so your interval has no width. Draw with replacement: some come "
            "twice, some not at all.",
            drawing(done.without_replacement),
            drawing(lambda generator, patients: generator.permutation(len(patients))),
            lambda target, scores, patients, repeats, seed: (my_auc(target, scores),) * 3),
        named(
            "same draw every time",
            "Your two ends are one and the same draw. Is the generator made anew inside the loop? Make it once, before "
            "it. Or does `return` stand inside the loop?",
            done.one_draw_for_all),
        named(
            "only a part of the patients drawn",
            "You draw fewer patients than there are, none of them twice. That is another method, and its interval "
            "has another width: draw as many as there are, with replacement.",
            *(drawing(done.part_of(share)) for share in (0.8, 0.5, 0.632, 0.67, 0.7, 0.75, 0.9))),
        Misconception(
            "names taken for rows",
            "You use what was drawn as positions of slices. These are patients: their slices are at "
            "`np.flatnonzero(patients == name)`.",
            drawing(done.right_names),
            sign=any_of(raises(IndexError, "out of bounds"), like(drawing(done.numbers_as_rows)))),
        named(
            "too many patients drawn",
            "You draw as many patients as there are slices. A larger study would be surer than yours is: draw as many "
            "as there are patients.",
            drawing(done.too_many)),
        named(
            "patients drawn by their slices",
            "You draw from `patients`, where a patient with many slices stands many times. Draw from the names, "
            "`np.unique(patients)`.",
            drawing(done.by_slices)),
        named(
            "one slice of each patient",
            "You take one slice of each drawn patient. All of them belong to the draw.",
            drawing(done.first_slice)),
        named(
            "patients averaged first",
            "You average the slices of each patient, and report the AUC of patients. Asked is the AUC of slices; only "
            "the drawing goes by patient.",
            done.over_patients),
        named(
            "other percentiles",
            "For 95 % cut 2.5 % off either end. Between the 5th and the 95th percentile lie 90 % of the draws.",
            *(drawing(right_rows, ends) for ends in ((5, 95), (2.5, 95), (5, 97.5), (10, 90), (25, 75), (1, 99),
                                                     (0.5, 99.5)))),
        named(
            "percentiles in shares",
            "`np.percentile` counts from 0 to 100, so 0.025 is nearly the smallest draw. Hand it 2.5 and 97.5, or take "
            "`np.quantile`.",
            drawing(right_rows, (0.025, 0.975))),
        named(
            "smallest and largest draw",
            "You return the smallest and the largest draw, which grow apart with every repeat. Take the 2.5th and the "
            "97.5th percentile.",
            drawing(right_rows, (0, 100))),
        named(
            "standard deviations of the draws",
            "You take so many standard deviations on both sides. An AUC near 1 has no room above, so its interval is "
            "not symmetric: take percentiles.",
            *(done.symmetric(width, around, ddof) for width in (1.96, 2, 1, 1.645) for ddof in (0, 1)
              for around in (lambda found, values: found, lambda found, values: np.nanmean(values)))),
        named(
            "error of the mean of the draws",
            "You divide the spread of the draws by the root of their number. That shrinks with every repeat, as if "
            "repeating made you surer of your patients. The spread itself is asked for: its percentiles.",
            summed(done.of_the_mean)),
        named(
            "distances instead of ends",
            "You return how far the ends lie from the AUC. Return the ends themselves.",
            summed(done.distances)),
        named(
            "labels shuffled",
            "You shuffle the labels. That shows which AUC chance alone gives, around one half; asked is the range "
            "around yours. Draw patients, with their labels and scores.",
            done.labels_shuffled),
        named(
            "standard error of slices",
            "Your interval comes from a formula with the number of slices. It takes every slice for a patient of its "
            "own and is too narrow. Draw patients.",
            done.standard_error(lambda found, ill, healthy: np.sqrt(found * (1 - found) / (ill + healthy))),
            done.standard_error(done.hanley)),
        named(
            "mean of the draws as AUC",
            "Your first number is an average over the draws, or one of them. The AUC is that of the slices as they "
            "are; the draws give the interval.",
            summed(lambda found, values: (np.nanmean(values), *np.nanpercentile(values, (2.5, 97.5)))),
            *(summed(lambda found, values, of=of: (of(values), *np.nanpercentile(values, (2.5, 97.5))))
              for of in (np.nanmedian, lambda values: values[-1], lambda values: values[0]))),
        named(
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
            sign=done.right_but_for_one_class),
        Misconception(
            "seed ignored",
            "Your interval does not follow `seed`: it changes when the same is asked again, or stays when another seed "
            "is handed over. `np.random.default_rng(seed)`, and draw with this generator.",
            done.seed_ignored,
            sign=done.no_seed),
        Misconception(
            "slices drawn, not patients",
            "You draw slices. Two slices of one patient resemble each other, so your interval is too narrow: it treats "
            "them as two patients. Draw names, and take all their slices.",
            drawing(done.slices),
            sign=any_of(like(drawing(done.slices)), done.narrow)),
        Misconception(
            "drawn in another way",
            "Your interval may well be right, and the check cannot compare it: other draws, and another rule for "
            "percentiles, give slightly other numbers. Draw as the text says, `generator.choice(names, len(names))` "
            "once for each repeat, and take `np.nanpercentile`.",
            lambda target, scores, patients, repeats, seed: report(target, scores, patients, repeats, seed + 1000),
            sign=done.drawn_another_way),
    ),
)

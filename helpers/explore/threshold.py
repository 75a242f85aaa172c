"""Explorer of the threshold: scores, the ROC curve, and the confusion table where another share of people is ill."""
from statistics import NormalDist

import matplotlib.pyplot as plt
import numpy as np

from helpers import metrics, show
from helpers.explore.controls import choice, follow_preset, steps
from helpers.explore.counted import PEOPLE, count, crowd, line_picture, percent, ratio, table_picture
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import note, pixel_figure

PREVALENCES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
GIVEN, QUESTION = "of this model", "of a test with sensitivity 0.99, specificity 0.25"
SCREENING, BALANCED, CERTAIN, NOBODY = ("screening at 1 %: 0.99 and 0.25", "Youden", "sensitivity 0.95",
                                        "always healthy, at 1 %")
BINS = 24


class Scored:
    """Scores and truth with all that does not change with the threshold: ROC curve, AUC, histograms."""

    def __init__(self, target, scores, patients=None):
        self.fpr, self.tpr, _ = metrics.roc(target, scores)
        if np.isnan(self.fpr + self.tpr).any():
            raise ValueError("threshold needs cases of both kinds, ill (1) and healthy (0): add those missing.")
        self.target, self.scores = np.asarray(target).astype(bool), np.asarray(scores, dtype=float)
        self.edges = np.histogram_bin_edges(self.scores, BINS)
        shares = [np.histogram(self.scores[kind], self.edges)[0] / kind.sum() for kind in (self.target, ~self.target)]
        self.bars = [share / max(map(np.max, shares)) for share in shares]              # of the ill, of the healthy
        self.auc = f"AUC {metrics.auc(target, scores):.3f}"
        if patients is not None:
            interval = metrics.bootstrap_by_patient(metrics.auc, target, scores, patients)
            self.auc += f" (95 %: {interval.low:.2f}–{interval.high:.2f})"

    def at(self, threshold):
        """The counts when a case is called ill from this score on."""
        return metrics.confusion(self.target, self.scores >= threshold)


def textbook(low, high, cases=400):
    """Scores of a test that has sensitivity 0.99 and specificity 0.25 at one threshold: (target, scores, threshold).

    Both groups are normal, equally wide, and as far apart as that takes; scaled to reach from `low` to `high`.

    >>> target, scores, threshold = textbook(0, 1)
    >>> counts = metrics.confusion(target, scores >= threshold)
    >>> counts.sensitivity, counts.specificity
    (0.99, 0.25)
    """
    normal = NormalDist()
    spread = np.array([normal.inv_cdf((place + 0.5) / cases) for place in range(cases)])
    cut = normal.inv_cdf(0.25)
    scores = np.concatenate([spread, spread + cut - normal.inv_cdf(0.01)])
    scale = (high - low) / np.ptp(scores)
    return np.repeat([0, 1], cases), low + scale * (scores - scores.min()), low + scale * (cut - scores.min())


def threshold(target, scores, patients=None):
    """One threshold on all scores: the working point on the ROC curve, and what its answers are worth.

    Serves the prediction: sensitivity 0.99, specificity 0.25, one in a hundred ill: of 100 positive calls, how many
    are ill?

    target : 0 (healthy) or 1 (ill), shape (N,), both present.  scores : finite numbers, higher for ill, shape (N,).
    patients : (N,), whose slice each is; given, the AUC is shown with an interval by patient.
    Returns an explorer. The table shows 1000 people of whom the chosen share is ill, at the sensitivity and specificity
    measured here; that these stay the same where another share is ill is an assumption.
    Raises ValueError for other labels or scores, lengths that differ, or a class that is missing.
    """
    given = Scored(target, scores, patients)
    low, high = given.edges[[0, -1]].tolist()
    *other, cut = textbook(low, high)
    data, here = {GIVEN: given, QUESTION: Scored(*other)}, given.target.mean().item()
    top = high + 0.03 * (high - low)
    presets = _presets(given, cut, here, top)
    _, start, share = presets[BALANCED]
    controls = {
        "preset": choice("preset", [*presets, "your own"], BALANCED, width="330px"),
        "source": choice("scores", list(data), width="430px"),
        "cut": steps("threshold", _cuts(low, top, presets.values()), start, width="400px"),
        "share": steps("share of ill people", _shares(here), share, width="400px"),
    }
    follow_preset(controls["preset"], presets, [controls[name] for name in ("source", "cut", "share")])
    fig, artists = _threshold_figure(low, top)

    def update(preset, source, cut, share):
        counts = data[source].at(cut)
        people = metrics.expected_counts(counts.sensitivity, counts.specificity, share, PEOPLE)
        _draw(artists, data[source], cut, counts, people)
        return _tell(data[source], cut, people, share)

    return live_figure(controls, fig, list(artists.values()), update, rows=[("preset", "source"), ("cut", "share")])


def _presets(given, cut, here, top):
    """Named settings: scores, threshold, share of ill people."""
    best = min(metrics.youden(given.target, given.scores)[0], top)
    found = metrics.threshold_at_sensitivity(given.target, given.scores, 0.95)
    return {SCREENING: (QUESTION, cut, 0.01), "the same test, every second one ill": (QUESTION, cut, 0.5),
            BALANCED: (GIVEN, best, here), CERTAIN: (GIVEN, found, here), f"{CERTAIN}, screening at 1 %":
            (GIVEN, found, 0.01), NOBODY: (GIVEN, top, 0.01)}


def _cuts(low, top, presets):
    """Options of the slider: an even scale, and the thresholds of the presets, so that the page rounds none of them."""
    cuts = {*np.linspace(low, top, 201).tolist(), *(cut for _, cut, _ in presets)}
    return [(f"{cut:.3g}".replace("-", "−"), cut) for cut in sorted(cuts)]


def _shares(here):
    """Options of the slider: label and share, that of the cases at hand among them."""
    options = {share: f"{100 * share:g} %" for share in PREVALENCES} | {here: f"{100 * here:.3g} % (here)"}
    return [(options[share], share) for share in sorted(options)]


def _draw(artists, scored, cut, counts, people):
    ill, healthy = scored.bars
    artists["ill"].set_data(ill, scored.edges)
    artists["healthy"].set_data(-healthy, scored.edges)
    artists["shade"].set_x(cut)
    artists["line"].set_xdata([cut, cut])
    artists["curve"].set_data(scored.fpr, scored.tpr)
    x, y = 1 - counts.specificity, counts.sensitivity
    artists["point"].set_data([0, x, x], [y, y, 0])
    artists["title"].pixels = line_picture(f"ROC curve, {scored.auc}")          # show() would copy them twice
    artists["table"].pixels, artists["people"].pixels = table_picture(people), crowd(people)


def _tell(scored, cut, people, share):
    called = ("nobody is called ill, so there is no PPV" if np.isnan(people.ppv) else
              f"of 100 called ill, {percent(people.ppv)} are ill")
    spared = ("nobody is called healthy, so there is no NPV" if np.isnan(people.npv) else
              f"of 100 called healthy, {percent(people.npv)} are healthy")
    caption = f"{100 * share:.3g} % ill: {called}; {spared}; accuracy {percent(people.accuracy)} %"
    return caption, (
        f"Called ill from a score of {cut:.3g} on, of {len(scored.scores)} cases with {scored.target.sum()} ill; "
        f"{scored.auc}. On the ROC curve: sensitivity {people.sensitivity:.3f}, specificity "
        f"{people.specificity:.3f}, LR+ {ratio(people.positive_likelihood_ratio)}. Of {PEOPLE} people: "
        f"{count(people.tp)} true positive, {count(people.fn)} false negative, {count(people.fp)} false positive, "
        f"{count(people.tn)} true negative. {caption}.")


def _threshold_figure(low, top):
    fig = pixel_figure(1036, 376)
    place = lambda x, width: fig.add_axes((x / 1036, 50 / 376, width / 1036, 296 / 376))                # noqa: E731
    left, middle, side = place(34, 270), place(376, 262), (top - low) / 30
    left.set(xlim=(low - side, top + side), ylim=(-1.32, 1.32), yticks=[], xlabel="score",
             title="Scores: called ill from the line on")
    left.axhline(0, color="black", lw=1)
    left.set_ylabel("← healthy      share of each group      ill →", labelpad=4)
    middle.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel="1 − specificity (false positive rate)",
               ylabel="sensitivity")
    middle.plot([0, 1], [0, 1], ":", color=show.GREY, lw=1.5)
    edges = np.array([low, top])
    note(fig, 862, 362, f"each sign one of {PEOPLE} people: those called ill first", fontsize=10)
    return fig, {
        "shade": left.add_patch(plt.Rectangle((low, -1.32), 2 * (top - low), 2.64, color="#F2E6C8", lw=0)),
        "ill": left.stairs([1], edges, fill=True, color=show.BLUE),
        "healthy": left.stairs([-1], edges, fill=True, color=show.ORANGE),
        "line": left.plot([low, low], [-1.32, 1.32], color="black", lw=2.5)[0],
        "curve": middle.plot([], [], color=show.BLUE, lw=2.5)[0],
        "point": middle.plot([], [], "--o", color="black", lw=1, ms=12, mfc=show.RED, markevery=[1], clip_on=False)[0],
        "title": Inset(347, 5), "table": Inset(682, 6), "people": Inset(682, 200),
    }

"""Explorer of a segmentation: scroll through the slices of every patient, the worst first, with the errors hatched."""
import warnings
from functools import lru_cache

import numpy as np
from scipy import ndimage

from helpers import data, metrics, show
from helpers.explore.controls import choice, slider
from helpers.explore.lettering import word
from helpers.explore.live import Inset, live_figure
from helpers.explore.masks import labels_overlaid
from helpers.explore.pictures import grey, in_box, note, outline, pixel_figure

WIDTH, HEIGHT = 448, 328                                                       # screen pixels of the slice
ERRORS, LINES, TRUTH, DRAWN, NOTHING = ("lines and errors", "lines", "truth only", "drawing only", "nothing")
ALL = "all organs"


class Judged:
    """Slices with truth and prediction, patient by patient, the worst first.

    order : patients by mean Dice over their organs, rising.  dice : array (patients, organs) in that order, NaN where
    neither truth nor prediction has the organ.
    """

    def __init__(self, cohort, pred):
        self.cohort, self.pred = cohort, np.asarray(pred)
        if self.pred.shape != cohort.labels.shape or self.pred.dtype.kind not in "iu":
            raise ValueError(f"pred must hold one class per pixel, whole numbers of shape {cohort.labels.shape}, not "
                             f"{self.pred.dtype} of shape {self.pred.shape}: logits need argmax(1).")
        if not 0 <= self.pred.min(initial=0) <= self.pred.max(initial=0) < len(cohort.label_names):
            raise ValueError(f"pred must hold classes 0 to {len(cohort.label_names) - 1}, not {self.pred.min()} to "
                             f"{self.pred.max()}.")
        if self.pred.shape[1] > HEIGHT or self.pred.shape[2] > WIDTH:
            raise ValueError(f"segmentations shows slices of up to {HEIGHT} × {WIDTH} pixels, not "
                             f"{' × '.join(map(str, self.pred.shape[1:]))}: crop them, or take every second pixel.")
        self.organs = list(cohort.label_names[1:])
        numbers = range(1, len(cohort.label_names))
        patients, dice = metrics.per_patient(metrics.dice, cohort.labels, self.pred, cohort.patients, numbers)
        with warnings.catch_warnings():                                        # a patient without any organ
            warnings.simplefilter("ignore", RuntimeWarning)
            means = np.nanmean(dice, axis=1)
        rank = np.argsort(means, kind="stable")                                # NaN goes last
        self.order, self.dice, self.means = patients[rank], dice[rank], means[rank]
        self.slices = {patient: self._from_head(patient) for patient in self.order.tolist()}

    def _from_head(self, patient):
        rows = np.flatnonzero(self.cohort.patients == patient)
        return rows[np.argsort(self.cohort.z[rows], kind="stable")]


def segmentations(cohort, pred):
    """Scroll through the slices of every patient, the worst first, with truth, drawing and errors.

    Serves the prediction: which organ of which patient is drawn worst, and where: at its rim, or at its first and last
    slice?

    cohort : a Cohort, for example the test patients.  pred : the class of every pixel, whole numbers (N, H, W).
    Returns an explorer.  Raises ValueError for predictions that do not fit, or a cohort without slices.
    """
    if not len(cohort):
        raise ValueError("segmentations needs at least one slice: the cohort has none.")
    judged = Judged(cohort, pred)
    most = max(map(len, judged.slices.values()))
    controls = {
        "patient": choice("patient", [(f"{patient}: mean Dice {spoken(mean)}", patient) for patient, mean in
                                      zip(judged.order.tolist(), judged.means, strict=True)], width="280px"),
        "slice": slider("slice, from the head", 1, 1, max(most, 2), width="340px"),
        "organ": choice("organ", [ALL, *judged.organs], width="200px"),
        "overlay": choice("show", [ERRORS, LINES, TRUTH, DRAWN, NOTHING], width="230px"),
        "window": choice("window", ["soft tissue", "lung"], width="200px")}
    fig, artists = _figure(judged)
    brightness = lru_cache(maxsize=256)(lambda row, window: grey(data.window(cohort.hu[row], *data.WINDOWS[window])))

    def update(patient, organ, overlay, window, **place):
        number = min(place["slice"], len(judged.slices[patient]))
        row = judged.slices[patient][number - 1]
        truth, drawn = (only(labels[row], organ, judged.organs) for labels in (cohort.labels, judged.pred))
        artists["slice"].pixels = picture(brightness(row, window), truth, drawn, overlay, judged.organs)
        _mark(artists, judged, patient, organ)
        return _tell(judged, patient, organ, number, truth, drawn, overlay)

    return live_figure(controls, fig, list(artists.values()), update,
                       rows=[("patient", "slice"), ("organ", "overlay", "window")])


def only(labels, organ, organs):
    """Labels with all organs but one set to background, unless all are wanted."""
    return labels if organ == ALL else np.where(labels == organs.index(organ) + 1, labels, 0)


def picture(brightness, truth, drawn, overlay, organs):
    """A slice as large as fits, with lines, hatches and the names of the organs."""
    zoom = max(1, min(HEIGHT // truth.shape[0], WIDTH // truth.shape[1]))
    shown = {ERRORS: (truth, drawn, True), LINES: (truth, drawn, False), TRUTH: (truth, None, False),
             DRAWN: (None, drawn, False), NOTHING: (None, None, False)}[overlay]
    large = labels_overlaid(brightness, *shown, zoom)
    if overlay != NOTHING:
        _name(large, drawn if overlay == DRAWN else truth, organs, zoom)
    return in_box(large, HEIGHT, WIDTH)


def _name(large, labels, organs, zoom):
    """The names of the organs that are in the slice: each where its organ is deepest, or beside it if it is small."""
    for number, organ in enumerate(organs, start=1):
        mask = labels == number
        if mask.any():
            depth = ndimage.distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1]
            row, column = np.unravel_index(depth.argmax(), depth.shape)
            text = np.asarray(word(organ, size=12))
            height, width = text.shape[:2]
            left = int((column + 0.5) * zoom - width / 2)
            if depth.max() * zoom < 0.8 * width:                               # the name would hide the organ
                left = (np.flatnonzero(mask[row, column:] == 0)[:1].sum() + column) * zoom + 4
            top = int(np.clip((row + 0.5) * zoom - height / 2, 0, large.shape[0] - height))
            left = int(np.clip(left, 0, large.shape[1] - width))
            large[top:top + height, left:left + width] = text


def _mark(artists, judged, patient, organ):
    """The present patient among all others: filled where it is looked at."""
    dice = judged.dice[judged.order.tolist().index(patient)]
    places = np.arange(len(dice))
    chosen = np.array([organ in (ALL, name) for name in judged.organs])
    artists["here"].set_data(places[chosen], dice[chosen])
    artists["beside"].set_data(places[~chosen], dice[~chosen])


def spoken(value):
    """A Dice in words.

    >>> spoken(0.93333), spoken(float("nan"))
    ('0.933', 'not defined')
    """
    return "not defined" if np.isnan(value) else f"{value:.3f}"


def _tell(judged, patient, organ, number, truth, drawn, overlay):
    place = judged.order.tolist().index(patient)
    dice = dict(zip(judged.organs, judged.dice[place], strict=True))
    missed, extra = int(((truth > 0) & (truth != drawn)).sum()), int(((drawn > 0) & (truth != drawn)).sum())
    value = judged.means[place] if organ == ALL else dice[organ]
    rank = f"{place + 1} of {len(judged.order)}, worst first"
    caption = (f"patient {patient} ({rank}), {organ}: Dice {spoken(value)} over {len(judged.slices[patient])} slices; "
               f"in slice {number}: {(truth > 0).sum()} pixels, {missed} missed, {extra} too many")
    names = ", ".join(f"{name} {spoken(dice[name])}" for name in judged.organs)
    here = [name for index, name in enumerate(judged.organs, start=1) if (truth == index).any()]
    return caption, (f"A slice of {judged.cohort.source}, with {overlay}; in it: {', '.join(here) or 'no organ'}. "
                     f"{caption}. Dice of this patient: {names}.")


def _figure(judged):
    fig = pixel_figure(1036, 380)
    outline(fig, 8, 26, WIDTH, HEIGHT)
    note(fig, 8 + WIDTH / 2, 12, "solid: truth · dashed: drawn")
    note(fig, 8 + WIDTH / 2, 369, "\\\\\\ missed     /// too many", fontsize=11)
    axes = fig.add_axes((530 / 1036, 52 / 380, 480 / 1036, 280 / 380))
    places, low = np.arange(len(judged.organs)), np.min(judged.dice, where=np.isfinite(judged.dice), initial=1)
    axes.set(xlim=(-0.5, len(places) - 0.5), ylim=(max(0, np.floor(10 * low) / 10 - 0.02), 1.02), ylabel="Dice",
             title=f"{len(judged.order)} patients, one mark each")
    axes.set_xticks(places, judged.organs)
    axes.grid(axis="y", alpha=0.4)
    spread = np.linspace(-0.22, 0.22, len(judged.order)) if len(judged.order) > 1 else np.zeros(1)
    for place in places:
        axes.plot(place + spread, judged.dice[:, place], "|", color=show.GREY, ms=9, mew=1.5)
    looks = {"here": dict(marker="D", mfc=show.RED), "beside": dict(marker="D", mfc="white")}
    marks = {name: axes.plot([], [], ls="none", color="black", ms=11, clip_on=False, **look)[0]
             for name, look in looks.items()}
    return fig, {"slice": Inset(8, 26), **marks}

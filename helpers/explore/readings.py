"""What a reader would say about a slice: the labels behind the explorer of augmentation, measured from the truth."""
import numpy as np
import torch
from scipy import ndimage

from helpers import augment

NODULE, SIDE, SITUS, DENSITY, SIZE = augment.TASKS
RESTS_ON = {NODULE: "nodule", SIDE: "nodule", SITUS: "heart", DENSITY: "lungs", SIZE: "nodule"}
SAME_HU, SAME_SIZE = 12.5, 0.1       # half of what sets the ill apart in the study "density"; a tenth of the diameter
CLEARLY = 5                          # mm to the left of the spine from which on the heart shows the situs
WORST = 0                            # instead of a seed: a hole in the worst place


class Slice:
    """One slice and its masks: what a change makes of them, and what a reader would then say.

    cohort : a Cohort of one slice.  Masks hold the share of each pixel, so that a turn keeps their area.
    labels : dict of task to word or number, without tasks that this slice cannot answer: side and size of the nodule
    unless there is exactly one, situs where the heart does not lie clearly left, density without lungs.
    """

    NAMES = ("nodule", "lungs", "heart", "spine")

    def __init__(self, cohort):
        labels = {name: cohort.labels[0] == number for number, name in enumerate(cohort.label_names)}
        masks = [cohort.nodules[0], *(labels[name] for name in self.NAMES[1:])]
        deep = ndimage.binary_erosion(labels["lungs"], np.ones((3, 3)))       # a turn mixes the rim with the chest wall
        self.hu, self.mm, self.side = torch.tensor(cohort.hu[0]), float(np.mean(cohort.spacing)), max(cohort.hu.shape)
        self.masks = torch.tensor(np.stack([*masks, deep & ~cohort.nodules[0], _body(cohort.hu[0])])).float()
        self.margin = self.side // 2
        pad = lambda part, value: torch.nn.functional.pad(part, [self.margin] * 4, value=value)           # noqa: E731
        self.wide = torch.cat([pad(self.hu[None], float(self.hu.min())), pad(self.masks, 0.0)])
        self.labels = self._read(self.hu, self.masks, self.masks, self.masks)
        if SITUS in self.labels and _to_the_left(places(self.masks), 2) * self.mm < CLEARLY:
            del self.labels[SITUS]
        if ndimage.label(cohort.nodules[0], np.ones((3, 3)))[1] > 1:
            del self.labels[SIDE], self.labels[SIZE]

    def changed(self, name, strength, task, chance):
        """HU, nodule mask and labels after a change.

        strength : in pixels it is that of a slice of 64 pixels.  chance : seed of noise and holes, or WORST.
        """
        entry = augment.AUGMENTATIONS[name]
        strength = round(strength * self.side / 64) if entry.unit == "pixels" else strength
        if name == "cutout":
            change = self._hole(strength, task, chance)
            hu, masks = change(self.hu), change(self.masks)
            return hu, masks[0], self._read(hu, masks, self.masks, self.masks)
        if entry.in_hu:
            hu = entry(self.hu, strength, generator=torch.Generator().manual_seed(chance))
            return hu, self.masks[0], self._read(hu, self.masks, self.masks, self.masks)
        wide = entry(self.wide, strength)                                     # a canvas that nothing leaves
        inner = wide[:, self.margin:-self.margin, self.margin:-self.margin]
        return inner[0], inner[1], self._read(inner[0], inner[1:], inner[1:], wide[1:])

    def _hole(self, size, task, chance):
        place, mask = None, self.masks[self.NAMES.index(RESTS_ON[task])].clone()
        if chance == WORST and mask.any():
            if task == DENSITY:
                mask[:, int(places(self.masks)[3, 2]):] = 0                   # one lung, not the middle of both
            place = places(mask[None])[0, 1:].round().astype(int).tolist()
        return lambda part: augment.cutout(part, size, place, torch.Generator().manual_seed(chance))

    def _read(self, hu, masks, whole, wide):
        """Labels.  masks : what is left to see.  whole : without holes.  wide : on a canvas that nothing leaves."""
        seen, found = places(masks)[:, 0], places(wide)
        said = {NODULE: "no nodule"}
        if found[0, 0]:
            there = seen[0] > 0.5 * found[0, 0]
            said = {NODULE: "nodule" if there else "no nodule", SIDE: _side(found, 0) if there else "none",
                    SIZE: round(float(2 * np.sqrt(seen[0] / np.pi) * self.mm), 1)}
        if found[2, 0]:
            said[SITUS] = _side(found, 2) if seen[2] > 0.5 * found[2, 0] else "hidden"
        if found[4, 0]:
            inside = whole[4].numpy() > 0.9
            said[DENSITY] = round(float(hu.numpy()[inside].mean()), 1) if inside.any() else "none"
        return {task: said[task] for task in augment.TASKS if task in said and task in getattr(self, "labels", said)}


def _body(hu):
    """The body with all that is inside, without the table: the largest thing that is not air, filled."""
    things, count = ndimage.label(hu > -500)
    sizes = ndimage.sum(hu > -500, things, range(1, count + 1))
    return ndimage.binary_fill_holes(things == 1 + np.argmax(sizes)) if count else np.zeros(hu.shape, bool)


def places(masks):
    """Area, mean row and mean column of masks (n, H, W), as an array (n, 3); what has no area lies nowhere, at NaN.

    >>> places(torch.eye(3)[None]).tolist()
    [[3.0, 1.0, 1.0]]
    """
    masks = np.asarray(masks, dtype=float)
    grid = np.stack([np.ones(masks.shape[1:]), *np.indices(masks.shape[1:])], -1)
    sums = masks.reshape(len(masks), -1) @ grid.reshape(-1, 3)
    middles = np.full((len(masks), 2), np.nan)
    np.divide(sums[:, 1:], sums[:, :1], out=middles, where=sums[:, :1] > 0)
    return np.column_stack([sums[:, 0], middles])


def _to_the_left(found, number):
    """How far to the patient's left of the spine something lies, in pixels, whichever way the patient is turned.

    found : see `places`, in the order of Slice.NAMES, deep lung, body.  Body and spine tell where the back is; seen
    from the feet, as slices are shown, the patient's left lies a quarter turn anticlockwise from there.
    """
    spine = found[3, 1:]
    back = spine - found[5, 1:]
    left = np.array([-back[1], back[0]]) / np.hypot(*back)
    return float(left @ (found[number, 1:] - spine))


def _side(found, number):
    return "left" if _to_the_left(found, number) > 0 else "right"


def same(task, before, after):
    """Whether a label still stands: words must agree, densities to 12.5 HU, sizes to a tenth.

    >>> same(DENSITY, -850.0, -840.0), same(SIZE, 10.0, 12.0)
    (True, False)
    """
    if isinstance(before, str) or isinstance(after, str):
        return before == after
    return abs(after - before) <= (SAME_HU if task == DENSITY else SAME_SIZE * before)


def judge(name, strength, task, before, after):
    """Verdict on one change of one scan: (sign, words, reason)."""
    rule, stands = augment.keeps(task)[name], same(task, before, after)
    if strength == augment.AUGMENTATIONS[name].neutral:
        return "✓", "nothing is changed yet", "move the strength, and think before you look here"
    if stands and rule.keeps:
        return "✓", "keeps the label", rule.reason
    if stands:
        return "?", "keeps it here, but not always", rule.reason
    if not rule.keeps:
        return "✗", "does not keep the label", rule.reason
    return "✗", "too strong: does not keep the label", f"a weaker one would: {rule.reason}"

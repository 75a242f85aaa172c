"""Lab 6, exercises 5 to 8, as learners write them: occlusion, the pointing game, one place changed, the finding.

RIGHT : exercise -> answers that differ from the reference in code and must pass; some are oracles.
WRONG : exercise -> (name of the mistake, answer) pairs, in code that is not the mutant's.
"""
import functools
import itertools

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch.nn import functional as F

from helpers import explain, metrics, train
from helpers.check.lab06 import hospital

NAN = float("nan")

# occlusion -------------------------------------------------------------------------------------------------------


def score_of(network, images, target):
    with torch.no_grad():
        logits = network(images)
    return logits[torch.arange(len(logits)), torch.as_tensor(target).expand(len(logits))]


def by_helpers(network, images, target, patch, fill):
    return explain.occlusion(network, images, patch, patch, target, fill=fill)


def image_by_image(network, images, target, patch, fill):
    maps = np.zeros((len(images), *images.shape[2:]), np.float32)
    for number, image in enumerate(images):
        asked = target if isinstance(target, int) else target[number]
        whole = network(image[None])[0, asked].item()
        for top, left in itertools.product(range(0, image.shape[1], patch), range(0, image.shape[2], patch)):
            covered = image.clone()
            covered[:, top:top + patch, left:left + patch] = fill
            maps[number, top:top + patch, left:left + patch] = whole - network(covered[None])[0, asked].item()
    return maps


def put_back(network, images, target, patch, fill):
    """One copy; what was hidden is put back."""
    work, drops = images.clone(), torch.empty(len(images), *images.shape[2:])
    before = score_of(network, work, target)
    for top in range(0, work.shape[2], patch):
        for left in range(0, work.shape[3], patch):
            window = (slice(None), slice(None), slice(top, top + patch), slice(left, left + patch))
            kept, work[window] = work[window].clone(), fill
            drops[window[0], window[2], window[3]] = (before - score_of(network, work, target)).view(-1, 1, 1)
            work[window] = kept
    return drops


def by_masks(network, images, target, patch, fill):
    height, width = images.shape[2:]
    tile = torch.arange(height)[:, None] // patch * 1000 + torch.arange(width) // patch
    drops, before = torch.zeros(len(images), height, width), score_of(network, images, target)
    for number in tile.unique():
        mask = tile == number
        drops += (before - score_of(network, torch.where(mask, fill, images), target))[:, None, None] * mask
    return drops


def covers(score=score_of, fall=lambda before, after: before - after, hide=None, move=lambda patch: patch,
           ends=lambda length, patch: length, first=lambda images, fill: images, write=None, keep=False,
           finish=lambda drops, patch: drops):
    """put_back with settings for most mistakes.  hide : of image, rows, columns, fill, in place."""
    def answer(network, images, target, patch, fill):
        n, _, height, width = images.shape
        before, drops = score(network, first(images, fill), target), torch.zeros(n, height, width)
        covered = images.clone()
        for top in range(0, ends(height, patch), move(patch)):
            for left in range(0, ends(width, patch), move(patch)):
                covered = covered if keep else images.clone()
                rows, columns = slice(top, top + patch), slice(left, left + patch)
                if hide:
                    hide(covered, rows, columns, fill)
                else:
                    covered[..., rows, columns] = fill
                number = fall(before, score(network, covered, target)).reshape(-1, 1, 1)
                if write:
                    write(drops, rows, columns, number)
                else:
                    drops[:, rows, columns] = number
        return finish(drops, patch)

    return answer


def set_to(value):
    def hide(image, rows, columns, fill):
        image[..., rows, columns] = value(image) if callable(value) else value

    return hide


def plus(image, rows, columns, fill):
    image[..., rows, columns] += fill


def times(image, rows, columns, fill):
    image[..., rows, columns] *= fill


def rest(image, rows, columns, fill):
    outside = torch.ones(image.shape[2:], dtype=torch.bool)
    outside[rows, columns] = False
    image[..., outside] = fill


def corner(image, rows, columns, fill):
    image[..., rows.start, columns.start] = fill


def channel(image, rows, columns, fill):
    image[:, 0, rows, columns] = fill


def band(image, rows, columns, fill):
    image[..., rows, :] = fill


def larger(image, rows, columns, fill):
    image[..., rows.start:rows.stop + 1, columns.start:columns.stop + 1] = fill


def swapped(image, rows, columns, fill):
    image.mT[..., rows.start:rows.stop, columns.start:columns.stop] = fill


def squeezed(network, images, target, patch, fill):
    """On the images themselves."""
    before, drops = score_of(network, images, target), torch.zeros(len(images), *images.shape[2:])
    for top in range(0, images.shape[2], patch):
        for left in range(0, images.shape[3], patch):
            images[..., top:top + patch, left:left + patch] = fill
            drops[:, top:top + patch, left:left + patch] = (before - score_of(network, images, target))[:, None, None]
    return drops


def probability_of(network, images, target):
    with torch.no_grad():
        logits = network(images)
    probs = logits.sigmoid() if logits.shape[1] == 1 else F.softmax(logits, -1)
    return probs[torch.arange(len(logits)), torch.as_tensor(target).expand(len(logits))]


def highest_of(network, images, target):
    return network(images).amax(1).detach()


def in_training(network, images, target):
    network.train()
    found = score_of(network, images, target)
    network.eval()
    return found


def at_corner(drops, rows, columns, number):
    drops[:, rows.start, columns.start] = number.flatten()


OCCLUDED = [
    ("sign turned round", covers(fall=lambda before, after: after - before)),
    ("sign turned round", covers(finish=lambda drops, patch: -drops)),
    ("score instead of its fall", covers(fall=lambda before, after: after)),
    ("size of the change", covers(fall=lambda before, after: torch.abs(after - before))),
    ("size of the change", covers(fall=lambda before, after: (after - before).pow(2))),
    ("cut off at 0", covers(fall=lambda before, after: (before - after).clamp(min=0))),
    ("cut off at 0", covers(finish=lambda drops, patch: F.relu(drops))),
    ("probability instead of score", covers(score=probability_of)),
    ("quotient instead of difference", covers(fall=lambda before, after: 1 - after / before)),
    ("quotient instead of difference", covers(fall=lambda before, after: after / before)),
    ("highest class each time", covers(score=highest_of)),
    ("target ignored", covers(score=lambda network, images, target: score_of(network, images, 0))),
    ("compared with an empty image", covers(first=lambda images, fill: images * 0 + fill)),
    ("mixed over the batch", covers(fall=lambda before, after: (before - after).mean().expand(len(before)))),
    ("mixed over the batch", covers(score=lambda *given: score_of(*given).sum().expand(len(given[1])))),
    ("mixed over the batch", covers(score=lambda *given: score_of(*given).amax().expand(len(given[1])))),
    ("hidden places stay hidden", covers(keep=True)),
    ("hidden places stay hidden", squeezed),
    ("another value than `fill`", covers(hide=set_to(0.0))),
    ("another value than `fill`", covers(hide=set_to(-1.0))),
    ("another value than `fill`", covers(hide=set_to(torch.mean))),
    ("another value than `fill`", covers(hide=set_to(torch.amin))),
    ("added instead of hidden", covers(hide=plus)),
    ("added instead of hidden", covers(hide=times)),
    ("all but the patch hidden", covers(hide=rest)),
    ("part of the patch hidden", covers(hide=corner)),
    ("part of the patch hidden", covers(hide=channel)),
    ("more than the patch hidden", covers(hide=band)),
    ("more than the patch hidden", covers(hide=larger)),
    ("rows and columns swapped", covers(hide=swapped)),
    ("last patches left out", covers(ends=lambda length, patch: length // patch * patch)),
    ("last patches left out", covers(ends=lambda length, patch: length - patch + 1)),
    ("one number for each patch", covers(finish=lambda drops, patch: drops[:, ::patch, ::patch].clone())),
    ("only one pixel gets the number", covers(write=at_corner)),
    ("patches that overlap", covers(move=lambda patch: 1)),
    ("first image only", covers(finish=lambda drops, patch: drops[0])),
    ("first image only", covers(finish=lambda drops, patch: drops[:1])),
    ("axis of channels kept", covers(finish=lambda drops, patch: drops.unsqueeze(1))),
    ("scaled to 1", covers(finish=lambda drops, patch: drops / torch.amax(drops))),
    ("scaled to 1", covers(finish=lambda drops, patch: drops / drops.flatten(1).amax(1)[:, None, None])),
    ("batch normalisation in training mode", covers(score=in_training)),
]

# the pointing game -------------------------------------------------------------------------------------------------


def by_metrics(maps, masks):
    return metrics.pointing_game(maps, masks, margin=0), metrics.chance_level(masks, margin=0)


def in_torch(maps, masks):
    maps, masks = torch.tensor(maps).flatten(1), torch.tensor(masks).flatten(1)
    highest = (maps == maps.amax(1, keepdim=True)).double()
    hits, chance = (highest * masks).sum(1) / highest.sum(1), masks.double().mean(1)
    nothing = ~masks.any(1)
    return hits.masked_fill(nothing, NAN), chance.masked_fill(nothing, NAN)


def by_drawing(maps, masks):
    """Every pixel in turn is pointed at, and every highest one."""
    hits, chance = [], []
    for heat, mask in zip(maps, masks, strict=True):
        places = list(itertools.product(range(heat.shape[0]), range(heat.shape[1])))
        peaks = [place for place in places if heat[place] == np.max(heat)]
        known = mask.sum() > 0
        hits.append(sum(bool(mask[place]) for place in peaks) / len(peaks) if known else NAN)
        chance.append(sum(bool(mask[place]) for place in places) / len(places) if known else NAN)
    return np.array(hits), np.array(chance)


def at_once(maps, masks):
    peaks = maps == maps.max((1, 2))[:, None, None]
    empty = np.where(masks.any((1, 2)), 0, NAN)
    return (peaks & masks).sum((1, 2)) / peaks.sum((1, 2)) + empty, masks.mean((1, 2)) + empty


def game(point=lambda heat, mask: (mask & (heat == heat.max())).sum() / (heat == heat.max()).sum(),
         lot=lambda mask: mask.sum() / mask.size, nothing=(NAN, NAN), end=lambda hits, chance: (hits, chance)):
    """by_drawing with settings for most mistakes."""
    def answer(maps, masks):
        hits, chance = [], []
        for heat, mask in zip(maps, masks, strict=True):
            known = np.count_nonzero(mask) > 0
            hits.append(float(point(heat, mask)) if known else nothing[0])
            chance.append(float(lot(mask)) if known else nothing[1])
        return end(np.array(hits), np.array(chance))

    return answer


def by_argmax(heat, mask):
    return mask[np.unravel_index(np.argmax(heat), heat.shape)]


def one_peak(maps, masks):
    hits = [((heat == np.max(maps)) & mask).sum() / max((heat == np.max(maps)).sum(), 1) if mask.any() else NAN
            for heat, mask in zip(maps, masks, strict=True)]
    return np.array(hits), at_once(maps, masks)[1]


def without_empty(maps, masks):
    kept = masks.any(axis=(1, 2))
    return at_once(maps[kept], masks[kept])


def portion(mask, chosen):
    return mask[chosen].mean() if chosen.any() else NAN


def column_row(heat, mask):
    column, row = np.unravel_index(np.argmax(heat), heat.shape)
    return mask[min(row, mask.shape[0] - 1), min(column, mask.shape[1] - 1)]


GAMES = [
    ("maximum over a batch", one_peak),
    ("first of several highest pixels", game(by_argmax)),
    ("first of several highest pixels", game(lambda heat, mask: mask.ravel()[np.argmax(heat)])),
    ("first of several highest pixels", game(lambda heat, mask: mask.ravel()[np.flatnonzero(heat == heat.max())[-1]])),
    ("any of the highest pixels", game(lambda heat, mask: bool((mask & (heat == heat.max())).any()))),
    ("any of the highest pixels", game(lambda heat, mask: heat[mask].max() == heat.max())),
    ("any of the highest pixels", game(lambda heat, mask: set(np.flatnonzero(heat == heat.max())) <= set(np.flatnonzero(
        mask)))),
    ("mean inside compared with outside", game(lambda heat, mask: np.mean(heat[mask]) > np.mean(heat))),
    ("lowest pixel", game(lambda heat, mask: mask.ravel()[np.argmin(heat)])),
    ("lowest pixel", game(lambda heat, mask: np.mean(mask[np.abs(heat) == np.abs(heat).max()]))),
    ("energy instead of the peak", game(lambda heat, mask: np.maximum(heat, 0)[mask].sum() / max(
        np.maximum(heat, 0).sum(), 1e-9))),
    ("energy instead of the peak", game(lambda heat, mask: np.sum(heat * mask))),
    ("share of the mask", game(lambda heat, mask: (heat[mask] == heat.max()).mean())),
    ("share of the mask", game(lambda heat, mask: np.mean(mask * (heat == heat.max())))),
    ("pixels counted", game(lambda heat, mask: np.count_nonzero(mask & (heat == heat.max())))),
    ("misses counted", game(lambda heat, mask: np.mean(~mask[heat == heat.max()]))),
    ("threshold instead of the peak", game(lambda heat, mask: portion(mask, heat > np.mean(heat)))),
    ("threshold instead of the peak", game(lambda heat, mask: portion(mask, heat >= heat.max() * 0.5))),
    ("rows and columns swapped", game(column_row)),
    ("chance as a count", game(lot=np.count_nonzero)),
    ("chance taken for one half", game(lot=lambda mask: 1 / 2)),
    ("one pixel of all", game(lot=lambda mask: 1 / (mask.shape[0] * mask.shape[1]))),
    ("one pixel of all", game(lot=lambda mask: 1 / np.count_nonzero(mask))),
    ("chance to miss", game(lot=lambda mask: (~mask).mean())),
    ("one chance for all images", lambda maps, masks: (at_once(maps, masks)[0], float(np.mean(masks)))),
    ("one chance for all images", lambda maps, masks: (at_once(maps, masks)[0], masks.mean() * np.ones(len(masks)))),
    ("empty masks counted as misses", game(nothing=(0.0, 0.0))),
    ("empty masks counted as misses", lambda maps, masks: tuple(map(np.nan_to_num, at_once(maps, masks)))),
    ("empty masks counted as misses", game(nothing=(NAN, 0.0))),
    ("empty masks counted as hits", game(nothing=(1.0, 1.0))),
    ("empty masks counted as hits", game(nothing=(1.0, NAN))),
    ("empty masks left out", without_empty),
    ("averaged over the images", game(end=lambda hits, chance: (np.nanmean(hits), np.nanmean(chance)))),
    ("averaged over the images", game(end=lambda hits, chance: (np.average(hits), np.average(chance)))),
    ("chance in front", game(end=lambda hits, chance: (chance, hits))),
    ("hits without the chance", game(end=lambda hits, chance: hits)),
    ("hits without the chance", game(end=lambda hits, chance: np.array([hits, chance]).T)),
    ("hits minus chance", game(end=lambda hits, chance: (hits - chance, chance))),
    ("hits minus chance", game(end=lambda hits, chance: (hits / chance, chance))),
    ("per cent instead of shares", game(end=lambda hits, chance: (hits * 100, chance * 100))),
]

# one place changed -------------------------------------------------------------------------------------------------


def slice_by_slice(images, ill, box):
    top, bottom, left, right = box
    gone, other = images.clone(), images.clone()
    groups = {True: [n for n in range(len(ill)) if ill[n]], False: [n for n in range(len(ill)) if not ill[n]]}
    seen = {True: 0, False: 0}
    for n in range(len(ill)):
        gone[n, :, top:bottom, left:right] = -1.0
        donors = groups[not ill[n]]
        donor = donors[seen[bool(ill[n])] % len(donors)]
        other[n, :, top:bottom, left:right] = images[donor, :, top:bottom, left:right]
        seen[bool(ill[n])] += 1
    return gone, other


def donors_of(ill):
    """For each image the one whose box it gets."""
    sick, well = np.nonzero(ill)[0], np.nonzero(np.logical_not(ill))[0]
    donors = np.empty(len(ill), int)
    donors[sick] = well[np.arange(len(sick)) % len(well)]
    donors[well] = sick[np.arange(len(well)) % len(sick)]
    return donors


def by_index(images, ill, box):
    rows, columns = np.arange(box[0], box[1]), np.arange(box[2], box[3])
    first, second = images.numpy().copy(), images.numpy().copy()
    first[:, :, rows[:, None], columns] = -1
    second[:, :, rows[:, None], columns] = images.numpy()[donors_of(ill)][:, :, rows[:, None], columns]
    return first, second


def by_where(images, ill, box):
    mask = torch.zeros(images.shape[2:], dtype=torch.bool)
    mask[box[0]:box[1], box[2]:box[3]] = True
    return torch.where(mask, -1.0, images), torch.where(mask, images[donors_of(ill)], images)


def by_cycle(images, ill, box):
    t, b, le, r = box
    gone, other = images.clone(), images.clone()
    gone[..., t:b, le:r].fill_(-1)
    ill_ones, healthy = torch.tensor(ill).nonzero().flatten(), torch.tensor(~ill).nonzero().flatten()
    for these, those in ((ill_ones, healthy), (healthy, ill_ones)):
        for one, donor in zip(these, itertools.cycle(those), strict=False):
            other[one, :, t:b, le:r] = images[donor, :, t:b, le:r]
    return [gone, other]


def changes(window=lambda box: (slice(box[0], box[1]), slice(box[2], box[3])), value=-1.0, which=None, donors=donors_of,
            end=lambda first, second: (first, second)):
    """by_index with settings for most mistakes."""
    def answer(images, ill, box):
        rows, columns = window(box)
        first, second = images.clone(), images.clone()
        chosen = np.arange(len(ill)) if which is None else np.nonzero(which(ill))[0]
        first[chosen, :, rows, columns] = value(images) if callable(value) else value
        second[:, :, rows, columns] = images[donors(ill)][:, :, rows, columns]
        return end(first, second)

    return answer


def kept(ill, left_alone):
    donors = donors_of(ill)
    donors[left_alone] = np.nonzero(left_alone)[0]
    return donors


def as_long_as_pairs_last(ill):
    sick, well = np.nonzero(ill)[0], np.nonzero(~ill)[0]
    donors = np.arange(len(ill))
    for one, other in zip(sick, well, strict=False):
        donors[one], donors[other] = other, one
    return donors


def clipped(ill):
    sick, well = np.nonzero(ill)[0], np.nonzero(~ill)[0]
    donors = np.arange(len(ill))
    donors[sick] = well[np.minimum(np.arange(len(sick)), len(well) - 1)]
    donors[well] = sick[np.minimum(np.arange(len(well)), len(sick) - 1)]
    return donors


def backwards(ill):
    sick, well = np.nonzero(ill)[0], np.nonzero(~ill)[0]
    donors = np.arange(len(ill))
    donors[sick], donors[well] = np.resize(well[::-1], len(sick)), np.resize(sick[::-1], len(well))
    return donors


def always_the_first(ill):
    return np.where(ill, np.nonzero(~ill)[0][0], np.nonzero(ill)[0][0])


def one_after_the_other(images, ill, box):
    """Reads from the copy in which half is written already."""
    t, b, le, r = box
    gone, other = images.clone(), images.clone()
    gone[:, :, t:b, le:r] = -1
    donors = donors_of(ill)
    for group in (ill, ~ill):
        for n in np.nonzero(group)[0]:
            other[n, :, t:b, le:r] = other[donors[n], :, t:b, le:r]
    return gone, other


def from_the_erased(images, ill, box):
    t, b, le, r = box
    gone = images.clone()
    gone[:, :, t:b, le:r] = -1
    other = gone.clone()
    other[:, :, t:b, le:r] = gone[donors_of(ill)][:, :, t:b, le:r]
    return gone, other


def aliased(images, ill, box):
    """No copy: one tensor with two names."""
    gone = other = images.clone()
    t, b, le, r = box
    other[:, :, t:b, le:r] = images[donors_of(ill)][:, :, t:b, le:r]
    gone[:, :, t:b, le:r] = -1
    return gone, other


def on_the_images(images, ill, box):
    t, b, le, r = box
    other = images.clone()
    other[:, :, t:b, le:r] = images[donors_of(ill)][:, :, t:b, le:r]
    images[:, :, t:b, le:r] = -1
    return images, other


def all_at_once(images, ill, box):
    """Boolean masks on both sides, of unequal number."""
    t, b, le, r = box
    gone, other, sick = images.clone(), images.clone(), torch.tensor(ill)
    gone[..., t:b, le:r] = -1
    other[sick, :, t:b, le:r] = images[~sick, :, t:b, le:r]
    other[~sick, :, t:b, le:r] = images[sick, :, t:b, le:r]
    return gone, other


def inverted(images, ill, box):
    t, b, le, r = box
    empty = images * 0 - 1
    empty[..., t:b, le:r] = images[..., t:b, le:r]
    return empty, by_where(images, ill, box)[1]


ALTERED = [
    ("rows and columns swapped", changes(window=lambda box: (slice(box[2], box[3]), slice(box[0], box[1])))),
    ("box in another order", changes(window=lambda box: (slice(box[0], box[2]), slice(box[1], box[3])))),
    ("a row and a column too many", changes(window=lambda box: (slice(box[0], box[1] + 1), slice(box[2], box[3] + 1)))),
    ("only rows or columns", changes(window=lambda box: (slice(box[0], box[1]), slice(0, None)))),
    ("everything else erased", inverted),
    ("only the box returned", lambda images, ill, box: tuple(
        one[..., box[0]:box[1], box[2]:box[3]].clone() for one in by_where(images, ill, box))),
    ("erased with another value", changes(value=0.0)),
    ("erased with another value", changes(value=torch.mean)),
    ("erased with another value", changes(value=torch.amin)),
    ("erased in some images only", changes(which=lambda ill: ill)),
    ("erased in some images only", changes(which=np.logical_not)),
    ("exchanged one way only", changes(donors=lambda ill: kept(ill, ill))),
    ("exchanged one way only", changes(donors=lambda ill: kept(ill, ~ill))),
    ("second half reads what the first wrote", one_after_the_other),
    ("exchanged after erasing", from_the_erased),
    ("exchanged after erasing", aliased),
    ("whole images exchanged", lambda images, ill, box: (by_where(images, ill, box)[0], images[donors_of(ill)])),
    ("exchanged whoever is ill", changes(donors=lambda ill: np.arange(len(ill))[::-1].copy())),
    ("exchanged whoever is ill", changes(donors=lambda ill: (np.arange(len(ill)) + 1) % len(ill))),
    ("one box for all", changes(donors=always_the_first)),
    ("some left as they were", changes(donors=as_long_as_pairs_last)),
    ("last box repeated", changes(donors=clipped)),
    ("groups of unequal size", all_at_once),
    ("reversed order", changes(donors=backwards)),
    ("images changed in place", on_the_images),
    ("one set of images instead of two", changes(end=lambda first, second: first)),
    ("one set of images instead of two", changes(end=lambda first, second: second.clone())),
    ("exchanged in front", changes(end=lambda first, second: (second, first))),
    ("nothing exchanged", changes(donors=lambda ill: np.arange(len(ill)))),
    ("nothing erased", changes(end=lambda first, second: (second, second.clone()))),
    ("nothing erased", lambda images, ill, box: (images.clone(), by_where(images, ill, box)[1])),
]

# the finding ---------------------------------------------------------------------------------------------------------


def measured(name, top, bottom, left, right, everywhere=False):
    """Everything about a network and a box, by other tools than the check's."""
    return dict(_measured(name, top, bottom, left, right, everywhere))


@functools.cache
def _measured(name, top, bottom, left, right, everywhere):
    chests, network = hospital.chests(), hospital.network(name)
    sick = torch.tensor(chests.target == 1)
    masks = torch.zeros(chests.masks.shape, dtype=torch.bool)
    masks[:, max(0, top - 2):bottom + 2, max(0, left - 2):right + 2] = True
    chosen = torch.ones_like(sick) if everywhere else sick
    maps = explain.grad_cam(network, "0", chests.images[chosen])
    hits = metrics.pointing_game(maps, masks.numpy()[chosen.numpy()], margin=0)
    gone, other = slice_by_slice(chests.images, chests.target == 1, (top, bottom, left, right))
    sets = {"as found": chests.images, "erased": gone, "exchanged": other}
    scores = {how: roc_auc_score(chests.target, train.predict(network, images)[:, 0].numpy())
              for how, images in sets.items()}
    return {"network": name, "box": (top, bottom, left, right), "peaks": hits.mean(),
            "chance": masks[0].double().mean().item(), "AUC": scores, "conclusions": ["B", "E", "G"]}


def letter():
    return measured("b", 2, 7, 46, 50)


def rounded():
    found = letter()
    return found | {"peaks": round(found["peaks"], 2), "chance": round(found["chance"], 3),
                    "AUC": {how: round(value, 2) for how, value in found["AUC"].items()}, "conclusions": "beg"}


def wider():
    return measured("b", 1, 9, 44, 51) | {"conclusions": {"G", "E", "B"}}


def in_other_types():
    found = measured("b", 2, 8, 45, 50)
    return found | {"box": np.array(found["box"]), "peaks": torch.tensor(found["peaks"]), "remark": "an R",
                    "AUC": {how: np.float32(value) for how, value in found["AUC"].items()},
                    "conclusions": ("B", "G", "E")}


def writes(**entries):
    """letter with other entries, or what a function makes of them."""
    def answer():
        found = letter()
        for name, entry in entries.items():
            found[name] = entry(found[name]) if callable(entry) else entry
        return found

    return answer


def swapped_evidence():
    found = letter()
    found["peaks"], found["chance"] = found["chance"], found["peaks"]
    return found


def lacks(name):
    def answer():
        found = letter()
        del found[name]
        return found

    return answer


@functools.cache
def peaks_on_nodules():
    chests, network = hospital.chests(), hospital.network("b")
    sick = chests.target == 1
    return float(np.nanmean(metrics.pointing_game(explain.grad_cam(network, "0", chests.images[sick]),
                                                  chests.masks[sick], margin=0)))


FINDINGS = [
    ("map off the nodule taken for a proof", lambda: measured("c", 2, 7, 46, 50)),
    ("map off the nodule taken for a proof", writes(network="c")),
    ("the network that finds the nodules", lambda: measured("a", 2, 7, 46, 50)),
    ("the network that finds the nodules", writes(network="a")),
    ("no network named", writes(network="network b")),
    ("no network named", writes(network=1)),
    ("rows and columns swapped", writes(box=(46, 50, 2, 7))),
    ("box in another order", writes(box=(2, 46, 7, 50))),
    ("box too large", lambda: measured("b", 0, 20, 40, 52)),
    ("box too large", lambda: measured("b", 0, 48, 0, 52)),
    ("box around the bright spot only", lambda: measured("b", 5, 6, 44, 46)),
    ("box around the bright spot only", lambda: measured("b", 2, 7, 46, 48)),
    ("box beside it", lambda: measured("b", 0, 8, 0, 8)),
    ("box beside it", lambda: measured("b", 25, 35, 5, 15)),
    ("box not made of four whole numbers", writes(box=(2.5, 7, 46, 50))),
    ("box not made of four whole numbers", writes(box=[2, 7])),
    ("box not made of four whole numbers", writes(box="the R")),
    ("healthy slices counted, too", lambda: measured("b", 2, 7, 46, 50, everywhere=True)),
    ("peaks on the nodule", lambda: writes(peaks=peaks_on_nodules())()),
    ("misses counted", writes(peaks=lambda share: round(1 - share, 2))),
    ("per cent instead of shares", writes(peaks=lambda share: round(100 * share))),
    ("per cent instead of shares", writes(peaks=lambda share: 100 * share, AUC=lambda found: {
        how: 100 * value for how, value in found.items()})),
    ("chance of something else", writes(chance=1 / 3)),
    ("chance of something else", writes(chance=0.0)),
    ("peaks and chance swapped", swapped_evidence),
    ("peaks not those of this network", writes(peaks=0.75)),
    ("peaks not those of this network", writes(peaks=lambda share: round(share * 71))),
    ("erased and exchanged swapped", writes(AUC=lambda found: {
        "as found": found["as found"], "exchanged": found["erased"], "erased": found["exchanged"]})),
    ("three times the same AUC", writes(AUC=lambda found: {how: found["erased"] for how in found})),
    ("AUC of another network", lambda: writes(AUC=measured("c", 2, 7, 46, 50)["AUC"])()),
    ("one AUC instead of three", writes(AUC=0.94)),
    ("one AUC instead of three", writes(AUC=lambda found: list(found.values()))),
    ("AUC not measured", writes(AUC=lambda found: {"as found": 1.0, "erased": 0.5, "exchanged": 0.0})),
    ("AUC as found taken for its worth", writes(conclusions="ABEG")),
    ("map taken for a proof", writes(conclusions=["B", "C"])),
    ("\"uses a sign\" taken for \"knows nothing\"", writes(conclusions={"D", "E"})),
    ("one test taken for all", writes(conclusions=["f", "b"])),
    ("a conclusion left out", writes(conclusions=["B", "E"])),
    ("a conclusion left out", writes(conclusions=[])),
    ("conclusions without letters", writes(conclusions=["the letter decides"])),
    ("conclusions without letters", writes(conclusions=3)),
    ("an entry missing", lacks("box")),
    ("an entry missing", lacks("conclusions")),
    ("an entry missing", dict),
]

RIGHT = {
    "occlusion": [by_helpers, image_by_image, put_back, by_masks, covers()],
    "pointing_game": [by_metrics, in_torch, by_drawing, at_once, game()],
    "altered": [slice_by_slice, by_index, by_where, by_cycle],
    "finding": [letter, rounded, wider, in_other_types],
}
WRONG = {"occlusion": OCCLUDED, "pointing_game": GAMES, "altered": ALTERED, "finding": FINDINGS}

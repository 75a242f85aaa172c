"""Images with one place changed: erased, or exchanged between ill and healthy; and what goes wrong, as code."""
import numpy as np
import torch

AIR = -1.0


def altered(images, ill, box):
    """Two copies of images: with the box erased, and with the boxes of ill and healthy exchanged."""
    erased, exchanged = images.clone(), images.clone()
    top, bottom, left, right = box
    erased[:, :, top:bottom, left:right] = -1
    sick, well = np.flatnonzero(ill), np.flatnonzero(~ill)
    for these, others in [(sick, well), (well, sick)]:
        others = np.resize(others, len(these))  # starts over where there are too few
        exchanged[these, :, top:bottom, left:right] = images[others, :, top:bottom, left:right]
    return erased, exchanged


def drawn(seed, ill, height, width, box, channels=1):
    """Random images, in hundredths from 0 to 1: every box is another one."""
    numbers = np.random.default_rng(seed).permutation(len(ill) * channels * height * width) / 100
    return torch.from_numpy(numbers.reshape(len(ill), channels, height, width)).float(), np.array(ill, bool), box


CASES = (
    drawn(1, [1, 0], 2, 3, (0, 1, 1, 3)),
    drawn(2, [0, 1, 1, 0], 4, 3, (1, 4, 0, 2)),
    drawn(3, [1, 0, 1, 1, 0], 3, 5, (0, 2, 1, 4)),  # three ill, two healthy: one healthy box is used twice
    drawn(4, [0, 0, 0, 1], 4, 4, (2, 3, 0, 4)),
    drawn(5, [1, 1, 0, 0, 0, 1, 0], 5, 4, (1, 3, 1, 2), channels=2),
    drawn(6, [0, 1, 0, 1], 4, 6, (0, 4, 0, 6)),  # the box is the whole image
)
UNEVEN = (2, 3, 4)


def rows_of(ill):
    return np.flatnonzero(ill), np.flatnonzero(~ill)


def place(box):
    top, bottom, left, right = box
    return slice(top, bottom), slice(left, right)


def erased(images, where, value=AIR, which=slice(None)):
    images = images.clone()
    images[which, :, where[0], where[1]] = value
    return images


def exchanged(images, where, pairs):
    """A copy with the boxes of `others` put into `these`, for pairs (these, others)."""
    changed = images.clone()
    for these, others in pairs:
        changed[these, :, where[0], where[1]] = images[others, :, where[0], where[1]]
    return changed


def both_ways(ill, fit=np.resize):
    sick, well = rows_of(ill)
    return [(sick, fit(well, len(sick))), (well, fit(sick, len(well)))]


def altering(where=place, value=AIR, which=lambda ill: slice(None), pairs=both_ways,
             give=lambda first, second: (first, second)):
    """altered with another place, value, choice of the erased, or other pairs."""
    def mutant(images, ill, box):
        return give(erased(images, where(box), value, which(ill)), exchanged(images, where(box), pairs(ill)))

    return mutant


def in_place(images, ill, box):
    """Changes what was handed over."""
    copies = exchanged(images, place(box), both_ways(ill))
    images[:, :, place(box)[0], place(box)[1]] = AIR
    return images, copies


def overwritten(images, ill, box):
    """The second half of the exchange reads what the first half has written."""
    where, changed = place(box), images.clone()
    for these, others in both_ways(ill):
        changed[these, :, where[0], where[1]] = changed[others, :, where[0], where[1]]
    return erased(images, where), changed


def exchanged_after_erasing(images, ill, box):
    """The exchange starts from the erased images: every box is empty."""
    first = erased(images, place(box))
    return first, exchanged(first, place(box), both_ways(ill))


def all_but(images, ill, box):
    """Everything else is erased."""
    kept = torch.full_like(images, AIR)
    rows, columns = place(box)
    kept[:, :, rows, columns] = images[:, :, rows, columns]
    return kept, exchanged(images, place(box), both_ways(ill))


def cut_out(images, ill, box):
    """Only the boxes are returned."""
    rows, columns = place(box)
    return tuple(one[:, :, rows, columns] for one in altered(images, ill, box))


def whole_images(images, ill, box):
    return erased(images, place(box)), exchanged(images, (slice(None), slice(None)), both_ways(ill))


def mirrored_places(images, ill, box):
    """Boxes in reverse order, whoever is ill."""
    changed = images.clone()
    rows, columns = place(box)
    changed[:, :, rows, columns] = images.flip(0)[:, :, rows, columns]
    return erased(images, place(box)), changed


def shifted_by_one(ill):
    """Each image gets the box of the next one, whoever is ill."""
    return [(np.arange(len(ill)), np.roll(np.arange(len(ill)), -1))]


def first_for_all(ill):
    sick, well = rows_of(ill)
    return [(sick, np.repeat(well[:1], len(sick))), (well, np.repeat(sick[:1], len(well)))]


def only_pairs(ill):
    """zip ends with the shorter of the two."""
    sick, well = rows_of(ill)
    count = min(len(sick), len(well))
    return [(sick[:count], well[:count]), (well[:count], sick[:count])]


def last_repeated(ill):
    sick, well = rows_of(ill)
    return [(these, others[np.minimum(np.arange(len(these)), len(others) - 1)])
            for these, others in ((sick, well), (well, sick))]

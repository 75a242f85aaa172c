"""The three networks of the last exercise, what can be measured on them, and how the check looks at a finding."""
import functools
import numbers

import numpy as np

from helpers import explain, metrics, train

from ..exercise import Complaint
from . import hospital
from .altering_mutants import altered
from .pointing_mutants import pointing_game

NEAR = 0.02  # numbers may be rounded
LARGEST = 150  # pixels; the letter has 20
TRUE = "BEG"  # statements of the notebook that the numbers bear out
PARTS = {
    "network": "the one that cheats", "box": "around what it looks at", "peaks": "as measured", "chance": "as computed",
    "AUC": "as measured, three of them", "conclusions": "those that follow, and no others",
}
CASES = tuple((part,) for part in PARTS)


def around(box):
    """The box and two pixels around it, in every slice, bool (N, H, W): maps are coarser than images."""
    masks = np.zeros(hospital.chests().masks.shape, bool)
    masks[:, max(box[0] - 2, 0):box[1] + 2, max(box[2] - 2, 0):box[3] + 2] = True
    return masks


def pointed(name, masks, which=slice(None)):
    """Hits and chances of the maps of a network in some slices."""
    network, images = hospital.network(name), hospital.chests().images
    return pointing_game(explain.grad_cam(network, network[0], images[which]), masks[which])


@functools.cache
def evidence(name, box):
    """The share of ill slices whose map peaks in a box or up to two pixels beside it, and what chance would get."""
    hits, chance = pointed(name, around(box), hospital.chests().target == 1)
    return hits.mean(), chance.mean()


def asked_again(name, box):
    """The AUC of a network on the slices as found, with a box erased, and with it exchanged."""
    return dict(zip(("as found", "erased", "exchanged"), _aucs(name, box), strict=True))


@functools.cache
def _aucs(name, box):
    chests, network = hospital.chests(), hospital.network(name)
    sets = chests.images, *altered(chests.images, chests.target == 1, box)
    return [metrics.auc(chests.target, train.predict(network, images)[:, 0].numpy()) for images in sets]


def finding():
    """Which network cheats, by what, how that was measured, and what follows from it."""
    box = (2, 7, 46, 50)
    peaks, chance = evidence("b", box)
    return {"network": "b", "box": box, "peaks": peaks, "chance": chance, "AUC": asked_again("b", box),
            "conclusions": ["B", "E", "G"]}


def look(answer, part):
    """What is said of one part of a finding: the words of PARTS.  Raises Complaint for anything that does not hold."""
    said = answer()
    if not isinstance(said, dict):
        return said
    for name in [part, *(("network", "box") if part in ("peaks", "chance", "AUC") else ())]:
        if name not in said:
            raise Complaint(f"Your finding has no entry {name!r}.")
    LOOKS[part](said)
    return PARTS[part]


def look_at_network(said):
    """Whether the network named is the one that cheats.  Raises Complaint if not."""
    name = said["network"]
    if not isinstance(name, str) or name not in ("a", "b", "c"):
        raise Complaint("'network' is one of the names \"a\", \"b\" and \"c\": one of the three cheats.")
    if name == "a":
        raise Complaint("Network a points at the nodules, and hardly minds what is exchanged elsewhere.")
    if name == "c":
        raise Complaint("The maps of network c miss the nodules, but it hardly minds what is exchanged elsewhere.")


def whole(said):
    """The box as four whole numbers.  Raises Complaint for anything else."""
    box = said["box"]
    box = box.tolist() if isinstance(box, np.ndarray) else box
    if not isinstance(box, tuple | list) or len(box) != 4 or not all(
            isinstance(one, numbers.Integral) and not isinstance(one, bool) for one in box):
        raise Complaint("A box is four whole numbers, (top, bottom, left, right).")
    return tuple(map(int, box))


def covered(box):
    """Pixels of the letter in a box, and pixels of the box."""
    top, bottom, left, right = hospital.TAG
    rows = min(box[1], bottom) - max(box[0], top)
    columns = min(box[3], right) - max(box[2], left)
    return max(rows, 0) * max(columns, 0), (box[1] - box[0]) * (box[3] - box[2])


def fits(box):
    inside, area = covered(box)
    return inside >= 15 and area <= LARGEST


def look_at_box(said):
    """Whether the box holds the letter and not much else.  Raises Complaint if not."""
    box = whole(said)
    if fits(box):
        return
    if fits((box[2], box[3], box[0], box[1])):
        raise Complaint("Rows and columns of your box are exchanged: (top, bottom, left, right).")
    if fits((box[0], box[2], box[1], box[3])) or fits((box[1], box[3], box[0], box[2])):
        raise Complaint("The four numbers of your box stand in another order: (top, bottom, left, right).")
    if covered(box)[0] >= 15:
        raise Complaint("Your box is much larger than what the network looks at.")
    if covered((box[0] - 3, box[1] + 3, box[2] - 3, box[3] + 3))[0] > 0 and covered(box)[1] > 0:
        raise Complaint("Your box holds a part of what the network looks at, or lies just beside it.")
    raise Complaint("Your box does not hold what the network looks at.")


def usable(said):
    """Name and box, to measure with.  Raises Complaint where nothing can be measured."""
    name, box, (height, width) = said["network"], whole(said), hospital.chests().images.shape[2:]
    if name not in ("a", "b", "c"):
        look_at_network(said)
    if not (0 <= box[0] < box[1] <= height and 0 <= box[2] < box[3] <= width):
        raise Complaint("Your box does not lie in the image: (top, bottom, left, right), "
                        f"rows up to {height}, columns up to {width}.")
    return name, box


def number(value, what):
    """A value as a float.  Raises Complaint for anything that is not one number."""
    if isinstance(value, bool | str) or not np.isscalar(value) and np.shape(value) != ():
        raise Complaint(f"{what} is one number, not a text or several.")
    try:
        return float(value)
    except (TypeError, ValueError, RuntimeError):
        raise Complaint(f"{what} is one number, not a text or several.") from None


def near(value, right):
    return abs(value - right) <= NEAR


@functools.cache
def of_all_slices(name, box):
    """The mistake of counting the healthy, too."""
    return pointed(name, around(box))[0].mean()


@functools.cache
def on_nodules(name):
    """The mistake of counting peaks on the nodule."""
    chests = hospital.chests()
    return np.nanmean(pointed(name, chests.masks, chests.target == 1)[0])


def look_at_peaks(said):
    """Whether the share of peaks is that of the network and box named.  Raises Complaint if not."""
    name, box = usable(said)
    value, right = number(said["peaks"], "'peaks'"), evidence(name, box)[0]
    if near(value, right):
        return
    chance = said.get("chance")
    if near(value, evidence(name, box)[1]) and isinstance(chance, numbers.Real) and near(chance, right):
        raise Complaint("'peaks' and 'chance' have changed places.")
    if value > 1 and near(value / 100, right):
        raise Complaint("'peaks' is given in per cent.")
    if near(value, 1 - right):
        raise Complaint("'peaks' counts the slices that do not point into the box.")
    if near(value, of_all_slices(name, box)):
        raise Complaint("'peaks' counts the healthy slices, too.")
    if near(value, on_nodules(name)):
        raise Complaint("'peaks' counts the maps that point at the nodule.")
    raise Complaint("'peaks' is not what the maps of this network give for this box.")


def look_at_chance(said):
    """Whether the chance is that of the box named.  Raises Complaint if not."""
    name, box = usable(said)
    value, right = number(said["chance"], "'chance'"), evidence(name, box)[1]
    if abs(value - right) <= min(0.1 * right, NEAR) + 0.005:
        return
    raise Complaint("'chance' is not the share of the image that your box, with two pixels around it, takes up.")


def look_at_auc(said):
    """Whether the three AUCs are those of the network and box named.  Raises Complaint if not."""
    (name, box), found = usable(said), said["AUC"]
    if not isinstance(found, dict) or set(found) < {"as found", "erased", "exchanged"}:
        raise Complaint("'AUC' has three entries, \"as found\", \"erased\" and \"exchanged\".")
    values = {how: number(found[how], f"The AUC {how!r}") for how in ("as found", "erased", "exchanged")}
    right = asked_again(name, box)
    wrong = [how for how in right if not near(values[how], right[how])]
    if not wrong:
        return
    if all(near(values[how] / 100, right[how]) for how in right):
        raise Complaint("The AUCs are given in per cent.")
    if near(values["erased"], right["exchanged"]) and near(values["exchanged"], right["erased"]):
        raise Complaint("The AUCs erased and exchanged have changed places.")
    if any(all(near(values[how], other[how]) for how in right)
           for other in (asked_again(one, box) for one in "abc" if one != name)):
        raise Complaint("These are the AUCs of another network.")
    if len({round(value, 3) for value in values.values()}) == 1:
        raise Complaint("Your three AUCs are the same.")
    raise Complaint(f"The AUC {wrong[0]!r} is not what this network gives.")


def look_at_conclusions(said):
    """Whether all statements are named that follow, and no others.  Raises Complaint if not."""
    letters = said["conclusions"]
    try:
        drawn = {str(letter).strip().upper() for letter in letters} - {",", ""}
    except TypeError:
        drawn = {"?"}
    if unknown := drawn - set("ABCDEFG"):
        raise Complaint(f"'conclusions' is a list of letters from A to G, not {min(unknown)[:20]!r}.")
    for wrong in sorted(drawn - set(TRUE)):
        raise Complaint(f"Statement {wrong} does not follow.")
    if len(drawn) < len(TRUE):
        raise Complaint("One statement more follows." if len(drawn) == 2 else "More statements follow.")


LOOKS = {"network": look_at_network, "box": look_at_box, "peaks": look_at_peaks, "chance": look_at_chance,
         "AUC": look_at_auc, "conclusions": look_at_conclusions}

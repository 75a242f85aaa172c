"""Lab 5, exercises 8 to 10, as learners write them: Hausdorff distance, a report by patient, who fails and why.

RIGHT : exercise -> answers that differ from the reference in code and must pass; some are oracles.
WRONG : exercise -> (name of the mistake, answer) pairs, in code that is not the mutant's.
"""
import math

import numpy as np
import scipy.spatial
from scipy import ndimage

from helpers import metrics
from helpers.metrics.surfaces import surface

NAN, INF = float("nan"), float("inf")

# Hausdorff distance --------------------------------------------------------------------------------------------------


def by_metrics(target, pred, spacing):
    return metrics.hausdorff(target[None], pred[None], spacing)[0]


def by_scipy(target, pred, spacing):
    if not target.any() and not pred.any():
        return np.nan
    if not (target.any() and pred.any()):
        return np.inf
    first, second = (np.argwhere(surface(mask)) * np.array(spacing) for mask in (target, pred))
    return max(scipy.spatial.distance.directed_hausdorff(*pair)[0] for pair in ((first, second), (second, first)))


def by_trees(target, pred, spacing):
    """No points in a tree: SciPy itself says infinite."""
    if not np.any(target | pred):
        return NAN
    if target.any() != pred.any():
        return INF
    places = [np.stack(np.nonzero(surface(mask)), axis=1) * spacing for mask in (target, pred)]
    trees = [scipy.spatial.cKDTree(points) for points in places]
    return float(np.max([*trees[0].query(places[1])[0], *trees[1].query(places[0])[0]]))


def by_distance_maps(target, pred, spacing):
    edges = [surface(mask) for mask in (target, pred)]
    if not all(edge.any() for edge in edges):
        return np.inf if any(edge.any() for edge in edges) else np.nan
    maps = [ndimage.distance_transform_edt(~edge, sampling=spacing) for edge in edges]
    return max(maps[0][edges[1]].max(), maps[1][edges[0]].max())


def point_by_point(target, pred, spacing, worst=max, nearest=min, directions=(0, 1), end=max,
                   nothing=NAN, missed=INF, outline=surface):
    """Loops over points, with settings for some mistakes."""
    points = [[[index * step for index, step in zip(place, spacing, strict=True)]
               for place in np.argwhere(outline(mask))] for mask in (target, pred)]
    if not points[0] or not points[1]:
        return missed if points[0] or points[1] else nothing
    found = []
    for direction in directions:
        here, there = points[direction], points[1 - direction]
        found.append(worst([nearest([math.dist(one, other) for other in there]) for one in here]))
    return end(found)


def apart(scale=lambda at, spacing: at * spacing, length=lambda d: np.sqrt(np.sum(d**2, axis=-1)),
          take=lambda table: max(table.min(0).max(), table.min(1).max()), late=lambda value, spacing: value,
          of=surface, ask=True):
    """One table of all distances, with settings for most mistakes."""
    def answer(target, pred, spacing):
        if ask and not (target.any() and pred.any()):
            return np.inf if target.any() or pred.any() else np.nan
        a, b = (scale(np.argwhere(of(mask)).astype(float), np.asarray(spacing)) for mask in (target, pred))
        return late(take(length(a[:, np.newaxis] - b[np.newaxis])), spacing)

    return answer


def centre_to_centre(target, pred, spacing):
    if not (target.any() and pred.any()):
        return np.inf if target.any() or pred.any() else np.nan
    return np.linalg.norm((np.mean(np.argwhere(target), 0) - np.mean(np.argwhere(pred), 0)) * spacing)


def first_to_first(target, pred, spacing):
    if not (target.any() and pred.any()):
        return np.inf if target.any() or pred.any() else np.nan
    pairs = zip(np.argwhere(surface(target)), np.argwhere(surface(pred)), strict=False)
    return max(math.dist(one * spacing, other * spacing) for one, other in pairs)


def over_masks(target, pred, spacing):
    """The distance transform of the masks, whose insides are 0."""
    if not (target.any() and pred.any()):
        return np.inf if target.any() or pred.any() else np.nan
    to_target, to_pred = (ndimage.distance_transform_edt(np.logical_not(mask), spacing) for mask in (target, pred))
    return max(to_pred[target].max(), to_target[pred].max())


HAUSDORFF = [
    ("spacing ignored", apart(scale=lambda at, spacing: at)),
    ("spacing ignored", lambda target, pred, spacing: point_by_point(target, pred, np.ones(target.ndim))),
    ("spacing ignored", lambda target, pred, spacing: by_metrics(target, pred, [1] * target.ndim)),
    ("spacing in another order", lambda target, pred, spacing: point_by_point(target, pred, spacing[::-1])),
    ("one spacing for all axes", lambda target, pred, spacing: by_scipy(target, pred, [spacing[0]] * target.ndim)),
    ("one spacing for all axes", apart(scale=lambda at, spacing: at * spacing.min())),
    ("spacing multiplied at the end", apart(scale=lambda at, spacing: at, late=lambda value, spacing:
                                            value * np.linalg.norm(spacing))),
    ("divided by the spacing", apart(scale=np.divide)),
    ("spacing outside the square", lambda target, pred, spacing: apart(
        scale=lambda at, spacing: at * np.sqrt(spacing))(target, pred, spacing)),
    ("one direction only", apart(take=lambda table: table.min(axis=1).max())),
    ("one direction only", lambda *given: point_by_point(*given, directions=[1], end=sum)),
    ("smaller of the two directions", lambda *given: point_by_point(*given, end=min)),
    ("directions averaged or added", lambda *given: point_by_point(*given, end=np.mean)),
    ("directions averaged or added", lambda *given: point_by_point(*given, end=sum)),
    ("mean instead of the largest distance", lambda *given: point_by_point(*given, worst=np.mean, end=max)),
    ("mean instead of the largest distance", lambda *given: point_by_point(*given, worst=np.mean, end=np.mean)),
    ("a percentile instead of the largest", apart(take=lambda table: max(
        np.quantile(table.min(axis=0), 0.95), np.quantile(table.min(axis=1), 0.95)))),
    ("a percentile instead of the largest", lambda target, pred, spacing: metrics.hausdorff(
        target[None], pred[None], spacing, 95)[0]),
    ("smallest distance", apart(take=np.min)),
    ("farthest instead of nearest point", apart(take=np.max)),
    ("farthest instead of nearest point", lambda *given: point_by_point(*given, nearest=max, end=max)),
    ("smallest, then smallest again", apart(take=lambda table: max(table.max(axis=0).min(), table.max(axis=1).min()))),
    ("not the straight line", apart(length=lambda d: np.abs(d).sum(-1))),
    ("not the straight line", apart(length=lambda d: np.abs(d).max(-1))),
    ("root forgotten", apart(length=lambda d: np.square(d).sum(axis=2))),
    ("between the centres", centre_to_centre),
    ("all pixels instead of the surface", over_masks),
    ("all pixels instead of the surface", lambda *given: point_by_point(*given, outline=lambda mask: mask)),
    ("spacing times the mask", lambda target, pred, spacing: np.linalg.norm(
        surface(target) * spacing - surface(pred) * spacing)),
    ("corresponding points", first_to_first),
    ("corresponding points", lambda target, pred, spacing: np.max(np.linalg.norm(
        (np.argwhere(target) - np.argwhere(pred)) * spacing, axis=1))),
    ("rounded", lambda *given: np.round(by_scipy(*given), 1)),
    ("stops where a mask is empty", apart(ask=False)),
    ("stops where a mask is empty", lambda target, pred, spacing: max(max(
        min(math.dist(one * np.array(spacing), other * np.array(spacing)) for other in np.argwhere(surface(there)))
        for one in np.argwhere(surface(here))) for here, there in ((target, pred), (pred, target)))),
    ("0 where a mask is empty", lambda *given: point_by_point(*given, missed=0.0)),
    ("0 where a mask is empty", lambda *given: point_by_point(*given, nothing=0)),
    ("0 where a mask is empty", lambda target, pred, spacing: np.nan_to_num(by_trees(target, pred, spacing), posinf=0)),
    ("NaN where one mask is empty", lambda *given: point_by_point(*given, missed=NAN)),
    ("infinite where both masks are empty", lambda *given: point_by_point(*given, nothing=INF)),
    ("infinite where both masks are empty", lambda target, pred, spacing: by_trees(target, pred, spacing)
     if target.any() and pred.any() else math.inf),
    ("a large number where one mask is empty", lambda *given: point_by_point(*given, missed=1e6)),
    ("masks subtracted instead of places", lambda target, pred, spacing: np.linalg.norm(target - pred)),
]

# a report by patient -------------------------------------------------------------------------------------------------


def by_the_course(target, pred, patients, spacing):
    """helpers.metrics, of volumes."""
    names, dice = metrics.per_patient(metrics.dice, target.astype(int), pred.astype(int), patients, [1])
    mm = np.array([by_metrics(target[patients == name], pred[patients == name], spacing[patients == name][0])
                   for name in names])
    known = mm[~np.isnan(mm) & ~np.isinf(mm)]
    return dict(zip(["patients", "dice", "mm", "mean dice", "mean mm", "missed"], [
        names, dice[:, 0], mm, np.nanmean(dice), known.mean(), int(np.isinf(mm).sum())], strict=True))


def sums_by_patient(target, pred, patients, spacing):
    """Dice from counts of voxels for each patient; plain loops for the rest."""
    names, places = np.unique(patients, return_inverse=True)
    both, areas = (np.bincount(places, counts.sum((1, 2))) for counts in (target & pred, 0 + target + 0 + pred))
    dice = np.array([2 * one / other if other else NAN for one, other in zip(both, areas, strict=True)])
    mm, finite, missed = [], [], 0
    for place in range(len(names)):
        rows = places == place
        mm.append(by_distance_maps(target[rows], pred[rows], spacing[rows].mean(axis=0)))
        missed += int(mm[-1] == INF)
        finite += [mm[-1]] * bool(np.isfinite(mm[-1]))
    return {"missed": missed, "mean mm": sum(finite) / len(finite), "patients": names, "dice": dice, "mm": np.array(mm),
            "mean dice": dice[~np.isnan(dice)].mean()}


def stacked(target, pred, patients, spacing):
    """Sorted slices, cut where a new patient begins."""
    order = np.argsort(patients, kind="stable")
    names, first = np.unique(patients[order], return_index=True)
    parts = [np.split(values[order], first[1:]) for values in (target, pred, spacing)]
    dice, mm = np.transpose([(metrics.dice(t[None], p[None])[0], by_scipy(t, p, s[0]))
                             for t, p, s in zip(*parts, strict=True)])
    return {"patients": names, "dice": dice, "mm": mm, "mean dice": np.ma.masked_invalid(dice).mean(),
            "mean mm": np.ma.masked_invalid(mm).mean(), "missed": np.count_nonzero(mm == np.inf)}


def report(unit=lambda patients: patients, overlap=None, far=by_scipy, step=lambda own, all: own[0], names=np.unique,
           dice_of=np.nanmean, mm_of=lambda mm: np.mean(mm[np.isfinite(mm)]),
           missed=lambda mm: int(np.sum(np.isinf(mm))), more=None):
    """The report with settings for most mistakes; unit : what is put together; more : last changes."""
    overlap = overlap or (lambda t, p: 2 * np.sum(t & p) / (np.sum(t) + np.sum(p)) if t.any() or p.any() else NAN)

    def answer(target, pred, patients, spacing):
        who, dice, mm = unit(patients), [], []
        for name in names(who):
            chosen = who == name
            dice.append(overlap(target[chosen], pred[chosen]))
            mm.append(far(target[chosen], pred[chosen], step(spacing[chosen], spacing)))
        dice, mm = np.array(dice), np.array(mm)
        said = {"patients": names(who), "dice": dice, "mm": mm, "mean dice": dice_of(dice), "mean mm": mm_of(mm),
                "missed": missed(mm)}
        return more(said, target, pred, patients) if more else said

    return answer


def each_slice(t, p):
    return np.array([2 * (a & b).sum() / (a.sum() + b.sum()) if a.any() or b.any() else NAN
                     for a, b in zip(t, p, strict=True)])


def slice_mean(t, p):
    values = each_slice(t, p)
    return NAN if np.isnan(values).all() else np.nanmean(values)


def mean_of_slices(said, target, pred, patients):
    return said | {"mean dice": np.nanmean(each_slice(target, pred))}


def weighted(said, target, pred, patients):
    counts = [np.sum(patients == name) for name in said["patients"]]
    pairs = [(dice, count) for dice, count in zip(said["dice"], counts, strict=True) if not math.isnan(dice)]
    return said | {"mean dice": sum(dice * count for dice, count in pairs) / sum(count for _, count in pairs)}


def in_slices(t, p, spacing):
    distances = [by_scipy(a, b, spacing[1:]) for a, b in zip(t, p, strict=True)]
    finite = [one for one in distances if math.isfinite(one)]
    return max(finite) if finite else INF if INF in distances else NAN


def without_order(patients):
    return np.array(sorted(set(patients.tolist()), key=patients.tolist().index))


REPORTS = [
    ("mean over slices instead of patients", report(unit=lambda patients: np.arange(len(patients)))),
    ("mean over slices instead of patients", report(more=mean_of_slices)),
    ("mean over slices instead of patients", report(unit=lambda patients: np.arange(len(patients)), more=lambda
                                                    said, target, pred, patients: said | {
                                                        "patients": np.unique(patients)})),
    ("slices averaged within a patient", report(overlap=slice_mean)),
    ("weighted by slices", report(more=weighted)),
    ("all patients as one volume", report(more=lambda said, target, pred, patients: said | {
        "mean dice": 2 * (target & pred).sum() / (target.sum() + pred.sum())})),
    ("patients in another order", report(names=without_order)),
    ("keys are patients", lambda target, pred, patients, spacing: {
        name: by_scipy(target[patients == name], pred[patients == name], spacing[patients == name][0])
        for name in np.unique(patients).tolist()}),
    ("keys are patients", lambda target, pred, patients, spacing: {
        str(name): {"dice": slice_mean(target[patients == name], pred[patients == name])} for name in patients}),
    ("spacing ignored", report(step=lambda own, all: [1, 1, 1])),
    ("spacing ignored", report(far=lambda t, p, spacing: by_distance_maps(t, p, None))),
    ("spacing of one patient for all", report(step=lambda own, all: all[0])),
    ("spacing of one patient for all", report(step=lambda own, all: np.mean(all, 0))),
    ("thickness of the slices forgotten", report(step=lambda own, all: (own[0][1], own[0][1], own[0][2]))),
    ("thickness of the slices forgotten", report(step=lambda own, all: (1, *own[0][1:]))),
    ("spacing in another order", report(step=lambda own, all: own[0, ::-1])),
    ("spacing in another order", report(step=lambda own, all: own[0][[1, 2, 0]])),
    ("distance slice by slice", report(far=in_slices)),
    ("infinite distances in the mean", report(mm_of=np.nanmean)),
    ("infinite distances in the mean", report(mm_of=lambda mm: mm[np.invert(np.isnan(mm))].mean())),
    ("NaN in the mean", report(dice_of=np.mean)),
    ("NaN in the mean", report(dice_of=np.average, mm_of=np.average)),
    ("NaN in the mean", report(mm_of=lambda mm: mm[mm != INF].mean())),
    ("missed patients counted as 0 mm", report(mm_of=lambda mm: np.nanmean(np.where(mm == INF, 0, mm)))),
    ("missed patients counted as 0 mm", report(mm_of=lambda mm: np.nan_to_num(mm, posinf=0).mean())),
    ("missed patients left out of the mean Dice", report(dice_of=lambda dice: np.nanmean(dice[dice != 0]))),
    ("missed patients left out of the mean Dice", report(more=lambda said, *_: said | {
        "mean dice": np.mean([dice for dice, mm in zip(said["dice"], said["mm"], strict=True) if math.isfinite(mm)])})),
    ("patients without the organ in the mean", report(dice_of=lambda dice: np.mean(np.nan_to_num(dice)))),
    ("patients without the organ in the mean", report(overlap=lambda t, p: (
        2 * np.sum(t & p) / max(t.sum() + p.sum(), 1)))),
    ("patients without the organ in the mean", report(overlap=lambda t, p: (
        (2 * np.sum(t & p) + 1e-8) / (t.sum() + p.sum() + 1e-8)))),
    ("NaN counted as missed", report(missed=lambda mm: len(mm) - int(np.isfinite(mm).sum()))),
    ("no overlap taken for missed", report(more=lambda said, *_: said | {"missed": int((said["dice"] == 0).sum())})),
    ("share instead of a number of patients", report(missed=lambda mm: np.mean(mm == INF))),
    ("who was missed instead of how many", report(missed=np.isinf)),
    ("who was missed instead of how many", report(missed=lambda mm: bool(np.isinf(mm).any()))),
    ("who was missed instead of how many", report(more=lambda said, *_: said | {
        "missed": said["patients"][said["mm"] == INF]})),
    ("median instead of mean", report(dice_of=np.nanmedian)),
    ("median instead of mean", report(dice_of=np.nanmedian, mm_of=lambda mm: np.median(mm[np.isfinite(mm)]))),
    ("another overlap than Dice", report(overlap=lambda t, p: (t & p).sum() / (t | p).sum() if (t | p).any() else NAN)),
    ("rounded", report(more=lambda said, *_: {key: np.round(value, 2) for key, value in said.items()})),
]

# who fails, and why --------------------------------------------------------------------------------------------------


def in_a_loop(patients, dice, traits, usual, limit):
    reasons = {}
    for patient, scores, *values in zip(patients.tolist(), dice, *traits.values(), strict=True):
        known = scores[~np.isnan(scores)]
        if known.sum() / len(known) >= limit:
            continue
        best, largest = None, -1.0
        for name, value in zip(traits, values, strict=True):
            z = abs((value - np.mean(usual[name])) / np.std(usual[name]))
            if z > largest:
                best, largest = name, z
        reasons[patient] = best
    return reasons


def in_a_table(patients, dice, traits, usual, limit):
    names = np.array(list(traits))
    known = np.stack([usual[name] for name in names])
    z = np.abs(np.stack([traits[name] for name in names]) - known.mean(1, keepdims=True)) / known.std(1, keepdims=True)
    failing = np.ma.masked_invalid(dice).mean(axis=1).data < limit
    return dict(zip(patients[failing], names[z.argmax(axis=0)[failing]], strict=True))


def by_squares(patients, dice, traits, usual, limit):
    def surprise(name, place):
        return -((traits[name][place] - usual[name].mean()) ** 2) / usual[name].var()

    return {patients[place]: min(traits, key=lambda name: surprise(name, place))
            for place in range(len(patients)) if np.nanmean(dice[place]) < limit}


def reasons(mean=np.nanmean, low=lambda mean, limit: mean < limit, z=lambda value, u: abs(value - u.mean()) / u.std(),
            best=max, key=lambda place, patients: int(patients[place]), among=lambda traits, usual: usual,
            back=lambda found: found):
    """The answer with settings for most mistakes."""
    def answer(patients, dice, traits, usual, limit):
        found, others = {}, among(traits, usual)
        for place in range(len(patients)):
            if low(mean(dice[place]), limit):
                far = [(z(traits[name][place], others[name]), name) for name in traits]
                found[key(place, patients)] = best(far, key=lambda pair: pair[0])[1]
        return back(found)

    return answer


def first_only(patients, dice, traits, usual, limit):
    for place in range(len(patients)):
        if np.nanmean(dice[place]) < limit:
            return {patients[place]: in_a_loop(patients, dice, traits, usual, limit)[patients[place]]}
    return {}


def worst_only(patients, dice, traits, usual, limit):
    found, means = in_a_loop(patients, dice, traits, usual, limit), np.nanmean(dice, axis=1)
    return {name: found[name] for name in found if name == patients[means.argmin()]}


def worst_always(patients, dice, traits, usual, limit):
    worst = np.nanmean(dice, axis=1).argmin()
    return {patients[worst]: in_a_loop(patients, dice, traits, usual, 2.0)[int(patients[worst])]}


def down_the_columns(patients, dice, traits, usual, limit):
    means = np.nanmean(dice, axis=0)
    everybody = in_a_loop(patients, dice, traits, usual, 2.0)
    return {int(patients[place]): everybody[int(patients[place])] for place in np.flatnonzero(means < limit)}


def of_the_ward(patients, dice, traits, usual, limit):
    """The middle of the training patients, the spread of the ward."""
    found = {}
    for place in np.flatnonzero(np.nanmean(dice, axis=1) < limit):
        far = [abs(values[place] - usual[name].mean()) / values.std() for name, values in traits.items()]
        found[int(patients[place])] = list(traits)[int(np.argmax(far))]
    return found


def beyond_two(patients, dice, traits, usual, limit):
    found = {}
    for name in in_a_loop(patients, dice, traits, usual, limit):
        place = list(patients).index(name)
        for trait in traits:
            if abs(traits[trait][place] - usual[trait].mean()) > 2 * usual[trait].std():
                found[name] = trait
                break
    return found


def one_for_all(patients, dice, traits, usual, limit):
    found = in_a_loop(patients, dice, traits, usual, limit)
    return {name: next(iter(found.values())) for name in found}


def all_beyond_one(patients, dice, traits, usual, limit):
    return {name: [trait for trait in traits if abs(
        traits[trait][list(patients).index(name)] - usual[trait].mean()) > usual[trait].std()]
        for name in in_a_loop(patients, dice, traits, usual, limit)}


FAILING = [
    ("an organ without Dice ends the mean", reasons(mean=np.mean)),
    ("an organ without Dice ends the mean", reasons(mean=lambda row: sum(row) / len(row))),
    ("an organ without Dice counted as 0", reasons(mean=lambda row: np.mean(np.nan_to_num(row)))),
    ("an organ without Dice counted as 0", reasons(mean=lambda row: np.nansum(row) / row.size)),
    ("worst organ instead of the mean", reasons(mean=np.nanmin)),
    ("median of the organs", reasons(mean=np.nanmedian)),
    ("mean along the wrong axis", down_the_columns),
    ("those who do well", reasons(low=lambda mean, limit: mean > limit)),
    ("everybody", reasons(low=lambda mean, limit: mean > 0)),
    ("only one patient", first_only),
    ("only one patient", worst_only),
    ("the worst, whether it fails or not", worst_always),
    ("limit ignored", reasons(low=lambda mean, limit: mean < 0.8)),
    ("limit ignored", reasons(low=lambda mean, limit: mean < 0.75)),
    ("place instead of the patient's number", reasons(key=lambda place, patients: place)),
    ("place instead of the patient's number", reasons(key=lambda place, patients: place + 1)),
    ("numbers turned into text", reasons(key=lambda place, patients: f"{patients[place]}")),
    ("raw differences compared", reasons(z=lambda value, u: np.abs(value - np.mean(u)))),
    ("shares of the mean compared", reasons(z=lambda value, u: abs((value - u.mean()) / u.mean()))),
    ("shares of the mean compared", reasons(z=lambda value, u: abs(value / u.mean()))),
    ("divided by the variance", reasons(z=lambda value, u: abs(value - u.mean()) / u.std()**2)),
    ("not measured from the mean", reasons(z=lambda value, u: abs(value / u.std()))),
    ("only what is larger than usual", reasons(z=lambda value, u: (value - u.mean()) / u.std())),
    ("only what is smaller than usual", reasons(z=lambda value, u: (u.mean() - value) / u.std())),
    ("only what is smaller than usual", reasons(z=lambda value, u: (value - u.mean()) / u.std(), best=min)),
    ("compared with the ward itself", reasons(among=lambda traits, usual: traits)),
    ("spread of the ward", of_the_ward),
    ("least unusual trait", reasons(best=min)),
    ("first trait that is far enough", beyond_two),
    ("same reason for everybody", one_for_all),
    ("several reasons for one patient", all_beyond_one),
    ("several reasons for one patient", lambda *given: {name: {trait} for name, trait in in_a_loop(*given).items()}),
    ("a number instead of the name", lambda patients, dice, traits, usual, limit: {
        name: list(traits).index(trait) for name, trait in in_a_loop(patients, dice, traits, usual, limit).items()}),
    ("a number instead of the name", lambda patients, dice, traits, usual, limit: {
        name: max(abs(traits[trait][list(patients).index(name)] - usual[trait].mean()) / usual[trait].std()
                  for trait in traits) for name in in_a_loop(patients, dice, traits, usual, limit)}),
    ("traits as keys", lambda *given: {trait: name for name, trait in in_a_loop(*given).items()}),
    ("a list instead of a dictionary", lambda *given: list(in_a_loop(*given).values())),
    ("a list instead of a dictionary", lambda *given: tuple(in_a_loop(*given))),
]

RIGHT = {
    "hausdorff": [by_metrics, by_scipy, by_trees, by_distance_maps, point_by_point,
                  apart()],
    "patient_report": [by_the_course, sums_by_patient, stacked, report()],
    "failures": [in_a_loop, in_a_table, by_squares, reasons()],
}
WRONG = {"hausdorff": HAUSDORFF, "patient_report": REPORTS, "failures": FAILING}

"""Lab 4 as learners write it: right answers in other words, and known mistakes in other words.

RIGHT : exercise -> answers that differ from the reference in code and must pass; some are oracles.
WRONG : exercise -> (name of the mistake, answer) pairs, in code that is not the mutant's.
"""
import math
import random
from collections import OrderedDict
from functools import partial
from itertools import pairwise

import numpy as np
import skimage.measure
import sklearn.metrics
import sklearn.model_selection
import torch
import wrong_answers_04b
from torch import nn
from torch.nn import functional

NAN = float("nan")

# pooling ---------------------------------------------------------------------------------------------------------

def pool_by_torch(feature_map, size, stride, of=functional.max_pool2d, **settings):
    maps = torch.tensor(np.array(feature_map, float))[None, None]
    return of(maps, size, stride, **settings)[0, 0]


def pool_by_skimage(feature_map, size, stride):
    """Windows side by side by the library, others by loops."""
    if size != stride:
        return pool_row_by_row(feature_map, size, stride)
    rows, columns = (length // size * size for length in feature_map.shape)
    return skimage.measure.block_reduce(feature_map[:rows, :columns], size, np.max)


def pool_row_by_row(feature_map, size, stride, of=max, ends=(1, 1), side=lambda size, stride: size):
    """Lists of lists; what is done with a window, where the loops end and its side may be changed."""
    H, W = feature_map.shape
    width, result = side(size, stride), []
    for r in range(0, H - size + ends[0], stride):
        line = []
        for c in range(0, W - size + ends[1], stride):
            line.append(of([feature_map[i, j] for i in range(r, min(r + width, H))
                            for j in range(c, min(c + width, W))]))
        result.append(line)
    return np.array(result)


def pool_number_by_number(feature_map, size, stride, start=-math.inf):
    """The search for the largest number begins at `start`."""
    H, W = feature_map.shape
    result = np.zeros(((H - size) // stride + 1, (W - size) // stride + 1))
    for r, c in np.ndindex(result.shape):
        largest = start
        for i, j in np.ndindex(size, size):
            largest = max(largest, feature_map[r * stride + i, c * stride + j])
        result[r, c] = largest
    return result


def pool_by_shifts(feature_map, size, stride):
    """The maximum of size × size thinned copies of the map."""
    H, W = feature_map.shape
    rows, columns = (H - size) // stride + 1, (W - size) // stride + 1
    shifted = [feature_map[i:i + rows * stride:stride, j:j + columns * stride:stride][:rows, :columns]
               for i, j in np.ndindex(size, size)]
    return np.maximum.reduce(shifted)


def pool_to_the_end(feature_map, size, stride, of=np.max):
    """Windows wherever one begins inside the map."""
    H, W = feature_map.shape
    return np.array([[of(feature_map[r:r + size, c:c + size]) for c in range(0, W, stride)]
                     for r in range(0, H, stride)])


def pool_counting_by_division(feature_map, size, stride):
    rows, columns = feature_map.shape[0] // stride, feature_map.shape[1] // stride
    output = np.zeros((rows, columns))
    for r, c in np.ndindex(rows, columns):
        output[r, c] = feature_map[r * stride:r * stride + size, c * stride:c * stride + size].max()
    return output


def pool_into(feature_map, size, stride, rows, columns, top=None, dtype=float):
    """An output of rows × columns; top(row, stride) is where a window begins."""
    top = top or (lambda place, stride: place * stride)
    output = np.zeros((rows, columns), dtype)
    for r, c in np.ndindex(rows, columns):
        a, b = top(r, stride), top(c, stride)
        output[r, c] = np.amax(feature_map[a:a + size, b:b + size])
    return output


def right_size(feature_map, size, stride):
    return tuple((length - size) // stride + 1 for length in feature_map.shape)


def pool_into_of_right_size(feature_map, size, stride, **settings):
    return pool_into(feature_map, size, stride, *right_size(feature_map, size, stride), **settings)


def pool_counting_short(feature_map, size, stride):
    rows, columns = ((length - size) // stride for length in feature_map.shape)
    return pool_into(feature_map, size, stride, rows, columns)


def pool_counting_by_size(feature_map, size, stride):
    return pool_into(feature_map, size, stride, feature_map.shape[0] // size, feature_map.shape[1] // size)


def pool_square(feature_map, size, stride):
    side = (feature_map.shape[0] - size) // stride + 1
    return pool_into(feature_map, size, stride, side, side)


def pool_square_by_columns(feature_map, size, stride):
    side = (len(feature_map[0]) - size) // stride + 1
    return pool_into(feature_map, size, stride, side, side)


def pool_returning_in_the_loop(feature_map, size, stride):
    output = np.zeros(right_size(feature_map, size, stride))
    for r in range(output.shape[0]):
        for c in range(output.shape[1]):
            output[r, c] = feature_map[r * stride:r * stride + size, c * stride:c * stride + size].max()
        return output


def pool_returning_at_once(feature_map, size, stride):
    for r in range(feature_map.shape[0]):
        for c in range(feature_map.shape[1]):
            return feature_map[r:r + size, c:c + size].max()


def pool_in_place(feature_map, size, stride):
    for r, c in np.ndindex(right_size(feature_map, size, stride)):
        window = feature_map[r * stride:r * stride + size, c * stride:c * stride + size]
        feature_map[r, c] = window.max()
    return feature_map[:r + 1, :c + 1]


def pool_with_a_frame(feature_map, size, stride, width=lambda size: size // 2):
    return pool_row_by_row(np.pad(feature_map, width(size)), size, stride)


def pool_filled_up(feature_map, size, stride):
    H, W = feature_map.shape
    framed = np.zeros((H + (-(H - size)) % stride, W + (-(W - size)) % stride))
    framed[:H, :W] = feature_map
    return pool_row_by_row(framed, size, stride)


def pool_transposed(feature_map, size, stride):
    rows, columns = right_size(feature_map, size, stride)
    output = np.empty((columns, rows))
    for r, c in np.ndindex(rows, columns):
        output[c, r] = feature_map[r * stride:r * stride + size, c * stride:c * stride + size].max()
    return output


def pool_unpacked_the_wrong_way(feature_map, size, stride):
    W, H = feature_map.shape
    output = np.zeros(((H - size) // stride + 1, (W - size) // stride + 1))
    for r, c in np.ndindex(output.shape):
        output[r, c] = np.max(feature_map[r * stride:r * stride + size, c * stride:c * stride + size])
    return output


def pool_unpacked_the_wrong_way_in_python(feature_map, size, stride):
    W, H = feature_map.shape
    return np.array([[max(feature_map[r + i][c + j] for i in range(size) for j in range(size))
                      for c in range(0, W - size + 1, stride)] for r in range(0, H - size + 1, stride)])


def pool_columns(feature_map, size, stride):
    H = feature_map.shape[0]
    return np.array([feature_map[r:r + size].max(axis=0) for r in range(0, H - size + 1, stride)])


def pool_rows(feature_map, size, stride):
    return pool_columns(feature_map.T, size, stride).T


def largest_in_size(window):
    return max(window, key=abs)


# receptive fields ------------------------------------------------------------------------------------------------

def field_backwards(layers):
    field = 1
    for kernel_size, stride in reversed(layers):
        field = (field - 1) * stride + kernel_size
    return field


def field_by_sum(layers):
    kernels, strides = [kernel for kernel, _ in layers], [stride for _, stride in layers]
    return 1 + sum((kernel - 1) * math.prod(strides[:place]) for place, kernel in enumerate(kernels))


def field_by_following(layers):
    """The first and the last pixel that the unit at 0 sees, layer by layer."""
    first = last = 0
    for kernel_size, stride in layers[::-1]:
        first, last = first * stride, last * stride + kernel_size - 1
    return last - first + 1


def field_by_gradient(layers):
    """From the first to the last pixel that moves a unit in the middle of a stack of ones."""
    length = 400
    signal = torch.zeros(1, 1, length, dtype=torch.float64, requires_grad=True)
    out = signal
    for kernel_size, stride in layers:
        out = functional.conv1d(out, torch.ones(1, 1, kernel_size, dtype=torch.float64), stride=stride)
    out[0, 0, out.shape[-1] // 3].backward()
    seen = torch.nonzero(signal.grad[0, 0])
    return int(seen[-1] - seen[0] + 1)


def field_recursive(layers):
    if not layers:
        return 1
    (kernel_size, stride), rest = layers[0], layers[1:]
    return kernel_size + (field_recursive(rest) - 1) * stride


def field_walk(layers, first=1, grows=lambda kernel, stride, jump: (kernel - 1) * jump,
               moves=lambda jump, stride: jump * stride):
    field, jump = first, 1
    for layer in layers:
        field = field + grows(layer[0], layer[1], jump)
        jump = moves(jump, layer[1])
    return field


def field_changing_the_jump_first(layers):
    field, jump = 1, 1
    for kernel, stride in layers:
        jump = jump * stride
        field = field + (kernel - 1) * jump
    return field


def field_forwards_with_the_other_formula(layers):
    field = 1
    for kernel, stride in layers:
        field = stride * (field - 1) + kernel
    return field


def field_keeping_one_stride(layers):
    field, before = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * before
        before = stride
    return field


def fields_of_all(layers, start=()):
    fields, jump = [*start], 1
    for kernel, stride in layers:
        fields.append((fields[-1] if fields else 1) + (kernel - 1) * jump)
        jump *= stride
    return fields


def field_from_the_first_layer(layers):
    field, jump = layers[0]
    for kernel, stride in layers[1:]:
        field += (kernel - 1) * jump
        jump *= stride
    return field


def field_returned_in_the_loop(layers):
    field = 1
    for kernel, _ in layers:
        field += kernel - 1
        return field
    return field


def field_without_the_last(layers):
    field, jump = 1, 1
    for place in range(len(layers) - 1):
        field += (layers[place][0] - 1) * jump
        jump *= layers[place][1]
    return field


def field_product(layers):
    field = 1
    for kernel, _ in layers:
        field *= kernel
    return field


def field_of_the_last(layers):
    field = 1
    for kernel, _ in layers:
        field = kernel
    return field


# LeNet-5 ---------------------------------------------------------------------------------------------------------

def lenet(first=(1, 6, 5), second=(6, 16, 5), pool=lambda: nn.AvgPool2d(2), act=nn.ReLU, flatten=nn.Flatten,
          dense=((400, 120), (120, 84), (84, 10)), end=(), **conv):
    """LeNet-5 in which every part may be another one."""
    hidden = [layer for inputs, outputs in dense[:-1] for layer in (nn.Linear(inputs, outputs), act())]
    return nn.Sequential(nn.Conv2d(*first, **conv), act(), pool(), nn.Conv2d(*second, **conv), act(), pool(), flatten(),
                         *hidden, nn.Linear(*dense[-1]), *end)


def lenet_in_two_parts():
    features = nn.Sequential(nn.Conv2d(1, 6, 5), nn.MaxPool2d(2, 2), nn.ReLU(inplace=True),
                             nn.Conv2d(6, 16, (5, 5)), nn.MaxPool2d((2, 2)), nn.ReLU())
    dense = nn.Sequential(nn.Flatten(), nn.Linear(16 * 5 * 5, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(),
                          nn.Linear(84, 10))
    return nn.Sequential(features, dense)


def lenet_with_names():
    relu, pool = nn.ReLU(), nn.AvgPool2d(kernel_size=2, stride=2)
    return nn.Sequential(OrderedDict([
        ("C1", nn.Conv2d(1, 6, kernel_size=5, padding=0)), ("r1", relu), ("S2", pool), ("C3", nn.Conv2d(6, 16, 5)),
        ("r3", relu), ("S4", pool), ("flat", nn.Flatten(start_dim=1)), ("F5", nn.Linear(400, 120)), ("r5", relu),
        ("F6", nn.Linear(120, 84)), ("r6", relu), ("out", nn.Linear(84, 10))]))


def lenet_layer_by_layer(append=()):
    network, channels = nn.Sequential(), [1, 6, 16]
    for before, after in pairwise(channels):
        network.extend([nn.Conv2d(before, after, 5, padding="valid"), nn.ReLU(), nn.AdaptiveAvgPool2d(
            14 if after == 6 else 5)])
    network.append(nn.Flatten(-3))
    widths = [400, 120, 84]
    for before, after in pairwise(widths):
        network.extend([nn.Linear(before, after), nn.ReLU()])
    network.append(nn.Linear(84, 10))
    return network.extend(append)


def lenet_of_the_paper():
    return nn.Sequential(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(),
                         nn.AvgPool2d(2), nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten(), nn.Linear(120, 84), nn.Tanh(),
                         nn.Linear(84, 10))


class LeNet(nn.Module):
    """As one would write it in a project."""

    def __init__(self):
        super().__init__()
        self.parts = lenet()

    def forward(self, images):
        return self.parts(images)


def no_pool():
    return lenet(pool=nn.Identity, dense=((16 * 24 * 24, 120), (120, 84), (84, 10)))


def one_pool():
    return nn.Sequential(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.Flatten(),
                         nn.Linear(1600, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def one_relu_short():
    layers = list(lenet())
    del layers[8]
    return nn.Sequential(*layers)


def with_batch_norm():
    layers = list(lenet())
    layers.insert(1, nn.BatchNorm2d(6))
    return nn.Sequential(*layers)


def without_bias_in_the_last():
    return nn.Sequential(*list(lenet())[:-1], nn.Linear(84, 10, bias=False))


# leaks and splits ------------------------------------------------------------------------------------------------

def leaks_by_numpy(patients, train, validation, test):
    three = [np.unique(patients[part]) for part in (train, validation, test)]
    everybody, counts = np.unique(np.concatenate(three), return_counts=True)
    return everybody[counts > 1]


def leaks_by_loops(patients, train, validation, test):
    found = []
    for patient in dict.fromkeys(patients.tolist()):
        parts = 0
        for part in (train, validation, test):
            parts += any(patients[position] == patient for position in part)
        if parts > 1:
            found.append(patient)
    return found


def leaks_by_pairs(patients, train, validation, test, pairs=((0, 1), (0, 2), (1, 2))):
    parts = (train, validation, test)
    found = set()
    for one, other in pairs:
        found |= set(patients[parts[one]]) & set(patients[parts[other]])
    return found


def leaks_by_isin(patients, train, validation, test):
    inside = np.isin(patients[test], patients[train]) | np.isin(patients[test], patients[validation])
    inside_validation = np.isin(patients[validation], patients[train])
    return np.unique(np.concatenate([patients[test][inside], patients[validation][inside_validation]]))


def leaks_as_tensor(patients, train, validation, test):
    return torch.tensor(sorted(leaks_by_pairs(patients, train, validation, test)), dtype=torch.int64)


def leaks_by_positions(patients, train, validation, test):
    return set(train) & set(validation) | set(train) & set(test) | set(validation) & set(test)


def leaks_counted_by_slices(patients, train, validation, test):
    everything = np.concatenate([train, validation, test])
    return [patient for patient in set(patients.tolist()) if (patients[everything] == patient).sum() > 1]


def leaks_in_all(patients, train, validation, test):
    return [patient for patient in set(patients[train])
            if patient in patients[validation] and patient in patients[test]]


def leaks_twice_named(patients, train, validation, test):
    return [patient for one, other in ((train, validation), (train, test), (validation, test))
            for patient in patients[one] if patient in patients[other]]


def leaks_positions_found(patients, train, validation, test):
    return [place for place in range(len(patients)) if patients[place] in leaks_by_loops(
        patients, train, validation, test)]


def leaks_test_positions(patients, train, validation, test):
    named = leaks_by_pairs(patients, train, validation, test)
    return [place for place in test if patients[place] in named]


def leaks_zipped(patients, train, validation, test):
    return {patients[one] for one, other in zip(train, test, strict=False) if patients[one] == patients[other]}


def leaks_where_parts_meet(patients, train, validation, test):
    found = set()
    if patients[train[-1]] == patients[validation[0]]:
        found.add(patients[train[-1]])
    if patients[validation[-1]] == patients[test[0]]:
        found.add(patients[validation[-1]])
    return found


def leaks_positions_as_patients(patients, train, validation, test):
    return np.array(sorted(set(patients[train]) & set(validation) | set(patients[train]) & set(test)), dtype=int)


def split_by_shuffling_a_list(patients, share, seed):
    known = sorted(set(patients.tolist()))
    random.Random(seed).shuffle(known)
    held_out = set(known[:int(share * len(known))])
    test = [place for place, patient in enumerate(patients) if patient in held_out]
    train = [place for place, patient in enumerate(patients) if patient not in held_out]
    return train, test


def split_by_sklearn(patients, share, seed):
    splitter = sklearn.model_selection.GroupShuffleSplit(1, test_size=share, random_state=seed)
    return next(splitter.split(np.zeros(len(patients)), groups=patients))


def split_by_choice(patients, share, seed, replace=False):
    draw = np.random.default_rng(seed)
    known = np.unique(patients)
    held_out = draw.choice(known, size=round(share * len(known)), replace=replace)
    mask = np.array([patient in held_out for patient in patients])
    return np.where(~mask)[0], np.where(mask)[0]


def split_by_torch(patients, share, seed):
    known = torch.unique(torch.tensor(patients))
    order = torch.randperm(len(known), generator=torch.Generator().manual_seed(seed))
    test = torch.isin(torch.tensor(patients), known[order[:math.ceil(share * len(known))]])
    return torch.nonzero(~test)[:, 0], torch.nonzero(test)[:, 0]


def split_with_the_old_generator(patients, share, seed):
    np.random.seed(seed)
    known = np.unique(patients)
    np.random.shuffle(known)
    parts = known[:round(share * len(known))], known[round(share * len(known)):]
    test, train = (np.concatenate([np.flatnonzero(patients == one) for one in part]) for part in parts)
    return train, test


def slices_by_sklearn(patients, share, seed):
    return sklearn.model_selection.train_test_split(np.arange(len(patients)), test_size=share, random_state=seed)


def slices_shuffled_then_grouped(patients, share, seed):
    shuffled = np.random.default_rng(seed).permutation(patients)
    known = np.unique(shuffled)
    mask = np.isin(shuffled, known[:round(share * len(known))])
    return np.flatnonzero(~mask), np.flatnonzero(mask)


def first_slices_in_test(patients, share, seed):
    count = int(share * len(patients))
    return list(range(count, len(patients))), list(range(count))


def test_slices_in_train(patients, share, seed):
    return np.arange(len(patients)), split_by_choice(patients, share, seed)[1]


def one_slice_of_each(patients, share, seed):
    known, first = np.unique(patients, return_index=True)
    return tuple(first[part] for part in slices_by_sklearn(known, share, seed))


def some_patients_lost(patients, share, seed):
    known = np.random.default_rng(seed).permutation(np.unique(patients))
    test, train = known[:int(share * len(known))], known[int(share * len(known)) + 1:]
    return tuple(np.flatnonzero(np.isin(patients, part)) for part in (train, test))


def share_rounded_to_nobody(patients, share, seed):
    known = np.random.default_rng(seed).permutation(np.unique(patients))
    mask = np.isin(patients, known[:int(share) * len(known)])
    return np.flatnonzero(~mask), np.flatnonzero(mask)


def until_the_slices_suffice(patients, share, seed):
    """Patients are drawn until the test holds its share of slices."""
    mask = np.zeros(len(patients), bool)
    for patient in np.random.default_rng(seed).permutation(np.unique(patients)):
        if mask.sum() >= share * len(patients):
            break
        mask |= patients == patient
    return np.flatnonzero(~mask), np.flatnonzero(mask)


def drawn_from_the_slices(patients, share, seed):
    count = round(share * len(set(patients.tolist())))
    held_out = np.random.default_rng(seed).permutation(patients)[:count]
    return np.flatnonzero(~np.isin(patients, held_out)), np.flatnonzero(np.isin(patients, held_out))


def first_who_come(patients, share, seed):
    known = list(dict.fromkeys(patients.tolist()))
    mask = np.isin(patients, known[-round(share * len(known)):])
    return np.flatnonzero(~mask), np.flatnonzero(mask)


def shuffled_in_place(patients, share, seed):
    np.random.default_rng(seed).shuffle(patients)
    return split_by_choice(patients, share, seed)


def as_masks(patients, share, seed):
    test = split_by_choice(patients, share, seed)[1]
    is_test = [place in test for place in range(len(patients))]
    return [not one for one in is_test], is_test


def as_patients(patients, share, seed):
    known = np.random.default_rng(seed).permutation(np.unique(patients))
    return known[round(share * len(known)):], known[:round(share * len(known))]


UNSEEDED = np.random.default_rng(20)


def unseeded(patients, share, seed):
    return split_by_choice(patients, share, UNSEEDED)


# measures --------------------------------------------------------------------------------------------------------

def measures_by_sklearn(tp, fp, fn, tn):
    target, pred = np.repeat([1, 0, 1, 0], [tp, fp, fn, tn]), np.repeat([1, 1, 0, 0], [tp, fp, fn, tn])
    if not len(target):
        return dict.fromkeys(("sensitivity", "specificity", "ppv", "npv", "accuracy", "f1"), NAN)
    score = partial(sklearn.metrics.recall_score, zero_division=NAN)
    precision = partial(sklearn.metrics.precision_score, zero_division=NAN)
    return {"sensitivity": score(target, pred), "specificity": score(1 - target, 1 - pred),
            "ppv": precision(target, pred), "npv": precision(1 - target, 1 - pred),
            "accuracy": sklearn.metrics.accuracy_score(target, pred),
            "f1": sklearn.metrics.f1_score(target, pred, zero_division=NAN)}


def measures_with_try(tp, fp, fn, tn, empty=NAN):
    def ratio(part, whole):
        try:
            return part / whole
        except ZeroDivisionError:
            return empty

    return {"sensitivity": ratio(tp, tp + fn), "specificity": ratio(tn, tn + fp), "ppv": ratio(tp, tp + fp),
            "npv": ratio(tn, tn + fn), "accuracy": ratio(tp + tn, tp + tn + fp + fn),
            "f1": ratio(2 * tp, 2 * tp + fp + fn), "prevalence": ratio(tp + fn, tp + tn + fp + fn)}


def measures_with_numpy(tp, fp, fn, tn):
    parts, wholes = np.array([tp, tn, tp, tn, tp + tn, tp]), np.array([tp + fn, tn + fp, tp + fp, tn + fn, tp + fp + fn
                                                                       + tn, tp + (fp + fn) / 2])
    shares = np.divide(parts, wholes, out=np.full(6, np.nan), where=wholes > 0)
    return dict(zip(["sensitivity", "specificity", "ppv", "npv", "accuracy", "f1"], shares, strict=True))


def measures_changed(change):
    """change(measures as a dict, counts) changes some of them in place, or returns others."""
    def answer(tp, fp, fn, tn):
        said = measures_with_try(tp, fp, fn, tn)
        return change(said, tp, fp, fn, tn) or said

    return answer


def changed_entry(name, formula):
    """One entry by another formula; NaN where it divides by zero."""
    def change(said, tp, fp, fn, tn):
        try:
            said[name] = formula(tp, fp, fn, tn)
        except ZeroDivisionError:
            said[name] = NAN

    return measures_changed(change)


def measures_plain(tp, fp, fn, tn):
    sens, prec = tp / (tp + fn), tp / (tp + fp)
    return {"sensitivity": sens, "ppv": prec, "specificity": tn / (tn + fp), "npv": tn / (tn + fn),
            "accuracy": (tp + tn) / (tp + tn + fp + fn), "f1": 2 * sens * prec / (sens + prec)}


def measures_or_zero(tp, fp, fn, tn):
    said = measures_with_try(tp, fp, fn, tn)
    return {name: 0 if math.isnan(value) else value for name, value in said.items()}


def measures_plain_swapped(tp, fp, fn, tn):
    said = measures_plain(tp, fp, fn, tn)
    return said | {"ppv": tp / (tp + fn), "sensitivity": tp / (tp + fp)}


def measures_all_or_nothing(tp, fp, fn, tn):
    said = measures_with_try(tp, fp, fn, tn)
    return dict.fromkeys(said, NAN) if np.isnan(list(said.values())).any() else said


def f1_harmonic(said, *counts):
    both = said["ppv"] + said["sensitivity"]
    said["f1"] = 2 * said["ppv"] * said["sensitivity"] / both if both else 0


def ppv_in_people(sensitivity, specificity, prevalence, people=10**6):
    ill, healthy = people * prevalence, people * (1 - prevalence)
    called = ill * sensitivity + (healthy - healthy * specificity)
    return ill * sensitivity / called if called else NAN


def ppv_from_likelihood(sensitivity, specificity, prevalence):
    """Odds before, likelihood ratio, odds after; from the other side where these are infinite."""
    against = (1 - specificity) * (1 - prevalence)
    if sensitivity * prevalence == 0:
        return 0.0 if against else NAN
    return 1 / (1 + against / (sensitivity * prevalence))


def ppv_by_numpy(sensitivity, specificity, prevalence):
    joint = np.array([[prevalence * sensitivity, prevalence * (1 - sensitivity)],
                      [(1 - prevalence) * (1 - specificity), (1 - prevalence) * specificity]])
    column = joint[:, 0]
    return column[0] / column.sum() if column.any() else np.nan


def ppv_plain(se, sp, p):
    return (p * se) / (p * se + (1 - p) * (1 - sp))


def ppv_odds(se, sp, p):
    return p / (1 - p) * (se / (1 - sp)) if sp < 1 and p < 1 else NAN


def quietly(formula):
    """NaN where a formula divides by zero."""
    def answer(sensitivity, specificity, prevalence):
        try:
            return formula(sensitivity, specificity, prevalence)
        except ZeroDivisionError:
            return NAN

    return answer


RIGHT = {
    "max_pool": [pool_by_torch, pool_by_skimage, pool_row_by_row, pool_number_by_number, pool_by_shifts,
                 pool_into_of_right_size],
    "receptive_field": [field_backwards, field_by_sum, field_by_following, field_by_gradient, field_recursive,
                        field_walk],
    "lenet5": [lenet, lenet_in_two_parts, lenet_with_names, lenet_layer_by_layer, lambda: lenet(
        pool=lambda: nn.MaxPool2d(2, stride=2))],
    "leaks": [leaks_by_numpy, leaks_by_loops, leaks_by_pairs, leaks_by_isin, leaks_as_tensor,
              lambda patients, *parts: tuple(leaks_by_loops(patients, *parts)),
              lambda patients, *parts: np.array(leaks_by_loops(patients, *parts))[::-1]],
    "split_by_patient": [split_by_shuffling_a_list, split_by_sklearn, split_by_choice, split_by_torch,
                         split_with_the_old_generator],
    "measures": [measures_by_sklearn, measures_with_try, measures_with_numpy],
    "ppv_at": [ppv_in_people, ppv_from_likelihood, ppv_by_numpy, quietly(ppv_plain)],
}

WRONG = {
    "max_pool": [
        ("average instead of maximum", partial(pool_by_torch, of=functional.avg_pool2d)),
        ("average instead of maximum", partial(pool_row_by_row, of=np.mean)),
        ("minimum instead of maximum", partial(pool_row_by_row, of=min)),
        ("minimum instead of maximum", lambda feature_map, size, stride: -pool_by_torch(-feature_map, size, stride)),
        ("sum instead of maximum", partial(pool_row_by_row, of=sum)),
        ("place instead of value", partial(pool_row_by_row, of=np.argmax)),
        ("sign dropped", lambda feature_map, size, stride: pool_by_torch(abs(feature_map), size, stride)),
        ("sign dropped", partial(pool_row_by_row, of=largest_in_size)),
        ("maximum starts at zero", partial(pool_number_by_number, start=0)),
        ("maximum starts at zero", lambda feature_map, size, stride: pool_by_shifts(feature_map, size, stride).clip(0)),
        ("zeros in a frame", pool_with_a_frame),
        ("zeros in a frame", partial(pool_with_a_frame, width=lambda size: 1)),
        ("zeros in a frame", pool_filled_up),
        ("windows over the border", partial(pool_by_torch, ceil_mode=True)),
        ("windows over the border", pool_to_the_end),
        ("windows over the border", pool_counting_by_division),
        ("one window short", partial(pool_row_by_row, ends=(0, 0))),
        ("one window short", pool_counting_short),
        ("counted by the size", pool_counting_by_size),
        ("stride ignored", lambda feature_map, size, stride: pool_row_by_row(feature_map, size, 1)),
        ("stride taken for the size", lambda feature_map, size, stride: pool_by_torch(feature_map, size, None)),
        ("windows as large as the stride", partial(pool_row_by_row, side=lambda size, stride: stride)),
        ("windows as large as the stride", lambda feature_map, size, stride: pool_by_shifts(
            feature_map, stride, stride)),
        ("size and stride exchanged", lambda feature_map, size, stride: pool_by_torch(feature_map, stride, size)),
        ("window one too small", partial(pool_row_by_row, of=lambda window: max(window, default=0),
                                         side=lambda size, stride: size - 1)),
        ("window one too large", partial(pool_row_by_row, side=lambda size, stride: size + 1)),
        ("window not moved by the stride", partial(pool_into_of_right_size, top=lambda place, stride: place)),
        ("pixels dropped instead of pooled", lambda feature_map, size, stride: feature_map[::stride, ::stride]),
        ("pixels dropped instead of pooled", partial(pool_row_by_row, of=lambda window: window[0])),
        ("pooled along one axis only", pool_columns),
        ("pooled along one axis only", pool_rows),
        ("one maximum for the whole map", lambda feature_map, size, stride: max(map(max, feature_map))),
        ("returned too early", pool_returning_in_the_loop),
        ("returned too early", pool_returning_at_once),
        ("rows and columns swapped", pool_transposed),
        ("rows and columns swapped", pool_unpacked_the_wrong_way),
        ("rows and columns swapped", pool_unpacked_the_wrong_way_in_python),
        ("rows and columns swapped", lambda feature_map, size, stride: pool_by_torch(feature_map.T, size, stride)),
        ("map taken for a square", pool_square),
        ("map taken for a square", pool_square_by_columns),
        ("whole numbers only", partial(pool_into_of_right_size, dtype=int)),
        ("map changed on the way", pool_in_place),
    ],
    "receptive_field": [
        ("jump forgotten", lambda layers: 1 + sum(kernel - 1 for kernel, _ in layers)),
        ("jump forgotten", lambda layers: sum(kernel for kernel, _ in layers) - len(layers) + 1),
        ("whole kernel added", partial(field_walk, grows=lambda kernel, stride, jump: kernel * jump)),
        ("whole kernel added", partial(field_walk, first=0, grows=lambda kernel, stride, jump: kernel * jump)),
        ("kernels added up", partial(field_walk, first=0, grows=lambda kernel, stride, jump: kernel)),
        ("kernels added up", partial(field_walk, grows=lambda kernel, stride, jump: kernel)),
        ("starts at 0", partial(field_walk, first=0)),
        ("stride before its own layer", field_changing_the_jump_first),
        ("stride before its own layer", partial(field_walk, grows=lambda kernel, stride, jump: (
            (kernel - 1) * jump * stride))),
        ("strides added", partial(field_walk, moves=lambda jump, stride: jump + stride)),
        ("strides added", partial(field_walk, moves=lambda jump, stride: jump + (stride - 1))),
        ("only the stride before", field_keeping_one_stride),
        ("only the stride before", partial(field_walk, moves=lambda jump, stride: stride)),
        ("jump instead of field", lambda layers: int(np.prod([stride for _, stride in layers], initial=1))),
        ("kernels multiplied", field_product),
        ("walked from the wrong end", field_forwards_with_the_other_formula),
        ("walked from the wrong end", lambda layers: field_by_sum(list(reversed(layers)))),
        ("kernel and stride exchanged", lambda layers: field_backwards([layer[::-1] for layer in layers])),
        ("last layer only", field_of_the_last),
        ("last layer only", lambda layers: layers[-1][0]),
        ("first layer only", field_returned_in_the_loop),
        ("first layer only", lambda layers: layers[0][0]),
        ("last layer left out", field_without_the_last),
        ("area instead of side", lambda layers: field_recursive(layers) * field_recursive(layers)),
        ("half of the field", lambda layers: (field_backwards(layers) - 1) / 2),
        ("half of the field", lambda layers: (field_backwards(layers) - 1) // 2),
        ("a list of all fields", fields_of_all),
        ("a list of all fields", partial(fields_of_all, start=(1,))),
        ("stops without layers", field_from_the_first_layer),
        ("no layer, no pixel", lambda layers: len(layers) and field_backwards(layers)),
    ],
    "lenet5": [
        ("softmax at the end", partial(lenet, end=(nn.Softmax(1),))),
        ("softmax at the end", partial(lenet, end=(nn.LogSoftmax(dim=-1),))),
        ("softmax at the end", lambda: lenet_layer_by_layer([nn.Softmax(dim=None)])),
        ("sigmoid at the end", partial(lenet, end=(nn.Sigmoid(),))),
        ("ReLU on the logits", partial(lenet, end=(nn.ReLU(),))),
        ("three channels in", partial(lenet, first=(3, 6, 5))),
        ("in and out exchanged", partial(lenet, first=(6, 1, 5))),
        ("in and out exchanged", partial(lenet, second=(16, 6, 5))),
        ("padding in a convolution", partial(lenet, padding=2, dense=((16 * 8 * 8, 120), (120, 84), (84, 10)))),
        ("padding in a convolution", lambda: nn.Sequential(nn.Conv2d(1, 6, 5, padding="same"), *list(lenet())[1:])),
        ("another kernel size", partial(lenet, first=(1, 6, 3), second=(6, 16, 3))),
        ("another kernel size", partial(lenet, second=(6, 16, 3), dense=((576, 120), (120, 84), (84, 10)))),
        ("stride in a convolution", partial(lenet, stride=2)),
        ("biases left out", partial(lenet, bias=False)),
        ("biases left out", without_bias_in_the_last),
        ("C5 as a convolution", lenet_of_the_paper),
        ("pooling with stride 1", partial(lenet, pool=lambda: nn.MaxPool2d(2, 1))),
        ("pooling missing", no_pool),
        ("pooling missing", one_pool),
        ("another pooling window", partial(lenet, pool=lambda: nn.MaxPool2d(4))),
        ("another pooling window", partial(lenet, pool=lambda: nn.MaxPool2d(3, stride=2, padding=1))),
        ("flatten missing", partial(lenet, flatten=nn.Identity)),
        ("flatten missing", partial(lenet, flatten=nn.Dropout)),
        ("images flattened together", partial(lenet, flatten=partial(nn.Flatten, start_dim=0))),
        ("dense layer of the wrong size", partial(lenet, dense=((16 * 4 * 4, 120), (120, 84), (84, 10)))),
        ("dense layer of the wrong size", partial(lenet, dense=((16, 120), (120, 84), (84, 10)))),
        ("other widths than the table", partial(lenet, dense=((400, 120), (120, 84), (84, 2)))),
        ("other widths than the table", partial(lenet, first=(1, 8, 5), second=(8, 16, 5))),
        ("other widths than the table", partial(lenet, dense=((400, 84), (84, 10)))),
        ("a layer of your own choice", with_batch_norm),
        ("nonlinearity missing", partial(lenet, act=nn.Identity)),
        ("nonlinearity missing", one_relu_short),
        ("another nonlinearity", partial(lenet, act=nn.Sigmoid)),
        ("another nonlinearity", partial(lenet, act=nn.LeakyReLU)),
        ("a list of layers", lambda: [*lenet().children()]),
        ("a class of its own", LeNet),
        ("output instead of the network", lambda: lenet_with_names()(torch.rand(2, 1, 32, 32))),
    ],
    "leaks": [
        ("positions compared instead of patients", leaks_by_positions),
        ("positions compared instead of patients", lambda patients, *parts: [
            place for place in parts[0] if place in parts[1] or place in parts[2]]),
        ("validation forgotten", partial(leaks_by_pairs, pairs=((0, 2),))),
        ("validation forgotten", lambda patients, train, validation, test: np.intersect1d(
            patients[test], patients[train])),
        ("test forgotten", partial(leaks_by_pairs, pairs=((0, 1),))),
        ("validation and test not compared", partial(leaks_by_pairs, pairs=((0, 1), (0, 2)))),
        ("train and validation not compared", lambda patients, train, validation, test: {
            patient for patient in patients[test] if patient in patients[train] or patient in patients[validation]}),
        ("train and test not compared", partial(leaks_by_pairs, pairs=((0, 1), (1, 2)))),
        ("only validation and test", partial(leaks_by_pairs, pairs=((1, 2),))),
        ("in all three parts", leaks_in_all),
        ("slices instead of patients", leaks_positions_found),
        ("slices instead of patients", leaks_test_positions),
        ("named more than once", leaks_twice_named),
        ("every patient with two slices", leaks_counted_by_slices),
        ("honest patients instead", lambda patients, *parts: set(patients) - leaks_by_pairs(patients, *parts)),
        ("all patients", lambda patients, *parts: set(patients)),
        ("compared place by place", leaks_zipped),
        ("operators between arrays", lambda patients, train, validation, test: patients[train][
            patients[train] == patients[test]]),
        ("operators between arrays", lambda patients, train, validation, test: {
            patient for patient in patients[train] & patients[validation]}),
        ("only where parts meet", leaks_where_parts_meet),
        ("positions taken for patient numbers", leaks_positions_as_patients),
        ("how many instead of who", lambda patients, *parts: len(leaks_by_pairs(patients, *parts))),
        ("whether instead of who", lambda patients, *parts: bool(leaks_by_pairs(patients, *parts))),
        ("whether instead of who", lambda patients, *parts: not leaks_by_pairs(patients, *parts)),
    ],
    "split_by_patient": [
        ("patients shuffled in place", shuffled_in_place),
        ("numbers instead of positions", as_patients),
        ("masks instead of positions", as_masks),
        ("first slices cut off", first_slices_in_test),
        ("test slices also in train", test_slices_in_train),
        ("slices shuffled before grouping", slices_by_sklearn),
        ("slices shuffled before grouping", slices_shuffled_then_grouped),
        ("one slice of each patient", one_slice_of_each),
        ("patients lost", some_patients_lost),
        ("test part empty", share_rounded_to_nobody),
        ("train and test exchanged", lambda patients, share, seed: split_by_sklearn(patients, share, seed)[::-1]),
        ("train and test exchanged", lambda patients, share, seed: split_by_choice(patients, 1 - share, seed)),
        ("drawn with replacement", partial(split_by_choice, replace=True)),
        ("drawn with replacement", drawn_from_the_slices),
        ("share of the slices", until_the_slices_suffice),
        ("first patients instead of a draw", first_who_come),
        ("seed ignored", lambda patients, share, seed: split_by_sklearn(patients, share, 42)),
        ("another split every time", unseeded),
    ],
    "measures": [
        ("division by zero", lambda tp, fp, fn, tn: measures_plain(tp, fp, fn, tn)),
        ("FP and FN exchanged", lambda tp, fp, fn, tn: measures_with_numpy(tp, fn, fp, tn)),
        ("precision and sensitivity swapped", measures_plain_swapped),
        ("precision and sensitivity swapped", measures_changed(lambda said, *counts: said | {
            "sensitivity": said["ppv"], "ppv": said["sensitivity"]})),
        ("specificity and NPV swapped", measures_changed(lambda said, *counts: said | {
            "specificity": said["npv"], "npv": said["specificity"]})),
        ("healthy taken for ill", lambda tp, fp, fn, tn: measures_with_try(tp=tn, fp=fn, fn=fp, tn=tp)),
        ("specificity from sensitivity", changed_entry("specificity", lambda tp, fp, fn, tn: 1 - tp / (tp + fn))),
        ("specificity from sensitivity", changed_entry("specificity", lambda tp, fp, fn, tn: fn / (tp + fn))),
        ("false positive rate as specificity", changed_entry("specificity", lambda tp, fp, fn, tn: fp / (fp + tn))),
        ("accuracy without true negatives", changed_entry("accuracy", lambda tp, fp, fn, tn: tp / (tp + fp + fn))),
        ("accuracy without true negatives", changed_entry(
            "accuracy", lambda tp, fp, fn, tn: tp / (tp + fp + fn + tn))),
        ("balanced accuracy", changed_entry("accuracy", lambda tp, fp, fn, tn: (
            tp / (tp + fn) + tn / (tn + fp)) / 2)),
        ("mean of two rates as F1", changed_entry("f1", lambda tp, fp, fn, tn: (tp / (tp + fn) + tp / (tp + fp)) / 2)),
        ("tp counted once in F1", changed_entry("f1", lambda tp, fp, fn, tn: tp / (tp + fp + fn))),
        ("tp counted once in F1", changed_entry("f1", lambda tp, fp, fn, tn: tp / (2 * tp + fp + fn))),
        ("F1 from the two rates", measures_changed(f1_harmonic)),
        ("F1 from the two rates", changed_entry("f1", lambda tp, fp, fn, tn: 2 / ((tp + fp) / tp + (tp + fn) / tp))),
        ("0 for an empty group", measures_or_zero),
        ("0 for an empty group", partial(measures_with_try, empty=0)),
        ("1 for an empty group", partial(measures_with_try, empty=1)),
        ("None for an empty group", partial(measures_with_try, empty=None)),
        ("nobody found taken for an empty group", measures_changed(lambda said, tp, fp, fn, tn: {
            name: value if value > 0 else NAN for name, value in said.items()})),
        ("one empty group empties all", measures_all_or_nothing),
        ("per cent instead of shares", measures_changed(lambda said, *counts: {
            name: value * 100 for name, value in said.items()})),
        ("rounded", measures_changed(lambda said, *counts: {name: round(value, 3) for name, value in said.items()})),
        ("rounded", measures_changed(lambda said, *counts: {name: np.round(value, 2) for name, value in said.items()})),
        ("whole numbers only", measures_changed(lambda said, tp, fp, fn, tn: {
            "sensitivity": tp // max(tp + fn, 1), "specificity": tn // max(tn + fp, 1), "ppv": tp // max(tp + fp, 1),
            "npv": tn // max(tn + fn, 1), "accuracy": (tp + tn) // max(tp + fp + fn + tn, 1),
            "f1": 2 * tp // max(2 * tp + fp + fn, 1)})),
    ],
    "ppv_at": [
        ("prevalence forgotten", quietly(lambda se, sp, p: se / (se + 1 - sp))),
        ("healthy people not weighed", quietly(lambda se, sp, p: p * se / (p * se + (1 - sp)))),
        ("ill people not weighed", quietly(lambda se, sp, p: se / (se + (1 - p) * (1 - sp)))),
        ("healthy weighed with the prevalence", lambda se, sp, p: ppv_in_people(se, sp, 1 - p)),
        ("specificity instead of false alarms", lambda se, sp, p: ppv_in_people(se, 1 - sp, p)),
        ("missed people in the denominator", quietly(lambda se, sp, p: p * se / (p * se + p * (1 - se)))),
        ("missed people in the denominator", quietly(lambda se, sp, p: p * se / (p * se + (1 - p) * (1 - se)))),
        ("NPV instead of PPV", lambda se, sp, p: ppv_in_people(sp, se, 1 - p)),
        ("not divided", lambda se, sp, p: round(10**6 * p * se) / 10**6),
        ("share of the called, not of the ill among them", lambda se, sp, p: 1 - (p * (1 - se) + (1 - p) * sp)),
        ("accuracy instead of PPV", lambda se, sp, p: 1 - p * (1 - se) - (1 - p) * (1 - sp)),
        ("the other share", lambda se, sp, p: 1 - ppv_in_people(se, sp, p)),
        ("odds instead of a share", ppv_odds),
        ("per cent instead of a share", lambda se, sp, p: 100 * ppv_from_likelihood(se, sp, p)),
        ("rounded", lambda se, sp, p: round(ppv_in_people(se, sp, p), 3)),
        ("division by zero", ppv_plain),
        ("0 or 1 where nobody is called ill", lambda se, sp, p: np.nan_to_num(ppv_by_numpy(se, sp, p))),
        ("0 or 1 where nobody is called ill", lambda se, sp, p: ppv_plain(se, sp, p) if sp < 1 or se * p else 1.0),
    ],
}

RIGHT |= wrong_answers_04b.RIGHT  # the second half of the lab
WRONG |= wrong_answers_04b.WRONG

"""Lab 4, exercises 4, 5, 10 and 11, as learners write them: leaks, splits, augmentation, early stopping.

RIGHT : exercise -> answers that differ from the reference in code and must pass; some are oracles.
WRONG : exercise -> (name of the mistake, answer) pairs, in code that is not the mutant's.
"""
import copy
import io
import itertools
import math
import random
from collections import Counter
from functools import partial

import numpy as np
import sklearn.model_selection
import torch
from torch import nn
from torch.nn import functional

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


def leaks_by_counting(patients, train, validation, test):
    counts = Counter(patient for part in (train, validation, test) for patient in set(patients[part].tolist()))
    return {patient: count for patient, count in counts.items() if count > 1}.keys()


def leaks_by_part_of_slice(patients, train, validation, test):
    part_of = np.zeros(len(patients), int)
    part_of[validation], part_of[test] = 1, 2
    return [patient for patient in np.unique(patients) if len(set(part_of[patients == patient])) > 1]


def leaks_by_unions(patients, train, validation, test):
    one, two, three = (patients[part] for part in (train, validation, test))
    both = np.union1d(np.intersect1d(one, two), np.intersect1d(one, three))
    return np.union1d(both, np.intersect1d(two, three))


def leaks_one_sided(patients, train, validation, test):
    """Patients of train in another part, as often as they have slices there."""
    return [one for one in patients[train] if one in patients[validation] or one in patients[test]]


def leaks_first_found(patients, train, validation, test):
    for patient in np.unique(patients):
        if sum(patient in patients[part] for part in (train, validation, test)) > 1:
            return [patient]
    return []


def leaks_with_and(patients, train, validation, test):
    return set(patients[train]) and set(patients[validation]) and set(patients[test])


def leaks_in_three_sets(patients, train, validation, test):
    one, two, three = (set(patients[part].tolist()) for part in (train, validation, test))
    return one & two, one & three, two & three


def leaks_in_three_arrays(patients, *parts):
    return [np.intersect1d(patients[one], patients[other]) for one, other in itertools.combinations(parts, 2)]


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


def split_by_mask_of_patients(patients, share, seed):
    known, whose = np.unique(patients, return_inverse=True)
    held_out = np.zeros(len(known), bool)
    held_out[np.argsort(np.random.default_rng(seed).random(len(known)))[:round(share * len(known))]] = True
    return np.nonzero(~held_out[whose])[0], np.nonzero(held_out[whose])[0]


def split_with_train_first(patients, share, seed):
    known = np.array(list(dict.fromkeys(patients.tolist())))
    np.random.default_rng(seed).shuffle(known)
    in_train = np.isin(patients, known[:round((1 - share) * len(known))])
    return in_train.nonzero()[0], (~in_train).nonzero()[0]


def split_by_sample(patients, share, seed):
    known = sorted(set(patients.tolist()))
    held_out = random.Random(seed).sample(known, int(share * len(known) + 0.5))
    mask, places = np.isin(patients, held_out), np.arange(len(patients))
    return [places[~mask], places[mask]]


def a_coin_for_each_patient(patients, share, seed):
    known = np.unique(patients)
    held_out = known[np.random.default_rng(seed).random(len(known)) < share]
    return np.flatnonzero(~np.isin(patients, held_out)), np.flatnonzero(np.isin(patients, held_out))


def a_coin_for_each_slice(patients, share, seed):
    mask = np.random.default_rng(seed).random(len(patients)) < share
    return np.flatnonzero(~mask), np.flatnonzero(mask)


def places_of_patients(patients, share, seed):
    count = len(np.unique(patients))
    order = np.random.default_rng(seed).permutation(count)
    return order[round(share * count):], order[:round(share * count)]


def looked_for_places(patients, share, seed):
    count = len(np.unique(patients))
    mask = np.isin(patients, np.random.default_rng(seed).permutation(count)[:round(share * count)])
    return np.flatnonzero(~mask), np.flatnonzero(mask)


def sorted_and_cut(patients, share, seed):
    order = np.argsort(patients, kind="stable")
    return order[round(share * len(order)):], order[:round(share * len(order))]


def fold_of_a_list(patients, share, seed):
    """The seed-th fold of the sorted patients, round and round."""
    known = np.unique(patients)
    count = round(share * len(known))
    held_out = np.tile(known, 2)[seed * count % len(known):][:count]
    mask = np.isin(patients, held_out)
    return np.flatnonzero(~mask), np.flatnonzero(mask)


def slices_of_each_patient(patients, share, seed):
    """The same share of the slices of every patient."""
    draw, test = np.random.default_rng(seed), []
    for patient in np.unique(patients):
        places = draw.permutation(np.flatnonzero(patients == patient))
        test += places[:math.ceil(share * len(places))].tolist()
    return [place for place in range(len(patients)) if place not in test], test


def both_parts_drawn(patients, share, seed):
    draw, known = np.random.default_rng(seed), np.unique(patients)
    return tuple(np.flatnonzero(np.isin(patients, draw.permutation(known)[:round(size * len(known))]))
                 for size in (1 - share, share))


# augmentation ----------------------------------------------------------------------------------------------------

EVERY = ["flip left-right", "flip up-down", "rotation", "shift", "zoom", "HU offset", "noise", "cutout"]
FLIPS = {"flip left-right", "flip up-down"}


def allowed_by_subtraction(task):
    broken = {"side": FLIPS, "emphysema": {"HU offset"}}.get(task, set()) | {"cutout"}
    return set(EVERY) - broken


def allowed_by_cases(task):
    harmless = ["noise", "zoom", "shift", "rotation"]
    if task == "nodule":
        return [*harmless, "flip left-right", "flip up-down", "HU offset"]
    if task == "side":
        return [*harmless, "HU offset"]
    return (*harmless, "flip left-right", "flip up-down")


def allowed_but(**changes):
    """Right, but for the transforms named for a task: refused ones are added, allowed ones dropped."""
    def answer(task):
        right = allowed_by_subtraction(task)
        for name in changes.get(task, ()):
            right = right - {name} if name in right else right | {name}
        return sorted(right)

    return answer


def allowed_as_array(task):
    return np.array(sorted(allowed_by_subtraction(task)))


def allowed_as_keys(task):
    return dict.fromkeys(allowed_by_cases(task)).keys()


# early stopping --------------------------------------------------------------------------------------------------

def loss_on(model, data):
    was = model.training
    with torch.inference_mode():
        found = functional.binary_cross_entropy_with_logits(model.eval()(data[0]), data[1])
    model.train(was)
    return float(found)


def one_epoch(model, optimizer, batches, loss_of=functional.binary_cross_entropy_with_logits):
    for inputs, targets in batches:
        loss = loss_of(model(inputs), targets)
        model.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


def stop_by_counter(model, optimizer, train, validation, test, epochs, patience):
    best, waited, history = {"loss": float("inf")}, 0, []
    for epoch in range(epochs):
        model.train()
        one_epoch(model, optimizer, train)
        history.append(loss_on(model, validation))
        waited += 1
        if history[-1] < best["loss"]:
            weights = {name: value.clone() for name, value in model.state_dict().items()}
            best, waited = {"loss": history[-1], "epoch": epoch, "weights": weights}, 0
        if waited >= patience:
            break
    model.load_state_dict(best["weights"])
    return model, {"validation": history, "best epoch": best["epoch"], "test": loss_on(model, test), "epochs": epochs}


def stop_with_a_copy(model, optimizer, train, validation, test, epochs, patience):
    """The best network is a copy, and the copy is returned."""
    losses, loss_of = [], nn.BCEWithLogitsLoss(reduction="mean")
    while len(losses) < epochs and (not losses or len(losses) - 1 - int(np.argmin(losses)) < patience):
        model.train(True)
        one_epoch(model, optimizer, train, loss_of)
        model.eval()
        with torch.no_grad():
            losses.append(loss_of(model(validation[0]), validation[1]))
        if losses[-1] == min(losses):
            best = copy.deepcopy(model)
    with torch.no_grad():
        tested = loss_of(best(test[0]), test[1])
    return best, {"validation": losses, "best epoch": int(np.argmin(losses)), "test": tested}


def stop_by_probabilities(model, optimizer, train, validation, test, epochs, patience):
    """The loss by way of probabilities, which are far from 0 and 1 here."""
    def loss_of(logits, y):
        return functional.binary_cross_entropy(torch.sigmoid(logits), y)

    losses, kept = [], None
    for epoch in range(epochs):
        model.train()
        one_epoch(model, optimizer, train, loss_of)
        model.eval()
        with torch.no_grad():
            losses.append(loss_of(model(validation[0]), validation[1]).item())
        if losses[-1] <= min(losses):
            kept = copy.deepcopy(model.state_dict()), epoch
        if epoch >= kept[1] + patience:
            break
    model.load_state_dict(kept[0])
    with torch.no_grad():
        return model, {"validation": losses, "best epoch": kept[1], "test": loss_of(model(test[0]), test[1])}


class Training:
    """A training whose habits may be bad: subclasses change one of them."""

    loss = staticmethod(functional.binary_cross_entropy_with_logits)
    judge_loss = loss
    first_epoch = 0

    def __call__(self, model, optimizer, train, validation, test, epochs, patience):
        self.model, self.optimizer, self.test, self.losses, self.best, waited = model, optimizer, test, [], None, 0
        self.seen = []
        for epoch in range(epochs):
            self.start(epoch)
            self.learn(train, validation)
            self.losses.append(self.judge(validation))
            self.seen.append(self.measure(train))
            if self.best is None or self.is_better():
                self.best, self.weights, waited = epoch, self.keep(), 0
            else:
                waited = self.wait(waited)
            if self.is_over(waited, patience):
                break
        return self.finish(test)

    def start(self, epoch):
        self.model.train()

    def learn(self, train, validation):
        for x, y in train:
            self.optimizer.zero_grad()
            self.loss(self.model(x), y).backward()
            self.optimizer.step()

    def judge(self, data):
        self.model.eval()
        with torch.no_grad():
            return self.judge_loss(self.model(data[0]), data[1]).item()

    def measure(self, train):
        return self.losses[-1]

    def is_better(self):
        return self.seen[-1] < self.seen[self.best]

    def keep(self):
        return copy.deepcopy(self.model.state_dict())

    def wait(self, waited):
        return waited + 1

    def is_over(self, waited, patience):
        return waited >= patience

    def finish(self, test):
        self.restore()
        return self.model, self.report(self.judge(test))

    def restore(self):
        self.model.load_state_dict(self.weights)

    def report(self, tested):
        return {"validation": self.losses, "best epoch": self.best + self.first_epoch, "test": tested}


def habit(**changes):
    """A Training with some of its methods or values changed."""
    return type("Changed", (Training,), {name: value for name, value in changes.items()})()


def finish_early(self, test):
    tested = self.judge(test)
    self.restore()
    return self.model, self.report(tested)


def judge_in_training_mode(self, data):
    with torch.no_grad():
        return self.loss(self.model(data[0]), data[1]).item()


def judge_with_gradients(self, data):
    self.model.eval()
    return self.loss(self.model(data[0]), data[1])  # a tensor with its history, as the check must take it too


def learn_from_validation_too(self, train, validation):
    Training.learn(self, itertools.chain(train, [validation]), None)


def judge_and_step(self, data):
    """The loop for validation was copied from the one for training."""
    if data is self.test:
        return Training.judge(self, data)
    self.model.eval()
    self.optimizer.zero_grad()
    loss = self.loss(self.model(data[0]), data[1])
    loss.backward()
    self.optimizer.step()
    return loss.item()


def learn_without_clearing(self, train, validation):
    for x, y in train:
        self.loss(self.model(x), y).backward()
        self.optimizer.step()


def learn_without_stepping(self, train, validation):
    for x, y in train:
        self.optimizer.zero_grad()
        self.loss(self.model(x), y).backward()


def learn_one_batch(self, train, validation):
    for x, y in train:
        self.optimizer.zero_grad()
        self.loss(self.model(x), y).backward()
        self.optimizer.step()
        break


def learn_and_remember(self, train, validation):
    losses = []
    for x, y in train:
        self.optimizer.zero_grad()
        loss = self.loss(self.model(x), y)
        loss.backward()
        losses.append(loss.item())
        self.optimizer.step()
    self.learned = np.mean(losses)


def keep_parameters(self):
    return [one.clone() for one in self.model.parameters()]


def restore_parameters(self):
    for one, kept in zip(self.model.parameters(), self.weights, strict=True):
        one.data = kept.data


def restore_itself(self):
    self.model = self.weights


def judged_first(model, optimizer, train, validation, test, epochs, patience):
    losses, kept = [], None
    while len(losses) < epochs:
        losses.append(loss_on(model, validation))
        if min(losses) == losses[-1]:
            kept = copy.deepcopy(model.state_dict())
        best = losses.index(min(losses))
        if len(losses) - 1 - best >= patience:
            break
        model.train()
        one_epoch(model, optimizer, train)
    model.load_state_dict(kept)
    return model, {"validation": losses, "best epoch": best, "test": loss_on(model, test)}


def sigmoid_twice(logits, y):
    return nn.BCEWithLogitsLoss()(logits.sigmoid(), y)


def softmax_of_one(logits, y):
    return nn.BCEWithLogitsLoss()(nn.Softmax(dim=1)(logits), y)


def added_up(logits, y):
    return nn.BCEWithLogitsLoss(reduction="sum")(logits, y)


def stop_in_pieces(model, optimizer, train, validation, test, epochs, patience):
    """Validation and test a few cases at a time, as memory may demand."""
    def loss_in_pieces(x, y):
        with torch.no_grad():
            return sum(functional.binary_cross_entropy_with_logits(model(a), b, reduction="sum").item()
                       for a, b in zip(x.split(4), y.split(4), strict=True)) / len(y)

    losses, left = [], patience
    while len(losses) < epochs and left:
        model.train()
        one_epoch(model, optimizer, train)
        model.eval()
        losses.append(loss_in_pieces(*validation))
        left -= 1
        if losses[-1] == min(losses):
            file, left = io.BytesIO(), patience
            torch.save(model.state_dict(), file)
    file.seek(0)
    model.load_state_dict(torch.load(file))
    return model, {"validation": np.array(losses), "best epoch": int(np.argmin(losses)), "test": loss_in_pieces(*test)}


def restore_after_break(self):
    if self.left_early:
        Training.restore(self)


def over_and_noted(self, waited, patience):
    self.left_early = waited >= patience
    return self.left_early


def wait_and_go_back(self, waited):
    self.restore()
    return waited + 1


def rises_in_a_row(self, waited, patience):
    last = self.losses[-patience - 1:]
    return len(last) == patience + 1 and last == sorted(last)


def step_once(self, train, validation):
    self.optimizer.zero_grad()
    for x, y in train:
        loss = self.loss(self.model(x), y)
        loss.backward()
    self.optimizer.step()


def learn_all_at_once(self, train, validation):
    x, y = (torch.cat([batch[part] for batch in train]) for part in (0, 1))
    Training.learn(self, [(x, y)], validation)


def judge_and_train_again(self, data):
    """Evaluation mode around the validation only, and back to training."""
    if data is self.test:
        return judge_in_training_mode(self, data)
    value = Training.judge(self, data)
    self.model.train()
    return value


def look_at_each_best(self):
    self.best_tested = self.judge(self.test)
    return copy.deepcopy(self.model.state_dict())


def finish_with_what_was_seen(self, test):
    self.restore()
    return self.model, self.report(self.best_tested)


def wrong_share(self, train):
    x, y = self.validation
    with torch.no_grad():
        return ((self.model(x) > 0).float() != y).float().mean().item()


def remember_validation(self, train, validation):
    self.validation = validation
    Training.learn(self, train, validation)


def stop_with_own_optimizer(model, optimizer, *given):
    return stop_by_counter(model, torch.optim.Adam(model.parameters()), *given)


def stop_on_train(model, optimizer, train, validation, test, epochs, patience):
    everything = tuple(torch.cat([batch[part] for batch in train]) for part in (0, 1))
    return stop_with_a_copy(model, optimizer, train, everything, test, epochs, patience)


def stop_from_one(model, optimizer, train, validation, test, epochs, patience):
    """The best loss begins with 1, as an accuracy would."""
    best, weights, waited = 1.0, None, 0
    for _ in range(epochs):
        model.train()
        one_epoch(model, optimizer, train)
        loss = loss_on(model, validation)
        if loss < best:
            best, weights, waited = loss, copy.deepcopy(model.state_dict()), 0
        else:
            waited += 1
        if waited == patience:
            break
    model.load_state_dict(weights)
    return model, {}


def logits_as_probabilities(logits, y):
    return nn.BCELoss()(logits, y)


RIGHT = {
    "leaks": [leaks_by_numpy, leaks_by_loops, leaks_by_pairs, leaks_by_isin, leaks_as_tensor,
              lambda patients, *parts: tuple(leaks_by_loops(patients, *parts)),
              lambda patients, *parts: np.array(leaks_by_loops(patients, *parts))[::-1],
              leaks_by_counting, leaks_by_part_of_slice, leaks_by_unions],
    "split_by_patient": [split_by_shuffling_a_list, split_by_sklearn, split_by_choice, split_by_torch,
                         split_with_the_old_generator, split_by_mask_of_patients, split_with_train_first,
                         split_by_sample],
    "allowed": [allowed_by_subtraction, allowed_by_cases, allowed_but(), allowed_as_array, allowed_as_keys],
    "train_with_early_stopping": [stop_by_counter, stop_with_a_copy, habit(), stop_in_pieces],
}
ALSO_RIGHT = {"train_with_early_stopping": [stop_by_probabilities]}  # tried by the check alone: seconds on real images

WRONG = {
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
        ("`and` between sets", leaks_with_and),
        ("`and` between sets", lambda patients, train, validation, test: set(patients[train]) or set(patients[test])),
        ("pairs not put together", leaks_in_three_sets),
        ("pairs not put together", leaks_in_three_arrays),
        ("named more than once", leaks_one_sided),
        ("one patient at most", leaks_first_found),
        ("one patient at most", lambda *given: sorted(leaks_by_pairs(*given))[-1:]),
        ("honest patients instead", lambda patients, train, validation, test: (
            set(patients[train]) ^ set(patients[validation]) ^ set(patients[test]))),
        ("true or false for each", lambda patients, *parts: np.isin(
            np.unique(patients), leaks_by_loops(patients, *parts))),
        ("true or false for each", lambda patients, *parts: [
            patient in leaks_by_pairs(patients, *parts) for patient in patients]),
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
        ("another share than asked", until_the_slices_suffice),
        ("first patients instead of a draw", first_who_come),
        ("seed ignored", lambda patients, share, seed: split_by_sklearn(patients, share, 42)),
        ("another split every time", unseeded),
        ("numbers instead of positions", places_of_patients),
        ("first slices cut off", sorted_and_cut),
        ("slices shuffled before grouping", a_coin_for_each_slice),
        ("slices shuffled before grouping", slices_of_each_patient),
        ("test slices also in train", both_parts_drawn),
        ("test part empty", looked_for_places),
        ("another share than asked", a_coin_for_each_patient),
        ("a block instead of a draw", fold_of_a_list),
    ],
    "allowed": [
        ("everything allowed", lambda task: EVERY),
        ("nothing allowed", lambda task: ()),
        ("refused instead of allowed", lambda task: set(EVERY) - allowed_by_subtraction(task)),
        ("same list for every task", lambda task: ["shift", "noise", "rotation", "zoom"]),
        ("same list for every task", lambda task: EVERY[:-1]),
        ("laterality lost", allowed_but(side=["flip left-right"])),
        ("laterality lost", allowed_but(side=FLIPS)),
        ("up-down flip taken for harmless", allowed_but(side=["flip up-down"])),
        ("mirror refused without need", allowed_but(nodule=FLIPS, emphysema=FLIPS, side=["rotation"])),
        ("mirror refused without need", allowed_but(emphysema=["flip left-right", "noise"])),
        ("unusual position refused", allowed_but(nodule=["flip up-down"], emphysema=["flip up-down"])),
        ("calibrated HU shifted", allowed_but(emphysema=["HU offset"])),
        ("HU offset refused without need", allowed_but(nodule=["HU offset"], side=["HU offset"])),
        ("finding under the cutout", allowed_but(nodule=["cutout"], side=["cutout"], emphysema=["cutout"])),
        ("finding under the cutout", allowed_but(side=["cutout"])),
        ("cutout counted as lung", allowed_but(emphysema=["cutout"])),
        ("rotation refused", allowed_but(side=["rotation"])),
        ("shift refused", allowed_but(side=["shift"], emphysema=["shift"])),
        ("zoom refused", allowed_but(nodule=["zoom"])),
        ("noise refused", allowed_but(emphysema=["noise"])),
    ],
    "train_with_early_stopping": [
        ("test set used to choose", habit(measure=lambda self, train: self.judge(self.test))),
        ("test set used to choose", habit(judge=lambda self, data: Training.judge(self, self.test))),
        ("training loss used to choose", habit(learn=learn_and_remember, measure=lambda self, train: self.learned)),
        ("largest loss kept", habit(is_better=lambda self: self.seen[-1] > max(self.seen[:-1]))),
        ("compared with the epoch before", habit(is_better=lambda self: self.seen[-1] < self.seen[-2])),
        ("best weights by reference", habit(keep=lambda self: self.model.state_dict())),
        ("best weights by reference", habit(keep=lambda self: dict(self.model.state_dict()))),
        ("last weights returned", habit(restore=lambda self: None)),
        ("last weights returned", habit(keep=lambda self: self.model, restore=restore_itself)),
        ("statistics left behind", habit(keep=keep_parameters, restore=restore_parameters)),
        ("test before the best weights are back", habit(finish=finish_early)),
        ("test set shown more than once", habit(start=lambda self, epoch: (self.judge(self.test), self.model.train()))),
        ("patience one too long", habit(is_over=lambda self, waited, patience: waited > patience)),
        ("patience one too short", habit(is_over=lambda self, waited, patience: waited + 1 >= patience)),
        ("waiting never starts anew", habit(is_over=lambda self, waited, patience: sum(
            loss > min(self.losses[:place + 1]) for place, loss in enumerate(self.losses)) >= patience)),
        ("never stops early", habit(is_over=lambda self, waited, patience: False)),
        ("stops at the first worse epoch", habit(is_over=lambda self, waited, patience: waited > 0)),
        ("one epoch only", lambda *given: Training()(*given[:-2], 1, 1)),
        ("epochs counted from 1", habit(first_epoch=1)),
        ("last epoch taken for the best", habit(report=lambda self, tested: {
            "validation": self.losses, "best epoch": self.losses.index(self.losses[-1]), "test": tested})),
        ("judged before it was trained", judged_first),
        ("`eval()` forgotten", habit(judge=judge_in_training_mode)),
        ("`train()` forgotten", habit(start=lambda self, epoch: None)),
        ("trained on the validation data", habit(learn=learn_from_validation_too)),
        ("trained on the validation data", habit(judge=judge_and_step)),
        ("gradients recorded at validation", habit(judge=judge_with_gradients)),
        ("gradients never cleared", habit(learn=learn_without_clearing)),
        ("never stepped", habit(learn=learn_without_stepping)),
        ("sigmoid before the loss", habit(loss=staticmethod(sigmoid_twice), judge_loss=staticmethod(sigmoid_twice))),
        ("sigmoid before the loss", habit(loss=staticmethod(sigmoid_twice))),
        ("softmax before cross-entropy", habit(
            loss=staticmethod(softmax_of_one), judge_loss=staticmethod(softmax_of_one))),
        ("summed, not averaged", habit(loss=staticmethod(added_up), judge_loss=staticmethod(added_up))),
        ("one batch per epoch", habit(learn=learn_one_batch)),
        ("test set used to choose", lambda model, optimizer, train, validation, test, *more: stop_by_counter(
            model, optimizer, train, test, validation, *more)),
        ("training loss used to choose", stop_on_train),
        ("accuracy used to choose", habit(learn=remember_validation, measure=wrong_share)),
        ("compared with the epoch before", habit(is_over=rises_in_a_row)),
        ("small gains ignored", habit(is_better=lambda self: self.seen[-1] < self.seen[self.best] - 0.01)),
        ("small gains ignored", habit(is_better=lambda self: self.seen[self.best] - self.seen[-1] > 0.002)),
        ("no epoch is ever the best", stop_from_one),
        ("best weights only after an early stop", habit(is_over=over_and_noted, restore=restore_after_break)),
        ("put back after every worse epoch", habit(wait=wait_and_go_back)),
        ("validation loss as test loss", habit(report=lambda self, tested: {
            "validation": self.losses, "best epoch": self.best, "test": min(self.losses)})),
        ("validation loss as test loss", habit(finish=lambda self, test: (self.restore(), (self.model, self.report(min(
            self.losses))))[1])),
        ("test set shown more than once", habit(keep=look_at_each_best, finish=finish_with_what_was_seen)),
        ("losses up to the best only", habit(report=lambda self, tested: {
            "validation": self.losses[:self.best + 1], "best epoch": self.best, "test": tested})),
        ("`eval()` forgotten", habit(judge=judge_and_train_again)),
        ("one step per epoch", habit(learn=step_once)),
        ("one step per epoch", habit(learn=learn_all_at_once)),
        ("another optimizer", stop_with_own_optimizer),
        ("training without gradients", torch.no_grad()(stop_with_a_copy)),
        ("logits handed to `nn.BCELoss`", habit(loss=staticmethod(logits_as_probabilities))),
    ],
}

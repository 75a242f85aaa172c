"""Lab 4, second half, as learners write it: right answers in other words, and known mistakes in other words.

RIGHT : exercise -> answers that differ from the reference in code and must pass; some are oracles.
WRONG : exercise -> (name of the mistake, answer) pairs, in code that is not the mutant's.
"""
import copy
import itertools

import numpy as np
import scipy.stats
import sklearn.metrics
import torch
from torch import nn
from torch.nn import functional

# the curve and the area ------------------------------------------------------------------------------------------

def roc_by_sklearn(target, scores):
    fpr, tpr, _ = sklearn.metrics.roc_curve(target, scores, drop_intermediate=False)
    return fpr, tpr


def roc_by_groups(target, scores):
    """Sorted downwards; a point where the score changes, and at the end."""
    order = np.argsort(scores)[::-1]
    counts = np.cumsum(np.eye(2)[target[order]], axis=0)
    last = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    points = np.vstack([[0, 0], counts[last] / counts[-1]])
    return points[:, 0], points[:, 1]


def roc_as_table(target, scores, rule=np.greater_equal):
    thresholds = np.array([np.inf, *sorted(set(scores.tolist()), reverse=True)])
    called = rule(scores[None], thresholds[:, None])
    return torch.tensor(called[:, target == 0].mean(axis=1)), torch.tensor(called[:, target == 1].mean(axis=1))


def roc_number_by_number(target, scores, first=True, last=True, unit=None, largest_first=True, order=None):
    """Counting one by one; its ends, what is divided by and the order may be changed."""
    thresholds = sorted(set(scores.tolist()), reverse=largest_first) if order is None else order(scores)
    healthy, ill = (np.sum(target == label) for label in (0, 1))
    fpr, tpr = ([0.0], [0.0]) if first else ([], [])
    for threshold in thresholds if last else thresholds[:-1]:
        called = [label for label, score in zip(target, scores, strict=True) if score >= threshold]
        fpr.append(called.count(0) / (unit or healthy))
        tpr.append(called.count(1) / (unit or ill))
    return np.array(fpr), np.array(tpr)


def roc_stepwise(order):
    """A step for each case, tied ones in the order that order(target, scores) gives."""
    def answer(target, scores):
        steps = target[order(target, scores)]
        tpr, fpr = np.cumsum(steps == 1) / steps.sum(), np.cumsum(steps == 0) / (len(steps) - steps.sum())
        return np.concatenate([[0], fpr]), np.concatenate([[0], tpr])

    return answer


def auc_by_sklearn(target, scores):
    return sklearn.metrics.roc_auc_score(target, scores) if len(set(target.tolist())) == 2 else float("nan")


def auc_by_mann_whitney(target, scores):
    ill, healthy = scores[target == 1], scores[target == 0]
    if not (ill.size and healthy.size):
        return np.nan
    return scipy.stats.mannwhitneyu(ill, healthy).statistic / ill.size / healthy.size


def auc_by_loops(target, scores, win=1.0, tie=0.5, lost=0.0, divide=True):
    """Pair by pair in plain Python; what a pair counts may be changed."""
    pairs = [(one, other) for one, label in zip(scores.tolist(), target, strict=True) if label == 1
             for other, other_label in zip(scores.tolist(), target, strict=True) if other_label == 0]
    if not pairs:
        return np.nan
    total = sum(win if one > other else tie if one == other else lost for one, other in pairs)
    return total / len(pairs) if divide else total


def auc_by_trapezoids(target, scores, curve=roc_by_groups, area=np.trapezoid):
    if target.min() == target.max():
        return np.nan
    fpr, tpr = curve(target, scores)
    return float(area(tpr, fpr))


def auc_by_ranks(target, scores, rank=scipy.stats.rankdata):
    ill, healthy = int(np.sum(target == 1)), int(np.sum(target == 0))
    if ill * healthy == 0:
        return np.nan
    return (rank(scores)[target == 1].sum() - ill * (ill + 1) / 2) / (ill * healthy)


def rank_in_order(scores):
    """1 for the smallest; tied ones from the last to the first."""
    return 1 + np.lexsort((-np.arange(len(scores)), scores)).argsort()


def after_threshold(threshold, measure):
    def answer(target, scores):
        both = target.min() < target.max()
        return measure(target, (scores >= threshold(scores)).astype(int)) if both else float("nan")

    return answer


def auc_of_differences(target, scores):
    ill, healthy = (scores[target == label] for label in (1, 0))
    found = np.subtract.outer(ill, healthy)
    return np.heaviside(found, 0.5).mean() if found.size else np.nan


def auc_of_any_two(target, scores):
    return np.mean([(one > other) + (one == other) / 2 for one in scores.tolist() for other in scores.tolist()])


def auc_side_by_side(target, scores):
    pairs = list(zip(scores[target == 1].tolist(), scores[target == 0].tolist(), strict=False))
    return sum((one > other) + (one == other) / 2 for one, other in pairs) / len(pairs) if pairs else np.nan


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


def flip_by_index(image, side, columns=lambda count: range(count - 1, -1, -1), label=None):
    new = label(side) if label else {"left": "right", "right": "left"}.get(side, side)
    return np.stack([image[:, column] for column in columns(image.shape[1])], axis=1), new


def flip_by_torch(image, side):
    if side != "none":
        side = "left" if side == "right" else "right"
    return torch.tensor(image).flip(1), side


def flip_by_numpy(image, side):
    sides = ["left", "none", "right"]
    return [np.fliplr(image), sides[2 - sides.index(side)]]


def flip_twice_in_the_label(image, side):
    if side == "left":
        side = "right"
    if side == "right":
        side = "left"
    return np.fliplr(image), side


def flip_over_the_image(image, side):
    for row in image:
        row[:] = row[::-1].copy()
    return flip_by_numpy(image[:, ::-1], side)


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


# intervals -------------------------------------------------------------------------------------------------------

def report_by_numbers(target, scores, patients, repeats, seed):
    """Numbers of patients are drawn, not names; draws with one class are left out at once."""
    generator = np.random.default_rng(seed)
    names, whose = np.unique(patients, return_inverse=True)
    rows_of, found = [np.flatnonzero(whose == number) for number in range(len(names))], []
    for _ in range(repeats):
        rows = np.concatenate([rows_of[number] for number in generator.integers(0, len(names), len(names))])
        if len(set(target[rows].tolist())) == 2:
            found.append(auc_by_ranks(target[rows], scores[rows]))
    return auc_by_ranks(target, scores), np.quantile(found, 0.025), np.quantile(found, 0.975)


def report_by_lists(target, scores, patients, repeats, seed):
    draws, generator = [], np.random.default_rng(seed)
    slices = {name: [row for row, one in enumerate(patients) if one == name] for name in sorted(set(patients.tolist()))}
    for _ in range(repeats):
        rows = []
        for name in generator.choice(list(slices), size=len(slices), replace=True):
            rows += slices[name]
        draws.append(auc_by_mann_whitney(target[rows], scores[rows]))
    draws = np.array(draws)
    low, high = np.percentile(draws[~np.isnan(draws)], (2.5, 97.5))
    return [auc_by_mann_whitney(target, scores), low, high]


def report_by_counts(target, scores, patients, repeats, seed, count=None, ends=(2.5, 97.5), finish=None):
    """Every slice as often as its patient was drawn; what is counted, and what is made of the draws, may change."""
    generator, names, values = np.random.default_rng(seed), np.unique(patients), []
    for _ in range(repeats):
        drawn = generator.choice(names, len(names))
        times = np.sum(drawn[:, None] == patients, axis=0)
        rows = np.repeat(np.arange(len(patients)), times if count is None else count(times))
        values.append(auc_by_ranks(target[rows], scores[rows]))
    found = auc_by_ranks(target, scores)
    return (found, *np.nanpercentile(values, ends)) if finish is None else finish(found, np.array(values))


def counted(**changes):
    def answer(*given):
        return report_by_counts(*given, **changes)

    return answer


def report_drawing(draw):
    """Draws by draw(generator, names, patients) -> rows, anything else right."""
    def answer(target, scores, patients, repeats, seed):
        generator, names = np.random.default_rng(seed), np.unique(patients)
        chosen = [draw(generator, names, patients) for _ in range(repeats)]
        values = [auc_by_ranks(target[rows], scores[rows]) for rows in chosen]
        return auc_by_ranks(target, scores), *np.nanquantile(values, [0.025, 0.975])

    return answer


def slices_of(patients, drawn):
    return [row for name in drawn for row in np.nonzero(patients == name)[0]]


def by_resampling(generator, names, patients):
    """scikit-learn's own way to draw slices: other random numbers."""
    from sklearn.utils import resample
    return resample(np.arange(len(patients)), random_state=int(generator.integers(10**6)))


def report_made_anew(target, scores, patients, repeats, seed):
    values = []
    for _ in range(repeats):
        generator = np.random.default_rng(seed)
        names = np.unique(patients)
        rows = slices_of(patients, generator.choice(names, len(names)))
        values.append(auc_by_ranks(target[rows], scores[rows]))
    return auc_by_ranks(target, scores), *np.nanpercentile(values, [2.5, 97.5])


def report_of_means(target, scores, patients, repeats, seed):
    names, whose, counts = np.unique(patients, return_inverse=True, return_counts=True)
    means = np.bincount(whose, scores) / counts
    ill = (np.bincount(whose, target) > 0).astype(int)
    return report_by_counts(ill, means, names, repeats, seed)


def report_by_formula(target, scores, patients, repeats, seed):
    found, count = auc_by_ranks(target, scores), len(target)
    error = (found * (1 - found) / count)**0.5
    return found, found - 1.96 * error, found + 1.96 * error


def report_unseeded(target, scores, patients, repeats, seed):
    return report_by_counts(target, scores, patients, repeats, None)


def report_always_seed_0(target, scores, patients, repeats, seed):
    return report_by_numbers(target, scores, patients, repeats, 0)


def report_backwards(target, scores, patients, repeats, seed):
    """Names in another order: other patients are drawn, and as many."""
    return report_drawing(lambda generator, names, patients: slices_of(
        patients, generator.choice(names[::-1], len(names))))(target, scores, patients, repeats, seed)


RIGHT = {
    "roc_points": [roc_by_sklearn, roc_by_groups, roc_as_table, roc_number_by_number],
    "auc": [auc_by_sklearn, auc_by_mann_whitney, auc_by_loops, auc_by_trapezoids, auc_by_ranks],
    "allowed": [allowed_by_subtraction, allowed_by_cases, allowed_but()],
    "flip_with_label": [flip_by_index, flip_by_torch, flip_by_numpy],
    "train_with_early_stopping": [stop_by_counter, stop_with_a_copy, habit()],
    "report": [report_by_numbers, report_by_lists, report_by_counts],
}
ALSO_RIGHT = {"train_with_early_stopping": [stop_by_probabilities]}  # tried by the check alone: seconds on real images

WRONG = {
    "roc_points": [
        ("first point missing", lambda *given: roc_number_by_number(*given, first=False)),
        ("first point missing", lambda *given: tuple(one[1:] for one in roc_by_sklearn(*given))),
        ("last point missing", lambda *given: roc_number_by_number(*given, last=False)),
        ("last point missing", lambda *given: tuple(one[1:] for one in roc_as_table(*given, rule=np.greater))),
        ("above instead of at least", lambda *given: roc_as_table(*given, rule=np.greater)),
        ("from (1, 1) to (0, 0)", lambda *given: tuple(np.flip(one) for one in roc_by_sklearn(*given))),
        ("from (1, 1) to (0, 0)", lambda *given: roc_number_by_number(*given, first=False, order=lambda scores: [
            *sorted(set(scores)), np.inf])),
        ("low scores called ill", lambda target, scores: roc_by_groups(target, -scores)),
        ("low scores called ill", roc_stepwise(lambda target, scores: np.argsort(scores, kind="stable"))),
        ("rates exchanged", lambda *given: roc_by_sklearn(*given)[::-1]),
        ("rates exchanged", lambda target, scores: roc_by_groups(1 - target, scores)),
        ("specificity instead of false positives", lambda *given: (1 - roc_by_groups(*given)[0],
                                                                   roc_by_groups(*given)[1])),
        ("numbers instead of shares", lambda *given: roc_number_by_number(*given, unit=1)),
        ("shares of all cases", lambda target, scores: roc_number_by_number(target, scores, unit=len(target))),
        ("thresholds of the ill only", lambda target, scores: roc_number_by_number(
            target, scores, order=lambda scores: sorted(set(scores[target == 1].tolist()))[::-1])),
        ("thresholds not sorted", lambda *given: roc_number_by_number(*given, order=lambda scores: scores.tolist())),
        ("points repeated", lambda *given: roc_number_by_number(*given, order=lambda scores: -np.sort(-scores))),
        ("ties stepped one by one", roc_stepwise(lambda target, scores: np.argsort(-scores, kind="stable"))),
        ("ties stepped one by one", roc_stepwise(lambda target, scores: np.lexsort((-target, -scores)))),
        ("ties stepped one by one", roc_stepwise(lambda target, scores: np.lexsort((target, -scores)))),
        ("ties stepped one by one", roc_stepwise(lambda target, scores: np.argsort(scores)[::-1])),
        ("corners only", lambda *given: sklearn.metrics.roc_curve(*given)[:2]),
        ("a grid of thresholds", lambda *given: roc_number_by_number(
            *given, order=lambda scores: np.linspace(1, 0, 101))),
        ("a grid of thresholds", lambda *given: roc_number_by_number(*given, first=False, order=lambda scores: range(
            5, 0, -1))),
        ("one array instead of two", lambda *given: np.array(roc_by_sklearn(*given))),
        ("one array instead of two", lambda *given: np.column_stack(roc_by_groups(*given))),
    ],
    "auc": [
        ("ties count nothing", lambda *given: auc_by_loops(*given, tie=0)),
        ("ties count nothing", lambda *given: auc_by_trapezoids(*given, area=lambda tpr, fpr: np.sum(
            np.diff(fpr) * tpr[:-1]))),
        ("ties count fully", lambda *given: auc_by_loops(*given, tie=1)),
        ("ties count fully", lambda *given: auc_by_trapezoids(*given, area=lambda tpr, fpr: np.sum(
            np.diff(fpr) * tpr[1:]))),
        ("comparison reversed", lambda *given: auc_by_loops(*given, win=0, lost=1)),
        ("comparison reversed", lambda target, scores: auc_by_trapezoids(1 - target, scores)),
        ("negative area", lambda *given: auc_by_trapezoids(*given, curve=lambda *given: [
            one[::-1] for one in roc_by_groups(*given)])),
        ("never below one half", lambda *given: max(auc_by_loops(*given), 1 - auc_by_loops(*given))),
        ("sign of the difference", lambda *given: auc_by_loops(*given, tie=0, lost=-1)),
        ("how much instead of how often", lambda target, scores: (
            scores[target == 1].mean() - scores[target == 0].mean() if 0 < target.mean() < 1 else np.nan)),
        ("wins not divided", lambda *given: auc_by_loops(*given, divide=False)),
        ("divided by all pairs", lambda target, scores: auc_by_loops(target, scores, divide=False) / len(target)**2),
        ("divided by all pairs", lambda target, scores: auc_by_loops(target, scores, divide=False) / len(list(
            itertools.combinations(scores, 2)))),
        ("pairs of the same class", auc_of_any_two),
        ("every case in one pair only", auc_side_by_side),
        ("threshold before the ranking", after_threshold(lambda scores: 0.5, auc_by_sklearn)),
        ("threshold before the ranking", after_threshold(
            lambda scores: 0, sklearn.metrics.balanced_accuracy_score)),
        ("accuracy instead of AUC", after_threshold(lambda scores: 0.5, sklearn.metrics.accuracy_score)),
        ("differences in 8 bits", auc_of_differences),
        ("ties by order", lambda *given: auc_by_trapezoids(*given, curve=roc_stepwise(
            lambda target, scores: np.argsort(-scores.astype(float), kind="stable")))),
        ("ties by order", lambda *given: auc_by_ranks(*given, rank=rank_in_order)),
        ("ties by order", lambda *given: auc_by_ranks(*given, rank=lambda scores: 1 + scores.argsort().argsort())),
        ("one class only", lambda *given: np.nan_to_num(auc_by_loops(*given), nan=0.5)),
        ("one class only", lambda target, scores: auc_by_loops(target, scores, divide=False) / (
            sum(target.tolist()) * (len(target) - sum(target.tolist())))),
        ("one class only", lambda *given: 0.0 if np.isnan(auc_by_loops(*given)) else auc_by_loops(*given)),
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
    "flip_with_label": [
        ("label not changed", lambda image, side: (image[..., ::-1], side)),
        ("image not flipped", lambda image, side: (image.copy(), flip_by_numpy(image, side)[1])),
        ("flipped up-down", lambda image, side: (image[::-1], flip_by_numpy(image, side)[1])),
        ("half a turn", lambda image, side: (np.rot90(image, 2), flip_by_numpy(image, side)[1])),
        ("rows and columns exchanged", lambda image, side: (image.T, flip_by_numpy(image, side)[1])),
        ("a side for no nodule", lambda image, side: flip_by_index(
            image, side, label=lambda side: "right" if side == "left" else "left")),
        ("a side for no nodule", lambda image, side: (image[:, ::-1], ["left", "right"][side != "right"])),
        ("exchanged twice", flip_twice_in_the_label),
        ("exchanged twice", lambda image, side: (np.fliplr(image), side.replace("left", "right"))),
        ("mirrored only with a nodule", lambda image, side: (
            (image, side) if side == "none" else flip_by_index(image, side))),
        ("image changed in place", flip_over_the_image),
        ("label in front", lambda image, side: tuple(flip_by_numpy(image, side)[::-1])),
        ("label left out", lambda image, side: np.fliplr(image)),
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
        ("softmax before the loss", habit(loss=staticmethod(softmax_of_one), judge_loss=staticmethod(softmax_of_one))),
        ("summed, not averaged", habit(loss=staticmethod(added_up), judge_loss=staticmethod(added_up))),
        ("one batch per epoch", habit(learn=learn_one_batch)),
    ],
    "report": [
        ("slices drawn, not patients", report_drawing(
            lambda generator, names, patients: generator.integers(0, len(patients), len(patients)))),
        ("slices drawn, not patients", report_drawing(by_resampling)),
        ("drawn twice, counted once", counted(count=lambda times: np.minimum(times, 1))),
        ("drawn twice, counted once", report_drawing(lambda generator, names, patients: np.isin(
            patients, generator.choice(names, len(names))))),
        ("drawn without replacement", report_drawing(lambda generator, names, patients: slices_of(
            patients, generator.permutation(names)))),
        ("same draw every time", report_made_anew),
        ("too many patients drawn", report_drawing(lambda generator, names, patients: slices_of(
            patients, generator.choice(names, len(patients))))),
        ("patients drawn by their slices", report_drawing(lambda generator, names, patients: slices_of(
            patients, generator.choice(patients, len(names))))),
        ("one slice of each patient", report_drawing(lambda generator, names, patients: [
            patients.tolist().index(name) for name in generator.choice(names, len(names))])),
        ("patients averaged first", report_of_means),
        ("percentiles 5 and 95", counted(ends=[5, 95])),
        ("percentiles in shares", counted(ends=[0.025, 0.975])),
        ("smallest and largest draw", counted(finish=lambda found, values: (
            found, np.nanmin(values), np.nanmax(values)))),
        ("standard deviations of the draws", counted(finish=lambda found, values: (
            found, found - 1.96 * values[values >= 0].std(), found + 1.96 * values[values >= 0].std()))),
        ("standard error of slices", report_by_formula),
        ("mean of the draws as AUC", counted(finish=lambda found, values: (
            np.nanmean(values), *np.nanquantile(values, (0.025, 0.975))))),
        ("order of the three", counted(ends=[97.5, 2.5])),
        ("order of the three", counted(finish=lambda found, values: (
            np.nanpercentile(values, 2.5), found, np.nanpercentile(values, 97.5)))),
        ("draws with one class", counted(finish=lambda found, values: (found, *np.percentile(values, [2.5, 97.5])))),
        ("draws with one class", counted(finish=lambda found, values: (
            found, *np.percentile(np.nan_to_num(values, nan=0.5), [2.5, 97.5])))),
        ("draws with one class", lambda target, scores, patients, repeats, seed: report_drawing(
            lambda generator, names, patients: refuse_one_class(target, slices_of(
                patients, generator.choice(names, len(names)))))(target, scores, patients, repeats, seed)),
        ("seed ignored", report_unseeded),
        ("seed ignored", report_always_seed_0),
        ("drawn in another way", report_backwards),
    ],
}


def refuse_one_class(target, rows):
    """As scikit-learn did for many years."""
    if len(np.unique(target[rows])) < 2:
        raise ValueError("Only one class present in y_true.")
    return rows

"""Lab 2 as learners write it: right answers in other words, and known mistakes in other words.

RIGHT : exercise -> answers that differ from the reference in code and must pass; some are oracles.
WRONG : exercise -> (name of the mistake, answer) pairs, in code that is not the mutant's.
"""
import copy
import math
import warnings

import numpy as np
import scipy.special
import torch
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LinearRegression
from sklearn.metrics import roc_curve
from torch import nn
from torch.nn import functional

from helpers import loss

# sigmoid, loss, softmax ------------------------------------------------------------------------------------------

def sigmoid_by_masks(z):
    probs = np.empty(z.shape)
    probs[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    probs[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
    return probs


def sigmoid_by_masks_of_zeros(z):
    probs, positive = np.zeros(z.shape), z >= 0
    probs[positive] = 1 / (1 + np.exp(-z[positive]))
    probs[~positive] = np.exp(z[~positive]) / (1 + np.exp(z[~positive]))
    return probs


def sigmoid_by_append(z):
    probs = []
    for one in z.ravel():
        probs.append(1 / (1 + np.exp(-one)) if one >= 0 else np.exp(one) / (1 + np.exp(one)))
    return np.array(probs).reshape(z.shape)


def sigmoid_of_two_halves(z):
    above, below = np.maximum(z, 0), np.minimum(z, 0)
    return np.where(z >= 0, 1 / (1 + np.exp(-above)), np.exp(below) / (1 + np.exp(below)))


def sigmoid_needlessly_silent(z):
    with np.errstate(all="ignore"):
        return sigmoid_of_two_halves(z)


def sigmoid_like_its_input(z):
    probs = z.copy()
    for place in np.ndindex(z.shape):
        probs[place] = scipy.special.expit(z[place])
    return probs


def sigmoid_silent(z):
    before = np.seterr(over="ignore")
    probs = 1 / (1 + np.exp(-z))
    np.seterr(**before)
    return probs


def sigmoid_unwarned(z):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


def sigmoid_one_by_one(z):
    flat = [1 / (1 + math.exp(-one)) if one > 0 else math.exp(one) / (1 + math.exp(one)) for one in z.ravel()]
    return np.array(flat).reshape(z.shape)


def sigmoid_by_math(z):
    return np.array([1 / (1 + math.exp(-one)) for one in z.ravel()]).reshape(z.shape)


def sigmoid_with_if(z):
    if z < 0:
        return np.exp(z) / (1 + np.exp(z))
    return 1 / (1 + np.exp(-z))


def sigmoid_forms_exchanged(z):
    small = np.exp(-np.abs(z))
    return np.where(z < 0, 1 / (1 + small), small / (1 + small))


def sigmoid_rounded(z):
    return np.round(scipy.special.expit(z * 1000) - (z == 0) * 0.5)


def bce_by_torch(logits, targets):
    return functional.binary_cross_entropy_with_logits(torch.tensor(logits), torch.tensor(targets).double())


def bce_by_loop(logits, targets):
    total = 0.0
    for z, target in zip(logits, targets, strict=True):
        wrong_way = -z if target == 1 else z  # how far the logit lies on the wrong side
        total += max(wrong_way, 0) + math.log1p(math.exp(-abs(wrong_way)))
    return total / len(logits)


def bce_by_scipy(logits, targets):
    return -np.mean(targets * scipy.special.log_expit(logits) + (1 - targets) * scipy.special.log_expit(-logits))


def bce_with_where(logits, targets):
    probs = scipy.special.expit(logits)
    return np.where(targets == 1, -np.log(probs), -np.log(1 - probs)).mean()


def bce_with_epsilon(logits, targets):
    probs = scipy.special.expit(logits)
    return -np.mean(targets * np.log(probs + 1e-9) + (1 - targets) * np.log(1 - probs + 1e-9))


def bce_by_torch_probabilities(logits, targets):
    return functional.binary_cross_entropy(torch.sigmoid(torch.tensor(logits)), torch.tensor(targets).double())


def bce_naive_sum(logits, targets):
    probs = 1 / (1 + np.exp(-logits))
    return -(targets * np.log(probs) + (1 - targets) * np.log(1 - probs)).sum()


def bce_naive_without_minus(logits, targets):
    probs = 1 / (1 + np.exp(-logits))
    return np.mean(targets * np.log(probs) + (1 - targets) * np.log(1 - probs))


def bce_quietly_lucky(logits, targets):
    wrong_way = np.where(targets == 1, -logits, logits)
    return np.mean(np.where(wrong_way > 30, wrong_way, np.log1p(np.exp(wrong_way))))


def bce_silently_lucky(logits, targets):
    with np.errstate(all="ignore"):
        return bce_quietly_lucky(logits, targets)


def bce_in_base_10(logits, targets):
    return (np.maximum(logits, 0) + np.log10(1 + np.exp(-np.abs(logits))) - targets * logits).mean()


def bce_with_max(logits, targets):
    return np.mean(max(0, logits) + np.log1p(np.exp(-abs(logits))) - targets * logits)


def bce_of_float32(logits, targets):
    return nn.BCEWithLogitsLoss()(torch.tensor(logits).float(), torch.tensor(targets).float()).item()


def bce_treats_logits_as_probabilities(logits, targets):
    losses = np.empty(len(logits))
    losses[targets == 1] = -np.log(logits[targets == 1])
    losses[targets == 0] = -np.log(1 - logits[targets == 0])
    return losses.mean()


def softmax_by_rows(logits):
    rows = []
    for row in logits:
        powers = [math.exp(one - max(row)) for one in row]
        rows.append([power / sum(powers) for power in powers])
    return np.array(rows)


def softmax_by_log_sum_exp(logits):
    return np.exp(logits - scipy.special.logsumexp(logits, axis=1, keepdims=True))


def softmax_naive_by_rows(logits):
    return np.array([np.exp(row) / np.sum(np.exp(row)) for row in logits])


def softmax_naive_by_columns(logits):
    powers = np.exp(logits)
    for column in range(logits.shape[1]):
        powers[:, column] = powers[:, column] / powers[:, column].sum()
    return powers


def softmax_one_maximum(logits):
    shifted = torch.tensor(logits) - logits.max()
    return shifted.exp() / shifted.exp().sum(dim=1, keepdim=True)


def softmax_torch_sum_without_axis(logits):
    powers = torch.exp(torch.tensor(logits))
    return powers / powers.sum(dim=1)


def softmax_in_place(logits):
    for row in logits:
        row -= row.max()
    return scipy.special.softmax(logits, axis=1)


# a line ----------------------------------------------------------------------------------------------------------

def mse_gradient_by_torch(x, y, w, b):
    parameters = torch.tensor([w, b], dtype=torch.float64, requires_grad=True)
    functional.mse_loss(parameters[0] * torch.tensor(x) + parameters[1], torch.tensor(y)).backward()
    return tuple(parameters.grad.tolist())


def mse_gradient_by_loop(x, y, w, b):
    gradient_w = gradient_b = 0.0
    for one, other in zip(x, y, strict=True):
        gradient_w += 2 * (w * one + b - other) * one / len(x)
        gradient_b += 2 * (w * one + b - other) / len(x)
    return gradient_w, gradient_b


def mse_gradient_by_differences(x, y, w, b, step=1e-5):
    def loss_at(w, b):
        return np.mean((w * x + b - y) ** 2)

    return ((loss_at(w + step, b) - loss_at(w - step, b)) / (2 * step),
            (loss_at(w, b + step) - loss_at(w, b - step)) / (2 * step))


def mse_gradient_by_matrices(x, y, w, b):
    table = np.column_stack([x, np.ones(len(x))])
    return table.T @ (table @ [w, b] - y) * 2 / len(x)


def errors(x, y, w, b):
    return [w * one + b - other for one, other in zip(x, y, strict=True)]


def mse_gradient_without_divisor(x, y, w, b):
    return 2 * np.dot(errors(x, y, w, b), x), 2 * sum(errors(x, y, w, b))


def mse_value(x, y, w, b):
    model = LinearRegression()
    model.coef_, model.intercept_ = np.array([w]), b
    return np.mean((model.predict(x[:, None]) - y) ** 2)


def step_by_torch(w, b, gradient_w, gradient_b, learning_rate):
    parameters = [nn.Parameter(torch.tensor(one, dtype=torch.float64)) for one in (w, b)]
    for parameter, gradient in zip(parameters, (gradient_w, gradient_b), strict=True):
        parameter.grad = torch.tensor(gradient, dtype=torch.float64)
    torch.optim.SGD(parameters, lr=learning_rate).step()
    return tuple(parameter.detach().numpy() for parameter in parameters)


def step_in_place(w, b, gradient_w, gradient_b, learning_rate):
    if isinstance(w, np.ndarray):
        w[...] = w - gradient_w * learning_rate
        return w, b - gradient_b * learning_rate
    return w - gradient_w * learning_rate, b - gradient_b * learning_rate


# a network -------------------------------------------------------------------------------------------------------

def as_module(W1, b1, w2, b2):
    """The network as torch builds it, with these parameters."""
    model = nn.Sequential(nn.Linear(W1.shape[1], len(W1)), nn.ReLU(), nn.Linear(len(W1), 1)).double()
    values = [W1, b1, w2[None], np.array([b2])]
    with torch.no_grad():
        for parameter, value in zip(model.parameters(), values, strict=True):
            parameter.copy_(torch.tensor(value))
    return model


def forward_by_torch(x, W1, b1, w2, b2):
    return as_module(W1, b1, w2, b2)(torch.tensor(x)).squeeze(1)


def forward_by_loops(x, W1, b1, w2, b2):
    logits = np.zeros(len(x))
    for scan in range(len(x)):
        logits[scan] = b2
        for neuron in range(len(w2)):
            total = b1[neuron] + sum(x[scan] * W1[neuron])
            logits[scan] += w2[neuron] * max(total, 0)
    return logits


def forward_as_einsum(x, W1, b1, w2, b2):
    hidden = np.einsum("ni,hi->nh", x, W1) + b1
    hidden = hidden * (hidden > 0)
    return np.array([np.dot(row, w2) + b2 for row in hidden])


def forward_in_columns(x, W1, b1, w2, b2):
    return w2 @ np.maximum(W1 @ x.T + b1[:, None], 0) + b2


def forward_scan_by_scan(x, W1, b1, w2, b2):
    return np.array([w2 @ np.maximum(W1 @ scan + b1, 0) + b2 for scan in x])


def forward_in_columns_of_torch(x, W1, b1, w2, b2):
    x, W1, b1, w2 = map(torch.tensor, (x, W1, b1, w2))
    return w2 @ torch.relu(W1 @ x.T + b1) + b2


def sums(x, W1, b1):
    return np.array([[np.dot(weights, scan) + bias for weights, bias in zip(W1, np.broadcast_to(b1, len(W1)),
                                                                          strict=True)] for scan in x])


def forward_by_torch_with(**changes):
    """The network of torch with some of its modules changed: hidden, output."""
    def answer(x, W1, b1, w2, b2):
        model = as_module(W1, b1, w2, b2)
        model[1] = changes.get("hidden", model[1])
        return changes.get("output", nn.Identity())(model(torch.tensor(x)).squeeze(1))

    return answer


def forward_not_transposed(x, W1, b1, w2, b2):
    return np.clip(np.dot(x, W1) + b1, 0, None).dot(w2) + b2


def parameters_by_torch(inputs, hidden, outputs):
    layers = nn.Linear(inputs, hidden, device="meta"), nn.Linear(hidden, outputs, device="meta")
    return sum(parameter.numel() for layer in layers for parameter in layer.parameters())


def parameters_by_loop(inputs, hidden, outputs):
    total = 0
    for left, right in [(inputs, hidden), (hidden, outputs)]:
        total += (left + 1) * right
    return total


def backward_by_torch(x, targets, W1, b1, w2, b2):
    model = as_module(W1, b1, w2, b2)
    nn.BCEWithLogitsLoss()(model(torch.tensor(x)).squeeze(1), torch.tensor(targets).double()).backward()
    one, two, three, four = [parameter.grad.numpy() for parameter in model.parameters()]
    return one, two, three[0], four[0]


def backward_by_differences(x, targets, W1, b1, w2, b2, step=1e-5):
    """Central differences of the loss: no chain rule at all."""
    parameters = [np.array(one, dtype=float) for one in (W1, b1, w2, b2)]
    gradients = [np.zeros(one.shape) for one in parameters]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        for place in np.ndindex(parameter.shape):
            before, losses = parameter[place], []
            for sign in (1, -1):
                parameter[place] = before + sign * step
                losses.append(bce_by_loop(forward_by_loops(x, *parameters), targets))
            parameter[place] = before
            gradient[place] = (losses[0] - losses[1]) / (2 * step)
    return tuple(gradients)


def backward_scan_by_scan(x, targets, W1, b1, w2, b2):
    gradients = [np.zeros(np.shape(one)) for one in (W1, b1, w2, b2)]
    for scan, target in zip(x, targets, strict=True):
        total = W1 @ scan + b1
        hidden = np.where(total > 0, total, 0)
        error = (scipy.special.expit(w2 @ hidden + b2) - target) / len(x)
        back = np.where(total > 0, w2 * error, 0)
        for gradient, more in zip(gradients, (np.outer(back, scan), back, error * hidden, error), strict=True):
            gradient += more
    return gradients


def backward_with(at_logit=lambda p, y: p - y, divisor=lambda n: n, mask=lambda total: total > 0,
                  weigh=lambda w2: w2, bring=lambda total: max(total, 0)):
    """Scan by scan and neuron by neuron, with one thing done wrongly."""
    def answer(x, targets, W1, b1, w2, b2):
        gradient_W1, gradient_b1, gradient_w2, gradient_b2 = np.zeros_like(W1), np.zeros_like(b1), np.zeros_like(w2), 0
        for scan, target in zip(x, targets, strict=True):
            totals = [np.dot(weights, scan) + bias for weights, bias in zip(W1, b1, strict=True)]
            logit = b2 + sum(weight * max(total, 0) for weight, total in zip(w2, totals, strict=True))
            error = at_logit(scipy.special.expit(logit), target) / divisor(len(x))
            gradient_b2 = gradient_b2 + error
            for neuron, total in enumerate(totals):
                back = error * weigh(w2[neuron]) * mask(total)
                gradient_W1[neuron] += back * scan
                gradient_b1[neuron] += back
                gradient_w2[neuron] += error * bring(total)
        return gradient_W1, gradient_b1, gradient_w2, gradient_b2

    return answer


def changed(of):
    """What torch returns, changed by `of`."""
    return lambda *given: of(*backward_by_torch(*given), given)


def error_per_scan(given):
    x, targets, *network = given
    return (scipy.special.expit(forward_by_loops(x, *network)) - targets) / len(x)


def back_per_scan(given):
    x, _, W1, b1, w2, _ = given
    return error_per_scan(given)[:, None] * w2[None] * (sums(x, W1, b1) > 0)


# threshold and training ------------------------------------------------------------------------------------------

def threshold_by_roc(probs, targets, sensitivity):
    if targets.sum() == 0:
        return float("nan")
    with_a_benign_one = np.append(targets, 0), np.append(probs, -1.0)  # scikit-learn wants both classes
    _, found, thresholds = roc_curve(*with_a_benign_one, drop_intermediate=False)
    return thresholds[np.argmax(found >= sensitivity)]


def threshold_by_rank(probs, targets, sensitivity):
    ordered = sorted(probs[targets == 1], reverse=True)
    if not ordered:
        return math.nan
    return ordered[math.ceil(round(sensitivity * len(ordered), 9)) - 1]


def threshold_by_comprehension(probs, targets, sensitivity):
    positives = targets == 1
    fits = [t for t in set(probs) if positives.any() and (probs[positives] >= t).mean() >= sensitivity]
    return max(fits, default=np.nan)


def threshold_by_ascent(probs, targets, sensitivity):
    """Every probability from the smallest on; the last that finds enough stays."""
    best = np.nan
    for threshold in np.unique(probs) if targets.sum() else ():
        if np.mean(probs[targets == 1] >= threshold) >= sensitivity:
            best = threshold
    return best


def threshold_on_grid(grid):
    def answer(probs, targets, sensitivity):
        if targets.sum() == 0:
            return np.nan
        fits = [threshold for threshold in grid if (probs[targets == 1] >= threshold).mean() >= sensitivity]
        return max(fits)

    return answer


def threshold_rounded(probs, targets, sensitivity):
    return round(float(threshold_by_rank(probs, targets, sensitivity)), 2)


def threshold_by_counts(measure, strict=False):
    """The largest probability at which a measure of the four counts is high enough."""
    def answer(probs, targets, sensitivity):
        fits = []
        for t in probs if targets.any() else []:
            called = (probs > t if strict else probs >= t).astype(int)
            tn, fp, fn, tp = np.bincount(2 * targets + called, minlength=4)
            if measure(tp, fp, fn, tn) >= sensitivity:
                fits.append(t)
        return max(fits, default=np.nan)

    return answer


def threshold_by_position(shift, rounded=math.ceil):
    def answer(probs, targets, sensitivity):
        ordered = sorted((p for p, target in zip(probs, targets, strict=True) if target), reverse=True)
        place = rounded(round(sensitivity * len(ordered), 9)) - 1 + shift
        return ordered[min(max(place, 0), len(ordered) - 1)] if ordered else np.nan

    return answer


def threshold_crashes_without_malignant(probs, targets, sensitivity):
    ordered = sorted(probs[targets == 1])
    found = [sum(one >= t for one in ordered) / len(ordered) for t in ordered]
    return max(t for t, share in zip(ordered, found, strict=True) if share >= sensitivity)


def threshold_says_one_without_malignant(probs, targets, sensitivity):
    threshold = threshold_by_rank(probs, targets, sensitivity)
    return 1.0 if np.isnan(threshold) else threshold


def called(model, x):
    """0 or 1 for every digit."""
    return [int(logit > 0) for logit in model(x).flatten().tolist()]


def scores(model, x, y):
    return float(np.mean(np.array(called(model, x)) == y.numpy()))


def dummy_score(x, y):
    return DummyClassifier().fit(x.numpy(), y.numpy()).score(x.numpy(), y.numpy())


def by_hand(model, x, y, steps, learning_rate, gradient=lambda logits, y: (torch.sigmoid(logits) - y) / len(y)):
    """Gradient descent without an optimiser and without a loss: the derivative at the logits is known."""
    for _ in range(steps):
        logits = model(x)[:, 0]
        found = torch.autograd.grad(logits, list(model.parameters()), gradient(logits, y).detach())
        with torch.no_grad():
            for parameter, one in zip(model.parameters(), found, strict=True):
                parameter -= learning_rate * one


def train_by_hand(model, x, y, new_x, new_y, steps, learning_rate):
    before = scores(model, new_x, new_y)
    by_hand(model, x, y, steps, learning_rate)
    return {"before": before, "after": scores(model, new_x, new_y), "majority": dummy_score(new_x, new_y)}


def train_by_loss_module(model, x, y, new_x, new_y, steps, learning_rate):
    loss_of, optimizer = nn.BCEWithLogitsLoss(), torch.optim.SGD(model.parameters(), learning_rate)
    report = dict(majority=np.bincount(new_y.int()).max() / len(new_y), before=scores(model, new_x, new_y), seeds=1)
    for _ in range(steps):
        loss = loss_of(model(x), y[:, None])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    report["after"] = scores(model, new_x, new_y)
    return report


def train_with_columns(model, x, y, new_x, new_y, steps, learning_rate):
    """As in the lecture: labels of shape (N, 1), and the accuracy written there; gradients cleared first or last."""
    y, new_y = y.unsqueeze(1), new_y.unsqueeze(1)

    def accuracy(network):
        return ((network(new_x) > 0) == (new_y == 1)).float().mean()

    optimizer, report = torch.optim.SGD(model.parameters(), lr=learning_rate), {"before": accuracy(model)}
    for _ in range(steps):
        functional.binary_cross_entropy_with_logits(model(x), y).backward()
        optimizer.step()
        optimizer.zero_grad()
    return report | {"after": accuracy(model), "majority": max(new_y.mean(), 1 - new_y.mean())}


def train_on_probabilities(loss_of):
    """The loss of probabilities; the accuracies are right."""
    def answer(model, x, y, new_x, new_y, steps, learning_rate):
        def accuracy():
            return ((torch.sigmoid(model(new_x).reshape(-1)) >= 0.5).float() == new_y).double().mean()

        report = {"majority": torch.maximum(new_y.mean(), 1 - new_y.mean()), "before": accuracy()}
        for _ in range(steps):
            model.zero_grad()
            loss_of(torch.sigmoid(model(x).reshape(-1)), y).backward()
            for parameter in model.parameters():
                parameter.data -= learning_rate * parameter.grad
        return report | {"after": accuracy()}

    return answer


def trained_with(gradient):
    def answer(model, x, y, new_x, new_y, steps, learning_rate):
        before = scores(model, new_x, new_y)
        by_hand(model, x, y, steps, learning_rate, gradient)
        return {"before": before, "after": scores(model, new_x, new_y), "majority": dummy_score(new_x, new_y)}

    return answer


def trained_on(change):
    """A right training and report on what `change` makes of everything that is given."""
    return lambda *given: train_by_hand(*change(*given))


def train_without_clearing(model, x, y, new_x, new_y, steps, learning_rate):
    before = scores(model, new_x, new_y)
    for _ in range(steps):
        nn.BCEWithLogitsLoss()(model(x).flatten(), y).backward()
        for parameter in model.parameters():
            parameter.data = parameter.data - learning_rate * parameter.grad
    return {"before": before, "after": scores(model, new_x, new_y), "majority": dummy_score(new_x, new_y)}


def train_without_step(model, x, y, new_x, new_y, steps, learning_rate):
    for _ in range(steps):
        loss = nn.BCEWithLogitsLoss()(model(x).flatten(), y)
        model.zero_grad()
        loss.backward()
    score = scores(model, new_x, new_y)
    return {"before": score, "after": score, "majority": dummy_score(new_x, new_y)}


def train_and_return_in_the_loop(model, x, y, new_x, new_y, steps, learning_rate):
    before = after = scores(model, new_x, new_y)
    for _ in range(steps):
        by_hand(model, x, y, 1, learning_rate)
        after = scores(model, new_x, new_y)
        return {"before": before, "after": after, "majority": dummy_score(new_x, new_y)}
    return {"before": before, "after": after, "majority": dummy_score(new_x, new_y)}


def train_by(optimizer_of):
    def answer(model, x, y, new_x, new_y, steps, learning_rate):
        before, optimizer = scores(model, new_x, new_y), optimizer_of(model.parameters(), learning_rate)
        for _ in range(steps):
            optimizer.zero_grad()
            nn.BCEWithLogitsLoss()(model(x).flatten(), y).backward()
            optimizer.step()
        return {"before": before, "after": scores(model, new_x, new_y), "majority": dummy_score(new_x, new_y)}

    return answer


def train_a_copy(model, *given):
    return train_by_hand(nn.Sequential(*[copy.deepcopy(layer) for layer in model]), *given)


def train_a_new_one(model, *given):
    with torch.random.fork_rng():
        torch.manual_seed(5)
        model = nn.Sequential(nn.Linear(64, 3), nn.ReLU(), nn.Linear(3, 1))
    return train_by_hand(model, *given)


def train_with_a_column(model, x, y, *rest):
    loss_of = nn.BCEWithLogitsLoss()
    return {"before": loss_of(model(x), y).item(), "after": 0, "majority": 0}


def accurate_by(accuracy):
    """A right training, reported by another accuracy(model, x, y)."""
    def answer(model, x, y, new_x, new_y, steps, learning_rate):
        before = accuracy(model, new_x, new_y)
        by_hand(model, x, y, steps, learning_rate)
        return {"before": before, "after": accuracy(model, new_x, new_y), "majority": dummy_score(new_x, new_y)}

    return answer


def sure_at_one_half(model, x, y):
    return float(np.mean([(logit > 0.5) == target for logit, target in zip(model(x).flatten(), y, strict=True)]))


def accuracy_of_the_lecture(model, x, y):
    return ((model(x) > 0) == (y == 1)).float().mean().item()


def reported(**changes):
    """A right training, with some entries of its report computed otherwise from (before, after, new_y)."""
    def answer(model, x, y, new_x, new_y, steps, learning_rate):
        right = train_by_hand(model, x, y, new_x, new_y, steps, learning_rate)
        return right | {name: of(right["before"], right["after"], new_y) for name, of in changes.items()}

    return answer


def majority_of_training(model, x, y, *rest):
    return train_by_hand(model, x, y, *rest) | {"majority": np.bincount(y.int()).max() / len(y)}


RIGHT = {
    "sigmoid": [loss.sigmoid, scipy.special.expit, sigmoid_by_masks, sigmoid_one_by_one,
                lambda z: (1 + np.tanh(z / 2)) / 2, lambda z: torch.sigmoid(torch.tensor(z)),
                lambda z: np.exp(-np.logaddexp(0, -z)), lambda z: 1 / (1 + np.exp(-np.clip(z, -500, 500))),
                sigmoid_by_masks_of_zeros, sigmoid_by_append, sigmoid_of_two_halves, sigmoid_needlessly_silent,
                lambda z: np.where(z > 0, 1, np.exp(-abs(z))) / (1 + np.exp(-abs(z)))],
    "bce_from_logits": [bce_by_torch, bce_by_loop, bce_by_scipy,
                        lambda logits, targets: loss.bce_with_logits(logits, targets).mean(),
                        bce_of_float32,
                        lambda logits, targets: np.mean(np.logaddexp(0, logits) - targets * logits),
                        lambda logits, targets: (np.maximum(logits, 0) + np.log(1 + np.exp(-np.abs(logits)))
                                                 - targets * logits).mean(),
                        lambda logits, targets: np.logaddexp(0, np.where(targets == 1, -logits, logits)).mean()],
    "softmax": [loss.softmax, lambda logits: scipy.special.softmax(logits, axis=1), softmax_by_rows,
                softmax_by_log_sum_exp, lambda logits: torch.softmax(torch.tensor(logits), dim=-1)],
    "mse_gradient": [loss.mse_gradient, mse_gradient_by_torch, mse_gradient_by_loop, mse_gradient_by_differences,
                     lambda x, y, w, b: tuple(mse_gradient_by_matrices(x, y, w, b))],
    "descent_step": [step_by_torch, lambda w, b, gradient_w, gradient_b, learning_rate:
                     [w + -learning_rate * gradient_w, b + -learning_rate * gradient_b],
                     lambda w, b, gradient_w, gradient_b, learning_rate:
                     (np.subtract(w, np.multiply(gradient_w, learning_rate)), b - gradient_b * learning_rate)],
    "forward": [forward_by_torch, forward_by_loops, forward_as_einsum, forward_in_columns, forward_scan_by_scan],
    "mlp_parameters": [parameters_by_torch, parameters_by_loop,
                       lambda inputs, hidden, outputs: hidden * (inputs + 1 + outputs) + outputs],
    "backward": [backward_by_torch, backward_by_differences, backward_scan_by_scan, backward_with()],
    "threshold_for": [threshold_by_roc, threshold_by_rank, threshold_by_comprehension, threshold_by_ascent,
                      threshold_by_counts(lambda tp, fp, fn, tn: tp / (tp + fn))],
    "train_and_report": [train_by_hand, train_by_loss_module, train_with_columns,
                         train_by(lambda parameters, lr: torch.optim.SGD(parameters, lr=lr))],
}

WRONG = {
    "sigmoid": [
        ("an exponential overflows on the way", lambda z: np.power(1 + np.exp(-z), -1)),
        ("too large for math.exp", sigmoid_by_math),
        ("an exponential overflows on the way",
         lambda z: np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))),
        ("warning silenced", sigmoid_silent),
        ("warning silenced", sigmoid_unwarned),
        ("whole numbers stay whole", sigmoid_like_its_input),
        ("cut off far below 0", lambda z: 1 / (1 + np.exp(-np.clip(z, -30, 30)))),
        ("cut off far below 0", lambda z: scipy.special.expit(z).clip(1e-7, 1 - 1e-7)),
        ("probability rounded", lambda z: np.around(1 / (1 + np.exp(-np.clip(z, -500, 500))), 6)),
        ("probability rounded", lambda z: scipy.special.expit(z).round(3)),
        ("infinity divided by infinity", lambda z: np.divide(np.exp(z), np.exp(z) + 1)),
        ("falls instead of rising", lambda z: 1 / (1 + np.exp(z))),
        ("falls instead of rising", sigmoid_forms_exchanged),
        ("negative logits forgotten", lambda z: 1 / (1 + np.exp(-np.abs(z)))),
        ("minus in the denominator", lambda z: np.exp(z) / (np.exp(z) - 1)),
        ("exponential alone", lambda z: 1 / np.exp(-z)),
        ("decided instead of weighed", lambda z: z > 0),
        ("decided instead of weighed", lambda z: (np.sign(z) + 1) / 2),
        ("decided instead of weighed", sigmoid_rounded),
        ("cut off at 0 and 1", lambda z: np.minimum(np.maximum(z, 0), 1)),
        ("tanh instead of sigmoid", lambda z: torch.tanh(torch.tensor(z))),
        ("ReLU instead of sigmoid", lambda z: torch.relu(torch.tensor(z))),
        ("divided by the sum of all", lambda z: np.exp(z) / np.sum(np.exp(z))),
        ("one value asked of an array", sigmoid_with_if),
    ],
    "bce_from_logits": [
        ("logarithm of zero", bce_with_where),
        ("logarithm of zero", lambda logits, targets: -np.mean(
            targets * np.log(1 / (1 + np.exp(-logits))) + (1 - targets) * np.log(1 - 1 / (1 + np.exp(-logits))))),
        ("exponential overflows",
         lambda logits, targets: np.mean(targets * np.log(1 + np.exp(-logits))
                                         + (1 - targets) * np.log(1 + np.exp(logits)))),
        ("probability clipped", bce_with_epsilon),
        ("probability clipped", bce_by_torch_probabilities),
        ("a warning on the way", bce_quietly_lucky),
        ("warning silenced", bce_silently_lucky),
        ("one maximum for all scans", lambda logits, targets: np.mean(
            np.max(logits, 0) + np.log1p(np.exp(-np.abs(logits))) - targets * logits)),
        ("max of an array", bce_with_max),
        ("1 added twice", lambda logits, targets: np.mean(
            np.log(2 + np.exp(-np.abs(logits))) + np.maximum(logits, 0) - targets * logits)),
        ("absolute value forgotten", lambda logits, targets: np.mean(
            np.maximum(logits, 0) + np.log1p(np.exp(-logits)) - targets * logits)),
        ("summed, not averaged", lambda logits, targets: bce_by_loop(logits, targets) * len(targets)),
        ("summed, not averaged", bce_naive_sum),
        ("one loss per scan", lambda logits, targets: np.logaddexp(0, logits) - logits * targets),
        ("sign turned round", bce_naive_without_minus),
        ("sign turned round", lambda logits, targets: -bce_by_scipy(logits, targets)),
        ("targets exchanged", lambda logits, targets: bce_by_loop(-logits, targets)),
        ("target added instead of subtracted",
         lambda logits, targets: np.mean(np.logaddexp(0, logits) + logits * targets)),
        ("benign scans cost nothing", lambda logits, targets: np.mean(targets * np.logaddexp(0, -logits))),
        ("malignant scans cost nothing", lambda logits, targets: -np.mean(
            (1 - targets) * np.log(scipy.special.expit(-logits)))),
        ("targets left out", lambda logits, targets: np.logaddexp(0, logits).sum() / len(logits)),
        ("another logarithm", bce_in_base_10),
        ("another logarithm", lambda logits, targets: bce_by_loop(logits, targets) / math.log(10)),
        ("another logarithm", lambda logits, targets: -np.mean(np.log2(
            scipy.special.expit(np.where(targets == 1, logits, -logits))))),
        ("squared error instead",
         lambda logits, targets: torch.tensor(scipy.special.expit(logits) - targets).square().mean()),
        ("sigmoid applied twice", lambda logits, targets: bce_by_torch(scipy.special.expit(logits), targets)),
        ("logits taken for probabilities", bce_treats_logits_as_probabilities),
    ],
    "softmax": [
        ("softmax over the batch axis", lambda logits: scipy.special.softmax(logits, axis=0)),
        ("softmax over the batch axis", softmax_naive_by_columns),
        ("no maximum subtracted", softmax_naive_by_rows),
        ("one maximum for the whole batch", softmax_one_maximum),
        ("mean instead of maximum", lambda logits: softmax_naive_by_rows(logits - logits.mean(1)[:, None])),
        ("logits clipped", lambda logits: softmax_naive_by_rows(logits.clip(-500, 500))),
        ("divided by the sum of all", lambda logits: scipy.special.softmax(logits)),
        ("divided by the sum of all", lambda logits: np.exp(logits) / np.exp(logits).sum()),
        ("axis lost in the sum", lambda logits: np.exp(logits) / np.sum(np.exp(logits), 1)),
        ("axis lost in the sum", softmax_torch_sum_without_axis),
        ("exponential forgotten", lambda logits: np.array([row / sum(row) for row in logits])),
        ("sigmoid of each logit", lambda logits: 1 / (1 + np.exp(-logits))),
        ("sum forgotten", np.exp),
        ("sum forgotten", lambda logits: np.exp(logits - np.max(logits, 1)[:, None])),
        ("mean instead of sum", lambda logits: np.exp(logits) / np.exp(logits).mean(axis=1, keepdims=True)),
        ("winner takes all", lambda logits: np.array([(row == max(row)) * 1.0 for row in logits])),
        ("logarithm of softmax", lambda logits: torch.log_softmax(torch.tensor(logits), 1)),
        ("sign turned round", lambda logits: softmax_by_rows(logits.max(axis=1, keepdims=True) - logits)),
        ("input shifted in place", softmax_in_place),
    ],
    "mse_gradient": [
        ("missing 1/n", mse_gradient_without_divisor),
        ("factor 2 forgotten", lambda x, y, w, b: tuple(mse_gradient_by_matrices(x, y, w, b) / 2)),
        ("missing 1/n, factor 2 forgotten",
         lambda x, y, w, b: tuple(mse_gradient_by_matrices(x, y, w, b) * len(x) / 2)),
        ("sign turned round", lambda x, y, w, b: (2 * np.mean((y - b - w * x) * x), 2 * np.mean(y - b - w * x))),
        ("x forgotten", lambda x, y, w, b: (2 * np.average(errors(x, y, w, b)),) * 2),
        ("x in both", lambda x, y, w, b: (2 * np.dot(errors(x, y, w, b), x) / len(x),) * 2),
        ("w and b exchanged", lambda x, y, w, b: mse_gradient_by_loop(x, y, w, b)[::-1]),
        ("intercept forgotten", lambda x, y, w, b: mse_gradient_by_torch(x, y, w, 0)),
        ("product of means",
         lambda x, y, w, b: (2 * np.mean(errors(x, y, w, b)) * x.sum() / len(x), 2 * np.mean(errors(x, y, w, b)))),
        ("error still squared",
         lambda x, y, w, b: (2 * np.mean([error**2 * one for error, one in zip(errors(x, y, w, b), x, strict=True)]),
                             2 * np.mean(np.square(errors(x, y, w, b))))),
        ("size of the error only",
         lambda x, y, w, b: (2 * np.mean(np.abs(errors(x, y, w, b)) * x), 2 * np.mean(np.abs(errors(x, y, w, b))))),
        ("one gradient per point", lambda x, y, w, b: (np.multiply(errors(x, y, w, b), 2 * x),
                                                       np.multiply(errors(x, y, w, b), 2))),
        ("loss instead of gradient", mse_value),
    ],
    "descent_step": [
        ("gradient ascent", lambda w, b, gradient_w, gradient_b, learning_rate:
         step_by_torch(w, b, gradient_w, gradient_b, 0) if learning_rate == 0 else
         (w + gradient_w * learning_rate, b + gradient_b * learning_rate)),
        ("learning rate forgotten", lambda w, b, gradient_w, gradient_b, learning_rate:
         step_by_torch(w, b, gradient_w, gradient_b, 1.0)),
        ("divided by the learning rate", lambda w, b, gradient_w, gradient_b, learning_rate:
         step_by_torch(w, b, gradient_w, gradient_b, 1 / learning_rate)),
        ("step instead of place", lambda w, b, gradient_w, gradient_b, learning_rate:
         step_by_torch(w * 0, 0.0, gradient_w, gradient_b, learning_rate)),
        ("other way round", lambda w, b, gradient_w, gradient_b, learning_rate:
         tuple(-one for one in step_by_torch(w, b, gradient_w, gradient_b, learning_rate))),
        ("only w moved", lambda w, b, gradient_w, gradient_b, learning_rate:
         step_by_torch(w, b, gradient_w, 0.0, learning_rate)),
        ("only b moved", lambda w, b, gradient_w, gradient_b, learning_rate:
         step_by_torch(w, b, np.zeros_like(w), gradient_b, learning_rate)),
        ("gradients exchanged", lambda w, b, gradient_w, gradient_b, learning_rate:
         (w - gradient_b * learning_rate, b - gradient_w * learning_rate)),
        ("w and b exchanged", lambda w, b, gradient_w, gradient_b, learning_rate:
         step_by_torch(w, b, gradient_w, gradient_b, learning_rate)[::-1]),
        ("only the sign of the gradient", lambda w, b, gradient_w, gradient_b, learning_rate:
         step_by_torch(w, b, np.sign(gradient_w), np.sign(gradient_b), learning_rate)),
        ("weights changed in place", step_in_place),
    ],
    "forward": [
        ("ReLU forgotten", forward_by_torch_with(hidden=nn.Identity())),
        ("ReLU on the output", forward_by_torch_with(output=nn.ReLU())),
        ("ReLU on the output only", forward_by_torch_with(hidden=nn.Identity(), output=nn.ReLU())),
        ("probability instead of logit", forward_by_torch_with(output=nn.Sigmoid())),
        ("hidden biases forgotten", lambda x, W1, b1, w2, b2: forward_by_torch(x, W1, np.zeros_like(b1), w2, b2)),
        ("output bias forgotten", lambda x, W1, b1, w2, b2: forward_by_loops(x, W1, b1, w2, 0)),
        ("both biases forgotten", lambda x, W1, b1, w2, b2: forward_by_loops(x, W1, 0 * b1, w2, 0)),
        ("bias added after ReLU", lambda x, W1, b1, w2, b2: (np.maximum(sums(x, W1, 0), 0) + b1) @ w2 + b2),
        ("output bias inside the sum", lambda x, W1, b1, w2, b2: forward_by_loops(x, W1, b1, w2, b2 * sum(w2))),
        ("one column per scan", lambda x, W1, b1, w2, b2: w2 @ np.maximum(W1 @ x.T + b1, 0) + b2),
        ("one column per scan", lambda x, W1, b1, w2, b2: np.maximum(W1 @ x.T + b1[:, None], 0) @ w2 + b2),
        ("one column per scan", forward_in_columns_of_torch),
        ("weights not transposed", forward_not_transposed),
        ("weights not transposed", lambda x, W1, b1, w2, b2: torch.relu(
            torch.tensor(x) @ torch.tensor(W1) + torch.tensor(b1)) @ torch.tensor(w2) + b2),
        ("elementwise product", lambda x, W1, b1, w2, b2: np.maximum(x * W1.T + b1, 0) * w2 + b2),
        ("elementwise product", lambda x, W1, b1, w2, b2: np.sum(np.maximum(W1 * x + b1, 0) * w2, axis=1) + b2),
        ("sigmoid in the hidden layer", forward_by_torch_with(hidden=nn.Sigmoid())),
        ("sign dropped", lambda x, W1, b1, w2, b2: np.abs(sums(x, W1, b1)).dot(w2) + b2),
        ("hidden layer returned", lambda x, W1, b1, w2, b2: sums(x, W1, b1).clip(0)),
        ("output neuron does not add", lambda x, W1, b1, w2, b2: np.multiply(sums(x, W1, b1).clip(0), w2) + b2),
        ("an axis too many", lambda x, W1, b1, w2, b2: as_module(W1, b1, w2, b2)(torch.tensor(x))),
        ("first scan only", lambda x, W1, b1, w2, b2: w2 @ np.maximum(W1 @ x[0] + b1, 0) + b2),
        ("all scans added up", lambda x, W1, b1, w2, b2: sum(forward_by_loops(x, W1, b1, w2, b2))),
    ],
    "mlp_parameters": [
        ("biases forgotten", lambda inputs, hidden, outputs: hidden * (inputs + outputs)),
        ("output biases forgotten", lambda inputs, hidden, outputs: hidden * (inputs + 1 + outputs)),
        ("hidden biases forgotten",
         lambda inputs, hidden, outputs: parameters_by_torch(inputs, hidden, outputs) - hidden),
        ("one bias per layer", lambda inputs, hidden, outputs: (inputs * hidden + 1) + (hidden * outputs + 1)),
        ("one bias per input", lambda inputs, hidden, outputs: inputs * (hidden + 1) + hidden * (outputs + 1)),
        ("biases of the input counted",
         lambda inputs, hidden, outputs: parameters_by_loop(inputs, hidden, outputs) + inputs),
        ("only the first layer", lambda inputs, hidden, outputs: (inputs + 1) * hidden),
        ("always one output", lambda inputs, hidden, outputs: parameters_by_torch(inputs, hidden, 1)),
        ("neurons instead of parameters", lambda *widths: sum(widths)),
        ("all widths multiplied", lambda *widths: math.prod(widths)),
    ],
    "backward": [
        ("derivative of ReLU left out", backward_with(mask=lambda total: 1)),
        ("derivative of ReLU turned round", backward_with(mask=lambda total: total <= 0)),
        ("missing 1/n", backward_with(divisor=lambda n: 1)),
        ("divided by n twice", backward_with(divisor=lambda n: n * n)),
        ("sign turned round", changed(lambda one, two, three, four, given: (-one, -two, -three, -four))),
        ("derivative of the sigmoid once too often", backward_with(at_logit=lambda p, y: (p - y) * (p - p * p))),
        ("gradient of the squared error", backward_with(at_logit=lambda p, y: 2 * (p - y) * p * (1 - p))),
        ("decided before learning", backward_with(at_logit=lambda p, y: round(p) - y)),
        ("output weights left out", backward_with(weigh=lambda w2: 1)),
        ("gradient of W1 transposed", changed(lambda one, two, three, four, given: (one.T, two, three, four))),
        ("hidden sums instead of hidden values", backward_with(bring=lambda total: total)),
        ("bias of one scan each",
         changed(lambda one, two, three, four, given: (one, two, three, error_per_scan(given)))),
        ("b1 added over the neurons",
         changed(lambda one, two, three, four, given: (one, back_per_scan(given).sum(axis=1), three, four))),
        ("one number for b1", changed(lambda one, two, three, four, given: (one, two.sum(), three, four))),
        ("means instead of sums",
         changed(lambda one, two, three, four, given: (one, two / len(given[0]), three, four / len(given[0])))),
        ("in another order", changed(lambda one, two, three, four, given: (three, four, one, two))),
        ("output layer only", changed(lambda one, two, three, four, given: (three, four))),
    ],
    "threshold_for": [
        ("above instead of at least", threshold_by_counts(lambda tp, fp, fn, tn: tp / (tp + fn), strict=True)),
        ("specificity instead of sensitivity",
         threshold_by_counts(lambda tp, fp, fn, tn: tn / (tn + fp) if tn + fp else 0)),
        ("wrong side of the threshold", threshold_by_counts(lambda tp, fp, fn, tn: fn / (tp + fn))),
        ("smallest threshold instead of largest",
         lambda probs, targets, sensitivity: min(probs[targets == 1], default=np.nan)),
        ("smallest threshold instead of largest",
         lambda probs, targets, sensitivity: min(t for t in probs if not targets.any() or np.mean(
             probs[targets == 1] >= t) >= sensitivity)),
        ("benign scans counted as found", threshold_by_counts(lambda tp, fp, fn, tn: (tp + fp) / (tp + fn))),
        ("share of all scans", threshold_by_counts(lambda tp, fp, fn, tn: (tp + fp) / (tp + fp + tn + fn))),
        ("precision instead of sensitivity", threshold_by_counts(lambda tp, fp, fn, tn: tp / (tp + fp))),
        ("accuracy instead of sensitivity",
         threshold_by_counts(lambda tp, fp, fn, tn: (tp + tn) / (tp + fp + tn + fn))),
        ("labels exchanged", lambda probs, targets, sensitivity: threshold_by_rank(probs, 1 - targets, sensitivity)),
        ("one scan too few", threshold_by_position(-1)),
        ("rounded down", threshold_by_position(0, math.floor)),
        ("rounded down", threshold_by_position(0, round)),
        ("one scan too many", threshold_by_position(1)),
        ("one scan too many", lambda probs, targets, sensitivity: sorted(probs[targets == 1])[::-1][
            math.ceil(round(sensitivity * targets.sum(), 9))]),
        ("between two scans", lambda probs, targets, sensitivity: np.quantile(probs[targets == 1], 1 - sensitivity)),
        ("between two scans", lambda probs, targets, sensitivity: np.percentile(
            probs[targets == 1], 100 * (1 - sensitivity)) if targets.any() else np.nan),
        ("quantile of all scans", lambda probs, targets, sensitivity: np.percentile(
            probs, 100 * (1 - sensitivity)) if targets.any() else np.nan),
        ("probability taken for sensitivity", lambda probs, targets, sensitivity: sensitivity),
        ("probability taken for sensitivity", lambda probs, targets, sensitivity: 1.0 - sensitivity),
        ("always one half", lambda probs, targets, sensitivity: 1 / 2),
        ("sensitivity instead of threshold", lambda probs, targets, sensitivity: np.mean(
            probs[targets == 1] >= threshold_by_rank(probs, targets, sensitivity)) if targets.any() else np.nan),
        *(("a grid of thresholds", threshold_on_grid(grid)) for grid in (
            np.arange(0, 1, 0.01), np.linspace(0, 1, 201), np.linspace(0, 1, 501), np.linspace(0, 1, 1000))),
        ("a grid of thresholds", threshold_rounded),
        ("no malignant scan", threshold_crashes_without_malignant),
        ("no malignant scan", threshold_says_one_without_malignant),
    ],
    "train_and_report": [
        ("gradients never cleared", train_without_clearing),
        ("never stepped", train_without_step),
        ("gradient ascent", trained_with(lambda logits, y: (y - torch.sigmoid(logits)) / len(y))),
        ("summed, not averaged", trained_with(lambda logits, y: torch.sigmoid(logits) - y)),
        ("sigmoid before the loss", trained_with(lambda logits, y: (torch.sigmoid(torch.sigmoid(logits)) - y)
                                                 * torch.sigmoid(logits) * torch.sigmoid(-logits) / len(y))),
        ("loss by way of p", train_on_probabilities(nn.BCELoss())),
        ("loss by way of p", train_on_probabilities(lambda p, y: -torch.mean(y * p.log() + (1 - y) * (1 - p).log()))),
        ("squared error on the logits", trained_with(lambda logits, y: 2 * (logits - y) / len(y))),
        ("another optimiser", train_by(torch.optim.Adam)),
        ("another optimiser", train_by(lambda parameters, lr: torch.optim.SGD(parameters, lr, 0.9))),
        ("learning rate fixed", trained_on(lambda *given: (*given[:-1], 0.5))),
        ("learning rate fixed", train_by(lambda parameters, lr: torch.optim.SGD(parameters, lr=0.1))),
        ("one step only", train_and_return_in_the_loop),
        ("one step too many", trained_on(lambda *given: (*given[:-2], given[-2] + 1, given[-1]))),
        ("trained on the new digits", trained_on(lambda model, x, y, *rest: (model, *rest[:2], *rest))),
        ("a copy was trained", train_a_copy),
        ("another model was trained", train_a_new_one),
        ("another model was trained", lambda *given: {"before": 0.4, "after": 1.0, "majority": 0.6}),
        ("a column beside a row", train_with_a_column),
        ("every digit against every label", accurate_by(accuracy_of_the_lecture)),
        ("every digit against every label", accurate_by(
            lambda model, x, y: np.mean([[one == label for label in y] for one in called(model, x)]))),
        ("measured on the training digits", trained_on(lambda model, x, y, *rest: (model, x, y, x, y, *rest[2:]))),
        ("majority of the training digits", majority_of_training),
        ("logits compared with one half", accurate_by(sure_at_one_half)),
        ("probability compared with 0", accurate_by(lambda model, x, y: np.mean(
            (torch.sigmoid(model(x).squeeze(1)) > 0).numpy() == y.numpy()))),
        ("classes exchanged",
         reported(before=lambda before, after, y: 1 - before, after=lambda before, after, y: 1 - after)),
        ("measured after training both times", reported(before=lambda before, after, y: after)),
        ("measured before training both times", reported(after=lambda before, after, y: before)),
        ("share of ones, not the majority", reported(majority=lambda before, after, y: y.sum() / len(y))),
        ("share of zeros, not the majority",
         reported(majority=lambda before, after, y: (y == 0).sum() / len(y))),
        ("one half, not the majority", reported(majority=lambda before, after, y: 1 / 2)),
        ("numbers of digits instead of shares", accurate_by(
            lambda model, x, y: ((model(x).squeeze(1) > 0) == (y == 1)).sum().item())),
        ("numbers of digits instead of shares", reported(
            before=lambda before, after, y: round(before * len(y)),
            after=lambda before, after, y: round(after * len(y)),
            majority=lambda before, after, y: np.bincount(y.int()).max())),
        ("percent", reported(
            before=lambda before, after, y: 100 * before, after=lambda before, after, y: 100 * after,
            majority=lambda before, after, y: 100 * max(y.mean().item(), 1 - y.mean().item()))),
    ],
}

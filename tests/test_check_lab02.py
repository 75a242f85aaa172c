"""Lab 2: its references against oracles and closed forms, and what its checks ask beyond the values."""
import warnings

import numpy as np
import pytest
import scipy.special
import torch
from sklearn.metrics import recall_score
from torch.nn import functional

from helpers import check
from helpers.check.comparison import difference, in_rows, short
from helpers.check.engine import judge, run
from helpers.check.exercise import Exercise
from helpers.check.lab02 import backpropagation, logistic, losses, networks, silence, thresholds, training_run


def exercise(name):
    return check.CHECKERS[name].exercise


def reference(name):
    return exercise(name).reference


@pytest.mark.parametrize("seed", range(5))
def test_the_backward_pass_agrees_with_autograd_to_1e_6(seed):
    x, *network = networks.random_network(seed, 7, 2, 3)
    targets = np.random.default_rng(seed).integers(0, 2, 7)
    leaves = [torch.tensor(one, dtype=torch.float64, requires_grad=True) for one in network]
    W1, b1, w2, b2 = leaves
    logits = torch.relu(torch.tensor(x) @ W1.T + b1) @ w2 + b2
    assert reference("forward")(x, *network) == pytest.approx(logits.detach().numpy())
    functional.binary_cross_entropy_with_logits(logits, torch.tensor(targets).double()).backward()
    for gradient, leaf in zip(backpropagation.backward(x, targets, *network), leaves, strict=True):
        assert np.shape(gradient) == leaf.shape
        assert np.abs(gradient - leaf.grad.numpy()).max() < 1e-6


def test_every_case_of_the_backward_pass_has_awake_and_silent_neurons():
    """Else a forgotten derivative of ReLU would pass; and no sum is 0, where it has no derivative."""
    for x, _, W1, b1, _, _ in exercise("backward").cases[:-2]:
        total = x @ W1.T + b1
        assert (total > 0).any() and (total < 0).any()
    assert all((x @ W1.T + b1 != 0).all() for x, _, W1, b1, _, _ in exercise("backward").cases)


@pytest.mark.parametrize("size", [0.1, 5, 40, 700, 1000, 1e5])
def test_probabilities_and_loss_agree_with_scipy_and_torch_at_any_size(size):
    numbers = np.random.default_rng(0)
    logits, targets = numbers.normal(0, size, (6, 3)), numbers.integers(0, 2, 6)
    with warnings.catch_warnings(), np.errstate(over="raise", divide="raise", invalid="raise"):
        warnings.simplefilter("error")
        assert reference("sigmoid")(logits) == pytest.approx(scipy.special.expit(logits), abs=1e-12)
        assert reference("softmax")(logits) == pytest.approx(scipy.special.softmax(logits, axis=1), abs=1e-12)
        loss = reference("bce_from_logits")(logits[:, 0], targets)
    wanted = functional.binary_cross_entropy_with_logits(torch.tensor(logits[:, 0]), torch.tensor(targets).double())
    assert loss == pytest.approx(wanted.item(), rel=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_the_threshold_is_the_largest_that_finds_enough(seed):
    numbers = np.random.default_rng(seed)
    probs, targets = numbers.integers(0, 30, 40) / 30, numbers.integers(0, 2, 40)
    for wanted in (0.1, 0.5, 0.8, 0.95, 1.0):
        threshold = thresholds.threshold_for(probs, targets, wanted)
        assert recall_score(targets, probs >= threshold) >= wanted
        assert recall_score(targets, probs >= threshold + 1e-9) < wanted


def test_the_cases_of_the_threshold_do_not_hang_on_rounding():
    for probs, targets, wanted in exercise("threshold_for").cases:
        count = wanted * (targets == 1).sum()
        assert abs(count - round(count)) < 1e-9 or abs(count - round(count)) > 0.1
        assert len(probs) == len(targets)


def test_no_accuracy_of_the_training_check_hangs_on_rounding():
    """Every logit of every network of the check lies well away from the threshold, before and after training."""
    for zeros, ones, new_zeros, new_ones, steps, learning_rate, seed, times in training_run.CASES:
        model = training_run.network(seed, output_times=times)
        (x, y), (new_x, new_y) = training_run.digits(zeros, ones), training_run.digits(new_zeros, new_ones, new=True)
        before = model(new_x).abs().min().item()
        report = training_run.train_and_report(model, x, y, new_x, new_y, steps, learning_rate)
        assert before > 0.02 and model(new_x).abs().min().item() > 0.02
        assert report["majority"] == pytest.approx(max(new_zeros, new_ones) / (new_zeros + new_ones))


@pytest.mark.parametrize("case", training_run.CASES)
def test_the_new_digits_were_not_trained_on(case):
    old, new = training_run.digits(*case[:2])[0], training_run.digits(*case[2:4], new=True)[0]
    assert len(old) == sum(case[:2]) and len(new) == sum(case[2:4])
    assert not (old[:, None] == new[None]).all(dim=2).any()


def test_in_the_extreme_case_the_loss_of_probabilities_gives_no_gradient_and_that_of_logits_does():
    zeros, ones, *_, seed, times = training_run.CASES[training_run.EXTREME]
    (x, y), model = training_run.digits(zeros, ones), training_run.network(seed, output_times=times)
    logits = model(x).squeeze(1)
    assert logits.abs().min() > 100 and logits.abs().max() > 200
    for loss_of, learns in ((functional.binary_cross_entropy, False),
                            (functional.binary_cross_entropy_with_logits, True)):
        model.zero_grad()
        loss_of(logits if learns else torch.sigmoid(logits), y).backward(retain_graph=True)
        steepest = max(parameter.grad.abs().max().item() for parameter in model.parameters())
        assert steepest > 1 if learns else steepest < 1e-6


def test_the_training_check_leaves_torchs_seed_alone():
    torch.manual_seed(3)
    wanted = torch.rand(2).tolist()
    torch.manual_seed(3)
    training_run.network(0)
    assert torch.rand(2).tolist() == wanted


def test_constants_and_claims_do_not_pass_for_a_training():
    right = training_run.report(training_run.train_and_report, *exercise("train_and_report").cases[0])
    claims = {name: right[name] for name in ("before", "after", "majority")}
    assert judge(exercise("train_and_report"), lambda *given: claims).outcome == "wrong"
    assert judge(exercise("train_and_report"), lambda model, x, y, new_x, new_y, *rest: {
        "before": 0.5, "after": 1.0, "majority": max(new_y.mean(), 1 - new_y.mean())}).outcome == "wrong"


def test_what_the_check_measures_itself_is_labelled_so():
    verdict = judge(exercise("train_and_report"), lambda *given: {"before": 0, "after": 0, "majority": 0})
    assert dict(verdict.rows)["Got"].splitlines()[2] == "'majority': 0"
    assert dict(verdict.rows)["Got"].splitlines()[3].startswith(
        "'(measured by the check) logits of its first 4 training digits': [")


# what the texts of the lab say ---------------------------------------------------------------------------------

def test_the_pass_by_hand():
    given = (np.array([[2.0], [1.0]]), np.array([1, 0]), np.array([[1.0], [-1.0]]), np.array([0, 1.5]),
             np.array([-1, 0.5]), 0.0)
    W1, b1, w2, b2 = backpropagation.backward(*given)
    assert W1.round(4).tolist() == [[0.7204], [0.0802]] and b1.round(4).tolist() == [0.28, 0.0802]
    assert w2.round(4).tolist() == [-0.7204, 0.0802] and b2.round(4) == -0.28


@pytest.mark.parametrize("kind, rounded, overflows", [(np.float32, 16.7, 88.8), (np.float64, 36.8, 709.8)])
def test_where_p_is_rounded_to_1_and_where_the_exponential_overflows(kind, rounded, overflows):
    below, above = (kind(rounded + shift) for shift in (-0.2, 0))
    assert 1 - 1 / (1 + np.exp(-below)) > 0 and 1 - 1 / (1 + np.exp(-above)) == 0
    with np.errstate(over="ignore"):
        assert np.isfinite(np.exp(kind(overflows - 0.2))) and np.isinf(np.exp(kind(overflows)))


def test_the_least_loss_of_the_line_of_exercise_5():
    x = np.linspace(0, 4, 15)
    y = 0.3 * x + 0.7 + np.random.default_rng(0).normal(0, 0.2, 15)
    assert np.mean((0.3 * x + 0.7 - y) ** 2).round(3) == 0.035
    assert np.mean((np.polyval(np.polyfit(x, y, 1), x) - y) ** 2).round(3) == 0.023


# silenced warnings ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name, mutant", [("sigmoid", logistic.silently), ("bce_from_logits", losses.silently)])
def test_a_silenced_warning_is_heard(name, mutant, recwarn):
    verdict = judge(exercise(name), mutant)
    assert verdict.misconception == "warning silenced" and verdict.outcome == "wrong"
    assert "overflow encountered in exp" in dict(verdict.rows)["NumPy warns"]
    assert not recwarn.list


def test_the_switches_work_again_afterwards_even_after_a_crash():
    before = [getattr(module, name) for module, name in silence.SWITCHES]

    def crashing(z):
        with np.errstate(all="ignore"):
            return np.exp(z) / undefined  # noqa: F821

    assert judge(exercise("sigmoid"), crashing).outcome == "crashed"
    assert [getattr(module, name) for module, name in silence.SWITCHES] == before
    assert dict(judge(exercise("sigmoid"), crashing).rows)["Stopped in"]


def test_a_silenced_wrong_answer_is_named_by_its_values():
    def silently_negative(z):
        with np.errstate(all="ignore"):
            return 1 / (1 + np.exp(z))

    assert judge(exercise("sigmoid"), silently_negative).misconception == "falls instead of rising"


@pytest.mark.parametrize("steps", [50, 100, 200, 500, 1000, 10000])
def test_no_grid_of_thresholds_passes(steps):
    grid = np.linspace(0, 1, steps + 1)

    def on_grid(probs, targets, sensitivity):
        found = (probs[targets == 1][:, None] >= grid).mean(axis=0) if targets.any() else np.zeros(len(grid))
        return max(grid[found >= sensitivity], default=np.nan)

    assert judge(exercise("threshold_for"), on_grid).misconception == "a grid of thresholds"


# what the engine learned for this lab --------------------------------------------------------------------------

def halves(values):
    """Half of each value."""
    return values / 2


QUIET = Exercise(title="Exercise 0", points=1, reference=halves, hints=("one", "two"), misconceptions=(), quiet=True,
                 cases=((np.array([2.0, 4.0]),), (np.array([1.0, 800.0]),)))


def overflows(values):
    return np.where(np.exp(values) > 0, values / 2, 0)


def test_a_warning_of_numpy_counts_and_stands_on_the_card(recwarn):
    verdict = judge(QUIET, overflows)
    assert verdict.outcome == "wrong"
    assert verdict.message == "The result is right, but on the way NumPy warns: overflow encountered in exp."
    assert dict(verdict.rows)["NumPy warns"] == "overflow encountered in exp"
    assert [result.warned for result in run(QUIET, overflows)] == [(), ("overflow encountered in exp",)]
    assert not recwarn.list


def test_other_warnings_are_shown_and_do_not_count():
    def outdated(values):
        warnings.warn("use something newer", DeprecationWarning, stacklevel=1)
        return values / 2

    with pytest.warns(DeprecationWarning, match="use something newer"):
        assert judge(QUIET, outdated).outcome == "right"


def test_without_quiet_a_warning_is_shown_as_everywhere():
    loud = Exercise(title="Exercise 0", points=1, reference=halves, hints=(), misconceptions=(), cases=QUIET.cases)
    with pytest.warns(RuntimeWarning, match="overflow"):
        assert judge(loud, overflows).outcome == "right"


@pytest.mark.parametrize("got, says", [
    (3, "Your result is a number, expected a dictionary."),
    ({"before": 0.5}, "Your dictionary has no entry 'after'."),
    ({"before": 0.5, "after": 0.7}, "Entry 'after': Your result is 0.7, expected 0.9."),
    ({"before": 0.5, "after": 0.9, "more": 1}, ""),
])
def test_dictionaries_are_compared_entry_by_entry(got, says):
    assert difference(got, {"before": 0.5, "after": 0.9}) == says


def test_dictionaries_and_tuples_of_arrays_are_printed_short():
    assert short({"before": 0.5, "after": torch.tensor(0.25)}).startswith("{'before': 0.5, 'after': 0.25")
    assert len(short({number: "x" * 70 for number in range(50)})) <= 240
    assert in_rows((np.zeros((2, 2)), 0.5)) == "[[0 0]\n [0 0]], shape (2, 2), float64\n0.5"
    assert in_rows((1, 2)) == "(1, 2)"


def test_the_tolerance_of_an_exercise_is_its_own():
    rough = Exercise(title="Exercise 0", points=1, reference=halves, hints=(), misconceptions=(), cases=QUIET.cases,
                     rtol=1e-2)
    assert judge(rough, lambda values: values / 2 * 1.005).outcome == "right"
    assert judge(QUIET, lambda values: values / 2 * 1.005).outcome == "wrong"


def test_progress_is_of_the_lab_that_was_checked_last(capsys):
    for checker in check.CHECKERS.values():
        checker.forget()
    assert repr(check.progress()).startswith("Lab 1\n")
    check.sigmoid(reference("sigmoid"))
    assert repr(check.progress()).startswith("Lab 2\n")
    check.neuron(reference("neuron"))
    assert repr(check.progress()).startswith("Lab 1\n")
    assert repr(check.progress("Lab 2")).endswith("of 20")
    for checker in check.CHECKERS.values():
        checker.forget()

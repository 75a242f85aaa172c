"""Binary cross-entropy from logits: never the logarithm of a rounded 0."""
import numpy as np

from ..comparison import as_array
from ..exercise import Exercise, Misconception
from ..signs import behaves_like, like, only_warns, raises
from .logistic import sigmoid
from .silence import heard, warning_silenced


def bce_from_logits(logits, targets):
    """Mean binary cross-entropy; logits and targets have shape (N,)."""
    softplus = np.maximum(logits, 0) + np.log1p(np.exp(-np.abs(logits)))  # log(1 + exp(logits)), stable
    return np.mean(softplus - targets * logits)


SCANS = (
    (np.array([2.0, -1.0, 0.5]), np.array([1, 0, 0])),
    (np.array([0.25, 0.75, 0.5]), np.array([1.0, 1.0, 0.0])),
    (np.random.default_rng(4).normal(0, 2, 7).round(2), np.array([0, 1, 1, 0, 1, 0, 0])),
    (np.array([-1.5]), np.array([1])),
    (np.array([40.0, 3.0, -40.0]), np.array([0, 1, 1])),  # sure and wrong
    (np.array([1000.0, -1000.0, -2.0]), np.array([0, 1, 0])),
    (np.array([-1000.0, 1000.0]), np.array([0, 1])),  # sure and right: 0
)
CALM, FORTY, THOUSAND, SURE = (0, 1, 2, 3), 4, 5, (4, 5, 6)


def _terms(logits, targets):
    """One loss per scan."""
    return np.maximum(logits, 0) - targets * logits + np.log1p(np.exp(-np.abs(logits)))


def _clipped(logits, targets):
    probs = sigmoid(logits).clip(1e-7, 1 - 1e-7)
    return np.mean(-targets * np.log(probs) - (1 - targets) * np.log(1 - probs))


def _naive(logits, targets):
    probs = sigmoid(logits)
    return np.mean(-targets * np.log(probs) - (1 - targets) * np.log(1 - probs))


def _naive_softplus(logits, targets):
    return np.mean(np.log(1 + np.exp(logits)) - targets * logits)


def _numbers(results):
    """The single numbers of the cases that are not calm; None unless the calm ones are right."""
    if not _calm(bce_from_logits)(results):
        return None
    values = [as_array(results[index].value) for index in SURE]
    return None if any(value is None or value.shape for value in values) else dict(zip(SURE, values, strict=True))


def _log_of_zero(results):
    """Sign: right on the calm cases, and already a logit of 40 is too much: 1 - p has become 0."""
    numbers = _numbers(results)
    return numbers is not None and not np.isfinite(numbers[FORTY])


def _overflows(results):
    """Sign: right on the calm cases and at 40, and not a number at 1000."""
    numbers = _numbers(results)
    return numbers is not None and np.isfinite(numbers[FORTY]) and not all(map(np.isfinite, numbers.values()))


def _stops_growing(results):
    """Sign: right on the calm cases, and too small a number where the network is sure and wrong."""
    numbers = _numbers(results)
    return numbers is not None and all(map(np.isfinite, numbers.values())) and (
        numbers[FORTY] < 40 * 2 / 3 - 1e-3 or numbers[THOUSAND] < 2000 / 3 - 1)


def _calm(*mutants):
    return behaves_like(SCANS, *mutants, chosen=CALM)


def look(answer, logits, targets):
    """How an answer is looked at; silenced warnings are heard."""
    return heard(answer, bce_from_logits, logits, targets)


def _lucky(logits, targets):
    return np.mean(np.where(logits > 0, logits + np.log1p(np.exp(-logits)), np.log1p(np.exp(logits)))
                   - targets * logits)


def silently(logits, targets):
    with np.errstate(over="ignore"):
        return _lucky(logits, targets)


def _in_base(base):
    """Two ways to take the wrong logarithm: of everything, and of the second part alone."""
    def whole(logits, targets):
        return _terms(logits, targets).mean() / np.log(base)

    def part(logits, targets):
        first = np.maximum(logits, 0) - targets * logits
        return np.mean(first + (_terms(logits, targets) - first) / np.log(base))

    return whole, part


def _of(mean_of):
    """A mistake in the loss of one scan, averaged, with its sign."""
    def mutant(logits, targets):
        return np.mean(mean_of(logits, targets))

    return dict(mutant=mutant, sign=_calm(mutant))


BCE_FROM_LOGITS = Exercise(
    title="Exercise 2",
    points=2,
    reference=bce_from_logits,
    observe=look,
    quiet=True,
    cases=SCANS,
    hints=(
        "`np.log1p(np.exp(-np.abs(logits)))` is the second part: its exponent is never above 0.",
        "`np.maximum(logits, 0)` is max(z, 0). Add both parts, subtract `targets * logits`: one loss per scan.",
        "`both = np.maximum(logits, 0) + np.log1p(np.exp(-np.abs(logits)))`; `np.mean(both - targets * logits)`.",
    ),
    misconceptions=(
        Misconception(
            "logarithm of zero",
            "For a logit of 40 the probability is rounded to exactly 1, so 1 - p is 0 and its logarithm -infinity; "
            "times a target of 0 that is nan. Do not pass through p: compute the loss from the logit.",
            _naive,
            sign=_log_of_zero),
        Misconception(
            "exponential overflows",
            "The formula is right, and exp(1000) is infinity in a float. Use log(1 + exp(z)) = max(z, 0) + "
            "log(1 + exp(-|z|)).",
            _naive_softplus,
            sign=_overflows),
        Misconception(
            "probability clipped",
            "You keep p or its logarithm away from the end. So the loss stops growing, and its gradient is 0, just "
            "where the network is most wrong. From the logit no clipping is needed.",
            _clipped,
            sign=_stops_growing),
        Misconception(
            "a warning on the way",
            "Your values are right, and NumPy warns: somewhere an exponential overflows or the logarithm of 0 is "
            "taken, and only its result is thrown away. Use exponents that are never above 0.",
            _lucky,
            sign=only_warns(bce_from_logits, SCANS)),
        warning_silenced(silently),
        Misconception(
            "one maximum for all scans",
            "`np.max(logits, 0)` is the largest logit of the whole batch: its 0 is an axis. max(z, 0) of every scan is "
            "`np.maximum(logits, 0)`.",
            **_of(lambda logits, targets: _terms(logits, targets) - np.maximum(logits, 0) + np.max(logits, 0))),
        Misconception(
            "max of an array",
            "Python's `max(logits, 0)` compares two single values, and `logits` holds one for every scan. "
            "`np.maximum(logits, 0)` compares each of them with 0.",
            lambda logits, targets: np.mean(max(logits, 0) + np.log1p(np.exp(-np.abs(logits))) - targets * logits),
            sign=raises(ValueError, "truth value")),
        Misconception(
            "1 added twice",
            "`np.log1p(a)` is log(1 + a): it adds the 1 itself. You add another one: leave yours out, or use `np.log`.",
            **_of(lambda logits, targets: np.maximum(logits, 0) - targets * logits
                  + np.log1p(1 + np.exp(-np.abs(logits))))),
        Misconception(
            "absolute value forgotten",
            "You write e^(-z) where e^(-|z|) is needed. For a negative z the exponent is then above 0: the loss is too "
            "large, and for -1000 infinite. `np.exp(-np.abs(logits))`.",
            **_of(lambda logits, targets: np.maximum(logits, 0) - targets * logits + np.logaddexp(0, -logits))),
        Misconception(
            "summed, not averaged",
            "You add the losses of all scans. Then a batch twice as large takes steps twice as large: average.",
            lambda logits, targets: _terms(logits, targets).sum(),
            sign=_calm(lambda logits, targets: _terms(logits, targets).sum())),
        Misconception(
            "one loss per scan",
            "You return one loss for every scan. To learn, one number is needed: their mean.",
            _terms,
            sign=_calm(_terms)),
        Misconception(
            "sign turned round",
            "Your loss is negative: a perfect network would score worst. It is minus the logarithm.",
            **_of(lambda logits, targets: -_terms(logits, targets))),
        Misconception(
            "targets exchanged",
            "You reward a malignant scan for a low p. Target 1 belongs to -log(p), target 0 to -log(1 - p): subtract "
            "targets × logits, not (1 - targets) × logits.",
            **_of(lambda logits, targets: _terms(logits, 1 - targets))),
        Misconception(
            "target added instead of subtracted",
            "You add targets × logits. It belongs with a minus: a high logit must make a malignant scan cheaper.",
            **_of(lambda logits, targets: _terms(logits, -targets))),
        Misconception(
            "benign scans cost nothing",
            "You leave out the term for target 0, so a network that says malignant to everyone has a loss of 0.",
            **_of(lambda logits, targets: targets * _terms(logits, targets))),
        Misconception(
            "malignant scans cost nothing",
            "You leave out the term for target 1, so a network that says benign to everyone has a loss of 0.",
            **_of(lambda logits, targets: (1 - targets) * _terms(logits, targets))),
        Misconception(
            "targets left out",
            "Your loss is log(1 + exp(z)) for every scan: it does not look at the targets. Subtract targets × logits.",
            **_of(lambda logits, targets: _terms(logits, 0))),
        Misconception(
            "another logarithm",
            "Your logarithm has base 2 or 10. The course, and PyTorch, use the natural one: `np.log`.",
            _in_base(10)[0],
            sign=_calm(*_in_base(2), *_in_base(10))),
        Misconception(
            "squared error instead",
            "You average (p - target)², which is at most 1 for any mistake. Cross-entropy grows with how sure the "
            "network was.",
            **_of(lambda logits, targets: (sigmoid(logits) - targets) ** 2)),
        Misconception(
            "sigmoid applied twice",
            "You hand probabilities to a loss that takes logits, so it applies the sigmoid a second time. Hand over "
            "the logits themselves.",
            **_of(lambda logits, targets: _terms(sigmoid(logits), targets))),
        Misconception(
            "logits taken for probabilities",
            "You take the logarithm of the logits themselves, and that of a negative number is nan. Logits run from "
            "-infinity to infinity.",
            lambda logits, targets: np.mean(-targets * np.log(logits) - (1 - targets) * np.log(1 - logits)),
            sign=like(lambda logits, targets: np.mean(-targets * np.log(logits) - (1 - targets) * np.log(1 - logits)),
                      SCANS, (1,))),
    ),
)

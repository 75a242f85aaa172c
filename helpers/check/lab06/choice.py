"""Choose the score that is asked about: one class for all images, one for each, or the highest."""
import torch

from ..exercise import Complaint, Exercise, Misconception
from ..signs import any_of, mistakes, raises
from .choice_run import CASES, GIVEN, NONE, look


def scores(logits, target):
    """For each image the score of the class asked about, (N,); of the highest one where target is None."""
    if target is None:
        return logits.max(dim=1).values
    classes = torch.as_tensor(target).expand(len(logits))
    return logits[torch.arange(len(logits)), classes]


named = mistakes(CASES, look=look)


def _made(change):
    """Scores of other numbers: change(logits)."""
    return lambda logits, target: scores(change(logits), target)


def _always(choose):
    """choose(logits) whatever is asked."""
    return lambda logits, target: choose(logits)


def _without_none(choose):
    """choose(logits, target), but right where no class is given."""
    return lambda logits, target: scores(logits, None) if target is None else choose(logits, target)


def _every_column(logits, target):
    return logits[:, target]


def _falsy(logits, target):
    """`if not target` holds for None, and for class 0."""
    nothing = target is None or isinstance(target, int) and target == 0
    return scores(logits, None if nothing else target)


def _first_of_all(logits, target):
    return logits[:, torch.as_tensor(target).flatten()[0]]


def _one_number(combine):
    """combine(the right scores), one number for the whole batch."""
    return lambda logits, target: combine(scores(logits, target))


def _cut_off(logits, target):
    return torch.tensor(scores(logits, target).tolist())


def _one_hot(logits, target):
    """Scores in their columns and 0 elsewhere."""
    classes = logits.argmax(dim=1) if target is None else torch.as_tensor(target).expand(len(logits))
    return logits * torch.nn.functional.one_hot(classes, logits.shape[1])


def _none_indexed(results):
    """Sign: as if None were a class; NumPy and PyTorch then add an axis, or stop."""
    def so(result, case):
        return isinstance(result.error, TypeError) or getattr(result.value, "shape", ()) == (
            len(case[0]), 1, case[0].shape[1])

    return results[GIVEN[0]].error is None and all(so(results[place], CASES[place]) for place in NONE)


SCORES = Exercise(
    title="Exercise 2",
    points=1,
    reference=scores,
    observe=look,
    cases=CASES,
    hints=(
        "Three cases. `if target is None:` the highest of each row is `logits.max(dim=1).values`.",
        "One class for all images: the column `logits[:, target]`.",
        ("One class for each: place by place, `logits[torch.arange(len(logits)), target]`. The same line does for one "
         "class for all, too."),
    ),
    misconceptions=(
        named(
            "probability instead of score",
            "You turn scores into probabilities. Differentiate the score: near 0 or 1 a probability hardly moves any "
            "more, and a softmax mixes in what speaks for the other classes.",
            _made(lambda logits: logits.softmax(dim=1)), _made(torch.sigmoid),
            _made(lambda logits: logits.softmax(dim=0)),
            _made(lambda logits: logits.sigmoid() if logits.shape[1] == 1 else logits.softmax(dim=1))),
        named(
            "logarithm of the probability",
            "You take log_softmax, as a loss does. It subtracts what speaks for the other classes; the score itself is "
            "asked for.",
            _made(lambda logits: logits.log_softmax(dim=1)), _made(torch.nn.functional.logsigmoid)),
        named(
            "loss instead of score",
            "You return how wrong the network is about the class. Asked is how strongly it speaks for it: the score.",
            _made(lambda logits: -logits.log_softmax(dim=1)), _made(lambda logits: -logits),
            lambda logits, target: -scores(logits.log_softmax(dim=1), target),
            lambda logits, target: -scores(logits, target),
            _one_number(lambda chosen: -chosen.mean())),
        named(
            "class 0 taken for no class",
            "`if target:` and `if not target:` take 0 for nothing, and class 0 is a class. Ask `if target is None:`.",
            _falsy, chosen=GIVEN),
        named(
            "values and places together",
            "`logits.max(dim=1)` returns two things, values and places. Take `.values`.",
            lambda logits, target: logits.max(dim=1) if target is None else scores(logits, target),
            lambda logits, target: tuple(logits.max(dim=1)) if target is None else scores(logits, target),
            chosen=NONE),
        named(
            "every class for every image",
            "`logits[:, target]` with a list takes all these columns of every image. One class belongs to each image: "
            "`logits[torch.arange(len(logits)), target]`.",
            _without_none(_every_column), chosen=GIVEN),
        named(
            "rows instead of columns",
            "You choose an image, not a class. Rows are images, columns are classes: `logits[:, target]`.",
            _without_none(lambda logits, target: logits[target]), chosen=GIVEN),
        named(
            "class of the first image for all",
            "You ask all images about one class. Where `target` is a list, each image has its own.",
            _without_none(_first_of_all)),
        named(
            "always the highest",
            "You return the highest score whatever is asked. `target` says which class.",
            _always(lambda logits: logits.max(dim=1).values)),
        named(
            "highest score of the batch",
            "You take the maximum over all images. Then one image has a score and the others none: every row has a "
            "maximum of its own, `dim=1`.",
            lambda logits, target: logits.max() if target is None else scores(logits, target),
            _always(torch.max), _one_number(torch.max)),
        named(
            "highest over the images",
            "You take the maximum down a column. Along `dim=1` lie the classes of one image.",
            lambda logits, target: logits.max(dim=0).values if target is None else scores(logits, target)),
        named(
            "class instead of its score",
            "You return which class is highest. Return how high it is: `max` instead of `argmax`.",
            lambda logits, target: logits.argmax(dim=1) if target is None else scores(logits, target),
            _always(lambda logits: logits.argmax(dim=1)),
            lambda logits, target: logits.argmax(dim=1).float() if target is None else scores(logits, target)),
        named(
            "one number for the batch",
            "You add up or average over the images. Return one score for each, (N,).",
            *map(_one_number, (torch.sum, torch.mean))),
        Misconception(
            "cut off from the logits",
            "Your scores do not know any more which logits they come from: `.item()`, `.detach()`, `.tolist()` and "
            "NumPy cut them off. The next exercise differentiates them, so stay with tensors.",
            _cut_off,
            sign=any_of(raises(Complaint, "cut off"), raises(RuntimeError, "requires grad. Use tensor.detach()"))),
        named(
            "a column kept",
            "Your scores have the shape (N, 1). Return (N,): `logits[:, target]` or `.squeeze(1)`.",
            lambda logits, target: scores(logits, target)[:, None]),
        named(
            "zeros beside the scores",
            "You keep the shape of the logits, with 0 for the classes that were not asked about. Return one score for "
            "each image, (N,).",
            _one_hot),
        named(
            "first class where none is given",
            "Without a target you return class 0. None asks about the class with the highest score.",
            lambda logits, target: scores(logits, 0 if target is None else target)),
        named(
            "last class where none is given",
            "Without a target you return the last class. None asks about the class with the highest score.",
            lambda logits, target: scores(logits, -1 if target is None else target)),
        named(
            "one more class than there is",
            "You count classes from 1. Class 0 is the first column.",
            lambda logits, target: scores(logits, None if target is None else torch.as_tensor(target) - 1)),
        named(
            "sign dropped",
            "You return the size of a score, or cut it off at 0. A score below 0 speaks against the class, and it "
            "stays below 0.",
            lambda logits, target: scores(logits, target).abs(), lambda logits, target: scores(logits, target).relu()),
        Misconception(
            "None used as a class",
            "Without a target there is no class to index with. Treat `target is None` on its own, first.",
            lambda logits, target: logits[torch.arange(len(logits)), target],
            sign=_none_indexed),
    ),
)

"""Weigh the maps of a layer: how much a score rises with each of them."""
import torch

from ..exercise import Complaint, Exercise, Misconception
from ..signs import any_of, mistakes, raises
from . import weighing_mutants as done
from .tiny import RTOL, in_training_mode, training_mode
from .weighing_mutants import asked, finished, pooled, weighed
from .weighing_run import CASES, MORE_CLASSES, SEVERAL, look, map_weights, my_scores

named = mistakes(CASES, look=look, rtol=RTOL)


def _tuple_of_one(results):
    return all(isinstance(result.value, tuple | list) and len(result.value) == 1 for result in results)


SCORE = (
    named(
        "gradients of the probability",
        "You differentiate the probability. Where the network is sure it hardly moves any more, and the map fades; "
        "and a softmax mixes in what speaks for other classes. Differentiate the score.",
        asked(done.probability), asked(lambda logits: logits.softmax(dim=1)), asked(torch.sigmoid)),
    named(
        "gradients of the loss",
        "You differentiate a loss or the logarithm of a probability. It also mixes in the other classes, and a loss "
        "falls where the score rises. Differentiate the score.",
        asked(lambda logits: logits.log_softmax(dim=1)), asked(lambda logits: -logits.log_softmax(dim=1)),
        weighed(ask=lambda logits, target: -my_scores(logits.log_softmax(dim=1), target)),
        asked(torch.nn.functional.logsigmoid), asked(lambda logits: -torch.nn.functional.logsigmoid(logits))),
    named(
        "all classes at once",
        "You add up the scores of all classes. Only the one asked about counts: `my_scores(network(images), target)`.",
        weighed(ask=lambda logits, target: logits), chosen=MORE_CLASSES),
    named(
        "target ignored",
        "You always ask about the highest class, or about class 0. `my_scores(network(images), target)` asks about the "
        "right one.",
        weighed(ask=lambda logits, target: my_scores(logits, None)), weighed(ask=lambda logits, target: logits[:, 0])),
    named(
        "maximum over a batch",
        "You ask about the highest score of the whole batch: then one image gets weights and the others 0. Every image "
        "has its own score; add them up, `.sum()`.",
        weighed(add=torch.max), weighed(ask=lambda logits, target: logits.max() if target is None else
                                        my_scores(logits, target)), chosen=SEVERAL),
    named(
        "divided by the number of images",
        "You average the scores of the batch, so the weights shrink as more images come along. Add the scores up: each "
        "image has maps of its own, and nothing mixes.",
        weighed(add=torch.mean), finished(lambda weights: weights / len(weights)), chosen=SEVERAL),
    Misconception(
        "one score expected, several there",
        "PyTorch differentiates one number at a time, and here comes one for each image. Add them up, `.sum()`: no "
        "image has a part in the maps of another.",
        weighed(add=lambda chosen: chosen),
        sign=raises(RuntimeError, "grad can be implicitly created only for scalar outputs")),
)
SPACE = (
    named(
        "weights not averaged over space",
        "You return the gradient at every place. A weight is one number for each map: the mean over its rows and "
        "columns, `gradient.mean(dim=(2, 3))`.",
        pooled(lambda gradient: gradient), pooled(lambda gradient: gradient.flatten(2)),
        pooled(lambda gradient: gradient.mean(dim=3)), pooled(lambda gradient: gradient.mean(dim=2))),
    named(
        "axes of the mean kept",
        "Your weights have the shape (N, channels, 1, 1). Return (N, channels).",
        pooled(lambda gradient: gradient.mean(dim=(2, 3), keepdim=True))),
    named(
        "summed over space",
        "You add up over the places of a map. Take the mean; otherwise large maps weigh more than small ones.",
        pooled(lambda gradient: gradient.sum(dim=(2, 3)))),
    named(
        "largest gradient of a map",
        "You take one place of a map, its largest gradient or the middle one of all. Take the mean over all places.",
        pooled(lambda gradient: gradient.amax(dim=(2, 3))), pooled(lambda gradient: gradient.abs().amax(dim=(2, 3))),
        pooled(lambda gradient: gradient.flatten(2).median(dim=2).values)),
    named(
        "averaged over the images",
        "You average over the batch, too. Each image has weights of its own: (N, channels).",
        pooled(lambda gradient: gradient.mean(dim=(0, 2, 3))),
        pooled(lambda gradient: gradient.mean(dim=(0, 2, 3), keepdim=True)[:, :, 0, 0])),
    named(
        "averaged over the maps",
        "You average over the channels. There is one weight for each map: (N, channels).",
        pooled(lambda gradient: gradient.mean(dim=(1, 2, 3))), pooled(lambda gradient: gradient.mean(dim=1)),
        pooled(torch.mean)),
    named(
        "sign of the gradients lost",
        "You drop the sign of the gradients, or those below 0. A map may speak against the class, and its weight is "
        "then below 0: keep it.",
        pooled(lambda gradient: gradient.relu().mean(dim=(2, 3))),
        pooled(lambda gradient: gradient.abs().mean(dim=(2, 3))),
        finished(torch.relu), finished(torch.abs)),
    named(
        "scaled",
        "You stretch or normalise the weights. Return them as they are: then the map has the unit of the score.",
        finished(lambda weights: weights / weights.norm(dim=1, keepdim=True)),
        finished(lambda weights: weights.softmax(dim=1)),
        finished(lambda weights: weights / weights.sum(dim=1, keepdim=True)),
        finished(lambda weights: weights / weights.abs().amax(dim=1, keepdim=True)),
        finished(lambda weights: weights / weights.abs().max()),
        pooled(lambda gradient: (gradient / gradient.pow(2).mean().sqrt()).mean(dim=(2, 3)))),
)
WHERE = (
    named(
        "maps instead of gradients",
        "You average the maps. How strong a map is says nothing about the score; average its gradient.",
        weighed(pool=lambda gradient, maps: maps.mean(dim=(2, 3)))),
    named(
        "gradient times map",
        "You multiply the gradient with the map already here. First average the gradient; the map comes in the next "
        "exercise.",
        weighed(pool=lambda gradient, maps: (gradient * maps).mean(dim=(2, 3)))),
    named(
        "gradient of the image",
        "You differentiate by the pixels of the image. Differentiate by what the layer hands on: the hook keeps it.",
        done.from_the_image),
    named(
        "gradient of the parameters",
        "You differentiate by the weights of a convolution, as a training does. Differentiate by its output, which the "
        "hook keeps.",
        done.from_the_weights),
    Misconception(
        "cut off by the hook",
        "Your hook keeps a copy that nothing leads to: `.detach()` and NumPy cut it off from the score. Keep `output` "
        "itself this time.",
        weighed(keep=lambda output: output.detach()),
        sign=any_of(*(raises(RuntimeError, text) for text in (
            "Tensors does not require grad", "requires grad. Use tensor.detach()")))),
    Misconception(
        "no gradient recorded",
        "Your network runs inside `torch.no_grad()`, or your score is a plain number: PyTorch then does not record how "
        "it was made, and cannot differentiate it. Here run the network without `no_grad`, and keep a tensor.",
        weighed(run=done.unrecorded),
        sign=raises(RuntimeError, "element 0 of tensors does not require grad")),
    Misconception(
        "score from elsewhere",
        "Your score was not made from what your hook kept. Either the hook kept a `.clone()`, or the score comes from "
        "another run of the network. Keep `output` itself, and take the score from that same run.",
        weighed(keep=lambda output: output.clone()),
        sign=raises(RuntimeError, "not have been used in the graph")),
)
LEFT = (
    named(
        "gradients of earlier images added",
        "Your gradients add up: those of an image contain those of the images before it. `backward()` adds to what is "
        "there. Take `torch.autograd.grad`, which returns the gradient, or keep maps of your own for each call.",
        done.added_up, finished(lambda weights: weights.cumsum(dim=0))),
    Misconception(
        "weights of an earlier call",
        "Asked a second time you return the weights of the first images. Make the list inside the function, so that "
        "each call begins with an empty one.",
        done.first_call(),
        sign=raises(Complaint, "same numbers for other images")),
    training_mode(weighed(run=in_training_mode)),
    Misconception(
        "hook left behind",
        "When you return, your hook still hangs on the layer. Call `handle.remove()` after the run.",
        weighed(remove=False),
        sign=raises(Complaint, "a hook still hangs")),
    named(
        "last image only",
        "You return the weights of one image. Return those of all, (N, channels).",
        done.one_by_one, finished(lambda weights: weights[:1]), finished(lambda weights: weights[0]),
        finished(lambda weights: weights[-1]), finished(lambda weights: weights[-1:])),
    Misconception(
        "gradient inside a tuple",
        "`torch.autograd.grad` returns a tuple, with one gradient for each thing that you differentiate by. Take its "
        "first entry, `[0]`.",
        finished(lambda weights: (weights,)),
        sign=any_of(_tuple_of_one, raises(AttributeError, "'tuple' object has no attribute"))),
)

MAP_WEIGHTS = Exercise(
    title="Exercise 3",
    points=3,
    reference=map_weights,
    observe=look,
    cases=CASES,
    rtol=RTOL,
    hints=(
        ("Hook the layer as in exercise 1, but keep `output` itself: a copy made with `.detach()` has no gradient. "
         "Then run the network once, and take the hook down."),
        "The score that you differentiate is one number: `my_scores(network(images), target).sum()`.",
        ("`torch.autograd.grad(score, kept[0])[0]` is the gradient by the maps, (N, channels, h, w), and "
         "`.mean(dim=(2, 3))` averages over the places of each map."),
    ),
    misconceptions=(*SCORE, *SPACE, *WHERE, *LEFT),
)

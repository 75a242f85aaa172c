"""What goes wrong when the maps of a layer are weighed, as code."""
import torch

from .weighing_run import map_weights, my_scores


def averaged(gradient, maps):
    """The weights of the maps as they should be."""
    return gradient.mean(dim=(2, 3))


def weighed(ask=my_scores, add=torch.sum, pool=averaged, run=lambda network, images: network(images), remove=True,
            keep=lambda output: output):
    """map_weights with some of its parts done wrongly.

    ask : of logits and target, the scores.  add : the scores of the batch.  pool : of gradient and maps.
    run : the network on the images.  keep : what the hook keeps.
    """
    def mutant(network, layer, images, target):
        kept = []
        handle = layer.register_forward_hook(lambda module, inputs, output: kept.append(keep(output)))
        chosen = ask(run(network, images), target)
        if remove:
            handle.remove()
        gradient, = torch.autograd.grad(add(chosen), kept)
        return pool(gradient, kept[0].detach())

    return mutant


def pooled(pool):
    """pool(gradient) in the place of the mean over space."""
    return weighed(pool=lambda gradient, maps: pool(gradient))


def finished(change):
    """change(the right weights)."""
    return lambda network, layer, images, target: change(map_weights(network, layer, images, target))


def asked(change):
    """The score of changed logits."""
    return weighed(ask=lambda logits, target: my_scores(change(logits), target))


def unrecorded(network, images):
    """Scores that nothing can be differentiated back from."""
    with torch.no_grad():
        return network(images)


def probability(logits):
    return torch.sigmoid(logits) if logits.shape[1] == 1 else logits.softmax(dim=1)


def added_up(network, layer, images, target):
    """Gradients that are never set back to 0: those of earlier images, and of earlier calls, are in the sum."""
    weights = []
    for place, image in enumerate(images):
        network.total = getattr(network, "total", 0) + map_weights(network, layer, image[None], _of(target, place))[0]
        weights.append(network.total)
    return torch.stack(weights)


def _of(target, place):
    return target if target is None or isinstance(target, int) else target[place]


def first_call():
    """A list that outlives the call: its first entry is that of the first images ever shown."""
    kept = []

    def mutant(network, layer, images, target):
        kept.append(map_weights(network, layer, images, target))
        return kept[0]

    return mutant


def from_the_image(network, layer, images, target):
    images = images.clone().requires_grad_()
    return torch.autograd.grad(my_scores(network(images), target).sum(), images)[0].mean(dim=(2, 3))


def from_the_weights(network, layer, images, target):
    """How the score depends on the weights of the layer: on their parameters, that is."""
    score = my_scores(network(images), target).sum()
    return torch.autograd.grad(score, next(network.parameters()))[0].mean(dim=(2, 3))


def one_by_one(network, layer, images, target):
    """Right, image by image; only the last one is returned."""
    for image in images:
        weights = map_weights(network, layer, image[None], None if target is None else _of(target, 0))
    return weights

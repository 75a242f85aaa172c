"""Lab 6, exercises 1 to 4, as learners write them: hooks, the score that is asked about, weights, the map.

RIGHT : exercise -> answers that differ from the reference in code and must pass; some are oracles.
WRONG : exercise -> (name of the mistake, answer) pairs, in code that is not the mutant's.
"""
import copy

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from helpers import explain, models

# hooks -----------------------------------------------------------------------------------------------------------


def with_a_dictionary(network, layer, images):
    store = {}

    def hook(module, inputs, output):
        store["maps"] = output.clone()

    handle = layer.register_forward_hook(hook)
    with torch.no_grad():
        network(images)
    handle.remove()
    return store["maps"]


def with_try(network, layer, images):
    heard = []
    handle = layer.register_forward_hook(lambda m, i, o: heard.append(o.detach().numpy().copy()))
    try:
        network(images)
    finally:
        handle.remove()
    return heard[-1]


def with_the_helper(network, layer, images):
    heard = []
    with models.listening([layer], lambda module, inputs, output: heard.append(output.clone())), torch.no_grad():
        network(images)
    return heard[0]


def image_by_image(network, layer, images):
    rows = []
    handle = layer.register_forward_hook(lambda module, inputs, output: rows.append(output.detach().clone()))
    for image in images:
        network(image.unsqueeze(0))
    handle.remove()
    return torch.cat(rows)


def on_a_copy(network, layer, images):
    """The layer of the copy is found by its place."""
    place = [part is layer for part in network.modules()].index(True)
    twin, heard = copy.deepcopy(network), []
    list(twin.modules())[place].register_forward_hook(
        lambda module, inputs, output: heard.append(output.detach().clone()))
    twin(images)
    return heard[0]


def listens(network, layer, images, take=lambda inputs, output: output.detach().clone()):
    heard = {}
    handle = layer.register_forward_hook(lambda module, inputs, output: heard.update(maps=take(inputs, output)))
    with torch.no_grad():
        network(images)
    handle.remove()
    return heard["maps"]


def then(change):
    return lambda network, layer, images: change(listens(network, layer, images))


def never_removed(network, layer, images):
    heard = []
    layer.register_forward_hook(lambda module, inputs, output: heard.append(output.detach().clone()))
    with torch.no_grad():
        network(images)
    return heard[-1]


def removed_before(network, layer, images):
    heard = []
    layer.register_forward_hook(lambda module, inputs, output: heard.append(output)).remove()
    network(images)
    return heard[0]


def before_hook_kept(network, layer, images):
    heard = []
    layer.register_forward_pre_hook(lambda module, inputs: heard.append(inputs[0].clone()))
    network(images)
    return heard[0]


def before_hook(network, layer, images):
    heard = []
    handle = layer.register_forward_pre_hook(lambda module, inputs: heard.append(inputs[0].clone()))
    network(images)
    handle.remove()
    return heard[0]


def forward_patched(network, layer, images):
    original, heard = layer.forward, []

    def forward(x):
        heard.append(original(x).detach().clone())
        return heard[0]

    layer.forward = forward
    network(images)
    return heard[0]


def default_list(network, layer, images, heard={}):  # noqa: B006  the mistake itself
    heard.setdefault(str(layer), listens(network, layer, images))
    return heard[str(layer)]


def cut_network(network, layer, images):
    """The layers up to this one as a network of their own."""
    return nn.Sequential(*list(network)[:[part is layer for part in network].index(True) + 1])(images)


def sequential_loop(network, layer, images):
    out = images
    for child in network.children():
        out = child(out)
        if child is layer:
            return out
    return out


def hook_at(choose):
    """The hook hangs on another layer: choose(all convolutions, or all layers)."""
    return lambda network, layer, images: listens(network, choose(network, layer), images)


def training(network, layer, images):
    network.train(True)
    return listens(network, layer, images)


def training_and_back(network, layer, images):
    try:
        return listens(network.train(), layer, images)
    finally:
        network.eval()


def parts(network):
    return [part for part in network.modules() if not any(True for _ in part.children())]


FEATURES = [
    ("hook left behind", never_removed),
    ("hook left behind", before_hook_kept),
    ("layer replaced for good", forward_patched),
    ("overwritten by the next layer", lambda network, layer, images: listens(
        network, layer, images, take=lambda inputs, output: output)),
    ("overwritten by the next layer", lambda network, layer, images: listens(
        network, layer, images, take=lambda inputs, output: output.detach())),
    ("overwritten by the next layer", lambda network, layer, images: listens(
        network, layer, images, take=lambda inputs, output: output.data.numpy())),
    ("scores instead of maps", lambda network, layer, images: network(images).detach()),
    ("scores instead of maps", hook_at(lambda network, layer: network)),
    ("what goes into the layer", lambda network, layer, images: listens(
        network, layer, images, take=lambda inputs, output: inputs[0].detach().clone())),
    ("what goes into the layer", before_hook),
    ("the layer behind", hook_at(lambda network, layer: parts(network)[parts(network).index(layer) + 1])),
    ("another layer", hook_at(lambda network, layer: [one for one in network.modules() if isinstance(
        one, nn.Conv2d)][-1])),
    ("another layer", hook_at(lambda network, layer: next(one for one in network.modules() if isinstance(
        one, nn.Conv2d)))),
    ("layer shown the images", lambda network, layer, images: layer(images).detach()),
    ("layer shown the images", lambda network, layer, images: layer.forward(images.clone())),
    ("weights instead of maps", lambda network, layer, images: layer.weight.detach().clone()),
    ("weights instead of maps", lambda network, layer, images: next(layer.parameters()).data),
    ("maps of an earlier call", default_list),
    ("nothing heard", removed_before),
    ("list around the maps", lambda network, layer, images: [listens(network, layer, images)]),
    ("list around the maps", lambda network, layer, images: (listens(network, layer, images),)),
    ("batch normalisation in training mode", training),
    ("batch normalisation in training mode", training_and_back),
    ("first image only", then(lambda maps: maps[0])),
    ("first image only", then(lambda maps: maps.narrow(0, 0, 1))),
    ("first channel only", then(lambda maps: maps.select(1, 0))),
    ("averaged", then(lambda maps: torch.mean(maps, 1))),
    ("averaged", then(lambda maps: F.adaptive_avg_pool2d(maps, 1))),
    ("averaged", then(lambda maps: maps.numpy().mean((2, 3)))),
    ("flattened", then(lambda maps: maps.reshape(len(maps), -1))),
    ("flattened", then(lambda maps: maps.view(-1))),
    ("cut off at 0", then(F.relu)),
    ("cut off at 0", then(lambda maps: maps.clamp(min=0))),
    ("scaled", then(lambda maps: maps / torch.max(maps))),
    ("scaled", then(lambda maps: (maps - torch.min(maps)) / (torch.max(maps) - torch.min(maps)))),
    ("a row of layers taken for granted", sequential_loop),
    ("a row of layers taken for granted", cut_network),
]

# scores ----------------------------------------------------------------------------------------------------------


def by_gather(logits, target):
    index = logits.argmax(dim=1) if target is None else torch.as_tensor(target).expand(len(logits)).long()
    return logits.gather(1, index[:, None]).squeeze(1)


def row_by_row(logits, target):
    chosen = []
    for number, row in enumerate(logits):
        if target is None:
            chosen.append(row.max())
        elif isinstance(target, int):
            chosen.append(row[target])
        else:
            chosen.append(row[int(target[number])])
    return torch.stack(chosen)


def by_mask(logits, target):
    none = torch.zeros(len(logits), dtype=torch.long)
    classes = logits.argmax(1) if target is None else none + torch.as_tensor(target)
    return (logits * F.one_hot(classes, logits.shape[1])).sum(1)


def in_three_branches(logits, target):
    if target is None:
        return logits.amax(dim=1)
    if isinstance(target, int):
        return logits[:, target]
    return logits[range(len(logits)), target]


def chosen_by(numbers=lambda logits: logits, finish=lambda chosen: chosen, none=None):
    """by_gather with settings for most mistakes."""
    def answer(logits, target):
        if target is None and none:
            return none(logits)
        return finish(by_gather(numbers(logits), target))

    return answer


def truth_of_target(logits, target):
    if isinstance(target, int | None):
        return logits[:, target] if target else torch.max(logits, dim=1)[0]
    return by_gather(logits, target)


def with_or(logits, target):
    """0 or argmax is argmax."""
    return by_gather(logits, target if not isinstance(target, int | None) else (target or logits.argmax(1)))


def columns_of_list(logits, target):
    return logits.max(1)[0] if target is None else logits[:, torch.as_tensor(target)]


CHOICES = [
    ("probability instead of score", chosen_by(lambda logits: F.softmax(logits, -1))),
    ("probability instead of score", chosen_by(lambda logits: 1 / (1 + torch.exp(-logits)))),
    ("probability instead of score", chosen_by(lambda logits: logits.exp() / logits.exp().sum(1, keepdim=True))),
    ("logarithm of the probability", chosen_by(nn.LogSoftmax(dim=1))),
    ("logarithm of the probability", chosen_by(lambda logits: logits - logits.logsumexp(1, keepdim=True))),
    ("loss instead of score", lambda logits, target: F.cross_entropy(
        logits, logits.argmax(1) if target is None else torch.as_tensor(target).expand(len(logits)).long(),
        reduction="none")),
    ("loss instead of score", chosen_by(finish=torch.neg)),
    ("class 0 taken for no class", truth_of_target),
    ("class 0 taken for no class", with_or),
    ("every class for every image", columns_of_list),
    ("rows instead of columns", lambda logits, target: logits.amax(1) if target is None else logits[target, :]),
    ("class of the first image for all", lambda logits, target: logits.amax(1) if target is None else logits[
        :, target if isinstance(target, int) else int(target[0])]),
    ("always the highest", lambda logits, target: torch.amax(logits, -1)),
    ("always the highest", lambda logits, target: torch.sort(logits, dim=1).values[:, -1]),
    ("highest score of the batch", chosen_by(none=torch.max)),
    ("highest score of the batch", lambda logits, target: torch.amax(logits)),
    ("highest score of the batch", chosen_by(none=lambda logits: logits.flatten().amax())),
    ("highest over the images", chosen_by(none=lambda logits: torch.amax(logits, 0))),
    ("class instead of its score", chosen_by(none=lambda logits: torch.argmax(logits, dim=-1))),
    ("class instead of its score", lambda logits, target: torch.argmax(logits, dim=-1)),
    ("values and places together", chosen_by(none=lambda logits: torch.max(logits, dim=1))),
    ("values and places together", chosen_by(none=lambda logits: tuple(torch.max(logits, dim=-1)))),
    ("values and places together", lambda logits, target: logits.max(1) if target is None else logits[:, target]),
    ("one number for the batch", chosen_by(finish=lambda chosen: chosen.sum())),
    ("one number for the batch", chosen_by(finish=lambda chosen: sum(chosen) / len(chosen))),
    ("cut off from the logits", lambda logits, target: by_gather(logits.detach(), target)),
    ("cut off from the logits", lambda logits, target: by_gather(logits, target).detach().numpy()),
    ("cut off from the logits", lambda logits, target: torch.tensor([one.item() for one in by_gather(logits, target)])),
    ("cut off from the logits", lambda logits, target: np.max(logits.numpy(), axis=1)),
    ("a column kept", chosen_by(finish=lambda chosen: chosen.unsqueeze(1))),
    ("a column kept", chosen_by(finish=lambda chosen: chosen.reshape(-1, 1))),
    ("zeros beside the scores", lambda logits, target: torch.zeros_like(logits).scatter(
        1, (logits.argmax(1) if target is None else torch.as_tensor(target).expand(len(logits)).long())[:, None],
        by_gather(logits, target)[:, None])),
    ("first class where none is given", chosen_by(none=lambda logits: logits[:, 0])),
    ("last class where none is given", chosen_by(none=lambda logits: logits[:, -1])),
    ("last class where none is given", chosen_by(none=lambda logits: logits.select(1, logits.shape[1] - 1))),
    ("one more class than there is", lambda logits, target: by_gather(logits, None) if target is None else logits[
        range(len(logits)), (torch.as_tensor(target).expand(len(logits)) - 1).tolist()]),
    ("sign dropped", chosen_by(finish=torch.abs)),
    ("sign dropped", chosen_by(finish=F.relu)),
    ("None used as a class", lambda logits, target: torch.stack([
        row[one] for row, one in zip(logits, torch.as_tensor(target).expand(len(logits)), strict=True)])
        if target is not None else logits[:, target]),
    ("None used as a class", lambda logits, target: logits[range(len(logits)), target if isinstance(target, int | None)
                                                           else list(target)]),
]

# weights ---------------------------------------------------------------------------------------------------------


def by_backward(network, layer, images, target):
    heard = []

    def hook(module, inputs, output):
        output.retain_grad()
        heard.append(output)

    handle = layer.register_forward_hook(hook)
    by_gather(network(images), target).sum().backward()
    handle.remove()
    return heard[0].grad.mean(dim=(-2, -1))


def by_backward_hook(network, layer, images, target):
    heard = []
    handle = layer.register_full_backward_hook(lambda module, grad_input, grad_output: heard.append(grad_output[0]))
    by_gather(network(images.clone().requires_grad_()), target).sum().backward()
    handle.remove()
    return heard[0].flatten(2).mean(2)


def each_alone(network, layer, images, target):
    rows = []
    for number in range(len(images)):
        asked = target if target is None or isinstance(target, int) else target[number]
        rows.append(by_backward(network, layer, images[number:number + 1], asked)[0])
    return torch.stack(rows)


def gradient_of(network, layer, images, score=by_gather, target=None, add=lambda chosen: chosen.sum()):
    heard = []
    with models.listening([layer], lambda module, inputs, output: heard.append(output)):
        score = add(score(network(images), target))
    return torch.autograd.grad(score, heard[0])[0], heard[0].detach()


def in_numpy(network, layer, images, target):
    return gradient_of(network, layer, images, target=target)[0].numpy().mean(axis=(2, 3))


def weights(score=by_gather, pool=lambda gradient: gradient.mean((2, 3)), add=lambda chosen: chosen.sum(),
            finish=lambda one: one):
    """by_backward with settings for most mistakes."""
    def answer(network, layer, images, target):
        return finish(pool(gradient_of(network, layer, images, score, target, add)[0]))

    return answer


def with_maps(pool):
    return lambda network, layer, images, target: pool(*gradient_of(network, layer, images, target=target))


def of_pixels(network, layer, images, target):
    pixels = images.detach().clone().requires_grad_()
    by_gather(network(pixels), target).sum().backward()
    return pixels.grad.mean((2, 3))


def of_parameters(network, layer, images, target):
    network.zero_grad()
    by_gather(network(images), target).sum().backward()
    return next(iter(network.parameters())).grad.mean((2, 3))


def detached_in_hook(network, layer, images, target):
    heard = []
    with models.listening([layer], lambda module, inputs, output: heard.append(output.detach().clone())):
        score = by_gather(network(images), target).sum()
    return torch.autograd.grad(score, heard[0])[0].mean((2, 3))


def cloned_in_hook(network, layer, images, target):
    heard = []
    with models.listening([layer], lambda module, inputs, output: heard.append(output.clone())):
        score = by_gather(network(images), target).sum()
    return torch.autograd.grad(score, heard[0])[0].mean((2, 3))


def run_twice(network, layer, images, target):
    heard = []
    with models.listening([layer], lambda module, inputs, output: heard.append(output)):
        network(images)
    score = by_gather(network(images), target).sum()
    return torch.autograd.grad(score, heard[0])[0].mean((2, 3))


def score_as_a_number(network, layer, images, target):
    heard = []
    with models.listening([layer], lambda module, inputs, output: heard.append(output)):
        score = torch.tensor(sum(by_gather(network(images), target).tolist()))
    return torch.autograd.grad(score, heard[0])[0].mean((2, 3))


def without_gradients(network, layer, images, target):
    heard = []
    with models.listening([layer], lambda module, inputs, output: heard.append(output)), torch.no_grad():
        score = by_gather(network(images), target).sum()
    return torch.autograd.grad(score, heard[0])[0].mean((2, 3))


def cumulated(network, layer, images, target):
    """One tensor for the gradient, to which each image adds."""
    total, rows = 0, []
    for number in range(len(images)):
        asked = target if target is None or isinstance(target, int) else target[number]
        total = total + gradient_of(network, layer, images[number:number + 1], target=asked)[0].mean((0, 2, 3))
        rows.append(total)
    return torch.stack(rows)


def cumulated_over_calls(network, layer, images, target):
    rows = []
    for number in range(len(images)):
        asked = target if target is None or isinstance(target, int) else target[number]
        fresh = gradient_of(network, layer, images[number:number + 1], target=asked)[0].mean((0, 2, 3))
        network.kept = network.kept + fresh if hasattr(network, "kept") else fresh
        rows.append(network.kept.clone())
    return torch.stack(rows)


OLD = {}


def earlier(network, layer, images, target):
    """A dictionary outside, filled once for each network."""
    return OLD.setdefault(id(network), (network, in_numpy(network, layer, images, target)))[1]


def earlier_in_torch(network, layer, images, target):
    return OLD.setdefault((id(network), 1), (network, by_backward(network, layer, images, target)))[1]


def trains(network, layer, images, target):
    network.train()
    return by_backward(network, layer, images, target)


def trains_and_back(network, layer, images, target):
    network.train()
    found = by_backward(network, layer, images, target)
    network.eval()
    return found


def hook_stays(network, layer, images, target):
    heard = []
    layer.register_forward_hook(lambda module, inputs, output: heard.append(output))
    return torch.autograd.grad(by_gather(network(images), target).sum(), heard[-1])[0].mean((2, 3))


def backward_hook_stays(network, layer, images, target):
    heard = []
    layer.register_full_backward_hook(lambda module, grad_input, grad_output: heard.append(grad_output[0]))
    by_gather(network(images.clone().requires_grad_()), target).sum().backward()
    return heard[0].mean((2, 3))


def tuple_pooled(network, layer, images, target):
    heard = []
    with models.listening([layer], lambda module, inputs, output: heard.append(output)):
        score = by_gather(network(images), target).sum()
    return torch.autograd.grad(score, heard).mean((2, 3))


def softmax_score(logits, target):
    return by_gather(logits.softmax(1) if logits.shape[1] > 1 else logits.sigmoid(), target)


def loss_score(logits, target):
    classes = logits.argmax(1) if target is None else torch.as_tensor(target).expand(len(logits)).long()
    return F.cross_entropy(logits, classes, reduction="none")


WEIGHTS = [
    ("gradients of the probability", weights(softmax_score)),
    ("gradients of the probability", weights(lambda logits, target: by_gather(F.softmax(logits, 1), target))),
    ("gradients of the probability", weights(lambda logits, target: by_gather(1 / (1 + (-logits).exp()), target))),
    ("gradients of the loss", weights(loss_score)),
    ("gradients of the loss", weights(lambda logits, target: -loss_score(logits, target))),
    ("all classes at once", weights(lambda logits, target: logits.sum(1))),
    ("all classes at once", weights(lambda logits, target: logits.sum(), add=lambda score: score)),
    ("target ignored", weights(lambda logits, target: logits.amax(1))),
    ("target ignored", weights(lambda logits, target: logits.select(1, 0))),
    ("maximum over a batch", weights(add=lambda chosen: chosen.amax())),
    ("maximum over a batch", weights(lambda logits, target: logits.amax() if target is None else by_gather(
        logits, target))),
    ("divided by the number of images", weights(add=lambda chosen: chosen.sum() / len(chosen))),
    ("one score expected, several there", weights(add=lambda chosen: chosen)),
    ("one score expected, several there", lambda network, layer, images, target: by_gather(
        network(images), target).backward()),
    ("weights not averaged over space", weights(pool=lambda gradient: gradient)),
    ("weights not averaged over space", weights(pool=lambda gradient: torch.mean(gradient, -1))),
    ("weights not averaged over space", weights(pool=lambda gradient: gradient.reshape(*gradient.shape[:2], -1))),
    ("axes of the mean kept", weights(pool=lambda gradient: F.adaptive_avg_pool2d(gradient, 1))),
    ("summed over space", weights(pool=lambda gradient: torch.einsum("nkhw->nk", gradient))),
    ("largest gradient of a map", weights(pool=lambda gradient: F.adaptive_max_pool2d(gradient, 1).flatten(1))),
    ("largest gradient of a map", weights(pool=lambda gradient: gradient.flatten(2).max(2).values)),
    ("averaged over the images", weights(pool=lambda gradient: gradient.mean((2, 3)).mean(0))),
    ("averaged over the maps", weights(pool=lambda gradient: gradient.mean((2, 3)).mean(1))),
    ("averaged over the maps", weights(pool=lambda gradient: torch.mean(gradient, dim=1))),
    ("sign of the gradients lost", weights(pool=lambda gradient: gradient.clamp(min=0).mean((2, 3)))),
    ("sign of the gradients lost", weights(finish=lambda one: one.clamp(min=0))),
    ("scaled", weights(finish=lambda one: F.normalize(one, dim=1))),
    ("scaled", weights(finish=lambda one: F.softmax(one, 1))),
    ("maps instead of gradients", with_maps(lambda gradient, maps: F.adaptive_avg_pool2d(maps, 1)[:, :, 0, 0])),
    ("gradient times map", with_maps(lambda gradient, maps: torch.einsum("nkhw,nkhw->nk", gradient, maps)
                                     / gradient[0, 0].numel())),
    ("gradient of the image", of_pixels),
    ("gradient of the parameters", of_parameters),
    ("cut off by the hook", detached_in_hook),
    ("score from elsewhere", cloned_in_hook),
    ("score from elsewhere", run_twice),
    ("no gradient recorded", without_gradients),
    ("no gradient recorded", score_as_a_number),
    ("gradients of earlier images added", cumulated),
    ("gradients of earlier images added", cumulated_over_calls),
    ("weights of an earlier call", earlier_in_torch),
    ("batch normalisation in training mode", trains),
    ("batch normalisation in training mode", trains_and_back),
    ("hook left behind", hook_stays),
    ("hook left behind", backward_hook_stays),
    ("last image only", weights(finish=lambda one: one[-1])),
    ("last image only", weights(finish=lambda one: one[:1])),
    ("gradient inside a tuple", tuple_pooled),
    ("gradient inside a tuple", lambda *given: [by_backward(*given)]),
]

# the map -----------------------------------------------------------------------------------------------------------


def by_einsum(maps, weights, size):
    heat = torch.einsum("nk,nkhw->nhw", weights, maps).clamp(min=0)
    return F.interpolate(heat.unsqueeze(1), size=size, mode="bilinear").squeeze(1)


def one_at_a_time(maps, weights, size):
    large = []
    for some, theirs in zip(maps, weights, strict=True):
        heat = sum(weight * one for weight, one in zip(theirs, some, strict=True))
        heat = torch.maximum(heat, torch.zeros_like(heat))[None, None]
        large.append(nn.Upsample(size=size, mode="bilinear", align_corners=False)(heat)[0, 0])
    return torch.stack(large)


def by_matmul(maps, weights, size):
    n, k, h, w = maps.shape
    heat = nn.ReLU()(torch.bmm(weights[:, None], maps.reshape(n, k, h * w)).reshape(n, 1, h, w))
    return F.interpolate(heat, tuple(size), mode="bilinear", align_corners=False).numpy()[:, 0]


def enlarged_by_hand(maps, weights, size):
    """Bilinear weights as two matrices: cell i of h lies at (i + 1/2) H / h - 1/2."""
    heat = np.einsum("nk,nkhw->nhw", weights.numpy(), maps.numpy()).clip(0)
    rows, columns = (matrix(small, large) for small, large in zip(heat.shape[1:], size, strict=True))
    return np.einsum("Hh,nhw,Ww->nHW", rows, heat, columns)


def matrix(small, large):
    place = ((np.arange(large) + 0.5) * small / large - 0.5).clip(0, small - 1)
    return np.maximum(0, 1 - abs(place[:, None] - np.arange(small)))


def steps(weigh=lambda weights: weights, take=lambda maps: maps, add=lambda maps: maps.sum(1), cut=F.relu, large=None,
          end=lambda heat: heat):
    """one after the other, with settings for most mistakes.  add : of weighted maps (N, k, h, w) to (N, h, w)."""
    def answer(maps, weights, size):
        heat = cut(add(weigh(weights).unsqueeze(-1).unsqueeze(-1) * take(maps)))
        grow = large or (lambda heat, size: F.interpolate(heat[:, None], size, mode="bilinear")[:, 0])
        return end(grow(heat, size))

    return answer


def grown(mode, **how):
    return lambda heat, size: F.interpolate(heat[:, None], size, mode=mode, **how)[:, 0]


def repeated(heat, size):
    rows = np.arange(size[0]) * heat.shape[1] // size[0]
    columns = np.arange(size[1]) * heat.shape[2] // size[1]
    return heat[:, rows][:, :, columns]


HEATS = [
    ("no ReLU", steps(cut=lambda heat: heat)),
    ("no ReLU", lambda maps, weights, size: F.interpolate(torch.einsum("nk,nkhw->nhw", weights, maps)[:, None], size,
                                                          mode="bilinear")[:, 0]),
    ("cut off after enlarging", steps(cut=lambda heat: heat, end=F.relu)),
    ("ReLU on each map", steps(add=lambda maps: maps.clamp(min=0).sum(1), cut=lambda heat: heat)),
    ("negative weights dropped", steps(weigh=lambda weights: weights * (weights > 0))),
    ("maps cut off at 0", steps(take=lambda maps: maps.clamp(min=0))),
    ("absolute value instead of ReLU", steps(cut=lambda heat: heat.abs())),
    ("absolute value instead of ReLU", steps(cut=lambda heat: heat.pow(2).sqrt())),
    ("what speaks against the class", steps(cut=lambda heat: F.relu(-heat))),
    ("corners pinned to corners", steps(large=grown("bilinear", align_corners=True))),
    ("corners pinned to corners", lambda maps, weights, size: nn.Upsample(
        size, mode="bilinear", align_corners=True)(torch.einsum("nk,nkhw->nhw", weights, maps).relu()[:, None])[:, 0]),
    ("corners pinned to corners", steps(
        large=lambda heat, size: nn.UpsamplingBilinear2d(size)(heat[:, None])[:, 0])),
    ("blocks instead of a smooth map", steps(large=repeated)),
    ("blocks instead of a smooth map", steps(large=lambda heat, size: nn.Upsample(size)(heat[:, None])[:, 0])),
    ("another way to enlarge", steps(large=grown("bicubic"))),
    ("not enlarged", steps(large=lambda heat, size: heat)),
    ("rows and columns swapped", steps(large=lambda heat, size: grown("bilinear")(heat, (size[1], size[0])))),
    ("rows and columns swapped", steps(end=lambda heat: heat.mT)),
    ("axis of channels kept", steps(end=lambda heat: heat.unsqueeze(1))),
    ("all maps enlarged, none added", lambda maps, weights, size: F.interpolate(
        torch.einsum("nk,nkhw->nkhw", weights, maps), size, mode="bilinear")),
    ("weights forgotten", steps(weigh=lambda weights: weights * 0 + 1)),
    ("weights forgotten", lambda maps, weights, size: F.interpolate(
        maps.mean(1, keepdim=True).relu(), size, mode="bilinear")[:, 0]),
    ("averaged over the maps", steps(add=lambda maps: torch.mean(maps, 1))),
    ("strongest map only", steps(add=lambda maps: torch.max(maps, dim=1)[0])),
    ("weights scaled", steps(weigh=lambda weights: F.softmax(weights, 1))),
    ("weights scaled", steps(weigh=lambda weights: F.normalize(weights, dim=1))),
    ("a sum over the places", lambda maps, weights, size: weights * maps.sum((2, 3))),
    ("a sum over the places", lambda maps, weights, size: F.relu((weights * maps.sum((2, 3))).sum(1))),
    ("weights of the first image for all", steps(weigh=lambda weights: weights[[0] * len(weights)])),
    ("weights of the first image for all", steps(weigh=lambda weights: weights.mean(0).repeat(len(weights), 1))),
    ("added up over the batch", lambda maps, weights, size: F.interpolate(
        torch.einsum("nk,nkhw->hw", weights, maps).relu()[None, None], size, mode="bilinear")[0]),
    ("added up over the batch", lambda maps, weights, size: steps()(
        maps, weights.sum(0, keepdim=True).expand_as(weights), size)),
    ("maximum over a batch", steps(end=lambda heat: heat / torch.max(heat))),
    ("maximum over a batch", steps(end=lambda heat: heat / (torch.amax(heat) + 1e-9))),
    ("scaled to 1", steps(end=lambda heat: heat / heat.flatten(1).amax(1)[:, None, None])),
    ("scaled to 1", steps(end=lambda heat: heat / (heat.flatten(1).amax(1)[:, None, None] + 1e-9))),
    ("first image only", steps(end=lambda heat: heat[0])),
    ("first image only", lambda maps, weights, size: steps()(maps[:1], weights[:1], size)),
]


def cam_of_helpers(maps, weights, size):
    """helpers.explain on a network whose only layer hands these maps on; its score has these weights."""
    rows = []
    for some, theirs in zip(maps.double(), weights.double(), strict=True):
        head = nn.Linear(some.numel(), 1, bias=False).double()
        head.weight.data = theirs.repeat_interleave(some[0].numel())[None]
        network = nn.Sequential(nn.Identity(), nn.Flatten(), head).eval()
        small = explain.grad_cam(network, "0", some[None], upsample=False)
        rows.append(F.interpolate(torch.tensor(small)[:, None], size, mode="bilinear")[0, 0])
    return torch.stack(rows).float()


RIGHT = {
    "feature_maps": [with_a_dictionary, with_try, with_the_helper, image_by_image, on_a_copy],
    "scores": [by_gather, row_by_row, by_mask, in_three_branches],
    "map_weights": [by_backward, by_backward_hook, each_alone, in_numpy, weights()],
    "heat_map": [by_einsum, one_at_a_time, by_matmul, enlarged_by_hand, cam_of_helpers, steps()],
}
WRONG = {"feature_maps": FEATURES, "scores": CHOICES, "map_weights": WEIGHTS, "heat_map": HEATS}

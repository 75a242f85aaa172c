"""What goes wrong when a layer is hooked, as code."""
import torch


def copied(module, inputs, output):
    """What a hook should keep."""
    return output.detach().clone()


def hooked(keep=copied, at=lambda network, layer: layer, run=lambda network, images: network(images), remove=True,
           give=lambda kept: kept[0]):
    """feature_maps with some of its parts done wrongly.

    keep : of a hook's module, inputs and output.  at : the part that is hooked.  run : the network on the images.
    give : what is returned of the list that the hook filled.
    """
    def mutant(network, layer, images):
        kept = []
        handle = at(network, layer).register_forward_hook(lambda *told: kept.append(keep(*told)))
        run(network, images)
        if remove:
            handle.remove()
        return give(kept)

    return mutant


def changed(change):
    """change(maps) is returned instead of the maps."""
    return hooked(give=lambda kept: change(kept[0]))


def first_call():
    """A list that outlives the call: the first entry is that of the first images ever shown."""
    kept = []

    def mutant(network, layer, images):
        handle = layer.register_forward_hook(lambda *told: kept.append(copied(*told)))
        network(images)
        handle.remove()
        return kept[0]

    return mutant


def never_run(network, images):
    """The hook waits for a call that does not come."""


def on_images(network, layer, images):
    return layer(images)


def weights_of_layer(network, layer, images):
    return layer.weight


def first_parameter(network, layer, images):
    parameters = list(layer.parameters())
    return parameters[0]


def next_parameter(network, layer, images):
    return next(layer.parameters())


def layer_named(name):
    """The first or last convolution instead of the layer asked for."""
    def at(network, layer):
        convolutions = [part for part in network.modules() if isinstance(part, torch.nn.Conv2d)]
        return convolutions[0 if name == "first" else -1]

    return at


def leaves(network):
    """The layers that hold no others, in their order."""
    return [part for part in network.modules() if not list(part.children())]


def layer_in_front(network, layer):
    """The layer before; of the first one, itself."""
    return leaves(network)[max(leaves(network).index(layer) - 1, 0)]


def layer_behind(network, layer):
    return leaves(network)[leaves(network).index(layer) + 1]


def layer_replaced(network, layer, images):
    """A list in front of the layer, and it stays there."""
    kept, forward = [], layer.forward

    def listening(*given):
        kept.append(forward(*given).detach().clone())
        return kept[-1]

    layer.forward = listening
    network(images)
    return kept[0]


def nested_not_found(network, layer, images):
    """Only the network's own row of layers is searched."""
    for part in list(network)[:list(network).index(layer) + 1]:
        images = part(images)
    return images


def children_in_a_row(network, layer, images):
    """The layers of a row one after the other; one inside another is never met."""
    for part in network.children():
        images = part(images)
        if part is layer:
            break
    return images


def leaves_in_a_row(network, layer, images):
    """The same with layers inside layers, as if there were no way around them."""
    for part in network.modules():
        if not list(part.children()):
            images = part(images)
        if part is layer:
            break
    return images

"""Hook a layer: its maps for some images, and a network that is as before."""
from ..comparison import difference
from ..exercise import Complaint, Exercise, Misconception
from ..signs import any_of, behaves_like, mistakes, raises
from . import hooks_mutants as done
from .hooks_mutants import changed, hooked
from .hooks_run import CASES, IN_PLACE, look
from .tiny import RTOL, in_training_mode, training_mode

named = mistakes(CASES, look=look, rtol=RTOL)


def feature_maps(network, layer, images):
    """What a layer hands on for these images, (N, channels, h, w); the network stays as it is."""
    kept = []
    handle = layer.register_forward_hook(lambda module, inputs, output: kept.append(output.detach().clone()))
    network(images)
    handle.remove()
    return kept[0]


def _right_but_in_place(results):
    """Sign: right, except where the next layer writes over the maps."""
    agree = [result.error is None and not difference(result.value, look(feature_maps, *case), rtol=RTOL)
             for result, case in zip(results, CASES, strict=True)]
    return all(agree[place] != (place in IN_PLACE) for place in range(len(agree)))


def _a_list(results):
    return all(isinstance(result.value, list | tuple) for result in results)


FEATURE_MAPS = Exercise(
    title="Exercise 1",
    points=2,
    reference=feature_maps,
    observe=look,
    cases=CASES,
    rtol=RTOL,
    hints=(
        ("A hook is a function of three things, `def hook(module, inputs, output):`. PyTorch calls it whenever the "
         "layer has worked; in it, put a copy of `output` into a list: `kept.append(output.detach().clone())`."),
        "`handle = layer.register_forward_hook(hook)` hangs it up, `handle.remove()` takes it down.",
        ("Make the list inside your function, so that each call has its own. Then: hang up, `network(images)`, take "
         "down, return `kept[0]`."),
    ),
    misconceptions=(
        Misconception(
            "hook left behind",
            "When you return, your hook still hangs on the layer, and keeps the maps of every image that the "
            "network is shown from now on. Keep the handle that you get, and call `handle.remove()` after the run.",
            hooked(remove=False),
            sign=raises(Complaint, "a hook still hangs")),
        Misconception(
            "layer replaced for good",
            "Your function puts something else in the place of a layer and leaves it there. Hang a hook on the layer "
            "and take it down again.",
            done.layer_replaced,
            sign=raises(Complaint, "its layers")),
        Misconception(
            "overwritten by the next layer",
            "Some networks save memory: `nn.ReLU(inplace=True)` writes its answer over the maps that you keep. Keep a "
            "copy, `output.detach().clone()`.",
            hooked(keep=lambda module, inputs, output: output),
            sign=_right_but_in_place),
        named(
            "scores instead of maps",
            "You return what the network says in the end. Wanted is what the layer hands on: the hook gets it as "
            "`output`.",
            lambda network, layer, images: network(images)),
        named(
            "what goes into the layer",
            "You keep what the layer was given. Keep what it hands on: the third thing that a hook gets.",
            hooked(keep=lambda module, inputs, output: inputs[0].detach().clone()), hooked(at=done.layer_in_front)),
        named(
            "the layer behind",
            "You keep what the next layer hands on. Hang the hook on `layer` itself.",
            hooked(at=done.layer_behind)),
        named(
            "another layer",
            "You always hook the first or the last convolution. Hook the `layer` that is handed over.",
            hooked(at=done.layer_named("last")), hooked(at=done.layer_named("first"))),
        Misconception(
            "layer shown the images",
            "You call the layer on the images. Deeper layers want the maps of the layers before them: let the network "
            "run, and listen.",
            done.on_images,
            sign=raises(RuntimeError, "to have")),
        named(
            "weights instead of maps",
            "You return the weights of the layer. They are the same for all images; wanted is what the layer makes of "
            "these.",
            done.weights_of_layer, done.first_parameter, done.next_parameter),
        Misconception(
            "maps of an earlier call",
            "Asked a second time you return the maps of the first images. Make the list inside the function, so that "
            "each call begins with an empty one.",
            done.first_call(),
            sign=raises(Complaint, "same numbers for other images")),
        Misconception(
            "nothing heard",
            "Your list is empty: the hook was never called. It must hang on the layer while `network(images)` runs, so "
            "take it down afterwards.",
            hooked(run=done.never_run),
            sign=raises(Complaint, "never called")),
        Misconception(
            "list around the maps",
            "You return the list that the hook filled. Return the maps in it, `kept[0]`.",
            hooked(give=lambda kept: kept),
            sign=_a_list),
        training_mode(hooked(run=in_training_mode)),
        named(
            "first image only",
            "You return the maps of one image. Return those of all of them, (N, channels, h, w).",
            changed(lambda maps: maps[0]), changed(lambda maps: maps[:1])),
        named(
            "first channel only",
            "You return one map of each image. The layer has many; return all of them.",
            changed(lambda maps: maps[:, 0]), changed(lambda maps: maps[:, :1])),
        named(
            "averaged",
            "You average the maps. Return each of them as it is: (N, channels, h, w).",
            *(changed(lambda maps, axes=axes, keep=keep: maps.mean(dim=axes, keepdim=keep))
              for axes in (0, 1, (2, 3)) for keep in (False, True))),
        named(
            "flattened",
            "You return the maps as rows of numbers. Keep their places: (N, channels, h, w).",
            changed(lambda maps: maps.flatten(1)), changed(lambda maps: maps.flatten(2)),
            changed(lambda maps: maps.ravel())),
        named(
            "cut off at 0",
            "You cut off what lies below 0. Return what the layer hands on; if it is no ReLU, numbers may be negative.",
            changed(lambda maps: maps.relu())),
        named(
            "scaled",
            "You stretch the maps to run from 0 to 1. Return them as they are: their size counts later.",
            changed(lambda maps: (maps - maps.min()) / (maps.max() - maps.min())),
            changed(lambda maps: maps / maps.max()),
            changed(lambda maps: maps / maps.amax(dim=(2, 3), keepdim=True))),
        Misconception(
            "a row of layers taken for granted",
            "You run the layers one after the other up to the one asked for. A network may have ways around a "
            "layer, and layers inside layers; a hook works in all of them.",
            done.nested_not_found,
            sign=any_of(raises(ValueError, "is not in list"), behaves_like(
                CASES, done.children_in_a_row, done.leaves_in_a_row, look=look, rtol=RTOL))),
    ),
)

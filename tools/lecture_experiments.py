"""The experiments of the lectures: what each runs for one seed, and what its lecture promises of it.

`defined` is what the cells of the lecture define, see `experiments.names_of`: the code is the lecture's own.
"""
import math

import numpy as np
import torch


def zero_against_one(defined, seed):
    """Three hidden neurons: test accuracy before and after training."""
    network = defined["untrained"](seed)
    before = defined["accuracy"](network)
    return {"before": before, "after": defined["accuracy"](defined["train"](network))}


def moved_nodule(defined, seed):
    """The toy of lecture 3: AUC with the spot where it was in training, and in the other half."""
    draw = np.random.default_rng(seed)
    training, left, right = (defined["toy"](count, side, draw)
                             for count, side in ((600, "left"), (400, "left"), (400, "right")))
    results = {}
    for name, make, epochs, rate in (("dense", lambda: defined["dense"](1024), 15, 1e-3),
                                     ("conv", defined["convolutional"], 6, 1e-2)):
        torch.manual_seed(seed)
        network = defined["train"](make(), *training, epochs, rate)
        results |= {f"{name} left": defined["auc"](network, *left), f"{name} right": defined["auc"](network, *right)}
    return results


def moved_nodule_in_chests(defined, seed):
    """The same on simulated chests: other patients are tested for every seed."""
    learn, test = defined["split"](seed)
    results = {}
    for name, make, epochs, rate in (("dense", lambda: defined["dense"](44 * 56), 10, 1e-3),
                                     ("conv", defined["chest_network"], 8, 1e-2)):
        torch.manual_seed(seed)
        inputs, targets = defined["chests"][learn], defined["labels"][learn]
        network = defined["train"](make(), inputs, targets, epochs, rate, batch=16)
        results |= {f"{name} {side}": auc for side, auc in defined["both_sides"](network, test).items()}
    return results


def nodule_classifier(defined, seed):
    """The classifier of lecture 4: with and without batch normalisation, and in train mode by mistake."""
    test = defined["parts"](seed)[2]
    results = {}
    for name, norm in (("with batch normalisation", True), ("without it", False)):
        network, _ = defined["trained"](seed, norm)
        results[name] = defined["auc_of"](network, defined["images"][test], defined["target"][test])
        if norm:
            orders = defined["forgetful"](network, test, seed)
            results |= {f"eval() forgotten, {order}": auc for order, auc in orders.items()}
    return results


def transfer(defined, seed):
    """What its convolutions are worth for another question: AUC, the worst of three draws of patients."""
    network, _ = defined["trained"](seed)
    results = {}
    for count in (20, 10):
        draws = np.array([defined["transferred"](network, seed, draw, count) for draw in (0, 1, 2)])
        scratch, frozen, tuned = draws.T
        results |= {f"{count} patients, from scratch": scratch.min(), f"{count} patients, frozen": frozen.min(),
                    f"{count} patients, then fine-tuned": tuned.min(),
                    f"{count} patients, mean gain of frozen": (frozen - scratch).mean()}
    return results


def leaky_split(defined, seed):
    """Slices dealt at random, and patients: what is reported and what is true; and two intervals for the same."""
    metrics, ours = defined["metrics"], defined["ours"]
    ill, patients = defined["ill"][ours].numpy(), defined["density"].patients[ours]
    reported, truth = defined["by_slice"](defined["ill"], seed)
    tossed, _ = defined["by_slice"](defined["coin"](seed), seed)
    logits, fair_truth = defined["by_patient"](seed)
    wide, narrow = (metrics.bootstrap_by_patient(metrics.auc, ill, logits, drawn)
                    for drawn in (patients, np.arange(len(ours))))
    return {"by slice, reported": reported, "by slice, truth": truth, "by slice, coin labels, reported": tossed,
            "by patient, reported": metrics.auc(ill, logits), "by patient, truth": float(fair_truth),
            "width of the interval by patient / by slice": wide.width / narrow.width}


def relatives(defined, seed):
    """Small LeNet, ResNet and MobileNet on the patients of lecture 4."""
    return {name: defined["related"](name, seed)[1] for name in defined["relatives"]}


def shifted_nodules(defined, seed):
    """Patches with the nodule in the middle in training, beside it in the test: what is lost."""
    plain, changed = defined["moved"](seed, None), defined["moved"](seed, defined["shifted"])
    return {"middle, without shifts": plain[0], "middle, with shifts": changed[0],
            "lost without shifts": plain[0] - plain[1], "lost with shifts": changed[0] - changed[1]}


def capacity(defined, seed):
    """17 and 17,025 parameters, 40 and 1000 points: accuracy on those and on new ones."""
    return {f"{size}, {count} points, {where}": result
            for (size, count), (*_, old, fresh) in defined["capacities"](seed).items()
            for where, result in (("learned", old), ("new", fresh))}


def residual(defined, seed):
    """Powers of ten that 40 layers take from the gradient at the input."""
    lost = {}
    for kind in ("plain", "He's start", "batch normalisation", "shortcuts"):
        one, forty = (defined["gradient_at_input"](depth, kind, seed) for depth in (1, 40))
        lost[kind] = math.log10(one / max(forty, 1e-40))                 # every ReLU of a layer may be silent
    return lost


def five_organs(defined, seed):
    """The network of lecture 5, trained once for all experiments that ask it."""
    key = torch.get_num_threads(), seed
    if key not in NETWORKS:
        NETWORKS[key] = defined["trained"](seed)
    return NETWORKS[key]


def organs(defined, seed):
    """Five organs of twenty patients: Dice, the worst patient, boundaries."""
    values, pred = defined["judged"](five_organs(defined, seed))
    labels = defined["cohort"].labels[defined["parts"](seed)[2]]
    return {"mean Dice": np.nanmean(values), "worst patient": np.nanmean(values, axis=1).min(),
            **dict(zip(defined["organs"], np.nanmean(values, axis=0), strict=True)),
            "boundary IoU": defined["edges"](labels, pred, range(1, 6))}


def shifts(defined, seed):
    """The same network on scans of another scanner, and with less dose: what it loses."""
    network, unseen = five_organs(defined, seed), defined["unseen"]
    known, half, tenth, hundredth, other = (np.nanmean(defined["judged"](network, *scans)[0]) for scans in (
        (), *([unseen(*study)] for study in (("A", 0.5), ("A", 0.1), ("A", 0.01), ("B", 1.0)))))
    whole = defined["data"].load_cohort(64, "organs", "B")
    mended = np.nanmean(defined["at_our_spacing"](network, whole.take(whole.patients >= 40)))
    return {"lost with half the dose": known - half, "lost with a tenth": known - tenth,
            "lost with a hundredth": known - hundredth, "lost on scanner B": known - other,
            "share of it won back at 6.1 mm": (mended - other) / (known - other)}


def variants(defined, seed):
    """The network of lecture 5 without skip connections, and built after another recipe."""
    results, labels = {}, defined["cohort"].labels[defined["parts"](seed)[2]]
    makers = {"no skips": lambda: defined["models"].UNet(1, 6, skips=False), "other recipe": defined["plain"]}
    for name, make in makers.items():
        values, pred = defined["judged"](defined["trained"](seed, make))
        results |= {f"{name}: mean Dice": np.nanmean(values), f"{name}: worst organ": np.nanmean(values, axis=0).min(),
                    f"{name}: boundary IoU": defined["edges"](labels, pred, range(1, 6))}
    return results


def fixes(defined, seed):
    """Noise as augmentation, and half of the patients from scanner B: Dice where it was to help, and where not."""
    scans = {"scanner A": (), "a hundredth of the dose": [defined["unseen"]("A", 0.01)],
             "scanner B": [defined["unseen"]("B", 1.0)]}
    networks = {"noise": defined["trained"](seed, augment=defined["noisy"]), "half from B": defined["mixed"](seed)}
    return {f"{name}: {where}": np.nanmean(defined["judged"](network, *other)[0])
            for name, network in networks.items() for where, other in scans.items()}


def rare_structure(defined, seed):
    """Nodules, learned with cross-entropy, with Dice and with both: Dice of all test slices."""
    losses = {"cross-entropy": torch.nn.CrossEntropyLoss(), "Dice": defined["loss"].soft_dice,
              "both": defined["loss"].cross_entropy_and_dice}
    found = {name: defined["all_in_one"](*defined["nodule_network"](seed, each)) for name, each in losses.items()}
    return {**found, "Dice less cross-entropy": found["Dice"] - found["cross-entropy"]}


def brains(defined, seed):
    """Grey and white matter of a bent brain, with skip connections and without."""
    results = {}
    for name, skips in (("with skips", True), ("without", False)):
        asked, pred = defined["brain_network"](seed, skips)
        truth = defined["brains"].labels[asked]
        both = [defined["all_in_one"](truth == each, pred == each) for each in (1, 2)]
        results |= {f"{name}: Dice": np.mean(both), f"{name}: boundary IoU": defined["edges"](truth, pred, (1, 2))}
    return {**results, "boundary IoU lost": results["with skips: boundary IoU"] - results["without: boundary IoU"]}


def volumes(defined, seed):
    """The same patients as slices and as volumes."""
    found = {f"{dims}-D": defined["volume_dice"](seed, dims) for dims in (2, 3)}
    return {**found, "3-D less 2-D": found["3-D"] - found["2-D"]}


def ill_of(defined, seed):
    """The test slices of a seed in lecture 6, and those of them with a nodule."""
    test = defined["parts"](seed)[1]
    return test, test[(defined["target"][test] == 1).numpy()]


def small_field(defined, seed):
    """The small field of lecture 6, trained once for all experiments that ask it; none of them changes it."""
    key = "small field", torch.get_num_threads(), seed
    if key not in NETWORKS:
        NETWORKS[key] = defined["trained"](seed, defined["small"], 8)
    return NETWORKS[key]


def what_a_layer_sees(defined, seed):
    """The small field of lecture 6: where the best map of each layer points; how its kernels moved."""
    network = small_field(defined, seed)
    torch.manual_seed(seed)
    start, end = (net[0][0][0].weight.detach()[:, 0] for net in (defined["classifier"](**defined["small"]), network))
    moved = defined["kernels_moved"](start, end)
    return defined["best_map"](network, ill_of(defined, seed)[1]) | {
        "first kernels: cosine with their start": moved["cosine"],
        "first kernels: edges and blobs gained": moved["trained"] - moved["start"]}


def two_networks(defined, seed):
    """Small and large field: AUC, what their maps point at, and which answers flip when a place is hidden."""
    (test, ill), results = ill_of(defined, seed), {}
    networks = {"small": small_field(defined, seed), "large": defined["trained"](seed, defined["large"], 10)}
    for name, network in networks.items():
        measured = {"AUC": defined["auc"](network, defined["images"], test),
                    **defined["pointed"](network, defined["images"], ill),
                    **{f"flips, {place} hidden": share for place, share in defined["flips"](network, ill).items()}}
        results |= {f"{name} field: {measure}": value for measure, value in measured.items()}
    return results


def hiding_lung(defined, seed):
    """How often the score rises when a patch hides healthy lung, by what is put there."""
    network, (test, ill) = small_field(defined, seed), ill_of(defined, seed)
    rows = np.setdiff1d(test, ill)
    rows = rows[defined["lung"][rows].sum(axis=(1, 2)) > 100]
    return {name: defined["rises"](network, rows, fill, seed)[0] for name, fill in defined["fills"].items()}


def forgetting(defined, seed):
    """Maps of the small field before and after its score, or all of it, has forgotten what it learned."""
    test, ill = ill_of(defined, seed)
    return defined["forgetting"](small_field(defined, seed), ill, test)


def scanner_tag(defined, seed):
    """The network that cheats and the one that was shown tags by chance: AUC three ways, and maps on the tag."""
    test, ill = ill_of(defined, seed)
    cheating = defined["trained"](seed, defined["small"], 3, defined["with_tag"])
    honest = small_field(defined, seed)
    mended = defined["repaired"](honest, seed)
    results = {f"{name}: {way}": auc for name, network in (("cheating", cheating), ("repaired", mended))
               for way, auc in defined["three_ways"](network, test).items()}
    repaired = [results[f"repaired: {way}"] for way in ("with tag", "removed", "inverted")]
    on_tag = defined["on_tag_by"](cheating, ill)
    return results | {"repaired: largest difference": max(repaired) - min(repaired)} | {
        f"cheating: {method} on the tag": share for method, share in on_tag.items()} | {
        "never saw a tag: inverted": defined["three_ways"](honest, test)["inverted"]}


LECTURE_2, LECTURE_3, LECTURE_4 = ("lectures/02_softmax_and_bce.ipynb", "lectures/03_convolution.ipynb",
                                   "lectures/04_cnn_stacks.ipynb")
LECTURE_5 = "lectures/05_unet_segmentation.ipynb"
LECTURE_6 = "lectures/06_grad_cam.ipynb"
SHOWN = [LECTURE_4, LECTURE_5, LECTURE_6]                    # lectures that show their spreads, see helpers.spreads
SLOW = ("variants", "fixes", "volumes")      # no lecture runs them: kept as tables, one thread, not run again by tests
NETWORKS = {}                                # networks that several experiments ask, by threads and seed
# Name: notebook, function of what it defines and a seed, and what the lecture asserts: result, least, most.
EXPERIMENTS = {
    "zero-against-one": (LECTURE_2, zero_against_one, {"after": (0.989, None)}),
    "moved-nodule": (LECTURE_3, moved_nodule,
                     {"dense right": (None, 0.65), "conv left": (0.95, None), "conv right": (0.95, None)}),
    "moved-nodule-chests": (LECTURE_3, moved_nodule_in_chests,
                            {"dense left": (None, 0.75), "dense right": (None, 0.75),
                             "conv left": (0.7, None), "conv right": (0.7, None)}),
    "nodule-classifier": (LECTURE_4, nodule_classifier,
                          {"with batch normalisation": (0.9, None), "without it": (None, 0.75),
                           "eval() forgotten, sorted by diagnosis": (None, 0.7)}),
    "leaky-split": (LECTURE_4, leaky_split,
                    {"by slice, reported": (0.95, None), "by slice, truth": (None, 0.75),
                     "by slice, coin labels, reported": (0.9, None), "by patient, reported": (None, 0.75),
                     "width of the interval by patient / by slice": (2.5, None)}),
    "capacity": (LECTURE_4, capacity,
                 {"large, 40 points, learned": (1, 1), "large, 40 points, new": (None, 0.75),
                  "large, 1000 points, new": (0.65, None), "small, 1000 points, new": (None, 0.65)}),
    "residual": (LECTURE_4, residual, {"plain": (9, None), "He's start": (None, 3), "batch normalisation": (None, 3),
                                       "shortcuts": (None, 3)}),
    "relatives": (LECTURE_4, relatives, {"ResNet": (0.85, None), "MobileNet": (0.85, None)}),
    "shifted-nodules": (LECTURE_4, shifted_nodules,
                        {"lost without shifts": (0.2, None), "lost with shifts": (None, 0.15)}),
    "transfer": (LECTURE_4, transfer, {"20 patients, frozen": (0.9, None),
                                       "20 patients, mean gain of frozen": (0, None)}),
    "organs": (LECTURE_5, organs, {"mean Dice": (0.9, None)}),
    "shifts": (LECTURE_5, shifts, {"lost with half the dose": (None, 0.01), "lost with a tenth": (None, 0.015),
                                   "lost on scanner B": (0.015, None),
                                   "share of it won back at 6.1 mm": (0.33, None)}),
    "variants": (LECTURE_5, variants, {"no skips: boundary IoU": (None, 0.54)}),
    "fixes": (LECTURE_5, fixes, {"noise: a hundredth of the dose": (0.88, None),
                                 "half from B: scanner B": (0.91, None)}),
    "rare-structure": (LECTURE_5, rare_structure, {"Dice": (0.65, None), "Dice less cross-entropy": (0, None)}),
    "brains": (LECTURE_5, brains, {"boundary IoU lost": (0.1, None)}),
    "volumes": (LECTURE_5, volumes, {"3-D less 2-D": (None, 0.01)}),
    "what-a-layer-sees": (LECTURE_6, what_a_layer_sees,
                          {"first convolution": (None, 0.25), "third convolution": (0.65, None),
                           "score of each place": (0.65, None),
                           "first kernels: cosine with their start": (0.8, None),
                           "first kernels: edges and blobs gained": (None, 0.15)}),
    "hiding-lung": (LECTURE_6, hiding_lung, {
        "lung, −800 HU": (0.5, None), "air, −1000 HU": (0.5, None), "grey, −600 HU": (0.5, None),
        "soft tissue, −200 HU and above": (0.5, None)}),
    "two-networks": (LECTURE_6, two_networks, {
        "small field: AUC": (0.9, None), "large field: AUC": (0.88, None), "small field: pointing": (0.65, None),
        "large field: pointing": (None, 0.4), "small field: flips, peak of the map hidden": (0.6, None),
        "small field: flips, nodule hidden": (0.8, None), "large field: flips, peak of the map hidden": (None, 0.5),
        "large field: flips, nodule hidden": (0.8, None)}),
    "forgetting": (LECTURE_6, forgetting, {
        "AUC, score forgotten": (None, 0.8), "Grad-CAM, score forgotten": (None, 0.35),
        "Eigen-CAM, score forgotten": (0.999, None), "Eigen-CAM, all forgotten": (0.25, None)}),
    "scanner-tag": (LECTURE_6, scanner_tag, {
        "cheating: with tag": (0.99, None), "cheating: removed": (None, 0.88), "cheating: inverted": (None, 0.05),
        "cheating: Grad-CAM on the tag": (1, 1), "cheating: occlusion on the tag": (1, 1),
        "repaired: with tag": (0.9, None), "repaired: removed": (0.9, None), "repaired: inverted": (0.9, None),
        "repaired: largest difference": (None, 0.03)}),
}

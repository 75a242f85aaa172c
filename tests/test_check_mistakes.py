"""The mistakes that labs 4 to 6 were asked to know."""
import pytest
from wrong_answers import ANSWERS

from helpers.check import lab04, lab05, lab06
from helpers.check.checker import Checker

ASKED_FOR = {
    lab04.LAB: [
        ("auc", "ties ignored", "one half"),
        ("measures", "precision and sensitivity swapped", "tp + fn"),
        ("ppv_at", "prevalence forgotten", "1 - prevalence"),
        ("split_by_patient", "slices shuffled before grouping", "Group first"),
        ("train_with_early_stopping", "test set used to choose", "Choose by validation"),
        ("train_with_early_stopping", "`eval()` forgotten", "`model.eval()`"),
        ("train_with_early_stopping", "softmax before cross-entropy", "logits"),
        ("lenet5", "softmax before cross-entropy", "does the softmax itself"),
        ("report", "slices drawn, not patients", "too narrow"),
        ("max_pool", "average instead of maximum", "the largest number stays"),
        ("receptive_field", "jump forgotten", "two pixels apart"),
        ("leaks", "validation forgotten", "the epoch and the threshold are chosen"),
        ("allowed", "laterality lost", "right lung into a left one"),
    ],
    lab05.LAB: [
        ("overlaps", "Dice over the batch instead of per scan", "every scan has its own Dice"),
        ("soft_dice", "Dice over the batch instead of per scan", "average over the scans"),
        ("overlaps", "probabilities not thresholded", "`probs > 0.5`"),
        ("overlaps", "background counted", "count pixels of the organ only"),
        ("soft_dice", "background counted", "every organ is missed"),
        ("overlaps", "smoothing term hides empty masks", "Say NaN where there is nothing to measure"),
        ("decode", "skip concatenated on the wrong axis", "Axis 1 holds the channels"),
        ("crop_and_join", "joined along the wrong axis", "Axis 1 holds the channels"),
        ("hausdorff", "spacing ignored", "multiply the positions with it before you measure"),
        ("patient_report", "spacing ignored", "Hand the spacing of the patient on"),
        ("patient_report", "mean over slices instead of patients", "put the slices of each patient together first"),
    ],
    lab06.LAB: [
        ("feature_maps", "hook left behind", "handle.remove()"),
        ("feature_maps", "batch normalisation in training mode", "leave it there"),
        ("scores", "probability instead of score", "Differentiate the score"),
        ("scores", "highest score of the batch", "every row has a maximum of its own"),
        ("map_weights", "gradients of the probability", "Differentiate the score"),
        ("map_weights", "weights not averaged over space", "gradient.mean(dim=(2, 3))"),
        ("map_weights", "gradients of earlier images added", "`backward()` adds to what is there"),
        ("map_weights", "batch normalisation in training mode", "evaluation mode"),
        ("map_weights", "maximum over a batch", "one image gets weights and the others 0"),
        ("heat_map", "no ReLU", "Cut it off after adding up"),
        ("heat_map", "corners pinned to corners", "align_corners=False"),
        ("heat_map", "not enlarged", "size of the layer"),
        ("heat_map", "maximum over a batch", "depends on its neighbours"),
        ("occlusion", "probability instead of score", "compare scores"),
        ("occlusion", "batch normalisation in training mode", "evaluation mode"),
        ("pointing_game", "maximum over a batch", "Each map has its own highest pixel"),
        ("finding", "map off the nodule taken for a proof", "change the place and ask again"),
    ],
}


@pytest.mark.parametrize("lab, name, mistake, advice",
                         [(lab, *each) for lab, asked in ASKED_FOR.items() for each in asked])
def test_a_mistake_that_was_asked_for_is_named_with_advice_whoever_makes_it(lab, name, mistake, advice):
    made = [answer for known, answer in ANSWERS[lab.title].WRONG[name] if known == mistake]
    exercise = next(each for each in lab.exercises if each.name == name)
    assert made
    for answer in made:
        text = repr(Checker(exercise).card(answer))
        heading = mistake[:1].upper() + mistake[1:]
        assert f"{heading}. " in text and advice in text

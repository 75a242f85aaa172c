"""The augmentation browser: labels against closed forms and the cohort, verdicts against rules, every control."""
import numpy as np
import pytest
import torch
from explorers import pixels
from scipy import ndimage

from helpers import augment, data
from helpers.explore import augmenting, readings
from helpers.explore.readings import DENSITY, NODULE, SIDE, SITUS, SIZE

pytestmark = pytest.mark.usefixtures("strict_widgets")
COHORT = data.load_cohort(64, "nodules")
TURNS, FLIPS = (-165, -90, 45, 120, 180), ("flip left-right", "flip up-down")


def shows(cohort, number):
    """Whether a slice has one nodule, and a heart that lies clearly left of the spine."""
    columns = np.arange(cohort.hu.shape[2])
    heart, spine = (cohort.labels[number] == cohort.label_names.index(name) for name in ("heart", "spine"))
    single = ndimage.label(cohort.nodules[number], np.ones((3, 3)))[1] == 1
    return single and cohort.nodules[number].sum() > 4 and heart.sum() > 20 and (
        np.average(columns, weights=heart.sum(0)) - np.average(columns, weights=spine.sum(0)) > 3)


NUMBERS = [number for number in range(len(COHORT)) if shows(COHORT, number)]
CHESTS = [COHORT.take([number]) for number in NUMBERS[::3]]
SCANS = [readings.Slice(chest) for chest in CHESTS]


def browser(number=0):
    return augmenting.augmentations(CHESTS[number])


def setup(explorer, **values):
    for name in ("task", "name", "strength", "chance", "ring", "marks"):
        if name in values:
            explorer.controls[name].value = values[name]
    return explorer.view.caption


def test_the_chosen_slices_are_many_enough():
    assert len(CHESTS) >= 6


@pytest.mark.parametrize("chest", CHESTS)
def test_what_a_reader_says_of_the_original_is_the_truth(chest):
    said = readings.Slice(chest).labels
    column = ndimage.center_of_mass(chest.nodules[0])[1]
    lungs = chest.labels[0] == chest.label_names.index("lungs")
    deep = ndimage.binary_erosion(lungs, np.ones((3, 3))) & ~chest.nodules[0]
    assert said[NODULE] == "nodule" and said[SITUS] == "left"
    assert said[SIDE] == ("left" if column > 31.5 else "right") or abs(column - 31.5) < 4
    assert said[DENSITY] == pytest.approx(chest.hu[0][deep].mean(), abs=0.06)
    assert said[SIZE] == pytest.approx(2 * np.sqrt(chest.nodules.sum() / np.pi) * chest.spacing[0], abs=0.06)


@pytest.mark.parametrize("chest", CHESTS)
def test_turns_keep_the_side_of_everything_and_mirrors_swap_it(chest):
    scan = readings.Slice(chest)
    other = {"left": "right", "right": "left"}
    for degrees in TURNS:
        said = scan.changed("rotation", degrees, SIDE, 1)[2]
        assert (said[SITUS], said[SIDE]) == (scan.labels[SITUS], scan.labels[SIDE])
    for name in FLIPS:
        said = scan.changed(name, 1, SIDE, 1)[2]
        assert (said[SITUS], said[SIDE]) == (other[scan.labels[SITUS]], other[scan.labels[SIDE]])


@pytest.mark.parametrize("task", augment.TASKS)
def test_the_rules_are_what_is_measured_at_usual_strengths(task):
    for name, verdict in augment.keeps(task).items():
        if name == "cutout":
            continue                                                  # by chance; see the next test
        kept = [readings.same(task, scan.labels[task], scan.changed(name, augmenting.USUAL[name], task, 1)[2][task])
                for scan in SCANS]
        assert all(kept) if verdict.keeps else not any(kept), (name, kept)


@pytest.mark.parametrize("task", augment.TASKS)
def test_a_hole_in_the_worst_place_breaks_every_label(task):
    assert not augment.keeps(task)["cutout"].keeps
    for scan in SCANS:
        said = scan.changed("cutout", 28, task, readings.WORST)[2]
        assert not readings.same(task, scan.labels[task], said[task])


def test_a_shift_that_leaves_the_picture_takes_the_nodule_along():
    for number in (0, 1, 2):
        explorer = browser(number)
        explorer.controls["preset"].value = "shifted out of the picture"
        assert "too strong" in explorer.view.caption and "no nodule after" in explorer.describe()


@pytest.mark.parametrize("name", augment.AUGMENTATIONS)
def test_the_augmented_picture_is_what_the_function_gives(name):
    scan, entry = readings.Slice(CHESTS[0]), augment.AUGMENTATIONS[name]
    for _, strength in augmenting.amounts(name):
        hu = scan.changed(name, strength, NODULE, 3)[0]
        expected = entry(torch.tensor(CHESTS[0].hu[0]), strength, generator=torch.Generator().manual_seed(3))
        np.testing.assert_allclose(hu, expected, atol=0.05)


def test_strengths_on_offer_hold_the_usual_and_the_neutral_one_in_order():
    for name, entry in augment.AUGMENTATIONS.items():
        values = [value for _, value in augmenting.amounts(name)]
        assert values == sorted(set(values)) and {entry.neutral, augmenting.USUAL[name]} <= set(values)
    assert augmenting.spoken("shift", -8, 128) == "−16 pixels" and augmenting.spoken("rotation", 15) == "15°"


def test_strengths_in_pixels_grow_with_the_slice():
    large = data.load_cohort(128, "organs")
    chest = large.take([next(number for number in range(len(large)) if shows(large, number))])
    scan = readings.Slice(chest)
    np.testing.assert_array_equal(scan.changed("shift", 8, NODULE, 1)[0], augment.shift(torch.tensor(chest.hu[0]), 16))
    erased = (scan.changed("cutout", 8, NODULE, readings.WORST)[0] != scan.hu).sum()
    assert 200 < erased <= 256
    assert augmenting.augmentations(chest).view.size == [1036, 390]


@pytest.mark.parametrize("preset, sign, words", [
    ("nothing yet", "✓", "nothing is changed"), ("a small turn", "✓", "keeps"),
    ("face down: turned by 180°", "✓", "keeps"), ("a mirror, and the side is asked", "✗", "does not keep"),
    ("a mirror, and a nodule is asked", "✓", "keeps"), ("upside down is a mirror too", "✗", "does not keep"),
    ("shifted out of the picture", "✗", "too strong"), ("zoom, and the size is asked", "✗", "does not keep"),
    ("50 HU more, and the density is asked", "✗", "does not keep"),
    ("noise, and the density is asked", "✓", "keeps"), ("a hole over the nodule", "✗", "does not keep")])
def test_presets_show_what_they_say(preset, sign, words):
    explorer = browser(1)
    explorer.controls["preset"].value = preset
    assert explorer.view.caption.startswith(sign) and words in explorer.view.caption
    assert explorer.controls["preset"].value == preset


def test_a_small_offset_keeps_the_density_here_but_not_always():
    scan = readings.Slice(CHESTS[0])
    for offset, sign in ((12, "?"), (13, "✗")):
        said = scan.changed("HU offset", offset, DENSITY, 1)[2]
        assert readings.judge("HU offset", offset, DENSITY, scan.labels[DENSITY], said[DENSITY])[0] == sign


def test_every_control_changes_picture_and_alt_text(drive):
    explorer = browser()
    setup(explorer, name="cutout", strength=16)                        # where chance plays a part
    for control, states in drive(explorer).items():
        assert states >= 2, f"{control} changes nothing"


@pytest.mark.parametrize("name", augment.AUGMENTATIONS)
def test_every_transform_at_its_ends(name):
    explorer = browser()
    for each in ("flip up-down" if name != "flip up-down" else "zoom", name):
        explorer.controls["name"].value = each
    assert explorer.controls["strength"].value == augmenting.USUAL[name]
    assert explorer.controls["chance"].disabled == (name not in ("noise", "cutout"))
    for strength in (explorer.controls["strength"].options[0][1], explorer.controls["strength"].options[-1][1]):
        for task in augment.TASKS:
            setup(explorer, strength=strength, task=task)
            assert explorer.view.caption[0] in "✓✗?" and "nan" not in explorer.describe()


def test_one_picture_for_one_choice():
    explorer, seen = browser(), []
    explorer.view.observe(lambda change: seen.append(explorer.view.caption), "png")
    explorer.controls["name"].value = "zoom"
    assert len(set(seen)) == 1 and seen[0].startswith("✓ Zoom, 1.2 times")


def test_the_live_picture_is_what_a_full_drawing_gives():
    explorer, fresh = browser(), browser()
    for values in (dict(name="noise", strength=100), dict(ring=True, marks=True), dict(task=SIZE)):
        setup(explorer, **values)
    setup(fresh, task=SIZE, name="noise", strength=100, ring=True, marks=True)
    assert np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))
    assert np.array_equal(pixels(explorer.view.png), pixels(explorer.preview()))
    setup(explorer, name="rotation", strength=0, ring=False, marks=False, task=SIDE)
    assert np.array_equal(pixels(explorer.view.png), pixels(browser().view.png))


def test_the_frame_goes_where_the_nodule_goes():
    explorer = browser()
    orange = lambda: (pixels(explorer.view.png)[24:280, 280:536] == (230, 159, 0)).all(-1)           # noqa: E731
    assert not orange().any()
    setup(explorer, ring=True, name="shift", strength=0)
    start = np.mean(np.nonzero(orange()), axis=1)
    setup(explorer, strength=4)
    assert np.mean(np.nonzero(orange()), axis=1) - start == pytest.approx([0, 16], abs=0.6)
    setup(explorer, name="cutout", strength=16, chance=readings.WORST)
    assert not orange().any()


def test_marks_are_the_verdicts_of_the_task():
    explorer, plain = browser(), browser()
    setup(explorer, marks=True)
    for task in (SIDE, DENSITY):
        setup(explorer, task=task)
        setup(plain, task=task)
        tiles = [pixels(each.view.png)[288:368, 12:] for each in (explorer, plain)]
        assert (tiles[0] != tiles[1])[:23].any() and not (tiles[0] != tiles[1])[23:].any()
    setup(explorer, task=SIDE)
    side = pixels(explorer.view.png)[288:368]
    setup(explorer, task=SITUS)
    assert np.array_equal(side, pixels(explorer.view.png)[288:368])     # the same verdicts
    setup(explorer, task=SIZE)
    assert not np.array_equal(side, pixels(explorer.view.png)[288:368])


def test_tasks_without_an_answer_are_left_out():
    healthy = next(number for number in range(len(COHORT)) if not COHORT.nodules[number].any())
    explorer = augmenting.augmentations(COHORT.take([healthy]))
    tasks = [task for _, task in explorer.controls["task"]._options_full]
    assert NODULE in tasks and DENSITY in tasks and SIDE not in tasks and SIZE not in tasks
    assert explorer.controls["ring"].disabled and explorer.controls["task"].value in tasks
    for _, preset in explorer.controls["preset"]._options_full:
        explorer.controls["preset"].value = preset
    assert "no nodule before" in explorer.describe()



def test_words_are_wrapped_and_never_cut():
    for reasons in augment.TASKS.values():
        for verdict in reasons.values():
            for reason in (verdict.reason, f"a weaker one would: {verdict.reason}"):
                lines = augmenting.wrapped(reason, augmenting.PANEL[0])
                assert " ".join(lines) == reason and len(lines) <= 2


@pytest.mark.parametrize("cohort, words", [(COHORT.take([0, 1]), "one slice, not 2"), (COHORT.take([]), "not 0")])
def test_bad_input_gets_one_sentence(cohort, words):
    with pytest.raises(ValueError, match=words):
        augmenting.augmentations(cohort)


def test_places():
    mask = np.random.default_rng(0).random((2, 7, 9)) > 0.6
    found = readings.places(np.stack([*mask, np.zeros((7, 9))]))
    for row, each in zip(found, mask, strict=False):
        np.testing.assert_allclose(row, [each.sum(), *ndimage.center_of_mass(each)])
    assert found[2, 0] == 0 and np.isnan(found[2, 1:]).all()

"""Simulated patients against what radiologists and physiologists expect, and against plain geometry.

CT numbers: the tables of textbooks (Buzug, Computed Tomography, 2008, p. 475; Kalender, Computed Tomography, 3rd ed.
2011, chapter 1) differ from each other by 10 to 20 HU for soft tissue; the ranges here are wide enough for both.
Lungs: 4.5 litres on average, standard deviation 1.3, in 564 healthy adults on CT (Cheng et al. 2019,
doi:10.2147/COPD.S187596). Heart: the 97.5th percentiles of its chambers and muscle in 569 healthy adults add up to some
440 mL per square metre of body surface on CT (Fuchs et al. 2016, Eur Heart J Cardiovasc Imaging 17:1009).
Thoracic aorta: 30 cm of 2 to 3.5 cm across.
"""
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from scipy import ndimage

from helpers import ct
from helpers.ct.level import Level
from helpers.ct.patient import FIELD, PHASES

BACKGROUND, LUNGS, HEART, AORTA, SPINE, LIVER = range(6)
SIZE = 128
PIXEL = FIELD / SIZE
HEIGHTS = (0.15, 0.3, 0.5, 0.75, 0.95)               # levels that are looked at, as shares of the scan
WITHOUT, WITH = (1, 9), (0, 4, 5)                    # patients without and with contrast in the blood
WELL_PADDED = (1, 5, 9)                              # those with at least 2 cm of fat under the skin
WOMEN, MEN = (1, 6, 9, 11, 14), (0, 2, 3, 4, 5)
THICKNESS = 10.0                                     # mm between the slices of a volume


def centres(size, field=FIELD):
    """Coordinates of the middles of the pixels in mm."""
    return ((np.arange(size) + 0.5) * field / size - field / 2).astype(np.float32)


def heights(patient, shares=HEIGHTS):
    top, bottom = patient.levels()
    return [top + share * (bottom - top) for share in shares]


def dice(first, second):
    return 2 * (first & second).sum() / (first.sum() + second.sum())


def shrunk(mask, pixels=2):
    """Each slice of a mask without its outermost pixels."""
    return ndimage.binary_erosion(mask, np.ones((1, 3, 3), bool), iterations=pixels)


@dataclass
class Chest:
    """Some slices of one patient: the truth, what scanner A measures, and distances in mm at the pixel centres."""

    patient: ct.Patient
    hu: np.ndarray
    measured: np.ndarray
    labels: np.ndarray
    distances: dict

    def tissue(self, name):
        """Where only this tissue is, two pixels from any other that is as thick as that."""
        far = {key: values - 2.4 * PIXEL for key, values in self.distances.items()}
        near = {key: values + 2.4 * PIXEL for key, values in self.distances.items()}
        side = self.distances["around"] < 1.7                                   # not in front, where glands are
        if name == "air":
            return (far["skin"] > 20) & (self.distances["y"] < 0)               # the table is at the back
        if name == "fat":
            return (near["skin"] < 0) & (far["muscle"] > 0) & side & (self.distances["z"] > 140)
        if name == "muscle":                                                    # outside the ribs, above the liver
            return (near["muscle"] < 0) & (self.distances["cage"] > 16) & side & (self.distances["z"] < 150)
        return shrunk(self.labels == ct.LABELS.index(name))


@cache
def chest(seed):
    patient = ct.Patient(seed)
    cuts = [patient.slice(z, SIZE) for z in heights(patient)]
    levels = [Level(patient, centres(SIZE), centres(SIZE), z) for z in heights(patient)]
    found = dict(skin=[level.skin for level in levels], cage=[level.cage for level in levels],
                 muscle=[level.skin + level.wall[1] for level in levels], lungs=[level.lungs for level in levels],
                 heart=[level.heart for level in levels], around=[level.around for level in levels],
                 y=[level.y for level in levels], z=[np.full_like(level.x, level.z) for level in levels])
    hu = np.stack([cut.hu for cut in cuts])
    measured = ct.scan(hu, PIXEL, ct.SCANNERS["A"], seeds=[(seed, place) for place in range(len(cuts))])
    return Chest(patient, hu, measured, np.stack([cut.labels for cut in cuts]),
                 {name: np.stack(values) for name, values in found.items()})


@cache
def volume(seed):
    return ct.Patient(seed, nodules=0).volume(THICKNESS, 64)


def millilitres(truth, organ):
    return (truth.labels == organ).sum() * np.prod(truth.spacing) / 1000


def middle(truth, organ, lowest=None):
    """Centre of mass of an organ as (slice, row, column) in pixels; `lowest` looks at that many slices only."""
    return ndimage.center_of_mass(truth.labels[:lowest] == organ)


# --- what a radiologist measures

@pytest.mark.parametrize("tissue, low, high, seeds", [
    ("air", -1005, -995, (*WITHOUT, *WITH)), ("lungs", -950, -700, (*WITHOUT, *WITH)),
    ("fat", -120, -80, WELL_PADDED), ("muscle", 40, 70, (*WITHOUT, *WITH)),
    ("liver", 45, 70, WITHOUT), ("aorta", 30, 55, WITHOUT), ("aorta", 120, 450, WITH), ("heart", 30, 55, WITHOUT),
])
def test_true_and_measured_hu_are_those_of_the_tissue(tissue, low, high, seeds):
    for seed in seeds:
        found = chest(seed)
        here = found.tissue(tissue)
        assert here.sum() >= 20, f"patient {seed}"
        for hu in (found.hu, found.measured):
            assert low <= np.median(hu[here]) <= high, f"patient {seed}"


@pytest.mark.parametrize("seed", (*WITHOUT, *WITH))
def test_air_is_air_and_the_scanner_measures_what_is_there(seed):
    found = chest(seed)
    assert (found.hu[found.tissue("air")] == -1000).all()
    for tissue in ("liver", "muscle"):
        here = found.tissue(tissue)
        assert abs(found.measured[here].mean() - found.hu[here].mean()) < 15


def test_bone_is_bone():
    for seed in (*WITHOUT, *WITH):
        found, mineral = chest(seed), ct.Patient(seed, nodules=0).body.bone
        spine = found.hu[found.labels == SPINE]
        assert np.percentile(spine, 95) > 300
        assert found.hu.max() > (400 if mineral > 0.8 else 350)          # the thin shell of bone poor in mineral
        assert found.hu.max() < 1000 and 100 < np.median(spine) < 400    # with marrow, discs and the canal
        assert found.measured.max() > 250


def test_contrast_fills_the_vessels_in_the_order_of_the_phases():
    def blood(seed):
        found = chest(seed)
        return np.median(found.hu[found.tissue("aorta")])

    phases = {ct.Patient(seed, nodules=0).phase: seed for seed in (*WITHOUT, *WITH)}
    assert set(phases) == set(PHASES)
    assert blood(phases["none"]) < blood(phases["portal"]) < blood(phases["aortic"])
    liver = {name: np.median(chest(seed).hu[chest(seed).tissue("liver")]) for name, seed in phases.items()}
    assert max(liver, key=liver.get) == "portal"


# --- what a physiologist measures

@pytest.mark.parametrize("seed", (*WOMEN, *MEN))
def test_organs_have_plausible_volumes(seed):
    truth = volume(seed)
    assert 2500 < millilitres(truth, LUNGS) < 7500                       # the scan begins below the tips of the lungs
    assert 350 < millilitres(truth, HEART) < 1100
    assert 80 < millilitres(truth, AORTA) < 300
    assert 150 < millilitres(truth, SPINE) < 600                         # that of the chest only
    assert 200 < millilitres(truth, LIVER) < 1500                        # its dome; the scan ends in the liver
    middle_column = middle(truth, SPINE)[2]
    sides = np.bincount(np.nonzero(truth.labels == LUNGS)[2] < middle_column)
    assert 0.45 < sides[1] / sides.sum() < 0.6                           # in people the right one is a little larger


def test_women_are_smaller_than_men_on_average():
    assert all(ct.Patient(seed, nodules=0).body.sex == "female" for seed in WOMEN)
    assert all(ct.Patient(seed, nodules=0).body.sex == "male" for seed in MEN)
    for organ in (LUNGS, HEART, AORTA, SPINE):
        women, men = (np.mean([millilitres(volume(seed), organ) for seed in seeds]) for seeds in (WOMEN, MEN))
        assert 0.6 < women / men < 0.9


@pytest.mark.parametrize("seed", (*WOMEN, *MEN))
def test_left_is_right_in_the_image_and_the_back_is_at_the_bottom(seed):
    truth = volume(seed)
    heart, spine, liver = (np.array(middle(truth, organ)) * truth.spacing for organ in (HEART, SPINE, LIVER))
    assert 5 < heart[2] - spine[2] < 40                                  # mm to the patient's left
    assert -90 < liver[2] - spine[2] < -30
    assert 60 < spine[1] - heart[1] < 130
    beside = np.array(middle(truth, AORTA, lowest=10)) * truth.spacing   # below the arch
    column = np.array(middle(truth, SPINE, lowest=10)) * truth.spacing
    assert 5 < beside[2] - column[2] < 35
    assert heart[1] < beside[1] < column[1] + 10


@pytest.mark.parametrize("seed", (*WOMEN, *MEN))
def test_a_volume_runs_from_the_feet_to_the_head(seed):
    truth = volume(seed)
    assert (truth.labels[0] == LIVER).sum() > 100 and not (truth.labels[-1] == LIVER).any()
    assert middle(truth, LIVER)[0] < middle(truth, HEART)[0] < middle(truth, LUNGS)[0] + 2
    for organ in (LUNGS, SPINE):
        assert (truth.labels[-1] == organ).any()


# --- geometry

@pytest.mark.parametrize("seed", (*WITHOUT, *WITH))
def test_labels_lie_where_the_distances_say(seed):
    found = chest(seed)
    for organ, name in ((LUNGS, "lungs"), (HEART, "heart")):
        here, later = found.labels == organ, found.labels > organ       # the later organ wins where two overlap
        assert found.distances[name][here].max() < PIXEL
        assert (here | later)[found.distances[name] < -1.2 * PIXEL].all()


@pytest.mark.parametrize("seed", (*WITHOUT, *WITH))
def test_labels_lie_inside_the_body(seed):
    found = chest(seed)
    assert found.distances["skin"][found.labels > BACKGROUND].max() < 0
    for hu, labels in zip(found.hu, found.labels, strict=True):         # seen in the picture alone
        parts, _ = ndimage.label(hu > -200)
        body = parts == np.bincount(parts[parts > 0]).argmax()
        assert not labels[~ndimage.binary_fill_holes(body)].any()


@pytest.mark.parametrize("seed", (*WITHOUT, *WITH))
def test_the_body_is_painted_out_to_its_skin_and_no_further(seed):
    found = chest(seed)
    skin, cage = found.distances["skin"], found.distances["cage"]
    assert (found.hu[(skin < -1.2 * PIXEL) & (cage > PIXEL)] > -200).all()
    above_the_table = found.distances["y"] < 60
    assert (found.hu[(skin > 1.2 * PIXEL) & above_the_table] == -1000).all()


@pytest.mark.parametrize("seed", [0, 1])
def test_a_smaller_field_shows_the_middle_of_a_larger_one(seed):
    patient = ct.Patient(seed, nodules=2)
    for z in (*heights(patient, (0.3, 0.9)), patient.nodules[0].z):
        large, small = patient.slice(z, 128, field=400.0), patient.slice(z, 64, field=200.0)
        np.testing.assert_allclose(small.hu, large.hu[32:96, 32:96], atol=0.5)
        assert (small.labels != large.labels[32:96, 32:96]).mean() < 1e-3
        assert (small.nodules != large.nodules[32:96, 32:96]).mean() < 1e-3


@pytest.mark.parametrize("seed", [1, 5])
def test_anatomy_is_the_same_in_both_scanners_fields(seed):
    patient = ct.Patient(seed, nodules=2, radius=(8.0, 14.0))
    for nodule in patient.nodules:
        areas = {}
        for name, scanner in ct.SCANNERS.items():
            cut = patient.slice(nodule.z, 96, field=scanner.fov)
            assert cut.spacing == (scanner.fov / 96,) * 2
            row, column = np.array(ndimage.center_of_mass(cut.nodules))
            places = centres(96, scanner.fov)
            found = np.interp((column, row), np.arange(96), places)
            assert np.abs(found - (nodule.x, nodule.y)).max() < scanner.fov / 96
            areas[name] = (cut.labels == LUNGS).sum() * np.prod(cut.spacing)
        assert areas["A"] == pytest.approx(areas["B"], rel=0.02)


@pytest.mark.parametrize("seed", [0, 9])
def test_neighbouring_slices_differ_little(seed):
    patient = ct.Patient(seed)
    near_dome = heights(patient, (0.85, 0.95))
    for z in (*heights(patient, (0.1, 0.3, 0.5)), *near_dome):
        one, next_one = patient.slice(z, 64), patient.slice(z + 1, 64)
        far = patient.slice(z + (20 if z < 150 else -20), 64)
        # A dome rises 1 mm while its outline moves by several.
        assert dice(one.labels == LUNGS, next_one.labels == LUNGS) > (0.93 if z in near_dome else 0.97)
        assert dice(one.labels == LUNGS, next_one.labels == LUNGS) > dice(one.labels == LUNGS, far.labels == LUNGS)
        assert np.abs(one.hu - next_one.hu).mean() < 0.5 * np.abs(one.hu - far.hu).mean()


def test_a_slice_is_the_slice_of_the_volume_whatever_was_cut_before():
    patient = ct.Patient(3)
    top, bottom = patient.levels()
    truth = patient.volume(40.0, 64)
    levels = np.arange(top, bottom, 40.0)[::-1]
    assert len(truth.hu) == len(levels)
    for place in (2, 0, len(levels) - 1):
        for other in (patient, ct.Patient(3)):
            cut = other.slice(levels[place], 64)
            for name in ("hu", "labels", "nodules"):
                np.testing.assert_array_equal(getattr(cut, name), getattr(truth, name)[place])


@pytest.mark.parametrize("size, field", [(64, 390.0), (65, 440.0), (32, 200.0)])
def test_spacing_and_kinds_of_numbers_travel(size, field):
    patient = ct.Patient(2, nodules=0)
    cut, truth = patient.slice(100.0, size, field=field), patient.volume(70.0, size, field=field)
    assert cut.spacing == (field / size, field / size) and truth.spacing == (70.0, field / size, field / size)
    for found, shape in ((cut, (size, size)), (truth, (len(truth.hu), size, size))):
        assert found.hu.shape == found.labels.shape == found.nodules.shape == shape
        assert (found.hu.dtype, found.labels.dtype, found.nodules.dtype) == (np.float32, np.uint8, bool)


# --- nodules

@cache
def nodule_slices(seed):
    """Three nodules of a patient, those wholly in the scan: each with levels around it, slices there, and its mask."""
    patient, places, found = ct.Patient(seed, nodules=3, radius=(8.0, 14.0)), centres(96), []
    top, bottom = patient.levels()
    for nodule in patient.nodules:
        levels = nodule.z + nodule.radius * np.arange(-1.4, 1.5, 0.28)
        if top < levels[0] and levels[-1] < bottom:
            cuts = [patient.slice(z, 96) for z in levels]
            near = np.hypot(places[None] - nodule.x, places[:, None] - nodule.y) < 1.4 * nodule.radius  # no other one
            found.append((nodule, levels, cuts, np.stack([cut.nodules & near for cut in cuts])))
    return found


def test_nodules_have_the_volume_of_their_balls():
    ratios = []
    for seed in range(2):
        for nodule, levels, cuts, mask in nodule_slices(seed):
            assert mask.any() and not mask[[0, -1]].any()
            volume = mask.sum() * (levels[1] - levels[0]) * np.prod(cuts[0].spacing)
            ratios.append(volume / (4 / 3 * np.pi * nodule.radius**3))
    assert len(ratios) >= 4
    assert np.mean(ratios) == pytest.approx(1, abs=0.25)
    assert min(ratios) > 0.5 and max(ratios) < 1.6                      # lobes: a tenth of the radius, more or less


@pytest.mark.parametrize("seed", range(2))
def test_a_nodule_has_its_place_and_hu_in_the_lung(seed):
    pixel, places = FIELD / 96, centres(96)
    for nodule, levels, cuts, mask in nodule_slices(seed):
        z, row, column = ndimage.center_of_mass(mask)
        assert np.interp(row, range(96), places) == pytest.approx(nodule.y, abs=0.8 * pixel)
        assert np.interp(column, range(96), places) == pytest.approx(nodule.x, abs=0.8 * pixel)
        assert np.interp(z, range(len(levels)), levels) == pytest.approx(nodule.z, abs=0.25 * nodule.radius)
        assert all((cut.labels[here] == LUNGS).all() for cut, here in zip(cuts, mask, strict=True))
        hu, core, central = np.stack([cut.hu for cut in cuts]), shrunk(mask, 1), mask[len(mask) // 2]
        assert core.any()
        np.testing.assert_allclose(hu[core], nodule.hu, atol=1)
        rim = ndimage.binary_dilation(central, iterations=4) & ~ndimage.binary_dilation(central, iterations=2)
        assert np.median(hu[len(mask) // 2][rim]) < nodule.hu - 200     # lung, for the most part


@pytest.mark.parametrize("seed", range(5))
def test_nodules_lie_apart_in_the_lung_of_the_wanted_side(seed):
    for side, sign in (("left", 1), ("right", -1)):
        patient = ct.Patient(seed, nodules=3, side=side)
        assert len(patient.nodules) == 3
        assert all(np.sign(nodule.x) == sign and 4 <= nodule.radius <= 14 for nodule in patient.nodules)
        for one, other in combinations(patient.nodules, 2):
            gap = np.linalg.norm(np.subtract((one.x, one.y, one.z), (other.x, other.y, other.z)))
            assert gap > one.radius + other.radius
        nodule = max(patient.nodules, key=lambda one: one.radius)
        columns = np.nonzero(patient.slice(nodule.z, 64).nodules)[1]
        assert len(columns) and (columns > 31.5).all() == (side == "left")


@pytest.mark.parametrize("count", range(4))
def test_the_number_of_nodules_changes_nothing_else(count):
    plain, patient = ct.Patient(7, nodules=0), ct.Patient(7, nodules=count, radius=(8.0, 10.0))
    assert len(patient.nodules) == count and plain.body == patient.body and plain.phase == patient.phase
    z = patient.nodules[0].z if count else 120.0
    one, other = plain.slice(z, 64), patient.slice(z, 64)
    np.testing.assert_array_equal(one.labels, other.labels)
    changed = one.hu != other.hu
    assert changed.any() == other.nodules.any() == (count > 0)
    assert not changed[~ndimage.binary_dilation(other.nodules, iterations=2)].any()


def test_density_changes_the_lungs_and_nothing_else():
    patient, ill = ct.Patient(1, nodules=0), ct.Patient(1, nodules=0, density=-25.0)
    for number in (0, 2, 4):
        one, other = (each.slice(heights(patient)[number], SIZE) for each in (patient, ill))
        np.testing.assert_array_equal(one.labels, other.labels)
        change, lungs = other.hu - one.hu, chest(1).distances["lungs"][number]
        assert not change[lungs > 1.2 * PIXEL].any()
        assert np.median(change[lungs < -2 * PIXEL]) == pytest.approx(-25, abs=0.01)
        assert change.min() > -25.01 and change.max() < 0.01


# --- who comes

@pytest.fixture(scope="module")
def crowd():
    """The patients of the study "organs"."""
    return [ct.Patient(seed) for seed in ct.STUDIES["organs"].patients]


def test_every_sex_phase_and_number_of_nodules_occurs(crowd):
    assert {patient.phase for patient in crowd} == set(PHASES)
    assert {len(patient.nodules) for patient in crowd} == {0, 1, 2, 3}
    women = [patient for patient in crowd if patient.body.sex == "female"]
    assert {patient.body.sex for patient in crowd} == {"female", "male"} and 20 <= len(women) <= 40
    assert all((patient.body.breast > 0) == (patient.body.sex == "female") for patient in crowd)


def test_other_seeds_are_other_patients(crowd):
    assert len({patient.body for patient in crowd}) == len(crowd)
    nodules = [nodule for patient in crowd for nodule in patient.nodules]
    assert len(set(nodules)) == len(nodules)
    pictures = [patient.slice(np.mean(patient.levels()), 64).hu for patient in crowd[:6]]
    assert min(np.abs(one - other).mean() for one, other in combinations(pictures, 2)) > 30


def test_the_same_seed_is_the_same_patient(crowd):
    for seed in (0, 11):
        again = ct.Patient(seed)
        assert again.body == crowd[seed].body and again.nodules == crowd[seed].nodules
        for z in heights(again, (0.2, 0.8)):
            one, other = again.slice(z, 64), crowd[seed].slice(z, 64)
            for name in ("hu", "labels", "nodules"):
                np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_a_sequence_of_numbers_is_a_seed():
    first, second, again = (ct.Patient(seed, nodules=1) for seed in ([4, 1], [4, 2], [4, 1]))
    assert first.body == again.body and first.nodules == again.nodules and first.body != second.body


def test_the_scan_covers_most_of_the_lungs(crowd):
    for patient in crowd[::4]:
        top, bottom = patient.levels()
        assert 180 < bottom - top < 255
        areas = (patient.coarse[0] > 0).sum(axis=(1, 2))
        assert max(areas[0], areas[-1]) < 0.5 * areas.max()


# --- what is said of wrong arguments

@pytest.mark.parametrize("make, words", [
    (lambda: ct.Patient(0, nodules=4), "A patient has 0 to 3 nodules, not 4."),
    (lambda: ct.Patient(0, nodules=-1), "A patient has 0 to 3 nodules, not -1."),
    (lambda: ct.Patient(0, nodules=1.5), "A patient has 0 to 3 nodules, not 1.5."),
    (lambda: ct.Patient(0, nodules=1, radius=(60, 70)), "1 nodules of 60 to 70 mm do not fit into these lungs"),
    (lambda: ct.Patient(0, nodules=0).slice(100.0, 64.5), "a whole number of pixels, at least 8"),
    (lambda: ct.Patient(0, nodules=0).slice(100.0, 64, field=-1.0), "a field above 0 mm, not 64 and -1"),
    (lambda: ct.Patient(0, side="up"), "side is \"left\" or \"right\" of the patient, or None for both, not 'up'."),
    (lambda: ct.Patient(0, nodules=0).slice(0.0), r"scan reaches from 10 to 225 mm below the first rib, not to 0\."),
    (lambda: ct.Patient(0, nodules=0).slice(400.0, 64), r"to 225 mm below the first rib, not to 400\."),
    (lambda: ct.Patient(0, nodules=0).slice(float("nan"), 64), "not to nan"),
    (lambda: ct.Patient(0, nodules=0).volume(0), "thickness must be a positive number of mm, not 0."),
    (lambda: ct.Patient(0, nodules=0).volume(-3.0), "thickness must be a positive number of mm, not -3.0."),
    (lambda: ct.Patient(0, nodules=0).volume(float("nan")), "thickness must be a positive number of mm, not nan."),
    (lambda: ct.make("brains"), "no 'brains'; choose one of organs, nodules, density, chests."),
    (lambda: ct.make("organs", scanner="C"), "no 'C'; choose one of A, B."),
    (lambda: ct.make("organs", patients=[3, 60]), "Patient 60 is not in the study 'organs': its patients are 0 to 59."),
    (lambda: ct.make("organs", patients=[]), "Name at least one patient"),
])
def test_wrong_arguments_get_one_sentence(make, words):
    with pytest.raises(ValueError, match=words) as caught:
        make()
    assert str(caught.value).count(". ") == 0 and "\n" not in str(caught.value)


def test_levels_just_at_the_ends_of_the_scan_are_in_it():
    patient = ct.Patient(0, nodules=0)
    top, bottom = (patient.slice(z, 32) for z in patient.levels())
    assert (top.labels == SPINE).any() and (bottom.labels == LIVER).any()

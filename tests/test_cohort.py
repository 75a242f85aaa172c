"""The simulated studies that ship: what is in the files, that they can be made again, and how they are split."""
import re
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import make_cohort
import numpy as np
import pytest
from PIL import Image
from scipy import ndimage
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.tree import DecisionTreeClassifier

from helpers import ct, data
from helpers.data import cohort as store

CARD = (store.FOLDER / "README.md").read_text(encoding="utf-8")
LABELS = ("background", "lungs", "heart", "aorta", "spine", "liver")
LUNGS, LIVER = 1, 5
FIELDS = {"A": 390.0, "B": 440.0}
each_file = pytest.mark.parametrize("entry", make_cohort.FILES, ids=make_cohort.stem)


@cache
def shipped(entry):
    study, size, scanner, dose, _ = entry
    return data.load_cohort(size, study, scanner, dose)


def inner_lungs(cohort):
    """The lungs of each slice without their outermost pixels."""
    return ndimage.binary_erosion(cohort.labels == LUNGS, np.ones((1, 3, 3), bool))


# --- what ships

def test_every_file_is_made_by_the_tool_and_stands_on_the_card():
    stems = {make_cohort.stem(entry) for entry in make_cohort.FILES}
    assert {path.stem for path in store.FOLDER.glob("*.npz")} == {f"simulated_{stem}" for stem in stems}
    assert stems == set(re.findall(r"`(\w+_\d+_[AB](?:_dose[\d.]+)?)`", CARD))


def test_what_ships_stays_small():
    assert sum(path.stat().st_size for path in store.FOLDER.rglob("*") if path.is_file()) <= 12e6


def slices_of(study, patient, cohort):
    """How many slices of a patient the card promises."""
    if study == "organs":
        return 8
    if study == "density":
        return 12 if patient < 2024 else 2
    if study == "nodules":
        return 4 if cohort.nodules[cohort.patients == patient].any() else 2
    thickness = {"chests": 3.0, "volumes": 12.0}[study]
    return len(np.arange(*ct.Patient(patient, nodules=0).levels(), thickness))


@each_file
def test_arrays_are_in_step(entry):
    study, size, scanner, dose, some = entry
    cohort, expected = shipped(entry), some or ct.STUDIES[study].patients
    slices, patients = len(cohort), {"nodules": 320, "density": 144, "chests": 2}.get(study, len(expected))
    for array, dtype in ((cohort.hu, np.float32), (cohort.labels, np.uint8), (cohort.nodules, bool)):
        assert array.shape == (slices, size, size) and array.dtype == dtype
    for array, kind in ((cohort.patients, "i"), (cohort.z, "f"), (cohort.female, "b"), (cohort.ill, "b"),
                        (cohort.phase, "U")):
        assert array.shape == (slices,) and array.dtype.kind == kind
    known, counts = np.unique(cohort.patients, return_counts=True)
    assert len(known) == patients and set(known.tolist()) == set(expected)
    assert counts.tolist() == [slices_of(study, patient, cohort) for patient in known.tolist()]
    assert cohort.spacing == (FIELDS[scanner] / size,) * 2
    assert cohort.label_names == LABELS
    assert repr(cohort) == (f"Cohort({slices} slices of {patients} patients; simulated chest CT, study '{study}', "
                            f"scanner {scanner}, dose {dose:g})")


@each_file
def test_grey_levels_and_truth_are_sensible(entry):
    cohort = shipped(entry)
    assert cohort.hu.min() == -1000 and 200 < cohort.hu.max() <= 1040
    assert not ((cohort.hu + 1000) % 8).any()
    assert set(np.unique(cohort.labels)) == set(range(6))
    assert set(cohort.phase) <= {"none", "pulmonary", "aortic", "portal"}
    corners = cohort.hu[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    assert np.median(corners) == -1000
    starved = 20 if entry[3] < 0.05 else 0                           # HU: too few photons make dark tissue brighter
    assert -880 < np.median(cohort.hu[cohort.labels == LUNGS]) < -750 + starved
    if entry[0] != "density":                                        # whose slices stop at the top of the liver
        assert 40 < np.median(cohort.hu[cohort.labels == LIVER]) < 120
    assert (cohort.labels[cohort.nodules] == LUNGS).all()
    assert cohort.nodules.any() == (entry[0] != "density")
    for patient in np.unique(cohort.patients):                       # a person has one sex, one phase and one truth
        of_one = cohort.take(cohort.patients == patient)
        assert len(set(of_one.female)) == len(set(of_one.phase)) == len(set(of_one.ill)) == 1
        assert len(set(of_one.z)) == len(of_one)
        assert len(np.unique(np.flatnonzero(cohort.patients == patient) - np.arange(len(of_one)))) == 1


def test_sizes_scanners_and_doses_show_the_same_patients():
    first, medium, large, second_scanner, *noisy = (shipped(entry) for entry in make_cohort.FILES[:7])
    for other in (medium, large, second_scanner, *noisy):
        same = first.take(np.isin(first.patients, other.patients))
        for name in ("patients", "z", "female", "phase", "ill"):
            np.testing.assert_array_equal(getattr(same, name), getattr(other, name))
        for organ in range(1, 6):
            area, other_area = ((cohort.labels == organ).sum() * np.prod(cohort.spacing) for cohort in (same, other))
            assert other_area == pytest.approx(area, rel=0.03)
    for other in noisy:
        same = first.take(np.isin(first.patients, other.patients))
        np.testing.assert_array_equal(same.labels, other.labels)


@pytest.mark.parametrize("dose", [0.5, 0.1, 0.01])
def test_noise_grows_with_one_over_the_square_root_of_the_dose(dose):
    exact = ct.make("organs", dose=None, patients=[44])
    noise = {}
    for name in (1.0, dose):
        cohort = data.load_cohort(dose=name)
        cohort = cohort.take(cohort.patients == 44)
        noise[name] = (cohort.hu - (exact["grey"].astype(float) * 8 - 1000))[cohort.labels > 0].std()
    assert noise[dose] / noise[1.0] == pytest.approx(dose**-0.5, rel=0.12)


@pytest.mark.parametrize("arguments, name", [
    (dict(size=32), "organs_32_A"), (dict(study="brains"), "brains_64_A"), (dict(scanner="C"), "organs_64_C"),
    (dict(dose=0.25), "organs_64_A_dose0.25"), (dict(scanner="B", dose=0.5), "organs_64_B_dose0.5"),
    (dict(study="chests"), "chests_64_A"), (dict(size=128, study="nodules"), "nodules_128_A"),
])
def test_a_study_that_does_not_ship_is_refused_with_those_that_do(arguments, name):
    with pytest.raises(ValueError, match=re.escape(f"There is no {name} among the studies that ship")) as caught:
        data.load_cohort(**arguments)
    for entry in make_cohort.FILES:
        assert make_cohort.stem(entry) in str(caught.value)


def test_take_keeps_arrays_in_step():
    cohort = data.load_cohort()
    chosen = np.array([5, 300, 7])
    part = cohort.take(chosen)
    assert len(part) == 3 and part.spacing == cohort.spacing and part.label_names == cohort.label_names
    for name in ("hu", "labels", "nodules", "patients", "z", "female", "ill", "phase"):
        np.testing.assert_array_equal(getattr(part, name), getattr(cohort, name)[chosen])
    assert len(cohort.take(cohort.female)) == cohort.female.sum()


def test_crop_cuts_pictures_and_truth_alike():
    cohort = data.load_cohort(64)
    part = cohort.crop((14, 54), (4, 60))
    assert part.hu.shape == part.labels.shape == part.nodules.shape == (480, 40, 56)
    np.testing.assert_array_equal(part.labels, cohort.labels[:, 14:54, 4:60])
    np.testing.assert_array_equal(part.hu[7], cohort.hu[7, 14:54, 4:60])
    assert part.spacing == cohort.spacing and (part.patients == cohort.patients).all() and part.source == cohort.source
    assert (part.labels > 0).sum() == (cohort.labels > 0).sum()                # no organ lies outside of these


@pytest.mark.parametrize("rows, columns, words", [
    ((0, 65), (0, 64), r"rows must lie between 0 and 64, the first before the end, not \(0, 65\)"),
    ((0, 64), (9, 9), "columns must lie"), ((-1, 64), (0, 64), "rows must lie"),
    ((0, 64), (30, 20), "columns must lie")])
def test_a_crop_beyond_the_slices_is_refused(rows, columns, words):
    with pytest.raises(ValueError, match=words):
        data.load_cohort(64).crop(rows, columns)


def test_volumes_hold_the_slices_of_each_patient_from_feet_to_head():
    cohort = data.load_cohort(32, "volumes")
    hu, labels, patients = cohort.stacked()
    assert hu.shape == labels.shape == (60, 21, 32, 32) and patients.tolist() == list(range(60))
    assert hu.dtype == np.float32 and labels.dtype == np.uint8
    for patient in (0, 17, 59):
        rows = np.flatnonzero(cohort.patients == patient)
        assert (np.diff(cohort.z[rows]) < 0).all() and np.allclose(np.diff(cohort.z[rows]), -12)
        np.testing.assert_array_equal(hu[patient, :len(rows)], cohort.hu[rows])
        np.testing.assert_array_equal(labels[patient, :len(rows)], cohort.labels[rows])
        assert (hu[patient, len(rows):] == -1000).all() and not labels[patient, len(rows):].any()
    liver = (labels == LIVER).sum(axis=(2, 3))
    assert (liver[:, 1] > 0).all() and not liver[:, 14:].any()                 # the liver lies at the feet's end


def test_volumes_show_the_patients_of_the_slices():
    cohort, flat = data.load_cohort(32, "volumes"), data.load_cohort(64)
    for patient in range(60):
        one, other = (each.take(each.patients == patient) for each in (cohort, flat))
        assert one.female[0] == other.female[0] and one.phase[0] == other.phase[0]
    assert cohort.spacing == (390 / 32, 390 / 32)


def test_stacking_sorts_slices_and_takes_none():
    cohort = data.load_cohort(64).take([17, 3, 16, 0, 1])
    hu, labels, patients = cohort.stacked()
    assert patients.tolist() == [0, 2] and hu.shape == (2, 3, 64, 64)
    np.testing.assert_array_equal(hu[0], cohort.hu[[1, 4, 3]])                 # z falls from slice 3 to 1 to 0
    np.testing.assert_array_equal(labels[1, :2], cohort.labels[[0, 2]])
    assert (hu[1, 2] == -1000).all()
    none, empty, nobody = cohort.take([]).stacked()
    assert none.shape == empty.shape == (0, 0, 64, 64) and len(nobody) == 0


def test_packing_loses_nothing():
    grey = np.random.default_rng(0).integers(0, 256, (3, 8, 8), dtype=np.uint8)
    np.testing.assert_array_equal(store.unpack(store.pack(grey), 8), grey)


# --- volumes

@pytest.mark.parametrize("patient, female, phase", [(3010, False, "aortic"), (3004, True, "none")])
def test_a_chest_runs_from_feet_to_head_every_three_millimetres(patient, female, phase):
    scan, cohort = data.load_chest(patient), data.load_cohort(128, "chests")
    cohort = cohort.take(cohort.patients == patient)
    assert cohort.female.all() == cohort.female.any() == female and set(cohort.phase) == {phase}
    np.testing.assert_array_equal(scan.values, cohort.hu)
    np.testing.assert_allclose(np.diff(cohort.z), -3, atol=1e-3)
    assert scan.spacing == (3.0, 390 / 128, 390 / 128) and scan.unit == "HU" and (scan.slope, scan.intercept) == (1, 0)
    assert str(patient) in scan.source and "simulated" in scan.source
    liver = (cohort.labels == LIVER).sum(axis=(1, 2))
    assert liver[0] > 1000 and not liver[len(liver) // 2:].any()
    _, nodules = ndimage.label(cohort.nodules)
    assert nodules == 2
    # In the HU alone: lung is widest between the ends, and there is bone at the back.
    lung = ((scan.values > -950) & (scan.values < -700)).sum(axis=(1, 2))
    assert 0 < lung.argmax() < len(lung) - 1
    bone = np.nonzero((scan.values > 250).any(axis=0))[0]
    assert bone.mean() > 64


def test_an_unknown_chest_is_refused():
    with pytest.raises(ValueError, match="There is no volume of patient 1; choose 3004 or 3010."):
        data.load_chest(1)


# --- the files can be made again

@pytest.mark.parametrize("study, scanner, dose, patients", [
    ("organs", "A", 1.0, (0, 33)), ("organs", "B", 1.0, (17,)), ("organs", "A", 0.5, (52,)),
    ("organs", "A", 0.1, (41,)), ("organs", "A", 0.01, (59,)),
    ("nodules", "A", 1.0, (1004,)), ("density", "A", 1.0, (2025, 2101)), ("volumes", "A", 1.0, (8,)),
])
def test_patients_made_again_are_those_that_ship(study, scanner, dose, patients):
    size = 32 if study == "volumes" else 64
    cohort = data.load_cohort(size, study, scanner, dose)
    cohort = cohort.take(np.isin(cohort.patients, patients))
    made = ct.make(study, size, scanner, dose, patients=list(patients))
    for name in ("patients", "z", "female", "ill", "phase"):
        np.testing.assert_array_equal(made[name], getattr(cohort, name))
    assert (float(made["spacing"]),) * 2 == cohort.spacing and tuple(made["label_names"]) == cohort.label_names
    assert (made["darkest"], made["step"]) == (-1000, 8)
    # Other processors round the last digit otherwise: one grey level, and now and then an outline.
    levels = np.abs(made["grey"].astype(int) - (cohort.hu + 1000) / 8)
    beyond = int((levels > 1).sum())
    assert beyond == 0, f"{beyond} of {levels.size} pixels differ by more than one grey level"
    for name in ("labels", "nodules"):
        assert (made[name] != getattr(cohort, name)).mean() < 1e-3


@pytest.fixture
def in_this_process(monkeypatch):
    """The tool without processes of its own."""
    monkeypatch.setattr(make_cohort, "ProcessPoolExecutor", ThreadPoolExecutor)


def test_the_tool_writes_the_same_bytes_twice_and_what_ships(tmp_path, in_this_process, monkeypatch, capsys):
    entry = ("organs", 64, "A", 1.0, (2, 3))
    monkeypatch.setattr(make_cohort, "FILES", [entry])
    for run in ("first", "second"):
        monkeypatch.setattr(sys, "argv", ["course.py cohort", "--folder", str(tmp_path / run), "--processes", "1"])
        make_cohort.main()
    assert "16 slices of 2 patients" in capsys.readouterr().out
    written, again = (tmp_path / run / "simulated_organs_64_A.npz" for run in ("first", "second"))
    assert written.read_bytes() == again.read_bytes()
    with np.load(written) as stored, np.load(store.FOLDER / written.name) as ships:
        assert set(stored.files) == set(ships.files)
        for name in ("labels", "nodules", "z", "patients"):
            assert stored[name].dtype == ships[name].dtype
        for name in ("spacing", "step", "darkest", "label_names"):
            np.testing.assert_array_equal(stored[name], ships[name])
    monkeypatch.setattr(store, "FOLDER", tmp_path / "first")
    small = data.load_cohort()
    assert len(small) == 16 and set(small.patients) == {2, 3}


def test_the_tool_makes_one_file_when_asked_for_one(tmp_path, in_this_process, monkeypatch):
    monkeypatch.setattr(make_cohort, "FILES", [("organs", 64, scanner, 1.0, (2,)) for scanner in "AB"])
    arguments = ["--folder", str(tmp_path), "--processes", "1", "--only", "organs_64_B"]
    monkeypatch.setattr(sys, "argv", ["course.py cohort", *arguments])
    make_cohort.main()
    assert [path.name for path in tmp_path.iterdir()] == ["simulated_organs_64_B.npz"]


def test_the_sheet_shows_24_slices(tmp_path, monkeypatch, capsys):
    path = tmp_path / "sheet.png"
    monkeypatch.setattr(sys, "argv", ["course.py cohort", "--sheet", str(path)])
    make_cohort.main()
    assert "24 slices" in capsys.readouterr().out and [file.name for file in tmp_path.iterdir()] == ["sheet.png"]
    with Image.open(path) as picture:
        shades = np.asarray(picture.convert("L")).astype(float)
    tiles = [tile for row in np.split(shades, 4) for tile in np.split(row, 6, axis=1)]
    assert min(tile.std() for tile in tiles) > 20                     # each shows something
    assert min(np.abs(one - other).mean() for place, one in enumerate(tiles) for other in tiles[:place]) > 3


# --- what lessons rely on

def test_a_level_says_nothing_about_nodules():
    cohort = data.load_cohort(study="nodules")
    answer = cohort.nodules.any(axis=(1, 2))
    assert 0.3 < answer.mean() < 0.5
    assert 0.4 < roc_auc_score(answer, cohort.z) < 0.6
    tree = DecisionTreeClassifier(max_depth=3, min_samples_leaf=40, random_state=0)
    guess = cross_val_predict(tree, cohort.z[:, None], answer, groups=cohort.patients, cv=GroupKFold(5),
                              method="predict_proba")[:, 1]
    assert roc_auc_score(answer, guess) < 0.6
    for patient in np.unique(cohort.patients):
        assert answer[cohort.patients == patient].sum() in (0, 2) and (~answer[cohort.patients == patient]).sum() == 2


def test_large_nodules_show():
    cohort = data.load_cohort(study="nodules")
    with_nodule = cohort.take(cohort.nodules.any(axis=(1, 2)))
    inside = np.array([hu[mask].mean() for hu, mask in zip(with_nodule.hu, with_nodule.nodules, strict=True)])
    assert np.median(inside) > -400 and (inside > -700).all()         # lung is at -830; a pixel is 6 mm wide


def test_every_second_patient_is_ill_with_less_dense_lungs():
    cohort = data.load_cohort(study="density")
    np.testing.assert_array_equal(cohort.ill, cohort.patients % 2 == 1)
    known, counts = np.unique(cohort.patients, return_counts=True)
    assert (counts[:24] == 12).all() and (counts[24:] == 2).all()
    hu, patients = cohort.hu[inner_lungs(cohort)], cohort.patients[np.nonzero(inner_lungs(cohort))[0]]
    typical = np.array([np.median(hu[patients == patient]) for patient in known])
    ill = known % 2 == 1
    assert -35 < typical[ill].mean() - typical[~ill].mean() < -8
    # One patient says little: healthy lungs differ as much between people.
    assert 0.65 < roc_auc_score(ill, -typical) < 0.95


def test_the_disease_is_20_hu_in_the_same_patient():
    cohort, scanner = data.load_cohort(study="density"), ct.SCANNERS["A"]
    for number in (2025, 2101):
        ill = cohort.take(cohort.patients == number)
        patient = ct.Patient(number, nodules=0)
        healthy = np.stack([patient.slice(z, 64, field=scanner.fov).hu for z in ill.z.astype(float)])
        measured = ct.scan(healthy, scanner.fov / 64, scanner, dose=None)
        assert (ill.hu - measured)[inner_lungs(ill)].mean() == pytest.approx(-20, abs=4)


# --- splits

PATIENTS = np.repeat([11, 5, 8, 2, 9, 30, 31, 32, 40, 41], [4, 1, 3, 2, 5, 2, 2, 2, 1, 3])


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.6, 0.2, 0.2), (0.3, 0.3), (1.0,), (0.1, 0.9)])
@pytest.mark.parametrize("seed", range(12))
def test_a_split_by_patient_keeps_patients_whole_and_apart(seed, shares):
    shuffled = np.random.default_rng(seed).permutation(PATIENTS)      # slices need not be in order
    parts = data.split_by_patient(shuffled, *shares, seed=seed)
    assert len(parts) == len(shares)
    for part, share in zip(parts, shares, strict=True):
        chosen = set(shuffled[part])
        assert len(chosen) == round(10 * share)
        np.testing.assert_array_equal(part, np.flatnonzero(np.isin(shuffled, list(chosen))))   # all of theirs, sorted
    together = np.concatenate(parts)
    assert len(together) == len(set(together))
    assert sum(len(set(shuffled[part])) for part in parts) == len(set(shuffled[together]))
    for part, again in zip(parts, data.split_by_patient(shuffled, *shares, seed=seed), strict=True):
        np.testing.assert_array_equal(part, again)


def test_other_seeds_draw_other_patients():
    drawn = {tuple(data.split_by_patient(PATIENTS, 0.5, seed=seed)[0]) for seed in range(12)}
    assert len(drawn) > 6
    ever = {patient for part in drawn for patient in PATIENTS[list(part)]}
    assert ever == set(PATIENTS)


def test_a_split_by_patient_is_a_group_split_to_scikit_learn():
    for expected in GroupKFold(5).split(PATIENTS, groups=PATIENTS):
        parts = data.split_by_patient(PATIENTS, *(set(PATIENTS[part]) for part in expected))
        for part, indices in zip(parts, expected, strict=True):
            np.testing.assert_array_equal(part, indices)


def test_named_patients_are_split_as_named():
    train, test = data.split_by_patient(PATIENTS, [11, 2], (30,))
    assert PATIENTS[train].tolist() == [11] * 4 + [2] * 2 and PATIENTS[test].tolist() == [30] * 2
    for parts in (({11, 2}, {30}), (np.array([2, 11]), range(30, 31)), ([2, 11, 11], [30.0])):
        for found, expected in zip(data.split_by_patient(PATIENTS, *parts), (train, test), strict=True):
            np.testing.assert_array_equal(found, expected)


def test_patients_may_have_names():
    names = np.array(["ann", "ben", "ann", "cid"])
    train, test = data.split_by_patient(names, ["ann"], ["cid", "ben"])
    assert train.tolist() == [0, 2] and test.tolist() == [1, 3]
    train, test = data.split_by_patient(names.tolist(), 2 / 3, 1 / 3)
    assert not set(names[train]) & set(names[test]) and len(set(names[train])) == 2
    with pytest.raises(ValueError, match="Patient ann is in part 1 and in part 2"):
        data.split_by_patient(names, ["ann"], ["ben", "ann"])


@pytest.mark.parametrize("parts, words", [
    (([11, 2], [5, 2]), "Patient 2 is in part 1 and in part 2: what is tested there was learned here"),
    (([11], [5], [8, 11]), "Patient 11 is in part 1 and in part 3"),
    (([11], [7]), "Patient 7 of part 2 is not among the patients."),
    (([11.5], [5]), "Patient 11.5 of part 1 is not among the patients."),
    (([11], []), "Part 2 has no patients."),
    ((set(), [11]), "Part 1 has no patients."),
    (([11], 0.5), "Give a share for every part or a collection of patients for every part, not a mixture."),
    ((0.7, 0.4), r"Give shares above 0 that add up to 1 at most, not \(0.7, 0.4\)."),
    ((0.5, 0.0), "Give shares above 0 that add up to 1 at most"),
    ((0.5, -0.1), "Give shares above 0 that add up to 1 at most"),
    ((0.5, float("nan")), "Give shares above 0 that add up to 1 at most"),
    (("most", "few"), "Give shares above 0 that add up to 1 at most"),
    ((8, 2), "Give shares above 0 that add up to 1 at most"),
    ((), "Give shares above 0 that add up to 1 at most"),
    ((0.96, 0.04), "10 patients are too few for the shares .* a part would be empty."),
])
def test_a_split_that_cannot_be_is_refused(parts, words):
    with pytest.raises(ValueError, match=words):
        data.split_by_patient(PATIENTS, *parts)


@pytest.mark.parametrize("seed", range(8))
def test_a_split_by_slice_warns_how_many_patients_leak(seed):
    with pytest.warns(data.LeakWarning) as caught:
        parts = data.split_by_slice(PATIENTS, 0.6, 0.3, seed=seed)
    assert [len(part) for part in parts] == [15, 7]
    first, second = (set(PATIENTS[part]) for part in parts)
    message, = (str(warning.message) for warning in caught)
    expected = f"{len(first & second)} of {len(first | second)} patients have slices in more than one part"
    assert message.startswith(expected) and message.endswith("Use split_by_patient.")
    assert caught[0].filename == __file__
    together = np.concatenate(parts)
    assert len(set(together)) == len(together) and all((np.diff(part) > 0).all() for part in parts)


def test_a_split_by_slice_is_silent_where_nothing_leaks():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parts = data.split_by_slice(np.arange(10), 0.8, 0.2, seed=3)
        one, = data.split_by_slice(PATIENTS, 1.0)
    assert [len(part) for part in parts] == [8, 2] and len(one) == len(PATIENTS)
    assert not set(parts[0]) & set(parts[1])


@pytest.mark.parametrize("shares, words", [
    ((0.7, 0.4), "Give shares above 0"), ((), "Give shares above 0"), (([1], [2]), "Give shares above 0"),
    ((0.99, 0.01), "25 slices are too few"),
])
def test_a_split_by_slice_that_cannot_be_is_refused(shares, words):
    with pytest.raises(ValueError, match=words):
        data.split_by_slice(PATIENTS, *shares)


def test_the_shipped_slices_leak_when_split_by_slice_only():
    cohort = data.load_cohort(study="density")
    with pytest.warns(data.LeakWarning, match="of 144 patients have slices in more than one part"):
        data.split_by_slice(cohort.patients, 0.7, 0.3)
    train, test = data.split_by_patient(cohort.patients, 0.7, 0.3)
    assert len(train) + len(test) == len(cohort) and not set(cohort.patients[train]) & set(cohort.patients[test])

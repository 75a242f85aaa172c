"""The threshold explorer: its numbers against scikit-learn, the prediction, every preset, every control."""
import importlib
import re

import numpy as np
import pytest
from explorers import pixels
from scipy import stats
from sklearn import metrics as oracle

from helpers import ledger, metrics
from helpers.explore import counted

threshold = importlib.import_module("helpers.explore.threshold")       # the name itself is the explorer of this module
pytestmark = pytest.mark.usefixtures("strict_widgets")
WHOSE = np.repeat(np.arange(40), 3)
TARGET = (np.arange(40) % 8 < 3).astype(int)[WHOSE]                    # 37.5 % ill
SCORES = np.round(TARGET + np.random.default_rng(0).normal(size=120), 2)
ILL = int(TARGET.sum())
PRESETS = [threshold.SCREENING, "the same test, every second one ill", "Youden", "sensitivity 0.95",
           "sensitivity 0.95, screening at 1 %", "always healthy, at 1 %"]


@pytest.fixture
def explorer():
    return threshold.threshold(TARGET, SCORES)


def called(cut):
    return np.greater_equal(SCORES, cut)


def stops(explorer):
    return [value for _, value in explorer.controls["cut"].options]


def move(explorer, cut):
    """Move the slider to the stop nearest to a threshold; returns where it is then."""
    explorer.controls["cut"].value = min(stops(explorer), key=lambda stop: abs(stop - cut))
    return explorer.controls["cut"].value


def told(explorer):
    """Sensitivity, specificity and the four counts, read from the alt text."""
    text = explorer.describe()
    rates = re.search(r"sensitivity ([\d.]+), specificity ([\d.]+), LR\+", text).groups()
    counts = re.search(r"people: ([\d.]+) true positive, ([\d.]+) false negative, ([\d.]+) false positive, "
                       r"([\d.]+) true negative", text).groups()
    return [float(part) for part in rates], [float(part) for part in counts]


def test_the_prediction(explorer):
    explorer.controls["preset"].value = threshold.SCREENING
    assert explorer.view.caption == ("1 % ill: of 100 called ill, 1.3 are ill; of 100 called healthy, 99.96 are "
                                     "healthy; accuracy 25.7 %")
    assert told(explorer) == ([0.99, 0.25], [9.9, 0.1, 742.5, 247.5])
    assert "LR+ 1.32" in explorer.describe() and "Serves the prediction:" in threshold.threshold.__doc__
    claim = ledger.claim("high-sens-low-spec")
    for share, ppv, npv in zip(claim.inputs["prevalence"], claim.expected["PPV"], claim.expected["NPV"], strict=True):
        explorer.controls["share"].value = share
        assert f"of 100 called ill, {100 * ppv:.1f} are ill" in explorer.view.caption
        shown = float(re.search("called healthy, ([\\d.]+) are", explorer.view.caption)[1])
        assert shown == pytest.approx(100 * npv, abs=0.05) and shown < 100


def test_the_textbook_test_is_what_it_says_and_two_normal_groups():
    for low, high in ((0, 1), (-7.5, 12)):
        target, scores, cut = threshold.textbook(low, high)
        assert (scores.min(), scores.max()) == pytest.approx((low, high))
        assert oracle.recall_score(target, scores >= cut) == 0.99
        assert oracle.recall_score(target, scores >= cut, pos_label=0) == 0.25
        groups = [scores[target == kind] for kind in (0, 1)]
        apart = (groups[1].mean() - groups[0].mean()) / groups[0].std()
        exact = stats.norm.ppf(0.99) + stats.norm.ppf(0.25)
        assert apart == pytest.approx(exact, rel=0.01)
        assert oracle.roc_auc_score(target, scores) == pytest.approx(stats.norm.cdf(exact / np.sqrt(2)), abs=0.002)


@pytest.mark.parametrize("name", PRESETS)
def test_what_each_preset_shows(explorer, name):
    assert [value for _, value in explorer.controls["preset"].options] == [*PRESETS, "your own"]
    explorer.controls["preset"].value = name
    assert explorer.controls["preset"].value == name
    cut, share, given = (explorer.controls[key].value for key in ("cut", "share", "source"))
    (sensitivity, specificity), _ = told(explorer)
    if given == threshold.GIVEN:
        assert sensitivity == pytest.approx(oracle.recall_score(TARGET, called(cut)), abs=6e-4)
        assert specificity == pytest.approx(oracle.recall_score(TARGET, called(cut), pos_label=0), abs=6e-4)
        assert f"of 120 cases with {ILL} ill; AUC {oracle.roc_auc_score(TARGET, SCORES):.3f}. On" in explorer.describe()
    else:
        assert (sensitivity, specificity) == (0.99, 0.25) and "of 800 cases with 400 ill" in explorer.describe()
    assert ("1 %" in name) == (share == 0.01)
    if name == "Youden":
        fpr, tpr, _ = oracle.roc_curve(TARGET, SCORES)
        assert sensitivity + specificity - 1 == pytest.approx((tpr - fpr).max(), abs=1e-3)
        assert share == 0.375 and dict(map(reversed, explorer.controls["share"].options))[share] == \
            "37.5 % (here)"
    if name.startswith("sensitivity"):
        assert sensitivity >= 0.95 > oracle.recall_score(TARGET, called(cut + 0.001))
    if name.startswith("always"):
        assert explorer.view.caption == ("1 % ill: nobody is called ill, so there is no PPV; of 100 called healthy, "
                                         "99.0 are healthy; accuracy 99.0 %")
        assert told(explorer) == ([0, 1], [0, 10, 0, 990])


def test_every_preset_stops_where_the_slider_can_stand(explorer):
    """A page rounds a number to the steps of its slider, and the picture would change by itself."""
    every = stops(explorer)
    assert every == sorted(every) and len(every) >= 201 and (every[0], every[-1]) == (min(SCORES), max(every))
    assert max(np.diff(every)) <= 1.0001 * (every[-1] - every[0]) / 200
    for name in PRESETS:
        explorer.controls["preset"].value = name
        assert explorer.controls["cut"].value in every and explorer.controls["preset"].value == name


def test_everybody_called_ill_leaves_no_npv(explorer):
    assert move(explorer, -99) == min(SCORES)
    assert told(explorer)[0] == [1, 0] and "nobody is called healthy, so there is no NPV" in explorer.view.caption


def test_at_the_prevalence_of_the_cases_the_table_is_theirs(explorer):
    for cut in (-0.5, 0.2, 0.9):
        cut = move(explorer, cut)
        assert explorer.controls["preset"].value == "your own"
        counts = oracle.confusion_matrix(TARGET, called(cut))[::-1, ::-1].ravel() / len(TARGET) * 1000
        assert told(explorer)[1] == pytest.approx(counts, abs=0.051)
        accuracy = oracle.accuracy_score(TARGET, called(cut))
        assert f"accuracy {100 * accuracy:.1f} %" in explorer.view.caption


def test_the_interval_is_by_patient_and_only_with_patients(explorer):
    with_patients = threshold.threshold(TARGET, SCORES, WHOSE)
    interval = metrics.bootstrap_by_patient(metrics.auc, TARGET, SCORES, WHOSE)
    assert f"(95 %: {interval.low:.2f}–{interval.high:.2f})" in with_patients.describe()
    assert "95 %" not in explorer.describe()
    assert not np.array_equal(pixels(with_patients.view.png)[:26], pixels(explorer.view.png)[:26])


def test_every_control_changes_picture_and_alt_text(explorer, drive):
    for control, states in drive(explorer).items():
        assert states >= 2, f"{control} changes nothing"


def test_the_live_picture_is_what_a_full_drawing_gives(explorer):
    fresh = threshold.threshold(TARGET, SCORES)
    for name in [*PRESETS, threshold.SCREENING]:
        explorer.controls["preset"].value = name
    assert not np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))
    explorer.controls["preset"].value = "Youden"
    assert np.array_equal(pixels(explorer.view.png), pixels(fresh.view.png))
    assert np.array_equal(pixels(explorer.preview()), pixels(explorer.view.png))


def test_one_picture_per_movement(explorer):
    drawn = []
    explorer.view.observe(lambda change: drawn.append(change["name"]), "png")
    cut = stops(explorer)[70]
    for name, value in (("preset", threshold.SCREENING), ("cut", cut), ("share", 0.2), ("source", threshold.GIVEN)):
        explorer.controls[name].value = value
    assert drawn == ["png"] * 4


def test_the_picture_fits_on_a_slide(explorer):
    assert explorer.view.size[0] <= 1036 and explorer.view.size[1] <= 380
    shares = [value for _, value in explorer.controls["share"].options]
    assert shares == sorted(shares) and (shares[0], shares[-1]) == (0.001, 0.9)


@pytest.mark.parametrize("scores", [
    np.zeros(120), 1000 * SCORES - 5000, -SCORES, SCORES.astype(np.float32), TARGET, SCORES > 0.5],
    ids=["all the same", "large", "upside down", "float32", "perfect", "two values"])
def test_other_scores_are_shown_too(scores):
    explorer = threshold.threshold(TARGET, scores)
    every = stops(explorer)
    for value in (every[0], every[len(every) // 3], every[-1]):
        explorer.controls["cut"].value = value
        rates = [oracle.recall_score(TARGET, np.greater_equal(scores, value), pos_label=kind) for kind in (1, 0)]
        assert told(explorer)[0] == pytest.approx(rates, abs=6e-4)
    assert rates == [0, 1]
    explorer.controls["preset"].value = "sensitivity 0.95"
    assert told(explorer)[0][0] >= 0.95
    explorer.controls["preset"].value = threshold.SCREENING
    assert told(explorer)[0] == [0.99, 0.25]


@pytest.mark.parametrize("target, scores, patients, words", [
    (np.ones(9, int), np.arange(9), None, "cases of both kinds"), ([0, 1, 0], [1, 2], None, "scores has 2"),
    ([0, 1, 2], [1, 2, 3], None, "0 \\(healthy\\) or 1"), ([0, 1], [0.5, np.nan], None, "finite numbers"),
    ([0, 1], [0.1, 0.2], [1], "patients has 1"), ([], [], None, "cases of both kinds")])
def test_bad_input_gets_one_sentence(target, scores, patients, words):
    with pytest.raises(ValueError, match=words):
        threshold.threshold(target, scores, patients)


@pytest.mark.parametrize("counts", [[9.9, 742.5, 0.1, 247.5], [0, 0, 10, 990], [250.5, 249.5, 250.5, 249.5],
                                    [0.5, 0.5, 499.4, 499.6], [333.3, 333.3, 333.4, 0]])
def test_whole_people_add_up_and_are_off_by_less_than_one(counts):
    people = counted.whole(counts)
    assert sum(people) == 1000 and np.abs(np.subtract(people, counts)).max() < 1
    picture = counted.crowd(metrics.Confusion(*counts))
    assert picture.shape == (140, 350, 3)
    found = np.zeros(4, int)
    for column in range(50):
        for row in range(20):
            sign = picture[7 * row:7 * row + 7, 7 * column:7 * column + 7]
            found += [np.array_equal(sign, counted.mark(name)) for name in counted.MARKS]
    assert found.tolist() == people


def test_signs_differ_without_their_colours():
    shapes = [(counted.mark(name) < 255).any(axis=-1) for name in counted.MARKS]
    assert all((one != two).sum() >= 8 for place, one in enumerate(shapes) for two in shapes[:place])


def test_the_table_says_each_number_and_none_is_cut_off():
    for counts in (metrics.Confusion(9.9, 742.5, 0.1, 247.5), metrics.Confusion(0, 0, 0.1234, 999.8766),
                   metrics.Confusion(500, 0, 0, 500), metrics.Confusion(999.9, 0.1, 0, 0)):
        picture = counted.table_picture(counts)
        assert picture.shape == (178, 350, 3)
        assert (picture[[0, -1]] == 255).all() and (picture[:, [0, -1]] == 255).all()
        assert (picture[116:] < 50).any()
    assert not np.array_equal(counted.table_picture(counts), counted.table_picture(metrics.Confusion(1, 1, 1, 1)))

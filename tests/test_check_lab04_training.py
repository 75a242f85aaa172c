"""Lab 4, exercises 4, 5, 10 and 11: leaks, splits, augmentation and early stopping against oracles; fair cases."""
import math
from pathlib import Path

import nbformat
import numpy as np
import pytest
import scipy.ndimage
import sklearn.metrics
import sklearn.model_selection
import torch
import wrong_answers_04_training as answers
from torch.nn import functional

from helpers import data
from helpers.check.engine import judge, run
from helpers.check.lab04 import augmenting, leaks, splits, splits_run, stopping_run
from helpers.check.lab04.augmenting import ALLOWED
from helpers.check.lab04.stopping import TRAIN_WITH_EARLY_STOPPING

SOLUTION = Path(__file__).resolve().parent.parent / "labs/solutions/04_cnn_stacks.ipynb"


# references against oracles --------------------------------------------------------------------------------------

@pytest.mark.parametrize("seed", range(4))
def test_leaks_agree_with_the_split_functions_of_the_course(seed):
    patients = data.load_cohort(64, "nodules").patients
    honest = data.split_by_patient(patients, 0.6, 0.2, 0.2, seed=seed)
    assert leaks.leaks(patients, *honest).size == 0
    with pytest.warns(data.LeakWarning) as caught:
        careless = data.split_by_slice(patients, 0.6, 0.2, 0.2, seed=seed)
    assert str(caught[0].message).startswith(f"{len(leaks.leaks(patients, *careless))} of 320 patients")


@pytest.mark.parametrize("seed", range(4))
def test_the_split_is_one_that_sklearn_could_have_drawn(seed):
    patients = data.load_cohort(64, "density").patients
    train, test = splits.split_by_patient(patients, 0.25, seed)
    theirs = next(sklearn.model_selection.GroupShuffleSplit(1, test_size=0.25, random_state=seed).split(
        patients, groups=patients))
    assert len(np.unique(patients[test])) == len(np.unique(patients[theirs[1]])) == 36
    assert not set(patients[train]) & set(patients[test])
    assert sorted([*train, *test]) == list(range(len(patients)))


@pytest.mark.parametrize("network, learning_rate, epochs", [(53, 1.0, 3), (39, 0.5, 6)])
def test_early_stopping_keeps_the_weights_of_a_training_that_ends_at_its_best_epoch(network, learning_rate, epochs):
    """A plain training, written here, of just so many epochs as the best one needs."""
    sets = train, validation, test = stopping_run.cases_of(network)
    model = stopping_run.network(network)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    stopped, said = stopping_run.train_with_early_stopping(model, optimizer, *sets, epochs, epochs)
    plain = stopping_run.network(network)
    optimizer = torch.optim.SGD(plain.parameters(), lr=learning_rate)
    for x, y in train * (said["best epoch"] + 1):
        optimizer.zero_grad()
        functional.binary_cross_entropy_with_logits(plain(x), y).backward()
        optimizer.step()
    plain.eval()
    for name, value in plain.state_dict().items():
        assert torch.equal(value, stopped.state_dict()[name]), name
    losses = [sklearn.metrics.log_loss(y, torch.sigmoid(plain(x)).detach().double()) for x, y in (validation, test)]
    assert min(said["validation"]) == pytest.approx(losses[0], rel=1e-5)
    assert said["test"] == pytest.approx(losses[1], rel=1e-5)


# the cases ask enough --------------------------------------------------------------------------------------------

def test_every_pair_of_parts_is_asked_for():
    pairs = [[bool(set(patients[parts[one]]) & set(patients[parts[other]]))
              for one, other in ((0, 1), (0, 2), (1, 2))] for patients, *parts in leaks.CASES]
    assert {tuple(one) for one in pairs} >= {(True, False, False), (False, True, False), (False, False, True),
                                             (False, False, False)}
    for patients, *parts in leaks.CASES:
        assert sorted(np.concatenate(parts)) == list(range(len(patients)))


def test_no_epoch_of_early_stopping_is_a_matter_of_rounding():
    """Every validation loss lies clearly above or below the best one before it, and below or above the last."""
    for case, seen in zip(stopping_run.CASES, stopping_run.honest(), strict=True):
        losses = seen["validation"]
        for epoch in range(1, len(losses)):
            for other in (losses[:epoch].min(), losses[epoch - 1]):
                assert abs(losses[epoch] - other) > 1e-3, case


def test_some_trainings_stop_early_and_one_does_not():
    lengths = [len(seen["validation"]) for seen in stopping_run.honest()]
    assert sum(length < case[2] for length, case in zip(lengths, stopping_run.CASES, strict=True)) >= 2
    whole = [seen for seen, length, case in zip(stopping_run.honest(), lengths, stopping_run.CASES, strict=True)
             if length == case[2]]
    assert whole and any(seen["best epoch"] < len(seen["validation"]) - 1 for seen in whole)


def test_one_gain_is_small_and_one_loss_large():
    """So that an answer that waits for a larger gain, or begins with a best loss of 1, does not pass."""
    losses = [seen["validation"] for seen in stopping_run.honest()]
    gains = [np.minimum.accumulate(one)[seen["best epoch"] - 1] - one.min()
             for one, seen in zip(losses, stopping_run.honest(), strict=True)]
    assert 1e-3 < min(gains) < 2e-3 and max(one[0] for one in losses) > 1
    assert {case[3] for case in stopping_run.CASES} == {1, 2, 3, 4}, "every patience"


@pytest.mark.parametrize("threads", [1, 2])
def test_early_stopping_is_the_same_on_any_number_of_threads(threads):
    before, wanted = torch.get_num_threads(), stopping_run.honest()[0]
    torch.set_num_threads(threads)
    try:
        seen = stopping_run.look(stopping_run.train_with_early_stopping, *stopping_run.CASES[0])
        assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)
    assert seen["validation"] == pytest.approx(wanted["validation"])


def test_a_learner_who_fails_gets_the_threads_back():
    def failing(*given):
        raise RuntimeError("no")

    before = torch.get_num_threads()
    assert judge(TRAIN_WITH_EARLY_STOPPING, failing).outcome == "crashed"
    assert torch.get_num_threads() == before


def test_the_training_check_leaves_torchs_seed_alone():
    torch.manual_seed(3)
    wanted = torch.rand(2).tolist()
    torch.manual_seed(3)
    stopping_run.look(stopping_run.train_with_early_stopping, *stopping_run.CASES[-1])
    assert torch.rand(2).tolist() == wanted


# splits ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("seed", range(5))
def test_any_honest_draw_passes(seed):
    def answer(patients, share, given):
        known = np.unique(patients)
        held_out = np.random.RandomState(1000 * seed + given).permutation(known)[:math.ceil(share * len(known))]
        mask = np.isin(patients, held_out)
        return np.flatnonzero(~mask)[::-1].tolist(), np.random.permutation(np.flatnonzero(mask))

    assert judge(splits.SPLIT_BY_PATIENT, answer).outcome == "right"


@pytest.mark.parametrize("answer, words", [
    (3, "Return two arrays of positions, `return train, test`. What came is a number."),
    ((np.arange(3),), "What came is a tuple of 1."), ("ab", "What came is a text."), ((1, 2), "Return two arrays"),
    ((np.arange(3), np.zeros((2, 2), int)), "Return two arrays"), (([0.5], [1]), "do not hold positions"),
    (([-1], [1]), "do not hold positions"), (([0], [10**6]), "do not hold positions"),
    (([True], [False]), "are masks"), ((set(), set()), "Return two arrays")])
def test_what_is_no_split_gets_a_sentence(answer, words):
    verdict = judge(splits.SPLIT_BY_PATIENT, lambda patients, share, seed: answer)
    assert verdict.outcome == "wrong"
    assert words in verdict.message or words in dict(verdict.rows).get("Difference", "") or verdict.misconception


def test_a_split_is_looked_at_for_several_seeds():
    """An answer that leaks for one seed only does not pass."""
    def answer(patients, share, seed):
        train, test = splits.split_by_patient(patients, share, seed)
        return (np.r_[train, test[:1]], test[1:]) if seed % splits_run.SEEDS == 4 else (train, test)

    assert judge(splits.SPLIT_BY_PATIENT, answer).outcome == "wrong"


def test_few_patients_side_by_side_are_no_sign_of_a_block():
    """Of few patients neighbours are drawn now and then; of many, for six seeds in a row, never."""
    def answer(patients, share, seed):
        if len(np.unique(patients)) < splits_run.MANY:
            mask = np.isin(patients, np.roll(np.unique(patients), seed)[:round(share * len(np.unique(patients)))])
            return np.flatnonzero(~mask), np.flatnonzero(mask)
        return splits.split_by_patient(patients, share, seed)

    assert judge(splits.SPLIT_BY_PATIENT, answer).outcome == "right"
    for patients, share, _ in splits.CASES:
        count = len(np.unique(patients))
        if count >= splits_run.MANY:
            assert (count / math.comb(count, round(share * count)))**splits_run.SEEDS < 1e-6


@pytest.mark.parametrize("found", [set(), frozenset(), [], (), np.array([], int), torch.tensor([], dtype=torch.int64)])
def test_an_empty_answer_may_be_of_any_kind(found):
    assert leaks.listed(lambda *given: found, *leaks.CASES[2]).size == 0


@pytest.mark.parametrize("found, words", [
    (3, "What came is a number, 3."), (True, "What came is True or False"), ("7", "a text"), ({7: 1}, "a dictionary"),
    (np.zeros((2, 2)), "a NumPy array"), ({"a"}, "a list"), (np.array([True]), "a NumPy array")])
def test_what_names_no_patients_gets_a_sentence(found, words):
    verdict = judge(leaks.LEAKS, lambda patients, train, validation, test: found)
    assert verdict.outcome == "wrong"
    assert words in verdict.message or words in dict(verdict.rows)["Difference"] or verdict.misconception


# augmentation ----------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def transforms():
    """The eight changes, as the lab defines them."""
    names = {"np": np}
    cell = next(cell for cell in nbformat.read(SOLUTION, as_version=4).cells if cell.id == "ex10-data")
    exec(compile(cell.source, cell.id, "exec"), names)  # noqa: S102
    return names["transforms"]


def test_a_nodule_stays_in_the_picture_whatever_is_allowed(transforms):
    """In every slice of the study most of a nodule is left, and the cutout hides some. Tiny ones blur when turned."""
    assert list(transforms) == list(augmenting.transforms)
    nodules = data.load_cohort(64, "nodules").nodules
    nodules = nodules[nodules.sum(axis=(1, 2)) > 4]
    for name in ("flip left-right", "flip up-down", "rotation", "shift", "zoom"):
        left = [np.sum(transforms[name](1000.0 * one - 1000) > -500) / one.sum() for one in nodules]
        assert min(left) > 0.5, name
    covered = [np.all(transforms["cutout"](1000.0 * one - 1000) == -1000) for one in nodules]
    assert 0.1 < np.mean(covered) < 0.5


def test_only_two_changes_touch_the_density_of_a_lung(transforms):
    """Of the inside of a lung, away from its wall, where turning and enlarging blur."""
    cohort, moved = data.load_cohort(64, "density"), {}
    lungs = [scipy.ndimage.binary_erosion(one) for one in cohort.labels[::40] == cohort.label_names.index("lungs")]
    for name, change in transforms.items():
        in_place = name in ("HU offset", "noise", "cutout")
        masks = lungs if in_place else [change(1000.0 * one - 1000) > -300 for one in lungs]
        moved[name] = max(abs(change(hu)[mask].mean() - hu[lung].mean())
                          for hu, mask, lung in zip(cohort.hu[::40], masks, lungs, strict=True))
    assert {name for name, by in moved.items() if by > 20} == {"HU offset", "cutout"}, moved
    assert {name for name, by in moved.items() if by < 12} == set(augmenting.allowed("emphysema")), moved


@pytest.mark.parametrize("answer, words", [
    (["flip"], "There is no transform called 'flip'. The names are: flip left-right, "), ("shift", "Return a list"),
    ({"shift": True}, "Return a list"), ([True], "Return a list"), (3, "Return a list"),
    (np.array([True]), "Return a list"), (np.array([["shift"]]), "Return a list"),
])
def test_what_is_no_list_of_transforms_gets_a_sentence(answer, words):
    verdict = judge(ALLOWED, lambda task: answer)
    assert verdict.outcome == "wrong" and verdict.message.startswith(words) and not verdict.misconception


def test_every_wrong_decision_gets_the_reason_of_the_first_one():
    """Each of the 24 decisions alone, and then together with every later one."""
    for index, (task, transform) in enumerate(augmenting.CASES):
        alone = judge(ALLOWED, answers.allowed_but(**{task: [transform]}))
        assert alone.misconception and dict(alone.rows)["Given"] == f"task = '{task}'\ntransform = '{transform}'"
        later = augmenting.CASES[index + 5:index + 9:2]
        both = answers.allowed_but(**{name: [one for other, one in [(task, transform), *later] if other == name]
                                      for name in augmenting.TASKS})
        assert judge(ALLOWED, both).misconception == alone.misconception


def test_a_mirror_is_never_a_turn_and_two_mirrors_are():
    """Why both flips change the side: no turn of a slice gives either of them; both together are half a turn."""
    image = np.arange(12).reshape(3, 4) ** 2
    square = image[:, :3]
    turns = [np.rot90(square, count) for count in range(4)]
    for flip in (np.fliplr, np.flipud):
        assert not any(np.array_equal(flip(square), turn) for turn in turns)
    assert np.array_equal(np.flipud(np.fliplr(image)), np.rot90(image, 2))


# early stopping --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("answer", answers.ALSO_RIGHT["train_with_early_stopping"])
def test_slow_answers_written_differently_pass(answer):
    assert judge(TRAIN_WITH_EARLY_STOPPING, answer).outcome == "right"


@pytest.mark.parametrize("answer, words", [
    (lambda *given: given[0], "Return the model and a dictionary"),
    (lambda *given: (given[0], [1.0]), "Return the model and a dictionary"),
    (lambda *given: ({}, given[0]), "Return the model and a dictionary"),
    (lambda *given: (given[0], {"validation": 3}), "Entry 'validation' must be a list of numbers"),
    (lambda *given: (given[0], {"validation": ["a"]}), "Entry 'validation' must be a list of numbers"),
    (lambda *given: (given[0], {}), "Your dictionary has no entry 'validation'."),
    (lambda *given: (given[3][0].zero_(), {}), "Return the model"),
    (lambda *given: (given[3][0].zero_(), (given[0], {}))[1], "Your function changes the data in place."),
])
def test_what_is_no_training_gets_a_sentence(answer, words):
    verdict = judge(TRAIN_WITH_EARLY_STOPPING, answer)
    assert verdict.outcome == "wrong" and verdict.message.startswith(words)


def test_the_report_of_an_honest_training_without_one_does_not_pass():
    """The check looks at the network itself, too."""
    said = iter([run(TRAIN_WITH_EARLY_STOPPING, TRAIN_WITH_EARLY_STOPPING.reference)[index].value
                 for index in range(len(stopping_run.CASES))])
    assert judge(TRAIN_WITH_EARLY_STOPPING, lambda model, *given: (model, dict(next(said)))).outcome == "wrong"


def test_the_card_says_how_often_the_test_set_was_seen_only_where_this_alone_is_wrong():
    peeking = next(answer for name, answer in answers.WRONG["train_with_early_stopping"]
                   if name == "test set shown more than once")
    rows = dict(judge(TRAIN_WITH_EARLY_STOPPING, peeking).rows)
    assert rows["Difference"] == f"Entry {stopping_run.PEEKS!r}: Your result is 9, expected 1."


@pytest.mark.parametrize("size", [1, 5, 17])
def test_the_test_set_may_be_shown_in_pieces_once(size):
    """What counts is how often a case is shown, not in how many batches."""
    def answer(*given, times=1):
        model, said = stopping_run.train_with_early_stopping(*given[:4], (given[4][0][:0], given[4][1][:0]), *given[5:])
        with torch.no_grad():
            for _ in range(times):
                parts = [model(x) for x in given[4][0].split(size)]
        return model, said | {"test": functional.binary_cross_entropy_with_logits(torch.cat(parts), given[4][1])}

    assert judge(TRAIN_WITH_EARLY_STOPPING, answer).outcome == "right"
    twice = judge(TRAIN_WITH_EARLY_STOPPING, lambda *given: answer(*given, times=2))
    assert twice.misconception == "test set shown more than once"

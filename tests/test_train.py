"""One seeded loop: the same seed gives the same weights, and neither a NaN nor the stop button costs the notebook."""
import math
import signal

import numpy as np
import pytest
import torch
from torch import nn

from helpers import loss as losses
from helpers import metrics, models, train

BCE = nn.BCEWithLogitsLoss()


def points(count=64, seed=0):
    """Points in the plane and whether they lie right of a line: a task that a linear layer can learn."""
    inputs = torch.randn(count, 2, generator=torch.Generator().manual_seed(seed))
    return inputs, (inputs.sum(1) > 0).float()


def network(seed=0, dropout=0.0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(dropout), nn.Linear(8, 1))


def weights(model):
    return {name: value.clone() for name, value in model.state_dict().items()}


def same(first, second):
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def fit(model, inputs=None, targets=None, **changed):
    if inputs is None:
        inputs, targets = points()
    return train.fit(model, inputs, targets, **(dict(loss=BCE, epochs=3, learning_rate=1e-2, batch_size=16) | changed))


def accuracy(targets, logits):
    return ((logits > 0) == (targets > 0.5)).float().mean()


def interrupt_at(**place):
    """A progress that presses the stop button once, at an epoch and batch."""
    left = [1]

    def progress(state):
        if left and all(getattr(state, name) == value for name, value in place.items()):
            left.pop()
            raise KeyboardInterrupt

    return progress


def test_it_learns_what_a_line_can_separate():
    model, (inputs, targets) = network(), points(200)
    history = fit(model, inputs, targets, epochs=20, validation=points(500, seed=1), score=accuracy)
    assert history.validation_score[-1] > 0.93
    assert history.training_loss[-1] < 0.5 * history.training_loss[0]
    assert len(history) == len(history.validation_loss) == len(history.seconds) == 20


def test_one_step_is_that_of_torch():
    inputs, targets = points(16)
    ours, theirs = nn.Linear(2, 1), nn.Linear(2, 1)
    theirs.load_state_dict(ours.state_dict())
    fit(ours, inputs, targets, epochs=1, batch_size=16, weight_decay=0.1)
    optimiser = torch.optim.AdamW(theirs.parameters(), lr=1e-2, weight_decay=0.1)
    BCE(theirs(inputs)[:, 0], targets).backward()
    optimiser.step()
    for name, value in theirs.state_dict().items():
        torch.testing.assert_close(ours.state_dict()[name], value)


def test_a_schedule_sets_the_rate_of_every_step():
    """Three epochs of nine inputs in batches of four: 4 and 5, so six steps; the rates are those of torch by hand."""
    inputs, targets = points(9)
    seen, share = [], lambda done: seen.append(done) or 1 - 0.9 * done
    ours, theirs = nn.Linear(2, 1), nn.Linear(2, 1)
    theirs.load_state_dict(ours.state_dict())
    fit(ours, inputs, targets, batch_size=4, schedule=share)
    steps = [(step + 0.5) / 6 for step in range(6)]
    assert seen[:6] == pytest.approx(steps) and max(seen) == 1
    optimiser = torch.optim.AdamW(theirs.parameters(), lr=1e-2, weight_decay=0.0)
    order = torch.Generator().manual_seed(0)
    rows = [part for _ in range(3) for part in torch.randperm(9, generator=order).split([4, 5])]
    for done, batch in zip(steps, rows, strict=True):
        optimiser.param_groups[0]["lr"] = 1e-2 * (1 - 0.9 * done)
        optimiser.zero_grad()
        BCE(theirs(inputs[batch])[:, 0], targets[batch]).backward()
        optimiser.step()
    for name, value in theirs.state_dict().items():
        torch.testing.assert_close(ours.state_dict()[name], value)


def test_one_cycle_is_that_of_torch():
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    theirs = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1.0, total_steps=1000, pct_start=0.2, cycle_momentum=False)
    rates = []
    for _ in range(1000):
        rates += theirs.get_last_lr()
        optimiser.step()
        theirs.step()
    ours = [train.one_cycle(step / 999) for step in range(1000)]
    np.testing.assert_allclose(ours, rates, atol=0.01)
    assert max(ours) == pytest.approx(1, abs=1e-4) and ours.index(max(ours)) in (199, 200)


@pytest.mark.parametrize("count, batch_size, epochs", [(1, 1, 1), (5, 1, 1), (10, 2, 1), (3, 2, 2)])
def test_few_steps_are_scheduled_too(count, batch_size, epochs):
    model = nn.Linear(2, 1)
    before = weights(model)
    fit(model, *points(count), batch_size=batch_size, epochs=epochs, schedule=train.one_cycle)
    assert not same(before, weights(model))


def test_a_rate_of_zero_changes_nothing():
    model = nn.Linear(2, 1)
    before = weights(model)
    fit(model, *points(), schedule=lambda done: 0.0)
    assert same(before, weights(model))


@pytest.fixture
def one_thread():
    """For networks so small that threads would only wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("one_thread")
def test_a_u_net_learns_to_draw_a_square():
    """Segmentation through the same loop: whole-number masks in uint8, a loss of ours, Dice after every epoch."""
    draw = torch.Generator().manual_seed(0)
    targets = torch.zeros(24, 16, 16, dtype=torch.uint8)
    for mask, (row, column) in zip(targets, torch.randint(0, 11, (24, 2), generator=draw).tolist(), strict=True):
        mask[row:row + 5, column:column + 5] = 1
    images = targets[:, None] + 0.3 * torch.randn(24, 1, 16, 16, generator=draw)
    torch.manual_seed(0)
    history = fit(models.UNet(1, 2, base=4, depth=2), images[:16], targets[:16], loss=losses.cross_entropy_and_dice,
                  epochs=20, batch_size=4, schedule=train.one_cycle, validation=(images[16:], targets[16:]),
                  score=lambda truth, logits: metrics.dice(truth == 1, logits.argmax(1) == 1).mean())
    assert history.validation_score[-1] > 0.9 and len(history.validation_score) == 20


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    def trained(seed):
        model = network(dropout=0.5)
        history = fit(model, seed=seed, augment=lambda batch: batch + 0.1 * torch.randn(batch.shape))
        return weights(model), history.training_loss

    first, again, other = trained(3), trained(3), trained(4)
    assert same(first[0], again[0]) and first[1] == again[1]
    assert not same(first[0], other[0])


@pytest.mark.parametrize("threads", [1, 2])
def test_the_order_of_the_inputs_does_not_depend_on_threads(threads):
    before, seen = torch.get_num_threads(), []
    inputs = torch.arange(10.0)[:, None]
    torch.set_num_threads(threads)
    try:
        fit(nn.Linear(1, 1), inputs, inputs[:, 0], loss=nn.MSELoss(), epochs=2, batch_size=4,
            augment=lambda batch: seen.append(batch[:, 0].int().tolist()) or batch)
    finally:
        torch.set_num_threads(before)
    expected, order = torch.Generator().manual_seed(0), []
    for _ in range(2):
        order += [part.tolist() for part in torch.randperm(10, generator=expected).split(4)]
    assert seen == order


def test_the_random_numbers_of_the_caller_go_on_as_if_nothing_had_happened():
    model = network(dropout=0.5)
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    fit(model)
    assert torch.equal(torch.rand(3), expected)


def test_a_last_input_that_would_be_alone_joins_the_batch_before():
    sizes = []
    fit(network(), *points(9), batch_size=4, epochs=1, augment=lambda batch: sizes.append(len(batch)) or batch)
    assert sizes == [4, 5]
    sizes.clear()
    fit(nn.Linear(2, 1), *points(3), batch_size=1, epochs=1, augment=lambda batch: sizes.append(len(batch)) or batch)
    assert sizes == [1, 1, 1]


def test_the_loss_of_an_epoch_is_the_mean_over_inputs_not_over_batches():
    inputs, targets = torch.tensor([[0.0], [0.0], [3.0]]), torch.zeros(3)
    model = nn.Linear(1, 1, bias=False)
    nn.init.ones_(model.weight)
    history = fit(model, inputs, targets, loss=nn.MSELoss(), epochs=1, learning_rate=1e-12, batch_size=2)
    assert history.training_loss == pytest.approx([3.0])              # squares 0, 0 and 9 of three inputs


def test_interruption_keeps_what_was_learned_and_says_so(capsys):
    stopped, whole = network(), network()
    history = fit(stopped, epochs=5, progress=interrupt_at(epoch=3, batch=2))
    fit(whole, epochs=2)
    assert history.interrupted and len(history) == 2
    assert capsys.readouterr().out == "Interrupted in epoch 3: the network keeps what it has learned so far.\n"
    assert not stopped.training and "interrupted" in repr(history)
    assert not same(weights(stopped), weights(whole))                 # two batches more
    assert fit(stopped, epochs=1).interrupted is False                # and the notebook goes on


def test_interruption_before_the_first_epoch_is_over():
    model = network()
    history = fit(model, validation=points(20, seed=1), patience=2, progress=interrupt_at(batch=1))
    assert history.interrupted and len(history) == 0 and not history.kept_best and not model.training
    assert history.best_epoch is None and "0 epochs" in repr(history)


def test_interruption_inside_the_network_or_the_score_is_caught_as_well():
    def score(targets, logits):
        raise KeyboardInterrupt

    history = fit(network(), validation=points(20), score=score)
    assert history.interrupted and len(history) == 0


def test_an_interruption_after_the_end_comes_too_late():
    def progress(state):
        if state.finished:
            raise KeyboardInterrupt

    assert not fit(network(), progress=progress).interrupted


def scores(values, seen, model):
    """A score that returns prepared values, one per epoch, and notes the weights they belong to."""
    values = iter(values)

    def score(targets, logits):
        seen.append(weights(model))
        return next(values)

    return score


def test_patience_stops_and_takes_the_best_weights():
    model, seen = network(), []
    score = scores([0.5, 0.8, 0.7, 0.8, 0.9], seen, model)
    history = fit(model, epochs=9, validation=points(20, seed=1), score=score, patience=2)
    assert history.validation_score == pytest.approx([0.5, 0.8, 0.7, 0.8]) and history.best_epoch == 2
    assert same(weights(model), seen[1]) and not same(seen[1], seen[3])
    assert history.kept_best and "weights of epoch 2" in repr(history)


def test_patience_and_interruption_take_the_best_weights():
    model, seen = network(), []
    history = fit(model, epochs=9, validation=points(20, seed=1), score=scores([0.5, 0.8, 0.7], seen, model),
                  patience=5, progress=interrupt_at(epoch=4))
    assert history.interrupted and same(weights(model), seen[1])


def test_patience_without_a_score_goes_by_the_validation_loss():
    inputs, targets = points(30)
    history = fit(network(), epochs=40, learning_rate=0.05, validation=(inputs, 1 - targets), patience=3)
    assert len(history) == history.best_epoch + 3 < 40                # the opposite of what is learned gets worse
    assert history.validation_loss[history.best_epoch - 1] == min(history.validation_loss)


def test_a_score_that_is_no_number_is_never_the_best():
    model, seen = network(), []
    history = fit(model, epochs=3, validation=points(20), score=scores([math.nan, 0.4, math.nan], seen, model),
                  patience=3)
    assert history.best_epoch == 2 and same(weights(model), seen[1])
    history = fit(model, validation=points(20), score=lambda *_: math.nan, patience=2)
    assert len(history) == 2 and history.best_epoch is None and not history.kept_best


def test_without_patience_the_last_weights_stay():
    model, seen = network(), []
    history = fit(model, epochs=3, validation=points(20), score=scores([0.9, 0.8, 0.7], seen, model))
    assert history.best_epoch == 1 and not history.kept_best and same(weights(model), seen[2])


def test_frozen_parts_do_not_change_nor_do_their_statistics():
    model = network(dropout=0.5)
    model[:4].requires_grad_(False)
    before, modes = weights(model), []
    fit(model, progress=lambda state: modes.append([part.training for part in model]))
    after = weights(model)
    assert all(torch.equal(before[name], after[name]) for name in before if not name.startswith("4."))
    assert not torch.equal(before["4.weight"], after["4.weight"])
    assert modes[0] == [False, False, True, True, True]               # ReLU and dropout have no weights to freeze


def test_a_frozen_part_with_dropout_inside_is_in_eval_mode_as_a_whole():
    body, head = nn.Sequential(nn.Linear(2, 8), nn.Dropout(0.5)).requires_grad_(False), nn.Linear(8, 1)
    modes = []
    fit(nn.Sequential(body, head), progress=lambda state: modes.append([part.training for part in (*body, head)]))
    assert modes[0] == [False, False, True]


def test_loss_that_is_no_number_stops_with_one_sentence():
    calls = []

    def loss(logits, targets):
        calls.append(1)
        return BCE(logits, targets) * (math.nan if len(calls) > 8 else 1)

    model = network()
    with pytest.raises(ValueError, match=r"^The loss became NaN in epoch 3: lower the learning rate\.$"):
        fit(model, loss=loss)
    assert not model.training
    with pytest.raises(ValueError, match="became infinite in epoch 1"):
        fit(network(), loss=lambda logits, targets: BCE(logits, targets) * math.inf)


def test_a_huge_learning_rate_really_ends_so():
    inputs = torch.linspace(-1, 1, 32)[:, None]
    with pytest.raises(ValueError, match="lower the learning rate"):
        fit(nn.Linear(1, 1), inputs, inputs[:, 0], loss=nn.MSELoss(), learning_rate=1e30, epochs=9)


def test_augmentation_changes_training_batches_only():
    inputs, targets = points(32)
    validation, seen, passed = points(8, seed=1), [], []

    class Spy(nn.Linear):
        def forward(self, batch):
            passed.append((self.training, batch.clone()))
            return super().forward(batch)

    fit(Spy(2, 1), inputs, targets, epochs=2, validation=validation,
        augment=lambda batch: seen.append(len(batch)) or batch + 100)
    assert sum(seen) == 2 * 32
    assert all(bool((batch > 50).all()) == training for training, batch in passed)
    assert sum(not training for training, _ in passed) == 2
    assert float(inputs.max()) < 50                                   # the caller's inputs are what they were


def test_augmentation_must_return_one_input_for_each():
    with pytest.raises(ValueError, match="augment returned 15 inputs for a batch of 16"):
        fit(network(), augment=lambda batch: batch[1:])


def test_modes_train_on_entry_eval_on_exit_and_eval_while_validating():
    model, modes = network(), []

    def score(targets, logits):
        modes.append(model.training)
        return 0.5

    model.eval()
    fit(model, validation=points(8), score=score, epochs=2, progress=lambda state: modes.append(model.training))
    assert modes.count(True) == len(modes) - 1 and not modes[-1]      # predict gives back the mode it found
    assert not model.training


def test_predict_is_eval_without_gradients_and_leaves_every_mode_as_it_was():
    model, (inputs, _) = network(dropout=0.9), points(10)
    model.train()
    model[1].eval()
    before = weights(model)
    logits = train.predict(model, inputs, batch_size=3)
    assert [part.training for part in model] == [True, False, True, True, True]
    assert same(before, weights(model)) and not logits.requires_grad
    model.eval()
    torch.testing.assert_close(logits, model(inputs).detach())
    assert logits.shape == (10, 1)
    assert train.predict(model, inputs[:0]).shape == (0, 1)


def test_predict_gives_back_the_modes_after_an_error():
    model = network().train()
    with pytest.raises(RuntimeError):
        train.predict(model, torch.zeros(3, 7))
    assert all(part.training for part in model.modules())


def test_arrays_and_bools_are_taken_as_the_weights_want_them():
    inputs, targets = points()
    tensors, arrays = network(), network()
    fit(tensors, inputs, targets)
    fit(arrays, inputs.double().numpy(), (targets > 0.5).numpy())
    assert same(weights(tensors), weights(arrays))
    assert train.predict(arrays, inputs.double().numpy()).dtype == torch.float32


def test_classes_stay_whole_numbers_for_cross_entropy():
    inputs, targets = points()
    classes = targets.long()
    history = fit(nn.Linear(2, 2), inputs, classes.numpy(), loss=nn.CrossEntropyLoss(), learning_rate=0.1, epochs=10,
                  validation=(inputs, classes), score=lambda asked, logits: (logits.argmax(1) == asked).float().mean())
    assert history.validation_score[-1] > 0.9


def test_masks_lose_the_axis_of_their_one_channel():
    inputs = torch.randn(4, 1, 6, 5, generator=torch.Generator().manual_seed(0))
    shapes = []
    fit(nn.Conv2d(1, 1, 3, padding=1), inputs, inputs[:, 0] > 0,
        loss=lambda logits, targets: shapes.append((logits.shape, targets.shape)) or BCE(logits, targets))
    assert shapes[0] == ((4, 6, 5), (4, 6, 5))


def test_progress_hears_of_every_batch_every_epoch_and_the_end():
    states = []
    history = fit(network(), epochs=2, progress=states.append)
    assert [(state.epoch, state.batch) for state in states] == \
        [(1, 1), (1, 2), (1, 3), (1, 4), (1, 4), (2, 1), (2, 2), (2, 3), (2, 4), (2, 4), (2, 4)]
    assert [state.finished for state in states] == [False] * 10 + [True]
    assert [state.share for state in states[:4]] == [0.125, 0.25, 0.375, 0.5] and states[-1].share == 1
    assert states[-1].history is history and states[-1].seconds_left == 0
    assert states[3].seconds_left == pytest.approx(states[3].seconds)
    assert states[-1].loss == history.training_loss[-1]


def test_history_tells_itself_in_one_line():
    history = train.History([0.7, 0.5], [0.8, 0.6], [0.51, 0.949], [1.0, 1.26])
    assert repr(history) == ("History(2 epochs in 2.3 s, training loss ≈ 0.50, validation loss ≈ 0.60, "
                             "validation score ≈ 0.95)")
    assert repr(train.History([0.5], seconds=[0.1])) == "History(1 epoch in 0.1 s, training loss ≈ 0.50)"
    assert history.best_epoch == 2 and train.History([0.5]).best_epoch is None


def test_auto_is_the_cpu_where_there_is_nothing_else(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert train.choose_device("auto") == torch.device("cpu")
    first, second = network(), network()
    fit(first, device="auto")
    fit(second, device="cpu")
    assert same(weights(first), weights(second))


@pytest.mark.parametrize("cuda, mps, chosen", [(True, True, "cuda"), (True, False, "cuda"), (False, True, "mps")])
def test_auto_takes_cuda_before_mps(monkeypatch, cuda, mps, chosen):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert train.choose_device("auto") == torch.device(chosen)


@pytest.mark.parametrize("name", ["cuda:0", "gpu", "", None])
def test_a_device_that_is_not_there_is_named(monkeypatch, name):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ValueError, match=f'no device "{name}": choose "auto" or "cpu"'):
        fit(network(), device=name)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA here")
def test_on_cuda_it_learns_and_comes_back():
    model, torch_state = network(), torch.cuda.get_rng_state()
    history = fit(model, epochs=20, device="auto", validation=points(100, seed=1), score=accuracy, patience=20)
    assert history.validation_score[-1] > 0.9 and next(model.parameters()).device.type == "cpu"
    assert torch.equal(torch_state, torch.cuda.get_rng_state())


def test_a_loss_with_weights_of_its_own_is_a_module_like_others():
    loss = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(2.0))
    assert len(fit(network(), loss=loss, validation=points(8))) == 3


INPUTS, TARGETS = points(8)


@pytest.mark.parametrize("changed, sentence", [
    (dict(targets=TARGETS[1:]), "8 training inputs and 7 training targets"),
    (dict(inputs=INPUTS[:0], targets=TARGETS[:0]), "0 training inputs and 0 training targets"),
    (dict(validation=(INPUTS, TARGETS[1:])), "8 validation inputs and 7 validation targets"),
    (dict(validation=INPUTS), r"validation=\(inputs, targets\)"),
    (dict(inputs=INPUTS.clone().fill_(math.nan)), "training inputs hold NaN or infinity"),
    (dict(targets=np.full(8, np.inf)), "training targets hold NaN or infinity"),
    (dict(epochs=0), "epochs must be a whole number from 1 up, not 0"),
    (dict(epochs=2.5), "epochs must be a whole number from 1 up, not 2.5"),
    (dict(batch_size=-1), "batch_size must be a whole number from 1 up"),
    (dict(patience=0, validation=(INPUTS, TARGETS)), "patience must be a whole number from 1 up"),
    (dict(learning_rate=0), "learning_rate must be above 0"),
    (dict(learning_rate=math.nan), "learning_rate must be above 0"),
    (dict(patience=2), "need something to judge"),
    (dict(score=accuracy), "need something to judge"),
    (dict(schedule="one-cycle"), "schedule must be a function .* not 'one-cycle'"),
])
def test_what_does_not_fit_is_said_in_one_sentence(changed, sentence):
    model = network().train()
    before = weights(model)
    with pytest.raises(ValueError, match=sentence) as caught:
        fit(model, **(dict(inputs=INPUTS, targets=TARGETS) | changed))
    text = str(caught.value)
    assert text.endswith(".") and "\n" not in text
    assert same(before, weights(model)) and model.training


def test_a_network_that_is_all_frozen_is_refused():
    with pytest.raises(ValueError, match="nothing to train"):
        fit(network().requires_grad_(False))


def test_the_stop_button_is_the_signal_of_the_system():
    def progress(state):
        if state.epoch == 2:
            signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
    try:
        history = fit(network(), epochs=5, progress=progress)
    finally:
        signal.signal(signal.SIGINT, before)
    assert history.interrupted and len(history) == 1


@pytest.mark.parametrize("cuda, mps, chosen", [(True, True, "cuda"), (False, True, "cpu"), (False, False, "cpu")])
def test_auto_keeps_double_precision_off_apples_graphics(monkeypatch, cuda, mps, chosen):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert train.choose_device("auto", network().double()) == torch.device(chosen)
    assert train.choose_device("auto", network()) == torch.device("cuda" if cuda else "mps" if mps else "cpu")


def test_double_precision_on_apples_graphics_is_refused_with_one_sentence(monkeypatch):
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    with pytest.raises(ValueError, match=r'^The device "mps" has no float64: call model\.float\(\) first'):
        fit(network().double(), device="mps")


@pytest.mark.parametrize("dtype, nudge, least, most", [(torch.float64, 1e-15, 0, 1e-7), (torch.float32, 1e-7, 1e-4, 9)])
def test_rounding_grows_while_a_network_learns_but_in_double_precision_stays_small(dtype, nudge, least, most):
    """Processors round differently. What the lectures print in float64 must not notice; in float32 it would."""
    inputs, targets = torch.randn(64, 1, 12, 12, generator=torch.Generator().manual_seed(0)), torch.arange(64) % 2.0
    logits = []
    for factor in (1, 1 + nudge):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), models.LogSumExp(), nn.Linear(4, 1))
        fit(model.to(dtype), inputs.to(dtype) * factor, targets, epochs=40, learning_rate=0.05)
        logits.append(train.predict(model, inputs))
    assert least <= (logits[0] - logits[1]).abs().max() <= most


def test_threads_are_given_back_whatever_happens():
    before = torch.get_num_threads()
    with pytest.raises(ZeroDivisionError), train.one_thread():
        assert torch.get_num_threads() == 1
        raise ZeroDivisionError
    assert torch.get_num_threads() == before

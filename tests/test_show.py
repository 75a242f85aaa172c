"""Figures become visible only with alt text, and the same figure gives the same bytes."""
import base64
import io
import math

import matplotlib.pyplot as plt
import nbrun
import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from helpers import show, train


def small_figure():
    fig, axis = plt.subplots(figsize=(2, 1))
    axis.imshow(np.eye(3), vmin=0, vmax=1)
    return fig


@pytest.fixture
def displayed(monkeypatch):
    bundles = []
    monkeypatch.setattr(show, "display", lambda bundle, raw: bundles.append(bundle))
    return bundles


def test_a_figure_is_shown_with_alt_text_as_html_png_and_text(displayed):
    show.figure(small_figure(), 'A "diagonal" & more')
    bundle, = displayed
    assert bundle["text/plain"] == 'A "diagonal" & more'
    assert 'alt="A &quot;diagonal&quot; &amp; more"' in bundle["text/html"]
    picture = Image.open(io.BytesIO(base64.b64decode(bundle["image/png"])))
    assert picture.size == (192, 96) and f'width="{picture.width}"' in bundle["text/html"]
    assert np.asarray(picture.convert("L")).std() > 10
    assert plt.get_fignums() == []


@pytest.mark.parametrize("alt", ["", "   ", None])
def test_no_alt_no_figure(displayed, alt):
    with pytest.raises(ValueError, match="needs alt text"):
        show.figure(small_figure(), alt)
    assert not displayed
    plt.close("all")


def test_something_else_than_a_figure_is_named(displayed):
    with pytest.raises(TypeError, match="not ndarray"):
        show.figure(np.zeros((2, 2)), "A picture of nothing at all")


def test_the_same_figure_gives_the_same_bytes():
    first, second = small_figure(), small_figure()
    assert show.encode(first) == show.encode(second)
    plt.close("all")


def test_png_keeps_grey_levels_apart():
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)  # (1, 256, 3)
    stored = np.asarray(Image.open(io.BytesIO(show.png(ramp))).convert("RGB"))
    assert (stored == ramp).all()


def test_png_keeps_every_colour():
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    assert (np.asarray(Image.open(io.BytesIO(show.png(noise))).convert("RGB")) == noise).all()


class Kernel:
    kernel = "of a notebook"


@pytest.fixture
def bundles(monkeypatch):
    """What is displayed while there is a notebook."""
    shown = []
    monkeypatch.setattr(show, "get_ipython", Kernel)
    monkeypatch.setattr(show, "display", lambda bundle, raw: shown.append(bundle))
    return shown


def train_with(progress, epochs=3, **changed):
    """Train a line on eight points, two batches an epoch."""
    inputs = torch.linspace(-1, 1, 8)[:, None]
    settings = dict(loss=nn.BCEWithLogitsLoss(), epochs=epochs, learning_rate=0.1, batch_size=4,
                    validation=(inputs, inputs[:, 0] > 0), score=lambda targets, logits: 0.75)
    return train.fit(nn.Linear(1, 1), inputs, inputs[:, 0] > 0, progress=progress, **(settings | changed))


def test_the_training_bar_appears_once_and_moves_to_the_end(bundles):
    bar = show.training_bar()
    assert not bundles                                                # it comes with the training
    lines, values = [], []

    def progress(state):
        bar(state)
        values.append(bar.bar.value)
        lines.append(bar.line.value)

    train_with(progress)
    assert len(bundles) == 1 and values == sorted(values) and values[-1] == 1
    assert "epoch 2 of 3 · loss" in "".join(lines) and lines[-1].startswith("ended after epoch 3 of 3 · loss 0.")
    assert "validation AUC 0.750" in lines[-1] and lines[-1].endswith("s") and bar.bar.bar_style == "success"
    assert "s left" in lines[2] and "s left" not in lines[-1]


def test_a_stored_notebook_keeps_the_same_sentence_whatever_the_training_did(bundles):
    for epochs in (1, 2):
        train_with(show.training_bar(), epochs)
    first, second = bundles
    assert first["text/plain"] == second["text/plain"] == show.TrainingBar.PREVIEW
    assert set(first) == {"text/plain", "application/vnd.jupyter.widget-view+json"}


def test_an_interrupted_training_says_so_in_words(bundles):
    bar = show.training_bar()

    def progress(state):
        bar(state)
        if state.epoch == 2 and not state.finished:
            raise KeyboardInterrupt

    train_with(progress)
    assert bar.line.value.startswith("interrupted in epoch 2 of 3") and bar.bar.bar_style == "warning"


def test_one_bar_serves_two_trainings(bundles):
    bar = show.training_bar()
    train_with(bar)
    first = bar.box
    train_with(bar, epochs=1)
    assert len(bundles) == 2 and bar.box is not first and bar.line.value.startswith("ended after epoch 1 of 1")


def test_a_training_that_failed_does_not_leave_its_bar_to_the_next(bundles):
    bar, factors = show.training_bar(), iter([1.0, float("nan")])
    with pytest.raises(ValueError, match="NaN"):
        train_with(bar, loss=lambda logits, targets: next(factors) * logits.square().mean())
    train_with(bar, epochs=1)
    assert len(bundles) == 2 and bar.bar.value == 1


@pytest.mark.parametrize("pause, drawn", [(0, [0.5, 1.0, 1.0]), (math.inf, [0.0, 0.0, 1.0])])
def test_fast_batches_are_left_out_but_never_the_end_of_an_epoch(bundles, monkeypatch, pause, drawn):
    monkeypatch.setattr(show.TrainingBar, "PAUSE", pause)
    bar, history, values = show.training_bar(), train.History(), []
    for batch in (1, 2, 2):
        history.training_loss += [0.5] * (len(values) == 2)           # the third state: the epoch is over
        bar(train.State(1, 1, batch, 2, 0.5, 1.0, history))
        values.append(bar.bar.value)
    assert values == drawn


def test_without_a_notebook_a_line_per_epoch_is_printed(capsys):
    train_with(show.training_bar("accuracy"), epochs=2)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" · ")[0] for line in lines] == ["epoch 1 of 2", "epoch 2 of 2", "ended after epoch 2 of 2"]
    assert "validation accuracy 0.750" in lines[0]


def test_the_line_names_what_there_is():
    history = train.History([0.5], [0.625], seconds=[4.0])
    state = train.State(1, 4, 10, 10, 0.5, 4.0, history)
    assert show.training_line(state) == "epoch 1 of 4 · loss 0.500 · validation loss 0.625 · 12 s left"
    history = train.History([0.5, 0.4], [0.625, 0.7], [0.9, 0.8], [4.0, 4.0], kept_best=True)
    state = train.State(2, 4, 10, 10, 0.4, 8.0, history, finished=True)
    assert show.training_line(state) == \
        "ended after epoch 2 of 4 · loss 0.400 · validation AUC 0.800 · weights of epoch 1 · 8 s"


def test_in_a_kernel_the_bar_is_stored_without_what_changes(tmp_path):
    source = """
import torch
from helpers import show, train
inputs = torch.linspace(-1, 1, 8)[:, None]
history = train.fit(torch.nn.Linear(1, 1), inputs, inputs[:, 0] > 0, loss=torch.nn.BCEWithLogitsLoss(), epochs=2,
                    learning_rate=0.1, progress=show.training_bar())
len(history)"""
    with nbrun.Kernel(tmp_path) as kernel:
        outputs = kernel.run(source).outputs
    assert [output.output_type for output in outputs] == ["display_data", "execute_result"]
    assert outputs[0].data["text/plain"] == show.TrainingBar.PREVIEW and outputs[1].data["text/plain"] == "2"

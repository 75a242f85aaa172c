"""Figures become visible only with alt text, and the same figure gives the same bytes."""
import base64
import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from helpers import show


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

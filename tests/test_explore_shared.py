"""What explorers are made of: words and numbers, lines of text, pictures, frames, controls that set others."""
import re
from pathlib import Path

import ipywidgets as widgets
import numpy as np
import pytest
from bench_explorers import EXPLORERS
from skimage.transform import resize

from helpers import explore
from helpers.explore import canvas, lettering, pictures, wording
from helpers.explore.controls import one_picture, tick
from helpers.explore.live import live_figure

FOLDER = Path(explore.__file__).parent
MODULES = {getattr(explore, name).__module__.rpartition(".")[2] for name in explore.__all__}     # of explorers
ROW = 36                                                                 # screen pixels of a row of controls
WIDER = {"shrinking_nodule in a slice": 1065}                            # screen pixels; all others 1037 at most


# all explorers

def test_an_explorer_uses_what_is_shared_and_no_other_explorer():
    assert len(MODULES) > 30
    for name in MODULES:
        source = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
        imported = re.findall(r"^from helpers\.explore\.(\w+) import", source, re.MULTILINE)
        assert not MODULES.intersection(imported), name


@pytest.mark.parametrize("name", explore.__all__)
def test_the_docstring_says_which_prediction_an_explorer_serves(name):
    text = getattr(explore, name).__doc__
    assert re.search(r"(Serves the prediction|The prediction it serves): .+?\?", text, re.DOTALL)


@pytest.mark.parametrize("name", EXPLORERS)
def test_controls_are_labelled_and_bounded_and_all_fits_on_a_slide(name):
    explorer = EXPLORERS[name]()
    for key, control in explorer.controls.items():
        assert control.description.strip(), f"{key} has no label"
        ends = not hasattr(control, "max") or control.min < control.max
        assert ends or hasattr(control, "options"), f"{key} cannot be moved"
    assert len(explorer.describe().split()) >= 10, "alt text says too little"
    if explorer.controls:
        width, height = explorer.view.size
        assert width <= WIDER.get(name, 1037) and height <= 400 and height + ROW * (len(explorer.children) - 1) <= 480


# numbers and words

@pytest.mark.parametrize("number, expected", [(0.32, 0.4), (0.4, 0.4), (70, 70), (71, 80), (0.0101, 0.02)])
def test_rounded_up_to_one_digit(number, expected):
    assert wording.one_digit(number) == pytest.approx(expected)


@pytest.mark.parametrize("number, text", [(0.0, "0.00"), (-0.004, "0.00"), (-0.0051, "−0.01"), (12.345, "+12.35"),
                                          (float("inf"), "+inf"), (np.float32(-2), "−2.00")])
def test_a_sign_stands_only_before_what_is_not_zero(number, text):
    assert wording.with_sign(number) == text
    assert wording.with_sign(number).startswith(("+", "−")) == (float(text.replace("−", "-")) != 0)


def test_the_sign_of_an_exponent_is_a_minus_too():
    assert wording.with_sign(-1.5e-7, ".3g") == "−1.5e−07"


@pytest.mark.parametrize("digits", [1, 2, 3])
def test_a_probability_is_never_said_to_be_0_or_1(digits):
    for p in (0.0, 1e-9, 10**-digits / 2, 0.3, 1 - 10**-digits / 2, 1.0):
        said = wording.chance(p, digits)
        assert float(said.split()[-1]) not in (0, 1)
        assert said.startswith("below" if p < 10**-digits else "above" if p > 1 - 10**-digits else "0.")


@pytest.mark.parametrize("size, text", [(1, "1 B"), (1536, "1.5 KiB"), (4 * 2**30, "4 GiB"), (2**21, "2 MiB"),
                                        (1500 * 2**30, "1,500 GiB")])
def test_readable_sizes(size, text):
    assert wording.readable_bytes(size) == text


# lines of text

def test_written_text_is_dark_on_white_and_not_cut():
    short, long = lettering.written("1"), lettering.written("not a number")
    assert short.shape[0] == long.shape[0] and short.shape[1] < long.shape[1]
    assert long.min() < 50 and (long[[0, -1]] == 255).all() and (long[:, -1] == 255).all()
    assert (lettering.written("") == 255).all()


def test_a_word_that_is_too_wide_is_written_one_pixel_smaller():
    usual, narrow = lettering.word("multiplications"), lettering.word("multiplications", most=60)
    assert narrow.height == usual.height and narrow.width == lettering.word("multiplications", size=12).width
    assert narrow.width < usual.width == lettering.word("multiplications", most=usual.width).width


def test_every_sign_of_an_explorer_is_in_the_font():
    signs = {sign for path in FOLDER.glob("*.py") for sign in path.read_text(encoding="utf-8") if ord(sign) > 126}
    missing = np.asarray(lettering.word("\uffff"))
    for sign in signs:
        assert not np.array_equal(np.asarray(lettering.word(sign)), missing), sign


# pictures

@pytest.mark.parametrize("place", [(50, 20), (1, 94), (94, 1)])
def test_a_frame_surrounds_the_nodule_and_stays_in_the_picture(place):
    pixel = np.zeros((96, 96), bool)
    pixel[place] = True
    frame = pictures.framed(np.zeros((96, 96, 3), np.uint8), pixel, margin=3).any(axis=-1)
    edges = [sorted({max(side - 3, 0), min(side + 3, 95)}) for side in place]
    corners = [(row, column) for row in edges[0] for column in edges[1]]
    assert [(row, column) for row, column in np.argwhere(frame) if row in edges[0] and column in edges[1]] == corners
    (top, bottom), (left, right) = edges
    assert frame.sum() == 2 * (bottom - top + right - left) and not frame[top + 1:bottom, left + 1:right].any()


def test_a_frame_lies_just_inside_its_pixels_and_is_cut_at_the_rim():
    view = np.zeros((100, 120, 3), np.uint8)
    pictures.frame(view, [(2, 4), (-1, 3)], (1, 0), zoom=10)
    red = (view == pictures.RED).all(axis=-1)
    expected = np.zeros((100, 120), bool)
    expected[10:40, :40] = True
    expected[13:37, :37] = False                                       # no left side: it lies beyond the view
    assert np.array_equal(red, expected)


def test_zoomed_pixels_are_those_of_scikit_image():
    picture = np.random.default_rng(0).integers(0, 256, (3, 5, 3), dtype=np.uint8)
    larger = resize(picture, (12, 20), order=0, preserve_range=True)
    assert np.array_equal(pictures.zoomed(picture, 4), larger)
    assert np.array_equal(pictures.zoomed(picture[..., 0], 4), larger[..., 0])


@pytest.mark.parametrize("size, box", [((3, 5), (8, None)), ((4, 4), (7, 10)), ((6, 9), (6, 9))])
def test_a_picture_lies_in_the_middle_of_its_box(size, box):
    boxed = pictures.in_box(np.zeros((*size, 3), np.uint8), *box)
    assert boxed.shape == (box[0], box[1] or box[0], 3) and (boxed == 0).all(axis=-1).sum() == np.prod(size)
    for axis in (0, 1):
        first, *_, last = np.flatnonzero((boxed == 0).all(axis=-1).any(axis=1 - axis))
        before, after = first, boxed.shape[axis] - 1 - last
        assert after - before in (0, 1)                                # of an odd rest the larger half comes last


def test_what_the_page_draws_has_the_colours_of_its_programs():
    programs = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.js"))
    for colour in (canvas.RED, canvas.BLUE):
        assert re.search(rf"\b{colour[0]}, {colour[1]}, {colour[2]}\b", programs), colour


# controls

def test_a_control_that_sets_others_is_one_picture(strict_widgets):
    controls = {"leader": widgets.IntSlider(0, 0, 9), "follower": widgets.IntSlider(0, 0, 9), "ring": tick("ring")}
    drawn = []

    def update(**values):
        drawn.append(values)
        return str(values), str(values)

    def follow(change):
        with one_picture(controls["leader"]):
            controls["follower"].value = change["new"]
            assert controls["leader"].busy

    controls["leader"].observe(follow, "value")
    fig = pictures.pixel_figure(40, 40)
    live_figure(controls, fig, [], update)
    controls["leader"].value = 5
    assert drawn == [{"leader": 0, "follower": 0, "ring": False}, {"leader": 5, "follower": 5, "ring": False}]
    assert not controls["leader"].busy


def test_a_control_is_free_again_after_an_error():
    control = widgets.IntSlider()
    with pytest.raises(ZeroDivisionError), one_picture(control):
        raise ZeroDivisionError
    assert not control.busy

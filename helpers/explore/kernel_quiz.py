"""A quiz: which kernel made which picture?"""
import html

import ipywidgets as widgets
import numpy as np

from helpers.explore.controls import button, choice
from helpers.explore.filtering import KERNELS, filtered
from helpers.explore.lettering import written
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import grey, kernel_numbers, kernel_picture, note, pixel_figure, prepared

CLUES = {  # the kernels of the quiz, and what gives their pictures away
    "identity": "every pixel is as bright and every edge as sharp as in the original.",
    "sharpen": "flat areas keep their grey level: sum 1; edges have bright and dark rims: some numbers are negative.",
    "box 5 × 5": "flat areas keep their grey level: sum 1; fine detail is smeared: no number is negative.",
    "Sobel x": "flat areas are mid-grey: sum 0; edges that run up and down stand out: left and right differ.",
    "Sobel y": "flat areas are mid-grey: sum 0; edges that run across stand out: top and bottom differ.",
    "Laplace": "flat areas are mid-grey: sum 0; edges of all directions are thin double lines: no side is preferred.",
}
LETTERS, COLUMN, UNDECIDED = "ABCDE", 162, "?"


def quiz_order(seed):
    """The kernels behind the pictures A to E: five of the six of CLUES, shuffled."""
    return [str(name) for name in np.random.default_rng(seed).permutation(list(CLUES))[:len(LETTERS)]]


def cues(original, result):
    """A picture in words that do not name its kernel, so that the quiz can be done without seeing."""
    down, across = (np.square(slope) for slope in np.gradient(original))
    power = np.square(result - result.mean())
    ratio = np.sqrt((power * across).mean() * down.mean() / ((power * down).mean() * across.mean()))
    finer = np.abs(np.diff(result)).mean() / np.abs(np.diff(original)).mean()
    return (f"mean {result.mean():.2f}; neighbours differ {finer:.2g} times as much as in the original; {ratio:.2f} "
            "times as strong where brightness changes from left to right as where it changes from top to bottom")


def which_kernel(image, seed=0):
    """A quiz: five pictures made from one image by five of six kernels; say which kernel made which.

    Serves the prediction: here are six kernels; which made which picture, and what gives each away?

    image : array (H, W), from 0 to 1, uint8 or in HU; larger ones are shrunk.  seed : another one gives another order.
    Returns an explorer; its `score()` is the number of right answers.  Raises ValueError for what is no image.
    """
    image, (black, white) = prepared(image, side=144)
    image = np.clip((image - black) / (white - black), 0, 1)
    truth = dict(zip(LETTERS, quiz_order(seed), strict=True))
    results = {letter: filtered(image, name) for letter, name in truth.items()}
    told = {letter: cues(image, result) for letter, result in results.items()}
    controls = {letter: choice(letter, [UNDECIDED, *CLUES], width="170px") for letter in LETTERS}
    marks, reply = {}, widgets.HTML(layout=widgets.Layout(min_height="24px"))
    fig, labels = _quiz_figure(image, truth, results)

    def forget(change):
        marks.clear()
        reply.value = ""

    for control in controls.values():
        control.observe(forget, "value")

    def update(**answers):
        texts = answers | marks
        for letter, inset in zip(LETTERS, labels[-len(LETTERS):], strict=True):
            inset.show(written(f"{letter}: {texts[letter]}"))
        return "", "Six kernels as numbers, and pictures that five of them made. " + " ".join(
            f"{letter}, answered {texts[letter]}: {told[letter]}." for letter in LETTERS)

    explorer = live_figure(controls, fig, labels, update)
    explorer.reply, explorer.score = reply, lambda: sum(controls[key].value == name for key, name in truth.items())
    return _with_buttons(explorer, truth, marks)


def _with_buttons(explorer, truth, marks):
    explorer.check, explorer.reveal = map(button, ("Check", "Show the answers"))

    def answer(pressed):
        lines = []
        for letter, name in truth.items():
            said = explorer.controls[letter].value
            if pressed is explorer.reveal:
                marks[letter] = f"is {name}"
                lines.append(f"{letter} is {name}: {CLUES[name]}")
            elif said == UNDECIDED:
                lines.append(f"{letter} has no answer yet.")
            else:
                marks[letter] = f"{said} {'✓' if said == name else '✗'}"
                lines += [] if said == name else [f"{letter} is not {said}: {CLUES[name]}"]
        explorer.reply.value = (f'<div role="status"><b>{explorer.score()} of {len(truth)} right.</b><br>'
                                f'{"<br>".join(map(html.escape, lines))}</div>')
        explorer.refresh()

    explorer.check.on_click(answer)
    explorer.reveal.on_click(answer)
    *above, view = explorer.children
    explorer.children = (*above, widgets.HBox([explorer.check, explorer.reveal]), view, explorer.reply)
    return explorer


def _quiz_figure(image, truth, results):
    """The figure and its insets, those last in which the answers are written."""
    height = len(image)
    fig, insets = pixel_figure(16 + 6 * COLUMN, height + 152), []
    note(fig, 8, height + 60, "six kernels,\nin an order\nof their own", ha="left", va="top")
    shown = [image, *(one if KERNELS[truth[letter]].sum() else one / 2 + 0.5 for letter, one in results.items())]
    for column, picture in enumerate(shown):
        insets.append(Inset(8 + COLUMN * column, 4))
        insets[-1].show(grey(np.clip(picture, 0, 1)))
    for column, name in enumerate(CLUES):
        numbers, factor = kernel_numbers(KERNELS[name])
        for top, part in ((height + 40, kernel_picture(numbers, 80)), (height + 124, written(f"{name} {factor}"))):
            insets += [Inset(130 + 146 * column, top)]
            insets[-1].show(part)
    note(fig, 8, height + 16, "original", ha="left")
    return fig, insets + [Inset(8 + COLUMN * column, height + 8) for column in range(1, 1 + len(LETTERS))]

"""Arrays to figures with alternative text: the one way a picture becomes visible in this course."""
import base64
import html
import io
import time

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from IPython.display import display
from matplotlib.figure import Figure
from PIL import Image

# Okabe and Ito's palette, safe for colour-blind readers (jfly.uni-koeln.de/color).
BLUE, ORANGE, GREEN, RED, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#6B6B6B"
DPI = 96
STYLE = {
    "figure.dpi": DPI, "savefig.dpi": DPI, "font.size": 11, "axes.titlesize": 12, "axes.labelsize": 11,
    "axes.spines.top": False, "axes.spines.right": False, "image.interpolation": "nearest",
    "image.cmap": "gray", "axes.prop_cycle": plt.cycler(color=[BLUE, ORANGE, GREEN, RED, GREY]),
}
plt.rcParams.update(STYLE)


def encode(fig):
    """The figure as PNG bytes, the same bytes for the same picture."""
    buffer = io.BytesIO()
    fig.savefig(buffer, format="rgba")
    width, height = (int(side) for side in fig.canvas.get_width_height(physical=True))
    pixels = np.frombuffer(buffer.getvalue(), np.uint8).reshape(height, width, 4)
    return png(pixels[..., :3])


def png(pixels):
    """PNG bytes of an RGB picture, uint8 of shape (H, W, 3)."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png")
    return buffer.getvalue()


def bundle(picture, alt, caption=""):
    """MIME bundle of PNG bytes: HTML with alt text first, since Jupyter shows no alt for a bare PNG.

    caption : short text above the picture.
    """
    if not alt or not alt.strip():
        raise ValueError("A picture needs alt text: one sentence that says what it shows.")
    code = base64.b64encode(picture).decode()
    width, height = Image.open(io.BytesIO(picture)).size
    tag = (f'<img alt="{html.escape(alt, quote=True)}" width="{width}" height="{height}" '
           f'style="max-width:100%;height:auto" src="data:image/png;base64,{code}">')
    above = f"<p><b>{html.escape(caption)}</b></p>" if caption else ""
    return {"text/plain": alt, "text/html": above + tag, "image/png": code}


def figure(fig, alt):
    """Show a figure with alternative text, and close it.

    fig : matplotlib Figure.
    alt : one or two sentences a blind learner can work with: what is shown, and what stands out.
    Raises TypeError for anything but a figure, ValueError for an empty text.
    """
    if not isinstance(fig, Figure):
        raise TypeError(f"show.figure needs a matplotlib figure, not {type(fig).__name__}: pass plt.gcf() or fig.")
    plt.close(fig)
    display(bundle(encode(fig), alt), raw=True)


def training_bar(score="AUC"):
    """A bar with a line of text that follows a training: `train.fit(..., progress=show.training_bar())`.

    score : what the line calls the validation score.
    In a notebook the bar appears when the training begins; a stored notebook keeps a sentence in its place. Elsewhere
    one line per epoch is printed.  Returns a function of a train.State; it serves any number of trainings.
    """
    in_notebook = getattr(get_ipython(), "kernel", None) is not None
    return TrainingBar(score) if in_notebook else TrainingLines(score)


class TrainingBar:
    """The bar in a notebook: `box` holds it from the first state of a training on."""

    PREVIEW = "A bar follows the training while this cell runs: epoch, loss, score and time left."
    PAUSE = 0.1                              # seconds between two pictures: nobody reads faster

    def __init__(self, score="AUC"):
        self.score, self.box, self.history, self.drawn = score, None, None, 0.0

    def __call__(self, state):
        if state.history is not self.history:      # another training than the last
            self._appear(state.history)
        now, epoch_over = time.monotonic(), len(state.history) == state.epoch
        if now - self.drawn >= self.PAUSE or epoch_over or state.finished:
            self.drawn, self.bar.value, self.line.value = now, state.share, training_line(state, self.score)
        if state.finished:
            self.bar.bar_style = "warning" if state.history.interrupted else "success"

    def _appear(self, history):
        self.bar = widgets.FloatProgress(max=1.0, description="Training", layout=widgets.Layout(width="40%"))
        self.line = widgets.Label()
        self.box = widgets.HBox([self.bar, self.line])
        self.history, self.drawn = history, 0.0
        display({**self.box._repr_mimebundle_(), "text/plain": self.PREVIEW}, raw=True)


class TrainingLines:
    """The same without a notebook: a printed line per epoch, and one at the end."""

    def __init__(self, score="AUC"):
        self.score = score

    def __call__(self, state):
        if state.finished or len(state.history) == state.epoch:
            print(training_line(state, self.score), flush=True)


def training_line(state, score="AUC"):
    """One line about the state of a training: where it is, training loss, validation score, seconds."""
    history, epochs = state.history, f"{state.epoch} of {state.epochs}"
    if not state.finished:
        begin, end = f"epoch {epochs}", f"{state.seconds_left:.0f} s left"
    else:
        verb = "interrupted in" if history.interrupted else "ended after"
        begin, end = f"{verb} epoch {epochs}", f"{state.seconds:.0f} s"
    texts = [begin, f"loss {state.loss:.3f}"]
    if history.validation_score:
        texts.append(f"validation {score} {history.validation_score[-1]:.3f}")
    elif history.validation_loss:
        texts.append(f"validation loss {history.validation_loss[-1]:.3f}")
    if state.finished and history.kept_best:
        texts.append(f"weights of epoch {history.best_epoch}")
    return " · ".join([*texts, end])

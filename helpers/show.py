"""Arrays to figures with alternative text: the one way a picture becomes visible in this course."""
import base64
import html
import io

import matplotlib.pyplot as plt
import numpy as np
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

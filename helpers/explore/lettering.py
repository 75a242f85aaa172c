"""Lines of text as pictures, for live figures: matplotlib's own text would take most of the time of an update."""
from functools import lru_cache

import numpy as np
from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont

SANS, MONO = (font_manager.findfont(name) for name in ("DejaVu Sans", "DejaVu Sans Mono"))
WIDEST = 1036                                                            # screen pixels that fit on a slide


@lru_cache
def font(size, file=SANS):
    """A font for Pillow; size in pixels.  file : SANS or MONO, which have ×, − and all other signs that are used."""
    return ImageFont.truetype(file, size)


@lru_cache(maxsize=1024)
def written(text, height=20):
    """A line of text in 15 pixels, black on white: uint8 (height, W, 3), which others use too: do not write into it."""
    picture = Image.new("RGB", (int(font(15).getlength(text)) + 4, height), "white")
    ImageDraw.Draw(picture).text((0, height / 2), text, "black", font(15), anchor="lm")
    return np.array(picture)


@lru_cache(maxsize=2048)
def word(text, colour="black", size=13, file=SANS, most=WIDEST):
    """A line of text as a Pillow image to be pasted, one pixel smaller if it would be wider than `most`."""
    chosen = font(size, file)
    if chosen.getlength(text) > most:
        chosen = font(size - 1, file)
    line = Image.new("RGB", (round(chosen.getlength(text)) + 1, size + 3 + size // 6), "white")
    ImageDraw.Draw(line).text((line.width / 2, line.height / 2), text, colour, chosen, anchor="mm")
    return line

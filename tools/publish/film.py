"""The states of an explorer as pictures, for pages without a kernel."""
import hashlib
import math
import random
from contextlib import contextmanager
from itertools import product

import numpy as np
import torch

from publish import pictures

STEPS = 7                     # pictures of a control with many values; an uneven number has a middle
PRESETS = 14                  # named settings are all shown, as far as anybody would step through them
GRID = 90                     # with no more states than this every combination of the controls is shown
IDLE = ("your own",)          # a named setting that sets nothing


def film(explorer):
    """What a page needs to step through an explorer: a dict for JSON.

    size : width and height of the pictures.  frames : each with src, alt and caption; the first is the present state.
    controls : label, values in words and the number of the present value of each.  grid : the frame of every
    combination, the last control moving fastest; or, where there are too many of them, None.  strips : else, for each
    control, the frame of each of its values while the others stay.
    The explorer is left as it was found; RuntimeError where that fails.
    """
    frames, start, before = Frames(explorer.view), settings(explorer), explorer.view.png
    frames.take()
    moves = {name: found for name, control in explorer.controls.items() if (found := choices(control))}
    few = math.prod(map(len, moves.values())) <= GRID
    with same_random_numbers():
        grid = [frames.after(explorer, start, dict(zip(moves, combination, strict=True)))
                for combination in product(*moves.values())] if few else None
        strips = None if few else [[frames.after(explorer, start, {name: value}) for value in values]
                                   for name, values in moves.items()]
    if explorer.view.png != before or settings(explorer) != start:
        raise RuntimeError(f"The film of an explorer has changed it: {explorer.describe()}")
    return {"kind": "film", "size": list(explorer.view.size), "frames": frames.kept, "grid": grid, "strips": strips,
            "controls": [described(explorer.controls[name], values) for name, values in moves.items()]}


def described(control, values):
    """A control for the page."""
    words = {value: label for label, value in getattr(control, "_options_full", ())}
    return {"label": control.description, "now": values.index(control.value),
            "values": [words[value] if words else readout(control, value) for value in values]}


class Frames:
    """Pictures of a view, each kept once."""

    def __init__(self, view):
        self.view, self.kept, self.numbers = view, [], {}

    def after(self, explorer, start, change):
        """The number of the picture after a change of some controls, which are then set back."""
        for name, value in change.items():
            explorer.controls[name].value = value
        number = self.take()
        restore(explorer, start)
        return number

    def take(self):
        """The number of the present picture."""
        key = hashlib.sha256(f"{self.view.alt}\0{self.view.caption}".encode() + self.view.png).digest()
        if key not in self.numbers:
            self.numbers[key] = len(self.kept)
            self.kept.append({"src": webp(self.view.png), "alt": self.view.alt, "caption": self.view.caption})
        return self.numbers[key]


def webp(png):
    """A picture, PNG bytes, as the data address of one in WebP."""
    return pictures.address(pictures.webp(png))


def settings(explorer):
    """The value of every control by name."""
    return {name: control.value for name, control in explorer.controls.items()}


def restore(explorer, start):
    """Set every control back. Twice, since some set others, and some set the limits of others."""
    for _ in range(2):
        for name, control in explorer.controls.items():
            control.value = start[name]


def choices(control):
    """The values of a control that are worth a picture, the present one among them; none for what has no values."""
    if hasattr(control, "options"):
        values = [value for label, value in control._options_full if label not in IDLE or value == control.value]
        return spread(values, PRESETS if control.description == "preset" else STEPS + 2, control.value)
    if isinstance(getattr(control, "value", None), bool):
        return [False, True]
    return numbers_between(control) if hasattr(control, "max") else []


def spread(values, most, kept):
    """At most so many of the values, evenly spread, the ends and the kept one among them."""
    if len(values) <= most:
        return values
    places, place = [round(at) for at in np.linspace(0, len(values) - 1, most)], values.index(kept)
    if place not in places:
        places[min(range(1, most - 1), key=lambda at: abs(places[at] - place))] = place
    return [values[at] for at in places]


def numbers_between(control):
    """Values of a slider or box from its least to its most, the present one among them.

    Whole numbers up to a hundred times the least and more grow by equal factors: 1, 4, 16 … 4096.
    """
    low, high, step = control.min, control.max, control.step or 1
    whole = isinstance(low, int)
    ends = (np.geomspace if whole and low > 0 and high >= 100 * low else np.linspace)(low, high, STEPS)
    found = {min(low + round((end - low) / step) * step, high) for end in ends.tolist()}
    return sorted(found | {control.value})


def readout(control, value):
    """A value as the control prints it; yes and no for a check box."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format(value, "d" if isinstance(value, int) else getattr(control, "readout_format", "g")).replace("-", "−")


@contextmanager
def same_random_numbers():
    """Whatever draws random numbers in here, the notebook does not notice."""
    kept = random.getstate(), np.random.get_state(), torch.get_rng_state()
    yield
    random.setstate(kept[0])
    np.random.set_state(kept[1])
    torch.set_rng_state(kept[2])

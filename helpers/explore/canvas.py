"""What the explorers share that the page draws, and Python only for the stored notebook: checks, colours, bars.

Colours and arithmetic are those of their JavaScript.
"""
import anywidget
import numpy as np
import traitlets

PAPER, INK, LINE = (255, 255, 255), (33, 33, 33), "#8a8a8a"
RED, BLUE = (178, 24, 43), (33, 102, 172)                                # of 1 and of -1, see `tint`


class GridView(anywidget.AnyWidget):
    """A grid of cells, one of them chosen by the cursor, [row, column] counted from 0."""

    shape = traitlets.List(traitlets.Int(), [1, 1]).tag(sync=True)
    cursor = traitlets.List(traitlets.Int(), [0, 0]).tag(sync=True)

    @traitlets.validate("cursor")
    def _check_cursor(self, proposal):
        if not inside(proposal.value, self.shape):
            raise traitlets.TraitError(f"cursor needs [row, column] inside {self.shape}, counted from 0.")
        return proposal.value


def as_numbers(values, name):
    """Anything NumPy or torch can turn into float64; ValueError with one sentence otherwise."""
    try:
        return np.asarray(values.detach() if hasattr(values, "detach") else values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be an array of numbers, not {type(values).__name__}.") from None


def inside(place, shape):
    """Whether a place, one number per axis counted from 0, lies in an array of this shape.

    >>> inside((2, 0), (3, 4)), inside((3, 0), (3, 4)), inside((1,), (3, 4))
    (True, False, False)
    """
    return len(place) == len(shape) and all(0 <= at < count for at, count in zip(place, shape, strict=True))


def grey_levels(values, low, high):
    """Numbers to grey levels on a fixed range: low is 0 (black), high is 255 (white), beyond them is cut off.

    values : array of any shape. Returns uint8 of the same shape.

    >>> grey_levels([-1.0, 0.0, 0.5, 1.0], 0, 1)
    array([  0,   0, 128, 255], dtype=uint8)
    """
    share = np.clip((np.asarray(values, dtype=np.float64) - low) / (high - low), 0, 1)
    return np.floor(share * 255 + 0.5).astype(np.uint8)


def tint(shares):
    """Shares from -1 to 1 as blue, white, red, uint8 of shape (..., 3).

    >>> tint([-1.0, 0.0, 1.0]).tolist()
    [[33, 102, 172], [255, 255, 255], [178, 24, 43]]
    """
    shares = np.asarray(shares)[..., None]
    return np.uint8(np.round(255 + (np.where(shares < 0, BLUE, RED) - 255) * np.abs(shares)))


def bars(axis, values, colours, ends):
    """Horizontal bars in a box with a line in the middle.

    values : dict of label to length.  colours : one per bar.  ends : of the axis.  Returns the axis.
    """
    axis.barh(list(values), list(values.values()), color=colours)
    axis.axvline(sum(ends) / 2, color="black")
    axis.set(xlim=ends, xticks=[])
    axis.tick_params(length=0, labelsize=10)
    axis.spines[:].set(visible=True, color=LINE)
    return axis

"""Explorer of pooling: the largest, the mean or the median of each window, and what a shift of the input does to it."""
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from helpers import conv, filters, show
from helpers.explore.controls import choice, follow_preset, slider
from helpers.explore.lettering import font, written
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import grey, note, pixel_figure, prepared, signed, zoomed

KINDS = {"max": np.max, "average": np.mean, "median": np.median}
MOST, BOX, WHOLE, TOP = 4, 240, 0, 185     # pixels of shift; screen pixels of a map; window as large as it; %
EDGES, SCAN, PEAK, WINDOW = "edges in the scan", "the scan", "a peak, 8 × 8 numbers", "one window, 2 × 2 numbers"
NUMBERS = {
    PEAK: np.pad([[0, 0, 1, 1, 0, 0], [0, 2, 3, 3, 2, 0], [1, 3, 5, 5, 3, 1], [1, 3, 5, 5, 3, 1], [0, 2, 3, 3, 2, 0],
                  [0, 0, 1, 1, 0, 0]], ((0, 2), (0, 2))).astype(float),
    WINDOW: np.array([[1.0, 3.0], [2.0, 0.0]]),
}
PRESETS = {  # input, kind, window, stride, right, down
    "nothing moved": (EDGES, "max", 2, 2, 0, 0),
    "shifted by 1": (EDGES, "max", 2, 2, 1, 0),
    "shifted by 2, the stride": (EDGES, "max", 2, 2, 2, 0),
    "shifted by 1, average": (EDGES, "average", 2, 2, 1, 0),
    "shifted by 1, a larger window": (EDGES, "max", 4, 4, 1, 0),
    "overlapping windows: 3, stride 2": (EDGES, "max", 3, 2, 1, 0),
    "no stride: a rank filter": (EDGES, "median", 3, 1, 0, 0),
    "a peak in one window": (PEAK, "max", 2, 2, 0, 0),
    "a peak, shifted to the right": (PEAK, "max", 2, 2, 1, 0),
    "a peak, shifted both ways": (PEAK, "max", 2, 2, 1, 1),
    "a peak, global maximum": (PEAK, "max", WHOLE, 1, 3, 2),
    "one window: maximum": (WINDOW, "max", 2, 2, 0, 0),
    "one window: median": (WINDOW, "median", 2, 2, 0, 0),
}


def pooled(values, kind="max", window=2, stride=2):
    """One number for each window of a map (H, W), as `nn.MaxPool2d(window, stride)` does.

    kind : of KINDS.  window : side in pixels, WHOLE for all of the map; never larger than the map.

    >>> pooled(NUMBERS[WINDOW]).tolist(), pooled(NUMBERS[WINDOW], "median").tolist()
    ([[3.0]], [[1.5]])
    """
    side = min(window or min(values.shape), *values.shape)
    return KINDS[kind](conv.windows(values, (side, side), stride), axis=(-2, -1))


def change(before, after):
    """How much a map changed: mean absolute difference in percent of the mean absolute value before.

    >>> change(np.array([1.0, 3.0]), np.array([2.0, 3.0]))
    25.0
    """
    size = np.abs(before).mean()
    return float(100 * np.abs(after - before).mean() / size) if size else 0.0


def along(before, after, right, down):
    """Two maps, the first moved by whole cells, as far as both know all cells: two arrays of one shape.

    >>> along(np.array([[1, 2, 3]]), np.array([[9, 1, 2]]), right=1, down=0)
    (array([[1, 2]]), array([[1, 2]]))
    """
    rows, columns = before.shape
    return before[:rows - down, :columns - right], after[down:, right:]


class Shifted:
    """A map that can be shifted: true neighbours move in where there are any, else what goes out comes in again.

    values : (H, W), with MOST more rows above and columns to the left if `neighbours`.
    limit : of the grey scale.  numbers : whether the map is small enough to be written out.
    """

    def __init__(self, values, limit, neighbours):
        self.values, self.limit, self.neighbours, self.numbers = values, limit, neighbours, not neighbours
        self.pool = lru_cache(maxsize=4096)(self._pool)

    def at(self, right, down):
        """The map shifted by whole pixels, 0 to MOST."""
        if not self.neighbours:
            return np.roll(self.values, (down, right), (0, 1))
        rows, columns = self.values.shape
        return self.values[MOST - down:rows - down, MOST - right:columns - right]

    def _pool(self, kind, window, stride, right, down):
        return pooled(self.at(right, down), kind, window, stride)

    def changes(self, kind, window, stride, down):
        """For each shift to the right, 0 to MOST: change in percent of the input, of the pooled map, and of the pooled
        map against the old one moved by whole cells, NaN where the shift is no multiple of the stride.
        """
        now, lines = self.pool(kind, window, stride, 0, 0), []
        for right in range(MOST + 1):
            after, moved = self.pool(kind, window, stride, right, down), np.nan
            cells = (right // stride, down // stride)
            if right % stride == down % stride == 0 and window != WHOLE and all(
                    cell < side for cell, side in zip(cells, now.shape[::-1], strict=True)):
                moved = change(*along(now, after, *cells))
            lines.append((change(self.at(0, 0), self.at(right, down)), change(now, after), moved))
        return np.array(lines).T


def pooling(image):
    """Pool a map, shift it by a few pixels, and measure how much the pooled map changes.

    Serves the prediction: shift the input by one pixel: does the max-pooled map stay the same?

    image : array (H, W) in HU, uint8 or from 0 to 1; its middle is used, and how it answers to a filter for edges.
    Returns an explorer.  Raises ValueError for what is no image, or one of less than 32 pixels a side.
    """
    inputs = _inputs(image)
    controls = _controls(list(inputs))
    follow_preset(controls["preset"], PRESETS, list(controls.values())[1:])
    fig, artists = _figure()

    def update(preset, source, kind, window, stride, right, down):
        given = inputs[source]
        before, after = (given.pool(kind, window, stride, *way) for way in ((0, 0), (right, down)))
        maps = {"input": given.at(right, down), "before": before, "after": after, "difference": after - before}
        for name, values in maps.items():
            artists[name].pixels = _boxed(picture(values, given, name, stride), given)
        changes = given.changes(kind, window, stride, down)
        for name, line in zip(("of the input", "pooled", "along"), changes, strict=True):
            artists[name].set_data(range(MOST + 1), np.minimum(line, TOP))
        artists["now"].set_xdata([right, right])
        return _tell(artists, given, maps, changes[:, right], kind=kind, window=window, stride=stride, right=right,
                     down=down)

    return live_figure(controls, fig, list(artists.values()), update,
                       rows=[("preset", "source", "kind"), ("window", "stride", "right", "down")])


def _controls(inputs):
    start = PRESETS["nothing moved"]
    return {
        "preset": choice("preset", [*PRESETS, "your own"], width="310px"),
        "source": choice("input", inputs, start[0], width="260px"),
        "kind": choice("keep the", [("maximum", "max"), ("average", "average"), ("median", "median")], width="200px"),
        "window": choice("window", [("all", WHOLE), ("4 × 4", 4), ("3 × 3", 3), ("2 × 2", 2)], start[2], width="210px"),
        "stride": slider("stride", start[3], 1, 4, width="230px"),
        "right": slider("shift to the right", start[4], 0, MOST, width="280px"),
        "down": slider("shift down", start[5], 0, MOST, width="250px"),
    }


def _inputs(image):
    """The maps on offer by name."""
    if np.ndim(image) == 2 and min(np.shape(image)) < 32:
        raise ValueError(f"pooling needs an image of at least 32 pixels a side, not {np.shape(image)}.")
    image, (black, white) = prepared(image, side=80)
    levels = np.pad(np.clip((image - black) / (white - black), 0, 1), 3, "edge")         # to lose no pixel of 64
    edges = np.maximum(conv.cross_correlate(levels, filters.KERNELS["Sobel x"], padding=1), 0)      # and ReLU
    side = 12 * ((min(levels.shape) - MOST - 2) // 12)             # what 1, 2, 3 and 4 divide, without the outer rim
    top, left = ((length - side + MOST) // 2 for length in levels.shape)
    crop = lambda values: values[top - MOST:top + side, left - MOST:left + side]                       # noqa: E731
    limit = max(float(np.quantile(edges, 0.99)), 1e-3)
    return {**{name: Shifted(values, values.max(), False) for name, values in NUMBERS.items()},
            SCAN: Shifted(crop(levels), 1.0, True), EDGES: Shifted(crop(edges), limit, True)}


def picture(values, given, name, stride):
    """A map as a picture, pooled ones as large as what they were made of.

    given : the Shifted it belongs to.  name : "input", "before", "after" or "difference".
    """
    side = given.at(0, 0).shape[0]
    zoom = BOX // side * (1 if name == "input" else side if values.size == 1 else stride)
    if given.numbers:
        return _written_out(tuple(map(tuple, values.tolist())), zoom, given.limit, name == "difference")
    if name == "difference":
        return zoomed(signed(values, given.limit), zoom)
    return grey(zoomed(np.clip(values / given.limit, 0, 1), zoom))


def _boxed(drawn, given):
    """A picture with a thin line around it, at its place in a white box: pooled maps begin where the input does."""
    box, side = np.full((BOX + 2, BOX + 2, 3), 255, np.uint8), given.at(0, 0).shape[0]
    start, (height, width) = (BOX - BOX // side * side) // 2, drawn.shape[:2]
    box[start:start + height + 2, start:start + width + 2] = 176
    box[start + 1:start + height + 1, start + 1:start + width + 1] = drawn
    return box


@lru_cache(maxsize=256)
def _written_out(values, cell, limit, difference):
    """A map with its numbers in the cells; the largest possible in a thick frame."""
    values = np.array(values)
    colours = signed(values, limit / 0.45) if difference else grey(1 - 0.35 * values / limit)
    image = Image.new("RGB", (values.shape[1] * cell, values.shape[0] * cell), "white")
    drawing = ImageDraw.Draw(image)
    for (row, column), value in np.ndenumerate(values):
        corners = (column * cell, row * cell, (column + 1) * cell - 1, (row + 1) * cell - 1)
        peak = value == limit and not difference
        drawing.rectangle(corners, tuple(colours[row, column].tolist()), "black" if peak else "#9A9A9A",
                          3 if peak else 1)
        drawing.text(((column + 0.5) * cell, (row + 0.5) * cell), f"{value:.3g}".replace("-", "−"), "black",
                     font(min(20, max(12, cell // 2))), anchor="mm")
    return np.array(image)


def _figure():
    fig = pixel_figure(1036, 398)
    insets = {}
    titles = {"input": "input, shifted", "before": "pooled, input not shifted", "after": "pooled, input shifted",
              "difference": "difference of the two"}
    for number, (name, title) in enumerate(titles.items()):
        left = 8 + 259 * number
        insets[name] = Inset(left, 22)
        note(fig, left + BOX / 2, 11, title)
    note(fig, 906, 274, "blue: less than before, red: more", fontsize=10)
    insets |= {f"line {number}": Inset(430, 288 + 26 * number) for number in range(4)}
    axes = fig.add_axes((66 / 1036, 40 / 398, 320 / 1036, 80 / 398))
    axes.set(xlim=(-0.3, MOST + 0.3), ylim=(-12, TOP), xticks=range(MOST + 1), yticks=[0, 50, 100, 150],
             xlabel="shift to the right (pixels), down as chosen", ylabel="change (%)")
    axes.tick_params(labelsize=9)
    for axis in (axes.xaxis, axes.yaxis):
        axis.label.set_size(10)
    axes.grid(axis="y", alpha=0.4)
    looks = {"of the input": dict(ls="--", marker="s", color=show.GREY),
             "pooled": dict(ls="-", marker="o", color=show.BLUE),
             "along": dict(ls="none", marker="D", color="black", ms=9, mfc="none", mew=1.5)}
    lines = {name: axes.plot([], [], lw=2, clip_on=False, **{"ms": 6, **look})[0] for name, look in looks.items()}
    lines["now"] = axes.axvline(0, color=show.RED, lw=1.5)
    return fig, {**insets, "now": lines.pop("now"), **lines}


def _tell(artists, given, maps, changed, *, kind, window, stride, right, down):
    """Write the lines below the maps; returns caption and alt text."""
    size = lambda values: f"{values.shape[0]} × {values.shape[1]}"                                     # noqa: E731
    side = min(window or maps["input"].shape[0], maps["input"].shape[0])
    differ, cells = int((maps["after"] != maps["before"]).sum()), maps["before"].size
    word = {"max": "the largest", "average": "the mean", "median": "the median"}[kind]
    lines = [f"{size(maps['input'])} numbers → {size(maps['before'])}, each {word} of {side} × {side}",
             f"■ the input changes by {changed[0]:.0f} %",
             f"● the pooled map changes by {changed[1]:.0f} %: {differ} of {cells} cells differ",
             f"◇ {_moved_along(changed[2], window, stride, right, down)}"]
    for number, line in enumerate(lines):
        artists[f"line {number}"].pixels = written(line)
    moved = f"Shifted by {right} to the right and {down} down" if right or down else "Not shifted"
    caption = f"{moved}: the pooled map changes by {changed[1]:.0f} %, in {differ} of {cells} cells"
    if given.numbers:
        peaks = [int((maps[name] == given.limit).sum()) for name in ("before", "after")]
        caption += f"; cells that reach {given.limit:g}: {peaks[0]} before, {peaks[1]} after"
    return caption, f"A map, pooled before and after a shift of its input. {caption}. {'. '.join(lines)}."


def _moved_along(changed, window, stride, right, down):
    """What is left of the difference when the old map moves along, in half a sentence."""
    if not (right or down):
        return "nothing has moved"
    if window == WHOLE:
        return "one number for the whole map: no cells that could move along"
    if right % stride or down % stride:
        odd = right if right % stride else down
        return f"{odd} pixel{'s are' if odd > 1 else ' is'} no whole number of steps of {stride}"
    if np.isnan(changed):
        return "no cell is left to compare"
    ways = [(cells // stride, where) for cells, where in ((right, "to the right"), (down, "down")) if cells]
    way = f"{ways[0][0]} cell{'s' * (ways[0][0] > 1)} {ways[0][1]}" + "".join(f" and {n} {to}" for n, to in ways[1:])
    return f"the old map, {way}, differs by {changed:.3g} %{'' if changed else ': the same'}"

"""Explorer of occlusion: a patch hides one place after another, and the probability follows."""
from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np

from helpers import explain, loss, show
from helpers.explain.gradient_free import averaged, places
from helpers.explore.controls import choice, follow_preset, one_picture, slider
from helpers.explore.heat import AGAINST, FOR, Case, bar, edge, outlined, score_told
from helpers.explore.live import Inset, live_figure
from helpers.explore.pictures import in_box, middle, note, outline, pixel_figure, signed, zoomed
from helpers.explore.wording import chance, one_digit
from helpers.train import one_thread

BOX = 240                                                                # screen pixels of a picture
PATCHES, STRIDES = (4, 6, 8, 12, 16), (2, 3, 4, 6, 8)
PRESETS = {"small and fine": (4, 2), "as large as a nodule": (6, 3), "larger than a nodule": (8, 4), "coarse": (16, 8)}
PROBABILITY, SCORE = "probability", "score"


def occlusion(model, images, names=None, masks=None, fills=None):
    """Hide one place of a scan after another, and watch the answer of the network and the map that comes of it.

    Serves the prediction: where must the patch lie so that the probability falls below one half, and what does a
    larger patch do to the map?

    model : nn.Module with a single score for each image; a copy of it is asked, in evaluation mode.
    images : float tensor or array (N, C, H, W), 1 to 16, scaled as in training.  names : of the images.
    masks : bool (N, H, W), what is to be found, or None.
    fills : dict of name to number, what a hidden pixel may become; None offers 0 and the darkest and brightest pixel.
    Returns an explorer.  Raises ValueError for other shapes, or if the network does not take the images.
    """
    case = Case("occlusion", model, images, names, None, masks, BOX)
    if case.classes != [AGAINST, FOR]:
        raise ValueError(f"occlusion needs a network with a single score, not {len(case.classes)} of them.")
    fills = _fills(case) if fills is None else {str(name): float(value) for name, value in fills.items()}
    controls = _controls(case, fills)
    follow_preset(controls["preset"], PRESETS, [controls["patch"], controls["stride"]])
    fig, artists = _figure()
    tables = _tables(case)

    def update(preset, image, patch, stride, fill, curve, place):
        stride = min(stride, patch)
        hidden, whole, limit = tables(image, patch, stride, fill, curve)
        windows = list(places(case.images.shape[2:], patch, stride))
        step = min(place, len(windows)) - 1
        map_ = averaged(whole - hidden[None], case.images.shape[2:], patch, stride, step + 1)[0]
        _draw(case, artists, image, windows[step][1], fill, map_, limit)
        _draw_curve(artists, hidden.ravel(), whole, step, curve)
        return _tell(case, image, patch, stride, windows, hidden.ravel(), whole, step, curve, map_)

    _follow_count(controls, case)
    return live_figure(controls, fig, list(artists.values()), update,
                       rows=[("image", "preset", "patch", "stride"), ("fill", "curve", "place")])


def _fills(case):
    low, high = float(case.images.min()), float(case.images.max())
    return {"0": 0.0, f"the darkest, {low:.2g}": low, f"the brightest, {high:.2g}": high}


def _controls(case, fills):
    smallest = min(case.images.shape[2:])
    patches = [patch for patch in PATCHES if patch <= smallest]
    first = min(8, patches[-1])
    last = len(list(places(case.images.shape[2:], first, 4)))
    return {
        "image": choice("image", [(name, place) for place, name in enumerate(case.names)], width="240px"),
        "preset": choice("preset", [*PRESETS, "your own"], "larger than a nodule", width="270px"),
        "patch": choice("patch", [(f"{patch} × {patch}", patch) for patch in patches], first, width="150px"),
        "stride": choice("stride", [(str(stride), stride) for stride in STRIDES], 4, width="120px"),
        "fill": choice("hidden pixels become", list(fills.items()), width="330px"),
        "curve": choice("answer", [PROBABILITY, SCORE], width="190px"),
        "place": slider("place of the patch", last, 1, last, width="440px")}


def _follow_count(controls, case):
    """Another patch or stride has another number of places; the last of them shows the whole map."""

    def follow(change):
        place, patch = controls["place"], controls["patch"].value
        with one_picture(place):
            place.max = len(list(places(case.images.shape[2:], patch, min(controls["stride"].value, patch))))
            place.value = place.max

    for name in ("patch", "stride"):
        controls[name].observe(follow, "value")


def _tables(case):
    """A function that gives the answers with a patch at every place (rows, columns), that for the whole image, and the
    end of the scale of the map.
    """

    @lru_cache(maxsize=256)
    def scores(image, patch, stride, fill):
        with one_thread():
            return explain.occluded(case.network, case.images[image:image + 1], patch, stride, fill=fill)

    @lru_cache(maxsize=512)
    def tables(image, patch, stride, fill, curve):
        hidden, whole = (values[0].astype(float) for values in scores(image, patch, stride, fill))
        if curve == PROBABILITY:
            hidden, whole = loss.sigmoid(hidden), loss.sigmoid(whole)
        map_ = averaged(whole - hidden[None], case.images.shape[2:], patch, stride)
        return hidden, float(whole), one_digit(max(float(np.abs(map_).max()), 1e-6))

    return tables


def _draw(case, artists, image, window, fill, map_, limit):
    """The scan with the patch on it, and the map so far."""
    covered = case.images[image].mean(0).numpy().copy()
    scan, zoom = case.scans[image].copy(), case.zoom
    place = scan[middle(scan, zoomed(covered, zoom))]
    top, left = (part.start * zoom for part in window)
    bottom, right = (min(part.stop, length) * zoom for part, length in zip(window, covered.shape, strict=True))
    low, high = np.percentile(case.images.mean(1).numpy(), [1, 99])
    place[top:bottom, left:right] = round(255 * float(np.clip((fill - low) / max(high - low, 1e-9), 0, 1)))
    for rim, colour in ((0, 0), (1, 255)):                               # seen on any grey
        for line in ((slice(top + rim, bottom - rim), [left + rim, right - 1 - rim]),
                     ([top + rim, bottom - 1 - rim], slice(left + rim, right - rim))):
            place[line] = colour
    colours = signed(np.nan_to_num(map_), limit)
    colours[np.isnan(map_)] = 225
    picture = in_box(zoomed(colours, zoom), BOX)
    if case.masks is not None and case.masks[image].any():
        rim = edge(case.masks[image], BOX, zoom)
        scan, picture = outlined(scan, rim), outlined(picture, rim)
    artists["scan"].pixels, artists["map"].pixels, artists["bar"].pixels = scan, picture, bar(limit, True, 120)


def _draw_curve(artists, hidden, whole, step, curve):
    low, high = (0, 1) if curve == PROBABILITY else (min(hidden.min(), whole), max(hidden.max(), whole))
    scaled = (np.append(hidden, whole) - low) / max(high - low, 1e-9)    # axes of 0 to 1, so that only lines are drawn
    across = (np.arange(len(hidden)) + 1) / len(hidden)
    artists["whole"].set_ydata([scaled[-1]] * 2)
    artists["curve"].set_data(across[:step + 1], scaled[:step + 1])
    artists["now"].set_data([across[step]], [scaled[step]])
    for name, value in (("low", low), ("high", high)):
        artists[name].set_text(f"{value:.3g}".replace("-", "−"))


def _tell(case, image, patch, stride, windows, hidden, whole, step, curve, map_):
    said = chance if curve == PROBABILITY else score_told
    lowest = int(hidden[:step + 1].argmin())
    row, column = ((part.start + min(part.stop, side) - 1) / 2
                   for part, side in zip(windows[lowest][1], case.images.shape[2:], strict=True))
    caption = (f"{case.names[image]}: {curve} {said(whole)}; with the patch here {said(hidden[step])}, lowest so far "
               f"{said(hidden[lowest])} with its middle at row {row:g}, column {column:g}")
    span = f"from {np.nanmin(map_):.2g} to {np.nanmax(map_):.2g}".replace("-", "−")
    return caption, (f"A scan with a patch of {patch} by {patch} pixels at place {step + 1} of {len(windows)}, stride "
                     f"{stride}; the occlusion map so far, {span}; and the {curve} at each place. {caption}.")


def _figure():
    fig = pixel_figure(1030, 300)
    artists = {"scan": Inset(8, 26), "map": Inset(261, 26), "bar": Inset(261, 276)}
    for left, title in ((8, "scan with the patch"), (261, "mean fall where it was")):
        note(fig, left + BOX / 2, 13, title)
        outline(fig, left, 26, BOX, BOX)
    note(fig, 8, 284, "dashed: the nodule", ha="left")
    axes = fig.add_axes((560 / 1030, 44 / 300, 456 / 1030, 228 / 300))
    axes.set(xlim=(0, 1.01), ylim=(-0.03, 1.03), xticks=[], yticks=[], title="answer at each place of the patch")
    axes.set_xlabel("places, row by row →")
    artists["whole"] = axes.plot([0, 1], [1, 1], "--", color=show.GREY, lw=1.5)[0]
    artists["curve"] = axes.plot([], [], color=show.BLUE, lw=1.2)[0]
    artists["now"] = axes.plot([], [], "o", color=show.RED, ms=9, mec="black", clip_on=False)[0]
    artists["low"] = axes.text(-0.015, 0, "0", ha="right", va="center")
    artists["high"] = axes.text(-0.015, 1, "1", ha="right", va="center")
    axes.legend([plt.Line2D([], [], ls="--", color=show.GREY)], ["nothing hidden"], loc="lower right", fontsize=10)
    return fig, artists

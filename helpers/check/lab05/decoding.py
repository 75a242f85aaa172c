"""One step up in a U-Net: larger, joined with what crosses, convolved; and how it goes wrong."""
from dataclasses import replace

import torch
from torch.nn import functional

from ..exercise import Complaint, Exercise, Misconception
from ..signs import any_of, mistakes, raises
from .decoding_run import CASES, EVEN, REACHED, decode, look

named = mistakes(CASES, look=look, words=True)
on_even = mistakes(CASES, look=look, words=True, chosen=EVEN)  # whatever it does where a row is missing


def spare(maps, skip):
    """Rows and columns that maps lack."""
    return skip.shape[2] - maps.shape[2], skip.shape[3] - maps.shape[3]


def fitted(maps, skip):
    """maps with zeros at the bottom and on the right."""
    rows, columns = spare(maps, skip)
    return functional.pad(maps, (0, columns, 0, rows))


def stepped(grow=lambda up, maps: up(maps), fit=fitted, join=lambda skip, maps: torch.cat([skip, maps], dim=1),
            end=lambda convolve, joined: convolve(joined)):
    """decode in four parts that can be replaced."""
    def mutant(maps, skip, up, convolve):
        return end(convolve, join(skip, fit(grow(up, maps), skip)))

    return mutant


def framed(frame, **settings):
    """Another frame: frame(missing rows, missing columns) as torch's pad wants it."""
    return stepped(fit=lambda maps, skip: functional.pad(maps, frame(*spare(maps, skip)), **settings))


def along(dim, order=1):
    return stepped(join=lambda skip, maps: torch.cat([skip, maps][::order], dim=dim))


def resized(mode):
    return stepped(fit=lambda maps, skip: functional.interpolate(maps, skip.shape[2:], mode=mode))


def cut(maps, skip, up, convolve):
    """skip loses what maps lack."""
    maps = up(maps)
    return convolve(torch.cat([skip[:, :, :maps.shape[2], :maps.shape[3]], maps], dim=1))


def cut_in_the_middle(maps, skip, up, convolve):
    maps = up(maps)
    top, left = (one // 2 for one in spare(maps, skip))
    return convolve(torch.cat([skip[:, :, top:top + maps.shape[2], left:left + maps.shape[3]], maps], dim=1))


def padded_first(maps, skip, up, convolve):
    """Zeros before the maps grow."""
    rows, columns = (-(-whole // 2) - have for whole, have in zip(skip.shape[2:], maps.shape[2:], strict=True))
    maps = up(functional.pad(maps, (0, columns, 0, rows)))[:, :, :skip.shape[2], :skip.shape[3]]
    return convolve(torch.cat([skip, maps], dim=1))


def joined_before(maps, skip, up, convolve):
    """Joined, and then grown."""
    small = functional.max_pool2d(skip, 2)[:, :, :maps.shape[2], :maps.shape[3]]
    return convolve(up(torch.cat([small, maps], dim=1)))


def skip_grown(maps, skip, up, convolve):
    return convolve(torch.cat([up(skip), fitted(up(maps), up(skip))], dim=1))


def _no_gradient(results):
    """Sign: right, but a gradient does not reach both."""
    wrong = [result.value.get(REACHED) != "maps and skip" if isinstance(result.value, dict) else None
             for result in results]
    return all(wrong) and all(not isinstance(result.error, Exception) for result in results)


def without_gradient(*given):
    with torch.no_grad():
        return decode(*given)


JOINS = (
    on_even(
        "skip concatenated on the wrong axis",
        "You join along the batch, the rows or the columns. Axis 1 holds the channels, (N, C, H, W): "
        "`torch.cat([skip, maps], dim=1)`.",
        *(along(dim, order) for dim in (0, 2, 3) for order in (1, -1))),
    on_even(
        "maps in front",
        "You put the maps from below in front. First `skip`, then `maps`: the weights of `convolve` were made for this "
        "order.",
        along(1, -1)),
    on_even(
        "added instead of joined",
        "You add the two. `convolve` wants the channels of both side by side: `torch.cat([skip, maps], dim=1)`.",
        stepped(join=lambda skip, maps: skip + maps), stepped(join=lambda skip, maps: skip * maps)),
    on_even(
        "skip forgotten",
        "What crosses never reaches `convolve`. Without it the network knows what is there, and only roughly where.",
        stepped(join=lambda skip, maps: maps)),
    on_even(
        "maps from below forgotten",
        "Only `skip` reaches `convolve`. What the deep layers have understood comes in `maps`: join both.",
        stepped(join=lambda skip, maps: skip)),
    on_even(
        "stacked instead of joined",
        "`torch.stack` makes a new axis. The channels already have one: `torch.cat(…, dim=1)`.",
        stepped(join=lambda skip, maps: torch.stack([skip, maps], dim=1)),
        stepped(join=lambda skip, maps: torch.stack([skip, maps]))),
    Misconception(
        "tensors without a list",
        "`torch.cat` wants the tensors in a list: `torch.cat([skip, maps], dim=1)`.",
        stepped(join=lambda skip, maps: torch.cat(skip, maps, dim=1)),
        sign=raises(TypeError, "cat()")),
)
FRAMES = (
    named(
        "padding forgotten",
        "Right for even sides. Where a side of `skip` was odd, pooling dropped a row, and doubling does not bring it "
        "back: put zeros at the bottom and on the right.",
        stepped(fit=lambda maps, skip: maps)),
    named(
        "padded on the wrong side",
        "You put the missing row or column in front. Pooling dropped the last ones, so zeros belong at the bottom and "
        "on the right.",
        framed(lambda rows, columns: (columns, 0, rows, 0)), framed(lambda rows, columns: (columns, 0, 0, rows)),
        framed(lambda rows, columns: (0, columns, rows, 0))),
    named(
        "rows and columns of the frame exchanged",
        "`pad` begins with the last axis: left, right, top, bottom. You give it the rows first.",
        framed(lambda rows, columns: (0, rows, 0, columns)), framed(lambda rows, columns: (rows, 0, columns, 0))),
    named(
        "padded along one axis only",
        "You pad rows or columns, not both. A side may be odd along either axis.",
        framed(lambda rows, columns: (0, columns, 0, 0)), framed(lambda rows, columns: (0, columns)),
        framed(lambda rows, columns: (0, 0, 0, rows))),
    named(
        "something else than zeros in the frame",
        "You fill the missing row with other values. Here it is zeros, as the text says; the copied edge is another "
        "good choice, and gives other numbers.",
        framed(lambda rows, columns: (0, columns, 0, rows), mode="replicate"),
        framed(lambda rows, columns: (0, columns, 0, rows), value=1.0)),
    named(
        "resized instead of padded",
        "You stretch the maps to the size of `skip`, so that their pixels no longer lie on those of `skip`. Double "
        "them with `up`, and pad.",
        *map(resized, ("nearest", "bilinear", "bicubic"))),
    named(
        "skip cropped instead",
        "You cut `skip`. Then the drawing is a row or a column smaller than the scan: pad `maps` instead.",
        cut, cut_in_the_middle),
    named(
        "a row and a column always added",
        "You always add a row and a column. Add as many as are missing, `skip.shape[2] - maps.shape[2]` rows: none "
        "where the side of `skip` is even.",
        framed(lambda rows, columns: (0, 1, 0, 1)), framed(lambda rows, columns: (1, 0, 1, 0))),
    named(
        "padded before the maps grow",
        "You pad first and double then, so two rows are made of the zeros. Double first; one row is missing then.",
        padded_first),
)
UP_FORGOTTEN = on_even(
    "up forgotten",
    "`up` is never called, so the maps stay half as large as `skip`: `maps = up(maps)` comes first.",
    stepped(grow=lambda up, maps: maps, fit=lambda maps, skip: maps))
LAYERS = (
    replace(UP_FORGOTTEN, sign=any_of(raises(Complaint, "`up` was never called"), UP_FORGOTTEN.sign)),
    Misconception(
        "convolve forgotten",
        "`convolve` is never called. Joining alone computes nothing: hand it what you have joined, and return what "
        "comes out.",
        stepped(end=lambda convolve, joined: joined),
        sign=raises(Complaint, "`convolve` was never called")),
    named(
        "convolved twice",
        "You call `convolve` twice. It is one block of layers: once, at the end.",
        stepped(end=lambda convolve, joined: convolve(convolve(joined))),
        stepped(end=lambda convolve, joined: (convolve(joined), convolve(joined))[1])),
    named(
        "up on what crosses",
        "You enlarge `skip` too. It has its size already; only the maps from below are half as large.",
        skip_grown, stepped(grow=lambda up, maps: up(up(maps)), fit=lambda maps, skip: maps)),
    named(
        "joined before the maps grow",
        "You shrink `skip` to join it below, and then enlarge both. Its detail is lost that way: enlarge `maps` first.",
        joined_before),
    named(
        "result of convolve thrown away",
        "You call `convolve` and return what went into it. A layer changes nothing in place: return what it hands "
        "back.",
        stepped(end=lambda convolve, joined: (convolve(joined), joined)[1])),
    named(
        "a nonlinearity of your own",
        "You put another layer behind `convolve`. It has its own nonlinearities: return what comes out of it.",
        *(stepped(end=lambda convolve, joined, layer=layer: layer(convolve(joined))) for layer in (
            torch.relu, torch.sigmoid, lambda out: out.softmax(dim=1), torch.tanh))),
    Misconception(
        "gradient cut off",
        "The numbers are right, and no gradient reaches the layers below: they would never learn. Leave out "
        "`torch.no_grad()`, `detach()` and `.data`.",
        without_gradient,
        sign=_no_gradient),
)

DECODE = Exercise(
    title="Exercise 5",
    points=2,
    reference=decode,
    observe=look,
    cases=CASES,
    hints=(
        "`maps = up(maps)`. Now `maps` lack `skip.shape[2] - maps.shape[2]` rows, 0 or 1, and as many columns.",
        ("`nn.functional.pad(maps, (left, right, top, bottom))` puts zeros around the last two axes; left and top are "
         "0 here."),
        "`torch.cat([skip, maps], dim=1)` joins the channels. Hand that to `convolve`, and return what comes out.",
    ),
    misconceptions=(*JOINS, *FRAMES, *LAYERS),
)

"""What an unpadded U-Net leaves of a side: 388 of 572."""
from ..exercise import Exercise, Misconception
from ..signs import behaves_like, mistakes


def side_left(side, depth):
    """Pixels that come out of an unpadded U-Net; 0 where a side does not halve, or nothing is left."""
    for _ in range(depth):
        side = side - 4                      # two convolutions of 3 × 3
        if side <= 0 or side % 2:
            return 0                         # pooling would lose a row
        side = side // 2
    for _ in range(depth):
        side = 2 * (side - 4)                # two convolutions, then twice as large
    return max(side - 4, 0)                  # the last two


CASES = ((20, 1), (572, 4), (44, 2), (188, 4), (24, 1), (512, 4), (45, 2), (46, 2), (572, 3), (140, 3), (16, 0),
         (18, 1), (28, 2), (4, 1), (100, 4), (30, 2), (3, 0))
FIT = tuple(index for index, case in enumerate(CASES) if side_left(*case))
named, where_fits = mistakes(CASES), mistakes(CASES, chosen=FIT)


def _even(side):
    return side > 0 and side % 2 == 0


def walked(lost=4, down=None, bottom=None, up=None, end=None, fits=_even, first=False):
    """side_left in parts that can be replaced.

    lost : by two convolutions; down, bottom, up, end : the same on the left, at the bottom, on the right and at the
    end, where another number is taken.  fits : whether a side can be pooled.  first : pooled before it is convolved.
    """
    down, bottom, up, end = (lost if one is None else one for one in (down, bottom, up, end))

    def mutant(side, depth):
        for _ in range(depth):
            side = side if first else side - down
            if not fits(side):
                return 0
            side = side // 2 - (down if first else 0)
        for step in range(depth):
            side = 2 * (side - (up if step else bottom))
        return max(side - (end if depth else bottom), 0)

    return mutant


def _with_depth(change):
    return lambda side, depth: side_left(side, change(depth))


def _grown_first(side, depth):
    """On the way up: doubled, then convolved, without the bottom."""
    for _ in range(depth):
        side = (side - 4) // 2 if side > 4 and side % 2 == 0 else 0
    for _ in range(depth):
        side = 2 * side - 4
    return max(side, 0)


def _at_the_bottom(side, depth):
    for _ in range(depth):
        side = side - 4
        if side <= 0 or side % 2:
            return 0
        side //= 2
    return max(side - 4, 0)


def _formula(side, depth):
    return max(side - 184, 0)


def _checked_once(side, depth):
    """Only the side of the image is asked whether it halves."""
    return walked(fits=lambda side: side > 0)(side, depth) if side % 2**depth == 0 else 0


def _rounded(side, depth):
    """Odd sides rounded down, and no floor."""
    for _ in range(depth):
        side = (side - 4) // 2
    return 2**depth * side - 4 * (2**(depth + 1) - 1)


def _first_only(side, depth):
    """Only the side of the image must be even."""
    return 0 if side % 2 else walked(fits=lambda side: True)(side, depth)


def _floating(side, depth):
    for _ in range(depth):
        side = (side - 4) / 2
    for _ in range(depth):
        side = 2 * (side - 4)
    return max(side - 4, 0)


LOST = (
    where_fits(
        "one convolution instead of two",
        "You take off 2 pixels at each level. There are two convolutions of 3 × 3, and each takes one pixel from both "
        "ends: 4.",
        walked(lost=2)),
    where_fits(
        "pixels lost on one side only",
        "You take one pixel off for each convolution, or three for two. A kernel of 3 loses one at both ends.",
        walked(lost=1), walked(lost=3)),
    where_fits(
        "too many pixels lost",
        "You take off more than 4 pixels at a level. Two convolutions of 3 × 3 lose 2 each; pooling and doubling lose "
        "none.",
        walked(lost=6), walked(lost=8), walked(lost=5)),
    where_fits(
        "convolutions of the bottom forgotten",
        "You double right after the last pooling. At the bottom there are two convolutions as well, before the way up.",
        walked(bottom=0), _grown_first),
    where_fits(
        "convolutions of the way up forgotten",
        "On the way up you only double. After each doubling two convolutions take 4 pixels again.",
        walked(up=0, end=0), walked(up=0), walked(bottom=0, up=0, end=0), walked(bottom=0, up=0)),
    where_fits(
        "convolutions of the way down forgotten",
        "On the way down you only halve. Before each pooling two convolutions take 4 pixels.",
        walked(down=0)),
    where_fits(
        "last two convolutions forgotten",
        "After the last doubling two more convolutions take 4 pixels. Only the very last layer, 1 × 1, takes none.",
        walked(end=0), lambda side, depth: side_left(side, depth) + 4),
    where_fits(
        "1 × 1 convolution loses pixels too",
        "You take something off for the last layer. A kernel of 1 × 1 has no edge: it loses nothing.",
        walked(end=6), walked(end=5),
        *(lambda side, depth, lost=lost: side_left(side, depth) - lost for lost in (1, 2))),
    where_fits(
        "pooled before it is convolved",
        "You halve first and convolve then. In a U-Net two convolutions come first, at full resolution.",
        walked(first=True)),
    where_fits(
        "only the way down",
        "You stop at the bottom. From there it goes up again, as many levels.",
        _at_the_bottom, lambda side, depth: (_at_the_bottom(side, depth) or -4) + 4),
    where_fits(
        "padded convolutions",
        "You let no convolution lose a pixel. That is the U-Net of today; the one of 2015 has no padding.",
        walked(lost=0), lambda side, depth: side),
)
LEVELS = (
    where_fits(
        "one level too few or too many",
        "You count a level too few or too many. `depth` is how often the maps are halved, and how often they are "
        "doubled.",
        _with_depth(lambda depth: max(depth - 1, 0)), _with_depth(lambda depth: depth + 1)),
    where_fits(
        "always four levels",
        "You compute for four levels, whatever `depth` says.",
        _with_depth(lambda depth: 4), _formula),
)
FITS = (
    Misconception(
        "odd sides rounded",
        "`//` rounds an odd side down, and pooling would lose a row that the skip connection has. Such an image does "
        "not fit: 0.",
        walked(fits=lambda side: side > 0),
        sign=behaves_like(CASES, walked(fits=lambda side: side > 0), walked(fits=lambda side: True), _rounded)),
    named(
        "halves of pixels",
        "`/` goes on with half pixels. A side that is odd before a pooling does not fit: 0.",
        _floating),
    named(
        "only the image asked",
        "You ask whether the side of the image can be halved so often. What counts is the side before each pooling, "
        "when 4 pixels have gone: 572 is no multiple of 16, and fits.",
        _checked_once, _first_only, lambda side, depth: side_left(side, depth) if side % 2**depth == 0 else 0),
    named(
        "less than nothing left",
        "Your answer is negative where the image is too small. Less than 1 pixel is none: 0.",
        lambda side, depth: _signed(side, depth)),
)


def _signed(side, depth):
    """Without a floor."""
    for _ in range(depth):
        side = side - 4
        if side % 2:
            return 0
        side //= 2
    for _ in range(depth):
        side = 2 * (side - 4)
    return side - 4


SIDE_LEFT = Exercise(
    title="Exercise 11",
    points=1,
    reference=side_left,
    cases=CASES,
    hints=(
        "Walk through the network: on the way down each level takes off 4, asks whether the side is even, and halves.",
        "Then the bottom takes off 4. On the way up each level doubles, and then takes off 4.",
        "Where a side is odd before a pooling, `return 0` at once. At the end, `max(side, 0)`: less than nothing is 0.",
    ),
    misconceptions=(*LOST, *LEVELS, *FITS),
)

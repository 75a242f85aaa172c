"""The layers that are to be hooked, and how the check looks at what an answer did with them."""
from . import tiny

CASES = (  # network, name of the layer, shape of the images
    ("a row of layers", "4", (1, 1, 4, 4)),
    ("a row of layers", "6", (2, 1, 4, 6)),
    ("a row of layers", "0", (1, 1, 3, 2)),
    ("a way around", "2.convolution", (2, 1, 3, 3)),
    ("a way around", "3", (3, 1, 5, 3)),
    ("ReLU in place", "2", (2, 1, 4, 4)),
    ("ReLU in place", "0", (1, 1, 4, 3)),
)
IN_PLACE = tuple(place for place, case in enumerate(CASES) if case[0] == "ReLU in place")
BEFORE = (2, 1, 4, 5)  # other images, which the function is shown first


def look(answer, network, layer, image_shape):
    """What an answer says of random images after it was asked about others."""
    return tiny.used(answer, network, layer, False, (tiny.images(*BEFORE),), (tiny.images(*image_shape),))

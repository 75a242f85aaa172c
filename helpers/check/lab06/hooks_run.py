"""The layers that are to be hooked, and how the check looks at what an answer did with them."""
from torch.utils.hooks import RemovableHandle

from ..exercise import Complaint
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


def listening(answer):
    """The same answer; Complaint in place of an IndexError where its hook hung, but was never called."""
    def listened(network, layer, images):
        heard, count = [], RemovableHandle.next_id + 1
        own = layer.register_forward_hook(lambda *told: heard.append(len(layer._forward_hooks) > 1))
        try:
            return answer(network, layer, images)
        except IndexError:
            if RemovableHandle.next_id > count and not any(heard):
                raise Complaint("Your hook was never called.") from None
            raise
        finally:
            own.remove()

    return listened


def look(answer, network, layer, image_shape):
    """What an answer says of random images after it was asked about others."""
    return tiny.used(listening(answer), network, layer, False, (tiny.images(*BEFORE),), (tiny.images(*image_shape),))

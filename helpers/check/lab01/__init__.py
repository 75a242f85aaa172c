"""Lab 1, pixels and tensors: eleven exercises."""
from ..exercise import Lab
from .blocks import BLOCK_MEAN
from .brightness import BRIGHTNESS_DETECTOR
from .loading import LOAD_VOLUME
from .neurons import NEURON
from .scans import TO_HU, WINDOW
from .sizes import BATCH_BYTES, COUNT_PARAMETERS
from .spots import SPOT_DETECTOR
from .tensors import CHANNELS_FIRST, TO_BATCH

LAB = Lab("Lab 1", (TO_HU, WINDOW, TO_BATCH, CHANNELS_FIRST, BATCH_BYTES, NEURON, BRIGHTNESS_DETECTOR,
                    SPOT_DETECTOR, COUNT_PARAMETERS, BLOCK_MEAN, LOAD_VOLUME))

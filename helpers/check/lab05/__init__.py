"""Lab 5, U-Net segmentation: parts of the network, its loss, and what its drawings are worth; eleven exercises."""
from ..exercise import Lab
from .apart import HAUSDORFF
from .building import DECODER_LAYERS
from .cropping import CROP_AND_JOIN
from .decoding import DECODE
from .failing import FAILURES
from .overlaps import OVERLAPS
from .relation import OTHER_OVERLAP
from .reporting import PATIENT_REPORT
from .sizes import TRANSPOSED_SIZE
from .soft import SOFT_DICE
from .unpadded import SIDE_LEFT

LAB = Lab("Lab 5", (OVERLAPS, OTHER_OVERLAP, TRANSPOSED_SIZE, CROP_AND_JOIN, DECODE, DECODER_LAYERS, SOFT_DICE,
                    HAUSDORFF, PATIENT_REPORT, FAILURES, SIDE_LEFT))

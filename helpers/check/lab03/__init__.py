"""Lab 3, convolution, padding, stride: eleven exercises."""
from ..exercise import Lab
from .channels import CONV_LAYER
from .correlation import CROSS_CORRELATE
from .costs import LAYER_COSTS
from .edges import EDGE_DETECTOR
from .flipping import CONVOLVE
from .medians import MEDIAN_FILTER
from .nodules import NODULE_DETECTOR
from .padding import PAD
from .shifts import SHIFT_ERROR
from .sizes import OUTPUT_SIZE
from .strides import STRIDED

LAB = Lab("Lab 3", (CROSS_CORRELATE, CONVOLVE, PAD, OUTPUT_SIZE, STRIDED, CONV_LAYER, EDGE_DETECTOR, NODULE_DETECTOR,
                    MEDIAN_FILTER, LAYER_COSTS, SHIFT_ERROR))

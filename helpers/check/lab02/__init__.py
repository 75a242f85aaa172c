"""Lab 2, softmax and binary cross-entropy: ten exercises."""
from ..exercise import Lab
from .backpropagation import BACKWARD
from .descent import DESCENT_STEP, MSE_GRADIENT
from .logistic import SIGMOID
from .losses import BCE_FROM_LOGITS
from .networks import FORWARD, MLP_PARAMETERS
from .probabilities import SOFTMAX
from .thresholds import THRESHOLD_FOR
from .training import TRAIN_AND_REPORT

LAB = Lab("Lab 2", (SIGMOID, BCE_FROM_LOGITS, SOFTMAX, MSE_GRADIENT, DESCENT_STEP, FORWARD, MLP_PARAMETERS,
                    BACKWARD, THRESHOLD_FOR, TRAIN_AND_REPORT))

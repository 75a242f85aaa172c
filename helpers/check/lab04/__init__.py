"""Lab 4, CNN stacks: the network, its parts, and honest numbers about it."""
from ..exercise import Lab
from .fields import RECEPTIVE_FIELD
from .leaks import LEAKS
from .lenet import LENET5
from .measures import MEASURES
from .pooling import MAX_POOL
from .predictive import PPV_AT
from .splits import SPLIT_BY_PATIENT

LAB = Lab("Lab 4", (MAX_POOL, RECEPTIVE_FIELD, LENET5, LEAKS, SPLIT_BY_PATIENT, MEASURES, PPV_AT))

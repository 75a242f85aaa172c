"""Lab 4, CNN stacks: the network, its parts, and honest numbers about it; thirteen exercises."""
from ..exercise import Lab
from .augmenting import ALLOWED
from .fields import RECEPTIVE_FIELD
from .intervals import REPORT
from .leaks import LEAKS
from .lenet import LENET5
from .measures import MEASURES
from .mirroring import FLIP_WITH_LABEL
from .pairs import AUC
from .pooling import MAX_POOL
from .predictive import PPV_AT
from .ranking import ROC_POINTS
from .splits import SPLIT_BY_PATIENT
from .stopping import TRAIN_WITH_EARLY_STOPPING

LAB = Lab("Lab 4", (MAX_POOL, RECEPTIVE_FIELD, LENET5, LEAKS, SPLIT_BY_PATIENT, MEASURES, PPV_AT, ROC_POINTS, AUC,
                    ALLOWED, FLIP_WITH_LABEL, TRAIN_WITH_EARLY_STOPPING, REPORT))

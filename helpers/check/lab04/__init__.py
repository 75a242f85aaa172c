"""Lab 4, CNN stacks: the network, its parts, and honest numbers about it; twelve exercises."""
from ..exercise import Lab
from .auc import AUC
from .augmenting import ALLOWED
from .intervals import REPORT
from .leaks import LEAKS
from .lenet import LENET5
from .measures import MEASURES
from .pooling import MAX_POOL
from .predictive import PPV_AT
from .receptive import RECEPTIVE_FIELD
from .roc import ROC_POINTS
from .splits import SPLIT_BY_PATIENT
from .stopping import TRAIN_WITH_EARLY_STOPPING

LAB = Lab("Lab 4", (MAX_POOL, RECEPTIVE_FIELD, LENET5, LEAKS, SPLIT_BY_PATIENT, MEASURES, PPV_AT, ROC_POINTS, AUC,
                    ALLOWED, TRAIN_WITH_EARLY_STOPPING, REPORT))

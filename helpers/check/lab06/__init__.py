"""Lab 6, Grad-CAM: where a network found its answer, and whether to believe the map; eight exercises."""
from ..exercise import Lab
from .altering import ALTERED
from .choice import SCORES
from .finding import FINDING
from .hiding import OCCLUSION
from .hooks import FEATURE_MAPS
from .mapping import HEAT_MAP
from .pointing import POINTING_GAME
from .weighing import MAP_WEIGHTS

LAB = Lab("Lab 6", (FEATURE_MAPS, SCORES, MAP_WEIGHTS, HEAT_MAP, OCCLUSION, POINTING_GAME, ALTERED, FINDING))

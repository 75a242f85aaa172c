"""Interactive views of the ideas of the lectures. Each factory's docstring names the prediction it serves."""
from helpers.explore.boundary import decision_boundary
from helpers.explore.depth import gradient_by_depth
from helpers.explore.descent import batch_size, learning_rate
from helpers.explore.drawing import draw_digit
from helpers.explore.intensity import channel_mixer, window_level
from helpers.explore.neurons import neuron, parameter_counter
from helpers.explore.pixels import pixel_editor
from helpers.explore.probabilities import binary_loss, softmax_mixer
from helpers.explore.tensors import shape_calculator, shrinking_nodule
from helpers.explore.volume import volume_viewer

__all__ = ["batch_size", "binary_loss", "channel_mixer", "decision_boundary", "draw_digit", "gradient_by_depth",
           "learning_rate", "neuron", "parameter_counter", "pixel_editor", "shape_calculator", "shrinking_nodule",
           "softmax_mixer", "volume_viewer", "window_level"]

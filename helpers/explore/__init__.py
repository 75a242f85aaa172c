"""Interactive views of the ideas of the lectures. Each factory's docstring names the prediction it serves."""
from helpers.explore.intensity import channel_mixer, window_level
from helpers.explore.neurons import neuron, parameter_counter
from helpers.explore.pixels import pixel_editor
from helpers.explore.tensors import shape_calculator, shrinking_nodule
from helpers.explore.volume import volume_viewer

__all__ = ["channel_mixer", "neuron", "parameter_counter", "pixel_editor", "shape_calculator", "shrinking_nodule",
           "volume_viewer", "window_level"]

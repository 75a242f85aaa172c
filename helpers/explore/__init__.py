"""Interactive views of the ideas of the lectures. Each factory's docstring names the prediction it serves."""
from helpers.explore.augmenting import augmentations
from helpers.explore.batches import batch_size
from helpers.explore.boundary import decision_boundary
from helpers.explore.cams import cam_family, grad_cam
from helpers.explore.channels import channels
from helpers.explore.convolution import convolution
from helpers.explore.depth import gradient_by_depth
from helpers.explore.dilation import dilated_kernels
from helpers.explore.drawing import draw_digit
from helpers.explore.feature_maps import feature_maps
from helpers.explore.forgetting import randomisation
from helpers.explore.gallery import filter_gallery
from helpers.explore.hiding import occlusion
from helpers.explore.intensity import channel_mixer, window_level
from helpers.explore.kernel_quiz import which_kernel
from helpers.explore.landscape import loss_landscape
from helpers.explore.moving import equivariance
from helpers.explore.neurons import neuron, parameter_counter
from helpers.explore.overlap import mask_overlap
from helpers.explore.painting import nodule_pad
from helpers.explore.pixels import pixel_editor
from helpers.explore.pooling import pooling
from helpers.explore.probabilities import binary_loss, softmax_mixer
from helpers.explore.rates import learning_rate
from helpers.explore.receptive import receptive_field
from helpers.explore.segmentation import segmentations
from helpers.explore.sizes import size_calculator
from helpers.explore.stacks import shape_walker
from helpers.explore.tasks import tasks
from helpers.explore.tensors import shape_calculator, shrinking_nodule
from helpers.explore.threshold import threshold
from helpers.explore.transposed import transposed_convolution
from helpers.explore.unet_shapes import unet_shapes
from helpers.explore.volume import volume_viewer

__all__ = ["augmentations", "batch_size", "binary_loss", "cam_family", "channel_mixer", "channels", "convolution",
           "decision_boundary", "dilated_kernels", "draw_digit", "equivariance", "feature_maps", "filter_gallery",
           "grad_cam", "gradient_by_depth", "learning_rate", "loss_landscape", "mask_overlap", "neuron", "nodule_pad",
           "occlusion", "parameter_counter", "pixel_editor", "pooling", "randomisation", "receptive_field",
           "segmentations", "shape_calculator", "shape_walker", "shrinking_nodule", "size_calculator", "softmax_mixer",
           "tasks", "threshold", "transposed_convolution", "unet_shapes", "volume_viewer", "which_kernel",
           "window_level"]

"""Where in an image a network found its answer: heat maps with and without gradients. Images in, arrays out.

`gradients` holds Grad-CAM, Grad-CAM++ and saliency; `gradient_free` Score-CAM, Ablation-CAM, Eigen-CAM and occlusion;
`randomising` the check that a map depends on what was learned; `asking` what they share. How well a map meets a mask is
measured in `helpers.metrics`. A map says what a score depends on, not whether it is right.
"""
from helpers.explain.gradient_free import ablation_cam, eigen_cam, occluded, occlusion, score_cam
from helpers.explain.gradients import grad_cam, grad_cam_plus_plus, saliency
from helpers.explain.randomising import randomised, weighted_layers

__all__ = ["ablation_cam", "eigen_cam", "grad_cam", "grad_cam_plus_plus", "occluded", "occlusion", "randomised",
           "saliency", "score_cam", "weighted_layers"]

"""Maps that ask for a gradient: Grad-CAM, Grad-CAM++, saliency."""
import torch

from helpers.explain.asking import answers, explained, find, named, resolved, through


def grad_cam(model, layer, images, target=None, *, relu=True, upsample=True):
    r"""Where a score came from, at one layer: its maps, each weighted by how much the score rises with it.

    With the maps :math:`A_k` of the layer and the score :math:`y`, the weight of a map is the mean over its pixels of
    :math:`\partial y / \partial A_k`, and the answer is the sum of the weighted maps, without what lies below 0.

    model : nn.Module in evaluation mode that returns scores (N, K), before any sigmoid or softmax; (N, 1) for a
        single question.  It is left as it was found, gradients included.
    layer : a part of it or its name, that returns maps (N, channels, h, w).
    images : float tensor or array (N, C, H, W), scaled as in training. No image influences the map of another.
    target : number of the class to ask about, or one for each image; None asks about the highest score of each
        image, and with a single score about that.
    relu : False keeps what speaks against the class, below 0.
    upsample : False returns the maps in the size of the layer.
    Returns an array (N, H, W), or (N, h, w), in units of the score, not scaled to 1; (0, H, W) for no image.
    Enlarged by bilinear interpolation that takes pixel i of h to lie at (i + 1/2) H / h - 1/2 in the image. So it is
    with pooling; a convolution of stride 2 with a padded kernel of 3 looks half a pixel further up and left.
    Raises ValueError, in one sentence, for a network in training mode, a layer without maps, called never or more than
    once, or a target out of range.
    Source: Selvaraju et al. 2017, doi:10.1109/ICCV.2017.74.

    >>> model = torch.nn.Sequential(torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(4, 1)).eval()
    >>> model[2].weight.data = torch.tensor([[1.0, 1.0, 1.0, 5.0]])
    >>> grad_cam(model, "0", [[[[1.0, 0.0], [0.0, 3.0]]]])
    array([[[2., 0.],
            [0., 6.]]], dtype=float32)
    """
    def work(images, classes):
        maps, gradients = maps_and_gradients(model, layer, images, classes)
        return weighted(gradients.mean((2, 3)), maps, relu)                          # (n, h, w)

    return explained(model, images, target, work, upsample)


def grad_cam_plus_plus(model, layer, images, target=None, *, upsample=True):
    r"""Grad-CAM whose weights are sums of positive gradients, so that of several finds the small ones count too.

    The weight of map :math:`A_k` with gradient :math:`g` is the sum over its pixels of max(g, 0) / (2 + g ∑A).
    It is what the paper's coefficients come to if the score is seen through an exponential, and pixels without a
    gradient count nothing.  pytorch-grad-cam adds 10⁻⁶ to a denominator, which matters where gradients are small.

    Parameters, errors and the array returned are those of `grad_cam`, but for the scale: only places of one map can be
    compared.
    Source: Chattopadhay et al. 2018, doi:10.1109/WACV.2018.00097, equation 19.
    """
    def work(images, classes):
        maps, gradients = maps_and_gradients(model, layer, images, classes)
        below = 2 + gradients * maps.sum((2, 3), keepdim=True)
        shares = torch.where((gradients > 0) & (below != 0), gradients / below, 0.0)
        return weighted(shares.sum((2, 3)), maps)

    return explained(model, images, target, work, upsample)


def saliency(model, images, target=None):
    """How much a score changes with each pixel: the size of its gradient, of several channels the largest.

    model, images, target : as for `grad_cam`.
    Returns an array (N, H, W), in units of the score for each unit of a pixel.
    Raises ValueError as `grad_cam` does.
    Source: Simonyan, Vedaldi and Zisserman 2013, arXiv:1312.6034.
    """
    def work(images, classes):
        pixels = images.requires_grad_()
        with torch.enable_grad():
            gradients = gradient(answers(model, pixels), classes, pixels, lambda: "the image")
        return gradients.abs().amax(1)

    return explained(model, images, target, work, upsample=False)


def maps_and_gradients(model, layer, images, classes):
    """The maps of a layer and the gradient of each image's score for them, both (N, channels, h, w).

    The maps are cut off from what made them: no gradient is computed further down, and none is stored anywhere.
    """
    heard = []

    def cut(output):
        torch.set_grad_enabled(True)                         # from here on; what made the maps is not remembered
        heard.append(output.detach().requires_grad_())
        return heard[0].clone()                              # a copy, for the next layer may write into it

    with torch.no_grad():                                    # when it ends, the mode is what it was
        logits = through(model, layer, images, cut)
        name = lambda: f"layer {named(model, find(model, layer))}"                          # noqa: E731
        return heard[0].detach(), gradient(logits, classes, heard[0], name)


def gradient(logits, classes, source, name):
    """The gradient of each image's score for what it was made of, which `name()` calls by its name.

    Raises ValueError where the score does not depend on it.
    """
    score = logits.gather(1, resolved(logits, classes)[:, None]).sum()
    found = torch.autograd.grad(score, source, allow_unused=True)[0] if score.requires_grad else None
    if found is None:
        raise ValueError(f"The score has no gradient for {name()}: nothing on the way from there reaches it.")
    return found


def weighted(weights, maps, relu=True):
    """The sum of maps (N, K, h, w), each times its weight, (N, K); without what lies below 0."""
    total = torch.einsum("nk,nkhw->nhw", weights, maps)
    return total.relu() if relu else total

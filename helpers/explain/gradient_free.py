"""Maps without gradients: Score-CAM, Ablation-CAM and occlusion ask the network again, Eigen-CAM not even that."""
from itertools import islice, product
from numbers import Integral, Real

import numpy as np
import torch
from torch.nn import functional as F

from helpers.explain.asking import BATCH, answers, checked_target, explained, ready, resolved, scores, through
from helpers.explain.gradients import weighted


def score_cam(model, layer, images, target=None, *, upsample=True):
    """The maps of a layer, each weighted by the score of what is left of the image if the map is laid over it.

    Each map is enlarged, stretched to run from 0 to 1 and multiplied with the image; the scores of these images, one
    per map, go through a softmax. A map of one value blanks the image.  No gradient is asked for.
    Parameters, errors and the array returned are those of `grad_cam`, in units of the maps. It takes a forward pass
    for each map of each image.
    Source: Wang et al. 2020, doi:10.1109/CVPRW50498.2020.00020.
    """
    def work(images, classes):
        logits, maps = heard(model, layer, images)
        classes = resolved(logits, classes)
        masks = stretched(F.interpolate(maps, images.shape[2:], mode="bilinear", align_corners=False))
        weights = [scores(model, image * mask[:, None], which.expand(len(mask))).softmax(0)
                   for image, mask, which in zip(images, masks, classes, strict=True)]
        return weighted(torch.stack(weights), maps) if weights else maps.sum(1)

    return explained(model, images, target, work, upsample)


def ablation_cam(model, layer, images, target=None, *, upsample=True):
    """The maps of a layer, each weighted by the share of the score that is lost when the map is set to 0.

    The loss is divided by the size of the score, and by nothing if it is 0. For a score above 0 this is the paper's
    quotient; below 0 that would praise the maps which lower the score.  No gradient is asked for.
    Parameters, errors and the array returned are those of `grad_cam`, in units of the maps. It takes a forward pass
    for each map of each image.
    Source: Desai and Ramaswamy 2020, doi:10.1109/WACV45572.2020.9093360.
    """
    def work(images, classes):
        logits, maps = heard(model, layer, images)
        classes = resolved(logits, classes)
        score = logits.gather(1, classes[:, None])                                           # (n, 1)
        left = [without_each(model, layer, image, which, maps.shape[1])
                for image, which in zip(images, classes, strict=True)]
        lost = (score - torch.stack(left)) / torch.where(score == 0, 1.0, score.abs()) if left else maps.mean((2, 3))
        return weighted(lost, maps)

    return explained(model, images, target, work, upsample)


def without_each(model, layer, image, which, channels):
    """The score of one image with map k of a layer set to 0, for every k: (channels,)."""
    pieces = []
    for some in torch.arange(channels).split(BATCH):
        def drop(output, some=some):
            output = output.clone()
            output[torch.arange(len(some)), some] = 0
            return output

        logits = through(model, layer, image.expand(len(some), *image.shape), drop)
        pieces.append(logits[:, which])
    return torch.cat(pieces)


def eigen_cam(model, layer, images, *, upsample=True):
    """What most of the maps of a layer have in common: their first principal component, whatever the score.

    Every pixel of the layer is a point with one coordinate for each map, less the mean of that map; the answer is how
    far the point lies along the direction in which the points differ most, turned so that its coordinates add up to
    0 or more, without what lies below 0.  It knows no class and asks for no gradient.
    Parameters, errors and the array returned are those of `grad_cam`, in units of the maps.
    Source: Muhammad and Yeasin 2020, doi:10.1109/IJCNN48605.2020.9206626; the mean is subtracted as pytorch-grad-cam
    does.
    """
    def work(images, classes):
        maps = heard(model, layer, images)[1]
        points = maps.flatten(2).double()                                                    # (n, channels, h w)
        points = points - points.mean(2, keepdim=True)
        direction = torch.linalg.eigh(points @ points.mT).eigenvectors[..., -1]              # (n, channels)
        direction = direction * torch.where(direction.sum(1, keepdim=True) < 0, -1.0, 1.0)
        along = torch.einsum("nk,nkp->np", direction, points).relu()
        return along.to(maps.dtype).reshape(len(maps), *maps.shape[2:])

    return explained(model, images, None, work, upsample)


def occlusion(model, images, patch, stride, target=None, *, fill=0.0):
    """How much a score falls when a patch hides a place: for each pixel the mean over all patches that hide it.

    patch, stride : pixels, a whole number or (rows, columns); stride at most patch, so that every pixel is hidden. A
        last patch may reach over the edge and is cut off there.
    fill : what a hidden pixel becomes; 0 is what the network takes for 0, often a mean grey.
    model, images, target : as for `grad_cam`; the highest class is that of the image as it is.
    Returns an array (N, H, W), in units of the score: above 0 where hiding lowers it, below 0 where hiding raises it.
    Raises ValueError for other patches, and as `grad_cam` does.
    Source: Zeiler and Fergus 2014, doi:10.1007/978-3-319-10590-1_53.

    >>> model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(4, 1, bias=False)).eval()
    >>> model[1].weight.data = torch.tensor([[0.5, -1.0, 2.0, 0.0]])
    >>> occlusion(model, [[[[1.0, 2.0], [3.0, 4.0]]]], patch=1, stride=1)
    array([[[ 0.5, -2. ],
            [ 6. ,  0. ]]], dtype=float32)
    """
    found, before = occluded(model, images, patch, stride, target, fill=fill)
    return averaged(before[:, None, None] - found, np.shape(images)[2:], patch, stride)


def occluded(model, images, patch, stride, target=None, *, fill=0.0):
    """The scores behind an occlusion map: with a patch at every place, and with nothing hidden.

    Parameters and errors are those of `occlusion`.
    Returns arrays (N, rows, columns), the score with the patch at rows and columns in steps of `stride` from the
    upper left corner, and (N,), the score of the whole image.
    """
    if not isinstance(fill, Real) or not np.isfinite(fill):
        raise ValueError(f"fill must be one finite number, what a hidden pixel becomes, not {fill!r}.")
    with torch.inference_mode(False), torch.no_grad():
        images = ready(model, images)
        classes, hidden = checked_target(target, len(images)), list(places(images.shape[2:], patch, stride))
        logits = torch.cat([answers(model, batch) for batch in images.split(BATCH)])
        classes = resolved(logits, classes)
        found = [scores(model, covered(image, hidden, fill), which.expand(len(hidden)))
                 for image, which in zip(images, classes, strict=True)]
        table = torch.stack(found) if found else logits[:, :0]
        whole = logits.gather(1, classes[:, None])[:, 0]
    rows, columns = (last + 1 for last in hidden[-1][0])
    return table.reshape(-1, rows, columns).cpu().numpy(), whole.cpu().numpy()


def averaged(drops, size, patch, stride, count=None):
    """For each pixel of an image (H, W) the mean drop over the patches that hide it.

    drops : (N, rows, columns), one for each place of the patch.  count : of places, row by row; None for all.
    Returns an array (N, H, W), NaN where none of those patches was.
    """
    total, times = np.zeros((len(drops), *size), drops.dtype), np.zeros(tuple(size), drops.dtype)
    for place, window in islice(places(size, patch, stride), count):
        total[:, *window] += drops[:, *place][:, None, None]
        times[window] += 1
    return np.divide(total, times, out=np.full_like(total, np.nan), where=times > 0)


def places(size, patch, stride):
    """Where a patch goes on an image (H, W): pairs of its place (row, column), counted in strides, and its two slices.

    Raises ValueError for a patch that does not fit or a stride that would leave pixels out.
    """
    patch, stride = ([value] * 2 if np.ndim(value) == 0 else list(value) for value in (patch, stride))
    for side, length, step in zip(size, patch[:2], stride[:2], strict=True):
        whole = isinstance(length, Integral) and isinstance(step, Integral) and len(patch) == len(stride) == 2
        if not (whole and 1 <= step <= length <= side):
            raise ValueError(f"A patch of {patch} with stride {stride} does not do for {tuple(size)} pixels: choose "
                             "whole numbers, 1 ≤ stride ≤ patch ≤ side.")
    starts = [range(0, -(-(side - length) // step) * step + 1, step)
              for side, length, step in zip(size, patch, stride, strict=True)]
    for (row, top), (column, left) in product(enumerate(starts[0]), enumerate(starts[1])):
        yield (row, column), (slice(top, top + patch[0]), slice(left, left + patch[1]))


def covered(image, hidden, fill):
    """One image (C, H, W) as often as there are places, each with a patch on it."""
    copies = image.repeat(len(hidden), 1, 1, 1)
    for copy, (_, window) in zip(copies, hidden, strict=True):
        copy[:, *window] = fill
    return copies


def heard(model, layer, images):
    """Scores (N, K) of a network and the maps (N, channels, h, w) of one of its layers."""
    maps = []
    logits = through(model, layer, images, lambda output: maps.append(output.clone()))
    return logits, maps[0]


def stretched(maps):
    """Each map (N, K, H, W) from 0 at its smallest pixel to 1 at its largest; 0 where it has one value."""
    low, high = maps.amin((2, 3), keepdim=True), maps.amax((2, 3), keepdim=True)
    return torch.where(high > low, (maps - low) / (high - low), 0.0)

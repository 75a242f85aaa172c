"""The table of augmentations, and batches that are changed at random."""
from collections.abc import Callable
from dataclasses import dataclass

import torch

from helpers.augment import transforms
from helpers.augment.transforms import AIR


@dataclass(frozen=True)
class Augmentation:
    """One kind of change; call it with an image and a strength.

    change : function of image and strength, and of `generator` if it draws.
    kind : what the reasons of `keeps` go by.  usual : lowest and highest strength that `random_batch` draws.
    neutral : the strength that changes nothing.  unit : of the strength.
    whole : strengths are whole numbers.  in_hu : works on HU.  draws : needs a generator.  ways : strengths it takes.
    """

    change: Callable
    kind: str
    usual: tuple
    neutral: float = 0
    unit: str = ""
    whole: bool = False
    in_hu: bool = False
    draws: bool = False
    ways: int = 1

    def __call__(self, image, *strengths, generator=None):
        return self.change(image, *strengths, **({"generator": generator} if self.draws else {}))

    def strengths(self, count, generator=None):
        """Usual strengths drawn for `count` images, tensor (count,)."""
        low, high = self.usual
        drawn = torch.rand(count, generator=generator)
        return (low + drawn * (high + 1 - low)).floor().long() if self.whole else low + drawn * (high - low)


def _if(change):
    """A flip that a strength of 1 does and one of 0 leaves."""
    def maybe(image, strength):
        image = transforms.tensor(image)
        return torch.where(torch.as_tensor(transforms.each(strength, image)) > 0, change(image), image)
    return maybe


AUGMENTATIONS = {
    "flip left-right": Augmentation(_if(transforms.flip_left_right), "left-right", (0, 1), whole=True),
    "flip up-down": Augmentation(_if(transforms.flip_up_down), "up-down", (0, 1), whole=True),
    "rotation": Augmentation(transforms.rotate, "turn", (-15, 15), unit="°"),
    "shift": Augmentation(transforms.shift, "shift", (-6, 6), unit="pixels", whole=True, ways=2),
    "zoom": Augmentation(transforms.zoom, "zoom", (0.9, 1.1), 1, "times"),
    "HU scaling": Augmentation(transforms.scale_hu, "HU", (0.9, 1.1), 1, "times", in_hu=True),
    "HU offset": Augmentation(transforms.offset_hu, "HU", (-50, 50), unit="HU", in_hu=True),
    "gamma": Augmentation(transforms.gamma, "HU", (0.8, 1.25), 1, "as exponent", in_hu=True),
    "noise": Augmentation(transforms.noise, "noise", (0, 50), unit="HU", in_hu=True, draws=True),
    "cutout": Augmentation(transforms.cutout, "cutout", (6, 16), unit="pixels", whole=True, draws=True),
}


def random_batch(images, names, generator=None, *, air=AIR, per_hu=1.0):
    """Every image of a batch changed in all the named ways, in that order, with usual strengths drawn for each image.

    images : float tensor (N, C, H, W).  names : of AUGMENTATIONS.
    generator : torch.Generator; torch's own unless given, which `train.fit` seeds.
    air, per_hu : what air is in your images and what 1 HU is worth, unless in HU: 0, 0.001 for (hu + 1000) / 1000.
    Returns a tensor like `images`.  Raises ValueError for an unknown name or another shape.
    """
    names, images = [_known(name) for name in names], transforms.tensor(images)
    if images.ndim != 4 or not images.is_floating_point():
        raise ValueError(f"random_batch needs a float tensor (N, C, H, W), not {images.dtype} {tuple(images.shape)}.")
    for entry in map(AUGMENTATIONS.get, names):
        strengths = [entry.strengths(len(images), generator) for _ in range(entry.ways)]
        hu = (images - air) / per_hu + AIR if entry.in_hu else images
        changed = entry(hu, *strengths, generator=generator)
        images = (changed - AIR) * per_hu + air if entry.in_hu else changed
    return images


def together(name, strength, image, *masks, seed=0):
    """An image and its masks changed alike: what moves or erases the one does the same to the others.

    strength : a number.  masks : of the shape of the image.  seed : of chance, for noise and cutout.
    Returns a list of tensors.
    """
    entry = AUGMENTATIONS[_known(name)]
    again = lambda part: entry(part, strength, generator=torch.Generator().manual_seed(seed))     # noqa: E731
    return [again(image), *(transforms.tensor(mask) if entry.in_hu else again(mask) for mask in masks)]


def _known(name):
    if name not in AUGMENTATIONS:
        raise ValueError(f"There is no augmentation {name!r}; choose among: {', '.join(AUGMENTATIONS)}.")
    return name

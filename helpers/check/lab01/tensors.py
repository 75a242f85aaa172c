"""Pictures to tensors: where the axes go."""
import numpy as np
import torch

from ..exercise import Exercise, Misconception
from ..signs import only_dtype_differs


def to_batch(slices):
    """Grey slices to a batch with one channel."""
    stacked = np.stack(slices).astype(np.float32)  # (N, H, W)
    return torch.from_numpy(stacked)[:, None]  # (N, 1, H, W)


def _stack(slices, dtype=torch.float32):
    return torch.from_numpy(np.stack(slices)).to(dtype)


TO_BATCH = Exercise(
    title="Exercise 3",
    points=2,
    reference=to_batch,
    strict=True,
    cases=(
        ([np.array([[1, 2, 3], [4, 5, 6]], np.int16), np.array([[-7, 8, 9], [10, 11, 12]], np.int16)],),
        ([np.array([[0.25, 0.5], [0.75, 1.0], [0.0, 0.125]])] * 3 + [np.zeros((3, 2))],),
        ([np.array([[-1000, 40, 3000, 7]], np.int16)],),
    ),
    hints=(
        "`np.stack` puts slices of (H, W) behind each other as (N, H, W).",
        "A new axis of length 1: index with None, as in `batch[:, None]`, or use `unsqueeze`.",
        "`torch.from_numpy(array)` makes the tensor; `.float()` makes it float32.",
    ),
    misconceptions=(
        Misconception(
            "channel axis missing",
            "Your batch is (N, H, W). A network wants to know how many channels there are, even if it is one: "
            "(N, 1, H, W).",
            lambda slices: _stack(slices)),
        Misconception(
            "channel axis last",
            "Your channel comes last, (N, H, W, 1), as pictures on disk have it. PyTorch wants it second.",
            lambda slices: _stack(slices)[..., None]),
        Misconception(
            "batch and channel swapped",
            "Your batch is (1, N, H, W): one image with N channels. These are N images with one channel each.",
            lambda slices: _stack(slices)[None]),
        Misconception(
            "rows and columns swapped",
            "Your slices lie on their side: rows stay rows, (N, 1, H, W).",
            lambda slices: _stack(slices).mT[:, None]),
        Misconception(
            "slices glued together",
            "`np.concatenate` joins slices along an axis they already have and makes one tall image. `np.stack` makes "
            "a new axis.",
            lambda slices: torch.from_numpy(np.concatenate(slices)).float()[None, None]),
        Misconception(
            "only the first slice",
            "Your batch holds the first slice only. Every slice of the list belongs in it.",
            lambda slices: _stack(slices[:1])[:, None]),
        Misconception(
            "double precision",
            "Your tensor is float64, twice the memory. Networks compute in float32: `.float()`.",
            lambda slices: _stack(slices, torch.float64)[:, None]),
        Misconception(
            "whole numbers kept",
            "Your tensor has the dtype of the slices. A network multiplies by fractions and needs float32: `.float()`.",
            lambda slices: torch.from_numpy(np.stack(slices))[:, None]),
        Misconception(
            "cut to 8 bits",
            "You pass through an 8-bit type, and what does not fit into 0…255 wraps round. Go to float32 directly.",
            lambda slices: torch.from_numpy(np.stack(slices)).long().to(torch.uint8).float()[:, None]),
        Misconception(
            "still a NumPy array",
            "Values and shape are right, but it is a NumPy array. Networks take torch tensors: `torch.from_numpy`.",
            lambda slices: np.stack(slices)[:, None].astype(np.float32)),
    ),
)


def channels_first(photo):
    """A colour picture from (H, W, 3) to (3, H, W)."""
    return torch.from_numpy(photo).permute(2, 0, 1)


PHOTOS = (
    (np.arange(1, 19, dtype=np.uint8).reshape(2, 3, 3),),
    (np.array([[[200, 10, 30]], [[40, 250, 60]], [[70, 80, 190]], [[5, 6, 7]]], np.uint8),),
    (np.array([[[9, 1, 0], [8, 2, 0], [7, 3, 0]]] * 3, np.uint8) + np.uint8(20) * np.eye(3, dtype=np.uint8),),
)

CHANNELS_FIRST = Exercise(
    title="Exercise 4",
    points=1,
    reference=channels_first,
    strict="dtype",
    cases=PHOTOS,
    hints=(
        "The numbers stay with their pixel; only the order of the axes changes.",
        "In (H, W, 3) the axes are 0, 1, 2. Which of them must come first?",
        "`photo.transpose(2, 0, 1)` lists the old axes in their new order; torch calls it `permute`.",
    ),
    misconceptions=(
        Misconception(
            "reshape where permute was meant",
            "The shape is right and the picture is torn. `reshape` keeps the numbers in the order of memory and cuts "
            "them differently; `photo.transpose(2, 0, 1)` in NumPy (`permute` in torch) moves the axes.",
            lambda photo: torch.from_numpy(photo).reshape(3, *photo.shape[:2])),
        Misconception(
            "all axes reversed",
            "`.T` reverses all axes: (3, W, H), the picture lies on its side. Rows must stay before columns.",
            lambda photo: photo.T),
        Misconception(
            "axes listed the other way round",
            "Your result is (W, 3, H), as `transpose(1, 2, 0)` makes it. The list says which old axis comes first: the "
            "colours, 2, then rows, 0, and columns, 1.",
            lambda photo: photo.transpose(1, 2, 0)),
        Misconception(
            "red and blue swapped",
            "Your channels come out as blue, green, red. Move the axis; do not turn it round.",
            lambda photo: torch.from_numpy(photo).permute(2, 0, 1).flip(0)),
        Misconception(
            "channels still last",
            "The picture is still (H, W, 3).",
            lambda photo: photo),
        Misconception(
            "channel between rows and columns",
            "Your result is (H, 3, W). The channel comes before rows and columns.",
            lambda photo: torch.from_numpy(photo).permute(0, 2, 1)),
        Misconception(
            "turned into one grey channel",
            "You average the colours away. All three channels are wanted, only in front.",
            lambda photo: photo.mean(axis=2)[None]),
        Misconception(
            "brightness changed as well",
            "The axes are right, and you also divided by 255. Here only the axes move; every number stays.",
            lambda photo: torch.from_numpy(photo).permute(2, 0, 1) / 255),
        Misconception(
            "another type of number",
            "Axes and values are right, and the numbers are no longer uint8: they take more memory. Move the axes and "
            "convert nothing.",
            lambda photo: torch.from_numpy(photo).permute(2, 0, 1).float(),
            sign=only_dtype_differs(channels_first, PHOTOS)),
    ),
)

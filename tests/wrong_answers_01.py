"""Lab 1 as learners write it: right answers in other words, and known mistakes in other words.

RIGHT : exercise -> answers that differ from the reference in code and must pass; some are oracles.
WRONG : exercise -> (name of the mistake, answer) pairs, in code that is not the mutant's.
"""
import itertools
import math

import numpy as np
import torch
from skimage.transform import downscale_local_mean
from torch import nn

from helpers import data


def window_by_points(hu, level, width):
    return np.interp(hu, [level - width / 2, level + width / 2], [0.0, 1.0])


def window_with_where(hu, level, width):
    brightness = (hu - level) / width + 0.5
    brightness = np.where(brightness < 0, 0, brightness)
    return np.where(brightness > 1, 1, brightness)


def window_upper_edge(hu, level, width):
    return (hu - level) / width - 0.5


def window_by_the_picture(hu, level, width):
    inside = np.minimum(np.maximum(hu, level - width / 2), level + width / 2)
    return np.interp(inside, [np.min(inside), np.max(inside)], [0.0, 1.0])


def window_pixel_by_pixel(hu, level, width):
    brightness = np.empty(hu.shape)
    for row in range(hu.shape[0]):
        for col in range(hu.shape[1]):
            brightness[row, col] = min(max((hu[row, col] - level) / width + 0.5, 0), 1)
    return brightness


def window_forgets_white(hu, level, width):
    top, bottom = level + width, level - width
    return np.minimum(np.maximum((hu - bottom) / (top - bottom), 0), 1)


def batch_by_loop(slices):
    batch = torch.zeros(len(slices), 1, *slices[0].shape)
    for number, one in enumerate(slices):
        batch[number, 0] = torch.tensor(one)
    return batch


def channels_by_loop(photo):
    return np.stack([photo[:, :, channel] for channel in range(3)])


def bytes_by_loop_from_one(shape, dtype):
    total = dtype.itemsize
    for axis in range(1, len(shape)):
        total *= shape[axis]
    return total


def neuron_by_loop(patch, weights, bias):
    total = bias
    for pixel, weight in zip(np.ravel(patch), np.ravel(weights), strict=True):
        total += pixel * weight
    return max(total, 0)


def neuron_by_torch(patch, weights, bias):
    return torch.relu(torch.tensor(patch).flatten() @ torch.tensor(weights).flatten() + bias)


def bias_in_the_loop(patch, weights, bias):
    total = 0
    for pixel, weight in zip(np.ravel(patch), np.ravel(weights), strict=True):
        total += pixel * weight + bias
    return max(total, 0)


def relu_in_the_loop(patch, weights, bias):
    total = 0
    for pixel, weight in zip(np.ravel(patch), np.ravel(weights), strict=True):
        total += max(0, pixel * weight)
    return max(0, total + bias)


def neuron_fires(patch, weights, bias):
    if np.vdot(patch, weights) + bias > 0:
        return 1
    return 0


def neuron_adds_columns(patch, weights, bias):
    total = 0
    for row in patch * weights:
        total = total + row
    return (total + bias) * (total + bias > 0)


def neuron_asks_an_array(patch, weights, bias):
    total = sum(patch * weights) + bias
    return total if total > 0 else 0.0


def count_by_torch(widths):
    layers = [nn.Linear(*pair, device="meta") for pair in itertools.pairwise(widths)]
    return sum(parameter.numel() for parameter in nn.Sequential(*layers).parameters())


def count_returns_in_the_loop(widths):
    for layer in range(len(widths) - 1):
        return (widths[layer] + 1) * widths[layer + 1]


def count_stops_early(widths):
    total = 0
    for layer in range(len(widths) - 2):
        total += (widths[layer] + 1) * widths[layer + 1]
    return total


def block_mean_by_loop(image, factor):
    small = np.empty((image.shape[0] // factor, image.shape[1] // factor), np.float32)
    for row, col in np.ndindex(small.shape):
        small[row, col] = image[row * factor:(row + 1) * factor, col * factor:(col + 1) * factor].mean()
    return small


def block_mean_by_pooling(image, factor):
    return nn.functional.avg_pool2d(torch.tensor(image).double()[None, None], factor)[0, 0]


def block_mean_whole_numbers(image, factor):
    small = np.zeros((image.shape[0] // factor, image.shape[1] // factor), dtype=int)
    for row, col in np.ndindex(small.shape):
        small[row, col] = image[row * factor:(row + 1) * factor, col * factor:(col + 1) * factor].mean()
    return small


def block_mean_like_the_image(image, factor):
    small = np.zeros_like(image[::factor, ::factor])
    for row, col in np.ndindex(small.shape):
        small[row, col] = image[row * factor:(row + 1) * factor, col * factor:(col + 1) * factor].mean()
    return small


def block_mean_without_steps(image, factor):
    small = np.zeros((image.shape[0] // factor, image.shape[1] // factor))
    for row in range(len(small)):
        for col in range(len(small[0])):
            small[row, col] = np.mean(image[row:row + factor, col:col + factor])
    return small


def block_mean_in_memory_order(image, factor):
    runs = image.ravel().reshape(-1, factor * factor).mean(axis=1)
    return runs.reshape(image.shape[0] // factor, image.shape[1] // factor)


def block_mean_with_slash(image, factor):
    return [[image[row * factor:(row + 1) * factor].mean() for row in range(image.shape[0] / factor)]]


def block_max_by_loop(image, factor):
    return np.array([[image[row:row + factor, col:col + factor].max() for col in range(0, image.shape[1], factor)]
                     for row in range(0, image.shape[0], factor)])


def block_sum_in_its_own_type(image, factor):
    small = np.empty((image.shape[0] // factor, image.shape[1] // factor))
    for row, col in np.ndindex(small.shape):
        block = image[row * factor:(row + 1) * factor, col * factor:(col + 1) * factor]
        small[row, col] = np.add.reduce(block.ravel(), dtype=image.dtype) / factor**2
    return small


def load_by_loop(stored, slope, intercept):
    volume = np.zeros((stored.shape[2], *stored.shape[:2]), np.float32)
    for number in range(stored.shape[2]):
        volume[number] = stored[:, :, number] * float(slope) + intercept
    return volume


def load_torn(stored, slope, intercept):
    return np.resize(stored, (stored.shape[2], stored.shape[0], stored.shape[1])).astype(float) * slope + intercept


def load_in_bytes(stored, slope, intercept):
    return np.moveaxis(stored % 256, 2, 0) * slope + intercept


def load_as_int16(stored, slope, intercept):
    signed = ((stored.astype(int) + 2**15) % 2**16 - 2**15).astype(np.float32)
    return np.moveaxis(signed, 2, 0) * slope + intercept


def corner(bias):
    return lambda: ([[0, 0, 0], [0, 2, 0], [0, 0, -2]], bias)


def laplace(centre=1.0, bias=-0.3):
    weights = np.array([[0, -0.25, 0], [-0.25, centre, -0.25], [0, -0.25, 0]])
    return lambda: (weights, bias)


def centre_surround(centre, around, bias):
    return lambda: ([[around] * 3, [around, centre, around], [around] * 3], bias)


RIGHT = {
    "to_hu": [data.to_hu, lambda stored, slope, intercept: intercept + np.multiply(slope, stored, dtype=np.float32),
              lambda stored, slope, intercept: torch.tensor(stored.astype(np.float32)) * slope + intercept],
    "window": [data.window, window_by_points, window_with_where, window_pixel_by_pixel],
    "to_batch": [batch_by_loop, lambda slices: torch.stack([torch.tensor(one).float()[None] for one in slices]),
                 lambda slices: torch.tensor(np.array(slices)[:, np.newaxis], dtype=torch.float32)],
    "channels_first": [channels_by_loop, lambda photo: np.transpose(photo, (2, 0, 1)),
                       lambda photo: torch.tensor(photo).movedim(2, 0)],
    "batch_bytes": [lambda shape, dtype: torch.empty(shape, dtype=dtype, device="meta").nbytes,
                    lambda shape, dtype: math.prod(shape) * dtype.itemsize,
                    lambda shape, dtype: np.prod(shape, dtype=np.float64) * dtype.itemsize],
    "neuron": [neuron_by_loop, neuron_by_torch,
               lambda patch, weights, bias: np.maximum(0, np.vdot(patch, weights) + bias)],
    "brightness_detector": [lambda: (np.ones((3, 3)), -4.5), lambda: (torch.full((3, 3), 2.0), torch.tensor(-9.0)),
                            lambda: [[[1 / 9] * 3] * 3, -0.5]],
    "spot_detector": [laplace(), centre_surround(8, -1, -2.4), centre_surround(1.0, -0.125, -0.5)],
    "count_parameters": [count_by_torch, lambda widths: sum((a + 1) * b for a, b in itertools.pairwise(widths)),
                         lambda widths: int(np.dot(widths[:-1], widths[1:])) + sum(widths) - widths[0]],
    "block_mean": [block_mean_by_loop, block_mean_by_pooling,
                   lambda image, factor: downscale_local_mean(image, (factor, factor))],
    "load_volume": [load_by_loop,
                    lambda stored, slope, intercept: np.rollaxis(stored * slope + intercept, 2).astype(np.float32),
                    lambda stored, slope, intercept: torch.tensor(stored.astype(np.float32)).permute(2, 0, 1) * slope
                    + intercept],
}

WRONG = {
    "to_hu": [
        ("intercept subtracted", lambda stored, slope, intercept: slope * stored.astype(float) + abs(intercept)),
        ("intercept added before scaling", lambda stored, slope, intercept: slope * (intercept + stored)),
        ("intercept forgotten", lambda stored, slope, intercept: np.multiply(stored, slope)),
        ("slope forgotten", lambda stored, slope, intercept: stored.astype(np.float32) + intercept),
        ("divided by the slope", lambda stored, slope, intercept: intercept + stored * (1 / slope)),
        ("slope and intercept swapped", lambda stored, intercept, slope: stored * slope + intercept),
        ("scaled in place", lambda stored, slope, intercept: np.multiply(stored, slope, out=stored) + intercept),
        ("rounded to whole HU", lambda stored, slope, intercept: (stored * slope + intercept).astype(np.int16)),
        ("rounded to whole HU", lambda stored, slope, intercept: stored * slope // 1 + intercept),
        ("HU kept in an unsigned type",
         lambda stored, slope, intercept: np.clip(stored * slope + intercept, 0, 255).astype(np.uint8)),
    ],
    "window": [
        ("not clipped", lambda hu, level, width: 0.5 + (hu - level) / width),
        ("level taken as the lower edge", lambda hu, level, width: np.interp(hu, [level, level + width], [0, 1])),
        ("level taken as the lower edge", lambda hu, level, width: hu / width - level / width),
        ("upper edge taken as black", window_upper_edge),
        ("stretched to the picture", window_by_the_picture),
        ("one value asked of an array", lambda hu, level, width: min(max((hu - level) / width + 0.5, 0), 1)),
        ("level taken as the upper edge", lambda hu, level, width: np.interp(hu, [level - width, level], [0, 1])),
        ("width taken as half the window", window_forgets_white),
        ("black and white swapped",
         lambda hu, level, width: 1 - np.interp(hu, [level - width / 2, level + width / 2], [0, 1])),
        ("stretched to 255", lambda hu, level, width: 255 * window_by_points(hu, level, width)),
        ("level and width swapped", lambda hu, width, level: window_with_where(hu, level, width)),
        ("window taken from the image", lambda hu, level, width: (hu - np.min(hu)) / np.ptp(hu)),
        ("clipped, not stretched",
         lambda hu, level, width: np.maximum(np.minimum(hu, level + 0.5 * width), level - 0.5 * width)),
    ],
    "to_batch": [
        ("channel axis missing", lambda slices: torch.stack([torch.tensor(one).float() for one in slices])),
        ("channel axis last", lambda slices: torch.tensor(np.dstack(slices)).permute(2, 0, 1).unsqueeze(3).float()),
        ("batch and channel swapped", lambda slices: torch.tensor(np.array(slices)).float().unsqueeze(0)),
        ("rows and columns swapped", lambda slices: torch.stack([torch.tensor(one.T).float()[None] for one in slices])),
        ("slices glued together", lambda slices: torch.tensor(np.vstack(slices)).float().unsqueeze(0).unsqueeze(0)),
        ("only the first slice", lambda slices: torch.tensor(slices[0], dtype=torch.float32)[None, None]),
        ("double precision", lambda slices: torch.tensor(np.array(slices, dtype=float)).unsqueeze(1)),
        ("whole numbers kept", lambda slices: torch.stack([torch.tensor(one) for one in slices]).unsqueeze(1)),
        ("cut to 8 bits",
         lambda slices: torch.tensor(np.array(slices).astype(int) % 256, dtype=torch.float32).unsqueeze(1)),
        ("still a NumPy array", lambda slices: np.array(slices, dtype=np.float32)[:, np.newaxis, :, :]),
    ],
    "channels_first": [
        ("reshape where permute was meant", lambda photo: np.reshape(photo, (3, photo.shape[0], photo.shape[1]))),
        ("all axes reversed", lambda photo: np.swapaxes(photo, 0, 2)),
        ("axes listed the other way round", lambda photo: torch.tensor(photo).permute(1, 2, 0)),
        ("another type of number", lambda photo: channels_by_loop(photo).astype(float)),
        ("red and blue swapped", lambda photo: np.stack([photo[..., 2], photo[..., 1], photo[..., 0]])),
        ("channels still last", lambda photo: torch.tensor(photo)),
        ("channel between rows and columns", lambda photo: np.swapaxes(photo, 1, 2)),
        ("turned into one grey channel", lambda photo: np.mean(photo, 2)[np.newaxis]),
        ("brightness changed as well", lambda photo: channels_by_loop(photo).astype(float) / 255),
    ],
    "batch_bytes": [
        ("bits instead of bytes", lambda shape, dtype: torch.empty(shape, dtype=dtype, device="meta").nbytes * 8),
        ("elements instead of bytes", lambda shape, dtype: torch.empty(shape, device="meta").numel()),
        ("always 4 bytes", lambda shape, dtype: torch.empty(shape, device="meta").nbytes),
        ("batch axis forgotten", bytes_by_loop_from_one),
        ("lengths added", lambda shape, dtype: int(np.sum(shape)) * dtype.itemsize),
        ("GiB instead of bytes", lambda shape, dtype: math.prod(shape) * dtype.itemsize / 1024**3),
    ],
    "neuron": [
        ("ReLU forgotten", lambda patch, weights, bias: np.vdot(patch, weights) + bias),
        ("bias forgotten", lambda patch, weights, bias: max(np.vdot(patch, weights), 0)),
        ("bias subtracted", lambda patch, weights, bias: max(np.vdot(patch, weights) - bias, 0)),
        ("bias added to every pixel", bias_in_the_loop),
        ("bias added after ReLU", lambda patch, weights, bias: np.maximum(np.vdot(patch, weights), 0) + bias),
        ("ReLU on every product", relu_in_the_loop),
        ("mean instead of sum", lambda patch, weights, bias: max(0, np.mean(np.multiply(weights, patch)) + bias)),
        ("matrix product", lambda patch, weights, bias: np.maximum(np.dot(patch, weights).sum() + bias, 0)),
        ("one number per pixel", lambda patch, weights, bias: np.maximum(weights * patch + bias, 0)),
        ("sign dropped", lambda patch, weights, bias: np.sqrt((np.vdot(patch, weights) + bias) ** 2)),
        ("Python's own sum", neuron_adds_columns),
        ("Python's own sum", lambda patch, weights, bias: sum(weights * patch) + bias),
        ("one value asked of an array", neuron_asks_an_array),
        ("fires, yes or no", neuron_fires),
        ("fires, yes or no", lambda patch, weights, bias: bool(np.vdot(patch, weights) > -bias)),
    ],
    "brightness_detector": [
        ("no threshold", lambda: (np.ones((3, 3)), 0)),
        ("sum instead of mean", lambda: (torch.ones(3, 3), -0.6)),
        ("only the centre counts", lambda: ([[0, 0, 0], [0, 2, 0], [0, 0, 0]], -1)),
        ("darkness detector", lambda: (np.full((3, 3), -1.0), 4.5)),
        ("bias with the wrong sign", lambda: (np.full((3, 3), 1.0), 4.5)),
        ("never fires", lambda: (np.full((3, 3), 1 / 9), -1.0)),
        ("threshold beside one half", lambda: (np.full((3, 3), 1.0), -4.7)),
        ("threshold beside one half", lambda: (np.full((3, 3), 1 / 9), -0.485)),
        ("threshold beside one half", lambda: (np.full((3, 3), 0.2), -0.5)),
    ],
    "spot_detector": [
        ("brightness, not a spot", lambda: (np.ones((3, 3)), -4.5)),
        ("surround ignored", lambda: ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], -0.6)),
        ("weights do not cancel", centre_surround(9, -0.6, -2.4)),
        ("weights do not cancel", centre_surround(1, -0.1, -0.3)),
        ("dark spot detector", centre_surround(-8, 1, -2.4)),
        ("fires on noise", laplace(bias=0.0)),
        ("bias pushes to fire", laplace(bias=0.4)),
        ("never fires", laplace(bias=-2.0)),
        ("surround outweighs the centre", centre_surround(1, -1, -0.3)),
        ("surround outweighs the centre", centre_surround(2, -1, 0)),
        ("fires on an edge: surround counts in part", corner(-0.6)),
        ("fires on an edge: surround counts in part",
         lambda: (torch.tensor([[-1, -1, -1], [0, 3, 0], [0, 0, 0]]), torch.tensor(-1.0))),
        ("fires on an edge: bias too small", centre_surround(8, -1, -1.2)),
    ],
    "count_parameters": [
        ("biases forgotten", lambda widths: int(np.dot(widths[:-1], widths[1:]))),
        ("one bias per input", lambda widths: sum(a * (b + 1) for a, b in itertools.pairwise(widths))),
        ("one bias per layer", lambda widths: int(np.dot(widths[:-1], widths[1:])) + len(widths) - 1),
        ("biases of the input counted", lambda widths: count_by_torch(widths) + widths[0]),
        ("last layer forgotten", count_stops_early),
        ("only the first layer", count_returns_in_the_loop),
        ("neurons instead of parameters", lambda widths: int(np.sum(widths))),
        ("all widths multiplied", lambda widths: math.prod(widths)),
    ],
    "block_mean": [
        ("pixels skipped", lambda image, factor: torch.tensor(image)[::factor, ::factor]),
        ("axes of the blocks mixed up",
         lambda image, factor: sum(quarter.astype(float) for half in np.split(image, factor)
                                   for quarter in np.split(half, factor, axis=1)) / factor**2),
        ("maximum instead of mean", block_max_by_loop),
        ("blocks torn by reshape", block_mean_in_memory_order),
        ("blocks that overlap", block_mean_without_steps),
        ("a fraction as a length", block_mean_with_slash),
        ("a fraction as a length", lambda image, factor: image.reshape(len(image) / factor, factor, -1, factor)),
        ("result in the type of the image", block_mean_like_the_image),
        ("sum instead of mean", lambda image, factor: block_mean_by_loop(image, factor) * factor**2),
        ("divided by factor once", lambda image, factor: block_mean_by_loop(image, factor) * factor),
        ("rounded down", block_mean_whole_numbers),
        ("rows only", lambda image, factor: downscale_local_mean(image, (factor, 1))),
        ("8-bit overflow", block_sum_in_its_own_type),
        ("rows and columns swapped", lambda image, factor: block_mean_by_loop(image.T, factor)),
    ],
    "load_volume": [
        ("still there: axis order", load_torn),
        ("still there: dtype overflow", load_in_bytes),
        ("still there: missing rescale", lambda stored, slope, intercept: np.moveaxis(stored, 2, 0).astype(float)),
        ("still there: axis order, dtype overflow",
         lambda stored, slope, intercept: load_torn(stored % 256, slope, intercept)),
        ("still there: axis order, missing rescale", lambda stored, slope, intercept: load_torn(stored, 1, 0)),
        ("still there: dtype overflow, missing rescale", lambda stored, slope, intercept: load_in_bytes(stored, 1, 0)),
        ("still there: axis order, dtype overflow, missing rescale",
         lambda stored, slope, intercept: load_torn(stored % 256, 1, 0)),
        ("rows and columns swapped", lambda stored, slope, intercept: np.swapaxes(stored, 0, 2) * slope + intercept),
        ("slices still last", lambda stored, slope, intercept: torch.tensor(stored.astype(float)) * slope + intercept),
        ("intercept forgotten", lambda stored, slope, intercept: slope * np.moveaxis(stored, 2, 0).astype(float)),
        ("cut to 16 bits with a sign", load_as_int16),
        ("twice the memory", lambda stored, slope, intercept: np.moveaxis(stored, 2, 0) * slope + intercept),
        ("twice the memory",
         lambda stored, slope, intercept: torch.tensor(stored.astype(float)).permute(2, 0, 1) * slope + intercept),
        ("intercept subtracted", lambda stored, slope, intercept: np.moveaxis(stored, 2, 0) * slope - intercept),
        ("rescaled, then cut to 8 bits",
         lambda stored, slope, intercept: (np.moveaxis(stored, 2, 0) * slope + intercept).astype(int) % 256),
    ],
}

"""What the known mistakes in pooling compute."""
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def pooled(feature_map, size, stride):
    """Max pooling without a mistake."""
    return sliding_window_view(feature_map, (size, size))[::stride, ::stride].max(axis=(2, 3)).astype(float)


def combining(combine):
    """combine(windows of shape (rows, columns, size × size)) instead of the maximum."""
    def mutant(feature_map, size, stride):
        windows = sliding_window_view(feature_map, (size, size))[::stride, ::stride]
        return combine(windows.reshape(*windows.shape[:2], -1))

    return mutant


def placed(tops, cells=lambda size, stride: size):
    """Windows at tops(axis length, size, stride), cut off where they leave the map; cells : their side."""
    def mutant(feature_map, size, stride):
        rows, columns = (tops(length, size, stride) for length in feature_map.shape)
        side = cells(size, stride)
        windows = [feature_map[row:row + side, column:column + side] for row in rows for column in columns]
        return np.array(list(map(np.max, windows))).reshape(len(rows), len(columns))

    return mutant


def counted(count):
    """So many windows along an axis: count(length, size, stride)."""
    return placed(lambda length, size, stride: stride * np.arange(count(length, size, stride)))


def inside(length, size, stride):
    """Where the windows inside the map begin."""
    return range(0, length - size + 1, stride)


def padded(before, after, value=0):
    """A frame around the map first: functions of size and stride give its width."""
    def mutant(feature_map, size, stride):
        frame = before(size, stride), after(size, stride)
        return pooled(np.pad(feature_map.astype(float), frame, constant_values=value), size, stride)

    return mutant


def filled_up(feature_map, size, stride):
    frame = [(0, -(length - size) % stride) for length in feature_map.shape]
    return pooled(np.pad(feature_map, frame), size, stride)


def square_part(feature_map, size, stride):
    """As many windows along one axis as along the other."""
    side = min(pooled(feature_map, size, stride).shape)
    return pooled(feature_map, size, stride)[:side, :side]


def exchanged(feature_map, size, stride):
    """As many windows down as fit across, and the other way round: they run out of the map."""
    columns, rows = pooled(feature_map, size, stride).shape
    windows = [feature_map[row * stride:row * stride + size, column * stride:column * stride + size]
               for row in range(rows) for column in range(columns)]
    return np.array(list(map(np.max, windows))).reshape(rows, columns)


def exchanged_number_by_number(feature_map, size, stride):
    """The same with single numbers, where Python says that a position does not exist."""
    columns, rows = pooled(feature_map, size, stride).shape
    return np.array([[max(feature_map[row * stride + i, column * stride + j] for i in range(size) for j in range(size))
                      for column in range(columns)] for row in range(rows)])


def begun_at(first):
    """An output of the right shape, with windows that begin at first(place, size, stride) of the map."""
    def mutant(feature_map, size, stride):
        output = np.zeros_like(pooled(feature_map, size, stride))
        for row, column in np.ndindex(output.shape):
            top, left = first(row, size, stride), first(column, size, stride)
            output[row, column] = feature_map[top:top + size, left:left + size].max()
        return output

    return mutant


def centred(before):
    """Windows around every stride-th pixel, cut off at the border; before(size) pixels lie before the middle one."""
    def mutant(feature_map, size, stride):
        places = [range(0, length, stride) for length in feature_map.shape]
        first = before(size)
        return np.array([[feature_map[max(row - first, 0):row - first + size,
                                      max(column - first, 0):column - first + size].max() for column in places[1]]
                         for row in places[0]])

    return mutant


def last_left_empty(feature_map, size, stride):
    """Two loops that end one window early, into an output of the right shape."""
    maxima, output = pooled(feature_map, size, stride), np.zeros_like(pooled(feature_map, size, stride))
    rows, columns = (len(range(0, length - size, stride)) for length in feature_map.shape)
    output[:rows, :columns] = maxima[:rows, :columns]
    return output


def with_holes(feature_map, size, stride):
    output, maxima = np.zeros(feature_map.shape), pooled(feature_map, size, stride)
    output[:stride * len(maxima):stride, :stride * maxima.shape[1]:stride] = maxima
    return output


def thinned_output(feature_map, size, stride):
    """Loops over the output in steps of stride, with the same numbers as places in the map."""
    output = np.zeros_like(pooled(feature_map, size, stride))
    kept = slice(None, None, stride)
    output[kept, kept] = pooled(feature_map, size, 1)[:output.shape[0]:stride, :output.shape[1]:stride]
    return output


def one_axis(axis):
    def mutant(feature_map, size, stride):
        shape = (size, 1) if axis == 0 else (1, size)
        steps = [slice(None, None, stride if axis == one else 1) for one in (0, 1)]
        return sliding_window_view(feature_map, shape)[tuple(steps)].max(axis=(2, 3))

    return mutant


def over_the_map(feature_map, size, stride):
    maxima = pooled(feature_map, size, stride)
    feature_map[:len(maxima), :maxima.shape[1]] = maxima
    return maxima


def kept_only(kept):
    """What is there when `return` stands inside a loop: some of the maxima and 0, or some of them alone."""
    def mutant(feature_map, size, stride):
        maxima = pooled(feature_map, size, stride)
        output = np.zeros_like(maxima)
        output[kept] = maxima[kept]
        return output

    return mutant

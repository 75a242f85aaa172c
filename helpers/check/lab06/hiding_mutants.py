"""What goes wrong when places are hidden, as code."""
import torch

from .hiding_run import my_scores, occlusion


def hiding(ask=my_scores, drop=lambda before, after: before - after, step=lambda patch: patch, first=None, cover=None,
           run=lambda network, images: network(images), fresh=True, stop=lambda length, patch: length,
           spread=None, start=lambda images, fill: images):
    """occlusion with some of its parts done wrongly.

    ask : of logits and target.  drop : of the scores before and after.  step, stop : of the places along an axis.
    cover : of images, rows, columns, fill; hides in place.  fresh : False goes on with what is hidden already.
    spread : the rows and columns that get the drop.  start : the images that the score before is that of.
    """
    def mutant(network, images, target, patch, fill):
        height, width = images.shape[2:]
        drops, hidden = torch.zeros(len(images), height, width), images.clone()
        with torch.no_grad():
            before = ask(run(network, start(images.clone(), fill)), target)
            for top in range(0, stop(height, patch), step(patch)):
                for left in range(0, stop(width, patch), step(patch)):
                    rows, columns = slice(top, top + patch), slice(left, left + patch)
                    hidden = images.clone() if fresh else hidden
                    (cover or filled)(hidden, rows, columns, fill)
                    after = ask(run(network, hidden), target)
                    rows, columns = spread(rows, columns) if spread else (rows, columns)
                    drops[:, rows, columns] = drop(before, after).reshape(-1, 1, 1)
        return drops

    return mutant


def filled(images, rows, columns, fill):
    images[:, :, rows, columns] = fill


def added(images, rows, columns, fill):
    images[:, :, rows, columns] += fill


def multiplied(images, rows, columns, fill):
    images[:, :, rows, columns] *= fill


def with_number(number):
    """Another value than the one asked for."""
    return lambda images, rows, columns, fill: filled(images, rows, columns, number)


def with_mean(images, rows, columns, fill):
    images[:, :, rows, columns] = images.mean()


def with_lowest(images, rows, columns, fill):
    images[:, :, rows, columns] = images.min()


def all_but(images, rows, columns, fill):
    """Everything else is hidden."""
    kept = images[:, :, rows, columns].clone()
    images[:] = fill
    images[:, :, rows, columns] = kept


def one_pixel(images, rows, columns, fill):
    images[:, :, rows.start, columns.start] = fill


def whole_rows(images, rows, columns, fill):
    images[:, :, rows] = fill


def one_pixel_more(images, rows, columns, fill):
    images[:, :, rows.start:rows.stop + 1, columns.start:columns.stop + 1] = fill


def first_channel(images, rows, columns, fill):
    images[:, 0, rows, columns] = fill


def rows_for_columns(images, rows, columns, fill):
    images[:, :, columns, rows] = fill


def finished(change):
    """change(the right map, side of the patch)."""
    return lambda network, images, target, patch, fill: change(occlusion(network, images, target, patch, fill), patch)


def probability(logits, target):
    return my_scores(torch.sigmoid(logits) if logits.shape[1] == 1 else logits.softmax(dim=1), target)

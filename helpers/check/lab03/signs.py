"""Signs by which the checks of lab 3 know a mistake that shows in more than one way."""
from ..comparison import as_array, difference


def like(mutant, cases, chosen=None):
    """Sign: the answer gives what `mutant` gives on the chosen cases, whatever it does on the others.

    cases : of the exercise.  chosen : indices of some of them; left out, all.
    """
    chosen = range(len(cases)) if chosen is None else chosen

    def shows(results):
        return all(results[index].error is None and not difference(results[index].value, mutant(*cases[index]))
                   for index in chosen)

    return shows


def any_of(*signs):
    """Sign: at least one of these signs shows."""
    return lambda results: any(sign(results) for sign in signs)


def shaped(cases, shape_of):
    """Sign: every result is an array of the shape that shape_of(*case) gives; the values may be any."""
    def shows(results):
        arrays = [None if result.error else as_array(result.value) for result in results]
        return all(array is not None and array.shape == tuple(shape_of(*case))
                   for array, case in zip(arrays, cases, strict=True))

    return shows


def changes(name):
    """Sign: the input of this name was changed in at least one case."""
    return lambda results: any(name in result.changed for result in results)


def has_axes(result, count):
    """Whether a Result is an array with so many axes."""
    array = as_array(result.value)
    return array is not None and array.ndim == count

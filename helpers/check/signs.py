"""Signs by which the checks know a mistake that shows in more than one way, or in only some of the cases."""
import copy
import functools

from .comparison import as_array, difference
from .errors import message_of
from .exercise import Complaint, Misconception, call


def raises(kind, text=""):
    """Sign: at least one case ended in this kind of error, with this text in its message."""
    return lambda results: any(isinstance(result.error, kind) and text in message_of(result.error)
                               for result in results)


def behaves_like(cases, *mutants, chosen=None, look=call, rtol=1e-5, words=False):
    """Sign: on the chosen cases the answer gives what one of these mutants gives, or ends in the same kind of error.

    cases : of the exercise.  mutants : ways to make one mistake; each runs once, and only as far as it is needed.
    chosen : indices of some cases; left out, all.
    look : how the exercise looks at an answer, called as look(mutant, *case).  rtol : relative tolerance of floats.
    words : whether an error must have the same words, too; those of PyTorch say which sizes did not fit.
    """
    chosen = tuple(range(len(cases)) if chosen is None else chosen)

    @functools.cache
    def outcome(mutant, index):
        return _outcome(look, mutant, cases[index])

    def shows(results):
        return any(all(_same(results[index], outcome(mutant, index), rtol, words) for index in chosen)
                   for mutant in mutants)

    return shows


def like(mutant, cases, chosen=None):
    """Sign: the answer gives what `mutant` gives on the chosen cases, whatever it does on the others."""
    return behaves_like(cases, mutant, chosen=chosen)


def mistakes(cases, **settings):
    """A function named(name, message, *mutants, chosen=None): the Misconception that is made in any of these ways.

    settings : `chosen`, `look`, `rtol` and `words` of `behaves_like`.
    """
    def named(name, message, *mutants, **own):
        return Misconception(name, message, mutants[0], sign=behaves_like(cases, *mutants, **(settings | own)))

    return named


def any_of(*signs):
    """Sign: at least one of these signs shows."""
    return lambda results: any(sign(results) for sign in signs)


def all_of(*signs):
    """Sign: all of these signs show."""
    return lambda results: all(sign(results) for sign in signs)


def only_dtype_differs(reference, cases):
    """Sign: every value is right, and the dtype is not."""
    return _right_but(reference, cases, lambda result, value: difference(result.value, value, strict="dtype"))


def only_warns(reference, cases):
    """Sign: every value is right, and NumPy warned on the way."""
    return _right_but(reference, cases, lambda result, value: result.warned)


def returns_dtype(kinds):
    """Sign: an array of one of these NumPy dtype kinds came back, for example "u" for unsigned integers."""
    def shows(results):
        arrays = [as_array(result.value) for result in results]
        return any(array is not None and array.dtype.kind in kinds for array in arrays)

    return shows


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


def _right_but(reference, cases, fault):
    """Sign: every value is right, and fault(result, the right value) holds of some."""
    def shows(results):
        pairs = [(result, reference(*case)) for result, case in zip(results, cases, strict=True)]
        right = all(result.error is None and not difference(result.value, value) for result, value in pairs)
        return right and any(fault(*pair) for pair in pairs)

    return shows


def _outcome(look, mutant, case):
    """A value, or the error that came instead."""
    try:
        return look(mutant, *copy.deepcopy(case)), None
    except Exception as error:  # noqa: BLE001  a mutant may end in any way, as the answers it stands for
        return None, error


def _same(result, outcome, rtol, words):
    value, error = outcome
    if error is not None:
        same_words = not (words or isinstance(error, Complaint)) or message_of(result.error) == message_of(error)
        return type(result.error) is type(error) and same_words
    return result.error is None and not difference(result.value, value, rtol=rtol)

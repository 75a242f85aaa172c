"""A sign for mistakes that end in an error of PyTorch: its message says which sizes did not fit."""
import copy
import functools

from ..comparison import difference
from ..errors import message_of
from ..exercise import Misconception, call


def stops_like(cases, *mutants, look=call, chosen=None):
    """Sign: values as those of one of these mutants, and where it stops an error of the same kind with the same words.

    cases, look, chosen : as for `signs.behaves_like`.
    """
    chosen = range(len(cases)) if chosen is None else chosen

    @functools.cache
    def outcome(mutant, index):
        try:
            return look(mutant, *copy.deepcopy(cases[index])), None
        except Exception as error:  # noqa: BLE001  as in signs.behaves_like
            return None, error

    def same(result, value, error):
        if error is not None or result.error is not None:
            return type(result.error) is type(error) and message_of(result.error) == message_of(error)
        return not difference(result.value, value)

    def shows(results):
        return any(all(same(results[index], *outcome(mutant, index)) for index in chosen) for mutant in mutants)

    return shows


def stopping(cases, **settings):
    """A function named(name, message, *mutants): the Misconception that stops, or goes wrong, in any of these ways.

    settings : `look` and `chosen` of `stops_like`.
    """
    def named(name, message, *mutants):
        return Misconception(name, message, mutants[0], sign=stops_like(cases, *mutants, **settings))

    return named

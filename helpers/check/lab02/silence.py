"""Look at an answer with its ears open: a warning of NumPy that it silences is heard all the same."""
import contextlib
import warnings

import numpy as np

from ..comparison import difference
from ..exercise import Complaint, Misconception
from ..signs import raises

SILENCED = ("The result is right, and your code switches off NumPy's warning. Without that NumPy warns: {}. Leave the "
            "warnings on.")
SWITCHES = ((np, "errstate"), (np, "seterr"), (warnings, "simplefilter"), (warnings, "filterwarnings"))


class _Nothing(contextlib.ContextDecorator, dict):
    """What a switch returns that does nothing: good for `with`, as a decorator, and as the old settings."""

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False


@contextlib.contextmanager
def _switches_dead():
    """A list that takes up the names of the switches that are pressed meanwhile; none of them does anything."""
    pressed = []

    def dead(name):
        return lambda *given, **settings: pressed.append(name) or _Nothing()

    before = [getattr(module, name) for module, name in SWITCHES]
    for module, name in SWITCHES:
        setattr(module, name, dead(name))
    try:
        yield pressed
    finally:
        for (module, name), switch in zip(SWITCHES, before, strict=True):
            setattr(module, name, switch)


def heard(answer, reference, *given):
    """What an answer returns; a Complaint where it is right and only a silenced warning tells that it was luck."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", RuntimeWarning)
        try:
            with _switches_dead() as pressed:
                value, error = answer(*given), None
        except Exception as raised:  # noqa: BLE001  raised again below, after its warnings
            value, error = None, raised
    for one in caught:
        warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
    if error is not None:
        raise error
    said = sorted({str(one.message) for one in caught if issubclass(one.category, RuntimeWarning)})
    if pressed and said and not difference(value, reference(*given)):
        raise Complaint(SILENCED.format("; ".join(said)))
    return value


def warning_silenced(mutant):
    """The mistake of every exercise in which an overflow on the way counts."""
    return Misconception(
        "warning silenced",
        "You switch NumPy's warning off, with `np.errstate` or the like. The exponential still overflows and the value "
        "is right by luck; the next formula that builds on it may not be. Let no exponent be above 0.",
        mutant, sign=raises(Complaint, SILENCED.split("{", maxsplit=1)[0]))

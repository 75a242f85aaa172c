"""Signs by which a mistake in a training with early stopping is known."""
from ..comparison import difference
from ..signs import behaves_like
from .stopping_run import CASES, PEEKS, RECORDED, RTOL, honest, look


def like(*mutants):
    """Sign: the answer does what one of these mutants does."""
    return behaves_like(CASES, *mutants, look=look, rtol=RTOL)


def loaded(results):
    """Sign: weights were loaded into the network, whichever."""
    return all("weights loaded" in getattr(result.value, "log", ()) for result in results)


def apart_from(name, holds):
    """Sign: right but for one entry, of which holds(value) is true in some case."""
    def shows(results):
        values = [result.value for result in results]
        if not all(isinstance(value, dict) and name in value for value in values):
            return False
        return any(holds(value[name]) for value in values) and all(
            not difference(value.get(key), want[key], rtol=RTOL)
            for value, want in zip(values, honest(), strict=True) for key in want if key != name)

    return shows


def looked_often(results):
    """Sign: right, and the test set was shown more than once."""
    return apart_from(PEEKS, lambda times: times > 1)(results)


def recorded(results):
    """Sign: right, and gradients were recorded where nothing is learned."""
    return apart_from(RECORDED, bool)(results)

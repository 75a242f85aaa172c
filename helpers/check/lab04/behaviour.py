"""A sign for the checks of lab 4: the answer does what one of several mutants does."""
import copy

from ..comparison import difference


def behaves_like(cases, *mutants, chosen=None):
    """Sign: on the chosen cases the answer gives what one of these mutants gives, or ends in the same kind of error.

    cases : of the exercise.  mutants : ways to make one mistake.  chosen : indices of cases; left out, all.
    """
    chosen = range(len(cases)) if chosen is None else chosen

    def shows(results):
        return any(all(_same(results[index], cases[index], mutant) for index in chosen) for mutant in mutants)

    return shows


def _same(result, case, mutant):
    try:
        value = mutant(*copy.deepcopy(case))
    except Exception as error:  # noqa: BLE001  a mutant may end in any way, as the answers it stands for
        return type(result.error) is type(error)
    return result.error is None and not difference(result.value, value)

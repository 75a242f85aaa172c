"""Signs for answers that take long to run: every mutant runs once, and its results are kept."""
import functools

from ..comparison import difference


def does(look, cases, *mutants, chosen=None, rtol=1e-5):
    """Sign: on the chosen cases the answer gives what one of these mutants gives.

    look : the exercise's way to look at an answer, called as look(mutant, *case).
    chosen : indices of cases; left out, all.  rtol : relative tolerance of floats.
    """
    chosen = tuple(range(len(cases)) if chosen is None else chosen)

    @functools.cache
    def known(number):
        return [look(mutants[number], *cases[index]) for index in chosen]

    def shows(results):
        some = [results[index] for index in chosen]
        if any(result.error is not None for result in some):
            return False
        return any(all(not difference(result.value, value, rtol=rtol)
                       for result, value in zip(some, known(number), strict=True)) for number in range(len(mutants)))

    return shows

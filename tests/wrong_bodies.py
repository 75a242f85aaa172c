"""Eleven bodies that a learner may leave in any function of any lab; none may pass, none may raise."""
import inspect

WRONG_BODIES = {
    "untouched": "# YOUR CODE HERE\nraise NotImplementedError()",
    "pass": "pass",
    "ellipsis": "return ...",
    "zero": "return 0",
    "text": "return 'wrong'",
    "typo": "return undefined_name + 1",
    "crash": "return [][3]",
    "huge": "return 10 ** 9",
    "nan": "return float('nan')",
    "array": "import numpy\nreturn numpy.zeros((2, 5))",
    "exit": "raise SystemExit",
}
NOT_ATTEMPTED = {"untouched", "ellipsis"}
CRASHED = {"typo", "crash", "exit"}


def source_with_body(reference, body):
    """The source of a function with the name and parameters of `reference` and another body."""
    lines = "\n".join("    " + line for line in body.split("\n"))
    return f"def {reference.__name__}{inspect.signature(reference)}:\n{lines}\n"


def expected_outcome(name):
    """What the check must say about a wrong body."""
    return "not attempted" if name in NOT_ATTEMPTED else "crashed" if name in CRASHED else "wrong"


def define(source, **names):
    """The function that a cell with this source defines."""
    exec(compile(source, "<ipython-input-cell>", "exec"), names)  # noqa: S102
    return next(value for name, value in reversed(names.items()) if callable(value))

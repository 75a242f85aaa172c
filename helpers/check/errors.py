"""Python errors in plain words, and the line of the learner's cell where they arose."""
import re
import traceback

WORDS = {
    NameError: "a name is used that nothing has yet. A typing mistake, or a missing line before it?",
    IndexError: "a position is asked for that does not exist.",
    KeyError: "a dictionary is asked for a key that it does not have.",
    ZeroDivisionError: "something is divided by zero.",
    RecursionError: "the function calls itself without end.",
    SystemExit: "the code leaves Python. A function hands its result back with `return`.",
    MemoryError: "the computer has not enough memory for what is asked.",
    OverflowError: "a number does not fit into its type. Convert the array to float first.",
    AttributeError: "this kind of value has no such part.",
    AssertionError: "an `assert` in your own code does not hold.",
    ImportError: "something is imported that is not installed.",
    TypeError: "an operation met a kind of value that it cannot work with.",
    ValueError: "a value, often a shape, does not fit.",
}
PHRASES = {  # what a message holds, for errors whose type says too little
    "math range error": "the exponential of a large number does not fit into a float: from about exp(710) on it "
                        "overflows.",
    "truth value of an array": "`if`, `and`, `min` and `max` take one value, and here they get an array. NumPy's own "
                               "functions treat all values at once; `&` and `|` combine two masks.",
    "Boolean value of Tensor with more than one": "`if`, `and`, `min` and `max` take one value, and here they get a "
                                                  "tensor. `&` and `|` combine two masks.",
    "bitwise_": "`&` and `|` combine masks of True and False, and they come before `>`: put brackets, as in "
                "`a & (b > 0.5)`.",
    "slice indices must be integers": "a place in an array is a whole number. `/` gives a fraction, `//` a whole "
                                      "number.",
    "is not a Module subclass": "a layer is wanted and something else came. `nn.ReLU()`, with brackets, is a layer.",
    "call numpy() on Tensor that requires grad": "NumPy cannot follow a gradient. Stay with PyTorch's own functions.",
    "Sizes of tensors must match": "tensors can be joined only where they agree along all other axes.",
    "The size of tensor a": "two tensors of these shapes do not fit each other.",
    "mat1 and mat2 shapes": "a dense layer gets another number of inputs than it has weights for.",
    "channels, but got": "a layer gets another number of channels than it was made for.",
    "cannot be interpreted as an integer": "a whole number is wanted and a fraction came. `/` gives a fraction, "
                                           "`//` a whole number.",
}


def in_words(error):
    """What happened, then Python's own message, on one line of bounded length.

    >>> in_words(IndexError("list index out of range"))
    'IndexError: a position is asked for that does not exist. Python says: list index out of range'
    """
    message = message_of(error)
    known = [words for phrase, words in PHRASES.items() if phrase in message]
    known += [words for kind, words in WORDS.items() if isinstance(error, kind)]
    words = known[0] if known else "Python cannot go on here."
    message = re.sub(r"0x[0-9a-fA-F]{6,}", "…", message)  # addresses differ on every run
    message = message if len(message) <= 200 else message[:199] + "…"
    return f"{type(error).__name__}: {words}" + (f" Python says: {message}" if message else "")


def message_of(error):
    """Python's own message on one line; empty where the error cannot say it."""
    try:
        return " ".join(str(error).split())
    except Exception:  # noqa: BLE001  an error class of the learner's own may fail even here
        return ""


def place(error, answer):
    """The last line of the learner's own code that was running: 'line 3 of your cell: `return 1 / 0`'.

    error : a caught exception, with its traceback.
    answer : the learner's function. Empty where no line of theirs was running.
    """
    home = getattr(getattr(answer, "__code__", None), "co_filename", None)
    lines = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)
             if frame.f_code.co_filename == home or _is_cell(frame.f_code.co_filename)]
    if not lines:
        return ""
    name, number = lines[-1]
    source = traceback.FrameSummary(name, number, "").line
    return f"line {number} of your {'cell' if _is_cell(name) else 'code'}" + (f": `{source}`" if source else "")


def _is_cell(filename):
    return "ipykernel_" in filename or filename.startswith("<ipython-input")


def is_untouched(error):
    """Whether this is the stub itself: `raise NotImplementedError()` without a message (torch's has one)."""
    return isinstance(error, NotImplementedError) and not error.args


def is_blank(error):
    """Whether a blank `...` was used as if it were a value."""
    return isinstance(error, TypeError | AttributeError) and "ellipsis" in str(error).lower()

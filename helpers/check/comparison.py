"""Is this value that value? If not, say how they differ; and print any value short."""
import inspect
import re

import numpy as np
import torch

FEW = 36  # longer arrays are shown by their corners
MANY = 10**6  # longer lists are not looked at: an answer must not fill the memory
NUMBERS = {"b": "True or False", "i": "numbers", "u": "numbers", "f": "numbers"}
FORGOT = "Your function returns nothing. Did you forget `return`? (print shows a value, return hands it back.)"


def difference(got, expected, strict=False, rtol=1e-5):
    """How `got` differs from `expected`, as a sentence; empty where they agree.

    got : anything at all; NumPy arrays, torch tensors and numbers are compared by value. Where an array is
        expected a list will not do, since the next line of a notebook computes with it.
    expected : number, text, array, tensor, or tuple or dictionary of these.
    strict : True asks for the same type (torch or NumPy) and dtype too, "dtype" for the same dtype alone.
    rtol : relative tolerance of floats. Whole numbers must agree exactly; NaN agrees with NaN.

    >>> difference(np.zeros((3, 2)), np.zeros((2, 3)))
    'Your result has shape (3, 2), expected (2, 3).'
    >>> difference(torch.tensor([1.0, torch.nan]), np.array([1.0, np.nan]))
    ''
    """
    if expected is None or got is None:
        return "" if expected is got else FORGOT
    if isinstance(expected, tuple):
        return _tuple_difference(got, expected, strict, rtol)
    if isinstance(expected, dict):
        return _dict_difference(got, expected, strict, rtol)
    if isinstance(expected, str):
        same_text = isinstance(got, str) and got == expected
        shown = str(got) if isinstance(got, str) else got
        return "" if same_text else f"Your result is {short(shown)}, expected {short(str(expected))}."
    if strict is True and isinstance(expected, torch.Tensor) != isinstance(got, torch.Tensor):
        return f"Your result is {kind_of(got)}, expected {kind_of(expected)}."
    got_array, expected_array = as_array(got), as_array(expected)
    listed = isinstance(got, list | tuple) and not isinstance(expected, list)
    if got_array is None or listed:
        how = ": `np.array(…)` makes one." if listed and isinstance(expected, np.ndarray) else "."
        return f"Your result is {kind_of(got)}, expected {kind_of(expected)}{how}"
    return _array_difference(got_array, expected_array, strict, rtol)


def _tuple_difference(got, expected, strict, rtol):
    if not isinstance(got, tuple | list) or len(got) != len(expected):
        count = f"{len(got)} values" if isinstance(got, tuple | list) else kind_of(got)
        return f"Your result is {count}, expected {len(expected)} values: return a, b, …"
    for position, (one, other) in enumerate(zip(got, expected, strict=True), start=1):
        if problem := difference(one, other, strict, rtol):
            return f"Value {position} of {len(expected)}: {problem}"
    return ""


def _dict_difference(got, expected, strict, rtol):
    if not isinstance(got, dict):
        return f"Your result is {kind_of(got)}, expected a dictionary."
    for key, value in expected.items():
        if key not in got:
            return f"Your dictionary has no entry {key!r}."
        if problem := difference(got[key], value, strict, rtol):
            return f"Entry {key!r}: {problem}"
    return ""


def _array_difference(got, expected, strict, rtol):
    if got.shape != expected.shape:
        wanted = expected.shape or "a single number"
        return (f"Your result has shape {got.shape}, expected {wanted}." if got.shape else
                f"Your result is a single number, expected an array of shape {wanted}.")
    if NUMBERS[got.dtype.kind] != NUMBERS[expected.dtype.kind]:
        return f"Your result holds {NUMBERS[got.dtype.kind]}, expected {NUMBERS[expected.dtype.kind]}."
    if strict and got.dtype != expected.dtype:
        return f"Your result has dtype {got.dtype}, expected {expected.dtype}."
    differs = ~_close(got, expected, rtol)
    if not differs.any():
        return ""
    where = tuple(int(index) for index in np.argwhere(differs)[0])
    have, want = short(got[where].item()), short(expected[where].item())
    if not where:
        return f"Your result is {have}, expected {want}."
    return (f"{differs.sum()} of {differs.size} values differ, the first at {list(where)}: "
            f"{have}, expected {want}.")


def _close(got, expected, rtol):
    """Elementwise; the absolute tolerance follows the largest expected value, since sums round by that."""
    if expected.dtype.kind in "biu" and got.dtype.kind in "biu":
        return got == expected
    if expected.dtype.kind in "iu":
        return np.isclose(got, expected, rtol=0, atol=1e-6)
    finite = np.abs(expected[np.isfinite(expected)])
    scale = float(finite.max()) if finite.size and finite.max() > 0 else 1.0
    return np.isclose(got, expected, rtol=rtol, atol=1e-6 * scale, equal_nan=True)


def as_array(value):
    """The value as a NumPy array of numbers or truth values; None where it is not one."""
    if isinstance(value, list | tuple) and len(value) > MANY:
        return None
    if not isinstance(value, torch.Tensor | np.ndarray | np.generic | int | float | list | tuple):
        return None
    try:
        if isinstance(value, torch.Tensor):
            value = value.detach().cpu()
            value = (value.float() if value.dtype == torch.bfloat16 else value).numpy()
        array = np.asarray(value)
    except Exception:  # noqa: BLE001  a ragged list, a tensor without data, anything: it is not numbers
        return None
    return array if array.dtype.kind in NUMBERS else None


def same(before, after):
    """Whether an input is untouched: type, shape, dtype and every value."""
    if type(before) is not type(after):
        return False
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(same, before, after))
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(same(value, after[key]) for key, value in before.items())
    first, second = as_array(before), as_array(after)
    if first is None or second is None:
        return before is after or bool(before == after)
    if first.shape != second.shape or first.dtype != second.dtype:
        return False
    return np.array_equal(first, second, equal_nan=first.dtype.kind == "f")


def kind_of(value):
    """The type of a value in words; never its address, so that the text is the same on every run."""
    if value is None:
        return "nothing"
    if isinstance(value, bool | np.bool_):
        return "True or False"
    if isinstance(value, int | float | np.number):
        return "a number"
    for kind, words in ((str, "a text"), (torch.Tensor, "a torch tensor"), (np.ndarray, "a NumPy array"),
                        (tuple, "a tuple"), (list, "a list"), (dict, "a dictionary")):
        if isinstance(value, kind):
            return words
    if inspect.isclass(value):
        return f"the type {value.__name__}"
    return "a function" if inspect.isroutine(value) else f"an object of type {type(value).__name__}"


def short(value, depth=3):
    """Any value in a few words; arrays with shape and dtype.

    >>> short(np.array([[1, 2, 3]], dtype="int16"))
    '[[1 2 3]], shape (1, 3), int16'
    >>> short(0.1 + 0.2), short("abc"), short(None)
    ('0.3', "'abc'", 'None (nothing)')
    """
    try:
        return _short(value, depth)
    except Exception:  # noqa: BLE001  a class of the learner's own may fail when it is printed
        return kind_of(value)


def _short(value, depth):
    if value is None or value is Ellipsis:
        return "None (nothing)" if value is None else "... (a blank)"
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str | bool | torch.dtype):
        return _cut(repr(value[:80] if isinstance(value, str) and len(value) > 80 else value))
    if isinstance(value, int):
        return str(value) if abs(value) < 10**30 else "a number of more than 30 digits"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, tuple | list):
        shown = value[:6] if depth else ()
        inside = ", ".join(short(item, depth - 1) for item in shown) + (", …" if len(value) > len(shown) else "")
        return _cut(f"({inside})" if isinstance(value, tuple) else f"[{inside}]", 240)
    if isinstance(value, dict):
        shown = list(value.items())[:6] if depth else ()
        inside = ", ".join(f"{short(key, 0)}: {short(item, depth - 1)}" for key, item in shown)
        return _cut(f"{{{inside}{', …' if len(value) > len(shown) else ''}}}", 240)
    return _short_array(value) if isinstance(value, np.ndarray | torch.Tensor) else kind_of(value)


def in_rows(value):
    """Like `short`, and for the cards: every row of an array, array of a list, entry of a dictionary on its own line.

    >>> print(in_rows(np.array([[1, 20], [300, 4]], dtype="int16")))
    [[  1  20]
     [300   4]], shape (2, 2), int16
    """
    try:
        if isinstance(value, list) and 1 < len(value) <= 6 and all(isinstance(one, np.ndarray) for one in value):
            return f"list of {len(value)}:\n" + "\n".join(map(in_rows, value))
        if isinstance(value, tuple) and len(value) <= 6 and any(map(_is_table, value)):
            return "\n".join(map(in_rows, value))
        if isinstance(value, dict) and 1 < len(value) <= 8:
            return "\n".join(f"{short(key, 0)}: {short(item, 2)}" for key, item in value.items())
        return _short_array(value, rows=True) if isinstance(value, np.ndarray | torch.Tensor) else short(value)
    except Exception:  # noqa: BLE001  as in `short`
        return kind_of(value)


def _is_table(value):
    return isinstance(value, np.ndarray | torch.Tensor) and value.ndim > 0


def _short_array(value, rows=False):
    array = as_array(value)
    about = f"shape {tuple(value.shape)}, {value.dtype}"
    if array is None:
        return about
    if array.ndim == 0:
        return f"{short(array.item())}, {about}"
    if array.size > FEW and 0 < array.size < MANY and 0 < np.count_nonzero(array) <= 3:
        spots = ", ".join(f"{short(array[tuple(spot)])} at {spot.tolist()}" for spot in np.argwhere(array))
        return f"0 everywhere, but {spots}; {about}"
    aligned = rows and array.ndim > 1 and array.size <= FEW
    width = max((len(_number(one)) for one in array.flat), default=0) if aligned else 0
    text = np.array2string(array, max_line_width=52 if rows else 110, threshold=FEW, edgeitems=2,
                           formatter={"all": lambda one: _number(one).rjust(width)})
    text = re.sub(r"\n+", "\n", text) if rows else _cut(" ".join(text.split()), 160)
    return f"{text}, {about}"


def _number(value):
    return f"{value:.5g}" if isinstance(value, np.floating) else str(value)


def _cut(text, length=80):
    return text if len(text) <= length else text[:length - 1] + "…"

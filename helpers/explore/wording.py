"""Numbers as readers want them: few digits, a true minus sign, and words where digits would mislead."""
import numpy as np


def with_sign(number, form=".2f"):
    """A number with its sign, none where it is printed as zero.

    >>> with_sign(-0.5), with_sign(0.25), with_sign(-0.001), with_sign(-0.00123, ".3g")
    ('−0.50', '+0.25', '0.00', '−0.00123')
    """
    digits = f"{abs(number):{form}}"
    sign = "" if float(digits) == 0 else "−" if number < 0 else "+"
    return sign + digits.replace("-", "−")                               # that of an exponent


def one_digit(number):
    """A positive number rounded up to one digit: a good end for a scale.

    >>> one_digit(0.32), one_digit(70.0)
    (0.4, 70.0)
    """
    unit = 10.0 ** np.floor(np.log10(number))
    return float(f"{np.ceil(number / unit - 1e-9) * unit:.3g}")


def chance(p, digits=2):
    """A probability, never rounded to 0 or 1.

    >>> chance(0.5), chance(0.9999), chance(1e-6), chance(0.0004, digits=3)
    ('0.50', 'above 0.99', 'below 0.01', 'below 0.001')
    """
    least = 10**-digits
    if p < least:
        return f"below {least:.{digits}f}"
    return f"above {1 - least:.{digits}f}" if p > 1 - least else f"{p:.{digits}f}"


def readable_bytes(size):
    """A number of bytes in the unit that a person would use.

    >>> readable_bytes(524288)
    '512 KiB'
    """
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024 or unit == "GiB":
            return f"{size:.3g} {unit}" if size < 1000 or unit != "GiB" else f"{size:,.0f} GiB"
        size /= 1024

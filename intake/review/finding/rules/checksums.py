"""Numbers that check themselves: whoever finds one is surer of it, and drops none that fails.

A number may be typed wrong, and leads to its owner still.
"""

import re
from collections.abc import Callable
from typing import Final

CHECKED: Final = 0.99
UNCHECKED: Final = 0.85
_BETWEEN: Final = re.compile(r"[\s\-./]")


def luhn(digits: str) -> bool:
    """Whether digits end in the sum of ISO/IEC 7812-1, as those of bank cards and of telephones do."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def snils(digits: str) -> bool:
    """Whether 11 digits are a number of the Russian pension insurance."""
    total = sum(int(digit) * (9 - place) for place, digit in enumerate(digits[:9]))
    return total % 101 % 100 == int(digits[9:])


def inn(digits: str) -> bool:
    """Whether 10 or 12 digits are the number of a Russian taxpayer."""
    weights = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)

    def holds(length: int) -> bool:
        used = weights[len(weights) - length :]
        total = sum(int(d) * w for d, w in zip(digits[:length], used, strict=True))
        return total % 11 % 10 == int(digits[length])

    return holds(9) if len(digits) == 10 else holds(10) and holds(11)


_BY_LENGTH: Final[dict[int, Callable[[str], bool]]] = {
    10: inn,
    11: snils,
    12: inn,
    **dict.fromkeys((13, 14, 15, 16, 17, 18, 19), luhn),
}


def confidence(typed: str) -> float:
    """How sure a number is: surer where the digits in it check as one of its length would."""
    digits = _BETWEEN.sub("", typed)
    check = _BY_LENGTH.get(len(digits))
    if check is None or not (digits.isascii() and digits.isdigit()):
        return UNCHECKED
    return CHECKED if check(digits) else UNCHECKED

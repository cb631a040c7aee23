"""The shapes that parsed JSON must have: each function gives the value back, typed, or refuses it.

Nothing here knows what a value means; `canonical` says how it is spelled.
"""

from collections.abc import Sequence
from typing import Any, cast

from intake.errors import MalformedError


def mapping(value: object) -> dict[str, Any]:
    """An object."""
    if not isinstance(value, dict):
        raise _other()
    return cast("dict[str, Any]", value)


def rows(value: object, most: int | None = None) -> Sequence[object]:
    """An array, of at most `most` rows."""
    if not isinstance(value, list):
        raise _other()
    found = cast("list[object]", value)
    if most is not None and len(found) > most:
        raise MalformedError("a list in the JSON has more values than it may")
    return found


def row(value: object, size: int) -> Sequence[object]:
    """An array of exactly `size` values."""
    found = rows(value)
    if len(found) != size:
        raise _other()
    return found


def text(value: object) -> str:
    """A string."""
    if not isinstance(value, str):
        raise _other()
    return value


def integer(value: object) -> int:
    """An integer, and no boolean, which Python takes for one."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise _other()
    return value


def _other() -> MalformedError:
    return MalformedError("the JSON has another shape")

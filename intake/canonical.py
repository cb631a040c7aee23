"""Canonical JSON (RFC 8785) with integers only, and strict base64: a value has one spelling."""

import base64
import binascii
import json
from typing import NoReturn

from intake.errors import MalformedError

MAX_DEPTH = 8  # levels of arrays and objects; ours has four
_SAFE_INTEGER = 2**53 - 1  # RFC 8785 section 3.2.2.3: what an IEEE double holds exactly


def encode(value: object) -> bytes:
    """Canonical bytes of `value`: dictionaries with ASCII keys, lists, strings, integers, booleans, null.

    Raises `MalformedError` for a string with a lone surrogate, a float, an integer beyond 2^53 - 1.
    """
    _check(value, 1)
    # Python sorts by code point and RFC 8785 by UTF-16 unit; for ASCII keys, the only ones let
    # through by _check, these are the same.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise MalformedError("text holds a lone surrogate") from None


def decode(data: bytes) -> object:
    """Read canonical JSON; raises `MalformedError` unless `encode` gives the very same bytes."""
    try:
        value = json.loads(data.decode(), parse_float=_refuse, parse_constant=_refuse)
    except (UnicodeDecodeError, ValueError, RecursionError):
        # ValueError also covers integers of thousands of digits, RecursionError a tower of "[".
        raise MalformedError("not JSON, or not of integers only") from None
    # Duplicate keys, white space, escapes and order all show as a difference here.
    if encode(value) != data:
        raise MalformedError("JSON is not in its canonical spelling")
    return value


def _refuse(_: str) -> NoReturn:
    raise ValueError


def _check(value: object, depth: int) -> None:
    if depth > MAX_DEPTH and isinstance(value, dict | list | tuple):
        raise MalformedError(f"JSON is more than {MAX_DEPTH} levels deep")
    if isinstance(value, dict):
        for key, item in value.items():  # pyright: ignore[reportUnknownVariableType]
            if not isinstance(key, str) or not key.isascii():
                raise MalformedError("a key is not ASCII text")
            _check(item, depth + 1)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, list | tuple):
        for item in value:  # pyright: ignore[reportUnknownVariableType]
            _check(item, depth + 1)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, bool | str) or value is None:
        return
    elif not isinstance(value, int) or abs(value) > _SAFE_INTEGER:
        raise MalformedError("a number is not an integer of at most 2^53 - 1")


def b64(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(data).decode()


def unb64(text: str, size: int) -> bytes:
    """Exactly `size` bytes from base64; trailing bits, missing padding and white space are refused."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    # b64decode is lenient about trailing bits even with validate=True.
    if len(data) != size or b64(data) != text:
        raise MalformedError(f"not the base64 of {size} bytes")
    return data

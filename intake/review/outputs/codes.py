"""Codes and labels that stand in one output for items, people and places, and say nothing without its secret."""

import hmac
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from intake.errors import MalformedError

_LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"  # no vowel: no code is a word


def case_codes(secret: bytes, items: Iterable[bytes]) -> dict[bytes, str]:
    """A code for each item, the same as often as `secret` (32 bytes, one for each output) is.

    Without the secret it says neither which item it is nor whether two outputs have the same.
    """
    return _codes(secret, items)


def labels_of(secret: bytes, pseudonyms: Iterable[str]) -> dict[str, str]:
    """A label for each pseudonym of the register in one output: `P-` or `L-` and six letters.

    The same for everybody who builds this output. Without the secret it tells neither who it is, nor in
    which order they came, nor how many there are, nor whether two outputs have the same person.
    """
    names = {f"label {name}".encode(): name for name in pseudonyms}
    codes = _codes(secret, names)
    return {name: f"{name[0].upper()}-{codes[key]}" for key, name in names.items()}


def _codes(secret: bytes, items: Iterable[bytes]) -> dict[bytes, str]:
    if len(secret) != 32:
        raise MalformedError("codes of an output are made with a secret of 32 bytes")
    codes: dict[bytes, str] = {}
    for item in sorted(set(items)):
        turn = 0
        while (code := _code(secret, item, turn)) in codes.values():
            turn += 1
        codes[item] = code
    return codes


def _code(secret: bytes, item: bytes, turn: int) -> str:
    number = int.from_bytes(hmac.digest(secret, item + bytes([turn]), sha256))
    letters: list[str] = []
    for _ in range(6):
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "".join(letters)

"""Rows of a board for tests that are quickly made: from outside as real, and sealed to nobody."""

import os

from intake.board import decoy
from intake.reply import ROW

_PATTERN = decoy()
_HEADER = _PATTERN[16 : _PATTERN.index(b"\n", _PATTERN.index(b"\n--- ") + 1) + 1]


def cheap_row(hint: bytes = b"", end: bytes = b"") -> bytes:
    """A row with a real header and random bytes for what is sealed, with this at its end."""
    row = (hint or os.urandom(16)) + _HEADER
    return row + os.urandom(ROW - len(row) - len(end)) + end


def cheap_rows(count: int) -> list[bytes]:
    """Rows of which none is like another, sorted as an outbox has them."""
    return sorted(cheap_row() for _ in range(count))

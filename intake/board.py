"""The public board: rows for whoever holds a code, and the index that names its parts.

Formats: docs/format.md 21. It is one for everybody; what is on it says nothing of anyone.
"""

import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

from intake.age import HybridIdentity, encrypt_bytes
from intake.author import HINT_SIZE
from intake.deployment import check_deployment
from intake.errors import MalformedError
from intake.reply import PLAINTEXT, ROW

TITLE: Final = "testimony-intake/board/v1"
PART: Final = 128  # rows; 1.4 MB
STEP: Final = 16  # rows: a batch is a multiple of it, and never less
BATCHES: Final = 9  # a batch leaves when so many further epochs are closed: 60 days and more
MOST_ROWS: Final = 1_000_000
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,6}", re.ASCII)
_PART: Final = re.compile(r"part sha256:([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True)
class Index:
    """How many rows a board has, and SHA-256 of each of its parts (32 bytes)."""

    deployment: str
    rows: int
    parts: tuple[bytes, ...]

    def __post_init__(self) -> None:
        check_deployment(self.deployment)
        if not 0 <= self.rows <= MOST_ROWS or len(self.parts) != -(-self.rows // PART):
            raise MalformedError("a board has another number of parts")
        if any(len(digest) != 32 for digest in self.parts):
            raise MalformedError("a part is named by 32 bytes")

    @classmethod
    def of(cls, deployment: str, rows: Sequence[bytes]) -> Self:
        """The index of a board with these rows, which are sorted."""
        parts = tuple(sha256(part).digest() for part in parts_of(rows))
        return cls(deployment, len(rows), parts)

    def to_bytes(self) -> bytes:
        """The file; the exact inverse of `parse`."""
        lines = (
            TITLE,
            f"deployment {self.deployment}",
            f"rows {self.rows}",
            *(f"part sha256:{digest.hex()}" for digest in self.parts),
        )
        return "".join(f"{line}\n" for line in lines).encode()

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read the file strictly; raises `MalformedError`."""
        try:
            lines = data.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise MalformedError("a board's index is ASCII text") from None
        if len(lines) < 4 or lines[0] != TITLE or lines[-1]:
            raise MalformedError("not a board's index")
        rows = lines[2].removeprefix("rows ")
        found = [_PART.fullmatch(line) for line in lines[3:-1]]
        if not _NUMBER.fullmatch(rows) or not all(found):
            raise MalformedError("a line of a board's index is malformed")
        parts = tuple(bytes.fromhex(match[1]) for match in found if match)
        index = cls(lines[1].removeprefix("deployment "), int(rows), parts)
        if index.to_bytes() != data:
            raise MalformedError("a board's index has one spelling")
        return index

    def rows_in(self, number: int, part: bytes) -> Iterator[bytes]:
        """The rows of part `number`, from 0; raises `MalformedError` for any other bytes."""
        if not 0 <= number < len(self.parts) or sha256(part).digest() != self.parts[number]:
            raise MalformedError("a part of the board is not the one that its index names")
        if len(part) != min(PART, self.rows - number * PART) * ROW:
            raise MalformedError("a part of the board has another length")
        return (part[start : start + ROW] for start in range(0, len(part), ROW))


def parts_of(rows: Sequence[bytes]) -> Iterator[bytes]:
    """The bytes of each part of a board with these rows, which are sorted."""
    for start in range(0, len(rows), PART):
        yield b"".join(rows[start : start + PART])


def decoy() -> bytes:
    """A row for nobody, which nobody but a reply's own reader can tell from one.

    A random hint, and zeros sealed to a key that is thrown away.
    """
    nobody = HybridIdentity.generate().recipient
    return secrets.token_bytes(HINT_SIZE) + encrypt_bytes(bytes(PLAINTEXT), [nobody])

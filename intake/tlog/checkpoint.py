"""C2SP tlog-checkpoint: a log's origin, size and root, and the note that signs them.

A checkpoint that parses says nothing yet: a policy (policy.py) decides whether it is believed.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

from intake.canonical import b64, unb64
from intake.deployment import check_deployment
from intake.errors import MalformedError
from intake.tlog.merkle import EMPTY_ROOT, HASH_SIZE, SIZE_LIMIT, check_hashes
from intake.tlog.note import Note, check_name

ORIGIN_LIMIT: Final = 255  # bytes; an ML-DSA-44 cosignature holds its length in one byte
_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


def origin_of(deployment: str) -> str:
    """The origin of a deployment's log: the same for ever, whatever its address or its keys."""
    check_deployment(deployment)
    return f"testimony-intake/{deployment}"


@dataclass(frozen=True)
class Checkpoint:
    """The text of a checkpoint: three lines. Extension lines are refused: nobody can audit them.

    `origin` is 1 to 255 bytes without spaces or '+', as a key's name is; `size` is below 2^63;
    `root` is 32 bytes.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        check_name(self.origin)
        if len(self.origin.encode()) > ORIGIN_LIMIT:
            raise MalformedError(f"origin of a log is longer than {ORIGIN_LIMIT} bytes")
        if not 0 <= self.size < SIZE_LIMIT:
            raise MalformedError("size of a log is not below 2^63")
        check_hashes((self.root,))
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise MalformedError("the root of an empty log is the hash of nothing")

    @classmethod
    def parse(cls, text: bytes) -> Self:
        """Read a note's text; raises `MalformedError`."""
        try:
            lines = text.decode().split("\n")
        except UnicodeDecodeError:
            raise MalformedError("checkpoint is not valid UTF-8") from None
        if len(lines) < 4 or lines[-1]:
            raise MalformedError("checkpoint is not three lines")
        if len(lines) > 4:
            raise MalformedError("checkpoint has extension lines")
        return cls(lines[0], parse_decimal(lines[1]), unb64(lines[2], HASH_SIZE))

    def to_bytes(self) -> bytes:
        """Write the text; the exact inverse of `parse`."""
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n".encode()


@dataclass(frozen=True)
class SignedCheckpoint:
    """A note whose text is a checkpoint: well formed, not yet verified."""

    note: Note

    def __post_init__(self) -> None:
        Checkpoint.parse(self.note.text)

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a note with at least one signature line; raises `MalformedError`."""
        return cls(Note.parse(data))

    def to_bytes(self) -> bytes:
        """Write the note; the exact inverse of `parse`."""
        return self.note.to_bytes()

    @property
    def checkpoint(self) -> Checkpoint:
        """What the note's text says."""
        return Checkpoint.parse(self.note.text)


def parse_decimal(text: str) -> int:
    """Read a number below 2^63 in its one spelling; raises `MalformedError`."""
    if not _DECIMAL.fullmatch(text) or int(text) >= SIZE_LIMIT:
        raise MalformedError("not a decimal number below 2^63 without leading zeros")
    return int(text)

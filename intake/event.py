"""What a log entry commits to where it is no submission: the openings that fill an epoch up.

Formats: docs/format.md 6. In the log nobody can tell one from a submission; the reviewers, who are
given every opening, can.
"""

import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol, Self

from intake.canonical import b64, unb64
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.opening import Opening

SALT_SIZE = 32  # bytes


class Event(Protocol):
    """Anything that a blinded entry can commit to."""

    @property
    def epoch(self) -> Epoch:
        """The week to which it belongs."""
        ...

    @property
    def commit(self) -> bytes:
        """The 32 bytes that the entry holds."""
        ...

    def to_bytes(self) -> bytes:
        """All lines."""
        ...


@dataclass(frozen=True)
class Void:
    """Stands for nothing; both salts are 32 random bytes."""

    epoch: Epoch
    salt: bytes = field(repr=False)
    salt2: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.salt) != SALT_SIZE or len(self.salt2) != SALT_SIZE:
            raise MalformedError(f"an opening's salts are {SALT_SIZE} bytes")

    @classmethod
    def fresh(cls, epoch: Epoch) -> Self:
        """A new one, with the system's randomness."""
        return cls(epoch, secrets.token_bytes(SALT_SIZE), secrets.token_bytes(SALT_SIZE))

    @property
    def public(self) -> bytes:
        """The lines that are hashed as they are, as those of a submission that may be revealed."""
        return f"event void\nepoch {self.epoch}\nsalt {b64(self.salt)}\n".encode()

    @property
    def private(self) -> bytes:
        """The line that is hashed on its own first."""
        return f"salt2 {b64(self.salt2)}\n".encode()

    @property
    def commit(self) -> bytes:
        """The 32 bytes that a log leaf holds."""
        head = b"testimony-intake/leaf/v1\x00" + self.public + b"\x00"
        return sha256(head + sha256(self.private).digest()).digest()

    def to_bytes(self) -> bytes:
        """All four lines."""
        return self.public + self.private

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read four lines strictly; the inverse of `to_bytes`."""
        try:
            lines = [line.partition(" ") for line in data.decode("ascii").split("\n")]
        except UnicodeDecodeError:
            raise MalformedError("an opening is ASCII text") from None
        if [line[0] for line in lines] != ["event", "epoch", "salt", "salt2", ""]:
            raise MalformedError("the opening of a void entry has four lines")
        values = [line[2] for line in lines]
        void = cls(Epoch.parse(values[1]), unb64(values[2], SALT_SIZE), unb64(values[3], SALT_SIZE))
        if void.to_bytes() != data:
            raise MalformedError("an opening has one spelling")
        return void


def parse_event(data: bytes) -> Opening | Void:
    """Read the opening of any entry; raises `MalformedError`."""
    return Void.parse(data) if data.startswith(b"event void\n") else Opening.parse(data)

"""What only the author of a submission holds, and what of it is committed to (docs/format.md 5)."""

import os
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from intake.canonical import b64, unb64
from intake.epoch import Epoch

D = b"testimony-intake/codename/v1"
STATUS_SIZE = 16
_TOKEN_SIZE = 32 + 4


@dataclass(frozen=True)
class Author:
    """The secrets of one submission: 32 bytes of key and a counter below 2^32.

    `resend` is their one spelling, carried by the check page so that sending twice keeps one.
    """

    prk: bytes = field(repr=False)
    counter: int = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.prk) != 32 or not 0 <= self.counter < 2**32:
            raise ValueError("32 bytes and a 32-bit counter")

    @classmethod
    def fresh(cls, epoch: Epoch) -> Self:
        """New secrets from the system's randomness."""
        return cls(os.urandom(32), epoch.number << 8 | os.urandom(1)[0])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `resend` gave; raises `MalformedError`."""
        token = unb64(text, _TOKEN_SIZE)
        return cls(token[:32], int.from_bytes(token[32:]))

    @property
    def resend(self) -> str:
        """Base64 of key and counter."""
        return b64(self.prk + self.counter.to_bytes(4))

    @property
    def status_id(self) -> bytes:
        """16 bytes; the server keeps only their `status`."""
        return self._expand(b"status-id", 16)

    @property
    def status(self) -> bytes:
        """The 16 bytes under which the server keeps the submission."""
        return sha256(self.status_id).digest()[:STATUS_SIZE]

    @property
    def withdraw(self) -> bytes:
        """32 bytes that, shown, withdraw the submission."""
        return self._expand(b"withdraw", 32)

    @property
    def withdraw_commit(self) -> bytes:
        """What stands in the opening, so that nobody else can withdraw."""
        return sha256(D + b"/withdraw-commit\x00" + self.withdraw).digest()

    @property
    def leaf_salt(self) -> bytes:
        """The opening's `salt`, 32 bytes."""
        return self._expand(b"leaf-salt", 32)

    def _expand(self, label: bytes, length: int) -> bytes:
        info = D + b"/" + label + b"\x00" + self.counter.to_bytes(4)
        return HKDFExpand(SHA256(), length, info).derive(self.prk)

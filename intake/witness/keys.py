"""A witness's two private keys, in a file that only its own user can read.

They are not locked with a passphrase: a witness answers at night. They sign nothing but roots.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from intake.canonical import b64, unb64
from intake.errors import MalformedError
from intake.tlog.checkpoint import ORIGIN_LIMIT
from intake.tlog.cosignature import Cosigner
from intake.tlog.note import SEED_LENGTH, Algorithm, check_name

if TYPE_CHECKING:
    from intake.tlog.checkpoint import Checkpoint
    from intake.tlog.note import Signature, VerifierKey

LIMIT: Final = 4096  # bytes of the file
_TITLE: Final = "testimony-intake/witness-key/v1"
_LINES: Final = ("name", "ed25519", "ml-dsa-44")


@dataclass(frozen=True)
class WitnessKeys:
    """One name, at most 255 bytes, and a seed of 32 bytes for each kind of cosignature."""

    name: str
    ed25519: bytes = field(repr=False)
    ml_dsa_44: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.name.encode()) > ORIGIN_LIMIT:
            raise MalformedError(f"name of a witness is longer than {ORIGIN_LIMIT} bytes")
        if len(self.ed25519) != SEED_LENGTH or len(self.ml_dsa_44) != SEED_LENGTH:
            raise MalformedError(f"a seed is {SEED_LENGTH} bytes")
        if self.ed25519 == self.ml_dsa_44:
            raise MalformedError("a witness has two different seeds")

    @classmethod
    def generate(cls, name: str) -> WitnessKeys:
        """New keys; raises `MalformedError` for what cannot be a name."""
        return cls(name, os.urandom(SEED_LENGTH), os.urandom(SEED_LENGTH))

    @classmethod
    def parse(cls, data: bytes) -> WitnessKeys:
        """Read a key file; raises `MalformedError`, which tells nothing of what stands in it."""
        try:
            title, *lines, end = data.decode().split("\n")
        except (UnicodeDecodeError, ValueError):
            raise MalformedError("not a witness's key file") from None
        words = [line.partition(" ") for line in lines]
        if title != _TITLE or end or tuple(word for word, _, _ in words) != _LINES:
            raise MalformedError("not a witness's key file")
        name, ed25519, ml_dsa_44 = (value for _, _, value in words)
        return cls(name, unb64(ed25519, SEED_LENGTH), unb64(ml_dsa_44, SEED_LENGTH))

    def to_bytes(self) -> bytes:
        """Write the file; the exact inverse of `parse`."""
        values = (self.name, b64(self.ed25519), b64(self.ml_dsa_44))
        lines = [f"{word} {value}\n" for word, value in zip(_LINES, values, strict=True)]
        return f"{_TITLE}\n{''.join(lines)}".encode()

    @property
    def vkeys(self) -> tuple[VerifierKey, VerifierKey]:
        """The public halves, Ed25519 first."""
        first, second = self._cosigners()
        return first.vkey, second.vkey

    def cosign(self, checkpoint: Checkpoint, time: int) -> tuple[Signature, ...]:
        """Both cosignatures, at `time` in POSIX seconds."""
        return tuple(cosigner.cosign(checkpoint, time) for cosigner in self._cosigners())

    def _cosigners(self) -> tuple[Cosigner, Cosigner]:
        return (
            Cosigner(self.name, Algorithm.COSIGNATURE_ED25519, self.ed25519),
            Cosigner(self.name, Algorithm.COSIGNATURE_ML_DSA_44, self.ml_dsa_44),
        )

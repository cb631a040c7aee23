"""The promise that a submission gets at once: its commitment will be in the log of its epoch.

If the epoch closes without it, the log's own signature is the evidence.
"""

from dataclasses import dataclass
from typing import Final, Self

from intake.canonical import b64, unb64
from intake.epoch import Epoch
from intake.errors import MalformedError, ProofError
from intake.tlog.entries import COMMIT_SIZE
from intake.tlog.note import Note, Signer, VerifierKey, check_name

# As a checkpoint's origin this line would need a number after it: no signature serves for both.
_TITLE: Final = "testimony-intake/promise/v1"


@dataclass(frozen=True)
class Promise:
    """A log's origin, an epoch, and a commitment of 32 bytes."""

    origin: str
    epoch: Epoch
    commit: bytes

    def __post_init__(self) -> None:
        check_name(self.origin)
        if len(self.commit) != COMMIT_SIZE:
            raise MalformedError(f"a commitment is {COMMIT_SIZE} bytes")

    @classmethod
    def parse(cls, text: bytes) -> Self:
        """Read the text of the note; raises `MalformedError`."""
        try:
            lines = text.decode().split("\n")
        except UnicodeDecodeError:
            raise MalformedError("promise is not valid UTF-8") from None
        if len(lines) != 5 or lines[0] != _TITLE or lines[4]:
            raise MalformedError("not a promise")
        return cls(lines[1], Epoch.parse(lines[2]), unb64(lines[3], COMMIT_SIZE))

    def to_bytes(self) -> bytes:
        """Write the text; the exact inverse of `parse`."""
        return f"{_TITLE}\n{self.origin}\n{self.epoch}\n{b64(self.commit)}\n".encode()

    def signed(self, signer: Signer) -> Note:
        """The note that the log gives; its key bears the log's origin as its name."""
        if signer.name != self.origin:
            raise ValueError("a promise is signed by the log that it names")
        text = self.to_bytes()
        return Note(text, (signer.sign(text),))

    @classmethod
    def open(cls, data: bytes, log: VerifierKey) -> Self:
        """Read a signed promise; `ProofError` unless this log's key signed it."""
        note = Note.parse(data)
        promise = cls.parse(note.text)
        if not log.algorithm.signs_text:
            raise ValueError("a promise is signed with a key that signs texts")
        if promise.origin != log.name or not note.signed_by(log):
            raise ProofError("promise is not signed by this log")
        return promise

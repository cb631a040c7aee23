"""What a sender is given at once: the log's promise, and the opening that it is about.

Whoever has it can show that its owner wrote. It is made for everybody and kept by nobody here.
Format: docs/format.md 14.
"""

from dataclasses import dataclass
from typing import Final, Self

from intake.errors import MalformedError
from intake.log.promising import promise_for
from intake.opening import Opening
from intake.tlog.note import Note, Signer
from intake.tlog.promise import Promise

MARK: Final = b"\nevent submitted\n"  # before it the promise, behind its LF the opening


@dataclass(frozen=True)
class Acknowledgement:
    """A signed promise, not yet verified, and the opening of a submission that it promises."""

    note: Note
    opening: Opening

    def __post_init__(self) -> None:
        promise = Promise.parse(self.note.text)
        if (promise.epoch, promise.commit) != (self.opening.epoch, self.opening.commit):
            raise MalformedError("the promise is of another submission than the opening beside it")

    @classmethod
    def give(cls, opening: Opening, signer: Signer) -> Self:
        """The acknowledgement of a submission *as it was kept*, signed by its log."""
        return cls(Note.parse(promise_for(opening, signer)), opening)

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read one; raises `MalformedError`."""
        note, mark, opening = data.partition(MARK)
        if not mark:
            raise MalformedError("there is no opening beside the promise")
        given = cls(Note.parse(note), Opening.parse(mark[1:] + opening))
        if given.to_bytes() != data:
            raise MalformedError("an acknowledgement has one spelling")
        return given

    def to_bytes(self) -> bytes:
        """Promise, an empty line, opening; the inverse of `parse`. Of one length for one log."""
        return self.note.to_bytes() + b"\n" + self.opening.to_bytes()

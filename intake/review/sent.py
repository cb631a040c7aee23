"""What left a case, and what must be known of it for good: exports, and replies to a code.

Each is recorded before it leaves. A record of an export holds no word; that of a reply holds what
reviewers wrote themselves.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self, cast

from intake import shape
from intake.author import REPLIES
from intake.canonical import b64, unb64
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.reply import ReplyNote
from intake.review.consent import Purpose
from intake.review.record import VERSION, check_same
from intake.reviewer import check_name

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Exported:
    """One export: which version went out, for what, and the SHA-256 of the very bytes."""

    redaction: int
    purpose: Purpose
    shape: str
    digest: bytes
    by: str

    def to_json(self) -> dict[str, object]:
        """The value that is sealed into the case."""
        return {
            "v": VERSION,
            "redaction": self.redaction,
            "for": self.purpose.value,
            "format": self.shape,
            "sha256": b64(self.digest),
            "by": self.by,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` gave; raises `MalformedError`."""
        try:
            row = cast("Mapping[str, object]", value)
            exported = cls(
                redaction=cast("int", row["redaction"]),
                purpose=Purpose(str(row["for"])),
                shape=str(row["format"]),
                digest=unb64(str(row["sha256"]), 32),
                by=str(row["by"]),
            )
        except (KeyError, TypeError, ValueError):
            raise MalformedError("a record of an export has another shape") from None
        check_same(exported.to_json(), value)
        return exported

    def __str__(self) -> str:
        """As it is said of an item that was withdrawn."""
        what = f"redacted version {self.redaction}, for {self.purpose} ({self.shape})"
        return f"{what}, by {self.by}: the file with the hash sha256:{self.digest.hex()}"


@dataclass(frozen=True)
class Replied:
    """A reply that was written to a code: what it says, and its number under that code.

    `digest` is the note's (`sha256:` and hex), by which an answer names the question in it.
    """

    number: int
    digest: str
    week: Epoch
    by: str
    text: str = field(repr=False)
    question: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        check_name(self.by)
        if not 0 <= self.number < REPLIES:
            raise MalformedError("a reply has a number that there is not")

    @classmethod
    def of(cls, note: ReplyNote, number: int, by: str) -> Self:
        """The record of a note."""
        return cls(number, note.digest, note.epoch, by, note.text, note.question)

    def to_json(self) -> dict[str, object]:
        """The value that is sealed into the case."""
        return {
            "v": VERSION,
            "number": self.number,
            "note": self.digest,
            "week": str(self.week),
            "by": self.by,
            "text": self.text,
            "question": self.question,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` gave; raises `MalformedError`."""
        try:
            row = cast("Mapping[str, object]", value)
            replied = cls(
                number=shape.integer(row["number"]),
                digest=str(row["note"]),
                week=Epoch.parse(str(row["week"])),
                by=str(row["by"]),
                text=str(row["text"]),
                question=str(row["question"]),
            )
        except (KeyError, TypeError, ValueError):
            raise MalformedError("a record of a reply has another shape") from None
        check_same(replied.to_json(), value)
        return replied

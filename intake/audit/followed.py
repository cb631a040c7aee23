"""What an auditor keeps of a log between two looks at it: one file, written only when all held."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from intake.age.whole import written_whole
from intake.errors import MalformedError, StoreError
from intake.log_reading import Passed
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.entries import (
    CodeReleased,
    ConfigChanged,
    EpochClosed,
    Retired,
    RosterChanged,
    parse_entry,
)
from intake.tlog.note import NOTE_LIMIT

if TYPE_CHECKING:
    from pathlib import Path

_TITLE: Final = b"testimony-intake/followed/v1"
_LIMIT: Final = NOTE_LIMIT + 4096  # bytes
_FILE: Final = "followed"


@dataclass(frozen=True)
class Followed:
    """The last checkpoint that was believed, and what the entries up to it said last."""

    passed: Passed
    signed: SignedCheckpoint

    @classmethod
    def parse(cls, data: bytes) -> Followed:
        """Read the file; raises `MalformedError`."""
        head, blank, note = data.partition(b"\n\n")
        title, *lines = head.split(b"\n")
        if len(data) > _LIMIT or not blank or title != _TITLE:
            raise MalformedError("not what an auditor keeps of a log")
        passed = Passed()
        for line in lines:
            match parse_entry(line):
                case EpochClosed() as entry:
                    passed = replace(passed, closed=entry.epoch)
                case RosterChanged() as entry:
                    passed = replace(passed, roster=entry)
                case ConfigChanged() as entry:
                    passed = replace(passed, config=entry)
                case CodeReleased() as entry:
                    passed = replace(passed, code=entry)
                case Retired() as entry:
                    passed = replace(passed, retired=entry)
                case _:
                    raise MalformedError("not what an auditor keeps of a log")
        followed = cls(passed, SignedCheckpoint.parse(note))
        if followed.to_bytes() != data:  # twice one kind, or another order
            raise MalformedError("what an auditor keeps of a log has one spelling")
        return followed

    def to_bytes(self) -> bytes:
        """Write the file; the exact inverse of `parse`."""
        lines = (_TITLE, *(entry.to_bytes() for entry in self.passed.newest))
        return b"\n".join(lines) + b"\n\n" + self.signed.to_bytes()


def read_followed(folder: Path) -> Followed | None:
    """What was kept, None at first; raises `StoreError` where it is damaged."""
    try:
        with (folder / _FILE).open("rb") as file:
            return Followed.parse(file.read(_LIMIT + 1))
    except FileNotFoundError:
        return None
    except MalformedError as error:
        raise StoreError(
            f"what was kept in {folder} is damaged: {error.phrase}",
            "take it from a copy; without it a fork or a rollback before today is not seen",
        ) from None


def keep_followed(folder: Path, followed: Followed) -> None:
    """Keep it in place of what was kept before; makes the folder where it is not there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with written_whole(folder / _FILE) as sink:
        sink.write(followed.to_bytes())


def keep_evidence(folder: Path, signed: SignedCheckpoint) -> Path:
    """Put away a checkpoint that contradicts the one kept, under its own name; gives the path."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = signed.to_bytes()
    path = folder / f"evidence-{sha256(content).hexdigest()[:16]}.note"
    with written_whole(path) as sink:
        sink.write(content)
    return path

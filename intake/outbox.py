"""What reviewers hand the courier for the board: rows, and a signature over all of them.

Format: docs/format.md 22. It says how many replies there are, and nothing of whom they are for.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Self

from intake.canonical import b64, unb64
from intake.deployment import check_deployment
from intake.epoch import Epoch
from intake.errors import MalformedError, ProofError
from intake.reply import ROW, check_row
from intake.roster import Roster
from intake.tlog.note import Note, Signer

TITLE: Final = "testimony-intake/outbox/v1"
MOST_ROWS: Final = 16_000
_HEAD_LIMIT: Final = 4096  # bytes of the signed note
MOST_BYTES: Final = _HEAD_LIMIT + MOST_ROWS * ROW  # 174 MB
_END: Final = b"\n\n"
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)


@dataclass(frozen=True)
class Outbox:
    """Rows for the board, sorted, each once."""

    deployment: str
    epoch: Epoch
    rows: tuple[bytes, ...] = field(repr=False)

    def __post_init__(self) -> None:
        check_deployment(self.deployment)
        if not 1 <= len(self.rows) <= MOST_ROWS:
            raise MalformedError(f"an outbox holds 1 to {MOST_ROWS} replies")
        if list(self.rows) != sorted(set(self.rows)):
            raise MalformedError("an outbox's rows are not in order")
        for row in self.rows:
            check_row(row)

    @classmethod
    def of(cls, deployment: str, epoch: Epoch, rows: Iterable[bytes]) -> Self:
        """One with these rows, whatever their order."""
        return cls(deployment, epoch, tuple(sorted(set(rows))))

    def _text(self) -> bytes:
        digest = sha256()
        for row in self.rows:  # joined, they would be 174 MB more
            digest.update(row)
        lines = (
            TITLE,
            f"deployment {self.deployment}",
            f"epoch {self.epoch}",
            f"rows {len(self.rows)}",
            f"sha256 {b64(digest.digest())}",
        )
        return "".join(f"{line}\n" for line in lines).encode()

    def signed(self, signer: Signer) -> bytes:
        """The whole file."""
        text = self._text()
        return Note(text, (signer.sign(text),)).to_bytes() + b"\n" + b"".join(self.rows)

    @classmethod
    def read(cls, text: bytes, rows: memoryview) -> Self:
        """Read the signed text and the rows behind it strictly; whoever calls checks the signature.

        Raises `MalformedError`.
        """
        try:
            lines = text.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise MalformedError("an outbox's head is ASCII text") from None
        if len(lines) != 6 or lines[0] != TITLE:
            raise MalformedError("not an outbox")
        count = lines[3].removeprefix("rows ")
        if not _NUMBER.fullmatch(count) or int(count) * ROW != len(rows):
            raise MalformedError("an outbox is cut short", "copy it again")
        if unb64(lines[4].removeprefix("sha256 "), 32) != sha256(rows).digest():
            raise MalformedError("an outbox was damaged", "copy it again")
        split = tuple(bytes(rows[start : start + ROW]) for start in range(0, len(rows), ROW))
        outbox = cls(
            lines[1].removeprefix("deployment "),
            Epoch.parse(lines[2].removeprefix("epoch ")),
            split,
        )
        if outbox._text() != text:
            raise MalformedError("an outbox has one spelling")
        return outbox


@dataclass(frozen=True)
class SignedOutbox:
    """An outbox that the reviewer `by` signed."""

    outbox: Outbox
    by: str

    @classmethod
    def open(cls, data: bytes, roster: Roster) -> Self:
        """Read an outbox; `roster` is the verified one in use, whose reviewers may hand one in.

        1. it is a signed note, one LF, and the rows that the note names; 2. of the roster's
        deployment; 3. signed by one of its reviewers. Raises `MalformedError`, or `ProofError` for
        (2) and (3).
        """
        # (1) The note's signatures end where an empty line stands for the second time.
        head = data[:_HEAD_LIMIT]
        first = head.find(_END)
        second = head.find(_END, first + len(_END))
        if first < 0 or second < 0:
            raise MalformedError("not an outbox", "it is made by `intake review reply`")
        note = Note.parse(data[: second + 1])
        rows = memoryview(data)[second + len(_END) :]
        outbox = Outbox.read(note.text, rows)
        # (2)
        if outbox.deployment != roster.deployment:
            raise ProofError("the outbox is of another deployment")
        # (3)
        by = [one.name for one in roster.reviewers if note.signed_by(one.signer)]
        if len(by) != 1:
            raise ProofError(
                "no reviewer of the roster in use signed the outbox",
                "ask who gave it to you; put nothing of it on the board",
            )
        return cls(outbox, by[0])

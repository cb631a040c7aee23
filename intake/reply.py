"""What a reviewer answers somebody, and how it lies on the board (docs/format.md 21).

A note signed by the reviewer, sealed to the code's own identity, behind a hint that only the
holder of the code can tell from random bytes. Whoever opens it believes the roster and nobody else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from typing import Final, Self

from intake import canonical
from intake.age import HybridRecipient, decrypt_bytes, encrypt_bytes, read_header, sealed_length
from intake.author import HINT_SIZE, REPLIES, Holder, hint_of
from intake.canonical import b64, unb64
from intake.container import Reply
from intake.deployment import check_deployment
from intake.epoch import Epoch
from intake.errors import IntakeError, MalformedError, ProofError
from intake.roster import Roster
from intake.testimony import tidy
from intake.tlog.note import Note, Signer

TITLE: Final = "testimony-intake/reply/v1"
TEXT_MOST: Final = 4_000  # code points
QUESTION_MOST: Final = 250  # code points
TEXT_BYTES: Final = 8_192  # of the text as a JSON string: 4,000 letters of Cyrillic or Arabic fit
QUESTION_BYTES: Final = 512
PLAINTEXT: Final = 9_216  # bytes: every reply has one length
ROW: Final = HINT_SIZE + sealed_length(1, PLAINTEXT)  # bytes of a row of the board: 10,891
_QUESTION: Final = "question "
_TEXT: Final = "text "


class TooLongError(MalformedError):
    """A reply that no row holds; `amount` characters too many."""

    def __init__(self, amount: int) -> None:
        super().__init__(
            f"the reply is too long, by characters: {amount}",
            f"it holds {TEXT_MOST} at most; make it shorter, or send it in two parts",
        )
        self.amount = amount


@dataclass(frozen=True)
class ReplyNote:
    """A reply to the holder of the recipient `to` (SHA-256 of its text, 32 bytes).

    With a `question` it asks for one further consent: yes or no, to just these words.
    """

    deployment: str
    to: bytes
    epoch: Epoch
    text: str = field(repr=False)
    question: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        check_deployment(self.deployment)
        if len(self.to) != 32:
            raise MalformedError("a reply names its recipient by a hash of 32 bytes")
        if not self.text.strip() or tidy(self.text) != self.text:
            raise MalformedError("a reply is a text without control characters")
        if tidy(self.question) != self.question or "\n" in self.question:
            raise MalformedError("a question is one line without control characters")
        _check_length(self.text, TEXT_MOST, TEXT_BYTES)
        _check_length(self.question, QUESTION_MOST, QUESTION_BYTES)

    @classmethod
    def to_address(
        cls, address: Reply, deployment: str, epoch: Epoch, text: str, question: str = ""
    ) -> Self:
        """A reply to whoever sealed this address with their words."""
        return cls(deployment, sha256(address.to.encode()).digest(), epoch, text, question)

    @property
    def digest(self) -> str:
        """By which an answer names the question in it: `sha256:` and hex."""
        return f"sha256:{sha256(self.to_bytes()).hexdigest()}"

    def to_bytes(self) -> bytes:
        """The text that is signed; the exact inverse of `parse`."""
        rows = [
            TITLE.encode(),
            f"deployment {self.deployment}".encode(),
            f"to {b64(self.to)}".encode(),
            f"epoch {self.epoch}".encode(),
        ]
        # As JSON strings: on one line each, whatever is in them.
        if self.question:
            rows.append(_QUESTION.encode() + canonical.encode(self.question))
        rows.append(_TEXT.encode() + canonical.encode(self.text))
        return b"".join(row + b"\n" for row in rows)

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read the text of a note strictly; raises `MalformedError`."""
        rows = data.decode(errors="replace").split("\n")
        if rows[0] != TITLE or len(rows) not in {6, 7}:
            raise MalformedError("not a reply")
        words = [row.partition(" ") for row in rows[1:4]]
        asked = rows[4].removeprefix(_QUESTION) if len(rows) == 7 else '""'
        note = cls(
            words[0][2],
            unb64(words[1][2], 32),
            Epoch.parse(words[2][2]),
            _string(rows[-2].removeprefix(_TEXT)),
            _string(asked),
        )
        if note.to_bytes() != data:
            raise MalformedError("a reply has one spelling")
        return note

    def signed(self, signer: Signer) -> bytes:
        """The signed note."""
        text = self.to_bytes()
        return Note(text, (signer.sign(text),)).to_bytes()


@dataclass(frozen=True)
class SignedReply:
    """A reply whose signature is that of the reviewer `by`; `number` is its place under its code."""

    note: ReplyNote
    by: str
    number: int = 0

    @classmethod
    def open(cls, data: bytes, roster: Roster, number: int = 0) -> Self:
        """Read a signed reply; `roster` is a verified one, among whose reviewers its signer must be.

        Raises `MalformedError`, or `ProofError` for a reply of somebody else or of another site.
        """
        note = Note.parse(data)
        reply = ReplyNote.parse(note.text)
        if reply.deployment != roster.deployment:
            raise ProofError("the reply is of another deployment")
        by = [one.name for one in roster.reviewers if note.signed_by(one.signer)]
        if len(by) != 1:
            raise ProofError("no reviewer of the roster signed the reply")
        return cls(reply, by[0], number)


def row_of(signed: bytes, address: Reply, number: int) -> bytes:
    """The row of the board for a signed reply, `ROW` bytes."""
    if not 0 <= number < REPLIES:
        raise MalformedError(
            f"there are {REPLIES} replies to this code already", "older ones leave the board"
        )
    if len(signed) > PLAINTEXT:
        raise MalformedError("the reply is longer than a row")
    padded = signed + bytes(PLAINTEXT - len(signed))
    recipient = HybridRecipient.parse(address.to)
    return hint_of(address.mailbox, number) + encrypt_bytes(padded, [recipient])


def replies_on(board: Iterable[bytes], holder: Holder, roster: Roster) -> Sequence[SignedReply]:
    """The replies of a board to the holder of a code, in order; none for most.

    Every row is looked at, whoever asks. What bears a hint of the holder's and is no reply by a
    reviewer to them is passed over without a word: who made it must not learn that it was opened.
    """
    hints = {hint_of(holder.mailbox, number): number for number in range(REPLIES)}
    found: dict[bytes, SignedReply] = {}
    for row in board:
        number = hints.get(row[:HINT_SIZE])
        if number is not None:
            reply = _opened(row[HINT_SIZE:], holder, roster, number)
            if reply is not None:
                found.setdefault(reply.note.to_bytes(), reply)
    return sorted(found.values(), key=lambda reply: (reply.number, reply.note.epoch))


def check_row(row: bytes) -> None:
    """Raise `MalformedError` unless, from outside, a row is sealed to one code and no more."""
    if len(row) != ROW:
        raise MalformedError(f"a row of the board has {ROW} bytes")
    stanzas = read_header(BytesIO(row[HINT_SIZE:])).stanzas
    if [stanza.type for stanza in stanzas] != ["mlkem768x25519"]:
        raise MalformedError("a row of the board is sealed to one code")


def _opened(sealed: bytes, holder: Holder, roster: Roster, number: int) -> SignedReply | None:
    """1. one recipient; 2. to this code; 3. zeros behind it; 4. signed by a reviewer; 5. to them."""
    try:
        # (1) With two, a server could learn which of two codes is in use.
        check_row(bytes(HINT_SIZE) + sealed)
        # (2)
        padded = decrypt_bytes(sealed, [holder.identity])
        # (3)
        signed = padded.rstrip(b"\0")
        if len(padded) != PLAINTEXT:
            return None
        # (4)
        reply = SignedReply.open(signed, roster, number)
    except IntakeError:
        return None
    # (5)
    named = sha256(holder.reply_to.encode()).digest()
    return reply if reply.note.to == named else None


def _check_length(text: str, most: int, most_bytes: int) -> None:
    over = max(0, len(text) - most)
    size = len(canonical.encode(text))
    if not over and size > most_bytes:
        # By the mean size of its characters.
        over = max(1, (size - most_bytes) * len(text) // size)
    if over:
        raise TooLongError(over)


def _string(text: str) -> str:
    value = canonical.decode(text.encode())
    if not isinstance(value, str):
        raise MalformedError("a reply's text is a string")
    return value

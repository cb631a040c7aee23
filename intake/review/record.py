"""The records of a case: what is known of an item, and what an import found.

No record holds a word of testimony. Each is sealed, and padded so that its length says nothing.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Self, cast

from intake import canonical, shape
from intake.author import REPLIES
from intake.canonical import b64, unb64
from intake.container import Container, Kind, Level, Mode
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.opening import Opening
from intake.review.consent import is_code
from intake.review.thread import MARK_SIZE, Word, week_of

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1
SMALLEST = 16 * 1024  # bytes of a packed record


class Verdict(StrEnum):
    """What an import says of an item."""

    NEW = "new"
    DUPLICATE = "duplicate"
    MENDED = "mended"
    UNREADABLE = "unreadable"
    FOREIGN = "not sealed to this roster"
    REFUSED = "does not fit its opening"
    NEWER = "newer version"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    DECOY = "decoy"


def pack(value: object) -> bytes:
    """Canonical JSON, LF, zeros to a power of two from 16 KiB."""
    text = canonical.encode(value) + b"\n"
    return text + bytes(_size_for(len(text)) - len(text))


def unpack(data: bytes) -> object:
    """Read what `pack` gave; raises `MalformedError`."""
    # Canonical JSON holds no LF of its own.
    text, _, zeros = data.partition(b"\n")
    if zeros != bytes(len(zeros)) or _size_for(len(text) + 1) != len(data):
        raise MalformedError("a record of the case is damaged")
    return canonical.decode(text)


def _size_for(length: int) -> int:
    return max(SMALLEST, 1 << (length - 1).bit_length())


# Never of the item itself; and a decoy is no item.
_OF_THE_IMPORT = frozenset({Verdict.DUPLICATE, Verdict.MENDED, Verdict.DECOY})


_LETTERS = {level.value[0]: level for level in Level}


@dataclass(frozen=True)
class Summary:
    """What `list` shows of an item without opening it: codes and a length, no word.

    `said` has a letter for each row of consent, large for a yes and small for a no, as SPicm;
    `sealed` is the week in which it was.
    """

    kind: Kind
    mode: Mode
    lang: str
    length: int
    said: str
    sealed: Epoch

    @classmethod
    def of(cls, container: Container) -> Self:
        """`length` counts characters of text."""
        rows = ((row.level[0], row.agreed) for row in container.consent)
        return cls(
            kind=container.kind,
            mode=container.mode,
            lang=container.form.lang,
            length=sum(len(text) for path, text in container.fields if not is_code(path, text)),
            said="".join(letter.upper() if agreed else letter for letter, agreed in rows),
            sealed=container.epoch,
        )

    def words(self, taken: Epoch, *, logged: bool) -> list[Word]:
        """What it says of consent, for an item that was taken in this week."""
        return [
            Word(
                level=_LETTERS[letter.lower()],
                agreed=letter.isupper(),
                week=week_of(agreed=letter.isupper(), sealed=self.sealed, taken=taken),
                change=self.kind is not Kind.TESTIMONY,
                logged=logged,
            )
            for letter in self.said
        ]

    def to_json(self) -> list[object]:
        codes = self.kind.value, self.mode.value, self.lang
        return [*codes, self.length, self.said, str(self.sealed)]


@dataclass(frozen=True)
class Entry:
    """What the case knows of an item: its opening, and the import's verdict with its reason.

    `digest` is the SHA-256 of the object that arrived, which need not be the one that the opening
    names. `summary` is there exactly where the verdict is `new`: it was opened and fits. `thread`
    is the mark of its code, if it has one. Of a withdrawn item only that, its opening and its hash
    are left, and in `used` the first number of a reply that is still free under its code: another
    reply with the same one would tell whoever sees the board that both are for one person.
    """

    digest: bytes
    opening: Opening
    verdict: Verdict
    why: str
    summary: Summary | None
    thread: bytes | None = None
    used: int = 0

    def __post_init__(self) -> None:
        if self.verdict in _OF_THE_IMPORT or self.readable != (self.summary is not None):
            raise MalformedError("an item's record is not whole")
        if self.readable and self.digest != self.opening.envelope:
            raise MalformedError("an item's record is of another object")
        if self.summary is not None and self.summary.kind is Kind.DECOY:
            raise MalformedError("an item's record is of a decoy")
        if self.thread is not None and not (self.readable or self.gone):
            raise MalformedError("an item's record names the code of what was not opened")
        if not 0 <= self.used <= (REPLIES if self.gone else 0):
            raise MalformedError("an item's record counts replies that there cannot be")

    @property
    def withdrawn(self) -> bool:
        """Whether its author took it back, and nothing of it is left here."""
        return self.verdict is Verdict.WITHDRAWN

    @property
    def gone(self) -> bool:
        """Whether nothing of it is left here: withdrawn, or erased when its time was over."""
        return self.verdict in {Verdict.WITHDRAWN, Verdict.ERASED}

    @property
    def readable(self) -> bool:
        """Whether its original lies in the case as layer A."""
        return self.verdict is Verdict.NEW

    def to_json(self) -> dict[str, object]:
        """The value that is sealed into the case."""
        return {
            "v": VERSION,
            "sha256": b64(self.digest),
            "opening": self.opening.to_bytes().decode(),
            "verdict": self.verdict.value,
            "why": self.why,
            "summary": self.summary.to_json() if self.summary else None,
            "thread": None if self.thread is None else b64(self.thread),
            "used": self.used,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` gave; raises `MalformedError`."""
        try:
            row = cast("Mapping[str, object]", value)
            entry = cls(
                digest=unb64(str(row["sha256"]), 32),
                opening=Opening.parse(str(row["opening"]).encode()),
                verdict=Verdict(str(row["verdict"])),
                why=str(row["why"]),
                summary=_summary(row["summary"]),
                thread=None if row["thread"] is None else unb64(str(row["thread"]), MARK_SIZE),
                used=shape.integer(row["used"]),
            )
        except (KeyError, TypeError, ValueError):
            raise MalformedError("an item's record has another shape") from None
        check_same(entry.to_json(), value)
        return entry


def _summary(value: object) -> Summary | None:
    if value is None:
        return None
    row = cast("tuple[str, str, str, int, str, str]", value)
    kind, mode, lang, length, said, sealed = row
    if not set(said.lower()) <= set(_LETTERS):
        raise MalformedError("an item's record has another shape")
    return Summary(Kind(kind), Mode(mode), lang, length, said, Epoch.parse(sealed))


def check_same(written: object, read: object) -> None:
    """Raise `MalformedError` where a record reads as something else than what was read."""
    if canonical.encode(written) != canonical.encode(read):
        raise MalformedError("a record of the case has another shape")

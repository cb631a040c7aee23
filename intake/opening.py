"""What a log entry commits to, and the letter that carries it with its sealed object.

Formats: docs/format.md 6 and 7. Neither says anything about who wrote or what.
"""

import re
from binascii import a2b_base64
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Self

from intake.author import STATUS_SIZE
from intake.canonical import b64, unb64
from intake.epoch import Epoch
from intake.errors import MalformedError

_ROSTER = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
_PUBLIC = ("event", "epoch", "redact", "salt")
_PRIVATE = ("envelope", "roster", "withdraw-commit", "salt2")
_B64 = 44  # letters of 32 bytes
_COMMIT = slice(-len("\nsalt2 \n") - 2 * _B64, -len("\nsalt2 \n") - _B64)


@dataclass(frozen=True)
class Opening:
    """The lines of a `submitted` event; every hash and salt is 32 bytes."""

    epoch: Epoch
    redact: bytes
    salt: bytes = field(repr=False)
    envelope: bytes
    roster: str
    withdraw_commit: bytes
    salt2: bytes = field(repr=False)

    def __post_init__(self) -> None:
        hashes = (self.redact, self.salt, self.envelope, self.withdraw_commit, self.salt2)
        if any(len(value) != 32 for value in hashes):
            raise MalformedError("an opening's hashes and salts are 32 bytes")
        if not _ROSTER.fullmatch(self.roster):
            raise MalformedError("an opening names its roster by sha256")

    @property
    def public(self) -> bytes:
        """The lines that a publication may reveal."""
        values = ("submitted", str(self.epoch), b64(self.redact), b64(self.salt))
        return _lines(_PUBLIC, values)

    @property
    def private(self) -> bytes:
        """The lines that join it to a stored object."""
        values = (b64(self.envelope), self.roster, b64(self.withdraw_commit), b64(self.salt2))
        return _lines(_PRIVATE, values)

    @property
    def commit(self) -> bytes:
        """The 32 bytes that a log leaf holds."""
        return commit_of(self.public, self.private)

    def to_bytes(self) -> bytes:
        """All eight lines."""
        return self.public + self.private

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read eight lines strictly; the inverse of `to_bytes`."""
        values = _values(data, _PUBLIC + _PRIVATE)
        if values["event"] != "submitted":
            raise MalformedError("an opening of another event")
        opening = cls(
            epoch=Epoch.parse(values["epoch"]),
            redact=unb64(values["redact"], 32),
            salt=unb64(values["salt"], 32),
            envelope=unb64(values["envelope"], 32),
            roster=values["roster"],
            withdraw_commit=unb64(values["withdraw-commit"], 32),
            salt2=unb64(values["salt2"], 32),
        )
        if opening.to_bytes() != data:
            raise MalformedError("an opening has one spelling")
        return opening

    def taken_in(self, epoch: Epoch) -> Self:
        """The same opening, with the epoch in which the server takes it."""
        return replace(self, epoch=epoch)


def commit_in(opening: bytes) -> bytes:
    """The `withdraw_commit` of an opening that was parsed before it was kept.

    Some hundred thousand a second, where `Opening.parse` reads thirty thousand; of any other bytes
    it is any bytes.
    """
    return a2b_base64(opening[_COMMIT])


def commit_of(public: bytes, private: bytes) -> bytes:
    """The 32 bytes to which a log entry commits, of any event's two groups of lines."""
    return _commit_of(public, sha256(private).digest())


def _commit_of(public: bytes, private_hash: bytes) -> bytes:
    return sha256(b"testimony-intake/leaf/v1\x00" + public + b"\x00" + private_hash).digest()


@dataclass(frozen=True)
class PublicHalf:
    """What a publication shows of an opening: its public lines, and the hash of the private ones.

    Every value but the epoch is 32 bytes. Who has the opening itself can tell that it is this one.
    """

    epoch: Epoch
    redact: bytes
    salt: bytes = field(repr=False)
    private: bytes

    def __post_init__(self) -> None:
        if any(len(value) != 32 for value in (self.redact, self.salt, self.private)):
            raise MalformedError("an opening's hashes and salts are 32 bytes")

    @classmethod
    def of(cls, opening: Opening) -> Self:
        """The public half of an opening."""
        hidden = sha256(opening.private).digest()
        return cls(opening.epoch, opening.redact, opening.salt, hidden)

    @property
    def public(self) -> bytes:
        """The four public lines."""
        values = ("submitted", str(self.epoch), b64(self.redact), b64(self.salt))
        return _lines(_PUBLIC, values)

    @property
    def commit(self) -> bytes:
        """The 32 bytes that a log leaf holds."""
        return _commit_of(self.public, self.private)

    @classmethod
    def parse(cls, public: bytes, private: bytes) -> Self:
        """Read the public lines strictly, of a submission alone; `private` is the hash of the others."""
        values = _values(public, _PUBLIC)
        if values["event"] != "submitted":
            raise MalformedError("an opening of another event")
        epoch = Epoch.parse(values["epoch"])
        half = cls(epoch, unb64(values["redact"], 32), unb64(values["salt"], 32), private)
        if half.public != public:
            raise MalformedError("an opening has one spelling")
        return half


def _lines(names: tuple[str, ...], values: tuple[str, ...]) -> bytes:
    return "".join(f"{n} {v}\n" for n, v in zip(names, values, strict=True)).encode()


def _values(data: bytes, names: tuple[str, ...]) -> dict[str, str]:
    try:
        lines = data.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise MalformedError("an opening is ASCII text") from None
    if len(lines) != len(names) + 1 or lines[-1] != "":
        raise MalformedError(f"an opening has {len(names)} lines")
    values: dict[str, str] = {}
    for name, line in zip(names, lines, strict=False):
        key, _, values[name] = line.partition(" ")
        if key != name:
            raise MalformedError(f"an opening's line {name!r} is missing")
    return values


@dataclass(frozen=True)
class LetterHead:
    """The lines before a sealed object: its status (16 bytes) and its opening."""

    status: bytes
    opening: Opening

    def __post_init__(self) -> None:
        if len(self.status) != STATUS_SIZE:
            raise MalformedError("a status is 16 bytes")

    def to_bytes(self) -> bytes:
        """The head, with the empty line that ends it."""
        return b"%sstatus %s\n%s\n" % (_TITLE, b64(self.status).encode(), self.opening.to_bytes())

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a head strictly, from its first line to its empty line; the inverse of `to_bytes`."""
        if not data.startswith(_TITLE):
            raise MalformedError("not a sealed letter", LETTER_HINT)
        status, found, rest = data[len(_TITLE) :].partition(b"\n")
        if not found or not status.startswith(b"status ") or not rest.endswith(b"\n\n"):
            raise MalformedError("a sealed letter's head is cut short", LETTER_HINT)
        try:
            value = status[len(b"status ") :].decode("ascii")
        except UnicodeDecodeError:
            raise MalformedError("a status is base64") from None
        return cls(unb64(value, STATUS_SIZE), Opening.parse(rest[:-1]))


_TITLE = b"testimony-intake/letter/v1\n"
MAX_HEAD = 4096  # bytes; a head is about 450
LETTER_HINT = "make one with `intake seal --roster ROSTER IN OUT`; an age file alone is not enough"


@dataclass(frozen=True)
class Letter:
    """A sealed letter: its head and its sealed object."""

    head: LetterHead
    sealed: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        """The form that script sends: the head, then the object as it is."""
        return self.head.to_bytes() + self.sealed

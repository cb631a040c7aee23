"""What a log entry commits to where it is no submission: nothing, a withdrawal, or a collection.

Formats: docs/format.md 6. In the log nobody can tell one from a submission; the reviewers, who are
given every opening, can.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import ClassVar, Protocol, Self

from intake.author import WITHDRAW_SIZE, withdraw_commit_of
from intake.canonical import b64, unb64
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.opening import Opening, commit_of
from intake.reviewer import check_name

SALT_SIZE = HASH_SIZE = 32  # bytes
CONFIRMERS = 2  # reviewers who confirm that they have what the server lets go


class Event(Protocol):
    """Anything that a blinded entry can commit to."""

    @property
    def epoch(self) -> Epoch:
        """The week to which it belongs."""
        ...

    @property
    def commit(self) -> bytes:
        """The 32 bytes that the entry holds."""
        ...

    def to_bytes(self) -> bytes:
        """All lines."""
        ...


@dataclass(frozen=True)
class _Salted:
    """What every event but a submission has: its week, and two salts of 32 random bytes."""

    epoch: Epoch
    salt: bytes = field(repr=False)
    salt2: bytes = field(repr=False)

    kind: ClassVar[str]
    lines: ClassVar[tuple[str, ...]] = ()  # of the private part, before `salt2`

    def __post_init__(self) -> None:
        if len(self.salt) != SALT_SIZE or len(self.salt2) != SALT_SIZE:
            raise MalformedError(f"an opening's salts are {SALT_SIZE} bytes")

    @property
    def public(self) -> bytes:
        """The lines that are hashed as they are, as those of a submission that may be revealed."""
        return f"event {self.kind}\nepoch {self.epoch}\nsalt {b64(self.salt)}\n".encode()

    @property
    def private(self) -> bytes:
        """The lines that are hashed on their own first."""
        rows = zip(self.lines, self._values(), strict=True)
        head = "".join(f"{name} {value}\n" for name, value in rows)
        return f"{head}salt2 {b64(self.salt2)}\n".encode()

    @property
    def commit(self) -> bytes:
        """The 32 bytes that a log leaf holds."""
        return commit_of(self.public, self.private)

    def to_bytes(self) -> bytes:
        """All lines."""
        return self.public + self.private

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read the lines strictly; the inverse of `to_bytes`."""
        try:
            rows = [row.partition(" ") for row in data.decode("ascii").split("\n")]
        except UnicodeDecodeError:
            raise MalformedError("an opening is ASCII text") from None
        names = [row[0] for row in rows]
        if names != ["event", "epoch", "salt", *cls.lines, "salt2", ""]:
            raise MalformedError(f"the opening of an event of kind {cls.kind} has other lines")
        _, epoch, salt, *middle, salt2 = [row[2] for row in rows[:-1]]
        salts = unb64(salt, SALT_SIZE), unb64(salt2, SALT_SIZE)
        event = cls(Epoch.parse(epoch), *salts, *cls._read(middle))
        if event.to_bytes() != data:
            raise MalformedError("an opening has one spelling")
        return event

    def _values(self) -> tuple[str, ...]:
        return ()

    @classmethod
    def _read(cls, values: list[str]) -> tuple[object, ...]:
        return tuple(values)


@dataclass(frozen=True)
class Void(_Salted):
    """Stands for nothing."""

    kind = "void"

    @classmethod
    def fresh(cls, epoch: Epoch) -> Self:
        """A new one, with the system's randomness."""
        return cls(epoch, *_fresh_salts())


@dataclass(frozen=True)
class Withdrawn(_Salted):
    """Its author took a submission back: `preimage` is what only they can know of it."""

    envelope: bytes
    preimage: bytes = field(repr=False)

    kind = "withdrawn"
    lines = ("envelope", "preimage")

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.envelope) != HASH_SIZE or len(self.preimage) != WITHDRAW_SIZE:
            raise MalformedError("a withdrawal names a hash and a secret of 32 bytes each")

    @classmethod
    def fresh(cls, epoch: Epoch, envelope: bytes, preimage: bytes) -> Self:
        """A new one, with the system's randomness."""
        return cls(epoch, *_fresh_salts(), envelope, preimage)

    def is_of(self, opening: Opening) -> bool:
        """Whether it names this submission and its author made it."""
        committed = withdraw_commit_of(self.preimage)
        return (self.envelope, committed) == (opening.envelope, opening.withdraw_commit)

    def _values(self) -> tuple[str, ...]:
        return b64(self.envelope), b64(self.preimage)

    @classmethod
    def _read(cls, values: list[str]) -> tuple[object, ...]:
        envelope, preimage = values
        return unb64(envelope, HASH_SIZE), unb64(preimage, WITHDRAW_SIZE)


@dataclass(frozen=True)
class Collected(_Salted):
    """Reviewers confirmed that they have some objects, and the server let go of them.

    `manifest` is SHA-256 of the objects' hashes, sorted and joined; `by` the reviewers, sorted.
    """

    manifest: bytes
    by: tuple[str, ...]

    kind = "collected"
    lines = ("manifest", "by")

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.manifest) != HASH_SIZE:
            raise MalformedError("a manifest is named by 32 bytes")
        if len(self.by) < CONFIRMERS or list(self.by) != sorted(set(self.by)):
            raise MalformedError("objects are collected by two reviewers or more, in order")
        for name in self.by:
            check_name(name)

    @classmethod
    def fresh(cls, epoch: Epoch, envelopes: Iterable[bytes], by: Iterable[str]) -> Self:
        """A new one, with the system's randomness."""
        return cls(epoch, *_fresh_salts(), manifest_of(envelopes), tuple(sorted(by)))

    def _values(self) -> tuple[str, ...]:
        return b64(self.manifest), " ".join(self.by)

    @classmethod
    def _read(cls, values: list[str]) -> tuple[object, ...]:
        manifest, by = values
        return unb64(manifest, HASH_SIZE), tuple(by.split(" "))


_KINDS = {kind.kind: kind for kind in (Void, Withdrawn, Collected)}


def parse_event(data: bytes) -> Opening | Void | Withdrawn | Collected:
    """Read the opening of any entry; raises `MalformedError`."""
    first = data.partition(b"\n")[0].removeprefix(b"event ")
    kind = _KINDS.get(first.decode(errors="replace"))
    return Opening.parse(data) if kind is None else kind.parse(data)


def manifest_of(envelopes: Iterable[bytes]) -> bytes:
    """The 32 bytes that name a set of sealed objects by their hashes."""
    return sha256(b"".join(sorted(envelopes))).digest()


def _fresh_salts() -> tuple[bytes, bytes]:
    return secrets.token_bytes(SALT_SIZE), secrets.token_bytes(SALT_SIZE)

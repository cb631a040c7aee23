"""The entries of the log: a blinded commitment, or a public word about rosters, code and epochs.

A blinded entry is 32 bytes that say nothing without their opening, which the log never holds.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

from intake.epoch import Epoch
from intake.errors import MalformedError

COMMIT_SIZE: Final = 32  # bytes
STEP: Final = 16  # blinded entries of an epoch are filled up to a multiple of it, at least one
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
_ROSTER: Final = re.compile(r"([1-9][0-9]{0,8}) (sha256:[0-9a-f]{64})", re.ASCII)
_VERSION_LIMIT: Final = 999_999_999
_BLINDED: Final = b"B"
_PUBLIC: Final = b"P"


def digest_of(content: bytes) -> str:
    """SHA-256 as an entry writes it: `sha256:` and 64 hexadecimal digits."""
    return f"sha256:{sha256(content).hexdigest()}"


@dataclass(frozen=True)
class Blinded:
    """`B` and the commitment to an opening: 33 bytes, all of one length."""

    commit: bytes

    def __post_init__(self) -> None:
        if len(self.commit) != COMMIT_SIZE:
            raise MalformedError(f"a commitment is {COMMIT_SIZE} bytes")

    def to_bytes(self) -> bytes:
        """Write the entry."""
        return _BLINDED + self.commit


@dataclass(frozen=True)
class RosterChanged:
    """A roster came into use: its version (1 to 999,999,999) and the SHA-256 of its text."""

    version: int
    digest: str

    def __post_init__(self) -> None:
        _check_digest(self.digest)
        if not 1 <= self.version <= _VERSION_LIMIT:
            raise MalformedError(f"a roster's version is 1 to {_VERSION_LIMIT}")

    @classmethod
    def parse_value(cls, value: str) -> Self:
        """Read what stands after the event's name."""
        match = _ROSTER.fullmatch(value)
        if match is None:
            raise MalformedError("a changed roster is a version and a digest")
        return cls(int(match[1]), match[2])

    def to_bytes(self) -> bytes:
        """Write the entry."""
        return f"Proster-changed {self.version} {self.digest}".encode()


@dataclass(frozen=True)
class ConfigChanged:
    """The site's configuration changed: the SHA-256 of what it is now."""

    digest: str

    def __post_init__(self) -> None:
        _check_digest(self.digest)

    @classmethod
    def parse_value(cls, value: str) -> Self:
        """Read what stands after the event's name."""
        return cls(value)

    def to_bytes(self) -> bytes:
        """Write the entry."""
        return f"Pconfig-changed {self.digest}".encode()


@dataclass(frozen=True)
class CodeReleased:
    """The site serves new code: the SHA-256 of its manifest."""

    digest: str

    def __post_init__(self) -> None:
        _check_digest(self.digest)

    @classmethod
    def parse_value(cls, value: str) -> Self:
        """Read what stands after the event's name."""
        return cls(value)

    def to_bytes(self) -> bytes:
        """Write the entry."""
        return f"Pcode-released {self.digest}".encode()


@dataclass(frozen=True)
class EpochClosed:
    """All blinded entries of this epoch stand before this one, and none after."""

    epoch: Epoch

    @classmethod
    def parse_value(cls, value: str) -> Self:
        """Read what stands after the event's name."""
        return cls(Epoch.parse(value))

    def to_bytes(self) -> bytes:
        """Write the entry."""
        return f"Pepoch-closed {self.epoch}".encode()


@dataclass(frozen=True)
class Restored:
    """In this epoch the site was restored from a backup, and goes on from here."""

    epoch: Epoch

    @classmethod
    def parse_value(cls, value: str) -> Self:
        """Read what stands after the event's name."""
        return cls(Epoch.parse(value))

    def to_bytes(self) -> bytes:
        """Write the entry."""
        return f"Prestored {self.epoch}".encode()


@dataclass(frozen=True)
class Retired:
    """In this epoch the site ended: the last entry of its log, after which there is none."""

    epoch: Epoch

    @classmethod
    def parse_value(cls, value: str) -> Self:
        """Read what stands after the event's name."""
        return cls(Epoch.parse(value))

    def to_bytes(self) -> bytes:
        """Write the entry."""
        return f"Pretired {self.epoch}".encode()


Public = RosterChanged | ConfigChanged | CodeReleased | EpochClosed | Restored | Retired
Entry = Blinded | Public

_EVENTS: Final[
    dict[
        str,
        type[RosterChanged]
        | type[ConfigChanged]
        | type[CodeReleased]
        | type[EpochClosed]
        | type[Restored]
        | type[Retired],
    ]
] = {
    "roster-changed": RosterChanged,
    "config-changed": ConfigChanged,
    "code-released": CodeReleased,
    "epoch-closed": EpochClosed,
    "restored": Restored,
    "retired": Retired,
}


def parse_entry(data: bytes) -> Entry:
    """Read an entry of any kind; raises `MalformedError`. The exact inverse of their `to_bytes`."""
    if data.startswith(_BLINDED):
        return Blinded(data[1:])
    if not data.startswith(_PUBLIC):
        raise MalformedError("a log entry begins with B or P")
    try:
        event, _, value = data[1:].decode("ascii").partition(" ")
    except UnicodeDecodeError:
        raise MalformedError("a public log entry is ASCII text") from None
    kind = _EVENTS.get(event)
    if kind is None:
        raise MalformedError("a public log entry is of an unknown event")
    return kind.parse_value(value)


def _check_digest(text: str) -> None:
    if not _DIGEST.fullmatch(text):
        raise MalformedError("a digest is sha256: and 64 hexadecimal digits")

"""What a site remembers of its backups: `backup.json`, for whoever makes the next one or watches.

A day and nothing finer, and nothing of what came: the number of entries is that of the public log.
"""

import datetime as dt
import fcntl
import os
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self, cast

from intake import canonical
from intake.age.whole import written_whole
from intake.canonical import b64, unb64
from intake.epoch import Epoch
from intake.errors import MalformedError, StoreError
from intake.keeping.left import BEGUN

NAME: Final = "backup.json"
ID_SIZE: Final = 16  # bytes of a base's random name
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_KEYS: Final = {"v", "day", "kind", "base", "base_day", "closed", "entries"}
_LIMIT: Final = 4096  # bytes


@dataclass(frozen=True)
class Remembered:
    """The newest backup's day and kind (`base` or `part`), and the base that parts are for.

    `closed` is the newest epoch that was closed in the base, None where none was; `entries` how
    many the log had then.
    """

    day: dt.date
    kind: str
    base: bytes
    base_day: dt.date
    closed: Epoch | None
    entries: int

    def __post_init__(self) -> None:
        if self.kind not in ("base", "part") or len(self.base) != ID_SIZE or self.entries < 0:
            raise MalformedError("not what a site remembers of its backups")

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read the file strictly; raises `MalformedError`."""
        value = canonical.decode(data)
        if not isinstance(value, dict) or set(value) != _KEYS or value["v"] != 1:  # pyright: ignore[reportUnknownArgumentType]
            raise MalformedError("not what a site remembers of its backups")
        rows = cast("dict[str, object]", value)
        closed, entries = _text(rows["closed"]), rows["entries"]
        if type(entries) is not int:
            raise MalformedError("not what a site remembers of its backups")
        found = cls(
            parse_day(_text(rows["day"])),
            _text(rows["kind"]),
            unb64(_text(rows["base"]), ID_SIZE),
            parse_day(_text(rows["base_day"])),
            Epoch.parse(closed) if closed else None,
            entries,
        )
        if found.to_bytes() != data:
            raise MalformedError("what a site remembers of its backups has one spelling")
        return found

    def to_bytes(self) -> bytes:
        """Write the file; the exact inverse of `parse`."""
        return canonical.encode(
            {
                "v": 1,
                "day": self.day.isoformat(),
                "kind": self.kind,
                "base": b64(self.base),
                "base_day": self.base_day.isoformat(),
                "closed": "" if self.closed is None else str(self.closed),
                "entries": self.entries,
            }
        )


def read_remembered(folder: Path) -> Remembered | None:
    """What the site in `folder` remembers; None where no backup was ever made, or it was moved."""
    try:
        with (folder / NAME).open("rb") as file:
            return Remembered.parse(file.read(_LIMIT + 1))
    except FileNotFoundError:
        return None
    except MalformedError as error:
        raise StoreError(
            f"{NAME} is damaged: {error.phrase}", "delete it; the next backup is a whole one"
        ) from None


def remember(folder: Path, remembered: Remembered) -> None:
    """Keep it in place of what was remembered before."""
    with written_whole(folder / NAME, prefix=BEGUN) as sink:
        sink.write(remembered.to_bytes())


def forget(folder: Path) -> None:
    """Let the next backup be a base, as where the newest one is to be deleted."""
    (folder / NAME).unlink(missing_ok=True)


@contextmanager
def backing_up(folder: Path) -> Generator[None]:
    """Be the only one who makes a backup of a site; `StoreError` at once where another does."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError("a backup of this site is being made already", "try again") from None
        yield
    finally:
        os.close(descriptor)


def parse_day(text: str) -> dt.date:
    """Read `2026-11-30` in its one spelling; raises `MalformedError`."""
    if not _DAY.fullmatch(text):
        raise MalformedError("a day is written like 2026-11-30")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise MalformedError("there is no such day") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise MalformedError("not what a site remembers of its backups")
    return value

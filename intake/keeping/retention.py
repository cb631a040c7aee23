"""Which backups a site wrote where, and which of them newer ones make needless: `written.json`.

A backup cannot be opened where it was written, so what is in which file is noted when it is. Only
a file that is noted, and still has the bytes that were written, is ever removed.
"""

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Final, Self, cast

from intake import canonical
from intake.age.whole import written_whole
from intake.canonical import b64, unb64
from intake.errors import MalformedError, StoreError
from intake.keeping.left import BEGUN
from intake.keeping.rows import BASE, PART
from intake.keeping.state import ID_SIZE, parse_day

NOTED: Final = "written.json"
MOST_KEPT: Final = 100  # bases
_MOST: Final = 1000  # files
_LIMIT: Final = 4 << 20  # bytes
_KEYS: Final = {"path", "kind", "base", "day", "sha256"}
_PHRASE: Final = "not the backups that a site wrote"


@dataclass(frozen=True)
class BackupFile:
    """One backup as it was written: its whole path, kind, base, day, and SHA-256 of its bytes."""

    path: Path
    kind: str
    base: bytes
    day: dt.date
    digest: bytes

    def __post_init__(self) -> None:
        if not self.path.is_absolute() or self.kind not in (BASE, PART):
            raise MalformedError(_PHRASE)
        if (len(self.base), len(self.digest)) != (ID_SIZE, 32):
            raise MalformedError(_PHRASE)

    @classmethod
    def of(cls, value: object) -> Self:
        """Read one from JSON; raises `MalformedError`."""
        if not isinstance(value, dict) or set(value) != _KEYS:  # pyright: ignore[reportUnknownArgumentType]
            raise MalformedError(_PHRASE)
        row = cast("dict[str, object]", value)
        path, kind, base, day, digest = (
            row[name] for name in ("path", "kind", "base", "day", "sha256")
        )
        if not all(isinstance(text, str) for text in row.values()):
            raise MalformedError(_PHRASE)
        return cls(
            Path(str(path)),
            str(kind),
            unb64(str(base), ID_SIZE),
            parse_day(str(day)),
            unb64(str(digest), 32),
        )

    def to_json(self) -> dict[str, str]:
        """As canonical JSON has it."""
        return {
            "path": str(self.path),
            "kind": self.kind,
            "base": b64(self.base),
            "day": self.day.isoformat(),
            "sha256": b64(self.digest),
        }

    def is_there(self) -> bool:
        """Whether a file is at its path, as far as this user can see: it may be another's by now."""
        try:
            return self.path.is_file()
        except OSError:
            return False

    def is_as_written(self) -> bool:
        """Whether the disk gives the very bytes back: it is asked, and not the memory before it."""
        try:
            with self.path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
                return file_digest(file, "sha256").digest() == self.digest
        except OSError:
            return False


def parse_files(data: bytes) -> tuple[BackupFile, ...]:
    """Read `written.json`, oldest first; raises `MalformedError`."""
    value = canonical.decode(data)
    if not isinstance(value, dict) or set(value) != {"v", "backups"} or value["v"] != 1:  # pyright: ignore[reportUnknownArgumentType]
        raise MalformedError(_PHRASE)
    rows = cast("dict[str, object]", value)["backups"]
    if not isinstance(rows, list):
        raise MalformedError(_PHRASE)
    found = tuple(BackupFile.of(row) for row in cast("list[object]", rows))
    if files_bytes(found) != data:
        raise MalformedError("the backups that a site wrote have one spelling")
    return found


def files_bytes(files: Sequence[BackupFile]) -> bytes:
    """Write `written.json`; the inverse of `parse_files`."""
    return canonical.encode({"v": 1, "backups": [file.to_json() for file in files]})


def files_of(site: Path) -> tuple[BackupFile, ...]:
    """The backups that a site wrote and that are still where they were, oldest first."""
    return tuple(file for file in noted(site) if file.is_there())


def noted(site: Path) -> tuple[BackupFile, ...]:
    """All that were noted: a disk that is away now may come back with what was to be gone."""
    try:
        with (site / NOTED).open("rb") as source:
            return parse_files(source.read(_LIMIT + 1))
    except FileNotFoundError:
        return ()
    except MalformedError as error:
        raise StoreError(
            f"{NOTED} is damaged: {error.phrase}",
            "delete it; backups of before are then yours to remove",
        ) from None


def note(site: Path, file: BackupFile) -> None:
    """Note a new backup; a file whose name is no text is not noted, and so never removed."""
    files = [one for one in noted(site) if one.path != file.path]
    try:
        str(file.path).encode()
    except UnicodeEncodeError:
        return
    _write(site, [*files, file][-_MOST:])


def _write(site: Path, files: Sequence[BackupFile]) -> None:
    with written_whole(site / NOTED, prefix=BEGUN) as sink:
        sink.write(files_bytes(files))


def let_go(site: Path, keep: int) -> int:
    """Remove what is needless beside the newest backup in its folder; gives how many files that was.

    1. the newest is a base, or its base is beside it, among the `keep` newest; 2. both are read
    back from the disk, and are what was written; 3. each that is needless is what was written, too.

    Raises `StoreError` where (2) does not hold, and removes nothing then.
    """
    files = files_of(site)
    if not files:
        return 0
    beside = [file for file in files if file.path.parent == files[-1].path.parent]
    # (1)
    gone = needless(beside, keep)
    if not gone:
        return 0
    # (2)
    newest = beside[-1]
    base = next(file for file in beside if (file.kind, file.base) == (BASE, newest.base))
    for file in {base.path: base, newest.path: newest}.values():
        if not file.is_as_written():
            raise StoreError(
                f"{file.path.name} is not what was written there; no older backup was removed",
                "keep the older ones, look at the disk, and make a base: `intake backup --base`",
            )
    # (3)
    ours = [file for file in gone if file.is_as_written()]
    for file in ours:
        file.path.unlink()
    if ours:
        _write(site, [file for file in noted(site) if file not in ours])
    return len(ours)


def needless(files: Sequence[BackupFile], keep: int) -> tuple[BackupFile, ...]:
    """Which of a folder's backups, oldest first, may go, parts before their bases.

    Of the `keep` newest bases each stays, with its newest part; once there are so many, all that
    is older goes. Nothing does where the newest backup is of none of these bases.
    """
    bases = [place for place, file in enumerate(files) if file.kind == BASE][-keep:]
    kept = {files[place].base for place in bases}
    if not keep or not bases or files[-1].base not in kept:
        return ()
    parts = {file.base: file for file in files if file.kind == PART}
    older = bases[0] if len(bases) == keep else 0
    gone = [
        file
        for place, file in enumerate(files)
        if (place < older and file.base not in kept)
        or (file.kind == PART and file.base in kept and file is not parts[file.base])
    ]
    return tuple(sorted(gone, key=lambda file: file.kind == BASE))

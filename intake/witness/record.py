"""A witness's folder: its keys, the logs it knows, and the last checkpoint cosigned of each.

It never goes back: a checkpoint is on the disk before anybody hears of it, and none is written
again where one is missing, for a witness that forgets can be made to sign a second tree.
"""

from __future__ import annotations

import fcntl
import os
import stat
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Final, Self

from intake.age.whole import written_whole
from intake.errors import MalformedError, StoreError
from intake.tlog.checkpoint import ORIGIN_LIMIT, Checkpoint
from intake.tlog.merkle import EMPTY_ROOT
from intake.tlog.note import VerifierKey
from intake.witness.keys import LIMIT, WitnessKeys

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_KEY: Final = "witness.key"
_LOGS: Final = "logs"
_LATEST: Final = "latest"
_LOGS_LIMIT: Final = 1_000_000  # bytes
_FORGOTTEN: Final = (
    "do not write a new one: find the file, or make a new witness with new keys in a new folder"
)


@dataclass
class Record:
    """One log: the keys trusted for it, and what was cosigned last; hold `lock` while deciding."""

    keys: tuple[VerifierKey, ...]
    latest: Checkpoint
    path: Path
    lock: Lock = field(default_factory=Lock)

    def keep(self, checkpoint: Checkpoint) -> None:
        """Store what will be cosigned; once this returns it outlasts a crash of the machine."""
        # Anyone can send the log's public checkpoint again: that costs the disk nothing.
        if checkpoint != self.latest:
            with written_whole(self.path) as sink:
                sink.write(checkpoint.to_bytes())
            self.latest = checkpoint


class WitnessFolder:
    """An open folder, which no other process opens at the same time; a context manager."""

    def __init__(self, folder: Path) -> None:
        """Open it; raises `StoreError` where it is in use, damaged, or readable by others.

        1. no other witness has it open
        2. its key is there, whole, and readable by its owner alone
        3. each log's last checkpoint is there, whole, and that log's
        """
        self._folder = folder
        # (1)
        self._held = _locked(folder)
        try:
            for left in (*folder.glob(".*.part"), *(folder / _LATEST).glob(".*.part")):
                left.unlink()  # of a process that was killed while it wrote
            # (2)
            self.keys = _read_keys(folder / _KEY)
            # (3)
            vkeys = _read_logs(folder / _LOGS)
            self.logs = {
                origin: _read_record(
                    self._latest(origin), origin, tuple(key for key in vkeys if key.name == origin)
                )
                for origin in dict.fromkeys(key.name for key in vkeys)
            }
        except BaseException:
            self.close()
            raise

    @staticmethod
    def make(folder: Path, keys: WitnessKeys) -> None:
        """Make a new folder, mode 0700, that knows no log; raises `StoreError` where one is."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            raise StoreError(f"{folder} is there already", "name a new folder") from None
        (folder / _LATEST).mkdir(mode=0o700)
        for name, content in ((_LOGS, b""), (_KEY, keys.to_bytes())):
            with written_whole(folder / name, replace=False) as sink:
                sink.write(content)

    def add_log(self, vkey: VerifierKey) -> None:
        """Trust this key for the log that it names; a log that was known keeps its checkpoint."""
        record = self.logs.get(vkey.name)
        keys = () if record is None else record.keys
        if vkey in keys:
            raise StoreError("the witness knows this key already")
        path = self._latest(vkey.name)
        if record is None and not path.exists():
            with written_whole(path, replace=False) as sink:
                sink.write(Checkpoint(vkey.name, 0, EMPTY_ROOT).to_bytes())
        known = [key for log in self.logs.values() for key in log.keys]
        # The record comes first: a log is never listed without one.
        with written_whole(self._folder / _LOGS) as sink:
            sink.write("".join(f"{key}\n" for key in (*known, vkey)).encode())
        self.logs[vkey.name] = _read_record(path, vkey.name, (*keys, vkey))

    def close(self) -> None:
        """Let another process open it."""
        os.close(self._held)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def _latest(self, origin: str) -> Path:
        # An origin is the log's own word; its hash is a file's name on any system.
        return self._folder / _LATEST / sha256(origin.encode()).hexdigest()


def _locked(folder: Path) -> int:
    try:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except (FileNotFoundError, NotADirectoryError):
        raise StoreError(f"{folder} is no witness's folder", "see `intake witness new`") from None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        raise StoreError("the witness is in use by another process", "stop it first") from None
    return held


def _read_keys(path: Path) -> WitnessKeys:
    content = _read(path, LIMIT, "the witness's key")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise StoreError(
            "the witness's key can be read by others", f"chmod 600 {path}; then ask who read it"
        )
    try:
        return WitnessKeys.parse(content)
    except MalformedError as error:
        raise StoreError(f"the witness's key is damaged: {error.phrase}", _FORGOTTEN) from None


def _read_logs(path: Path) -> list[VerifierKey]:
    content = _read(path, _LOGS_LIMIT, "the list of logs")
    try:
        return _parse_logs(content)
    except MalformedError as error:
        raise StoreError(f"the list of logs is damaged: {error.phrase}", _FORGOTTEN) from None


def _parse_logs(content: bytes) -> list[VerifierKey]:
    """Read the list of logs: a vkey on each line, none twice."""
    try:
        *lines, end = content.decode().split("\n")
    except UnicodeDecodeError:
        raise MalformedError("not UTF-8") from None
    keys = [VerifierKey.parse(line) for line in lines]
    if end or len(set(keys)) != len(keys):
        raise MalformedError("its end is missing, or it names a key twice")
    return keys


def _read_record(path: Path, origin: str, keys: tuple[VerifierKey, ...]) -> Record:
    what = f"the last checkpoint of {origin!r}"
    content = _read(path, 2 * ORIGIN_LIMIT, what)
    try:
        latest = Checkpoint.parse(content)
    except MalformedError as error:
        raise StoreError(f"{what} is damaged: {error.phrase}", _FORGOTTEN) from None
    if latest.origin != origin:
        raise StoreError(f"{what} is damaged: it is another log's", _FORGOTTEN)
    return Record(keys, latest, path)


def _read(path: Path, limit: int, what: str) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except FileNotFoundError:
        raise StoreError(f"{what} is missing", _FORGOTTEN) from None
    if len(content) > limit:
        raise StoreError(f"{what} is damaged: longer than {limit} bytes", _FORGOTTEN)
    return content

"""The file of a history: read up to what was kept, and written on look by look."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Final, Self

from intake.age.whole import written_whole
from intake.audit.followed import keep_followed
from intake.audit.history import Reading, Seen, entry_line, head, seen_line
from intake.epoch import Epoch
from intake.errors import MalformedError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import BinaryIO

    from intake.audit.followed import Followed
    from intake.audit.history import History
    from intake.tlog.checkpoint import Checkpoint
    from intake.tlog.entries import Entry

_FILE: Final = "history"
_BLOCK: Final = 1 << 20  # bytes that are copied at a time


def read_history(folder: Path, kept: Followed | None) -> History | None:
    """The history up to what was kept, None where there is none; `StoreError` for a damaged one."""
    reading = _read(folder, kept)
    return None if reading is None else reading.history()


def _read(folder: Path, kept: Followed | None) -> Reading | None:
    """Without looks that were not kept to their end, None where that is nothing."""
    if kept is None:
        return None
    checkpoint = kept.signed.checkpoint
    try:
        with (folder / _FILE).open("rb") as file:
            reading = Reading.of(file, checkpoint.size)
        _check_last(reading, checkpoint)
    except FileNotFoundError:
        return None
    except MalformedError as error:
        raise StoreError(
            f"the history in {folder} is damaged: {error.phrase}",
            "take it from a copy; or remove it, and follow with --all to begin a new one",
        ) from None
    return reading if reading.seen else None


def _check_last(reading: Reading, checkpoint: Checkpoint) -> None:
    last = (checkpoint.size, checkpoint.root)
    if any((one.size, one.root) != last for one in reading.seen[-1:]):
        raise MalformedError("the history is not that of the checkpoint kept")


class Heard:
    """The public entries of a look while it lasts, in a file without a name."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed with this

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, index: int, entry: Entry) -> None:
        """Hear one more."""
        self._file.write(entry_line(index, entry) + b"\n")

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """The number of each and its line, in order."""
        self._file.seek(0)
        for line in self._file:
            yield int(line.split(b" ", 2)[1]), line[:-1]

    def texts(self) -> Iterator[tuple[int, str]]:
        """The number of each and its text."""
        for index, line in self.lines():
            yield index, line.split(b" ", 2)[2].decode()


def keep_look(
    folder: Path, before: Followed | None, now: Followed, heard: Heard, *, again: bool
) -> None:
    """Keep a look at which all held, and what was heard of public entries; makes the folder.

    The history is written first: where a crash comes between, what is too much is passed over.
    With `again` all entries were heard, and a history that began late is whole from now on.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = _read(folder, before)
    checkpoint = now.signed.checkpoint
    seen = [] if kept is None else list(kept.seen)
    # A clock that was set back says nothing about the log.
    week = max([Epoch.now(), *(one.epoch for one in seen[-1:])])
    look = Seen(week, checkpoint.size, checkpoint.root)
    news = [] if look in seen[-1:] else [look]
    with written_whole(folder / _FILE) as sink:
        if kept is not None and not again:
            _copy(folder / _FILE, kept.length, sink)
        else:
            kept = Reading(0 if before is None or again else before.signed.checkpoint.size)
            sink.write(head(kept.begin))
            news = [*seen, *news]
        for line in _added(kept, heard.lines(), news):
            sink.write(line + b"\n")
    keep_followed(folder, now)


def _copy(path: Path, length: int, sink: BinaryIO) -> None:
    with path.open("rb") as file:
        while length and (block := file.read(min(length, _BLOCK))):
            sink.write(block)
            length -= len(block)


def _added(
    reading: Reading, heard: Iterable[tuple[int, bytes]], seen: Iterable[Seen]
) -> Iterator[bytes]:
    """Lines that come to a history, each entry before the first checkpoint that has it."""
    entries = iter(heard)
    waiting = next(entries, None)
    for one in seen:
        while waiting is not None and waiting[0] < one.size:
            reading.take_entry(waiting[1])
            yield waiting[1]
            waiting = next(entries, None)
        line = seen_line(one)
        reading.take_seen(line, one)
        yield line
    if waiting is not None:
        raise MalformedError("a history's entries are not in order")

"""What an auditor saw of a log, look by look: which checkpoints, and which public entries.

One file beside `followed`, which only grows. It decides nothing: `followed` is what is believed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from intake.age.whole import written_whole
from intake.audit.followed import keep_followed
from intake.canonical import b64, unb64
from intake.epoch import Epoch
from intake.errors import MalformedError, StoreError
from intake.tlog.entries import Blinded, EpochClosed, parse_entry
from intake.tlog.merkle import HASH_SIZE, SIZE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from intake.audit.followed import Followed
    from intake.tlog.checkpoint import Checkpoint
    from intake.tlog.entries import Entry

_TITLE: Final = b"testimony-intake/history/v1"
_LIMIT: Final = 1 << 24  # bytes; a line for each week and each public entry
_FILE: Final = "history"
_BEGIN: Final = re.compile(rb"from (0|[1-9][0-9]{0,18})")
_ENTRY: Final = re.compile(rb"entry (0|[1-9][0-9]{0,18}) (.+)")
_SEEN: Final = re.compile(rb"seen ([0-9W-]{8}) (0|[1-9][0-9]{0,18}) ([A-Za-z0-9+/=]{44})")


@dataclass(frozen=True)
class Seen:
    """A checkpoint that held, and the week in which it was seen; its root is 32 bytes."""

    epoch: Epoch
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not 0 <= self.size < SIZE_LIMIT or len(self.root) != HASH_SIZE:
            raise MalformedError("a checkpoint seen is a size below 2^63 and 32 bytes")


@dataclass(frozen=True)
class Week:
    """A closed week: how many blinded entries it has, and how many entries the log had then."""

    epoch: Epoch
    leaves: int
    size: int


@dataclass(frozen=True)
class History:
    """The checkpoints seen, oldest first, and the public entries from the one numbered `begin` on.

    It begins above 0 only where the log was followed before there was such a file.
    """

    begin: int
    entries: tuple[tuple[int, Entry], ...]
    seen: tuple[Seen, ...]

    def __post_init__(self) -> None:
        """Check what a history promises.

        1. something was seen; weeks and sizes never go back, no line stands twice
        2. one size has one root
        3. entries are public, in order, and each belongs to a checkpoint seen
        """
        # (1)
        if not self.seen or self.begin > self.seen[0].size:
            raise MalformedError("a history begins with a checkpoint")
        for one, next_one in pairwise(self.seen):
            if (next_one.epoch, next_one.size) <= (one.epoch, one.size) or next_one.size < one.size:
                raise MalformedError("a history does not go back")
            # (2)
            if next_one.size == one.size and next_one.root != one.root:
                raise MalformedError("a history has two roots of one size")
        # (3)
        numbers = [self.begin - 1, *(index for index, _ in self.entries), self.seen[-1].size]
        if any(one >= next_one for one, next_one in pairwise(numbers)):
            raise MalformedError("a history's entries are not in order")
        if any(isinstance(entry, Blinded) for _, entry in self.entries):
            raise MalformedError("a history holds public entries only")

    @classmethod
    def parse(cls, data: bytes) -> History:
        """Read the file; raises `MalformedError`."""
        title, *lines = data.removesuffix(b"\n").split(b"\n")
        begin = _BEGIN.fullmatch(lines.pop(0)) if lines else None
        if len(data) > _LIMIT or title != _TITLE or begin is None:
            raise MalformedError("not the history of a log")
        entries: list[tuple[int, Entry]] = []
        seen: list[Seen] = []
        for line in lines:
            if match := _ENTRY.fullmatch(line):
                entries.append((int(match[1]), parse_entry(b"P" + match[2])))
            elif match := _SEEN.fullmatch(line):
                root = unb64(match[3].decode(), HASH_SIZE)
                seen.append(Seen(Epoch.parse(match[1].decode()), int(match[2]), root))
            else:
                raise MalformedError("a history has a line of no known form")
        history = cls(int(begin[1]), tuple(entries), tuple(seen))
        if history.to_bytes() != data:  # an entry before or after the checkpoint it came with
            raise MalformedError("a history has one spelling")
        return history

    def to_bytes(self) -> bytes:
        """Write the file; the exact inverse of `parse`. A longer history begins with a shorter."""
        return b"".join(line + b"\n" for line in self._lines())

    def _lines(self) -> Iterator[bytes]:
        yield _TITLE
        yield b"from %d" % self.begin
        waiting = list(reversed(self.entries))
        for seen in self.seen:
            while waiting and waiting[-1][0] < seen.size:
                index, entry = waiting.pop()
                yield b"entry %d %s" % (index, entry.to_bytes()[1:])
            yield f"seen {seen.epoch} {seen.size} {b64(seen.root)}".encode()

    def upto(self, checkpoint: Checkpoint) -> History | None:
        """What is left without looks that were not kept to their end, None where that is nothing.

        Raises `MalformedError` where it is not the history of this checkpoint.
        """
        seen = tuple(one for one in self.seen if one.size <= checkpoint.size)
        if not seen:
            return None
        if (seen[-1].size, seen[-1].root) != (checkpoint.size, checkpoint.root):
            raise MalformedError("the history is not that of the checkpoint kept")
        entries = tuple((index, e) for index, e in self.entries if index < checkpoint.size)
        return History(self.begin, entries, seen)

    @property
    def weeks(self) -> tuple[Week, ...]:
        """The closed weeks. Blinded entries of a week stand in one run right before its end."""
        weeks: list[Week] = []
        before = self.begin - 1  # a checkpoint never stands inside a run
        for index, entry in self.entries:
            if isinstance(entry, EpochClosed):
                weeks.append(Week(entry.epoch, index - before - 1, index + 1))
            before = index
        return tuple(weeks)


def read_history(folder: Path, kept: Followed | None) -> History | None:
    """The history up to what was kept, None where there is none; `StoreError` for a damaged one."""
    if kept is None:
        return None
    try:
        with (folder / _FILE).open("rb") as file:
            return History.parse(file.read(_LIMIT + 1)).upto(kept.signed.checkpoint)
    except FileNotFoundError:
        return None
    except MalformedError as error:
        raise StoreError(
            f"the history in {folder} is damaged: {error.phrase}",
            "take it from a copy; or remove it, and follow with --all to begin a new one",
        ) from None


def keep_look(
    folder: Path,
    before: Followed | None,
    now: Followed,
    heard: Sequence[tuple[int, Entry]],
    *,
    again: bool,
) -> None:
    """Keep a look at which all held, and what was heard of public entries; makes the folder.

    The history is written first: where a crash comes between, `upto` takes off what is too much.
    With `again` all entries were heard, and a history that began late is whole from now on.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    history = _longer(read_history(folder, before), before, now, heard, again=again)
    with written_whole(folder / _FILE) as sink:
        sink.write(history.to_bytes())
    keep_followed(folder, now)


def _longer(
    history: History | None,
    before: Followed | None,
    now: Followed,
    heard: Sequence[tuple[int, Entry]],
    *,
    again: bool,
) -> History:
    begin = 0 if before is None or again else before.signed.checkpoint.size
    entries, seen = tuple(heard), tuple[Seen, ...]()
    if history is not None:
        seen = history.seen
        if begin:
            begin, entries = history.begin, (*history.entries, *entries)
    checkpoint = now.signed.checkpoint
    # A clock that was set back says nothing about the log.
    week = max([Epoch.now(), *(one.epoch for one in seen[-1:])])
    look = Seen(week, checkpoint.size, checkpoint.root)
    return History(begin, entries, seen if look in seen[-1:] else (*seen, look))

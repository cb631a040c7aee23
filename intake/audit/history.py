"""What an auditor saw of a log, look by look: which checkpoints, and which public entries.

One file beside `followed`, which only grows. It decides nothing: `followed` is what is believed.
It is read and written line by line: a log can have more public entries than go into memory.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

from intake.canonical import b64, unb64
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.tlog.entries import EpochClosed, parse_entry
from intake.tlog.merkle import HASH_SIZE, SIZE_LIMIT
from intake.tlog.tiles import ENTRY_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import BinaryIO

    from intake.tlog.entries import Entry

_TITLE: Final = b"testimony-intake/history/v1"
_LINE: Final = ENTRY_LIMIT + 64  # bytes: an entry of the log, with its number
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
    """The checkpoints seen, oldest first, and what the public entries say from the one numbered `begin` on.

    Of the entries there are the closed weeks, and how many there are of each kind. It begins above 0
    only where the log was followed before there was such a file.
    """

    begin: int
    seen: tuple[Seen, ...]
    weeks: tuple[Week, ...]
    kinds: Mapping[type[Entry], int]

    @classmethod
    def parse(cls, source: BinaryIO) -> History:
        """Read the file; raises `MalformedError`."""
        return Reading.of(source).history()


@dataclass
class _Since:
    """What stands after the last checkpoint; `public` is the number of the last public entry."""

    public: int
    length: int = 0
    weeks: list[Week] = field(default_factory=list[Week])
    kinds: Counter[type[Entry]] = field(default_factory=Counter["type[Entry]"])


class Reading:
    """A history that is taken line by line; each raises `MalformedError` where it may not stand there.

    1. something was seen; weeks and sizes never go back, no line stands twice
    2. one size has one root
    3. entries are public, in order, and each stands before the first checkpoint that has it
    4. every line has one spelling
    """

    def __init__(self, begin: int) -> None:
        self.begin = begin
        self.seen: list[Seen] = []
        self.length = len(head(begin))  # bytes up to the last checkpoint, with it
        self._weeks: list[Week] = []
        self._kinds: Counter[type[Entry]] = Counter()
        self._since = _Since(begin - 1)

    @classmethod
    def of(cls, source: BinaryIO, upto: int = SIZE_LIMIT) -> Self:
        """Read until there is a checkpoint of more than `upto` entries: from there on nothing counts."""
        lines = _lines_of(source)
        title, begin = next(lines, b""), _BEGIN.fullmatch(next(lines, b""))
        if title != _TITLE or begin is None:
            raise MalformedError("not the history of a log")
        reading = cls(int(begin[1]))
        reading.take_all(lines, upto)
        return reading

    def take_all(self, lines: Iterable[bytes], upto: int) -> None:
        """Take these lines, as `of` does."""
        public = self._since.public
        for line in lines:
            seen = _seen_in(line)
            if seen is None:
                self.take_entry(line)
            elif seen.size > upto:
                break
            else:
                self.take_seen(line, seen)
                public = self._since.public
        else:
            # (1)
            if not self.seen or self._since.length:
                raise MalformedError("a history begins and ends with a checkpoint")
        self._since = _Since(public)

    def take_entry(self, line: bytes) -> None:
        """Take the line of a public entry."""
        match = _ENTRY.fullmatch(line)
        if match is None:
            raise MalformedError("a history has a line of no known form")
        index, entry, since = int(match[1]), parse_entry(b"P" + match[2]), self._since
        # (3)
        first = max(since.public + 1, self.begin, self.seen[-1].size if self.seen else 0)
        if index < first:
            raise MalformedError("a history's entries are not in order")
        # (4)
        if entry_line(index, entry) != line:
            raise MalformedError("a history has one spelling")
        if isinstance(entry, EpochClosed):
            # Blinded entries of a week stand in one run right before its end, and no checkpoint inside.
            since.weeks.append(Week(entry.epoch, index - since.public - 1, index + 1))
        since.kinds[type(entry)] += 1
        since.public = index
        since.length += len(line) + 1

    def take_seen(self, line: bytes, seen: Seen) -> None:
        """Take the line of a checkpoint."""
        since = self._since
        if self.seen:
            before = self.seen[-1]
            # (1)
            if (seen.epoch, seen.size) <= (before.epoch, before.size) or seen.size < before.size:
                raise MalformedError("a history does not go back")
            # (2)
            if seen.size == before.size and seen.root != before.root:
                raise MalformedError("a history has two roots of one size")
        elif self.begin > seen.size:
            raise MalformedError("a history begins with a checkpoint")
        # (3)
        if since.public >= seen.size:
            raise MalformedError("a history's entries are not in order")
        # (4)
        if seen_line(seen) != line:
            raise MalformedError("a history has one spelling")
        self.seen.append(seen)
        self._weeks += since.weeks
        self._kinds.update(since.kinds)
        self.length += since.length + len(line) + 1
        self._since = _Since(since.public)

    def history(self) -> History:
        """What was read up to the last checkpoint."""
        return History(self.begin, tuple(self.seen), tuple(self._weeks), dict(self._kinds))


def head(begin: int) -> bytes:
    """How a history begins that begins there."""
    return b"%s\nfrom %d\n" % (_TITLE, begin)


def entry_line(index: int, entry: Entry) -> bytes:
    """The line of a public entry."""
    return b"entry %d %s" % (index, entry.to_bytes()[1:])


def seen_line(seen: Seen) -> bytes:
    """The line of a checkpoint."""
    return f"seen {seen.epoch} {seen.size} {b64(seen.root)}".encode()


def _seen_in(line: bytes) -> Seen | None:
    match = _SEEN.fullmatch(line)
    if match is None:
        return None
    root = unb64(match[3].decode(), HASH_SIZE)
    return Seen(Epoch.parse(match[1].decode()), int(match[2]), root)


def _lines_of(source: BinaryIO) -> Iterator[bytes]:
    while line := source.readline(_LINE):
        if not line.endswith(b"\n"):
            raise MalformedError("a history has a line that does not end")
        yield line[:-1]

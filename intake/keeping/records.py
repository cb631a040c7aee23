"""A backup's plaintext: records one after another, then zeros up to a size that says nothing.

Written and read as a stream: no more than one record is in memory (docs/format.md 28).
"""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Any, BinaryIO, Final

from intake.age import HybridRecipient, encrypt
from intake.bundle import Joined
from intake.errors import MalformedError

MAGIC: Final = b"INTKK1\0\0"
LEAST_STEP: Final = 16 << 20  # bytes; a week of 16 texts, the log's own step, is a tenth of it
RECORD_LIMIT: Final = 16 << 20  # bytes
_HEAD: Final = 5  # bytes before a record's content: its kind and its length
_BLOCK: Final = 1 << 20


class Kind(IntEnum):
    """The kinds of records, in the order in which they stand; those of a piece follow their row."""

    HEAD = 1
    FILE = 2
    ENTRIES = 3
    OPENINGS = 4
    HERE = 5
    SUBMISSION = 6
    PIECE = 7
    EVENT = 8
    STATEMENT = 9
    BOARD = 10
    COUNTERS = 11
    END = 12


@dataclass(frozen=True)
class Record:
    """One record."""

    kind: Kind
    content: bytes


class Sum:
    """What the last record signs: how many came before it, and the hash of all their bytes."""

    def __init__(self) -> None:
        self._hash = sha256(MAGIC)
        self.count = 0

    def add(self, written: bytes) -> None:
        """Take in a record as it is written."""
        self._hash.update(written)
        self.count += 1

    @property
    def digest(self) -> bytes:
        """SHA-256 of all records so far, with the magic before them."""
        return self._hash.digest()


def padded(length: int, step: int) -> int:
    """The smallest of `step`, twice it, four times it and so on that holds `length` bytes."""
    size = step
    while size < length:
        size *= 2
    return size


def write_records(
    sink: BinaryIO,
    records: Iterable[Record],
    end: Callable[[Sum], bytes],
    step: int,
    recipient: HybridRecipient,
) -> None:
    """Seal records to `recipient`, then what `end` makes of their sum, then zeros."""
    parts = _parts(records, end, step)
    encrypt(io.BufferedReader(Joined(parts), _BLOCK), sink, [recipient])


def _parts(records: Iterable[Record], end: Callable[[Sum], bytes], step: int) -> Iterator[bytes]:
    total, length = Sum(), len(MAGIC)
    yield MAGIC
    for record in records:
        written = _written(record)
        total.add(written)
        length += len(written)
        yield written
    last = _written(Record(Kind.END, end(total)))
    yield last
    length += len(last)
    zeros = padded(length, step) - length
    while zeros > 0:
        yield bytes(min(zeros, _BLOCK))
        zeros -= _BLOCK


def _written(record: Record) -> bytes:
    if len(record.content) > RECORD_LIMIT:
        raise MalformedError(f"a backup's record is longer than {RECORD_LIMIT} bytes")
    return bytes([record.kind]) + len(record.content).to_bytes(4) + record.content


class Taking(io.RawIOBase):
    """A sink for a backup's plaintext: hands on each record as soon as it is whole.

    Nothing is known to be true before `check_whole` returned after the last byte. `take` is given
    each record with the sum of those before it.
    """

    def __init__(self, take: Callable[[Record, Sum], None]) -> None:
        super().__init__()
        self._take = take
        self._rest = bytearray()
        self._sum = Sum()
        self._length = 0
        self._used = len(MAGIC)
        self._begun = self._ended = False
        self._last = Kind.HEAD

    def writable(self) -> bool:
        """It is one."""
        return True

    def write(self, data: Any) -> int:
        """Take some more of the plaintext; raises `MalformedError` where it is none."""
        given = bytes(data)
        self._length += len(given)
        if self._ended:
            self._check_zeros(given)
            return len(given)
        self._rest += given
        if not self._begun:
            if not MAGIC.startswith(bytes(self._rest[: len(MAGIC)])):
                raise MalformedError("this is no backup", "make one with `intake backup`")
            if len(self._rest) < len(MAGIC):
                return len(given)
            del self._rest[: len(MAGIC)]
            self._begun = True
        self._hand_on()
        return len(given)

    def check_whole(self, step: int) -> None:
        """Raise `MalformedError` unless its end was seen, and it was filled up by this step."""
        if not self._ended:
            raise MalformedError("the backup has no end", "it was cut short: take another one")
        if self._length != padded(self._used, step):
            raise MalformedError("the backup has another size than its step gives it")

    def _hand_on(self) -> None:
        place = 0
        while not self._ended and len(self._rest) - place >= _HEAD:
            size = int.from_bytes(self._rest[place + 1 : place + _HEAD])
            if size > RECORD_LIMIT:
                raise MalformedError("a record of the backup is too long")
            if len(self._rest) - place < _HEAD + size:
                break
            written = bytes(self._rest[place : place + _HEAD + size])
            place += len(written)
            self._one(written)
        del self._rest[:place]
        if self._ended:
            self._check_zeros(bytes(self._rest))
            self._rest.clear()

    def _one(self, written: bytes) -> None:
        try:
            kind = Kind(written[0])
        except ValueError:
            raise MalformedError("a record of the backup is of no known kind") from None
        first = self._sum.count == 0
        again = (self._last, kind) == (Kind.PIECE, Kind.SUBMISSION)
        if first is not (kind is Kind.HEAD) or (kind < self._last and not again):
            raise MalformedError("the backup's records are not in their order")
        self._last = kind
        self._used += len(written)
        self._ended = kind is Kind.END
        self._take(Record(kind, written[_HEAD:]), self._sum)
        self._sum.add(written)

    def _check_zeros(self, data: bytes) -> None:
        if data.count(0) != len(data):
            raise MalformedError("the backup's padding is not zero")

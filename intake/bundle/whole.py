"""Writes a bundle, and opens one: nothing of it is given out before its last byte was verified."""

import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, Self, cast

from intake.age import HybridRecipient, Identity, decrypt, encrypt
from intake.bundle.manifest import Contents, most
from intake.errors import MalformedError
from intake.opening import Opening
from intake.tlog.note import NOTE_LIMIT

MAGIC = b"INTKB1\0\0"
SMALLEST = 16 << 20  # bytes; smaller bundles are filled up to it

_HEAD = len(MAGIC) + 4
_BLOCK = 1 << 20
_STATEMENT_HEAD = 4  # bytes of a statement's length
_LONGEST = 0xFFFF  # bytes of an entry or an opening, whose length is two bytes


def framed(values: Iterable[bytes]) -> Iterator[bytes]:
    """Entries or openings, each after its length in two bytes (C2SP tlog-tiles), in blocks."""
    block = bytearray()
    for value in values:
        if len(value) > _LONGEST:
            raise MalformedError(f"a log entry is longer than {_LONGEST} bytes")
        block += len(value).to_bytes(2) + value
        if len(block) >= _BLOCK:
            yield bytes(block)
            block.clear()
    yield bytes(block)


def framed_length(value: bytes) -> int:
    """The bytes that a value takes in a log section."""
    return 2 + len(value)


def framed_statements(notes: Iterable[bytes]) -> Iterator[bytes]:
    """Reviewers' statements, each after its length in four bytes; a note has at most 1,000,000."""
    for note in notes:
        if len(note) > NOTE_LIMIT:
            raise MalformedError(f"a statement is longer than {NOTE_LIMIT} bytes")
        yield len(note).to_bytes(_STATEMENT_HEAD) + note


def statements_length(notes: Iterable[bytes]) -> int:
    """The bytes that statements take in a bundle."""
    return sum(_STATEMENT_HEAD + len(note) for note in notes)


def write_bundle(
    sink: BinaryIO,
    contents: Contents,
    log: Iterable[bytes],
    sealed: Callable[[Opening], bytes],
    recipients: Sequence[HybridRecipient],
) -> None:
    """Write a bundle sealed to `recipients`.

    `log` are the framed entries, then the framed openings, then the framed statements; `sealed`
    gives the object of each item in turn, and is not asked for an auditor's file. Raises
    `MalformedError` where either is not as long as `contents` says.
    """
    parts = _parts(contents, log, sealed)
    encrypt(io.BufferedReader(Joined(parts), _BLOCK), sink, recipients)


def _parts(
    contents: Contents, log: Iterable[bytes], sealed: Callable[[Opening], bytes]
) -> Iterator[bytes]:
    manifest = contents.to_bytes()
    length = _HEAD + len(manifest) + contents.length
    total = padded(length)
    if len(manifest) > most(total):
        raise MalformedError("more submissions than one bundle holds")
    yield MAGIC + len(manifest).to_bytes(4) + manifest
    left = sum(contents.log) + contents.statements
    for block in log:
        left -= len(block)
        yield block
    if left:
        raise MalformedError("the log changed while it was collected", "collect again")
    for item in contents.items if contents.objects else ():
        content = sealed(item.opening)
        if len(content) != item.size:
            raise MalformedError("a sealed object changed its length while it was collected")
        yield content
    zeros = total - length
    while zeros > 0:
        yield bytes(min(zeros, _BLOCK))
        zeros -= _BLOCK


def padded(length: int) -> int:
    """The smallest power of two, from 16 MiB, that holds `length` bytes."""
    return max(SMALLEST, 1 << (length - 1).bit_length())


class Bundle:
    """An opened bundle. Its objects are still sealed; they lie in a nameless file until it closes."""

    def __init__(self, spool: BinaryIO, contents: Contents, start: int) -> None:
        self._spool = spool
        self._start = start
        self.contents = contents

    @classmethod
    def open(cls, source: BinaryIO, identities: Sequence[Identity], workplace: Path) -> Self:
        """Open and check all of it; nothing is given out before its last byte was verified.

        1. age: to its last chunk; 2. magic, manifest; 3. the length is what log, statements and items need;
        4. the padding is zeros.
        """
        spool = cast("BinaryIO", tempfile.TemporaryFile(dir=workplace))  # noqa: SIM115
        try:
            # (1)
            decrypt(source, spool, identities)
            contents, start = checked(spool)
        except BaseException:
            spool.close()
            raise
        return cls(spool, contents, start)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._spool.close()

    def entries(self) -> Iterator[bytes]:
        """The log's entries, in order; `MalformedError` where one ends beyond their part."""
        return self._frames(self._start, self.contents.log[0])

    def openings(self) -> Iterator[bytes]:
        """What is given as the opening of each blinded entry, in order; empty where it was erased."""
        entries, openings = self.contents.log
        return self._frames(self._start + entries, openings)

    def statements(self) -> Iterator[bytes]:
        """What reviewers signed that they have, one note in memory at a time, still unverified."""
        position = self._start + sum(self.contents.log)
        end = position + self.contents.statements
        while position < end:
            self._spool.seek(position)
            head = self._spool.read(min(_STATEMENT_HEAD, end - position))
            size = int.from_bytes(head)
            position += _STATEMENT_HEAD + size
            if size > NOTE_LIMIT or position > end:
                raise MalformedError("the bundle's statements are cut short")
            yield self._spool.read(size)

    def __iter__(self) -> Iterator[tuple[Opening, bytes]]:
        """Each opening with its sealed object, of which nothing has been checked yet."""
        if not self.contents.objects:
            return
        position = self._start + sum(self.contents.log) + self.contents.statements
        for item in self.contents.items:
            self._spool.seek(position)
            yield item.opening, self._spool.read(item.size)
            position += item.size

    def _frames(self, position: int, length: int) -> Iterator[bytes]:
        """The values of a part, a block in memory at a time; several may be read side by side."""
        end, rest = position + length, b""
        while position < end:
            self._spool.seek(position)
            block = self._spool.read(min(_BLOCK, end - position))
            position += len(block)
            rest += block
            values, used = _unframed(rest)
            yield from values
            rest = rest[used:]
        if rest:
            raise MalformedError("the bundle's log is cut short")


def _unframed(block: bytes) -> tuple[Iterator[bytes], int]:
    """The whole values at the beginning of a block, and where they end."""
    begins, length = [0], len(block)
    while (begin := begins[-1]) + 2 <= length:
        end = begin + 2 + (block[begin] << 8 | block[begin + 1])
        if end > length:
            break
        begins.append(end)
    return (block[one + 2 : other] for one, other in pairwise(begins)), begins[-1]


def checked(spool: BinaryIO) -> tuple[Contents, int]:
    """The contents of a decrypted bundle, and where its log begins; steps (2) to (4)."""
    length = spool.tell()
    # (2)
    spool.seek(0)
    head = spool.read(_HEAD)
    size = int.from_bytes(head[len(MAGIC) :])
    if len(head) < _HEAD or not head.startswith(MAGIC) or size > most(length):
        raise MalformedError("this is no bundle", "make one with `intake collect`")
    contents = Contents.parse(spool.read(size))
    # (3)
    end = _HEAD + size + contents.length
    if padded(end) != length:
        raise MalformedError("the bundle's length does not fit what it holds")
    # (4)
    spool.seek(end)
    while block := spool.read(_BLOCK):
        if block != bytes(len(block)):  # `any` would take seconds for a large one
            raise MalformedError("the bundle's padding is not zero")
    return contents, _HEAD + size


class Joined(io.RawIOBase):
    """Bytes that come in parts, read as one stream."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        super().__init__()
        self._parts = parts
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """It is one."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read as much as fits, or what is left."""
        target = memoryview(buffer)
        filled = 0
        while filled < len(target):
            if not self._rest:
                self._rest = memoryview(next(self._parts, b""))
                if not self._rest:
                    break
            size = min(len(self._rest), len(target) - filled)
            target[filled : filled + size] = self._rest[:size]
            self._rest = self._rest[size:]
            filled += size
        return filled

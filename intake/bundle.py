"""What travels from the server to the offline machine: one file with everything a reviewer needs.

It is sealed to the reviewers, and what is inside is still sealed: opening a bundle shows no word.
Format: docs/format.md 9.
"""

import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self, cast

from intake import canonical, shape
from intake.age import HybridRecipient, Identity, decrypt, encrypt
from intake.container import NewerVersionError
from intake.deployment import check_deployment
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.opening import Opening

MAGIC = b"INTKB1\0\0"
VERSION = 1
SMALLEST = 16 << 20  # bytes; smaller bundles are filled up to it
MAX_MANIFEST = 64 << 20  # bytes; an item takes about 600

_HEAD = len(MAGIC) + 4
_KEYS = {"v", "deployment", "epoch", "rosters", "items"}
_BLOCK = 1 << 20
_ROSTERS = 16 << 20  # bytes of a manifest for rosters: 200 of the largest
_SPARSE = 60  # bytes of a manifest to one mark between its values; an item has 72


@dataclass(frozen=True)
class Item:
    """One submission in a bundle: its opening and the length of its sealed object, in bytes."""

    opening: Opening
    size: int


@dataclass(frozen=True)
class Contents:
    """A bundle's manifest; `rosters` are signed notes, not yet verified."""

    deployment: str
    epoch: Epoch
    rosters: tuple[bytes, ...]
    items: tuple[Item, ...]

    def to_bytes(self) -> bytes:
        """The manifest's canonical JSON."""
        items = [
            {"opening": item.opening.to_bytes().decode(), "size": item.size} for item in self.items
        ]
        return canonical.encode(
            {
                "v": VERSION,
                "deployment": self.deployment,
                "epoch": str(self.epoch),
                "rosters": [note.decode() for note in self.rosters],
                "items": items,
            }
        )

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a manifest strictly; the inverse of `to_bytes`."""
        _check_density(data)
        value = shape.mapping(canonical.decode(data))
        version = shape.integer(value.get("v"))
        if version > VERSION:
            raise NewerVersionError(
                f"the bundle has version {version}, and this software reads {VERSION}",
                "open it with a newer intake",
            )
        if version != VERSION or set(value) != _KEYS:
            raise MalformedError("the bundle's manifest has other keys")
        check_deployment(shape.text(value["deployment"]))
        contents = cls(
            deployment=shape.text(value["deployment"]),
            epoch=Epoch.parse(shape.text(value["epoch"])),
            rosters=tuple(shape.text(note).encode() for note in shape.rows(value["rosters"])),
            items=tuple(_item(row) for row in shape.rows(value["items"])),
        )
        openings = [item.opening.to_bytes() for item in contents.items]
        if sorted(set(openings)) != openings:
            raise MalformedError("the bundle's items are not in order")
        if contents.to_bytes() != data:
            raise MalformedError("the bundle's manifest is not in its one spelling")
        return contents


def _most(length: int) -> int:
    """The most bytes that the manifest of a bundle of `length` bytes has.

    A sealed object has 67,195 bytes or more, and its item in the manifest less than 1/128 of that.
    """
    return min(MAX_MANIFEST, _ROSTERS + length // 128)


def _check_density(data: bytes) -> None:
    """Raise where JSON has more values than any manifest of its length.

    Anybody can seal a bundle, and the parser makes an object of each value: 64 MiB of `[],` would
    fill 2 GB.
    """
    values = sum(map(data.count, (b",", b"[", b"{", b":")))
    if values > len(data) // _SPARSE + 100:
        raise MalformedError("the bundle's manifest has more values than its length allows")


def write_bundle(
    sink: BinaryIO,
    contents: Contents,
    sealed: Callable[[Opening], bytes],
    recipients: Sequence[HybridRecipient],
) -> None:
    """Write a bundle sealed to `recipients`; `sealed` gives the object of each item in turn."""
    encrypt(io.BufferedReader(_Joined(_parts(contents, sealed)), _BLOCK), sink, recipients)


def _parts(contents: Contents, sealed: Callable[[Opening], bytes]) -> Iterator[bytes]:
    manifest = contents.to_bytes()
    total = padded(_HEAD + len(manifest) + sum(item.size for item in contents.items))
    if len(manifest) > _most(total):
        raise MalformedError("more submissions than one bundle holds")
    yield MAGIC + len(manifest).to_bytes(4) + manifest
    length = _HEAD + len(manifest)
    for item in contents.items:
        content = sealed(item.opening)
        if len(content) != item.size:
            raise MalformedError("a sealed object changed its length while it was collected")
        length += item.size
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

        1. age: to its last chunk; 2. magic, manifest; 3. the length is what the items need;
        4. the padding is zeros.
        """
        spool = cast("BinaryIO", tempfile.TemporaryFile(dir=workplace))  # noqa: SIM115
        try:
            # (1)
            decrypt(source, spool, identities)
            contents, start = _checked(spool)
        except BaseException:
            spool.close()
            raise
        return cls(spool, contents, start)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._spool.close()

    def __iter__(self) -> Iterator[tuple[Opening, bytes]]:
        """Each opening with its sealed object, of which nothing has been checked yet."""
        position = self._start
        for item in self.contents.items:
            self._spool.seek(position)
            yield item.opening, self._spool.read(item.size)
            position += item.size


def _checked(spool: BinaryIO) -> tuple[Contents, int]:
    """The contents of a decrypted bundle, and where its objects begin; steps (2) to (4)."""
    length = spool.tell()
    # (2)
    spool.seek(0)
    head = spool.read(_HEAD)
    size = int.from_bytes(head[len(MAGIC) :])
    if len(head) < _HEAD or not head.startswith(MAGIC) or size > _most(length):
        raise MalformedError("this is no bundle", "make one with `intake collect`")
    contents = Contents.parse(spool.read(size))
    # (3)
    end = _HEAD + size + sum(item.size for item in contents.items)
    if padded(end) != length:
        raise MalformedError("the bundle's length does not fit its items")
    # (4)
    spool.seek(end)
    while block := spool.read(_BLOCK):
        if any(block):
            raise MalformedError("the bundle's padding is not zero")
    return contents, _HEAD + size


class _Joined(io.RawIOBase):
    """Bytes that come in parts, read as one stream."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
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


def _item(row: object) -> Item:
    value = shape.mapping(row)
    if set(value) != {"opening", "size"}:
        raise MalformedError("a bundle's item has other keys")
    size = shape.integer(value["size"])
    if size < 1:
        raise MalformedError("a bundle's item has no length")
    return Item(Opening.parse(shape.text(value["opening"]).encode()), size)

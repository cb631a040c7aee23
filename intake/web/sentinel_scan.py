"""Reads files, devices and folders for what was planted and for what reads as a trace of anybody.

It changes nothing, follows no link but one that was named, and says of what it found only the kind.
"""

import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from intake.web.sentinel_patterns import kinds_in
from intake.web.sentinel_words import Kind

_CHUNK = 4 * 1024 * 1024
_OVERLAP = 1024  # bytes: more than any spelling is long
_GZIP = b"\x1f\x8b\x08"


class Readable(Protocol):
    """A file, a device, or what a program says."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


@dataclass(frozen=True)
class Search:
    """What to look for: spellings, and anybody's traces where `patterns` says so.

    `random` where it may be sealed objects, in which short numbers stand by chance.
    """

    needles: dict[bytes, Kind] = field(repr=False)
    now: float
    patterns: bool = False
    random: bool = False

    def in_bytes(self, content: bytes) -> set[Kind]:
        """The kinds of what is in it."""
        found = {kind for needle, kind in self.needles.items() if needle in content}
        if self.patterns:
            found.update(kinds_in(content, self.now, random=self.random))
        return found

    def in_stream(self, source: Readable) -> set[Kind]:
        """The same, piece by piece, to the end."""
        found: set[Kind] = set()
        before = b""
        while piece := source.read(_CHUNK):
            found |= self.in_bytes(before + piece)
            before = piece[-_OVERLAP:]
        return found

    def in_file(self, path: Path) -> set[Kind]:
        """The same in a file or a device, and unpacked where it is a gzip; raises `OSError`."""
        with opened(path) as file:
            found = self.in_stream(file)
            file.seek(0)
            if file.read(len(_GZIP)) != _GZIP:
                return found
            file.seek(0)
            with gzip.GzipFile(fileobj=file) as packed:
                found |= self.in_stream(_AsFarAsItGoes(packed))
        return found


class _AsFarAsItGoes:
    """A packed file that ends where it breaks off."""

    def __init__(self, packed: gzip.GzipFile) -> None:
        self._packed = packed

    def read(self, size: int, /) -> bytes:
        """What is left, or nothing where it cannot be unpacked."""
        with suppress(EOFError, gzip.BadGzipFile, zlib.error):
            return self._packed.read1(size)
        return b""


def opened(path: Path) -> BinaryIO:
    """A file to be read as it is: no link, no waiting for a pipe, its times left where we may."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags | os.O_NOATIME)
    except PermissionError:  # that is for the owner alone
        descriptor = os.open(path, flags)
    return os.fdopen(descriptor, "rb")


@dataclass
class Walk:
    """The regular files under some folders, and how many things there could not be read.

    A root may be a file, a disk, or a link to one; anything else there counts as not read. `since`,
    in seconds since 1970, leaves out what was not touched from then on.
    """

    roots: tuple[Path, ...]
    without: tuple[Path, ...] = ()
    since: float = 0.0
    unread: int = 0

    def files(self) -> Iterator[tuple[Path, os.stat_result]]:
        """Each file once, with what the system says of it."""
        # A temporary folder can hold a hundred thousand files: their paths are plain texts here.
        without = {way for path in self.without for way in (str(path.absolute()), _followed(path))}
        for root in dict.fromkeys(map(_followed, self.roots)):
            if root in without:
                continue
            if not os.path.isdir(root):  # noqa: PTH112
                yield from self._one(root, named=True)
                continue
            for folder, folders, names in os.walk(root, onerror=self._count):
                start = folder.rstrip("/") + "/"
                folders[:] = [name for name in folders if start + name not in without]
                for name in names:
                    if start + name not in without:
                        yield from self._one(start + name)

    def search(self, search: Search) -> set[Kind]:
        """The kinds of what is in them."""
        found: set[Kind] = set()
        for path, _ in self.files():
            try:
                found |= search.in_file(path)
            except FileNotFoundError:
                continue  # gone meanwhile
            except OSError:
                self.unread += 1
        return found

    def _one(self, path: str, *, named: bool = False) -> Iterator[tuple[Path, os.stat_result]]:
        try:
            status = os.lstat(path)
        except FileNotFoundError:
            return
        except OSError:
            self.unread += 1
            return
        if stat.S_ISREG(status.st_mode):
            if not self.since or _is_since(status, self.since):
                yield Path(path), status
        elif named and stat.S_ISBLK(status.st_mode):
            yield Path(path), status  # what is written to a disk does not change its times
        else:
            self.unread += named

    def _count(self, error: OSError) -> None:
        self.unread += not isinstance(error, FileNotFoundError)


def _followed(path: Path) -> str:
    """Where a root lies, with no link in it."""
    real = os.path.realpath(path)
    # A link under /proc can lead to where this name is another's, or nobody's.
    return real if os.path.lexists(real) else os.path.abspath(path)  # noqa: PTH100


def _is_since(status: os.stat_result, moment: float) -> bool:
    return max(status.st_mtime, status.st_ctime) >= moment

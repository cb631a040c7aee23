"""What arrives on a connection, in memory of its own, so that no word of it becomes a value of Python.

Python copies what it is given, and lets go of it without overwriting. The kernel writes here what
comes, what is looked for is looked for in place, and what was handed over is overwritten at once.
"""

import mmap
import os
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Final

PIECE: Final = 64 * 1024
_ZEROS: Final = bytes(PIECE)


class Gathered:
    """Up to `room` bytes, in the order in which they came; it takes memory for those that did."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._length = 0
        self._memory: mmap.mmap | None = None

    def __len__(self) -> int:
        return self._length

    def receive(self, source: socket.socket) -> int:
        """Take what is here already, as much as there is room for; 0 where the other side ended."""
        end = min(self._length + PIECE, self._room)
        with memoryview(self._made()) as whole, whole[self._length : end] as room:
            came = source.recv_into(room)
        self._length += came
        return came

    def put_first(self, words: bytes) -> bool:
        """Add bytes before those that are here; False, and nothing added, where there is no room."""
        if len(words) + self._length > self._room:
            return False
        if words:
            made = self._made()
            made.move(len(words), 0, self._length)
            made[: len(words)] = words
            self._length += len(words)
        return True

    def search(
        self, pattern: re.Pattern[bytes], end: int | None = None, *, begin: int = 0
    ) -> tuple[int, int] | None:
        """Where the first of these is, in the bytes from `begin` to before `end`."""
        if self._memory is None:
            return None
        found = pattern.search(self._memory, begin, self._length if end is None else end)
        return None if found is None else found.span()

    def every(self, pattern: re.Pattern[bytes], end: int) -> Iterator[re.Match[bytes]]:
        """All of these in the bytes before `end`, to be looked at before anything else is done."""
        return iter(()) if self._memory is None else pattern.finditer(self._memory, 0, end)

    def taken(self, count: int) -> bytes:
        """The first `count` bytes as a value of Python: for what bears no words."""
        taken = b"" if self._memory is None else self._memory[: min(count, self._length)]
        self.forget(len(taken))
        return taken

    def copied(self, count: int) -> int:
        """The descriptor of a file in memory with the first `count` bytes."""
        count = min(count, self._length)
        if self._memory is None or not count:
            return in_memory(b"")
        with memoryview(self._memory) as whole, whole[:count] as first:
            return in_memory(first)

    def close(self) -> None:
        """Let go of all of it."""
        if self._memory is not None:
            self.forget(self._length)
            self._memory.close()
            self._memory = None

    def forget(self, count: int) -> None:
        """What follows the first `count` bytes comes to the front, and zeros in its place."""
        count = min(count, self._length)
        if self._memory is None or not count:
            return
        left = self._length - count
        self._memory.move(0, count, left)
        for start in range(left, self._length, PIECE):
            end = min(start + PIECE, self._length)
            self._memory[start:end] = _ZEROS[: end - start]
        self._length = left

    def _made(self) -> mmap.mmap:
        if self._memory is None:
            self._memory = mmap.mmap(-1, self._room, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        return self._memory


def in_memory(words: bytes | memoryview) -> int:
    """The descriptor of a file without a name, in memory, that holds these bytes.

    They are copied within memory: no system call is given one to write.
    """
    made = os.memfd_create("words")
    if words:
        os.truncate(made, len(words))
        with closing(mmap.mmap(made, len(words))) as room:
            room[:] = words
    return made


def out_of_memory(descriptor: int) -> bytes:
    """What such a file holds; it is closed."""
    with open(descriptor, "rb") as file:  # it has no path
        length = os.fstat(descriptor).st_size
        if not length:
            return b""
        with closing(mmap.mmap(file.fileno(), length, prot=mmap.PROT_READ)) as room:
            return room[:]

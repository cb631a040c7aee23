"""Sealed letters in a file, to be sent one after another."""

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TEXT = ("Это было вечером, нас везли минут сорок, потом железные ворота. " * 32)[:2000]


@dataclass(frozen=True)
class Letters:
    """A file of letters that are all of one length, each to be sent once."""

    path: Path
    count: int
    length: int

    def __iter__(self) -> Iterator[memoryview]:
        """Every letter; the file is read as they are asked for."""
        with self.path.open("rb") as file:
            whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        return (
            whole[start : start + self.length]
            for start in range(0, self.count * self.length, self.length)
        )

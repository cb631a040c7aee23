"""Grows a log's tiles in a folder: entries in, files out, each whole under its name or not there.

It signs nothing, and never writes over a tile with other content: that would be a second tree.
"""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Self

from intake.age.whole import written_whole
from intake.errors import ProofError
from intake.tlog.merkle import EMPTY, Edge, leaf_hashes
from intake.tlog.tile_reader import TileReader, folder_reader
from intake.tlog.tiles import HEIGHT, WIDTH, TileName, check_entries, peaks, tile_root, write_bundle


class TileWriter:
    """The growing edge of one log: less than a tile of hashes on each level, whatever its size."""

    def __init__(self, folder: Path) -> None:
        """Begin an empty log in this folder, which is made where it does not exist."""
        self._folder = folder
        self._size = 0
        self._entries: list[bytes] = []
        self._levels: list[list[bytes]] = [[]]

    @classmethod
    def resume(cls, folder: Path, size: int, root: bytes) -> Self:
        """Go on after the first `size` entries, whose root must be `root`: reads the edge only.

        A tile that is missing or does not belong to this tree is a `ProofError` with its name.
        """
        reader = TileReader(folder_reader(folder), size, root)
        writer = cls(folder)
        writer._size = size
        writer._entries = list(reader.entries(size - size % WIDTH))
        writer._levels = [list(hashes) for hashes in reader.edge()] or [[]]
        return writer

    @property
    def edge(self) -> Edge:
        """Size and root of the tree as it stands."""
        if not self._size:
            return EMPTY
        hashes = [peak for level in reversed(self._levels) for peak in peaks(level)]
        return Edge(self._size, tuple(hashes))

    def append(self, entries: Iterable[bytes]) -> Edge:
        """Add entries in this order, each of at most 65,535 bytes; write what they complete.

        Takes them as a stream, a tile at a time. After the last one the partial tiles are written
        too, so that the folder serves a checkpoint of the returned size and root. Older partial
        tiles stay, for readers who hold an older checkpoint. After a crash, `resume` at the last
        signed checkpoint and append the same entries in the same order: the tree is the same.
        """
        stream = iter(entries)
        while batch := list(islice(stream, WIDTH - len(self._entries))):
            check_entries(batch)
            self._size += len(batch)
            self._entries += batch
            self._levels[0] += leaf_hashes(batch)
            if len(self._entries) == WIDTH:
                self._complete()
        self._write_edge()
        return self.edge

    def _complete(self) -> None:
        """Write the full bundle and every tile of hashes that it fills."""
        index = self._size // WIDTH - 1
        self._write(TileName(None, index), write_bundle(self._entries))
        self._entries = []
        level = 0
        while len(hashes := self._levels[level]) == WIDTH:
            self._write(TileName(level, index), b"".join(hashes))
            if level + 1 == len(self._levels):
                self._levels.append([])
            self._levels[level + 1].append(tile_root(hashes))
            self._levels[level] = []
            level, index = level + 1, index // WIDTH

    def _write_edge(self) -> None:
        if self._entries:
            name = TileName(None, self._size // WIDTH, len(self._entries))
            self._write(name, write_bundle(self._entries))
        for level, hashes in enumerate(self._levels):
            if hashes:
                index = (self._size >> HEIGHT * level) // WIDTH
                self._write(TileName(level, index, len(hashes)), b"".join(hashes))

    def _write(self, name: TileName, content: bytes) -> None:
        path = self._folder / str(name)
        if path.exists():
            if path.read_bytes() != content:
                raise ProofError(
                    f"{name} exists with other content",
                    "a log has one tree; compare the folder with a copy, or rebuild it elsewhere",
                )
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path) as sink:
            sink.write(content)

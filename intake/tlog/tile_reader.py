"""Reads a log's tiles from anywhere and believes only what a signed root proves.

1. the partial tiles on the tree's right edge are believed when together they give the root
2. a full tile is believed when its root stands in a believed tile above it
3. a bundle is believed when its entries hash to a believed tile
"""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final, NoReturn

from intake.errors import MalformedError, ProofError
from intake.tlog.merkle import EMPTY_ROOT, fold, leaf_hashes, prove_consistency, prove_inclusion
from intake.tlog.tiles import (
    HEIGHT,
    WIDTH,
    TileName,
    edge_tiles,
    parse_bundle,
    peaks,
    split_tile,
    tile_at,
    tile_root,
)

Fetch = Callable[[str], bytes | None]
"""Gives the content of a tile by its path, or None where there is none."""

_CACHED: Final = 32  # tiles of 8 KiB
_HINT: Final = "copy the log again; if it stays so, tell the log's witnesses"


def folder_reader(folder: Path) -> Fetch:
    """Fetch tiles from a folder."""

    def fetch(path: str) -> bytes | None:
        try:
            return (folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    return fetch


class TileReader:
    """The tree of `size` entries under a root that the caller verified (see policy.py).

    A tile that is missing, cut or altered is a `ProofError` with its name, raised when it is
    first needed; those on the edge are read at once. At most 32 tiles are held in memory.
    """

    def __init__(self, fetch: Fetch, size: int, root: bytes) -> None:
        self._fetch = fetch
        self._size = size
        self._cache: dict[TileName, tuple[bytes, ...]] = {}
        names = tuple(edge_tiles(size))
        self._edge = {name.level: self._hashes_of(name) for name in names}
        # (1)
        tops = [peak for name in reversed(names) for peak in peaks(self._edge[name.level])]
        if (fold(tops) if tops else EMPTY_ROOT) != root:
            self._blame(names)

    def edge(self) -> list[tuple[bytes, ...]]:
        """Hashes of the partial tile of each level, lowest first; empty where a level has none."""
        levels = range(max((level for level in self._edge if level is not None), default=-1) + 1)
        return [self._edge.get(level, ()) for level in levels]

    def hash(self, level: int, index: int) -> bytes:
        """Hash of the complete subtree over leaves `index << level` on: a `HashReader`.

        One outside the tree is the caller's mistake and raises `ValueError`.
        """
        if index < 0 or (index + 1) << level > self._size:
            raise ValueError("no such subtree in the tree")
        tile_level, height = divmod(level, HEIGHT)
        number, begin = divmod(index << height, WIDTH)
        return tile_root(self._hashes(tile_level, number)[begin : begin + (1 << height)])

    def inclusion(self, index: int) -> tuple[bytes, ...]:
        """Prove that entry `index` is in this tree."""
        return prove_inclusion(index, self._size, self.hash)

    def consistency(self, old: int) -> tuple[bytes, ...]:
        """Prove that this tree begins with the tree of its first `old` entries."""
        return prove_consistency(old, self._size, self.hash)

    def entries(self, begin: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Entries `begin` to `end` (all, unless given), a bundle at a time."""
        last = self._size if end is None else end
        if not 0 <= begin <= last <= self._size:
            raise ValueError("no such entries in the tree")
        for index in range(begin // WIDTH, -(-last // WIDTH)):
            first = index * WIDTH
            yield from islice(self._bundle(index), max(begin - first, 0), last - first)

    def _bundle(self, index: int) -> list[bytes]:
        name = TileName(None, index, tile_at(0, index, self._size).width)
        entries = self._entries_of(name)
        # (3)
        if tuple(leaf_hashes(entries)) != self._hashes(0, index):
            raise ProofError(f"{name} does not belong to the signed log", _HINT)
        return entries

    def _hashes(self, level: int, index: int) -> tuple[bytes, ...]:
        """Hashes of a believed tile."""
        name = tile_at(level, index, self._size)
        if not name.full:
            return self._edge[level]
        hashes = self._cache.pop(name, None)
        if hashes is None:
            hashes = self._hashes_of(name)
            # (2)
            above = self._hashes(level + 1, index // WIDTH)[index % WIDTH]
            if tile_root(hashes) != above:
                raise ProofError(f"{name} does not belong to the signed log", _HINT)
        self._cache[name] = hashes  # the newest stands last
        if len(self._cache) > _CACHED:
            del self._cache[next(iter(self._cache))]
        return hashes

    def _hashes_of(self, name: TileName) -> tuple[bytes, ...]:
        """Hashes of a tile, not yet believed."""
        content = self._fetch(str(name))
        try:
            if content is not None:
                return split_tile(content, name.width)
            return split_tile(self._completed(name), WIDTH)[: name.width]
        except MalformedError:
            raise ProofError(f"{name} is cut short or not a tile", _HINT) from None

    def _entries_of(self, name: TileName) -> list[bytes]:
        """Entries of a bundle, not yet believed."""
        content = self._fetch(str(name))
        try:
            if content is not None:
                return parse_bundle(content, name.width)
            return parse_bundle(self._completed(name), WIDTH)[: name.width]
        except MalformedError:
            raise ProofError(f"{name} is cut short or not a bundle", _HINT) from None

    def _completed(self, name: TileName) -> bytes:
        """Content of the full tile: a log may delete a partial one once it is there."""
        content = None if name.full else self._fetch(str(name.completed))
        if content is None:
            raise ProofError(f"{name} is missing", _HINT)
        return content

    def _blame(self, names: tuple[TileName, ...]) -> NoReturn:
        """Name the tile of the edge that what lies under it contradicts, if it is one alone."""
        wrong = [name for name in names if self._contradicted(name)]
        if len(wrong) == 1:
            raise ProofError(f"{wrong[0]} does not belong to the signed log", _HINT)
        listed = ", ".join(str(name) for name in names) or "no tile"
        raise ProofError(f"the tiles are those of another log: {listed}", _HINT)

    def _contradicted(self, name: TileName) -> bool:
        if not name.level:
            found = leaf_hashes(self._entries_of(TileName(None, name.index, name.width)))
        else:
            first = name.index * WIDTH
            below = (TileName(name.level - 1, first + i) for i in range(name.width))
            found = [tile_root(self._hashes_of(tile)) for tile in below]
        return tuple(found) != self._edge[name.level]

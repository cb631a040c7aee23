"""C2SP tlog-tiles: names and contents of the files that a log consists of.

It never opens one: tile_writer.py writes them, tile_reader.py reads them and believes none unproved.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Self

from intake.errors import MalformedError
from intake.tlog.merkle import HASH_SIZE, SIZE_LIMIT, fold, parents, subtrees

WIDTH: Final = 256  # hashes or entries of a full tile
HEIGHT: Final = 8  # levels of the tree in one tile
LEVEL_LIMIT: Final = 63
ENTRY_LIMIT: Final = 0xFFFF  # bytes of one entry, whose length is two bytes
_NAME: Final = re.compile(
    r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]{1,3}))?", re.ASCII
)


@dataclass(frozen=True, order=True)
class TileName:
    """Which tile: `tile/<L>/<N>[.p/<W>]`. `level` is 0 to 63, or None for a bundle of entries.

    `width` is 1 to 256; below 256 the tile is partial.
    """

    level: int | None
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        if self.level is not None and not 0 <= self.level <= LEVEL_LIMIT:
            raise MalformedError(f"a tile's level is 0 to {LEVEL_LIMIT}")
        if not 0 <= self.index < SIZE_LIMIT or not 1 <= self.width <= WIDTH:
            raise MalformedError("no such tile")

    @classmethod
    def parse(cls, path: str) -> Self:
        """Read a tile's path; raises `MalformedError`."""
        match = _NAME.fullmatch(path)
        if match is None:
            raise MalformedError("not the path of a tile")
        level = None if match[1] == "entries" else int(match[1])
        # 63 bits are 19 digits, seven elements: no number of thousands of digits is read.
        digits = match[2].replace("x", "").replace("/", "")
        if len(digits) > 21:
            raise MalformedError("no such tile")
        name = cls(level, int(digits), WIDTH if match[3] is None else int(match[3]))
        if str(name) != path:  # leading zeros, or a full tile named as a partial one
            raise MalformedError("the path of a tile has one spelling")
        return name

    def __str__(self) -> str:
        """Write the path; the exact inverse of `parse`."""
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        elements = [digits[i : i + 3] for i in range(0, len(digits), 3)]
        number = "/".join([*(f"x{element}" for element in elements[:-1]), elements[-1]])
        folder = "entries" if self.level is None else self.level
        return f"tile/{folder}/{number}" + ("" if self.full else f".p/{self.width}")

    @property
    def full(self) -> bool:
        """Tell a tile that never changes from one that grows."""
        return self.width == WIDTH

    @property
    def completed(self) -> "TileName":
        """The full tile that this one is or becomes."""
        return TileName(self.level, self.index)


def edge_tiles(size: int) -> Iterator[TileName]:
    """The partial tiles of hashes of a tree, lowest level first."""
    level = 0
    while size:
        size, width = divmod(size, WIDTH)
        if width:
            yield TileName(level, size, width)
        level += 1


def tile_at(level: int, index: int, size: int) -> TileName:
    """The tile of hashes number `index` on its level, as wide as it is in a tree of `size`.

    One outside the tree is the caller's mistake and raises `ValueError`.
    """
    width = min(WIDTH, (size >> HEIGHT * level) - index * WIDTH)
    if width < 1 or index < 0:
        raise ValueError("no such tile in the tree")
    return TileName(level, index, width)


def split_tile(content: bytes, width: int) -> tuple[bytes, ...]:
    """Read `width` hashes of 32 bytes; raises `MalformedError`. Joining them is the inverse."""
    if len(content) != width * HASH_SIZE:
        raise MalformedError(f"a tile of {width} hashes is {width * HASH_SIZE} bytes")
    return tuple(content[i : i + HASH_SIZE] for i in range(0, len(content), HASH_SIZE))


def peaks(hashes: Sequence[bytes]) -> list[bytes]:
    """Roots of the complete subtrees over the hashes of one tile, left first."""
    rows = [hashes]
    while len(rows[-1]) > 1:
        rows.append(parents(rows[-1]))
    return [rows[level][index] for level, index in subtrees(0, len(hashes))]


def tile_root(hashes: Sequence[bytes]) -> bytes:
    """Root over the hashes of one tile: of a full one, what stands in the tile above."""
    return fold(peaks(hashes))


def check_entries(entries: Sequence[bytes]) -> None:
    """Raise `MalformedError` unless each is at most 65,535 bytes."""
    if any(len(entry) > ENTRY_LIMIT for entry in entries):
        raise MalformedError(f"a log entry is longer than {ENTRY_LIMIT} bytes")


def write_bundle(entries: Sequence[bytes]) -> bytes:
    """Write entries, each with its length in two bytes; the exact inverse of `parse_bundle`."""
    check_entries(entries)
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def parse_bundle(content: bytes, width: int) -> list[bytes]:
    """Read exactly `width` entries and nothing after them; raises `MalformedError`."""
    entries: list[bytes] = []
    begin, length = 0, len(content)
    while begin + 2 <= length and len(entries) < width:
        end = begin + 2 + (content[begin] << 8 | content[begin + 1])
        entries.append(content[begin + 2 : end])
        begin = end
    if begin != length or len(entries) != width:
        raise MalformedError(f"a bundle does not hold {width} entries")
    return entries

"""Writes a picture of plain pixels as PNG (ISO/IEC 15948), in memory: no metadata, the same bytes each time."""

import struct
import zlib
from typing import Final

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_TRUECOLOUR: Final = 2
_LEVEL: Final = 6


def png(width: int, height: int, rows: list[bytes]) -> bytes:
    """The file; each of `rows` has three bytes a pixel: red, green, blue."""
    if len(rows) != height or any(len(row) != 3 * width for row in rows):
        raise ValueError("a picture's rows are not those of its size")
    head = struct.pack(">IIBBBBB", width, height, 8, _TRUECOLOUR, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), _LEVEL)
    parts = (b"IHDR", head), (b"IDAT", pixels), (b"IEND", b"")
    return SIGNATURE + b"".join(_chunk(kind, content) for kind, content in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    crc = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + crc

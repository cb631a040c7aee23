"""The salted tree over a testimony's words, by which one can be shown or withheld with proof.

Computed at sealing, so that what is logged then can prove a publication later (docs/format.md 4).
"""

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256

D = b"testimony-intake/redact/v1"
SEED_SIZE = 16

# White space is these four and nothing else, so that Python and JavaScript cut alike.
_WORD = re.compile(r"[\t\n\r ]*[^\t\n\r ]+|[\t\n\r ]+\Z")

_LEAF = b"\x00" + D + b"/leaf"
_NODE = b"\x01" + D + b"/node"
_LEFT = D + b"/ggm\x00"
_RIGHT = D + b"/ggm\x01"

Token = tuple[bytes, bytes]
"""Kind (one byte of `m f w v`) and value."""

_VOID: Token = (b"v", b"")


def words(text: str) -> list[str]:
    """`text` cut into words, each with the white space before it; joined they are `text` again."""
    return _WORD.findall(text)


def tokens(facts: Sequence[bytes], fields: Sequence[tuple[str, str]]) -> Iterator[Token]:
    """The tokens of a container, without voids: its facts, then each field's path and words."""
    for fact in facts:
        yield b"m", fact
    for path, text in fields:
        yield b"f", path.encode()
        for word in words(text):
            yield b"w", word.encode()


def root(seed: bytes, facts: Sequence[bytes], fields: Sequence[tuple[str, str]]) -> bytes:
    """The 32-byte root for these facts and fields, salted from the 16-byte `seed`."""
    row = _with_voids(seed, tokens(facts, fields))
    salts = [seed]
    while len(salts) < len(row):
        salts = [
            sha256(side + salt).digest()[:SEED_SIZE] for salt in salts for side in (_LEFT, _RIGHT)
        ]
    hashes = [
        sha256(_LEAF + kind + salt + len(value).to_bytes(4) + value).digest()
        for (kind, value), salt in zip(row, salts, strict=True)
    ]
    while len(hashes) > 1:
        hashes = [
            sha256(_NODE + hashes[i] + hashes[i + 1]).digest() for i in range(0, len(hashes), 2)
        ]
    return hashes[0]


def _with_voids(seed: bytes, plain: Iterator[Token]) -> list[Token]:
    """Add 0 to 2 voids after each token, which blur how long a withheld run is, and fill up."""
    row: list[Token] = []
    counts = b""
    for i, token in enumerate(plain):
        if i % 32 == 0:
            counts = sha256(D + b"/voids\x00" + seed + (i // 32).to_bytes(4)).digest()
        row.append(token)
        row.extend((_VOID,) * (counts[i % 32] % 3))
    size = 1 << (len(row) - 1).bit_length()
    row.extend((_VOID,) * (size - len(row)))
    return row

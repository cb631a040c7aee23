"""The salted tree over a testimony's words, by which one can be shown or withheld with proof.

Computed at sealing, so that what is logged then can prove a publication later (docs/format.md 4).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from intake.errors import MalformedError

D = b"testimony-intake/redact/v1"
SEED_SIZE = 16
LEAVES_LIMIT = 1 << 17  # the longest text that a form takes has 92,000 with its voids

# White space is these four and nothing else, so that Python and JavaScript cut alike.
_WORD = re.compile(r"[\t\n\r ]*[^\t\n\r ]+|[\t\n\r ]+\Z")

_LEAF = b"\x00" + D + b"/leaf"
_NODE = b"\x01" + D + b"/node"
_LEFT = D + b"/ggm\x00"
_RIGHT = D + b"/ggm\x01"

Token = tuple[bytes, bytes]
"""Kind (one byte of `m f w v`) and value."""

VOID: Token = (b"v", b"")


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
    row = leaves(seed, tokens(facts, fields))
    return fold(hashes_of(row, salts(seed, len(row))))


def leaves(seed: bytes, plain: Iterable[Token]) -> list[Token]:
    """The tree's leaves: 0 to 2 voids after each token, which blur how long a withheld run is.

    More of them fill up to the next power of two. Raises `MalformedError` where there are too many
    to be worth a reader's time.
    """
    row: list[Token] = []
    counts = b""
    for i, token in enumerate(plain):
        if i % 32 == 0:
            counts = sha256(D + b"/voids\x00" + seed + (i // 32).to_bytes(4)).digest()
        row.append(token)
        row.extend((VOID,) * (counts[i % 32] % 3))
        if len(row) > LEAVES_LIMIT:
            raise MalformedError(f"it has more words than {LEAVES_LIMIT} leaves of a tree allow")
    size = 1 << (len(row) - 1).bit_length()
    row.extend((VOID,) * (size - len(row)))
    return row


def child(salt: bytes, side: int) -> bytes:
    """The salt below `salt`, on the left (0) or on the right (1)."""
    return sha256((_LEFT, _RIGHT)[side] + salt).digest()[:SEED_SIZE]


def salts(seed: bytes, count: int) -> list[bytes]:
    """The salts of the `count` leaves (a power of two) that lie below `seed`."""
    row = [seed]
    while len(row) < count:
        row = [sha256(side + salt).digest()[:SEED_SIZE] for salt in row for side in (_LEFT, _RIGHT)]
    return row


def hashes_of(row: Sequence[Token], salted: Sequence[bytes]) -> list[bytes]:
    """The hash of each leaf."""
    return [
        sha256(_LEAF + kind + salt + len(value).to_bytes(4) + value).digest()
        for (kind, value), salt in zip(row, salted, strict=True)
    ]


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return sha256(_NODE + left + right).digest()


def fold(hashes: list[bytes]) -> bytes:
    """The hash of a whole subtree from those of its leaves, a power of two of them."""
    while len(hashes) > 1:
        # `node`, written out: an import folds a tree for every testimony.
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [sha256(_NODE + left + right).digest() for left, right in pairs]
    return hashes[0]

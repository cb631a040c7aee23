"""Trees for tests, written as RFC 6962 writes them: recursion over a list, nothing stored."""

from collections.abc import Sequence
from hashlib import sha256

from intake.tlog.merkle import HashReader


def entries(count: int) -> list[bytes]:
    """Entries of different lengths, the empty one among them."""
    return [b"" if i == 3 else b"entry %d" % i for i in range(count)]


def mth(leaves: Sequence[bytes]) -> bytes:
    """Merkle Tree Hash of section 2.1."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = split(len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n]) of section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def proof(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PROOF(m, D[n]) of section 2.1.2."""
    return subproof(m, leaves, known=True)


def subproof(m: int, leaves: Sequence[bytes], *, known: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b) of section 2.1.2."""
    if m == len(leaves):
        return [] if known else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], known=known), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], known=False), mth(leaves[:k])]


def split(length: int) -> int:
    """The largest power of two below `length`."""
    k = 1
    while k * 2 < length:
        k *= 2
    return k


def reader(leaves: Sequence[bytes]) -> HashReader:
    """Hashes of complete subtrees, computed anew each time."""

    def read(level: int, index: int) -> bytes:
        begin, end = index << level, (index + 1) << level
        assert 0 <= begin < end <= len(leaves), "only complete subtrees are stored"
        return mth(leaves[begin:end])

    return read

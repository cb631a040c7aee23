"""The Merkle tree of RFC 6962: hashes, an edge that grows, proofs and their verification.

It never reads a file: whoever proves gives a reader of stored hashes, whoever verifies needs none.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from intake.errors import MalformedError, ProofError

HASH_SIZE: Final = 32  # bytes
SIZE_LIMIT: Final = 2**63  # leaves; C2SP sizes and times are signed 64-bit integers
PROOF_LIMIT: Final = 63  # hashes; no proof of a tree below SIZE_LIMIT needs more
EMPTY_ROOT: Final = sha256(b"").digest()

HashReader = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree over leaves `index << level` to `(index + 1) << level`."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry (RFC 6962 section 2.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees side by side (RFC 6962 section 2.1)."""
    return sha256(b"\x01" + left + right).digest()


def leaf_hashes(entries: Sequence[bytes]) -> list[bytes]:
    """Hash many entries at once."""
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def parents(row: Sequence[bytes]) -> list[bytes]:
    """Hash neighbours in pairs; an odd last hash is left out."""
    # A comprehension over a bound constructor: this line is most of the time of an audit.
    new = sha256
    return [
        new(b"\x01" + left + right).digest()
        for left, right in zip(row[::2], row[1::2], strict=False)
    ]


def check_hashes(hashes: Sequence[bytes]) -> None:
    """Raise `MalformedError` unless each is 32 bytes: else hashing would shift what it covers."""
    if any(len(value) != HASH_SIZE for value in hashes):
        raise MalformedError(f"a hash is {HASH_SIZE} bytes")


@dataclass(frozen=True)
class Edge:
    """All that a tree needs to grow: its size and the roots of its complete subtrees, left first.

    One hash for each bit set in `size`, 32 bytes each: memory grows with the logarithm of the log.
    """

    size: int
    hashes: tuple[bytes, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.size < SIZE_LIMIT or len(self.hashes) != self.size.bit_count():
            raise MalformedError("the edge of a tree has one hash for each bit of its size")
        check_hashes(self.hashes)

    @property
    def root(self) -> bytes:
        """The tree's root; of an empty tree, the hash of nothing."""
        return fold(self.hashes) if self.hashes else EMPTY_ROOT

    def extended(self, leaves: Sequence[bytes]) -> "Edge":
        """The edge of the tree with these leaf hashes after its last one."""
        size = self.size + len(leaves)
        before = list(self.hashes)
        kept: list[bytes] = []
        row, level = list(leaves), 0
        while before or row:
            # A subtree waiting on this level is the left neighbour of all that is new here.
            if self.size >> level & 1:
                row.insert(0, before.pop())
            if len(row) & 1:
                kept.append(row[-1])
            row, level = parents(row), level + 1
        return Edge(size, tuple(reversed(kept)))


EMPTY: Final = Edge(0, ())


def fold(hashes: Sequence[bytes]) -> bytes:
    """Root over complete subtrees of falling size, at least one."""
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def subtrees(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Level and index of the complete subtrees that make up leaves `begin` to `end`, left first.

    `begin` is where RFC 6962 splits a tree: a multiple of the next power of two above the length.
    """
    while begin < end:
        level = (end - begin).bit_length() - 1
        yield level, begin >> level
        begin += 1 << level


def range_hash(begin: int, end: int, read: HashReader) -> bytes:
    """Hash of the subtree over leaves `begin` to `end`, which is not empty (see `subtrees`)."""
    return fold([read(level, index) for level, index in subtrees(begin, end)])


def root_hash(size: int, read: HashReader) -> bytes:
    """Root of the tree of the first `size` leaves."""
    return range_hash(0, size, read) if size else EMPTY_ROOT


def prove_inclusion(index: int, size: int, read: HashReader) -> tuple[bytes, ...]:
    """PATH(index, D[size]) of RFC 6962 section 2.1.1, the leaf's sibling first.

    An index outside the tree is the caller's mistake and raises `ValueError`.
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf in the tree")
    begin, end = 0, size
    path: list[bytes] = []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(range_hash(middle, end, read))
            end = middle
        else:
            path.append(range_hash(begin, middle, read))
            begin = middle
    return tuple(reversed(path))


def prove_consistency(old: int, size: int, read: HashReader) -> tuple[bytes, ...]:
    """PROOF(old, D[size]) of RFC 6962 section 2.1.2; empty where `old` is 0 or `size`.

    An old tree larger than the new one is the caller's mistake and raises `ValueError`.
    """
    if not 0 <= old <= size:
        raise ValueError("the old tree is larger than the new one")
    if old == 0:
        return ()
    begin, end = 0, size
    proof: list[bytes] = []
    while end != old:
        middle = begin + _split(end - begin)
        if old <= middle:
            proof.append(range_hash(middle, end, read))
            end = middle
        else:
            proof.append(range_hash(begin, middle, read))
            begin = middle
    if begin:  # else the last hash is the old root itself, which the verifier knows
        proof.append(range_hash(begin, end, read))
    return tuple(reversed(proof))


def verify_inclusion(
    index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes
) -> None:
    """Raise `ProofError` unless `leaf` (its hash) stands at `index` of the tree (RFC 9162 2.1.3.2).

    1. the index lies in the tree
    2. start from the leaf, with the paths of the leaf and of the last leaf as bits
    3. hash the path in, left or right as these bits say; it is not longer than the tree is high
    4. it is not shorter, and the root is the one that was signed
    """
    check_hashes((leaf, *path, root))
    # (1)
    if not 0 <= index < size:
        raise ProofError(f"entry {index} lies outside a log of {size}")
    # (2)
    one, last, found = index, size - 1, leaf
    # (3)
    for sibling in path:
        if last == 0:
            raise ProofError("inclusion proof is too long")
        if one & 1 or one == last:
            found = node_hash(sibling, found)
            one, last = _skip(one, last)
        else:
            found = node_hash(found, sibling)
        one, last = one >> 1, last >> 1
    # (4)
    if last != 0:
        raise ProofError("inclusion proof is too short")
    if found != root:
        raise ProofError(f"entry {index} is not in the signed log")


def verify_consistency(
    old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise `ProofError` unless the new tree begins with the old one (RFC 9162 section 2.1.4.2).

    1. sizes are in order; two trees of one size, or an empty old one, need an empty proof
    2. a complete old tree is itself the first hash; otherwise the proof begins with one
    3. drop the levels on which the old tree's right edge is already whole
    4. hash the rest in, for both roots as long as the old tree reaches, for the new one always
    5. both roots come out, and the proof is as long as the new tree is high
    """
    check_hashes((old_root, root, *proof))
    # (1)
    if not 0 <= old <= size:
        raise ProofError(f"a log of {size} cannot follow a log of {old}")
    if old in (0, size):
        _verify_trivial(old, size, old_root, root, proof)
        return
    # (2)
    hashes = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not proof:
        raise ProofError("consistency proof is empty")
    # (3)
    one, last = old - 1, size - 1
    while one & 1:
        one, last = one >> 1, last >> 1
    # (4)
    found_old = found = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise ProofError("consistency proof is too long")
        if one & 1 or one == last:
            found_old = node_hash(sibling, found_old)
            found = node_hash(sibling, found)
            one, last = _skip(one, last)
        else:
            found = node_hash(found, sibling)
        one, last = one >> 1, last >> 1
    # (5)
    if last != 0:
        raise ProofError("consistency proof is too short")
    if found_old != old_root or found != root:
        raise ProofError(f"the log of {size} does not continue the log of {old}")


def _verify_trivial(
    old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]
) -> None:
    if proof:
        raise ProofError("consistency proof is too long")
    if old == 0 and old_root != EMPTY_ROOT:
        raise ProofError("the root of an empty log is not the hash of nothing")
    if old == size and old_root != root:
        raise ProofError(f"two logs of {size} entries have different roots")


def _skip(one: int, last: int) -> tuple[int, int]:
    """Climb the levels on which the path is the right edge and has no sibling."""
    while one and not one & 1:
        one, last = one >> 1, last >> 1
    return one, last


def _split(length: int) -> int:
    """Largest power of two below `length`, which is at least 2."""
    return 1 << ((length - 1).bit_length() - 1)

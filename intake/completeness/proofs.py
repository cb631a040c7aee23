"""The tlog-proof of what a bundle holds, out of the log that the bundle carries: nobody is asked.

A case keeps the hashes of all entries of the last log that it found whole, and makes a proof when one
is asked for. An item that was logged before is in every later log too.
"""

from typing import Final, Self

from intake.bundle import Bundle
from intake.completeness.known import Checked
from intake.errors import ProofError
from intake.opening import Opening
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.entries import Blinded
from intake.tlog.merkle import HASH_SIZE, Edge, leaf_hash, parents, prove_inclusion
from intake.tlog.proof import LogProof

_BATCH: Final = 4096


class LogProofs:
    """Every entry's hash of a log that was checked, and its checkpoint: all that proofs are made of.

    It takes 64 bytes for each entry of the log. `leaves` are the hashes of all entries in order, 32
    bytes each; `signed` is the checkpoint of just these, None for a log without one.
    """

    def __init__(self, leaves: bytes, signed: SignedCheckpoint | None) -> None:
        """Raises `ProofError` where the hashes are not those of the checkpoint's log."""
        self.leaves = leaves
        self._signed = signed
        self._levels = [leaves]
        while len(self._levels[-1]) > HASH_SIZE:
            self._levels.append(_above(self._levels[-1]))
        if signed is not None and fold_of(self._levels) != (
            signed.checkpoint.size,
            signed.checkpoint.root,
        ):
            raise ProofError("the log's hashes are not those of its checkpoint")

    @classmethod
    def of(cls, bundle: Bundle, checked: Checked) -> Self:
        """Read all entries of a bundle once; for another bundle than the checked one `ValueError`."""
        if checked.contents is not bundle.contents:
            raise ValueError("another bundle was checked")
        return cls(b"".join(map(leaf_hash, bundle.entries())), checked.signed)

    def proof_of(self, opening: Opening) -> bytes:
        """The tlog-proof of an opening's entry, without the opening; raises `ProofError`.

        What is not in this log yet has none: its week must be over first.
        """
        place = self._place_of(leaf_hash(Blinded(opening.commit).to_bytes()))
        if place is None or self._signed is None:
            raise ProofError(
                "it is not in the log of the last bundle",
                "its week must be over: import what is collected after `intake epoch` and `cosign`",
            )
        return self._proof(place, self._signed).to_bytes()

    def _place_of(self, leaf: bytes) -> int | None:
        at = self.leaves.find(leaf)
        while at > 0 and at % HASH_SIZE:
            at = self.leaves.find(leaf, at + 1)
        return None if at < 0 else at // HASH_SIZE

    def _proof(self, place: int, signed: SignedCheckpoint) -> LogProof:
        path = prove_inclusion(place, signed.checkpoint.size, self._hash_at)
        return LogProof(place, path, signed)

    def _hash_at(self, level: int, index: int) -> bytes:
        return self._levels[level][index * HASH_SIZE : (index + 1) * HASH_SIZE]


def fold_of(levels: list[bytes]) -> tuple[int, bytes]:
    """Size and root of the tree whose complete subtrees' hashes these are, level by level."""
    size = len(levels[0]) // HASH_SIZE
    hashes, start = list[bytes](), 0
    for level in reversed(range(len(levels))):
        if size >> level & 1:
            at = (start >> level) * HASH_SIZE
            hashes.append(levels[level][at : at + HASH_SIZE])
            start += 1 << level
    return size, Edge(size, tuple(hashes)).root


def _above(row: bytes) -> bytes:
    """The hashes of the complete subtrees one level higher."""
    above = bytearray()
    for start in range(0, len(row) - HASH_SIZE, 2 * _BATCH * HASH_SIZE):
        block = row[start : start + 2 * _BATCH * HASH_SIZE]
        hashes = [block[at : at + HASH_SIZE] for at in range(0, len(block), HASH_SIZE)]
        above += b"".join(parents(hashes))
    return bytes(above)

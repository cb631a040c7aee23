"""C2SP tlog-proof: evidence, checked without a network, that an entry is in a witnessed log."""

from dataclasses import dataclass
from typing import Final, Self

from intake.canonical import b64, unb64
from intake.errors import MalformedError
from intake.tlog.checkpoint import SignedCheckpoint, parse_decimal
from intake.tlog.merkle import (
    HASH_SIZE,
    PROOF_LIMIT,
    check_hashes,
    leaf_hash,
    verify_inclusion,
)
from intake.tlog.note import NOTE_LIMIT, decode_base64
from intake.tlog.policy import Endorsed, Policy

_TITLE: Final = "c2sp.org/tlog-proof@v1"
_LIMIT: Final = 2 * NOTE_LIMIT  # bytes


@dataclass(frozen=True)
class LogProof:
    """An entry's index, its inclusion path (at most 63 hashes), and the checkpoint it leads to.

    `extra` is opaque and not authenticated: a receipt's opening stands there; empty where absent.
    """

    index: int
    path: tuple[bytes, ...]
    signed: SignedCheckpoint
    extra: bytes = b""

    def __post_init__(self) -> None:
        check_hashes(self.path)
        if len(self.path) > PROOF_LIMIT:
            raise MalformedError(f"proof has more than {PROOF_LIMIT} hashes")
        if not 0 <= self.index < self.signed.checkpoint.size:
            raise MalformedError("proof is of an entry outside its log")
        if len(self.extra) > NOTE_LIMIT // 2:
            raise MalformedError("proof has too much extra data")

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a proof; raises `MalformedError`."""
        if len(data) > _LIMIT:
            raise MalformedError("proof is too long")
        head, blank, note = data.partition(b"\n\n")
        if not blank:
            raise MalformedError("proof has no checkpoint")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise MalformedError("proof is not ASCII text") from None
        extra = b""
        if len(lines) > 1 and lines[1].startswith("extra "):
            extra = decode_base64(lines.pop(1).removeprefix("extra "), "extra data")
        if len(lines) < 2 or lines[0] != _TITLE or not lines[1].startswith("index "):
            raise MalformedError("not a proof of inclusion in a log")
        index = parse_decimal(lines[1].removeprefix("index "))
        path = tuple(unb64(line, HASH_SIZE) for line in lines[2:])
        proof = cls(index, path, SignedCheckpoint.parse(note), extra)
        if proof.to_bytes() != data:  # an empty `extra` line
            raise MalformedError("proof is not in its one canonical form")
        return proof

    def to_bytes(self) -> bytes:
        """Write the proof; the exact inverse of `parse`."""
        extra = [f"extra {b64(self.extra)}"] if self.extra else []
        lines = [_TITLE, *extra, f"index {self.index}", *map(b64, self.path)]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.signed.to_bytes()

    def verify(self, entry: bytes, policy: Policy) -> Endorsed:
        """Raise `ProofError` unless `entry` is in a log that the policy believes.

        1. the checkpoint is signed and cosigned as the policy asks
        2. the entry stands at the proof's index in that checkpoint's tree

        The caller still checks what `entry` says: `extra` is only a hint of how to make it.
        """
        # (1)
        endorsed = policy.endorsed(self.signed)
        # (2)
        checkpoint = self.signed.checkpoint
        verify_inclusion(self.index, checkpoint.size, leaf_hash(entry), self.path, checkpoint.root)
        return endorsed

"""C2SP tlog-cosignature: a witness's statement that a checkpoint continues what it saw before.

Its time is when the witness signed, in whole seconds: it says when logs close, never who wrote.
"""

from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from intake.errors import MalformedError, ProofError
from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint
from intake.tlog.note import SEED_LENGTH, Algorithm, Signature, VerifierKey, check_name

TIME_LIMIT: Final = 2**63  # seconds since 1970
_TIME_LENGTH: Final = 8
_SIGNATURE_LENGTH: Final = {
    Algorithm.COSIGNATURE_ED25519: 64,
    Algorithm.COSIGNATURE_ML_DSA_44: 2420,
}


@dataclass(frozen=True)
class Cosigner:
    """A witness's private key: a name, a cosignature algorithm and a 32-byte seed.

    One seed serves one witness only: an Ed25519 cosignature does not say whose name it bears.
    """

    name: str
    algorithm: Algorithm
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_name(self.name)
        if self.algorithm not in _SIGNATURE_LENGTH or len(self.seed) != SEED_LENGTH:
            raise ValueError("a cosigner has a cosignature algorithm and a seed of 32 bytes")
        _check_witness_name(self.name)

    @property
    def vkey(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self.algorithm, self._key().public_key().public_bytes_raw())

    def cosign(self, checkpoint: Checkpoint, time: int) -> Signature:
        """Sign a checkpoint that was found to continue the last one, at `time` (POSIX seconds)."""
        if not 0 <= time < TIME_LIMIT:
            raise ValueError("a cosignature's time is below 2^63")
        signature = self._key().sign(_message(self.vkey, checkpoint, time))
        return Signature(
            self.name, self.vkey.key_hash, time.to_bytes(_TIME_LENGTH, "big") + signature
        )

    def _key(self) -> Ed25519PrivateKey | MLDSA44PrivateKey:
        if self.algorithm is Algorithm.COSIGNATURE_ED25519:
            return Ed25519PrivateKey.from_private_bytes(self.seed)
        return MLDSA44PrivateKey.from_seed_bytes(self.seed)


def cosigned_at(signed: SignedCheckpoint, vkey: VerifierKey) -> int | None:
    """POSIX seconds of this witness's newest cosignature; None if it has no line here.

    A line that bears the witness's name and key hash and does not verify is a `ProofError`. A key
    that signs texts is the caller's mistake and raises `ValueError`.
    """
    if vkey.algorithm.signs_text:
        raise ValueError("a key that signs texts does not cosign")
    checkpoint = signed.checkpoint
    times = [_check(vkey, checkpoint, line.signature) for line in signed.note.lines_of(vkey)]
    return max(times, default=None)


def signed_by_log(signed: SignedCheckpoint, vkey: VerifierKey) -> bool:
    """Say whether this key of a log signed the checkpoint: False if it has no line here.

    A log may sign the text or, with ML-DSA-44, cosign as witnesses do. A line that bears the key's
    name and hash and does not verify is a `ProofError`.
    """
    if vkey.algorithm.signs_text:
        return signed.note.signed_by(vkey)
    return cosigned_at(signed, vkey) is not None


def _check(vkey: VerifierKey, checkpoint: Checkpoint, timestamped: bytes) -> int:
    """Give the time of a `timestamped_signature` that holds."""
    time = int.from_bytes(timestamped[:_TIME_LENGTH], "big")
    signature = timestamped[_TIME_LENGTH:]
    if len(signature) != _SIGNATURE_LENGTH[vkey.algorithm] or time >= TIME_LIMIT:
        raise ProofError(f"cosignature of {vkey.name!r} is not one")
    message = _message(vkey, checkpoint, time)
    try:
        if vkey.algorithm is Algorithm.COSIGNATURE_ED25519:
            Ed25519PublicKey.from_public_bytes(vkey.key).verify(signature, message)
        else:
            MLDSA44PublicKey.from_public_bytes(vkey.key).verify(signature, message)
    except InvalidSignature:
        raise ProofError(f"cosignature of {vkey.name!r} does not hold") from None
    return time


def _message(vkey: VerifierKey, checkpoint: Checkpoint, time: int) -> bytes:
    if vkey.algorithm is Algorithm.COSIGNATURE_ED25519:
        return b"cosignature/v1\ntime %d\n" % time + checkpoint.to_bytes()
    # struct cosigned_message; a checkpoint is the subtree that starts at 0.
    return b"".join(
        (
            b"subtree/v1\n\x00",
            _prefixed(_check_witness_name(vkey.name)),
            time.to_bytes(8, "big"),
            _prefixed(checkpoint.origin.encode()),
            bytes(8),
            checkpoint.size.to_bytes(8, "big"),
            checkpoint.root,
        )
    )


def _check_witness_name(name: str) -> bytes:
    raw = name.encode()
    if len(raw) > 255:
        raise MalformedError("name of a witness is longer than 255 bytes")
    return raw


def _prefixed(raw: bytes) -> bytes:
    return bytes([len(raw)]) + raw

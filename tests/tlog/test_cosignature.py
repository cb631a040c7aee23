"""What a person may rely on when a witness cosigned (c2sp.org/tlog-cosignature)."""

import hashlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from intake.errors import MalformedError, ProofError
from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint
from intake.tlog.cosignature import Cosigner, cosigned_at, signed_by_log
from intake.tlog.note import Algorithm, Note, Signature, VerifierKey
from tests.tlog.logs import LOG, LOG_ML_DSA, TIME, WITNESSES, checkpoint_of, signed
from tests.tlog.trees import entries

CHECKPOINT = checkpoint_of(entries(7))
KINDS = pytest.mark.parametrize(
    "witness", [WITNESSES[0], WITNESSES[2]], ids=["Ed25519", "ML-DSA-44"]
)


def with_line(checkpoint: Checkpoint, *signatures: object) -> SignedCheckpoint:
    """A note of this checkpoint with these lines."""
    return SignedCheckpoint(Note(checkpoint.to_bytes(), signatures))  # type: ignore[arg-type]


def test_the_bytes_signed_are_those_of_the_specification() -> None:
    """Written here once more from its text, and verified with the bare algorithms."""
    origin = CHECKPOINT.origin.encode()
    line = WITNESSES[0].cosign(CHECKPOINT, 1679315147)
    assert line.signature[:8] == (1679315147).to_bytes(8, "big")
    message = b"cosignature/v1\ntime 1679315147\n" + CHECKPOINT.to_bytes()
    Ed25519PublicKey.from_public_bytes(WITNESSES[0].vkey.key).verify(line.signature[8:], message)

    line = WITNESSES[2].cosign(CHECKPOINT, 1679315147)
    message = (
        b"subtree/v1\n\0"
        + bytes([12])
        + b"three.test/w"
        + (1679315147).to_bytes(8, "big")
        + bytes([len(origin)])
        + origin
        + bytes(8)
        + (7).to_bytes(8, "big")
        + CHECKPOINT.root
    )
    MLDSA44PublicKey.from_public_bytes(WITNESSES[2].vkey.key).verify(line.signature[8:], message)


@pytest.mark.parametrize(("number", "tag"), [(0, b"\x04"), (2, b"\x06")])
def test_key_hashes_are_those_of_the_specification(number: int, tag: bytes) -> None:
    """SHA-256 of name, LF, type and key, four bytes."""
    vkey = WITNESSES[number].vkey
    tagged = vkey.name.encode() + b"\n" + tag + vkey.key
    assert vkey.key_hash == hashlib.sha256(tagged).digest()[:4]
    assert VerifierKey.parse(str(vkey)) == vkey


@KINDS
def test_a_cosignature_holds_for_its_checkpoint_time_and_name_only(witness: Cosigner) -> None:
    """Whoever changes size, root, origin, time or signature is found out."""
    line = witness.cosign(CHECKPOINT, TIME)
    assert cosigned_at(with_line(CHECKPOINT, line), witness.vkey) == TIME
    for other in (
        replace(CHECKPOINT, size=8),
        replace(CHECKPOINT, root=bytes(32)),
        replace(CHECKPOINT, origin="another.test"),
    ):
        with pytest.raises(ProofError, match=r"test/w"):
            cosigned_at(with_line(other, line), witness.vkey)
    later = (TIME + 1).to_bytes(8, "big") + line.signature[8:]
    for wrong in (
        later,
        line.signature[:-1],
        line.signature + b"x",
        b"x",
        b"\x80" + line.signature[1:],
    ):
        with pytest.raises(ProofError):
            cosigned_at(with_line(CHECKPOINT, replace(line, signature=wrong)), witness.vkey)


def test_an_ml_dsa_cosignature_says_whose_it_is() -> None:
    """The same key under another name does not verify; an Ed25519 one cannot tell."""
    witness = WITNESSES[2]
    other = replace(witness, name="other.test/w")
    line = replace(witness.cosign(CHECKPOINT, TIME), name=other.name, key_hash=other.vkey.key_hash)
    with pytest.raises(ProofError):
        cosigned_at(with_line(CHECKPOINT, line), other.vkey)


@KINDS
def test_a_witness_without_a_line_did_not_cosign(witness: Cosigner) -> None:
    """Neither did one whose name alone, or whose key hash alone, stands there."""
    line = witness.cosign(CHECKPOINT, TIME)
    for lines in (
        (),
        (replace(line, name="other.test"),),
        (replace(line, key_hash=b"\0\0\0\0"),),
    ):
        assert cosigned_at(with_line(CHECKPOINT, *lines), witness.vkey) is None


def test_the_newest_of_two_cosignatures_counts_and_both_must_hold() -> None:
    """A witness that signed again is as fresh as its last line."""
    witness = WITNESSES[0]
    lines = [witness.cosign(CHECKPOINT, time) for time in (TIME + 60, TIME)]
    assert cosigned_at(with_line(CHECKPOINT, *lines), witness.vkey) == TIME + 60
    broken = replace(lines[1], signature=lines[0].signature[:8] + lines[1].signature[8:])
    with pytest.raises(ProofError):
        cosigned_at(with_line(CHECKPOINT, lines[0], broken), witness.vkey)


def test_times_are_below_2_to_63() -> None:
    """The specification's limits, on both sides, also where the signature itself is good."""
    witness = WITNESSES[0]
    for time in (0, 2**63 - 1):
        assert (
            cosigned_at(with_line(CHECKPOINT, witness.cosign(CHECKPOINT, time)), witness.vkey)
            == time
        )
    for time in (-1, 2**63):
        with pytest.raises(ValueError, match="2\\^63"):
            witness.cosign(CHECKPOINT, time)
    late = b"cosignature/v1\ntime %d\n" % (2**63) + CHECKPOINT.to_bytes()
    signature = Ed25519PrivateKey.from_private_bytes(witness.seed).sign(late)
    line = Signature(witness.name, witness.vkey.key_hash, (2**63).to_bytes(8, "big") + signature)
    with pytest.raises(ProofError, match="is not one"):
        cosigned_at(with_line(CHECKPOINT, line), witness.vkey)


def test_a_log_may_sign_with_either_algorithm_or_cosign() -> None:
    """All that tlog-checkpoint allows a log, and its key only."""
    cosigning = Cosigner(CHECKPOINT.origin, Algorithm.COSIGNATURE_ML_DSA_44, bytes(32))
    note = signed(CHECKPOINT, (cosigning,))
    assert signed_by_log(note, LOG.vkey)
    assert signed_by_log(note, cosigning.vkey)
    assert not signed_by_log(note, LOG_ML_DSA.vkey)
    assert signed_by_log(signed(CHECKPOINT, (), LOG_ML_DSA), LOG_ML_DSA.vkey)


def test_keys_are_not_used_for_what_they_are_not() -> None:
    """A key for texts does not cosign; a name that its signature cannot hold is none."""
    with pytest.raises(ValueError, match="does not cosign"):
        cosigned_at(signed(CHECKPOINT), LOG.vkey)
    for algorithm, seed in ((Algorithm.ED25519, bytes(32)), (WITNESSES[0].algorithm, bytes(31))):
        with pytest.raises(ValueError, match="32 bytes"):
            Cosigner("w.test", algorithm, seed)
    with pytest.raises(MalformedError):
        Cosigner("w" * 256, WITNESSES[0].algorithm, bytes(32))
    assert "seed" not in repr(WITNESSES[0])

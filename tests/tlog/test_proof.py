"""What a person may rely on in a receipt (c2sp.org/tlog-proof)."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.errors import IntakeError, MalformedError, ProofError
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.merkle import prove_inclusion
from intake.tlog.note import Note
from intake.tlog.proof import LogProof
from tests.tlog.logs import LOG, POLICY, WITNESSES, checkpoint_of, signed
from tests.tlog.trees import entries, mth, reader

LEAVES = entries(21)
SIGNED = signed(checkpoint_of(LEAVES), WITNESSES[:2])


def proof_of(index: int, extra: bytes = b"") -> LogProof:
    """The proof of one of 21 entries."""
    return LogProof(index, prove_inclusion(index, 21, reader(LEAVES)), SIGNED, extra)


def test_a_proof_is_written_as_the_specification_shows() -> None:
    """Title, extra, index, hashes, an empty line, the checkpoint as it is."""
    proof = proof_of(20, b"age-v1.2.1")
    lines = proof.to_bytes().decode().split("\n")
    assert lines[:3] == [
        "c2sp.org/tlog-proof@v1",
        "extra " + base64.b64encode(b"age-v1.2.1").decode(),
        "index 20",
    ]
    # The last leaf's siblings: the first four, then the first sixteen of twenty-one.
    assert lines[3:6] == [
        base64.b64encode(mth(LEAVES[16:20])).decode(),
        base64.b64encode(mth(LEAVES[:16])).decode(),
        "",
    ]
    assert "\n".join(lines[6:]).encode() == SIGNED.to_bytes()
    assert b"extra" not in proof_of(20).to_bytes()


@settings(deadline=None)
@given(st.integers(0, 20), st.binary(max_size=500))
def test_any_proof_reads_back_and_holds_for_its_entry_alone(index: int, extra: bytes) -> None:
    """Offline, with nothing but the policy."""
    proof = LogProof.parse(proof_of(index, extra).to_bytes())
    assert proof == proof_of(index, extra)
    assert [name for name, _ in proof.verify(LEAVES[index], POLICY).witnesses] == ["w1", "w2"]
    with pytest.raises(ProofError):
        proof.verify(LEAVES[index - 1], POLICY)


def test_a_log_of_one_entry_is_proved_without_hashes() -> None:
    """The path is empty, and the empty line stands all the same."""
    proof = LogProof(0, (), signed(checkpoint_of(LEAVES[:1])))
    assert LogProof.parse(proof.to_bytes()) == proof
    proof.verify(LEAVES[0], POLICY)


def test_a_proof_without_the_quorum_is_refused() -> None:
    """A log alone cannot make a receipt that is believed."""
    alone = replace(proof_of(3), signed=signed(checkpoint_of(LEAVES), WITNESSES[:1]))
    with pytest.raises(ProofError, match="quorum"):
        alone.verify(LEAVES[3], POLICY)
    with pytest.raises(ProofError, match="not in the signed log"):
        replace(proof_of(3), signed=signed(checkpoint_of([*LEAVES[:20], b"x"]))).verify(
            LEAVES[3], POLICY
        )


TEXT = proof_of(20, b"extra data").to_bytes()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        TEXT[:-1],
        TEXT + b"\n",
        b"\n" + TEXT,
        TEXT.replace(b"@v1", b"@v2"),
        TEXT.replace(b"extra ", b"extra  "),
        TEXT.replace(b"extra ZXh0cmEgZGF0YQ==\n", b"extra \n"),
        TEXT.replace(b"extra ZXh0cmEgZGF0YQ==\n", b"extra\n"),
        TEXT.replace(b"ZGF0YQ==", b"ZGF0YR=="),
        TEXT.replace(b"index 20", b"index 020"),
        TEXT.replace(b"index 20", b"index 21"),
        TEXT.replace(b"index 20", b"index -1"),
        TEXT.replace(b"index 20\n", b""),
        TEXT.replace(b"index 20\n", b"index 20\nindex 20\n"),
        TEXT.replace(b"index 20\n", b"index 20\nAAAA\n"),
        TEXT.replace(b"index 20\n", b"index 20\n\n"),
        TEXT.replace(b"extra ZXh0cmEgZGF0YQ==\nindex 20\n", b"index 20\nextra ZXh0cmEgZGF0YQ==\n"),
        TEXT.replace(b"\n", b"\r\n"),
        TEXT.replace(b"c2sp", "с2sp".encode()),
        TEXT.replace(b"index 20\n", b"index 20\n" + (b"A" * 43 + b"=\n") * 62),
        TEXT.partition(b"\n\n")[0] + b"\n\n" + LOG.vkey.name.encode(),
    ],
)
def test_a_proof_has_one_spelling(data: bytes) -> None:
    """Each line in its place, each number and hash in one form, at most 63 hashes."""
    with pytest.raises(MalformedError):
        LogProof.parse(data)


def test_a_proof_that_exists_is_a_valid_one() -> None:
    """No index outside its log, no hash of another length, no more of anything than is read."""
    path = proof_of(3).path
    for index, hashes, extra in (
        (-1, path, b""),
        (21, path, b""),
        (3, (*path, bytes(31)), b""),
        (3, (bytes(32),) * 64, b""),
        (3, path, bytes(500_001)),
    ):
        with pytest.raises(MalformedError):
            LogProof(index, hashes, SIGNED, extra)
    longest = LogProof(3, (bytes(32),) * 63, SIGNED, bytes(500_000))
    assert LogProof.parse(longest.to_bytes()) == longest
    with pytest.raises(MalformedError):
        LogProof.parse(bytes(2_000_001))
    empty = SignedCheckpoint(Note(checkpoint_of([]).to_bytes(), SIGNED.note.signatures))
    with pytest.raises(MalformedError, match="outside"):
        LogProof(0, (), empty)


@settings(deadline=None)
@given(st.integers(0, len(TEXT) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_altered_bytes_prove_nothing_else(at: int, inserted: bytes, cut: int) -> None:
    """Read or refused, never another error than ours; and no other entry is ever proved."""
    altered = TEXT[:at] + inserted + TEXT[at + cut :]
    try:
        found = LogProof.parse(altered)
    except IntakeError:
        return
    assert found.to_bytes() == altered
    with pytest.raises(ProofError):
        found.verify(b"an entry that is not there", POLICY)

"""What a person may rely on when a witness is asked to cosign (c2sp.org/tlog-witness)."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.errors import IntakeError, MalformedError, ProofError
from intake.tlog.merkle import prove_consistency
from intake.tlog.note import SIGNATURE_LIMIT
from intake.tlog.witness import (
    AddCheckpoint,
    KnownLog,
    Verdict,
    decide,
    parse_answer,
    with_cosignature,
    write_answer,
)
from tests.tlog.logs import LOG, LOG_ML_DSA, ORIGIN, POLICY, TIME, WITNESSES, checkpoint_of, signed
from tests.tlog.trees import entries, reader

LEAVES = entries(30)
FORK = [*LEAVES[:4], b"another", *LEAVES[5:]]


def asking(old: int, size: int, leaves: list[bytes] = LEAVES) -> AddCheckpoint:
    """What an honest log of these entries sends."""
    made = prove_consistency(old, size, reader(leaves[:size])) if old <= size else ()
    return AddCheckpoint(old, made, signed(checkpoint_of(leaves[:size]), ()))


def judged(request: AddCheckpoint | bytes, seen: int | None = None) -> Verdict:
    """The decision of a witness that cosigned the first `seen` entries last."""
    body = request if isinstance(request, bytes) else request.to_bytes()
    latest = None if seen is None else checkpoint_of(LEAVES[:seen])
    logs = {ORIGIN: KnownLog((LOG.vkey, LOG_ML_DSA.vkey), latest)}
    return decide(body, logs.get)


@pytest.mark.parametrize(
    ("seen", "size"), [(None, 0), (None, 1), (None, 30), (0, 7), (8, 9), (8, 16), (7, 30), (30, 30)]
)
def test_a_log_that_grows_is_cosigned(seen: int | None, size: int) -> None:
    """From nothing, by one, by many, or once more the same."""
    verdict = judged(asking(seen or 0, size), seen)
    assert verdict.status == 200
    assert verdict.accepted == checkpoint_of(LEAVES[:size])
    assert verdict.latest is None


def refused(status: int, request: AddCheckpoint | bytes, seen: int | None = None) -> Verdict:
    """The decision, which is this refusal: nothing is stored and nothing cosigned."""
    verdict = judged(request, seen)
    assert verdict.status == status, verdict.reason
    assert verdict.accepted is None
    assert (verdict.latest is not None) == (status == 409)
    return verdict


def test_400_is_for_what_is_no_request() -> None:
    """Bytes of another format, and an old size above the new one."""
    for body in (b"", b"old 0\n", b"old 0\n\nx\n\n", bytes(2_000_000), b"\xff\n\n"):
        refused(400, body)
    assert refused(400, bytes(1_004_097)).reason == "request is longer than 1004096 bytes"
    refused(400, asking(9, 8), 9)
    refused(400, asking(9, 8), 3)


def test_404_is_for_a_log_that_is_not_known() -> None:
    """Before its signature is looked at."""
    other = replace(checkpoint_of(LEAVES), origin="testimony-intake/test-bcdefghi")
    refused(404, AddCheckpoint(0, (), signed(other, (), replace(LOG, name=other.origin))))


def test_403_is_for_a_log_that_did_not_sign() -> None:
    """No line, a line of another key of that name, a line that does not hold."""
    honest = asking(0, 8)
    note = honest.signed.note
    by_witness = signed(honest.signed.checkpoint, WITNESSES[:1], log=None)
    by_other = signed(honest.signed.checkpoint, (), replace(LOG, seed=bytes(32)))
    forged = replace(note, signatures=(replace(note.signatures[0], signature=bytes(64)),))
    for wrong in (by_witness, by_other, replace(honest.signed, note=forged)):
        refused(403, replace(honest, signed=wrong))
    assert judged(replace(honest, signed=signed(honest.signed.checkpoint, (), LOG_ML_DSA))).accepted


def test_409_tells_the_size_seen_last() -> None:
    """So that a log which lost its place can ask again; a rollback is told the same."""
    assert refused(409, asking(0, 8), 5).latest == 5
    assert refused(409, asking(4, 8), 5).latest == 5
    assert refused(409, asking(6, 8), 5).latest == 5
    assert refused(409, asking(3, 8)).latest == 0
    assert refused(409, asking(3, 3), 5).latest == 5


def test_409_is_also_for_two_trees_of_one_size() -> None:
    """The log forked: this witness saw another tree of this size."""
    assert refused(409, asking(8, 8, FORK), 8).latest == 8


def test_422_is_for_a_log_that_does_not_continue() -> None:
    """A fork, an invented proof, a proof where none belongs."""
    refused(422, asking(8, 16, FORK), 8)
    refused(422, replace(asking(8, 16), proof=()), 8)
    honest = asking(7, 16)
    refused(422, replace(honest, proof=(*honest.proof, bytes(32))), 7)
    refused(422, replace(asking(0, 16), proof=(bytes(32),)))
    refused(422, replace(asking(16, 16), proof=(bytes(32),)), 16)


def test_a_witness_never_goes_back() -> None:
    """Whatever was accepted is what the next request must continue."""
    latest = None
    for old, size, leaves, status in (
        (0, 5, LEAVES, 200),
        (0, 4, LEAVES, 409),
        (5, 9, FORK, 422),
        (5, 9, LEAVES, 200),
        (5, 9, LEAVES, 409),
        (9, 9, FORK, 409),
        (9, 30, LEAVES, 200),
    ):
        known = KnownLog((LOG.vkey,), latest)
        verdict = decide(asking(old, size, leaves).to_bytes(), {ORIGIN: known}.get)
        assert verdict.status == status
        latest = verdict.accepted or latest
    assert latest == checkpoint_of(LEAVES)


GOOD = asking(7, 16).to_bytes()


def test_a_request_is_written_as_the_specification_shows() -> None:
    """Old size, hashes, an empty line, the checkpoint as it is."""
    request = AddCheckpoint.parse(GOOD)
    assert request == asking(7, 16)
    lines = GOOD.decode().split("\n")
    assert lines[0] == "old 7"
    assert lines[len(request.proof) + 1] == ""
    assert "\n".join(lines[len(request.proof) + 2 :]).encode() == request.signed.to_bytes()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"old 7\n", b"old 07\n"),
        (b"old 7\n", b"old  7\n"),
        (b"old 7\n", b"old 7 \n"),
        (b"old 7\n", b"old 9223372036854775808\n"),
        (b"old 7\n", b"old 7\n\n"),
        (b"old 7\n", b"Old 7\n"),
        (b"old 7\n", b"7\n"),
        (b"old 7\n", b""),
        (b"old 7\n", b"old 7\n" + (b"A" * 43 + b"=\n") * 60),
        (b"=\n", b"\n"),
        (b"\n\n", b"\n"),
        (b"\n16\n", b"\n016\n"),
    ],
)
def test_a_request_has_one_spelling(old: bytes, new: bytes) -> None:
    """Each number and hash in one form, at most 63 hashes."""
    with pytest.raises(MalformedError):
        AddCheckpoint.parse(GOOD.replace(old, new, 1))


def test_a_request_that_exists_is_a_valid_one() -> None:
    """63 hashes are good and 64 are not; sizes are below 2^63."""
    longest = replace(asking(7, 16), proof=(bytes(32),) * 63, old=2**63 - 1)
    assert AddCheckpoint.parse(longest.to_bytes()) == longest
    for old, made in ((7, (bytes(32),) * 64), (7, (bytes(31),)), (-1, ()), (2**63, ())):
        with pytest.raises(MalformedError):
            AddCheckpoint(old, made, longest.signed)


@settings(deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_altered_bytes_are_decided_and_nothing_else_is_accepted(
    at: int, inserted: bytes, cut: int
) -> None:
    """A decision each time, never an error; only the honest checkpoint is ever accepted."""
    altered = GOOD[:at] + inserted + GOOD[at + cut :]
    verdict = judged(altered, 7)
    assert verdict.accepted in (None, checkpoint_of(LEAVES[:16]))
    try:
        request = AddCheckpoint.parse(altered)
    except IntakeError:
        assert verdict.status == 400
        return
    assert request.to_bytes() == altered


CHECKPOINT = checkpoint_of(LEAVES)
LINES = tuple(witness.cosign(CHECKPOINT, TIME) for witness in WITNESSES)


def test_answers_of_two_witnesses_make_a_checkpoint_that_is_believed() -> None:
    """Each adds its own line; a witness that answers again takes the place of its older line."""
    found = signed(CHECKPOINT, ())
    for number in (0, 2):
        vkey = WITNESSES[number].vkey
        found = with_cosignature(found, write_answer(LINES[number : number + 1]), vkey)
    assert POLICY.endorsed(found).witnesses == (("w1", TIME), ("w3", TIME))
    again = WITNESSES[0].cosign(CHECKPOINT, TIME + 5)
    newer = with_cosignature(found, write_answer([again]), WITNESSES[0].vkey)
    assert newer.note.signatures == (found.note.signatures[0], LINES[2], again)
    assert POLICY.endorsed(newer).newest(TIME) == TIME + 5


def test_a_witness_has_one_line_its_newest_whatever_it_answers() -> None:
    """100 lines that hold leave room for those of others; the order they come in is nothing."""
    for number in (0, 2):
        many = [WITNESSES[number].cosign(CHECKPOINT, TIME + at % 60) for at in range(20, 100)]
        vkey = WITNESSES[number].vkey
        found = with_cosignature(signed(CHECKPOINT, ()), write_answer(many), vkey)
        newest = WITNESSES[number].cosign(CHECKPOINT, TIME + 59)
        (line,) = found.note.signatures[1:]
        assert line.signature[:8] == newest.signature[:8]


def test_a_cosignature_later_than_it_may_be_is_refused() -> None:
    """Also where lines of good times stand beside it: that witness's clock is not to be believed."""
    witness = WITNESSES[0]
    for times in ([TIME + 11], [TIME, TIME + 11], [2**63 - 1, TIME]):
        answer = write_answer([witness.cosign(CHECKPOINT, time) for time in times])
        with pytest.raises(ProofError, match="time yet to come"):
            with_cosignature(signed(CHECKPOINT, ()), answer, witness.vkey, latest=TIME + 10)
    answer = write_answer([witness.cosign(CHECKPOINT, TIME + 10)])
    assert with_cosignature(signed(CHECKPOINT, ()), answer, witness.vkey, latest=TIME + 10)


def test_a_witness_cannot_put_other_lines_into_a_checkpoint() -> None:
    """Lines of keys that were not asked are dropped; without its own the answer is none."""
    found = with_cosignature(signed(CHECKPOINT, ()), write_answer(LINES), WITNESSES[1].vkey)
    assert found.note.signatures[1:] == (LINES[1],)
    for wrong in (
        [LINES[0]],
        [WITNESSES[1].cosign(checkpoint_of(FORK), TIME)],
        [LINES[1], replace(LINES[1], signature=bytes(72))],
    ):
        with pytest.raises(ProofError, match=r"two\.test/w"):
            with_cosignature(signed(CHECKPOINT, ()), write_answer(wrong), WITNESSES[1].vkey)


def test_an_answer_is_signature_lines_and_nothing_else() -> None:
    """1 to 100 of them, each ended."""
    assert parse_answer(write_answer(LINES)) == LINES
    most = LINES[:1] * SIGNATURE_LIMIT
    assert parse_answer(write_answer(most)) == most
    good = write_answer(LINES)
    for body in (
        b"",
        b"\n",
        good[:-1],
        good + b"x",
        good + b"\n",
        b"30\n",
        b"\xff\n",
        write_answer((*most, LINES[0])),
        b"x" * 1_000_001 + b"\n",
    ):
        with pytest.raises(MalformedError):
            parse_answer(body)


ANSWER = write_answer(LINES[:1])


@settings(deadline=None)
@given(st.integers(0, len(ANSWER) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_an_altered_answer_adds_the_true_line_or_none(at: int, inserted: bytes, cut: int) -> None:
    """Never another error than ours."""
    altered = ANSWER[:at] + inserted + ANSWER[at + cut :]
    try:
        found = with_cosignature(signed(CHECKPOINT, ()), altered, WITNESSES[0].vkey)
    except IntakeError:
        return
    assert set(found.note.signatures[1:]) == {LINES[0]}

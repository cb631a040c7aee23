"""What can be relied on of a checkpoint that is published: enough witnesses saw it go on."""

import os
import time
from dataclasses import replace

import pytest

from intake.errors import IntakeError, MalformedError, ProofError, StoreError
from intake.log.cosigning import Endpoint, Outcome, cosign
from intake.reaching import Address
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.note import Algorithm, Note, Signer
from intake.tlog.policy import Policy
from intake.tlog.witness import write_answer
from tests.log.witnesses import HonestWitness
from tests.log.worlds import FIRST, SIGNER, World


def names(outcome: Outcome) -> list[str]:
    return [name for name, _ in outcome.endorsed.witnesses]


def test_a_closed_week_is_cosigned_by_all_and_then_shown(
    world: World, three: list[HonestWitness], policy: Policy
) -> None:
    signed = world.close()
    assert world.folder.published() is None
    outcome = cosign(world.folder, policy)
    assert (names(outcome), outcome.refusals) == (["w0", "w1", "w2"], ())
    published = world.folder.published()
    assert published == outcome.signed
    assert published is not None
    assert published.checkpoint == signed.checkpoint
    assert policy.endorsed(published).log == SIGNER.vkey
    assert world.folder.staged() == signed  # what is handed over is not touched


def test_the_next_weeks_are_proved_to_go_on(
    world: World, three: list[HonestWitness], policy: Policy
) -> None:
    epoch = FIRST
    for _ in range(4):
        world.add(epoch)
        world.close(epoch)
        assert names(cosign(world.folder, policy)) == ["w0", "w1", "w2"]
        epoch = epoch.next
    assert [len(witness.asked) for witness in three] == [4, 4, 4]
    assert {witness.latest for witness in three} == {world.folder.staged().checkpoint}


def test_a_witness_that_was_away_is_given_the_proof_from_where_it_was(
    world: World, three: list[HonestWitness], policy: Policy
) -> None:
    world.close()
    three[2].lie = lambda _: (503, "text/plain", b"")
    seen = three[2].latest
    outcome = cosign(world.folder, policy)
    assert names(outcome) == ["w0", "w1"]
    assert outcome.refusals == ("w2: it answered 503",)
    three[2].lie, three[2].latest = None, seen
    world.close(FIRST.next)
    assert names(cosign(world.folder, policy)) == ["w0", "w1", "w2"]
    assert len(three[2].asked) == 3  # its size was asked for once


def test_without_a_quorum_the_old_checkpoint_stays(
    world: World, three: list[HonestWitness], policy: Policy
) -> None:
    world.close()
    cosign(world.folder, policy)
    before = world.folder.published()
    world.close(FIRST.next)
    for witness in three[1:]:
        witness.lie = lambda _: (500, "text/plain", b"")
    with pytest.raises(
        ProofError, match=r"quorum 'q' is not met.*the checkpoint before it"
    ) as found:
        cosign(world.folder, policy)
    assert found.value.hint == "w1: it answered 500; w2: it answered 500"
    assert world.folder.published() == before
    three[1].lie = None
    assert names(cosign(world.folder, policy)) == ["w0", "w1"]
    assert world.folder.published() != before


def test_what_is_published_keeps_its_witnesses_when_they_are_asked_again(
    world: World, three: list[HonestWitness], policy: Policy
) -> None:
    world.close()
    cosign(world.folder, policy)
    for witness in three:
        witness.lie = lambda _: (500, "text/plain", b"")
    assert names(cosign(world.folder, policy)) == ["w0", "w1", "w2"]


@pytest.mark.parametrize(
    ("lie", "phrase"),
    [
        (lambda given: (200, given[1], b"nonsense"), "answer of a witness"),
        (lambda given: (200, given[1], b""), "answer of a witness"),
        (lambda given: (302, given[1], given[2]), "it answered 302"),
        (lambda given: (404, given[1], b""), "it answered 404"),
        (lambda given: (409, "text/plain", b"3\n"), "it answered 409"),
        (lambda given: (409, "text/x.tlog.size", b"3"), "number and a newline"),
        (lambda given: (409, "text/x.tlog.size", b"\xff\n"), "number and a newline"),
        (lambda given: (409, "text/x.tlog.size", b"-3\n"), "decimal"),
        (lambda given: (409, "text/x.tlog.size", b"9999\n"), "seen 9999 entries"),
        (lambda given: (409, "text/x.tlog.size", b"3\n"), "it answered 409"),
        (lambda given: (200, given[1], b"x" * 1_100_000), "answer of a witness"),
    ],
    ids=[
        "words",
        "nothing",
        "redirect",
        "unknown",
        "bare 409",
        "no newline",
        "not ascii",
        "negative",
        "more",
        "wrong size",
        "too long",
    ],
)
def test_a_witness_that_answers_anything_else_does_not_count_and_stops_nobody(
    world: World, three: list[HonestWitness], policy: Policy, lie, phrase: str
) -> None:
    world.close()
    three[0].lie = lie
    outcome = cosign(world.folder, policy)
    assert names(outcome) == ["w1", "w2"]
    assert len(outcome.refusals) == 1
    assert phrase in outcome.refusals[0]
    assert outcome.refusals[0].startswith("w0: ")


def test_a_forged_cosignature_does_not_count(
    world: World, three: list[HonestWitness], policy: Policy
) -> None:
    signed = world.close()
    forged = three[1].key.cosign(signed.checkpoint, 1)
    line = replace(forged, name=three[0].key.name, key_hash=three[0].key.vkey.key_hash)
    three[0].lie = lambda _: (200, "text/plain", write_answer([line]))
    outcome = cosign(world.folder, policy)
    assert names(outcome) == ["w1", "w2"]
    assert "does not hold" in outcome.refusals[0]


def answering(witness: HonestWitness, *times: int) -> None:
    """Let a witness cosign as it should, at these times and none other."""

    def lie(given):
        if given[0] != 200:
            return given
        return (
            200,
            "text/plain",
            write_answer([witness.key.cosign(witness.latest, t) for t in times]),
        )

    witness.lie = lie


def test_a_witness_that_answers_many_lines_keeps_nobody_out(
    world: World, three: list[HonestWitness], policy: Policy
) -> None:
    """The first in the policy gives 99 that hold: its newest is taken, and the others' stand too."""
    world.close()
    answering(three[0], *range(1_700_000_098, 1_699_999_999, -1))
    outcome = cosign(world.folder, policy)
    assert (names(outcome), outcome.refusals) == (["w0", "w1", "w2"], ())
    assert len(outcome.signed.note.signatures) == 4
    assert dict(outcome.endorsed.witnesses)["w0"] == 1_700_000_098


def test_a_witness_whose_clock_is_days_ahead_does_not_count(
    world: World, three: list[HonestWitness], policy: Policy
) -> None:
    """Its line would keep an old log fresh; a clock that is wrong by hours is let be."""
    world.close()
    answering(three[0], 2**62)
    answering(three[1], int(time.time()) + 2 * 86_400)
    answering(three[2], int(time.time()) + 86_000)
    with pytest.raises(ProofError, match="not met") as found:
        cosign(world.folder, policy)
    assert found.value.hint is not None
    assert found.value.hint.count("time yet to come") == 2
    three[0].lie = None
    assert names(cosign(world.folder, policy)) == ["w0", "w2"]


def test_a_witness_that_is_not_there_does_not_count(
    world: World, three: list[HonestWitness], policy: Policy
) -> None:
    world.close()
    nobody = replace(policy.witnesses[0], url="http://127.0.0.1:1/w")
    silent = replace(policy.witnesses[1], url="")
    changed = replace(policy, witnesses=(nobody, silent, policy.witnesses[2]))
    with pytest.raises(ProofError) as found:
        cosign(world.folder, changed)
    assert found.value.hint == "w0: it was not reached"
    assert world.folder.published() is None


def test_witnesses_refuse_a_second_tree(
    world: World, three: list[HonestWitness], policy: Policy, tmp_path
) -> None:
    world.close()
    cosign(world.folder, policy)
    other = World.make(tmp_path / "other")
    other.close()
    other.close(FIRST.next)
    with pytest.raises(ProofError, match="not met"):
        cosign(other.folder, policy)
    assert other.folder.published() is None


def test_a_checkpoint_that_does_not_continue_the_published_one_is_not_shown(
    world: World, three: list[HonestWitness], policy: Policy, tmp_path
) -> None:
    """Even where forgetful witnesses cosign it: people hold the old one."""
    other = World.make(tmp_path / "other")
    other.close()
    cosign(other.folder, policy)
    stolen = (other.folder.path / "checkpoint").read_bytes()
    world.close()
    world.close(FIRST.next)
    (world.folder.path / "checkpoint").write_bytes(stolen)
    for witness in three:
        witness.latest = None
    with pytest.raises(IntakeError):
        cosign(world.folder, policy)
    assert (world.folder.path / "checkpoint").read_bytes() == stolen


def test_an_older_checkpoint_is_never_shown_again(
    world: World, three: list[HonestWitness], policy: Policy
) -> None:
    old = world.close()
    world.close(FIRST.next)
    cosign(world.folder, policy)
    shown = world.folder.published()
    world.folder.stage(old)
    for witness in three:
        witness.latest = None
    with pytest.raises(ProofError, match="older than the one"):
        cosign(world.folder, policy)
    assert world.folder.published() == shown


def test_nothing_staged_or_another_logs_checkpoint_is_said(world: World, policy: Policy) -> None:
    with pytest.raises(StoreError, match="no checkpoint to cosign"):
        cosign(world.folder, policy)
    signed = world.close()
    other = Signer(SIGNER.name, Algorithm.ED25519, os.urandom(32))
    note = Note(signed.note.text, (other.sign(signed.note.text),))
    world.folder.stage(SignedCheckpoint(note))
    with pytest.raises(ProofError, match="not signed by the log"):
        cosign(world.folder, policy)
    assert world.folder.published() is None


def test_a_missing_tile_stops_before_anybody_is_asked(
    world: World, three: list[HonestWitness], policy: Policy
) -> None:
    world.close()
    (world.folder.path / "tile" / "0" / "000.p" / "17").unlink()
    with pytest.raises(ProofError, match="is missing"):
        cosign(world.folder, policy)
    assert [witness.asked for witness in three] == [[], [], []]


def test_what_witnesses_are_sent_names_the_log_its_size_and_its_root_alone(
    world: World, three: list[HonestWitness], policy: Policy
) -> None:
    world.add()
    signed = world.close()
    cosign(world.folder, policy)
    assert three[0].asked == [b"old 0\n\n" + signed.to_bytes()]


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("https://example.org", Endpoint(Address("https", "example.org", 443), "")),
        ("https://example.org/", Endpoint(Address("https", "example.org", 443), "")),
        ("https://Example.org:443/", Endpoint(Address("https", "example.org", 443), "")),
        ("http://127.0.0.1:8001/w/x", Endpoint(Address("http", "127.0.0.1", 8001), "/w/x")),
        ("http://[::1]:8001", Endpoint(Address("http", "::1", 8001), "")),
        (f"http://{'a' * 63}.onion/w", Endpoint(Address("http", f"{'a' * 63}.onion", 80), "/w")),
    ],
)
def test_a_witness_has_an_address_of_http(url: str, endpoint: Endpoint) -> None:
    assert Endpoint.parse(url) == endpoint


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org",
        "example.org",
        "https://",
        "https://a:b@example.org",
        "https://example.org:99999",
        "https://example.org/?q",
        "https://example.org/a%20b",
        "https://example.org/a#b",
        "https://exa mple.org",
        "file:///etc/passwd",
        "https://witness..example.org",
        "https://.example.org",
        "https://example.org.",
        "https://-example.org",
        f"https://{'a' * 64}.org",
        f"https://{'a.' * 127}",
        "https://w\u0456tness.org",
        "https://exam\nple.org",
        "https://example.org:0",
        "http://[::1%25lo]",
        "http://[::g]",
        "http://[1::2::3]",
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(MalformedError):
        Endpoint.parse(url)

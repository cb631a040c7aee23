"""What can be relied on of the reviewers' word that they have what the server lets go."""

import contextlib
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.canonical import b64
from intake.collection import MOST_ENVELOPES, Collection, SignedCollection
from intake.errors import IntakeError, MalformedError, ProofError
from intake.tlog.note import Algorithm, Note, Signer
from tests.panel import DEPLOYMENT, Panel, make_panel, seed

ONE, TWO = bytes([1]) * 32, bytes([2]) * 32
MADE = Collection.of(DEPLOYMENT, 35, bytes(32), [TWO, ONE, ONE])


def signer(number: int, name: str = "") -> Signer:
    return Signer(name or f"r{number}", Algorithm.ED25519, seed(f"signer {number}"))


def test_its_text_is_that_of_the_format() -> None:
    assert MADE.to_bytes().decode() == (
        "testimony-intake/collection/v1\n"
        "deployment test-abcdefgh\n"
        f"checkpoint 35 {b64(bytes(32))}\n"
        f"envelope {b64(ONE)}\n"
        f"envelope {b64(TWO)}\n"
    )
    assert Collection.parse(MADE.to_bytes()) == MADE
    assert MADE.manifest == sha256(ONE + TWO).digest()


def test_two_reviewers_of_the_roster_make_it_count(panel: Panel) -> None:
    note = MADE.signed(signer(1), signer(3))
    opened = SignedCollection.open(note.to_bytes(), panel.roster)
    assert (opened.collection, opened.by) == (MADE, ("r1", "r3"))
    every = note.with_signature(signer(2).sign(note.text))
    assert SignedCollection.open(every.to_bytes(), panel.roster).by == ("r1", "r2", "r3")


@pytest.mark.parametrize(
    "signers",
    [
        (signer(1),),
        (signer(1), signer(1)),
        (signer(1), signer(9)),
        (signer(1), signer(9, "r2")),
        (signer(1), replace(signer(2), algorithm=Algorithm.ML_DSA_44)),
    ],
    ids=["one", "one twice", "a stranger", "a stranger under a name", "another key"],
)
def test_one_reviewer_is_not_enough_whoever_else_signs(
    panel: Panel, signers: tuple[Signer, ...]
) -> None:
    with pytest.raises(ProofError, match="1 of the reviewers signed the collection, and 2 must"):
        SignedCollection.open(MADE.signed(*signers).to_bytes(), panel.roster)


def test_a_forged_line_or_another_text_or_deployment_is_refused(panel: Panel) -> None:
    note = MADE.signed(signer(1), signer(2), signer(3))
    first, *others = note.signatures
    forged = Note(note.text, (replace(first, signature=bytes(64)), *others))
    with pytest.raises(ProofError, match="'r1' does not hold"):
        SignedCollection.open(forged.to_bytes(), panel.roster)
    other = Note(replace(MADE, size=36).to_bytes(), note.signatures)
    with pytest.raises(ProofError, match="does not hold"):
        SignedCollection.open(other.to_bytes(), panel.roster)
    elsewhere = make_panel(deployment="else-abcdefgh")
    with pytest.raises(ProofError, match="another deployment"):
        SignedCollection.open(note.to_bytes(), elsewhere.roster)


TEXT = MADE.to_bytes()
SPELLINGS = [
    b"",
    TEXT[:-1],
    TEXT + b"\n",
    TEXT.replace(b"/v1", b"/v2"),
    TEXT.replace(b"\n", b"\r\n"),
    TEXT.replace(b"deployment", b"deployments"),
    TEXT.replace(b"deployment ", b"deployment  "),
    TEXT.replace(b"test-", b"Test-"),
    TEXT.replace(b"checkpoint 35", b"checkpoint 035"),
    TEXT.replace(b"checkpoint 35", b"checkpoint +35"),
    TEXT.replace(b"checkpoint 35", b"checkpoint -1"),
    TEXT.replace(b"checkpoint 35", b"checkpoint " + b"9" * 5000),
    TEXT.replace(b"checkpoint 35 ", b"checkpoint "),
    TEXT.replace(b"AAA=", b"AAB="),
    TEXT.replace(b"AQE=", b"AQE"),
    TEXT.replace(b"envelope ", b"envelope\t"),
    b"".join([*TEXT.splitlines(keepends=True)[:3], *TEXT.splitlines(keepends=True)[:2:-1]]),
    TEXT + TEXT.splitlines(keepends=True)[-1],
    b"".join(TEXT.splitlines(keepends=True)[:3]),
    TEXT + b"more x\n",
    "testimony-intake/collection/v1\nü".encode(),
]


@pytest.mark.parametrize("data", SPELLINGS, ids=map(str, range(len(SPELLINGS))))
def test_any_other_spelling_is_refused(data: bytes) -> None:
    assert data != TEXT
    with pytest.raises(MalformedError):
        Collection.parse(data)


def test_it_names_something_and_not_more_than_a_note_holds() -> None:
    many = [number.to_bytes(32) for number in range(MOST_ENVELOPES + 1)]
    with pytest.raises(MalformedError):
        Collection.of(DEPLOYMENT, 1, bytes(32), many)
    with pytest.raises(MalformedError):
        Collection.of(DEPLOYMENT, 1, bytes(32), [])
    full = Collection.of(DEPLOYMENT, 1, bytes(32), many[1:])
    note = full.signed(*(signer(number) for number in range(32)))
    assert Collection.parse(Note.parse(note.to_bytes()).text) == full
    for values in ({"root": bytes(31)}, {"envelopes": (bytes(31),)}, {"size": -1}):
        with pytest.raises(MalformedError):
            replace(MADE, **values)


@given(st.binary(max_size=300))
def test_other_bytes_raise_nothing_but_our_errors(data: bytes) -> None:
    for given_bytes in (data, TEXT[:31] + data, TEXT + data):
        with contextlib.suppress(IntakeError):
            assert Collection.parse(given_bytes).to_bytes() == given_bytes

"""The list that an auditor gives reviewers, and their answer: one spelling, and who signed it."""

import os
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.author import withdraw_commit_of
from intake.canaries import CanaryAnswer, CanaryList, Mark, hash_of
from intake.canonical import b64
from intake.epoch import Epoch
from intake.errors import IntakeError, MalformedError, ProofError
from intake.tlog.note import Algorithm, Note, Signer
from tests.panel import make_panel, seed

WEEK = Epoch(2026, 47)
NAME = "test-abcdefgh"
ONE, TWO, THREE = (Mark(bytes([n]) * 32, bytes([n + 9]) * 32) for n in range(3))
LIST = CanaryList.of(NAME, WEEK, [TWO, ONE], [THREE])
SIGNER = Signer("r1", Algorithm.ED25519, seed("signer 1"))


def test_a_list_is_what_people_can_read() -> None:
    """Title, site, week, and each canary by what withdraws it and by the hash of its text."""
    assert LIST.to_bytes().decode() == (
        "testimony-intake/canaries/v1\n"
        "deployment test-abcdefgh\n"
        "epoch 2026-W47\n"
        f"withdraw {b64(ONE.preimage)} {b64(ONE.text)}\n"
        f"withdraw {b64(TWO.preimage)} {b64(TWO.text)}\n"
        f"unsure {b64(THREE.preimage)} {b64(THREE.text)}\n"
    )
    empty = CanaryList(NAME, WEEK, ())
    assert empty.to_bytes().endswith(b"\nepoch 2026-W47\nnone\n")
    assert CanaryList.parse(empty.to_bytes()) == empty


def test_a_canary_is_found_by_what_stands_in_its_opening() -> None:
    assert ONE.commit == withdraw_commit_of(ONE.preimage)


@given(st.lists(st.binary(min_size=64, max_size=64), max_size=6), st.integers(0, 6))
def test_a_list_reads_back(rows: list[bytes], cut: int) -> None:
    marks = list({row[:32]: Mark(row[:32], row[32:]) for row in rows}.values())
    made = CanaryList.of(NAME, WEEK, marks[:cut], marks[cut:])
    assert CanaryList.parse(made.to_bytes()) == made


def lines(change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    return b"".join(change(LIST.to_bytes().splitlines(keepends=True)))


SPELLINGS = {
    "out of order": lines(lambda rows: [*rows[:3], rows[4], rows[3], rows[5]]),
    "one twice": lines(lambda rows: [*rows[:4], rows[3], *rows[4:]]),
    "one in both": lines(lambda rows: [*rows, rows[3].replace(b"withdraw", b"unsure")]),
    "unsure first": lines(lambda rows: [*rows[:3], rows[5], *rows[3:5]]),
    "none and one": lines(lambda rows: [*rows, b"none\n"]),
    "nothing": lines(lambda rows: rows[:3]),
    "no end": lines(lambda rows: rows)[:-1],
    "another line": lines(lambda rows: [*rows, b"note x\n"]),
    "an empty line": lines(lambda rows: [*rows, b"\n"]),
    "no week": lines(lambda rows: [*rows[:2], *rows[3:]]),
    "another title": lines(lambda rows: [rows[0].replace(b"v1", b"v2"), *rows[1:]]),
    "two spaces": LIST.to_bytes().replace(b"withdraw ", b"withdraw  "),
    "CR LF": LIST.to_bytes().replace(b"\n", b"\r\n"),
    "no text": LIST.to_bytes().replace(f" {b64(ONE.text)}".encode(), b""),
    "not ASCII": LIST.to_bytes() + "ё\n".encode(),
    "empty": b"",
}


@pytest.mark.parametrize("data", SPELLINGS.values(), ids=SPELLINGS)
def test_no_other_spelling_is_a_list(data: bytes) -> None:
    with pytest.raises(MalformedError):
        CanaryList.parse(data)


def test_the_digits_are_of_every_part_of_a_list() -> None:
    """So two people who read out the same digits hold the same list."""
    others = [
        replace(LIST, deployment="test-abcdefgi"),
        replace(LIST, epoch=WEEK.next),
        replace(LIST, sent=(ONE,)),
        replace(LIST, unsure=()),
        replace(LIST, sent=(Mark(ONE.preimage, bytes(32)), TWO)),
        CanaryList.of(NAME, WEEK, [ONE, TWO, THREE], []),
    ]
    digits = {one.digits for one in (LIST, *others)}
    assert len(digits) == 7
    assert all(len(text.split()) == 6 and len(text) == 35 for text in digits)


def answer(found: frozenset[bytes] = frozenset({ONE.commit, THREE.commit})) -> CanaryAnswer:
    return CanaryAnswer.to(LIST, found, "r1")


def signed(made: CanaryAnswer, signer: Signer = SIGNER) -> Note:
    return Note(made.to_bytes(), (signer.sign(made.to_bytes()),))


def test_an_answer_names_what_came_and_what_must_have_come_and_did_not() -> None:
    """Of one of which nobody knew whether it arrived, absence says nothing; a stranger is no one."""
    made = answer(frozenset({ONE.commit, bytes(32)}))
    assert (made.found, made.missing) == ((ONE.commit,), (TWO.commit,))
    assert set(answer().found) == {ONE.commit, THREE.commit}
    assert made.list_hash == hash_of(LIST) == sha256(LIST.to_bytes()).digest()
    assert made.to_bytes().decode() == (
        "testimony-intake/canary-answer/v1\n"
        "deployment test-abcdefgh\n"
        "epoch 2026-W47\n"
        f"list {b64(hash_of(LIST))}\n"
        "by r1\n"
        "found 1\n"
        "missing 1\n"
        f"here {b64(ONE.commit)}\n"
        f"lost {b64(TWO.commit)}\n"
    )


@pytest.mark.parametrize("made", [answer(), answer(frozenset()), answer(frozenset([TWO.commit]))])
def test_an_answer_reads_back(made: CanaryAnswer) -> None:
    assert CanaryAnswer.parse(made.to_bytes()) == made


def test_no_other_spelling_is_an_answer() -> None:
    data = answer().to_bytes()
    rows = data.splitlines(keepends=True)
    for changed in (
        data.replace(b"found 2", b"found 1"),
        data.replace(b"found 2", b"found 02"),
        data.replace(b"missing 1", b"missing 0"),
        data.replace(b"here ", b"lost "),
        b"".join([*rows[:7], rows[8], rows[7], *rows[9:]]),
        b"".join(rows[:-1]),
        b"".join(rows[:5]),
        data + rows[-1],
        data[:-1],
        data.replace(b"r1", b"R1"),
        b"\xff" + data,
    ):
        assert changed != data
        with pytest.raises(MalformedError):
            CanaryAnswer.parse(changed)


def test_an_answer_is_believed_of_the_reviewer_who_signed_it() -> None:
    """Not of another reviewer, of a stranger, nor once a letter is changed."""
    signers = [reviewer.signer for reviewer in make_panel().roster.reviewers]
    assert CanaryAnswer.open(signed(answer()), signers) == answer()
    other = Signer("r2", Algorithm.ED25519, seed("signer 2"))
    stranger = Signer("r1", Algorithm.ED25519, os.urandom(32))
    every = tuple(sorted(answer().found + answer().missing))
    lie = replace(answer(), found=every, missing=())
    forged = Note(lie.to_bytes(), signed(answer()).signatures)
    for note in (signed(answer(), other), signed(answer(), stranger), forged):
        with pytest.raises(ProofError):
            CanaryAnswer.open(note, signers)
    with pytest.raises(ProofError):
        CanaryAnswer.open(signed(answer()), ())


@given(st.binary(max_size=300), st.sampled_from([b"", LIST.to_bytes(), answer().to_bytes()]))
def test_any_bytes_are_read_or_refused(tail: bytes, start: bytes) -> None:
    for data in (start + tail, tail + start, start[: len(tail)] + tail):
        for reader in (CanaryList.parse, CanaryAnswer.parse):
            try:
                assert reader(data).to_bytes() == data
            except IntakeError:
                continue

"""What can be relied on of the openings that stand for no submission."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.author import withdraw_commit_of
from intake.epoch import Epoch
from intake.errors import IntakeError, MalformedError
from intake.event import Collected, Void, Withdrawn, manifest_of, parse_event
from intake.opening import Opening

NOW = Epoch(2026, 47)
FIXED = Void(NOW, bytes(32), bytes([1]) * 32)


def test_the_bytes_of_a_void_opening_are_those_of_the_format() -> None:
    zeros, ones = "A" * 43 + "=", "AQEB" * 10 + "AQE="
    assert FIXED.to_bytes().decode() == (
        f"event void\nepoch 2026-W47\nsalt {zeros}\nsalt2 {ones}\n"
    )
    assert Void.parse(FIXED.to_bytes()) == FIXED
    assert parse_event(FIXED.to_bytes()) == FIXED


def test_its_commitment_is_that_of_protocol_5_1_and_covers_every_line() -> None:
    inner = sha256(FIXED.private).digest()
    data = b"testimony-intake/leaf/v1\x00" + FIXED.public + b"\x00" + inner
    assert FIXED.commit == sha256(data).digest()
    others = (
        replace(FIXED, epoch=Epoch(2026, 48)),
        replace(FIXED, salt=bytes([2]) * 32),
        replace(FIXED, salt2=bytes([2]) * 32),
    )
    assert len({FIXED.commit, *(other.commit for other in others)}) == 4


def test_no_two_are_alike_and_none_shows_its_salts() -> None:
    made = [Void.fresh(NOW) for _ in range(50)]
    assert len({void.salt for void in made} | {void.salt2 for void in made}) == 100
    assert "salt" not in repr(made[0])


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_salt_is_32_bytes(size: int) -> None:
    for name in ("salt", "salt2"):
        with pytest.raises(MalformedError):
            replace(FIXED, **{name: bytes(size)})


def test_a_submission_is_read_as_one() -> None:
    opening = Opening(NOW, *[bytes(32)] * 3, f"sha256:{'0' * 64}", bytes(32), bytes(32))
    assert parse_event(opening.to_bytes()) == opening


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("void", "nothing"),
        lambda text: text + "\n",
        lambda text: text + "more x\n",
        lambda text: text.removesuffix("\n"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("salt ", "salt  ", 1),
        lambda text: text.replace("epoch ", "epoch  "),
        lambda text: text.replace("2026-W47", "2026-W54"),
        lambda text: text.replace("event void", "event void "),
        lambda text: text.replace("salt2", "salt"),
        lambda text: text.replace("A=", "B=", 1),
    ],
    ids=map(str, range(11)),
)
def test_any_other_spelling_is_refused(change) -> None:
    with pytest.raises(MalformedError):
        parse_event(change(FIXED.to_bytes().decode()).encode())


@given(st.binary(max_size=300))
def test_other_bytes_raise_nothing_but_our_errors(data: bytes) -> None:
    for given_bytes in (data, b"event void\n" + data):
        with contextlib.suppress(IntakeError):
            assert parse_event(given_bytes).to_bytes() == given_bytes


# Withdrawals and collections

PREIMAGE = bytes([3]) * 32
TAKEN = Withdrawn(NOW, bytes(32), bytes([1]) * 32, bytes([2]) * 32, PREIMAGE)
LET_GO = Collected(NOW, bytes(32), bytes([1]) * 32, bytes([2]) * 32, ("r1", "r2"))


def test_the_bytes_of_a_withdrawal_and_of_a_collection_are_those_of_the_format() -> None:
    zeros, ones, twos, threes = (
        "A" * 43 + "=",
        "AQEB" * 10 + "AQE=",
        "AgIC" * 10 + "AgI=",
        "AwMD" * 10 + "AwM=",
    )
    head = f"epoch 2026-W47\nsalt {zeros}\n"
    assert TAKEN.to_bytes().decode() == (
        f"event withdrawn\n{head}envelope {twos}\npreimage {threes}\nsalt2 {ones}\n"
    )
    assert LET_GO.to_bytes().decode() == (
        f"event collected\n{head}manifest {twos}\nby r1 r2\nsalt2 {ones}\n"
    )
    for event in (TAKEN, LET_GO):
        assert parse_event(event.to_bytes()) == event
        assert event.public.decode() == f"event {event.kind}\n{head}"
        inner = sha256(event.private).digest()
        data = b"testimony-intake/leaf/v1\x00" + event.public + b"\x00" + inner
        assert event.commit == sha256(data).digest()
        assert "salt" not in repr(event)
    assert PREIMAGE.hex() not in repr(TAKEN)
    assert "preimage" not in repr(TAKEN)


def test_every_value_is_committed_to() -> None:
    others = [
        replace(TAKEN, epoch=NOW.next),
        replace(TAKEN, salt=bytes([9]) * 32),
        replace(TAKEN, salt2=bytes([9]) * 32),
        replace(TAKEN, envelope=bytes([9]) * 32),
        replace(TAKEN, preimage=bytes([9]) * 32),
        replace(LET_GO, manifest=bytes([9]) * 32),
        replace(LET_GO, by=("r1", "r3")),
        replace(LET_GO, by=("r1", "r2", "r3")),
        FIXED,
        LET_GO,
        TAKEN,
    ]
    assert len({one.commit for one in others}) == len(others)


def test_a_withdrawal_is_of_the_submission_whose_author_made_it() -> None:
    commit = withdraw_commit_of(PREIMAGE)
    opening = Opening(
        NOW, *[bytes(32)] * 2, TAKEN.envelope, f"sha256:{'0' * 64}", commit, bytes(32)
    )
    assert TAKEN.is_of(opening)
    assert not replace(TAKEN, envelope=bytes(32)).is_of(opening)
    assert not replace(TAKEN, preimage=bytes(32)).is_of(opening)
    assert not TAKEN.is_of(replace(opening, withdraw_commit=PREIMAGE))


def test_a_collection_names_its_objects_whatever_their_order() -> None:
    one, two = bytes([1]) * 32, bytes([2]) * 32
    made = Collected.fresh(NOW, [two, one], ["r2", "r1"])
    assert (made.manifest, made.by) == (sha256(one + two).digest(), ("r1", "r2"))
    assert made.manifest == manifest_of([one, two]) != manifest_of([one])
    fresh = [Collected.fresh(NOW, [one], ["r1", "r2"]) for _ in range(20)]
    fresh_salts = {event.salt for event in fresh} | {event.salt2 for event in fresh}
    assert len(fresh_salts) == 40
    taken = [Withdrawn.fresh(NOW, one, PREIMAGE) for _ in range(20)]
    assert len({event.salt for event in taken} | {event.salt2 for event in taken}) == 40


@pytest.mark.parametrize("by", [(), ("r1",), ("r1", "r1"), ("r2", "r1"), ("r1", "R2"), ("r1", "")])
def test_a_collection_is_by_two_reviewers_or_more_in_order(by: tuple[str, ...]) -> None:
    with pytest.raises(MalformedError):
        replace(LET_GO, by=by)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_hashes_salts_and_preimages_are_32_bytes(size: int) -> None:
    for event, names in (
        (TAKEN, ("salt", "salt2", "envelope", "preimage")),
        (LET_GO, ("salt", "salt2", "manifest")),
    ):
        for name in names:
            with pytest.raises(MalformedError):
                replace(event, **{name: bytes(size)})


CHANGES: list[Callable[[str], str]] = [
    lambda text: text + "\n",
    lambda text: text + "more x\n",
    lambda text: text.removesuffix("\n"),
    lambda text: text.replace("\n", "\r\n"),
    lambda text: text.replace("salt ", "salt  ", 1),
    lambda text: text.replace("epoch ", "epoch  "),
    lambda text: text.replace("2026-W47", "2026-W54"),
    lambda text: text.replace("event ", "event  "),
    lambda text: text.replace("salt2", "salt"),
    lambda text: text.replace("AA=", "AB=", 1),
    lambda text: text.replace("AgI=", "AgJ="),
    lambda text: text.replace("AgI=", "AgI"),
    lambda text: text.replace("withdrawn", "collected"),
    lambda text: text.replace("collected", "withdrawn"),
    lambda text: text.replace("withdrawn", "void").replace("collected", "void"),
    lambda text: text.replace("envelope", "manifest").replace("manifest Ag", "manifests Ag"),
    lambda text: text.replace("preimage AwMD", "preimage AwM"),
    lambda text: text.replace("by r1 r2", "by r1  r2"),
    lambda text: text.replace("by r1 r2", "by r2 r1"),
    lambda text: text.replace("by r1 r2", "by r1 r2 "),
    lambda text: text.replace("by r1 r2", "by r1"),
    lambda text: "".join(sorted(text.splitlines(keepends=True))),
    lambda text: text.replace("salt2", "sält2"),
]


@pytest.mark.parametrize("change", CHANGES, ids=map(str, range(len(CHANGES))))
def test_any_other_spelling_of_a_withdrawal_or_a_collection_is_refused(
    change: Callable[[str], str],
) -> None:
    for event in (TAKEN, LET_GO):
        text = event.to_bytes().decode()
        if change(text) != text:
            with pytest.raises(MalformedError):
                parse_event(change(text).encode())


@given(st.binary(max_size=300))
def test_other_bytes_of_theirs_raise_nothing_but_our_errors(data: bytes) -> None:
    for event in (TAKEN, LET_GO):
        for given_bytes in (event.to_bytes()[:20] + data, event.to_bytes() + data):
            with contextlib.suppress(IntakeError):
                assert parse_event(given_bytes).to_bytes() == given_bytes

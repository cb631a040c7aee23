"""What can be relied on of the openings that stand for nothing."""

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.epoch import Epoch
from intake.errors import IntakeError, MalformedError
from intake.event import Void, parse_event
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
    from hashlib import sha256

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

from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.opening import MAX_HEAD, LetterHead, Opening

hashes = st.binary(min_size=32, max_size=32)
openings = st.builds(
    Opening,
    epoch=st.integers(1, 52).map(lambda week: Epoch(2026, week)),
    redact=hashes,
    salt=hashes,
    envelope=hashes,
    roster=hashes.map(lambda h: f"sha256:{h.hex()}"),
    withdraw_commit=hashes,
    salt2=hashes,
)
heads = st.builds(LetterHead, st.binary(min_size=16, max_size=16), openings)
ZERO = Opening(Epoch(2026, 47), *[bytes(32)] * 3, "sha256:" + "0" * 64, *[bytes(32)] * 2)
TEXT = (
    b"event submitted\nepoch 2026-W47\nredact %b\nsalt %b\n"
    b"envelope %b\nroster sha256:%b\nwithdraw-commit %b\nsalt2 %b\n"
) % ((b"A" * 43 + b"=",) * 3 + (b"0" * 64,) + (b"A" * 43 + b"=",) * 2)


@given(openings)
def test_an_opening_round_trips(opening: Opening) -> None:
    assert Opening.parse(opening.to_bytes()) == opening


@given(heads)
def test_a_letters_head_round_trips_and_is_short(head: LetterHead) -> None:
    data = head.to_bytes()
    assert LetterHead.parse(data) == head
    assert len(data) <= MAX_HEAD // 4
    assert data.endswith(b"\n\n")


def test_the_lines_and_the_commit_are_those_of_the_format() -> None:
    assert ZERO.to_bytes() == TEXT
    public, private = TEXT[: TEXT.index(b"envelope")], TEXT[TEXT.index(b"envelope") :]
    inner = sha256(private).digest()
    expected = sha256(b"testimony-intake/leaf/v1\0" + public + b"\0" + inner).digest()
    assert ZERO.commit == expected


@pytest.mark.parametrize(
    "data",
    [
        b"",
        TEXT[:-1],
        TEXT + b"\n",
        TEXT.replace(b"\n", b"\r\n"),
        TEXT.replace(b"submitted", b"withdrawn"),
        TEXT.replace(b"epoch 2026", b"epoch  2026"),
        TEXT.replace(b"2026-W47", b"2026-W77"),
        TEXT.replace(b"redact AAAA", b"redact AAA"),
        TEXT.replace(b"A=\n", b"B=\n", 1),
        TEXT.replace(b"sha256:0", b"sha256:A"),
        TEXT.replace(b"sha256:", b"sha512:"),
        TEXT.replace(b"salt2", b"salt3"),
        b"".join(sorted(TEXT.splitlines(keepends=True))),
        TEXT.replace(b"event", "evént".encode()),
        TEXT + b"more 1\n",
    ],
)
def test_an_opening_has_one_spelling(data: bytes) -> None:
    with pytest.raises(MalformedError):
        Opening.parse(data)


HEAD = LetterHead(bytes(16), ZERO).to_bytes()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        HEAD[:-1],
        HEAD + b"\n",
        HEAD[27:],
        HEAD.replace(b"letter/v1", b"letter/v2"),
        HEAD.replace(b"status ", b"state "),
        HEAD.replace(b"status AAAA", b"status AAA"),
        HEAD.replace(b"status A", "status Ж".encode()),
        b"age-encryption.org/v1\n-> mlkem768x25519 ",
        b"testimony-intake/letter/v1\n",
    ],
)
def test_a_head_has_one_spelling_and_an_age_file_alone_gets_a_hint(data: bytes) -> None:
    with pytest.raises(MalformedError) as caught:
        LetterHead.parse(data)
    if data.startswith(b"age"):
        assert "intake seal" in caught.value.hint


@pytest.mark.parametrize("name", ["redact", "salt", "envelope", "withdraw_commit", "salt2"])
def test_hashes_of_another_size_do_not_exist(name: str) -> None:
    with pytest.raises(MalformedError):
        replace(ZERO, **{name: bytes(31)})


def test_taking_it_later_changes_the_epoch_and_nothing_else() -> None:
    later = ZERO.taken_in(Epoch(2026, 48))
    assert later.to_bytes() == TEXT.replace(b"W47", b"W48")

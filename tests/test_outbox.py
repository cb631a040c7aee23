"""An outbox comes whole, from a reviewer of this roster, or not at all."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake import outbox as module
from intake.canonical import b64
from intake.epoch import Epoch
from intake.errors import IntakeError, MalformedError, ProofError
from intake.outbox import MOST_BYTES, MOST_ROWS, Outbox, SignedOutbox
from intake.reply import ROW
from intake.tlog.note import Algorithm, Note, Signer
from tests.boards import cheap_row, cheap_rows
from tests.vectors.roster.fixed import DEPLOYMENT, ROSTER, root, seed

EPOCH = Epoch(2026, 47)
R1, R2 = (Signer(f"r{n}", Algorithm.ED25519, seed(f"signer {n}")) for n in (1, 2))
ROWS = cheap_rows(3)
OUTBOX = Outbox.of(DEPLOYMENT, EPOCH, ROWS)
WHOLE = OUTBOX.signed(R1)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 9), st.randoms())
def test_what_was_signed_is_read_whatever_order_it_was_given_in(count: int, chance) -> None:
    rows = cheap_rows(count)
    mixed = [*rows, *rows[:1]]
    chance.shuffle(mixed)
    made = Outbox.of(DEPLOYMENT, EPOCH, mixed)
    signed = SignedOutbox.open(made.signed(R2), ROSTER)
    assert signed == SignedOutbox(made, "r2")
    assert list(signed.outbox.rows) == rows
    assert signed.outbox.signed(R2) == made.signed(R2)


def test_it_is_as_long_as_its_rows_and_a_little() -> None:
    assert len(OUTBOX.signed(R1)) - 3 * ROW < 400
    assert MOST_BYTES > 400 + MOST_ROWS * ROW
    assert repr(ROWS[0][:4])[2:-1] not in repr(OUTBOX)


def test_it_holds_1_to_16000_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MalformedError, match="1 to 16000"):
        Outbox.of(DEPLOYMENT, EPOCH, [])
    monkeypatch.setattr(module, "MOST_ROWS", 3)  # 16,001 rows are 174 MB
    assert len(Outbox.of(DEPLOYMENT, EPOCH, ROWS).rows) == 3
    with pytest.raises(MalformedError, match="1 to 3"):
        Outbox.of(DEPLOYMENT, EPOCH, [*ROWS, cheap_row()])


def test_rows_that_are_none_and_rows_in_another_order_are_in_no_outbox() -> None:
    for rows in ([ROWS[0][:-1]], [bytes(ROW)], [*ROWS, ROWS[0] + b"x"]):
        with pytest.raises(IntakeError):
            Outbox.of(DEPLOYMENT, EPOCH, rows)
    for wrong in (tuple(ROWS[::-1]), (ROWS[0], ROWS[0])):
        with pytest.raises(MalformedError, match="order"):
            Outbox(DEPLOYMENT, EPOCH, wrong)
    with pytest.raises(MalformedError):
        Outbox.of("test", EPOCH, ROWS)


def headed(*changes: tuple[str, str]) -> bytes:
    """The outbox with another head, well signed by a reviewer."""
    text = WHOLE[: WHOLE.index(b"\n\n") + 1].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    data = text.encode()
    return Note(data, (R1.sign(data),)).to_bytes() + b"\n" + b"".join(ROWS)


DIGEST = b64(sha256(b"".join(ROWS)).digest())
HEADS: dict[str, tuple[tuple[str, str], ...]] = {
    "another title": (("outbox/v1", "outbox/v2"),),
    "fewer rows": (("rows 3", "rows 2"),),
    "more rows": (("rows 3", "rows 4"),),
    "a second spelling of a number": (("rows 3", "rows 03"),),
    "no rows": (("rows 3", "rows 0"),),
    "a number of another script": (("rows 3", "rows ٣"),),
    "another hash": ((DIGEST, b64(bytes(32))),),
    "a short hash": ((DIGEST, "AAAA"),),
    "another key": (("rows", "Rows"),),
    "a day": (("2026-W47", "2026-11-20"),),
    "a line more": (("rows 3", "rows 3\nmore"),),
    "a line less": (("epoch 2026-W47\n", ""),),
    "lines changed about": (("deployment", "x"), ("epoch", "deployment"), ("x", "epoch")),
    "not a deployment": ((DEPLOYMENT, "test"),),
}


@pytest.mark.parametrize("name", HEADS)
def test_a_head_that_is_not_of_these_rows_is_refused_though_a_reviewer_signed_it(name: str) -> None:
    with pytest.raises(MalformedError):
        SignedOutbox.open(headed(*HEADS[name]), ROSTER)


def test_with_nothing_changed_the_same_making_is_read() -> None:
    """The twin of the table above."""
    assert SignedOutbox.open(headed(), ROSTER).outbox == OUTBOX
    assert headed() == WHOLE


def test_every_cut_and_every_changed_byte_of_the_head_is_refused() -> None:
    end = len(WHOLE) - len(b"".join(ROWS))
    for at in (*range(0, end, 7), end - 1, end, end + 1, end + ROW, len(WHOLE) - 1):
        with pytest.raises(IntakeError):
            SignedOutbox.open(WHOLE[:at], ROSTER)
    for at in (*range(end), end + 5, end + ROW, len(WHOLE) - 1):
        with pytest.raises(IntakeError):
            SignedOutbox.open(WHOLE[:at] + bytes([WHOLE[at] ^ 4]) + WHOLE[at + 1 :], ROSTER)
    for more in (b"\n", b"\0", ROWS[0]):
        with pytest.raises(MalformedError, match="cut short"):
            SignedOutbox.open(WHOLE + more, ROSTER)


STRANGERS: dict[str, Callable[[bytes], bytes]] = {
    "nobody of the roster": lambda _: OUTBOX.signed(Signer("r1", Algorithm.ED25519, bytes(32))),
    "a root holder": lambda _: OUTBOX.signed(root(0)[0]),
    "two reviewers": lambda text: (
        Note(text, (R1.sign(text), R2.sign(text))).to_bytes() + WHOLE[len(note_of(WHOLE)) :]
    ),
}


def note_of(data: bytes) -> bytes:
    first = data.index(b"\n\n")
    return data[: data.index(b"\n\n", first + 2) + 1]


@pytest.mark.parametrize("name", STRANGERS)
def test_one_reviewer_signs_and_nobody_else(name: str) -> None:
    text = WHOLE[: WHOLE.index(b"\n\n") + 1]
    with pytest.raises(ProofError, match="no reviewer of the roster in use"):
        SignedOutbox.open(STRANGERS[name](text), ROSTER)


def test_a_reviewer_who_left_the_roster_and_another_site_are_refused() -> None:
    without = replace(ROSTER, reviewers=ROSTER.reviewers[1:])
    with pytest.raises(ProofError, match="no reviewer"):
        SignedOutbox.open(WHOLE, without)
    assert SignedOutbox.open(OUTBOX.signed(R2), without).by == "r2"
    with pytest.raises(ProofError, match="another deployment"):
        SignedOutbox.open(WHOLE, replace(ROSTER, deployment="other-abcdefgh"))

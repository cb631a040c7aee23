"""What a reply may be, and what somebody with a code finds on a board: theirs, and nothing else."""

import os
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.age import HybridIdentity, HybridRecipient, encrypt_bytes
from intake.author import HINT_SIZE, REPLIES, Holder, hint_of
from intake.container import Reply
from intake.epoch import Epoch
from intake.errors import IntakeError, MalformedError, ProofError
from intake.reply import (
    PLAINTEXT,
    QUESTION_MOST,
    ROW,
    TEXT_MOST,
    ReplyNote,
    SignedReply,
    TooLongError,
    check_row,
    replies_on,
    row_of,
)
from intake.testimony import tidy
from intake.tlog.note import Algorithm, Note, Signer
from tests.boards import cheap_row, cheap_rows
from tests.vectors.roster.fixed import DEPLOYMENT, ROSTER, seed

EPOCH = Epoch(2026, 47)
R1, R2 = (Signer(f"r{n}", Algorithm.ED25519, seed(f"signer {n}")) for n in (1, 2))
STRANGER = Signer("r1", Algorithm.ED25519, bytes(32))
OURS, OTHER = Holder(seed("ours")), Holder(seed("other's"))
OUR_ADDRESS, OTHER_ADDRESS = (Reply(one.mailbox, one.reply_to) for one in (OURS, OTHER))


def note(text: str = "Мы прочли.", question: str = "", epoch: Epoch = EPOCH) -> ReplyNote:
    return ReplyNote.to_address(OUR_ADDRESS, DEPLOYMENT, epoch, text, question)


def sealed(plaintext: bytes, hint: bytes, *recipients: HybridRecipient) -> bytes:
    return hint + encrypt_bytes(plaintext, recipients or (OURS.identity.recipient,))


def padded(signed: bytes) -> bytes:
    return signed.ljust(PLAINTEXT, b"\0")


# The note

texts = st.text(max_size=300).map(tidy).filter(str.strip)
lines = st.text(max_size=100).map(lambda text: tidy(text).replace("\n", " "))


@given(texts, lines, st.binary(min_size=32, max_size=32))
def test_a_note_is_read_as_it_was_written_and_in_no_other_spelling(
    text: str, question: str, to: bytes
) -> None:
    made = ReplyNote(DEPLOYMENT, to, EPOCH, text, question)
    assert ReplyNote.parse(made.to_bytes()) == made
    assert made.to_bytes().count(b"\n") == (6 if question else 5)
    assert made.digest == f"sha256:{sha256(made.to_bytes()).hexdigest()}"
    signed = SignedReply.open(made.signed(R2), ROSTER, 7)
    assert (signed.note, signed.by, signed.number) == (made, "r2", 7)


@pytest.mark.parametrize(
    ("letter", "most"),
    [("ж", 4000), ("a", 4000), ("ﷺ", 2730), ("😀", 2047), ("\n", 4000), ('"', 4000), ("\t", 4000)],
)
def test_a_text_is_as_long_as_its_letters_and_its_bytes_allow(letter: str, most: int) -> None:
    """4,000 letters of Cyrillic fit; of what takes more bytes a letter, fewer."""
    for inside in (most - 1, most):
        fits = note("x" + letter * (inside - 1))
        assert len(fits.signed(R1)) < PLAINTEXT
        assert ReplyNote.parse(fits.to_bytes()) == fits
        assert len(row_of(fits.signed(R1), OUR_ADDRESS, 0)) == ROW
    over = 3 if letter in "ﷺ😀" else 1
    with pytest.raises(TooLongError) as caught:
        note("x" + letter * (most - 1 + over))
    assert caught.value.amount >= 1
    assert str(caught.value.amount) in caught.value.phrase
    assert letter * 3 not in f"{caught.value}{caught.value.hint}"


def test_how_much_too_long_a_text_is_is_said_by_its_characters() -> None:
    with pytest.raises(TooLongError) as caught:
        note("ж" * (TEXT_MOST + 17))
    assert caught.value.amount == 17


@pytest.mark.parametrize(("letter", "most"), [("ж", QUESTION_MOST), ("a", 250), ("😀", 127)])
def test_a_question_is_one_short_line(letter: str, most: int) -> None:
    assert ReplyNote.parse(note("a", letter * most).to_bytes()).question == letter * most
    with pytest.raises(TooLongError):
        note("a", letter * (most + 1))


CONTROLS = [*map(chr, range(9)), "\x0b", "\x0c", "\r", "\x1b", "\x7f", "\x80", "\x9f"]


@pytest.mark.parametrize("sign", CONTROLS, ids=ascii)
def test_control_characters_are_in_no_reply(sign: str) -> None:
    for words in ((f"a{sign}b",), ("a", f"b{sign}c")):
        with pytest.raises(MalformedError, match="control characters"):
            note(*words)


@pytest.mark.parametrize("words", [("",), (" \n\t",), ("a", "two\nlines")])
def test_no_text_and_a_question_of_two_lines_are_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(MalformedError):
        note(*words)


def test_markup_and_addresses_are_text_and_nothing_else() -> None:
    text = '<script src="http://a.example/">alert(1)</script>\n[link](javascript:x) &amp; %0a'
    (reply,) = replies_on([row_of(note(text).signed(R1), OUR_ADDRESS, 0)], OURS, ROSTER)
    assert reply.note.text == text


WHOLE = note("Ӏ", "q").to_bytes()
REFUSED = {
    "empty": b"",
    "another title": WHOLE.replace(b"reply/v1", b"reply/v2"),
    "no end of line": WHOLE[:-1],
    "a line more": WHOLE + b"\n",
    "CR LF": WHOLE.replace(b"\n", b"\r\n"),
    "lines changed about": WHOLE.replace(
        b'question "q"\ntext "\xd3\x80"', b'text "q"\nquestion "z"'
    ),
    "no text": WHOLE.replace(b'text "\xd3\x80"\n', b""),
    "an empty question": WHOLE.replace(b'"q"', b'""'),
    "a text that is a number": WHOLE.replace(b'text "\xd3\x80"', b"text 5"),
    "an escape that is not needed": WHOLE.replace(b'"q"', b'"\\u0071"'),
    "not UTF-8": WHOLE.replace(b"\xd3\x80", b"\xff"),
    "half of a pair": WHOLE.replace(b'"q"', b'"\\ud800"'),
    "a short address": WHOLE.replace(b"to ", b"to AAAA"),
    "another key": WHOLE.replace(b"epoch", b"Epoch"),
    "a day": WHOLE.replace(b"2026-W47", b"2026-11-20"),
    "no deployment": WHOLE.replace(DEPLOYMENT.encode(), b"test"),
    "a byte before": b" " + WHOLE,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_note_is_refused(name: str) -> None:
    assert REFUSED[name] != WHOLE
    with pytest.raises(MalformedError):
        ReplyNote.parse(REFUSED[name])


def test_a_reply_of_another_site_or_signed_by_nobody_of_the_roster_is_no_reply() -> None:
    text = note().to_bytes()
    with pytest.raises(ProofError, match="another deployment"):
        SignedReply.open(replace(note(), deployment="other-abcdefgh").signed(R1), ROSTER)
    for signatures in ((STRANGER.sign(text),), (R1.sign(text), R2.sign(text))):
        with pytest.raises(ProofError, match="no reviewer"):
            SignedReply.open(Note(text, signatures).to_bytes(), ROSTER)
    without = replace(ROSTER, reviewers=ROSTER.reviewers[1:])
    with pytest.raises(ProofError, match="no reviewer"):
        SignedReply.open(note().signed(R1), without)
    assert SignedReply.open(note().signed(R2), without).by == "r2"


def test_neither_text_nor_question_is_in_what_is_printed_of_it() -> None:
    signed = SignedReply(note("secret text", "secret question"), "r1")
    assert "secret" not in repr(signed) + str(signed)


# The row


@pytest.mark.parametrize("number", [-1, REPLIES, 2**32])
def test_there_are_64_replies_to_one_code(number: int) -> None:
    with pytest.raises(MalformedError, match="64 replies"):
        row_of(note().signed(R1), OUR_ADDRESS, number)


def test_what_is_longer_than_a_row_is_refused() -> None:
    assert len(row_of(b"x" * PLAINTEXT, OUR_ADDRESS, 0)) == ROW
    with pytest.raises(MalformedError, match="longer"):
        row_of(b"x" * (PLAINTEXT + 1), OUR_ADDRESS, 0)


def test_a_row_has_one_length_and_one_stanza() -> None:
    row = row_of(note().signed(R1), OUR_ADDRESS, 0)
    check_row(row)
    check_row(cheap_row())
    assert len(row) == ROW == 10_891
    for bad in (row[:-1], row + b"x", bytes(ROW), b"", row[1:] + b"x"):
        with pytest.raises(IntakeError):
            check_row(bad)
    with pytest.raises(MalformedError, match="one code"):
        check_row(row.replace(b"mlkem768x25519", b"mlkem768X25519", 1))


# The board


@settings(max_examples=10, deadline=None)
@given(st.sets(st.integers(0, REPLIES - 1), max_size=6), st.randoms())
def test_whoever_holds_a_code_finds_all_that_is_theirs_in_order(numbers, chance) -> None:
    board = [row_of(note(f"no. {n}").signed(R1), OUR_ADDRESS, n) for n in numbers]
    board += cheap_rows(9)
    chance.shuffle(board)
    found = replies_on(board, OURS, ROSTER)
    assert [(one.number, one.note.text) for one in found] == [
        (n, f"no. {n}") for n in sorted(numbers)
    ]
    assert replies_on(board, OTHER, ROSTER) == []


def test_of_one_number_the_older_week_is_first() -> None:
    """Two reviewers at two machines may have given the same number."""
    texts = {Epoch(2026, 48): "later", EPOCH: "earlier"}
    rows = [row_of(note(t, epoch=e).signed(R1), OUR_ADDRESS, 3) for e, t in texts.items()]
    assert [one.note.text for one in replies_on(rows, OURS, ROSTER)] == ["earlier", "later"]


def test_the_same_reply_twice_is_shown_once() -> None:
    signed = note().signed(R1)
    rows = [row_of(signed, OUR_ADDRESS, 0) for _ in range(2)]
    assert rows[0] != rows[1]
    for board in (rows, [rows[0], rows[0]], [rows[0], row_of(signed, OUR_ADDRESS, 1)]):
        assert len(replies_on(board, OURS, ROSTER)) == 1


HINT = hint_of(OURS.mailbox, 0)
SIGNED = note().signed(R1)
PASSED_OVER: dict[str, Callable[[], bytes]] = {
    "another's row": lambda: row_of(SIGNED, OTHER_ADDRESS, 0),
    "our hint and random bytes": lambda: cheap_row(HINT),
    "our hint, sealed to another": lambda: sealed(padded(SIGNED), HINT, OTHER.identity.recipient),
    "no hint of ours": lambda: sealed(padded(SIGNED), os.urandom(HINT_SIZE)),
    "the hint after the last": lambda: sealed(padded(SIGNED), hint_of(OURS.mailbox, REPLIES)),
    "two stanzas": lambda: sealed(
        padded(SIGNED)[:-1557], HINT, OURS.identity.recipient, OTHER.identity.recipient
    ),
    "two stanzas in a longer row": lambda: sealed(
        padded(SIGNED), HINT, OURS.identity.recipient, HybridIdentity.generate().recipient
    ),
    "a shorter plaintext": lambda: sealed(padded(SIGNED)[:-1], HINT),
    "a longer plaintext": lambda: sealed(padded(SIGNED) + b"\0", HINT),
    "padding that is no zero": lambda: sealed(padded(SIGNED)[:-1] + b"\1", HINT),
    "something in the padding": lambda: sealed(
        SIGNED + b"\0x".ljust(PLAINTEXT - len(SIGNED), b"\0"), HINT
    ),
    "zeros alone": lambda: sealed(bytes(PLAINTEXT), HINT),
    "another deployment": lambda: row_of(
        replace(note(), deployment="other-abcdefgh").signed(R1), OUR_ADDRESS, 0
    ),
    "signed by nobody of the roster": lambda: row_of(note().signed(STRANGER), OUR_ADDRESS, 0),
    "not signed": lambda: row_of(note().to_bytes(), OUR_ADDRESS, 0),
    "to somebody else": lambda: row_of(
        replace(note(), to=sha256(OTHER.reply_to.encode()).digest()).signed(R1), OUR_ADDRESS, 0
    ),
    "a byte of the payload changed": lambda: row_of(SIGNED, OUR_ADDRESS, 0)[:-1] + b"\0",
    "cut short": lambda: row_of(SIGNED, OUR_ADDRESS, 0)[:-1],
}


@pytest.mark.parametrize("name", PASSED_OVER)
def test_everything_else_is_passed_over_and_hides_nothing(name: str) -> None:
    bad = PASSED_OVER[name]()
    right = row_of(note("right").signed(R2), OUR_ADDRESS, 0)
    assert replies_on([bad], OURS, ROSTER) == []
    for board in ([bad, right], [right, bad]):
        assert [one.note.text for one in replies_on(board, OURS, ROSTER)] == ["right"]


def test_what_is_passed_over_would_be_shown_but_for_its_one_fault() -> None:
    """The twin of the table: with nothing wrong, the same making gives a reply."""
    for row in (sealed(padded(SIGNED), HINT), row_of(SIGNED, OUR_ADDRESS, 0)):
        assert [one.note for one in replies_on([row], OURS, ROSTER)] == [note()]

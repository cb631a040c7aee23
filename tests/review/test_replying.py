"""What reviewers answer to a code, when they may, and that it harms nobody who looks at it."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from intake.author import REPLIES, Holder
from intake.container import ASKED, Kind, Level
from intake.errors import ConsentError, IntakeError, MalformedError, ProofError, RosterError
from intake.outbox import SignedOutbox
from intake.reply import SignedReply, TooLongError, replies_on
from intake.review.confirming import signer_of
from intake.review.gathering import add_reply, replies_to
from intake.review.keys import ReviewerSecret
from intake.review.replying import Written, reply, risks, text_of
from intake.review.sent import Replied
from intake.review.standing import keep_standing, standing_of
from intake.seal import reply_of
from intake.testimony import ConsentChange
from intake.tlog.note import Algorithm, Signer
from tests.panel import Panel, seed
from tests.review.conftest import Desk
from tests.review.poison import POISON
from tests.review.test_showing import harmless
from tests.review.test_thread import item, name
from tests.review.workroom import NOW, Room, Sealed, container, seal_container, sealed_item, under

HOLDER = Holder(bytes([3]) * 32)
SIGNER = Signer("r1", Algorithm.ED25519, seed("signer 1"))
TEXT = "Мы получили то, что вы написали."


def story(room: Room, holder: Holder = HOLDER, **rows: bool) -> Sealed:
    return item(room, holder, Kind.TESTIMONY, **(rows or {"message": True}))


def answer(room: Room, to: Sealed, text: str = TEXT, question: str = "", **how: object) -> Written:
    out = how.get("out", room.folder.parent / "outbox")
    signer = how.get("signer", SIGNER)
    with room.case(writing=True) as case:
        return reply(case, name(to), text, question, signer=signer, out=out)  # type: ignore[arg-type]


def read(room: Room, holder: Holder = HOLDER) -> list[SignedReply]:
    """What the holder of a code finds, were the outbox the board."""
    data = (room.folder.parent / "outbox").read_bytes()
    outbox = SignedOutbox.open(data, room.panel.roster).outbox
    return list(replies_on(outbox.rows, holder, room.panel.roster))


def kept(room: Room, to: Sealed) -> list[Replied]:
    with room.case() as case:
        return [one for _, one in replies_to(case, [name(to)])]


def nothing_was_written(room: Room, to: Sealed) -> bool:
    return kept(room, to) == [] and not (room.folder.parent / "outbox").exists()


def test_only_the_holder_of_the_code_reads_it_and_its_numbers_go_up(room: Room) -> None:
    """Also over several items of the code; another code begins anew."""
    mine, theirs = story(room), story(room, Holder(bytes(32)))
    more = item(room, HOLDER, Kind.ADDITION)
    room.take(mine, more, theirs)
    written = [answer(room, one, str(n)) for n, one in enumerate((mine, more, theirs, mine))]
    assert [one.replied.number for one in written] == [0, 1, 0, 2]
    assert [one.rows for one in written] == [1, 2, 3, 4]
    assert [(one.number, one.note.text) for one in read(room)] == [(0, "0"), (1, "1"), (2, "3")]
    assert [one.note.text for one in read(room, Holder(bytes(32)))] == ["2"]
    assert read(room, Holder(bytes([9]) * 32)) == []
    (first, last) = kept(room, mine)
    assert (first.number, last.number, first.text, first.by) == (0, 2, "0", "r1")
    assert first.digest == read(room)[0].note.digest


def test_the_record_comes_before_the_outbox(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a number that was used stays used, whether the outbox was written or not."""
    mine = story(room)
    room.take(mine)

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch:
        patch.setattr("intake.review.replying.add_reply", full)
        with pytest.raises(OSError, match=os.strerror(28)):
            answer(room, mine)
    assert nothing_was_written(room, mine)
    with monkeypatch.context() as patch:
        patch.setattr("intake.review.replying.write", full)
        with pytest.raises(OSError, match=os.strerror(28)):
            answer(room, mine)
    assert [one.number for one in kept(room, mine)] == [0]
    assert answer(room, mine).replied.number == 1
    assert [one.number for one in read(room)] == [1]


def withdrawn(room: Room) -> Sealed:
    mine = story(room)
    room.take(mine)
    with room.case(writing=True) as case:
        keep_standing(case, replace(standing_of(case), withdrawn=frozenset({mine[0].envelope})))
    return mine


def without_address(room: Room) -> Sealed:
    mine = seal_container(
        container(("narrative", "x"), roster=room.panel.roster), room.panel.roster
    )
    room.take(mine)
    return mine


def refused(room: Room) -> Sealed:
    opening, sealed = story(room)
    mine = replace(opening, redact=bytes(32)), sealed
    room.take(mine)
    return mine


def never_agreed(room: Room) -> Sealed:
    mine = story(room, publish=True)
    room.take(mine)
    return mine


def taken_back(room: Room) -> Sealed:
    mine = story(room)
    room.take(mine, item(room, HOLDER, Kind.CONSENT, message=False))
    return mine


def to_no_key(room: Room) -> Sealed:
    box = container(roster=room.panel.roster, kind=Kind.CONSENT)
    mine = seal_container(box, room.panel.roster)
    room.take(mine)
    return mine


def all_used(room: Room) -> Sealed:
    mine = story(room)
    room.take(mine)
    with room.case(writing=True) as case:
        add_reply(case, name(mine), Replied(REPLIES - 1, "sha256:" + "0" * 64, NOW, "r1", "x"))
    return mine


@pytest.mark.parametrize(
    ("make", "error", "phrase"),
    [
        (withdrawn, ConsentError, "its author withdrew this item"),
        (without_address, ConsentError, "no address for a reply"),
        (refused, MalformedError, "is kept sealed: does not fit its opening"),
        (never_agreed, ConsentError, "did not agree to the use message"),
        (taken_back, ConsentError, f"use message was taken back in {NOW}"),
        (to_no_key, IntakeError, "recipient|checksum|bech32|key"),
        (all_used, MalformedError, "64 replies to this code already"),
    ],
)
def test_who_is_never_answered(room: Room, make: object, error: type, phrase: str) -> None:
    mine = make(room)  # type: ignore[operator]
    with room.case() as case:
        before = replies_to(case, [name(mine)])
    with pytest.raises(error, match=phrase):
        answer(room, mine)
    with room.case() as case:
        assert replies_to(case, [name(mine)]) == before
    assert not (room.folder.parent / "outbox").exists()


@pytest.mark.parametrize(
    ("text", "question", "phrase"),
    [
        ("", "", "without control characters"),
        (" \n\t", "", "without control characters"),
        ("a\x1b[2Jb", "", "without control characters"),
        ("a\x00", "", "without control characters"),
        ("x" * 4001, "", "too long, by characters: 1"),
        ("😀" * 4000, "", "too long, by characters"),
        (TEXT, "x" * 251, "too long, by characters: 1"),
        (TEXT, "one\ntwo", "one line"),
        (TEXT, "a\x1b", "one line"),
    ],
)
def test_what_is_no_reply_is_refused_and_nothing_is_written(
    room: Room, text: str, question: str, phrase: str
) -> None:
    mine = story(room)
    room.take(mine)
    with pytest.raises(MalformedError, match=phrase) as caught:
        answer(room, mine, text, question)
    assert isinstance(caught.value, TooLongError) == ("too long" in phrase)
    assert nothing_was_written(room, mine)


def test_four_thousand_letters_of_cyrillic_are_sent(room: Room) -> None:
    mine = story(room)
    room.take(mine)
    answer(room, mine, "ж" * 4000, "ж" * 250)
    assert [len(one.note.text) for one in read(room)] == [4000]


def test_an_outbox_that_is_not_mine_is_refused_and_left_as_it_was(
    room: Room, tmp_path: Path
) -> None:
    mine = story(room)
    room.take(mine)
    second = Signer("r2", Algorithm.ED25519, seed("signer 2"))
    answer(room, mine, signer=second)
    out = room.folder.parent / "outbox"
    whole = out.read_bytes()
    for content, error in (
        (whole, ProofError),  # of r2
        (whole[:-1], MalformedError),
        (whole[:-1] + b"x", MalformedError),
        (b"my shopping list", MalformedError),
        (b"", MalformedError),
    ):
        out.write_bytes(content)
        with pytest.raises(error):
            answer(room, mine)
        assert out.read_bytes() == content
    with pytest.raises(IntakeError, match="does not belong into the case folder"):
        answer(room, mine, out=room.folder / "items" / "outbox")
    assert len(kept(room, mine)) == 1


def test_only_a_key_of_the_newest_roster_signs(room: Room) -> None:
    room.take(story(room))
    with room.case() as case:
        assert signer_of(case, [ReviewerSecret("r1", seed("reviewer 1"), seed("signer 1"))])
        with pytest.raises(RosterError, match="no identity offered is of a reviewer"):
            signer_of(case, [ReviewerSecret("r1", seed("reviewer 1"), os.urandom(32))])


def test_a_file_of_any_kind_is_read_as_text_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "reply"
    path.write_bytes(b"\xef\xbb\xbf" + "один\r\nдва\r\n\r\n".encode())
    assert text_of(path) == "один\nдва"
    path.write_bytes("один".encode("cp1251"))
    with pytest.raises(MalformedError, match="not UTF-8"):
        text_of(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("see https://x.example/a", ["a web address"]),
        ("write to a@b.example", ["an e-mail address"]),
        ("call +7 928 123-45-67", ["a telephone number"]),
        ("@helper", ["a name in a messenger"]),
        ("call +7 928 123-45-67 or see x.org", ["a web address", "a telephone number"]),
        (TEXT, []),
    ],
)
def test_what_can_be_followed_is_said(text: str, told: list[str]) -> None:
    assert risks(text) == told
    assert risks(TEXT, text) == told


@pytest.mark.parametrize("text", POISON, ids=range(40))
def test_no_reply_acts_on_the_terminal_that_shows_it(text: str) -> None:
    """Its record may come from another reviewer's machine, and hold what this one would not sign."""
    from intake.review.thread import Thread
    from intake.review.thread_showing import thread_lines

    said = Replied(0, "sha256:" + "0" * 64, NOW, "r1", text, text)
    rows = list(thread_lines("0" * 12, Thread(()), [("0" * 12, said)]))
    assert all(harmless(row) for row in rows)
    assert all(row.startswith("  | ") for row in rows[2:] if row != "  it asks:"), (
        "behind the margin"
    )


def test_the_way_of_a_question_as_it_is_typed(desk: Desk, panel: Panel, room: Room) -> None:
    mine = story(room)
    room.take(mine)
    path, out = desk.folder / "reply.txt", desk.folder / "outbox"
    words = ("reply", name(mine), "--file", str(path), "--outbox", str(out))
    path.write_text("<b>x</b> https://x.example +7 928 123-45-67\n")
    code, told, err = desk(*words, "--question", "Можно сказать прокурору?")
    assert (code, told) == (0, f"item {name(mine)}, reply 0 to its code; the outbox holds 1\n")
    assert err == (
        "note: the reply has a web address: whoever sees it can follow it\n"
        "note: the reply has a telephone number: whoever sees it can follow it\n"
    )
    (found,) = read(room)
    assert found.note.question == "Можно сказать прокурору?"
    for agreed, answered in ((True, "yes"), (False, "no")):
        change = ConsentChange.answer("ru", found.note.digest, agreed=agreed)
        box = under(HOLDER, container(*change.fields, roster=panel.roster), government=agreed)
        box = replace(box, kind=Kind.CONSENT, consent=change.consent)
        assert (box.answers[ASKED], box.consent[0].level) == (found.note.digest, Level.GOVERNMENT)
        said = seal_container(box, panel.roster)
        room.take(mine, said)
        code, told, _ = desk("show", name(said))
        assert code == 0
        assert f"government: {answered} (c_government.1, ru), consent {name(said)}" in told
        assert (
            f"    answers what r1 asked in reply 0, {NOW}:\n    | Можно сказать прокурору?\n"
            in told
        )
    code, told, _ = desk("show", name(mine))
    assert (code, f"reply 0 by r1 in {NOW}, to {name(mine)}:\n  | <b>x</b> https://" in told) == (
        0,
        True,
    )
    assert "  it asks:\n  | Можно сказать прокурору?\n" in told
    text = " ".join(desk("reply", "--help")[1].split())
    assert "It allows nothing by itself: two reviewers record which body it is for" in text

    # Its twin: what another code was asked is no question to this one.
    stranger = Holder(bytes([8]) * 32)
    box = replace(box, reply=reply_of(stranger))
    forged = seal_container(box, panel.roster)
    room.take(story(room, stranger), forged)
    assert "answers no question that was asked" in desk("show", name(forged))[1]

    before = out.read_bytes()
    for bad, phrase in (
        (("--file", "/nonexistent"), "no such file"),
        (("--outbox", str(path)), "not an outbox"),
        (("--question", "x" * 251), "too long, by characters: 1"),
        (("--file", str(out)), "not UTF-8"),
    ):
        code, told, err = desk(*words, *bad)
        assert (code, told, phrase in err) == (1, "", True), (bad, err)
    assert out.read_bytes() == before
    assert desk("reply", name(mine), "--file", str(path))[0] == 2


def test_a_canary_is_not_answered(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = story(room)
    room.take(mine)
    monkeypatch.setattr("intake.review.canaries.Canaries.holds", lambda *_: True)
    with pytest.raises(ConsentError, match="this item is a canary"):
        answer(room, mine)
    assert nothing_was_written(room, mine)


def test_an_item_of_the_form_without_a_code_can_be_answered_only_where_it_says_so(
    room: Room,
) -> None:
    mine = sealed_item(room.panel.roster)
    room.take(mine)
    with pytest.raises(ConsentError):
        answer(room, mine)


def test_the_record_of_a_reply_is_read_back_and_in_no_other_shape() -> None:
    replied = Replied(3, "sha256:" + "0" * 64, NOW, "r1", TEXT, "Можно?")
    value = replied.to_json()
    assert Replied.from_json(value) == replied
    assert TEXT not in repr(replied)
    for change in (
        {"number": 64},
        {"number": -1},
        {"number": True},
        {"by": "R"},
        {"week": ""},
        {"x": 1},
    ):
        with pytest.raises(MalformedError):
            Replied.from_json({**value, **change})
    for hostile in (None, [], {}, 3):
        with pytest.raises(MalformedError):
            Replied.from_json(hostile)

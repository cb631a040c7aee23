"""`intake review confirm`: what reviewers sign that they have is there, whole, on their own machine."""

from dataclasses import replace
from pathlib import Path

import pytest

from intake.collection import Collection, SignedCollection
from intake.container import Kind
from intake.errors import IntakeError, StoreError
from intake.review import confirming
from intake.review.case import Case
from intake.review.keys import LockedIdentity, ReviewerSecret
from intake.review.log_kept import seen_by
from intake.review.standing import keep_standing, standing_of
from intake.tlog.note import Algorithm, Note, Signer
from tests.little_log import Little, LittleLog
from tests.panel import Panel, make_panel, seed, sign
from tests.review.bad_items import flipped
from tests.review.conftest import PASSPHRASE, Desk
from tests.review.workroom import (
    NOW,
    Room,
    Sealed,
    container,
    seal_container,
    sealed_item,
    weeks,
)


@pytest.fixture(scope="session")
def keyring_of_two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The locked identity of the second reviewer."""
    folder = tmp_path_factory.mktemp("keyring")
    secret = ReviewerSecret("r2", seed("reviewer 2"), seed("signer 2"))
    locked = LockedIdentity.lock(secret, PASSPHRASE, passes=1)
    (folder / "r2.identity").write_bytes(locked.to_bytes())
    (folder / "passphrase").write_text(f"{PASSPHRASE}\n")
    return folder


@pytest.fixture
def second(desk: Desk, tmp_path: Path, keyring_of_two: Path) -> Desk:
    """The second reviewer, with a case of their own on another machine."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    common = (
        *("--case", str(folder / "case")),
        *("--identity", str(keyring_of_two / "r2.identity")),
        *("--passphrase-file", str(keyring_of_two / "passphrase")),
    )
    return Desk(desk.panel, folder, common, desk.capsys)


def decoy(panel: Panel) -> Sealed:
    return seal_container(container(roster=panel.roster, kind=Kind.DECOY), panel.roster)


def next_week(item: Sealed) -> Sealed:
    """The same, taken in the week after it was sealed."""
    return item[0].taken_in(weeks(1)), item[1]


def envelopes(*items: Sealed) -> tuple[bytes, ...]:
    return tuple(sorted(opening.envelope for opening, _ in items))


def taken(bundle: str, *desks: Desk) -> None:
    for desk in desks:
        code, out, err = desk("import", bundle, "--roots", desk.roots)
        assert "seven checks hold" in out, err
        assert code in {0, 1}


def original(desk: Desk, item: Sealed) -> Path:
    return desk.folder / "case" / "items" / item[0].envelope.hex()[:12] / "original.age"


def test_two_reviewers_sign_what_both_hold_and_the_site_can_believe_it(
    desk: Desk, second: Desk
) -> None:
    """Testimonies, what could not be opened but is kept, and decoys: else these would stay for ever."""
    panel = desk.panel
    items = [sealed_item(panel.roster), sealed_item(panel.roster), flipped(panel), decoy(panel)]
    taken(desk.bundle(*items), desk, second)
    one, two = desk.folder / "one", desk.folder / "two"
    assert desk("confirm", str(one)) == (0, "4 objects confirmed by r1\n", "")
    collection = Collection.parse(Note.parse(one.read_bytes()).text)
    assert collection.envelopes == envelopes(*items)
    assert collection.deployment == panel.roster.deployment
    log = LittleLog().with_rosters(panel.note).close(NOW)
    assert collection.size == len(log.entries) == 18
    code, out, err = second("confirm", str(two), "--with", str(one))
    assert (code, out, err) == (0, "4 objects confirmed by r1, r2\n", "")
    signed = SignedCollection.open(two.read_bytes(), panel.roster)
    assert (signed.collection, signed.by) == (collection, ("r1", "r2"))
    assert [path.name for path in desk.folder.glob(".*.part")] == []


def test_what_is_not_logged_or_was_withdrawn_or_is_damaged_is_left_out_and_said(
    desk: Desk,
) -> None:
    panel = desk.panel
    good, bad, lost, gone = (sealed_item(panel.roster) for _ in range(4))
    soon, waiting = next_week(sealed_item(panel.roster)), next_week(decoy(panel))
    taken(desk.bundle(good, bad, lost, gone, unlogged=(soon, waiting)), desk)
    path = desk.folder / "case"
    original(desk, bad).write_bytes(original(desk, good).read_bytes())
    original(desk, lost).unlink()
    with Case.opened(path, panel.identities[:1], writing=True) as case:
        standing = standing_of(case)
        keep_standing(case, replace(standing, withdrawn=frozenset([gone[0].envelope])))
    code, out, err = desk("confirm", str(desk.folder / "one"))
    assert (code, out) == (0, "1 objects confirmed by r1\n")
    ids = sorted(item[0].envelope.hex()[:12] for item in (bad, lost))
    assert err.splitlines() == [
        "left out, not yet logged: 1",
        *(f"left out, not whole in this folder: {item}" for item in ids),
    ]
    collection = Collection.parse(Note.parse((desk.folder / "one").read_bytes()).text)
    assert collection.envelopes == envelopes(good)


def test_what_came_in_the_place_of_an_object_does_not_count_as_it(room: Room) -> None:
    """It is kept, as everything is that came; the object that its opening names is not there."""
    good, other = (sealed_item(room.panel.roster) for _ in range(2))
    room.take((good[0], other[1]))
    with room.case() as case:
        held = confirming.held_by(case)
        assert (held.envelopes, held.waiting) == (frozenset(), 0)
        assert held.damaged == tuple(case.items()) == (room.item(other[1]),)
    room.take(good)
    with room.case() as case:
        assert confirming.held_by(case).envelopes == {good[0].envelope}


def test_items_before_a_week_can_be_left_out(desk: Desk) -> None:
    panel = desk.panel
    box = container(("narrative", "x"), roster=panel.roster, epoch=weeks(-1))
    old, new = seal_container(box, panel.roster, weeks(-1)), sealed_item(panel.roster)
    taken(desk.bundle(old, new), desk)
    for week, held in ((weeks(-1), (old, new)), (NOW, (new,))):
        out = desk.folder / str(week)
        assert desk("confirm", str(out), "--since", str(week))[0] == 0
        assert Collection.parse(Note.parse(out.read_bytes()).text).envelopes == envelopes(*held)
    assert desk("confirm", str(desk.folder / "x"), "--since", "47")[0] == 1
    both = ("--since", str(NOW), "--with", str(desk.folder / str(NOW)))
    assert desk("confirm", str(desk.folder / "x"), *both)[0] == 2


def test_what_one_statement_does_not_hold_is_left_for_the_next_and_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest come first, so that a release can go on in turns."""
    panel = desk.panel
    boxes = [
        (container(roster=panel.roster, kind=Kind.DECOY, epoch=weeks(ago)), weeks(ago))
        for ago in (-1, -2)
    ]
    new, old = (seal_container(box, panel.roster, epoch) for box, epoch in boxes)
    last = sealed_item(panel.roster)
    taken(desk.bundle(new, old, last), desk)
    monkeypatch.setattr(confirming, "MOST_ENVELOPES", 2)
    code, out, err = desk("confirm", str(desk.folder / "one"))
    assert (code, out) == (0, "2 objects confirmed by r1\n")
    assert err == (
        f"left for the next statement: 1; make it with --since {NOW} once the site has released"
        " these and a new bundle was imported\n"
    )
    collection = Collection.parse(Note.parse((desk.folder / "one").read_bytes()).text)
    assert collection.envelopes == envelopes(old, new)
    code, out, err = desk("confirm", str(desk.folder / "two"), "--since", str(NOW))
    assert (code, out, err) == (0, "1 objects confirmed by r1\n", "")
    collection = Collection.parse(Note.parse((desk.folder / "two").read_bytes()).text)
    assert collection.envelopes == envelopes(last)


def test_a_case_without_anything_logged_confirms_nothing(desk: Desk) -> None:
    bundle = desk.written(
        Little(desk.panel, None, (), (sealed_item(desk.panel.roster),)).to_bytes()
    )
    assert desk("import", bundle, "--roots", desk.roots)[0] == 0
    code, _, err = desk("confirm", str(desk.folder / "one"))
    assert (code, "has seen no log" in err) == (1, True)
    taken(desk.bundle(unlogged=(sealed_item(desk.panel.roster),)), desk)
    code, _, err = desk("confirm", str(desk.folder / "one"))
    assert (code, "nothing whole that is logged" in err) == (1, True)
    assert not (desk.folder / "one").exists()


@pytest.fixture
def rooms(panel: Panel, tmp_path: Path) -> tuple[Room, Room]:
    """Two reviewers, each with a case folder of their own."""
    one, two = (Room(panel, tmp_path / f"r{n}", panel.identities[n - 1 : n]) for n in (1, 2))
    return one, two


def first_statement(room: Room) -> bytes:
    with room.case() as case:
        signer = Signer("r1", Algorithm.ED25519, seed("signer 1"))
        return confirming.confirm(case, confirming.held_by(case), signer).to_bytes()


def signed_too(room: Room, statement: bytes) -> list[str]:
    """Who signed it once the second reviewer did."""
    with room.case() as case:
        signer = Signer("r2", Algorithm.ED25519, seed("signer 2"))
        note = confirming.confirm_too(case, confirming.held_by(case), signer, statement)
        return confirming.signers_of(case, note)


def test_the_second_reviewer_signs_nothing_that_is_not_whole_in_their_own_case(
    rooms: tuple[Room, Room],
) -> None:
    one, two = rooms
    good, bad = sealed_item(one.panel.roster), sealed_item(one.panel.roster)
    log = LittleLog().with_rosters(one.panel.note).close(NOW, good[0], bad[0])
    little = Little(one.panel, log, (good, bad))
    for room in rooms:
        room.take_whole(little)
    statement = first_statement(one)
    path = two.folder / "items" / bad[0].envelope.hex()[:12] / "original.age"
    content = path.read_bytes()
    for damaged in (content[:-1] + bytes([content[-1] ^ 1]), None):
        path.unlink()
        if damaged is not None:
            path.write_bytes(damaged)
        with pytest.raises(StoreError, match="1 objects of the statement are not whole") as caught:
            signed_too(two, statement)
        assert bad[0].envelope.hex()[:12] in caught.value.phrase
    two.take_whole(little)
    assert signed_too(two, statement) == ["r1", "r2"]


def test_the_second_reviewer_signs_no_decoy_that_they_did_not_see(
    rooms: tuple[Room, Room],
) -> None:
    """One reviewer alone could otherwise have a testimony deleted by calling it a decoy."""
    one, two = rooms
    item, hidden = sealed_item(one.panel.roster), decoy(one.panel)
    log = LittleLog().with_rosters(one.panel.note).close(NOW, item[0], hidden[0])
    for room in rooms:
        room.take_whole(Little(one.panel, log, (item, hidden)))
    statement = first_statement(one)
    assert signed_too(two, statement) == ["r1", "r2"]
    with two.case(writing=True) as case:
        keep_standing(case, replace(standing_of(case), decoys=frozenset()))
    with pytest.raises(StoreError, match="1 objects of the statement are not whole") as caught:
        signed_too(two, statement)
    assert hidden[0].envelope.hex()[:12] in caught.value.phrase


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Room, Sealed]:
    """The second reviewer's case with one item that is logged: nothing here writes into it."""
    panel = make_panel()
    room = Room(panel, tmp_path_factory.mktemp("second") / "case", panel.identities[1:2])
    item = sealed_item(panel.roster)
    log = LittleLog().with_rosters(panel.note).close(NOW, item[0])
    room.take_whole(Little(panel, log, (item,)))
    return room, item


@pytest.mark.parametrize(
    ("what", "phrase"),
    [
        ("another deployment", "of another deployment"),
        ("mine", "you signed this statement already"),
        ("nobody's", "no signatures"),
        ("a stranger's", "no reviewer signed"),
        ("false", "does not hold"),
        ("another log", "of another log"),
        ("a longer log", "longer log than this case has seen"),
        ("an unknown object", "1 objects of the statement are not whole"),
        ("nonsense", "note"),
    ],
)
def test_a_statement_with_which_something_is_wrong_gets_no_second_signature(
    whole: tuple[Room, Sealed], what: str, phrase: str
) -> None:
    room, item = whole
    panel = room.panel
    with room.case() as case:
        seen = seen_by(case.folder)
        held = confirming.held_by(case)
    assert seen is not None
    checkpoint = seen.checkpoint
    good = Collection.of(
        panel.roster.deployment, checkpoint.size, checkpoint.root, [item[0].envelope]
    )
    first, me = (Signer(f"r{n}", Algorithm.ED25519, seed(f"signer {n}")) for n in (1, 2))
    note: Note | None = None
    match what:
        case "another deployment":
            note = replace(good, deployment="other-abcdefgh").signed(first)
        case "mine":
            note = good.signed(first, me)
        case "nobody's":
            note = Note(good.to_bytes(), ())
        case "a stranger's":
            note = good.signed(Signer("r1", Algorithm.ED25519, bytes(32)))
        case "false":
            other = replace(good, root=bytes(32)).signed(first)
            note = replace(good.signed(first), signatures=other.signatures)
        case "another log":
            note = replace(good, root=bytes(32)).signed(first)
        case "a longer log":
            note = replace(good, size=good.size + 1).signed(first)
        case "an unknown object":
            more = tuple(sorted((*good.envelopes, bytes(32))))
            note = replace(good, envelopes=more).signed(first)
        case _:
            pass  # no note at all
    data = b"not a note\n" if note is None else note.to_bytes()
    with room.case() as case:
        with pytest.raises(IntakeError, match=phrase):
            confirming.confirm_too(case, held, me, data)
        both = confirming.confirm_too(case, held, me, good.signed(first).to_bytes())
        assert confirming.signers_of(case, both) == ["r1", "r2"]


def test_nothing_is_written_where_a_statement_gets_no_signature_nor_over_another_file(
    desk: Desk, second: Desk
) -> None:
    item = sealed_item(desk.panel.roster)
    taken(desk.bundle(item), desk, second)
    one, out = desk.folder / "one", desk.folder / "out"
    assert desk("confirm", str(one))[0] == 0
    code, said, err = desk("confirm", str(out), "--with", str(one))
    assert (code, said, "you signed this statement already" in err) == (1, "", True)
    assert not out.exists()
    assert second("confirm", str(out), "--with", str(one))[0] == 0
    before = out.read_bytes()
    code, _, err = second("confirm", str(out), "--with", str(one))
    assert (code, "exists already" in err) == (1, True)
    assert out.read_bytes() == before


def test_who_is_no_reviewer_of_the_newest_roster_signs_nothing(desk: Desk) -> None:
    """The case of an earlier roster stays open to them; the site takes their word no more."""
    item = sealed_item(desk.panel.roster)
    taken(desk.bundle(item), desk)
    left = make_panel(2, first=2).roster
    follower = replace(left, version=2, previous=desk.panel.roster.digest)
    log = LittleLog().with_rosters(desk.panel.note, sign(follower)).close(NOW, item[0])
    newer = Little(desk.panel, log, (item,), notes=(sign(follower),))
    assert desk("confirm", str(desk.folder / "one"))[0] == 0
    (desk.folder / "case" / "checkpoint").unlink()
    taken(desk.written(newer.to_bytes()), desk)
    code, _, err = desk("confirm", str(desk.folder / "two"))
    assert (code, "newest roster" in err) == (1, True)

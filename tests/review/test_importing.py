"""What a reviewer can rely on when a bundle is taken in."""

import datetime as dt
import io
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from intake.age import X25519Identity, encrypt_bytes, read_header, unwrap_file_key
from intake.age.header import Header, Stanza
from intake.canonical import decode, encode
from intake.container import Kind, Mode
from intake.epoch import Epoch
from intake.errors import MalformedError, RosterError, StoreError
from intake.review import importing
from intake.review.case import Case
from intake.review.importing import make_case, roots_by_fingerprint
from intake.review.record import Verdict
from intake.roots import RootSet
from intake.shelf import Shelf
from tests.panel import DEPLOYMENT, Panel, make_panel, root_signers, sign
from tests.review.workroom import (
    MARKER,
    TODAY,
    Room,
    Sealed,
    container,
    opening_for,
    renamed,
    seal_container,
    sealed_item,
    unchecked,
    weeks,
)


def reheaded(sealed: bytes, panel: Panel, change: Callable[[list[Stanza]], list[Stanza]]) -> bytes:
    """The same payload under a header with other stanzas and a MAC that holds."""
    source = io.BytesIO(sealed)
    header = read_header(source)
    key = unwrap_file_key(header, panel.identities)
    stanzas = tuple(change(list(header.stanzas)))
    return Header.sign(key, stanzas).to_bytes() + source.read()


def file_key(sealed: bytes, panel: Panel) -> bytes:
    return unwrap_file_key(read_header(io.BytesIO(sealed)), panel.identities)


def test_an_item_is_new_once_and_then_a_duplicate(room: Room) -> None:
    item = sealed_item(room.panel.roster)
    assert [r.verdict for r in room.take(item)] == [Verdict.NEW]
    assert [r.verdict for r in room.take(item)] == [Verdict.DUPLICATE]
    assert not any(r.alarm for r in room.take(item))
    with room.case() as case:
        assert case.items() == [room.item(item[1])]
        opening, box = case.original(case.items()[0])
        assert (opening, box.answers["narrative"]) == (item[0], MARKER)


def test_the_original_is_kept_to_the_byte(room: Room) -> None:
    opening, sealed = sealed_item(room.panel.roster)
    room.take((opening, sealed))
    with room.case() as case:
        assert case.files.open(room.item(sealed), "original") == sealed


def test_every_reviewer_of_the_roster_can_read_the_case(room: Room) -> None:
    _, sealed = item = sealed_item(room.panel.roster)
    room.take(item)
    for number, identity in enumerate(room.panel.identities, 1):
        with Case.opened(room.folder, [identity], writing=False) as case:
            assert case.by == f"r{number}"
            assert case.original(room.item(sealed))[1].answers["narrative"] == MARKER


def test_the_same_object_under_another_opening_is_a_duplicate_and_is_said(room: Room) -> None:
    opening, sealed = sealed_item(room.panel.roster)
    (report,) = room.take((opening, sealed))
    (again,) = room.take((replace(opening, salt2=os.urandom(32)), sealed))
    assert (again.item, again.verdict) == (report.item, Verdict.DUPLICATE)
    assert again.why == "known under another opening"
    with room.case() as case:
        assert case.entry(report.item).opening == opening


# What was damaged in the folder, and lies whole in the bundle in hand


def gone(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:1000])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    ("damage", "why"), [(gone, "missing"), (cut, "was changed"), (emptied, "was changed")]
)
def test_a_damaged_original_is_no_duplicate_but_written_again(
    room: Room, damage: Callable[[Path], None], why: str
) -> None:
    item = sealed_item(room.panel.roster)
    (report,) = room.take(item)
    original = room.folder / "items" / report.item / "original.age"
    damage(original)
    (mended,) = room.take(item)
    assert (mended.item, mended.verdict, mended.alarm) == (report.item, Verdict.MENDED, True)
    assert why in mended.why
    assert room.take(item)[0].verdict is Verdict.DUPLICATE
    with room.case() as case:
        assert case.files.open(report.item, "original") == item[1]
        assert case.original(report.item)[1].answers["narrative"] == MARKER


@pytest.mark.parametrize("damage", [cut, emptied])
@pytest.mark.parametrize("lost", [(), ("original.age",)])
def test_a_damaged_record_stops_no_import_and_is_written_again(
    room: Room, damage: Callable[[Path], None], lost: tuple[str, ...]
) -> None:
    items = [sealed_item(room.panel.roster, str(n)) for n in range(3)]
    room.take(*items)
    hurt = room.item(items[1][1])
    damage(room.folder / "items" / hurt / "entry.age")
    for name in lost:
        (room.folder / "items" / hurt / name).unlink()
    reports = {report.item: report for report in room.take(*items)}
    assert len(reports) == 3
    assert reports.pop(hurt).verdict is Verdict.MENDED
    assert {report.verdict for report in reports.values()} == {Verdict.DUPLICATE}
    with room.case() as case:
        assert case.items() == sorted(room.item(sealed) for _, sealed in items)
        assert case.original(hurt)[1].answers["narrative"] == "1"
    assert not any(report.alarm for report in room.take(*items))


def test_a_refused_item_with_a_damaged_record_is_an_alarm_with_both_reasons(room: Room) -> None:
    item = flipped(room.panel)
    (report,) = room.take(item)
    cut(room.folder / "items" / report.item / "entry.age")
    (again,) = room.take(item)
    assert (again.item, again.verdict) == (report.item, Verdict.UNREADABLE)
    assert again.why == f"{report.why}; its record was damaged in this folder"
    assert room.take(item) == [report]


def test_an_object_beside_a_damaged_record_keeps_its_place(room: Room) -> None:
    """Two ids begin alike; the damaged record is not taken for the other one's."""
    item = sealed_item(room.panel.roster)
    (report,) = room.take(item)
    cut(room.folder / "items" / report.item / "entry.age")
    with room.case() as case:
        assert case.id_of(item[0].envelope) == report.item
        alike = item[0].envelope[:6] + os.urandom(26)
        assert case.id_of(alike) == alike.hex()[:16]


# Each bad item, as a server, a courier or a stranger could make it


def flipped(panel: Panel) -> Sealed:
    opening, sealed = sealed_item(panel.roster)
    return renamed((opening, sealed), sealed[:-1] + bytes([sealed[-1] ^ 1]))


def flipped_on_the_way(panel: Panel) -> Sealed:
    opening, sealed = sealed_item(panel.roster)
    return opening, sealed[:-1] + bytes([sealed[-1] ^ 1])


def flipped_header(panel: Panel) -> Sealed:
    opening, sealed = sealed_item(panel.roster)
    mac = sealed.index(b"\n--- ") + 6
    other = b"B" if sealed[mac : mac + 1] != b"B" else b"C"
    return renamed((opening, sealed), sealed[:mac] + other + sealed[mac + 1 :])


def cut_short(panel: Panel) -> Sealed:
    opening, sealed = sealed_item(panel.roster)
    return renamed((opening, sealed), sealed[:-1])


def one_stanza_more(panel: Panel) -> Sealed:
    item = sealed_item(panel.roster)
    spy = make_panel(1, first=9).identities[0].recipient
    key = file_key(item[1], panel)
    more = reheaded(item[1], panel, lambda stanzas: [*stanzas, spy.wrap(key)])
    return renamed(item, more)


def one_stanza_less(panel: Panel) -> Sealed:
    item = sealed_item(panel.roster)
    return renamed(item, reheaded(item[1], panel, lambda stanzas: stanzas[:-1]))


def one_reviewer_exchanged(panel: Panel) -> Sealed:
    """As many stanzas as there should be, but the reader's own is a stranger's."""
    item = sealed_item(panel.roster)
    spy = make_panel(1, first=9).identities[0].recipient
    key = file_key(item[1], panel)
    return renamed(item, reheaded(item[1], panel, lambda s: [spy.wrap(key), *s[1:]]))


def classical_stanza_mixed_in(panel: Panel) -> Sealed:
    item = sealed_item(panel.roster)
    key = file_key(item[1], panel)
    spy = X25519Identity.generate().recipient
    return renamed(item, reheaded(item[1], panel, lambda s: [*s[:-1], spy.wrap(key)]))


def roster_that_is_not_there(panel: Panel) -> Sealed:
    other = make_panel(3, first=4)
    return sealed_item(replace(other.roster, version=2, previous=panel.roster.digest))


def other_deployment_inside(panel: Panel) -> Sealed:
    box = replace(container(("narrative", MARKER), roster=panel.roster), deployment="else-abcdefgh")
    return seal_container(box, panel.roster)


def other_roster_inside(panel: Panel) -> Sealed:
    box = replace(container(("narrative", MARKER)), roster="sha256:" + "1" * 64)
    opening, sealed = seal_container(box, panel.roster)
    return replace(opening, roster=panel.roster.digest), sealed


def other_root(panel: Panel) -> Sealed:
    opening, sealed = sealed_item(panel.roster)
    return replace(opening, redact=bytes(32)), sealed


def sealed_two_epochs_before(panel: Panel) -> Sealed:
    box = container(("narrative", MARKER), roster=panel.roster, epoch=weeks(-2))
    return seal_container(box, panel.roster)


def sealed_after_its_opening(panel: Panel) -> Sealed:
    box = container(("narrative", MARKER), roster=panel.roster, epoch=weeks(1))
    return seal_container(box, panel.roster)


def of_a_newer_version(panel: Panel) -> Sealed:
    plain = container(("narrative", MARKER), roster=panel.roster).to_bytes()
    manifest = plain[12 : 12 + int.from_bytes(plain[8:12])]
    newer = encode({**dict(decode(manifest)), "v": 2})  # type: ignore[call-overload]
    body = plain[:8] + len(newer).to_bytes(4) + newer
    sealed = encrypt_bytes(body + bytes(65536 - len(body)), panel.roster.recipients)
    return opening_for(sealed, container(("narrative", MARKER), roster=panel.roster)), sealed


def not_a_container(panel: Panel) -> Sealed:
    sealed = encrypt_bytes(os.urandom(65536), panel.roster.recipients)
    return opening_for(sealed, container(roster=panel.roster)), sealed


def text_that_begins_like_age(panel: Panel) -> Sealed:
    text = b"age-encryption.org/v1\n-> mlkem768x25519 AAAA\n" + MARKER.encode()
    return opening_for(text, container(roster=panel.roster)), text


def empty(panel: Panel) -> Sealed:
    return opening_for(b"?", container(roster=panel.roster)), b"?"


BAD = [
    (flipped, Verdict.UNREADABLE, "altered"),
    (flipped_on_the_way, Verdict.REFUSED, "not the one that its opening names"),
    (flipped_header, Verdict.UNREADABLE, "header was altered"),
    (cut_short, Verdict.FOREIGN, "length"),
    (one_stanza_more, Verdict.FOREIGN, "4 stanzas and the roster 3 reviewers"),
    (one_stanza_less, Verdict.FOREIGN, "2 stanzas and the roster 3 reviewers"),
    (one_reviewer_exchanged, Verdict.UNREADABLE, "yours is not among them"),
    (classical_stanza_mixed_in, Verdict.FOREIGN, "not post-quantum"),
    (roster_that_is_not_there, Verdict.FOREIGN, "not in the bundle"),
    (other_deployment_inside, Verdict.REFUSED, "another deployment"),
    (other_roster_inside, Verdict.REFUSED, "another roster"),
    (other_root, Verdict.REFUSED, "another redaction root"),
    (sealed_two_epochs_before, Verdict.REFUSED, "epoch"),
    (sealed_after_its_opening, Verdict.REFUSED, "epoch"),
    (of_a_newer_version, Verdict.NEWER, "version 2"),
    (not_a_container, Verdict.UNREADABLE, "container"),
    (text_that_begins_like_age, Verdict.FOREIGN, ""),
    (empty, Verdict.FOREIGN, ""),
]


@pytest.mark.parametrize(("make", "verdict", "why"), BAD, ids=[row[0].__name__ for row in BAD])
def test_a_bad_item_is_an_alarm_with_its_reason_and_is_kept_sealed(
    room: Room, make: Callable[[Panel], Sealed], verdict: Verdict, why: str
) -> None:
    item = make(room.panel)
    (report,) = room.take(item)
    assert (report.verdict, report.alarm) == (verdict, True)
    assert why in report.why
    assert MARKER not in str(report)
    (again,) = room.take(item)
    assert again == report, "the same import says the same"
    with room.case() as case:
        assert case.items() == [report.item]
        assert case.kept(report.item) == item[1]
        assert case.entry(report.item).verdict is verdict
        with pytest.raises(MalformedError, match="kept sealed") as refused:
            case.original(report.item)
        assert "--kept" in refused.value.hint
    kept = [p.read_bytes() for p in room.folder.rglob("*") if p.is_file()]
    assert not any(MARKER.encode() in data or item[1][:64] in data for data in kept if item[1][1:])


def test_one_bad_item_keeps_no_other_from_coming_in(room: Room) -> None:
    good, bad = sealed_item(room.panel.roster), flipped(room.panel)
    assert sorted(r.verdict for r in room.take(good, bad)) == [Verdict.NEW, Verdict.UNREADABLE]


def test_what_was_damaged_on_the_way_comes_in_from_a_second_copy(room: Room) -> None:
    opening, sealed = sealed_item(room.panel.roster)
    damaged = sealed[:-1] + bytes([sealed[-1] ^ 1])
    assert room.take((opening, damaged))[0].alarm
    assert room.take((opening, sealed))[0].verdict is Verdict.NEW


def panel_after(old: Panel) -> Panel:
    """Other reviewers, whose roster follows that of the old ones and is good today."""
    fresh = make_panel(3, first=4)
    roster = replace(fresh.roster, version=2, previous=old.roster.digest)
    return replace(fresh, roster=roster)


def expired(panel: Panel) -> Panel:
    """The panel with a roster that expired a week ago."""
    return panel.dated(TODAY - dt.timedelta(days=30), TODAY - dt.timedelta(days=7))


def test_an_item_of_an_expired_roster_opens_with_the_identity_of_that_time(
    panel: Panel, tmp_path: Path
) -> None:
    old = expired(panel)
    new = panel_after(old)
    box = container(
        ("narrative", MARKER), roster=old.roster, epoch=Epoch.of(old.roster.expires), mode=Mode.TOOL
    )
    item = seal_container(box, old.roster)
    room = Room(new, tmp_path / "case", new.identities[:1])
    (report,) = room.take(item, notes=(old.note,))
    assert report.verdict is Verdict.UNREADABLE
    assert "roster 1" in report.why
    assert "--identity" in report.why
    both = replace(room, identities=(new.identities[0], old.identities[1]))
    assert both.take(item, notes=(old.note,))[0].verdict is Verdict.NEW
    with room.case() as case:
        assert case.entry(report.item).readable
    assert not (room.folder / "items" / report.item / "kept.age").exists()


@pytest.mark.parametrize(
    ("sealed_in", "taken_in", "why"),
    [(0, 0, "could not be sealed to in"), (0, 3, "was not in use in")],
)
def test_nothing_is_sealed_to_an_expired_roster_nor_taken_long_after(
    panel: Panel, tmp_path: Path, sealed_in: int, taken_in: int, why: str
) -> None:
    old = expired(panel)
    new = panel_after(old)
    box = container(
        ("narrative", MARKER), roster=old.roster, epoch=weeks(sealed_in), mode=Mode.TOOL
    )
    room = Room(new, tmp_path / "case", (new.identities[0], old.identities[0]))
    (report,) = room.take(seal_container(box, old.roster, weeks(taken_in)), notes=(old.note,))
    assert (report.verdict, why in report.why) == (Verdict.FOREIGN, True)


@pytest.mark.parametrize(
    ("mode", "weeks_before", "fits"),
    [
        (Mode.BROWSER, 1, True),
        (Mode.SERVER, 1, True),
        (Mode.TOOL, 6, True),
        (Mode.BROWSER, 2, False),
        (Mode.TOOL, 7, False),
    ],
)
def test_a_page_of_the_week_before_a_new_roster_may_seal_to_it(
    panel: Panel, tmp_path: Path, mode: Mode, weeks_before: int, *, fits: bool
) -> None:
    """The server acknowledged it in the week of the roster: it must open."""
    fresh = panel.dated(TODAY, TODAY + dt.timedelta(days=30))
    box = container(
        ("narrative", MARKER), roster=fresh.roster, epoch=weeks(-weeks_before), mode=mode
    )
    room = Room(fresh, tmp_path / "case", fresh.identities[:1])
    (report,) = room.take(seal_container(box, fresh.roster))
    assert (report.verdict is Verdict.NEW) == fits


def test_the_server_takes_nothing_for_a_roster_before_its_issue(
    panel: Panel, tmp_path: Path
) -> None:
    fresh = panel.dated(TODAY, TODAY + dt.timedelta(days=30))
    box = container(("narrative", MARKER), roster=fresh.roster, epoch=weeks(-1))
    room = Room(fresh, tmp_path / "case", fresh.identities[:1])
    (report,) = room.take(seal_container(box, fresh.roster, weeks(-1)))
    assert (report.verdict, "was not in use in" in report.why) == (Verdict.FOREIGN, True)


def test_a_roster_that_its_roots_did_not_sign_is_said_and_seals_nothing(room: Room) -> None:
    rogue = make_panel(3, first=4)
    note = sign(replace(rogue.roster, version=2, previous=room.panel.roster.digest), (1,))
    item = sealed_item(replace(rogue.roster, version=2, previous=room.panel.roster.digest))
    reports = room.take(item, notes=(note,))
    assert [(r.item == "roster", r.verdict) for r in reports] == [
        (True, Verdict.FOREIGN),
        (False, Verdict.FOREIGN),
    ]
    assert "signed by 1 of the 2" in reports[0].why
    assert len(list((room.folder / "rosters").iterdir())) == 1


def test_two_rosters_of_one_version_are_an_alarm_and_the_known_one_stays(room: Room) -> None:
    room.take()
    other = make_panel(3, first=4)
    (report, *_) = room.take(notes=(other.note,))
    assert (report.item, report.alarm) == ("roster", True)
    assert "two rosters with version 1" in report.why
    with room.case() as case:
        assert case.roster.digest == room.panel.roster.digest


def test_a_roster_of_another_deployment_under_the_same_roots_is_refused(panel: Panel) -> None:
    other = replace(panel.roster, version=2, previous=panel.roster.digest, deployment="b-abcdefgh")
    for deployment, phrase in ((None, "another deployment"), (DEPLOYMENT, "b-abcdefgh")):
        shelf = Shelf.of((sign(other), panel.note), panel.roster.roots, deployment)
        assert list(shelf.signed) == [panel.roster.digest]
        assert phrase in shelf.refused[0].phrase
    with pytest.raises(RosterError, match="no roster here is signed"):
        _ = Shelf.of((), panel.roster.roots).newest


def test_a_change_of_roots_is_followed_where_the_old_ones_signed_it(
    panel: Panel, tmp_path: Path
) -> None:
    """Rosters 2 and 3 have other roots; only roster 2 is signed by the first ones too."""
    fresh = RootSet(2, tuple(s.vkey for n in (5, 6, 7) for s in root_signers(n)))
    second = replace(panel.roster, version=2, previous=panel.roster.digest, roots=fresh)
    third = replace(second, version=3, previous=second.digest)
    room = Room(panel, tmp_path / "case", panel.identities[:1])
    item = sealed_item(third)
    assert room.take(item, notes=(sign(third, (5, 6)),))[-1].verdict is Verdict.FOREIGN
    notes = (sign(third, (5, 6)), sign(second, (0, 2, 5, 6)))
    assert [r.verdict for r in room.take(item, notes=notes)] == [Verdict.NEW]
    assert [r.verdict for r in room.take(item, notes=notes[:1])] == [Verdict.DUPLICATE]


# Making a case


def test_a_case_is_made_with_roots_or_with_the_digits_of_a_leaflet(room: Room) -> None:
    roots = room.panel.roster.roots
    with room.bundle(notes=(b"no roster",)) as bundle:
        digits = roots.fingerprint.replace(" ", "")
        assert roots_by_fingerprint(bundle, digits) == roots
        wrong = str((int(digits) + 1) % 10**30).zfill(30)
        with pytest.raises(RosterError, match="fingerprint"):
            roots_by_fingerprint(bundle, wrong)


def test_no_case_is_made_by_an_expired_roster_other_roots_or_a_stranger(
    panel: Panel, tmp_path: Path
) -> None:
    strangers = RootSet(2, tuple(s.vkey for n in (5, 6) for s in root_signers(n)))
    old = expired(panel)
    other = make_panel(1, first=8).identities
    for which, roots, keys in (
        (panel, strangers, panel.identities),
        (old, panel.roster.roots, panel.identities),
        (panel, panel.roster.roots, other),
    ):
        room = Room(which, tmp_path / "case", panel.identities[:1])
        with room.bundle() as bundle, pytest.raises(RosterError):
            make_case(room.folder, bundle, roots, keys)
        assert not room.folder.exists()


def test_a_bundle_of_another_deployment_does_not_come_into_a_case(room: Room) -> None:
    room.take()
    with (
        room.bundle(sealed_item(room.panel.roster), deployment="else-abcdefgh") as bundle,
        room.case(writing=True) as case,
        pytest.raises(RosterError, match="else-abcdefgh"),
    ):
        list(importing.import_items(case, bundle, unchecked(bundle.contents)))


def test_nothing_but_an_empty_folder_becomes_a_case(room: Room) -> None:
    room.folder.mkdir()
    (room.folder / "letter.txt").write_text("mine")
    with room.bundle() as bundle, pytest.raises(StoreError, match="not empty"):
        make_case(room.folder, bundle, room.panel.roster.roots, room.identities)
    assert [p.name for p in room.folder.iterdir()] == ["letter.txt"]


# Cut off at any point


class CutOffError(BaseException):
    """The power went; nothing catches this."""


def test_an_import_cut_off_at_any_step_is_completed_by_the_next(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every step that reaches the disk is a rename; the process ends before each in turn."""
    items = [sealed_item(room.panel.roster), flipped(room.panel)]
    rename = Path.replace
    steps = 0

    def counted(limit: int) -> Callable[[Path, Path], Path]:
        def step(source: Path, target: Path) -> Path:
            nonlocal steps
            steps += 1
            if steps > limit:
                raise CutOffError
            return rename(source, target)

        return step

    for limit in range(100):
        folder = room.folder.with_name(f"case-{limit}")
        mine, steps = replace(room, folder=folder), 0
        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", counted(limit))
            try:
                mine.take(*items)
            except CutOffError:
                done = False
            else:
                done = True
        verdicts = sorted({r.verdict for r in mine.take(*items)} - {Verdict.DUPLICATE})
        assert verdicts in ([Verdict.NEW, Verdict.UNREADABLE], [Verdict.UNREADABLE])
        with mine.case() as case:
            assert len(case.items()) == 2
            assert case.original(mine.item(items[0][1]))[0] == items[0][0]
            assert case.kept(mine.item(items[1][1])) == items[1][1]
        assert not list(folder.rglob("*.part"))
        if done:
            assert limit >= 5
            return
    pytest.fail("the import never ended")


@pytest.mark.parametrize("kind", [Kind.CONSENT, Kind.ADDITION])
def test_items_of_every_kind_come_in(room: Room, kind: Kind) -> None:
    item = seal_container(container(roster=room.panel.roster, kind=kind), room.panel.roster)
    assert room.take(item)[0].verdict is Verdict.NEW
    with room.case() as case:
        summary = case.entry(case.items()[0]).summary
        assert summary is not None
        assert summary.kind is kind


def test_the_record_of_an_item_says_what_a_list_needs_and_no_word(room: Room) -> None:
    item = sealed_item(room.panel.roster, "Ӏ𝒳б", relation="r.told", who_text="xy")
    room.take(item)
    with room.case() as case:
        summary = case.entry(case.items()[0]).summary
        assert summary is not None
        assert summary.to_json() == ["testimony", "server", "ru", 5, "SPICm", str(weeks(0))]


def test_a_note_that_is_no_roster_is_an_alarm_and_stops_nothing(room: Room) -> None:
    for note in (b"", b"x\n\n", "\u2014 a AAAA\n".encode(), room.panel.note + b"\n"):
        (report,) = room.take(notes=(note,))
        assert (report.item, report.alarm) == ("roster", True)

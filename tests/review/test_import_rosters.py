"""What a reviewer can rely on when the rosters in a bundle change, expire or are not what they say."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from intake.container import Mode
from intake.epoch import Epoch
from intake.errors import RosterError
from intake.review.record import Verdict
from intake.roots import RootSet
from intake.shelf import Shelf
from tests.panel import DEPLOYMENT, Panel, make_panel, root_signers, sign
from tests.review.workroom import (
    MARKER,
    TODAY,
    Room,
    container,
    seal_container,
    sealed_item,
    weeks,
)


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


def test_roots_that_were_replaced_sign_no_roster_any_more(panel: Panel) -> None:
    """They may have been replaced because somebody has them."""
    fresh = RootSet(2, tuple(s.vkey for n in (5, 6, 7) for s in root_signers(n)))
    second = replace(panel.roster, version=2, previous=panel.roster.digest, roots=fresh)
    stolen = replace(panel.roster, version=9, previous=second.digest)
    notes = (panel.note, sign(second, (0, 2, 5, 6)), sign(stolen))
    shelf = Shelf.of(notes, panel.roster.roots)
    assert [note.roster.version for note in shelf.signed.values()] == [1, 2]
    assert "signed by 0 of the 2 root holders" in shelf.refused[0].phrase
    assert shelf.newest.roster == second
    assert list(Shelf.of(notes, fresh).signed) == [second.digest]


def test_a_note_that_is_no_roster_is_an_alarm_and_stops_nothing(room: Room) -> None:
    for note in (b"", b"x\n\n", "\u2014 a AAAA\n".encode(), room.panel.note + b"\n"):
        (report,) = room.take(notes=(note,))
        assert (report.item, report.alarm) == ("roster", True)

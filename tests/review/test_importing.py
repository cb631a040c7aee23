"""What a reviewer can rely on when a bundle is taken in."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from intake.container import Kind
from intake.errors import RosterError, StoreError
from intake.review import importing
from intake.review.case import Case
from intake.review.importing import make_case, roots_by_fingerprint
from intake.review.record import Verdict
from intake.roots import RootSet
from tests.panel import Panel, make_panel, root_signers
from tests.review.bad_items import flipped
from tests.review.test_import_rosters import expired
from tests.review.workroom import (
    MARKER,
    Room,
    container,
    seal_container,
    sealed_item,
    unchecked,
    weeks,
)


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


@pytest.mark.parametrize("processes", [0, 2])
def test_an_import_cut_off_at_any_step_is_completed_by_the_next(
    room: Room, monkeypatch: pytest.MonkeyPatch, processes: int
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
                mine.take(*items, processes=processes)
            except CutOffError:
                done = False
            else:
                done = True
        verdicts = sorted(
            {r.verdict for r in mine.take(*items, processes=processes)} - {Verdict.DUPLICATE}
        )
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

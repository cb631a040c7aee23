"""What a case goes on knowing of the log: without that, nothing leaves, and no lie counts as word."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from intake.author import withdraw_commit_of
from intake.container import Kind
from intake.epoch import Epoch
from intake.errors import ConsentError, ProofError, StoreError
from intake.event import Withdrawn
from intake.review.case import Case
from intake.review.confirming import held_by
from intake.review.importing import import_items
from intake.review.record import Verdict
from intake.review.standing import (
    Standing,
    check_may_leave,
    check_not_withdrawn,
    keep_checked,
    keep_standing,
    standing_of,
)
from tests.little_log import Little, LittleLog, this_week
from tests.panel import Panel, make_panel
from tests.review.conftest import Desk
from tests.review.two_people import Pair
from tests.review.workroom import (
    MARKER,
    TODAY,
    Room,
    Sealed,
    container,
    seal_container,
    unchecked,
    weeks,
)
from tests.test_completeness import PREIMAGE, collected, statement_of

NOW = this_week()
LAST = NOW.previous
LONG_AGO = weeks(-54)


@pytest.fixture
def panel() -> Panel:
    """A panel whose roster was in use more than a year ago already."""
    return make_panel().dated(TODAY - dt.timedelta(days=400), TODAY + dt.timedelta(days=30))


def made(panel: Panel, epoch: Epoch, kind: Kind = Kind.TESTIMONY) -> Sealed:
    """An object of a week, which its author can withdraw."""
    fields = () if kind is Kind.DECOY else (("narrative", MARKER),)
    box = container(*fields, roster=panel.roster, epoch=epoch, kind=kind)
    box = replace(box, withdraw=withdraw_commit_of(PREIMAGE))
    return seal_container(box, panel.roster, epoch)


def logged(panel: Panel, *items: Sealed) -> Little:
    log = LittleLog().with_rosters(panel.note)
    for epoch in sorted({opening.epoch for opening, _ in items}):
        log = log.close(epoch, *(opening for opening, _ in items if opening.epoch == epoch))
    return Little(panel, log, items=items)


def erased(little: Little, *gone: Sealed) -> Little:
    """The same bundle later, when the site has neither these objects nor their openings."""
    assert little.log is not None
    empty = {opening.to_bytes(): b"" for opening, _ in gone}
    openings = tuple(empty.get(data, data) for data in little.log.openings)
    items = tuple(item for item in little.items if item not in gone)
    return replace(little, log=replace(little.log, openings=openings), items=items)


def old_log(panel: Panel, *items: Sealed) -> Little:
    """A log of these, a year old, and of empty weeks up to the last one."""
    log = LittleLog().with_rosters(panel.note)
    log = log.close(LONG_AGO, *(opening for opening, _ in items))
    for ago in range(53, 0, -1):
        log = log.close(weeks(-ago))
    return Little(panel, log, items=items)


def name(item: Sealed) -> str:
    return item[0].envelope.hex()[:12]


def may_leave(case: Case, item: Sealed) -> bool:
    try:
        check_may_leave(case, item[0])
    except ProofError:
        return False
    return True


# A positive list


def test_only_what_was_seen_in_a_log_may_leave_or_is_confirmed(room: Room, panel: Panel) -> None:
    """Not being known to wait is no proof of being logged."""
    here, soon = made(panel, LAST), made(panel, NOW)
    room.take_whole(replace(logged(panel, here), unlogged=(soon,)))
    with room.case(writing=True) as case:
        assert (may_leave(case, here), may_leave(case, soon)) == (True, False)
        keep_standing(case, replace(standing_of(case), waiting=()))
        assert (may_leave(case, here), may_leave(case, soon)) == (True, False)
        held = held_by(case)
        assert (held.weeks, held.waiting) == ({here[0].envelope: LAST}, 1)


def test_without_the_record_of_the_log_nothing_leaves_until_a_bundle_is_imported_again(
    room: Room, panel: Panel
) -> None:
    mine, soon = made(panel, LAST), made(panel, NOW)
    little = logged(panel, mine)
    room.take_whole(little)
    taken = Withdrawn.fresh(NOW, mine[0].envelope, PREIMAGE)
    after = replace(little, items=(), unlogged=(soon,), events=(taken,))
    room.take_whole(after)
    (room.folder / "standing.age").unlink()
    with room.case() as case:
        for refused in (
            lambda: check_not_withdrawn(case, mine[0]),
            lambda: check_may_leave(case, soon[0]),
            lambda: held_by(case),
        ):
            with pytest.raises(StoreError, match="record of the log is missing") as caught:
                refused()
            assert "import the last bundle again" in caught.value.hint
    reports = room.take_whole(after)
    assert [(r.item, r.verdict, r.came) for r in reports] == [
        ("standing", Verdict.MENDED, False),
        (name(soon), Verdict.DUPLICATE, True),
    ]
    with room.case() as case:
        with pytest.raises(ConsentError):
            check_not_withdrawn(case, mine[0])
        assert not may_leave(case, soon)
    assert [r.item for r in room.take_whole(after)] == [name(soon)], "said once"


@pytest.mark.parametrize("left", ["items", "records", "checkpoint"])
def test_any_trace_of_an_import_is_enough_to_miss_its_record(room: Room, left: str) -> None:
    room.take()
    (room.folder / "standing.age").unlink()
    with room.case() as case:
        assert standing_of(case) == Standing(), "a case that was made, and no more"
        trace = room.folder / left
        if left == "checkpoint":
            trace.touch()
        else:
            trace.mkdir(exist_ok=True)
            (trace / "import-0001-r1.age").touch()
        with pytest.raises(StoreError, match="missing"):
            standing_of(case)


def test_a_damaged_record_of_the_log_is_said_and_what_to_do(room: Room, panel: Panel) -> None:
    room.take_whole(logged(panel, made(panel, LAST)))
    (room.folder / "standing.age").write_bytes(b"x")
    with room.case() as case, pytest.raises(StoreError, match="damaged") as caught:
        standing_of(case)
    assert "standing.age" in caught.value.hint


def test_what_the_site_let_go_of_may_leave_though_no_bundle_has_it_any_more(
    room: Room, panel: Panel
) -> None:
    """Even where the case's record was lost in between: the log still tells of it."""
    item = made(panel, LAST)
    little = logged(panel, item)
    room.take_whole(little)
    later = replace(
        little, items=(), events=(collected(NOW, item[0]),), statements=(statement_of(item[0]),)
    )
    for lost in (False, True):
        if lost:
            (room.folder / "standing.age").unlink()
        room.take_whole(later)
        with room.case() as case:
            assert may_leave(case, item)


def test_an_import_that_is_cut_off_has_remembered_what_the_bundle_says(
    room: Room, panel: Panel
) -> None:
    """Its items are there from the first on: what is not logged of them must be known before."""
    gone, soon = made(panel, LAST), made(panel, NOW)
    little = logged(panel, gone)
    room.take_whole(little)
    taken = Withdrawn.fresh(NOW, gone[0].envelope, PREIMAGE)
    little = replace(little, items=(), unlogged=(soon,), events=(taken,))
    with little.bundle() as bundle, room.case(writing=True) as case:
        checked = replace(
            unchecked(bundle.contents), items=tuple(i for i in bundle.contents.items if i.promise)
        )
        reports = import_items(case, bundle, checked)
        assert [next(reports).verdict for _ in range(2)] == [Verdict.WITHDRAWN, Verdict.NEW]
        reports.close()  # type: ignore[attr-defined]
        standing = standing_of(case)
    assert {one.envelope for one in standing.waiting if one.envelope} == {soon[0].envelope}
    assert standing.withdrawn == {gone[0].envelope}


# Withdrawals


def test_a_withdrawal_is_remembered_when_no_bundle_speaks_of_it_any_more(
    room: Room, panel: Panel
) -> None:
    one, two = made(panel, LONG_AGO), made(panel, LAST)
    little = old_log(panel, one)
    assert little.log is not None
    taken = [Withdrawn.fresh(NOW, item[0].envelope, PREIMAGE) for item in (one, two)]
    room.take_whole(replace(little, items=(), events=(taken[0],)))
    with room.case() as case:
        before = standing_of(case)
    assert before.withdrawn == {one[0].envelope}
    with little.bundle() as bundle:
        nothing = unchecked(bundle.contents)
    after = before.after(nothing, logged=[two[0].envelope], withdrawn=[two[0].envelope])
    assert after.withdrawn == {one[0].envelope, two[0].envelope}
    assert after.logged == before.logged | {two[0].envelope}
    assert before.logged == {one[0].envelope}


def test_a_withdrawal_that_its_author_did_not_make_is_an_alarm_and_changes_nothing(
    room: Room, panel: Panel
) -> None:
    """Where the opening is erased no check of the bundle can tell; the case has it still."""
    victim = made(panel, LONG_AGO)
    little = old_log(panel, victim)
    room.take_whole(little)
    forged = Withdrawn.fresh(NOW, victim[0].envelope, bytes(32))
    lie = replace(erased(little, victim), events=(forged,))
    for _ in range(2):
        (report,) = room.take_whole(lie)
        assert (report.item, report.verdict, report.came) == (name(victim), Verdict.REFUSED, False)
        assert (report.alarm, "not by its author" in report.why) == (True, True)
    with room.case() as case:
        assert standing_of(case).withdrawn == frozenset()
        assert may_leave(case, victim)
        assert held_by(case).envelopes == {victim[0].envelope}
    true = Withdrawn.fresh(NOW, victim[0].envelope, PREIMAGE)
    withdrawn = replace(erased(little, victim), events=(true,))
    (report,) = room.take_whole(withdrawn)
    assert (report.item, report.verdict, report.alarm) == (name(victim), Verdict.WITHDRAWN, False)
    with room.case() as case, pytest.raises(ConsentError):
        check_may_leave(case, victim[0])
    (room.folder / "items" / name(victim) / "entry.age").write_bytes(b"x")
    assert room.take_whole(withdrawn) == [], "it was believed once, and is not doubted again"


def test_a_withdrawal_of_an_item_whose_record_is_damaged_is_said_and_not_believed(
    room: Room, panel: Panel
) -> None:
    item = made(panel, LAST)
    little = logged(panel, item)
    room.take_whole(little)
    (room.folder / "items" / name(item) / "entry.age").write_bytes(b"x")
    taken = Withdrawn.fresh(NOW, item[0].envelope, PREIMAGE)
    (report,) = room.take_whole(replace(little, items=(), events=(taken,)))
    assert (report.item, report.alarm) == (name(item), True)
    with room.case() as case:
        assert standing_of(case).withdrawn == frozenset()


def test_whoever_imports_is_told_of_a_false_withdrawal_and_of_what_the_site_erased(
    desk: Desk, panel: Panel
) -> None:
    victim = made(panel, LONG_AGO)
    little = old_log(panel, victim)
    first = desk("import", desk.written(little.to_bytes()), "--roots", desk.roots)
    assert (first[0], "erased" in first[1]) == (0, False)
    forged = Withdrawn.fresh(NOW, victim[0].envelope, bytes(32))
    lie = replace(erased(little, victim), events=(forged,))
    code, out, err = desk("import", desk.written(lie.to_bytes()))
    assert code == 1
    assert out.startswith(f"{name(victim)}  does not fit its opening: called withdrawn, and not by")
    assert "of 1 entries the site has erased what they stand for\n" in out
    assert "0 objects - 0 decoys = 0 items\n" in out
    assert "1 of 1 could not be opened or were refused" in err
    assert "withdrawn" not in desk("list")[1]


def alarms(pair: Pair, number: int) -> str:
    return "; ".join(one.what for one in pair.sync(number) if one.alarm)


def test_a_false_withdrawal_that_one_copy_could_not_check_destroys_nothing_in_the_other(
    room: Room, panel: Panel, tmp_path: Path
) -> None:
    """Who never had the item believes whoever says so; who has it asks its opening, as at an import."""
    victim, other = made(panel, LONG_AGO), made(panel, LONG_AGO)
    little = old_log(panel, victim, other)
    room.take_whole(erased(little, victim))
    pair = Pair(panel, room.folder, tmp_path)
    pair.sync(1)
    pair.sync(2)
    second = Room(panel, pair.second, panel.identities[1:2])
    second.take_whole(little)
    forged = Withdrawn.fresh(NOW, victim[0].envelope, bytes(32))
    lie = replace(erased(little, victim), events=(forged,))
    room.take_whole(lie)
    assert not alarms(pair, 1)
    assert "calls it withdrawn" in alarms(pair, 2)
    assert "not taken" in alarms(pair, 1)
    with pair.case(2) as case:
        with pytest.raises(ConsentError, match="withdrew"):
            check_may_leave(case, victim[0])
        assert standing_of(case).proved == frozenset()
    assert second.take() == [], "a bundle that says nothing of it destroys nothing"
    (report,) = [one for one in second.take_whole(lie) if one.alarm]
    assert "not by its author" in report.why
    with pair.case(2) as case:
        assert case.original(case.id_of(victim[0].envelope))[1]
        check_may_leave(case, victim[0])
    assert "calls it withdrawn" in alarms(pair, 2), "the other copy says so still"
    true = Withdrawn.fresh(NOW, victim[0].envelope, PREIMAGE)
    second.take_whole(replace(erased(little, victim), events=(true,)))
    with pair.case(2) as case:
        assert case.entry(case.id_of(victim[0].envelope)).verdict is Verdict.WITHDRAWN
        assert standing_of(case).told == frozenset()


# Decoys


def test_a_decoy_is_confirmed_only_once_it_is_logged_and_not_where_it_was_withdrawn(
    room: Room, panel: Panel
) -> None:
    one, two, soon = (made(panel, epoch, Kind.DECOY) for epoch in (LAST, LAST, NOW))
    little = replace(logged(panel, one, two), unlogged=(soon,))
    reports = room.take_whole(little)
    assert [report.verdict for report in reports] == [Verdict.DECOY] * 3
    with room.case(writing=True) as case:
        assert held_by(case).envelopes == {one[0].envelope, two[0].envelope}
        taken = Withdrawn.fresh(NOW, two[0].envelope, PREIMAGE)
        # This import is cut off before it knows its decoys.
        with replace(little, items=(one,), events=(taken,)).bundle() as bundle:
            assert keep_checked(case, bundle, unchecked(bundle.contents)) == []
        assert (NOW.previous, two[0].envelope) in standing_of(case).decoys
        assert held_by(case).envelopes == {one[0].envelope}


def test_decoys_before_a_week_are_left_out_with_its_items(room: Room, panel: Panel) -> None:
    """A flood of them would fill every statement otherwise."""
    old, new = (made(panel, epoch, Kind.DECOY) for epoch in (weeks(-2), LAST))
    item = made(panel, LAST)
    room.take_whole(logged(panel, old, new, item))
    with room.case() as case:
        assert held_by(case).weeks == {
            old[0].envelope: weeks(-2),
            new[0].envelope: LAST,
            item[0].envelope: LAST,
        }
        assert held_by(case, LAST).weeks.keys() == {new[0].envelope, item[0].envelope}
        assert held_by(case, NOW).weeks == {}

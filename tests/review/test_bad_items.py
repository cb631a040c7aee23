"""What a reviewer can rely on when an object in a bundle is not what it should be."""

from collections.abc import Callable

import pytest

from intake.errors import MalformedError
from intake.review.record import Verdict
from tests.panel import Panel
from tests.review.bad_items import BAD, flipped
from tests.review.workroom import (
    MARKER,
    Room,
    Sealed,
    sealed_item,
)


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

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.epoch import Epoch
from intake.errors import MalformedError


@given(st.dates(dt.date(1970, 1, 5), dt.date(9999, 12, 26)))
def test_every_day_lies_in_the_week_that_its_epoch_names(day: dt.date) -> None:
    epoch = Epoch.of(day)
    assert epoch.monday <= day < epoch.monday + dt.timedelta(days=7)
    assert Epoch.parse(str(epoch)) == epoch
    assert epoch.number == (day - dt.date(1970, 1, 5)).days // 7


def test_epochs_are_ordered_by_time_across_a_year_with_53_weeks() -> None:
    assert Epoch.parse("2026-W53") < Epoch.parse("2027-W01")
    assert Epoch.parse("2027-W01").number == Epoch.parse("2026-W53").number + 1
    assert Epoch.of(dt.date(2027, 1, 3)) == Epoch(2026, 53)
    assert Epoch.of(dt.date(1970, 1, 5)).number == 0


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026-W00", "2025-W53", "2026-W54", "2026-w47", "2026W47", "2026-W7", " 2026-W47"),
        *("2026-W47\n", "26-W47", "٢٠٢٦-W47", "1970-W01", "0000-W01", "2026-W4٧"),
        "9999-W52",
    ],
)
def test_an_epoch_has_one_spelling(text: str) -> None:
    with pytest.raises(MalformedError):
        Epoch.parse(text)


@given(st.dates(dt.date(1970, 1, 12), dt.date(2200, 1, 1)))
def test_weeks_follow_one_another_and_end_where_the_next_begins(day: dt.date) -> None:
    epoch = Epoch.of(day)
    assert epoch.next.previous == epoch.previous.next == epoch
    assert epoch.previous < epoch < epoch.next
    assert (epoch.previous.number, epoch.next.number) == (epoch.number - 1, epoch.number + 1)
    assert epoch.end == dt.datetime.combine(epoch.next.monday, dt.time(), dt.UTC)


def test_before_the_first_week_there_is_none() -> None:
    with pytest.raises(MalformedError):
        _ = Epoch.parse("1970-W02").previous


def test_the_last_week_has_an_end_and_no_week_after_it() -> None:
    last = Epoch.parse("9999-W51")
    assert last.end == dt.datetime(9999, 12, 27, tzinfo=dt.UTC)
    with pytest.raises(MalformedError):
        _ = last.next

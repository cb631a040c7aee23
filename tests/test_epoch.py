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
    ],
)
def test_an_epoch_has_one_spelling(text: str) -> None:
    with pytest.raises(MalformedError):
        Epoch.parse(text)

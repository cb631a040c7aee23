"""No day ends while the tests run."""

import datetime as dt

import pytest

from tests.one_day import RUN, left_to_wait


@pytest.mark.parametrize(
    "day", [dt.date(2026, 11, 30), dt.date(2026, 12, 1), dt.date(2027, 1, 1), dt.date(2028, 2, 29)]
)
def test_a_run_that_would_see_a_day_end_begins_after_it(day: dt.date) -> None:
    """Around the new year too; at all other times it begins at once."""
    end = dt.datetime.combine(day, dt.time(), dt.UTC)
    second, nothing = dt.timedelta(seconds=1), dt.timedelta()
    for before in (second, RUN / 2, RUN - second):
        assert end - before + left_to_wait(end - before) > end
    for moment in (end - RUN, end, end + second, end + dt.timedelta(hours=12)):
        assert left_to_wait(moment) == nothing

"""How long somebody read: minutes with a sign, of this day alone, sealed to nobody else."""

import datetime as dt
from pathlib import Path

import pytest

from intake.age import decrypt_bytes
from intake.errors import IntakeError, MalformedError
from intake.review.reading_time import BREAK, Day, ReadingTime, is_reading_time
from intake.review.syncing import sync
from tests.review.workroom import Room, sealed_item

MORNING = dt.datetime(2026, 3, 29, 9, 0)  # noqa: DTZ001 - a local day, as the reviewer lives it


class Watch:
    """A local clock that goes where a test wants it."""

    now = MORNING

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.mark.parametrize(
    ("minutes", "read"),
    [([], 0), ([5], 1), ([5, 5], 1), ([5, 6], 2), ([5, 10], 6), ([5, 11], 2), ([10, 5], 2)],
)
def test_minutes_between_two_signs_count_where_they_are_near(minutes: list[int], read: int) -> None:
    day = Day(MORNING.date())
    for minute in minutes:
        day = day.with_sign(minute)
    assert day.read == read


def test_a_break_is_proposed_at_four_hours_and_each_hour_after() -> None:
    def day(read: int, asked: int = 0) -> Day:
        return Day(MORNING.date(), frozenset(range(read)), asked)

    assert BREAK == 240
    assert not day(239).wants_break
    assert day(240).wants_break
    assert not day(299, 240).wants_break
    assert day(300, 240).wants_break


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"day": "2026-03-29", "minutes": [1440], "asked": 0},
        {"day": "2026-03-29", "minutes": [-1], "asked": 0},
        {"day": "2026-03-29", "minutes": [2, 1], "asked": 0},
        {"day": "2026-03-29", "minutes": [1, 1], "asked": 0},
        {"day": "x", "minutes": [], "asked": 0},
        {"day": "2026-03-29", "minutes": [], "asked": -1},
        {"day": "2026-03-29", "minutes": [], "asked": 0, "more": 1},
    ],
)
def test_a_day_of_another_shape_is_refused(value: object) -> None:
    with pytest.raises(MalformedError):
        Day.from_json(value)


def test_it_outlives_the_lock_and_not_the_day(room: Room) -> None:
    room.take(sealed_item(room.panel.roster))
    watch = Watch()
    with room.case(writing=True) as case:
        time = ReadingTime(case, watch)
        for minute in range(3):
            watch.now = MORNING + dt.timedelta(minutes=minute)
            time.sign()
        time.go_on()
        assert ReadingTime(case, watch).today == Day(MORNING.date(), frozenset({540, 541, 542}), 3)
        watch.now = MORNING + dt.timedelta(days=1)
        assert time.today.read == 0
        assert ReadingTime(case, watch).today.read == 0
        (case.folder / "reading-r1.age").write_bytes(b"x")
        assert ReadingTime(case, watch).today.read == 0


def test_nobody_else_can_read_it_and_it_goes_on_no_stick(room: Room, tmp_path: Path) -> None:
    room.take(sealed_item(room.panel.roster))
    stick = tmp_path / "stick"
    stick.mkdir()
    with room.case(writing=True) as case:
        ReadingTime(case, Watch()).sign()
        list(sync(case, stick))
    sealed = (room.folder / "reading-r1.age").read_bytes()
    with pytest.raises(IntakeError):
        decrypt_bytes(sealed, room.panel.identities[1:])
    assert decrypt_bytes(sealed, room.panel.identities[:1])
    assert list(stick.rglob("entry.age"))
    assert not [path for path in stick.rglob("*") if is_reading_time(path.name)]

"""Epochs: ISO weeks in UTC, the only time that anything on the server carries."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Self

from intake.errors import MalformedError

_TEXT = re.compile(r"([0-9]{4})-W([0-9]{2})", re.ASCII)
_FIRST_MONDAY = dt.date(1970, 1, 5)
_LAST_MONDAY = dt.date(9999, 12, 20)  # the last whose week has an end that a date can name


@dataclass(frozen=True, order=True)
class Epoch:
    """One ISO week, as `2026-W47`; ordered by time. No week is before 1970-W02 or after 9999-W51."""

    year: int
    week: int

    def __post_init__(self) -> None:
        try:
            monday = dt.date.fromisocalendar(self.year, self.week, 1)
        except ValueError as error:
            raise MalformedError("no such week") from error
        if not _FIRST_MONDAY <= monday <= _LAST_MONDAY:
            raise MalformedError("no such week")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2026-W47`; the inverse of `str`."""
        match = _TEXT.fullmatch(text)
        if match is None:
            raise MalformedError("an epoch is written like 2026-W47")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: dt.date) -> Self:
        """The epoch that holds this day."""
        year, week, _ = day.isocalendar()
        return cls(year, week)

    @classmethod
    def now(cls) -> Self:
        """The epoch of this machine's clock, in UTC."""
        return cls.of(dt.datetime.now(dt.UTC).date())

    @property
    def monday(self) -> dt.date:
        """The first day."""
        return dt.date.fromisocalendar(self.year, self.week, 1)

    @property
    def number(self) -> int:
        """Weeks since Monday 1970-01-05."""
        return (self.monday - _FIRST_MONDAY).days // 7

    @property
    def end(self) -> dt.datetime:
        """The first moment after it, in UTC."""
        return dt.datetime.combine(self.monday + dt.timedelta(weeks=1), dt.time(), dt.UTC)

    @property
    def next(self) -> Self:
        """The week after."""
        return type(self).of(self.monday + dt.timedelta(weeks=1))

    @property
    def previous(self) -> Self:
        """The week before; `MalformedError` where there is none."""
        return type(self).of(self.monday - dt.timedelta(weeks=1))

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.week:02d}"

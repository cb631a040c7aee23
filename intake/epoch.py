"""Epochs: ISO weeks in UTC, the only time that anything on the server carries."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Self

from intake.errors import MalformedError

_TEXT = re.compile(r"([0-9]{4})-W([0-9]{2})", re.ASCII)
_FIRST_MONDAY = dt.date(1970, 1, 5)


@dataclass(frozen=True, order=True)
class Epoch:
    """One ISO week, as `2026-W47`; ordered by time. Weeks before 1970-W02 do not exist here."""

    year: int
    week: int

    def __post_init__(self) -> None:
        try:
            monday = dt.date.fromisocalendar(self.year, self.week, 1)
        except ValueError as error:
            raise MalformedError("no such week") from error
        if monday < _FIRST_MONDAY:
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

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.week:02d}"

"""How long a reviewer read today, and when a break is proposed: for that reviewer, and nobody else.

It is about somebody's health: sealed to this one reviewer, in no ledger and on no stick, and of one day alone.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Self

from intake import shape
from intake.age import decrypt_bytes, encrypt_bytes
from intake.errors import IntakeError, MalformedError
from intake.review.case import Case
from intake.review.folder import write
from intake.review.record import pack, unpack

BREAK: Final = 4 * 60  # minutes of reading in a day after which a break is proposed
AGAIN: Final = 60  # minutes after which it is proposed once more
GAP: Final = 5  # minutes without a sign that still count as read between two signs
_DAY: Final = 24 * 60
_FILE: Final = re.compile(r"reading-[a-z0-9][a-z0-9-]{0,31}\.age", re.ASCII)


@dataclass(frozen=True)
class Day:
    """The minutes of one local day in which a text was before somebody, from 0 to 1439.

    `asked` is how many there were when a break was last proposed and the reviewer went on.
    """

    day: dt.date
    minutes: frozenset[int] = frozenset()
    asked: int = 0

    def __post_init__(self) -> None:
        if not all(0 <= minute < _DAY for minute in self.minutes) or not 0 <= self.asked <= _DAY:
            raise MalformedError("a day has 1,440 minutes")

    @property
    def read(self) -> int:
        """Minutes."""
        return len(self.minutes)

    @property
    def wants_break(self) -> bool:
        """Whether it is time to propose one."""
        return self.read >= (self.asked + AGAIN if self.asked else BREAK)

    def with_sign(self, minute: int) -> Self:
        """Somebody read in this minute, and in those since the last sign if that was just before."""
        last = max((one for one in self.minutes if one <= minute), default=minute)
        since = last if minute - last <= GAP else minute
        return replace(self, minutes=self.minutes | frozenset(range(since, minute + 1)))

    def to_json(self) -> dict[str, object]:
        """The value that is sealed."""
        return {"day": str(self.day), "minutes": sorted(self.minutes), "asked": self.asked}

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` gave; raises `MalformedError`."""
        row = shape.mapping(value)
        try:
            day = dt.date.fromisoformat(shape.text(row["day"]))
            minutes = frozenset(map(shape.integer, shape.rows(row["minutes"])))
            made = cls(day, minutes, shape.integer(row["asked"]))
        except (KeyError, ValueError):
            raise MalformedError("a day of reading has another shape") from None
        if made.to_json() != value:
            raise MalformedError("a day of reading has another shape")
        return made


class ReadingTime:
    """The reading time of whoever has a case open; `now` gives the local time, the system's but in tests."""

    def __init__(self, case: Case, now: Callable[[], dt.datetime] = dt.datetime.now) -> None:
        self._case, self._now = case, now
        self._path = case.folder / f"reading-{case.by}.age"
        self._day = self._kept()

    @property
    def today(self) -> Day:
        """What was read today; of the day before nothing is known any more."""
        date = self._now().date()
        if self._day.day != date:
            self._day = Day(date)
        return self._day

    def sign(self) -> None:
        """Somebody reads a text now."""
        now = self._now()
        self._keep(self.today.with_sign(now.hour * 60 + now.minute))

    def go_on(self) -> None:
        """A break was proposed, and the reviewer goes on."""
        self._keep(replace(self.today, asked=self.today.read))

    def _keep(self, day: Day) -> None:
        if day != self._day:
            self._day = day
            mine = [
                one.recipient for one in self._case.roster.reviewers if one.name == self._case.by
            ]
            write(self._path, encrypt_bytes(pack(day.to_json()), mine))

    def _kept(self) -> Day:
        try:
            return Day.from_json(
                unpack(decrypt_bytes(self._path.read_bytes(), self._case.identities))
            )
        except (FileNotFoundError, IntakeError):
            # A damaged file must keep nobody from their work: the day is counted anew.
            return Day(self._now().date())


def is_reading_time(name: str) -> bool:
    """Whether a file of a case is of somebody's reading time: such a one is on no stick."""
    return _FILE.fullmatch(name) is not None

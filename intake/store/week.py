"""Counts the bytes that came in this epoch, in one row; of single objects it knows nothing.

Two workers may disagree about the epoch for a moment around midnight, so what comes under the epoch
just before the row's is counted with it. A row of any other epoch is over, and begins anew.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, insert, or_, select, update

from intake.epoch import Epoch
from intake.errors import FullError
from intake.store import tables
from intake.store.connecting import Ready

_WEEK = tables.week.c


@dataclass(frozen=True)
class Allowance:
    """An object is kept in `epoch` while fewer than `below` bytes came in it before."""

    epoch: Epoch
    below: int


_now = bindparam("now", type_=_WEEK.epoch.type)
_same = _WEEK.epoch.in_([_now, _now + 1])  # see the module's docstring
_before = case((_same, _WEEK.bytes), else_=0)
_epoch = case((_same, _WEEK.epoch), else_=_now)

_BEGIN = Ready(insert(tables.week).values(epoch=0, bytes=0, told=0))
_COUNT = Ready(
    update(tables.week)
    .values(
        epoch=_epoch,
        bytes=_before + bindparam("size"),
        told=case((_same, _WEEK.told), else_=0),
    )
    .where(_before < bindparam("below"))
    .returning(_WEEK.bytes)
)
_GIVE_BACK = Ready(update(tables.week).values(bytes=_WEEK.bytes - bindparam("size")).where(_same))
_TELL = Ready(
    update(tables.week)
    .values(epoch=_epoch, bytes=_before, told=bindparam("step"))
    .where(or_(_WEEK.told < bindparam("step"), ~_same))
)
_TAKEN = Ready(select(_WEEK.bytes).where(_same))


def begin(connection: Connection) -> None:
    """Put the row there, once in a store's life."""
    _BEGIN.run(connection)


class Counting:
    """The count of one object: `taken` is its epoch's sum, once it was counted."""

    count = _COUNT
    give_back = _GIVE_BACK

    def __init__(self, size: int, allowance: Allowance) -> None:
        self.values = {"now": allowance.epoch.number, "size": size, "below": allowance.below}
        self.is_counted = False
        self.taken = 0

    def take(self, row: Row[Any] | tuple[Any, ...] | None) -> None:
        """Take what `count` gave: nothing where the epoch has its bytes already."""
        if row is not None:
            self.is_counted, self.taken = True, int(row[0])

    def check(self) -> None:
        """Raise `FullError` unless it was counted."""
        if not self.is_counted:
            raise FullError("the room of this week is used up", "try again later")


def taken(connection: Connection, epoch: Epoch) -> int:
    """How many bytes came in this epoch."""
    found = _TAKEN.run(connection, now=epoch.number).first()
    return int(found[0]) if found else 0


def tell(connection: Connection, epoch: Epoch, step: int) -> bool:
    """Whether nobody was told of this step in this epoch before; from now on somebody was."""
    return _TELL.run(connection, now=epoch.number, step=step).rowcount == 1

"""Which weeks are closed, and whether something can still come: looked at in each writer's transaction."""

from sqlalchemy import ColumnElement, Connection, insert, select

from intake.epoch import Epoch
from intake.errors import StoreError
from intake.store import standstill, tables
from intake.store.connecting import Ready


class EpochClosedError(StoreError):
    """Something comes for an epoch that is over; `open` is the one that it can still come for."""

    def __init__(self, open_epoch: Epoch) -> None:
        super().__init__("this week is closed already", f"it comes in {open_epoch} now")
        self.open = open_epoch


def begin(connection: Connection, since: Epoch | None) -> None:
    """Put the row of `closing` there, once in a store's life; `since` is the first epoch."""
    closed = "" if since is None else str(since.previous)
    connection.execute(insert(tables.closing).values(closed=closed, settled=closed))


def check_open(connection: Connection, epoch: Epoch) -> None:
    """Raise `EpochClosedError` where an epoch is closed, as its transaction sees it."""
    _check_later(epoch, _CLOSED.run(connection).scalar_one())


def _check_later(epoch: Epoch, closed: str) -> None:
    if str(epoch) <= closed:  # a year and a week of fixed length: as texts they are in order
        raise EpochClosedError(Epoch.parse(closed).next)


def check_takes(connection: Connection, epoch: Epoch) -> None:
    """Raise where nothing is taken for an epoch: the store stands still, or the epoch is closed."""
    row = _TAKES.run(connection).one()
    standstill.refuse(row.why)
    _check_later(epoch, row.closed)


def first_open(connection: Connection, today: Epoch) -> Epoch:
    """The epoch in which an event of today is logged: this one, or the next that is not closed."""
    closed: str = _CLOSED.run(connection).scalar_one()
    return max(today, Epoch.parse(closed).next) if closed else today


def newest(connection: Connection, column: ColumnElement[str]) -> Epoch | None:
    """The epoch in one of the columns of `closing`, where there is one."""
    text = connection.execute(select(column)).scalar_one()
    return Epoch.parse(text) if text else None


_CLOSED = Ready(select(tables.closing.c.closed))
_TAKES = Ready(select(tables.closing.c.closed, standstill.WHY.label("why")))

"""The log's entries and their openings, in the database: what its files are made from.

A file can be lost and made again; what is not here was never logged.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Engine, bindparam, func, insert, select, update

from intake.epoch import Epoch
from intake.errors import StoreError
from intake.opening import Opening
from intake.store import tables
from intake.store.connecting import Ready, telling
from intake.store.settling import written_anew

_BLOCK = 4096  # rows read at a time
_PUBLIC = b"P"  # with which a public entry begins


@dataclass(frozen=True)
class Leaf:
    """An entry of the log, and the opening of a blinded one."""

    entry: bytes
    opening: bytes | None = field(default=None, repr=False)


class EpochClosedError(StoreError):
    """Something comes for an epoch that is over; `open` is the one that it can still come for."""

    def __init__(self, open_epoch: Epoch) -> None:
        super().__init__("this week is closed already", f"it comes in {open_epoch} now")
        self.open = open_epoch


class Leaves:
    """The log of one store. Who writes to it holds the log's lock (intake/log/folder.py)."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self._path = path

    def count(self) -> int:
        """How many entries there are."""
        with telling(), self._engine.connect() as connection:
            return _count(connection)

    def entries(self, begin: int = 0) -> Iterator[bytes]:
        """Every entry from number `begin` on, in order."""
        return (leaf.entry for leaf in self.leaves(begin))

    def leaves(self, begin: int = 0) -> Iterator[Leaf]:
        """Every entry from `begin` on, with its opening; None where it has none, or it was erased."""
        entry, opening = tables.entry.c, tables.opening.c
        joined = tables.entry.outerjoin(tables.opening, entry.number == opening.number)
        query = (
            select(entry.content, opening.content)
            .select_from(joined)
            .where(entry.number.between(bindparam("first"), bindparam("last")))
            .order_by(entry.number)
        )
        while True:
            values = {"first": begin, "last": begin + _BLOCK - 1}
            with telling(), self._engine.connect() as connection:
                rows = connection.execute(query, values).all()
            yield from (Leaf(*row) for row in rows)
            if len(rows) < _BLOCK:
                return
            begin += _BLOCK

    def public(self) -> list[bytes]:
        """Every public entry, in order."""
        content = tables.entry.c.content
        query = (
            select(content)
            .where(func.substr(content, 1, 1) == _PUBLIC)
            .order_by(tables.entry.c.number)
        )
        with telling(), self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def append_public(self, entries: Sequence[bytes]) -> None:
        """Add public entries; durable on return."""
        with telling(), self._engine.begin() as connection:
            _append(connection, [Leaf(entry) for entry in entries])

    def closed(self) -> Epoch | None:
        """The newest epoch that is closed."""
        with telling(), self._engine.connect() as connection:
            return _epoch(connection, tables.closing.c.closed)

    def settled(self) -> Epoch | None:
        """The newest epoch after whose close the database was written anew."""
        with telling(), self._engine.connect() as connection:
            return _epoch(connection, tables.closing.c.settled)

    def waiting(self) -> list[bytes]:
        """The openings that are in no closed epoch, sorted."""
        with telling(), self._engine.connect() as connection:
            return sorted(opening for _, opening in _waiting(connection))

    def close(self, epoch: Epoch, arrange: Callable[[list[bytes]], Sequence[Leaf]]) -> None:
        """Close an epoch in one transaction: after it nothing can come for the epoch, or is lost.

        `arrange` is given the openings of all that came, and gives the entries to append, among
        them one for each of these. Raises `StoreError` where the epoch is closed already.
        """
        with telling(), self._engine.connect() as connection:
            # Alone from the first look on: what is kept meanwhile waits, and then sees the close.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            check_open(connection, epoch)
            ids = {
                opening: row
                for row, opening in _waiting(connection)
                if Opening.parse(opening).epoch <= epoch
            }
            first = _count(connection)
            leaves = arrange(sorted(ids))
            _append(connection, leaves)
            logged = [
                {"row": ids.pop(leaf.opening), "number": number}
                for number, leaf in enumerate(leaves, first)
                if leaf.opening in ids
            ]
            if ids:
                raise ValueError("an opening that came in the epoch has no entry")
            if logged:
                connection.execute(_LOGGED, logged)
            connection.execute(update(tables.closing).values(closed=str(epoch)))
            connection.commit()

    def settle(self) -> None:
        """Write the database anew, so that it tells no order of arrival (settling.py).

        Nothing else may write meanwhile; a server that tries waits, 15 seconds at most.
        """
        epoch = self.closed()
        if epoch is None or epoch == self.settled():
            return
        # Our own connections would keep the log of changes from being emptied.
        self._engine.dispose()
        written_anew(self._path, epoch)


def begin(connection: Connection, since: Epoch | None) -> None:
    """Put the row of `closing` there, once in a store's life; `since` is the first epoch."""
    closed = "" if since is None else str(Epoch.of(since.monday - _WEEK))
    connection.execute(insert(tables.closing).values(closed=closed, settled=closed))


def check_open(connection: Connection, epoch: Epoch) -> None:
    """Raise `EpochClosedError` where an epoch is closed, as its transaction sees it."""
    closed: str = _CLOSED.run(connection).scalar_one()
    if str(epoch) <= closed:  # a year and a week of fixed length: as texts they are in order
        raise EpochClosedError(following(Epoch.parse(closed)))


def following(epoch: Epoch) -> Epoch:
    """The next epoch."""
    return Epoch.of(epoch.monday + _WEEK)


_WEEK = dt.timedelta(weeks=1)
_CLOSED = Ready(select(tables.closing.c.closed))
_LOGGED = (
    update(tables.submission)
    .where(tables.submission.c.id == bindparam("row"))
    .values(leaf=bindparam("number"))
)


def _epoch(connection: Connection, column: ColumnElement[str]) -> Epoch | None:
    text = connection.execute(select(column)).scalar_one()
    return Epoch.parse(text) if text else None


def _count(connection: Connection) -> int:
    newest = connection.execute(select(func.max(tables.entry.c.number))).scalar_one()
    return 0 if newest is None else int(newest) + 1


def _waiting(connection: Connection) -> Iterator[tuple[bytes, bytes]]:
    submission = tables.submission.c
    query = select(submission.id, submission.opening).where(submission.leaf.is_(None))
    return ((row.id, row.opening) for row in connection.execute(query))


def _append(connection: Connection, leaves: Sequence[Leaf]) -> None:
    first = _count(connection)
    entries = [{"number": n, "content": leaf.entry} for n, leaf in enumerate(leaves, first)]
    openings = [
        {"number": n, "content": leaf.opening}
        for n, leaf in enumerate(leaves, first)
        if leaf.opening is not None
    ]
    for table, rows in ((tables.entry, entries), (tables.opening, openings)):
        if rows:
            connection.execute(insert(table), rows)

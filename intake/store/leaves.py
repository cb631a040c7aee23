"""The log's entries and their openings, in the database: what its files are made from.

A file can be lost and made again; what is not here was never logged.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from intake.epoch import Epoch
from intake.errors import StoreError
from intake.event import Withdrawn, parse_event
from intake.opening import Opening
from intake.store import board, standstill, tables
from intake.store.connecting import Ready, mark_of
from intake.store.database import Database

_BLOCK = 4096  # rows read at a time
_ASKED = 4096  # withdraw-commits looked up at a time
_PUBLIC = b"P"  # with which a public entry begins
_RETIRED = b"Pretired "


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

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self) -> int:
        """How many entries there are."""
        with self._database.reading() as connection:
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
            with self._database.reading() as connection:
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
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())

    def retired(self) -> bool:
        """Whether the log has ended: its last entry says so (intake/tlog/entries.py)."""
        newest = select(tables.entry.c.content).order_by(tables.entry.c.number.desc()).limit(1)
        with self._database.reading() as connection:
            last: bytes | None = connection.execute(newest).scalar()
        return last is not None and last.startswith(_RETIRED)

    def append_public(self, entries: Sequence[bytes]) -> None:
        """Add public entries; durable on return."""
        with self._database.alone() as connection:
            standstill.check_here(connection)
            _append(connection, [Leaf(entry) for entry in entries])

    def closed(self) -> Epoch | None:
        """The newest epoch that is closed."""
        with self._database.reading() as connection:
            return _epoch(connection, tables.closing.c.closed)

    def settled(self) -> Epoch | None:
        """The newest epoch after whose close the database was written anew."""
        with self._database.reading() as connection:
            return _epoch(connection, tables.closing.c.settled)

    def waiting(self) -> list[bytes]:
        """The openings of submissions that are in no closed epoch, sorted."""
        with self._database.reading() as connection:
            return sorted(opening for _, opening in _waiting(connection))

    def waiting_events(self) -> list[bytes]:
        """The openings of withdrawals and collections that are in no closed epoch, sorted."""
        with self._database.reading() as connection:
            return sorted(opening for _, opening in _waiting_events(connection))

    def close(self, epoch: Epoch, arrange: Callable[[list[bytes]], Sequence[Leaf]]) -> None:
        """Close an epoch in one transaction: after it nothing can come for the epoch, or is lost.

        `arrange` is given the openings of all that came, and gives the entries to append, among
        them one for each of these. Raises `StoreError` where the epoch is closed already. What was
        withdrawn until the epoch's end is forgotten but for its openings. The epoch's batch goes on
        the board.
        """
        with self._database.alone() as connection:
            # Alone from the first look on: what is kept meanwhile waits, and then sees the close.
            standstill.check_here(connection)
            check_open(connection, epoch)
            ids = _until(epoch, _waiting(connection))
            events = _until(epoch, _waiting_events(connection))
            first = _count(connection)
            leaves = arrange(sorted([*ids, *events]))
            numbers = {leaf.opening: number for number, leaf in enumerate(leaves, first)}
            if not numbers.keys() >= ids.keys() | events.keys():
                raise ValueError("an opening that came in the epoch has no entry")
            _append(connection, leaves)
            logged = [{"row": row, "number": numbers[opening]} for opening, row in ids.items()]
            gone = [{"row": row} for row in events.values()]
            for statement, rows in ((_LOGGED, logged), (_NO_LONGER, gone)):
                if rows:
                    connection.execute(statement, rows)
            connection.execute(_FORGET, {"epoch": str(epoch)})
            board.make_batch(connection, epoch)
            connection.execute(update(tables.closing).values(closed=str(epoch)))

    def settle(self) -> None:
        """Write the database anew, so that it tells no order of arrival (settling.py).

        That once after each close; its file times and its log of changes are seen to each time, so
        that a run makes good what the one before was ended at. Nothing else may write meanwhile; a
        server that tries waits, 15 seconds at most.
        """
        epoch = self.closed()
        if epoch is None:
            return
        self._database.settle(epoch, done=epoch == self.settled())

    def closing(self) -> AbstractContextManager[None]:
        """Be the only one, on every host, who writes to the log; `StoreError` where another is.

        Beside it goes the lock of the log's folder, for what this host's files are made from.
        """
        return self._database.closing()

    def confirm(self) -> None:
        """Return when what was read of the log lasts; only then may it be signed.

        A database with a second copy shows what the second does not have yet to those who read
        after a crash. Were that signed and then lost, there would be two logs.
        """
        self._database.confirm()


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


def logged(connection: Connection, envelope: bytes) -> bytes | None:
    """The opening in the log of the submission of this sealed object."""
    found: bytes | None = _OF_ENVELOPE.run(connection, envelope=envelope).scalar()
    return found


def committed(connection: Connection, commits: Sequence[bytes]) -> list[bytes]:
    """The openings in the log of every submission with one of these withdraw-commits, sorted."""
    found: list[bytes] = []
    for start in range(0, len(commits), _ASKED):
        some = tuple(commits[start : start + _ASKED])
        marks = ", ".join([mark_of(connection)] * len(some))
        query = f"SELECT content FROM opening WHERE withdraw IN ({marks})"  # noqa: S608 - marks
        found += connection.exec_driver_sql(query, some).scalars()
    return found


def name_openings(connection: Connection) -> None:
    """Note of every opening what it is to be found by; for a store in which that is not noted."""
    number = 0
    query = (
        select(tables.opening.c.number, tables.opening.c.content)
        .where(tables.opening.c.number >= bindparam("first"))
        .order_by(tables.opening.c.number)
        .limit(_BLOCK)
    )
    names = tables.opening.c.envelope, tables.opening.c.withdraw
    change = (
        update(tables.opening)
        .where(tables.opening.c.number == bindparam("row"))
        .values({column: bindparam(column.name) for column in names})
    )
    while rows := connection.execute(query, {"first": number}).all():
        named = [{"row": row.number} | _names(row.content) for row in rows]
        connection.execute(change, named)
        number = rows[-1].number + 1


_OF_ENVELOPE = Ready(
    select(tables.opening.c.content).where(
        tables.opening.c.envelope == bindparam("envelope"), tables.opening.c.withdraw.is_not(None)
    )
)
_CLOSED = Ready(select(tables.closing.c.closed))
_TAKES = Ready(select(tables.closing.c.closed, standstill.WHY.label("why")))
_LOGGED = (
    update(tables.submission)
    .where(tables.submission.c.id == bindparam("row"))
    .values(leaf=bindparam("number"))
)


_NO_LONGER = delete(tables.event).where(tables.event.c.id == bindparam("row"))
_FORGET = delete(tables.submission).where(tables.submission.c.withdrawn <= bindparam("epoch"))


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


def _waiting_events(connection: Connection) -> Iterator[tuple[bytes, bytes]]:
    query = select(tables.event.c.id, tables.event.c.content)
    return ((row.id, row.content) for row in connection.execute(query))


def _until(epoch: Epoch, rows: Iterator[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """The rows of those openings that are not of a later epoch."""
    return {opening: row for row, opening in rows if parse_event(opening).epoch <= epoch}


def _names(opening: bytes) -> dict[str, bytes | None]:
    """What an opening is to be found by."""
    match parse_event(opening):
        case Opening(envelope=envelope, withdraw_commit=commit):
            return {"envelope": envelope, "withdraw": commit}
        case Withdrawn(envelope=envelope):
            return {"envelope": envelope, "withdraw": None}
        case _:
            return {"envelope": None, "withdraw": None}


def _append(connection: Connection, leaves: Sequence[Leaf]) -> None:
    first = _count(connection)
    entries = [{"number": n, "content": leaf.entry} for n, leaf in enumerate(leaves, first)]
    openings = [
        {"number": n, "content": leaf.opening} | _names(leaf.opening)
        for n, leaf in enumerate(leaves, first)
        if leaf.opening is not None
    ]
    for table, rows in ((tables.entry, entries), (tables.opening, openings)):
        if rows:
            connection.execute(insert(table), rows)

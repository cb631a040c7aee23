"""The log's entries and their openings, in the database: what its files are made from.

A file can be lost and made again; what is not here was never logged.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from sqlalchemy import (
    Connection,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from intake.epoch import Epoch
from intake.event import parse_event
from intake.store import board, in_log, standstill, tables, weeks
from intake.store.database import Database

_BLOCK = 4096  # rows read at a time
_PUBLIC = b"P"  # with which a public entry begins
_RETIRED = b"Pretired "


@dataclass(frozen=True)
class Leaf:
    """An entry of the log, and the opening of a blinded one."""

    entry: bytes
    opening: bytes | None = field(default=None, repr=False)


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
            return weeks.newest(connection, tables.closing.c.closed)

    def settled(self) -> Epoch | None:
        """The newest epoch after whose close the database was written anew."""
        with self._database.reading() as connection:
            return weeks.newest(connection, tables.closing.c.settled)

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
            weeks.check_open(connection, epoch)
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


_LOGGED = (
    update(tables.submission)
    .where(tables.submission.c.id == bindparam("row"))
    .values(leaf=bindparam("number"))
)


_NO_LONGER = delete(tables.event).where(tables.event.c.id == bindparam("row"))
_FORGET = delete(tables.submission).where(tables.submission.c.withdrawn <= bindparam("epoch"))


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


def _append(connection: Connection, leaves: Sequence[Leaf]) -> None:
    first = _count(connection)
    entries = [{"number": n, "content": leaf.entry} for n, leaf in enumerate(leaves, first)]
    openings = [
        {"number": n, "content": leaf.opening} | in_log.names_of(leaf.opening)
        for n, leaf in enumerate(leaves, first)
        if leaf.opening is not None
    ]
    for table, rows in ((tables.entry, entries), (tables.opening, openings)):
        if rows:
            connection.execute(insert(table), rows)

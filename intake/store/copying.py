"""Everything of a store at one moment, for a backup; and a new store that is filled from one.

A moment is one transaction that reads: what is kept, closed or let go meanwhile is not in it. Row
keys are random and say nothing, so they are not copied: each row gets a new one.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Executable, Table, func, insert, or_, select, update

from intake.epoch import Epoch
from intake.errors import StoreError
from intake.store import in_log, tables
from intake.store.database import Database
from intake.store.leaves import Leaf
from intake.store.staging import add_piece

_AT_ONCE = 64  # rows in memory
_BLOCK = 4096  # entries in memory


@dataclass(frozen=True)
class Kept:
    """A submission's row: where its entry is, if its epoch is closed, and until when it is known.

    `withdrawn` is None while its object is here.
    """

    status: bytes
    opening: bytes = field(repr=False)
    envelope: bytes
    leaf: int | None
    withdrawn: Epoch | None


@dataclass(frozen=True)
class Counters:
    """The rows of which there is one: the week's sum, the step told of, what is closed and settled."""

    epoch: int
    bytes: int
    told: int
    closed: str
    settled: str


class Moment:
    """What a store held when it was first asked. In order of what is in the rows, not of coming."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def counters(self) -> Counters:
        """The single rows."""
        one = self._connection.execute(select(tables.week)).one()
        two = self._connection.execute(select(tables.closing)).one()
        return Counters(one.epoch, one.bytes, one.told, two.closed, two.settled)

    def is_sound(self) -> bool:
        """Whether the database finds itself whole: its pages, and its indexes against its rows.

        Of another than SQLite its own tools say that.
        """
        if self._connection.dialect.name != "sqlite":
            return True
        said: str = self._connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
        return said == "ok"

    def size(self) -> int:
        """How many entries the log has."""
        newest = self._connection.execute(select(func.max(tables.entry.c.number))).scalar_one()
        return 0 if newest is None else int(newest) + 1

    def leaves(self, begin: int, end: int) -> Iterator[Leaf]:
        """The entries numbered from `begin` to before `end`, each with its opening."""
        entry, opening = tables.entry.c, tables.opening.c
        joined = tables.entry.outerjoin(tables.opening, entry.number == opening.number)
        for first in range(begin, end, _BLOCK):
            query = (
                select(entry.content, opening.content)
                .select_from(joined)
                .where(entry.number >= first, entry.number < min(end, first + _BLOCK))
                .order_by(entry.number)
            )
            for row in self._connection.execute(query).all():
                yield Leaf(*row)

    def kept(self, begin: int) -> Iterator[tuple[Kept, Iterator[bytes]]]:
        """Submissions by their envelopes: those not among the first `begin` entries, or withdrawn.

        Each with the pieces of its object, to be read before the next one.
        """
        row = tables.submission.c
        query = (
            select(
                *(row.status, row.opening, row.envelope, row.leaf, row.withdrawn, row.upload),
                tables.opening.c.content.label("logged"),
            )
            .outerjoin_from(tables.submission, tables.opening, row.leaf == tables.opening.c.number)
            .where(or_(row.leaf.is_(None), row.leaf >= begin, row.withdrawn.is_not(None)))
            .order_by(row.envelope)
        )
        for found in self._rows(query):
            withdrawn = None if found.withdrawn is None else Epoch.parse(found.withdrawn)
            kept = Kept(found.status, found.opening, found.envelope, found.leaf, withdrawn)
            if kept.leaf is not None and found.logged not in {kept.opening, None}:
                raise StoreError("a submission's entry in the log is another one's")
            yield kept, self._pieces(found.upload)

    def here(self, end: int) -> Iterator[int]:
        """The numbers below `end` of those entries whose sealed objects are here."""
        row = tables.submission.c
        query = select(row.leaf).where(row.leaf < end, row.withdrawn.is_(None)).order_by(row.leaf)
        return (int(found.leaf) for found in self._rows(query))

    def events(self) -> Iterator[bytes]:
        """The openings that wait and are of no submission, sorted."""
        return iter(sorted(self._connection.execute(select(tables.event.c.content)).scalars()))

    def statements(self) -> Iterator[bytes]:
        """What reviewers signed that they have, by content."""
        column = tables.statement.c.content
        return (row.content for row in self._rows(select(column).order_by(column)))

    def board(self) -> Iterator[tuple[bytes, str, bytes]]:
        """The board's rows by their hashes: hash, week (empty where it waits), row."""
        row = tables.board.c
        query = select(row.digest, row.batch, row.content).order_by(row.digest)
        return ((found.digest, found.batch, found.content) for found in self._rows(query))

    def _pieces(self, upload: bytes) -> Iterator[bytes]:
        piece = tables.piece.c
        query = select(piece.content).where(piece.upload == upload).order_by(piece.number)
        return (row.content for row in self._rows(query))

    def _rows(self, query: Executable) -> Iterator[Any]:
        options = {"yield_per": _AT_ONCE}
        return iter(self._connection.execute(query, execution_options=options))


class Filling:
    """Fills a new store with the rows of a moment. What it is given was checked by its caller.

    Each call is durable on return; a store that was not filled to the end is to be thrown away.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_entries(self, first: int, entries: Sequence[bytes]) -> None:
        """Add the log's entries numbered from `first` on."""
        rows = [{"number": number, "content": entry} for number, entry in enumerate(entries, first)]
        self._add_all(tables.entry, rows)

    def add_openings(self, openings: Sequence[tuple[int, bytes]]) -> None:
        """Add what blinded entries commit to, each with its entry's number."""
        rows = [{"number": number, "content": opening} for number, opening in openings]
        self._add_all(tables.opening, rows)

    def add_piece(self, upload: bytes, number: int, content: bytes) -> None:
        """Add a piece of the object that lies under `upload`, 16 random bytes."""
        with self._database.writing() as connection:
            add_piece(connection, upload, number, content)

    def add_submission(self, kept: Kept, upload: bytes) -> None:
        """Add a submission, whose pieces lie under `upload`."""
        row = {
            "id": secrets.token_bytes(16),
            "status": kept.status,
            "envelope": kept.envelope,
            "opening": kept.opening,
            "upload": upload,
            "leaf": kept.leaf,
            "withdrawn": None if kept.withdrawn is None else str(kept.withdrawn),
        }
        self._add_all(tables.submission, [row])

    def add_event(self, opening: bytes) -> None:
        """Add what waits and is no submission."""
        self._add_all(tables.event, [{"id": secrets.token_bytes(16), "content": opening}])

    def add_statement(self, note: bytes) -> None:
        """Add what reviewers signed that they have."""
        row = {"id": secrets.token_bytes(16), "digest": sha256(note).digest(), "content": note}
        self._add_all(tables.statement, [row])

    def add_to_board(self, batch: str, content: bytes) -> None:
        """Add a row of the board, or one that waits where `batch` is empty."""
        row = {"id": secrets.randbits(63), "batch": batch, "content": content}
        self._add_all(tables.board, [row | {"digest": sha256(content).digest()}])

    def set_counters(self, counters: Counters) -> None:
        """Set the single rows."""
        rows = asdict(counters)
        closing = {name: rows.pop(name) for name in ("closed", "settled")}
        with self._database.writing() as connection:
            connection.execute(update(tables.week).values(rows))
            connection.execute(update(tables.closing).values(closing))

    def finish(self) -> None:
        """Note of every opening what it is to be found by; the last call."""
        with self._database.writing() as connection:
            in_log.name_openings(connection)

    def _add_all(self, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
        if rows:
            with self._database.writing() as connection:
                connection.execute(insert(table), rows)

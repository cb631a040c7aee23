"""The board's rows, and those that wait for it (docs/format.md 21).

Replies and decoys lie here alike: of a row on the board nothing is kept but the week with which it
came there. Only while it waits it is known for a reply, for decoys are made when the week closes.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

from sqlalchemy import ClauseElement, Connection, bindparam, delete, func, select, update
from sqlalchemy.dialects import sqlite

from intake.board import BATCHES, STEP, decoy
from intake.epoch import Epoch
from intake.reply import ROW
from intake.store import standstill, tables
from intake.store.connecting import Ready
from intake.store.database import Database

_AT_ONCE = (
    96  # rows that one transaction delivers, about a MB: whoever sends meanwhile waits for it
)
_WAITS = ""  # instead of a week


@dataclass(frozen=True)
class Delivered:
    """How many rows were new, and how many were on the board, or waited for it, already."""

    new: int
    known: int


class Board:
    """The board of one store. Whoever closes a week makes its batch (leaves.py)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def deliver(self, rows: Iterable[bytes]) -> Delivered:
        """Let rows of `ROW` bytes wait for the next batch; durable on return.

        What is here already is not taken twice. A crash leaves some of them: deliver all again.
        """
        new = count = 0
        source = iter(rows)
        while some := list(islice(source, _AT_ONCE)):
            if any(len(row) != ROW for row in some):
                raise ValueError(f"a row has {ROW} bytes")
            with self._database.writing() as connection:
                standstill.check_here(connection)
                new += sum(_add(connection, row) for row in some)
            count += len(some)
        self._database.confirm()  # what was here already, too
        return Delivered(new, count - new)

    def waiting(self) -> int:
        """How many rows wait for the next batch."""
        with self._database.reading() as connection:
            return _waiting(connection)

    def rows(self) -> list[bytes]:
        """All that is on the board, sorted: 10,891 bytes each, decoys among them."""
        with self._database.reading() as connection:
            return sorted(_ON_BOARD.run(connection).scalars())


def make_batch(connection: Connection, epoch: Epoch) -> None:
    """Put on the board what waits, with decoys, as the batch of an epoch that is being closed.

    Called once for each epoch, in the transaction that closes it: so it has one batch, whatever
    happens. The batch that has been there for nine further ones leaves.
    """
    waiting = _waiting(connection)
    for _ in range(max(STEP, -(-waiting // STEP) * STEP) - waiting):
        _add(connection, decoy())
    _PUT_UP.run(connection, epoch=str(epoch))
    leaving = _BATCHES.run(connection).scalars().all()[BATCHES:]
    for batch in leaving:
        _TAKE_DOWN.run(connection, epoch=batch)


def _add(connection: Connection, row: bytes) -> int:
    """1 where it is new, else 0."""
    return _ADD.run(
        connection,
        id=secrets.randbits(63),
        batch=_WAITS,
        digest=sha256(row).digest(),
        content=row,
    ).rowcount


def _waiting(connection: Connection) -> int:
    count: int = _COUNT.run(connection).scalar_one()
    return count


_ROWS = tables.board.c


def _add_in_postgresql() -> ClauseElement:
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(tables.board).on_conflict_do_nothing(index_elements=["digest"])


_ADD = Ready(
    sqlite.insert(tables.board).on_conflict_do_nothing(index_elements=["digest"]),
    _add_in_postgresql,
)
_COUNT = Ready(select(func.count()).select_from(tables.board).where(_ROWS.batch == _WAITS))
_ON_BOARD = Ready(select(_ROWS.content).where(_ROWS.batch != _WAITS))
_BATCHES = Ready(
    select(_ROWS.batch).where(_ROWS.batch != _WAITS).distinct().order_by(_ROWS.batch.desc())
)
_PUT_UP = Ready(update(tables.board).where(_ROWS.batch == _WAITS).values(batch=bindparam("epoch")))
_TAKE_DOWN = Ready(delete(tables.board).where(_ROWS.batch == bindparam("epoch")))

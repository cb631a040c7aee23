"""How a sealed object comes into the store: whole, or piece by piece; never twice."""

import secrets

from sqlalchemy import ClauseElement, Connection, delete, insert
from sqlalchemy.exc import IntegrityError

from intake.store import in_log, tables, weeks
from intake.store.connecting import Ready
from intake.store.database import Database, Writer
from intake.store.week import Allowance, Counting

PIECE = 1 << 20  # bytes, the most that one row or one transaction holds of a sealed object


class KnownError(Exception):
    """A submission of this status or envelope is kept, or was; it ends the transaction."""


class Staging:
    """One upload that is under way. Each piece is a transaction of its own."""

    def __init__(self, database: Database, writer: Writer, upload: bytes) -> None:
        self._database = database
        self._writer = writer
        self._upload = upload
        self._pieces = 0
        self._size = 0
        self._kept = False

    def add(self, content: bytes) -> None:
        """Write the next piece, at most `PIECE` bytes."""
        if len(content) > PIECE:
            raise ValueError("a piece is at most 1 MiB")
        with self._writer.writing() as connection:
            add_piece(connection, self._upload, self._pieces, content)
        self._pieces += 1
        self._size += len(content)

    def keep(
        self, status: bytes, envelope: bytes, opening: bytes, allowance: Allowance
    ) -> int | None:
        """Make the pieces a submission, durable on return; gives and raises what `Store.keep` does."""
        counting = Counting(self._size, allowance)
        try:
            with self._writer.counted(counting) as connection:
                add_submission(connection, status, envelope, opening, self._upload)
                weeks.check_takes(connection, allowance.epoch)
        except KnownError:
            return None
        self._kept = True
        return counting.taken

    def discard_unless_kept(self) -> None:
        """Remove the pieces of an upload that did not become a submission."""
        if self._kept or not self._pieces:
            return
        with self._writer.writing() as connection:
            connection.execute(delete(tables.piece).where(tables.piece.c.upload == self._upload))
            self._database.note_traces(connection)


def _add_in_postgresql() -> ClauseElement:
    # It would write the row that is there already, and the time, into its log of errors.
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(tables.submission).on_conflict_do_nothing()


_ADD_PIECE = Ready(insert(tables.piece))
_ADD_SUBMISSION = Ready(insert(tables.submission), _add_in_postgresql)


def add_piece(connection: Connection, upload: bytes, number: int, content: bytes) -> None:
    """Write one piece of an upload."""
    _ADD_PIECE.run(
        connection, id=secrets.randbits(63), upload=upload, number=number, content=content
    )


def add_submission(
    connection: Connection, status: bytes, envelope: bytes, opening: bytes, upload: bytes
) -> None:
    """Write a submission's row; raises `KnownError` where that must not be.

    An envelope that is in the log stays known when its object is gone: it must not stand in the log
    twice, or the reviewers' check would stop at it.
    """
    try:
        added = _ADD_SUBMISSION.run(
            connection,
            id=secrets.token_bytes(16),
            status=status,
            envelope=envelope,
            opening=opening,
            upload=upload,
        )
    except IntegrityError:
        # The status and the envelope are the only unique columns that do not come from 128 fresh
        # random bits.
        raise KnownError from None
    if not added.rowcount:
        raise KnownError
    # The row is written first: whoever reads first may not write any more after another has.
    if in_log.logged(connection, envelope) is not None:
        raise KnownError

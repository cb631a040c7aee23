"""Keeping sealed submissions and letting go of them, on SQLAlchemy Core."""

import secrets
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Self

from sqlalchemy import Connection, delete, select

from intake.epoch import Epoch
from intake.errors import StoreError
from intake.store import letting_go, standstill, tables, versions, week, weeks
from intake.store.board import Board
from intake.store.copying import Filling, Moment
from intake.store.database import Database
from intake.store.leaves import Leaves
from intake.store.places import Place, at, made_at
from intake.store.showing import Showing
from intake.store.staging import KnownError, Staging, add_piece, add_submission
from intake.store.standstill import Standstill
from intake.store.week import Allowance, Counting


class Store(Showing):
    """One deployment's submissions. Safe to use from several processes and threads at once."""

    def __init__(self, database: Database, deployment: str) -> None:
        super().__init__(database)
        self._engine = database.engine
        self.deployment = deployment
        self.leaves = Leaves(database)
        self.board = Board(database)

    @classmethod
    def create(cls, place: Place, deployment: str, since: Epoch | None = None) -> Self:
        """Make an empty store; raises `StoreError` where something stands at `place`.

        `since` is the first epoch that its log will close; else that follows from what comes.
        """
        database = made_at(place)
        with database.writing() as connection:
            tables.metadata.create_all(connection)
            database.keep_to_themselves(connection)
            versions.begin(connection, deployment)
            week.begin(connection)
            weeks.begin(connection, since)
        return cls(database, deployment)

    @classmethod
    def open(cls, place: Place) -> Self:
        """Open a store; raises `StoreError` where it is missing, damaged or of a newer version.

        One of an older version is brought to this one first.
        """
        database = at(place)
        with database.reading() as connection:
            rows = versions.noted(connection)
        if versions.is_older(rows):
            with database.alone() as connection:
                versions.bring_up(connection)
                database.keep_to_themselves(connection)
                rows = versions.noted(connection)
        if rows.get("version") != str(tables.VERSION) or "deployment" not in rows:
            database.engine.dispose()
            raise StoreError(
                f"the store has version {rows.get('version', 'none')}, not {tables.VERSION}",
                "use the version of intake that wrote it, or a newer one",
            )
        return cls(database, rows["deployment"])

    def forget_connections(self) -> None:
        """After a fork: leave the parent's connections to the parent."""
        self._engine.dispose(close=False)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def keep(
        self, status: bytes, envelope: bytes, opening: bytes, sealed: bytes, allowance: Allowance
    ) -> int | None:
        """Keep an object of at most `PIECE` bytes, in one transaction; durable on return.

        Gives the bytes that came in its epoch, with it; None where this status or envelope is kept
        already, or this envelope is in the log: the first one stays, and is counted once. Raises `FullError` where the allowance
        is used up, `EpochClosedError` where its epoch is closed.
        """
        upload, counting = secrets.token_bytes(16), Counting(len(sealed), allowance)
        try:
            with self._database.counted(counting) as connection:
                add_submission(connection, status, envelope, opening, upload)
                weeks.check_takes(connection, allowance.epoch)
                add_piece(connection, upload, 0, sealed)
        except KnownError:
            return None
        return counting.taken

    def withdraw(self, preimages: Sequence[bytes], today: Epoch) -> int:
        """Destroy what its author takes back, and queue `withdrawn` events; durable on return.

        `preimages` are secrets of 32 bytes, all that may be the author's: whoever shows the one to
        which an opening commits is its author. Gives how many submissions they open, now or before
        withdrawn; where that is none, nobody had to wait. All or none of them are gone. What the
        log of changes still has of the objects is gone with the next withdrawal, release or close
        where a reader is in the way for 15 seconds.
        """
        with self._database.reading() as connection:
            opened = letting_go.opened_by(connection, preimages)
        if not opened:
            return 0
        with self._alone() as connection:
            standstill.check_open(connection)
            count = letting_go.withdraw(connection, opened, today)
            self._database.note_traces(connection)
        self._database.confirm()  # what was gone already, too
        self._empty_changes()
        return count

    def release(
        self,
        envelopes: Sequence[bytes],
        statement: bytes,
        by: Sequence[str],
        today: Epoch,
        *,
        again: bool = False,
    ) -> int:
        """Destroy these objects, keep the statement, and queue a `collected` event; durable.

        All in one transaction, and only of what is logged. `statement` is what reviewers, `by`,
        signed: who calls has checked that. Gives how many objects were still here; where none was,
        nothing is changed. Raises `StoreError` where the log does not have one of them, or where
        more than half of them, and more than 100, are gone already. With `again` the statement is
        kept and logged all the same, unless this very one was before.
        """
        with self._alone() as connection:
            standstill.check_here(connection)
            count = letting_go.release(connection, envelopes, statement, by, today, again=again)
            if count:
                self._database.note_traces(connection)
        self._database.confirm()
        if not self._empty_changes(now=True):
            raise StoreError(
                "the objects are gone, but the store is in use and may still have traces of them",
                "run the same command again",
            )
        return count

    @contextmanager
    def moment(self) -> Generator[Moment]:
        """All that is here now, while it is in use, until the block ends (copying.py).

        What is let go meanwhile stays in the log of changes for as long, and is emptied from it then.
        """
        with self._database.at_one_moment() as connection:
            yield Moment(connection)
        self._empty_changes()

    def filling(self) -> Filling:
        """The way to put a moment's rows into a store that was just made."""
        return Filling(self._database)

    def _alone(self) -> AbstractContextManager[Connection]:
        return self._database.alone()

    def _empty_changes(self, *, now: bool = False) -> bool:
        return self._database.forget_overwritten(now=now)

    def waiting_events(self) -> list[bytes]:
        """The openings of withdrawals and collections that are in no closed epoch, sorted."""
        return self.leaves.waiting_events()

    def stand_still(self, why: Standstill) -> None:
        """From now on no host of this store takes anything; durable on return.

        Whatever was acknowledged before is in the store. Raises `StoreError` where the site went to
        another machine already.
        """
        with self._alone() as connection:
            standstill.begin(connection, why)

    def go_on(self, why: Standstill) -> bool:
        """Take that back, where it was for this reason, and say whether it was; durable on return."""
        with self._alone() as connection:
            stood = standstill.found(connection) is why
            standstill.end(connection, why)
            return stood

    def tell(self, epoch: Epoch, step: int) -> bool:
        """Whether the operator is still to be told of this step of the epoch's budget.

        It is true once for each, whichever process asks; a lower step is not told after a higher.
        """
        with self._database.writing() as connection:
            return week.tell(connection, epoch, step)

    @contextmanager
    def stage(self) -> Generator[Staging]:
        """A place for a larger object, piece by piece; all is removed unless it was kept."""
        upload = secrets.token_bytes(16)
        with self._database.uploading(upload) as writer:
            staging = Staging(self._database, writer, upload)
            try:
                yield staging
            finally:
                staging.discard_unless_kept()

    def sweep(self) -> int:
        """Remove pieces that no submission names; returns how many uploads these were.

        Only for a server's start. Where several hosts have one store, what another one has under
        way stays.
        """
        orphans = (
            ~select(tables.submission.c.upload)
            .where(tables.submission.c.upload == tables.piece.c.upload)
            .exists()
        )
        query = select(tables.piece.c.upload).distinct().where(orphans)
        with self._database.writing() as connection:
            uploads = connection.execute(query).scalars().all()
            dead = [one for one in uploads if self._database.is_dead(connection, one)]
            for upload in dead:
                # Each by its index: to look at every row takes a server that has a million half a
                # minute. Between the look and the lock it may have ended well.
                gone = tables.piece.c.upload == upload
                connection.execute(delete(tables.piece).where(gone, orphans))
                self._database.note_traces(connection)
        return len(dead)

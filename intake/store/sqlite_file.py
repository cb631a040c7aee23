"""A store in one SQLite file: for one machine."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Connection, Engine

from intake.epoch import Epoch
from intake.errors import StoreError
from intake.store.connecting import telling
from intake.store.database import Database, Writer
from intake.store.settling import left_at, written_anew
from intake.store.week import Counting


class SqliteFile(Database):
    """The file at `path`, opened as `engine`."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self.engine = engine
        self._path = path

    @contextmanager
    def at_one_moment(self) -> Generator[Connection]:
        """SQLite's driver begins nothing for a question: each would see another moment."""
        with telling(), self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()

    @contextmanager
    def writing(self) -> Generator[Connection]:
        """Another that writes is waited for, 15 seconds at most."""
        with telling(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def counted(self, counting: Counting) -> Generator[Connection]:
        """In one transaction: beside it there is no other anyhow."""
        with self.writing() as connection:
            yield connection
            counting.take(counting.count.run(connection, **counting.values).first())
            counting.check()

    @contextmanager
    def alone(self) -> Generator[Connection]:
        """From the first look on, and not from the first row that is written."""
        with telling(), self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    def keep_to_themselves(self, connection: Connection) -> None:
        """Nothing but the tables has values of theirs: SQLite gathers no statistics by itself."""

    def note_traces(self, connection: Connection) -> None:
        """SQLite writes over what is deleted."""

    @contextmanager
    def uploading(self, upload: bytes) -> Generator[Writer]:
        """Nothing is noted: a site's only server looks for dead ones before it takes any."""
        del upload
        yield self

    def is_dead(self, connection: Connection, upload: bytes) -> bool:
        """All are, at the start."""
        del connection, upload
        return True

    def closing(self) -> nullcontext[None]:
        """The lock of the log's folder is enough: the file is on the same machine."""
        return nullcontext()

    def confirm(self) -> None:
        """What can be read is on the disk."""

    def forget_overwritten(self, *, now: bool) -> bool:
        """Empty SQLite's log of changes, which is quick: at once, always."""
        del now
        with telling(), self.engine.connect() as connection:
            busy: int = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
        return busy == 0

    def settle(self, epoch: Epoch, *, done: bool) -> None:
        """Write the file anew, once for an epoch, and see to its times."""
        # Our own connections would keep the log of changes from being emptied.
        self.engine.dispose()
        if not done:
            written_anew(self._path, epoch)
        left_at(self._path, epoch)

    def size(self) -> int:
        """Of the file, without what its log of changes has."""
        return self._path.stat().st_size

    def free(self) -> int:
        """The free bytes of its disk."""
        try:
            return shutil.disk_usage(self._path.parent).free
        except OSError:
            raise StoreError(
                "the store's disk cannot be asked", "look whether it is there"
            ) from None

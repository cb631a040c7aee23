"""A store on a PostgreSQL server: for several hosts, and for copies that take over.

Who writes holds a lock that all writers share; who closes a week, lets go of something or rewrites
the tables holds it alone. Locks are the server's advisory ones: they end with their connection.
"""

import mmap
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Any, Final, cast

import psycopg
from sqlalchemy import Connection, Engine, create_engine, delete, inspect, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from intake.epoch import Epoch
from intake.errors import StoreError
from intake.store import postgres_tables, tables
from intake.store.connecting import Ready, telling
from intake.store.database import Database, Writer
from intake.store.postgres_session import Servers, Session
from intake.store.week import Counting

_OURS: Final = 0x696E746B  # "intk": beside the locks of others in one database
_WRITERS: Final = f"{_OURS}, 1"
_CLOSERS: Final = f"{_OURS}, 2"
_CLOSERS_PATIENCE: Final = 600_000  # a large store takes minutes to write anew
_SIZE_HOLDS: Final = 5.0  # seconds: the server looks at each of the database's files
_TRACES: Final = "traces"  # in `meta`: something was deleted and the tables were not written anew


class Postgres(Database):
    """The database of a libpq URL, which may name several hosts and `target_session_attrs`."""

    def __init__(self, url: str, room: int) -> None:
        self.engine: Engine = create_engine(
            "postgresql+psycopg://",
            creator=Servers(url).session,
            hide_parameters=True,
            pool_pre_ping=True,  # a server that took over does not know the old one's sessions
            max_overflow=-1,
        )
        self._room = room
        self._size = _Said()
        self._asking = threading.Lock()

    @classmethod
    def with_store(cls, url: str, room: int) -> "Postgres":
        """The database at `url`; `StoreError` where no store is in it."""
        made = cls(url, room)
        if not made._has_tables():
            made.engine.dispose()
            raise StoreError("there is no store in this database", "make a site with `intake init`")
        return made

    @classmethod
    def empty(cls, url: str, room: int) -> "Postgres":
        """The database at `url`; `StoreError` where a store is in it already."""
        made = cls(url, room)
        if made._has_tables():
            made.engine.dispose()
            raise StoreError("there is a store already in this database")
        return made

    def _has_tables(self) -> bool:
        with self.reading() as connection:
            return inspect(connection).has_table(tables.meta.name)

    @contextmanager
    def at_one_moment(self) -> Generator[Connection]:
        """One snapshot for all of the transaction."""
        with telling(), self.engine.connect() as connection:
            connection.exec_driver_sql(
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY, NOT DEFERRABLE"
            )
            yield connection
            connection.rollback()

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """Each look on its own: a transaction that is left open would hold up who rewrites a table."""
        with telling(), self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def writing(self) -> Generator[Connection]:
        """Beside others that write, and after one that is alone."""
        with telling(), self.engine.connect() as session, _Writer(session).writing() as connection:
            yield connection

    @contextmanager
    def counted(self, counting: Counting) -> Generator[Connection]:
        """Counted before, in a transaction of its own."""
        with telling(), self.engine.connect() as session, _Writer(session).counted(counting) as one:
            yield one

    @contextmanager
    def alone(self) -> Generator[Connection]:
        """When all that write have ended; those who come later wait."""
        whole = f"pg_advisory_xact_lock({_WRITERS})"
        with telling(), self.engine.connect() as connection, _transaction(connection, whole):
            # To arrange a large week takes a while in which the server is asked nothing.
            connection.exec_driver_sql(
                f"SET LOCAL idle_in_transaction_session_timeout = {_CLOSERS_PATIENCE}"
            )
            yield connection

    def keep_to_themselves(self, connection: Connection) -> None:
        """Let no statistics have their values."""
        postgres_tables.keep_to_themselves(connection)

    @contextmanager
    def uploading(self, upload: bytes) -> Generator[Writer]:
        """One session for all of an upload, with a lock that tells other hosts that it lives."""
        with telling(), self.engine.connect() as session:
            session.exec_driver_sql(f"SELECT pg_advisory_lock({_key(upload)})")
            session.commit()
            try:
                yield _Writer(session)
            finally:
                # Where the session is lost, so is its lock.
                with suppress(DBAPIError):
                    session.exec_driver_sql(f"SELECT pg_advisory_unlock({_key(upload)})")
                    session.commit()

    def is_dead(self, connection: Connection, upload: bytes) -> bool:
        """Whether nobody holds the upload's lock; it is ours until the transaction ends."""
        found = connection.exec_driver_sql(f"SELECT pg_try_advisory_xact_lock({_key(upload)})")
        return bool(found.scalar_one())

    @contextmanager
    def closing(self) -> Generator[None]:
        """Wait for another host's close, ten minutes at most."""
        with telling(), self.engine.connect() as session:
            session.exec_driver_sql(f"SET lock_timeout = {_CLOSERS_PATIENCE}")
            session.exec_driver_sql(f"SELECT pg_advisory_lock({_CLOSERS})")
            session.commit()
            try:
                yield
            finally:
                # The session goes with the lock, and with its patience.
                session.invalidate()

    def confirm(self) -> None:
        """Write a word that no table holds, and wait until it lasts: so does all before it.

        After a crash, or where a wait was cut short, a server shows what its copy lacks.
        """
        with telling(), self.engine.connect() as connection:
            connection.exec_driver_sql("SELECT pg_logical_emit_message(true, '', '')")
            connection.commit()

    def note_traces(self, connection: Connection) -> None:
        """A server never writes over what was deleted: not before its tables are written anew."""
        row = {"key": _TRACES, "value": ""}
        connection.execute(insert(tables.meta).values(row).on_conflict_do_nothing())

    def forget_overwritten(self, *, now: bool) -> bool:
        """Write the tables anew. Whoever withdraws cannot wait for that, nor may they do it often."""
        if now and self._has_traces():
            try:
                self._rewrite(None)
            except StoreError:
                return False
        return True

    def settle(self, epoch: Epoch, *, done: bool) -> None:
        """Write the tables anew once for an epoch, and where something was deleted since."""
        if not done or self._has_traces():
            self._rewrite(epoch)

    def _rewrite(self, epoch: Epoch | None) -> None:
        with self.alone() as connection:
            postgres_tables.rewrite(connection)
            self.note_traces(connection)
            if epoch is not None:
                connection.execute(update(tables.closing).values(settled=str(epoch)))
        with telling(), self.engine.connect() as connection:
            postgres_tables.drop_old_changes(connection)
        # Last: where a crash ends it before, it is all done again.
        with self.writing() as connection:
            connection.execute(delete(tables.meta).where(tables.meta.c.key == _TRACES))

    def _has_traces(self) -> bool:
        with self.reading() as connection:
            query = select(tables.meta.c.value).where(tables.meta.c.key == _TRACES)
            return connection.execute(query).first() is not None

    def size(self) -> int:
        """Of all its files."""
        with self.reading() as connection:
            query = "SELECT pg_database_size(current_database())"
            return int(connection.exec_driver_sql(query).scalar_one())

    def free(self) -> int:
        """What the operator gave less what is there: a server does not say how full its disk is."""
        with self._asking:
            size = self._size.lately()
            if size is None:
                size = self.size()
                self._size.say(size)
            return max(0, self._room - size)


class _Said:
    """A number that holds for some seconds, for this process and all that are forked from it.

    Who keeps a text was forked a moment before: each would ask for itself.
    """

    def __init__(self) -> None:
        self._numbers = memoryview(mmap.mmap(-1, 16)).cast("d")  # when it was said, and what

    def lately(self) -> int | None:
        """What was said, unless it is too long ago or is just being said anew."""
        when, what = self._numbers
        held = 0.0 < when == self._numbers[0] and time.monotonic() - when <= _SIZE_HOLDS
        return int(what) if held else None

    def say(self, what: int) -> None:
        """Say it; half said it does not hold."""
        self._numbers[0] = 0.0
        self._numbers[1] = float(what)
        self._numbers[0] = time.monotonic()


class _Writer(Writer):
    """Transactions of one session."""

    def __init__(self, session: Connection) -> None:
        self._session = session

    @contextmanager
    def writing(self) -> Generator[Connection]:
        """Beside others that write, and after one that is alone."""
        shared = f"pg_advisory_xact_lock_shared({_WRITERS})"
        with telling(), _transaction(self._session, shared):
            yield self._session

    @contextmanager
    def counted(self, counting: Counting) -> Generator[Connection]:
        """Counted before, so that nobody waits for the week's row while this one lasts.

        What lasts of it in a crash is a count in vain, at the worst, and never an object that was
        not counted. It is given back where the block ends by an error; where the commit does, it
        is not known whether the object is there.
        """
        counting.take(self._say(counting.count, counting))
        in_vain = counting.is_counted
        try:
            with self.writing() as connection:
                yield connection  # also where it is full: what is kept already is said to be
                counting.check()
                in_vain = False
        except BaseException:
            if in_vain:
                with suppress(StoreError):
                    self._say(counting.give_back, counting)
            raise

    def _say(self, statement: Ready, counting: Counting) -> tuple[Any, ...] | None:
        sql, values = statement.said(self._session, counting.values)
        with telling(), _as_ours(self._session):
            return _session_of(self._session).ahead(sql.encode(), values)


@contextmanager
def _transaction(connection: Connection, lock: str) -> Generator[None]:
    with connection.begin():
        with _as_ours(connection):
            _session_of(connection).begin(f"SELECT {lock}".encode())
        yield


def _session_of(connection: Connection) -> Session:
    return cast("Session", connection.connection.dbapi_connection)


@contextmanager
def _as_ours(connection: Connection) -> Generator[None]:
    """Raise the driver's errors as SQLAlchemy does, with no value in their text."""
    try:
        yield
    except psycopg.Error as error:
        lost = _session_of(connection).closed
        if lost:
            connection.invalidate()
        raise DBAPIError.instance(
            None, None, error, psycopg.Error, hide_parameters=True, connection_invalidated=lost
        ) from None


def _key(upload: bytes) -> int:
    return int.from_bytes(upload[:8], signed=True)

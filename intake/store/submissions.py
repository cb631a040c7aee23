"""Keeping and giving back sealed submissions, on SQLAlchemy Core."""

import os
import secrets
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, Connection, Engine, create_engine, delete, event, func, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import ConnectionPoolEntry

from intake.errors import StoreError
from intake.store import tables

PIECE = 1 << 20  # bytes, the most that one row or one transaction holds of a sealed object


@dataclass(frozen=True)
class Stored:
    """One submission as it was taken: the eight lines of its opening, and its sealed object."""

    opening: bytes
    sealed: bytes = field(repr=False)


class Store:
    """One deployment's submissions. Safe to use from several processes and threads at once."""

    def __init__(self, engine: Engine, deployment: str) -> None:
        self._engine = engine
        self.deployment = deployment

    @classmethod
    def create(cls, path: Path, deployment: str) -> Self:
        """Make an empty store; raises `StoreError` where something stands at `path`."""
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            raise StoreError(f"there is a store already: {path.name}") from None
        engine = _engine(path)
        with _telling(), engine.begin() as connection:
            tables.metadata.create_all(connection)
            rows = {"version": str(tables.VERSION), "deployment": deployment}
            for key, value in rows.items():
                connection.execute(insert(tables.meta).values(key=key, value=value))
        return cls(engine, deployment)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a store; raises `StoreError` where it is missing, damaged or of a newer version."""
        if not path.is_file():
            raise StoreError(f"there is no store: {path.name}", "make a site with `intake init`")
        engine = _engine(path)
        with _telling(), engine.connect() as connection:
            rows = {row.key: row.value for row in connection.execute(select(tables.meta))}
        if rows.get("version") != str(tables.VERSION) or "deployment" not in rows:
            raise StoreError(
                f"the store has version {rows.get('version', 'none')}, not {tables.VERSION}",
                "use the version of intake that wrote it, or a newer one",
            )
        return cls(engine, rows["deployment"])

    def forget_connections(self) -> None:
        """After a fork: leave the parent's connections to the parent."""
        self._engine.dispose(close=False)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def keep(self, status: bytes, envelope: bytes, opening: bytes, sealed: bytes) -> bool:
        """Keep an object of at most `PIECE` bytes, in one transaction; durable on return.

        Returns False where this status or envelope is kept already: the first one stays.
        """
        upload = secrets.token_bytes(16)
        with _telling():
            try:
                with self._engine.begin() as connection:
                    _add_piece(connection, upload, 0, sealed)
                    _add_submission(connection, status, envelope, opening, upload)
            except IntegrityError:
                # The status and the envelope are the only unique columns that do not come from
                # 128 fresh random bits.
                return False
        return True

    @contextmanager
    def stage(self) -> Generator["Staging"]:
        """A place for a larger object, piece by piece; all is removed unless it was kept."""
        staging = Staging(self._engine)
        try:
            yield staging
        finally:
            staging.discard_unless_kept()

    def sweep(self) -> int:
        """Remove pieces that no submission names; returns how many uploads these were.

        Only for the start, when no upload can be under way.
        """
        orphans = (
            ~select(tables.submission.c.upload)
            .where(tables.submission.c.upload == tables.piece.c.upload)
            .exists()
        )
        with _telling(), self._engine.begin() as connection:
            count = select(func.count(tables.piece.c.upload.distinct())).where(orphans)
            found = connection.execute(count).scalar_one()
            connection.execute(delete(tables.piece).where(orphans))
        return found

    def count(self) -> int:
        """How many submissions are kept."""
        with _telling(), self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(_KEPT)).scalar_one()

    def openings(self) -> list[bytes]:
        """Every kept opening, sorted: in an order that tells nothing."""
        with _telling(), self._engine.connect() as connection:
            return sorted(connection.execute(select(_KEPT.c.opening)).scalars())

    def sizes(self) -> dict[bytes, int]:
        """The length of the sealed object of each opening."""
        length = func.sum(func.length(tables.piece.c.content))
        query = (
            select(_KEPT.c.opening, length)
            .join(tables.piece, tables.piece.c.upload == _KEPT.c.upload)
            .group_by(_KEPT.c.id)
        )
        with _telling(), self._engine.connect() as connection:
            return {opening: int(size) for opening, size in connection.execute(query)}

    def sealed(self, opening: bytes) -> bytes:
        """The sealed object of an opening; raises `StoreError` where it is not kept."""
        query = (
            select(tables.piece.c.content)
            .join(_KEPT, tables.piece.c.upload == _KEPT.c.upload)
            .where(_KEPT.c.opening == opening)
            .order_by(tables.piece.c.number)
        )
        with _telling(), self._engine.connect() as connection:
            pieces = list(connection.execute(query).scalars())
        if not pieces:
            raise StoreError("the store does not keep such a submission")
        return b"".join(pieces)

    def __iter__(self) -> Iterator[Stored]:
        """Every submission, in the order of `openings`."""
        for opening in self.openings():
            yield Stored(opening, self.sealed(opening))


_KEPT = tables.submission


class Staging:
    """One upload that is under way. Each piece is a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._upload = secrets.token_bytes(16)
        self._pieces = 0
        self._kept = False

    def add(self, content: bytes) -> None:
        """Write the next piece, at most `PIECE` bytes."""
        if len(content) > PIECE:
            raise ValueError("a piece is at most 1 MiB")
        with _telling(), self._engine.begin() as connection:
            _add_piece(connection, self._upload, self._pieces, content)
        self._pieces += 1

    def keep(self, status: bytes, envelope: bytes, opening: bytes) -> bool:
        """Make the pieces a submission, durable on return; False where it is kept already."""
        with _telling():
            try:
                with self._engine.begin() as connection:
                    _add_submission(connection, status, envelope, opening, self._upload)
            except IntegrityError:
                return False
        self._kept = True
        return True

    def discard_unless_kept(self) -> None:
        """Remove the pieces of an upload that did not become a submission."""
        if self._kept or not self._pieces:
            return
        with _telling(), self._engine.begin() as connection:
            connection.execute(delete(tables.piece).where(tables.piece.c.upload == self._upload))


def _add_piece(connection: Connection, upload: bytes, number: int, content: bytes) -> None:
    connection.execute(
        insert(tables.piece).values(
            id=secrets.randbits(63), upload=upload, number=number, content=content
        )
    )


def _add_submission(
    connection: Connection, status: bytes, envelope: bytes, opening: bytes, upload: bytes
) -> None:
    connection.execute(
        insert(tables.submission).values(
            id=secrets.token_bytes(16),
            status=status,
            envelope=envelope,
            opening=opening,
            upload=upload,
        )
    )


def _engine(path: Path) -> Engine:
    # Parameters are rows of ciphertext and openings: they never stand in an error's text.
    engine = create_engine(
        # In a URL's text a path with `?` or `%` would name another file, or none.
        URL.create("sqlite", database=str(path)),
        hide_parameters=True,
        connect_args={"timeout": 15.0},
        max_overflow=-1,  # as many connections as threads: nobody is turned away for want of one
    )
    event.listen(engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # acknowledged means durable
        "secure_delete = ON",
        "temp_store = MEMORY",
        "trusted_schema = OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def _telling() -> Generator[None]:
    """Turn the database's errors into ours, which say nothing of what was being written."""
    try:
        yield
    except DBAPIError as error:
        raise StoreError(*_phrase(error.orig)) from None


def _phrase(cause: Any) -> tuple[str, str]:
    name = getattr(cause, "sqlite_errorname", "")
    if name.startswith("SQLITE_FULL"):
        return "the store is full", "free some space on its disk"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "the store is busy", "try again"
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return "the store is damaged, or is no store", "restore it from a backup"
    return f"the store cannot be used ({name or 'unknown error'})", "look at its disk and its owner"

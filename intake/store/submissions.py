"""Keeping and giving back sealed submissions, on SQLAlchemy Core."""

import os
import secrets
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine, delete, func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from intake.epoch import Epoch
from intake.errors import StoreError
from intake.store import leaves, tables, versions, week
from intake.store.connecting import Ready, connected, telling
from intake.store.leaves import Leaves
from intake.store.week import Allowance

PIECE = 1 << 20  # bytes, the most that one row or one transaction holds of a sealed object


@dataclass(frozen=True)
class Stored:
    """One submission as it was taken: the eight lines of its opening, and its sealed object."""

    opening: bytes
    sealed: bytes = field(repr=False)


class Store:
    """One deployment's submissions. Safe to use from several processes and threads at once."""

    def __init__(self, engine: Engine, path: Path, deployment: str) -> None:
        self._engine = engine
        self._path = path
        self.deployment = deployment
        self.leaves = Leaves(engine, path)

    @classmethod
    def create(cls, path: Path, deployment: str, since: Epoch | None = None) -> Self:
        """Make an empty store; raises `StoreError` where something stands at `path`.

        `since` is the first epoch that its log will close; else that follows from what comes.
        """
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            raise StoreError(f"there is a store already: {path.name}") from None
        engine = connected(path)
        with telling(), engine.begin() as connection:
            tables.metadata.create_all(connection)
            rows = {"version": str(tables.VERSION), "deployment": deployment}
            for key, value in rows.items():
                connection.execute(insert(tables.meta).values(key=key, value=value))
            week.begin(connection)
            leaves.begin(connection, since)
        return cls(engine, path, deployment)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a store; raises `StoreError` where it is missing, damaged or of a newer version.

        One of an older version is brought to this one first.
        """
        if not path.is_file():
            raise StoreError(f"there is no store: {path.name}", "make a site with `intake init`")
        engine = connected(path)
        with telling(), engine.connect() as connection:
            rows = versions.brought_up(connection)
        if rows.get("version") != str(tables.VERSION) or "deployment" not in rows:
            raise StoreError(
                f"the store has version {rows.get('version', 'none')}, not {tables.VERSION}",
                "use the version of intake that wrote it, or a newer one",
            )
        return cls(engine, path, rows["deployment"])

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
        already: the first one stays, and is counted once. Raises `FullError` where the allowance
        is used up, `EpochClosedError` where its epoch is closed.
        """
        upload = secrets.token_bytes(16)
        with telling():
            try:
                with self._engine.begin() as connection:
                    _add_submission(connection, status, envelope, opening, upload)
                    leaves.check_open(connection, allowance.epoch)
                    _add_piece(connection, upload, 0, sealed)
                    return week.count(connection, len(sealed), allowance)
            except IntegrityError:
                # The status and the envelope are the only unique columns that do not come from
                # 128 fresh random bits.
                return None

    def knows(self, status: bytes, envelope: bytes) -> bool:
        """Whether something is kept under this status or envelope."""
        query = select(func.count()).where(
            or_(_KEPT.c.status == status, _KEPT.c.envelope == envelope)
        )
        with telling(), self._engine.connect() as connection:
            return connection.execute(query).scalar_one() > 0

    def kept(self, status: bytes, envelope: bytes) -> bytes | None:
        """The opening that is kept under this status, or else under this envelope."""
        query = (
            select(_KEPT.c.opening)
            .where(or_(_KEPT.c.status == status, _KEPT.c.envelope == envelope))
            .order_by(_KEPT.c.status != status)
        )
        with telling(), self._engine.connect() as connection:
            return connection.execute(query).scalars().first()

    def taken(self, epoch: Epoch) -> int:
        """How many bytes of sealed objects came in this epoch."""
        with telling(), self._engine.connect() as connection:
            return week.taken(connection, epoch)

    def tell(self, epoch: Epoch, step: int) -> bool:
        """Whether the operator is still to be told of this step of the epoch's budget.

        It is true once for each, whichever process asks; a lower step is not told after a higher.
        """
        with telling(), self._engine.begin() as connection:
            return week.tell(connection, epoch, step)

    def free(self) -> int:
        """The bytes that are free on its disk; raises `StoreError` where the disk is gone."""
        try:
            return shutil.disk_usage(self._path.parent).free
        except OSError:
            raise StoreError(
                "the store's disk cannot be asked", "look whether it is there"
            ) from None

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
        with telling(), self._engine.begin() as connection:
            count = select(func.count(tables.piece.c.upload.distinct())).where(orphans)
            found = connection.execute(count).scalar_one()
            connection.execute(delete(tables.piece).where(orphans))
        return found

    def count(self) -> int:
        """How many submissions are kept."""
        with telling(), self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(_KEPT)).scalar_one()

    def openings(self) -> list[bytes]:
        """Every kept opening, sorted: in an order that tells nothing."""
        with telling(), self._engine.connect() as connection:
            return sorted(connection.execute(select(_KEPT.c.opening)).scalars())

    def sizes(self) -> dict[bytes, int]:
        """The length of the sealed object of each opening."""
        length = func.sum(func.length(tables.piece.c.content))
        query = (
            select(_KEPT.c.opening, length)
            .join(tables.piece, tables.piece.c.upload == _KEPT.c.upload)
            .group_by(_KEPT.c.id)
        )
        with telling(), self._engine.connect() as connection:
            return {opening: int(size) for opening, size in connection.execute(query)}

    def sealed(self, opening: bytes) -> bytes:
        """The sealed object of an opening; raises `StoreError` where it is not kept."""
        query = (
            select(tables.piece.c.content)
            .join(_KEPT, tables.piece.c.upload == _KEPT.c.upload)
            .where(_KEPT.c.opening == opening)
            .order_by(tables.piece.c.number)
        )
        with telling(), self._engine.connect() as connection:
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
        self._size = 0
        self._kept = False

    def add(self, content: bytes) -> None:
        """Write the next piece, at most `PIECE` bytes."""
        if len(content) > PIECE:
            raise ValueError("a piece is at most 1 MiB")
        with telling(), self._engine.begin() as connection:
            _add_piece(connection, self._upload, self._pieces, content)
        self._pieces += 1
        self._size += len(content)

    def keep(
        self, status: bytes, envelope: bytes, opening: bytes, allowance: Allowance
    ) -> int | None:
        """Make the pieces a submission, durable on return; gives and raises what `Store.keep` does."""
        with telling():
            try:
                with self._engine.begin() as connection:
                    _add_submission(connection, status, envelope, opening, self._upload)
                    leaves.check_open(connection, allowance.epoch)
                    taken = week.count(connection, self._size, allowance)
            except IntegrityError:
                return None
        self._kept = True
        return taken

    def discard_unless_kept(self) -> None:
        """Remove the pieces of an upload that did not become a submission."""
        if self._kept or not self._pieces:
            return
        with telling(), self._engine.begin() as connection:
            connection.execute(delete(tables.piece).where(tables.piece.c.upload == self._upload))


_ADD_PIECE = Ready(insert(tables.piece))
_ADD_SUBMISSION = Ready(insert(tables.submission))


def _add_piece(connection: Connection, upload: bytes, number: int, content: bytes) -> None:
    _ADD_PIECE.run(
        connection, id=secrets.randbits(63), upload=upload, number=number, content=content
    )


def _add_submission(
    connection: Connection, status: bytes, envelope: bytes, opening: bytes, upload: bytes
) -> None:
    _ADD_SUBMISSION.run(
        connection,
        id=secrets.token_bytes(16),
        status=status,
        envelope=envelope,
        opening=opening,
        upload=upload,
    )

"""What a store keeps, as it is asked: nothing here changes any of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select

from intake.epoch import Epoch
from intake.errors import StoreError
from intake.opening import Opening
from intake.store import in_log, standstill, tables, week
from intake.store.database import Database


@dataclass(frozen=True)
class Stored:
    """One submission as it was taken: the eight lines of its opening, and its sealed object."""

    opening: bytes
    sealed: bytes = field(repr=False)


class Showing:
    """The questions that a store answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def knows(self, status: bytes, envelope: bytes) -> bool:
        """Whether something is or was kept under this status or envelope, as `kept` finds it."""
        return self.kept(status, envelope) is not None

    def kept(self, status: bytes, envelope: bytes) -> bytes | None:
        """The opening that is kept under this status, or else under this envelope.

        The envelope is known for as long as the log has its opening, though the object be gone.
        """
        query = (
            select(_KEPT.c.opening)
            .where(or_(_KEPT.c.status == status, _KEPT.c.envelope == envelope))
            .order_by(_KEPT.c.status != status)
        )
        with self._database.reading() as connection:
            found = connection.execute(query).scalars().first()
            found = in_log.logged(connection, envelope) if found is None else found
        if found is not None:
            self._database.confirm()  # somebody is told that it is kept
        return found

    def count(self) -> int:
        """How many submissions are kept."""
        query = select(func.count()).select_from(_KEPT).where(_IS_HERE)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def oldest_logged(self) -> Epoch | None:
        """The oldest epoch that is logged and of which an object is still here."""
        query = select(_KEPT.c.opening).where(_IS_HERE, _KEPT.c.leaf.is_not(None))
        with self._database.reading() as connection:
            found = connection.execute(query).scalars()
            return min((Opening.parse(opening).epoch for opening in found), default=None)

    def openings(self) -> list[bytes]:
        """Every kept opening, sorted: in an order that tells nothing."""
        with self._database.reading() as connection:
            return sorted(connection.execute(select(_KEPT.c.opening).where(_IS_HERE)).scalars())

    def sizes(self) -> dict[bytes, int]:
        """The length of the sealed object of each opening."""
        length = func.sum(func.length(tables.piece.c.content))
        query = (
            select(_KEPT.c.opening, length)
            .join(tables.piece, tables.piece.c.upload == _KEPT.c.upload)
            .group_by(_KEPT.c.id)
        )
        with self._database.reading() as connection:
            return {opening: int(size) for opening, size in connection.execute(query)}

    def sealed(self, opening: bytes) -> bytes:
        """The sealed object of an opening; raises `StoreError` where it is not kept."""
        query = (
            select(tables.piece.c.content)
            .join(_KEPT, tables.piece.c.upload == _KEPT.c.upload)
            .where(_KEPT.c.opening == opening)
            .order_by(tables.piece.c.number)
        )
        with self._database.reading() as connection:
            pieces = list(connection.execute(query).scalars())
        if not pieces:
            raise StoreError("the store does not keep such a submission")
        return b"".join(pieces)

    def __iter__(self) -> Iterator[Stored]:
        """Every submission, in the order of `openings`."""
        for opening in self.openings():
            yield Stored(opening, self.sealed(opening))

    def statements(self) -> list[bytes]:
        """What reviewers signed that they have, of all that was let go, sorted."""
        with self._database.reading() as connection:
            return sorted(connection.execute(select(tables.statement.c.content)).scalars())

    def taken(self, epoch: Epoch) -> int:
        """How many bytes of sealed objects came in this epoch."""
        with self._database.reading() as connection:
            return week.taken(connection, epoch)

    def taken_if_open(self, epoch: Epoch) -> int:
        """The same, for whoever is about to let people write; raises where the store stands still."""
        with self._database.reading() as connection:
            standstill.check_open(connection)
            return week.taken(connection, epoch)

    def check_here(self) -> None:
        """Raise `StoreError` where the site went to another machine."""
        with self._database.reading() as connection:
            standstill.check_here(connection)

    def size(self) -> int:
        """The bytes that the database takes."""
        return self._database.size()

    def free(self) -> int:
        """The bytes that there is room for; raises `StoreError` where that cannot be asked."""
        return self._database.free()


_KEPT = tables.submission
_IS_HERE = _KEPT.c.withdrawn.is_(None)  # its sealed object too

"""Openings that are in the log, by what they are found by: an envelope, or a withdraw-commit."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select, update

from intake.event import Withdrawn, parse_event
from intake.opening import Opening
from intake.store import tables
from intake.store.connecting import Ready, mark_of

_BLOCK = 4096  # rows read at a time
_ASKED = 4096  # withdraw-commits looked up at a time


def logged(connection: Connection, envelope: bytes) -> bytes | None:
    """The opening in the log of the submission of this sealed object."""
    found: bytes | None = _OF_ENVELOPE.run(connection, envelope=envelope).scalar()
    return found


def committed(connection: Connection, commits: Sequence[bytes]) -> list[bytes]:
    """The openings in the log of every submission with one of these withdraw-commits, sorted."""
    found: list[bytes] = []
    for start in range(0, len(commits), _ASKED):
        some = tuple(commits[start : start + _ASKED])
        marks = ", ".join([mark_of(connection)] * len(some))
        query = f"SELECT content FROM opening WHERE withdraw IN ({marks})"  # noqa: S608 - marks
        found += connection.exec_driver_sql(query, some).scalars()
    return found


def name_openings(connection: Connection) -> None:
    """Note of every opening what it is to be found by; for a store in which that is not noted."""
    number = 0
    query = (
        select(tables.opening.c.number, tables.opening.c.content)
        .where(tables.opening.c.number >= bindparam("first"))
        .order_by(tables.opening.c.number)
        .limit(_BLOCK)
    )
    names = tables.opening.c.envelope, tables.opening.c.withdraw
    change = (
        update(tables.opening)
        .where(tables.opening.c.number == bindparam("row"))
        .values({column: bindparam(column.name) for column in names})
    )
    while rows := connection.execute(query, {"first": number}).all():
        named = [{"row": row.number} | names_of(row.content) for row in rows]
        connection.execute(change, named)
        number = rows[-1].number + 1


def names_of(opening: bytes) -> dict[str, bytes | None]:
    """What an opening is to be found by."""
    match parse_event(opening):
        case Opening(envelope=envelope, withdraw_commit=commit):
            return {"envelope": envelope, "withdraw": commit}
        case Withdrawn(envelope=envelope):
            return {"envelope": envelope, "withdraw": None}
        case _:
            return {"envelope": None, "withdraw": None}


_OF_ENVELOPE = Ready(
    select(tables.opening.c.content).where(
        tables.opening.c.envelope == bindparam("envelope"), tables.opening.c.withdraw.is_not(None)
    )
)

"""Whether a store stands still for good: its site ended, or went to another machine.

It is a row of the store, and whatever writes looks at it in its own transaction. So it holds for every
host of the store from the moment at which it is there: who came before it is in the store, and nobody
comes after.
"""

from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, insert, select

from intake.errors import EndedError, StoreError
from intake.store import tables
from intake.store.connecting import Ready


class Standstill(StrEnum):
    """Why."""

    RETIRED = "retired"
    HANDED_OVER = "handed-over"


_META = tables.meta.c
_ROW = select(_META.value).where(_META.key == "standstill")
WHY = _ROW.scalar_subquery()  # for who asks something else, too
_WHY = Ready(_ROW)
_BEGIN = Ready(insert(tables.meta).values(key="standstill", value=bindparam("why")))
_END = Ready(delete(tables.meta).where(_META.key == "standstill", _META.value == bindparam("why")))


def found(connection: Connection) -> Standstill | None:
    """Why it stands still, None while it does not."""
    return _parsed(_WHY.run(connection).scalar())


def check_here(connection: Connection) -> None:
    """Raise `StoreError` where the site went to another machine: nothing may be written here."""
    if found(connection) is Standstill.HANDED_OVER:
        raise _gone()


def check_open(connection: Connection) -> None:
    """Raise `EndedError` where the site has ended, `StoreError` where it went away."""
    refuse(_WHY.run(connection).scalar())


def refuse(row: str | None) -> None:
    """What `check_open` does of the row that was found, if there is one."""
    why = _parsed(row)
    if why is Standstill.RETIRED:
        raise EndedError("this site has ended", "nothing is taken here any more")
    if why is Standstill.HANDED_OVER:
        raise _gone()


def begin(connection: Connection, why: Standstill) -> None:
    """Let it stand still, in a transaction that is alone; a site that ended has ended."""
    before = found(connection)
    if before is Standstill.HANDED_OVER and why is not before:
        raise _gone()
    if before is None:
        _BEGIN.run(connection, why=str(why))


def end(connection: Connection, why: Standstill) -> None:
    """Take it back, where it was for this reason."""
    _END.run(connection, why=str(why))


def _parsed(row: str | None) -> Standstill | None:
    return None if row is None else Standstill(row)


def _gone() -> StoreError:
    return StoreError(
        "this site went to another machine, and must not go on here",
        "if that one never started, run `intake resume`",
    )

"""Brings a store of an older version to this one, in one transaction; loses nothing of it.

The steps are Alembic's (migrations/). There is none back: an older program refuses a newer store,
and whoever must return to it restores the backup of before.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from intake.store import tables

_STEPS: Final = Path(__file__).parent / "migrations"


def begin(connection: Connection, deployment: str) -> None:
    """Note the version of a store that was just made, once in its life."""
    rows = {"version": str(tables.VERSION), "deployment": deployment}
    for key, value in rows.items():
        connection.execute(insert(tables.meta).values(key=key, value=value))
    _stamp(connection, tables.VERSION)


def noted(connection: Connection) -> dict[str, str]:
    """What `meta` says."""
    return {row.key: row.value for row in connection.execute(select(tables.meta))}


def is_older(rows: dict[str, str]) -> bool:
    """Whether there is a step from this version."""
    return rows.get("version") in {str(number) for number in range(1, tables.VERSION)}


def bring_up(connection: Connection) -> None:
    """Take every step that is lacking, in a transaction that is alone.

    Two processes may open it at once: the second finds nothing to do.
    """
    rows = noted(connection)
    if not is_older(rows):
        return
    # Alembic takes as long to import as a command needs to run; a store of this version needs none.
    from alembic import command
    from alembic.config import Config

    tables.revision.create(connection, checkfirst=True)
    _stamp(connection, int(rows["version"]))
    config = Config()
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    row = update(tables.meta).where(tables.meta.c.key == "version")
    connection.execute(row.values(value=str(tables.VERSION)))


def _stamp(connection: Connection, version: int) -> None:
    connection.execute(delete(tables.revision))
    connection.execute(insert(tables.revision).values(version_num=f"{version:04}"))

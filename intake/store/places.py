"""Where a store can be: in a file beside the site's other files, or on a PostgreSQL server."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from intake.errors import StoreError
from intake.store.connecting import connected
from intake.store.database import Database
from intake.store.sqlite_file import SqliteFile


@dataclass(frozen=True)
class PostgresPlace:
    """A database by its libpq URL, which has no password in it, and the bytes it may grow to."""

    url: str
    room: int


Place: TypeAlias = Path | PostgresPlace


def at(place: Place) -> Database:
    """The database of the store at `place`; `StoreError` where there is none."""
    if isinstance(place, Path):
        if not place.is_file():
            raise StoreError(f"there is no store: {place.name}", "make a site with `intake init`")
        return SqliteFile(connected(place), place)
    from intake.store.postgres import Postgres

    return Postgres.with_store(place.url, place.room)


def made_at(place: Place) -> Database:
    """An empty database at `place`; `StoreError` where a store is there already."""
    if isinstance(place, Path):
        try:
            os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            raise StoreError(f"there is a store already: {place.name}") from None
        return SqliteFile(connected(place), place)
    from intake.store.postgres import Postgres

    return Postgres.empty(place.url, place.room)

"""Where a store can be: in a file beside the site's other files, or on a PostgreSQL server."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from intake.errors import MalformedError, StoreError
from intake.store.connecting import connected
from intake.store.database import Database
from intake.store.sqlite_file import SqliteFile

if TYPE_CHECKING:
    from intake.store.postgres import Postgres

LEAST_ROOM: Final = 4_000_000_000  # bytes: half of it is kept for texts (intake/budget.py)
_SCHEMES = ("postgresql://", "postgres://")
_FOR_CERTIFICATES = "add ?sslmode=verify-full&sslrootcert=…&sslcert=…&sslkey=…"


@dataclass(frozen=True)
class PostgresPlace:
    """A database by its libpq URL, which has no password in it, and the bytes it may grow to.

    Raises `MalformedError` for a URL by which words would go over a network unsealed by TLS, or to
    a server that nobody knows.
    """

    url: str
    room: int

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        except ValueError:
            raise MalformedError("store in site.toml is no URL of a database") from None
        if not self.url.startswith(_SCHEMES) or len(parts.path) < 2:
            raise MalformedError(
                "store in site.toml is no URL of a database",
                "as postgresql:///intake?host=/run/postgresql, or empty for a file",
            )
        user, _, hosts = parts.netloc.rpartition("@")
        if ":" in user or "password" in options:
            raise MalformedError(
                "store in site.toml has a password",
                "let the server know this machine's user, or its certificate: deploy/postgresql.md",
            )
        if "service" in options:
            raise MalformedError("store in site.toml names a service", "name the hosts themselves")
        places = options.get("host", hosts).split(",")
        over_network = any(place and not place.startswith("/") for place in places)
        over_network = over_network or "hostaddr" in options
        if over_network and options.get("sslmode") != "verify-full":
            raise MalformedError(
                "store in site.toml names a host, and not whom to believe there", _FOR_CERTIFICATES
            )
        if self.room < LEAST_ROOM:
            raise MalformedError(
                f"store_room in site.toml is at least {LEAST_ROOM}",
                "say how many bytes the database may have: its server's disk cannot be asked",
            )


Place: TypeAlias = Path | PostgresPlace


def at(place: Place) -> Database:
    """The database of the store at `place`; `StoreError` where there is none."""
    if isinstance(place, Path):
        if not place.is_file():
            raise StoreError(f"there is no store: {place.name}", "make a site with `intake init`")
        return SqliteFile(connected(place), place)
    return _postgres().with_store(place.url, place.room)


def made_at(place: Place) -> Database:
    """An empty database at `place`; `StoreError` where a store is there already."""
    if isinstance(place, Path):
        try:
            os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            raise StoreError(f"there is a store already: {place.name}") from None
        return SqliteFile(connected(place), place)
    return _postgres().empty(place.url, place.room)


def _postgres() -> "type[Postgres]":
    try:
        from intake.store.postgres import Postgres
    except ModuleNotFoundError:
        raise StoreError(
            "what speaks to PostgreSQL is not installed", "install requirements/postgres.txt"
        ) from None
    return Postgres

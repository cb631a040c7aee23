"""Looks into a store from beside it, whichever engine it is on."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from intake.store import Place, tables


def rows_at(place: Place, query: str) -> list[tuple[Any, ...]]:
    """What a query finds; one that changes something does so at once."""
    if isinstance(place, Path):
        with closing(sqlite3.connect(place, isolation_level=None)) as connection:
            return connection.execute(query).fetchall()
    with psycopg.connect(place.url, autocommit=True) as session:
        found = session.execute(query)
        return found.fetchall() if found.description else []


def content_of(place: Place) -> list[str]:
    """Every row of every table, as text, in an order of its own."""
    found = [
        f"{table.name}: {[v.hex().upper() if isinstance(v, bytes) else v for v in row]}"
        for table in tables.metadata.sorted_tables
        for row in rows_at(place, f"SELECT * FROM {table.name}")
    ]
    return sorted(found)


def columns_at(place: Place) -> dict[str, list[str]]:
    """The columns that the database itself says it has."""
    if isinstance(place, Path):
        names = [
            name
            for (name,) in rows_at(place, "SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {n: [row[1] for row in rows_at(place, f"PRAGMA table_info({n})")] for n in names}
    query = """SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"""
    found: dict[str, list[str]] = {}
    for table, column in rows_at(place, query):
        found.setdefault(table, []).append(column)
    return found


def blob(place: Place, digits: str) -> str:
    """Bytes as the engine's SQL writes them."""
    return f"x'{digits}'" if isinstance(place, Path) else f"'\\x{digits}'"

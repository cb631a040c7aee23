"""Looks through the values of a store's tables for times, addresses and columns that none may hold.

It only reads, and where the database is at rest it leaves nothing beside it.
"""

import ipaddress
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from intake.store import tables
from intake.web.sentinel_patterns import Column, is_a_day
from intake.web.sentinel_scan import Search
from intake.web.sentinel_words import Kind, Planted

MAGIC = b"SQLite format 3\0"
# Bytes that came in a week, which can be as many as there are seconds since 1970.
_COUNTS = {("week", "bytes")}
_NUMBERS = {4: ("<I", ">I", "<f", ">f"), 8: ("<q", ">q", "<d", ">d")}


class _Text(bytes):
    """A text as it lies there: one that is no UTF-8 hides no other value."""


class Tables:
    """One database. `ours` where nothing may be in it but what the store's schema lists.

    `found` is what was found so far, also where it cannot be read to its end.
    """

    def __init__(
        self, path: Path, planted: Planted | None, search: Search, *, ours: bool, at_rest: bool
    ) -> None:
        self._path = path
        self._planted = planted
        self._search = search
        self._in_blobs = replace(search, random=True)
        self._ours = ours
        self._at_rest = at_rest
        self.found: set[Kind] = set()

    def kinds(self) -> set[Kind]:
        """The kinds of what is found in it; raises `sqlite3.Error`."""
        with closing(connected(self._path, at_rest=self._at_rest)) as connection:
            connection.text_factory = _Text
            try:
                for kind in self._look(connection):
                    self.found.add(kind)
            except UnicodeError:
                raise sqlite3.DataError("a table or a column has no name in UTF-8") from None
        return self.found

    def _look(self, connection: sqlite3.Connection) -> Iterator[Kind]:
        query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        for (raw,) in connection.execute(query).fetchall():
            name = str(raw, "utf-8")
            quoted = '"' + name.replace('"', '""') + '"'
            rows = connection.execute(f"SELECT * FROM {quoted}")  # noqa: S608 - the schema's own name
            names = [column[0] for column in rows.description]
            if self._ours and not _is_listed(name, names):
                yield Kind.COLUMN
            columns = {
                place: Column(self._planted, self._search.now)
                for place, column in enumerate(names)
                if (name, column) not in _COUNTS
            }
            for row in rows:
                for place, value in enumerate(row):
                    yield from self._look_at(value, columns.get(place))
            if any(column.holds_times for column in columns.values()):
                yield Kind.TIME

    def _look_at(self, value: object, column: Column | None) -> Iterator[Kind]:
        if isinstance(value, _Text):
            yield from self._search.in_bytes(value)
            if is_a_day(value.decode("utf-8", "replace")):
                yield Kind.TIME
        elif isinstance(value, bytes):
            # A long one lies in pieces on the disk: a word may be cut in two there.
            yield from self._in_blobs.in_bytes(value)
            yield from self._look_at_short(value)
        elif isinstance(value, int | float) and column is not None:
            column.add(value)
            if self._planted is not None and value == _as_number(self._planted.source):
                yield Kind.ADDRESS

    def _look_at_short(self, value: bytes) -> Iterator[Kind]:
        """Bytes that are a number or an address as a program writes it."""
        if self._planted is None:
            return
        if value == ipaddress.ip_address(self._planted.source).packed:
            yield Kind.ADDRESS
        for form in _NUMBERS.get(len(value), ()):
            one = Column(self._planted, self._search.now)
            one.add(struct.unpack(form, value)[0])
            if one.is_the_plantings:
                yield Kind.TIME


def connected(path: Path, *, at_rest: bool) -> sqlite3.Connection:
    """The database, to be read; `at_rest` where nobody has it open and it has no log of changes."""
    way = "immutable=1" if at_rest else "mode=ro"
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?{way}", uri=True, timeout=15)


def _is_listed(name: str, columns: list[str]) -> bool:
    table = tables.metadata.tables.get(name)
    return table is not None and set(columns) <= set(table.columns.keys())


def _as_number(address: str) -> int:
    return int(ipaddress.ip_address(address))

"""Where the sentinel looks in the site itself: the store, its tables, the folder, the files' times."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from intake.epoch import Epoch
from intake.tlog.entries import EpochClosed
from intake.web.sentinel_scan import Search, Walk
from intake.web.sentinel_tables import Tables, connected
from intake.web.sentinel_words import Kind, Planted
from intake.web.site import Site

_LOG_OF_CHANGES = ("-wal", "-shm", "-journal")
_OPERATORS = ("site.toml", "keys")  # written by people: dates and addresses are theirs to write

# The newest closed epoch, the newest after which the store was written anew, how many submissions
# came since, and the last entry of the log.
_AT_REST = """
SELECT closed, settled,
    (SELECT count(*) FROM submission WHERE leaf IS NULL),
    (SELECT content FROM entry ORDER BY number DESC LIMIT 1)
FROM closing
"""


class State(StrEnum):
    """What can be said of a place. Nothing found is said of what was read, and of no more."""

    CHECKED = "checked"
    FOUND = "found"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class Place:
    """One place, and the kinds of what was found there, or why it could not be looked at."""

    name: str
    state: State
    kinds: tuple[Kind, ...] = ()
    why: str = ""

    def __post_init__(self) -> None:
        if (self.state is State.FOUND) != bool(self.kinds):
            raise ValueError("kinds are said of a place where something was found, and of no other")
        if (self.state is State.NOT_CHECKED) != bool(self.why):
            raise ValueError("a reason is said of a place that was not looked at, and of no other")

    @classmethod
    def looked_at(cls, name: str, kinds: Iterable[Kind]) -> "Place":
        """A place that was read to its end."""
        found = tuple(sorted(set(kinds)))
        return cls(name, State.FOUND if found else State.CHECKED, found)

    @classmethod
    def not_checked(cls, name: str, why: str) -> "Place":
        """A place of which nothing is known."""
        return cls(name, State.NOT_CHECKED, (), why)


def walked(name: str, walk: Walk, kinds: Iterable[Kind]) -> Iterator[Place]:
    """A place of many files, and a line more where some of it could not be read."""
    yield Place.looked_at(name, kinds)
    if walk.unread:
        why = f"this user may not read {walk.unread} files or folders there"
        yield Place.not_checked(f"{name}, the rest", why)


class SitePlaces:
    """The site's own files. Made before the planting, to know what changed since."""

    def __init__(self, site: Site, *, running: bool) -> None:
        self._site = site
        self._running = running
        # SQLite writes beside the file itself, wherever a link in the site's folder leads.
        real = os.path.realpath(site.store_path)
        self._stores = {
            f"{site.store_path.name}{end}": Path(f"{real}{end}") for end in ("", *_LOG_OF_CHANGES)
        }
        self._before = dict(self._stamps())

    def _stamps(self) -> Iterator[tuple[Path, tuple[int, int]]]:
        # The log and the board are written by others, at their own times.
        others = (self._site.log_folder.path, self._site.board_folder.path)
        walk = Walk((self._site.folder,), (*self._stores.values(), *others))
        for path, status in walk.files():
            yield path, (status.st_mtime_ns, status.st_size)

    def look(self, planted: Planted | None, search: Search) -> Iterator[Place]:
        """Each of them; `search` has the spellings, and what it looks for besides is said here.

        1. The store and what lies beside it, as bytes. 2. Its tables. 3. The other files. 4. The
        files' times, where nobody is at work.
        """
        raw = replace(search, patterns=True, random=True)
        in_file = isinstance(self._site.store_place, Path)
        # (1)
        for name, path in self._stores.items():
            if path.exists():
                walk = Walk((path,))
                yield from walked(name, walk, walk.search(raw))
        # (2)
        if in_file:
            yield from self._tables(planted, replace(search, patterns=True))
        else:
            yield Place.not_checked(
                "the store", "it is in PostgreSQL, and its files on that server"
            )
        # (3)
        operators = tuple(self._site.folder / name for name in _OPERATORS)
        walk = Walk((self._site.folder,), (*self._stores.values(), *operators))
        kinds = walk.search(raw)
        by_people = Walk(operators)
        kinds |= by_people.search(search)
        walk.unread += by_people.unread
        if planted is not None and dict(self._stamps()) != self._before:
            kinds.add(Kind.WRITTEN)
        yield from walked("the site's folder", walk, kinds)
        # (4)
        if in_file:
            yield self._file_times()

    def _tables(self, planted: Planted | None, search: Search) -> Iterator[Place]:
        name = f"{self._site.store_path.name}, its tables"
        at_rest = not self._running and not self._log_of_changes().exists()
        tables = Tables(self._site.store_path, planted, search, ours=True, at_rest=at_rest)
        try:
            yield Place.looked_at(name, tables.kinds())
        except sqlite3.Error as error:
            if tables.found:
                yield Place.looked_at(name, tables.found)
                name = f"{name}, the rest"
            yield Place.not_checked(name, f"it cannot be read ({type(error).__name__})")

    def _log_of_changes(self) -> Path:
        return self._stores[f"{self._site.store_path.name}-wal"]

    def _file_times(self) -> Place:
        """Whether the store's files bear the end of the newest closed epoch, and no other time."""
        name = "the store's file times"
        if self._running or self._log_of_changes().exists():
            return Place.not_checked(name, "a server runs, or one was ended before its time")
        try:
            with closing(connected(self._site.store_path, at_rest=True)) as connection:
                closed, settled, waiting, last = connection.execute(_AT_REST).fetchone()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            return Place.not_checked(name, f"the store cannot be read ({type(error).__name__})")
        if not closed or closed != settled or waiting:
            why = "they tell when the newest submission came until its epoch is closed"
            return Place.not_checked(name, why)
        epoch = Epoch.parse(closed)
        if last != EpochClosed(epoch).to_bytes():
            return Place.not_checked(name, "the operator changed the store since an epoch closed")
        fits = self._site.store_path.stat().st_mtime == epoch.end.timestamp()
        return Place.looked_at(name, () if fits else (Kind.FILE_TIME,))

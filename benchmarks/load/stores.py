"""Stores that have been filling for years, to see whether a submission costs more there.

Rows are written in bulk into the store's own tables, as closed epochs leave them: random ciphertext of
a real object's length, its opening, its entry in the log. What nobody closed yet is the last thousand.
"""

import datetime as dt
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert

from intake.age import sealed_length
from intake.container import SIZES
from intake.deployment import fresh_deployment
from intake.epoch import Epoch
from intake.opening import Opening
from intake.store import Store, tables
from intake.store.connecting import connected
from intake.tlog.entries import Blinded

REAL: Final = sealed_length(3, SIZES[0])  # bytes of a text that is sealed to three
STAND_IN: Final = 512
OPEN: Final = 1000  # submissions of the epoch that is not closed
_WEEKS: Final = 50  # over which the others came
_WEEK: Final = dt.timedelta(days=7)
_ROWS: Final = 2000  # written at a time
_OVERHEAD: Final = 2500  # bytes beside the object: openings, indexes, pages that are not full


@dataclass(frozen=True)
class Filled:
    """A store with so many submissions, each of `size` bytes."""

    count: int
    size: int

    @property
    def room(self) -> int:
        """The bytes that it takes on a disk, or a little fewer."""
        return self.count * (self.size + _OVERHEAD)

    def in_folder(self, folder: Path) -> Path:
        """Its file there, made where it is not there yet."""
        path = folder / f"filled-{tables.VERSION}-{self.count}-{self.size}.sqlite"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(folder).free
            if free < 2 * self.room:
                raise OSError(
                    f"{folder} has {free >> 20} MiB free, {2 * self.room >> 20} are needed"
                )
            begun = path.with_suffix(".begun")
            begun.unlink(missing_ok=True)
            self._fill(begun)
            begun.rename(path)
        return path

    def _fill(self, path: Path) -> None:
        newest = Epoch.now().previous
        Store.create(path, fresh_deployment("bench"), since=newest).close()
        engine = connected(path)
        with engine.connect() as connection:
            # Nothing is lost where this is ended: it begins anew.
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000"):
                connection.exec_driver_sql(f"PRAGMA {pragma}")
            for start in range(0, self.count, _ROWS):
                numbers = range(start, min(start + _ROWS, self.count))
                rows = [self._rows(number, newest) for number in numbers]
                for table in (tables.submission, tables.piece, tables.entry, tables.opening):
                    if found := [row[table.name] for row in rows if table.name in row]:
                        connection.execute(insert(table), found)
                connection.commit()
            connection.execute(tables.closing.update().values(closed=str(newest)))
            connection.commit()
        engine.dispose()

    def _rows(self, number: int, newest: Epoch) -> dict[str, dict[str, Any]]:
        """What a submission left in each table."""
        logged = number < self.count - OPEN
        epoch = Epoch.of(newest.monday - number % _WEEKS * _WEEK) if logged else newest.next
        random = [os.urandom(32) for _ in range(5)]
        roster = f"sha256:{secrets.token_hex(32)}"
        opening = Opening(epoch, *random[:3], roster, *random[3:])
        upload = os.urandom(16)
        content = opening.to_bytes()
        rows: dict[str, dict[str, Any]] = {
            "submission": {
                "id": os.urandom(16),
                "status": os.urandom(16),
                "envelope": opening.envelope,
                "opening": content,
                "upload": upload,
                "leaf": number if logged else None,
            },
            "piece": {
                "id": secrets.randbits(63),
                "upload": upload,
                "number": 0,
                "content": os.urandom(self.size),
            },
        }
        if logged:
            names = {"envelope": opening.envelope, "withdraw": opening.withdraw_commit}
            rows["entry"] = {"number": number, "content": Blinded(opening.commit).to_bytes()}
            rows["opening"] = {"number": number, "content": content, **names}
        return rows

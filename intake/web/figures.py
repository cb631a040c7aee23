"""The few figures of a site that anybody may see, and none that moves when somebody writes.

What `intake metrics` gives to a node_exporter, and `intake doctor` looks at.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from intake.epoch import Epoch
from intake.errors import IntakeError
from intake.keeping.state import read_remembered
from intake.store import Store
from intake.web.site import Site

STEP: Final = 16 << 20  # bytes to which the store's size is rounded up
_PREFIX: Final = "intake_"
_HELP: Final = {
    "store_bytes": "Size of the store when its last week was closed, rounded up to 16 MiB.",
    "closed_epoch_end_seconds": "When the newest week that is closed ended, as POSIX time.",
    "epoch_age_days": "Whole days since the newest week that is closed ended.",
    "roster_days_left": "Whole days in which something can still be sealed to the roster.",
    "backup_age_days": "Whole days since the newest backup was made.",
}


@dataclass(frozen=True)
class Figures:
    """What is shown; None where there is nothing to show.

    `store_bytes` is of the moment when it was first asked after `closed` was closed.
    """

    today: dt.date
    closed: Epoch | None
    store_bytes: int | None
    roster_expires: dt.date | None
    backup: dt.date | None

    @classmethod
    def of(cls, site: Site, today: dt.date, before: str = "") -> Self:
        """The figures of `site`; `before` is what was shown the last time.

        Only what was shown then keeps a figure from moving within the week.
        """
        store = Store.open(site.store_place)
        try:
            closed = store.leaves.closed()
            size = _kept(before, closed)
            if size is None and closed is not None:
                size = -(-store.size() // STEP) * STEP
        finally:
            store.close()
        remembered = read_remembered(site.folder)
        backup = None if remembered is None else remembered.day
        return cls(today, closed, size, _expires(site), backup)

    def to_text(self) -> str:
        """Prometheus' text format (version 0.0.4)."""
        rows: list[str] = []
        for name, value in self._values():
            rows.append(f"# HELP {_PREFIX}{name} {_HELP[name]}")
            rows.append(f"# TYPE {_PREFIX}{name} gauge")
            rows.append(f"{_PREFIX}{name} {value}")
        return "".join(f"{row}\n" for row in rows)

    def _values(self) -> Iterator[tuple[str, int]]:
        if self.closed is not None and self.store_bytes is not None:
            yield "store_bytes", self.store_bytes
            yield "closed_epoch_end_seconds", int(self.closed.end.timestamp())
            yield "epoch_age_days", (self.today - self.closed.end.date()).days
        if self.roster_expires is not None:
            yield "roster_days_left", (self.roster_expires - self.today).days
        if self.backup is not None:
            yield "backup_age_days", (self.today - self.backup).days


def _kept(before: str, closed: Epoch | None) -> int | None:
    """The size that was shown, if it was shown of this epoch."""
    rows = [row.partition(" ") for row in before.splitlines()]
    shown = {name: value for name, _, value in rows}
    size = shown.get(f"{_PREFIX}store_bytes", "")
    end = shown.get(f"{_PREFIX}closed_epoch_end_seconds", "")
    if closed is None or end != str(int(closed.end.timestamp())) or not size.isdecimal():
        return None
    return int(size)


def _expires(site: Site) -> dt.date | None:
    try:
        return site.current().roster.expires
    except (IntakeError, OSError):
        return None

"""Looks at a site's backups: whether there is a new one, and what was left of ones that were killed."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from intake.epoch import Epoch
from intake.errors import IntakeError
from intake.keeping.left import left
from intake.keeping.retention import files_of
from intake.keeping.state import read_remembered
from intake.machine import Finding, Level

BACKED_UP: Final = 8  # days that a backup may be old, where one is made each week
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - where `intake drill` tries a backup out
_TOPIC: Final = "backup"
_ADVICE: Final = "run `intake backup`, and look at its timer"


def examine_backups(
    place: Path, today: dt.date, days: int, closed: Epoch | None
) -> Iterator[Finding]:
    """Everything there is to find; after so many `days` what was withdrawn is to be nowhere.

    1. The newest one is not old, and was made after the newest week that is closed. 2. None is as old
    as people are told that nothing is. 3. Nothing is left of a backup, a restore or a drill that was
    killed.
    """
    # (1)
    yield _newest(place, today, closed)
    # (2)
    if (old := _old(place, today, days)) is not None:
        yield old
    # (3)
    if (unfinished := _left(place)) is not None:
        yield unfinished


def _newest(place: Path, today: dt.date, closed: Epoch | None) -> Finding:
    try:
        newest = read_remembered(place)
    except IntakeError as error:
        return Finding(Level.WARNING, _TOPIC, error.phrase, error.hint)
    if newest is None:
        says = "there is none: with this disk, what was not collected is lost"
        return Finding(Level.WARNING, _TOPIC, says, _ADVICE)
    age = (today - newest.day).days
    if not 0 <= age <= BACKED_UP:
        says = f"the newest is of {newest.day.isoformat()}"
        return Finding(Level.WARNING, _TOPIC, says, _ADVICE)
    if closed is not None and (newest.closed is None or newest.closed < closed):
        says = f"the newest was made before {closed} was closed: nothing there opens that week"
        return Finding(Level.WARNING, _TOPIC, says, _ADVICE)
    return Finding(Level.FINE, _TOPIC, f"days since the newest: {age}")


def _old(place: Path, today: dt.date, days: int) -> Finding | None:
    """Backups that still have what somebody took back, though no copy was to be left by now."""
    try:
        files = files_of(place)
    except IntakeError as error:
        return Finding(Level.WARNING, "old backups", error.phrase, error.hint)
    found = tuple(str(file.path) for file in files if (today - file.day).days > days)
    if not found:
        return None
    says = f"older than the {days} days in which what is withdrawn is gone: {', '.join(found)}"
    advice = "remove these, and set keep in [backup] of site.toml"
    return Finding(Level.WARNING, "old backups", says, advice, found)


def _left(place: Path) -> Finding | None:
    """What lies in the site's folder, beside it, in the folders there, or in memory."""
    beside = place.resolve().parent
    folders = [beside, *sorted(beside.glob("*/")), MEMORY]
    found = tuple(str(path) for folder in folders for path in left(folder))
    if not found:
        return None
    says = f"left by a backup or a restore that was killed: {', '.join(found)}"
    advice = "remove these, or run it again there: a restore's folder may have the log's key"
    return Finding(Level.WARNING, "left over", says, advice, found)

"""Looks at the hours of tor's list of relays, the one signed time that a machine gets by itself.

The authorities sign when a list begins and ends to count, and a list is only given out while it does.
So a clock that is right stood between the two when tor wrote the file. That a clock is ahead cannot
be told by what was signed before: only by when something came that was signed just then.
"""

import datetime as dt
import os
import re
from pathlib import Path
from typing import Final

from intake.machine import Finding, Level

NAME: Final = "cached-microdesc-consensus"
_TOPIC: Final = "clock by tor"
_HEAD: Final = 4096  # bytes
_HOUR: Final = dt.timedelta(hours=1)
_SLACK: Final = dt.timedelta(minutes=5)
# The longest that a list is given out after its end, where the authorities could not make the next.
_LATEST: Final = dt.timedelta(days=1)
_HOURS: Final = re.compile(
    r"^network-status-version 3 microdesc\n(?:.*\n)*?"
    r"valid-after (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\n(?:.*\n)*?"
    r"valid-until (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\n",
    re.ASCII,
)


def clock_by_tor(folder: Path, now: dt.datetime) -> Finding:
    """Whether the clock stood within the list's hours when tor, whose data is in `folder`, got it.

    tor checked the authorities' signatures before it wrote the list; they are not checked again.
    """
    path = folder / NAME
    try:
        with path.open("rb") as file:
            saved = dt.datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, dt.UTC)
            begins, ends = _hours(file.read(_HEAD).decode("ascii", "replace"))
    except FileNotFoundError:
        return _unknown(f"tor has no list of relays in {folder}", "start tor, and wait a minute")
    except PermissionError:
        return _unknown(f"this user may not look into {folder}", "run `intake doctor` as root")
    except (OSError, ValueError):
        return _unknown(f"{path} is not a list of relays", "name tor's settings with --torrc")
    return _judged(saved, begins, ends, now)


def _judged(
    saved: dt.datetime, begins: dt.datetime, ends: dt.datetime, now: dt.datetime
) -> Finding:
    if min(saved, now) + _SLACK < begins:
        says = f"is behind: tor's list of relays, of {begins:%Y-%m-%d %H:%M}, is of later than it"
        return Finding(Level.WRONG, _TOPIC, says, "set it: weeks are closed by it")
    ahead = saved - ends
    if ahead > _SLACK:
        says = f"was {ahead / _HOUR:.1f} hours or more ahead when tor got its list of relays"
        level = Level.WRONG if ahead > _LATEST else Level.WARNING
        advice = "set it: weeks are closed by it; or the Tor network had no newer list then"
        return Finding(level, _TOPIC, says, advice)
    if now - ends > _LATEST:
        says = f"tor's list of relays ended on {ends:%Y-%m-%d}: nobody reaches the site by tor"
        advice = "look at tor's log; or the clock was put forward since"
        return Finding(Level.WARNING, _TOPIC, says, advice)
    says = (
        f"was right to within {(ends - begins) / _HOUR:.1f} hours when tor got its list of relays"
    )
    return Finding(Level.FINE, _TOPIC, says)


def _hours(text: str) -> tuple[dt.datetime, dt.datetime]:
    """When a list begins to count, and when it ends; raises `ValueError`."""
    found = _HOURS.match(text)
    if found is None:
        raise ValueError("no list of relays")
    begins, ends = (dt.datetime.fromisoformat(f"{word}+00:00") for word in found.groups())
    return begins, ends


def _unknown(says: str, advice: str) -> Finding:
    return Finding(Level.UNKNOWN, _TOPIC, f"not checked: {says}", advice)

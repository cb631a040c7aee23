"""`intake doctor` sees a clock that is ahead by the hours of tor's list of relays (tests/onion has a real one)."""

import datetime as dt
import os
from pathlib import Path

import pytest

from intake.machine import Level
from intake.web.checkup_consensus import NAME, clock_by_tor

# The first lines as tor 0.4.9 keeps them (dir-spec, "Vote and consensus status document formats").
HEAD = """\
network-status-version 3 microdesc
vote-status consensus
consensus-method 33
valid-after 2026-11-30 17:00:00
fresh-until 2026-11-30 18:00:00
valid-until 2026-11-30 20:00:00
voting-delay 300 300
client-versions 0.4.8.21,0.4.9.11
known-flags Authority BadExit Exit Fast Guard HSDir MiddleOnly NoEdConsensus Running Stable
"""
BEGINS = dt.datetime(2026, 11, 30, 17, tzinfo=dt.UTC)
ENDS = BEGINS + dt.timedelta(hours=3)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


def saved(folder: Path, at: dt.datetime, text: str = HEAD) -> Path:
    path = folder / NAME
    path.write_text(text)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return folder


@pytest.mark.parametrize(
    ("at", "later", "level"),
    [
        (BEGINS, 0 * HOUR, Level.FINE),
        (BEGINS + HOUR, 2 * HOUR, Level.FINE),
        (ENDS, HOUR, Level.FINE),
        (ENDS + 4 * MINUTE, HOUR, Level.FINE),
        (ENDS + 6 * MINUTE, HOUR, Level.WARNING),
        (ENDS + 24 * HOUR, HOUR, Level.WARNING),
        (ENDS + 25 * HOUR, HOUR, Level.WRONG),
        (ENDS + 365 * 24 * HOUR, HOUR, Level.WRONG),
        (BEGINS - 4 * MINUTE, HOUR, Level.FINE),
        (BEGINS - 6 * MINUTE, HOUR, Level.WRONG),
        # Got at a right time, and the clock was set back, or forward, since.
        (BEGINS + HOUR, -2 * HOUR, Level.WRONG),
        (BEGINS + HOUR, 25 * HOUR, Level.FINE),
        (BEGINS + HOUR, 27 * HOUR, Level.WARNING),
    ],
)
def test_a_clock_outside_of_the_hours_of_the_list_is_found(
    tmp_path: Path, at: dt.datetime, later: dt.timedelta, level: Level
) -> None:
    found = clock_by_tor(saved(tmp_path, at), at + later)
    assert found.level is level
    assert (found.advice != "") == (level is not Level.FINE)


def test_it_says_by_how_much(tmp_path: Path) -> None:
    now = ENDS + 5 * HOUR
    assert "5.0 hours or more ahead" in clock_by_tor(saved(tmp_path, now), now).says
    assert "within 3.0 hours" in clock_by_tor(saved(tmp_path, ENDS), ENDS).says


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEAD.replace("valid-until", "valid-till"),
        HEAD.replace("2026-11-30 20", "2026-13-30 20"),
        HEAD.replace("microdesc", "something"),
        "x\n" * 10_000 + HEAD,
    ],
)
def test_what_is_no_list_of_relays_is_not_believed(tmp_path: Path, text: str) -> None:
    found = clock_by_tor(saved(tmp_path, BEGINS, text), BEGINS)
    assert (found.level, "is not a list" in found.says) == (Level.UNKNOWN, True)


def test_where_there_is_none_it_is_said(tmp_path: Path) -> None:
    found = clock_by_tor(tmp_path, BEGINS)
    assert (found.level, "has no list" in found.says) == (Level.UNKNOWN, True)


@pytest.mark.skipif(os.getuid() != 0, reason="only root becomes another user")
def test_who_may_not_look_is_told_so(tmp_path: Path) -> None:
    closed = tmp_path / "tor"
    closed.mkdir(mode=0o700)
    saved(closed, BEGINS)
    os.seteuid(65534)
    try:
        found = clock_by_tor(closed, BEGINS)
    finally:
        os.seteuid(0)
    assert found.level is Level.UNKNOWN
    assert "may not look" in found.says

"""A clock that is a month ahead or behind loses nothing, and what it did stands in order afterwards.

The clock is that of the whole process, by Debian's libfaketime.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.store import Store
from tests.faults.forking import Forking, forking
from tests.faults.test_killed import make_closed, make_open, openings_of
from tests.web.test_release import NOW

AHEAD, RIGHT, BEHIND = "+31d", "+0", "-31d"


@pytest.fixture(scope="module")
def clocks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Forking]]:
    """A process under each clock."""
    assert shutil.which("faketime"), "faketime is missing"
    folder = tmp_path_factory.mktemp("clocks")
    with (
        forking(folder / "ahead", ["faketime", "-f", AHEAD]) as ahead,
        forking(folder / "behind", ["faketime", "-f", BEHIND]) as behind,
        forking(folder / "right") as right,
    ):
        yield {AHEAD: ahead, RIGHT: right, BEHIND: behind}


@pytest.fixture
def opened(tmp_path: Path) -> Path:
    make_open(tmp_path)
    return tmp_path / "site"


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    make_closed(tmp_path)
    return tmp_path / "site"


def done(forks: Forking, deed: str, site: Path, *words: str) -> str:
    """Empty where it was done; else what was said, which is a phrase."""
    forks.said.write_text("")
    ended = forks.do(deed, site, *words)
    said = forks.said.read_text()
    assert "Traceback" not in said
    assert ended.done or said.startswith("intake: error: ")
    return "" if ended.done else said


def newest_closed(site: Path) -> object:
    store = Store.open(site / "store.sqlite")
    found = store.leaves.closed()
    store.close()
    return found


def test_ahead_weeks_are_closed_too_early_and_nothing_that_comes_later_is_lost(
    opened: Path, clocks: dict[str, Forking]
) -> None:
    before = openings_of(opened)
    assert done(clocks[AHEAD], "close", opened) == ""
    assert newest_closed(opened) > NOW.next.next.next
    # The clock is put right: what comes is kept for the first week that is still open.
    assert done(clocks[RIGHT], "submit", opened, "letter") == ""
    assert done(clocks[RIGHT], "submit", opened, "letter") == ""
    after = openings_of(opened)
    assert before < after
    assert len(after) == len(before) + 1
    assert done(clocks[RIGHT], "close", opened) == ""
    assert done(clocks[RIGHT], "withdraw", opened, "secret") == ""
    # An auditor names weeks that have not begun, until they have: then all is in order.
    assert "has not begun" in done(clocks[RIGHT], "check", opened)
    assert done(clocks[AHEAD], "close", opened) == ""
    assert done(clocks[AHEAD], "check", opened) == ""
    assert len(openings_of(opened)) == len(after) - 1


def test_behind_nothing_is_closed_or_taken_and_nothing_lost(
    opened: Path, clocks: dict[str, Forking]
) -> None:
    before = openings_of(opened)
    assert done(clocks[BEHIND], "submit", opened, "letter")
    assert openings_of(opened) == before
    week = newest_closed(opened)
    done(clocks[BEHIND], "close", opened)
    assert newest_closed(opened) in (week, None)
    assert done(clocks[BEHIND], "withdraw", opened, "secret") == ""
    assert done(clocks[RIGHT], "submit", opened, "letter") == ""
    assert done(clocks[RIGHT], "close", opened) == ""
    assert newest_closed(opened) != week
    assert done(clocks[RIGHT], "check", opened) == ""
    assert len(openings_of(opened)) == len(before)


@pytest.mark.parametrize("clock", [AHEAD, BEHIND])
def test_nothing_is_sealed_to_a_roster_out_of_its_time_and_a_backup_is_always_made(
    closed: Path, clocks: dict[str, Forking], clock: str
) -> None:
    before = openings_of(closed)
    assert "roster" in done(clocks[clock], "collect", closed, "+bundle")
    assert not (closed.parent / "bundle").exists()
    assert done(clocks[clock], "backup", closed, "+backup") == ""
    assert done(clocks[clock], "cosign", closed) == ""
    assert done(clocks[RIGHT], "collect", closed, "+bundle") == ""
    assert done(clocks[RIGHT], "backup", closed, "+backup2") == ""
    assert openings_of(closed) == before
    assert done(clocks[RIGHT], "check", closed) == ""

"""Nobody who reads the log learns how much came in a week, what kind it was, or which entry is whose.

Up to 16 of them. Submissions, withdrawals and collections are mixed as they come.
"""

import math
import os
import random
from pathlib import Path

import pytest

from intake.event import Collected, Withdrawn
from intake.log.site_log import arranged
from intake.tlog.entries import Blinded, EpochClosed, parse_entry
from tests.log.worlds import CONFIRMERS, FIRST, World, opening_in

BOUND = 60.0  # of a chi-square with 15 degrees; what chance exceeds is computed below
RUNS = 1600
WEEK = FIRST.next


def exceeded_by_chance(bound: float, degrees: int) -> float:
    """How likely a chi-square of an odd number of degrees exceeds `bound`, exactly."""
    terms, term = 0.0, 1.0
    for odd in range(1, degrees - 1, 2):
        terms += term
        term *= bound / (odd + 2)
    tail = math.sqrt(2 * bound / math.pi) * math.exp(-bound / 2) * terms
    return math.erfc(math.sqrt(bound / 2)) + tail


def chi_square(counts: list[int]) -> float:
    expected = sum(counts) / len(counts)
    return sum((count - expected) ** 2 / expected for count in counts)


def test_the_bound_is_exceeded_by_chance_less_than_once_in_a_million_runs() -> None:
    """Three of them are made below. The values of tables come out: 5 % at 25.0, 1 % at 30.6."""
    assert 3 * exceeded_by_chance(BOUND, 15) < 1e-6
    assert math.isclose(exceeded_by_chance(24.996, 15), 0.05, abs_tol=1e-5)
    assert math.isclose(exceeded_by_chance(30.578, 15), 0.01, abs_tol=1e-5)


@pytest.mark.parametrize("count", range(17))
def test_nought_to_sixteen_events_of_any_kinds_look_alike(tmp_path: Path, count: int) -> None:
    world = World.make(tmp_path / "site")
    kept = [world.add() for _ in range(16)]
    world.close()
    before = len(world.entries())
    rest = list(kept)
    withdrawn, collected, new = [], [], []
    for act in random.choices(("come", "withdraw", "release"), k=count):
        if act == "come":
            new.append(world.add(WEEK))
        elif act == "withdraw":
            withdrawn.append(rest.pop())
            assert world.withdraw(withdrawn[-1], WEEK)
        else:
            collected.append([rest.pop()])
            assert world.release(collected[-1], WEEK) == 1
    world.close(WEEK)
    world.check([*kept, *new], withdrawn, collected)
    entries = world.entries()[before:]
    assert [len(entry) for entry in entries] == [33] * 16 + [22]
    kinds = [type(parse_entry(entry)) for entry in entries]
    assert kinds == [Blinded] * 16 + [EpochClosed]
    assert len(set(entries)) == 17


def test_the_seventeenth_event_fills_a_second_step_whatever_it_is(tmp_path: Path) -> None:
    world = World.make(tmp_path / "site")
    kept = [world.add() for _ in range(16)]
    world.close()
    new = [world.add(WEEK) for _ in range(15)]
    assert world.withdraw(kept[0], WEEK)
    assert world.release(kept[1:3], WEEK) == 2
    world.close(WEEK)
    world.check([*kept, *new], kept[:1], [kept[1:3]])
    assert [len(entry) for entry in world.entries()[17:]] == [33] * 32 + [22]


@pytest.mark.parametrize("kind", ["submitted", "withdrawn", "collected"])
def test_where_a_known_one_stands_in_its_week_is_chance(kind: str) -> None:
    """Each of 16 places is as likely as any other, with other events of all kinds beside it."""
    events = {
        "submitted": opening_in(WEEK).to_bytes(),
        "withdrawn": Withdrawn.fresh(WEEK, os.urandom(32), os.urandom(32)).to_bytes(),
        "collected": Collected.fresh(WEEK, [os.urandom(32)], CONFIRMERS).to_bytes(),
    }
    openings = sorted([*events.values(), *(opening_in(WEEK).to_bytes() for _ in range(5))])
    counts = [0] * 16
    for _ in range(RUNS):
        found = [leaf.opening for leaf in arranged(openings, WEEK)]
        counts[found.index(events[kind])] += 1
    assert chi_square(counts) < BOUND


def test_a_place_that_is_a_little_more_likely_is_seen() -> None:
    """The measure itself: 1 in 8 instead of 1 in 16 at one place exceeds the bound."""
    counts = [RUNS * 14 // 15 // 16] * 15 + [RUNS // 8]
    assert chi_square(counts) > BOUND

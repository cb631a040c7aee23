"""A store that stands still takes nothing from any process; what was acknowledged before is in it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from intake.errors import EndedError, StoreError
from intake.log.site_log import arranged
from intake.reply import ROW
from intake.store import Place, Standstill, Store
from intake.tlog.entries import ConfigChanged
from tests.log.worlds import FIRST, World, preimage_of

# Another process of the store, as a host's server: it sends until it was refused five times.
SENDER = """
import os, sys
from hashlib import sha256
from pathlib import Path
from intake.epoch import Epoch
from intake.errors import StoreError
from intake.store import Allowance, PostgresPlace, Store
from tests.log.worlds import opening_in, status_of

where, week = sys.argv[1], Epoch.parse(sys.argv[2])
store = Store.open(Path(where) if where[0] == "/" else PostgresPlace(where, 1 << 40))
refused = number = 0
while refused < 5:
    number += 1
    sealed = os.urandom(100)
    opening = opening_in(week, sha256(sealed).digest())
    words = status_of(opening.envelope), opening.envelope, opening.to_bytes()
    try:
        if number % 2:
            store.keep(*words, sealed, Allowance(week, 1 << 40))
        else:
            with store.stage() as staging:
                staging.add(sealed)
                staging.keep(*words, Allowance(week, 1 << 40))
    except StoreError as error:
        refused += 1
        os.write(1, f"- {type(error).__name__}\\n".encode())
    else:
        os.write(1, b"+ " + opening.to_bytes().hex().encode() + b"\\n")
"""
REFUSAL = {Standstill.RETIRED: "EndedError", Standstill.HANDED_OVER: "StoreError"}


@pytest.fixture
def world(tmp_path: Path, place: Place) -> World:
    return World.make(tmp_path / "site", place=place)


@pytest.mark.parametrize("why", Standstill)
def test_whatever_another_process_was_told_is_in_it_and_nothing_comes_after(
    world: World, why: Standstill
) -> None:
    where = str(world.kept_at) if isinstance(world.kept_at, Path) else world.kept_at.url
    words = [sys.executable, "-c", SENDER, where, str(FIRST)]
    with (
        subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as sender,
        world.store() as store,
    ):
        assert sender.stdout is not None
        told = [sender.stdout.readline().split() for _ in range(4)]
        store.stand_still(why)
        held = store.openings()
        told += [line.split() for line in sender.stdout]
    assert told[-5:] == [["-", REFUSAL[why]]] * 5
    acknowledged = sorted(bytes.fromhex(word) for sign, word in told[:-5] if sign == "+")
    assert len(acknowledged) == len(told) - 5
    with world.store() as store:
        assert acknowledged == held == store.openings()
        assert store.taken(FIRST) == 100 * len(held)


def test_of_one_that_ended_nothing_is_taken_back_and_its_log_is_closed(world: World) -> None:
    kept = world.add()
    with world.store() as store:
        store.stand_still(Standstill.RETIRED)
        for refused in (
            lambda: world.add_to(store, FIRST),
            lambda: store.withdraw([preimage_of(kept.envelope)], FIRST),
            lambda: store.taken_if_open(FIRST),
        ):
            with pytest.raises(EndedError):
                refused()
        store.check_here()
        assert store.openings() == [kept.to_bytes()]
        store.stand_still(Standstill.HANDED_OVER)  # it moves, and has ended all the same
        store.go_on(Standstill.HANDED_OVER)
        with pytest.raises(EndedError):
            world.add_to(store, FIRST)
    world.close()
    world.check([kept])


def state(store: Store) -> tuple[object, ...]:
    """All that an act could change."""
    return store.openings(), store.waiting_events(), store.leaves.count(), store.board.waiting()


def test_of_one_that_went_away_nothing_is_changed_until_it_is_taken_back(world: World) -> None:
    kept = world.add()
    with world.store() as store:
        acts = (
            lambda: world.add_to(store, FIRST),
            lambda: store.withdraw([preimage_of(kept.envelope)], FIRST),
            lambda: store.release([kept.envelope], b"x", ("a", "b"), FIRST),
            lambda: store.board.deliver([os.urandom(ROW)]),
            lambda: store.leaves.close(FIRST, lambda openings: arranged(openings, FIRST)),
            lambda: store.leaves.append_public([ConfigChanged("sha256:" + "1" * 64).to_bytes()]),
            lambda: store.taken_if_open(FIRST),
            store.check_here,
            lambda: store.stand_still(Standstill.RETIRED),
        )
        store.stand_still(Standstill.HANDED_OVER)
        before = state(store)
        for act in acts:
            with pytest.raises(StoreError, match="went to another machine"):
                act()
        assert state(store) == before
        store.go_on(Standstill.RETIRED)  # it is not for that
        with pytest.raises(StoreError, match="went to another machine"):
            world.add_to(store, FIRST)
        store.go_on(Standstill.HANDED_OVER)
        store.check_here()
        later = world.add_to(store, FIRST)
    world.close()
    world.check([kept, later])

"""What can be relied on of the week's sum: it is counted before, and given back where nothing is kept."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.errors import FullError
from intake.log.site_log import arranged
from intake.opening import Opening
from intake.store import Allowance, EpochClosedError, Store, postgres
from tests.log.worlds import FIRST, World, opening_in, status_of
from tests.postgres.clusters import Cluster


@pytest.fixture
def store(tmp_path: Path, cluster: Cluster) -> Iterator[Store]:
    with cluster.new_database() as place:
        world = World.make(tmp_path / "site", place=place)
        with world.store() as opened:
            yield opened


def keep(store: Store, opening: Opening, below: int, *, whole: bool) -> int | None:
    """Keep 1,000 bytes, at once or by pieces."""
    words = status_of(opening.envelope), opening.envelope, opening.to_bytes()
    allowance = Allowance(opening.epoch, below)
    if whole:
        return store.keep(*words, os.urandom(1000), allowance)
    with store.stage() as staging:
        staging.add(os.urandom(600))
        staging.add(os.urandom(400))
        return staging.keep(*words, allowance)


@pytest.mark.parametrize("whole", [True, False])
def test_what_is_known_full_or_late_is_counted_by_nobody(store: Store, *, whole: bool) -> None:
    first, other = opening_in(FIRST), opening_in(FIRST)
    assert keep(store, first, 1500, whole=whole) == 1000
    assert keep(store, first, 1500, whole=whole) is None
    assert keep(store, other, 1500, whole=whole) == 2000
    assert keep(store, first, 1500, whole=whole) is None  # also where nothing more is taken
    with pytest.raises(FullError):
        keep(store, opening_in(FIRST), 1500, whole=whole)
    assert store.taken(FIRST) == 2000
    store.leaves.close(FIRST, lambda openings: arranged(openings, FIRST))
    with pytest.raises(EpochClosedError):
        keep(store, opening_in(FIRST), 1 << 40, whole=whole)
    assert store.taken(FIRST) == 2000
    assert store.count() == 2


def answered_in_a_fork(store: Store) -> int | None:
    """How much room a process says there is that was forked now; None where it asked the server."""

    def asks() -> int:
        os._exit(3)

    told, tells = os.pipe()
    child = os.fork()
    if not child:
        try:
            store._database.size = asks
            os.write(tells, str(store.free()).encode())
        finally:
            os._exit(0)
    os.close(tells)
    said = os.read(told, 100)
    os.close(told)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status == (0 if said else 3)
    return int(said) if said else None


def test_the_room_is_asked_for_once_in_some_seconds_by_all_that_are_forked(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who keeps a text lives for a moment: each would ask for itself."""
    assert answered_in_a_fork(store) is None
    free = store.free()
    assert answered_in_a_fork(store) == answered_in_a_fork(store) == free > 0
    monkeypatch.setattr(postgres, "_SIZE_HOLDS", 0.0)
    assert answered_in_a_fork(store) is None
    # And what one of them says holds for who forked it.
    monkeypatch.undo()
    child = os.fork()
    if not child:
        try:
            store._database._size.say(12_345)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert answered_in_a_fork(store) == store._database._room - 12_345 == store.free()

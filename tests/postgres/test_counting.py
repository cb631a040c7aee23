"""What can be relied on of the week's sum: it is counted before, and given back where nothing is kept."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.errors import FullError
from intake.log.site_log import arranged
from intake.opening import Opening
from intake.store import Allowance, EpochClosedError, Store
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

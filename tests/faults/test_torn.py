"""A log of changes that is torn anywhere loses what came after the tear, and nothing before it."""

import os
import shutil
from pathlib import Path

from intake.opening import Opening
from intake.store import Store
from tests.log.worlds import FIRST, World

FRAME = 24 + 4096  # bytes in SQLite's log of changes, after a head of 32
HEAD = 32


def written(tmp_path: Path) -> tuple[Path, list[tuple[int, Opening]]]:
    """A store whose log of changes was not emptied, and how long that was after each answer."""
    world = World.make(tmp_path / "site")
    acknowledged = []
    with world.store() as store:
        changes = world.path / "store.sqlite-wal"
        for _ in range(8):
            opening = world.add_to(store, FIRST)
            acknowledged.append((changes.stat().st_size, opening))
        copy = tmp_path / "copy"
        shutil.copytree(world.path, copy)
    return copy, acknowledged


def openings_in(source: Path, to: Path, changes: bytes) -> set[bytes]:
    """What a store holds that begins with these changes, once it is found whole."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir()
    shutil.copy(source / "store.sqlite", to)
    (to / "store.sqlite-wal").write_bytes(changes)
    store = Store.open(to / "store.sqlite")
    with store._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    found = set(store.openings())
    assert all(len(stored.sealed) == 100 for stored in store)
    store.close()
    return found


def test_cut_or_garbled_at_every_frame_and_in_the_middle_of_each(tmp_path: Path) -> None:
    source, acknowledged = written(tmp_path)
    whole = (source / "store.sqlite-wal").read_bytes()
    assert (len(whole) - HEAD) % FRAME == 0
    assert len(whole) > 30 * FRAME
    assert openings_in(source, tmp_path / "one", whole) == {o.to_bytes() for _, o in acknowledged}
    for begin in range(HEAD, len(whole), FRAME):
        for place in (begin, begin + 24 + os.urandom(1)[0]):
            due = {opening.to_bytes() for end, opening in acknowledged if end <= place}
            following = next(
                (opening.to_bytes() for end, opening in acknowledged if end > place), b""
            )
            for changes in (whole[:place], whole[:place] + os.urandom(len(whole) - place)):
                found = openings_in(source, tmp_path / "one", changes)
                # All that was acknowledged before the tear; of what came after it nothing.
                assert due <= found <= due | {following}


def test_a_log_of_changes_that_is_gone_leaves_a_whole_store(tmp_path: Path) -> None:
    source, _ = written(tmp_path)
    assert openings_in(source, tmp_path / "one", b"") == set()

"""What can be relied on of a log that a site writes: all that came is in it, and it shows nothing."""

import datetime as dt
import shutil
import subprocess
import sys

import pytest

from intake.epoch import Epoch
from intake.errors import ProofError, StoreError
from intake.event import Void, parse_event
from intake.log.site_log import SiteLog, arranged
from intake.opening import Opening
from intake.store import Leaf
from intake.tlog.entries import CodeReleased, ConfigChanged, RosterChanged
from intake.tlog.note import Algorithm, Signer
from tests.log.worlds import FIRST, ORIGIN, World, opening_in


def digest(character: str) -> str:
    return f"sha256:{character * 64}"


def weeks(count: int) -> Epoch:
    return Epoch.of(FIRST.monday + dt.timedelta(weeks=count))


@pytest.mark.parametrize("count", range(17))
def test_nought_to_sixteen_submissions_look_alike_by_count_and_length(count: int) -> None:
    openings = [opening_in(FIRST).to_bytes() for _ in range(count)]
    leaves = arranged(openings, FIRST)
    assert [len(leaf.entry) for leaf in leaves] == [33] * 16 + [22]
    assert leaves[16].entry == b"Pepoch-closed 2026-W47"
    assert sorted(o for leaf in leaves[:16] if (o := leaf.opening or b"") in openings) == sorted(
        openings
    )
    voids = [v for leaf in leaves[:16] if isinstance(v := parse_event(leaf.opening or b""), Void)]
    assert len(set(voids)) == 16 - count
    assert len({leaf.entry for leaf in leaves}) == 17


@pytest.mark.parametrize(("count", "step", "blinded"), [(17, 16, 32), (32, 16, 32), (3, 4, 4)])
def test_more_fill_the_next_step(count: int, step: int, blinded: int) -> None:
    leaves = arranged([opening_in(FIRST).to_bytes() for _ in range(count)], FIRST, step)
    assert len(leaves) == blinded + 1


def test_where_a_submission_stands_in_its_epoch_is_chance() -> None:
    """Each of 16 places equally likely; a chi-square of 15 degrees stays below 50 but once in 10^5."""
    opening = opening_in(FIRST).to_bytes()
    counts = [0] * 16
    for _ in range(1600):
        counts[[leaf.opening for leaf in arranged([opening], FIRST)].index(opening)] += 1
    assert sum((count - 100) ** 2 / 100 for count in counts) < 50


def test_every_submission_of_a_closed_week_is_in_the_log_and_no_later_one(world: World) -> None:
    first = [world.add() for _ in range(3)]
    later = world.add(FIRST.next)
    world.close()
    world.check([*first, later])
    with world.store() as store:
        assert store.leaves.waiting() == [later.to_bytes()]
        assert store.leaves.count() == 17
    world.close(FIRST.next)
    world.check([*first, later])
    with world.store() as store:
        assert store.leaves.waiting() == []


def test_a_week_in_which_nothing_came_is_closed_like_any_other(world: World) -> None:
    world.close()
    world.check([])
    assert [len(entry) for entry in world.entries()] == [33] * 16 + [22]


def test_weeks_that_nobody_closed_are_closed_each_on_its_own(world: World) -> None:
    kept = [world.add(weeks(n)) for n in (0, 0, 2)]
    world.close(weeks(2))
    world.check(kept)
    closes = [entry for entry in world.entries() if entry.startswith(b"P")]
    assert closes == [f"Pepoch-closed {weeks(n)}".encode() for n in range(3)]


def test_nothing_is_closed_before_its_week_is_over_or_twice(world: World) -> None:
    with world.log() as log:
        assert log.close_due(FIRST) == ()
        assert log.close_due(FIRST.next) == (FIRST,)
        assert log.close_due(FIRST.next) == ()
    with world.store() as store, pytest.raises(StoreError, match="closed already"):
        store.leaves.close(FIRST, lambda openings: arranged(openings, FIRST))


@pytest.mark.parametrize("lost", ["submission", "event"])
def test_a_close_that_would_lose_something_is_none(world: World, lost: str) -> None:
    kept = [world.add(), world.add()]
    world.close()
    with world.store() as store:
        if lost == "event":
            store.release([kept[0].envelope], b"signed", ["anna", "berta"], FIRST.next)
        else:
            world.add(FIRST.next)

        def losing(openings: list[bytes]) -> list[Leaf]:
            assert len(openings) == 1
            return arranged([], FIRST.next)

        with pytest.raises(ValueError, match="has no entry"):
            store.leaves.close(FIRST.next, losing)
        assert (store.leaves.closed(), store.leaves.count()) == (FIRST, 17)
        assert len(store.leaves.waiting() + store.waiting_events()) == 1


def test_what_comes_after_an_early_close_is_in_the_next_one(world: World) -> None:
    before = world.add()
    with world.log() as log:
        assert log.close_due(FIRST, now=True) == (FIRST,)
        assert log.close_due(FIRST, now=True) == ()
        log.stage()
        log.settle()
    after = world.add()
    assert after.epoch == FIRST.next
    world.check([before, after])
    world.close(FIRST.next)
    world.check([before, after])


def test_a_clock_years_ahead_closes_nothing(world: World) -> None:
    with world.log() as log, pytest.raises(StoreError, match="weeks would be closed"):
        log.close_due(weeks(70))
    with world.store() as store:
        assert store.leaves.count() == 0


def test_years_that_nobody_closed_are_closed_up_to_a_week_that_somebody_names(
    world: World,
) -> None:
    kept = [world.add(weeks(n)) for n in (0, 65)]
    with world.log() as log:
        with pytest.raises(StoreError) as caught:
            log.close_due(weeks(70))
        assert f"--until {weeks(69)}" in caught.value.hint
        for week in (weeks(70), weeks(71)):
            with pytest.raises(StoreError, match="is not over"):
                log.close_due(weeks(70), until=week)
        assert log.close_due(weeks(70), until=weeks(63)) == tuple(map(weeks, range(64)))
        assert log.close_due(weeks(70), until=weeks(63)) == ()
        assert log.close_due(weeks(70)) == tuple(map(weeks, range(64, 70)))
        log.stage()
        log.settle()
    world.check(kept)


def test_what_was_killed_at_writing_is_cleaned_up_and_nothing_else(world: World) -> None:
    kept = world.add()
    world.close()
    tile = world.folder.path / "tile" / "0"
    unfinished = [world.folder.path / ".ab.part", tile / ".cd.part", tile / "000.p" / ".ef.part"]
    for path in unfinished:
        path.write_bytes(b"half")
    before = sorted(set(world.folder.path.rglob("*")) - set(unfinished))
    with world.folder.locked():
        assert sorted(world.folder.path.rglob("*")) == before
    world.check([kept])


def test_a_store_from_before_it_had_a_log_begins_with_its_first_submission(tmp_path) -> None:
    world = World.make(tmp_path / "old", since=None)
    kept = [world.add(weeks(n)) for n in (1, 0)]
    world.close(weeks(1))
    world.check(kept)
    assert world.entries()[16] == b"Pepoch-closed 2026-W47"
    empty = World.make(tmp_path / "empty", since=None)
    empty.close(weeks(5))
    assert [e for e in empty.entries() if e.startswith(b"P")] == [b"Pepoch-closed 2026-W52"]


def test_what_is_public_is_logged_once_and_again_when_it_changes(world: World) -> None:
    one, two = RosterChanged(1, digest("1")), RosterChanged(2, digest("2"))
    blue, red = ConfigChanged(digest("b")), ConfigChanged(digest("c"))
    code = CodeReleased(digest("d"))
    with world.log() as log:
        assert log.announce([one, blue, code]) == 3
        assert log.announce([one, blue, code]) == 0
        assert log.announce([one, two, red, code]) == 2
        assert log.announce([one, two, blue, code]) == 1
        log.stage()
    expected = [one, blue, code, two, red, blue]
    assert world.entries() == [entry.to_bytes() for entry in expected]


def test_public_entries_do_not_wait_and_blinded_ones_do(world: World) -> None:
    kept = world.add()
    with world.log() as log:
        log.announce([RosterChanged(1, digest("1"))])
        assert log.stage().checkpoint.size == 1
    world.close()
    world.check([kept])
    assert len(world.entries()) == 18


def test_two_at_once_never_write(world: World) -> None:
    """The second, in a process of its own, is refused in one phrase and changes nothing."""
    code = (
        "import sys; from pathlib import Path; from intake.log.folder import LogFolder\n"
        "from intake.errors import StoreError\n"
        "try:\n"
        "    with LogFolder(Path(sys.argv[1])).locked(): sys.exit(0)\n"
        "except StoreError as error: print(error.phrase); sys.exit(3)\n"
    )
    command = [sys.executable, "-c", code, str(world.folder.path)]
    with world.folder.locked():
        found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (3, "the log is being written already\n")
    assert subprocess.run(command, check=False).returncode == 0


def test_a_lost_folder_is_made_again_from_the_store_byte_for_byte(world: World) -> None:
    kept = [world.add() for _ in range(20)]
    signed = world.close()
    before = world.entries()
    shutil.rmtree(world.folder.path)
    with world.log() as log:
        assert log.stage() == signed
    assert world.entries() == before
    world.check(kept)


def test_an_altered_or_missing_tile_is_refused_by_its_name(world: World) -> None:
    world.close()
    tile = world.folder.path / "tile" / "0" / "000.p" / "17"
    content = tile.read_bytes()
    tile.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with world.log() as log, pytest.raises(ProofError, match=r"tile/0/000\.p/17"):
        log.stage()
    tile.unlink()
    with world.log() as log, pytest.raises(ProofError, match=r"tile/0/000\.p/17 is missing"):
        log.stage()


@pytest.mark.parametrize("goes_on", [False, True])
def test_an_older_store_that_was_put_back_does_not_go_on(world: World, *, goes_on: bool) -> None:
    """Otherwise what was signed would have no openings any more, or there would be two trees."""
    world.add()
    world.close()
    backup = world.path / "backup"
    shutil.copy(world.path / "store.sqlite", backup)
    world.close(weeks(1))
    staged = world.folder.staged()
    shutil.copy(backup, world.path / "store.sqlite")
    with world.log() as log, pytest.raises(ProofError, match="does not hold the entries"):
        if goes_on:
            log.close_due(weeks(4))
        log.stage()
    assert world.folder.staged() == staged


def test_another_key_does_not_go_on_with_a_log(world: World) -> None:
    world.close()
    other = Signer(ORIGIN, Algorithm.ED25519, bytes(32))
    with world.store() as store, pytest.raises(ProofError, match="another key"):
        SiteLog(store.leaves, world.folder, other).stage()


def test_every_blinded_entry_keeps_its_opening_for_the_reviewers(world: World) -> None:
    kept = world.add()
    world.close()
    with world.store() as store:
        found = [leaf.opening for leaf in store.leaves.leaves()]
    assert found.count(kept.to_bytes()) == 1
    assert found[16] is None
    blinded = [parse_event(opening) for opening in found if opening is not None]
    assert sum(isinstance(event, Opening) for event in blinded) == 1
    assert sum(isinstance(event, Void) for event in blinded) == 15

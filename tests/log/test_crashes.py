"""Killed at any step, a close goes on in the next run, and there is one tree and never two."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.boards import cheap_rows
from tests.log.worlds import FIRST, SIGNER, World
from tests.tlog.trees import mth

# A program in the place of `intake epoch`: at its nth step, before or after it, it kills itself.
# Steps are all that lasts: each transaction, each file that takes its name, each part of settling.
PROGRAM = """
import os, signal, sys
from pathlib import Path
from intake.epoch import Epoch
from intake.log import folder, site_log
from intake.log.folder import LogFolder
from intake.store import Leaves, Store, settling, sqlite_file
from intake.tlog import tile_writer
from intake.tlog.entries import RosterChanged
from intake.tlog.note import Algorithm, Signer

seed, today = bytes.fromhex(sys.argv[1]), Epoch.parse(sys.argv[2])

def run(site):
    store = Store.open(site / "store.sqlite")
    where = LogFolder(site / "log")
    signer = Signer("testimony-intake/test-abcdefgh", Algorithm.ED25519, seed)
    log = site_log.SiteLog(store.leaves, where, signer)
    with where.locked():
        log.announce([RosterChanged(1, "sha256:" + "1" * 64)])
        log.close_due(today)
        log.stage()
        log.settle()
    store.close()

def dying(real, at):
    def step(*words, **named):
        global taken
        taken += 1
        if taken == at:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*words, **named)
        taken += 1
        if taken == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return step

def crash(site, at):
    Path.replace = dying(Path.replace, at)
    Leaves.append_public = dying(Leaves.append_public, at)
    Leaves.close = dying(Leaves.close, at)
    settling._empty_log = dying(settling._empty_log, at)
    settling._set_times = dying(settling._set_times, at)
    sqlite_file.written_anew = dying(sqlite_file.written_anew, at)
    sqlite_file.left_at = dying(sqlite_file.left_at, at)
    run(site)

taken = 0
for site, at in zip(sys.argv[3::2], map(int, sys.argv[4::2])):
    child = os.fork()
    if not child:
        crash(Path(site), at)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def run(*runs: tuple[Path, int]) -> list[int]:
    """Exit codes of runs, each in a process that kills itself at a step; 0 is no step."""
    words = [SIGNER.seed.hex(), str(FIRST.next), *(str(word) for run in runs for word in run)]
    command = [sys.executable, "-c", PROGRAM, *words]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert found.stderr == ""
    return [int(line) for line in found.stdout.split()]


def test_a_close_that_is_killed_anywhere_goes_on_to_one_tree(tmp_path: Path) -> None:
    world = World.make(tmp_path / "site")
    kept = [world.add() for _ in range(3)]
    replies = cheap_rows(2)
    with world.store() as store:
        store.board.deliver(replies)
    victims = [World(tmp_path / f"killed at {at}") for at in range(1, 23)]
    for victim in victims:
        shutil.copytree(world.path, victim.path)
    codes = run(*((victim.path, at) for at, victim in enumerate(victims, 1)))
    # announced, closed, two tiles, staged, written anew and emptied, left and emptied, times: before
    # and after each
    assert codes == [-9] * 20 + [0] * 2
    signed = [victim.folder.staged() for victim in victims]
    assert run(*((victim.path, 0) for victim in victims)) == [0] * 22
    for victim, before in zip(victims, signed, strict=True):
        assert (victim.path / "store.sqlite").stat().st_mtime == FIRST.end.timestamp()
        assert not list(victim.path.rglob("*.part"))
        assert not list(victim.path.glob("store.sqlite-*"))
        victim.check(kept)
        with victim.store() as store:
            board = store.board.rows()
        assert set(replies) < set(board)
        assert len(board) == 16
        entries = victim.entries()
        assert sum(entry.startswith(b"B") for entry in entries) == 16
        if before is not None:
            assert mth(entries[: before.checkpoint.size]) == before.checkpoint.root


@pytest.mark.parametrize("again", [1, 3])
def test_what_was_signed_before_a_crash_is_never_signed_otherwise(world: World, again: int) -> None:
    """A second kill in the run that repairs the first changes nothing either."""
    kept = [world.add() for _ in range(20)]
    assert run((world.path, 6), (world.path, again), (world.path, 0)) == [-9, -9, 0]
    first = world.folder.staged()
    assert run((world.path, 0)) == [0]
    assert world.folder.staged() == first
    world.check(kept)
    assert len(world.entries()) == 34

"""What can be relied on when several hosts serve one site from one database."""

import datetime as dt
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks.load.sealing import Post
from intake.cli import run
from intake.epoch import Epoch
from intake.errors import StoreError
from intake.log.site_log import arranged
from intake.machine import Level
from intake.opening import Opening
from intake.store import Allowance, Leaf, PostgresPlace, Store
from intake.web.checkup import examine_site
from intake.web.checkup_machine import BUILT
from intake.web.site import Site, today_in_utc
from tests.log.worlds import FIRST, SIGNER, World
from tests.postgres.clusters import Cluster
from tests.postgres.sites import Senders, two_sites
from tests.web.serving import serving


@pytest.fixture
def place(cluster: Cluster) -> Iterator[PostgresPlace]:
    with cluster.new_database() as made:
        yield made


def test_two_hosts_serve_one_site_and_its_log_is_one(
    tmp_path: Path, place: PostgresPlace, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sent to both, it is kept once; both serve the same log, and an auditor follows either."""
    sites, panel = two_sites(tmp_path, place)
    letters = list(Post(tmp_path, panel.roster).texts(6))

    def said(*words: str | Path, code: int = 0) -> list[str]:
        capsys.readouterr()
        assert run([str(word) for word in words]) == code, capsys.readouterr()
        return capsys.readouterr().out.splitlines()

    with ExitStack() as hosts:
        ports = [hosts.enter_context(serving(site.folder))[0] for site in sites]
        senders = Senders([f"127.0.0.1:{port}" for port in ports])
        senders.send(letters)
        senders.send(letters[:1] * 4)
        assert not senders.refused
        assert len({given.opening for given in senders.acknowledged}) == len(letters)
        first, second = (
            said("epoch", site.folder, *more)
            for site, more in ((sites[0], ["--now"]), (sites[1], []))
        )
        assert first[0].startswith(f"closed {Epoch.now()}; the log has 20 entries")
        assert second == ["no week is over; the log has 20 entries"]
        for site in sites:
            said("cosign", site.folder)
        published = [site.log_folder.published() for site in sites]
        assert published[0] is not None
        assert published[0] == published[1]
        assert sites[0].board_folder.index() == sites[1].board_folder.index()
        # One auditor, who asks now the one host, now the other.
        for port in ports * 2:
            follow = ("audit", "follow", f"http://127.0.0.1:{port}", "--state", tmp_path / "state")
            lines = said(*follow, "--policy", sites[0].log_policy_path)
            assert f"closed to {Epoch.now()}" in lines[-1]
    store = Store.open(place)
    assert store.count() == len(letters)
    store.close()
    bundle = tmp_path / "bundle"
    assert f"{len(letters)} submissions" in said("collect", sites[1].folder, bundle)[0]


def test_a_site_is_made_in_an_empty_database_and_in_no_other(
    tmp_path: Path, place: PostgresPlace, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--organisation", "X", "--address", "x.onion", "--store", place.url]
    words += ["--store-room", str(place.room)]
    assert run(["init", str(tmp_path / "a"), *words]) == 0
    made = Site.open(tmp_path / "a")
    assert made.store_place == place
    assert not made.store_path.exists()
    store = Store.open(place)
    assert (store.deployment, store.count()) == (made.settings.deployment, 0)
    assert 0 < store.free() < place.room
    store.close()
    assert run(["init", str(tmp_path / "b"), *words]) == 1
    assert "there is a store already in this database" in capsys.readouterr().err


def test_without_what_speaks_to_postgresql_that_is_said(
    place: PostgresPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("postgres", "postgres_session"):
        monkeypatch.delitem(sys.modules, f"intake.store.{module}", raising=False)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match="not installed"):
        Store.open(place)


UPLOADER = """
import sys
from intake.store import PostgresPlace, Store
store = Store.open(PostgresPlace(sys.argv[1], 1 << 40))
with store.stage() as staging:
    staging.add(b"half")
    print("added", flush=True)
    sys.stdin.read()
"""


def test_a_host_that_starts_sweeps_what_a_dead_one_left_and_nothing_that_lives(
    place: PostgresPlace, tmp_path: Path
) -> None:
    world = World.make(tmp_path / "site", place=place)
    command = [sys.executable, "-c", UPLOADER, place.url]
    words = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with world.store() as living, world.store() as starting:
        dead = subprocess.Popen(command, **words)
        assert dead.stdout.readline() == b"added\n"
        with living.stage() as staging:
            staging.add(b"whole")
            assert starting.sweep() == 0
            dead.kill()
            dead.communicate()
            while not (swept := starting.sweep()):  # until the server sees that it is gone
                pass
            assert swept == 1
            assert staging.keep(os.urandom(16), os.urandom(32), b"o", Allowance(FIRST, 1 << 40))
        assert living.sizes() == {b"o": 5}


def test_what_comes_while_another_host_closes_waits_and_sees_the_close(
    tmp_path: Path, place: PostgresPlace
) -> None:
    """Else it would be in a week that is closed, and in no log."""
    world = World.make(tmp_path / "site", place=place)
    kept = [world.add()]
    came = list[Opening]()
    sender = threading.Thread(target=lambda: came.append(world.add(FIRST)))

    def arrange(openings: list[bytes]) -> list[Leaf]:
        sender.start()
        time.sleep(0.7)
        assert came == []
        return arranged(openings, FIRST)

    with world.store() as store:
        store.leaves.close(FIRST, arrange)
    sender.join(30)
    assert [one.epoch for one in came] == [FIRST.next]
    world.close(FIRST.next)
    world.check(kept + came)


def test_one_host_at_a_time_writes_to_the_log(tmp_path: Path, place: PostgresPlace) -> None:
    world = World.make(tmp_path / "site", place=place)
    got: list[int] = []

    def other() -> None:
        with world.store() as store, store.leaves.closing():
            got.append(1)

    waiting = threading.Thread(target=other)
    with world.store() as store, store.leaves.closing():
        waiting.start()
        time.sleep(0.7)
        assert got == []
    waiting.join(30)
    assert got == [1]


# A host's `intake epoch`, which kills itself before or after its nth step, or at none.
CLOSER = """
import os, signal, sys
from pathlib import Path
from intake.epoch import Epoch
from intake.errors import StoreError
from intake.log.folder import LogFolder
from intake.log.site_log import SiteLog
from intake.store import Leaves, PostgresPlace, Store, postgres, postgres_tables
from intake.tlog.entries import RosterChanged
from intake.tlog.note import Algorithm, Signer

url, folder, seed, today, at = sys.argv[1:]
taken = 0

def dying(real):
    def step(*words, **named):
        global taken
        for turn in (0, 1):
            taken += 1
            if taken == int(at):
                os.kill(os.getpid(), signal.SIGKILL)
            if turn == 0:
                result = real(*words, **named)
        return result
    return step

Path.replace = dying(Path.replace)
Leaves.append_public = dying(Leaves.append_public)
Leaves.close = dying(Leaves.close)
postgres_tables.rewrite = dying(postgres_tables.rewrite)
postgres_tables.drop_old_changes = dying(postgres_tables.drop_old_changes)
store = Store.open(PostgresPlace(url, 1 << 40))
where = LogFolder(Path(folder))
signer = Signer("testimony-intake/test-abcdefgh", Algorithm.ED25519, bytes.fromhex(seed))
log = SiteLog(store.leaves, where, signer)
print("ready", flush=True)
sys.stdin.readline()
with where.locked(), store.leaves.closing():
    print("closing", flush=True)
    log.announce([RosterChanged(1, "sha256:" + "1" * 64)])
    log.close_due(Epoch.parse(today))
    log.stage()
    log.settle()
"""


def closers(world: World, *deaths: tuple[Path, int]) -> list[int]:
    """Exit codes of hosts that close at once, each in its own log's folder."""
    words = [SIGNER.seed.hex(), str(FIRST.next)]
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", CLOSER, world.kept_at.url, str(folder), *words, str(at)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for folder, at in deaths
    ]
    for one in begun:
        assert one.stdout.readline() == "ready\n"
    for one, (_, at) in zip(begun, deaths, strict=True):
        one.stdin.write("\n")
        one.stdin.flush()
        # Who is to die has the lock before the other asks for it; else whoever is quicker.
        assert not at or one.stdout.readline() == "closing\n"
    for one in begun:
        one.communicate(timeout=120)
    return [one.returncode for one in begun]


LONG = (1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 13, 14)


@pytest.mark.parametrize("at", [0, 4, 12, *(pytest.param(n, marks=pytest.mark.long) for n in LONG)])
def test_of_hosts_that_close_at_once_one_does_and_a_killed_one_leaves_it_to_the_other(
    tmp_path: Path, place: PostgresPlace, at: int
) -> None:
    world = World.make(tmp_path / "a", place=place)
    other = World(tmp_path / "b", place)
    other.path.mkdir()
    kept = [world.add() for _ in range(5)]
    folders = [one.folder.path for one in (world, other)]
    assert closers(world, (folders[0], at), (folders[1], 0)) == [-9 if at else 0, 0]
    other.check(kept)
    assert closers(world, (folders[0], 0)) == [0]
    world.check(kept)
    assert world.folder.staged() == other.folder.staged()
    entries = world.entries()
    assert sum(entry.startswith(b"B") for entry in entries) == 16
    assert sum(entry.startswith(b"Pepoch") for entry in entries) == 1
    assert sum(entry.startswith(b"Proster") for entry in entries) == 1
    with world.store() as store:
        assert len(store.board.rows()) == 16


def test_the_sentinel_says_that_it_does_not_look_into_the_database(
    tmp_path: Path, place: PostgresPlace, capsys: pytest.CaptureFixture[str]
) -> None:
    """And leaves no file behind that would be taken for a store."""
    (site, _), _ = two_sites(tmp_path, place)
    assert run(["doctor", str(site.folder), "--sentinel", "--temporary", str(tmp_path)]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert [row for row in rows if row.startswith("not checked  the store: ")]
    assert not [row for row in rows if "store.sqlite" in row]
    assert not site.store_path.exists()


def test_a_clock_before_a_week_that_is_closed_in_the_database_is_found(
    tmp_path: Path, place: PostgresPlace
) -> None:
    (site, _), _ = two_sites(tmp_path, place)
    assert run(["epoch", str(site.folder), "--now"]) == 0
    now = dt.datetime.combine(BUILT, dt.time(1), dt.UTC)
    (found,) = [one for one in examine_site(site, now) if one.topic == "clock"]
    assert found.level is Level.WRONG
    monday = Epoch.of(today_in_utc()).monday
    assert f"signed at {monday.isoformat()}" in found.says

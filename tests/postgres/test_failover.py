"""What can be relied on when the server dies: its copy has all that was acknowledged, once.

Real streaming replication, and a plain promotion. Who decides to promote, Patroni or a person, is
not tested here.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from intake.errors import StoreError
from intake.opening import Opening
from intake.store import Allowance, Store
from tests.log.worlds import FIRST, World, opening_in, status_of
from tests.postgres.clusters import Cluster
from tests.postgres.pairs import pair
from tests.web.serving import until

# A site's process on a host: it sends each object until that is acknowledged, as clients do.
HOST = """
import os, sys, time
from pathlib import Path
from intake.epoch import Epoch
from intake.errors import StoreError
from intake.store import PostgresPlace, Store
from tests.log.worlds import World, opening_in, status_of
from hashlib import sha256
from intake.store import Allowance

where = PostgresPlace(sys.argv[1], 1 << 40)
store = Store.open(where)
week = Epoch.parse(sys.argv[2])
for number in range(int(sys.argv[3])):
    sealed = os.urandom(2000)
    opening = opening_in(week, sha256(sealed).digest())
    words = status_of(opening.envelope), opening.envelope, opening.to_bytes()
    while True:
        try:
            if number % 8:
                store.keep(*words, sealed, Allowance(week, 1 << 40))
            else:
                with store.stage() as staging:
                    staging.add(sealed[:1000])
                    staging.add(sealed[1000:])
                    staging.keep(*words, Allowance(week, 1 << 40))
            if store.kept(*words[:2]) != words[2]:
                print("lost", flush=True)
            break
        except StoreError as error:
            print("-", error, flush=True)
            time.sleep(0.05)
    print("+", opening.to_bytes().hex(), flush=True)
"""


@contextmanager
def hosts(place_url: str, each: int, number: int = 2) -> Iterator[list["subprocess.Popen[str]"]]:
    """Processes that send, as on so many hosts."""
    words = [sys.executable, "-c", HOST, place_url, str(FIRST.next), str(each)]
    begun = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(number)]
    try:
        yield begun
    finally:
        for one in begun:
            one.kill()
            one.wait()
            if one.stdout:
                one.stdout.close()


def acknowledged(lines: list[str]) -> list[Opening]:
    return [Opening.parse(bytes.fromhex(one[2:])) for one in lines if one.startswith("+")]


@pytest.mark.parametrize("each", [150, pytest.param(5_500, marks=pytest.mark.long)])
def test_a_server_dies_under_load_and_nothing_acknowledged_is_lost_or_twice(
    tmp_path: Path, each: int
) -> None:
    """A week was closed before; the log goes on from what was signed, and has one tree."""
    with pair() as servers:
        world = World.make(tmp_path / "site", place=servers.place)
        kept = [world.add() for _ in range(5)]
        before = world.close()
        said: list[str] = []
        enough = threading.Event()

        def listen(one: "subprocess.Popen[str]") -> None:
            for line in one.stdout or ():
                said.append(line.strip())
                if len(said) > each * 2 // 3:
                    enough.set()

        with hosts(servers.place.url, each) as begun:
            ears = [threading.Thread(target=listen, args=(one,)) for one in begun]
            for ear in ears:
                ear.start()
            assert enough.wait(600)
            servers.take_over()
            died_at = len(acknowledged(said))
            for ear in ears:
                ear.join(600)
            assert [one.wait(60) for one in begun] == [0, 0]
        assert "lost" not in said
        assert any(line.startswith("-") for line in said)  # it did die under load
        sent = acknowledged(said)
        assert len(sent) == 2 * each > died_at
        kept += sent
        with world.store() as store:
            assert store.count() == len(kept)
            store.sweep()
            assert sorted(store.sizes().values()) == [100] * 5 + [2000] * (2 * each)
            # Whatever lasted was counted, though nobody waited for the count itself.
            assert store.taken(FIRST.next) >= 2000 * 2 * each
        after = world.close(FIRST.next)
        assert after.checkpoint.size > before.checkpoint.size
        world.check(kept)


def test_a_copy_that_nobody_waits_for_loses_what_was_acknowledged(tmp_path: Path) -> None:
    """The twin: without `synchronous_standby_names` the test above would see a loss."""
    with pair() as servers:
        world = World.make(tmp_path / "site", place=servers.place)
        servers.wait_for_second("")
        servers.second.stop()
        kept = [world.add() for _ in range(3)]
        servers.first.kill()
        servers.second.start()
        servers.second.promote()
        with world.store() as store:
            assert store.count() < len(kept)


def test_what_the_copy_did_not_confirm_is_not_acknowledged_not_known_and_not_signed(
    tmp_path: Path,
) -> None:
    """The server itself calls a commit well whose wait was cut short, and shows what it wrote."""
    with pair() as servers:
        world = World.make(tmp_path / "site", place=servers.place)
        # Of the wait that was cut short a session is told by a warning, whatever its role asks for.
        servers.first.ask("postgres", "ALTER ROLE intake SET client_min_messages = error")
        failed: list[str] = []
        sent: list[Opening] = []
        answers: list[bytes | None] = []
        with world.store() as store:
            with stopped(servers.second):
                sender = threading.Thread(target=lambda: sent.append(opening_of(store, failed)))
                sender.start()
                cut_short(servers.first)
                sender.join(30)
                assert failed == ["the store's second copy did not confirm what was written"]
                # It can be read, and is not said to be kept: whoever asks waits for the copy.
                assert store.openings() == [sent[0].to_bytes()]
                words = status_of(sent[0].envelope), sent[0].envelope
                asker = threading.Thread(target=lambda: answers.append(store.kept(*words)))
                asker.start()
                signer = threading.Thread(target=world.close)
                signer.start()
                time.sleep(1)
                assert answers == []
                assert world.folder.staged() is None
            asker.join(30)
            signer.join(60)
        assert answers == [sent[0].to_bytes()]
        world.check(sent)


def test_who_waits_for_the_copy_holds_up_nobody_who_comes_meanwhile(tmp_path: Path) -> None:
    """Else a site took one submission for each time that the copy needs to answer."""
    with pair() as servers:
        world = World.make(tmp_path / "site", place=servers.place)
        sent: list[Opening] = []
        with world.store() as store:
            senders = [
                threading.Thread(target=lambda: sent.append(world.add_to(store, FIRST)))
                for _ in range(3)
            ]
            with stopped(servers.second):
                for sender in senders:
                    sender.start()
                waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
                until(lambda: servers.first.ask("postgres", waits) == [(3,)])
                assert store.taken(FIRST) == 300
                assert sent == []
            for sender in senders:
                sender.join(30)
        assert len(sent) == 3


def opening_of(store: Store, failed: list[str]) -> Opening:
    """Send one, and note what is said of it."""
    opening = opening_in(FIRST)
    words = status_of(opening.envelope), opening.envelope, opening.to_bytes()
    try:
        store.keep(*words, b"sealed", Allowance(FIRST, 1 << 40))
    except StoreError as error:
        failed.append(str(error))
    return opening


def cut_short(server: Cluster) -> None:
    """End the wait of the one commit that waits for the copy."""
    query = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    deadline = time.monotonic() + 30
    while server.ask("postgres", query) != [(True,)]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def stopped(server: Cluster) -> Iterator[None]:
    """A copy that hangs, as on a network that is cut."""
    assert server.process is not None
    family = [server.process.pid, *server.family()]
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in family:
            os.kill(pid, signal.SIGCONT)

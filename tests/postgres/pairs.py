"""A server and the copy that follows it: by their sockets, or each on a machine of its own."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from intake.store import PostgresPlace
from tests.ports import free_port
from tests.postgres.certificates import certificate, options
from tests.postgres.clusters import ROOM, Cluster, folder_of_its_own, running
from tests.postgres.network import Machine

_STARTS = 30  # seconds


@dataclass
class Replicated:
    """Servers of which the first writes: what is acknowledged is on another one, too.

    `keys` has the certificates of those who come by a network.
    """

    servers: list[Cluster]
    keys: Path | None = None

    @property
    def first(self) -> Cluster:
        """The one that writes at first."""
        return self.servers[0]

    @property
    def second(self) -> Cluster:
        """A copy."""
        return self.servers[1]

    @property
    def place(self) -> PostgresPlace:
        """The database, on whichever of them writes, by their sockets."""
        hosts = ",".join(str(one.folder) for one in self.servers)
        ports = ",".join(str(one.port) for one in self.servers)
        words = f"host={hosts}&port={ports}&target_session_attrs=read-write"
        return PostgresPlace(f"postgresql://intake@/intake?{words}", ROOM)

    @property
    def place_on_network(self) -> PostgresPlace:
        """The same as a site on another machine names it."""
        assert self.keys
        hosts = ",".join(f"{one.machine.address}:{one.port}" for one in self.servers if one.machine)
        words = {"target_session_attrs": "read-write"} | options(self.keys, "intake")
        return PostgresPlace(f"postgresql://intake@{hosts}/intake?{urlencode(words)}", ROOM)

    def wait_for_second(self, names: str) -> None:
        """Have a commit wait for these copies from now on; empty for none."""
        self.first.ask("postgres", f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        self.first.ask("postgres", "SELECT pg_reload_conf()")
        state = "sync" if names else "async"
        query = "SELECT sync_state FROM pg_stat_replication"
        deadline = time.monotonic() + _STARTS
        while self.first.ask("postgres", query) != [(state,)]:
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def lose_first(self) -> None:
        """It dies as by a power cut, and its machine with it."""
        self.first.kill()
        if self.first.machine:
            self.first.machine.cut()

    def take_over(self) -> None:
        """The first dies; the second writes."""
        self.lose_first()
        self.second.promote()


@contextmanager
def pair() -> Iterator[Replicated]:
    """Two servers, the second a synchronous copy, with an empty database `intake`."""
    with running() as first, folder_of_its_own() as folder:
        first.database("intake")
        with _followed(first, first.standby_of(folder)) as made:
            yield made


@contextmanager
def pair_on(one: Machine, other: Machine, keys: Path) -> Iterator[Replicated]:
    """The same on two machines; `keys` is a folder for certificates."""
    port = free_port()
    for name in (one.address, other.address, "intake", "intake-replication"):
        certificate(keys, name)

    def prepared(cluster: Cluster) -> None:
        cluster.listen(one, port, keys)

    with running(prepared=prepared) as first, folder_of_its_own() as folder:
        first.database("intake")
        second = first.standby_of(folder)
        second.listen(other, port, keys)
        for name in ("intake-replication.pem", "intake-replication.key"):
            second.give(keys / name)
        second.follow(options(folder, "intake-replication") | {"host": one.address})
        with _followed(first, second, keys) as made:
            yield made


@contextmanager
def _followed(first: Cluster, second: Cluster, keys: Path | None = None) -> Iterator[Replicated]:
    try:
        second.start()
        made = Replicated([first, second], keys)
        made.wait_for_second("copy")
        yield made
    finally:
        second.stop()

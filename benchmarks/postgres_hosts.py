"""How much more two hosts take than one, each limited to half a core, on one PostgreSQL server.

Measured by itself, as root: `make bench ONLY=postgres_hosts`. It needs an idle machine of two cores,
on which the server and those who send have the other core, and the kernel's cpu controller. Hosts are
limited with all of their processes; the server and the senders, whose letters are sealed before, are
not. What each of them spends on a submission, and what sessions of the server wait for, is counted:
that says what limits the rate, also where the machine is not idle.
"""

import contextlib
import os
import statistics
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.load.generator import Job, finish, start
from benchmarks.load.measuring import check, row
from benchmarks.load.report import Report
from benchmarks.load.sealing import Post
from benchmarks.serving import Server
from intake.store import Store
from tests.postgres.clusters import Cluster, running
from tests.postgres.sites import two_sites
from tests.web.serving import serving

ROUNDS = 5
SECONDS = 5.0  # a round
CLIENTS = 8  # a host
MOST = 250  # submissions a second and host for which there are letters
_LOOK = 0.02  # seconds between two looks at what sessions wait for
_CPU = (Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup"))
_WAITS = """
SELECT coalesce(wait_event_type || ' ' || wait_event, 'works') FROM pg_stat_activity
WHERE usename = 'intake' AND coalesce(wait_event_type, '') <> 'Client'
"""


@dataclass(frozen=True)
class Half:
    """A group of processes that has half a core; `before` begins a command in it."""

    group: Path

    @property
    def before(self) -> list[str]:
        """What a command is begun with: whatever that begins is in the group, too."""
        return ["sh", "-c", f'echo $$ > {self.group}/cgroup.procs; exec "$@"', "sh"]

    def held_back(self) -> float:
        """Seconds for which it had to wait because its share was used up."""
        rows = dict(line.split() for line in (self.group / "cpu.stat").read_text().splitlines())
        if "throttled_usec" in rows:
            return int(rows["throttled_usec"]) / 1e6
        return int(rows["throttled_time"]) / 1e9


@contextmanager
def half_a_core(name: str) -> Iterator[Half]:
    """Half a core of its own, by cgroup v1 or v2: 10 ms of every 20."""
    top = next(path for path in _CPU if path.is_dir())
    group = top / f"intake-{os.getpid()}-{name}"
    group.mkdir()
    try:
        if (group / "cpu.cfs_quota_us").exists():
            (group / "cpu.cfs_period_us").write_text("20000")
            (group / "cpu.cfs_quota_us").write_text("10000")
        else:
            (group / "cpu.max").write_text("10000 20000")
        yield Half(group)
    finally:
        group.rmdir()


@dataclass
class Spent:
    """What one submission took, in CPU-milliseconds by part, and the share of time held back."""

    rates: list[float] = field(default_factory=list)
    parts: dict[str, list[float]] = field(default_factory=dict)
    waits: Counter[str] = field(default_factory=Counter)

    def add(self, rate: float, parts: dict[str, float]) -> None:
        """One round."""
        self.rates.append(rate)
        for name, value in parts.items():
            self.parts.setdefault(name, []).append(value)

    @property
    def told(self) -> str:
        """In a line."""
        parts = ", ".join(f"{name} {statistics.median(v):.2f}" for name, v in self.parts.items())
        looks = self.waits.total() or 1
        waits = ", ".join(f"{name} {n / looks:.0%}" for name, n in self.waits.most_common(4))
        return f"{statistics.median(self.rates):.0f}/s ({parts}; sessions: {waits})"


@dataclass
class Bench:
    """Two hosts, one server, and those who send."""

    cluster: Cluster
    hosts: list[Server]
    halves: list[Half]
    post: Post
    sent: int = 0

    def round(self, number: int, spent: Spent) -> None:
        """As many clients at each of the first so many hosts, for some seconds."""
        hosts, halves = self.hosts[:number], self.halves[:number]
        letters = [self.post.texts(int(MOST * SECONDS)) for _ in hosts]
        server = Server(0, self.cluster.process.pid if self.cluster.process else 0)
        before = [one.cpu() for one in (*hosts, server)]
        held = sum(one.held_back() for one in halves)
        with self._looking(spent.waits):
            began = [
                start(
                    Job(
                        (host.address,),
                        {"script": 1},
                        SECONDS,
                        CLIENTS,
                        busy=True,
                        letters=some,
                        most=some.count,
                    )
                )
                for host, some in zip(hosts, letters, strict=True)
            ]
            reports = [finish(one) for one in began]
        for report, some in zip(reports, letters, strict=True):
            check(report)
            some.path.unlink()
        spent.add(sum(one.rate for one in reports), self._parts(hosts, server, before, reports))
        seconds = sum(one.seconds for one in reports)
        after = sum(one.held_back() for one in halves)
        spent.parts.setdefault("held back", []).append((after - held) / seconds)
        self.sent += sum(one.sent for one in reports)

    def _parts(
        self, hosts: Sequence[Server], server: Server, before: list[float], reports: list[Report]
    ) -> dict[str, float]:
        sent = sum(one.sent for one in reports)
        *of_hosts, of_server = (
            one.cpu() - then for one, then in zip((*hosts, server), before, strict=True)
        )
        return {
            "host": sum(of_hosts) * 1000 / sent,
            "PostgreSQL": of_server * 1000 / sent,
            "senders": sum(one.own_cpu for one in reports) * 1000 / sent,
        }

    @contextmanager
    def _looking(self, waits: Counter[str]) -> Iterator[None]:
        stop = threading.Event()

        def look() -> None:
            with self.cluster.admin("intake") as session:
                while not stop.wait(_LOOK):
                    waits.update(found[0] for found in session.execute(_WAITS).fetchall())

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """Everything at work."""
    with ExitStack() as open_:
        cluster = open_.enter_context(running(on_disk=True))
        place = cluster.database("intake")
        sites, panel = two_sites(folder, place)
        made = Bench(cluster, [], [], Post(folder, panel.roster))
        for site in sites:
            half = open_.enter_context(half_a_core(site.folder.name))
            port, process = open_.enter_context(serving(site.folder, half.before, workers=1))
            made.halves.append(half)
            made.hosts.append(Server(port, process.pid))
        yield made
        store = Store.open(place)
        with contextlib.closing(store):
            assert store.count() == made.sent


def measure() -> list[dict[str, Any]]:
    """The figure `postgres_two_hosts`: one host and two take turns."""
    one, two = Spent(), Spent()
    with tempfile.TemporaryDirectory() as folder, bench(Path(folder)) as made:
        made.round(2, Spent())  # for what is made once
        for _ in range(ROUNDS):
            made.round(1, one)
            made.round(2, two)
    ratios = [after / before for before, after in zip(one.rates, two.rates, strict=True)]
    return [
        row(
            "postgres_two_hosts",
            statistics.median(ratios),
            "times one host",
            ">= 1.6",
            f"median of {ROUNDS} rounds of {SECONDS:.0f} s, {min(ratios):.2f} to {max(ratios):.2f};"
            f" half a core a host (cgroup cpu), 1 worker, {CLIENTS} clients a host, GET form to"
            f" answer; CPU-ms each, and the share of time in which a host was held back;"
            f" one: {one.told}; two: {two.told}",
        )
    ]

"""A site and its server as they are measured: `intake serve` in processes of its own."""

import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from intake.container import SIZES
from intake.deployment import fresh_deployment
from intake.store import Store
from intake.web.settings import Settings
from intake.web.site import Site, today_in_utc
from tests.panel import Panel, make_panel
from tests.ports import free_port
from tests.web.serving import wait_for

WORKERS = 2
# What a process that refuses dumps holds is told to root alone, or to whoever is root's for it.
OURS = [] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user"]
_TICK = os.sysconf("SC_CLK_TCK")


def site_with(
    folder: Path, *, reviewers: int, settings: Settings | None = None
) -> tuple[Site, Panel]:
    """A site with an empty store, and a roster of so many."""
    chosen = settings or Settings(
        fresh_deployment("bench"), "Example", "example.onion", "en", SIZES[0]
    )
    site = Site.make(folder / "site", chosen)
    Store.create(site.store_path, site.settings.deployment).close()
    return site, published(site, reviewers)


def site_for_many(folder: Path, *, largest: int = SIZES[0]) -> tuple[Site, Panel]:
    """A site with 3 reviewers whose week has room for whatever a measurement sends."""
    settings = Settings(fresh_deployment("bench"), "Example", "example.onion", "en", largest)
    return site_with(folder, reviewers=3, settings=replace(settings, weekly_bytes=10**12))


def published(site: Site, reviewers: int) -> Panel:
    """The panel of a roster that this site has from now on."""
    panel = make_panel(reviewers, deployment=site.settings.deployment)
    site.publish(panel.note, panel.roster.roots, today_in_utc())
    return panel


@dataclass(frozen=True)
class Server:
    """One that runs: where it listens, and the process that began it."""

    port: int
    pid: int

    @property
    def address(self) -> str:
        """As a client names it."""
        return f"127.0.0.1:{self.port}"

    def family(self) -> list[int]:
        """Every process of it that is there now: whoever began it, workers, and their children."""
        found, left = [], [self.pid]
        while left:
            pid = left.pop()
            with contextlib.suppress(OSError):
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
                found.append(pid)
                left += map(int, children)
                left += _children_of_threads(pid)
        return found

    def cpu(self) -> float:
        """CPU seconds, user and system, of all its processes, those that have ended among them."""
        ticks = 0
        for pid in self.family():
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += sum(map(int, fields[11:15]))
        return ticks / _TICK

    def memory(self, kind: str = "Pss") -> float:
        """Megabytes of memory, shared pages counted by their share; `Pss_Anon` is its own alone.

        Processes are looked at one after another, and twice: what one gave back while the next was
        looked at, which took it, is not counted as if both had it.
        """
        first, again = self._held(kind), self._held(kind)
        return sum(min(held, again[pid]) for pid, held in first.items() if pid in again) / 1024

    def _held(self, kind: str) -> dict[int, int]:
        held = {}
        for pid in self.family():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
                if found := re.search(rf"^{kind}:\s+(\d+) kB", rollup, re.MULTILINE):
                    held[pid] = int(found[1])
        return held


def _children_of_threads(pid: int) -> list[int]:
    """What threads other than the first have begun."""
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        if thread.name != str(pid):
            with contextlib.suppress(OSError):
                found += map(int, (thread / "children").read_text().split())
    return found


@contextlib.contextmanager
def serving(site: Site, *options: str) -> Iterator[Server]:
    """`intake serve` of this site with two workers, once both are there."""
    serve = ("-m", "intake", "serve", str(site.folder), "--workers", str(WORKERS), *options)
    with running(*serve, "--bind", "{}") as server:
        yield server


@contextlib.contextmanager
def running(*program: str) -> Iterator[Server]:
    """A server of two workers; `{}` in its words is where it listens."""
    bind = f"127.0.0.1:{free_port()}"
    words = [word.replace("{}", bind) for word in program]
    process = subprocess.Popen([*OURS, sys.executable, *words], stderr=subprocess.DEVNULL)
    try:
        wait_for(bind, process, 120)
        server = Server(int(bind.rpartition(":")[2]), process.pid)
        _wait_for_workers(server)
        yield server
    finally:
        process.terminate()
        process.wait()


def _wait_for_workers(server: Server) -> None:
    """Until all of them are there: what they cost is what is measured."""
    for _ in range(200):
        if len(server.family()) > WORKERS:
            return
        time.sleep(0.05)
    raise TimeoutError

"""One site on several hosts with one database, and those who send to it until it says that it has it.

Hosts are processes with site folders of their own, as deploy/postgresql.md copies them.
"""

import asyncio
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.load.exchange import Address, BrokenError, Visit
from benchmarks.load.letters import Letters
from benchmarks.load.ways import RefusedError, sent
from intake.log.acknowledgement import Acknowledgement
from intake.store import PostgresPlace, Store
from intake.web.site import Site
from tests.panel import Panel
from tests.postgres.network import Machine
from tests.web.serving import serving, site_in

# What each host makes for itself.
OWN = ("log", "board", "serve.lock", "backup.json", "written.json")


def two_sites(
    folder: Path, place: PostgresPlace, named: PostgresPlace | None = None
) -> tuple[list[Site], Panel]:
    """One site on two hosts: the second has a copy of the first one's folder.

    `named` is how they name the store at `place`, where they are on other machines than we.
    """
    first, panel = site_in(folder / "a")
    first.store_path.unlink()
    store = named or place
    said = replace(first.settings, store=store.url, store_room=store.room)
    (first.folder / "site.toml").write_bytes(said.to_bytes())
    Store.create(place, said.deployment).close()
    shutil.copytree(first.folder, folder / "b", ignore=shutil.ignore_patterns(*OWN))
    return [Site.open(folder / name) for name in ("a", "b")], panel


@dataclass
class Senders:
    """People who send by the script path, at hosts in turn, each letter until it is acknowledged."""

    addresses: Sequence[str]
    patient: bool = True  # else whoever is refused once sends no more
    acknowledged: list[Acknowledgement] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    def send(self, letters: Letters | Iterable[memoryview], people: int = 8) -> None:
        """Return when every letter was acknowledged."""
        # Beside this thread, in which the browser of another test may have a loop of its own.
        with ThreadPoolExecutor(1) as beside:
            beside.submit(asyncio.run, self._all(iter(letters), people)).result()

    async def _all(self, letters: Iterator[memoryview], people: int) -> None:
        hosts = count()
        async with asyncio.TaskGroup() as group:
            for _ in range(people):
                group.create_task(self._one(letters, hosts))

    async def _one(self, letters: Iterator[memoryview], hosts: Iterator[int]) -> None:
        for letter in letters:
            given = None
            while given is None:
                given = await self._tried(letter, next(hosts))
                if given is None and not self.patient:
                    return
            self.acknowledged.append(given)

    async def _tried(self, letter: memoryview, host: int) -> Acknowledgement | None:
        """What its sender was given; None, a moment later, where that was no promise."""
        address = Address(self.addresses[host % len(self.addresses)])
        try:
            async with asyncio.timeout(60), Visit(address) as visit:
                return Acknowledgement.parse(await sent(visit, letter))
        except (OSError, BrokenError, RefusedError) as error:
            self.refused[str(error) or type(error).__name__] += 1
            await asyncio.sleep(0.1)
            return None


@contextmanager
def served(sites: Sequence[Site], hosts: Sequence[Machine]) -> Iterator[list[str]]:
    """Each site on its machine, with one worker; gives the sockets at which they are sent to."""
    with ExitStack() as open_:
        folder = Path(open_.enter_context(TemporaryDirectory(prefix="at-")))
        found = [f"unix:{folder / site.folder.name}" for site in sites]
        for site, host, bind in zip(sites, hosts, found, strict=True):
            open_.enter_context(serving(site.folder, host.before, bind=bind, workers=1))
        yield found


def on(host: Machine, *words: str | Path) -> None:
    """Run `intake` on a machine."""
    command = [*host.before, sys.executable, "-m", "intake", *map(str, words)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

"""The generator itself: a process of one loop, so that what it costs is told apart from the server's.

`run` starts it and waits for its report. It ends by itself: after its last arrival it waits for answers
no longer than one may take.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Final, Self

from benchmarks.load import ways
from benchmarks.load.arrivals import MOST, Arrival, Pattern, arrivals
from benchmarks.load.exchange import Address, BrokenError, Visit
from benchmarks.load.letters import Letters
from benchmarks.load.report import Report
from benchmarks.load.ways import RefusedError, Way

LONGEST: Final = 3600.0  # seconds of one run
CLIENTS: Final = 1000  # at a time, at the most
SEALED: Final = ("script", "browser")  # the paths that need letters
PATHS: Final = (*SEALED, "noscript", "floor", "form")
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Job:
    """What to do to which servers.

    `patience` is how many seconds one submission may take, from its first byte to its last; in so
    many after the last arrival it must all have been answered. `rates` has for each path how many arrive a second. With `busy`, so many clients come back at
    once instead, one submission after another, all by the first path: that is how much a server
    takes, and no open loop; each one's time is then counted from when it began.
    """

    addresses: tuple[str, ...]
    rates: dict[str, float]
    seconds: float
    clients: int = CLIENTS
    pattern: Pattern = Pattern.POISSON
    busy: bool = False
    letters: Letters | None = None
    most: int = MOST
    seed: int = 1
    patience: float = 60.0

    def __post_init__(self) -> None:
        for address in self.addresses:
            Address(address)
        if not self.addresses or not self.rates or not set(self.rates) <= set(PATHS):
            raise ValueError(f"paths are {', '.join(PATHS)}")
        if not 0 < self.seconds <= LONGEST or not 0 < self.clients <= CLIENTS:
            raise ValueError(
                f"at most {LONGEST:.0f} seconds and {CLIENTS} clients, and more than 0"
            )
        if set(self.rates) & set(SEALED) and self.letters is None:
            raise ValueError("the script path needs letters")

    def to_json(self) -> str:
        """As the generator is told."""
        return json.dumps(asdict(self) | {"pattern": self.pattern.value}, default=str)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The inverse of `to_json`."""
        value = json.loads(text)
        if (letters := value["letters"]) is not None:
            value["letters"] = Letters(**letters | {"path": Path(letters["path"])})
        value |= {"addresses": tuple(value["addresses"]), "pattern": Pattern(value["pattern"])}
        return cls(**value)


def start(job: Job) -> "subprocess.Popen[bytes]":
    """The generator, at work; `finish` waits for it."""
    command = [sys.executable, "-m", "benchmarks.load.generator"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_ROOT)
    assert process.stdin is not None
    process.stdin.write(job.to_json().encode())
    process.stdin.close()
    process.stdin = None
    return process


def finish(process: "subprocess.Popen[bytes]") -> Report:
    """Wait for a generator; what it reports."""
    said, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"the generator ended with {process.returncode}")
    return Report.parse(said)


def run(job: Job) -> Report:
    """Do a job in a process of its own."""
    return finish(start(job))


@dataclass
class _Run:
    """A job under way."""

    job: Job
    report: Report = field(default_factory=Report)
    begun: float = 0.0

    def __post_init__(self) -> None:
        self.addresses = cycle(Address(text) for text in self.job.addresses)
        letters = iter(self.job.letters) if self.job.letters else iter(())
        made = {
            "script": ways.script(letters),
            "browser": ways.browser(letters),
            "noscript": ways.noscript(),
            "floor": ways.floor(),
            "form": ways.form(),
        }
        self.ways: dict[str, Way] = {path: made[path] for path in self.job.rates}

    async def whole(self) -> None:
        """Everybody who arrives, served by so many clients."""
        if "noscript" in self.ways:
            async with Visit(next(self.addresses)) as visit:
                if not await ways.reads_as_a_browser(visit):
                    raise RuntimeError("the site's forms are not read as a browser reads them")
        self.begun = time.perf_counter()
        came = self._busy() if self.job.busy else self._drawn()
        clients = [asyncio.create_task(self._client(came)) for _ in range(self.job.clients)]
        done, left = await asyncio.wait(clients, timeout=self.job.seconds + self.job.patience)
        self.report.seconds = time.perf_counter() - self.begun
        for client in left:
            client.cancel()
        for client in done:
            client.result()
        self.report.errors["not begun, or not answered in time"] += self._unanswered()
        self.report.errors = +self.report.errors

    def _unanswered(self) -> int:
        return self.report.asked - self.report.sent - self.report.errors.total()

    def _drawn(self) -> Iterator[Arrival]:
        """Whoever arrives, in order. Each client takes the next, and waits for its time."""
        job = self.job
        found = arrivals(job.rates, job.seconds, job.pattern, job.seed)[: job.most]
        self.report.asked = len(found)
        return iter(found)

    def _busy(self) -> Iterator[Arrival]:
        path = next(iter(self.job.rates))
        while (now := time.perf_counter() - self.begun) < self.job.seconds:
            if self.report.asked == self.job.most:
                return
            self.report.asked += 1
            yield Arrival(now, path)

    async def _client(self, came: Iterator[Arrival]) -> None:
        for arrival in came:
            due = self.begun + arrival.at
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
                late = (time.perf_counter() - due) * 1000
                self.report.late = max(self.report.late, late)
            address = next(self.addresses)
            try:
                async with asyncio.timeout(self.job.patience), Visit(address) as visit:
                    await self.ways[arrival.path](visit)
            except (OSError, BrokenError, RefusedError) as error:
                self.report.errors[f"{arrival.path}: {str(error) or type(error).__name__}"] += 1
            else:
                took = (time.perf_counter() - due) * 1000
                self.report.waited.setdefault(arrival.path, []).append(round(took, 3))


def _main() -> None:
    under_way = _Run(Job.parse(sys.stdin.read()))
    before = time.process_time()
    asyncio.run(under_way.whole())
    under_way.report.own_cpu = time.process_time() - before
    sys.stdout.write(under_way.report.to_json())


if __name__ == "__main__":
    _main()

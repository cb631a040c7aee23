"""What the figures under load have in common: rows of the table, and costs counted while others work."""

import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from benchmarks.load.generator import SEALED, Job, run
from benchmarks.load.letters import Letters
from benchmarks.load.report import Report
from benchmarks.load.sealing import Post
from benchmarks.serving import Server
from intake.store import Store
from intake.web.site import Site

_EVERY = 0.2  # seconds between two looks at a server's memory


def row(
    name: str,
    value: float,
    unit: str,
    target: str,
    note: str,
    peers: dict[str, float] | None = None,
) -> dict[str, Any]:
    """One row of `results.json`."""
    return {
        "name": name,
        "value": round(value, 2),
        "unit": unit,
        "target": target,
        "peers": peers or {},
        "note": note,
    }


@dataclass
class Subject:
    """A server that is measured, how many were to be sent to it, and how many it says that it keeps."""

    server: Server
    post: Post
    asked: int = 0
    sent: int = 0

    def check_kept(self, site: Site) -> None:
        """Raise unless the store has every one of them, and nothing that nobody sent."""
        store = Store.open(site.store_path)
        kept = store.count()
        store.close()
        if not self.sent <= kept <= self.asked:
            raise RuntimeError(f"{self.sent} were acknowledged and {kept} are kept")

    def busy(self, path: str, clients: int, *, seconds: float = 60, most: int) -> Report:
        """So many clients that come back at once, until `most` were sent or the time is over."""
        letters = self.post.texts(most) if path in SEALED else None
        job = Job(
            (self.server.address,),
            {path: 1},
            seconds,
            clients,
            busy=True,
            letters=letters,
            most=most,
        )
        return self._done(job)

    def files(self, count: int) -> Report:
        """So many large files, all at once."""
        return self._done(
            Job(
                (self.server.address,),
                {"script": 1},
                600,
                count,
                busy=True,
                letters=self.post.files(count),
                most=count,
                patience=600,
            )
        )

    def open(self, rates: dict[str, float], seconds: float) -> Report:
        """People who come at these rates, whatever the server does."""
        job = Job((self.server.address,), rates, seconds, letters=self.letters(rates, seconds))
        return self._done(job)

    def letters(self, rates: dict[str, float], seconds: float) -> Letters | None:
        """Enough for all who come at these rates; None where nobody needs one."""
        count = sum(rates.get(path, 0) for path in SEALED) * seconds
        return self.post.texts(int(count + 6 * count**0.5 + 10)) if count else None

    def _done(self, job: Job) -> Report:
        report = run(job)
        if job.letters is not None:
            job.letters.path.unlink()
        if set(job.rates) & {*SEALED, "noscript"}:
            self.asked += report.asked
            self.sent += report.sent
        return report

    def cost(self, path: str, clients: int, most: int) -> tuple[float, Report]:
        """CPU-milliseconds of the server for one of so many, and what the clients say."""
        before = self.server.cpu()
        report = self.busy(path, clients, most=most)
        check(report)
        if path == "noscript":
            time.sleep(1)  # a process that is made for it counts whole when it is gone
        return (self.server.cpu() - before) * 1000 / report.sent, report


def check(report: Report) -> None:
    """Raise where anything went wrong: a figure of what was not done is none."""
    if report.errors or not report.sent:
        raise RuntimeError(f"{report.sent} of {report.asked} were sent: {dict(report.errors)}")


@dataclass
class Watched:
    """Megabytes that a server held, at each look."""

    held: list[float] = field(default_factory=list)

    @property
    def most(self) -> float:
        """The most of them."""
        return max(self.held)


@contextmanager
def watched(server: Server, every: float = _EVERY) -> Iterator[Watched]:
    """Look at a server's memory again and again, all of its processes together."""
    found, stop = Watched([server.memory()]), threading.Event()

    def look() -> None:
        while not stop.wait(every):
            found.held.append(server.memory())

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield found
    finally:
        stop.set()
        thread.join()


def spread(values: Sequence[float]) -> str:
    """The least and the most, for a note."""
    return f"{min(values):.1f} to {max(values):.1f}"


def middle(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)

"""A soak: the same modest load for long, and whether the server's memory stays what it is.

Only memory of its own is looked at (`Pss_Anon`): what it shares with the system's libraries is less to
each the more programs run, and would move with whatever else the machine does.
"""

import time
from dataclasses import dataclass
from typing import Final

from benchmarks.load.generator import Job, finish, run, start
from benchmarks.load.measuring import check, middle
from benchmarks.load.report import Report
from benchmarks.load.sealing import Post
from benchmarks.serving import Server

MOST_GROWTH: Final = 0.05
_SETTLED: Final = 0.25  # of the time, after which what is made once is made
_WINDOW: Final = 0.2  # of the time, at the beginning of the rest and at the end


@dataclass(frozen=True)
class Soak:
    """What was sent, and the megabytes that the server held at each look."""

    report: Report
    crowd: int
    held: list[float]

    @property
    def sent(self) -> int:
        """How many were sent in all, with the crowd before the rest."""
        return self.crowd + self.report.sent

    @property
    def growth(self) -> float:
        """By which share of it the memory grew, once it had settled, until the end."""
        window = max(1, round(_WINDOW * len(self.held)))
        begin = round(_SETTLED * len(self.held))
        early = middle(self.held[begin : begin + window])
        return middle(self.held[-window:]) / early - 1

    def check(self) -> None:
        """Raise where anything was not answered, or the memory is not flat."""
        check(self.report)
        if self.growth > MOST_GROWTH:
            looks = ", ".join(f"{one:.1f}" for one in self.held[:: max(1, len(self.held) // 12)])
            raise RuntimeError(f"memory grew by {self.growth:.1%}: {looks} MB")


def soak(
    server: Server, post: Post, rates: dict[str, float], seconds: float, looks: int = 60
) -> Soak:
    """People who come at these rates for so long, after a crowd that has every thread at work."""
    sent = sum(_crowd(server, post, path) for path in rates)
    count = int(rates.get("script", 0) * seconds * 1.2 + 50)
    job = Job((server.address,), rates, seconds, letters=post.texts(count))
    generator = start(job)
    held = []
    for _ in range(looks):
        time.sleep(seconds / looks)
        held.append(server.memory("Pss_Anon"))
    return Soak(finish(generator), sent, held)


def _crowd(server: Server, post: Post, path: str) -> int:
    """More at once than there are threads, and how many they were."""
    most = 48 if path == "script" else 16
    letters = post.texts(most) if path == "script" else None
    report = run(Job((server.address,), {path: 1}, 60, 16, busy=True, letters=letters, most=most))
    check(report)
    return report.sent

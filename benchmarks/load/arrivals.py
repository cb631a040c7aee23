"""When people arrive: drawn before a run, so that nothing the server does changes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from random import Random

MOST = 500_000  # arrivals of one run


class Pattern(Enum):
    """How far apart arrivals are."""

    POISSON = "poisson"  # as people who know nothing of each other
    FIXED = "fixed"  # all equally far apart


@dataclass(frozen=True)
class Arrival:
    """Somebody who comes so many seconds after the beginning, to send by this path."""

    at: float
    path: str


def arrivals(
    rates: dict[str, float], seconds: float, pattern: Pattern, seed: int = 1
) -> list[Arrival]:
    """Everybody who comes within so many seconds, each path at its rate a second, in order."""
    if sum(rates.values()) * seconds > MOST:
        raise ValueError(f"one run has at most {MOST:,} arrivals")
    random = Random(seed)
    found = [
        Arrival(at, path)
        for path, rate in rates.items()
        for at in _times(rate, seconds, pattern, random)
    ]
    return sorted(found, key=lambda arrival: arrival.at)


def _times(rate: float, seconds: float, pattern: Pattern, random: Random) -> Iterator[float]:
    if rate <= 0:
        return
    at = random.expovariate(rate) if pattern is Pattern.POISSON else random.random() / rate
    while at < seconds:
        yield at
        at += random.expovariate(rate) if pattern is Pattern.POISSON else 1 / rate

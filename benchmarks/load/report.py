"""What became of a run: how many were sent, what went wrong, and how long each had to wait."""

import json
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Self


@dataclass
class Report:
    """`waited` are milliseconds by path, from when somebody was to arrive until it was sent.

    `late` is by how many milliseconds the generator itself began an arrival after its time while
    there was a client free, at the most: where it is large, the generator was the slow one.
    """

    asked: int = 0
    seconds: float = 0.0
    own_cpu: float = 0.0
    late: float = 0.0
    waited: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def sent(self) -> int:
        """How many got the answer that it was sent."""
        return sum(map(len, self.waited.values()))

    @property
    def rate(self) -> float:
        """How many were sent a second."""
        return self.sent / self.seconds

    def quantile(self, share: float, path: str = "") -> float:
        """The milliseconds within which this share of them was done, of one path or of all."""
        paths = [path] if path else list(self.waited)
        times = sorted(time for one in paths for time in self.waited.get(one, ()))
        return times[max(0, math.ceil(share * len(times)) - 1)] if times else math.nan

    def to_json(self) -> str:
        """As a generator gives it to whoever started it."""
        return json.dumps(vars(self))

    @classmethod
    def parse(cls, text: str | bytes) -> Self:
        """The inverse of `to_json`."""
        value = json.loads(text)
        return cls(**value | {"errors": Counter(value["errors"])})

    def summary(self) -> dict[str, object]:
        """What a person or a program wants of it."""
        return {
            "asked": self.asked,
            "sent": self.sent,
            "by_path": {path: len(times) for path, times in self.waited.items()},
            "errors": dict(self.errors),
            "seconds": round(self.seconds, 2),
            "sent_a_second": round(self.rate, 2),
            "ms": {
                path: {f"p{share}": round(self.quantile(share / 100, path), 2) for share in _SHARES}
                for path in self.waited
            },
            "generator_cpu_ms_each": round(self.own_cpu * 1000 / max(1, self.asked), 3),
            "generator_late_ms": round(self.late, 1),
        }


_SHARES = (50, 95, 99, 100)

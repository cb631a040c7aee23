"""A merge with a stick that goes on a little with each page, so that what it says is seen as it comes."""

import time
from collections.abc import Generator, Iterator
from typing import Final

from intake.errors import IntakeError
from intake.review.sync_ledgers import Merged

_SLICE: Final = 0.4  # seconds of it in one page


class Merging:
    """A merge that has begun; `lines` is what it said so far. Cut off anywhere, it is done again."""

    def __init__(self, steps: Iterator[Merged]) -> None:
        self.lines: list[Merged] = []
        self.trouble: tuple[str, str] | None = None
        self.ended = False
        self._steps: Generator[Merged] | None = _told(steps)

    @property
    def alarms(self) -> list[Merged]:
        """What was not taken, and why."""
        return [line for line in self.lines if line.alarm]

    @property
    def others(self) -> list[Merged]:
        """What was taken, and what was put there."""
        return [line for line in self.lines if not line.alarm]

    def go_on(self) -> None:
        """Do a little more of it; what stops it is kept as `trouble`, a phrase and a hint."""
        until = time.monotonic() + _SLICE
        try:
            while self._steps is not None:
                merged = next(self._steps, None)
                if merged is None:
                    self.ended = True
                    self.stop()
                    return
                self.lines.append(merged)
                if time.monotonic() > until:
                    return
        except IntakeError as error:
            self.trouble = error.phrase, error.hint
            self.stop()

    def stop(self) -> None:
        """Let go of it, and of the case that it holds."""
        if self._steps is not None:
            self._steps.close()
            self._steps = None

    @property
    def is_running(self) -> bool:
        """Whether there is more of it."""
        return self._steps is not None


def _told(steps: Iterator[Merged]) -> Generator[Merged]:
    yield from steps

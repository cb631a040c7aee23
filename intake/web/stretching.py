"""The gate before what a code costs the server without script, so that nobody can stop the form with it.

Stretching a code takes 13 to 20 ms of a core and 19 MiB, and anybody can ask for it. It is a third to a
half of what a submission costs, so one at a time for every two cores keeps them all busy: more would be
no sooner done, and would only take more memory. A few wait, for a short time; the others are told to come
back. Whoever sends a text stretches a code too, behind a gate of its own that refuses nobody.

Each request is answered by a process of its own, so nothing here is counted in a process.
"""

import math
import os
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from typing import Final, Self

from intake.errors import IntakeError
from intake.web.seats import READERS, Seats

QUEUE: Final = READERS - 1  # requests in the gate or waiting: one reader is for texts
PATIENCE: Final = 3.0  # seconds
_OF_CORES: Final = 2


class BusyError(IntakeError):
    """Too many are there already, or one waited for too long. Nothing was done."""

    def __init__(self) -> None:
        super().__init__("too many codes are being opened", "try again in a minute")


class Gate:
    """Places for half as many as there are cores, and a queue before them, for all processes."""

    def __init__(self, queue: int | None = QUEUE, patience: float = PATIENCE) -> None:
        self._places = Seats(places())
        self._queue = None if queue is None else Seats(queue)
        self._patience = patience

    @classmethod
    def for_texts(cls) -> Self:
        """The gate of those who send: all may wait, for as long as it takes."""
        return cls(None, math.inf)

    @contextmanager
    def place(self) -> Generator[None]:
        """Have a place for a while; raises `BusyError` at once where the queue is full.

        And after the gate's patience, where it has an end.
        """
        with ExitStack() as held:
            if self._queue is not None:
                held.callback(os.close, _given(self._queue.take()))
            held.callback(os.close, self._place())
            yield

    def _place(self) -> int:
        return _given(self._places.wait(self._patience))


def places() -> int:
    """How many codes are stretched at a time on this machine."""
    return max(1, len(os.sched_getaffinity(0)) // _OF_CORES)


def _given(seat: int | None) -> int:
    if seat is None:
        raise BusyError
    return seat

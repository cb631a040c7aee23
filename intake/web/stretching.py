"""The gate before what a code costs the server without script, so that nobody can stop the form with it.

Stretching a code takes 28 ms of a core and 19 MiB, and anybody can ask for it. So at most one is
stretched for each core, in all workers together; a few wait, for a short time; the others are told
to come back. Whoever sends a text stretches a code too, behind a gate of its own that refuses
nobody: more at a time would be no sooner done, and would only take more memory.

Each request is answered by a process of its own, so nothing here is counted in a process.
"""

import fcntl
import math
import os
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Final, Self

from intake.errors import IntakeError
from intake.web.roomy_heap import room_for_a_while

QUEUE: Final = 3  # requests in the gate or waiting; of 8 readers of a worker 5 are for texts
PATIENCE: Final = 3.0  # seconds
_PAUSE: Final = 0.01  # seconds between two looks for a free place


class BusyError(IntakeError):
    """Too many are there already, or one waited for too long. Nothing was done."""

    def __init__(self) -> None:
        super().__init__("too many codes are being opened", "try again in a minute")


class Gate:
    """Places for as many as there are cores, and seats for who waits, one set for all processes.

    It is made before workers are forked. A place is a lock on a file in memory, without a name: the
    kernel lets go of it with its process, whatever ends that.
    """

    def __init__(self, queue: int | None = QUEUE, patience: float = PATIENCE) -> None:
        self._places = _files(len(os.sched_getaffinity(0)))
        self._seats = None if queue is None else _files(queue)
        self._patience = patience

    @classmethod
    def for_texts(cls) -> Self:
        """The gate of those who send: all may wait, for as long as it takes."""
        return cls(None, math.inf)

    def __del__(self) -> None:
        for file in (*self._places, *(self._seats or ())):
            with suppress(OSError):
                os.close(file)

    @contextmanager
    def place(self) -> Generator[None]:
        """Have a place for a while; raises `BusyError` at once where the queue is full.

        And after the gate's patience, where it has an end.
        """
        with ExitStack() as held:
            if self._seats is not None:
                seat = _locked(self._seats)
                if seat is None:
                    raise BusyError
                held.callback(os.close, seat)
            held.callback(os.close, self._place())
            held.enter_context(room_for_a_while())  # given back before the place is
            yield

    def _place(self) -> int:
        until = time.monotonic() + self._patience
        while True:
            place = _locked(self._places)
            if place is not None:
                return place
            if time.monotonic() >= until:
                raise BusyError
            time.sleep(_PAUSE)


def _files(count: int) -> list[int]:
    return [os.memfd_create("place") for _ in range(count)]


def _locked(files: Sequence[int]) -> int | None:
    """A descriptor that holds the lock on one of them, and gives it back when it is closed."""
    for file in files:
        # Opened anew: a lock on what was inherited would be everybody's.
        mine = os.open(f"/proc/self/fd/{file}", os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(mine)
        else:
            return mine
    return None

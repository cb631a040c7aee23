"""The gate before what a code costs the server without script, so that nobody can stop the form with it.

Stretching a code takes 28 ms of a core and 19 MiB, and anybody can ask for it. So at most one is
stretched for each core, in all workers together; a few wait, for a short time; the others are told
to come back. Whoever sends a text stretches a code too, behind a gate of its own that refuses
nobody: more at a time would be no sooner done, and would only take more memory.
"""

import fcntl
import math
import os
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Final, Self

from intake.errors import IntakeError

QUEUE: Final = 3  # requests of one worker in the gate or waiting; its other 5 threads are for texts
PATIENCE: Final = 3.0  # seconds
_PAUSE: Final = 0.01  # seconds between two looks for a free place


class BusyError(IntakeError):
    """Too many are there already, or one waited for too long. Nothing was done."""

    def __init__(self) -> None:
        super().__init__("too many codes are being opened", "try again in a minute")


class Gate:
    """Places for as many as there are cores, one set of them for all workers.

    It is made before workers are forked. A place is a lock on a file in memory, without a name: the
    kernel lets go of it with its process, whatever ends that.
    """

    def __init__(self, queue: int = QUEUE, patience: float = PATIENCE) -> None:
        cores = len(os.sched_getaffinity(0))
        self._places = [os.memfd_create("place") for _ in range(cores)]
        self._room = threading.BoundedSemaphore(queue)
        self._patience = patience

    @classmethod
    def for_texts(cls) -> Self:
        """The gate of those who send: all may wait, for as long as it takes."""
        return cls(sys.maxsize, math.inf)

    def __del__(self) -> None:
        for place in self._places:
            with suppress(OSError):
                os.close(place)

    @contextmanager
    def place(self) -> Generator[None]:
        """Have a place for a while; raises `BusyError` at once where the queue is full.

        And after the gate's patience, where it has an end.
        """
        if not self._room.acquire(blocking=False):
            raise BusyError
        try:
            taken = self._taken()
            try:
                yield
            finally:
                os.close(taken)
        finally:
            self._room.release()

    def _taken(self) -> int:
        """The descriptor that holds a place."""
        until = time.monotonic() + self._patience
        while True:
            for place in self._places:
                # Opened anew: a lock on what was inherited would be everybody's.
                mine = os.open(f"/proc/self/fd/{place}", os.O_RDONLY | os.O_CLOEXEC)
                try:
                    fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    os.close(mine)
                else:
                    return mine
            if time.monotonic() >= until:
                raise BusyError
            time.sleep(_PAUSE)

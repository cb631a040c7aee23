"""A number of seats for all processes of a server together: whoever has none waits, or is told so.

A seat is a lock on a file in memory that has no name. The kernel lets go of it with its process,
whatever ends that; what a process counted would be the count of one.
"""

import fcntl
import math
import os
import time
from contextlib import suppress
from typing import Final

# Who reads what people write, of all workers together: one for each core, and where one waits for the
# disk, another works. What is too long to be gathered is not counted here.
READERS: Final = max(2, len(os.sched_getaffinity(0)))
_PAUSE: Final = 0.002  # seconds between two looks for a free one


class Seats:
    """So many of them. They are made before the processes that share them are forked."""

    def __init__(self, count: int) -> None:
        self._files = [os.memfd_create("seat") for _ in range(count)]

    def __len__(self) -> int:
        return len(self._files)

    def __del__(self) -> None:
        for file in self._files:
            with suppress(OSError):
                os.close(file)

    def take(self) -> int | None:
        """A descriptor that holds a seat for as long as any process has it open; None: all are taken."""
        for file in self._files:
            mine = _opened(file)
            try:
                fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(mine)
            else:
                return mine
        return None

    def wait(self, patience: float = math.inf) -> int | None:
        """The same, once one is free; None after so many seconds."""
        if len(self._files) == 1 and patience == math.inf:
            # The kernel hands it on in the order in which they came, and without a pause.
            given = _opened(self._files[0])
            fcntl.flock(given, fcntl.LOCK_EX)
            return given
        until = time.monotonic() + patience
        while (mine := self.take()) is None:
            if time.monotonic() >= until:
                return None
            time.sleep(_PAUSE)
        return mine


def _opened(file: int) -> int:
    """Opened anew: a lock on what was inherited would be everybody's."""
    return os.open(f"/proc/self/fd/{file}", os.O_RDONLY | os.O_CLOEXEC)

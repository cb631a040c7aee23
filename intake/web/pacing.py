"""Whether somebody who sends a long request keeps it up, as seen from another process.

What counts is the time in which they were waited for: whoever reads may be busy with the store, and
that is not theirs.
"""

import mmap
import os
import time
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

WINDOW: Final = 60.0  # seconds of waiting that are looked at: circuits are silent for half of it
LEAST: Final = 512  # bytes a second in these, a few kB in each pause's other half
_CAME, _WAITED, _SINCE = range(3)
_SIZE: Final = 3 * 8


class Count:
    """How many bytes came, and for how long they were waited for, in memory that two processes have.

    One counts and the other looks. Each number is written at once, and in such an order that what
    is seen between two of them never says too little of who sends.
    """

    def __init__(self, descriptor: int | None = None) -> None:
        """A new one, or that of another process by its descriptor, which is then this one's."""
        if descriptor is None:
            descriptor = os.memfd_create("count")
            os.truncate(descriptor, _SIZE)
        self.descriptor = descriptor
        self._memory = mmap.mmap(descriptor, _SIZE)
        self._numbers = memoryview(self._memory).cast("d")

    @property
    def came(self) -> float:
        """The bytes."""
        return self._numbers[_CAME]

    def waited(self, now: float) -> float:
        """The seconds, with those since a wait began that still goes on."""
        since = self._numbers[_SINCE]
        return self._numbers[_WAITED] + (max(0.0, now - since) if since else 0.0)

    @property
    def is_waited_for(self) -> bool:
        """Whether whoever reads waits for more just now."""
        return self._numbers[_SINCE] != 0.0

    @contextmanager
    def waiting(self) -> Generator[None]:
        """Wait for some in the block, and count them with `add` before it ends."""
        begun = time.monotonic()
        self._numbers[_SINCE] = begun
        try:
            yield
        finally:
            self._numbers[_SINCE] = 0.0
            self._numbers[_WAITED] += time.monotonic() - begun

    def add(self, came: int) -> None:
        """So many came."""
        self._numbers[_CAME] += came

    def close(self) -> None:
        """Let go of it here; the other process keeps it."""
        self._numbers.release()
        self._memory.close()
        os.close(self.descriptor)


class Pace:
    """How it went with one request lately."""

    def __init__(self, count: Count) -> None:
        self._count = count
        self._seen: deque[tuple[float, float]] = deque([(0.0, 0.0)])

    def look(self, now: float) -> None:
        """See how far it is; about each second."""
        waited = self._count.waited(now)
        if waited > self._seen[-1][0]:
            self._seen.append((waited, self._count.came))
        while len(self._seen) > 1 and waited - self._seen[1][0] >= WINDOW:
            self._seen.popleft()

    def is_slow(self) -> bool:
        """Whether too little came in the last seconds of waiting, of which there were enough.

        Nobody is who just then sent all of it: it is being kept, and the answer would be lost.
        """
        if not self._count.is_waited_for:
            return False
        (begin, before), (end, came) = self._seen[0], self._seen[-1]
        return end - begin >= WINDOW and came - before < LEAST * WINDOW

    @property
    def lately(self) -> float:
        """The bytes that came in that time."""
        return self._seen[-1][1] - self._seen[0][1]

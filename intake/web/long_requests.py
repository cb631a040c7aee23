"""The places for requests that are read as they come, longer than any text: who has one, who waits.

There are few, so somebody who takes them all and sends next to nothing would keep everybody else's
documents away. Who is slow loses the place to somebody who waits for it, and never else.
"""

import socket
from collections import deque
from contextlib import suppress
from typing import Final

from intake.web.connections import Connection
from intake.web.pacing import Count, Pace

LARGE: Final = 4  # places of one worker, each with a thread or a reader of its own


class LongRequests:
    """One worker's."""

    def __init__(self) -> None:
        self.waiting: deque[Connection] = deque()
        self._read: dict[Connection, Pace] = {}
        self._leaving: set[Connection] = set()

    def take(self, connection: Connection) -> bool:
        """Give it a place; where there is none it waits."""
        connection.large = True
        if len(self._read) == LARGE:
            connection.wait()
            self.waiting.append(connection)
            return False
        connection.sock.count = Count()
        self._read[connection] = Pace(connection.sock.count)
        return True

    def leave(self, connection: Connection) -> Connection | None:
        """It has no place any more, if it had one; gives who is next."""
        if self._read.pop(connection, None) is None:
            return None
        self._leaving.discard(connection)
        connection.large = False
        connection.sock.stop_counting()
        return self.waiting.popleft() if self.waiting else None

    def let_go(self, now: float) -> None:
        """For each who waits, let go of one who is slow, the slowest first.

        Whoever reads from it finds that it ended, as when the other side leaves.
        """
        for pace in self._read.values():
            pace.look(now)
        wanted = len(self.waiting) - len(self._leaving)
        slow = [one for one, pace in self._read.items() if pace.is_slow()]
        for one in sorted(set(slow) - self._leaving, key=lambda one: self._read[one].lately):
            if wanted <= 0:
                return
            wanted -= 1
            self._leaving.add(one)
            with suppress(OSError):  # it left by itself
                one.sock.shutdown(socket.SHUT_RDWR)

"""What a worker handed on to readers, and what waits for one: never too much, and nothing that it has read.

It takes back what is left to be sent.
"""

import os
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from intake.web.connections import Connection
from intake.web.handing import Job, Report, Shared, pair


@dataclass(eq=False)
class Given:
    """A request that was handed on, and the channel on which it is said what came of it."""

    channel: socket.socket
    large: bool
    connection: Connection = field(repr=False)

    def fileno(self) -> int:
        """Of the channel, for a poller."""
        return self.channel.fileno()

    def report(self) -> Report:
        """What came of it; `GoneError` where its reader is gone, `BlockingIOError` while it is at it."""
        return Report.of(self.channel)


class Readers:
    """One worker's way to them. As many of its texts wait in the hands of all as there may be readers."""

    def __init__(self, shared: Shared, watch: Callable[[Given], object]) -> None:
        self._shared = shared
        self._watch = watch  # told of each that was handed on
        self._texts = 0
        self.waiting: deque[Connection] = deque()

    def give(self, *, alive: bool) -> None:
        """Hand on what waits, as far as it may be."""
        for connection in tuple(self.waiting):
            if self._given(connection, alive=alive):
                self.waiting.remove(connection)

    def done(self, given: Given) -> None:
        """It was answered, or its reader is gone."""
        self._texts -= not given.large
        given.channel.close()

    def _given(self, connection: Connection, *, alive: bool) -> bool:
        large = connection.large
        if not large and self._texts >= len(self._shared.seats):
            return False
        length = connection.request_length
        mine, theirs = pair()
        mine.setblocking(False)
        gathered = connection.arrived.copied(length)
        handed = connection.sock.fileno(), gathered, theirs.fileno()
        count = None if connection.sock.count is None else connection.sock.count.descriptor
        job = Job(large, alive, connection.patience(), *handed, count)
        try:
            taken = (self._shared.large if large else self._shared.texts).give(job)
        finally:
            os.close(gathered)
            theirs.close()
        if not taken:
            mine.close()
            return False
        connection.arrived.forget(length)
        self._texts += not large
        self._watch(Given(mine, large, connection))
        return True

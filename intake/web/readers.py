"""A worker's readers: which of them is answering whom, and that there are never too many.

It hands a request on without having read it, and takes back what is left to be sent.
"""

import os
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from intake.web.connections import Connection
from intake.web.handing import GoneError, Job, Report, hand_channel, pair


@dataclass(eq=False)
class Reader:
    """One process, and the connection whose request it answers."""

    channel: socket.socket
    large: bool  # it is there for one long request, and counted by the worker
    connection: Connection | None = field(default=None, repr=False)

    def fileno(self) -> int:
        """Of the channel, for a poller."""
        return self.channel.fileno()

    def give(self, connection: Connection, *, alive: bool) -> bool:
        """Hand it a request; False, and the request stays here, where it is gone already."""
        length = connection.request_length
        gathered = connection.arrived.copied(length)
        handed = connection.sock.fileno(), gathered
        try:
            Job(connection.large, alive, connection.patience(), *handed).hand(self.channel)
        except GoneError:
            return False
        finally:
            os.close(gathered)
        connection.arrived.forget(length)
        self.connection = connection
        return True

    def report(self) -> Report:
        """What came of it; raises `GoneError`, or `BlockingIOError` where it is not done."""
        return Report.of(self.channel)


class Readers:
    """All of one worker, at `most` so many for texts. `orders` leads to the process that forks them."""

    def __init__(self, orders: socket.socket, most: int, watch: Callable[[Reader], object]) -> None:
        self._orders = orders
        self._most = most
        self._watch = watch  # told of each, before anything is given to it
        self._all: set[Reader] = set()
        self._idle: list[Reader] = []
        self.waiting: deque[Connection] = deque()

    def give(self, *, alive: bool) -> None:
        """Hand on what waits, as long as there is a reader for it."""
        while self.waiting and (reader := self._one_for(self.waiting[0])):
            if reader.give(self.waiting[0], alive=alive):
                self.waiting.popleft()

    def _one_for(self, connection: Connection) -> Reader | None:
        # A long request would keep what a reader has read before for as long as it takes.
        if self._idle and not connection.large:
            return self._idle.pop()
        reader = self._fresh(large=connection.large)
        if reader is not None:
            self._watch(reader)
        return reader

    def _fresh(self, *, large: bool) -> Reader | None:
        """A new one; None while there are as many as there may be, or nobody who forks them.

        It begins when no more than there may be are there of other workers.
        """
        if not large and sum(not one.large for one in self._all) >= self._most:
            return None
        mine, theirs = pair()
        try:
            hand_channel(self._orders, theirs, large=large)
        except GoneError:
            mine.close()
            return None
        finally:
            theirs.close()
        mine.setblocking(False)
        reader = Reader(mine, large)
        self._all.add(reader)
        return reader

    def done(self, reader: Reader) -> None:
        """It has answered. After a long request it is gone in any case."""
        answered, reader.connection = reader.connection, None
        if answered is not None and not answered.large:
            self._idle.append(reader)

    def gone(self, reader: Reader) -> None:
        """It is there no more."""
        self._all.discard(reader)
        if reader in self._idle:
            self._idle.remove(reader)
        reader.channel.close()

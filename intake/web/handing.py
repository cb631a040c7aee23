"""What a worker and a reader hand each other: a request, and what came of it, by descriptors.

Words are in files in memory alone; a message holds numbers, and where something failed by class and
line. Each is one packet, so that none is ever half there.
"""

import json
import math
import os
import select
import socket
import struct
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Self

from intake.web.gathered import in_memory, out_of_memory
from intake.web.seats import Seats

_JOB: Final = struct.Struct("!??d")
_REPORT: Final = struct.Struct("!?Q")
_MOST: Final = 32 * 1024  # bytes of a message
_LINE: Final = 500  # characters of one line for the operator
_LINES: Final = 20

Line = tuple[str, str]  # the name of a log, and what is to be said there


class GoneError(Exception):
    """The other side is there no more."""


@dataclass(frozen=True)
class Job:
    """A request on a connection, as far as it was gathered, and where to say what came of it."""

    large: bool  # most of it is still to come
    alive: bool  # whether another request may follow on the connection
    patience: float  # seconds for what is still to come
    connection: int
    gathered: int
    channel: int
    count: int | None = None  # of a large one: how it goes with what is still to come


class Jobs:
    """What waits for a reader, of all workers together: whoever is free takes the next one.

    It is made before workers are forked, and what waits in it when a worker is gone is answered.
    """

    def __init__(self) -> None:
        self._taking, self._giving = pair()
        self._taking.setblocking(False)
        self._giving.setblocking(False)
        self._poller = select.poll()
        self._poller.register(self._taking, select.POLLIN)

    def __del__(self) -> None:
        self._taking.close()
        self._giving.close()

    def fileno(self) -> int:
        """Of the end at which jobs are taken, for a poller."""
        return self._taking.fileno()

    def give(self, job: Job) -> bool:
        """Have a job wait; False where too many do. The descriptors stay this side's too."""
        message = _JOB.pack(job.large, job.alive, job.patience)
        descriptors = [job.connection, job.gathered, job.channel]
        if job.count is not None:
            descriptors.append(job.count)
        with suppress(BlockingIOError, GoneError):
            _send(self._giving, message, descriptors)
            return True
        return False

    def take(self, patience: float = 0.0) -> Job | None:
        """The next one that comes within so many seconds; None where none does."""
        until = time.monotonic() + patience
        while self.is_waited_for(max(0.0, until - time.monotonic())):
            with suppress(BlockingIOError):  # another reader was quicker
                message, descriptors = _receive(self._taking, 3, 4)
                large, alive, left = _JOB.unpack(message)
                return Job(large, alive, left, *descriptors)
        return None

    def is_waited_for(self, patience: float = 0.0) -> bool:
        """Whether one is there within so many seconds."""
        return bool(self._poller.poll(math.ceil(patience * 1000)))


@dataclass(frozen=True)
class Shared:
    """What all workers and readers of a server have together, made before any is forked."""

    seats: Seats  # of those who read texts
    texts: Jobs = field(default_factory=Jobs)
    large: Jobs = field(default_factory=Jobs)  # each has a reader of its own
    forking: Seats = field(default_factory=lambda: Seats(1))  # whose turn it is


@dataclass(frozen=True)
class Report:
    """What a reader left: what is still to be sent, and what it has read of the next request."""

    keep: bool  # whether the next request may come
    rest: int  # descriptor of a file in memory
    size: int  # bytes of it
    unread: bytes
    lines: Sequence[Line] = ()

    def hand(self, channel: socket.socket) -> None:
        """Send it to the worker; raises `GoneError`."""
        told = [(name, line[:_LINE]) for name, line in self.lines[:_LINES]]
        unread = in_memory(self.unread)
        try:
            message = _REPORT.pack(self.keep, self.size) + json.dumps(told).encode()
            _send(channel, message, (self.rest, unread))
        finally:
            os.close(unread)
            os.close(self.rest)

    @classmethod
    def of(cls, channel: socket.socket) -> Self:
        """The one that is there; raises `GoneError`, `BlockingIOError` where there is none."""
        message, (rest, unread) = _receive(channel, 2)
        keep, size = _REPORT.unpack_from(message)
        lines = [(name, line) for name, line in json.loads(message[_REPORT.size :])]
        return cls(keep, rest, size, out_of_memory(unread), lines)


def pair() -> tuple[socket.socket, socket.socket]:
    """Both ends of a channel for such messages."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def _send(channel: socket.socket, message: bytes, descriptors: Sequence[int]) -> None:
    try:
        socket.send_fds(channel, [message], list(descriptors))
    except BlockingIOError:
        raise
    except OSError:
        raise GoneError from None


def _receive(channel: socket.socket, *counts: int) -> tuple[bytes, list[int]]:
    """A message with as many descriptors as one of these."""
    try:
        message, descriptors, _, _ = socket.recv_fds(channel, _MOST, max(counts))
    except ConnectionError:
        raise GoneError from None
    if len(descriptors) not in counts:
        for one in descriptors:
            os.close(one)
        raise GoneError
    return message, descriptors

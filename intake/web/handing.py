"""What a worker and a reader hand each other: a request, and what came of it, by descriptors.

Words are in files in memory alone; a message holds numbers, and where something failed by class and
line. Each is one packet, so that none is ever half there.
"""

import json
import os
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from intake.web.gathered import in_memory, out_of_memory

_ORDER: Final = struct.Struct("!?")
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
    """A request on a connection, as far as it was gathered."""

    large: bool  # most of it is still to come
    alive: bool  # whether another request may follow on the connection
    patience: float  # seconds for what is still to come
    connection: int
    gathered: int

    def hand(self, channel: socket.socket) -> None:
        """Send it to a reader; raises `GoneError`. The descriptors stay this side's too."""
        message = _JOB.pack(self.large, self.alive, self.patience)
        _send(channel, message, (self.connection, self.gathered))

    @classmethod
    def await_one(cls, channel: socket.socket) -> Self:
        """The next one; raises `GoneError`, or `TimeoutError` after the channel's timeout."""
        message, (connection, gathered) = _receive(channel, 2)
        large, alive, patience = _JOB.unpack(message)
        return cls(large, alive, patience, connection, gathered)


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


def hand_channel(orders: socket.socket, channel: socket.socket, *, large: bool) -> None:
    """Ask for one more reader, at the other end of this channel; raises `GoneError`."""
    _send(orders, _ORDER.pack(large), (channel.fileno(),))


def await_channel(orders: socket.socket) -> tuple[socket.socket, bool]:
    """The channel of the next reader, and whether a large request comes; raises `GoneError`."""
    message, (channel,) = _receive(orders, 1)
    (large,) = _ORDER.unpack(message)
    return socket.socket(fileno=channel), large


def pair() -> tuple[socket.socket, socket.socket]:
    """Both ends of a channel for such messages."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def _send(channel: socket.socket, message: bytes, descriptors: Sequence[int]) -> None:
    try:
        socket.send_fds(channel, [message], list(descriptors))
    except OSError:
        raise GoneError from None


def _receive(channel: socket.socket, count: int) -> tuple[bytes, list[int]]:
    try:
        message, descriptors, _, _ = socket.recv_fds(channel, _MOST, count)
    except ConnectionError:
        raise GoneError from None
    if len(descriptors) != count:
        for one in descriptors:
            os.close(one)
        raise GoneError
    return message, descriptors

"""One visitor's connection: what has arrived on it, what is still to be sent, how long that may take.

It never knows who is at the other end: the address is not kept.
"""

import errno
import math
import os
import re
import socket
import time
from enum import Enum
from typing import Any, cast

from gunicorn import http as _http
from gunicorn.workers import gthread as _gthread

# Whoever checks types may know them from stubs of an older gunicorn; we build on 27.
_gunicorn_http: Any = cast("Any", _http)
_gunicorn_gthread: Any = cast("Any", _gthread)

GATHER = (
    256 * 1024
)  # bytes of a request that wait without a thread: any text, escaped, and its page
MAX_HEAD = 64 * 1024
PIECE = 64 * 1024

# Tor stalls: circuits go silent for half a minute and come back. Waiting costs no thread.
FIRST = 20.0  # seconds to the first byte
SILENCE = 60.0  # seconds between two bytes, either way
WHOLE = 600.0  # seconds for one request, or for one answer: 100 kB at 170 bytes a second
RATE = 8192  # a larger request may take a second more for each of these bytes
_LARGEST = 128 * 1024 * 1024  # bytes; whoever announces more gets no more time for it

_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(
    rb"^content-length:[ \t]*([0-9]{1,18})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)
_WITHOUT_END = re.compile(
    rb"^(?:transfer-encoding|expect|content-length):", re.IGNORECASE | re.MULTILINE
)


class TooSlowError(ConnectionResetError):
    """The other side took longer than it may. To gunicorn this is a lost connection."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, os.strerror(errno.ECONNRESET))


class PacedSocket(socket.socket):
    """A socket that is patient while it reads, up to a deadline, and never waits to write."""

    deadline = math.inf  # by `time.monotonic`

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(fileno=accepted.detach())
        self.outgoing: list[memoryview] = []

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """Wait for bytes, in a worker's thread; raises `TooSlowError`."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TooSlowError
        self.settimeout(min(SILENCE, left))
        try:
            return super().recv(bufsize, flags)
        except TimeoutError:
            raise TooSlowError from None

    def receive(self) -> bytes:
        """The bytes that are here already; raises `BlockingIOError` where there are none."""
        self.setblocking(False)
        return super().recv(PIECE)

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send what the other side takes now, and keep the rest for `flush`."""
        del flags
        self.outgoing.append(memoryview(data))
        self.flush()

    def flush(self) -> bool:
        """Send what the other side takes now; returns whether that was all."""
        self.setblocking(False)
        while self.outgoing:
            rest = self.outgoing[0]
            try:
                sent = super().send(rest[:PIECE]) if rest else 0
            except BlockingIOError:
                return False
            if sent < len(rest):
                self.outgoing[0] = rest[sent:]
            else:
                del self.outgoing[0]
        return True


class Arrival(Enum):
    """How much of the next request is here."""

    PART = "a thread would have to wait for the rest"
    ALL = "a thread can answer without waiting"
    LARGE = "more than is gathered: a thread has to wait for it"


class Connection(_gunicorn_gthread.TConn):  # type: ignore[misc]
    """gunicorn's connection, with the bytes of a request gathered before a thread reads them."""

    sock: PacedSocket
    parser: Any

    def __init__(self, cfg: Any, accepted: socket.socket, server: Any) -> None:
        base: Any = super()
        # An empty string is what gunicorn knows of a client on a unix socket.
        base.__init__(cfg, PacedSocket(accepted), "", server)
        self.data_ready = True  # gunicorn then never waits in a thread for a first byte
        self.arrived = bytearray()
        self.large = False
        self.keep = False
        self.ending = False
        self._needed: int | None = None
        self._until = 0.0
        self._deadline = 0.0
        self.begin(FIRST)

    def begin(self, patience: float) -> None:
        """Wait for a request, `patience` seconds for its first byte."""
        now = time.monotonic()
        self._needed = None
        self._deadline = now + WHOLE
        self._until = now + patience

    def wait(self) -> None:
        """Wait for a thread: for this nobody at the other end is to blame."""
        self._until = self._deadline

    def moved(self) -> None:
        """Bytes went one way or the other."""
        self._until = min(time.monotonic() + SILENCE, self._deadline)

    def is_over(self, now: float) -> bool:
        """Whether the other side took longer than it may."""
        return now > self._until

    def is_idle(self) -> bool:
        """Whether nothing would be lost if it were closed now."""
        return not (self.arrived or self.sock.outgoing or self.ending)

    def arrival(self) -> Arrival:
        """How much of a request is here."""
        if self._needed is None:
            end = _END.search(self.arrived)
            if end is None:
                return Arrival.LARGE if len(self.arrived) > MAX_HEAD else Arrival.PART
            self._needed = end.end() + _body_length(bytes(self.arrived[: end.start()]))
        if self._needed > GATHER:
            return Arrival.LARGE
        return Arrival.ALL if len(self.arrived) >= self._needed else Arrival.PART

    def hand_over(self) -> None:
        """Set the deadline of a thread that reads this request."""
        length = self._needed or 0
        extra = length / RATE if length <= _LARGEST else 0
        self.sock.deadline = time.monotonic() + WHOLE + extra

    def init(self) -> None:
        """Give gunicorn's parser what was gathered. Called by the thread, for every request."""
        if self.parser is None:
            self.parser = _gunicorn_http.get_parser(self.cfg, self.sock, self.client)
        self.initialized = True
        self.parser.unreader.unread(bytes(self.arrived))
        self.arrived.clear()

    def answered(self) -> None:
        """Begin to send what a thread left to be sent, and take back what it did not read."""
        if self.keep:
            self.arrived += self.parser.unreader.take_buffered()
        self._deadline = time.monotonic() + WHOLE
        self.moved()

    def end(self, patience: float) -> None:
        """Say that no more will be sent, and wait for the other side to say so."""
        self.ending = True
        self._until = time.monotonic() + patience
        self.sock.shutdown(socket.SHUT_WR)


def _body_length(head: bytes) -> int:
    """The bytes that a thread would read after this head: never fewer than gunicorn reads."""
    found = _LENGTH.findall(head)
    ends = _WITHOUT_END.findall(head)
    if not ends:
        return 0
    # Of anything but one plain length we do not say where it ends.
    return int(found[0]) if len(ends) == len(found) == 1 else _LARGEST + 1

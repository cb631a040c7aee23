"""One visitor's connection: what has arrived on it, what is still to be sent, how long that may take.

It never knows who is at the other end: the address is not kept.
"""

import errno
import math
import os
import re
import socket
import time
from contextlib import nullcontext
from enum import Enum
from typing import Any, cast

from gunicorn import http as _http
from gunicorn.workers import gthread as _gthread

from intake.web.gathered import PIECE, Gathered, in_memory, out_of_memory
from intake.web.pacing import Count

# Whoever checks types may know them from stubs of an older gunicorn; we build on 27.
_gunicorn_http: Any = cast("Any", _http)
_gunicorn_gthread: Any = cast("Any", _gthread)

GATHER = (
    256 * 1024
)  # bytes of a request that wait without a thread: any text, escaped, and its page
MAX_HEAD = 64 * 1024
_ROOM = GATHER + MAX_HEAD + PIECE  # bytes: more than there can be when it is handed over

# Tor stalls: circuits go silent for half a minute and come back. Waiting costs no thread.
FIRST = 20.0  # seconds to the first byte
SILENCE = 60.0  # seconds between two bytes, either way
WHOLE = 600.0  # seconds for one request, or for one answer: 100 kB at 170 bytes a second
RATE = 8192  # a larger request may take a second more for each of these bytes
_LARGEST = 128 * 1024 * 1024  # bytes; whoever announces more gets no more time for it

_END = re.compile(rb"\r?\n\r?\n")
_SPLIT = 3  # bytes of an end that may be here already, with the last one still to come
_LENGTH = re.compile(
    rb"^content-length:[ \t]*([0-9]{1,18})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)
_WITHOUT_END = re.compile(
    rb"^(?:transfer-encoding|expect|content-length):", re.IGNORECASE | re.MULTILINE
)
# What is answered where words of earlier requests may lie about for as long as a process lives: an
# address in our own letters with nothing after it, and what is sealed already.
_PLAIN = re.compile(rb"\A(?:GET|HEAD) /[A-Za-z0-9._/-]* HTTP/1\.[01]\r\n")
_SEALED = re.compile(rb"\APOST /s HTTP/1\.[01]\r\n")
_TYPE = re.compile(rb"^content-type:", re.IGNORECASE | re.MULTILINE)
# Each part ends where the next one begins: a line of blanks must not be looked through again from
# each of them, while everybody else waits.
_SEALED_TYPE = re.compile(
    rb"^content-type:[ \t]*application/octet-stream[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)


class TooSlowError(ConnectionResetError):
    """The other side took longer than it may. To gunicorn this is a lost connection."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, os.strerror(errno.ECONNRESET))


class PacedSocket(socket.socket):
    """A socket that is patient while it reads, up to a deadline, and never waits to write."""

    deadline = math.inf  # by `time.monotonic`
    count: Count | None = None  # of a long request

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(fileno=accepted.detach())
        self.outgoing: list[memoryview] = []
        self._file: int | None = None  # what a reader left to be sent, and how far it is
        self._sent = self._size = 0

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """Wait for bytes, in a worker's thread; raises `TooSlowError`."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TooSlowError
        self.settimeout(min(SILENCE, left))
        with nullcontext() if self.count is None else self.count.waiting():
            try:
                came = super().recv(bufsize, flags)
            except TimeoutError:
                raise TooSlowError from None
            if self.count is not None:
                self.count.add(len(came))
            return came

    def receive_into(self, gathered: Gathered) -> int:
        """Take what is here already, and say how much; raises `BlockingIOError` where nothing is."""
        self.setblocking(False)
        return gathered.receive(self)

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send what the other side takes now, and keep the rest for `flush`."""
        del flags
        self.outgoing.append(memoryview(data))
        self.flush()

    def stop_counting(self) -> None:
        """The long request is over."""
        if self.count is not None:
            self.count.close()
            self.count = None

    def send_file(self, descriptor: int, size: int) -> None:
        """Let `flush` send so many bytes of a file in memory, which then is closed."""
        self._file, self._sent, self._size = descriptor, 0, size

    def rest(self) -> tuple[int, int]:
        """What `flush` left, as such a file, and how many bytes that is."""
        words = b"".join(self.outgoing)
        self.outgoing.clear()
        return in_memory(words), len(words)

    @property
    def is_sending(self) -> bool:
        """Whether something is left for `flush`."""
        return bool(self.outgoing) or self._file is not None

    def flush(self) -> bool:
        """Send what the other side takes now; returns whether that was all."""
        self.setblocking(False)
        try:
            while self.outgoing:
                rest = self.outgoing[0]
                sent = super().send(rest[:PIECE]) if rest else 0
                if sent < len(rest):
                    self.outgoing[0] = rest[sent:]
                else:
                    del self.outgoing[0]
            while self._file is not None:
                left = min(PIECE, self._size - self._sent)
                self._sent += os.sendfile(self.fileno(), self._file, self._sent, left)
                if self._sent == self._size:
                    self.forget_file()
        except BlockingIOError:
            return False
        return True

    def forget_file(self) -> None:
        """Let go of what a reader left to be sent."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class Arrival(Enum):
    """How much of the next request is here."""

    PART = "whoever answered would have to wait for the rest"
    ALL = "it can be answered without waiting"
    LARGE = "more than is gathered: whoever answers has to wait for it"


class Connection(_gunicorn_gthread.TConn):  # type: ignore[misc]
    """gunicorn's connection, with the bytes of a request gathered before anybody reads them."""

    sock: PacedSocket
    parser: Any

    def __init__(self, cfg: Any, accepted: socket.socket, server: Any) -> None:
        base: Any = super()
        # An empty string is what gunicorn knows of a client on a unix socket.
        base.__init__(cfg, PacedSocket(accepted), "", server)
        self.data_ready = True  # gunicorn then never waits in a thread for a first byte
        self.arrived = Gathered(_ROOM)
        self.large = False
        self.keep = False
        self.ending = False
        self._needed: int | None = None
        self._searched = 0
        self._until = 0.0
        self._deadline = 0.0
        self.begin(FIRST)

    def begin(self, patience: float) -> None:
        """Wait for a request, `patience` seconds for its first byte."""
        now = time.monotonic()
        self._needed = None
        self._searched = 0
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
        return not (self.arrived or self.sock.is_sending or self.ending)

    def arrival(self) -> Arrival:
        """How much of a request is here."""
        if self._needed is None:
            end = self.arrived.search(_END, begin=self._searched)
            if end is None:
                # Not from the beginning again for each byte of a head that comes slowly.
                self._searched = max(0, len(self.arrived) - _SPLIT)
                return Arrival.LARGE if len(self.arrived) > MAX_HEAD else Arrival.PART
            self._needed = end[1] + _body_length(self.arrived, end[0])
        if self._needed > GATHER:
            return Arrival.LARGE
        return Arrival.ALL if len(self.arrived) >= self._needed else Arrival.PART

    def take(self, descriptor: int) -> None:
        """Begin with what a worker gathered, in a file in memory, which is closed."""
        self.arrived.put_first(out_of_memory(descriptor))

    def is_wordless(self) -> bool:
        """Whether a person's words are not in this request, nor in what answers it."""
        end = self.arrived.search(_END)
        if end is None:
            return False
        if self.arrived.search(_PLAIN, end[0] + 2):
            return self._needed == end[1]
        if not self.arrived.search(_SEALED, end[0]):
            return False
        types = sum(1 for _ in self.arrived.every(_TYPE, end[0]))
        return types == 1 and self.arrived.search(_SEALED_TYPE, end[0]) is not None

    def patience(self) -> float:
        """How many seconds whoever reads this request may wait for it."""
        length = self._needed or 0
        return WHOLE + (length / RATE if length <= _LARGEST else 0)

    def hand_over(self) -> None:
        """Set the deadline of a thread that reads this request."""
        self.sock.deadline = time.monotonic() + self.patience()

    @property
    def request_length(self) -> int:
        """Bytes of those that arrived which are this request; what follows is the next one."""
        if self.large or self._needed is None:
            return len(self.arrived)
        return self._needed

    def init(self) -> None:
        """Give gunicorn's parser what was gathered. Called for every request by whoever answers."""
        if self.parser is None:
            self.parser = _gunicorn_http.get_parser(self.cfg, self.sock, self.client)
            # The stock one asks for 1 MiB at a time, and copies it twice.
            self.parser.unreader.max_body_chunk = PIECE
        self.initialized = True
        self.parser.unreader.unread(self.arrived.taken(self.request_length))

    def unread(self) -> bytes:
        """What whoever answered has of the next request; for a thread's or a reader's use."""
        return b"" if self.parser is None else self.parser.unreader.take_buffered()

    def answered(self, unread: bytes = b"") -> None:
        """Begin to send what was left to be sent, and take back what was not read."""
        # Nobody sends so much of a next request while one is being answered.
        self.keep = self.keep and self.arrived.put_first(unread)
        self._deadline = time.monotonic() + WHOLE
        self.moved()

    def end(self, patience: float) -> None:
        """Say that no more will be sent, and wait for the other side to say so."""
        self.ending = True
        self._until = time.monotonic() + patience
        self.sock.shutdown(socket.SHUT_WR)

    def close(self, graceful: bool = False) -> None:  # noqa: FBT001, FBT002  # as gunicorn has it
        """Let go of the connection, and of all that arrived or was to be sent on it."""
        self.arrived.close()
        self.sock.forget_file()
        self.sock.stop_counting()
        base: Any = super()
        base.close(graceful)


def _body_length(gathered: Gathered, end: int) -> int:
    """The bytes that would be read after the head up to `end`: never fewer than gunicorn reads."""
    found = [int(length[1]) for length in gathered.every(_LENGTH, end)]
    ends = sum(1 for _ in gathered.every(_WITHOUT_END, end))
    if not ends:
        return 0
    # Of anything but one plain length we do not say where it ends.
    return found[0] if ends == len(found) == 1 else _LARGEST + 1

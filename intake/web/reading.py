"""The process that reads what people write: it is gone a moment after its answer, and all it read with it.

One for each worker, which never reads a request, has everything loaded and forks readers as the
worker asks. A reader answers what comes within half a second, and is gone: a fork costs more than a
page, and under load, when it matters, one serves several. A long request is always its only one.
Few are there at one time: each has some 10 MB of its own, and more than cores would only wait.
"""

import gc
import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from intake.web import error_pages, server_log
from intake.web.connections import Connection
from intake.web.handing import GoneError, Job, Report, await_channel
from intake.web.roomy_heap import allow_room
from intake.web.seats import Seats

LIFE: Final = 0.5  # seconds after its first request in which a reader takes another
LINGER: Final = 0.005  # and after its last one: it takes the place of another
_BEGIN: Final = 10.0  # seconds to the first request, which is sent with the order
_SLACK: Final = 120  # seconds for an answer, all waiting for a place or for the store with it
_IGNORED: Final = (
    signal.SIGTERM,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGHUP,
    signal.SIGUSR1,
    signal.SIGUSR2,
)


@dataclass(frozen=True)
class Work:
    """How a reader answers the request of a connection, in gunicorn's words and ours.

    `handle` is told whether another may follow. `keep_up` has what changed in the site's folder
    read once, for all readers after it. A reader of texts has one of the `seats`.
    """

    cfg: Any
    handle: Callable[[Connection, bool], bool]
    keep_up: Callable[[], None]
    seats: Seats


def fork_readers(orders: socket.socket, work: Work) -> NoReturn:
    """Fork a reader for each channel that is handed over, until the worker is gone.

    A word to end that reaches every process of the server is for the workers: they are let finish.
    """
    for one in _IGNORED:
        signal.signal(one, signal.SIG_IGN)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, _reap)
    allow_room()
    gc.disable()  # what it would look through is everybody's, and only a copy for looking at it
    with suppress(GoneError):
        while True:
            _fork_one(orders, work)
    os._exit(0)


def _fork_one(orders: socket.socket, work: Work) -> None:
    channel, large = await_channel(orders)
    with channel, _seat(work.seats, large=large):
        try:
            work.keep_up()
        except Exception as error:  # noqa: BLE001  # whoever needs it is told
            error_pages.log(error)
        try:
            child = os.fork()
        except OSError as error:  # the worker sees the channel end
            error_pages.log(error)
            return
        if child == 0:
            try:
                orders.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                Reader(channel, work).run()
            finally:
                os._exit(0)


@contextmanager
def _seat(seats: Seats, *, large: bool) -> Generator[None]:
    """Have a seat until a child has it: from then on it is the child's, to its end."""
    mine = None if large else seats.wait()
    try:
        yield
    finally:
        if mine is not None:
            os.close(mine)


def _reap(_signal: int, _frame: object) -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


class _Collecting(logging.Handler):
    """Keeps what the operator is to be told until the next report: the worker says it, once."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        with suppress(Exception):  # a record that cannot be formatted holds who knows what
            self.lines.append((record.name, record.getMessage()))


class Reader:
    """A process that answers requests which may bear words, and then is gone."""

    def __init__(self, channel: socket.socket, work: Work) -> None:
        self._channel = channel
        self._work = work
        self._log = _Collecting()

    def run(self) -> None:
        """Answer, until nothing more is to come."""
        server_log.say_with(self._log)
        self._channel.settimeout(_BEGIN)
        with suppress(GoneError, TimeoutError):
            job = Job.await_one(self._channel)
            first = time.monotonic()
            while True:
                self._answer(job)
                if job.large:
                    return
                job = self._next(min(LINGER, first + LIFE - time.monotonic()))

    def _next(self, patience: float) -> Job:
        """The request that comes within so many seconds; raises `GoneError` or `TimeoutError`."""
        with suppress(TimeoutError):
            if patience > 0:
                self._channel.settimeout(patience)
                return Job.await_one(self._channel)
        # From here on none can be sent; one may have been, in the last moment.
        self._channel.shutdown(socket.SHUT_RD)
        return Job.await_one(self._channel)

    def _answer(self, job: Job) -> None:
        signal.alarm(_SLACK + int(job.patience if job.large else 0))
        with socket.socket(fileno=job.connection) as accepted:
            connection = Connection(self._work.cfg, accepted, accepted.getsockname())
            connection.take(job.gathered)
            connection.large = job.large
            connection.sock.deadline = time.monotonic() + job.patience
            keep = False
            try:
                keep = self._work.handle(connection, job.alive)
            except Exception as error:  # noqa: BLE001  # the last line of defence
                error_pages.log(error)
            unread = connection.unread() if keep else b""
            rest, size = connection.sock.rest()
            lines, self._log.lines = self._log.lines, []
            Report(keep, rest, size, unread, lines).hand(self._channel)
            connection.close()
        signal.alarm(0)

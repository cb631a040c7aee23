"""The process that reads what people write: it is gone a moment after its answer, and all it read with it.

Beside each worker is one that never reads a request, has everything loaded and forks readers while
requests wait. A reader answers whatever comes within half a second, of any worker, and is gone: a fork
costs more than a page, and under load, when it matters, one serves several. A long request is always
its only one. Few are there at one time: each has some 10 MB of its own, and more than cores would
only wait.
"""

import gc
import logging
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from intake.web import error_pages, server_log
from intake.web.connections import Connection
from intake.web.handing import GoneError, Job, Jobs, Report, Shared
from intake.web.pacing import Count

LIFE: Final = 0.5  # seconds after its first request in which a reader takes another
LINGER: Final = 0.005  # and after its last one: it takes the place of another
_PAUSE: Final = 0.005  # seconds between two looks for a seat, or for whose turn it is
_QUICKER: Final = 0.001  # seconds in which a reader that is there already takes what has come
_SETTLED: Final = 0.02  # seconds in which a new one takes its first
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
    read once, for all readers after it. `shared` is how requests come.
    """

    cfg: Any
    handle: Callable[[Connection, bool], bool]
    keep_up: Callable[[], None]
    shared: Shared


def fork_readers(orders: socket.socket, work: Work) -> NoReturn:
    """Fork a reader where a request waits and may have one more, until the worker is gone.

    `orders` is how that is noticed, on either side. No request is read here.

    A word to end that reaches every process of the server is for the workers: they are let finish.
    """
    for one in _IGNORED:
        signal.signal(one, signal.SIG_IGN)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, _reap)
    gc.disable()  # what it would look through is everybody's, and only a copy for looking at it
    poller = select.poll()
    for way in (orders, work.shared.large, work.shared.texts):
        poller.register(way, select.POLLIN)
    while orders.fileno() not in (ready := {number for number, _ in poller.poll()}):
        if work.shared.large.fileno() in ready:
            _fork_for(work.shared.large, work, orders)
        elif (seat := work.shared.seats.take()) is not None:
            try:
                _fork_for(work.shared.texts, work, orders)
            finally:
                os.close(seat)  # from here on it is the reader's, to its end
        else:
            time.sleep(_PAUSE)
    os._exit(0)


def _fork_for(jobs: Jobs, work: Work, orders: socket.socket) -> None:
    """Fork a reader, one at a time of all who do so, unless who is there already was quicker."""
    turn = work.shared.forking.take()
    if turn is None:
        time.sleep(_PAUSE)
        return
    try:
        time.sleep(_QUICKER)
        if not jobs.is_waited_for():
            return
        try:
            work.keep_up()
        except Exception as error:  # noqa: BLE001  # whoever needs it is told
            error_pages.log(error)
        try:
            child = os.fork()
        except OSError as error:  # it waits, and is tried again
            error_pages.log(error)
            time.sleep(_SETTLED)
            return
        if child == 0:
            try:
                os.close(turn)
                orders.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                Reader(jobs, work).run()
            finally:
                os._exit(0)
        until = time.monotonic() + _SETTLED
        while jobs.is_waited_for() and time.monotonic() < until:
            time.sleep(_QUICKER)
    finally:
        os.close(turn)


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

    def __init__(self, jobs: Jobs, work: Work) -> None:
        self._jobs = jobs
        self._work = work
        self._log = _Collecting()

    def run(self) -> None:
        """Answer, until nothing more is to come."""
        server_log.say_with(self._log)
        job = self._jobs.take(LINGER)
        until = time.monotonic() + LIFE
        while job is not None:
            self._answer(job)
            left = until - time.monotonic()
            job = None if job.large or left <= 0 else self._jobs.take(min(LINGER, left))

    def _answer(self, job: Job) -> None:
        signal.alarm(_SLACK + int(job.patience if job.large else 0))
        with socket.socket(fileno=job.connection) as accepted:
            connection = Connection(self._work.cfg, accepted, accepted.getsockname())
            connection.take(job.gathered)
            connection.large = job.large
            connection.sock.count = None if job.count is None else Count(job.count)
            connection.sock.deadline = time.monotonic() + job.patience
            keep = False
            try:
                keep = self._work.handle(connection, job.alive)
            except Exception as error:  # noqa: BLE001  # the last line of defence
                error_pages.log(error)
            unread = connection.unread() if keep else b""
            rest, size = connection.sock.rest()
            lines, self._log.lines = self._log.lines, []
            with suppress(GoneError), socket.socket(fileno=job.channel) as channel:
                Report(keep, rest, size, unread, lines).hand(channel)
            connection.close()
        signal.alarm(0)

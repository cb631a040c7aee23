"""gunicorn's threaded worker: no thread waits for a slow visitor's text, and none reads one.

Stock threads read from the connection, and eight visitors who send nothing stop two workers of four
threads. Here the main loop gathers a request, somebody answers it, and the main loop sends what
does not fit into the connection at once:

    gather -> (queue) -> thread or reader -> send -> gather, or linger -> closed

A thread answers what bears no words: a page that is asked for, a file that is sealed. All else is
answered by a reader, a process that is gone a moment later with all that it read; the worker hands
it on without having looked at more than where it ends. Only requests larger than any text, with
documents in them, are read as they come, and of these there are few (`long_requests.py`).
"""

import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any, cast

from gunicorn.http import errors as _errors
from gunicorn.http import wsgi as _wsgi
from gunicorn.workers import gthread as _gthread

from intake.web import error_pages, server_log
from intake.web.connections import Arrival, Connection
from intake.web.handing import GoneError, pair
from intake.web.headers import Headers, read_style
from intake.web.long_requests import LongRequests
from intake.web.readers import Given, Readers
from intake.web.reading import Work, fork_readers

# Whoever checks types may know them from stubs of an older gunicorn; we build on 27.
_gunicorn_errors: Any = cast("Any", _errors)
_gunicorn_wsgi: Any = cast("Any", _wsgi)
_gunicorn_gthread: Any = cast("Any", _gthread)

THREADS = 8
CONNECTIONS = 512  # to a worker
_LINGER = 3.0  # seconds for the other side to take an answer and close
_DRAIN = 5.0  # seconds to read what an answered request left unread
_BOOT_ERROR = 3  # gunicorn then ends, instead of starting workers for ever
_OURS = (_gunicorn_errors.InvalidResponseHeader, _gunicorn_errors.InvalidResponseHeaderName)

_gunicorn_wsgi.SERVER = "web"  # in every answer; the name and the version are nobody's business


class PatientWorker(_gunicorn_gthread.ThreadWorker):  # type: ignore[misc]
    """Serves connections as the module says."""

    nr_conns: int

    def __init__(self, *words: Any, **also: Any) -> None:
        base: Any = super()
        base.__init__(*words, **also)
        self._watched: set[Connection] = set()
        self._long = LongRequests()
        self._swept = 0.0
        self._notified = 0.0
        rows = Headers(read_style()).fixed
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in rows)

    def init_process(self) -> None:
        """Run; what ends the worker is said by class and line, where gunicorn says all of it."""
        try:
            self._orders = self._forked_parent()
            self._readers = Readers(self.app.wsgi().shared, self._listen_to)
            base: Any = super()
            base.init_process()
        except Exception as error:  # noqa: BLE001  # the last line of defence
            error_pages.log(error)
            raise SystemExit(1 if self.booted else _BOOT_ERROR) from None

    def _forked_parent(self) -> socket.socket:
        """The way to the process that forks readers. It is made before there is any thread."""
        mine, theirs = pair()
        if os.fork() == 0:
            try:
                mine.close()
                for listener in self.sockets:
                    listener.close()
                self.load_wsgi()
                fork_readers(
                    theirs, Work(self.cfg, self._read, self.wsgi.keep_up, self.wsgi.shared)
                )
            finally:
                os._exit(1)
        theirs.close()
        return mine

    def _read(self, connection: Connection, alive: bool) -> bool:  # noqa: FBT001  # in a reader
        self.alive = alive
        return bool(self.handle(connection))

    def run(self) -> None:
        """Serve, as long as there is who forks readers."""
        self.poller.register(self._orders, EVENT_READ, self._end)
        base: Any = super()
        base.run()

    def _end(self, orders: socket.socket) -> None:
        self.poller.unregister(orders)
        self.alive = False  # the first process starts another worker

    def notify(self) -> None:
        """Tell the arbiter that this worker lives, at most once a second: it waits for 30.

        The stock loop does it on every event, which takes as long as a twentieth of a request.
        """
        now = time.monotonic()
        if now - self._notified >= 1:
            self._notified = now
            base: Any = super()
            base.notify()

    def accept(self, listener: Any) -> None:
        """Begin to gather what a new connection sends."""
        try:
            accepted, _ = listener.accept()
        except OSError:
            return  # it left, or another worker was quicker; where not, the listener says so again
        self.nr_conns += 1
        connection = Connection(self.cfg, accepted, listener.getsockname())
        self._watch(connection, EVENT_READ, self._gather)

    def _gather(self, connection: Connection, _sock: object) -> None:
        try:
            more = connection.sock.receive_into(connection.arrived)
        except BlockingIOError:
            return
        except OSError:
            self._close(connection)
            return
        if not (more or connection.arrived):
            self._close(connection)
            return
        connection.moved()
        arrival = connection.arrival()
        if not more and arrival is Arrival.PART:
            arrival = Arrival.ALL  # all that ever will: whoever answers says what is wrong with it
        if arrival is not Arrival.PART:
            self._unwatch(connection)
            self._answer(connection, large=arrival is Arrival.LARGE)

    def _answer(self, connection: Connection, *, large: bool) -> None:
        if large and not self._long.take(connection):
            return
        if connection.is_wordless():
            connection.hand_over()
            self.enqueue_req(connection)
            return
        connection.wait()
        self._readers.waiting.append(connection)
        self._readers.give(alive=self.alive)

    def _listen_to(self, given: Given) -> None:
        self.poller.register(given, EVENT_READ, self._told)

    def _told(self, given: Given) -> None:
        """A reader has answered, or is gone."""
        connection = given.connection
        try:
            report = given.report()
        except BlockingIOError:
            return
        except GoneError:
            report = None  # killed: nobody knows how much was sent
        self.poller.unregister(given)
        self._readers.done(given)
        self._let_in_next(connection)
        if report is None:
            self._close(connection)
        else:
            server_log.pass_on(report.lines)
            connection.sock.send_file(report.rest, report.size)
            connection.keep = report.keep
            connection.answered(report.unread)
        self._readers.give(alive=self.alive)
        if report is not None:
            self._send(connection)

    def finish_request(self, conn: Connection, fs: Any) -> None:
        """Send the answer that a thread made, in the main loop."""
        self._let_in_next(conn)
        error = None if fs.cancelled() else fs.exception()
        if error is not None:
            error_pages.log(error)
        conn.keep = error is None and not fs.cancelled() and bool(fs.result())
        if conn.sock.fileno() < 0:
            self.nr_conns -= 1
            return
        conn.answered(conn.unread() if conn.keep else b"")
        self._send(conn)

    def _let_in_next(self, connection: Connection) -> None:
        """Perhaps a large request less: the next one's turn."""
        following = self._long.leave(connection)
        if following is not None:
            self._answer(following, large=True)

    def _send(self, connection: Connection, _sock: object = None) -> None:
        waiting = connection in self._watched
        try:
            done = connection.sock.flush()
        except OSError:
            self._close(connection)
            return
        connection.moved()
        if done:
            self._unwatch(connection)
            self._go_on(connection)
        elif not waiting:
            self._watch(connection, EVENT_WRITE, self._send)

    def _go_on(self, connection: Connection) -> None:
        """The answer is sent: to the next request, or to the end."""
        if not connection.keep:
            try:
                connection.end(_LINGER)
            except OSError:
                self._close(connection)
            else:
                self._watch(connection, EVENT_READ, self._linger)
            return
        connection.begin(self.cfg.keepalive)
        arrival = connection.arrival()
        if arrival is Arrival.PART:
            self._watch(connection, EVENT_READ, self._gather)
        else:
            self._answer(connection, large=arrival is Arrival.LARGE)

    def _linger(self, connection: Connection, _sock: object) -> None:
        """Read and forget: a connection closed with bytes unread loses the answer on its way."""
        try:
            more = connection.sock.receive_into(connection.arrived)
        except BlockingIOError:
            return
        except OSError:
            more = 0
        connection.arrived.forget(more)
        if not more:
            self._close(connection)

    def _keepalive_after(self, conn: Connection, keepalive: Any) -> bool:
        conn.sock.deadline = time.monotonic() + _DRAIN
        base: Any = super()
        return bool(base._keepalive_after(conn, keepalive))  # noqa: SLF001  # what we override

    def _watch(
        self, connection: Connection, event: int, step: Callable[[Connection, object], None]
    ) -> None:
        self.poller.register(connection.sock, event, partial(step, connection))
        self._watched.add(connection)

    def _unwatch(self, connection: Connection) -> None:
        if connection in self._watched:
            self._watched.discard(connection)
            self.poller.unregister(connection.sock)

    def _close(self, connection: Connection) -> None:
        self._unwatch(connection)
        self.nr_conns -= 1
        connection.close()

    def murder_pending(self) -> None:
        """Close what took longer than it may. gunicorn calls this after every event."""
        now = time.monotonic()
        if now < self._swept + 0.5:
            return
        self._swept = now
        self._readers.give(alive=self.alive)
        texts, large = self._readers.waiting, self._long.waiting
        for connection in [*self._watched, *large, *texts]:
            if connection.is_over(now) or (connection.is_idle() and not self.alive):
                if connection in large:
                    large.remove(connection)
                if connection in texts:
                    texts.remove(connection)
                    self._let_in_next(connection)
                self._close(connection)
        self._long.let_go(now)

    def handle_error(self, req: object, client: Any, addr: object, exc: Exception) -> None:
        """Answer what cannot be read, with nothing of it in the answer and nothing in a log."""
        del req, addr
        theirs = isinstance(exc, _gunicorn_errors.ParseException) and not isinstance(exc, _OURS)
        if not theirs:
            error_pages.log(exc)
        status = "400 Bad Request" if theirs else "500 Internal Server Error"
        head = f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n{self._headers}\r\n"
        with suppress(OSError):  # it left
            client.sendall(head.encode())

"""A witness over HTTP: one path, one method, and bounds on what any client can take of it.

It writes nothing about a request anywhere. TLS or an onion service stands in front of it.
"""

from __future__ import annotations

import io
import re
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Final, cast

from intake.errors import MalformedError
from intake.tlog.witness import REQUEST_LIMIT
from intake.witness.cosigning import PLAIN, Answer

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from intake.witness.cosigning import Witness

PATH: Final = "/add-checkpoint"
CONNECTIONS: Final = 32  # at a time; more are closed at once
PATIENCE: Final = 30  # seconds for all that happens on one connection
_LENGTH: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_BIND: Final = re.compile(r"([0-9.]{7,15}|\[[0-9a-fA-F:]{2,39}\]):([0-9]{1,5})", re.ASCII)


def parse_bind(text: str) -> tuple[str, int]:
    """Read `127.0.0.1:PORT` or `[::1]:PORT`; raises `MalformedError`. Port 0 takes a free one."""
    match = _BIND.fullmatch(text)
    if match is None or int(match[2]) >= 65536:
        raise MalformedError("not an address and a port", "for example 127.0.0.1:8290")
    return match[1].strip("[]"), int(match[2])


class WitnessServer(ThreadingMixIn, TCPServer):
    """Serves one witness, one thread for each connection, at most `CONNECTIONS` of them."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = CONNECTIONS

    def __init__(self, bind: tuple[str, int], witness: Witness, patience: float = PATIENCE) -> None:
        self.address_family = socket.AF_INET6 if ":" in bind[0] else socket.AF_INET
        self.witness = witness
        self.patience = patience
        self._free = BoundedSemaphore(CONNECTIONS)
        super().__init__(bind, _Handler)

    def process_request(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Give a connection its thread, or close it where there are enough."""
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._free.release()
            raise

    def process_request_thread(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Serve one connection to its end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that went away; of anything else, only what kind it is."""
        del request, client_address
        error = sys.exception()
        if not isinstance(error, OSError):
            sys.stderr.write(f"intake: error: a request failed with {type(error).__name__}\n")


class _Until(io.RawIOBase):
    """Reads a connection up to a moment: a byte every now and then does not hold a thread."""

    def __init__(self, connection: socket.socket, patience: float) -> None:
        super().__init__()
        self._connection = connection
        self._end = time.monotonic() + patience

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)


class _Handler(BaseHTTPRequestHandler):
    """One connection; several requests may come on it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes
    server_version = "intake-witness"
    sys_version = ""
    error_content_type = PLAIN
    error_message_format = "%(code)d\n"

    def setup(self) -> None:
        super().setup()
        self.rfile.close()
        self.rfile = io.BufferedReader(_Until(self.connection, self._served.patience))

    @property
    def _served(self) -> WitnessServer:
        return cast("WitnessServer", self.server)

    def do_POST(self) -> None:
        if self.path != PATH:
            self._refuse(404, "there is only /add-checkpoint")
            return
        lengths: list[str] = self.headers.get_all("Content-Length") or []
        if "Transfer-Encoding" in self.headers or len(lengths) != 1:
            self._refuse(411, "a request says its length once")
            return
        if not _LENGTH.fullmatch(lengths[0]) or int(lengths[0]) > REQUEST_LIMIT:
            self._refuse(413, f"a request is at most {REQUEST_LIMIT} bytes")
            return
        body = self.rfile.read(int(lengths[0]))
        if len(body) != int(lengths[0]):
            self._refuse(400, "the request is cut short")
            return
        try:
            answer = self._served.witness.answer(body)
        except OSError as error:
            # Not cosigned, for it is not stored. The operator must know; the log may ask again.
            sys.stderr.write(f"intake: error: a checkpoint cannot be stored: {error.strerror}\n")
            self._refuse(503, "the witness cannot store anything now")
            return
        self._send(answer)

    def _refuse(self, status: int, reason: str) -> None:
        """Answer what was not read to its end, and close: its rest is no request."""
        self.close_connection = True
        self._send(Answer(status, PLAIN, f"{reason}\n".encode()))

    def _send(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has there
        """Nothing is written about requests."""

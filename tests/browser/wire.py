"""The wire between a browser and the site: it writes down every request, and can do harm.

It stands in front of the real server as a small HTTP proxy on 127.0.0.1, so that what a browser
sends is seen outside of it, the same for each browser.
"""

import base64
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, quote_plus

Alter = Callable[[int, bytes], tuple[int, bytes]]
"""From an answer's status and body to those that the browser gets."""

_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


@dataclass(frozen=True)
class Request:
    """One request as it came: its first line, its headers, its body."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def bytes(self) -> bytes:
        """Everything in it, one after the other."""
        head = "".join(f"{name}: {value}\n" for name, value in self.headers)
        return f"{self.method} {self.path}\n{head}\n".encode() + self.body

    @property
    def type(self) -> str:
        """Its content type, without parameters."""
        found = [value for name, value in self.headers if name.lower() == "content-type"]
        return found[0].partition(";")[0] if found else ""


@dataclass
class Wire:
    """What was asked so far, and what is done to the answers, by a path or the start of one.

    A start ends where a word does: `/s` is not `/stretch-…`, which may be on its way as well.
    """

    port: int
    requests: list[Request] = field(default_factory=list)
    alter: dict[str, Alter] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)  # answered by nothing, once the server has answered

    @property
    def address(self) -> str:
        """The origin that a browser is given."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def posts(self) -> list[Request]:
        """Everything that was sent."""
        return [request for request in self.requests if request.method != "GET"]

    def leaks(self, sentence: str) -> list[Request]:
        """The requests that hold `sentence`, or a good part of it, in any usual spelling."""
        needles = spellings(sentence)
        return [r for r in self.requests if any(n in r.bytes.lower() for n in needles)]


def spellings(sentence: str) -> set[bytes]:
    """How a sentence could look on its way, lower case: UTF-8 and 16, %-encoded, base64, escaped."""
    found: set[bytes] = set()
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        raw = sentence.encode(encoding)
        found |= {raw, raw.hex().encode(), quote(raw).encode(), quote_plus(raw).encode()}
        for skip in range(3):
            # Base64 of a text within a longer one, whichever third it begins at.
            whole = raw[skip : skip + (len(raw) - skip) // 3 * 3]
            found |= {base64.b64encode(whole), base64.urlsafe_b64encode(whole)}
    found.add(json.dumps(sentence)[1:-1].encode())
    return {needle.lower() for needle in found}


def begins(path: str, start: str) -> bool:
    """Whether a path is this one, or begins with it as a whole."""
    return re.match(rf"{re.escape(start)}\b", path) is not None


def slow(wire: Wire, path: str) -> threading.Event:
    """Let an answer be on its way until what this gives is set."""
    arrive = threading.Event()

    def late(status: int, body: bytes) -> tuple[int, bytes]:
        arrive.wait(60)
        return status, body

    wire.alter[path] = late
    return arrive


@contextmanager
def wire_to(server_port: int) -> Iterator[Wire]:
    """Put a wire in front of a server until the end of the block."""
    proxy = _Proxy(server_port)
    thread = threading.Thread(target=proxy.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy.wire
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()


class _Proxy(ThreadingHTTPServer):
    """Listens on a free port for the requests to the server behind it."""

    daemon_threads = True

    def __init__(self, behind: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = behind
        self.wire = Wire(self.server_port)


class _Handler(BaseHTTPRequestHandler):
    """Passes one request on."""

    server: _Proxy

    def handle_any(self) -> None:
        wire = self.server.wire
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        wire.requests.append(Request(self.command, self.path, tuple(self.headers.items()), body))
        status, headers, answer = self._ask(body)
        start = next((start for start in wire.cut if begins(self.path, start)), None)
        if start is not None:
            wire.cut.discard(start)
            self.close_connection = True
            return
        for path, change in list(wire.alter.items()):
            if begins(self.path, path):
                status, answer = change(status, answer)
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_HEAD = handle_any  # noqa: N815 - the names that http.server calls

    def _ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = HTTPConnection("127.0.0.1", self.server.behind, timeout=60)
        try:
            passed = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in {*_HOP, "accept-encoding"}
            }
            connection.request(self.command, self.path, body or None, passed)
            got = connection.getresponse()
            kept = [(name, value) for name, value in got.getheaders() if name.lower() not in _HOP]
            return got.status, kept, got.read()
        finally:
            connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: the requests are kept."""

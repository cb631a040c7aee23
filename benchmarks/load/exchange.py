"""One visitor's connection: requests and answers of HTTP/1.1, with as little work as can be.

The generator shares its cores with the server that it measures; `http.client` would take as much of
them as the server does.
"""

import asyncio
import ipaddress
import re
import socket
from dataclasses import dataclass
from types import TracebackType
from typing import Self

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^;\r]+)", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_PIECE = 256 * 1024
HEAD = "Host: example.onion\r\nAccept-Encoding: gzip\r\n"


class BrokenError(Exception):
    """The server closed the connection, or said what is no answer."""


@dataclass(frozen=True)
class Address:
    """Where a server listens: on this machine, and nowhere else."""

    text: str

    def __post_init__(self) -> None:
        if self.text.startswith("unix:"):
            return
        host, _, port = self.text.rpartition(":")
        try:
            ours = ipaddress.ip_address(host.strip("[]")).is_loopback and 0 < int(port) < 65536
        except ValueError:
            ours = False
        if not ours:
            raise ValueError(
                f"not an address of this machine: {self.text} (127.0.0.1:PORT, [::1]:PORT or unix:PATH)"
            )

    def socket(self) -> tuple[socket.socket, object]:
        """A socket that is not connected yet, and what to connect it to."""
        if self.text.startswith("unix:"):
            return socket.socket(socket.AF_UNIX), self.text.removeprefix("unix:")
        host, _, port = self.text.rpartition(":")
        family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
        return socket.socket(family), (host.strip("[]"), int(port))


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    head: bytes
    body: bytes

    @property
    def cookie(self) -> str:
        """The name and value of its cookie, empty where it has none."""
        found = _COOKIE.search(self.head)
        return found[1].decode() if found else ""


class Visit:
    """A connection that is kept while its visitor stays; opened again where the server closed it."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._socket: socket.socket | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._close()

    async def get(self, path: str, cookie: str = "") -> Answer:
        """Ask for a page."""
        return await self._ask(f"GET {path} HTTP/1.1\r\n{HEAD}{_sent(cookie)}\r\n".encode(), b"")

    async def post(
        self, path: str, body: bytes | memoryview, kind: str, cookie: str, more: str = ""
    ) -> Answer:
        """Send something; `more` are further header lines, each with its end."""
        head = (
            f"POST {path} HTTP/1.1\r\n{HEAD}{_sent(cookie)}Content-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\n{more}\r\n"
        )
        return await self._ask(head.encode(), body)

    async def _ask(self, head: bytes, body: bytes | memoryview) -> Answer:
        loop = asyncio.get_running_loop()
        if self._socket is None:
            self._socket, where = self._address.socket()
            self._socket.setblocking(False)
            await loop.sock_connect(self._socket, where)
        if len(body) > _PIECE:
            await loop.sock_sendall(self._socket, head)
            await loop.sock_sendall(self._socket, body)
        else:
            await loop.sock_sendall(self._socket, head + bytes(body))
        answer = await self._answer(loop, self._socket)
        if _CLOSES.search(answer.head):
            self._close()
        return answer

    @staticmethod
    async def _answer(loop: asyncio.AbstractEventLoop, sock: socket.socket) -> Answer:
        came = bytearray()
        while (end := came.find(b"\r\n\r\n")) < 0:
            more = await loop.sock_recv(sock, _PIECE)
            if not more:
                raise BrokenError("no answer")
            came += more
        head = bytes(came[: end + 2])
        length = _LENGTH.search(head)
        if length is None or not head.startswith(b"HTTP/1.1 "):
            raise BrokenError("an answer without a length")
        whole = end + 4 + int(length[1])
        while len(came) < whole:
            more = await loop.sock_recv(sock, _PIECE)
            if not more:
                raise BrokenError("an answer cut short")
            came += more
        return Answer(int(head[9:12]), head, bytes(came[end + 4 :]))

    def _close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _sent(cookie: str) -> str:
    return f"Cookie: {cookie}\r\n" if cookie else ""

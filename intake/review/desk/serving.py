"""Serves the desk on an address of this machine that nobody can know beforehand.

It has no log, answers nobody's programs but this user's, and never makes a connection itself.
"""

import os
import secrets
import socket
import sys
from contextlib import suppress
from pathlib import Path
from socketserver import TCPServer
from typing import TYPE_CHECKING, Any, Final

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_TABLE: Final = Path("/proc/net/tcp")
_ESTABLISHED: Final = "01"
_PATIENCE: Final = 20  # seconds for a request to arrive
_STRANGER: Final = (
    b"HTTP/1.0 403 Forbidden\r\nContent-Type: text/plain\r\nCache-Control: no-store\r\n"
    b"Connection: close\r\n\r\nThis desk is another user's.\n"
)


def random_address() -> str:
    """An address in 127.0.0.0/8 in which no other program listens by habit."""
    return f"127.{1 + secrets.randbelow(254)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(254)}"


def peer_uid(table: str, peer: tuple[str, int], here: tuple[str, int]) -> int | None:
    """Whose the other end of a connection is, by the kernel's table of them; None for nobody's.

    `table` is the content of /proc/net/tcp (Linux, Documentation/networking/proc_net_tcp). An end
    that was closed meanwhile is nobody's: the table then calls it root's.
    """
    ends = [_written(peer), _written(here)]
    for row in table.splitlines()[1:]:
        cells = row.split()
        if cells[1:4] == [*ends, _ESTABLISHED]:
            return int(cells[7])
    return None


def _written(end: tuple[str, int]) -> str:
    address, port = end
    # The kernel prints the four bytes as one number of this machine.
    return f"{int.from_bytes(socket.inet_aton(address), sys.byteorder):08X}:{port:04X}"


class _Handler(WSGIRequestHandler):
    timeout = _PATIENCE

    def version_string(self) -> str:
        """What stands in the header Server: no version."""
        return "desk"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Nothing: an address of a page says what was read, and an error may quote it."""


class DeskServer(ThreadedWSGIServer):
    """The listening server. `authority` is what its pages call themselves."""

    daemon_threads = True
    uid = os.getuid()

    def __init__(self, application: "WSGIApplication | None" = None) -> None:
        super().__init__(random_address(), 0, application or _nothing, handler=_Handler)

    def server_bind(self) -> None:
        """Bind, and no more: the base class would ask the network's name server what we are called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    @property
    def authority(self) -> str:
        """Its address and port."""
        return f"{self.host}:{self.port}"

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Whether a connection is this user's; others are told so before they are listened to."""
        here = (str(self.host), int(self.port))
        uid = peer_uid(_TABLE.read_text("ascii"), client_address[:2], here)
        if uid == self.uid:
            return True
        with suppress(OSError):  # it may be gone
            request.sendall(_STRANGER)
        return False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a connection that broke: what was on it stands in the error."""


def _nothing(environ: Any, start_response: Any) -> list[bytes]:
    del environ
    start_response("503 Service Unavailable", [("Content-Length", "0")])
    return []

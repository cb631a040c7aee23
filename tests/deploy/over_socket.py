"""Visits a site as Tor does: over its unix socket, by the name of its onion address."""

import socket
from collections.abc import Mapping
from http.client import HTTPConnection
from pathlib import Path

from tests.web.follow import Send


def over_socket(path: Path, host: str) -> Send:
    """Send requests over a unix socket, as Tor does."""

    def send(method: str, where: str, headers: Mapping[str, str], body: bytes) -> object:
        connection = HTTPConnection(host, timeout=60)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(str(path))
        try:
            connection.request(method, where, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    return send

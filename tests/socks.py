"""A small SOCKS5 proxy on 127.0.0.1 that notes what it is asked for."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Socks:
    """A small SOCKS5 proxy (RFC 1928, 1929): every connection leads to one port of this machine."""

    port: int
    asked: list[tuple[bytes, int]] = field(default_factory=list)  # the names, as they came
    names: list[bytes] = field(default_factory=list)  # of the users


def _exactly(stream: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += (more := stream.recv(size - len(data)))
        assert more
    return data


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)


def _serve(client: socket.socket, socks: Socks, behind: int) -> None:
    version, count = _exactly(client, 2)
    assert version == 5
    assert 2 in _exactly(client, count)  # with a name and a password, which part the circuits
    client.sendall(b"\x05\x02")
    _, size = _exactly(client, 2)
    socks.names.append(_exactly(client, size))
    _exactly(client, _exactly(client, 1)[0])
    client.sendall(b"\x01\x00")
    assert _exactly(client, 4) == b"\x05\x01\x00\x03"  # connect, to a name
    name = _exactly(client, _exactly(client, 1)[0])
    socks.asked.append((name, int.from_bytes(_exactly(client, 2), "big")))
    with socket.create_connection(("127.0.0.1", behind)) as site:
        client.sendall(b"\x05\x00\x00\x01" + bytes(6))
        back = threading.Thread(target=_copy, args=(site, client))
        back.start()
        _copy(client, site)
        back.join()
    client.close()


@contextmanager
def socks_to(behind: int) -> Iterator[Socks]:
    """Such a proxy, until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        socks = Socks(listener.getsockname()[1])
        threads: list[threading.Thread] = []

        def listen() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    threads.append(threading.Thread(target=_serve, args=(client, socks, behind)))
                    threads[-1].start()

        loop = threading.Thread(target=listen)
        loop.start()
        yield socks
        listener.shutdown(socket.SHUT_RDWR)
        loop.join()
        for thread in threads:
            thread.join()

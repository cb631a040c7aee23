"""Visitors who send a byte a second, for as long as they are let, and come again when they are not.

A third of them is slow with the head of a request, a third with a text, and a third with a letter that
is too large to be gathered and needs a thread to read it.
"""

import json
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.load.exchange import Address

_ROOT = Path(__file__).parents[2]
_POST = b"POST /s HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n"
BEGUN: Final = (
    b"GET /1 HTTP/1.1\r\nHost: a\r\nX-Slow: ",
    _POST % 70_000,
    _POST % 900_000,
)


@dataclass
class Told:
    """What slow visitors did until they were ended."""

    opened: int = 0
    closed: int = 0  # by the server
    closed_long: int = 0  # of these, who had a letter that is too large to be gathered
    sent: int = 0  # bytes after the beginning
    seconds: float = 0.0


@contextmanager
def slow_visitors(address: str, count: int, seconds: float) -> Iterator[Told]:
    """So many, all of them connected; what they did is known when this has ended."""
    told = Told()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.load.slow", address, str(count), str(seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=_ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        if process.stdout.readline() != b"connected\n":
            raise RuntimeError("the slow visitors could not connect")
        yield told
    finally:
        process.stdin.close()
        said = process.stdout.read()
        process.wait()
        process.stdout.close()
    vars(told).update(json.loads(said))


class Crowd:
    """Connections, and whose turn it is to send a byte."""

    def __init__(self, address: Address, count: int) -> None:
        self._address = address
        self._told = Told()
        self._sockets = [self._begin(number) for number in range(count)]

    def go_on(self, seconds: float) -> Told:
        """A byte a second from each, until our standard input ends or the time is over."""
        begun = time.monotonic()
        second = 0
        while time.monotonic() - begun < seconds and not _ended():
            for number in range(len(self._sockets)):
                # Spread over the second: a crowd has no beat.
                due = begun + second + number / len(self._sockets)
                if (early := due - time.monotonic()) > 0.005:
                    time.sleep(early)
                self._byte(number)
            second += 1
        self._told.seconds = round(time.monotonic() - begun, 1)
        return self._told

    def _byte(self, number: int) -> None:
        try:
            self._sockets[number].send(b"x")
            if self._sockets[number].recv(65536) == b"":
                raise ConnectionResetError
        except BlockingIOError:
            self._told.sent += (
                1  # nothing to read, as it should be; or no room to send: slow enough
            )
        except OSError:
            self._told.closed += 1
            self._told.closed_long += BEGUN[number % len(BEGUN)] is BEGUN[-1]
            self._sockets[number].close()
            self._sockets[number] = self._begin(number)
        else:
            self._told.sent += 1

    def _begin(self, number: int) -> socket.socket:
        made, where = self._address.socket()
        made.settimeout(30)
        made.connect(where)  # type: ignore[arg-type]
        made.sendall(BEGUN[number % len(BEGUN)])
        made.setblocking(False)
        self._told.opened += 1
        return made


def _ended() -> bool:
    """Whether whoever started this has closed our standard input."""
    return bool(select.select([sys.stdin], [], [], 0)[0])


def _main(address: str, count: str, seconds: str) -> None:
    crowd = Crowd(Address(address), int(count))
    sys.stdout.write("connected\n")
    sys.stdout.flush()
    sys.stdout.write(json.dumps(vars(crowd.go_on(float(seconds)))))


if __name__ == "__main__":
    _main(*sys.argv[1:])

"""Ports for servers that tests start: no two processes are given the same one.

A port that the kernel gave and that was let go can be given to somebody else before a server binds
it; then a test talks to another test's server. These lie below what the kernel gives by itself, and
each process that asks has a row of its own, held by a guard: a port that it binds while it lives.
"""

import socket
from collections.abc import Iterator
from functools import cache
from itertools import cycle
from pathlib import Path

_FIRST = 10_000
_ROW = 200  # ports of one process, the first of them its guard
_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on, and that nobody else is given."""
    for _, port in zip(range(_ROW), _row(), strict=False):
        with socket.socket() as probe:
            if _bound(probe, port):
                return port
    raise OSError(f"no free port in a row of {_ROW}")


@cache
def _row() -> Iterator[int]:
    """This process's ports, round and round: one that was let go rests before it is given again."""
    lowest = int(_RANGE.read_text().split()[0])
    for first in range(_FIRST, lowest - _ROW + 1, _ROW):
        guard = socket.socket()
        if _bound(guard, first):
            _guards.append(guard)
            return cycle(range(first + 1, first + _ROW))
        guard.close()
    raise OSError(f"no row of ports between {_FIRST} and {lowest}")


_guards: list[socket.socket] = []


def _bound(one: socket.socket, port: int) -> bool:
    try:
        one.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True

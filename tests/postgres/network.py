"""Machines that reach each other by a network alone: a name space each, where root may make them.

Elsewhere each is an address of this machine: what one sends to another still goes by TCP and TLS.
"""

import os
import secrets
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Machine:
    """`before` is how a program is begun on it. It has its own loopback, and our files."""

    name: str
    address: str
    before: tuple[str, ...] = ()

    def cut(self) -> None:
        """Take its network away; where it has none of its own, nothing is."""
        if self.before:
            _ip("-n", self.before[-1], "link", "set", "wire", "down")


@contextmanager
def machines(names: Sequence[str]) -> Iterator[list[Machine]]:
    """So many on one wire, until the block ends."""
    if os.geteuid() != 0:
        yield [Machine(name, f"127.0.0.{number}") for number, name in enumerate(names, 2)]
        return
    switch = f"ik-{secrets.token_hex(3)}"
    spaces = [switch, *(f"{switch}-{name}" for name in names)]
    try:
        for space in spaces:
            _ip("netns", "add", space)
            _ip("-n", space, "link", "set", "lo", "up")
        _ip("-n", switch, "link", "add", "switch", "type", "bridge")
        _ip("-n", switch, "link", "set", "switch", "up")
        found: list[Machine] = []
        for number, (name, space) in enumerate(zip(names, spaces[1:], strict=True), 2):
            found.append(Machine(name, f"10.9.0.{number}", ("ip", "netns", "exec", space)))
            _plug(switch, space, f"port{number}", found[-1].address)
        yield found
    finally:
        for space in spaces:
            subprocess.run(["ip", "netns", "delete", space], check=False, capture_output=True)


def _plug(switch: str, space: str, port: str, address: str) -> None:
    _ip("-n", switch, "link", "add", port, "type", "veth", "peer", "name", "wire", "netns", space)
    _ip("-n", switch, "link", "set", port, "master", "switch", "up")
    _ip("-n", space, "address", "add", f"{address}/24", "dev", "wire")
    _ip("-n", space, "link", "set", "wire", "up")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
